/* SPDX-License-Identifier: ISC */
/*
 * Any text as leased.conf: no crash, no leak; what parses prints to what
 * parses to the same.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void count_error(void *, const char *);
static char *print(const struct conf *, size_t *);

static void
count_error(void *arg, const char *line)
{
	size_t *errors = arg;

	/* A person reads it: one line, printable. */
	for (; *line != '\0'; line++) {
		if (*line < 0x20 || *line > 0x7e)
			abort();
	}
	(*errors)++;
}

static char *
print(const struct conf *conf, size_t *len)
{
	char *text = NULL;
	FILE *f;

	if ((f = open_memstream(&text, len)) == NULL)
		abort();
	conf_print(conf, f);
	if (fclose(f) != 0)
		abort();
	return text;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char name[] = "fixed", value[] = "{ 43, 212 }";
	const struct conf_macro macro = { name, value };
	struct conf *first, *second;
	char *a, *b;
	size_t alen, blen, errors = 0;

	first = conf_parse_buffer(
	    "fuzz", (const char *)data, size, &macro, 1, count_error, &errors);
	if ((first == NULL) != (errors > 0))
		abort();
	if (first == NULL)
		return 0;
	a = print(first, &alen);
	second =
	    conf_parse_buffer("again", a, alen, NULL, 0, count_error, &errors);
	if (second == NULL)
		abort();
	b = print(second, &blen);
	if (alen != blen || memcmp(a, b, alen) != 0 ||
	    memcmp(&first->global, &second->global, sizeof(first->global)) != 0)
		abort();
	conf_lookup(first, "em0");
	free(a);
	free(b);
	conf_free(first);
	conf_free(second);
	return 0;
}

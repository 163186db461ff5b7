/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as DNS names, with and without compression: no crash, bounded
 * work, the cursor stays inside, and a name that is taken can be written and
 * read back to the same.  The first byte says where the reader begins.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/dns_name.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
again(const char *name)
{
	char back[DNS_NAME_MAX];
	uint8_t wire[512];
	struct wbuf w;
	struct buf b;

	if (name[0] == '\0' || !dns_name_valid(name, DNS_NAME_MAX))
		abort();
	wbuf_init(&w, wire, sizeof(wire));
	if (dns_name_write(&w, name) != 0)
		abort();
	/* The writer leaves the root label to its caller. */
	wbuf_u8(&w, 0);
	buf_init(&b, wire, w.off);
	if (w.error || dns_name_read(&b, 0, back) != DNS_NAME_OK ||
	    strcmp(back, name) != 0 || buf_left(&b) != 0)
		abort();
	buf_init(&b, name, strlen(name));
	if (dns_name_text(b, back) != DNS_NAME_OK || strcmp(back, name) != 0)
		abort();
}

static void
read_all(const uint8_t *data, size_t len, size_t from, int compressed)
{
	enum dns_name_result result;
	char name[DNS_NAME_MAX];
	size_t before, turns = 0;
	struct buf b;

	buf_init(&b, data, len);
	buf_seek(&b, from);
	while (buf_left(&b) > 0) {
		before = b.off;
		result = dns_name_read(&b, compressed, name);
		if (result == DNS_NAME_MALFORMED)
			return;
		/* Every name takes at least one byte. */
		if (b.off <= before || b.off > len || ++turns > len)
			abort();
		if (result == DNS_NAME_OK)
			again(name);
		else if (name[0] != '\0')
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	char name[DNS_NAME_MAX];
	struct buf b;
	size_t from;

	if (len == 0)
		return 0;
	from = data[0] < len ? data[0] : 0;
	read_all(data + 1, len - 1, from, 0);
	read_all(data + 1, len - 1, from, 1);
	buf_init(&b, data + 1, len - 1);
	if (dns_name_text(b, name) == DNS_NAME_OK && name[0] != '\0')
		again(name);
	return 0;
}

/* SPDX-License-Identifier: ISC */
/*
 * Macros of leased.conf(5), NAME = VALUE: set in a file, or by -D, which no
 * file changes.  The lexer puts the value where $NAME stands.
 */
#include <sys/types.h>
#include <ctype.h>
#include <string.h>

#include "conf.h"
#include "conf_parse.h"

static int macro_valid_name(const char *);

struct macro *
macro_find(struct parser *p, const char *name, size_t len)
{
	size_t i;

	for (i = 0; i < p->nmacros; i++) {
		if (strncmp(p->macros[i].name, name, len) == 0 &&
		    p->macros[i].name[len] == '\0')
			return &p->macros[i];
	}
	return NULL;
}

static int
macro_valid_name(const char *name)
{
	const char *c;

	if (!isalpha((unsigned char)name[0]) && name[0] != '_')
		return 0;
	for (c = name; *c != '\0'; c++) {
		if (!isalnum((unsigned char)*c) && *c != '_')
			return 0;
	}
	return strlen(name) < 64 && !is_keyword(name);
}

void
macro_set(struct parser *p, struct value *name, struct values *values)
{
	struct frame *f = parser_frame(p);
	struct macro *m;

	if (!macro_valid_name(name->text)) {
		conf_error(p, &name->at,
		    "%s =: expected a macro name of "
		    "letters, digits and _ that is no keyword",
		    name->text);
		return;
	}
	if (f == NULL || f->ctx != CTX_GLOBAL) {
		conf_error(p, &name->at, "%s =: expected %s", name->text,
		    stmt_expected(f == NULL ? 0 : f->ctx));
		return;
	}
	if (values->n != 1) {
		conf_error(p, &name->at,
		    "%s = with %zu values: expected one "
		    "(in quotes if it has several words)",
		    name->text, values->n);
		return;
	}
	m = macro_find(p, name->text, strlen(name->text));
	if (m != NULL && m->fixed)
		return;
	if (m != NULL) {
		conf_error(p, &name->at, "%s = was already set at %s:%d",
		    name->text, m->at.file, m->at.line);
		return;
	}
	if (p->nmacros == CONF_MACROS_MAX) {
		conf_error(p, &name->at, "%s =: expected at most %d macros",
		    name->text, CONF_MACROS_MAX);
		return;
	}
	m = &p->macros[p->nmacros++];
	m->name = name->text;
	m->value = values->first->text;
	m->at = name->at;
}

/* -D name=value, which a file cannot change. */
void
macros_from_options(
    struct parser *p, const struct conf_macro *macros, size_t nmacros)
{
	static const struct place at = { "-D", 0 };
	const char *c;
	struct macro *m;
	size_t i;

	for (i = 0; i < nmacros; i++) {
		if (!macro_valid_name(macros[i].name)) {
			conf_error(p, &at,
			    "%s: expected a macro name of "
			    "letters, digits and _ that is no keyword",
			    macros[i].name);
			continue;
		}
		for (c = macros[i].value; *c >= 0x20 && *c <= 0x7e; c++)
			;
		if (*c != '\0') {
			conf_error(p, &at,
			    "%s: expected a value of printable "
			    "ASCII",
			    macros[i].name);
			continue;
		}
		m = macro_find(p, macros[i].name, strlen(macros[i].name));
		if (m == NULL && p->nmacros == CONF_MACROS_MAX) {
			conf_error(p, &at, "%s: expected at most %d macros",
			    macros[i].name, CONF_MACROS_MAX);
			return;
		}
		if (m == NULL)
			m = &p->macros[p->nmacros++];
		m->name = parser_strdup(p, macros[i].name);
		m->value = parser_strdup(p, macros[i].value);
		if (m->name == NULL || m->value == NULL) {
			p->nmacros = 0;
			return;
		}
		m->at = at;
		m->fixed = 1;
	}
}

/* SPDX-License-Identifier: ISC */
/*
 * The statements of leased.conf(5): one table of what each is called, where
 * it may stand and what it takes, and how one is applied.  The functions that
 * put the values into the configuration are in conf_value.c.
 */
#include <sys/types.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "conf_parse.h"

static void show_values(char *, size_t, const struct values *);
static const struct statement *
find_statement(int, const struct value *, const struct values *, int *);
static void unknown_statement(
    struct parser *, int, const struct value *, const struct values *);
static int
set_once(struct parser *, size_t, const char *, const struct place *);
static void full_name(const struct statement *, char *, size_t);

const struct choice conf_yes_no[] = {
	{ "no", CONF_NO },
	{ "yes", CONF_YES },
	{ NULL, 0 },
};
static const struct choice dhcp4_modes[] = {
	{ "no", CONF_NO },
	{ "yes", CONF_YES },
	{ "inform", CONF_INFORM },
	{ NULL, 0 },
};
static const struct choice dhcp6_modes[] = {
	{ "no", CONF_NO },
	{ "yes", CONF_YES },
	{ "auto", CONF_AUTO },
	{ NULL, 0 },
};
static const struct choice acd_modes[] = {
	{ "fast", ACD_FAST },
	{ "strict", ACD_STRICT },
	{ "off", ACD_OFF },
	{ NULL, 0 },
};
static const struct choice select_modes[] = {
	{ "best", SELECT_BEST },
	{ "first", SELECT_FIRST },
	{ NULL, 0 },
};
/* Of these any number may be given: the values are or-ed. */
static const struct choice ignorable[] = {
	{ "dns", IGNORE_DNS },
	{ "routes", IGNORE_ROUTES },
	{ "mtu", IGNORE_MTU },
	{ NULL, 0 },
};
static const struct choice acceptable[] = {
	{ "hop-limit", 1 },
	{ NULL, 0 },
};

#define YES_NO(n, m)                                                   \
	{                                                              \
		n, NULL, CTX_IFACE, 0, set_choice, "yes or no", AT(m), \
		    conf_yes_no, 0, 0                                  \
	}
#define CHOICE(n, m, c, e)                                           \
	{                                                            \
		n, NULL, CTX_IFACE, 0, set_choice, e, AT(m), c, 0, 0 \
	}
#define NUMBER(n, m, lo, hi, e)                                           \
	{                                                                 \
		n, NULL, CTX_IFACE, 0, set_number, e, AT(m), NULL, lo, hi \
	}
#define OTHER(n, s, x, r, f, e)                 \
	{                                       \
		n, s, x, r, f, e, 0, NULL, 0, 0 \
	}

static const struct statement statements[] = {
	OTHER("control", "group", CTX_GLOBAL, 0, set_group,
	    "the name of a group, at most 63 characters"),
	OTHER("control", "write", CTX_GLOBAL, 0, set_write, "yes or no"),
	OTHER("resolv-conf", NULL, CTX_GLOBAL, 0, set_resolv,
	    "auto, no or an absolute path"),
	OTHER("duid", NULL, CTX_GLOBAL, 0, set_duid,
	    "uuid, llt, ll, en NUMBER 0xHEX or 0xHEX of 3-130 bytes"),
	OTHER("release-on-exit", NULL, CTX_GLOBAL | CTX_IFACE, 0, set_release,
	    "yes or no"),
	OTHER("exclude", NULL, CTX_GLOBAL, 1, set_exclude,
	    "names or patterns of interfaces"),
	NUMBER("preference", preference, 1, 65535, "1-65535"),
	NUMBER("startup-delay", startup_delay, 0, 3600, "0-3600"),
	CHOICE(
	    "dhcp4", dhcp4, dhcp4_modes, "yes, no, inform, request or ignore"),
	OTHER("client-id", NULL, CTX_IFACE, 0, set_client_id,
	    "mac, duid, 0xHEX of 2-255 bytes or a text of 1-254 characters"),
	OTHER("host-name", NULL, CTX_IFACE, 0, set_dns_name,
	    "a name of letters, digits, - and _ in labels of 1-63"),
	OTHER("fqdn", NULL, CTX_IFACE, 0, set_dns_name,
	    "a name of letters, digits, - and _ in labels of 1-63"),
	OTHER("vendor-class", NULL, CTX_IFACE, 0, set_vendor_class,
	    "a text of 1-255 characters"),
	OTHER("user-class", NULL, CTX_IFACE, 0, set_user_class,
	    "texts of 1-63 characters"),
	NUMBER("lease-time", lease_time, 5, UINT32_MAX, "5-4294967295"),
	YES_NO("broadcast", broadcast),
	CHOICE("conflict-detection", conflict_detection, acd_modes,
	    "fast, strict or off"),
	YES_NO("link-local", link_local),
	YES_NO("ipv6-only", ipv6_only),
	YES_NO("anonymous", anonymous),
	{ "ignore", NULL, CTX_IFACE, 0, set_words, "dns, routes or mtu",
	    AT(ignore), ignorable, 0, 0 },
	{ "dhcp4", "request", CTX_IFACE, 0, set_request, "1-254", AT(opt4),
	    NULL, 1, 254 },
	{ "dhcp4", "ignore", CTX_IFACE, 0, set_ignore4,
	    "1-254 or server ADDRESS", AT(opt4), NULL, 1, 254 },
	YES_NO("slaac", slaac),
	YES_NO("temporary", temporary),
	YES_NO("soii", soii),
	{ "accept", NULL, CTX_IFACE, 0, set_words, "hop-limit",
	    AT(accept_hop_limit), acceptable, 0, 0 },
	CHOICE("dhcp6", dhcp6, dhcp6_modes, "auto, yes, no or request"),
	NUMBER("iaid", iaid, 0, UINT32_MAX, "0-4294967295"),
	YES_NO("rapid-commit", rapid_commit),
	CHOICE("select", select, select_modes, "best or first"),
	YES_NO("reconfigure", reconfigure),
	YES_NO("register", register_addr),
	{ "dhcp6", "request", CTX_IFACE, 0, set_request, "1-65535", AT(opt6),
	    NULL, 1, 65535 },
	OTHER("assign", NULL, CTX_PREFIX, 1, set_assign, ""),
};
_Static_assert(NELEMS(statements) <= CONF_STATEMENTS, "seen[] too short");

/* What a name may not be without quotes, beside the statements' own names. */
static const char *const keywords[] = {
	"interface",
	"include",
	"prefix",
	"yes",
	"no",
	"auto",
	"inform",
	"mac",
	"uuid",
	"llt",
	"ll",
	"en",
	"fast",
	"strict",
	"off",
	"best",
	"first",
	"dns",
	"routes",
	"mtu",
	"hop-limit",
	"request",
	"server",
	"group",
	"write",
	"subnet",
	"length",
	"suffix",
};

int
is_keyword(const char *word)
{
	size_t i;

	for (i = 0; i < NELEMS(statements); i++) {
		if (strcmp(statements[i].name, word) == 0)
			return 1;
	}
	for (i = 0; i < NELEMS(keywords); i++) {
		if (strcmp(keywords[i], word) == 0)
			return 1;
	}
	return 0;
}

const char *
stmt_expected(int ctx)
{
	switch (ctx) {
	case CTX_GLOBAL:
		return "interface, include, control, resolv-conf, duid, "
		       "release-on-exit, exclude or MACRO = VALUE";
	case CTX_PREFIX:
		return "assign or }";
	default:
		return "a statement of an interface block";
	}
}

/* ---- applying a statement ---- */

void
stmt_apply(struct parser *p, struct value *keyword, struct values *args)
{
	struct frame *f = parser_frame(p);
	const struct statement *s;
	struct values rest = *args;
	char name[64];
	int elsewhere;

	if (f == NULL)
		return; /* in blocks that were already reported */
	s = find_statement(f->ctx, keyword, args, &elsewhere);
	if (s == NULL) {
		unknown_statement(p, f->ctx, keyword, args);
		return;
	}
	full_name(s, name, sizeof(name));
	if (!s->repeats &&
	    set_once(p, (size_t)(s - statements), name, &keyword->at) == -1)
		return;
	if (s->sub != NULL) {
		rest.first = args->first->next;
		rest.n--;
	}
	s->set(p, s, keyword, &rest);
}

static void
full_name(const struct statement *s, char *buf, size_t size)
{
	snprintf(buf, size, "%s%s%s", s->name, s->sub == NULL ? "" : " ",
	    s->sub == NULL ? "" : s->sub);
}

static int
set_once(
    struct parser *p, size_t index, const char *name, const struct place *at)
{
	struct place *seen = &parser_frame(p)->seen[index];

	if (seen->file != NULL) {
		conf_error(p, at, "%s was already set at %s:%d", name,
		    seen->file, seen->line);
		return -1;
	}
	*seen = *at;
	return 0;
}

/* elsewhere: the contexts the keyword is known in. */
static const struct statement *
find_statement(int ctx, const struct value *keyword, const struct values *args,
    int *elsewhere)
{
	const struct statement *s, *found = NULL;
	const struct value *second = args->first;
	size_t i;

	*elsewhere = 0;
	for (i = 0; i < NELEMS(statements); i++) {
		s = &statements[i];
		if (strcmp(s->name, keyword->text) != 0)
			continue;
		*elsewhere |= s->ctx;
		if ((s->ctx & ctx) == 0)
			continue;
		if (s->sub == NULL) {
			if (found == NULL)
				found = s;
		} else if (second != NULL && second->kind == VALUE_WORD &&
		    strcmp(s->sub, second->text) == 0) {
			found = s;
		}
	}
	return found;
}

static void
unknown_statement(struct parser *p, int ctx, const struct value *keyword,
    const struct values *args)
{
	char shown[64];
	int elsewhere;

	find_statement(ctx, keyword, args, &elsewhere);
	show_values(shown, sizeof(shown), args);
	if (elsewhere & ctx) /* only "control" has no form of its own */
		conf_error(p, &keyword->at,
		    "%s%s: expected control group or control write",
		    keyword->text, shown);
	else if (elsewhere & CTX_GLOBAL)
		conf_error(p, &keyword->at, "%.70s: expected outside of blocks",
		    keyword->text);
	else if (elsewhere & CTX_IFACE)
		conf_error(p, &keyword->at,
		    "%.70s: expected inside of interface NAME { }",
		    keyword->text);
	else if (elsewhere & CTX_PREFIX)
		conf_error(p, &keyword->at,
		    "%.70s: expected inside of prefix { }", keyword->text);
	else
		conf_error(p, &keyword->at,
		    "%.70s: unknown statement, expected %s", keyword->text,
		    stmt_expected(ctx));
}

/* Values as they would be written, " a \"b\" { c }", cut when long. */
static void
show_values(char *buf, size_t size, const struct values *values)
{
	const struct value *v;
	size_t used = 0;
	int n;

	buf[0] = '\0';
	for (v = values->first; v != NULL; v = v->next) {
		if (v->kind == VALUE_LIST)
			n = snprintf(buf + used, size - used, " { }");
		else
			n = snprintf(buf + used, size - used,
			    v->kind == VALUE_STRING ? " \"%s\"" : " %s",
			    v->text);
		if (n < 0 || (size_t)n >= size - used) {
			memcpy(buf + size - 4, "...", 4);
			return;
		}
		used += (size_t)n;
		if (v == values->last)
			return;
	}
}

/* "preference 70000: expected 1-65535" */
void
stmt_complain(struct parser *p, const struct statement *s,
    const struct value *keyword, const struct values *values)
{
	char shown[80], name[64];

	full_name(s, name, sizeof(name));
	show_values(shown, sizeof(shown), values);
	conf_error(
	    p, &keyword->at, "%s%s: expected %s", name, shown, s->expected);
}

/* The same for one item of a list, which may stand on a line of its own. */
void
stmt_complain_item(struct parser *p, const struct statement *s,
    const struct value *v, const char *expected)
{
	char name[64];

	full_name(s, name, sizeof(name));
	if (v->kind == VALUE_LIST)
		conf_error(p, &v->at, "%s { }: expected %s", name, expected);
	else
		conf_error(p, &v->at,
		    v->kind == VALUE_STRING ? "%s \"%.70s\": expected %s"
					    : "%s %.70s: expected %s",
		    name, v->text, expected);
}

/* The only value, which is no list; else NULL, and reported. */
const struct value *
stmt_one_value(struct parser *p, const struct statement *s,
    const struct value *keyword, const struct values *args)
{
	if (args->n != 1 || args->first->kind == VALUE_LIST) {
		stmt_complain(p, s, keyword, args);
		return NULL;
	}
	return args->first;
}

/* The items of { a, b }, or a without braces; NULL: none, reported. */
const struct values *
stmt_flatten(struct parser *p, const struct statement *s,
    const struct value *keyword, const struct values *args)
{
	const struct value *v;

	if (args->n == 1 && args->first->kind == VALUE_LIST)
		args = args->first->items;
	if (args->n == 0) {
		stmt_complain(p, s, keyword, args);
		return NULL;
	}
	for (v = args->first; v != NULL; v = v->next) {
		if (v->kind == VALUE_LIST) {
			stmt_complain_item(p, s, v, s->expected);
			return NULL;
		}
	}
	return args;
}

const char *
name_value(struct parser *p, const char *what, const struct value *v)
{
	if (v->kind == VALUE_WORD && is_keyword(v->text)) {
		conf_error(p, &v->at,
		    "%s %s: is a keyword, expected \"%s\" in quotes", what,
		    v->text, v->text);
		return NULL;
	}
	return v->text;
}

int
number_parse(const char *text, uint32_t min, uint32_t max, uint32_t *number)
{
	const char *error, *c;
	long long n;

	/* strtonum(3) would take white space and a sign. */
	for (c = text; isdigit((unsigned char)*c); c++)
		;
	if (c == text || *c != '\0')
		return -1;
	n = strtonum(text, min, max, &error);
	if (error != NULL)
		return -1;
	*number = (uint32_t)n;
	return 0;
}

int
stmt_choose(const struct choice *choices, const struct value *v, uint8_t *value)
{
	if (v->kind != VALUE_WORD)
		return -1;
	for (; choices->word != NULL; choices++) {
		if (strcmp(choices->word, v->text) == 0) {
			*value = choices->value;
			return 0;
		}
	}
	return -1;
}

/* SPDX-License-Identifier: ISC */
/*
 * The blocks of leased.conf(5): interface NAME { } and, inside of it,
 * prefix HINT { assign ... }.  A block that is misplaced or badly named is
 * read like any other, so that its errors are reported too, and dropped.
 */
#include <sys/types.h>
#include <sys/socket.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "conf_parse.h"

#define DEFAULT_LENGTH 64 /* of an assigned prefix; RFC 4291 2.5.4 */

static struct frame *push_frame(struct parser *, int);
static struct conf_block *find_duplicate(struct parser *, const char *);
static const char *
interface_name(struct parser *, const struct value *, const struct values *);
static void keep_name(
    struct parser *, struct conf_block *, const char *, const struct place *);
static int prefix_hint(struct parser *, const struct value *,
    const struct values *, struct conf_prefix *);
static int assign_option(struct parser *, const struct value *,
    const struct value *, struct conf_assign *, unsigned int *);
static int assign_check(struct parser *, const struct value *,
    const struct conf_prefix *, const struct conf_assign *);

static struct frame *
push_frame(struct parser *p, int ctx)
{
	struct frame *f;

	if (p->nframes++ >= CONF_FRAMES)
		return NULL;
	f = &p->frames[p->nframes - 1];
	memset(f, 0, sizeof(*f));
	f->ctx = ctx;
	return f;
}

static struct conf_block *
find_duplicate(struct parser *p, const char *name)
{
	struct conf_block *block;

	TAILQ_FOREACH (block, &p->conf->blocks, entry) {
		if (strcmp(block->iface.name, name) == 0)
			return block;
	}
	return NULL;
}

/* "interface em0" without its block. */
void
block_missing(struct parser *p, struct value *keyword, struct values *names)
{
	const char *name = names->n == 1 ? names->first->text : "NAME";

	conf_error(p, &keyword->at,
	    "interface %.70s: expected { on the same line", name);
}

static const char *
interface_name(
    struct parser *p, const struct value *keyword, const struct values *names)
{
	const char *name;

	if (names->n != 1) {
		conf_error(p, &keyword->at,
		    "interface with %zu names: expected one", names->n);
		return NULL;
	}
	if ((name = name_value(p, "interface", names->first)) == NULL)
		return NULL;
	if (conf_name_kind(name) == NAME_BAD) {
		conf_error(p, &names->first->at,
		    "interface \"%.70s\": expected a name of 1-%d or a pattern "
		    "of 1-%d letters, digits, ., _, -, : and @",
		    name, IFACE_NAME_MAX - 1, CONF_NAME_MAX - 1);
		return NULL;
	}
	return name;
}

void
block_interface(struct parser *p, struct value *keyword, struct values *names)
{
	struct frame *outer = parser_frame(p), *f;
	const char *name;
	int misplaced = outer == NULL || outer->ctx != CTX_GLOBAL;

	p->blocks++;
	name = interface_name(p, keyword, names);
	if (misplaced)
		conf_error(
		    p, &keyword->at, "interface: expected outside of blocks");
	if ((f = push_frame(p, CTX_IFACE)) == NULL)
		return;
	if ((f->block = calloc(1, sizeof(*f->block))) == NULL) {
		conf_error(p, &keyword->at, "out of memory");
		p->stop = 1;
		p->nframes--;
		p->blocks--;
		return;
	}
	f->bad = misplaced || name == NULL;
	keep_name(p, f->block, f->bad ? "" : name, &keyword->at);
}

/* The body of a block in a file of its own, leased.d/NAME.conf. */
void
block_file(struct parser *p, const char *name, const struct place *at)
{
	struct frame *f;

	if ((f = push_frame(p, CTX_IFACE)) == NULL)
		return;
	if ((f->block = calloc(1, sizeof(*f->block))) == NULL) {
		conf_error(p, at, "out of memory");
		p->stop = 1;
		p->nframes--;
		return;
	}
	f->block->from_file = 1;
	keep_name(p, f->block, name, at);
}

/* Name the open block, unless there is one of that name. */
static void
keep_name(struct parser *p, struct conf_block *block, const char *name,
    const struct place *at)
{
	struct frame *f = parser_frame(p);
	struct conf_block *other;

	conf_iface_defaults(&block->iface);
	if ((block->file = strdup(at->file)) == NULL) {
		conf_error(p, at, "out of memory");
		p->stop = 1;
		f->bad = 1;
	}
	block->line = at->line;
	if (f->bad)
		return;
	if ((other = find_duplicate(p, name)) != NULL) {
		conf_error(p, at, "interface \"%s\" was already set at %s:%d",
		    name, other->file, other->line);
		f->bad = 1;
	}
	strlcpy(block->iface.name, name, sizeof(block->iface.name));
	block->is_pattern = conf_name_kind(name) == NAME_PATTERN;
}

void
block_prefix(struct parser *p, struct value *keyword, struct values *args)
{
	struct frame *outer = parser_frame(p), *f;
	struct conf_prefix *prefix = &p->scratch_prefix;

	p->blocks++;
	if (outer == NULL || outer->ctx != CTX_IFACE) {
		conf_error(p, &keyword->at,
		    "prefix: expected inside of interface NAME { }");
	} else if (outer->block->iface.nprefixes == CONF_PREFIXES_MAX) {
		conf_error(p, &keyword->at,
		    "prefix: expected at most %d in a block",
		    CONF_PREFIXES_MAX);
	} else {
		prefix = &outer->block->iface
			      .prefixes[outer->block->iface.nprefixes++];
	}
	memset(prefix, 0, sizeof(*prefix));
	prefix_hint(p, keyword, args, prefix);
	if ((f = push_frame(p, CTX_PREFIX)) != NULL)
		f->prefix = prefix;
}

/* A block ends: keep it, or drop what was only read for its errors. */
void
block_end(struct parser *p)
{
	struct frame *f = parser_frame(p);
	struct conf_block *other;
	size_t n = 0;

	if (p->blocks > 0)
		p->blocks--;
	if (p->nframes <= 1)
		return;
	p->nframes--;
	if (f == NULL || f->block == NULL)
		return;
	TAILQ_FOREACH (other, &p->conf->blocks, entry)
		n++;
	if (!f->bad && n >= CONF_BLOCKS_MAX) {
		conf_error(p, NULL,
		    "%s:%d: interface: expected at most %d blocks",
		    f->block->file, f->block->line, CONF_BLOCKS_MAX);
		f->bad = 1;
	}
	if (f->bad) {
		free(f->block->file);
		free(f->block);
	} else {
		TAILQ_INSERT_TAIL(&p->conf->blocks, f->block, entry);
	}
	f->block = NULL;
}

/* ---- prefix and assign ---- */

int
ipv6_parse(const char *text, struct in6_addr *addr)
{
	return inet_pton(AF_INET6, text, addr) == 1 ? 0 : -1;
}

int
ipv6_bits(const struct in6_addr *addr, unsigned int from, unsigned int to)
{
	unsigned int bit;

	for (bit = from; bit < to; bit++) {
		if (addr->s6_addr[bit / 8] & 0x80 >> bit % 8)
			return 1;
	}
	return 0;
}

/* ::/56, or nothing */
static int
prefix_hint(struct parser *p, const struct value *keyword,
    const struct values *args, struct conf_prefix *prefix)
{
	const struct value *v = args->first;
	struct in6_addr addr;
	uint32_t len;
	char text[64], *slash;

	if (args->n == 0)
		return 0;
	if (args->n > 1) {
		conf_error(p, &keyword->at,
		    "prefix with %zu values: expected one or none, as ::/56",
		    args->n);
		return -1;
	}
	if (v->kind != VALUE_WORD ||
	    strlcpy(text, v->text, sizeof(text)) >= sizeof(text) ||
	    (slash = strchr(text, '/')) == NULL) {
		conf_error(p, &v->at,
		    "prefix %.70s: expected ADDRESS/1-128, as ::/56", v->text);
		return -1;
	}
	*slash++ = '\0';
	if (ipv6_parse(text, &addr) == -1 ||
	    number_parse(slash, 1, 128, &len) == -1) {
		conf_error(p, &v->at,
		    "prefix %.70s: expected ADDRESS/1-128, as ::/56", v->text);
		return -1;
	}
	if (ipv6_bits(&addr, len, 128)) {
		conf_error(p, &v->at,
		    "prefix %.70s: expected no bits beyond "
		    "the first %u",
		    v->text, len);
		return -1;
	}
	prefix->hint = addr;
	prefix->hint_len = (uint8_t)len;
	return 0;
}

/* What of an assign statement was given. */
#define HAS_SUBNET 0x01
#define HAS_LENGTH 0x02
#define HAS_SUFFIX 0x04

/* assign IF subnet N [length N] [suffix ADDRESS], the options in any order */
void
set_assign(struct parser *p, const struct statement *s,
    const struct value *keyword, const struct values *args)
{
	struct conf_prefix *prefix = parser_frame(p)->prefix;
	const struct value *v = args->first;
	struct conf_assign a;
	unsigned int has = 0;
	const char *name;

	(void)s;
	if (args->n < 3 || v->kind == VALUE_LIST) {
		conf_error(p, &keyword->at,
		    "assign: expected INTERFACE subnet "
		    "NUMBER, then length NUMBER, suffix ADDRESS");
		return;
	}
	if ((name = name_value(p, "assign", v)) == NULL)
		return;
	if (conf_name_kind(name) != NAME_EXACT) {
		conf_error(p, &v->at,
		    "assign \"%.70s\": expected an interface's name of 1-%d "
		    "characters",
		    name, IFACE_NAME_MAX - 1);
		return;
	}
	memset(&a, 0, sizeof(a));
	a.length = DEFAULT_LENGTH;
	strlcpy(a.ifname, name, sizeof(a.ifname));
	for (v = v->next; v != NULL; v = v->next->next) {
		if (assign_option(p, v, v->next, &a, &has) == -1)
			return;
	}
	if ((has & HAS_SUBNET) == 0) {
		conf_error(p, &keyword->at,
		    "assign \"%s\": expected subnet "
		    "NUMBER",
		    a.ifname);
		return;
	}
	if (assign_check(p, keyword, prefix, &a) == -1)
		return;
	if (prefix->nassigns == CONF_ASSIGNS_MAX) {
		conf_error(p, &keyword->at,
		    "assign: expected at most %d in a prefix",
		    CONF_ASSIGNS_MAX);
		return;
	}
	prefix->assigns[prefix->nassigns++] = a;
}

/* One word and its value; a missing value is NULL. */
static int
assign_option(struct parser *p, const struct value *word, const struct value *v,
    struct conf_assign *a, unsigned int *has)
{
	const char *name = word->kind == VALUE_WORD ? word->text : "";
	const char *text = v == NULL ? ""
	    : v->kind == VALUE_LIST  ? "{ }"
				     : v->text;
	const char *expected = NULL;
	unsigned int bit = 0;
	uint32_t n;

	if (strcmp(name, "subnet") == 0) {
		bit = HAS_SUBNET;
		if (number_parse(text, 0, UINT32_MAX, &a->subnet) == -1)
			expected = "0-4294967295";
	} else if (strcmp(name, "length") == 0) {
		bit = HAS_LENGTH;
		if (number_parse(text, 1, 128, &n) == -1)
			expected = "1-128";
		else
			a->length = (uint8_t)n;
	} else if (strcmp(name, "suffix") == 0) {
		bit = HAS_SUFFIX;
		a->has_suffix = 1;
		if (ipv6_parse(text, &a->suffix) == -1)
			expected = "an IPv6 address, as ::1";
	} else {
		conf_error(p, &word->at,
		    "assign \"%s\" %.70s: expected "
		    "subnet, length or suffix",
		    a->ifname, word->kind == VALUE_LIST ? "{ }" : word->text);
		return -1;
	}
	if (expected == NULL && (v == NULL || v->kind != VALUE_WORD))
		expected = "it without quotes";
	if (expected == NULL && (*has & bit))
		expected = "it once";
	*has |= bit;
	if (expected == NULL)
		return 0;
	conf_error(p, &word->at, "assign \"%s\" %s%s%.70s: expected %s",
	    a->ifname, name, v == NULL ? "" : " ", text, expected);
	return -1;
}

/* The values against each other and the assignments before. */
static int
assign_check(struct parser *p, const struct value *keyword,
    const struct conf_prefix *prefix, const struct conf_assign *a)
{
	const struct conf_assign *o, *longer, *shorter;
	unsigned int shift;
	size_t i;

	if (a->length < prefix->hint_len) {
		conf_error(p, &keyword->at,
		    "assign \"%s\" length %u: expected %u-128, the prefix is "
		    "a /%u",
		    a->ifname, a->length, prefix->hint_len, prefix->hint_len);
		return -1;
	}
	if (a->has_suffix &&
	    (ipv6_bits(&a->suffix, 0, a->length) ||
		!ipv6_bits(&a->suffix, a->length, 128))) {
		conf_error(p, &keyword->at,
		    "assign \"%s\" suffix: expected bits in the last %u alone, "
		    "and not all zero",
		    a->ifname, 128U - a->length);
		return -1;
	}
	for (i = 0; i < prefix->nassigns; i++) {
		o = &prefix->assigns[i];
		longer = a->length > o->length ? a : o;
		shorter = longer == a ? o : a;
		shift = (unsigned int)(longer->length - shorter->length);
		if ((shift < 32 ? longer->subnet >> shift : 0) !=
		    shorter->subnet)
			continue;
		conf_error(p, &keyword->at,
		    "assign \"%s\" subnet %u: overlaps "
		    "subnet %u of \"%s\", expected another",
		    a->ifname, a->subnet, o->subnet, o->ifname);
		return -1;
	}
	return 0;
}

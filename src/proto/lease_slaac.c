/* SPDX-License-Identifier: ISC */
/*
 * The text form of struct slaac_info.  One table of keys with their fields, in
 * the order of the file, is used by writer and parser alike.  The form is
 * canonical, as that of lease.c: it has exactly one text and the parser takes
 * nothing else.
 */
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "inet6.h"
#include "lease_slaac.h"

#define VERSION_LINE "leased-slaac 1"
#define END_LINE "end"
#define FIELDS_MAX 8

enum kind {
	F_NONE,
	F_ADDR,
	F_PREFIX, /* address/length, the length at other */
	F_U8,
	F_U16,
	F_U32,
	F_TEXT,	 /* other: size of the array */
	F_HEX,	 /* bytes, their number at other */
	F_WALL,	 /* obtained_high and obtained_low */
	F_ADDRS, /* as many as the byte at other says */
};

/* A field of the first entry; those of the next are stride bytes on. */
struct field {
	enum kind kind;
	size_t off;
	size_t stride;
	size_t other;
};

struct key {
	const char *name;
	size_t count; /* offset of the number of entries; 0: a scalar */
	size_t max;
	struct field fields[FIELDS_MAX];
};

#define O(m) offsetof(struct slaac_info, m)
#define SCALAR(kind, m, other)       \
	{                            \
		kind, O(m), 0, other \
	}
/* A member of the structs in a list. */
#define IN(kind, list, m)                                           \
	{                                                           \
		kind, O(list[0].m),                                 \
		    sizeof(((struct slaac_info *)NULL)->list[0]), 0 \
	}
#define IN2(kind, list, m, n)                                                  \
	{                                                                      \
		kind, O(list[0].m),                                            \
		    sizeof(((struct slaac_info *)NULL)->list[0]), O(list[0].n) \
	}
/* An array of its own. */
#define COLUMN(kind, array)                                          \
	{                                                            \
		kind, O(array[0]),                                   \
		    sizeof(((struct slaac_info *)NULL)->array[0]), 0 \
	}

static const struct key keys[] = {
	{ "obtained", 0, 1, { SCALAR(F_WALL, obtained_high, 0) } },
	{ "network-id", 0, 1,
	    { SCALAR(F_HEX, network_id, O(network_id_len)) } },
	{ "mtu", 0, 1, { SCALAR(F_U32, mtu, 0) } },
	{ "hop-limit", 0, 1, { SCALAR(F_U32, hop_limit, 0) } },
	{ "reachable", 0, 1, { SCALAR(F_U32, reachable_ms, 0) } },
	{ "retransmit", 0, 1, { SCALAR(F_U32, retrans_ms, 0) } },
	/* lifetime, preference, flags */
	{ "router", O(nrouters), SLAAC_ROUTERS_MAX,
	    { IN(F_ADDR, routers, addr), IN(F_U32, routers, left_sec),
		IN(F_U8, routers, preference), IN(F_U8, routers, flags) } },
	/* on-link, valid, preferred, flags, routers, next DAD_Counter */
	{ "prefix", O(nprefixes), SLAAC_PREFIXES_MAX,
	    { IN2(F_PREFIX, prefixes, prefix, prefixlen),
		IN(F_U32, prefixes, onlink_sec), IN(F_U32, prefixes, valid_sec),
		IN(F_U32, prefixes, preferred_sec), IN(F_U8, prefixes, flags),
		IN(F_U8, prefixes, routers), IN(F_U8, prefixes, next_dad) } },
	/* valid, preferred, its own of both, flags, DAD_Counter */
	{ "address", O(naddrs), SLAAC_ADDRS_MAX,
	    { IN2(F_PREFIX, addrs, addr, prefixlen),
		IN(F_U32, addrs, valid_sec), IN(F_U32, addrs, preferred_sec),
		IN(F_U32, addrs, temp_valid_sec),
		IN(F_U32, addrs, temp_preferred_sec), IN(F_U8, addrs, flags),
		IN(F_U8, addrs, dad) } },
	/* lifetime, preference, router */
	{ "route", O(nroutes), SLAAC_ROUTES_MAX,
	    { IN2(F_PREFIX, routes, dst, prefixlen),
		IN(F_U32, routes, left_sec), IN(F_U8, routes, preference),
		IN(F_U8, routes, router) } },
	{ "name-server", O(nservers), DNS_SERVERS_MAX,
	    { IN(F_ADDR, servers, addr), IN(F_U32, servers, left_sec),
		IN(F_U8, servers, routers) } },
	{ "search", O(nsearch), DNS_SEARCH_MAX,
	    { { F_TEXT, O(search[0]), DNS_NAME_MAX, DNS_NAME_MAX },
		COLUMN(F_U32, search_sec), COLUMN(F_U8, search_routers) } },
	{ "nat64", O(npref64), SLAAC_PREF64_MAX,
	    { IN2(F_PREFIX, pref64, prefix, prefixlen),
		IN(F_U32, pref64, left_sec), IN(F_U8, pref64, routers) } },
	/* priority, lifetime, routers, addresses */
	{ "resolver", O(ndnr), SLAAC_DNR_MAX,
	    { { F_TEXT, O(dnr[0].name), sizeof(struct slaac_dnr),
		  DNS_NAME_MAX },
		IN(F_U16, dnr, priority), IN(F_U32, dnr, left_sec),
		IN(F_U8, dnr, routers), IN2(F_ADDRS, dnr, addrs, naddrs) } },
	{ "captive-portal", 0, 1,
	    { SCALAR(F_TEXT, captive_portal, SLAAC_URI_MAX) } },
};
#define NKEYS (sizeof(keys) / sizeof(keys[0]))

static size_t items(const struct slaac_info *, const struct key *);
static void print_field(
    struct wbuf *, const struct slaac_info *, const struct field *, size_t);
static size_t format_once(const struct slaac_info *, char *, size_t);
static int parse_number(struct buf, uint64_t, uint64_t *);
static int parse_hex(struct buf, uint8_t *, uint8_t *);
static int parse_prefix(struct buf, uint8_t *, uint8_t *);
static int parse_text(struct buf, uint8_t *, size_t);
static int parse_integer(struct buf, uint8_t *, enum kind);
static int parse_wall(struct buf, struct slaac_info *);
static int parse_addrs(struct buf *, uint8_t *, uint8_t *);
static int
parse_field(struct buf *, struct slaac_info *, const struct field *, size_t);
static const char *parse_line(struct buf *, struct slaac_info *, size_t *);
static const char *parse_lines(struct buf *, struct slaac_info *, int *);
static int canonical(const struct slaac_info *, const uint8_t *, size_t, int *);

static const uint8_t *
at(const struct slaac_info *info, size_t off)
{
	return (const uint8_t *)info + off;
}

static uint8_t *
at_set(struct slaac_info *info, size_t off)
{
	return (uint8_t *)info + off;
}

/* How many lines a key has. */
static size_t
items(const struct slaac_info *info, const struct key *k)
{
	const struct field *f = &k->fields[0];
	uint32_t v;

	if (k->count != 0)
		return *at(info, k->count);
	switch (f->kind) {
	case F_U32:
		memcpy(&v, at(info, f->off), sizeof(v));
		return v != 0;
	case F_HEX:
		return *at(info, f->other) > 0;
	case F_TEXT:
		return *at(info, f->off) != 0;
	default:
		return 1;
	}
}

/* The field of the i-th entry, with a space before it. */
static void
print_field(struct wbuf *w, const struct slaac_info *info,
    const struct field *f, size_t i)
{
	const uint8_t *p = at(info, f->off + i * f->stride);
	const uint8_t *other = at(info, f->other + i * f->stride);
	struct in6_addr addr;
	uint32_t v32;
	uint16_t v16;
	uint8_t k;

	if (f->kind != F_ADDRS)
		wbuf_printf(w, " ");
	switch (f->kind) {
	case F_ADDR:
	case F_PREFIX:
		memcpy(&addr, p, sizeof(addr));
		inet6_print(w, &addr);
		if (f->kind == F_PREFIX)
			wbuf_printf(w, "/%u", *other);
		break;
	case F_U8:
		wbuf_printf(w, "%u", *p);
		break;
	case F_U16:
		memcpy(&v16, p, sizeof(v16));
		wbuf_printf(w, "%u", v16);
		break;
	case F_U32:
		memcpy(&v32, p, sizeof(v32));
		wbuf_printf(w, "%lu", (unsigned long)v32);
		break;
	case F_TEXT:
		wbuf_printf(w, "%s", (const char *)p);
		break;
	case F_HEX:
		wbuf_hex(w, p, *other);
		break;
	case F_WALL:
		wbuf_printf(w, "%llu",
		    (unsigned long long)info->obtained_high << 32 |
			info->obtained_low);
		break;
	case F_ADDRS:
		for (k = 0; k < *other; k++) {
			memcpy(&addr, p + k * sizeof(addr), sizeof(addr));
			wbuf_printf(w, " ");
			inet6_print(w, &addr);
		}
		break;
	case F_NONE:
		break;
	}
}

static size_t
format_once(const struct slaac_info *info, char *out, size_t size)
{
	struct wbuf w;
	size_t k, i, n;

	wbuf_init(
	    &w, out, size < LEASE_SLAAC_TEXT_MAX ? size : LEASE_SLAAC_TEXT_MAX);
	wbuf_printf(&w, "%s\n", VERSION_LINE);
	for (k = 0; k < NKEYS; k++) {
		for (i = 0; i < items(info, &keys[k]); i++) {
			wbuf_printf(&w, "%s", keys[k].name);
			for (n = 0;
			     n < FIELDS_MAX && keys[k].fields[n].kind != F_NONE;
			     n++)
				print_field(&w, info, &keys[k].fields[n], i);
			wbuf_printf(&w, "\n");
		}
	}
	wbuf_printf(&w, "%s\n", END_LINE);
	return w.error ? 0 : w.off;
}

size_t
lease_slaac_format(
    const struct slaac_info *given, uint64_t wall, char *out, size_t size)
{
	struct slaac_info info = *given;
	size_t n;

	info.obtained_high = (uint32_t)(wall >> 32);
	info.obtained_low = (uint32_t)wall;
	if (lease_slaac_check(&info) != NULL)
		return 0;
	if ((n = format_once(&info, out, size)) > 0)
		return n;
	info.nsearch = 0;
	if ((n = format_once(&info, out, size)) > 0)
		return n;
	info.nroutes = 0;
	return format_once(&info, out, size);
}

/* A whole word of decimal digits without a leading zero, at most max. */
static int
parse_number(struct buf b, uint64_t max, uint64_t *out)
{
	uint64_t v = 0, digit;
	size_t ndigits = buf_left(&b);
	int zero = buf_peek(&b) == '0', c;

	if (ndigits == 0 || (zero && ndigits > 1))
		return -1;
	while (buf_left(&b) > 0) {
		c = buf_u8(&b);
		if (c < '0' || c > '9')
			return -1;
		digit = (uint64_t)(c - '0');
		if (digit > max || v > (max - digit) / 10)
			return -1;
		v = v * 10 + digit;
	}
	*out = v;
	return 0;
}

static int
parse_hex(struct buf b, uint8_t *out, uint8_t *len)
{
	static const char digits[] = "0123456789abcdef";
	const char *h, *l;
	size_t n = 0;

	while (buf_left(&b) > 0) {
		h = memchr(digits, buf_u8(&b), 16);
		l = memchr(digits, buf_u8(&b), 16);
		if (b.error || h == NULL || l == NULL || n == NETWORK_ID_MAX)
			return -1;
		out[n++] = (uint8_t)((h - digits) << 4 | (l - digits));
	}
	*len = (uint8_t)n;
	return n == 0 ? -1 : 0;
}

static int
parse_prefix(struct buf b, uint8_t *addr, uint8_t *prefixlen)
{
	struct in6_addr a;
	struct buf word;
	uint64_t v;

	if (!buf_token(&b, '/', &word) || inet6_parse(word, &a) == -1 ||
	    parse_number(b, 128, &v) == -1)
		return -1;
	memcpy(addr, &a, sizeof(a));
	*prefixlen = (uint8_t)v;
	return 0;
}

/* The array was zeroed, so the text ends inside it. */
static int
parse_text(struct buf b, uint8_t *out, size_t size)
{
	size_t n = buf_left(&b);

	if (n == 0 || n >= size)
		return -1;
	buf_bytes(&b, out, n);
	return 0;
}

static int
parse_integer(struct buf b, uint8_t *p, enum kind kind)
{
	uint64_t v,
	    max = kind == F_U8 ? UINT8_MAX
	    : kind == F_U16    ? UINT16_MAX
			       : UINT32_MAX;
	uint32_t v32;
	uint16_t v16;

	if (parse_number(b, max, &v) == -1)
		return -1;
	v32 = (uint32_t)v;
	v16 = (uint16_t)v;
	if (kind == F_U8)
		*p = (uint8_t)v;
	else if (kind == F_U16)
		memcpy(p, &v16, sizeof(v16));
	else
		memcpy(p, &v32, sizeof(v32));
	return 0;
}

static int
parse_wall(struct buf b, struct slaac_info *info)
{
	uint64_t v;

	if (parse_number(b, UINT64_MAX, &v) == -1)
		return -1;
	info->obtained_high = (uint32_t)(v >> 32);
	info->obtained_low = (uint32_t)v;
	return 0;
}

/* The rest of a line. */
static int
parse_addrs(struct buf *b, uint8_t *p, uint8_t *n)
{
	struct in6_addr addr;
	struct buf word;

	while (buf_token(b, ' ', &word)) {
		if (*n == SLAAC_DNR_ADDRS_MAX || inet6_parse(word, &addr) == -1)
			return -1;
		memcpy(p + (*n)++ * sizeof(addr), &addr, sizeof(addr));
	}
	return 0;
}

static int
parse_field(
    struct buf *line, struct slaac_info *info, const struct field *f, size_t i)
{
	uint8_t *p = at_set(info, f->off + i * f->stride);
	uint8_t *other = at_set(info, f->other + i * f->stride);
	struct in6_addr addr;
	struct buf word;

	if (f->kind == F_ADDRS)
		return parse_addrs(line, p, other);
	if (!buf_token(line, ' ', &word))
		return -1;
	switch (f->kind) {
	case F_ADDR:
		if (inet6_parse(word, &addr) == -1)
			return -1;
		memcpy(p, &addr, sizeof(addr));
		return 0;
	case F_PREFIX:
		return parse_prefix(word, p, other);
	case F_TEXT:
		return parse_text(word, p, f->other);
	case F_HEX:
		return parse_hex(word, p, other);
	case F_WALL:
		return parse_wall(word, info);
	default:
		return parse_integer(word, p, f->kind);
	}
}

/*
 * One line.  *next is the first key that may still come; only a list's key may
 * come again.  NULL, or what is wrong.
 */
static const char *
parse_line(struct buf *line, struct slaac_info *info, size_t *next)
{
	const struct key *k;
	struct buf name;
	size_t i = 0, n;

	if (!buf_token(line, ' ', &name))
		return "empty line";
	for (k = keys; k < keys + NKEYS; k++) {
		if (buf_is(&name, k->name))
			break;
	}
	if (k == keys + NKEYS)
		return "unknown key";
	if ((size_t)(k - keys) < *next)
		return "key repeated or out of order";
	*next = (size_t)(k - keys) + (k->count == 0);
	if (k->count != 0) {
		i = *at(info, k->count);
		if (i >= k->max)
			return "too many of one key";
		*at_set(info, k->count) = (uint8_t)(i + 1);
	}
	for (n = 0; n < FIELDS_MAX && k->fields[n].kind != F_NONE; n++) {
		if (parse_field(line, info, &k->fields[n], i) == -1)
			return "value is not valid";
	}
	return line->error || buf_left(line) > 0 ? "value is not valid" : NULL;
}

static const char *
parse_lines(struct buf *b, struct slaac_info *info, int *lineno)
{
	struct buf line;
	size_t next = 0;
	const char *why;

	*lineno = 1;
	if (!buf_token(b, '\n', &line) || !buf_is(&line, VERSION_LINE))
		return "not a SLAAC file of this version";
	while (buf_token(b, '\n', &line)) {
		(*lineno)++;
		if (buf_is(&line, END_LINE))
			return buf_left(b) > 0 ? "bytes after the end" : NULL;
		if ((why = parse_line(&line, info, &next)) != NULL)
			return why;
	}
	return "no end line";
}

/* Is the text, byte for byte, what would be written? */
static int
canonical(
    const struct slaac_info *info, const uint8_t *text, size_t len, int *line)
{
	char again[LEASE_SLAAC_TEXT_MAX];
	size_t i, n = format_once(info, again, sizeof(again));

	if (n == len && memcmp(again, text, n) == 0)
		return 1;
	*line = 1;
	for (i = 0; i < n && i < len && text[i] == (uint8_t)again[i]; i++)
		*line += text[i] == '\n';
	return 0;
}

int
lease_slaac_parse(const uint8_t *text, size_t len, struct slaac_info *info,
    const char **why, int *line)
{
	struct buf b;

	memset(info, 0, sizeof(*info));
	*line = 0;
	if (len > LEASE_SLAAC_TEXT_MAX) {
		*why = "longer than a SLAAC file can be";
	} else {
		buf_init(&b, text, len);
		*why = parse_lines(&b, info, line);
		if (*why == NULL)
			*why = lease_slaac_check(info);
		if (*why == NULL && !canonical(info, text, len, line))
			*why = "not in canonical form";
	}
	if (*why == NULL)
		return 0;
	memset(info, 0, sizeof(*info));
	return -1;
}

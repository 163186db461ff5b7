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
#include "lease_text.h"

#define VERSION_LINE "leased-slaac 1"
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
static size_t format_once(const void *, char *, size_t);
static int parse_addrs(struct buf *, uint8_t *, uint8_t *);
static int
parse_field(struct buf *, struct slaac_info *, const struct field *, size_t);
static int parse_value(struct buf *, void *, size_t);
static const char *key_name(size_t, int *);
static const char *check(const void *);

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
		lease_print_u64(w, info->obtained_high, info->obtained_low);
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
format_once(const void *lease, char *out, size_t size)
{
	const struct slaac_info *info = lease;
	struct wbuf w;
	size_t k, i, n;

	wbuf_init(&w, out, size < LEASE_TEXT_MAX ? size : LEASE_TEXT_MAX);
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
	wbuf_printf(&w, "%s\n", LEASE_END_LINE);
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
	size_t n;

	if (f->kind == F_ADDRS)
		return parse_addrs(line, p, other);
	word = lease_word(line);
	switch (f->kind) {
	case F_ADDR:
		if (inet6_parse(word, &addr) == -1)
			return -1;
		memcpy(p, &addr, sizeof(addr));
		return 0;
	case F_PREFIX:
		if (lease_prefix6(word, &addr, other) == -1)
			return -1;
		memcpy(p, &addr, sizeof(addr));
		return 0;
	case F_TEXT:
		return lease_string(word, p, f->other);
	case F_HEX:
		if (lease_hex(word, p, NETWORK_ID_MAX, &n) == -1)
			return -1;
		*other = (uint8_t)n;
		return 0;
	case F_WALL:
		return lease_u64(
		    word, &info->obtained_high, &info->obtained_low);
	case F_U8:
		return lease_integer(word, UINT8_MAX, p);
	case F_U16:
		return lease_integer(word, UINT16_MAX, p);
	default:
		return lease_integer(word, UINT32_MAX, p);
	}
}

static int
parse_value(struct buf *line, void *lease, size_t key)
{
	struct slaac_info *info = lease;
	const struct key *k = &keys[key];
	size_t i = 0, n;

	if (k->count != 0) {
		i = *at(info, k->count);
		if (i >= k->max)
			return -1;
		*at_set(info, k->count) = (uint8_t)(i + 1);
	}
	for (n = 0; n < FIELDS_MAX && k->fields[n].kind != F_NONE; n++) {
		if (parse_field(line, info, &k->fields[n], i) == -1)
			return -1;
	}
	return 0;
}

static const char *
key_name(size_t k, int *list)
{
	if (k == NKEYS)
		return NULL;
	*list = keys[k].count != 0;
	return keys[k].name;
}

static const char *
check(const void *lease)
{
	return lease_slaac_check(lease);
}

int
lease_slaac_parse(const uint8_t *text, size_t len, struct slaac_info *info,
    const char **why, int *line)
{
	static const struct lease_text form = { VERSION_LINE, sizeof(*info),
		key_name, parse_value, check, format_once };

	return lease_text_parse(&form, text, len, info, why, line);
}

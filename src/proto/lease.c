/* SPDX-License-Identifier: ISC */
/*
 * The text form of a lease.  One table of keys, in the order of the file, is
 * used by writer and parser alike.  The form is canonical: a lease has exactly
 * one text and the parser takes nothing else, so that nothing in a file can be
 * read in two ways.
 */
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "dhcp4_check.h"
#include "dns_name.h"
#include "lease.h"
#include "lease_check.h"
#include "lease_text.h"

#define VERSION_LINE "leased-lease4 1"

enum kind {
	K_ADDR,	  /* one address, 0: left out */
	K_PREFIX, /* address/length: off and count */
	K_U32,	  /* always written */
	K_U32_OPT,
	K_U16_OPT,
	K_FLAG,	    /* 1, else left out */
	K_WALL,	    /* obtained_high and obtained_low */
	K_MAC,	    /* six bytes, there if the flag at count is 1 */
	K_HEX,	    /* bytes, one-byte length at count */
	K_HEX_LONG, /* bytes, two-byte length at count */
	K_TEXT,	    /* a string, "": left out */
	K_ADDRS,    /* as many lines as the byte at count says */
	K_ROUTES,
	K_NAMES
};

struct key {
	const char *name;
	enum kind kind;
	size_t off;
	size_t count; /* offset of length or number */
	size_t max;   /* bytes or entries */
};

#define F(m) offsetof(struct lease4, m)
#define SIZE(m) sizeof(((struct lease4 *)NULL)->m)

static const struct key keys[] = {
	{ "address", K_PREFIX, F(addr), F(prefixlen), 0 },
	{ "server", K_ADDR, F(server_id), 0, 0 },
	{ "broadcast", K_ADDR, F(broadcast), 0, 0 },
	{ "obtained", K_WALL, F(obtained_high), 0, 0 },
	{ "lease-time", K_U32, F(lease_sec), 0, 0 },
	{ "t1", K_U32, F(t1_sec), 0, 0 },
	{ "t2", K_U32, F(t2_sec), 0, 0 },
	{ "ipv6-only", K_U32_OPT, F(ipv6_only_sec), 0, 0 },
	{ "mtu", K_U16_OPT, F(mtu), 0, 0 },
	{ "rapid-commit", K_FLAG, F(rapid_commit), 0, 0 },
	{ "inform", K_FLAG, F(inform), 0, 0 },
	{ "router-mac", K_MAC, F(router_mac), F(has_router_mac), 6 },
	{ "hwaddr", K_HEX, F(hwaddr), F(hwaddr_len), SIZE(hwaddr) },
	{ "network-id", K_HEX, F(network_id), F(network_id_len),
	    SIZE(network_id) },
	{ "client-id", K_HEX_LONG, F(client_id), F(client_id_len),
	    SIZE(client_id) },
	{ "route", K_ROUTES, F(routes), F(nroutes), LEASE4_ROUTES_MAX },
	{ "name-server", K_ADDRS, F(dns), F(ndns), DNS_SERVERS_MAX },
	{ "ntp-server", K_ADDRS, F(ntp), F(nntp), LEASE4_NTP_MAX },
	{ "host-name", K_TEXT, F(hostname), 0, SIZE(hostname) },
	{ "domain", K_TEXT, F(domain), 0, SIZE(domain) },
	{ "search", K_NAMES, F(search), F(nsearch), DNS_SEARCH_MAX },
	{ "captive-portal", K_TEXT, F(captive_portal), 0,
	    SIZE(captive_portal) },
	{ "vendor", K_HEX, F(vendor), F(vendor_len), UINT8_MAX },
	{ "6rd", K_HEX, F(sixrd), F(sixrd_len), SIZE(sixrd) },
	{ "dnr", K_HEX_LONG, F(dnr), F(dnr_len), SIZE(dnr) },
};
#define NKEYS (sizeof(keys) / sizeof(keys[0]))

static const uint8_t *field(const struct lease4 *, size_t);
static uint8_t *field_set(struct lease4 *, size_t);
static size_t count_of(const struct lease4 *, const struct key *);
static void print_addr(struct wbuf *, struct in_addr);
static void
print_item(struct wbuf *, const struct lease4 *, const struct key *, size_t);
static size_t items(const struct lease4 *, const struct key *);
static int parse_addr(struct buf *, struct in_addr *);
static int parse_prefix(struct buf *, struct in_addr *, uint8_t *);
static int parse_route(struct buf *, struct route4 *);
static int parse_scalar(struct buf *, struct lease4 *, const struct key *);
static int parse_bytes(struct buf *, struct lease4 *, const struct key *);
static int parse_entry(struct buf *, struct lease4 *, const struct key *);
static int parse_value(struct buf *, void *, size_t);
static const char *key_name(size_t, int *);
static const char *check(const void *);
static size_t format(const void *, char *, size_t);

static const uint8_t *
field(const struct lease4 *l, size_t off)
{
	return (const uint8_t *)l + off;
}

static uint8_t *
field_set(struct lease4 *l, size_t off)
{
	return (uint8_t *)l + off;
}

/* The number a key's count field holds. */
static size_t
count_of(const struct lease4 *l, const struct key *k)
{
	uint16_t n;

	if (k->kind != K_HEX_LONG)
		return *field(l, k->count);
	memcpy(&n, field(l, k->count), sizeof(n));
	return n;
}

/* How many lines a key has for this lease. */
static size_t
items(const struct lease4 *l, const struct key *k)
{
	uint32_t v = 0;

	switch (k->kind) {
	case K_ADDR:
	case K_U32_OPT:
		memcpy(&v, field(l, k->off), sizeof(v));
		return v != 0;
	case K_U16_OPT:
		memcpy(&v, field(l, k->off), sizeof(uint16_t));
		return v != 0;
	case K_FLAG:
	case K_TEXT:
		return *field(l, k->off) != 0;
	case K_MAC:
	case K_HEX:
	case K_HEX_LONG:
		return count_of(l, k) > 0;
	case K_ADDRS:
	case K_ROUTES:
	case K_NAMES:
		return count_of(l, k);
	case K_PREFIX:
	case K_U32:
	case K_WALL:
		break;
	}
	return 1;
}

static void
print_addr(struct wbuf *w, struct in_addr addr)
{
	uint8_t b[4];

	memcpy(b, &addr.s_addr, sizeof(b));
	wbuf_printf(w, "%u.%u.%u.%u", b[0], b[1], b[2], b[3]);
}

/* The value of a key's i-th line. */
static void
print_item(
    struct wbuf *w, const struct lease4 *l, const struct key *k, size_t i)
{
	const uint8_t *p = field(l, k->off);
	struct in_addr addr;
	uint32_t v32;
	uint16_t v16;

	switch (k->kind) {
	case K_ADDR:
	case K_PREFIX:
		memcpy(&addr, p, sizeof(addr));
		print_addr(w, addr);
		if (k->kind == K_PREFIX)
			wbuf_printf(w, "/%u", *field(l, k->count));
		break;
	case K_U32:
	case K_U32_OPT:
		memcpy(&v32, p, sizeof(v32));
		wbuf_printf(w, "%lu", (unsigned long)v32);
		break;
	case K_U16_OPT:
		memcpy(&v16, p, sizeof(v16));
		wbuf_printf(w, "%u", v16);
		break;
	case K_FLAG:
		wbuf_printf(w, "1");
		break;
	case K_WALL:
		lease_print_u64(w, l->obtained_high, l->obtained_low);
		break;
	case K_MAC:
		wbuf_hex(w, p, k->max);
		break;
	case K_HEX:
	case K_HEX_LONG:
		wbuf_hex(w, p, count_of(l, k));
		break;
	case K_TEXT:
		wbuf_printf(w, "%s", (const char *)p);
		break;
	case K_ADDRS:
		memcpy(&addr, p + i * sizeof(addr), sizeof(addr));
		print_addr(w, addr);
		break;
	case K_ROUTES:
		print_addr(w, l->routes[i].dst);
		wbuf_printf(w, "/%u ", l->routes[i].prefixlen);
		print_addr(w, l->routes[i].gateway);
		break;
	case K_NAMES:
		wbuf_printf(w, "%s", l->search[i]);
		break;
	}
}

/* A lease that has been checked. */
static size_t
format(const void *lease, char *out, size_t size)
{
	const struct lease4 *l = lease;
	struct wbuf w;
	size_t k, i;

	wbuf_init(&w, out, size < LEASE_TEXT_MAX ? size : LEASE_TEXT_MAX);
	wbuf_printf(&w, "%s\n", VERSION_LINE);
	for (k = 0; k < NKEYS; k++) {
		for (i = 0; i < items(l, &keys[k]); i++) {
			wbuf_printf(&w, "%s ", keys[k].name);
			print_item(&w, l, &keys[k], i);
			wbuf_printf(&w, "\n");
		}
	}
	wbuf_printf(&w, "%s\n", LEASE_END_LINE);
	return w.error ? 0 : w.off;
}

size_t
lease4_format(const struct lease4 *lease, uint64_t wall, char *out, size_t size)
{
	struct lease4 l = *lease;

	l.obtained_high = (uint32_t)(wall >> 32);
	l.obtained_low = (uint32_t)wall;
	if (lease4_check(&l) != NULL)
		return 0;
	return format(&l, out, size);
}

static int
parse_addr(struct buf *b, struct in_addr *addr)
{
	uint8_t bytes[4];
	uint64_t v;
	size_t i;

	for (i = 0; i < sizeof(bytes); i++) {
		if (i > 0 && buf_u8(b) != '.')
			return -1;
		if (lease_number(b, UINT8_MAX, &v) == -1)
			return -1;
		bytes[i] = (uint8_t)v;
	}
	memcpy(&addr->s_addr, bytes, sizeof(bytes));
	return 0;
}

static int
parse_prefix(struct buf *b, struct in_addr *addr, uint8_t *prefixlen)
{
	uint64_t v;

	if (parse_addr(b, addr) == -1 || buf_u8(b) != '/' ||
	    lease_number(b, 32, &v) == -1)
		return -1;
	*prefixlen = (uint8_t)v;
	return 0;
}

static int
parse_route(struct buf *b, struct route4 *r)
{
	if (parse_prefix(b, &r->dst, &r->prefixlen) == -1 || buf_u8(b) != ' ')
		return -1;
	return parse_addr(b, &r->gateway);
}

/* One address or number. */
static int
parse_scalar(struct buf *b, struct lease4 *l, const struct key *k)
{
	uint8_t *p = field_set(l, k->off);
	struct in_addr addr = { 0 };

	switch (k->kind) {
	case K_PREFIX:
		return parse_prefix(b, &l->addr, &l->prefixlen);
	case K_ADDR:
		if (parse_addr(b, &addr) == -1)
			return -1;
		memcpy(p, &addr, sizeof(addr));
		return 0;
	case K_WALL:
		return lease_u64(
		    lease_rest(b), &l->obtained_high, &l->obtained_low);
	case K_FLAG:
		return lease_integer(lease_rest(b), 1, p);
	case K_U16_OPT:
		return lease_integer(lease_rest(b), UINT16_MAX, p);
	default:
		return lease_integer(lease_rest(b), UINT32_MAX, p);
	}
}

/* Hexadecimal bytes with their length. */
static int
parse_bytes(struct buf *b, struct lease4 *l, const struct key *k)
{
	uint16_t v16;
	size_t n;

	if (lease_hex(lease_rest(b), field_set(l, k->off), k->max, &n) == -1)
		return -1;
	if (k->kind == K_MAC) {
		*field_set(l, k->count) = 1;
		return n == k->max ? 0 : -1;
	}
	if (k->kind == K_HEX) {
		*field_set(l, k->count) = (uint8_t)n;
		return 0;
	}
	v16 = (uint16_t)n;
	memcpy(field_set(l, k->count), &v16, sizeof(v16));
	return 0;
}

/* One more entry of a list. */
static int
parse_entry(struct buf *b, struct lease4 *l, const struct key *k)
{
	uint8_t *n = field_set(l, k->count);
	struct in_addr addr;

	if (*n >= k->max)
		return -1;
	switch (k->kind) {
	case K_ROUTES:
		return parse_route(b, &l->routes[(*n)++]);
	case K_NAMES:
		return lease_string(
		    lease_rest(b), l->search[(*n)++], DNS_NAME_MAX);
	default:
		if (parse_addr(b, &addr) == -1)
			return -1;
		memcpy(field_set(l, k->off + *n * sizeof(addr)), &addr,
		    sizeof(addr));
		(*n)++;
		return 0;
	}
}

static int
parse_value(struct buf *b, void *lease, size_t key)
{
	struct lease4 *l = lease;
	const struct key *k = &keys[key];

	switch (k->kind) {
	case K_MAC:
	case K_HEX:
	case K_HEX_LONG:
		return parse_bytes(b, l, k);
	case K_ADDRS:
	case K_ROUTES:
	case K_NAMES:
		return parse_entry(b, l, k);
	case K_TEXT:
		return lease_string(
		    lease_rest(b), field_set(l, k->off), k->max);
	default:
		return parse_scalar(b, l, k);
	}
}

static const char *
key_name(size_t k, int *list)
{
	if (k == NKEYS)
		return NULL;
	*list = keys[k].kind == K_ADDRS || keys[k].kind == K_ROUTES ||
	    keys[k].kind == K_NAMES;
	return keys[k].name;
}

static const char *
check(const void *lease)
{
	return lease4_check(lease);
}

int
lease4_parse(const uint8_t *text, size_t len, struct lease4 *lease,
    const char **why, int *line)
{
	static const struct lease_text form = { VERSION_LINE, sizeof(*lease),
		key_name, parse_value, check, format };

	return lease_text_parse(&form, text, len, lease, why, line);
}

/* SPDX-License-Identifier: ISC */
/*
 * The text form of a DHCPv6 lease.  One table of keys, in the order of the
 * file, is used by writer and parser alike.  The form is canonical, as that of
 * lease.c: a lease has exactly one text and the parser takes nothing else.
 */

#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "dhcp6_check.h"
#include "dns_name.h"
#include "lease_dhcp6.h"
#include "lease_text.h"

#define VERSION_LINE "leased-dhcp6 1"

enum kind {
	K_WALL,	  /* obtained_high and obtained_low */
	K_FLAG,	  /* 1, else left out */
	K_U32,	  /* 0: left out */
	K_HEX,	  /* bytes, one-byte length at count */
	K_HEX16,  /* bytes, two-byte length at count */
	K_KEY,	  /* the reconfigure key and its replay counter */
	K_TEXT,	  /* a string, "": left out */
	K_IA,	  /* index, iaid, t1, t2, server, preference, DUID */
	K_ADDR,	  /* address, preferred, valid */
	K_PREFIX, /* index, prefix, preferred, valid, excluded prefix */
	K_DNS,
	K_IN6,	 /* as many lines as the byte at count says */
	K_NAMES, /* search */
};

struct key {
	const char *name;
	enum kind kind;
	size_t off;
	size_t count; /* offset of length or number */
	size_t max;   /* bytes or entries */
};

#define F(m) offsetof(struct dhcp6_lease, m)
#define SIZE(m) sizeof(((struct dhcp6_lease *)NULL)->m)

static const struct key keys[] = {
	{ "obtained", K_WALL, F(obtained_high), 0, 0 },
	{ "stateless", K_FLAG, F(stateless), 0, 0 },
	{ "rapid-commit", K_FLAG, F(rapid_commit), 0, 0 },
	{ "network-id", K_HEX, F(network_id), F(network_id_len),
	    SIZE(network_id) },
	{ "ia", K_IA, F(ias), 0, DHCP6_IAS_MAX },
	{ "address", K_ADDR, F(addrs), F(naddrs), DHCP6_ADDRS_MAX },
	{ "prefix", K_PREFIX, F(prefixes), F(nprefixes), DHCP6_PREFIXES_MAX },
	{ "sol-max-rt", K_U32, F(sol_max_rt), 0, 0 },
	{ "inf-max-rt", K_U32, F(inf_max_rt), 0, 0 },
	{ "key", K_KEY, F(key), F(has_key), SIZE(key) },
	{ "information", K_FLAG, F(has_info), 0, 0 },
	{ "refresh", K_U32, F(refresh_sec), 0, 0 },
	{ "registration", K_FLAG, F(registration), 0, 0 },
	{ "name-server", K_DNS, 0, F(dns.nservers), DNS_SERVERS_MAX },
	{ "search", K_NAMES, 0, F(dns.nsearch), DNS_SEARCH_MAX },
	{ "ntp-server", K_IN6, F(ntp), F(nntp), DHCP6_NTP_MAX },
	{ "ntp-name", K_TEXT, F(ntp_name), 0, SIZE(ntp_name) },
	{ "aftr", K_TEXT, F(aftr), 0, SIZE(aftr) },
	{ "captive-portal", K_TEXT, F(captive_portal), 0,
	    SIZE(captive_portal) },
	{ "softwires", K_HEX16, F(s46), F(s46_len), SIZE(s46) },
	{ "dnr", K_HEX16, F(dnr), F(dnr_len), SIZE(dnr) },
};
#define NKEYS (sizeof(keys) / sizeof(keys[0]))

static const uint8_t *
field(const struct dhcp6_lease *l, size_t off)
{
	return (const uint8_t *)l + off;
}

static uint8_t *
field_set(struct dhcp6_lease *l, size_t off)
{
	return (uint8_t *)l + off;
}

static uint16_t
get16(const struct dhcp6_lease *l, size_t off)
{
	uint16_t v;

	memcpy(&v, field(l, off), sizeof(v));
	return v;
}

/* ---- writing ---- */

/* How many lines a key may have for this lease. */
static size_t
items(const struct dhcp6_lease *l, const struct key *k)
{
	uint32_t v = 0;

	switch (k->kind) {
	case K_U32:
		memcpy(&v, field(l, k->off), sizeof(v));
		return v != 0;
	case K_FLAG:
	case K_TEXT:
		return *field(l, k->off) != 0;
	case K_HEX:
	case K_KEY:
		return *field(l, k->count) > 0;
	case K_HEX16:
		return get16(l, k->count) > 0;
	case K_ADDR:
	case K_PREFIX:
	case K_IN6:
		return *field(l, k->count);
	case K_DNS:
	case K_NAMES:
		return get16(l, k->count);
	case K_IA:
		return DHCP6_IAS_MAX;
	case K_WALL:
		break;
	}
	return 1;
}

/* An IA without leases is not worth a line. */
static int
skipped(const struct dhcp6_lease *l, const struct key *k, size_t i)
{
	unsigned int n;

	if (k->kind != K_IA)
		return 0;
	if (i == DHCP6_IA_NA)
		return l->naddrs == 0;
	for (n = 0; n < l->nprefixes; n++)
		if (l->prefixes[n].ia == i)
			return 0;
	return 1;
}

static void
print_u32(struct wbuf *w, uint32_t v)
{
	wbuf_printf(w, "%lu", (unsigned long)v);
}

static void
print_ia(struct wbuf *w, const struct dhcp6_lease *l, size_t i)
{
	const struct dhcp6_ia *ia = &l->ias[i];

	wbuf_printf(w, "%u %lu %lu %lu ", (unsigned int)i,
	    (unsigned long)ia->iaid, (unsigned long)ia->t1_sec,
	    (unsigned long)ia->t2_sec);
	inet6_print(w, &ia->server.addr);
	wbuf_printf(w, " %u ", ia->server.preference);
	wbuf_hex(w, ia->server.duid, ia->server.duid_len);
}

static void
print_prefix(struct wbuf *w, const struct dhcp6_prefix *p)
{
	wbuf_printf(w, "%u ", p->ia);
	inet6_print(w, &p->prefix);
	wbuf_printf(w, "/%u %lu %lu", p->prefixlen,
	    (unsigned long)p->preferred_sec, (unsigned long)p->valid_sec);
	if (p->exclude_len != 0) {
		wbuf_printf(w, " ");
		inet6_print(w, &p->exclude);
		wbuf_printf(w, "/%u", p->exclude_len);
	}
}

/* The value of a key's i-th line. */
static void
print_item(
    struct wbuf *w, const struct dhcp6_lease *l, const struct key *k, size_t i)
{
	const uint8_t *p = field(l, k->off);
	struct in6_addr a;
	uint32_t v;

	switch (k->kind) {
	case K_WALL:
		lease_print_u64(w, l->obtained_high, l->obtained_low);
		break;
	case K_FLAG:
		wbuf_printf(w, "1");
		break;
	case K_U32:
		memcpy(&v, p, sizeof(v));
		print_u32(w, v);
		break;
	case K_HEX:
		wbuf_hex(w, p, *field(l, k->count));
		break;
	case K_HEX16:
		wbuf_hex(w, p, get16(l, k->count));
		break;
	case K_KEY:
		lease_print_u64(w, l->replay_high, l->replay_low);
		wbuf_printf(w, " ");
		wbuf_hex(w, p, k->max);
		break;
	case K_TEXT:
		wbuf_printf(w, "%s", (const char *)p);
		break;
	case K_IA:
		print_ia(w, l, i);
		break;
	case K_ADDR:
		inet6_print(w, &l->addrs[i].addr);
		wbuf_printf(w, " %lu %lu",
		    (unsigned long)l->addrs[i].preferred_sec,
		    (unsigned long)l->addrs[i].valid_sec);
		break;
	case K_PREFIX:
		print_prefix(w, &l->prefixes[i]);
		break;
	case K_DNS:
		memcpy(&a, l->dns.servers[i].addr, sizeof(a));
		inet6_print(w, &a);
		break;
	case K_IN6:
		memcpy(&a, p + i * sizeof(a), sizeof(a));
		inet6_print(w, &a);
		break;
	case K_NAMES:
		wbuf_printf(w, "%s", l->dns.search[i]);
		break;
	}
}

/* A lease that has been checked. */
static size_t
format(const void *lease, char *out, size_t size)
{
	const struct dhcp6_lease *l = lease;
	struct wbuf w;
	size_t k, i;

	wbuf_init(&w, out, size < LEASE_TEXT_MAX ? size : LEASE_TEXT_MAX);
	wbuf_printf(&w, "%s\n", VERSION_LINE);
	for (k = 0; k < NKEYS; k++) {
		for (i = 0; i < items(l, &keys[k]); i++) {
			if (skipped(l, &keys[k], i))
				continue;
			wbuf_printf(&w, "%s ", keys[k].name);
			print_item(&w, l, &keys[k], i);
			wbuf_printf(&w, "\n");
		}
	}
	wbuf_printf(&w, "%s\n", LEASE_END_LINE);
	return w.error ? 0 : w.off;
}

size_t
lease_dhcp6_format(
    const struct dhcp6_lease *lease, uint64_t wall, char *out, size_t size)
{
	static struct dhcp6_lease l; /* 7 KiB: not on the stack */

	l = *lease;
	l.obtained_high = (uint32_t)(wall >> 32);
	l.obtained_low = (uint32_t)wall;
	if (lease_dhcp6_check(&l) != NULL)
		return 0;
	return format(&l, out, size);
}

/* ---- parsing ---- */

static int
parse_ia(struct buf *b, struct dhcp6_lease *l)
{
	struct dhcp6_ia *ia;
	uint8_t i;
	size_t n;

	if (lease_integer(lease_word(b), DHCP6_IAS_MAX - 1, &i) == -1)
		return -1;
	ia = &l->ias[i];
	if (ia->state != IA_OFF ||
	    lease_integer(lease_word(b), UINT32_MAX, &ia->iaid) == -1 ||
	    lease_integer(lease_word(b), UINT32_MAX, &ia->t1_sec) == -1 ||
	    lease_integer(lease_word(b), UINT32_MAX, &ia->t2_sec) == -1 ||
	    inet6_parse(lease_word(b), &ia->server.addr) == -1 ||
	    lease_integer(lease_word(b), UINT8_MAX, &ia->server.preference) ==
		-1 ||
	    lease_hex(lease_word(b), ia->server.duid, sizeof(ia->server.duid),
		&n) == -1)
		return -1;
	ia->server.duid_len = (uint8_t)n;
	ia->state = IA_BOUND;
	return 0;
}

static int
parse_addr(struct buf *b, struct dhcp6_lease *l)
{
	struct dhcp6_addr *a;

	if (l->naddrs == DHCP6_ADDRS_MAX)
		return -1;
	a = &l->addrs[l->naddrs++];
	if (inet6_parse(lease_word(b), &a->addr) == -1 ||
	    lease_integer(lease_word(b), UINT32_MAX, &a->preferred_sec) == -1)
		return -1;
	return lease_integer(lease_word(b), UINT32_MAX, &a->valid_sec);
}

static int
parse_delegated(struct buf *b, struct dhcp6_lease *l)
{
	struct dhcp6_prefix *p;

	if (l->nprefixes == DHCP6_PREFIXES_MAX)
		return -1;
	p = &l->prefixes[l->nprefixes++];
	if (lease_integer(lease_word(b), DHCP6_IAS_MAX - 1, &p->ia) == -1 ||
	    lease_prefix6(lease_word(b), &p->prefix, &p->prefixlen) == -1 ||
	    lease_integer(lease_word(b), UINT32_MAX, &p->preferred_sec) == -1 ||
	    lease_integer(lease_word(b), UINT32_MAX, &p->valid_sec) == -1)
		return -1;
	if (buf_left(b) == 0)
		return 0;
	return lease_prefix6(lease_word(b), &p->exclude, &p->exclude_len);
}

static int
parse_in6(struct buf *b, struct dhcp6_lease *l, const struct key *k)
{
	struct dns_server *s;
	struct in6_addr a;

	if (inet6_parse(lease_word(b), &a) == -1)
		return -1;
	if (k->kind == K_IN6) {
		if (l->nntp == DHCP6_NTP_MAX)
			return -1;
		l->ntp[l->nntp++] = a;
		return 0;
	}
	if (l->dns.nservers == DNS_SERVERS_MAX)
		return -1;
	s = &l->dns.servers[l->dns.nservers++];
	s->family = AF_INET6;
	s->link_local = inet6_is_link_local(&a) ? 1 : 0;
	memcpy(s->addr, &a, sizeof(a));
	return 0;
}

static int
parse_key(struct buf *b, struct dhcp6_lease *l)
{
	size_t n;

	if (lease_u64(lease_word(b), &l->replay_high, &l->replay_low) == -1 ||
	    lease_hex(lease_word(b), l->key, sizeof(l->key), &n) == -1 ||
	    n != sizeof(l->key))
		return -1;
	l->has_key = 1;
	return 0;
}

static int
parse_bytes(struct buf *b, struct dhcp6_lease *l, const struct key *k)
{
	uint16_t v16;
	size_t n;

	if (lease_hex(lease_word(b), field_set(l, k->off), k->max, &n) == -1)
		return -1;
	v16 = (uint16_t)n;
	if (k->kind == K_HEX)
		*field_set(l, k->count) = (uint8_t)n;
	else
		memcpy(field_set(l, k->count), &v16, sizeof(v16));
	return 0;
}

static int
parse_value(struct buf *b, void *lease, size_t key)
{
	struct dhcp6_lease *l = lease;
	const struct key *k = &keys[key];

	switch (k->kind) {
	case K_TEXT:
		return lease_string(
		    lease_rest(b), field_set(l, k->off), k->max);
	case K_NAMES:
		if (l->dns.nsearch == DNS_SEARCH_MAX)
			return -1;
		return lease_string(lease_rest(b),
		    l->dns.search[l->dns.nsearch++], DNS_NAME_MAX);
	case K_IA:
		return parse_ia(b, l);
	case K_ADDR:
		return parse_addr(b, l);
	case K_PREFIX:
		return parse_delegated(b, l);
	case K_DNS:
	case K_IN6:
		return parse_in6(b, l, k);
	case K_KEY:
		return parse_key(b, l);
	case K_HEX:
	case K_HEX16:
		return parse_bytes(b, l, k);
	case K_WALL:
		return lease_u64(
		    lease_word(b), &l->obtained_high, &l->obtained_low);
	case K_FLAG:
		return lease_integer(lease_word(b), 1, field_set(l, k->off));
	default:
		return lease_integer(
		    lease_word(b), UINT32_MAX, field_set(l, k->off));
	}
}

static const char *
key_name(size_t i, int *list)
{
	const struct key *k = &keys[i];

	if (i == NKEYS)
		return NULL;
	*list = k->kind == K_IA || k->kind == K_ADDR || k->kind == K_PREFIX ||
	    k->kind == K_DNS || k->kind == K_IN6 || k->kind == K_NAMES;
	return k->name;
}

static const char *
check(const void *lease)
{
	return lease_dhcp6_check(lease);
}

int
lease_dhcp6_parse(const uint8_t *text, size_t len, struct dhcp6_lease *lease,
    const char **why, int *line)
{
	static const struct lease_text form = { VERSION_LINE, sizeof(*lease),
		key_name, parse_value, check, format };

	return lease_text_parse(&form, text, len, lease, why, line);
}

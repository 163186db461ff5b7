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

#define VERSION_LINE "leased-dhcp6 1"
#define END_LINE "end"

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

static int
is_list(const struct key *k)
{
	return k->kind == K_IA || k->kind == K_ADDR || k->kind == K_PREFIX ||
	    k->kind == K_DNS || k->kind == K_IN6 || k->kind == K_NAMES;
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

static void
print_number(struct wbuf *w, uint32_t high, uint32_t low)
{
	wbuf_printf(w, "%llu", (unsigned long long)high << 32 | low);
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
		print_number(w, l->obtained_high, l->obtained_low);
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
		print_number(w, l->replay_high, l->replay_low);
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
format(const struct dhcp6_lease *l, char *out, size_t size)
{
	struct wbuf w;
	size_t k, i;

	wbuf_init(
	    &w, out, size < LEASE_DHCP6_TEXT_MAX ? size : LEASE_DHCP6_TEXT_MAX);
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
	wbuf_printf(&w, "%s\n", END_LINE);
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

/* Decimal digits without a leading zero, at most max. */
static int
parse_number(struct buf b, uint64_t max, uint64_t *out)
{
	uint64_t v = 0, digit;
	size_t ndigits = buf_left(&b);
	int zero = buf_peek(&b) == '0';

	if (ndigits == 0 || (zero && ndigits > 1))
		return -1;
	while (buf_left(&b) > 0) {
		uint8_t c = buf_u8(&b);

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
parse_u32(struct buf b, uint32_t *out)
{
	uint64_t v;

	if (parse_number(b, UINT32_MAX, &v) == -1)
		return -1;
	*out = (uint32_t)v;
	return 0;
}

static int
parse_u8(struct buf b, uint64_t max, uint8_t *out)
{
	uint64_t v;

	if (parse_number(b, max, &v) == -1)
		return -1;
	*out = (uint8_t)v;
	return 0;
}

static int
parse_hex(struct buf b, uint8_t *out, size_t max, size_t *len)
{
	static const char digits[] = "0123456789abcdef";
	size_t n = 0;

	while (buf_left(&b) > 0) {
		uint8_t high = buf_u8(&b), low = buf_u8(&b);
		const char *h = memchr(digits, high, 16);
		const char *l = memchr(digits, low, 16);

		if (b.error || h == NULL || l == NULL || n == max)
			return -1;
		out[n++] = (uint8_t)((h - digits) << 4 | (l - digits));
	}
	*len = n;
	return n == 0 ? -1 : 0;
}

/* The next word of a line; an empty one if there is none. */
static struct buf
word(struct buf *b)
{
	struct buf w;

	if (!buf_token(b, ' ', &w))
		buf_init(&w, NULL, 0);
	return w;
}

/* address/length */
static int
parse_prefix(struct buf b, struct in6_addr *prefix, uint8_t *len)
{
	struct buf text;

	if (!buf_token(&b, '/', &text) || inet6_parse(text, prefix) == -1)
		return -1;
	return parse_u8(b, 128, len);
}

static int
parse_ia(struct buf *b, struct dhcp6_lease *l)
{
	struct dhcp6_ia *ia;
	uint8_t i;
	size_t n;

	if (parse_u8(word(b), DHCP6_IAS_MAX - 1, &i) == -1)
		return -1;
	ia = &l->ias[i];
	if (ia->state != IA_OFF || parse_u32(word(b), &ia->iaid) == -1 ||
	    parse_u32(word(b), &ia->t1_sec) == -1 ||
	    parse_u32(word(b), &ia->t2_sec) == -1 ||
	    inet6_parse(word(b), &ia->server.addr) == -1 ||
	    parse_u8(word(b), UINT8_MAX, &ia->server.preference) == -1 ||
	    parse_hex(word(b), ia->server.duid, sizeof(ia->server.duid), &n) ==
		-1)
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
	if (inet6_parse(word(b), &a->addr) == -1 ||
	    parse_u32(word(b), &a->preferred_sec) == -1)
		return -1;
	return parse_u32(word(b), &a->valid_sec);
}

static int
parse_delegated(struct buf *b, struct dhcp6_lease *l)
{
	struct dhcp6_prefix *p;

	if (l->nprefixes == DHCP6_PREFIXES_MAX)
		return -1;
	p = &l->prefixes[l->nprefixes++];
	if (parse_u8(word(b), DHCP6_IAS_MAX - 1, &p->ia) == -1 ||
	    parse_prefix(word(b), &p->prefix, &p->prefixlen) == -1 ||
	    parse_u32(word(b), &p->preferred_sec) == -1 ||
	    parse_u32(word(b), &p->valid_sec) == -1)
		return -1;
	if (buf_left(b) == 0)
		return 0;
	return parse_prefix(word(b), &p->exclude, &p->exclude_len);
}

static int
parse_in6(struct buf *b, struct dhcp6_lease *l, const struct key *k)
{
	struct dns_server *s;
	struct in6_addr a;

	if (inet6_parse(word(b), &a) == -1)
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
parse_key(struct buf *b, struct dhcp6_lease *l)
{
	uint64_t v;
	size_t n;

	if (parse_number(word(b), UINT64_MAX, &v) == -1 ||
	    parse_hex(word(b), l->key, sizeof(l->key), &n) == -1 ||
	    n != sizeof(l->key))
		return -1;
	l->replay_high = (uint32_t)(v >> 32);
	l->replay_low = (uint32_t)v;
	l->has_key = 1;
	return 0;
}

static int
parse_bytes(struct buf *b, struct dhcp6_lease *l, const struct key *k)
{
	uint16_t v16;
	size_t n;

	if (parse_hex(word(b), field_set(l, k->off), k->max, &n) == -1)
		return -1;
	v16 = (uint16_t)n;
	if (k->kind == K_HEX)
		*field_set(l, k->count) = (uint8_t)n;
	else
		memcpy(field_set(l, k->count), &v16, sizeof(v16));
	return 0;
}

static int
parse_scalar(struct buf *b, struct dhcp6_lease *l, const struct key *k)
{
	uint64_t v;
	uint32_t v32;

	switch (k->kind) {
	case K_WALL:
		if (parse_number(word(b), UINT64_MAX, &v) == -1)
			return -1;
		l->obtained_high = (uint32_t)(v >> 32);
		l->obtained_low = (uint32_t)v;
		return 0;
	case K_FLAG:
		return parse_u8(word(b), 1, field_set(l, k->off));
	default:
		if (parse_u32(word(b), &v32) == -1)
			return -1;
		memcpy(field_set(l, k->off), &v32, sizeof(v32));
		return 0;
	}
}

static int
parse_value(struct buf *b, struct dhcp6_lease *l, const struct key *k)
{
	struct buf whole = *b;

	switch (k->kind) {
	case K_TEXT:
		buf_skip(b, buf_left(b));
		return parse_text(whole, field_set(l, k->off), k->max);
	case K_NAMES:
		buf_skip(b, buf_left(b));
		if (l->dns.nsearch == DNS_SEARCH_MAX)
			return -1;
		return parse_text(whole,
		    (uint8_t *)l->dns.search[l->dns.nsearch++], DNS_NAME_MAX);
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
	default:
		return parse_scalar(b, l, k);
	}
}

/*
 * One line.  *next is the first key that may still come; only a list's key may
 * come again.  NULL, or what is wrong.
 */
static const char *
parse_line(struct buf *line, struct dhcp6_lease *l, size_t *next)
{
	struct buf name;
	size_t k;

	if (!buf_token(line, ' ', &name))
		return "empty line";
	for (k = 0; k < NKEYS; k++) {
		if (buf_is(&name, keys[k].name))
			break;
	}
	if (k == NKEYS)
		return "unknown key";
	if (k < *next)
		return "key repeated or out of order";
	*next = is_list(&keys[k]) ? k : k + 1;
	if (parse_value(line, l, &keys[k]) == -1 || line->error ||
	    buf_left(line) > 0)
		return "value is not valid";
	return NULL;
}

static const char *
parse_lines(struct buf *b, struct dhcp6_lease *l, int *lineno)
{
	struct buf line;
	size_t next = 0;
	const char *why;

	*lineno = 1;
	if (!buf_token(b, '\n', &line) || !buf_is(&line, VERSION_LINE))
		return "not a lease file of this version";
	while (buf_token(b, '\n', &line)) {
		(*lineno)++;
		if (buf_is(&line, END_LINE))
			return buf_left(b) > 0 ? "bytes after the end" : NULL;
		if ((why = parse_line(&line, l, &next)) != NULL)
			return why;
	}
	return "no end line";
}

/* Is the text, byte for byte, what format() makes of the lease? */
static int
canonical(
    const struct dhcp6_lease *l, const uint8_t *text, size_t len, int *line)
{
	static char again[LEASE_DHCP6_TEXT_MAX];
	size_t i, n = format(l, again, sizeof(again));

	if (n == len && memcmp(again, text, n) == 0)
		return 1;
	*line = 1;
	for (i = 0; i < n && i < len && text[i] == (uint8_t)again[i]; i++)
		*line += text[i] == '\n';
	return 0;
}

int
lease_dhcp6_parse(const uint8_t *text, size_t len, struct dhcp6_lease *lease,
    const char **why, int *line)
{
	struct buf b;

	memset(lease, 0, sizeof(*lease));
	*line = 0;
	if (len > LEASE_DHCP6_TEXT_MAX)
		*why = "longer than a lease file can be";
	else {
		buf_init(&b, text, len);
		*why = parse_lines(&b, lease, line);
		if (*why == NULL)
			*why = lease_dhcp6_check(lease);
		if (*why == NULL && !canonical(lease, text, len, line))
			*why = "not in canonical form";
	}
	if (*why == NULL)
		return 0;
	memset(lease, 0, sizeof(*lease));
	return -1;
}

/* SPDX-License-Identifier: ISC */
/* Neighbour discovery codec, see nd_msg.h. */
#include <string.h>

#include "dhcp4_check.h"
#include "dns_name.h"
#include "inet6.h"
#include "nd_msg.h"

/* RFC 4861 4.6: lengths are in units of eight bytes */
#define OPTION_UNIT 8
#define OPTION_HEAD 2

/* Flags of the header, RFC 4861 4.2 */
#define RA_MANAGED 0x80
#define RA_OTHER 0x40
/* Flags of the prefix information option, RFC 4861 4.6.2, RFC 9762 4 */
#define PIO_ONLINK 0x80
#define PIO_AUTONOMOUS 0x40
#define PIO_DELEGATION 0x10
#define PREFERENCE_RESERVED 2 /* RFC 4191 2.1: binary 10 */
#define LIFETIME_UNIT64 8     /* s, RFC 8781 4 */

typedef void option_parser(struct nd_ra *, struct buf);

static option_parser parse_prefix, parse_mtu, parse_route, parse_servers,
    parse_search, parse_portal, parse_pref64, parse_dnr;
static uint8_t preference_of(uint8_t);
static int dnr_addrs(struct slaac_dnr *, struct buf);
static int dnr_body(struct slaac_dnr *, struct buf);
static void parse_option(struct nd_ra *, const struct nd_option *);

/* min, max: bytes with type and length */
static const struct {
	uint8_t type;
	size_t min, max;
	option_parser *parse;
} options[] = {
	{ ND_OPT_PREFIX, 32, 32, parse_prefix },
	{ ND_OPT_MTU_SIZE, 8, 8, parse_mtu },
	{ ND_OPT_ROUTE, 8, 24, parse_route },
	{ ND_OPT_RDNSS_LIST, 24, ND_MSG_MAX, parse_servers },
	{ ND_OPT_DNSSL_LIST, 16, ND_MSG_MAX, parse_search },
	{ ND_OPT_CAPTIVE_PORTAL, 8, ND_MSG_MAX, parse_portal },
	{ ND_OPT_PREF64, 16, 16, parse_pref64 },
	{ ND_OPT_DNR, 16, ND_MSG_MAX, parse_dnr },
};
#define NOPTIONS (sizeof(options) / sizeof(options[0]))

int
nd_option_next(struct buf *b, struct nd_option *o)
{
	size_t len;

	if (buf_left(b) == 0)
		return 0;
	o->type = buf_u8(b);
	len = (size_t)buf_u8(b) * OPTION_UNIT;
	if (b->error || len == 0)
		return -1;
	o->value = buf_sub(b, len - OPTION_HEAD);
	return b->error ? -1 : 1;
}

/* RFC 4191 2.1: two bits; in an order that can be compared. */
static uint8_t
preference_of(uint8_t flags)
{
	switch (flags >> 3 & 3) {
	case 1:
		return PREFERENCE_HIGH;
	case 3:
		return PREFERENCE_LOW;
	}
	return PREFERENCE_MEDIUM;
}

static void
parse_prefix(struct nd_ra *ra, struct buf b)
{
	struct nd_prefix *p = &ra->prefixes[ra->nprefixes];
	uint8_t flags;

	if (ra->nprefixes == SLAAC_PREFIXES_MAX) {
		ra->excess++;
		return;
	}
	memset(p, 0, sizeof(*p));
	p->prefixlen = buf_u8(&b);
	flags = buf_u8(&b);
	p->flags = (uint8_t)((flags & PIO_ONLINK ? SLAAC_PREFIX_ONLINK : 0) |
	    (flags & PIO_AUTONOMOUS ? SLAAC_PREFIX_AUTONOMOUS : 0) |
	    (flags & PIO_DELEGATION ? SLAAC_PREFIX_DELEGATION : 0));
	p->valid_sec = buf_u32(&b);
	p->preferred_sec = buf_u32(&b);
	buf_skip(&b, 4);
	p->prefix = inet6_read(&b);
	inet6_mask(&p->prefix, p->prefixlen);
	if (!inet6_is_prefix(&p->prefix, p->prefixlen))
		ra->ignored++;
	else
		ra->nprefixes++;
}

static void
parse_mtu(struct nd_ra *ra, struct buf b)
{
	buf_skip(&b, 2);
	ra->mtu = buf_u32(&b);
}

/*
 * RFC 4191 2.3: the prefix may be cut to 0, 8 or 16 bytes; 3.1: the reserved
 * preference makes the option be ignored, ::/0 stands above the header.
 */
static void
parse_route(struct nd_ra *ra, struct buf b)
{
	struct nd_route r;
	uint8_t flags;
	size_t n;

	memset(&r, 0, sizeof(r));
	r.prefixlen = buf_u8(&b);
	flags = buf_u8(&b);
	r.preference = preference_of(flags);
	r.lifetime_sec = buf_u32(&b);
	n = buf_left(&b);
	buf_bytes(&b, &r.dst, n);
	if (r.prefixlen > 128 || (r.prefixlen > 64 && n < 16) ||
	    (r.prefixlen > 0 && n < 8) ||
	    (flags >> 3 & 3) == PREFERENCE_RESERVED) {
		ra->ignored++;
		return;
	}
	inet6_mask(&r.dst, r.prefixlen);
	if (r.prefixlen == 0) {
		ra->preference = r.preference;
		ra->lifetime_sec = r.lifetime_sec;
	} else if (!inet6_is_prefix(&r.dst, r.prefixlen)) {
		ra->ignored++;
	} else if (ra->nroutes == SLAAC_ROUTES_MAX) {
		ra->excess++;
	} else {
		ra->routes[ra->nroutes++] = r;
	}
}

static void
parse_servers(struct nd_ra *ra, struct buf b)
{
	struct nd_server s;

	buf_skip(&b, 2);
	s.lifetime_sec = buf_u32(&b);
	if (buf_left(&b) % sizeof(s.addr) != 0) {
		ra->ignored++;
		return;
	}
	while (buf_left(&b) > 0) {
		s.addr = inet6_read(&b);
		if (!inet6_is_unicast(&s.addr))
			ra->ignored++;
		else if (ra->nservers == DNS_SERVERS_MAX)
			ra->excess++;
		else
			ra->servers[ra->nservers++] = s;
	}
}

/* Names without compression, then zeros. */
static void
parse_search(struct nd_ra *ra, struct buf b)
{
	enum dns_name_result result;
	struct nd_name n;

	buf_skip(&b, 2);
	memset(&n, 0, sizeof(n));
	n.lifetime_sec = buf_u32(&b);
	while (buf_peek(&b) > 0) {
		result = dns_name_read(&b, 0, n.name);
		if (result != DNS_NAME_OK)
			ra->names_ignored++;
		else if (ra->nsearch == DNS_SEARCH_MAX)
			ra->excess++;
		else
			ra->search[ra->nsearch++] = n;
		if (result == DNS_NAME_MALFORMED)
			return;
	}
}

static void
parse_portal(struct nd_ra *ra, struct buf b)
{
	size_t n;

	buf_trim(&b, 0);
	/* RFC 8910 2: "there is none", which is worth knowing too */
	if (buf_is(&b, "urn:ietf:params:capport:unrestricted")) {
		memset(ra->portal, 0, sizeof(ra->portal));
	} else if (check_uri(b)) {
		memset(ra->portal, 0, sizeof(ra->portal));
		n = buf_left(&b);
		buf_bytes(&b, ra->portal, n);
	} else {
		ra->ignored++;
		return;
	}
	ra->has_portal = 1;
}

static void
parse_pref64(struct nd_ra *ra, struct buf b)
{
	static const uint8_t lengths[] = { 96, 64, 56, 48, 40, 32 };
	struct slaac_pref64 *p = &ra->pref64[ra->npref64];
	uint16_t head = buf_u16(&b);

	if ((head & 7) >= sizeof(lengths)) {
		ra->ignored++;
		return;
	}
	if (ra->npref64 == SLAAC_PREF64_MAX) {
		ra->excess++;
		return;
	}
	memset(p, 0, sizeof(*p));
	p->left_sec = (head >> 3) * LIFETIME_UNIT64;
	p->prefixlen = lengths[head & 7];
	buf_bytes(&b, &p->prefix, 12);
	inet6_mask(&p->prefix, p->prefixlen);
	if (!inet6_is_prefix(&p->prefix, p->prefixlen))
		ra->ignored++;
	else
		ra->npref64++;
}

/* All must be right; the first few are kept. */
static int
dnr_addrs(struct slaac_dnr *d, struct buf b)
{
	struct in6_addr addr;

	if (buf_left(&b) % sizeof(addr) != 0)
		return 0;
	while (buf_left(&b) > 0) {
		addr = inet6_read(&b);
		if (!inet6_is_unicast(&addr))
			return 0;
		if (d->naddrs < SLAAC_DNR_ADDRS_MAX)
			d->addrs[d->naddrs++] = addr;
	}
	return 1;
}

/* RFC 9463 6.1; without addresses only the name is used (3.1.6). */
static int
dnr_body(struct slaac_dnr *d, struct buf b)
{
	struct buf adn, addrs, params;

	d->priority = buf_u16(&b);
	d->left_sec = buf_u32(&b);
	adn = buf_sub(&b, buf_u16(&b));
	if (b.error || dns_name_read(&adn, 0, d->name) != DNS_NAME_OK ||
	    buf_left(&adn) > 0)
		return 0;
	if (buf_left(&b) < 2)
		return 1;
	addrs = buf_sub(&b, buf_u16(&b));
	if (buf_left(&addrs) == 0)
		return !b.error;
	params = buf_sub(&b, buf_u16(&b));
	return !b.error && dnr_addrs(d, addrs) && check_svc_params(params);
}

static void
parse_dnr(struct nd_ra *ra, struct buf b)
{
	struct slaac_dnr d;

	memset(&d, 0, sizeof(d));
	if (!dnr_body(&d, b))
		ra->ignored++;
	else if (ra->ndnr == SLAAC_DNR_MAX)
		ra->excess++;
	else
		ra->dnr[ra->ndnr++] = d;
}

static void
parse_option(struct nd_ra *ra, const struct nd_option *o)
{
	size_t i, len = buf_left(&o->value) + OPTION_HEAD;

	for (i = 0; i < NOPTIONS; i++) {
		if (options[i].type != o->type)
			continue;
		if (len < options[i].min || len > options[i].max)
			ra->ignored++;
		else
			options[i].parse(ra, o->value);
		return;
	}
}

enum nd_error
nd_ra_parse(
    const uint8_t *data, size_t len, const struct recv6 *meta, struct nd_ra *ra)
{
	struct nd_option option;
	struct buf b, all;
	uint8_t type, code, flags;
	int r;

	memset(ra, 0, sizeof(*ra));
	if (meta->hop_limit != ND_HOP_LIMIT)
		return ND_E_HOP_LIMIT;
	if (!inet6_is_link_local(&meta->src))
		return ND_E_SOURCE;
	if (len < ND_RA_HEADER || len > ND_MSG_MAX)
		return ND_E_SHORT;
	buf_init(&b, data, len);
	type = buf_u8(&b);
	code = buf_u8(&b);
	if (type != ND_ROUTER_ADVERTISEMENT || code != 0)
		return ND_E_TYPE;
	buf_skip(&b, 2);
	ra->hop_limit = buf_u8(&b);
	flags = buf_u8(&b);
	ra->managed = (flags & RA_MANAGED) != 0;
	ra->other = (flags & RA_OTHER) != 0;
	ra->preference = preference_of(flags);
	ra->lifetime_sec = buf_u16(&b);
	ra->reachable_ms = buf_u32(&b);
	ra->retrans_ms = buf_u32(&b);
	for (all = b; (r = nd_option_next(&all, &option)) == 1;)
		continue;
	if (r == -1)
		return ND_E_OPTIONS;
	while (nd_option_next(&b, &option) == 1)
		parse_option(ra, &option);
	return ND_OK;
}

void
nd_ra_print(
    const struct nd_ra *ra, const struct in6_addr *src, char *out, size_t size)
{
	static const char *const preferences[] = { "low", "medium", "high" };
	struct wbuf w;
	size_t i;

	if (size == 0)
		return;
	/* What does not fit is left out piece by piece. */
	out[0] = '\0';
	wbuf_init(&w, out, size);
	wbuf_printf(&w, "router advertisement from ");
	inet6_print(&w, src);
	wbuf_printf(&w, " lifetime %lu s preference %s%s%s",
	    (unsigned long)ra->lifetime_sec, preferences[ra->preference],
	    ra->managed ? " managed" : "", ra->other ? " other" : "");
	for (i = 0; i < ra->nprefixes; i++) {
		wbuf_printf(&w, " prefix ");
		inet6_print(&w, &ra->prefixes[i].prefix);
		wbuf_printf(&w, "/%u", ra->prefixes[i].prefixlen);
	}
	wbuf_printf(&w, " routes %zu dns %zu search %zu", ra->nroutes,
	    ra->nservers, ra->nsearch);
	if (ra->ignored + ra->names_ignored + ra->excess > 0)
		wbuf_printf(&w, " left out %lu",
		    (unsigned long)(ra->ignored + ra->names_ignored +
			ra->excess));
}

size_t
nd_rs_build(const uint8_t hwaddr[6], uint8_t out[ND_RS_MAX])
{
	struct wbuf w;

	wbuf_init(&w, out, ND_RS_MAX);
	wbuf_u8(&w, ND_ROUTER_SOLICITATION);
	wbuf_u8(&w, 0);	  /* code */
	wbuf_zero(&w, 6); /* checksum, reserved */
	if (hwaddr != NULL) {
		wbuf_u8(&w, ND_OPT_SOURCE_LLADDR);
		wbuf_u8(&w, 1);
		wbuf_bytes(&w, hwaddr, 6);
	}
	return w.error ? 0 : w.off;
}

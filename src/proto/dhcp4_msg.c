/* SPDX-License-Identifier: ISC */
/*
 * Decoder of DHCPv4 server messages: RFC 2131 2 (fixed fields), RFC 2132 and
 * the RFCs named beside each option.  One table of options, in the order in
 * which they have to be looked at; a malformed one is left out and counted,
 * and only those without which the message means nothing make it invalid.
 */
#include <string.h>

#include "buf.h"
#include "dhcp4_check.h"
#include "dhcp4_msg.h"
#include "dhcp4_opts.h"
#include "dns_name.h"

#define BOOTREPLY 2	      /* RFC 2131 2 */
#define FLAG_BROADCAST 0x8000 /* RFC 2131 2, figure 2 */
#define CHADDR_LEN 16	      /* RFC 2131 2 */
/* RFC 8910 2: there is no captive portal */
#define URN_UNRESTRICTED "urn:ietf:params:capport:unrestricted"

#define TYPE(t) (1U << (t))

/* Parses one value: 0, or -1: malformed, as if it were not there. */
typedef int option_parser(struct dhcp4_msg *, struct buf);

struct option_rule {
	uint8_t code;
	uint16_t min; /* bytes */
	uint16_t max;
	uint16_t unit;	    /* the length is a multiple of this */
	uint16_t mandatory; /* TYPE() where a malformed one is fatal (D4-03) */
	option_parser *parse;
};

static option_parser opt_server_id, opt_lease_time, opt_mask, opt_t1, opt_t2,
    opt_broadcast, opt_classless, opt_static_routes, opt_routers, opt_dns,
    opt_ntp, opt_hostname, opt_search, opt_domain, opt_mtu, opt_vendor,
    opt_message, opt_client_id, opt_rapid_commit, opt_ipv6_only,
    opt_captive_portal, opt_dnr, opt_sixrd;
static void msg_clear(struct dhcp4_msg *);
static int parse_fixed(
    struct buf *, uint16_t, const uint8_t *, uint8_t, struct dhcp4_msg *);
static int parse_option(
    const struct option_rule *, const struct dhcp4_opts *, struct dhcp4_msg *);
static int is_ignored(const struct conf_options *, uint8_t);
static void route_add(struct dhcp4_msg *, const struct route4 *);
static uint8_t
addrs_read(struct dhcp4_msg *, struct buf, struct in_addr *, uint8_t);
static void search_add(struct dhcp4_msg *, const char *);

#define ANY UINT16_MAX

/*
 * The order matters: the mask before the broadcast address, 121 before 33
 * before 3 (RFC 3442), 119 before 15 (RFC 3397).
 */
static const struct option_rule rules[] = {
	/* code, min, max, unit, mandatory, parser */
	{ OPT_SERVER_ID, 4, 4, 1,
	    TYPE(DHCPOFFER) | TYPE(DHCPACK) | TYPE(DHCPNAK),
	    opt_server_id }, /* RFC 2132 9.7 */
	{ OPT_LEASE_TIME, 4, 4, 1, TYPE(DHCPOFFER) | TYPE(DHCPACK),
	    opt_lease_time },					/* 9.2 */
	{ OPT_T1, 4, 4, 1, 0, opt_t1 },				/* 9.11 */
	{ OPT_T2, 4, 4, 1, 0, opt_t2 },				/* 9.12 */
	{ OPT_SUBNET_MASK, 4, 4, 1, 0, opt_mask },		/* 3.3 */
	{ OPT_BROADCAST, 4, 4, 1, 0, opt_broadcast },		/* 5.3 */
	{ OPT_CLASSLESS_ROUTES, 5, ANY, 1, 0, opt_classless },	/* RFC 3442 */
	{ OPT_STATIC_ROUTES, 8, ANY, 8, 0, opt_static_routes }, /* 5.8 */
	{ OPT_ROUTERS, 4, ANY, 4, 0, opt_routers },		/* 3.5 */
	{ OPT_DNS, 4, ANY, 4, 0, opt_dns },			/* 3.8 */
	{ OPT_NTP, 4, ANY, 4, 0, opt_ntp },			/* 8.3 */
	{ OPT_HOSTNAME, 1, ANY, 1, 0, opt_hostname },		/* 3.14 */
	{ OPT_DOMAIN_SEARCH, 1, ANY, 1, 0, opt_search },	/* RFC 3397 2 */
	{ OPT_DOMAIN, 1, ANY, 1, 0, opt_domain },		/* 3.17 */
	{ OPT_MTU, 2, 2, 1, 0, opt_mtu },			/* 5.1 */
	{ OPT_VENDOR, 1, UINT8_MAX, 1, 0, opt_vendor },		/* 8.4 */
	{ OPT_MESSAGE, 1, ANY, 1, 0, opt_message },		/* 9.9 */
	{ OPT_CLIENT_ID, 1, UINT8_MAX, 1, 0, opt_client_id },	/* RFC 6842 3 */
	{ OPT_RAPID_COMMIT, 0, 0, 1, 0, opt_rapid_commit },	/* RFC 4039 4 */
	{ OPT_IPV6_ONLY, 4, 4, 1, 0, opt_ipv6_only }, /* RFC 8925 3.1 */
	{ OPT_CAPTIVE_PORTAL, 1, UINT8_MAX, 1, 0,
	    opt_captive_portal },			/* RFC 8910 2.1 */
	{ OPT_DNR, 1, LEASE4_BLOB_MAX, 1, 0, opt_dnr }, /* RFC 9463 5.1 */
	{ OPT_6RD, 22, ANY, 1, 0, opt_sixrd },		/* RFC 5969 7.1.1 */
};

static int
opt_server_id(struct dhcp4_msg *m, struct buf v)
{
	m->lease.server_id = buf_in_addr(&v);
	if (!inet4_is_unicast(m->lease.server_id)) {
		m->lease.server_id.s_addr = 0;
		return -1;
	}
	m->present |= HAVE_SERVER_ID;
	return 0;
}

static int
opt_lease_time(struct dhcp4_msg *m, struct buf v)
{
	m->lease.lease_sec = buf_u32(&v);
	m->present |= HAVE_LEASE_TIME;
	return 0;
}

static int
opt_t1(struct dhcp4_msg *m, struct buf v)
{
	m->lease.t1_sec = buf_u32(&v);
	m->present |= HAVE_T1;
	return 0;
}

static int
opt_t2(struct dhcp4_msg *m, struct buf v)
{
	m->lease.t2_sec = buf_u32(&v);
	m->present |= HAVE_T2;
	return 0;
}

static int
opt_mask(struct dhcp4_msg *m, struct buf v)
{
	int prefixlen = inet4_prefixlen(buf_in_addr(&v));

	if (prefixlen == -1)
		return -1;
	m->lease.prefixlen = (uint8_t)prefixlen;
	m->present |= HAVE_MASK;
	return 0;
}

static int
opt_broadcast(struct dhcp4_msg *m, struct buf v)
{
	struct in_addr broadcast = buf_in_addr(&v), addr = m->lease.addr;

	if (addr.s_addr == INADDR_ANY)
		addr = m->ciaddr; /* an answer to INFORM */
	if (!check_broadcast4(broadcast, addr, m->lease.prefixlen))
		return -1;
	m->lease.broadcast = broadcast;
	return 0;
}

/* A route that no host may have is dropped alone. */
static void
route_add(struct dhcp4_msg *m, const struct route4 *r)
{
	if (!check_route4(r))
		m->ignored++;
	else if (m->lease.nroutes == LEASE4_ROUTES_MAX)
		m->excess++;
	else
		m->lease.routes[m->lease.nroutes++] = *r;
}

static int
opt_classless(struct dhcp4_msg *m, struct buf v)
{
	while (buf_left(&v) > 0) {
		struct route4 r = { 0 };

		r.prefixlen = buf_u8(&v);
		if (r.prefixlen > 32)
			v.error = 1;
		/* Only the significant octets of the destination are sent. */
		buf_bytes(&v, &r.dst.s_addr, ((size_t)r.prefixlen + 7) / 8);
		r.gateway = buf_in_addr(&v);
		if (v.error) {
			/* Counts as absent: 33 and 3 apply. */
			m->lease.nroutes = 0;
			memset(m->lease.routes, 0, sizeof(m->lease.routes));
			return -1;
		}
		r.dst.s_addr &= inet4_mask(r.prefixlen).s_addr;
		route_add(m, &r);
	}
	m->present |= HAVE_CLASSLESS;
	return 0;
}

/* Pairs of host and router; RFC 2132 5.8 forbids the default route here. */
static int
opt_static_routes(struct dhcp4_msg *m, struct buf v)
{
	if (m->present & HAVE_CLASSLESS)
		return 0;
	while (buf_left(&v) > 0) {
		struct route4 r = { 0 };

		r.dst = buf_in_addr(&v);
		r.gateway = buf_in_addr(&v);
		r.prefixlen = 32;
		if (r.gateway.s_addr == INADDR_ANY)
			m->ignored++;
		else
			route_add(m, &r);
	}
	return 0;
}

/* Routers in order of preference: the first one that can be one. */
static int
opt_routers(struct dhcp4_msg *m, struct buf v)
{
	struct route4 r = { 0 };

	if (m->present & HAVE_CLASSLESS)
		return 0;
	while (buf_left(&v) > 0) {
		r.gateway = buf_in_addr(&v);
		if (inet4_is_unicast(r.gateway)) {
			route_add(m, &r);
			return 0;
		}
	}
	return -1;
}

/* Unicast addresses of a list into an array; the rest is counted. */
static uint8_t
addrs_read(struct dhcp4_msg *m, struct buf v, struct in_addr *out, uint8_t max)
{
	uint8_t n = 0;

	while (buf_left(&v) > 0) {
		struct in_addr addr = buf_in_addr(&v);

		if (!inet4_is_unicast(addr))
			m->ignored++;
		else if (n == max)
			m->excess++;
		else
			out[n++] = addr;
	}
	return n;
}

static int
opt_dns(struct dhcp4_msg *m, struct buf v)
{
	m->lease.ndns = addrs_read(m, v, m->lease.dns, DNS_SERVERS_MAX);
	return 0;
}

static int
opt_ntp(struct dhcp4_msg *m, struct buf v)
{
	m->lease.nntp = addrs_read(m, v, m->lease.ntp, LEASE4_NTP_MAX);
	return 0;
}

static int
opt_hostname(struct dhcp4_msg *m, struct buf v)
{
	/* RFC 2132 2: servers send trailing NULs though they should not. */
	buf_trim(&v, '\0');
	if (dns_name_text(v, m->lease.hostname) != DNS_NAME_OK)
		m->names_ignored++;
	return 0;
}

static void
search_add(struct dhcp4_msg *m, const char *name)
{
	struct lease4 *l = &m->lease;
	size_t i, total = strlen(name);

	for (i = 0; i < l->nsearch; i++)
		total += strlen(l->search[i]);
	if (l->nsearch == DNS_SEARCH_MAX || total > LEASE4_SEARCH_TEXT_MAX)
		m->excess++;
	else
		memcpy(l->search[l->nsearch++], name, DNS_NAME_MAX);
}

static int
opt_search(struct dhcp4_msg *m, struct buf v)
{
	char name[DNS_NAME_MAX];

	while (buf_left(&v) > 0) {
		switch (dns_name_read(&v, 1, name)) {
		case DNS_NAME_OK:
			search_add(m, name);
			break;
		case DNS_NAME_REFUSED:
			m->names_ignored++;
			break;
		case DNS_NAME_MALFORMED:
			m->names_ignored++;
			m->lease.nsearch = 0;
			memset(m->lease.search, 0, sizeof(m->lease.search));
			return -1;
		}
	}
	return 0;
}

/* RFC 2132 has one name here; servers put search lists into it. */
static int
opt_domain(struct dhcp4_msg *m, struct buf v)
{
	char name[DNS_NAME_MAX];
	int searched = m->lease.nsearch > 0;
	struct buf token;

	buf_trim(&v, '\0');
	while (buf_token(&v, ' ', &token)) {
		if (buf_left(&token) == 0)
			continue;
		if (dns_name_text(token, name) != DNS_NAME_OK) {
			m->names_ignored++;
			continue;
		}
		if (m->lease.domain[0] == '\0')
			memcpy(m->lease.domain, name, sizeof(name));
		if (!searched)
			search_add(m, name);
	}
	return 0;
}

static int
opt_mtu(struct dhcp4_msg *m, struct buf v)
{
	uint16_t mtu = buf_u16(&v);

	if (mtu < MTU4_MIN)
		return -1;
	m->lease.mtu = mtu;
	m->present |= HAVE_MTU;
	return 0;
}

static int
opt_vendor(struct dhcp4_msg *m, struct buf v)
{
	m->lease.vendor_len = (uint8_t)buf_left(&v);
	buf_bytes(&v, m->lease.vendor, buf_left(&v));
	return 0;
}

static int
opt_message(struct dhcp4_msg *m, struct buf v)
{
	size_t n = 0;

	buf_trim(&v, '\0');
	while (buf_left(&v) > 0 && n < sizeof(m->message) - 1) {
		uint8_t c = buf_u8(&v);

		m->message[n++] = c >= 0x20 && c <= 0x7e ? (char)c : '?';
	}
	return 0;
}

static int
opt_client_id(struct dhcp4_msg *m, struct buf v)
{
	m->client_id_len = (uint8_t)buf_left(&v);
	buf_bytes(&v, m->client_id, buf_left(&v));
	m->present |= HAVE_CLIENT_ID;
	return 0;
}

static int
opt_rapid_commit(struct dhcp4_msg *m, struct buf v)
{
	(void)v;
	m->present |= HAVE_RAPID_COMMIT;
	return 0;
}

static int
opt_ipv6_only(struct dhcp4_msg *m, struct buf v)
{
	m->lease.ipv6_only_sec = buf_u32(&v);
	m->present |= HAVE_IPV6_ONLY;
	return 0;
}

static int
opt_captive_portal(struct dhcp4_msg *m, struct buf v)
{
	buf_trim(&v, '\0');
	if (buf_is(&v, URN_UNRESTRICTED))
		return 0;
	if (!check_uri(v))
		return -1;
	buf_bytes(&v, m->lease.captive_portal, buf_left(&v));
	return 0;
}

static int
opt_dnr(struct dhcp4_msg *m, struct buf v)
{
	if (!check_dnr4(v))
		return -1;
	m->lease.dnr_len = (uint16_t)buf_left(&v);
	buf_bytes(&v, m->lease.dnr, buf_left(&v));
	return 0;
}

static int
opt_sixrd(struct dhcp4_msg *m, struct buf v)
{
	if (!check_sixrd(v))
		return -1;
	m->lease.sixrd_len = (uint8_t)buf_left(&v);
	buf_bytes(&v, m->lease.sixrd, buf_left(&v));
	return 0;
}

static int
is_ignored(const struct conf_options *conf, uint8_t code)
{
	size_t i;

	if (conf == NULL)
		return 0;
	for (i = 0; i < conf->nignore && i < CONF_OPTIONS_MAX; i++) {
		if (conf->ignore[i] == code)
			return 1;
	}
	return 0;
}

/* 0, or -1: the whole message is invalid. */
static int
parse_option(const struct option_rule *rule, const struct dhcp4_opts *opts,
    struct dhcp4_msg *m)
{
	size_t len;
	struct buf value;

	if (!dhcp4_opts_get(opts, rule->code, &value))
		return 0;
	len = buf_left(&value);
	if (len >= rule->min && len <= rule->max && len % rule->unit == 0 &&
	    rule->parse(m, value) == 0)
		return 0;
	if (m->type <= DHCPFORCERENEW && rule->mandatory & TYPE(m->type))
		return -1;
	m->ignored++;
	return 0;
}

/* The 240 bytes before the options.  0, or -1: not a BOOTREPLY to us. */
static int
parse_fixed(struct buf *b, uint16_t hwtype, const uint8_t *hwaddr,
    uint8_t hwaddr_len, struct dhcp4_msg *m)
{
	uint8_t op = buf_u8(b), htype = buf_u8(b), hlen = buf_u8(b);
	const uint8_t *chaddr;

	buf_skip(b, 1); /* hops */
	m->xid = buf_u32(b);
	m->secs = buf_u16(b);
	m->flags_broadcast = (buf_u16(b) & FLAG_BROADCAST) != 0;
	m->ciaddr = buf_in_addr(b);
	m->lease.addr = buf_in_addr(b);
	m->siaddr = buf_in_addr(b);
	m->giaddr = buf_in_addr(b);
	chaddr = buf_take(b, CHADDR_LEN);
	buf_skip(b, BOOTP_SNAME_LEN + BOOTP_FILE_LEN);
	if (buf_u32(b) != DHCP4_COOKIE || b->error || chaddr == NULL)
		return -1;
	if (op != BOOTREPLY || htype != hwtype || hlen != hwaddr_len ||
	    hlen > CHADDR_LEN || memcmp(chaddr, hwaddr, hlen) != 0)
		return -1;
	return 0;
}

/* What dhcp4_frame_parse() found out stays. */
static void
msg_clear(struct dhcp4_msg *m)
{
	const uint32_t csum_partial = m->csum_partial;
	const struct in_addr ip_src = m->ip_src;
	uint8_t eth_src[sizeof(m->eth_src)];

	memcpy(eth_src, m->eth_src, sizeof(eth_src));
	memset(m, 0, sizeof(*m));
	m->csum_partial = csum_partial;
	m->ip_src = ip_src;
	memcpy(m->eth_src, eth_src, sizeof(eth_src));
}

enum dhcp4_error
dhcp4_msg_parse(const uint8_t *data, size_t len, uint16_t hwtype,
    const uint8_t *hwaddr, uint8_t hwaddr_len, const struct conf_options *conf,
    struct dhcp4_msg *m)
{
	struct dhcp4_opts opts;
	struct in_addr addr;
	struct buf b, type;
	size_t i;

	msg_clear(m);
	buf_init(&b, data, len);
	if (len > DHCP4_MSG_MAX ||
	    parse_fixed(&b, hwtype, hwaddr, hwaddr_len, m) == -1)
		return DHCP4_E_BOOTP;
	buf_seek(&b, 0);
	if (dhcp4_opts_read(&opts, b) == -1 ||
	    !dhcp4_opts_get(&opts, OPT_MESSAGE_TYPE, &type) ||
	    buf_left(&type) != 1)
		return DHCP4_E_OPTIONS;
	m->type = buf_u8(&type);
	m->ignored = opts.ignored;
	addr = m->lease.addr.s_addr == INADDR_ANY ? m->ciaddr : m->lease.addr;
	if (addr.s_addr != INADDR_ANY)
		m->lease.prefixlen = inet4_classful(addr);
	for (i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
		if (!is_ignored(conf, rules[i].code) &&
		    parse_option(&rules[i], &opts, m) == -1)
			return DHCP4_E_OPTIONS;
	}
	return DHCP4_OK;
}

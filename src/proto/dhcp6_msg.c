/* SPDX-License-Identifier: ISC */
/* Decoder of DHCPv6 messages, see dhcp6_msg.h. */

#include <string.h>

#include "dhcp4_check.h"
#include "dhcp6_check.h"
#include "dhcp6_msg.h"
#include "dns_name.h"

/* Where the decoder is, and what it fills. */
struct parse {
	struct dhcp6_msg *m;
	const struct dhcp6_lease *ours;
	const uint8_t *base;
	unsigned int nservers, nclients;
	size_t search_bytes;
	int ia;			     /* index, -1: not one of ours */
	struct dhcp6_addr *addr;     /* NULL: not in one, or dropped */
	struct dhcp6_prefix *prefix; /* the same */
};

/* 0, or -1: malformed. */
typedef int option_fn(struct parse *, const struct dhcp6_opt *);

static option_fn client_id, server_id, ia, ia_addr, ia_prefix, preference, auth,
    status_code, rapid_commit, reconf_msg, dns_servers, domain_list,
    sntp_servers, ntp_server, refresh_time, aftr_name, pd_exclude, max_rt, s46,
    captive_portal, dnr, addr_reg;

#define ANYWHERE 0xffff
/* malformed: such an option makes the message one to drop, else it is
 * ignored. */
static const struct {
	uint16_t code;
	uint16_t inside;
	int drop;
	option_fn *fn;
} options[] = {
	{ OPT6_CLIENT_ID, 0, 1, client_id },
	{ OPT6_SERVER_ID, 0, 1, server_id },
	{ OPT6_IA_NA, 0, 1, ia },
	{ OPT6_IA_PD, 0, 1, ia },
	{ OPT6_IAADDR, 0, 1, ia_addr },
	{ OPT6_IAADDR, OPT6_IA_NA, 1, ia_addr },
	{ OPT6_IAPREFIX, OPT6_IA_PD, 1, ia_prefix },
	{ OPT6_PREFERENCE, 0, 1, preference },
	{ OPT6_AUTH, 0, 0, auth },
	{ OPT6_STATUS_CODE, ANYWHERE, 1, status_code },
	{ OPT6_RAPID_COMMIT, 0, 1, rapid_commit },
	{ OPT6_RECONF_MSG, 0, 1, reconf_msg },
	{ OPT6_DNS_SERVERS, 0, 0, dns_servers },
	{ OPT6_DOMAIN_LIST, 0, 0, domain_list },
	{ OPT6_SNTP_SERVERS, 0, 0, sntp_servers },
	{ OPT6_REFRESH_TIME, 0, 0, refresh_time },
	{ OPT6_NTP_SERVER, 0, 0, ntp_server },
	{ OPT6_AFTR_NAME, 0, 0, aftr_name },
	{ OPT6_PD_EXCLUDE, OPT6_IAPREFIX, 0, pd_exclude },
	{ OPT6_SOL_MAX_RT, 0, 0, max_rt },
	{ OPT6_INF_MAX_RT, 0, 0, max_rt },
	{ OPT6_S46_CONT_MAPE, 0, 0, s46 },
	{ OPT6_S46_CONT_MAPT, 0, 0, s46 },
	{ OPT6_S46_CONT_LW, 0, 0, s46 },
	{ OPT6_CAPTIVE_PORTAL, 0, 0, captive_portal },
	{ OPT6_V6_DNR, 0, 0, dnr },
	{ OPT6_ADDR_REG_ENABLE, 0, 0, addr_reg },
};
#define NOPTIONS (sizeof(options) / sizeof(options[0]))

static struct in6_addr
read_in6(struct buf *b)
{
	struct in6_addr a;

	memset(&a, 0, sizeof(a));
	buf_bytes(b, &a, sizeof(a));
	return a;
}

/* A DUID: a type and 1 to 128 bytes more (RFC 9915 11.1). */
static int
read_duid(struct buf b, uint8_t *duid, size_t *len)
{
	*len = buf_left(&b);
	if (*len < 3 || *len > DHCP6_DUID_MAX)
		return -1;
	buf_bytes(&b, duid, *len);
	return 0;
}

static int
client_id(struct parse *p, const struct dhcp6_opt *o)
{
	p->nclients++;
	return read_duid(o->value, p->m->client_id, &p->m->client_id_len);
}

static int
server_id(struct parse *p, const struct dhcp6_opt *o)
{
	size_t len;

	p->nservers++;
	if (read_duid(o->value, p->m->server.duid, &len) == -1)
		return -1;
	p->m->server.duid_len = (uint8_t)len;
	return 0;
}

/* ---- identity associations ---- */

/* The index of an IA, -1: none of ours, or it came before. */
static int
find_ia(const struct parse *p, uint16_t code, uint32_t iaid)
{
	int i = code == OPT6_IA_NA ? DHCP6_IA_NA : DHCP6_IA_NA + 1;
	int end = code == OPT6_IA_NA ? DHCP6_IA_NA + 1 : DHCP6_IAS_MAX;

	for (; i < end; i++) {
		if (p->m->ias & 1U << i)
			continue;
		if (p->ours == NULL ||
		    (p->ours->ias[i].state != IA_OFF &&
			p->ours->ias[i].iaid == iaid))
			return i;
	}
	return -1;
}

static int
ia(struct parse *p, const struct dhcp6_opt *o)
{
	struct buf b = o->value;
	uint32_t iaid = buf_u32(&b), t1 = buf_u32(&b), t2 = buf_u32(&b);
	struct dhcp6_ia *found;

	p->addr = NULL;
	p->prefix = NULL;
	p->ia = find_ia(p, o->code, iaid);
	if (p->ia == -1 || (t2 > 0 && t1 > t2)) {
		p->ia = -1;
		p->m->ignored++;
		return 0;
	}
	p->m->ias |= 1U << p->ia;
	found = &p->m->lease.ias[p->ia];
	found->iaid = iaid;
	found->t1_sec = t1;
	found->t2_sec = t2;
	return 0;
}

static int
ia_addr(struct parse *p, const struct dhcp6_opt *o)
{
	struct dhcp6_lease *l = &p->m->lease;
	struct buf b = o->value;
	struct dhcp6_addr a;

	memset(&a, 0, sizeof(a));
	a.addr = read_in6(&b);
	a.preferred_sec = buf_u32(&b);
	a.valid_sec = buf_u32(&b);
	p->addr = NULL;
	if (o->level == 0) {
		p->m->registered = a.addr;
		p->m->present |= HAVE6_REGISTERED;
		return 0;
	}
	if (p->ia == -1)
		return 0;
	if (a.preferred_sec > a.valid_sec || !inet6_is_global(&a.addr)) {
		p->m->ignored++;
		return 0;
	}
	if (l->naddrs == DHCP6_ADDRS_MAX) {
		p->m->excess++;
		return 0;
	}
	p->addr = &l->addrs[l->naddrs++];
	*p->addr = a;
	return 0;
}

static int
ia_prefix(struct parse *p, const struct dhcp6_opt *o)
{
	struct dhcp6_lease *l = &p->m->lease;
	struct buf b = o->value;
	struct dhcp6_prefix x;

	memset(&x, 0, sizeof(x));
	x.preferred_sec = buf_u32(&b);
	x.valid_sec = buf_u32(&b);
	x.prefixlen = buf_u8(&b);
	x.prefix = read_in6(&b);
	p->prefix = NULL;
	if (p->ia == -1)
		return 0;
	x.ia = (uint8_t)p->ia;
	if (x.prefixlen <= 128)
		inet6_mask(&x.prefix, x.prefixlen);
	if (x.preferred_sec > x.valid_sec ||
	    !check_delegated6(&x.prefix, x.prefixlen)) {
		p->m->ignored++;
		return 0;
	}
	if (l->nprefixes == DHCP6_PREFIXES_MAX) {
		p->m->excess++;
		return 0;
	}
	p->prefix = &l->prefixes[l->nprefixes++];
	*p->prefix = x;
	return 0;
}

/*
 * RFC 6603 4.2: a length, then as many bytes as the bits between the two
 * lengths need, left-aligned.
 */
static int
pd_exclude(struct parse *p, const struct dhcp6_opt *o)
{
	struct dhcp6_prefix *x = p->prefix, with;
	struct buf b = o->value;
	unsigned int len = buf_u8(&b), nbits, i;
	const uint8_t *id;

	if (x == NULL)
		return 0;
	if (len <= x->prefixlen || len > 128 || x->exclude_len != 0)
		return -1;
	nbits = len - x->prefixlen;
	id = buf_take(&b, (nbits - 1) / 8 + 1);
	if (id == NULL || buf_left(&b) > 0)
		return -1;
	with = *x;
	with.exclude = x->prefix;
	with.exclude_len = (uint8_t)len;
	for (i = 0; i < nbits; i++) {
		unsigned int at = x->prefixlen + i;

		if (id[i / 8] & 0x80 >> i % 8)
			with.exclude.s6_addr[at / 8] |=
			    (uint8_t)(0x80 >> at % 8);
	}
	if (!check_exclude6(&with))
		return -1;
	*x = with;
	return 0;
}

/* Letters that can neither end a line nor steer a terminal. */
static void
keep_text(struct buf *b, char *out, size_t size)
{
	size_t n = 0;

	memset(out, 0, size);
	while (buf_left(b) > 0 && n < size - 1) {
		uint8_t c = buf_u8(b);

		out[n++] = c >= 0x20 && c < 0x7f ? (char)c : '?';
	}
}

static int
status_code(struct parse *p, const struct dhcp6_opt *o)
{
	struct dhcp6_msg *m = p->m;
	struct buf b = o->value;
	uint16_t code = buf_u16(&b);

	if (b.error)
		return -1;
	if (code >= DHCP6_STATUS_MAX || code == DHCP6_USE_MULTICAST)
		code = DHCP6_UNSPEC_FAIL;
	if (code != DHCP6_SUCCESS && buf_left(&b) > 0)
		keep_text(&b, m->message, sizeof(m->message));
	if (o->level == 0) {
		m->lease.status = code;
		m->present |= HAVE6_STATUS;
	} else if (p->ia == -1 || o->inside == OPT6_IA_TA)
		return 0;
	else if (o->level == 1 && o->inside != OPT6_IAADDR)
		m->lease.ias[p->ia].status = code;
	else if (p->addr != NULL)
		p->addr->status = code;
	else if (p->prefix != NULL)
		p->prefix->status = code;
	else if (m->lease.ias[p->ia].status == DHCP6_SUCCESS)
		/* odhcp6c #61: the refusal is in a prefix of no use */
		m->lease.ias[p->ia].status = code;
	return 0;
}

/* ---- the message ---- */

static int
preference(struct parse *p, const struct dhcp6_opt *o)
{
	struct buf b = o->value;

	p->m->server.preference = buf_u8(&b);
	return b.error || buf_left(&b) > 0 ? -1 : 0;
}

static int
rapid_commit(struct parse *p, const struct dhcp6_opt *o)
{
	p->m->present |= HAVE6_RAPID_COMMIT;
	return buf_left(&o->value) > 0 ? -1 : 0;
}

static int
reconf_msg(struct parse *p, const struct dhcp6_opt *o)
{
	struct buf b = o->value;

	p->m->reconfigure = buf_u8(&b);
	return b.error || buf_left(&b) > 0 ? -1 : 0;
}

/* RFC 9915 21.11 and 20.4.1.  Two of them are none. */
static int
auth(struct parse *p, const struct dhcp6_opt *o)
{
	struct dhcp6_auth *a = &p->m->auth;
	struct buf b = o->value;
	uint8_t protocol = buf_u8(&b), algorithm = buf_u8(&b), rdm = buf_u8(&b);
	uint64_t replay = (uint64_t)buf_u32(&b) << 32;
	uint8_t type;

	replay |= buf_u32(&b);
	type = buf_u8(&b);
	if (p->m->present & HAVE6_AUTH) {
		a->type = 0;
		return -1;
	}
	p->m->present |= HAVE6_AUTH;
	if (b.error || protocol != AUTH_RKAP || algorithm != 1 || rdm != 0 ||
	    (type != AUTH_RKAP_KEY && type != AUTH_RKAP_HMAC) ||
	    buf_left(&b) != DHCP6_KEY_LEN)
		return -1;
	a->type = type;
	a->replay = replay;
	a->value_off = (size_t)(b.data + b.off - p->base);
	buf_bytes(&b, a->value, DHCP6_KEY_LEN);
	return 0;
}

/* D6-32 */
static int
dns_servers(struct parse *p, const struct dhcp6_opt *o)
{
	struct dns_set *d = &p->m->lease.dns;
	struct buf b = o->value;
	struct in6_addr a;

	if (buf_left(&b) == 0 || buf_left(&b) % sizeof(a) != 0)
		return -1;
	p->m->present |= HAVE6_DNS;
	while (buf_left(&b) > 0) {
		a = read_in6(&b);
		if (!inet6_is_unicast(&a))
			p->m->ignored++;
		else if (d->nservers == DNS_SERVERS_MAX)
			p->m->excess++;
		else {
			d->servers[d->nservers].family = AF_INET6;
			d->servers[d->nservers].link_local =
			    IN6_IS_ADDR_LINKLOCAL(&a) ? 1 : 0;
			memcpy(d->servers[d->nservers++].addr, &a, sizeof(a));
		}
	}
	return 0;
}

static int
domain_list(struct parse *p, const struct dhcp6_opt *o)
{
	struct dns_set *d = &p->m->lease.dns;
	char name[DNS_NAME_MAX];
	struct buf b = o->value;

	p->m->present |= HAVE6_DNS;
	while (buf_left(&b) > 0) {
		enum dns_name_result r = dns_name_read(&b, 0, name);

		if (r == DNS_NAME_MALFORMED)
			return -1;
		if (r == DNS_NAME_REFUSED)
			p->m->names_ignored++;
		else if (d->nsearch == DNS_SEARCH_MAX ||
		    p->search_bytes + strlen(name) >
			LEASE_DHCP6_SEARCH_TEXT_MAX)
			p->m->excess++;
		else {
			p->search_bytes += strlen(name);
			memcpy(d->search[d->nsearch++], name, sizeof(name));
		}
	}
	return 0;
}

static void
add_ntp(struct parse *p, const struct in6_addr *a)
{
	struct dhcp6_lease *l = &p->m->lease;
	size_t i;

	if (!inet6_is_global(a)) {
		p->m->ignored++;
		return;
	}
	for (i = 0; i < l->nntp; i++)
		if (IN6_ARE_ADDR_EQUAL(&l->ntp[i], a))
			return;
	if (l->nntp == DHCP6_NTP_MAX)
		p->m->excess++;
	else
		l->ntp[l->nntp++] = *a;
}

static int
sntp_servers(struct parse *p, const struct dhcp6_opt *o)
{
	struct buf b = o->value;
	struct in6_addr a;

	if (buf_left(&b) == 0 || buf_left(&b) % sizeof(a) != 0)
		return -1;
	p->m->present |= HAVE6_INFO;
	while (buf_left(&b) > 0) {
		a = read_in6(&b);
		add_ntp(p, &a);
	}
	return 0;
}

/* RFC 5908 4: unicast address (1), multicast address (2), name (3) */
static int
ntp_server(struct parse *p, const struct dhcp6_opt *o)
{
	char name[DNS_NAME_MAX];
	struct buf b = o->value, sub;
	struct in6_addr a;
	uint16_t code;

	while (buf_left(&b) > 0) {
		code = buf_u16(&b);
		sub = buf_sub(&b, buf_u16(&b));
		if (b.error)
			return -1;
		if (code == 1 && buf_left(&sub) == sizeof(a)) {
			a = read_in6(&sub);
			add_ntp(p, &a);
		} else if (code == 3 &&
		    dns_name_read(&sub, 0, name) == DNS_NAME_OK &&
		    buf_left(&sub) == 0) {
			if (p->m->lease.ntp_name[0] == '\0')
				memcpy(
				    p->m->lease.ntp_name, name, sizeof(name));
		} else if (code != 2)
			p->m->ignored++;
		p->m->present |= HAVE6_INFO;
	}
	return 0;
}

static int
refresh_time(struct parse *p, const struct dhcp6_opt *o)
{
	struct buf b = o->value;
	uint32_t v = buf_u32(&b);

	if (b.error || buf_left(&b) > 0)
		return -1;
	p->m->lease.refresh_sec = v < IRT_MIN_SEC ? IRT_MIN_SEC : v;
	p->m->present |= HAVE6_REFRESH;
	return 0;
}

/* RFC 7083 4 and 5: outside the range it is as if it were not there. */
static int
max_rt(struct parse *p, const struct dhcp6_opt *o)
{
	struct buf b = o->value;
	uint32_t v = buf_u32(&b);

	if (b.error || buf_left(&b) > 0 || v < MAX_RT_MIN_SEC ||
	    v > MAX_RT_MAX_SEC)
		return -1;
	if (o->code == OPT6_SOL_MAX_RT) {
		p->m->lease.sol_max_rt = v;
		p->m->present |= HAVE6_SOL_MAX_RT;
	} else {
		p->m->lease.inf_max_rt = v;
		p->m->present |= HAVE6_INF_MAX_RT;
	}
	return 0;
}

/* RFC 6334 3: exactly one name, and one option; else there is none. */
static int
aftr_name(struct parse *p, const struct dhcp6_opt *o)
{
	char name[DNS_NAME_MAX];
	struct buf b = o->value;

	if (dns_name_read(&b, 0, name) != DNS_NAME_OK || buf_left(&b) > 0 ||
	    p->m->lease.aftr[0] != '\0')
		return -1;
	memcpy(p->m->lease.aftr, name, sizeof(name));
	p->m->present |= HAVE6_INFO;
	return 0;
}

static int
captive_portal(struct parse *p, const struct dhcp6_opt *o)
{
	struct buf b = o->value;
	size_t n = buf_left(&b);

	if (n >= DHCP6_URI_MAX || !check_uri(b) ||
	    p->m->lease.captive_portal[0] != '\0')
		return -1;
	buf_bytes(&b, p->m->lease.captive_portal, n);
	p->m->present |= HAVE6_INFO;
	return 0;
}

/* Append a whole option to a blob, with its code or without. */
static int
keep_blob(struct parse *p, const struct dhcp6_opt *o, int with_code,
    uint8_t *blob, uint16_t *len)
{
	struct buf b = o->value;
	struct wbuf w;
	size_t n = buf_left(&b);

	if (n + 4 > DHCP6_BLOB_MAX - (size_t)*len) {
		p->m->excess++;
		return 0;
	}
	wbuf_init(&w, blob, DHCP6_BLOB_MAX);
	w.off = *len;
	if (with_code)
		wbuf_u16(&w, o->code);
	wbuf_u16(&w, (uint16_t)n);
	wbuf_bytes(&w, buf_take(&b, n), n);
	*len = (uint16_t)w.off;
	p->m->present |= HAVE6_INFO;
	return 0;
}

static int
s46(struct parse *p, const struct dhcp6_opt *o)
{
	if (buf_left(&o->value) == 0 || !check_s46(o->value))
		return -1;
	return keep_blob(p, o, 1, p->m->lease.s46, &p->m->lease.s46_len);
}

static int
dnr(struct parse *p, const struct dhcp6_opt *o)
{
	if (!check_dnr6_instance(o->value))
		return -1;
	return keep_blob(p, o, 0, p->m->lease.dnr, &p->m->lease.dnr_len);
}

static int
addr_reg(struct parse *p, const struct dhcp6_opt *o)
{
	if (buf_left(&o->value) > 0)
		return -1;
	p->m->lease.registration = 1;
	p->m->present |= HAVE6_INFO;
	return 0;
}

static int
ignored(const struct conf_options *conf, uint16_t code)
{
	uint16_t i;

	for (i = 0; conf != NULL && i < conf->nignore; i++)
		if (conf->ignore[i] == code)
			return 1;
	return 0;
}

/* 0, or -1: the message is to be dropped. */
static int
parse_option(struct parse *p, const struct dhcp6_opt *o)
{
	size_t i;

	for (i = 0; i < NOPTIONS; i++)
		if (options[i].code == o->code &&
		    (options[i].inside == o->inside ||
			options[i].inside == ANYWHERE))
			break;
	if (i == NOPTIONS || options[i].fn(p, o) == 0)
		return 0;
	p->m->ignored++;
	return options[i].drop ? -1 : 0;
}

static int
parse_options(struct parse *p, struct buf b, const struct conf_options *conf)
{
	struct dhcp6_walk w;
	struct dhcp6_opt o;
	int r;

	dhcp6_walk_init(&w, b);
	while ((r = dhcp6_walk_next(&w, &o)) == 1) {
		if (o.code == OPT6_IA_TA && o.level == 0)
			p->ia = -1;
		if (o.level == 0 && ignored(conf, o.code))
			continue;
		if (parse_option(p, &o) == -1)
			return -1;
	}
	return r;
}

static int
for_clients(uint8_t type)
{
	return type == DHCP6_ADVERTISE || type == DHCP6_REPLY ||
	    type == DHCP6_RECONFIGURE || type == DHCP6_ADDR_REG_REPLY;
}

enum dhcp6_error
dhcp6_msg_parse(const uint8_t *data, size_t len, const struct dhcp6_lease *ours,
    const struct conf_options *conf, struct dhcp6_msg *m)
{
	struct parse p = { .m = m, .ours = ours, .base = data, .ia = -1 };
	struct buf b;

	memset(m, 0, sizeof(*m));
	if (len < DHCP6_HEADER_LEN || len > DHCP6_RECV_MAX)
		return DHCP6_E_LENGTH;
	buf_init(&b, data, len);
	m->xid = buf_u32(&b);
	m->type = (uint8_t)(m->xid >> 24);
	m->xid &= DHCP6_XID_MASK;
	if (!for_clients(m->type))
		return DHCP6_E_TYPE;
	if (parse_options(&p, b, conf) == -1)
		return DHCP6_E_OPTIONS;
	if (p.nservers != 1 && m->type != DHCP6_ADDR_REG_REPLY)
		return DHCP6_E_SERVER_ID;
	if (p.nclients > 1)
		return DHCP6_E_CLIENT_ID;
	return DHCP6_OK;
}

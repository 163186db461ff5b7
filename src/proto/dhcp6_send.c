/* SPDX-License-Identifier: ISC */
/* Exchanges of the DHCPv6 machine: what is sent, and when again. */

#include <string.h>

#include "buf.h"
#include "dhcp6_priv.h"

/* RFC 9915 7.6; mrt of Solicit and Information-request: RFC 7083. */
const struct d6_timing d6_timings[EX_KIND_MAX] = {
	[EX_SOLICIT] = { DHCP6_SOLICIT, 1000, SOL_MAX_RT_SEC * 1000, 0, 0,
	    COUNT_D6_TX_SOLICIT },
	[EX_REQUEST] = { DHCP6_REQUEST, 1000, 30000, 10, 0,
	    COUNT_D6_TX_REQUEST },
	[EX_CONFIRM] = { DHCP6_CONFIRM, 1000, 4000, 0, 10000,
	    COUNT_D6_TX_CONFIRM },
	[EX_RECHECK] = { DHCP6_REBIND, 1000, 4000, 0, 10000,
	    COUNT_D6_TX_REBIND },
	[EX_RENEW] = { DHCP6_RENEW, 10000, 600000, 0, 0, COUNT_D6_TX_RENEW },
	[EX_REBIND] = { DHCP6_REBIND, 10000, 600000, 0, 0, COUNT_D6_TX_REBIND },
	[EX_INFORM] = { DHCP6_INFORMATION_REQUEST, 1000, INF_MAX_RT_SEC * 1000,
	    0, 0, COUNT_D6_TX_INFORM },
	[EX_RELEASE] = { DHCP6_RELEASE, 1000, 0, 4, 0, COUNT_D6_TX_RELEASE },
	[EX_DECLINE] = { DHCP6_DECLINE, 1000, 0, 4, 0, COUNT_D6_TX_DECLINE },
};

uint32_t
d6_new_xid(struct dhcp6 *d)
{
	return d->ops->random(d->ctx, 0) & DHCP6_XID_MASK;
}

struct dhcp6_exchange *
d6_find_kind(struct dhcp6 *d, enum dhcp6_exchange_kind kind)
{
	size_t i;

	for (i = 0; i < DHCP6_EXCHANGES_MAX; i++)
		if (d->exchanges[i].kind == kind)
			return &d->exchanges[i];
	return NULL;
}

/* Declined addresses are no longer the IA's. */
struct dhcp6_exchange *
d6_find_ia(struct dhcp6 *d, unsigned int ia)
{
	size_t i;

	for (i = 0; i < DHCP6_EXCHANGES_MAX; i++)
		if ((d->exchanges[i].ias & IA_BIT(ia)) &&
		    d->exchanges[i].kind != EX_NONE &&
		    d->exchanges[i].kind != EX_DECLINE)
			return &d->exchanges[i];
	return NULL;
}

void
d6_stop(struct dhcp6_exchange *x)
{
	memset(x, 0, sizeof(*x));
	x->next = x->end = PROTO_NEVER;
}

void
d6_stop_all(struct dhcp6 *d)
{
	size_t i;

	for (i = 0; i < DHCP6_EXCHANGES_MAX; i++)
		d6_stop(&d->exchanges[i]);
}

/* What goes on for the others goes on as another message. */
void
d6_leave(struct dhcp6 *d, uint32_t ias)
{
	struct dhcp6_exchange *x;
	size_t i;

	for (i = 0; i < DHCP6_EXCHANGES_MAX; i++) {
		x = &d->exchanges[i];
		if (!(x->ias & ias) || x->kind == EX_DECLINE)
			continue;
		x->ias &= ~ias;
		x->xid = d6_new_xid(d);
		if (x->ias == 0)
			d6_stop(x);
	}
}

uint32_t
d6_next_rt(struct dhcp6 *d, uint32_t irt_ms, uint32_t mrt_ms, uint32_t last_ms,
    int positive)
{
	uint32_t base = last_ms == 0 ? irt_ms : last_ms, rt;

	/* RAND is -0.1 to 0.1 of it, and above 0 for the first Solicit. */
	if (positive)
		return base + 1 + d->ops->random(d->ctx, base / 10);
	rt = (last_ms == 0 ? base : 2 * base) - base / 10 +
	    d->ops->random(d->ctx, base / 5 + 1);
	if (mrt_ms != 0 && rt > mrt_ms)
		rt = mrt_ms - mrt_ms / 10 +
		    d->ops->random(d->ctx, mrt_ms / 5 + 1);
	return rt;
}

size_t
d6_client_id(const struct dhcp6 *d, uint8_t duid[DHCP6_DUID_MAX])
{
	const struct interface *i = &d->iface;
	struct wbuf w;

	if (!d->conf.anonymous) {
		memcpy(duid, d->duid, d->duid_len);
		return d->duid_len;
	}
	/* RFC 7844 4.3: DUID-LL of the address in use */
	wbuf_init(&w, duid, DHCP6_DUID_MAX);
	wbuf_u16(&w, 3);
	wbuf_u16(&w, i->hwtype);
	wbuf_bytes(&w, i->hwaddr, i->hwaddr_len);
	return w.error || i->hwaddr_len == 0 ? 0 : w.off;
}

/* SOL_MAX_RT and INF_MAX_RT are the server's (RFC 7083). */
static uint32_t
mrt_of(const struct dhcp6 *d, enum dhcp6_exchange_kind kind)
{
	if (kind == EX_SOLICIT && d->lease.sol_max_rt != 0)
		return d->lease.sol_max_rt * 1000;
	if (kind == EX_INFORM && d->lease.inf_max_rt != 0)
		return d->lease.inf_max_rt * 1000;
	return d6_timings[kind].mrt_ms;
}

/* The enterprise number of a DUID-EN speaks for its vendor too. */
static uint32_t
enterprise(const struct dhcp6 *d)
{
	const uint8_t *p = d->duid;

	if (d->duid_len < 6 || p[0] != 0 || p[1] != 2)
		return 0;
	return (uint32_t)p[2] << 24 | (uint32_t)p[3] << 16 |
	    (uint32_t)p[4] << 8 | p[5];
}

/* The lease whose addresses and prefixes a message names. */
static const struct dhcp6_lease *
contents(struct dhcp6 *d, const struct dhcp6_exchange *x)
{
	static struct dhcp6_lease part; /* 7 KiB: not on the stack */
	size_t i;

	if (x->from_offer || (x->kind == EX_RELEASE && d->releasing))
		return &d->offer;
	if (x->kind != EX_DECLINE && x->kind != EX_RELEASE)
		return &d->lease;
	memset(&part, 0, sizeof(part));
	for (i = 0; x->kind == EX_RELEASE && i < d->nleaving; i++) {
		part.prefixes[i] = d->leaving[i].prefix;
		part.ias[part.prefixes[i].ia].iaid = d->leaving[i].iaid;
		part.nprefixes++;
	}
	if (x->kind == EX_RELEASE)
		return &part;
	part.ias[DHCP6_IA_NA] = d->lease.ias[DHCP6_IA_NA];
	for (i = 0; i < d->ndeclined; i++)
		part.addrs[i].addr = d->declined[i];
	part.naddrs = (uint8_t)d->ndeclined;
	return &part;
}

int
d6_rapid_commit(const struct dhcp6 *d)
{
	return d->conf.rapid_commit && !d->conf.anonymous;
}

/* RFC 7844 4.6: the order says which client it is. */
static void
shuffle(struct dhcp6 *d, uint16_t *codes, size_t n)
{
	uint16_t code;
	size_t i, j;

	for (i = n; i > 1; i--) {
		j = d->ops->random(d->ctx, (uint32_t)i);
		code = codes[i - 1];
		codes[i - 1] = codes[j];
		codes[j] = code;
	}
}

static void
fill(struct dhcp6 *d, const struct dhcp6_exchange *x, struct dhcp6_out *out)
{
	const struct conf_iface *c = &d->conf;
	int asks = x->kind != EX_RELEASE && x->kind != EX_DECLINE &&
	    x->kind != EX_CONFIRM;

	out->lease = contents(d, x);
	out->ias = x->ias;
	if (x->server.duid_len != 0)
		out->server = &x->server;
	if (!asks)
		return;
	out->noro = dhcp6_oro(
	    c, out->type, (x->ias & ~IA_BIT(DHCP6_IA_NA)) != 0, out->oro);
	if (x->kind == EX_SOLICIT) {
		out->no_leases = 1;
		out->hints = c->prefixes;
		out->rapid_commit = d6_rapid_commit(d);
	}
	if (c->anonymous) {
		shuffle(d, out->oro, out->noro);
		return;
	}
	out->reconf_accept = c->reconfigure;
	out->vendor_class = c->vendor_class;
	out->enterprise = enterprise(d);
	out->user_classes = c->user_classes;
	out->nuser_classes = c->nuser_classes;
	if (x->kind != EX_INFORM) {
		out->host_name = c->host_name;
		out->is_fqdn = c->is_fqdn;
	}
}

static uint16_t
elapsed(const struct dhcp6_exchange *x, uint64_t now)
{
	uint64_t cs = x->tries == 0 ? 0 : (now - x->began) / 10;

	return cs > UINT16_MAX ? UINT16_MAX : (uint16_t)cs;
}

/*
 * Whatever a router's flags or a server's answers make of us, of the interface
 * come no more than so many messages (RFC 9915 14.1).
 */
uint64_t
d6_throttle(struct dhcp6 *d, uint64_t now)
{
	const uint64_t ahead = (SEND_BURST - 1) * SEND_INTERVAL_MS;

	if (d->paced_until > now + ahead)
		return d->paced_until - ahead - now;
	if (d->paced_until < now)
		d->paced_until = now;
	d->paced_until += SEND_INTERVAL_MS;
	return 0;
}

void
d6_send(struct dhcp6 *d, struct dhcp6_exchange *x, uint64_t now)
{
	const struct d6_timing *t = &d6_timings[x->kind];
	uint8_t duid[DHCP6_DUID_MAX], wire[DHCP6_SEND_MAX];
	uint64_t wait = d6_throttle(d, now);
	struct dhcp6_out out;
	char line[256];
	size_t n;

	if (wait > 0) {
		x->next = now + wait < x->end ? now + wait : x->end;
		return;
	}
	memset(&out, 0, sizeof(out));
	out.type = t->type;
	out.xid = x->xid;
	out.has_elapsed = 1;
	out.elapsed = elapsed(x, now);
	out.client_id = duid;
	/* RFC 7844 4.3.1: Information-request says nothing of who asks */
	if (x->kind != EX_INFORM || !d->conf.anonymous)
		out.client_id_len = d6_client_id(d, duid);
	fill(d, x, &out);
	x->rt_ms = d6_next_rt(d, t->irt_ms, mrt_of(d, x->kind), x->rt_ms,
	    x->kind == EX_SOLICIT && x->tries == 0);
	x->next = now + x->rt_ms;
	if (x->end < x->next)
		x->next = x->end;
	if (x->tries++ > 0)
		COUNT(d, D6_RETRANSMIT);
	n = dhcp6_msg_build(&out, wire, sizeof(wire));
	if (n == 0) {
		LOG(d, LOG_WARNING, "%s does not fit a packet",
		    dhcp6_type_name((uint8_t)t->type));
		return;
	}
	d->ops->count(d->ctx, t->sent);
	dhcp6_msg_print(wire, n, line, sizeof(line));
	LOG(d, LOG_DEBUG, "sending %s", line);
	d->ops->send6(d->ctx, CHANNEL_DHCP6_SEND, &in6addr_any, 0, wire, n);
}

struct dhcp6_exchange *
d6_prepare(struct dhcp6 *d, enum dhcp6_exchange_kind kind, uint32_t ias,
    const struct dhcp6_server *server, uint64_t now)
{
	struct dhcp6_exchange *x;

	if (kind != EX_DECLINE)
		d6_leave(d, ias);
	x = d6_find_kind(d, EX_NONE);
	if (x == NULL)
		return NULL;
	d6_stop(x);
	x->kind = kind;
	x->ias = ias;
	x->xid = d6_new_xid(d);
	x->began = now;
	if (d6_timings[kind].mrd_ms != 0)
		x->end = now + d6_timings[kind].mrd_ms;
	if (server != NULL)
		x->server = *server;
	return x;
}

void
d6_start(struct dhcp6 *d, enum dhcp6_exchange_kind kind, uint32_t ias,
    const struct dhcp6_server *server, uint64_t now)
{
	struct dhcp6_exchange *x = d6_prepare(d, kind, ias, server, now);

	if (x != NULL)
		d6_send(d, x, now);
}

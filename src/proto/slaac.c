/* SPDX-License-Identifier: ISC */
/*
 * The SLAAC machine: time, solicitations (RFC 7559), and what an
 * advertisement sets going.
 */
#include <string.h>

#include "inet6.h"
#include "slaac_priv.h"

static void send_solicitation(struct slaac *, uint64_t now);
static void solicit(struct slaac *, uint64_t now);
static uint64_t next_interval(struct slaac *);
static int can_solicit(const struct slaac *);
static uint64_t seven_eighths(uint64_t granted, uint64_t until);
static void
last_ends(const struct slaac *, uint64_t until[2], uint64_t when[2]);
static void set_refresh(struct slaac *, uint64_t now);
static void set_expire(struct slaac *, uint64_t now);
static void set_others(struct slaac *);
static void set_deadline(struct slaac *);
static void earliest(uint64_t *, uint64_t until, uint64_t now);
static void count_left_out(struct slaac *, const struct nd_ra *);
static void learn_parameters(struct slaac *, const struct nd_ra *);
static int is_useful(const struct nd_ra *);
static void learn(struct slaac *, int, const struct nd_ra *, uint64_t now);
static void expire(struct slaac *, uint64_t now);
static void tell_flags(struct slaac *, uint64_t now);

/* What runs when a timer is due. */
static void on_refresh(struct slaac *, uint64_t now);
static void on_retry(struct slaac *, uint64_t now);

static void (*const handlers[SLAAC_T_MAX])(struct slaac *, uint64_t) = {
	[SLAAC_T_SOLICIT] = solicit,
	[SLAAC_T_REFRESH] = on_refresh,
	[SLAAC_T_EXPIRE] = expire,
	[SLAAC_T_MISSING] = sl_router_missing,
	[SLAAC_T_GONE] = sl_addr_gone,
	[SLAAC_T_RETRY] = on_retry,
	[SLAAC_T_APPLY] = sl_apply,
	[SLAAC_T_STORE] = sl_store,
};

/* When a lifetime that begins now ends. */
uint64_t
sl_end(uint64_t now, uint32_t lifetime_sec)
{
	if (lifetime_sec == LIFETIME_INFINITE)
		return PROTO_NEVER;
	return lifetime_sec == 0 ? 0 : now + lifetime_sec * SEC_MS;
}

/* Whole seconds that are left, rounded up: 0 only when it is over. */
uint32_t
sl_left(uint64_t until, uint64_t now)
{
	uint64_t left;

	if (until == PROTO_NEVER)
		return LIFETIME_INFINITE;
	if (until <= now)
		return 0;
	left = (until - now + SEC_MS - 1) / SEC_MS;
	return left < LIFETIME_INFINITE ? (uint32_t)left
					: LIFETIME_INFINITE - 1;
}

int
sl_live(uint64_t until, uint64_t now)
{
	return until > now;
}

int
sl_running(const struct slaac *s)
{
	return s->started && s->has_conf && s->has_iface && !s->released &&
	    s->conf.slaac == CONF_YES && !(s->iface.flags & IFACE_LOOPBACK);
}

int
sl_link_up(const struct slaac *s)
{
	return s->has_iface && (s->iface.flags & IFACE_UP) &&
	    (s->iface.flags & IFACE_RUNNING);
}

/* An answer that could not be heard is not asked for. */
static int
can_solicit(const struct slaac *s)
{
	return sl_running(s) && sl_link_up(s) && s->rs_open && s->nd_open;
}

void
sl_begin(struct slaac *s, uint64_t now)
{
	uint32_t delay = s->conf.startup_delay * (uint32_t)SEC_MS;

	s->when[SLAAC_T_SOLICIT] = PROTO_NEVER;
	s->tries = 0;
	s->rt_ms = 0;
	if (!can_solicit(s)) {
		s->state = SLAAC_DOWN;
		return;
	}
	s->state = SLAAC_SOLICITING;
	if (delay > 0) {
		s->when[SLAAC_T_SOLICIT] = now + s->ops->random(s->ctx, delay);
		return;
	}
	solicit(s, now);
}

void
sl_lost(struct slaac *s, uint64_t now)
{
	uint64_t when = now + s->ops->random(s->ctx, RS_MAX_DELAY_MS);

	if (s->state != SLAAC_BOUND || !can_solicit(s))
		return;
	/* Routers that come and go must not make us flood the link. */
	if (s->sent != 0 && when < s->sent + RS_INTERVAL_MS)
		when = s->sent + RS_INTERVAL_MS;
	s->state = SLAAC_SOLICITING;
	s->tries = 0;
	s->rt_ms = 0;
	s->when[SLAAC_T_SOLICIT] = when;
}

/* RFC 7559 2: RFC 8415's back-off; without an end. */
static uint64_t
next_interval(struct slaac *s)
{
	uint64_t rt = s->rt_ms == 0 ? RS_IRT_MS : 2 * s->rt_ms;
	uint64_t base = s->rt_ms == 0 ? RS_IRT_MS : s->rt_ms;

	/* RAND * base, RAND in [-0.1, 0.1] */
	if (rt > RS_MRT_MS)
		rt = base = RS_MRT_MS;
	rt -= base / 10;
	rt += s->ops->random(s->ctx, (uint32_t)(base / 5) + 1);
	s->rt_ms = rt;
	return rt;
}

static void
send_solicitation(struct slaac *s, uint64_t now)
{
	uint8_t packet[ND_RS_MAX];
	const uint8_t *hwaddr = NULL;
	size_t len;

	/* RFC 4429 3.2: an optimistic address must not get into caches. */
	if (s->link_local_sure && (s->iface.flags & IFACE_ETHERNET) &&
	    s->iface.hwaddr_len == 6)
		hwaddr = s->iface.hwaddr;
	len = nd_rs_build(hwaddr, packet);
	s->sent = now;
	COUNT(s, ND_TX_RS);
	s->ops->send6(s->ctx, CHANNEL_RS, &in6addr_any, 0, packet, len);
}

static void
solicit(struct slaac *s, uint64_t now)
{
	if (!can_solicit(s) || s->state != SLAAC_SOLICITING)
		return;
	if (s->tries > 0)
		COUNT(s, ND_RETRANSMIT);
	send_solicitation(s, now);
	s->tries++;
	s->when[SLAAC_T_SOLICIT] = now + next_interval(s);
}

/*
 * The router and the prefix that last longest: when they end, and when to ask
 * for more, which is when 7/8 are over (S-02).
 */
static void
last_ends(const struct slaac *s, uint64_t until[2], uint64_t when[2])
{
	const struct slaac_pfx *px;
	const struct slaac_rtr *r;
	uint64_t end;
	size_t i;

	until[0] = until[1] = 0;
	when[0] = when[1] = PROTO_NEVER;
	for (i = 0; i < NELEMS(s->routers); i++) {
		r = &s->routers[i];
		if (!r->used || r->until <= until[0])
			continue;
		until[0] = r->until;
		when[0] = seven_eighths(r->granted, r->until);
	}
	for (i = 0; i < NELEMS(s->prefixes); i++) {
		px = &s->prefixes[i];
		end = px->used ? sl_prefix_preferred(s, px) : 0;
		if (end <= until[1])
			continue;
		until[1] = end;
		when[1] = seven_eighths(px->granted, end);
	}
	for (i = 0; i < 2; i++) {
		if (until[i] == PROTO_NEVER || until[i] == s->refreshed[i])
			when[i] = PROTO_NEVER;
	}
}

/* S-02: once, before the last lifetime ends. */
static void
on_refresh(struct slaac *s, uint64_t now)
{
	uint64_t until[2], when[2];
	size_t i;

	last_ends(s, until, when);
	for (i = 0; i < 2; i++) {
		if (when[i] <= now)
			s->refreshed[i] = until[i];
	}
	if (can_solicit(s) && s->state == SLAAC_BOUND)
		send_solicitation(s, now);
}

static void
on_retry(struct slaac *s, uint64_t now)
{
	(void)now;
	s->asked = 0;
}

static uint64_t
seven_eighths(uint64_t granted, uint64_t until)
{
	return until > granted ? granted + (until - granted) / 8 * 7 : until;
}

static void
set_refresh(struct slaac *s, uint64_t now)
{
	uint64_t until[2], when[2], best = PROTO_NEVER;
	size_t i;

	last_ends(s, until, when);
	for (i = 0; i < 2; i++) {
		if (until[i] > now && when[i] < best)
			best = when[i];
	}
	if (best != PROTO_NEVER && s->sent != 0 &&
	    best < s->sent + RS_INTERVAL_MS)
		best = s->sent + RS_INTERVAL_MS;
	s->when[SLAAC_T_REFRESH] = s->state == SLAAC_BOUND ? best : PROTO_NEVER;
}

static void
earliest(uint64_t *when, uint64_t until, uint64_t now)
{
	if (until > now && until < *when)
		*when = until;
}

static void
set_expire(struct slaac *s, uint64_t now)
{
	uint64_t when = sl_dns_next(s, now), again;
	const struct slaac_pfx *px;
	const struct slaac_adr *a;
	size_t i;

	for (i = 0; i < NELEMS(s->routers); i++)
		if (s->routers[i].used)
			earliest(&when, s->routers[i].until, now);
	for (i = 0; i < NELEMS(s->routes); i++)
		if (s->routes[i].used)
			earliest(&when, s->routes[i].until, now);
	for (i = 0; i < NELEMS(s->prefixes); i++) {
		px = &s->prefixes[i];
		if (!px->used)
			continue;
		earliest(&when, px->onlink_until, now);
		earliest(&when, px->valid_until, now);
		earliest(&when, px->preferred_until, now);
	}
	for (i = 0; i < NELEMS(s->addrs); i++) {
		a = &s->addrs[i];
		if (!a->used)
			continue;
		earliest(&when, a->valid_until, now);
		earliest(&when, a->preferred_until, now);
		again = sl_addr_regenerate_at(s, a);
		earliest(&when, again, now);
	}
	s->when[SLAAC_T_EXPIRE] = when;
}

static void
set_others(struct slaac *s)
{
	uint64_t missing = PROTO_NEVER, gone = PROTO_NEVER;
	const struct slaac_rtr *r;
	size_t i;

	for (i = 0; i < NELEMS(s->routers); i++) {
		r = &s->routers[i];
		if (r->used && r->first != 0 && !r->checked &&
		    r->first + MISSING_WAIT_MS < missing)
			missing = r->first + MISSING_WAIT_MS;
	}
	for (i = 0; i < NELEMS(s->addrs); i++) {
		if (s->addrs[i].used && s->addrs[i].gone != 0 &&
		    s->addrs[i].gone + GONE_WAIT_MS < gone)
			gone = s->addrs[i].gone + GONE_WAIT_MS;
	}
	s->when[SLAAC_T_MISSING] = missing;
	s->when[SLAAC_T_GONE] = gone;
}

static void
set_deadline(struct slaac *s)
{
	uint64_t when = PROTO_NEVER;
	size_t i;

	for (i = 0; i < SLAAC_T_MAX; i++)
		if (s->when[i] < when)
			when = s->when[i];
	s->ops->deadline(s->ctx, when);
}

/* D6-01, S-15: what routers say of DHCPv6; the first time, and changes. */
static void
tell_flags(struct slaac *s, uint64_t now)
{
	uint8_t managed = 0, other = 0, delegation = 0, heard = 0;
	const struct slaac_pfx *px;
	size_t i;

	for (i = 0; i < NELEMS(s->routers); i++) {
		if (!s->routers[i].used)
			continue;
		heard |= s->routers[i].first != 0;
		managed |= s->routers[i].managed;
		other |= s->routers[i].other;
	}
	for (i = 0; i < NELEMS(s->prefixes); i++) {
		px = &s->prefixes[i];
		if (px->used && (px->flags & SLAAC_PREFIX_DELEGATION) &&
		    sl_live(px->preferred_until, now))
			delegation = 1;
	}
	if (!heard || !sl_running(s) ||
	    (s->said_flags && managed == s->managed && other == s->other &&
		delegation == s->delegation))
		return;
	s->said_flags = 1;
	s->managed = managed;
	s->other = other;
	s->delegation = delegation;
	s->ops->ra_flags(s->ctx, managed, other, delegation);
}

void
sl_update(struct slaac *s, uint64_t now)
{
	if (!s->started)
		return;
	sl_addr_deprecations(s, now);
	set_refresh(s, now);
	set_expire(s, now);
	set_others(s);
	tell_flags(s, now);
	sl_apply(s, now);
	sl_store_timer(s, now);
	set_deadline(s);
}

/* Whatever has ended goes; its successors come. */
static void
expire(struct slaac *s, uint64_t now)
{
	sl_router_expire(s, now);
	sl_prefix_expire(s, now);
	sl_addr_expire(s, now);
	sl_dns_expire(s, now);
	sl_addr_ensure_all(s, now);
}

void
slaac_timer(struct slaac *s, uint64_t now)
{
	size_t i;

	for (i = 0; i < SLAAC_T_MAX; i++) {
		if (s->when[i] > now)
			continue;
		s->when[i] = PROTO_NEVER;
		handlers[i](s, now);
	}
	sl_update(s, now);
}

static void
count_left_out(struct slaac *s, const struct nd_ra *ra)
{
	uint32_t i;

	for (i = 0; i < ra->ignored; i++)
		COUNT(s, ND_BAD_OPTION);
	for (i = 0; i < ra->names_ignored; i++)
		COUNT(s, ND_BAD_NAME);
	for (i = 0; i < ra->excess; i++)
		COUNT(s, ND_EXCESS);
}

/* S-11, S-12: zero is "not said"; what the device and the configuration
 * allow is looked at when it is applied. */
static void
learn_parameters(struct slaac *s, const struct nd_ra *ra)
{
	if (ra->hop_limit != 0)
		s->hop_limit = ra->hop_limit;
	if (ra->mtu >= MTU6_MIN)
		s->mtu = ra->mtu;
	if (ra->reachable_ms != 0 && ra->reachable_ms <= REACHABLE_MAX_MS)
		s->reachable_ms = ra->reachable_ms;
	if (ra->retrans_ms == 0)
		return;
	s->retrans_ms = ra->retrans_ms;
	if (s->retrans_ms < RETRANS_MIN_MS)
		s->retrans_ms = RETRANS_MIN_MS;
	if (s->retrans_ms > RETRANS_MAX_MS)
		s->retrans_ms = RETRANS_MAX_MS;
}

/* Is there anything in it to keep a router for? */
static int
is_useful(const struct nd_ra *ra)
{
	return ra->lifetime_sec > 0 || ra->nprefixes > 0 || ra->nroutes > 0 ||
	    ra->nservers > 0 || ra->nsearch > 0 || ra->npref64 > 0 ||
	    ra->ndnr > 0 || ra->managed || ra->other;
}

static void
learn(struct slaac *s, int slot, const struct nd_ra *ra, uint64_t now)
{
	struct slaac_rtr *r = &s->routers[slot];
	int was_default = sl_live(r->until, now), goodbye;
	size_t i;

	goodbye = was_default && ra->lifetime_sec == 0;
	if (r->first == 0)
		r->first = now;
	if (was_default != (ra->lifetime_sec > 0))
		s->changed = 1;
	r->unreachable = 0;
	r->managed = ra->managed;
	r->other = ra->other;
	r->preference = ra->preference;
	r->until = sl_end(now, ra->lifetime_sec);
	r->granted = now;
	learn_parameters(s, ra);
	/* What it still says below is not deprecated, unless somebody else can
	 * take over (S-09). */
	if (goodbye)
		sl_router_deprecate(s, slot, now);
	for (i = 0; i < ra->nprefixes; i++)
		sl_prefix(s, slot, &ra->prefixes[i], now);
	if (goodbye && sl_router_default(s, now) != -1)
		sl_router_deprecate(s, slot, now);
	for (i = 0; i < ra->nroutes; i++)
		sl_router_route(s, slot, &ra->routes[i], now);
	sl_dns_learn(s, slot, ra, now);
	if (ra->lifetime_sec > 0 && s->state == SLAAC_SOLICITING) {
		s->state = SLAAC_BOUND;
		s->tries = 0;
		s->when[SLAAC_T_SOLICIT] = PROTO_NEVER;
	}
	if (goodbye && sl_router_default(s, now) == -1) {
		LOG(s, LOG_NOTICE, "the last default router has left");
		sl_lost(s, now);
	}
}

void
slaac_receive(struct slaac *s, const struct recv6 *meta, const uint8_t *data,
    size_t len, uint64_t now)
{
	static const enum counter drops[] = {
		[ND_E_HOP_LIMIT] = COUNT_ND_DROP_HOP_LIMIT,
		[ND_E_SOURCE] = COUNT_ND_DROP_SOURCE,
		[ND_E_SHORT] = COUNT_ND_DROP_SHORT,
		[ND_E_TYPE] = COUNT_ND_DROP_TYPE,
		[ND_E_OPTIONS] = COUNT_ND_DROP_OPTIONS,
	};
	struct nd_ra ra;
	enum nd_error error;
	char line[256];
	int slot;

	if (!sl_running(s) || !sl_link_up(s))
		return;
	error = nd_ra_parse(data, len, meta, &ra);
	if (error != ND_OK) {
		s->ops->count(s->ctx, drops[error]);
		return;
	}
	COUNT(s, ND_RX_RA);
	s->nlearned++;
	count_left_out(s, &ra);
	nd_ra_print(&ra, &meta->src, line, sizeof(line));
	LOG(s, LOG_DEBUG, "%s", line);
	slot = sl_router_find(s, &meta->src);
	if (slot == -1) {
		if (!is_useful(&ra))
			return;
		/* S-17: known routers would have been the first to answer */
		if (s->unconfirmed)
			sl_moved(s, now);
		slot = sl_router_add(s, &meta->src, now);
	}
	s->unconfirmed = 0;
	learn(s, slot, &ra, now);
	sl_update(s, now);
}

/* SPDX-License-Identifier: ISC */
/*
 * What the kernel, the resolver and the state directory should have: built
 * anew after each change, compared with what was asked for last, and asked for
 * at once, yet no more than ten times in a second.
 */
#include <string.h>

#include "lease_slaac.h"
#include "slaac_priv.h"

static void build_addrs(const struct slaac *, struct config6 *, uint64_t now);
static void build_routes(
    const struct slaac *, struct config6 *, uint64_t until[], uint64_t now);
static int is_in_detection(const struct slaac_adr *);
static struct route6 *
add_route(struct config6 *, uint64_t ends[], const struct in6_addr *dst,
    uint8_t prefixlen, uint64_t until, uint64_t now);
static size_t rio_rank(const struct slaac *, uint64_t now, size_t out[]);
static void build_parameters(const struct slaac *, struct config6 *);
static int ends_differ(uint64_t was, uint64_t is, uint64_t now);
static int
addrs_differ(const struct slaac *, const struct config6 *, uint64_t now);
static int routes_differ(const struct slaac *, const struct config6 *,
    const uint64_t until[], uint64_t now);
static uint64_t refresh_interval(const struct slaac *, uint64_t now);

/* RFC 4862 5.4: not to be touched before that is over (S-08). */
static int
is_in_detection(const struct slaac_adr *a)
{
	return a->sent_valid != 0 &&
	    (!(a->flags & SLAAC_ADDR_CONFIGURED) ||
		(a->flags & (SLAAC_ADDR_TENTATIVE | SLAAC_ADDR_OPTIMISTIC)));
}

static void
build_addrs(const struct slaac *s, struct config6 *config, uint64_t now)
{
	const struct slaac_adr *a;
	struct addr6 *out;
	size_t i;
	int same;

	for (i = 0; i < NELEMS(s->addrs); i++) {
		a = &s->addrs[i];
		if (!a->used || !sl_live(a->valid_until, now) ||
		    (a->flags & SLAAC_ADDR_DUPLICATED))
			continue;
		out = &config->addrs[config->naddrs++];
		out->addr = a->addr;
		out->prefixlen = a->prefixlen;
		out->flags =
		    a->flags & SLAAC_ADDR_TEMPORARY ? ADDR6_TEMPORARY : 0;
		same = is_in_detection(a) && sl_live(a->sent_valid, now);
		out->valid_sec =
		    sl_left(same ? a->sent_valid : a->valid_until, now);
		out->preferred_sec =
		    sl_left(same ? a->sent_preferred : a->preferred_until, now);
		if (out->preferred_sec > out->valid_sec)
			out->preferred_sec = out->valid_sec;
	}
}

static struct route6 *
add_route(struct config6 *config, uint64_t ends[], const struct in6_addr *dst,
    uint8_t prefixlen, uint64_t until, uint64_t now)
{
	struct route6 *out = &config->routes[config->nroutes];

	ends[config->nroutes++] = until;
	out->dst = *dst;
	out->prefixlen = prefixlen;
	out->valid_sec = sl_left(until, now);
	out->preference = PREFERENCE_MEDIUM;
	return out;
}

/* Routes of options in the order in which they are to be used. */
static size_t
rio_rank(const struct slaac *s, uint64_t now, size_t out[])
{
	const struct slaac_rio *a, *b;
	size_t i, k, n = 0;
	int away, other;

	for (i = 0; i < NELEMS(s->routes); i++) {
		a = &s->routes[i];
		if (!a->used || !sl_live(a->until, now))
			continue;
		away = s->routers[a->router].unreachable;
		for (k = n++; k > 0; k--) {
			b = &s->routes[out[k - 1]];
			other = s->routers[b->router].unreachable;
			if (away != other ? away
				: a->preference != b->preference
				? a->preference < b->preference
				: a->order > b->order)
				break;
			out[k] = out[k - 1];
		}
		out[k] = i;
	}
	return n;
}

_Static_assert(SLAAC_PREFIXES_MAX + SLAAC_ROUTERS_MAX + SLAAC_ROUTES_MAX <=
	CONFIG6_ROUTES_MAX,
    "every route of S-16's tables fits");
_Static_assert(
    SLAAC_ADDRS_MAX <= CONFIG6_ADDRS_MAX, "every address of S-16's table fits");

static void
build_routes(const struct slaac *s, struct config6 *config, uint64_t ends[],
    uint64_t now)
{
	int slots[SLAAC_ROUTERS_MAX], i, n;
	size_t order[SLAAC_ROUTES_MAX], k, nrio;
	const struct slaac_pfx *px;
	const struct slaac_rio *rio;
	struct route6 *out;

	for (k = 0; k < NELEMS(s->prefixes); k++) {
		px = &s->prefixes[k];
		if (px->used && sl_live(px->onlink_until, now))
			add_route(config, ends, &px->prefix, px->prefixlen,
			    px->onlink_until, now);
	}
	if (s->conf.ignore & IGNORE_ROUTES)
		return;
	n = sl_router_rank(s, now, slots);
	for (i = 0; i < n; i++) {
		out = add_route(config, ends, &in6addr_any, 0,
		    s->routers[slots[i]].until, now);
		out->gateway = s->routers[slots[i]].addr;
		out->preference = s->routers[slots[i]].preference;
	}
	nrio = rio_rank(s, now, order);
	for (k = 0; k < nrio; k++) {
		rio = &s->routes[order[k]];
		out = add_route(
		    config, ends, &rio->dst, rio->prefixlen, rio->until, now);
		out->gateway = s->routers[rio->router].addr;
		out->preference = rio->preference;
	}
}

/* S-11, S-12 */
static void
build_parameters(const struct slaac *s, struct config6 *config)
{
	if (s->mtu >= MTU6_MIN && s->mtu <= s->iface.mtu &&
	    !(s->conf.ignore & IGNORE_MTU))
		config->mtu = s->mtu;
	if (s->hop_limit >= HOP_LIMIT_MIN || s->conf.accept_hop_limit)
		config->hop_limit = s->hop_limit;
	config->reachable_ms = s->reachable_ms;
	config->retrans_ms = s->retrans_ms;
}

/*
 * Is an end so far from what was asked for that the kernel must know?  Sooner
 * by more than a second; later by more than a 16th of what is left, so that
 * nothing ends there much before its time, and not each advertisement of many
 * is a change.
 */
static int
ends_differ(uint64_t was, uint64_t is, uint64_t now)
{
	uint64_t slack;

	if (was == is)
		return 0;
	if (was == PROTO_NEVER || is == PROTO_NEVER || was <= now)
		return 1;
	if (is < was)
		return was - is > SEC_MS;
	slack = (was - now) / 16;
	return is - was > (slack > SEC_MS ? slack : SEC_MS);
}

static int
addrs_differ(const struct slaac *s, const struct config6 *config, uint64_t now)
{
	const struct slaac_adr *a;
	const struct addr6 *was, *is;
	size_t i;

	if (config->naddrs != s->config.naddrs)
		return 1;
	for (i = 0; i < config->naddrs; i++) {
		was = &s->config.addrs[i];
		is = &config->addrs[i];
		if (memcmp(&was->addr, &is->addr, sizeof(is->addr)) != 0 ||
		    was->flags != is->flags)
			return 1;
	}
	for (i = 0; i < NELEMS(s->addrs); i++) {
		a = &s->addrs[i];
		if (!a->used || (a->flags & SLAAC_ADDR_DUPLICATED) ||
		    !sl_live(a->valid_until, now) || is_in_detection(a))
			continue;
		/* One that has run out by itself is no news. */
		if (ends_differ(a->sent_valid, a->valid_until, now) ||
		    sl_live(a->sent_preferred, now) !=
			sl_live(a->preferred_until, now) ||
		    (sl_live(a->preferred_until, now) &&
			ends_differ(
			    a->sent_preferred, a->preferred_until, now)))
			return 1;
	}
	return 0;
}

static int
routes_differ(const struct slaac *s, const struct config6 *config,
    const uint64_t ends[], uint64_t now)
{
	const struct route6 *was, *is;
	size_t i;

	if (config->nroutes != s->config.nroutes)
		return 1;
	for (i = 0; i < config->nroutes; i++) {
		was = &s->config.routes[i];
		is = &config->routes[i];
		if (memcmp(&was->dst, &is->dst, sizeof(is->dst)) != 0 ||
		    memcmp(&was->gateway, &is->gateway, sizeof(is->gateway)) !=
			0 ||
		    was->prefixlen != is->prefixlen ||
		    was->preference != is->preference ||
		    ends_differ(s->route_until[i], ends[i], now))
			return 1;
	}
	return 0;
}

static int
config_differs(const struct slaac *s, const struct config6 *config,
    const uint64_t ends[], uint64_t now)
{
	return !s->asked || config->mtu != s->config.mtu ||
	    config->hop_limit != s->config.hop_limit ||
	    config->reachable_ms != s->config.reachable_ms ||
	    config->retrans_ms != s->config.retrans_ms ||
	    addrs_differ(s, config, now) || routes_differ(s, config, ends, now);
}

static void
ask(struct slaac *s, struct config6 *config, const uint64_t ends[],
    uint64_t now)
{
	struct slaac_adr *a;
	size_t i;

	s->asked = 1;
	s->when[SLAAC_T_RETRY] = PROTO_NEVER;
	config->serial = ++s->serial;
	config->protocol = PROTO_SLAAC;
	s->config = *config;
	memcpy(s->route_until, ends, sizeof(s->route_until));
	for (i = 0; i < NELEMS(s->addrs); i++) {
		a = &s->addrs[i];
		if (!a->used || (a->flags & SLAAC_ADDR_DUPLICATED) ||
		    (is_in_detection(a) && sl_live(a->sent_valid, now)))
			continue;
		a->sent_valid = a->valid_until;
		a->sent_preferred = a->preferred_until;
	}
	s->ops->configure6(s->ctx, config);
}

void
sl_apply(struct slaac *s, uint64_t now)
{
	uint64_t ends[CONFIG6_ROUTES_MAX] = { 0 };
	struct config6 config;
	struct dns_set dns;
	int differs;

	memset(&config, 0, sizeof(config));
	if (sl_running(s)) {
		build_addrs(s, &config, now);
		build_routes(s, &config, ends, now);
		build_parameters(s, &config);
	}
	sl_dns_build(s, now, &dns);
	differs = config_differs(s, &config, ends, now);
	if (!differs && memcmp(&dns, &s->dns, sizeof(dns)) == 0)
		return;
	if (s->asks == 0 || now >= s->asks_from + APPLY_WINDOW_MS) {
		s->asks_from = now;
		s->asks = 0;
	}
	if (s->asks == APPLIES_MAX) {
		s->when[SLAAC_T_APPLY] = s->asks_from + APPLY_WINDOW_MS;
		return;
	}
	s->asks++;
	s->when[SLAAC_T_APPLY] = PROTO_NEVER;
	if (differs)
		ask(s, &config, ends, now);
	if (memcmp(&dns, &s->dns, sizeof(dns)) == 0)
		return;
	s->dns = dns;
	s->ops->dns(s->ctx, &dns);
}

/* How old lifetimes in the file may be: a quarter of the shortest. */
static uint64_t
refresh_interval(const struct slaac *s, uint64_t now)
{
	uint64_t shortest = 4ULL * STORE_REFRESH_MAX_MS;
	size_t i;

	for (i = 0; i < NELEMS(s->routers); i++)
		if (s->routers[i].used && s->routers[i].until > now &&
		    s->routers[i].until - now < shortest)
			shortest = s->routers[i].until - now;
	for (i = 0; i < NELEMS(s->addrs); i++)
		if (s->addrs[i].used && s->addrs[i].valid_until > now &&
		    s->addrs[i].valid_until - now < shortest)
			shortest = s->addrs[i].valid_until - now;
	shortest /= 4;
	return shortest < STORE_REFRESH_MIN_MS ? STORE_REFRESH_MIN_MS
					       : shortest;
}

/* At once when something came or went, else as lifetimes grow old. */
void
sl_store_timer(struct slaac *s, uint64_t now)
{
	uint64_t when;

	if (!s->changed && (!s->has_stored || s->nlearned == s->nstored)) {
		s->when[SLAAC_T_STORE] = PROTO_NEVER;
		return;
	}
	when = s->stored_at +
	    (s->changed ? STORE_INTERVAL_MS : refresh_interval(s, now));
	if (s->stored_at == 0 || when < now)
		when = now;
	s->when[SLAAC_T_STORE] = when;
}

void
sl_store(struct slaac *s, uint64_t now)
{
	struct slaac_info info;
	size_t i;

	s->changed = 0;
	s->nstored = s->nlearned;
	slaac_status(s, now, &info);
	if (!sl_running(s) ||
	    (info.nrouters == 0 && info.nprefixes == 0 && info.naddrs == 0)) {
		if (s->has_stored)
			s->ops->store_slaac(s->ctx, NULL);
		s->has_stored = 0;
		return;
	}
	s->stored_at = now;
	info.next_sec = info.tries = info.evicted = 0;
	for (i = 0; i < info.naddrs; i++)
		info.addrs[i].flags &= LEASE_SLAAC_ADDR_FLAGS;
	s->has_stored = 1;
	s->ops->store_slaac(s->ctx, &info);
}

void
slaac_store(struct slaac *s, uint64_t now)
{
	if (s->changed)
		sl_store(s, now);
}

void
sl_event(struct slaac *s, enum proto_event event, const struct slaac_adr *a,
    uint64_t now, const char *reason)
{
	const struct slaac_pfx *px = sl_prefix_of(s, &a->addr);
	struct event6 e;
	size_t i;

	memset(&e, 0, sizeof(e));
	e.addr = a->addr;
	e.prefixlen = a->prefixlen;
	e.valid_sec = sl_left(a->valid_until, now);
	e.preferred_sec = sl_left(a->preferred_until, now);
	e.dns = s->dns;
	for (i = 0; px != NULL && i < NELEMS(s->routers); i++) {
		if (s->routers[i].used && (px->routers & BIT(i))) {
			e.from = s->routers[i].addr;
			break;
		}
	}
	s->ops->event6(s->ctx, event, &e, reason);
}

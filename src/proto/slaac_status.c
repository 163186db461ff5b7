/* SPDX-License-Identifier: ISC */
/*
 * The machine's tables as struct slaac_info, for the status and the file, and
 * back.  The file's routers become the slots, so that sets of routers hold.
 */
#include <string.h>

#include "slaac_priv.h"

static uint8_t map_set(const uint8_t map[], uint8_t slots);
static void put_routers(
    const struct slaac *, uint64_t now, struct slaac_info *, uint8_t map[]);
static void put_prefixes(const struct slaac *, uint64_t now,
    struct slaac_info *, const uint8_t map[]);
static void put_addrs(const struct slaac *, uint64_t now, struct slaac_info *);
static void put_routes(const struct slaac *, uint64_t now, struct slaac_info *,
    const uint8_t map[]);
static void put_dns(const struct slaac *, uint64_t now, struct slaac_info *,
    const uint8_t map[]);
static void put_others(const struct slaac *, uint64_t now, struct slaac_info *,
    const uint8_t map[]);
static uint64_t aged(uint32_t left_sec, uint32_t age_sec, uint64_t now);
static void get_routers(
    struct slaac *, const struct slaac_info *, uint32_t age, uint64_t now);
static void get_prefixes(
    struct slaac *, const struct slaac_info *, uint32_t age, uint64_t now);
static void get_addrs(
    struct slaac *, const struct slaac_info *, uint32_t age, uint64_t now);
static void
get_dns(struct slaac *, const struct slaac_info *, uint32_t age, uint64_t now);
static void get_others(
    struct slaac *, const struct slaac_info *, uint32_t age, uint64_t now);

#define NOT_MAPPED UINT8_MAX

/* Slots -> indices in the struct. */
static uint8_t
map_set(const uint8_t map[], uint8_t slots)
{
	uint8_t set = 0;
	int i;

	for (i = 0; i < SLAAC_ROUTERS_MAX; i++)
		if ((slots & BIT(i)) && map[i] != NOT_MAPPED)
			set |= BIT(map[i]);
	return set;
}

static void
put_routers(
    const struct slaac *s, uint64_t now, struct slaac_info *info, uint8_t map[])
{
	int slots[SLAAC_ROUTERS_MAX], i, n = sl_router_rank(s, now, slots);
	const struct slaac_rtr *r;
	struct slaac_router *out;

	memset(map, NOT_MAPPED, SLAAC_ROUTERS_MAX);
	for (i = 0; i < SLAAC_ROUTERS_MAX; i++)
		if (s->routers[i].used && !sl_live(s->routers[i].until, now))
			slots[n++] = i;
	for (i = 0; i < n; i++) {
		r = &s->routers[slots[i]];
		map[slots[i]] = info->nrouters;
		out = &info->routers[info->nrouters++];
		out->addr = r->addr;
		out->left_sec = sl_left(r->until, now);
		out->preference = r->preference;
		out->flags = (uint8_t)((r->managed ? SLAAC_ROUTER_MANAGED : 0) |
		    (r->other ? SLAAC_ROUTER_OTHER : 0) |
		    (r->unreachable ? 0 : SLAAC_ROUTER_REACHABLE));
	}
}

static void
put_prefixes(const struct slaac *s, uint64_t now, struct slaac_info *info,
    const uint8_t map[])
{
	const struct slaac_pfx *px;
	struct slaac_prefix *out;
	size_t i;

	for (i = 0; i < NELEMS(s->prefixes); i++) {
		px = &s->prefixes[i];
		if (!px->used ||
		    (!sl_live(px->onlink_until, now) &&
			!sl_live(px->valid_until, now)))
			continue;
		out = &info->prefixes[info->nprefixes++];
		out->prefix = px->prefix;
		out->prefixlen = px->prefixlen;
		out->onlink_sec = sl_left(px->onlink_until, now);
		out->valid_sec = sl_left(px->valid_until, now);
		out->preferred_sec = sl_left(sl_prefix_preferred(s, px), now);
		if (out->preferred_sec > out->valid_sec)
			out->preferred_sec = out->valid_sec;
		out->flags = px->flags;
		out->routers = map_set(map, px->routers);
		out->next_dad = px->dad;
	}
}

static void
put_addrs(const struct slaac *s, uint64_t now, struct slaac_info *info)
{
	const struct slaac_adr *a;
	struct slaac_address *out;
	size_t i;

	for (i = 0; i < NELEMS(s->addrs); i++) {
		a = &s->addrs[i];
		if (!a->used || !sl_live(a->valid_until, now))
			continue;
		out = &info->addrs[info->naddrs++];
		out->addr = a->addr;
		out->prefixlen = a->prefixlen;
		out->valid_sec = sl_left(a->valid_until, now);
		out->preferred_sec = sl_left(a->preferred_until, now);
		if (out->preferred_sec > out->valid_sec)
			out->preferred_sec = out->valid_sec;
		out->temp_valid_sec = sl_left(a->cap_valid, now);
		out->temp_preferred_sec = sl_left(a->cap_preferred, now);
		out->flags = a->flags;
		out->dad = a->dad;
	}
}

static void
put_routes(const struct slaac *s, uint64_t now, struct slaac_info *info,
    const uint8_t map[])
{
	const struct slaac_rio *rio;
	struct slaac_route *out;
	size_t i;

	for (i = 0; i < NELEMS(s->routes); i++) {
		rio = &s->routes[i];
		if (!rio->used || !sl_live(rio->until, now) ||
		    map[rio->router] == NOT_MAPPED)
			continue;
		out = &info->routes[info->nroutes++];
		out->dst = rio->dst;
		out->prefixlen = rio->prefixlen;
		out->preference = rio->preference;
		out->router = map[rio->router];
		out->left_sec = sl_left(rio->until, now);
	}
}

static void
put_dns(const struct slaac *s, uint64_t now, struct slaac_info *info,
    const uint8_t map[])
{
	const struct slaac_dns *d;
	struct slaac_server *out;
	size_t i;

	for (i = 0; i < NELEMS(s->servers); i++) {
		d = &s->servers[i];
		if (!d->used || !sl_live(d->until, now))
			continue;
		out = &info->servers[info->nservers++];
		out->addr = d->addr;
		out->left_sec = sl_left(d->until, now);
		out->routers = map_set(map, d->routers);
	}
	for (i = 0; i < NELEMS(s->search); i++) {
		d = &s->search[i];
		if (!d->used || !sl_live(d->until, now))
			continue;
		info->search_sec[info->nsearch] = sl_left(d->until, now);
		info->search_routers[info->nsearch] = map_set(map, d->routers);
		memcpy(info->search[info->nsearch++], d->name, DNS_NAME_MAX);
	}
}

static void
put_others(const struct slaac *s, uint64_t now, struct slaac_info *info,
    const uint8_t map[])
{
	const struct slaac_nat64 *p;
	const struct slaac_resolver *d;
	size_t i;

	for (i = 0; i < NELEMS(s->nat64); i++) {
		p = &s->nat64[i];
		if (!p->used || !sl_live(p->until, now))
			continue;
		info->pref64[info->npref64].prefix = p->prefix;
		info->pref64[info->npref64].prefixlen = p->prefixlen;
		info->pref64[info->npref64].left_sec = sl_left(p->until, now);
		info->pref64[info->npref64++].routers =
		    map_set(map, p->routers);
	}
	for (i = 0; i < NELEMS(s->resolvers); i++) {
		d = &s->resolvers[i];
		if (!d->used || !sl_live(d->until, now))
			continue;
		info->dnr[info->ndnr] = d->dnr;
		info->dnr[info->ndnr].left_sec = sl_left(d->until, now);
		info->dnr[info->ndnr++].routers = map_set(map, d->routers);
	}
	memcpy(info->captive_portal, s->captive_portal,
	    sizeof(info->captive_portal));
}

void
slaac_status(const struct slaac *s, uint64_t now, struct slaac_info *info)
{
	uint8_t map[SLAAC_ROUTERS_MAX];

	memset(info, 0, sizeof(*info));
	info->mtu = s->mtu;
	info->hop_limit = s->hop_limit;
	info->reachable_ms = s->reachable_ms;
	info->retrans_ms = s->retrans_ms;
	info->evicted = s->evicted;
	info->tries = s->tries;
	info->next_sec = sl_left(s->when[SLAAC_T_SOLICIT], now);
	info->network_id_len = s->network_id_len;
	memcpy(info->network_id, s->network_id, sizeof(info->network_id));
	put_routers(s, now, info, map);
	put_prefixes(s, now, info, map);
	put_addrs(s, now, info);
	put_routes(s, now, info, map);
	put_dns(s, now, info, map);
	put_others(s, now, info, map);
}

/* The end of what had left_sec left age_sec ago; 0: it is over. */
static uint64_t
aged(uint32_t left_sec, uint32_t age_sec, uint64_t now)
{
	if (left_sec == LIFETIME_INFINITE)
		return PROTO_NEVER;
	return left_sec > age_sec ? sl_end(now, left_sec - age_sec) : 0;
}

static void
get_routers(
    struct slaac *s, const struct slaac_info *info, uint32_t age, uint64_t now)
{
	const struct slaac_router *in;
	struct slaac_rtr *r;
	size_t i;

	for (i = 0; i < info->nrouters; i++) {
		in = &info->routers[i];
		r = &s->routers[i];
		r->used = 1;
		r->addr = in->addr;
		r->until = aged(in->left_sec, age, now);
		r->granted = now;
		r->order = ++s->order;
		r->preference = in->preference;
		r->managed = (in->flags & SLAAC_ROUTER_MANAGED) != 0;
		r->other = (in->flags & SLAAC_ROUTER_OTHER) != 0;
		r->unreachable = !(in->flags & SLAAC_ROUTER_REACHABLE);
	}
	for (i = 0; i < info->nroutes; i++) {
		s->routes[i].used = 1;
		s->routes[i].dst = info->routes[i].dst;
		s->routes[i].prefixlen = info->routes[i].prefixlen;
		s->routes[i].preference = info->routes[i].preference;
		s->routes[i].router = info->routes[i].router;
		s->routes[i].until = aged(info->routes[i].left_sec, age, now);
		s->routes[i].order = ++s->order;
	}
}

static void
get_prefixes(
    struct slaac *s, const struct slaac_info *info, uint32_t age, uint64_t now)
{
	const struct slaac_prefix *in;
	struct slaac_pfx *px;
	size_t i;

	for (i = 0; i < info->nprefixes; i++) {
		in = &info->prefixes[i];
		px = &s->prefixes[i];
		px->used = 1;
		px->prefix = in->prefix;
		px->prefixlen = in->prefixlen;
		px->flags = in->flags;
		px->routers = in->routers;
		px->dad = in->next_dad;
		px->order = ++s->order;
		px->onlink_until = aged(in->onlink_sec, age, now);
		px->valid_until = aged(in->valid_sec, age, now);
		px->preferred_until = aged(in->preferred_sec, age, now);
		px->granted = now;
	}
}

static void
get_addrs(
    struct slaac *s, const struct slaac_info *info, uint32_t age, uint64_t now)
{
	const struct slaac_address *in;
	struct slaac_adr *a;
	size_t i;

	for (i = 0; i < info->naddrs; i++) {
		in = &info->addrs[i];
		a = &s->addrs[i];
		a->used = 1;
		a->addr = in->addr;
		a->prefixlen = in->prefixlen;
		/* What the kernel says of it is said anew. */
		a->flags = in->flags &
		    (SLAAC_ADDR_TEMPORARY | SLAAC_ADDR_OLD |
			SLAAC_ADDR_DUPLICATED | SLAAC_ADDR_DEPRECATED);
		a->dad = in->dad;
		a->order = ++s->order;
		a->valid_until = aged(in->valid_sec, age, now);
		a->preferred_until = aged(in->preferred_sec, age, now);
		a->cap_valid = aged(in->temp_valid_sec, age, now);
		a->cap_preferred = aged(in->temp_preferred_sec, age, now);
		sl_addr_seen(s, a, now);
	}
}

static void
get_dns(
    struct slaac *s, const struct slaac_info *info, uint32_t age, uint64_t now)
{
	size_t i;

	for (i = 0; i < info->nservers; i++) {
		s->servers[i].used = 1;
		s->servers[i].addr = info->servers[i].addr;
		s->servers[i].routers = info->servers[i].routers;
		s->servers[i].order = ++s->order;
		s->servers[i].until = aged(info->servers[i].left_sec, age, now);
	}
	for (i = 0; i < info->nsearch; i++) {
		s->search[i].used = 1;
		s->search[i].routers = info->search_routers[i];
		s->search[i].order = ++s->order;
		s->search[i].until = aged(info->search_sec[i], age, now);
		memcpy(s->search[i].name, info->search[i], DNS_NAME_MAX);
	}
}

static void
get_others(
    struct slaac *s, const struct slaac_info *info, uint32_t age, uint64_t now)
{
	size_t i;

	for (i = 0; i < info->npref64; i++) {
		s->nat64[i].used = 1;
		s->nat64[i].prefix = info->pref64[i].prefix;
		s->nat64[i].prefixlen = info->pref64[i].prefixlen;
		s->nat64[i].routers = info->pref64[i].routers;
		s->nat64[i].until = aged(info->pref64[i].left_sec, age, now);
	}
	for (i = 0; i < info->ndnr; i++) {
		s->resolvers[i].used = 1;
		s->resolvers[i].dnr = info->dnr[i];
		s->resolvers[i].routers = info->dnr[i].routers;
		s->resolvers[i].until = aged(info->dnr[i].left_sec, age, now);
	}
	memcpy(
	    s->captive_portal, info->captive_portal, sizeof(s->captive_portal));
	s->mtu = info->mtu;
	s->hop_limit = info->hop_limit;
	s->reachable_ms = info->reachable_ms;
	s->retrans_ms = info->retrans_ms;
	s->network_id_len = info->network_id_len;
	memcpy(s->network_id, info->network_id, sizeof(s->network_id));
}

void
slaac_stored(struct slaac *s, const struct slaac_info *info, uint32_t age_sec,
    uint64_t now)
{
	if (s->started || s->has_stored)
		return;
	s->has_stored = 1;
	s->stored_at = now;
	get_routers(s, info, age_sec, now);
	get_prefixes(s, info, age_sec, now);
	get_addrs(s, info, age_sec, now);
	get_dns(s, info, age_sec, now);
	get_others(s, info, age_sec, now);
}

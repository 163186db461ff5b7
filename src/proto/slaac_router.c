/* SPDX-License-Identifier: ISC */
/*
 * Routers of an interface: the table and its bounds (S-16), their order (RFC
 * 4191), the routes they offer, and what becomes of what they gave when they
 * are gone (RFC 8028, S-09, S-17).
 */
#include <arpa/inet.h>
#include <string.h>

#include "inet6.h"
#include "slaac_priv.h"

static int is_better(const struct slaac_rtr *, const struct slaac_rtr *);
static int is_referenced(const struct slaac *, int slot);
static void forget_routes(struct slaac *, int slot);
static struct slaac_rio *route_slot(struct slaac *, int router, uint64_t now);
static int has_alone(const struct slaac_pfx *, int slot);

int
sl_router_find(const struct slaac *s, const struct in6_addr *addr)
{
	size_t i;

	for (i = 0; i < NELEMS(s->routers); i++) {
		if (s->routers[i].used &&
		    inet6_equal(&s->routers[i].addr, addr))
			return (int)i;
	}
	return -1;
}

/* S-09: who can be reached, then preference, then who came first. */
static int
is_better(const struct slaac_rtr *a, const struct slaac_rtr *b)
{
	if (a->unreachable != b->unreachable)
		return b->unreachable;
	if (a->preference != b->preference)
		return a->preference > b->preference;
	return a->order < b->order;
}

int
sl_router_rank(const struct slaac *s, uint64_t now, int slots[])
{
	int i, k, n = 0;

	for (i = 0; i < SLAAC_ROUTERS_MAX; i++) {
		if (!s->routers[i].used || !sl_live(s->routers[i].until, now))
			continue;
		for (k = n++; k > 0; k--) {
			if (!is_better(
				&s->routers[i], &s->routers[slots[k - 1]]))
				break;
			slots[k] = slots[k - 1];
		}
		slots[k] = i;
	}
	return n;
}

/* The slot of the current default router, or -1. */
int
sl_router_default(const struct slaac *s, uint64_t now)
{
	int slots[SLAAC_ROUTERS_MAX];

	return sl_router_rank(s, now, slots) > 0 ? slots[0] : -1;
}

/*
 * routers: who gave the entry; none: it is what is left of one, and as old as
 * it is.  An entry of the default router is never taken, so that a flood cannot
 * push out what is in use.
 */
void
sl_victim_offer(const struct slaac *s, struct sl_victim *v, uint64_t now,
    int slot, uint8_t routers, uint64_t order)
{
	int i, current = sl_router_default(s, now), rank = routers ? 2 : 1;

	if (current != -1 && (routers & BIT(current)))
		return;
	for (i = 0; i < SLAAC_ROUTERS_MAX; i++) {
		if ((routers & BIT(i)) && !s->routers[i].unreachable)
			rank = 1;
	}
	if (v->slot != -1 &&
	    (rank < v->rank || (rank == v->rank && order < v->order)))
		return;
	v->slot = slot;
	v->rank = rank;
	v->order = order;
}

int
sl_router_add(struct slaac *s, const struct in6_addr *addr, uint64_t now)
{
	struct sl_victim v = { -1, 0, 0 };
	struct slaac_rtr *r;
	int i;

	for (i = 0; i < SLAAC_ROUTERS_MAX; i++) {
		if (!s->routers[i].used) {
			v.slot = i;
			break;
		}
		sl_victim_offer(s, &v, now, i, BIT(i), s->routers[i].order);
	}
	r = &s->routers[v.slot];
	if (r->used) {
		s->evicted++;
		COUNT(s, ND_EVICT_ROUTER);
		sl_router_evict(s, v.slot);
	}
	memset(r, 0, sizeof(*r));
	r->used = 1;
	r->addr = *addr;
	r->order = ++s->order;
	s->changed = 1;
	return v.slot;
}

static void
forget_routes(struct slaac *s, int slot)
{
	size_t i;

	for (i = 0; i < NELEMS(s->routes); i++) {
		if (s->routes[i].used && s->routes[i].router == slot)
			s->routes[i].used = 0;
	}
}

void
sl_router_evict(struct slaac *s, int slot)
{
	struct slaac_pfx *px;
	size_t i;

	forget_routes(s, slot);
	sl_dns_forget(s, BIT(slot));
	for (i = 0; i < NELEMS(s->prefixes); i++) {
		px = &s->prefixes[i];
		if (!px->used || !(px->routers & BIT(slot)))
			continue;
		px->routers &= (uint8_t)~BIT(slot);
		px->heard &= (uint8_t)~BIT(slot);
		if (px->routers == 0)
			sl_prefix_remove(s, px);
	}
	s->routers[slot].used = 0;
	s->changed = 1;
}

/* A slot for one more route of a router, or NULL. */
static struct slaac_rio *
route_slot(struct slaac *s, int router, uint64_t now)
{
	struct sl_victim v = { -1, 0, 0 };
	const struct slaac_rio *rio;
	int i, own = 0;

	for (i = 0; i < SLAAC_ROUTES_MAX; i++)
		own += s->routes[i].used && s->routes[i].router == router;
	for (i = 0; i < SLAAC_ROUTES_MAX && own < ROUTER_ROUTES_MAX; i++) {
		rio = &s->routes[i];
		if (!rio->used)
			return &s->routes[i];
		sl_victim_offer(s, &v, now, i, BIT(rio->router), rio->order);
	}
	if (v.slot == -1) {
		COUNT(s, ND_EXCESS);
		return NULL;
	}
	s->evicted++;
	COUNT(s, ND_EVICT_ROUTE);
	return &s->routes[v.slot];
}

/* RFC 4191 2.3; ::/0 was put into the header by the codec. */
void
sl_router_route(
    struct slaac *s, int slot, const struct nd_route *route, uint64_t now)
{
	struct slaac_rio *rio = NULL;
	size_t i;

	for (i = 0; i < NELEMS(s->routes); i++) {
		if (s->routes[i].used && s->routes[i].router == slot &&
		    s->routes[i].prefixlen == route->prefixlen &&
		    inet6_equal(&s->routes[i].dst, &route->dst))
			rio = &s->routes[i];
	}
	if (route->lifetime_sec == 0) {
		if (rio != NULL) {
			rio->used = 0;
			s->changed = 1;
		}
		return;
	}
	if (rio == NULL) {
		if ((rio = route_slot(s, slot, now)) == NULL)
			return;
		memset(rio, 0, sizeof(*rio));
		rio->used = 1;
		rio->dst = route->dst;
		rio->prefixlen = route->prefixlen;
		rio->router = (uint8_t)slot;
		rio->order = ++s->order;
		s->changed = 1;
	}
	rio->preference = route->preference;
	rio->until = sl_end(now, route->lifetime_sec);
}

/* Nobody else advertises the prefix. */
static int
has_alone(const struct slaac_pfx *px, int slot)
{
	return px->used && px->routers == BIT(slot);
}

/* RFC 8028 3: an address is of little use without its router. */
void
sl_router_deprecate(struct slaac *s, int slot, uint64_t now)
{
	size_t i;

	for (i = 0; i < NELEMS(s->prefixes); i++) {
		if (!has_alone(&s->prefixes[i], slot))
			continue;
		s->prefixes[i].flags |= SLAAC_PREFIX_DEPRECATED;
		sl_addr_ensure(s, &s->prefixes[i], now);
		s->changed = 1;
	}
}

/*
 * S-17: what a router gave, but does not say any more now that its link was
 * away, while it says something else.
 */
void
sl_router_missing(struct slaac *s, uint64_t now)
{
	struct slaac_pfx *px;
	struct slaac_rtr *r;
	uint8_t heard;
	size_t i, k;

	for (i = 0; i < NELEMS(s->routers); i++) {
		r = &s->routers[i];
		if (!r->used || r->checked || r->first == 0 ||
		    now < r->first + MISSING_WAIT_MS)
			continue;
		r->checked = 1;
		for (k = 0, heard = 0; k < NELEMS(s->prefixes); k++)
			if (s->prefixes[k].used)
				heard |= s->prefixes[k].heard;
		for (k = 0; k < NELEMS(s->prefixes); k++) {
			px = &s->prefixes[k];
			if (!(heard & BIT(i)) || !px->used ||
			    !(px->routers & BIT(i)) || (px->heard & BIT(i)))
				continue;
			if (has_alone(px, (int)i))
				px->flags |= SLAAC_PREFIX_DEPRECATED;
			else
				px->routers &= (uint8_t)~BIT(i);
			sl_addr_ensure(s, px, now);
			s->changed = 1;
		}
	}
}

static int
is_referenced(const struct slaac *s, int slot)
{
	size_t i;

	for (i = 0; i < NELEMS(s->prefixes); i++)
		if (s->prefixes[i].used && (s->prefixes[i].routers & BIT(slot)))
			return 1;
	for (i = 0; i < NELEMS(s->routes); i++)
		if (s->routes[i].used && s->routes[i].router == slot)
			return 1;
	return sl_dns_has(s, BIT(slot));
}

void
sl_router_expire(struct slaac *s, uint64_t now)
{
	char text[INET6_ADDRSTRLEN] = "";
	struct slaac_rtr *r;
	int i, lost = 0;

	for (i = 0; i < SLAAC_ROUTES_MAX; i++) {
		if (s->routes[i].used && !sl_live(s->routes[i].until, now)) {
			s->routes[i].used = 0;
			s->changed = 1;
		}
	}
	for (i = 0; i < SLAAC_ROUTERS_MAX; i++) {
		r = &s->routers[i];
		if (!r->used || sl_live(r->until, now))
			continue;
		if (r->until != 0) {
			inet_ntop(AF_INET6, &r->addr, text, sizeof(text));
			LOG(s, LOG_NOTICE,
			    "router %s has not renewed its lifetime", text);
			r->until = 0;
			r->managed = r->other = 0;
			sl_router_deprecate(s, i, now);
			s->changed = 1;
			lost = 1;
		}
		/* With M or O it may be all that DHCPv6 has to go by. */
		if (!is_referenced(s, i) && !r->managed && !r->other)
			sl_router_evict(s, i);
	}
	if (lost && sl_router_default(s, now) == -1)
		sl_lost(s, now);
}

void
sl_moved(struct slaac *s, uint64_t now)
{
	int i, any = 0;

	for (i = 0; i < SLAAC_ROUTERS_MAX; i++) {
		if (!s->routers[i].used)
			continue;
		any = 1;
		forget_routes(s, i);
		sl_dns_forget(s, BIT(i));
		s->routers[i].used = 0;
	}
	for (i = 0; i < SLAAC_PREFIXES_MAX; i++) {
		if (s->prefixes[i].used)
			sl_prefix_retire(&s->prefixes[i], now);
	}
	for (i = 0; i < SLAAC_ADDRS_MAX; i++) {
		if (!s->addrs[i].used)
			continue;
		any = 1;
		sl_addr_retire(&s->addrs[i], now);
	}
	s->mtu = s->hop_limit = s->reachable_ms = s->retrans_ms = 0;
	s->said_flags = 0;
	s->changed = 1;
	if (any)
		LOG(s, LOG_NOTICE,
		    "a new network: earlier addresses are deprecated");
}

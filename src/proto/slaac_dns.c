/* SPDX-License-Identifier: ISC */
/*
 * What advertisements say of name resolution (RFC 8106, 8781, 9463), and the
 * captive portal (RFC 8910): each entry with its own lifetime and the routers
 * that gave it.
 */
#include <string.h>

#include "inet6.h"
#include "slaac_priv.h"

static struct slaac_dns *
make_room(struct slaac *, struct slaac_dns *, size_t, int router, uint64_t now);
static struct slaac_dns *
dns_find(struct slaac_dns *, size_t, const struct in6_addr *, const char *);
static struct slaac_dns *dns_add(struct slaac *, struct slaac_dns *, size_t,
    int router, const struct in6_addr *, const char *, uint64_t now);
static void learn_entry(struct slaac *, struct slaac_dns *, size_t, int router,
    const struct in6_addr *, const char *, uint32_t lifetime_sec, uint64_t now);
static void
learn_pref64(struct slaac *, int, const struct slaac_pref64 *, uint64_t now);
static void
learn_dnr(struct slaac *, int, const struct slaac_dnr *, uint64_t now);
static void forget_in(struct slaac *, struct slaac_dns *, size_t, uint8_t);
static void expire_in(struct slaac *, struct slaac_dns *, size_t, uint64_t);

/*
 * One that is in use is not pushed out by a newcomer, or by another server of
 * the same router; but what the default router says is not shut out by what
 * others have filled the table with.
 */
static struct slaac_dns *
make_room(struct slaac *s, struct slaac_dns *table, size_t n, int router,
    uint64_t now)
{
	struct sl_victim v = { -1, 0, 0 };
	size_t i;

	if (router == sl_router_default(s, now)) {
		for (i = 0; i < n; i++)
			sl_victim_offer(s, &v, now, (int)i, table[i].routers,
			    table[i].order);
	}
	if (v.slot != -1)
		return &table[v.slot];
	COUNT(s, ND_EXCESS);
	return NULL;
}

static struct slaac_dns *
dns_find(struct slaac_dns *table, size_t n, const struct in6_addr *addr,
    const char *name)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (table[i].used && inet6_equal(&table[i].addr, addr) &&
		    strcmp(table[i].name, name) == 0)
			return &table[i];
	}
	return NULL;
}

/* A slot for one more entry, or NULL. */
static struct slaac_dns *
dns_add(struct slaac *s, struct slaac_dns *table, size_t n, int router,
    const struct in6_addr *addr, const char *name, uint64_t now)
{
	struct slaac_dns *slot = NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!table[i].used || !sl_live(table[i].until, now))
			slot = &table[i];
	}
	if (slot == NULL)
		slot = make_room(s, table, n, router, now);
	if (slot == NULL)
		return NULL;
	memset(slot, 0, sizeof(*slot));
	slot->order = ++s->order;
	slot->addr = *addr;
	strlcpy(slot->name, name, sizeof(slot->name));
	return slot;
}

static void
learn_entry(struct slaac *s, struct slaac_dns *table, size_t n, int router,
    const struct in6_addr *addr, const char *name, uint32_t lifetime_sec,
    uint64_t now)
{
	struct slaac_dns *d = dns_find(table, n, addr, name);

	if (d == NULL && lifetime_sec > 0)
		d = dns_add(s, table, n, router, addr, name, now);
	if (d == NULL)
		return;
	if (d->used != (lifetime_sec > 0))
		s->changed = 1;
	d->used = lifetime_sec > 0;
	d->routers |= BIT(router);
	d->until = sl_end(now, lifetime_sec);
}

static void
learn_pref64(
    struct slaac *s, int router, const struct slaac_pref64 *p, uint64_t now)
{
	struct slaac_nat64 *slot = NULL;
	size_t i;

	for (i = 0; i < NELEMS(s->nat64); i++) {
		if (s->nat64[i].used && s->nat64[i].prefixlen == p->prefixlen &&
		    inet6_equal(&s->nat64[i].prefix, &p->prefix)) {
			slot = &s->nat64[i];
			break;
		}
		if (!s->nat64[i].used)
			slot = &s->nat64[i];
	}
	if (slot == NULL) {
		COUNT(s, ND_EXCESS);
		return;
	}
	if (slot->used != (p->left_sec > 0))
		s->changed = 1;
	if (!slot->used)
		memset(slot, 0, sizeof(*slot));
	slot->used = p->left_sec > 0;
	slot->prefix = p->prefix;
	slot->prefixlen = p->prefixlen;
	slot->routers |= BIT(router);
	slot->until = sl_end(now, p->left_sec);
}

static void
learn_dnr(struct slaac *s, int router, const struct slaac_dnr *d, uint64_t now)
{
	struct slaac_resolver *slot = NULL;
	uint8_t routers = 0;
	size_t i;

	for (i = 0; i < NELEMS(s->resolvers); i++) {
		if (s->resolvers[i].used &&
		    strcmp(s->resolvers[i].dnr.name, d->name) == 0) {
			slot = &s->resolvers[i];
			routers = slot->routers;
			break;
		}
		if (!s->resolvers[i].used)
			slot = &s->resolvers[i];
	}
	if (slot == NULL) {
		COUNT(s, ND_EXCESS);
		return;
	}
	if (slot->used != (d->left_sec > 0))
		s->changed = 1;
	slot->used = d->left_sec > 0;
	slot->dnr = *d;
	slot->routers = routers | BIT(router);
	slot->until = sl_end(now, d->left_sec);
}

void
sl_dns_learn(struct slaac *s, int router, const struct nd_ra *ra, uint64_t now)
{
	size_t i;

	for (i = 0; i < ra->nservers; i++)
		learn_entry(s, s->servers, NELEMS(s->servers), router,
		    &ra->servers[i].addr, "", ra->servers[i].lifetime_sec, now);
	for (i = 0; i < ra->nsearch; i++)
		learn_entry(s, s->search, NELEMS(s->search), router,
		    &in6addr_any, ra->search[i].name,
		    ra->search[i].lifetime_sec, now);
	for (i = 0; i < ra->npref64; i++)
		learn_pref64(s, router, &ra->pref64[i], now);
	for (i = 0; i < ra->ndnr; i++)
		learn_dnr(s, router, &ra->dnr[i], now);
	if (!ra->has_portal || strcmp(s->captive_portal, ra->portal) == 0)
		return;
	/* Not the word of a passer-by over that of the default router. */
	if (s->captive_portal[0] != '\0' && s->captive_router != router &&
	    sl_router_default(s, now) != router)
		return;
	memcpy(s->captive_portal, ra->portal, sizeof(s->captive_portal));
	s->captive_router = (uint8_t)router;
	s->changed = 1;
}

static void
forget_in(struct slaac *s, struct slaac_dns *table, size_t n, uint8_t routers)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (!table[i].used || !(table[i].routers & routers))
			continue;
		table[i].routers &= (uint8_t)~routers;
		if (table[i].routers == 0) {
			table[i].used = 0;
			s->changed = 1;
		}
	}
}

void
sl_dns_forget(struct slaac *s, uint8_t routers)
{
	size_t i;

	forget_in(s, s->servers, NELEMS(s->servers), routers);
	forget_in(s, s->search, NELEMS(s->search), routers);
	for (i = 0; i < NELEMS(s->nat64); i++) {
		s->nat64[i].routers &= (uint8_t)~routers;
		if (s->nat64[i].routers == 0)
			s->nat64[i].used = 0;
	}
	for (i = 0; i < NELEMS(s->resolvers); i++) {
		s->resolvers[i].routers &= (uint8_t)~routers;
		if (s->resolvers[i].routers == 0)
			s->resolvers[i].used = 0;
	}
	if (routers & BIT(s->captive_router))
		memset(s->captive_portal, 0, sizeof(s->captive_portal));
}

int
sl_dns_has(const struct slaac *s, uint8_t routers)
{
	size_t i;

	for (i = 0; i < NELEMS(s->servers); i++)
		if (s->servers[i].used && (s->servers[i].routers & routers))
			return 1;
	for (i = 0; i < NELEMS(s->search); i++)
		if (s->search[i].used && (s->search[i].routers & routers))
			return 1;
	for (i = 0; i < NELEMS(s->nat64); i++)
		if (s->nat64[i].used && (s->nat64[i].routers & routers))
			return 1;
	for (i = 0; i < NELEMS(s->resolvers); i++)
		if (s->resolvers[i].used && (s->resolvers[i].routers & routers))
			return 1;
	return s->captive_portal[0] != '\0' &&
	    (routers & BIT(s->captive_router)) != 0;
}

static void
expire_in(struct slaac *s, struct slaac_dns *table, size_t n, uint64_t now)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (table[i].used && !sl_live(table[i].until, now)) {
			table[i].used = 0;
			s->changed = 1;
		}
	}
}

void
sl_dns_expire(struct slaac *s, uint64_t now)
{
	size_t i;

	expire_in(s, s->servers, NELEMS(s->servers), now);
	expire_in(s, s->search, NELEMS(s->search), now);
	for (i = 0; i < NELEMS(s->nat64); i++) {
		if (!sl_live(s->nat64[i].until, now))
			s->nat64[i].used = 0;
	}
	for (i = 0; i < NELEMS(s->resolvers); i++) {
		if (!sl_live(s->resolvers[i].until, now))
			s->resolvers[i].used = 0;
	}
}

/* When the next entry ends. */
uint64_t
sl_dns_next(const struct slaac *s, uint64_t now)
{
	uint64_t when = PROTO_NEVER;
	size_t i;

	for (i = 0; i < NELEMS(s->servers); i++)
		if (s->servers[i].used && s->servers[i].until > now &&
		    s->servers[i].until < when)
			when = s->servers[i].until;
	for (i = 0; i < NELEMS(s->search); i++)
		if (s->search[i].used && s->search[i].until > now &&
		    s->search[i].until < when)
			when = s->search[i].until;
	for (i = 0; i < NELEMS(s->nat64); i++)
		if (s->nat64[i].used && s->nat64[i].until > now &&
		    s->nat64[i].until < when)
			when = s->nat64[i].until;
	for (i = 0; i < NELEMS(s->resolvers); i++)
		if (s->resolvers[i].used && s->resolvers[i].until > now &&
		    s->resolvers[i].until < when)
			when = s->resolvers[i].until;
	return when;
}

/* Entries by arrival: their indices, how many. */
static size_t
by_arrival(const struct slaac_dns *table, size_t n, uint64_t now, size_t out[])
{
	size_t i, k, count = 0;

	for (i = 0; i < n; i++) {
		if (!table[i].used || !sl_live(table[i].until, now))
			continue;
		for (k = count++; k > 0; k--) {
			if (table[i].order > table[out[k - 1]].order)
				break;
			out[k] = out[k - 1];
		}
		out[k] = i;
	}
	return count;
}

/* S-13: what the resolver is to use now. */
void
sl_dns_build(const struct slaac *s, uint64_t now, struct dns_set *dns)
{
	size_t servers[DNS_SERVERS_MAX], search[DNS_SEARCH_MAX], i, n;
	struct dns_server *server;

	memset(dns, 0, sizeof(*dns));
	if (!sl_running(s) || (s->conf.ignore & IGNORE_DNS))
		return;
	n = by_arrival(s->servers, NELEMS(s->servers), now, servers);
	for (i = 0; i < n; i++) {
		server = &dns->servers[dns->nservers++];
		server->family = AF_INET6;
		server->link_local =
		    (uint8_t)inet6_is_link_local(&s->servers[servers[i]].addr);
		memcpy(server->addr, &s->servers[servers[i]].addr,
		    sizeof(server->addr));
	}
	n = by_arrival(s->search, NELEMS(s->search), now, search);
	for (i = 0; i < n; i++)
		memcpy(dns->search[dns->nsearch++], s->search[search[i]].name,
		    DNS_NAME_MAX);
}

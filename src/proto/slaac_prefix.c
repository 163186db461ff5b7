/* SPDX-License-Identifier: ISC */
/*
 * Prefixes: what is on the link (RFC 4861 6.3.4), and what addresses are made
 * from (RFC 4862 5.5.3).  The two are judged apart (S-04).
 */
#include <arpa/inet.h>
#include <string.h>

#include "inet6.h"
#include "slaac_priv.h"

static struct slaac_pfx *find(struct slaac *, const struct nd_prefix *);
static int may_make_addresses(struct slaac *, const struct nd_prefix *);
static struct slaac_pfx *free_one(struct slaac *, uint64_t now);
static void retire(struct slaac *, struct slaac_pfx *, uint64_t now);
static int make_room(struct slaac *, int router, uint64_t now);
static void
set_valid(struct slaac *, struct slaac_pfx *, uint32_t valid_sec, uint64_t now);

static struct slaac_pfx *
find(struct slaac *s, const struct nd_prefix *p)
{
	size_t i;

	for (i = 0; i < NELEMS(s->prefixes); i++) {
		if (s->prefixes[i].used &&
		    s->prefixes[i].prefixlen == p->prefixlen &&
		    inet6_equal(&s->prefixes[i].prefix, &p->prefix))
			return &s->prefixes[i];
	}
	return NULL;
}

/* The /64 an address is in. */
struct slaac_pfx *
sl_prefix_of(struct slaac *s, const struct in6_addr *addr)
{
	size_t i;

	for (i = 0; i < NELEMS(s->prefixes); i++) {
		if (s->prefixes[i].used && s->prefixes[i].prefixlen == 64 &&
		    inet6_inside(addr, &s->prefixes[i].prefix, 64))
			return &s->prefixes[i];
	}
	return NULL;
}

/* RFC 4862 5.5.3 a) to d); the codec took link-local and multicast out. */
static int
may_make_addresses(struct slaac *s, const struct nd_prefix *p)
{
	if (!(p->flags & SLAAC_PREFIX_AUTONOMOUS))
		return 0;
	if (p->prefixlen == 64 && p->preferred_sec <= p->valid_sec)
		return 1;
	COUNT(s, ND_NO_ADDRESS);
	return 0;
}

uint64_t
sl_prefix_preferred(const struct slaac *s, const struct slaac_pfx *px)
{
	/* RFC 9762 6: addresses come from the delegated prefix instead. */
	if ((px->flags & SLAAC_PREFIX_DELEGATION) && s->delegated)
		return 0;
	if ((px->flags & SLAAC_PREFIX_DEPRECATED) || px->valid_until == 0)
		return 0;
	return px->preferred_until;
}

/* Kept for its addresses, and its DAD_Counter. */
void
sl_prefix_retire(struct slaac_pfx *px, uint64_t now)
{
	px->routers = px->heard = 0;
	px->flags |= SLAAC_PREFIX_DEPRECATED;
	px->onlink_until = 0;
	if (px->valid_until > now + TWO_HOURS_MS)
		px->valid_until = now + TWO_HOURS_MS;
}

void
sl_prefix_remove(struct slaac *s, struct slaac_pfx *px)
{
	sl_addr_remove_of(s, px);
	px->used = 0;
	s->changed = 1;
}

/*
 * A free slot of the table; when all are taken the prefix of a router that
 * cannot be reached, or of the youngest, goes (S-16).
 */
static struct slaac_pfx *
free_one(struct slaac *s, uint64_t now)
{
	struct sl_victim v = { -1, 0, 0 };
	struct slaac_pfx *px;
	int i;

	for (i = 0; i < SLAAC_PREFIXES_MAX; i++) {
		px = &s->prefixes[i];
		if (!px->used)
			return px;
		sl_victim_offer(s, &v, now, i, px->routers, px->order);
	}
	if (v.slot == -1) {
		COUNT(s, ND_EXCESS);
		return NULL;
	}
	s->evicted++;
	COUNT(s, ND_EVICT_PREFIX);
	sl_prefix_remove(s, &s->prefixes[v.slot]);
	return &s->prefixes[v.slot];
}

/*
 * Nobody's any more.  Its addresses serve on for a while: two forged
 * advertisements must not end what RFC 4862 5.5.3 e) keeps from one.
 */
static void
retire(struct slaac *s, struct slaac_pfx *px, uint64_t now)
{
	s->evicted++;
	COUNT(s, ND_EVICT_PREFIX);
	if (!sl_live(px->valid_until, now)) {
		sl_prefix_remove(s, px);
		return;
	}
	sl_prefix_retire(px, now);
	sl_addr_retire_of(s, px, now);
	s->changed = 1;
}

/*
 * May this router have one more?  One that it had before and that is not
 * preferred any more goes for it, or a router that renumbers four times would
 * be left with nothing.
 */
static int
make_room(struct slaac *s, int router, uint64_t now)
{
	struct slaac_pfx *px, *oldest = NULL;
	int i, n = 0;

	for (i = 0; i < SLAAC_PREFIXES_MAX; i++) {
		px = &s->prefixes[i];
		if (!px->used || !(px->routers & BIT(router)))
			continue;
		n++;
		/* One that is on-link alone was never preferred. */
		if (sl_live(sl_prefix_preferred(s, px), now) ||
		    (sl_live(px->onlink_until, now) && px->valid_until == 0))
			continue;
		if (oldest == NULL || px->order < oldest->order)
			oldest = px;
	}
	if (n < ROUTER_PREFIXES_MAX)
		return 1;
	if (oldest == NULL) {
		COUNT(s, ND_EXCESS);
		return 0;
	}
	oldest->routers &= (uint8_t)~BIT(router);
	oldest->heard &= (uint8_t)~BIT(router);
	if (oldest->routers == 0)
		retire(s, oldest, now);
	return 1;
}

/* RFC 4862 5.5.3 e): a forged advertisement cannot end addresses early. */
static void
set_valid(
    struct slaac *s, struct slaac_pfx *px, uint32_t valid_sec, uint64_t now)
{
	uint64_t until = sl_end(now, valid_sec);

	if (!sl_live(px->valid_until, now) || until >= px->valid_until ||
	    valid_sec > TWO_HOURS_MS / SEC_MS) {
		px->valid_until = until;
		return;
	}
	COUNT(s, ND_TWO_HOURS);
	if (px->valid_until > now + TWO_HOURS_MS)
		px->valid_until = now + TWO_HOURS_MS;
}

void
sl_prefix(struct slaac *s, int router, const struct nd_prefix *p, uint64_t now)
{
	int autonomous = may_make_addresses(s, p);
	int onlink = (p->flags & SLAAC_PREFIX_ONLINK) != 0;
	struct slaac_pfx *px = find(s, p);

	if (px == NULL && (p->valid_sec == 0 || (!onlink && !autonomous)))
		return;
	if ((px == NULL || !(px->routers & BIT(router))) &&
	    !make_room(s, router, now))
		return;
	if (px == NULL) {
		if ((px = free_one(s, now)) == NULL)
			return;
		memset(px, 0, sizeof(*px));
		px->used = 1;
		px->prefix = p->prefix;
		px->prefixlen = p->prefixlen;
		px->order = ++s->order;
		s->changed = 1;
	}
	px->routers |= BIT(router);
	px->heard |= BIT(router);
	px->flags = (uint8_t)(p->flags | (px->flags & SLAAC_PREFIX_DEPRECATED));
	/* A flag that is not set says nothing: it takes nothing back. */
	if (onlink)
		px->onlink_until = sl_end(now, p->valid_sec);
	if (!autonomous) {
		if (px->onlink_until == 0 && !sl_live(px->valid_until, now))
			sl_prefix_remove(s, px);
		return;
	}
	if (p->valid_sec > 0 || sl_live(px->valid_until, now))
		set_valid(s, px, p->valid_sec, now);
	px->preferred_until = sl_end(now, p->preferred_sec);
	px->granted = now;
	if (p->preferred_sec > 0)
		px->flags &= (uint8_t)~SLAAC_PREFIX_DEPRECATED;
	sl_addr_ensure(s, px, now);
}

void
sl_prefix_expire(struct slaac *s, uint64_t now)
{
	int preferred = 0, ended = 0;
	struct slaac_pfx *px;
	size_t i;

	for (i = 0; i < NELEMS(s->prefixes); i++) {
		px = &s->prefixes[i];
		if (!px->used)
			continue;
		if (px->onlink_until != 0 && !sl_live(px->onlink_until, now)) {
			px->onlink_until = 0;
			s->changed = 1;
		}
		if (px->preferred_until != 0 &&
		    !sl_live(px->preferred_until, now)) {
			px->preferred_until = 0;
			ended = 1;
		}
		if (sl_live(sl_prefix_preferred(s, px), now))
			preferred = 1;
		if (px->onlink_until == 0 && !sl_live(px->valid_until, now)) {
			px->used = 0;
			s->changed = 1;
		}
	}
	/* dhcpcd #412: a prefix ran out overnight and nobody asked again. */
	if (ended && !preferred)
		sl_lost(s, now);
}

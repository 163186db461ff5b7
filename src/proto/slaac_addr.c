/* SPDX-License-Identifier: ISC */
/*
 * Addresses: stable ones (RFC 7217, or EUI-64), temporary ones (RFC 8981), and
 * what the kernel says of them (duplicate address detection is its own).
 */
#include <arpa/inet.h>
#include <string.h>

#include "addrgen.h"
#include "inet6.h"
#include "slaac_priv.h"

static struct slaac_adr *find(struct slaac *, const struct in6_addr *);
static struct slaac_adr *free_one(struct slaac *);
static struct slaac_adr *
add(struct slaac *, struct slaac_pfx *, const struct in6_addr *);
static void make_stable(struct slaac *, struct slaac_pfx *, uint64_t now);
static int make_temporary(struct slaac *, struct slaac_pfx *, uint64_t now);
static void
set_ends(const struct slaac *, const struct slaac_pfx *, struct slaac_adr *);
static void drop(struct slaac *, struct slaac_adr *);
static uint32_t draw(void *);
static void text_of(const struct slaac_adr *, char[INET6_ADDRSTRLEN]);
static void duplicate(struct slaac *, struct slaac_adr *, uint64_t now);
static void vanished(struct slaac *, struct slaac_adr *, uint64_t now);
static void present(
    struct slaac *, struct slaac_adr *, const struct state6 *, uint64_t now);
static void link_local(struct slaac *, const struct state6 *);
static void remember(struct slaac *, const struct state6 *);

static struct slaac_adr *
find(struct slaac *s, const struct in6_addr *addr)
{
	size_t i;

	for (i = 0; i < NELEMS(s->addrs); i++) {
		if (s->addrs[i].used && inet6_equal(&s->addrs[i].addr, addr))
			return &s->addrs[i];
	}
	return NULL;
}

static void
text_of(const struct slaac_adr *a, char text[INET6_ADDRSTRLEN])
{
	if (inet_ntop(AF_INET6, &a->addr, text, INET6_ADDRSTRLEN) == NULL)
		text[0] = '\0';
}

/*
 * A slot; when all are taken the oldest that is of no use any more goes: a
 * duplicate, one of another network, a temporary one with a successor.
 */
static struct slaac_adr *
free_one(struct slaac *s)
{
	struct slaac_adr *a, *oldest = NULL;
	size_t i;

	for (i = 0; i < NELEMS(s->addrs); i++) {
		a = &s->addrs[i];
		if (!a->used)
			return a;
		if (!(a->flags & (SLAAC_ADDR_DUPLICATED | SLAAC_ADDR_OLD)) &&
		    !a->replaced)
			continue;
		if (oldest == NULL || a->order < oldest->order)
			oldest = a;
	}
	if (oldest == NULL) {
		COUNT(s, ND_EXCESS);
		return NULL;
	}
	s->evicted++;
	COUNT(s, ND_EVICT_ADDR);
	drop(s, oldest);
	return oldest;
}

/* Not ours any more; the kernel has it a moment longer, and what it said of it
 * holds if the address is made again before that. */
static void
drop(struct slaac *s, struct slaac_adr *a)
{
	struct state6 st;

	a->used = 0;
	if (!(a->flags & SLAAC_ADDR_CONFIGURED))
		return;
	memset(&st, 0, sizeof(st));
	st.addr = a->addr;
	st.prefixlen = a->prefixlen;
	st.flags = STATE6_PRESENT;
	if (a->flags & SLAAC_ADDR_TENTATIVE)
		st.flags |= STATE6_TENTATIVE;
	if (a->flags & SLAAC_ADDR_OPTIMISTIC)
		st.flags |= STATE6_OPTIMISTIC;
	if (a->flags & SLAAC_ADDR_DUPLICATED)
		st.flags |= STATE6_DUPLICATED;
	remember(s, &st);
}

static struct slaac_adr *
add(struct slaac *s, struct slaac_pfx *px, const struct in6_addr *addr)
{
	struct slaac_adr *a;

	if (!s->ops->addr6_usable(s->ctx, addr, px->prefixlen)) {
		if (!px->refused)
			LOG(s, LOG_WARNING, "prefix is not one for addresses");
		px->refused = 1;
		COUNT(s, ND_NO_ADDRESS);
		return NULL;
	}
	if ((a = free_one(s)) == NULL)
		return NULL;
	memset(a, 0, sizeof(*a));
	a->used = 1;
	a->addr = *addr;
	a->prefixlen = px->prefixlen;
	a->order = ++s->order;
	a->cap_valid = a->cap_preferred = PROTO_NEVER;
	set_ends(s, px, a);
	s->changed = 1;
	return a;
}

/* Its prefix's lifetimes, as far as its own allow. */
static void
set_ends(const struct slaac *s, const struct slaac_pfx *px, struct slaac_adr *a)
{
	a->valid_until = px->valid_until;
	if (a->valid_until > a->cap_valid)
		a->valid_until = a->cap_valid;
	a->preferred_until = sl_prefix_preferred(s, px);
	if (a->preferred_until > a->cap_preferred)
		a->preferred_until = a->cap_preferred;
}

static void
make_stable(struct slaac *s, struct slaac_pfx *px, uint64_t now)
{
	struct addrgen_key key = { s->iface.name, s->iface.network_id,
		s->iface.network_id_len, s->secret };
	struct slaac_adr *a;
	struct in6_addr addr;
	uint8_t dad = px->dad;

	if ((s->conf.soii ||
		addrgen_eui64(&px->prefix, s->iface.hwaddr, s->iface.hwaddr_len,
		    &addr) == -1) &&
	    addrgen_stable(&key, &px->prefix, &dad, &addr) == -1) {
		px->given_up = 1;
		return;
	}
	a = find(s, &addr);
	if (a == NULL) {
		if ((a = add(s, px, &addr)) == NULL)
			return;
	} else if (a->flags & SLAAC_ADDR_DUPLICATED) {
		px->given_up = 1;
		return;
	}
	/* One of before, in a network that is here again. */
	a->flags &= (uint8_t) ~(SLAAC_ADDR_OLD | SLAAC_ADDR_TEMPORARY);
	a->dad = dad;
	px->dad = dad;
	set_ends(s, px, a);
	sl_addr_seen(s, a, now);
}

static uint32_t
draw(void *arg)
{
	const struct slaac *s = arg;

	return s->ops->random(s->ctx, 0);
}

/* RFC 8981 3.4; 1: there is one more. */
static int
make_temporary(struct slaac *s, struct slaac_pfx *px, uint64_t now)
{
	uint64_t cap = now + TEMP_PREFERRED_MS, preferred;
	struct slaac_adr *a;
	struct in6_addr addr;

	/* DESYNC_FACTOR: hosts that boot together do not change together */
	cap -= s->ops->random(s->ctx, (uint32_t)MAX_DESYNC_MS);
	preferred = sl_prefix_preferred(s, px);
	if (preferred > cap)
		preferred = cap;
	if (!sl_live(preferred, now + REGEN_ADVANCE_MS) ||
	    addrgen_temporary(&px->prefix, draw, s, &addr) == -1 ||
	    find(s, &addr) != NULL || (a = add(s, px, &addr)) == NULL)
		return 0;
	a->flags |= SLAAC_ADDR_TEMPORARY;
	a->dad = px->tries;
	a->cap_preferred = cap;
	a->cap_valid = now + TEMP_VALID_MS;
	set_ends(s, px, a);
	return 1;
}

uint64_t
sl_addr_regenerate_at(struct slaac *s, const struct slaac_adr *a)
{
	const struct slaac_pfx *px = sl_prefix_of(s, &a->addr);

	if (!(a->flags & SLAAC_ADDR_TEMPORARY) || a->replaced ||
	    (a->flags & (SLAAC_ADDR_OLD | SLAAC_ADDR_DUPLICATED)) ||
	    !s->conf.temporary || px == NULL ||
	    sl_prefix_preferred(s, px) <= a->cap_preferred)
		return PROTO_NEVER;
	return a->cap_preferred > REGEN_ADVANCE_MS
	    ? a->cap_preferred - REGEN_ADVANCE_MS
	    : 0;
}

void
sl_addr_ensure(struct slaac *s, struct slaac_pfx *px, uint64_t now)
{
	struct slaac_adr *a, *stable = NULL, *temporary = NULL;
	size_t i;

	if (px->prefixlen != 64)
		return;
	for (i = 0; i < NELEMS(s->addrs); i++) {
		a = &s->addrs[i];
		if (!a->used || (a->flags & SLAAC_ADDR_OLD) ||
		    !inet6_inside(&a->addr, &px->prefix, 64))
			continue;
		set_ends(s, px, a);
		if (a->flags & SLAAC_ADDR_DUPLICATED)
			continue;
		if (!(a->flags & SLAAC_ADDR_TEMPORARY))
			stable = a;
		else if (!a->replaced)
			temporary = a;
	}
	if (!sl_running(s) || px->routers == 0 ||
	    !sl_live(px->valid_until, now) ||
	    ((px->flags & SLAAC_PREFIX_DELEGATION) && s->delegated))
		return;
	if (stable == NULL && !px->given_up)
		make_stable(s, px, now);
	if (!s->conf.temporary || px->tries > TEMP_IDGEN_RETRIES)
		return;
	if (temporary == NULL)
		make_temporary(s, px, now);
	else if (sl_addr_regenerate_at(s, temporary) <= now &&
	    make_temporary(s, px, now))
		temporary->replaced = 1;
}

void
sl_addr_ensure_all(struct slaac *s, uint64_t now)
{
	size_t i;

	for (i = 0; i < NELEMS(s->prefixes); i++)
		if (s->prefixes[i].used)
			sl_addr_ensure(s, &s->prefixes[i], now);
}

void
sl_addr_remove_of(struct slaac *s, const struct slaac_pfx *px)
{
	size_t i;

	for (i = 0; i < NELEMS(s->addrs); i++) {
		if (s->addrs[i].used && px->prefixlen == 64 &&
		    inet6_inside(&s->addrs[i].addr, &px->prefix, 64))
			drop(s, &s->addrs[i]);
	}
}

void
sl_addr_retire(struct slaac_adr *a, uint64_t now)
{
	a->flags |= SLAAC_ADDR_OLD;
	a->preferred_until = 0;
	if (a->valid_until > now + TWO_HOURS_MS)
		a->valid_until = now + TWO_HOURS_MS;
}

void
sl_addr_retire_of(struct slaac *s, const struct slaac_pfx *px, uint64_t now)
{
	size_t i;

	for (i = 0; i < NELEMS(s->addrs); i++) {
		if (s->addrs[i].used && px->prefixlen == 64 &&
		    inet6_inside(&s->addrs[i].addr, &px->prefix, 64))
			sl_addr_retire(&s->addrs[i], now);
	}
}

void
sl_addr_drop_temporary(struct slaac *s)
{
	size_t i;

	for (i = 0; i < NELEMS(s->addrs); i++)
		if (s->addrs[i].used &&
		    (s->addrs[i].flags & SLAAC_ADDR_TEMPORARY))
			drop(s, &s->addrs[i]);
	s->changed = 1;
}

/* Other stable addresses are wanted; these serve as long as they may. */
void
sl_addr_restable(struct slaac *s, uint64_t now)
{
	struct slaac_adr *a;
	size_t i;

	for (i = 0; i < NELEMS(s->addrs); i++) {
		a = &s->addrs[i];
		if (a->used && !(a->flags & SLAAC_ADDR_TEMPORARY))
			sl_addr_retire(a, now);
	}
	for (i = 0; i < NELEMS(s->prefixes); i++) {
		s->prefixes[i].dad = s->prefixes[i].conflicts = 0;
		s->prefixes[i].given_up = 0;
	}
	s->changed = 1;
}

void
sl_addr_expire(struct slaac *s, uint64_t now)
{
	char text[INET6_ADDRSTRLEN];
	struct slaac_adr *a;
	size_t i;

	for (i = 0; i < NELEMS(s->addrs); i++) {
		a = &s->addrs[i];
		if (!a->used || sl_live(a->valid_until, now))
			continue;
		drop(s, a);
		s->changed = 1;
		if (a->flags & SLAAC_ADDR_DUPLICATED)
			continue;
		text_of(a, text);
		COUNT(s, ND_EXPIRED);
		LOG(s, LOG_NOTICE, "address %s has expired", text);
		sl_event(s, EVENT_EXPIRED, a, now, "valid lifetime ended");
	}
}

void
sl_addr_deprecations(struct slaac *s, uint64_t now)
{
	char text[INET6_ADDRSTRLEN];
	struct slaac_adr *a;
	size_t i;

	for (i = 0; i < NELEMS(s->addrs); i++) {
		a = &s->addrs[i];
		if (!a->used)
			continue;
		if (sl_live(a->preferred_until, now)) {
			a->flags &= (uint8_t)~SLAAC_ADDR_DEPRECATED;
			continue;
		}
		if (a->flags & SLAAC_ADDR_DEPRECATED)
			continue;
		a->flags |= SLAAC_ADDR_DEPRECATED;
		s->changed = 1;
		if (!a->said)
			continue;
		text_of(a, text);
		LOG(s, LOG_INFO, "address %s is deprecated", text);
		sl_event(s, EVENT_DEPRECATED, a, now, "");
	}
}

int
sl_addr_usable(const struct slaac_adr *a)
{
	return a->used && (a->flags & SLAAC_ADDR_CONFIGURED) &&
	    !(a->flags & SLAAC_ADDR_DUPLICATED) &&
	    (!(a->flags & SLAAC_ADDR_TENTATIVE) ||
		(a->flags & SLAAC_ADDR_OPTIMISTIC));
}

int
slaac_usable(const struct slaac *s)
{
	size_t i;

	for (i = 0; i < NELEMS(s->addrs); i++)
		if (sl_addr_usable(&s->addrs[i]))
			return 1;
	return 0;
}

/* S-08: withdrawn, and another one is tried. */
static void
duplicate(struct slaac *s, struct slaac_adr *a, uint64_t now)
{
	struct slaac_pfx *px = sl_prefix_of(s, &a->addr);
	char text[INET6_ADDRSTRLEN];
	int over;

	if (a->flags & SLAAC_ADDR_DUPLICATED)
		return;
	a->flags |= SLAAC_ADDR_DUPLICATED;
	a->flags &= (uint8_t) ~(SLAAC_ADDR_TENTATIVE | SLAAC_ADDR_OPTIMISTIC);
	a->gone = 0;
	s->changed = 1;
	text_of(a, text);
	COUNT(s, ND_DUPLICATE);
	LOG(s, LOG_WARNING, "address %s is in use by another host", text);
	sl_event(s, EVENT_CONFLICT, a, now, "duplicate address");
	if (px == NULL || (a->flags & SLAAC_ADDR_OLD))
		return;
	if (a->flags & SLAAC_ADDR_TEMPORARY) {
		over = ++px->tries > TEMP_IDGEN_RETRIES;
	} else {
		over = ++px->conflicts > IDGEN_RETRIES || !s->conf.soii ||
		    a->dad == UINT8_MAX;
		px->given_up = (uint8_t)over;
		px->dad = (uint8_t)(a->dad + !over);
	}
	if (over)
		LOG(s, LOG_ERR, "no more addresses are tried in its prefix");
	sl_addr_ensure(s, px, now);
}

static void
vanished(struct slaac *s, struct slaac_adr *a, uint64_t now)
{
	if (!(a->flags & SLAAC_ADDR_CONFIGURED))
		return;
	a->flags &= (uint8_t)~SLAAC_ADDR_CONFIGURED;
	a->said = 0; /* when it is back, that is news */
	/* The kernel's own lifetime may end a moment before ours. */
	if (!(a->flags & SLAAC_ADDR_DUPLICATED) &&
	    sl_left(a->valid_until, now) > 1 && s->started)
		a->gone = now;
}

static void
present(
    struct slaac *s, struct slaac_adr *a, const struct state6 *st, uint64_t now)
{
	struct slaac_pfx *px = sl_prefix_of(s, &a->addr);
	char text[INET6_ADDRSTRLEN];

	a->gone = 0;
	a->flags |= SLAAC_ADDR_CONFIGURED;
	/* Ours is withdrawn; until it has gone it is no news. */
	if (a->flags & SLAAC_ADDR_DUPLICATED)
		return;
	a->flags &= (uint8_t) ~(SLAAC_ADDR_TENTATIVE | SLAAC_ADDR_OPTIMISTIC);
	if (st->flags & STATE6_DUPLICATED) {
		duplicate(s, a, now);
		return;
	}
	if (st->flags & STATE6_TENTATIVE)
		a->flags |= SLAAC_ADDR_TENTATIVE;
	if (st->flags & STATE6_OPTIMISTIC)
		a->flags |= SLAAC_ADDR_OPTIMISTIC;
	if (!(a->flags & (SLAAC_ADDR_TENTATIVE | SLAAC_ADDR_OPTIMISTIC)) &&
	    (a->flags & SLAAC_ADDR_TEMPORARY) && px != NULL)
		px->tries = 0;
	if (!sl_addr_usable(a) || a->said)
		return;
	a->said = 1;
	text_of(a, text);
	LOG(s, LOG_INFO, "address %s/%u can be used%s%s", text, a->prefixlen,
	    a->flags & SLAAC_ADDR_TEMPORARY ? ", temporary" : "",
	    a->flags & SLAAC_ADDR_OPTIMISTIC ? ", optimistic" : "");
	sl_event(s, EVENT_BOUND, a, now, "");
}

/* RFC 4429 3.2: what an optimistic address may not say, see slaac.c. */
static void
link_local(struct slaac *s, const struct state6 *st)
{
	int sure = (st->flags & STATE6_PRESENT) &&
	    !(st->flags &
		(STATE6_TENTATIVE | STATE6_OPTIMISTIC | STATE6_DUPLICATED));

	if (sure) {
		s->link_local = st->addr;
		s->link_local_sure = 1;
	} else if (!s->link_local_sure ||
	    inet6_equal(&s->link_local, &st->addr)) {
		s->link_local = st->addr;
		s->link_local_sure = 0;
	}
}

/* Addresses of the kernel that we have not made; perhaps we will. */
static void
remember(struct slaac *s, const struct state6 *st)
{
	struct state6 *slot = NULL;
	size_t i;

	for (i = 0; i < NELEMS(s->seen); i++) {
		if (inet6_equal(&s->seen[i].addr, &st->addr)) {
			slot = &s->seen[i];
			break;
		}
		if (slot == NULL && !(s->seen[i].flags & STATE6_PRESENT))
			slot = &s->seen[i];
	}
	if (slot != NULL)
		*slot = *st;
}

void
sl_addr_seen(struct slaac *s, struct slaac_adr *a, uint64_t now)
{
	struct state6 st;
	size_t i;

	for (i = 0; i < NELEMS(s->seen); i++) {
		st = s->seen[i];
		if (!(st.flags & STATE6_PRESENT) ||
		    !inet6_equal(&st.addr, &a->addr))
			continue;
		memset(&s->seen[i], 0, sizeof(s->seen[i]));
		present(s, a, &st, now);
		return;
	}
}

void
slaac_address(struct slaac *s, const struct state6 *st, uint64_t now)
{
	struct slaac_adr *a;

	if (inet6_is_link_local(&st->addr)) {
		link_local(s, st);
		return;
	}
	if (!s->started && (st->flags & STATE6_PRESENT) &&
	    (st->flags & STATE6_OURS))
		s->adopting = 1;
	a = find(s, &st->addr);
	if (a == NULL) {
		remember(s, st);
		return;
	}
	if (st->flags & STATE6_PRESENT) {
		present(s, a, st, now);
	} else {
		vanished(s, a, now);
		if (st->flags & STATE6_DUPLICATED)
			duplicate(s, a, now);
	}
	sl_update(s, now);
}

/* Time enough for the link to go down has passed, which it does after the
 * kernel has taken the addresses away. */
void
sl_addr_gone(struct slaac *s, uint64_t now)
{
	char text[INET6_ADDRSTRLEN];
	struct slaac_adr *a;
	size_t i;

	for (i = 0; i < NELEMS(s->addrs); i++) {
		a = &s->addrs[i];
		if (!a->used || a->gone == 0 || now < a->gone + GONE_WAIT_MS)
			continue;
		a->gone = 0;
		/* Asked for again when the link comes back. */
		if (!sl_link_up(s))
			continue;
		text_of(a, text);
		LOG(s, LOG_WARNING, "address %s was removed by somebody else",
		    text);
		if (s->restored != 0 && now - s->restored < RESTORE_WAIT_MS) {
			s->when[SLAAC_T_RETRY] = s->restored + RESTORE_WAIT_MS;
			continue;
		}
		s->restored = now;
		a->sent_valid = 0;
		s->asked = 0;
	}
}

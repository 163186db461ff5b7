/* SPDX-License-Identifier: ISC */
/*
 * Which IA_PD is which prefix statement's.  The one at place n has index
 * n + 1 in all tables; when a reload moves a statement, its IA_PD with its
 * identifier and what is leased to it moves along (RFC 9915 12: an IAID is
 * the same for as long as the IA is).
 */

#include <string.h>

#include "dhcp6_priv.h"
#include "iaid.h"

#define NOWHERE CONF_PREFIXES_MAX

/* What makes a statement of the new configuration the same as one of the old,
 * best first; the rest takes the places that are left. */
enum match {
	MATCH_ALL, /* also what it assigns */
	MATCH_HINT,
	MATCH_PLACE, /* the hint was changed */
	MATCH_LEFT,
	MATCH_FREE,
	MATCH_MAX
};

static int
same_hint(const struct conf_prefix *a, const struct conf_prefix *b)
{
	return a->hint_len == b->hint_len &&
	    IN6_ARE_ADDR_EQUAL(&a->hint, &b->hint);
}

static int
matches(enum match how, const struct conf_iface *old, unsigned int i,
    const struct conf_iface *new, unsigned int n)
{
	const struct conf_prefix *a = &old->prefixes[i], *b = &new->prefixes[n];
	int both = i < old->nprefixes && n < new->nprefixes;

	switch (how) {
	case MATCH_ALL:
		return both && memcmp(a, b, sizeof(*a)) == 0;
	case MATCH_HINT:
		return both && same_hint(a, b);
	case MATCH_PLACE:
		return both && i == n;
	case MATCH_LEFT:
		return both;
	default:
		return 1;
	}
}

/* from[n]: the old place of the new statement n. */
static void
match_places(const struct conf_iface *old, const struct conf_iface *new,
    unsigned int from[CONF_PREFIXES_MAX])
{
	int taken[CONF_PREFIXES_MAX] = { 0 };
	unsigned int how, i, n;

	for (n = 0; n < CONF_PREFIXES_MAX; n++)
		from[n] = NOWHERE;
	for (how = 0; how < MATCH_MAX; how++)
		for (n = 0; n < CONF_PREFIXES_MAX; n++)
			for (i = 0; i < CONF_PREFIXES_MAX; i++) {
				if (from[n] != NOWHERE || taken[i] ||
				    !matches((enum match)how, old, i, new, n))
					continue;
				from[n] = i;
				taken[i] = 1;
			}
}

static uint32_t
move_mask(uint32_t ias, const uint8_t to[DHCP6_IAS_MAX])
{
	uint32_t moved = 0;
	unsigned int i;

	for (i = 0; i < DHCP6_IAS_MAX; i++)
		if (ias & IA_BIT(i))
			moved |= IA_BIT(to[i]);
	return moved;
}

static void
move_lease(struct dhcp6_lease *l, const uint8_t to[DHCP6_IAS_MAX])
{
	struct dhcp6_ia was[DHCP6_IAS_MAX];
	unsigned int i;

	memcpy(was, l->ias, sizeof(was));
	for (i = 0; i < DHCP6_IAS_MAX; i++)
		l->ias[to[i]] = was[i];
	for (i = 0; i < l->nprefixes; i++)
		l->prefixes[i].ia = to[l->prefixes[i].ia];
}

static void
move(struct dhcp6 *d, const uint8_t to[DHCP6_IAS_MAX])
{
	struct dhcp6_ia_times was[DHCP6_IAS_MAX];
	unsigned int i;

	memcpy(was, d->times, sizeof(was));
	for (i = 0; i < DHCP6_IAS_MAX; i++)
		d->times[to[i]] = was[i];
	move_lease(&d->lease, to);
	move_lease(&d->offer, to);
	d->offer_ias = move_mask(d->offer_ias, to);
	for (i = 0; i < DHCP6_EXCHANGES_MAX; i++)
		d->exchanges[i].ias = move_mask(d->exchanges[i].ias, to);
	for (i = 0; i < d->nleaving; i++)
		d->leaving[i].prefix.ia = to[d->leaving[i].prefix.ia];
}

uint32_t
d6_match_prefixes(struct dhcp6 *d, const struct conf_iface *new)
{
	unsigned int from[CONF_PREFIXES_MAX], n;
	uint8_t to[DHCP6_IAS_MAX] = { DHCP6_IA_NA };
	uint32_t gone = 0;

	match_places(&d->conf, new, from);
	for (n = 0; n < CONF_PREFIXES_MAX; n++)
		to[from[n] + 1] = (uint8_t)(n + 1);
	move(d, to);
	for (n = 0; n < CONF_PREFIXES_MAX; n++)
		if (d->lease.ias[n + 1].state != IA_OFF &&
		    (n >= new->nprefixes || from[n] >= d->conf.nprefixes ||
			!same_hint(
			    &d->conf.prefixes[from[n]], &new->prefixes[n])))
			gone |= IA_BIT(n + 1);
	return gone;
}

void
d6_release_ias(struct dhcp6 *d, uint32_t ias, uint64_t now)
{
	struct dhcp6_server servers[DHCP6_IAS_MAX];
	struct dhcp6_exchange *x;
	unsigned int i, n;

	if (d6_find_kind(d, EX_RELEASE) == NULL)
		d->nleaving = 0;
	for (i = 0; i < d->lease.nprefixes; i++) {
		const struct dhcp6_prefix *p = &d->lease.prefixes[i];

		if (!(ias & IA_BIT(p->ia)) || d->nleaving == DHCP6_PREFIXES_MAX)
			continue;
		d6_event_prefix(d, EVENT_RELEASED, p, "");
		n = d->nleaving++;
		d->leaving[n].prefix = *p;
		d->leaving[n].iaid = d->lease.ias[p->ia].iaid;
	}
	for (i = 0; i < DHCP6_IAS_MAX; i++)
		servers[i] = d->lease.ias[i].server;
	d6_leave(d, ias);
	d6_drop_ias(d, ias);
	d6_set_ias(d, ias, IA_OFF);
	for (i = 0; d6_can_speak(d) && i < DHCP6_IAS_MAX; i++) {
		if (!(ias & IA_BIT(i)) || servers[i].duid_len == 0)
			continue;
		x = d6_prepare(d, EX_RELEASE, IA_BIT(i), &servers[i], now);
		if (x != NULL)
			x->next = now + RELEASE_WAIT_MS;
	}
}

/* ---- identifiers ---- */

/* Does an IA that keeps its identifier, or one before, have this one? */
static int
is_used(const struct dhcp6 *d, uint32_t iaid, unsigned int by)
{
	unsigned int i;

	for (i = 0; i < DHCP6_IAS_MAX; i++)
		if (i != by && d->lease.ias[i].iaid == iaid &&
		    (i < by || d->lease.ias[i].state != IA_OFF))
			return 1;
	return 0;
}

/* Of an anonymous host it says nothing (RFC 7844 4.5). */
void
d6_set_iaids(struct dhcp6 *d)
{
	uint32_t base = iaid_of(&d->conf, d->iface.name);
	unsigned int i, n;

	if (d->conf.anonymous && !d->conf.has_iaid)
		base = 0;
	for (i = 0; i < DHCP6_IAS_MAX; i++) {
		if (d->lease.ias[i].state != IA_OFF)
			continue;
		/* As many are left as there are IAs without one. */
		for (n = 0; n < DHCP6_IAS_MAX; n++)
			if (!is_used(d, base + (i + n) % DHCP6_IAS_MAX, i))
				break;
		d->lease.ias[i].iaid = base + (i + n) % DHCP6_IAS_MAX;
	}
}

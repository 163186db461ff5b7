/* SPDX-License-Identifier: ISC */
/*
 * What the kernel says of IPv6 addresses: whether one of ours can be bound
 * (Y-03) is the kernel's word, not a machine's belief.
 */

#include <string.h>

#include "engine.h"

static struct engine_addr *
find(struct eif *eif, const struct in6_addr *addr)
{
	unsigned int i;

	for (i = 0; i < eif->naddrs6; i++)
		if (IN6_ARE_ADDR_EQUAL(&eif->addrs6[i].state.addr, addr))
			return &eif->addrs6[i];
	return NULL;
}

void
engine_address(struct eif *eif, const struct state6 *state, uint64_t now)
{
	struct engine_addr *known = find(eif, &state->addr);

	if (!(state->flags & STATE6_PRESENT) || !(state->flags & STATE6_OURS)) {
		if (known != NULL)
			*known = eif->addrs6[--eif->naddrs6];
		return;
	}
	/* The parent lets us have no more than there is room for. */
	if (known == NULL && eif->naddrs6 < SHOW_ADDRS_MAX)
		known = &eif->addrs6[eif->naddrs6++];
	if (known != NULL)
		*known = (struct engine_addr){ *state, now };
}

/* Bindable: what bind(2) accepts, and others may answer (RFC 4429). */
static int
bindable(const struct state6 *state)
{
	if (state->flags & STATE6_DUPLICATED ||
	    IN6_IS_ADDR_LINKLOCAL(&state->addr))
		return 0;
	return !(state->flags & STATE6_TENTATIVE) ||
	    state->flags & STATE6_OPTIMISTIC;
}

int
engine_ready6(const struct eif *eif)
{
	unsigned int i;

	for (i = 0; i < eif->naddrs6; i++)
		if (bindable(&eif->addrs6[i].state))
			return 1;
	return 0;
}

static void
set_origin(struct show_addr *addr, enum protocol protocol, uint32_t valid_sec,
    uint32_t preferred_sec)
{
	addr->protocol = protocol;
	addr->state.valid_sec = valid_sec;
	addr->state.preferred_sec = preferred_sec;
}

void
engine_origin(struct show_addr *addr, const struct addr_origins *from)
{
	const struct in6_addr *a = &addr->state.addr;
	const struct pd_status_entry *p;
	const struct slaac_address *s;
	const struct dhcp6_addr *l;
	unsigned int i;

	addr->protocol = PROTO_NONE;
	if (IN6_IS_ADDR_LINKLOCAL(a))
		return;
	/* Of an earlier run, when nobody knows it any more. */
	addr->protocol = PROTO_PD;
	for (i = 0; i < from->pd.nentries; i++) {
		p = &from->pd.entries[i];
		if (IN6_ARE_ADDR_EQUAL(&p->addr, a))
			set_origin(
			    addr, PROTO_PD, p->valid_sec, p->preferred_sec);
	}
	for (i = 0; i < from->dhcp6.naddrs; i++) {
		l = &from->dhcp6.addrs[i];
		if (IN6_ARE_ADDR_EQUAL(&l->addr, a))
			set_origin(
			    addr, PROTO_DHCP6, l->valid_sec, l->preferred_sec);
	}
	for (i = 0; i < from->slaac.naddrs; i++) {
		s = &from->slaac.addrs[i];
		if (!IN6_ARE_ADDR_EQUAL(&s->addr, a))
			continue;
		set_origin(addr, PROTO_SLAAC, s->valid_sec, s->preferred_sec);
		addr->temporary = (s->flags & SLAAC_ADDR_TEMPORARY) != 0;
	}
}

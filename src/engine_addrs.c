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

/* SPDX-License-Identifier: ISC */
/*
 * The model kernel of an interface: addresses that run out, duplicate address
 * detection, and requests that fail.
 */

#include <errno.h>
#include <string.h>

#include "sim.h"

#define DAD_MS 1000

/* ---- IPv4 ---- */

struct sim_addr *
sim_kernel_find(struct sim_iface *iface, struct in_addr addr)
{
	size_t i;

	for (i = 0; i < iface->naddrs; i++)
		if (iface->addrs[i].addr.s_addr == addr.s_addr)
			return &iface->addrs[i];
	return NULL;
}

static uint64_t
end_of(const struct sim_iface *iface, uint32_t sec)
{
	return sec == LIFETIME_INFINITE ? PROTO_NEVER
					: iface->sim->now + sec * 1000ULL;
}

static int
in_config4(const struct config4 *config, struct in_addr addr)
{
	uint16_t i;

	for (i = 0; i < config->naddrs; i++)
		if (config->addrs[i].addr.s_addr == addr.s_addr)
			return 1;
	return 0;
}

/* Taking away does not fail: what is gone is gone. */
static int
fails(struct sim_iface *iface, uint16_t naddrs)
{
	if (naddrs == 0 || !sim_chance(iface->sim, iface->trouble.kernel_fails))
		return 0;
	iface->failed = iface->sim->now;
	return 1;
}

/* As the parent does: what is new is in before the old goes out. */
uint32_t
sim_configure4(struct sim_iface *iface, const struct config4 *config)
{
	const struct addr4 *want;
	struct sim_addr *a;
	size_t i;

	sim_say(iface->sim, iface, "kernel: %u addresses", config->naddrs);
	if (fails(iface, config->naddrs))
		return ENOBUFS;
	for (i = 0; i < config->naddrs; i++) {
		want = &config->addrs[i];
		a = sim_kernel_find(iface, want->addr);
		if (a == NULL) {
			if (iface->naddrs == SIM_ADDRS)
				sim_fail(
				    iface->sim, iface, "too many addresses");
			a = &iface->addrs[iface->naddrs++];
		}
		a->addr = want->addr;
		a->prefixlen = want->prefixlen;
		a->valid_until = end_of(iface, want->valid_sec);
	}
	for (i = iface->naddrs; i > 0; i--)
		if (!in_config4(config, iface->addrs[i - 1].addr))
			iface->addrs[i - 1] = iface->addrs[--iface->naddrs];
	return 0;
}

/* ---- IPv6 ---- */

struct sim_addr6 *
sim_kernel_find6(struct sim_iface *iface, const struct in6_addr *addr,
    unsigned int *protocol)
{
	struct sim_side6 *side;
	size_t i;

	for (*protocol = 0; *protocol < PROTO_MAX; ++*protocol) {
		side = &iface->sides[*protocol];
		for (i = 0; i < side->naddrs; i++)
			if (IN6_ARE_ADDR_EQUAL(
				&side->addrs[i].wanted.addr, addr))
				return &side->addrs[i];
	}
	return NULL;
}

/* What is left of a span that was sec long when it was given. */
static uint32_t
left(const struct sim_iface *iface, const struct sim_addr6 *a, uint32_t sec)
{
	uint64_t used = a->valid_until == PROTO_NEVER ? 0
						      : a->wanted.valid_sec -
		(a->valid_until - iface->sim->now + 999) / 1000;

	return sec == LIFETIME_INFINITE ? sec
	    : used < sec		? sec - (uint32_t)used
					: 0;
}

static void
tell(struct sim_iface *iface, const struct sim_addr6 *a, uint32_t flags)
{
	const struct state6 st = { .ifindex = iface->iface.ifindex,
		.flags = flags | STATE6_OURS |
		    (flags != 0 && a->tentative ? STATE6_TENTATIVE : 0),
		.addr = a->wanted.addr,
		.prefixlen = a->wanted.prefixlen,
		.valid_sec = left(iface, a, a->wanted.valid_sec),
		.preferred_sec = left(iface, a, a->wanted.preferred_sec) };

	if (iface->handed)
		SIM_TELL(iface->sim, MSG_STATE6, st);
}

static void
tell_link_local(struct sim_iface *iface)
{
	const struct state6 st = { .ifindex = iface->iface.ifindex,
		.flags = STATE6_PRESENT,
		.addr = { { { 0xfe, 0x80, [15] = 0xff } } },
		.prefixlen = 64,
		.valid_sec = LIFETIME_INFINITE,
		.preferred_sec = LIFETIME_INFINITE };

	SIM_TELL(iface->sim, MSG_STATE6, st);
}

void
sim_kernel_tell(struct sim_iface *iface)
{
	const struct sim_side6 *side;
	unsigned int p;
	size_t i;

	tell_link_local(iface);
	for (p = 0; p < PROTO_MAX; p++) {
		side = &iface->sides[p];
		for (i = 0; i < side->naddrs; i++)
			tell(iface, &side->addrs[i], STATE6_PRESENT);
	}
}

static void
remove_addr(struct sim_iface *iface, unsigned int protocol, struct sim_addr6 *a,
    uint32_t flags)
{
	struct sim_side6 *side = &iface->sides[protocol];
	struct sim_addr6 gone = *a;
	struct ipc_channel_state keyed = { .channel = CHANNEL_DHCP6,
		.key6 = a->wanted.addr };

	gone.tentative = 0;
	*a = side->addrs[--side->naddrs];
	/* Sockets that are bound to it go with it. */
	sim_close(iface, &keyed);
	keyed.channel = CHANNEL_DHCP6_SEND;
	sim_close(iface, &keyed);
	tell(iface, &gone, flags);
}

/* An address with a configured suffix stays refused: only made ones fail. */
static void
detected(struct sim *sim, struct sim_iface *iface, uint32_t n,
    const uint8_t *data, size_t len)
{
	struct sim_addr6 *a;
	struct in6_addr addr;
	unsigned int protocol;

	(void)n;
	(void)len;
	memcpy(&addr, data, sizeof(addr));
	a = sim_kernel_find6(iface, &addr, &protocol);
	if (a == NULL || !a->tentative)
		return;
	sim->doing = "duplicate detection ends";
	if (sim_chance(sim, iface->trouble.duplicates)) {
		sim_say(sim, iface, "%s is a duplicate", sim_text6(&addr));
		remove_addr(iface, protocol, a, STATE6_DUPLICATED);
		return;
	}
	a->tentative = 0;
	tell(iface, a, STATE6_PRESENT);
}

static void
configure_addr(
    struct sim_iface *iface, unsigned int protocol, const struct addr6 *want)
{
	struct sim_side6 *side = &iface->sides[protocol];
	struct sim *sim = iface->sim;
	struct sim_addr6 *a;
	unsigned int of;

	a = sim_kernel_find6(iface, &want->addr, &of);
	if (a != NULL && of != protocol)
		sim_fail(sim, iface, "two protocols want %s",
		    sim_text6(&want->addr));
	if (a == NULL) {
		if (side->naddrs == SIM_ADDRS6)
			sim_fail(sim, iface, "too many addresses");
		a = &side->addrs[side->naddrs++];
		a->tentative = 1;
		sim_at(sim, sim->now + DAD_MS, detected, iface, 0, &want->addr,
		    sizeof(want->addr));
	}
	a->wanted = *want;
	a->valid_until = end_of(iface, want->valid_sec);
	tell(iface, a, STATE6_PRESENT);
}

static int
in_config6(const struct config6 *config, const struct in6_addr *addr)
{
	uint16_t i;

	for (i = 0; i < config->naddrs; i++)
		if (IN6_ARE_ADDR_EQUAL(&config->addrs[i].addr, addr))
			return 1;
	return 0;
}

uint32_t
sim_configure6(struct sim_iface *iface, const struct config6 *config)
{
	struct sim_side6 *side = &iface->sides[config->protocol];
	size_t i;

	sim_say(iface->sim, iface, "kernel: %u addresses, %u routes of %u",
	    config->naddrs, config->nroutes, config->protocol);
	if (fails(iface, config->naddrs))
		return ENOBUFS;
	for (side->nroutes = 0; side->nroutes < config->nroutes;
	     side->nroutes++) {
		side->routes[side->nroutes].route =
		    config->routes[side->nroutes];
		side->routes[side->nroutes].valid_until =
		    end_of(iface, config->routes[side->nroutes].valid_sec);
	}
	for (i = 0; i < config->naddrs; i++)
		configure_addr(iface, config->protocol, &config->addrs[i]);
	for (i = side->naddrs; i > 0; i--)
		if (!in_config6(config, &side->addrs[i - 1].wanted.addr))
			remove_addr(
			    iface, config->protocol, &side->addrs[i - 1], 0);
	return 0;
}

/* ---- what happens to it ---- */

int
sim_kernel_remove(struct sim_iface *iface)
{
	struct sim *sim = iface->sim;
	unsigned int p = sim_random(sim, PROTO_MAX);
	struct ipc_addr4 msg = { .ifindex = iface->iface.ifindex };

	if (iface->sides[p].naddrs > 0) {
		remove_addr(iface, p, &iface->sides[p].addrs[0], 0);
		return 1;
	}
	if (iface->naddrs == 0)
		return 0;
	msg.addr = iface->addrs[0].addr;
	msg.prefixlen = iface->addrs[0].prefixlen;
	iface->addrs[0] = iface->addrs[--iface->naddrs];
	if (iface->handed)
		SIM_TELL(sim, MSG_GONE4, msg);
	return 1;
}

void
sim_kernel_expire(struct sim_iface *iface)
{
	uint64_t now = iface->sim->now;
	struct sim_side6 *side;
	unsigned int p;
	size_t i;

	for (i = iface->naddrs; i > 0; i--)
		if (iface->addrs[i - 1].valid_until <= now)
			iface->addrs[i - 1] = iface->addrs[--iface->naddrs];
	for (p = 0; p < PROTO_MAX; p++) {
		side = &iface->sides[p];
		for (i = side->nroutes; i > 0; i--)
			if (side->routes[i - 1].valid_until <= now)
				side->routes[i - 1] =
				    side->routes[--side->nroutes];
		for (i = side->naddrs; i > 0; i--)
			if (side->addrs[i - 1].valid_until <= now)
				remove_addr(iface, p, &side->addrs[i - 1], 0);
	}
}

void
sim_kernel_clear(struct sim_iface *iface)
{
	iface->naddrs = 0;
	memset(iface->sides, 0, sizeof(iface->sides));
}

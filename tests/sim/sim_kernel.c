/* SPDX-License-Identifier: ISC */
/* The model of parent and kernel: obeys a moment later, or fails. */

#include <errno.h>
#include <string.h>

#include "policy.h"
#include "sim.h"

static void
apply(struct sim *, struct sim_iface *, uint32_t, const uint8_t *, size_t);

struct request {
	struct config4 config;
	sim_fn *done;
	uint32_t life;
};

struct sim_addr *
sim_kernel_find(struct sim_iface *iface, struct in_addr addr)
{
	size_t i;

	for (i = 0; i < iface->naddrs; i++)
		if (iface->addrs[i].addr.s_addr == addr.s_addr)
			return &iface->addrs[i];
	return NULL;
}

static int
wanted(const struct config4 *config, struct in_addr addr)
{
	uint16_t i;

	for (i = 0; i < config->naddrs; i++)
		if (config->addrs[i].addr.s_addr == addr.s_addr)
			return 1;
	return 0;
}

/* As the parent does: what is new is in before the old goes out. */
static void
carry_out(
    struct sim *sim, struct sim_iface *iface, const struct config4 *config)
{
	const struct addr4 *want;
	struct sim_addr *a;
	size_t i;

	for (i = 0; i < config->naddrs; i++) {
		want = &config->addrs[i];
		a = sim_kernel_find(iface, want->addr);
		if (a == NULL) {
			if (iface->naddrs == SIM_ADDRS)
				sim_fail(sim, iface, "too many addresses");
			a = &iface->addrs[iface->naddrs++];
		}
		a->addr = want->addr;
		a->prefixlen = want->prefixlen;
		a->valid_until = want->valid_sec == LIFETIME_INFINITE
		    ? PROTO_NEVER
		    : sim->now + (uint64_t)want->valid_sec * 1000;
	}
	for (i = 0; i < iface->naddrs;) {
		if (wanted(config, iface->addrs[i].addr))
			i++;
		else
			iface->addrs[i] = iface->addrs[--iface->naddrs];
	}
}

static void
apply(struct sim *sim, struct sim_iface *iface, uint32_t n, const uint8_t *data,
    size_t len)
{
	const struct policy_ctx ctx = { .ifindex = iface->iface.ifindex,
		.max_mtu = iface->iface.max_mtu,
		.link_local = iface->link_local };
	static struct request r;
	uint32_t error = 0;

	(void)n;
	(void)len;
	memcpy(&r, data, sizeof(r));
	if (r.life != iface->kernel_life)
		return; /* the parent was killed before it read this */
	sim->doing = "the parent configures";
	if (policy_config4(&ctx, &r.config) != REFUSE_NOT)
		sim_fail(sim, iface, "the parent would refuse: %s",
		    policy_refusal_text(policy_config4(&ctx, &r.config)));
	/* Taking away does not fail: what is gone is gone. */
	if (r.config.naddrs > 0 && sim_chance(sim, sim->trouble.kernel_fails))
		error = ENOBUFS;
	else
		carry_out(sim, iface, &r.config);
	sim_say(sim, iface, "kernel: %u addresses%s", r.config.naddrs,
	    error != 0 ? " FAILED" : "");
	r.done(sim, iface, r.config.serial, (const uint8_t *)&error,
	    sizeof(error));
}

void
sim_configure4(
    struct sim_iface *iface, const struct config4 *config, sim_fn *done)
{
	struct sim *sim = iface->sim;
	static struct request r;
	uint64_t when = sim->now + 1 + sim_random(sim, 10);

	/* A channel keeps its order. */
	if (when < iface->kernel_busy)
		when = iface->kernel_busy;
	iface->kernel_busy = when;
	memset(&r, 0, sizeof(r));
	r.config = *config;
	r.done = done;
	r.life = iface->kernel_life;
	sim_at(sim, when, apply, iface, 0, (const uint8_t *)&r, sizeof(r));
}

void
sim_kernel_expire(struct sim_iface *iface)
{
	size_t i;

	for (i = 0; i < iface->naddrs;) {
		if (iface->addrs[i].valid_until > iface->sim->now)
			i++;
		else
			iface->addrs[i] = iface->addrs[--iface->naddrs];
	}
}

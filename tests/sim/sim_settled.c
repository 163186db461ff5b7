/* SPDX-License-Identifier: ISC */
/* What must hold after a restart, after a stop and at the end of a world. */

#include "os/os.h"
#include "proto/lease.h"
#include "proto/lease_dhcp6.h"
#include "proto/lease_slaac.h"
#include "sim.h"

/* ---- after a restart: the state is that of the lease files ---- */

static void
restored4(struct sim_iface *iface, const struct dhcp4 *d)
{
	const struct sim_file *file = &iface->files[PROTO_DHCP4];
	const struct sim_addr *held;
	struct lease4 lease;
	const char *why;
	int line;

	if (file->len == 0 || iface->conf.anonymous ||
	    lease4_parse(file->text, file->len, &lease, &why, &line) == -1)
		return;
	held = sim_kernel_find(iface, lease.addr);
	if (held != NULL &&
	    held->valid_until > iface->sim->now + SIM_SLACK_MS(iface->sim) &&
	    (!d->has_lease || d->lease.addr.s_addr != lease.addr.s_addr))
		sim_fail(iface->sim, iface, "%s was not adopted",
		    sim_text4(lease.addr));
}

/* Does the file say that this is still valid, and does the kernel have it? */
static int
must_return(struct sim_iface *iface, const struct in6_addr *addr,
    uint32_t valid_sec, uint64_t obtained)
{
	const struct sim_addr6 *held;
	unsigned int protocol;

	held = sim_kernel_find6(iface, addr, &protocol);
	if (held == NULL ||
	    held->valid_until < iface->sim->now + SIM_SLACK_MS(iface->sim))
		return 0;
	return valid_sec == LIFETIME_INFINITE ||
	    obtained + valid_sec > engine_moment().wall_sec + 10;
}

static void
restored_slaac(struct sim_iface *iface, const struct slaac *s)
{
	const struct sim_file *file = &iface->files[PROTO_SLAAC];
	static struct slaac_info stored, now;
	const char *why;
	unsigned int i, j;
	int line;

	if (file->len == 0 ||
	    lease_slaac_parse(file->text, file->len, &stored, &why, &line) ==
		-1)
		return;
	slaac_status(s, os_clock_ms(), &now);
	for (i = 0; i < stored.naddrs; i++) {
		if (!must_return(iface, &stored.addrs[i].addr,
			stored.addrs[i].valid_sec,
			wall_join(stored.obtained_high, stored.obtained_low)))
			continue;
		for (j = 0; j < now.naddrs; j++)
			if (IN6_ARE_ADDR_EQUAL(
				&now.addrs[j].addr, &stored.addrs[i].addr))
				break;
		if (j == now.naddrs)
			sim_fail(iface->sim, iface, "%s was not adopted",
			    sim_text6(&stored.addrs[i].addr));
	}
}

static void
restored6(struct sim_iface *iface, const struct dhcp6 *d)
{
	const struct sim_file *file = &iface->files[PROTO_DHCP6];
	static struct dhcp6_lease stored, now;
	const char *why;
	unsigned int i, j;
	int line;

	if (file->len == 0 || iface->conf.anonymous ||
	    lease_dhcp6_parse(file->text, file->len, &stored, &why, &line) ==
		-1)
		return;
	dhcp6_snapshot(d, os_clock_ms(), &now);
	for (i = 0; i < stored.naddrs; i++) {
		if (!must_return(iface, &stored.addrs[i].addr,
			stored.addrs[i].valid_sec,
			wall_join(stored.obtained_high, stored.obtained_low)))
			continue;
		for (j = 0; j < now.naddrs; j++)
			if (IN6_ARE_ADDR_EQUAL(
				&now.addrs[j].addr, &stored.addrs[i].addr))
				break;
		if (j == now.naddrs)
			sim_fail(iface->sim, iface, "%s was not adopted",
			    sim_text6(&stored.addrs[i].addr));
	}
}

void
sim_check_restored(struct sim_iface *iface)
{
	const struct eif *eif = sim_eif(iface);

	if (eif == NULL)
		return;
	restored4(iface, &eif->dhcp4);
	restored_slaac(iface, &eif->slaac);
	restored6(iface, &eif->dhcp6);
}

void
sim_check_withdrawn(struct sim_iface *iface)
{
	unsigned int p;

	if (iface->naddrs > 0)
		sim_fail(iface->sim, iface, "%s was not withdrawn",
		    sim_text4(iface->addrs[0].addr));
	for (p = 0; p < PROTO_MAX; p++)
		if (iface->sides[p].naddrs + iface->sides[p].nroutes > 0)
			sim_fail(iface->sim, iface,
			    "%zu addresses, %zu routes of %u were not "
			    "withdrawn",
			    iface->sides[p].naddrs, iface->sides[p].nroutes, p);
}

/* ---- at the end: a calm network, live servers ---- */

static void
settled4(struct sim_iface *iface, const struct dhcp4 *d)
{
	struct sim *sim = iface->sim;

	if (d->state != D4_BOUND && d->state != D4_RENEWING &&
	    d->state != D4_REBINDING)
		sim_fail(sim, iface, "still in %s", dhcp4_state_name(d->state));
	if (!d->configured)
		sim_fail(sim, iface, "the lease is not called configured");
	if (sim_kernel_find(iface, d->lease.addr) == NULL)
		sim_fail(sim, iface, "%s is not in the kernel",
		    sim_text4(d->lease.addr));
	if (iface->naddrs != 1)
		sim_fail(sim, iface, "%zu addresses", iface->naddrs);
	if (iface->files[PROTO_DHCP4].len == 0)
		sim_fail(sim, iface, "the lease is not on disk");
}

static void
settled_slaac(struct sim_iface *iface, const struct slaac *s)
{
	const struct sim_side6 *side = &iface->sides[PROTO_SLAAC];
	struct sim *sim = iface->sim;
	int has_default = 0, given_up = 0;
	size_t i;

	for (i = 0; i < SLAAC_PREFIXES_MAX; i++)
		given_up |= s->prefixes[i].used && s->prefixes[i].given_up;
	if (!given_up &&
	    (!slaac_usable(s) || !sim_has_addr6(iface, PROTO_SLAAC)))
		sim_fail(sim, iface,
		    "no usable IPv6 address, %zu in the kernel", side->naddrs);
	for (i = 0; i < side->nroutes; i++)
		has_default |= side->routes[i].route.prefixlen == 0;
	if (!has_default)
		sim_fail(sim, iface, "no IPv6 default route");
	if (iface->files[PROTO_SLAAC].len == 0)
		sim_fail(sim, iface, "nothing of SLAAC is on disk");
}

/* Each address that was tried downstream is another host's. */
static int
has_given_up(const struct sim_iface *iface)
{
	const struct sim *sim = iface->sim;
	const struct eif *down = sim_eif(&sim->ifaces[sim->nifaces - 1]);
	size_t i;

	for (i = 0; i < down->pd.nentries; i++)
		if (down->pd.entries[i].uplink == iface->iface.ifindex &&
		    down->pd.entries[i].error == PD_E_DUPLICATE)
			return 1;
	return 0;
}

static void
settled6(struct sim_iface *iface, const struct dhcp6 *d)
{
	const struct sim_iface *down =
	    &iface->sim->ifaces[iface->sim->nifaces - 1];
	const struct sim_side6 *side = &iface->sides[PROTO_DHCP6];
	struct sim *sim = iface->sim;
	size_t i;

	if (!dhcp6_usable(d))
		sim_fail(sim, iface,
		    "no leased IPv6 address is usable in %s, "
		    "%zu in the kernel",
		    dhcp6_state_name(d->state), side->naddrs);
	if (side->naddrs != d->lease.naddrs)
		sim_fail(sim, iface, "%zu IPv6 addresses, not %u", side->naddrs,
		    d->lease.naddrs);
	if (side->nroutes != d->lease.nprefixes)
		sim_fail(sim, iface, "%zu reject routes, not %u", side->nroutes,
		    d->lease.nprefixes);
	sim_check_stored6(iface);
	if (iface->conf.nprefixes == 0)
		return;
	if (d->lease.nprefixes == 0)
		sim_fail(sim, iface, "no delegated prefix in %s",
		    dhcp6_state_name(d->state));
	side = &down->sides[PROTO_PD];
	for (i = 0; i < side->naddrs; i++)
		if (side->addrs[i].wanted.addr.s6_addr[5] == iface->index &&
		    !side->addrs[i].tentative)
			return;
	if (!has_given_up(iface))
		sim_fail(sim, iface, "no address downstream");
}

void
sim_check_settled(struct sim_iface *iface)
{
	const struct eif *eif = sim_eif(iface);

	if (eif == NULL)
		sim_fail(iface->sim, iface, "the engine does not know it");
	if (iface->downstream)
		return;
	settled4(iface, &eif->dhcp4);
	settled_slaac(iface, &eif->slaac);
	settled6(iface, &eif->dhcp6);
	if (iface->reconfigured != 0 &&
	    iface->last6[5].when < iface->reconfigured)
		sim_fail(iface->sim, iface, "did not follow a Reconfigure");
}

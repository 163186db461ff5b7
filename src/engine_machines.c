/* SPDX-License-Identifier: ISC */
/*
 * The machines of an interface behind one table, so that what concerns all of
 * them is said once.
 */

#include "engine.h"

/* void CALL(dhcp4, timer): what a machine's function does, for an eif. */
#define CALL(machine, what)                                              \
	static void machine##_##what##_of(struct eif *eif, uint64_t now) \
	{                                                                \
		machine##_##what(&eif->machine, now);                    \
	}
#define CALL_RESUME(machine)                                     \
	static void machine##_resume_of(                         \
	    struct eif *eif, uint32_t slept_sec, uint64_t now)   \
	{                                                        \
		machine##_resume(&eif->machine, slept_sec, now); \
	}
#define CALL_IDLE(machine)                                  \
	static int machine##_idle_of(const struct eif *eif) \
	{                                                   \
		return machine##_idle(&eif->machine);       \
	}
#define CALL_INIT(machine, protocol)                                       \
	static void machine##_init_of(struct eif *eif)                     \
	{                                                                  \
		machine##_init(                                            \
		    &eif->machine, &engine_ops, &eif->machines[protocol]); \
	}

CALL_INIT(dhcp4, PROTO_DHCP4)
CALL(dhcp4, start)
CALL(dhcp4, timer)
CALL(dhcp4, renew)
CALL(dhcp4, release)
CALL(dhcp4, withdraw)
CALL_RESUME(dhcp4)
CALL_IDLE(dhcp4)

static void
dhcp4_configure_of(struct eif *eif, uint64_t now)
{
	dhcp4_configure(&eif->dhcp4, &eif->conf, engine.global.duid,
	    engine.global.duid_len, now);
}

static void
dhcp4_interface_of(struct eif *eif, uint64_t now)
{
	dhcp4_interface(&eif->dhcp4, &eif->iface, eif->ready4, now);
}

CALL_INIT(slaac, PROTO_SLAAC)
CALL(slaac, start)
CALL(slaac, timer)
CALL(slaac, renew)
CALL(slaac, withdraw)
CALL_RESUME(slaac)
CALL_IDLE(slaac)

static void
slaac_configure_of(struct eif *eif, uint64_t now)
{
	slaac_configure(&eif->slaac, &eif->conf, engine.secret, now);
}

static void
slaac_interface_of(struct eif *eif, uint64_t now)
{
	slaac_interface(&eif->slaac, &eif->iface, now);
}

CALL_INIT(dhcp6, PROTO_DHCP6)
CALL(dhcp6, start)
CALL(dhcp6, timer)
CALL(dhcp6, renew)
CALL(dhcp6, release)
CALL(dhcp6, withdraw)
CALL_RESUME(dhcp6)
CALL_IDLE(dhcp6)

static void
dhcp6_configure_of(struct eif *eif, uint64_t now)
{
	dhcp6_configure(&eif->dhcp6, &eif->conf, engine.global.duid,
	    engine.global.duid_len, now);
}

static void
dhcp6_interface_of(struct eif *eif, uint64_t now)
{
	dhcp6_interface(&eif->dhcp6, &eif->iface, now);
}

static void
pd_init_of(struct eif *eif)
{
	pd_init(&eif->pd, &engine_ops, &eif->machines[PROTO_PD], engine_iid);
}

CALL(pd, timer)
CALL(pd, withdraw)
CALL_RESUME(pd)

static void
pd_changed_of(struct eif *eif, uint64_t now)
{
	(void)now;
	eif->pd_changed = 1;
}

static void
nothing(struct eif *eif, uint64_t now)
{
	(void)eif;
	(void)now;
}

static int
pd_idle_of(const struct eif *eif)
{
	(void)eif;
	return 1;
}

const struct machine_calls machine_calls[PROTO_MAX] = {
	[PROTO_DHCP4] = { dhcp4_init_of, dhcp4_configure_of, dhcp4_interface_of,
	    dhcp4_start_of, dhcp4_timer_of, dhcp4_renew_of, dhcp4_release_of,
	    dhcp4_withdraw_of, dhcp4_resume_of, dhcp4_idle_of },
	/* Addresses of router advertisements are nobody's to release. */
	[PROTO_SLAAC] = { slaac_init_of, slaac_configure_of, slaac_interface_of,
	    slaac_start_of, slaac_timer_of, slaac_renew_of, slaac_withdraw_of,
	    slaac_withdraw_of, slaac_resume_of, slaac_idle_of },
	[PROTO_DHCP6] = { dhcp6_init_of, dhcp6_configure_of, dhcp6_interface_of,
	    dhcp6_start_of, dhcp6_timer_of, dhcp6_renew_of, dhcp6_release_of,
	    dhcp6_withdraw_of, dhcp6_resume_of, dhcp6_idle_of },
	/* Follows the leases of its uplinks. */
	[PROTO_PD] = { pd_init_of, pd_changed_of, pd_changed_of, pd_changed_of,
	    pd_timer_of, nothing, nothing, pd_withdraw_of, pd_resume_of,
	    pd_idle_of },
};

/* SPDX-License-Identifier: ISC */
/*
 * Delegated prefixes: from the uplinks that hold them to the downstream
 * interfaces that leased.conf assigns them to.  A machine knows its own
 * interface alone; here they meet.
 */

#include <string.h>

#include "engine.h"
#include "log.h"
#include "proto/addrgen.h"

#define UPLINKS_MAX 16

static int changed;

void
engine_prefixes_changed(void)
{
	changed = 1;
}

/* The uplinks that may hold a prefix, each with what it assigns; one that has
 * none at the moment keeps its old one deprecated (D6-44). */
static size_t
sources(struct pd_source *list, size_t max, uint64_t now)
{
	static struct dhcp6_lease leases[UPLINKS_MAX];
	struct eif *eif;
	size_t n = 0;

	TAILQ_FOREACH (eif, &engine.ifaces, entry) {
		if (eif->conf.nprefixes == 0 || !eif->has_iface ||
		    !eif->started)
			continue;
		if (n == max) {
			log_warnx("%s: prefix: more than %d uplinks have "
				  "prefixes, ignored",
			    eif->iface.name, UPLINKS_MAX);
			break;
		}
		dhcp6_snapshot(&eif->dhcp6, now, &leases[n]);
		list[n] = (struct pd_source){ .ifindex = eif->iface.ifindex,
			.ifname = eif->iface.name,
			.conf = &eif->conf,
			.lease = &leases[n],
			.pd_flag = eif->dhcp6.pd_flag };
		n++;
	}
	return n;
}

static int
has_prefix(const struct pd_source *list, size_t n, uint32_t ifindex)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (list[i].ifindex == ifindex && list[i].lease->nprefixes > 0)
			return 1;
	return 0;
}

void
engine_prefixes(uint64_t now)
{
	static struct pd_source list[UPLINKS_MAX];
	struct eif *eif;
	size_t n;

	TAILQ_FOREACH (eif, &engine.ifaces, entry)
		changed = changed || eif->pd_changed;
	if (!changed)
		return;
	changed = 0;
	n = sources(list, UPLINKS_MAX, now);
	TAILQ_FOREACH (eif, &engine.ifaces, entry) {
		eif->pd_changed = 0;
		if (!eif->has_iface || !eif->started)
			continue;
		pd_update(&eif->pd, &eif->iface, list, n, now);
		slaac_prefix_delegated(
		    &eif->slaac, has_prefix(list, n, eif->ifindex), now);
	}
}

/* The interface identifier of a downstream address without a suffix: as the
 * interface's own block says, RFC 7217 or from the MAC. */
void
engine_iid(void *ctx, const struct interface *down, uint32_t dad_counter,
    struct in6_addr *addr)
{
	const struct machine *m = ctx;
	struct addrgen_key key = { .ifname = down->name,
		.network_id = down->network_id,
		.network_id_len = down->network_id_len,
		.secret = engine.secret };
	struct in6_addr prefix = *addr;
	uint8_t dad = (uint8_t)dad_counter;

	if (m->eif->conf.soii ||
	    addrgen_eui64(&prefix, down->hwaddr, down->hwaddr_len, addr) == -1)
		(void)addrgen_stable(&key, &prefix, &dad, addr);
}

/* SPDX-License-Identifier: ISC */
/*
 * What the last run left behind.  Lease files are bytes of which nothing is
 * known: the engine parses them, strictly, as it does the network's.
 */

#include "engine.h"
#include "log.h"
#include "os/os.h"
#include "proto/lease.h"
#include "proto/lease_dhcp6.h"
#include "proto/lease_slaac.h"

/* Seconds between two wall clocks.  One behind the file's time knows nothing
 * of its age: as old as can be. */
static uint32_t
age_of(uint64_t wall, uint64_t obtained)
{
	uint64_t age = wall >= obtained ? wall - obtained : UINT32_MAX;

	return age > UINT32_MAX ? UINT32_MAX : (uint32_t)age;
}

static void
refused(const struct eif *eif, const char *protocol, int line, const char *why)
{
	log_warnx("%s: %s: lease file refused: line %d: %s; starting without "
		  "a lease",
	    eif->conf.name, protocol, line, why);
}

static void
stored_dhcp4(struct eif *eif, const struct ipc_lease_file *msg, uint64_t wall)
{
	struct lease4 lease;
	const char *why;
	int line;

	if (lease4_parse(msg->data, msg->len, &lease, &why, &line) == -1) {
		refused(eif, "dhcp4", line, why);
		return;
	}
	dhcp4_stored(&eif->dhcp4, &lease,
	    age_of(wall, wall_join(lease.obtained_high, lease.obtained_low)),
	    os_clock_ms());
}

static void
stored_slaac(struct eif *eif, const struct ipc_lease_file *msg, uint64_t wall)
{
	static struct slaac_info info;
	const char *why;
	int line;

	if (lease_slaac_parse(msg->data, msg->len, &info, &why, &line) == -1) {
		refused(eif, "slaac", line, why);
		return;
	}
	slaac_stored(&eif->slaac, &info,
	    age_of(wall, wall_join(info.obtained_high, info.obtained_low)),
	    os_clock_ms());
}

static void
stored_dhcp6(struct eif *eif, const struct ipc_lease_file *msg, uint64_t wall)
{
	static struct dhcp6_lease lease;
	const char *why;
	int line;

	if (lease_dhcp6_parse(msg->data, msg->len, &lease, &why, &line) == -1) {
		refused(eif, "dhcp6", line, why);
		return;
	}
	dhcp6_stored(&eif->dhcp6, &lease,
	    age_of(wall, wall_join(lease.obtained_high, lease.obtained_low)),
	    os_clock_ms());
}

void
engine_stored(struct eif *eif, const struct ipc_lease_file *msg)
{
	uint64_t wall = wall_join(msg->wall_high, msg->wall_low);

	if (msg->protocol < PROTO_MAX)
		eif->machines[msg->protocol].stored = engine_moment();
	switch (msg->protocol) {
	case PROTO_DHCP4:
		stored_dhcp4(eif, msg, wall);
		break;
	case PROTO_SLAAC:
		stored_slaac(eif, msg, wall);
		break;
	case PROTO_DHCP6:
		stored_dhcp6(eif, msg, wall);
		break;
	}
}

/* SPDX-License-Identifier: ISC */
/* What `leasectl show` is told, and the log at SIGUSR1. */

#include <arpa/inet.h>
#include <string.h>

#include "engine.h"
#include "log.h"

static void
show_iface(uint32_t client, const struct eif *eif, uint64_t now)
{
	static struct ipc_show_iface msg;
	struct dhcp4_status st;

	dhcp4_status(&eif->dhcp4, now, &st);
	memset(&msg, 0, sizeof(msg));
	msg.client = client;
	msg.iface = eif->iface;
	msg.state4 = st.state;
	msg.dhcp4 = eif->conf.dhcp4;
	msg.configured4 = (uint32_t)st.configured;
	msg.link_local4 = (uint32_t)st.link_local;
	msg.link_local_addr = st.link_local_addr;
	msg.t1_in = st.t1_in;
	msg.t2_in = st.t2_in;
	msg.expires_in = st.expires_in;
	msg.tries = st.tries;
	msg.sleeping = st.sleeping;
	msg.preference = eif->conf.preference;
	msg.socket_error = eif->failed.error;
	msg.socket_channel = eif->failed.channel;
	msg.has_owner = eif->failed.has_owner;
	msg.owner_uid = eif->failed.owner_uid;
	msg.last_refusal = eif->last_refusal;
	msg.static_addr = eif->static_addr;
	if (st.has_lease && st.lease != NULL) {
		msg.has_lease = 1;
		msg.lease = *st.lease;
		engine_obtained(eif, &msg.lease);
	}
	TO_FRONTEND(MSG_SHOW_IFACE, msg);
}

void
engine_show_counters(uint32_t client, const struct eif *eif)
{
	struct ipc_show_counters msg;

	memset(&msg, 0, sizeof(msg));
	msg.client = client;
	msg.ifindex = eif->ifindex;
	memcpy(msg.ifname, eif->iface.name, sizeof(msg.ifname));
	memcpy(msg.counters, eif->counters, sizeof(eif->counters));
	TO_FRONTEND(MSG_SHOW_COUNTERS, msg);
}

void
engine_show_rest(uint32_t client)
{
	struct ipc_show_skipped skipped;
	struct ipc_show_sandbox sandbox;
	unsigned int i;

	for (i = 0; i < engine.nskipped; i++) {
		memset(&skipped, 0, sizeof(skipped));
		skipped.client = client;
		skipped.skipped = engine.skipped[i];
		TO_FRONTEND(MSG_SHOW_SKIPPED, skipped);
	}
	for (i = 0; i < ROLE_MAX; i++) {
		if (engine.sandboxes[i].pid == 0)
			continue;
		memset(&sandbox, 0, sizeof(sandbox));
		sandbox.client = client;
		sandbox.sandbox = engine.sandboxes[i];
		TO_FRONTEND(MSG_SHOW_SANDBOX, sandbox);
	}
}

static void
show_slaac(uint32_t client, const struct eif *eif, uint64_t now)
{
	static struct ipc_show_slaac msg;

	memset(&msg, 0, sizeof(msg));
	msg.client = client;
	msg.ifindex = eif->ifindex;
	slaac_status(&eif->slaac, now, &msg.info);
	TO_FRONTEND(MSG_SHOW_SLAAC, msg);
}

static void
show_dhcp6(uint32_t client, const struct eif *eif, uint64_t now)
{
	static struct ipc_show_dhcp6 msg;
	static struct dhcp6_status st;

	dhcp6_status(&eif->dhcp6, now, &st);
	memset(&msg, 0, sizeof(msg));
	msg.client = client;
	msg.ifindex = eif->ifindex;
	msg.dhcp6 = eif->conf.dhcp6;
	msg.tries = st.tries;
	msg.retry_in = st.retry_in;
	msg.lease = st.lease;
	TO_FRONTEND(MSG_SHOW_DHCP6, msg);
}

_Static_assert(SHOW_PREFIXES_MAX >= PD_ENTRIES_MAX, "all can be shown");

static void
show_prefixes(uint32_t client, const struct eif *eif, uint64_t now)
{
	static struct ipc_show_prefixes msg;
	const struct pd_status_entry *from;
	struct show_prefix *to;
	struct pd_status st;
	size_t i;

	pd_status(&eif->pd, now, &st);
	if (st.nentries == 0)
		return;
	memset(&msg, 0, sizeof(msg));
	msg.client = client;
	msg.ifindex = eif->ifindex;
	for (i = 0; i < st.nentries; i++) {
		from = &st.entries[i];
		to = &msg.prefixes[msg.nprefixes++];
		to->prefix = from->prefix;
		to->addr = from->addr;
		to->preferred_sec = from->preferred_sec;
		to->valid_sec = from->valid_sec;
		to->subnet = from->subnet;
		to->error = from->error;
		to->prefixlen = from->prefixlen;
		to->old = from->old;
		memcpy(to->uplink, from->uplink_name, sizeof(to->uplink));
	}
	TO_FRONTEND(MSG_SHOW_PREFIXES, msg);
}

static uint32_t
left(uint32_t sec, uint64_t elapsed_sec)
{
	if (sec == LIFETIME_INFINITE)
		return sec;
	return sec > elapsed_sec ? sec - (uint32_t)elapsed_sec : 0;
}

/* Every address of ours, with the kernel's flags. */
static void
show_addrs(uint32_t client, const struct eif *eif, uint64_t now)
{
	static struct ipc_show_addrs msg;
	static struct addr_origins origins;
	const struct engine_addr *known;
	struct show_addr *addr;
	uint64_t elapsed_sec;
	unsigned int i;

	if (eif->naddrs6 == 0)
		return;
	slaac_status(&eif->slaac, now, &origins.slaac);
	dhcp6_snapshot(&eif->dhcp6, now, &origins.dhcp6);
	pd_status(&eif->pd, now, &origins.pd);
	memset(&msg, 0, sizeof(msg));
	msg.client = client;
	msg.ifindex = eif->ifindex;
	for (i = 0; i < eif->naddrs6; i++) {
		known = &eif->addrs6[i];
		addr = &msg.addrs[msg.naddrs++];
		elapsed_sec = (now - known->heard) / 1000;
		addr->state = known->state;
		addr->state.valid_sec =
		    left(known->state.valid_sec, elapsed_sec);
		addr->state.preferred_sec =
		    left(known->state.preferred_sec, elapsed_sec);
		engine_origin(addr, &origins);
	}
	TO_FRONTEND(MSG_SHOW_ADDRS, msg);
}

void
engine_show(uint32_t client, const struct eif *eif, uint64_t now)
{
	show_iface(client, eif, now);
	show_addrs(client, eif, now);
	if (eif->conf.slaac)
		show_slaac(client, eif, now);
	if (eif->conf.dhcp6 != CONF_NO || eif->conf.nprefixes > 0)
		show_dhcp6(client, eif, now);
	show_prefixes(client, eif, now);
}

static void
log_dhcp4(const struct eif *eif, uint64_t now)
{
	struct dhcp4_status st;
	char addr[INET_ADDRSTRLEN];

	dhcp4_status(&eif->dhcp4, now, &st);
	if (st.has_lease && st.lease != NULL)
		log_info("%s: dhcp4: %s %s/%u, expires in %u s",
		    eif->iface.name, dhcp4_state_name(st.state),
		    inet_ntop(AF_INET, &st.lease->addr, addr, sizeof(addr)),
		    st.lease->prefixlen, st.expires_in);
	else
		log_info("%s: dhcp4: %s", eif->iface.name,
		    dhcp4_state_name(st.state));
}

static void
log_addrs(const struct eif *eif)
{
	char addr[INET6_ADDRSTRLEN];
	const struct state6 *a;
	unsigned int i;

	for (i = 0; i < eif->naddrs6; i++) {
		a = &eif->addrs6[i].state;
		log_info("%s: IPv6 address %s%s%s%s", eif->iface.name,
		    inet_ntop(AF_INET6, &a->addr, addr, sizeof(addr)),
		    a->flags & STATE6_TENTATIVE ? ", tentative" : "",
		    a->flags & STATE6_DEPRECATED ? ", deprecated" : "",
		    a->flags & STATE6_DUPLICATED ? ", duplicated" : "");
	}
}

void
ctl_log_status(struct engine *e, uint64_t now)
{
	struct eif *eif;

	TAILQ_FOREACH (eif, &e->ifaces, entry) {
		log_dhcp4(eif, now);
		log_addrs(eif);
	}
}

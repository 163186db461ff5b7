/* SPDX-License-Identifier: ISC */
/*
 * The model parent: obeys the engine a moment later, keeps the lease files,
 * and tells a new engine what an earlier one left.  What the real one would
 * refuse is a failure here.
 */

#include <errno.h>
#include <string.h>

#include "policy6.h"
#include "proto/lease.h"
#include "proto/lease_dhcp6.h"
#include "proto/lease_slaac.h"
#include "sim.h"

typedef void carry_out_fn(struct sim *, struct sim_iface *, const void *);

static void
refuse(struct sim_iface *iface, enum refusal refusal, const char *what)
{
	if (refusal != REFUSE_NOT)
		sim_fail(iface->sim, iface, "the parent would refuse %s: %s",
		    what, policy_refusal_text(refusal));
}

static void
on_configure4(struct sim *sim, struct sim_iface *iface, const void *data)
{
	const struct config4 *config =
	    &((const struct ipc_configure4 *)data)->config;
	const struct policy_ctx ctx = { .ifindex = iface->iface.ifindex,
		.max_mtu = iface->iface.max_mtu,
		.link_local = iface->conf.link_local };
	struct ipc_configured4 msg = { .ifindex = iface->iface.ifindex,
		.serial = config->serial };

	sim->doing = "the parent configures";
	/* A reload may have come between. */
	if (sim->now > iface->excused + 100)
		refuse(iface, policy_config4(&ctx, config), "IPv4");
	msg.error = sim_configure4(iface, config);
	SIM_TELL(sim, MSG_CONFIGURED4, msg);
}

static void
on_configure6(struct sim *sim, struct sim_iface *iface, const void *data)
{
	static struct config6 config;
	const struct policy_ctx6 ctx = { .ifindex = iface->iface.ifindex,
		.max_mtu = iface->iface.max_mtu };
	struct ipc_configured6 msg = { .ifindex = iface->iface.ifindex };
	struct policy_pruned6 pruned;

	sim->doing = "the parent configures IPv6";
	config = ((const struct ipc_configure6 *)data)->config;
	refuse(iface, policy_config6(&ctx, &config), "IPv6");
	refuse(iface, policy_prune6(&ctx, &config, &pruned), "a part of IPv6");
	msg.protocol = config.protocol;
	msg.serial = config.serial;
	msg.error = sim_configure6(iface, &config);
	SIM_TELL(sim, MSG_CONFIGURED6, msg);
}

static void
on_dns(struct sim *sim, struct sim_iface *iface, const void *data)
{
	(void)sim;
	refuse(iface, policy_dns(&((const struct ipc_dns *)data)->dns), "DNS");
}

static uint64_t
wall(void)
{
	return engine_moment().wall_sec;
}

/* What cannot be read back is a failure now, not at the next start. */
static void
kept(struct sim_iface *iface, enum protocol protocol, size_t len, int parsed,
    const char *why)
{
	struct sim_file *file = &iface->files[protocol];

	if (len == 0 || parsed == -1)
		sim_fail(iface->sim, iface, "a lease that cannot be kept: %s",
		    len == 0 ? "not written" : why);
	file->len = len;
}

static void
on_store4(struct sim *sim, struct sim_iface *iface, const void *data)
{
	const struct lease4 *lease = &((const struct ipc_store4 *)data)->lease;
	struct sim_file *file = &iface->files[PROTO_DHCP4];
	struct lease4 back;
	const char *why = "";
	size_t len;
	int line;

	(void)sim;
	file->coming--;
	refuse(iface, policy_lease4(lease), "a lease");
	len = lease4_format(
	    lease, wall(), (char *)file->text, sizeof(file->text));
	kept(iface, PROTO_DHCP4, len,
	    lease4_parse(file->text, len, &back, &why, &line), why);
}

static void
on_store_slaac(struct sim *sim, struct sim_iface *iface, const void *data)
{
	struct sim_file *file = &iface->files[PROTO_SLAAC];
	static struct slaac_info back;
	const char *why = "";
	size_t len;
	int line;

	(void)sim;
	file->coming--;
	len = lease_slaac_format(&((const struct ipc_store_slaac *)data)->info,
	    wall(), (char *)file->text, sizeof(file->text));
	kept(iface, PROTO_SLAAC, len,
	    lease_slaac_parse(file->text, len, &back, &why, &line), why);
}

static void
on_store_dhcp6(struct sim *sim, struct sim_iface *iface, const void *data)
{
	struct sim_file *file = &iface->files[PROTO_DHCP6];
	static struct dhcp6_lease back;
	const char *why = "";
	size_t len;
	int line;

	(void)sim;
	file->coming--;
	len = lease_dhcp6_format(&((const struct ipc_store_dhcp6 *)data)->lease,
	    wall(), (char *)file->text, sizeof(file->text));
	kept(iface, PROTO_DHCP6, len,
	    lease_dhcp6_parse(file->text, len, &back, &why, &line), why);
}

static void
on_forget(struct sim *sim, struct sim_iface *iface, const void *data)
{
	const struct ipc_forget *msg = data;
	struct sim_file *file = &iface->files[msg->protocol];

	(void)sim;
	file->coming--;
	file->len = 0;
}

static void
on_open(struct sim *sim, struct sim_iface *iface, const void *data)
{
	sim->doing = "the parent opens a descriptor";
	sim_open(iface, data);
}

static void
on_stop(struct sim *sim, struct sim_iface *iface, const void *data)
{
	const struct ipc_stop *msg = data;
	unsigned int i;

	(void)iface;
	if (!sim->stopping)
		sim_fail(sim, NULL, "stops without having been told to");
	sim_say(sim, NULL, "stopped%s", msg->withdraw ? ", withdrawn" : "");
	for (i = 0; i < sim->nifaces; i++)
		if (msg->withdraw || sim_releases(sim))
			sim_check_withdrawn(&sim->ifaces[i]);
	sim_engine_kill(sim);
	sim_start_in(sim, sim_random(sim, 60000));
}

/* ---- frontend ---- */

static void
on_send(struct sim *sim, struct sim_iface *iface, const void *data)
{
	sim->doing = "the frontend sends";
	sim_frontend_send(iface, data);
}

static void
on_close(struct sim *sim, struct sim_iface *iface, const void *data)
{
	(void)sim;
	sim_close(iface, data);
}

static void
on_ask(struct sim *sim, struct sim_iface *iface, const void *data)
{
	(void)sim;
	(void)data;
	sim_ask(iface);
}

static void
on_routers(struct sim *sim, struct sim_iface *iface, const void *data)
{
	if (((const struct ipc_routers *)data)->n > SLAAC_ROUTERS_MAX)
		sim_fail(sim, iface, "too many routers are named");
}

static const struct {
	carry_out_fn *fn;
	enum protocol stores;
	int to_parent;
	int anyone; /* is not about an interface */
} jobs[MSG_MAX] = {
	[MSG_CONFIGURE4] = { on_configure4, 0, 1, 0 },
	[MSG_CONFIGURE6] = { on_configure6, 0, 1, 0 },
	[MSG_DNS] = { on_dns, 0, 1, 0 },
	[MSG_STORE4] = { on_store4, PROTO_DHCP4, 1, 0 },
	[MSG_STORE_SLAAC] = { on_store_slaac, PROTO_SLAAC, 1, 0 },
	[MSG_STORE_DHCP6] = { on_store_dhcp6, PROTO_DHCP6, 1, 0 },
	[MSG_FORGET] = { on_forget, 0, 1, 0 },
	[MSG_OPEN] = { on_open, 0, 1, 0 },
	[MSG_STOP] = { on_stop, 0, 1, 1 },
	[MSG_SEND] = { on_send, 0, 0, 0 },
	[MSG_CLOSE] = { on_close, 0, 0, 0 },
	[MSG_ASK] = { on_ask, 0, 0, 0 },
	[MSG_ROUTERS] = { on_routers, 0, 0, 0 },
};

/* All of these begin with it. */
static uint32_t
ifindex_of(const void *data)
{
	uint32_t ifindex;

	memcpy(&ifindex, data, sizeof(ifindex));
	return ifindex;
}

void
sim_heard(struct sim *sim, int to_parent, enum ipc_type type, const void *data)
{
	const struct ipc_forget *forget = data;
	struct sim_iface *iface;

	if (jobs[type].fn == NULL) {
		if (to_parent)
			sim_fail(sim, NULL, "%s to the parent", ipc_name(type));
		sim_control_heard(sim, type, data);
		return;
	}
	if (jobs[type].to_parent != to_parent)
		sim_fail(sim, NULL, "%s to the wrong one", ipc_name(type));
	if (jobs[type].anyone ||
	    (iface = sim_find(sim, ifindex_of(data))) == NULL)
		return;
	if (to_parent)
		refuse(iface, policy_rate(&iface->bucket, sim->now), "more");
	if (type == MSG_SEND)
		sim_check_send(iface, data);
	if (jobs[type].stores != PROTO_NONE)
		iface->files[jobs[type].stores].coming++;
	if (type == MSG_FORGET)
		iface->files[forget->protocol].coming++;
}

void
sim_carry_out(struct sim *sim, struct sim_iface *none, uint32_t n,
    const uint8_t *data, size_t len)
{
	enum ipc_type type = n & 0xff;
	struct sim_iface *iface;

	(void)none;
	(void)len;
	/* Who was killed has not read this. */
	if (n >> 8 != sim->life || jobs[type].fn == NULL)
		return;
	if (jobs[type].anyone) {
		jobs[type].fn(sim, NULL, data);
		return;
	}
	iface = sim_find(sim, ifindex_of(data));
	if (iface != NULL && iface->handed)
		jobs[type].fn(sim, iface, data);
}

/* ---- what it says ---- */

void
sim_tell_conf(struct sim_iface *iface)
{
	struct ipc_manage msg;

	memset(&msg, 0, sizeof(msg));
	msg.ifindex = iface->iface.ifindex;
	msg.conf = iface->conf;
	SIM_TELL(iface->sim, MSG_MANAGE, msg);
}

void
sim_tell_iface(struct sim_iface *iface)
{
	struct ipc_interface msg = { .iface = iface->iface };

	if (iface->handed)
		SIM_TELL(iface->sim, MSG_INTERFACE, msg);
}

static void
tell_file(struct sim_iface *iface, enum protocol protocol)
{
	const struct sim_file *file = &iface->files[protocol];
	static struct ipc_lease_file msg;

	if (file->len == 0)
		return;
	memset(&msg, 0, sizeof(msg));
	msg.ifindex = iface->iface.ifindex;
	msg.protocol = protocol;
	msg.wall_high = (uint32_t)(wall() >> 32);
	msg.wall_low = (uint32_t)wall();
	msg.len = (uint32_t)file->len;
	memcpy(msg.data, file->text, file->len);
	SIM_TELL(iface->sim, MSG_LEASE_FILE, msg);
}

/* The order is manage.c's hand_out(). */
void
sim_hand_out(struct sim_iface *iface)
{
	const struct ipc_ifindex start = { .ifindex = iface->iface.ifindex };
	struct ipc_addr4 adopted = { .ifindex = iface->iface.ifindex };
	struct sim *sim = iface->sim;
	unsigned int p;
	size_t i;

	memset(iface->channels, 0, sizeof(iface->channels));
	iface->released = 0;
	iface->handed = 1;
	sim_tell_conf(iface);
	sim_tell_iface(iface);
	for (p = 0; p < PROTO_MAX; p++) {
		iface->files[p].coming = 0;
		tell_file(iface, p);
	}
	for (i = 0; i < iface->naddrs; i++) {
		adopted.addr = iface->addrs[i].addr;
		adopted.prefixlen = iface->addrs[i].prefixlen;
		SIM_TELL(sim, MSG_ADOPTED4, adopted);
	}
	sim_kernel_tell(iface);
	SIM_TELL(sim, MSG_START, start);
	sim_channels_open(iface);
}

void
sim_let_go(struct sim_iface *iface, int gone)
{
	const struct ipc_unmanage msg = { .ifindex = iface->iface.ifindex,
		.gone = (uint32_t)gone };

	memset(iface->channels, 0, sizeof(iface->channels));
	iface->handed = 0;
	sim_kernel_clear(iface);
	SIM_TELL(iface->sim, MSG_UNMANAGE, msg);
}

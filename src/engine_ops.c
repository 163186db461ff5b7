/* SPDX-License-Identifier: ISC */
/*
 * What the protocol machines ask for (struct proto_ops), turned into messages
 * to the parent (kernel, files) and to the frontend (packets).
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine.h"
#include "log.h"
#include "os/os.h"
#include "policy.h"
#include "policy6.h"

static void
op_send(void *ctx, enum channel channel, struct in_addr key, int flags,
    const uint8_t *data, size_t len)
{
	static struct ipc_packet msg;
	struct machine *m = ctx;

	if (len > sizeof(msg.data))
		return;
	memset(&msg, 0, sizeof(msg));
	msg.ifindex = m->eif->ifindex;
	msg.channel = channel;
	msg.key = key;
	msg.flags = (uint32_t)flags;
	msg.len = (uint32_t)len;
	memcpy(msg.data, data, len);
	TO_FRONTEND(MSG_SEND, msg);
}

static void
op_open(
    void *ctx, enum channel channel, struct in_addr key, struct in_addr peer)
{
	struct machine *m = ctx;
	struct ipc_open msg = { .ifindex = m->eif->ifindex,
		.channel = channel,
		.key = key,
		.peer = peer };

	TO_PARENT(MSG_OPEN, msg);
}

static void
op_close(void *ctx, enum channel channel, struct in_addr key)
{
	struct machine *m = ctx;
	struct ipc_channel_state msg = {
		.ifindex = m->eif->ifindex, .channel = channel, .key = key
	};

	TO_FRONTEND(MSG_CLOSE, msg);
}

static void
op_send6(void *ctx, enum channel channel, const struct in6_addr *key, int flags,
    const uint8_t *data, size_t len)
{
	static struct ipc_packet msg;
	struct machine *m = ctx;

	if (len > sizeof(msg.data))
		return;
	memset(&msg, 0, sizeof(msg));
	msg.ifindex = m->eif->ifindex;
	msg.channel = channel;
	msg.key6 = *key;
	msg.flags = (uint32_t)flags;
	msg.len = (uint32_t)len;
	memcpy(msg.data, data, len);
	TO_FRONTEND(MSG_SEND, msg);
}

static void
op_open6(void *ctx, enum channel channel, const struct in6_addr *key)
{
	struct machine *m = ctx;
	struct ipc_open msg = {
		.ifindex = m->eif->ifindex, .channel = channel, .key6 = *key
	};

	TO_PARENT(MSG_OPEN, msg);
}

static void
op_close6(void *ctx, enum channel channel, const struct in6_addr *key)
{
	struct machine *m = ctx;
	struct ipc_channel_state msg = {
		.ifindex = m->eif->ifindex, .channel = channel, .key6 = *key
	};

	TO_FRONTEND(MSG_CLOSE, msg);
}

static void
op_deadline(void *ctx, uint64_t when)
{
	struct machine *m = ctx;

	m->deadline = when;
}

static void
op_configure4(void *ctx, const struct config4 *config)
{
	struct machine *m = ctx;
	struct ipc_configure4 msg;

	memset(&msg, 0, sizeof(msg));
	msg.ifindex = m->eif->ifindex;
	msg.config = *config;
	TO_PARENT(MSG_CONFIGURE4, msg);
}

/*
 * The frontend keeps half of its rate for the routers that are in use, so
 * that a flood by others does not silence them (they are the gateways).
 */
static void
name_routers(struct eif *eif, const struct config6 *config)
{
	struct ipc_routers msg;
	const struct route6 *route;
	uint16_t i;
	uint32_t j;

	memset(&msg, 0, sizeof(msg));
	msg.ifindex = eif->ifindex;
	for (i = 0; i < config->nroutes; i++) {
		route = &config->routes[i];
		if (IN6_IS_ADDR_UNSPECIFIED(&route->gateway))
			continue;
		for (j = 0; j < msg.n; j++)
			if (IN6_ARE_ADDR_EQUAL(&msg.addr[j], &route->gateway))
				break;
		if (j == msg.n && msg.n < SLAAC_ROUTERS_MAX)
			msg.addr[msg.n++] = route->gateway;
	}
	/* Again with each new descriptor: see channel_state(). */
	if (memcmp(&msg, &eif->routers, sizeof(msg)) == 0)
		return;
	eif->routers = msg;
	TO_FRONTEND(MSG_ROUTERS, msg);
}

static void
op_configure6(void *ctx, const struct config6 *config)
{
	struct machine *m = ctx;
	struct ipc_configure6 msg;

	memset(&msg, 0, sizeof(msg));
	msg.ifindex = m->eif->ifindex;
	msg.config = *config;
	msg.config.protocol = m->protocol;
	TO_PARENT(MSG_CONFIGURE6, msg);
	if (m->protocol != PROTO_SLAAC)
		return;
	name_routers(m->eif, config);
	dhcp6_slaac_addresses(
	    &m->eif->dhcp6, config->addrs, config->naddrs, os_clock_ms());
}

static void
op_dns(void *ctx, const struct dns_set *dns)
{
	struct machine *m = ctx;
	struct ipc_dns msg;

	memset(&msg, 0, sizeof(msg));
	msg.ifindex = m->eif->ifindex;
	msg.protocol = m->protocol;
	msg.dns = *dns;
	TO_PARENT(MSG_DNS, msg);
}

static void
forget(const struct machine *m)
{
	struct ipc_forget msg = { .ifindex = m->eif->ifindex,
		.protocol = m->protocol };

	TO_PARENT(MSG_FORGET, msg);
}

static void
op_store4(void *ctx, const struct lease4 *lease)
{
	struct machine *m = ctx;
	struct ipc_store4 msg;

	if (lease == NULL) {
		forget(m);
		return;
	}
	memset(&msg, 0, sizeof(msg));
	msg.ifindex = m->eif->ifindex;
	msg.lease = *lease;
	TO_PARENT(MSG_STORE4, msg);
	m->stored = engine_moment();
}

struct suspend_mark
engine_moment(void)
{
	struct suspend_mark now = { .clock_ms = os_clock_ms() };
	struct timespec wall;

	if (clock_gettime(CLOCK_REALTIME, &wall) == 0 && wall.tv_sec > 0)
		now.wall_sec = (uint64_t)wall.tv_sec;
	return now;
}

static void
op_store_slaac(void *ctx, const struct slaac_info *info)
{
	static struct ipc_store_slaac msg;
	struct machine *m = ctx;

	if (info == NULL) {
		forget(m);
		return;
	}
	memset(&msg, 0, sizeof(msg));
	msg.ifindex = m->eif->ifindex;
	msg.info = *info;
	TO_PARENT(MSG_STORE_SLAAC, msg);
	m->stored = engine_moment();
}

static void
op_store_dhcp6(void *ctx, const struct dhcp6_lease *lease)
{
	static struct ipc_store_dhcp6 msg;
	struct machine *m = ctx;

	if (lease == NULL) {
		forget(m);
		return;
	}
	memset(&msg, 0, sizeof(msg));
	msg.ifindex = m->eif->ifindex;
	msg.lease = *lease;
	TO_PARENT(MSG_STORE_DHCP6, msg);
	m->stored = engine_moment();
}

/* The machines of one interface do not know each other. */
static void
op_ra_flags(void *ctx, int managed, int other, int prefix_delegation)
{
	struct machine *m = ctx;

	dhcp6_ra_flags(
	    &m->eif->dhcp6, managed, other, prefix_delegation, os_clock_ms());
}

static void
op_delegated(void *ctx, const struct dhcp6_lease *lease)
{
	(void)ctx;
	(void)lease;
	engine_prefixes_changed();
}

static void
wall_now(uint32_t *high, uint32_t *low)
{
	uint64_t sec = engine_moment().wall_sec;

	*high = (uint32_t)(sec >> 32);
	*low = (uint32_t)sec;
}

/* By the wall clock, which the machine does not know; one of a lease file has
 * it already. */
void
engine_obtained(const struct eif *eif, struct lease4 *lease)
{
	struct suspend_mark now = engine_moment();
	uint64_t sec;

	if (lease->obtained_high != 0 || lease->obtained_low != 0 ||
	    eif->dhcp4.obtained == 0 || now.wall_sec == 0)
		return;
	sec = now.wall_sec - (now.clock_ms - eif->dhcp4.obtained) / 1000;
	lease->obtained_high = (uint32_t)(sec >> 32);
	lease->obtained_low = (uint32_t)sec;
}

static void
op_event(void *ctx, enum proto_event event, const struct lease4 *lease,
    const char *reason)
{
	struct machine *m = ctx;
	struct ipc_event msg;

	memset(&msg, 0, sizeof(msg));
	msg.ifindex = m->eif->ifindex;
	msg.event = event;
	msg.protocol = m->protocol;
	wall_now(&msg.wall_high, &msg.wall_low);
	memcpy(msg.ifname, m->eif->iface.name, sizeof(msg.ifname));
	if (reason != NULL)
		strlcpy(msg.reason, reason, sizeof(msg.reason));
	if (lease != NULL) {
		msg.has_lease = 1;
		msg.lease = *lease;
		engine_obtained(m->eif, &msg.lease);
	}
	TO_FRONTEND(MSG_EVENT, msg);
}

static void
op_event6(void *ctx, enum proto_event event, const struct event6 *detail,
    const char *reason)
{
	struct machine *m = ctx;
	struct ipc_event6 msg;

	memset(&msg, 0, sizeof(msg));
	msg.ifindex = m->eif->ifindex;
	msg.event = event;
	msg.protocol = m->protocol;
	wall_now(&msg.wall_high, &msg.wall_low);
	memcpy(msg.ifname, m->eif->iface.name, sizeof(msg.ifname));
	if (reason != NULL)
		strlcpy(msg.reason, reason, sizeof(msg.reason));
	if (detail != NULL)
		msg.detail = *detail;
	TO_FRONTEND(MSG_EVENT6, msg);
}

static void
op_log(void *ctx, int priority, const char *fmt, ...)
{
	static const char *const names[PROTO_MAX] = { "", "dhcp4", "slaac",
		"dhcp6", "prefix" };
	struct machine *m = ctx;
	char text[IPC_LOG_MAX - 32];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n >= 0)
		log_write(priority, "%s: %s: %s", m->eif->iface.name,
		    names[m->protocol], text);
}

static void
op_count(void *ctx, enum counter counter)
{
	struct machine *m = ctx;

	m->eif->counters[counter]++;
}

static uint32_t
op_random(void *ctx, uint32_t bound)
{
	(void)ctx;
	return bound == 0 ? arc4random() : arc4random_uniform(bound);
}

static int
op_addr4_usable(void *ctx, struct in_addr addr, uint8_t prefixlen)
{
	(void)ctx;
	return policy_addr4(addr, prefixlen) == REFUSE_NOT;
}

static int
op_addr6_usable(void *ctx, const struct in6_addr *addr, uint8_t prefixlen)
{
	(void)ctx;
	return policy_addr6(addr, prefixlen) == REFUSE_NOT;
}

void
engine_link_event(struct eif *eif, int up)
{
	op_event(&eif->machines[PROTO_DHCP4],
	    up ? EVENT_LINK_UP : EVENT_LINK_DOWN, NULL, "");
}

const struct proto_ops engine_ops = {
	.send = op_send,
	.open = op_open,
	.close = op_close,
	.send6 = op_send6,
	.open6 = op_open6,
	.close6 = op_close6,
	.deadline = op_deadline,
	.configure4 = op_configure4,
	.configure6 = op_configure6,
	.dns = op_dns,
	.store4 = op_store4,
	.event = op_event,
	.event6 = op_event6,
	.store_slaac = op_store_slaac,
	.store_dhcp6 = op_store_dhcp6,
	.ra_flags = op_ra_flags,
	.delegated = op_delegated,
	.log = op_log,
	.count = op_count,
	.random = op_random,
	.addr4_usable = op_addr4_usable,
	.addr6_usable = op_addr6_usable,
};

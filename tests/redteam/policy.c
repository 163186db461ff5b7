/* SPDX-License-Identifier: ISC */
/*
 * Well-formed messages of a compromised engine that ask for what policy
 * forbids.  The world is redteam_test.sh's: eth0 is managed and has the
 * administrator's 10.9.0.77/24; eth1 is not and has 10.77.0.1/24.
 */
#include <arpa/inet.h>
#include <string.h>

#include "hostile.h"
#include "log.h"

#define ETH1 (w->ifindex + 1)

/* One address and one route; what is "" is left out. */
static const struct {
	const char *name;
	const char *addr;
	uint8_t prefixlen;
	const char *dst;
	uint8_t dstlen;
	const char *gateway;
	uint16_t if_mtu, route_mtu;
	int foreign; /* 1: eth1, 2: no interface at all */
} configs[] = {
	{ "loopback", "127.0.0.2", 8, "", 0, "", 0, 0, 0 },
	{ "zero", "0.0.0.0", 24, "", 0, "", 0, 0, 0 },
	{ "zero-net", "0.1.2.3", 24, "", 0, "", 0, 0, 0 },
	{ "multicast", "224.0.0.1", 24, "", 0, "", 0, 0, 0 },
	{ "class-e", "255.255.255.255", 32, "", 0, "", 0, 0, 0 },
	{ "network", "10.9.1.0", 24, "", 0, "", 0, 0, 0 },
	{ "broadcast", "10.9.1.255", 24, "", 0, "", 0, 0, 0 },
	{ "prefix-0", "10.9.1.5", 0, "", 0, "", 0, 0, 0 },
	{ "prefix-33", "10.9.1.5", 33, "", 0, "", 0, 0, 0 },
	{ "link-local", "169.254.7.7", 16, "", 0, "", 0, 0, 0 },
	{ "foreign-interface", "10.77.0.5", 24, "", 0, "", 0, 0, 1 },
	{ "no-interface", "10.9.1.5", 24, "", 0, "", 0, 0, 2 },
	{ "static-taken-over", "10.9.0.77", 24, "", 0, "", 0, 0, 0 },
	{ "mtu-low", "10.9.1.5", 24, "", 0, "", 68, 0, 0 },
	{ "mtu-high", "10.9.1.5", 24, "", 0, "", 65535, 0, 0 },
	{ "route-mtu", "10.9.1.5", 24, "", 0, "", 0, 100, 0 },
	/* the address is allowed, the route is not */
	{ "route-loopback", "10.9.1.5", 24, "127.0.0.0", 8, "10.9.1.1", 0, 0,
	    0 },
	{ "route-loopback-part", "10.9.1.5", 24, "127.0.0.1", 32, "10.9.1.1", 0,
	    0, 0 },
	{ "route-multicast", "10.9.1.5", 24, "224.0.0.0", 4, "10.9.1.1", 0, 0,
	    0 },
	{ "route-zero", "10.9.1.5", 24, "0.1.0.0", 16, "10.9.1.1", 0, 0, 0 },
	{ "route-foreign", "10.9.1.5", 24, "10.77.0.0", 25, "10.9.1.1", 0, 0,
	    0 },
	{ "route-foreign-host", "10.9.1.5", 24, "10.77.0.1", 32, "10.9.1.1", 0,
	    0, 0 },
	{ "route-host-bits", "10.9.1.5", 24, "198.51.100.1", 24, "10.9.1.1", 0,
	    0, 0 },
	{ "route-gateway", "10.9.1.5", 24, "0.0.0.0", 0, "203.0.113.1", 0, 0,
	    0 },
	{ "route-gateway-foreign", "10.9.1.5", 24, "0.0.0.0", 0, "10.77.0.9", 0,
	    0, 0 },
	/* what is allowed, to see that the rest would have been carried out */
	{ "allowed", "10.9.1.5", 24, "198.51.100.0", 24, "10.9.1.1", 0, 0, 0 },
};

static struct in_addr
ip(const char *text)
{
	struct in_addr a = { 0 };

	if (text[0] != '\0' && inet_pton(AF_INET, text, &a) != 1)
		fatalx("hostile: %s", text);
	return a;
}

#define SAY(type, msg) ipc_send(parent, type, &(msg), sizeof(msg), -1)

static int
configure(
    struct ipc_peer *parent, const struct hostile_world *w, const char *name)
{
	struct ipc_configure4 msg;
	size_t i;

	for (i = 0; i < sizeof(configs) / sizeof(configs[0]); i++) {
		if (strcmp(configs[i].name, name) != 0)
			continue;
		memset(&msg, 0, sizeof(msg));
		msg.ifindex = configs[i].foreign == 1 ? ETH1
		    : configs[i].foreign == 2	      ? 9999
						      : w->ifindex;
		msg.config.serial = 1;
		msg.config.naddrs = 1;
		msg.config.addrs[0].addr = ip(configs[i].addr);
		msg.config.addrs[0].prefixlen = configs[i].prefixlen;
		msg.config.addrs[0].valid_sec = 600;
		msg.config.if_mtu = configs[i].if_mtu;
		msg.config.route_mtu = configs[i].route_mtu;
		if (configs[i].dst[0] != '\0') {
			msg.config.nroutes = 1;
			msg.config.routes[0].dst = ip(configs[i].dst);
			msg.config.routes[0].prefixlen = configs[i].dstlen;
			msg.config.routes[0].gateway = ip(configs[i].gateway);
		}
		SAY(MSG_CONFIGURE4, msg);
		/* And away with all: also with what is not ours? */
		if (strcmp(name, "static-taken-over") == 0) {
			memset(&msg.config, 0, sizeof(msg.config));
			SAY(MSG_CONFIGURE4, msg);
		}
		return 1;
	}
	return 0;
}

static void
many(struct ipc_peer *parent, const struct hostile_world *w, const char *name)
{
	struct ipc_configure4 msg;
	uint16_t i;

	memset(&msg, 0, sizeof(msg));
	msg.ifindex = w->ifindex;
	if (strcmp(name, "many-addresses") == 0) {
		msg.config.naddrs = 65535;
	} else if (strcmp(name, "many-routes") == 0) {
		msg.config.naddrs = 1;
		msg.config.nroutes = 65535;
	}
	for (i = 0; i < CONFIG4_ADDRS_MAX; i++) {
		msg.config.addrs[i].addr.s_addr = htonl(0x0a090105U + i);
		msg.config.addrs[i].prefixlen = 24;
		msg.config.addrs[i].valid_sec = 600;
	}
	SAY(MSG_CONFIGURE4, msg);
}

static void
sockets(struct ipc_peer *parent, const struct hostile_world *w)
{
	static const char *const addrs[] = { "0.0.0.0", "127.0.0.1",
		"10.9.0.77", "10.77.0.1", "224.0.0.1", "255.255.255.255",
		"8.8.8.8" };
	const size_t n = sizeof(addrs) / sizeof(addrs[0]);
	struct ipc_open msg;
	uint32_t channel;
	size_t i, j;

	for (channel = 0; channel < CHANNEL_MAX + 3; channel++)
		for (i = 0; i < n; i++)
			for (j = 0; j < 3; j++) {
				/* An ARP descriptor for a host's address is
				 * what an honest engine asks for. */
				if (channel == CHANNEL_ARP)
					continue;
				memset(&msg, 0, sizeof(msg));
				msg.ifindex = j == 0 ? w->ifindex : ETH1 + j;
				msg.channel = channel;
				msg.key = ip(addrs[i]);
				msg.peer = ip(addrs[(i + j) % n]);
				memset(&msg.key6, (int)i, sizeof(msg.key6));
				SAY(MSG_OPEN, msg);
			}
}

static void
names(struct ipc_peer *parent, const struct hostile_world *w)
{
	static const char *const bad[] = { "a b", "a;reboot", "$(x)", "a\nb",
		".", "a..b", "\xff", "nameserver 6.6.6.6" };
	struct ipc_dns msg;
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memset(&msg, 0, sizeof(msg));
		msg.ifindex = w->ifindex;
		msg.protocol = PROTO_DHCP4;
		msg.dns.nsearch = 1;
		strlcpy(msg.dns.search[0], bad[i], sizeof(msg.dns.search[0]));
		SAY(MSG_DNS, msg);
	}
	memset(&msg, 0, sizeof(msg));
	msg.ifindex = w->ifindex;
	msg.protocol = PROTO_DHCP4;
	msg.dns.nservers = 65535;
	SAY(MSG_DNS, msg);
	msg.dns.nservers = 1;
	msg.dns.servers[0].family = AF_INET;
	memcpy(msg.dns.servers[0].addr, "\x7f\0\0\1", 4);
	SAY(MSG_DNS, msg);
	msg.dns.servers[0].family = 77;
	SAY(MSG_DNS, msg);
	msg.protocol = PROTO_NONE;
	memset(&msg.dns, 0, sizeof(msg.dns));
	msg.dns.nservers = 1;
	msg.dns.servers[0].family = AF_INET;
	memcpy(msg.dns.servers[0].addr, "\x06\x06\x06\x06", 4);
	SAY(MSG_DNS, msg);
	msg.protocol = PROTO_PD;
	SAY(MSG_DNS, msg);
	/* An unterminated array. */
	msg.protocol = PROTO_DHCP4;
	msg.dns.nsearch = 1;
	memset(msg.dns.search, 'a', sizeof(msg.dns.search));
	SAY(MSG_DNS, msg);
}

static void
leases(struct ipc_peer *parent, const struct hostile_world *w)
{
	struct ipc_forget forget;
	struct ipc_store4 msg;
	unsigned int i;

	for (i = 0; i < 64; i++) {
		memset(&msg, 0, sizeof(msg));
		memset(&msg.lease, (int)i * 5, sizeof(msg.lease));
		msg.ifindex = i % 2 ? w->ifindex : ETH1;
		SAY(MSG_STORE4, msg);
		forget.ifindex = i % 2 ? ETH1 : 7777;
		forget.protocol = i;
		SAY(MSG_FORGET, forget);
	}
}

void
hostile_policy(
    struct ipc_peer *parent, const struct hostile_world *w, const char *name)
{
	unsigned int i;

	if (strcmp(name, "sockets") == 0)
		sockets(parent, w);
	else if (strcmp(name, "names") == 0)
		names(parent, w);
	else if (strcmp(name, "leases") == 0)
		leases(parent, w);
	else if (strncmp(name, "many-", 5) == 0)
		many(parent, w, name);
	else if (strcmp(name, "all-at-once") == 0)
		for (i = 0; i < sizeof(configs) / sizeof(configs[0]) - 1; i++)
			configure(parent, w, configs[i].name);
	else if (!configure(parent, w, name))
		fatalx("hostile: no policy case %s", name);
}

/* SPDX-License-Identifier: ISC */
/*
 * The IPv6 part of policy.c.  The world is redteam_test.sh's: eth0 is managed
 * (SLAAC, DHCPv6 and a prefix for dn1) and has the administrator's
 * 2001:db8:1::77/64; eth1 is not and has 2001:db8:77::1/64.
 */
#include <arpa/inet.h>
#include <string.h>

#include "hostile.h"
#include "log.h"

enum what {
	NOTHING, /* of it may be in the kernel */
	ADDRESS, /* 2001:db8:1::5 alone */
	ALL
};
enum where { ETH0, ETH1, DN1, NOWHERE };

/* What follows a comma that is left out is 0 or "", "" is not asked for. */
static const struct {
	const char *name;
	enum what what;
	enum where where;
	uint32_t protocol;
	const char *addr;
	uint8_t prefixlen;
	const char *dst;
	uint8_t dstlen;
	const char *gateway;
	uint8_t flags;	    /* of the route */
	uint8_t preference; /* more than high */
	uint8_t addr_flags;
	uint16_t route_mtu;
	uint32_t valid_sec, preferred_sec; /* 0: 600, 300 */
	uint32_t mtu, hop_limit, reachable_ms, retrans_ms;
} configs[] = {
	/* addresses */
	{ "unspecified", NOTHING, ETH0, PROTO_SLAAC, "::", 64 },
	{ "loopback", NOTHING, ETH0, PROTO_SLAAC, "::1", 128 },
	{ "mapped", NOTHING, ETH0, PROTO_SLAAC, "::ffff:10.9.1.5", 96 },
	{ "compatible", NOTHING, ETH0, PROTO_DHCP6, "::10.9.1.5", 96 },
	{ "multicast-link", NOTHING, ETH0, PROTO_SLAAC, "ff02::1", 64 },
	{ "multicast-global", NOTHING, ETH0, PROTO_DHCP6, "ff0e::5", 128 },
	{ "link-local", NOTHING, ETH0, PROTO_SLAAC, "fe80::5", 64 },
	{ "link-local-other", NOTHING, ETH0, PROTO_DHCP6, "febf::5", 64 },
	{ "prefix-0", NOTHING, ETH0, PROTO_SLAAC, "2001:db8:1::5", 0 },
	{ "prefix-129", NOTHING, ETH0, PROTO_DHCP6, "2001:db8:1::5", 129 },
	{ "flags", NOTHING, ETH0, PROTO_SLAAC, "2001:db8:1::5", 64,
	    .addr_flags = 0x80 },
	{ "preferred", NOTHING, ETH0, PROTO_SLAAC, "2001:db8:1::5", 64,
	    .valid_sec = 100, .preferred_sec = 101 },
	{ "not-valid", NOTHING, ETH0, PROTO_SLAAC, "2001:db8:1::5", 64,
	    .valid_sec = UINT32_MAX },
	{ "static-taken-over", NOTHING, ETH0, PROTO_SLAAC, "2001:db8:1::77",
	    64 },
	{ "static-dhcp6", NOTHING, ETH0, PROTO_DHCP6, "2001:db8:1::77", 128 },
	/* on whose behalf, and where */
	{ "foreign-interface", NOTHING, ETH1, PROTO_SLAAC, "2001:db8:1::5",
	    64 },
	{ "foreign-prefix", NOTHING, ETH1, PROTO_PD, "2001:db8:f000::1", 64 },
	{ "no-interface", NOTHING, NOWHERE, PROTO_DHCP6, "2001:db8:1::5", 64 },
	{ "of-dhcp4", NOTHING, ETH0, PROTO_DHCP4, "2001:db8:1::5", 64 },
	{ "of-none", NOTHING, ETH0, PROTO_NONE, "2001:db8:1::5", 64 },
	{ "of-nobody", NOTHING, ETH0, PROTO_MAX, "2001:db8:1::5", 64 },
	{ "of-anybody", NOTHING, ETH0, UINT32_MAX, "2001:db8:1::5", 64 },
	{ "not-downstream", NOTHING, ETH0, PROTO_PD, "2001:db8:f000::1", 64 },
	{ "downstream-slaac", NOTHING, DN1, PROTO_SLAAC, "2001:db8:1::5", 64 },
	{ "downstream-dhcp6", NOTHING, DN1, PROTO_DHCP6, "2001:db8:1::5", 64 },
	/* settings */
	{ "mtu-low", NOTHING, ETH0, PROTO_SLAAC, .mtu = 1279 },
	{ "mtu-high", NOTHING, ETH0, PROTO_SLAAC, .mtu = 1501 },
	{ "hop-low", NOTHING, ETH0, PROTO_SLAAC, .hop_limit = 1 },
	{ "hop-high", NOTHING, ETH0, PROTO_SLAAC, .hop_limit = 256 },
	{ "reachable", NOTHING, ETH0, PROTO_SLAAC, .reachable_ms = 3600001 },
	{ "retrans-low", NOTHING, ETH0, PROTO_SLAAC, .retrans_ms = 1 },
	{ "retrans-high", NOTHING, ETH0, PROTO_SLAAC, .retrans_ms = 10001 },
	{ "mtu-dhcp6", NOTHING, ETH0, PROTO_DHCP6, .mtu = 1400 },
	{ "hop-downstream", NOTHING, DN1, PROTO_PD, .hop_limit = 70 },
	{ "mtu-foreign", NOTHING, ETH1, PROTO_SLAAC, .mtu = 1400 },
/* the address is allowed, the route is not */
#define GOOD ADDRESS, ETH0, PROTO_SLAAC, "2001:db8:1::5", 64
#define GOOD6 ADDRESS, ETH0, PROTO_DHCP6, "2001:db8:1::5", 64
	{ "route-loopback", GOOD, "::1", 128, "fe80::1" },
	{ "route-compatible", GOOD, "::", 96, "fe80::1" },
	{ "route-mapped", GOOD, "::ffff:0:0", 96, "fe80::1" },
	{ "route-multicast", GOOD, "ff00::", 8, "fe80::1" },
	{ "route-multicast-part", GOOD6, "ff02::1", 128, "fe80::1" },
	{ "route-link-local", GOOD, "fe80::", 64, "fe80::1" },
	{ "route-host-bits", GOOD, "2001:db8:9::1", 48, "fe80::1" },
	{ "route-length", GOOD, "2001:db8:9::", 129, "fe80::1" },
	{ "route-foreign", GOOD, "2001:db8:77::", 64, "fe80::1" },
	{ "route-foreign-host", GOOD6, "2001:db8:77::1", 128, "fe80::1" },
	{ "route-foreign-part", GOOD, "2001:db8:77::", 80, "::" },
	{ "route-gateway-global", GOOD, "2001:db8:9::", 48, "2001:db8:1::9" },
	{ "route-gateway-multicast", GOOD, "2001:db8:9::", 48, "ff02::2" },
	{ "route-gateway-mapped", GOOD, "2001:db8:9::", 48, "::ffff:10.9.0.1" },
	{ "route-gateway-loopback", GOOD, "2001:db8:9::", 48, "::1" },
	{ "route-no-gateway", GOOD, "::", 0, "::" },
	{ "route-flags", GOOD6, "2001:db8:9::", 48, "fe80::1", .flags = 0x80 },
	{ "route-preference", GOOD, "2001:db8:9::", 48, "fe80::1",
	    .preference = PREFERENCE_HIGH + 1 },
	{ "route-mtu-low", GOOD, "2001:db8:9::", 48, "fe80::1",
	    .route_mtu = 1000 },
	{ "route-mtu-high", GOOD, "2001:db8:9::", 48, "fe80::1",
	    .route_mtu = 9000 },
	{ "reject-slaac", GOOD, "2001:db8:9::", 48,
	    "::", .flags = ROUTE6_REJECT },
	{ "reject-gateway", GOOD6, "2001:db8:9::", 48, "fe80::1",
	    .flags = ROUTE6_REJECT },
	{ "reject-default", GOOD6, "::", 0, "::", .flags = ROUTE6_REJECT },
	{ "reject-foreign", GOOD6, "2001:db8:77::", 80,
	    "::", .flags = ROUTE6_REJECT },
	/* what is allowed, to see that the rest would have been carried out */
	{ "allowed", ALL, ETH0, PROTO_SLAAC, "2001:db8:1::5", 64,
	    "2001:db8:9::", 48, "fe80::1" },
};
#define CONFIGS (sizeof(configs) / sizeof(configs[0]))

static struct in6_addr
ip6(const char *text)
{
	struct in6_addr a = in6addr_any;

	if (text != NULL && inet_pton(AF_INET6, text, &a) != 1)
		fatalx("hostile: %s", text);
	return a;
}

#define SAY(type, msg) ipc_send(parent, type, &(msg), sizeof(msg), -1)

static uint32_t
ifindex_of(const struct hostile_world *w, enum where where)
{
	switch (where) {
	case ETH0:
		return w->ifindex;
	case ETH1:
		return w->ifindex + 1;
	case DN1:
		return w->downstream;
	default:
		return 9999;
	}
}

static void
configure(struct ipc_peer *parent, const struct hostile_world *w, size_t index)
{
	struct ipc_configure6 msg;
	struct config6 *c = &msg.config;

	memset(&msg, 0, sizeof(msg));
	msg.ifindex = ifindex_of(w, configs[index].where);
	c->serial = 1;
	c->protocol = configs[index].protocol;
	c->mtu = configs[index].mtu;
	c->hop_limit = configs[index].hop_limit;
	c->reachable_ms = configs[index].reachable_ms;
	c->retrans_ms = configs[index].retrans_ms;
	c->naddrs = configs[index].addr != NULL;
	c->addrs[0].addr = ip6(configs[index].addr);
	c->addrs[0].prefixlen = configs[index].prefixlen;
	c->addrs[0].flags = configs[index].addr_flags;
	c->addrs[0].valid_sec = 600;
	c->addrs[0].preferred_sec = 300;
	if (configs[index].valid_sec != 0) {
		c->addrs[0].valid_sec = configs[index].valid_sec;
		c->addrs[0].preferred_sec = configs[index].preferred_sec;
	}
	/* Of no time at all. */
	if (configs[index].valid_sec == UINT32_MAX)
		c->addrs[0].valid_sec = 0;
	c->nroutes = configs[index].dst != NULL;
	c->routes[0].dst = ip6(configs[index].dst);
	c->routes[0].prefixlen = configs[index].dstlen;
	c->routes[0].gateway = ip6(configs[index].gateway);
	c->routes[0].flags = configs[index].flags;
	c->routes[0].preference = configs[index].preference;
	c->routes[0].mtu = configs[index].route_mtu;
	c->routes[0].valid_sec = 600;
	SAY(MSG_CONFIGURE6, msg);
	/* And away with all: also with what is not ours? */
	if (strncmp(configs[index].name, "static", 6) == 0) {
		c->naddrs = 0;
		SAY(MSG_CONFIGURE6, msg);
	}
}

static void
many(struct ipc_peer *parent, const struct hostile_world *w)
{
	static const uint16_t counts[][2] = { { UINT16_MAX, 0 },
		{ CONFIG6_ADDRS_MAX + 1, 0 }, { 0, UINT16_MAX },
		{ 0, CONFIG6_ROUTES_MAX + 1 }, { UINT16_MAX, UINT16_MAX } };
	static const uint32_t protocols[] = { PROTO_SLAAC, PROTO_DHCP6,
		PROTO_PD };
	struct ipc_configure6 msg;
	size_t i, j, n;

	memset(&msg, 0, sizeof(msg));
	for (n = 0; n < CONFIG6_ADDRS_MAX; n++) {
		msg.config.addrs[n].addr = ip6("2001:db8:1::500");
		msg.config.addrs[n].addr.s6_addr[15] = (uint8_t)n;
		msg.config.addrs[n].prefixlen = 64;
		msg.config.addrs[n].valid_sec = 600;
	}
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		for (j = 0; j < 3; j++) {
			msg.ifindex = protocols[j] == PROTO_PD ? w->downstream
							       : w->ifindex;
			msg.config.protocol = protocols[j];
			msg.config.naddrs = counts[i][0];
			msg.config.nroutes = counts[i][1];
			SAY(MSG_CONFIGURE6, msg);
		}
}

static void
sockets(struct ipc_peer *parent, const struct hostile_world *w)
{
	static const char *const addrs[] = { "::", "::1", "2001:db8:1::77",
		"2001:db8:77::1", "fe80::1", "ff02::1:2", "::ffff:10.9.0.77",
		"2001:db8:1::5" };
	struct ipc_open msg;
	uint32_t channel;
	size_t i;

	for (channel = 0; channel < CHANNEL_MAX + 3; channel++)
		for (i = 0; i < sizeof(addrs) / sizeof(addrs[0]); i++) {
			memset(&msg, 0, sizeof(msg));
			msg.ifindex = ifindex_of(w, (enum where)(i % 4));
			msg.channel = channel;
			msg.key6 = ip6(addrs[i]);
			SAY(MSG_OPEN, msg);
			msg.ifindex = w->ifindex;
			/* A host's address for ARP may be asked for. */
			if (channel != CHANNEL_ARP)
				SAY(MSG_OPEN, msg);
		}
}

static void
names(struct ipc_peer *parent, const struct hostile_world *w)
{
	static const char *const bad[] = { "::", "::1", "ff02::1", "ff0e::1",
		"::ffff:10.9.0.53", "::10.9.0.53" };
	static const uint32_t protocols[] = { PROTO_SLAAC, PROTO_DHCP6,
		PROTO_PD, PROTO_MAX, UINT32_MAX };
	struct in6_addr addr;
	struct ipc_dns msg;
	size_t i, j;

	for (j = 0; j < sizeof(protocols) / sizeof(protocols[0]); j++)
		for (i = 0; i <= sizeof(bad) / sizeof(bad[0]); i++) {
			memset(&msg, 0, sizeof(msg));
			msg.ifindex = ifindex_of(w, (enum where)(i % 4));
			msg.protocol = protocols[j];
			msg.dns.nservers = 1;
			msg.dns.servers[0].family = AF_INET6;
			if (i < sizeof(bad) / sizeof(bad[0]))
				addr = ip6(bad[i]);
			else
				addr = ip6("2001:db8:1::53");
			memcpy(msg.dns.servers[0].addr, &addr, sizeof(addr));
			/* The good one is nobody's, or of no interface. */
			if (i == sizeof(bad) / sizeof(bad[0])) {
				msg.ifindex = ifindex_of(w, ETH1);
				SAY(MSG_DNS, msg);
				if (protocols[j] < PROTO_MAX)
					continue;
			}
			msg.ifindex = w->ifindex;
			SAY(MSG_DNS, msg);
		}
}

static void
leases(struct ipc_peer *parent, const struct hostile_world *w)
{
	struct ipc_store_slaac slaac;
	struct ipc_store_dhcp6 dhcp6;
	uint8_t *bytes;
	unsigned int i;
	size_t n;

	for (i = 0; i < 64; i++) {
		memset(&slaac.info, (int)i * 4, sizeof(slaac.info));
		memset(&dhcp6.lease, (int)i * 4, sizeof(dhcp6.lease));
		bytes = (uint8_t *)&slaac.info;
		for (n = 0; i % 3 == 0 && n < sizeof(slaac.info); n++)
			bytes[n] = (uint8_t)hostile_random();
		bytes = (uint8_t *)&dhcp6.lease;
		for (n = 0; i % 3 == 0 && n < sizeof(dhcp6.lease); n++)
			bytes[n] = (uint8_t)hostile_random();
		slaac.ifindex = i % 8 ? w->ifindex : w->ifindex + 1;
		dhcp6.ifindex = i % 8 ? w->ifindex : 1;
		SAY(MSG_STORE_SLAAC, slaac);
		SAY(MSG_STORE_DHCP6, dhcp6);
	}
}

void
hostile_policy6(
    struct ipc_peer *parent, const struct hostile_world *w, const char *name)
{
	size_t i;

	if (strcmp(name, "many") == 0)
		many(parent, w);
	else if (strcmp(name, "sockets") == 0)
		sockets(parent, w);
	else if (strcmp(name, "names") == 0)
		names(parent, w);
	else if (strcmp(name, "leases") == 0)
		leases(parent, w);
	for (i = 0; i < CONFIGS; i++)
		if (strcmp(configs[i].name, name) == 0 ||
		    (strcmp(name, "all-at-once") == 0 &&
			configs[i].what == NOTHING))
			configure(parent, w, i);
}

/* SPDX-License-Identifier: ISC */
/*
 * Every rule of policy6.c both ways: accepted at its bound, refused one past
 * it.  tests/mutants/ flips each comparison of policy6.c and expects a test
 * here to fail.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "policy6.h"
#include "proto/proto.h"
#include "test.h"

/* The flip tests link this program without policy.c. */
#define IS(want, expr)                                                  \
	do {                                                            \
		enum refusal got_ = (expr);                             \
		ATF_CHECK_MSG(got_ == REFUSE_##want,                    \
		    "line %d: %s: got %d, not " #want, __LINE__, #expr, \
		    (int)got_);                                         \
	} while (0)

#define MTU 9000

static struct in6_addr
ip(const char *text)
{
	struct in6_addr addr;

	ATF_REQUIRE_MSG(inet_pton(AF_INET6, text, &addr) == 1, "%s", text);
	return addr;
}

static struct policy_ctx6
world(void)
{
	static struct prefix6 prefixes[4];
	struct policy_ctx6 ctx;

	memset(prefixes, 0, sizeof(prefixes));
	prefixes[0].ifindex = 1;
	prefixes[0].addr = ip("2001:db8:1::1");
	prefixes[0].prefixlen = 64;
	prefixes[1].ifindex = 2;
	prefixes[1].addr = ip("2001:db8:2::5");
	prefixes[1].prefixlen = 64;
	/* One of length 0 would be everybody's. */
	prefixes[2].ifindex = 3;
	prefixes[2].addr = ip("2001:db8:3::5");
	prefixes[2].prefixlen = 0;
	prefixes[3].ifindex = 4;
	prefixes[3].addr = ip("2001:db8:4:10::1");
	prefixes[3].prefixlen = 60;
	memset(&ctx, 0, sizeof(ctx));
	ctx.ifindex = 1;
	ctx.max_mtu = MTU;
	ctx.prefixes = prefixes;
	ctx.nprefixes = 4;
	return ctx;
}

static struct addr6
address(const char *text, uint8_t prefixlen)
{
	struct addr6 a;

	memset(&a, 0, sizeof(a));
	a.addr = ip(text);
	a.prefixlen = prefixlen;
	a.valid_sec = 100;
	a.preferred_sec = 50;
	return a;
}

static struct route6
route(const char *dst, uint8_t prefixlen, const char *gateway)
{
	struct route6 r;

	memset(&r, 0, sizeof(r));
	r.dst = ip(dst);
	r.prefixlen = prefixlen;
	r.gateway = ip(gateway);
	r.valid_sec = 100;
	r.preference = PREFERENCE_MEDIUM;
	return r;
}

static struct config6
config(enum protocol protocol)
{
	struct config6 c;

	memset(&c, 0, sizeof(c));
	c.protocol = protocol;
	return c;
}

/* ---- addresses ---- */

TEST(address_no_host_may_have,
    "S-04, D6-30: unspecified, loopback, IPv4-compatible, IPv4-mapped, "
    "multicast and link-local addresses are refused, their neighbours not")
{
	static const struct {
		const char *text;
		enum refusal want;
	} table[] = {
		{ "::", REFUSE_ADDRESS },
		{ "::1", REFUSE_ADDRESS },
		{ "::192.0.2.1", REFUSE_ADDRESS },
		{ "::ffff:192.0.2.1", REFUSE_ADDRESS },
		{ "::fffe:192.0.2.1", REFUSE_NOT },
		{ "::1:0:0", REFUSE_NOT },
		{ "64:ff9b::1", REFUSE_NOT },
		{ "2001:db8::1", REFUSE_NOT },
		{ "2001:db8::", REFUSE_NOT },
		{ "fd00::1", REFUSE_NOT },
		{ "fe7f:ffff::1", REFUSE_NOT },
		{ "fe80::1", REFUSE_LINK_LOCAL },
		{ "febf:ffff::1", REFUSE_LINK_LOCAL },
		{ "fec0::1", REFUSE_NOT },
		{ "feff::1", REFUSE_NOT },
		{ "ff00::", REFUSE_ADDRESS },
		{ "ff02::1", REFUSE_ADDRESS },
		{ "ffff::1", REFUSE_ADDRESS },
	};
	struct in6_addr addr;
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		addr = ip(table[i].text);
		ATF_CHECK_EQ_MSG(policy_addr6(&addr, 64), table[i].want, "%s",
		    table[i].text);
	}
	addr = ip("2001:db8::1");
	IS(PREFIXLEN, policy_addr6(&addr, 0));
	IS(NOT, policy_addr6(&addr, 1));
	IS(NOT, policy_addr6(&addr, 128));
	IS(PREFIXLEN, policy_addr6(&addr, 129));
}

/* What pruning does to a configuration of one address. */
static enum refusal
prune_one(struct addr6 a, enum protocol protocol)
{
	struct config6 c = config(protocol);
	struct policy_ctx6 ctx = world();
	struct policy_pruned6 out;
	enum refusal refusal;

	c.naddrs = 1;
	c.addrs[0] = a;
	refusal = policy_prune6(&ctx, &c, &out);
	ATF_CHECK_EQ(c.naddrs, refusal == REFUSE_NOT);
	if (refusal != REFUSE_NOT) {
		ATF_CHECK_EQ(out.item, ITEM_ADDRESS);
		ATF_CHECK(IN6_ARE_ADDR_EQUAL(&out.dst, &a.addr));
		ATF_CHECK_EQ(out.prefixlen, a.prefixlen);
	}
	return refusal;
}

TEST(address_lifetimes_and_flags,
    "S-05, D6-14: preferred at most valid, valid not 0, flags known")
{
	struct addr6 a = address("2001:db8::1", 64);

	IS(NOT, prune_one(a, PROTO_SLAAC));
	a.preferred_sec = 100;
	IS(NOT, prune_one(a, PROTO_SLAAC));
	a.preferred_sec = 101;
	IS(LIFETIME, prune_one(a, PROTO_SLAAC));
	a.preferred_sec = 0;
	IS(NOT, prune_one(a, PROTO_SLAAC));
	a.valid_sec = 0;
	IS(LIFETIME, prune_one(a, PROTO_SLAAC));
	a.valid_sec = 1;
	IS(NOT, prune_one(a, PROTO_SLAAC));
	a.valid_sec = a.preferred_sec = LIFETIME_INFINITE;
	IS(NOT, prune_one(a, PROTO_DHCP6));
	a.flags = ADDR6_TEMPORARY;
	IS(NOT, prune_one(a, PROTO_SLAAC));
	a.flags = ADDR6_TEMPORARY << 1;
	IS(FIELD, prune_one(a, PROTO_SLAAC));
	a = address("fe80::1", 64);
	IS(LINK_LOCAL, prune_one(a, PROTO_SLAAC));
}

TEST(addresses_that_are_refused_leave_the_others,
    "design 3: one refused address does not take the others with it; one "
    "named twice is one")
{
	struct config6 c = config(PROTO_SLAAC);
	struct policy_ctx6 ctx = world();
	struct policy_pruned6 out;

	c.naddrs = 4;
	c.addrs[0] = address("2001:db8::1", 64);
	c.addrs[1] = address("ff02::1", 64);
	c.addrs[2] = address("2001:db8::2", 64);
	c.addrs[3] = address("2001:db8::1", 128);
	IS(ADDRESS, policy_prune6(&ctx, &c, &out));
	ATF_CHECK_EQ(c.naddrs, 3);
	IS(FIELD, policy_prune6(&ctx, &c, &out));
	IS(NOT, policy_prune6(&ctx, &c, &out));
	ATF_REQUIRE_EQ(c.naddrs, 2);
	ATF_CHECK_EQ(c.addrs[0].addr.s6_addr[15], 1);
	ATF_CHECK_EQ(c.addrs[0].prefixlen, 64);
	ATF_CHECK_EQ(c.addrs[1].addr.s6_addr[15], 2);
}

/* ---- the whole ---- */

TEST(config_counts_and_protocol,
    "design 3: 24 addresses of SLAAC, 8 of DHCPv6, 8 downstream; 64 routes "
    "of all protocols together; no other protocol")
{
	static const struct {
		uint32_t protocol;
		uint16_t max;
	} table[] = { { PROTO_SLAAC, 24 }, { PROTO_DHCP6, 8 },
		{ PROTO_PD, 8 } };
	struct policy_ctx6 ctx = world();
	struct config6 c;
	size_t i;

	for (i = 0; i < 3; i++) {
		c = config((enum protocol)table[i].protocol);
		c.naddrs = table[i].max;
		IS(NOT, policy_config6(&ctx, &c));
		c.naddrs++;
		IS(COUNT, policy_config6(&ctx, &c));
	}
	c = config(PROTO_SLAAC);
	c.nroutes = 64;
	IS(NOT, policy_config6(&ctx, &c));
	c.nroutes = 65;
	IS(COUNT, policy_config6(&ctx, &c));
	c.nroutes = 60;
	ctx.other_routes = 4;
	IS(NOT, policy_config6(&ctx, &c));
	ctx.other_routes = 5;
	IS(COUNT, policy_config6(&ctx, &c));
	ctx.other_routes = 0;
	c = config(PROTO_NONE);
	IS(FIELD, policy_config6(&ctx, &c));
	c.protocol = PROTO_DHCP4;
	IS(FIELD, policy_config6(&ctx, &c));
	c.protocol = PROTO_MAX;
	IS(FIELD, policy_config6(&ctx, &c));
	c.protocol = 0xffffffff;
	IS(FIELD, policy_config6(&ctx, &c));
}

TEST(config_numbers_are_of_router_advertisements,
    "S-11, S-12: MTU, hop limit and timers come from SLAAC alone")
{
	struct policy_ctx6 ctx = world();
	struct config6 c = config(PROTO_SLAAC);

	c.mtu = c.hop_limit = c.reachable_ms = c.retrans_ms = 1500;
	IS(NOT, policy_config6(&ctx, &c));
	c = config(PROTO_DHCP6);
	IS(NOT, policy_config6(&ctx, &c));
	c.mtu = 1500;
	IS(FIELD, policy_config6(&ctx, &c));
	c = config(PROTO_PD);
	c.hop_limit = 64;
	IS(FIELD, policy_config6(&ctx, &c));
	c.hop_limit = 0;
	c.reachable_ms = 1;
	IS(FIELD, policy_config6(&ctx, &c));
	c.reachable_ms = 0;
	c.retrans_ms = 1;
	IS(FIELD, policy_config6(&ctx, &c));
}

static enum refusal
prune_number(const struct policy_ctx6 *ctx, size_t offset, uint32_t value,
    enum policy_item item)
{
	struct config6 c = config(PROTO_SLAAC);
	uint32_t *number = (uint32_t *)(void *)((char *)&c + offset);
	struct policy_pruned6 out;
	enum refusal refusal;

	*number = value;
	refusal = policy_prune6(ctx, &c, &out);
	ATF_CHECK_EQ(*number, refusal == REFUSE_NOT ? value : 0);
	if (refusal != REFUSE_NOT) {
		ATF_CHECK_EQ(out.item, item);
		ATF_CHECK_EQ(out.value, value);
	}
	return refusal;
}

TEST(numbers_out_of_range_are_left_out,
    "S-11, S-12: MTU 1280 to the device's, hop limit not below 64 unless "
    "accepted, reachable time up to an hour, retransmission 100 ms to 10 s")
{
	struct policy_ctx6 ctx = world();

#define NUMBER(field, value, item) \
	prune_number(&ctx, offsetof(struct config6, field), value, item)
	IS(NOT, NUMBER(mtu, 0, ITEM_MTU));
	IS(MTU, NUMBER(mtu, 1279, ITEM_MTU));
	IS(NOT, NUMBER(mtu, 1280, ITEM_MTU));
	IS(NOT, NUMBER(mtu, MTU, ITEM_MTU));
	IS(MTU, NUMBER(mtu, MTU + 1, ITEM_MTU));
	IS(NOT, NUMBER(hop_limit, 0, ITEM_HOP_LIMIT));
	IS(FIELD, NUMBER(hop_limit, 63, ITEM_HOP_LIMIT));
	IS(NOT, NUMBER(hop_limit, 64, ITEM_HOP_LIMIT));
	IS(NOT, NUMBER(hop_limit, 255, ITEM_HOP_LIMIT));
	IS(FIELD, NUMBER(hop_limit, 256, ITEM_HOP_LIMIT));
	ctx.accept_hop_limit = 1;
	IS(NOT, NUMBER(hop_limit, 1, ITEM_HOP_LIMIT));
	IS(FIELD, NUMBER(hop_limit, 256, ITEM_HOP_LIMIT));
	IS(NOT, NUMBER(reachable_ms, 0, ITEM_REACHABLE));
	IS(NOT, NUMBER(reachable_ms, 1, ITEM_REACHABLE));
	IS(NOT, NUMBER(reachable_ms, 3600000, ITEM_REACHABLE));
	IS(FIELD, NUMBER(reachable_ms, 3600001, ITEM_REACHABLE));
	IS(NOT, NUMBER(retrans_ms, 0, ITEM_RETRANS));
	IS(FIELD, NUMBER(retrans_ms, 99, ITEM_RETRANS));
	IS(NOT, NUMBER(retrans_ms, 100, ITEM_RETRANS));
	IS(NOT, NUMBER(retrans_ms, 10000, ITEM_RETRANS));
	IS(FIELD, NUMBER(retrans_ms, 10001, ITEM_RETRANS));
#undef NUMBER
}

/* ---- routes ---- */

/* One route of SLAAC, on interface 1 with 2001:db8:1::/64. */
static enum refusal
check(struct route6 r)
{
	struct policy_ctx6 ctx = world();
	struct config6 c = config(PROTO_SLAAC);

	c.naddrs = 1;
	c.addrs[0] = address("2001:db8:1::5", 64);
	return policy_route6(&ctx, &c, &r);
}

TEST(route_destination,
    "S-10: no route to reserved destinations, none with host bits, none "
    "longer than 128; one that covers a reserved destination is a route")
{
	struct route6 r;

	IS(NOT, check(route("2001:db8:9::", 48, "fe80::1")));
	IS(NOT, check(route("::", 0, "fe80::1")));
	IS(NOT, check(route("::", 1, "fe80::1")));
	IS(NOT, check(route("8000::", 1, "fe80::1")));
	IS(NOT, check(route("::", 95, "fe80::1")));
	IS(ROUTE_DST, check(route("::", 96, "fe80::1")));
	IS(ROUTE_DST, check(route("::1", 128, "fe80::1")));
	IS(ROUTE_DST, check(route("::ffff:0:0", 96, "fe80::1")));
	IS(ROUTE_DST, check(route("::ffff:10.0.0.0", 104, "fe80::1")));
	IS(NOT, check(route("::ffff:0:0:0", 96, "fe80::1")));
	IS(NOT, check(route("fe00::", 9, "fe80::1")));
	IS(ROUTE_DST, check(route("fe80::", 10, "fe80::1")));
	IS(ROUTE_DST, check(route("fe80::", 64, "fe80::1")));
	IS(NOT, check(route("fe80::", 9, "fe80::1")));
	IS(NOT, check(route("fec0::", 10, "fe80::1")));
	IS(NOT, check(route("fe00::", 7, "fe80::1")));
	IS(ROUTE_DST, check(route("ff00::", 8, "fe80::1")));
	IS(ROUTE_DST, check(route("ff02::", 16, "fe80::1")));
	IS(ROUTE_HOSTBITS, check(route("2001:db8:9::1", 127, "fe80::1")));
	IS(NOT, check(route("2001:db8:9::2", 127, "fe80::1")));
	IS(ROUTE_HOSTBITS, check(route("2001:db8:9:8000::", 48, "fe80::1")));
	IS(NOT, check(route("2001:db8:9:8000::", 49, "fe80::1")));
	IS(ROUTE_HOSTBITS, check(route("8000::", 0, "fe80::1")));
	IS(NOT, check(route("2001:db8:9::1", 128, "fe80::1")));
	r = route("2001:db8:9::1", 128, "fe80::1");
	r.prefixlen = 129;
	IS(PREFIXLEN, check(r));
}

TEST(route_fields,
    "S-09, S-10, S-11: preference, flags, lifetime and MTU of a route")
{
	struct policy_ctx6 ctx = world();
	struct config6 c;
	struct route6 r = route("2001:db8:9::", 48, "fe80::1");

	r.preference = PREFERENCE_HIGH;
	IS(NOT, check(r));
	r.preference++;
	IS(FIELD, check(r));
	r.preference = PREFERENCE_LOW;
	r.valid_sec = 0;
	IS(LIFETIME, check(r));
	r.valid_sec = 1;
	IS(NOT, check(r));
	r.mtu = 1279;
	IS(ROUTE_MTU, check(r));
	r.mtu = 1280;
	IS(NOT, check(r));
	r.mtu = MTU;
	IS(NOT, check(r));
	r.mtu = MTU + 1;
	IS(ROUTE_MTU, check(r));
	/* Reject: DHCPv6's and the downstream's, without a gateway. */
	r = route("2001:db8:9::", 48, "::");
	r.flags = ROUTE6_REJECT;
	IS(FIELD, check(r));
	c = config(PROTO_DHCP6);
	IS(NOT, policy_route6(&ctx, &c, &r));
	c = config(PROTO_PD);
	IS(NOT, policy_route6(&ctx, &c, &r));
	r.flags = ROUTE6_REJECT << 1;
	IS(FIELD, policy_route6(&ctx, &c, &r));
	r.flags = ROUTE6_REJECT;
	r.gateway = ip("fe80::1");
	IS(GATEWAY, policy_route6(&ctx, &c, &r));
}

TEST(route_gateway,
    "S-09, Y-21: a gateway is link-local; the default route without one only "
    "on a point-to-point interface, and never rejects")
{
	struct policy_ctx6 ctx = world();
	struct config6 c = config(PROTO_DHCP6);
	struct route6 r;

	IS(GATEWAY, check(route("::", 0, "2001:db8:1::1")));
	IS(GATEWAY, check(route("2001:db8:9::", 48, "2001:db8:1::1")));
	IS(GATEWAY, check(route("::", 0, "::1")));
	IS(GATEWAY, check(route("::", 0, "ff02::1")));
	IS(NOT, check(route("::", 0, "febf::1")));
	IS(GATEWAY, check(route("::", 0, "fec0::1")));
	IS(NOT, check(route("2001:db8:1::", 64, "::")));
	r = route("::", 0, "::");
	IS(GATEWAY, check(r));
	ctx.pointopoint = 1;
	IS(NOT, policy_route6(&ctx, &c, &r));
	r.flags = ROUTE6_REJECT;
	IS(GATEWAY, policy_route6(&ctx, &c, &r));
	r = route("::", 1, "::");
	r.flags = ROUTE6_REJECT;
	IS(NOT, policy_route6(&ctx, &c, &r));
}

TEST(route_into_another_interface,
    "design 3: through a gateway nothing inside another interface's prefix; "
    "on-link the same prefix, but no part of it that is not our own")
{
	struct policy_ctx6 ctx = world();
	struct config6 c = config(PROTO_SLAAC);
	struct route6 r;

	/* through a gateway */
	IS(NOT, check(route("2001:db8:2::", 63, "fe80::1")));
	IS(FOREIGN_PREFIX, check(route("2001:db8:2::", 64, "fe80::1")));
	IS(FOREIGN_PREFIX, check(route("2001:db8:2::8", 128, "fe80::1")));
	IS(FOREIGN_PREFIX, check(route("2001:db8:4:10::", 60, "fe80::1")));
	IS(FOREIGN_PREFIX, check(route("2001:db8:4:1f::", 64, "fe80::1")));
	IS(NOT, check(route("2001:db8:4:20::", 64, "fe80::1")));
	/* own prefix, and that of length 0 */
	IS(NOT, check(route("2001:db8:1::", 64, "fe80::1")));
	IS(NOT, check(route("2001:db8:3::", 64, "fe80::1")));
	/* on-link */
	IS(NOT, check(route("2001:db8:2::", 64, "::")));
	IS(FOREIGN_PREFIX, check(route("2001:db8:2::", 65, "::")));
	IS(FOREIGN_PREFIX, check(route("2001:db8:2::5", 128, "::")));
	c.naddrs = 1;
	c.addrs[0] = address("2001:db8:2::9", 64);
	r = route("2001:db8:2::", 65, "::");
	IS(NOT, policy_route6(&ctx, &c, &r));
	r = route("2001:db8:2::", 64, "fe80::1");
	IS(FOREIGN_PREFIX, policy_route6(&ctx, &c, &r));
	/* A broader or a narrower prefix makes nothing our own. */
	r = route("2001:db8:2::", 66, "::");
	c.addrs[0].prefixlen = 63;
	IS(FOREIGN_PREFIX, policy_route6(&ctx, &c, &r));
	c.addrs[0].prefixlen = 65;
	IS(FOREIGN_PREFIX, policy_route6(&ctx, &c, &r));
	c.addrs[0] = address("2001:db8:7::9", 64);
	IS(FOREIGN_PREFIX, policy_route6(&ctx, &c, &r));
	c.addrs[0] = address("2001:db8:2::9", 64);
	IS(NOT, policy_route6(&ctx, &c, &r));
	/* A reject route is nobody's own. */
	c.protocol = PROTO_DHCP6;
	r.flags = ROUTE6_REJECT;
	IS(FOREIGN_PREFIX, policy_route6(&ctx, &c, &r));
	r.prefixlen = 64;
	IS(NOT, policy_route6(&ctx, &c, &r));
	/* The last address of a configuration counts, none after it. */
	c = config(PROTO_SLAAC);
	c.naddrs = 1;
	c.addrs[0] = address("2001:db8:7::9", 64);
	c.addrs[1] = address("2001:db8:2::9", 64);
	r = route("2001:db8:2::", 65, "::");
	IS(FOREIGN_PREFIX, policy_route6(&ctx, &c, &r));
	c.naddrs = 2;
	IS(NOT, policy_route6(&ctx, &c, &r));
	/* The last prefix counts, none after it. */
	r = route("2001:db8:4:10::", 64, "fe80::1");
	IS(FOREIGN_PREFIX, policy_route6(&ctx, &c, &r));
	ctx.nprefixes = 3;
	IS(NOT, policy_route6(&ctx, &c, &r));
}

TEST(routes_that_are_refused_leave_the_order,
    "S-09, design 3: one refused route does not take the others with it, and "
    "the others stay in order")
{
	struct config6 c = config(PROTO_SLAAC);
	struct policy_ctx6 ctx = world();
	struct policy_pruned6 out;

	c.nroutes = 4;
	c.routes[0] = route("::", 0, "fe80::1");
	c.routes[1] = route("::", 0, "2001:db8::1");
	c.routes[2] = route("::", 0, "fe80::2");
	c.routes[3] = route("::", 0, "fe80::3");
	IS(GATEWAY, policy_prune6(&ctx, &c, &out));
	ATF_CHECK_EQ(out.item, ITEM_ROUTE);
	ATF_CHECK_EQ(out.gateway.s6_addr[0], 0x20);
	ATF_CHECK_EQ(out.prefixlen, 0);
	IS(NOT, policy_prune6(&ctx, &c, &out));
	ATF_REQUIRE_EQ(c.nroutes, 3);
	ATF_CHECK_EQ(c.routes[0].gateway.s6_addr[15], 1);
	ATF_CHECK_EQ(c.routes[1].gateway.s6_addr[15], 2);
	ATF_CHECK_EQ(c.routes[2].gateway.s6_addr[15], 3);
}

/* ---- sockets ---- */

TEST(socket_on_an_address_that_is_held,
    "D6-20, D6-45: DHCPv6 sockets on configured addresses alone")
{
	struct addr6 held[3];
	struct in6_addr a = ip("2001:db8::1"), b = ip("2001:db8::2");
	struct in6_addr c = ip("2001:db8::3"), none = ip("::");

	held[0] = address("2001:db8::1", 64);
	held[1] = address("2001:db8::2", 128);
	held[2] = address("2001:db8::3", 128);
	IS(NOT, policy_socket6(held, 2, CHANNEL_DHCP6, &a));
	IS(NOT, policy_socket6(held, 2, CHANNEL_DHCP6_SEND, &b));
	IS(SOCKET_LOCAL, policy_socket6(held, 2, CHANNEL_DHCP6, &c));
	IS(SOCKET_LOCAL, policy_socket6(held, 2, CHANNEL_DHCP6, &none));
	IS(SOCKET_LOCAL, policy_socket6(held, 0, CHANNEL_DHCP6, &a));
	IS(FIELD, policy_socket6(held, 2, CHANNEL_ND, &a));
	IS(FIELD, policy_socket6(held, 2, CHANNEL_RS, &a));
	IS(FIELD, policy_socket6(held, 2, CHANNEL_UDP4, &a));
	IS(FIELD, policy_socket6(held, 2, CHANNEL_MAX, &a));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, address_no_host_may_have);
	ATF_TP_ADD_TC(tp, address_lifetimes_and_flags);
	ATF_TP_ADD_TC(tp, addresses_that_are_refused_leave_the_others);
	ATF_TP_ADD_TC(tp, config_counts_and_protocol);
	ATF_TP_ADD_TC(tp, config_numbers_are_of_router_advertisements);
	ATF_TP_ADD_TC(tp, numbers_out_of_range_are_left_out);
	ATF_TP_ADD_TC(tp, route_destination);
	ATF_TP_ADD_TC(tp, route_fields);
	ATF_TP_ADD_TC(tp, route_gateway);
	ATF_TP_ADD_TC(tp, route_into_another_interface);
	ATF_TP_ADD_TC(tp, routes_that_are_refused_leave_the_order);
	ATF_TP_ADD_TC(tp, socket_on_an_address_that_is_held);
	return atf_no_error();
}

/* SPDX-License-Identifier: ISC */
/*
 * Every rule of policy.c both ways: accepted at its bound, refused one past
 * it.  tests/mutants/ flips each comparison of policy.c and expects a test
 * here to fail.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "conf.h"
#include "policy.h"
#include "test.h"

/* The refusal by name, so that a failure can be read. */
#define IS(want, expr)                                          \
	do {                                                    \
		enum refusal got_ = (expr);                     \
		ATF_CHECK_MSG(got_ == REFUSE_##want,            \
		    "line %d: %s: got \"%s\"", __LINE__, #expr, \
		    policy_refusal_text(got_));                 \
	} while (0)

static struct in_addr
ip(const char *text)
{
	struct in_addr addr;

	ATF_REQUIRE_MSG(inet_pton(AF_INET, text, &addr) == 1, "%s", text);
	return addr;
}

static struct route4
route(const char *dst, uint8_t prefixlen, const char *gateway)
{
	struct route4 r;

	memset(&r, 0, sizeof(r));
	r.dst = ip(dst);
	r.prefixlen = prefixlen;
	r.gateway = ip(gateway);
	return r;
}

static void
add_route(
    struct config4 *c, const char *dst, uint8_t prefixlen, const char *gateway)
{
	c->routes[c->nroutes++] = route(dst, prefixlen, gateway);
}

static void
set_addr(struct addr4 *a, const char *addr, uint8_t prefixlen)
{
	memset(a, 0, sizeof(*a));
	a->addr = ip(addr);
	a->prefixlen = prefixlen;
	a->valid_sec = 3600;
}

/* 192.0.2.10/24 on interface 2, which may have an MTU of 9000. */
static void
usual(struct policy_ctx *ctx, struct config4 *c)
{
	memset(ctx, 0, sizeof(*ctx));
	ctx->ifindex = 2;
	ctx->max_mtu = 9000;
	memset(c, 0, sizeof(*c));
	c->naddrs = 1;
	set_addr(&c->addrs[0], "192.0.2.10", 24);
}

static enum refusal
one_route(const char *dst, uint8_t prefixlen, const char *gateway)
{
	struct policy_ctx ctx;
	struct config4 c;

	usual(&ctx, &c);
	add_route(&c, dst, prefixlen, gateway);
	return policy_config4(&ctx, &c);
}

/* ---- rate ---- */

TEST(rate_allows_a_burst_and_not_one_more,
    "design 3: 256 requests at once, the next is refused")
{
	struct policy_bucket b;
	int i;

	memset(&b, 0, sizeof(b));
	for (i = 0; i < POLICY_BURST; i++)
		IS(NOT, policy_rate(&b, 1000));
	IS(RATE, policy_rate(&b, 1000));
}

TEST(rate_refills_fifty_a_second, "design 3: refilled at 50 a second")
{
	struct policy_bucket b;
	int i;

	memset(&b, 0, sizeof(b));
	for (i = 0; i < POLICY_BURST; i++)
		IS(NOT, policy_rate(&b, 1000));
	IS(RATE, policy_rate(&b, 1019));
	IS(NOT, policy_rate(&b, 1020));
	IS(RATE, policy_rate(&b, 1020));
	for (i = 0; i < POLICY_REFILL_PER_SEC; i++)
		IS(NOT, policy_rate(&b, 2020));
	IS(RATE, policy_rate(&b, 2020));
}

TEST(rate_never_holds_more_than_the_burst,
    "design 3: an idle hour, or a clock that jumps, saves up nothing")
{
	static const uint64_t later[] = { 3600000, UINT64_MAX };
	struct policy_bucket b;
	size_t n;
	int i;

	for (n = 0; n < 2; n++) {
		memset(&b, 0, sizeof(b));
		IS(NOT, policy_rate(&b, 0));
		for (i = 0; i < POLICY_BURST; i++)
			IS(NOT, policy_rate(&b, later[n]));
		IS(RATE, policy_rate(&b, later[n]));
	}
}

TEST(rate_does_not_refill_when_the_clock_steps_back,
    "design 3: an earlier time refills nothing")
{
	struct policy_bucket b;
	int i;

	memset(&b, 0, sizeof(b));
	for (i = 0; i < POLICY_BURST; i++)
		IS(NOT, policy_rate(&b, 100000));
	IS(RATE, policy_rate(&b, 50000));
	IS(NOT, policy_rate(&b, 50020));
}

/* ---- addresses ---- */

TEST(address_of_reserved_blocks_is_refused,
    "design 3, D4-14: no address in 0/8, 127/8, 224/3")
{
	static const struct {
		const char *addr;
		int ok;
	} t[] = {
		{ "0.0.0.0", 0 },
		{ "0.0.0.1", 0 },
		{ "0.255.255.254", 0 },
		{ "1.0.0.1", 1 },
		{ "126.255.255.253", 1 },
		{ "127.0.0.1", 0 },
		{ "127.255.255.253", 0 },
		{ "128.0.0.1", 1 },
		{ "223.255.255.253", 1 },
		{ "224.0.0.1", 0 },
		{ "239.1.2.3", 0 },
		{ "240.0.0.1", 0 },
		{ "255.255.255.253", 0 },
		{ "10.0.0.1", 1 },
		{ "100.64.0.1", 1 },
	};
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		ATF_CHECK_MSG(policy_addr4(ip(t[i].addr), 29) ==
			(t[i].ok ? REFUSE_NOT : REFUSE_ADDRESS),
		    "%s", t[i].addr);
	IS(ADDRESS, policy_addr4(ip("255.255.255.255"), 32));
}

TEST(address_of_a_server_is_not_link_local,
    "AC-04: RFC 3927 1.6; whatever its prefix length")
{
	IS(NOT, policy_addr4(ip("169.253.255.254"), 16));
	IS(LINK_LOCAL, policy_addr4(ip("169.254.0.1"), 16));
	IS(LINK_LOCAL, policy_addr4(ip("169.254.77.1"), 16));
	IS(LINK_LOCAL, policy_addr4(ip("169.254.77.1"), 8));
	IS(LINK_LOCAL, policy_addr4(ip("169.254.77.1"), 32));
	IS(LINK_LOCAL, policy_addr4(ip("169.254.255.254"), 16));
	IS(NOT, policy_addr4(ip("169.255.0.1"), 16));
	IS(NETWORK_ADDRESS, policy_addr4(ip("169.254.0.0"), 16));
}

TEST(address_prefix_length_is_1_to_32,
    "design 3: prefix length 0 and above 32 are refused")
{
	IS(PREFIXLEN, policy_addr4(ip("192.0.2.10"), 0));
	IS(NOT, policy_addr4(ip("192.0.2.10"), 1));
	IS(NOT, policy_addr4(ip("192.0.2.10"), 32));
	IS(PREFIXLEN, policy_addr4(ip("192.0.2.10"), 33));
	IS(PREFIXLEN, policy_addr4(ip("192.0.2.10"), 64));
	IS(PREFIXLEN, policy_addr4(ip("192.0.2.10"), 255));
}

TEST(address_is_not_the_network_or_broadcast_address,
    "design 3: /31 and /32 are exempt")
{
	IS(NETWORK_ADDRESS, policy_addr4(ip("192.0.2.0"), 24));
	IS(NOT, policy_addr4(ip("192.0.2.1"), 24));
	IS(NOT, policy_addr4(ip("192.0.2.254"), 24));
	IS(NETWORK_ADDRESS, policy_addr4(ip("192.0.2.255"), 24));
	IS(NOT, policy_addr4(ip("192.0.2.255"), 23));
	IS(NETWORK_ADDRESS, policy_addr4(ip("192.0.2.4"), 30));
	IS(NETWORK_ADDRESS, policy_addr4(ip("192.0.2.7"), 30));
	IS(NOT, policy_addr4(ip("192.0.2.4"), 31));
	IS(NOT, policy_addr4(ip("192.0.2.5"), 31));
	IS(NOT, policy_addr4(ip("192.0.2.0"), 32));
	IS(NOT, policy_addr4(ip("192.0.2.255"), 32));
}

/* ---- configuration ---- */

TEST(config_withdraws_everything_with_nothing,
    "design 3: no address and no route is the withdrawal; a route alone is "
    "refused")
{
	struct policy_ctx ctx;
	struct config4 c;

	usual(&ctx, &c);
	c.naddrs = 0;
	IS(NOT, policy_config4(&ctx, &c));
	add_route(&c, "198.51.100.0", 24, "0.0.0.0");
	IS(COUNT, policy_config4(&ctx, &c));
	c.naddrs = 1;
	IS(NOT, policy_config4(&ctx, &c));
	c.nroutes = 0;
	IS(NOT, policy_config4(&ctx, &c));
}

TEST(config_has_at_most_three_addresses_and_64_routes,
    "design 3: counts per interface")
{
	struct policy_ctx ctx;
	struct config4 c;
	uint16_t i;

	usual(&ctx, &c);
	set_addr(&c.addrs[1], "192.0.2.11", 24);
	set_addr(&c.addrs[2], "192.0.2.12", 24);
	c.naddrs = 3;
	for (i = 0; i < CONFIG4_ROUTES_MAX; i++)
		add_route(&c, "198.51.100.0", 24, "192.0.2.1");
	IS(NOT, policy_config4(&ctx, &c));
	c.naddrs = 4;
	IS(COUNT, policy_config4(&ctx, &c));
	c.naddrs = 3;
	c.nroutes = CONFIG4_ROUTES_MAX + 1;
	IS(COUNT, policy_config4(&ctx, &c));
	c.nroutes = UINT16_MAX;
	IS(COUNT, policy_config4(&ctx, &c));
}

TEST(config_of_an_interface_without_ipv4_is_empty,
    "Y-16: an address where IPv4 is off is refused, its removal is not")
{
	struct policy_ctx ctx;
	struct config4 c;

	usual(&ctx, &c);
	IS(NOT, policy_config4(&ctx, &c));
	ctx.off = 1;
	IS(PROTOCOL, policy_config4(&ctx, &c));
	memset(&c, 0, sizeof(c));
	IS(NOT, policy_config4(&ctx, &c));
	c.if_mtu = 1400;
	IS(PROTOCOL, policy_config4(&ctx, &c));
}

TEST(config_link_local_address_is_self_assigned,
    "AC-04: with link-local yes alone, as RFC 3927 2.1 has it: /16, neither "
    "the first nor the last 256")
{
	struct policy_ctx ctx;
	struct config4 c;

	usual(&ctx, &c);
	set_addr(&c.addrs[0], "169.254.1.0", 16);
	IS(LINK_LOCAL, policy_config4(&ctx, &c));
	ctx.link_local = 1;
	IS(NOT, policy_config4(&ctx, &c));
	set_addr(&c.addrs[0], "169.254.0.255", 16);
	IS(LINK_LOCAL, policy_config4(&ctx, &c));
	set_addr(&c.addrs[0], "169.254.254.255", 16);
	IS(NOT, policy_config4(&ctx, &c));
	set_addr(&c.addrs[0], "169.254.255.0", 16);
	IS(LINK_LOCAL, policy_config4(&ctx, &c));
	set_addr(&c.addrs[0], "169.254.77.1", 15);
	IS(LINK_LOCAL, policy_config4(&ctx, &c));
	set_addr(&c.addrs[0], "169.254.77.1", 17);
	IS(LINK_LOCAL, policy_config4(&ctx, &c));
	set_addr(&c.addrs[0], "169.254.77.1", 32);
	IS(LINK_LOCAL, policy_config4(&ctx, &c));
	/* The lease's is checked like any other. */
	set_addr(&c.addrs[0], "192.0.2.10", 24);
	IS(NOT, policy_config4(&ctx, &c));
	set_addr(&c.addrs[0], "127.0.0.1", 8);
	IS(ADDRESS, policy_config4(&ctx, &c));
}

TEST(config_checks_each_address_and_no_more,
    "design 3: the last one counts; what is beyond the count does not")
{
	struct policy_ctx ctx;
	struct config4 c;

	usual(&ctx, &c);
	set_addr(&c.addrs[1], "127.0.0.1", 8);
	IS(NOT, policy_config4(&ctx, &c));
	c.naddrs = 2;
	IS(ADDRESS, policy_config4(&ctx, &c));
	set_addr(&c.addrs[1], "192.0.2.0", 24);
	IS(NETWORK_ADDRESS, policy_config4(&ctx, &c));
	set_addr(&c.addrs[1], "192.0.2.11", 33);
	IS(PREFIXLEN, policy_config4(&ctx, &c));
}

TEST(config_broadcast_address_is_of_the_prefix,
    "design 3: none, all ones, or another address within the prefix")
{
	struct policy_ctx ctx;
	struct config4 c;

	usual(&ctx, &c);
	IS(NOT, policy_config4(&ctx, &c));
	c.addrs[0].broadcast = ip("255.255.255.255");
	IS(NOT, policy_config4(&ctx, &c));
	c.addrs[0].broadcast = ip("192.0.2.255");
	IS(NOT, policy_config4(&ctx, &c));
	c.addrs[0].broadcast = ip("192.0.2.0");
	IS(NOT, policy_config4(&ctx, &c));
	c.addrs[0].broadcast = ip("192.0.2.10");
	IS(FIELD, policy_config4(&ctx, &c));
	c.addrs[0].broadcast = ip("192.0.3.0");
	IS(FIELD, policy_config4(&ctx, &c));
	c.addrs[0].broadcast = ip("8.8.8.8");
	IS(FIELD, policy_config4(&ctx, &c));
}

TEST(config_mtu_of_the_interface_is_1280_to_the_devices,
    "design 3, D4-27: 0, or 1280 to the device's maximum")
{
	static const struct {
		uint16_t mtu;
		int ok;
	} t[] = {
		{ 0, 1 },
		{ 1, 0 },
		{ 576, 0 },
		{ 1279, 0 },
		{ 1280, 1 },
		{ 1281, 1 },
		{ 8999, 1 },
		{ 9000, 1 },
		{ 9001, 0 },
		{ UINT16_MAX, 0 },
	};
	struct policy_ctx ctx;
	struct config4 c;
	size_t i;

	usual(&ctx, &c);
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		c.if_mtu = t[i].mtu;
		ATF_CHECK_MSG(policy_config4(&ctx, &c) ==
			(t[i].ok ? REFUSE_NOT : REFUSE_MTU),
		    "%u", t[i].mtu);
	}
}

TEST(config_mtu_of_routes_is_576_to_the_devices,
    "design 3, D4-27: 0, or 576 to the device's maximum")
{
	static const struct {
		uint16_t mtu;
		int ok;
	} t[] = {
		{ 0, 1 },
		{ 1, 0 },
		{ 575, 0 },
		{ 576, 1 },
		{ 577, 1 },
		{ 9000, 1 },
		{ 9001, 0 },
		{ UINT16_MAX, 0 },
	};
	struct policy_ctx ctx;
	struct config4 c;
	size_t i;

	usual(&ctx, &c);
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		c.route_mtu = t[i].mtu;
		ATF_CHECK_MSG(policy_config4(&ctx, &c) ==
			(t[i].ok ? REFUSE_NOT : REFUSE_ROUTE_MTU),
		    "%u", t[i].mtu);
	}
}

/* ---- routes ---- */

TEST(route_destination_is_not_reserved,
    "design 3: nothing inside 0/8 (but the default), 127/8, 224/3")
{
	static const struct {
		const char *dst;
		uint8_t prefixlen;
		int ok;
	} t[] = {
		{ "0.0.0.0", 0, 1 },
		{ "0.0.0.0", 1, 1 },
		{ "0.0.0.0", 7, 1 },
		{ "0.0.0.0", 8, 0 },
		{ "0.0.0.0", 9, 0 },
		{ "0.0.0.0", 32, 0 },
		{ "0.1.0.0", 16, 0 },
		{ "1.0.0.0", 8, 1 },
		{ "126.0.0.0", 7, 1 },
		{ "126.0.0.0", 8, 1 },
		{ "127.0.0.0", 8, 0 },
		{ "127.0.0.1", 32, 0 },
		{ "128.0.0.0", 1, 1 },
		{ "128.0.0.0", 8, 1 },
		{ "192.0.0.0", 2, 1 },
		{ "223.0.0.0", 8, 1 },
		{ "224.0.0.0", 3, 0 },
		{ "224.0.0.0", 4, 0 },
		{ "240.0.0.0", 4, 0 },
		{ "255.255.255.255", 32, 0 },
		{ "169.254.169.254", 32, 1 },
	};
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		ATF_CHECK_MSG(
		    one_route(t[i].dst, t[i].prefixlen, "192.0.2.1") ==
			(t[i].ok ? REFUSE_NOT : REFUSE_ROUTE_DST),
		    "%s/%u", t[i].dst, t[i].prefixlen);
		ATF_CHECK_MSG(one_route(t[i].dst, t[i].prefixlen, "0.0.0.0") ==
			(t[i].ok ? REFUSE_NOT : REFUSE_ROUTE_DST),
		    "on-link %s/%u", t[i].dst, t[i].prefixlen);
	}
}

TEST(route_has_no_host_bits, "design 3, D4-08: host bits set are refused")
{
	IS(NOT, one_route("198.51.100.0", 24, "192.0.2.1"));
	IS(ROUTE_HOSTBITS, one_route("198.51.100.1", 24, "192.0.2.1"));
	IS(ROUTE_HOSTBITS, one_route("198.51.100.0", 21, "192.0.2.1"));
	IS(NOT, one_route("198.51.100.1", 32, "192.0.2.1"));
	IS(ROUTE_HOSTBITS, one_route("198.51.100.1", 31, "192.0.2.1"));
	IS(ROUTE_HOSTBITS, one_route("128.0.0.0", 0, "192.0.2.1"));
	IS(PREFIXLEN, one_route("198.51.100.0", 33, "192.0.2.1"));
	IS(PREFIXLEN, one_route("198.51.100.0", 255, "192.0.2.1"));
}

TEST(route_gateway_is_inside_the_prefix,
    "design 3: a gateway in the prefix of one of the addresses")
{
	struct policy_ctx ctx;
	struct config4 c;

	IS(NOT, one_route("0.0.0.0", 0, "192.0.2.1"));
	IS(NOT, one_route("0.0.0.0", 0, "192.0.2.254"));
	IS(GATEWAY, one_route("0.0.0.0", 0, "192.0.3.1"));
	IS(GATEWAY, one_route("0.0.0.0", 0, "192.0.1.255"));
	/* Of the second address; of one beyond the count. */
	usual(&ctx, &c);
	add_route(&c, "0.0.0.0", 0, "203.0.113.1");
	set_addr(&c.addrs[1], "203.0.113.7", 24);
	IS(GATEWAY, policy_config4(&ctx, &c));
	c.naddrs = 2;
	IS(NOT, policy_config4(&ctx, &c));
}

TEST(route_gateway_may_be_covered_by_an_on_link_route,
    "design 3, D4-33: a router outside the prefix with a host route first")
{
	struct policy_ctx ctx;
	struct config4 c;

	usual(&ctx, &c);
	set_addr(&c.addrs[0], "192.0.2.10", 32);
	add_route(&c, "0.0.0.0", 0, "192.0.2.1");
	c.routes[1] = route("192.0.2.1", 32, "0.0.0.0");
	IS(GATEWAY, policy_config4(&ctx, &c));
	c.nroutes = 2;
	IS(NOT, policy_config4(&ctx, &c));
	c.routes[1] = route("192.0.2.2", 32, "0.0.0.0");
	IS(GATEWAY, policy_config4(&ctx, &c));
	c.routes[1] = route("192.0.2.0", 30, "0.0.0.0");
	IS(NOT, policy_config4(&ctx, &c));
	/* A route through a gateway covers nothing. */
	set_addr(&c.addrs[0], "198.51.100.10", 24);
	c.routes[1] = route("192.0.2.0", 30, "198.51.100.1");
	IS(GATEWAY, policy_config4(&ctx, &c));
}

TEST(route_gateway_is_unicast,
    "design 3: an on-link default route makes no loopback gateway reachable")
{
	static const struct {
		const char *gateway;
		int ok;
	} t[] = {
		{ "203.0.113.1", 1 },
		{ "127.0.0.1", 0 },
		{ "0.0.0.1", 0 },
		{ "224.0.0.1", 0 },
		{ "255.255.255.255", 0 },
	};
	struct policy_ctx ctx;
	struct config4 c;
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		usual(&ctx, &c);
		add_route(&c, "0.0.0.0", 0, "0.0.0.0");
		add_route(&c, "198.51.100.0", 24, t[i].gateway);
		ATF_CHECK_MSG(policy_config4(&ctx, &c) ==
			(t[i].ok ? REFUSE_NOT : REFUSE_GATEWAY),
		    "%s", t[i].gateway);
	}
}

TEST(route_checks_each_and_no_more,
    "design 3: the last route counts; what is beyond the count does not")
{
	struct policy_ctx ctx;
	struct config4 c;

	usual(&ctx, &c);
	add_route(&c, "198.51.100.0", 24, "192.0.2.1");
	c.routes[1] = route("127.0.0.0", 8, "192.0.2.1");
	IS(NOT, policy_config4(&ctx, &c));
	c.nroutes = 2;
	IS(ROUTE_DST, policy_config4(&ctx, &c));
}

TEST(prune_takes_out_what_is_refused_and_what_needs_it,
    "design 3: the refused route goes, and the default route through it")
{
	struct policy_ctx ctx;
	struct config4 c;
	struct route4 out;
	struct prefix4 p = { .ifindex = 3, .prefixlen = 24 };

	usual(&ctx, &c);
	p.addr = ip("203.0.113.5");
	ctx.prefixes = &p;
	ctx.nprefixes = 1;
	add_route(&c, "198.51.100.0", 24, "192.0.2.1");
	add_route(&c, "0.0.0.0", 0, "203.0.113.1");
	add_route(&c, "203.0.113.0", 24, "0.0.0.0");
	add_route(&c, "198.18.0.0", 15, "192.0.2.1");
	IS(FOREIGN_PREFIX, policy_prune4(&ctx, &c, &out));
	ATF_CHECK_EQ(out.dst.s_addr, ip("203.0.113.0").s_addr);
	ATF_CHECK_EQ(c.nroutes, 3);
	IS(GATEWAY, policy_prune4(&ctx, &c, &out));
	ATF_CHECK_EQ(out.prefixlen, 0);
	ATF_CHECK_EQ(out.gateway.s_addr, ip("203.0.113.1").s_addr);
	IS(NOT, policy_prune4(&ctx, &c, &out));
	ATF_CHECK_EQ(c.nroutes, 2);
	ATF_CHECK_EQ(c.routes[0].dst.s_addr, ip("198.51.100.0").s_addr);
	ATF_CHECK_EQ(c.routes[1].dst.s_addr, ip("198.18.0.0").s_addr);
	IS(NOT, policy_config4(&ctx, &c));
	/* The last one; what is beyond the count is not looked at. */
	usual(&ctx, &c);
	add_route(&c, "127.0.0.0", 8, "192.0.2.1");
	c.routes[1] = route("127.0.0.0", 8, "192.0.2.1");
	IS(ROUTE_DST, policy_prune4(&ctx, &c, &out));
	ATF_CHECK_EQ(c.nroutes, 0);
	IS(NOT, policy_prune4(&ctx, &c, &out));
}

TEST(prune_leaves_what_is_refused_as_a_whole,
    "design 3: a refused address, MTU or count is not mended")
{
	struct policy_ctx ctx;
	struct config4 c, was;
	struct route4 out;

	usual(&ctx, &c);
	add_route(&c, "127.0.0.0", 8, "192.0.2.1");
	c.addrs[0].addr = ip("127.0.0.1");
	was = c;
	IS(NOT, policy_prune4(&ctx, &c, &out));
	IS(ADDRESS, policy_config4(&ctx, &c));
	ATF_CHECK(memcmp(&c, &was, sizeof(c)) == 0);
	usual(&ctx, &c);
	c.nroutes = CONFIG4_ROUTES_MAX + 1;
	IS(NOT, policy_prune4(&ctx, &c, &out));
	IS(COUNT, policy_config4(&ctx, &c));
	ATF_CHECK_EQ(c.nroutes, CONFIG4_ROUTES_MAX + 1);
}

static const struct prefix4 foreign[] = {
	{ .ifindex = 2, .prefixlen = 24 }, /* filled by with_foreign */
	{ .ifindex = 3, .prefixlen = 24 },
	{ .ifindex = 4, .prefixlen = 0 },
	{ .ifindex = 5, .prefixlen = 16 },
};

/*
 * Interface 2 (ours): 192.0.2.10/24; 3: 198.51.100.7/24; 4: 10.9.9.9/0;
 * 5: 203.0.7.7/16, but that one is beyond the count.
 */
static enum refusal
with_foreign(struct config4 *c)
{
	static const char *const addrs[] = { "192.0.2.10", "198.51.100.7",
		"10.9.9.9", "203.0.7.7" };
	struct prefix4 prefixes[4];
	struct policy_ctx ctx;
	struct config4 unused;
	size_t i;

	usual(&ctx, &unused);
	memcpy(prefixes, foreign, sizeof(prefixes));
	for (i = 0; i < 4; i++)
		prefixes[i].addr = ip(addrs[i]);
	ctx.prefixes = prefixes;
	ctx.nprefixes = 3;
	return policy_config4(&ctx, c);
}

static enum refusal
foreign_route(const char *dst, uint8_t prefixlen, const char *gateway)
{
	struct policy_ctx ctx;
	struct config4 c;

	usual(&ctx, &c);
	add_route(&c, dst, prefixlen, gateway);
	return with_foreign(&c);
}

TEST(route_into_a_foreign_prefix_is_refused,
    "design 3: longer than /0, inside a prefix of another interface")
{
	IS(NOT, foreign_route("0.0.0.0", 0, "192.0.2.1"));
	IS(NOT, foreign_route("0.0.0.0", 1, "192.0.2.1"));
	IS(NOT, foreign_route("198.51.100.0", 23, "192.0.2.1"));
	IS(FOREIGN_PREFIX, foreign_route("198.51.100.0", 24, "192.0.2.1"));
	IS(FOREIGN_PREFIX, foreign_route("198.51.100.128", 25, "192.0.2.1"));
	IS(FOREIGN_PREFIX, foreign_route("198.51.100.9", 32, "192.0.2.1"));
	IS(NOT, foreign_route("198.51.101.0", 24, "192.0.2.1"));
	/* Our own prefix; one of length 0; one beyond the count. */
	IS(NOT, foreign_route("192.0.2.128", 25, "192.0.2.1"));
	IS(NOT, foreign_route("10.9.9.0", 24, "192.0.2.1"));
	IS(NOT, foreign_route("203.0.7.0", 24, "192.0.2.1"));
	/* On-link is no way around it. */
	IS(FOREIGN_PREFIX, foreign_route("198.51.100.0", 24, "0.0.0.0"));
	IS(FOREIGN_PREFIX, foreign_route("198.51.100.9", 32, "0.0.0.0"));
	IS(NOT, foreign_route("203.0.113.0", 24, "0.0.0.0"));
}

TEST(route_on_link_of_the_own_prefix_is_allowed,
    "design 3: two interfaces on one network")
{
	struct policy_ctx ctx;
	struct config4 c;

	usual(&ctx, &c);
	set_addr(&c.addrs[1], "198.51.100.8", 24);
	add_route(&c, "198.51.100.0", 24, "0.0.0.0");
	IS(FOREIGN_PREFIX, with_foreign(&c));
	c.naddrs = 2;
	IS(NOT, with_foreign(&c));
	c.routes[0] = route("198.51.100.128", 25, "0.0.0.0");
	IS(NOT, with_foreign(&c));
	/* Only on-link, and only inside it. */
	c.routes[0] = route("198.51.100.128", 25, "198.51.100.1");
	IS(FOREIGN_PREFIX, with_foreign(&c));
	c.addrs[1].prefixlen = 25;
	c.routes[0] = route("198.51.100.0", 24, "0.0.0.0");
	IS(FOREIGN_PREFIX, with_foreign(&c));
	c.routes[0] = route("198.51.100.128", 25, "0.0.0.0");
	IS(FOREIGN_PREFIX, with_foreign(&c));
	c.routes[0] = route("198.51.100.0", 25, "0.0.0.0");
	IS(NOT, with_foreign(&c));
}

TEST(route_to_the_own_router_is_allowed,
    "design 3, D4-33: the host route to the router, though another "
    "interface has that prefix")
{
	struct policy_ctx ctx;
	struct config4 c;

	usual(&ctx, &c);
	add_route(&c, "198.51.100.1", 32, "0.0.0.0");
	c.routes[1] = route("0.0.0.0", 0, "198.51.100.1");
	IS(FOREIGN_PREFIX, with_foreign(&c));
	c.nroutes = 2;
	IS(NOT, with_foreign(&c));
	c.routes[0] = route("198.51.100.0", 31, "0.0.0.0");
	c.routes[1] = route("0.0.0.0", 0, "198.51.100.0");
	IS(FOREIGN_PREFIX, with_foreign(&c));
	c.routes[0] = route("198.51.100.2", 32, "0.0.0.0");
	c.routes[1] = route("0.0.0.0", 0, "192.0.2.1");
	IS(FOREIGN_PREFIX, with_foreign(&c));
}

/* ---- DNS ---- */

static void
set_server(struct dns_server *s, const char *text)
{
	memset(s, 0, sizeof(*s));
	s->family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
	ATF_REQUIRE(inet_pton(s->family, text, s->addr) == 1);
}

TEST(dns_server_is_unicast,
    "design 3: unspecified, loopback and multicast are refused")
{
	static const struct {
		const char *addr;
		int ok;
	} t[] = {
		{ "0.0.0.0", 0 },
		{ "127.0.0.53", 0 },
		{ "224.0.0.251", 0 },
		{ "255.255.255.255", 0 },
		{ "192.0.2.53", 1 },
		{ "::", 0 },
		{ "::1", 0 },
		{ "::192.0.2.1", 0 },
		{ "::ffff:127.0.0.1", 0 },
		{ "::ffff:192.0.2.1", 0 },
		{ "ff02::fb", 0 },
		{ "ff00::", 0 },
		{ "fe80::1", 1 },
		{ "2001:db8::53", 1 },
		{ "::ff00:0:1", 1 },
		{ "::ff:0:1", 1 },
		{ "::1:0:0", 1 },
		{ "64:ff9b::1", 1 },
		{ "feff::1", 1 },
		{ "0:1::", 1 },
		{ "0:0:0:0:1::", 1 },
	};
	struct dns_set dns;
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		memset(&dns, 0, sizeof(dns));
		dns.nservers = 1;
		set_server(&dns.servers[0], t[i].addr);
		ATF_CHECK_MSG(policy_dns(&dns) ==
			(t[i].ok ? REFUSE_NOT : REFUSE_DNS_SERVER),
		    "%s", t[i].addr);
	}
	dns.servers[0].family = AF_UNIX;
	IS(FIELD, policy_dns(&dns));
}

TEST(dns_has_at_most_8_servers_and_16_names, "design 3: counts")
{
	struct dns_set dns;
	int i;

	memset(&dns, 0, sizeof(dns));
	IS(NOT, policy_dns(&dns));
	dns.nservers = DNS_SERVERS_MAX;
	dns.nsearch = DNS_SEARCH_MAX;
	for (i = 0; i < DNS_SERVERS_MAX; i++)
		set_server(&dns.servers[i], "192.0.2.53");
	for (i = 0; i < DNS_SEARCH_MAX; i++)
		strlcpy(dns.search[i], "example.org", DNS_NAME_MAX);
	IS(NOT, policy_dns(&dns));
	dns.nservers++;
	IS(COUNT, policy_dns(&dns));
	dns.nservers--;
	dns.nsearch++;
	IS(COUNT, policy_dns(&dns));
}

TEST(dns_checks_each_and_no_more,
    "design 3: the last server and name count; beyond the count nothing does")
{
	struct dns_set dns;

	memset(&dns, 0, sizeof(dns));
	dns.nservers = 1;
	dns.nsearch = 1;
	set_server(&dns.servers[0], "192.0.2.53");
	set_server(&dns.servers[1], "127.0.0.1");
	strlcpy(dns.search[0], "example.org", DNS_NAME_MAX);
	strlcpy(dns.search[1], "exa\nmple", DNS_NAME_MAX);
	IS(NOT, policy_dns(&dns));
	dns.nservers = 2;
	IS(DNS_SERVER, policy_dns(&dns));
	dns.nservers = 1;
	dns.nsearch = 2;
	IS(NAME, policy_dns(&dns));
	dns.search[1][0] = '\0';
	IS(NAME, policy_dns(&dns));
}

TEST(protocol_that_is_off_says_nothing,
    "design 3: DHCPv4, SLAAC and DHCPv6 by their statements; no other "
    "protocol has anything to say")
{
	struct conf_iface conf;

	memset(&conf, 0, sizeof(conf));
	IS(PROTOCOL, policy_protocol(&conf, PROTO_DHCP4));
	IS(PROTOCOL, policy_protocol(&conf, PROTO_SLAAC));
	IS(PROTOCOL, policy_protocol(&conf, PROTO_DHCP6));
	conf.dhcp4 = CONF_INFORM;
	IS(NOT, policy_protocol(&conf, PROTO_DHCP4));
	IS(PROTOCOL, policy_protocol(&conf, PROTO_SLAAC));
	conf.slaac = CONF_YES;
	IS(NOT, policy_protocol(&conf, PROTO_SLAAC));
	IS(PROTOCOL, policy_protocol(&conf, PROTO_DHCP6));
	conf.dhcp6 = CONF_AUTO;
	IS(NOT, policy_protocol(&conf, PROTO_DHCP6));
	IS(FIELD, policy_protocol(&conf, PROTO_NONE));
	IS(FIELD, policy_protocol(&conf, PROTO_PD));
	IS(FIELD, policy_protocol(&conf, PROTO_MAX));
}

/* ---- names ---- */

TEST(name_has_letters_digits_hyphen_underscore_dot,
    "design 3, D4-07: any other byte is refused")
{
	char name[4] = "a?b";
	int c;

	for (c = 1; c < 256; c++) {
		int ok = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		    (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.';

		name[1] = (char)c;
		ATF_CHECK_MSG(policy_name(name, sizeof(name), 0) ==
			(ok ? REFUSE_NOT : REFUSE_NAME),
		    "0x%02x", (unsigned int)c);
	}
}

TEST(name_has_no_empty_label, "D4-07: no dot first, last or twice")
{
	IS(NOT, policy_name("a.b.c", 6, 0));
	IS(NAME, policy_name(".a", 3, 0));
	IS(NAME, policy_name("a.", 3, 0));
	IS(NAME, policy_name("a..b", 5, 0));
	IS(NAME, policy_name(".", 2, 0));
	IS(NAME, policy_name("", 1, 0));
	IS(NOT, policy_name("", 1, 1));
	IS(NAME, policy_name(".", 2, 1));
}

/* n bytes: labels of at most 61, so that only the total length counts. */
static void
long_name(char *buf, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		buf[i] = i % 62 == 61 ? '.' : 'a';
	buf[n] = '\0';
}

TEST(name_label_is_at_most_63_and_name_253_long,
    "D4-07: labels of 63, names of 253 bytes (RFC 1035 2.3.4)")
{
	char name[512];

	memset(name, 'a', sizeof(name));
	name[63] = '\0';
	IS(NOT, policy_name(name, sizeof(name), 0));
	name[63] = 'a';
	name[64] = '\0';
	IS(NAME, policy_name(name, sizeof(name), 0));
	name[63] = '.';
	name[64] = 'a';
	name[65] = '\0';
	IS(NOT, policy_name(name, sizeof(name), 0));
	long_name(name, 253);
	IS(NOT, policy_name(name, DNS_NAME_MAX, 0));
	long_name(name, 254);
	IS(NAME, policy_name(name, sizeof(name), 0));
	long_name(name, 255);
	IS(NAME, policy_name(name, sizeof(name), 0));
}

TEST(
    name_ends_inside_its_array, "design 2: a string without its NUL is refused")
{
	IS(NOT, policy_name("abc", 4, 0));
	IS(NAME, policy_name("abc", 3, 0));
	IS(NAME, policy_name("abc", 2, 1));
}

TEST(interface_name_has_only_safe_bytes,
    "Y-20: letters, digits, . _ - : @; not first . or -")
{
	char name[4] = "a?b";
	int c;

	for (c = 1; c < 256; c++) {
		int ok = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		    (c >= 'A' && c <= 'Z') || strchr("._-:@", c) != NULL;

		name[1] = (char)c;
		ATF_CHECK_MSG(
		    policy_ifname(name) == (ok ? REFUSE_NOT : REFUSE_NAME),
		    "0x%02x", (unsigned int)c);
	}
	IS(NOT, policy_ifname("eth0.100@x:1"));
	IS(NAME, policy_ifname(".eth0"));
	IS(NAME, policy_ifname("-eth0"));
	IS(NOT, policy_ifname("_eth0"));
	IS(NAME, policy_ifname(".."));
}

TEST(interface_name_is_1_to_15_bytes_long, "Y-20: the kernel's length")
{
	IS(NAME, policy_ifname(""));
	IS(NOT, policy_ifname("e"));
	IS(NOT, policy_ifname("abcdefghijklmno"));
	IS(NAME, policy_ifname("abcdefghijklmnop"));
	IS(NAME, policy_ifname("abcdefghijklmnopq"));
}

/* ---- sockets ---- */

TEST(udp_socket_only_from_the_lease,
    "design 3: local address is one the parent configured")
{
	struct policy_ctx ctx;
	struct config4 c;
	struct in_addr server = ip("198.51.100.67");

	usual(&ctx, &c);
	set_addr(&c.addrs[1], "192.0.2.11", 24);
	IS(NOT, policy_udp4(&c, ip("192.0.2.10"), server));
	IS(SOCKET_LOCAL, policy_udp4(&c, ip("192.0.2.11"), server));
	c.naddrs = 2;
	IS(NOT, policy_udp4(&c, ip("192.0.2.11"), server));
	IS(SOCKET_LOCAL, policy_udp4(&c, ip("192.0.2.12"), server));
	IS(SOCKET_LOCAL, policy_udp4(&c, ip("0.0.0.0"), server));
	c.naddrs = 0;
	IS(SOCKET_LOCAL, policy_udp4(&c, ip("192.0.2.10"), server));
}

TEST(udp_socket_only_to_unicast,
    "design 3: no multicast, loopback or broadcast peer")
{
	struct policy_ctx ctx;
	struct config4 c;
	struct in_addr local = ip("192.0.2.10");

	usual(&ctx, &c);
	IS(NOT, policy_udp4(&c, local, ip("192.0.2.1")));
	IS(SOCKET_PEER, policy_udp4(&c, local, ip("192.0.2.255")));
	IS(SOCKET_PEER, policy_udp4(&c, local, ip("192.0.2.0")));
	IS(NOT, policy_udp4(&c, local, ip("192.0.3.255")));
	IS(SOCKET_PEER, policy_udp4(&c, local, ip("255.255.255.255")));
	IS(SOCKET_PEER, policy_udp4(&c, local, ip("224.0.0.1")));
	IS(SOCKET_PEER, policy_udp4(&c, local, ip("127.0.0.1")));
	IS(SOCKET_PEER, policy_udp4(&c, local, ip("0.0.0.0")));
}

TEST(arp_socket_only_for_unicast,
    "design 3: neither its address nor the router may be reserved")
{
	struct in_addr none = { INADDR_ANY };

	IS(NOT, policy_arp(ip("192.0.2.10"), none));
	IS(NOT, policy_arp(ip("169.254.7.7"), none));
	IS(ADDRESS, policy_arp(none, none));
	IS(ADDRESS, policy_arp(ip("127.0.0.1"), none));
	IS(ADDRESS, policy_arp(ip("255.255.255.255"), none));
	IS(NOT, policy_arp(ip("192.0.2.10"), ip("192.0.2.1")));
	IS(SOCKET_PEER, policy_arp(ip("192.0.2.10"), ip("224.0.0.1")));
}

/* ---- leases ---- */

static void
usual_lease(struct lease4 *l)
{
	memset(l, 0, sizeof(*l));
	l->addr = ip("192.0.2.10");
	l->prefixlen = 24;
	l->server_id = ip("192.0.2.1");
	l->lease_sec = 3600;
	l->t1_sec = 1800;
	l->t2_sec = 3150;
	l->nroutes = 1;
	l->routes[0] = route("0.0.0.0", 0, "192.0.2.1");
	strlcpy(l->hostname, "host", sizeof(l->hostname));
	strlcpy(l->domain, "example.org", sizeof(l->domain));
}

TEST(lease_address_and_server_are_unicast,
    "design 3: the lease file is written only from what was checked")
{
	struct lease4 l;

	usual_lease(&l);
	IS(NOT, policy_lease4(&l));
	l.addr = ip("127.0.0.1");
	IS(ADDRESS, policy_lease4(&l));
	usual_lease(&l);
	l.prefixlen = 33;
	IS(PREFIXLEN, policy_lease4(&l));
	usual_lease(&l);
	l.server_id = ip("0.0.0.0");
	IS(FIELD, policy_lease4(&l));
	l.server_id = ip("255.255.255.255");
	IS(FIELD, policy_lease4(&l));
}

TEST(lease_times_are_in_order,
    "D4-16: 5 s at least, t1 <= t2 <= lease; infinite is allowed")
{
	struct lease4 l;

	usual_lease(&l);
	l.lease_sec = l.t1_sec = l.t2_sec = 5;
	IS(NOT, policy_lease4(&l));
	l.lease_sec = l.t1_sec = l.t2_sec = 4;
	IS(LIFETIME, policy_lease4(&l));
	l.lease_sec = l.t1_sec = l.t2_sec = LIFETIME_INFINITE;
	IS(NOT, policy_lease4(&l));
	usual_lease(&l);
	l.t1_sec = l.t2_sec;
	IS(NOT, policy_lease4(&l));
	l.t1_sec = l.t2_sec + 1;
	IS(LIFETIME, policy_lease4(&l));
	usual_lease(&l);
	l.t2_sec = l.lease_sec;
	IS(NOT, policy_lease4(&l));
	l.t2_sec = l.lease_sec + 1;
	IS(LIFETIME, policy_lease4(&l));
}

TEST(lease_of_an_inform_has_no_address,
    "D4-24: the answer to an INFORM needs neither address, server nor time")
{
	struct lease4 l;

	memset(&l, 0, sizeof(l));
	IS(LIFETIME, policy_lease4(&l));
	l.lease_sec = 60;
	l.server_id = ip("192.0.2.1");
	IS(PREFIXLEN, policy_lease4(&l));
	memset(&l, 0, sizeof(l));
	l.inform = 1;
	IS(NOT, policy_lease4(&l));
	l.addr = ip("192.0.2.10");
	IS(PREFIXLEN, policy_lease4(&l));
	l.prefixlen = 24;
	IS(NOT, policy_lease4(&l));
	l.t1_sec = 1;
	IS(LIFETIME, policy_lease4(&l));
}

TEST(lease_flags_are_0_or_1, "design 3: no other value goes into the file")
{
	struct lease4 l;

	usual_lease(&l);
	l.rapid_commit = l.has_router_mac = 1;
	IS(NOT, policy_lease4(&l));
	l.rapid_commit = 2;
	IS(FIELD, policy_lease4(&l));
	usual_lease(&l);
	l.has_router_mac = 0x80;
	IS(FIELD, policy_lease4(&l));
	usual_lease(&l);
	l.inform = 3;
	IS(FIELD, policy_lease4(&l));
}

/* A member at its largest value is accepted, one more is refused. */
#define BOUND(member, max)                    \
	do {                                  \
		full_lease(&l);               \
		l.member = (max);             \
		IS(NOT, policy_lease4(&l));   \
		l.member = (max) + 1;         \
		IS(COUNT, policy_lease4(&l)); \
	} while (0)

static void
full_lease(struct lease4 *l)
{
	size_t i;

	usual_lease(l);
	for (i = 0; i < LEASE4_ROUTES_MAX; i++)
		l->routes[i] = route("198.51.100.0", 24, "192.0.2.1");
	for (i = 0; i < DNS_SERVERS_MAX; i++)
		l->dns[i] = ip("192.0.2.53");
	for (i = 0; i < LEASE4_NTP_MAX; i++)
		l->ntp[i] = ip("192.0.2.123");
	for (i = 0; i < DNS_SEARCH_MAX; i++)
		strlcpy(l->search[i], "example.org", DNS_NAME_MAX);
}

TEST(lease_counts_and_lengths_are_within_their_arrays,
    "design 3, CVE-2022-27881's class: no count past its array")
{
	struct lease4 l;

	BOUND(nroutes, LEASE4_ROUTES_MAX);
	BOUND(ndns, DNS_SERVERS_MAX);
	BOUND(nntp, LEASE4_NTP_MAX);
	BOUND(nsearch, DNS_SEARCH_MAX);
	BOUND(hwaddr_len, HWADDR_MAX);
	BOUND(network_id_len, NETWORK_ID_MAX);
	BOUND(sixrd_len, 64);
	BOUND(dnr_len, LEASE4_BLOB_MAX);
	BOUND(client_id_len, LEASE4_BLOB_MAX);
	full_lease(&l);
	l.vendor_len = UINT8_MAX;
	IS(NOT, policy_lease4(&l));
}

TEST(lease_mtu_is_one_that_rfc_2132_knows, "RFC 2132 5.1: 68 is the least")
{
	struct lease4 l;

	usual_lease(&l);
	l.mtu = 67;
	IS(MTU, policy_lease4(&l));
	l.mtu = 68;
	IS(NOT, policy_lease4(&l));
	l.mtu = 1;
	IS(MTU, policy_lease4(&l));
	l.mtu = UINT16_MAX;
	IS(NOT, policy_lease4(&l));
}

TEST(lease_lists_are_checked_to_the_last,
    "design 3: routes, name servers, NTP servers, search names")
{
	struct lease4 l;

	full_lease(&l);
	l.routes[1] = route("127.0.0.0", 8, "192.0.2.1");
	IS(NOT, policy_lease4(&l));
	l.nroutes = 2;
	IS(ROUTE_DST, policy_lease4(&l));
	full_lease(&l);
	l.ndns = 1;
	l.dns[1] = ip("127.0.0.1");
	IS(NOT, policy_lease4(&l));
	l.ndns = 2;
	IS(DNS_SERVER, policy_lease4(&l));
	full_lease(&l);
	l.nntp = 1;
	l.ntp[1] = ip("224.0.1.1");
	IS(NOT, policy_lease4(&l));
	l.nntp = 2;
	IS(FIELD, policy_lease4(&l));
	full_lease(&l);
	l.nsearch = 1;
	strlcpy(l.search[1], "a b", DNS_NAME_MAX);
	IS(NOT, policy_lease4(&l));
	l.nsearch = 2;
	IS(NAME, policy_lease4(&l));
	full_lease(&l);
	l.nsearch = 1;
	l.search[0][0] = '\0';
	IS(NAME, policy_lease4(&l));
}

TEST(lease_names_are_names_or_empty, "design 3, D4-07: options 12 and 15")
{
	struct lease4 l;

	usual_lease(&l);
	l.hostname[0] = l.domain[0] = '\0';
	IS(NOT, policy_lease4(&l));
	usual_lease(&l);
	strlcpy(l.hostname, "a;reboot", sizeof(l.hostname));
	IS(NAME, policy_lease4(&l));
	usual_lease(&l);
	strlcpy(l.domain, "$(id)", sizeof(l.domain));
	IS(NAME, policy_lease4(&l));
	usual_lease(&l);
	memset(l.hostname, 'a', sizeof(l.hostname));
	IS(NAME, policy_lease4(&l));
}

TEST(lease_captive_portal_is_printable,
    "design 3, D4-28: no blank, control or 8-bit byte, and a NUL inside")
{
	struct lease4 l;
	int c;

	usual_lease(&l);
	for (c = 1; c < 256; c++) {
		l.captive_portal[0] = 'h';
		l.captive_portal[1] = (char)c;
		ATF_CHECK_MSG(policy_lease4(&l) ==
			(c >= 0x21 && c <= 0x7e ? REFUSE_NOT : REFUSE_FIELD),
		    "0x%02x", (unsigned int)c);
	}
	memset(l.captive_portal, 'a', sizeof(l.captive_portal));
	IS(FIELD, policy_lease4(&l));
	l.captive_portal[sizeof(l.captive_portal) - 1] = '\0';
	IS(NOT, policy_lease4(&l));
}

TEST(refusal_has_a_text, "each refusal can be named in log and status")
{
	int i;

	for (i = 0; i < REFUSE_MAX; i++)
		ATF_CHECK(strlen(policy_refusal_text((enum refusal)i)) > 3);
	ATF_CHECK_STREQ("prefix length", policy_refusal_text(REFUSE_PREFIXLEN));
	ATF_CHECK_STREQ("unknown refusal", policy_refusal_text(REFUSE_MAX));
	ATF_CHECK_STREQ(
	    "unknown refusal", policy_refusal_text((enum refusal) - 1));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, rate_allows_a_burst_and_not_one_more);
	ATF_TP_ADD_TC(tp, rate_refills_fifty_a_second);
	ATF_TP_ADD_TC(tp, rate_never_holds_more_than_the_burst);
	ATF_TP_ADD_TC(tp, rate_does_not_refill_when_the_clock_steps_back);
	ATF_TP_ADD_TC(tp, address_of_reserved_blocks_is_refused);
	ATF_TP_ADD_TC(tp, address_of_a_server_is_not_link_local);
	ATF_TP_ADD_TC(tp, address_prefix_length_is_1_to_32);
	ATF_TP_ADD_TC(tp, address_is_not_the_network_or_broadcast_address);
	ATF_TP_ADD_TC(tp, config_withdraws_everything_with_nothing);
	ATF_TP_ADD_TC(tp, config_has_at_most_three_addresses_and_64_routes);
	ATF_TP_ADD_TC(tp, config_of_an_interface_without_ipv4_is_empty);
	ATF_TP_ADD_TC(tp, config_link_local_address_is_self_assigned);
	ATF_TP_ADD_TC(tp, config_checks_each_address_and_no_more);
	ATF_TP_ADD_TC(tp, config_broadcast_address_is_of_the_prefix);
	ATF_TP_ADD_TC(tp, config_mtu_of_the_interface_is_1280_to_the_devices);
	ATF_TP_ADD_TC(tp, config_mtu_of_routes_is_576_to_the_devices);
	ATF_TP_ADD_TC(tp, route_destination_is_not_reserved);
	ATF_TP_ADD_TC(tp, route_has_no_host_bits);
	ATF_TP_ADD_TC(tp, route_gateway_is_inside_the_prefix);
	ATF_TP_ADD_TC(tp, route_gateway_may_be_covered_by_an_on_link_route);
	ATF_TP_ADD_TC(tp, route_gateway_is_unicast);
	ATF_TP_ADD_TC(tp, route_checks_each_and_no_more);
	ATF_TP_ADD_TC(tp, prune_takes_out_what_is_refused_and_what_needs_it);
	ATF_TP_ADD_TC(tp, prune_leaves_what_is_refused_as_a_whole);
	ATF_TP_ADD_TC(tp, route_into_a_foreign_prefix_is_refused);
	ATF_TP_ADD_TC(tp, route_on_link_of_the_own_prefix_is_allowed);
	ATF_TP_ADD_TC(tp, route_to_the_own_router_is_allowed);
	ATF_TP_ADD_TC(tp, dns_server_is_unicast);
	ATF_TP_ADD_TC(tp, dns_has_at_most_8_servers_and_16_names);
	ATF_TP_ADD_TC(tp, dns_checks_each_and_no_more);
	ATF_TP_ADD_TC(tp, protocol_that_is_off_says_nothing);
	ATF_TP_ADD_TC(tp, name_has_letters_digits_hyphen_underscore_dot);
	ATF_TP_ADD_TC(tp, name_has_no_empty_label);
	ATF_TP_ADD_TC(tp, name_label_is_at_most_63_and_name_253_long);
	ATF_TP_ADD_TC(tp, name_ends_inside_its_array);
	ATF_TP_ADD_TC(tp, interface_name_has_only_safe_bytes);
	ATF_TP_ADD_TC(tp, interface_name_is_1_to_15_bytes_long);
	ATF_TP_ADD_TC(tp, udp_socket_only_from_the_lease);
	ATF_TP_ADD_TC(tp, udp_socket_only_to_unicast);
	ATF_TP_ADD_TC(tp, arp_socket_only_for_unicast);
	ATF_TP_ADD_TC(tp, lease_address_and_server_are_unicast);
	ATF_TP_ADD_TC(tp, lease_times_are_in_order);
	ATF_TP_ADD_TC(tp, lease_of_an_inform_has_no_address);
	ATF_TP_ADD_TC(tp, lease_flags_are_0_or_1);
	ATF_TP_ADD_TC(tp, lease_counts_and_lengths_are_within_their_arrays);
	ATF_TP_ADD_TC(tp, lease_mtu_is_one_that_rfc_2132_knows);
	ATF_TP_ADD_TC(tp, lease_lists_are_checked_to_the_last);
	ATF_TP_ADD_TC(tp, lease_names_are_names_or_empty);
	ATF_TP_ADD_TC(tp, lease_captive_portal_is_printable);
	ATF_TP_ADD_TC(tp, refusal_has_a_text);

	return atf_no_error();
}

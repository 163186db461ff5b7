/* SPDX-License-Identifier: ISC */
/* The rules about IPv4 routes (policy.h), from both sides of each limit. */

#include <string.h>

#include "policy.h"
#include "test.h"
#include "policy_util.h"

static enum refusal
p4_one_route(const char *dst, uint8_t prefixlen, const char *gateway)
{
	struct policy_ctx ctx;
	struct config4 c;

	p4_usual(&ctx, &c);
	p4_add_route(&c, dst, prefixlen, gateway);
	return policy_config4(&ctx, &c);
}

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
		    p4_one_route(t[i].dst, t[i].prefixlen, "192.0.2.1") ==
			(t[i].ok ? REFUSE_NOT : REFUSE_ROUTE_DST),
		    "%s/%u", t[i].dst, t[i].prefixlen);
		ATF_CHECK_MSG(
		    p4_one_route(t[i].dst, t[i].prefixlen, "0.0.0.0") ==
			(t[i].ok ? REFUSE_NOT : REFUSE_ROUTE_DST),
		    "on-link %s/%u", t[i].dst, t[i].prefixlen);
	}
}

TEST(route_has_no_host_bits, "design 3, D4-08: host bits set are refused")
{
	IS(NOT, p4_one_route("198.51.100.0", 24, "192.0.2.1"));
	IS(ROUTE_HOSTBITS, p4_one_route("198.51.100.1", 24, "192.0.2.1"));
	IS(ROUTE_HOSTBITS, p4_one_route("198.51.100.0", 21, "192.0.2.1"));
	IS(NOT, p4_one_route("198.51.100.1", 32, "192.0.2.1"));
	IS(ROUTE_HOSTBITS, p4_one_route("198.51.100.1", 31, "192.0.2.1"));
	IS(ROUTE_HOSTBITS, p4_one_route("128.0.0.0", 0, "192.0.2.1"));
	IS(PREFIXLEN, p4_one_route("198.51.100.0", 33, "192.0.2.1"));
	IS(PREFIXLEN, p4_one_route("198.51.100.0", 255, "192.0.2.1"));
}

TEST(route_gateway_is_inside_the_prefix,
    "design 3: a gateway in the prefix of one of the addresses")
{
	struct policy_ctx ctx;
	struct config4 c;

	IS(NOT, p4_one_route("0.0.0.0", 0, "192.0.2.1"));
	IS(NOT, p4_one_route("0.0.0.0", 0, "192.0.2.254"));
	IS(GATEWAY, p4_one_route("0.0.0.0", 0, "192.0.3.1"));
	IS(GATEWAY, p4_one_route("0.0.0.0", 0, "192.0.1.255"));
	/* Of the second address; of one beyond the count. */
	p4_usual(&ctx, &c);
	p4_add_route(&c, "0.0.0.0", 0, "203.0.113.1");
	p4_set_addr(&c.addrs[1], "203.0.113.7", 24);
	IS(GATEWAY, policy_config4(&ctx, &c));
	c.naddrs = 2;
	IS(NOT, policy_config4(&ctx, &c));
}

TEST(route_gateway_may_be_covered_by_an_on_link_route,
    "design 3, D4-33: a router outside the prefix with a host route first")
{
	struct policy_ctx ctx;
	struct config4 c;

	p4_usual(&ctx, &c);
	p4_set_addr(&c.addrs[0], "192.0.2.10", 32);
	p4_add_route(&c, "0.0.0.0", 0, "192.0.2.1");
	c.routes[1] = p4_route("192.0.2.1", 32, "0.0.0.0");
	IS(GATEWAY, policy_config4(&ctx, &c));
	c.nroutes = 2;
	IS(NOT, policy_config4(&ctx, &c));
	c.routes[1] = p4_route("192.0.2.2", 32, "0.0.0.0");
	IS(GATEWAY, policy_config4(&ctx, &c));
	c.routes[1] = p4_route("192.0.2.0", 30, "0.0.0.0");
	IS(NOT, policy_config4(&ctx, &c));
	/* A route through a gateway covers nothing. */
	p4_set_addr(&c.addrs[0], "198.51.100.10", 24);
	c.routes[1] = p4_route("192.0.2.0", 30, "198.51.100.1");
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
		p4_usual(&ctx, &c);
		p4_add_route(&c, "0.0.0.0", 0, "0.0.0.0");
		p4_add_route(&c, "198.51.100.0", 24, t[i].gateway);
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

	p4_usual(&ctx, &c);
	p4_add_route(&c, "198.51.100.0", 24, "192.0.2.1");
	c.routes[1] = p4_route("127.0.0.0", 8, "192.0.2.1");
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

	p4_usual(&ctx, &c);
	p.addr = p4_ip("203.0.113.5");
	ctx.prefixes = &p;
	ctx.nprefixes = 1;
	p4_add_route(&c, "198.51.100.0", 24, "192.0.2.1");
	p4_add_route(&c, "0.0.0.0", 0, "203.0.113.1");
	p4_add_route(&c, "203.0.113.0", 24, "0.0.0.0");
	p4_add_route(&c, "198.18.0.0", 15, "192.0.2.1");
	IS(FOREIGN_PREFIX, policy_prune4(&ctx, &c, &out));
	ATF_CHECK_EQ(out.dst.s_addr, p4_ip("203.0.113.0").s_addr);
	ATF_CHECK_EQ(c.nroutes, 3);
	IS(GATEWAY, policy_prune4(&ctx, &c, &out));
	ATF_CHECK_EQ(out.prefixlen, 0);
	ATF_CHECK_EQ(out.gateway.s_addr, p4_ip("203.0.113.1").s_addr);
	IS(NOT, policy_prune4(&ctx, &c, &out));
	ATF_CHECK_EQ(c.nroutes, 2);
	ATF_CHECK_EQ(c.routes[0].dst.s_addr, p4_ip("198.51.100.0").s_addr);
	ATF_CHECK_EQ(c.routes[1].dst.s_addr, p4_ip("198.18.0.0").s_addr);
	IS(NOT, policy_config4(&ctx, &c));
	/* The last one; what is beyond the count is not looked at. */
	p4_usual(&ctx, &c);
	p4_add_route(&c, "127.0.0.0", 8, "192.0.2.1");
	c.routes[1] = p4_route("127.0.0.0", 8, "192.0.2.1");
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

	p4_usual(&ctx, &c);
	p4_add_route(&c, "127.0.0.0", 8, "192.0.2.1");
	c.addrs[0].addr = p4_ip("127.0.0.1");
	was = c;
	IS(NOT, policy_prune4(&ctx, &c, &out));
	IS(ADDRESS, policy_config4(&ctx, &c));
	ATF_CHECK(memcmp(&c, &was, sizeof(c)) == 0);
	p4_usual(&ctx, &c);
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

	p4_usual(&ctx, &unused);
	memcpy(prefixes, foreign, sizeof(prefixes));
	for (i = 0; i < 4; i++)
		prefixes[i].addr = p4_ip(addrs[i]);
	ctx.prefixes = prefixes;
	ctx.nprefixes = 3;
	return policy_config4(&ctx, c);
}

static enum refusal
foreign_route(const char *dst, uint8_t prefixlen, const char *gateway)
{
	struct policy_ctx ctx;
	struct config4 c;

	p4_usual(&ctx, &c);
	p4_add_route(&c, dst, prefixlen, gateway);
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

	p4_usual(&ctx, &c);
	p4_set_addr(&c.addrs[1], "198.51.100.8", 24);
	p4_add_route(&c, "198.51.100.0", 24, "0.0.0.0");
	IS(FOREIGN_PREFIX, with_foreign(&c));
	c.naddrs = 2;
	IS(NOT, with_foreign(&c));
	c.routes[0] = p4_route("198.51.100.128", 25, "0.0.0.0");
	IS(NOT, with_foreign(&c));
	/* Only on-link, and only inside it. */
	c.routes[0] = p4_route("198.51.100.128", 25, "198.51.100.1");
	IS(FOREIGN_PREFIX, with_foreign(&c));
	c.addrs[1].prefixlen = 25;
	c.routes[0] = p4_route("198.51.100.0", 24, "0.0.0.0");
	IS(FOREIGN_PREFIX, with_foreign(&c));
	c.routes[0] = p4_route("198.51.100.128", 25, "0.0.0.0");
	IS(FOREIGN_PREFIX, with_foreign(&c));
	c.routes[0] = p4_route("198.51.100.0", 25, "0.0.0.0");
	IS(NOT, with_foreign(&c));
}

TEST(route_to_the_own_router_is_allowed,
    "design 3, D4-33: the host route to the router, though another "
    "interface has that prefix")
{
	struct policy_ctx ctx;
	struct config4 c;

	p4_usual(&ctx, &c);
	p4_add_route(&c, "198.51.100.1", 32, "0.0.0.0");
	c.routes[1] = p4_route("0.0.0.0", 0, "198.51.100.1");
	IS(FOREIGN_PREFIX, with_foreign(&c));
	c.nroutes = 2;
	IS(NOT, with_foreign(&c));
	c.routes[0] = p4_route("198.51.100.0", 31, "0.0.0.0");
	c.routes[1] = p4_route("0.0.0.0", 0, "198.51.100.0");
	IS(FOREIGN_PREFIX, with_foreign(&c));
	c.routes[0] = p4_route("198.51.100.2", 32, "0.0.0.0");
	c.routes[1] = p4_route("0.0.0.0", 0, "192.0.2.1");
	IS(FOREIGN_PREFIX, with_foreign(&c));
}

ATF_TP_ADD_TCS(tp)
{
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
	return atf_no_error();
}

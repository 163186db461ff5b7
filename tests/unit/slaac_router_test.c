/* SPDX-License-Identifier: ISC */
/*
 * Routers of the SLAAC machine: their order, their routes, what becomes of
 * what they gave, other networks, and the bounds under a flood.
 */
#include <stdio.h>
#include <string.h>

#include "slaac_harness.h"
#include "test.h"

#define HOUR 3600U

static struct sworld w;

static void
router(const char *from, uint16_t lifetime, uint8_t flags)
{
	struct ra ra;

	ra_begin(&ra, lifetime, flags);
	sw_ra(&w, from, &ra);
}

/* The order of the default routes is this: addresses by spaces. */
static void
order_is(const char *want)
{
	char got[512] = "";
	uint16_t i;

	for (i = 0; i < w.config.nroutes; i++) {
		if (w.config.routes[i].prefixlen != 0)
			continue;
		if (got[0] != '\0')
			strlcat(got, " ", sizeof(got));
		strlcat(got, text6(&w.config.routes[i].gateway), sizeof(got));
	}
	ATF_CHECK_STREQ(want, got);
}

static int
is_preferred(const char *prefix)
{
	const struct addr6 *a = sw_addr(&w, prefix, 0);

	return a != NULL && a->preferred_sec > 0;
}

TEST(slaac_routers_by_preference_then_arrival,
    "S-09: RFC 4191: high before medium before low, then who came first; the "
    "reserved preference is medium; all are there with their own lifetime")
{
	sw_init(&w);
	sw_start(&w);
	router("fe80::a", 1800, RA_LOW);
	router("fe80::b", 1700, RA_RESERVED);
	router("fe80::c", 1600, 0);
	router("fe80::d", 1500, RA_HIGH);
	router("fe80::e", 1400, RA_HIGH);
	order_is("fe80::d fe80::e fe80::b fe80::c fe80::a");
	ATF_CHECK_EQ(
	    sw_route(&w, "::", 0, "fe80::a")->preference, PREFERENCE_LOW);
	ATF_CHECK_EQ(
	    sw_route(&w, "::", 0, "fe80::b")->preference, PREFERENCE_MEDIUM);
	ATF_CHECK_EQ(sw_route(&w, "::", 0, "fe80::e")->valid_sec, 1400);
	/* one changes its mind */
	router("fe80::a", 1800, RA_HIGH);
	order_is("fe80::a fe80::d fe80::e fe80::b fe80::c");
}

TEST(slaac_router_goes_and_the_next_takes_over,
    "S-09: lifetime 0, and a lifetime that ends, remove the route at once; "
    "the next best is first")
{
	sw_init(&w);
	sw_start(&w);
	router(R1, 1800, RA_HIGH);
	router(R2, 100, 0);
	router(R3, 1800, RA_LOW);
	order_is("fe80::1 fe80::2 fe80::3");
	router(R1, 0, RA_HIGH);
	order_is("fe80::2 fe80::3");
	sw_advance(&w, 99999);
	order_is("fe80::2 fe80::3");
	sw_advance(&w, 1);
	order_is("fe80::3");
	router(R1, 1800, RA_HIGH);
	order_is("fe80::1 fe80::3");
}

TEST(slaac_unreachable_router_is_last,
    "S-09: a router that neighbour detection cannot reach does not stand "
    "first; it is back when it is reached, or speaks")
{
	struct in6_addr r1 = ip6(R1), other = ip6("fe80::99");

	sw_init(&w);
	sw_start(&w);
	router(R1, 1800, RA_HIGH);
	router(R2, 1800, RA_LOW);
	slaac_neighbor(&w.s, &other, 0, w.now);
	order_is("fe80::1 fe80::2");
	slaac_neighbor(&w.s, &r1, 0, w.now);
	order_is("fe80::2 fe80::1");
	slaac_neighbor(&w.s, &r1, 1, w.now);
	order_is("fe80::1 fe80::2");
	slaac_neighbor(&w.s, &r1, 0, w.now);
	router(R1, 1800, RA_HIGH);
	order_is("fe80::1 fe80::2");
}

TEST(slaac_vanished_router_deprecates_its_prefixes,
    "S-09: RFC 8028: when a router's lifetime ends its route goes and its "
    "addresses are deprecated, those that another advertises are not")
{
	struct ra ra;

	sw_init(&w);
	sw_start(&w);
	ra_begin(&ra, 100, 0);
	ra_prefix(&ra, PREFIX1, 64, PIO_LA, 86400, 43200);
	ra_prefix(&ra, "2001:db8:3::", 64, PIO_LA, 86400, 43200);
	sw_ra(&w, R1, &ra);
	ra_begin(&ra, 9000, 0);
	ra_prefix(&ra, PREFIX2, 64, PIO_LA, 86400, 43200);
	ra_prefix(&ra, "2001:db8:3::", 64, PIO_LA, 86400, 43200);
	sw_ra(&w, R2, &ra);
	sw_advance(&w, 99999);
	ATF_CHECK(is_preferred(PREFIX1));
	sw_advance(&w, 1);
	order_is("fe80::2");
	ATF_CHECK(!is_preferred(PREFIX1));
	ATF_CHECK_EQ(sw_naddrs(&w, PREFIX1), 1);
	ATF_CHECK(is_preferred(PREFIX2));
	ATF_CHECK(is_preferred("2001:db8:3::"));
	/* it is back */
	ra_begin(&ra, 100, 0);
	ra_prefix(&ra, PREFIX1, 64, PIO_LA, 86400, 43200);
	sw_ra(&w, R1, &ra);
	ATF_CHECK(is_preferred(PREFIX1));
	ATF_CHECK_EQ(w.removed, 0);
}

TEST(slaac_goodbye_deprecates,
    "S-09: a router says goodbye: its addresses are deprecated when another "
    "can take over, or when it does not say otherwise")
{
	struct ra ra;

	sw_init(&w);
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 86400, 43200);
	sw_usual(&w, R2, PREFIX2, 86400, 43200);
	sw_advance(&w, 2000);
	ra_begin(&ra, 0, 0);
	ra_prefix(&ra, PREFIX1, 64, PIO_LA, 86400, 43200);
	sw_ra(&w, R1, &ra);
	ATF_CHECK(!is_preferred(PREFIX1));
	ATF_CHECK(is_preferred(PREFIX2));
	/* no router any more (RFC 7084), yet its prefix is there to be used */
	sw_ra(&w, R1, &ra);
	ATF_CHECK(is_preferred(PREFIX1));
	sw_init(&w);
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 86400, 43200);
	sw_advance(&w, 2000);
	sw_ra(&w, R1, &ra);
	ATF_CHECK(is_preferred(PREFIX1));
	sw_usual(&w, R1, PREFIX1, 86400, 43200);
	router(R1, 0, 0);
	ATF_CHECK(!is_preferred(PREFIX1));
}

TEST(slaac_routes_of_options,
    "S-10: RFC 4191: a route through the router that gave it, its lifetime "
    "and preference; lifetime 0 removes it, the router's end does not")
{
	struct ra ra;

	sw_init(&w);
	sw_start(&w);
	ra_begin(&ra, 100, 0);
	ra_route(&ra, "2001:db8:f::", 48, RA_LOW, 300, 2);
	ra_route(&ra, "2001:db8:e::1", 128, 0, INF, 3);
	sw_ra(&w, R1, &ra);
	ra_begin(&ra, 0, 0);
	ra_route(&ra, "2001:db8:f::", 48, RA_HIGH, 300, 2);
	sw_ra(&w, R2, &ra);
	ATF_REQUIRE_EQ(sw_nroutes(&w, "2001:db8:f::", 48), 2);
	ATF_CHECK(same6(&sw_route(&w, "2001:db8:f::", 48, NULL)->gateway, R2));
	ATF_CHECK_EQ(
	    sw_route(&w, "2001:db8:f::", 48, R1)->preference, PREFERENCE_LOW);
	ATF_CHECK_EQ(sw_route(&w, "2001:db8:f::", 48, R1)->valid_sec, 300);
	ATF_CHECK_EQ(sw_route(&w, "2001:db8:e::1", 128, R1)->valid_sec,
	    LIFETIME_INFINITE);
	order_is("fe80::1");
	sw_advance(&w, 101000);
	order_is("");
	ATF_CHECK(sw_route(&w, "2001:db8:f::", 48, R1) != NULL);
	ra_begin(&ra, 0, 0);
	ra_route(&ra, "2001:db8:f::", 48, RA_HIGH, 0, 2);
	sw_ra(&w, R2, &ra);
	ATF_CHECK(sw_route(&w, "2001:db8:f::", 48, R2) == NULL);
	sw_advance(&w, 200000);
	ATF_CHECK(sw_route(&w, "2001:db8:f::", 48, R1) == NULL);
	ATF_CHECK(sw_route(&w, "2001:db8:e::1", 128, R1) != NULL);
}

TEST(slaac_route_option_changes_the_default_route,
    "S-10: ::/0 stands above the header's lifetime and preference")
{
	struct ra ra;

	sw_init(&w);
	sw_start(&w);
	router(R2, 1800, 0);
	ra_begin(&ra, 1800, RA_HIGH);
	ra_route(&ra, "::", 0, RA_LOW, 100000, 1);
	sw_ra(&w, R1, &ra);
	order_is("fe80::2 fe80::1");
	ATF_CHECK_EQ(sw_route(&w, "::", 0, R1)->valid_sec, 100000);
	ra_begin(&ra, 1800, RA_HIGH);
	ra_route(&ra, "::", 0, RA_LOW, 0, 1);
	sw_ra(&w, R1, &ra);
	order_is("fe80::2");
}

TEST(slaac_ignore_routes,
    "S-09, S-10: `ignore routes`: no default route, none of options; what is "
    "on the link is still reached")
{
	struct ra ra;

	sw_init(&w);
	w.conf.ignore = IGNORE_ROUTES;
	sw_start(&w);
	ra_begin(&ra, 1800, 0);
	ra_prefix(&ra, PREFIX1, 64, PIO_LA, 7200, 3600);
	ra_route(&ra, "2001:db8:f::", 48, RA_HIGH, 300, 2);
	sw_ra(&w, R1, &ra);
	ATF_CHECK_EQ(w.config.nroutes, 1);
	ATF_CHECK(sw_route(&w, PREFIX1, 64, "::") != NULL);
}

TEST(slaac_prefix_that_is_not_said_any_more,
    "S-17: after link up: what a router does not repeat within 5 s of its "
    "first advertisement, while it repeats something else, is deprecated, "
    "not removed")
{
	struct ra ra;

	sw_init(&w);
	sw_start(&w);
	ra_begin(&ra, 1800, 0);
	ra_prefix(&ra, PREFIX1, 64, PIO_LA, 86400, 43200);
	ra_prefix(&ra, PREFIX2, 64, PIO_LA, 86400, 43200);
	sw_ra(&w, R1, &ra);
	sw_advance(&w, 60000);
	/* not while the link is up: an RA need not say everything */
	sw_usual(&w, R1, PREFIX2, 86400, 43200);
	sw_advance(&w, 10000);
	ATF_CHECK(is_preferred(PREFIX1));
	sw_link(&w, 0);
	sw_link(&w, 1);
	sw_usual(&w, R1, PREFIX2, 86400, 43200);
	sw_advance(&w, 4999);
	ATF_CHECK(is_preferred(PREFIX1));
	sw_advance(&w, 1);
	ATF_CHECK(!is_preferred(PREFIX1));
	ATF_CHECK(is_preferred(PREFIX2));
	ATF_CHECK_EQ(sw_naddrs(&w, PREFIX1), 1);
	ATF_CHECK(sw_addr(&w, PREFIX1, 0)->valid_sec > 86000);
	sw_usual(&w, R1, PREFIX1, 86400, 43200);
	ATF_CHECK(is_preferred(PREFIX1));
	ATF_CHECK_EQ(w.removed, 0);
}

TEST(slaac_advertisements_in_parts,
    "S-17: prefixes in several advertisements within 5 s: all are kept; and "
    "a router that repeats none deprecates none")
{
	sw_init(&w);
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 86400, 43200);
	sw_usual(&w, R1, PREFIX2, 86400, 43200);
	sw_link(&w, 0);
	sw_link(&w, 1);
	sw_usual(&w, R1, PREFIX2, 86400, 43200);
	sw_advance(&w, 3000);
	sw_usual(&w, R1, PREFIX1, 86400, 43200);
	sw_advance(&w, 10000);
	ATF_CHECK(is_preferred(PREFIX1) && is_preferred(PREFIX2));
	sw_link(&w, 0);
	sw_link(&w, 1);
	router(R1, 1800, 0);
	sw_advance(&w, 10000);
	ATF_CHECK(is_preferred(PREFIX1) && is_preferred(PREFIX2));
}

TEST(slaac_other_network,
    "S-17: after link up all routers differ: old addresses are deprecated at "
    "once, their router and resolvers go, they end within two hours")
{
	struct ra ra;

	sw_init(&w);
	sw_start(&w);
	ra_begin(&ra, 1800, RA_HIGH);
	ra_prefix(&ra, PREFIX1, 64, PIO_LA, 86400, 43200);
	ra_servers(&ra, 1800, "2001:db8:1::53");
	ra_mtu(&ra, 1400);
	sw_ra(&w, R1, &ra);
	sw_usual(&w, R1, "2001:db8:3::", 600, 300);
	sw_advance(&w, 2000);
	sw_link(&w, 0);
	sw_advance(&w, 2000);
	sw_link(&w, 1);
	ATF_CHECK(is_preferred(PREFIX1));
	order_is("fe80::1");
	sw_usual(&w, R2, PREFIX2, 86400, 43200);
	order_is("fe80::2");
	ATF_CHECK(!is_preferred(PREFIX1));
	ATF_CHECK_EQ(sw_naddrs(&w, PREFIX1), 1);
	ATF_CHECK(sw_addr(&w, PREFIX1, 0)->valid_sec <= 2 * HOUR);
	ATF_CHECK(sw_addr(&w, "2001:db8:3::", 0)->valid_sec <= 600);
	ATF_CHECK(is_preferred(PREFIX2));
	ATF_CHECK(sw_route(&w, PREFIX1, 64, NULL) == NULL);
	ATF_CHECK_EQ(w.dns.nservers, 0);
	ATF_CHECK_EQ(w.config.mtu, 0);
	sw_advance(&w, 600000);
	ATF_CHECK_EQ(sw_naddrs(&w, "2001:db8:3::"), 0);
	sw_advance(&w, (2 * HOUR - 601) * 1000);
	ATF_CHECK_EQ(sw_naddrs(&w, PREFIX1), 1);
	sw_advance(&w, 2000);
	ATF_CHECK_EQ(sw_naddrs(&w, PREFIX1), 0);
	ATF_CHECK_EQ(sw_naddrs(&w, PREFIX2), 1);
}

TEST(slaac_same_network_again,
    "S-17: a known router answers: nothing changes; a new one beside it is "
    "no new network; and back from another one the address is the same")
{
	sw_init(&w);
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 86400, 43200);
	sw_advance(&w, 2000);
	sw_link(&w, 0);
	sw_link(&w, 1);
	sw_usual(&w, R1, PREFIX1, 86400, 43200);
	sw_usual(&w, R2, PREFIX2, 86400, 43200);
	ATF_CHECK(is_preferred(PREFIX1) && is_preferred(PREFIX2));
	order_is("fe80::1 fe80::2");
	sw_advance(&w, 2000);
	sw_link(&w, 0);
	sw_link(&w, 1);
	sw_usual(&w, R3, "2001:db8:3::", 86400, 43200);
	ATF_CHECK(!is_preferred(PREFIX1));
	sw_link(&w, 0);
	sw_link(&w, 1);
	sw_usual(&w, R1, PREFIX1, 86400, 43200);
	ATF_CHECK(is_preferred(PREFIX1));
	ATF_CHECK_EQ(sw_naddrs(&w, PREFIX1), 1);
	ATF_CHECK_EQ(w.removed, 0);
	ATF_CHECK(sw_addr(&w, PREFIX1, 0)->valid_sec > 80000);
}

TEST(slaac_other_ssid_is_another_network,
    "Y-24, S-06, S-07: another network id: other stable and temporary "
    "addresses even in the same prefix, before any router has spoken the old "
    "ones are deprecated")
{
	int i, preferred = 0, temporary = 0;
	const struct addr6 *a;

	sw_init(&w);
	w.conf.temporary = 1;
	memcpy(w.iface.network_id, "home", 4);
	w.iface.network_id_len = 4;
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 86400, 43200);
	sw_advance(&w, 2000);
	ATF_CHECK_EQ(sw_naddrs(&w, PREFIX1), 2);
	memcpy(w.iface.network_id, "work", 4);
	slaac_interface(&w.s, &w.iface, w.now);
	sw_advance(&w, 100);
	ATF_CHECK(!is_preferred(PREFIX1));
	order_is("");
	ATF_CHECK_EQ(w.nsent, 2);
	sw_usual(&w, R1, PREFIX1, 86400, 43200);
	ATF_CHECK_EQ(sw_naddrs(&w, PREFIX1), 4);
	for (i = 0; (a = sw_addr(&w, PREFIX1, i)) != NULL; i++) {
		preferred += a->preferred_sec > 0;
		temporary +=
		    a->preferred_sec > 0 && (a->flags & ADDR6_TEMPORARY);
	}
	ATF_CHECK_EQ(preferred, 2);
	ATF_CHECK_EQ(temporary, 1);
}

TEST(slaac_bounds_of_one_router,
    "S-16: 4 prefixes and 8 routes of one router; a prefix that is not "
    "preferred any more makes room for a new one")
{
	char text[64];
	struct ra ra;
	int i;

	sw_init(&w);
	sw_start(&w);
	for (i = 0; i < 10; i++) {
		snprintf(text, sizeof(text), "2001:db8:%x::", i + 0x10);
		sw_usual(&w, R1, text, 86400, 43200);
		ra_begin(&ra, 1800, 0);
		ra_route(&ra, text, 48, 0, 600, 2);
		sw_ra(&w, R1, &ra);
		sw_advance(&w, 1000);
	}
	ATF_CHECK_EQ(w.config.naddrs, 4);
	ATF_CHECK_EQ(w.config.nroutes, 4 + 1 + 8);
	ATF_CHECK_EQ(w.counters[COUNT_ND_EXCESS], 6 + 2);
	ATF_CHECK(is_preferred("2001:db8:10::"));
	sw_usual(&w, R1, "2001:db8:10::", 86400, 0);
	sw_usual(&w, R1, "2001:db8:99::", 86400, 43200);
	ATF_CHECK_EQ(w.config.naddrs, 4 + 1); /* the old one for two hours */
	ATF_CHECK(is_preferred("2001:db8:99::"));
	ATF_CHECK_EQ(w.counters[COUNT_ND_EVICT_PREFIX], 1);
	sw_check_bounds(&w);
}

/* A router, prefix, route, server and name that nobody has seen. */
static void
stranger(unsigned int n, uint8_t flags)
{
	char from[64], text[64];
	struct ra ra;

	snprintf(from, sizeof(from), "fe80::bad:%x:%x", n >> 16, n & 0xffff);
	ra_begin(&ra, 9000, flags);
	snprintf(text, sizeof(text), "2001:db8:bad:%x::", n & 0xffff);
	ra_prefix(&ra, text, 64, PIO_LA, INF, INF);
	snprintf(text, sizeof(text), "2001:bad:%x::", n & 0xffff);
	ra_route(&ra, text, 48, RA_HIGH, INF, 2);
	snprintf(text, sizeof(text), "2001:db8:bad::%x", n + 1);
	ra_servers(&ra, INF, text);
	snprintf(text, sizeof(text), "n%u.example", n);
	ra_search(&ra, INF, text);
	sw_ra(&w, from, &ra);
}

TEST(slaac_flood_leaves_the_earlier_router,
    "S-16: 2,000 new routers with prefixes and routes: every bound holds, "
    "evictions are counted, the router and address of before are there, and "
    "the parent is asked ten times a second at most")
{
	struct in6_addr before;
	unsigned int i;

	sw_init(&w);
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 86400, 43200);
	sw_advance(&w, 2000);
	before = sw_addr(&w, PREFIX1, 0)->addr;
	w.nconfig = w.ndns = w.nstore = 0;
	for (i = 0; i < 2000; i++) {
		stranger(i, 0);
		sw_advance(&w, 10);
		if (i % 50 == 0)
			sw_check_bounds(&w);
	}
	ATF_CHECK_MSG(w.nconfig + w.ndns <= 21 * 20, "%u", w.nconfig);
	ATF_CHECK(w.nstore <= 21);
	sw_advance(&w, 2000);
	ATF_REQUIRE(sw_addr(&w, PREFIX1, 0) != NULL);
	ATF_CHECK(memcmp(&sw_addr(&w, PREFIX1, 0)->addr, &before, 16) == 0);
	ATF_CHECK(is_preferred(PREFIX1));
	ATF_CHECK(same6(&sw_route(&w, "::", 0, NULL)->gateway, R1));
	ATF_CHECK(w.counters[COUNT_ND_EVICT_ROUTER] >= 1990);
	sw_check_bounds(&w);
}

TEST(slaac_flood_evicts_the_unreachable_first,
    "S-16: of a full table the router that cannot be reached goes, then the "
    "youngest, never the default router")
{
	struct in6_addr third = ip6("fe80::3");
	char text[64];
	int i;

	sw_init(&w);
	sw_start(&w);
	for (i = 1; i <= 8; i++) {
		snprintf(text, sizeof(text), "fe80::%x", i);
		router(text, 1800, i == 8 ? RA_HIGH : 0);
	}
	slaac_neighbor(&w.s, &third, 0, w.now);
	router("fe80::9", 1800, 0);
	sw_advance(&w, 1000);
	order_is("fe80::8 fe80::1 fe80::2 fe80::4 fe80::5 fe80::6 fe80::7 "
		 "fe80::9");
	router("fe80::a", 1800, 0);
	sw_advance(&w, 1000);
	order_is("fe80::8 fe80::1 fe80::2 fe80::4 fe80::5 fe80::6 fe80::7 "
		 "fe80::a");
	/* the youngest is the default router now: the next to it goes */
	router("fe80::8", 1800, RA_LOW);
	router("fe80::a", 1800, RA_HIGH);
	router("fe80::b", 1800, 0);
	sw_advance(&w, 1000);
	order_is("fe80::a fe80::1 fe80::2 fe80::4 fe80::5 fe80::6 fe80::7 "
		 "fe80::b");
	ATF_CHECK_EQ(w.counters[COUNT_ND_EVICT_ROUTER], 3);
}

TEST(slaac_flood_of_one_router_cannot_push_out_others,
    "S-16: one router with ever new prefixes and routes leaves those of the "
    "others")
{
	char text[64];
	struct ra ra;
	int i;

	sw_init(&w);
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 86400, 43200);
	ra_begin(&ra, 1800, 0);
	ra_route(&ra, "2001:db8:f::", 48, 0, 9000, 2);
	sw_ra(&w, R1, &ra);
	for (i = 0; i < 1000; i++) {
		ra_begin(&ra, 1800, RA_HIGH);
		snprintf(text, sizeof(text), "2001:db8:bad:%x::", i);
		ra_prefix(&ra, text, 64, PIO_LA, INF, i % 3 ? INF : 0);
		ra_route(&ra, text, 64, 0, 600, 2);
		sw_ra(&w, R2, &ra);
		sw_advance(&w, 50);
	}
	sw_advance(&w, 2000);
	sw_check_bounds(&w);
	ATF_CHECK(is_preferred(PREFIX1));
	ATF_CHECK(sw_route(&w, "2001:db8:f::", 48, R1) != NULL);
	ATF_CHECK(sw_route(&w, "::", 0, R1) != NULL);
}

TEST(slaac_point_to_point,
    "Y-21: an interface without Ethernet addressing: no source link-layer "
    "option, stable address also with `soii no`, default route")
{
	sw_init(&w);
	w.iface.flags = IFACE_UP | IFACE_RUNNING | IFACE_POINTOPOINT;
	w.iface.hwaddr_len = 0;
	w.conf.soii = 0;
	sw_start(&w);
	ATF_REQUIRE_EQ(w.nsent, 1);
	ATF_CHECK_EQ(w.sent[0].len, 8);
	sw_usual(&w, R1, PREFIX1, 86400, 43200);
	sw_advance(&w, 2000);
	ATF_CHECK(slaac_usable(&w.s));
	order_is("fe80::1");
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, slaac_routers_by_preference_then_arrival);
	ATF_TP_ADD_TC(tp, slaac_router_goes_and_the_next_takes_over);
	ATF_TP_ADD_TC(tp, slaac_unreachable_router_is_last);
	ATF_TP_ADD_TC(tp, slaac_vanished_router_deprecates_its_prefixes);
	ATF_TP_ADD_TC(tp, slaac_goodbye_deprecates);
	ATF_TP_ADD_TC(tp, slaac_routes_of_options);
	ATF_TP_ADD_TC(tp, slaac_route_option_changes_the_default_route);
	ATF_TP_ADD_TC(tp, slaac_ignore_routes);
	ATF_TP_ADD_TC(tp, slaac_prefix_that_is_not_said_any_more);
	ATF_TP_ADD_TC(tp, slaac_advertisements_in_parts);
	ATF_TP_ADD_TC(tp, slaac_other_network);
	ATF_TP_ADD_TC(tp, slaac_same_network_again);
	ATF_TP_ADD_TC(tp, slaac_other_ssid_is_another_network);
	ATF_TP_ADD_TC(tp, slaac_bounds_of_one_router);
	ATF_TP_ADD_TC(tp, slaac_flood_leaves_the_earlier_router);
	ATF_TP_ADD_TC(tp, slaac_flood_evicts_the_unreachable_first);
	ATF_TP_ADD_TC(tp, slaac_flood_of_one_router_cannot_push_out_others);
	ATF_TP_ADD_TC(tp, slaac_point_to_point);
	return atf_no_error();
}

/* SPDX-License-Identifier: ISC */
/* A renewal that changes the lease. */

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "dhcp4_harness.h"
#include "test.h"

static struct world w;

/* One renewal; what it changed besides the lifetime. */
static struct config4
renew(const struct reply *r)
{
	unsigned int i;

	world_run(&w, w.d.when[TIMER_T1]);
	ATF_REQUIRE_EQ(D4_RENEWING, w.d.state);
	for (i = 0; i < EVENT_MAX; i++)
		w.events[i] = 0;
	w.ndns = 0;
	w.config.naddrs = 0;
	world_reply(&w, r);
	ATF_REQUIRE_EQ(D4_BOUND, w.d.state);
	ATF_REQUIRE_EQ(1, w.events[EVENT_CHANGED] + w.events[EVENT_RENEWED]);
	return w.config;
}

static void
changed(int yes)
{
	ATF_CHECK_EQ(yes, (int)w.events[EVENT_CHANGED]);
	ATF_CHECK_EQ(!yes, (int)w.events[EVENT_RENEWED]);
	/* What is said of the lease is kept, too. */
	ATF_CHECK_EQ(0, memcmp(&w.stored, &w.d.lease, sizeof(w.stored)));
}

TEST(change_is_all_that_changes,
    "D4-21, D4-32: another mask, router, MTU or name server; the rest of the "
    "configuration is asked for as it was")
{
	static const uint8_t dns[] = { 6, 4, 192, 0, 2, 53 };
	struct reply r = reply_of(DHCPACK);
	struct config4 before, c;

	(void)tc;
	world_init(&w);
	world_bind(&w, 3600);
	before = renew(&r);
	changed(0);

	r.prefixlen = 16;
	c = renew(&r);
	changed(1);
	ATF_CHECK_EQ(0, w.ndns);
	ATF_REQUIRE_EQ(1, c.naddrs);
	ATF_CHECK_EQ(16, c.addrs[0].prefixlen);
	ATF_CHECK_EQ(ip("192.0.255.255").s_addr, c.addrs[0].broadcast.s_addr);
	ATF_CHECK_EQ(0, memcmp(c.routes, before.routes, sizeof(c.routes)));

	r = reply_of(DHCPACK);
	r.router = "192.0.2.2";
	c = renew(&r);
	changed(1);
	ATF_CHECK_EQ(0, w.ndns);
	ATF_CHECK_EQ(0, memcmp(&c.addrs, &before.addrs, sizeof(c.addrs)));
	ATF_REQUIRE_EQ(1, c.nroutes);
	ATF_CHECK_EQ(ip("192.0.2.2").s_addr, c.routes[0].gateway.s_addr);

	r = reply_of(DHCPACK);
	r.mtu = 1400;
	c = renew(&r);
	changed(1);
	ATF_CHECK_EQ(0, w.ndns);
	ATF_CHECK_EQ(1400, c.if_mtu);
	ATF_CHECK_EQ(0, memcmp(&c.addrs, &before.addrs, sizeof(c.addrs)));

	r = reply_of(DHCPACK);
	r.raw = dns;
	r.rawlen = sizeof(dns);
	c = renew(&r);
	changed(1);
	ATF_CHECK_EQ(1, w.ndns);
	ATF_CHECK_EQ(0, c.if_mtu);
	ATF_CHECK_EQ(0, memcmp(&c.addrs, &before.addrs, sizeof(c.addrs)));
	ATF_CHECK_EQ(0, memcmp(c.routes, before.routes, sizeof(c.routes)));
	renew(&r);
	changed(0);
	ATF_CHECK_EQ(0, w.ndns);
}

TEST(change_of_what_is_shown,
    "D4-28: 42, 114, 12, 43, 162 and 212 are in lease and events; nothing is "
    "done with them")
{
	static const uint8_t ntp[] = { 42, 4, 192, 0, 2, 123 };
	static const uint8_t portal[] = { 114, 9, 'h', 't', 't', 'p', 's', ':',
		'/', '/', 'a' };
	static const uint8_t name[] = { 12, 3, 'w', 'w', 'w' };
	static const uint8_t vendor[] = { 43, 3, 1, 1, 7 };
	static const uint8_t dnr[] = { 162, 13, 0, 11, 0, 2, 8, 3, 'd', 'n',
		's', 2, 'c', 'd', 0 };
	static const uint8_t sixrd[] = { 212, 22, 8, 32, 0x20, 1, 0x0d, 0xb8, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 192, 0, 2, 1 };
	static const struct {
		const uint8_t *bytes;
		size_t len;
	} options[] = { { ntp, sizeof(ntp) }, { portal, sizeof(portal) },
		{ name, sizeof(name) }, { vendor, sizeof(vendor) },
		{ dnr, sizeof(dnr) }, { sixrd, sizeof(sixrd) } };
	struct reply r = reply_of(DHCPACK);
	struct config4 before, c;
	uint8_t all[128];
	size_t i, n = 0;

	(void)tc;
	world_init(&w);
	world_bind(&w, 3600);
	before = renew(&r);
	for (i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		memcpy(all + n, options[i].bytes, options[i].len);
		n += options[i].len;
		r.raw = all;
		r.rawlen = n;
		c = renew(&r);
		changed(1);
		ATF_CHECK_EQ(0, w.ndns);
		c.serial = before.serial;
		ATF_CHECK_EQ(0, memcmp(&c, &before, sizeof(c)));
	}
	renew(&r);
	changed(0);
	ATF_CHECK_EQ(1, w.d.lease.nntp);
	ATF_CHECK_EQ(ip("192.0.2.123").s_addr, w.d.lease.ntp[0].s_addr);
	ATF_CHECK_STREQ("https://a", w.d.lease.captive_portal);
	ATF_CHECK_STREQ("www", w.d.lease.hostname);
	ATF_CHECK_EQ(3, w.d.lease.vendor_len);
	ATF_CHECK_EQ(13, w.d.lease.dnr_len);
	ATF_CHECK_EQ(22, w.d.lease.sixrd_len);
	/* They go as they came. */
	r = reply_of(DHCPACK);
	renew(&r);
	changed(1);
	ATF_CHECK_EQ(0, w.d.lease.nntp);
	ATF_CHECK_STREQ("", w.d.lease.hostname);
}

TEST(removed_address_is_put_back,
    "D4-21: at once by asking the server, in a fight after 10 seconds")
{
	uint64_t removed;

	(void)tc;
	world_init(&w);
	world_bind(&w, 3600);
	removed = w.now;
	dhcp4_address_gone(&w.d, ip("192.0.2.10"), w.now);
	ATF_REQUIRE_EQ(D4_REBOOTING, w.d.state);
	world_reply(&w,
	    &(struct reply){ .type = DHCPACK,
		.addr = "192.0.2.10",
		.server = "192.0.2.1",
		.router = "192.0.2.1",
		.prefixlen = 24,
		.lease = 3600 });
	ATF_REQUIRE_EQ(D4_BOUND, w.d.state);
	w.nconfig = 0;
	dhcp4_address_gone(&w.d, ip("192.0.2.10"), w.now);
	world_run(&w, removed + 9999);
	ATF_CHECK_EQ(0, w.nconfig);
	ATF_CHECK(!w.d.configured);
	world_run(&w, removed + 10000);
	ATF_CHECK_EQ(1, w.nconfig);
	ATF_CHECK(w.d.configured);
	ATF_CHECK_EQ(D4_BOUND, w.d.state);
}

TEST(change_of_each_option,
    "D4-21, D4-28: a renewal that says another thing in as many bytes")
{
	static const struct {
		const char *before, *after;
		size_t len;
	} t[] = {
		{ "\x1c\4\xc0\0\2\xfe", "\x1c\4\xc0\0\2\xff",
		    6 }, /* broadcast */
		{ "\6\4\xc0\0\2\x35", "\6\4\xc0\0\2\x36", 6 },
		{ "\x77\5\3lan", "\x77\5\3net", 7 }, /* search */
		{ "\xf\3lan", "\xf\3net", 5 },
		{ "\x2a\4\xc0\0\2\1", "\x2a\4\xc0\0\2\2", 6 }, /* NTP */
		{ "\xc\3one", "\xc\3two", 5 },
		{ "\x2b\3\1\1\1", "\x2b\3\1\1\2", 5 },
		{ "\x72\x9https://a", "\x72\x9https://b", 11 },
		{ "\x79\5\0\xc0\0\2\1", "\x79\5\0\xc0\0\2\2", 7 },
		/* 6rd */
		{ "\xd4\x16\0\x20\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\0\xc0\0\2"
		  "\1",
		    "\xd4\x16\0\x20\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\0\xc0\0"
		    "\2\2",
		    24 },
		/* encrypted resolver */
		{ "\xa2\xa\0\x8\0\1\5\3dns", "\xa2\xa\0\x8\0\1\5\3dnt", 12 },
	};
	struct reply r = reply_of(DHCPACK);
	size_t i;

	(void)tc;
	world_init(&w);
	world_bind(&w, 3600);
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		r.raw = (const uint8_t *)t[i].before;
		r.rawlen = t[i].len;
		renew(&r);
		changed(1);
		renew(&r);
		changed(0);
		r.raw = (const uint8_t *)t[i].after;
		renew(&r);
		ATF_CHECK_EQ_MSG(
		    1, w.events[EVENT_CHANGED], "option %u", r.raw[0]);
	}
}

/* The routes of a configuration, as text. */
static const char *
routes_text(const struct config4 *c)
{
	static char text[512];
	char dst[INET_ADDRSTRLEN], gateway[INET_ADDRSTRLEN], one[64];
	uint16_t i;

	text[0] = '\0';
	for (i = 0; i < c->nroutes; i++) {
		inet_ntop(AF_INET, &c->routes[i].dst, dst, sizeof(dst));
		inet_ntop(
		    AF_INET, &c->routes[i].gateway, gateway, sizeof(gateway));
		snprintf(one, sizeof(one), "%s%s/%u %s", i > 0 ? ", " : "", dst,
		    c->routes[i].prefixlen, gateway);
		strlcat(text, one, sizeof(text));
	}
	return text;
}

TEST(change_of_classless_routes,
    "D4-33: on-link ones first, a host route to a router outside of all, the "
    "first of a destination wins")
{
	static const struct {
		const char *bytes;
		size_t len;
		uint8_t prefixlen;
		const char *want;
	} t[] = {
		/* on-link, and a router that it covers */
		{ "\x79\x0e\x10\x0a\1\0\0\0\0\x10\x0a\2\x0a\1\0\1", 16, 24,
		    "10.1.0.0/16 0.0.0.0, 10.2.0.0/16 10.1.0.1" },
		/* a router that nothing covers, twice */
		{ "\x79\x0e\x10\x0a\1\x0a\x9\0\1\x10\x0a\2\x0a\x9\0\1", 16, 24,
		    "10.9.0.1/32 0.0.0.0, 10.1.0.0/16 10.9.0.1, "
		    "10.2.0.0/16 10.9.0.1" },
		/* the same destination twice */
		{ "\x79\x0e\x10\x0a\1\xc0\0\2\1\x10\x0a\1\xc0\0\2\2", 16, 24,
		    "10.1.0.0/16 192.0.2.1" },
		/* an address without a network */
		{ "\x79\x05\0\xc0\0\2\1", 7, 32,
		    "192.0.2.1/32 0.0.0.0, 0.0.0.0/0 192.0.2.1" },
	};
	struct reply r;
	struct config4 c;
	size_t i;

	(void)tc;
	world_init(&w);
	world_bind(&w, 3600);
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		r = reply_of(DHCPACK);
		r.raw = (const uint8_t *)t[i].bytes;
		r.rawlen = t[i].len;
		r.prefixlen = t[i].prefixlen;
		c = renew(&r);
		ATF_CHECK_STREQ(t[i].want, routes_text(&c));
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, change_of_each_option);
	ATF_TP_ADD_TC(tp, change_of_classless_routes);
	ATF_TP_ADD_TC(tp, change_is_all_that_changes);
	ATF_TP_ADD_TC(tp, change_of_what_is_shown);
	ATF_TP_ADD_TC(tp, removed_address_is_put_back);
	return atf_no_error();
}

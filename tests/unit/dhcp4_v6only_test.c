/* SPDX-License-Identifier: ISC */
/* IPv6-only preferred (RFC 8925). */

#include <string.h>

#include "dhcp4_harness.h"
#include "test.h"

static struct world w;

/* Is a parameter asked for by a sent message? */
static int
asks_for(const struct sent *s, uint8_t code)
{
	const uint8_t *list;
	int n = sent_option(s, 55, &list);

	return n > 0 && memchr(list, code, (size_t)n) != NULL;
}

/* IPv6 works (or not), and the server says to leave IPv4 alone. */
static void
sleep_v6only(int usable, uint32_t sec)
{
	struct reply r = reply_of(DHCPOFFER);

	world_init(&w);
	w.conf.ipv6_only = 1;
	world_start(&w);
	dhcp4_ipv6_usable(&w.d, usable, w.now);
	r.ipv6_only = sec;
	world_reply(&w, &r);
	ATF_REQUIRE_EQ(D4_V6ONLY, w.d.state);
	ATF_REQUIRE_EQ(1, w.events[EVENT_V6ONLY]);
	ATF_REQUIRE_EQ(0, w.nconfig);
}

TEST(dhcp4_sleeps_where_ipv6_is_enough,
    "D4-26: 108 only with ipv6-only yes; 300 to 86400 s; ended by link up and "
    "renew")
{
	struct reply r = reply_of(DHCPOFFER);

	(void)tc;
	world_init(&w);
	world_start(&w);
	ATF_CHECK(!asks_for(world_last(&w, DHCPDISCOVER), 108));
	r.ipv6_only = 1800;
	world_reply(&w, &r);
	ATF_CHECK_EQ(D4_REQUESTING, w.d.state);
	sleep_v6only(1, 1);
	ATF_CHECK(asks_for(world_last(&w, DHCPDISCOVER), 108));
	world_advance(&w, 299999);
	ATF_CHECK_EQ(D4_V6ONLY, w.d.state);
	ATF_CHECK_EQ(1, w.nsent);
	world_advance(&w, 1);
	ATF_CHECK_EQ(D4_SELECTING, w.d.state);
	ATF_CHECK(asks_for(world_last(&w, DHCPDISCOVER), 108));
	sleep_v6only(1, 86401);
	world_advance(&w, 86399999);
	ATF_CHECK_EQ(D4_V6ONLY, w.d.state);
	world_advance(&w, 1);
	ATF_CHECK_EQ(D4_SELECTING, w.d.state);
	sleep_v6only(1, 3600);
	world_link(&w, 0);
	world_link(&w, 1);
	ATF_CHECK_EQ(D4_SELECTING, w.d.state);
	sleep_v6only(1, 3600);
	dhcp4_renew(&w.d, w.now);
	ATF_CHECK_EQ(D4_SELECTING, w.d.state);
}

TEST(dhcp4_does_not_sleep_without_ipv6,
    "D4-26: 60 s without an IPv6 default router and a global address; then "
    "IPv4 is used whatever the server prefers")
{
	struct reply r = reply_of(DHCPOFFER);

	(void)tc;
	sleep_v6only(0, 3600);
	world_advance(&w, 59999);
	ATF_CHECK_EQ(D4_V6ONLY, w.d.state);
	world_advance(&w, 1);
	ATF_CHECK_EQ(D4_SELECTING, w.d.state);
	ATF_CHECK(!asks_for(world_last(&w, DHCPDISCOVER), 108));
	r.ipv6_only = 3600;
	world_reply(&w, &r);
	r.type = DHCPACK;
	world_reply(&w, &r);
	ATF_CHECK_EQ(D4_BOUND, w.d.state);
	/* On another link it is asked for again. */
	world_link(&w, 0);
	world_link(&w, 1);
	ATF_CHECK(asks_for(world_last(&w, DHCPREQUEST), 108));

	/* It comes in time, goes, comes back: the server's time counts. */
	sleep_v6only(0, 3600);
	world_advance(&w, 50000);
	dhcp4_ipv6_usable(&w.d, 1, w.now);
	world_advance(&w, 1000000);
	ATF_CHECK_EQ(D4_V6ONLY, w.d.state);
	dhcp4_ipv6_usable(&w.d, 0, w.now);
	world_advance(&w, 30000);
	dhcp4_ipv6_usable(&w.d, 0, w.now);
	world_advance(&w, 29999);
	ATF_CHECK_EQ(D4_V6ONLY, w.d.state);
	dhcp4_ipv6_usable(&w.d, 1, w.now);
	world_advance(&w, 3600000 - 50000 - 1000000 - 59999 - 1);
	ATF_CHECK_EQ(D4_V6ONLY, w.d.state);
	world_advance(&w, 1);
	ATF_CHECK_EQ(D4_SELECTING, w.d.state);
}

TEST(dhcp4_ipv6_only_takes_the_lease_away,
    "D4-26: an ACK with 108 in RENEWING withdraws the address")
{
	struct reply r = reply_of(DHCPOFFER);

	(void)tc;
	world_init(&w);
	w.conf.ipv6_only = 1;
	world_bind(&w, 3600);
	dhcp4_ipv6_usable(&w.d, 1, w.now);
	world_run(&w, w.d.when[TIMER_T1]);
	r.type = DHCPACK;
	r.ipv6_only = 3600;
	world_reply(&w, &r);
	ATF_CHECK_EQ(D4_V6ONLY, w.d.state);
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK_EQ(0, w.config.nroutes);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, dhcp4_sleeps_where_ipv6_is_enough);
	ATF_TP_ADD_TC(tp, dhcp4_does_not_sleep_without_ipv6);
	ATF_TP_ADD_TC(tp, dhcp4_ipv6_only_takes_the_lease_away);
	return atf_no_error();
}

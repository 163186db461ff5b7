/* SPDX-License-Identifier: ISC */
/* What reading the SLAAC machine found. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "proto/nd_msg.h"
#include "slaac_harness.h"
#include "test.h"

static struct sworld w;

/* A router advertises four prefixes that nobody has seen. */
static void
four_more(const char *from, unsigned int n)
{
	char text[64];
	struct ra ra;
	unsigned int i;

	ra_begin(&ra, 1800, 0);
	for (i = 0; i < 4; i++) {
		snprintf(text, sizeof(text), "2001:db8:bad:%x::", 4 * n + i);
		ra_prefix(&ra, text, 64, PIO_LA, INF, INF);
	}
	sw_ra(&w, from, &ra);
	sw_advance(&w, 1100);
}

TEST(slaac_forged_renumbering_ends_no_address,
    "S-05, S-16: a prefix that is said to be deprecated, and then more "
    "prefixes than there is room for, leave its addresses their two hours")
{
	struct in6_addr before;
	char from[64];
	struct ra ra;
	unsigned int i;

	(void)tc;
	sw_init(&w);
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 86400, 43200);
	sw_advance(&w, 2000);
	before = sw_addr(&w, PREFIX1, 0)->addr;
	ra_begin(&ra, 1800, 0);
	ra_prefix(&ra, PREFIX1, 64, PIO_LA, 0, 0);
	sw_ra(&w, R1, &ra);
	for (i = 0; i < 3; i++)
		four_more(R1, i);
	for (i = 0; i < 20; i++) {
		snprintf(from, sizeof(from), "fe80::bad:%x", i);
		four_more(from, 10 + i);
		sw_check_bounds(&w);
	}
	ATF_REQUIRE_MSG(sw_addr(&w, PREFIX1, 0) != NULL, "address ended");
	ATF_CHECK(memcmp(&sw_addr(&w, PREFIX1, 0)->addr, &before, 16) == 0);
	ATF_CHECK_EQ(0, sw_addr(&w, PREFIX1, 0)->preferred_sec);
}

TEST(slaac_prefix_that_made_room_ends_in_two_hours,
    "S-16: what a router that renumbers leaves behind is not kept for the "
    "lifetime it had")
{
	(void)tc;
	sw_init(&w);
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 86400, 43200);
	sw_usual(&w, R1, PREFIX1, 86400, 0);
	four_more(R1, 0);
	ATF_REQUIRE_EQ(1, sw_naddrs(&w, PREFIX1));
	sw_advance(&w, 7190 * 1000);
	ATF_CHECK_EQ(1, sw_naddrs(&w, PREFIX1));
	sw_advance(&w, 20 * 1000);
	ATF_CHECK_EQ(0, sw_naddrs(&w, PREFIX1));
	ATF_CHECK_EQ(4, w.config.naddrs);
}

/* The newest temporary address of the wanted configuration; NULL: none. */
static const struct addr6 *
temporary(void)
{
	uint16_t i;

	for (i = w.config.naddrs; i > 0; i--)
		if (w.config.addrs[i - 1].flags & ADDR6_TEMPORARY)
			return &w.config.addrs[i - 1];
	return NULL;
}

TEST(slaac_duplicates_of_different_days_are_not_counted_together,
    "S-07: TEMP_IDGEN_RETRIES are of one address, not of all there will be")
{
	struct in6_addr addr;
	int i;

	(void)tc;
	sw_init(&w);
	w.conf.temporary = 1;
	w.fixed_random = 0;
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, INF, INF);
	sw_advance(&w, 2000);
	for (i = 0; i < 6; i++) {
		ATF_REQUIRE_MSG(temporary() != NULL, "given up at %d", i);
		addr = temporary()->addr;
		sw_state(&w, &addr, STATE6_PRESENT | STATE6_DUPLICATED);
		sw_advance(&w, 5000);
		ATF_REQUIRE_MSG(temporary() != NULL, "given up at %d", i);
		addr = temporary()->addr;
		sw_state(&w, &addr, STATE6_PRESENT);
	}
}

TEST(slaac_route_of_an_option_is_refreshed,
    "S-10: by each advertisement that has it; it ends after the last")
{
	struct ra ra;
	int i;

	(void)tc;
	sw_init(&w);
	sw_start(&w);
	for (i = 0; i < 2; i++) {
		ra_begin(&ra, 1800, 0);
		ra_route(&ra, "2001:db8:f::", 48, 0, 600, 2);
		sw_ra(&w, R1, &ra);
		sw_advance(&w, 400 * 1000);
	}
	ATF_CHECK(sw_route(&w, "2001:db8:f::", 48, R1) != NULL);
	sw_advance(&w, 201 * 1000);
	ATF_CHECK(sw_route(&w, "2001:db8:f::", 48, R1) == NULL);
}

TEST(slaac_resolver_with_bytes_behind_its_name,
    "S-14: an authentication domain name is one name, all of it")
{
	/* priority, lifetime, length, name and a byte more, no addresses */
	static const uint8_t good[] = { 0, 1, 0, 0, 0, 60, 0, 5, 3, 'd', 'n',
		's', 0 };
	static const uint8_t bad[] = { 0, 1, 0, 0, 0, 60, 0, 6, 3, 'd', 'n',
		's', 0, 0x41 };
	struct recv6 meta = { .src = ip6("fe80::1"), .hop_limit = 255 };
	struct nd_ra out;
	struct ra ra;

	(void)tc;
	ra_begin(&ra, 1800, 0);
	ra_option(&ra, 144, good, sizeof(good));
	ATF_REQUIRE_EQ(ND_OK, nd_ra_parse(ra.b, ra.len, &meta, &out));
	ATF_CHECK_EQ(1, out.ndnr);
	ra_begin(&ra, 1800, 0);
	ra_option(&ra, 144, bad, sizeof(bad));
	ATF_REQUIRE_EQ(ND_OK, nd_ra_parse(ra.b, ra.len, &meta, &out));
	ATF_CHECK_EQ(0, out.ndnr);
	ATF_CHECK_EQ(1, out.ignored);
}

TEST(slaac_failed_configuration_is_tried_again_with_the_socket,
    "Y-01: IPv6 was off for a moment, which the sender's return shows")
{
	(void)tc;
	sw_init(&w);
	sw_start(&w);
	w.refuse = EPERM;
	sw_usual(&w, R1, PREFIX1, 7200, 3600);
	sw_advance(&w, 1000);
	w.refuse = 0;
	slaac_channel(&w.s, CHANNEL_RS, ENOTCONN, w.now);
	sw_advance(&w, 1000);
	ATF_CHECK_EQ(0, w.added);
	slaac_channel(&w.s, CHANNEL_RS, 0, w.now);
	sw_advance(&w, 10);
	ATF_CHECK_EQ(1, w.added);
}

TEST(slaac_renew_asks_for_all_of_it_again,
    "Y-01, S-09: a route that somebody removed twice comes back with renew")
{
	unsigned int n;

	(void)tc;
	sw_init(&w);
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 7200, 3600);
	sw_advance(&w, 5000);
	n = w.nconfig;
	slaac_renew(&w.s, w.now);
	sw_advance(&w, 10);
	ATF_CHECK_EQ(n + 1, w.nconfig);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(
	    tp, slaac_failed_configuration_is_tried_again_with_the_socket);
	ATF_TP_ADD_TC(tp, slaac_renew_asks_for_all_of_it_again);
	ATF_TP_ADD_TC(
	    tp, slaac_duplicates_of_different_days_are_not_counted_together);
	ATF_TP_ADD_TC(tp, slaac_route_of_an_option_is_refreshed);
	ATF_TP_ADD_TC(tp, slaac_resolver_with_bytes_behind_its_name);
	ATF_TP_ADD_TC(tp, slaac_forged_renumbering_ends_no_address);
	ATF_TP_ADD_TC(tp, slaac_prefix_that_made_room_ends_in_two_hours);
	return atf_no_error();
}

/* SPDX-License-Identifier: ISC */
/* What reading the SLAAC machine found. */

#include <stdio.h>
#include <string.h>

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

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, slaac_forged_renumbering_ends_no_address);
	ATF_TP_ADD_TC(tp, slaac_prefix_that_made_room_ends_in_two_hours);
	return atf_no_error();
}

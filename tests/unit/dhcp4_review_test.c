/* SPDX-License-Identifier: ISC */
/* What could be broken in the DHCPv4 machine without a test that fails. */

#include <string.h>

#include <atf-c.h>

#include "dhcp4_harness.h"

#define TEST(name, text)                                    \
	ATF_TC(name);                                       \
	ATF_TC_HEAD(name, tc)                               \
	{                                                   \
		atf_tc_set_md_var(tc, "descr", "%s", text); \
	}                                                   \
	ATF_TC_BODY(name, tc)

static struct world w;

static unsigned int
secs_of(const struct sent *s)
{
	return sent_u32(s, 8) >> 16; /* RFC 2131 figure 1 */
}

TEST(dhcp4_secs_counts_from_the_first_message,
    "D4-12: 0 in the first DISCOVER, the time since then in the others, and "
    "in the REQUEST what the DISCOVER had that it follows")
{
	const struct reply offer = { .type = DHCPOFFER,
		.addr = "192.0.2.10",
		.server = "192.0.2.1",
		.prefixlen = 24,
		.lease = 3600 };
	unsigned int last;
	uint64_t began;

	(void)tc;
	world_init(&w);
	world_start(&w);
	began = w.now;
	ATF_CHECK_EQ(0, secs_of(world_last(&w, DHCPDISCOVER)));
	while (world_count(&w, DHCPDISCOVER) < 4)
		world_run(&w, w.deadline);
	last = secs_of(world_last(&w, DHCPDISCOVER));
	ATF_CHECK_EQ((w.now - began) / 1000, last);
	ATF_CHECK(last > 20);
	world_advance(&w, 3000);
	world_reply(&w, &offer);
	ATF_REQUIRE_EQ(1, world_count(&w, DHCPREQUEST));
	ATF_CHECK_EQ(last, secs_of(world_last(&w, DHCPREQUEST)));
}

TEST(dhcp4_reboot_asks_three_times,
    "D4-22: no answer after the second retransmission, not a third")
{
	unsigned int before;

	(void)tc;
	world_init(&w);
	world_bind(&w, 3600);
	before = world_count(&w, DHCPREQUEST);
	world_link(&w, 0);
	world_link(&w, 1);
	while (
	    w.d.when[TIMER_ROUTER] == PROTO_NEVER && w.d.state == D4_REBOOTING)
		world_run(&w, w.deadline);
	ATF_CHECK_EQ(before + 3, world_count(&w, DHCPREQUEST));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, dhcp4_secs_counts_from_the_first_message);
	ATF_TP_ADD_TC(tp, dhcp4_reboot_asks_three_times);
	return atf_no_error();
}

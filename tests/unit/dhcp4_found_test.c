/* SPDX-License-Identifier: ISC */
/* What the simulator (tests/sim) found in the DHCPv4 machine, once each. */

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "dhcp4_harness.h"
#include "test.h"

static const uint8_t router[6] = { 2, 0, 0, 0, 0, 9 };
static const uint8_t other[6] = { 2, 0, 0, 0, 7, 7 };

static struct world w;

/* Bound for 1000 s, then the link goes for so long, and no server is left. */
static void
lose_link(uint64_t ms)
{
	world_init(&w);
	world_bind(&w, 1000);
	ATF_REQUIRE_EQ(D4_BOUND, w.d.state);
	world_advance(&w, 5000);
	world_link(&w, 0);
	world_advance(&w, ms);
	world_link(&w, 1);
}

TEST(dhcp4_lease_confirmed_by_its_router_is_renewed,
    "D4-22: T1 and T2 run on after the router answered")
{
	lose_link(1000);
	ATF_REQUIRE_EQ(D4_REBOOTING, w.d.state);
	while (w.d.when[TIMER_ROUTER] == PROTO_NEVER)
		world_run(&w, w.deadline);
	world_arp(&w, "192.0.2.1", "192.0.2.10", router, 2);
	ATF_REQUIRE_EQ(D4_BOUND, w.d.state);
	ATF_CHECK(w.d.when[TIMER_T1] <= 1000000 + 500 * 1000);
	ATF_CHECK(w.d.when[TIMER_T2] <= 1000000 + 875 * 1000);
	world_run(&w, 1000000 + 501 * 1000);
	ATF_CHECK_EQ(D4_RENEWING, w.d.state);
}

TEST(dhcp4_stored_lease_confirmed_by_its_router_is_configured,
    "D4-22: after a reboot the address was not in the kernel")
{
	struct lease4 lease;

	lose_link(1000);
	lease = w.d.lease;
	world_init(&w);
	dhcp4_configure(&w.d, &w.conf, (const uint8_t *)"\0\4duid", 6, w.now);
	dhcp4_interface(&w.d, &w.iface, 1, w.now);
	dhcp4_stored(&w.d, &lease, 100, w.now);
	dhcp4_start(&w.d, w.now);
	dhcp4_channel(&w.d, CHANNEL_ARP, w.arp, 0, w.now);
	while (w.d.when[TIMER_ROUTER] == PROTO_NEVER)
		world_run(&w, w.deadline);
	ATF_REQUIRE_EQ(0, w.config.naddrs);
	world_arp(&w, "192.0.2.1", "192.0.2.10", router, 2);
	ATF_REQUIRE_EQ(D4_BOUND, w.d.state);
	ATF_CHECK_EQ(1, w.config.naddrs);
	ATF_CHECK_EQ(ip("192.0.2.10").s_addr, w.config.addrs[0].addr.s_addr);
	ATF_CHECK_EQ(1, w.events[EVENT_BOUND]);
}

TEST(dhcp4_lease_that_expired_without_link_is_not_rebooted,
    "D4-19, D4-22: INIT-REBOOT only with an unexpired lease")
{
	lose_link(2000 * 1000);
	ATF_CHECK_EQ(1, w.events[EVENT_EXPIRED]);
	ATF_CHECK_EQ(D4_SELECTING, w.d.state);
}

TEST(dhcp4_release_is_done_when_the_link_goes,
    "D4-23: link down while the RELEASE is on its way")
{
	world_init(&w);
	world_bind(&w, 1000);
	world_advance(&w, 5000);
	dhcp4_release(&w.d, w.now);
	ATF_REQUIRE_EQ(D4_RELEASING, w.d.state);
	world_link(&w, 0);
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK_EQ(1, w.nforget);
	ATF_CHECK_EQ(1, w.events[EVENT_RELEASED]);
}

TEST(dhcp4_conflict_during_release_starts_nothing,
    "D4-23, AC-02: silent after release")
{
	unsigned int sent;

	world_init(&w);
	world_bind(&w, 1000);
	world_advance(&w, 60000);
	world_arp(&w, "192.0.2.10", "192.0.2.10", other, 1);
	dhcp4_release(&w.d, w.now);
	sent = w.nsent;
	world_arp(&w, "192.0.2.10", "192.0.2.10", other, 1);
	world_advance(&w, 600000);
	ATF_CHECK_EQ(sent, w.nsent);
	ATF_CHECK_EQ(D4_DOWN, w.d.state);
}

TEST(dhcp4_renew_during_release_asks_anew,
    "D4-23: what was released is not used again")
{
	world_init(&w);
	world_bind(&w, 1000);
	world_advance(&w, 5000);
	dhcp4_release(&w.d, w.now);
	dhcp4_renew(&w.d, w.now);
	ATF_CHECK_EQ(D4_SELECTING, w.d.state);
	ATF_CHECK_EQ(1, w.events[EVENT_RELEASED]);
}

TEST(dhcp4_configuration_that_failed_is_tried_again,
    "D4-21: the kernel had no memory for a moment")
{
	unsigned int n;

	world_init(&w);
	w.refuse_configure = ENOBUFS;
	world_bind(&w, 86400);
	ATF_REQUIRE_EQ(D4_BOUND, w.d.state);
	ATF_CHECK(!w.d.configured);
	n = w.nconfig;
	world_advance(&w, 200000);
	ATF_CHECK(w.nconfig >= n + 2 && w.nconfig <= n + 20);
	w.refuse_configure = 0;
	world_advance(&w, 130000);
	ATF_CHECK(w.d.configured);
	n = w.nconfig;
	world_advance(&w, 3600 * 1000);
	ATF_CHECK_EQ(n, w.nconfig);
}

TEST(dhcp4_lease_counts_from_the_request,
    "D4-16, D4-19: RFC 2131 4.4.5, not from the ACK")
{
	struct reply r = { .type = DHCPOFFER,
		.addr = "192.0.2.10",
		.server = "192.0.2.1",
		.prefixlen = 24,
		.lease = 60 };
	uint64_t asked;

	world_init(&w);
	world_start(&w);
	world_reply(&w, &r);
	asked = w.now;
	world_advance(&w, 2500);
	r.type = DHCPACK;
	world_reply(&w, &r);
	ATF_CHECK_EQ(asked + 60000, w.d.when[TIMER_EXPIRE]);
	ATF_CHECK_EQ(58, w.config.addrs[0].valid_sec);
}

TEST(dhcp4_endless_lease_stays_bound_when_nobody_answers,
    "D4-17: a renewal that was asked for")
{
	world_init(&w);
	world_bind(&w, LIFETIME_INFINITE);
	world_advance(&w, 5000);
	dhcp4_renew(&w.d, w.now);
	ATF_REQUIRE_EQ(D4_RENEWING, w.d.state);
	world_advance(&w, 600000);
	ATF_CHECK_EQ(D4_BOUND, w.d.state);
	ATF_CHECK(w.d.configured);
}

TEST(dhcp4_startup_delay_holds_for_init_reboot_too,
    "D4-13: a fleet has leases on disk when the power comes back")
{
	struct lease4 lease;
	uint64_t began;

	lose_link(1000);
	lease = w.d.lease;
	world_init(&w);
	w.conf.startup_delay = 60;
	w.seed = 77;
	dhcp4_configure(&w.d, &w.conf, (const uint8_t *)"\0\4duid", 6, w.now);
	dhcp4_interface(&w.d, &w.iface, 1, w.now);
	dhcp4_stored(&w.d, &lease, 100, w.now);
	began = w.now;
	dhcp4_start(&w.d, w.now);
	ATF_CHECK_EQ(D4_INIT_REBOOT, w.d.state);
	ATF_CHECK_EQ(0, w.nsent);
	world_run(&w, w.deadline);
	ATF_CHECK_EQ(D4_REBOOTING, w.d.state);
	ATF_CHECK(w.now > began && w.now <= began + 60000);
	ATF_CHECK_EQ(1, world_count(&w, DHCPREQUEST));
}

/* What a server answers to INIT-REBOOT. */
static void
confirm(void)
{
	const struct reply ack = { .type = DHCPACK,
		.addr = "192.0.2.10",
		.server = "192.0.2.1",
		.prefixlen = 24,
		.lease = 86400 };

	ATF_REQUIRE_EQ(D4_REBOOTING, w.d.state);
	world_reply(&w, &ack);
	world_settle(&w);
	ATF_REQUIRE_EQ(D4_BOUND, w.d.state);
}

TEST(dhcp4_address_removed_twice_is_put_back,
    "D4-19: what somebody removes again within 10 s does not wait for T1")
{
	unsigned int n;

	world_init(&w);
	world_bind(&w, 86400);
	world_settle(&w);
	dhcp4_address_gone(&w.d, ip("192.0.2.10"), w.now);
	world_settle(&w);
	confirm();
	n = w.nconfig;
	world_advance(&w, 1000);
	dhcp4_address_gone(&w.d, ip("192.0.2.10"), w.now);
	world_settle(&w);
	ATF_CHECK_EQ(n, w.nconfig);
	world_advance(&w, 10000);
	ATF_CHECK_EQ(n + 1, w.nconfig);
	ATF_CHECK_EQ(1, w.config.naddrs);
	ATF_CHECK_EQ(D4_BOUND, w.d.state);
}

TEST(dhcp4_renew_without_the_address_confirms_the_lease,
    "D4-19, D4-22: what somebody removed twice comes back by renew at once: "
    "nothing can be sent from an address that is not there")
{
	world_init(&w);
	world_bind(&w, 86400);
	world_settle(&w);
	dhcp4_address_gone(&w.d, ip("192.0.2.10"), w.now);
	world_settle(&w);
	confirm();
	world_advance(&w, 1000);
	dhcp4_address_gone(&w.d, ip("192.0.2.10"), w.now);
	dhcp4_renew(&w.d, w.now);
	world_settle(&w);
	confirm();
}

TEST(dhcp4_descriptor_opened_again_does_not_end_a_release,
    "D4-23: silent until renew, link up or restart")
{
	unsigned int sent;

	world_init(&w);
	world_bind(&w, 3600);
	dhcp4_release(&w.d, w.now);
	world_advance(&w, 1000);
	sent = w.nsent;
	dhcp4_interface(&w.d, &w.iface, 0, w.now);
	dhcp4_interface(&w.d, &w.iface, 1, w.now);
	world_advance(&w, 60000);
	ATF_CHECK_EQ(sent, w.nsent);
	ATF_CHECK_EQ(D4_DOWN, w.d.state);
	/* Also when the link is there before the descriptor. */
	w.iface.flags &= ~(uint32_t)IFACE_RUNNING;
	dhcp4_interface(&w.d, &w.iface, 0, w.now);
	w.iface.flags |= IFACE_RUNNING;
	dhcp4_interface(&w.d, &w.iface, 0, w.now);
	dhcp4_interface(&w.d, &w.iface, 1, w.now);
	world_advance(&w, 1000);
	ATF_CHECK(w.nsent > sent);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, dhcp4_address_removed_twice_is_put_back);
	ATF_TP_ADD_TC(tp, dhcp4_renew_without_the_address_confirms_the_lease);
	ATF_TP_ADD_TC(tp, dhcp4_descriptor_opened_again_does_not_end_a_release);
	ATF_TP_ADD_TC(tp, dhcp4_lease_confirmed_by_its_router_is_renewed);
	ATF_TP_ADD_TC(
	    tp, dhcp4_stored_lease_confirmed_by_its_router_is_configured);
	ATF_TP_ADD_TC(
	    tp, dhcp4_lease_that_expired_without_link_is_not_rebooted);
	ATF_TP_ADD_TC(tp, dhcp4_release_is_done_when_the_link_goes);
	ATF_TP_ADD_TC(tp, dhcp4_conflict_during_release_starts_nothing);
	ATF_TP_ADD_TC(tp, dhcp4_renew_during_release_asks_anew);
	ATF_TP_ADD_TC(tp, dhcp4_configuration_that_failed_is_tried_again);
	ATF_TP_ADD_TC(tp, dhcp4_lease_counts_from_the_request);
	ATF_TP_ADD_TC(tp, dhcp4_endless_lease_stays_bound_when_nobody_answers);
	ATF_TP_ADD_TC(tp, dhcp4_startup_delay_holds_for_init_reboot_too);
	return atf_no_error();
}

/* SPDX-License-Identifier: ISC */
/* A lease of before: link loss, restart, and the router that vouches for it. */

#include <arpa/inet.h>
#include <string.h>

#include "dhcp4_harness.h"
#include "test.h"

static struct world w;
static const uint8_t other[6] = { 2, 0, 0, 0, 0, 0x77 };

TEST(dhcp4_link_flap_reconfirms,
    "D4-22: the address stays; INIT-REBOOT with 50, ciaddr 0, no 54")
{
	const struct sent *req;
	struct reply r = reply_of(DHCPOFFER);
	unsigned int n;

	(void)tc;
	world_init(&w);
	world_bind(&w, 3600);
	n = w.nconfig;
	world_link(&w, 0);
	world_advance(&w, 5000);
	ATF_CHECK_EQ(n, w.nconfig);
	world_link(&w, 1);
	ATF_CHECK_EQ(D4_REBOOTING, w.d.state);
	req = world_last(&w, DHCPREQUEST);
	ATF_CHECK_EQ(w.now, req->when);
	ATF_CHECK_EQ(4, sent_option(req, 50, NULL));
	ATF_CHECK_EQ(-1, sent_option(req, 54, NULL));
	ATF_CHECK_EQ(0, sent_u32(req, 12));
	r.type = DHCPACK;
	world_reply(&w, &r);
	ATF_CHECK_EQ(D4_BOUND, w.d.state);
	ATF_CHECK_EQ(1, w.config.naddrs);
}

TEST(dhcp4_stored_lease_is_rebooted, "D4-22: an unexpired lease on disk")
{
	struct lease4 lease;

	(void)tc;
	world_init(&w);
	world_bind(&w, 3600);
	lease = w.stored;
	world_init(&w);
	dhcp4_configure(&w.d, &w.conf, (const uint8_t *)"", 0, w.now);
	dhcp4_interface(&w.d, &w.iface, 1, w.now);
	dhcp4_stored(&w.d, &lease, 100, w.now);
	dhcp4_adopted(&w.d, lease.addr, 24, w.now);
	dhcp4_start(&w.d, w.now);
	ATF_CHECK_EQ(D4_REBOOTING, w.d.state);
	ATF_CHECK_EQ(0, w.nconfig);
	/* Nobody answers, no router is known: from the beginning. */
	world_advance(&w, 60000);
	ATF_CHECK(world_count(&w, DHCPDISCOVER) > 0);
	/* An expired one is not asked for. */
	world_init(&w);
	dhcp4_configure(&w.d, &w.conf, (const uint8_t *)"", 0, w.now);
	dhcp4_interface(&w.d, &w.iface, 1, w.now);
	dhcp4_stored(&w.d, &lease, 3600, w.now);
	dhcp4_start(&w.d, w.now);
	ATF_CHECK_EQ(D4_SELECTING, w.d.state);
}

static const uint8_t router[6] = { 2, 0, 0, 0, 0, 9 };

/* 4 s and 8 s of retransmission, then the router is asked. */
static void
until_router_asked(void)
{
	while (
	    w.d.when[TIMER_ROUTER] == PROTO_NEVER && w.d.state == D4_REBOOTING)
		world_run(&w, w.deadline);
	ATF_REQUIRE_EQ(D4_REBOOTING, w.d.state);
}

TEST(dhcp4_router_vouches_for_the_lease,
    "D4-22: no server, but the router answers a unicast ARP request: the "
    "lease goes on, and is renewed in its time")
{
	uint64_t expires;

	(void)tc;
	world_init(&w);
	world_bind(&w, 3600);
	expires = w.d.when[TIMER_EXPIRE];
	world_link(&w, 0);
	world_link(&w, 1);
	until_router_asked();
	ATF_CHECK_EQ(0, memcmp(world_last(&w, 0)->bootp, router, 6));
	world_arp(&w, "192.0.2.1", "192.0.2.10", router, 2);
	ATF_CHECK_EQ(D4_BOUND, w.d.state);
	ATF_CHECK_EQ(1, w.config.naddrs);
	ATF_CHECK_EQ(expires - 1800000, w.d.when[TIMER_T1]);
	ATF_CHECK_EQ(expires - 450000, w.d.when[TIMER_T2]);
	world_run(&w, expires - 1700000);
	ATF_CHECK_EQ(D4_RENEWING, w.d.state);
	world_run(&w, expires);
	ATF_CHECK_EQ(0, w.config.naddrs);
}

TEST(dhcp4_wrong_router_does_not_vouch,
    "D4-22: another MAC, another address, a request, a conflict: INIT")
{
	(void)tc;
	world_init(&w);
	world_bind(&w, 3600);
	world_link(&w, 0);
	world_link(&w, 1);
	until_router_asked();
	world_arp(&w, "192.0.2.1", "192.0.2.10", other, 2);
	world_arp(&w, "192.0.2.2", "192.0.2.10", router, 2);
	world_arp(&w, "192.0.2.1", "192.0.2.10", router, 1);
	ATF_CHECK_EQ(D4_REBOOTING, w.d.state);
	world_arp(&w, "192.0.2.10", "192.0.2.10", other, 1);
	world_arp(&w, "192.0.2.1", "192.0.2.10", router, 2);
	world_advance(&w, 1000);
	ATF_CHECK_EQ(D4_SELECTING, w.d.state);
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK_EQ(0, world_count(&w, DHCPDECLINE));
	/* Nobody forgets the lease: a server may come with the next link. */
	world_link(&w, 0);
	world_link(&w, 1);
	ATF_CHECK_EQ(D4_REBOOTING, w.d.state);
}

TEST(dhcp4_router_vouches_after_a_restart,
    "D4-22: a stored lease whose address is not in the kernel (any more)")
{
	struct lease4 lease;
	int off;

	(void)tc;
	world_init(&w);
	world_bind(&w, 3600);
	lease = w.stored;
	ATF_REQUIRE(lease.has_router_mac);
	for (off = 0; off < 2; off++) {
		world_init(&w);
		if (off)
			w.conf.conflict_detection = ACD_OFF;
		dhcp4_configure(&w.d, &w.conf, (const uint8_t *)"", 0, w.now);
		dhcp4_interface(&w.d, &w.iface, 1, w.now);
		dhcp4_stored(&w.d, &lease, 3200, w.now);
		dhcp4_start(&w.d, w.now);
		world_settle(&w);
		until_router_asked();
		ATF_CHECK_EQ(0, w.nconfig);
		world_arp(&w, "192.0.2.1", "192.0.2.10", router, 2);
		/* T2 is past: no later than now. */
		world_advance(&w, 10);
		ATF_CHECK_EQ(D4_REBINDING, w.d.state);
		ATF_CHECK_EQ(1, w.config.naddrs);
		ATF_CHECK(w.config.addrs[0].valid_sec <= 400);
		ATF_CHECK_EQ(1, w.events[EVENT_BOUND]);
		ATF_CHECK_EQ(w.udp.s_addr, lease.addr.s_addr);
	}
}

TEST(dhcp4_expired_lease_is_not_rebooted,
    "D4-22: nor is one that expired while the link was down or in INIT")
{
	(void)tc;
	world_init(&w);
	world_bind(&w, 600);
	world_run(&w, w.now + 600000);
	ATF_CHECK_EQ(D4_SELECTING, w.d.state);
	world_link(&w, 0);
	world_link(&w, 1);
	ATF_CHECK_EQ(D4_SELECTING, w.d.state);
}

TEST(dhcp4_learns_the_router,
    "D4-22: a router that is not the server is asked for its MAC once bound")
{
	struct reply r = reply_of(DHCPOFFER);

	(void)tc;
	world_init(&w);
	world_start(&w);
	r.server = "192.0.2.5";
	world_reply(&w, &r);
	r.type = DHCPACK;
	world_reply(&w, &r);
	ATF_CHECK_EQ(0, w.stored.has_router_mac);
	ATF_CHECK_EQ(1, w.counters[COUNT_ARP_TX_REQUEST]);
	ATF_CHECK_EQ(0xff, world_last(&w, 0)->bootp[0]);
	ATF_CHECK_EQ(
	    ntohl(ip("192.0.2.1").s_addr), sent_u32(world_last(&w, 0), 38));
	world_arp(&w, "192.0.2.2", "192.0.2.10", other, 2);
	ATF_CHECK_EQ(0, w.stored.has_router_mac);
	world_arp(&w, "192.0.2.1", "192.0.2.10", router, 2);
	ATF_REQUIRE(w.stored.has_router_mac);
	ATF_CHECK_EQ(0, memcmp(w.stored.router_mac, router, 6));
	/* The first answer counts. */
	world_arp(&w, "192.0.2.1", "192.0.2.10", other, 2);
	ATF_CHECK_EQ(0, memcmp(w.stored.router_mac, router, 6));
	/* Kept over a renewal, but not for another router. */
	world_run(&w, w.d.when[TIMER_T1]);
	world_reply(&w, &r);
	ATF_CHECK(w.stored.has_router_mac);
	world_run(&w, w.d.when[TIMER_T1]);
	r.router = "192.0.2.3";
	world_reply(&w, &r);
	ATF_CHECK_EQ(0, w.stored.has_router_mac);
	ATF_CHECK_EQ(ip("192.0.2.3").s_addr, w.arp_peer.s_addr);
}

TEST(dhcp4_late_timer_expires_first,
    "D4-29, D4-19: the system slept through T1, T2 and the end of the lease")
{
	(void)tc;
	world_init(&w);
	world_bind(&w, 600);
	w.now += 601000;
	dhcp4_timer(&w.d, w.now);
	ATF_CHECK_EQ(1, w.events[EVENT_EXPIRED]);
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK_EQ(D4_SELECTING, w.d.state);
	ATF_CHECK_EQ(1, world_count(&w, DHCPREQUEST));
	/* Through T2 only: one message, and at once. */
	world_init(&w);
	world_bind(&w, 600);
	w.now += 580000;
	dhcp4_timer(&w.d, w.now);
	ATF_CHECK_EQ(D4_REBINDING, w.d.state);
	ATF_CHECK_EQ(2, world_count(&w, DHCPREQUEST));
	ATF_CHECK_EQ(1, w.config.naddrs);
}

TEST(dhcp4_resume_counts_the_sleep,
    "D4-29: leasectl resume: an unexpired lease is confirmed, with less time "
    "left; an expired one is withdrawn")
{
	uint64_t expires;
	struct reply r = reply_of(DHCPOFFER);

	(void)tc;
	world_init(&w);
	world_bind(&w, 600);
	expires = w.d.when[TIMER_EXPIRE];
	dhcp4_resume(&w.d, 400, w.now);
	ATF_CHECK_EQ(D4_REBOOTING, w.d.state);
	ATF_CHECK_EQ(expires - 400000, w.d.when[TIMER_EXPIRE]);
	ATF_CHECK_EQ(1, w.config.naddrs);
	world_run(&w, expires - 400000 - 1);
	ATF_CHECK_EQ(0, w.events[EVENT_EXPIRED]);

	world_init(&w);
	world_bind(&w, 600);
	dhcp4_resume(&w.d, 600, w.now);
	ATF_CHECK_EQ(1, w.events[EVENT_EXPIRED]);
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK_EQ(D4_SELECTING, w.d.state);

	/* Nothing slept: like a link that comes up. */
	world_init(&w);
	world_bind(&w, 600);
	dhcp4_resume(&w.d, 0, w.now);
	ATF_CHECK_EQ(D4_REBOOTING, w.d.state);
	r.type = DHCPACK;
	r.lease = 600;
	world_reply(&w, &r);
	ATF_CHECK_EQ(D4_BOUND, w.d.state);
	/* An infinite lease has no time to lose. */
	world_init(&w);
	world_bind(&w, LIFETIME_INFINITE);
	dhcp4_resume(&w.d, UINT32_MAX, w.now);
	ATF_CHECK_EQ(D4_REBOOTING, w.d.state);
	ATF_CHECK_EQ(1, w.config.naddrs);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, dhcp4_link_flap_reconfirms);
	ATF_TP_ADD_TC(tp, dhcp4_stored_lease_is_rebooted);
	ATF_TP_ADD_TC(tp, dhcp4_router_vouches_for_the_lease);
	ATF_TP_ADD_TC(tp, dhcp4_wrong_router_does_not_vouch);
	ATF_TP_ADD_TC(tp, dhcp4_router_vouches_after_a_restart);
	ATF_TP_ADD_TC(tp, dhcp4_expired_lease_is_not_rebooted);
	ATF_TP_ADD_TC(tp, dhcp4_learns_the_router);
	ATF_TP_ADD_TC(tp, dhcp4_late_timer_expires_first);
	ATF_TP_ADD_TC(tp, dhcp4_resume_counts_the_sleep);
	return atf_no_error();
}

/* SPDX-License-Identifier: ISC */
/* The DHCPv4 machine under virtual time. */

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "dhcp4_harness.h"
#include "test.h"

static struct world w;
static const uint8_t other[6] = { 2, 0, 0, 0, 0, 0x77 };

TEST(dhcp4_binds_in_four_messages,
    "D4-10, D4-12, D4-13: DISCOVER at once, OFFER, REQUEST, ACK, BOUND")
{
	struct reply r = reply_of(DHCPOFFER);
	const struct sent *disc, *req;
	const uint8_t *opt;

	(void)tc;
	world_init(&w);
	world_start(&w);
	ATF_REQUIRE((disc = world_last(&w, DHCPDISCOVER)) != NULL);
	ATF_CHECK_EQ(w.now, disc->when);
	ATF_CHECK_EQ(7, sent_option(disc, 61, &opt));
	ATF_CHECK_EQ(1, opt[0]);
	ATF_CHECK_EQ(0, disc->bootp[10]); /* D4-06 */
	w.now += 3000;
	world_reply(&w, &r);
	ATF_REQUIRE((req = world_last(&w, DHCPREQUEST)) != NULL);
	ATF_CHECK_EQ(sent_u32(disc, 4), sent_u32(req, 4));
	ATF_CHECK_EQ(0, memcmp(disc->bootp + 8, req->bootp + 8, 2));
	ATF_CHECK_EQ(4, sent_option(req, 50, NULL));
	ATF_CHECK_EQ(4, sent_option(req, 54, NULL));
	ATF_CHECK_EQ(0, sent_u32(req, 12));
	r.type = DHCPACK;
	world_reply(&w, &r);
	ATF_CHECK_EQ(D4_BOUND, w.d.state);
	ATF_CHECK_EQ(1, w.config.naddrs);
	ATF_CHECK_EQ(ip("192.0.2.10").s_addr, w.config.addrs[0].addr.s_addr);
	ATF_CHECK_EQ(1, w.config.nroutes);
	ATF_CHECK_EQ(1, w.nstore);
}

TEST(dhcp4_discover_backs_off, "D4-11: 4, 8, 16, 32, 64, 64 s, each +- 1 s")
{
	static const uint64_t want[] = { 4, 8, 16, 32, 64, 64, 64 };
	uint64_t gap;
	size_t i;

	(void)tc;
	world_init(&w);
	world_start(&w);
	world_advance(&w, 300000);
	ATF_REQUIRE(w.nsent > 7);
	for (i = 0; i < 7; i++) {
		gap = w.sent[i + 1].when - w.sent[i].when;
		ATF_CHECK(gap >= want[i] * 1000 - 1000);
		ATF_CHECK(gap <= want[i] * 1000 + 1000);
	}
}

TEST(dhcp4_request_gives_up_after_four_tries,
    "D4-11: four REQUESTs in all, then INIT with a new xid")
{
	struct reply r = reply_of(DHCPOFFER);
	uint32_t xid;

	(void)tc;
	world_init(&w);
	world_start(&w);
	xid = w.d.xid;
	world_reply(&w, &r);
	world_advance(&w, 120000);
	ATF_CHECK_EQ(4, world_count(&w, DHCPREQUEST));
	ATF_CHECK(world_count(&w, DHCPDISCOVER) >= 2);
	ATF_CHECK(xid != w.d.xid);
}

TEST(dhcp4_first_acceptable_offer_wins,
    "D4-14: no 51, no 54, unusable address and ignored servers are passed "
    "over")
{
	struct reply r = reply_of(DHCPOFFER);

	(void)tc;
	world_init(&w);
	w.conf.opt4.nservers = 1;
	w.conf.opt4.servers[0] = ip("192.0.2.66");
	world_start(&w);
	r.lease = 0;
	world_reply(&w, &r);
	r = reply_of(DHCPOFFER);
	r.server = NULL;
	world_reply(&w, &r);
	ATF_CHECK_EQ(D4_SELECTING, w.d.state);
	r = reply_of(DHCPOFFER);
	r.addr = "127.0.0.5";
	world_reply(&w, &r);
	r = reply_of(DHCPOFFER);
	r.server = "192.0.2.66";
	world_reply(&w, &r);
	ATF_CHECK_EQ(D4_SELECTING, w.d.state);
	r = reply_of(DHCPOFFER);
	world_reply(&w, &r);
	ATF_CHECK_EQ(D4_REQUESTING, w.d.state);
	r.server = "192.0.2.2";
	world_reply(&w, &r);
	ATF_CHECK_EQ(1, world_count(&w, DHCPREQUEST));
	ATF_CHECK(w.counters[COUNT_D4_DROP_TYPE] > 0);
}

TEST(dhcp4_rapid_commit, "D4-15: an ACK with 80 binds, one without is dropped")
{
	struct reply r = reply_of(DHCPOFFER);
	const struct sent *disc;

	(void)tc;
	world_init(&w);
	world_start(&w);
	disc = world_last(&w, DHCPDISCOVER);
	ATF_CHECK_EQ(0, sent_option(disc, 80, NULL));
	r.type = DHCPACK;
	world_reply(&w, &r);
	ATF_CHECK_EQ(D4_SELECTING, w.d.state);
	r.rapid = 1;
	world_reply(&w, &r);
	ATF_CHECK_EQ(D4_BOUND, w.d.state);
	ATF_CHECK_EQ(0, world_count(&w, DHCPREQUEST));
}

TEST(dhcp4_lease_below_five_seconds_is_refused, "D4-16: lease time bounds")
{
	struct reply r = reply_of(DHCPOFFER);

	(void)tc;
	world_init(&w);
	world_start(&w);
	r.lease = 4;
	world_reply(&w, &r);
	ATF_CHECK_EQ(D4_SELECTING, w.d.state);
	world_init(&w);
	world_bind(&w, 0xffffffff);
	ATF_CHECK_EQ(PROTO_NEVER, w.d.when[TIMER_T1]);
	ATF_CHECK_EQ(PROTO_NEVER, w.d.when[TIMER_EXPIRE]);
	world_advance(&w, 1000ULL * 3600 * 24 * 365);
	ATF_CHECK_EQ(D4_BOUND, w.d.state);
	ATF_CHECK_EQ(1, world_count(&w, DHCPREQUEST));
}

TEST(dhcp4_times_of_the_server,
    "D4-16: T1 and T2 from 58 and 59 when T1 < T2 < lease, else 0.5, 0.875")
{
	struct reply r = reply_of(DHCPOFFER);

	(void)tc;
	world_init(&w);
	world_start(&w);
	world_reply(&w, &r);
	r.type = DHCPACK;
	r.t1 = 100;
	r.t2 = 200;
	world_reply(&w, &r);
	ATF_CHECK_EQ(100, w.d.lease.t1_sec);
	ATF_CHECK(w.d.when[TIMER_T1] <= w.now + 100000);
	ATF_CHECK(w.d.when[TIMER_T1] >= w.now + 96000);
	world_init(&w);
	world_start(&w);
	r = reply_of(DHCPOFFER);
	world_reply(&w, &r);
	r.type = DHCPACK;
	r.t1 = 300;
	r.t2 = 200;
	world_reply(&w, &r);
	ATF_CHECK_EQ(1800, w.d.lease.t1_sec);
	ATF_CHECK_EQ(3150, w.d.lease.t2_sec);
}

TEST(dhcp4_renews_by_unicast,
    "D4-17, D4-32: ciaddr, no 50, no 54; nothing but the lifetime changes")
{
	struct reply r = reply_of(DHCPOFFER);
	unsigned int ndns;
	const struct sent *req;

	(void)tc;
	world_init(&w);
	world_bind(&w, 3600);
	ndns = w.ndns;
	world_advance(&w, 1800500);
	ATF_CHECK_EQ(D4_RENEWING, w.d.state);
	req = world_last(&w, DHCPREQUEST);
	ATF_CHECK_EQ(CHANNEL_UDP4, req->channel);
	ATF_CHECK_EQ(ntohl(ip("192.0.2.10").s_addr), sent_u32(req, 12));
	ATF_CHECK_EQ(-1, sent_option(req, 50, NULL));
	ATF_CHECK_EQ(-1, sent_option(req, 54, NULL));
	r.type = DHCPACK;
	world_reply(&w, &r);
	ATF_CHECK_EQ(D4_BOUND, w.d.state);
	ATF_CHECK_EQ(1, w.events[EVENT_RENEWED]);
	ATF_CHECK_EQ(0, w.events[EVENT_CHANGED]);
	ATF_CHECK_EQ(ndns, w.ndns);
	/* RFC 2131 4.4.5: from when the request was sent. */
	ATF_CHECK_EQ(req->when + 3600000, w.d.when[TIMER_EXPIRE]);
	ATF_CHECK_EQ((req->when + 3600000 - w.now + 999) / 1000,
	    w.config.addrs[0].valid_sec);
}

TEST(dhcp4_renewal_retries,
    "D4-17: half of the time left to T2, at least 60 s or a quarter lease")
{
	unsigned int n;

	(void)tc;
	world_init(&w);
	world_bind(&w, 3600);
	world_run(&w, w.d.when[TIMER_T2] - 1);
	n = world_count(&w, DHCPREQUEST) - 1;
	/* 1350 s from T1 to T2: 675, 337, 168, 84, 60 ... */
	ATF_CHECK(n >= 5 && n <= 7);
	ATF_CHECK_EQ(D4_RENEWING, w.d.state);
}

TEST(dhcp4_renew_command_sends_at_once,
    "D4-17, D4-18: leasectl renew waits for no retransmission")
{
	unsigned int n;

	(void)tc;
	world_init(&w);
	world_bind(&w, 3600);
	world_advance(&w, 1800500);
	ATF_REQUIRE_EQ(D4_RENEWING, w.d.state);
	n = world_count(&w, DHCPREQUEST);
	dhcp4_renew(&w.d, w.now);
	ATF_CHECK_EQ(n + 1, world_count(&w, DHCPREQUEST));
	ATF_CHECK_EQ(D4_RENEWING, w.d.state);
	world_run(&w, w.d.when[TIMER_T2] + 100);
	ATF_REQUIRE_EQ(D4_REBINDING, w.d.state);
	n = world_count(&w, DHCPREQUEST);
	dhcp4_renew(&w.d, w.now);
	ATF_CHECK_EQ(n + 1, world_count(&w, DHCPREQUEST));
	ATF_CHECK_EQ(CHANNEL_DHCP4, world_last(&w, DHCPREQUEST)->channel);
	ATF_CHECK_EQ(D4_REBINDING, w.d.state);
	ATF_CHECK(w.deadline > w.now && w.deadline != PROTO_NEVER);
}

TEST(dhcp4_sends_again_after_connrefused,
    "D4-17: ECONNREFUSED means that packet was not sent")
{
	unsigned int n;

	(void)tc;
	world_init(&w);
	world_bind(&w, 3600);
	world_advance(&w, 1800500);
	n = world_count(&w, DHCPREQUEST);
	dhcp4_sent(&w.d, CHANNEL_UDP4, w.udp, ECONNREFUSED, w.now);
	ATF_CHECK_EQ(n + 1, world_count(&w, DHCPREQUEST));
	dhcp4_sent(&w.d, CHANNEL_UDP4, w.udp, ECONNREFUSED, w.now);
	ATF_CHECK_EQ(n + 1, world_count(&w, DHCPREQUEST));
}

TEST(dhcp4_rebinds_by_broadcast, "D4-18: at T2, ciaddr, by broadcast")
{
	const struct sent *req;

	(void)tc;
	world_init(&w);
	world_bind(&w, 3600);
	world_run(&w, w.d.when[TIMER_T2]);
	ATF_CHECK_EQ(D4_REBINDING, w.d.state);
	req = world_last(&w, DHCPREQUEST);
	ATF_CHECK_EQ(CHANNEL_DHCP4, req->channel);
	ATF_CHECK_EQ(ntohl(ip("192.0.2.10").s_addr), sent_u32(req, 12));
	ATF_CHECK_EQ(-1, sent_option(req, 54, NULL));
}

TEST(dhcp4_expires_at_that_second,
    "D4-19: address, routes and DNS are withdrawn at expiry, then INIT")
{
	uint64_t end;

	(void)tc;
	world_init(&w);
	world_bind(&w, 600);
	end = w.now + 600000;
	world_run(&w, end - 1);
	ATF_CHECK_EQ(1, w.config.naddrs);
	world_run(&w, end);
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK_EQ(0, w.config.nroutes);
	ATF_CHECK_EQ(D4_SELECTING, w.d.state);
	ATF_CHECK_EQ(1, w.events[EVENT_EXPIRED]);
}

TEST(dhcp4_nak_backs_off, "D4-20: the first NAK at once, then 1, 2, 4 ... s")
{
	struct reply o = reply_of(DHCPOFFER),
		     n = { .type = DHCPNAK, .server = "192.0.2.1" };
	static const uint64_t want[] = { 0, 1000, 2000, 4000 };
	uint64_t then;
	size_t i;

	(void)tc;
	world_init(&w);
	world_start(&w);
	for (i = 0; i < 4; i++) {
		world_reply(&w, &o);
		ATF_REQUIRE_EQ(D4_REQUESTING, w.d.state);
		world_reply(&w, &n);
		then = w.now;
		if (want[i] > 0)
			world_run(&w, then + want[i] - 1);
		if (want[i] > 0)
			ATF_CHECK_EQ(D4_INIT, w.d.state);
		world_run(&w, then + want[i]);
		ATF_CHECK_EQ(D4_SELECTING, w.d.state);
	}
}

TEST(dhcp4_nak_of_another_server_is_dropped,
    "D4-20: only the chosen server refuses in REQUESTING")
{
	struct reply o = reply_of(DHCPOFFER),
		     n = { .type = DHCPNAK, .server = "192.0.2.99" };

	(void)tc;
	world_init(&w);
	world_start(&w);
	world_reply(&w, &o);
	world_reply(&w, &n);
	ATF_CHECK_EQ(D4_REQUESTING, w.d.state);
	ATF_CHECK_EQ(1, w.counters[COUNT_D4_DROP_SERVER]);
}

TEST(dhcp4_new_address_before_the_old_goes,
    "D4-21: both for a moment, then the new one alone")
{
	struct reply r = reply_of(DHCPOFFER);

	(void)tc;
	world_init(&w);
	world_bind(&w, 3600);
	world_run(&w, w.d.when[TIMER_T2]);
	r.type = DHCPACK;
	r.addr = "192.0.2.77";
	world_reply(&w, &r);
	ATF_REQUIRE_EQ(2, w.before.naddrs);
	ATF_CHECK_EQ(ip("192.0.2.77").s_addr, w.before.addrs[0].addr.s_addr);
	ATF_CHECK_EQ(ip("192.0.2.10").s_addr, w.before.addrs[1].addr.s_addr);
	ATF_CHECK_EQ(1, w.config.naddrs);
	ATF_CHECK_EQ(ip("192.0.2.77").s_addr, w.config.addrs[0].addr.s_addr);
	ATF_CHECK(w.nconfig >= 3);
	ATF_CHECK_EQ(1, w.events[EVENT_CHANGED]);
}

TEST(dhcp4_release_by_unicast,
    "D4-23: RELEASE leaves first, then all is withdrawn; silence after")
{
	unsigned int n;

	(void)tc;
	world_init(&w);
	world_bind(&w, 3600);
	dhcp4_release(&w.d, w.now);
	ATF_CHECK_EQ(1, world_count(&w, DHCPRELEASE));
	ATF_CHECK_EQ(CHANNEL_UDP4, world_last(&w, DHCPRELEASE)->channel);
	ATF_CHECK_EQ(1, w.config.naddrs);
	dhcp4_sent(&w.d, CHANNEL_UDP4, w.udp, EHOSTUNREACH, w.now);
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK_EQ(D4_DOWN, w.d.state);
	n = w.nsent;
	world_advance(&w, 3600000);
	ATF_CHECK_EQ(n, w.nsent);
	dhcp4_renew(&w.d, w.now);
	ATF_CHECK_EQ(D4_SELECTING, w.d.state);
}

TEST(dhcp4_release_that_a_filter_dropped_is_said,
    "D4-23, Y-15: a RELEASE that did not leave is no release")
{
	(void)tc;
	world_init(&w);
	world_bind(&w, 3600);
	/* Said before, for something that was sent again. */
	dhcp4_sent(&w.d, CHANNEL_DHCP4, ip("0.0.0.0"), EACCES, w.now);
	dhcp4_release(&w.d, w.now);
	w.nwarned = 0;
	dhcp4_sent(&w.d, CHANNEL_UDP4, w.udp, EPERM, w.now);
	ATF_CHECK_EQ(2, w.nwarned);
	ATF_CHECK(strstr(w.warned, "server does not know") != NULL);
	ATF_CHECK_EQ(2, w.counters[COUNT_D4_SEND_FILTERED]);
	ATF_CHECK_EQ(D4_DOWN, w.d.state);
	ATF_CHECK_EQ(0, w.config.naddrs);
	/* One that left warns of nothing. */
	dhcp4_renew(&w.d, w.now);
	world_init(&w);
	world_bind(&w, 3600);
	dhcp4_release(&w.d, w.now);
	dhcp4_sent(&w.d, CHANNEL_UDP4, w.udp, 0, w.now);
	ATF_CHECK_EQ(0, w.nwarned);
	ATF_CHECK_EQ(D4_DOWN, w.d.state);
}

TEST(dhcp4_inform_gives_no_address,
    "D4-16, D4-24: INFORM for a static address; 51 and yiaddr are ignored")
{
	struct reply r = reply_of(DHCPOFFER);

	(void)tc;
	world_init(&w);
	w.conf.dhcp4 = CONF_INFORM;
	world_start(&w);
	ATF_CHECK_EQ(0, w.nsent);
	dhcp4_static_address(&w.d, ip("192.0.2.50"), 24, w.now);
	ATF_CHECK_EQ(1, world_count(&w, DHCPINFORM));
	r.type = DHCPACK;
	world_reply(&w, &r);
	ATF_CHECK_EQ(D4_INFORMED, w.d.state);
	ATF_CHECK_EQ(0, w.d.lease.lease_sec);
	ATF_CHECK_EQ(ip("192.0.2.50").s_addr, w.d.lease.addr.s_addr);
	ATF_CHECK_EQ(0, w.nconfig);
}

TEST(dhcp4_unexpected_types_are_dropped,
    "D4-02, D4-25, D4-31: FORCERENEW, strangers' xid and garbage do nothing")
{
	struct reply r = reply_of(DHCPOFFER);
	uint8_t junk[64] = { 0 };
	unsigned int n;
	size_t len;

	(void)tc;
	world_init(&w);
	world_bind(&w, 3600);
	n = w.nconfig;
	r.type = DHCPFORCERENEW;
	world_reply(&w, &r);
	r.type = DHCPNAK;
	world_reply(&w, &r);
	ATF_CHECK_EQ(2, w.counters[COUNT_D4_DROP_TYPE]);
	r.xid_wrong = 1;
	world_reply(&w, &r);
	ATF_CHECK_EQ(1, w.counters[COUNT_D4_DROP_XID]);
	for (len = 0; len < sizeof(junk); len++)
		dhcp4_receive(&w.d, junk, len, 0, w.now);
	ATF_CHECK_EQ(sizeof(junk), w.counters[COUNT_D4_DROP_FRAME]);
	ATF_CHECK_EQ(D4_BOUND, w.d.state);
	ATF_CHECK_EQ(n, w.nconfig);
}

TEST(dhcp4_mtu, "D4-27: 1280 and more for the interface, less for routes")
{
	struct reply r = reply_of(DHCPOFFER);

	(void)tc;
	world_init(&w);
	world_start(&w);
	world_reply(&w, &r);
	r.type = DHCPACK;
	r.mtu = 1400;
	world_reply(&w, &r);
	ATF_CHECK_EQ(1400, w.config.if_mtu);
	ATF_CHECK_EQ(0, w.config.route_mtu);
	world_init(&w);
	world_start(&w);
	r = reply_of(DHCPOFFER);
	world_reply(&w, &r);
	r.type = DHCPACK;
	r.mtu = 600;
	world_reply(&w, &r);
	ATF_CHECK_EQ(0, w.config.if_mtu);
	ATF_CHECK_EQ(600, w.config.route_mtu);
}

TEST(dhcp4_router_outside_the_prefix,
    "D4-33: /32 with option 3 alone: an on-link host route comes first")
{
	struct reply r = reply_of(DHCPOFFER);

	(void)tc;
	world_init(&w);
	world_start(&w);
	r.prefixlen = 32;
	r.router = "198.51.100.1";
	world_reply(&w, &r);
	r.type = DHCPACK;
	world_reply(&w, &r);
	ATF_REQUIRE_EQ(2, w.config.nroutes);
	ATF_CHECK_EQ(ip("198.51.100.1").s_addr, w.config.routes[0].dst.s_addr);
	ATF_CHECK_EQ(0, w.config.routes[0].gateway.s_addr);
	ATF_CHECK_EQ(0, w.config.routes[1].prefixlen);
}

TEST(acd_probe_rides_with_the_request,
    "AC-01: fast: one probe, two announcements two seconds apart")
{
	struct reply r = reply_of(DHCPOFFER);

	(void)tc;
	world_init(&w);
	world_start(&w);
	world_reply(&w, &r);
	ATF_CHECK_EQ(1, w.counters[COUNT_ARP_TX_PROBE]);
	ATF_CHECK_EQ(0, w.nconfig);
	r.type = DHCPACK;
	world_reply(&w, &r);
	ATF_CHECK_EQ(1, w.counters[COUNT_ARP_TX_ANNOUNCE]);
	world_advance(&w, 2000);
	ATF_CHECK_EQ(2, w.counters[COUNT_ARP_TX_ANNOUNCE]);
	world_advance(&w, 20000);
	ATF_CHECK_EQ(2, w.counters[COUNT_ARP_TX_ANNOUNCE]);
}

TEST(acd_conflict_before_the_ack_declines,
    "AC-01, AC-03: the address is never configured; DECLINE after the ACK")
{
	struct reply r = reply_of(DHCPOFFER);
	const struct sent *dec;

	(void)tc;
	world_init(&w);
	world_start(&w);
	world_reply(&w, &r);
	world_arp(&w, "192.0.2.10", "192.0.2.10", other, 2);
	ATF_CHECK_EQ(0, world_count(&w, DHCPDECLINE));
	r.type = DHCPACK;
	world_reply(&w, &r);
	ATF_CHECK_EQ(0, w.nconfig);
	ATF_REQUIRE((dec = world_last(&w, DHCPDECLINE)) != NULL);
	ATF_CHECK_EQ(4, sent_option(dec, 50, NULL));
	ATF_CHECK_EQ(4, sent_option(dec, 54, NULL));
	ATF_CHECK_EQ(0, sent_u32(dec, 12));
	ATF_CHECK_EQ(1, world_count(&w, DHCPDISCOVER));
	world_advance(&w, 9999);
	ATF_CHECK_EQ(1, world_count(&w, DHCPDISCOVER));
	world_advance(&w, 2);
	ATF_CHECK_EQ(2, world_count(&w, DHCPDISCOVER));
}

TEST(acd_strict_probes_before_use,
    "AC-01: strict: three probes, ANNOUNCE_WAIT, only then the address")
{
	struct reply r = reply_of(DHCPOFFER);

	(void)tc;
	world_init(&w);
	w.conf.conflict_detection = ACD_STRICT;
	world_start(&w);
	world_reply(&w, &r);
	r.type = DHCPACK;
	world_reply(&w, &r);
	ATF_CHECK_EQ(D4_PROBING, w.d.state);
	world_advance(&w, 3900);
	ATF_CHECK_EQ(0, w.nconfig);
	world_advance(&w, 4000);
	ATF_CHECK_EQ(3, w.counters[COUNT_ARP_TX_PROBE]);
	ATF_CHECK_EQ(D4_BOUND, w.d.state);
}

TEST(acd_defends_once, "AC-02: a second conflict within 10 s gives it up")
{
	(void)tc;
	world_init(&w);
	world_bind(&w, 3600);
	world_advance(&w, 60000);
	world_arp(&w, "192.0.2.10", "192.0.2.1", other, 1);
	ATF_CHECK_EQ(D4_BOUND, w.d.state);
	ATF_CHECK_EQ(1, w.counters[COUNT_ARP_DEFENDED]);
	world_advance(&w, 11000);
	world_arp(&w, "192.0.2.10", "192.0.2.1", other, 1);
	ATF_CHECK_EQ(D4_BOUND, w.d.state);
	world_advance(&w, 5000);
	world_arp(&w, "192.0.2.10", "192.0.2.1", other, 1);
	ATF_CHECK_EQ(D4_INIT, w.d.state);
	ATF_CHECK_EQ(0, w.config.naddrs);
}

TEST(acd_own_interfaces_are_no_conflict,
    "AC-05: an ARP of another interface of this host")
{
	static const uint8_t own[1][6] = { { 2, 0, 0, 0, 0, 0x77 } };

	(void)tc;
	world_init(&w);
	dhcp4_own_hwaddrs(&w.d, own, 1);
	world_bind(&w, 3600);
	world_arp(&w, "192.0.2.10", "192.0.2.10", own[0], 1);
	ATF_CHECK_EQ(D4_BOUND, w.d.state);
	ATF_CHECK_EQ(0, w.counters[COUNT_D4_CONFLICT]);
}

TEST(dhcp4_policy_refusal_is_no_loop,
    "D4-14: a configuration the parent refuses is withdrawn and waited for")
{
	(void)tc;
	world_init(&w);
	w.refuse_configure = EACCES;
	world_bind(&w, 3600);
	ATF_CHECK_EQ(D4_INIT, w.d.state);
	world_advance(&w, 9000);
	ATF_CHECK_EQ(1, world_count(&w, DHCPDISCOVER));
}

/* One of the things that may happen. */
static void
soak_event(uint32_t x)
{
	struct reply r = reply_of(DHCPOFFER);

	r.lease = 5 + (x >> 20) % 300;
	switch (x >> 28) {
	case 0:
	case 1:
	case 2:
	case 3:
		world_reply(&w, &r);
		break;
	case 4:
	case 5:
	case 6:
	case 7:
		r.type = DHCPACK;
		world_reply(&w, &r);
		break;
	case 8:
		r.type = DHCPNAK;
		world_reply(&w, &r);
		break;
	case 9:
		world_link(&w, 0);
		break;
	case 10:
		world_link(&w, 1);
		break;
	case 11:
		world_arp(&w, "192.0.2.10", "192.0.2.10", other, 1);
		break;
	case 12:
		dhcp4_renew(&w.d, w.now);
		break;
	case 13:
		dhcp4_release(&w.d, w.now);
		break;
	default:
		w.refuse_configure = (x & 1) ? EACCES : 0;
	}
}

/* Whatever happens: no address past its lease, no busy loop, no address no
 * ACK granted, DISCOVERs no more often than RFC 2131 4.1 allows. */
TEST(dhcp4_soak, "D4-10, D4-19, Y-16: random events keep the invariants")
{
	uint64_t step;
	uint32_t seed, x, i, discovers;

	(void)tc;
	for (seed = 1; seed <= 2000; seed++) {
		world_init(&w);
		w.seed = seed;
		world_start(&w);
		x = seed * 2654435761U;
		for (i = 0; i < 60; i++) {
			x = x * 1664525U + 1013904223U;
			soak_event(x);
			step = (x >> 8) % 40000;
			discovers = (uint32_t)w.counters[COUNT_D4_TX_DISCOVER];
			world_advance(&w, step);
			ATF_REQUIRE(
			    w.counters[COUNT_D4_TX_DISCOVER] - discovers <=
			    step / 3000 + 2);
			ATF_REQUIRE(w.deadline > w.now);
			if (w.config.naddrs > 0) {
				ATF_REQUIRE(w.d.has_lease);
				ATF_REQUIRE(w.d.when[TIMER_EXPIRE] > w.now);
				ATF_REQUIRE_EQ(ip("192.0.2.10").s_addr,
				    w.config.addrs[0].addr.s_addr);
			}
		}
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, dhcp4_binds_in_four_messages);
	ATF_TP_ADD_TC(tp, dhcp4_discover_backs_off);
	ATF_TP_ADD_TC(tp, dhcp4_request_gives_up_after_four_tries);
	ATF_TP_ADD_TC(tp, dhcp4_first_acceptable_offer_wins);
	ATF_TP_ADD_TC(tp, dhcp4_rapid_commit);
	ATF_TP_ADD_TC(tp, dhcp4_lease_below_five_seconds_is_refused);
	ATF_TP_ADD_TC(tp, dhcp4_times_of_the_server);
	ATF_TP_ADD_TC(tp, dhcp4_renews_by_unicast);
	ATF_TP_ADD_TC(tp, dhcp4_renewal_retries);
	ATF_TP_ADD_TC(tp, dhcp4_renew_command_sends_at_once);
	ATF_TP_ADD_TC(tp, dhcp4_sends_again_after_connrefused);
	ATF_TP_ADD_TC(tp, dhcp4_rebinds_by_broadcast);
	ATF_TP_ADD_TC(tp, dhcp4_expires_at_that_second);
	ATF_TP_ADD_TC(tp, dhcp4_nak_backs_off);
	ATF_TP_ADD_TC(tp, dhcp4_nak_of_another_server_is_dropped);
	ATF_TP_ADD_TC(tp, dhcp4_new_address_before_the_old_goes);
	ATF_TP_ADD_TC(tp, dhcp4_release_by_unicast);
	ATF_TP_ADD_TC(tp, dhcp4_release_that_a_filter_dropped_is_said);
	ATF_TP_ADD_TC(tp, dhcp4_inform_gives_no_address);
	ATF_TP_ADD_TC(tp, dhcp4_unexpected_types_are_dropped);
	ATF_TP_ADD_TC(tp, dhcp4_mtu);
	ATF_TP_ADD_TC(tp, dhcp4_router_outside_the_prefix);
	ATF_TP_ADD_TC(tp, acd_probe_rides_with_the_request);
	ATF_TP_ADD_TC(tp, acd_conflict_before_the_ack_declines);
	ATF_TP_ADD_TC(tp, acd_strict_probes_before_use);
	ATF_TP_ADD_TC(tp, acd_defends_once);
	ATF_TP_ADD_TC(tp, acd_own_interfaces_are_no_conflict);
	ATF_TP_ADD_TC(tp, dhcp4_policy_refusal_is_no_loop);
	ATF_TP_ADD_TC(tp, dhcp4_soak);
	return atf_no_error();
}

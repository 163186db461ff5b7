/* SPDX-License-Identifier: ISC */
/*
 * The SLAAC machine: solicitations, what is accepted, parameters, resolvers,
 * DHCPv6's flags.  Addresses: slaac_addr_test.c; routers: slaac_router_test.c;
 * restart: slaac_restart_test.c.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "slaac_harness.h"
#include "test.h"

static struct sworld w;

/* The time of the n-th solicitation, which must be there. */
static uint64_t
rs_at(unsigned int n)
{
	ATF_REQUIRE_MSG(n < w.nsent, "only %u solicitations", w.nsent);
	return w.sent[n % SENT6_MAX].when;
}

static void
raw_ra(const char *from, uint32_t hop_limit, const uint8_t *p, size_t len)
{
	struct recv6 meta;

	memset(&meta, 0, sizeof(meta));
	meta.src = ip6(from);
	meta.hop_limit = hop_limit;
	slaac_receive(&w.s, &meta, p, len, w.now);
}

TEST(slaac_drops_are_counted_by_reason,
    "S-01, Y-19: each kind of bad advertisement is dropped, counted, and "
    "teaches nothing")
{
	struct slaac_info info;
	struct ra ra;

	sw_init(&w);
	sw_start(&w);
	ra_begin(&ra, 1800, 0);
	ra_prefix(&ra, PREFIX1, 64, PIO_LA, 7200, 3600);
	raw_ra(R1, 64, ra.b, ra.len);
	ATF_CHECK_EQ(w.counters[COUNT_ND_DROP_HOP_LIMIT], 1);
	raw_ra("2001:db8::1", 255, ra.b, ra.len);
	ATF_CHECK_EQ(w.counters[COUNT_ND_DROP_SOURCE], 1);
	raw_ra(R1, 255, ra.b, 15);
	ATF_CHECK_EQ(w.counters[COUNT_ND_DROP_SHORT], 1);
	raw_ra(R1, 255, ra.b, ra.len - 1);
	ATF_CHECK_EQ(w.counters[COUNT_ND_DROP_OPTIONS], 1);
	ra.b[1] = 1;
	raw_ra(R1, 255, ra.b, ra.len);
	ATF_CHECK_EQ(w.counters[COUNT_ND_DROP_TYPE], 1);
	ATF_CHECK_EQ(w.counters[COUNT_ND_RX_RA], 0);
	slaac_status(&w.s, w.now, &info);
	ATF_CHECK(info.nrouters == 0 && info.nprefixes == 0);
	ra.b[1] = 0;
	raw_ra(R1, 255, ra.b, ra.len);
	ATF_CHECK_EQ(w.counters[COUNT_ND_RX_RA], 1);
	ATF_CHECK(sw_addr(&w, PREFIX1, 0) != NULL);
}

TEST(slaac_solicits_at_once,
    "S-02: the first solicitation goes out when link, channels and start are "
    "there, with the source link-layer address")
{
	sw_init(&w);
	slaac_start(&w.s, w.now);
	ATF_CHECK_EQ(w.nsent, 0);
	sw_link_local(&w, STATE6_PRESENT);
	slaac_channel(&w.s, CHANNEL_RS, 0, w.now);
	ATF_CHECK_EQ(w.nsent, 0); /* the answer could not be heard */
	slaac_channel(&w.s, CHANNEL_ND, 0, w.now);
	ATF_REQUIRE_EQ(w.nsent, 1);
	ATF_CHECK_EQ(w.sent[0].channel, CHANNEL_RS);
	ATF_CHECK_EQ(w.sent[0].len, 16);
	ATF_CHECK_EQ(w.sent[0].bytes[0], 133);
	ATF_CHECK_EQ(w.counters[COUNT_ND_TX_RS], 1);
}

TEST(slaac_optimistic_source_is_not_told,
    "S-02, S-18: no source link-layer address option while the link-local "
    "address is optimistic or tentative (RFC 4429 3.2)")
{
	sw_init(&w);
	sw_start(&w);
	ATF_CHECK_EQ(w.sent[0].len, 16);
	sw_link_local(
	    &w, STATE6_PRESENT | STATE6_TENTATIVE | STATE6_OPTIMISTIC);
	slaac_renew(&w.s, w.now);
	ATF_REQUIRE_EQ(w.nsent, 2);
	ATF_CHECK_EQ(w.sent[1].len, 8);
	sw_link_local(&w, STATE6_PRESENT);
	slaac_renew(&w.s, w.now);
	ATF_CHECK_EQ(w.sent[2].len, 16);
	/* Y-21: no Ethernet addressing, nothing to tell */
	w.iface.flags &= ~(uint32_t)IFACE_ETHERNET;
	slaac_interface(&w.s, &w.iface, w.now);
	slaac_renew(&w.s, w.now);
	ATF_CHECK_EQ(w.sent[3].len, 8);
}

TEST(slaac_solicitations_back_off_for_ever,
    "S-02: RFC 7559: 4 s, doubling, 10 % around, at most an hour, no end")
{
	uint64_t gap, last = 0;
	unsigned int i;

	sw_init(&w);
	sw_start(&w);
	sw_advance(&w, 24 * 3600 * 1000ULL);
	ATF_REQUIRE(w.nsent > 25);
	for (i = 1; i < w.nsent; i++) {
		gap = rs_at(i) - rs_at(i - 1);
		if (i == 1)
			ATF_CHECK(gap >= 3600 && gap <= 4400);
		else if (last < 1800 * 1000 / 11 * 10)
			ATF_CHECK_MSG(gap >= last * 19 / 10 - 1 &&
				gap <= last * 21 / 10 + 1,
			    "%llu after %llu", (unsigned long long)gap,
			    (unsigned long long)last);
		ATF_CHECK(gap <= 3600 * 1100);
		if (i > 14)
			ATF_CHECK(gap >= 3600 * 900);
		last = gap;
	}
	ATF_CHECK_EQ(w.counters[COUNT_ND_RETRANSMIT], w.nsent - 1);
}

TEST(slaac_only_a_default_router_ends_the_series,
    "S-02: an RA with router lifetime 0 does not end the solicitations, one "
    "with a lifetime does (systemd #43205)")
{
	struct ra ra;
	unsigned int n;

	sw_init(&w);
	sw_start(&w);
	ra_begin(&ra, 0, 0);
	ra_prefix(&ra, PREFIX1, 64, PIO_LA, INF, INF);
	sw_ra(&w, R1, &ra);
	ATF_CHECK(sw_addr(&w, PREFIX1, 0) != NULL);
	sw_advance(&w, 60000);
	ATF_CHECK(w.nsent >= 4);
	ra_begin(&ra, 1800, 0);
	ra_prefix(&ra, PREFIX1, 64, PIO_LA, INF, INF);
	sw_ra(&w, R1, &ra);
	n = w.nsent;
	sw_advance(&w, 600 * 1000);
	ATF_CHECK_EQ(w.nsent, n);
}

TEST(slaac_asks_before_the_last_lifetime_ends,
    "S-02: once at 7/8 of the last default router's lifetime")
{
	struct ra ra;

	sw_init(&w);
	sw_start(&w);
	ra_begin(&ra, 800, 0);
	sw_ra(&w, R1, &ra);
	ra_begin(&ra, 1600, 0);
	sw_ra(&w, R2, &ra);
	ATF_CHECK_EQ(w.nsent, 1);
	sw_advance(&w, 1600 * 1000 * 7 / 8 - 1);
	ATF_CHECK_EQ(w.nsent, 1);
	sw_advance(&w, 1);
	ATF_CHECK_EQ(w.nsent, 2);
	sw_advance(&w, 150 * 1000);
	ATF_CHECK_EQ(w.nsent, 2);
	/* answered: the next is due at 7/8 of the new lifetime */
	sw_ra(&w, R2, &ra);
	sw_advance(&w, 1399 * 1000);
	ATF_CHECK_EQ(w.nsent, 2);
	sw_advance(&w, 1001);
	ATF_CHECK_EQ(w.nsent, 3);
}

TEST(slaac_asks_before_the_last_prefix_ends,
    "S-02: once at 7/8 of the last preferred lifetime")
{
	struct ra ra;

	sw_init(&w);
	sw_start(&w);
	ra_begin(&ra, 9000, 0);
	ra_prefix(&ra, PREFIX1, 64, PIO_LA, 9000, 400);
	ra_prefix(&ra, PREFIX2, 64, PIO_LA, 9000, 800);
	sw_ra(&w, R1, &ra);
	sw_advance(&w, 699999);
	ATF_CHECK_EQ(w.nsent, 1);
	sw_advance(&w, 1);
	ATF_CHECK_EQ(w.nsent, 2);
	/* nobody answers: the series begins when it has ended */
	sw_advance(&w, 99000);
	ATF_CHECK_EQ(w.nsent, 2);
	sw_advance(&w, 2500);
	ATF_CHECK_EQ(w.nsent, 3);
}

TEST(slaac_solicits_again_when_the_router_is_lost,
    "S-02: the last router's lifetime ends: the series begins anew, also "
    "after a goodbye (dhcpcd #412)")
{
	struct ra ra;

	sw_init(&w);
	sw_start(&w);
	ra_begin(&ra, 80, 0);
	sw_ra(&w, R1, &ra);
	sw_advance(&w, 81500);
	ATF_REQUIRE_EQ(w.nsent, 3); /* first, 7/8, lost */
	ATF_CHECK(rs_at(2) >= 1000000 + 80000);
	sw_advance(&w, 5000);
	ATF_CHECK_EQ(w.nsent, 4);
	sw_ra(&w, R1, &ra);
	sw_advance(&w, 5000);
	ATF_CHECK_EQ(w.nsent, 4);
	ra_begin(&ra, 0, 0);
	sw_ra(&w, R1, &ra);
	sw_advance(&w, 1100);
	ATF_CHECK_EQ(w.nsent, 5);
}

TEST(slaac_routers_that_come_and_go_cause_no_storm,
    "S-02, S-16: RAs with lifetimes of 0 and 1 s by turns: no more than a "
    "solicitation every four seconds")
{
	struct ra up, down;
	int i;

	sw_init(&w);
	sw_start(&w);
	ra_begin(&up, 1, 0);
	ra_begin(&down, 0, 0);
	for (i = 0; i < 1000; i++) {
		sw_ra(&w, R1, i % 2 ? &down : &up);
		sw_advance(&w, 100);
	}
	ATF_CHECK_MSG(w.nsent <= 27, "%u", w.nsent);
}

TEST(slaac_link_up_and_renew_solicit,
    "S-02, S-17: link up and `leasectl renew` solicit at once, link loss "
    "keeps addresses")
{
	sw_init(&w);
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 7200, 3600);
	sw_advance(&w, 2000);
	ATF_CHECK(slaac_usable(&w.s));
	sw_link(&w, 0);
	sw_advance(&w, 60000);
	ATF_CHECK_EQ(w.nsent, 1);
	ATF_CHECK(sw_addr(&w, PREFIX1, 0) != NULL);
	ATF_CHECK(slaac_usable(&w.s));
	ATF_CHECK_EQ(w.removed, 0);
	sw_link(&w, 1);
	ATF_CHECK_EQ(w.nsent, 2);
	sw_usual(&w, R1, PREFIX1, 7200, 3600);
	slaac_renew(&w.s, w.now);
	ATF_CHECK_EQ(w.nsent, 3);
	ATF_CHECK_EQ(w.removed, 0);
	ATF_CHECK_EQ(w.added, 1);
}

TEST(slaac_startup_delay_spreads_hosts,
    "S-02: `startup-delay N` waits a random time below N")
{
	sw_init(&w);
	w.conf.startup_delay = 10;
	w.fixed_random = 7000;
	sw_start(&w);
	ATF_CHECK_EQ(w.nsent, 0);
	sw_advance(&w, 6999);
	ATF_CHECK_EQ(w.nsent, 0);
	sw_advance(&w, 1);
	ATF_CHECK_EQ(w.nsent, 1);
}

TEST(slaac_packet_filter_is_named,
    "Y-15: EACCES is a packet filter: said once, counted, and soliciting "
    "goes on")
{
	sw_init(&w);
	sw_start(&w);
	slaac_sent(&w.s, CHANNEL_RS, EACCES, w.now);
	ATF_CHECK(strstr(w.log, "packet filter") != NULL);
	w.log[0] = '\0';
	slaac_sent(&w.s, CHANNEL_RS, EACCES, w.now);
	ATF_CHECK_STREQ(w.log, "");
	ATF_CHECK_EQ(w.counters[COUNT_ND_SEND_FILTERED], 2);
	sw_advance(&w, 10000);
	ATF_CHECK(w.nsent >= 2);
}

TEST(slaac_unsent_solicitation_is_tried_soon,
    "S-02: RFC 7559's interval is for what was sent: a solicitation that did "
    "not leave the host is repeated after a quarter of it, 1, 2, 4 ... s")
{
	uint64_t gap, last = 0;
	unsigned int i;

	sw_init(&w);
	sw_start(&w);
	for (i = 1; i < 6; i++) {
		ATF_REQUIRE_EQ(w.nsent, i);
		slaac_sent(&w.s, CHANNEL_RS, EINVAL, w.now);
		while (w.nsent == i)
			sw_advance(&w, 1);
		gap = rs_at(i) - rs_at(i - 1);
		if (i == 1)
			ATF_CHECK(gap >= 900 && gap <= 1100);
		else
			ATF_CHECK(gap >= last * 19 / 10 - 1 &&
			    gap <= last * 21 / 10 + 1);
		last = gap;
	}
	/* What leaves is given its time again. */
	sw_advance(&w, 200000);
	ATF_CHECK(rs_at(6) - rs_at(5) >= 3 * last);
}

TEST(slaac_waits_for_its_sockets,
    "S-02, Y-12: a sender that is being made anew is no error")
{
	unsigned int n;

	sw_init(&w);
	sw_start(&w);
	w.log[0] = '\0';
	n = w.nsent;
	slaac_sent(&w.s, CHANNEL_RS, ENOTCONN, w.now);
	slaac_channel(&w.s, CHANNEL_RS, ENOTCONN, w.now);
	ATF_CHECK_STREQ(w.log, "");
	ATF_CHECK_EQ(w.counters[COUNT_ND_SEND_ERROR], 0);
	slaac_channel(&w.s, CHANNEL_RS, 0, w.now);
	ATF_CHECK_EQ(w.nsent, n + 1);
}

TEST(slaac_off_does_nothing,
    "S-02: `slaac no`: no solicitation, no address; yes again: both")
{
	sw_init(&w);
	w.conf.slaac = CONF_NO;
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 7200, 3600);
	sw_advance(&w, 60000);
	ATF_CHECK_EQ(w.nsent, 0);
	ATF_CHECK_EQ(w.config.naddrs, 0);
	w.conf.slaac = CONF_YES;
	slaac_configure(&w.s, &w.conf, w.secret, w.now);
	ATF_CHECK_EQ(w.nsent, 1);
	sw_usual(&w, R1, PREFIX1, 7200, 3600);
	sw_advance(&w, 2000);
	ATF_CHECK(slaac_usable(&w.s));
	w.conf.slaac = CONF_NO;
	slaac_configure(&w.s, &w.conf, w.secret, w.now);
	sw_advance(&w, 1000);
	ATF_CHECK_EQ(w.config.naddrs + w.config.nroutes, 0);
	ATF_CHECK_EQ(w.removed, 1);
	ATF_CHECK(!slaac_usable(&w.s));
}

TEST(slaac_mtu, "S-11: 1280 to the device's MTU; `ignore mtu`")
{
	static const struct {
		uint32_t said, want;
	} v[] = { { 1279, 0 }, { 1280, 1280 }, { 1500, 1500 }, { 1501, 0 },
		{ 0xffffffff, 0 } };
	struct ra ra;
	size_t i;

	for (i = 0; i < 5; i++) {
		sw_init(&w);
		sw_start(&w);
		ra_begin(&ra, 1800, 0);
		ra_mtu(&ra, v[i].said);
		sw_ra(&w, R1, &ra);
		sw_advance(&w, 1000);
		ATF_CHECK_EQ_MSG(w.config.mtu, v[i].want, "%u", v[i].said);
	}
	w.iface.mtu = 9000;
	sw_init(&w);
	w.conf.ignore = IGNORE_MTU;
	sw_start(&w);
	ra_begin(&ra, 1800, 0);
	ra_mtu(&ra, 1400);
	sw_ra(&w, R1, &ra);
	sw_advance(&w, 1000);
	ATF_CHECK_EQ(w.config.mtu, 0);
}

static void
parameters(uint8_t hop_limit, uint32_t reachable, uint32_t retrans)
{
	struct ra ra;

	ra_begin(&ra, 1800, 0);
	ra_header(&ra, hop_limit, reachable, retrans);
	sw_ra(&w, R1, &ra);
	sw_advance(&w, 1000);
}

TEST(slaac_kernel_parameters,
    "S-12: hop limit not below 64 unless `accept hop-limit`, reachable at "
    "most an hour, retransmission 100 ms to 10 s, zero changes nothing")
{
	sw_init(&w);
	sw_start(&w);
	parameters(64, 30000, 1000);
	ATF_CHECK_EQ(w.config.hop_limit, 64);
	ATF_CHECK_EQ(w.config.reachable_ms, 30000);
	ATF_CHECK_EQ(w.config.retrans_ms, 1000);
	parameters(0, 0, 0);
	ATF_CHECK_EQ(w.config.hop_limit, 64);
	ATF_CHECK_EQ(w.config.reachable_ms, 30000);
	ATF_CHECK_EQ(w.config.retrans_ms, 1000);
	parameters(63, 3600001, 1);
	ATF_CHECK_EQ(w.config.hop_limit, 0); /* as found */
	ATF_CHECK_EQ(w.config.reachable_ms, 30000);
	ATF_CHECK_EQ(w.config.retrans_ms, 100);
	parameters(255, 3600000, 0xffffffff);
	ATF_CHECK_EQ(w.config.hop_limit, 255);
	ATF_CHECK_EQ(w.config.reachable_ms, 3600000);
	ATF_CHECK_EQ(w.config.retrans_ms, 10000);
	w.conf.accept_hop_limit = 1;
	slaac_configure(&w.s, &w.conf, w.secret, w.now);
	parameters(1, 0, 0);
	ATF_CHECK_EQ(w.config.hop_limit, 1);
}

TEST(slaac_resolvers_live_as_long_as_each_says,
    "S-13: lifetimes per server and per name; 0 takes one back; a link-local "
    "server is marked")
{
	struct ra ra;

	sw_init(&w);
	sw_start(&w);
	ra_begin(&ra, 1800, 0);
	ra_servers(&ra, 60, "2001:db8::53");
	ra_servers(&ra, 120, "fe80::53");
	ra_search(&ra, 60, "a.example");
	ra_search(&ra, INF, "b.example");
	sw_ra(&w, R1, &ra);
	ATF_REQUIRE_EQ(w.dns.nservers, 2);
	ATF_CHECK_EQ(w.dns.servers[0].link_local, 0);
	ATF_CHECK_EQ(w.dns.servers[1].link_local, 1);
	ATF_CHECK_EQ(w.dns.nsearch, 2);
	sw_advance(&w, 59999);
	ATF_CHECK_EQ(w.dns.nservers, 2);
	sw_advance(&w, 1);
	ATF_REQUIRE_EQ(w.dns.nservers, 1);
	ATF_CHECK_EQ(w.dns.servers[0].addr[15], 0x53);
	ATF_REQUIRE_EQ(w.dns.nsearch, 1);
	ATF_CHECK_STREQ(w.dns.search[0], "b.example");
	ra_begin(&ra, 1800, 0);
	ra_servers(&ra, 0, "fe80::53");
	sw_ra(&w, R1, &ra);
	ATF_CHECK_EQ(w.dns.nservers, 0);
	sw_advance(&w, 1000 * 1000);
	ATF_CHECK_EQ(w.dns.nsearch, 1);
	/* the same again is no news */
	w.ndns = 0;
	ra_begin(&ra, 1800, 0);
	ra_search(&ra, INF, "b.example");
	sw_ra(&w, R1, &ra);
	ATF_CHECK_EQ(w.ndns, 0);
}

TEST(slaac_resolvers_are_bounded,
    "S-13: 8 servers and 16 names; those that are there stay")
{
	char text[64];
	struct ra ra;
	int i;

	sw_init(&w);
	sw_start(&w);
	for (i = 0; i < 30; i++) {
		ra_begin(&ra, 1800, 0);
		snprintf(text, sizeof(text), "2001:db8::%x", i + 1);
		ra_servers(&ra, 600, text);
		snprintf(text, sizeof(text), "n%d.example", i);
		ra_search(&ra, 600, text);
		sw_ra(&w, i < 10 ? R1 : R2, &ra);
		sw_advance(&w, 200);
	}
	ATF_CHECK_EQ(w.dns.nservers, 8);
	ATF_CHECK_EQ(w.dns.servers[0].addr[15], 1);
	ATF_CHECK_EQ(w.dns.nsearch, 16);
	ATF_CHECK_STREQ(w.dns.search[0], "n0.example");
	ATF_CHECK_EQ(w.counters[COUNT_ND_EXCESS], 22 + 14);
}

TEST(slaac_resolvers_of_the_default_router_get_in,
    "S-13, S-16: a table that others have filled does not shut out what the "
    "default router says; the youngest of theirs goes")
{
	struct ra ra;

	sw_init(&w);
	sw_start(&w);
	ra_begin(&ra, 1800, RA_HIGH);
	sw_ra(&w, R1, &ra);
	ra_begin(&ra, 1800, 0);
	ra_servers(&ra, INF, "2001:db8::1 2001:db8::2 2001:db8::3 2001:db8::4");
	ra_servers(&ra, INF, "2001:db8::5 2001:db8::6 2001:db8::7 2001:db8::8");
	sw_ra(&w, R2, &ra);
	ATF_REQUIRE_EQ(w.dns.nservers, 8);
	ra_begin(&ra, 1800, RA_HIGH);
	ra_servers(&ra, 600, "2001:db8::53");
	sw_ra(&w, R1, &ra);
	ATF_REQUIRE_EQ(w.dns.nservers, 8);
	ATF_CHECK_EQ(w.dns.servers[6].addr[15], 7);
	ATF_CHECK_EQ(w.dns.servers[7].addr[15], 0x53);
	ra_begin(&ra, 1800, 0);
	ra_servers(&ra, INF, "2001:db8::9");
	sw_ra(&w, R2, &ra);
	ATF_CHECK_EQ(w.dns.servers[7].addr[15], 0x53);
}

TEST(slaac_ignore_dns, "S-13: `ignore dns`: learned and shown, not used")
{
	struct slaac_info info;
	struct ra ra;

	sw_init(&w);
	w.conf.ignore = IGNORE_DNS;
	sw_start(&w);
	ra_begin(&ra, 1800, 0);
	ra_servers(&ra, 600, "2001:db8::53");
	sw_ra(&w, R1, &ra);
	ATF_CHECK_EQ(w.ndns, 0);
	slaac_status(&w.s, w.now, &info);
	ATF_CHECK_EQ(info.nservers, 1);
}

TEST(slaac_shows_portal_pref64_and_resolvers,
    "S-14: captive portal, PREF64 and encrypted DNS are in the status, as "
    "long as they live")
{
	struct slaac_info info;
	struct ra ra;

	sw_init(&w);
	sw_start(&w);
	ra_begin(&ra, 1800, 0);
	ra_portal(&ra, "https://portal.example/");
	ra_pref64(&ra, "64:ff9b::", 10, 0);
	ra_dnr(&ra, 1, 40, "dns.example", "2001:db8::53");
	sw_ra(&w, R1, &ra);
	slaac_status(&w.s, w.now, &info);
	ATF_CHECK_STREQ(info.captive_portal, "https://portal.example/");
	ATF_REQUIRE_EQ(info.npref64, 1);
	ATF_CHECK_EQ(info.pref64[0].left_sec, 80);
	ATF_REQUIRE_EQ(info.ndnr, 1);
	ATF_CHECK_STREQ(info.dnr[0].name, "dns.example");
	sw_advance(&w, 40000);
	slaac_status(&w.s, w.now, &info);
	ATF_CHECK_EQ(info.ndnr, 0);
	ATF_CHECK_EQ(info.npref64, 1);
	sw_advance(&w, 40000);
	slaac_status(&w.s, w.now, &info);
	ATF_CHECK_EQ(info.npref64, 0);
	/* a passer-by cannot replace the default router's portal */
	ra_begin(&ra, 0, 0);
	ra_prefix(&ra, PREFIX2, 64, PIO_LA, 7200, 3600);
	ra_portal(&ra, "https://evil.example/");
	sw_ra(&w, R2, &ra);
	slaac_status(&w.s, w.now, &info);
	ATF_CHECK_STREQ(info.captive_portal, "https://portal.example/");
}

TEST(slaac_managed_and_other_drive_dhcp6,
    "S-15, D6-01: M and O are told when they are first heard and when they "
    "change, of all routers together")
{
	struct ra ra;

	sw_init(&w);
	sw_start(&w);
	ra_begin(&ra, 1800, 0);
	sw_ra(&w, R1, &ra);
	ATF_CHECK_EQ(w.nflags, 1);
	ATF_CHECK(!w.managed && !w.other && !w.delegation);
	sw_ra(&w, R1, &ra);
	ATF_CHECK_EQ(w.nflags, 1);
	ra_begin(&ra, 1800, RA_FLAG_M);
	sw_ra(&w, R2, &ra);
	ATF_CHECK_EQ(w.nflags, 2);
	ATF_CHECK(w.managed && !w.other);
	ra_begin(&ra, 1800, RA_FLAG_O);
	sw_ra(&w, R1, &ra);
	ATF_CHECK(w.managed && w.other);
	ra_begin(&ra, 1800, 0);
	sw_ra(&w, R2, &ra);
	ATF_CHECK(!w.managed && w.other);
	sw_link(&w, 0);
	sw_link(&w, 1);
	w.nflags = 0;
	ra_begin(&ra, 1800, RA_FLAG_O);
	sw_ra(&w, R1, &ra);
	ATF_CHECK_EQ(w.nflags, 1);
}

TEST(slaac_delegated_prefix_instead_of_slaac,
    "S-15: P flag (RFC 9762): with a delegated prefix no address is made "
    "from such a prefix, and those that are there are deprecated")
{
	struct ra ra;

	sw_init(&w);
	w.conf.nprefixes = 1;
	sw_start(&w);
	ra_begin(&ra, 1800, 0);
	ra_prefix(&ra, PREFIX1, 64, PIO_LA | PIO_P, 7200, 3600);
	ra_prefix(&ra, PREFIX2, 64, PIO_LA, 7200, 3600);
	sw_ra(&w, R1, &ra);
	ATF_CHECK(w.delegation);
	sw_advance(&w, 2000);
	ATF_CHECK(sw_addr(&w, PREFIX1, 0)->preferred_sec > 0);
	slaac_prefix_delegated(&w.s, 1, w.now);
	sw_advance(&w, 2000);
	ATF_CHECK_EQ(sw_addr(&w, PREFIX1, 0)->preferred_sec, 0);
	ATF_CHECK(sw_addr(&w, PREFIX2, 0)->preferred_sec > 0);
	sw_ra(&w, R1, &ra);
	sw_advance(&w, 2000);
	ATF_CHECK_EQ(sw_addr(&w, PREFIX1, 0)->preferred_sec, 0);
	ra_begin(&ra, 1800, 0);
	ra_prefix(&ra, "2001:db8:3::", 64, PIO_LA | PIO_P, 7200, 3600);
	sw_ra(&w, R1, &ra);
	sw_advance(&w, 2000);
	ATF_CHECK_EQ(sw_naddrs(&w, "2001:db8:3::"), 0);
	slaac_prefix_delegated(&w.s, 0, w.now);
	sw_advance(&w, 2000);
	ATF_CHECK(sw_addr(&w, PREFIX1, 0)->preferred_sec > 0);
	ATF_CHECK_EQ(sw_naddrs(&w, "2001:db8:3::"), 1);
	/* without `prefix` in the block nothing is delegated to us */
	sw_init(&w);
	sw_start(&w);
	slaac_prefix_delegated(&w.s, 1, w.now);
	ra_begin(&ra, 1800, 0);
	ra_prefix(&ra, PREFIX1, 64, PIO_LA | PIO_P, 7200, 3600);
	sw_ra(&w, R1, &ra);
	ATF_CHECK_EQ(sw_naddrs(&w, PREFIX1), 1);
}

TEST(slaac_withdraw_takes_everything_back,
    "Y-11: withdraw: no address, route or resolver, no file, no packet until "
    "renew")
{
	struct ra ra;

	sw_init(&w);
	sw_start(&w);
	ra_begin(&ra, 1800, 0);
	ra_prefix(&ra, PREFIX1, 64, PIO_LA, 7200, 3600);
	ra_servers(&ra, 900, "2001:db8::53");
	sw_ra(&w, R1, &ra);
	slaac_withdraw(&w.s, w.now);
	ATF_CHECK(slaac_idle(&w.s));
	ATF_CHECK_EQ(w.config.naddrs + w.config.nroutes, 0);
	ATF_CHECK_EQ(w.dns.nservers, 0);
	sw_ra(&w, R1, &ra);
	sw_advance(&w, 100000);
	ATF_CHECK_EQ(w.config.naddrs + w.config.nroutes, 0);
	ATF_CHECK_EQ(w.nsent, 1);
	slaac_renew(&w.s, w.now);
	ATF_CHECK_EQ(w.nsent, 2);
	sw_ra(&w, R1, &ra);
	ATF_CHECK_EQ(sw_naddrs(&w, PREFIX1), 1);
}

TEST(slaac_resume_takes_the_sleep_off,
    "Y-21, S-02: what ended while the host slept is gone at once, and a "
    "solicitation goes out")
{
	sw_init(&w);
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 600, 300);
	sw_usual(&w, R1, PREFIX2, 7200, 300);
	sw_advance(&w, 2000);
	slaac_resume(&w.s, 900, w.now);
	sw_advance(&w, 1000);
	ATF_CHECK_EQ(sw_naddrs(&w, PREFIX1), 0);
	ATF_REQUIRE_EQ(sw_naddrs(&w, PREFIX2), 1);
	ATF_CHECK_EQ(sw_addr(&w, PREFIX2, 0)->preferred_sec, 0);
	ATF_CHECK(sw_addr(&w, PREFIX2, 0)->valid_sec <= 6300);
	ATF_CHECK(sw_route(&w, "::", 0, R1)->valid_sec <= 900);
	ATF_CHECK(w.nsent >= 2);
}

TEST(slaac_failed_configuration_is_tried_again,
    "Y-19: what the parent could not do is asked for again, later when its "
    "policy refused")
{
	sw_init(&w);
	sw_start(&w);
	w.refuse = ENOBUFS;
	sw_usual(&w, R1, PREFIX1, 7200, 3600);
	w.nconfig = 0;
	sw_advance(&w, 9900);
	ATF_CHECK_EQ(w.nconfig, 0);
	w.refuse = 0;
	sw_advance(&w, 200);
	ATF_CHECK_EQ(w.nconfig, 1);
	ATF_CHECK_EQ(w.added, 1);
	w.refuse = EACCES;
	sw_usual(&w, R1, PREFIX2, 7200, 3600);
	sw_advance(&w, 1000);
	w.nconfig = 0;
	sw_advance(&w, 50000);
	ATF_CHECK_EQ(w.nconfig, 0);
	sw_advance(&w, 10000);
	ATF_CHECK_EQ(w.nconfig, 1);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, slaac_drops_are_counted_by_reason);
	ATF_TP_ADD_TC(tp, slaac_solicits_at_once);
	ATF_TP_ADD_TC(tp, slaac_optimistic_source_is_not_told);
	ATF_TP_ADD_TC(tp, slaac_solicitations_back_off_for_ever);
	ATF_TP_ADD_TC(tp, slaac_only_a_default_router_ends_the_series);
	ATF_TP_ADD_TC(tp, slaac_asks_before_the_last_lifetime_ends);
	ATF_TP_ADD_TC(tp, slaac_asks_before_the_last_prefix_ends);
	ATF_TP_ADD_TC(tp, slaac_solicits_again_when_the_router_is_lost);
	ATF_TP_ADD_TC(tp, slaac_routers_that_come_and_go_cause_no_storm);
	ATF_TP_ADD_TC(tp, slaac_link_up_and_renew_solicit);
	ATF_TP_ADD_TC(tp, slaac_startup_delay_spreads_hosts);
	ATF_TP_ADD_TC(tp, slaac_packet_filter_is_named);
	ATF_TP_ADD_TC(tp, slaac_unsent_solicitation_is_tried_soon);
	ATF_TP_ADD_TC(tp, slaac_waits_for_its_sockets);
	ATF_TP_ADD_TC(tp, slaac_off_does_nothing);
	ATF_TP_ADD_TC(tp, slaac_mtu);
	ATF_TP_ADD_TC(tp, slaac_kernel_parameters);
	ATF_TP_ADD_TC(tp, slaac_resolvers_live_as_long_as_each_says);
	ATF_TP_ADD_TC(tp, slaac_resolvers_are_bounded);
	ATF_TP_ADD_TC(tp, slaac_resolvers_of_the_default_router_get_in);
	ATF_TP_ADD_TC(tp, slaac_ignore_dns);
	ATF_TP_ADD_TC(tp, slaac_shows_portal_pref64_and_resolvers);
	ATF_TP_ADD_TC(tp, slaac_managed_and_other_drive_dhcp6);
	ATF_TP_ADD_TC(tp, slaac_delegated_prefix_instead_of_slaac);
	ATF_TP_ADD_TC(tp, slaac_withdraw_takes_everything_back);
	ATF_TP_ADD_TC(tp, slaac_resume_takes_the_sleep_off);
	ATF_TP_ADD_TC(tp, slaac_failed_configuration_is_tried_again);
	return atf_no_error();
}

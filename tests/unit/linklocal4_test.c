/* SPDX-License-Identifier: ISC */
/* IPv4 link-local addresses (RFC 3927) under virtual time, by way of the DHCPv4
 * machine that drives them. */

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "dhcp4_harness.h"
#include "test.h"

static struct world w;
static const uint8_t other[6] = { 2, 0, 0, 0, 0, 0x77 };

static const char *
text(struct in_addr addr)
{
	static char out[INET_ADDRSTRLEN];

	return inet_ntop(AF_INET, &addr, out, sizeof(out));
}

/* The nth candidate of this world's interface. */
static struct in_addr
nth(uint32_t n)
{
	return linklocal4_derive(w.iface.hwaddr, n);
}

static int
configured(struct in_addr addr)
{
	return w.config.naddrs == 1 &&
	    w.config.addrs[0].addr.s_addr == addr.s_addr;
}

/* No server, until the first candidate is in use. */
static void
begin(void)
{
	world_init(&w);
	w.conf.link_local = 1;
	world_start(&w);
}

static void
claimed(void)
{
	begin();
	world_advance(&w, 39000);
	ATF_REQUIRE_EQ(LL4_BOUND, w.d.linklocal.state);
	ATF_REQUIRE(configured(nth(0)));
}

/* ARP packets about an address, oldest first; returns how many. */
static unsigned int
arps(struct in_addr addr, const struct sent **out, unsigned int max)
{
	const struct sent *s;
	unsigned int i, n = 0;

	for (i = 0; i < w.nsent && i < SENT_MAX; i++) {
		s = &w.sent[i];
		if (s->channel == CHANNEL_ARP &&
		    memcmp(s->bootp + 38, &addr, 4) == 0 && n < max)
			out[n++] = s;
	}
	return n;
}

static struct reply
answer(uint8_t type)
{
	return (struct reply){ .type = type,
		.addr = "192.0.2.10",
		.server = "192.0.2.1",
		.router = "192.0.2.1",
		.prefixlen = 24,
		.lease = 3600 };
}

TEST(linklocal4_only_with_yes, "AC-04: by default no address, however long")
{
	(void)tc;
	world_init(&w);
	world_start(&w);
	world_advance(&w, 3600000);
	ATF_CHECK_EQ(0, w.nconfig);
	ATF_CHECK_EQ(0, world_count(&w, 0));
	ATF_CHECK(world_count(&w, DHCPDISCOVER) > 10);
}

TEST(linklocal4_candidates_are_stable,
    "AC-04: derived from the MAC, 169.254.1.0 to 169.254.254.255")
{
	uint8_t mac[6] = { 2, 0, 0, 0, 0, 0 };
	static uint8_t third[256];
	uint32_t host, n, different = 0;
	struct in_addr addr;

	(void)tc;
	for (n = 0; n < 100000; n++) {
		mac[5] = (uint8_t)n;
		mac[4] = (uint8_t)(n >> 8);
		addr = linklocal4_derive(mac, n % 7);
		host = ntohl(addr.s_addr);
		ATF_REQUIRE(host >= 0xa9fe0100 && host <= 0xa9fefeff);
		ATF_REQUIRE_EQ(
		    addr.s_addr, linklocal4_derive(mac, n % 7).s_addr);
		third[host >> 8 & 0xff] = 1;
		different +=
		    addr.s_addr != linklocal4_derive(mac, n % 7 + 1).s_addr;
	}
	ATF_CHECK(different > 99900);
	for (n = 1; n < 255; n++)
		ATF_CHECK_EQ(1, third[n]);
	/* It must not change with a new version. */
	ATF_CHECK_STREQ("169.254.143.43",
	    text(linklocal4_derive((const uint8_t *)"\2\0\0\0\0\1", 0)));
}

TEST(linklocal4_after_thirty_seconds,
    "AC-04: PROBE_WAIT, three probes 1 to 2 s apart, ANNOUNCE_WAIT, two "
    "announcements; DHCP goes on")
{
	const struct sent *s[8];
	uint64_t began;
	unsigned int i, n;
	struct dhcp4_status st;

	(void)tc;
	begin();
	began = w.now;
	world_advance(&w, 29999);
	ATF_CHECK_EQ(0, w.ll.s_addr);
	world_advance(&w, 2000000);
	n = arps(nth(0), s, 8);
	ATF_REQUIRE_EQ(5, n);
	ATF_CHECK(s[0]->when >= began + 30000);
	ATF_CHECK(s[0]->when <= began + 31000);
	for (i = 0; i < 5; i++) {
		ATF_CHECK_EQ(1, s[i]->bootp[21]); /* a request */
		ATF_CHECK_EQ(0xff, s[i]->bootp[0]);
		/* from 0.0.0.0 a probe, from itself an announcement */
		ATF_CHECK_EQ(
		    i < 3 ? 0 : ntohl(nth(0).s_addr), sent_u32(s[i], 28));
	}
	for (i = 1; i < 3; i++) {
		ATF_CHECK(s[i]->when - s[i - 1]->when >= 1000);
		ATF_CHECK(s[i]->when - s[i - 1]->when <= 2000);
	}
	ATF_CHECK_EQ(2000, s[3]->when - s[2]->when);
	ATF_CHECK_EQ(2000, s[4]->when - s[3]->when);
	ATF_REQUIRE(configured(nth(0)));
	ATF_CHECK_EQ(16, w.config.addrs[0].prefixlen);
	ATF_CHECK_EQ(
	    ip("169.254.255.255").s_addr, w.config.addrs[0].broadcast.s_addr);
	ATF_CHECK_EQ(LIFETIME_INFINITE, w.config.addrs[0].valid_sec);
	ATF_CHECK_EQ(0, w.config.nroutes);
	ATF_CHECK_EQ(1, w.nconfig);
	ATF_CHECK_EQ(1, w.events[EVENT_LINK_LOCAL]);
	ATF_CHECK(world_count(&w, DHCPDISCOVER) > 30);
	dhcp4_status(&w.d, w.now, &st);
	ATF_CHECK(st.configured && st.link_local && !st.has_lease);
	ATF_CHECK_EQ(nth(0).s_addr, st.link_local_addr.s_addr);
}

TEST(linklocal4_lease_takes_its_place,
    "AC-04: one configuration adds the lease and drops the address")
{
	struct reply r = answer(DHCPOFFER);
	struct dhcp4_status st;

	(void)tc;
	claimed();
	world_reply(&w, &r);
	ATF_CHECK(configured(nth(0)));
	r.type = DHCPACK;
	world_reply(&w, &r);
	ATF_CHECK_EQ(2, w.nconfig);
	ATF_CHECK(configured(ip("192.0.2.10")));
	ATF_CHECK_EQ(1, w.config.nroutes);
	ATF_CHECK_EQ(0, w.ll.s_addr);
	dhcp4_status(&w.d, w.now, &st);
	ATF_CHECK(st.configured && !st.link_local);
	ATF_CHECK_EQ(0, st.link_local_addr.s_addr);
}

TEST(linklocal4_again_when_the_lease_expires,
    "AC-04: 30 s after the lease, and DHCP, have come to nothing")
{
	uint64_t expired;

	(void)tc;
	world_init(&w);
	w.conf.link_local = 1;
	world_bind(&w, 60);
	expired = w.now + 60000;
	world_run(&w, expired + 29000);
	ATF_CHECK_EQ(0, w.config.naddrs);
	world_run(&w, expired + 45000);
	ATF_CHECK(configured(nth(0)));
}

TEST(linklocal4_offer_postpones,
    "AC-04: 30 s are counted from the newest OFFER; none withdraws it")
{
	struct reply r = answer(DHCPOFFER);

	(void)tc;
	begin();
	world_advance(&w, 29000);
	world_reply(&w, &r);
	world_advance(&w, 29000);
	ATF_CHECK_EQ(0, w.ll.s_addr);
	/* It is never granted: this server does not count for ever. */
	world_advance(&w, 10000);
	ATF_CHECK(configured(nth(0)));
	world_advance(&w, 600000);
	ATF_CHECK(configured(nth(0)));
	/* While it is probed for, an OFFER still comes first. */
	begin();
	world_advance(&w, 32000);
	ATF_CHECK_EQ(LL4_PROBING, w.d.linklocal.state);
	r = answer(DHCPOFFER);
	world_reply(&w, &r);
	ATF_CHECK_EQ(0, w.ll.s_addr);
	world_advance(&w, 29000);
	ATF_CHECK_EQ(0, w.nconfig);
}

TEST(linklocal4_conflict_takes_the_next,
    "AC-04, AC-05: another host has the candidate or probes for it; this host "
    "does not")
{
	(void)tc;
	begin();
	world_advance(&w, 32000);
	world_arp(&w, text(nth(0)), "169.254.9.9", w.iface.hwaddr, 1);
	ATF_CHECK_EQ(nth(0).s_addr, w.ll.s_addr);
	world_arp(&w, text(nth(0)), "169.254.9.9", other, 2);
	ATF_CHECK_EQ(nth(1).s_addr, w.ll.s_addr);
	ATF_CHECK_EQ(1, w.events[EVENT_CONFLICT]);
	world_arp(&w, NULL, text(nth(1)), other, 1);
	ATF_CHECK_EQ(nth(2).s_addr, w.ll.s_addr);
	world_advance(&w, 10000);
	ATF_CHECK(configured(nth(2)));
	ATF_CHECK_EQ(1, w.nconfig);
	/* Once it is in use the kernel answers probes. */
	world_arp(&w, NULL, text(nth(2)), other, 1);
	ATF_CHECK_EQ(0, w.counters[COUNT_ARP_DEFENDED]);
	ATF_CHECK(configured(nth(2)));
}

TEST(linklocal4_conflicts_are_rate_limited,
    "AC-04: MAX_CONFLICTS 10, then one candidate in 60 s")
{
	const struct sent *s[2];
	uint64_t at = 0;
	uint32_t i;

	(void)tc;
	begin();
	world_advance(&w, 31000);
	for (i = 0; i < 10; i++) {
		ATF_REQUIRE_EQ(nth(i).s_addr, w.ll.s_addr);
		world_arp(&w, text(nth(i)), text(nth(i)), other, 1);
	}
	for (; i < 13; i++) {
		ATF_REQUIRE_EQ(nth(i).s_addr, w.ll.s_addr);
		world_advance(&w, 1000);
		world_arp(&w, text(nth(i)), text(nth(i)), other, 1);
		ATF_REQUIRE_EQ(0, w.ll.s_addr);
		at = w.now;
		world_advance(&w, 60000);
	}
	world_advance(&w, 1000);
	ATF_REQUIRE_EQ(1, arps(nth(i), s, 2));
	ATF_CHECK(s[0]->when >= at + 60000);
}

TEST(linklocal4_defends_once,
    "AC-04: announced at a conflict, given up at another within 10 s")
{
	(void)tc;
	claimed();
	world_advance(&w, 5000);
	world_arp(&w, text(nth(0)), text(nth(0)), other, 1);
	ATF_CHECK_EQ(1, w.counters[COUNT_ARP_DEFENDED]);
	ATF_CHECK_EQ(ntohl(nth(0).s_addr), sent_u32(world_last(&w, 0), 28));
	world_advance(&w, 11000);
	world_arp(&w, text(nth(0)), text(nth(0)), other, 2);
	ATF_CHECK_EQ(2, w.counters[COUNT_ARP_DEFENDED]);
	ATF_CHECK(configured(nth(0)));
	world_advance(&w, 9000);
	world_arp(&w, text(nth(0)), text(nth(0)), other, 2);
	ATF_CHECK_EQ(2, w.counters[COUNT_ARP_DEFENDED]);
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK_EQ(nth(1).s_addr, w.ll.s_addr);
	world_advance(&w, 10000);
	ATF_CHECK(configured(nth(1)));
}

TEST(linklocal4_probes_again_after_link_loss,
    "AC-04: withdrawn with the link, then the same candidate without 30 s")
{
	const struct sent *s[16];
	uint64_t up;
	unsigned int n;

	(void)tc;
	claimed();
	n = arps(nth(0), s, 16);
	world_link(&w, 0);
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK_EQ(0, w.ll.s_addr);
	world_advance(&w, 60000);
	ATF_CHECK_EQ(n, arps(nth(0), s, 16));
	up = w.now;
	world_link(&w, 1);
	world_advance(&w, 8000);
	ATF_CHECK(configured(nth(0)));
	ATF_REQUIRE(arps(nth(0), s, 16) >= n + 4);
	ATF_CHECK(s[n]->when <= up + 1000);
	ATF_CHECK_EQ(0, sent_u32(s[n], 28));
	ATF_CHECK_EQ(0, sent_u32(s[n + 2], 28));
}

TEST(linklocal4_new_mac_new_address, "AC-04: a changed MAC derives anew")
{
	struct in_addr before;

	(void)tc;
	claimed();
	before = nth(0);
	memcpy(w.iface.hwaddr, "\2\0\0\0\0\x42", 6);
	ATF_REQUIRE(nth(0).s_addr != before.s_addr);
	dhcp4_interface(&w.d, &w.iface, 1, w.now);
	ATF_CHECK_EQ(0, w.config.naddrs);
	world_advance(&w, 40000);
	ATF_CHECK(configured(nth(0)));
	ATF_CHECK_EQ(
	    0, memcmp(world_last(&w, 0)->bootp + 22, w.iface.hwaddr, 6));
}

TEST(linklocal4_adopted_stays,
    "AC-04, Y-10: after a crash it is probed for at once and kept meanwhile")
{
	struct in_addr addr;

	(void)tc;
	world_init(&w);
	w.conf.link_local = 1;
	addr = nth(3);
	dhcp4_configure(&w.d, &w.conf, (const uint8_t *)"\0\4duid", 6, w.now);
	/* Ready is said a little later. */
	dhcp4_interface(&w.d, &w.iface, 0, w.now);
	dhcp4_adopted(&w.d, addr, 16, w.now);
	dhcp4_start(&w.d, w.now);
	dhcp4_interface(&w.d, &w.iface, 1, w.now);
	ATF_CHECK_EQ(addr.s_addr, w.ll.s_addr);
	world_settle(&w);
	world_advance(&w, 8000);
	ATF_CHECK_EQ(LL4_BOUND, w.d.linklocal.state);
	ATF_CHECK_EQ(0, w.nconfig); /* nothing to change */

	world_init(&w);
	w.conf.link_local = 1;
	dhcp4_configure(&w.d, &w.conf, (const uint8_t *)"\0\4duid", 6, w.now);
	dhcp4_interface(&w.d, &w.iface, 1, w.now);
	dhcp4_adopted(&w.d, addr, 16, w.now);
	dhcp4_start(&w.d, w.now);
	world_settle(&w);
	world_advance(&w, 1500);
	world_arp(&w, text(addr), text(addr), other, 2);
	ATF_CHECK_EQ(1, w.nconfig);
	ATF_CHECK_EQ(0, w.config.naddrs);
}

TEST(linklocal4_adopted_and_removed,
    "AC-04: removed while it is being verified, it is configured anew")
{
	struct in_addr addr;

	(void)tc;
	world_init(&w);
	w.conf.link_local = 1;
	addr = nth(3);
	dhcp4_configure(&w.d, &w.conf, (const uint8_t *)"\0\4duid", 6, w.now);
	dhcp4_interface(&w.d, &w.iface, 1, w.now);
	dhcp4_adopted(&w.d, addr, 16, w.now);
	dhcp4_start(&w.d, w.now);
	world_settle(&w);
	world_advance(&w, 1500);
	dhcp4_address_gone(&w.d, addr, w.now);
	world_advance(&w, 8000);
	ATF_CHECK_EQ(LL4_BOUND, w.d.linklocal.state);
	ATF_CHECK(configured(addr));
}

TEST(linklocal4_not_when_told_to_be_silent,
    "AC-04: not after release, not in IPv6-only mode, gone by reload")
{
	struct reply r = answer(DHCPOFFER);
	uint32_t xid;

	(void)tc;
	claimed();
	xid = w.d.xid;
	w.conf.link_local = 0;
	dhcp4_configure(&w.d, &w.conf, (const uint8_t *)"\0\4duid", 6, w.now);
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK_EQ(xid, w.d.xid);
	ATF_CHECK_EQ(D4_SELECTING, w.d.state);

	claimed();
	dhcp4_release(&w.d, w.now);
	ATF_CHECK_EQ(0, w.config.naddrs);
	world_advance(&w, 120000);
	ATF_CHECK_EQ(0, w.config.naddrs);

	claimed();
	dhcp4_withdraw(&w.d, w.now);
	ATF_CHECK_EQ(0, w.config.naddrs);

	world_init(&w);
	w.conf.link_local = 1;
	w.conf.ipv6_only = 1;
	world_start(&w);
	world_advance(&w, 39000);
	ATF_REQUIRE(configured(nth(0)));
	dhcp4_ipv6_usable(&w.d, 1, w.now);
	r.ipv6_only = 3600;
	world_reply(&w, &r);
	ATF_CHECK_EQ(D4_V6ONLY, w.d.state);
	ATF_CHECK_EQ(0, w.config.naddrs);
	world_advance(&w, 600000);
	ATF_CHECK_EQ(0, w.config.naddrs);
}

TEST(linklocal4_removed_by_somebody_else,
    "AC-04: tried again after 30 s; a kernel or parent that refuses, 60 s")
{
	struct dhcp4_status st;

	(void)tc;
	claimed();
	dhcp4_address_gone(&w.d, nth(0), w.now);
	ATF_CHECK_EQ(0, w.config.naddrs);
	world_advance(&w, 29000);
	ATF_CHECK_EQ(0, w.config.naddrs);
	world_advance(&w, 10000);
	ATF_CHECK(configured(nth(0)));

	begin();
	w.refuse_configure = EACCES;
	world_advance(&w, 50000);
	dhcp4_status(&w.d, w.now, &st);
	ATF_CHECK(!st.configured);
	ATF_CHECK_EQ(0, w.config.naddrs);
	w.refuse_configure = 0;
	world_advance(&w, 60000);
	ATF_CHECK(configured(nth(0)));
}

TEST(linklocal4_without_its_channel,
    "AC-04: no address that cannot be probed for or defended")
{
	(void)tc;
	begin();
	w.ll_error = EACCES;
	world_advance(&w, 300000);
	ATF_CHECK_EQ(0, w.nconfig);
	w.ll_error = 0;
	world_advance(&w, 70000);
	ATF_CHECK(configured(nth(0)));
	/* The frontend does not have it any more: it is opened again. */
	w.ll.s_addr = 0;
	dhcp4_sent(&w.d, CHANNEL_ARP, nth(0), ENOTCONN, w.now);
	ATF_CHECK_EQ(nth(0).s_addr, w.ll.s_addr);
	world_settle(&w);
	world_advance(&w, 10000);
	ATF_CHECK_EQ(LL4_BOUND, w.d.linklocal.state);
	/* Opened too late: given back. */
	dhcp4_release(&w.d, w.now);
	w.ll = nth(0);
	dhcp4_channel(&w.d, CHANNEL_ARP, nth(0), 0, w.now);
	ATF_CHECK_EQ(0, w.ll.s_addr);
}

TEST(linklocal4_server_cannot_give_one,
    "AC-04, D4-14: an OFFER of 169.254/16 is none (RFC 3927 1.6)")
{
	struct reply r = answer(DHCPOFFER);

	(void)tc;
	claimed();
	r.prefixlen = 16;
	r.router = NULL;
	r.addr = text(nth(0));
	world_reply(&w, &r);
	ATF_CHECK_EQ(D4_SELECTING, w.d.state);
	r.addr = "169.254.0.2";
	world_reply(&w, &r);
	ATF_CHECK_EQ(D4_SELECTING, w.d.state);
	r.addr = "169.253.0.2";
	world_reply(&w, &r);
	ATF_CHECK_EQ(D4_REQUESTING, w.d.state);
}

/* One event of any kind. */
static void
anything(uint32_t x)
{
	struct reply r = answer(DHCPOFFER);

	r.lease = 5 + (x >> 20) % 300;
	switch (x >> 28) {
	case 0:
	case 1:
		world_reply(&w, &r);
		break;
	case 2:
	case 3:
		r.type = DHCPACK;
		world_reply(&w, &r);
		break;
	case 4:
		r.type = DHCPNAK;
		world_reply(&w, &r);
		break;
	case 5:
	case 6:
		world_link(&w, (x >> 28) & 1);
		break;
	case 7:
	case 8:
		if (w.ll.s_addr != 0)
			world_arp(&w, text(w.ll), text(w.ll), other, 1);
		break;
	case 9:
		if (w.config.naddrs > 0)
			dhcp4_address_gone(&w.d, w.config.addrs[0].addr, w.now);
		break;
	case 10:
		dhcp4_release(&w.d, w.now);
		break;
	case 11:
		dhcp4_renew(&w.d, w.now);
		break;
	case 12:
		w.conf.link_local = (x & 4) != 0;
		dhcp4_configure(
		    &w.d, &w.conf, (const uint8_t *)"\0\4duid", 6, w.now);
		break;
	default:
		w.refuse_configure = (x & 0x30) == 0 ? EACCES : 0;
		w.ll_error = (x & 0xc0) == 0 ? EMFILE : 0;
	}
}

TEST(linklocal4_soak,
    "AC-04, Y-16: random events: a lease or a link-local address, never both; "
    "what is configured can be defended; no busy loop")
{
	uint32_t seed, x, i, bound = 0, local = 0;
	uint64_t probes, step;

	(void)tc;
	for (seed = 1; seed <= 2000; seed++) {
		begin();
		w.seed = seed;
		x = seed * 2654435761U;
		for (i = 0; i < 60; i++) {
			x = x * 1664525U + 1013904223U;
			anything(x);
			step = (x >> 8) % 60000;
			probes = w.counters[COUNT_ARP_TX_PROBE];
			world_advance(&w, step);
			ATF_REQUIRE(w.deadline > w.now);
			ATF_REQUIRE(w.counters[COUNT_ARP_TX_PROBE] - probes <=
			    step / 1000 + 4);
			if (w.config.naddrs == 0)
				continue;
			ATF_REQUIRE_EQ(1, w.config.naddrs);
			if (!linklocal4_is(w.config.addrs[0].addr)) {
				ATF_REQUIRE(w.d.has_lease);
				bound++;
				continue;
			}
			ATF_REQUIRE(!w.d.has_lease && w.conf.link_local);
			ATF_REQUIRE_EQ(
			    w.config.addrs[0].addr.s_addr, w.ll.s_addr);
			local++;
		}
	}
	ATF_CHECK(bound > 1000);
	ATF_CHECK(local > 1000);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, linklocal4_only_with_yes);
	ATF_TP_ADD_TC(tp, linklocal4_candidates_are_stable);
	ATF_TP_ADD_TC(tp, linklocal4_after_thirty_seconds);
	ATF_TP_ADD_TC(tp, linklocal4_lease_takes_its_place);
	ATF_TP_ADD_TC(tp, linklocal4_again_when_the_lease_expires);
	ATF_TP_ADD_TC(tp, linklocal4_offer_postpones);
	ATF_TP_ADD_TC(tp, linklocal4_conflict_takes_the_next);
	ATF_TP_ADD_TC(tp, linklocal4_conflicts_are_rate_limited);
	ATF_TP_ADD_TC(tp, linklocal4_defends_once);
	ATF_TP_ADD_TC(tp, linklocal4_probes_again_after_link_loss);
	ATF_TP_ADD_TC(tp, linklocal4_new_mac_new_address);
	ATF_TP_ADD_TC(tp, linklocal4_adopted_stays);
	ATF_TP_ADD_TC(tp, linklocal4_adopted_and_removed);
	ATF_TP_ADD_TC(tp, linklocal4_not_when_told_to_be_silent);
	ATF_TP_ADD_TC(tp, linklocal4_removed_by_somebody_else);
	ATF_TP_ADD_TC(tp, linklocal4_without_its_channel);
	ATF_TP_ADD_TC(tp, linklocal4_server_cannot_give_one);
	ATF_TP_ADD_TC(tp, linklocal4_soak);
	return atf_no_error();
}

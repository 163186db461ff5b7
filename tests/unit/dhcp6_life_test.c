/* SPDX-License-Identifier: ISC */
/*
 * The DHCPv6 machine under virtual time: what servers refuse, what others do
 * to an address, Release, Reconfigure, registration, anonymity.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "compat/digest.h"
#include "dhcp6_harness.h"
#include "test.h"

static struct world6 w;
static struct packet6 p;

static const char key[] = "0123456789abcdef";

/* ---- status codes ---- */

TEST(dhcp6_unspec_fail_backs_off,
    "D6-18: UnspecFail, UseMulticast and unknown codes: sent again later")
{
	static const unsigned int codes[] = { 1, 5, 99 };
	size_t i;

	(void)tc;
	for (i = 0; i < 3; i++) {
		w6_init(&w);
		w6_start(&w);
		w6_grant(&w, DHCP6_ADVERTISE, 3600, 7200);
		w6_answer(&w, &p, DHCP6_REPLY);
		p6_status(&p, codes[i], "");
		w6_receive(&w, &p);
		ATF_CHECK_EQ(1, w6_count(&w, DHCP6_REQUEST));
		ATF_CHECK_EQ(D6_REQUESTING, w.d.state);
		w6_advance(&w, 1200);
		ATF_CHECK_EQ(2, w6_count(&w, DHCP6_REQUEST));
		w6_grant(&w, DHCP6_REPLY, 3600, 7200);
		ATF_CHECK_EQ(D6_BOUND, w.d.state);
	}
}

TEST(dhcp6_no_addrs_avail_asks_on,
    "D6-18, D6-01: the Solicit goes on; information is had meanwhile")
{
	(void)tc;
	w6_init(&w);
	w6_start(&w);
	w6_answer(&w, &p, DHCP6_ADVERTISE);
	p6_status(&p, 2, "");
	w6_receive(&w, &p);
	ATF_CHECK_EQ(DHCP6_INFORMATION_REQUEST, w6_newest(&w)->type);
	ATF_CHECK_EQ(0, w6_count(&w, DHCP6_REQUEST));
	w6_advance(&w, 5000);
	ATF_CHECK(w6_count(&w, DHCP6_SOLICIT) > 1);
	w6_init(&w);
	w6_start(&w);
	w6_answer(&w, &p, DHCP6_ADVERTISE);
	p6_refusal(&p, 3, w6_iaid(&w, 0), 2);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(0, w6_count(&w, DHCP6_REQUEST));
	ATF_CHECK_EQ(DHCP6_NO_ADDRS_AVAIL, w.d.lease.ias[0].status);
}

TEST(dhcp6_partial_grant_is_used,
    "D6-18: the address is taken, the prefix goes on being asked for")
{
	(void)tc;
	w6_init(&w);
	w.conf.nprefixes = 1;
	w6_start(&w);
	w6_answer(&w, &p, DHCP6_ADVERTISE);
	p6_opt(&p, 7, "\xff", 1);
	p6_ia_na(&p, w6_iaid(&w, 0), "2001:db8::10", 3600, 7200);
	p6_refusal(&p, 25, w6_iaid(&w, 1), 6);
	w6_receive(&w, &p);
	ATF_CHECK(s6_opt(w6_newest(&w), 25, 0, NULL) == NULL);
	w6_grant(&w, DHCP6_REPLY, 3600, 7200);
	ATF_CHECK_EQ(D6_BOUND, w.d.state);
	ATF_CHECK_EQ(1, w.config.naddrs);
	w6_advance(&w, 12000);
	ATF_CHECK_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
	ATF_CHECK(s6_opt(w6_newest(&w), 3, 0, NULL) == NULL);
	ATF_CHECK(s6_opt(w6_newest(&w), 25, 0, NULL) != NULL);
	w6_grant(&w, DHCP6_ADVERTISE, 3600, 7200);
	w6_grant(&w, DHCP6_REPLY, 3600, 7200);
	ATF_CHECK_EQ(1, w.delegated.nprefixes);
	ATF_CHECK_EQ(1, w.config.naddrs);
}

TEST(dhcp6_refused_in_reply_backs_off,
    "D6-18: an IA refused by the Reply is solicited for later, ever later")
{
	unsigned int i;
	uint64_t last = 0, gap = 0;

	(void)tc;
	w6_init(&w);
	w6_start(&w);
	for (i = 0; i < 5; i++) {
		w6_grant(&w, DHCP6_ADVERTISE, 3600, 7200);
		w6_answer(&w, &p, DHCP6_REPLY);
		p6_refusal(&p, 3, w6_iaid(&w, 0), 2);
		w6_receive(&w, &p);
		if (w.d.exchanges[0].kind == EX_INFORM ||
		    w6_newest(&w)->type == DHCP6_INFORMATION_REQUEST) {
			w6_answer(&w, &p, DHCP6_REPLY);
			w6_receive(&w, &p);
		}
		last = w.now;
		while (w6_newest(&w)->type != DHCP6_SOLICIT)
			w6_tick(&w);
		ATF_CHECK(w.now - last > gap);
		gap = w.now - last;
	}
	ATF_CHECK(gap > 100000);
}

TEST(dhcp6_no_binding_for_one_of_two,
    "D6-18, D6-46: Request for that one, the other is renewed")
{
	(void)tc;
	w6_bind_both(&w, 1000, 2000);
	w6_advance(&w, 500000);
	ATF_CHECK_EQ(DHCP6_RENEW, w6_newest(&w)->type);
	w6_answer(&w, &p, DHCP6_REPLY);
	p6_ia_na(&p, w6_iaid(&w, 0), "2001:db8::10", 1000, 2000);
	p6_refusal(&p, 25, w6_iaid(&w, 1), 3);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(1, w.counters[COUNT_D6_RENEWED]);
	ATF_CHECK_EQ(DHCP6_REQUEST, w6_newest(&w)->type);
	ATF_CHECK(s6_opt(w6_newest(&w), 3, 0, NULL) == NULL);
	ATF_CHECK(s6_opt(w6_newest(&w), 25, 0, NULL) != NULL);
	ATF_CHECK(s6_opt(w6_newest(&w), 2, 0, NULL) != NULL);
	/* another prefix: the old one is gone with it */
	w6_answer(&w, &p, DHCP6_REPLY);
	p6_ia_pd(&p, w6_iaid(&w, 1), "2001:db8:900::", 48, 1000, 2000);
	w6_receive(&w, &p);
	ATF_REQUIRE_EQ(1, w.delegated.nprefixes);
	ATF_CHECK(same6(&w.delegated.prefixes[0].prefix, "2001:db8:900::"));
	ATF_CHECK_EQ(D6_BOUND, w.d.state);
	ATF_CHECK_EQ(1, w.config.naddrs);
}

TEST(dhcp6_no_prefix_avail_inside_a_prefix,
    "D6-18: the prefix is dead at once and asked for anew")
{
	(void)tc;
	w6_bind_both(&w, 1000, 2000);
	w6_advance(&w, 500000);
	w6_answer(&w, &p, DHCP6_REPLY);
	p6_ia_na(&p, w6_iaid(&w, 0), "2001:db8::10", 1000, 2000);
	p6_open_ia(&p, 25, w6_iaid(&w, 1), 0, 0);
	p6_open_prefix(&p, "2001:db8:100::", 48, 1000, 2000);
	p6_status(&p, 6, "gone");
	p6_close(&p);
	p6_close(&p);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(0, w.delegated.nprefixes);
	ATF_CHECK_EQ(0, w.config.nroutes);
	ATF_CHECK_EQ(1, w.config.naddrs);
	ATF_CHECK_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
	ATF_CHECK(s6_opt(w6_newest(&w), 3, 0, NULL) == NULL);
}

TEST(dhcp6_not_on_link_for_one_of_two,
    "D6-18, D6-46: that IA starts again, the other goes on")
{
	(void)tc;
	w6_bind_both(&w, 1000, 2000);
	w6_link(&w, 0);
	w6_link(&w, 1);
	ATF_CHECK_EQ(DHCP6_REBIND, w6_newest(&w)->type);
	w6_answer(&w, &p, DHCP6_REPLY);
	p6_refusal(&p, 3, w6_iaid(&w, 0), 4);
	p6_ia_pd(&p, w6_iaid(&w, 1), "2001:db8:100::", 48, 1000, 2000);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK_EQ(1, w.delegated.nprefixes);
	ATF_CHECK_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
	ATF_CHECK(s6_opt(w6_newest(&w), 25, 0, NULL) == NULL);
}

TEST(dhcp6_link_flap_while_requesting,
    "D6-15: what was under way is asked for anew")
{
	(void)tc;
	w6_init(&w);
	w6_start(&w);
	w6_grant(&w, DHCP6_ADVERTISE, 1000, 2000);
	ATF_CHECK_EQ(DHCP6_REQUEST, w6_newest(&w)->type);
	w6_link(&w, 0);
	w6_link(&w, 1);
	ATF_CHECK_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
	w6_link(&w, 0);
	w6_link(&w, 1);
	w6_grant(&w, DHCP6_ADVERTISE, 1000, 2000);
	w6_grant(&w, DHCP6_REPLY, 1000, 2000);
	ATF_CHECK_EQ(D6_BOUND, w.d.state);
}

TEST(dhcp6_lifetime_zero_withdraws,
    "D6-18, D6-44: a prefix renewed with 0 goes, the new one is there")
{
	(void)tc;
	w6_bind_both(&w, 1000, 2000);
	w6_advance(&w, 500000);
	w6_answer(&w, &p, DHCP6_REPLY);
	p6_ia_na(&p, w6_iaid(&w, 0), "2001:db8::10", 1000, 2000);
	p6_open_ia(&p, 25, w6_iaid(&w, 1), 0, 0);
	p6_open_prefix(&p, "2001:db8:100::", 48, 0, 0);
	p6_close(&p);
	p6_open_prefix(&p, "2001:db8:700::", 48, 1000, 2000);
	p6_close(&p);
	p6_close(&p);
	w6_receive(&w, &p);
	ATF_REQUIRE_EQ(1, w.delegated.nprefixes);
	ATF_CHECK(same6(&w.delegated.prefixes[0].prefix, "2001:db8:700::"));
	ATF_CHECK_EQ(D6_BOUND, w.d.state);
	ATF_CHECK(w.events[EVENT_CHANGED] > 0);
}

TEST(dhcp6_ias_keep_their_own_clocks,
    "D6-46: one IA is renewed without the other; T2 of one is not the "
    "other's")
{
	(void)tc;
	w6_init(&w);
	w.conf.nprefixes = 1;
	w6_start(&w);
	w6_grant(&w, DHCP6_ADVERTISE, 1000, 2000);
	w6_answer(&w, &p, DHCP6_REPLY);
	p6_ia_na(&p, w6_iaid(&w, 0), "2001:db8::10", 1000, 2000);
	p6_ia_pd(&p, w6_iaid(&w, 1), "2001:db8:100::", 48, 10000, 20000);
	w6_receive(&w, &p);
	w6_advance(&w, 500000);
	ATF_CHECK_EQ(DHCP6_RENEW, w6_newest(&w)->type);
	ATF_CHECK(s6_opt(w6_newest(&w), 3, 0, NULL) != NULL);
	ATF_CHECK(s6_opt(w6_newest(&w), 25, 0, NULL) == NULL);
	w6_advance(&w, 1500000);
	ATF_CHECK_EQ(1, w.events[EVENT_EXPIRED]);
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK_EQ(1, w.delegated.nprefixes);
	ATF_CHECK_EQ(IA_BOUND, w.d.lease.ias[1].state);
	ATF_CHECK_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
}

/* The Reply of another server to the newest message. */
static void
reply_of_other(int na, int pd)
{
	const struct sent6 *s = w6_newest(&w);

	p6_begin(&p, DHCP6_REPLY, s->xid);
	p6_opt(&p, 1, CLIENT_DUID, CLIENT_DUID_LEN);
	p6_opt(&p, 2, "\0\3\0\1other!", 10);
	if (na)
		p6_ia_na(&p, w6_iaid(&w, 0), "2001:db8::10", 1000, 2000);
	if (pd)
		p6_ia_pd(&p, w6_iaid(&w, 1), "2001:db8:100::", 48, 1000, 2000);
	w6_receive(&w, &p);
}

TEST(dhcp6_ias_may_have_two_servers,
    "D6-46: after a Rebind; each is renewed with its own")
{
	const uint8_t *o;
	unsigned int i, sent;
	int other = 0;

	(void)tc;
	w6_bind_both(&w, 1000, 2000);
	w6_advance(&w, 800000);
	ATF_CHECK_EQ(DHCP6_REBIND, w6_newest(&w)->type);
	reply_of_other(0, 1);
	ATF_CHECK_EQ(IA_BOUND, w.d.lease.ias[1].state);
	ATF_CHECK_EQ(IA_REBINDING, w.d.lease.ias[0].state);
	w6_advance(&w, 13000); /* the Rebind goes on for the address */
	ATF_CHECK_EQ(DHCP6_REBIND, w6_newest(&w)->type);
	ATF_CHECK(s6_opt(w6_newest(&w), 25, 0, NULL) == NULL);
	w6_grant(&w, DHCP6_REPLY, 1000, 2000);
	ATF_CHECK(w.d.lease.ias[0].server.duid_len == SERVER_DUID_LEN);
	sent = w.nsent;
	w6_advance(&w, 500000);
	ATF_CHECK(w.nsent >= sent + 2);
	for (i = sent; i < w.nsent; i++) {
		ATF_CHECK_EQ(DHCP6_RENEW, w.sent[i].type);
		o = s6_opt(&w.sent[i], 2, 0, NULL);
		ATF_REQUIRE(o != NULL);
		if (memcmp(o, "\0\3\0\1other!", 10) != 0)
			continue;
		other = 1;
		ATF_CHECK(s6_opt(&w.sent[i], 3, 0, NULL) == NULL);
	}
	ATF_CHECK_EQ(1, other);
}

TEST(dhcp6_renew_is_answered_by_its_server,
    "D6-30: a Reply to Renew or Request from another server drops")
{
	(void)tc;
	w6_bind_both(&w, 1000, 2000);
	w6_advance(&w, 500000);
	ATF_CHECK_EQ(DHCP6_RENEW, w6_newest(&w)->type);
	reply_of_other(1, 1);
	ATF_CHECK_EQ(D6_RENEWING, w.d.state);
	ATF_CHECK_EQ(1, w.counters[COUNT_D6_DROP_SERVER]);
}

/* ---- the wire ---- */

TEST(dhcp6_messages_not_for_us,
    "D6-30: foreign xid, client id, type, and a multicast source")
{
	struct recv6 meta;

	(void)tc;
	w6_init(&w);
	w6_start(&w);
	w6_answer(&w, &p, DHCP6_ADVERTISE);
	p.bytes[3] ^= 1;
	w6_put_grants(&w, &p, 3600, 7200);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(1, w.counters[COUNT_D6_DROP_XID]);
	p6_begin(&p, DHCP6_ADVERTISE, w6_newest(&w)->xid);
	p6_opt(&p, 1, "\0\4somebody else's", 18);
	p6_opt(&p, 2, SERVER_DUID, SERVER_DUID_LEN);
	w6_put_grants(&w, &p, 3600, 7200);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(1, w.counters[COUNT_D6_DROP_CLIENT]);
	p6_begin(&p, DHCP6_ADVERTISE, w6_newest(&w)->xid);
	p6_opt(&p, 2, SERVER_DUID, SERVER_DUID_LEN);
	w6_put_grants(&w, &p, 3600, 7200);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(2, w.counters[COUNT_D6_DROP_CLIENT]);
	w6_answer(&w, &p, DHCP6_RELAY_REPL);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(1, w.counters[COUNT_D6_DROP_TYPE]);
	w6_answer(&w, &p, DHCP6_ADVERTISE);
	w6_put_grants(&w, &p, 3600, 7200);
	memset(&meta, 0, sizeof(meta));
	meta.src = ip6("ff02::1");
	dhcp6_receive(&w.d, &in6addr_any, &meta, p.bytes, p.len, w.now);
	meta.src = ip6("::");
	dhcp6_receive(&w.d, &in6addr_any, &meta, p.bytes, p.len, w.now);
	ATF_CHECK_EQ(2, w.counters[COUNT_D6_DROP_SOURCE]);
	/* any unicast source and any source port will do */
	meta.src = ip6("2001:db8::547");
	meta.src_port = 4711;
	w6_advance(&w, 1500);
	w6_answer(&w, &p, DHCP6_ADVERTISE);
	w6_put_grants(&w, &p, 3600, 7200);
	dhcp6_receive(&w.d, &in6addr_any, &meta, p.bytes, p.len, w.now);
	ATF_CHECK_EQ(1, w6_count(&w, DHCP6_REQUEST));
}

TEST(dhcp6_advertise_when_bound_is_dropped,
    "D6-30: a type that is not expected in this state")
{
	(void)tc;
	w6_bind_both(&w, 1000, 2000);
	w6_advance(&w, 500000);
	w6_grant(&w, DHCP6_ADVERTISE, 1000, 2000);
	ATF_CHECK_EQ(D6_RENEWING, w.d.state);
	ATF_CHECK_EQ(1, w.counters[COUNT_D6_DROP_TYPE]);
}

TEST(dhcp6_too_long_is_counted, "D6-31: longer than the buffer")
{
	static uint8_t big[DHCP6_RECV_MAX + 1];
	struct recv6 meta;

	(void)tc;
	w6_init(&w);
	w6_start(&w);
	memset(&meta, 0, sizeof(meta));
	meta.src = ip6("fe80::9");
	dhcp6_receive(&w.d, &in6addr_any, &meta, big, sizeof(big), w.now);
	ATF_CHECK_EQ(1, w.counters[COUNT_D6_DROP_LENGTH]);
}

/* ---- information ---- */

TEST(dhcp6_information_is_refreshed,
    "D6-19: after option 32, at least 600 s, 86400 s without it")
{
	(void)tc;
	w6_init(&w);
	w.conf.dhcp6 = CONF_AUTO;
	w6_start(&w);
	dhcp6_ra_flags(&w.d, 0, 1, 0, w.now);
	w6_answer(&w, &p, DHCP6_REPLY);
	p6_open(&p, 23);
	p6_addr(&p, "2001:db8::53");
	p6_close(&p);
	p6_opt(&p, 32, "\0\0\0\x01", 4);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(D6_INFORMED, w.d.state);
	ATF_CHECK_EQ(1, w.dns.nservers);
	ATF_CHECK_EQ(1, w.stored.stateless);
	ATF_CHECK_EQ(0, w.config.naddrs);
	w6_advance(&w, 599999);
	ATF_CHECK_EQ(1, w.nsent);
	w6_advance(&w, 1);
	ATF_CHECK_EQ(2, w.nsent);
	w6_answer(&w, &p, DHCP6_REPLY);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(0, w.dns.nservers);
	w6_advance(&w, 86399999);
	ATF_CHECK_EQ(2, w.nsent);
	w6_advance(&w, 1);
	ATF_CHECK_EQ(3, w.nsent);
}

TEST(dhcp6_inf_max_rt, "D6-19: 3600 s until option 83 says less")
{
	unsigned int i;

	(void)tc;
	w6_init(&w);
	w.conf.dhcp6 = CONF_AUTO;
	w.rand_high = 1;
	w6_start(&w);
	dhcp6_ra_flags(&w.d, 0, 1, 0, w.now);
	w6_advance(&w, 7 * 3600 * 1000);
	i = w.nsent - 1;
	ATF_CHECK_EQ(3960000, w.sent[i].when - w.sent[i - 1].when);
	w6_answer(&w, &p, DHCP6_REPLY);
	p6_opt(&p, 83, "\0\0\0\x3c", 4);
	p6_opt(&p, 32, "\0\0\x02\x58", 4);
	w6_receive(&w, &p);
	w6_advance(&w, 3600 * 1000);
	i = w.nsent - 1;
	ATF_CHECK_EQ(66000, w.sent[i].when - w.sent[i - 1].when);
}

TEST(dhcp6_dns_is_of_the_lease,
    "D6-32: said once, left alone by a Reply for another IA, gone with it")
{
	(void)tc;
	w6_init(&w);
	w6_start(&w);
	w6_grant(&w, DHCP6_ADVERTISE, 1000, 2000);
	w6_answer(&w, &p, DHCP6_REPLY);
	w6_put_grants(&w, &p, 1000, 2000);
	p6_open(&p, 23);
	p6_addr(&p, "2001:db8::53");
	p6_close(&p);
	p6_opt(&p, 24, "\3lan\0", 5);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(1, w.ndns);
	ATF_CHECK_EQ(1, w.dns.nservers);
	ATF_CHECK_STREQ("lan", w.dns.search[0]);
	w6_link(&w, 0);
	w6_advance(&w, 1999000);
	ATF_CHECK_EQ(1, w.ndns);
	w6_advance(&w, 1000);
	ATF_CHECK_EQ(2, w.ndns);
	ATF_CHECK_EQ(0, w.dns.nservers);
}

/* ---- the kernel ---- */

TEST(dhcp6_usable_is_bindable,
    "D6-16, Y-03: neither before it is configured nor while tentative")
{
	(void)tc;
	w6_init(&w);
	w6_bind(&w, 1000, 2000);
	ATF_CHECK(!dhcp6_usable(&w.d));
	w6_address(&w, "2001:db8::10", STATE6_PRESENT | STATE6_TENTATIVE);
	ATF_CHECK(!dhcp6_usable(&w.d));
	w6_address(&w, "2001:db8::10",
	    STATE6_PRESENT | STATE6_TENTATIVE | STATE6_OPTIMISTIC);
	ATF_CHECK(dhcp6_usable(&w.d));
	w6_address(&w, "2001:db8::10", STATE6_PRESENT);
	ATF_CHECK(dhcp6_usable(&w.d));
	w6_advance(&w, 500000);
	w6_grant(&w, DHCP6_REPLY, 1000, 2000);
	ATF_CHECK(dhcp6_usable(&w.d));
	w6_address(&w, "2001:db8::10", 0);
	ATF_CHECK(!dhcp6_usable(&w.d));
}

TEST(dhcp6_removed_address_is_put_back,
    "D6-46: at once, and in a fight every 10 seconds")
{
	unsigned int n;

	(void)tc;
	w6_init(&w);
	w6_bind(&w, 1000, 2000);
	w6_address(&w, "2001:db8::10", STATE6_PRESENT);
	n = w.nconfig;
	w6_address(&w, "2001:db8::10", 0);
	ATF_CHECK_EQ(n + 1, w.nconfig);
	w6_address(&w, "2001:db8::10", 0);
	ATF_CHECK_EQ(n + 1, w.nconfig);
	w6_advance(&w, 9999);
	ATF_CHECK_EQ(n + 1, w.nconfig);
	w6_advance(&w, 1);
	ATF_CHECK_EQ(n + 2, w.nconfig);
	w6_advance(&w, 60000);
	ATF_CHECK_EQ(n + 2, w.nconfig);
}

TEST(dhcp6_duplicate_is_declined,
    "D6-17, D6-10: Decline, 1 s, four in all, then Solicit for a new one")
{
	const uint8_t *o;
	size_t len;

	(void)tc;
	w6_init(&w);
	w6_bind(&w, 1000, 2000);
	w6_address(&w, "2001:db8::10", STATE6_PRESENT | STATE6_DUPLICATED);
	ATF_CHECK_EQ(DHCP6_DECLINE, w6_newest(&w)->type);
	ATF_CHECK(s6_opt(w6_newest(&w), 2, 0, NULL) != NULL);
	ATF_CHECK(s6_opt(w6_newest(&w), 6, 0, NULL) == NULL);
	o = s6_opt(w6_newest(&w), 3, 0, &len);
	ATF_REQUIRE(o != NULL && len == 12 + 28);
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK_EQ(1, w.events[EVENT_CONFLICT]);
	w6_answer(&w, &p, DHCP6_REPLY);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
	w6_init(&w);
	w6_bind(&w, 1000, 2000);
	w6_address(&w, "2001:db8::10", STATE6_DUPLICATED);
	w6_advance(&w, 20000);
	ATF_CHECK_EQ(4, w6_count(&w, DHCP6_DECLINE));
	ATF_CHECK(w6_count(&w, DHCP6_SOLICIT) > 1);
}

TEST(dhcp6_duplicates_without_end_are_slowed_down,
    "D6-17: a server that gives the same address again and again")
{
	unsigned int i;

	(void)tc;
	w6_init(&w);
	w6_start(&w);
	for (i = 0; i < 20; i++) {
		while (w6_newest(&w)->type != DHCP6_SOLICIT)
			w6_tick(&w);
		w6_grant(&w, DHCP6_ADVERTISE, 1000, 2000);
		w6_grant(&w, DHCP6_REPLY, 1000, 2000);
		w6_address(
		    &w, "2001:db8::10", STATE6_PRESENT | STATE6_DUPLICATED);
		w6_answer(&w, &p, DHCP6_REPLY);
		w6_receive(&w, &p);
		w6_address(&w, "2001:db8::10", 0);
	}
	ATF_CHECK(w.now - 1000000 >= 160000);
}

TEST(dhcp6_reject_route_for_the_prefix,
    "D6-42: unreachable, for the whole of it, as long as it lives")
{
	(void)tc;
	w6_bind_both(&w, 1000, 2000);
	ATF_REQUIRE_EQ(1, w.config.nroutes);
	ATF_CHECK(same6(&w.config.routes[0].dst, "2001:db8:100::"));
	ATF_CHECK_EQ(48, w.config.routes[0].prefixlen);
	ATF_CHECK_EQ(ROUTE6_REJECT, w.config.routes[0].flags);
	ATF_CHECK_EQ(2000, w.config.routes[0].valid_sec);
	ATF_CHECK(IN6_IS_ADDR_UNSPECIFIED(&w.config.routes[0].gateway));
	w6_link(&w, 0);
	w6_advance(&w, 2000000);
	ATF_CHECK_EQ(0, w.config.nroutes);
}

/* ---- Release ---- */

TEST(dhcp6_release_after_withdrawal,
    "D6-17, D6-10: addresses first, then Release, four in all")
{
	(void)tc;
	w6_bind_both(&w, 1000, 2000);
	w.hold_configured = 1;
	w.nsent = 0;
	dhcp6_release(&w.d, w.now);
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK_EQ(0, w.config.nroutes);
	ATF_CHECK_EQ(0, w.delegated.nprefixes);
	ATF_CHECK_EQ(0, w.nsent);
	ATF_CHECK(!dhcp6_idle(&w.d));
	dhcp6_configured(&w.d, w.config.serial, 0, w.now);
	ATF_REQUIRE_EQ(1, w.nsent);
	ATF_CHECK_EQ(DHCP6_RELEASE, w6_newest(&w)->type);
	ATF_CHECK(s6_opt(w6_newest(&w), 2, 0, NULL) != NULL);
	ATF_CHECK(s6_opt(w6_newest(&w), 3, 0, NULL) != NULL);
	ATF_CHECK(s6_opt(w6_newest(&w), 25, 0, NULL) != NULL);
	ATF_CHECK_EQ(D6_RELEASING, w.d.state);
	w.nforget = 0;
	w6_advance(&w, 60000);
	ATF_CHECK_EQ(4, w.nsent);
	ATF_CHECK(dhcp6_idle(&w.d));
	ATF_CHECK_EQ(D6_DOWN, w.d.state);
	ATF_CHECK_EQ(1, w.nforget);
	ATF_CHECK_EQ(2, w.events[EVENT_RELEASED]);
	/* silent until renew or link up */
	w6_advance(&w, 3600000);
	ATF_CHECK_EQ(4, w.nsent);
	dhcp6_renew(&w.d, w.now);
	ATF_CHECK_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
}

TEST(dhcp6_release_ends_without_its_socket,
    "D6-10, D6-17: REL_MAX_RC holds when the link-local address went")
{
	(void)tc;
	w6_bind_both(&w, 1000, 2000);
	dhcp6_release(&w.d, w.now);
	w6_advance(&w, 1000);
	ATF_REQUIRE_EQ(DHCP6_RELEASE, w6_newest(&w)->type);
	w.nforget = 0;
	w6_channels(&w, ENOTCONN);
	ATF_CHECK_EQ(D6_RELEASING, w.d.state);
	w6_advance(&w, 20000);
	ATF_CHECK_EQ(D6_DOWN, w.d.state);
	ATF_CHECK(dhcp6_idle(&w.d));
	ATF_CHECK_EQ(4, w6_count(&w, DHCP6_RELEASE));
	ATF_CHECK_EQ(1, w.nforget);
	/* The same for one prefix, which then is asked for again. */
	w6_bind_both(&w, 1000, 2000);
	w.conf.prefixes[0].hint_len = 60;
	dhcp6_configure(&w.d, &w.conf, (const uint8_t *)CLIENT_DUID,
	    CLIENT_DUID_LEN, w.now);
	w6_channels(&w, ENOTCONN);
	w6_advance(&w, 20000);
	w6_channels(&w, 0);
	w6_advance(&w, 1);
	ATF_CHECK_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
}

TEST(dhcp6_release_is_answered,
    "D6-17: one message; a parent that says nothing is not waited for")
{
	(void)tc;
	w6_bind_both(&w, 1000, 2000);
	w.hold_configured = 1;
	dhcp6_release(&w.d, w.now);
	w6_advance(&w, 1000);
	ATF_CHECK_EQ(DHCP6_RELEASE, w6_newest(&w)->type);
	w6_answer(&w, &p, DHCP6_REPLY);
	p6_status(&p, 3, ""); /* NoBinding is as good */
	w6_receive(&w, &p);
	ATF_CHECK(dhcp6_idle(&w.d));
	ATF_CHECK_EQ(1, w6_count(&w, DHCP6_RELEASE));
}

TEST(dhcp6_no_release_without_carrier,
    "D6-17: neither when it is gone nor when it goes meanwhile")
{
	(void)tc;
	w6_bind_both(&w, 1000, 2000);
	w6_link(&w, 0);
	dhcp6_release(&w.d, w.now);
	ATF_CHECK(dhcp6_idle(&w.d));
	ATF_CHECK_EQ(0, w.config.naddrs);
	w6_advance(&w, 60000);
	ATF_CHECK_EQ(0, w6_count(&w, DHCP6_RELEASE));
	w6_bind_both(&w, 1000, 2000);
	dhcp6_release(&w.d, w.now);
	w6_link(&w, 0);
	ATF_CHECK(dhcp6_idle(&w.d));
}

TEST(dhcp6_withdraw_says_nothing, "D6-17: let go of without a Release")
{
	(void)tc;
	w6_bind_both(&w, 1000, 2000);
	w.nsent = 0;
	dhcp6_withdraw(&w.d, w.now);
	w6_advance(&w, 60000);
	ATF_CHECK_EQ(0, w.nsent);
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK_EQ(0, w.nforget > 1);
}

/* ---- Reconfigure ---- */

/* A Reply with the reconfigure key. */
static void
bind_with_key(void)
{
	w6_init(&w);
	w.conf.reconfigure = 1;
	w6_start(&w);
	ATF_CHECK(s6_opt(w6_newest(&w), 20, 0, NULL) != NULL);
	w6_grant(&w, DHCP6_ADVERTISE, 1000, 2000);
	w6_answer(&w, &p, DHCP6_REPLY);
	w6_put_grants(&w, &p, 1000, 2000);
	p6_open(&p, 11);
	p6_raw(&p, "\3\1\0\0\0\0\0\0\0\0\5\1", 12);
	p6_raw(&p, key, 16);
	p6_close(&p);
	w6_receive(&w, &p);
	ATF_REQUIRE_EQ(1, w.d.lease.has_key);
}

/* A Reconfigure with a replay counter, signed. */
static void
reconfigure(uint8_t replay, uint8_t type, const char *with)
{
	size_t at;

	p6_begin(&p, DHCP6_RECONFIGURE, 0);
	p6_ids(&p);
	p6_opt(&p, 19, &type, 1);
	p6_open(&p, 11);
	p6_raw(&p, "\3\1\0\0\0\0\0\0\0\0", 10);
	p6_u8(&p, replay);
	p6_u8(&p, 2);
	at = p.len;
	p6_raw(&p, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	p6_close(&p);
	hmac_md5(with, 16, p.bytes, p.len, p.bytes + at);
}

TEST(dhcp6_reconfigure_renews,
    "D6-20: authentic, newer, and asked for with `reconfigure yes`")
{
	(void)tc;
	bind_with_key();
	reconfigure(6, DHCP6_RENEW, key);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(DHCP6_RENEW, w6_newest(&w)->type);
	ATF_CHECK_EQ(1, w.counters[COUNT_D6_RX_RECONFIGURE]);
	w6_grant(&w, DHCP6_REPLY, 1000, 2000);
	reconfigure(7, DHCP6_REBIND, key);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(DHCP6_REBIND, w6_newest(&w)->type);
	w6_grant(&w, DHCP6_REPLY, 1000, 2000);
	reconfigure(8, DHCP6_INFORMATION_REQUEST, key);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(DHCP6_INFORMATION_REQUEST, w6_newest(&w)->type);
	w6_answer(&w, &p, DHCP6_REPLY);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(D6_BOUND, w.d.state);
}

TEST(dhcp6_reconfigure_replayed_or_forged,
    "D6-20: old counter, wrong key, changed byte, none, multicast: drop")
{
	struct recv6 meta;
	unsigned int sent;

	(void)tc;
	bind_with_key();
	sent = w.nsent;
	reconfigure(5, DHCP6_RENEW, key); /* the key's own counter */
	w6_receive(&w, &p);
	reconfigure(6, DHCP6_RENEW, "fedcba9876543210");
	w6_receive(&w, &p);
	reconfigure(6, DHCP6_RENEW, key);
	p.bytes[p.len - 40]++;
	w6_receive(&w, &p);
	p6_begin(&p, DHCP6_RECONFIGURE, 0);
	p6_ids(&p);
	p6_opt(&p, 19, "\5", 1);
	w6_receive(&w, &p);
	reconfigure(6, DHCP6_RENEW, key);
	memset(&meta, 0, sizeof(meta));
	meta.src = ip6("fe80::9");
	meta.dst = ip6("ff02::1");
	dhcp6_receive(&w.d, &in6addr_any, &meta, p.bytes, p.len, w.now);
	ATF_CHECK_EQ(sent, w.nsent);
	ATF_CHECK(w.counters[COUNT_D6_DROP_AUTH] +
		w.counters[COUNT_D6_DROP_CLIENT] +
		w.counters[COUNT_D6_DROP_OPTIONS] >=
	    5);
	reconfigure(6, DHCP6_RENEW, key);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(sent + 1, w.nsent);
	w6_grant(&w, DHCP6_REPLY, 1000, 2000);
	w6_receive(&w, &p); /* a replay */
	ATF_CHECK_EQ(sent + 1, w.nsent);
}

TEST(dhcp6_reconfigure_no, "D6-20: not accepted, nor is it said to be")
{
	(void)tc;
	bind_with_key();
	w.conf.reconfigure = 0;
	dhcp6_configure(&w.d, &w.conf, (const uint8_t *)CLIENT_DUID,
	    CLIENT_DUID_LEN, w.now);
	w.nsent = 0;
	reconfigure(6, DHCP6_RENEW, key);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(0, w.nsent);
	w6_init(&w);
	w6_start(&w);
	ATF_CHECK(s6_opt(w6_newest(&w), 20, 0, NULL) == NULL);
}

TEST(dhcp6_reconfigure_is_heard_on_leased_addresses,
    "D6-20: a receive channel for each that is usable, and its key is kept")
{
	(void)tc;
	bind_with_key();
	ATF_CHECK_EQ(0, w.nopen);
	w6_address(&w, "2001:db8::10", STATE6_PRESENT);
	ATF_REQUIRE_EQ(1, w.nopen);
	ATF_CHECK_EQ(CHANNEL_DHCP6, w.open[0].channel);
	ATF_CHECK(same6(&w.open[0].key, "2001:db8::10"));
	ATF_CHECK_EQ(0, memcmp(w.stored.key, key, 16));
	dhcp6_withdraw(&w.d, w.now);
	ATF_CHECK_EQ(0, w.nopen);
}

/* ---- anonymity ---- */

TEST(dhcp6_anonymous_says_little,
    "D6-05: DUID-LL of the MAC, no name or class, no Client id to inform")
{
	static const uint8_t want[] = { 0, 3, 0, 1, 2, 0, 0, 0, 0, 1 };
	const uint8_t *o;
	size_t len;

	(void)tc;
	w6_init(&w);
	w.conf.anonymous = 1;
	memcpy(w.conf.host_name, "secret", 7);
	memcpy(w.conf.vendor_class, "leased", 7);
	memcpy(w.conf.user_classes[0], "me", 3);
	w.conf.nuser_classes = 1;
	w6_start(&w);
	o = s6_opt(w6_newest(&w), 1, 0, &len);
	ATF_REQUIRE(o != NULL && len == sizeof(want));
	ATF_CHECK_EQ(0, memcmp(o, want, len));
	ATF_CHECK(s6_opt(w6_newest(&w), 39, 0, NULL) == NULL);
	ATF_CHECK(s6_opt(w6_newest(&w), 15, 0, NULL) == NULL);
	ATF_CHECK(s6_opt(w6_newest(&w), 16, 0, NULL) == NULL);
	w6_init(&w);
	w.conf.anonymous = 1;
	w.conf.dhcp6 = CONF_AUTO;
	w6_start(&w);
	dhcp6_ra_flags(&w.d, 0, 1, 0, w.now);
	ATF_CHECK_EQ(DHCP6_INFORMATION_REQUEST, w6_newest(&w)->type);
	ATF_CHECK(s6_opt(w6_newest(&w), 1, 0, NULL) == NULL);
	/* with somebody's id it is not for us */
	w6_answer(&w, &p, DHCP6_REPLY);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(D6_INFORMING, w.d.state);
	p6_begin(&p, DHCP6_REPLY, w6_newest(&w)->xid);
	p6_opt(&p, 2, SERVER_DUID, SERVER_DUID_LEN);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(D6_INFORMED, w.d.state);
}

TEST(dhcp6_anonymous_forgets_networks,
    "D6-05: no Confirm of what another network gave")
{
	(void)tc;
	w6_init(&w);
	w.conf.anonymous = 1;
	w6_start(&w);
	p6_begin(&p, DHCP6_ADVERTISE, w6_newest(&w)->xid);
	p6_opt(&p, 1, "\0\3\0\1\2\0\0\0\0\1", 10);
	p6_opt(&p, 2, SERVER_DUID, SERVER_DUID_LEN);
	p6_opt(&p, 7, "\xff", 1);
	p6_ia_na(&p, w6_iaid(&w, 0), "2001:db8::10", 1000, 2000);
	w6_receive(&w, &p);
	p6_begin(&p, DHCP6_REPLY, w6_newest(&w)->xid);
	p6_opt(&p, 1, "\0\3\0\1\2\0\0\0\0\1", 10);
	p6_opt(&p, 2, SERVER_DUID, SERVER_DUID_LEN);
	p6_ia_na(&p, w6_iaid(&w, 0), "2001:db8::10", 1000, 2000);
	w6_receive(&w, &p);
	ATF_REQUIRE_EQ(D6_BOUND, w.d.state);
	w6_link(&w, 0);
	w.iface.network_id_len = 4;
	memcpy(w.iface.network_id, "cafe", 4);
	w6_link(&w, 1);
	ATF_CHECK_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
	ATF_CHECK_EQ(0, w6_count(&w, DHCP6_CONFIRM));
	ATF_CHECK_EQ(0, w.config.naddrs);
}

/* ---- registration ---- */

/* Informed of option 148, with one address of SLAAC's. */
static void
start_registration(int offered)
{
	struct addr6 a;

	w6_init(&w);
	w.conf.dhcp6 = CONF_AUTO;
	w.conf.register_addr = 1;
	w6_start(&w);
	dhcp6_ra_flags(&w.d, 0, 1, 0, w.now);
	w6_answer(&w, &p, DHCP6_REPLY);
	if (offered)
		p6_opt(&p, 148, "", 0);
	w6_receive(&w, &p);
	memset(&a, 0, sizeof(a));
	a.addr = ip6("2001:db8::aaaa");
	a.valid_sec = 86400;
	a.preferred_sec = 3600;
	dhcp6_slaac_addresses(&w.d, &a, 1, w.now);
}

TEST(dhcp6_registers_addresses,
    "D6-45: from the address itself, when it is usable, and again at 80 %")
{
	struct in6_addr addr = ip6("2001:db8::aaaa");
	const uint8_t *o;
	size_t len;

	(void)tc;
	start_registration(1);
	ATF_CHECK_EQ(0, w.nopen);
	w6_address(&w, "2001:db8::aaaa", STATE6_PRESENT | STATE6_TENTATIVE);
	ATF_CHECK_EQ(0, w.nopen);
	w6_address(&w, "2001:db8::aaaa", STATE6_PRESENT);
	ATF_REQUIRE_EQ(2, w.nopen);
	w.nsent = 0;
	dhcp6_channel(&w.d, CHANNEL_DHCP6, &addr, 0, w.now);
	dhcp6_channel(&w.d, CHANNEL_DHCP6_SEND, &addr, 0, w.now);
	ATF_REQUIRE_EQ(1, w.nsent);
	ATF_CHECK_EQ(DHCP6_ADDR_REG_INFORM, w6_newest(&w)->type);
	ATF_CHECK(IN6_ARE_ADDR_EQUAL(&w6_newest(&w)->key, &addr));
	ATF_CHECK(s6_opt(w6_newest(&w), 1, 0, NULL) != NULL);
	ATF_CHECK(s6_opt(w6_newest(&w), 2, 0, NULL) == NULL);
	ATF_CHECK(s6_opt(w6_newest(&w), 3, 0, NULL) == NULL);
	o = s6_opt(w6_newest(&w), 5, 0, &len);
	ATF_REQUIRE(o != NULL && len == 24);
	ATF_CHECK_EQ(0, memcmp(o, &addr, 16));
	ATF_CHECK_EQ(0, memcmp(o + 16, "\0\0\x0e\x10\0\1\x51\x80", 8));
	w6_advance(&w, 20000);
	ATF_CHECK_EQ(3, w.nsent); /* not answered: three tries */
	w6_advance(&w, 86400000);
	ATF_CHECK(w.nsent > 3);
}

TEST(dhcp6_registration_is_answered,
    "D6-45: one message; the Reply is about the address and to it")
{
	struct in6_addr addr = ip6("2001:db8::aaaa");
	struct in6_addr other = ip6("2001:db8::bbbb");
	struct recv6 meta;

	(void)tc;
	start_registration(1);
	w6_address(&w, "2001:db8::aaaa", STATE6_PRESENT);
	w.nsent = 0;
	dhcp6_channel(&w.d, CHANNEL_DHCP6_SEND, &addr, 0, w.now);
	ATF_REQUIRE_EQ(1, w.nsent);
	memset(&meta, 0, sizeof(meta));
	meta.src = ip6("fe80::9");
	p6_begin(&p, DHCP6_ADDR_REG_REPLY, w6_newest(&w)->xid);
	p6_opt(&p, 1, CLIENT_DUID, CLIENT_DUID_LEN);
	p6_open_addr(&p, "2001:db8::aaaa", 3600, 86400);
	p6_close(&p);
	dhcp6_receive(&w.d, &other, &meta, p.bytes, p.len, w.now);
	ATF_CHECK_EQ(0, w.d.regs[0].registered);
	dhcp6_receive(&w.d, &addr, &meta, p.bytes, p.len, w.now);
	ATF_CHECK_EQ(1, w.d.regs[0].registered);
	w6_advance(&w, 60000000);
	ATF_CHECK_EQ(1, w.nsent);
	w6_advance(&w, 20000000);
	ATF_CHECK(w.nsent > 1);
	dhcp6_slaac_addresses(&w.d, NULL, 0, w.now);
	ATF_CHECK_EQ(0, w.nopen);
}

TEST(dhcp6_registers_only_where_it_is_wanted,
    "D6-45: not without option 148, not without `register yes`")
{
	(void)tc;
	start_registration(0);
	w6_address(&w, "2001:db8::aaaa", STATE6_PRESENT);
	ATF_CHECK_EQ(0, w.nopen);
	start_registration(1);
	w.conf.register_addr = 0;
	dhcp6_configure(&w.d, &w.conf, (const uint8_t *)CLIENT_DUID,
	    CLIENT_DUID_LEN, w.now);
	w6_address(&w, "2001:db8::aaaa", STATE6_PRESENT);
	ATF_CHECK_EQ(0, w.nopen);
}

/* ---- what the engine tells ---- */

TEST(dhcp6_sockets_are_waited_for,
    "D6-11: nothing is sent before both are open; port taken is said")
{
	(void)tc;
	w6_init(&w);
	dhcp6_configure(&w.d, &w.conf, (const uint8_t *)CLIENT_DUID,
	    CLIENT_DUID_LEN, w.now);
	dhcp6_interface(&w.d, &w.iface, w.now);
	dhcp6_start(&w.d, w.now);
	ATF_CHECK_EQ(D6_WAITING, w.d.state);
	w6_channels(&w, EADDRINUSE);
	ATF_CHECK(strstr(w.log, "546") != NULL);
	w6_advance(&w, 60000);
	ATF_CHECK_EQ(0, w.nsent);
	w6_channels(&w, 0);
	ATF_CHECK_EQ(1, w.nsent);
}

TEST(dhcp6_filtered_is_said_once, "D6-10: EACCES names the ports")
{
	(void)tc;
	w6_init(&w);
	w6_start(&w);
	dhcp6_sent(&w.d, CHANNEL_DHCP6_SEND, &in6addr_any, EACCES, w.now);
	ATF_CHECK(strstr(w.log, "546") != NULL);
	w.log[0] = '\0';
	dhcp6_sent(&w.d, CHANNEL_DHCP6_SEND, &in6addr_any, EACCES, w.now);
	ATF_CHECK_STREQ("", w.log);
	ATF_CHECK_EQ(2, w.counters[COUNT_D6_SEND_FILTERED]);
}

TEST(dhcp6_reload,
    "D6-01, D6-02: another identity starts anew, no withdraws, the same "
    "does nothing")
{
	unsigned int sent;

	(void)tc;
	w6_bind_both(&w, 1000, 2000);
	sent = w.nsent;
	dhcp6_configure(&w.d, &w.conf, (const uint8_t *)CLIENT_DUID,
	    CLIENT_DUID_LEN, w.now);
	ATF_CHECK_EQ(sent, w.nsent);
	ATF_CHECK_EQ(1, w.config.naddrs);
	dhcp6_configure(&w.d, &w.conf, (const uint8_t *)"\0\4other", 7, w.now);
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
	w6_bind_both(&w, 1000, 2000);
	w.conf.nprefixes = 0;
	dhcp6_configure(&w.d, &w.conf, (const uint8_t *)CLIENT_DUID,
	    CLIENT_DUID_LEN, w.now);
	ATF_CHECK_EQ(1, w.config.naddrs);
	ATF_CHECK_EQ(0, w.delegated.nprefixes);
	w.conf.dhcp6 = CONF_NO;
	dhcp6_configure(&w.d, &w.conf, (const uint8_t *)CLIENT_DUID,
	    CLIENT_DUID_LEN, w.now);
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK_EQ(D6_DOWN, w.d.state);
	w.nsent = 0;
	w6_advance(&w, 3600000);
	ATF_CHECK_EQ(0, w.nsent);
}

TEST(dhcp6_resume_counts_sleep,
    "D6-14, D6-15: what expired asleep goes, the rest is confirmed")
{
	(void)tc;
	w6_init(&w);
	w6_bind(&w, 1000, 2000);
	dhcp6_resume(&w.d, 900, w.now);
	ATF_CHECK_EQ(DHCP6_CONFIRM, w6_newest(&w)->type);
	w6_answer(&w, &p, DHCP6_REPLY);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(D6_REBINDING, w.d.state);
	dhcp6_resume(&w.d, 1200, w.now);
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
}

TEST(dhcp6_status_counts_down, "D6-46: times left of each, no key shown")
{
	static struct dhcp6_status st;

	(void)tc;
	bind_with_key();
	w6_advance(&w, 100000);
	dhcp6_status(&w.d, w.now, &st);
	ATF_CHECK_EQ(D6_BOUND, st.state);
	ATF_CHECK(st.lease.naddrs > 0);
	ATF_CHECK_EQ(400, st.lease.ias[0].t1_sec);
	ATF_CHECK_EQ(700, st.lease.ias[0].t2_sec);
	ATF_CHECK_EQ(900, st.lease.addrs[0].preferred_sec);
	ATF_CHECK_EQ(1900, st.lease.addrs[0].valid_sec);
	ATF_CHECK_EQ(0, st.lease.key[0]);
	ATF_CHECK_EQ(1, st.lease.has_key);
	ATF_CHECK(same6(&st.lease.ias[0].server.addr, "fe80::9"));
}

/* ---- leasectl renew, packet filters, reload ---- */

TEST(dhcp6_renew_command_sends_at_once,
    "D6-14: leasectl renew waits for no retransmission")
{
	(void)tc;
	w6_bind_both(&w, 1000, 2000);
	w6_advance(&w, 500000);
	ATF_REQUIRE_EQ(D6_RENEWING, w.d.state);
	w6_advance(&w, 60000);
	ATF_CHECK(w.deadline > w.now + 5000);
	w.nsent = 0;
	dhcp6_renew(&w.d, w.now);
	ATF_CHECK_EQ(1, w6_count(&w, DHCP6_RENEW));
	/* From the beginning: 10 s. */
	ATF_CHECK(w.deadline > w.now && w.deadline <= w.now + 11000);
	w6_advance(&w, 260000);
	ATF_REQUIRE_EQ(D6_REBINDING, w.d.state);
	w.nsent = 0;
	dhcp6_renew(&w.d, w.now);
	ATF_CHECK_EQ(1, w6_count(&w, DHCP6_REBIND));
	ATF_CHECK_EQ(1, w.nsent);
	w6_grant(&w, DHCP6_REPLY, 1000, 2000);
	ATF_CHECK_EQ(D6_BOUND, w.d.state);
}

TEST(dhcp6_release_that_a_filter_dropped_is_said,
    "D6-17, Y-15: a Release that did not leave is no release")
{
	(void)tc;
	w6_bind_both(&w, 1000, 2000);
	dhcp6_sent(&w.d, CHANNEL_DHCP6_SEND, &in6addr_any, EACCES, w.now);
	dhcp6_release(&w.d, w.now);
	dhcp6_configured(&w.d, w.config.serial, 0, w.now);
	ATF_REQUIRE_EQ(1, w6_count(&w, DHCP6_RELEASE));
	dhcp6_sent(&w.d, CHANNEL_DHCP6_SEND, &in6addr_any, EACCES, w.now);
	w6_advance(&w, 60000);
	ATF_CHECK(strstr(w.log, "dropped the Release") != NULL);
	ATF_CHECK_EQ(D6_DOWN, w.d.state);
	/* One of them left, and was answered. */
	w6_bind_both(&w, 1000, 2000);
	dhcp6_release(&w.d, w.now);
	dhcp6_configured(&w.d, w.config.serial, 0, w.now);
	dhcp6_sent(&w.d, CHANNEL_DHCP6_SEND, &in6addr_any, EACCES, w.now);
	w6_advance(&w, 1500);
	ATF_REQUIRE_EQ(2, w6_count(&w, DHCP6_RELEASE));
	w6_answer(&w, &p, DHCP6_REPLY);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(D6_DOWN, w.d.state);
	ATF_CHECK_STREQ("leases released", w.log);
}

TEST(dhcp6_waits_for_its_sockets,
    "D6-15, Y-12: sockets that are being made anew are no error, and what "
    "found none is sent when they are there")
{
	(void)tc;
	w6_init(&w);
	w6_bind(&w, 3600, 7200);
	w6_link(&w, 0);
	w6_link(&w, 1);
	ATF_REQUIRE_EQ(1, w6_count(&w, DHCP6_CONFIRM));
	w.log[0] = '\0';
	/* The parent had them closed when the link came up. */
	dhcp6_sent(&w.d, CHANNEL_DHCP6_SEND, &in6addr_any, ENOTCONN, w.now);
	w6_channels(&w, ENOTCONN);
	ATF_CHECK_STREQ("", w.log);
	ATF_CHECK_EQ(0, w.counters[COUNT_D6_SEND_ERROR]);
	w6_channels(&w, 0);
	w6_advance(&w, 1);
	ATF_CHECK_EQ(2, w6_count(&w, DHCP6_CONFIRM));
	ATF_CHECK_STREQ("", w.log);
	/* Real ones are still told. */
	w6_channels(&w, EADDRINUSE);
	ATF_CHECK(strstr(w.log, "no socket on port 546") != NULL);
}

TEST(dhcp6_renewal_to_seconds_is_honoured,
    "D6-14: what is had ends when the server says, be it in 3 s; as a new "
    "lease that is none")
{
	(void)tc;
	w6_bind_both(&w, 1000, 2000);
	w6_advance(&w, 500000);
	w6_grant(&w, DHCP6_REPLY, 2, 3);
	ATF_REQUIRE_EQ(1, w.config.naddrs);
	ATF_CHECK_EQ(3, w.config.addrs[0].valid_sec);
	ATF_CHECK_EQ(2, w.config.addrs[0].preferred_sec);
	ATF_CHECK_EQ(3, w.delegated.prefixes[0].valid_sec);
	w.nsent = 0;
	w6_advance(&w, 3500);
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK_EQ(0, w.delegated.nprefixes);
	ATF_CHECK_EQ(2, w.events[EVENT_EXPIRED]);
	ATF_CHECK(w6_count(&w, DHCP6_SOLICIT) >= 1);
	w6_grant(&w, DHCP6_ADVERTISE, 2, 3);
	ATF_CHECK_EQ(0, w6_count(&w, DHCP6_REQUEST));
}

TEST(dhcp6_removed_prefix_is_released,
    "D6-17, D6-40: a reload without the prefix statement releases it, and "
    "nothing else")
{
	size_t len;

	(void)tc;
	w6_init(&w);
	w.conf.nprefixes = 2;
	w6_bind(&w, 1000, 2000);
	ATF_REQUIRE_EQ(2, w.delegated.nprefixes);
	w.nsent = 0;
	w.conf.nprefixes = 1;
	dhcp6_configure(&w.d, &w.conf, (const uint8_t *)CLIENT_DUID,
	    CLIENT_DUID_LEN, w.now);
	/* It is withdrawn first. */
	ATF_CHECK_EQ(1, w.delegated.nprefixes);
	ATF_CHECK_EQ(1, w.config.nroutes);
	ATF_CHECK_EQ(1, w.events[EVENT_RELEASED]);
	ATF_CHECK_EQ(0, w.nsent);
	w6_advance(&w, 1000);
	ATF_REQUIRE_EQ(1, w.nsent);
	ATF_REQUIRE_EQ(DHCP6_RELEASE, w6_newest(&w)->type);
	ATF_CHECK(s6_opt(w6_newest(&w), 3, 0, NULL) == NULL);
	ATF_REQUIRE(s6_opt(w6_newest(&w), 25, 0, &len) != NULL);
	ATF_CHECK_EQ(0,
	    memcmp(s6_opt(w6_newest(&w), 25, 0, NULL) + 16 + 9,
		"\x20\x01\x0d\xb8\x02", 5));
	ATF_CHECK(s6_opt(w6_newest(&w), 25, 1, NULL) == NULL);
	ATF_CHECK(s6_opt(w6_newest(&w), 2, 0, NULL) != NULL);
	/* Back again: asked for when the Release is through. */
	w.conf.nprefixes = 2;
	dhcp6_configure(&w.d, &w.conf, (const uint8_t *)CLIENT_DUID,
	    CLIENT_DUID_LEN, w.now);
	ATF_CHECK_EQ(1, w.nsent);
	w6_answer(&w, &p, DHCP6_REPLY);
	w6_receive(&w, &p);
	w6_advance(&w, 1);
	ATF_CHECK_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
	ATF_CHECK(s6_opt(w6_newest(&w), 3, 0, NULL) == NULL);
	w6_grant(&w, DHCP6_ADVERTISE, 1000, 2000);
	w6_grant(&w, DHCP6_REPLY, 1000, 2000);
	ATF_CHECK_EQ(2, w.delegated.nprefixes);
	ATF_CHECK_EQ(1, w.config.naddrs);
	ATF_CHECK_EQ(D6_BOUND, w.d.state);
}

static void
reload(void)
{
	dhcp6_configure(&w.d, &w.conf, (const uint8_t *)CLIENT_DUID,
	    CLIENT_DUID_LEN, w.now);
	dhcp6_configured(&w.d, w.config.serial, 0, w.now);
}

/* The identifier in the n-th IA_PD of the newest message; 0: none. */
static uint32_t
sent_iaid(unsigned int n)
{
	const uint8_t *o = s6_opt(w6_newest(&w), 25, n, NULL);

	return o == NULL ? 0
			 : (uint32_t)o[0] << 24 | (uint32_t)o[1] << 16 |
		(uint32_t)o[2] << 8 | o[3];
}

/* Two prefix statements, bound: 2001:db8:100:: and 2001:db8:200::. */
static void
bind_two(uint8_t first_len, uint8_t second_len)
{
	w6_init(&w);
	w.conf.nprefixes = 2;
	w.conf.prefixes[0].hint_len = first_len;
	w.conf.prefixes[1].hint_len = second_len;
	w6_bind(&w, 1000, 2000);
	ATF_REQUIRE_EQ(2, w.delegated.nprefixes);
	w.nsent = 0;
}

TEST(dhcp6_prefixes_follow_their_statements,
    "D6-02, D6-40: the first statement removed: the second keeps its prefix "
    "and its IAID; added again, it has the IAID that is free")
{
	uint32_t one, two;

	(void)tc;
	bind_two(56, 60);
	one = w6_iaid(&w, 1);
	two = w6_iaid(&w, 2);
	w.conf.prefixes[0] = w.conf.prefixes[1];
	w.conf.nprefixes = 1;
	reload();
	ATF_REQUIRE_EQ(1, w.delegated.nprefixes);
	ATF_CHECK(same6(&w.delegated.prefixes[0].prefix, "2001:db8:200::"));
	ATF_CHECK_EQ(1, w.delegated.prefixes[0].ia);
	ATF_CHECK_EQ(two, w6_iaid(&w, 1));
	w6_advance(&w, 1000);
	ATF_REQUIRE_EQ(DHCP6_RELEASE, w6_newest(&w)->type);
	ATF_CHECK_EQ(one, sent_iaid(0));
	w6_answer(&w, &p, DHCP6_REPLY);
	w6_receive(&w, &p);
	w6_advance(&w, 600000);
	ATF_REQUIRE_EQ(DHCP6_RENEW, w6_newest(&w)->type);
	ATF_CHECK_EQ(two, sent_iaid(0));
	ATF_CHECK_EQ(0, sent_iaid(1));
	w.conf.prefixes[1] = w.conf.prefixes[0];
	w.conf.prefixes[0].hint_len = 56;
	w.conf.nprefixes = 2;
	reload();
	w6_advance(&w, 1);
	ATF_CHECK_EQ(two, w6_iaid(&w, 2));
	ATF_CHECK_EQ(2, w.delegated.prefixes[0].ia);
	ATF_REQUIRE_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
	ATF_CHECK_EQ(one, sent_iaid(0));
}

TEST(dhcp6_equal_hints_are_told_by_what_they_assign,
    "D6-40: of two statements without a hint the other one stays")
{
	(void)tc;
	w6_init(&w);
	w.conf.prefixes[0].nassigns = w.conf.prefixes[1].nassigns = 1;
	memcpy(w.conf.prefixes[0].assigns[0].ifname, "em1", 4);
	memcpy(w.conf.prefixes[1].assigns[0].ifname, "em2", 4);
	w.conf.nprefixes = 2;
	w6_bind(&w, 1000, 2000);
	w.conf.prefixes[0] = w.conf.prefixes[1];
	w.conf.nprefixes = 1;
	reload();
	ATF_REQUIRE_EQ(1, w.delegated.nprefixes);
	ATF_CHECK(same6(&w.delegated.prefixes[0].prefix, "2001:db8:200::"));
}

TEST(dhcp6_moved_iaid_is_kept_on_disk,
    "D6-02, D6-16: after a restart the prefix has the IAID it was leased to, "
    "and no other has it")
{
	struct dhcp6_lease lease;
	uint32_t two;

	(void)tc;
	bind_two(56, 60);
	two = w6_iaid(&w, 2);
	w.conf.prefixes[0] = w.conf.prefixes[1];
	w.conf.nprefixes = 1;
	reload();
	lease = w.stored;
	w6_init(&w);
	w.conf.nprefixes = 2;
	w.conf.iaid = two - 2;
	w.conf.has_iaid = 1;
	dhcp6_configure(&w.d, &w.conf, (const uint8_t *)CLIENT_DUID,
	    CLIENT_DUID_LEN, w.now);
	dhcp6_interface(&w.d, &w.iface, w.now);
	dhcp6_stored(&w.d, &lease, 1, w.now);
	ATF_CHECK_EQ(two - 2, w6_iaid(&w, 0));
	ATF_CHECK_EQ(two, w6_iaid(&w, 1));
	ATF_CHECK(w6_iaid(&w, 2) != two &&
	    w6_iaid(&w, 2) - w6_iaid(&w, 0) < DHCP6_IAS_MAX);
	ATF_CHECK_EQ(1, w.d.lease.nprefixes);
}

TEST(dhcp6_changed_hint_releases_first,
    "D6-17, D6-40: another hint: Release of what there is, then Solicit with "
    "the hint for the same IA")
{
	const uint8_t *o;
	uint32_t one, two;

	(void)tc;
	bind_two(56, 60);
	one = w6_iaid(&w, 1);
	two = w6_iaid(&w, 2);
	w.conf.prefixes[0].hint_len = 48;
	reload();
	ATF_REQUIRE_EQ(1, w.delegated.nprefixes);
	ATF_CHECK(same6(&w.delegated.prefixes[0].prefix, "2001:db8:200::"));
	ATF_CHECK_EQ(0, w.nsent);
	w6_advance(&w, 1000);
	ATF_REQUIRE_EQ(1, w.nsent);
	ATF_REQUIRE_EQ(DHCP6_RELEASE, w6_newest(&w)->type);
	ATF_CHECK_EQ(one, sent_iaid(0));
	ATF_CHECK_EQ(0, sent_iaid(1));
	w6_answer(&w, &p, DHCP6_REPLY);
	w6_receive(&w, &p);
	w6_advance(&w, 1);
	ATF_REQUIRE_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
	ATF_CHECK_EQ(one, sent_iaid(0));
	ATF_CHECK_EQ(0, sent_iaid(1));
	o = s6_opt(w6_newest(&w), 25, 0, NULL);
	ATF_CHECK_EQ(48, o[12 + 4 + 8]);
	w6_grant(&w, DHCP6_ADVERTISE, 1000, 2000);
	w6_grant(&w, DHCP6_REPLY, 1000, 2000);
	ATF_CHECK_EQ(2, w.delegated.nprefixes);
	ATF_CHECK_EQ(two, w6_iaid(&w, 2));
}

/* ---- networks ---- */

static void
enter(const char *id)
{
	memset(w.iface.network_id, 0, sizeof(w.iface.network_id));
	w.iface.network_id_len = (uint8_t)strlen(id);
	memcpy(w.iface.network_id, id, strlen(id));
	dhcp6_interface(&w.d, &w.iface, w.now);
	dhcp6_configured(&w.d, w.config.serial, 0, w.now);
	w6_advance(&w, 1);
}

TEST(dhcp6_other_ssid_is_another_network,
    "Y-24, D6-15: nothing of one network is asked about in another; the "
    "lease of the one come back to is")
{
	struct dhcp6_lease home;

	(void)tc;
	w6_init(&w);
	memcpy(w.iface.network_id, "home", 4);
	w.iface.network_id_len = 4;
	w.conf.nprefixes = 1;
	w6_bind(&w, 1000, 2000);
	home = w.stored;
	ATF_REQUIRE_EQ(4, home.network_id_len);
	w.nforget = 0;
	enter("work");
	ATF_CHECK_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
	ATF_CHECK_EQ(0, w6_count(&w, DHCP6_REBIND));
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK_EQ(0, w.delegated.nprefixes);
	ATF_CHECK_EQ(0, w.nforget);
	w6_grant(&w, DHCP6_ADVERTISE, 1000, 2000);
	w6_grant(&w, DHCP6_REPLY, 1000, 2000);
	ATF_REQUIRE_EQ(D6_BOUND, w.d.state);
	ATF_CHECK_EQ(0, memcmp(w.stored.network_id, "work", 4));
	/* Back, with the file of there, which is 500 s old. */
	w.nsent = 0;
	home.addrs[0].addr = ip6("2001:db8::77");
	dhcp6_stored(&w.d, &home, 500, w.now);
	enter("home");
	ATF_REQUIRE_EQ(1, w.nsent);
	ATF_CHECK_EQ(DHCP6_REBIND, w6_newest(&w)->type);
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK(same6(&w.d.lease.addrs[0].addr, "2001:db8::77"));
	ATF_CHECK_EQ(w.now - 1 + 1500000, w.d.addr_ends[0].valid);
	/* Out of reach for a moment: that is the same network still. */
	enter("");
	enter("home");
	ATF_CHECK(same6(&w.d.lease.addrs[0].addr, "2001:db8::77"));
}

TEST(dhcp6_vendor_class_and_its_enterprise_number,
    "D6-04: that of a DUID-EN; 0, which is nobody's, without one")
{
	static const uint8_t duid_en[] = { 0, 2, 0, 0, 0x7e, 0xd9, 1, 2 };
	const uint8_t *o;
	size_t len;

	(void)tc;
	w6_init(&w);
	strlcpy(w.conf.vendor_class, "box", sizeof(w.conf.vendor_class));
	w6_start(&w);
	o = s6_opt(w6_newest(&w), 16, 0, &len);
	ATF_REQUIRE(o != NULL && len == 9);
	ATF_CHECK_EQ(0, memcmp(o, "\0\0\0\0\0\3box", 9));
	dhcp6_configure(&w.d, &w.conf, duid_en, sizeof(duid_en), w.now);
	w6_advance(&w, 1);
	o = s6_opt(w6_newest(&w), 16, 0, &len);
	ATF_REQUIRE(o != NULL && len == 9);
	ATF_CHECK_EQ(0, memcmp(o, "\0\0\x7e\xd9\0\3box", 9));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, dhcp6_unspec_fail_backs_off);
	ATF_TP_ADD_TC(tp, dhcp6_no_addrs_avail_asks_on);
	ATF_TP_ADD_TC(tp, dhcp6_partial_grant_is_used);
	ATF_TP_ADD_TC(tp, dhcp6_refused_in_reply_backs_off);
	ATF_TP_ADD_TC(tp, dhcp6_no_binding_for_one_of_two);
	ATF_TP_ADD_TC(tp, dhcp6_no_prefix_avail_inside_a_prefix);
	ATF_TP_ADD_TC(tp, dhcp6_not_on_link_for_one_of_two);
	ATF_TP_ADD_TC(tp, dhcp6_link_flap_while_requesting);
	ATF_TP_ADD_TC(tp, dhcp6_lifetime_zero_withdraws);
	ATF_TP_ADD_TC(tp, dhcp6_ias_keep_their_own_clocks);
	ATF_TP_ADD_TC(tp, dhcp6_ias_may_have_two_servers);
	ATF_TP_ADD_TC(tp, dhcp6_renew_is_answered_by_its_server);
	ATF_TP_ADD_TC(tp, dhcp6_messages_not_for_us);
	ATF_TP_ADD_TC(tp, dhcp6_advertise_when_bound_is_dropped);
	ATF_TP_ADD_TC(tp, dhcp6_too_long_is_counted);
	ATF_TP_ADD_TC(tp, dhcp6_information_is_refreshed);
	ATF_TP_ADD_TC(tp, dhcp6_inf_max_rt);
	ATF_TP_ADD_TC(tp, dhcp6_dns_is_of_the_lease);
	ATF_TP_ADD_TC(tp, dhcp6_usable_is_bindable);
	ATF_TP_ADD_TC(tp, dhcp6_removed_address_is_put_back);
	ATF_TP_ADD_TC(tp, dhcp6_duplicate_is_declined);
	ATF_TP_ADD_TC(tp, dhcp6_duplicates_without_end_are_slowed_down);
	ATF_TP_ADD_TC(tp, dhcp6_reject_route_for_the_prefix);
	ATF_TP_ADD_TC(tp, dhcp6_release_after_withdrawal);
	ATF_TP_ADD_TC(tp, dhcp6_release_ends_without_its_socket);
	ATF_TP_ADD_TC(tp, dhcp6_release_is_answered);
	ATF_TP_ADD_TC(tp, dhcp6_no_release_without_carrier);
	ATF_TP_ADD_TC(tp, dhcp6_withdraw_says_nothing);
	ATF_TP_ADD_TC(tp, dhcp6_reconfigure_renews);
	ATF_TP_ADD_TC(tp, dhcp6_reconfigure_replayed_or_forged);
	ATF_TP_ADD_TC(tp, dhcp6_reconfigure_no);
	ATF_TP_ADD_TC(tp, dhcp6_reconfigure_is_heard_on_leased_addresses);
	ATF_TP_ADD_TC(tp, dhcp6_anonymous_says_little);
	ATF_TP_ADD_TC(tp, dhcp6_anonymous_forgets_networks);
	ATF_TP_ADD_TC(tp, dhcp6_registers_addresses);
	ATF_TP_ADD_TC(tp, dhcp6_registration_is_answered);
	ATF_TP_ADD_TC(tp, dhcp6_registers_only_where_it_is_wanted);
	ATF_TP_ADD_TC(tp, dhcp6_sockets_are_waited_for);
	ATF_TP_ADD_TC(tp, dhcp6_filtered_is_said_once);
	ATF_TP_ADD_TC(tp, dhcp6_reload);
	ATF_TP_ADD_TC(tp, dhcp6_resume_counts_sleep);
	ATF_TP_ADD_TC(tp, dhcp6_status_counts_down);
	ATF_TP_ADD_TC(tp, dhcp6_renew_command_sends_at_once);
	ATF_TP_ADD_TC(tp, dhcp6_release_that_a_filter_dropped_is_said);
	ATF_TP_ADD_TC(tp, dhcp6_waits_for_its_sockets);
	ATF_TP_ADD_TC(tp, dhcp6_renewal_to_seconds_is_honoured);
	ATF_TP_ADD_TC(tp, dhcp6_removed_prefix_is_released);
	ATF_TP_ADD_TC(tp, dhcp6_prefixes_follow_their_statements);
	ATF_TP_ADD_TC(tp, dhcp6_equal_hints_are_told_by_what_they_assign);
	ATF_TP_ADD_TC(tp, dhcp6_moved_iaid_is_kept_on_disk);
	ATF_TP_ADD_TC(tp, dhcp6_changed_hint_releases_first);
	ATF_TP_ADD_TC(tp, dhcp6_other_ssid_is_another_network);
	ATF_TP_ADD_TC(tp, dhcp6_vendor_class_and_its_enterprise_number);
	return atf_no_error();
}

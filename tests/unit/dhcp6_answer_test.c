/* SPDX-License-Identifier: ISC */
/* The DHCPv6 machine under virtual time: what servers answer and refuse. */

#include <string.h>

#include "dhcp6_harness.h"
#include "test.h"

static struct world6 w;
static struct packet6 p;

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
	return atf_no_error();
}

/* SPDX-License-Identifier: ISC */
/* The DHCPv6 machine under virtual time: exchanges and bindings. */

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "dhcp6_harness.h"
#include "test.h"

static struct world6 w;
static struct packet6 p;

/* One prefix statement more. */
static void
ask_prefix(uint8_t hint_len)
{
	w.conf.prefixes[w.conf.nprefixes++].hint_len = hint_len;
}

TEST(dhcp6_binds_in_four_messages,
    "D6-01, D6-04, D6-10: Solicit at once, Advertise, Request, Reply")
{
	const struct sent6 *sol, *req;
	size_t len;

	(void)tc;
	w6_init(&w);
	w6_start(&w);
	sol = w6_last(&w, DHCP6_SOLICIT);
	ATF_REQUIRE(sol != NULL);
	ATF_CHECK_EQ(w.now, sol->when);
	ATF_CHECK_EQ(0, s6_elapsed(sol));
	ATF_CHECK(s6_opt(sol, 1, 0, &len) != NULL);
	ATF_CHECK_EQ(CLIENT_DUID_LEN, len);
	ATF_CHECK(s6_opt(sol, 2, 0, NULL) == NULL);
	ATF_CHECK_EQ(D6_SOLICITING, w.d.state);
	w.now += 300;
	w6_grant(&w, DHCP6_ADVERTISE, 3600, 7200);
	req = w6_last(&w, DHCP6_REQUEST);
	ATF_REQUIRE(req != NULL);
	ATF_CHECK_EQ(w.now, req->when);
	ATF_CHECK_EQ(0, s6_elapsed(req));
	ATF_CHECK(s6_opt(req, 2, 0, &len) != NULL);
	ATF_CHECK_EQ(SERVER_DUID_LEN, len);
	s6_opt(req, 3, 0, &len);
	ATF_CHECK_EQ(12 + 28, len);
	w6_grant(&w, DHCP6_REPLY, 3600, 7200);
	ATF_CHECK_EQ(D6_BOUND, w.d.state);
	ATF_REQUIRE_EQ(1, w.config.naddrs);
	ATF_CHECK(same6(&w.config.addrs[0].addr, "2001:db8::10"));
	ATF_CHECK_EQ(128, w.config.addrs[0].prefixlen);
	ATF_CHECK_EQ(3600, w.config.addrs[0].preferred_sec);
	ATF_CHECK_EQ(7200, w.config.addrs[0].valid_sec);
	ATF_CHECK_EQ(1, w.events[EVENT_BOUND]);
	ATF_CHECK_EQ(1, w.stored.naddrs);
}

TEST(dhcp6_waits_for_router_advertisements,
    "D6-01: auto needs M for addresses, O for information only")
{
	(void)tc;
	w6_init(&w);
	w.conf.dhcp6 = CONF_AUTO;
	w6_start(&w);
	w6_advance(&w, 60000);
	ATF_CHECK_EQ(0, w.nsent);
	ATF_CHECK_EQ(D6_WAITING, w.d.state);
	dhcp6_ra_flags(&w.d, 0, 1, 0, w.now);
	ATF_REQUIRE_EQ(1, w.nsent);
	ATF_CHECK_EQ(DHCP6_INFORMATION_REQUEST, w6_newest(&w)->type);
	ATF_CHECK(s6_opt(w6_newest(&w), 3, 0, NULL) == NULL);
	ATF_CHECK_EQ(D6_INFORMING, w.d.state);
	dhcp6_ra_flags(&w.d, 1, 1, 0, w.now);
	ATF_REQUIRE_EQ(2, w.nsent);
	ATF_CHECK_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
	ATF_CHECK(s6_opt(w6_newest(&w), 3, 0, NULL) != NULL);
	/* a later RA that clears M releases nothing */
	w6_grant(&w, DHCP6_ADVERTISE, 3600, 7200);
	w6_grant(&w, DHCP6_REPLY, 3600, 7200);
	dhcp6_ra_flags(&w.d, 0, 0, 0, w.now);
	ATF_CHECK_EQ(D6_BOUND, w.d.state);
	ATF_CHECK_EQ(1, w.config.naddrs);
}

TEST(dhcp6_no_does_nothing, "D6-01: dhcp6 no, whatever RAs say")
{
	(void)tc;
	w6_init(&w);
	w.conf.dhcp6 = CONF_NO;
	ask_prefix(56);
	w6_start(&w);
	dhcp6_ra_flags(&w.d, 1, 1, 0, w.now);
	w6_advance(&w, 60000);
	ATF_CHECK_EQ(0, w.nsent);
	ATF_CHECK_EQ(D6_DOWN, w.d.state);
}

TEST(dhcp6_prefix_needs_no_router_advertisement,
    "D6-01, D6-40: IA_PD with its hint starts with the link")
{
	const uint8_t *o;
	size_t len;

	(void)tc;
	w6_init(&w);
	w.conf.dhcp6 = CONF_AUTO;
	ask_prefix(56);
	w6_start(&w);
	ATF_REQUIRE_EQ(1, w.nsent);
	ATF_CHECK(s6_opt(w6_newest(&w), 3, 0, NULL) == NULL);
	o = s6_opt(w6_newest(&w), 25, 0, &len);
	ATF_REQUIRE(o != NULL);
	o = p6_find(o + 12, len - 12, 26, 0, &len);
	ATF_REQUIRE(o != NULL);
	ATF_CHECK_EQ(56, o[8]);
	/* addresses join when M comes */
	w6_advance(&w, 300);
	dhcp6_ra_flags(&w.d, 1, 0, 0, w.now);
	ATF_CHECK(s6_opt(w6_newest(&w), 3, 0, NULL) != NULL);
	ATF_CHECK(s6_opt(w6_newest(&w), 25, 0, NULL) != NULL);
}

TEST(dhcp6_one_exchange_carries_all,
    "D6-03: IA_NA and every IA_PD, each with its iaid, in one Solicit")
{
	(void)tc;
	w6_init(&w);
	w.conf.has_iaid = 1;
	w.conf.iaid = 40;
	ask_prefix(56);
	ask_prefix(0);
	w6_start(&w);
	ATF_CHECK_EQ(1, w.nsent);
	ATF_CHECK_EQ(
	    0, memcmp(s6_opt(w6_newest(&w), 3, 0, NULL), "\0\0\0\x28", 4));
	ATF_CHECK_EQ(
	    0, memcmp(s6_opt(w6_newest(&w), 25, 0, NULL), "\0\0\0\x29", 4));
	ATF_CHECK_EQ(
	    0, memcmp(s6_opt(w6_newest(&w), 25, 1, NULL), "\0\0\0\x2a", 4));
	ATF_CHECK(s6_opt(w6_newest(&w), 25, 2, NULL) == NULL);
	w6_grant(&w, DHCP6_ADVERTISE, 3600, 7200);
	w6_grant(&w, DHCP6_REPLY, 3600, 7200);
	ATF_CHECK_EQ(1, w.config.naddrs);
	ATF_CHECK_EQ(2, w.delegated.nprefixes);
}

TEST(dhcp6_iaid_is_stable,
    "D6-02: by interface name; a kept lease keeps its own")
{
	static struct dhcp6_lease stored;
	uint32_t first;

	(void)tc;
	w6_init(&w);
	w6_bind(&w, 3600, 7200);
	first = w6_iaid(&w, 0);
	stored = w.stored;
	w6_init(&w);
	w6_start(&w);
	ATF_CHECK_EQ(first, w6_iaid(&w, 0));
	w6_init(&w);
	memcpy(w.iface.name, "em1", 4);
	w6_start(&w);
	ATF_CHECK(first != w6_iaid(&w, 0));
	w6_init(&w);
	memcpy(w.iface.name, "em1", 4);
	dhcp6_configure(&w.d, &w.conf, (const uint8_t *)CLIENT_DUID,
	    CLIENT_DUID_LEN, w.now);
	dhcp6_interface(&w.d, &w.iface, w.now);
	dhcp6_stored(&w.d, &stored, 10, w.now);
	w6_start(&w);
	ATF_CHECK_EQ(first, w6_iaid(&w, 0));
}

static void
check_gaps(uint8_t type, const uint32_t *want, size_t n)
{
	const struct sent6 *last = NULL;
	unsigned int i;
	size_t k = 0;

	for (i = 0; i < w.nsent && k < n; i++) {
		if (w.sent[i].type != type)
			continue;
		if (last != NULL) {
			uint64_t gap = w.sent[i].when - last->when;

			ATF_CHECK_MSG(gap == want[k],
			    "gap %zu is %llu ms, not %u", k,
			    (unsigned long long)gap, want[k]);
			ATF_CHECK_EQ(last->xid, w.sent[i].xid);
			ATF_CHECK(s6_elapsed(&w.sent[i]) > s6_elapsed(last));
			k++;
		}
		last = &w.sent[i];
	}
	ATF_CHECK_EQ(n, k);
}

TEST(dhcp6_solicit_backs_off_low, "D6-10: RAND at its least, first above 0")
{
	/* 1 s and the least above it, then 1.9 times of each */
	static const uint32_t want[] = { 1001, 1902, 3614, 6867, 13048 };

	(void)tc;
	w6_init(&w);
	w.rand_high = -1;
	w6_start(&w);
	w6_advance(&w, 60000);
	check_gaps(DHCP6_SOLICIT, want, 5);
}

TEST(dhcp6_solicit_backs_off_high,
    "D6-10, D6-19: RAND at its most, to SOL_MAX_RT 3600 s, then what option "
    "82 says")
{
	unsigned int i;

	(void)tc;
	w6_init(&w);
	w.rand_high = 1;
	w6_start(&w);
	w6_advance(&w, 7 * 3600 * 1000);
	ATF_CHECK(w.nsent < 18);
	i = w.nsent - 1;
	ATF_CHECK_EQ(3960000, w.sent[i].when - w.sent[i - 1].when);
	w6_answer(&w, &p, DHCP6_ADVERTISE);
	p6_status(&p, 2, "");
	p6_opt(&p, 82, "\0\0\0\x78", 4);
	w6_receive(&w, &p);
	w6_advance(&w, 2 * 3600 * 1000);
	i = w.nsent - 1;
	ATF_CHECK_EQ(132000, w.sent[i].when - w.sent[i - 1].when);
	ATF_CHECK_EQ(120, w.d.lease.sol_max_rt);
}

TEST(dhcp6_request_gives_up_after_ten_tries,
    "D6-10: 1 s to 30 s, ten in all, then Solicit")
{
	static const uint32_t want[] = { 900, 1710, 3249, 6174, 11731, 22289,
		27000, 27000, 27000 };

	(void)tc;
	w6_init(&w);
	w6_start(&w);
	w.rand_high = -1;
	w6_grant(&w, DHCP6_ADVERTISE, 3600, 7200);
	w6_advance(&w, 300000);
	check_gaps(DHCP6_REQUEST, want, 9);
	ATF_CHECK_EQ(10, w6_count(&w, DHCP6_REQUEST));
	ATF_CHECK(w6_count(&w, DHCP6_SOLICIT) > 1);
}

TEST(dhcp6_startup_delay,
    "D6-11: at once by default, else up to the seconds configured")
{
	(void)tc;
	w6_init(&w);
	w.conf.startup_delay = 1;
	w.rand_high = 1;
	w6_start(&w);
	ATF_CHECK_EQ(0, w.nsent);
	w6_advance(&w, 998);
	ATF_CHECK_EQ(0, w.nsent);
	w6_advance(&w, 1);
	ATF_CHECK_EQ(1, w.nsent);
}

/* An Advertise from a server of its own with a preference. */
static void
advertise(uint8_t server, int preference, int with_na, int with_pd)
{
	const struct sent6 *s = w6_last(&w, DHCP6_SOLICIT);
	uint8_t duid[SERVER_DUID_LEN];

	memcpy(duid, SERVER_DUID, sizeof(duid));
	duid[sizeof(duid) - 1] = server;
	p6_begin(&p, DHCP6_ADVERTISE, s->xid);
	p6_opt(&p, 1, CLIENT_DUID, CLIENT_DUID_LEN);
	p6_opt(&p, 2, duid, sizeof(duid));
	if (preference >= 0) {
		p6_open(&p, 7);
		p6_u8(&p, (unsigned int)preference);
		p6_close(&p);
	}
	if (with_na)
		p6_ia_na(&p, w6_iaid(&w, 0), "2001:db8::10", 3600, 7200);
	if (with_pd)
		p6_ia_pd(&p, w6_iaid(&w, 1), "2001:db8:100::", 48, 3600, 7200);
	w6_receive(&w, &p);
}

static uint8_t
asked_server(void)
{
	const uint8_t *o = s6_opt(w6_last(&w, DHCP6_REQUEST), 2, 0, NULL);

	return o[SERVER_DUID_LEN - 1];
}

TEST(dhcp6_best_advertise_of_the_first_second,
    "D6-12: preference, then how many IAs; at the end of the first RT")
{
	(void)tc;
	w6_init(&w);
	ask_prefix(0);
	w6_start(&w);
	advertise(1, -1, 1, 0);
	advertise(2, -1, 1, 1);
	advertise(3, -1, 0, 1);
	ATF_CHECK_EQ(0, w6_count(&w, DHCP6_REQUEST));
	w6_advance(&w, 1200);
	ATF_REQUIRE_EQ(1, w6_count(&w, DHCP6_REQUEST));
	ATF_CHECK_EQ(1, w6_count(&w, DHCP6_SOLICIT));
	ATF_CHECK_EQ(2, asked_server());
	w6_init(&w);
	ask_prefix(0);
	w6_start(&w);
	advertise(2, 10, 1, 1);
	advertise(1, 20, 1, 0);
	w6_advance(&w, 1200);
	ATF_REQUIRE_EQ(1, w6_count(&w, DHCP6_REQUEST));
	ATF_CHECK_EQ(1, asked_server());
}

TEST(dhcp6_preference_255_at_once, "D6-12: no waiting for others")
{
	(void)tc;
	w6_init(&w);
	w6_start(&w);
	advertise(1, 254, 1, 0);
	ATF_CHECK_EQ(0, w6_count(&w, DHCP6_REQUEST));
	advertise(2, 255, 1, 0);
	ATF_REQUIRE_EQ(1, w6_count(&w, DHCP6_REQUEST));
	ATF_CHECK_EQ(2, asked_server());
}

TEST(dhcp6_late_advertise_at_once,
    "D6-12: after the first RT the first valid one")
{
	(void)tc;
	w6_init(&w);
	w6_start(&w);
	w6_advance(&w, 1500);
	ATF_CHECK_EQ(2, w6_count(&w, DHCP6_SOLICIT));
	advertise(7, -1, 1, 0);
	ATF_REQUIRE_EQ(1, w6_count(&w, DHCP6_REQUEST));
	ATF_CHECK_EQ(7, asked_server());
}

TEST(dhcp6_says_what_an_offer_leaves_out,
    "D6-18: NoPrefixAvail inside IA Prefix of an Advertise is kept and said")
{
	(void)tc;
	w6_init(&w);
	ask_prefix(56);
	w6_start(&w);
	w6_answer(&w, &p, DHCP6_ADVERTISE);
	p6_opt(&p, 7, "\xff", 1);
	p6_ia_na(&p, w6_iaid(&w, 0), "2001:db8::10", 3600, 7200);
	p6_open_ia(&p, 25, w6_iaid(&w, 1), 0, 0);
	p6_open_prefix(&p, "2001:db8:1::", 56, 3600, 7200);
	p6_status(&p, DHCP6_NO_PREFIX_AVAIL, "");
	p6_close(&p);
	p6_close(&p);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(DHCP6_REQUEST, w6_newest(&w)->type);
	ATF_CHECK(s6_opt(w6_newest(&w), 25, 0, NULL) == NULL);
	ATF_CHECK_EQ(DHCP6_NO_PREFIX_AVAIL, w.d.lease.ias[1].status);
	ATF_CHECK_EQ(DHCP6_SUCCESS, w.d.lease.ias[0].status);
	/* it is asked for again, and granted the status is forgotten */
	w6_grant(&w, DHCP6_REPLY, 3600, 7200);
	w6_advance(&w, 12000);
	ATF_REQUIRE_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
	w6_grant(&w, DHCP6_ADVERTISE, 3600, 7200);
	w6_grant(&w, DHCP6_REPLY, 3600, 7200);
	ATF_CHECK_EQ(DHCP6_SUCCESS, w.d.lease.ias[1].status);
	ATF_CHECK_EQ(1, w.d.lease.nprefixes);
}

TEST(dhcp6_select_first, "D6-12: the first that serves everything")
{
	(void)tc;
	w6_init(&w);
	w.conf.select = SELECT_FIRST;
	ask_prefix(0);
	w6_start(&w);
	advertise(1, -1, 1, 0);
	ATF_CHECK_EQ(0, w6_count(&w, DHCP6_REQUEST));
	advertise(2, -1, 1, 1);
	ATF_REQUIRE_EQ(1, w6_count(&w, DHCP6_REQUEST));
	ATF_CHECK_EQ(2, asked_server());
}

TEST(dhcp6_rapid_commit_binds_in_two_messages,
    "D6-13: only with the option, and only when asked for")
{
	unsigned int asked;

	(void)tc;
	for (asked = 0; asked < 2; asked++) {
		w6_init(&w);
		w.conf.rapid_commit = (uint8_t)asked;
		w6_start(&w);
		ATF_CHECK_EQ(asked, s6_opt(w6_newest(&w), 14, 0, NULL) != NULL);
		w6_grant(&w, DHCP6_REPLY, 3600, 7200);
		ATF_CHECK_EQ(D6_SOLICITING, w.d.state);
		w6_answer(&w, &p, DHCP6_REPLY);
		p6_opt(&p, 14, "", 0);
		w6_put_grants(&w, &p, 3600, 7200);
		w6_receive(&w, &p);
		ATF_CHECK_EQ(asked ? D6_BOUND : D6_SOLICITING, w.d.state);
		ATF_CHECK_EQ(asked, w.d.lease.rapid_commit);
	}
}

TEST(dhcp6_renews_rebinds_expires,
    "D6-14: 0.5 and 0.8 of the preferred lifetime, then expiry")
{
	uint64_t bound;
	size_t len;

	(void)tc;
	w6_init(&w);
	w6_bind(&w, 1000, 2000);
	bound = w.now;
	w6_advance(&w, 499999);
	ATF_CHECK_EQ(D6_BOUND, w.d.state);
	w6_advance(&w, 1);
	ATF_CHECK_EQ(D6_RENEWING, w.d.state);
	ATF_CHECK_EQ(DHCP6_RENEW, w6_newest(&w)->type);
	ATF_CHECK(s6_opt(w6_newest(&w), 2, 0, &len) != NULL);
	w6_advance(&w, 299999);
	ATF_CHECK_EQ(D6_RENEWING, w.d.state);
	w6_advance(&w, 1);
	ATF_CHECK_EQ(D6_REBINDING, w.d.state);
	ATF_CHECK_EQ(DHCP6_REBIND, w6_newest(&w)->type);
	ATF_CHECK(s6_opt(w6_newest(&w), 2, 0, &len) == NULL);
	w6_advance(&w, 1199999);
	ATF_CHECK_EQ(1, w.config.naddrs);
	w6_advance(&w, 1);
	ATF_CHECK_EQ(2000000, w.now - bound);
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK_EQ(1, w.events[EVENT_EXPIRED]);
	ATF_CHECK_EQ(1, w.counters[COUNT_D6_EXPIRED]);
	ATF_CHECK_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
}

TEST(dhcp6_renewal_extends, "D6-14: a Reply moves every time")
{
	(void)tc;
	w6_init(&w);
	w6_bind(&w, 1000, 2000);
	w6_advance(&w, 500000);
	w6_grant(&w, DHCP6_REPLY, 1000, 2000);
	ATF_CHECK_EQ(D6_BOUND, w.d.state);
	ATF_CHECK_EQ(2000, w.config.addrs[0].valid_sec);
	ATF_CHECK_EQ(1, w.counters[COUNT_D6_RENEWED]);
	ATF_CHECK_EQ(1, w.events[EVENT_RENEWED]);
	w6_advance(&w, 499999);
	ATF_CHECK_EQ(D6_BOUND, w.d.state);
}

TEST(dhcp6_t1_and_t2_of_the_server, "D6-14: as given; infinity is never")
{
	(void)tc;
	w6_init(&w);
	w6_start(&w);
	w6_grant(&w, DHCP6_ADVERTISE, 3600, 7200);
	w6_answer(&w, &p, DHCP6_REPLY);
	p6_open_ia(&p, 3, w6_iaid(&w, 0), 100, 150);
	p6_open_addr(&p, "2001:db8::10", 3600, 7200);
	p6_close(&p);
	p6_close(&p);
	w6_receive(&w, &p);
	w6_advance(&w, 99999);
	ATF_CHECK_EQ(D6_BOUND, w.d.state);
	w6_advance(&w, 1);
	ATF_CHECK_EQ(D6_RENEWING, w.d.state);
	w6_advance(&w, 50000);
	ATF_CHECK_EQ(D6_REBINDING, w.d.state);
	w6_answer(&w, &p, DHCP6_REPLY);
	p6_open_ia(&p, 3, w6_iaid(&w, 0), 0xffffffff, 0xffffffff);
	p6_open_addr(&p, "2001:db8::10", 0xffffffff, 0xffffffff);
	p6_close(&p);
	p6_close(&p);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(LIFETIME_INFINITE, w.config.addrs[0].valid_sec);
	w6_advance(&w, 1000ULL * 86400 * 1000);
	ATF_CHECK_EQ(D6_BOUND, w.d.state);
	ATF_CHECK_EQ(1, w.config.naddrs);
}

TEST(dhcp6_short_lifetimes_make_no_storm,
    "D6-14: 30 s lifetimes, and ones that shrink to nothing")
{
	unsigned int i, sent;
	uint32_t left;

	(void)tc;
	w6_init(&w);
	w6_bind(&w, 30, 30);
	for (i = 0; i < 40; i++) {
		w6_advance(&w, 15000);
		ATF_CHECK_EQ(DHCP6_RENEW, w6_newest(&w)->type);
		w6_grant(&w, DHCP6_REPLY, 30, 30);
	}
	ATF_CHECK_EQ(42, w.nsent);
	/* a server that does not extend: 30 s, then 15, 7, 3 ... */
	sent = w.nsent;
	for (left = 30; left > 0; left--) {
		w6_advance(&w, 1000);
		if (w6_newest(&w)->when == w.now &&
		    w6_newest(&w)->type == DHCP6_RENEW)
			w6_grant(&w, DHCP6_REPLY, left - 1, left - 1);
	}
	ATF_CHECK_MSG(w.nsent - sent < 8, "%u messages", w.nsent - sent);
}

TEST(dhcp6_link_up_confirms_addresses,
    "D6-15, D6-10: Confirm, then on; MRD 10 s without an answer")
{
	static const uint32_t want[] = { 900, 1710, 3249, 3600 };

	(void)tc;
	w6_init(&w);
	w6_bind(&w, 3600, 7200);
	w6_link(&w, 0);
	ATF_CHECK_EQ(D6_DOWN, w.d.state);
	ATF_CHECK_EQ(1, w.config.naddrs);
	w6_advance(&w, 5000);
	w6_link(&w, 1);
	ATF_CHECK_EQ(DHCP6_CONFIRM, w6_newest(&w)->type);
	ATF_CHECK(s6_opt(w6_newest(&w), 2, 0, NULL) == NULL);
	ATF_CHECK(s6_opt(w6_newest(&w), 6, 0, NULL) == NULL);
	w6_answer(&w, &p, DHCP6_REPLY);
	p6_status(&p, 0, "all of them");
	w6_receive(&w, &p);
	ATF_CHECK_EQ(D6_BOUND, w.d.state);
	w6_link(&w, 0);
	w.nsent = 0;
	w.rand_high = -1;
	w6_link(&w, 1);
	w6_advance(&w, 9999);
	ATF_CHECK_EQ(D6_CONFIRMING, w.d.state);
	check_gaps(DHCP6_CONFIRM, want, 4);
	w6_advance(&w, 1);
	ATF_CHECK_EQ(D6_BOUND, w.d.state);
	ATF_CHECK_EQ(1, w.config.naddrs);
}

TEST(dhcp6_not_on_link_starts_again, "D6-15, D6-18: addresses go, Solicit anew")
{
	(void)tc;
	w6_init(&w);
	w6_bind(&w, 3600, 7200);
	w.nforget = 0;
	w6_link(&w, 0);
	w6_link(&w, 1);
	w6_answer(&w, &p, DHCP6_REPLY);
	p6_status(&p, 4, "");
	w6_receive(&w, &p);
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
	ATF_CHECK_EQ(1, w.nforget);
}

TEST(dhcp6_link_up_rebinds_prefixes,
    "D6-15: Rebind with Confirm's timing when a prefix is delegated")
{
	static const uint32_t want[] = { 900, 1710, 3249, 3600 };

	(void)tc;
	w6_init(&w);
	ask_prefix(0);
	w6_bind(&w, 3600, 7200);
	w6_link(&w, 0);
	w.rand_high = -1;
	w6_link(&w, 1);
	ATF_CHECK_EQ(DHCP6_REBIND, w6_newest(&w)->type);
	ATF_CHECK(s6_opt(w6_newest(&w), 3, 0, NULL) != NULL);
	ATF_CHECK(s6_opt(w6_newest(&w), 25, 0, NULL) != NULL);
	w6_advance(&w, 9999);
	check_gaps(DHCP6_REBIND, want, 4);
	ATF_CHECK_EQ(D6_CONFIRMING, w.d.state);
	w6_advance(&w, 1);
	ATF_CHECK_EQ(D6_BOUND, w.d.state);
	w6_link(&w, 0);
	w6_link(&w, 1);
	w6_grant(&w, DHCP6_REPLY, 3600, 7200);
	ATF_CHECK_EQ(D6_BOUND, w.d.state);
	ATF_CHECK_EQ(1, w.config.nroutes);
}

TEST(dhcp6_link_up_with_information_only, "D6-15: Information-request")
{
	(void)tc;
	w6_init(&w);
	w.conf.dhcp6 = CONF_AUTO;
	w6_start(&w);
	dhcp6_ra_flags(&w.d, 0, 1, 0, w.now);
	w6_answer(&w, &p, DHCP6_REPLY);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(D6_INFORMED, w.d.state);
	w6_link(&w, 0);
	w6_advance(&w, 5000);
	w6_link(&w, 1);
	ATF_CHECK_EQ(DHCP6_INFORMATION_REQUEST, w6_newest(&w)->type);
	ATF_CHECK_EQ(w.now, w6_newest(&w)->when);
}

TEST(dhcp6_restart_confirms_what_was_kept,
    "D6-16: nothing is configured until it is confirmed or nobody answers")
{
	static struct dhcp6_lease stored;
	unsigned int pd;

	(void)tc;
	for (pd = 0; pd < 2; pd++) {
		w6_init(&w);
		if (pd)
			ask_prefix(0);
		w6_bind(&w, 3600, 7200);
		stored = w.stored;
		w6_init(&w);
		if (pd)
			ask_prefix(0);
		dhcp6_configure(&w.d, &w.conf, (const uint8_t *)CLIENT_DUID,
		    CLIENT_DUID_LEN, w.now);
		dhcp6_interface(&w.d, &w.iface, w.now);
		dhcp6_stored(&w.d, &stored, 600, w.now);
		w6_start(&w);
		ATF_REQUIRE_EQ(1, w.nsent);
		ATF_CHECK_EQ(
		    pd ? DHCP6_REBIND : DHCP6_CONFIRM, w6_newest(&w)->type);
		ATF_CHECK_EQ(0, w.nconfig);
		w6_advance(&w, 10000);
		ATF_CHECK_EQ(D6_BOUND, w.d.state);
		ATF_REQUIRE_EQ(1, w.config.naddrs);
		ATF_CHECK_EQ(7200 - 610, w.config.addrs[0].valid_sec);
		ATF_CHECK_EQ(3600 - 610, w.config.addrs[0].preferred_sec);
		/* T1 counts from when it was leased */
		w6_advance(&w, (1800 - 610) * 1000 - 1);
		ATF_CHECK_EQ(D6_BOUND, w.d.state);
		w6_advance(&w, 1);
		ATF_CHECK_EQ(D6_RENEWING, w.d.state);
	}
}

TEST(dhcp6_expired_leases_are_not_kept,
    "D6-16: a lease that ended while the daemon was down")
{
	static struct dhcp6_lease stored;

	(void)tc;
	w6_init(&w);
	w6_bind(&w, 3600, 7200);
	stored = w.stored;
	w6_init(&w);
	dhcp6_configure(&w.d, &w.conf, (const uint8_t *)CLIENT_DUID,
	    CLIENT_DUID_LEN, w.now);
	dhcp6_stored(&w.d, &stored, 7200, w.now);
	w6_start(&w);
	ATF_CHECK_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
	ATF_CHECK_EQ(1, w.nconfig); /* what may be left goes */
	ATF_CHECK_EQ(0, w.config.naddrs);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, dhcp6_binds_in_four_messages);
	ATF_TP_ADD_TC(tp, dhcp6_waits_for_router_advertisements);
	ATF_TP_ADD_TC(tp, dhcp6_no_does_nothing);
	ATF_TP_ADD_TC(tp, dhcp6_prefix_needs_no_router_advertisement);
	ATF_TP_ADD_TC(tp, dhcp6_one_exchange_carries_all);
	ATF_TP_ADD_TC(tp, dhcp6_iaid_is_stable);
	ATF_TP_ADD_TC(tp, dhcp6_solicit_backs_off_low);
	ATF_TP_ADD_TC(tp, dhcp6_solicit_backs_off_high);
	ATF_TP_ADD_TC(tp, dhcp6_request_gives_up_after_ten_tries);
	ATF_TP_ADD_TC(tp, dhcp6_startup_delay);
	ATF_TP_ADD_TC(tp, dhcp6_best_advertise_of_the_first_second);
	ATF_TP_ADD_TC(tp, dhcp6_preference_255_at_once);
	ATF_TP_ADD_TC(tp, dhcp6_late_advertise_at_once);
	ATF_TP_ADD_TC(tp, dhcp6_says_what_an_offer_leaves_out);
	ATF_TP_ADD_TC(tp, dhcp6_select_first);
	ATF_TP_ADD_TC(tp, dhcp6_rapid_commit_binds_in_two_messages);
	ATF_TP_ADD_TC(tp, dhcp6_renews_rebinds_expires);
	ATF_TP_ADD_TC(tp, dhcp6_renewal_extends);
	ATF_TP_ADD_TC(tp, dhcp6_t1_and_t2_of_the_server);
	ATF_TP_ADD_TC(tp, dhcp6_short_lifetimes_make_no_storm);
	ATF_TP_ADD_TC(tp, dhcp6_link_up_confirms_addresses);
	ATF_TP_ADD_TC(tp, dhcp6_not_on_link_starts_again);
	ATF_TP_ADD_TC(tp, dhcp6_link_up_rebinds_prefixes);
	ATF_TP_ADD_TC(tp, dhcp6_link_up_with_information_only);
	ATF_TP_ADD_TC(tp, dhcp6_restart_confirms_what_was_kept);
	ATF_TP_ADD_TC(tp, dhcp6_expired_leases_are_not_kept);
	return atf_no_error();
}

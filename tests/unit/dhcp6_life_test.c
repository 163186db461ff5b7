/* SPDX-License-Identifier: ISC */
/*
 * The DHCPv6 machine under virtual time: what becomes of an address and a
 * prefix, Release, registration.
 */

#include <errno.h>
#include <string.h>

#include "dhcp6_harness.h"
#include "test.h"

static struct world6 w;
static struct packet6 p;

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

ATF_TP_ADD_TCS(tp)
{
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
	ATF_TP_ADD_TC(tp, dhcp6_registers_addresses);
	ATF_TP_ADD_TC(tp, dhcp6_registration_is_answered);
	ATF_TP_ADD_TC(tp, dhcp6_registers_only_where_it_is_wanted);
	ATF_TP_ADD_TC(tp, dhcp6_release_that_a_filter_dropped_is_said);
	ATF_TP_ADD_TC(tp, dhcp6_renewal_to_seconds_is_honoured);
	ATF_TP_ADD_TC(tp, dhcp6_removed_prefix_is_released);
	return atf_no_error();
}

/* SPDX-License-Identifier: ISC */
/* What reading the DHCPv6 machine found. */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "dhcp6_harness.h"
#include "test.h"

static struct world6 w;
static struct packet6 p;

static void
tell_slaac_address(const char *text, uint32_t valid_sec)
{
	struct addr6 a;

	memset(&a, 0, sizeof(a));
	a.addr = ip6(text);
	a.valid_sec = valid_sec;
	a.preferred_sec = valid_sec / 2;
	dhcp6_slaac_addresses(&w.d, &a, 1, w.now);
}

/* A network that takes registrations, and 2001:db8::aaaa registered in it. */
static void
start_registered(uint32_t valid_sec)
{
	struct in6_addr addr = ip6("2001:db8::aaaa");
	struct recv6 meta = { .src = ip6("fe80::9"), .dst = addr };

	w6_init(&w);
	w.conf.dhcp6 = CONF_AUTO;
	w.conf.register_addr = 1;
	w6_start(&w);
	dhcp6_ra_flags(&w.d, 0, 1, 0, w.now);
	w6_answer(&w, &p, DHCP6_REPLY);
	p6_opt(&p, 148, "", 0);
	p6_opt(&p, 32, "\0\1\x51\x80", 4);
	w6_receive(&w, &p);
	tell_slaac_address("2001:db8::aaaa", valid_sec);
	w6_address(&w, "2001:db8::aaaa", STATE6_PRESENT);
	dhcp6_channel(&w.d, CHANNEL_DHCP6_SEND, &addr, 0, w.now);
	ATF_REQUIRE_EQ(DHCP6_ADDR_REG_INFORM, w6_newest(&w)->type);
	p6_begin(&p, DHCP6_ADDR_REG_REPLY, w6_newest(&w)->xid);
	p6_opt(&p, 1, CLIENT_DUID, CLIENT_DUID_LEN);
	p6_open_addr(&p, "2001:db8::aaaa", valid_sec / 2, valid_sec);
	p6_close(&p);
	dhcp6_receive(&w.d, &addr, &meta, p.bytes, p.len, w.now);
	ATF_REQUIRE_EQ(1, w.d.regs[0].registered);
}

TEST(dhcp6_registration_is_refreshed_while_routers_advertise,
    "D6-45, RFC 9686 4.6.1: advertisements that extend the lifetime do not "
    "put the refresh off")
{
	unsigned int i;

	(void)tc;
	start_registered(7200);
	w.nsent = 0;
	for (i = 0; i < 7200 / 200; i++) {
		w6_advance(&w, 200 * 1000);
		tell_slaac_address("2001:db8::aaaa", 7200);
	}
	ATF_CHECK_MSG(w6_count(&w, DHCP6_ADDR_REG_INFORM) > 0,
	    "the server has forgotten the address");
}

TEST(dhcp6_flag_that_flaps_makes_no_storm,
    "D6-01, D6-10, RFC 9915 14.1: 20 messages at once, then one a second")
{
	unsigned int i;

	(void)tc;
	w6_init(&w);
	w.conf.dhcp6 = CONF_AUTO;
	w6_start(&w);
	for (i = 0; i < 1000; i++) {
		dhcp6_ra_flags(&w.d, i % 2 == 0, 0, 0, w.now);
		w6_advance(&w, 10);
	}
	ATF_CHECK_MSG(w.nsent >= 20, "%u messages in 10 s", w.nsent);
	ATF_CHECK_MSG(w.nsent <= 31, "%u messages in 10 s", w.nsent);
	/* What is wanted in the end is asked for. */
	dhcp6_ra_flags(&w.d, 1, 0, 0, w.now);
	w.nsent = 0;
	w6_advance(&w, 2000);
	ATF_CHECK(w.nsent > 0);
	ATF_CHECK_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
	/* An administrator does not wait. */
	for (i = 0; i < 1000; i++)
		dhcp6_ra_flags(&w.d, i % 2 != 0, 0, 0, w.now);
	w.nsent = 0;
	w6_advance(&w, 1);
	ATF_REQUIRE_EQ(0, w.nsent);
	dhcp6_renew(&w.d, w.now);
	ATF_CHECK_EQ(1, w.nsent);
	/* And the bucket fills again. */
	w6_advance(&w, 60000);
	w.nsent = 0;
	for (i = 0; i < 20; i++)
		dhcp6_ra_flags(&w.d, i % 2 != 0, 0, 0, w.now);
	ATF_CHECK_EQ(10, w.nsent);
}

TEST(dhcp6_address_removed_twice_is_put_back,
    "D6-14: what somebody removes again within 10 s does not wait for T1")
{
	unsigned int n;

	(void)tc;
	w6_init(&w);
	w6_start(&w);
	w6_bind(&w, 43200, 86400);
	w6_address(&w, "2001:db8::10", STATE6_PRESENT);
	n = w.nconfig;
	w6_address(&w, "2001:db8::10", 0);
	ATF_REQUIRE_EQ(n + 1, w.nconfig);
	w6_address(&w, "2001:db8::10", STATE6_PRESENT);
	w6_advance(&w, 1000);
	w6_address(&w, "2001:db8::10", 0);
	ATF_CHECK_EQ_MSG(n + 1, w.nconfig, "a fight with somebody");
	w6_advance(&w, 10000);
	ATF_CHECK_EQ(n + 2, w.nconfig);
	ATF_CHECK_EQ(1, w.config.naddrs);
}

TEST(dhcp6_stored_lease_of_no_known_age_is_not_used,
    "Y-24: a lease as old as can be does not become new by waiting")
{
	static struct dhcp6_lease stored;

	(void)tc;
	w6_init(&w);
	w.iface.network_id_len = 4;
	memcpy(w.iface.network_id, "home", 4);
	w6_start(&w);
	w6_bind(&w, 1000, 2000);
	stored = w.stored;
	w6_init(&w);
	w.iface.network_id_len = 4;
	memcpy(w.iface.network_id, "cafe", 4);
	w6_start(&w);
	w6_advance(&w, 100);
	dhcp6_stored(&w.d, &stored, UINT32_MAX, w.now);
	w6_advance(&w, 5000);
	memcpy(w.iface.network_id, "home", 4);
	w6_link(&w, 0);
	w6_link(&w, 1);
	ATF_CHECK_EQ(0, w.d.lease.naddrs);
	ATF_CHECK_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
}

TEST(dhcp6_offer_of_what_is_wanted_no_more,
    "D6-12, S-15: M is cleared while Advertises are collected; the prefix "
    "goes on being asked for")
{
	(void)tc;
	w6_init(&w);
	w.conf.dhcp6 = CONF_AUTO;
	w.conf.nprefixes = 1;
	w6_start(&w);
	dhcp6_ra_flags(&w.d, 1, 0, 0, w.now);
	ATF_REQUIRE_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
	w6_answer(&w, &p, DHCP6_ADVERTISE);
	p6_ia_na(&p, w.d.lease.ias[0].iaid, "2001:db8::10", 1000, 2000);
	w6_receive(&w, &p);
	dhcp6_ra_flags(&w.d, 0, 0, 0, w.now);
	w6_advance(&w, 2000);
	ATF_CHECK_EQ_MSG(
	    0, w6_count(&w, DHCP6_REQUEST), "a Request for nothing");
	w.nsent = 0;
	w6_advance(&w, 20000);
	ATF_REQUIRE(w.nsent > 0);
	ATF_CHECK_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
}

/* The option request of a message, as text. */
static const char *
requested(const struct sent6 *s)
{
	static char text[128];
	const uint8_t *o;
	size_t len, i, used = 0;

	text[0] = '\0';
	o = s6_opt(s, 6, 0, &len);
	for (i = 0; o != NULL && i + 1 < len; i += 2)
		used += (size_t)snprintf(text + used, sizeof(text) - used,
		    "%d ", o[i] << 8 | o[i + 1]);
	return text;
}

TEST(dhcp6_anonymous_asks_little,
    "D6-05, RFC 7844 4.1 and 4.6: neither rapid commit nor Reconfigure, few "
    "options, in no order of ours")
{
	unsigned int i, orders = 0;
	char first[128], one;

	(void)tc;
	for (i = 0; i < 20; i++) {
		w6_init(&w);
		w.seed = i;
		w.conf.anonymous = w.conf.rapid_commit = w.conf.reconfigure = 1;
		w.conf.opt6.request[0] = 94;
		w.conf.opt6.nrequest = 1;
		w.conf.nprefixes = 1;
		w6_start(&w);
		ATF_REQUIRE_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
		ATF_CHECK(s6_opt(w6_newest(&w), 14, 0, NULL) == NULL);
		ATF_CHECK(s6_opt(w6_newest(&w), 20, 0, NULL) == NULL);
		ATF_CHECK_EQ(
		    strlen("23 67 82 "), strlen(requested(w6_newest(&w))));
		ATF_CHECK(strstr(requested(w6_newest(&w)), "82 ") != NULL);
		if (i == 0)
			strlcpy(first, requested(w6_newest(&w)), sizeof(first));
		orders += strcmp(first, requested(w6_newest(&w))) != 0;
	}
	ATF_CHECK(orders > 0);
	/* Nor is it taken when it was not asked for. */
	one = 0;
	w6_answer(&w, &p, DHCP6_REPLY);
	p6_opt(&p, 14, &one, 0);
	w6_put_grants(&w, &p, 100, 200);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(0, w.d.lease.naddrs);
}

/* Bound by the identifier that an anonymous host makes of its MAC. */
static void
bind_anonymous(const char *ssid)
{
	static const char id[] = "\0\3\0\1\2\0\0\0\0\1";
	unsigned int i;

	w6_init(&w);
	w.conf.anonymous = 1;
	w.iface.network_id_len = (uint8_t)strlen(ssid);
	memcpy(w.iface.network_id, ssid, strlen(ssid));
	w6_start(&w);
	for (i = 0; i < 2; i++) {
		p6_begin(&p, i == 0 ? DHCP6_ADVERTISE : DHCP6_REPLY,
		    w6_newest(&w)->xid);
		p6_opt(&p, 1, id, 10);
		p6_opt(&p, 2, SERVER_DUID, SERVER_DUID_LEN);
		p6_opt(&p, 7, "\xff", 1);
		p6_ia_na(&p, w.d.lease.ias[0].iaid, "2001:db8::10", 1000, 2000);
		w6_receive(&w, &p);
	}
	ATF_REQUIRE_EQ(D6_BOUND, w.d.state);
}

TEST(dhcp6_anonymous_takes_no_address_along,
    "D6-05, RFC 7844 4.2: no Confirm where it is not known whether this is "
    "the network, or by another hardware address")
{
	(void)tc;
	bind_anonymous("");
	w6_link(&w, 0);
	w6_link(&w, 1);
	ATF_CHECK_EQ(0, w6_count(&w, DHCP6_CONFIRM));
	ATF_CHECK_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
	ATF_CHECK_EQ(0, w.config.naddrs);
	bind_anonymous("cafe");
	w6_link(&w, 0);
	w6_link(&w, 1);
	ATF_CHECK_EQ(1, w6_count(&w, DHCP6_CONFIRM));
	bind_anonymous("cafe");
	w6_link(&w, 0);
	w.iface.hwaddr[5] ^= 1;
	w6_link(&w, 1);
	ATF_CHECK_EQ(0, w6_count(&w, DHCP6_CONFIRM));
	ATF_CHECK_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
	ATF_CHECK_EQ(0, w.config.naddrs);
}

TEST(dhcp6_reload_while_it_asks_configures_nothing,
    "D6-16: what is on disk is not used before somebody has confirmed it, or "
    "nobody has answered")
{
	static struct dhcp6_lease stored;

	(void)tc;
	w6_init(&w);
	w6_start(&w);
	w6_bind(&w, 1000, 2000);
	stored = w.stored;
	w6_init(&w);
	dhcp6_configure(&w.d, &w.conf, (const uint8_t *)CLIENT_DUID,
	    CLIENT_DUID_LEN, w.now);
	dhcp6_interface(&w.d, &w.iface, w.now);
	dhcp6_stored(&w.d, &stored, 10, w.now);
	w6_channels(&w, 0);
	dhcp6_start(&w.d, w.now);
	ATF_REQUIRE_EQ(D6_CONFIRMING, w.d.state);
	w.conf.select = SELECT_FIRST;
	dhcp6_configure(&w.d, &w.conf, (const uint8_t *)CLIENT_DUID,
	    CLIENT_DUID_LEN, w.now);
	ATF_CHECK_EQ(D6_CONFIRMING, w.d.state);
	ATF_CHECK_EQ(0, w.nconfig);
	w6_advance(&w, 11000);
	ATF_CHECK_EQ(1, w.config.naddrs);
}

TEST(dhcp6_reject_route_for_each_prefix, "D6-42: not for the first alone")
{
	unsigned int i;

	(void)tc;
	w6_init(&w);
	w.conf.nprefixes = 3;
	w6_start(&w);
	w6_bind(&w, 1000, 2000);
	ATF_REQUIRE_EQ(3, w.d.lease.nprefixes);
	ATF_REQUIRE_EQ(3, w.config.nroutes);
	for (i = 0; i < 3; i++) {
		ATF_CHECK_EQ(ROUTE6_REJECT, w.config.routes[i].flags);
		ATF_CHECK(IN6_ARE_ADDR_EQUAL(
		    &w.config.routes[i].dst, &w.d.lease.prefixes[i].prefix));
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, dhcp6_reload_while_it_asks_configures_nothing);
	ATF_TP_ADD_TC(tp, dhcp6_reject_route_for_each_prefix);
	ATF_TP_ADD_TC(tp, dhcp6_anonymous_takes_no_address_along);
	ATF_TP_ADD_TC(tp, dhcp6_anonymous_asks_little);
	ATF_TP_ADD_TC(
	    tp, dhcp6_registration_is_refreshed_while_routers_advertise);
	ATF_TP_ADD_TC(tp, dhcp6_flag_that_flaps_makes_no_storm);
	ATF_TP_ADD_TC(tp, dhcp6_address_removed_twice_is_put_back);
	ATF_TP_ADD_TC(tp, dhcp6_stored_lease_of_no_known_age_is_not_used);
	ATF_TP_ADD_TC(tp, dhcp6_offer_of_what_is_wanted_no_more);
	return atf_no_error();
}

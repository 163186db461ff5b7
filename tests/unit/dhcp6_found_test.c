/* SPDX-License-Identifier: ISC */
/* What the simulator and reviews found in the DHCPv6 machine. */

#include <errno.h>
#include <string.h>

#include "dhcp6_harness.h"
#include "test.h"

static struct world6 w;

TEST(dhcp6_failed_configuration_is_tried_again,
    "D6-14: an address the kernel failed once does not wait for T1")
{
	unsigned int n;

	(void)tc;
	w6_init(&w);
	w6_start(&w);
	w.hold_configured = 1;
	w6_bind(&w, 43200, 86400);
	ATF_REQUIRE_EQ(1, w.config.naddrs);
	n = w.nconfig;
	dhcp6_configured(&w.d, w.config.serial, ENOBUFS, w.now);
	w6_advance(&w, 60000);
	ATF_CHECK_EQ(n + 1, w.nconfig);
	ATF_CHECK_EQ(1, w.config.naddrs);
	/* What the policy refuses is not asked for again and again. */
	dhcp6_configured(&w.d, w.config.serial, EACCES, w.now);
	w6_advance(&w, 60000);
	ATF_CHECK_EQ(n + 1, w.nconfig);
}

TEST(dhcp6_failed_configuration_is_tried_again_with_the_socket,
    "D6-14, Y-01: IPv6 was off for a moment, which the sender's return shows")
{
	unsigned int n;

	(void)tc;
	w6_init(&w);
	w6_start(&w);
	w.hold_configured = 1;
	w6_bind(&w, 43200, 86400);
	n = w.nconfig;
	w6_channels(&w, ENOTCONN);
	dhcp6_configured(&w.d, w.config.serial, EPERM, w.now);
	w6_advance(&w, 1000);
	ATF_CHECK_EQ(n, w.nconfig);
	w6_channels(&w, 0);
	w6_advance(&w, 1);
	ATF_CHECK_EQ(n + 1, w.nconfig);
}

/* Answers a Solicit or Request: offers everything, then refuses. */
static void
offer_and_refuse(void)
{
	struct packet6 p;
	uint8_t preference = 255;
	unsigned int i, before;

	for (i = 0; i < 200; i++) {
		before = w.nsent;
		if (w.sent[w.nsent - 1].type == DHCP6_SOLICIT) {
			w6_answer(&w, &p, DHCP6_ADVERTISE);
			p6_opt(&p, OPT6_PREFERENCE, &preference, 1);
			w6_put_grants(&w, &p, 100, 200);
		} else {
			w6_answer(&w, &p, DHCP6_REPLY);
			p6_status(&p, DHCP6_NOT_ON_LINK, "no");
		}
		w6_receive(&w, &p);
		w6_advance(&w, 1);
		if (w.nsent == before)
			break;
	}
}

TEST(dhcp6_server_that_offers_and_refuses_makes_no_storm,
    "D6-18, RFC 9915 14.1: NotOnLink to a Request is followed by a wait")
{
	(void)tc;
	w6_init(&w);
	w6_start(&w);
	w6_advance(&w, 1100);
	ATF_REQUIRE(w.nsent > 0);
	offer_and_refuse();
	ATF_CHECK_MSG(w.nsent < 10, "%u messages at once", w.nsent);
	w6_advance(&w, 60000);
	ATF_CHECK_EQ(DHCP6_SOLICIT, w.sent[w.nsent - 1].type);
}

TEST(dhcp6_renew_ends_a_release, "D6-17: renew while a Release is unanswered")
{
	(void)tc;
	w6_init(&w);
	w6_start(&w);
	w6_bind(&w, 1000, 2000);
	dhcp6_release(&w.d, w.now);
	dhcp6_configured(&w.d, w.config.serial, 0, w.now);
	ATF_REQUIRE_EQ(DHCP6_RELEASE, w.sent[w.nsent - 1].type);
	dhcp6_renew(&w.d, w.now);
	ATF_CHECK(dhcp6_idle(&w.d));
	w6_advance(&w, 1500);
	w6_bind(&w, 1000, 2000);
	ATF_REQUIRE_EQ(1, w.d.lease.naddrs);
	w.nforget = 0;
	w6_advance(&w, 60000);
	ATF_CHECK_EQ_MSG(0, w.nforget, "the new lease was forgotten");
	ATF_CHECK_EQ(D6_BOUND, w.d.state);
}

TEST(dhcp6_new_mac_ends_a_release, "D6-17: the interface changes meanwhile")
{
	(void)tc;
	w6_init(&w);
	w6_start(&w);
	w6_bind(&w, 1000, 2000);
	dhcp6_release(&w.d, w.now);
	dhcp6_configured(&w.d, w.config.serial, 0, w.now);
	ATF_REQUIRE_EQ(DHCP6_RELEASE, w.sent[w.nsent - 1].type);
	w.iface.hwaddr[5] ^= 1;
	dhcp6_interface(&w.d, &w.iface, w.now);
	w6_advance(&w, 60000);
	ATF_CHECK(dhcp6_idle(&w.d));
	ATF_CHECK_EQ(DHCP6_SOLICIT, w.sent[w.nsent - 1].type);
}

TEST(dhcp6_stored_lease_of_another_iaid,
    "D6-02: a configured iaid is used though another one is stored")
{
	static struct dhcp6_lease stored;

	(void)tc;
	w6_init(&w);
	w6_start(&w);
	w6_bind(&w, 1000, 2000);
	stored = w.stored;
	w6_init(&w);
	w.conf.has_iaid = 1;
	w.conf.iaid = 7;
	dhcp6_configure(&w.d, &w.conf, (const uint8_t *)"\0\4abcd", 6, w.now);
	dhcp6_interface(&w.d, &w.iface, w.now);
	dhcp6_stored(&w.d, &stored, 10, w.now);
	ATF_CHECK_EQ(7, w.d.lease.ias[DHCP6_IA_NA].iaid);
	ATF_CHECK_EQ(8, w.d.lease.ias[1].iaid);
}

/* A lease of the last run, of which one IA is granted; 25: the prefix. */
static void
granted_first(unsigned int option, int present)
{
	struct dhcp6_lease stored;
	struct packet6 p;

	w6_init(&w);
	w.conf.nprefixes = 1;
	w6_bind(&w, 1000, 2000);
	stored = w.stored;
	w6_init(&w);
	w.conf.nprefixes = 1;
	dhcp6_configure(&w.d, &w.conf, (const uint8_t *)CLIENT_DUID,
	    CLIENT_DUID_LEN, w.now);
	dhcp6_interface(&w.d, &w.iface, w.now);
	dhcp6_stored(&w.d, &stored, 10, w.now);
	if (present)
		w6_address(&w, "2001:db8::10", STATE6_PRESENT);
	w6_start(&w);
	w6_advance(&w, 1);
	ATF_REQUIRE_EQ(DHCP6_REBIND, w.sent[w.nsent - 1].type);
	ATF_REQUIRE_EQ(0, w.nconfig);
	w6_answer(&w, &p, DHCP6_REPLY);
	if (option == 25)
		p6_ia_pd(&p, w.d.lease.ias[1].iaid, "2001:db8:100::", 48, 1000,
		    2000);
	else
		p6_ia_na(&p, w.d.lease.ias[0].iaid, "2001:db8::10", 1000, 2000);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(1, w.nconfig);
	ATF_CHECK_EQ(1, w.config.nroutes);
}

TEST(dhcp6_what_is_granted_first_is_applied_at_once,
    "D6-16, D6-46: after a restart no IA waits for another; an address that "
    "is not confirmed is kept where it is, and not made")
{
	(void)tc;
	granted_first(3, 0);
	ATF_CHECK_EQ(1, w.config.naddrs);
	granted_first(25, 1);
	ATF_CHECK_EQ(1, w.config.naddrs);
	granted_first(25, 0);
	ATF_CHECK_EQ(0, w.config.naddrs);
	/* Nobody answers for the address: on with it (RFC 9915 18.2.3). */
	w6_advance(&w, 10000);
	ATF_CHECK_EQ(1, w.config.naddrs);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, dhcp6_failed_configuration_is_tried_again);
	ATF_TP_ADD_TC(
	    tp, dhcp6_failed_configuration_is_tried_again_with_the_socket);
	ATF_TP_ADD_TC(tp, dhcp6_server_that_offers_and_refuses_makes_no_storm);
	ATF_TP_ADD_TC(tp, dhcp6_renew_ends_a_release);
	ATF_TP_ADD_TC(tp, dhcp6_new_mac_ends_a_release);
	ATF_TP_ADD_TC(tp, dhcp6_stored_lease_of_another_iaid);
	ATF_TP_ADD_TC(tp, dhcp6_what_is_granted_first_is_applied_at_once);
	return atf_no_error();
}

/* SPDX-License-Identifier: ISC */
/* The anonymity profile (RFC 7844) of the DHCPv4 machine. */

#include <arpa/inet.h>
#include <string.h>

#include "dhcp4_harness.h"
#include "test.h"

static struct world w;

/* Everything that the profile forbids is asked for. */
static void
begin(void)
{
	world_init(&w);
	w.conf.anonymous = 1;
	strlcpy(w.conf.host_name, "www", sizeof(w.conf.host_name));
	w.conf.client_id = CLIENT_ID_DUID;
	strlcpy(w.conf.user_classes[0], "x", sizeof(w.conf.user_classes[0]));
	w.conf.nuser_classes = 1;
	w.conf.lease_time = 7200;
	w.conf.opt4.nrequest = 1;
	w.conf.opt4.request[0] = 43;
	strlcpy(w.conf.vendor_class, "x", sizeof(w.conf.vendor_class));
	w.conf.rapid_commit = 1;
}

static void
join(const char *ssid)
{
	w.iface.network_id_len = (uint8_t)strlen(ssid);
	memset(w.iface.network_id, 0, sizeof(w.iface.network_id));
	memcpy(w.iface.network_id, ssid, strlen(ssid));
}

static void
bind_it(void)
{
	struct reply r = reply_of(DHCPOFFER);

	world_reply(&w, &r);
	r.type = DHCPACK;
	world_reply(&w, &r);
	ATF_REQUIRE_EQ(D4_BOUND, w.d.state);
}

/* A message has these options and no others. */
static void
only(const struct sent *s, const uint8_t *codes, size_t n)
{
	int code;

	ATF_REQUIRE(s != NULL);
	for (code = 1; code < 255; code++)
		ATF_CHECK_MSG((memchr(codes, code, n) != NULL) ==
			(sent_option(s, (uint8_t)code, NULL) >= 0),
		    "option %d", code);
}

#define ONLY(type, ...)                                              \
	only(world_last(&w, type), (const uint8_t[]){ __VA_ARGS__ }, \
	    sizeof((const uint8_t[]){ __VA_ARGS__ }))

TEST(anonymous_messages_say_the_minimum,
    "D4-30: RFC 7844 3.1: type, client identifier and list, and what an OFFER "
    "asks for; DECLINE and RELEASE without words")
{
	static const uint8_t other[6] = { 2, 0, 0, 0, 0, 0x77 };
	struct reply r = reply_of(DHCPOFFER);
	const uint8_t *opt;

	(void)tc;
	begin();
	world_start(&w);
	ONLY(DHCPDISCOVER, 53, 55, 61);
	ATF_CHECK_EQ(4, sent_option(world_last(&w, DHCPDISCOVER), 55, NULL));
	world_reply(&w, &r);
	ONLY(DHCPREQUEST, 50, 53, 54, 55, 61);
	world_arp(&w, "192.0.2.10", "192.0.2.10", other, 2);
	r.type = DHCPACK;
	world_reply(&w, &r);
	ONLY(DHCPDECLINE, 50, 53, 54, 61);
	ATF_CHECK_EQ(7, sent_option(world_last(&w, DHCPDECLINE), 61, &opt));
	ATF_CHECK_EQ(0, memcmp(opt + 1, w.iface.hwaddr, 6));
	/* 50 is of a lease of another day. */
	world_advance(&w, 11000);
	ONLY(DHCPDISCOVER, 53, 55, 61);
	bind_it();
	dhcp4_release(&w.d, w.now);
	ONLY(DHCPRELEASE, 53, 54, 61);
}

TEST(anonymous_identifier_is_the_present_mac,
    "D4-30: client identifier and chaddr change with the hardware address")
{
	static const uint8_t mac[6] = { 2, 0x55, 0, 0, 0, 0x55 };
	const struct sent *s;
	const uint8_t *opt;

	(void)tc;
	begin();
	world_start(&w);
	bind_it();
	memcpy(w.iface.hwaddr, mac, 6);
	dhcp4_interface(&w.d, &w.iface, 1, w.now);
	s = world_last(&w, DHCPDISCOVER);
	ATF_REQUIRE_EQ(w.now, s->when);
	ATF_CHECK_EQ(0, memcmp(s->bootp + 28, mac, 6));
	ATF_CHECK_EQ(7, sent_option(s, 61, &opt));
	ATF_CHECK_EQ(0, memcmp(opt + 1, mac, 6));
	ATF_CHECK_EQ(-1, sent_option(s, 50, NULL));
}

TEST(anonymous_order_is_random,
    "D4-30: RFC 7844 3.1: the options of a message, and the list, in any "
    "order")
{
	unsigned int i, first = 0, list = 0, n = 0;
	const uint8_t *opt, *before;
	const struct sent *s;

	(void)tc;
	begin();
	world_start(&w);
	world_advance(&w, 3600000);
	for (i = 1; i < w.nsent && i < SENT_MAX; i++) {
		s = &w.sent[i];
		n++;
		first += s->bootp[240] != w.sent[i - 1].bootp[240];
		ATF_REQUIRE_EQ(4, sent_option(s, 55, &opt));
		ATF_REQUIRE_EQ(4, sent_option(&w.sent[i - 1], 55, &before));
		list += memcmp(opt, before, 4) != 0;
	}
	ATF_REQUIRE(n > 30);
	ATF_CHECK(first > n / 3);
	ATF_CHECK(list > n / 2);
}

TEST(anonymous_reboots_on_the_same_network_alone,
    "D4-30: INIT-REBOOT only with the same network name and hardware address")
{
	static const char *const names[] = { "home", "cafe", "", "home" };
	size_t i;

	(void)tc;
	for (i = 0; i < 4; i++) {
		begin();
		join("home");
		world_start(&w);
		bind_it();
		world_link(&w, 0);
		join(names[i]);
		if (i == 3)
			w.iface.hwaddr[5] ^= 1;
		world_link(&w, 1);
		ATF_CHECK_EQ_MSG(i == 0 ? D4_REBOOTING : D4_SELECTING,
		    w.d.state, "%s", names[i]);
		ATF_CHECK_EQ(i == 0 ? 1 : 0, w.config.naddrs);
		if (i > 0)
			ONLY(DHCPDISCOVER, 53, 55, 61);
	}
	/* Without a name nobody knows which network it is. */
	begin();
	world_start(&w);
	bind_it();
	world_link(&w, 0);
	world_link(&w, 1);
	ATF_CHECK_EQ(D4_SELECTING, w.d.state);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, anonymous_messages_say_the_minimum);
	ATF_TP_ADD_TC(tp, anonymous_identifier_is_the_present_mac);
	ATF_TP_ADD_TC(tp, anonymous_order_is_random);
	ATF_TP_ADD_TC(tp, anonymous_reboots_on_the_same_network_alone);
	return atf_no_error();
}

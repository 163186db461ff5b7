/* SPDX-License-Identifier: ISC */
/* The decoder of server messages: the value of each option. */
#include <stdlib.h>

#include "reply.h"

TEST(value_classless_routes,
    "D4-08: significant octets, host bits "
    "cleared, on-link, default")
{
	static const struct {
		uint8_t prefixlen;
		uint32_t dst, gateway;
	} want[] = { { 0, 0, IP(192, 0, 2, 1) },
		{ 8, IP(10, 0, 0, 0), IP(192, 0, 2, 2) },
		{ 15, IP(10, 16, 0, 0), IP(192, 0, 2, 3) },
		{ 24, IP(10, 27, 129, 0), 0 },
		{ 32, IP(169, 254, 169, 254), IP(192, 0, 2, 4) },
		{ 1, 0, IP(192, 0, 2, 5) } };
	size_t i;

	reply_begin_ack();
	OPT(OPT_CLASSLESS_ROUTES, 0, 192, 0, 2, 1, 8, 10, 192, 0, 2, 2, 15, 10,
	    17, 192, 0, 2, 3, 24, 10, 27, 129, 0, 0, 0, 0, 32, 169, 254, 169,
	    254, 192, 0, 2, 4, 1, 127, 192, 0, 2, 5);
	OPT(OPT_ROUTERS, 192, 0, 2, 254);
	OPT(OPT_STATIC_ROUTES, 10, 0, 0, 1, 192, 0, 2, 254);
	ATF_REQUIRE_EQ(reply_parse(), DHCP4_OK);
	ATF_CHECK(reply_msg.present & HAVE_CLASSLESS);
	ATF_REQUIRE_EQ(reply_msg.lease.nroutes, 6);
	for (i = 0; i < 6; i++) {
		ATF_CHECK_EQ(
		    reply_msg.lease.routes[i].prefixlen, want[i].prefixlen);
		IS_IP(reply_msg.lease.routes[i].dst, want[i].dst);
		IS_IP(reply_msg.lease.routes[i].gateway, want[i].gateway);
	}
	ATF_CHECK_EQ(reply_msg.ignored, 0);
}

TEST(value_classless_malformed_counts_as_absent,
    "D4-08: width above 32, cut "
    "anywhere, empty: 33 and 3 apply")
{
	static const uint8_t good[] = { 0, 192, 0, 2, 1, 24, 10, 1, 2, 192, 0,
		2, 2 };
	uint8_t bad[sizeof(good)];
	size_t n, width;

	for (n = 0; n <= sizeof(good); n++) {
		reply_begin_ack();
		reply_option(OPT_CLASSLESS_ROUTES, good, n);
		OPT(OPT_ROUTERS, 192, 0, 2, 254);
		ATF_CHECK_EQ(reply_parse(), DHCP4_OK);
		if (n == 5 || n == sizeof(good)) {
			ATF_CHECK_EQ(reply_msg.lease.nroutes, n == 5 ? 1 : 2);
			ATF_CHECK(reply_msg.present & HAVE_CLASSLESS);
			continue;
		}
		ATF_CHECK_EQ(reply_msg.ignored, 1);
		ATF_CHECK(!(reply_msg.present & HAVE_CLASSLESS));
		ATF_CHECK_EQ(reply_msg.lease.nroutes, 1);
		IS_IP(reply_msg.lease.routes[0].gateway, IP(192, 0, 2, 254));
	}
	for (width = 33; width <= 255; width++) {
		memset(bad, 10, sizeof(bad));
		bad[0] = (uint8_t)width;
		ATF_CHECK_EQ(
		    reply_ack_with(OPT_CLASSLESS_ROUTES, bad, sizeof(bad)),
		    DHCP4_OK);
		ATF_CHECK_EQ(reply_msg.lease.nroutes, 0);
		ATF_CHECK_EQ(reply_msg.ignored, 1);
	}
}

TEST(value_classless_bound, "D4-08: 32 routes, more are counted")
{
	uint8_t routes[5 * 40] = { 0 };
	size_t i;

	for (i = 0; i < 40; i++)
		memcpy(&routes[5 * i], "\0\300\0\2\1", 5);
	ATF_REQUIRE_EQ(
	    reply_ack_with(OPT_CLASSLESS_ROUTES, routes, sizeof(routes)),
	    DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.lease.nroutes, 32);
	ATF_CHECK_EQ(reply_msg.excess, 8);
}

TEST(value_classless_absurd_route_is_left_out,
    "D4-08: reserved destinations "
    "and gateways, the others stay")
{
	ATF_REQUIRE_EQ(
	    ACK_WITH(OPT_CLASSLESS_ROUTES, 8, 127, 192, 0, 2, 1, 8, 0, 192, 0,
		2, 1, 4, 224, 192, 0, 2, 1, 8, 10, 127, 0, 0, 1, 8, 10, 224, 0,
		0, 1, 32, 255, 255, 255, 255, 0, 0, 0, 0, 8, 10, 0, 0, 0, 0),
	    DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.ignored, 6);
	ATF_CHECK(reply_msg.present & HAVE_CLASSLESS);
	ATF_REQUIRE_EQ(reply_msg.lease.nroutes, 1);
	IS_IP(reply_msg.lease.routes[0].dst, IP(10, 0, 0, 0));
}

TEST(value_static_routes_and_routers,
    "D4-08: 33 as host routes, then the first "
    "router as default route")
{
	reply_begin_ack();
	OPT(OPT_ROUTERS, 0, 0, 0, 0, 224, 0, 0, 1, 192, 0, 2, 1, 192, 0, 2, 2);
	OPT(OPT_STATIC_ROUTES, 10, 0, 0, 1, 192, 0, 2, 3, 0, 0, 0, 0, 192, 0, 2,
	    4, 10, 0, 0, 2, 0, 0, 0, 0, 10, 0, 0, 3, 192, 0, 2, 5);
	ATF_REQUIRE_EQ(reply_parse(), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.ignored, 2); /* the default route, no router */
	ATF_REQUIRE_EQ(reply_msg.lease.nroutes, 3);
	IS_IP(reply_msg.lease.routes[0].dst, IP(10, 0, 0, 1));
	ATF_CHECK_EQ(reply_msg.lease.routes[0].prefixlen, 32);
	IS_IP(reply_msg.lease.routes[0].gateway, IP(192, 0, 2, 3));
	IS_IP(reply_msg.lease.routes[1].dst, IP(10, 0, 0, 3));
	ATF_CHECK_EQ(reply_msg.lease.routes[2].prefixlen, 0);
	IS_IP(reply_msg.lease.routes[2].gateway, IP(192, 0, 2, 1));
	ATF_CHECK_EQ(ACK_WITH(OPT_ROUTERS, 127, 0, 0, 1), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.lease.nroutes, 0);
	ATF_CHECK_EQ(reply_msg.ignored, 1);
}

TEST(value_name_servers, "D4-28: unicast only, at most 8, order kept")
{
	uint8_t many[4 * 12];
	size_t i;

	ATF_REQUIRE_EQ(ACK_WITH(OPT_DNS, 127, 0, 0, 1, 192, 0, 2, 53, 0, 0, 0,
			   0, 224, 0, 0, 251, 255, 255, 255, 255, 8, 8, 8, 8),
	    DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.ignored, 4);
	ATF_REQUIRE_EQ(reply_msg.lease.ndns, 2);
	IS_IP(reply_msg.lease.dns[0], IP(192, 0, 2, 53));
	IS_IP(reply_msg.lease.dns[1], IP(8, 8, 8, 8));
	for (i = 0; i < 12; i++)
		memcpy(&many[4 * i], "\300\0\2\1", 4);
	ATF_CHECK_EQ(reply_ack_with(OPT_DNS, many, sizeof(many)), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.lease.ndns, 8);
	ATF_CHECK_EQ(reply_msg.excess, 4);
	ATF_CHECK_EQ(reply_ack_with(OPT_NTP, many, sizeof(many)), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.lease.nntp, 8);
	ATF_CHECK_EQ(reply_msg.excess, 4);
}

TEST(value_broadcast_address, "D4-03: inside the prefix, or all ones")
{
	ATF_CHECK_EQ(ACK_WITH(OPT_BROADCAST, 192, 0, 2, 255), DHCP4_OK);
	IS_IP(reply_msg.lease.broadcast, IP(192, 0, 2, 255));
	ATF_CHECK_EQ(ACK_WITH(OPT_BROADCAST, 255, 255, 255, 255), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.ignored, 0);
	ATF_CHECK_EQ(ACK_WITH(OPT_BROADCAST, 8, 8, 8, 8), DHCP4_OK);
	IS_IP(reply_msg.lease.broadcast, 0);
	ATF_CHECK_EQ(reply_msg.ignored, 1);
	ATF_CHECK_EQ(ACK_WITH(OPT_BROADCAST, 192, 0, 2, 9), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.ignored, 1);
}

TEST(value_broadcast_without_an_address,
    "D4-03: nothing to compare it with, so only all ones")
{
	reply_begin(DHCPACK);
	memset(&reply_bytes[16], 0, 4);
	OPT(OPT_BROADCAST, 8, 8, 8, 8);
	ATF_CHECK_EQ(reply_parse(), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.ignored, 1);
	reply_begin(DHCPACK);
	memset(&reply_bytes[16], 0, 4);
	memcpy(&reply_bytes[12], "\12\0\0\1", 4);
	OPT(OPT_BROADCAST, 10, 255, 255, 255);
	ATF_CHECK_EQ(reply_parse(), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.ignored, 0);
}

TEST(value_mtu, "D4-03: RFC 2132's minimum of 68")
{
	ATF_CHECK_EQ(ACK_WITH(OPT_MTU, 0, 67), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.lease.mtu, 0);
	ATF_CHECK_EQ(reply_msg.ignored, 1);
	ATF_CHECK_EQ(ACK_WITH(OPT_MTU, 0, 68), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.lease.mtu, 68);
	ATF_CHECK(reply_msg.present & HAVE_MTU);
	ATF_CHECK_EQ(ACK_WITH(OPT_MTU, 255, 255), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.lease.mtu, 65535);
}

TEST(value_host_name, "D4-28, D4-07: 12 is a name, trailing NULs are dropped")
{
	ATF_CHECK_EQ(ACK_WITH_S(OPT_HOSTNAME, "www.example.org\0\0"), DHCP4_OK);
	ATF_CHECK_STREQ(reply_msg.lease.hostname, "www.example.org");
	ATF_CHECK_EQ(reply_msg.names_ignored, 0);
	ATF_CHECK_EQ(ACK_WITH_S(OPT_HOSTNAME, "a\0b"), DHCP4_OK);
	ATF_CHECK_STREQ(reply_msg.lease.hostname, "");
	ATF_CHECK_EQ(reply_msg.names_ignored, 1);
	ATF_CHECK_EQ(ACK_WITH_S(OPT_HOSTNAME, "\0"), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.names_ignored, 1);
	ATF_CHECK_EQ(ACK_WITH_S(OPT_HOSTNAME, "x;reboot"), DHCP4_OK);
	ATF_CHECK_STREQ(reply_msg.lease.hostname, "");
}

TEST(value_hostile_strings,
    "D4-07, D4-28: quotes, newline, $(), NUL, 8-bit in "
    "12, 15, 114 and 56 reach nobody")
{
	static const char *const bad[] = { "a\"b", "a'b", "a\nb", "a$(id)",
		"a`id`", "a\\b", "a;b", "a|b", "a\x1b[2J", "a\377", "a\tb",
		"a/../b" };
	size_t i, n;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char uri[64] = "http://";

		n = strlen(bad[i]);
		ATF_CHECK_EQ(reply_ack_with(OPT_HOSTNAME, bad[i], n), DHCP4_OK);
		ATF_CHECK_STREQ(reply_msg.lease.hostname, "");
		ATF_CHECK_EQ(reply_msg.names_ignored, 1);
		ATF_CHECK_EQ(reply_ack_with(OPT_DOMAIN, bad[i], n), DHCP4_OK);
		ATF_CHECK_STREQ(reply_msg.lease.domain, "");
		ATF_CHECK_EQ(reply_msg.lease.nsearch, 0);
		ATF_CHECK_EQ(reply_msg.names_ignored, 1);
		ATF_CHECK_EQ(reply_ack_with(OPT_MESSAGE, bad[i], n), DHCP4_OK);
		ATF_CHECK_EQ(strlen(reply_msg.message), n);
		ATF_CHECK(strpbrk(reply_msg.message, "\n\t\x1b\377") == NULL);
		strlcat(uri, bad[i], sizeof(uri));
		ATF_CHECK_EQ(
		    reply_ack_with(OPT_CAPTIVE_PORTAL, uri, strlen(uri)),
		    DHCP4_OK);
		ATF_CHECK_EQ_MSG(reply_msg.ignored,
		    strpbrk(bad[i], "\"\n`\\|\x1b\377\t") != NULL, "%s", uri);
	}
}

TEST(value_domain_names, "D4-07: 15 split on spaces, bad ones dropped alone")
{
	ATF_CHECK_EQ(
	    ACK_WITH_S(OPT_DOMAIN, " a.example  b$ c.example. \0"), DHCP4_OK);
	ATF_CHECK_STREQ(reply_msg.lease.domain, "a.example");
	ATF_CHECK_EQ(reply_msg.names_ignored, 1);
	ATF_REQUIRE_EQ(reply_msg.lease.nsearch, 2);
	ATF_CHECK_STREQ(reply_msg.lease.search[0], "a.example");
	ATF_CHECK_STREQ(reply_msg.lease.search[1], "c.example");
}

TEST(value_domain_search,
    "D4-07: 119 with compression over repeated options, "
    "instead of 15")
{
	reply_begin_ack();
	OPT_S(OPT_DOMAIN, "other.example");
	OPT_S(OPT_DOMAIN_SEARCH, "\3eng\5apple\3com\0\11mark");
	OPT_S(OPT_DOMAIN_SEARCH, "eting\300\4");
	ATF_REQUIRE_EQ(reply_parse(), DHCP4_OK);
	ATF_REQUIRE_EQ(reply_msg.lease.nsearch, 2);
	ATF_CHECK_STREQ(reply_msg.lease.search[0], "eng.apple.com");
	ATF_CHECK_STREQ(reply_msg.lease.search[1], "marketing.apple.com");
	ATF_CHECK_STREQ(reply_msg.lease.domain, "other.example");
	ATF_CHECK_EQ(reply_msg.ignored + reply_msg.names_ignored, 0);
}

TEST(value_domain_search_malformed,
    "D4-07: the option is ignored, 15 applies, "
    "nothing else happens")
{
	static const struct {
		const char *bytes;
		size_t n;
	} bad[] = { { "\300\0", 2 }, { "\1a\300\0", 4 }, { "\1a\0\300\377", 5 },
		{ "\1a", 2 }, { "\1a\0\5b", 5 }, { "\1a\0\300", 4 },
		{ "\1a\0\200b\0", 6 } };
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		reply_begin_ack();
		OPT_S(OPT_DOMAIN, "example.org");
		reply_option(OPT_DOMAIN_SEARCH, bad[i].bytes, bad[i].n);
		ATF_CHECK_EQ(reply_parse(), DHCP4_OK);
		ATF_CHECK_EQ(reply_msg.ignored, 1);
		ATF_CHECK(reply_msg.names_ignored > 0);
		ATF_CHECK_EQ(reply_msg.lease.nsearch, 1);
		ATF_CHECK_STREQ(reply_msg.lease.search[0], "example.org");
		ATF_CHECK_EQ(reply_msg.lease.lease_sec, 3600);
	}
	/* well formed, but no name for us: dropped alone */
	ATF_CHECK_EQ(ACK_WITH_S(OPT_DOMAIN_SEARCH, "\3a.b\0\1c\0\0"), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.ignored, 0);
	ATF_CHECK_EQ(reply_msg.names_ignored, 2);
	ATF_CHECK_EQ(reply_msg.lease.nsearch, 1);
	ATF_CHECK_STREQ(reply_msg.lease.search[0], "c");
}

TEST(value_domain_search_bounds, "D4-07: 16 names, 2048 bytes in all")
{
	uint8_t names[3 * 20];
	char label[] =
	    "\77aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaa";
	size_t i;

	for (i = 0; i < 20; i++)
		memcpy(&names[3 * i], "\1a\0", 3);
	ATF_CHECK_EQ(
	    reply_ack_with(OPT_DOMAIN_SEARCH, names, sizeof(names)), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.lease.nsearch, 16);
	ATF_CHECK_EQ(reply_msg.excess, 4);

	/* one name of 3 * 64 - 1 bytes, then pointers to it */
	reply_begin_ack();
	for (i = 0; i < 3; i++)
		reply_option(OPT_DOMAIN_SEARCH, label, 64);
	OPT_S(OPT_DOMAIN_SEARCH, "");
	OPT(OPT_DOMAIN_SEARCH, 0);
	for (i = 0; i < 15; i++)
		OPT(OPT_DOMAIN_SEARCH, 0xc0, 0);
	ATF_CHECK_EQ(reply_parse(), DHCP4_OK);
	ATF_CHECK_EQ(strlen(reply_msg.lease.search[0]), 191);
	ATF_CHECK_EQ(reply_msg.lease.nsearch, 10); /* 2048 / 191 */
	ATF_CHECK_EQ(reply_msg.excess, 6);

	/* 8 names of 255 bytes would be too long; 16 of 128 are 2048 */
	reply_begin_ack();
	label[0] = 63;
	reply_option(OPT_DOMAIN_SEARCH, label, 64);
	label[0] = 62;
	reply_option(OPT_DOMAIN_SEARCH, label, 63);
	OPT(OPT_DOMAIN_SEARCH, 1, 'a', 0); /* 63 + 1 + 62 + 1 + 1 = 128 */
	for (i = 0; i < 15; i++)
		OPT(OPT_DOMAIN_SEARCH, 0xc0, 0);
	ATF_CHECK_EQ(reply_parse(), DHCP4_OK);
	ATF_CHECK_EQ(strlen(reply_msg.lease.search[0]), 128);
	ATF_CHECK_EQ(reply_msg.lease.nsearch, 16);
	ATF_CHECK_EQ(reply_msg.excess, 0);
}

TEST(value_captive_portal, "D4-28: http or https, RFC 3986 bytes, 255 of them")
{
	char uri[255];

	ATF_CHECK_EQ(
	    ACK_WITH_S(OPT_CAPTIVE_PORTAL, "https://azAZ09.org/a?b=%20&c=(1)"),
	    DHCP4_OK);
	ATF_CHECK_STREQ(
	    reply_msg.lease.captive_portal, "https://azAZ09.org/a?b=%20&c=(1)");
	ATF_CHECK_EQ(ACK_WITH_S(OPT_CAPTIVE_PORTAL, "http://a\0"), DHCP4_OK);
	ATF_CHECK_STREQ(reply_msg.lease.captive_portal, "http://a");
	ATF_CHECK_EQ(ACK_WITH_S(OPT_CAPTIVE_PORTAL, "https://"), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.ignored, 1);
	ATF_CHECK_EQ(ACK_WITH_S(OPT_CAPTIVE_PORTAL, "file:///etc"), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.ignored, 1);
	ATF_CHECK_EQ(
	    ACK_WITH_S(OPT_CAPTIVE_PORTAL, "javascript:alert(1)"), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.ignored, 1);
	ATF_CHECK_EQ(ACK_WITH_S(OPT_CAPTIVE_PORTAL, "http://a b"), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.ignored, 1);
	ATF_CHECK_EQ(ACK_WITH_S(OPT_CAPTIVE_PORTAL, "http://a\0b"), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.ignored, 1);
	ATF_CHECK_EQ(ACK_WITH_S(OPT_CAPTIVE_PORTAL,
			 "urn:ietf:params:capport:unrestricted"),
	    DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.ignored, 0);
	ATF_CHECK_STREQ(reply_msg.lease.captive_portal, "");
	memset(uri, 'a', sizeof(uri));
	memcpy(uri, "http://", 7);
	ATF_CHECK_EQ(reply_ack_with(OPT_CAPTIVE_PORTAL, uri, 255), DHCP4_OK);
	ATF_CHECK_EQ(strlen(reply_msg.lease.captive_portal), 255);
	reply_begin_ack();
	reply_option(OPT_CAPTIVE_PORTAL, uri, 255);
	OPT(OPT_CAPTIVE_PORTAL, 'a');
	ATF_CHECK_EQ(reply_parse(), DHCP4_OK);
	ATF_CHECK_STREQ(reply_msg.lease.captive_portal, "");
	ATF_CHECK_EQ(reply_msg.ignored, 1);
}

TEST(value_message_is_bounded,
    "D4-03, Y-12: 56 of 600 bytes ends inside its array")
{
	char text[200];
	int i;

	memset(text, '~', sizeof(text));
	reply_begin_ack();
	memcpy(&reply_bytes[12], "\12\0\0\1", 4);
	for (i = 0; i < 3; i++)
		reply_option(OPT_MESSAGE, text, sizeof(text));
	ATF_CHECK_EQ(reply_parse(), DHCP4_OK);
	ATF_CHECK_EQ(strlen(reply_msg.message), 255);
	ATF_CHECK_EQ(strspn(reply_msg.message, "~"), 255);
	IS_IP(reply_msg.ciaddr, IP(10, 0, 0, 1));
}

TEST(value_vendor_and_client_id, "D4-28: 43 raw; 61 of RFC 6842; 255 bytes")
{
	uint8_t v[255];

	memset(v, 0xa5, sizeof(v));
	ATF_CHECK_EQ(reply_ack_with(OPT_VENDOR, v, 255), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.lease.vendor_len, 255);
	ATF_CHECK(memcmp(reply_msg.lease.vendor, v, 255) == 0);
	ATF_CHECK_EQ(reply_ack_with(OPT_CLIENT_ID, v, 255), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.client_id_len, 255);
	ATF_CHECK(memcmp(reply_msg.client_id, v, 255) == 0);
	ATF_CHECK(reply_msg.present & HAVE_CLIENT_ID);
	reply_begin_ack();
	reply_option(OPT_VENDOR, v, 255);
	reply_option(OPT_VENDOR, v, 1);
	reply_option(OPT_CLIENT_ID, v, 255);
	reply_option(OPT_CLIENT_ID, v, 1);
	ATF_CHECK_EQ(reply_parse(), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.ignored, 2);
	ATF_CHECK_EQ(reply_msg.lease.vendor_len, 0);
	ATF_CHECK_EQ(reply_msg.client_id_len, 0);
	ATF_CHECK_EQ(ACK_WITH_S(OPT_CLIENT_ID, ""), DHCP4_OK);
	ATF_CHECK(!(reply_msg.present & HAVE_CLIENT_ID));
}

TEST(value_encrypted_dns, "D4-28: 162, every length at every level")
{
	/* 0x15 bytes: priority 1, dns.ab., two addresses, alpn=h2 */
	static const uint8_t good[] = { 0, 31, 0, 1, 8, 3, 'd', 'n', 's', 2,
		'a', 'b', 0, 8, 192, 0, 2, 1, 192, 0, 2, 2, 0, 1, 0, 3, 2, 'h',
		'2', 0, 3, 0, 0,
		/* and one that is only a name */
		0, 11, 0, 2, 8, 3, 'd', 'n', 's', 2, 'c', 'd', 0 };
	static const struct {
		size_t off;
		uint8_t value;
	} wrong[] = { { 1, 30 }, { 1, 32 }, { 1, 0 }, { 0, 1 }, { 4, 0 },
		{ 4, 7 }, { 4, 9 }, { 4, 255 }, { 5, 64 }, { 5, 0xc0 },
		{ 7, '.' }, { 7, '\n' }, { 12, 1 }, { 13, 0 }, { 13, 7 },
		{ 13, 255 }, { 14, 127 }, { 18, 224 }, { 14, 0 }, { 23, 3 },
		{ 25, 4 }, { 25, 2 }, { 24, 255 }, { 30, 1 }, { 32, 1 },
		{ 34, 10 }, { 34, 12 } };
	uint8_t bad[sizeof(good)];
	size_t i, n;

	ATF_CHECK_EQ(reply_ack_with(OPT_DNR, good, sizeof(good)), DHCP4_OK);
	ATF_REQUIRE_EQ(reply_msg.lease.dnr_len, sizeof(good));
	ATF_CHECK(memcmp(reply_msg.lease.dnr, good, sizeof(good)) == 0);
	for (n = 0; n < sizeof(good); n++) {
		ATF_CHECK_EQ(reply_ack_with(OPT_DNR, good, n), DHCP4_OK);
		ATF_CHECK_EQ_MSG(
		    reply_msg.lease.dnr_len, n == 33 ? n : 0, "%zu", n);
	}
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		memcpy(bad, good, sizeof(good));
		bad[wrong[i].off] = wrong[i].value;
		ATF_CHECK_EQ(
		    reply_ack_with(OPT_DNR, bad, sizeof(bad)), DHCP4_OK);
		ATF_CHECK_EQ_MSG(reply_msg.lease.dnr_len, 0, "byte %zu = %u",
		    wrong[i].off, wrong[i].value);
		ATF_CHECK_EQ(reply_msg.ignored, 1);
	}
	/* addresses are announced, but there is none */
	ATF_CHECK_EQ(ACK_WITH(OPT_DNR, 0, 7, 0, 1, 3, 1, 'a', 0, 0), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.lease.dnr_len, 0);
}

TEST(value_sixrd, "D4-28: 212, lengths, mask, prefix and border relays")
{
	uint8_t v[66] = { 8, 32, 0x20, 1, 0x0d, 0xb8 };
	size_t n;

	for (n = 18; n < sizeof(v); n += 4)
		memcpy(&v[n], "\300\0\2\1", 4);
	for (n = 0; n <= sizeof(v); n++) {
		ATF_CHECK_EQ(reply_ack_with(OPT_6RD, v, n), DHCP4_OK);
		ATF_CHECK_EQ_MSG(reply_msg.lease.sixrd_len,
		    n >= 22 && n <= 64 && n % 4 == 2 ? n : 0, "%zu", n);
	}
	v[0] = 33;
	ATF_CHECK_EQ(reply_ack_with(OPT_6RD, v, 22), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.lease.sixrd_len, 0);
	v[0] = 0;
	v[1] = 96;
	ATF_CHECK_EQ(reply_ack_with(OPT_6RD, v, 22), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.lease.sixrd_len, 22);
	v[0] = 32;
	v[1] = 100;
	ATF_CHECK_EQ(reply_ack_with(OPT_6RD, v, 22), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.lease.sixrd_len, 22);
	v[0] = 0;
	v[1] = 97; /* 97 + 32 bits of address do not fit */
	ATF_CHECK_EQ(reply_ack_with(OPT_6RD, v, 22), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.lease.sixrd_len, 0);
	v[0] = 32;
	v[1] = 129;
	ATF_CHECK_EQ(reply_ack_with(OPT_6RD, v, 22), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.lease.sixrd_len, 0);
	v[1] = 28; /* bits behind the prefix */
	ATF_CHECK_EQ(reply_ack_with(OPT_6RD, v, 22), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.lease.sixrd_len, 0);
	v[1] = 29;
	ATF_CHECK_EQ(reply_ack_with(OPT_6RD, v, 22), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.lease.sixrd_len, 22);
	v[18] = 224;
	ATF_CHECK_EQ(reply_ack_with(OPT_6RD, v, 22), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.ignored, 1);
	ATF_CHECK_EQ(reply_msg.lease.sixrd_len, 0);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, value_classless_routes);
	ATF_TP_ADD_TC(tp, value_classless_malformed_counts_as_absent);
	ATF_TP_ADD_TC(tp, value_classless_bound);
	ATF_TP_ADD_TC(tp, value_classless_absurd_route_is_left_out);
	ATF_TP_ADD_TC(tp, value_static_routes_and_routers);
	ATF_TP_ADD_TC(tp, value_name_servers);
	ATF_TP_ADD_TC(tp, value_broadcast_address);
	ATF_TP_ADD_TC(tp, value_broadcast_without_an_address);
	ATF_TP_ADD_TC(tp, value_mtu);
	ATF_TP_ADD_TC(tp, value_host_name);
	ATF_TP_ADD_TC(tp, value_hostile_strings);
	ATF_TP_ADD_TC(tp, value_domain_names);
	ATF_TP_ADD_TC(tp, value_domain_search);
	ATF_TP_ADD_TC(tp, value_domain_search_malformed);
	ATF_TP_ADD_TC(tp, value_domain_search_bounds);
	ATF_TP_ADD_TC(tp, value_captive_portal);
	ATF_TP_ADD_TC(tp, value_message_is_bounded);
	ATF_TP_ADD_TC(tp, value_vendor_and_client_id);
	ATF_TP_ADD_TC(tp, value_encrypted_dns);
	ATF_TP_ADD_TC(tp, value_sixrd);
	return atf_no_error();
}

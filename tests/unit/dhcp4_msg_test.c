/* SPDX-License-Identifier: ISC */
/* The decoder of server messages: header, option areas, sizes, and what every
 * message has. */
#include <stdlib.h>

#include "reply.h"

#define SNAME 44
#define FILE_ 108

TEST(msg_fixed_fields,
    "D4-02: what the header says, in host order but for "
    "addresses")
{
	reply_begin_ack();
	memcpy(&reply_bytes[12], "\12\0\0\1", 4);
	memcpy(&reply_bytes[24], "\12\0\0\2", 4);
	ATF_REQUIRE_EQ(reply_parse(), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.type, DHCPACK);
	ATF_CHECK_EQ(reply_msg.xid, 0x12345678);
	ATF_CHECK_EQ(reply_msg.secs, 5);
	ATF_CHECK_EQ(reply_msg.flags_broadcast, 1);
	IS_IP(reply_msg.ciaddr, IP(10, 0, 0, 1));
	IS_IP(reply_msg.lease.addr, IP(192, 0, 2, 9));
	IS_IP(reply_msg.siaddr, IP(192, 0, 2, 2));
	IS_IP(reply_msg.giaddr, IP(10, 0, 0, 2));
	IS_IP(reply_msg.lease.server_id, IP(192, 0, 2, 1));
	ATF_CHECK_EQ(reply_msg.lease.lease_sec, 3600);
	ATF_CHECK_EQ(reply_msg.lease.prefixlen, 24);
	ATF_CHECK_EQ(
	    reply_msg.present, HAVE_SERVER_ID | HAVE_LEASE_TIME | HAVE_MASK);
	ATF_CHECK_EQ(
	    reply_msg.ignored + reply_msg.names_ignored + reply_msg.excess, 0);
}

TEST(msg_not_a_reply_to_us, "D4-02: op, htype, hlen, chaddr, cookie")
{
	static const struct {
		size_t off;
		uint8_t value;
	} wrong[] = { { 0, 1 }, { 0, 0 }, { 0, 3 }, { 1, 6 }, { 2, 5 },
		{ 2, 16 }, { 2, 255 }, { 28, 3 }, { 33, 8 }, { 236, 0 },
		{ 239, 0x62 } };
	uint8_t hwaddr[20];
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		reply_begin_ack();
		reply_bytes[wrong[i].off] = wrong[i].value;
		ATF_CHECK_EQ_MSG(
		    reply_parse(), DHCP4_E_BOOTP, "byte %zu", wrong[i].off);
	}
	/* the longest address there can be, and one that is too long */
	reply_begin_ack();
	reply_bytes[2] = 16;
	memset(&reply_bytes[28], 7, 16);
	memset(hwaddr, 7, sizeof(hwaddr));
	ATF_CHECK_EQ(dhcp4_msg_parse(reply_bytes, reply_len, 1, hwaddr, 16,
			 NULL, &reply_msg),
	    DHCP4_OK);
	reply_bytes[2] = 17;
	ATF_CHECK_EQ(dhcp4_msg_parse(reply_bytes, reply_len, 1, hwaddr, 17,
			 NULL, &reply_msg),
	    DHCP4_E_BOOTP);
	/* what follows the hardware address does not count */
	reply_begin_ack();
	reply_bytes[34] = 1;
	ATF_CHECK_EQ(reply_parse(), DHCP4_OK);
}

TEST(msg_every_truncation,
    "D4-02, D4-03, D4-31: below 240 bytes no BOOTP, "
    "inside an option invalid, before END tolerated")
{
	size_t full, n;

	reply_begin_ack();
	full = reply_len;
	for (n = 0; n <= full; n++) {
		reply_begin_ack();
		reply_len = n;
		ATF_CHECK_EQ_MSG(reply_parse_raw(),
		    n < 240 ? DHCP4_E_BOOTP
			: n == 243 || n == 249 || n == 255 || n == 261
			? DHCP4_OK
			: DHCP4_E_OPTIONS,
		    "%zu bytes", n);
	}
}

TEST(msg_too_long, "D4-02, Y-16: more than the packet buffer holds")
{
	reply_begin_ack();
	reply_len = 2048;
	ATF_CHECK_EQ(reply_parse_raw(), DHCP4_OK);
	reply_len = 2049;
	ATF_CHECK_EQ(reply_parse_raw(), DHCP4_E_BOOTP);
}

TEST(msg_frame_facts_stay, "D4-01: sender and offload are kept")
{
	reply_begin_ack();
	reply_bytes[reply_len++] = OPT_END;
	memset(&reply_msg, 0, sizeof(reply_msg));
	reply_msg.csum_partial = 1;
	reply_msg.ip_src.s_addr = htonl(IP(192, 0, 2, 1));
	memcpy(reply_msg.eth_src, reply_mac, sizeof(reply_mac));
	reply_msg.excess = 7;
	ATF_CHECK_EQ(dhcp4_msg_parse(reply_bytes, reply_len, 1, reply_mac, 6,
			 NULL, &reply_msg),
	    DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.csum_partial, 1);
	IS_IP(reply_msg.ip_src, IP(192, 0, 2, 1));
	ATF_CHECK(memcmp(reply_msg.eth_src, reply_mac, sizeof(reply_mac)) == 0);
	ATF_CHECK_EQ(reply_msg.excess, 0);
}

TEST(msg_pad_and_end, "D4-03: PAD anywhere, nothing after END, no END")
{
	reply_begin_ack();
	reply_bytes[reply_len++] = OPT_PAD;
	reply_bytes[reply_len++] = OPT_PAD;
	OPT(OPT_MTU, 5, 220);
	ATF_CHECK_EQ(reply_parse_raw(), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.lease.mtu, 1500);

	reply_begin_ack();
	reply_bytes[reply_len++] = OPT_END;
	OPT(OPT_MTU, 5, 220);
	reply_bytes[reply_len++] = OPT_MTU; /* would run past the end */
	ATF_CHECK_EQ(reply_parse_raw(), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.lease.mtu, 0);
}

TEST(msg_option_past_the_end, "D4-03: each length inside its area")
{
	reply_begin_ack();
	reply_bytes[reply_len++] = OPT_MTU;
	ATF_CHECK_EQ(reply_parse_raw(), DHCP4_E_OPTIONS);
	reply_bytes[reply_len++] = 3;
	reply_bytes[reply_len++] = 5;
	reply_bytes[reply_len++] = 220;
	ATF_CHECK_EQ(reply_parse_raw(), DHCP4_E_OPTIONS);
	reply_bytes[reply_len - 3] = 255;
	ATF_CHECK_EQ(reply_parse_raw(), DHCP4_E_OPTIONS);
	reply_bytes[reply_len - 3] = 2;
	ATF_CHECK_EQ(reply_parse_raw(), DHCP4_OK);
}

TEST(msg_without_type_is_bootp, "D4-03: no 53, or one of the wrong size")
{
	reply_begin_ack();
	reply_bytes[240] = OPT_PAD;
	reply_bytes[241] = OPT_PAD;
	reply_bytes[242] = OPT_PAD;
	ATF_CHECK_EQ(reply_parse(), DHCP4_E_OPTIONS);
	reply_begin_ack();
	OPT(OPT_MESSAGE_TYPE, DHCPACK); /* twice is two bytes */
	ATF_CHECK_EQ(reply_parse(), DHCP4_E_OPTIONS);
	reply_begin(DHCPACK);
	reply_len = 240;
	OPT_S(OPT_MESSAGE_TYPE, "");
	ATF_CHECK_EQ(reply_parse(), DHCP4_E_OPTIONS);
	/* a type nobody knows is for the machine to drop (D4-25) */
	reply_begin(200);
	ATF_CHECK_EQ(reply_parse(), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.type, 200);
}

/* A type with 54 and 51 of given lengths, both without that option. */
static enum dhcp4_error
mandatory(uint8_t type, size_t server_len, size_t lease_len)
{
	static const uint8_t value[8] = { 192, 0, 2, 1, 192, 0, 2, 2 };

	reply_begin(type);
	reply_option(OPT_SERVER_ID, value, server_len);
	reply_option(OPT_LEASE_TIME, value, lease_len);
	return reply_parse();
}

TEST(msg_mandatory_option_of_wrong_size,
    "D4-03: OFFER and ACK 53, 54, 51; "
    "NAK 53, 54; others are left out")
{
	size_t n;

	for (n = 0; n <= 8; n++) {
		enum dhcp4_error e = n == 4 ? DHCP4_OK : DHCP4_E_OPTIONS;

		ATF_CHECK_EQ(mandatory(DHCPOFFER, n, 4), e);
		ATF_CHECK_EQ(mandatory(DHCPOFFER, 4, n), e);
		ATF_CHECK_EQ(mandatory(DHCPACK, n, 4), e);
		ATF_CHECK_EQ(mandatory(DHCPACK, 4, n), e);
		ATF_CHECK_EQ(mandatory(DHCPNAK, n, 4), e);
		ATF_CHECK_EQ(mandatory(DHCPNAK, 4, n), DHCP4_OK);
		ATF_CHECK_EQ(reply_msg.ignored, n == 4 ? 0 : 1);
		ATF_CHECK_EQ(mandatory(DHCPFORCERENEW, n, n), DHCP4_OK);
	}
	/* absent is for the machine to judge */
	reply_begin(DHCPOFFER);
	ATF_CHECK_EQ(reply_parse(), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.present, 0);
}

TEST(msg_server_id_is_unicast,
    "D4-03: 54 names no other kind of "
    "address")
{
	static const uint32_t bad[] = { 0, IP(0, 1, 2, 3), IP(127, 0, 0, 1),
		IP(224, 0, 0, 1), IP(255, 255, 255, 255) };
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint32_t n = htonl(bad[i]);

		reply_begin(DHCPNAK);
		reply_option(OPT_SERVER_ID, &n, 4);
		ATF_CHECK_EQ(reply_parse(), DHCP4_E_OPTIONS);
	}
}

TEST(msg_optional_option_of_wrong_size,
    "D4-03: ignored and counted, at every "
    "length")
{
	static const struct {
		uint8_t code;
		size_t good;
	} fixed[] = { { OPT_SUBNET_MASK, 4 }, { OPT_T1, 4 }, { OPT_T2, 4 },
		{ OPT_BROADCAST, 4 }, { OPT_MTU, 2 }, { OPT_IPV6_ONLY, 4 },
		{ OPT_RAPID_COMMIT, 0 } };
	static const struct {
		uint8_t code;
		size_t unit;
	} lists[] = { { OPT_ROUTERS, 4 }, { OPT_DNS, 4 }, { OPT_NTP, 4 },
		{ OPT_STATIC_ROUTES, 8 } };
	static const uint8_t v[16] = { 192, 0, 2, 255, 192, 0, 2, 1, 192, 0, 2,
		1, 192, 0, 2, 1 };
	uint8_t mask[16] = { 255, 255, 255, 0 };
	size_t i, n;

	for (i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
		for (n = 0; n <= 9; n++) {
			reply_begin(DHCPACK);
			reply_option(fixed[i].code,
			    fixed[i].code == OPT_SUBNET_MASK ? mask : v, n);
			ATF_CHECK_EQ(reply_parse(), DHCP4_OK);
			ATF_CHECK_EQ_MSG(reply_msg.ignored, n != fixed[i].good,
			    "option %u length %zu", fixed[i].code, n);
		}
	}
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		for (n = 0; n <= 16; n++) {
			ATF_CHECK_EQ(
			    reply_ack_with(lists[i].code, v, n), DHCP4_OK);
			ATF_CHECK_EQ_MSG(reply_msg.ignored,
			    n == 0 || n % lists[i].unit != 0,
			    "option %u length %zu", lists[i].code, n);
		}
	}
}

TEST(msg_times, "D4-03: 51, 58 and 59 as they are, 0 and infinite too")
{
	reply_begin(DHCPACK);
	OPT(OPT_LEASE_TIME, 255, 255, 255, 255);
	OPT(OPT_T1, 0, 0, 0, 0);
	OPT(OPT_T2, 0, 0, 0, 9);
	ATF_REQUIRE_EQ(reply_parse(), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.lease.lease_sec, LIFETIME_INFINITE);
	ATF_CHECK_EQ(reply_msg.lease.t1_sec, 0);
	ATF_CHECK_EQ(reply_msg.lease.t2_sec, 9);
	ATF_CHECK_EQ(reply_msg.present, HAVE_LEASE_TIME | HAVE_T1 | HAVE_T2);
	reply_begin(DHCPOFFER);
	OPT(OPT_LEASE_TIME, 0, 0, 0, 0);
	ATF_CHECK_EQ(reply_parse(), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.present, HAVE_LEASE_TIME);
	ATF_CHECK_EQ(reply_msg.lease.lease_sec, 0);
}

TEST(msg_mask, "D4-14: contiguous, else the classful one")
{
	static const struct {
		uint8_t first, classful;
	} classes[] = { { 10, 8 }, { 172, 16 }, { 192, 24 }, { 240, 32 } };
	size_t i;

	ATF_CHECK_EQ(ACK_WITH(OPT_MTU, 5, 220), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.lease.prefixlen, 24);
	for (i = 0; i < 4; i++) {
		reply_begin(DHCPOFFER);
		reply_bytes[16] = classes[i].first;
		OPT(OPT_SUBNET_MASK, 255, 0, 255, 0);
		ATF_CHECK_EQ(reply_parse(), DHCP4_OK);
		ATF_CHECK_EQ(reply_msg.lease.prefixlen, classes[i].classful);
		ATF_CHECK_EQ(reply_msg.present, 0);
		ATF_CHECK_EQ(reply_msg.ignored, 1);
	}
	reply_begin(DHCPOFFER);
	OPT(OPT_SUBNET_MASK, 0, 0, 0, 0);
	ATF_CHECK_EQ(reply_parse(), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.ignored, 1);
	reply_begin(DHCPOFFER);
	OPT(OPT_SUBNET_MASK, 255, 255, 255, 255);
	ATF_CHECK_EQ(reply_parse(), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.lease.prefixlen, 32);
	ATF_CHECK_EQ(reply_msg.present, HAVE_MASK);
	/* the answer to an INFORM has its address in ciaddr */
	reply_begin(DHCPACK);
	memset(&reply_bytes[16], 0, 4);
	memcpy(&reply_bytes[12], "\12\0\0\1", 4);
	ATF_CHECK_EQ(reply_parse(), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.lease.prefixlen, 8);
}

TEST(msg_repeated_option_is_concatenated,
    "D4-03: RFC 3396, in order, parts "
    "of any size, over all areas")
{
	reply_begin_ack();
	OPT(OPT_DNS, 192, 0, 2, 1, 192);
	OPT(OPT_MTU, 5, 220);
	OPT(OPT_DNS, 0);
	OPT_S(OPT_DNS, "");
	OPT(OPT_DNS, 2, 2);
	OPT(OPT_OVERLOAD, 3);
	memcpy(&reply_bytes[FILE_], "\6\3\300\0\2", 5);
	memcpy(&reply_bytes[SNAME], "\6\1\3", 3);
	ATF_REQUIRE_EQ(reply_parse(), DHCP4_OK);
	ATF_REQUIRE_EQ(reply_msg.lease.ndns, 3);
	IS_IP(reply_msg.lease.dns[0], IP(192, 0, 2, 1));
	IS_IP(reply_msg.lease.dns[1], IP(192, 0, 2, 2));
	IS_IP(reply_msg.lease.dns[2], IP(192, 0, 2, 3));
	ATF_CHECK_EQ(reply_msg.lease.mtu, 1500);
	ATF_CHECK_EQ(reply_msg.ignored, 0);
}

TEST(msg_overload_areas, "D4-03: file before sname, only those that 52 names")
{
	uint8_t v;

	for (v = 0; v <= 5; v++) {
		reply_begin_ack();
		OPT(OPT_OVERLOAD, v);
		OPT(OPT_T1, 2, 2, 2, 2);
		memcpy(&reply_bytes[FILE_], "\14\4file\377\32\2\5\334", 11);
		memcpy(&reply_bytes[SNAME], "\17\5sname\377", 8);
		ATF_CHECK_EQ(reply_parse(), DHCP4_OK);
		ATF_CHECK_STREQ(
		    reply_msg.lease.hostname, v == 1 || v == 3 ? "file" : "");
		ATF_CHECK_STREQ(
		    reply_msg.lease.domain, v == 2 || v == 3 ? "sname" : "");
		ATF_CHECK_EQ(reply_msg.lease.mtu, 0); /* after END */
		ATF_CHECK_EQ(reply_msg.ignored, v == 0 || v > 3);
	}
	/* no 52: file and sname are text */
	reply_begin_ack();
	memset(&reply_bytes[SNAME], 0xff, 192);
	ATF_CHECK_EQ(reply_parse(), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.ignored, 0);
	/* 53 may be in there */
	reply_begin(DHCPACK);
	reply_len = 240;
	OPT(OPT_OVERLOAD, 1);
	memcpy(&reply_bytes[FILE_], "\65\1\2\377", 4);
	ATF_CHECK_EQ(reply_parse(), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.type, DHCPOFFER);
}

TEST(msg_overload_never_recurses,
    "D4-03: 52 in file or sname, twice, or of "
    "the wrong size, does nothing")
{
	reply_begin_ack();
	OPT(OPT_OVERLOAD, 1);
	memcpy(&reply_bytes[FILE_], "\64\1\2\14\4file\377", 10);
	memcpy(&reply_bytes[SNAME], "\64\1\1\17\5sname\377", 11);
	ATF_CHECK_EQ(reply_parse(), DHCP4_OK);
	ATF_CHECK_STREQ(reply_msg.lease.hostname, "file");
	ATF_CHECK_STREQ(reply_msg.lease.domain, "");
	ATF_CHECK_EQ(reply_msg.ignored, 1);

	reply_begin_ack();
	OPT(OPT_OVERLOAD, 1);
	OPT(OPT_OVERLOAD, 2);
	memcpy(&reply_bytes[FILE_], "\14\4file\377", 7);
	ATF_CHECK_EQ(reply_parse(), DHCP4_OK);
	ATF_CHECK_STREQ(reply_msg.lease.hostname, "");
	ATF_CHECK_EQ(reply_msg.ignored, 1);

	reply_begin_ack();
	OPT_S(OPT_OVERLOAD, "");
	memset(&reply_bytes[FILE_], 1, 128);
	ATF_CHECK_EQ(reply_parse(), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.ignored, 1);
}

TEST(msg_overload_option_past_its_area,
    "D4-03: file does not run on into "
    "the cookie, sname not into file")
{
	reply_begin_ack();
	OPT(OPT_OVERLOAD, 1);
	reply_bytes[FILE_ + 120] = OPT_DOMAIN;
	reply_bytes[FILE_ + 121] = 6;
	memset(&reply_bytes[FILE_ + 122], 'a', 6);
	ATF_CHECK_EQ(reply_parse(), DHCP4_OK); /* up to the last byte */
	ATF_CHECK_STREQ(reply_msg.lease.domain, "aaaaaa");
	reply_begin_ack();
	OPT(OPT_OVERLOAD, 1);
	reply_bytes[FILE_ + 120] = OPT_DOMAIN;
	reply_bytes[FILE_ + 121] = 7;
	ATF_CHECK_EQ(reply_parse(), DHCP4_E_OPTIONS);
	reply_begin_ack();
	OPT(OPT_OVERLOAD, 2);
	reply_bytes[SNAME + 63] = OPT_DOMAIN;
	ATF_CHECK_EQ(reply_parse(), DHCP4_E_OPTIONS);
}

TEST(msg_ignored_options_are_absent, "D4-03: the configuration's list")
{
	reply_begin_ack();
	OPT(OPT_CLASSLESS_ROUTES, 0, 192, 0, 2, 1);
	OPT(OPT_ROUTERS, 192, 0, 2, 254);
	OPT(OPT_MTU, 1);
	reply_conf.nignore = 2;
	reply_conf.ignore[0] = OPT_CLASSLESS_ROUTES;
	reply_conf.ignore[1] = OPT_MTU;
	ATF_REQUIRE_EQ(reply_parse(), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.ignored, 0);
	ATF_CHECK(!(reply_msg.present & HAVE_CLASSLESS));
	ATF_REQUIRE_EQ(reply_msg.lease.nroutes, 1);
	IS_IP(reply_msg.lease.routes[0].gateway, IP(192, 0, 2, 254));
	/* what is behind the end of the list does not count */
	reply_begin_ack();
	OPT(OPT_MTU, 5, 220);
	reply_conf.ignore[0] = OPT_MTU;
	ATF_CHECK_EQ(reply_parse(), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.lease.mtu, 1500);
	/* a count that lies is not followed */
	reply_begin_ack();
	reply_conf.nignore = UINT16_MAX;
	ATF_CHECK_EQ(reply_parse(), DHCP4_OK);
	/* but never what makes it a DHCP message */
	reply_begin_ack();
	reply_conf.nignore = 1;
	reply_conf.ignore[0] = OPT_MESSAGE_TYPE;
	ATF_CHECK_EQ(reply_parse(), DHCP4_OK);
}

TEST(msg_flags_of_the_exchange, "D4-03: 80 and 108")
{
	reply_begin_ack();
	OPT(OPT_CLASSLESS_ROUTES, 0, 192, 0, 2, 1);
	OPT(OPT_MTU, 5, 220);
	OPT(OPT_CLIENT_ID, 1, 2);
	OPT_S(OPT_RAPID_COMMIT, "");
	OPT(OPT_IPV6_ONLY, 0, 0, 7, 8);
	OPT(OPT_T1, 0, 0, 0, 1);
	OPT(OPT_T2, 0, 0, 0, 2);
	ATF_REQUIRE_EQ(reply_parse(), DHCP4_OK);
	/* every bit, whatever was set before it */
	ATF_CHECK_EQ(reply_msg.present, 0x3ff);
	ATF_CHECK_EQ(reply_msg.lease.ipv6_only_sec, 1800);
	ATF_CHECK_EQ(
	    reply_msg.lease.rapid_commit, 0); /* the machine's to say */
}

TEST(msg_print_is_one_printable_line,
    "Y-12: no byte from the network, any "
    "buffer size")
{
	char out[400];
	size_t n, i;

	reply_begin_ack();
	OPT_S(OPT_MESSAGE, "no\n\x1b[31m\"\377 address\0");
	ATF_REQUIRE_EQ(reply_parse(), DHCP4_OK);
	ATF_CHECK_STREQ(reply_msg.message, "no??[31m\"? address");
	for (n = 0; n <= sizeof(out); n++) {
		memset(out, 'x', sizeof(out));
		dhcp4_msg_print(&reply_msg, out, n);
		if (n == 0)
			continue;
		ATF_REQUIRE(memchr(out, '\0', n) != NULL);
		for (i = 0; out[i] != '\0'; i++)
			ATF_REQUIRE(out[i] >= 0x20 && out[i] <= 0x7e);
	}
	ATF_CHECK(strstr(out, "DHCPACK xid 12345678") == out);
	ATF_CHECK(strstr(out, "192.0.2.9/24") != NULL);
	ATF_CHECK_STREQ(dhcp4_type_name(DHCPDISCOVER), "DHCPDISCOVER");
	ATF_CHECK_STREQ(dhcp4_type_name(DHCPFORCERENEW), "DHCPFORCERENEW");
	ATF_CHECK_STREQ(dhcp4_type_name(0), "unknown message");
	ATF_CHECK_STREQ(dhcp4_type_name(255), "unknown message");
}

TEST(msg_option_flood, "D4-03, Y-16: a full packet of tiny options")
{
	reply_begin_ack();
	while (reply_len + 2 <= 2048) {
		reply_bytes[reply_len] = (uint8_t)(reply_len % 250 + 1);
		reply_bytes[reply_len + 1] = 0;
		if (reply_bytes[reply_len] == OPT_MESSAGE_TYPE ||
		    reply_bytes[reply_len] == OPT_SERVER_ID)
			reply_bytes[reply_len] = OPT_DNS;
		reply_len += 2;
	}
	ATF_CHECK_EQ(reply_parse_raw(), DHCP4_OK);
	ATF_CHECK_EQ(reply_msg.lease.ndns, 0);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, msg_fixed_fields);
	ATF_TP_ADD_TC(tp, msg_not_a_reply_to_us);
	ATF_TP_ADD_TC(tp, msg_every_truncation);
	ATF_TP_ADD_TC(tp, msg_too_long);
	ATF_TP_ADD_TC(tp, msg_frame_facts_stay);
	ATF_TP_ADD_TC(tp, msg_pad_and_end);
	ATF_TP_ADD_TC(tp, msg_option_past_the_end);
	ATF_TP_ADD_TC(tp, msg_without_type_is_bootp);
	ATF_TP_ADD_TC(tp, msg_mandatory_option_of_wrong_size);
	ATF_TP_ADD_TC(tp, msg_server_id_is_unicast);
	ATF_TP_ADD_TC(tp, msg_optional_option_of_wrong_size);
	ATF_TP_ADD_TC(tp, msg_times);
	ATF_TP_ADD_TC(tp, msg_mask);
	ATF_TP_ADD_TC(tp, msg_repeated_option_is_concatenated);
	ATF_TP_ADD_TC(tp, msg_overload_areas);
	ATF_TP_ADD_TC(tp, msg_overload_never_recurses);
	ATF_TP_ADD_TC(tp, msg_overload_option_past_its_area);
	ATF_TP_ADD_TC(tp, msg_ignored_options_are_absent);
	ATF_TP_ADD_TC(tp, msg_flags_of_the_exchange);
	ATF_TP_ADD_TC(tp, msg_print_is_one_printable_line);
	ATF_TP_ADD_TC(tp, msg_option_flood);
	return atf_no_error();
}

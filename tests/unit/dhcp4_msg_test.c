/* SPDX-License-Identifier: ISC */
/* The decoder of server messages, by hand-made messages of each kind. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include <atf-c.h>

#include "proto/dhcp4_msg.h"

#define TEST(name, text)                                    \
	ATF_TC(name);                                       \
	ATF_TC_HEAD(name, tc)                               \
	{                                                   \
		atf_tc_set_md_var(tc, "descr", "%s", text); \
	}                                                   \
	ATF_TC_BODY(name, tc)

#define IP(a, b, c, d) \
	((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (d))
#define IS_IP(addr, want) ATF_CHECK_EQ(ntohl((addr).s_addr), want)
/* An option from its bytes, or from a string without its NUL. */
#define OPT(code, ...)                                    \
	option(code, (const uint8_t[]){ __VA_ARGS__ },    \
	    sizeof((const uint8_t[]){ __VA_ARGS__ }))
#define OPT_S(code, s) option(code, s, sizeof(s) - 1)
#define SNAME 44
#define FILE_ 108

static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 7 };
static uint8_t reply[4096];
static size_t len;
static struct dhcp4_msg msg;
static struct conf_options conf;

static void
option(uint8_t code, const void *value, size_t n)
{
	reply[len++] = code;
	reply[len++] = (uint8_t)n;
	memcpy(&reply[len], value, n);
	len += n;
}

/* A message of a type with nothing but option 53; 192.0.2.9 for us. */
static void
begin(uint8_t type)
{
	memset(reply, 0, sizeof(reply));
	memset(&conf, 0, sizeof(conf));
	memcpy(reply, "\2\1\6\0\x12\x34\x56\x78\0\5\x80\0", 12);
	memcpy(&reply[16], "\300\0\2\11\300\0\2\2\300\0\2\3", 12);
	memcpy(&reply[28], mac, sizeof(mac));
	memcpy(&reply[236], "\x63\x82\x53\x63", 4);
	len = 240;
	OPT(OPT_MESSAGE_TYPE, type);
}

/* One that lacks nothing. */
static void
begin_ack(void)
{
	begin(DHCPACK);
	OPT(OPT_SERVER_ID, 192, 0, 2, 1);
	OPT(OPT_LEASE_TIME, 0, 0, 14, 16);
	OPT(OPT_SUBNET_MASK, 255, 255, 255, 0);
}

/* Parse a copy on the heap, so that a sanitizer sees its end. */
static enum dhcp4_error
parse_raw(void)
{
	uint8_t *copy = malloc(len + (len == 0));
	enum dhcp4_error error;

	ATF_REQUIRE(copy != NULL);
	memcpy(copy, reply, len);
	memset(&msg, 0, sizeof(msg));
	error = dhcp4_msg_parse(copy, len, 1, mac, sizeof(mac), &conf, &msg);
	free(copy);
	return error;
}

static enum dhcp4_error
parse(void)
{
	reply[len++] = OPT_END;
	return parse_raw();
}

/* An ACK with one more option. */
static enum dhcp4_error
ack_with(uint8_t code, const void *value, size_t n)
{
	begin_ack();
	option(code, value, n);
	return parse();
}
#define ACK_WITH(code, ...)                               \
	ack_with(code, (const uint8_t[]){ __VA_ARGS__ },  \
	    sizeof((const uint8_t[]){ __VA_ARGS__ }))
#define ACK_WITH_S(code, s) ack_with(code, s, sizeof(s) - 1)

TEST(msg_fixed_fields, "D4-02: what the header says, in host order but for "
    "addresses")
{
	begin_ack();
	memcpy(&reply[12], "\12\0\0\1", 4);
	memcpy(&reply[24], "\12\0\0\2", 4);
	ATF_REQUIRE_EQ(parse(), DHCP4_OK);
	ATF_CHECK_EQ(msg.type, DHCPACK);
	ATF_CHECK_EQ(msg.xid, 0x12345678);
	ATF_CHECK_EQ(msg.secs, 5);
	ATF_CHECK_EQ(msg.flags_broadcast, 1);
	IS_IP(msg.ciaddr, IP(10, 0, 0, 1));
	IS_IP(msg.lease.addr, IP(192, 0, 2, 9));
	IS_IP(msg.siaddr, IP(192, 0, 2, 2));
	IS_IP(msg.giaddr, IP(10, 0, 0, 2));
	IS_IP(msg.lease.server_id, IP(192, 0, 2, 1));
	ATF_CHECK_EQ(msg.lease.lease_sec, 3600);
	ATF_CHECK_EQ(msg.lease.prefixlen, 24);
	ATF_CHECK_EQ(msg.present, HAVE_SERVER_ID | HAVE_LEASE_TIME | HAVE_MASK);
	ATF_CHECK_EQ(msg.ignored + msg.names_ignored + msg.excess, 0);
}

TEST(msg_not_a_reply_to_us, "D4-02: op, htype, hlen, chaddr, cookie")
{
	static const struct {
		size_t off;
		uint8_t value;
	} wrong[] = { { 0, 1 }, { 0, 0 }, { 0, 3 }, { 1, 6 }, { 2, 5 },
		{ 2, 16 }, { 2, 255 }, { 28, 3 }, { 33, 8 }, { 236, 0 },
		{ 239, 0x62 } };
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		begin_ack();
		reply[wrong[i].off] = wrong[i].value;
		ATF_CHECK_EQ_MSG(parse(), DHCP4_E_BOOTP, "byte %zu",
		    wrong[i].off);
	}
	/* what follows the hardware address does not count */
	begin_ack();
	reply[34] = 1;
	ATF_CHECK_EQ(parse(), DHCP4_OK);
}

TEST(msg_every_truncation, "D4-02, D4-03, D4-31: below 240 bytes no BOOTP, "
    "inside an option invalid, before END tolerated")
{
	size_t full, n;

	begin_ack();
	full = len;
	for (n = 0; n <= full; n++) {
		begin_ack();
		len = n;
		ATF_CHECK_EQ_MSG(parse_raw(), n < 240 ? DHCP4_E_BOOTP :
			n == 243 || n == 249 || n == 255 || n == 261 ?
			DHCP4_OK : DHCP4_E_OPTIONS, "%zu bytes", n);
	}
}

TEST(msg_too_long, "D4-02, Y-16: more than the packet buffer holds")
{
	begin_ack();
	len = 2048;
	ATF_CHECK_EQ(parse_raw(), DHCP4_OK);
	len = 2049;
	ATF_CHECK_EQ(parse_raw(), DHCP4_E_BOOTP);
}

TEST(msg_frame_facts_stay, "D4-01: sender and offload are kept")
{
	begin_ack();
	reply[len++] = OPT_END;
	memset(&msg, 0, sizeof(msg));
	msg.csum_partial = 1;
	msg.ip_src.s_addr = htonl(IP(192, 0, 2, 1));
	memcpy(msg.eth_src, mac, sizeof(mac));
	msg.excess = 7;
	ATF_CHECK_EQ(dhcp4_msg_parse(reply, len, 1, mac, 6, NULL, &msg),
	    DHCP4_OK);
	ATF_CHECK_EQ(msg.csum_partial, 1);
	IS_IP(msg.ip_src, IP(192, 0, 2, 1));
	ATF_CHECK(memcmp(msg.eth_src, mac, sizeof(mac)) == 0);
	ATF_CHECK_EQ(msg.excess, 0);
}

TEST(msg_pad_and_end, "D4-03: PAD anywhere, nothing after END, no END")
{
	begin_ack();
	reply[len++] = OPT_PAD;
	reply[len++] = OPT_PAD;
	OPT(OPT_MTU, 5, 220);
	ATF_CHECK_EQ(parse_raw(), DHCP4_OK);
	ATF_CHECK_EQ(msg.lease.mtu, 1500);

	begin_ack();
	reply[len++] = OPT_END;
	OPT(OPT_MTU, 5, 220);
	reply[len++] = OPT_MTU; /* would run past the end */
	ATF_CHECK_EQ(parse_raw(), DHCP4_OK);
	ATF_CHECK_EQ(msg.lease.mtu, 0);
}

TEST(msg_option_past_the_end, "D4-03: each length inside its area")
{
	begin_ack();
	reply[len++] = OPT_MTU;
	ATF_CHECK_EQ(parse_raw(), DHCP4_E_OPTIONS);
	reply[len++] = 3;
	reply[len++] = 5;
	reply[len++] = 220;
	ATF_CHECK_EQ(parse_raw(), DHCP4_E_OPTIONS);
	reply[len - 3] = 255;
	ATF_CHECK_EQ(parse_raw(), DHCP4_E_OPTIONS);
	reply[len - 3] = 2;
	ATF_CHECK_EQ(parse_raw(), DHCP4_OK);
}

TEST(msg_without_type_is_bootp, "D4-03: no 53, or one of the wrong size")
{
	begin_ack();
	reply[240] = OPT_PAD;
	reply[241] = OPT_PAD;
	reply[242] = OPT_PAD;
	ATF_CHECK_EQ(parse(), DHCP4_E_OPTIONS);
	begin_ack();
	OPT(OPT_MESSAGE_TYPE, DHCPACK); /* twice is two bytes */
	ATF_CHECK_EQ(parse(), DHCP4_E_OPTIONS);
	begin(DHCPACK);
	len = 240;
	OPT_S(OPT_MESSAGE_TYPE, "");
	ATF_CHECK_EQ(parse(), DHCP4_E_OPTIONS);
	/* a type nobody knows is for the machine to drop (D4-25) */
	begin(200);
	ATF_CHECK_EQ(parse(), DHCP4_OK);
	ATF_CHECK_EQ(msg.type, 200);
}

/* A type with 54 and 51 of given lengths, both without that option. */
static enum dhcp4_error
mandatory(uint8_t type, size_t server_len, size_t lease_len)
{
	static const uint8_t value[8] = { 192, 0, 2, 1, 192, 0, 2, 2 };

	begin(type);
	option(OPT_SERVER_ID, value, server_len);
	option(OPT_LEASE_TIME, value, lease_len);
	return parse();
}

TEST(msg_mandatory_option_of_wrong_size, "D4-03: OFFER and ACK 53, 54, 51; "
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
		ATF_CHECK_EQ(msg.ignored, n == 4 ? 0 : 1);
		ATF_CHECK_EQ(mandatory(DHCPFORCERENEW, n, n), DHCP4_OK);
	}
	/* absent is for the machine to judge */
	begin(DHCPOFFER);
	ATF_CHECK_EQ(parse(), DHCP4_OK);
	ATF_CHECK_EQ(msg.present, 0);
}

TEST(msg_server_id_is_unicast, "D4-03, D4-14: 54 names no other kind of "
    "address")
{
	static const uint32_t bad[] = { 0, IP(0, 1, 2, 3), IP(127, 0, 0, 1),
		IP(224, 0, 0, 1), IP(255, 255, 255, 255) };
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		uint32_t n = htonl(bad[i]);

		begin(DHCPNAK);
		option(OPT_SERVER_ID, &n, 4);
		ATF_CHECK_EQ(parse(), DHCP4_E_OPTIONS);
	}
}

TEST(msg_optional_option_of_wrong_size, "D4-03: ignored and counted, at every "
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
	static const uint8_t v[16] = { 192, 0, 2, 255, 192, 0, 2, 1, 192, 0,
		2, 1, 192, 0, 2, 1 };
	uint8_t mask[16] = { 255, 255, 255, 0 };
	size_t i, n;

	for (i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
		for (n = 0; n <= 9; n++) {
			begin(DHCPACK);
			option(fixed[i].code, fixed[i].code == OPT_SUBNET_MASK
			    ? mask : v, n);
			ATF_CHECK_EQ(parse(), DHCP4_OK);
			ATF_CHECK_EQ_MSG(msg.ignored, n != fixed[i].good,
			    "option %u length %zu", fixed[i].code, n);
		}
	}
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		for (n = 0; n <= 16; n++) {
			ATF_CHECK_EQ(ack_with(lists[i].code, v, n), DHCP4_OK);
			ATF_CHECK_EQ_MSG(msg.ignored,
			    n == 0 || n % lists[i].unit != 0,
			    "option %u length %zu", lists[i].code, n);
		}
	}
}

TEST(msg_times, "D4-16: 51, 58 and 59 as they are, 0 and infinite too")
{
	begin(DHCPACK);
	OPT(OPT_LEASE_TIME, 255, 255, 255, 255);
	OPT(OPT_T1, 0, 0, 0, 0);
	OPT(OPT_T2, 0, 0, 0, 9);
	ATF_REQUIRE_EQ(parse(), DHCP4_OK);
	ATF_CHECK_EQ(msg.lease.lease_sec, LIFETIME_INFINITE);
	ATF_CHECK_EQ(msg.lease.t1_sec, 0);
	ATF_CHECK_EQ(msg.lease.t2_sec, 9);
	ATF_CHECK_EQ(msg.present, HAVE_LEASE_TIME | HAVE_T1 | HAVE_T2);
	begin(DHCPOFFER);
	OPT(OPT_LEASE_TIME, 0, 0, 0, 0);
	ATF_CHECK_EQ(parse(), DHCP4_OK);
	ATF_CHECK_EQ(msg.present, HAVE_LEASE_TIME);
	ATF_CHECK_EQ(msg.lease.lease_sec, 0);
}

TEST(msg_mask, "D4-14: contiguous, else the classful one")
{
	static const struct {
		uint8_t first, classful;
	} classes[] = { { 10, 8 }, { 172, 16 }, { 192, 24 }, { 240, 32 } };
	size_t i;

	ATF_CHECK_EQ(ACK_WITH(OPT_MTU, 5, 220), DHCP4_OK);
	ATF_CHECK_EQ(msg.lease.prefixlen, 24);
	for (i = 0; i < 4; i++) {
		begin(DHCPOFFER);
		reply[16] = classes[i].first;
		OPT(OPT_SUBNET_MASK, 255, 0, 255, 0);
		ATF_CHECK_EQ(parse(), DHCP4_OK);
		ATF_CHECK_EQ(msg.lease.prefixlen, classes[i].classful);
		ATF_CHECK_EQ(msg.present, 0);
		ATF_CHECK_EQ(msg.ignored, 1);
	}
	begin(DHCPOFFER);
	OPT(OPT_SUBNET_MASK, 0, 0, 0, 0);
	ATF_CHECK_EQ(parse(), DHCP4_OK);
	ATF_CHECK_EQ(msg.ignored, 1);
	begin(DHCPOFFER);
	OPT(OPT_SUBNET_MASK, 255, 255, 255, 255);
	ATF_CHECK_EQ(parse(), DHCP4_OK);
	ATF_CHECK_EQ(msg.lease.prefixlen, 32);
	ATF_CHECK_EQ(msg.present, HAVE_MASK);
	/* the answer to an INFORM has its address in ciaddr */
	begin(DHCPACK);
	memset(&reply[16], 0, 4);
	memcpy(&reply[12], "\12\0\0\1", 4);
	ATF_CHECK_EQ(parse(), DHCP4_OK);
	ATF_CHECK_EQ(msg.lease.prefixlen, 8);
}

TEST(msg_repeated_option_is_concatenated, "D4-03: RFC 3396, in order, parts "
    "of any size, over all areas")
{
	begin_ack();
	OPT(OPT_DNS, 192, 0, 2, 1, 192);
	OPT(OPT_MTU, 5, 220);
	OPT(OPT_DNS, 0);
	OPT_S(OPT_DNS, "");
	OPT(OPT_DNS, 2, 2);
	OPT(OPT_OVERLOAD, 3);
	memcpy(&reply[FILE_], "\6\3\300\0\2", 5);
	memcpy(&reply[SNAME], "\6\1\3", 3);
	ATF_REQUIRE_EQ(parse(), DHCP4_OK);
	ATF_REQUIRE_EQ(msg.lease.ndns, 3);
	IS_IP(msg.lease.dns[0], IP(192, 0, 2, 1));
	IS_IP(msg.lease.dns[1], IP(192, 0, 2, 2));
	IS_IP(msg.lease.dns[2], IP(192, 0, 2, 3));
	ATF_CHECK_EQ(msg.lease.mtu, 1500);
	ATF_CHECK_EQ(msg.ignored, 0);
}

TEST(msg_overload_areas, "D4-03: file before sname, only those that 52 names")
{
	uint8_t v;

	for (v = 0; v <= 5; v++) {
		begin_ack();
		OPT(OPT_OVERLOAD, v);
		memcpy(&reply[FILE_], "\14\4file\377\32\2\5\334", 11);
		memcpy(&reply[SNAME], "\17\5sname\377", 8);
		ATF_CHECK_EQ(parse(), DHCP4_OK);
		ATF_CHECK_STREQ(msg.lease.hostname,
		    v == 1 || v == 3 ? "file" : "");
		ATF_CHECK_STREQ(msg.lease.domain,
		    v == 2 || v == 3 ? "sname" : "");
		ATF_CHECK_EQ(msg.lease.mtu, 0); /* after END */
		ATF_CHECK_EQ(msg.ignored, v == 0 || v > 3);
	}
	/* no 52: file and sname are text */
	begin_ack();
	memset(&reply[SNAME], 0xff, 192);
	ATF_CHECK_EQ(parse(), DHCP4_OK);
	ATF_CHECK_EQ(msg.ignored, 0);
	/* 53 may be in there */
	begin(DHCPACK);
	len = 240;
	OPT(OPT_OVERLOAD, 1);
	memcpy(&reply[FILE_], "\65\1\2\377", 4);
	ATF_CHECK_EQ(parse(), DHCP4_OK);
	ATF_CHECK_EQ(msg.type, DHCPOFFER);
}

TEST(msg_overload_never_recurses, "D4-03: 52 in file or sname, twice, or of "
    "the wrong size, does nothing")
{
	begin_ack();
	OPT(OPT_OVERLOAD, 1);
	memcpy(&reply[FILE_], "\64\1\2\14\4file\377", 10);
	memcpy(&reply[SNAME], "\64\1\1\17\5sname\377", 11);
	ATF_CHECK_EQ(parse(), DHCP4_OK);
	ATF_CHECK_STREQ(msg.lease.hostname, "file");
	ATF_CHECK_STREQ(msg.lease.domain, "");
	ATF_CHECK_EQ(msg.ignored, 1);

	begin_ack();
	OPT(OPT_OVERLOAD, 1);
	OPT(OPT_OVERLOAD, 2);
	memcpy(&reply[FILE_], "\14\4file\377", 7);
	ATF_CHECK_EQ(parse(), DHCP4_OK);
	ATF_CHECK_STREQ(msg.lease.hostname, "");
	ATF_CHECK_EQ(msg.ignored, 1);

	begin_ack();
	OPT_S(OPT_OVERLOAD, "");
	memset(&reply[FILE_], 1, 128);
	ATF_CHECK_EQ(parse(), DHCP4_OK);
	ATF_CHECK_EQ(msg.ignored, 1);
}

TEST(msg_overload_option_past_its_area, "D4-03: file does not run on into "
    "the cookie, sname not into file")
{
	begin_ack();
	OPT(OPT_OVERLOAD, 1);
	reply[FILE_ + 120] = OPT_DOMAIN;
	reply[FILE_ + 121] = 6;
	memset(&reply[FILE_ + 122], 'a', 6);
	ATF_CHECK_EQ(parse(), DHCP4_OK); /* up to the last byte */
	ATF_CHECK_STREQ(msg.lease.domain, "aaaaaa");
	begin_ack();
	OPT(OPT_OVERLOAD, 1);
	reply[FILE_ + 120] = OPT_DOMAIN;
	reply[FILE_ + 121] = 7;
	ATF_CHECK_EQ(parse(), DHCP4_E_OPTIONS);
	begin_ack();
	OPT(OPT_OVERLOAD, 2);
	reply[SNAME + 63] = OPT_DOMAIN;
	ATF_CHECK_EQ(parse(), DHCP4_E_OPTIONS);
}

TEST(msg_ignored_options_are_absent, "D4-03: the configuration's list")
{
	begin_ack();
	OPT(OPT_CLASSLESS_ROUTES, 0, 192, 0, 2, 1);
	OPT(OPT_ROUTERS, 192, 0, 2, 254);
	OPT(OPT_MTU, 1);
	conf.nignore = 2;
	conf.ignore[0] = OPT_CLASSLESS_ROUTES;
	conf.ignore[1] = OPT_MTU;
	ATF_REQUIRE_EQ(parse(), DHCP4_OK);
	ATF_CHECK_EQ(msg.ignored, 0);
	ATF_CHECK(!(msg.present & HAVE_CLASSLESS));
	ATF_REQUIRE_EQ(msg.lease.nroutes, 1);
	IS_IP(msg.lease.routes[0].gateway, IP(192, 0, 2, 254));
	/* but never what makes it a DHCP message */
	begin_ack();
	conf.nignore = 1;
	conf.ignore[0] = OPT_MESSAGE_TYPE;
	ATF_CHECK_EQ(parse(), DHCP4_OK);
}

TEST(msg_classless_routes, "D4-08, D4-33: significant octets, host bits "
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

	begin_ack();
	OPT(OPT_CLASSLESS_ROUTES, 0, 192, 0, 2, 1, 8, 10, 192, 0, 2, 2, 15,
	    10, 17, 192, 0, 2, 3, 24, 10, 27, 129, 0, 0, 0, 0, 32, 169, 254,
	    169, 254, 192, 0, 2, 4, 1, 127, 192, 0, 2, 5);
	OPT(OPT_ROUTERS, 192, 0, 2, 254);
	OPT(OPT_STATIC_ROUTES, 10, 0, 0, 1, 192, 0, 2, 254);
	ATF_REQUIRE_EQ(parse(), DHCP4_OK);
	ATF_CHECK(msg.present & HAVE_CLASSLESS);
	ATF_REQUIRE_EQ(msg.lease.nroutes, 6);
	for (i = 0; i < 6; i++) {
		ATF_CHECK_EQ(msg.lease.routes[i].prefixlen, want[i].prefixlen);
		IS_IP(msg.lease.routes[i].dst, want[i].dst);
		IS_IP(msg.lease.routes[i].gateway, want[i].gateway);
	}
	ATF_CHECK_EQ(msg.ignored, 0);
}

TEST(msg_classless_malformed_counts_as_absent, "D4-08: width above 32, cut "
    "anywhere, empty: 33 and 3 apply")
{
	static const uint8_t good[] = { 0, 192, 0, 2, 1, 24, 10, 1, 2, 192, 0,
		2, 2 };
	uint8_t bad[sizeof(good)];
	size_t n, width;

	for (n = 0; n <= sizeof(good); n++) {
		begin_ack();
		option(OPT_CLASSLESS_ROUTES, good, n);
		OPT(OPT_ROUTERS, 192, 0, 2, 254);
		ATF_CHECK_EQ(parse(), DHCP4_OK);
		if (n == 5 || n == sizeof(good)) {
			ATF_CHECK_EQ(msg.lease.nroutes, n == 5 ? 1 : 2);
			ATF_CHECK(msg.present & HAVE_CLASSLESS);
			continue;
		}
		ATF_CHECK_EQ(msg.ignored, 1);
		ATF_CHECK(!(msg.present & HAVE_CLASSLESS));
		ATF_CHECK_EQ(msg.lease.nroutes, 1);
		IS_IP(msg.lease.routes[0].gateway, IP(192, 0, 2, 254));
	}
	for (width = 33; width <= 255; width++) {
		memset(bad, 10, sizeof(bad));
		bad[0] = (uint8_t)width;
		ATF_CHECK_EQ(ack_with(OPT_CLASSLESS_ROUTES, bad, sizeof(bad)),
		    DHCP4_OK);
		ATF_CHECK_EQ(msg.lease.nroutes, 0);
		ATF_CHECK_EQ(msg.ignored, 1);
	}
}

TEST(msg_classless_bound, "D4-08: 32 routes, more are counted")
{
	uint8_t routes[5 * 40] = { 0 };
	size_t i;

	for (i = 0; i < 40; i++)
		memcpy(&routes[5 * i], "\0\300\0\2\1", 5);
	ATF_REQUIRE_EQ(ack_with(OPT_CLASSLESS_ROUTES, routes, sizeof(routes)),
	    DHCP4_OK);
	ATF_CHECK_EQ(msg.lease.nroutes, 32);
	ATF_CHECK_EQ(msg.excess, 8);
}

TEST(msg_classless_absurd_route_is_left_out, "D4-08: reserved destinations "
    "and gateways, the others stay")
{
	ATF_REQUIRE_EQ(ACK_WITH(OPT_CLASSLESS_ROUTES, 8, 127, 192, 0, 2, 1, 8,
	    0, 192, 0, 2, 1, 4, 224, 192, 0, 2, 1, 8, 10, 127, 0, 0, 1, 8, 10,
	    224, 0, 0, 1, 32, 255, 255, 255, 255, 0, 0, 0, 0, 8, 10, 0, 0, 0,
	    0), DHCP4_OK);
	ATF_CHECK_EQ(msg.ignored, 6);
	ATF_CHECK(msg.present & HAVE_CLASSLESS);
	ATF_REQUIRE_EQ(msg.lease.nroutes, 1);
	IS_IP(msg.lease.routes[0].dst, IP(10, 0, 0, 0));
}

TEST(msg_static_routes_and_routers, "D4-08: 33 as host routes, then the first "
    "router as default route")
{
	begin_ack();
	OPT(OPT_ROUTERS, 0, 0, 0, 0, 224, 0, 0, 1, 192, 0, 2, 1, 192, 0, 2, 2);
	OPT(OPT_STATIC_ROUTES, 10, 0, 0, 1, 192, 0, 2, 3, 0, 0, 0, 0, 192, 0,
	    2, 4, 10, 0, 0, 2, 0, 0, 0, 0, 10, 0, 0, 3, 192, 0, 2, 5);
	ATF_REQUIRE_EQ(parse(), DHCP4_OK);
	ATF_CHECK_EQ(msg.ignored, 2); /* the default route, no router */
	ATF_REQUIRE_EQ(msg.lease.nroutes, 3);
	IS_IP(msg.lease.routes[0].dst, IP(10, 0, 0, 1));
	ATF_CHECK_EQ(msg.lease.routes[0].prefixlen, 32);
	IS_IP(msg.lease.routes[0].gateway, IP(192, 0, 2, 3));
	IS_IP(msg.lease.routes[1].dst, IP(10, 0, 0, 3));
	ATF_CHECK_EQ(msg.lease.routes[2].prefixlen, 0);
	IS_IP(msg.lease.routes[2].gateway, IP(192, 0, 2, 1));
	ATF_CHECK_EQ(ACK_WITH(OPT_ROUTERS, 127, 0, 0, 1), DHCP4_OK);
	ATF_CHECK_EQ(msg.lease.nroutes, 0);
	ATF_CHECK_EQ(msg.ignored, 1);
}

TEST(msg_name_servers, "D4-28: unicast only, at most 8, order kept")
{
	uint8_t many[4 * 12];
	size_t i;

	ATF_REQUIRE_EQ(ACK_WITH(OPT_DNS, 127, 0, 0, 1, 192, 0, 2, 53, 0, 0, 0,
	    0, 224, 0, 0, 251, 255, 255, 255, 255, 8, 8, 8, 8), DHCP4_OK);
	ATF_CHECK_EQ(msg.ignored, 4);
	ATF_REQUIRE_EQ(msg.lease.ndns, 2);
	IS_IP(msg.lease.dns[0], IP(192, 0, 2, 53));
	IS_IP(msg.lease.dns[1], IP(8, 8, 8, 8));
	for (i = 0; i < 12; i++)
		memcpy(&many[4 * i], "\300\0\2\1", 4);
	ATF_CHECK_EQ(ack_with(OPT_DNS, many, sizeof(many)), DHCP4_OK);
	ATF_CHECK_EQ(msg.lease.ndns, 8);
	ATF_CHECK_EQ(msg.excess, 4);
	ATF_CHECK_EQ(ack_with(OPT_NTP, many, sizeof(many)), DHCP4_OK);
	ATF_CHECK_EQ(msg.lease.nntp, 8);
	ATF_CHECK_EQ(msg.excess, 4);
}

TEST(msg_broadcast_address, "D4-28: inside the prefix, or all ones")
{
	ATF_CHECK_EQ(ACK_WITH(OPT_BROADCAST, 192, 0, 2, 255), DHCP4_OK);
	IS_IP(msg.lease.broadcast, IP(192, 0, 2, 255));
	ATF_CHECK_EQ(ACK_WITH(OPT_BROADCAST, 255, 255, 255, 255), DHCP4_OK);
	ATF_CHECK_EQ(msg.ignored, 0);
	ATF_CHECK_EQ(ACK_WITH(OPT_BROADCAST, 8, 8, 8, 8), DHCP4_OK);
	IS_IP(msg.lease.broadcast, 0);
	ATF_CHECK_EQ(msg.ignored, 1);
	ATF_CHECK_EQ(ACK_WITH(OPT_BROADCAST, 192, 0, 2, 9), DHCP4_OK);
	ATF_CHECK_EQ(msg.ignored, 1);
}

TEST(msg_mtu, "D4-27: RFC 2132's minimum of 68")
{
	ATF_CHECK_EQ(ACK_WITH(OPT_MTU, 0, 67), DHCP4_OK);
	ATF_CHECK_EQ(msg.lease.mtu, 0);
	ATF_CHECK_EQ(msg.ignored, 1);
	ATF_CHECK_EQ(ACK_WITH(OPT_MTU, 0, 68), DHCP4_OK);
	ATF_CHECK_EQ(msg.lease.mtu, 68);
	ATF_CHECK(msg.present & HAVE_MTU);
	ATF_CHECK_EQ(ACK_WITH(OPT_MTU, 255, 255), DHCP4_OK);
	ATF_CHECK_EQ(msg.lease.mtu, 65535);
}

TEST(msg_host_name, "D4-28, D4-07: 12 is a name, trailing NULs are dropped")
{
	ATF_CHECK_EQ(ACK_WITH_S(OPT_HOSTNAME, "www.example.org\0\0"), DHCP4_OK);
	ATF_CHECK_STREQ(msg.lease.hostname, "www.example.org");
	ATF_CHECK_EQ(msg.names_ignored, 0);
	ATF_CHECK_EQ(ACK_WITH_S(OPT_HOSTNAME, "a\0b"), DHCP4_OK);
	ATF_CHECK_STREQ(msg.lease.hostname, "");
	ATF_CHECK_EQ(msg.names_ignored, 1);
	ATF_CHECK_EQ(ACK_WITH_S(OPT_HOSTNAME, "\0"), DHCP4_OK);
	ATF_CHECK_EQ(msg.names_ignored, 1);
	ATF_CHECK_EQ(ACK_WITH_S(OPT_HOSTNAME, "x;reboot"), DHCP4_OK);
	ATF_CHECK_STREQ(msg.lease.hostname, "");
}

TEST(msg_hostile_strings, "D4-07, D4-28: quotes, newline, $(), NUL, 8-bit in "
    "12, 15, 114 and 56 reach nobody")
{
	static const char *const bad[] = { "a\"b", "a'b", "a\nb", "a$(id)",
		"a`id`", "a\\b", "a;b", "a|b", "a\x1b[2J", "a\377", "a\tb",
		"a/../b" };
	size_t i, n;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char uri[64] = "http://";

		n = strlen(bad[i]);
		ATF_CHECK_EQ(ack_with(OPT_HOSTNAME, bad[i], n), DHCP4_OK);
		ATF_CHECK_STREQ(msg.lease.hostname, "");
		ATF_CHECK_EQ(msg.names_ignored, 1);
		ATF_CHECK_EQ(ack_with(OPT_DOMAIN, bad[i], n), DHCP4_OK);
		ATF_CHECK_STREQ(msg.lease.domain, "");
		ATF_CHECK_EQ(msg.lease.nsearch, 0);
		ATF_CHECK_EQ(msg.names_ignored, 1);
		ATF_CHECK_EQ(ack_with(OPT_MESSAGE, bad[i], n), DHCP4_OK);
		ATF_CHECK_EQ(strlen(msg.message), n);
		ATF_CHECK(strpbrk(msg.message, "\n\t\x1b\377") == NULL);
		strlcat(uri, bad[i], sizeof(uri));
		ATF_CHECK_EQ(ack_with(OPT_CAPTIVE_PORTAL, uri, strlen(uri)),
		    DHCP4_OK);
		ATF_CHECK_EQ_MSG(msg.ignored, strpbrk(bad[i],
		    "\"\n`\\|\x1b\377\t") != NULL, "%s", uri);
	}
}

TEST(msg_domain_names, "D4-07: 15 split on spaces, bad ones dropped alone")
{
	ATF_CHECK_EQ(ACK_WITH_S(OPT_DOMAIN, " a.example  b$ c.example. \0"),
	    DHCP4_OK);
	ATF_CHECK_STREQ(msg.lease.domain, "a.example");
	ATF_CHECK_EQ(msg.names_ignored, 1);
	ATF_REQUIRE_EQ(msg.lease.nsearch, 2);
	ATF_CHECK_STREQ(msg.lease.search[0], "a.example");
	ATF_CHECK_STREQ(msg.lease.search[1], "c.example");
}

TEST(msg_domain_search, "D4-07: 119 with compression over repeated options, "
    "instead of 15")
{
	begin_ack();
	OPT_S(OPT_DOMAIN, "other.example");
	OPT_S(OPT_DOMAIN_SEARCH, "\3eng\5apple\3com\0\11mark");
	OPT_S(OPT_DOMAIN_SEARCH, "eting\300\4");
	ATF_REQUIRE_EQ(parse(), DHCP4_OK);
	ATF_REQUIRE_EQ(msg.lease.nsearch, 2);
	ATF_CHECK_STREQ(msg.lease.search[0], "eng.apple.com");
	ATF_CHECK_STREQ(msg.lease.search[1], "marketing.apple.com");
	ATF_CHECK_STREQ(msg.lease.domain, "other.example");
	ATF_CHECK_EQ(msg.ignored + msg.names_ignored, 0);
}

TEST(msg_domain_search_malformed, "D4-07: the option is ignored, 15 applies, "
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
		begin_ack();
		OPT_S(OPT_DOMAIN, "example.org");
		option(OPT_DOMAIN_SEARCH, bad[i].bytes, bad[i].n);
		ATF_CHECK_EQ(parse(), DHCP4_OK);
		ATF_CHECK_EQ(msg.ignored, 1);
		ATF_CHECK(msg.names_ignored > 0);
		ATF_CHECK_EQ(msg.lease.nsearch, 1);
		ATF_CHECK_STREQ(msg.lease.search[0], "example.org");
		ATF_CHECK_EQ(msg.lease.lease_sec, 3600);
	}
	/* well formed, but no name for us: dropped alone */
	ATF_CHECK_EQ(ACK_WITH_S(OPT_DOMAIN_SEARCH, "\3a.b\0\1c\0\0"), DHCP4_OK);
	ATF_CHECK_EQ(msg.ignored, 0);
	ATF_CHECK_EQ(msg.names_ignored, 2);
	ATF_CHECK_EQ(msg.lease.nsearch, 1);
	ATF_CHECK_STREQ(msg.lease.search[0], "c");
}

TEST(msg_domain_search_bounds, "D4-07: 16 names, 2048 bytes in all")
{
	uint8_t names[3 * 20];
	char label[] = "\77aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		       "aaaaaaaaaa";
	size_t i;

	for (i = 0; i < 20; i++)
		memcpy(&names[3 * i], "\1a\0", 3);
	ATF_CHECK_EQ(ack_with(OPT_DOMAIN_SEARCH, names, sizeof(names)),
	    DHCP4_OK);
	ATF_CHECK_EQ(msg.lease.nsearch, 16);
	ATF_CHECK_EQ(msg.excess, 4);

	/* one name of 3 * 64 - 1 bytes, then pointers to it */
	begin_ack();
	for (i = 0; i < 3; i++)
		option(OPT_DOMAIN_SEARCH, label, 64);
	OPT_S(OPT_DOMAIN_SEARCH, "");
	OPT(OPT_DOMAIN_SEARCH, 0);
	for (i = 0; i < 15; i++)
		OPT(OPT_DOMAIN_SEARCH, 0xc0, 0);
	ATF_CHECK_EQ(parse(), DHCP4_OK);
	ATF_CHECK_EQ(strlen(msg.lease.search[0]), 191);
	ATF_CHECK_EQ(msg.lease.nsearch, 10); /* 2048 / 191 */
	ATF_CHECK_EQ(msg.excess, 6);
}

TEST(msg_captive_portal, "D4-28: http or https, RFC 3986 bytes, 255 of them")
{
	char uri[255];

	ATF_CHECK_EQ(ACK_WITH_S(OPT_CAPTIVE_PORTAL,
	    "https://example.org/a?b=%20&c=(1)"), DHCP4_OK);
	ATF_CHECK_STREQ(msg.lease.captive_portal,
	    "https://example.org/a?b=%20&c=(1)");
	ATF_CHECK_EQ(ACK_WITH_S(OPT_CAPTIVE_PORTAL, "http://a\0"), DHCP4_OK);
	ATF_CHECK_STREQ(msg.lease.captive_portal, "http://a");
	ATF_CHECK_EQ(ACK_WITH_S(OPT_CAPTIVE_PORTAL, "https://"), DHCP4_OK);
	ATF_CHECK_EQ(msg.ignored, 1);
	ATF_CHECK_EQ(ACK_WITH_S(OPT_CAPTIVE_PORTAL, "file:///etc"), DHCP4_OK);
	ATF_CHECK_EQ(msg.ignored, 1);
	ATF_CHECK_EQ(ACK_WITH_S(OPT_CAPTIVE_PORTAL, "javascript:alert(1)"),
	    DHCP4_OK);
	ATF_CHECK_EQ(msg.ignored, 1);
	ATF_CHECK_EQ(ACK_WITH_S(OPT_CAPTIVE_PORTAL, "http://a b"), DHCP4_OK);
	ATF_CHECK_EQ(msg.ignored, 1);
	ATF_CHECK_EQ(ACK_WITH_S(OPT_CAPTIVE_PORTAL, "http://a\0b"), DHCP4_OK);
	ATF_CHECK_EQ(msg.ignored, 1);
	ATF_CHECK_EQ(ACK_WITH_S(OPT_CAPTIVE_PORTAL,
	    "urn:ietf:params:capport:unrestricted"), DHCP4_OK);
	ATF_CHECK_EQ(msg.ignored, 0);
	ATF_CHECK_STREQ(msg.lease.captive_portal, "");
	memset(uri, 'a', sizeof(uri));
	memcpy(uri, "http://", 7);
	ATF_CHECK_EQ(ack_with(OPT_CAPTIVE_PORTAL, uri, 255), DHCP4_OK);
	ATF_CHECK_EQ(strlen(msg.lease.captive_portal), 255);
	begin_ack();
	option(OPT_CAPTIVE_PORTAL, uri, 255);
	OPT(OPT_CAPTIVE_PORTAL, 'a');
	ATF_CHECK_EQ(parse(), DHCP4_OK);
	ATF_CHECK_STREQ(msg.lease.captive_portal, "");
	ATF_CHECK_EQ(msg.ignored, 1);
}

TEST(msg_vendor_and_client_id, "D4-28: 43 raw; 61 of RFC 6842; 255 bytes")
{
	uint8_t v[255];

	memset(v, 0xa5, sizeof(v));
	ATF_CHECK_EQ(ack_with(OPT_VENDOR, v, 255), DHCP4_OK);
	ATF_CHECK_EQ(msg.lease.vendor_len, 255);
	ATF_CHECK(memcmp(msg.lease.vendor, v, 255) == 0);
	ATF_CHECK_EQ(ack_with(OPT_CLIENT_ID, v, 255), DHCP4_OK);
	ATF_CHECK_EQ(msg.client_id_len, 255);
	ATF_CHECK(memcmp(msg.client_id, v, 255) == 0);
	ATF_CHECK(msg.present & HAVE_CLIENT_ID);
	begin_ack();
	option(OPT_VENDOR, v, 255);
	option(OPT_VENDOR, v, 1);
	option(OPT_CLIENT_ID, v, 255);
	option(OPT_CLIENT_ID, v, 1);
	ATF_CHECK_EQ(parse(), DHCP4_OK);
	ATF_CHECK_EQ(msg.ignored, 2);
	ATF_CHECK_EQ(msg.lease.vendor_len, 0);
	ATF_CHECK_EQ(msg.client_id_len, 0);
	ATF_CHECK_EQ(ACK_WITH_S(OPT_CLIENT_ID, ""), DHCP4_OK);
	ATF_CHECK(!(msg.present & HAVE_CLIENT_ID));
}

TEST(msg_encrypted_dns, "D4-28: 162, every length at every level")
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

	ATF_CHECK_EQ(ack_with(OPT_DNR, good, sizeof(good)), DHCP4_OK);
	ATF_REQUIRE_EQ(msg.lease.dnr_len, sizeof(good));
	ATF_CHECK(memcmp(msg.lease.dnr, good, sizeof(good)) == 0);
	for (n = 0; n < sizeof(good); n++) {
		ATF_CHECK_EQ(ack_with(OPT_DNR, good, n), DHCP4_OK);
		ATF_CHECK_EQ_MSG(msg.lease.dnr_len, n == 33 ? n : 0, "%zu", n);
	}
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		memcpy(bad, good, sizeof(good));
		bad[wrong[i].off] = wrong[i].value;
		ATF_CHECK_EQ(ack_with(OPT_DNR, bad, sizeof(bad)), DHCP4_OK);
		ATF_CHECK_EQ_MSG(msg.lease.dnr_len, 0, "byte %zu = %u",
		    wrong[i].off, wrong[i].value);
		ATF_CHECK_EQ(msg.ignored, 1);
	}
}

TEST(msg_sixrd, "D4-28: 212, lengths, mask, prefix and border relays")
{
	uint8_t v[66] = { 8, 32, 0x20, 1, 0x0d, 0xb8 };
	size_t n;

	for (n = 18; n < sizeof(v); n += 4)
		memcpy(&v[n], "\300\0\2\1", 4);
	for (n = 0; n <= sizeof(v); n++) {
		ATF_CHECK_EQ(ack_with(OPT_6RD, v, n), DHCP4_OK);
		ATF_CHECK_EQ_MSG(msg.lease.sixrd_len,
		    n >= 22 && n <= 64 && n % 4 == 2 ? n : 0, "%zu", n);
	}
	v[0] = 33;
	ATF_CHECK_EQ(ack_with(OPT_6RD, v, 22), DHCP4_OK);
	ATF_CHECK_EQ(msg.lease.sixrd_len, 0);
	v[0] = 0;
	v[1] = 96;
	ATF_CHECK_EQ(ack_with(OPT_6RD, v, 22), DHCP4_OK);
	ATF_CHECK_EQ(msg.lease.sixrd_len, 22);
	v[1] = 97; /* 97 + 32 bits of address do not fit */
	ATF_CHECK_EQ(ack_with(OPT_6RD, v, 22), DHCP4_OK);
	ATF_CHECK_EQ(msg.lease.sixrd_len, 0);
	v[0] = 32;
	v[1] = 129;
	ATF_CHECK_EQ(ack_with(OPT_6RD, v, 22), DHCP4_OK);
	ATF_CHECK_EQ(msg.lease.sixrd_len, 0);
	v[1] = 28; /* bits behind the prefix */
	ATF_CHECK_EQ(ack_with(OPT_6RD, v, 22), DHCP4_OK);
	ATF_CHECK_EQ(msg.lease.sixrd_len, 0);
	v[1] = 29;
	ATF_CHECK_EQ(ack_with(OPT_6RD, v, 22), DHCP4_OK);
	ATF_CHECK_EQ(msg.lease.sixrd_len, 22);
	v[18] = 224;
	ATF_CHECK_EQ(ack_with(OPT_6RD, v, 22), DHCP4_OK);
	ATF_CHECK_EQ(msg.lease.sixrd_len, 0);
}

TEST(msg_flags_of_the_exchange, "D4-15, D4-26: 80 and 108")
{
	begin_ack();
	OPT_S(OPT_RAPID_COMMIT, "");
	OPT(OPT_IPV6_ONLY, 0, 0, 7, 8);
	ATF_REQUIRE_EQ(parse(), DHCP4_OK);
	ATF_CHECK(msg.present & HAVE_RAPID_COMMIT);
	ATF_CHECK(msg.present & HAVE_IPV6_ONLY);
	ATF_CHECK_EQ(msg.lease.ipv6_only_sec, 1800);
	ATF_CHECK_EQ(msg.lease.rapid_commit, 0); /* the machine's to say */
}

TEST(msg_print_is_one_printable_line, "Y-12: no byte from the network, any "
    "buffer size")
{
	char out[400];
	size_t n, i;

	begin_ack();
	OPT_S(OPT_MESSAGE, "no\n\x1b[31m\"\377 address\0");
	ATF_REQUIRE_EQ(parse(), DHCP4_OK);
	ATF_CHECK_STREQ(msg.message, "no??[31m\"? address");
	for (n = 0; n <= sizeof(out); n++) {
		memset(out, 'x', sizeof(out));
		dhcp4_msg_print(&msg, out, n);
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
	begin_ack();
	while (len + 2 <= 2048) {
		reply[len] = (uint8_t)(len % 250 + 1);
		reply[len + 1] = 0;
		if (reply[len] == OPT_MESSAGE_TYPE ||
		    reply[len] == OPT_SERVER_ID)
			reply[len] = OPT_DNS;
		len += 2;
	}
	ATF_CHECK_EQ(parse_raw(), DHCP4_OK);
	ATF_CHECK_EQ(msg.lease.ndns, 0);
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
	ATF_TP_ADD_TC(tp, msg_classless_routes);
	ATF_TP_ADD_TC(tp, msg_classless_malformed_counts_as_absent);
	ATF_TP_ADD_TC(tp, msg_classless_bound);
	ATF_TP_ADD_TC(tp, msg_classless_absurd_route_is_left_out);
	ATF_TP_ADD_TC(tp, msg_static_routes_and_routers);
	ATF_TP_ADD_TC(tp, msg_name_servers);
	ATF_TP_ADD_TC(tp, msg_broadcast_address);
	ATF_TP_ADD_TC(tp, msg_mtu);
	ATF_TP_ADD_TC(tp, msg_host_name);
	ATF_TP_ADD_TC(tp, msg_hostile_strings);
	ATF_TP_ADD_TC(tp, msg_domain_names);
	ATF_TP_ADD_TC(tp, msg_domain_search);
	ATF_TP_ADD_TC(tp, msg_domain_search_malformed);
	ATF_TP_ADD_TC(tp, msg_domain_search_bounds);
	ATF_TP_ADD_TC(tp, msg_captive_portal);
	ATF_TP_ADD_TC(tp, msg_vendor_and_client_id);
	ATF_TP_ADD_TC(tp, msg_encrypted_dns);
	ATF_TP_ADD_TC(tp, msg_sixrd);
	ATF_TP_ADD_TC(tp, msg_flags_of_the_exchange);
	ATF_TP_ADD_TC(tp, msg_print_is_one_printable_line);
	ATF_TP_ADD_TC(tp, msg_option_flood);
	return atf_no_error();
}

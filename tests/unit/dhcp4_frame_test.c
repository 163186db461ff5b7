/* SPDX-License-Identifier: ISC */
/* Ethernet, IPv4 and UDP around a DHCP message, in both directions. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "proto/dhcp4_msg.h"
#include "test.h"

#define ETH 14
#define UDP (ETH + 20)
#define DATA (UDP + 8)

/* Written down by hand, its checksums computed apart from the code: UDP
 * 192.0.2.1:67 > 192.0.2.9:68, payload "abc". */
static const uint8_t good[] = {
	0x02,
	0,
	0,
	0,
	0,
	9,
	0x02,
	0,
	0,
	0,
	0,
	1,
	0x08,
	0x00,
	0x45,
	0,
	0,
	31,
	0,
	0,
	0,
	0,
	64,
	17,
	0xf6,
	0xc3,
	192,
	0,
	2,
	1,
	192,
	0,
	2,
	9,
	0,
	67,
	0,
	68,
	0,
	11,
	0xb6,
	0xe3,
	'a',
	'b',
	'c',
};

static struct dhcp4_msg msg;
static uint8_t got[2048];
static size_t gotlen;

static enum dhcp4_error
parse(const uint8_t *frame, size_t len, int flags)
{
	const uint8_t *payload;
	enum dhcp4_error error;
	uint8_t *copy = malloc(len + (len == 0));

	ATF_REQUIRE(copy != NULL);
	memcpy(copy, frame, len);
	memset(&msg, 0xa5, sizeof(msg));
	error = dhcp4_frame_parse(copy, len, flags, &payload, &gotlen, &msg);
	if (error == DHCP4_OK) {
		ATF_REQUIRE(gotlen <= sizeof(got));
		memcpy(got, payload, gotlen);
	} else {
		ATF_CHECK(payload == NULL);
		ATF_CHECK_EQ(gotlen, 0);
	}
	free(copy);
	return error;
}

/* Make the IPv4 header checksum of a frame right again (RFC 1071). */
static void
fix_ip(uint8_t *frame, size_t off)
{
	size_t i, hlen = (size_t)(frame[off] & 15) * 4;
	uint32_t sum = 0;

	frame[off + 10] = frame[off + 11] = 0;
	for (i = 0; i < hlen; i += 2)
		sum += (uint32_t)frame[off + i] << 8 | frame[off + i + 1];
	while (sum > 0xffff)
		sum = (sum & 0xffff) + (sum >> 16);
	frame[off + 10] = (uint8_t)(~sum >> 8);
	frame[off + 11] = (uint8_t)~sum;
}

/* One changed byte, header checksum right. */
static enum dhcp4_error
with(size_t off, uint8_t value)
{
	uint8_t frame[sizeof(good)];

	memcpy(frame, good, sizeof(good));
	frame[off] = value;
	if (off >= ETH && off < UDP)
		fix_ip(frame, ETH);
	return parse(frame, sizeof(frame), 0);
}

TEST(frame_good_is_accepted, "D4-01: what is in the frame is handed on")
{
	ATF_REQUIRE_EQ(parse(good, sizeof(good), 0), DHCP4_OK);
	ATF_CHECK_EQ(gotlen, 3);
	ATF_CHECK(memcmp(got, "abc", 3) == 0);
	ATF_CHECK_EQ(ntohl(msg.ip_src.s_addr), 0xc0000201);
	ATF_CHECK(memcmp(msg.eth_src, good + 6, 6) == 0);
	ATF_CHECK_EQ(msg.csum_partial, 0);
}

TEST(frame_padding_is_ignored, "D4-01: trailing Ethernet padding")
{
	uint8_t frame[60];

	memset(frame, 0xff, sizeof(frame));
	memcpy(frame, good, sizeof(good));
	ATF_CHECK_EQ(parse(frame, sizeof(frame), 0), DHCP4_OK);
	ATF_CHECK_EQ(gotlen, 3);
}

TEST(frame_ip_payload_may_exceed_udp,
    "D4-01: bytes between the end of UDP "
    "and of IPv4 are not the message")
{
	uint8_t frame[sizeof(good) + 4] = { 0 };

	memcpy(frame, good, sizeof(good));
	frame[ETH + 3] = 35;
	fix_ip(frame, ETH);
	ATF_CHECK_EQ(parse(frame, sizeof(frame), 0), DHCP4_OK);
	ATF_CHECK_EQ(gotlen, 3);
}

TEST(frame_every_truncation_is_dropped, "D4-01, D4-31: all lengths from 0")
{
	size_t n;

	for (n = 0; n < sizeof(good); n++)
		ATF_CHECK_EQ_MSG(parse(good, n, 0), DHCP4_E_FRAME, "%zu", n);
}

TEST(frame_lies_about_lengths_are_dropped,
    "D4-01: IHL, total length and UDP "
    "length against each other and the frame")
{
	ATF_CHECK_EQ(with(ETH, 0x44), DHCP4_E_FRAME); /* IHL 4 */
	ATF_CHECK_EQ(with(ETH, 0x40), DHCP4_E_FRAME);
	ATF_CHECK_EQ(with(ETH, 0x65), DHCP4_E_FRAME);	/* version 6 */
	ATF_CHECK_EQ(with(ETH + 3, 32), DHCP4_E_FRAME); /* past the frame */
	ATF_CHECK_EQ(with(ETH + 2, 0xff), DHCP4_E_FRAME);
	ATF_CHECK_EQ(with(ETH + 3, 30), DHCP4_E_FRAME); /* cuts UDP */
	ATF_CHECK_EQ(with(ETH + 3, 19), DHCP4_E_FRAME); /* below IHL */
	ATF_CHECK_EQ(with(ETH + 3, 27), DHCP4_E_FRAME); /* no UDP header */
	ATF_CHECK_EQ(with(UDP + 5, 7), DHCP4_E_FRAME);
	ATF_CHECK_EQ(with(UDP + 5, 0), DHCP4_E_FRAME);
	ATF_CHECK_EQ(with(UDP + 5, 12), DHCP4_E_FRAME);
	ATF_CHECK_EQ(with(UDP + 4, 0xff), DHCP4_E_FRAME);
}

TEST(frame_ip_options_are_skipped, "D4-01: IHL above 5, inside the frame")
{
	uint8_t frame[sizeof(good) + 4] = { 0 };

	memcpy(frame, good, UDP);
	memset(frame + UDP, 1, 4); /* no-operation options */
	memcpy(frame + UDP + 4, good + UDP, sizeof(good) - UDP);
	frame[ETH] = 0x46;
	frame[ETH + 3] = 35;
	fix_ip(frame, ETH);
	ATF_CHECK_EQ(parse(frame, sizeof(frame), 0), DHCP4_OK);
	ATF_CHECK_EQ(gotlen, 3);
	frame[ETH] = 0x4f; /* header longer than the packet */
	ATF_CHECK_EQ(parse(frame, sizeof(frame), 0), DHCP4_E_FRAME);
}

TEST(frame_of_others_is_dropped, "D4-01: EtherType, protocol, port, fragments")
{
	uint8_t frame[sizeof(good)];

	ATF_CHECK_EQ(with(12, 0x86), DHCP4_E_FRAME);
	ATF_CHECK_EQ(with(13, 0x06), DHCP4_E_FRAME);
	ATF_CHECK_EQ(with(ETH + 9, 6), DHCP4_E_FRAME);
	ATF_CHECK_EQ(with(UDP + 3, 67), DHCP4_E_FRAME);
	ATF_CHECK_EQ(with(UDP + 2, 1), DHCP4_E_FRAME);
	ATF_CHECK_EQ(with(ETH + 6, 0x20), DHCP4_E_FRAME); /* more fragments */
	ATF_CHECK_EQ(with(ETH + 7, 1), DHCP4_E_FRAME);	  /* offset 8 */
	ATF_CHECK_EQ(with(ETH + 6, 0x1f), DHCP4_E_FRAME);
	ATF_CHECK_EQ(with(ETH + 6, 0x40), DHCP4_OK); /* don't fragment */
	/* any source port: relays and NAT change it */
	memcpy(frame, good, sizeof(good));
	memset(frame + UDP, 0xbb, 2);
	memset(frame + UDP + 6, 0, 2);
	ATF_CHECK_EQ(parse(frame, sizeof(frame), 0), DHCP4_OK);
}

TEST(frame_checksums_are_verified,
    "D4-01: IPv4 header and UDP, none means "
    "none")
{
	uint8_t frame[sizeof(good)];

	memcpy(frame, good, sizeof(good));
	frame[ETH + 8] = 63;
	ATF_CHECK_EQ(parse(frame, sizeof(frame), 0), DHCP4_E_CHECKSUM);
	ATF_CHECK_EQ(
	    parse(frame, sizeof(frame), RECV_CSUM_VALID), DHCP4_E_CHECKSUM);
	ATF_CHECK_EQ(with(DATA, 'A'), DHCP4_E_CHECKSUM);
	ATF_CHECK_EQ(with(ETH + 15, 2), DHCP4_E_CHECKSUM); /* pseudo-header */
	memcpy(frame, good, sizeof(good));
	frame[UDP + 6] = frame[UDP + 7] = 0;
	frame[DATA] = 'A';
	ATF_CHECK_EQ(parse(frame, sizeof(frame), 0), DHCP4_OK);
	ATF_CHECK_EQ(msg.csum_partial, 0);
}

TEST(frame_checksum_known_to_the_kernel, "D4-01: not ready, or verified")
{
	uint8_t frame[sizeof(good)];

	memcpy(frame, good, sizeof(good));
	frame[UDP + 6] ^= 0x55;
	ATF_CHECK_EQ(parse(frame, sizeof(frame), 0), DHCP4_E_CHECKSUM);
	ATF_CHECK_EQ(
	    parse(frame, sizeof(frame), RECV_CSUM_NOT_READY), DHCP4_OK);
	ATF_CHECK_EQ(parse(frame, sizeof(frame), RECV_CSUM_VALID), DHCP4_OK);
	ATF_CHECK_EQ(msg.csum_partial, 0);
}

TEST(frame_checksum_left_to_a_device,
    "D4-01: the uncomplemented sum of the "
    "pseudo-header is accepted and counted")
{
	uint8_t frame[sizeof(good)];

	/* 0xc000 + 0x0201 + 0xc000 + 0x0209 + 17 + 11 = 0x18426 */
	memcpy(frame, good, sizeof(good));
	frame[UDP + 6] = 0x84;
	frame[UDP + 7] = 0x27;
	ATF_CHECK_EQ(parse(frame, sizeof(frame), 0), DHCP4_OK);
	ATF_CHECK_EQ(msg.csum_partial, 1);
	frame[UDP + 7] = 0x26;
	ATF_CHECK_EQ(parse(frame, sizeof(frame), 0), DHCP4_E_CHECKSUM);
}

TEST(frame_vlan_tag,
    "D4-01: a tag with VID 0 is skipped, any other is not "
    "ours")
{
	uint8_t frame[sizeof(good) + 4];

	memcpy(frame, good, 12);
	memcpy(frame + 12, "\x81\x00\xe0\x00", 4); /* priority 7, VID 0 */
	memcpy(frame + 16, good + 12, sizeof(good) - 12);
	ATF_CHECK_EQ(parse(frame, sizeof(frame), 0), DHCP4_OK);
	ATF_CHECK(gotlen == 3 && memcmp(got, "abc", 3) == 0);
	frame[15] = 1;
	ATF_CHECK_EQ(parse(frame, sizeof(frame), 0), DHCP4_E_FRAME);
	frame[15] = 0;
	frame[14] = 0x01;
	ATF_CHECK_EQ(parse(frame, sizeof(frame), 0), DHCP4_E_FRAME);
	frame[14] = 0;
	ATF_CHECK_EQ(parse(frame, 15, 0), DHCP4_E_FRAME);
	ATF_CHECK_EQ(parse(frame, 17, 0), DHCP4_E_FRAME);
	/* one tag only */
	frame[16] = 0x81;
	ATF_CHECK_EQ(parse(frame, sizeof(frame), 0), DHCP4_E_FRAME);
}

TEST(frame_build_writes_every_field,
    "D4-01, D4-05: id 0, DF clear, TTL 64, "
    "ports, both checksums")
{
	static const uint8_t want[] = { 255, 255, 255, 255, 255, 255, 2, 0, 0,
		0, 0, 7, 8, 0, 0x45, 0, 0, 31, 0, 0, 0, 0, 64, 17, 0x7a, 0xcf,
		0, 0, 0, 0, 255, 255, 255, 255, 0, 68, 0, 67, 0, 11, 0x3a, 0xef,
		'a', 'b', 'c' };
	static const uint8_t all[6] = { 255, 255, 255, 255, 255, 255 };
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 7 };
	struct in_addr any = { 0 }, bcast = { 0xffffffff };
	uint8_t out[sizeof(want)];
	size_t n;

	n = dhcp4_frame_build(
	    (const uint8_t *)"abc", 3, mac, all, any, bcast, out, sizeof(out));
	ATF_REQUIRE_EQ(n, sizeof(want));
	for (n = 0; n < sizeof(want); n++)
		ATF_CHECK_EQ_MSG(out[n], want[n], "byte %zu is %#x", n, out[n]);
	for (n = 0; n < sizeof(out); n++)
		ATF_CHECK_EQ(dhcp4_frame_build((const uint8_t *)"abc", 3, mac,
				 all, any, bcast, out, n),
		    0);
}

TEST(frame_build_checks_out,
    "D4-01, D4-05: every payload length and a sum "
    "that would be 0")
{
	static const uint8_t a[6] = { 2, 0, 0, 0, 0, 1 }, b[6] = { 2 };
	struct in_addr src = { htonl(0xc0000201) }, dst = { htonl(0xc0000209) };
	uint8_t payload[DHCP4_FRAME_MAX], out[2 * DHCP4_FRAME_MAX];
	size_t i, n, zero = 0;

	for (i = 0; i < sizeof(payload); i++)
		payload[i] = (uint8_t)(i * 7);
	for (i = 0; i <= DHCP4_FRAME_MAX - DATA; i++) {
		n = dhcp4_frame_build(
		    payload, i, a, b, src, dst, out, sizeof(out));
		ATF_REQUIRE_EQ(n, DATA + i);
		out[UDP + 3] = 68; /* turn the ports, the sum stays */
		out[UDP + 1] = 67;
		ATF_REQUIRE_EQ_MSG(parse(out, n, 0), DHCP4_OK, "%zu", i);
		ATF_REQUIRE(gotlen == i && memcmp(got, payload, i) == 0);
		ATF_REQUIRE_EQ(msg.csum_partial, 0);
	}
	ATF_CHECK_EQ(
	    dhcp4_frame_build(payload, i, a, b, src, dst, out, sizeof(out)), 0);
	/* one of these has a sum of 0 */
	for (i = 0; i < 0x10000; i++) {
		payload[0] = (uint8_t)(i >> 8);
		payload[1] = (uint8_t)i;
		n = dhcp4_frame_build(
		    payload, 2, a, b, src, dst, out, sizeof(out));
		ATF_REQUIRE(out[UDP + 6] != 0 || out[UDP + 7] != 0);
		zero += out[UDP + 6] == 0xff && out[UDP + 7] == 0xff;
	}
	ATF_CHECK_EQ(zero, 1);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, frame_good_is_accepted);
	ATF_TP_ADD_TC(tp, frame_padding_is_ignored);
	ATF_TP_ADD_TC(tp, frame_ip_payload_may_exceed_udp);
	ATF_TP_ADD_TC(tp, frame_every_truncation_is_dropped);
	ATF_TP_ADD_TC(tp, frame_lies_about_lengths_are_dropped);
	ATF_TP_ADD_TC(tp, frame_ip_options_are_skipped);
	ATF_TP_ADD_TC(tp, frame_of_others_is_dropped);
	ATF_TP_ADD_TC(tp, frame_checksums_are_verified);
	ATF_TP_ADD_TC(tp, frame_checksum_known_to_the_kernel);
	ATF_TP_ADD_TC(tp, frame_checksum_left_to_a_device);
	ATF_TP_ADD_TC(tp, frame_vlan_tag);
	ATF_TP_ADD_TC(tp, frame_build_writes_every_field);
	ATF_TP_ADD_TC(tp, frame_build_checks_out);
	return atf_no_error();
}

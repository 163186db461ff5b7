/* SPDX-License-Identifier: ISC */
/*
 * Real DHCPv4 packets through the codec; each is a BOOTP message.  Also whole,
 * cut at every length and with every byte changed: nothing may crash, and what
 * is accepted must be a lease that can be written and read back.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proto/dhcp4_check.h"
#include "proto/dhcp4_msg.h"
#include "proto/lease.h"
#include "corpus.h"
#include "test.h"

#define PACKETS_MIN 150 /* less than that is not the corpus */

/* Whatever was accepted can be stored and printed. */
static void
check_lease(const struct dhcp4_msg *m)
{
	struct lease4 l = m->lease, back;
	char text[LEASE_TEXT_MAX], line[512];
	const char *why;
	size_t n;
	int lineno;

	dhcp4_msg_print(m, line, sizeof(line));
	ATF_REQUIRE(l.nroutes <= LEASE4_ROUTES_MAX &&
	    l.ndns <= DNS_SERVERS_MAX && l.nntp <= LEASE4_NTP_MAX &&
	    l.nsearch <= DNS_SEARCH_MAX);
	if (!(m->present & HAVE_SERVER_ID) ||
	    !inet4_is_host(l.addr, l.prefixlen))
		return;
	l.lease_sec = l.lease_sec < 5 ? 5 : l.lease_sec;
	l.t1_sec = l.t2_sec = 5;
	n = lease4_format(&l, 0, text, sizeof(text));
	ATF_REQUIRE_MSG(n > 0, "%s", line);
	ATF_REQUIRE(
	    lease4_parse((const uint8_t *)text, n, &back, &why, &lineno) == 0);
	ATF_REQUIRE(memcmp(&back, &l, sizeof(l)) == 0);
}

/* Parse bytes on the heap as the owner of the packet's hardware address. */
static enum dhcp4_error
parse(const uint8_t *bytes, size_t len, struct dhcp4_msg *m)
{
	uint8_t *copy = malloc(len + (len == 0)), hwaddr[16] = { 0 };
	enum dhcp4_error error;

	ATF_REQUIRE(copy != NULL);
	memcpy(copy, bytes, len);
	if (len >= 44)
		memcpy(hwaddr, bytes + 28, sizeof(hwaddr));
	memset(m, 0, sizeof(*m));
	error = dhcp4_msg_parse(copy, len, len > 1 ? bytes[1] : 1, hwaddr,
	    len > 2 ? bytes[2] : 6, NULL, m);
	if (error == DHCP4_OK)
		check_lease(m);
	free(copy);
	return error;
}

static uint8_t
type_of(const struct packet *p)
{
	static const struct {
		const char *name;
		uint8_t type;
	} types[] = { { "DISCOVER op", 1 }, { "OFFER op", 2 },
		{ "REQUEST op", 3 }, { "DECLINE op", 4 }, { "NAK op", 6 },
		{ "ACK op", 5 }, { "RELEASE op", 7 }, { "INFORM op", 8 },
		{ "0a op", 10 }, { "0c op", 12 }, { "0d op", 13 } };
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strstr(p->exercises, types[i].name) != NULL)
			return types[i].type;
	}
	return 0;
}

/* Valid packets with options that are left out and counted. */
static const struct {
	const char *name;
	uint8_t code; /* which is then absent, 0: of none that is compared */
	uint32_t ignored;
} left_out[] = {
	/* 114 is no URI */
	{ "android-DhcpPacketTest-testCapportOption_Invalid", 0, 1 },
	/* 52 once more in file and in sname */
	{ "lwip-test_dhcp-test_dhcp_invalid_overload-"
	  "dhcp_offer_invalid_overload",
	    0, 2 },
	/* lengths 3 and 0 */
	{ "tcpdump-dhcp-option-33-4", 33, 1 },
	{ "tcpdump-dhcp-option-33-5", 33, 1 },
};

/* Must an option be in the struct?  1, 0, or -1: the index does not say. */
static int
expected(const struct packet *p, uint8_t code)
{
	size_t i;

	for (i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++) {
		if (left_out[i].code == code &&
		    strcmp(left_out[i].name, p->name) == 0)
			return 0;
	}
	if (corpus_listed(p, code))
		return 1;
	return corpus_listed(p, OPT_OVERLOAD) ? -1 : 0;
}

/* At least one of these options. */
static void
expect(const struct packet *p, int got, uint8_t a, uint8_t b, uint8_t c)
{
	int ea = expected(p, a), eb = expected(p, b), ec = expected(p, c);

	if (ea == 1 || eb == 1 || ec == 1)
		ATF_CHECK_MSG(got, "%s: option %u is lost", p->name, a);
	else if (ea == 0 && eb == 0 && ec == 0)
		ATF_CHECK_MSG(!got, "%s: option %u out of nowhere", p->name, a);
}

/* What the index says of options must be what the struct says. */
static void
compare(const struct packet *p, const struct dhcp4_msg *m)
{
	static const struct {
		uint8_t code;
		uint32_t bit;
	} bits[] = { { 1, HAVE_MASK }, { 51, HAVE_LEASE_TIME },
		{ 54, HAVE_SERVER_ID }, { 58, HAVE_T1 }, { 59, HAVE_T2 },
		{ 61, HAVE_CLIENT_ID }, { 80, HAVE_RAPID_COMMIT },
		{ 108, HAVE_IPV6_ONLY }, { 121, HAVE_CLASSLESS } };
	const struct lease4 *l = &m->lease;
	uint32_t ignored = 0;
	size_t i;

	ATF_CHECK_EQ_MSG(m->type, type_of(p), "%s: type %u", p->name, m->type);
	for (i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		expect(p, (m->present & bits[i].bit) != 0, bits[i].code,
		    bits[i].code, bits[i].code);
	expect(p, l->ndns > 0, 6, 6, 6);
	expect(p, l->nntp > 0, 42, 42, 42);
	expect(p, l->nroutes > 0, 3, 33, 121);
	expect(p, l->hostname[0] != '\0', 12, 12, 12);
	expect(p, l->domain[0] != '\0', 15, 15, 15);
	expect(p, l->nsearch > 0, 119, 15, 15);
	expect(p, l->vendor_len > 0, 43, 43, 43);
	for (i = 0; i < sizeof(left_out) / sizeof(left_out[0]); i++) {
		if (strcmp(left_out[i].name, p->name) == 0)
			ignored = left_out[i].ignored;
	}
	ATF_CHECK_EQ_MSG(
	    m->ignored, ignored, "%s: %u ignored", p->name, m->ignored);
	ATF_CHECK_EQ_MSG(m->names_ignored + m->excess, 0, "%s", p->name);
}

/* What is wrong with it decides what becomes of it. */
static void
compare_invalid(
    const struct packet *p, enum dhcp4_error error, const struct dhcp4_msg *m)
{
	if (strstr(p->valid, "runs past the end") != NULL) {
		ATF_CHECK_EQ_MSG(error, DHCP4_E_OPTIONS, "%s", p->name);
		return;
	}
	ATF_CHECK_EQ_MSG(error, DHCP4_OK, "%s (%s)", p->name, p->valid);
	if (strstr(p->valid, "no end option") != NULL)
		return;
	ATF_CHECK_EQ_MSG(m->ignored, 1, "%s", p->name);
	if (strstr(p->valid, "119 payload") != NULL)
		ATF_CHECK_EQ_MSG(m->lease.nsearch, 0, "%s", p->name);
	else if (strstr(p->valid, "option 108") != NULL)
		ATF_CHECK_MSG(!(m->present & HAVE_IPV6_ONLY), "%s", p->name);
	else
		atf_tc_fail_nonfatal("%s: %s", p->name, p->valid);
}

static void
check_packet(const struct packet *p)
{
	static uint8_t flipped[PACKET_MAX];
	struct dhcp4_msg m;
	enum dhcp4_error error = parse(p->bytes, p->len, &m);
	int valid = strcmp(p->valid, "valid") == 0;

	if (p->len < 240 || p->len > 2048 ||
	    memcmp(p->bytes + 236, "\x63\x82\x53\x63", 4) != 0) {
		ATF_CHECK_EQ_MSG(error, DHCP4_E_BOOTP, "%s", p->name);
		ATF_CHECK(!valid);
		return;
	}
	if (p->bytes[0] == 1) {
		ATF_CHECK_EQ_MSG(error, DHCP4_E_BOOTP, "%s", p->name);
		memcpy(flipped, p->bytes, p->len);
		flipped[0] = 2;
		error = parse(flipped, p->len, &m);
		if (valid)
			ATF_CHECK_EQ_MSG(error, DHCP4_OK, "%s", p->name);
		if (error == DHCP4_OK)
			ATF_CHECK_EQ_MSG(m.type, type_of(p), "%s", p->name);
		return;
	}
	if (valid) {
		ATF_CHECK_EQ_MSG(error, DHCP4_OK, "%s", p->name);
		compare(p, &m);
	} else {
		compare_invalid(p, error, &m);
	}
}

TEST(corpus_packets_parse_as_the_index_says,
    "D4-01, D4-02, D4-03, D4-07, "
    "D4-31: real packets of servers and clients")
{
	corpus_each(tc, "dhcp4", PACKETS_MIN, check_packet);
}

static void
cut_packet(const struct packet *p)
{
	struct dhcp4_msg m;
	size_t n, end = p->len < 2048 ? p->len : 2048;

	for (n = 0; n <= end; n++)
		parse(p->bytes, n, &m);
}

TEST(corpus_every_truncation, "D4-31, Y-16: each packet cut at each length")
{
	corpus_each(tc, "dhcp4", PACKETS_MIN, cut_packet);
}

static void
change_packet(const struct packet *p)
{
	static const uint8_t xors[] = { 0x01, 0x80, 0xff };
	static uint8_t changed[PACKET_MAX];
	struct dhcp4_msg m;
	size_t i, k, end = p->len < 600 ? p->len : 600;

	memcpy(changed, p->bytes, p->len);
	if (p->len > 0)
		changed[0] = 2;
	for (i = 0; i < end; i++) {
		for (k = 0; k < sizeof(xors); k++) {
			changed[i] = p->bytes[i] ^ xors[k];
			parse(changed, end, &m);
		}
		changed[i] = 0;
		parse(changed, end, &m);
		changed[i] = i == 0 ? 2 : p->bytes[i];
	}
}

TEST(corpus_every_changed_byte,
    "D4-31, Y-16: each byte of each packet "
    "changed in four ways")
{
	corpus_each(tc, "dhcp4", PACKETS_MIN, change_packet);
}

/* As a server would have sent it, and as a frame of its own. */
static void
frame_packet(const struct packet *p)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };
	struct in_addr src = { htonl(0xc0000201) }, dst = { 0xffffffff };
	uint8_t frame[DHCP4_FRAME_MAX];
	const uint8_t *payload;
	struct dhcp4_msg m;
	size_t n, len, i;

	(void)dhcp4_frame_parse(p->bytes, p->len, 0, &payload, &len, &m);
	n = dhcp4_frame_build(
	    p->bytes, p->len, mac, mac, src, dst, frame, sizeof(frame));
	ATF_CHECK_EQ(n, p->len <= 1472 ? p->len + 42 : 0);
	if (n == 0)
		return;
	frame[35] = 67;
	frame[37] = 68;
	ATF_REQUIRE_EQ(
	    dhcp4_frame_parse(frame, n, 0, &payload, &len, &m), DHCP4_OK);
	ATF_CHECK(len == p->len && memcmp(payload, p->bytes, len) == 0);
	for (i = 0; i < n; i++) {
		frame[i] ^= 0x80;
		/* only what no checksum covers may pass */
		if (dhcp4_frame_parse(frame, n, 0, &payload, &len, &m) ==
		    DHCP4_OK)
			ATF_CHECK_MSG(i < 12, "%s: byte %zu", p->name, i);
		frame[i] ^= 0x80;
		(void)dhcp4_frame_parse(frame, i, 0, &payload, &len, &m);
	}
}

TEST(corpus_frames, "D4-01, D4-31: each packet in a frame, cut and changed")
{
	corpus_each(tc, "dhcp4", PACKETS_MIN, frame_packet);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, corpus_packets_parse_as_the_index_says);
	ATF_TP_ADD_TC(tp, corpus_every_truncation);
	ATF_TP_ADD_TC(tp, corpus_every_changed_byte);
	ATF_TP_ADD_TC(tp, corpus_frames);
	return atf_no_error();
}

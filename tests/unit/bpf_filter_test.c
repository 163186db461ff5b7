/* SPDX-License-Identifier: ISC */
/*
 * The BPF programs, run by a small filter machine (bpf(4)) on real frames, and
 * the walk through a BPF buffer.
 */

#include <sys/types.h>
#include <arpa/inet.h>
#include <string.h>

#include "os/bpf_filter.h"
#include "proto/acd.h"
#include "test.h"

#define FRAME_MAX 600

struct frame {
	uint8_t b[FRAME_MAX];
	size_t len;
};

static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 0x0a };

static struct interface
ether(void)
{
	struct interface iface;

	memset(&iface, 0, sizeof(iface));
	iface.ifindex = 1;
	iface.flags = IFACE_UP | IFACE_RUNNING | IFACE_ETHERNET;
	iface.hwtype = 1;
	iface.hwaddr_len = 6;
	memcpy(iface.hwaddr, mac, sizeof(mac));
	return iface;
}

static struct in_addr
ip(const char *text)
{
	struct in_addr addr;

	ATF_REQUIRE_EQ(1, inet_pton(AF_INET, text, &addr));
	return addr;
}

/* ---- the machine ---- */

/* size bytes in network order; 0 and *out when they are outside. */
static uint32_t
load(const struct frame *f, uint64_t at, unsigned int size, int *out)
{
	uint32_t v = 0;
	unsigned int i;

	if (at + size > f->len) {
		*out = 1;
		return 0;
	}
	for (i = 0; i < size; i++)
		v = v << 8 | f->b[at + i];
	return v;
}

/* Bytes that are accepted; 0: dropped.  A load outside of the frame drops it,
 * as the kernel does. */
static uint32_t
run(const struct filter *prog, const struct frame *f)
{
	uint32_t a = 0, x = 0;
	unsigned int pc;
	int out = 0;

	for (pc = 0; pc < prog->len && !out; pc++) {
		const struct filter_insn *i = &prog->code[pc];

		switch (i->code) {
		case 0x20:
			a = load(f, i->k, 4, &out);
			break;
		case 0x28:
			a = load(f, i->k, 2, &out);
			break;
		case 0x30:
			a = load(f, i->k, 1, &out);
			break;
		case 0x40:
			a = load(f, (uint64_t)i->k + x, 4, &out);
			break;
		case 0x48:
			a = load(f, (uint64_t)i->k + x, 2, &out);
			break;
		case 0x50:
			a = load(f, (uint64_t)i->k + x, 1, &out);
			break;
		case 0xb1:
			x = 4 * (load(f, i->k, 1, &out) & 0xf);
			break;
		case 0x54:
			a &= i->k;
			break;
		case 0x15:
			pc += a == i->k ? i->jt : i->jf;
			break;
		case 0x45:
			pc += a & i->k ? i->jt : i->jf;
			break;
		case 0x06:
			return i->k;
		default:
			atf_tc_fail("instruction 0x%x", i->code);
		}
	}
	ATF_REQUIRE_MSG(out, "ran past the end");
	return 0;
}

/* ---- frames ---- */

static struct frame
dhcp(uint8_t op, uint8_t sport, uint8_t dport)
{
	struct frame f = { .len = 14 + 20 + 8 + 300 };
	uint8_t *ipv4 = f.b + 14, *udp = ipv4 + 20, *bootp = udp + 8;

	memset(f.b, 0xff, 6);
	f.b[12] = 0x08;
	ipv4[0] = 0x45;
	ipv4[2] = (uint8_t)((f.len - 14) >> 8);
	ipv4[3] = (uint8_t)(f.len - 14);
	ipv4[9] = IPPROTO_UDP;
	udp[1] = sport;
	udp[3] = dport;
	bootp[0] = op;
	bootp[1] = 1;
	bootp[2] = 6;
	memcpy(bootp + 28, mac, 6);
	return f;
}

static struct frame
arp(uint8_t op, const char *sender, const char *target)
{
	struct in_addr spa = ip(sender), tpa = ip(target);
	struct frame f = { .len = 60 };

	memset(f.b, 0xff, 6);
	f.b[12] = 0x08;
	f.b[13] = 0x06;
	memcpy(f.b + 14, "\x00\x01\x08\x00\x06\x04\x00", 7);
	f.b[21] = op;
	memcpy(f.b + 22, mac, 6);
	memcpy(f.b + 28, &spa, 4);
	memcpy(f.b + 38, &tpa, 4);
	return f;
}

/* An 802.1Q tag, as bpf(4) shows it. */
static void
tag(struct frame *f, uint8_t vid)
{
	memmove(f->b + 16, f->b + 12, f->len - 12);
	memcpy(f->b + 12, "\x81\x00\xe0\x00", 4); /* priority 7 */
	f->b[15] = vid;
	f->len += 4;
}

static void
ip_options(struct frame *f)
{
	memmove(f->b + 14 + 24, f->b + 14 + 20, f->len - 34);
	memset(f->b + 14 + 20, 1, 4);
	f->b[14] = 0x46;
	f->len += 4;
}

/* One byte of the frame is another: is it dropped? */
static int
drops_with(const struct filter *prog, struct frame f, size_t at, uint8_t value)
{
	ATF_REQUIRE(f.b[at] != value);
	f.b[at] = value;
	return run(prog, &f) == 0;
}

/* Every jump stays inside; the last instruction is a return. */
static void
check_program(const struct filter *prog)
{
	unsigned int i;

	ATF_REQUIRE(prog->len > 0 && prog->len <= FILTER_MAX);
	for (i = 0; i < prog->len; i++) {
		const struct filter_insn *c = &prog->code[i];

		if ((c->code & 7) == 5) {
			ATF_CHECK(i + 1 + c->jt < prog->len);
			ATF_CHECK(i + 1 + c->jf < prog->len);
		}
	}
	ATF_CHECK_EQ(0x06, prog->code[prog->len - 1].code);
}

TEST(bpf_dhcp4_reads_answers_to_this_client_alone,
    "D4-01, D4-02: untagged, unfragmented IPv4, UDP to 68, op 2, our chaddr")
{
	struct frame f = dhcp(2, 67, 68), other;
	struct interface iface = ether();
	struct filter prog;
	size_t at;

	ATF_REQUIRE_EQ(0, filter_dhcp4_read(&prog, &iface));
	check_program(&prog);
	ATF_CHECK(run(&prog, &f) >= f.len);
	ATF_CHECK(drops_with(&prog, f, 13, 0x06));     /* ARP */
	ATF_CHECK(drops_with(&prog, f, 14, 0x65));     /* IP version 6 */
	ATF_CHECK(drops_with(&prog, f, 14 + 9, 6));    /* TCP */
	ATF_CHECK(drops_with(&prog, f, 14 + 6, 0x20)); /* more fragments */
	ATF_CHECK(drops_with(&prog, f, 14 + 7, 1));    /* an offset */
	ATF_CHECK(drops_with(&prog, f, 14 + 20 + 3, 67));
	ATF_CHECK(drops_with(&prog, f, 14 + 28, 1));	 /* op */
	ATF_CHECK(drops_with(&prog, f, 14 + 28 + 1, 6)); /* htype */
	ATF_CHECK(drops_with(&prog, f, 14 + 28 + 2, 7)); /* hlen */
	for (at = 0; at < 6; at++)
		ATF_CHECK(drops_with(&prog, f, 14 + 28 + 28 + at, 0x77));
	ATF_CHECK(!drops_with(&prog, f, 14 + 6, 0x40));	   /* do not fragment */
	ATF_CHECK(!drops_with(&prog, f, 14 + 20 + 1, 99)); /* its port */
	other = f;
	ip_options(&other);
	ATF_CHECK(run(&prog, &other) != 0);
	other = f;
	tag(&other, 5);
	ATF_CHECK_EQ(0, run(&prog, &other));
	other = f;
	tag(&other, 0);
	ATF_CHECK(run(&prog, &other) >= other.len);
	ATF_CHECK(drops_with(&prog, other, 17, 0x06));
	ATF_CHECK(drops_with(&prog, other, 18 + 20 + 3, 67));
	ATF_CHECK(drops_with(&prog, other, 18 + 28 + 28 + 5, 0x77));
	tag(&other, 0);
	ATF_CHECK_EQ_MSG(0, run(&prog, &other), "two tags");
	f.len = 14 + 28 + 30;
	ATF_CHECK_EQ_MSG(0, run(&prog, &f), "cut in chaddr");
}

TEST(bpf_dhcp4_writes_requests_of_this_client_alone,
    "D4-01, Y-14: nothing but UDP 68 to 67 with op 1 and our chaddr leaves")
{
	struct frame f = dhcp(1, 68, 67);
	struct interface iface = ether();
	struct filter prog;
	size_t at;

	ATF_REQUIRE_EQ(0, filter_dhcp4_write(&prog, &iface));
	check_program(&prog);
	ATF_CHECK(run(&prog, &f) >= f.len);
	ATF_CHECK(drops_with(&prog, f, 12, 0x86));
	ATF_CHECK(drops_with(&prog, f, 14 + 9, 1));
	ATF_CHECK(drops_with(&prog, f, 14 + 6, 0x20));
	ATF_CHECK(drops_with(&prog, f, 14 + 20 + 1, 67));
	ATF_CHECK(drops_with(&prog, f, 14 + 20 + 3, 68));
	ATF_CHECK(drops_with(&prog, f, 14 + 28, 2));
	for (at = 0; at < 6; at++)
		ATF_CHECK(drops_with(&prog, f, 14 + 28 + 28 + at, 0x77));
	tag(&f, 0);
	ATF_CHECK_EQ_MSG(0, run(&prog, &f), "we send no tags");
}

TEST(bpf_arp_reads_users_and_probes_of_the_address,
    "AC-01, AC-02: sender X, or a request for X from 0.0.0.0; nothing else")
{
	struct filter prog;
	struct frame f;

	ATF_REQUIRE_EQ(
	    0, filter_arp_read(&prog, ip("192.0.2.5"), ip("0.0.0.0")));
	check_program(&prog);
	f = arp(1, "192.0.2.5", "192.0.2.9");
	ATF_CHECK(run(&prog, &f) >= f.len);
	ATF_CHECK(drops_with(&prog, f, 12, 0x86));
	ATF_CHECK(drops_with(&prog, f, 15, 6)); /* hardware type */
	ATF_CHECK(drops_with(&prog, f, 18, 8)); /* its length */
	f = arp(2, "192.0.2.5", "192.0.2.9");
	ATF_CHECK(run(&prog, &f) != 0);
	f = arp(1, "0.0.0.0", "192.0.2.5");
	ATF_CHECK(run(&prog, &f) != 0);
	f = arp(2, "0.0.0.0", "192.0.2.5");
	ATF_CHECK_EQ(0, run(&prog, &f));
	f = arp(1, "0.0.0.0", "192.0.2.6");
	ATF_CHECK_EQ(0, run(&prog, &f));
	f = arp(1, "192.0.2.9", "192.0.2.5");
	ATF_CHECK_EQ_MSG(0, run(&prog, &f), "an ordinary request for X");
	f = arp(1, "192.0.2.5", "192.0.2.9");
	tag(&f, 5);
	ATF_CHECK_EQ(0, run(&prog, &f));
	f = arp(1, "192.0.2.5", "192.0.2.9");
	tag(&f, 0);
	ATF_CHECK(run(&prog, &f) != 0);
	f = arp(1, "0.0.0.0", "192.0.2.6");
	tag(&f, 0);
	ATF_CHECK_EQ(0, run(&prog, &f));
}

TEST(bpf_arp_reads_replies_of_the_router_asked,
    "D4-22: of the peer replies alone")
{
	struct filter prog;
	struct frame f;

	ATF_REQUIRE_EQ(
	    0, filter_arp_read(&prog, ip("192.0.2.5"), ip("192.0.2.1")));
	check_program(&prog);
	f = arp(2, "192.0.2.1", "192.0.2.5");
	ATF_CHECK(run(&prog, &f) != 0);
	f = arp(1, "192.0.2.1", "192.0.2.5");
	ATF_CHECK_EQ(0, run(&prog, &f));
	f = arp(2, "192.0.2.2", "192.0.2.5");
	ATF_CHECK_EQ(0, run(&prog, &f));
	f = arp(1, "0.0.0.0", "192.0.2.5");
	ATF_CHECK(run(&prog, &f) != 0);
}

TEST(bpf_arp_writes_what_is_ours,
    "AC-01, Y-14: sender is our hardware address and 0.0.0.0 or X")
{
	struct interface iface = ether();
	struct filter prog;
	struct frame f;
	size_t at;

	ATF_REQUIRE_EQ(0, filter_arp_write(&prog, &iface, ip("192.0.2.5")));
	check_program(&prog);
	f = arp(1, "0.0.0.0", "192.0.2.5");
	ATF_CHECK(run(&prog, &f) != 0);
	for (at = 0; at < 6; at++)
		ATF_CHECK(drops_with(&prog, f, 22 + at, 0x77));
	f = arp(2, "192.0.2.5", "192.0.2.9");
	ATF_CHECK(run(&prog, &f) != 0);
	f = arp(2, "192.0.2.1", "192.0.2.9");
	ATF_CHECK_EQ_MSG(0, run(&prog, &f), "another's address");
	f = dhcp(1, 68, 67);
	ATF_CHECK_EQ(0, run(&prog, &f));
}

TEST(bpf_tagged_arp_is_understood,
    "D4-01, AC-02: the parser takes what the filter lets in, no other tag")
{
	struct in_addr spa = ip("192.0.2.5");
	struct frame f = arp(1, "192.0.2.5", "192.0.2.9"), tagged = f;
	struct arp got;

	memcpy(tagged.b + 6, "\2\0\0\0\0\7", 6);
	tag(&tagged, 0);
	ATF_CHECK_EQ(0, arp_parse(f.b, f.len, &got));
	ATF_REQUIRE_EQ(0, arp_parse(tagged.b, tagged.len, &got));
	ATF_CHECK_EQ(spa.s_addr, got.spa.s_addr);
	ATF_CHECK_EQ(7, got.eth_src[5]);
	ATF_CHECK_EQ(-1, arp_parse(tagged.b, 45, &got));
	ATF_CHECK_EQ(-1, arp_parse(f.b, 41, &got));
	tag(&f, 5);
	ATF_CHECK_EQ(-1, arp_parse(f.b, f.len, &got));
}

/* ---- the walk ---- */

static struct {
	int n;
	size_t len[8];
	uint8_t first[8];
} seen;

static void
note(void *arg, const uint8_t *data, size_t len, int flags)
{
	(void)arg;
	ATF_CHECK_EQ(0, flags);
	if (seen.n < 8) {
		seen.len[seen.n] = len;
		seen.first[seen.n] = len > 0 ? data[0] : 0;
	}
	seen.n++;
}

/* Put one frame behind what is there; bytes of the buffer then. */
static size_t
add(uint8_t *buf, size_t at, uint16_t hdrlen, uint32_t caplen, uint32_t datalen,
    uint8_t byte)
{
	memset(buf + at, 0, hdrlen);
	memcpy(buf + at + BPF_HDR_CAPLEN, &caplen, sizeof(caplen));
	memcpy(buf + at + BPF_HDR_DATALEN, &datalen, sizeof(datalen));
	memcpy(buf + at + BPF_HDR_HDRLEN, &hdrlen, sizeof(hdrlen));
	memset(buf + at + hdrlen, byte, caplen);
	at += hdrlen + caplen;
	return (at + sizeof(long) - 1) & ~(sizeof(long) - 1);
}

TEST(bpf_walk_gives_every_frame_once,
    "D4-01: frames of one read, by bh_hdrlen and alignment")
{
	uint8_t buf[1024];
	size_t len;

	memset(&seen, 0, sizeof(seen));
	len = add(buf, 0, 26, 42, 42, 'a');
	len = add(buf, len, 26, 1, 1, 'b');
	len = add(buf, len, 34, 60, 60, 'c');
	ATF_CHECK_EQ(3, bpf_walk(buf, len, 99, note, NULL));
	ATF_REQUIRE_EQ(3, seen.n);
	ATF_CHECK_EQ(42, seen.len[0]);
	ATF_CHECK_EQ('a', seen.first[0]);
	ATF_CHECK_EQ(1, seen.len[1]);
	ATF_CHECK_EQ('b', seen.first[1]);
	ATF_CHECK_EQ(60, seen.len[2]);
	ATF_CHECK_EQ('c', seen.first[2]);
	memset(&seen, 0, sizeof(seen));
	ATF_CHECK_EQ(2, bpf_walk(buf, len, 2, note, NULL));
	ATF_CHECK_EQ(2, seen.n);
}

TEST(bpf_walk_stops_at_what_cannot_be,
    "D4-01, Y-16: lengths beyond the buffer, cut frames")
{
	uint8_t buf[256];
	uint32_t big = UINT32_MAX;
	uint16_t hdrlen = 25;
	size_t len, i;

	memset(&seen, 0, sizeof(seen));
	len = add(buf, 0, 26, 30, 30, 'a');
	for (i = 0; i < len; i++)
		(void)bpf_walk(buf, i, 99, note, NULL);
	/* With its data whole it is a frame, alignment or not. */
	ATF_CHECK_EQ((int)(len - 56), seen.n);
	memset(&seen, 0, sizeof(seen));
	add(buf, 0, 26, 30, 31, 'a');
	ATF_CHECK_EQ(1, bpf_walk(buf, len, 99, note, NULL));
	ATF_CHECK_EQ_MSG(0, seen.n, "cut by the snap length");
	memcpy(buf + BPF_HDR_CAPLEN, &big, sizeof(big));
	ATF_CHECK_EQ(0, bpf_walk(buf, len, 99, note, NULL));
	add(buf, 0, 26, 30, 30, 'a');
	memcpy(buf + BPF_HDR_HDRLEN, &hdrlen, sizeof(hdrlen));
	ATF_CHECK_EQ(0, bpf_walk(buf, len, 99, note, NULL));
	hdrlen = UINT16_MAX;
	memcpy(buf + BPF_HDR_HDRLEN, &hdrlen, sizeof(hdrlen));
	ATF_CHECK_EQ(0, bpf_walk(buf, len, 99, note, NULL));
	ATF_CHECK_EQ(0, seen.n);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, bpf_dhcp4_reads_answers_to_this_client_alone);
	ATF_TP_ADD_TC(tp, bpf_dhcp4_writes_requests_of_this_client_alone);
	ATF_TP_ADD_TC(tp, bpf_arp_reads_users_and_probes_of_the_address);
	ATF_TP_ADD_TC(tp, bpf_arp_reads_replies_of_the_router_asked);
	ATF_TP_ADD_TC(tp, bpf_arp_writes_what_is_ours);
	ATF_TP_ADD_TC(tp, bpf_tagged_arp_is_understood);
	ATF_TP_ADD_TC(tp, bpf_walk_gives_every_frame_once);
	ATF_TP_ADD_TC(tp, bpf_walk_stops_at_what_cannot_be);

	return atf_no_error();
}

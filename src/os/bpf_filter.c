/* SPDX-License-Identifier: ISC */
/* BPF programs and the walk through a BPF buffer; see bpf_filter.h. */

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "bpf_filter.h"

/* bpf(4), FILTER MACHINE */
enum {
	LD32 = 0x20,  /* BPF_LD | BPF_W | BPF_ABS */
	LD16 = 0x28,  /* BPF_LD | BPF_H | BPF_ABS */
	LD8 = 0x30,   /* BPF_LD | BPF_B | BPF_ABS */
	LD32X = 0x40, /* BPF_LD | BPF_W | BPF_IND */
	LD16X = 0x48,
	LD8X = 0x50,
	LDXMSH = 0xb1, /* BPF_LDX | BPF_B | BPF_MSH: 4 * (k & 0xf) */
	AND = 0x54,    /* BPF_ALU | BPF_AND | BPF_K */
	JEQ = 0x15,    /* BPF_JMP | BPF_JEQ | BPF_K */
	JSET = 0x45,   /* BPF_JMP | BPF_JSET | BPF_K */
	RET = 0x06     /* BPF_RET | BPF_K */
};

#define ETHER_LEN 14
#define ETHERTYPE_IP4 0x0800 /* RFC 894 */
#define ETHERTYPE_ARP4 0x0806
#define ACCEPT_BYTES 0x40000 /* all of the frame */

#define ETHERTYPE_TAG 0x8100 /* IEEE 802.1Q 9.6 */
#define TAG_LEN 4
#define TAG_VID 0x0fff

/* Offsets in what an Ethernet header is before; the BOOTP ones are also
 * relative to X, the IP header's size. */
#define ETH_TYPE 12
#define TAG_TCI 14
#define IP_VERSION 0
#define IP_FRAGMENT 6
#define IP_PROTOCOL 9
#define L4_SRC_PORT 0
#define L4_DST_PORT 2
#define L4_BOOTP 8
#define BOOTP_OP (L4_BOOTP + 0)
#define BOOTP_HTYPE (L4_BOOTP + 1)
#define BOOTP_HLEN (L4_BOOTP + 2)
#define BOOTP_CHADDR (L4_BOOTP + 28)
#define ARP_HEADER 0 /* hardware type, protocol type */
#define ARP_LENGTHS 4
#define ARP_OP 6
#define ARP_SHA 8
#define ARP_SPA 14
#define ARP_TPA 24

#define IP_MF_OR_OFFSET 0x3fff /* RFC 791 3.1 */
#define OP_REQUEST 1	       /* RFC 951, and RFC 826 */
#define OP_REPLY 2
#define HTYPE_ETHER 1
#define CLIENT_PORT 68 /* RFC 2131 4.1 */
#define SERVER_PORT 67

/* Jumps are to the next instruction or to one of two labels, which end()
 * turns into distances. */
#define GO 0
#define TO_DROP 0xff
#define TO_PASS 0xfe

static void
emit(struct filter *f, uint16_t code, uint32_t k, uint8_t jt, uint8_t jf)
{
	if (f->len < FILTER_MAX)
		f->code[f->len] = (struct filter_insn){ code, jt, jf, k };
	f->len++;
}

/* Load, from behind the Ethernet header. */
static void
get(struct filter *f, uint16_t load, uint32_t at)
{
	emit(f, load, f->header + at, GO, GO);
}

/* Load, and drop unless it equals. */
static void
must_equal(struct filter *f, uint16_t load, uint32_t at, uint32_t value)
{
	get(f, load, at);
	emit(f, JEQ, value, GO, TO_DROP);
}

/* Load, and pass if it equals. */
static void
pass_if(struct filter *f, uint16_t load, uint32_t at, uint32_t value)
{
	get(f, load, at);
	emit(f, JEQ, value, TO_PASS, GO);
}

static uint32_t
be32(const uint8_t *b)
{
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 |
	    (uint32_t)b[2] << 8 | b[3];
}

/* A hardware address of six bytes at that place. */
static void
must_equal_mac(struct filter *f, uint16_t load32, uint16_t load16, uint32_t at,
    const uint8_t *mac)
{
	must_equal(f, load32, at, be32(mac));
	must_equal(f, load16, at + 4, (uint32_t)mac[4] << 8 | mac[5]);
}

/* Turn the labels into distances. */
static int
end(struct filter *f)
{
	unsigned int drop, pass, i;

	drop = f->len;
	emit(f, RET, 0, GO, GO);
	pass = f->len;
	emit(f, RET, ACCEPT_BYTES, GO, GO);
	if (f->len > FILTER_MAX)
		return ENOBUFS;
	for (i = 0; i < drop; i++) {
		struct filter_insn *c = &f->code[i];

		if (c->jt == TO_DROP || c->jt == TO_PASS)
			c->jt =
			    (uint8_t)((c->jt == TO_DROP ? drop : pass) - i - 1);
		if (c->jf == TO_DROP || c->jf == TO_PASS)
			c->jf =
			    (uint8_t)((c->jf == TO_DROP ? drop : pass) - i - 1);
	}
	return 0;
}

/* What the tests of both forms of a frame are made from. */
struct about {
	const struct interface *iface;
	struct in_addr key;
	struct in_addr peer;
};

/*
 * The tests, once for frames as they are and once for those with a tag of VID
 * 0, which only carries a priority (D4-01); bpf(4) shows tags, whoever took
 * them off.  A tag of another network never fits.  tests ends with a return or
 * a jump to a label on every path.
 */
static int
both_forms(struct filter *f, uint32_t ethertype,
    void (*tests)(struct filter *, const struct about *),
    const struct about *about)
{
	unsigned int tagged;

	memset(f, 0, sizeof(*f));
	emit(f, LD16, ETH_TYPE, GO, GO);
	tagged = f->len;
	emit(f, JEQ, ETHERTYPE_TAG, GO, GO);
	emit(f, JEQ, ethertype, GO, TO_DROP);
	f->header = ETHER_LEN;
	tests(f, about);
	if (f->len - tagged - 1 >= TO_PASS)
		return ENOBUFS;
	f->code[tagged].jt = (uint8_t)(f->len - tagged - 1);
	emit(f, LD16, TAG_TCI, GO, GO);
	emit(f, AND, TAG_VID, GO, GO);
	emit(f, JEQ, 0, GO, TO_DROP);
	emit(f, LD16, ETH_TYPE + TAG_LEN, GO, GO);
	emit(f, JEQ, ethertype, GO, TO_DROP);
	f->header = ETHER_LEN + TAG_LEN;
	tests(f, about);
	return end(f);
}

/* Untagged alone: what we send. */
static int
plain_form(struct filter *f, uint32_t ethertype,
    void (*tests)(struct filter *, const struct about *),
    const struct about *about)
{
	memset(f, 0, sizeof(*f));
	emit(f, LD16, ETH_TYPE, GO, GO);
	emit(f, JEQ, ethertype, GO, TO_DROP);
	f->header = ETHER_LEN;
	tests(f, about);
	return end(f);
}

/* IPv4 with UDP, no fragment; X is the size of the IP header. */
static void
begin_udp(struct filter *f)
{
	get(f, LD8, IP_VERSION);
	emit(f, AND, 0xf0, GO, GO);
	emit(f, JEQ, 0x40, GO, TO_DROP);
	must_equal(f, LD8, IP_PROTOCOL, IPPROTO_UDP);
	get(f, LD16, IP_FRAGMENT);
	emit(f, JSET, IP_MF_OR_OFFSET, TO_DROP, GO);
	get(f, LDXMSH, IP_VERSION);
}

/* BOOTP of this hardware address; both ways (D4-02). */
static void
must_be_ours(struct filter *f, const struct interface *iface, uint32_t op)
{
	must_equal(f, LD8X, BOOTP_OP, op);
	must_equal(f, LD8X, BOOTP_HTYPE, iface->hwtype);
	must_equal(f, LD8X, BOOTP_HLEN, iface->hwaddr_len);
	must_equal_mac(f, LD32X, LD16X, BOOTP_CHADDR, iface->hwaddr);
}

static void
dhcp4_read(struct filter *f, const struct about *about)
{
	begin_udp(f);
	must_equal(f, LD16X, L4_DST_PORT, CLIENT_PORT);
	must_be_ours(f, about->iface, OP_REPLY);
	emit(f, RET, ACCEPT_BYTES, GO, GO);
}

static void
dhcp4_write(struct filter *f, const struct about *about)
{
	begin_udp(f);
	must_equal(f, LD16X, L4_SRC_PORT, CLIENT_PORT);
	must_equal(f, LD16X, L4_DST_PORT, SERVER_PORT);
	must_be_ours(f, about->iface, OP_REQUEST);
	emit(f, RET, ACCEPT_BYTES, GO, GO);
}

static void
begin_arp(struct filter *f)
{
	must_equal(f, LD32, ARP_HEADER, HTYPE_ETHER << 16 | ETHERTYPE_IP4);
	must_equal(f, LD16, ARP_LENGTHS, 6 << 8 | 4);
}

/*
 * Whoever uses the address as sender, whoever probes for it (RFC 5227 2.1.1,
 * 2.4), and replies of the router that is asked whether the network is still
 * the same (RFC 4436).
 */
static void
arp_read(struct filter *f, const struct about *about)
{
	uint32_t key = ntohl(about->key.s_addr);
	uint32_t peer = ntohl(about->peer.s_addr);

	begin_arp(f);
	pass_if(f, LD32, ARP_SPA, key);
	if (peer != 0) {
		/* Sender is the peer: pass a reply, drop all else. */
		emit(f, JEQ, peer, GO, 2);
		get(f, LD16, ARP_OP);
		emit(f, JEQ, OP_REPLY, TO_PASS, TO_DROP);
	}
	/* A still has the sender's address. */
	emit(f, JEQ, INADDR_ANY, GO, TO_DROP);
	must_equal(f, LD16, ARP_OP, OP_REQUEST);
	get(f, LD32, ARP_TPA);
	emit(f, JEQ, key, TO_PASS, TO_DROP);
}

static void
arp_write(struct filter *f, const struct about *about)
{
	begin_arp(f);
	must_equal_mac(f, LD32, LD16, ARP_SHA, about->iface->hwaddr);
	pass_if(f, LD32, ARP_SPA, INADDR_ANY);
	emit(f, JEQ, ntohl(about->key.s_addr), TO_PASS, TO_DROP);
}

int
filter_dhcp4_read(struct filter *f, const struct interface *iface)
{
	struct about about = { .iface = iface };

	return both_forms(f, ETHERTYPE_IP4, dhcp4_read, &about);
}

int
filter_dhcp4_write(struct filter *f, const struct interface *iface)
{
	struct about about = { .iface = iface };

	return plain_form(f, ETHERTYPE_IP4, dhcp4_write, &about);
}

int
filter_arp_read(struct filter *f, struct in_addr key, struct in_addr peer)
{
	struct about about = { .key = key, .peer = peer };

	return both_forms(f, ETHERTYPE_ARP4, arp_read, &about);
}

int
filter_arp_write(
    struct filter *f, const struct interface *iface, struct in_addr key)
{
	struct about about = { .iface = iface, .key = key };

	return plain_form(f, ETHERTYPE_ARP4, arp_write, &about);
}

/* ---- reading ---- */

static uint32_t
word(const uint8_t *p)
{
	uint32_t value;

	memcpy(&value, p, sizeof(value));
	return value;
}

int
bpf_walk(const uint8_t *buf, size_t len, int max,
    void (*cb)(void *, const uint8_t *, size_t, int), void *arg)
{
	size_t at = 0, caplen, hdrlen, step;
	uint16_t half;
	int n;

	for (n = 0; n < max && at < len && len - at >= BPF_HDR_MIN; n++) {
		caplen = word(buf + at + BPF_HDR_CAPLEN);
		memcpy(&half, buf + at + BPF_HDR_HDRLEN, sizeof(half));
		hdrlen = half;
		/* bh_hdrlen, never sizeof: the kernel pads so that what is
		 * behind the link header is aligned. */
		if (hdrlen < BPF_HDR_MIN || hdrlen > len - at ||
		    caplen > len - at - hdrlen)
			break;
		if (caplen == word(buf + at + BPF_HDR_DATALEN))
			cb(arg, buf + at + hdrlen, caplen, 0);
		step =
		    (hdrlen + caplen + sizeof(long) - 1) & ~(sizeof(long) - 1);
		if (step > len - at)
			step = len - at;
		at += step;
	}
	return n;
}

/* SPDX-License-Identifier: ISC */
/*
 * Ethernet, IPv4 and UDP around a BOOTP message: RFC 894, 791, 768, 1071.
 * Every length is checked against the one outside it, so that padding and
 * lies end at the IPv4 total length.
 */
#include <arpa/inet.h>
#include <string.h>

#include "buf.h"
#include "dhcp4_msg.h"

#define ETHER_ADDR 6
#define ETHERTYPE_4 0x0800     /* RFC 894 */
#define ETHERTYPE_8021Q 0x8100 /* IEEE 802.1Q 9.6 */
#define VLAN_VID 0x0fff
#define IP_VERSION_IHL 0x45 /* RFC 791 3.1: version 4, 5 words */
#define IP_HEADER 20
#define IP_FRAGMENT 0x3fff /* RFC 791 3.1: MF and the offset */
#define TTL_DEFAULT 64	   /* RFC 1700 */
#define IP_CSUM_OFF 10
#define UDP_HEADER 8
#define UDP_CSUM_OFF 6
#define ETHER_HEADER 14

static uint32_t sum_add(uint32_t, struct buf);
static uint16_t sum_fold(uint32_t);
static uint32_t pseudo_sum(struct in_addr, struct in_addr, uint16_t);
static enum dhcp4_error parse_ether(struct buf *, struct dhcp4_msg *);
static enum dhcp4_error
parse_ip(struct buf *, struct dhcp4_msg *, struct in_addr *);
static enum dhcp4_error
check_udp(struct buf, struct in_addr, struct in_addr, int, struct dhcp4_msg *);

/* RFC 1071 1.  At most 2^16 words of 16 bits fit before an overflow; a frame
 * has fewer. */
static uint32_t
sum_add(uint32_t sum, struct buf b)
{
	while (buf_left(&b) > 1)
		sum += buf_u16(&b);
	if (buf_left(&b) == 1)
		sum += (uint32_t)buf_u8(&b) << 8;
	return sum;
}

static uint16_t
sum_fold(uint32_t sum)
{
	sum = (sum >> 16) + (sum & 0xffff);
	sum = (sum >> 16) + (sum & 0xffff);
	return (uint16_t)sum;
}

/* RFC 768 */
static uint32_t
pseudo_sum(struct in_addr src, struct in_addr dst, uint16_t udplen)
{
	uint32_t s = ntohl(src.s_addr), d = ntohl(dst.s_addr);

	return (s >> 16) + (s & 0xffff) + (d >> 16) + (d & 0xffff) +
	    IPPROTO_UDP + udplen;
}

static enum dhcp4_error
parse_ether(struct buf *b, struct dhcp4_msg *m)
{
	uint16_t type;

	buf_skip(b, ETHER_ADDR);
	buf_bytes(b, m->eth_src, sizeof(m->eth_src));
	type = buf_u16(b);
	/* A priority tag (VID 0) is our own network, IEEE 802.1Q 6.9. */
	if (type == ETHERTYPE_8021Q && (buf_u16(b) & VLAN_VID) == 0)
		type = buf_u16(b);
	return b->error || type != ETHERTYPE_4 ? DHCP4_E_FRAME : DHCP4_OK;
}

/* On success *b is the IPv4 payload, without padding. */
static enum dhcp4_error
parse_ip(struct buf *b, struct dhcp4_msg *m, struct in_addr *dst)
{
	struct buf ip = *b, header = *b, payload;
	uint8_t first = buf_u8(&ip), proto;
	size_t hlen = (size_t)(first & 0x0f) * 4;
	uint16_t total, fragment;

	buf_skip(&ip, 1); /* type of service */
	total = buf_u16(&ip);
	buf_skip(&ip, 2); /* identification */
	fragment = buf_u16(&ip);
	buf_skip(&ip, 1); /* time to live */
	proto = buf_u8(&ip);
	buf_skip(&ip, 2); /* header checksum */
	m->ip_src = buf_in_addr(&ip);
	*dst = buf_in_addr(&ip);
	if (ip.error || first >> 4 != 4 || hlen < IP_HEADER || total < hlen ||
	    total > buf_left(b) || proto != IPPROTO_UDP ||
	    (fragment & IP_FRAGMENT) != 0)
		return DHCP4_E_FRAME;
	if (sum_fold(sum_add(0, buf_sub(&header, hlen))) != 0xffff)
		return DHCP4_E_CHECKSUM;
	payload = buf_sub(&header, total - hlen);
	*b = payload;
	return DHCP4_OK;
}

/* RFC 768; 0 means that the sender made none. */
static enum dhcp4_error
check_udp(struct buf udp, struct in_addr src, struct in_addr dst,
    int recv_flags, struct dhcp4_msg *m)
{
	struct buf b = udp;
	uint32_t pseudo = pseudo_sum(src, dst, (uint16_t)buf_left(&udp));
	uint16_t csum;

	buf_skip(&b, UDP_CSUM_OFF);
	csum = buf_u16(&b);
	if (csum == 0 || recv_flags & (RECV_CSUM_NOT_READY | RECV_CSUM_VALID))
		return DHCP4_OK;
	if (sum_fold(sum_add(pseudo, udp)) == 0xffff)
		return DHCP4_OK;
	/* A virtual host that leaves the sum to a device has put that of the
	 * pseudo-header there; not every system says so beside the packet. */
	if (csum == sum_fold(pseudo)) {
		m->csum_partial++;
		return DHCP4_OK;
	}
	return DHCP4_E_CHECKSUM;
}

enum dhcp4_error
dhcp4_frame_parse(const uint8_t *frame, size_t framelen, int recv_flags,
    const uint8_t **payload, size_t *len, struct dhcp4_msg *m)
{
	struct in_addr dst;
	struct buf b, udp;
	uint16_t dport, udplen;
	enum dhcp4_error error;

	memset(m, 0, sizeof(*m));
	*payload = NULL;
	*len = 0;
	buf_init(&b, frame, framelen);
	if ((error = parse_ether(&b, m)) != DHCP4_OK)
		return error;
	/* From here on offsets count from the IPv4 header. */
	b = buf_sub(&b, buf_left(&b));
	if ((error = parse_ip(&b, m, &dst)) != DHCP4_OK)
		return error;
	udp = b;
	buf_skip(&b, 2); /* source port: any, relays and NAT change it */
	dport = buf_u16(&b);
	udplen = buf_u16(&b);
	buf_skip(&b, 2);
	if (b.error || dport != DHCP4_CLIENT_PORT || udplen < UDP_HEADER ||
	    udplen > buf_left(&udp))
		return DHCP4_E_FRAME;
	udp = buf_sub(&udp, udplen);
	error = check_udp(udp, m->ip_src, dst, recv_flags, m);
	if (error != DHCP4_OK)
		return error;
	buf_skip(&udp, UDP_HEADER);
	*len = buf_left(&udp);
	*payload = buf_take(&udp, *len);
	return DHCP4_OK;
}

size_t
dhcp4_frame_build(const uint8_t *payload, size_t len, const uint8_t src_mac[6],
    const uint8_t dst_mac[6], struct in_addr src, struct in_addr dst,
    uint8_t *out, size_t size)
{
	const size_t ip_off = ETHER_HEADER, udp_off = ip_off + IP_HEADER;
	uint16_t udplen, csum;
	struct wbuf w;
	struct buf b;

	if (len > DHCP4_FRAME_MAX - udp_off - UDP_HEADER)
		return 0;
	udplen = (uint16_t)(UDP_HEADER + len);
	wbuf_init(&w, out, size);
	wbuf_bytes(&w, dst_mac, ETHER_ADDR);
	wbuf_bytes(&w, src_mac, ETHER_ADDR);
	wbuf_u16(&w, ETHERTYPE_4);

	wbuf_u8(&w, IP_VERSION_IHL);
	wbuf_u8(&w, 0); /* type of service */
	wbuf_u16(&w, (uint16_t)(IP_HEADER + udplen));
	/* Identification and flags 0: a server behind a small MTU must be
	 * reached, and nothing may be told apart by a counter. */
	wbuf_u32(&w, 0);
	wbuf_u8(&w, TTL_DEFAULT);
	wbuf_u8(&w, IPPROTO_UDP);
	wbuf_u16(&w, 0);
	wbuf_in_addr(&w, src);
	wbuf_in_addr(&w, dst);

	wbuf_u16(&w, DHCP4_CLIENT_PORT);
	wbuf_u16(&w, DHCP4_SERVER_PORT);
	wbuf_u16(&w, udplen);
	wbuf_u16(&w, 0);
	wbuf_bytes(&w, payload, len);
	if (w.error)
		return 0;

	buf_init(&b, out, w.off);
	buf_seek(&b, ip_off);
	csum = sum_fold(sum_add(0, buf_sub(&b, IP_HEADER)));
	wbuf_patch_u16(&w, ip_off + IP_CSUM_OFF, (uint16_t)~csum);
	csum = sum_fold(
	    sum_add(pseudo_sum(src, dst, udplen), buf_sub(&b, udplen)));
	/* 0 would mean "no checksum", RFC 768. */
	csum = csum == 0xffff ? 0xffff : (uint16_t)~csum;
	wbuf_patch_u16(&w, udp_off + UDP_CSUM_OFF, csum);
	return w.error ? 0 : w.off;
}

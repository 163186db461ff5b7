/* SPDX-License-Identifier: ISC */
/*
 * Packet sockets (packet(7)).  Each is made with protocol 0, filtered, locked
 * and only then bound to its interface and protocol, so that nothing can come
 * in before the filter, and the holder cannot change it (SO_LOCK_FILTER).
 * Linux has no filter for writing: see the README.
 */

#include <sys/socket.h>
#include <sys/uio.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "netlink.h"

#define DRAIN_MAX 64
#define ACCEPT_BYTES 0x40000 /* all of the frame */
#define VID_MASK 0x0fff	     /* IEEE 802.1Q 9.6 */

/* Offsets in an Ethernet frame; L4 is relative to X, the IP header's size. */
#define ETH_TYPE 12
#define IP_VERSION (ETH_HLEN + 0)
#define IP_FRAGMENT (ETH_HLEN + 6)
#define IP_PROTOCOL (ETH_HLEN + 9)
#define L4_DST_PORT (ETH_HLEN + 2)
#define L4_BOOTP (ETH_HLEN + 8)
#define BOOTP_OP (L4_BOOTP + 0)
#define BOOTP_HTYPE (L4_BOOTP + 1)
#define BOOTP_HLEN (L4_BOOTP + 2)
#define BOOTP_CHADDR (L4_BOOTP + 28)
#define ARP_HEADER (ETH_HLEN + 0) /* hardware type, protocol type */
#define ARP_LENGTHS (ETH_HLEN + 4)
#define ARP_OP (ETH_HLEN + 6)
#define ARP_SPA (ETH_HLEN + 14)
#define ARP_TPA (ETH_HLEN + 24)

#define IP_MF_OR_OFFSET 0x3fff /* RFC 791 3.1 */
#define BOOTREPLY 2
#define DHCP_CLIENT_PORT 68

/*
 * A program is a list of tests; each either goes on or jumps to one of two
 * labels.  label_resolve() turns the labels into distances.
 */
#define GO 0
#define TO_DROP 0xff
#define TO_PASS 0xfe
#define PROG_MAX 48

struct prog {
	struct sock_filter code[PROG_MAX];
	unsigned short len;
};

static void
emit(struct prog *p, uint16_t code, uint32_t k, uint8_t jt, uint8_t jf)
{
	struct sock_filter insn = { .code = code, .jt = jt, .jf = jf, .k = k };

	if (p->len < PROG_MAX)
		p->code[p->len] = insn;
	p->len++;
}

#define LD32 (BPF_LD | BPF_W | BPF_ABS)
#define LD16 (BPF_LD | BPF_H | BPF_ABS)
#define LD8 (BPF_LD | BPF_B | BPF_ABS)
#define LD32X (BPF_LD | BPF_W | BPF_IND)
#define LD16X (BPF_LD | BPF_H | BPF_IND)
#define LD8X (BPF_LD | BPF_B | BPF_IND)
#define ANCILLARY(a) ((uint32_t)(SKF_AD_OFF + (a)))

/* Load, and drop unless it equals. */
static void
must_equal(struct prog *p, uint16_t load, uint32_t at, uint32_t value)
{
	emit(p, load, at, GO, GO);
	emit(p, BPF_JMP | BPF_JEQ | BPF_K, value, GO, TO_DROP);
}

/* Load, and pass if it equals. */
static void
pass_if(struct prog *p, uint16_t load, uint32_t at, uint32_t value)
{
	emit(p, load, at, GO, GO);
	emit(p, BPF_JMP | BPF_JEQ | BPF_K, value, TO_PASS, GO);
}

/*
 * To us, and untagged.  The kernel marks what has a foreign VLAN tag as
 * PACKET_OTHERHOST and takes the tag off before sockets of one protocol see
 * it, so both tests are needed.  VID 0 is a priority tag: ours.
 */
static void
begin(struct prog *p, uint32_t ethertype)
{
	memset(p, 0, sizeof(*p));
	emit(p, LD32, ANCILLARY(SKF_AD_PKTTYPE), GO, GO);
	/* HOST, BROADCAST, MULTICAST < OTHERHOST < OUTGOING */
	emit(p, BPF_JMP | BPF_JGE | BPF_K, PACKET_OTHERHOST, TO_DROP, GO);
	emit(p, LD32, ANCILLARY(SKF_AD_VLAN_TAG_PRESENT), GO, GO);
	emit(p, BPF_JMP | BPF_JEQ | BPF_K, 0, 3, GO);
	emit(p, LD32, ANCILLARY(SKF_AD_VLAN_TAG), GO, GO);
	emit(p, BPF_ALU | BPF_AND | BPF_K, VID_MASK, GO, GO);
	emit(p, BPF_JMP | BPF_JEQ | BPF_K, 0, GO, TO_DROP);
	must_equal(p, LD16, ETH_TYPE, ethertype);
}

/* What is left is dropped.  0, or ENOBUFS when it has become too long. */
static int
end(struct prog *p)
{
	unsigned short drop, pass, i;

	drop = p->len;
	emit(p, BPF_RET | BPF_K, 0, GO, GO);
	pass = p->len;
	emit(p, BPF_RET | BPF_K, ACCEPT_BYTES, GO, GO);
	if (p->len > PROG_MAX)
		return ENOBUFS;
	for (i = 0; i < drop; i++) {
		struct sock_filter *c = &p->code[i];

		if (c->jt == TO_DROP || c->jt == TO_PASS)
			c->jt =
			    (uint8_t)((c->jt == TO_DROP ? drop : pass) - i - 1);
		if (c->jf == TO_DROP || c->jf == TO_PASS)
			c->jf =
			    (uint8_t)((c->jf == TO_DROP ? drop : pass) - i - 1);
	}
	return 0;
}

static uint32_t
be32(const uint8_t *b)
{
	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 |
	    (uint32_t)b[2] << 8 | b[3];
}

/* Answers to this client, unfragmented IPv4 (D4-01, D4-02). */
static int
filter_dhcp4(struct prog *p, const struct interface *iface)
{
	const uint8_t *mac = iface->hwaddr;

	begin(p, ETH_P_IP);
	emit(p, LD8, IP_VERSION, GO, GO);
	emit(p, BPF_ALU | BPF_AND | BPF_K, 0xf0, GO, GO);
	emit(p, BPF_JMP | BPF_JEQ | BPF_K, 0x40, GO, TO_DROP);
	must_equal(p, LD8, IP_PROTOCOL, IPPROTO_UDP);
	emit(p, LD16, IP_FRAGMENT, GO, GO);
	emit(p, BPF_JMP | BPF_JSET | BPF_K, IP_MF_OR_OFFSET, TO_DROP, GO);
	/* X: bytes of the IP header, options included */
	emit(p, BPF_LDX | BPF_B | BPF_MSH, IP_VERSION, GO, GO);
	must_equal(p, LD16X, L4_DST_PORT, DHCP_CLIENT_PORT);
	must_equal(p, LD8X, BOOTP_OP, BOOTREPLY);
	must_equal(p, LD8X, BOOTP_HTYPE, iface->hwtype);
	must_equal(p, LD8X, BOOTP_HLEN, iface->hwaddr_len);
	must_equal(p, LD32X, BOOTP_CHADDR, be32(mac));
	emit(p, LD16X, BOOTP_CHADDR + 4, GO, GO);
	emit(p, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)mac[4] << 8 | mac[5],
	    TO_PASS, TO_DROP);
	return end(p);
}

/*
 * ARP about one address (RFC 5227 2.1.1, 2.4): whoever uses it as sender,
 * whoever probes for it; and replies of the router that is asked whether the
 * network is still the same (RFC 4436).
 */
static int
filter_arp(struct prog *p, struct in_addr key, struct in_addr peer)
{
	uint32_t key_host = ntohl(key.s_addr);
	uint32_t peer_host = ntohl(peer.s_addr);

	begin(p, ETH_P_ARP);
	must_equal(p, LD32, ARP_HEADER, ARPHRD_ETHER << 16 | ETH_P_IP);
	must_equal(p, LD16, ARP_LENGTHS, 6 << 8 | 4);
	pass_if(p, LD32, ARP_SPA, key_host);
	if (peer_host != 0) {
		/* Sender is the peer: pass a reply, drop all else. */
		emit(p, BPF_JMP | BPF_JEQ | BPF_K, peer_host, GO, 2);
		emit(p, LD16, ARP_OP, GO, GO);
		emit(p, BPF_JMP | BPF_JEQ | BPF_K, ARPOP_REPLY, TO_PASS,
		    TO_DROP);
	}
	/* A still has the sender's address. */
	emit(p, BPF_JMP | BPF_JEQ | BPF_K, INADDR_ANY, GO, TO_DROP);
	must_equal(p, LD16, ARP_OP, ARPOP_REQUEST);
	pass_if(p, LD32, ARP_TPA, key_host);
	return end(p);
}

static int
set_up(int fd, const struct prog *p, uint16_t protocol, uint32_t ifindex)
{
	struct sock_filter code[PROG_MAX];
	struct sockaddr_ll sll;
	int error, one = 1;

	memcpy(code, p->code, sizeof(code));
	if ((error = socket_filter(fd, code, p->len)) != 0)
		return error;
	if (setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &one, sizeof(one)) == -1)
		return errno;
	/* Saves the copy of what we send (Linux 4.20); the filter drops it
	 * anyway. */
	(void)setsockopt(
	    fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &one, sizeof(one));
	memset(&sll, 0, sizeof(sll));
	sll.sll_family = AF_PACKET;
	sll.sll_protocol = htons(protocol);
	sll.sll_ifindex = (int)ifindex;
	if (bind(fd, (struct sockaddr *)&sll, sizeof(sll)) == -1)
		return errno;
	socket_drain(fd, DRAIN_MAX);
	return 0;
}

static int
packet_open(const struct prog *p, uint16_t protocol, uint32_t ifindex, int *fd,
    uint32_t *buflen)
{
	int error, s;

	s = socket(AF_PACKET, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s == -1)
		return errno;
	if ((error = set_up(s, p, protocol, ifindex)) != 0) {
		close(s);
		return error;
	}
	*fd = s;
	*buflen = 0;
	return 0;
}

/* EAFNOSUPPORT: the interface has no Ethernet addresses (Y-21). */
int
os_socket_dhcp4(const struct interface *iface, int *fd, uint32_t *buflen)
{
	struct prog p;
	int error;

	if (!(iface->flags & IFACE_ETHERNET) || iface->hwaddr_len != ETH_ALEN)
		return EAFNOSUPPORT;
	if ((error = filter_dhcp4(&p, iface)) != 0)
		return error;
	return packet_open(&p, ETH_P_IP, iface->ifindex, fd, buflen);
}

int
os_socket_arp(const struct interface *iface, struct in_addr key,
    struct in_addr peer, int *fd, uint32_t *buflen)
{
	struct prog p;
	int error;

	if (!(iface->flags & IFACE_ETHERNET) || iface->hwaddr_len != ETH_ALEN)
		return EAFNOSUPPORT;
	if (key.s_addr == INADDR_ANY)
		return EINVAL;
	if ((error = filter_arp(&p, key, peer)) != 0)
		return error;
	return packet_open(&p, ETH_P_ARP, iface->ifindex, fd, buflen);
}

/* ---- in the frontend ---- */

/* What the kernel knows of the frame; -1: not for us. */
static int
aux_flags(struct msghdr *msg)
{
	struct tpacket_auxdata aux;
	struct cmsghdr *cmsg;
	int flags = 0;

	for (cmsg = CMSG_FIRSTHDR(msg); cmsg != NULL;
	     cmsg = CMSG_NXTHDR(msg, cmsg)) {
		if (cmsg->cmsg_level != SOL_PACKET ||
		    cmsg->cmsg_type != PACKET_AUXDATA ||
		    cmsg->cmsg_len < CMSG_LEN(sizeof(aux)))
			continue;
		memcpy(&aux, CMSG_DATA(cmsg), sizeof(aux));
		if (aux.tp_status & TP_STATUS_CSUMNOTREADY)
			flags |= RECV_CSUM_NOT_READY;
		if (aux.tp_status & TP_STATUS_CSUM_VALID)
			flags |= RECV_CSUM_VALID;
		if ((aux.tp_status & TP_STATUS_VLAN_VALID) &&
		    (aux.tp_vlan_tci & VID_MASK) != 0)
			return -1;
	}
	return flags;
}

int
os_packet_read(int fd, enum channel channel, uint32_t buflen, int max,
    void (*cb)(void *, const uint8_t *, size_t, int recv_flags), void *arg)
{
	/* One byte more than fits a message: the caller sees "too long". */
	static uint8_t buf[IPC_PACKET_MAX + 1];
	union {
		struct cmsghdr align;
		uint8_t bytes[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	} control;
	struct iovec iov = { .iov_base = buf, .iov_len = sizeof(buf) };
	struct msghdr msg;
	int flags, frames = 0, i;
	ssize_t n;

	(void)channel;
	(void)buflen;
	for (i = 0; i < max; i++) {
		memset(&msg, 0, sizeof(msg));
		msg.msg_iov = &iov;
		msg.msg_iovlen = 1;
		msg.msg_control = &control;
		msg.msg_controllen = sizeof(control);
		n = recvmsg(fd, &msg, 0);
		if (n == -1 && (errno == EAGAIN || errno == EINTR))
			break;
		if (n == -1)
			return frames > 0 ? frames : -1;
		if ((flags = aux_flags(&msg)) == -1)
			continue;
		frames++;
		cb(arg, buf, (size_t)n, flags);
	}
	return frames;
}

int
os_packet_send(int fd, enum channel channel, const uint8_t *data, size_t len)
{
	ssize_t n;

	(void)channel;
	n = send(fd, data, len, MSG_NOSIGNAL);
	if (n == -1)
		return errno;
	return (size_t)n == len ? 0 : EMSGSIZE;
}

/* SPDX-License-Identifier: ISC */
/*
 * Sockets of router discovery and DHCPv6.  Who receives never sends and who
 * sends never receives: a connected socket hears its peer alone, and answers
 * come from somebody else.
 */

#include <sys/socket.h>
#include <sys/uio.h>
#include <netinet/in.h>
#include <errno.h>
#include <string.h>

#include "netlink.h"

#define HOP_LIMIT_UNKNOWN 256

/* The interface from IPV6_PKTINFO, or 0; meta gets what else was reported. */
static uint32_t
control_data(struct msghdr *msg, struct recv6 *meta)
{
	struct in6_pktinfo info;
	struct cmsghdr *c;
	uint32_t ifindex = 0;
	int hop_limit;

	for (c = CMSG_FIRSTHDR(msg); c != NULL; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level != IPPROTO_IPV6)
			continue;
		if (c->cmsg_type == IPV6_PKTINFO &&
		    c->cmsg_len >= CMSG_LEN(sizeof(info))) {
			memcpy(&info, CMSG_DATA(c), sizeof(info));
			meta->dst = info.ipi6_addr;
			ifindex = (uint32_t)info.ipi6_ifindex;
		} else if (c->cmsg_type == IPV6_HOPLIMIT &&
		    c->cmsg_len >= CMSG_LEN(sizeof(hop_limit))) {
			memcpy(&hop_limit, CMSG_DATA(c), sizeof(hop_limit));
			meta->hop_limit = (uint32_t)hop_limit;
		}
	}
	return ifindex;
}

int
os_packet_read6(int fd, enum channel channel, int max,
    void (*cb)(void *, uint32_t, const struct recv6 *, const uint8_t *, size_t),
    void *arg)
{
	/* One byte more than fits a message: the caller sees "too long". */
	static uint8_t buf[IPC_PACKET_MAX + 1];
	union {
		struct cmsghdr align;
		uint8_t bytes[CMSG_SPACE(sizeof(struct in6_pktinfo)) +
		    CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec iov = { .iov_base = buf, .iov_len = sizeof(buf) };
	struct sockaddr_in6 from;
	struct recv6 meta;
	struct msghdr msg;
	uint32_t ifindex;
	ssize_t n;
	int packets;

	(void)channel;
	for (packets = 0; packets < max; packets++) {
		memset(&from, 0, sizeof(from));
		memset(&msg, 0, sizeof(msg));
		msg.msg_name = &from;
		msg.msg_namelen = sizeof(from);
		msg.msg_iov = &iov;
		msg.msg_iovlen = 1;
		msg.msg_control = &control;
		msg.msg_controllen = sizeof(control);
		n = recvmsg(fd, &msg, 0);
		if (n == -1 && (errno == EAGAIN || errno == EINTR))
			break;
		if (n == -1)
			return packets > 0 ? packets : -1;
		memset(&meta, 0, sizeof(meta));
		meta.hop_limit = HOP_LIMIT_UNKNOWN;
		meta.src = from.sin6_addr;
		meta.src_port = ntohs(from.sin6_port);
		if ((ifindex = control_data(&msg, &meta)) != 0)
			cb(arg, ifindex, &meta, buf, (size_t)n);
	}
	return packets;
}

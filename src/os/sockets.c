/* SPDX-License-Identifier: ISC */
/* What the sockets of the systems have in common, see os.h and sockets.h. */

#include <sys/uio.h>
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "sockets.h"

#define HOP_LIMIT_UNKNOWN 256

struct sockaddr_in
sockaddr4(struct in_addr addr, uint16_t port)
{
	struct sockaddr_in sin;

	memset(&sin, 0, sizeof(sin));
#ifdef SIN6_LEN /* RFC 3493 3.4: these structs say how long they are */
	sin.sin_len = sizeof(sin);
#endif
	sin.sin_family = AF_INET;
	sin.sin_addr = addr;
	sin.sin_port = htons(port);
	return sin;
}

int
os_port_owner(uint16_t port, uint32_t *uid, int *has_owner)
{
	struct in_addr any = { .s_addr = INADDR_ANY };
	struct sockaddr_in sin = sockaddr4(any, port);
	int error = 0, s;

	*has_owner = 0;
	s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (s == -1)
		return errno;
	if (bind(s, (struct sockaddr *)&sin, sizeof(sin)) == -1)
		error = errno;
	close(s);
	if (error != EADDRINUSE)
		return error;
	*has_owner = port_owner_find(port, uid);
	return EADDRINUSE;
}

/* The interface from IPV6_PKTINFO, or 0; meta gets what else was reported. */
static uint32_t
control_data(struct msghdr *msg, struct recv6 *meta)
{
	struct in6_pktinfo info;
	struct cmsghdr *c;
	uint32_t ifindex = 0;
	int hop_limit, fragmented = 0;

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
		} else if (recv6_fragmented(c)) {
			fragmented = 1;
		}
	}
	/* RFC 6980 5: to be refused like one from beyond the link. */
	if (fragmented)
		meta->hop_limit = HOP_LIMIT_UNKNOWN;
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
		uint8_t bytes[256];
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

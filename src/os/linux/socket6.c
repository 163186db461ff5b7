/* SPDX-License-Identifier: ISC */
/*
 * Sockets of router discovery and DHCPv6.  Who receives never sends and who
 * sends never receives: a connected socket hears its peer alone, and answers
 * come from somebody else.
 *
 * What of Linux this depends on: a raw socket hears from its making on, so it
 * is filtered and then drained; the UDP sockets of one port share it by
 * SO_REUSEPORT, and a group with a connected member delivers by address and
 * peer, so that the connected sender, which is deaf, takes nothing away from
 * the receiver.
 */

#include <sys/socket.h>
#include <sys/uio.h>
#include <linux/filter.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "netlink.h"

#ifndef IPV6_RECVFRAGSIZE
#define IPV6_RECVFRAGSIZE 77 /* linux/in6.h, Linux 4.12 */
#endif
#define HOP_LIMIT_UNKNOWN 256
#define ND_HOP_LIMIT 255 /* RFC 4861 6.1.2 */
#define RCVBUF (1024 * 1024)
#define DRAIN_MAX 4096
#define DHCP6_CLIENT_PORT 546 /* RFC 8415 7.2 */
#define DHCP6_SERVER_PORT 547

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
		} else if (c->cmsg_type == IPV6_RECVFRAGSIZE) {
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
		uint8_t bytes[CMSG_SPACE(sizeof(struct in6_pktinfo)) +
		    2 * CMSG_SPACE(sizeof(int))];
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

/* ---- in the parent ---- */

static struct sockaddr_in6
address6(const struct in6_addr *addr, uint16_t port, uint32_t ifindex)
{
	struct sockaddr_in6 sin6;

	memset(&sin6, 0, sizeof(sin6));
	sin6.sin6_family = AF_INET6;
	sin6.sin6_addr = *addr;
	sin6.sin6_port = htons(port);
	if (IN6_IS_ADDR_LINKLOCAL(addr) || IN6_IS_ADDR_MC_LINKLOCAL(addr))
		sin6.sin6_scope_id = ifindex;
	return sin6;
}

/* A program that cannot be taken off again. */
static int
filter_lock(int fd, struct sock_filter *code, unsigned short len)
{
	struct sock_fprog prog = { .len = len, .filter = code };
	int one = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)) ==
		-1 ||
	    setsockopt(fd, SOL_SOCKET, SO_LOCK_FILTER, &one, sizeof(one)) == -1)
		return errno;
	return 0;
}

/* shutdown(2) does not stop a datagram socket from receiving. */
static int
make_deaf(int fd)
{
	struct sock_filter code[] = { BPF_STMT(BPF_RET | BPF_K, 0) };

	return filter_lock(fd, code, 1);
}

static int
set_int(int fd, int level, int option, int value)
{
	if (setsockopt(fd, level, option, &value, sizeof(value)) == -1)
		return errno;
	return 0;
}

static int
set_device(int fd, const struct interface *iface)
{
	char name[IFACE_NAME_MAX + 1] = { 0 };

	memcpy(name, iface->name, IFACE_NAME_MAX);
	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name,
		(socklen_t)strlen(name)) == -1)
		return errno;
	return 0;
}

/* What came in before the filter was on. */
static void
drain(int fd)
{
	uint8_t byte;
	int i;

	for (i = 0; i < DRAIN_MAX; i++)
		if (recv(fd, &byte, sizeof(byte), MSG_TRUNC) == -1)
			break;
}

/* pass: the one type that is heard, or -1. */
static int
set_icmp6_filter(int fd, int pass)
{
	struct icmp6_filter filter;

	ICMP6_FILTER_SETBLOCKALL(&filter);
	if (pass != -1)
		ICMP6_FILTER_SETPASS(pass, &filter);
	if (setsockopt(fd, IPPROTO_ICMPV6, ICMP6_FILTER, &filter,
		sizeof(filter)) == -1)
		return errno;
	return 0;
}

static int
nd_set_up(int fd, const struct interface *iface)
{
	/* ICMP6_FILTER again, in a form that can be locked. */
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ND_ROUTER_ADVERT, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	int error;

	if ((error = set_icmp6_filter(fd, ND_ROUTER_ADVERT)) != 0 ||
	    (error = filter_lock(fd, code, sizeof(code) / sizeof(code[0]))) !=
		0 ||
	    (error = set_device(fd, iface)) != 0 ||
	    (error = set_int(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1)) != 0 ||
	    (error = set_int(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1)) != 0)
		return error;
	(void)set_int(fd, IPPROTO_IPV6, IPV6_RECVFRAGSIZE, 1);
	if (set_int(fd, SOL_SOCKET, SO_RCVBUFFORCE, RCVBUF) != 0)
		(void)set_int(fd, SOL_SOCKET, SO_RCVBUF, RCVBUF);
	drain(fd);
	return 0;
}

int
os_socket_nd(const struct interface *iface, int *fd)
{
	int error, s;

	s = socket(
	    AF_INET6, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_ICMPV6);
	if (s == -1)
		return errno;
	if ((error = nd_set_up(s, iface)) != 0)
		close(s);
	else
		*fd = s;
	return error;
}

/* Deaf, on one device, from local to a multicast group of the link. */
static int
sender_set_up(int fd, const struct interface *iface, int hops,
    const struct sockaddr_in6 *local, const struct sockaddr_in6 *group)
{
	int error;

	if ((error = make_deaf(fd)) != 0 ||
	    (error = set_device(fd, iface)) != 0 ||
	    (error = set_int(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, hops)) != 0 ||
	    (error = set_int(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, hops)) !=
		0 ||
	    (error = set_int(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF,
		 (int)iface->ifindex)) != 0 ||
	    (error = set_int(fd, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0)) != 0)
		return error;
	if (bind(fd, (const struct sockaddr *)local, sizeof(*local)) == -1 ||
	    connect(fd, (const struct sockaddr *)group, sizeof(*group)) == -1)
		return errno;
	return 0;
}

int
os_socket_rs(
    const struct interface *iface, const struct in6_addr *local, int *fd)
{
	static const struct in6_addr all_routers = {
		{ { 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2 } }
	};
	struct sockaddr_in6 from = address6(local, 0, iface->ifindex);
	struct sockaddr_in6 to = address6(&all_routers, 0, iface->ifindex);
	int error, s;

	if (!IN6_IS_ADDR_LINKLOCAL(local))
		return EINVAL;
	s = socket(
	    AF_INET6, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_ICMPV6);
	if (s == -1)
		return errno;
	if ((error = set_icmp6_filter(s, -1)) == 0)
		error = sender_set_up(s, iface, ND_HOP_LIMIT, &from, &to);
	if (error != 0)
		close(s);
	else
		*fd = s;
	return error;
}

/* A UDP socket that may share its port with ours, not yet bound. */
static int
udp6_open(int share, int *fd)
{
	int error, s;

	s = socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s == -1)
		return errno;
	error = set_int(s, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	if (error == 0 && share)
		error = set_int(s, SOL_SOCKET, SO_REUSEPORT, 1);
	if (error != 0)
		close(s);
	else
		*fd = s;
	return error;
}

static int
is_bindable(const struct in6_addr *local)
{
	return !IN6_IS_ADDR_UNSPECIFIED(local) && !IN6_IS_ADDR_MULTICAST(local);
}

int
os_socket_dhcp6(
    const struct interface *iface, const struct in6_addr *local, int *fd)
{
	struct sockaddr_in6 at =
	    address6(local, DHCP6_CLIENT_PORT, iface->ifindex);
	int error, s;

	if (!is_bindable(local))
		return EINVAL;
	if ((error = udp6_open(1, &s)) != 0)
		return error;
	if ((error = set_device(s, iface)) == 0 &&
	    (error = set_int(s, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1)) == 0 &&
	    (error = set_int(s, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1)) == 0 &&
	    bind(s, (struct sockaddr *)&at, sizeof(at)) == -1)
		error = errno;
	if (error != 0)
		close(s);
	else
		*fd = s;
	return error;
}

int
os_socket_dhcp6_send(
    const struct interface *iface, const struct in6_addr *local, int *fd)
{
	/* All_DHCP_Relay_Agents_and_Servers, RFC 8415 7.1 */
	static const struct in6_addr servers = {
		{ { 0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 2 } }
	};
	struct sockaddr_in6 from =
	    address6(local, DHCP6_CLIENT_PORT, iface->ifindex);
	struct sockaddr_in6 to =
	    address6(&servers, DHCP6_SERVER_PORT, iface->ifindex);
	int error, s;

	if (!is_bindable(local))
		return EINVAL;
	if ((error = udp6_open(1, &s)) != 0)
		return error;
	if ((error = sender_set_up(s, iface, 1, &from, &to)) != 0)
		close(s);
	else
		*fd = s;
	return error;
}

/* Without SO_REUSEPORT: whoever has the port, also on ::, is in the way. */
int
os_port6_owner(const struct interface *iface, const struct in6_addr *local,
    uint32_t *uid, int *has_owner)
{
	struct sockaddr_in6 at =
	    address6(local, DHCP6_CLIENT_PORT, iface->ifindex);
	int error, s;

	*has_owner = 0;
	if ((error = udp6_open(0, &s)) != 0)
		return error;
	if ((error = set_device(s, iface)) == 0 &&
	    bind(s, (struct sockaddr *)&at, sizeof(at)) == -1)
		error = errno;
	close(s);
	if (error == EADDRINUSE)
		*has_owner = port_owner_find(DHCP6_CLIENT_PORT, uid);
	return error;
}

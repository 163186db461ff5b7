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
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../sockets.h"
#include "netlink.h"

#ifndef IPV6_RECVFRAGSIZE
#define IPV6_RECVFRAGSIZE 77 /* linux/in6.h, Linux 4.12 */
#endif
#define ND_HOP_LIMIT 255 /* RFC 4861 6.1.2 */
#define RCVBUF (1024 * 1024)
#define DRAIN_MAX 4096
#define DHCP6_CLIENT_PORT 546 /* RFC 8415 7.2 */
#define DHCP6_SERVER_PORT 547

int
recv6_fragmented(const struct cmsghdr *c)
{
	return c->cmsg_type == IPV6_RECVFRAGSIZE;
}

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
	    (error = socket_filter(fd, code, sizeof(code) / sizeof(code[0]))) !=
		0 ||
	    (error = set_device(fd, iface)) != 0 ||
	    (error = set_int(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1)) != 0 ||
	    (error = set_int(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1)) != 0)
		return error;
	(void)set_int(fd, IPPROTO_IPV6, IPV6_RECVFRAGSIZE, 1);
	if (set_int(fd, SOL_SOCKET, SO_RCVBUFFORCE, RCVBUF) != 0)
		(void)set_int(fd, SOL_SOCKET, SO_RCVBUF, RCVBUF);
	socket_drain(fd, DRAIN_MAX);
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

	if ((error = socket_make_deaf(fd)) != 0 ||
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

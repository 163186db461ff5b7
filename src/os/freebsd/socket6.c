/* SPDX-License-Identifier: ISC */
/*
 * Sockets of router discovery and DHCPv6.  Who receives never sends and who
 * sends never receives: a connected socket hears its peer alone
 * (netinet6/icmp6.c:icmp6_rip6_match, netinet6/in6_pcb.c), and answers come
 * from somebody else.
 */

#include <sys/param.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/icmp6.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../sockets.h"
#include "freebsd.h"

#define CLIENT_PORT 546 /* RFC 8415 7.2 */
#define SERVER_PORT 547
#define ND_RCVBUF (1024 * 1024) /* a flood of advertisements (S-16) */
#define SENDER_RCVBUF 1280	/* nothing arrives there */
#define HOP_LIMIT_ND 255	/* RFC 4861 4.1 */

static const struct in6_addr all_routers = { .s6_addr = {
						 0xff, 0x02, [15] = 2 } };
/* All_DHCP_Relay_Agents_and_Servers (RFC 8415 7.1) */
static const struct in6_addr all_servers = { .s6_addr = { 0xff,
						 0x02, [13] = 1, [15] = 2 } };

static int
set_int(int s, int level, int option, int value)
{
	return setsockopt(s, level, option, &value, sizeof(value)) == -1 ? errno
									 : 0;
}

/* A socket in the interface's FIB. */
static int
open6(const struct interface *iface, int type, int protocol, int *s)
{
	int error;

	*s = socket(AF_INET6, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
	if (*s == -1)
		return errno;
	error =
	    set_int(*s, SOL_SOCKET, SO_SETFIB, (int)link_fib(iface->ifindex));
	if (error != 0)
		close(*s);
	return error;
}

/* Give it to the caller limited to these rights, or close it. */
static int
finish(int s, int error, int receives, int *fd)
{
	cap_rights_t rights;

	if (receives)
		cap_rights_init(&rights, CAP_RECV, CAP_EVENT);
	else
		cap_rights_init(&rights, CAP_SEND, CAP_EVENT);
	if (error == 0)
		error = limit_rights(s, &rights);
	if (error != 0)
		close(s);
	else
		*fd = s;
	return error;
}

/* What was received must say where and how. */
static int
want_meta(int s)
{
	int error = set_int(s, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);

	if (error == 0)
		error = set_int(s, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, 1);
	return error;
}

static int
set_filter(int s, int type)
{
	struct icmp6_filter filter;

	ICMP6_FILTER_SETBLOCKALL(&filter);
	if (type != 0)
		ICMP6_FILTER_SETPASS(type, &filter);
	if (setsockopt(
		s, IPPROTO_ICMPV6, ICMP6_FILTER, &filter, sizeof(filter)) == -1)
		return errno;
	return 0;
}

/*
 * No socket can be bound to an interface: it hears the advertisements of all,
 * and the frontend takes those of its own.  The kernel has checked no more than
 * the checksum (netinet6/icmp6.c:icmp6_input): code, length, hop limit, source
 * and options are for the engine.
 */
int
os_socket_nd(const struct interface *iface, int *fd)
{
	int error, s, size = ND_RCVBUF;

	if ((error = open6(iface, SOCK_RAW, IPPROTO_ICMPV6, &s)) != 0)
		return error;
	error = set_filter(s, ND_ROUTER_ADVERT);
	if (error == 0)
		error = want_meta(s);
	/* As much as kern.ipc.maxsockbuf allows. */
	while (error == 0 && size > 9216 &&
	    setsockopt(s, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)) == -1)
		size /= 2;
	return finish(s, error, 1, fd);
}

static int
bind_and_connect(
    int s, const struct sockaddr_in6 *local, const struct sockaddr_in6 *peer)
{
	if (bind(s, (const struct sockaddr *)local, sizeof(*local)) == -1 ||
	    (peer != NULL &&
		connect(s, (const struct sockaddr *)peer, sizeof(*peer)) == -1))
		return errno;
	return 0;
}

/* Multicast by this interface, not looped back. */
static int
set_multicast(int s, uint32_t ifindex)
{
	int error = set_int(s, IPPROTO_IPV6, IPV6_MULTICAST_IF, (int)ifindex);

	if (error == 0)
		error = set_int(s, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, 0);
	return error;
}

/*
 * Bound: without it the kernel may take a global address while the link-local
 * one is tentative.  EADDRNOTAVAIL: not usable yet.  Hop limit 255 always:
 * the multicast default is 1 (RFC 4861 6.1.1 would have it dropped).
 */
int
os_socket_rs(
    const struct interface *iface, const struct in6_addr *local, int *fd)
{
	struct sockaddr_in6 from = sockaddr6(local, iface->ifindex);
	struct sockaddr_in6 to = sockaddr6(&all_routers, iface->ifindex);
	int error, s;

	if ((error = open6(iface, SOCK_RAW, IPPROTO_ICMPV6, &s)) != 0)
		return error;
	error = set_filter(s, 0);
	if (error == 0)
		error =
		    set_int(s, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, HOP_LIMIT_ND);
	if (error == 0)
		error =
		    set_int(s, IPPROTO_IPV6, IPV6_UNICAST_HOPS, HOP_LIMIT_ND);
	if (error == 0)
		error = set_multicast(s, iface->ifindex);
	if (error == 0)
		error = set_int(s, SOL_SOCKET, SO_RCVBUF, SENDER_RCVBUF);
	if (error == 0)
		error = bind_and_connect(s, &from, &to);
	return finish(s, error, 0, fd);
}

int
os_socket_dhcp6(
    const struct interface *iface, const struct in6_addr *local, int *fd)
{
	struct sockaddr_in6 from = sockaddr6(local, iface->ifindex);
	int error, s;

	from.sin6_port = htons(CLIENT_PORT);
	if ((error = open6(iface, SOCK_DGRAM, 0, &s)) != 0)
		return error;
	error = set_int(s, SOL_SOCKET, SO_REUSEPORT, 1);
	if (error == 0)
		error = want_meta(s);
	if (error == 0)
		error = bind_and_connect(s, &from, NULL);
	return finish(s, error, 1, fd);
}

/* EADDRINUSE from connect(2): the one before it is still open. */
int
os_socket_dhcp6_send(
    const struct interface *iface, const struct in6_addr *local, int *fd)
{
	struct sockaddr_in6 from = sockaddr6(local, iface->ifindex);
	struct sockaddr_in6 to = sockaddr6(&all_servers, iface->ifindex);
	int error, s;

	from.sin6_port = htons(CLIENT_PORT);
	to.sin6_port = htons(SERVER_PORT);
	if ((error = open6(iface, SOCK_DGRAM, 0, &s)) != 0)
		return error;
	error = set_int(s, SOL_SOCKET, SO_REUSEPORT, 1);
	if (error == 0)
		error = set_multicast(s, iface->ifindex);
	if (error == 0)
		error = bind_and_connect(s, &from, &to);
	if (error == 0 && shutdown(s, SHUT_RD) == -1)
		error = errno;
	return finish(s, error, 0, fd);
}

/* Without SO_REUSEPORT: whoever has the port, also on ::, is in the way. */
int
os_port6_owner(const struct interface *iface, const struct in6_addr *local,
    uint32_t *uid, int *has_owner)
{
	struct sockaddr_in6 at = sockaddr6(local, iface->ifindex);
	int error, s;

	*has_owner = 0;
	at.sin6_port = htons(CLIENT_PORT);
	if ((error = open6(iface, SOCK_DGRAM, 0, &s)) != 0)
		return error;
	error = bind_and_connect(s, &at, NULL);
	close(s);
	if (error == EADDRINUSE)
		*has_owner = port_owner_find(CLIENT_PORT, uid);
	return error;
}

/* The kernel does not tell. */
int
recv6_fragmented(const struct cmsghdr *c)
{
	(void)c;
	return 0;
}

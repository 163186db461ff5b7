/* SPDX-License-Identifier: ISC */
/*
 * UDP sockets: senders from a leased address, and the sink that keeps port 68
 * from being answered with ICMP.  None of them ever receives: answers come by
 * the packet descriptors.  In capability mode a name cannot be given to
 * send(2) (ECAPMODE), nor can bind(2) or connect(2) be called: all that is
 * done here, by the parent.
 */

#include <sys/param.h>
#include <sys/socket.h>
#include <sys/socketvar.h>
#include <sys/sysctl.h>
#include <netinet/in.h>
#include <netinet/in_pcb.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../sockets.h"
#include "freebsd.h"

#define DHCP4_CLIENT_PORT 68 /* RFC 2131 4.1 */
#define DHCP4_SERVER_PORT 67
#define PCBLIST_MAX (16 * 1024 * 1024)

int
limit_rights(int fd, const cap_rights_t *rights)
{
	/* ENOSYS: a kernel without Capsicum; os_sandbox() refuses to run
	 * there. */
	if (cap_rights_limit(fd, rights) == -1 && errno != ENOSYS)
		return errno;
	return 0;
}

/* SO_REUSEPORT: the sink and the senders share the port. */
static int
udp_open(struct in_addr addr, uint32_t fib, int *fd)
{
	struct sockaddr_in sin = sockaddr4(addr, DHCP4_CLIENT_PORT);
	int error = 0, number = (int)fib, one = 1, s;

	s = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s == -1)
		return errno;
	if (setsockopt(s, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one)) == -1 ||
	    setsockopt(s, SOL_SOCKET, SO_SETFIB, &number, sizeof(number)) ==
		-1 ||
	    bind(s, (struct sockaddr *)&sin, sizeof(sin)) == -1)
		error = errno;
	if (error != 0)
		close(s);
	else
		*fd = s;
	return error;
}

int
os_socket_udp4(const struct interface *iface, struct in_addr local,
    struct in_addr server, int *fd)
{
	struct sockaddr_in sin = sockaddr4(server, DHCP4_SERVER_PORT);
	cap_rights_t rights;
	int error, s;

	if (local.s_addr == INADDR_ANY || server.s_addr == INADDR_ANY)
		return EINVAL;
	if ((error = udp_open(local, link_fib(iface->ifindex), &s)) != 0)
		return error;
	cap_rights_init(&rights, CAP_SEND, CAP_EVENT);
	if (connect(s, (struct sockaddr *)&sin, sizeof(sin)) == -1 ||
	    shutdown(s, SHUT_RD) == -1)
		error = errno;
	if (error == 0)
		error = limit_rights(s, &rights);
	if (error != 0)
		close(s);
	else
		*fd = s;
	return error;
}

/*
 * Without it the kernel answers what servers unicast to port 68 with ICMP port
 * unreachable.  shutdown(2) of a socket that is not connected returns ENOTCONN
 * and shuts it all the same.
 */
int
os_socket_sink(int *fd)
{
	struct in_addr any = { .s_addr = INADDR_ANY };
	int error;

	if ((error = udp_open(any, 0, fd)) != 0)
		return error;
	(void)shutdown(*fd, SHUT_RD);
	return 0;
}

/* ---- who holds the port? ---- */

/* net.inet.udp.pcblist: a struct xinpgen, then one struct xinpcb for each
 * socket, then a struct xinpgen again (netinet/in_pcb.c). */
int
port_owner_find(uint16_t port, uint32_t *uid)
{
	size_t at, size = 0;
	struct xinpcb pcb;
	struct xinpgen gen;
	uint8_t *list;
	int found = 0;

	if (sysctlbyname("net.inet.udp.pcblist", NULL, &size, NULL, 0) == -1 ||
	    size > PCBLIST_MAX || (list = malloc(size)) == NULL)
		return 0;
	if (sysctlbyname("net.inet.udp.pcblist", list, &size, NULL, 0) == -1)
		size = 0;
	at = sizeof(gen);
	while (!found && size >= sizeof(pcb) && at <= size - sizeof(pcb)) {
		memcpy(&pcb, list + at, sizeof(pcb));
		if (pcb.xi_len != sizeof(pcb))
			break;
		found = pcb.inp_lport == htons(port);
		at += sizeof(pcb);
	}
	free(list);
	if (found)
		*uid = pcb.xi_socket.so_uid;
	return found;
}

/* ---- what else is passed ---- */

/* accept(2) hands the listener's rights down; getpeereid(3) is
 * getsockopt(LOCAL_PEERCRED) (unix(4)). */
int
os_limit_control(int fd)
{
	cap_rights_t rights;

	cap_rights_init(&rights, CAP_ACCEPT, CAP_EVENT, CAP_READ, CAP_WRITE,
	    CAP_GETSOCKOPT);
	return limit_rights(fd, &rights);
}

int
os_limit_channel(int fd)
{
	cap_rights_t rights;

	cap_rights_init(&rights, CAP_EVENT, CAP_READ, CAP_WRITE);
	return limit_rights(fd, &rights);
}

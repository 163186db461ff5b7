/* SPDX-License-Identifier: ISC */
/*
 * UDP sockets: senders from a leased address, and the sink that keeps port 68
 * from being answered with ICMP.  None of them ever receives: answers come by
 * the packet sockets.
 *
 * All have SO_REUSEPORT, which lets sockets of one user share the port; those
 * of another client do not get in, and os_port_owner(), which binds without
 * it, finds whoever was there first.
 */

#include <sys/socket.h>
#include <linux/filter.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <net/if.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../sockets.h"
#include "netlink.h"

#define DHCP_CLIENT_PORT 68 /* RFC 2131 4.1 */
#define DHCP_SERVER_PORT 67

int
socket_filter(int fd, struct sock_filter *code, unsigned short len)
{
	struct sock_fprog prog = { .len = len, .filter = code };
	int one = 1;

	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)) ==
		-1 ||
	    setsockopt(fd, SOL_SOCKET, SO_LOCK_FILTER, &one, sizeof(one)) == -1)
		return errno;
	return 0;
}

int
socket_make_deaf(int fd)
{
	struct sock_filter code[] = { BPF_STMT(BPF_RET | BPF_K, 0) };

	return socket_filter(fd, code, 1);
}

void
socket_drain(int fd, int max)
{
	uint8_t byte;
	int i;

	for (i = 0; i < max; i++)
		if (recv(fd, &byte, sizeof(byte), MSG_TRUNC) == -1)
			break;
}

/* Bound to addr:68, deaf; ifname NULL: any interface. */
static int
udp_open(struct in_addr addr, const char *ifname, int *fd)
{
	struct sockaddr_in sin = sockaddr4(addr, DHCP_CLIENT_PORT);
	int error = 0, one = 1, s;

	s = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s == -1)
		return errno;
	if (setsockopt(s, SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one)) == -1 ||
	    (ifname != NULL &&
		setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, ifname,
		    (socklen_t)strlen(ifname)) == -1))
		error = errno;
	if (error == 0)
		error = socket_make_deaf(s);
	if (error == 0 && bind(s, (struct sockaddr *)&sin, sizeof(sin)) == -1)
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
	struct sockaddr_in sin = sockaddr4(server, DHCP_SERVER_PORT);
	char name[IFACE_NAME_MAX];
	int error, s;

	if (local.s_addr == INADDR_ANY || server.s_addr == INADDR_ANY)
		return EINVAL;
	memcpy(name, iface->name, sizeof(name));
	name[sizeof(name) - 1] = '\0';
	if ((error = udp_open(local, name, &s)) != 0)
		return error;
	if (connect(s, (struct sockaddr *)&sin, sizeof(sin)) == -1) {
		error = errno;
		close(s);
		return error;
	}
	*fd = s;
	return 0;
}

int
os_socket_sink(int *fd)
{
	struct in_addr any = { .s_addr = INADDR_ANY };

	return udp_open(any, NULL, fd);
}

/* ---- who holds the port? ---- */

struct owner {
	uint16_t port; /* network order */
	int found;
	uint32_t uid;
};

static void
owner_one(const struct nlmsghdr *nlh, void *arg)
{
	const struct inet_diag_msg *diag = mnl_nlmsg_get_payload(nlh);
	struct owner *owner = arg;

	if (nlh->nlmsg_type != SOCK_DIAG_BY_FAMILY ||
	    mnl_nlmsg_get_payload_len(nlh) < sizeof(*diag) || owner->found ||
	    diag->id.idiag_sport != owner->port)
		return;
	owner->found = 1;
	owner->uid = diag->idiag_uid;
}

/* sock_diag(7); a kernel without udp_diag just does not tell. */
static void
owner_find(struct owner *owner, uint8_t family)
{
	struct inet_diag_req_v2 *req;
	struct netlink nl = { 0 };
	struct nlmsghdr *nlh;

	if (netlink_open(&nl, NETLINK_SOCK_DIAG, 0, 0) != 0)
		return;
	nlh = netlink_request(SOCK_DIAG_BY_FAMILY, NLM_F_DUMP);
	req = mnl_nlmsg_put_extra_header(nlh, sizeof(*req));
	req->sdiag_family = family;
	req->sdiag_protocol = IPPROTO_UDP;
	req->idiag_states = UINT32_MAX;
	(void)netlink_call(&nl, nlh, owner_one, owner);
	netlink_close(&nl);
}

int
port_owner_find(uint16_t port, uint32_t *uid)
{
	struct owner owner = { .port = htons(port) };

	owner_find(&owner, AF_INET);
	if (!owner.found)
		owner_find(&owner, AF_INET6);
	*uid = owner.uid;
	return owner.found;
}

/* The sandbox has no system call that could misuse these. */
int
os_limit_control(int fd)
{
	(void)fd;
	return 0;
}

int
os_limit_channel(int fd)
{
	(void)fd;
	return 0;
}

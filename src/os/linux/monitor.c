/* SPDX-License-Identifier: ISC */
/*
 * The monitor: one netlink socket that hears what changes, and the dumps that
 * put the tables right at start and after an overflow.
 */

#include <sys/socket.h>
#include <linux/filter.h>
#include <arpa/inet.h>
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "netlink.h"

#define RCVBUF (1024 * 1024)
#define BATCH_MAX 256	  /* datagrams in one call */
#define DISCARD_MAX 65536 /* datagrams thrown away before a dump */
#define GROUP(n) (1U << ((n)-1))

static struct netlink monitor;
static const struct os_events *events;

/*
 * A full routing table may live in this kernel, and a busy neighbour table.
 * Of routes only these wake us: IPv6 default routes; the removal of ours; and
 * of IPv4 what is put in the place of another.  Of neighbours: routers whose
 * reachability is known, and link-local ones that failed (one that never
 * answered is not known to be a router).  Netlink headers are in host order,
 * BPF loads in network order: hence htons() around the constants.
 */
#define OFF_TYPE offsetof(struct nlmsghdr, nlmsg_type)
#define OFF_FLAGS offsetof(struct nlmsghdr, nlmsg_flags)
#define OFF_RTM(m) (NLMSG_HDRLEN + offsetof(struct rtmsg, m))
#define OFF_NDM(m) (NLMSG_HDRLEN + offsetof(struct ndmsg, m))
/* The kernel puts NDA_DST first. */
#define OFF_DST (NLMSG_HDRLEN + sizeof(struct ndmsg) + sizeof(struct nlattr))
#define LD16(k) BPF_STMT(BPF_LD | BPF_H | BPF_ABS, (k))
#define LD8(k) BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (k))
#define EQ(k, t, f) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (k), (t), (f))
#define SET(k, t, f) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (k), (t), (f))
#define NUD_KNOWN (NUD_FAILED | NUD_REACHABLE | NUD_PERMANENT | NUD_NOARP)

static int
monitor_filter(int fd)
{
	struct sock_filter code[] = {
		/* 0 */ LD16(OFF_TYPE),
		/* 1 */ EQ(htons(RTM_DELROUTE), 7, 0),
		/* 2 */ EQ(htons(RTM_NEWROUTE), 2, 0),
		/* 3 */ EQ(htons(RTM_NEWNEIGH), 11, 0),
		/* 4 */ EQ(htons(RTM_DELNEIGH), 22, 21),
		/* a new route */
		/* 5 */ LD8(OFF_RTM(rtm_family)),
		/* 6 */ EQ(AF_INET6, 6, 0),
		/* 7 */ LD16(OFF_FLAGS),
		/* 8 */ SET(htons(NLM_F_REPLACE), 17, 18),
		/* a route removed */
		/* 9 */ LD8(OFF_RTM(rtm_protocol)),
		/* 10 */ EQ(LEASED_RTPROT, 15, 0),
		/* 11 */ LD8(OFF_RTM(rtm_family)),
		/* 12 */ EQ(AF_INET6, 0, 14),
		/* IPv6 */
		/* 13 */ LD8(OFF_RTM(rtm_dst_len)),
		/* 14 */ EQ(0, 11, 12),
		/* a neighbour */
		/* 15 */ LD8(OFF_NDM(ndm_family)),
		/* 16 */ EQ(AF_INET6, 0, 10),
		/* 17 */ LD8(OFF_NDM(ndm_flags)),
		/* 18 */ SET(NTF_ROUTER, 0, 2),
		/* 19 */ LD16(OFF_NDM(ndm_state)),
		/* 20 */ SET(htons(NUD_KNOWN), 5, 6),
		/* 21 */ LD16(OFF_NDM(ndm_state)),
		/* 22 */ SET(htons(NUD_FAILED), 0, 4),
		/* 23 */ LD16(OFF_DST),
		/* 24 */ BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xffc0),
		/* 25 */ EQ(0xfe80, 0, 1),
		/* 26: heard */ BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		/* 27: not */ BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_fprog prog = { sizeof(code) / sizeof(code[0]), code };

	if (setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog)) ==
	    -1)
		return errno;
	return 0;
}

static int
monitor_open(void)
{
	int error, fd, size = RCVBUF;

	error = netlink_open(&monitor, NETLINK_ROUTE, 0, SOCK_NONBLOCK);
	if (error != 0)
		return error;
	fd = mnl_socket_get_fd(monitor.sock);
	/* Filter and buffer before the groups: nothing slips by. */
	if ((error = monitor_filter(fd)) != 0)
		return error;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ==
	    -1)
		(void)setsockopt(
		    fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	return 0;
}

static int
monitor_join(void)
{
	static const int groups[] = { RTNLGRP_LINK, RTNLGRP_IPV4_IFADDR,
		RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE,
		RTNLGRP_NEIGH };
	int group;
	size_t i;

	for (i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		group = groups[i];
		if (mnl_socket_setsockopt(monitor.sock, NETLINK_ADD_MEMBERSHIP,
			&group, sizeof(group)) == -1)
			return errno;
	}
	return 0;
}

int
os_init(const struct os_events *ev, int *fd)
{
	int error;

	events = ev;
	addr4_init();
	addr6_init();
	error = netlink_open(&netlink_change, NETLINK_ROUTE, 0, 0);
	if (error == 0)
		error = monitor_open();
	if (error == 0)
		error = monitor_join();
	if (error != 0) {
		netlink_close(&monitor);
		netlink_close(&netlink_change);
		return error;
	}
	*fd = mnl_socket_get_fd(monitor.sock);
	return 0;
}

/* Links first: what follows refers to them. */
int
os_dump(void)
{
	int error;

	if ((error = link_dump(events)) != 0 ||
	    (error = addr4_dump(events)) != 0 ||
	    (error = addr6_dump(events)) != 0 ||
	    (error = route4_dump(events)) != 0 ||
	    (error = route6_dump(events)) != 0)
		return error;
	return ipv6_dump(events);
}

static void
dispatch(const struct nlmsghdr *nlh)
{
	switch (nlh->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		link_message(nlh, events);
		break;
	case RTM_NEWADDR:
	case RTM_DELADDR:
		addr4_message(nlh, events);
		addr6_message(nlh, events);
		ipv6_message(nlh);
		break;
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		if (mnl_nlmsg_get_payload_len(nlh) < sizeof(struct rtmsg))
			break;
		route4_message(nlh, events);
		route6_message(nlh, events);
		ipv6_message(nlh);
		break;
	case RTM_NEWNEIGH:
		neighbor6_message(nlh, events);
		break;
	}
}

/* Events were lost: those still queued are older than the dump to come. */
static int
resync(void)
{
	static uint8_t buf[64];
	int i;

	for (i = 0; i < DISCARD_MAX; i++) {
		if (netlink_receive(&monitor, buf, sizeof(buf)) == -1 &&
		    errno == EAGAIN)
			break;
	}
	return os_dump();
}

int
os_monitor_read(void)
{
	static uint8_t buf[NETLINK_BUFFER] __attribute__((aligned(8)));
	const struct nlmsghdr *nlh;
	int error = 0, i, len;
	ssize_t n;

	for (i = 0; i < BATCH_MAX; i++) {
		n = netlink_receive(&monitor, buf, sizeof(buf));
		if (n == -1 && errno == EAGAIN)
			break;
		if (n == -1)
			return errno == ENOBUFS ? resync() : errno;
		len = (int)n;
		for (nlh = (const struct nlmsghdr *)buf; mnl_nlmsg_ok(nlh, len);
		     nlh = mnl_nlmsg_next(nlh, &len))
			dispatch(nlh);
	}
	if (route4_suspected())
		error = route4_dump(events);
	if (error == 0 && route6_suspected())
		error = route6_dump(events);
	if (error == 0 && ipv6_suspected())
		error = ipv6_dump(events);
	return error;
}

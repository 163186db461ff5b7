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
 * A full routing table may live in this kernel.  Of routes only these wake
 * us: IPv6 default routes; IPv4, the removal of ours and what is put in the
 * place of another.  Netlink headers are in host order, BPF loads in network
 * order: hence htons() around the constants.
 */
#define OFF_TYPE offsetof(struct nlmsghdr, nlmsg_type)
#define OFF_FLAGS offsetof(struct nlmsghdr, nlmsg_flags)
#define OFF_RTM(m) (NLMSG_HDRLEN + offsetof(struct rtmsg, m))
#define LD16(k) BPF_STMT(BPF_LD | BPF_H | BPF_ABS, (k))
#define LD8(k) BPF_STMT(BPF_LD | BPF_B | BPF_ABS, (k))
#define EQ(k, t, f) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (k), (t), (f))
#define SET(k, t, f) BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, (k), (t), (f))

static int
monitor_filter(int fd)
{
	struct sock_filter code[] = {
		/* 0 */ LD16(OFF_TYPE),
		/* 1 */ EQ(htons(RTM_DELROUTE), 5, 0),
		/* 2 */ EQ(htons(RTM_NEWROUTE), 0, 10),
		/* a new route */
		/* 3 */ LD8(OFF_RTM(rtm_family)),
		/* 4 */ EQ(AF_INET6, 4, 0),
		/* 5 */ LD16(OFF_FLAGS),
		/* 6 */ SET(htons(NLM_F_REPLACE), 6, 7),
		/* a route removed */
		/* 7 */ LD8(OFF_RTM(rtm_family)),
		/* 8 */ EQ(AF_INET6, 0, 2),
		/* IPv6 */
		/* 9 */ LD8(OFF_RTM(rtm_dst_len)),
		/* 10 */ EQ(0, 2, 3),
		/* IPv4 */
		/* 11 */ LD8(OFF_RTM(rtm_protocol)),
		/* 12 */ EQ(LEASED_RTPROT, 0, 1),
		/* 13: heard */ BPF_STMT(BPF_RET | BPF_K, UINT32_MAX),
		/* 14: not */ BPF_STMT(BPF_RET | BPF_K, 0),
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
		RTNLGRP_IPV6_IFADDR, RTNLGRP_IPV4_ROUTE, RTNLGRP_IPV6_ROUTE };
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
	    (error = route4_dump(events)) != 0)
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
		ipv6_message(nlh);
		break;
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		if (mnl_nlmsg_get_payload_len(nlh) < sizeof(struct rtmsg))
			break;
		route4_message(nlh, events);
		ipv6_message(nlh);
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
	if (error == 0 && ipv6_suspected())
		error = ipv6_dump(events);
	return error;
}

/* SPDX-License-Identifier: ISC */
/*
 * Netlink: one request, one answer (rtnetlink(7), netlink(7)).  Only the
 * kernel (port 0) is believed, only the sequence number just sent counts, and
 * every wait has an end.
 */

#include <sys/socket.h>
#include <sys/time.h>
#include <errno.h>
#include <string.h>

#include "netlink.h"

#define WAIT_SEC 2
#define MESSAGES_MAX 65536 /* datagrams in one answer */
#define TORN_MAX 8

struct netlink netlink_change;

static uint8_t request[2048] __attribute__((aligned(8)));
static uint8_t answer[NETLINK_BUFFER] __attribute__((aligned(8)));
static uint32_t sequence;
static char error_text[IPC_TEXT_MAX];

const char *
os_error_text(void)
{
	return error_text;
}

void
netlink_set_text(const char *text)
{
	(void)strlcpy(error_text, text, sizeof(error_text));
}

int
netlink_open(struct netlink *nl, int bus, unsigned int groups, int flags)
{
	struct timeval wait = { .tv_sec = WAIT_SEC };
	int error, fd, one = 1;

	nl->sock = mnl_socket_open2(bus, SOCK_CLOEXEC | flags);
	if (nl->sock == NULL)
		return errno;
	fd = mnl_socket_get_fd(nl->sock);
	if (mnl_socket_bind(nl->sock, groups, MNL_SOCKET_AUTOPID) == -1 ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait)) ==
		-1) {
		error = errno;
		netlink_close(nl);
		return error;
	}
	/* Not there on an old kernel: then texts are missing, dumps longer. */
	(void)setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	(void)setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	(void)setsockopt(
	    fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &one, sizeof(one));
	nl->portid = mnl_socket_get_portid(nl->sock);
	return 0;
}

void
netlink_close(struct netlink *nl)
{
	if (nl->sock != NULL)
		mnl_socket_close(nl->sock);
	nl->sock = NULL;
}

struct nlmsghdr *
netlink_request(int type, int flags)
{
	struct nlmsghdr *nlh;

	memset(request, 0, sizeof(request));
	nlh = mnl_nlmsg_put_header(request);
	nlh->nlmsg_type = (uint16_t)type;
	nlh->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	return nlh;
}

ssize_t
netlink_receive(struct netlink *nl, void *buf, size_t size)
{
	struct sockaddr_nl from;
	struct iovec iov = { .iov_base = buf, .iov_len = size };
	struct msghdr msg;
	ssize_t n;
	int i;

	for (i = 0; i < MESSAGES_MAX; i++) {
		memset(&from, 0, sizeof(from));
		memset(&msg, 0, sizeof(msg));
		msg.msg_name = &from;
		msg.msg_namelen = sizeof(from);
		msg.msg_iov = &iov;
		msg.msg_iovlen = 1;
		n = recvmsg(mnl_socket_get_fd(nl->sock), &msg, 0);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return -1;
		/* Any process may send to a port; only 0 is the kernel. */
		if (msg.msg_namelen != sizeof(from) || from.nl_pid != 0)
			continue;
		if (msg.msg_flags & MSG_TRUNC) {
			errno = ENOBUFS; /* the same cure: read all again */
			return -1;
		}
		return n;
	}
	errno = EAGAIN;
	return -1;
}

/* The kernel's explanation, with bytes that a log can bear. */
static void
keep_text(const struct nlmsghdr *nlh, size_t offset)
{
	const struct nlattr *tb[NLMSGERR_ATTR_MAX + 1];
	const char *text;
	size_t i, len;

	netlink_attrs(nlh, offset, tb, NLMSGERR_ATTR_MAX);
	if (tb[NLMSGERR_ATTR_MSG] == NULL)
		return;
	text = mnl_attr_get_payload(tb[NLMSGERR_ATTR_MSG]);
	len = mnl_attr_get_payload_len(tb[NLMSGERR_ATTR_MSG]);
	for (i = 0; i < len && i < sizeof(error_text) - 1 && text[i]; i++)
		error_text[i] =
		    text[i] >= 0x20 && text[i] < 0x7f ? text[i] : '?';
	error_text[i] = '\0';
}

/* NLMSG_ERROR or NLMSG_DONE: both begin with 0 or a negative errno. */
static int
result(const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = mnl_nlmsg_get_payload(nlh);
	size_t offset =
	    nlh->nlmsg_type == NLMSG_DONE ? sizeof(int) : sizeof(*err);

	if (mnl_nlmsg_get_payload_len(nlh) < offset)
		return nlh->nlmsg_type == NLMSG_DONE ? 0 : EBADMSG;
	if (nlh->nlmsg_type == NLMSG_ERROR &&
	    !(nlh->nlmsg_flags & NLM_F_CAPPED) && err->error != 0 &&
	    err->msg.nlmsg_len >= sizeof(err->msg))
		offset += err->msg.nlmsg_len - sizeof(err->msg);
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS)
		keep_text(nlh, offset);
	return err->error < 0 ? -err->error : 0;
}

/* One datagram of the answer.  1: the answer is complete, *error has it. */
static int
take(const struct netlink *nl, int len, uint32_t seq, netlink_cb *cb, void *arg,
    int *error, int *torn)
{
	const struct nlmsghdr *nlh;

	for (nlh = (const struct nlmsghdr *)answer; mnl_nlmsg_ok(nlh, len);
	     nlh = mnl_nlmsg_next(nlh, &len)) {
		if (nlh->nlmsg_seq != seq || nlh->nlmsg_pid != nl->portid)
			continue; /* of a request that was given up */
		if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
			*torn = 1;
		if (nlh->nlmsg_type == NLMSG_ERROR ||
		    nlh->nlmsg_type == NLMSG_DONE) {
			*error = result(nlh);
			return 1;
		}
		if (nlh->nlmsg_type >= NLMSG_MIN_TYPE && cb != NULL)
			cb(nlh, arg);
	}
	return 0;
}

int
netlink_call(
    struct netlink *nl, struct nlmsghdr *nlh, netlink_cb *cb, void *arg)
{
	int error, i, torn = 0;
	uint32_t seq = ++sequence;
	ssize_t n;

	error_text[0] = '\0';
	if (nl->sock == NULL)
		return ENOTCONN;
	nlh->nlmsg_seq = seq;
	nlh->nlmsg_pid = nl->portid;
	if (mnl_socket_sendto(nl->sock, nlh, nlh->nlmsg_len) == -1)
		return errno;
	for (i = 0; i < MESSAGES_MAX; i++) {
		if ((n = netlink_receive(nl, answer, sizeof(answer))) == -1)
			return errno == EAGAIN ? ETIMEDOUT : errno;
		if (take(nl, (int)n, seq, cb, arg, &error, &torn))
			return error == 0 && torn ? EAGAIN : error;
	}
	return EMSGSIZE;
}

static struct nlmsghdr *
dump_request(const struct netlink_dump *d)
{
	struct nlmsghdr *nlh = netlink_request(d->type, NLM_F_DUMP);
	struct ifaddrmsg *ifa;
	struct ifinfomsg *ifi;
	struct rtmsg *rtm;

	switch (d->type) {
	case RTM_GETLINK:
		ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
		ifi->ifi_family = d->family;
		mnl_attr_put_u32(nlh, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
		break;
	case RTM_GETADDR:
		ifa = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifa));
		ifa->ifa_family = d->family;
		ifa->ifa_index = d->ifindex;
		break;
	default:
		rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));
		rtm->rtm_family = d->family;
		rtm->rtm_protocol = d->protocol;
		break;
	}
	return nlh;
}

int
netlink_dump(const struct netlink_dump *d, void (*first)(void *),
    netlink_cb *cb, void *arg)
{
	int error = 0, i;

	for (i = 0; i < TORN_MAX; i++) {
		first(arg);
		error = netlink_call(&netlink_change, dump_request(d), cb, arg);
		if (error != EAGAIN)
			return error;
	}
	/* Always torn: what came is nearly right, and events put it right. */
	return 0;
}

static void
collect(
    const struct nlattr *attr, int len, const struct nlattr **tb, size_t max)
{
	memset(tb, 0, (max + 1) * sizeof(*tb));
	for (; mnl_attr_ok(attr, len);
	     len -= (int)MNL_ALIGN(attr->nla_len), attr = mnl_attr_next(attr))
		if (mnl_attr_get_type(attr) <= max)
			tb[mnl_attr_get_type(attr)] = attr;
}

void
netlink_attrs(const struct nlmsghdr *nlh, size_t offset,
    const struct nlattr **tb, size_t max)
{
	size_t len = mnl_nlmsg_get_payload_len(nlh);
	size_t aligned = MNL_ALIGN(offset);

	collect(mnl_nlmsg_get_payload_offset(nlh, aligned),
	    len > aligned ? (int)(len - aligned) : 0, tb, max);
}

void
netlink_nested(const struct nlattr *nest, const struct nlattr **tb, size_t max)
{
	memset(tb, 0, (max + 1) * sizeof(*tb));
	if (nest != NULL)
		collect(mnl_attr_get_payload(nest),
		    mnl_attr_get_payload_len(nest), tb, max);
}

uint32_t
netlink_u32(const struct nlattr *attr, uint32_t fallback)
{
	if (attr == NULL || mnl_attr_get_payload_len(attr) < sizeof(uint32_t))
		return fallback;
	return mnl_attr_get_u32(attr);
}

struct in_addr
netlink_in(const struct nlattr *attr)
{
	struct in_addr addr = { .s_addr = netlink_u32(attr, INADDR_ANY) };

	return addr;
}

/* :: when it is missing */
struct in6_addr
netlink_in6(const struct nlattr *attr)
{
	struct in6_addr addr = IN6ADDR_ANY_INIT;

	if (attr != NULL && mnl_attr_get_payload_len(attr) >= sizeof(addr))
		memcpy(&addr, mnl_attr_get_payload(attr), sizeof(addr));
	return addr;
}

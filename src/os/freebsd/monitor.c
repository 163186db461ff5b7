/* SPDX-License-Identifier: ISC */
/*
 * The monitor: routing sockets (route(4)) say that something changed, what it
 * is now is read anew.  So a message that is lost, repeated or wrong (the
 * kernel sends RTM_DELADDR for an address that stays when its interface goes
 * down) does no harm.  A routing socket hears one FIB; all of them hang on one
 * kqueue(2), which is the descriptor to be watched.
 */

#include <sys/event.h>
#include <sys/ioctl.h>
#include <sys/types.h>
#include <sys/socket.h>
#include <net/if.h>
#include <net/route.h>
#include <net80211/ieee80211_freebsd.h>
#include <netinet/in.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "freebsd.h"

#define RCVBUF (512 * 1024) /* the default holds 26 route messages */
#define BATCH_MAX 4096	    /* messages in one call */
#define FIBS_MAX 64
#define READY_MAX 16
#define LOOK_AGAIN 1 /* the timer */
#define LOOK_AGAIN_MS 20
#define PATIENCE_MAX 50

static const struct os_events *events;
static int kq = -1;
static int nfibs;
static uint32_t fibs[FIBS_MAX];
static int changed; /* links or addresses are to be read again */
static int changed6;
static int patience; /* readings in a row that found something unfinished */

/*
 * SO_RERROR: a lost message is told by ENOBUFS; without it an overflow is
 * silent (socket(2), net/rtsock.c).
 */
static int
routing_socket(uint32_t fib, int *fd)
{
	int error = 0, number = (int)fib, one = 1, s, size = RCVBUF;
	struct kevent ev;
	cap_rights_t rights;

	s = socket(PF_ROUTE, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (s == -1)
		return errno;
	if (setsockopt(s, SOL_SOCKET, SO_SETFIB, &number, sizeof(number)) ==
		-1 ||
	    setsockopt(s, SOL_SOCKET, SO_RERROR, &one, sizeof(one)) == -1)
		error = errno;
	/* kern.ipc.maxsockbuf may be lower. */
	while (error == 0 && size > 8192 &&
	    setsockopt(s, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)) == -1)
		size /= 2;
	(void)shutdown(s, SHUT_WR);
	cap_rights_init(&rights, CAP_READ, CAP_EVENT);
	if (error == 0)
		error = limit_rights(s, &rights);
	EV_SET(&ev, (uintptr_t)s, EVFILT_READ, EV_ADD, 0, 0, NULL);
	if (error == 0 && kevent(kq, &ev, 1, NULL, 0, NULL) == -1)
		error = errno;
	if (error != 0)
		close(s);
	else
		*fd = s;
	return error;
}

int
monitor_fib(uint32_t fib)
{
	int error, fd, i;

	for (i = 0; i < nfibs; i++)
		if (fibs[i] == fib)
			return 0;
	if (nfibs == FIBS_MAX)
		return ENOBUFS;
	if ((error = routing_socket(fib, &fd)) == 0)
		fibs[nfibs++] = fib;
	return error;
}

int
os_init(const struct os_events *ev, int *fd)
{
	int error;

	events = ev;
	route_init();
	if ((error = ifioctl_open()) != 0)
		return error;
	/* kqueue(2) descriptors do not survive fork(2), and need no CLOEXEC
	 * for execve(2) either. */
	if ((kq = kqueue()) == -1)
		return errno;
	if ((error = monitor_fib(0)) != 0) {
		close(kq);
		kq = -1;
		return error;
	}
	*fd = kq;
	return 0;
}

/* The kqueue(2) itself is what is watched, so its timer wakes the caller. */
static void
look_again(void)
{
	struct kevent ev;

	EV_SET(&ev, LOOK_AGAIN, EVFILT_TIMER, EV_ADD | EV_ONESHOT, 0,
	    LOOK_AGAIN_MS, NULL);
	if (kevent(kq, &ev, 1, NULL, 0, NULL) == -1)
		patience = PATIENCE_MAX;
}

int
os_dump(void)
{
	struct ifaddrs *list;
	int again;

	changed = changed6 = 0;
	if (getifaddrs(&list) == -1)
		return errno;
	again = links_update(list, patience < PATIENCE_MAX);
	addr4_update(list);
	addr6_update(list);
	freeifaddrs(list);
	/* Links first: what follows refers to them. */
	links_report(events);
	addr4_report(events);
	addr6_report(events);
	if (route_suspected())
		route_report(events);
	ipv6_report(events);
	patience = again ? patience + 1 : 0;
	if (again)
		look_again();
	return 0;
}

/* ---- messages ---- */

/* What only a message tells: a carrier that went, even if it is back. */
static void
heard_link(const uint8_t *msg, size_t len)
{
	struct if_msghdr ifm;
	struct link *link;

	if (len < sizeof(ifm))
		return;
	memcpy(&ifm, msg, sizeof(ifm));
	changed = 1;
	if ((link = link_find(ifm.ifm_index)) != NULL &&
	    (!(ifm.ifm_flags & IFF_UP) ||
		ifm.ifm_data.ifi_link_state == LINK_STATE_DOWN))
		link->was_down = 1;
}

static void
heard_announce(const uint8_t *msg, size_t len)
{
	struct if_announcemsghdr ifan;
	struct link *link;

	if (len < sizeof(ifan))
		return;
	memcpy(&ifan, msg, sizeof(ifan));
	if (ifan.ifan_type == RTM_IEEE80211) {
		/* The same header; what names the event.  Of the many only
		 * another network matters. */
		if (ifan.ifan_what == RTM_IEEE80211_ASSOC ||
		    ifan.ifan_what == RTM_IEEE80211_REASSOC ||
		    ifan.ifan_what == RTM_IEEE80211_DISASSOC)
			changed = 1;
		return;
	}
	changed = 1;
	if (ifan.ifan_what == IFAN_DEPARTURE &&
	    (link = link_find(ifan.ifan_index)) != NULL)
		link->departed = 1;
}

/* Neighbour entries come as routes too, with a link as gateway and no index
 * in the header (netinet6/nd6.c:nd6_lle_event). */
static void
heard_neighbor(int type, const struct rt_route *r)
{
	struct in6_addr addr;

	if (r->key.family != AF_INET6 || events->neighbor6 == NULL)
		return;
	memcpy(&addr, r->key.dst, sizeof(addr));
	if (IN6_IS_ADDR_LINKLOCAL(&addr) &&
	    (type == RTM_ADD || type == RTM_DELETE))
		events->neighbor6(r->link_ifindex, &addr, type == RTM_ADD);
}

static void
heard_route(const uint8_t *msg, size_t len)
{
	struct rt_msghdr rtm;
	struct rt_route r;

	if (len < sizeof(rtm))
		return;
	memcpy(&rtm, msg, sizeof(rtm));
	/* Our own doing, or a question of ours. */
	if (rtm.rtm_pid == getpid() || rt_parse(msg, len, &r) == -1)
		return;
	if (rtm.rtm_flags & RTF_LLDATA) {
		heard_neighbor(rtm.rtm_type, &r);
		return;
	}
	r.key.fib = 0;
	if (r.key.family == AF_INET6 && r.key.prefixlen == 0)
		changed6 = 1;
	route_suspect(&r.key);
}

static void
heard(const uint8_t *msg, size_t len)
{
	/* The first bytes are common to all kinds. */
	struct {
		u_short len;
		u_char version;
		u_char type;
	} head;

	if (len < sizeof(head))
		return;
	memcpy(&head, msg, sizeof(head));
	if (head.version != RTM_VERSION || head.len > len)
		return;
	switch (head.type) {
	case RTM_IFINFO:
		heard_link(msg, head.len);
		break;
	case RTM_IFANNOUNCE:
	case RTM_IEEE80211:
		heard_announce(msg, head.len);
		break;
	case RTM_NEWADDR:
	case RTM_DELADDR:
		changed = 1;
		break;
	case RTM_ADD:
	case RTM_DELETE:
	case RTM_CHANGE:
		heard_route(msg, head.len);
		break;
	}
}

/* One socket until it is empty.  0 or errno. */
static int
read_socket(int fd)
{
	static union {
		struct rt_msghdr align;
		uint8_t bytes[4096];
	} buf;
	ssize_t n;
	int i;

	for (i = 0; i < BATCH_MAX; i++) {
		n = read(fd, buf.bytes, sizeof(buf.bytes));
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1 && errno == EAGAIN)
			break;
		if (n == -1 && errno == ENOBUFS) {
			/* Lost some: everything is read again. */
			changed = 1;
			route_suspect_all();
			continue;
		}
		if (n == -1)
			return errno;
		heard(buf.bytes, (size_t)n);
	}
	return 0;
}

int
os_monitor_read(void)
{
	const struct timespec now = { 0, 0 };
	struct kevent ready[READY_MAX];
	int error = 0, i, n;

	n = kevent(kq, NULL, 0, ready, READY_MAX, &now);
	if (n == -1)
		return errno == EINTR ? 0 : errno;
	for (i = 0; i < n && error == 0; i++) {
		if (ready[i].filter == EVFILT_TIMER)
			changed = 1;
		else
			error = read_socket((int)ready[i].ident);
	}
	if (error == 0 && changed)
		return os_dump();
	if (route_suspected())
		route_report(events);
	if (changed6) {
		changed6 = 0;
		ipv6_report(events);
	}
	return error;
}

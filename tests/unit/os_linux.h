/* SPDX-License-Identifier: ISC */
/*
 * For the tests of src/os/linux: a network namespace of the test's own, with a
 * veth pair va (ours) and vb (the network), and what the monitor said.
 */
#ifndef LEASED_TESTS_OS_LINUX_H
#define LEASED_TESTS_OS_LINUX_H

#include <sys/param.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <atf-c.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/linux/netlink.h"

#define WAIT_MS 5000
#define ARGS_MAX 24
#define NEVER_MS 200 /* long enough for what must not come */
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* ---- what the monitor said ---- */

struct addr_event {
	uint32_t ifindex;
	struct in_addr addr;
	uint8_t prefixlen;
	int present;
};

static struct {
	struct interface ifaces[32];
	unsigned int niface_events;
	unsigned int ndown; /* of them, without carrier */
	uint32_t gone[32];
	unsigned int ngone;
	struct addr_event addrs[4096];
	unsigned int naddrs;
	unsigned int nroutes_gone;
	struct in_addr route_gone;
	uint32_t usable_if;
	int usable;
	struct state6 states[256];
	unsigned int nstates;
	struct in6_addr route6_gone;
	unsigned int nroutes6_gone;
	struct in6_addr neighbor;
	int reachable;
	unsigned int nneighbors;
} seen;

static int monitor_fd;
static struct interface va;

static inline struct interface *
seen_iface(const char *name)
{
	size_t i;

	for (i = 0; i < 32; i++)
		if (strcmp(seen.ifaces[i].name, name) == 0)
			return &seen.ifaces[i];
	return NULL;
}

static inline void
on_interface(const struct interface *iface)
{
	size_t i;

	seen.niface_events++;
	if (!(iface->flags & IFACE_RUNNING))
		seen.ndown++;
	for (i = 0; i < 31; i++)
		if (seen.ifaces[i].ifindex == 0 ||
		    seen.ifaces[i].ifindex == iface->ifindex)
			break;
	seen.ifaces[i] = *iface;
}

static inline void
on_gone(uint32_t ifindex)
{
	if (seen.ngone < 32)
		seen.gone[seen.ngone++] = ifindex;
}

static inline void
on_addr4(uint32_t ifindex, struct in_addr addr, uint8_t prefixlen, int present)
{
	struct addr_event e = { ifindex, addr, prefixlen, present };

	if (seen.naddrs < COUNT(seen.addrs))
		seen.addrs[seen.naddrs++] = e;
}

static inline void
on_usable6(uint32_t ifindex, int usable)
{
	seen.usable_if = ifindex;
	seen.usable = usable;
}

static inline void
on_route_gone(uint32_t ifindex, struct in_addr dst, uint8_t prefixlen,
    struct in_addr gateway)
{
	(void)ifindex;
	(void)prefixlen;
	(void)gateway;
	seen.nroutes_gone++;
	seen.route_gone = dst;
}

static inline void
on_addr6(const struct state6 *state)
{
	if (seen.nstates < COUNT(seen.states))
		seen.states[seen.nstates++] = *state;
}

static inline void
on_route6_gone(uint32_t ifindex, const struct in6_addr *dst, uint8_t prefixlen,
    const struct in6_addr *gateway)
{
	(void)ifindex;
	(void)prefixlen;
	(void)gateway;
	seen.nroutes6_gone++;
	seen.route6_gone = *dst;
}

static inline void
on_neighbor6(uint32_t ifindex, const struct in6_addr *addr, int reachable)
{
	(void)ifindex;
	seen.nneighbors++;
	seen.neighbor = *addr;
	seen.reachable = reachable;
}

static const struct os_events events = {
	.interface = on_interface,
	.interface_gone = on_gone,
	.addr4 = on_addr4,
	.ipv6_usable = on_usable6,
	.route4_gone = on_route_gone,
	.addr6 = on_addr6,
	.neighbor6 = on_neighbor6,
	.route6_gone = on_route6_gone,
};

/* ---- helpers ---- */

static inline struct in_addr
ip4(const char *text)
{
	struct in_addr addr;

	ATF_REQUIRE_EQ(inet_pton(AF_INET, text, &addr), 1);
	return addr;
}

/* Run ip(8) with words split at spaces; its output, or exit status. */
static char output[65536];

static inline int
ip(const char *fmt, ...)
{
	char line[1024], *argv[ARGS_MAX + 1], *word, *next = line;
	int fds[2], i = 0, status;
	size_t len = 0;
	ssize_t n;
	pid_t pid;
	va_list ap;

	va_start(ap, fmt);
	ATF_REQUIRE(vsnprintf(line, sizeof(line), fmt, ap) > 0);
	va_end(ap);
	argv[i++] = strdup("ip");
	while (i < ARGS_MAX && (word = strsep(&next, " ")) != NULL)
		argv[i++] = word;
	argv[i] = NULL;
	ATF_REQUIRE_EQ(pipe(fds), 0);
	ATF_REQUIRE((pid = fork()) != -1);
	if (pid == 0) {
		dup2(fds[1], STDOUT_FILENO);
		close(fds[0]);
		close(fds[1]);
		execvp("ip", argv);
		_exit(127);
	}
	close(fds[1]);
	while ((n = read(fds[0], output + len, sizeof(output) - 1 - len)) > 0)
		len += (size_t)n;
	output[len] = '\0';
	close(fds[0]);
	ATF_REQUIRE_EQ(waitpid(pid, &status, 0), pid);
	free(argv[0]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

#define IP(...) ATF_REQUIRE_EQ_MSG(ip(__VA_ARGS__), 0, "ip failed")

static inline int
readable(int fd, int ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };

	return poll(&pfd, 1, ms) == 1;
}

/* Read events until the condition holds; at most WAIT_MS. */
#define WAIT_FOR(cond)                                                \
	do {                                                          \
		uint64_t until_ = os_clock_ms() + WAIT_MS;            \
		while (!(cond) && os_clock_ms() < until_)             \
			if (readable(monitor_fd, 100))                \
				ATF_REQUIRE_EQ(os_monitor_read(), 0); \
		ATF_REQUIRE_MSG(cond, "never came: %s", #cond);       \
	} while (0)

/* Read what there is. */
static inline void
settle(void)
{
	while (readable(monitor_fd, 50))
		ATF_REQUIRE_EQ(os_monitor_read(), 0);
}

static inline void namespace(void)
{
	ATF_REQUIRE_EQ(unshare(CLONE_NEWNET), 0);
	IP("link set lo up");
	IP("link add va address 02:00:00:00:00:0a type veth peer name vb "
	   "address 02:00:00:00:00:0b");
	IP("link set va up");
	IP("link set vb up");
	ATF_REQUIRE_EQ(os_init(&events, &monitor_fd), 0);
	ATF_REQUIRE_EQ(os_dump(), 0);
	WAIT_FOR(seen_iface("va") != NULL &&
	    (seen_iface("va")->flags & IFACE_RUNNING) &&
	    (seen_iface("vb")->flags & IFACE_RUNNING));
	settle();
	va = *seen_iface("va");
}

static inline int
count_addr(const char *addr, int present)
{
	struct in_addr want = ip4(addr);
	unsigned int i;
	int n = 0;

	for (i = 0; i < seen.naddrs; i++)
		if (seen.addrs[i].addr.s_addr == want.s_addr &&
		    seen.addrs[i].present == present)
			n++;
	return n;
}

static inline struct addr4
address(const char *addr, uint8_t prefixlen, uint32_t valid_sec)
{
	struct addr4 a = { .addr = ip4(addr),
		.valid_sec = valid_sec,
		.prefixlen = prefixlen };

	a.broadcast.s_addr = a.addr.s_addr |
	    (prefixlen < 32 ? htonl(0xffffffffU >> prefixlen) : 0);
	return a;
}

static inline struct os_route4
route(const struct interface *iface, const char *dst, uint8_t prefixlen,
    const char *gateway, uint32_t metric)
{
	struct os_route4 r = { .ifindex = iface->ifindex,
		.dst = ip4(dst),
		.gateway = ip4(gateway),
		.metric = metric,
		.prefixlen = prefixlen };

	return r;
}

#define TEST(name, text)                                       \
	ATF_TC(name);                                          \
	ATF_TC_HEAD(name, tc)                                  \
	{                                                      \
		atf_tc_set_md_var(tc, "descr", text);          \
		atf_tc_set_md_var(tc, "require.user", "root"); \
	}                                                      \
	ATF_TC_BODY(name, tc)

#endif

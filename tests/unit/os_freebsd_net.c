/* SPDX-License-Identifier: ISC */
/* FreeBSD: a network stack of the test's own; see os_freebsd_net.h. */

#include <sys/param.h>
#include <sys/jail.h>
#include <sys/linker.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <ctype.h>
#include <ifaddrs.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "os_freebsd_net.h"

#define LINKS_MAX 32
#define ARGS_MAX 16
#define WAIT_MS 5000

unsigned int net_route_gone;
static struct seen_link seen[LINKS_MAX];
static struct {
	struct in_addr addr;
	int present;
} addrs[64];
static unsigned int naddrs;
static int monitor;

/* ---- events ---- */

static void
on_interface(const struct interface *info)
{
	struct seen_link *free_one = NULL, *s;
	int i;

	for (i = 0; i < LINKS_MAX; i++) {
		s = &seen[i];
		if (s->present && s->info.ifindex == info->ifindex)
			break;
		if (!s->present && s->told == 0 && free_one == NULL)
			free_one = s;
	}
	if (i == LINKS_MAX)
		s = free_one;
	ATF_REQUIRE(s != NULL);
	if ((s->info.flags & IFACE_RUNNING) && !(info->flags & IFACE_RUNNING))
		s->downs++;
	s->info = *info;
	s->present = 1;
	s->told++;
}

static void
on_gone(uint32_t ifindex)
{
	int i;

	for (i = 0; i < LINKS_MAX; i++)
		if (seen[i].present && seen[i].info.ifindex == ifindex)
			seen[i].present = 0;
}

static void
on_addr4(uint32_t ifindex, struct in_addr addr, uint8_t prefixlen, int present)
{
	unsigned int i;

	(void)ifindex;
	(void)prefixlen;
	for (i = 0; i < naddrs; i++)
		if (addrs[i].addr.s_addr == addr.s_addr)
			break;
	ATF_REQUIRE(i < 64);
	if (i == naddrs)
		naddrs++;
	addrs[i].addr = addr;
	addrs[i].present = present;
}

static void
on_usable(uint32_t ifindex, int usable)
{
	(void)ifindex;
	(void)usable;
}

static void
on_route4(uint32_t ifindex, struct in_addr dst, uint8_t prefixlen,
    struct in_addr gateway)
{
	(void)ifindex;
	(void)dst;
	(void)prefixlen;
	(void)gateway;
	net_route_gone++;
}

static const struct os_events events = {
	.interface = on_interface,
	.interface_gone = on_gone,
	.addr4 = on_addr4,
	.ipv6_usable = on_usable,
	.route4_gone = on_route4,
};

struct seen_link *
net_link(const char *name)
{
	int i;

	/* Of one that was made anew the newer. */
	for (i = LINKS_MAX - 1; i >= 0; i--)
		if (seen[i].told > 0 && strcmp(seen[i].info.name, name) == 0)
			return &seen[i];
	return NULL;
}

struct interface *
net_info(const char *name)
{
	struct seen_link *s = net_link(name);

	ATF_REQUIRE_MSG(s != NULL && s->present, "%s", name);
	return &s->info;
}

int
net_addr4(const char *addr)
{
	struct in_addr want = ip4(addr);
	unsigned int i;

	for (i = 0; i < naddrs; i++)
		if (addrs[i].addr.s_addr == want.s_addr)
			return addrs[i].present;
	return -1;
}

int
net_wait(void)
{
	struct pollfd pfd = { .fd = monitor, .events = POLLIN };

	if (poll(&pfd, 1, WAIT_MS) != 1)
		return 0;
	ATF_REQUIRE_EQ(0, os_monitor_read());
	return 1;
}

/* ---- the stack ---- */

static void
param(struct iovec *iov, const char *name, void *value, size_t size)
{
	union {
		const char *c;
		void *v;
	} n = { .c = name };

	iov[0].iov_base = n.v;
	iov[0].iov_len = strlen(name) + 1;
	iov[1].iov_base = value;
	iov[1].iov_len = size;
}

void
net_begin(void)
{
	char path[] = "/", name[32], cwd[PATH_MAX];
	int children = 1, vnet = JAIL_SYS_NEW;
	struct iovec iov[10];

	(void)kldload("if_epair"); /* EEXIST: built in */
	snprintf(name, sizeof(name), "leasedtest%d", (int)getpid());
	ATF_REQUIRE(getcwd(cwd, sizeof(cwd)) != NULL);
	param(iov, "path", path, sizeof(path));
	param(iov + 2, "name", name, strlen(name) + 1);
	param(iov + 4, "host.hostname", name, strlen(name) + 1);
	param(iov + 6, "vnet", &vnet, sizeof(vnet));
	param(iov + 8, "children.max", &children, sizeof(children));
	ATF_REQUIRE_MSG(jail_set(iov, 10, JAIL_CREATE | JAIL_ATTACH) != -1,
	    "VNET jail: %s", strerror(errno));
	/* jail_attach(2) leaves us in the jail's root. */
	ATF_REQUIRE_EQ(0, chdir(cwd));
	net_do("ifconfig lo0 inet 127.0.0.1/8 up");
	ATF_REQUIRE_EQ(0, os_init(&events, &monitor));
	ATF_REQUIRE_EQ(0, os_dump());
}

static void
peer_end(void)
{
	(void)net_run("jail", "-r", "peer", NULL);
}

void
net_peer(const char *ifname)
{
	char line[128];

	snprintf(line, sizeof(line),
	    "jail -c name=peer path=/ persist vnet vnet.interface=%s", ifname);
	net_do(line);
	/* It would keep ours, which has no other process. */
	ATF_REQUIRE_EQ(0, atexit(peer_end));
}

int
net_run(const char *program, ...)
{
	char *argv[ARGS_MAX];
	char copy[ARGS_MAX][64];
	int n = 0, status;
	const char *arg;
	va_list ap;
	pid_t pid;

	va_start(ap, program);
	for (arg = program; arg != NULL && n < ARGS_MAX - 1;
	     arg = va_arg(ap, const char *)) {
		strlcpy(copy[n], arg, sizeof(copy[n]));
		argv[n] = copy[n];
		n++;
	}
	va_end(ap);
	argv[n] = NULL;
	ATF_REQUIRE((pid = fork()) != -1);
	if (pid == 0) {
		execvp(argv[0], argv);
		_exit(127);
	}
	ATF_REQUIRE_EQ(pid, waitpid(pid, &status, 0));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

void
net_do(const char *line)
{
	char copy[256], *words[ARGS_MAX] = { NULL }, *rest = copy;
	int n = 0;

	strlcpy(copy, line, sizeof(copy));
	while (n < ARGS_MAX - 1 && (words[n] = strsep(&rest, " ")) != NULL)
		n++;
	ATF_REQUIRE_EQ_MSG(0,
	    net_run(words[0], words[1], words[2], words[3], words[4], words[5],
		words[6], words[7], words[8], words[9], words[10], NULL),
	    "%s", line);
}

uint32_t
net_epair(unsigned int n)
{
	char line[64], a[16];

	snprintf(line, sizeof(line), "ifconfig epair%u create", n);
	net_do(line);
	snprintf(line, sizeof(line), "ifconfig epair%ua up", n);
	net_do(line);
	snprintf(line, sizeof(line), "ifconfig epair%ub up", n);
	net_do(line);
	snprintf(a, sizeof(a), "epair%ua", n);
	net_until(
	    net_link(a) != NULL && (net_link(a)->info.flags & IFACE_RUNNING));
	return net_info(a)->ifindex;
}

struct in_addr
ip4(const char *text)
{
	struct in_addr addr;

	ATF_REQUIRE_EQ_MSG(1, inet_pton(AF_INET, text, &addr), "%s", text);
	return addr;
}

struct in6_addr
in6(const char *text)
{
	struct in6_addr addr;

	ATF_REQUIRE_EQ_MSG(1, inet_pton(AF_INET6, text, &addr), "%s", text);
	return addr;
}

int
net_has_route(const char *beginning)
{
	char line[512], squeezed[512];
	size_t i, n;
	int found = 0, p[2], status;
	pid_t pid;
	FILE *f;

	ATF_REQUIRE_EQ(0, pipe(p));
	ATF_REQUIRE((pid = fork()) != -1);
	if (pid == 0) {
		dup2(p[1], STDOUT_FILENO);
		execlp("netstat", "netstat", "-rnW", NULL);
		_exit(127);
	}
	close(p[1]);
	ATF_REQUIRE((f = fdopen(p[0], "r")) != NULL);
	while (fgets(line, sizeof(line), f) != NULL) {
		for (i = n = 0; line[i] != '\0'; i++)
			if (!isspace((unsigned char)line[i]))
				squeezed[n++] = line[i];
			else if (n > 0 && squeezed[n - 1] != ' ')
				squeezed[n++] = ' ';
		squeezed[n] = '\0';
		if (strncmp(squeezed, beginning, strlen(beginning)) == 0)
			found++;
	}
	fclose(f);
	ATF_REQUIRE_EQ(pid, waitpid(pid, &status, 0));
	return found;
}

/* Poll: no event tells the end of duplicate address detection. */
struct in6_addr
net_ready_ll(const char *ifname)
{
	const struct timespec step = { 0, 50000000 };
	struct sockaddr_in6 sin6;
	struct ifaddrs *list, *ifa;
	struct state6 st;
	int tries;

	for (tries = 0; tries < 100; tries++) {
		ATF_REQUIRE_EQ(0, getifaddrs(&list));
		for (ifa = list; ifa != NULL; ifa = ifa->ifa_next) {
			if (ifa->ifa_addr == NULL ||
			    ifa->ifa_addr->sa_family != AF_INET6 ||
			    strcmp(ifa->ifa_name, ifname) != 0)
				continue;
			memcpy(&sin6, ifa->ifa_addr, sizeof(sin6));
			if (IN6_IS_ADDR_LINKLOCAL(&sin6.sin6_addr) &&
			    os_addr6_state(net_info(ifname)->ifindex,
				&sin6.sin6_addr, &st) == 0 &&
			    st.flags == STATE6_PRESENT) {
				freeifaddrs(list);
				return sin6.sin6_addr;
			}
		}
		freeifaddrs(list);
		nanosleep(&step, NULL);
	}
	atf_tc_fail("%s: no link-local address that is ready", ifname);
}

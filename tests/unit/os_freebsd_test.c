/* SPDX-License-Identifier: ISC */
/* FreeBSD: interfaces, addresses, routes and sandboxes on a real kernel, in a
 * VNET jail of the test's own. */

#include <sys/types.h>
#include <sys/capsicum.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <net/bpf.h>
#include <netinet/in.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "os_freebsd_net.h"

#define NOBODY 65534

/* ---- links ---- */

TEST_ROOT(freebsd_interface_comes_and_goes,
    "Y-01: created, down and up, renamed, destroyed, made anew under its index")
{
	struct seen_link *link;
	uint32_t ifindex;

	net_begin();
	ATF_CHECK(net_info("lo0")->flags & IFACE_LOOPBACK);
	ifindex = net_epair(0);
	link = net_link("epair0a");
	ATF_CHECK(link->info.flags & IFACE_ETHERNET);
	ATF_CHECK_EQ(1, link->info.hwtype);
	ATF_CHECK_EQ(6, link->info.hwaddr_len);
	ATF_CHECK_EQ(1500, link->info.mtu);
	ATF_CHECK_EQ(0, os_mtu_set(ifindex, 1400));
	net_until(net_info("epair0a")->mtu == 1400);
	net_do("ifconfig epair0a down");
	net_until(!(net_info("epair0a")->flags & IFACE_UP));
	ATF_CHECK_EQ(0, os_link_up(ifindex));
	net_until(net_info("epair0a")->flags & IFACE_UP);
	net_do("ifconfig epair0a name wan0");
	net_until(net_link("wan0") != NULL);
	ATF_CHECK_EQ_MSG(ifindex, net_info("wan0")->ifindex, "a rename");
	net_do("ifconfig wan0 destroy");
	net_until(!net_link("wan0")->present);
	net_epair(0);
}

TEST_ROOT(freebsd_interface_short_link_loss_is_told,
    "D4-22: down and up between two readings is down and up all the same")
{
	unsigned int downs;

	net_begin();
	net_epair(0);
	downs = net_link("epair0a")->downs;
	net_do("ifconfig epair0a down");
	net_do("ifconfig epair0a up");
	net_until(net_link("epair0a")->downs > downs &&
	    (net_info("epair0a")->flags & IFACE_RUNNING));
}

TEST_ROOT(freebsd_interface_members_are_marked,
    "Y-22: of a bridge, and no more when they leave it")
{
	net_begin();
	net_epair(0);
	net_do("ifconfig bridge0 create");
	net_do("ifconfig bridge0 addm epair0a up");
	net_until(net_info("epair0a")->flags & IFACE_MEMBER);
	ATF_CHECK(!(net_info("epair0b")->flags & IFACE_MEMBER));
	net_do("ifconfig bridge0 deletem epair0a");
	net_until(!(net_info("epair0a")->flags & IFACE_MEMBER));
}

/* ---- IPv4 ---- */

static struct addr4
addr4(const char *addr, uint8_t prefixlen)
{
	struct addr4 a;

	memset(&a, 0, sizeof(a));
	a.addr = ip4(addr);
	a.prefixlen = prefixlen;
	a.valid_sec = 3600;
	return a;
}

static struct os_route4
route4(uint32_t ifindex, const char *dst, uint8_t prefixlen,
    const char *gateway, uint32_t metric)
{
	struct os_route4 r;

	memset(&r, 0, sizeof(r));
	r.ifindex = ifindex;
	r.dst = ip4(dst);
	r.prefixlen = prefixlen;
	r.gateway = ip4(gateway);
	r.metric = metric;
	return r;
}

TEST_ROOT(freebsd_addr4_renewal_touches_nothing,
    "D4-18, Y-26: adding it again leaves its routes; others stay")
{
	struct addr4 a = addr4("192.0.2.5", 24), b = addr4("192.0.2.9", 24);
	struct os_route4 r;
	uint32_t ifindex;

	net_begin();
	ifindex = net_epair(0);
	net_do("ifconfig epair0a inet 192.0.2.200/24");
	net_until(net_addr4("192.0.2.200") == 1);
	ATF_REQUIRE_EQ(0, os_addr4_add(ifindex, &a, 100));
	net_until(net_addr4("192.0.2.5") == 1);
	r = route4(ifindex, "0.0.0.0", 0, "192.0.2.1", 100);
	r.source = a.addr;
	ATF_REQUIRE_EQ(0, os_route4_add(&r));
	ATF_CHECK(net_has_route("default 192.0.2.1 UGS1"));
	ATF_REQUIRE_EQ(0, os_addr4_add(ifindex, &a, 100));
	ATF_CHECK(net_has_route("default 192.0.2.1 UGS1"));
	ATF_CHECK(os_addr4_ours(ifindex, a.addr, 24));
	ATF_CHECK(!os_addr4_ours(ifindex, a.addr, 25));
	ATF_CHECK(!os_addr4_ours(ifindex, b.addr, 24));
	/* An address that is not there is no reason to remove another. */
	ATF_CHECK_EQ(0, os_addr4_remove(ifindex, &b));
	ATF_CHECK_EQ(0, os_addr4_remove(ifindex, &a));
	net_until(net_addr4("192.0.2.5") == 0);
	ATF_CHECK_EQ(1, net_addr4("192.0.2.200"));
	ATF_CHECK_EQ(0, os_addr4_remove(ifindex, &a));
	/* The route went with its source address, and is told. */
	net_until(net_route_gone == 1);
}

TEST_ROOT(freebsd_addr4_stays_over_down_and_up,
    "Y-23: the kernel says RTM_DELADDR, the address is there all the same")
{
	struct addr4 a = addr4("192.0.2.5", 24);
	uint32_t ifindex;

	net_begin();
	ifindex = net_epair(0);
	ATF_REQUIRE_EQ(0, os_addr4_add(ifindex, &a, 100));
	net_until(net_addr4("192.0.2.5") == 1);
	net_do("ifconfig epair0a down");
	net_until(!(net_info("epair0a")->flags & IFACE_UP));
	ATF_CHECK_EQ(1, net_addr4("192.0.2.5"));
}

TEST_ROOT(freebsd_route4_best_metric_alone,
    "Y-09: one default route, the next takes over; never a second path")
{
	struct addr4 a = addr4("192.0.2.5", 24), b = addr4("198.51.100.5", 24);
	struct os_route4 first, second;
	uint32_t i0, i1;

	net_begin();
	i0 = net_epair(0);
	i1 = net_epair(1);
	ATF_REQUIRE_EQ(0, os_addr4_add(i0, &a, 200));
	ATF_REQUIRE_EQ(0, os_addr4_add(i1, &b, 100));
	first = route4(i0, "0.0.0.0", 0, "192.0.2.1", 200);
	second = route4(i1, "0.0.0.0", 0, "198.51.100.1", 100);
	ATF_REQUIRE_EQ(0, os_route4_add(&first));
	ATF_CHECK(net_has_route("default 192.0.2.1 UGS1"));
	ATF_REQUIRE_EQ(0, os_route4_add(&second));
	ATF_CHECK(net_has_route("default 198.51.100.1 UGS1"));
	ATF_CHECK_EQ(1, net_has_route("default"));
	ATF_CHECK(os_route4_ours(&second));
	ATF_CHECK(!os_route4_ours(&first));
	ATF_REQUIRE_EQ(0, os_route4_remove(&second));
	ATF_CHECK(net_has_route("default 192.0.2.1 UGS1"));
	ATF_REQUIRE_EQ(0, os_route4_remove(&first));
	ATF_CHECK_EQ(0, net_has_route("default"));
}

TEST_ROOT(freebsd_route4_of_the_administrator_stays,
    "Y-09, Y-26: ours waits until his is gone; his group of paths is left "
    "alone")
{
	struct addr4 a = addr4("192.0.2.5", 24);
	struct os_route4 ours;
	uint32_t ifindex;

	net_begin();
	ifindex = net_epair(0);
	ATF_REQUIRE_EQ(0, os_addr4_add(ifindex, &a, 100));
	net_do("route -q add default 192.0.2.77");
	net_do("route -q add default 192.0.2.78");
	ours = route4(ifindex, "0.0.0.0", 0, "192.0.2.1", 100);
	ATF_REQUIRE_EQ(0, os_route4_add(&ours));
	ATF_CHECK_EQ(2, net_has_route("default"));
	ATF_CHECK(!os_route4_ours(&ours));
	net_do("route -q delete default 192.0.2.77");
	net_do("route -q delete default 192.0.2.78");
	net_until(net_has_route("default 192.0.2.1 UGS1"));
	/* And he may take it away: that is told. */
	net_do("route -q delete default");
	net_until(net_route_gone == 1);
}

TEST_ROOT(freebsd_route4_details,
    "D4-24: on-link router, classless routes, MTU, change in place")
{
	struct addr4 a = addr4("192.0.2.5", 32);
	struct os_route4 host, def, net;
	uint32_t ifindex;

	net_begin();
	ifindex = net_epair(0);
	ATF_REQUIRE_EQ(0, os_addr4_add(ifindex, &a, 100));
	host = route4(ifindex, "203.0.113.1", 32, "0.0.0.0", 100);
	def = route4(ifindex, "0.0.0.0", 0, "203.0.113.1", 100);
	def.onlink = 1;
	net = route4(ifindex, "198.51.100.0", 24, "203.0.113.1", 100);
	net.mtu = 1400;
	ATF_REQUIRE_EQ(0, os_route4_add(&host));
	ATF_REQUIRE_EQ(0, os_route4_add(&def));
	ATF_REQUIRE_EQ(0, os_route4_add(&net));
	ATF_CHECK(net_has_route("203.0.113.1 link#"));
	ATF_CHECK(net_has_route("default 203.0.113.1 UGS1"));
	ATF_CHECK(net_has_route("198.51.100.0/24 203.0.113.1 UGS1"));
	ATF_CHECK(os_route4_ours(&host));
	ATF_CHECK(os_route4_ours(&net));
	net.mtu = 0;
	ATF_REQUIRE_EQ(0, os_route4_add(&net));
	def.mtu = 1300;
	def.source = a.addr;
	ATF_REQUIRE_EQ(0, os_route4_add(&def));
	ATF_CHECK_EQ(1, net_has_route("default"));
	ATF_CHECK_EQ(0, os_route4_remove(&net));
	ATF_CHECK_EQ(0, os_route4_remove(&net));
	ATF_CHECK_EQ(0, os_route4_remove(&def));
	ATF_CHECK_EQ(0, os_route4_remove(&host));
}

/* ---- packet descriptors ---- */

static uint32_t buflen;

static int
bpf_dhcp4(const char *ifname)
{
	int fd = -1;

	ATF_REQUIRE_EQ(0, os_socket_dhcp4(net_info(ifname), &fd, &buflen));
	return fd;
}

/* DHCP between client and server, for the filters. */
static size_t
frame(uint8_t *b, const struct interface *client, uint8_t op)
{
	size_t len = 14 + 20 + 8 + 300;

	memset(b, 0, len);
	memset(b, 0xff, 6);
	b[12] = 0x08;
	b[14] = 0x45;
	b[16] = (uint8_t)((len - 14) >> 8);
	b[17] = (uint8_t)(len - 14);
	b[22] = 64;
	b[23] = IPPROTO_UDP;
	b[35] = op == 1 ? 68 : 67;
	b[37] = op == 1 ? 67 : 68;
	b[42] = op;
	b[43] = 1;
	b[44] = 6;
	memcpy(b + 42 + 28, client->hwaddr, 6);
	return len;
}

/* The other end: an unfiltered descriptor. */
static int
bpf_open(const char *ifname)
{
	unsigned int one = 1;
	struct ifreq ifr;
	int fd = open("/dev/bpf", O_RDWR | O_NONBLOCK);

	ATF_REQUIRE(fd != -1);
	memset(&ifr, 0, sizeof(ifr));
	strlcpy(ifr.ifr_name, ifname, sizeof(ifr.ifr_name));
	ATF_REQUIRE(ioctl(fd, BIOCSETIF, &ifr) == 0 &&
	    ioctl(fd, BIOCIMMEDIATE, &one) == 0);
	return fd;
}

static int frames;

static void
count_frame(void *arg, const uint8_t *data, size_t len, int flags)
{
	(void)arg;
	(void)data;
	(void)len;
	(void)flags;
	frames++;
}

/* Frames that arrive within a second, or none. */
static int
receive(int fd, enum channel channel, int want)
{
	const struct timespec step = { 0, 10000000 };
	int tries;

	frames = 0;
	for (tries = 0; tries < 100 && frames < want; tries++) {
		ATF_REQUIRE(os_packet_read(fd, channel, buflen, 16, count_frame,
				NULL) != -1);
		nanosleep(&step, NULL);
	}
	return frames;
}

TEST_ROOT(freebsd_bpf_passes_this_client_alone,
    "D4-01, D4-02, Y-14: filters both ways, locked, no right but its own")
{
	struct interface *iface;
	uint8_t b[600];
	int fd, peer;
	size_t len;

	net_begin();
	net_epair(0);
	iface = net_info("epair0a");
	fd = bpf_dhcp4("epair0a");
	peer = bpf_open("epair0b");
	len = frame(b, iface, 1);
	ATF_CHECK_EQ(0, os_packet_send(fd, CHANNEL_DHCP4, b, len));
	len = frame(b, iface, 2);
	ATF_CHECK_EQ_MSG(
	    EPERM, os_packet_send(fd, CHANNEL_DHCP4, b, len), "an answer");
	ATF_REQUIRE_EQ((ssize_t)len, write(peer, b, len));
	ATF_CHECK_EQ(1, receive(fd, CHANNEL_DHCP4, 1));
	b[42 + 28]++;
	ATF_REQUIRE_EQ((ssize_t)len, write(peer, b, len));
	b[42 + 28]--;
	b[12] = 0x86;
	ATF_REQUIRE_EQ((ssize_t)len, write(peer, b, len));
	b[12] = 0x08;
	ATF_REQUIRE_EQ((ssize_t)len, write(peer, b, len));
	ATF_CHECK_EQ_MSG(1, receive(fd, CHANNEL_DHCP4, 3), "the last alone");
	ATF_CHECK_EQ(-1, ioctl(fd, BIOCPROMISC));
	ATF_CHECK_EQ(ENOTCAPABLE, errno);
	ATF_CHECK_EQ(-1, fcntl(fd, F_SETFL, 0));
	ATF_CHECK_EQ(ENOTCAPABLE, errno);
	ATF_CHECK_EQ(-1,
	    os_packet_read(
		fd, CHANNEL_DHCP4, buflen + 1, 1, count_frame, NULL));
	net_do("ifconfig epair0a down");
	len = frame(b, iface, 1);
	ATF_CHECK_EQ(ENETDOWN, os_packet_send(fd, CHANNEL_DHCP4, b, len));
	net_do("ifconfig epair0a destroy");
	ATF_CHECK_EQ(ENXIO, os_packet_send(fd, CHANNEL_DHCP4, b, len));
	ATF_CHECK_EQ(-1,
	    os_packet_read(fd, CHANNEL_DHCP4, buflen, 1, count_frame, NULL));
	ATF_CHECK_EQ(ENXIO, errno);
}

TEST_ROOT(freebsd_bpf_arp_of_one_address,
    "AC-01, AC-02: probes leave with our address alone; answers come in")
{
	struct interface *iface;
	struct in_addr x = ip4("192.0.2.5"), none = { 0 };
	uint8_t b[60];
	int fd = -1, peer;

	net_begin();
	net_epair(0);
	iface = net_info("epair0a");
	ATF_REQUIRE_EQ(0, os_socket_arp(iface, x, none, &fd, &buflen));
	peer = bpf_open("epair0b");
	memset(b, 0, sizeof(b));
	memset(b, 0xff, 6);
	memcpy(b + 12, "\x08\x06\x00\x01\x08\x00\x06\x04\x00\x01", 10);
	memcpy(b + 22, iface->hwaddr, 6);
	memcpy(b + 38, &x, 4);
	ATF_CHECK_EQ(0, os_packet_send(fd, CHANNEL_ARP, b, sizeof(b)));
	b[22]++;
	ATF_CHECK_EQ(EPERM, os_packet_send(fd, CHANNEL_ARP, b, sizeof(b)));
	/* Somebody else has it. */
	b[21] = 2;
	memcpy(b + 28, &x, 4);
	ATF_REQUIRE_EQ((ssize_t)sizeof(b), write(peer, b, sizeof(b)));
	ATF_CHECK_EQ(1, receive(fd, CHANNEL_ARP, 1));
	iface->flags &= ~(uint32_t)IFACE_ETHERNET;
	ATF_CHECK_EQ(EAFNOSUPPORT, os_socket_arp(iface, x, none, &fd, &buflen));
	ATF_CHECK_EQ(EAFNOSUPPORT, os_socket_dhcp4(iface, &fd, &buflen));
}

/* ---- UDP ---- */

TEST_ROOT(freebsd_udp4_sends_and_is_deaf,
    "D4-19, Y-17: connected by the parent, {send, event}; who holds the port")
{
	struct addr4 a = addr4("192.0.2.5", 24);
	struct interface *iface;
	uint32_t uid = 1;
	char byte;
	int fd = -1, has_owner, sink = -1;

	net_begin();
	net_epair(0);
	iface = net_info("epair0a");
	ATF_REQUIRE_EQ(0, os_addr4_add(iface->ifindex, &a, 100));
	ATF_CHECK_EQ(0, os_port_owner(68, &uid, &has_owner));
	ATF_REQUIRE_EQ(0, os_socket_sink(&sink));
	ATF_CHECK_EQ(EADDRINUSE, os_port_owner(68, &uid, &has_owner));
	ATF_CHECK_EQ(1, has_owner);
	ATF_CHECK_EQ(0, uid);
	ATF_REQUIRE_EQ(0, os_socket_udp4(iface, a.addr, ip4("192.0.2.1"), &fd));
	ATF_CHECK_EQ(0, os_packet_send(fd, CHANNEL_UDP4, (uint8_t *)"x", 1));
	ATF_CHECK_EQ(-1, recv(fd, &byte, 1, 0));
	ATF_CHECK_EQ(ENOTCAPABLE, errno);
	close(fd);
	ATF_CHECK_EQ(EADDRNOTAVAIL,
	    os_socket_udp4(iface, ip4("192.0.2.6"), ip4("192.0.2.1"), &fd));
}

/* ---- sandboxes (Y-14) ---- */

/* Calls that a child must not get through with; the number of those that did
 * as exit code. */
static int
attempts(void)
{
	struct sockaddr_in sin = { .sin_len = sizeof(sin),
		.sin_family = AF_INET };
	int broken = 0, s;

	broken += open("/", O_RDONLY) != -1 || errno != ECAPMODE;
	broken += socket(PF_ROUTE, SOCK_RAW, 0) != -1 && getuid() == 0;
	broken += socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6) != -1;
	broken += setuid(0) != -1;
	broken += setgroups(0, NULL) != -1;
	broken += chroot("/") != -1;
	broken += kill(getppid(), 0) != -1 || errno != ECAPMODE;
	if ((s = socket(AF_INET, SOCK_DGRAM, 0)) != -1) {
		broken += bind(s, (struct sockaddr *)&sin, sizeof(sin)) != -1;
		broken +=
		    connect(s, (struct sockaddr *)&sin, sizeof(sin)) != -1;
		broken += sendto(s, "x", 1, 0, (struct sockaddr *)&sin,
			      sizeof(sin)) != -1 ||
		    errno != ECAPMODE;
	}
	return broken;
}

static int
child(enum ipc_role role)
{
	struct ipc_sandbox report;

	memset(&report, 0, sizeof(report));
	report.role = role;
	/* What a child begins with: a channel on 3, a pipe on 4. */
	if (dup2(STDERR_FILENO, 3) == -1 || dup2(STDERR_FILENO, 4) == -1)
		return 100;
	if (os_drop(NOBODY, NOBODY, os_empty_dir) != 0)
		return 101;
	if (os_sandbox_report(&report) != 0)
		return 102;
	report.role = role;
	if (os_sandbox_missing(&report) == NULL)
		return 103; /* it would run without */
	if (os_sandbox(role, -1, NULL) != 0)
		return 104;
	if (os_sandbox_report(&report) != 0)
		return 105;
	if (os_sandbox_missing(&report) != NULL || report.uid != NOBODY ||
	    !(report.flags & SANDBOX_CAPSICUM) ||
	    !(report.flags & SANDBOX_CHROOT))
		return 106;
	/* The clock still runs. */
	if (os_clock_ms() == 0)
		return 107;
	return attempts();
}

TEST_ROOT(freebsd_sandbox_is_on_and_holds,
    "Y-14: frontend and engine prove capability mode; forbidden calls fail")
{
	static const enum ipc_role roles[] = { ROLE_FRONTEND, ROLE_ENGINE };
	int status;
	size_t i;
	pid_t pid;

	for (i = 0; i < 2; i++) {
		ATF_REQUIRE((pid = fork()) != -1);
		if (pid == 0)
			_exit(child(roles[i]));
		ATF_REQUIRE_EQ(pid, waitpid(pid, &status, 0));
		ATF_CHECK(WIFEXITED(status));
		ATF_CHECK_EQ(0, WEXITSTATUS(status));
	}
	ATF_CHECK_EQ(EPERM, os_drop(0, NOBODY, os_empty_dir));
	ATF_CHECK_EQ(EPERM, os_drop(NOBODY, 0, os_empty_dir));
	ATF_REQUIRE_EQ(0, mkdir("open", 0777));
	ATF_REQUIRE_EQ(0, chmod("open", 0777));
	ATF_CHECK_EQ(EPERM, os_drop(NOBODY, NOBODY, "open"));
}

TEST_ROOT(freebsd_misc, "Y-10: boot id, own path, clock")
{
	char a[64], b[64], path[1024];

	ATF_CHECK_EQ(0, os_boot_id(a, sizeof(a)));
	ATF_CHECK_EQ(0, os_boot_id(b, sizeof(b)));
	ATF_CHECK_STREQ(a, b);
	ATF_CHECK(strlen(a) > 5);
	ATF_CHECK_EQ(0, os_self_path(path, sizeof(path)));
	ATF_CHECK_EQ(0, access(path, X_OK));
	ATF_CHECK_EQ(-1, os_timer_open());
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, freebsd_interface_comes_and_goes);
	ATF_TP_ADD_TC(tp, freebsd_interface_short_link_loss_is_told);
	ATF_TP_ADD_TC(tp, freebsd_interface_members_are_marked);
	ATF_TP_ADD_TC(tp, freebsd_addr4_renewal_touches_nothing);
	ATF_TP_ADD_TC(tp, freebsd_addr4_stays_over_down_and_up);
	ATF_TP_ADD_TC(tp, freebsd_route4_best_metric_alone);
	ATF_TP_ADD_TC(tp, freebsd_route4_of_the_administrator_stays);
	ATF_TP_ADD_TC(tp, freebsd_route4_details);
	ATF_TP_ADD_TC(tp, freebsd_bpf_passes_this_client_alone);
	ATF_TP_ADD_TC(tp, freebsd_bpf_arp_of_one_address);
	ATF_TP_ADD_TC(tp, freebsd_udp4_sends_and_is_deaf);
	ATF_TP_ADD_TC(tp, freebsd_sandbox_is_on_and_holds);
	ATF_TP_ADD_TC(tp, freebsd_misc);

	return atf_no_error();
}

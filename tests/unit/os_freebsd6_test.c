/* SPDX-License-Identifier: ISC */
/* FreeBSD: IPv6 addresses, routes, knobs and sockets on a real kernel, in a
 * VNET jail of the test's own. */

#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/icmp6.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "os_freebsd_net.h"

/* Both ends of epair0 with IPv6 on and a ready link-local address. */
static uint32_t
pair6(void)
{
	uint32_t ifindex;

	net_begin();
	ifindex = net_epair(0);
	net_do("ifconfig epair0a inet6 -ifdisabled");
	net_do("ifconfig epair0b inet6 -ifdisabled");
	net_ready_ll("epair0a");
	net_ready_ll("epair0b");
	return ifindex;
}

static struct addr6
addr6(const char *addr, uint32_t valid, uint32_t preferred)
{
	struct addr6 a;

	memset(&a, 0, sizeof(a));
	a.addr = in6(addr);
	a.prefixlen = 64;
	a.valid_sec = valid;
	a.preferred_sec = preferred;
	return a;
}

/* Ask until duplicate address detection is over. */
static uint32_t
settled(uint32_t ifindex, const char *addr, struct state6 *st)
{
	const struct timespec step = { 0, 50000000 };
	struct in6_addr a = in6(addr);
	int tries;

	for (tries = 0; tries < 100; tries++) {
		ATF_REQUIRE_EQ(0, os_addr6_state(ifindex, &a, st));
		if (!(st->flags & STATE6_TENTATIVE))
			return st->flags;
		nanosleep(&step, NULL);
	}
	atf_tc_fail("%s stays tentative", addr);
}

TEST_ROOT(freebsd_addr6_is_added_and_refreshed,
    "S-08, D6-20: /128 without a prefix route; lifetimes; DAD is not cut short")
{
	struct addr6 a = addr6("2001:db8::5", 3600, 1800);
	struct in6_addr other = in6("2001:db8::6");
	struct state6 st;
	uint32_t ifindex;

	ifindex = pair6();
	ATF_REQUIRE_EQ(0, os_addr6_add(ifindex, &a));
	ATF_REQUIRE_EQ(0, os_addr6_state(ifindex, &a.addr, &st));
	ATF_CHECK(st.flags & STATE6_TENTATIVE);
	/* A refresh now would end the detection. */
	ATF_REQUIRE_EQ(0, os_addr6_add(ifindex, &a));
	ATF_REQUIRE_EQ(0, os_addr6_state(ifindex, &a.addr, &st));
	ATF_CHECK(st.flags & STATE6_TENTATIVE);
	ATF_CHECK_EQ(STATE6_PRESENT, settled(ifindex, "2001:db8::5", &st));
	ATF_CHECK(st.valid_sec > 3500 && st.valid_sec <= 3600);
	ATF_CHECK(st.preferred_sec > 1700 && st.preferred_sec <= 1800);
	ATF_CHECK_EQ(0, net_has_route("2001:db8::/64"));
	a.valid_sec = 100;
	a.preferred_sec = 0;
	ATF_REQUIRE_EQ(0, os_addr6_add(ifindex, &a));
	ATF_REQUIRE_EQ(0, os_addr6_state(ifindex, &a.addr, &st));
	ATF_CHECK(st.valid_sec <= 100);
	ATF_CHECK(st.flags & STATE6_DEPRECATED);
	ATF_CHECK_EQ_MSG(0, net_has_route("default"), "made by a refresh");
	ATF_CHECK_EQ(0, net_has_route("2001:db8::/64"));
	ATF_CHECK(os_addr6_ours(ifindex, &a.addr));
	ATF_CHECK(!os_addr6_ours(ifindex, &other));
	ATF_CHECK_EQ(ESRCH, os_addr6_state(ifindex, &other, &st));
	ATF_CHECK_EQ(0, os_addr6_remove(ifindex, &a));
	ATF_CHECK_EQ(ESRCH, os_addr6_state(ifindex, &a.addr, &st));
	ATF_CHECK_EQ(0, os_addr6_remove(ifindex, &a));
	a.valid_sec = 0;
	ATF_CHECK_EQ(EINVAL, os_addr6_add(ifindex, &a));
	a.valid_sec = a.preferred_sec = LIFETIME_INFINITE;
	ATF_CHECK_EQ(0, os_addr6_add(ifindex, &a));
	settled(ifindex, "2001:db8::5", &st);
	ATF_CHECK_EQ(LIFETIME_INFINITE, st.valid_sec);
}

TEST_ROOT(freebsd_addr6_duplicate_is_seen,
    "S-09, D6-24: another host has it; a refresh does not hide that")
{
	struct addr6 a = addr6("2001:db8::5", 3600, 1800);
	struct state6 st;
	uint32_t ifindex;

	ifindex = pair6();
	net_peer("epair0b");
	net_do("jexec peer ifconfig epair0b inet6 -ifdisabled up");
	net_do("jexec peer sysctl -q net.inet6.ip6.dad_count=0");
	net_do("jexec peer ifconfig epair0b inet6 2001:db8::5/64");
	ATF_REQUIRE_EQ(0, os_addr6_add(ifindex, &a));
	ATF_CHECK(settled(ifindex, "2001:db8::5", &st) & STATE6_DUPLICATED);
	ATF_CHECK_EQ(0, os_addr6_add(ifindex, &a));
	ATF_CHECK(settled(ifindex, "2001:db8::5", &st) & STATE6_DUPLICATED);
	ATF_CHECK_EQ(0, os_addr6_remove(ifindex, &a));
}

static struct os_route6
route6(
    uint32_t ifindex, const char *dst, uint8_t prefixlen, const char *gateway)
{
	struct os_route6 r;

	memset(&r, 0, sizeof(r));
	r.ifindex = ifindex;
	r.metric = 100;
	r.route.dst = in6(dst);
	r.route.prefixlen = prefixlen;
	r.route.gateway = in6(gateway);
	r.route.valid_sec = 1800;
	return r;
}

TEST_ROOT(freebsd_route6_kinds,
    "S-06, S-07, D6-43: default by a link-local router, on-link, reject, MTU")
{
	struct os_route6 def, next, onlink, reject;
	struct interface *iface;
	uint32_t ifindex, value;

	ifindex = pair6();
	def = route6(ifindex, "::", 0, "fe80::1");
	next = route6(ifindex, "::", 0, "fe80::2");
	onlink = route6(ifindex, "2001:db8:1::", 64, "::");
	reject = route6(ifindex, "2001:db8:ff00::", 56, "::");
	reject.route.flags = ROUTE6_REJECT;
	ATF_REQUIRE_EQ(0, os_route6_add(&def));
	ATF_REQUIRE_EQ(0, os_route6_add(&def));
	ATF_REQUIRE_EQ(0, os_route6_add(&onlink));
	ATF_REQUIRE_EQ(0, os_route6_add(&reject));
	ATF_CHECK(net_has_route("default fe80::1%epair0a UGS1"));
	ATF_CHECK(net_has_route("2001:db8:1::/64 link#"));
	ATF_CHECK(net_has_route("2001:db8:ff00::/56"));
	ATF_CHECK(os_route6_ours(&def));
	ATF_CHECK(os_route6_ours(&onlink));
	ATF_CHECK(os_route6_ours(&reject));
	/* A second of the same metric waits. */
	ATF_REQUIRE_EQ(0, os_route6_add(&next));
	ATF_CHECK_EQ(1, net_has_route("default"));
	ATF_CHECK(!os_route6_ours(&next));
	/* The MTU of advertisements is that of our routes, and goes again. */
	iface = net_info("epair0a");
	ATF_REQUIRE_EQ(0, os_ipv6_set(iface, KNOB_MTU, 1400));
	ATF_REQUIRE_EQ(0, os_ipv6_get(iface, KNOB_MTU, &value));
	ATF_CHECK_EQ(1400, value);
	ATF_CHECK(os_route6_ours(&def));
	ATF_CHECK_EQ(EINVAL, os_ipv6_set(iface, KNOB_MTU, 1279));
	ATF_CHECK_EQ(EINVAL, os_ipv6_set(iface, KNOB_MTU, 9000));
	ATF_REQUIRE_EQ(0, os_ipv6_set(iface, KNOB_MTU, 1500));
	ATF_CHECK(os_route6_ours(&def));
	ATF_CHECK_EQ(0, os_route6_remove(&def));
	ATF_CHECK(net_has_route("default fe80::2%epair0a UGS1"));
	ATF_CHECK_EQ(0, os_route6_remove(&next));
	ATF_CHECK_EQ(0, os_route6_remove(&onlink));
	ATF_CHECK_EQ(0, os_route6_remove(&reject));
	ATF_CHECK_EQ(0, net_has_route("2001:db8:"));
	ATF_CHECK_EQ(0, os_route6_remove(&reject));
}

TEST_ROOT(freebsd_ipv6_knobs,
    "S-03, S-12: kernel's own advertisements off and on; host variables")
{
	static const struct {
		enum os_ipv6_knob knob;
		uint32_t value;
	} knobs[] = { { KNOB_ACCEPT_RA, 0 }, { KNOB_HOP_LIMIT, 77 },
		{ KNOB_REACHABLE_MS, 12345 }, { KNOB_RETRANS_MS, 2500 },
		{ KNOB_DISABLED, 1 }, { KNOB_DISABLED, 0 } };
	struct interface *iface;
	uint32_t found, value;
	size_t i;

	pair6();
	net_do("ifconfig epair0a inet6 accept_rtadv no_radr");
	iface = net_info("epair0a");
	ATF_REQUIRE_EQ(0, os_ipv6_get(iface, KNOB_ACCEPT_RA, &found));
	ATF_CHECK_EQ(1, found);
	for (i = 0; i < sizeof(knobs) / sizeof(knobs[0]); i++) {
		ATF_CHECK_EQ(0, os_ipv6_get(iface, knobs[i].knob, &found));
		ATF_CHECK_EQ(
		    0, os_ipv6_set(iface, knobs[i].knob, knobs[i].value));
		ATF_CHECK_EQ(0, os_ipv6_get(iface, knobs[i].knob, &value));
		ATF_CHECK_EQ(knobs[i].value, value);
		ATF_CHECK_EQ(0, os_ipv6_set(iface, knobs[i].knob, found));
		ATF_CHECK_EQ(0, os_ipv6_get(iface, knobs[i].knob, &value));
		ATF_CHECK_EQ(found, value);
		ATF_CHECK_EQ(
		    0, os_ipv6_set(iface, knobs[i].knob, knobs[i].value));
	}
	/* The other flags are as they were. */
	ATF_CHECK_EQ(
	    0, net_run("sh", "-c", "ifconfig epair0a | grep -q NO_RADR", NULL));
	ATF_CHECK_EQ(ENOTSUP, os_ipv6_get(iface, KNOB_TEMPADDR, &value));
	ATF_CHECK_EQ(ENOTSUP, os_ipv6_set(iface, KNOB_OPTIMISTIC, 1));
}

TEST_ROOT(freebsd_link_local_is_made,
    "Y-23: on an interface that is disabled, and on a bridge, which has none")
{
	struct in6_addr before, after;
	char text[INET6_ADDRSTRLEN], line[128];

	net_begin();
	net_epair(0);
	ATF_REQUIRE_EQ(0, os_link_local6(net_info("epair0a")));
	before = net_ready_ll("epair0a");
	ATF_REQUIRE_EQ(0, os_link_local6(net_info("epair0a")));
	after = net_ready_ll("epair0a");
	ATF_CHECK(IN6_ARE_ADDR_EQUAL(&before, &after));
	inet_ntop(AF_INET6, &before, text, sizeof(text));
	snprintf(line, sizeof(line),
	    "ifconfig epair0a inet6 %s%%epair0a -alias", text);
	net_do(line);
	ATF_REQUIRE_EQ(0, os_link_local6(net_info("epair0a")));
	net_ready_ll("epair0a");
	net_do("ifconfig bridge0 create");
	net_do("ifconfig bridge0 addm epair0b up");
	net_until(net_link("bridge0") != NULL &&
	    (net_info("bridge0")->flags & IFACE_UP));
	ATF_REQUIRE_EQ(0, os_link_local6(net_info("bridge0")));
	net_ready_ll("bridge0");
}

/* ---- sockets ---- */

static struct {
	int n;
	uint32_t ifindex;
	struct recv6 meta;
	size_t len;
	uint8_t first;
} got;

static void
datagram(void *arg, uint32_t ifindex, const struct recv6 *meta,
    const uint8_t *data, size_t len)
{
	(void)arg;
	got.n++;
	got.ifindex = ifindex;
	got.meta = *meta;
	got.len = len;
	got.first = len > 0 ? data[0] : 0;
}

static int
hear(int fd, enum channel channel)
{
	const struct timespec step = { 0, 10000000 };
	int tries;

	memset(&got, 0, sizeof(got));
	for (tries = 0; tries < 50 && got.n == 0; tries++) {
		ATF_REQUIRE(
		    os_packet_read6(fd, channel, 4, datagram, NULL) != -1);
		nanosleep(&step, NULL);
	}
	return got.n;
}

static int
raw_to(const struct in6_addr *from, uint32_t ifindex, int hop_limit)
{
	struct sockaddr_in6 sin6 = { .sin6_len = sizeof(sin6),
		.sin6_family = AF_INET6,
		.sin6_addr = *from,
		.sin6_scope_id = ifindex };
	int s = socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6);

	ATF_REQUIRE(s != -1);
	ATF_REQUIRE(setsockopt(s, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hop_limit,
			sizeof(hop_limit)) == 0 &&
	    bind(s, (struct sockaddr *)&sin6, sizeof(sin6)) == 0);
	sin6.sin6_addr = in6("ff02::1");
	ATF_REQUIRE_EQ(0, connect(s, (struct sockaddr *)&sin6, sizeof(sin6)));
	return s;
}

TEST_ROOT(freebsd_nd_sockets,
    "S-01, S-02, Y-14: advertisements with interface and hop limit; "
    "solicitations")
{
	struct in6_addr lla, llb;
	struct interface *a, *b;
	uint8_t ra[16] = { ND_ROUTER_ADVERT }, rs[8] = { ND_ROUTER_SOLICIT };
	char byte;
	int nd = -1, rsfd = -1, router;

	pair6();
	a = net_info("epair0a");
	b = net_info("epair0b");
	lla = net_ready_ll("epair0a");
	llb = net_ready_ll("epair0b");
	ATF_REQUIRE_EQ(0, os_socket_nd(a, &nd));
	router = raw_to(&llb, b->ifindex, 255);
	ATF_REQUIRE_EQ((ssize_t)sizeof(ra), send(router, ra, sizeof(ra), 0));
	ATF_REQUIRE(hear(nd, CHANNEL_ND) > 0);
	ATF_CHECK_EQ(255, got.meta.hop_limit);
	ATF_CHECK_EQ(ND_ROUTER_ADVERT, got.first);
	ATF_CHECK_EQ(16, got.len);
	ATF_CHECK(IN6_ARE_ADDR_EQUAL(&llb, &got.meta.src));
	ATF_CHECK(got.ifindex == a->ifindex || got.ifindex == b->ifindex);
	ATF_CHECK_EQ(-1, send(nd, ra, sizeof(ra), 0));
	ATF_CHECK_EQ(ENOTCAPABLE, errno);
	ATF_REQUIRE_EQ(0, os_socket_rs(a, &lla, &rsfd));
	ATF_CHECK_EQ(0, os_packet_send(rsfd, CHANNEL_RS, rs, sizeof(rs)));
	ATF_CHECK_EQ(-1, recv(rsfd, &byte, 1, 0));
	ATF_CHECK_EQ(ENOTCAPABLE, errno);
	/* Solicitations are not heard. */
	ATF_CHECK_EQ(0, hear(nd, CHANNEL_ND));
	close(rsfd);
	lla = in6("fe80::dead");
	ATF_CHECK_EQ(EADDRNOTAVAIL, os_socket_rs(a, &lla, &rsfd));
	net_do("ifconfig epair0a inet6 ifdisabled");
	lla = in6("fe80::1");
	ATF_CHECK_EQ(EADDRNOTAVAIL, os_socket_rs(a, &lla, &rsfd));
}

TEST_ROOT(freebsd_dhcp6_sockets,
    "D6-01, Y-17: the pair on one port; answers from another come in; owner")
{
	struct sockaddr_in6 to;
	struct in6_addr lla;
	struct interface *a;
	uint32_t uid = 1;
	int has_owner, receiver = -1, sender = -1, second = -1, server;

	pair6();
	a = net_info("epair0a");
	lla = net_ready_ll("epair0a");
	ATF_CHECK_EQ(0, os_port6_owner(a, &lla, &uid, &has_owner));
	ATF_REQUIRE_EQ(0, os_socket_dhcp6(a, &lla, &receiver));
	ATF_REQUIRE_EQ(0, os_socket_dhcp6_send(a, &lla, &sender));
	ATF_CHECK_EQ(EADDRINUSE, os_port6_owner(a, &lla, &uid, &has_owner));
	ATF_CHECK_EQ(1, has_owner);
	ATF_CHECK_EQ(0, uid);
	ATF_CHECK_EQ_MSG(EADDRINUSE, os_socket_dhcp6_send(a, &lla, &second),
	    "while the first is open");
	ATF_CHECK_EQ(
	    0, os_packet_send(sender, CHANNEL_DHCP6_SEND, (uint8_t *)"s", 1));
	ATF_CHECK_EQ(-1, send(receiver, "x", 1, 0));
	ATF_CHECK_EQ(ENOTCAPABLE, errno);
	/* A server's answer, though the sender is connected elsewhere. */
	server = socket(AF_INET6, SOCK_DGRAM, 0);
	memset(&to, 0, sizeof(to));
	to.sin6_len = sizeof(to);
	to.sin6_family = AF_INET6;
	to.sin6_addr = lla;
	to.sin6_scope_id = a->ifindex;
	to.sin6_port = htons(546);
	ATF_REQUIRE_EQ(
	    1, sendto(server, "r", 1, 0, (struct sockaddr *)&to, sizeof(to)));
	ATF_CHECK_EQ(1, hear(receiver, CHANNEL_DHCP6));
	ATF_CHECK_EQ('r', got.first);
	ATF_CHECK(got.ifindex != 0);
	ATF_CHECK(IN6_ARE_ADDR_EQUAL(&lla, &got.meta.dst));
	ATF_CHECK(got.meta.src_port != 0);
	close(sender);
	ATF_CHECK_EQ(0, os_socket_dhcp6_send(a, &lla, &second));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, freebsd_addr6_is_added_and_refreshed);
	ATF_TP_ADD_TC(tp, freebsd_addr6_duplicate_is_seen);
	ATF_TP_ADD_TC(tp, freebsd_route6_kinds);
	ATF_TP_ADD_TC(tp, freebsd_ipv6_knobs);
	ATF_TP_ADD_TC(tp, freebsd_link_local_is_made);
	ATF_TP_ADD_TC(tp, freebsd_nd_sockets);
	ATF_TP_ADD_TC(tp, freebsd_dhcp6_sockets);

	return atf_no_error();
}

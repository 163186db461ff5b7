/* SPDX-License-Identifier: ISC */
/* Linux: the sockets of router discovery and DHCPv6, against a real kernel;
 * va is the client, vb the network. */

#include <netinet/icmp6.h>
#include <netinet/ip6.h>

#include "os_linux.h"

static struct in6_addr
ip6(const char *text)
{
	struct in6_addr addr;

	ATF_REQUIRE_EQ_MSG(inet_pton(AF_INET6, text, &addr), 1, "%s", text);
	return addr;
}

#define VA_LL "fe80::ff:fe00:a"
#define VB_LL "fe80::ff:fe00:b"

static struct in6_addr va_ll, vb_ll;
static uint32_t vb_index;

/* Both link-local addresses are usable. */
static void
two_ends(void)
{
	struct state6 s;
	int i;

	namespace();
	va_ll = ip6(VA_LL);
	vb_ll = ip6(VB_LL);
	vb_index = seen_iface("vb")->ifindex;
	for (i = 0; i < 100; i++) {
		/* Their multicast routes follow the carrier, a while later. */
		IP("-6 route show table all type multicast");
		if (os_addr6_state(va.ifindex, &va_ll, &s) == 0 &&
		    s.flags == STATE6_PRESENT &&
		    os_addr6_state(vb_index, &vb_ll, &s) == 0 &&
		    s.flags == STATE6_PRESENT &&
		    strstr(output, "dev va") != NULL &&
		    strstr(output, "dev vb") != NULL)
			return;
		usleep(50000);
	}
	atf_tc_fail("link-local addresses never became usable");
}

static struct sockaddr_in6
sin6(const char *text, uint16_t port, uint32_t ifindex)
{
	struct sockaddr_in6 s;

	memset(&s, 0, sizeof(s));
	s.sin6_family = AF_INET6;
	s.sin6_addr = ip6(text);
	s.sin6_port = htons(port);
	s.sin6_scope_id = ifindex;
	return s;
}

struct got {
	int packets;
	uint32_t ifindex;
	struct recv6 meta;
	size_t len;
	uint8_t last[64];
};

static void
on_packet(void *arg, uint32_t ifindex, const struct recv6 *meta,
    const uint8_t *data, size_t len)
{
	struct got *got = arg;

	got->packets++;
	got->ifindex = ifindex;
	got->meta = *meta;
	got->len = len;
	memcpy(got->last, data, MIN(len, sizeof(got->last)));
}

static void
receive(int fd, enum channel channel, struct got *got, int wait_ms)
{
	memset(got, 0, sizeof(*got));
	if (readable(fd, wait_ms))
		ATF_REQUIRE(
		    os_packet_read6(fd, channel, 16, on_packet, got) >= 0);
}

/* The network's end for ICMPv6: hears everything on vb. */
static int
icmp6_end(void)
{
	int fd = socket(AF_INET6, SOCK_RAW | SOCK_NONBLOCK, IPPROTO_ICMPV6);
	int on = 1, off = 0;

	ATF_REQUIRE(fd != -1);
	ATF_REQUIRE_EQ(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "vb", 2), 0);
	ATF_REQUIRE_EQ(setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_LOOP, &off,
			   sizeof(off)),
	    0);
	ATF_REQUIRE_EQ(
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVHOPLIMIT, &on, sizeof(on)),
	    0);
	ATF_REQUIRE_EQ(
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on)), 0);
	return fd;
}

static void
icmp6_send(int fd, uint8_t type, const char *to, int hops, size_t len)
{
	struct sockaddr_in6 dst = sin6(to, 0, vb_index);
	struct sockaddr_in6 src = sin6(VB_LL, 0, vb_index);
	uint8_t data[2000] = { 0 };

	data[0] = type;
	(void)bind(fd, (struct sockaddr *)&src, sizeof(src));
	ATF_REQUIRE_EQ(setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &hops,
			   sizeof(hops)),
	    0);
	ATF_REQUIRE_EQ(setsockopt(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, &hops,
			   sizeof(hops)),
	    0);
	ATF_REQUIRE_EQ(
	    sendto(fd, data, len, 0, (struct sockaddr *)&dst, sizeof(dst)),
	    (ssize_t)len);
}

static int
is_locked(int fd)
{
	int one = 1;

	return setsockopt(
		   fd, SOL_SOCKET, SO_DETACH_FILTER, &one, sizeof(one)) == -1 &&
	    errno == EPERM;
}

TEST(nd_socket_hears_router_advertisements_alone,
    "S-01: other ICMPv6 and other interfaces are not heard; hop limit, "
    "source and interface are reported; the filter is locked")
{
	struct got got;
	int fd, peer, size = 0;
	socklen_t len = sizeof(size);

	two_ends();
	peer = icmp6_end();
	ATF_REQUIRE_EQ(os_socket_nd(&va, &fd), 0);
	ATF_CHECK(is_locked(fd));
	ATF_CHECK_EQ(getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, &len), 0);
	ATF_CHECK_MSG(size >= 1024 * 1024, "%d", size);
	icmp6_send(peer, ND_ROUTER_SOLICIT, "ff02::1", 255, 8);
	icmp6_send(peer, ND_NEIGHBOR_SOLICIT, VA_LL, 255, 24);
	icmp6_send(peer, ICMP6_ECHO_REQUEST, VA_LL, 64, 16);
	receive(fd, CHANNEL_ND, &got, NEVER_MS);
	ATF_CHECK_EQ(got.packets, 0);
	icmp6_send(peer, ND_ROUTER_ADVERT, "ff02::1", 255, 16);
	receive(fd, CHANNEL_ND, &got, WAIT_MS);
	ATF_CHECK_EQ(got.packets, 1);
	ATF_CHECK_EQ(got.ifindex, va.ifindex);
	ATF_CHECK_EQ(got.meta.hop_limit, 255);
	ATF_CHECK(IN6_ARE_ADDR_EQUAL(&got.meta.src, &vb_ll));
	ATF_CHECK_EQ(got.len, 16);
	ATF_CHECK_EQ(got.last[0], ND_ROUTER_ADVERT);
	icmp6_send(peer, ND_ROUTER_ADVERT, VA_LL, 64, 16);
	receive(fd, CHANNEL_ND, &got, WAIT_MS);
	ATF_CHECK_EQ(got.packets, 1);
	ATF_CHECK_EQ(got.meta.hop_limit, 64);
	ATF_CHECK(IN6_ARE_ADDR_EQUAL(&got.meta.dst, &va_ll));
	close(fd);
	/* The other interface's. */
	ATF_REQUIRE_EQ(os_socket_nd(seen_iface("vb"), &fd), 0);
	icmp6_send(peer, ND_ROUTER_ADVERT, "ff02::1", 255, 16);
	receive(fd, CHANNEL_ND, &got, NEVER_MS);
	ATF_CHECK_EQ(got.packets, 0);
}

TEST(nd_socket_shows_fragments_as_foreign,
    "S-01: a fragmented router advertisement (RFC 6980) has no valid hop "
    "limit")
{
	struct got got;
	int fd, peer;

	two_ends();
	peer = icmp6_end();
	ATF_REQUIRE_EQ(os_socket_nd(&va, &fd), 0);
	icmp6_send(peer, ND_ROUTER_ADVERT, "ff02::1", 255, 1900);
	receive(fd, CHANNEL_ND, &got, WAIT_MS);
	ATF_CHECK_EQ(got.packets, 1);
	ATF_CHECK_EQ(got.meta.hop_limit, 256);
}

TEST(rs_socket_speaks_to_all_routers,
    "S-02: hop limit 255, from the link-local address to ff02::2 by send(2) "
    "alone; deaf")
{
	static const uint8_t rs[8] = { ND_ROUTER_SOLICIT };
	struct in6_addr all_routers = ip6("ff02::2");
	struct in6_addr global = ip6("2001:db8::1");
	struct in6_addr foreign = ip6("fe80::1234");
	struct got got;
	int fd, peer, join;
	struct ipv6_mreq mreq;

	two_ends();
	peer = icmp6_end();
	mreq.ipv6mr_multiaddr = all_routers;
	mreq.ipv6mr_interface = vb_index;
	join = setsockopt(
	    peer, IPPROTO_IPV6, IPV6_JOIN_GROUP, &mreq, sizeof(mreq));
	ATF_REQUIRE_EQ(join, 0);
	ATF_CHECK_EQ(os_socket_rs(&va, &global, &fd), EINVAL);
	ATF_CHECK_EQ(os_socket_rs(&va, &foreign, &fd), EADDRNOTAVAIL);
	ATF_REQUIRE_EQ(os_socket_rs(&va, &va_ll, &fd), 0);
	ATF_CHECK(is_locked(fd));
	/* What came until now is not it. */
	do
		receive(peer, CHANNEL_ND, &got, NEVER_MS);
	while (got.packets > 0);
	ATF_REQUIRE_EQ(os_packet_send(fd, CHANNEL_RS, rs, sizeof(rs)), 0);
	receive(peer, CHANNEL_ND, &got, WAIT_MS);
	ATF_CHECK_EQ(got.packets, 1);
	ATF_CHECK_EQ(got.meta.hop_limit, 255);
	ATF_CHECK(IN6_ARE_ADDR_EQUAL(&got.meta.src, &va_ll));
	ATF_CHECK(IN6_ARE_ADDR_EQUAL(&got.meta.dst, &all_routers));
	ATF_CHECK_EQ(got.last[0], ND_ROUTER_SOLICIT);
	icmp6_send(peer, ND_ROUTER_ADVERT, VA_LL, 255, 16);
	ATF_CHECK(!readable(fd, NEVER_MS));
}

/* A DHCPv6 server's socket on vb. */
static int
server_end(void)
{
	struct sockaddr_in6 at = sin6("::", 547, 0);
	struct ipv6_mreq mreq = { .ipv6mr_interface = vb_index };
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_NONBLOCK, 0), on = 1;

	mreq.ipv6mr_multiaddr = ip6("ff02::1:2");
	ATF_REQUIRE(fd != -1);
	ATF_REQUIRE_EQ(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "vb", 2), 0);
	ATF_REQUIRE_EQ(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	ATF_REQUIRE_EQ(
	    setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &mreq, sizeof(mreq)),
	    0);
	ATF_REQUIRE_EQ(
	    setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on)), 0);
	return fd;
}

static void
server_send(int fd, const char *to)
{
	struct sockaddr_in6 dst = sin6(to, 546, vb_index);

	if (to[0] != 'f')
		dst.sin6_scope_id = 0;
	ATF_REQUIRE_EQ(
	    sendto(fd, "reply", 5, 0, (struct sockaddr *)&dst, sizeof(dst)), 5);
}

TEST(dhcp6_sockets_ask_and_hear,
    "D6-30: to ff02::1:2 port 547 from port 546 of the link-local address; "
    "answers from any port reach the receiver, never the sender, in "
    "whatever order the two are opened")
{
	struct got got;
	int order, i, in = -1, out = -1, server, odd;

	two_ends();
	server = server_end();
	odd = socket(AF_INET6, SOCK_DGRAM, 0); /* any port */
	ATF_REQUIRE(odd != -1);
	for (order = 0; order < 2; order++) {
		if (order == 0)
			ATF_REQUIRE_EQ(
			    os_socket_dhcp6_send(&va, &va_ll, &out), 0);
		ATF_REQUIRE_EQ(os_socket_dhcp6(&va, &va_ll, &in), 0);
		if (order == 1)
			ATF_REQUIRE_EQ(
			    os_socket_dhcp6_send(&va, &va_ll, &out), 0);
		ATF_CHECK(is_locked(out));
		ATF_REQUIRE_EQ(os_packet_send(out, CHANNEL_DHCP6_SEND,
				   (const uint8_t *)"ask", 3),
		    0);
		receive(server, CHANNEL_DHCP6, &got, WAIT_MS);
		ATF_CHECK_EQ(got.packets, 1);
		ATF_CHECK(IN6_ARE_ADDR_EQUAL(&got.meta.src, &va_ll));
		ATF_CHECK_EQ(got.meta.src_port, 546);
		for (i = 0; i < 16; i++) {
			server_send(i % 2 ? odd : server, VA_LL);
			receive(in, CHANNEL_DHCP6, &got, WAIT_MS);
			ATF_CHECK_EQ(got.packets, 1);
		}
		ATF_CHECK_EQ(got.ifindex, va.ifindex);
		ATF_CHECK(IN6_ARE_ADDR_EQUAL(&got.meta.src, &vb_ll));
		ATF_CHECK_EQ(got.len, 5);
		ATF_CHECK(!readable(out, 0));
		close(in);
		close(out);
	}
}

TEST(dhcp6_sockets_of_one_address,
    "D6-20, D6-45: a receiver and a sender on a leased address beside those "
    "of the link-local one")
{
	struct in6_addr leased = ip6("2001:db8::10");
	struct got got;
	int in, in2, out, out2, server;

	two_ends();
	IP("-6 addr add 2001:db8::10/64 dev va nodad");
	IP("-6 addr add 2001:db8::20/64 dev vb nodad");
	server = server_end();
	ATF_REQUIRE_EQ(os_socket_dhcp6(&va, &va_ll, &in), 0);
	ATF_REQUIRE_EQ(os_socket_dhcp6_send(&va, &va_ll, &out), 0);
	ATF_REQUIRE_EQ(os_socket_dhcp6(&va, &leased, &in2), 0);
	ATF_REQUIRE_EQ(os_socket_dhcp6_send(&va, &leased, &out2), 0);
	ATF_REQUIRE_EQ(
	    os_packet_send(out2, CHANNEL_DHCP6_SEND, (const uint8_t *)"ask", 3),
	    0);
	receive(server, CHANNEL_DHCP6, &got, WAIT_MS);
	ATF_CHECK_EQ(got.packets, 1);
	ATF_CHECK(IN6_ARE_ADDR_EQUAL(&got.meta.src, &leased));
	server_send(server, VA_LL);
	receive(in, CHANNEL_DHCP6, &got, WAIT_MS);
	ATF_CHECK_EQ(got.packets, 1);
	ATF_CHECK(!readable(in2, 0));
}

TEST(dhcp6_sender_is_replaced,
    "Y-15: a second sender on the same address does not disturb the first")
{
	int out, next;

	two_ends();
	ATF_REQUIRE_EQ(os_socket_dhcp6_send(&va, &va_ll, &out), 0);
	ATF_REQUIRE_EQ(os_socket_dhcp6_send(&va, &va_ll, &next), 0);
	close(out);
	ATF_CHECK_EQ(
	    os_packet_send(next, CHANNEL_DHCP6_SEND, (const uint8_t *)"ask", 3),
	    0);
}

TEST(port6_owner_is_found,
    "Y-17: another client on port 546, on :: or on the address, is found "
    "with its uid; on another interface it is not in the way")
{
	struct sockaddr_in6 at;
	uint32_t uid = 0;
	int fd, has_owner = 1, i;

	two_ends();
	ATF_CHECK_EQ(os_port6_owner(&va, &va_ll, &uid, &has_owner), 0);
	ATF_CHECK_EQ(has_owner, 0);
	for (i = 0; i < 3; i++) {
		ATF_REQUIRE((fd = socket(AF_INET6, SOCK_DGRAM, 0)) != -1);
		ATF_REQUIRE_EQ(fchown(fd, 4321, 4321), 0);
		at = i == 0  ? sin6("::", 546, 0)
		    : i == 1 ? sin6(VA_LL, 546, va.ifindex)
			     : sin6(VB_LL, 546, vb_index);
		ATF_REQUIRE_EQ(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
		uid = 0;
		if (i == 2) {
			ATF_CHECK_EQ(
			    os_port6_owner(&va, &va_ll, &uid, &has_owner), 0);
		} else {
			ATF_CHECK_EQ(
			    os_port6_owner(&va, &va_ll, &uid, &has_owner),
			    EADDRINUSE);
			ATF_CHECK_EQ(has_owner, 1);
			ATF_CHECK_EQ(uid, 4321);
		}
		close(fd);
	}
}

TEST(sockets_refuse_a_tentative_address,
    "S-08, design: no sender from an address that is not usable yet; from "
    "an optimistic one there is")
{
	struct in6_addr ll;
	uint32_t value;
	int fd;

	namespace();
	ll = ip6(VA_LL);
	IP("-6 addr flush dev va");
	IP("-6 addr add fe80::ff:fe00:a/64 dev va");
	ATF_CHECK_EQ(os_socket_rs(&va, &ll, &fd), EADDRNOTAVAIL);
	ATF_CHECK_EQ(os_socket_dhcp6(&va, &ll, &fd), EADDRNOTAVAIL);
	ATF_CHECK_EQ(os_socket_dhcp6_send(&va, &ll, &fd), EADDRNOTAVAIL);
	if (os_ipv6_get(&va, KNOB_OPTIMISTIC, &value) == ENOTSUP)
		return;
	ATF_REQUIRE_EQ(os_ipv6_set(&va, KNOB_OPTIMISTIC, 1), 0);
	IP("-6 addr flush dev va");
	IP("-6 addr add fe80::ff:fe00:a/64 dev va optimistic");
	ATF_CHECK_EQ(os_socket_rs(&va, &ll, &fd), 0);
	ATF_CHECK_EQ(os_socket_dhcp6(&va, &ll, &fd), 0);
	ATF_CHECK_EQ(os_socket_dhcp6_send(&va, &ll, &fd), 0);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, nd_socket_hears_router_advertisements_alone);
	ATF_TP_ADD_TC(tp, nd_socket_shows_fragments_as_foreign);
	ATF_TP_ADD_TC(tp, rs_socket_speaks_to_all_routers);
	ATF_TP_ADD_TC(tp, dhcp6_sockets_ask_and_hear);
	ATF_TP_ADD_TC(tp, dhcp6_sockets_of_one_address);
	ATF_TP_ADD_TC(tp, dhcp6_sender_is_replaced);
	ATF_TP_ADD_TC(tp, port6_owner_is_found);
	ATF_TP_ADD_TC(tp, sockets_refuse_a_tentative_address);
	return atf_no_error();
}

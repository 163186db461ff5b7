/* SPDX-License-Identifier: ISC */
/* Linux: packet and UDP sockets, with frames injected from the veth peer. */

#include "os_linux.h"

/* ---- packet sockets ---- */

/* A DHCP reply as a frame, and how to spoil it. */
#define FRAME_MAX 600
struct frame {
	uint8_t b[FRAME_MAX];
	size_t len;
};

static struct frame
dhcp_frame(void)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 0x0a };
	struct frame f = { .len = 14 + 20 + 8 + 300 };
	uint8_t *ipv4 = f.b + 14, *udp = ipv4 + 20, *bootp = udp + 8;

	memcpy(f.b, mac, 6);
	f.b[6] = 2;
	f.b[11] = 0x0b;
	f.b[12] = 0x08;
	ipv4[0] = 0x45;
	ipv4[2] = (uint8_t)((f.len - 14) >> 8);
	ipv4[3] = (uint8_t)(f.len - 14);
	ipv4[8] = 64;
	ipv4[9] = IPPROTO_UDP;
	udp[1] = 67;
	udp[3] = 68;
	bootp[0] = 2;
	bootp[1] = 1;
	bootp[2] = 6;
	memcpy(bootp + 28, mac, 6);
	return f;
}

static struct frame
arp_frame(uint16_t op, const char *sender, const char *target)
{
	struct in_addr spa = ip4(sender), tpa = ip4(target);
	struct frame f = { .len = 60 };

	memset(f.b, 0xff, 6);
	f.b[6] = 2;
	f.b[11] = 0x0b;
	f.b[12] = 0x08;
	f.b[13] = 0x06;
	memcpy(f.b + 14, "\x00\x01\x08\x00\x06\x04\x00", 7);
	f.b[21] = (uint8_t)op;
	memcpy(f.b + 22, f.b + 6, 6);
	memcpy(f.b + 28, &spa, 4);
	memcpy(f.b + 38, &tpa, 4);
	return f;
}

/* Put an 802.1Q tag into it. */
static void
tag(struct frame *f, uint16_t vid)
{
	memmove(f->b + 16, f->b + 12, f->len - 12);
	f->b[12] = 0x81;
	f->b[13] = 0x00;
	f->b[14] = (uint8_t)(vid >> 8);
	f->b[15] = (uint8_t)vid;
	f->len += 4;
}

/* Four bytes of IP options. */
static void
ip_options(struct frame *f)
{
	memmove(f->b + 14 + 24, f->b + 14 + 20, f->len - 34);
	memset(f->b + 14 + 20, 1, 4);
	f->b[14] = 0x46;
	f->len += 4;
	f->b[16] = (uint8_t)((f->len - 14) >> 8);
	f->b[17] = (uint8_t)(f->len - 14);
}

static int injector = -1;

static void
inject_from(const char *ifname, const struct frame *f)
{
	struct sockaddr_ll sll = { .sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_halen = 6,
		.sll_ifindex = (int)if_nametoindex(ifname) };

	if (injector == -1)
		injector = socket(AF_PACKET, SOCK_RAW, 0);
	ATF_REQUIRE(injector != -1);
	ATF_REQUIRE_EQ(sendto(injector, f->b, f->len, 0,
			   (struct sockaddr *)&sll, sizeof(sll)),
	    (ssize_t)f->len);
}

struct got {
	int frames;
	size_t len;
	int flags;
	uint8_t last[IPC_PACKET_MAX + 1];
};

static void
on_frame(void *arg, const uint8_t *data, size_t len, int flags)
{
	struct got *got = arg;

	got->frames++;
	got->len = len;
	got->flags = flags;
	memcpy(got->last, data, MIN(len, sizeof(got->last)));
}

/*
 * Inject f, then a marker that the filter accepts.  veth keeps the order, so
 * the marker's arrival shows that f was refused.
 */
static int
accepted(int fd, enum channel channel, const struct frame *f,
    const struct frame *marker)
{
	uint64_t until = os_clock_ms() + WAIT_MS;
	struct got got = { 0 };
	int frames = 0;

	inject_from("vb", f);
	inject_from("vb", marker);
	while (os_clock_ms() < until) {
		ATF_REQUIRE(readable(fd, WAIT_MS));
		ATF_REQUIRE(
		    os_packet_read(fd, channel, 0, 1, on_frame, &got) >= 0);
		if (got.frames == frames)
			continue;
		frames = got.frames;
		if (got.len == marker->len &&
		    memcmp(got.last, marker->b, marker->len) == 0)
			return frames - 1;
	}
	atf_tc_fail("the marker never came");
}

static const struct {
	const char *what;
	int accepted;
	size_t at;
	uint8_t value;
} replies[] = {
	{ "a reply", 1, 0, 2 },
	{ "ethertype", 0, 12, 0x86 },
	{ "IP version", 0, 14, 0x65 },
	{ "more fragments", 0, 20, 0x20 },
	{ "fragment offset", 0, 21, 1 },
	{ "don't fragment", 1, 20, 0x40 },
	{ "TCP", 0, 23, 6 },
	{ "port 67", 0, 37, 67 },
	{ "port 68 + 256", 0, 36, 1 },
	{ "request", 0, 42, 1 },
	{ "htype", 0, 43, 6 },
	{ "hlen", 0, 44, 16 },
	{ "chaddr, first", 0, 70, 0x12 },
	{ "chaddr, last", 0, 75, 0x0b },
	{ "chaddr, fourth", 0, 73, 1 },
	{ "other host's frame", 0, 5, 0x0c },
};

TEST(dhcp4_socket_hears_only_its_own_replies,
    "D4-01, D4-02, AC-05: untagged, unfragmented replies to port 68 with our "
    "hardware address, nothing else")
{
	struct frame f, marker = dhcp_frame();
	uint32_t buflen;
	size_t i;
	int fd;

	namespace();
	ATF_REQUIRE_EQ(os_socket_dhcp4(&va, &fd, &buflen), 0);
	marker.b[marker.len - 1] = 0x77;
	for (i = 0; i < COUNT(replies); i++) {
		f = dhcp_frame();
		f.b[replies[i].at] = replies[i].value;
		ATF_CHECK_MSG(accepted(fd, CHANNEL_DHCP4, &f, &marker) ==
			replies[i].accepted,
		    "%s", replies[i].what);
	}
	f = dhcp_frame();
	ip_options(&f);
	ATF_CHECK_EQ(accepted(fd, CHANNEL_DHCP4, &f, &marker), 1);
	f = dhcp_frame();
	memset(f.b, 0xff, 6);
	ATF_CHECK_EQ(accepted(fd, CHANNEL_DHCP4, &f, &marker), 1);
	f = dhcp_frame();
	tag(&f, 5);
	ATF_CHECK_EQ(accepted(fd, CHANNEL_DHCP4, &f, &marker), 0);
	f = dhcp_frame();
	tag(&f, 0xe000); /* a priority, no VLAN */
	ATF_CHECK_EQ(accepted(fd, CHANNEL_DHCP4, &f, &marker), 1);
	f = dhcp_frame();
	f.len = 75; /* ends within chaddr */
	ATF_CHECK_EQ(accepted(fd, CHANNEL_DHCP4, &f, &marker), 0);
	/* What this interface sends itself (AC-05). */
	f = dhcp_frame();
	inject_from("va", &f);
	ATF_CHECK(!readable(fd, NEVER_MS));
}

TEST(dhcp4_socket_filter_cannot_be_changed,
    "D4-02: whoever holds the descriptor cannot take the filter off")
{
	uint32_t buflen;
	int fd, zero = 0;

	namespace();
	ATF_REQUIRE_EQ(os_socket_dhcp4(&va, &fd, &buflen), 0);
	ATF_CHECK_ERRNO(EPERM,
	    setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &zero, sizeof(zero)) ==
		-1);
	ATF_CHECK_ERRNO(EPERM,
	    setsockopt(fd, SOL_SOCKET, SO_LOCK_FILTER, &zero, sizeof(zero)) ==
		-1);
	ATF_CHECK(fcntl(fd, F_GETFL) & O_NONBLOCK);
	ATF_CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
}

TEST(dhcp4_socket_sends_and_tells_the_end,
    "D4-13, Y-01: whole frames leave; the interface's end is an error")
{
	struct frame f = dhcp_frame();
	struct interface *vb;
	uint32_t buflen;
	struct got got = { 0 };
	int fa, fb;

	namespace();
	vb = seen_iface("vb");
	/* vb's socket listens for replies to vb. */
	ATF_REQUIRE_EQ(os_socket_dhcp4(&va, &fa, &buflen), 0);
	ATF_REQUIRE_EQ(os_socket_dhcp4(vb, &fb, &buflen), 0);
	f.b[5] = f.b[75] = 0x0b;
	ATF_REQUIRE_EQ(os_packet_send(fa, CHANNEL_DHCP4, f.b, f.len), 0);
	ATF_REQUIRE(readable(fb, WAIT_MS));
	ATF_CHECK_EQ(
	    os_packet_read(fb, CHANNEL_DHCP4, 0, 8, on_frame, &got), 1);
	ATF_CHECK_EQ(got.len, f.len);
	ATF_CHECK_EQ(
	    os_packet_read(fb, CHANNEL_DHCP4, 0, 8, on_frame, &got), 0);
	IP("link set va down");
	ATF_CHECK_EQ(os_packet_send(fa, CHANNEL_DHCP4, f.b, f.len), ENETDOWN);
	IP("link del va");
	ATF_REQUIRE(readable(fb, WAIT_MS));
	ATF_CHECK_EQ(
	    os_packet_read(fb, CHANNEL_DHCP4, 0, 8, on_frame, &got), -1);
	ATF_CHECK(errno == ENETDOWN || errno == ENXIO);
	ATF_CHECK_EQ(os_packet_send(fa, CHANNEL_DHCP4, f.b, f.len), ENXIO);
	va.flags &= ~(uint32_t)IFACE_ETHERNET;
	ATF_CHECK_EQ(os_socket_dhcp4(&va, &fa, &buflen), EAFNOSUPPORT);
}

TEST(arp_socket_hears_only_its_address,
    "AC-01, AC-02, D4-22: ARP of the address, probes for it, and the router's "
    "reply, nothing else")
{
	static const struct {
		uint16_t op;
		const char *sender;
		const char *target;
		int accepted;
	} cases[] = {
		{ 1, "192.0.2.10", "192.0.2.1", 1 },
		{ 2, "192.0.2.10", "192.0.2.1", 1 },
		{ 1, "192.0.2.10", "192.0.2.10", 1 },
		{ 1, "0.0.0.0", "192.0.2.10", 1 },
		{ 2, "0.0.0.0", "192.0.2.10", 0 },
		{ 1, "0.0.0.0", "192.0.2.11", 0 },
		{ 1, "192.0.2.1", "192.0.2.10", 0 },
		{ 2, "192.0.2.1", "192.0.2.10", 1 },
		{ 2, "192.0.2.2", "192.0.2.10", 0 },
		{ 2, "192.0.2.11", "192.0.2.10", 0 },
	};
	struct frame f, marker = arp_frame(2, "192.0.2.10", "192.0.2.99");
	struct in_addr none = { 0 };
	uint32_t buflen;
	size_t i;
	int fd;

	namespace();
	ATF_REQUIRE_EQ(os_socket_arp(&va, ip4("192.0.2.10"), ip4("192.0.2.1"),
			   &fd, &buflen),
	    0);
	for (i = 0; i < COUNT(cases); i++) {
		f = arp_frame(cases[i].op, cases[i].sender, cases[i].target);
		ATF_CHECK_MSG(
		    accepted(fd, CHANNEL_ARP, &f, &marker) == cases[i].accepted,
		    "case %zu", i);
	}
	f = arp_frame(1, "192.0.2.10", "192.0.2.1");
	f.b[18] = 8; /* hardware length */
	ATF_CHECK_EQ(accepted(fd, CHANNEL_ARP, &f, &marker), 0);
	f = arp_frame(1, "192.0.2.10", "192.0.2.1");
	tag(&f, 7);
	ATF_CHECK_EQ(accepted(fd, CHANNEL_ARP, &f, &marker), 0);
	/* Without a peer the router's replies are nobody's business. */
	ATF_REQUIRE_EQ(
	    os_socket_arp(&va, ip4("192.0.2.10"), none, &fd, &buflen), 0);
	f = arp_frame(2, "192.0.2.1", "192.0.2.10");
	ATF_CHECK_EQ(accepted(fd, CHANNEL_ARP, &f, &marker), 0);
	f = arp_frame(1, "0.0.0.0", "192.0.2.10");
	ATF_CHECK_EQ(accepted(fd, CHANNEL_ARP, &f, &marker), 1);
	ATF_CHECK_EQ(os_socket_arp(&va, none, none, &fd, &buflen), EINVAL);
}

/* ---- UDP ---- */

static uint16_t
checksum(const uint8_t *b, size_t len)
{
	uint32_t sum = 0;
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)b[i] << 8 | b[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* server:67 -> local:port by unicast */
static struct frame
udp_frame(const char *server, const char *local, uint16_t port)
{
	struct in_addr src = ip4(server), dst = ip4(local);
	struct frame f = dhcp_frame();
	uint16_t sum;

	memcpy(f.b + 26, &src, 4);
	memcpy(f.b + 30, &dst, 4);
	f.b[36] = (uint8_t)(port >> 8);
	f.b[37] = (uint8_t)port;
	f.b[38] = (uint8_t)((f.len - 34) >> 8);
	f.b[39] = (uint8_t)(f.len - 34);
	sum = checksum(f.b + 14, 20);
	f.b[24] = (uint8_t)(sum >> 8);
	f.b[25] = (uint8_t)sum;
	return f;
}

static int
udp_listener(uint16_t port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_port = htons(port) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	ATF_REQUIRE(fd != -1);
	ATF_REQUIRE_EQ(bind(fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
	return fd;
}

TEST(udp4_socket_sends_and_never_receives,
    "D4-17: bound, connected, deaf; one for each lease, beside the sink")
{
	struct addr4 a = address("192.0.2.10", 24, 100);
	struct addr4 b = address("192.0.2.20", 24, 100);
	struct sockaddr_in sin;
	socklen_t len = sizeof(sin);
	struct frame f;
	uint8_t byte = 1;
	int again, fa, fb, other, sink;

	namespace();
	ATF_REQUIRE_EQ(os_addr4_add(va.ifindex, &a, 1), 0);
	ATF_REQUIRE_EQ(os_addr4_add(va.ifindex, &b, 1), 0);
	ATF_REQUIRE_EQ(os_socket_sink(&sink), 0);
	ATF_REQUIRE_EQ(os_socket_udp4(&va, a.addr, ip4("192.0.2.1"), &fa), 0);
	ATF_REQUIRE_EQ(os_socket_udp4(&va, b.addr, ip4("192.0.2.1"), &fb), 0);
	/* Another server, while the first descriptor is still held. */
	ATF_REQUIRE_EQ(
	    os_socket_udp4(&va, a.addr, ip4("192.0.2.2"), &again), 0);
	ATF_REQUIRE_EQ(getpeername(fa, (struct sockaddr *)&sin, &len), 0);
	ATF_CHECK_EQ(ntohs(sin.sin_port), 67);
	ATF_REQUIRE_EQ(getsockname(fa, (struct sockaddr *)&sin, &len), 0);
	ATF_CHECK_EQ(ntohs(sin.sin_port), 68);
	ATF_CHECK_EQ(sin.sin_addr.s_addr, a.addr.s_addr);
	/* The way is open: another port hears. */
	other = udp_listener(6868);
	f = udp_frame("192.0.2.1", "192.0.2.10", 68);
	inject_from("vb", &f);
	f = udp_frame("192.0.2.1", "192.0.2.10", 6868);
	inject_from("vb", &f);
	ATF_REQUIRE(readable(other, WAIT_MS));
	ATF_CHECK(!readable(fa, 0));
	ATF_CHECK(!readable(sink, 0));
	IP("neigh replace 192.0.2.1 lladdr 02:00:00:00:00:0b dev va");
	ATF_CHECK_EQ(os_packet_send(fa, CHANNEL_UDP4, &byte, 1), 0);
	ATF_CHECK_EQ(
	    os_socket_udp4(&va, ip4("192.0.2.77"), ip4("192.0.2.1"), &fa),
	    EADDRNOTAVAIL);
	ATF_CHECK_EQ(os_socket_udp4(&va, a.addr, ip4("0.0.0.0"), &fa), EINVAL);
}

/* Does 127.0.0.1:68 answer with ICMP port unreachable? */
static int
unreachable(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_port = htons(68),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int error = 0, fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	socklen_t len = sizeof(error);

	ATF_REQUIRE(fd != -1);
	ATF_REQUIRE_EQ(connect(fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
	ATF_REQUIRE_EQ(send(fd, "x", 1, 0), 1);
	(void)readable(fd, NEVER_MS);
	ATF_REQUIRE_EQ(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len), 0);
	close(fd);
	return error == ECONNREFUSED;
}

TEST(sink_keeps_icmp_unreachable_away,
    "D4-17: servers get no port unreachable for what the packet socket hears")
{
	int sink;

	namespace();
	ATF_CHECK_EQ(unreachable(), 1);
	ATF_REQUIRE_EQ(os_socket_sink(&sink), 0);
	ATF_CHECK_EQ(unreachable(), 0);
	ATF_CHECK(!readable(sink, 0));
}

TEST(port_owner_is_found,
    "Y-17: another client on port 68 is found, with its uid; sockets of ours "
    "do not get in its way unseen")
{
	static const int opts[] = { 0, SO_REUSEADDR, SO_REUSEPORT };
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_port = htons(68) };
	int fd, has, one = 1, sink;
	uint32_t uid = 0;
	size_t i;

	namespace();
	ATF_CHECK_EQ(os_port_owner(68, &uid, &has), 0);
	ATF_CHECK_EQ(has, 0);
	for (i = 0; i < COUNT(opts); i++) {
		ATF_REQUIRE((fd = socket(AF_INET, SOCK_DGRAM, 0)) != -1);
		ATF_REQUIRE(opts[i] == 0 ||
		    setsockopt(fd, SOL_SOCKET, opts[i], &one, sizeof(one)) ==
			0);
		ATF_REQUIRE_EQ(fchown(fd, 12345, (gid_t)-1), 0);
		/* A client may hold one interface's address only. */
		sin.sin_addr.s_addr =
		    i == 1 ? htonl(INADDR_LOOPBACK) : htonl(INADDR_ANY);
		ATF_REQUIRE_EQ(
		    bind(fd, (struct sockaddr *)&sin, sizeof(sin)), 0);
		ATF_CHECK_EQ(os_port_owner(68, &uid, &has), EADDRINUSE);
		ATF_CHECK_EQ(has, 1);
		ATF_CHECK_EQ(uid, 12345);
		ATF_CHECK_EQ(os_socket_sink(&sink), EADDRINUSE);
		close(fd);
	}
	ATF_CHECK_EQ(os_port_owner(68, &uid, &has), 0);
	ATF_CHECK_EQ(os_socket_sink(&sink), 0);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, dhcp4_socket_hears_only_its_own_replies);
	ATF_TP_ADD_TC(tp, dhcp4_socket_filter_cannot_be_changed);
	ATF_TP_ADD_TC(tp, dhcp4_socket_sends_and_tells_the_end);
	ATF_TP_ADD_TC(tp, arp_socket_hears_only_its_address);
	ATF_TP_ADD_TC(tp, udp4_socket_sends_and_never_receives);
	ATF_TP_ADD_TC(tp, sink_keeps_icmp_unreachable_away);
	ATF_TP_ADD_TC(tp, port_owner_is_found);
	return atf_no_error();
}

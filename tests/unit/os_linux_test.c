/* SPDX-License-Identifier: ISC */
/* Linux: links, addresses, routes and the monitor, against a real kernel. */

#include "os_linux.h"

/* ---- addresses ---- */

TEST(addr4_is_added_refreshed_and_removed,
    "D4-19, D4-32, Y-10: address with lifetime, protocol number and metric; "
    "a refresh is no removal")
{
	struct addr4 a = address("192.0.2.10", 24, 100);

	namespace();
	ATF_REQUIRE_EQ(os_addr4_add(va.ifindex, &a, 1234), 0);
	WAIT_FOR(count_addr("192.0.2.10", 1) == 1);
	ATF_CHECK_EQ(os_addr4_ours(va.ifindex, a.addr, 24), 1);
	ATF_CHECK_EQ(os_addr4_ours(va.ifindex, a.addr, 25), 0);
	IP("-o -4 addr show dev va");
	ATF_CHECK_MSG(strstr(output, "valid_lft 100sec") != NULL ||
		strstr(output, "valid_lft 99sec") != NULL,
	    "%s", output);
	ATF_CHECK(strstr(output, "brd 192.0.2.255 scope global") != NULL);
	ATF_CHECK(strstr(output, "metric 1234") != NULL);
	a.valid_sec = 5000;
	ATF_REQUIRE_EQ(os_addr4_add(va.ifindex, &a, 1234), 0);
	settle();
	IP("-o -4 addr show dev va");
	ATF_CHECK_MSG(strstr(output, "valid_lft 5000sec") != NULL ||
		strstr(output, "valid_lft 4999sec") != NULL,
	    "%s", output);
	ATF_CHECK_EQ(count_addr("192.0.2.10", 0), 0);
	ATF_CHECK_EQ(count_addr("192.0.2.10", 1), 1);
	ATF_REQUIRE_EQ(os_addr4_remove(va.ifindex, &a), 0);
	WAIT_FOR(count_addr("192.0.2.10", 0) == 1);
	ATF_CHECK_EQ(os_addr4_remove(va.ifindex, &a), 0);
	ATF_CHECK_EQ(os_addr4_ours(va.ifindex, a.addr, 24), 0);
}

TEST(addr4_of_the_administrator_is_not_ours,
    "Y-26: adoption tells our addresses from static ones")
{
	namespace();
	IP("addr add 192.0.2.9/24 dev va");
	ATF_CHECK_EQ(os_addr4_ours(va.ifindex, ip4("192.0.2.9"), 24), 0);
	WAIT_FOR(count_addr("192.0.2.9", 1) == 1);
}

TEST(addr4_removal_keeps_the_successor,
    "D4-21: the old address goes after the new one of the same subnet is in")
{
	struct addr4 old = address("192.0.2.10", 24, 100);
	struct addr4 new = address("192.0.2.11", 24, 100);
	struct os_route4 def = { 0 };

	namespace();
	ATF_REQUIRE_EQ(os_addr4_add(va.ifindex, &old, 1234), 0);
	ATF_REQUIRE_EQ(os_addr4_add(va.ifindex, &new, 1234), 0);
	def = route(&va, "0.0.0.0", 0, "192.0.2.1", 1234);
	def.source = new.addr;
	ATF_REQUIRE_EQ(os_route4_add(&def), 0);
	ATF_REQUIRE_EQ(os_addr4_remove(va.ifindex, &old), 0);
	settle();
	ATF_CHECK_EQ(os_addr4_ours(va.ifindex, new.addr, 24), 1);
	ATF_CHECK_EQ(os_route4_ours(&def), 1);
	ATF_CHECK_EQ(count_addr("192.0.2.11", 0), 0);
	ATF_CHECK_EQ(seen.nroutes_gone, 0);
	IP("-4 route show 192.0.2.0/24");
	ATF_CHECK_MSG(strstr(output, "dev va") != NULL, "%s", output);
}

TEST(addr4_error_has_the_kernels_text,
    "Y-12: a refused change is explained in the kernel's words")
{
	struct addr4 a = address("192.0.2.10", 24, 0);

	namespace();
	ATF_CHECK_EQ(os_addr4_add(va.ifindex, &a, 1), EINVAL);
	ATF_CHECK_MSG(os_error_text()[0] != '\0', "no text");
	a.valid_sec = 10;
	ATF_CHECK_EQ(os_addr4_add(va.ifindex, &a, 1), 0);
	ATF_CHECK_STREQ(os_error_text(), "");
	ATF_CHECK_EQ(os_addr4_add(9999, &a, 1), ENODEV);
}

/* ---- routes ---- */

TEST(route4_order_follows_the_metric,
    "Y-09: the default route with the lower metric is used")
{
	struct addr4 a = address("192.0.2.10", 24, 100);
	struct addr4 b = address("198.51.100.10", 24, 100);
	struct os_route4 ra, rb;
	struct interface *vb;

	namespace();
	vb = seen_iface("vb");
	ATF_REQUIRE_EQ(os_addr4_add(va.ifindex, &a, 2000), 0);
	ATF_REQUIRE_EQ(os_addr4_add(vb->ifindex, &b, 1000), 0);
	ra = route(&va, "0.0.0.0", 0, "192.0.2.1", 2000);
	ra.source = a.addr;
	rb = route(vb, "0.0.0.0", 0, "198.51.100.1", 1000);
	ATF_REQUIRE_EQ(os_route4_add(&ra), 0);
	ATF_REQUIRE_EQ(os_route4_add(&rb), 0);
	IP("route get 203.0.113.1");
	ATF_CHECK_MSG(strstr(output, "dev vb") != NULL, "%s", output);
	ATF_REQUIRE_EQ(os_route4_remove(&rb), 0);
	IP("route get 203.0.113.1");
	ATF_CHECK_MSG(strstr(output, "dev va") != NULL &&
		strstr(output, "src 192.0.2.10") != NULL,
	    "%s", output);
	ATF_CHECK_EQ(os_route4_remove(&rb), 0);
	ATF_CHECK_EQ(os_route4_ours(&ra), 1);
	ATF_CHECK_EQ(os_route4_ours(&rb), 0);
}

static int
occurrences(const char *needle)
{
	const char *at = output;
	int n = 0;

	while ((at = strstr(at, needle)) != NULL) {
		n++;
		at += strlen(needle);
	}
	return n;
}

TEST(route4_of_equal_metric_is_not_taken_from_others,
    "Y-09, Y-26: neither another interface's nor the administrator's route "
    "is replaced")
{
	struct addr4 a = address("192.0.2.10", 24, 100);
	struct addr4 b = address("198.51.100.10", 24, 100);
	struct os_route4 ra, rb;
	struct interface *vb;

	namespace();
	vb = seen_iface("vb");
	ATF_REQUIRE_EQ(os_addr4_add(va.ifindex, &a, 500), 0);
	ATF_REQUIRE_EQ(os_addr4_add(vb->ifindex, &b, 500), 0);
	IP("route add default via 192.0.2.254 dev va metric 500");
	ra = route(&va, "0.0.0.0", 0, "192.0.2.1", 500);
	rb = route(vb, "0.0.0.0", 0, "198.51.100.1", 500);
	ATF_REQUIRE_EQ(os_route4_add(&ra), 0);
	ATF_REQUIRE_EQ(os_route4_add(&rb), 0);
	IP("-4 route show default");
	ATF_CHECK_MSG(occurrences("default") == 3, "%s", output);
	/* Again, and changed: still three, ours with its new MTU. */
	ATF_REQUIRE_EQ(os_route4_add(&rb), 0);
	ra.mtu = 1400;
	ATF_REQUIRE_EQ(os_route4_add(&ra), 0);
	IP("-4 route show default");
	ATF_CHECK_MSG(occurrences("default") == 3 &&
		occurrences("192.0.2.254") == 1 && occurrences("mtu 1400") == 1,
	    "%s", output);
	/* Our own removal of the earlier form is no loss. */
	settle();
	ATF_CHECK_EQ(seen.nroutes_gone, 0);
	ra.mtu = 0;
	ra.source = a.addr;
	ATF_REQUIRE_EQ(os_route4_add(&ra), 0);
	IP("-4 route show default");
	ATF_CHECK_MSG(occurrences("default") == 3 &&
		occurrences("mtu 1400") == 0 &&
		occurrences("src 192.0.2.10") == 1,
	    "%s", output);
	ATF_REQUIRE_EQ(os_route4_remove(&ra), 0);
	ATF_REQUIRE_EQ(os_route4_remove(&rb), 0);
	IP("-4 route show default");
	ATF_CHECK_MSG(
	    occurrences("default") == 1 && occurrences("192.0.2.254") == 1,
	    "%s", output);
	settle();
	ATF_CHECK_EQ(seen.nroutes_gone, 0);
}

TEST(route4_router_outside_the_prefix,
    "D4-33: on-link host route first, then the default route through it")
{
	struct addr4 a = address("192.0.2.10", 32, 100);
	struct os_route4 host, def;

	namespace();
	ATF_REQUIRE_EQ(os_addr4_add(va.ifindex, &a, 500), 0);
	host = route(&va, "198.51.100.1", 32, "0.0.0.0", 500);
	def = route(&va, "0.0.0.0", 0, "198.51.100.1", 500);
	ATF_CHECK(os_route4_add(&def) != 0);
	ATF_REQUIRE_EQ(os_route4_add(&host), 0);
	ATF_CHECK_EQ(os_route4_add(&def), 0);
	IP("-4 route show");
	ATF_CHECK_MSG(strstr(output, "198.51.100.1 dev va") != NULL &&
		strstr(output, "scope link metric 500") != NULL,
	    "%s", output);
	ATF_REQUIRE_EQ(os_route4_remove(&def), 0);
	def.onlink = 1;
	ATF_CHECK_EQ(os_route4_add(&def), 0);
	/* An on-link default is not mistaken for the one by gateway. */
	host = route(&va, "0.0.0.0", 0, "0.0.0.0", 500);
	ATF_REQUIRE_EQ(os_route4_remove(&host), 0);
	ATF_CHECK_EQ(os_route4_ours(&def), 1);
}

TEST(route4_removed_by_others_is_reported,
    "Y-10, D4-22: our route removed by somebody else, also silently when the "
    "link is set down")
{
	struct addr4 a = address("192.0.2.10", 24, 1000);
	struct os_route4 def, net;

	namespace();
	ATF_REQUIRE_EQ(os_addr4_add(va.ifindex, &a, 500), 0);
	def = route(&va, "0.0.0.0", 0, "192.0.2.1", 500);
	net = route(&va, "203.0.113.0", 24, "192.0.2.1", 500);
	ATF_REQUIRE_EQ(os_route4_add(&def), 0);
	ATF_REQUIRE_EQ(os_route4_add(&net), 0);
	settle();
	ATF_CHECK_EQ(seen.nroutes_gone, 0);
	IP("route del 203.0.113.0/24");
	WAIT_FOR(seen.nroutes_gone == 1);
	ATF_CHECK_EQ(seen.route_gone.s_addr, net.dst.s_addr);
	IP("link set va down");
	WAIT_FOR(seen.nroutes_gone == 2);
	ATF_CHECK_EQ(seen.route_gone.s_addr, INADDR_ANY);
	settle();
	ATF_CHECK_EQ(seen.nroutes_gone, 2);
}

/*
 * What the kernel would say of va as a port of something; so that the test
 * needs no kernel with all of these.
 */
static void
say_port_of(const char *kind, uint32_t vrf_table)
{
	uint8_t buf[1024] __attribute__((aligned(8))) = { 0 };
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct nlattr *info, *data;
	struct ifinfomsg *ifi;

	nlh->nlmsg_type = RTM_NEWLINK;
	ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	ifi->ifi_index = (int)va.ifindex;
	ifi->ifi_type = va.hwtype;
	mnl_attr_put_strz(nlh, IFLA_IFNAME, va.name);
	mnl_attr_put(nlh, IFLA_ADDRESS, 6, va.hwaddr);
	info = mnl_attr_nest_start(nlh, IFLA_LINKINFO);
	mnl_attr_put_strz(nlh, IFLA_INFO_SLAVE_KIND, kind);
	data = mnl_attr_nest_start(nlh, IFLA_INFO_SLAVE_DATA);
	if (vrf_table != 0)
		mnl_attr_put_u32(nlh, IFLA_VRF_PORT_TABLE, vrf_table);
	mnl_attr_nest_end(nlh, data);
	mnl_attr_nest_end(nlh, info);
	link_message(nlh, &events);
}

TEST(interface_is_a_member_by_the_kind_of_its_master,
    "Y-22: ports of bridge, bond, team and Open vSwitch are members; of a "
    "VRF or something else they are not")
{
	static const struct {
		const char *kind;
		int member;
	} cases[] = { { "bridge", 1 }, { "vrf", 0 }, { "bond", 1 },
		{ "hsr", 0 }, { "team", 1 }, { "bridgex", 0 },
		{ "openvswitch", 1 }, { "bri", 0 } };
	size_t i;

	namespace();
	for (i = 0; i < COUNT(cases); i++) {
		say_port_of(cases[i].kind, 0);
		ATF_CHECK_EQ_MSG((seen_iface("va")->flags & IFACE_MEMBER) != 0,
		    cases[i].member, "%s", cases[i].kind);
	}
}

TEST(route4_goes_into_the_table_of_the_vrf,
    "Y-22: a member of a VRF is managed, its routes are the VRF's")
{
	struct addr4 a = address("192.0.2.10", 24, 1000);
	struct os_route4 def;

	namespace();
	ATF_REQUIRE_EQ(os_addr4_add(va.ifindex, &a, 500), 0);
	say_port_of("vrf", 777);
	def = route(&va, "0.0.0.0", 0, "192.0.2.1", 500);
	ATF_REQUIRE_EQ(os_route4_add(&def), 0);
	IP("route show table 777");
	ATF_CHECK_MSG(
	    occurrences("default via 192.0.2.1 dev va") == 1, "%s", output);
	ATF_CHECK_EQ(os_route4_ours(&def), 1);
	ATF_CHECK_EQ(os_route4_remove(&def), 0);
	IP("route show table 777");
	ATF_CHECK_EQ(occurrences("default"), 0);
}

/* ---- monitor ---- */

TEST(monitor_overflow_reads_all_again,
    "Y-01: ENOBUFS on the monitor: all state is read again, also what went")
{
	char batch[] = "/tmp/oslinux.XXXXXX";
	unsigned int i, present = 0;
	int fd, small = 2048;
	FILE *f;

	namespace();
	IP("addr add 203.0.113.1/24 dev va");
	WAIT_FOR(count_addr("203.0.113.1", 1) == 1);
	ATF_REQUIRE_EQ(setsockopt(monitor_fd, SOL_SOCKET, SO_RCVBUF, &small,
			   sizeof(small)),
	    0);
	ATF_REQUIRE((fd = mkstemp(batch)) != -1);
	ATF_REQUIRE((f = fdopen(fd, "w")) != NULL);
	for (i = 1; i <= 200; i++)
		fprintf(f, "addr add 198.51.100.%u/32 dev va\n", i);
	fprintf(f, "addr del 203.0.113.1/24 dev va\n");
	ATF_REQUIRE_EQ(fclose(f), 0);
	IP("-batch %s", batch);
	unlink(batch);
	ATF_REQUIRE_EQ(os_monitor_read(), 0);
	for (i = 0; i < seen.naddrs; i++)
		if (seen.addrs[i].present &&
		    (ntohl(seen.addrs[i].addr.s_addr) & 0xffffff00) ==
			0xc6336400)
			present++;
	ATF_CHECK_EQ(present, 200);
	ATF_CHECK_EQ(count_addr("203.0.113.1", 0), 1);
	settle();
}

TEST(interface_changes_are_reported,
    "Y-01, Y-22, Y-25: rename, MTU, address, carrier, membership, end")
{
	unsigned int before;
	uint32_t index;

	namespace();
	index = va.ifindex;
	ATF_CHECK_EQ(va.hwtype, ARPHRD_ETHER);
	ATF_CHECK_EQ(va.hwaddr_len, 6);
	ATF_CHECK_EQ(va.hwaddr[5], 0x0a);
	ATF_CHECK_EQ(va.mtu, 1500U);
	ATF_CHECK_EQ(va.max_mtu, 65535U);
	ATF_CHECK_EQ(va.flags, IFACE_UP | IFACE_RUNNING | IFACE_ETHERNET);
	ATF_CHECK(seen_iface("lo")->flags & IFACE_LOOPBACK);
	IP("link set vb down");
	WAIT_FOR(!(seen_iface("va")->flags & IFACE_RUNNING));
	IP("link set vb up");
	WAIT_FOR(seen_iface("va")->flags & IFACE_RUNNING);
	ATF_REQUIRE_EQ(os_mtu_set(index, 1400), 0);
	WAIT_FOR(seen_iface("va")->mtu == 1400);
	IP("link add br0 type bridge");
	IP("link set va master br0");
	WAIT_FOR(seen_iface("va")->flags & IFACE_MEMBER);
	IP("link set va nomaster");
	WAIT_FOR(!(seen_iface("va")->flags & IFACE_MEMBER));
	ATF_CHECK_EQ(seen.ngone, 0);
	IP("link set va down");
	IP("link set va name uplink");
	WAIT_FOR(seen_iface("uplink") != NULL);
	ATF_CHECK_EQ(seen_iface("uplink")->ifindex, index);
	ATF_REQUIRE_EQ(os_link_up(index), 0);
	WAIT_FOR(seen_iface("uplink")->flags & IFACE_RUNNING);
	/* Nothing new, nothing said. */
	settle();
	before = seen.niface_events;
	ATF_REQUIRE_EQ(os_dump(), 0);
	ATF_CHECK_EQ(seen.niface_events, before);
	IP("link del uplink");
	WAIT_FOR(seen.ngone == 2);
	ATF_CHECK(seen.gone[0] == index || seen.gone[1] == index);
}

/* va, up and running, with so many times that the carrier came. */
static void
say_carrier_ups(uint32_t ups)
{
	uint8_t buf[512] __attribute__((aligned(8))) = { 0 };
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ifinfomsg *ifi;

	nlh->nlmsg_type = RTM_NEWLINK;
	ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	ifi->ifi_index = (int)va.ifindex;
	ifi->ifi_type = va.hwtype;
	ifi->ifi_flags = IFF_UP | 0x10000; /* LOWER_UP */
	mnl_attr_put_strz(nlh, IFLA_IFNAME, va.name);
	mnl_attr_put(nlh, IFLA_ADDRESS, 6, va.hwaddr);
	mnl_attr_put_u8(nlh, IFLA_OPERSTATE, 6); /* up */
	mnl_attr_put_u32(nlh, IFLA_CARRIER_UP_COUNT, ups);
	link_message(nlh, &events);
}

TEST(interface_carrier_flap_is_reported,
    "D4-22: carrier that went and came between two messages is a new link")
{
	namespace();
	say_carrier_ups(7);
	seen.niface_events = seen.ndown = 0;
	say_carrier_ups(7);
	ATF_CHECK_EQ(seen.niface_events, 0);
	say_carrier_ups(8);
	ATF_CHECK_EQ(seen.niface_events, 2);
	ATF_CHECK_EQ(seen.ndown, 1);
	ATF_CHECK(seen_iface("va")->flags & IFACE_RUNNING);
}

TEST(ipv6_usable_needs_router_and_address,
    "D4-26: usable with a default router and a global address, not before")
{
	namespace();
	IP("addr add 2001:db8::10/64 dev va nodad");
	settle();
	ATF_CHECK_EQ(seen.usable_if, 0);
	IP("-6 route add default via fe80::1 dev va");
	WAIT_FOR(seen.usable_if == va.ifindex && seen.usable == 1);
	IP("-6 route add default via fe80::2 dev va metric 9");
	IP("-6 route del default via fe80::1 dev va");
	settle();
	ATF_CHECK_EQ(seen.usable, 1);
	IP("-6 route del default via fe80::2 dev va");
	WAIT_FOR(seen.usable == 0);
	IP("-6 route add default via fe80::1 dev va");
	WAIT_FOR(seen.usable == 1);
	IP("-6 addr del 2001:db8::10/64 dev va");
	WAIT_FOR(seen.usable == 0);
}

TEST(network_id_is_none_without_wlan, "Y-24: no SSID where there is no WLAN")
{
	namespace();
	ATF_CHECK_EQ(seen_iface("va")->network_id_len, 0);
}

/* ---- the rest ---- */

TEST(timer_fires_at_the_time, "D4-29: one timer on a clock that counts sleep")
{
	uint64_t n, start = os_clock_ms();
	int fd = os_timer_open();

	ATF_REQUIRE(fd != -1);
	ATF_REQUIRE_EQ(os_timer_set(fd, start + 50), 0);
	ATF_CHECK(!readable(fd, 0));
	ATF_REQUIRE(readable(fd, WAIT_MS));
	ATF_CHECK(os_clock_ms() >= start + 50);
	ATF_REQUIRE_EQ(read(fd, &n, sizeof(n)), (ssize_t)sizeof(n));
	ATF_REQUIRE_EQ(os_timer_set(fd, 0), 0);
	ATF_CHECK(readable(fd, WAIT_MS));
	ATF_REQUIRE_EQ(os_timer_set(fd, PROTO_NEVER), 0);
	ATF_CHECK(!readable(fd, 0));
	ATF_CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
}

TEST(notify_reaches_the_supervisor, "Y-11: READY=1 to NOTIFY_SOCKET")
{
	char text[64];
	struct sockaddr_un {
		sa_family_t family;
		char path[108];
	} sun = { .family = AF_UNIX, .path = "\0leased-test" };
	int fd, server = socket(AF_UNIX, SOCK_DGRAM, 0);
	ssize_t n;

	ATF_REQUIRE_EQ(unshare(CLONE_NEWNET), 0);
	unsetenv("NOTIFY_SOCKET");
	ATF_CHECK_EQ(os_notify_open(), -1);
	close(server);
	ATF_REQUIRE((server = socket(AF_UNIX, SOCK_DGRAM, 0)) != -1);
	ATF_REQUIRE_EQ(
	    bind(server, (struct sockaddr *)&sun, sizeof(sa_family_t) + 12), 0);
	setenv("NOTIFY_SOCKET", "@leased-test", 1);
	ATF_REQUIRE((fd = os_notify_open()) != -1);
	os_notify(fd, "READY=1");
	n = recv(server, text, sizeof(text), MSG_DONTWAIT);
	ATF_REQUIRE_EQ(n, 7);
	ATF_CHECK_EQ(memcmp(text, "READY=1", 7), 0);
	ATF_CHECK(getenv("NOTIFY_SOCKET") == NULL);
	os_notify(-1, "READY=1");
}

TEST(boot_id_is_text, "Y-10: an id that differs after each boot")
{
	char id[64];

	ATF_REQUIRE_EQ(os_boot_id(id, sizeof(id)), 0);
	ATF_CHECK_EQ(strlen(id), 36U);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, addr4_is_added_refreshed_and_removed);
	ATF_TP_ADD_TC(tp, addr4_of_the_administrator_is_not_ours);
	ATF_TP_ADD_TC(tp, addr4_removal_keeps_the_successor);
	ATF_TP_ADD_TC(tp, addr4_error_has_the_kernels_text);
	ATF_TP_ADD_TC(tp, route4_order_follows_the_metric);
	ATF_TP_ADD_TC(tp, route4_of_equal_metric_is_not_taken_from_others);
	ATF_TP_ADD_TC(tp, route4_router_outside_the_prefix);
	ATF_TP_ADD_TC(tp, route4_removed_by_others_is_reported);
	ATF_TP_ADD_TC(tp, interface_is_a_member_by_the_kind_of_its_master);
	ATF_TP_ADD_TC(tp, route4_goes_into_the_table_of_the_vrf);
	ATF_TP_ADD_TC(tp, monitor_overflow_reads_all_again);
	ATF_TP_ADD_TC(tp, interface_changes_are_reported);
	ATF_TP_ADD_TC(tp, interface_carrier_flap_is_reported);
	ATF_TP_ADD_TC(tp, ipv6_usable_needs_router_and_address);
	ATF_TP_ADD_TC(tp, network_id_is_none_without_wlan);
	ATF_TP_ADD_TC(tp, timer_fires_at_the_time);
	ATF_TP_ADD_TC(tp, notify_reaches_the_supervisor);
	ATF_TP_ADD_TC(tp, boot_id_is_text);
	return atf_no_error();
}

/* SPDX-License-Identifier: ISC */
/* The rules about leases, names and sockets (policy.h), from both sides. */

#include <netinet/in.h>
#include <string.h>

#include "conf.h"
#include "policy.h"
#include "test.h"
#include "policy_util.h"

TEST(name_has_letters_digits_hyphen_underscore_dot,
    "design 3, D4-07: any other byte is refused")
{
	char name[4] = "a?b";
	int c;

	for (c = 1; c < 256; c++) {
		int ok = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		    (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '.';

		name[1] = (char)c;
		ATF_CHECK_MSG(policy_name(name, sizeof(name), 0) ==
			(ok ? REFUSE_NOT : REFUSE_NAME),
		    "0x%02x", (unsigned int)c);
	}
}

TEST(name_has_no_empty_label, "D4-07: no dot first, last or twice")
{
	IS(NOT, policy_name("a.b.c", 6, 0));
	IS(NAME, policy_name(".a", 3, 0));
	IS(NAME, policy_name("a.", 3, 0));
	IS(NAME, policy_name("a..b", 5, 0));
	IS(NAME, policy_name(".", 2, 0));
	IS(NAME, policy_name("", 1, 0));
	IS(NOT, policy_name("", 1, 1));
	IS(NAME, policy_name(".", 2, 1));
}

/* n bytes: labels of at most 61, so that only the total length counts. */
static void
long_name(char *buf, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		buf[i] = i % 62 == 61 ? '.' : 'a';
	buf[n] = '\0';
}

TEST(name_label_is_at_most_63_and_name_253_long,
    "D4-07: labels of 63, names of 253 bytes (RFC 1035 2.3.4)")
{
	char name[512];

	memset(name, 'a', sizeof(name));
	name[63] = '\0';
	IS(NOT, policy_name(name, sizeof(name), 0));
	name[63] = 'a';
	name[64] = '\0';
	IS(NAME, policy_name(name, sizeof(name), 0));
	name[63] = '.';
	name[64] = 'a';
	name[65] = '\0';
	IS(NOT, policy_name(name, sizeof(name), 0));
	long_name(name, 253);
	IS(NOT, policy_name(name, DNS_NAME_MAX, 0));
	long_name(name, 254);
	IS(NAME, policy_name(name, sizeof(name), 0));
	long_name(name, 255);
	IS(NAME, policy_name(name, sizeof(name), 0));
}

TEST(
    name_ends_inside_its_array, "design 2: a string without its NUL is refused")
{
	IS(NOT, policy_name("abc", 4, 0));
	IS(NAME, policy_name("abc", 3, 0));
	IS(NAME, policy_name("abc", 2, 1));
}

TEST(interface_name_has_only_safe_bytes,
    "Y-20: letters, digits, . _ - : @; not first . or -")
{
	char name[4] = "a?b";
	int c;

	for (c = 1; c < 256; c++) {
		int ok = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		    (c >= 'A' && c <= 'Z') || strchr("._-:@", c) != NULL;

		name[1] = (char)c;
		ATF_CHECK_MSG(
		    policy_ifname(name) == (ok ? REFUSE_NOT : REFUSE_NAME),
		    "0x%02x", (unsigned int)c);
	}
	IS(NOT, policy_ifname("eth0.100@x:1"));
	IS(NAME, policy_ifname(".eth0"));
	IS(NAME, policy_ifname("-eth0"));
	IS(NOT, policy_ifname("_eth0"));
	IS(NAME, policy_ifname(".."));
}

TEST(interface_name_is_1_to_15_bytes_long, "Y-20: the kernel's length")
{
	IS(NAME, policy_ifname(""));
	IS(NOT, policy_ifname("e"));
	IS(NOT, policy_ifname("abcdefghijklmno"));
	IS(NAME, policy_ifname("abcdefghijklmnop"));
	IS(NAME, policy_ifname("abcdefghijklmnopq"));
}

TEST(udp_socket_only_from_the_lease,
    "design 3: local address is one the parent configured")
{
	struct policy_ctx ctx;
	struct config4 c;
	struct in_addr server = p4_ip("198.51.100.67");

	p4_usual(&ctx, &c);
	p4_set_addr(&c.addrs[1], "192.0.2.11", 24);
	IS(NOT, policy_udp4(&c, p4_ip("192.0.2.10"), server));
	IS(SOCKET_LOCAL, policy_udp4(&c, p4_ip("192.0.2.11"), server));
	c.naddrs = 2;
	IS(NOT, policy_udp4(&c, p4_ip("192.0.2.11"), server));
	IS(SOCKET_LOCAL, policy_udp4(&c, p4_ip("192.0.2.12"), server));
	IS(SOCKET_LOCAL, policy_udp4(&c, p4_ip("0.0.0.0"), server));
	c.naddrs = 0;
	IS(SOCKET_LOCAL, policy_udp4(&c, p4_ip("192.0.2.10"), server));
}

TEST(udp_socket_only_to_unicast,
    "design 3: no multicast, loopback or broadcast peer")
{
	struct policy_ctx ctx;
	struct config4 c;
	struct in_addr local = p4_ip("192.0.2.10");

	p4_usual(&ctx, &c);
	IS(NOT, policy_udp4(&c, local, p4_ip("192.0.2.1")));
	IS(SOCKET_PEER, policy_udp4(&c, local, p4_ip("192.0.2.255")));
	IS(SOCKET_PEER, policy_udp4(&c, local, p4_ip("192.0.2.0")));
	IS(NOT, policy_udp4(&c, local, p4_ip("192.0.3.255")));
	IS(SOCKET_PEER, policy_udp4(&c, local, p4_ip("255.255.255.255")));
	IS(SOCKET_PEER, policy_udp4(&c, local, p4_ip("224.0.0.1")));
	IS(SOCKET_PEER, policy_udp4(&c, local, p4_ip("127.0.0.1")));
	IS(SOCKET_PEER, policy_udp4(&c, local, p4_ip("0.0.0.0")));
}

TEST(arp_socket_only_for_unicast,
    "design 3: neither its address nor the router may be reserved")
{
	struct in_addr none = { INADDR_ANY };

	IS(NOT, policy_arp(p4_ip("192.0.2.10"), none));
	IS(NOT, policy_arp(p4_ip("169.254.7.7"), none));
	IS(ADDRESS, policy_arp(none, none));
	IS(ADDRESS, policy_arp(p4_ip("127.0.0.1"), none));
	IS(ADDRESS, policy_arp(p4_ip("255.255.255.255"), none));
	IS(NOT, policy_arp(p4_ip("192.0.2.10"), p4_ip("192.0.2.1")));
	IS(SOCKET_PEER, policy_arp(p4_ip("192.0.2.10"), p4_ip("224.0.0.1")));
}

static void
usual_lease(struct lease4 *l)
{
	memset(l, 0, sizeof(*l));
	l->addr = p4_ip("192.0.2.10");
	l->prefixlen = 24;
	l->server_id = p4_ip("192.0.2.1");
	l->lease_sec = 3600;
	l->t1_sec = 1800;
	l->t2_sec = 3150;
	l->nroutes = 1;
	l->routes[0] = p4_route("0.0.0.0", 0, "192.0.2.1");
	strlcpy(l->hostname, "host", sizeof(l->hostname));
	strlcpy(l->domain, "example.org", sizeof(l->domain));
}

TEST(lease_address_and_server_are_unicast,
    "design 3: the lease file is written only from what was checked")
{
	struct lease4 l;

	usual_lease(&l);
	IS(NOT, policy_lease4(&l));
	l.addr = p4_ip("127.0.0.1");
	IS(ADDRESS, policy_lease4(&l));
	usual_lease(&l);
	l.prefixlen = 33;
	IS(PREFIXLEN, policy_lease4(&l));
	usual_lease(&l);
	l.server_id = p4_ip("0.0.0.0");
	IS(FIELD, policy_lease4(&l));
	l.server_id = p4_ip("255.255.255.255");
	IS(FIELD, policy_lease4(&l));
}

TEST(lease_times_are_in_order,
    "D4-16: 5 s at least, t1 <= t2 <= lease; infinite is allowed")
{
	struct lease4 l;

	usual_lease(&l);
	l.lease_sec = l.t1_sec = l.t2_sec = 5;
	IS(NOT, policy_lease4(&l));
	l.lease_sec = l.t1_sec = l.t2_sec = 4;
	IS(LIFETIME, policy_lease4(&l));
	l.lease_sec = l.t1_sec = l.t2_sec = LIFETIME_INFINITE;
	IS(NOT, policy_lease4(&l));
	usual_lease(&l);
	l.t1_sec = l.t2_sec;
	IS(NOT, policy_lease4(&l));
	l.t1_sec = l.t2_sec + 1;
	IS(LIFETIME, policy_lease4(&l));
	usual_lease(&l);
	l.t2_sec = l.lease_sec;
	IS(NOT, policy_lease4(&l));
	l.t2_sec = l.lease_sec + 1;
	IS(LIFETIME, policy_lease4(&l));
}

TEST(lease_of_an_inform_has_no_address,
    "D4-24: the answer to an INFORM needs neither address, server nor time")
{
	struct lease4 l;

	memset(&l, 0, sizeof(l));
	IS(LIFETIME, policy_lease4(&l));
	l.lease_sec = 60;
	l.server_id = p4_ip("192.0.2.1");
	IS(PREFIXLEN, policy_lease4(&l));
	memset(&l, 0, sizeof(l));
	l.inform = 1;
	IS(NOT, policy_lease4(&l));
	l.addr = p4_ip("192.0.2.10");
	IS(PREFIXLEN, policy_lease4(&l));
	l.prefixlen = 24;
	IS(NOT, policy_lease4(&l));
	l.t1_sec = 1;
	IS(LIFETIME, policy_lease4(&l));
}

TEST(lease_flags_are_0_or_1, "design 3: no other value goes into the file")
{
	struct lease4 l;

	usual_lease(&l);
	l.rapid_commit = l.has_router_mac = 1;
	IS(NOT, policy_lease4(&l));
	l.rapid_commit = 2;
	IS(FIELD, policy_lease4(&l));
	usual_lease(&l);
	l.has_router_mac = 0x80;
	IS(FIELD, policy_lease4(&l));
	usual_lease(&l);
	l.inform = 3;
	IS(FIELD, policy_lease4(&l));
}

/* A member at its largest value is accepted, one more is refused. */
#define BOUND(member, max)                    \
	do {                                  \
		full_lease(&l);               \
		l.member = (max);             \
		IS(NOT, policy_lease4(&l));   \
		l.member = (max) + 1;         \
		IS(COUNT, policy_lease4(&l)); \
	} while (0)

static void
full_lease(struct lease4 *l)
{
	size_t i;

	usual_lease(l);
	for (i = 0; i < LEASE4_ROUTES_MAX; i++)
		l->routes[i] = p4_route("198.51.100.0", 24, "192.0.2.1");
	for (i = 0; i < DNS_SERVERS_MAX; i++)
		l->dns[i] = p4_ip("192.0.2.53");
	for (i = 0; i < LEASE4_NTP_MAX; i++)
		l->ntp[i] = p4_ip("192.0.2.123");
	for (i = 0; i < DNS_SEARCH_MAX; i++)
		strlcpy(l->search[i], "example.org", DNS_NAME_MAX);
}

TEST(lease_counts_and_lengths_are_within_their_arrays,
    "design 3, CVE-2022-27881's class: no count past its array")
{
	struct lease4 l;

	BOUND(nroutes, LEASE4_ROUTES_MAX);
	BOUND(ndns, DNS_SERVERS_MAX);
	BOUND(nntp, LEASE4_NTP_MAX);
	BOUND(nsearch, DNS_SEARCH_MAX);
	BOUND(hwaddr_len, HWADDR_MAX);
	BOUND(network_id_len, NETWORK_ID_MAX);
	BOUND(sixrd_len, 64);
	BOUND(dnr_len, LEASE4_BLOB_MAX);
	BOUND(client_id_len, LEASE4_BLOB_MAX);
	full_lease(&l);
	l.vendor_len = UINT8_MAX;
	IS(NOT, policy_lease4(&l));
}

TEST(lease_mtu_is_one_that_rfc_2132_knows, "RFC 2132 5.1: 68 is the least")
{
	struct lease4 l;

	usual_lease(&l);
	l.mtu = 67;
	IS(MTU, policy_lease4(&l));
	l.mtu = 68;
	IS(NOT, policy_lease4(&l));
	l.mtu = 1;
	IS(MTU, policy_lease4(&l));
	l.mtu = UINT16_MAX;
	IS(NOT, policy_lease4(&l));
}

TEST(lease_lists_are_checked_to_the_last,
    "design 3: routes, name servers, NTP servers, search names")
{
	struct lease4 l;

	full_lease(&l);
	l.routes[1] = p4_route("127.0.0.0", 8, "192.0.2.1");
	IS(NOT, policy_lease4(&l));
	l.nroutes = 2;
	IS(ROUTE_DST, policy_lease4(&l));
	full_lease(&l);
	l.ndns = 1;
	l.dns[1] = p4_ip("127.0.0.1");
	IS(NOT, policy_lease4(&l));
	l.ndns = 2;
	IS(DNS_SERVER, policy_lease4(&l));
	full_lease(&l);
	l.nntp = 1;
	l.ntp[1] = p4_ip("224.0.1.1");
	IS(NOT, policy_lease4(&l));
	l.nntp = 2;
	IS(FIELD, policy_lease4(&l));
	full_lease(&l);
	l.nsearch = 1;
	strlcpy(l.search[1], "a b", DNS_NAME_MAX);
	IS(NOT, policy_lease4(&l));
	l.nsearch = 2;
	IS(NAME, policy_lease4(&l));
	full_lease(&l);
	l.nsearch = 1;
	l.search[0][0] = '\0';
	IS(NAME, policy_lease4(&l));
}

TEST(lease_names_are_names_or_empty, "design 3, D4-07: options 12 and 15")
{
	struct lease4 l;

	usual_lease(&l);
	l.hostname[0] = l.domain[0] = '\0';
	IS(NOT, policy_lease4(&l));
	usual_lease(&l);
	strlcpy(l.hostname, "a;reboot", sizeof(l.hostname));
	IS(NAME, policy_lease4(&l));
	usual_lease(&l);
	strlcpy(l.domain, "$(id)", sizeof(l.domain));
	IS(NAME, policy_lease4(&l));
	usual_lease(&l);
	memset(l.hostname, 'a', sizeof(l.hostname));
	IS(NAME, policy_lease4(&l));
}

TEST(lease_captive_portal_is_printable,
    "design 3, D4-28: no blank, control or 8-bit byte, and a NUL inside")
{
	struct lease4 l;
	int c;

	usual_lease(&l);
	for (c = 1; c < 256; c++) {
		l.captive_portal[0] = 'h';
		l.captive_portal[1] = (char)c;
		ATF_CHECK_MSG(policy_lease4(&l) ==
			(c >= 0x21 && c <= 0x7e ? REFUSE_NOT : REFUSE_FIELD),
		    "0x%02x", (unsigned int)c);
	}
	memset(l.captive_portal, 'a', sizeof(l.captive_portal));
	IS(FIELD, policy_lease4(&l));
	l.captive_portal[sizeof(l.captive_portal) - 1] = '\0';
	IS(NOT, policy_lease4(&l));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, name_has_letters_digits_hyphen_underscore_dot);
	ATF_TP_ADD_TC(tp, name_has_no_empty_label);
	ATF_TP_ADD_TC(tp, name_label_is_at_most_63_and_name_253_long);
	ATF_TP_ADD_TC(tp, name_ends_inside_its_array);
	ATF_TP_ADD_TC(tp, interface_name_has_only_safe_bytes);
	ATF_TP_ADD_TC(tp, interface_name_is_1_to_15_bytes_long);
	ATF_TP_ADD_TC(tp, udp_socket_only_from_the_lease);
	ATF_TP_ADD_TC(tp, udp_socket_only_to_unicast);
	ATF_TP_ADD_TC(tp, arp_socket_only_for_unicast);
	ATF_TP_ADD_TC(tp, lease_address_and_server_are_unicast);
	ATF_TP_ADD_TC(tp, lease_times_are_in_order);
	ATF_TP_ADD_TC(tp, lease_of_an_inform_has_no_address);
	ATF_TP_ADD_TC(tp, lease_flags_are_0_or_1);
	ATF_TP_ADD_TC(tp, lease_counts_and_lengths_are_within_their_arrays);
	ATF_TP_ADD_TC(tp, lease_mtu_is_one_that_rfc_2132_knows);
	ATF_TP_ADD_TC(tp, lease_lists_are_checked_to_the_last);
	ATF_TP_ADD_TC(tp, lease_names_are_names_or_empty);
	ATF_TP_ADD_TC(tp, lease_captive_portal_is_printable);
	return atf_no_error();
}

/* SPDX-License-Identifier: ISC */
/*
 * Every rule of policy.c both ways: accepted at its bound, refused one past
 * it.  tests/mutants/ flips each comparison of policy.c and expects a test
 * here to fail.
 */

#include <sys/socket.h>
#include <arpa/inet.h>
#include <string.h>

#include "conf.h"
#include "policy.h"
#include "test.h"
#include "policy_util.h"

TEST(rate_allows_a_burst_and_not_one_more,
    "design 3: 256 requests at once, the next is refused")
{
	struct policy_bucket b;
	int i;

	memset(&b, 0, sizeof(b));
	for (i = 0; i < POLICY_BURST; i++)
		IS(NOT, policy_rate(&b, 1000));
	IS(RATE, policy_rate(&b, 1000));
}

TEST(rate_refills_fifty_a_second, "design 3: refilled at 50 a second")
{
	struct policy_bucket b;
	int i;

	memset(&b, 0, sizeof(b));
	for (i = 0; i < POLICY_BURST; i++)
		IS(NOT, policy_rate(&b, 1000));
	IS(RATE, policy_rate(&b, 1019));
	IS(NOT, policy_rate(&b, 1020));
	IS(RATE, policy_rate(&b, 1020));
	for (i = 0; i < POLICY_REFILL_PER_SEC; i++)
		IS(NOT, policy_rate(&b, 2020));
	IS(RATE, policy_rate(&b, 2020));
}

TEST(rate_never_holds_more_than_the_burst,
    "design 3: an idle hour, or a clock that jumps, saves up nothing")
{
	static const uint64_t later[] = { 3600000, UINT64_MAX };
	struct policy_bucket b;
	size_t n;
	int i;

	for (n = 0; n < 2; n++) {
		memset(&b, 0, sizeof(b));
		IS(NOT, policy_rate(&b, 0));
		for (i = 0; i < POLICY_BURST; i++)
			IS(NOT, policy_rate(&b, later[n]));
		IS(RATE, policy_rate(&b, later[n]));
	}
}

TEST(rate_does_not_refill_when_the_clock_steps_back,
    "design 3: an earlier time refills nothing")
{
	struct policy_bucket b;
	int i;

	memset(&b, 0, sizeof(b));
	for (i = 0; i < POLICY_BURST; i++)
		IS(NOT, policy_rate(&b, 100000));
	IS(RATE, policy_rate(&b, 50000));
	IS(NOT, policy_rate(&b, 50020));
}

TEST(address_of_reserved_blocks_is_refused,
    "design 3, D4-14: no address in 0/8, 127/8, 224/3")
{
	static const struct {
		const char *addr;
		int ok;
	} t[] = {
		{ "0.0.0.0", 0 },
		{ "0.0.0.1", 0 },
		{ "0.255.255.254", 0 },
		{ "1.0.0.1", 1 },
		{ "126.255.255.253", 1 },
		{ "127.0.0.1", 0 },
		{ "127.255.255.253", 0 },
		{ "128.0.0.1", 1 },
		{ "223.255.255.253", 1 },
		{ "224.0.0.1", 0 },
		{ "239.1.2.3", 0 },
		{ "240.0.0.1", 0 },
		{ "255.255.255.253", 0 },
		{ "10.0.0.1", 1 },
		{ "100.64.0.1", 1 },
	};
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		ATF_CHECK_MSG(policy_addr4(p4_ip(t[i].addr), 29) ==
			(t[i].ok ? REFUSE_NOT : REFUSE_ADDRESS),
		    "%s", t[i].addr);
	IS(ADDRESS, policy_addr4(p4_ip("255.255.255.255"), 32));
}

TEST(address_of_a_server_is_not_link_local,
    "AC-04: RFC 3927 1.6; whatever its prefix length")
{
	IS(NOT, policy_addr4(p4_ip("169.253.255.254"), 16));
	IS(LINK_LOCAL, policy_addr4(p4_ip("169.254.0.1"), 16));
	IS(LINK_LOCAL, policy_addr4(p4_ip("169.254.77.1"), 16));
	IS(LINK_LOCAL, policy_addr4(p4_ip("169.254.77.1"), 8));
	IS(LINK_LOCAL, policy_addr4(p4_ip("169.254.77.1"), 32));
	IS(LINK_LOCAL, policy_addr4(p4_ip("169.254.255.254"), 16));
	IS(NOT, policy_addr4(p4_ip("169.255.0.1"), 16));
	IS(NETWORK_ADDRESS, policy_addr4(p4_ip("169.254.0.0"), 16));
}

TEST(address_prefix_length_is_1_to_32,
    "design 3: prefix length 0 and above 32 are refused")
{
	IS(PREFIXLEN, policy_addr4(p4_ip("192.0.2.10"), 0));
	IS(NOT, policy_addr4(p4_ip("192.0.2.10"), 1));
	IS(NOT, policy_addr4(p4_ip("192.0.2.10"), 32));
	IS(PREFIXLEN, policy_addr4(p4_ip("192.0.2.10"), 33));
	IS(PREFIXLEN, policy_addr4(p4_ip("192.0.2.10"), 64));
	IS(PREFIXLEN, policy_addr4(p4_ip("192.0.2.10"), 255));
}

TEST(address_is_not_the_network_or_broadcast_address,
    "design 3: /31 and /32 are exempt")
{
	IS(NETWORK_ADDRESS, policy_addr4(p4_ip("192.0.2.0"), 24));
	IS(NOT, policy_addr4(p4_ip("192.0.2.1"), 24));
	IS(NOT, policy_addr4(p4_ip("192.0.2.254"), 24));
	IS(NETWORK_ADDRESS, policy_addr4(p4_ip("192.0.2.255"), 24));
	IS(NOT, policy_addr4(p4_ip("192.0.2.255"), 23));
	IS(NETWORK_ADDRESS, policy_addr4(p4_ip("192.0.2.4"), 30));
	IS(NETWORK_ADDRESS, policy_addr4(p4_ip("192.0.2.7"), 30));
	IS(NOT, policy_addr4(p4_ip("192.0.2.4"), 31));
	IS(NOT, policy_addr4(p4_ip("192.0.2.5"), 31));
	IS(NOT, policy_addr4(p4_ip("192.0.2.0"), 32));
	IS(NOT, policy_addr4(p4_ip("192.0.2.255"), 32));
}

TEST(config_withdraws_everything_with_nothing,
    "design 3: no address and no route is the withdrawal; a route alone is "
    "refused")
{
	struct policy_ctx ctx;
	struct config4 c;

	p4_usual(&ctx, &c);
	c.naddrs = 0;
	IS(NOT, policy_config4(&ctx, &c));
	p4_add_route(&c, "198.51.100.0", 24, "0.0.0.0");
	IS(COUNT, policy_config4(&ctx, &c));
	c.naddrs = 1;
	IS(NOT, policy_config4(&ctx, &c));
	c.nroutes = 0;
	IS(NOT, policy_config4(&ctx, &c));
}

TEST(config_has_at_most_three_addresses_and_64_routes,
    "design 3: counts per interface")
{
	struct policy_ctx ctx;
	struct config4 c;
	uint16_t i;

	p4_usual(&ctx, &c);
	p4_set_addr(&c.addrs[1], "192.0.2.11", 24);
	p4_set_addr(&c.addrs[2], "192.0.2.12", 24);
	c.naddrs = 3;
	for (i = 0; i < CONFIG4_ROUTES_MAX; i++)
		p4_add_route(&c, "198.51.100.0", 24, "192.0.2.1");
	IS(NOT, policy_config4(&ctx, &c));
	c.naddrs = 4;
	IS(COUNT, policy_config4(&ctx, &c));
	c.naddrs = 3;
	c.nroutes = CONFIG4_ROUTES_MAX + 1;
	IS(COUNT, policy_config4(&ctx, &c));
	c.nroutes = UINT16_MAX;
	IS(COUNT, policy_config4(&ctx, &c));
}

TEST(config_of_an_interface_without_ipv4_is_empty,
    "Y-16: an address where IPv4 is off is refused, its removal is not")
{
	struct policy_ctx ctx;
	struct config4 c;

	p4_usual(&ctx, &c);
	IS(NOT, policy_config4(&ctx, &c));
	ctx.off = 1;
	IS(PROTOCOL, policy_config4(&ctx, &c));
	memset(&c, 0, sizeof(c));
	IS(NOT, policy_config4(&ctx, &c));
	c.if_mtu = 1400;
	IS(PROTOCOL, policy_config4(&ctx, &c));
}

TEST(config_link_local_address_is_self_assigned,
    "AC-04: with link-local yes alone, as RFC 3927 2.1 has it: /16, neither "
    "the first nor the last 256")
{
	struct policy_ctx ctx;
	struct config4 c;

	p4_usual(&ctx, &c);
	p4_set_addr(&c.addrs[0], "169.254.1.0", 16);
	IS(LINK_LOCAL, policy_config4(&ctx, &c));
	ctx.link_local = 1;
	IS(NOT, policy_config4(&ctx, &c));
	p4_set_addr(&c.addrs[0], "169.254.0.255", 16);
	IS(LINK_LOCAL, policy_config4(&ctx, &c));
	p4_set_addr(&c.addrs[0], "169.254.254.255", 16);
	IS(NOT, policy_config4(&ctx, &c));
	p4_set_addr(&c.addrs[0], "169.254.255.0", 16);
	IS(LINK_LOCAL, policy_config4(&ctx, &c));
	p4_set_addr(&c.addrs[0], "169.254.77.1", 15);
	IS(LINK_LOCAL, policy_config4(&ctx, &c));
	p4_set_addr(&c.addrs[0], "169.254.77.1", 17);
	IS(LINK_LOCAL, policy_config4(&ctx, &c));
	p4_set_addr(&c.addrs[0], "169.254.77.1", 32);
	IS(LINK_LOCAL, policy_config4(&ctx, &c));
	/* The lease's is checked like any other. */
	p4_set_addr(&c.addrs[0], "192.0.2.10", 24);
	IS(NOT, policy_config4(&ctx, &c));
	p4_set_addr(&c.addrs[0], "127.0.0.1", 8);
	IS(ADDRESS, policy_config4(&ctx, &c));
}

TEST(config_checks_each_address_and_no_more,
    "design 3: the last one counts; what is beyond the count does not")
{
	struct policy_ctx ctx;
	struct config4 c;

	p4_usual(&ctx, &c);
	p4_set_addr(&c.addrs[1], "127.0.0.1", 8);
	IS(NOT, policy_config4(&ctx, &c));
	c.naddrs = 2;
	IS(ADDRESS, policy_config4(&ctx, &c));
	p4_set_addr(&c.addrs[1], "192.0.2.0", 24);
	IS(NETWORK_ADDRESS, policy_config4(&ctx, &c));
	p4_set_addr(&c.addrs[1], "192.0.2.11", 33);
	IS(PREFIXLEN, policy_config4(&ctx, &c));
}

TEST(config_broadcast_address_is_of_the_prefix,
    "design 3: none, all ones, or another address within the prefix")
{
	struct policy_ctx ctx;
	struct config4 c;

	p4_usual(&ctx, &c);
	IS(NOT, policy_config4(&ctx, &c));
	c.addrs[0].broadcast = p4_ip("255.255.255.255");
	IS(NOT, policy_config4(&ctx, &c));
	c.addrs[0].broadcast = p4_ip("192.0.2.255");
	IS(NOT, policy_config4(&ctx, &c));
	c.addrs[0].broadcast = p4_ip("192.0.2.0");
	IS(NOT, policy_config4(&ctx, &c));
	c.addrs[0].broadcast = p4_ip("192.0.2.10");
	IS(FIELD, policy_config4(&ctx, &c));
	c.addrs[0].broadcast = p4_ip("192.0.3.0");
	IS(FIELD, policy_config4(&ctx, &c));
	c.addrs[0].broadcast = p4_ip("8.8.8.8");
	IS(FIELD, policy_config4(&ctx, &c));
}

TEST(config_mtu_of_the_interface_is_1280_to_the_devices,
    "design 3, D4-27: 0, or 1280 to the device's maximum")
{
	static const struct {
		uint16_t mtu;
		int ok;
	} t[] = {
		{ 0, 1 },
		{ 1, 0 },
		{ 576, 0 },
		{ 1279, 0 },
		{ 1280, 1 },
		{ 1281, 1 },
		{ 8999, 1 },
		{ 9000, 1 },
		{ 9001, 0 },
		{ UINT16_MAX, 0 },
	};
	struct policy_ctx ctx;
	struct config4 c;
	size_t i;

	p4_usual(&ctx, &c);
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		c.if_mtu = t[i].mtu;
		ATF_CHECK_MSG(policy_config4(&ctx, &c) ==
			(t[i].ok ? REFUSE_NOT : REFUSE_MTU),
		    "%u", t[i].mtu);
	}
}

TEST(config_mtu_of_routes_is_576_to_the_devices,
    "design 3, D4-27: 0, or 576 to the device's maximum")
{
	static const struct {
		uint16_t mtu;
		int ok;
	} t[] = {
		{ 0, 1 },
		{ 1, 0 },
		{ 575, 0 },
		{ 576, 1 },
		{ 577, 1 },
		{ 9000, 1 },
		{ 9001, 0 },
		{ UINT16_MAX, 0 },
	};
	struct policy_ctx ctx;
	struct config4 c;
	size_t i;

	p4_usual(&ctx, &c);
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		c.route_mtu = t[i].mtu;
		ATF_CHECK_MSG(policy_config4(&ctx, &c) ==
			(t[i].ok ? REFUSE_NOT : REFUSE_ROUTE_MTU),
		    "%u", t[i].mtu);
	}
}

static void
set_server(struct dns_server *s, const char *text)
{
	memset(s, 0, sizeof(*s));
	s->family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
	ATF_REQUIRE(inet_pton(s->family, text, s->addr) == 1);
}

TEST(dns_server_is_unicast,
    "design 3: unspecified, loopback and multicast are refused")
{
	static const struct {
		const char *addr;
		int ok;
	} t[] = {
		{ "0.0.0.0", 0 },
		{ "127.0.0.53", 0 },
		{ "224.0.0.251", 0 },
		{ "255.255.255.255", 0 },
		{ "192.0.2.53", 1 },
		{ "::", 0 },
		{ "::1", 0 },
		{ "::192.0.2.1", 0 },
		{ "::ffff:127.0.0.1", 0 },
		{ "::ffff:192.0.2.1", 0 },
		{ "ff02::fb", 0 },
		{ "ff00::", 0 },
		{ "fe80::1", 1 },
		{ "2001:db8::53", 1 },
		{ "::ff00:0:1", 1 },
		{ "::ff:0:1", 1 },
		{ "::1:0:0", 1 },
		{ "64:ff9b::1", 1 },
		{ "feff::1", 1 },
		{ "0:1::", 1 },
		{ "0:0:0:0:1::", 1 },
	};
	struct dns_set dns;
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		memset(&dns, 0, sizeof(dns));
		dns.nservers = 1;
		set_server(&dns.servers[0], t[i].addr);
		ATF_CHECK_MSG(policy_dns(&dns) ==
			(t[i].ok ? REFUSE_NOT : REFUSE_DNS_SERVER),
		    "%s", t[i].addr);
	}
	dns.servers[0].family = AF_UNIX;
	IS(FIELD, policy_dns(&dns));
}

TEST(dns_has_at_most_8_servers_and_16_names, "design 3: counts")
{
	struct dns_set dns;
	int i;

	memset(&dns, 0, sizeof(dns));
	IS(NOT, policy_dns(&dns));
	dns.nservers = DNS_SERVERS_MAX;
	dns.nsearch = DNS_SEARCH_MAX;
	for (i = 0; i < DNS_SERVERS_MAX; i++)
		set_server(&dns.servers[i], "192.0.2.53");
	for (i = 0; i < DNS_SEARCH_MAX; i++)
		strlcpy(dns.search[i], "example.org", DNS_NAME_MAX);
	IS(NOT, policy_dns(&dns));
	dns.nservers++;
	IS(COUNT, policy_dns(&dns));
	dns.nservers--;
	dns.nsearch++;
	IS(COUNT, policy_dns(&dns));
}

TEST(dns_checks_each_and_no_more,
    "design 3: the last server and name count; beyond the count nothing does")
{
	struct dns_set dns;

	memset(&dns, 0, sizeof(dns));
	dns.nservers = 1;
	dns.nsearch = 1;
	set_server(&dns.servers[0], "192.0.2.53");
	set_server(&dns.servers[1], "127.0.0.1");
	strlcpy(dns.search[0], "example.org", DNS_NAME_MAX);
	strlcpy(dns.search[1], "exa\nmple", DNS_NAME_MAX);
	IS(NOT, policy_dns(&dns));
	dns.nservers = 2;
	IS(DNS_SERVER, policy_dns(&dns));
	dns.nservers = 1;
	dns.nsearch = 2;
	IS(NAME, policy_dns(&dns));
	dns.search[1][0] = '\0';
	IS(NAME, policy_dns(&dns));
}

TEST(protocol_that_is_off_says_nothing,
    "design 3: DHCPv4, SLAAC and DHCPv6 by their statements; no other "
    "protocol has anything to say")
{
	struct conf_iface conf;

	memset(&conf, 0, sizeof(conf));
	IS(PROTOCOL, policy_protocol(&conf, PROTO_DHCP4));
	IS(PROTOCOL, policy_protocol(&conf, PROTO_SLAAC));
	IS(PROTOCOL, policy_protocol(&conf, PROTO_DHCP6));
	conf.dhcp4 = CONF_INFORM;
	IS(NOT, policy_protocol(&conf, PROTO_DHCP4));
	IS(PROTOCOL, policy_protocol(&conf, PROTO_SLAAC));
	conf.slaac = CONF_YES;
	IS(NOT, policy_protocol(&conf, PROTO_SLAAC));
	IS(PROTOCOL, policy_protocol(&conf, PROTO_DHCP6));
	conf.dhcp6 = CONF_AUTO;
	IS(NOT, policy_protocol(&conf, PROTO_DHCP6));
	IS(FIELD, policy_protocol(&conf, PROTO_NONE));
	IS(FIELD, policy_protocol(&conf, PROTO_PD));
	IS(FIELD, policy_protocol(&conf, PROTO_MAX));
}

TEST(refusal_has_a_text, "each refusal can be named in log and status")
{
	int i;

	for (i = 0; i < REFUSE_MAX; i++)
		ATF_CHECK(strlen(policy_refusal_text((enum refusal)i)) > 3);
	ATF_CHECK_STREQ("prefix length", policy_refusal_text(REFUSE_PREFIXLEN));
	ATF_CHECK_STREQ("unknown refusal", policy_refusal_text(REFUSE_MAX));
	ATF_CHECK_STREQ(
	    "unknown refusal", policy_refusal_text((enum refusal) - 1));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, rate_allows_a_burst_and_not_one_more);
	ATF_TP_ADD_TC(tp, rate_refills_fifty_a_second);
	ATF_TP_ADD_TC(tp, rate_never_holds_more_than_the_burst);
	ATF_TP_ADD_TC(tp, rate_does_not_refill_when_the_clock_steps_back);
	ATF_TP_ADD_TC(tp, address_of_reserved_blocks_is_refused);
	ATF_TP_ADD_TC(tp, address_of_a_server_is_not_link_local);
	ATF_TP_ADD_TC(tp, address_prefix_length_is_1_to_32);
	ATF_TP_ADD_TC(tp, address_is_not_the_network_or_broadcast_address);
	ATF_TP_ADD_TC(tp, config_withdraws_everything_with_nothing);
	ATF_TP_ADD_TC(tp, config_has_at_most_three_addresses_and_64_routes);
	ATF_TP_ADD_TC(tp, config_of_an_interface_without_ipv4_is_empty);
	ATF_TP_ADD_TC(tp, config_link_local_address_is_self_assigned);
	ATF_TP_ADD_TC(tp, config_checks_each_address_and_no_more);
	ATF_TP_ADD_TC(tp, config_broadcast_address_is_of_the_prefix);
	ATF_TP_ADD_TC(tp, config_mtu_of_the_interface_is_1280_to_the_devices);
	ATF_TP_ADD_TC(tp, config_mtu_of_routes_is_576_to_the_devices);
	ATF_TP_ADD_TC(tp, dns_server_is_unicast);
	ATF_TP_ADD_TC(tp, dns_has_at_most_8_servers_and_16_names);
	ATF_TP_ADD_TC(tp, dns_checks_each_and_no_more);
	ATF_TP_ADD_TC(tp, protocol_that_is_off_says_nothing);
	ATF_TP_ADD_TC(tp, refusal_has_a_text);
	return atf_no_error();
}

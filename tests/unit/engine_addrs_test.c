/* SPDX-License-Identifier: ISC */
/* What is shown of an interface's IPv6 addresses. */

#include <arpa/inet.h>
#include <string.h>

#include <atf-c.h>

#include "engine.h"

static struct addr_origins from;

static struct in6_addr
ip6(const char *text)
{
	struct in6_addr addr;

	ATF_REQUIRE_EQ(1, inet_pton(AF_INET6, text, &addr));
	return addr;
}

/* As the kernel told it once: 100 s, half of them preferred. */
static struct show_addr
origin(const char *text)
{
	struct show_addr addr;

	memset(&addr, 0, sizeof(addr));
	addr.state.addr = ip6(text);
	addr.state.valid_sec = 100;
	addr.state.preferred_sec = 50;
	engine_origin(&addr, &from);
	return addr;
}

ATF_TC(addresses_are_shown_with_what_they_come_from);
ATF_TC_HEAD(addresses_are_shown_with_what_they_come_from, tc)
{
	atf_tc_set_md_var(tc, "descr", "%s",
	    "Y-04, Y-23: protocol and lifetimes, also after a refresh that "
	    "is no event of the kernel; a link-local address is of nobody");
}
ATF_TC_BODY(addresses_are_shown_with_what_they_come_from, tc)
{
	struct show_addr a;

	memset(&from, 0, sizeof(from));
	from.slaac.naddrs = 1;
	from.slaac.addrs[0].addr = ip6("2001:db8:1::1");
	from.slaac.addrs[0].valid_sec = 300;
	from.slaac.addrs[0].preferred_sec = 200;
	from.slaac.addrs[0].flags = SLAAC_ADDR_TEMPORARY;
	from.dhcp6.naddrs = 1;
	from.dhcp6.addrs[0].addr = ip6("2001:db8:2::1");
	from.dhcp6.addrs[0].valid_sec = 301;
	from.dhcp6.addrs[0].preferred_sec = 201;
	from.pd.nentries = 1;
	from.pd.entries[0].addr = ip6("2001:db8:3::1");
	from.pd.entries[0].valid_sec = 302;
	from.pd.entries[0].preferred_sec = 202;

	a = origin("2001:db8:1::1");
	ATF_CHECK_EQ(PROTO_SLAAC, a.protocol);
	ATF_CHECK_EQ(1, a.temporary);
	ATF_CHECK_EQ(300, a.state.valid_sec);
	ATF_CHECK_EQ(200, a.state.preferred_sec);
	a = origin("2001:db8:2::1");
	ATF_CHECK_EQ(PROTO_DHCP6, a.protocol);
	ATF_CHECK_EQ(301, a.state.valid_sec);
	ATF_CHECK_EQ(201, a.state.preferred_sec);
	a = origin("2001:db8:3::1");
	ATF_CHECK_EQ(PROTO_PD, a.protocol);
	ATF_CHECK_EQ(302, a.state.valid_sec);
	ATF_CHECK_EQ(202, a.state.preferred_sec);
	a = origin("fe80::1");
	ATF_CHECK_EQ(PROTO_NONE, a.protocol);
	ATF_CHECK_EQ(100, a.state.valid_sec);
	/* Of an earlier run. */
	a = origin("2001:db8:9::1");
	ATF_CHECK_EQ(PROTO_PD, a.protocol);
	ATF_CHECK_EQ(100, a.state.valid_sec);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, addresses_are_shown_with_what_they_come_from);
	return atf_no_error();
}

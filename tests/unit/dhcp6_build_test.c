/* SPDX-License-Identifier: ISC */
/* The DHCPv6 encoder. */

#include <string.h>

#include "packet6.h"
#include "proto/dhcp6_msg.h"
#include "test.h"

static struct conf_iface conf;
static struct dhcp6_lease lease;
static uint8_t wire[2048];

static struct dhcp6_out
solicit(void)
{
	struct dhcp6_out out = { .type = DHCP6_SOLICIT,
		.xid = 0xff123456,
		.has_elapsed = 1,
		.client_id = (const uint8_t *)CLIENT_DUID,
		.client_id_len = CLIENT_DUID_LEN,
		.lease = &lease,
		.ias = 3,
		.hints = conf.prefixes };

	memset(&lease, 0, sizeof(lease));
	lease.ias[0].iaid = 7;
	lease.ias[1].iaid = 8;
	memset(&conf, 0, sizeof(conf));
	return out;
}

TEST(dhcp6_solicit_on_the_wire,
    "D6-04, D6-40: elapsed time 0, ORO, both IAs, the prefix hint")
{
	static const uint16_t want[] = { 23, 24, 31, 56, 64, 67, 82, 103, 144 };
	struct dhcp6_out out = solicit();
	const uint8_t *o, *in;
	size_t len, n, i;

	(void)tc;
	conf.prefixes[0].hint_len = 56;
	out.noro = dhcp6_oro(&conf, DHCP6_SOLICIT, 1, out.oro);
	out.rapid_commit = 1;
	n = dhcp6_msg_build(&out, wire, sizeof(wire));
	ATF_REQUIRE(n > 4);
	ATF_CHECK_EQ(0, memcmp(wire, "\x01\x12\x34\x56", 4));
	o = p6_find(wire + 4, n - 4, 8, 0, &len);
	ATF_REQUIRE(o != NULL);
	ATF_CHECK(len == 2 && o[0] == 0 && o[1] == 0);
	ATF_CHECK(p6_find(wire + 4, n - 4, 14, 0, &len) != NULL);
	ATF_CHECK(p6_find(wire + 4, n - 4, 20, 0, &len) == NULL);
	o = p6_find(wire + 4, n - 4, 6, 0, &len);
	ATF_REQUIRE(o != NULL);
	ATF_REQUIRE_EQ(sizeof(want), len);
	for (i = 0; i < len / 2; i++)
		ATF_CHECK_EQ(want[i], o[2 * i] << 8 | o[2 * i + 1]);
	o = p6_find(wire + 4, n - 4, 3, 0, &len);
	ATF_REQUIRE(o != NULL);
	ATF_CHECK_EQ(12, len);
	o = p6_find(wire + 4, n - 4, 25, 0, &len);
	ATF_REQUIRE(o != NULL);
	ATF_CHECK_EQ(12 + 4 + 25, len);
	in = p6_find(o + 12, len - 12, 26, 0, &len);
	ATF_REQUIRE(in != NULL);
	ATF_CHECK_EQ(56, in[8]);
}

TEST(dhcp6_option_request,
    "D6-04: 67 with a prefix, 32 and 83 with Information-request, 148 with "
    "register, 94-96 when asked, ignore")
{
	uint16_t oro[DHCP6_ORO_MAX];
	size_t n;

	(void)tc;
	memset(&conf, 0, sizeof(conf));
	ATF_CHECK_EQ(8, dhcp6_oro(&conf, DHCP6_RENEW, 0, oro));
	ATF_CHECK_EQ(9, dhcp6_oro(&conf, DHCP6_RENEW, 1, oro));
	n = dhcp6_oro(&conf, DHCP6_INFORMATION_REQUEST, 0, oro);
	ATF_REQUIRE_EQ(10, n);
	ATF_CHECK_EQ(32, oro[4]);
	ATF_CHECK_EQ(83, oro[7]);
	conf.register_addr = 1;
	ATF_CHECK_EQ(9, dhcp6_oro(&conf, DHCP6_RENEW, 0, oro));
	conf.opt6.nrequest = 4;
	conf.opt6.request[0] = 94;
	conf.opt6.request[1] = 95;
	conf.opt6.request[2] = 96;
	conf.opt6.request[3] = 24;
	conf.opt6.nignore = 2;
	conf.opt6.ignore[0] = 95;
	conf.opt6.ignore[1] = 31;
	n = dhcp6_oro(&conf, DHCP6_RENEW, 0, oro);
	ATF_REQUIRE_EQ(10, n);
	ATF_CHECK_EQ(94, oro[8]);
	ATF_CHECK_EQ(96, oro[9]);
}

TEST(dhcp6_everything_configured_fits,
    "D6-31: at most 1500 bytes with headers; classes give way")
{
	static char classes[8][64], vendor[256], host[256];
	struct dhcp6_out out = solicit();
	size_t n, i, len;

	(void)tc;
	memset(classes, 'u', sizeof(classes));
	memset(vendor, 'v', sizeof(vendor) - 1);
	for (i = 0; i < 250; i++)
		host[i] = i % 50 == 49 ? '.' : 'h';
	out.ias = 0x1f;
	lease.naddrs = lease.nprefixes = 8;
	for (i = 0; i < 8; i++) {
		lease.addrs[i].addr = ip6("2001:db8::1");
		lease.prefixes[i].prefix = ip6("2001:db8::");
		lease.prefixes[i].prefixlen = 48;
		lease.prefixes[i].ia = (uint8_t)(1 + i % 4);
	}
	out.user_classes = (const char(*)[64])classes;
	out.nuser_classes = 8;
	out.vendor_class = vendor;
	out.host_name = host;
	out.noro = DHCP6_ORO_MAX;
	n = dhcp6_msg_build(&out, wire, sizeof(wire));
	ATF_REQUIRE(n > 0);
	ATF_CHECK(n <= DHCP6_SEND_MAX);
	ATF_CHECK(p6_find(wire + 4, n - 4, 25, 3, &len) != NULL);
	ATF_CHECK(p6_find(wire + 4, n - 4, 39, 0, &len) != NULL);
	ATF_CHECK(p6_find(wire + 4, n - 4, 15, 0, &len) == NULL);
	for (i = 0; i < n; i++) {
		len = dhcp6_msg_build(&out, wire, i);
		ATF_CHECK(i < 300 ? len == 0 : len <= i);
	}
}

TEST(dhcp6_classes_and_names,
    "D6-04: user class, vendor class and FQDN, partial and whole")
{
	static const char classes[8][64] = { "a", "bc" };
	struct dhcp6_out out = solicit();
	const uint8_t *o;
	size_t n, len;

	(void)tc;
	out.user_classes = classes;
	out.nuser_classes = 2;
	out.vendor_class = "leased";
	out.enterprise = 32473;
	out.host_name = "www.lan";
	n = dhcp6_msg_build(&out, wire, sizeof(wire));
	o = p6_find(wire + 4, n - 4, 15, 0, &len);
	ATF_REQUIRE(o != NULL && len == 7);
	ATF_CHECK_EQ(0, memcmp(o, "\0\1a\0\2bc", 7));
	o = p6_find(wire + 4, n - 4, 16, 0, &len);
	ATF_REQUIRE(o != NULL && len == 12);
	ATF_CHECK_EQ(0, memcmp(o, "\0\0\x7e\xd9\0\6leased", 12));
	o = p6_find(wire + 4, n - 4, 39, 0, &len);
	ATF_REQUIRE(o != NULL && len == 9);
	ATF_CHECK_EQ(0, memcmp(o, "\1\3www\3lan", 9));
	out.is_fqdn = 1;
	n = dhcp6_msg_build(&out, wire, sizeof(wire));
	o = p6_find(wire + 4, n - 4, 39, 0, &len);
	ATF_REQUIRE(o != NULL && len == 10);
	ATF_CHECK_EQ(0, o[9]);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, dhcp6_solicit_on_the_wire);
	ATF_TP_ADD_TC(tp, dhcp6_option_request);
	ATF_TP_ADD_TC(tp, dhcp6_everything_configured_fits);
	ATF_TP_ADD_TC(tp, dhcp6_classes_and_names);
	return atf_no_error();
}

/* SPDX-License-Identifier: ISC */
/* The lease file of DHCPv6. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "packet6.h"
#include "proto/dhcp6_check.h"
#include "proto/lease_dhcp6.h"
#include "test.h"

static struct dhcp6_lease lease, back;
static char text[LEASE_DHCP6_TEXT_MAX + 1];
static const char *why;
static int line;

static const char *const want =
    "leased-dhcp6 1\n"
    "obtained 1700000000\n"
    "rapid-commit 1\n"
    "network-id 6e6574\n"
    "ia 0 7 1000 2000 fe80::9 255 0003000102000000\n"
    "ia 2 9 4294967295 4294967295 2001:db8::9 0 000300\n"
    "address 2001:db8::10 3000 4000\n"
    "prefix 2 2001:db8:100::/48 5000 6000 2001:db8:100:ff::/64\n"
    "prefix 2 2001:db8:200::/48 0 4294967295\n"
    "sol-max-rt 60\n"
    "inf-max-rt 86400\n"
    "key 4294967298 000102030405060708090a0b0c0d0e0f\n"
    "information 1\n"
    "registration 1\n"
    "name-server 2001:db8::53\n"
    "name-server fe80::53\n"
    "search lan\n"
    "search example.net\n"
    "ntp-server 2001:db8::123\n"
    "ntp-name ntp.example.net\n"
    "aftr aftr.example.net\n"
    "captive-portal https://portal.example/\n"
    "softwires 005e0014005a001020010db8000000000000000000000001\n"
    "dnr 000900010005"
    "03646e7300\n"
    "end\n";

static int
parse(const char *s, size_t n)
{
	uint8_t *exact = malloc(n + 1); /* ASan sees a byte too far */
	int r;

	ATF_REQUIRE(exact != NULL);
	memcpy(exact, s, n);
	r = lease_dhcp6_parse(exact, n, &back, &why, &line);
	free(exact);
	return r;
}

/* The same text with one line changed. */
static int
parse_with(const char *from, const char *to)
{
	static char changed[LEASE_DHCP6_TEXT_MAX * 2];
	const char *at = strstr(want, from);

	ATF_REQUIRE_MSG(at != NULL, "%s", from);
	snprintf(changed, sizeof(changed), "%.*s%s%s", (int)(at - want), want,
	    to, at + strlen(from));
	return parse(changed, strlen(changed));
}

TEST(lease_dhcp6_is_read_as_written,
    "D6-16, D6-46: every key, a server for each IA, canonical")
{
	size_t n;

	(void)tc;
	ATF_REQUIRE_EQ_MSG(0, parse("leased-dhcp6 1\nobtained 5\nend\n", 30),
	    "%s", why == NULL ? "" : why);
	/* the AFTR's dnr line is made right first: see below */
	ATF_REQUIRE_EQ_MSG(
	    0, parse(want, strlen(want)), "line %d: %s", line, why);
	lease = back;
	ATF_CHECK_EQ(IA_BOUND, lease.ias[0].state);
	ATF_CHECK_EQ(IA_OFF, lease.ias[1].state);
	ATF_CHECK_EQ(255, lease.ias[0].server.preference);
	ATF_CHECK_EQ(8, lease.ias[0].server.duid_len);
	ATF_CHECK_EQ(2, lease.nprefixes);
	ATF_CHECK_EQ(64, lease.prefixes[0].exclude_len);
	ATF_CHECK_EQ(1, lease.replay_high);
	ATF_CHECK_EQ(2, lease.replay_low);
	ATF_CHECK_EQ(1, lease.dns.servers[1].link_local);
	n = lease_dhcp6_format(&lease, 1700000000, text, sizeof(text));
	ATF_REQUIRE_EQ(strlen(want), n);
	ATF_CHECK_EQ(0, memcmp(want, text, n));
}

TEST(lease_dhcp6_refuses_what_is_not_canonical,
    "Y-07, D6-16: order, repetition, blanks, zeros, bytes after the end")
{
	size_t cut;

	(void)tc;
	ATF_CHECK_EQ(-1, parse_with("leased-dhcp6 1", "leased-dhcp6 2"));
	ATF_CHECK_EQ(-1, parse_with("rapid-commit 1\n", "rapid-commit 0\n"));
	ATF_CHECK_EQ(
	    -1, parse_with("sol-max-rt 60\n", "sol-max-rt 60\nwhat 1\n"));
	ATF_CHECK_EQ(-1,
	    parse_with("sol-max-rt 60\n", "sol-max-rt 60\nsol-max-rt 60\n"));
	ATF_CHECK_EQ(-1, parse_with("sol-max-rt 60\n", "sol-max-rt 060\n"));
	ATF_CHECK_EQ(-1, parse_with("sol-max-rt 60\n", "sol-max-rt 60 \n"));
	ATF_CHECK_EQ(-1, parse_with("sol-max-rt 60\n", "sol-max-rt  60\n"));
	ATF_CHECK_EQ(-1, parse_with("sol-max-rt 60\n", "\n"));
	ATF_CHECK_EQ(-1, parse_with("2001:db8::10 ", "2001:db8:0::10 "));
	ATF_CHECK_EQ(-1, parse_with("2001:db8::10 ", "2001:DB8::10 "));
	ATF_CHECK_EQ(-1, parse_with("ia 0 7", "ia 5 7"));
	ATF_CHECK_EQ(-1, parse_with("ia 2 9", "ia 0 9"));
	ATF_CHECK_EQ(-1, parse_with("ia 0 7", "ia 1 7"));
	ATF_CHECK_EQ(-1, parse_with("end\n", "end\nend\n"));
	ATF_CHECK_EQ(-1, parse_with("end\n", "end"));
	for (cut = 0; cut < strlen(want); cut++)
		ATF_CHECK_EQ(-1, parse(want, cut));
}

TEST(lease_dhcp6_refuses_what_no_server_may_give,
    "D6-14, D6-19, D6-32, D6-43, D6-47: fields are judged as from the network")
{
	(void)tc;
	ATF_CHECK_EQ(-1, parse_with("3000 4000", "4001 4000"));
	ATF_CHECK_EQ(-1, parse_with("1000 2000", "2001 2000"));
	ATF_CHECK_EQ(-1, parse_with("address 2001:db8::10", "address ff02::1"));
	ATF_CHECK_EQ(-1, parse_with("address 2001:db8::10", "address fe80::1"));
	ATF_CHECK_EQ(-1, parse_with("address 2001:db8::10", "address ::1"));
	ATF_CHECK_EQ(-1, parse_with("2001:db8:200::/48", "2001:db8:200::/129"));
	ATF_CHECK_EQ(-1, parse_with("2001:db8:200::/48", "2001:db8:200::/32"));
	ATF_CHECK_EQ(
	    -1, parse_with("prefix 2 2001:db8:200", "prefix 0 2001:db8:200"));
	ATF_CHECK_EQ(-1, parse_with("100:ff::/64", "100:ff::/48"));
	ATF_CHECK_EQ(
	    -1, parse_with("2001:db8:100:ff::/64", "2001:db8:300::/64"));
	ATF_CHECK_EQ(-1, parse_with("sol-max-rt 60", "sol-max-rt 59"));
	ATF_CHECK_EQ(-1, parse_with("inf-max-rt 86400", "inf-max-rt 86401"));
	ATF_CHECK_EQ(
	    -1, parse_with("name-server fe80::53", "name-server ff02::1"));
	ATF_CHECK_EQ(-1, parse_with("search lan", "search l$(id)"));
	ATF_CHECK_EQ(-1, parse_with("https://", "file://"));
	ATF_CHECK_EQ(-1, parse_with("fe80::9 255", "ff02::9 255"));
	ATF_CHECK_EQ(-1, parse_with("fe80::9 255", "fe80::9 256"));
	ATF_CHECK_EQ(-1, parse_with(" 000300\n", " 0003\n"));
	ATF_CHECK_EQ(-1, parse_with("softwires 005e", "softwires 005d"));
	ATF_CHECK_EQ(-1, parse_with("dnr 0009", "dnr 0008"));
	ATF_CHECK_EQ(-1, parse_with("0e0f\n", "0e\n"));
	ATF_CHECK_EQ(0, parse_with("3000 4000", "4000 4000"));
}

/* As much as there is room for. */
static void
fill_lease(void)
{
	char *p;
	size_t i, j;

	memset(&lease, 0, sizeof(lease));
	lease.sol_max_rt = lease.inf_max_rt = 86400;
	lease.refresh_sec = lease.replay_high = lease.replay_low = 0xffffffff;
	lease.has_info = lease.stateless = lease.rapid_commit = 1;
	lease.registration = lease.has_key = 1;
	lease.naddrs = lease.nprefixes = lease.nntp = 8;
	lease.network_id_len = NETWORK_ID_MAX;
	for (i = 0; i < DHCP6_IAS_MAX; i++) {
		lease.ias[i].iaid = lease.ias[i].t1_sec = lease.ias[i].t2_sec =
		    0xffffffff;
		lease.ias[i].server.addr =
		    ip6("2001:dddd:dddd:dddd:dddd:dddd:dddd:dddd");
		lease.ias[i].server.duid_len = DHCP6_DUID_MAX;
		lease.ias[i].server.preference = 255;
	}
	for (i = 0; i < 8; i++) {
		lease.addrs[i].addr =
		    ip6("2001:dddd:dddd:dddd:dddd:dddd:dddd:dddd");
		lease.addrs[i].valid_sec = lease.addrs[i].preferred_sec =
		    0xffffffff;
		lease.prefixes[i].prefix =
		    ip6("2001:dddd:dddd:dddd:dddd:dddd:dddd:8000");
		lease.prefixes[i].prefixlen = 113;
		lease.prefixes[i].exclude =
		    ip6("2001:dddd:dddd:dddd:dddd:dddd:dddd:dddd");
		lease.prefixes[i].exclude_len = 128;
		lease.prefixes[i].valid_sec = lease.prefixes[i].preferred_sec =
		    0xffffffff;
		lease.prefixes[i].ia = (uint8_t)(1 + i % 4);
		lease.ntp[i] = lease.addrs[i].addr;
		lease.dns.servers[i].family = AF_INET6;
		memcpy(lease.dns.servers[i].addr, &lease.ntp[i], 16);
	}
	lease.dns.nservers = 8;
	lease.dns.nsearch = 16;
	for (i = 0; i < 16; i++) {
		p = lease.dns.search[i];
		for (j = 0; j < LEASE_DHCP6_SEARCH_TEXT_MAX / 16; j++)
			p[j] = j % 50 == 49 ? '.' : 's';
	}
	for (j = 0; j < 253; j++)
		lease.aftr[j] = lease.ntp_name[j] = j % 50 == 49 ? '.' : 'n';
	memcpy(lease.captive_portal, "http://", 7);
	memset(lease.captive_portal + 7, 'p', DHCP6_URI_MAX - 8);
	lease.s46_len = DHCP6_BLOB_MAX;
	for (i = 0; i < DHCP6_BLOB_MAX; i += 4)
		lease.s46[i + 1] = 94;
	/* an ADN-only resolver, and one that fills the rest */
	lease.dnr_len = 0;
	while (lease.dnr_len + 11 <= DHCP6_BLOB_MAX) {
		memcpy(lease.dnr + lease.dnr_len, "\0\x09\0\1\0\5\3dns\0", 11);
		lease.dnr_len += 11;
	}
}

TEST(lease_dhcp6_largest_fits, "Y-07: whatever the codec accepts can be kept")
{
	size_t n;

	(void)tc;
	fill_lease();
	ATF_REQUIRE_EQ_MSG(
	    NULL, lease_dhcp6_check(&lease), "%s", lease_dhcp6_check(&lease));
	n = lease_dhcp6_format(&lease, UINT64_MAX, text, sizeof(text));
	ATF_REQUIRE_MSG(n > 6000, "%zu bytes", n);
	ATF_CHECK_EQ_MSG(0, parse(text, n), "line %d: %s", line, why);
}

TEST(lease_dhcp6_survives_damage, "Y-07: any byte changed is refused or sane")
{
	static char damaged[LEASE_DHCP6_TEXT_MAX];
	size_t i, n = strlen(want);
	unsigned int v;

	(void)tc;
	for (i = 0; i < n; i++) {
		for (v = 0; v < 256; v++) {
			memcpy(damaged, want, n);
			damaged[i] = (char)v;
			if (parse(damaged, n) == 0)
				ATF_CHECK_EQ(NULL, lease_dhcp6_check(&back));
			else
				ATF_CHECK(why != NULL);
		}
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, lease_dhcp6_is_read_as_written);
	ATF_TP_ADD_TC(tp, lease_dhcp6_refuses_what_is_not_canonical);
	ATF_TP_ADD_TC(tp, lease_dhcp6_refuses_what_no_server_may_give);
	ATF_TP_ADD_TC(tp, lease_dhcp6_largest_fits);
	ATF_TP_ADD_TC(tp, lease_dhcp6_survives_damage);
	return atf_no_error();
}

/* SPDX-License-Identifier: ISC */
/* The text form of a lease: exact, strict, and hostile files get nowhere. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/lease.h"
#include "test.h"

static const char small_text[] = "leased-lease4 1\n"
				 "address 192.0.2.9/24\n"
				 "server 192.0.2.1\n"
				 "obtained 1700000000\n"
				 "lease-time 3600\n"
				 "t1 1800\n"
				 "t2 3150\n"
				 "end\n";

/* Above with something before the end. */
#define WITH(lines)                                                      \
	"leased-lease4 1\naddress 192.0.2.9/24\nserver 192.0.2.1\n"      \
	"obtained 1700000000\nlease-time 3600\nt1 1800\nt2 3150\n" lines \
	"end\n"

static char text[LEASE_TEXT_MAX];
static struct lease4 lease;
static const char *why;
static int line;

static struct lease4
small_lease(void)
{
	struct lease4 l;

	memset(&l, 0, sizeof(l));
	l.addr.s_addr = htonl(0xc0000209);
	l.prefixlen = 24;
	l.server_id.s_addr = htonl(0xc0000201);
	l.lease_sec = 3600;
	l.t1_sec = 1800;
	l.t2_sec = 3150;
	l.obtained_low = 1700000000;
	return l;
}

/* A name of that length, labels of 62. */
static void
fill_name(char *name, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		name[i] = i % 63 == 62 ? '.' : 'a';
}

/* Everything there is, as long as it can be. */
static struct lease4
large_lease(void)
{
	static const uint8_t dnr[] = { 0, 254, 0, 1, 3, 1, 'a', 0, 4, 192, 0, 2,
		1, 0, 1, 0, 239 };
	struct lease4 l = small_lease();
	size_t i;

	memset(&l.addr, 222, 4);
	memset(&l.server_id, 222, 4);
	memset(&l.broadcast, 222, 3);
	((uint8_t *)&l.broadcast)[3] = 199;
	l.prefixlen = 24;
	l.obtained_high = l.obtained_low = UINT32_MAX;
	l.lease_sec = l.t1_sec = l.t2_sec = LIFETIME_INFINITE;
	l.ipv6_only_sec = UINT32_MAX;
	l.mtu = UINT16_MAX;
	l.rapid_commit = l.inform = l.has_router_mac = 1;
	memset(l.router_mac, 0xab, sizeof(l.router_mac));
	l.hwaddr_len = sizeof(l.hwaddr);
	memset(l.hwaddr, 0xcd, sizeof(l.hwaddr));
	l.network_id_len = sizeof(l.network_id);
	memset(l.network_id, '\n', sizeof(l.network_id));
	l.client_id_len = sizeof(l.client_id);
	memset(l.client_id, 0xef, sizeof(l.client_id));
	l.vendor_len = 255;
	memset(l.vendor, 0x5a, 255);
	l.sixrd_len = 62;
	l.sixrd[1] = 96;
	memset(l.sixrd + 2, 0x20, 12);
	memset(l.sixrd + 18, 222, 44);
	l.dnr_len = sizeof(l.dnr);
	memcpy(l.dnr, dnr, sizeof(dnr));
	l.nroutes = LEASE4_ROUTES_MAX;
	for (i = 0; i < l.nroutes; i++) {
		memset(&l.routes[i].dst, 222, 4);
		memset(&l.routes[i].gateway, 222, 4);
		l.routes[i].prefixlen = 32;
	}
	l.ndns = DNS_SERVERS_MAX;
	memset(l.dns, 222, sizeof(l.dns));
	l.nntp = LEASE4_NTP_MAX;
	memset(l.ntp, 222, sizeof(l.ntp));
	fill_name(l.hostname, 253);
	fill_name(l.domain, 253);
	l.nsearch = DNS_SEARCH_MAX;
	for (i = 0; i < l.nsearch; i++)
		fill_name(l.search[i], 128); /* 2048 in all */
	memset(l.captive_portal, 'a', 255);
	memcpy(l.captive_portal, "https://", 8);
	return l;
}

static int
parse(const char *s, size_t len)
{
	uint8_t *copy = malloc(len + (len == 0));
	int r;

	ATF_REQUIRE(copy != NULL);
	memcpy(copy, s, len);
	memset(&lease, 0xa5, sizeof(lease));
	why = "unset";
	line = -1;
	r = lease4_parse(copy, len, &lease, &why, &line);
	free(copy);
	if (r == -1)
		ATF_CHECK(why != NULL);
	return r;
}

/* Is it refused, at that line? */
static void
refused_at(const char *s, size_t len, int want)
{
	ATF_CHECK_EQ_MSG(parse(s, len), -1, "taken:\n%.*s", (int)len, s);
	ATF_CHECK_EQ_MSG(
	    line, want, "line %d (%s):\n%.*s", line, why, (int)len, s);
}
#define REFUSED_AT(s, n) refused_at(s, sizeof(s) - 1, n)
#define REFUSED_LINE(l) REFUSED_AT(WITH(l "\n"), 8)
/* by the parser of the value, not only because of its form */
#define REFUSED_VALUE(l)                                    \
	do {                                                \
		REFUSED_LINE(l);                            \
		ATF_CHECK_STREQ(why, "value is not valid"); \
	} while (0)

/* format and parse again; the same struct and the same text */
static size_t
round_trip(const struct lease4 *l)
{
	char again[LEASE_TEXT_MAX];
	uint64_t wall = (uint64_t)l->obtained_high << 32 | l->obtained_low;
	size_t n = lease4_format(l, wall, text, sizeof(text));

	ATF_REQUIRE(n > 0);
	ATF_REQUIRE_EQ_MSG(parse(text, n), 0, "line %d: %s", line, why);
	ATF_CHECK(memcmp(&lease, l, sizeof(lease)) == 0);
	ATF_CHECK_EQ(lease4_format(&lease, wall, again, sizeof(again)), n);
	ATF_CHECK(memcmp(text, again, n) == 0);
	return n;
}

TEST(lease_small, "Y-07: the text of a small lease")
{
	struct lease4 l = small_lease();

	ATF_CHECK_EQ(round_trip(&l), sizeof(small_text) - 1);
	ATF_CHECK(memcmp(text, small_text, sizeof(small_text) - 1) == 0);
}

TEST(lease_largest_fits,
    "Y-07: everything configured stays below 7 KiB "
    "(CVE-2018-15688)")
{
	struct lease4 l = large_lease();
	size_t n = round_trip(&l), size;

	ATF_CHECK_MSG(n < LEASE_TEXT_MAX, "%zu", n);
	ATF_CHECK_MSG(n > 6500, "%zu", n);
	for (size = 0; size <= n; size++)
		ATF_REQUIRE_EQ(lease4_format(&l, UINT64_MAX, text, size), 0);
}

/* Set one field, or those that need each other. */
static void
vary(struct lease4 *m, size_t i)
{
	struct lease4 l = large_lease();

	switch (i) {
	case 0:
		m->broadcast.s_addr = htonl(0xc00002ff);
		break;
	case 1:
		m->mtu = 68;
		break;
	case 2:
		m->rapid_commit = 1;
		break;
	case 3:
		m->has_router_mac = 1;
		break;
	case 4:
		m->hwaddr_len = 1;
		m->hwaddr[0] = 0x0f;
		break;
	case 5:
		m->nroutes = 1;
		break; /* on-link default */
	case 6:
		strlcpy(m->hostname, "end", sizeof(m->hostname));
		break;
	case 7:
		strlcpy(m->domain, "a.b", sizeof(m->domain));
		break;
	case 8:
		m->ipv6_only_sec = 1;
		break;
	case 9:
		m->vendor_len = 255;
		break;
	case 10:
		m->lease_sec = 5;
		m->t1_sec = m->t2_sec = 0;
		break;
	case 11:
		m->inform = 1;
		m->lease_sec = m->t1_sec = m->t2_sec = 0;
		m->addr.s_addr = m->server_id.s_addr = 0;
		m->prefixlen = 0;
		break;
	case 12:
		m->prefixlen = 32;
		break;
	case 13:
		m->obtained_high = 1;
		m->obtained_low = 0;
		break;
	case 14:
		memcpy(m->dnr, l.dnr, sizeof(m->dnr));
		m->dnr_len = l.dnr_len;
		break;
	case 15:
		m->client_id_len = 256;
		break;
	}
}

TEST(lease_round_trip_of_each_field, "Y-07: parse(format(x)) is x")
{
	struct lease4 m;
	size_t i;

	for (i = 0; i < 16; i++) {
		m = small_lease();
		vary(&m, i);
		round_trip(&m);
	}
}

TEST(lease_every_truncation_is_refused, "Y-07: a torn file")
{
	struct lease4 l = large_lease();
	size_t n, len = round_trip(&l);

	for (n = 0; n < sizeof(small_text) - 1; n++)
		ATF_CHECK_EQ(parse(small_text, n), -1);
	for (n = 0; n < len; n += 7)
		ATF_CHECK_EQ(parse(text, n), -1);
	ATF_CHECK_EQ(parse(text, len), 0);
	ATF_CHECK_EQ(parse("", 0), -1);
	for (n = 0; n < sizeof(lease); n++)
		ATF_REQUIRE_EQ(((uint8_t *)&lease)[n], 0);
}

TEST(lease_every_changed_byte,
    "Y-07: a flipped byte is refused, or another "
    "valid lease that has this very text")
{
	char changed[sizeof(small_text) - 1], again[LEASE_TEXT_MAX];
	size_t i, n;
	int c;

	for (i = 0; i < sizeof(changed); i++) {
		for (c = 0; c < 256; c++) {
			memcpy(changed, small_text, sizeof(changed));
			changed[i] = (char)c;
			if (parse(changed, sizeof(changed)) == -1)
				continue;
			n = lease4_format(&lease,
			    (uint64_t)lease.obtained_high << 32 |
				lease.obtained_low,
			    again, sizeof(again));
			ATF_CHECK_EQ(n, sizeof(changed));
			ATF_CHECK(memcmp(changed, again, n) == 0);
		}
	}
}

TEST(lease_frame_of_the_file, "Y-07: version, end, length, order, repetition")
{
	static char big[LEASE_TEXT_MAX + 1];

	REFUSED_AT("leased-lease4 2\nend\n", 1);
	REFUSED_AT("leased-lease4 1", 1);
	REFUSED_AT("end\n", 1);
	REFUSED_AT("\n", 1);
	REFUSED_AT("leased-lease4 1\nend\n", 2); /* nothing in it */
	REFUSED_AT(WITH("end\n"), 8);
	REFUSED_AT(WITH("") "x", 8);
	REFUSED_AT(WITH("") "\n", 8);
	REFUSED_AT(WITH("\n"), 8);
	REFUSED_LINE("t2 3150");
	REFUSED_LINE("t1 1800");
	REFUSED_LINE("address 192.0.2.9/24");
	REFUSED_AT(WITH("mtu 1500\nmtu 1500\n"), 9);
	REFUSED_AT(WITH("name-server 1.1.1.1\nroute 0.0.0.0/0 192.0.2.1\n"), 9);
	REFUSED_LINE("colour blue");
	REFUSED_LINE("mtu");
	REFUSED_LINE("mtu ");
	REFUSED_LINE(" mtu 1500");
	REFUSED_LINE("MTU 1500");
	REFUSED_LINE("mtu\t1500");
	REFUSED_LINE("mtu 1500\r");
	REFUSED_LINE("mtu 1500\0");
	REFUSED_LINE("# comment");
	/* no newline after end */
	refused_at(small_text, sizeof(small_text) - 2, 8);
	memset(big, 'a', sizeof(big));
	refused_at(big, sizeof(big), 0);
	memset(big, '\n', sizeof(big));
	refused_at(big, LEASE_TEXT_MAX, 1);
	/* a required line is missing */
	REFUSED_AT("leased-lease4 1\naddress 192.0.2.9/24\nserver 192.0.2.1\n"
		   "obtained 1\nlease-time 3600\nt2 1\nend\n",
	    6);
}

TEST(lease_numbers_are_exact,
    "Y-07: no sign, blank, leading zero, other "
    "base, or overflow")
{
	ATF_CHECK_EQ(
	    parse(WITH("mtu 65535\n"), sizeof(WITH("mtu 65535\n")) - 1), 0);
	ATF_CHECK_EQ(lease.mtu, 65535);
	REFUSED_VALUE("mtu 65536");
	REFUSED_VALUE("mtu 67036"); /* 65536 + 1500 */
	REFUSED_VALUE("mtu 4294968796");
	REFUSED_VALUE("mtu 18446744073709553116");
	REFUSED_VALUE("mtu 99999999999999999999999999999999999");
	REFUSED_VALUE("mtu +1500");
	REFUSED_VALUE("mtu -1");
	REFUSED_VALUE("mtu  1500");
	REFUSED_VALUE("mtu 1500 ");
	REFUSED_VALUE("mtu 01500");
	REFUSED_VALUE("mtu 0x5dc");
	REFUSED_VALUE("mtu 1500.0");
	REFUSED_VALUE("mtu 1e3");
	REFUSED_AT(WITH("mtu 0\n"), 8); /* would be left out */
	REFUSED_VALUE("ipv6-only 4294967296");
	REFUSED_LINE("rapid-commit 0");
	REFUSED_VALUE("rapid-commit 2");
	REFUSED_AT("leased-lease4 1\naddress 192.0.2.9/24\nserver 192.0.2.1\n"
		   "obtained 18446744073709551616\n",
	    4);
}

TEST(lease_addresses_are_exact, "Y-07: dotted quads of decimal numbers")
{
	REFUSED_VALUE("name-server 8.8.8");
	REFUSED_VALUE("name-server 8.8.8.8.");
	REFUSED_VALUE("name-server 8.8.8.8.8");
	REFUSED_VALUE("name-server 8.8.8.256");
	REFUSED_VALUE("name-server 8.8.8.08");
	REFUSED_VALUE("name-server 8.8.8.");
	REFUSED_VALUE("name-server 8.8..8");
	REFUSED_VALUE("name-server 0x8.8.8.8");
	REFUSED_VALUE("name-server 134744072");
	REFUSED_VALUE("name-server 8.8.8.8 8.8.4.4");
	REFUSED_VALUE("route 10.0.0.0/33 192.0.2.1");
	REFUSED_VALUE("route 10.0.0.0/ 192.0.2.1");
	REFUSED_VALUE("route 10.0.0.0 192.0.2.1");
	REFUSED_VALUE("route 10.0.0.0/8");
	REFUSED_VALUE("route 10.0.0.0/8  192.0.2.1");
	REFUSED_VALUE("route 10.0.0.0/08 192.0.2.1");
}

TEST(lease_hex_is_exact, "Y-07: pairs of lower-case digits, bounded")
{
	char s[1200];
	int n;

	REFUSED_VALUE("vendor a");
	REFUSED_VALUE("vendor ");
	REFUSED_VALUE("vendor abc");
	REFUSED_VALUE("vendor AB");
	REFUSED_VALUE("vendor 0x");
	REFUSED_VALUE("vendor ag");
	REFUSED_VALUE("router-mac 0102030405");
	REFUSED_VALUE("router-mac 01020304050607");
	REFUSED_VALUE("router-mac 01:02:03:04:05:06");
	for (n = 254; n <= 258; n++) {
		snprintf(s, sizeof(s), WITH("vendor %0*d\n"), 2 * n, 0);
		ATF_CHECK_EQ(parse(s, strlen(s)), n <= 255 ? 0 : -1);
		snprintf(s, sizeof(s), WITH("client-id %0*d\n"), 2 * n, 0);
		ATF_CHECK_EQ(parse(s, strlen(s)), n <= 256 ? 0 : -1);
	}
}

TEST(lease_values_are_checked_like_the_network,
    "Y-07: "
    "a file is no way around the codec")
{
	static const char *const bad[] = { "broadcast 8.8.8.8", "mtu 67",
		"route 127.0.0.0/8 192.0.2.1", "route 10.0.0.1/8 192.0.2.1",
		"route 224.0.0.0/4 192.0.2.1", "route 0.0.0.0/0 127.0.0.1",
		"route 0.0.0.0/0 255.255.255.255", "name-server 127.0.0.1",
		"name-server 0.0.0.0", "ntp-server 224.0.1.1", "host-name a b",
		"host-name a;reboot", "host-name a.", "host-name .a",
		"host-name $(id)", "domain a..b", "domain b\374cher",
		"search \"a\"", "captive-portal ftp://a",
		"captive-portal http://", "captive-portal http://a b",
		"captive-portal http://a\"b", "captive-portal http://\x01",
		"6rd 00", "dnr 00", "dnr 0003000100" };
	char s[1024];
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(s, sizeof(s), WITH("%s\n"), bad[i]);
		ATF_CHECK_EQ_MSG(parse(s, strlen(s)), -1, "%s", bad[i]);
		ATF_CHECK_EQ(lease.addr.s_addr, 0); /* nothing is left */
	}
	REFUSED_AT(WITH("host-name a\nend\n"), 9);
}

/* Text with these five values refused? */
static void
core(int ok, const char *addr, const char *server, const char *sec,
    const char *t1, const char *t2)
{
	char s[512];

	snprintf(s, sizeof(s),
	    "leased-lease4 1\naddress %s\nserver %s\n"
	    "obtained 1\nlease-time %s\nt1 %s\nt2 %s\nend\n",
	    addr, server, sec, t1, t2);
	ATF_CHECK_EQ_MSG(parse(s, strlen(s)), ok ? 0 : -1, "%s", s);
}

/* n times a line, the last one refused? */
static void
repeated(const char *entry, int n, int ok)
{
	char s[LEASE_TEXT_MAX] = "";
	int i;

	strlcpy(s, small_text, sizeof(small_text) - 4);
	for (i = 0; i < n; i++)
		strlcat(s, entry, sizeof(s));
	strlcat(s, "end\n", sizeof(s));
	ATF_CHECK_EQ_MSG(parse(s, strlen(s)), ok ? 0 : -1, "%s", entry);
	if (!ok) {
		ATF_CHECK_EQ(line, 7 + n);
		ATF_CHECK_STREQ(why, "value is not valid");
	}
}

TEST(lease_lists_are_bounded,
    "Y-07: entries against the fixed arrays (CVE-2022-27881)")
{
	repeated("route 0.0.0.0/0 192.0.2.1\n", LEASE4_ROUTES_MAX, 1);
	repeated("route 0.0.0.0/0 192.0.2.1\n", LEASE4_ROUTES_MAX + 1, 0);
	repeated("name-server 8.8.8.8\n", DNS_SERVERS_MAX, 1);
	repeated("name-server 8.8.8.8\n", DNS_SERVERS_MAX + 1, 0);
	repeated("ntp-server 8.8.8.8\n", LEASE4_NTP_MAX, 1);
	repeated("ntp-server 8.8.8.8\n", LEASE4_NTP_MAX + 1, 0);
	repeated("search a\n", DNS_SEARCH_MAX, 1);
	repeated("search a\n", DNS_SEARCH_MAX + 1, 0);
}

TEST(lease_strings_are_bounded, "Y-07: text against the fixed arrays")
{
	static const char *const names[] = { "host-name", "domain", "search" };
	char s[1024], name[300] = "";
	size_t i;

	for (i = 0; i < 3; i++) {
		memset(name, 0, sizeof(name));
		fill_name(name, 253);
		snprintf(s, sizeof(s), WITH("%s %s\n"), names[i], name);
		ATF_CHECK_EQ(parse(s, strlen(s)), 0);
		snprintf(s, sizeof(s), WITH("%s %sa\n"), names[i], name);
		refused_at(s, strlen(s), 8);
		ATF_CHECK_STREQ(why, "value is not valid");
	}
	REFUSED_VALUE("host-name ");
}

TEST(lease_of_an_inform, "Y-07: neither address nor times, the rest is checked")
{
	struct lease4 l;

	memset(&l, 0, sizeof(l));
	l.inform = 1;
	l.prefixlen = 32;
	l.broadcast.s_addr = htonl(0xc00002ff);
	round_trip(&l);
	l.broadcast.s_addr = INADDR_BROADCAST;
	round_trip(&l);
	l.broadcast.s_addr = htonl(0xe0000001);
	ATF_CHECK_EQ(lease4_format(&l, 0, text, sizeof(text)), 0);
	l.broadcast.s_addr = 0;
	l.server_id.s_addr = htonl(0x7f000001);
	ATF_CHECK_EQ(lease4_format(&l, 0, text, sizeof(text)), 0);
	l.server_id.s_addr = 0;
	l.prefixlen = 33;
	ATF_CHECK_EQ(lease4_format(&l, 0, text, sizeof(text)), 0);
}

TEST(lease_core_is_checked, "Y-07: address, prefix, server, times")
{
	const char *a = "192.0.2.9/24", *s = "192.0.2.1";

	core(1, a, s, "3600", "1800", "3150");
	core(1, "192.0.2.0/31", s, "3600", "1800", "3150");
	core(1, "192.0.2.0/32", s, "3600", "1800", "3150");
	core(0, "192.0.2.0/24", s, "3600", "1800", "3150");
	core(0, "192.0.2.255/24", s, "3600", "1800", "3150");
	core(0, "192.0.2.9/0", s, "3600", "1800", "3150");
	core(0, "192.0.2.9/33", s, "3600", "1800", "3150");
	core(0, "192.0.2.9/256", s, "3600", "1800", "3150");
	core(0, "0.0.0.0/24", s, "3600", "1800", "3150");
	core(0, "127.0.0.1/8", s, "3600", "1800", "3150");
	core(0, "224.0.0.1/24", s, "3600", "1800", "3150");
	core(0, a, "0.0.0.0", "3600", "1800", "3150");
	core(0, a, "255.255.255.255", "3600", "1800", "3150");
	core(0, a, s, "0", "0", "0");
	core(0, a, s, "4", "0", "0");
	core(1, a, s, "5", "0", "0");
	core(0, a, s, "3600", "3151", "3150");
	core(0, a, s, "3600", "1800", "3601");
	core(1, a, s, "4294967295", "4294967295", "4294967295");
	core(0, a, s, "4294967296", "1800", "3150");
}

TEST(lease_format_refuses_a_bad_struct,
    "Y-07: lying counts, lengths and "
    "strings are not followed, nothing is injected")
{
	struct lease4 good = large_lease(), l;
	int i;

	for (i = 0; i < 12; i++) {
		l = good;
		switch (i) {
		case 0:
			l.nroutes = 33;
			break;
		case 1:
			l.ndns = 255;
			break;
		case 2:
			l.nsearch = 17;
			break;
		case 3:
			l.hwaddr_len = 21;
			break;
		case 4:
			l.dnr_len = 65535;
			break;
		case 5:
			l.client_id_len = 257;
			break;
		case 6:
			memset(l.hostname, 'a', sizeof(l.hostname));
			break;
		case 7:
			memset(l.captive_portal, 'a', 256);
			break;
		case 8:
			strlcpy(l.domain, "a\nend", sizeof(l.domain));
			break;
		case 9:
			l.rapid_commit = 2;
			break;
		case 10:
			l.sixrd_len = 65;
			break;
		case 11:
			l.nntp = 9;
			break;
		}
		ATF_CHECK_EQ_MSG(
		    lease4_format(&l, 0, text, sizeof(text)), 0, "case %d", i);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, lease_small);
	ATF_TP_ADD_TC(tp, lease_largest_fits);
	ATF_TP_ADD_TC(tp, lease_round_trip_of_each_field);
	ATF_TP_ADD_TC(tp, lease_every_truncation_is_refused);
	ATF_TP_ADD_TC(tp, lease_every_changed_byte);
	ATF_TP_ADD_TC(tp, lease_frame_of_the_file);
	ATF_TP_ADD_TC(tp, lease_numbers_are_exact);
	ATF_TP_ADD_TC(tp, lease_addresses_are_exact);
	ATF_TP_ADD_TC(tp, lease_hex_is_exact);
	ATF_TP_ADD_TC(tp, lease_values_are_checked_like_the_network);
	ATF_TP_ADD_TC(tp, lease_lists_are_bounded);
	ATF_TP_ADD_TC(tp, lease_strings_are_bounded);
	ATF_TP_ADD_TC(tp, lease_of_an_inform);
	ATF_TP_ADD_TC(tp, lease_core_is_checked);
	ATF_TP_ADD_TC(tp, lease_format_refuses_a_bad_struct);
	return atf_no_error();
}

/* SPDX-License-Identifier: ISC */
/* The file of what router advertisements taught: strict both ways. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "proto/lease_slaac.h"
#include "ra_builder.h"
#include "test.h"

#define WALL 1700000000ULL
#define HEAD "leased-slaac 1\nobtained 1700000000\n"
#define ROUTER "router fe80::1 1800 1 4\n"
#define END "end\n"

static const char usual[] =
    HEAD "network-id 686f6d65\n"
	 "mtu 1400\n"
	 "hop-limit 64\n"
	 "reachable 30000\n"
	 "retransmit 1000\n"
	 "router fe80::1 1800 2 5\n"
	 "router fe80::2 0 1 4\n"
	 "prefix 2001:db8:1::/64 7200 7200 3600 3 1 0\n"
	 "prefix 2001:db8:2::/48 4294967295 0 0 9 3 2\n"
	 "address 2001:db8:1::5/64 7200 3600 4294967295 4294967295 0 0\n"
	 "address 2001:db8:1::6/64 7200 0 172800 0 9 1\n"
	 "route 2001:db8:f::/48 900 1 1\n"
	 "name-server fe80::53 600 2\n"
	 "search a.example 600 1\n"
	 "search b.example 4294967295 3\n"
	 "nat64 64:ff9b::/96 80 1\n"
	 "resolver dns.example 1 3600 1 2001:db8::53 2001:db8::54\n"
	 "resolver adn.example 2 60 0\n"
	 "captive-portal https://portal.example/\n" END;

static int
parse(const char *text, struct slaac_info *info)
{
	const char *why = "";
	int line;

	return lease_slaac_parse(
	    (const uint8_t *)text, strlen(text), info, &why, &line);
}

TEST(lease_slaac_every_key, "S-19: every key is read and written back")
{
	char again[LEASE_SLAAC_TEXT_MAX];
	struct slaac_info info, back;
	size_t n;

	ATF_REQUIRE_EQ(parse(usual, &info), 0);
	ATF_CHECK_EQ(info.network_id_len, 4);
	ATF_CHECK_EQ(info.mtu, 1400);
	ATF_REQUIRE_EQ(info.nrouters, 2);
	ATF_CHECK_EQ(info.routers[0].left_sec, 1800);
	ATF_CHECK_EQ(info.routers[0].preference, PREFERENCE_HIGH);
	ATF_REQUIRE_EQ(info.nprefixes, 2);
	ATF_CHECK_EQ(info.prefixes[1].prefixlen, 48);
	ATF_CHECK_EQ(info.prefixes[1].next_dad, 2);
	ATF_CHECK_EQ(info.prefixes[1].routers, 3);
	ATF_REQUIRE_EQ(info.naddrs, 2);
	ATF_CHECK_EQ(
	    info.addrs[1].flags, SLAAC_ADDR_TEMPORARY | SLAAC_ADDR_DEPRECATED);
	ATF_CHECK_EQ(info.addrs[1].temp_valid_sec, 172800);
	ATF_CHECK_EQ(info.routes[0].router, 1);
	ATF_CHECK_EQ(info.nservers, 1);
	ATF_CHECK_STREQ(info.search[1], "b.example");
	ATF_CHECK_EQ(info.search_sec[1], LIFETIME_INFINITE);
	ATF_CHECK_EQ(info.search_routers[1], 3);
	ATF_CHECK_EQ(info.pref64[0].prefixlen, 96);
	ATF_CHECK_EQ(info.dnr[0].naddrs, 2);
	ATF_CHECK_EQ(info.dnr[0].priority, 1);
	ATF_CHECK_EQ(info.dnr[1].naddrs, 0);
	ATF_CHECK_STREQ(info.captive_portal, "https://portal.example/");
	n = lease_slaac_format(&info, WALL, again, sizeof(again));
	ATF_REQUIRE(n > 0);
	ATF_CHECK_STREQ(usual, again);
	ATF_REQUIRE_EQ(parse(again, &back), 0);
	ATF_CHECK_EQ(memcmp(&info, &back, sizeof(info)), 0);
}

static const char *const bad[] = {
	"",
	"leased-slaac 1\n",
	"leased-slaac 2\nobtained 1700000000\n" END,
	"leased-slaac 1\n" END,
	HEAD,
	HEAD END "x",
	HEAD END "\n",
	HEAD "\n" END,
	HEAD "color blue\n" END,
	HEAD "mtu 1400\nmtu 1400\n" END,
	HEAD "hop-limit 64\nmtu 1400\n" END,
	HEAD "mtu 01400\n" END,
	HEAD "mtu +1400\n" END,
	HEAD "mtu 4294968696\n" END,
	HEAD "mtu 1400 \n" END,
	HEAD "mtu  1400\n" END,
	HEAD "mtu 1400 1\n" END,
	HEAD "mtu\n" END,
	HEAD "mtu 0\n" END,
	HEAD "mtu 1279\n" END,
	HEAD "hop-limit 256\n" END,
	HEAD "reachable 3600001\n" END,
	HEAD "retransmit 99\n" END,
	HEAD "retransmit 10001\n" END,
	HEAD "network-id 6\n" END,
	HEAD "network-id 6F\n" END,
	HEAD "network-id \n" END,
	HEAD "router fe80:0::1 1800 1 4\n" END,
	HEAD "router FE80::1 1800 1 4\n" END,
	HEAD "router 2001:db8::1 1800 1 4\n" END,
	HEAD "router fe80::1 1800 3 4\n" END,
	HEAD "router fe80::1 1800 1 8\n" END,
	HEAD "router fe80::1 1800 1\n" END,
	HEAD ROUTER ROUTER END,
	HEAD ROUTER "prefix fe80::/64 1 1 1 3 1 0\n" END,
	HEAD ROUTER "prefix 2001:db8::/129 1 0 0 3 1 0\n" END,
	HEAD ROUTER "prefix 2001:db8::1/64 1 1 1 3 1 0\n" END,
	HEAD ROUTER "prefix 2001:db8::/64 1 1 2 3 1 0\n" END,
	HEAD ROUTER "prefix 2001:db8::/64 1 1 1 16 1 0\n" END,
	HEAD ROUTER "prefix 2001:db8::/64 1 1 1 3 2 0\n" END,
	HEAD ROUTER "prefix 2001:db8::/48 1 1 1 3 1 0\n" END,
	HEAD "address fe80::1/64 1 1 1 1 0 0\n" END,
	HEAD "address ::1/64 1 1 1 1 0 0\n" END,
	HEAD "address ff02::1/64 1 1 1 1 0 0\n" END,
	HEAD "address 2001:db8::1/63 1 1 1 1 0 0\n" END,
	HEAD "address 2001:db8::1/64 0 0 1 1 0 0\n" END,
	HEAD "address 2001:db8::1/64 1 2 1 1 0 0\n" END,
	HEAD "address 2001:db8::1/64 1 1 1 1 32 0\n" END,
	HEAD "address 2001:db8::1/64 1 1 1 1 2 0\n" END,
	HEAD "route 2001:db8::/48 1 1 0\n" END,
	HEAD ROUTER "route 2001:db8::/48 1 3 0\n" END,
	HEAD ROUTER "route ::/0 1 1 0\n" END,
	HEAD ROUTER "route fe80::/64 1 1 0\n" END,
	HEAD "name-server ::1 1 0\n" END,
	HEAD "name-server 2001:db8::1 1 1\n" END,
	HEAD "search b$d.example 1 0\n" END,
	HEAD "search a.example. 1 0\n" END,
	HEAD "nat64 64:ff9b::/95 1 0\n" END,
	HEAD "nat64 64:ff9b::/72 1 0\n" END,
	HEAD "resolver a.example 65536 1 0\n" END,
	HEAD "resolver a.example 1 1 0 ff02::1\n" END,
	HEAD "resolver a.example 1 1 0 2001:db8::1 2001:db8::2 "
	     "2001:db8::3 2001:db8::4 2001:db8::5\n" END,
	HEAD "captive-portal file:///etc/passwd\n" END,
	HEAD "captive-portal https://a b\n" END,
};

TEST(lease_slaac_refuses_what_is_not_canonical,
    "S-19, Y-07: unknown, repeated and misplaced keys, other spellings of a "
    "value, missing and foreign bytes")
{
	struct slaac_info info, zero;
	size_t i;

	memset(&zero, 0, sizeof(zero));
	ATF_CHECK_EQ(parse(HEAD END, &info), 0);
	ATF_CHECK_EQ(parse(HEAD ROUTER END, &info), 0);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ATF_CHECK_MSG(parse(bad[i], &info) == -1, "%s", bad[i]);
		ATF_CHECK_EQ(memcmp(&info, &zero, sizeof(info)), 0);
	}
}

TEST(lease_slaac_every_byte_counts,
    "S-19, Y-07: each byte of a file changed, each length cut: refused, or "
    "another valid file")
{
	char text[sizeof(usual)], again[LEASE_SLAAC_TEXT_MAX];
	struct slaac_info info;
	const char *why;
	size_t i, n;
	int line, c;

	for (i = 0; i < sizeof(usual) - 1; i++)
		ATF_CHECK(lease_slaac_parse((const uint8_t *)usual, i, &info,
			      &why, &line) == -1);
	for (i = 0; i < sizeof(usual) - 1; i++) {
		for (c = 0; c < 256; c++) {
			memcpy(text, usual, sizeof(text));
			text[i] = (char)c;
			if (lease_slaac_parse((const uint8_t *)text,
				sizeof(text) - 1, &info, &why, &line) == -1) {
				ATF_REQUIRE(line >= 0 && why != NULL);
				continue;
			}
			n = lease_slaac_format(&info,
			    (uint64_t)info.obtained_high << 32 |
				info.obtained_low,
			    again, sizeof(again));
			ATF_REQUIRE_EQ(n, sizeof(text) - 1);
			ATF_REQUIRE(memcmp(again, text, n) == 0);
		}
	}
}

static void
fill_routers(struct slaac_info *info)
{
	size_t i;

	info->nrouters = SLAAC_ROUTERS_MAX;
	info->nprefixes = SLAAC_PREFIXES_MAX;
	for (i = 0; i < SLAAC_PREFIXES_MAX; i++) {
		info->prefixes[i].prefix = ip6("2222:2222:2222:2200::");
		info->prefixes[i].prefix.s6_addr[7] = (uint8_t)i;
		info->prefixes[i].prefixlen = 64;
		info->prefixes[i].onlink_sec = LIFETIME_INFINITE - 1;
		info->prefixes[i].valid_sec = LIFETIME_INFINITE;
		info->prefixes[i].preferred_sec = LIFETIME_INFINITE;
		info->prefixes[i].flags = 15;
		info->prefixes[i].routers = (uint8_t)(1U << i % 8);
		info->prefixes[i].next_dad = 255;
		if (i >= SLAAC_ROUTERS_MAX)
			continue;
		info->routers[i].addr = ip6("fe80::2222:2222:2222:2200");
		info->routers[i].addr.s6_addr[15] = (uint8_t)i;
		info->routers[i].left_sec = LIFETIME_INFINITE;
	}
	info->nroutes = SLAAC_ROUTES_MAX;
	for (i = 0; i < SLAAC_ROUTES_MAX; i++) {
		info->routes[i].dst =
		    ip6("2222:2222:2222:2222:2222:2222:2222:2222");
		info->routes[i].prefixlen = 128;
		info->routes[i].left_sec = LIFETIME_INFINITE;
		info->routes[i].router = (uint8_t)(i % 8);
	}
}

/* As full and as long as it can be. */
static void
fill(struct slaac_info *info)
{
	size_t i, k;

	memset(info, 0, sizeof(*info));
	fill_routers(info);
	info->network_id_len = NETWORK_ID_MAX;
	info->mtu = info->hop_limit = 0xff;
	info->mtu = LIFETIME_INFINITE;
	info->reachable_ms = 3600000;
	info->retrans_ms = 10000;
	info->naddrs = SLAAC_ADDRS_MAX;
	for (i = 0; i < SLAAC_ADDRS_MAX; i++) {
		info->addrs[i].addr =
		    ip6("2222:2222:2222:2222:2222:2222:2222:2200");
		info->addrs[i].addr.s6_addr[15] = (uint8_t)i;
		info->addrs[i].prefixlen = 64;
		info->addrs[i].valid_sec = info->addrs[i].preferred_sec =
		    info->addrs[i].temp_valid_sec =
			info->addrs[i].temp_preferred_sec = LIFETIME_INFINITE;
		info->addrs[i].flags = LEASE_SLAAC_ADDR_FLAGS;
		info->addrs[i].dad = 255;
	}
	info->nservers = DNS_SERVERS_MAX;
	info->nsearch = DNS_SEARCH_MAX;
	for (i = 0; i < DNS_SEARCH_MAX; i++) {
		for (k = 0; k < DNS_NAME_MAX - 1; k++)
			info->search[i][k] = k % 50 == 49 ? '.' : 'x';
		if (i >= DNS_SERVERS_MAX)
			continue;
		info->servers[i].addr =
		    ip6("2222:2222:2222:2222:2222:2222:2222:2222");
		info->servers[i].left_sec = LIFETIME_INFINITE;
		info->servers[i].routers = 255;
	}
	info->ndnr = SLAAC_DNR_MAX;
	for (i = 0; i < SLAAC_DNR_MAX; i++) {
		memcpy(info->dnr[i].name, info->search[0], DNS_NAME_MAX);
		info->dnr[i].naddrs = SLAAC_DNR_ADDRS_MAX;
		for (k = 0; k < SLAAC_DNR_ADDRS_MAX; k++)
			info->dnr[i].addrs[k] = info->servers[0].addr;
	}
	info->npref64 = SLAAC_PREF64_MAX;
	for (i = 0; i < SLAAC_PREF64_MAX; i++) {
		info->pref64[i].prefix = ip6("2222:2222:2222:2222::");
		info->pref64[i].prefixlen = 96;
	}
	strlcpy(info->captive_portal, "https://", sizeof(info->captive_portal));
	memset(info->captive_portal + 8, 'x', SLAAC_URI_MAX - 9);
}

TEST(lease_slaac_of_any_size_fits,
    "S-16, S-19: full tables fit into the file's bound: names and routes "
    "give way, addresses never")
{
	char text[LEASE_SLAAC_TEXT_MAX];
	struct slaac_info info, back;
	const char *why;
	size_t n;
	int line;

	fill(&info);
	ATF_REQUIRE_STREQ("",
	    lease_slaac_check(&info) == NULL ? "" : lease_slaac_check(&info));
	n = lease_slaac_format(&info, WALL, text, sizeof(text));
	ATF_REQUIRE(n > 0 && n <= LEASE_SLAAC_TEXT_MAX);
	ATF_REQUIRE_EQ(
	    lease_slaac_parse((const uint8_t *)text, n, &back, &why, &line), 0);
	ATF_CHECK_EQ(back.naddrs, SLAAC_ADDRS_MAX);
	ATF_CHECK_EQ(back.nprefixes, SLAAC_PREFIXES_MAX);
	ATF_CHECK_EQ(back.nrouters, SLAAC_ROUTERS_MAX);
	ATF_CHECK_EQ(back.ndnr, SLAAC_DNR_MAX);
	ATF_CHECK_EQ(back.nsearch, 0);
	info.nsearch = 4;
	info.nroutes = 2;
	info.naddrs = 4;
	n = lease_slaac_format(&info, WALL, text, sizeof(text));
	ATF_REQUIRE_EQ(
	    lease_slaac_parse((const uint8_t *)text, n, &back, &why, &line), 0);
	ATF_CHECK_EQ(back.nsearch, 4);
	ATF_CHECK_EQ(back.nroutes, 2);
	ATF_CHECK_EQ(lease_slaac_format(&info, WALL, text, 100), 0);
}

TEST(lease_slaac_hostile_struct_is_not_written,
    "S-16: what the engine hands over is checked before it is written")
{
	char text[LEASE_SLAAC_TEXT_MAX];
	struct slaac_info info;
	size_t i;

#define REFUSED(change)                                                     \
	do {                                                                \
		fill(&info);                                                \
		change;                                                     \
		ATF_CHECK_EQ_MSG(                                           \
		    lease_slaac_format(&info, WALL, text, sizeof(text)), 0, \
		    #change);                                               \
	} while (0)
	REFUSED(info.nrouters = 9);
	REFUSED(info.nprefixes = 17);
	REFUSED(info.naddrs = 25);
	REFUSED(info.nroutes = 33);
	REFUSED(info.nservers = 9);
	REFUSED(info.nsearch = 17);
	REFUSED(info.npref64 = 5);
	REFUSED(info.ndnr = 3);
	REFUSED(info.dnr[0].naddrs = 5);
	REFUSED(info.network_id_len = 33);
	REFUSED(memset(info.search[3], 'a', DNS_NAME_MAX));
	REFUSED(info.search[3][2] = '\n');
	REFUSED(info.captive_portal[30] = '\n');
	REFUSED(memset(info.captive_portal, 'a', SLAAC_URI_MAX));
	REFUSED(info.routes[3].router = 8);
	REFUSED(for (i = 0; i < 9; i++) info.routes[i].router = 0);
	REFUSED(info.prefixes[3].routers = 1; info.prefixes[4].routers = 1;
		info.prefixes[5].routers = 1);
	REFUSED(info.addrs[1] = info.addrs[0]);
	REFUSED(info.prefixes[1] = info.prefixes[0]);
	REFUSED(info.addrs[0].flags |= SLAAC_ADDR_CONFIGURED);
	REFUSED(info.nrouters = 7);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, lease_slaac_every_key);
	ATF_TP_ADD_TC(tp, lease_slaac_refuses_what_is_not_canonical);
	ATF_TP_ADD_TC(tp, lease_slaac_every_byte_counts);
	ATF_TP_ADD_TC(tp, lease_slaac_of_any_size_fits);
	ATF_TP_ADD_TC(tp, lease_slaac_hostile_struct_is_not_written);
	return atf_no_error();
}

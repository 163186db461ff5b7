/* SPDX-License-Identifier: ISC */
/*
 * Interface identifiers.  The stable addresses were computed by an
 * implementation of its own (Python's hmac), so that a mistake in ours cannot
 * be its own proof.
 */
#include <arpa/inet.h>
#include <string.h>

#include "proto/addrgen.h"
#include "test.h"

static uint8_t secret[SECRET_SIZE];

static struct in6_addr
ip6(const char *text)
{
	struct in6_addr a;

	ATF_REQUIRE_EQ(inet_pton(AF_INET6, text, &a), 1);
	return a;
}

static void
same(const struct in6_addr *got, const char *want)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(AF_INET6, got, text, sizeof(text));
	ATF_CHECK_STREQ(want, text);
}

static void
count_secret(void)
{
	uint8_t i;

	for (i = 0; i < SECRET_SIZE; i++)
		secret[i] = i;
}

static void
stable(const char *ifname, const char *id, const char *prefix, uint8_t dad,
    const char *want)
{
	struct addrgen_key key = { ifname, (const uint8_t *)id, strlen(id),
		secret };
	struct in6_addr p = ip6(prefix), got;
	uint8_t used = dad;

	ATF_REQUIRE_EQ(addrgen_stable(&key, &p, &used, &got), 0);
	ATF_CHECK_EQ(used, dad);
	same(&got, want);
}

TEST(addrgen_stable_known_answers,
    "S-06: prefix, interface, network id and DAD counter each change the "
    "stable address, as an independent HMAC-SHA-256 says")
{
	count_secret();
	stable(
	    "em0", "", "2001:db8:1:2::", 0, "2001:db8:1:2:929:fc10:3f84:5d2f");
	stable(
	    "em0", "", "2001:db8:1:2::", 1, "2001:db8:1:2:c550:1bde:f79b:aeef");
	stable(
	    "em0", "", "2001:db8:1:2::", 2, "2001:db8:1:2:5b35:d6ca:a70f:207d");
	stable(
	    "em1", "", "2001:db8:1:2::", 0, "2001:db8:1:2:f264:b733:bcc7:d709");
	stable(
	    "em0", "", "2001:db8:1:3::", 0, "2001:db8:1:3:f457:64c8:79db:d269");
	stable("wlan0", "home", "2001:db8:1:2::", 0,
	    "2001:db8:1:2:b423:86ef:fb2:ac8b");
	memset(secret, 0, sizeof(secret));
	stable(
	    "em0", "", "2001:db8:1:2::", 0, "2001:db8:1:2:8b40:a1a9:6561:13ce");
}

TEST(addrgen_reserved_identifiers,
    "S-06: RFC 5453's identifiers are reserved, their neighbours are not")
{
	static const struct {
		const char *addr;
		int reserved;
	} v[] = {
		{ "::", 1 },
		{ "::1", 0 },
		{ "::200:5eff:fdff:ffff", 0 },
		{ "::200:5eff:fe00:0", 1 },
		{ "::200:5eff:fe00:5213", 1 },
		{ "::200:5eff:feff:ffff", 1 },
		{ "::200:5eff:ff00:0", 0 },
		{ "::fdff:ffff:ffff:ff7f", 0 },
		{ "::fdff:ffff:ffff:ff80", 1 },
		{ "::fdff:ffff:ffff:ffff", 1 },
		{ "::fe00:0:0:0", 0 },
	};
	struct in6_addr a;
	size_t i;

	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		a = ip6(v[i].addr);
		ATF_CHECK_EQ_MSG(addrgen_is_reserved(a.s6_addr + 8),
		    v[i].reserved, "%s", v[i].addr);
	}
}

/* Draws 0 so many times, then counts. */
struct dice {
	int zeros;
	uint32_t next;
};

static uint32_t
draw(void *arg)
{
	struct dice *d = arg;

	return d->zeros-- > 0 ? 0 : ++d->next;
}

TEST(addrgen_temporary_is_random_and_not_reserved,
    "S-07: 64 random bits; a reserved identifier is drawn again, a random "
    "source that is broken does not loop")
{
	struct in6_addr p = ip6("2001:db8:1:2::"), got;
	struct dice fine = { 0, 0x10 }, late = { 2, 0x20 }, broken = { 99, 0 };

	ATF_REQUIRE_EQ(addrgen_temporary(&p, draw, &fine, &got), 0);
	same(&got, "2001:db8:1:2:0:11:0:12");
	ATF_REQUIRE_EQ(addrgen_temporary(&p, draw, &late, &got), 0);
	same(&got, "2001:db8:1:2:0:21:0:22");
	ATF_CHECK_EQ(addrgen_temporary(&p, draw, &broken, &got), -1);
}

TEST(addrgen_eui64_of_hardware_addresses,
    "S-06, Y-21: `soii no` makes EUI-64 from 6, 8 and 20 bytes, RFC 4291 A")
{
	static const uint8_t mac[6] = { 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde };
	static const uint8_t wire[20] = { [12] = 0x02, 1, 2, 3, 4, 5, 6, 7 };
	static const uint8_t iana[6] = { 0x00, 0x00, 0x5e, 0x00, 0x52, 0x13 };
	struct in6_addr p = ip6("2001:db8:1:2::"), got;

	ATF_REQUIRE_EQ(addrgen_eui64(&p, mac, 6, &got), 0);
	same(&got, "2001:db8:1:2:3656:78ff:fe9a:bcde");
	ATF_REQUIRE_EQ(addrgen_eui64(&p, wire, 20, &got), 0);
	same(&got, "2001:db8:1:2:1:203:405:607");
	ATF_REQUIRE_EQ(addrgen_eui64(&p, wire + 12, 8, &got), 0);
	same(&got, "2001:db8:1:2:1:203:405:607");
	ATF_CHECK_EQ(addrgen_eui64(&p, mac, 0, &got), -1);
	ATF_CHECK_EQ(addrgen_eui64(&p, wire, 7, &got), -1);
	ATF_CHECK_EQ(addrgen_eui64(&p, iana, 6, &got), -1);
}

TEST(addrgen_prefix_alone_is_taken,
    "S-06: what stands behind the prefix has no part in the address")
{
	struct addrgen_key key = { "em0", NULL, 0, secret };
	struct in6_addr p = ip6("2001:db8:1:2:ffff::1"), got;
	uint8_t dad = 0;

	count_secret();
	ATF_REQUIRE_EQ(addrgen_stable(&key, &p, &dad, &got), 0);
	same(&got, "2001:db8:1:2:929:fc10:3f84:5d2f");
	key.network_id_len = NETWORK_ID_MAX + 1;
	ATF_CHECK_EQ(addrgen_stable(&key, &p, &dad, &got), -1);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, addrgen_stable_known_answers);
	ATF_TP_ADD_TC(tp, addrgen_reserved_identifiers);
	ATF_TP_ADD_TC(tp, addrgen_temporary_is_random_and_not_reserved);
	ATF_TP_ADD_TC(tp, addrgen_eui64_of_hardware_addresses);
	ATF_TP_ADD_TC(tp, addrgen_prefix_alone_is_taken);
	return atf_no_error();
}

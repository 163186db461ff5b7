/* SPDX-License-Identifier: ISC */
/*
 * Prefixes and addresses of the SLAAC machine: which are made, how long they
 * live, duplicates, temporary ones.
 */
#include <stdio.h>
#include <string.h>

#include "slaac_harness.h"
#include "test.h"

#define HOUR 3600U
#define DAY (24 * HOUR)
#define DAY_MS (DAY * 1000ULL)

static struct sworld w;

static void
one_prefix(const char *prefix, uint8_t len, uint8_t flags, uint32_t valid,
    uint32_t preferred)
{
	struct ra ra;

	ra_begin(&ra, 1800, 0);
	ra_prefix(&ra, prefix, len, flags, valid, preferred);
	sw_ra(&w, R1, &ra);
}

/* A temporary or stable address of the wanted configuration; the n-th. */
static const struct addr6 *
of_kind(const char *prefix, int temporary, int n)
{
	const struct addr6 *a;
	int i;

	for (i = 0; (a = sw_addr(&w, prefix, i)) != NULL; i++)
		if (((a->flags & ADDR6_TEMPORARY) != 0) == temporary &&
		    n-- == 0)
			return a;
	return NULL;
}

static int
count_kind(const char *prefix, int temporary)
{
	int n = 0;

	while (of_kind(prefix, temporary, n) != NULL)
		n++;
	return n;
}

static uint8_t
shown_flags(const struct in6_addr *addr)
{
	struct slaac_info info;
	size_t i;

	slaac_status(&w.s, w.now, &info);
	for (i = 0; i < info.naddrs; i++)
		if (memcmp(&info.addrs[i].addr, addr, sizeof(*addr)) == 0)
			return info.addrs[i].flags;
	atf_tc_fail("%s is not shown", text6(addr));
}

TEST(slaac_on_link_and_autonomous_are_apart,
    "S-04: L alone: a route; A alone: an address and no route; both; none")
{
	sw_init(&w);
	sw_start(&w);
	one_prefix("2001:db8:1::", 64, PIO_L, 7200, 3600);
	one_prefix("2001:db8:2::", 64, PIO_A, 7200, 3600);
	one_prefix("2001:db8:3::", 64, PIO_LA, 7200, 3600);
	one_prefix("2001:db8:4::", 64, 0, 7200, 3600);
	sw_advance(&w, 1000);
	ATF_CHECK_EQ(sw_naddrs(&w, "2001:db8:1::"), 0);
	ATF_CHECK_EQ(sw_naddrs(&w, "2001:db8:2::"), 1);
	ATF_CHECK_EQ(sw_naddrs(&w, "2001:db8:3::"), 1);
	ATF_CHECK_EQ(sw_naddrs(&w, "2001:db8:4::"), 0);
	ATF_REQUIRE(sw_route(&w, "2001:db8:1::", 64, "::") != NULL);
	ATF_CHECK(sw_route(&w, "2001:db8:1::", 64, "::")->valid_sec > 7190);
	ATF_CHECK(sw_route(&w, "2001:db8:2::", 64, NULL) == NULL);
	ATF_CHECK(sw_route(&w, "2001:db8:3::", 64, "::") != NULL);
	ATF_CHECK(sw_route(&w, "2001:db8:4::", 64, NULL) == NULL);
}

TEST(slaac_which_prefixes_make_addresses,
    "S-04: length 64 alone, preferred not above valid, valid not 0; the "
    "on-link route of the others is there all the same")
{
	sw_init(&w);
	sw_start(&w);
	one_prefix("2001:db8:1::", 63, PIO_LA, 7200, 3600);
	one_prefix("2001:db8:2::", 65, PIO_LA, 7200, 3600);
	one_prefix("2001:db8:3::", 64, PIO_LA, 3600, 3601);
	one_prefix("2001:db8:4::", 128, PIO_LA, 3600, 3600);
	sw_advance(&w, 1000);
	ATF_CHECK_EQ(w.config.naddrs, 0);
	ATF_CHECK(sw_route(&w, "2001:db8::", 63, NULL) == NULL);
	ATF_CHECK(sw_route(&w, "2001:db8:1::", 63, "::") != NULL);
	ATF_CHECK(sw_route(&w, "2001:db8:2::", 65, "::") != NULL);
	ATF_CHECK(sw_route(&w, "2001:db8:3::", 64, "::") != NULL);
	ATF_CHECK(sw_route(&w, "2001:db8:4::", 128, "::") != NULL);
	ATF_CHECK_EQ(w.counters[COUNT_ND_NO_ADDRESS], 4);
	sw_init(&w);
	sw_start(&w);
	one_prefix("2001:db8:5::", 64, PIO_LA, 0, 0);
	sw_advance(&w, 1000);
	ATF_CHECK_EQ(w.config.naddrs, 0);
	ATF_CHECK(sw_route(&w, "2001:db8:5::", 64, NULL) == NULL);
	one_prefix("2001:db8:6::", 64, PIO_LA, 3600, 3600);
	ATF_CHECK_EQ(w.config.naddrs, 1);
	ATF_CHECK_EQ(w.config.addrs[0].prefixlen, 64);
	ATF_CHECK_EQ(w.config.addrs[0].valid_sec, 3600);
}

TEST(slaac_policy_refuses_a_prefix,
    "S-04: no address that the parent would refuse is asked for")
{
	sw_init(&w);
	w.unusable = 1;
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 7200, 3600);
	ATF_CHECK_EQ(w.config.naddrs, 0);
	ATF_CHECK_EQ(w.counters[COUNT_ND_NO_ADDRESS], 1);
}

TEST(slaac_on_link_ends_at_once,
    "S-04: valid lifetime 0 takes the on-link route back, a cleared flag "
    "does not")
{
	sw_init(&w);
	sw_start(&w);
	one_prefix(PREFIX1, 64, PIO_L, 7200, 3600);
	one_prefix(PREFIX1, 64, 0, 7200, 3600);
	ATF_CHECK(sw_route(&w, PREFIX1, 64, "::") != NULL);
	one_prefix(PREFIX1, 64, PIO_L, 0, 0);
	sw_advance(&w, 1000);
	ATF_CHECK(sw_route(&w, PREFIX1, 64, "::") == NULL);
	one_prefix(PREFIX1, 64, PIO_L, 10, 5);
	sw_advance(&w, 9999);
	ATF_CHECK(sw_route(&w, PREFIX1, 64, "::") != NULL);
	sw_advance(&w, 1);
	ATF_CHECK(sw_route(&w, PREFIX1, 64, "::") == NULL);
}

/* The valid lifetime of the one address, a moment after. */
static uint32_t
valid_now(void)
{
	struct slaac_info info;

	slaac_status(&w.s, w.now, &info);
	ATF_REQUIRE_EQ(info.naddrs, 1);
	return info.addrs[0].valid_sec;
}

TEST(slaac_two_hours,
    "S-05: RFC 4862 5.5.3 e: longer than two hours or than what is left: "
    "taken; else not below two hours")
{
	static const struct {
		uint32_t had, said, want;
	} v[] = {
		{ DAY, 2 * DAY, 2 * DAY },	     /* longer */
		{ DAY, 2 * HOUR + 1, 2 * HOUR + 1 }, /* above two hours */
		{ DAY, 2 * HOUR, 2 * HOUR },
		{ DAY, 60, 2 * HOUR }, /* cut to two hours */
		{ DAY, 0, 2 * HOUR },
		{ INF, 0, 2 * HOUR },
		{ HOUR, 60, HOUR }, /* less than two hours left: kept */
		{ HOUR, 0, HOUR },
		{ 2 * HOUR, 1, 2 * HOUR },
		{ HOUR, HOUR + 1, HOUR + 1 }, /* grows */
		{ DAY, INF, INF },
	};
	size_t i;

	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		sw_init(&w);
		sw_start(&w);
		one_prefix(PREFIX1, 64, PIO_A, v[i].had, 0);
		one_prefix(PREFIX1, 64, PIO_A, v[i].said, 0);
		ATF_CHECK_EQ_MSG(valid_now(), v[i].want, "case %zu", i);
		ATF_CHECK_EQ(w.counters[COUNT_ND_TWO_HOURS],
		    v[i].want != v[i].said ||
			(v[i].had > 2 * HOUR && v[i].said == 2 * HOUR));
	}
}

TEST(slaac_forged_advertisements_cannot_wear_an_address_down,
    "S-05: valid lifetimes of 0 again and again leave two hours, counted "
    "from the first, and the true router makes it long again")
{
	int i;

	sw_init(&w);
	sw_start(&w);
	one_prefix(PREFIX1, 64, PIO_LA, DAY, DAY);
	for (i = 0; i < 60; i++) {
		one_prefix(PREFIX1, 64, PIO_LA, 0, 0);
		sw_advance(&w, 60000);
	}
	ATF_CHECK_EQ(valid_now(), HOUR);
	one_prefix(PREFIX1, 64, PIO_LA, DAY, DAY);
	ATF_CHECK_EQ(valid_now(), DAY);
}

TEST(slaac_preferred_zero_deprecates_at_once,
    "S-05: preferred lifetime 0 deprecates at once, a later one prefers "
    "again; both are told")
{
	const struct addr6 *a;

	sw_init(&w);
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 7200, 3600);
	sw_advance(&w, 2000);
	sw_usual(&w, R1, PREFIX1, 7200, 0);
	ATF_REQUIRE((a = sw_addr(&w, PREFIX1, 0)) != NULL);
	ATF_CHECK_EQ(a->preferred_sec, 0);
	ATF_CHECK(shown_flags(&a->addr) & SLAAC_ADDR_DEPRECATED);
	ATF_CHECK_EQ(w.events[EVENT_DEPRECATED], 1);
	ATF_CHECK(slaac_usable(&w.s));
	sw_usual(&w, R1, PREFIX1, 7200, 60);
	sw_advance(&w, 1000);
	ATF_CHECK(sw_addr(&w, PREFIX1, 0)->preferred_sec > 0);
	sw_advance(&w, 60000);
	ATF_CHECK_EQ(w.events[EVENT_DEPRECATED], 2);
}

TEST(slaac_lifetimes_run_out,
    "S-05: preferred, deprecated, removed, each at its time, with events")
{
	sw_init(&w);
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 20, 10);
	sw_advance(&w, 9999);
	ATF_CHECK_EQ(w.events[EVENT_BOUND], 1);
	ATF_CHECK_EQ(w.events[EVENT_DEPRECATED], 0);
	sw_advance(&w, 1);
	ATF_CHECK_EQ(w.events[EVENT_DEPRECATED], 1);
	ATF_CHECK(w.kernel[0].used && w.kernel[0].preferred_until <= w.now);
	sw_advance(&w, 9999);
	ATF_CHECK_EQ(w.removed, 0);
	sw_advance(&w, 1);
	ATF_CHECK_EQ(w.events[EVENT_EXPIRED], 1);
	ATF_CHECK_EQ(w.removed, 1);
	ATF_CHECK_EQ(w.counters[COUNT_ND_EXPIRED], 1);
	ATF_CHECK(!slaac_usable(&w.s));
}

TEST(slaac_refreshes_reach_the_kernel,
    "S-05: lifetimes of seconds that are refreshed never end there; many "
    "advertisements are few changes")
{
	size_t i, k;

	sw_init(&w);
	sw_start(&w);
	for (i = 0; i < 200; i++) {
		sw_usual(&w, R1, PREFIX1, 10, 6);
		sw_advance(&w, 3000);
		for (k = 0; k < KERNEL_MAX; k++)
			ATF_REQUIRE(!w.kernel[k].used ||
			    w.kernel[k].preferred_until > w.now);
	}
	ATF_CHECK_EQ(w.removed, 0);
	sw_usual(&w, R1, PREFIX2, 86400, 43200);
	sw_advance(&w, 3000);
	w.nconfig = 0;
	for (i = 0; i < 100; i++) {
		struct ra ra;

		ra_begin(&ra, 9000, 0);
		ra_prefix(&ra, PREFIX1, 64, PIO_LA, 86400, 43200);
		ra_prefix(&ra, PREFIX2, 64, PIO_LA, 86400, 43200);
		sw_ra(&w, R1, &ra);
		sw_advance(&w, 4000);
	}
	ATF_CHECK_MSG(w.nconfig <= 4, "%u", w.nconfig);
}

TEST(slaac_stable_address_is_the_known_one,
    "S-06: RFC 7217 with the interface's name and the network's id")
{
	sw_init(&w);
	sw_start(&w);
	sw_usual(&w, R1, "2001:db8:1:2::", 7200, 3600);
	ATF_REQUIRE_EQ(w.config.naddrs, 1);
	ATF_CHECK_STREQ(
	    text6(&w.config.addrs[0].addr), "2001:db8:1:2:929:fc10:3f84:5d2f");
	sw_init(&w);
	strlcpy(w.iface.name, "wlan0", sizeof(w.iface.name));
	memcpy(w.iface.network_id, "home", 4);
	w.iface.network_id_len = 4;
	sw_start(&w);
	sw_usual(&w, R1, "2001:db8:1:2::", 7200, 3600);
	ATF_CHECK_STREQ(
	    text6(&w.config.addrs[0].addr), "2001:db8:1:2:b423:86ef:fb2:ac8b");
}

TEST(slaac_soii_no_is_eui64,
    "S-06: `soii no`: EUI-64; changed while running: the old one serves on, "
    "deprecated")
{
	sw_init(&w);
	w.conf.soii = 0;
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 7200, 3600);
	ATF_CHECK_STREQ(
	    text6(&w.config.addrs[0].addr), "2001:db8:1::ff:fe00:1");
	sw_advance(&w, 2000);
	w.conf.soii = 1;
	slaac_configure(&w.s, &w.conf, w.secret, w.now);
	sw_advance(&w, 2000);
	ATF_REQUIRE_EQ(sw_naddrs(&w, PREFIX1), 2);
	ATF_CHECK_EQ(sw_addr(&w, PREFIX1, 0)->preferred_sec, 0);
	ATF_CHECK(sw_addr(&w, PREFIX1, 1)->preferred_sec > 0);
	w.conf.soii = 0;
	slaac_configure(&w.s, &w.conf, w.secret, w.now);
	sw_advance(&w, 2000);
	ATF_CHECK_EQ(sw_naddrs(&w, PREFIX1), 2);
	ATF_CHECK(sw_addr(&w, PREFIX1, 0)->preferred_sec > 0);
	ATF_CHECK_EQ(w.removed, 0);
}

TEST(slaac_no_temporary_unless_asked,
    "S-07: off by default; `temporary yes` makes one beside the stable one; "
    "`no` again removes it")
{
	sw_init(&w);
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 7 * DAY, 7 * DAY);
	ATF_CHECK_EQ(count_kind(PREFIX1, 1), 0);
	w.conf.temporary = 1;
	slaac_configure(&w.s, &w.conf, w.secret, w.now);
	ATF_CHECK_EQ(count_kind(PREFIX1, 1), 1);
	ATF_CHECK_EQ(count_kind(PREFIX1, 0), 1);
	sw_advance(&w, 2000);
	w.conf.temporary = 0;
	slaac_configure(&w.s, &w.conf, w.secret, w.now);
	ATF_CHECK_EQ(count_kind(PREFIX1, 1), 0);
	ATF_CHECK_EQ(count_kind(PREFIX1, 0), 1);
}

TEST(slaac_temporary_lifetimes,
    "S-07: at most two days valid, one day preferred less DESYNC_FACTOR, "
    "never more than the prefix's, also when it is refreshed")
{
	const struct addr6 *a;
	int i;

	sw_init(&w);
	w.conf.temporary = 1;
	w.fixed_random = 3600 * 1000; /* desync an hour */
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 7 * DAY, 7 * DAY);
	ATF_REQUIRE((a = of_kind(PREFIX1, 1, 0)) != NULL);
	ATF_CHECK_EQ(a->valid_sec, 2 * DAY);
	ATF_CHECK_EQ(a->preferred_sec, DAY - HOUR);
	for (i = 0; i < 10; i++) {
		sw_advance(&w, HOUR * 1000);
		sw_usual(&w, R1, PREFIX1, 7 * DAY, 7 * DAY);
	}
	a = of_kind(PREFIX1, 1, 0);
	ATF_CHECK(a->valid_sec <= 2 * DAY - 9 * HOUR);
	ATF_CHECK(a->preferred_sec <= DAY - 10 * HOUR);
	sw_init(&w);
	w.conf.temporary = 1;
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 7200, 3600);
	ATF_REQUIRE((a = of_kind(PREFIX1, 1, 0)) != NULL);
	ATF_CHECK_EQ(a->valid_sec, 7200);
	ATF_CHECK_EQ(a->preferred_sec, 3600);
	/* too short to be worth one: REGEN_ADVANCE */
	sw_usual(&w, R1, PREFIX2, 7200, 5);
	ATF_CHECK_EQ(count_kind(PREFIX2, 1), 0);
	sw_usual(&w, R1, PREFIX2, 7200, 6);
	ATF_CHECK_EQ(count_kind(PREFIX2, 1), 1);
}

TEST(slaac_temporary_desync_is_bounded,
    "S-07: DESYNC_FACTOR is random, at most 0.4 of a day, drawn for each")
{
	uint32_t least = DAY, most = 0, p;
	int i;

	for (i = 0; i < 200; i++) {
		sw_init(&w);
		w.seed += (uint64_t)i * 0x9e3779b97f4a7c15ULL;
		w.conf.temporary = 1;
		sw_start(&w);
		sw_usual(&w, R1, PREFIX1, INF, INF);
		p = of_kind(PREFIX1, 1, 0)->preferred_sec;
		least = p < least ? p : least;
		most = p > most ? p : most;
	}
	ATF_CHECK(least >= DAY * 6 / 10);
	ATF_CHECK(least < DAY * 7 / 10);
	ATF_CHECK(most <= DAY && most > DAY * 9 / 10);
}

TEST(slaac_temporary_is_replaced_before_it_is_deprecated,
    "S-07: the successor is usable when the old one is deprecated; never "
    "without a preferred one; never more than a few")
{
	struct in6_addr first;
	uint64_t end;
	int i, preferred;
	size_t k;

	sw_init(&w);
	w.conf.temporary = 1;
	w.fixed_random = 0;
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, INF, INF);
	sw_advance(&w, 2000);
	first = of_kind(PREFIX1, 1, 0)->addr;
	end = w.now - 2000 + DAY_MS;
	while (w.now + 1000000 < end) {
		sw_advance(&w, 1000000);
		sw_usual(&w, R1, PREFIX1, INF, INF);
	}
	sw_run(&w, end - 5001);
	ATF_CHECK_EQ(count_kind(PREFIX1, 1), 1);
	sw_run(&w, end - 5000);
	ATF_REQUIRE_EQ(count_kind(PREFIX1, 1), 2);
	ATF_CHECK(
	    memcmp(&of_kind(PREFIX1, 1, 1)->addr, &first, sizeof(first)) != 0);
	sw_run(&w, end + 1000);
	ATF_CHECK(shown_flags(&first) & SLAAC_ADDR_DEPRECATED);
	w.fixed_random = -1;
	for (i = 0; i < 48 * 20; i++) {
		sw_usual(&w, R1, PREFIX1, INF, INF);
		sw_advance(&w, HOUR * 450);
		ATF_REQUIRE(count_kind(PREFIX1, 1) <= 4);
		for (k = 0, preferred = 0; k < KERNEL_MAX; k++)
			preferred += w.kernel[k].used &&
			    (w.kernel[k].wanted.flags & ADDR6_TEMPORARY) &&
			    w.kernel[k].preferred_until > w.now;
		ATF_REQUIRE(preferred >= 1);
	}
}

TEST(slaac_temporary_duplicates_end,
    "S-07: at most TEMP_IDGEN_RETRIES 3 more are tried")
{
	sw_init(&w);
	w.conf.temporary = 1;
	w.silent = 1;
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, INF, INF);
	w.silent = 0;
	sw_state(&w, &of_kind(PREFIX1, 0, 0)->addr, STATE6_PRESENT);
	w.nduplicates = 99;
	sw_advance(&w, 20000);
	/* the stable one too was found, with its own retries */
	ATF_CHECK_EQ(count_kind(PREFIX1, 1), 0);
	ATF_CHECK(w.counters[COUNT_ND_DUPLICATE] <= 8);
	ATF_CHECK(w.added <= 8);
	w.nduplicates = 0;
	sw_usual(&w, R1, PREFIX1, INF, INF);
	ATF_CHECK_EQ(count_kind(PREFIX1, 1), 0);
	/* the next link is another matter */
	sw_link(&w, 0);
	sw_link(&w, 1);
	sw_usual(&w, R1, PREFIX1, INF, INF);
	ATF_CHECK_EQ(count_kind(PREFIX1, 1), 1);
}

TEST(slaac_duplicate_gets_the_next_counter,
    "S-08: a duplicate is logged, counted, withdrawn, and the address of the "
    "next DAD_Counter is made; it is shown as what it is")
{
	struct in6_addr first;

	sw_init(&w);
	w.nduplicates = 1;
	sw_start(&w);
	sw_usual(&w, R1, "2001:db8:1:2::", 7200, 3600);
	first = w.config.addrs[0].addr;
	sw_advance(&w, 1500);
	ATF_CHECK(!slaac_usable(&w.s));
	ATF_CHECK_EQ(w.counters[COUNT_ND_DUPLICATE], 1);
	ATF_CHECK_EQ(w.events[EVENT_CONFLICT], 1);
	ATF_REQUIRE_EQ(w.config.naddrs, 1);
	ATF_CHECK_STREQ(
	    text6(&w.config.addrs[0].addr), "2001:db8:1:2:c550:1bde:f79b:aeef");
	ATF_CHECK(shown_flags(&first) & SLAAC_ADDR_DUPLICATED);
	sw_advance(&w, 1500);
	ATF_CHECK(slaac_usable(&w.s));
	sw_usual(&w, R1, "2001:db8:1:2::", 7200, 3600);
	ATF_CHECK_EQ(w.config.naddrs, 1);
}

TEST(slaac_duplicates_that_the_kernel_removes,
    "S-08: Linux removes a duplicate that has a lifetime, and says so; one "
    "that somebody removes while it is tentative is none, and put back")
{
	sw_init(&w);
	w.nduplicates = 1;
	w.vanish = 1;
	sw_start(&w);
	sw_usual(&w, R1, "2001:db8:1:2::", 7200, 3600);
	sw_advance(&w, 3500);
	ATF_CHECK_EQ(w.counters[COUNT_ND_DUPLICATE], 0);
	ATF_CHECK(slaac_usable(&w.s));
	ATF_CHECK_STREQ(
	    text6(&w.config.addrs[0].addr), "2001:db8:1:2:929:fc10:3f84:5d2f");
	/* with a word */
	sw_init(&w);
	sw_start(&w);
	sw_usual(&w, R1, "2001:db8:1:2::", 7200, 3600);
	w.kernel[0].used = 0;
	sw_state(&w, &w.kernel[0].wanted.addr, STATE6_DUPLICATED);
	ATF_CHECK_EQ(w.counters[COUNT_ND_DUPLICATE], 1);
	ATF_CHECK_STREQ(
	    text6(&w.config.addrs[0].addr), "2001:db8:1:2:c550:1bde:f79b:aeef");
	/* but not when the link goes down with it */
	sw_init(&w);
	sw_start(&w);
	sw_usual(&w, R1, "2001:db8:1:2::", 7200, 3600);
	sw_delete(&w, &w.config.addrs[0].addr);
	sw_link(&w, 0);
	sw_advance(&w, 1000);
	ATF_CHECK_EQ(w.counters[COUNT_ND_DUPLICATE], 0);
	sw_link(&w, 1);
	sw_advance(&w, 2000);
	ATF_CHECK(slaac_usable(&w.s));
	ATF_CHECK_STREQ(
	    text6(&w.config.addrs[0].addr), "2001:db8:1:2:929:fc10:3f84:5d2f");
}

TEST(slaac_duplicates_end,
    "S-08: IDGEN_RETRIES 3: four addresses in all, then none until the link "
    "comes anew")
{
	sw_init(&w);
	w.nduplicates = 99;
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 7200, 3600);
	sw_advance(&w, 60000);
	ATF_CHECK_EQ(w.added, 4);
	ATF_CHECK_EQ(w.config.naddrs, 0);
	ATF_CHECK(!slaac_usable(&w.s));
	sw_usual(&w, R1, PREFIX1, 7200, 3600);
	sw_advance(&w, 60000);
	ATF_CHECK_EQ(w.added, 4);
	/* EUI-64 has no next one */
	sw_init(&w);
	w.nduplicates = 99;
	w.conf.soii = 0;
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 7200, 3600);
	sw_advance(&w, 60000);
	ATF_CHECK_EQ(w.added, 1);
}

TEST(slaac_never_touches_a_tentative_address,
    "S-08: lifetimes of an address under detection are not refreshed, "
    "though advertisements come; they are afterwards")
{
	int i;

	sw_init(&w);
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 7200, 3600);
	for (i = 0; i < 9; i++) {
		sw_advance(&w, 100);
		sw_usual(&w, R1, PREFIX1, 8000 + (uint32_t)i * 1000, 3000);
		sw_usual(
		    &w, R1, PREFIX2, 7200, 3600); /* changes all the same */
	}
	ATF_CHECK_EQ(w.refreshed_tentative, 0);
	ATF_CHECK_EQ(w.refreshed, 0);
	sw_advance(&w, 5000);
	ATF_CHECK(w.refreshed > 0);
	ATF_CHECK(sw_addr(&w, PREFIX1, 0)->valid_sec > 15000);
}

TEST(slaac_never_refreshes_a_duplicate,
    "S-08: a duplicate is not in the configuration again, whatever a router "
    "says")
{
	struct in6_addr first;
	uint16_t i;
	int n;

	sw_init(&w);
	w.nduplicates = 1;
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 7200, 3600);
	first = w.config.addrs[0].addr;
	for (n = 0; n < 20; n++) {
		sw_advance(&w, 1500);
		sw_usual(&w, R1, PREFIX1, 7200 + (uint32_t)n * 600, 3600);
		for (i = 0; i < w.config.naddrs; i++)
			ATF_CHECK(memcmp(&w.config.addrs[i].addr, &first,
				      sizeof(first)) != 0);
	}
}

TEST(slaac_ready_means_bindable,
    "Y-03, S-08: not while tentative; when detection is over; not when "
    "duplicated; not when the kernel has not said so")
{
	const struct in6_addr *a;

	sw_init(&w);
	w.silent = 1;
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 7200, 3600);
	a = &w.config.addrs[0].addr;
	ATF_CHECK(!slaac_usable(&w.s));
	w.silent = 0;
	sw_state(&w, a, STATE6_PRESENT | STATE6_TENTATIVE);
	ATF_CHECK(!slaac_usable(&w.s));
	ATF_CHECK_EQ(w.events[EVENT_BOUND], 0);
	sw_state(&w, a, STATE6_PRESENT);
	ATF_CHECK(slaac_usable(&w.s));
	ATF_CHECK_EQ(w.events[EVENT_BOUND], 1);
	ATF_CHECK(same6(&w.event.from, R1));
	ATF_CHECK_EQ(w.event.valid_sec, 7200);
	sw_state(&w, a, STATE6_PRESENT | STATE6_TENTATIVE | STATE6_DUPLICATED);
	ATF_CHECK(!slaac_usable(&w.s));
}

TEST(slaac_optimistic_is_usable_at_once,
    "S-18: an optimistic address is ready before detection ends, and shown "
    "so")
{
	const struct in6_addr *a;

	sw_init(&w);
	w.optimistic = 1;
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 7200, 3600);
	a = &w.config.addrs[0].addr;
	ATF_CHECK(slaac_usable(&w.s));
	ATF_CHECK_EQ(w.events[EVENT_BOUND], 1);
	ATF_CHECK(shown_flags(a) & SLAAC_ADDR_OPTIMISTIC);
	sw_advance(&w, 2000);
	ATF_CHECK(!(shown_flags(a) & SLAAC_ADDR_OPTIMISTIC));
	ATF_CHECK_EQ(w.events[EVENT_BOUND], 1);
	/* without TENTATIVE beside it, too */
	sw_state(&w, a, STATE6_PRESENT | STATE6_OPTIMISTIC);
	ATF_CHECK(slaac_usable(&w.s));
}

TEST(slaac_address_taken_away_comes_back,
    "S-08: somebody else removed our address: it is asked for again, not "
    "more often than every ten seconds")
{
	sw_init(&w);
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 7200, 3600);
	sw_advance(&w, 2000);
	sw_delete(&w, &w.config.addrs[0].addr);
	sw_advance(&w, 2000);
	ATF_CHECK(slaac_usable(&w.s));
	ATF_CHECK_EQ(w.added, 2);
	sw_delete(&w, &w.config.addrs[0].addr);
	sw_advance(&w, 5000);
	ATF_CHECK_EQ(w.added, 2);
	sw_advance(&w, 10000);
	ATF_CHECK_EQ(w.added, 3);
	ATF_CHECK_EQ(w.events[EVENT_BOUND], 3);
	ATF_CHECK_EQ(w.counters[COUNT_ND_DUPLICATE], 0);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, slaac_on_link_and_autonomous_are_apart);
	ATF_TP_ADD_TC(tp, slaac_which_prefixes_make_addresses);
	ATF_TP_ADD_TC(tp, slaac_policy_refuses_a_prefix);
	ATF_TP_ADD_TC(tp, slaac_on_link_ends_at_once);
	ATF_TP_ADD_TC(tp, slaac_two_hours);
	ATF_TP_ADD_TC(
	    tp, slaac_forged_advertisements_cannot_wear_an_address_down);
	ATF_TP_ADD_TC(tp, slaac_preferred_zero_deprecates_at_once);
	ATF_TP_ADD_TC(tp, slaac_lifetimes_run_out);
	ATF_TP_ADD_TC(tp, slaac_refreshes_reach_the_kernel);
	ATF_TP_ADD_TC(tp, slaac_stable_address_is_the_known_one);
	ATF_TP_ADD_TC(tp, slaac_soii_no_is_eui64);
	ATF_TP_ADD_TC(tp, slaac_no_temporary_unless_asked);
	ATF_TP_ADD_TC(tp, slaac_temporary_lifetimes);
	ATF_TP_ADD_TC(tp, slaac_temporary_desync_is_bounded);
	ATF_TP_ADD_TC(tp, slaac_temporary_is_replaced_before_it_is_deprecated);
	ATF_TP_ADD_TC(tp, slaac_temporary_duplicates_end);
	ATF_TP_ADD_TC(tp, slaac_duplicate_gets_the_next_counter);
	ATF_TP_ADD_TC(tp, slaac_duplicates_that_the_kernel_removes);
	ATF_TP_ADD_TC(tp, slaac_duplicates_end);
	ATF_TP_ADD_TC(tp, slaac_never_touches_a_tentative_address);
	ATF_TP_ADD_TC(tp, slaac_never_refreshes_a_duplicate);
	ATF_TP_ADD_TC(tp, slaac_ready_means_bindable);
	ATF_TP_ADD_TC(tp, slaac_optimistic_is_usable_at_once);
	ATF_TP_ADD_TC(tp, slaac_address_taken_away_comes_back);
	return atf_no_error();
}

/* SPDX-License-Identifier: ISC */
/* The SLAAC machine after a restart of the daemon, or of the host. */
#include <string.h>

#include "slaac_harness.h"
#include "test.h"

static struct sworld w;

/* A machine of the next run, with the kernel as the last one left it. */
static void
restart(uint32_t age, int with_file, int with_kernel)
{
	struct kaddr kernel[KERNEL_MAX];
	struct slaac_info info = w.stored;
	struct conf_iface conf = w.conf;
	uint64_t now = w.now;
	size_t i;

	memcpy(kernel, w.kernel, sizeof(kernel));
	sw_init(&w);
	w.now = now;
	w.conf = conf;
	memcpy(w.kernel, kernel, sizeof(kernel));
	for (i = 0; with_kernel && i < KERNEL_MAX; i++)
		if (kernel[i].used)
			sw_state(&w, &kernel[i].wanted.addr,
			    STATE6_PRESENT | STATE6_OURS);
	if (!with_kernel)
		memset(w.kernel, 0, sizeof(w.kernel));
	if (with_file)
		slaac_stored(&w.s, &info, age, w.now);
	sw_start(&w);
}

TEST(slaac_restart_adopts,
    "S-19: addresses, routers and resolvers of the last run go on: nothing "
    "is removed or added, lifetimes are those that are left")
{
	struct ra ra;

	sw_init(&w);
	w.conf.temporary = 1;
	sw_start(&w);
	ra_begin(&ra, 1800, RA_HIGH);
	ra_prefix(&ra, PREFIX1, 64, PIO_LA, 7200, 3600);
	ra_route(&ra, "2001:db8:f::", 48, 0, 900, 2);
	ra_servers(&ra, 900, "2001:db8::53");
	ra_mtu(&ra, 1400);
	sw_ra(&w, R1, &ra);
	sw_advance(&w, 3000);
	ATF_CHECK_EQ(w.added, 2);
	ATF_CHECK(w.nstore > 0);
	restart(100, 1, 1);
	ATF_CHECK(slaac_usable(&w.s));
	ATF_CHECK_EQ(w.added + w.removed, 0);
	ATF_REQUIRE_EQ(sw_naddrs(&w, PREFIX1), 2);
	ATF_CHECK(sw_addr(&w, PREFIX1, 0)->valid_sec <= 7100);
	ATF_CHECK(sw_addr(&w, PREFIX1, 0)->valid_sec >= 7090);
	ATF_REQUIRE(sw_route(&w, "::", 0, R1) != NULL);
	ATF_CHECK_EQ(sw_route(&w, "::", 0, R1)->preference, PREFERENCE_HIGH);
	ATF_CHECK(sw_route(&w, "2001:db8:f::", 48, R1) != NULL);
	ATF_CHECK(sw_route(&w, PREFIX1, 64, "::") != NULL);
	ATF_CHECK_EQ(w.dns.nservers, 1);
	ATF_CHECK_EQ(w.config.mtu, 1400);
	ATF_CHECK_EQ(w.nsent, 1);
	sw_ra(&w, R1, &ra);
	sw_advance(&w, 10000);
	ATF_CHECK_EQ(w.added + w.removed, 0);
	ATF_CHECK_EQ(sw_naddrs(&w, PREFIX1), 2);
}

TEST(slaac_restart_after_a_boot_starts_anew,
    "S-19: a file whose addresses the kernel does not have is of before a "
    "boot: nothing is configured before a router speaks")
{
	sw_init(&w);
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 7200, 3600);
	sw_advance(&w, 3000);
	restart(100, 1, 0);
	ATF_CHECK_EQ(w.config.naddrs + w.config.nroutes, 0);
	ATF_CHECK_EQ(w.added, 0);
	ATF_CHECK_EQ(w.nconfig, 1); /* to withdraw what may be there */
}

TEST(slaac_restart_in_another_network,
    "S-17, S-19: the file is of another network id: what it holds is "
    "deprecated, its router is not used")
{
	sw_init(&w);
	memcpy(w.iface.network_id, "home", 4);
	w.iface.network_id_len = 4;
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 86400, 43200);
	sw_advance(&w, 3000);
	/* the new run has no id */
	restart(1, 1, 1);
	ATF_REQUIRE_EQ(sw_naddrs(&w, PREFIX1), 1);
	ATF_CHECK_EQ(sw_addr(&w, PREFIX1, 0)->preferred_sec, 0);
	ATF_CHECK(sw_addr(&w, PREFIX1, 0)->valid_sec <= 7200);
	ATF_CHECK(sw_route(&w, "::", 0, NULL) == NULL);
}

TEST(slaac_restart_lifetimes_that_ended,
    "S-19: what ended while the daemon was away is not taken up")
{
	sw_init(&w);
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 100, 50);
	sw_usual(&w, R1, PREFIX2, 7200, 50);
	sw_advance(&w, 3000);
	restart(99, 1, 1);
	sw_advance(&w, 2000);
	ATF_CHECK_EQ(sw_naddrs(&w, PREFIX1), 0);
	ATF_REQUIRE_EQ(sw_naddrs(&w, PREFIX2), 1);
	ATF_CHECK_EQ(sw_addr(&w, PREFIX2, 0)->preferred_sec, 0);
}

TEST(slaac_restart_without_a_file_takes_back_what_a_router_confirms,
    "S-19: the file is lost: the stable address is the same, and its state "
    "in the kernel is known")
{
	struct in6_addr before;

	sw_init(&w);
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 7200, 3600);
	sw_advance(&w, 3000);
	before = sw_addr(&w, PREFIX1, 0)->addr;
	restart(0, 0, 1);
	sw_usual(&w, R1, PREFIX1, 7200, 3600);
	ATF_REQUIRE(sw_addr(&w, PREFIX1, 0) != NULL);
	ATF_CHECK_EQ(memcmp(&sw_addr(&w, PREFIX1, 0)->addr, &before, 16), 0);
}

TEST(slaac_restart_keeps_the_dad_counter,
    "S-06, S-19: after a duplicate the next address stays the one in use")
{
	struct in6_addr second;

	sw_init(&w);
	w.nduplicates = 1;
	sw_start(&w);
	sw_usual(&w, R1, PREFIX1, 7200, 3600);
	sw_advance(&w, 5000);
	ATF_REQUIRE_EQ(sw_naddrs(&w, PREFIX1), 1);
	second = sw_addr(&w, PREFIX1, 0)->addr;
	restart(1, 1, 1);
	sw_usual(&w, R1, PREFIX1, 7200, 3600);
	sw_advance(&w, 5000);
	/* also when it is made anew, back from another network */
	sw_link(&w, 0);
	sw_link(&w, 1);
	sw_usual(&w, R2, PREFIX2, 7200, 3600);
	sw_link(&w, 0);
	sw_link(&w, 1);
	sw_usual(&w, R1, PREFIX1, 7200, 3600);
	sw_advance(&w, 5000);
	ATF_REQUIRE_EQ(sw_naddrs(&w, PREFIX1), 1);
	ATF_CHECK_EQ(memcmp(&sw_addr(&w, PREFIX1, 0)->addr, &second, 16), 0);
	ATF_CHECK(sw_addr(&w, PREFIX1, 0)->preferred_sec > 0);
	ATF_CHECK_EQ(w.removed, 0);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, slaac_restart_adopts);
	ATF_TP_ADD_TC(tp, slaac_restart_after_a_boot_starts_anew);
	ATF_TP_ADD_TC(
	    tp, slaac_restart_without_a_file_takes_back_what_a_router_confirms);
	ATF_TP_ADD_TC(tp, slaac_restart_keeps_the_dad_counter);
	ATF_TP_ADD_TC(tp, slaac_restart_in_another_network);
	ATF_TP_ADD_TC(tp, slaac_restart_lifetimes_that_ended);
	return atf_no_error();
}

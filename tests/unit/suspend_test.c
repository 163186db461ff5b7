/* SPDX-License-Identifier: ISC */
/* How long the system slept, by two clocks. */

#include <atf-c.h>

#include "suspend.h"

static uint32_t
slept(uint64_t wall0, uint64_t ms0, uint64_t wall1, uint64_t ms1)
{
	const struct suspend_mark from = { wall0, ms0 }, to = { wall1, ms1 };

	return suspend_slept(&from, &to);
}

ATF_TC(suspend_is_what_only_the_wall_clock_counts);
ATF_TC_HEAD(suspend_is_what_only_the_wall_clock_counts, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "D4-29: the difference of both clocks; 0 when the wall clock was "
	    "set back, or nothing is known");
}
ATF_TC_BODY(suspend_is_what_only_the_wall_clock_counts, tc)
{
	(void)tc;
	ATF_CHECK_EQ(0, slept(1000, 50000, 1010, 60000));
	ATF_CHECK_EQ(3600, slept(1000, 50000, 4610, 60000));
	ATF_CHECK_EQ(1, slept(1000, 50999, 1001, 50999));
	ATF_CHECK_EQ(0, slept(1000, 50000, 1005, 60000));
	ATF_CHECK_EQ(0, slept(1000, 50000, 999, 50000));
	ATF_CHECK_EQ(0, slept(0, 0, 1700000000, 60000));
	ATF_CHECK_EQ(0, slept(1000, 50000, 4610, 49999));
	ATF_CHECK_EQ(UINT32_MAX, slept(1, 0, UINT64_MAX, 0));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, suspend_is_what_only_the_wall_clock_counts);
	return atf_no_error();
}

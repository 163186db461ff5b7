/* SPDX-License-Identifier: ISC */
/* What may get into the log, and how much of it. */

#include <atf-c.h>
#include <stdio.h>
#include <string.h>

#include "log.h"

static char said[512];

static void
keep(int priority, const char *line)
{
	(void)priority;
	snprintf(said, sizeof(said), "%s", line);
}

ATF_TC(log_has_no_byte_that_does_not_print);
ATF_TC_HEAD(log_has_no_byte_that_does_not_print, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-12, Y-20: control and 8-bit bytes of names never get into it");
}
ATF_TC_BODY(log_has_no_byte_that_does_not_print, tc)
{
	(void)tc;
	log_init("parent", 0, 0, keep);
	log_warnx("%s: interface is gone", "a\033[2J\n\x9b~");
	ATF_CHECK_STREQ("a?[2J??~: interface is gone", said);
}

ATF_TC(log_of_a_child_reaches_no_terminal);
ATF_TC_HEAD(log_of_a_child_reaches_no_terminal, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-12: a child logs as LOG_CRIT at most: syslogd writes LOG_EMERG "
	    "to all users");
}
ATF_TC_BODY(log_of_a_child_reaches_no_terminal, tc)
{
	(void)tc;
	ATF_CHECK_EQ(LOG_CRIT, log_child_priority(LOG_EMERG));
	ATF_CHECK_EQ(LOG_CRIT, log_child_priority(LOG_ALERT));
	ATF_CHECK_EQ(LOG_CRIT, log_child_priority(LOG_CRIT));
	ATF_CHECK_EQ(LOG_INFO, log_child_priority(LOG_INFO));
	ATF_CHECK_EQ(LOG_DEBUG, log_child_priority(LOG_DEBUG));
	/* a facility, or anything */
	ATF_CHECK_EQ(LOG_WARNING, log_child_priority(LOG_AUTH | LOG_EMERG));
	ATF_CHECK_EQ(LOG_WARNING, log_child_priority(UINT32_MAX));
}

ATF_TC(log_rate_is_bounded_and_told);
ATF_TC_HEAD(log_rate_is_bounded_and_told, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-12: 20 lines a second, then how many were suppressed");
}
ATF_TC_BODY(log_rate_is_bounded_and_told, tc)
{
	struct log_rate rate = { 0 };
	unsigned int i, n, written = 0;

	(void)tc;
	for (i = 0; i < 1000; i++) {
		written += (unsigned int)log_allow(&rate, 7, &n);
		ATF_REQUIRE_EQ(0, n);
	}
	ATF_CHECK_EQ(LOG_LINES_PER_SEC, written);
	ATF_CHECK_EQ(1, log_allow(&rate, 9, &n));
	ATF_CHECK_EQ(1000 - LOG_LINES_PER_SEC, n);
	ATF_CHECK_EQ(1, log_allow(&rate, 9, &n));
	ATF_CHECK_EQ(0, n);
}

ATF_TC(log_keeps_a_last_line_of_each_child);
ATF_TC_HEAD(log_keeps_a_last_line_of_each_child, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-12: what ended a child is not lost to the rate, once");
}
ATF_TC_BODY(log_keeps_a_last_line_of_each_child, tc)
{
	struct log_rate rate = { 0 };
	unsigned int i, n;

	(void)tc;
	for (i = 0; i < 30; i++)
		(void)log_allow(&rate, 7, &n);
	ATF_CHECK_EQ(1, log_allow_last(&rate));
	ATF_CHECK_EQ(0, log_allow(&rate, 7, &n));
	ATF_CHECK_EQ(0, log_allow_last(&rate));
	ATF_CHECK_EQ(1, log_allow(&rate, 8, &n));
	ATF_CHECK_EQ(30 - LOG_LINES_PER_SEC, n);
	ATF_CHECK_EQ(0, log_allow_last(&rate));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, log_has_no_byte_that_does_not_print);
	ATF_TP_ADD_TC(tp, log_of_a_child_reaches_no_terminal);
	ATF_TP_ADD_TC(tp, log_rate_is_bounded_and_told);
	ATF_TP_ADD_TC(tp, log_keeps_a_last_line_of_each_child);
	return atf_no_error();
}

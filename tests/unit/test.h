/* SPDX-License-Identifier: ISC */
/* A test case with what it proves. */
#ifndef TEST_H
#define TEST_H

#include <atf-c.h>

#define TEST(name, text)                                    \
	ATF_TC(name);                                       \
	ATF_TC_HEAD(name, tc)                               \
	{                                                   \
		atf_tc_set_md_var(tc, "descr", "%s", text); \
	}                                                   \
	ATF_TC_BODY(name, tc)

#define TEST_ROOT(name, text)                                  \
	ATF_TC(name);                                          \
	ATF_TC_HEAD(name, tc)                                  \
	{                                                      \
		atf_tc_set_md_var(tc, "descr", "%s", text);    \
		atf_tc_set_md_var(tc, "require.user", "root"); \
		atf_tc_set_md_var(tc, "timeout", "60");        \
	}                                                      \
	ATF_TC_BODY(name, tc)

#endif

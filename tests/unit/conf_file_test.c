/* SPDX-License-Identifier: ISC */
/* The files of a configuration: drop-ins, includes, and who may own them. */

#include <sys/stat.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "conf_harness.h"

ATF_TC(config_drop_in_is_the_body_of_a_block);
ATF_TC_HEAD(config_drop_in_is_the_body_of_a_block, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-05: leased.d/NAME.conf, order, macros, other names");
	atf_tc_set_md_var(tc, "require.user", "root");
}
ATF_TC_BODY(config_drop_in_is_the_body_of_a_block, tc)
{
	static const char *const order[] = { "em5", "em*", "em0", "em1" };
	const struct conf_block *block;
	struct conf *conf;
	size_t i = 0;

	conf_write("a.conf", 0644,
	    "pref = 7\ninterface em5 { }\ninterface \"em*\" { }\n");
	ATF_REQUIRE_EQ(0, mkdir("leased.d", 0755));
	conf_write("leased.d/em1.conf", 0644, "preference $pref");
	conf_write("leased.d/em0.conf", 0600, "dhcp6 no\nslaac no\n");
	conf_write("leased.d/README", 0666, "not read");
	conf_write("leased.d/em2.conf~", 0666, "not read");
	conf_write("leased.d/.em3.conf", 0666, "not read");
	conf = conf_from_file("a.conf");
	ATF_CHECK_STREQ("", conf_errors);
	ATF_REQUIRE(conf != NULL);
	TAILQ_FOREACH (block, &conf->blocks, entry) {
		ATF_REQUIRE(i < NELEMS(order));
		ATF_CHECK_EQ(i >= 2, block->from_file);
		ATF_CHECK_STREQ(order[i++], block->iface.name);
	}
	ATF_CHECK_EQ(NELEMS(order), i);
	ATF_CHECK_EQ(7, conf_lookup(conf, "em1")->preference);
	ATF_CHECK_EQ(CONF_NO, conf_lookup(conf, "em0")->slaac);
	conf_check_round_trip(conf);
	conf_free(conf);

	conf_write("leased.d/em5.conf", 0644, "preference 1\n");
	conf_write("leased.d/em 6.conf", 0644, "preference 1\n");
	conf_write("leased.d/em*.conf", 0644, "preference 1\n");
	conf_write("leased.d/em7.conf", 0644,
	    "}\ninterface em8 { slaac nope }\ndhcp4 nope\ninclude \"x\"\n");
	conf_write("leased.d/em8.conf", 0664, "preference 1\n");
	conf_expect_errors(
	    "leased.d/em 6.conf: expected the name of an interface (1-15 "
	    "letters, digits, ., _, -, : and @) before .conf\n"
	    "leased.d/em*.conf: expected the name of an interface (1-15 "
	    "letters, digits, ., _, -, : and @) before .conf\n"
	    "leased.d/em5.conf:1: interface \"em5\" was already set at "
	    "a.conf:2\n"
	    "leased.d/em7.conf:1: }: no block is open, expected a statement of "
	    "an interface block\n"
	    "leased.d/em7.conf:2: interface: expected outside of blocks\n"
	    "leased.d/em7.conf:2: slaac nope: expected yes or no\n"
	    "leased.d/em7.conf:3: dhcp4 nope: expected yes, no, inform, "
	    "request or ignore\n"
	    "leased.d/em7.conf:4: include: expected outside of blocks\n"
	    "leased.d/em8.conf: has mode 0664, expected it not writable by "
	    "group or others\n");
}

ATF_TC(config_include_reads_in_order);
ATF_TC_HEAD(config_include_reads_in_order, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-05: include of one file, of a pattern, nested, at the end");
	atf_tc_set_md_var(tc, "require.user", "root");
}
ATF_TC_BODY(config_include_reads_in_order, tc)
{
	static const char *const order[] = { "one", "a", "b", "deep", "last" };
	const struct conf_block *block;
	char cwd[PATH_MAX], path[PATH_MAX + 16];
	struct conf *conf;
	size_t i = 0;

	ATF_REQUIRE(getcwd(cwd, sizeof(cwd)) != NULL);
	ATF_REQUIRE_EQ(0, mkdir("d", 0755));
	ATF_REQUIRE_EQ(0, mkdir("d/e", 0755));
	conf_write("d/b.conf", 0644, "interface b { }\ninclude \"./d/e/x\"");
	conf_write("d/a.conf", 0644, "interface a { }");
	conf_write("d/.hidden.conf", 0666, "wrong");
	conf_write("d/c.other", 0666, "wrong");
	conf_write("d/e/x", 0644, "interface deep { }");
	conf_write("a.conf", 0644,
	    "interface one { }\ninclude \"d/*.conf\"\n"
	    "include \"d/none*\"\ninterface $last { }\n");
	conf_write("d/a.conf", 0644, "last = last\ninterface a { }");
	snprintf(path, sizeof(path), "%s/a.conf", cwd);
	conf = conf_from_file(path);
	ATF_CHECK_STREQ("", conf_errors);
	ATF_REQUIRE(conf != NULL);
	TAILQ_FOREACH (block, &conf->blocks, entry) {
		ATF_REQUIRE(i < NELEMS(order));
		ATF_CHECK_STREQ(order[i++], block->iface.name);
	}
	ATF_CHECK_EQ(NELEMS(order), i);
	conf_free(conf);
	/* By its whole path, as the last thing of a file without newline. */
	conf_write("a.conf", 0644, "include \"%s/d/e/x\"", cwd);
	conf = conf_from_file(path);
	ATF_CHECK_STREQ("", conf_errors);
	ATF_REQUIRE(conf != NULL);
	ATF_CHECK(conf_lookup(conf, "deep") != NULL);
	conf_free(conf);
}

ATF_TC(config_include_does_not_escape);
ATF_TC_HEAD(config_include_does_not_escape, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-05: include stays beneath the directory, follows no link");
	atf_tc_set_md_var(tc, "require.user", "root");
}
ATF_TC_BODY(config_include_does_not_escape, tc)
{
	ATF_REQUIRE_EQ(0, mkdir("d", 0755));
	ATF_REQUIRE_EQ(0, symlink("/etc", "out"));
	ATF_REQUIRE_EQ(0, symlink("/etc/hosts", "d/link"));
	ATF_REQUIRE_EQ(0, mkfifo("d/fifo", 0644));
	conf_write("a.conf", 0644,
	    "include \"/etc/hosts\"\ninclude \"../x\"\ninclude \"d/../x\"\n"
	    "include \"d/..\"\ninclude \"out/hosts\"\ninclude \"d/link\"\n"
	    "include \"d/l*\"\ninclude \"d\"\ninclude \"d/\"\n"
	    "include \"\"\ninclude a b\ninclude \"d/fifo\"\n"
	    "include \"*/x\"\ninclude yes\ninclude { \"a\" }\n"
	    "include \"none\"\n");
	conf_errors[0] = '\0';
	conf_expect_errors(
	    "a.conf:1: include \"/etc/hosts\": expected a file beneath ., "
	    "without ..\n"
	    "a.conf:2: include \"../x\": expected a file beneath ., without "
	    "..\n"
	    "a.conf:3: include \"d/../x\": expected a file beneath ., without "
	    "..\n"
	    "a.conf:4: include \"d/..\": expected a file beneath ., without "
	    "..\n"
	    "a.conf:5: out: expected a directory that is no symbolic link\n"
	    "a.conf:6: d/link: expected a file that is no symbolic link\n"
	    "a.conf:7: d/link: expected a file that is no symbolic link\n"
	    "a.conf:8: d: expected a regular file\n"
	    "a.conf:9: include \"d/\": expected a file beneath ., without ..\n"
	    "a.conf:10: include \"\": expected a file beneath ., without ..\n"
	    "a.conf:11: include with 2 values: expected one path or pattern\n"
	    "a.conf:12: d/fifo: expected a regular file\n"
	    "a.conf:13: *: No such file or directory, expected a directory "
	    "that can be read\n"
	    "a.conf:14: include yes: is a keyword, expected \"yes\" in "
	    "quotes\n"
	    "a.conf:15: {: expected a value or the end of the line\n"
	    "a.conf:16: none: No such file or directory, expected a file that "
	    "can be read\n");
}

ATF_TC(config_include_is_bounded);
ATF_TC_HEAD(config_include_is_bounded, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-05: 8 files inside each other, 256 in all, 256 KiB each");
	atf_tc_set_md_var(tc, "require.user", "root");
}
ATF_TC_BODY(config_include_is_bounded, tc)
{
	char name[32];
	struct conf *conf;
	int i;

	/* a.conf includes d1, that d2 ... d8 is the last that may be. */
	conf_write("a.conf", 0644, "include \"d1\"\n");
	for (i = 1; i < 8; i++) {
		snprintf(name, sizeof(name), "d%d", i);
		conf_write(name, 0644, "include \"d%d\"", i + 1);
	}
	conf_write("d8", 0644, "interface deep { }");
	conf = conf_from_file("a.conf");
	ATF_CHECK_STREQ("", conf_errors);
	ATF_REQUIRE(conf != NULL);
	ATF_CHECK(conf_lookup(conf, "deep") != NULL);
	conf_free(conf);
	conf_write("d8", 0644, "include \"d9\"");
	conf_write("d9", 0644, "interface deep { }");
	conf_expect_errors(
	    "d8:1: include \"d9\": expected at most 8 inside each "
	    "other\n");
	/* Itself, twice: 2^8 files without the bound on all. */
	conf_write("a.conf", 0644, "include \"a.conf\"\ninclude \"a.conf\"\n");
	ATF_CHECK(conf_from_file("a.conf") == NULL);
	ATF_CHECK(strstr(conf_errors, "expected at most 256 files") != NULL);
	conf_write("a.conf", 0644, "%*s\n", 256 * 1024 - 1, "# full");
	conf = conf_from_file("a.conf");
	ATF_CHECK_STREQ("", conf_errors);
	ATF_REQUIRE(conf != NULL);
	conf_free(conf);
	conf_write("a.conf", 0644, "%*s\n", 256 * 1024, "# over");
	conf_expect_errors("a.conf: expected at most 262144 bytes\n");
}

ATF_TC(config_include_cannot_tear_a_block);
ATF_TC_HEAD(config_include_cannot_tear_a_block, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-05: braces are even within a file; errors name the right file");
	atf_tc_set_md_var(tc, "require.user", "root");
}
ATF_TC_BODY(config_include_cannot_tear_a_block, tc)
{
	conf_write("open", 0644, "interface em0 {\n\tslaac no\n");
	conf_write("close", 0644, "}\n");
	conf_write("a.conf", 0644,
	    "include \"open\"\npreference 1\n"
	    "include \"close\"\ncontrol write maybe\n");
	conf_expect_errors(
	    "open:3: end of file: expected } for the { of line 1\n"
	    "a.conf:2: preference: expected inside of interface NAME { }\n"
	    "close:1: }: no block is open, expected interface, include, "
	    "control, resolv-conf, duid, release-on-exit, exclude or MACRO = "
	    "VALUE\n"
	    "a.conf:4: control write maybe: expected yes or no\n");
}

ATF_TC(config_files_belong_to_root_alone);
ATF_TC_HEAD(config_files_belong_to_root_alone, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-05: owner, mode and kind of main file, include and leased.d");
	atf_tc_set_md_var(tc, "require.user", "root");
}
ATF_TC_BODY(config_files_belong_to_root_alone, tc)
{
	struct conf *conf;

	conf_expect_errors(
	    "a.conf: No such file or directory, expected a file that "
	    "can be read\n");
	conf_write("a.conf", 0660, "interface em0 { }\n");
	conf_expect_errors("a.conf: has mode 0660, expected it not writable by "
			   "group or others\n");
	ATF_REQUIRE_EQ(0, chmod("a.conf", 0602));
	conf_expect_errors("a.conf: has mode 0602, expected it not writable by "
			   "group or others\n");
	ATF_REQUIRE_EQ(0, chmod("a.conf", 0600));
	ATF_REQUIRE_EQ(0, chown("a.conf", 12345, 0));
	conf_expect_errors("a.conf: belongs to uid 12345, expected root\n");
	ATF_REQUIRE_EQ(0, chown("a.conf", 0, 12345));
	conf = conf_from_file("a.conf");
	ATF_CHECK(conf != NULL);
	conf_free(conf);
	conf_write("sub", 0622, "interface em1 { }\n");
	conf_write("a.conf", 0644, "\ninclude \"sub\"\n");
	conf_expect_errors(
	    "a.conf:2: sub: has mode 0622, expected it not writable "
	    "by group or others\n");
	ATF_REQUIRE_EQ(0, rename("a.conf", "b.conf"));
	ATF_REQUIRE_EQ(0, symlink("b.conf", "a.conf"));
	conf_expect_errors(
	    "a.conf: expected a file that is no symbolic link\n");
	ATF_REQUIRE_EQ(0, unlink("a.conf"));
	ATF_REQUIRE_EQ(0, mkdir("a.conf", 0755));
	conf_expect_errors("a.conf: expected a regular file\n");
	ATF_REQUIRE_EQ(0, rmdir("a.conf"));
	conf_write("a.conf", 0644, "interface em0 { }\n");
	ATF_REQUIRE_EQ(0, mkdir("leased.d", 0755));
	ATF_REQUIRE_EQ(0, chmod("leased.d", 0777));
	conf_expect_errors(
	    "leased.d: has mode 0777, expected it not writable by "
	    "group or others\n");
}

ATF_TC(config_check_by_a_user_reads_his_own_file);
ATF_TC_HEAD(config_check_by_a_user_reads_his_own_file, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-05: leased -n as somebody else takes that user's files, and "
	    "root's");
	atf_tc_set_md_var(tc, "require.user", "root");
}
ATF_TC_BODY(config_check_by_a_user_reads_his_own_file, tc)
{
	struct conf *conf;

	conf_write("a.conf", 0644, "include \"roots\"\n");
	conf_write("roots", 0644, "interface em0 { }\n");
	ATF_REQUIRE_EQ(0, chmod(".", 0755));
	ATF_REQUIRE_EQ(0, chown("a.conf", 12345, 12345));
	ATF_REQUIRE_EQ(0, seteuid(12345));
	conf = conf_from_file("a.conf");
	ATF_CHECK_STREQ("", conf_errors);
	ATF_CHECK(conf != NULL);
	conf_free(conf);
	ATF_REQUIRE_EQ(0, seteuid(0));
	ATF_REQUIRE_EQ(0, chown("a.conf", 12346, 12345));
	ATF_REQUIRE_EQ(0, seteuid(12345));
	conf_expect_errors("a.conf: belongs to uid 12346, expected root\n");
	ATF_REQUIRE_EQ(0, seteuid(0));
}

ATF_TC(config_error_lines_are_printable);
ATF_TC_HEAD(config_error_lines_are_printable, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-05, Y-12: bytes of a file or of its name come out as \\xNN");
	atf_tc_set_md_var(tc, "require.user", "root");
}
ATF_TC_BODY(config_error_lines_are_printable, tc)
{
	static const char nul[] = "a\0b\n";
	struct conf *conf;

	ATF_REQUIRE_EQ(0, mkdir("leased.d", 0755));
	conf_write("leased.d/\x1b[2J.conf", 0644, "preference 1\n");
	conf_write("a.conf", 0644, "\x1b[2J\ncontrol write \xc3\xa4\n");
	conf_expect_errors(
	    "a.conf:1: byte 0x1b: expected printable ASCII\n"
	    "a.conf:2: byte 0xc3: expected printable ASCII\n"
	    "leased.d/\\x1b[2J.conf: expected the name of an interface (1-15 "
	    "letters, digits, ., _, -, : and @) before .conf\n");
	conf_errors[0] = '\0';
	conf = conf_parse_buffer(
	    "nul", nul, sizeof(nul) - 1, NULL, 0, conf_collect, conf_errors);
	ATF_CHECK(conf == NULL);
	ATF_CHECK_STREQ(
	    "nul:1: byte 0x00: expected printable ASCII\n", conf_errors);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, config_drop_in_is_the_body_of_a_block);
	ATF_TP_ADD_TC(tp, config_include_reads_in_order);
	ATF_TP_ADD_TC(tp, config_include_does_not_escape);
	ATF_TP_ADD_TC(tp, config_include_is_bounded);
	ATF_TP_ADD_TC(tp, config_include_cannot_tear_a_block);
	ATF_TP_ADD_TC(tp, config_files_belong_to_root_alone);
	ATF_TP_ADD_TC(tp, config_check_by_a_user_reads_his_own_file);
	ATF_TP_ADD_TC(tp, config_error_lines_are_printable);
	return atf_no_error();
}

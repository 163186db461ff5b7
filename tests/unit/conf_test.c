/* SPDX-License-Identifier: ISC */
/*
 * leased.conf(5): what parses, what does not and what is said about it, the
 * canonical form, and which block holds.
 *
 * The samples are in tests/unit/conf: good-*.conf parse, of bad-*.conf the
 * lines that begin with "#! " are the errors, in order.
 */
#include <arpa/inet.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf_harness.h"

/* ---- the language ---- */

ATF_TC(config_language_prints_back);
ATF_TC_HEAD(config_language_prints_back, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-05: every statement parses, and -nv prints exactly this");
}
ATF_TC_BODY(config_language_prints_back, tc)
{
	char dir[PATH_MAX], path[PATH_MAX + 64], *text, *want, *got;
	struct conf *conf;

	conf_samples_dir(tc, dir, sizeof(dir));
	snprintf(
	    path, sizeof(path), "%s/tests/unit/conf/good-everything.conf", dir);
	text = conf_slurp(path);
	conf = conf_from_good(text);
	snprintf(
	    path, sizeof(path), "%s/tests/unit/conf/good-everything.out", dir);
	want = conf_slurp(path);
	got = conf_text(conf);
	ATF_CHECK_STREQ(want, got);
	free(text);
	free(want);
	free(got);
	conf_free(conf);
}

static void
check_good(const char *path, const char *text)
{
	struct conf *conf = conf_from(text);

	ATF_REQUIRE_MSG(conf != NULL, "%s: %s", path, conf_errors);
	conf_check_round_trip(conf);
	conf_free(conf);
}

ATF_TC(config_canonical_form_parses_to_the_same);
ATF_TC_HEAD(config_canonical_form_parses_to_the_same, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-05: the samples and the examples we ship, there and back");
}
ATF_TC_BODY(config_canonical_form_parses_to_the_same, tc)
{
	char dir[PATH_MAX], path[PATH_MAX + 64];

	conf_samples_dir(tc, dir, sizeof(dir));
	snprintf(path, sizeof(path), "%s/tests/unit/conf", dir);
	conf_check_samples(path, "good-*.conf", check_good);
	snprintf(path, sizeof(path), "%s/contrib/examples", dir);
	conf_check_samples(path, "*.conf", check_good);
}

static void
check_bad(const char *path, const char *text)
{
	char want[65536] = "";
	const char *line, *end;
	size_t used = 0;

	for (line = text; *line != '\0'; line = end + 1) {
		ATF_REQUIRE((end = strchr(line, '\n')) != NULL);
		if (strncmp(line, "#! ", 3) != 0)
			continue;
		line += 3;
		memcpy(want + used, line, (size_t)(end + 1 - line));
		used += (size_t)(end + 1 - line);
	}
	ATF_CHECK(conf_from(text) == NULL);
	ATF_CHECK_MSG(strcmp(want, conf_errors) == 0, "%s: expected\n%sgot\n%s",
	    path, want, conf_errors);
}

ATF_TC(config_reports_all_errors_at_once);
ATF_TC_HEAD(config_reports_all_errors_at_once, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-05: every error of a file has file:line and what was expected");
}
ATF_TC_BODY(config_reports_all_errors_at_once, tc)
{
	char dir[PATH_MAX], path[PATH_MAX + 64];

	conf_samples_dir(tc, dir, sizeof(dir));
	snprintf(path, sizeof(path), "%s/tests/unit/conf", dir);
	conf_check_samples(path, "bad-*.conf", check_bad);
}

ATF_TC(config_names_equal_to_keywords_are_quoted);
ATF_TC_HEAD(config_names_equal_to_keywords_are_quoted, tc)
{
	atf_tc_set_md_var(tc, "descr", "Y-05: keywords as names, and macros");
}
ATF_TC_BODY(config_names_equal_to_keywords_are_quoted, tc)
{
	static const char *const words[] = { "interface", "prefix", "include",
		"yes", "dhcp4", "server", "select", "hop-limit", "assign", "en",
		"mac" };
	char text[256], want[256];
	struct conf *conf;
	size_t i;

	for (i = 0; i < NELEMS(words); i++) {
		snprintf(text, sizeof(text), "interface %s { }\n", words[i]);
		ATF_CHECK(conf_from(text) == NULL);
		snprintf(want, sizeof(want),
		    "bad:1: interface %s: is a "
		    "keyword, expected \"%s\" in quotes\n",
		    words[i], words[i]);
		ATF_CHECK_STREQ(want, conf_errors);
		snprintf(
		    text, sizeof(text), "interface \"%s\" { }\n", words[i]);
		conf = conf_from_good(text);
		ATF_CHECK(conf_lookup(conf, words[i]) != NULL);
		conf_check_round_trip(conf);
		conf_free(conf);
	}
}

ATF_TC(config_bounds_are_held);
ATF_TC_HEAD(config_bounds_are_held, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-05: longest and too long, most and too many, with the bound");
}
ATF_TC_BODY(config_bounds_are_held, tc)
{
	/* %s is as many characters as good; one more is bad. */
	static const struct {
		const char *fmt;
		size_t good;
	} texts[] = {
		{ "interface \"%s\" { }\n", 15 },
		{ "interface \"*%s\" { }\n", 62 },
		{ "interface em0 { vendor-class \"%s\" }\n", 255 },
		{ "interface em0 { user-class { \"%s\" } }\n", 63 },
		{ "interface em0 { host-name \"%s\" }\n", 63 },
		{ "interface em0 { client-id \"%s\" }\n", 254 },
		{ "control group \"%s\"\n", 63 },
		{ "resolv-conf \"/%s\"\n", 1022 },
	};
	char text[2048], fill[2048];
	struct conf *conf;
	size_t i;

	for (i = 0; i < NELEMS(texts); i++) {
		memset(fill, 'a', sizeof(fill));
		fill[texts[i].good] = '\0';
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(text, sizeof(text), texts[i].fmt, fill);
		conf = conf_from_good(text);
		conf_check_round_trip(conf);
		conf_free(conf);
		fill[texts[i].good] = 'a';
		fill[texts[i].good + 1] = '\0';
		snprintf(text, sizeof(text), texts[i].fmt, fill);
#pragma GCC diagnostic pop
		ATF_CHECK_MSG(conf_from(text) == NULL, "%s", text);
		ATF_CHECK_MSG(
		    strstr(conf_errors, "expected") != NULL, "%s", conf_errors);
	}
}

/* "prefix { item item ... }" with n numbered items. */
static struct conf *
parse_many(const char *before, const char *item, size_t n, const char *after)
{
	static char text[65536];
	size_t i, used;

	used = (size_t)snprintf(text, sizeof(text), "%s", before);
	for (i = 0; i < n; i++) {
		used += (size_t)snprintf(
		    text + used, sizeof(text) - used, "%s", item);
		used += (size_t)snprintf(
		    text + used, sizeof(text) - used, "%zu\n", i + 100);
	}
	snprintf(text + used, sizeof(text) - used, "%s", after);
	return conf_from(text);
}

ATF_TC(config_too_many_of_anything_says_the_bound);
ATF_TC_HEAD(config_too_many_of_anything_says_the_bound, tc)
{
	atf_tc_set_md_var(tc, "descr", "Y-05: bounds of lists");
}
ATF_TC_BODY(config_too_many_of_anything_says_the_bound, tc)
{
	static const struct {
		const char *before, *item, *after;
		size_t most;
		const char *says;
	} lists[] = {
		{ "interface e { user-class {", "c", "} }\n", CONF_USER_CLASSES,
		    "user-class: expected at most 8\n" },
		{ "interface e { dhcp4 request {", "", "} }\n",
		    CONF_OPTIONS_MAX,
		    "dhcp4 request: expected at most 32 options\n" },
		{ "interface e { dhcp4 ignore {", "", "} }\n", CONF_OPTIONS_MAX,
		    "dhcp4 ignore: expected at most 32 options\n" },
		{ "interface e { dhcp4 ignore {", "server 192.0.2.", "} }\n",
		    CONF_SERVERS_MAX,
		    "dhcp4 ignore: expected at most 8 servers\n" },
		{ "interface e { dhcp6 request {", "", "} }\n",
		    CONF_OPTIONS_MAX,
		    "dhcp6 request: expected at most 32 options\n" },
		{ "interface e { prefix {\n", "assign x subnet ", "} }\n",
		    CONF_ASSIGNS_MAX,
		    "assign: expected at most 8 in a prefix\n" },
		{ "interface e {\n", "prefix 2001:db8::/", "}\n",
		    CONF_PREFIXES_MAX,
		    "prefix: expected at most 4 in a block\n" },
		{ "exclude {", "em", "}\n", 256,
		    "exclude: expected at most 256\n" },
	};
	struct conf *conf;
	size_t i;

	for (i = 0; i < NELEMS(lists); i++) {
		conf = parse_many(lists[i].before, lists[i].item, lists[i].most,
		    lists[i].after);
		ATF_CHECK_MSG(conf != NULL, "%s", conf_errors);
		if (conf != NULL)
			conf_check_round_trip(conf);
		conf_free(conf);
		conf = parse_many(lists[i].before, lists[i].item,
		    lists[i].most + 1, lists[i].after);
		ATF_CHECK(conf == NULL);
		ATF_CHECK_MSG(strstr(conf_errors, lists[i].says) != NULL,
		    "%s: %s", lists[i].says, conf_errors);
	}
}

ATF_TC(config_ends_after_a_thousand_errors);
ATF_TC_HEAD(config_ends_after_a_thousand_errors, tc)
{
	atf_tc_set_md_var(tc, "descr", "Y-05: errors are bounded");
}
ATF_TC_BODY(config_ends_after_a_thousand_errors, tc)
{
	const char *c;
	size_t lines = 0;

	ATF_CHECK(parse_many("", "wrong ", 1500, "") == NULL);
	for (c = conf_errors; *c != '\0'; c++)
		lines += *c == '\n';
	ATF_CHECK_EQ(1001, lines);
	ATF_CHECK(strstr(conf_errors, "too many errors") != NULL);
}

ATF_TC(config_values_reach_the_struct);
ATF_TC_HEAD(config_values_reach_the_struct, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-05, D4-05: bytes, texts, DUIDs, prefixes as the machines see "
	    "them");
}
ATF_TC_BODY(config_values_reach_the_struct, tc)
{
	static const uint8_t en[] = { 0, 2, 0, 0, 0x7e, 0xd9, 0x01, 0xab };
	const struct conf_iface *c;
	struct in6_addr addr;
	struct conf *conf;

	conf = conf_from_good(
	    "duid en 32473 0x01AB\n"
	    "interface a { client-id \"ab\" }\n"
	    "interface b { client-id 0x01ff\n fqdn x\n iaid 7 }\n"
	    "interface c { prefix 2001:db8::/40 {\n"
	    "assign d subnet 3 suffix ::5 } }\n");
	ATF_CHECK_EQ(CONF_DUID_EN, conf->global.duid_kind);
	ATF_CHECK_EQ(sizeof(en), conf->global.duid_len);
	ATF_CHECK(memcmp(en, conf->global.duid, sizeof(en)) == 0);
	c = conf_lookup(conf, "a");
	ATF_CHECK_EQ(CLIENT_ID_BYTES, c->client_id);
	ATF_CHECK_EQ(3, c->client_id_len);
	ATF_CHECK(memcmp("\0ab", c->client_id_bytes, 3) == 0);
	c = conf_lookup(conf, "b");
	ATF_CHECK_EQ(2, c->client_id_len);
	ATF_CHECK(memcmp("\x01\xff", c->client_id_bytes, 2) == 0);
	ATF_CHECK_STREQ("x", c->host_name);
	ATF_CHECK_EQ(1, c->is_fqdn);
	ATF_CHECK_EQ(1, c->has_iaid);
	ATF_CHECK_EQ(7, c->iaid);
	c = conf_lookup(conf, "c");
	ATF_CHECK_EQ(1, c->nprefixes);
	ATF_CHECK_EQ(40, c->prefixes[0].hint_len);
	ATF_CHECK_EQ(64, c->prefixes[0].assigns[0].length);
	ATF_CHECK_EQ(1, inet_pton(AF_INET6, "::5", &addr));
	ATF_CHECK(memcmp(&addr, &c->prefixes[0].assigns[0].suffix,
		      sizeof(addr)) == 0);
	conf_free(conf);
}

ATF_TC(config_option_macro_beats_the_file);
ATF_TC_HEAD(config_option_macro_beats_the_file, tc)
{
	atf_tc_set_md_var(tc, "descr", "Y-05: -D NAME=VALUE, good and bad");
}
ATF_TC_BODY(config_option_macro_beats_the_file, tc)
{
	static char up[] = "up", em1[] = "em1", bad[] = "1x", key[] = "yes";
	static char ctl[] = "a\nb";
	static const char text[] = "up = em0\ninterface $up { }\n";
	const struct conf_macro good[] = { { up, em1 } };
	const struct conf_macro wrong[] = { { bad, em1 }, { key, em1 },
		{ up, ctl } };
	struct conf *conf;

	conf_errors[0] = '\0';
	conf = conf_parse_buffer(
	    "x", text, sizeof(text) - 1, good, 1, conf_collect, conf_errors);
	ATF_REQUIRE(conf != NULL);
	ATF_CHECK(conf_lookup(conf, "em1") != NULL);
	ATF_CHECK(conf_lookup(conf, "em0") == NULL);
	conf_free(conf);
	conf = conf_parse_buffer(
	    "x", text, sizeof(text) - 1, wrong, 3, conf_collect, conf_errors);
	ATF_CHECK(conf == NULL);
	ATF_CHECK_STREQ("-D: 1x: expected a macro name of letters, digits and "
			"_ that is no keyword\n"
			"-D: yes: expected a macro name of letters, digits and "
			"_ that is no keyword\n"
			"-D: up: expected a value of printable ASCII\n",
	    conf_errors);
}

ATF_TC(config_line_ends_of_windows_are_taken);
ATF_TC_HEAD(config_line_ends_of_windows_are_taken, tc)
{
	atf_tc_set_md_var(tc, "descr", "Y-05: CR LF, continuation, no newline");
}
ATF_TC_BODY(config_line_ends_of_windows_are_taken, tc)
{
	struct conf *conf;

	conf = conf_from_good("interface em0 {\r\n\tpreference \\\r\n\t7\r\n"
			      "vendor-class \"a\\\r\nb\" # x\r\n}");
	ATF_CHECK_EQ(7, conf_lookup(conf, "em0")->preference);
	ATF_CHECK_STREQ("ab", conf_lookup(conf, "em0")->vendor_class);
	conf_free(conf);
	ATF_CHECK(conf_from("control write\rno\n") == NULL);
	ATF_CHECK(conf_from("interface em0 { preference \\") == NULL);
	ATF_CHECK(conf_from("control write no \\\n\\\nnope") == NULL);
	ATF_CHECK_STREQ(
	    "bad:1: control write no nope: expected yes or no\n", conf_errors);
}

/* ---- which block holds ---- */

ATF_TC(config_exact_name_beats_pattern);
ATF_TC_HEAD(config_exact_name_beats_pattern, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-22: exact beats pattern, first pattern wins, exclude beats all");
}
ATF_TC_BODY(config_exact_name_beats_pattern, tc)
{
	static const struct {
		const char *name;
		uint32_t preference; /* 0: none */
	} want[] = {
		{ "em0", 3 },
		{ "em1", 1 },
		{ "em12", 1 },
		{ "vtnet0", 4 },
		{ "vtnet10", 0 },
		{ "em9", 0 },
		{ "tap3", 0 },
		{ "lo0", 0 },
		{ "", 0 },
	};
	const struct conf_iface *c;
	struct conf *conf;
	size_t i;

	conf = conf_from_good("exclude { \"em9\", \"tap*\" }\n"
			      "interface \"em*\" { preference 1 }\n"
			      "interface \"e*\" { preference 2 }\n"
			      "interface em0 { preference 3 }\n"
			      "interface em9 { preference 5 }\n"
			      "interface \"tap?\" { preference 6 }\n"
			      "interface \"vtnet?\" { preference 4 }\n");
	for (i = 0; i < NELEMS(want); i++) {
		c = conf_lookup(conf, want[i].name);
		ATF_CHECK_EQ_MSG(want[i].preference,
		    c == NULL ? 0 : c->preference, "%s", want[i].name);
	}
	conf_free(conf);
}

ATF_TC(config_named_interface_gets_the_defaults);
ATF_TC_HEAD(config_named_interface_gets_the_defaults, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-06: names on the command line without a file; Y-20: bad names");
}
ATF_TC_BODY(config_named_interface_gets_the_defaults, tc)
{
	static const char *const bad[] = { "", ".em0", "-em0", "em 0", "em*",
		"em/0", "abcdefghijklmnop", "\xffm0" };
	const struct conf_iface *c;
	struct conf *conf;
	size_t i;

	conf_errors[0] = '\0';
	conf = conf_read(NULL, NULL, 0, conf_collect, conf_errors);
	ATF_REQUIRE(conf != NULL);
	ATF_CHECK(TAILQ_EMPTY(&conf->blocks));
	ATF_CHECK_EQ(CONF_DUID_UUID, conf->global.duid_kind);
	ATF_CHECK_EQ(RESOLV_AUTO, conf->resolv);
	ATF_CHECK_EQ(0, conf_add_interface(conf, "em0"));
	ATF_CHECK_EQ(0, conf_add_interface(conf, "em0"));
	ATF_REQUIRE((c = conf_lookup(conf, "em0")) != NULL);
	ATF_CHECK_EQ(100, c->preference);
	ATF_CHECK_EQ(CONF_YES, c->dhcp4);
	ATF_CHECK_EQ(CONF_YES, c->slaac);
	ATF_CHECK_EQ(CONF_AUTO, c->dhcp6);
	ATF_CHECK_EQ(1, c->rapid_commit);
	ATF_CHECK_EQ(1, c->soii);
	ATF_CHECK_EQ(0, c->anonymous);
	ATF_CHECK(TAILQ_NEXT(TAILQ_FIRST(&conf->blocks), entry) == NULL);
	for (i = 0; i < NELEMS(bad); i++)
		ATF_CHECK_EQ_MSG(
		    -1, conf_add_interface(conf, bad[i]), "%s", bad[i]);
	conf_check_round_trip(conf);
	conf_free(conf);
	conf = conf_from_good("interface \"em*\" { preference 3 }\n");
	ATF_CHECK_EQ(0, conf_add_interface(conf, "em7"));
	ATF_CHECK_EQ(3, conf_lookup(conf, "em7")->preference);
	conf_free(conf);
}

ATF_TC(conf_lookup_of_an_assigned_interface);
ATF_TC_HEAD(conf_lookup_of_an_assigned_interface, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "D6-41: an interface that is only assigned a prefix gets that and "
	    "nothing else; a block of its own, or exclude, comes first");
}
ATF_TC_BODY(conf_lookup_of_an_assigned_interface, tc)
{
	const struct conf_iface *c;
	struct conf *conf;

	(void)tc;
	conf = conf_from_good(
	    "exclude { em4 }\n"
	    "interface em0 { prefix ::/56 { assign em1 subnet 1\n"
	    "assign em2 subnet 2\nassign em4 subnet 4\n} }\n"
	    "interface em2 { dhcp6 no }\n");
	ATF_REQUIRE((c = conf_lookup(conf, "em1")) != NULL);
	ATF_CHECK_EQ(CONF_NO, c->dhcp4);
	ATF_CHECK_EQ(0, c->slaac);
	ATF_CHECK_EQ(CONF_NO, c->dhcp6);
	ATF_REQUIRE((c = conf_lookup(conf, "em2")) != NULL);
	ATF_CHECK_EQ(1, c->slaac);
	ATF_CHECK(conf_lookup(conf, "em3") == NULL);
	ATF_CHECK(conf_lookup(conf, "em4") == NULL);
	conf_free(conf);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, config_language_prints_back);
	ATF_TP_ADD_TC(tp, config_canonical_form_parses_to_the_same);
	ATF_TP_ADD_TC(tp, config_reports_all_errors_at_once);
	ATF_TP_ADD_TC(tp, config_names_equal_to_keywords_are_quoted);
	ATF_TP_ADD_TC(tp, config_bounds_are_held);
	ATF_TP_ADD_TC(tp, config_too_many_of_anything_says_the_bound);
	ATF_TP_ADD_TC(tp, config_ends_after_a_thousand_errors);
	ATF_TP_ADD_TC(tp, config_values_reach_the_struct);
	ATF_TP_ADD_TC(tp, config_option_macro_beats_the_file);
	ATF_TP_ADD_TC(tp, config_line_ends_of_windows_are_taken);
	ATF_TP_ADD_TC(tp, config_exact_name_beats_pattern);
	ATF_TP_ADD_TC(tp, config_named_interface_gets_the_defaults);
	ATF_TP_ADD_TC(tp, conf_lookup_of_an_assigned_interface);
	return atf_no_error();
}

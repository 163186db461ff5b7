/* SPDX-License-Identifier: ISC */
/*
 * leased.conf(5): what parses, what does not and what is said about it, the
 * canonical form, files and who may own them, and which block holds.
 *
 * The samples are in tests/unit/conf: good-*.conf parse, of bad-*.conf the
 * lines that begin with "#! " are the errors, in order.
 */
#include <sys/types.h>
#include <sys/stat.h>
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <atf-c.h>

#include "conf.h"

#define NELEMS(a) (sizeof(a) / sizeof((a)[0]))

/* Errors, one a line. */
static char errors[1024 * 1024];

static void collect(void *, const char *);
static struct conf *parse(const char *);
static struct conf *parse_good(const char *);
static char *print(const struct conf *);
static void check_same(const struct conf *, const struct conf *);
static void check_round_trip(const struct conf *);
static char *slurp(const char *);
static void source_dir(const atf_tc_t *, char *, size_t);
static void write_file(const char *, mode_t, const char *, ...)
    __attribute__((format(printf, 3, 4)));
static struct conf *read_conf(const char *);
static void expect_errors(const char *);
static void
check_samples(const char *, const char *, void (*)(const char *, const char *));

static void
collect(void *arg, const char *line)
{
	ATF_CHECK_EQ(arg, errors);
	ATF_REQUIRE(strlen(errors) + strlen(line) + 2 < sizeof(errors));
	strlcat(errors, line, sizeof(errors));
	strlcat(errors, "\n", sizeof(errors));
}

static struct conf *
parse(const char *text)
{
	errors[0] = '\0';
	return conf_parse_buffer(
	    "bad", text, strlen(text), NULL, 0, collect, errors);
}

static struct conf *
parse_good(const char *text)
{
	struct conf *conf = parse(text);

	ATF_CHECK_STREQ("", errors);
	ATF_REQUIRE(conf != NULL);
	return conf;
}

static char *
print(const struct conf *conf)
{
	char *text = NULL;
	size_t len;
	FILE *f;

	ATF_REQUIRE((f = open_memstream(&text, &len)) != NULL);
	conf_print(conf, f);
	ATF_REQUIRE_EQ(0, fclose(f));
	return text;
}

static void
check_same(const struct conf *a, const struct conf *b)
{
	const struct conf_block *x, *y;
	const struct conf_exclude *d, *e;

	ATF_CHECK(memcmp(&a->global, &b->global, sizeof(a->global)) == 0);
	ATF_CHECK_EQ(a->resolv, b->resolv);
	ATF_CHECK_STREQ(a->resolv_path, b->resolv_path);
	ATF_CHECK_STREQ(a->control_group, b->control_group);
	e = TAILQ_FIRST(&b->excludes);
	TAILQ_FOREACH (d, &a->excludes, entry) {
		ATF_REQUIRE(e != NULL);
		ATF_CHECK_STREQ(d->pattern, e->pattern);
		e = TAILQ_NEXT(e, entry);
	}
	ATF_CHECK(e == NULL);
	y = TAILQ_FIRST(&b->blocks);
	TAILQ_FOREACH (x, &a->blocks, entry) {
		ATF_REQUIRE(y != NULL);
		ATF_CHECK_MSG(
		    memcmp(&x->iface, &y->iface, sizeof(x->iface)) == 0,
		    "%s differs", x->iface.name);
		ATF_CHECK_EQ(x->is_pattern, y->is_pattern);
		y = TAILQ_NEXT(y, entry);
	}
	ATF_CHECK(y == NULL);
}

/* parse(print(x)) is x, print(parse(print(x))) is print(x). */
static void
check_round_trip(const struct conf *conf)
{
	char *first = print(conf), *second;
	struct conf *again = parse_good(first);

	check_same(conf, again);
	second = print(again);
	ATF_CHECK_STREQ(first, second);
	free(first);
	free(second);
	conf_free(again);
}

static char *
slurp(const char *path)
{
	char *text;
	size_t n;
	FILE *f;

	ATF_REQUIRE_MSG(
	    (f = fopen(path, "r")) != NULL, "%s: %s", path, strerror(errno));
	ATF_REQUIRE((text = calloc(1, 65536)) != NULL);
	n = fread(text, 1, 65535, f);
	ATF_REQUIRE(n < 65535);
	fclose(f);
	return text;
}

/* The source tree: above the test program, or LEASED_SRC. */
static void
source_dir(const atf_tc_t *tc, char *dir, size_t size)
{
	char probe[PATH_MAX];
	const char *env = getenv("LEASED_SRC");
	int i;

	strlcpy(
	    dir, env != NULL ? env : atf_tc_get_config_var(tc, "srcdir"), size);
	for (i = 0; i < 6; i++) {
		snprintf(probe, sizeof(probe),
		    "%s/tests/unit/conf/good-everything.conf", dir);
		if (access(probe, R_OK) == 0)
			return;
		strlcat(dir, "/..", size);
	}
	atf_tc_fail("the samples were not found, set LEASED_SRC");
}

static void
write_file(const char *path, mode_t mode, const char *fmt, ...)
{
	va_list ap;
	FILE *f;

	ATF_REQUIRE_MSG(
	    (f = fopen(path, "w")) != NULL, "%s: %s", path, strerror(errno));
	va_start(ap, fmt);
	vfprintf(f, fmt, ap);
	va_end(ap);
	ATF_REQUIRE_EQ(0, fclose(f));
	ATF_REQUIRE_EQ(0, chmod(path, mode));
}

static struct conf *
read_conf(const char *path)
{
	errors[0] = '\0';
	return conf_read(path, NULL, 0, collect, errors);
}

/* Reading a.conf fails with these lines. */
static void
expect_errors(const char *lines)
{
	struct conf *conf = read_conf("a.conf");

	ATF_CHECK(conf == NULL);
	ATF_CHECK_STREQ(lines, errors);
	conf_free(conf);
}

static void
check_samples(const char *dir, const char *pattern,
    void (*check)(const char *path, const char *text))
{
	char path[PATH_MAX], *text;
	struct dirent *d;
	int n = 0;
	DIR *dp;

	ATF_REQUIRE_MSG(
	    (dp = opendir(dir)) != NULL, "%s: %s", dir, strerror(errno));
	while ((d = readdir(dp)) != NULL) {
		if (fnmatch(pattern, d->d_name, 0) != 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", dir, d->d_name);
		text = slurp(path);
		check(path, text);
		free(text);
		n++;
	}
	closedir(dp);
	ATF_CHECK_MSG(n >= 3, "%s: only %d of %s", dir, n, pattern);
}

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

	source_dir(tc, dir, sizeof(dir));
	snprintf(
	    path, sizeof(path), "%s/tests/unit/conf/good-everything.conf", dir);
	text = slurp(path);
	conf = parse_good(text);
	snprintf(
	    path, sizeof(path), "%s/tests/unit/conf/good-everything.out", dir);
	want = slurp(path);
	got = print(conf);
	ATF_CHECK_STREQ(want, got);
	free(text);
	free(want);
	free(got);
	conf_free(conf);
}

static void
check_good(const char *path, const char *text)
{
	struct conf *conf = parse(text);

	ATF_REQUIRE_MSG(conf != NULL, "%s: %s", path, errors);
	check_round_trip(conf);
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

	source_dir(tc, dir, sizeof(dir));
	snprintf(path, sizeof(path), "%s/tests/unit/conf", dir);
	check_samples(path, "good-*.conf", check_good);
	snprintf(path, sizeof(path), "%s/contrib/examples", dir);
	check_samples(path, "*.conf", check_good);
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
	ATF_CHECK(parse(text) == NULL);
	ATF_CHECK_MSG(strcmp(want, errors) == 0, "%s: expected\n%sgot\n%s",
	    path, want, errors);
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

	source_dir(tc, dir, sizeof(dir));
	snprintf(path, sizeof(path), "%s/tests/unit/conf", dir);
	check_samples(path, "bad-*.conf", check_bad);
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
		ATF_CHECK(parse(text) == NULL);
		snprintf(want, sizeof(want),
		    "bad:1: interface %s: is a "
		    "keyword, expected \"%s\" in quotes\n",
		    words[i], words[i]);
		ATF_CHECK_STREQ(want, errors);
		snprintf(
		    text, sizeof(text), "interface \"%s\" { }\n", words[i]);
		conf = parse_good(text);
		ATF_CHECK(conf_lookup(conf, words[i]) != NULL);
		check_round_trip(conf);
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
		conf = parse_good(text);
		check_round_trip(conf);
		conf_free(conf);
		fill[texts[i].good] = 'a';
		fill[texts[i].good + 1] = '\0';
		snprintf(text, sizeof(text), texts[i].fmt, fill);
#pragma GCC diagnostic pop
		ATF_CHECK_MSG(parse(text) == NULL, "%s", text);
		ATF_CHECK_MSG(strstr(errors, "expected") != NULL, "%s", errors);
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
	return parse(text);
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
		ATF_CHECK_MSG(conf != NULL, "%s", errors);
		if (conf != NULL)
			check_round_trip(conf);
		conf_free(conf);
		conf = parse_many(lists[i].before, lists[i].item,
		    lists[i].most + 1, lists[i].after);
		ATF_CHECK(conf == NULL);
		ATF_CHECK_MSG(strstr(errors, lists[i].says) != NULL, "%s: %s",
		    lists[i].says, errors);
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
	for (c = errors; *c != '\0'; c++)
		lines += *c == '\n';
	ATF_CHECK_EQ(1001, lines);
	ATF_CHECK(strstr(errors, "too many errors") != NULL);
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

	conf = parse_good("duid en 32473 0x01AB\n"
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

	errors[0] = '\0';
	conf = conf_parse_buffer(
	    "x", text, sizeof(text) - 1, good, 1, collect, errors);
	ATF_REQUIRE(conf != NULL);
	ATF_CHECK(conf_lookup(conf, "em1") != NULL);
	ATF_CHECK(conf_lookup(conf, "em0") == NULL);
	conf_free(conf);
	conf = conf_parse_buffer(
	    "x", text, sizeof(text) - 1, wrong, 3, collect, errors);
	ATF_CHECK(conf == NULL);
	ATF_CHECK_STREQ("-D: 1x: expected a macro name of letters, digits and "
			"_ that is no keyword\n"
			"-D: yes: expected a macro name of letters, digits and "
			"_ that is no keyword\n"
			"-D: up: expected a value of printable ASCII\n",
	    errors);
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

	conf = parse_good("exclude { \"em9\", \"tap*\" }\n"
			  "interface \"em*\" { preference 1 }\n"
			  "interface \"e*\" { preference 2 }\n"
			  "interface em0 { preference 3 }\n"
			  "interface em9 { preference 5 }\n"
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

	errors[0] = '\0';
	conf = conf_read(NULL, NULL, 0, collect, errors);
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
	check_round_trip(conf);
	conf_free(conf);
	conf = parse_good("interface \"em*\" { preference 3 }\n");
	ATF_CHECK_EQ(0, conf_add_interface(conf, "em7"));
	ATF_CHECK_EQ(3, conf_lookup(conf, "em7")->preference);
	conf_free(conf);
}

/* ---- files ---- */

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

	write_file("a.conf", 0644,
	    "pref = 7\ninterface em5 { }\ninterface \"em*\" { }\n");
	ATF_REQUIRE_EQ(0, mkdir("leased.d", 0755));
	write_file("leased.d/em1.conf", 0644, "preference $pref");
	write_file("leased.d/em0.conf", 0600, "dhcp6 no\nslaac no\n");
	write_file("leased.d/README", 0666, "not read");
	write_file("leased.d/em2.conf~", 0666, "not read");
	write_file("leased.d/.em3.conf", 0666, "not read");
	conf = read_conf("a.conf");
	ATF_CHECK_STREQ("", errors);
	ATF_REQUIRE(conf != NULL);
	TAILQ_FOREACH (block, &conf->blocks, entry) {
		ATF_REQUIRE(i < NELEMS(order));
		ATF_CHECK_EQ(i >= 2, block->from_file);
		ATF_CHECK_STREQ(order[i++], block->iface.name);
	}
	ATF_CHECK_EQ(NELEMS(order), i);
	ATF_CHECK_EQ(7, conf_lookup(conf, "em1")->preference);
	ATF_CHECK_EQ(CONF_NO, conf_lookup(conf, "em0")->slaac);
	check_round_trip(conf);
	conf_free(conf);

	write_file("leased.d/em5.conf", 0644, "preference 1\n");
	write_file("leased.d/em 6.conf", 0644, "preference 1\n");
	write_file("leased.d/em*.conf", 0644, "preference 1\n");
	write_file("leased.d/em7.conf", 0644,
	    "}\ninterface em8 { slaac nope }\ndhcp4 nope\ninclude \"x\"\n");
	write_file("leased.d/em8.conf", 0664, "preference 1\n");
	expect_errors(
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
	write_file("d/b.conf", 0644, "interface b { }\ninclude \"./d/e/x\"");
	write_file("d/a.conf", 0644, "interface a { }");
	write_file("d/.hidden.conf", 0666, "wrong");
	write_file("d/c.other", 0666, "wrong");
	write_file("d/e/x", 0644, "interface deep { }");
	write_file("a.conf", 0644,
	    "interface one { }\ninclude \"d/*.conf\"\n"
	    "include \"d/none*\"\ninterface $last { }\n");
	write_file("d/a.conf", 0644, "last = last\ninterface a { }");
	snprintf(path, sizeof(path), "%s/a.conf", cwd);
	conf = read_conf(path);
	ATF_CHECK_STREQ("", errors);
	ATF_REQUIRE(conf != NULL);
	TAILQ_FOREACH (block, &conf->blocks, entry) {
		ATF_REQUIRE(i < NELEMS(order));
		ATF_CHECK_STREQ(order[i++], block->iface.name);
	}
	ATF_CHECK_EQ(NELEMS(order), i);
	conf_free(conf);
	/* By its whole path, as the last thing of a file without newline. */
	write_file("a.conf", 0644, "include \"%s/d/e/x\"", cwd);
	conf = read_conf(path);
	ATF_CHECK_STREQ("", errors);
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
	write_file("a.conf", 0644,
	    "include \"/etc/hosts\"\ninclude \"../x\"\ninclude \"d/../x\"\n"
	    "include \"d/..\"\ninclude \"out/hosts\"\ninclude \"d/link\"\n"
	    "include \"d/l*\"\ninclude \"d\"\ninclude \"d/\"\n"
	    "include \"\"\ninclude a b\ninclude \"d/fifo\"\n"
	    "include \"*/x\"\ninclude yes\ninclude { \"a\" }\n"
	    "include \"none\"\n");
	errors[0] = '\0';
	expect_errors(
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
	write_file("a.conf", 0644, "include \"d1\"\n");
	for (i = 1; i < 8; i++) {
		snprintf(name, sizeof(name), "d%d", i);
		write_file(name, 0644, "include \"d%d\"", i + 1);
	}
	write_file("d8", 0644, "interface deep { }");
	conf = read_conf("a.conf");
	ATF_CHECK_STREQ("", errors);
	ATF_REQUIRE(conf != NULL);
	ATF_CHECK(conf_lookup(conf, "deep") != NULL);
	conf_free(conf);
	write_file("d8", 0644, "include \"d9\"");
	write_file("d9", 0644, "interface deep { }");
	expect_errors("d8:1: include \"d9\": expected at most 8 inside each "
		      "other\n");
	/* Itself, twice: 2^8 files without the bound on all. */
	write_file("a.conf", 0644, "include \"a.conf\"\ninclude \"a.conf\"\n");
	ATF_CHECK(read_conf("a.conf") == NULL);
	ATF_CHECK(strstr(errors, "expected at most 256 files") != NULL);
	write_file("a.conf", 0644, "%*s\n", 256 * 1024 - 1, "# full");
	conf = read_conf("a.conf");
	ATF_CHECK_STREQ("", errors);
	ATF_REQUIRE(conf != NULL);
	conf_free(conf);
	write_file("a.conf", 0644, "%*s\n", 256 * 1024, "# over");
	expect_errors("a.conf: expected at most 262144 bytes\n");
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
	write_file("open", 0644, "interface em0 {\n\tslaac no\n");
	write_file("close", 0644, "}\n");
	write_file("a.conf", 0644,
	    "include \"open\"\npreference 1\n"
	    "include \"close\"\ncontrol write maybe\n");
	expect_errors(
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

	expect_errors("a.conf: No such file or directory, expected a file that "
		      "can be read\n");
	write_file("a.conf", 0660, "interface em0 { }\n");
	expect_errors("a.conf: has mode 0660, expected it not writable by "
		      "group or others\n");
	ATF_REQUIRE_EQ(0, chmod("a.conf", 0602));
	expect_errors("a.conf: has mode 0602, expected it not writable by "
		      "group or others\n");
	ATF_REQUIRE_EQ(0, chmod("a.conf", 0600));
	ATF_REQUIRE_EQ(0, chown("a.conf", 12345, 0));
	expect_errors("a.conf: belongs to uid 12345, expected root\n");
	ATF_REQUIRE_EQ(0, chown("a.conf", 0, 12345));
	conf = read_conf("a.conf");
	ATF_CHECK(conf != NULL);
	conf_free(conf);
	write_file("sub", 0622, "interface em1 { }\n");
	write_file("a.conf", 0644, "\ninclude \"sub\"\n");
	expect_errors("a.conf:2: sub: has mode 0622, expected it not writable "
		      "by group or others\n");
	ATF_REQUIRE_EQ(0, rename("a.conf", "b.conf"));
	ATF_REQUIRE_EQ(0, symlink("b.conf", "a.conf"));
	expect_errors("a.conf: expected a file that is no symbolic link\n");
	ATF_REQUIRE_EQ(0, unlink("a.conf"));
	ATF_REQUIRE_EQ(0, mkdir("a.conf", 0755));
	expect_errors("a.conf: expected a regular file\n");
	ATF_REQUIRE_EQ(0, rmdir("a.conf"));
	write_file("a.conf", 0644, "interface em0 { }\n");
	ATF_REQUIRE_EQ(0, mkdir("leased.d", 0755));
	ATF_REQUIRE_EQ(0, chmod("leased.d", 0777));
	expect_errors("leased.d: has mode 0777, expected it not writable by "
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

	write_file("a.conf", 0644, "include \"roots\"\n");
	write_file("roots", 0644, "interface em0 { }\n");
	ATF_REQUIRE_EQ(0, chmod(".", 0755));
	ATF_REQUIRE_EQ(0, chown("a.conf", 12345, 12345));
	ATF_REQUIRE_EQ(0, seteuid(12345));
	conf = read_conf("a.conf");
	ATF_CHECK_STREQ("", errors);
	ATF_CHECK(conf != NULL);
	conf_free(conf);
	ATF_REQUIRE_EQ(0, seteuid(0));
	ATF_REQUIRE_EQ(0, chown("a.conf", 12346, 12345));
	ATF_REQUIRE_EQ(0, seteuid(12345));
	expect_errors("a.conf: belongs to uid 12346, expected root\n");
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
	write_file("leased.d/\x1b[2J.conf", 0644, "preference 1\n");
	write_file("a.conf", 0644, "\x1b[2J\ncontrol write \xc3\xa4\n");
	expect_errors(
	    "a.conf:1: byte 0x1b: expected printable ASCII\n"
	    "a.conf:2: byte 0xc3: expected printable ASCII\n"
	    "leased.d/\\x1b[2J.conf: expected the name of an interface (1-15 "
	    "letters, digits, ., _, -, : and @) before .conf\n");
	errors[0] = '\0';
	conf = conf_parse_buffer(
	    "nul", nul, sizeof(nul) - 1, NULL, 0, collect, errors);
	ATF_CHECK(conf == NULL);
	ATF_CHECK_STREQ("nul:1: byte 0x00: expected printable ASCII\n", errors);
}

ATF_TC(config_line_ends_of_windows_are_taken);
ATF_TC_HEAD(config_line_ends_of_windows_are_taken, tc)
{
	atf_tc_set_md_var(tc, "descr", "Y-05: CR LF, continuation, no newline");
}
ATF_TC_BODY(config_line_ends_of_windows_are_taken, tc)
{
	struct conf *conf;

	conf = parse_good("interface em0 {\r\n\tpreference \\\r\n\t7\r\n"
			  "vendor-class \"a\\\r\nb\" # x\r\n}");
	ATF_CHECK_EQ(7, conf_lookup(conf, "em0")->preference);
	ATF_CHECK_STREQ("ab", conf_lookup(conf, "em0")->vendor_class);
	conf_free(conf);
	ATF_CHECK(parse("control write\rno\n") == NULL);
	ATF_CHECK(parse("interface em0 { preference \\") == NULL);
	ATF_CHECK(parse("control write no \\\n\\\nnope") == NULL);
	ATF_CHECK_STREQ(
	    "bad:1: control write no nope: expected yes or no\n", errors);
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
	conf = parse_good("exclude { em4 }\n"
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
	ATF_TP_ADD_TC(tp, config_exact_name_beats_pattern);
	ATF_TP_ADD_TC(tp, config_named_interface_gets_the_defaults);
	ATF_TP_ADD_TC(tp, config_drop_in_is_the_body_of_a_block);
	ATF_TP_ADD_TC(tp, config_include_reads_in_order);
	ATF_TP_ADD_TC(tp, config_include_does_not_escape);
	ATF_TP_ADD_TC(tp, config_include_is_bounded);
	ATF_TP_ADD_TC(tp, config_include_cannot_tear_a_block);
	ATF_TP_ADD_TC(tp, config_files_belong_to_root_alone);
	ATF_TP_ADD_TC(tp, config_check_by_a_user_reads_his_own_file);
	ATF_TP_ADD_TC(tp, config_error_lines_are_printable);
	ATF_TP_ADD_TC(tp, config_line_ends_of_windows_are_taken);
	ATF_TP_ADD_TC(tp, conf_lookup_of_an_assigned_interface);
	return atf_no_error();
}

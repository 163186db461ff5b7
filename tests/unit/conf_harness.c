/* SPDX-License-Identifier: ISC */
/* What the tests of leased.conf(5) share, see conf_harness.h. */

#include <sys/stat.h>
#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf_harness.h"

char conf_errors[1024 * 1024];

void
conf_collect(void *arg, const char *line)
{
	ATF_CHECK_EQ(arg, conf_errors);
	ATF_REQUIRE(
	    strlen(conf_errors) + strlen(line) + 2 < sizeof(conf_errors));
	strlcat(conf_errors, line, sizeof(conf_errors));
	strlcat(conf_errors, "\n", sizeof(conf_errors));
}

struct conf *
conf_from(const char *text)
{
	conf_errors[0] = '\0';
	return conf_parse_buffer(
	    "bad", text, strlen(text), NULL, 0, conf_collect, conf_errors);
}

struct conf *
conf_from_good(const char *text)
{
	struct conf *conf = conf_from(text);

	ATF_CHECK_STREQ("", conf_errors);
	ATF_REQUIRE(conf != NULL);
	return conf;
}

char *
conf_text(const struct conf *conf)
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

void
conf_check_round_trip(const struct conf *conf)
{
	char *first = conf_text(conf), *second;
	struct conf *again = conf_from_good(first);

	check_same(conf, again);
	second = conf_text(again);
	ATF_CHECK_STREQ(first, second);
	free(first);
	free(second);
	conf_free(again);
}

char *
conf_slurp(const char *path)
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

void
conf_samples_dir(const atf_tc_t *tc, char *dir, size_t size)
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

void
conf_write(const char *path, mode_t mode, const char *fmt, ...)
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

struct conf *
conf_from_file(const char *path)
{
	conf_errors[0] = '\0';
	return conf_read(path, NULL, 0, conf_collect, conf_errors);
}

void
conf_expect_errors(const char *lines)
{
	struct conf *conf = conf_from_file("a.conf");

	ATF_CHECK(conf == NULL);
	ATF_CHECK_STREQ(lines, conf_errors);
	conf_free(conf);
}

void
conf_check_samples(const char *dir, const char *pattern,
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
		text = conf_slurp(path);
		check(path, text);
		free(text);
		n++;
	}
	closedir(dp);
	ATF_CHECK_MSG(n >= 3, "%s: only %d of %s", dir, n, pattern);
}

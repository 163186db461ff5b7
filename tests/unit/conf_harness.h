/* SPDX-License-Identifier: ISC */
/* What the tests of leased.conf(5) share: parsing from text and from files, and
 * the samples of tests/unit/conf. */
#ifndef CONF_HARNESS_H
#define CONF_HARNESS_H

#include <sys/types.h>

#include <atf-c.h>

#include "conf.h"

#define NELEMS(a) (sizeof(a) / sizeof((a)[0]))

/* What conf_collect() was told last time: errors, one a line. */
extern char conf_errors[1024 * 1024];

void conf_collect(void *, const char *);
/* NULL with conf_errors, or a configuration to be freed. */
struct conf *conf_from(const char *text);
struct conf *conf_from_good(const char *text);
struct conf *conf_from_file(const char *path);
/* Reading a.conf fails with these lines. */
void conf_expect_errors(const char *lines);
/* The canonical form, to be freed. */
char *conf_text(const struct conf *);
/* conf_from(conf_text(x)) is x, and prints the same. */
void conf_check_round_trip(const struct conf *);
char *conf_slurp(const char *path);
void conf_write(const char *path, mode_t, const char *, ...)
    __attribute__((format(printf, 3, 4)));
/* The source tree: above the test program, or LEASED_SRC. */
void conf_samples_dir(const atf_tc_t *, char *, size_t);
/* Call a function for each file of a directory that matches. */
void conf_check_samples(const char *dir, const char *pattern,
    void (*)(const char *path, const char *text));

#endif

/* SPDX-License-Identifier: ISC */
/* FreeBSD: nmount(2), without namespaces; see scratch.h. */

#include <sys/param.h>
#include <sys/mount.h>
#include <sys/uio.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <atf-c.h>

#include "scratch.h"

static char mounted[PATH_MAX];

static void
take_away(void)
{
	(void)unmount(mounted, MNT_FORCE);
}

/* Pairs of name and value; nmount(2) takes them not const. */
static int
do_mount(const char *dir, const char *name, const char *value, int flags)
{
	const char *words[] = { "fstype", "tmpfs", "fspath", dir, name, value };
	union {
		const char *c;
		void *v;
	} word;
	struct iovec iov[6];
	unsigned int i;

	for (i = 0; i < 6; i++) {
		word.c = words[i];
		iov[i].iov_base = word.v;
		iov[i].iov_len = word.c != NULL ? strlen(word.c) + 1 : 0;
	}
	return nmount(iov, name != NULL ? 6 : 4, flags);
}

void
scratch_private(void)
{
	atf_tc_skip("needs a mount namespace");
}

void
scratch_mount(const char *dir, unsigned int kbytes)
{
	char size[32];

	ATF_REQUIRE(realpath(dir, mounted) != NULL);
	snprintf(size, sizeof(size), "%u", kbytes * 1024);
	if (do_mount(mounted, kbytes > 0 ? "size" : NULL, size, 0) == -1)
		atf_tc_skip("tmpfs: %s", strerror(errno));
	ATF_REQUIRE_EQ(0, atexit(take_away));
}

void
scratch_readonly(const char *dir, int readonly)
{
	char path[PATH_MAX];

	ATF_REQUIRE(realpath(dir, path) != NULL);
	ATF_REQUIRE_EQ(
	    0, do_mount(path, readonly ? "ro" : "noro", NULL, MNT_UPDATE));
}

void
scratch_bind(const char *from, const char *to)
{
	(void)from;
	(void)to;
	atf_tc_skip("no bind mounts");
}

void
scratch_unbind(const char *to)
{
	(void)to;
}

/* SPDX-License-Identifier: ISC */
/* Linux: mount namespaces; see scratch.h. */

#include <sys/mount.h>
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include <atf-c.h>

#include "scratch.h"

static int is_private;

static void
own_namespace(void)
{
	if (is_private)
		return;
	ATF_REQUIRE_EQ(0, unshare(CLONE_NEWNS));
	ATF_REQUIRE_EQ(0, mount(NULL, "/", "none", MS_REC | MS_PRIVATE, NULL));
	is_private = 1;
}

void
scratch_private(void)
{
	own_namespace();
}

void
scratch_mount(const char *dir, unsigned int kbytes)
{
	char options[32] = "mode=755";

	own_namespace();
	if (kbytes > 0)
		snprintf(options, sizeof(options), "mode=755,size=%uk", kbytes);
	ATF_REQUIRE_EQ(0, mount("tmpfs", dir, "tmpfs", 0, options));
}

void
scratch_readonly(const char *dir, int readonly)
{
	ATF_REQUIRE_EQ(0,
	    mount(NULL, dir, "none", MS_REMOUNT | (readonly ? MS_RDONLY : 0),
		NULL));
}

void
scratch_bind(const char *from, const char *to)
{
	ATF_REQUIRE_EQ(0, mount(from, to, "none", MS_BIND, NULL));
}

void
scratch_unbind(const char *to)
{
	ATF_REQUIRE_EQ(0, umount(to));
}

/* SPDX-License-Identifier: ISC */
/* Where the running program is. */

#include <sys/types.h>
#include <sys/sysctl.h>
#include <errno.h>

#include "../os.h"

int
os_self_path(char *path, size_t size)
{
	int mib[] = { CTL_KERN, KERN_PROC, KERN_PROC_PATHNAME, -1 };
	size_t len = size;

	if (sysctl(mib, sizeof(mib) / sizeof(mib[0]), path, &len, NULL, 0) ==
	    -1)
		return errno == ENOMEM ? ENAMETOOLONG : errno;
	return len == 0 ? ENOENT : 0;
}

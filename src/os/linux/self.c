/* SPDX-License-Identifier: ISC */
/* Where the running program is. */

#include <errno.h>
#include <unistd.h>

#include "os/os.h"

int
os_self_path(char *path, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", path, size - 1);

	if (n == -1)
		return errno;
	if ((size_t)n >= size - 1)
		return ENAMETOOLONG;
	path[n] = '\0';
	return 0;
}

/* SPDX-License-Identifier: ISC */
/* The engine's clock, its one timer, and the boot id. */

#include <sys/types.h>
#include <sys/sysctl.h>
#include <sys/time.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../os.h"

/* The kernel has no clock that counts sleep: rc.resume tells the daemon to look
 * again (D4-29). */
uint64_t
os_clock_ms(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_MONOTONIC, &ts) == -1)
		return 0;
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

int
os_timer_open(void)
{
	errno = ENOTSUP;
	return -1;
}

int
os_timer_set(int fd, uint64_t when_ms)
{
	(void)fd;
	(void)when_ms;
	return ENOTSUP;
}

/*
 * kern.boot_id is random at each boot (kern/kern_mib.c).  A kernel before it
 * has kern.boottime alone, which moves when the clock is stepped: what was
 * written before is not adopted then.
 */
int
os_boot_id(char *text, size_t size)
{
	struct timeval tv;
	uint8_t id[16];
	size_t i, len = sizeof(id), used = 0;

	if (sysctlbyname("kern.boot_id", id, &len, NULL, 0) == 0 &&
	    len == sizeof(id)) {
		if (size < 2 * sizeof(id) + 1)
			return ENAMETOOLONG;
		for (i = 0; i < sizeof(id); i++)
			used += (size_t)snprintf(text + used, size - used,
			    "%02x", (unsigned int)id[i]);
		return 0;
	}
	len = sizeof(tv);
	if (sysctlbyname("kern.boottime", &tv, &len, NULL, 0) == -1)
		return errno;
	if (snprintf(text, size, "%lld", (long long)tv.tv_sec) >= (int)size)
		return ENAMETOOLONG;
	return 0;
}

/* SPDX-License-Identifier: ISC */
/* The engine's clock, its one timer, and the boot id. */

#include <sys/timerfd.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../os.h"

/* CLOCK_BOOTTIME: a lease runs on while the host sleeps (D4-29). */
uint64_t
os_clock_ms(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_BOOTTIME, &ts) == -1)
		return 0;
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

/* -1 with errno when there is none. */
int
os_timer_open(void)
{
	return timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK | TFD_CLOEXEC);
}

/* 0 or errno.  A time that is past fires at once. */
int
os_timer_set(int fd, uint64_t when_ms)
{
	struct itimerspec its;

	memset(&its, 0, sizeof(its));
	if (when_ms != PROTO_NEVER) {
		its.it_value.tv_sec = (time_t)(when_ms / 1000);
		its.it_value.tv_nsec = (long)(when_ms % 1000 * 1000000);
		/* All zero would disarm. */
		if (when_ms == 0)
			its.it_value.tv_nsec = 1;
	}
	if (timerfd_settime(fd, TFD_TIMER_ABSTIME, &its, NULL) == -1)
		return errno;
	return 0;
}

/* 0 or errno; text without a newline. */
int
os_boot_id(char *text, size_t size)
{
	int error = 0, fd;
	ssize_t n;

	fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return errno;
	if ((n = read(fd, text, size - 1)) == -1)
		error = errno;
	close(fd);
	if (error != 0)
		return error;
	text[n] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return text[0] == '\0' ? ENOENT : 0;
}

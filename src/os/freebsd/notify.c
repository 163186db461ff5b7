/* SPDX-License-Identifier: ISC */
/* No supervisor is told: rc(8) waits for the foreground process, daemon(8)
 * for the child. */

#include "../os.h"

int
os_notify_open(void)
{
	return -1;
}

void
os_notify(int fd, const char *text)
{
	(void)fd;
	(void)text;
}

/* No system call is trapped: it fails with ECAPMODE. */
const char *
os_syscall_name(int number)
{
	(void)number;
	return NULL;
}

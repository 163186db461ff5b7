/* SPDX-License-Identifier: ISC */
/* Small, full and read-only file systems for tests; root. */
#ifndef SCRATCH_H
#define SCRATCH_H

/* Mounts from here on are this process's alone; skips the test where there is
 * no such thing. */
void scratch_private(void);
/* A tmpfs on a directory that exists; kbytes 0: as large as it likes.  On
 * FreeBSD it is unmounted when the process ends. */
void scratch_mount(const char *dir, unsigned int kbytes);
void scratch_readonly(const char *dir, int readonly);
/* Let a file stand in the place of another. */
void scratch_bind(const char *from, const char *to);
void scratch_unbind(const char *to);

#endif

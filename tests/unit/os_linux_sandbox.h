/* SPDX-License-Identifier: ISC */
/* A process in a sandbox of the daemon's, and what it is given. */
#ifndef OS_LINUX_SANDBOX_H
#define OS_LINUX_SANDBOX_H

#include <sys/types.h>
#include <event2/event.h>
#include <limits.h>

#include "os/os.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define USER 64123 /* nobody's; the daemon has _leased */
#define SURVIVED 77
#define SYSCALLS_ENGINE 20 /* the most there may be */

extern char sb_root[]; /* in the test's own directory */
extern char sb_empty[PATH_MAX], sb_statedir[PATH_MAX], sb_rundir[PATH_MAX];
extern char sb_conf[PATH_MAX], sb_confdir[PATH_MAX];
extern int sb_channel[2], sb_dgram[2], sb_listener, sb_timer, sb_victim;
extern pid_t sb_victim_pid; /* somebody else's process */
extern struct event_base *sb_base;

/* All of the above. */
void sb_setup(void);
void make_file(const char *path, mode_t mode);
/* A process that is somebody else's. */
void sb_start_victim(void);
void sb_stop_victim(void);
long try_ptrace(void); /* the victim */
/* In the forked process, as the daemon does it; 0 or what failed. */
int sb_enter(enum ipc_role role, int trap_fd);
/*
 * Run fn in a process with the role's sandbox.  Its status; *nr is the number
 * on the trap pipe, or -1.
 */
int sb_run(enum ipc_role role, long (*fn)(void), int *nr);
/* 1: built with AddressSanitizer. */
int sanitizer(void);

#endif

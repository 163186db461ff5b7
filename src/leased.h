/* SPDX-License-Identifier: ISC */
/* The daemon's processes and what main() tells them. */
#ifndef LEASED_LEASED_H
#define LEASED_LEASED_H

#include <sys/types.h>
#include "conf.h"
#include "ipc_core.h"

#define LEASED_VERSION "0.1"
#define LEASED_USER "_leased"
#define CHANNEL_FD 3 /* a child's channel to the parent */
#define TRAP_FD 4    /* where it names a refused system call */

struct options {
	int debug;	       /* -d: foreground, log to stderr */
	int verbose;	       /* -v */
	const char *conf_path; /* NULL: no file */
	const char *pidfile;
	const char *statedir;
	const char *socket;
	const struct conf_macro *macros;
	size_t nmacros;
	char **interfaces; /* names on the command line */
	int ninterfaces;
	int ready_fd; /* the foreground process waits here; -1 */
};

/* Never returns. */
_Noreturn void parent_main(const struct options *, struct conf *);

/* A child begins here, as root, with its channel on CHANNEL_FD. */
_Noreturn void frontend_main(uid_t, gid_t);
_Noreturn void engine_main(uid_t, gid_t);
_Noreturn void helper_main(void);

/* child.c: what the three children have in common */
struct child {
	struct event_base *base;
	struct ipc_peer parent;
	int stop;
	enum ipc_role role;
};
/*
 * Signals, descriptor check, event base; chroot and user unless the role is
 * the helper; logging through the parent.  Ends the process on any failure.
 */
void child_init(
    struct child *, enum ipc_role, uid_t, gid_t, ipc_handler *const *handlers);
/* Sandbox on, proven (Y-14) and reported to the parent. */
void child_sandbox(struct child *);
/* The HELLO message, for all three. */
void child_hello(struct child *, const struct ipc_hello *);

/* Seconds since the epoch in two wire fields. */
uint64_t wall_join(uint32_t high, uint32_t low);

#endif

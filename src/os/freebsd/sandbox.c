/* SPDX-License-Identifier: ISC */
/*
 * What each process gives up, and in which order.  Frontend and engine enter
 * capability mode (capsicum(4)); parent and helper cannot, for the kernel has
 * no finer privilege than uid 0 for what they change.
 */

#include <sys/types.h>
#include <sys/procctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <errno.h>
#include <time.h>
#include <unistd.h>

#include "freebsd.h"
#include "../../leased.h"

struct sandbox_state sandbox_state;

/* A directory that nobody can put something into. */
static int
check_empty_dir(const char *path)
{
	struct stat st;

	if (lstat(path, &st) == -1)
		return errno;
	if (!S_ISDIR(st.st_mode))
		return ENOTDIR;
	if (st.st_uid != 0 || (st.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return EPERM;
	return 0;
}

/* No core, no debugger, and no memory that is both written and executed. */
static int
no_core(void)
{
	struct rlimit none = { 0, 0 };
	int trace = PROC_TRACE_CTL_DISABLE;
	int protmax = PROC_PROTMAX_FORCE_ENABLE;

	if (setrlimit(RLIMIT_CORE, &none) == -1)
		return errno;
	/* EBUSY: root runs us under ktrace(1) or truss(1). */
	if (procctl(P_PID, 0, PROC_TRACE_CTL, &trace) == -1 && errno != EBUSY)
		return errno;
	(void)procctl(P_PID, 0, PROC_PROTMAX_CTL, &protmax);
	return 0;
}

/* procctl(2) is refused in capability mode: what it says is remembered. */
static int
no_new_privs(void)
{
	int enable = PROC_NO_NEW_PRIVS_ENABLE, status = 0;

	if (procctl(P_PID, 0, PROC_NO_NEW_PRIVS_CTL, &enable) == -1 ||
	    procctl(P_PID, 0, PROC_NO_NEW_PRIVS_STATUS, &status) == -1)
		return errno;
	sandbox_state.no_new_privs = status == PROC_NO_NEW_PRIVS_ENABLE;
	return 0;
}

/*
 * EPERM also: the directory is not root's alone, or uid or gid is 0.  The uid
 * must go though capability mode follows: root in it may still make sockets
 * and change addresses.
 */
int
os_drop(uid_t uid, gid_t gid, const char *empty_dir)
{
	int error;

	if (uid == 0 || gid == 0)
		return EPERM;
	/* What would be read from files later. */
	tzset();
	if ((error = check_empty_dir(empty_dir)) != 0)
		return error;
	if (chroot(empty_dir) == -1 || chdir("/") == -1)
		return errno;
	/* setgroups(2) too is refused in capability mode. */
	if (setgroups(0, NULL) == -1 || setresgid(gid, gid, gid) == -1 ||
	    setresuid(uid, uid, uid) == -1)
		return errno;
	sandbox_state.chrooted = 1;
	if ((error = no_core()) != 0)
		return error;
	return no_new_privs();
}

/* Descriptors that were there before the first message. */
static int
limit_inherited(void)
{
	cap_rights_t rights;
	int error, fd;

	if ((error = os_limit_channel(CHANNEL_FD)) != 0)
		return error;
	cap_rights_init(&rights, CAP_WRITE);
	error = limit_rights(TRAP_FD, &rights);
	/* /dev/null, see child_exec() */
	cap_rights_init(&rights, CAP_READ, CAP_WRITE);
	for (fd = STDIN_FILENO; fd <= STDERR_FILENO && error == 0; fd++)
		error = limit_rights(fd, &rights);
	return error;
}

int
os_sandbox(
    enum ipc_role role, int trap_fd, const struct os_sandbox_paths *paths)
{
	int error;

	(void)trap_fd;
	(void)paths;
	switch (role) {
	case ROLE_FRONTEND:
	case ROLE_ENGINE:
		if ((error = limit_inherited()) != 0)
			return error;
		return cap_enter() == -1 ? errno : 0;
	case ROLE_PARENT:
	case ROLE_HELPER:
		if ((error = no_core()) != 0)
			return error;
		return no_new_privs();
	default:
		return EINVAL;
	}
}

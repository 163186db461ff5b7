/* SPDX-License-Identifier: ISC */
/* What each process gives up, and in which order. */

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <linux/capability.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <unistd.h>

#include "sandbox.h"

struct sandbox_state sandbox_state;

/*
 * The helper runs resolvconf(8) as root, and with it whatever a site hangs on
 * that (restarts of dnsmasq, unbound, named).  It keeps what those need and
 * loses what could undo the rest of the system.
 */
#define HELPER_CAPS                                                            \
	(CAP_BIT(CAP_CHOWN) | CAP_BIT(CAP_DAC_OVERRIDE) |                      \
	    CAP_BIT(CAP_FOWNER) | CAP_BIT(CAP_FSETID) | CAP_BIT(CAP_KILL) |    \
	    CAP_BIT(CAP_SETGID) | CAP_BIT(CAP_SETUID) | CAP_BIT(CAP_SETPCAP) | \
	    CAP_BIT(CAP_NET_BIND_SERVICE) | CAP_BIT(CAP_NET_ADMIN) |           \
	    CAP_BIT(CAP_NET_RAW) | CAP_BIT(CAP_SYS_CHROOT) |                   \
	    CAP_BIT(CAP_SYS_RESOURCE) | CAP_BIT(CAP_SYS_NICE))

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

static int
no_core(void)
{
	struct rlimit none = { 0, 0 };

	if (setrlimit(RLIMIT_CORE, &none) == -1 ||
	    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == -1)
		return errno;
	return 0;
}

static int
no_new_privs(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1)
		return errno;
	return 0;
}

/* EPERM also: the directory is not root's alone, or uid or gid is 0. */
int
os_drop(uid_t uid, gid_t gid, const char *empty_dir)
{
	int error;

	if (uid == 0 || gid == 0)
		return EPERM;
	if ((error = check_empty_dir(empty_dir)) != 0)
		return error;
	if (chroot(empty_dir) == -1 || chdir("/") == -1)
		return errno;
	/* The bounds are set while there still is the right to; the caps
	 * themselves are needed until the user has changed. */
	if ((error = capability_bound(0)) != 0 ||
	    (error = capability_lock()) != 0)
		return error;
	if (setgroups(0, NULL) == -1 || setresgid(gid, gid, gid) == -1 ||
	    setresuid(uid, uid, uid) == -1)
		return errno;
	if ((error = capability_limit(0)) != 0 || (error = no_core()) != 0)
		return error;
	sandbox_state.chrooted = 1;
	return no_new_privs();
}

static int
sandbox_parent(int trap_fd, const struct os_sandbox_paths *paths)
{
	int error;

	if ((error = no_new_privs()) != 0 || (error = no_core()) != 0)
		return error;
	error = landlock_restrict(paths, &sandbox_state.landlock_abi);
	if (error != 0)
		return error;
	if ((error = capability_bound(PARENT_CAPS)) != 0 ||
	    (error = capability_lock()) != 0 ||
	    (error = capability_limit(PARENT_CAPS)) != 0)
		return error;
	return seccomp_restrict(ROLE_PARENT, trap_fd);
}

/* No list of calls: it must fork, and run programs it does not know. */
static int
sandbox_helper(void)
{
	int error;

	if ((error = no_core()) != 0 ||
	    (error = capability_bound(HELPER_CAPS)) != 0 ||
	    (error = capability_limit(HELPER_CAPS)) != 0)
		return error;
	return no_new_privs();
}

int
os_sandbox(
    enum ipc_role role, int trap_fd, const struct os_sandbox_paths *paths)
{
	report_remember();
	switch (role) {
	case ROLE_FRONTEND:
	case ROLE_ENGINE:
		return seccomp_restrict(role, trap_fd);
	case ROLE_PARENT:
		return sandbox_parent(trap_fd, paths);
	case ROLE_HELPER:
		return sandbox_helper();
	default:
		return EINVAL;
	}
}

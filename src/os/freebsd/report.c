/* SPDX-License-Identifier: ISC */
/*
 * What the kernel says of this process (Y-14), not what we believe to have
 * done.  Only chroot(2) and procctl(2) cannot be asked for in capability mode:
 * that they succeeded is remembered.
 */

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "freebsd.h"

/* The most powerful of the three is what counts. */
static void
report_ids(struct ipc_sandbox *report)
{
	uid_t ruid, euid, suid;
	gid_t rgid, egid, sgid;

	if (getresuid(&ruid, &euid, &suid) == -1 ||
	    getresgid(&rgid, &egid, &sgid) == -1)
		return; /* 0: root */
	report->uid = ruid == 0 || euid == 0 || suid == 0 ? 0 : euid;
	report->gid = rgid == 0 || egid == 0 || sgid == 0 ? 0 : egid;
}

int
os_sandbox_report(struct ipc_sandbox *report)
{
	uint32_t role = report->role;
	unsigned int mode = 0;

	memset(report, 0, sizeof(*report));
	report->role = role;
	report->pid = (uint32_t)getpid();
	report_ids(report);
	/* ENOSYS: a kernel without Capsicum has the flag not set. */
	if (cap_getmode(&mode) == -1 && errno != ENOSYS)
		return errno;
	if (mode == 1)
		report->flags |= SANDBOX_CAPSICUM;
	if (sandbox_state.no_new_privs)
		report->flags |= SANDBOX_NO_NEW_PRIVS;
	if (sandbox_state.chrooted)
		report->flags |= SANDBOX_CHROOT;
	if (report->uid == 0)
		report->flags |= SANDBOX_ROOT;
	return 0;
}

const char *
os_sandbox_missing(const struct ipc_sandbox *report)
{
	if (!(report->flags & SANDBOX_NO_NEW_PRIVS))
		return "no_new_privs is off";
	if (report->role != ROLE_FRONTEND && report->role != ROLE_ENGINE)
		return NULL;
	if (!(report->flags & SANDBOX_CAPSICUM))
		return "capability mode is off";
	if (report->uid == 0 || report->gid == 0)
		return "still root";
	if (!(report->flags & SANDBOX_CHROOT))
		return "not in the empty directory";
	return NULL;
}

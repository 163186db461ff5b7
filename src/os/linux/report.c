/* SPDX-License-Identifier: ISC */
/*
 * What the kernel says of this process (Y-14), not what we believe to have
 * done.  Only the chroot cannot be asked for: that os_drop() succeeded is
 * remembered.
 */

#include <sys/prctl.h>
#include <linux/capability.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "sandbox.h"

/* The lists of the children have no getuid(2): asked before, in vain now
 * changed (no capabilities, no_new_privs, no setuid(2) on the list). */
static uint32_t uid_before, gid_before;

void
report_remember(void)
{
	uid_t ruid, euid, suid;
	gid_t rgid, egid, sgid;

	/* The most powerful of the three is what counts. */
	if (getresuid(&ruid, &euid, &suid) == -1 ||
	    getresgid(&rgid, &egid, &sgid) == -1) {
		uid_before = gid_before = 0;
		return;
	}
	uid_before = ruid == 0 || euid == 0 || suid == 0 ? 0 : euid;
	gid_before = rgid == 0 || egid == 0 || sgid == 0 ? 0 : egid;
}

int
os_sandbox_report(struct ipc_sandbox *report)
{
	uint32_t role = report->role;
	int error;

	memset(report, 0, sizeof(*report));
	report->role = role;
	report->pid = (uint32_t)getpid();
	report->uid = uid_before;
	report->gid = gid_before;
	report->landlock_abi = sandbox_state.landlock_abi;
	error =
	    capability_get(&report->caps_effective, &report->caps_permitted);
	if (error != 0)
		return error;
	if (seccomp_is_on()) {
		report->flags |= SANDBOX_SECCOMP;
		report->syscalls = seccomp_count((enum ipc_role)role);
		if (seccomp_is_sanitizer())
			report->flags |= SANDBOX_SANITIZER;
	}
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1)
		report->flags |= SANDBOX_NO_NEW_PRIVS;
	if (sandbox_state.landlock_abi > 0)
		report->flags |= SANDBOX_LANDLOCK;
	if (sandbox_state.chrooted)
		report->flags |= SANDBOX_CHROOT;
	/* Fewer than root has: the parent's three, or none. */
	if (((report->caps_permitted | report->caps_effective) &
		~PARENT_CAPS) == 0)
		report->flags |= SANDBOX_CAPS_REDUCED;
	if (report->uid == 0)
		report->flags |= SANDBOX_ROOT;
	return 0;
}

const char *
os_sandbox_missing(const struct ipc_sandbox *report)
{
	int child =
	    report->role == ROLE_FRONTEND || report->role == ROLE_ENGINE;

	if (!(report->flags & SANDBOX_NO_NEW_PRIVS))
		return "no_new_privs is off";
	if (report->role == ROLE_HELPER)
		return NULL;
	if (!(report->flags & SANDBOX_SECCOMP))
		return "seccomp is off";
	if (!(report->flags & SANDBOX_CAPS_REDUCED))
		return "capabilities are left";
	if (!child)
		return NULL;
	if (report->caps_permitted != 0 || report->caps_effective != 0)
		return "capabilities are left";
	if (report->uid == 0 || report->gid == 0)
		return "still root";
	if (!(report->flags & SANDBOX_CHROOT))
		return "not in the empty directory";
	return NULL;
}

/* SPDX-License-Identifier: ISC */
/* Between the sandbox's files. */
#ifndef LEASED_OS_SANDBOX_H
#define LEASED_OS_SANDBOX_H

#include "../os.h"

/* The bits of a capability set; both words of capget(2). */
#define CAP_BIT(c) (UINT64_C(1) << (c))
/* What the parent keeps. */
#define PARENT_CAPS                                      \
	(CAP_BIT(CAP_NET_ADMIN) | CAP_BIT(CAP_NET_RAW) | \
	    CAP_BIT(CAP_NET_BIND_SERVICE))

/* What the kernel does not tell afterwards; set when it was done. */
struct sandbox_state {
	int chrooted;
	uint32_t landlock_abi;
};
extern struct sandbox_state sandbox_state;

/* capability.c.  0 or errno.  Out of the bounding and ambient sets for ever,
 * then securebits locked, then what is held now. */
int capability_bound(uint64_t keep);
int capability_lock(void);
int capability_limit(uint64_t keep);
int capability_get(uint64_t *effective, uint64_t *permitted);

/* landlock.c.  0 or errno; *abi 0: this kernel has none. */
int landlock_restrict(const struct os_sandbox_paths *, uint32_t *abi);

/* report.c: before the lists are on. */
void report_remember(void);

/* seccomp.c */
int seccomp_is_on(void); /* ours, as the kernel has it: 1, 0 */
int seccomp_restrict(enum ipc_role, int trap_fd);
uint32_t seccomp_count(enum ipc_role);
int seccomp_is_sanitizer(void);

#endif

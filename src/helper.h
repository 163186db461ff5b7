/* SPDX-License-Identifier: ISC */
/*
 * The helper: the one process that may change DNS (Y-08).  It gets fixed
 * structs from the parent, checks them with the parent's policy functions
 * again, and runs resolvconf(8), or replaces resolv.conf where there is none.
 * It never waits: resolvconf runs beside the event loop, one at a time.
 */
#ifndef LEASED_HELPER_H
#define LEASED_HELPER_H

#include <event2/event.h>
#include "ipc.h"

struct helper_conf {
	struct event_base *base;
	/* 0 or NULL: the value in brackets */
	const char *resolv_path;       /* [/etc/resolv.conf] of mode auto */
	const char *const *resolvconf; /* [the usual places], ends with NULL */
	unsigned int limit_ms;	       /* [10000] for a run of resolvconf */
	unsigned int interval_ms;      /* [1000] at least between two */
	unsigned int retry_ms; /* [2000] after a failure; doubles each time */
};

/* log: as log_write().  0 or errno.  Nothing happens before the first
 * helper_configure(). */
int helper_init(const struct helper_conf *,
    void (*log)(int priority, const char *fmt, ...));

/* resolv-conf of the configuration, at start and after a reload; path is that
 * of RESOLV_PATH.  What is no longer to be changed is put back as it was. */
void helper_configure(uint32_t mode, const char *path);

/* What one protocol on one interface says now; no servers and no names:
 * withdrawn, which is also done when an earlier run left it there. */
void helper_resolve(const struct ipc_resolve *);

/* Nothing more will come: what is left is done without a second between. */
void helper_finish(void);

/* 1 while something is still to be done or resolvconf runs.  Before it ends,
 * the process runs its event loop until this is 0. */
int helper_busy(void);

/* Free everything; a running resolvconf is left to itself. */
void helper_close(void);

#endif

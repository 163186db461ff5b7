/* SPDX-License-Identifier: ISC */
/* May a struct hold the lease it says?  For lease.c. */
#ifndef LEASED_LEASE_CHECK_H
#define LEASED_LEASE_CHECK_H

#include "../wire.h"

/*
 * Check every field of a lease by itself and against the others: counts,
 * lengths, strings, addresses, times.  NULL, or static text that says what is
 * wrong.  What a valid ACK gives always passes.
 */
const char *lease4_check(const struct lease4 *);

#endif

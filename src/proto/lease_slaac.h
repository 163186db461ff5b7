/* SPDX-License-Identifier: ISC */
/*
 * The text form of what router advertisements taught: one key a line.  Pure
 * functions.
 */
#ifndef LEASED_LEASE_SLAAC_H
#define LEASED_LEASE_SLAAC_H

#include "../wire_slaac.h"
#include "lease_text.h"

#define LEASE_SLAAC_TEXT_MAX LEASE_TEXT_MAX

/* The flags of an address that are kept; the others are the kernel's. */
#define LEASE_SLAAC_ADDR_FLAGS                          \
	(SLAAC_ADDR_TEMPORARY | SLAAC_ADDR_DEPRECATED | \
	    SLAAC_ADDR_DUPLICATED | SLAAC_ADDR_OLD)

/* NULL, or what is wrong with it (static text). */
const char *lease_slaac_check(const struct slaac_info *);

/*
 * Format; wall: seconds since the epoch, from when the lifetimes count.  When
 * all of it does not fit, search names, then routes are left out: the next
 * advertisement brings them again.  Length without the NUL, or 0 when it is
 * not valid.
 */
size_t
lease_slaac_format(const struct slaac_info *, uint64_t wall, char *, size_t);

/*
 * Strict parser for what lease_slaac_format() writes.  The file may have been
 * tampered with: every field is validated like one from the network, an
 * unknown or repeated key, a missing end line or foreign bytes refuse the
 * whole file.  0, or -1 with a reason (static text) and a line number.
 */
int lease_slaac_parse(
    const uint8_t *, size_t, struct slaac_info *, const char **why, int *line);

#endif

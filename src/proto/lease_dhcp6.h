/* SPDX-License-Identifier: ISC */
/* The text form of a DHCPv6 lease: one key a line.  Pure functions. */
#ifndef LEASED_LEASE_DHCP6_H
#define LEASED_LEASE_DHCP6_H

#include "../wire_dhcp6.h"
#include "lease_text.h"

#define LEASE_DHCP6_TEXT_MAX LEASE_TEXT_MAX

/*
 * Format a lease whose lifetimes count from wall, seconds since the epoch.
 * Length without the NUL, or 0 when it does not fit or is no valid lease.
 */
size_t
lease_dhcp6_format(const struct dhcp6_lease *, uint64_t wall, char *, size_t);

/*
 * Strict parser for what lease_dhcp6_format() writes.  The file may have been
 * tampered with: every field is validated like one from the network, an
 * unknown or repeated key, a missing end line or foreign bytes refuse the
 * whole file.  0, or -1 with a reason (static text) and a line number.
 */
int lease_dhcp6_parse(
    const uint8_t *, size_t, struct dhcp6_lease *, const char **why, int *line);

#endif

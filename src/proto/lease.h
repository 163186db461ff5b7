/* SPDX-License-Identifier: ISC */
/* The text form of a lease: one key a line.  Pure functions. */
#ifndef LEASED_LEASE_H
#define LEASED_LEASE_H

#include "../wire.h"
#include "lease_text.h"

/* Format; wall: seconds since the epoch when the ACK came.  Length without
 * the NUL, or 0 when it does not fit. */
size_t lease4_format(const struct lease4 *, uint64_t wall, char *, size_t);

/*
 * Strict parser for what lease4_format writes.  The file may have been
 * tampered with: every field is validated like one from the network, an
 * unknown or repeated key, a missing end line or foreign bytes refuse the
 * whole file.  0, or -1 with a reason (static text) and a line number.
 */
int lease4_parse(
    const uint8_t *, size_t, struct lease4 *, const char **why, int *line);

#endif

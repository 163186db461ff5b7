/* SPDX-License-Identifier: ISC */
/* Identity association identifiers (RFC 9915 12), also in the DHCPv4 client
 * identifier, where they are the same (RFC 4361 6.1). */
#ifndef LEASED_IAID_H
#define LEASED_IAID_H

#include "conf.h"

/*
 * The configured one, or one that is made from the interface's name: the same
 * after a restart, and when the hardware is replaced.  Host byte order.
 */
uint32_t iaid_of(const struct conf_iface *, const char *ifname);

#endif

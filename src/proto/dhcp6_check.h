/* SPDX-License-Identifier: ISC */
/*
 * Which values a DHCPv6 lease may hold, apart from where they come from: the
 * codec asks for what a server sent, the lease file's parser for what it read.
 * Pure functions; 1: may be used, 0: not.
 */
#ifndef LEASED_DHCP6_CHECK_H
#define LEASED_DHCP6_CHECK_H

#include "../wire_dhcp6.h"
#include "buf.h"
#include "inet6.h"

#define LEASE_DHCP6_SEARCH_TEXT_MAX 1024 /* of all search names together */

/* No registry gives a provider more than this; what is shorter holds space
 * that is not for hosts, and its reject route would be most of IPv6. */
#define DELEGATED6_LEN_MIN 16

/* May this prefix have been delegated? */
int check_delegated6(const struct in6_addr *prefix, uint8_t prefixlen);

/* RFC 6603 4.2: longer than and inside the delegated prefix. */
int check_exclude6(const struct dhcp6_prefix *);

/* One instance of option 144 (RFC 9463 4.1). */
int check_dnr6_instance(struct buf);
/* All of them, two bytes of length before each. */
int check_dnr6(struct buf);
/* The value of option 94, 95 or 96 (RFC 7598 5). */
int check_s46(struct buf);
/* All of them with code and length. */
int check_s46_all(struct buf);

/* Every field of a lease by itself and against the others.  NULL, or static
 * text that says what is wrong. */
const char *lease_dhcp6_check(const struct dhcp6_lease *);

#endif

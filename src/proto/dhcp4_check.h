/* SPDX-License-Identifier: ISC */
/*
 * Which values a lease may hold, apart from where they come from: the codec
 * asks for what a server sent, the lease file's parser for what it read.
 * Pure functions; 1: may be used, 0: not.
 */
#ifndef LEASED_DHCP4_CHECK_H
#define LEASED_DHCP4_CHECK_H

#include "../wire.h"
#include "buf.h"

#define LEASE4_SEC_MIN 5	    /* ours; less is no lease */
#define MTU4_MIN 68		    /* RFC 2132 5.1 */
#define LEASE4_SEARCH_TEXT_MAX 2048 /* bytes of all search names together */

/* Netmask of a prefix length, network order. */
struct in_addr inet4_mask(uint8_t prefixlen);
/* Prefix length of a netmask, or -1: zero or not contiguous. */
int inet4_prefixlen(struct in_addr mask);
/* RFC 791 2.3: 8, 16 or 24; 32 for the rest. */
uint8_t inet4_classful(struct in_addr);
/* Not in 0/8, 127/8 or 224/3. */
int inet4_is_unicast(struct in_addr);
/* Unicast and neither network nor broadcast address of its prefix. */
int inet4_is_host(struct in_addr, uint8_t prefixlen);

/* Option 28 beside the address it came with. */
int check_broadcast4(
    struct in_addr broadcast, struct in_addr addr, uint8_t prefixlen);
/* Destination without host bits, default or unicast; gateway 0 or unicast. */
int check_route4(const struct route4 *);
/* Option 114: http or https, RFC 3986's bytes. */
int check_uri(struct buf);
/* Option 162, all instances (RFC 9463 5.1). */
int check_dnr4(struct buf);
/* RFC 9460 2.2: key, length, value; keys strictly ascending. */
int check_svc_params(struct buf);
/* Option 212 (RFC 5969 7.1.1). */
int check_sixrd(struct buf);

#endif

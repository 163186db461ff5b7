/* SPDX-License-Identifier: ISC */
/*
 * IPv6 addresses for the codecs and machines: what kind one is, prefixes, and
 * their text.  Pure functions; addresses are network order.
 */
#ifndef LEASED_INET6_H
#define LEASED_INET6_H

#include <netinet/in.h>
#include <stdint.h>
#include "buf.h"

struct in6_addr inet6_read(struct buf *);

/* fe80::/10 */
int inet6_is_link_local(const struct in6_addr *);
/* Neither unspecified, loopback, v4-compatible, v4-mapped nor multicast; may
 * be link-local (RFC 4291 2.4). */
int inet6_is_unicast(const struct in6_addr *);
/* Unicast and not link-local. */
int inet6_is_global(const struct in6_addr *);
int inet6_equal(const struct in6_addr *, const struct in6_addr *);
/* Are the first prefixlen bits the same?  More than 128 counts as 128. */
int inet6_inside(
    const struct in6_addr *, const struct in6_addr *prefix, uint8_t prefixlen);
/* Clear what stands behind the prefix. */
void inet6_mask(struct in6_addr *, uint8_t prefixlen);
/* Is it a prefix that may be on a link, or be routed: without bits behind its
 * length (at most 128), not link-local, multicast, ::/0, loopback, or
 * v4-mapped? */
int inet6_is_prefix(const struct in6_addr *, uint8_t prefixlen);

/* Text as inet_ntop(3) writes it. */
void inet6_print(struct wbuf *, const struct in6_addr *);
/* The whole token; 0, or -1. */
int inet6_parse(struct buf, struct in6_addr *);

#endif

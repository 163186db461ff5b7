/* SPDX-License-Identifier: ISC */
/*
 * IPv6 frames of the simulator.  A sum in the place of the destination's
 * hardware address stands for the checksums that the kernel looks at.
 */
#ifndef FRAME6_H
#define FRAME6_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#define FRAME6_IP 14
#define FRAME6_ICMP 54
#define FRAME6_UDP 62 /* the datagram */

/* From fe80::HOST to dst; the length. */
size_t frame6_udp(uint8_t *f, const struct in6_addr *dst, uint8_t host,
    uint16_t port, const uint8_t *data, size_t len);
size_t frame6_icmp(uint8_t *f, uint8_t host, const uint8_t *data, size_t len);
/* Is it one that came unharmed, to this port or of this type? */
int frame6_is_udp(const uint8_t *, size_t, uint16_t port);
int frame6_is_icmp(const uint8_t *, size_t, uint8_t type);
struct in6_addr frame6_src(const uint8_t *);
struct in6_addr frame6_dst(const uint8_t *);
void frame6_set_src(uint8_t *f, size_t len, const struct in6_addr *);

#endif

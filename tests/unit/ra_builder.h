/* SPDX-License-Identifier: ISC */
/*
 * Router advertisements for tests, by a builder of their own (a mistake in
 * the codec must not mirror itself).  Values go in as they stand on the wire,
 * right or wrong.
 */
#ifndef RA_BUILDER_H
#define RA_BUILDER_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include "packet6.h" /* ip6() */

#define RA_FLAG_M 0x80
#define RA_FLAG_O 0x40
#define RA_HIGH 0x08
#define RA_LOW 0x18
#define RA_RESERVED 0x10
#define PIO_L 0x80
#define PIO_A 0x40
#define PIO_P 0x10
#define PIO_LA (PIO_L | PIO_A)
#define INF 0xffffffffU

struct ra {
	uint8_t b[2048];
	size_t len;
};

/* lifetime: of the default router, seconds */
void ra_begin(struct ra *, uint16_t lifetime, uint8_t flags);
void ra_prefix(struct ra *, const char *prefix, uint8_t len, uint8_t flags,
    uint32_t valid, uint32_t preferred);
void ra_mtu(struct ra *, uint32_t);
/* units: length of the option in eight bytes */
void ra_route(struct ra *, const char *prefix, uint8_t len, uint8_t flags,
    uint32_t lifetime, uint8_t units);
/* Addresses and names are separated by spaces. */
void ra_servers(struct ra *, uint32_t lifetime, const char *addrs);
void ra_search(struct ra *, uint32_t lifetime, const char *names);
void ra_portal(struct ra *, const char *uri);
void ra_pref64(struct ra *, const char *prefix, uint16_t scaled, uint8_t plc);
void ra_dnr(struct ra *, uint16_t priority, uint32_t lifetime, const char *name,
    const char *addrs);
/* Any option: bytes behind type and length; padded with zeros. */
void ra_option(struct ra *, uint8_t type, const void *, size_t);
void ra_header(
    struct ra *, uint8_t hop_limit, uint32_t reachable_ms, uint32_t retrans_ms);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Interface identifiers: stable and opaque (RFC 7217), temporary (RFC 8981),
 * from the hardware address (RFC 4291), and those that nobody may have (RFC
 * 5453).  Pure functions.
 */
#ifndef LEASED_ADDRGEN_H
#define LEASED_ADDRGEN_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include "../wire6.h"

#define IID_SIZE 8

/* RFC 7217 5: what goes into F() besides prefix and counter. */
struct addrgen_key {
	const char *ifname;	   /* Net_Iface */
	const uint8_t *network_id; /* Network_ID; may be NULL */
	size_t network_id_len;	   /* at most NETWORK_ID_MAX */
	const uint8_t *secret;	   /* SECRET_SIZE bytes */
};

/* May no host have this identifier? (RFC 5453 and IANA's registry) */
int addrgen_is_reserved(const uint8_t iid[IID_SIZE]);

/*
 * The stable address in a /64: RFC 7217's F() is HMAC-SHA-256 with the secret
 * as its key over Prefix, Net_Iface, Network_ID and DAD_Counter; the last
 * eight bytes are the identifier.  A reserved one makes the counter go on: it
 * comes back as the one that was used.  0, or -1 if it would exceed 255.
 */
int addrgen_stable(const struct addrgen_key *, const struct in6_addr *prefix,
    uint8_t *dad, struct in6_addr *);

/*
 * A temporary address: draw(arg) gives 32 bits.  0, or -1 when even the
 * last of a few identifiers was reserved.
 */
int addrgen_temporary(const struct in6_addr *prefix, uint32_t (*draw)(void *),
    void *arg, struct in6_addr *);

/* From a hardware address of 6 or 8 bytes (EUI-48, EUI-64), or the last 8 of
 * 20 (InfiniBand, RFC 4391 8); 0, or -1 for any other length. */
int addrgen_eui64(const struct in6_addr *prefix, const uint8_t *hwaddr,
    size_t len, struct in6_addr *);

#endif

/* SPDX-License-Identifier: ISC */
/* The DHCPv6 part of a segment: what the model servers have and granted. */
#ifndef SIM6_H
#define SIM6_H

#include <netinet/in.h>

#include "sim.h"

#define BINDINGS6 16
#define GRANTS6 4096

/* What one Reply gave, an address or a prefix. */
struct grant6 {
	struct in6_addr addr;
	uint64_t until; /* the latest of all Replies; PROTO_NEVER: infinite */
};

struct binding6 {
	struct in6_addr addr;
	uint32_t iaid;
	uint16_t code; /* option of the IA; 0: free */
};

struct server6 {
	struct sim *sim;
	struct sim_iface *iface;
	struct binding6 bindings[BINDINGS6];
	uint32_t valid, preferred, t1, t2;
	uint8_t n, pool, preference;
	uint8_t next; /* address or prefix */
	int alive, rapid, no_addrs, no_prefixes;
	int registers;	 /* RFC 9686 */
	uint8_t key[16]; /* RFC 9915 20.4 */
	uint64_t replay;
	uint8_t client[DHCP6_DUID_MAX];
	uint16_t client_len;
};

/* The grant that an address or route of the client comes from; NULL: none. */
const struct grant6 *grant6_of(struct sim *, const struct in6_addr *);
/* Ask the client to renew, by this address; NULL: it has none. */
const struct in6_addr *server6_reconfigure(struct server6 *);

#endif

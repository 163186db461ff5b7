/* SPDX-License-Identifier: ISC */
/* Between the DHCPv6 machine of the simulator and its model servers. */
#ifndef SIM6_H
#define SIM6_H

#include <netinet/in.h>

#include "sim.h"

#define SERVERS6 2
#define BINDINGS6 16
#define GRANTS6 4096

/* What one Reply gave, an address (len 128) or a prefix. */
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
	struct grant6 *grants; /* of the segment */
	size_t *ngrants;
	struct binding6 bindings[BINDINGS6];
	uint32_t valid, preferred, t1, t2;
	uint8_t iface, n, pool, preference;
	uint8_t next; /* address or prefix */
	int alive, rapid, no_addrs, no_prefixes;
};

void server6_character(struct server6 *);
void server6_forget(struct server6 *);
void server6_renumber(struct server6 *);
/* The answer to a message of the client; 0: none. */
size_t server6_answer(
    struct server6 *, const uint8_t *, size_t, uint8_t *out, size_t room);
const struct grant6 *
grant6_find(const struct grant6 *, size_t n, const struct in6_addr *);

#endif

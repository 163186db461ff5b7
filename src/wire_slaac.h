/* SPDX-License-Identifier: ISC */
/*
 * What router advertisements taught an interface: what `leasectl show` prints
 * and what is kept over a restart.  The rules are wire.h's; life times are
 * seconds that were left when the struct was made, LIFETIME_INFINITE: for
 * ever.
 */
#ifndef LEASED_WIRE_SLAAC_H
#define LEASED_WIRE_SLAAC_H

#include "wire6.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded"

#define SLAAC_PREF64_MAX 4
#define SLAAC_DNR_MAX 2
#define SLAAC_DNR_ADDRS_MAX 4
#define SLAAC_URI_MAX 256
#define SLAAC_INFO_MAX 8100 /* bytes; a message has 8192 with its head */

/* slaac_router.flags */
#define SLAAC_ROUTER_MANAGED 0x01 /* M: addresses by DHCPv6 */
#define SLAAC_ROUTER_OTHER 0x02	  /* O: other configuration by DHCPv6 */
#define SLAAC_ROUTER_REACHABLE 0x04

/* A router that was heard; the first one in use is the default router. */
struct slaac_router {
	struct in6_addr addr; /* link-local */
	uint32_t left_sec;    /* as a default router; 0: it is none */
	uint8_t preference;   /* enum route6_preference */
	uint8_t flags;
	uint8_t reserved[2];
};

/* slaac_prefix.flags; the first three as they were advertised */
#define SLAAC_PREFIX_ONLINK 0x01     /* L */
#define SLAAC_PREFIX_AUTONOMOUS 0x02 /* A */
#define SLAAC_PREFIX_DELEGATION 0x04 /* P, RFC 9762 */
/* Its routers are gone, or say it no more: deprecated (S-09, S-17). */
#define SLAAC_PREFIX_DEPRECATED 0x08

struct slaac_prefix {
	struct in6_addr prefix;
	uint32_t onlink_sec; /* L: left of the on-link route; 0: none */
	uint32_t valid_sec;  /* A: left of the addresses; 0: none */
	uint32_t preferred_sec;
	uint8_t prefixlen;
	uint8_t flags;
	uint8_t routers;  /* bit n: routers[n] advertised it */
	uint8_t next_dad; /* RFC 7217's DAD_Counter of its next address */
};

/* slaac_address.flags */
#define SLAAC_ADDR_TEMPORARY 0x01 /* RFC 8981; else stable */
#define SLAAC_ADDR_TENTATIVE 0x02
#define SLAAC_ADDR_OPTIMISTIC 0x04 /* tentative, yet usable (RFC 4429) */
#define SLAAC_ADDR_DEPRECATED 0x08
#define SLAAC_ADDR_DUPLICATED 0x10
#define SLAAC_ADDR_CONFIGURED 0x20 /* the kernel has it */
#define SLAAC_ADDR_OLD 0x40	   /* of a network that was left (S-17) */

struct slaac_address {
	struct in6_addr addr;
	uint32_t valid_sec;
	uint32_t preferred_sec;
	/* RFC 8981 3.4: whatever is advertised, its own times end there */
	uint32_t temp_valid_sec;
	uint32_t temp_preferred_sec;
	uint8_t prefixlen;
	uint8_t flags;
	uint8_t dad; /* RFC 7217's DAD_Counter; temporary: tries so far */
	uint8_t reserved;
};

/* RFC 4191 2.3; the default routes are in the routers. */
struct slaac_route {
	struct in6_addr dst;
	uint32_t left_sec;
	uint8_t prefixlen;
	uint8_t preference;
	uint8_t router; /* index */
	uint8_t reserved;
};

struct slaac_server {
	struct in6_addr addr;
	uint32_t left_sec;
	uint8_t routers;
	uint8_t reserved[3];
};

struct slaac_pref64 {
	struct in6_addr prefix;
	uint32_t left_sec;
	uint8_t prefixlen;
	uint8_t routers;
	uint8_t reserved[2];
};

/* An encrypted resolver (RFC 9463). */
struct slaac_dnr {
	uint32_t left_sec;
	uint16_t priority;
	uint8_t naddrs;
	uint8_t routers;
	struct in6_addr addrs[SLAAC_DNR_ADDRS_MAX];
	char name[DNS_NAME_MAX];
	uint8_t reserved[2];
};

struct slaac_info {
	uint32_t obtained_high; /* wall clock, seconds since the epoch; */
	uint32_t obtained_low;	/* filled from and for the file only */
	uint32_t mtu;		/* this and the next three: 0, not said */
	uint32_t hop_limit;
	uint32_t reachable_ms;
	uint32_t retrans_ms;
	uint32_t evicted;  /* entries that went for others in full tables */
	uint32_t tries;	   /* solicitations without an answer */
	uint32_t next_sec; /* to the next; not in the file */
	uint8_t nrouters;
	uint8_t nprefixes;
	uint8_t naddrs;
	uint8_t nroutes;
	uint8_t nservers;
	uint8_t nsearch;
	uint8_t npref64;
	uint8_t ndnr;
	uint8_t network_id_len;
	uint8_t reserved[3];
	uint8_t network_id[NETWORK_ID_MAX];
	struct slaac_router routers[SLAAC_ROUTERS_MAX]; /* best first */
	struct slaac_prefix prefixes[SLAAC_PREFIXES_MAX];
	struct slaac_address addrs[SLAAC_ADDRS_MAX];
	struct slaac_route routes[SLAAC_ROUTES_MAX];
	struct slaac_server servers[DNS_SERVERS_MAX];
	struct slaac_pref64 pref64[SLAAC_PREF64_MAX];
	struct slaac_dnr dnr[SLAAC_DNR_MAX];
	uint32_t search_sec[DNS_SEARCH_MAX];
	uint8_t search_routers[DNS_SEARCH_MAX];
	char search[DNS_SEARCH_MAX][DNS_NAME_MAX];
	char captive_portal[SLAAC_URI_MAX];
};

_Static_assert(sizeof(struct slaac_info) <= SLAAC_INFO_MAX,
    "slaac_info must fit into a message");

#pragma GCC diagnostic pop
#endif

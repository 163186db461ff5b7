/* SPDX-License-Identifier: ISC */
/*
 * IPv6 structs that travel between the processes; the rules are wire.h's.
 * Life times are seconds from the moment the struct was made,
 * LIFETIME_INFINITE: for ever.
 */
#ifndef LEASED_WIRE6_H
#define LEASED_WIRE6_H

#include "wire.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded"

#define SLAAC_PREFIXES_MAX 16
#define SLAAC_ROUTERS_MAX 8
#define SLAAC_ROUTES_MAX 32
#define SLAAC_ADDRS_MAX 24
#define DHCP6_ADDRS_MAX 8
#define DHCP6_PREFIXES_MAX 8
#define PD_ADDRS_MAX 8	     /* of delegated prefixes, per interface */
#define CONFIG6_ADDRS_MAX 24 /* of one protocol; the most is SLAAC's */
#define CONFIG6_ROUTES_MAX 64
#define SECRET_SIZE 32 /* of RFC 7217's stable addresses */

/* addr6.flags */
#define ADDR6_TEMPORARY 0x01 /* RFC 8981 */

/*
 * One IPv6 address as it should be in the kernel.  prefixlen is that of the
 * prefix it was made from, for status; no on-link route follows from it.
 */
struct addr6 {
	struct in6_addr addr;
	uint32_t valid_sec;
	uint32_t preferred_sec; /* 0: deprecated */
	uint8_t prefixlen;
	uint8_t flags; /* ADDR6_* */
	uint8_t reserved[2];
};

/* route6.flags */
#define ROUTE6_REJECT 0x01 /* gateway is ::, nobody is reached (RFC 7084) */

/* RFC 4191 2.1, in an order that can be compared */
enum route6_preference { PREFERENCE_LOW, PREFERENCE_MEDIUM, PREFERENCE_HIGH };

/* One IPv6 route.  gateway :: is on-link; dst ::/0 is the default route. */
struct route6 {
	struct in6_addr dst;
	struct in6_addr gateway;
	uint32_t valid_sec;
	uint16_t mtu; /* 0: the interface's */
	uint8_t prefixlen;
	uint8_t preference; /* enum route6_preference */
	uint8_t flags;	    /* ROUTE6_* */
	uint8_t reserved[3];
};

/*
 * The whole IPv6 configuration one protocol (SLAAC, DHCPv6, delegated
 * prefixes) wants on one interface.  The parent compares it with what it holds
 * for that protocol, adds or refreshes what is named and then removes what is
 * not.  Routes with one destination stand in the order in which they are to be
 * used.  naddrs and nroutes 0: withdraw everything.
 */
struct config6 {
	uint32_t serial;   /* comes back in struct ipc_configured6 */
	uint32_t protocol; /* enum protocol */
	/* Of router advertisements; 0: leave, or put back, what was found */
	uint32_t mtu;
	uint32_t hop_limit;
	uint32_t reachable_ms;
	uint32_t retrans_ms;
	uint16_t naddrs;
	uint16_t nroutes;
	struct addr6 addrs[CONFIG6_ADDRS_MAX];
	struct route6 routes[CONFIG6_ROUTES_MAX];
};

/* state6.flags */
#define STATE6_PRESENT 0x01 /* else it is gone */
#define STATE6_TENTATIVE 0x02
#define STATE6_OPTIMISTIC 0x04 /* tentative, yet usable (RFC 4429) */
/* May come without PRESENT: Linux removes a duplicate that has a lifetime. */
#define STATE6_DUPLICATED 0x08
#define STATE6_DEPRECATED 0x10
#define STATE6_OURS 0x20 /* the parent's journal has it */

/* What the kernel says of an address. */
struct state6 {
	uint32_t ifindex;
	uint32_t flags; /* STATE6_* */
	struct in6_addr addr;
	uint32_t prefixlen;
	uint32_t valid_sec;
	uint32_t preferred_sec;
};

/* What the socket says of a received packet. */
struct recv6 {
	struct in6_addr src;
	struct in6_addr dst;
	uint32_t hop_limit; /* IPV6_HOPLIMIT; 256: not known */
	uint32_t src_port;  /* UDP */
};

/* What a hook wants to know of an IPv6 event. */
struct event6 {
	struct in6_addr addr; /* address, or prefix */
	struct in6_addr from; /* router or server; ::: none */
	uint32_t prefixlen;
	uint32_t preferred_sec;
	uint32_t valid_sec;
	struct dns_set dns;
};

#pragma GCC diagnostic pop
#endif

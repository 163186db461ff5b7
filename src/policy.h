/* SPDX-License-Identifier: ISC */
/*
 * What the parent refuses, each rule one pure function.  The engine parses
 * what the network says and may be under an attacker's control; these
 * functions are what stands between it and the kernel.  They never allocate,
 * log or call the system.
 */
#ifndef LEASED_POLICY_H
#define LEASED_POLICY_H

#include "wire.h"

#define POLICY_BURST 256	 /* requests per interface at once */
#define POLICY_REFILL_PER_SEC 50 /* and refilled so fast */
#define POLICY_MTU_MIN 1280	 /* of the interface; RFC 8200 5 */
#define POLICY_ROUTE_MTU_MIN 576 /* RFC 791 */

/* X(symbol, text for log and status) */
#define REFUSALS(X)                                                      \
	X(UNMANAGED, "interface is not managed")                         \
	X(RATE, "too many requests")                                     \
	X(COUNT, "more entries than the bound")                          \
	X(FIELD, "field that is not valid")                              \
	X(ADDRESS, "address that no host may have")                      \
	X(NETWORK_ADDRESS, "network or broadcast address of its prefix") \
	X(LINK_LOCAL, "link-local address that is not self-assigned")    \
	X(PREFIXLEN, "prefix length")                                    \
	X(LIFETIME, "preferred lifetime above the valid one")            \
	X(MTU, "MTU out of range")                                       \
	X(ROUTE_MTU, "route MTU out of range")                           \
	X(ROUTE_DST, "route to a reserved destination")                  \
	X(ROUTE_HOSTBITS, "route with host bits set")                    \
	X(GATEWAY, "gateway that is not reachable on this interface")    \
	X(FOREIGN_PREFIX, "route into a prefix of another interface")    \
	X(DNS_SERVER, "name server that is not a unicast address")       \
	X(NAME, "name with bytes that are not allowed")                  \
	X(SOCKET_LOCAL, "socket from an address that is not the lease")  \
	X(SOCKET_PEER, "socket to an address that is not unicast")       \
	X(PROTOCOL, "protocol that is off on this interface")
#define REFUSAL_SYMBOL(s, t) REFUSE_##s,
enum refusal { REFUSE_NOT, REFUSALS(REFUSAL_SYMBOL) REFUSE_MAX };
#undef REFUSAL_SYMBOL

/* An IPv4 prefix some interface has (in the kernel). */
struct prefix4 {
	uint32_t ifindex;
	struct in_addr addr;
	uint8_t prefixlen;
	uint8_t reserved[3];
};

/* What a rule may know of the world. */
struct policy_ctx {
	uint32_t ifindex;
	uint32_t max_mtu;		/* of the device */
	int link_local;			/* the interface's block says yes */
	int off;			/* it wants no IPv4 at all */
	const struct prefix4 *prefixes; /* of all interfaces */
	size_t nprefixes;
};

struct conf_iface;

/* Token bucket, times in milliseconds of a monotonic clock. */
struct policy_bucket {
	uint64_t last_ms;
	uint32_t tokens_milli;
	uint32_t started;
};

enum refusal policy_rate(struct policy_bucket *, uint64_t now_ms);
/* An address that a server may give: none of 169.254/16 (RFC 3927 1.6). */
enum refusal policy_addr4(struct in_addr, uint8_t prefixlen);
enum refusal policy_config4(const struct policy_ctx *, const struct config4 *);
/* Take one route that is refused out of a configuration; which one, and why.
 * REFUSE_NOT: none, or it is refused for something else than a route. */
enum refusal
policy_prune4(const struct policy_ctx *, struct config4 *, struct route4 *);
/* One route of a configuration, whose other routes and addresses say what is
 * on-link.  The counts in config4 must be within their arrays. */
enum refusal policy_route4(
    const struct policy_ctx *, const struct config4 *, const struct route4 *);
enum refusal policy_dns(const struct dns_set *);
/* May this protocol (enum protocol) say anything on the interface?  What it
 * has said may be taken back even so. */
enum refusal policy_protocol(const struct conf_iface *, uint32_t protocol);
enum refusal policy_lease4(const struct lease4 *);
/* A UDP socket from a leased address; held: what the parent configured. */
enum refusal policy_udp4(
    const struct config4 *held, struct in_addr local, struct in_addr peer);
/* An ARP descriptor for an address we have or were offered. */
enum refusal policy_arp(struct in_addr key, struct in_addr peer);
/* A name from the network: letters, digits, '-', '_', labels <= 63 (D4-07);
 * the array's NUL must be inside.  empty_ok: "" is allowed. */
enum refusal policy_name(const char *, size_t arraysize, int empty_ok);
/* An interface's own name (Y-20). */
enum refusal policy_ifname(const char *);

const char *policy_refusal_text(enum refusal);

#endif

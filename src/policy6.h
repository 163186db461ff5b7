/* SPDX-License-Identifier: ISC */
/* What the parent refuses of IPv6: policy.h has the principle. */
#ifndef LEASED_POLICY6_H
#define LEASED_POLICY6_H

#include "policy.h"
#include "wire6.h"

#define POLICY_HOP_LIMIT_MIN 64		/* without `accept hop-limit` */
#define POLICY_REACHABLE_MAX_MS 3600000 /* RFC 4861 6.2.1 */
#define POLICY_RETRANS_MIN_MS 100
#define POLICY_RETRANS_MAX_MS 10000

/* An IPv6 prefix some interface has (in the kernel). */
struct prefix6 {
	uint32_t ifindex;
	struct in6_addr addr;
	uint8_t prefixlen;
	uint8_t reserved[3];
};

struct policy_ctx6 {
	uint32_t ifindex;
	uint32_t max_mtu;     /* of the device */
	int pointopoint;      /* the default route may be by interface (Y-21) */
	int accept_hop_limit; /* the interface's block says so */
	size_t other_routes;  /* held by its other protocols */
	const struct prefix6 *prefixes; /* of all interfaces */
	size_t nprefixes;
};

/* What was taken out of a configuration. */
enum policy_item {
	ITEM_ADDRESS, /* dst, prefixlen */
	ITEM_ROUTE,   /* dst, prefixlen, gateway */
	ITEM_MTU,     /* value, as of the next three */
	ITEM_HOP_LIMIT,
	ITEM_REACHABLE,
	ITEM_RETRANS
};
struct policy_pruned6 {
	enum policy_item item;
	struct in6_addr dst;
	struct in6_addr gateway;
	uint8_t prefixlen;
	uint32_t value;
};

/* An address for an interface, and so the source of a lease. */
enum refusal policy_addr6(const struct in6_addr *, uint8_t prefixlen);
/* The whole configuration: only what no pruning helps. */
enum refusal policy_config6(const struct policy_ctx6 *, const struct config6 *);
/* Take one thing that is refused out of a configuration that
 * policy_config6() passed; which one, and why.  REFUSE_NOT: the rest may be
 * carried out. */
enum refusal policy_prune6(
    const struct policy_ctx6 *, struct config6 *, struct policy_pruned6 *);
/* One route; the configuration's addresses say what is its own. */
enum refusal policy_route6(
    const struct policy_ctx6 *, const struct config6 *, const struct route6 *);
/* A DHCPv6 socket (enum channel) on one of the addresses held. */
enum refusal policy_socket6(const struct addr6 *held, size_t n,
    uint32_t channel, const struct in6_addr *key);

#endif

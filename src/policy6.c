/* SPDX-License-Identifier: ISC */
/*
 * What the parent refuses of IPv6: see policy6.h.  Pure functions; nothing
 * here allocates, logs or calls the system.
 */

#include <sys/param.h>
#include <string.h>

#include "policy6.h"
#include "proto/proto.h"

struct block6 {
	uint8_t net[16];
	uint8_t prefixlen;
};

static int is_inside6(const struct in6_addr *, const void *, uint8_t);
static enum refusal
check_addr(const struct config6 *, const struct addr6 *, uint16_t);
static enum refusal check_dst(const struct route6 *);
static enum refusal
check_gateway(const struct policy_ctx6 *, const struct route6 *);
static int is_own(const struct config6 *, const struct prefix6 *);
static int is_range(uint32_t, uint32_t, uint32_t);

/*
 * What no host has and no route of a network leads to: unspecified, loopback
 * and all else of ::/96, IPv4-mapped, multicast (RFC 4291 2.4).
 */
static const struct block6 reserved[] = {
	{ { 0 }, 96 },
	{ { [10] = 0xff, 0xff }, 96 },
	{ { 0xff }, 8 },
};
#define RESERVED (sizeof(reserved) / sizeof(reserved[0]))

static const uint8_t link_local[16] = { 0xfe, 0x80 };
#define LINK_LOCAL_LEN 10

static const uint16_t addrs_max[PROTO_MAX] = {
	[PROTO_SLAAC] = SLAAC_ADDRS_MAX,
	[PROTO_DHCP6] = DHCP6_ADDRS_MAX,
	[PROTO_PD] = PD_ADDRS_MAX,
};

/* Are the first prefixlen bits the same?  More than 128 count as 128. */
static int
is_inside6(const struct in6_addr *addr, const void *net, uint8_t prefixlen)
{
	const uint8_t *bytes = net;
	uint8_t mask;
	size_t bits, i;

	for (i = sizeof(addr->s6_addr); i-- > 0;) {
		bits = MIN(MAX(prefixlen, 8 * i) - 8 * i, 8);
		mask = (uint8_t)(0xff00 >> bits);
		if (((addr->s6_addr[i] ^ bytes[i]) & mask) != 0)
			return 0;
	}
	return 1;
}

/* Does addr/prefixlen lie within a reserved block? */
static int
is_reserved(const struct in6_addr *addr, uint8_t prefixlen)
{
	size_t i;

	for (i = 0; i < RESERVED; i++)
		if (prefixlen >= reserved[i].prefixlen &&
		    is_inside6(addr, reserved[i].net, reserved[i].prefixlen))
			return 1;
	return 0;
}

static int
is_link_local(const struct in6_addr *addr)
{
	return is_inside6(addr, link_local, LINK_LOCAL_LEN);
}

enum refusal
policy_addr6(const struct in6_addr *addr, uint8_t prefixlen)
{
	if (prefixlen == 0 || prefixlen > 128)
		return REFUSE_PREFIXLEN;
	if (is_reserved(addr, 128))
		return REFUSE_ADDRESS;
	/* The kernel's own, or one the parent makes by itself. */
	return is_link_local(addr) ? REFUSE_LINK_LOCAL : REFUSE_NOT;
}

/* The address with this index; earlier ones were checked. */
static enum refusal
check_addr(const struct config6 *config, const struct addr6 *a, uint16_t index)
{
	enum refusal refusal = policy_addr6(&a->addr, a->prefixlen);
	uint16_t i;

	if (refusal != REFUSE_NOT)
		return refusal;
	if (a->valid_sec == 0 || a->preferred_sec > a->valid_sec)
		return REFUSE_LIFETIME;
	if ((a->flags & ~ADDR6_TEMPORARY) != 0)
		return REFUSE_FIELD;
	for (i = 0; i < index; i++)
		if (is_inside6(&a->addr, &config->addrs[i].addr, 128))
			return REFUSE_FIELD;
	return REFUSE_NOT;
}

/* What holds for a destination wherever it is. */
static enum refusal
check_dst(const struct route6 *route)
{
	struct in6_addr net = route->dst;
	size_t bit;

	if (route->prefixlen > 128)
		return REFUSE_PREFIXLEN;
	for (bit = route->prefixlen; bit < 128; bit++)
		net.s6_addr[bit / 8] &= (uint8_t) ~(0x80 >> bit % 8);
	if (!is_inside6(&route->dst, &net, 128))
		return REFUSE_ROUTE_HOSTBITS;
	if (is_reserved(&route->dst, route->prefixlen) ||
	    (route->prefixlen >= LINK_LOCAL_LEN && is_link_local(&route->dst)))
		return REFUSE_ROUTE_DST;
	return REFUSE_NOT;
}

/* Routers are known by their link-local address (RFC 4861 6.1.2). */
static enum refusal
check_gateway(const struct policy_ctx6 *ctx, const struct route6 *route)
{
	if (!IN6_IS_ADDR_UNSPECIFIED(&route->gateway))
		return is_link_local(&route->gateway) && route->flags == 0
		    ? REFUSE_NOT
		    : REFUSE_GATEWAY;
	if (route->prefixlen == 0 && (!ctx->pointopoint || route->flags != 0))
		return REFUSE_GATEWAY;
	return REFUSE_NOT;
}

/* Has this configuration an address in the very same prefix?  Then they are
 * two interfaces on one network. */
static int
is_own(const struct config6 *config, const struct prefix6 *p)
{
	const struct addr6 *a;
	uint16_t i;

	for (i = 0; i < config->naddrs; i++) {
		a = &config->addrs[i];
		if (a->prefixlen == p->prefixlen &&
		    is_inside6(&a->addr, &p->addr, p->prefixlen))
			return 1;
	}
	return 0;
}

/*
 * Through a gateway nothing of another interface's prefix can be reached; a
 * route without one may be to the same prefix (the kernel goes by metric, and
 * a reject route's is the worst), but to a part of it only where it is ours,
 * too.
 */
static int
is_foreign(const struct policy_ctx6 *ctx, const struct config6 *config,
    const struct route6 *route)
{
	int on_link = IN6_IS_ADDR_UNSPECIFIED(&route->gateway);
	const struct prefix6 *p;
	size_t i;

	for (i = 0; i < ctx->nprefixes; i++) {
		p = &ctx->prefixes[i];
		if (p->ifindex == ctx->ifindex || p->prefixlen == 0 ||
		    route->prefixlen < p->prefixlen + on_link ||
		    !is_inside6(&route->dst, &p->addr, p->prefixlen))
			continue;
		if (!on_link || route->flags != 0 || !is_own(config, p))
			return 1;
	}
	return 0;
}

enum refusal
policy_route6(const struct policy_ctx6 *ctx, const struct config6 *config,
    const struct route6 *route)
{
	enum refusal refusal = check_dst(route);

	if (refusal != REFUSE_NOT)
		return refusal;
	if ((route->flags & ~ROUTE6_REJECT) != 0 ||
	    route->preference > PREFERENCE_HIGH)
		return REFUSE_FIELD;
	/* Delegated prefixes are DHCPv6's alone (RFC 7084 WPD-5). */
	if (route->flags != 0 && config->protocol == PROTO_SLAAC)
		return REFUSE_FIELD;
	if (route->valid_sec == 0)
		return REFUSE_LIFETIME;
	if (!is_range(route->mtu, POLICY_MTU_MIN, ctx->max_mtu))
		return REFUSE_ROUTE_MTU;
	if ((refusal = check_gateway(ctx, route)) != REFUSE_NOT)
		return refusal;
	return is_foreign(ctx, config, route) ? REFUSE_FOREIGN_PREFIX
					      : REFUSE_NOT;
}

/* 0 is: not said */
static int
is_range(uint32_t value, uint32_t min, uint32_t max)
{
	return value == 0 || (value >= min && value <= max);
}

enum refusal
policy_config6(const struct policy_ctx6 *ctx, const struct config6 *config)
{
	if (config->protocol >= PROTO_MAX || addrs_max[config->protocol] == 0)
		return REFUSE_FIELD;
	if (config->naddrs > addrs_max[config->protocol] ||
	    config->nroutes + ctx->other_routes > CONFIG6_ROUTES_MAX)
		return REFUSE_COUNT;
	/* Of router advertisements. */
	if (config->protocol != PROTO_SLAAC &&
	    (config->mtu | config->hop_limit | config->reachable_ms |
		config->retrans_ms) != 0)
		return REFUSE_FIELD;
	return REFUSE_NOT;
}

/* A number of a router advertisement that no network has: left out. */
static enum refusal
prune_number(uint32_t *value, uint32_t min, uint32_t max, enum refusal refusal,
    enum policy_item item, struct policy_pruned6 *out)
{
	if (is_range(*value, min, max))
		return REFUSE_NOT;
	out->item = item;
	out->value = *value;
	*value = 0;
	return refusal;
}

static enum refusal
prune_numbers(const struct policy_ctx6 *ctx, struct config6 *config,
    struct policy_pruned6 *out)
{
	enum refusal refusal;

	refusal = prune_number(&config->mtu, POLICY_MTU_MIN, ctx->max_mtu,
	    REFUSE_MTU, ITEM_MTU, out);
	if (refusal == REFUSE_NOT)
		refusal = prune_number(&config->hop_limit,
		    ctx->accept_hop_limit ? 1 : POLICY_HOP_LIMIT_MIN, 255,
		    REFUSE_FIELD, ITEM_HOP_LIMIT, out);
	if (refusal == REFUSE_NOT)
		refusal = prune_number(&config->reachable_ms, 1,
		    POLICY_REACHABLE_MAX_MS, REFUSE_FIELD, ITEM_REACHABLE, out);
	if (refusal == REFUSE_NOT)
		refusal =
		    prune_number(&config->retrans_ms, POLICY_RETRANS_MIN_MS,
			POLICY_RETRANS_MAX_MS, REFUSE_FIELD, ITEM_RETRANS, out);
	return refusal;
}

static enum refusal
prune_addr(struct config6 *config, struct policy_pruned6 *out)
{
	struct addr6 *a;
	enum refusal refusal;
	uint16_t i;

	for (i = 0; i < config->naddrs; i++) {
		a = &config->addrs[i];
		refusal = check_addr(config, a, i);
		if (refusal == REFUSE_NOT)
			continue;
		out->item = ITEM_ADDRESS;
		out->dst = a->addr;
		out->prefixlen = a->prefixlen;
		memmove(a, a + 1, (size_t)(--config->naddrs - i) * sizeof(*a));
		return refusal;
	}
	return REFUSE_NOT;
}

/* The order of the routes is kept: it says which is used first. */
static enum refusal
prune_route(const struct policy_ctx6 *ctx, struct config6 *config,
    struct policy_pruned6 *out)
{
	struct route6 *r;
	enum refusal refusal;
	uint16_t i;

	for (i = 0; i < config->nroutes; i++) {
		r = &config->routes[i];
		refusal = policy_route6(ctx, config, r);
		if (refusal == REFUSE_NOT)
			continue;
		out->item = ITEM_ROUTE;
		out->dst = r->dst;
		out->prefixlen = r->prefixlen;
		out->gateway = r->gateway;
		memmove(r, r + 1, (size_t)(--config->nroutes - i) * sizeof(*r));
		return refusal;
	}
	return REFUSE_NOT;
}

enum refusal
policy_prune6(const struct policy_ctx6 *ctx, struct config6 *config,
    struct policy_pruned6 *out)
{
	enum refusal refusal;

	memset(out, 0, sizeof(*out));
	refusal = prune_numbers(ctx, config, out);
	if (refusal == REFUSE_NOT)
		refusal = prune_addr(config, out);
	if (refusal == REFUSE_NOT)
		refusal = prune_route(ctx, config, out);
	return refusal;
}

enum refusal
policy_socket6(const struct addr6 *held, size_t n, uint32_t channel,
    const struct in6_addr *key)
{
	size_t i;

	/* The others, and those of the link-local address, nobody asks for. */
	if (channel != CHANNEL_DHCP6 && channel != CHANNEL_DHCP6_SEND)
		return REFUSE_FIELD;
	for (i = 0; i < n; i++)
		if (IN6_ARE_ADDR_EQUAL(&held[i].addr, key))
			return REFUSE_NOT;
	return REFUSE_SOCKET_LOCAL;
}

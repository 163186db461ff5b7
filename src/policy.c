/* SPDX-License-Identifier: ISC */
/*
 * What the parent refuses: see policy.h.  Pure functions over what the engine
 * asks for; nothing here allocates, logs or calls the system.
 */

#include <sys/param.h>
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <string.h>

#include "conf.h"
#include "policy.h"

#define LABEL_MAX 63	  /* RFC 1035 2.3.4 */
#define LEASE_SEC_MIN 5	  /* shorter ones are no lease (RFC 2131 has none) */
#define OPTION_MTU_MIN 68 /* RFC 2132 5.1 */
#define MILLI 1000	  /* bucket tokens are counted in thousandths */

struct block4 {
	uint32_t net; /* host order */
	uint8_t prefixlen;
};

static int is_reserved4(uint32_t, uint8_t);
static int is_unicast4(struct in_addr);
static int is_unicast6(const uint8_t *);
static enum refusal
check_addr4(const struct policy_ctx *, const struct addr4 *);
static enum refusal check_host4(struct in_addr, uint8_t);
static enum refusal
check_mtus(const struct policy_ctx *, const struct config4 *);
static enum refusal check_destination4(const struct route4 *);
static enum refusal
check_config4(const struct policy_ctx *, const struct config4 *);
static int is_on_link4(const struct config4 *, struct in_addr);
static int is_own4(const struct config4 *, const struct route4 *);
static enum refusal check_server(const struct dns_server *);
static enum refusal check_lease4_numbers(const struct lease4 *);
static enum refusal check_lease4_lists(const struct lease4 *);
static enum refusal check_lease4_names(const struct lease4 *);

/*
 * What no host has and no route of a lease leads to: "this network" (RFC 6890
 * 2.2.2), loopback, multicast and everything above it.
 */
static const struct block4 reserved4[] = {
	{ 0x00000000U, 8 },
	{ 0x7f000000U, 8 },
	{ 0xe0000000U, 3 },
};
#define LINK_LOCAL4 0xa9fe0000U /* /16, RFC 3927 */
#define RESERVED4 (sizeof(reserved4) / sizeof(reserved4[0]))

#define REFUSAL_TEXT(s, t) [REFUSE_##s] = t,
static const char *const texts[REFUSE_MAX] = { [REFUSE_NOT] = "not refused",
	REFUSALS(REFUSAL_TEXT) };
#undef REFUSAL_TEXT

/* Host order; any length above 32 counts as 32. */
static uint32_t
mask4(uint8_t prefixlen)
{
	return (uint32_t)(0xffffffff00000000ULL >> MIN(prefixlen, 32));
}

static uint32_t
host4(struct in_addr addr)
{
	return ntohl(addr.s_addr);
}

/* Is addr within net/prefixlen? */
static int
is_inside4(uint32_t addr, uint32_t net, uint8_t prefixlen)
{
	return ((addr ^ net) & mask4(prefixlen)) == 0;
}

/*
 * Does net/prefixlen lie within a reserved block?  A prefix that only covers
 * one, as 0.0.0.0/1 does, is an ordinary route: the kernel has more specific
 * ones for loopback and never forwards to the others.
 */
static int
is_reserved4(uint32_t net, uint8_t prefixlen)
{
	size_t i;

	for (i = 0; i < RESERVED4; i++)
		if (prefixlen >= reserved4[i].prefixlen &&
		    is_inside4(net, reserved4[i].net, reserved4[i].prefixlen))
			return 1;
	return 0;
}

static int
is_unicast4(struct in_addr addr)
{
	return !is_reserved4(host4(addr), 32);
}

/*
 * Neither unspecified, loopback, v4-compatible (all in ::/96), v4-mapped nor
 * multicast (RFC 4291 2.4).
 */
static int
is_unicast6(const uint8_t *addr)
{
	static const uint8_t zero[10];

	if (addr[0] == 0xff)
		return 0;
	if (memcmp(addr, zero, sizeof(zero)) != 0)
		return 1;
	return (addr[10] | addr[11]) != 0 && (addr[10] & addr[11]) != 0xff;
}

/*
 * One request of an interface.  now_ms: monotonic milliseconds; a step back
 * refills nothing.
 */
enum refusal
policy_rate(struct policy_bucket *bucket, uint64_t now_ms)
{
	const uint64_t full = (uint64_t)POLICY_BURST * MILLI;
	uint64_t elapsed_ms;

	if (!bucket->started) {
		bucket->started = 1;
		bucket->last_ms = now_ms;
		bucket->tokens_milli = (uint32_t)full;
	}
	/* Longer than it takes to fill is as good; and cannot overflow. */
	elapsed_ms = MIN(now_ms - MIN(now_ms, bucket->last_ms), full);
	bucket->last_ms = now_ms;
	bucket->tokens_milli = (uint32_t)MIN(
	    full, bucket->tokens_milli + elapsed_ms * POLICY_REFILL_PER_SEC);
	if (bucket->tokens_milli < MILLI)
		return REFUSE_RATE;
	bucket->tokens_milli -= MILLI;
	return REFUSE_NOT;
}

/* An address that a host may have. */
static enum refusal
check_host4(struct in_addr addr, uint8_t prefixlen)
{
	uint32_t host = host4(addr), mask = mask4(prefixlen);

	if (prefixlen == 0 || prefixlen > 32)
		return REFUSE_PREFIXLEN;
	if (!is_unicast4(addr))
		return REFUSE_ADDRESS;
	/* RFC 3021: a /31 has no such addresses; nor has a /32. */
	if (prefixlen < 31 && ((host & ~mask) == 0 || (host | mask) == ~0U))
		return REFUSE_NETWORK_ADDRESS;
	return REFUSE_NOT;
}

static int
is_link_local4(struct in_addr addr)
{
	return is_inside4(host4(addr), LINK_LOCAL4, 16);
}

enum refusal
policy_addr4(struct in_addr addr, uint8_t prefixlen)
{
	enum refusal refusal = check_host4(addr, prefixlen);

	if (refusal == REFUSE_NOT && is_link_local4(addr))
		return REFUSE_LINK_LOCAL;
	return refusal;
}

/* RFC 3927 2.1: the first and the last 256 addresses are reserved. */
static int
is_self_assigned4(const struct addr4 *a)
{
	uint32_t host = host4(a->addr);

	return a->prefixlen == 16 && host >= LINK_LOCAL4 + 0x100 &&
	    host < LINK_LOCAL4 + 0xff00;
}

/*
 * The broadcast address becomes a local route of the kernel: one outside the
 * prefix would take an address of the Internet away from the host.
 */
static enum refusal
check_addr4(const struct policy_ctx *ctx, const struct addr4 *a)
{
	uint32_t broadcast = host4(a->broadcast);
	enum refusal refusal = check_host4(a->addr, a->prefixlen);

	if (refusal != REFUSE_NOT)
		return refusal;
	if (is_link_local4(a->addr) &&
	    (!ctx->link_local || !is_self_assigned4(a)))
		return REFUSE_LINK_LOCAL;
	if (broadcast == INADDR_ANY || broadcast == INADDR_BROADCAST)
		return REFUSE_NOT;
	if (!is_inside4(broadcast, host4(a->addr), a->prefixlen) ||
	    broadcast == host4(a->addr))
		return REFUSE_FIELD;
	return REFUSE_NOT;
}

static enum refusal
check_mtus(const struct policy_ctx *ctx, const struct config4 *config)
{
	if (config->if_mtu != 0 &&
	    (config->if_mtu < POLICY_MTU_MIN || config->if_mtu > ctx->max_mtu))
		return REFUSE_MTU;
	if (config->route_mtu != 0 &&
	    (config->route_mtu < POLICY_ROUTE_MTU_MIN ||
		config->route_mtu > ctx->max_mtu))
		return REFUSE_ROUTE_MTU;
	return REFUSE_NOT;
}

/* What holds for a route wherever it is. */
static enum refusal
check_destination4(const struct route4 *route)
{
	uint32_t dst = host4(route->dst);

	if (route->prefixlen > 32)
		return REFUSE_PREFIXLEN;
	if ((dst & ~mask4(route->prefixlen)) != 0)
		return REFUSE_ROUTE_HOSTBITS;
	if (is_reserved4(dst, route->prefixlen))
		return REFUSE_ROUTE_DST;
	if (route->gateway.s_addr != INADDR_ANY && !is_unicast4(route->gateway))
		return REFUSE_GATEWAY;
	return REFUSE_NOT;
}

/* Can the gateway be reached without a gateway, by this configuration? */
static int
is_on_link4(const struct config4 *config, struct in_addr gateway)
{
	const struct route4 *route;
	uint16_t i;

	for (i = 0; i < config->naddrs; i++)
		if (is_inside4(host4(gateway), host4(config->addrs[i].addr),
			config->addrs[i].prefixlen))
			return 1;
	for (i = 0; i < config->nroutes; i++) {
		route = &config->routes[i];
		if (route->gateway.s_addr == INADDR_ANY &&
		    is_inside4(
			host4(gateway), host4(route->dst), route->prefixlen))
			return 1;
	}
	return 0;
}

/*
 * An on-link route that may lie in another interface's prefix: inside the
 * prefix of an address of this configuration (two interfaces on one network),
 * or to the very router that another of its routes uses.
 */
static int
is_own4(const struct config4 *config, const struct route4 *route)
{
	const struct addr4 *a;
	uint16_t i;

	if (route->gateway.s_addr != INADDR_ANY)
		return 0;
	for (i = 0; i < config->naddrs; i++) {
		a = &config->addrs[i];
		if (route->prefixlen >= a->prefixlen &&
		    is_inside4(host4(route->dst), host4(a->addr), a->prefixlen))
			return 1;
	}
	if (route->prefixlen != 32)
		return 0;
	for (i = 0; i < config->nroutes; i++)
		if (config->routes[i].gateway.s_addr == route->dst.s_addr)
			return 1;
	return 0;
}

/*
 * One route of a configuration whose counts were checked.  ctx->prefixes of
 * length 0 take part in nothing: else one of them would refuse every route.
 */
enum refusal
policy_route4(const struct policy_ctx *ctx, const struct config4 *config,
    const struct route4 *route)
{
	const struct prefix4 *p;
	enum refusal refusal = check_destination4(route);
	size_t i;

	if (refusal != REFUSE_NOT)
		return refusal;
	if (route->gateway.s_addr != INADDR_ANY &&
	    !is_on_link4(config, route->gateway))
		return REFUSE_GATEWAY;
	if (is_own4(config, route))
		return REFUSE_NOT;
	for (i = 0; i < ctx->nprefixes; i++) {
		p = &ctx->prefixes[i];
		if (p->ifindex != ctx->ifindex && p->prefixlen != 0 &&
		    route->prefixlen >= p->prefixlen &&
		    is_inside4(host4(route->dst), host4(p->addr), p->prefixlen))
			return REFUSE_FOREIGN_PREFIX;
	}
	return REFUSE_NOT;
}

/* All of a configuration but its routes. */
static enum refusal
check_config4(const struct policy_ctx *ctx, const struct config4 *config)
{
	enum refusal refusal;
	uint16_t i;

	if (config->naddrs > CONFIG4_ADDRS_MAX ||
	    config->nroutes > CONFIG4_ROUTES_MAX)
		return REFUSE_COUNT;
	/* What there is may be taken back even so. */
	if (ctx->off &&
	    (config->naddrs | config->if_mtu | config->route_mtu) != 0)
		return REFUSE_PROTOCOL;
	/* Without an address everything is withdrawn; a route would stay. */
	if (config->naddrs == 0 && config->nroutes != 0)
		return REFUSE_COUNT;
	if ((refusal = check_mtus(ctx, config)) != REFUSE_NOT)
		return refusal;
	for (i = 0; i < config->naddrs; i++) {
		refusal = check_addr4(ctx, &config->addrs[i]);
		if (refusal != REFUSE_NOT)
			return refusal;
	}
	return REFUSE_NOT;
}

/* The whole IPv4 configuration of an interface. */
enum refusal
policy_config4(const struct policy_ctx *ctx, const struct config4 *config)
{
	enum refusal refusal = check_config4(ctx, config);
	uint16_t i;

	for (i = 0; refusal == REFUSE_NOT && i < config->nroutes; i++)
		refusal = policy_route4(ctx, config, &config->routes[i]);
	return refusal;
}

/*
 * Whoever calls again until nothing is refused is left with routes that all
 * depend on each other alone: a gateway whose on-link route went is refused
 * in the next round.
 */
enum refusal
policy_prune4(
    const struct policy_ctx *ctx, struct config4 *config, struct route4 *out)
{
	enum refusal refusal;
	uint16_t i;

	if (check_config4(ctx, config) != REFUSE_NOT)
		return REFUSE_NOT;
	for (i = 0; i < config->nroutes; i++) {
		*out = config->routes[i];
		refusal = policy_route4(ctx, config, out);
		if (refusal == REFUSE_NOT)
			continue;
		config->routes[i] = config->routes[--config->nroutes];
		return refusal;
	}
	return REFUSE_NOT;
}

static enum refusal
check_server(const struct dns_server *server)
{
	struct in_addr addr;

	if (server->family == AF_INET6)
		return is_unicast6(server->addr) ? REFUSE_NOT
						 : REFUSE_DNS_SERVER;
	if (server->family != AF_INET)
		return REFUSE_FIELD;
	memcpy(&addr, server->addr, sizeof(addr));
	return is_unicast4(addr) ? REFUSE_NOT : REFUSE_DNS_SERVER;
}

enum refusal
policy_protocol(const struct conf_iface *conf, uint32_t protocol)
{
	int on;

	switch (protocol) {
	case PROTO_DHCP4:
		on = conf->dhcp4 != CONF_NO;
		break;
	case PROTO_SLAAC:
		on = conf->slaac != CONF_NO;
		break;
	case PROTO_DHCP6:
		on = conf->dhcp6 != CONF_NO;
		break;
	default: /* PROTO_PD has an uplink that speaks for it */
		return REFUSE_FIELD;
	}
	return on ? REFUSE_NOT : REFUSE_PROTOCOL;
}

enum refusal
policy_dns(const struct dns_set *dns)
{
	enum refusal refusal;
	uint16_t i;

	if (dns->nservers > DNS_SERVERS_MAX || dns->nsearch > DNS_SEARCH_MAX)
		return REFUSE_COUNT;
	for (i = 0; i < dns->nservers; i++) {
		refusal = check_server(&dns->servers[i]);
		if (refusal != REFUSE_NOT)
			return refusal;
	}
	for (i = 0; i < dns->nsearch; i++) {
		refusal =
		    policy_name(dns->search[i], sizeof(dns->search[i]), 0);
		if (refusal != REFUSE_NOT)
			return refusal;
	}
	return REFUSE_NOT;
}

static enum refusal
check_lease4_numbers(const struct lease4 *lease)
{
	if ((lease->rapid_commit | lease->has_router_mac | lease->inform) & ~1)
		return REFUSE_FIELD;
	if (lease->nroutes > LEASE4_ROUTES_MAX ||
	    lease->ndns > DNS_SERVERS_MAX || lease->nntp > LEASE4_NTP_MAX ||
	    lease->nsearch > DNS_SEARCH_MAX)
		return REFUSE_COUNT;
	_Static_assert(sizeof(lease->vendor) > UINT8_MAX,
	    "vendor_len cannot be too large");
	if (lease->hwaddr_len > sizeof(lease->hwaddr) ||
	    lease->network_id_len > sizeof(lease->network_id) ||
	    lease->sixrd_len > sizeof(lease->sixrd) ||
	    lease->dnr_len > sizeof(lease->dnr) ||
	    lease->client_id_len > sizeof(lease->client_id))
		return REFUSE_COUNT;
	if (lease->mtu != 0 && lease->mtu < OPTION_MTU_MIN)
		return REFUSE_MTU;
	if (lease->t1_sec > lease->t2_sec || lease->t2_sec > lease->lease_sec)
		return REFUSE_LIFETIME;
	/* The answer to an INFORM grants no address, and needs no server. */
	if (lease->inform)
		return REFUSE_NOT;
	if (lease->lease_sec < LEASE_SEC_MIN)
		return REFUSE_LIFETIME;
	return is_unicast4(lease->server_id) ? REFUSE_NOT : REFUSE_FIELD;
}

static enum refusal
check_lease4_lists(const struct lease4 *lease)
{
	enum refusal refusal;
	uint8_t i;

	for (i = 0; i < lease->nroutes; i++) {
		refusal = check_destination4(&lease->routes[i]);
		if (refusal != REFUSE_NOT)
			return refusal;
	}
	for (i = 0; i < lease->ndns; i++)
		if (!is_unicast4(lease->dns[i]))
			return REFUSE_DNS_SERVER;
	for (i = 0; i < lease->nntp; i++)
		if (!is_unicast4(lease->ntp[i]))
			return REFUSE_FIELD;
	return REFUSE_NOT;
}

static enum refusal
check_lease4_names(const struct lease4 *lease)
{
	const char *p;
	enum refusal refusal;
	uint8_t i;

	refusal = policy_name(lease->hostname, sizeof(lease->hostname), 1);
	if (refusal != REFUSE_NOT)
		return refusal;
	refusal = policy_name(lease->domain, sizeof(lease->domain), 1);
	if (refusal != REFUSE_NOT)
		return refusal;
	for (i = 0; i < lease->nsearch; i++) {
		refusal =
		    policy_name(lease->search[i], sizeof(lease->search[i]), 0);
		if (refusal != REFUSE_NOT)
			return refusal;
	}
	p = lease->captive_portal;
	if (memchr(p, '\0', sizeof(lease->captive_portal)) == NULL)
		return REFUSE_FIELD;
	/* A URI has no blanks (RFC 3986 2): a newline would be another key. */
	for (; *p != '\0'; p++)
		if (*p < '!' || *p > '~')
			return REFUSE_FIELD;
	return REFUSE_NOT;
}

/* A lease as it goes into the lease file: every field. */
enum refusal
policy_lease4(const struct lease4 *lease)
{
	enum refusal refusal;

	if ((refusal = check_lease4_numbers(lease)) != REFUSE_NOT)
		return refusal;
	if (!lease->inform || lease->addr.s_addr != INADDR_ANY) {
		refusal = policy_addr4(lease->addr, lease->prefixlen);
		if (refusal != REFUSE_NOT)
			return refusal;
	}
	if ((refusal = check_lease4_lists(lease)) != REFUSE_NOT)
		return refusal;
	return check_lease4_names(lease);
}

enum refusal
policy_udp4(
    const struct config4 *held, struct in_addr local, struct in_addr peer)
{
	const struct addr4 *a;
	uint16_t i;

	if (!is_unicast4(peer))
		return REFUSE_SOCKET_PEER;
	for (i = 0; i < MIN(held->naddrs, CONFIG4_ADDRS_MAX); i++) {
		a = &held->addrs[i];
		if (a->addr.s_addr != local.s_addr)
			continue;
		/* Nor to the broadcast address of its own prefix. */
		if (is_inside4(host4(peer), host4(local), a->prefixlen) &&
		    check_host4(peer, a->prefixlen) != REFUSE_NOT)
			return REFUSE_SOCKET_PEER;
		return REFUSE_NOT;
	}
	return REFUSE_SOCKET_LOCAL;
}

enum refusal
policy_arp(struct in_addr key, struct in_addr peer)
{
	if (!is_unicast4(key))
		return REFUSE_ADDRESS;
	if (peer.s_addr != INADDR_ANY && !is_unicast4(peer))
		return REFUSE_SOCKET_PEER;
	return REFUSE_NOT;
}

/* ASCII alone, whatever the locale says. */
static int
is_alnum(char c)
{
	static const char set[] = "0123456789abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

	return memchr(set, c, sizeof(set) - 1) != NULL;
}

enum refusal
policy_name(const char *name, size_t arraysize, int empty_ok)
{
	const char *end = memchr(name, '\0', arraysize);
	size_t label = 0;

	if (end == NULL || end - name >= DNS_NAME_MAX)
		return REFUSE_NAME;
	if (end == name)
		return empty_ok ? REFUSE_NOT : REFUSE_NAME;
	for (; name != end; name++) {
		if (*name == '.' && label != 0) {
			label = 0;
			continue;
		}
		if (!is_alnum(*name) && *name != '-' && *name != '_')
			return REFUSE_NAME;
		if (++label > LABEL_MAX)
			return REFUSE_NAME;
	}
	return label != 0 ? REFUSE_NOT : REFUSE_NAME;
}

enum refusal
policy_ifname(const char *name)
{
	static const char others[] = "._-:@";
	size_t len = strnlen(name, IFACE_NAME_MAX), i;

	if (len == 0 || len == IFACE_NAME_MAX)
		return REFUSE_NAME;
	if (name[0] == '.' || name[0] == '-')
		return REFUSE_NAME;
	for (i = 0; i < len; i++)
		if (!is_alnum(name[i]) &&
		    memchr(others, name[i], sizeof(others) - 1) == NULL)
			return REFUSE_NAME;
	return REFUSE_NOT;
}

const char *
policy_refusal_text(enum refusal refusal)
{
	if ((unsigned int)refusal >= REFUSE_MAX)
		return "unknown refusal";
	return texts[refusal];
}

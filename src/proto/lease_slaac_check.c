/* SPDX-License-Identifier: ISC */
/* Every field of struct slaac_info, see lease_slaac.h. */
#include <string.h>

#include "dhcp4_check.h"
#include "dns_name.h"
#include "inet6.h"
#include "lease_slaac.h"
#include "slaac_priv.h"

typedef int info_rule(const struct slaac_info *);

static info_rule bounds, parameters, routers, prefixes, addrs, routes, servers,
    search, pref64, dnr, portal;
static int is_set(const struct slaac_info *, uint8_t);

/* 1: right.  bounds is first, the others rely on it. */
static const struct {
	info_rule *ok;
	const char *wrong;
} info_rules[] = {
	{ bounds, "count or length out of bounds" },
	{ parameters, "parameter out of range" },
	{ routers, "router is not valid" },
	{ prefixes, "prefix is not valid" },
	{ addrs, "address is not valid" },
	{ routes, "route is not valid" },
	{ servers, "name server is not valid" },
	{ search, "search name is not valid" },
	{ pref64, "NAT64 prefix is not valid" },
	{ dnr, "encrypted DNS server is not valid" },
	{ portal, "captive portal is not a URI" },
};

const char *
lease_slaac_check(const struct slaac_info *info)
{
	size_t i;

	for (i = 0; i < NELEMS(info_rules); i++) {
		if (!info_rules[i].ok(info))
			return info_rules[i].wrong;
	}
	return NULL;
}

static int
bounds(const struct slaac_info *info)
{
	return info->nrouters <= SLAAC_ROUTERS_MAX &&
	    info->nprefixes <= SLAAC_PREFIXES_MAX &&
	    info->naddrs <= SLAAC_ADDRS_MAX &&
	    info->nroutes <= SLAAC_ROUTES_MAX &&
	    info->nservers <= DNS_SERVERS_MAX &&
	    info->nsearch <= DNS_SEARCH_MAX &&
	    info->npref64 <= SLAAC_PREF64_MAX && info->ndnr <= SLAAC_DNR_MAX &&
	    info->network_id_len <= sizeof(info->network_id);
}

static int
parameters(const struct slaac_info *info)
{
	return (info->mtu == 0 || info->mtu >= MTU6_MIN) &&
	    info->hop_limit <= UINT8_MAX &&
	    info->reachable_ms <= REACHABLE_MAX_MS &&
	    (info->retrans_ms == 0 ||
		(info->retrans_ms >= RETRANS_MIN_MS &&
		    info->retrans_ms <= RETRANS_MAX_MS));
}

/* A set of routers that are there. */
static int
is_set(const struct slaac_info *info, uint8_t set)
{
	return set >> info->nrouters == 0;
}

static int
routers(const struct slaac_info *info)
{
	const struct slaac_router *r;
	size_t i, k;

	for (i = 0; i < info->nrouters; i++) {
		r = &info->routers[i];
		if (!inet6_is_link_local(&r->addr) ||
		    r->preference > PREFERENCE_HIGH ||
		    r->flags > (SLAAC_ROUTER_MANAGED | SLAAC_ROUTER_OTHER |
				   SLAAC_ROUTER_REACHABLE))
			return 0;
		for (k = 0; k < i; k++)
			if (inet6_equal(&r->addr, &info->routers[k].addr))
				return 0;
	}
	return 1;
}

static int
prefixes(const struct slaac_info *info)
{
	unsigned int of[SLAAC_ROUTERS_MAX] = { 0 };
	const struct slaac_prefix *p;
	size_t i, k;

	for (i = 0; i < info->nprefixes; i++) {
		p = &info->prefixes[i];
		if (!inet6_is_prefix(&p->prefix, p->prefixlen) ||
		    p->preferred_sec > p->valid_sec ||
		    p->flags >= SLAAC_PREFIX_DEPRECATED << 1 ||
		    !is_set(info, p->routers) ||
		    (p->valid_sec > 0 && p->prefixlen != 64))
			return 0;
		for (k = 0; k < i; k++)
			if (p->prefixlen == info->prefixes[k].prefixlen &&
			    inet6_equal(&p->prefix, &info->prefixes[k].prefix))
				return 0;
		for (k = 0; k < SLAAC_ROUTERS_MAX; k++)
			if ((p->routers & BIT(k)) &&
			    ++of[k] > ROUTER_PREFIXES_MAX)
				return 0;
	}
	return 1;
}

static int
addrs(const struct slaac_info *info)
{
	const struct slaac_address *a;
	size_t i, k;

	for (i = 0; i < info->naddrs; i++) {
		a = &info->addrs[i];
		if (!inet6_is_global(&a->addr) || a->prefixlen != 64 ||
		    a->valid_sec == 0 || a->preferred_sec > a->valid_sec ||
		    (a->flags & ~LEASE_SLAAC_ADDR_FLAGS) != 0)
			return 0;
		for (k = 0; k < i; k++)
			if (inet6_equal(&a->addr, &info->addrs[k].addr))
				return 0;
	}
	return 1;
}

static int
routes(const struct slaac_info *info)
{
	unsigned int of[SLAAC_ROUTERS_MAX] = { 0 };
	const struct slaac_route *r;
	size_t i;

	for (i = 0; i < info->nroutes; i++) {
		r = &info->routes[i];
		if (!inet6_is_prefix(&r->dst, r->prefixlen) ||
		    r->preference > PREFERENCE_HIGH ||
		    r->router >= info->nrouters ||
		    ++of[r->router] > ROUTER_ROUTES_MAX)
			return 0;
	}
	return 1;
}

static int
servers(const struct slaac_info *info)
{
	size_t i;

	for (i = 0; i < info->nservers; i++) {
		if (!inet6_is_unicast(&info->servers[i].addr) ||
		    !is_set(info, info->servers[i].routers))
			return 0;
	}
	return 1;
}

static int
search(const struct slaac_info *info)
{
	size_t i;

	for (i = 0; i < info->nsearch; i++) {
		if (!dns_name_valid(info->search[i], DNS_NAME_MAX) ||
		    !is_set(info, info->search_routers[i]))
			return 0;
	}
	return 1;
}

/* RFC 8781 4: 32 to 96 */
static int
pref64(const struct slaac_info *info)
{
	const struct slaac_pref64 *p;
	size_t i;

	for (i = 0; i < info->npref64; i++) {
		p = &info->pref64[i];
		if (!inet6_is_prefix(&p->prefix, p->prefixlen) ||
		    p->prefixlen % 8 != 0 || p->prefixlen < 32 ||
		    (p->prefixlen > 64 && p->prefixlen != 96) ||
		    !is_set(info, p->routers))
			return 0;
	}
	return 1;
}

static int
dnr(const struct slaac_info *info)
{
	const struct slaac_dnr *d;
	size_t i, k;

	for (i = 0; i < info->ndnr; i++) {
		d = &info->dnr[i];
		if (!dns_name_valid(d->name, sizeof(d->name)) ||
		    d->naddrs > SLAAC_DNR_ADDRS_MAX ||
		    !is_set(info, d->routers))
			return 0;
		for (k = 0; k < d->naddrs; k++)
			if (!inet6_is_unicast(&d->addrs[k]))
				return 0;
	}
	return 1;
}

static int
portal(const struct slaac_info *info)
{
	size_t len =
	    strnlen(info->captive_portal, sizeof(info->captive_portal));
	struct buf b;

	buf_init(&b, info->captive_portal, len);
	return len == 0 || (len < sizeof(info->captive_portal) && check_uri(b));
}

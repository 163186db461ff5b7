/* SPDX-License-Identifier: ISC */
/* Every field of a lease, see lease_check.h. */
#include <string.h>

#include "dhcp4_check.h"
#include "dns_name.h"
#include "lease_check.h"

typedef int lease_rule(const struct lease4 *);

static lease_rule bounds, address, server, broadcast, times, mtu, routes,
    name_servers, ntp_servers, host_name, domain, search, captive_portal, sixrd,
    dnr;
static int all_unicast(const struct in_addr *, size_t);
static int name_or_empty(const char *);

/* 1: right.  bounds is first, the others rely on it. */
static const struct {
	lease_rule *ok;
	const char *wrong;
} lease_rules[] = {
	{ bounds, "count, length or flag out of bounds" },
	{ address, "address is not one of a host" },
	{ server, "server is not a unicast address" },
	{ broadcast, "broadcast address outside the prefix" },
	{ times, "lease time below 5, or t1, t2 and lease time not ascending" },
	{ mtu, "MTU below 68" },
	{ routes, "route is not valid" },
	{ name_servers, "name server is not a unicast address" },
	{ ntp_servers, "NTP server is not a unicast address" },
	{ host_name, "host name is not valid" },
	{ domain, "domain name is not valid" },
	{ search, "search names are not valid or too long" },
	{ captive_portal, "captive portal is not a URI" },
	{ sixrd, "6RD parameters are not valid" },
	{ dnr, "encrypted DNS servers are not valid" },
};

const char *
lease4_check(const struct lease4 *l)
{
	size_t i;

	for (i = 0; i < sizeof(lease_rules) / sizeof(lease_rules[0]); i++) {
		if (!lease_rules[i].ok(l))
			return lease_rules[i].wrong;
	}
	return NULL;
}

static int
bounds(const struct lease4 *l)
{
	return l->nroutes <= LEASE4_ROUTES_MAX && l->ndns <= DNS_SERVERS_MAX &&
	    l->nntp <= LEASE4_NTP_MAX && l->nsearch <= DNS_SEARCH_MAX &&
	    l->rapid_commit <= 1 && l->has_router_mac <= 1 && l->inform <= 1 &&
	    l->hwaddr_len <= sizeof(l->hwaddr) &&
	    l->network_id_len <= sizeof(l->network_id) &&
	    l->sixrd_len <= sizeof(l->sixrd) && l->dnr_len <= sizeof(l->dnr) &&
	    l->client_id_len <= sizeof(l->client_id) &&
	    memchr(l->captive_portal, '\0', sizeof(l->captive_portal)) != NULL;
}

/* An answer to an INFORM may have none. */
static int
address(const struct lease4 *l)
{
	if (l->inform && l->addr.s_addr == INADDR_ANY)
		return l->prefixlen <= 32;
	return inet4_is_host(l->addr, l->prefixlen);
}

static int
server(const struct lease4 *l)
{
	if (l->inform && l->server_id.s_addr == INADDR_ANY)
		return 1;
	return inet4_is_unicast(l->server_id);
}

static int
broadcast(const struct lease4 *l)
{
	if (l->broadcast.s_addr == INADDR_ANY)
		return 1;
	/* The client's own address is not part of an INFORM's answer. */
	if (l->addr.s_addr == INADDR_ANY)
		return l->broadcast.s_addr == INADDR_BROADCAST ||
		    inet4_is_unicast(l->broadcast);
	return check_broadcast4(l->broadcast, l->addr, l->prefixlen);
}

/* An answer to an INFORM has no times (D4-16 leaves them out). */
static int
times(const struct lease4 *l)
{
	return l->t1_sec <= l->t2_sec && l->t2_sec <= l->lease_sec &&
	    (l->inform || l->lease_sec >= LEASE4_SEC_MIN);
}

static int
mtu(const struct lease4 *l)
{
	return l->mtu == 0 || l->mtu >= MTU4_MIN;
}

static int
routes(const struct lease4 *l)
{
	size_t i;

	for (i = 0; i < l->nroutes; i++) {
		if (!check_route4(&l->routes[i]))
			return 0;
	}
	return 1;
}

static int
all_unicast(const struct in_addr *addrs, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (!inet4_is_unicast(addrs[i]))
			return 0;
	}
	return 1;
}

static int
name_servers(const struct lease4 *l)
{
	return all_unicast(l->dns, l->ndns);
}

static int
ntp_servers(const struct lease4 *l)
{
	return all_unicast(l->ntp, l->nntp);
}

static int
name_or_empty(const char *name)
{
	return name[0] == '\0' || dns_name_valid(name, DNS_NAME_MAX);
}

static int
host_name(const struct lease4 *l)
{
	return name_or_empty(l->hostname);
}

static int
domain(const struct lease4 *l)
{
	return name_or_empty(l->domain);
}

static int
search(const struct lease4 *l)
{
	size_t i, total = 0;

	for (i = 0; i < l->nsearch; i++) {
		if (!dns_name_valid(l->search[i], DNS_NAME_MAX))
			return 0;
		total += strlen(l->search[i]);
	}
	return total <= LEASE4_SEARCH_TEXT_MAX;
}

static int
captive_portal(const struct lease4 *l)
{
	struct buf b;

	buf_init(&b, l->captive_portal, strlen(l->captive_portal));
	return buf_left(&b) == 0 || check_uri(b);
}

static int
sixrd(const struct lease4 *l)
{
	struct buf b;

	buf_init(&b, l->sixrd, l->sixrd_len);
	return buf_left(&b) == 0 || check_sixrd(b);
}

static int
dnr(const struct lease4 *l)
{
	struct buf b;

	buf_init(&b, l->dnr, l->dnr_len);
	return buf_left(&b) == 0 || check_dnr4(b);
}

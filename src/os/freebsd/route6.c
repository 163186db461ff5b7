/* SPDX-License-Identifier: ISC */
/* IPv6 routes; see route.c.  What the kernel's own router discovery made is
 * never taken for ours: it is switched off first (ipv6.c). */

#include <sys/socket.h>
#include <netinet/in.h>
#include <string.h>

#include "freebsd.h"

static struct route_want
want6(const struct os_route6 *os)
{
	const struct route6 *route = &os->route;
	struct link *link = link_find(os->ifindex);
	struct route_want want;

	memset(&want, 0, sizeof(want));
	want.key.fib = link_fib(os->ifindex);
	want.key.family = AF_INET6;
	want.key.prefixlen = route->prefixlen;
	memcpy(want.key.dst, &route->dst, sizeof(route->dst));
	want.ifindex = os->ifindex;
	want.metric = os->metric;
	want.mtu = route->mtu;
	want.no_link = !link_has_carrier(os->ifindex);
	/* The MTU of router advertisements: see os_ipv6_set(). */
	if (want.mtu == 0 && link != NULL)
		want.mtu = link->ra_mtu;
	memcpy(want.gateway, &route->gateway, sizeof(route->gateway));
	if (route->flags & ROUTE6_REJECT) {
		want.reject = 1;
		want.mtu = 0;
		memset(want.gateway, 0, sizeof(want.gateway));
	}
	return want;
}

int
os_route6_add(const struct os_route6 *route)
{
	struct route_want want = want6(route);

	return route_install(&want);
}

int
os_route6_remove(const struct os_route6 *route)
{
	struct route_want want = want6(route);

	return route_unwant(&route_table, &want);
}

int
os_route6_ours(const struct os_route6 *route)
{
	struct route_want want = want6(route);

	if (!route_table.ops->check(&want))
		return 0;
	return route_adopt(&route_table, &want) == 0;
}

void
route6_gone(const struct route_want *want, const struct os_events *events)
{
	struct in6_addr dst, gateway;

	if (events->route6_gone == NULL)
		return;
	memcpy(&dst, want->key.dst, sizeof(dst));
	memcpy(&gateway, want->gateway, sizeof(gateway));
	events->route6_gone(want->ifindex, &dst, want->key.prefixlen, &gateway);
}

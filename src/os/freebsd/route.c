/* SPDX-License-Identifier: ISC */
/*
 * Routes.  The kernel's table has no metric, and a second RTM_ADD to one
 * destination makes a second path (net/route/route_ctl.c, ROUTE_MPATH): the
 * choice among ours is made here (route_choice.c), a destination that somebody
 * else's route has is left alone, and what goes is always named with its
 * gateway.  Ours bear RTF_PROTO1.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <net/route.h>
#include <netinet/in.h>
#include <errno.h>
#include <string.h>

#include "freebsd.h"

struct route_table route_table;
static int suspect;
static const char *text = "";

/* Is what the kernel has this very route, and marked as ours? */
static int
is_ours(const struct route_want *want, const struct rt_route *r)
{
	static const uint8_t zero[16];

	if (!(r->flags & RTF_PROTO1))
		return 0;
	/* The kernel hangs these on lo0. */
	if (want->reject)
		return (r->flags & RTF_REJECT) != 0;
	if (r->ifindex != want->ifindex)
		return 0;
	if (memcmp(want->gateway, zero, sizeof(zero)) == 0)
		return !(r->flags & RTF_GATEWAY);
	return (r->flags & RTF_GATEWAY) &&
	    memcmp(r->gateway, want->gateway, sizeof(zero)) == 0;
}

static int
kernel_check(const struct route_want *want)
{
	struct rt_route r;
	int error = rt_get(want, &r);

	/* A question that was not answered is no "no". */
	if (error != 0)
		return error != ESRCH;
	return is_ours(want, &r);
}

static int
kernel_add(const struct route_want *want)
{
	struct rt_route r;
	int error = rt_get_any(&want->key, &r);

	if (error == ESRCH)
		return rt_add(want);
	if (error != 0)
		return error;
	return kernel_check(want) ? 0 : EEXIST;
}

/* In place only what keeps its interface (and with it its MTU). */
static int
kernel_change(const struct route_want *from, const struct route_want *want)
{
	struct rt_route r;

	if (from->ifindex != want->ifindex || from->reject != want->reject ||
	    (from->mtu != 0 && want->mtu == 0))
		return ENOTSUP;
	/* Only over our own: somebody may have put another in its place. */
	if (rt_get(from, &r) != 0 || !is_ours(from, &r))
		return ESRCH;
	return rt_change(want);
}

/* Gone already, by itself or with its interface, is 0. */
static int
kernel_remove(const struct route_want *want)
{
	struct rt_route r;
	int error;

	if (rt_get(want, &r) == 0 && !is_ours(want, &r))
		return 0;
	error = rt_delete(want);
	return error == ESRCH || error == ENXIO ? 0 : error;
}

static const struct route_ops kernel = {
	.add = kernel_add,
	.change = kernel_change,
	.remove = kernel_remove,
	.check = kernel_check,
};

void
route_init(void)
{
	route_table_init(&route_table, &kernel);
}

/* The kernel has no words of its own for an error; these are about the last
 * route that was added. */
const char *
os_error_text(void)
{
	return text;
}

int
route_install(const struct route_want *want)
{
	int error = route_want(&route_table, want);

	text = "";
	if (error == 0 && route_waits(&route_table, want))
		text = "somebody else's route is there, ours waits";
	return error;
}

/* ---- what the routing socket says ---- */

void
route_suspect(const struct route_key *key)
{
	if (!suspect && route_wanted(&route_table, key, 0))
		suspect = 1;
}

void
route_suspect_all(void)
{
	suspect = 1;
}

int
route_suspected(void)
{
	return suspect;
}

static const struct os_events *reporting;

static void
gone(const struct route_want *want)
{
	if (want->key.family == AF_INET)
		route4_gone(want, reporting);
	else
		route6_gone(want, reporting);
}

void
route_report(const struct os_events *events)
{
	reporting = events;
	suspect = 0;
	route_verify(&route_table, gone);
}

void
route4_gone(const struct route_want *want, const struct os_events *events)
{
	struct in_addr dst, gateway;

	memcpy(&dst, want->key.dst, sizeof(dst));
	memcpy(&gateway, want->gateway, sizeof(gateway));
	events->route4_gone(want->ifindex, dst, want->key.prefixlen, gateway);
}

/* ---- IPv4 ---- */

static struct route_want
want4(const struct os_route4 *route)
{
	struct route_want want;

	memset(&want, 0, sizeof(want));
	want.key.fib = link_fib(route->ifindex);
	want.key.family = AF_INET;
	want.key.prefixlen = route->prefixlen;
	memcpy(want.key.dst, &route->dst, sizeof(route->dst));
	want.ifindex = route->ifindex;
	want.metric = route->metric;
	want.mtu = route->mtu;
	want.no_link = !link_has_carrier(route->ifindex);
	memcpy(want.gateway, &route->gateway, sizeof(route->gateway));
	memcpy(want.source, &route->source, sizeof(route->source));
	return want;
}

int
os_route4_add(const struct os_route4 *route)
{
	struct route_want want = want4(route);

	return route_install(&want);
}

int
os_route4_remove(const struct os_route4 *route)
{
	struct route_want want = want4(route);

	return route_unwant(&route_table, &want);
}

int
os_route4_ours(const struct os_route4 *route)
{
	struct route_want want = want4(route);
	struct rt_route r;

	if (rt_get(&want, &r) != 0 || !is_ours(&want, &r))
		return 0;
	return route_adopt(&route_table, &want) == 0;
}

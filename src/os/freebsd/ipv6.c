/* SPDX-License-Identifier: ISC */
/*
 * The kernel's own IPv6 per interface: neighbour discovery's flags and host
 * variables (netinet6/nd6.c:nd6_ioctl), link-local addresses, and whether IPv6
 * can be used at all (RFC 8925 3.2).
 */

#include <sys/ioctl.h>
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/sockio.h>
#include <net/if.h>
#include <net/route.h>
#include <netinet/in.h>
#include <netinet6/in6_var.h>
#include <netinet6/nd6.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "freebsd.h"

/* ---- is IPv6 usable? ---- */

/* The default route of the table, and those of ours that wait behind it. */
static int
has_default(const struct link *link)
{
	struct route_want want;
	struct rt_route r;

	memset(&want, 0, sizeof(want));
	want.key.fib = link->fib;
	want.key.family = AF_INET6;
	if (route_wanted(&route_table, &want.key, link->info.ifindex))
		return 1;
	return rt_get_any(&want.key, &r) == 0 &&
	    r.ifindex == link->info.ifindex &&
	    !(r.flags & (RTF_REJECT | RTF_BLACKHOLE));
}

void
ipv6_report(const struct os_events *events)
{
	struct link *link;
	int usable;

	TAILQ_FOREACH (link, &links, entry) {
		usable =
		    addr6_has_global(link->info.ifindex) && has_default(link);
		if (usable == link->usable6)
			continue;
		link->usable6 = usable;
		events->ipv6_usable(link->info.ifindex, usable);
	}
}

/* ---- knobs ---- */

static int
nd_get(const char *name, struct in6_ndireq *nd)
{
	memset(nd, 0, sizeof(*nd));
	strlcpy(nd->ifname, name, sizeof(nd->ifname));
	return ifioctl6(SIOCGIFINFO_IN6, nd);
}

/* Both calls write the whole word of flags: always read, change, write.  What
 * was asked is read back, because clearing IFDISABLED of an interface with a
 * duplicated address returns 0 and does nothing. */
static int
nd_flags(const char *name, uint32_t set, uint32_t clear)
{
	struct in6_ndireq nd;
	uint32_t want;
	int error;

	if ((error = nd_get(name, &nd)) != 0)
		return error;
	want = (nd.ndi.flags | set) & ~clear;
	if (want == nd.ndi.flags)
		return 0;
	nd.ndi.flags = want;
	if ((error = ifioctl6(SIOCSIFINFO_FLAGS, &nd)) != 0 ||
	    (error = nd_get(name, &nd)) != 0)
		return error;
	return (nd.ndi.flags & set) == set && (nd.ndi.flags & clear) == 0
	    ? 0
	    : EBUSY;
}

/* Host variables: 0 leaves one as it is; those not asked for are 0. */
static int
nd_variable(const char *name, enum os_ipv6_knob knob, uint32_t value)
{
	struct in6_ndireq nd;
	uint32_t flags;
	int error;

	if ((error = nd_get(name, &nd)) != 0)
		return error;
	flags = nd.ndi.flags;
	memset(&nd.ndi, 0, sizeof(nd.ndi));
	nd.ndi.flags = flags;
	if (knob == KNOB_HOP_LIMIT)
		nd.ndi.chlim = (uint8_t)value;
	else if (knob == KNOB_REACHABLE_MS)
		nd.ndi.basereachable = value;
	else
		nd.ndi.retrans = value;
	return ifioctl6(SIOCSIFINFO_IN6, &nd);
}

static void
remove_address(const char *name, uint32_t ifindex, const struct in6_addr *addr)
{
	struct in6_ifreq ifr;

	memset(&ifr, 0, sizeof(ifr));
	strlcpy(ifr.ifr_name, name, sizeof(ifr.ifr_name));
	ifr.ifr_ifru.ifru_addr = sockaddr6(addr, ifindex);
	(void)ifioctl6(SIOCDIFADDR_IN6, &ifr);
}

/*
 * What the kernel took from router advertisements stays when it is told to
 * listen no more.  SIOCSPFXFLUSH_IN6 and SIOCSRTRFLUSH_IN6 would flush that of
 * all interfaces: here only this one's, one by one.
 */
static void
flush_kernel_ra(const struct interface *iface)
{
	struct ifaddrs *list, *ifa;
	struct sockaddr_in6 sin6;
	struct route_want want;
	struct rt_route r;
	int flags;

	if (getifaddrs(&list) == -1)
		return;
	for (ifa = list; ifa != NULL; ifa = ifa->ifa_next) {
		if (ifa->ifa_addr == NULL ||
		    ifa->ifa_addr->sa_family != AF_INET6 ||
		    strcmp(ifa->ifa_name, iface->name) != 0)
			continue;
		memcpy(&sin6, ifa->ifa_addr, sizeof(sin6));
		if (!IN6_IS_ADDR_LINKLOCAL(&sin6.sin6_addr) &&
		    addr6_flags(iface->name, iface->ifindex, &sin6.sin6_addr,
			&flags) == 0 &&
		    (flags & IN6_IFF_AUTOCONF))
			remove_address(
			    iface->name, iface->ifindex, &sin6.sin6_addr);
	}
	freeifaddrs(list);
	memset(&want, 0, sizeof(want));
	want.key.fib = link_fib(iface->ifindex);
	want.key.family = AF_INET6;
	want.ifindex = iface->ifindex;
	/* netinet6/nd6_rtr.c:defrouter_addreq: no RTF_STATIC */
	if (rt_get_any(&want.key, &r) != 0 || r.ifindex != iface->ifindex ||
	    !(r.flags & RTF_GATEWAY) || (r.flags & (RTF_STATIC | RTF_PROTO1)))
		return;
	memcpy(want.gateway, r.gateway, sizeof(want.gateway));
	(void)rt_delete(&want);
}

int
os_ipv6_get(
    const struct interface *iface, enum os_ipv6_knob knob, uint32_t *value)
{
	struct link *link = link_find(iface->ifindex);
	struct in6_ndireq nd;
	int error;

	if ((error = nd_get(iface->name, &nd)) != 0)
		return error;
	switch (knob) {
	case KNOB_ACCEPT_RA:
		*value = (nd.ndi.flags & ND6_IFF_ACCEPT_RTADV) != 0;
		return 0;
	case KNOB_DISABLED:
		*value = (nd.ndi.flags & ND6_IFF_IFDISABLED) != 0;
		return 0;
	case KNOB_MTU:
		*value = link != NULL && link->ra_mtu != 0 ? link->ra_mtu
							   : iface->mtu;
		return 0;
	case KNOB_HOP_LIMIT:
		*value = nd.ndi.chlim;
		return 0;
	case KNOB_REACHABLE_MS:
		*value = nd.ndi.basereachable;
		return 0;
	case KNOB_RETRANS_MS:
		*value = nd.ndi.retrans;
		return 0;
	default:
		return ENOTSUP;
	}
}

/*
 * The kernel's linkmtu only ever goes down (EINVAL, nd6_ioctl), so that a
 * router's MTU could not be taken back.  It goes on all our routes instead;
 * all IPv6 traffic of the interface uses these, our addresses being /128.
 */
static int
set_mtu(const struct interface *iface, uint32_t mtu)
{
	struct link *link = link_find(iface->ifindex);
	uint32_t now = mtu == iface->mtu ? 0 : mtu;

	if (link == NULL)
		return ENXIO;
	if (mtu > iface->mtu || mtu < 1280) /* RFC 8200 5 */
		return EINVAL;
	if (link->ra_mtu != now)
		route_set_mtu(
		    &route_table, iface->ifindex, AF_INET6, link->ra_mtu, now);
	link->ra_mtu = now;
	return 0;
}

int
os_ipv6_set(
    const struct interface *iface, enum os_ipv6_knob knob, uint32_t value)
{
	int error;

	switch (knob) {
	case KNOB_ACCEPT_RA:
		if (value)
			return nd_flags(iface->name, ND6_IFF_ACCEPT_RTADV, 0);
		error = nd_flags(iface->name, 0, ND6_IFF_ACCEPT_RTADV);
		if (error == 0)
			flush_kernel_ra(iface);
		return error;
	case KNOB_DISABLED:
		return value ? nd_flags(iface->name, ND6_IFF_IFDISABLED, 0)
			     : nd_flags(iface->name, 0, ND6_IFF_IFDISABLED);
	case KNOB_MTU:
		return set_mtu(iface, value);
	case KNOB_HOP_LIMIT:
	case KNOB_REACHABLE_MS:
	case KNOB_RETRANS_MS:
		return nd_variable(iface->name, knob, value);
	default:
		return ENOTSUP;
	}
}

/* ---- a link-local address (Y-23) ---- */

static int
add_link_local(const struct interface *iface)
{
	struct in6_aliasreq req;
	struct in6_addr addr;

	memset(&addr, 0, sizeof(addr));
	addr.s6_addr[0] = 0xfe;
	addr.s6_addr[1] = 0x80;
	arc4random_buf(&addr.s6_addr[8], 8);
	memset(&req, 0, sizeof(req));
	strlcpy(req.ifra_name, iface->name, sizeof(req.ifra_name));
	req.ifra_addr = sockaddr6(&addr, iface->ifindex);
	req.ifra_prefixmask.sin6_len = sizeof(req.ifra_prefixmask);
	req.ifra_prefixmask.sin6_family = AF_INET6;
	memset(&req.ifra_prefixmask.sin6_addr, 0xff, 8);
	req.ifra_lifetime.ia6t_vltime = ND6_INFINITE_LIFETIME;
	req.ifra_lifetime.ia6t_pltime = ND6_INFINITE_LIFETIME;
	return ifioctl6(SIOCAIFADDR_IN6, &req);
}

/* What it learned goes by its lifetimes: the kernel has no call to take it
 * back on one interface alone. */
int
os_ipv6_takeover(uint32_t ifindex)
{
	(void)ifindex;
	return 0;
}

/*
 * The kernel makes one by itself when AUTO_LINKLOCAL is switched on on an
 * interface that is up and not disabled; flags that do not change make none.
 * With a duplicated one it disables IPv6, and would make the same again: then
 * another, by hand.
 */
int
os_link_local6(const struct interface *iface)
{
	const char *name = iface->name;
	struct in6_addr addr;
	int flags, error;

	if (addr6_link_local(iface->ifindex, &addr, &flags)) {
		if (!(flags & IN6_IFF_DUPLICATED))
			return nd_flags(name, 0, ND6_IFF_IFDISABLED);
		error = nd_flags(name, 0, ND6_IFF_AUTO_LINKLOCAL);
		if (error != 0)
			return error;
		remove_address(name, iface->ifindex, &addr);
		if ((error = nd_flags(name, 0, ND6_IFF_IFDISABLED)) != 0)
			return error;
		return add_link_local(iface);
	}
	error = nd_flags(name, ND6_IFF_AUTO_LINKLOCAL, ND6_IFF_IFDISABLED);
	if (error != 0)
		return error;
	if (addr6_link_local(iface->ifindex, &addr, &flags))
		return 0;
	(void)nd_flags(name, 0, ND6_IFF_AUTO_LINKLOCAL);
	(void)nd_flags(name, ND6_IFF_AUTO_LINKLOCAL, 0);
	if (addr6_link_local(iface->ifindex, &addr, &flags))
		return 0;
	/* Without a hardware address there is nothing to make it from. */
	return add_link_local(iface);
}

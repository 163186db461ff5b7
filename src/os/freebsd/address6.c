/* SPDX-License-Identifier: ISC */
/*
 * IPv6 addresses.  The end of duplicate address detection is told by no
 * message (netinet6/nd6_nbr.c:nd6_dad_timer): whoever waits for it asks
 * os_addr6_state().
 */

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/sockio.h>
#include <sys/sysctl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet6/in6_var.h>
#include <netinet6/nd6.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "freebsd.h"
#include "log.h"

#define ADDRS_MAX 65536
#define UNUSABLE (IN6_IFF_NOTREADY | IN6_IFF_DETACHED)

const int os_addr6_has_events = 0;

struct entry6 {
	TAILQ_ENTRY(entry6) entry;
	uint32_t ifindex;
	struct in6_addr addr;
	uint8_t prefixlen;
	uint8_t seen;
	uint8_t changed;
	int flags; /* IN6_IFF_* */
};

static TAILQ_HEAD(, entry6) addrs = TAILQ_HEAD_INITIALIZER(addrs);
static unsigned int naddrs;

/* A link-local address has its zone in sin6_scope_id alone; of a wrong one
 * the kernel makes an address that does not work (netinet6/scope6.c). */
struct sockaddr_in6
sockaddr6(const struct in6_addr *addr, uint32_t ifindex)
{
	struct sockaddr_in6 sin6;

	memset(&sin6, 0, sizeof(sin6));
	sin6.sin6_len = sizeof(sin6);
	sin6.sin6_family = AF_INET6;
	sin6.sin6_addr = *addr;
	if (IN6_IS_ADDR_LINKLOCAL(addr) || IN6_IS_ADDR_MC_LINKLOCAL(addr))
		sin6.sin6_scope_id = ifindex;
	return sin6;
}

int
addr6_flags(const char *ifname, uint32_t ifindex, const struct in6_addr *addr,
    int *flags)
{
	struct in6_ifreq ifr;
	int error;

	memset(&ifr, 0, sizeof(ifr));
	strlcpy(ifr.ifr_name, ifname, sizeof(ifr.ifr_name));
	ifr.ifr_ifru.ifru_addr = sockaddr6(addr, ifindex);
	error = ifioctl6(SIOCGIFAFLAG_IN6, &ifr);
	if (error != 0)
		return error == EADDRNOTAVAIL || error == ENXIO ? ESRCH : error;
	*flags = ifr.ifr_ifru.ifru_flags6;
	return 0;
}

static int
parse(const struct ifaddrs *ifa, struct entry6 *e)
{
	const struct if_data *data = ifa->ifa_data;
	struct sockaddr_in6 sin6;
	struct link *link;

	if (ifa->ifa_addr == NULL || ifa->ifa_addr->sa_family != AF_INET6 ||
	    ifa->ifa_netmask == NULL || (data != NULL && data->ifi_vhid != 0))
		return 0;
	TAILQ_FOREACH (link, &links, entry)
		if (strcmp(link->info.name, ifa->ifa_name) == 0)
			break;
	if (link == NULL)
		return 0;
	memset(e, 0, sizeof(*e));
	e->ifindex = link->info.ifindex;
	memcpy(&sin6, ifa->ifa_addr, sizeof(sin6));
	e->addr = sin6.sin6_addr;
	memcpy(&sin6, ifa->ifa_netmask, sizeof(sin6));
	e->prefixlen = (uint8_t)prefixlen_of(&sin6.sin6_addr, 16);
	return addr6_flags(ifa->ifa_name, e->ifindex, &e->addr, &e->flags) == 0;
}

static struct entry6 *
find(uint32_t ifindex, const struct in6_addr *addr)
{
	struct entry6 *e;

	TAILQ_FOREACH (e, &addrs, entry) {
		if (e->ifindex == ifindex && IN6_ARE_ADDR_EQUAL(&e->addr, addr))
			return e;
	}
	return NULL;
}

void
addr6_update(const struct ifaddrs *list)
{
	const struct ifaddrs *ifa;
	struct entry6 key, *e;

	TAILQ_FOREACH (e, &addrs, entry)
		e->seen = 0;
	for (ifa = list; ifa != NULL; ifa = ifa->ifa_next) {
		if (!parse(ifa, &key))
			continue;
		if ((e = find(key.ifindex, &key.addr)) == NULL) {
			if (naddrs >= ADDRS_MAX)
				continue;
			if ((e = malloc(sizeof(*e))) == NULL)
				fatal("addresses");
			key.changed = 1;
			*e = key;
			TAILQ_INSERT_TAIL(&addrs, e, entry);
			naddrs++;
		}
		if (e->flags != key.flags || e->prefixlen != key.prefixlen)
			e->changed = 1;
		e->flags = key.flags;
		e->prefixlen = key.prefixlen;
		e->seen = 1;
	}
}

/* ---- what is told ---- */

/* Absolute, on the clock of clock_gettime(CLOCK_MONOTONIC)
 * (netinet6/in6.c, SIOCGIFALIFETIME_IN6). */
static void
lifetimes(const char *ifname, uint32_t ifindex, struct state6 *st)
{
	struct in6_addrlifetime *lt;
	struct in6_ifreq ifr;
	struct timespec now;

	memset(&ifr, 0, sizeof(ifr));
	strlcpy(ifr.ifr_name, ifname, sizeof(ifr.ifr_name));
	ifr.ifr_ifru.ifru_addr = sockaddr6(&st->addr, ifindex);
	st->valid_sec = st->preferred_sec = LIFETIME_INFINITE;
	if (ifioctl6(SIOCGIFALIFETIME_IN6, &ifr) != 0 ||
	    clock_gettime(CLOCK_MONOTONIC, &now) == -1)
		return;
	lt = &ifr.ifr_ifru.ifru_lifetime;
	if (lt->ia6t_vltime != ND6_INFINITE_LIFETIME)
		st->valid_sec = lt->ia6t_expire > now.tv_sec
		    ? (uint32_t)(lt->ia6t_expire - now.tv_sec)
		    : 0;
	if (lt->ia6t_pltime != ND6_INFINITE_LIFETIME)
		st->preferred_sec = lt->ia6t_preferred > now.tv_sec
		    ? (uint32_t)(lt->ia6t_preferred - now.tv_sec)
		    : 0;
}

static void
describe(const struct entry6 *e, struct state6 *st)
{
	char name[IFACE_NAME_MAX];

	memset(st, 0, sizeof(*st));
	st->ifindex = e->ifindex;
	st->addr = e->addr;
	st->prefixlen = e->prefixlen;
	st->flags = STATE6_PRESENT;
	if (e->flags & IN6_IFF_TENTATIVE)
		st->flags |= STATE6_TENTATIVE;
	if (e->flags & IN6_IFF_DUPLICATED)
		st->flags |= STATE6_DUPLICATED;
	if (e->flags & IN6_IFF_DEPRECATED)
		st->flags |= STATE6_DEPRECATED;
	if (link_name(e->ifindex, name, sizeof(name)) == 0)
		lifetimes(name, e->ifindex, st);
	/* The flag follows within a second (netinet6/nd6.c:nd6_timer). */
	if (st->preferred_sec == 0)
		st->flags |= STATE6_DEPRECATED;
}

static void
gone(struct entry6 *e, const struct os_events *events)
{
	struct state6 st;

	memset(&st, 0, sizeof(st));
	st.ifindex = e->ifindex;
	st.addr = e->addr;
	st.prefixlen = e->prefixlen;
	TAILQ_REMOVE(&addrs, e, entry);
	naddrs--;
	free(e);
	route_suspect_all();
	if (events->addr6 != NULL)
		events->addr6(&st);
}

void
addr6_report(const struct os_events *events)
{
	struct entry6 *e, *next;
	struct state6 st;

	/* _SAFE: gone() removes it. */
	TAILQ_FOREACH_SAFE (e, &addrs, entry, next) {
		if (!e->seen) {
			gone(e, events);
		} else if (e->changed) {
			e->changed = 0;
			describe(e, &st);
			if (events->addr6 != NULL)
				events->addr6(&st);
		}
	}
}

void
addr6_forget(uint32_t ifindex, const struct os_events *events)
{
	struct entry6 *e, *next;

	/* _SAFE: gone() removes it. */
	TAILQ_FOREACH_SAFE (e, &addrs, entry, next) {
		if (e->ifindex == ifindex)
			gone(e, events);
	}
}

int
addr6_has_global(uint32_t ifindex)
{
	struct entry6 *e;

	TAILQ_FOREACH (e, &addrs, entry) {
		if (e->ifindex == ifindex && !(e->flags & UNUSABLE) &&
		    !IN6_IS_ADDR_LINKLOCAL(&e->addr) &&
		    !IN6_IS_ADDR_LOOPBACK(&e->addr))
			return 1;
	}
	return 0;
}

int
addr6_link_local(uint32_t ifindex, struct in6_addr *addr, int *flags)
{
	struct ifaddrs *list, *ifa;
	struct entry6 e;
	int found = 0;

	/* Read anew: ours may have been made a moment ago. */
	if (getifaddrs(&list) == -1)
		return 0;
	for (ifa = list; ifa != NULL && !found; ifa = ifa->ifa_next) {
		if (!parse(ifa, &e) || e.ifindex != ifindex ||
		    !IN6_IS_ADDR_LINKLOCAL(&e.addr))
			continue;
		*addr = e.addr;
		*flags = e.flags;
		found = 1;
	}
	freeifaddrs(list);
	return found;
}

int
os_addr6_state(uint32_t ifindex, const struct in6_addr *addr, struct state6 *st)
{
	struct entry6 now, *e = find(ifindex, addr);
	char name[IFACE_NAME_MAX];
	int error;

	memset(&now, 0, sizeof(now));
	now.ifindex = ifindex;
	now.addr = *addr;
	now.prefixlen = e != NULL ? e->prefixlen : 128;
	error = link_name(ifindex, name, sizeof(name));
	if (error != 0)
		return ESRCH;
	if ((error = addr6_flags(name, ifindex, addr, &now.flags)) != 0)
		return error;
	describe(&now, st);
	/* The table follows, so that it does not tell it again. */
	if (e != NULL)
		e->flags = now.flags;
	return 0;
}

/* ---- changes ---- */

/*
 * With use_tempaddr the kernel makes a new temporary address when one that is
 * marked so expires (netinet6/nd6.c:regen_tmpaddr): then ours is not marked.
 */
static int
temporary_flag(const struct addr6 *addr)
{
	size_t size = sizeof(int);
	int value = 0;

	if (!(addr->flags & ADDR6_TEMPORARY) ||
	    sysctlbyname(
		"net.inet6.ip6.use_tempaddr", &value, &size, NULL, 0) == -1 ||
	    value != 0)
		return 0;
	return IN6_IFF_TEMPORARY;
}

/*
 * The mask of an address that is there: of one that the kernel made it stays
 * as it is.  Without one the kernel takes the length for 0 and makes all of
 * IPv6 on-link, in place of the default route (netinet6/in6.c:
 * in6_broadcast_ifa).
 */
static int
prefixmask(const char *ifname, uint32_t ifindex, const struct in6_addr *addr,
    struct sockaddr_in6 *mask)
{
	struct in6_ifreq ifr;
	int error;

	memset(&ifr, 0, sizeof(ifr));
	strlcpy(ifr.ifr_name, ifname, sizeof(ifr.ifr_name));
	ifr.ifr_addr = sockaddr6(addr, ifindex);
	error = ifioctl6(SIOCGIFNETMASK_IN6, &ifr);
	mask->sin6_addr = ifr.ifr_addr.sin6_addr;
	return error;
}

/*
 * Always /128: with a shorter prefix the kernel makes an on-link route that
 * outlives the address.  Never IN6_IFF_AUTOCONF, which hands the address to
 * the kernel's own router discovery (netinet6/nd6_rtr.c).  A refresh writes
 * all flags, and so ends duplicate address detection or hides its result
 * (netinet6/in6.c:in6_update_ifa_internal): not while there are such.
 */
int
os_addr6_add(uint32_t ifindex, const struct addr6 *addr)
{
	struct in6_aliasreq req;
	int error, flags;

	/* With valid 0 the kernel adds it all the same. */
	if (addr->valid_sec == 0 || addr->preferred_sec > addr->valid_sec)
		return EINVAL;
	memset(&req, 0, sizeof(req));
	error = link_name(ifindex, req.ifra_name, sizeof(req.ifra_name));
	if (error != 0)
		return error;
	req.ifra_flags = temporary_flag(addr);
	req.ifra_prefixmask.sin6_len = sizeof(req.ifra_prefixmask);
	req.ifra_prefixmask.sin6_family = AF_INET6;
	memset(&req.ifra_prefixmask.sin6_addr, 0xff, 16);
	error = addr6_flags(req.ifra_name, ifindex, &addr->addr, &flags);
	if (error == 0) {
		if (flags & (IN6_IFF_TENTATIVE | IN6_IFF_DUPLICATED))
			return 0;
		req.ifra_flags = flags & IN6_IFF_TEMPORARY;
		error = prefixmask(
		    req.ifra_name, ifindex, &addr->addr, &req.ifra_prefixmask);
		if (error != 0)
			return error;
	} else if (error != ESRCH) {
		return error;
	}
	req.ifra_addr = sockaddr6(&addr->addr, ifindex);
	/* Both infinities are 0xffffffff (RFC 4861 4.6.2). */
	req.ifra_lifetime.ia6t_vltime = addr->valid_sec;
	req.ifra_lifetime.ia6t_pltime = addr->preferred_sec;
	return ifioctl6(SIOCAIFADDR_IN6, &req);
}

/* Gone already is 0. */
int
os_addr6_remove(uint32_t ifindex, const struct addr6 *addr)
{
	struct in6_ifreq ifr;
	int error;

	memset(&ifr, 0, sizeof(ifr));
	if (link_name(ifindex, ifr.ifr_name, sizeof(ifr.ifr_name)) != 0)
		return 0;
	ifr.ifr_ifru.ifru_addr = sockaddr6(&addr->addr, ifindex);
	error = ifioctl6(SIOCDIFADDR_IN6, &ifr);
	return error == EADDRNOTAVAIL || error == ENXIO ? 0 : error;
}

/* Nothing marks whose it is: that is for the journal. */
int
os_addr6_ours(uint32_t ifindex, const struct in6_addr *addr)
{
	char name[IFACE_NAME_MAX];
	int flags;

	return link_name(ifindex, name, sizeof(name)) == 0 &&
	    addr6_flags(name, ifindex, addr, &flags) == 0;
}

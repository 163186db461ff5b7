/* SPDX-License-Identifier: ISC */
/*
 * IPv4 addresses: the table of all that there are, and our changes.  The
 * kernel keeps no lifetime for them: the engine's deadline withdraws.
 */

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/sockio.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/in_var.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../sockets.h"
#include "freebsd.h"
#include "log.h"

#define ADDRS_MAX 65536

struct entry4 {
	TAILQ_ENTRY(entry4) entry;
	uint32_t ifindex;
	struct in_addr addr;
	struct in_addr broadcast;
	uint8_t prefixlen;
	uint8_t seen;
	uint8_t reported;
};

static TAILQ_HEAD(, entry4) addrs = TAILQ_HEAD_INITIALIZER(addrs);
static unsigned int naddrs;

int
prefixlen_of(const void *mask, size_t size)
{
	const uint8_t *bytes = mask;
	size_t i;

	for (i = 0; i < size * 8; i++)
		if (!(bytes[i / 8] & 0x80 >> i % 8))
			break;
	return (int)i;
}

static struct in_addr
address(const struct sockaddr *sa)
{
	struct sockaddr_in sin;

	memset(&sin, 0, sizeof(sin));
	if (sa != NULL)
		memcpy(&sin, sa,
		    sa->sa_len < sizeof(sin) ? sa->sa_len : sizeof(sin));
	return sin.sin_addr;
}

/* 0 when it is no IPv4 address, or one of CARP (carp(4)), which moves from
 * host to host and is nobody's lease. */
static int
parse(const struct ifaddrs *ifa, struct entry4 *e)
{
	const struct if_data *data = ifa->ifa_data;
	struct in_addr mask;
	struct link *link;

	if (ifa->ifa_addr == NULL || ifa->ifa_addr->sa_family != AF_INET ||
	    (data != NULL && data->ifi_vhid != 0))
		return 0;
	TAILQ_FOREACH (link, &links, entry)
		if (strcmp(link->info.name, ifa->ifa_name) == 0)
			break;
	if (link == NULL)
		return 0;
	mask = address(ifa->ifa_netmask);
	memset(e, 0, sizeof(*e));
	e->ifindex = link->info.ifindex;
	e->addr = address(ifa->ifa_addr);
	if (ifa->ifa_flags & IFF_BROADCAST)
		e->broadcast = address(ifa->ifa_broadaddr);
	e->prefixlen = (uint8_t)prefixlen_of(&mask, sizeof(mask));
	return 1;
}

static struct entry4 *
find(const struct entry4 *key)
{
	struct entry4 *e;

	TAILQ_FOREACH (e, &addrs, entry) {
		if (e->ifindex == key->ifindex &&
		    e->addr.s_addr == key->addr.s_addr &&
		    e->prefixlen == key->prefixlen)
			return e;
	}
	return NULL;
}

void
addr4_update(const struct ifaddrs *list)
{
	const struct ifaddrs *ifa;
	struct entry4 key, *e;

	TAILQ_FOREACH (e, &addrs, entry)
		e->seen = 0;
	for (ifa = list; ifa != NULL; ifa = ifa->ifa_next) {
		if (!parse(ifa, &key))
			continue;
		if ((e = find(&key)) == NULL) {
			if (naddrs >= ADDRS_MAX)
				continue;
			if ((e = malloc(sizeof(*e))) == NULL)
				fatal("addresses");
			*e = key;
			TAILQ_INSERT_TAIL(&addrs, e, entry);
			naddrs++;
		}
		e->broadcast = key.broadcast;
		e->seen = 1;
	}
}

static void
gone(struct entry4 *e, const struct os_events *events)
{
	struct entry4 copy = *e;

	TAILQ_REMOVE(&addrs, e, entry);
	naddrs--;
	free(e);
	/* The kernel takes routes from this address with it
	 * (netinet/in.c:in_ifadown). */
	route_suspect_all();
	events->addr4(copy.ifindex, copy.addr, copy.prefixlen, 0);
}

void
addr4_report(const struct os_events *events)
{
	struct entry4 *e, *next;

	/* _SAFE: gone() removes it. */
	TAILQ_FOREACH_SAFE (e, &addrs, entry, next) {
		if (!e->seen) {
			gone(e, events);
		} else if (!e->reported) {
			e->reported = 1;
			events->addr4(e->ifindex, e->addr, e->prefixlen, 1);
		}
	}
}

void
addr4_forget(uint32_t ifindex, const struct os_events *events)
{
	struct entry4 *e, *next;

	/* _SAFE: gone() removes it. */
	TAILQ_FOREACH_SAFE (e, &addrs, entry, next) {
		if (e->ifindex == ifindex)
			gone(e, events);
	}
}

/* ---- changes ---- */

/* What the kernel has now, not what the table last heard.  0 or 1. */
static int
kernel_has(struct entry4 *key)
{
	struct ifaddrs *list, *ifa;
	struct entry4 e;
	int found = 0;

	if (getifaddrs(&list) == -1)
		return 0;
	for (ifa = list; ifa != NULL && !found; ifa = ifa->ifa_next) {
		if (parse(ifa, &e) && e.ifindex == key->ifindex &&
		    e.addr.s_addr == key->addr.s_addr &&
		    e.prefixlen == key->prefixlen) {
			found = 1;
			*key = e;
		}
	}
	freeifaddrs(list);
	return found;
}

/* Every sockaddr needs its length and family: SIOCDIFADDR with a wrong one
 * removes the interface's first address (netinet/in.c:in_difaddr_ioctl). */
static struct in_addr
mask_of(uint8_t prefixlen)
{
	struct in_addr mask;

	mask.s_addr = prefixlen == 0 || prefixlen > 32
	    ? 0
	    : htonl(UINT32_MAX << (32 - prefixlen));
	return mask;
}

/*
 * An address that is there as it should be is not touched: SIOCAIFADDR of an
 * existing one deletes it first, and all routes by it
 * (netinet/in.c:in_aifaddr_ioctl).
 */
int
os_addr4_add(uint32_t ifindex, const struct addr4 *addr, uint32_t metric)
{
	struct entry4 now = { .ifindex = ifindex,
		.addr = addr->addr,
		.prefixlen = addr->prefixlen };
	struct in_aliasreq req;
	int error;

	(void)metric; /* the prefix route has none */
	memset(&req, 0, sizeof(req));
	error = link_name(ifindex, req.ifra_name, sizeof(req.ifra_name));
	if (error != 0)
		return error;
	if (kernel_has(&now) &&
	    (addr->broadcast.s_addr == INADDR_ANY ||
		addr->broadcast.s_addr == now.broadcast.s_addr))
		return 0;
	req.ifra_addr = sockaddr4(addr->addr, 0);
	req.ifra_mask = sockaddr4(mask_of(addr->prefixlen), 0);
	/* Without one the kernel computes it from the mask. */
	if (addr->broadcast.s_addr != INADDR_ANY)
		req.ifra_broadaddr = sockaddr4(addr->broadcast, 0);
	return ifioctl4(SIOCAIFADDR, &req);
}

/* Gone already is 0. */
int
os_addr4_remove(uint32_t ifindex, const struct addr4 *addr)
{
	struct entry4 now = { .ifindex = ifindex,
		.addr = addr->addr,
		.prefixlen = addr->prefixlen };
	struct sockaddr_in sin = sockaddr4(addr->addr, 0);
	struct ifreq ifr;
	int error;

	memset(&ifr, 0, sizeof(ifr));
	if (link_name(ifindex, ifr.ifr_name, sizeof(ifr.ifr_name)) != 0 ||
	    !kernel_has(&now))
		return 0;
	memcpy(&ifr.ifr_addr, &sin, sizeof(sin));
	error = ifioctl4(SIOCDIFADDR, &ifr);
	return error == EADDRNOTAVAIL || error == ENXIO ? 0 : error;
}

/* An address bears no mark of who made it: that is for the journal. */
int
os_addr4_ours(uint32_t ifindex, struct in_addr addr, uint8_t prefixlen)
{
	struct entry4 now = {
		.ifindex = ifindex, .addr = addr, .prefixlen = prefixlen
	};

	return kernel_has(&now);
}

/* An address bears no mark here. */
int
os_addr4_marked(uint32_t ifindex, struct in_addr addr, uint8_t prefixlen)
{
	(void)ifindex;
	(void)addr;
	(void)prefixlen;
	return 0;
}

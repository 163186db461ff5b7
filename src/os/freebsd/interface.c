/* SPDX-License-Identifier: ISC */
/*
 * Links: what getifaddrs(3) and a few ioctl(2)s say becomes struct interface.
 * Messages of the routing socket only cause another reading, because they
 * leave out half (name, FIB, MAC) and some repeat what has not changed; but a
 * link that went and came, or an interface that was destroyed and made again
 * between two readings, is known by them alone.
 */

#include <sys/param.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/sockio.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <net/if_bridgevar.h>
#include <net/if_dl.h>
#include <net/if_types.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "freebsd.h"
#include "log.h"

#define BRIDGE_MEMBERS_MAX 1024
#define MTU_MAX 65535 /* no ioctl tells the device's: its driver refuses */

struct link_list links = TAILQ_HEAD_INITIALIZER(links);
static int ioctl4 = -1, ioctl6 = -1;

int
ifioctl_open(void)
{
	ioctl4 = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (ioctl4 == -1)
		return errno;
	/* A kernel without INET6 has none: IPv6 calls fail then. */
	ioctl6 = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	return 0;
}

int
ifioctl4(unsigned long request, void *arg)
{
	return ioctl(ioctl4, request, arg) == -1 ? errno : 0;
}

int
ifioctl6(unsigned long request, void *arg)
{
	if (ioctl6 == -1)
		return EAFNOSUPPORT;
	return ioctl(ioctl6, request, arg) == -1 ? errno : 0;
}

struct link *
link_find(uint32_t ifindex)
{
	struct link *link;

	TAILQ_FOREACH (link, &links, entry) {
		if (link->info.ifindex == ifindex)
			return link;
	}
	return NULL;
}

uint32_t
link_fib(uint32_t ifindex)
{
	struct link *link = link_find(ifindex);

	return link != NULL ? link->fib : 0;
}

int
link_has_carrier(uint32_t ifindex)
{
	struct link *link = link_find(ifindex);

	return link != NULL && (link->info.flags & IFACE_RUNNING);
}

int
link_name(uint32_t ifindex, char *name, size_t size)
{
	struct link *link = link_find(ifindex);

	if (link == NULL)
		return ENXIO;
	strlcpy(name, link->info.name, size);
	return 0;
}

/* ---- reading ---- */

static uint32_t
parse_flags(unsigned int ifa_flags, const struct if_data *data, uint8_t alen)
{
	uint32_t flags = 0;

	if (ifa_flags & IFF_UP)
		flags |= IFACE_UP;
	/* UNKNOWN: a driver that does not say (tun, many virtual ones). */
	if ((ifa_flags & IFF_UP) &&
	    (data->ifi_link_state == LINK_STATE_UP ||
		(data->ifi_link_state == LINK_STATE_UNKNOWN &&
		    (ifa_flags & IFF_DRV_RUNNING))))
		flags |= IFACE_RUNNING;
	if (alen == ETHER_ADDR_LEN &&
	    (data->ifi_type == IFT_ETHER || data->ifi_type == IFT_BRIDGE ||
		data->ifi_type == IFT_L2VLAN ||
		data->ifi_type == IFT_IEEE8023ADLAG))
		flags |= IFACE_ETHERNET;
	if (ifa_flags & IFF_LOOPBACK)
		flags |= IFACE_LOOPBACK;
	if (ifa_flags & IFF_POINTOPOINT)
		flags |= IFACE_POINTOPOINT;
	return flags;
}

/* 0, or -1: the entry is not usable. */
static int
parse(const struct ifaddrs *ifa, struct interface *info, uint8_t *type)
{
	const struct if_data *data = ifa->ifa_data;
	struct sockaddr_dl sdl;

	if (data == NULL ||
	    ifa->ifa_addr->sa_len < offsetof(struct sockaddr_dl, sdl_data))
		return -1;
	memset(&sdl, 0, sizeof(sdl));
	memcpy(&sdl, ifa->ifa_addr, MIN(ifa->ifa_addr->sa_len, sizeof(sdl)));
	memset(info, 0, sizeof(*info));
	info->ifindex = sdl.sdl_index;
	strlcpy(info->name, ifa->ifa_name, sizeof(info->name));
	info->mtu = data->ifi_mtu;
	info->max_mtu = MTU_MAX;
	if (sdl.sdl_alen <= sizeof(info->hwaddr) &&
	    sdl.sdl_nlen + sdl.sdl_alen <= sizeof(sdl.sdl_data)) {
		info->hwaddr_len = sdl.sdl_alen;
		memcpy(info->hwaddr, LLADDR(&sdl), sdl.sdl_alen);
	}
	info->flags = parse_flags(ifa->ifa_flags, data, info->hwaddr_len);
	if (info->flags & IFACE_ETHERNET)
		info->hwtype = ARPHRD_ETHER;
	*type = data->ifi_type;
	return 0;
}

static uint32_t
read_fib(const char *name)
{
	struct ifreq ifr;

	memset(&ifr, 0, sizeof(ifr));
	strlcpy(ifr.ifr_name, name, sizeof(ifr.ifr_name));
	return ifioctl4(SIOCGIFFIB, &ifr) == 0 ? ifr.ifr_fib : 0;
}

/* A rename keeps the MAC; one made anew under the same index is another. */
static int
is_other(const struct link *link, const struct interface *info)
{
	if (!link->departed)
		return 0;
	return strcmp(link->info.name, info->name) == 0 ||
	    link->info.hwaddr_len != info->hwaddr_len ||
	    memcmp(link->info.hwaddr, info->hwaddr, sizeof(info->hwaddr)) != 0;
}

/* An Ethernet interface is announced before it has its address
 * (net/if_ethersubr.c:ether_ifattach). */
static int
is_unfinished(const struct interface *info, uint8_t type)
{
	return info->hwaddr_len == 0 &&
	    (type == IFT_ETHER || type == IFT_BRIDGE || type == IFT_L2VLAN ||
		type == IFT_IEEE8023ADLAG);
}

/* 1: it is to be looked at again. */
static int
link_learn(const struct ifaddrs *ifa, int patient)
{
	struct interface info;
	struct link *link;
	uint8_t type;

	if (parse(ifa, &info, &type) == -1)
		return 0;
	link = link_find(info.ifindex);
	if (link != NULL && is_other(link, &info))
		return 1; /* not seen: reported as gone, found again after */
	if (link == NULL) {
		if (patient && is_unfinished(&info, type))
			return 1;
		if ((link = calloc(1, sizeof(*link))) == NULL)
			fatal("interfaces");
		link->changed = 1;
		TAILQ_INSERT_TAIL(&links, link, entry);
	}
	link->departed = 0;
	link->seen = 1;
	link->type = type;
	if ((info.flags & IFACE_ETHERNET) &&
	    wlan_ssid(info.name, info.network_id, &info.network_id_len))
		info.flags |= IFACE_WLAN;
	link->fib = read_fib(info.name);
	/* members_update() says whether that still holds. */
	info.flags |= link->info.flags & IFACE_MEMBER;
	if (memcmp(&link->info, &info, sizeof(info)) != 0)
		link->changed = 1;
	link->info = info;
	return 0;
}

/* The members of a bridge do not say so themselves (if_bridge(4)). */
static void
bridge_members(const char *bridge, void (*cb)(const char *))
{
	static struct ifbreq members[BRIDGE_MEMBERS_MAX];
	struct ifbifconf conf;
	struct ifdrv drv;
	size_t i, n;

	memset(&conf, 0, sizeof(conf));
	conf.ifbic_len = sizeof(members);
	conf.ifbic_req = members;
	memset(&drv, 0, sizeof(drv));
	strlcpy(drv.ifd_name, bridge, sizeof(drv.ifd_name));
	drv.ifd_cmd = BRDGGIFS;
	drv.ifd_len = sizeof(conf);
	drv.ifd_data = &conf;
	if (ifioctl4(SIOCGDRVSPEC, &drv) != 0)
		return;
	n = conf.ifbic_len / sizeof(members[0]);
	for (i = 0; i < n && i < BRIDGE_MEMBERS_MAX; i++) {
		members[i].ifbr_ifsname[IFNAMSIZ - 1] = '\0';
		cb(members[i].ifbr_ifsname);
	}
}

static struct link *members_now[BRIDGE_MEMBERS_MAX];
static size_t nmembers;

static void
member_note(const char *name)
{
	struct link *link;

	TAILQ_FOREACH (link, &links, entry) {
		if (strcmp(link->info.name, name) == 0 &&
		    nmembers < BRIDGE_MEMBERS_MAX)
			members_now[nmembers++] = link;
	}
}

static void
members_update(void)
{
	struct link *link;
	uint32_t flags;
	size_t i;

	nmembers = 0;
	TAILQ_FOREACH (link, &links, entry)
		if (link->type == IFT_BRIDGE && link->seen)
			bridge_members(link->info.name, member_note);
	TAILQ_FOREACH (link, &links, entry) {
		flags = link->info.flags & ~(uint32_t)IFACE_MEMBER;
		for (i = 0; i < nmembers; i++)
			if (members_now[i] == link)
				flags |= IFACE_MEMBER;
		/* A port of lagg(4); lagg itself is of type IFT_ETHER. */
		if (link->type == IFT_IEEE8023ADLAG)
			flags |= IFACE_MEMBER;
		if (flags != link->info.flags)
			link->changed = 1;
		link->info.flags = flags;
	}
}

int
links_update(const struct ifaddrs *list, int patient)
{
	const struct ifaddrs *ifa;
	struct link *link;
	int again = 0;

	TAILQ_FOREACH (link, &links, entry)
		link->seen = 0;
	for (ifa = list; ifa != NULL; ifa = ifa->ifa_next)
		if (ifa->ifa_addr != NULL &&
		    ifa->ifa_addr->sa_family == AF_LINK)
			again |= link_learn(ifa, patient);
	members_update();
	return again;
}

static void
link_gone(struct link *link, const struct os_events *events)
{
	uint32_t ifindex = link->info.ifindex;

	TAILQ_REMOVE(&links, link, entry);
	free(link);
	addr4_forget(ifindex, events);
	addr6_forget(ifindex, events);
	route_forget(&route_table, ifindex);
	events->interface_gone(ifindex);
}

void
links_report(const struct os_events *events)
{
	struct link *link, *next;
	struct interface info;

	/* _SAFE: links that are no more leave the list. */
	TAILQ_FOREACH_SAFE (link, &links, entry, next) {
		if (!link->seen) {
			link_gone(link, events);
			continue;
		}
		if (link->was_down && !link->changed &&
		    (link->info.flags & IFACE_RUNNING)) {
			/* The network behind it may be another one. */
			info = link->info;
			info.flags &= ~(uint32_t)IFACE_RUNNING;
			events->interface(&info);
			link->changed = 1;
		}
		link->was_down = 0;
		if (link->changed) {
			link->changed = 0;
			route_link(&route_table, link->info.ifindex,
			    (link->info.flags & IFACE_RUNNING) != 0);
			info = link->info;
			events->interface(&info);
		}
		(void)monitor_fib(link->fib);
	}
}

/* ---- changes ---- */

int
os_link_up(uint32_t ifindex)
{
	struct ifreq ifr;
	int error, flags;

	memset(&ifr, 0, sizeof(ifr));
	error = link_name(ifindex, ifr.ifr_name, sizeof(ifr.ifr_name));
	if (error == 0)
		error = ifioctl4(SIOCGIFFLAGS, &ifr);
	if (error != 0)
		return error;
	/* Two halves, netintro(4). */
	flags = (ifr.ifr_flags & 0xffff) | ifr.ifr_flagshigh << 16 | IFF_UP;
	ifr.ifr_flags = (short)(flags & 0xffff);
	ifr.ifr_flagshigh = (short)(flags >> 16);
	return ifioctl4(SIOCSIFFLAGS, &ifr);
}

int
os_mtu_set(uint32_t ifindex, uint32_t mtu)
{
	struct ifreq ifr;
	int error;

	memset(&ifr, 0, sizeof(ifr));
	error = link_name(ifindex, ifr.ifr_name, sizeof(ifr.ifr_name));
	if (error != 0)
		return error;
	ifr.ifr_mtu = (int)mtu;
	return ifioctl4(SIOCSIFMTU, &ifr);
}

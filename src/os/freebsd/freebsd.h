/* SPDX-License-Identifier: ISC */
/* Between the files of the FreeBSD part. */
#ifndef LEASED_OS_FREEBSD_H
#define LEASED_OS_FREEBSD_H

#include <sys/capsicum.h>
#include <sys/queue.h>
#include <ifaddrs.h>

#include "../os.h"
#include "../route_choice.h"

/* ---- interface.c: links ---- */
struct link {
	TAILQ_ENTRY(link) entry;
	struct interface info;
	uint32_t fib;	 /* routing table of the interface, SIOCGIFFIB */
	uint32_t ra_mtu; /* of its IPv6 routes, 0: none (ipv6.c) */
	uint8_t type;	 /* IFT_*, net/if_types.h */
	int seen;	 /* in the list that is being read */
	int changed;	 /* to be reported */
	int was_down;	 /* a message said so since the last report */
	int departed;	 /* RTM_IFANNOUNCE said so */
	int usable6;	 /* what was last reported */
};
TAILQ_HEAD(link_list, link);
extern struct link_list links;

struct link *link_find(uint32_t ifindex);
uint32_t link_fib(uint32_t ifindex);
int link_has_carrier(uint32_t ifindex);
/* The name for an ioctl(2).  0 or ENXIO. */
int link_name(uint32_t ifindex, char *, size_t);
/* Take the AF_LINK entries of the list.  1: one of them is to be looked at
 * again a little later; only when patient.  Then report what changed. */
int links_update(const struct ifaddrs *, int patient);
void links_report(const struct os_events *);

/* A datagram socket for ioctl(2), made by os_init().  0 or errno. */
int ifioctl4(unsigned long, void *);
int ifioctl6(unsigned long, void *);
int ifioctl_open(void);

/* ---- monitor.c ---- */
/* Routing sockets hear one FIB each (route(4)). */
int monitor_fib(uint32_t fib);

/* ---- address.c, address6.c ---- */
void addr4_update(const struct ifaddrs *);
void addr4_report(const struct os_events *);
void addr4_forget(uint32_t ifindex, const struct os_events *);
void addr6_update(const struct ifaddrs *);
void addr6_report(const struct os_events *);
void addr6_forget(uint32_t ifindex, const struct os_events *);
/* Has the interface a global address that can be used? */
int addr6_has_global(uint32_t ifindex);
/* Is there a link-local one?  Its flags (IN6_IFF_*) and itself. */
int addr6_link_local(uint32_t ifindex, struct in6_addr *, int *flags);
/* Flags of an address; 0, or ESRCH: not there. */
int addr6_flags(
    const char *ifname, uint32_t ifindex, const struct in6_addr *, int *flags);
/* An address with its zone, as the kernel takes and gives it. */
struct sockaddr_in6 sockaddr6(const struct in6_addr *, uint32_t ifindex);
int prefixlen_of(const void *mask, size_t size);

/* ---- route.c, route6.c ---- */
extern struct route_table route_table;
void route_init(void);
/* route_want(), and os_error_text() when it waits. */
int route_install(const struct route_want *);
/* A message of the routing socket named this destination. */
void route_suspect(const struct route_key *);
void route_suspect_all(void);
int route_suspected(void);
void route_report(const struct os_events *);
void route4_gone(const struct route_want *, const struct os_events *);
void route6_gone(const struct route_want *, const struct os_events *);

/* ---- rtsock.c: one request on a routing socket ---- */
/* What a message says of a route. */
struct rt_route {
	struct route_key key;
	uint32_t ifindex;
	int flags;	       /* RTF_* */
	uint32_t link_ifindex; /* of a gateway that is a link; else 0 */
	uint8_t gateway[16];
};
int rt_add(const struct route_want *);
int rt_change(const struct route_want *);
int rt_delete(const struct route_want *);
/* What the kernel has to exactly that destination: of several paths the one by
 * this gateway, or any.  ESRCH: none. */
int rt_get(const struct route_want *, struct rt_route *);
int rt_get_any(const struct route_key *, struct rt_route *);
/* Destination, gateway and flags of a message, which is len bytes.  0, or -1
 * when it is none or malformed. */
int rt_parse(const void *, size_t len, struct rt_route *);

/* ---- ipv6.c ---- */
/* Look whether IPv6 can be used on each interface, and tell changes. */
void ipv6_report(const struct os_events *);

/* ---- wlan.c ---- */
/* 1: a WLAN interface, its SSID (len 0: not associated) in id; else 0. */
int wlan_ssid(const char *ifname, uint8_t *id, uint8_t *len);

/* ---- sandbox.c ---- */
/* What the kernel does not tell in capability mode, remembered. */
struct sandbox_state {
	int chrooted;
	int no_new_privs;
};
extern struct sandbox_state sandbox_state;

/* cap_rights_limit(2) on a descriptor that is about to be passed. */
int limit_rights(int fd, const cap_rights_t *);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Between the files of the Linux part: the netlink request helper and the
 * tables that mirror the kernel's state.
 */
#ifndef LEASED_OS_NETLINK_H
#define LEASED_OS_NETLINK_H

#include <sys/queue.h>
#include <libmnl/libmnl.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>

#include "../os.h"

/*
 * Our number in a route's rtm_protocol and an address's IFA_PROTO: of those
 * that rtnetlink(7) leaves to daemons (above RTPROT_STATIC), none that
 * linux/rtnetlink.h or iproute2's rt_protos names.
 */
#define LEASED_RTPROT 109

#define NETLINK_BUFFER 32768 /* what iproute2 and the kernel use for a dump */

struct netlink {
	struct mnl_socket *sock;
	uint32_t portid;
};

typedef void netlink_cb(const struct nlmsghdr *, void *);

/* ---- netlink.c ---- */
/* Made by os_init(): changes and dumps, never events. */
extern struct netlink netlink_change;

/* flags: SOCK_NONBLOCK or 0.  0 or errno. */
int netlink_open(struct netlink *, int bus, unsigned int groups, int flags);
void netlink_close(struct netlink *);
/* A new request in the one static buffer. */
struct nlmsghdr *netlink_request(int type, int flags);
/*
 * Send it and wait, at most 2 s, for the acknowledgement or the end of the
 * dump.  cb (may be NULL) gets each message of the answer; it must not make a
 * request itself.  0 or errno; os_error_text() has the kernel's words.
 * EAGAIN: a dump was torn by a change, ask again.
 */
int netlink_call(struct netlink *, struct nlmsghdr *, netlink_cb *, void *);
/* What to ask for a dump of. */
struct netlink_dump {
	uint16_t type; /* RTM_GETLINK, RTM_GETADDR or RTM_GETROUTE */
	uint8_t family;
	uint8_t protocol; /* routes: of this one, 0: of all */
	uint32_t ifindex; /* addresses: of this one, 0: of all */
};
/*
 * Ask netlink_change for a dump, again while it is torn; at most 8 times.
 * first is called before each attempt.  A kernel without strict checking does
 * not look at protocol and ifindex: cb compares.
 */
int netlink_dump(
    const struct netlink_dump *, void (*first)(void *), netlink_cb *, void *);
void netlink_set_text(const char *);
/* One datagram of the kernel's.  Bytes, or -1 with errno. */
ssize_t netlink_receive(struct netlink *, void *, size_t);
/* Attributes by number; those above max and the malformed are left out. */
void netlink_attrs(
    const struct nlmsghdr *, size_t offset, const struct nlattr **, size_t max);
void netlink_nested(const struct nlattr *, const struct nlattr **, size_t max);
/* Values; fallback when the attribute is missing or too short. */
uint32_t netlink_u32(const struct nlattr *, uint32_t fallback);
struct in_addr netlink_in(const struct nlattr *);
struct in6_addr netlink_in6(const struct nlattr *);

/* ---- interface.c: links ---- */
struct link {
	TAILQ_ENTRY(link) entry;
	struct interface info;
	uint32_t table;	      /* routing table: main, or of its VRF */
	uint32_t carrier_ups; /* IFLA_CARRIER_UP_COUNT */
	int seen;	      /* in the dump that is going on */
	int changed;	      /* to be reported */
	int flapped;	      /* carrier went and came between two messages */
	int global6;	      /* has a usable global IPv6 address */
	int default6;
	int usable6; /* what was last reported */
};
TAILQ_HEAD(link_list, link);
extern struct link_list links;

struct link *link_find(uint32_t ifindex);
/* The table that routes through this interface belong in. */
uint32_t link_table(uint32_t ifindex);
int link_dump(const struct os_events *);
void link_message(const struct nlmsghdr *, const struct os_events *);

/* ---- address.c ---- */
void addr4_init(void);
int addr4_dump(const struct os_events *);
void addr4_message(const struct nlmsghdr *, const struct os_events *);
void addr4_forget(uint32_t ifindex, const struct os_events *);

/* ---- route.c: IPv4 routes of ours ---- */
int route4_dump(const struct os_events *);
void route4_message(const struct nlmsghdr *, const struct os_events *);
void route4_forget(uint32_t ifindex);
/* Routes may have gone without a word: look after this batch. */
void route4_suspect(void);
int route4_suspected(void);

/* ---- address6.c ---- */
void addr6_init(void);
int addr6_dump(const struct os_events *);
void addr6_message(const struct nlmsghdr *, const struct os_events *);
void addr6_forget(uint32_t ifindex, const struct os_events *);
/* The kernel's own of router advertisements.  0 or errno. */
int addr6_deprecate(uint32_t ifindex);

/* ---- route6.c: IPv6 routes of ours, and the routers they lead through ---- */
int route6_dump(const struct os_events *);
void route6_message(const struct nlmsghdr *, const struct os_events *);
void neighbor6_message(const struct nlmsghdr *, const struct os_events *);
void route6_forget(uint32_t ifindex);
void route6_suspect(void);
int route6_suspected(void);

/* ---- knob.c ---- */
/* One number of /proc/sys/net/ipv6/DIR/IF/FILE.  ENOTSUP: no such file. */
int knob_read(
    const struct interface *, const char *dir, const char *file, int *value);

/* ---- ipv6.c: what RFC 8925 asks of the other family ---- */
int ipv6_dump(const struct os_events *);
void ipv6_message(const struct nlmsghdr *);
int ipv6_suspected(void);

/* ---- socket.c ---- */
/* A program that cannot be taken off again.  0 or errno. */
int socket_filter(int fd, struct sock_filter *, unsigned short len);
/* Receive nothing any more: shutdown(2) does not do that.  0 or errno. */
int socket_make_deaf(int fd);
/* Drop what came in before the filter was on. */
void socket_drain(int fd, int max);

/* ---- wlan.c ---- */
/* 1: a WLAN interface, its SSID (len 0: not associated) in id; else 0. */
int wlan_ssid(uint32_t ifindex, uint8_t *id, uint8_t *len);

#endif

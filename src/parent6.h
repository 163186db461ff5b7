/* SPDX-License-Identifier: ISC */
/*
 * The IPv6 half of the parent's state: knob6.c (switches of the kernel),
 * apply6.c (addresses and routes, under policy) and manage6.c (sockets, and
 * what the engine is told).
 */
#ifndef LEASED_PARENT6_H
#define LEASED_PARENT6_H

#include "parent.h"
#include "policy6.h"

/* Who wants something of an interface; each has a configuration of its own. */
enum slot6 {
	SLOT_LINK_LOCAL, /* the parent itself (Y-23) */
	SLOT_SLAAC,
	SLOT_DHCP6,
	SLOT_PD,
	SLOTS_MAX
};

/* What the kernel has from us, with lifetimes as of some time; 0: whatever
 * they are, they are not as they should be. */
struct held_route6 {
	struct route6 route;
	uint32_t metric;
	uint64_t at_ms;
	int lost; /* somebody removed it */
};
struct held6 {
	uint16_t naddrs;
	uint16_t nroutes;
	struct addr6 addrs[CONFIG6_ADDRS_MAX];
	uint64_t addrs_ms[CONFIG6_ADDRS_MAX];
	struct held_route6 routes[CONFIG6_ROUTES_MAX];
};

/* A channel of the link-local address (key ::), as the frontend has it. */
enum sock6_state { SOCK6_CLOSED, SOCK6_OPEN, SOCK6_CLOSING };
struct sock6 {
	struct pif *pif;
	enum channel channel;
	enum sock6_state state;
	struct in6_addr local; /* :: for CHANNEL_ND */
	int failed;	       /* the last one, as the engine was told */
	unsigned int retry_sec;
	struct event retry;
};

struct pif6 {
	struct held6 held[SLOTS_MAX];
	struct sock6 socks[CHANNEL_MAX]; /* those of channel_is6() */
	struct in6_addr local;		 /* usable link-local address, or :: */
	int keyed;	       /* sockets on other addresses were made */
	uint32_t preference;   /* of the interface, when routes were made */
	uint32_t knobs_failed; /* bit n: that knob n failed has been said */
	uint32_t mtu;	       /* of router advertisements; 0: none */
	int disabled_said;
	int taken_over; /* what the kernel had learned before us */
	struct lost_routes lost;
};

/* manage6.c: addresses of all interfaces */
const struct prefix6 *manage6_prefixes(size_t *n);

/* knob6.c */
/* Set a switch; what was found first is in the journal.  0, an errno; a
 * platform without it is 0. */
int knob6_set(struct pif *, enum os_ipv6_knob, uint32_t value);
/* Put back what was found, unless somebody else has changed it since. */
void knob6_restore(struct pif *, enum os_ipv6_knob);
void knob6_restore_all(struct pif *);
/* The interface is gone. */
void knob6_forget(struct pif *);

/* held6.c */
/* Kernel lifetimes this close to the wanted ones stay as they are. */
#define HELD6_CLOSE_SEC 1
int held6_is_reject(const struct route6 *);
int held6_same_dst(const struct route6 *, const struct route6 *);
/* Index, or -1. */
int held6_find_addr(const struct held6 *, const struct in6_addr *);
struct held_route6 *
held6_find_route(struct held6 *, const struct route6 *, uint32_t metric);
/* What is left of a span that began at at_ms; 0: nobody knows when. */
uint32_t held6_left(uint32_t sec, uint64_t at_ms);
int held6_is_close(uint32_t left, uint32_t want);
/* Before the kernel is changed: ENOMEM or ENOBUFS, nobody would know whose it
 * is; 0 also where the disk takes nothing. */
int held6_record(const struct journal_record *);
/* The same; add 0: remove, which is always 0. */
int held6_journal_addr(
    const struct pif *, enum slot6, const struct addr6 *, int add);
int held6_journal_route(const struct pif *, enum slot6, const struct route6 *,
    uint32_t metric, int add);

/* apply6.c */
void apply_configure6(const struct ipc_configure6 *);
/* At start: of what the journal says, what the kernel still has. */
void apply6_adopt(struct pif *);
/* What protocols that are off have, and with another preference. */
void apply6_review(struct pif *);
void apply6_withdraw(struct pif *);
/* The interface is no more: forget, but for what stays in the kernel. */
void apply6_gone(struct pif *);
/* A record of an interface that went while nobody looked. */
void apply6_absent(const struct journal_record *);
/* 1: the address is ours (or was, until now). */
int apply6_address(struct pif *, const struct state6 *);
int apply6_is_held(const struct pif *, const struct in6_addr *);
/* An address the parent made itself. */
void apply6_link_local(struct pif *, const struct state6 *);
void apply6_route_gone(struct pif *, const struct in6_addr *dst,
    uint8_t prefixlen, const struct in6_addr *gateway);
/* Once a turn: put back the routes that vanished. */
void apply6_restore(struct pif *);

/* manage6.c */
/* Before the interface is set up: the kernel's own handling of router
 * advertisements is put off. */
void manage6_prepare(struct pif *);
/* Everything about IPv6 of a newly managed interface. */
void manage6_hand_out(struct pif *);
/* One of them has become ours, or is no longer. */
void manage6_tell_address(const struct pif *, const struct in6_addr *);
/* The last of what manage6_prepare() began. */
void manage6_start(struct pif *);
/* Something of the interface or its configuration changed. */
void manage6_review(struct pif *);
void manage6_let_go(struct pif *, int gone);
void manage6_abandon(struct pif *);
/* A socket on an address that is not link-local. */
void manage6_open(struct pif *, const struct ipc_open *);
void manage6_closed(const struct ipc_channel_state *);
/* A socket on this address is of no use any more. */
void manage6_shut_keyed(struct pif *, const struct in6_addr *);
void manage6_secret(void);
void manage6_on_addr(const struct state6 *);
void manage6_on_neighbor(uint32_t, const struct in6_addr *, int reachable);
void manage6_on_route_gone(uint32_t, const struct in6_addr *, uint8_t prefixlen,
    const struct in6_addr *gateway);

#endif

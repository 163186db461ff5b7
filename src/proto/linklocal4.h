/* SPDX-License-Identifier: ISC */
/*
 * IPv4 link-local addresses of one interface (RFC 3927).  Sans-IO, see
 * proto.h, and without a say in the kernel: the DHCPv4 machine drives this
 * one and puts linklocal4.in_use into the configuration that it sends.
 */
#ifndef LEASED_LINKLOCAL4_H
#define LEASED_LINKLOCAL4_H

#include "acd.h"
#include "proto.h"

#define LINKLOCAL4_WAIT_MS 30000 /* without an OFFER */
#define LINKLOCAL4_PREFIXLEN 16

#define LINKLOCAL4_STATES(X)                                        \
	X(OFF, "off")	      /* not to run */                      \
	X(WAITING, "waiting") /* for an OFFER of a DHCPv4 server */ \
	X(OPENING, "opening") /* the candidate's ARP channel */     \
	X(PROBING, "probing")                                       \
	X(BOUND, "bound")     /* announcing, then defending */      \
	X(PAUSING, "pausing") /* RATE_LIMIT_INTERVAL */
#define LINKLOCAL4_STATE_SYMBOL(s, n) LL4_##s,
enum linklocal4_state { LINKLOCAL4_STATES(LINKLOCAL4_STATE_SYMBOL) LL4_STATES };

struct linklocal4 {
	const struct proto_ops *ops;
	void *ctx;
	enum linklocal4_state state;
	uint8_t hwaddr[6];     /* what the candidates are derived from */
	uint32_t nth;	       /* the candidate's place among them */
	struct in_addr addr;   /* the candidate; 0: none yet */
	struct in_addr in_use; /* the kernel should have it; 0: none */
	int resume;	       /* it was in use: no waiting before probing */
	uint32_t conflicts;
	uint32_t sent;	   /* probes, then announcements */
	uint64_t claimed;  /* ms */
	uint64_t defended; /* ms; 0: never */
	uint64_t when;	   /* when linklocal4_timer() is due */
};

void linklocal4_init(struct linklocal4 *, const struct proto_ops *, void *ctx);

/* Of 169.254/16? */
int linklocal4_is(struct in_addr);
/* The nth candidate of a hardware address: from 169.254.1.0 to
 * 169.254.254.255 (RFC 3927 2.1), the same at each start. */
struct in_addr linklocal4_derive(const uint8_t hwaddr[6], uint32_t nth);

/* An address of the last run is still in the kernel: it stays, and is probed
 * for as soon as the machine starts. */
void
linklocal4_adopt(struct linklocal4 *, const uint8_t hwaddr[6], struct in_addr);

/* DHCPv4 has no lease and asks for one (nothing happens where this was known),
 * or there is no more need of an address. */
void
linklocal4_start(struct linklocal4 *, const uint8_t hwaddr[6], uint64_t now);
void linklocal4_stop(struct linklocal4 *, uint64_t now);
/* The link went down: the address goes, and the next start probes at once. */
void linklocal4_suspend(struct linklocal4 *, uint64_t now);

/* A server made an OFFER: LINKLOCAL4_WAIT_MS begins again. */
void linklocal4_offer(struct linklocal4 *, uint64_t now);
void linklocal4_timer(struct linklocal4 *, uint64_t now);

/* Is this the candidate, and its ARP channel needed? */
int linklocal4_wants(const struct linklocal4 *, struct in_addr);
/* The candidate's ARP channel is open (error 0), could not be opened (errno),
 * or turned out to be closed (ENOTCONN). */
void linklocal4_channel(struct linklocal4 *, int error, uint64_t now);
/* A frame of it; not one of this host (AC-05). */
void linklocal4_arp(struct linklocal4 *, const struct arp *, uint64_t now);
/* The kernel has not taken the address. */
void linklocal4_refused(struct linklocal4 *, uint64_t now);
/* Somebody else removed it. */
void linklocal4_gone(struct linklocal4 *, uint64_t now);

#endif

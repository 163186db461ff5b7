/* SPDX-License-Identifier: ISC */
/*
 * What a protocol machine may ask of the world.  A machine never calls the
 * system: no sockets, no clock, no random source, no malloc.  It takes events
 * with the current time as an argument and answers through these functions.
 * The engine implements them on libevent and imsg; unit tests, the simulator
 * and the fuzzers on virtual time and a seeded random source.
 *
 * Times are milliseconds of a clock that never steps and counts sleep.
 */
#ifndef LEASED_PROTO_H
#define LEASED_PROTO_H

#include <stddef.h>
#include <stdint.h>
#include "../wire.h"
#include "../wire6.h"
#include "../conf.h"
#include "../counters.h"

#define PROTO_NEVER UINT64_MAX

/* Which descriptor of the frontend a packet uses. */
enum channel {
	CHANNEL_NONE,
	CHANNEL_DHCP4, /* whole Ethernet frames, UDP 68 <-> 67 */
	CHANNEL_ARP,   /* whole Ethernet frames; one channel per address */
	CHANNEL_UDP4,  /* BOOTP message alone, leased address -> server */
	CHANNEL_ND,    /* ICMPv6 router advertisements, from the type on */
	CHANNEL_RS,    /* the same, to ff02::2 */
	CHANNEL_DHCP6, /* DHCPv6 messages to port 546; key: address or :: */
	CHANNEL_DHCP6_SEND, /* to ff02::1:2 port 547; key: address or :: */
	CHANNEL_MAX
};

/* proto_ops.send flags */
#define SEND_WANT_RESULT 0x01 /* call back also when it was sent */

/* Receive flags */
#define RECV_CSUM_NOT_READY 0x01 /* UDP checksum not computed (offload) */
#define RECV_CSUM_VALID 0x02	 /* already verified by the kernel */

/* Events for `leasectl monitor`. */
#define PROTO_EVENTS(X)             \
	X(BOUND, "bound")           \
	X(RENEWED, "renewed")       \
	X(CHANGED, "changed")       \
	X(EXPIRED, "expired")       \
	X(RELEASED, "released")     \
	X(NAK, "nak")               \
	X(CONFLICT, "conflict")     \
	X(LINK_UP, "link-up")       \
	X(LINK_DOWN, "link-down")   \
	X(V6ONLY, "ipv6-only")      \
	X(LINK_LOCAL, "link-local") \
	X(DEPRECATED, "deprecated") \
	X(PREFIX, "prefix")
#define PROTO_EVENT_SYMBOL(s, n) EVENT_##s,
enum proto_event { PROTO_EVENTS(PROTO_EVENT_SYMBOL) EVENT_MAX };

struct slaac_info;
struct dhcp6_lease;

struct proto_ops {
	/* Send bytes on a channel.  key: the address of an ARP channel, or the
	 * leased address of a UDP channel; else 0.  Errors come back as an
	 * event (dhcp4_sent). */
	void (*send)(void *, enum channel, struct in_addr key, int flags,
	    const uint8_t *, size_t);
	/* Ask for, or give up, a channel for one address; that it is there
	 * comes back as an event (dhcp4_channel).  peer: UDP4's server, or the
	 * router whose unicast reply an ARP channel must also hear (or 0). */
	void (*open)(
	    void *, enum channel, struct in_addr key, struct in_addr peer);
	void (*close)(void *, enum channel, struct in_addr key);
	/* When to call the machine's timer next; PROTO_NEVER: not at all. */
	void (*deadline)(void *, uint64_t when_ms);
	/* The whole IPv4 configuration this machine wants; the outcome comes
	 * back as an event (dhcp4_configured) with the same serial. */
	void (*configure4)(void *, const struct config4 *);
	void (*dns)(void *, const struct dns_set *);
	/* Keep a lease over restarts; NULL: forget it. */
	void (*store4)(void *, const struct lease4 *);
	/* Something a site's hook wants to know; lease may be NULL. */
	void (*event)(void *, enum proto_event, const struct lease4 *,
	    const char *reason);
	/* priority: syslog's.  The interface's name is put before it. */
	void (*log)(void *, int priority, const char *fmt, ...)
	    __attribute__((format(printf, 3, 4)));
	void (*count)(void *, enum counter);
	/* Uniform in [0, bound); bound 0: any 32 bits. */
	uint32_t (*random)(void *, uint32_t bound);
	/*
	 * IPv6.  key: the address of a channel that has one, else ::.  The
	 * channels with key :: are opened by the parent when the link-local
	 * address allows it, and are never asked for.
	 */
	void (*send6)(void *, enum channel, const struct in6_addr *key,
	    int flags, const uint8_t *, size_t);
	void (*open6)(void *, enum channel, const struct in6_addr *key);
	void (*close6)(void *, enum channel, const struct in6_addr *key);
	/* The whole configuration of this machine's protocol. */
	void (*configure6)(void *, const struct config6 *);
	/* Keep what was learned over restarts; NULL: forget it. */
	void (*store_slaac)(void *, const struct slaac_info *);
	void (*store_dhcp6)(void *, const struct dhcp6_lease *);
	void (*event6)(void *, enum proto_event, const struct event6 *,
	    const char *reason);
	/* Router advertisements ask for DHCPv6 (D6-01, S-15). */
	void (*ra_flags)(void *, int managed, int other, int prefix_delegation);
	/* The delegated prefixes changed (D6-41). */
	void (*delegated)(void *, const struct dhcp6_lease *);
	int (*addr6_usable)(void *, const struct in6_addr *, uint8_t prefixlen);
	/* Would the parent accept this address and prefix length from us?
	 * (policy.c; RFC-wise unusable addresses are no OFFER, D4-14) */
	int (*addr4_usable)(void *, struct in_addr, uint8_t prefixlen);
};

#endif

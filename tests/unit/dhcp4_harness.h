/* SPDX-License-Identifier: ISC */
/*
 * The DHCPv4 machine on virtual time: records what it asks for, and speaks as
 * a server with a builder of its own (a codec bug must not mirror itself).
 */
#ifndef DHCP4_HARNESS_H
#define DHCP4_HARNESS_H

#include "proto/dhcp4.h"

#define SENT_MAX 256

struct sent {
	enum channel channel;
	uint64_t when;
	uint8_t type; /* DHCP message type; 0: ARP */
	size_t len;
	uint8_t bootp[1600]; /* BOOTP message, or the ARP frame */
};

struct world {
	struct dhcp4 d;
	uint64_t now;
	uint64_t deadline;
	struct conf_iface conf;
	struct interface iface;
	struct sent sent[SENT_MAX];
	unsigned int nsent;
	struct config4 config; /* newest */
	struct config4 before; /* the one before it */
	unsigned int nconfig;
	unsigned int ndns, nstore, nforget;
	struct lease4 stored;
	unsigned int events[EVENT_MAX];
	uint64_t counters[COUNT_MAX];
	struct in_addr arp; /* open channel */
	struct in_addr arp_peer;
	struct in_addr ll; /* the same of 169.254/16 (AC-04) */
	int ll_error;	   /* what opening that one gives */
	struct in_addr udp;
	int refuse_configure; /* errno */
	int no_channels;
	char warned[256]; /* newest line of warning or above */
	unsigned int nwarned;
	uint32_t seed;
};

struct reply {
	uint8_t type;
	const char *addr, *server, *router;
	uint32_t lease, t1, t2;
	uint8_t prefixlen;
	int rapid;
	int xid_wrong;
	uint32_t ipv6_only;
	uint16_t mtu;
	const uint8_t *raw; /* more options */
	size_t rawlen;
};

/* 192.0.2.10/24 from 192.0.2.1 for an hour. */
struct reply reply_of(uint8_t type);

void world_init(struct world *);
/* Everything told, link up, channel open: the machine starts. */
void world_start(struct world *);
/* Run until a time, calling the timer at each deadline. */
void world_run(struct world *, uint64_t until);
void world_advance(struct world *, uint64_t ms);
/* What parent and frontend would answer to what was asked. */
void world_settle(struct world *);
void world_reply(struct world *, const struct reply *);
void world_link(struct world *, int up);
void world_arp(struct world *, const char *spa, const char *tpa,
    const uint8_t mac[6], int op);
/* DISCOVER, OFFER, REQUEST, ACK with a lease of so many seconds. */
void world_bind(struct world *, uint32_t lease);
/* The newest message of a type (0: ARP), or NULL; how many there were. */
const struct sent *world_last(const struct world *, uint8_t type);
unsigned int world_count(const struct world *, uint8_t type);
/* An option of a sent message; length, or -1. */
int sent_option(const struct sent *, uint8_t code, const uint8_t **);
struct in_addr ip(const char *);
uint32_t sent_u32(const struct sent *, size_t offset);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * The DHCPv6 machine on virtual time: records what it asks for; the tests
 * write a server's messages with packet6.h.
 */
#ifndef DHCP6_HARNESS_H
#define DHCP6_HARNESS_H

#include "packet6.h"
#include "proto/dhcp6.h"
#include "proto/dhcp6_msg.h"

#define SENT6_MAX 256
#define OPEN6_MAX 16

struct sent6 {
	uint64_t when;
	struct in6_addr key;
	uint8_t type;
	uint32_t xid;
	size_t len;
	uint8_t bytes[1600];
};

struct world6 {
	struct dhcp6 d;
	uint64_t now;
	uint64_t deadline;
	struct conf_iface conf;
	struct interface iface;
	struct sent6 sent[SENT6_MAX];
	unsigned int nsent;
	struct config6 config;	     /* newest */
	unsigned int nconfig, order; /* nsent when config was asked for */
	int hold_configured;	     /* the parent does not answer */
	unsigned int ndns, nstore, nforget, ndelegated;
	struct dns_set dns;
	struct dhcp6_lease stored, delegated;
	unsigned int events[EVENT_MAX];
	struct event6 event[EVENT_MAX]; /* newest of each */
	uint64_t counters[COUNT_MAX];
	struct {
		enum channel channel;
		struct in6_addr key;
	} open[OPEN6_MAX];
	unsigned int nopen;
	char log[512]; /* newest line of notice or above */
	int rand_high; /* 1: the most, -1: the least, 0: any */
	uint32_t seed;
	unsigned int timer_calls;
};

void w6_init(struct world6 *);
/* Everything told, link up, sockets open: the machine starts. */
void w6_start(struct world6 *);
void w6_advance(struct world6 *, uint64_t ms);
/* To the next deadline, and call the timer. */
void w6_tick(struct world6 *);
void w6_link(struct world6 *, int up);
void w6_channels(struct world6 *, int error);
/* What the kernel says of an address. */
void w6_address(struct world6 *, const char *, uint32_t flags);
void w6_receive(struct world6 *, const struct packet6 *);
/* Begin an answer to the newest message, with both ids. */
void w6_answer(struct world6 *, struct packet6 *, uint8_t type);
/* IAs as the newest message has them, with 2001:db8::10 and
 * 2001:db8:N00::/48, N counted from 1. */
void w6_put_grants(
    struct world6 *, struct packet6 *, uint32_t preferred, uint32_t valid);
/* Answer the newest message with a grant. */
void
w6_grant(struct world6 *, uint8_t type, uint32_t preferred, uint32_t valid);
/* Solicit, Advertise with preference 255, Request, Reply. */
void w6_bind(struct world6 *, uint32_t preferred, uint32_t valid);
const struct sent6 *w6_last(const struct world6 *, uint8_t type);
unsigned int w6_count(const struct world6 *, uint8_t type);
/* The n-th option of a sent message; NULL: none. */
const uint8_t *
s6_opt(const struct sent6 *, unsigned int code, unsigned int n, size_t *len);
unsigned int s6_elapsed(const struct sent6 *);

/* IA_NA and one IA_PD, bound. */
void w6_bind_both(struct world6 *, uint32_t preferred, uint32_t valid);
uint32_t w6_iaid(const struct world6 *, unsigned int ia);
/* What was sent last; there must be something. */
const struct sent6 *w6_newest(const struct world6 *);

#endif

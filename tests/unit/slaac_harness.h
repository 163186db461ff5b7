/* SPDX-License-Identifier: ISC */
/*
 * The SLAAC machine on virtual time, with a kernel and a parent of a few
 * lines: addresses are checked for duplicates for a second, lifetimes run.
 */
#ifndef SLAAC_HARNESS_H
#define SLAAC_HARNESS_H

#include "proto/slaac.h"
#include "ra_builder.h"

#define SENT6_MAX 64
#define KERNEL_MAX 64
#define DAD_MS 1000
#define LL_OWN "fe80::ff"
#define R1 "fe80::1"
#define R2 "fe80::2"
#define R3 "fe80::3"
#define PREFIX1 "2001:db8:1::"
#define PREFIX2 "2001:db8:2::"

struct sent6 {
	uint64_t when;
	enum channel channel;
	size_t len;
	uint8_t bytes[32];
};

/* An address in the kernel. */
struct kaddr {
	int used;
	int tentative;
	uint64_t ready; /* when detection is over */
	uint64_t valid_until, preferred_until;
	struct addr6 wanted;
};

struct sworld {
	struct slaac s;
	uint64_t now;
	uint64_t deadline;
	struct conf_iface conf;
	struct interface iface;
	uint8_t secret[SECRET_SIZE];
	struct sent6 sent[SENT6_MAX];
	unsigned int nsent;
	/* newest of each, and how many */
	struct config6 config;
	unsigned int nconfig;
	struct dns_set dns;
	unsigned int ndns;
	struct slaac_info stored;
	unsigned int nstore, nforget;
	int managed, other, delegation;
	unsigned int nflags;
	unsigned int events[EVENT_MAX];
	struct event6 event; /* newest */
	char log[512];	     /* newest line above debug */
	uint64_t counters[COUNT_MAX];
	uint64_t seed;
	int fixed_random; /* every draw is this; -1: they vary */
	/* the kernel */
	struct kaddr kernel[KERNEL_MAX];
	unsigned int added, removed, refreshed;
	unsigned int refreshed_tentative; /* S-08: never */
	int pending;			  /* a configuration to carry out */
	int refuse;			  /* errno instead */
	int silent;	 /* the kernel tells nothing of addresses */
	int optimistic;	 /* RFC 4429 */
	int vanish;	 /* a duplicate is removed, as Linux does */
	int nduplicates; /* so many of the next addresses are taken */
	int unusable;	 /* policy refuses every address */
};

void sw_init(struct sworld *);
/* Everything told, link up, channels open: the machine starts. */
void sw_start(struct sworld *);
/* Run until a time, calling the timer at each deadline. */
void sw_run(struct sworld *, uint64_t until);
void sw_advance(struct sworld *, uint64_t ms);
void sw_link(struct sworld *, int up);
/* The link-local address is this; flags as in struct state6. */
void sw_link_local(struct sworld *, uint32_t flags);
/* A router advertisement arrives. */
void sw_ra(struct sworld *, const char *from, const struct ra *);
/* The usual one: lifetime 1800 s, PREFIX/64 with L and A. */
void sw_usual(struct sworld *, const char *from, const char *prefix,
    uint32_t valid, uint32_t preferred);
/* Somebody says this of an address. */
void sw_state(struct sworld *, const struct in6_addr *, uint32_t flags);
/* Remove it from the kernel behind our back. */
void sw_delete(struct sworld *, const struct in6_addr *);

/* Addresses of the wanted configuration inside a /64; the n-th or NULL. */
const struct addr6 *sw_addr(const struct sworld *, const char *prefix, int n);
int sw_naddrs(const struct sworld *, const char *prefix);
/* A route of the wanted configuration; gateway NULL: any. */
const struct route6 *sw_route(const struct sworld *, const char *dst,
    uint8_t prefixlen, const char *gateway);
int sw_nroutes(const struct sworld *, const char *dst, uint8_t prefixlen);
/* As text, in a static buffer. */
const char *text6(const struct in6_addr *);
/* Every bound of S-16 on tables and configuration. */
void sw_check_bounds(const struct sworld *);

#endif

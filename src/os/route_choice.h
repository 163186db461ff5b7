/* SPDX-License-Identifier: ISC */
/*
 * Which of several routes to one destination is in the kernel.  A kernel whose
 * routing table has no metric (FreeBSD) would take a second route to the same
 * destination for a second path of equal rank; so only the best is installed
 * and the next takes over when it goes (Y-09).  Pure: the kernel is behind
 * struct route_ops.
 */
#ifndef LEASED_OS_ROUTE_CHOICE_H
#define LEASED_OS_ROUTE_CHOICE_H

#include <sys/queue.h>
#include <stdint.h>

#define ROUTE_CHOICES_MAX 65536

/* A destination; addresses are 4 or 16 bytes in network order, rest zero. */
struct route_key {
	uint32_t fib;
	uint8_t family; /* AF_INET or AF_INET6 */
	uint8_t prefixlen;
	uint8_t dst[16];
};

/* A route somebody wants. */
struct route_want {
	struct route_key key;
	uint32_t ifindex;
	uint32_t metric;     /* lower wins; equal: who came first */
	uint32_t mtu;	     /* 0: the interface's */
	uint8_t gateway[16]; /* 0: on-link */
	uint8_t source[16];  /* 0: the kernel chooses */
	uint8_t reject;
	uint8_t no_link; /* one of an interface with a link is better */
};

struct route_choice {
	TAILQ_ENTRY(route_choice) entry;
	struct route_want want;
	int installed;
};
TAILQ_HEAD(route_choices, route_choice);

/*
 * All return 0 or an errno.  add: EEXIST when a route to the destination is
 * there that is not ours; it stays, and ours waits.  change: one into the
 * other, at once.  check: is it in the kernel as ours?  1 or 0.
 */
struct route_ops {
	int (*add)(const struct route_want *);
	int (*change)(const struct route_want *from, const struct route_want *);
	int (*remove)(const struct route_want *);
	int (*check)(const struct route_want *);
};

struct route_table {
	struct route_choices choices; /* by metric */
	const struct route_ops *ops;
	unsigned int n;
};

void route_table_init(struct route_table *, const struct route_ops *);
/* Want a route, or another metric, MTU or source for it.  0 also when it
 * waits behind a better or a foreign one; ENOBUFS, ENOMEM, or the kernel's
 * error, with which it is not wanted any more. */
int route_want(struct route_table *, const struct route_want *);
/* No longer want it; the next best takes its place.  With another metric (not
 * 0) than it was last wanted with: nothing, it was replaced. */
int route_unwant(struct route_table *, const struct route_want *);
/* It is in the kernel already, from before. */
int route_adopt(struct route_table *, const struct route_want *);
/* The interface is gone, and its routes with it. */
void route_forget(struct route_table *, uint32_t ifindex);
/* Has the interface a link?  Without one its routes stay only where there is
 * no other. */
void route_link(struct route_table *, uint32_t ifindex, int up);
/* Does it wait behind a route that is not ours? */
int route_waits(const struct route_table *, const struct route_want *);
/* Is one to this destination wanted?  ifindex 0: of any interface. */
int
route_wanted(const struct route_table *, const struct route_key *, uint32_t);
/* Look after all that should be there: gone is called for each that somebody
 * removed (no longer wanted then), those that waited get their turn. */
void
route_verify(struct route_table *, void (*gone)(const struct route_want *));
/* The installed ones of an interface differ in MTU now. */
void route_set_mtu(struct route_table *, uint32_t ifindex, uint8_t family,
    uint32_t from, uint32_t mtu);

#endif

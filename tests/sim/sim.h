/* SPDX-License-Identifier: ISC */
/*
 * The simulator: protocol machines on virtual time against model servers,
 * neighbours and a model kernel, with seeded trouble.  One seed is one world:
 * a number of interfaces, each on a segment of its own, for some virtual
 * hours.  The same seed gives the same world, event by event.
 *
 * A protocol joins as a struct sim_machine (sim_dhcp4.c is the first): it
 * gets frames, time and trouble, and says what must hold after each event.
 */
#ifndef SIM_H
#define SIM_H

#include <stddef.h>
#include <stdint.h>

#include "proto/proto.h"

#define SIM_IFACES 3
#define SIM_FRAME_MAX 1600
#define SIM_SERVERS 2
#define SIM_SEC 1000ULL
#define SIM_HOUR (3600 * SIM_SEC)

struct sim;
struct sim_iface;

/* An event fires once; fn gets arg and n. */
typedef void sim_fn(struct sim *, struct sim_iface *, uint32_t n,
    const uint8_t *data, size_t len);

struct sim_event {
	uint64_t when;
	uint64_t order; /* equal times keep the order of their making */
	sim_fn *fn;
	struct sim_iface *iface;
	uint32_t n;
	size_t len;
	uint8_t *data;
};

/* Per thousand, and milliseconds. */
struct sim_trouble {
	uint32_t loss, duplicate, corrupt;
	uint32_t delay_min, delay_max; /* reordering comes of it */
	uint32_t kernel_fails;	       /* requests that end in an error */
	uint32_t send_fails;
	uint32_t channel_fails;
};

/* What a protocol brings. */
struct sim_machine {
	const char *name;
	size_t size; /* of its state per interface */
	void (*start)(struct sim *, struct sim_iface *, void *);
	/* The daemon was killed and starts again. */
	void (*restart)(struct sim *, struct sim_iface *, void *);
	/* An Ethernet frame from the segment. */
	void (*receive)(
	    struct sim *, struct sim_iface *, void *, const uint8_t *, size_t);
	/* A frame that reaches the others of the segment; NULL: the servers
	 * of sim_server4.c see it anyway. */
	void (*segment)(
	    struct sim *, struct sim_iface *, void *, const uint8_t *, size_t);
	void (*link)(struct sim *, struct sim_iface *, void *, int up);
	/* Something an administrator does, or a suspend; n chooses what. */
	void (*command)(struct sim *, struct sim_iface *, void *, uint32_t n);
	/* After each event: what must hold. */
	void (*check)(struct sim *, struct sim_iface *, void *);
	/* At the end: a calm network, a live server; it must have settled. */
	void (*settled)(struct sim *, struct sim_iface *, void *);
};
/* Which is which in sim_machines[] and sim_iface.machine[]. */
enum { SIM_DHCP4, SIM_SLAAC, SIM_DHCP6 };
extern const struct sim_machine sim_dhcp4, sim_slaac, sim_dhcp6;
extern const struct sim_machine *const sim_machines[];
extern const size_t sim_nmachines;

/* What the model kernel has, as asked by the parent. */
#define SIM_ADDRS 8
struct sim_addr {
	struct in_addr addr;
	uint8_t prefixlen;
	uint64_t valid_until; /* PROTO_NEVER: infinite */
};

struct sim_iface {
	struct sim *sim;
	unsigned int index;
	struct interface iface;
	int up;
	struct sim_addr addrs[SIM_ADDRS];
	size_t naddrs;
	uint64_t calm_since; /* link up, server alive, no trouble */
	void *machine[4];
	struct sim_server *server[SIM_SERVERS];
	struct in_addr thief; /* another host has this address; 0: none */
	uint64_t thief_until;
	int link_local;	      /* the configuration allows one */
	uint32_t kernel_life; /* counts restarts */
	uint64_t kernel_busy; /* requests are carried out in order */
};

struct sim {
	uint64_t seed;
	uint64_t random;
	uint64_t now;
	uint64_t order;
	uint64_t nevents;
	uint64_t frames;
	struct sim_event *heap;
	size_t nheap, room;
	struct sim_trouble trouble;
	int calm;
	int verbose;
	struct sim_iface ifaces[SIM_IFACES];
	unsigned int nifaces;
	const char *doing; /* for a failure's report */
};

/* sim.c */
uint32_t sim_random(struct sim *, uint32_t bound);
int sim_chance(struct sim *, uint32_t per_thousand);
void sim_at(struct sim *, uint64_t when, sim_fn *, struct sim_iface *,
    uint32_t n, const uint8_t *, size_t);
void sim_say(struct sim *, const struct sim_iface *, const char *, ...)
    __attribute__((format(printf, 3, 4)));
/* An invariant does not hold: seed, time, reason; ends the process. */
_Noreturn void sim_fail(struct sim *, const struct sim_iface *, const char *,
    ...) __attribute__((format(printf, 3, 4)));
/* A frame of the client to its segment, or from the segment to the client:
 * with loss, duplication, delay and corruption. */
void sim_to_segment(struct sim_iface *, const uint8_t *, size_t);
void sim_to_client(struct sim_iface *, const uint8_t *, size_t);

/* sim_kernel.c: the parent and the kernel.  config4 is carried out a moment
 * later or fails; done says so. */
void sim_configure4(struct sim_iface *, const struct config4 *, sim_fn *done);
struct sim_addr *sim_kernel_find(struct sim_iface *, struct in_addr);
/* Lifetimes that have ended; called between events. */
void sim_kernel_expire(struct sim_iface *);

/* sim_server4.c: a model DHCPv4 server and the hosts of a segment. */
struct sim_server *sim_server_new(struct sim_iface *, unsigned int n);
void sim_server_free(struct sim_server *);
void sim_server_set(struct sim_server *, int alive);
int sim_server_alive(const struct sim_server *);
/* Forget all bindings, serve another pool: a renumbered network. */
void sim_server_renumber(struct sim_server *);
void sim_server_frame(struct sim_server *, const uint8_t *, size_t);
/* Did a server of the segment grant this address to this client, and until
 * when at the latest?  0: never. */
uint64_t sim_granted_until(const struct sim_iface *, struct in_addr);
void sim_hosts_frame(struct sim_iface *, const uint8_t *, size_t);
/* The thief claims the address of the client (an announcement). */
void sim_thief_claims(struct sim_iface *);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * The simulator: the real engine, with the machines of several interfaces, on
 * virtual time.  Parent, frontend, kernel, servers, routers and other hosts
 * are models; the trouble is seeded.  One seed is one world for some virtual
 * hours: the same seed gives the same world, event by event.
 *
 * Every interface has a segment of its own.  A quiet one sees no trouble at
 * all, and nothing that happens to the others may reach it.
 */
#ifndef SIM_H
#define SIM_H

#include <stddef.h>
#include <stdint.h>

#include "engine.h"
#include "policy.h"

#define SIM_UPLINKS 3
#define SIM_IFACES (SIM_UPLINKS + 1) /* the last one: downstream */
#define SIM_FRAME_MAX 1600
#define SIM_SERVERS 2
#define SIM_ROUTERS 2
#define SIM_PREFIXES 64 /* that routers of a segment advertise */
#define SIM_CHANNELS 80
#define SIM_RECENT 128
#define SIM_SEC 1000ULL
#define SIM_HOUR (3600 * SIM_SEC)

struct sim;
struct sim_iface;

/* An event fires once; fn gets n and data. */
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
	uint32_t duplicates; /* addresses that another host has */
};

/* ---- the model kernel's side of an interface ---- */

#define SIM_ADDRS 8
struct sim_addr {
	struct in_addr addr;
	uint8_t prefixlen;
	uint64_t valid_until; /* PROTO_NEVER: infinite */
};

#define SIM_ADDRS6 64
struct sim_addr6 {
	struct addr6 wanted;
	int tentative;
	uint64_t valid_until;
};

struct sim_route6 {
	struct route6 route;
	uint64_t valid_until;
};

/* What one protocol has there. */
struct sim_side6 {
	struct sim_addr6 addrs[SIM_ADDRS6];
	struct sim_route6 routes[CONFIG6_ROUTES_MAX];
	size_t naddrs, nroutes;
};

/* ---- the model parent's and frontend's ---- */

struct sim_channel {
	enum channel channel; /* CHANNEL_NONE: free */
	struct in_addr key;
	struct in6_addr key6;
	struct in_addr peer;
};

struct sim_file {
	size_t len;	     /* 0: there is none */
	unsigned int coming; /* written, and not yet here */
	uint8_t text[IPC_LEASE_FILE_MAX];
};

/* When messages of a kind were sent. */
struct sim_rate {
	uint64_t at[SIM_RECENT];
	unsigned int n;
};

struct sim_router {
	int alive;
	uint8_t n;
	uint16_t lifetime;
	uint8_t flags;	      /* M and O */
	uint8_t prefix_flags; /* L, A and P */
	uint16_t prefix;      /* number of the prefix it advertises */
	uint32_t valid, preferred;
};

struct sim_iface {
	struct sim *sim;
	unsigned int index;
	struct interface iface;
	struct conf_iface conf;
	int up;
	int downstream;
	int quiet;
	int handed; /* the engine was told of it */
	int present;
	struct sim_trouble trouble;
	/* kernel */
	struct sim_addr addrs[SIM_ADDRS];
	size_t naddrs;
	struct sim_side6 sides[PROTO_MAX];
	struct policy_bucket bucket;
	struct sim_file files[PROTO_MAX];
	struct sim_channel channels[SIM_CHANNELS];
	/* segment */
	struct sim_server *server[SIM_SERVERS];
	struct server6 *server6[SIM_SERVERS];
	struct grant6 *grants6;
	size_t ngrants6;
	struct sim_router routers[SIM_ROUTERS];
	uint16_t nprefixes;
	uint64_t granted[SIM_PREFIXES]; /* valid until, as advertised */
	uint64_t serves[256]; /* until then router fe80::N is a default one */
	struct in_addr thief; /* another host has this address; 0: none */
	uint64_t thief_until;
	/* what must hold */
	int released; /* silent until told otherwise */
	uint64_t released_at;
	uint64_t excused;   /* asked for by hand: now is not too early */
	uint64_t failed;    /* the kernel did */
	uint64_t removed;   /* somebody removed an address */
	uint64_t asked_for; /* an RA with M or O was heard, or may have been */
	uint64_t usable;    /* since then; quiet: it stays so */
	uint64_t reconfigured; /* a Reconfigure came that must be answered */
	struct in_addr kept;
	struct sim_rate sent4, sent6, solicited;
	struct {
		uint32_t xid;
		uint64_t when;
	} last4[16], last6[64]; /* by type */
	int refused; /* an ICMP error came with the result of a send */
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
	int calm;
	uint64_t end;
	int verbose;
	struct sim_iface ifaces[SIM_IFACES];
	unsigned int nifaces;
	const char *doing; /* for a failure's report */
	/* the host */
	int clock_stops;    /* FreeBSD: sleep is not counted */
	uint64_t uncounted; /* ms slept */
	uint64_t asleep;    /* until then; 0: awake */
	uint64_t woke;
	/* the daemon */
	int running;
	int stopping;
	uint64_t stop_asked;
	uint32_t life; /* counts starts: what is on its way to one is lost */
	uint64_t timer;
	uint64_t behind; /* its channels are full until then */
	uint64_t parent_busy, frontend_busy; /* channels keep their order */
	unsigned int immediate; /* timers in a row that did not move time */
};

/* sim_core.c */
uint32_t sim_random(struct sim *, uint32_t bound);
int sim_chance(struct sim *, uint32_t per_thousand);
/* How long something lasts: mostly seconds, sometimes an hour. */
uint64_t sim_span(struct sim *);
void sim_at(struct sim *, uint64_t when, sim_fn *, struct sim_iface *,
    uint32_t n, const void *, size_t);
struct sim_event sim_next(struct sim *);
void sim_say(struct sim *, const struct sim_iface *, const char *, ...)
    __attribute__((format(printf, 3, 4)));
/* An invariant does not hold: seed, time, reason; ends the process. */
_Noreturn void sim_fail(struct sim *, const struct sim_iface *, const char *,
    ...) __attribute__((format(printf, 3, 4)));
const char *sim_text4(struct in_addr);
const char *sim_text6(const struct in6_addr *);
struct sim_iface *sim_find(struct sim *, uint32_t ifindex);
/* Messages of this kind: one more; 1: more than so many in so many ms. */
int sim_rate(struct sim *, struct sim_rate *, unsigned int most, uint64_t ms);

/* sim_net.c: a frame of the client to its segment, or from the segment to the
 * client: with loss, duplication, delay and corruption. */
void sim_to_segment(struct sim_iface *, const uint8_t *, size_t);
void sim_to_client(struct sim_iface *, const uint8_t *, size_t);
void sim_flood(struct sim_iface *);

/* sim_engine.c: the real one.  A message of the parent or the frontend
 * reaches it with the turn. */
void sim_engine_start(struct sim *);
void sim_engine_kill(struct sim *);
void sim_engine_turn(struct sim *);
/* When its timer is due, and that it is. */
uint64_t sim_engine_due(const struct sim *);
void sim_engine_timer(struct sim *);
void sim_tell(struct sim *, enum ipc_type, const void *, size_t);
#define SIM_TELL(sim, type, msg) sim_tell(sim, type, &(msg), sizeof(msg))
/* Its interface; NULL: it does not run, or does not know it. */
struct eif *sim_eif(const struct sim_iface *);

/* sim_parent.c: what the engine asks for.  sim_heard() at once, sim_carry_out()
 * when the message has come. */
void sim_heard(struct sim *, int to_parent, enum ipc_type, const void *);
sim_fn sim_carry_out;
/* Everything about an interface, as the parent tells it. */
void sim_hand_out(struct sim_iface *);
void sim_let_go(struct sim_iface *, int gone);
void sim_tell_conf(struct sim_iface *);
void sim_tell_iface(struct sim_iface *);

/* sim_frontend.c: descriptors and packets. */
void sim_frontend_send(struct sim_iface *, const struct ipc_packet *);
void sim_open(struct sim_iface *, const struct ipc_open *);
void sim_close(struct sim_iface *, const struct ipc_channel_state *);
void sim_ask(struct sim_iface *);
/* Those without a key, which the parent opens by itself. */
void sim_channels_open(struct sim_iface *);
void sim_channels_fail(struct sim_iface *);
int sim_is_open(struct sim_iface *, enum channel, const struct in6_addr *);
/* A frame from the segment, to whom has a descriptor for it. */
void sim_frontend_frame(struct sim_iface *, const uint8_t *, size_t);

/* sim_kernel.c */
uint32_t sim_configure4(struct sim_iface *, const struct config4 *);
uint32_t sim_configure6(struct sim_iface *, const struct config6 *);
struct sim_addr *sim_kernel_find(struct sim_iface *, struct in_addr);
struct sim_addr6 *
sim_kernel_find6(struct sim_iface *, const struct in6_addr *, unsigned int *);
/* Somebody removes an address; 0: there is none. */
int sim_kernel_remove(struct sim_iface *);
/* Lifetimes that have ended; called between events. */
void sim_kernel_expire(struct sim_iface *);
/* All that is known of IPv6 addresses, to a new engine. */
void sim_kernel_tell(struct sim_iface *);
void sim_kernel_clear(struct sim_iface *);

/* sim_server4.c: a model DHCPv4 server and the hosts of a segment. */
struct sim_server *sim_server_new(struct sim_iface *, unsigned int n);
void sim_server_free(struct sim_server *);
void sim_server_set(struct sim_server *, int alive);
int sim_server_alive(const struct sim_server *);
/* Leases that last. */
void sim_server_calm(struct sim_server *);
/* Forget all bindings, serve another pool: a renumbered network. */
void sim_server_renumber(struct sim_server *);
void sim_server_frame(struct sim_server *, const uint8_t *, size_t);
/* Did a server of the segment grant this address to this client, and until
 * when at the latest?  0: never. */
uint64_t sim_granted_until(const struct sim_iface *, struct in_addr);
void sim_hosts_frame(struct sim_iface *, const uint8_t *, size_t);
/* The thief claims the address of the client (an announcement). */
void sim_thief_claims(struct sim_iface *);

/* sim_router.c */
void sim_routers_start(struct sim_iface *);
void sim_routers_calm(struct sim_iface *);
void sim_routers_frame(struct sim_iface *, const uint8_t *, size_t);
/* One of them changes. */
void sim_router_happens(struct sim_iface *);
/* Routers nobody needs, so many. */
void sim_router_flood(struct sim_iface *, unsigned int n);
/* Until when is an address of one of their prefixes valid?  0: of none. */
uint64_t
sim_advertised_until(const struct sim_iface *, const struct in6_addr *);

/* sim_server6.c, see sim6.h */
void sim_servers6_start(struct sim_iface *);
void sim_servers6_free(struct sim_iface *);
void sim_servers6_calm(struct sim_iface *);
void sim_servers6_frame(struct sim_iface *, const uint8_t *, size_t);
void sim_server6_happens(struct sim_iface *);

/* sim.c: the daemon starts again, in so many ms; is a prefix assigned
 * downstream, and does a stop release? */
void sim_start_in(struct sim *, uint64_t ms);
int sim_has_uplink(const struct sim *);
int sim_releases(const struct sim *);

/* sim_happen.c: something, now and then; and what calm puts right. */
sim_fn sim_happen, sim_arrive;
void sim_link_set(struct sim_iface *, int up);
void sim_new_trouble(struct sim_iface *);

/* sim_control.c: clients of leasectl, one answer each. */
void sim_control_random(struct sim_iface *);
void sim_control(struct sim_iface *, enum ctl_command);
void sim_control_heard(struct sim *, enum ipc_type, const void *);
void sim_control_forget(void);
void sim_control_check(struct sim *);

/* sim_check.c: what must hold, after each event and when a packet is sent. */
void sim_check(struct sim_iface *);
void sim_check_send(struct sim_iface *, const struct ipc_packet *);
void sim_check_stored6(struct sim_iface *);
int sim_has_addr6(const struct sim_iface *, enum protocol);
/* The longest way of a packet, and what each restart rounds up. */
#define SIM_SLACK_MS(sim) (12000 + 1000 * (uint64_t)(sim)->life)

/* sim_settled.c: after a restart and a stop, and at the end of a world. */
void sim_check_restored(struct sim_iface *);
void sim_check_settled(struct sim_iface *);
void sim_check_withdrawn(struct sim_iface *);

#endif

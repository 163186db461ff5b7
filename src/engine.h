/* SPDX-License-Identifier: ISC */
/* Between engine.c (interfaces, machines) and engine_ctl.c (control). */
#ifndef LEASED_ENGINE_H
#define LEASED_ENGINE_H

#include "leased.h"
#include "proto/dhcp4.h"
#include "proto/dhcp6.h"
#include "proto/pd.h"
#include "proto/slaac.h"
#include "suspend.h"

#define ENGINE_IFACES_MAX 1024
#define ENGINE_SKIPPED_MAX 256

/* The context of a machine's proto_ops. */
struct machine {
	struct eif *eif;
	enum protocol protocol;
	uint64_t deadline;
	/* when its lease was stored, it was resumed, or it began */
	struct suspend_mark stored;
};

/* What the engine has every machine of an interface do alike. */
struct machine_calls {
	void (*init)(struct eif *);
	void (*configure)(struct eif *, uint64_t now);
	/* The interface, or its channels, changed. */
	void (*interface)(struct eif *, uint64_t now);
	void (*start)(struct eif *, uint64_t now);
	void (*timer)(struct eif *, uint64_t now);
	void (*renew)(struct eif *, uint64_t now);
	void (*release)(struct eif *, uint64_t now);
	void (*withdraw)(struct eif *, uint64_t now);
	void (*resume)(struct eif *, uint32_t slept_sec, uint64_t now);
	int (*idle)(const struct eif *);
};
/* By protocol; PROTO_NONE has none. */
extern const struct machine_calls machine_calls[PROTO_MAX];
#define FOREACH_PROTOCOL(p) for ((p) = PROTO_NONE + 1; (p) < PROTO_MAX; (p)++)

/* A managed interface with its machines. */
/* What everybody is told at once is done one interface after the other, as far
 * as the channels take it. */
#define CHORE_RENEW 0x01
#define CHORE_RELEASE 0x02
#define CHORE_RESUME 0x04
#define CHORE_STOP 0x08

struct eif {
	TAILQ_ENTRY(eif) entry;
	uint32_t ifindex;
	int has_iface; /* INTERFACE has come */
	int ready4;    /* its DHCPv4 packet channel is open */
	int started;
	uint32_t chores; /* CHORE_*: to be done when there is room */
	int pd_changed;	 /* its delegated prefixes, see engine_prefixes() */
	struct machine machines[PROTO_MAX];
	struct conf_iface conf;
	struct interface iface;
	struct dhcp4 dhcp4;
	struct slaac slaac;
	struct dhcp6 dhcp6;
	struct pd pd; /* as a downstream interface of others */
	struct engine_addr {
		struct state6 state;
		uint64_t heard;	  /* ms: its life times were true then */
	} addrs6[SHOW_ADDRS_MAX]; /* ours, as the kernel has them */
	unsigned int naddrs6;
	struct ipc_socket_failed failed; /* error 0: none */
	uint32_t last_refusal;
	struct in_addr static_addr;
	struct ipc_routers routers; /* named to the frontend */
	uint64_t counters[COUNT_MAX];
};
TAILQ_HEAD(eif_list, eif);

struct engine {
	struct child child;
	struct ipc_peer frontend;
	struct conf_global global;
	struct eif_list ifaces;
	unsigned int nifaces;
	struct ipc_skipped skipped[ENGINE_SKIPPED_MAX];
	unsigned int nskipped;
	struct ipc_sandbox sandboxes[ROLE_MAX]; /* pid 0: not yet said */
	struct ipc_hwaddrs hwaddrs;
	uint8_t secret[SECRET_SIZE]; /* RFC 7217 5 */
	int timer_fd;		     /* -1: timer_ev is a libevent timer */
	struct event timer_ev;
	uint64_t timer_ms; /* what it is set to */
	int stopping;	   /* 1: STOP follows when all machines are idle */
	int withdraw;	   /* everything */
	int releasing;	   /* what release-on-exit names; the parent knows */
};

extern struct engine engine;
extern const struct proto_ops engine_ops;

/* Now, by both clocks. */
struct suspend_mark engine_moment(void);
void engine_obtained(const struct eif *, struct lease4 *);

#define TO_PARENT(type, msg) \
	ipc_send(&engine.child.parent, type, &(msg), sizeof(msg), -1)
#define TO_FRONTEND(type, msg) \
	ipc_send(&engine.frontend, type, &(msg), sizeof(msg), -1)

/* The link came (up) or went: an event for monitors. */
void engine_link_event(struct eif *, int up);

/* What the last run left behind: parse a lease file, and give it to its
 * machine.  A bad one is refused with a line in the log (Y-07). */
void engine_stored(struct eif *, const struct ipc_lease_file *);

/* Delegated prefixes changed somewhere; between turns they are given to the
 * downstream interfaces. */
void engine_prefixes_changed(void);
void engine_prefixes(uint64_t now);
pd_iid_fn engine_iid;
/* An IPv6 address changed.  Is there one that can be bound? */
void engine_address(struct eif *, const struct state6 *, uint64_t now);
int engine_ready6(const struct eif *);
/* What the machines of an interface know of its addresses. */
struct addr_origins {
	struct slaac_info slaac;
	struct dhcp6_lease dhcp6;
	struct pd_status pd;
};
/* Which of them an address comes from (PROTO_NONE: link-local), and its
 * lifetimes: that they were refreshed is no event of every kernel. */
void engine_origin(struct show_addr *, const struct addr_origins *);

struct eif *eif_find(struct engine *, uint32_t ifindex);

/* Carry out, or begin to, what a client asks. */
void ctl_request(struct engine *, const struct ipc_request *);
void ctl_hangup(struct engine *, uint32_t client);
void ctl_go_on(uint32_t client);
/* Between turns: waiters that are satisfied or late, listings that go on. */
void ctl_turn(struct engine *, uint64_t now);
/* When ctl_turn() must be called at the latest. */
uint64_t ctl_deadline(void);
/* One interface, its counters, and what is no interface, for `show`. */
void engine_show(uint32_t client, const struct eif *, uint64_t now);
void engine_show_counters(uint32_t client, const struct eif *);
void engine_show_rest(uint32_t client);
/* Begin to stop: release or withdraw what is to be, then tell the parent. */
void engine_stop(struct engine *, int withdraw);
/* Its chores of engine_ctl.c. */
void ctl_chores(struct eif *, uint64_t now);
/* SIGUSR1: a line for each interface into the log. */
void ctl_log_status(struct engine *, uint64_t now);

#endif

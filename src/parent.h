/* SPDX-License-Identifier: ISC */
/*
 * The parent's state, shared by parent.c (processes), manage.c (interfaces,
 * sockets, configuration) and apply.c (kernel and lease files, under policy).
 * These three and policy.c, journal.c, leasefile.c and os/ run as root.
 */
#ifndef LEASED_PARENT_H
#define LEASED_PARENT_H

#include "journal.h"
#include "leased.h"
#include "policy.h"
#include "os/os.h"

#define PARENT_IFACES_MAX 1024
#define PARENT_PREFIXES_MAX 4096 /* of one family */

/* Routes of one family that somebody removed while the link was up. */
struct lost_routes {
	int lost; /* one of ours vanished, at lost_ms */
	uint64_t lost_ms;
	uint64_t restored_ms; /* 0: never */
};

/* An interface of the host. */
struct pif {
	TAILQ_ENTRY(pif) entry;
	struct interface info;
	const struct conf_iface *conf; /* NULL: not managed */
	enum skip_reason skip;
	int todo;	     /* to be handed out, or changed since */
	uint64_t renamed_ms; /* 0: never */
	int handed;	     /* the engine knows it */
	int seen;	     /* set up once, if it was down (Y-23) */
	struct policy_bucket bucket;
	struct config4 held;   /* what the kernel has from us */
	struct config4 wanted; /* what it was given; held may lose some */
	uint64_t wanted_ms;
	uint32_t metric; /* of the routes held */
	struct lost_routes lost;
	int downed;	    /* the link was set down meanwhile */
	uint16_t found_mtu; /* before we changed it; 0: not changed */
	int socket_open;    /* the DHCPv4 packet channel */
	unsigned int retry_sec;
	struct event retry;
	struct prefix4 static4; /* the administrator's address */
	struct pif6 *v6;	/* NULL: never managed; parent6.h */
	int has_dns[PROTO_MAX];
	int adopted_dns[PROTO_MAX]; /* by an earlier run; to be said once */
	void *pending[PROTO_MAX];   /* leases waiting to be written, store.c */
	uint64_t written_ms[PROTO_MAX];
};

struct parent {
	const struct options *opts;
	struct event_base *base;
	struct conf *conf;
	struct ipc_peer peers[ROLE_HELPER + 1]; /* by role */
	pid_t pids[ROLE_HELPER + 1];
	int traps[ROLE_HELPER + 1];
	int channels[ROLE_HELPER + 1]; /* until the peers are open */
	struct journal journal;
	int statedir;
	int monitor;
	int sink; /* UDP 68, -1: not open */
	unsigned int sink_retry_sec;
	int notify;
	int listener;
	int ready;
	int stop;
	int stopping;
	int withdrawn; /* stopped with something taken back */
	int exit_code;
	int hwaddrs_changed;
	TAILQ_HEAD(, pif) ifaces;
	struct prefix4 prefixes[PARENT_PREFIXES_MAX];
	size_t nprefixes;
	uint64_t reloaded_ms;
};

extern struct parent parent;

#define TO_ENGINE_MSG(type, msg) \
	ipc_send(&parent.peers[ROLE_ENGINE], type, &(msg), sizeof(msg), -1)
#define TO_FRONTEND_MSG(type, msg) \
	ipc_send(&parent.peers[ROLE_FRONTEND], type, &(msg), sizeof(msg), -1)
#define TO_HELPER_MSG(type, msg) \
	ipc_send(&parent.peers[ROLE_HELPER], type, &(msg), sizeof(msg), -1)

/* parent_children.c: before the sandbox. */
struct passwd;
void child_start(enum ipc_role, const struct passwd *);

/* manage.c */
struct pif *pif_find(uint32_t ifindex);
void manage_init(void);
/* Hand out what is new or changed, as far as the channels take it. */
void manage_turn(void);
int manage_done(void); /* everything present was handed out */
/* The global part, to all children: at start and after a reload. */
void manage_tell_conf(void);
/* manage_resolv.c: `resolv-conf`, to the helper. */
void manage_tell_resolv(void);
/* A timer that only has to end a turn. */
void manage_wakeup(evutil_socket_t, short, void *);
/* Read the configuration again; text gets what to tell the client. */
int manage_reload(char *text, size_t size);
/* What the engine can make us say is limited in rate. */
int manage_may_log(void);
void
manage_refused(struct pif *, uint32_t ifindex, enum refusal, const char *what);

/* An address of ours was taken out, whatever the kernel still says of it. */
void manage_prefix_gone(uint32_t ifindex, struct in_addr, uint8_t prefixlen);
int manage_is_journalled(const struct pif *, struct in_addr, uint8_t prefixlen);

/* manage_sockets.c */
/* The DHCPv4 packet channel: made when the interface can speak, closed when
 * DHCPv4 is off. */
void socket_dhcp4(struct pif *);
void manage_open(const struct ipc_open *);
void manage_closed(const struct ipc_channel_state *);
/* Of UDP port 68; an errno, and who has it. */
int manage_sink_open(uint32_t *uid, int *has_owner);
void manage_sink_retry(void);

/* apply.c */
void apply_adopt(struct pif *);
void apply_configure4(const struct ipc_configure4 *);
void apply_withdraw(struct pif *);
/* An interface that an earlier run managed, and this one does not. */
void apply_abandon(struct pif *);
/* A record of an interface that is no more. */
void apply_absent(const struct journal_record *);
void apply_route_gone(struct pif *, struct in_addr dst, uint8_t prefixlen,
    struct in_addr gateway);
/* 1: the address was one of ours. */
int apply_addr_gone(struct pif *, struct in_addr, uint8_t prefixlen);
/* The configuration was read again. */
void apply_review(struct pif *);
/* Once a turn: put back the routes that vanished. */
void apply_restore(struct pif *);
/* Lost routes (what they are called, and until when else they stay away): 1 to
 * be put back now, 0 not or not yet. */
int apply_restore_allowed(const struct pif *, struct lost_routes *,
    const char *what, const char *until);
void apply_dns(const struct ipc_dns *);
/* What the kernel answered, as the engine is told. */
uint32_t apply_kernel_error(int error);
uint32_t apply_metric(const struct pif *);

/* store.c: the lease files. */
void store_lease4(const struct ipc_store4 *);
void store_slaac(const struct ipc_store_slaac *);
void store_dhcp6(const struct ipc_store_dhcp6 *);
void store_forget(const struct ipc_forget *);
/* Write what is due; ms until the next is, -1: none waits. */
int store_write(void);
/* The daemon ends: write what waits, however lately its file was. */
void store_flush(void);
/* The same of one whose name or network changes, while it has the old. */
void store_flush_of(struct pif *);
/* The interface goes: what was not written is not. */
void store_drop(struct pif *);

#endif

/* SPDX-License-Identifier: ISC */
/* Between the files of the DHCPv6 machine. */
#ifndef LEASED_DHCP6_PRIV_H
#define LEASED_DHCP6_PRIV_H

#include <syslog.h>
#include "dhcp6.h"
#include "dhcp6_msg.h"

#define LOG(d, prio, ...) ((d)->ops->log((d)->ctx, prio, __VA_ARGS__))
#define COUNT(d, c) ((d)->ops->count((d)->ctx, COUNT_##c))
#define IA_BIT(i) (1U << (i))

#define LEASE_MIN_SEC 5	       /* ours; less is no lease */
#define CLOCK_MIN_SEC 5	       /* ours; T1 is not below: no storms */
#define RETRY_FIRST_MS 10000   /* ours; an IA nobody serves */
#define CONFLICT_WAIT_MS 10000 /* ours; after a few duplicates */
#define CONFLICTS_FREE 3       /* ours */
#define GONE_WAIT_MS 10000     /* ours; put back what was removed */
#define RELEASE_WAIT_MS 1000   /* ours; for the withdrawal */
#define KERNEL_WAIT_MS 10000   /* ours; a configuration that failed */
#define SEND_BURST 20	       /* RFC 9915 14.1: so many messages at once, */
#define SEND_INTERVAL_MS 1000  /* then one in that time */
#define SOL_MAX_RT_SEC 3600    /* RFC 9915 7.6 */
#define INF_MAX_RT_SEC 3600

/* RFC 9915 15 and 7.6: how messages of an exchange are sent again. */
struct d6_timing {
	enum dhcp6_type type;
	uint32_t irt_ms;
	uint32_t mrt_ms; /* 0: none */
	uint32_t mrc;	 /* messages; 0: no end */
	uint32_t mrd_ms; /* 0: no end */
	enum counter sent;
};
extern const struct d6_timing d6_timings[EX_KIND_MAX];

/* ---- dhcp6.c: exchanges and their answers ---- */
/* Everything said, link up, sockets open. */
int d6_can_speak(const struct dhcp6 *);
/* A message of a server for an exchange; m may be changed. */
void d6_answer(
    struct dhcp6 *, struct dhcp6_exchange *, struct dhcp6_msg *, uint64_t now);
void d6_set_ias(struct dhcp6 *, uint32_t ias, enum dhcp6_ia_state);
/* What has to be started is started, and the deadline set. */
void d6_run(struct dhcp6 *, uint64_t now);
/* Link up, renew, restart: Confirm, Rebind or from the beginning. */
void d6_begin(struct dhcp6 *, uint64_t now);
/* The withdrawal is done: now the Release (D6-17). */
void d6_release_send(struct dhcp6 *, uint64_t now);
void d6_released(struct dhcp6 *, uint64_t now);
void d6_set_state(struct dhcp6 *);
/* IAs that are to be had by configuration and router advertisements. */
uint32_t d6_wanted(const struct dhcp6 *);

/* ---- dhcp6_send.c ---- */
/* An exchange not yet begun; NULL: none free (cannot happen). */
struct dhcp6_exchange *d6_prepare(struct dhcp6 *, enum dhcp6_exchange_kind,
    uint32_t ias, const struct dhcp6_server *, uint64_t now);
/* Prepare and send. */
void d6_start(struct dhcp6 *, enum dhcp6_exchange_kind, uint32_t ias,
    const struct dhcp6_server *, uint64_t now);
void d6_send(struct dhcp6 *, struct dhcp6_exchange *, uint64_t now);
/* Renew what there is, at once. */
void d6_renew(struct dhcp6 *, uint64_t now);
/* 0: a message may be sent, and counts; else ms to wait until one may. */
uint64_t d6_throttle(struct dhcp6 *, uint64_t now);
void d6_stop(struct dhcp6_exchange *);
void d6_stop_all(struct dhcp6 *);
/* Take IAs out of what is under way for them. */
void d6_leave(struct dhcp6 *, uint32_t ias);
struct dhcp6_exchange *d6_find_kind(struct dhcp6 *, enum dhcp6_exchange_kind);
struct dhcp6_exchange *d6_find_ia(struct dhcp6 *, unsigned int ia);
uint32_t d6_new_xid(struct dhcp6 *);
/* The next RT (RFC 9915 15) of something sent tries times. */
uint32_t d6_next_rt(struct dhcp6 *, uint32_t irt_ms, uint32_t mrt_ms,
    uint32_t last_ms, int positive);
/* Is rapid commit asked for? */
int d6_rapid_commit(const struct dhcp6 *);
/* The client id as it is sent; 0: none. */
size_t d6_client_id(const struct dhcp6 *, uint8_t duid[DHCP6_DUID_MAX]);

/* ---- dhcp6_ia.c: what is leased ---- */
struct d6_outcome {
	uint32_t got;	    /* IAs with leases from this message */
	uint32_t nobinding; /* the server does not know them */
	uint32_t refused;   /* another status */
	uint32_t emptied;   /* nothing left of them */
	int changed;	    /* addresses or prefixes came or went */
};
/* Leases of a message into ours.  fresh: they replace what the IAs had. */
void d6_merge(struct dhcp6 *, const struct dhcp6_msg *, uint32_t ias, int fresh,
    uint64_t now, struct d6_outcome *);
/* Which IAs of a message hold something that can be used. */
uint32_t d6_serves(struct dhcp6 *, const struct dhcp6_msg *, uint32_t ias);
/* IAs with an address or a prefix. */
uint32_t d6_bound(const struct dhcp6 *);
void d6_drop_ias(struct dhcp6 *, uint32_t ias);
void d6_drop_addr(struct dhcp6 *, unsigned int);
/* Remove what has expired. */
void d6_expire(struct dhcp6 *, uint64_t now);
/* Renew and rebind what is due (RFC 9915 18.2.4, 18.2.5). */
void d6_clocks(struct dhcp6 *, uint64_t now);
/* The IA is to be solicited for, after a while if it failed before. */
void d6_want(struct dhcp6 *, uint32_t ias, int failed, uint64_t now);
int d6_same_server(const struct dhcp6_server *, const struct dhcp6_server *);

/* ---- dhcp6_statements.c: which IA_PD is which prefix statement's ---- */
/* Before conf is taken: IA_PDs follow their statements to another place.
 * IAs at work whose statement changed its hint, or is gone. */
uint32_t d6_match_prefixes(struct dhcp6 *, const struct conf_iface *);
/* Prefixes that are no longer wanted are released when there was time to
 * withdraw them. */
void d6_release_ias(struct dhcp6 *, uint32_t ias, uint64_t now);
/* IAs that are off get the identifiers they will have (D6-02). */
void d6_set_iaids(struct dhcp6 *);

/* ---- dhcp6_apply.c: to the kernel and the world ---- */
/* Addresses and reject routes, delegated prefixes, DNS, lease file. */
void d6_apply(struct dhcp6 *, uint64_t now);
void d6_apply_kernel(struct dhcp6 *, uint64_t now);
void d6_apply_dns(struct dhcp6 *);
void d6_store(struct dhcp6 *, uint64_t now);
void d6_withdraw(struct dhcp6 *, uint64_t now);
/* One event for each address and prefix of the IAs. */
void d6_events(struct dhcp6 *, enum proto_event, uint32_t ias, uint64_t now,
    const char *reason);
void d6_event_addr(struct dhcp6 *, enum proto_event, const struct dhcp6_addr *,
    const char *reason);
void d6_event_prefix(struct dhcp6 *, enum proto_event,
    const struct dhcp6_prefix *, const char *reason);
/* The options that only inform.  complete: what is not said is gone. */
void d6_take_info(struct dhcp6 *, const struct dhcp6_msg *, int complete);
uint32_t d6_left(uint64_t end, uint64_t now);
uint64_t d6_end(uint32_t sec, uint64_t now);
/* What the kernel said of our addresses, into the lease's flags. */
void d6_update_usable(struct dhcp6 *);

/* ---- dhcp6_auth.c: Reconfigure (RFC 9915 20.4) ---- */
void d6_take_key(struct dhcp6 *, const struct dhcp6_msg *);
/* 1: authentic, and not a replay. */
int
d6_authentic(struct dhcp6 *, const struct dhcp6_msg *, const uint8_t *, size_t);
/* One receive channel per leased address, with `reconfigure yes`. */
void d6_reconf_channels(struct dhcp6 *);

/* ---- dhcp6_register.c: RFC 9686 ---- */
void d6_register_run(struct dhcp6 *, uint64_t now);
uint64_t d6_register_deadline(const struct dhcp6 *);
void d6_register_reply(struct dhcp6 *, const struct in6_addr *key,
    const struct dhcp6_msg *, uint64_t now);
/* CHANNEL_DHCP6_SEND of one address. */
void d6_register_channel(struct dhcp6 *, const struct in6_addr *key, int error);
void d6_register_address(
    struct dhcp6 *, const struct state6 *, int usable, uint64_t now);
void d6_register_stop(struct dhcp6 *);

#endif

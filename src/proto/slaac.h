/* SPDX-License-Identifier: ISC */
/*
 * Router discovery and stateless address configuration of one interface
 * (RFC 4861, 4862, with RFC 4191, 7217, 7559, 8028, 8106, 8981, 9762).
 * Sans-IO: see proto.h.  Duplicate address detection is the kernel's; what it
 * finds comes back through slaac_address().
 */
#ifndef LEASED_SLAAC_H
#define LEASED_SLAAC_H

#include "proto.h"
#include "../wire_slaac.h"

/* The solicitations, RFC 7559 2 */
enum slaac_state {
	SLAAC_DOWN,	  /* no link, no channel, or not to run */
	SLAAC_SOLICITING, /* no default router yet */
	SLAAC_BOUND,	  /* a router with a lifetime has answered */
	SLAAC_STATE_MAX
};

/* Everything that can be due; the machine's deadline is the earliest. */
enum slaac_timer {
	SLAAC_T_SOLICIT, /* next solicitation of the series */
	SLAAC_T_REFRESH, /* 7/8 of the last lifetime: ask once (S-02) */
	SLAAC_T_EXPIRE,	 /* a lifetime ends, or an address is to be renewed */
	SLAAC_T_MISSING, /* 5 s after a router's first RA (S-17) */
	SLAAC_T_GONE,	 /* an address vanished while it was tentative */
	SLAAC_T_RETRY,	 /* the parent could not carry out what was asked */
	SLAAC_T_APPLY,	 /* changes that wait for the rate to allow them */
	SLAAC_T_STORE,
	SLAAC_T_MAX
};

/*
 * The tables.  A slot of a table that is in use has its flag set; times are
 * ends in milliseconds, PROTO_NEVER: infinite, 0: none.  A set of routers is
 * one bit for each slot of the routers' table.
 */
struct slaac_rtr {
	int used;
	struct in6_addr addr;
	uint64_t until;	  /* as a default router; 0: none */
	uint64_t granted; /* when until was set */
	uint64_t first;	  /* its first RA since the link came up; 0: none */
	uint64_t order;	  /* of arrival */
	uint8_t preference;
	uint8_t managed;
	uint8_t other;
	uint8_t unreachable;
	uint8_t checked; /* what it does not say any more was looked for */
};

struct slaac_pfx {
	int used;
	struct in6_addr prefix;
	uint8_t prefixlen;
	uint8_t flags;	   /* SLAAC_PREFIX_* */
	uint8_t routers;   /* who advertise it */
	uint8_t heard;	   /* those of them since the link came up */
	uint8_t dad;	   /* DAD_Counter of the next stable address */
	uint8_t tries;	   /* temporary addresses that were duplicates */
	uint8_t conflicts; /* stable ones, since the link came up */
	uint8_t refused;   /* no address: said once */
	uint8_t given_up;  /* IDGEN_RETRIES duplicates: no stable address */
	uint64_t order;
	uint64_t onlink_until;
	uint64_t valid_until; /* RFC 4862 5.5.3, of its addresses */
	uint64_t preferred_until;
	uint64_t granted; /* when preferred_until was set */
};

struct slaac_adr {
	int used;
	struct in6_addr addr;
	uint8_t prefixlen;
	uint8_t flags; /* SLAAC_ADDR_* */
	uint8_t dad;
	uint8_t replaced; /* temporary: its successor has been made */
	uint8_t said;	  /* it was reported as usable */
	uint64_t order;
	uint64_t valid_until;
	uint64_t preferred_until;
	uint64_t cap_valid; /* RFC 8981 3.4; else PROTO_NEVER */
	uint64_t cap_preferred;
	uint64_t sent_valid; /* what the kernel was told last; 0: nothing */
	uint64_t sent_preferred;
	uint64_t gone; /* when it vanished; 0: it did not */
};

struct slaac_rio {
	int used;
	struct in6_addr dst;
	uint8_t prefixlen;
	uint8_t preference;
	uint8_t router; /* slot */
	uint64_t order;
	uint64_t until;
};

struct slaac_dns {
	int used;
	uint8_t routers;
	uint64_t order;
	uint64_t until;
	struct in6_addr addr;	 /* of a server, */
	char name[DNS_NAME_MAX]; /* or a name to search */
};

struct slaac_nat64 {
	int used;
	uint8_t prefixlen;
	uint8_t routers;
	struct in6_addr prefix;
	uint64_t until;
};

struct slaac_resolver {
	int used;
	uint8_t routers;
	uint64_t until;
	struct slaac_dnr dnr;
};

struct slaac {
	const struct proto_ops *ops;
	void *ctx;
	enum slaac_state state;
	/* given from outside */
	struct conf_iface conf;
	struct interface iface;
	uint8_t secret[SECRET_SIZE];
	int has_conf, has_iface, started, released;
	int nd_open, rs_open;
	int delegated; /* a prefix, RFC 9762 6.2 */
	struct in6_addr link_local;
	int link_local_sure; /* neither tentative nor optimistic */
	/* solicitations */
	uint64_t rt_ms; /* the interval before the next */
	uint64_t sent;	/* when the last one left; 0: never */
	uint32_t tries;
	/* ends that were asked to be refreshed: router's, prefix's */
	uint64_t refreshed[2];
	int filtered_said;
	/* what was learned */
	struct slaac_rtr routers[SLAAC_ROUTERS_MAX];
	struct slaac_pfx prefixes[SLAAC_PREFIXES_MAX];
	struct slaac_adr addrs[SLAAC_ADDRS_MAX];
	struct state6 seen[SLAAC_ADDRS_MAX]; /* in the kernel, not of ours */
	int adopting; /* the journal has addresses of an earlier run */
	struct slaac_rio routes[SLAAC_ROUTES_MAX];
	struct slaac_dns servers[DNS_SERVERS_MAX];
	struct slaac_dns search[DNS_SEARCH_MAX];
	struct slaac_nat64 nat64[SLAAC_PREF64_MAX];
	struct slaac_resolver resolvers[SLAAC_DNR_MAX];
	char captive_portal[SLAAC_URI_MAX];
	uint8_t captive_router; /* slot */
	uint32_t mtu;
	uint32_t hop_limit;
	uint32_t reachable_ms;
	uint32_t retrans_ms;
	uint64_t order; /* counts arrivals */
	uint32_t evicted;
	uint8_t network_id[NETWORK_ID_MAX]; /* where it was learned */
	uint8_t network_id_len;
	int unconfirmed; /* no known router was heard since link up (S-17) */
	int said_flags;	 /* ra_flags was called since link up */
	uint8_t managed, other, delegation; /* as it was told */
	uint64_t when[SLAAC_T_MAX];
	/* what was asked for last */
	uint32_t serial;
	int asked;	    /* at least once */
	uint64_t asks_from; /* so many in the window that began then */
	unsigned int asks;
	uint64_t restored; /* when a vanished address was asked for again */
	struct config6 config;
	uint64_t route_until[CONFIG6_ROUTES_MAX]; /* of config's routes */
	struct dns_set dns;
	uint64_t stored_at;
	int has_stored;		    /* there is a file */
	int changed;		    /* what is stored is not what was learned */
	uint32_t nlearned, nstored; /* advertisements heard, and in the file */
};

void slaac_init(struct slaac *, const struct proto_ops *, void *ctx);

/* (Re)load the configuration of the interface; starts, stops or changes what
 * is to change.  secret: RFC 7217's secret_key. */
void slaac_configure(struct slaac *, const struct conf_iface *,
    const uint8_t secret[SECRET_SIZE], uint64_t now);
/* The interface changed (link, MAC, MTU, network id).  Given before the first
 * start too. */
void slaac_interface(struct slaac *, const struct interface *, uint64_t now);
/* CHANNEL_ND (hear) or CHANNEL_RS (solicit) is open (0), or is not (errno);
 * CHANNEL_RS again when the link-local address changed. */
void slaac_channel(struct slaac *, enum channel, int error, uint64_t now);
/* What was learned in an earlier run, and its age, before the start; the
 * caller has parsed it strictly.  It is used when the kernel still has an
 * address of that run, as slaac_address() says before the start. */
void slaac_stored(
    struct slaac *, const struct slaac_info *, uint32_t age_sec, uint64_t now);
/* All of the above has been said: go. */
void slaac_start(struct slaac *, uint64_t now);

/* Any address of the interface, the link-local one too, appeared, changed or
 * went.  Also before the start. */
void slaac_address(struct slaac *, const struct state6 *, uint64_t now);
/* Neighbour detection found a router reachable, or not any more. */
void slaac_neighbor(
    struct slaac *, const struct in6_addr *, int reachable, uint64_t now);
/* A packet from CHANNEL_ND, from the ICMPv6 type on. */
void slaac_receive(struct slaac *, const struct recv6 *, const uint8_t *,
    size_t, uint64_t now);
void slaac_timer(struct slaac *, uint64_t now);
/* A send failed (error is an errno). */
void slaac_sent(struct slaac *, enum channel, int error, uint64_t now);
/* The parent carried a configuration out (0), or it failed (errno). */
void slaac_configured(struct slaac *, uint32_t serial, int error, uint64_t now);
/* A prefix is delegated to this host, or no more (RFC 9762, S-15). */
void slaac_prefix_delegated(struct slaac *, int has, uint64_t now);

/* Solicit now; ends what slaac_withdraw() began. */
void slaac_renew(struct slaac *, uint64_t now);
/* After a suspend that the clock did not count: slept_sec by the wall clock.
 */
void slaac_resume(struct slaac *, uint32_t slept_sec, uint64_t now);
/* Take everything back and be silent until renew, link up or restart. */
void slaac_withdraw(struct slaac *, uint64_t now);
/* The daemon ends and leaves everything in place: store what is not yet. */
void slaac_store(struct slaac *, uint64_t now);
/* 1 when nothing more is to be sent or withdrawn. */
int slaac_idle(const struct slaac *);

/* What is known; times relative to now. */
void slaac_status(const struct slaac *, uint64_t now, struct slaac_info *);
/* A global address can be bound: the kernel has it, and it is neither
 * tentative without being optimistic, nor duplicated (Y-03, S-08). */
int slaac_usable(const struct slaac *);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * The DHCPv6 client machine of one interface (RFC 9915, with RFC 4704, 6603,
 * 7083, 7844, 9096, 9663, 9686).  Sans-IO: see proto.h.
 *
 * An interface has one IA_NA and an IA_PD for each prefix statement.  Every IA
 * lives by itself; messages to servers (exchanges) carry one or more of them,
 * and more than one exchange may be under way.
 */
#ifndef LEASED_DHCP6_H
#define LEASED_DHCP6_H

#include "proto.h"
#include "../wire_dhcp6.h"

/* X(symbol, name); the most urgent of what is under way, for show */
#define DHCP6_STATES(X)                                              \
	X(DOWN, "down")	      /* no link, released, or not to run */ \
	X(WAITING, "waiting") /* for an RA, a socket, a delay */     \
	X(SOLICITING, "soliciting")                                  \
	X(REQUESTING, "requesting")                                  \
	X(CONFIRMING, "confirming") /* Confirm, or its Rebind */     \
	X(BOUND, "bound")                                            \
	X(RENEWING, "renewing")                                      \
	X(REBINDING, "rebinding")                                    \
	X(INFORMING, "informing")                                    \
	X(INFORMED, "informed")                                      \
	X(RELEASING, "releasing")
#define DHCP6_STATE_SYMBOL(s, n) D6_##s,
enum dhcp6_state { DHCP6_STATES(DHCP6_STATE_SYMBOL) D6_STATE_MAX };
#undef DHCP6_STATE_SYMBOL

/* What an exchange is; rules and constants are in dhcp6.c's table. */
enum dhcp6_exchange_kind {
	EX_NONE,
	EX_SOLICIT,
	EX_REQUEST,
	EX_CONFIRM,
	EX_RECHECK, /* Rebind with Confirm's timing (RFC 9915 18.2.12) */
	EX_RENEW,
	EX_REBIND,
	EX_INFORM,
	EX_RELEASE,
	EX_DECLINE,
	EX_KIND_MAX
};

/* RENEW one per server, and one each of the others at most */
#define DHCP6_EXCHANGES_MAX (DHCP6_IAS_MAX + 3)
#define DHCP6_REGISTER_MAX SLAAC_ADDRS_MAX
#define DHCP6_KNOWN_MAX (DHCP6_ADDRS_MAX + SLAAC_ADDRS_MAX)

struct dhcp6_exchange {
	enum dhcp6_exchange_kind kind;
	uint32_t ias; /* bit mask */
	uint32_t xid;
	uint32_t tries; /* messages sent */
	uint32_t rt_ms;
	uint64_t began; /* first message; elapsed time counts from it */
	uint64_t next;	/* retransmission, or giving up */
	uint64_t end;	/* MRD; PROTO_NEVER: none */
	int from_offer; /* asks for what an Advertise offered */
	struct dhcp6_server server;
};

/* RFC 9686: one self-made address. */
struct dhcp6_registration {
	struct addr6 addr;
	uint64_t until;	    /* valid lifetime ends */
	uint64_t preferred; /* preferred lifetime ends */
	uint64_t next;	    /* when to send, or send again */
	uint32_t xid;
	uint32_t tries;
	uint32_t rt_ms;
	uint8_t open;  /* the sending channel is there */
	uint8_t asked; /* they were asked for */
	uint8_t registered;
	uint8_t usable;
};

/* The machine's own times of one IA; ms. */
struct dhcp6_ia_times {
	uint64_t t1;
	uint64_t t2;
	uint64_t retry; /* when to solicit for it again */
	uint32_t failures;
};

/* When an address or prefix ends; ms. */
struct dhcp6_ends {
	uint64_t preferred;
	uint64_t valid;
};

enum dhcp6_timer {
	D6_TIMER_INFORM,  /* send Information-request (again) */
	D6_TIMER_RELEASE, /* the withdrawal was not confirmed in time */
	D6_TIMER_RETRY,	  /* the kernel failed a configuration */
	D6_TIMER_MAX
};

struct dhcp6 {
	const struct proto_ops *ops;
	void *ctx;
	enum dhcp6_state state;
	/* given from outside */
	struct conf_iface conf;
	struct interface iface;
	uint8_t duid[DHCP6_DUID_MAX];
	size_t duid_len;
	int has_conf, has_iface, started, released, releasing;
	int receive_open, send_open;
	int managed, other, pd_flag; /* of router advertisements */
	/* what is leased; its lifetimes are as granted, ends[] hold */
	struct dhcp6_lease lease;
	struct dhcp6_ia_times times[DHCP6_IAS_MAX];
	struct dhcp6_ends addr_ends[DHCP6_ADDRS_MAX];
	struct dhcp6_ends prefix_ends[DHCP6_PREFIXES_MAX];
	struct in6_addr declined[DHCP6_ADDRS_MAX]; /* in EX_DECLINE */
	uint32_t ndeclined;
	uint32_t conflicts;
	uint64_t begin_at; /* Confirm, Rebind or Solicit then */
	uint64_t when[D6_TIMER_MAX];
	/* under way */
	struct dhcp6_exchange exchanges[DHCP6_EXCHANGES_MAX];
	struct dhcp6_lease offer; /* best Advertise; what is released */
	uint32_t offer_ias;	  /* which IAs it serves; 0: none */
	int has_next;	  /* offer is the stored lease of the next network, */
	uint64_t next_at; /* told then, being so old: */
	uint32_t next_age;
	struct {
		struct dhcp6_prefix prefix;
		uint32_t iaid;
	} leaving[DHCP6_PREFIXES_MAX]; /* released, the rest stays */
	uint32_t nleaving;
	int no_addrs;	  /* servers have no address for us */
	int inform_asked; /* by a Reconfigure */
	int filtered_said, no_server_said;
	int unsent;	      /* the last message found no sender */
	uint64_t paced_until; /* what was sent, at its long-term rate */
	int release_filtered; /* and no server has answered it */
	/* the kernel */
	uint32_t serial;
	int applied; /* something was configured, or may be left over */
	struct dns_set dns;
	struct in6_addr reconf_open[DHCP6_ADDRS_MAX]; /* receive channels */
	uint32_t nreconf_open;
	struct dhcp6_registration regs[DHCP6_REGISTER_MAX];
	uint32_t nregs;
	/* addresses of ours the kernel told of, leased or not */
	struct dhcp6_known {
		struct in6_addr addr;
		uint32_t flags; /* STATE6_*; 0: free */
	} known[DHCP6_KNOWN_MAX];
	uint64_t gone_at; /* somebody removed one of them */
};

/* For `leasectl show`: lease is what holds now, its lifetimes, T1, T2 and
 * refresh_sec count from now and its reconfigure key is blanked. */
struct dhcp6_status {
	enum dhcp6_state state;
	uint32_t tries;	   /* of the exchange the state is about */
	uint32_t retry_in; /* seconds to its next message */
	struct dhcp6_lease lease;
};

void dhcp6_init(struct dhcp6 *, const struct proto_ops *, void *ctx);

/* (Re)load the configuration.  Starts, restarts or stops the machine as the
 * change demands; what does not concern DHCPv6 does nothing.  duid: the
 * host's; `anonymous yes` makes its own of the MAC. */
void dhcp6_configure(struct dhcp6 *, const struct conf_iface *,
    const uint8_t *duid, size_t duid_len, uint64_t now);
/* The interface changed (link, MAC, network id).  Given before the start. */
void dhcp6_interface(struct dhcp6 *, const struct interface *, uint64_t now);
/* A channel is open (0), or could not be opened or is closed (errno).  key
 * ::: the pair of the link-local address, which is never asked for. */
void dhcp6_channel(struct dhcp6 *, enum channel, const struct in6_addr *key,
    int error, uint64_t now);
/* A lease from disk and its age in seconds, before the start. */
void dhcp6_stored(
    struct dhcp6 *, const struct dhcp6_lease *, uint32_t age_sec, uint64_t now);
/* All of the above has been said: go. */
void dhcp6_start(struct dhcp6 *, uint64_t now);
/* The M and O flags of the newest RA, and whether a prefix has the P flag
 * (RFC 9762).  D6-01. */
void
dhcp6_ra_flags(struct dhcp6 *, int managed, int other, int pd, uint64_t now);
/* The kernel's word on any address of the interface (DAD, lifetimes). */
void dhcp6_address(struct dhcp6 *, const struct state6 *, uint64_t now);
/* A DHCPv6 message from CHANNEL_DHCP6; key: of the channel. */
void dhcp6_receive(struct dhcp6 *, const struct in6_addr *key,
    const struct recv6 *, const uint8_t *, size_t, uint64_t now);
void dhcp6_timer(struct dhcp6 *, uint64_t now);
/* A send failed (error is an errno), or was done (SEND_WANT_RESULT, 0). */
void dhcp6_sent(struct dhcp6 *, enum channel, const struct in6_addr *key,
    int error, uint64_t now);
/* The parent carried a configuration out (0), or it failed (errno). */
void dhcp6_configured(struct dhcp6 *, uint32_t serial, int error, uint64_t now);

void dhcp6_renew(struct dhcp6 *, uint64_t now);
/* Withdraw, Release, and be silent until renew, link up or restart. */
void dhcp6_release(struct dhcp6 *, uint64_t now);
/* Withdraw without a Release and stop. */
void dhcp6_withdraw(struct dhcp6 *, uint64_t now);
/* 1 when nothing more is to be sent (after release). */
int dhcp6_idle(const struct dhcp6 *);
/* After a suspend: slept_sec by the wall clock (FreeBSD), then link up. */
void dhcp6_resume(struct dhcp6 *, uint32_t slept_sec, uint64_t now);
/* All self-made addresses to register (RFC 9686): SLAAC's config6.addrs as it
 * is, whenever it changes.  Only with `register yes` and option 148. */
void dhcp6_slaac_addresses(
    struct dhcp6 *, const struct addr6 *, size_t, uint64_t now);

void dhcp6_status(const struct dhcp6 *, uint64_t now, struct dhcp6_status *);
/* What holds now, with the key: for the lease file and pd.h. */
void dhcp6_snapshot(const struct dhcp6 *, uint64_t now, struct dhcp6_lease *);
/* Y-03: an address of ours is configured and can be bound. */
int dhcp6_usable(const struct dhcp6 *);
const char *dhcp6_state_name(enum dhcp6_state);
const char *dhcp6_status_name(unsigned int);

#endif

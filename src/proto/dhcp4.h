/* SPDX-License-Identifier: ISC */
/*
 * The DHCPv4 client state machine of one interface (RFC 2131 figure 5, with
 * RFC 4039, 4436, 5227, 7844, 8925).  Sans-IO: see proto.h.
 */
#ifndef LEASED_DHCP4_H
#define LEASED_DHCP4_H

#include "proto.h"
#include "dhcp4_msg.h"
#include "acd.h"
#include "linklocal4.h"

/* X(symbol, name as RFC 2131 writes it) */
#define DHCP4_STATES(X)                                        \
	X(DOWN, "DOWN") /* no link, released, or not to run */ \
	X(INIT, "INIT")                                        \
	X(SELECTING, "SELECTING")                              \
	X(REQUESTING, "REQUESTING")                            \
	X(PROBING, "PROBING")                                  \
	X(BOUND, "BOUND")                                      \
	X(RENEWING, "RENEWING")                                \
	X(REBINDING, "REBINDING")                              \
	X(INIT_REBOOT, "INIT-REBOOT")                          \
	X(REBOOTING, "REBOOTING")                              \
	X(INFORMING, "INFORMING")                              \
	X(INFORMED, "INFORMED")                                \
	X(RELEASING, "RELEASING")                              \
	X(V6ONLY, "V6ONLY")
#define DHCP4_STATE_SYMBOL(s, n) D4_##s,
enum dhcp4_state { DHCP4_STATES(DHCP4_STATE_SYMBOL) D4_STATE_MAX };

/* Everything that can be due; the machine's deadline is the earliest. */
enum dhcp4_timer {
	TIMER_SEND, /* the exchange's next (re)transmission, or start */
	TIMER_T1,
	TIMER_T2,
	TIMER_EXPIRE,
	TIMER_ARP,     /* next probe or announcement */
	TIMER_RELEASE, /* RELEASE was not confirmed: withdraw all the same */
	TIMER_ADOPTED, /* adopted address and still no server */
	TIMER_ROUTER,  /* RFC 4436: the router has not answered */
	TIMER_KERNEL,  /* ask again for what the kernel failed to do */
	TIMER_MAX
};

struct dhcp4 {
	const struct proto_ops *ops;
	void *ctx;
	enum dhcp4_state state;
	/* given from outside */
	struct conf_iface conf;
	struct interface iface;
	uint8_t duid[132];
	size_t duid_len;
	const uint8_t (*own)[6];
	size_t nown;
	int has_conf, has_iface, ready, started, released;
	int ipv6_usable;
	uint64_t v6only_until; /* ms: what the server said */
	int v6only_failed;     /* it said so where there is no IPv6 */
	struct in_addr static_addr;
	uint8_t static_prefixlen;
	/* the exchange under way */
	uint32_t xid;
	uint64_t began; /* ms; secs counts from here */
	uint64_t asked; /* ms; the newest message that asks for a lease */
	uint16_t secs;
	uint32_t tries;
	uint32_t naks;	    /* without a bound lease between, D4-20 */
	uint32_t conflicts; /* MAX_CONFLICTS, AC-03 */
	int rapid_asked;
	int resent; /* after ECONNREFUSED, once */
	int filtered_said;
	int release_error;   /* errno of sending RELEASE */
	struct lease4 offer; /* or the stored lease of the next network: */
	int has_next;
	uint64_t next_at; /* when it was told, being so old: */
	uint32_t next_age;
	/* the lease */
	struct lease4 lease;
	int has_lease;
	uint64_t obtained; /* ms: when the request that got it was sent */
	uint64_t expires;  /* ms; of lease, in use or not; 0: there is none */
	uint64_t when[TIMER_MAX];
	/* the kernel */
	uint32_t serial;
	uint32_t kernel_tries;
	int configured;	  /* it has lease.addr */
	struct addr4 old; /* kept until its successor is in; addr 0: none */
	struct in_addr adopted;
	uint8_t adopted_prefixlen;
	uint64_t gone_at; /* somebody removed our address */
	/* channels and ARP */
	struct in_addr arp_addr; /* channel asked for; 0: none */
	struct in_addr arp_peer; /* the router it also hears */
	int arp_open;
	int udp_open;
	struct in_addr udp_addr, udp_server;
	uint32_t arp_sent; /* probes, then announcements */
	int announcing;
	int probed_conflict; /* seen before the ACK */
	uint64_t defended;   /* ms; 0: never */
	uint64_t window_end; /* conflicts until then are AC-03 */
	/* AC-04, while there is no lease */
	struct linklocal4 linklocal;
	struct in_addr linklocal_sent; /* in the newest configuration */
	int linklocal_configured;      /* the kernel has it */
	struct dns_set dns;
	struct dhcp4_msg pending; /* ACK whose address is being probed */
};

/* Status for `leasectl show`; all times relative to now, in seconds. */
struct dhcp4_status {
	enum dhcp4_state state;
	int has_lease;	/* lease is valid (bound or still unexpired) */
	int configured; /* the kernel has the address: bindable */
	int link_local; /* the address in use is link_local_addr */
	uint32_t t1_in, t2_in, expires_in; /* LIFETIME_INFINITE: never */
	uint32_t tries;			   /* of the current exchange */
	uint32_t sleeping;		   /* V6ONLY: seconds left */
	struct in_addr link_local_addr;	   /* AC-04: in use or probed for */
	const struct lease4 *lease;
};

void dhcp4_init(struct dhcp4 *, const struct proto_ops *, void *ctx);

/* (Re)load the configuration of the interface.  Starts, restarts or stops the
 * machine as the change demands; a change that does not concern DHCPv4 does
 * nothing.  duid: RFC 4361 client ids. */
void dhcp4_configure(struct dhcp4 *, const struct conf_iface *,
    const uint8_t *duid, size_t duid_len, uint64_t now);

/* The interface changed (link, MAC, MTU, network id).  Given before the first
 * start too.  ready: the packet channel is open. */
void dhcp4_interface(
    struct dhcp4 *, const struct interface *, int ready, uint64_t now);

/* A lease from disk and its age in seconds, before the machine starts; and
 * what the parent's journal found still configured in the kernel. */
void dhcp4_stored(
    struct dhcp4 *, const struct lease4 *, uint32_t age_sec, uint64_t now);
void dhcp4_adopted(
    struct dhcp4 *, struct in_addr addr, uint8_t prefixlen, uint64_t now);
/* All of the above has been said: go. */
void dhcp4_start(struct dhcp4 *, uint64_t now);

/* A frame from CHANNEL_DHCP4, or one from CHANNEL_ARP for address key. */
void dhcp4_receive(
    struct dhcp4 *, const uint8_t *, size_t, int recv_flags, uint64_t now);
void dhcp4_receive_arp(
    struct dhcp4 *, struct in_addr key, const uint8_t *, size_t, uint64_t now);

void dhcp4_timer(struct dhcp4 *, uint64_t now);

/* A channel asked for is open (error 0) or could not be opened (errno). */
void dhcp4_channel(
    struct dhcp4 *, enum channel, struct in_addr key, int error, uint64_t now);
/* A send failed (error is an errno), or was done (SEND_WANT_RESULT, 0). */
void dhcp4_sent(
    struct dhcp4 *, enum channel, struct in_addr key, int error, uint64_t now);
/* The parent carried a configuration out (0), or it failed (errno). */
void dhcp4_configured(struct dhcp4 *, uint32_t serial, int error, uint64_t now);
/* Somebody else removed our address from the kernel. */
void dhcp4_address_gone(struct dhcp4 *, struct in_addr, uint64_t now);
/* Does this host own that hardware address?  AC-05: the engine's list. */
void dhcp4_own_hwaddrs(struct dhcp4 *, const uint8_t (*)[6], size_t);
/* IPv6 is usable (default router and global address), for D4-26. */
void dhcp4_ipv6_usable(struct dhcp4 *, int usable, uint64_t now);
/* A static address of the administrator, for `dhcp4 inform` (0: none). */
void dhcp4_static_address(
    struct dhcp4 *, struct in_addr, uint8_t prefixlen, uint64_t now);

void dhcp4_renew(struct dhcp4 *, uint64_t now);
/* RELEASE, withdraw, and be silent until renew, link up or restart. */
void dhcp4_release(struct dhcp4 *, uint64_t now);
/* Withdraw without a RELEASE and stop (let go of, stop --withdraw w/o lease).
 */
void dhcp4_withdraw(struct dhcp4 *, uint64_t now);
/* 1 when nothing more is to be sent or withdrawn (after release). */
int dhcp4_idle(const struct dhcp4 *);
/* After a suspend: slept_sec by the wall clock (FreeBSD), then link up. */
void dhcp4_resume(struct dhcp4 *, uint32_t slept_sec, uint64_t now);

void dhcp4_status(const struct dhcp4 *, uint64_t now, struct dhcp4_status *);
const char *dhcp4_state_name(enum dhcp4_state);

#endif

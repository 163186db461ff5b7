/* SPDX-License-Identifier: ISC */
/* Between the files of the DHCPv4 machine. */
#ifndef LEASED_DHCP4_PRIV_H
#define LEASED_DHCP4_PRIV_H

#include <syslog.h>
#include "dhcp4.h"

#define LOG(d, prio, ...) ((d)->ops->log((d)->ctx, prio, __VA_ARGS__))
#define COUNT(d, c) ((d)->ops->count((d)->ctx, COUNT_##c))

/* RFC 2131 4.1 and 4.4.5 */
#define RETRANSMIT_FIRST_MS 4000
#define RETRANSMIT_MAX_MS 64000
#define RETRANSMIT_JITTER_MS 1000
#define REQUEST_TRIES 4
#define RENEW_RETRY_MIN_SEC 60
#define LEASE_MIN_SEC 5
#define REBOOT_TRIES 2
#define RELEASE_WAIT_MS 100
#define ADOPTED_WAIT_MS 10000
#define ROUTER_WAIT_MS 1000 /* RFC 4436 3.2: an answer is near */
#define NAK_WAIT_MAX_MS 64000
#define KERNEL_WAIT_MS 1000 /* doubled with each failure */
#define GONE_WAIT_MS 10000  /* ours; put back what was removed again */
#define KERNEL_WAIT_MAX_MS 64000
#define V6ONLY_MIN_SEC 300 /* MIN_V6ONLY_WAIT, RFC 8925 3.4 */
#define V6ONLY_MAX_SEC 86400
#define V6ONLY_PROOF_MS 60000

extern const struct in_addr in_none;

/* dhcp4.c */
void d4_enter(struct dhcp4 *, enum dhcp4_state);
void d4_init(struct dhcp4 *, uint64_t now, uint64_t delay_ms);
/* Everything said, link up, packet channel open. */
int d4_can_speak(const struct dhcp4 *);
/* Start as fits what is known: INFORM, INIT-REBOOT or INIT. */
void d4_begin(struct dhcp4 *, uint64_t now);
/* Ends every turn: the link-local address follows the lease, then the next
 * deadline is told. */
void d4_update_deadline(struct dhcp4 *, uint64_t now);
/* Is "no IPv4 here" (RFC 8925) an answer that is wanted? */
int d4_ask_v6only(const struct dhcp4 *);
void d4_stop_timers(struct dhcp4 *);
void d4_withdraw(struct dhcp4 *);

/* dhcp4_send.c */
void d4_new_exchange(struct dhcp4 *, uint64_t now);
void d4_send_discover(struct dhcp4 *, uint64_t now);
void d4_send_request(struct dhcp4 *, uint64_t now);
void d4_send_inform(struct dhcp4 *, uint64_t now);
void d4_send_decline(struct dhcp4 *, const struct lease4 *, uint64_t now);
void d4_send_release(struct dhcp4 *, uint64_t now);
/* Option 61, at most LEASE4_BLOB_MAX bytes.  RFC 4361 6.1: 255, IAID, DUID;
 * by default 1 and the MAC, as dhclient(8). */
size_t d4_client_id(const struct dhcp4 *, uint8_t *, size_t);
/* Was the lease given to the client that we are now? */
int d4_same_client(const struct dhcp4 *, const struct lease4 *);
/* 4, 8, 16, 32, 64, 64 ... s, each +- 1 s (RFC 2131 4.1) */
uint64_t d4_backoff(struct dhcp4 *);

/* dhcp4_lease.c */
void d4_bind(struct dhcp4 *, const struct dhcp4_msg *, uint64_t now);
/* The lease that was known before is used again (RFC 2131 3.2). */
void d4_go_on(struct dhcp4 *, uint64_t now);
void d4_apply(struct dhcp4 *, uint64_t now);
void d4_apply_dns(struct dhcp4 *);
/* The unicast socket for renewals, unless it is there. */
void d4_open_udp(struct dhcp4 *);
int d4_lease_usable(struct dhcp4 *, const struct lease4 *);
uint32_t d4_left_sec(const struct dhcp4 *, uint64_t now);

/* dhcp4_acd.c */
/* The channel of this lease's address, which also hears its router. */
void d4_arp_want(struct dhcp4 *, const struct lease4 *);
void d4_arp_close(struct dhcp4 *);
void d4_arp_opened(struct dhcp4 *, uint64_t now);
void d4_arp_timer(struct dhcp4 *, uint64_t now);
void d4_arp_announce(struct dhcp4 *, uint64_t now);
void d4_arp_probe_strict(struct dhcp4 *, uint64_t now);
void d4_conflict(struct dhcp4 *, uint64_t now);
/* RFC 4436: ask the lease's router by unicast; 0: cannot. */
int d4_router_ask(struct dhcp4 *, uint64_t now);
/* Ask for the router's hardware address, for the next time. */
void d4_router_learn(struct dhcp4 *);
/* 0: none */
struct in_addr d4_router_of(const struct lease4 *);

/* dhcp4_linklocal.c */
void d4_linklocal(struct dhcp4 *, uint64_t now);
/* The outcome of a configuration without a lease (errno). */
void d4_linklocal_configured(struct dhcp4 *, int error, uint64_t now);

#endif

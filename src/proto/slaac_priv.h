/* SPDX-License-Identifier: ISC */
/* Between the files of the SLAAC machine. */
#ifndef LEASED_SLAAC_PRIV_H
#define LEASED_SLAAC_PRIV_H

#include <syslog.h>
#include "nd_msg.h"
#include "slaac.h"

#define LOG(s, prio, ...) ((s)->ops->log((s)->ctx, prio, __VA_ARGS__))
#define COUNT(s, c) ((s)->ops->count((s)->ctx, COUNT_##c))
#define NELEMS(a) (sizeof(a) / sizeof((a)[0]))

#define SEC_MS 1000ULL
#define HOUR_MS (3600 * SEC_MS)
#define TWO_HOURS_MS (2 * HOUR_MS) /* RFC 4862 5.5.3 e */

/* RFC 7559 2; RFC 4861 10 */
#define RS_IRT_MS 4000
#define RS_MRT_MS (3600 * 1000)
#define RS_INTERVAL_MS 4000   /* RTR_SOLICITATION_INTERVAL */
#define RS_MAX_DELAY_MS 1000  /* MAX_RTR_SOLICITATION_DELAY */
#define ROUTER_PREFIXES_MAX 4 /* S-16: of one router */
#define ROUTER_ROUTES_MAX 8
#define MISSING_WAIT_MS 5000 /* S-17 */
#define GONE_WAIT_MS 100     /* ours: does the link go down too? */
#define RESTORE_WAIT_MS 10000
#define RETRY_WAIT_MS 10000
#define REFUSED_WAIT_MS 60000
#define APPLY_WINDOW_MS 1000
#define APPLIES_MAX 10 /* ours: so many changes in a window */
#define STORE_INTERVAL_MS 1000
#define STORE_REFRESH_MIN_MS 5000
#define STORE_REFRESH_MAX_MS (600 * 1000)

/* S-12 */
#define HOP_LIMIT_MIN 64
#define REACHABLE_MAX_MS (3600 * 1000)
#define RETRANS_MIN_MS 100
#define RETRANS_MAX_MS 10000
#define MTU6_MIN 1280 /* RFC 8200 5 */

/* RFC 7217 7, RFC 8981 3.8 */
#define IDGEN_RETRIES 3
#define TEMP_IDGEN_RETRIES 3
#define TEMP_VALID_MS (48 * HOUR_MS)
#define TEMP_PREFERRED_MS (24 * HOUR_MS)
#define MAX_DESYNC_MS (TEMP_PREFERRED_MS * 2 / 5)
#define REGEN_ADVANCE_MS 5000 /* 2 + 3 tries * 1 probe * 1 s */

#define BIT(slot) ((uint8_t)(1U << (slot)))

_Static_assert(SLAAC_ROUTERS_MAX == 8, "a set of routers is eight bits");

/* slaac.c: time, solicitations, and what follows from a change */
uint64_t sl_end(uint64_t now, uint32_t lifetime_sec);
uint32_t sl_left(uint64_t until, uint64_t now);
int sl_live(uint64_t until, uint64_t now);
/* Configured to run, and not withdrawn. */
int sl_running(const struct slaac *);
int sl_link_up(const struct slaac *);
/* Solicit from the beginning if that is possible, else be silent. */
void sl_begin(struct slaac *, uint64_t now);
/* The same when a default router or the last prefix was lost. */
void sl_lost(struct slaac *, uint64_t now);
/* Carry out what changed: timers, configuration, DNS, file, flags. */
void sl_update(struct slaac *, uint64_t now);

/* slaac_router.c */
int sl_router_find(const struct slaac *, const struct in6_addr *);
/* A slot for a new router, evicting another when all are taken. */
int sl_router_add(struct slaac *, const struct in6_addr *, uint64_t now);
/* Let go of a router: its routes and resolvers go, prefixes that nobody else
 * advertises go with their addresses. */
void sl_router_evict(struct slaac *, int slot);
/* Routers by use: slots of default routers, best first; how many. */
int sl_router_rank(const struct slaac *, uint64_t now, int slots[]);
int sl_router_default(const struct slaac *, uint64_t now);
/* Of several entries that could go: not reachable first, then the youngest;
 * those of the current default router stay. */
struct sl_victim {
	int slot; /* -1: none yet */
	int rank;
	uint64_t order;
};
void sl_victim_offer(const struct slaac *, struct sl_victim *, uint64_t now,
    int slot, uint8_t routers, uint64_t order);
void sl_router_route(
    struct slaac *, int slot, const struct nd_route *, uint64_t now);
/* Everything learned belongs to a network that was left (S-17). */
void sl_moved(struct slaac *, uint64_t now);
/* Its own prefixes are deprecated, those of others too stay. */
void sl_router_deprecate(struct slaac *, int slot, uint64_t now);
void sl_router_expire(struct slaac *, uint64_t now);
void sl_router_missing(struct slaac *, uint64_t now);

/* slaac_prefix.c */
void
sl_prefix(struct slaac *, int router, const struct nd_prefix *, uint64_t now);
void sl_prefix_remove(struct slaac *, struct slaac_pfx *);
/* Nobody advertises it any more: deprecated, for two hours at most. */
void sl_prefix_retire(struct slaac_pfx *, uint64_t now);
/* When its addresses stop to be preferred; 0: they are not. */
uint64_t sl_prefix_preferred(const struct slaac *, const struct slaac_pfx *);
void sl_prefix_expire(struct slaac *, uint64_t now);
struct slaac_pfx *sl_prefix_of(struct slaac *, const struct in6_addr *);

/* slaac_addr.c */
/* Make what addresses a prefix should have, and give them its lifetimes. */
void sl_addr_ensure(struct slaac *, struct slaac_pfx *, uint64_t now);
void sl_addr_ensure_all(struct slaac *, uint64_t now);
void sl_addr_remove_of(struct slaac *, const struct slaac_pfx *);
void sl_addr_expire(struct slaac *, uint64_t now);
void sl_addr_deprecations(struct slaac *, uint64_t now);
void sl_addr_gone(struct slaac *, uint64_t now);
/* When a temporary address is to be replaced; PROTO_NEVER: not foreseen. */
uint64_t sl_addr_regenerate_at(struct slaac *, const struct slaac_adr *);
int sl_addr_usable(const struct slaac_adr *);
/* Apply what the kernel said of an address before it was ours. */
void sl_addr_seen(struct slaac *, struct slaac_adr *, uint64_t now);
/* The configuration changed: no temporary ones, or other stable ones. */
void sl_addr_drop_temporary(struct slaac *);
void sl_addr_restable(struct slaac *, uint64_t now);
/* Deprecated, and for two hours at most; not made again. */
void sl_addr_retire(struct slaac_adr *, uint64_t now);
void sl_addr_retire_of(struct slaac *, const struct slaac_pfx *, uint64_t now);

/* slaac_dns.c */
void
sl_dns_learn(struct slaac *, int router, const struct nd_ra *, uint64_t now);
/* Entries that only this router gave. */
void sl_dns_forget(struct slaac *, uint8_t routers);
int sl_dns_has(const struct slaac *, uint8_t routers);
void sl_dns_expire(struct slaac *, uint64_t now);
uint64_t sl_dns_next(const struct slaac *, uint64_t now);
void sl_dns_build(const struct slaac *, uint64_t now, struct dns_set *);

/* slaac_config.c */
void sl_apply(struct slaac *, uint64_t now);
void sl_store(struct slaac *, uint64_t now);
void sl_store_timer(struct slaac *, uint64_t now);
void sl_event(struct slaac *, enum proto_event, const struct slaac_adr *,
    uint64_t now, const char *reason);

#endif

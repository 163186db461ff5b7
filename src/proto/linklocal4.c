/* SPDX-License-Identifier: ISC */
/*
 * IPv4 link-local addresses (RFC 3927):
 *
 *   OFF -no lease-> WAITING -30 s-> OPENING -> PROBING -free-> BOUND
 *   conflict: the next candidate, OPENING, or PAUSING after ten of them
 *
 * What happens in which state is in one table (table[]).
 */

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <syslog.h>

#include "linklocal4.h"

#define LOG(ll, prio, ...) ((ll)->ops->log((ll)->ctx, prio, __VA_ARGS__))
#define COUNT(ll, c) ((ll)->ops->count((ll)->ctx, COUNT_##c))

/* RFC 3927 2.1: the first and the last 256 addresses are reserved. */
#define FIRST 0xa9fe0100U /* 169.254.1.0 */
#define CANDIDATES (254U * 256)

enum event {
	EV_START,
	EV_STOP,
	EV_OFFER,
	EV_TIMER,
	EV_OPENED,
	EV_LOST,   /* the channel is not there (any more) */
	EV_FAILED, /* channel or kernel: no use trying at once */
	EV_CLAIM,  /* another host uses the address */
	EV_PROBE,  /* another host probes for it */
	EV_GONE,
	EVENTS
};

typedef void handler(struct linklocal4 *, uint64_t);
static handler start, stop, wait_again, seek, probe_first, probe, announce,
    take_next, defend, rest, gone, forget;

static handler *const table[LL4_STATES][EVENTS] = {
	[LL4_OFF] = { [EV_START] = start,
	    [EV_STOP] = stop,
	    [EV_GONE] = forget },
	[LL4_WAITING] = { [EV_STOP] = stop,
	    [EV_OFFER] = wait_again,
	    [EV_TIMER] = seek },
	[LL4_OPENING] = { [EV_STOP] = stop,
	    [EV_OFFER] = wait_again,
	    [EV_OPENED] = probe_first,
	    [EV_LOST] = rest,
	    [EV_FAILED] = rest,
	    [EV_GONE] = forget },
	[LL4_PROBING] = { [EV_STOP] = stop,
	    [EV_OFFER] = wait_again,
	    [EV_TIMER] = probe,
	    [EV_LOST] = seek,
	    [EV_FAILED] = rest,
	    [EV_CLAIM] = take_next,
	    [EV_PROBE] = take_next,
	    [EV_GONE] = forget },
	/* An OFFER is no lease yet: the address is kept. */
	[LL4_BOUND] = { [EV_STOP] = stop,
	    [EV_TIMER] = announce,
	    [EV_LOST] = seek,
	    [EV_FAILED] = rest,
	    [EV_CLAIM] = defend,
	    [EV_GONE] = gone },
	[LL4_PAUSING] = { [EV_STOP] = stop, [EV_TIMER] = seek },
};

static void
handle(struct linklocal4 *ll, enum event event, uint64_t now)
{
	handler *fn = table[ll->state][event];

	if (fn != NULL)
		fn(ll, now);
}

static void
enter(struct linklocal4 *ll, enum linklocal4_state state, uint64_t when)
{
#define LINKLOCAL4_STATE_NAME(s, n) n,
	static const char *const names[] = { LINKLOCAL4_STATES(
	    LINKLOCAL4_STATE_NAME) };
#undef LINKLOCAL4_STATE_NAME

	if (state != ll->state)
		LOG(ll, LOG_DEBUG, "link-local: %s -> %s", names[ll->state],
		    names[state]);
	ll->state = state;
	ll->when = when;
}

static const char *
text(struct in_addr addr, char out[INET_ADDRSTRLEN])
{
	return inet_ntop(AF_INET, &addr, out, INET_ADDRSTRLEN);
}

int
linklocal4_is(struct in_addr addr)
{
	return ntohl(addr.s_addr) >> 16 == FIRST >> 16;
}

/* FNV-1a over the hardware address seeds a sequence; each member is mixed
 * until every bit of it depends on every bit of the seed.  Nothing here is a
 * secret: hosts only have to begin at different places. */
struct in_addr
linklocal4_derive(const uint8_t hwaddr[6], uint32_t nth)
{
	struct in_addr addr;
	uint64_t h = 0xcbf29ce484222325ULL;
	size_t i;

	for (i = 0; i < 6; i++)
		h = (h ^ hwaddr[i]) * 0x100000001b3ULL;
	h += nth * 0x9e3779b97f4a7c15ULL;
	for (i = 0; i < 2; i++) {
		h ^= h >> 32;
		h *= 0xd6e8feb86659fd93ULL;
	}
	h ^= h >> 32;
	addr.s_addr = htonl(FIRST + (uint32_t)(h % CANDIDATES));
	return addr;
}

static void
close_channel(struct linklocal4 *ll)
{
	if (linklocal4_wants(ll, ll->addr))
		ll->ops->close(ll->ctx, CHANNEL_ARP, ll->addr);
}

/* spa 0: a probe (RFC 3927 2.2.1), else an announcement (2.4). */
static void
send_arp(struct linklocal4 *ll, struct in_addr spa)
{
	uint8_t frame[ARP_FRAME_LEN];

	arp_build(1, ll->hwaddr, spa, ll->addr, NULL, frame);
	ll->ops->send(ll->ctx, CHANNEL_ARP, ll->addr, 0, frame, sizeof(frame));
}

/* ---- handlers ---- */

static void
start(struct linklocal4 *ll, uint64_t now)
{
	if (ll->resume)
		seek(ll, now);
	else
		enter(ll, LL4_WAITING, now + LINKLOCAL4_WAIT_MS);
}

static void
give_up(struct linklocal4 *ll)
{
	close_channel(ll);
	ll->in_use.s_addr = INADDR_ANY;
	ll->resume = 0;
	ll->defended = 0;
}

static void
stop(struct linklocal4 *ll, uint64_t now)
{
	char addr[INET_ADDRSTRLEN];

	(void)now;
	if (ll->in_use.s_addr != INADDR_ANY)
		LOG(ll, LOG_INFO, "link-local address %s given up",
		    text(ll->in_use, addr));
	give_up(ll);
	ll->conflicts = 0;
	enter(ll, LL4_OFF, PROTO_NEVER);
}

/* A server is there after all. */
static void
wait_again(struct linklocal4 *ll, uint64_t now)
{
	/* One that is only verified stays in use: see linklocal4_adopt(). */
	if (ll->in_use.s_addr != INADDR_ANY)
		return;
	give_up(ll);
	enter(ll, LL4_WAITING, now + LINKLOCAL4_WAIT_MS);
}

static void
seek(struct linklocal4 *ll, uint64_t now)
{
	static const struct in_addr none;
	char addr[INET_ADDRSTRLEN];

	(void)now;
	LOG(ll, LOG_INFO, "probing for link-local address %s",
	    text(ll->addr, addr));
	enter(ll, LL4_OPENING, PROTO_NEVER);
	ll->ops->open(ll->ctx, CHANNEL_ARP, ll->addr, none);
}

static void
probe_first(struct linklocal4 *ll, uint64_t now)
{
	ll->sent = 0;
	enter(ll, LL4_PROBING, now + ll->ops->random(ll->ctx, PROBE_WAIT_MS));
}

static void
claim(struct linklocal4 *ll, uint64_t now)
{
	char addr[INET_ADDRSTRLEN];

	text(ll->addr, addr);
	LOG(ll, LOG_INFO, "link-local address %s/%d", addr,
	    LINKLOCAL4_PREFIXLEN);
	ll->in_use = ll->addr;
	ll->claimed = now;
	ll->defended = 0;
	ll->sent = 0;
	enter(ll, LL4_BOUND, PROTO_NEVER);
	announce(ll, now);
	ll->ops->event(ll->ctx, EVENT_LINK_LOCAL, NULL, addr);
}

/* RFC 3927 2.2.1: PROBE_NUM probes, then ANNOUNCE_WAIT of silence. */
static void
probe(struct linklocal4 *ll, uint64_t now)
{
	static const struct in_addr none;

	if (ll->sent == PROBE_NUM) {
		claim(ll, now);
		return;
	}
	COUNT(ll, ARP_TX_PROBE);
	send_arp(ll, none);
	if (++ll->sent == PROBE_NUM)
		ll->when = now + ANNOUNCE_WAIT_MS;
	else
		ll->when = now + PROBE_MIN_MS +
		    ll->ops->random(ll->ctx, PROBE_MAX_MS - PROBE_MIN_MS + 1);
}

static void
announce(struct linklocal4 *ll, uint64_t now)
{
	COUNT(ll, ARP_TX_ANNOUNCE);
	send_arp(ll, ll->addr);
	ll->when = ++ll->sent < ANNOUNCE_NUM ? now + ANNOUNCE_INTERVAL_MS
					     : PROTO_NEVER;
}

/* The address is another host's.  RFC 3927 2.2.1: after MAX_CONFLICTS no more
 * than one candidate each RATE_LIMIT_INTERVAL. */
static void
take_next(struct linklocal4 *ll, uint64_t now)
{
	char addr[INET_ADDRSTRLEN];
	struct in_addr taken = ll->addr;
	int had = ll->in_use.s_addr != INADDR_ANY;

	text(taken, addr);
	LOG(ll, had ? LOG_WARNING : LOG_INFO,
	    "link-local address %s is in use by another host", addr);
	COUNT(ll, D4_CONFLICT);
	ll->ops->event(ll->ctx, EVENT_CONFLICT, NULL, addr);
	/* Ten in a row, not in the course of years. */
	if (ll->state == LL4_BOUND &&
	    now - ll->claimed > RATE_LIMIT_INTERVAL_MS)
		ll->conflicts = 0;
	give_up(ll);
	ll->addr = linklocal4_derive(ll->hwaddr, ++ll->nth);
	if (ll->addr.s_addr == taken.s_addr)
		ll->addr = linklocal4_derive(ll->hwaddr, ++ll->nth);
	if (++ll->conflicts > MAX_CONFLICTS)
		enter(ll, LL4_PAUSING, now + RATE_LIMIT_INTERVAL_MS);
	else
		seek(ll, now);
}

/* RFC 3927 2.5 (b): defended once, given up at a second conflict within
 * DEFEND_INTERVAL. */
static void
defend(struct linklocal4 *ll, uint64_t now)
{
	if (ll->defended != 0 && now - ll->defended < DEFEND_INTERVAL_MS) {
		take_next(ll, now);
		return;
	}
	ll->defended = now;
	COUNT(ll, ARP_DEFENDED);
	LOG(ll, LOG_WARNING,
	    "another host claims the link-local address; defending it");
	send_arp(ll, ll->addr);
}

/* Without its channel an address can be neither probed for nor defended. */
static void
rest(struct linklocal4 *ll, uint64_t now)
{
	LOG(ll, LOG_WARNING,
	    "link-local address cannot be used; trying again in %d s",
	    RATE_LIMIT_INTERVAL_MS / 1000);
	give_up(ll);
	enter(ll, LL4_PAUSING, now + RATE_LIMIT_INTERVAL_MS);
}

/* Whoever removed it may do so again: no haste. */
static void
gone(struct linklocal4 *ll, uint64_t now)
{
	LOG(ll, LOG_WARNING, "link-local address was removed by somebody else");
	give_up(ll);
	enter(ll, LL4_WAITING, now + LINKLOCAL4_WAIT_MS);
}

/* It is being verified: if it is free it comes back. */
static void
forget(struct linklocal4 *ll, uint64_t now)
{
	(void)now;
	ll->in_use.s_addr = INADDR_ANY;
}

/* ---- from outside ---- */

void
linklocal4_init(struct linklocal4 *ll, const struct proto_ops *ops, void *ctx)
{
	memset(ll, 0, sizeof(*ll));
	ll->ops = ops;
	ll->ctx = ctx;
	ll->state = LL4_OFF;
	ll->when = PROTO_NEVER;
}

static void
set_hwaddr(struct linklocal4 *ll, const uint8_t hwaddr[6])
{
	if (ll->addr.s_addr != INADDR_ANY && memcmp(ll->hwaddr, hwaddr, 6) == 0)
		return;
	memcpy(ll->hwaddr, hwaddr, 6);
	ll->nth = 0;
	ll->addr = linklocal4_derive(hwaddr, 0);
	ll->in_use.s_addr = INADDR_ANY;
	ll->resume = 0;
}

void
linklocal4_adopt(
    struct linklocal4 *ll, const uint8_t hwaddr[6], struct in_addr addr)
{
	if (ll->state != LL4_OFF)
		return;
	set_hwaddr(ll, hwaddr);
	ll->addr = ll->in_use = addr;
	ll->resume = 1;
}

void
linklocal4_start(struct linklocal4 *ll, const uint8_t hwaddr[6], uint64_t now)
{
	if (ll->state != LL4_OFF)
		return;
	set_hwaddr(ll, hwaddr);
	handle(ll, EV_START, now);
}

void
linklocal4_stop(struct linklocal4 *ll, uint64_t now)
{
	handle(ll, EV_STOP, now);
}

void
linklocal4_suspend(struct linklocal4 *ll, uint64_t now)
{
	int resume = ll->state == LL4_BOUND || ll->resume;

	if (ll->state == LL4_OFF)
		return; /* what was adopted waits for its link */
	handle(ll, EV_STOP, now);
	ll->resume = resume;
}

void
linklocal4_offer(struct linklocal4 *ll, uint64_t now)
{
	handle(ll, EV_OFFER, now);
}

void
linklocal4_timer(struct linklocal4 *ll, uint64_t now)
{
	if (ll->when > now)
		return;
	ll->when = PROTO_NEVER;
	handle(ll, EV_TIMER, now);
}

int
linklocal4_wants(const struct linklocal4 *ll, struct in_addr addr)
{
	return addr.s_addr == ll->addr.s_addr &&
	    (ll->state == LL4_OPENING || ll->state == LL4_PROBING ||
		ll->state == LL4_BOUND);
}

void
linklocal4_channel(struct linklocal4 *ll, int error, uint64_t now)
{
	handle(ll,
	    error == 0		    ? EV_OPENED
		: error == ENOTCONN ? EV_LOST
				    : EV_FAILED,
	    now);
}

/* RFC 3927 2.2.1: a probe of another host is a conflict only while this one
 * probes, too. */
void
linklocal4_arp(struct linklocal4 *ll, const struct arp *arp, uint64_t now)
{
	if (arp->spa.s_addr == ll->addr.s_addr)
		handle(ll, EV_CLAIM, now);
	else if (arp->spa.s_addr == INADDR_ANY && arp->op == 1 &&
	    arp->tpa.s_addr == ll->addr.s_addr)
		handle(ll, EV_PROBE, now);
}

void
linklocal4_refused(struct linklocal4 *ll, uint64_t now)
{
	handle(ll, EV_FAILED, now);
}

void
linklocal4_gone(struct linklocal4 *ll, uint64_t now)
{
	handle(ll, EV_GONE, now);
}

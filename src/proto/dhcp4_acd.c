/* SPDX-License-Identifier: ISC */
/* Address conflict detection of the DHCPv4 machine (RFC 5227, AC-01..05). */

#include <string.h>

#include "dhcp4_priv.h"

void
d4_arp_close(struct dhcp4 *d)
{
	if (d->arp_addr.s_addr != INADDR_ANY)
		d->ops->close(d->ctx, CHANNEL_ARP, d->arp_addr);
	d->arp_addr = d->arp_peer = in_none;
	d->arp_open = 0;
	d->arp_sent = 0;
	d->announcing = 0;
	d->probed_conflict = 0;
	d->when[TIMER_ARP] = PROTO_NEVER;
}

/* The router whose unicast answer RFC 4436 waits for; 0: none. */
struct in_addr
d4_router_of(const struct lease4 *lease)
{
	unsigned int i;

	for (i = 0; i < lease->nroutes; i++)
		if (lease->routes[i].prefixlen == 0)
			return lease->routes[i].gateway;
	return in_none;
}

void
d4_arp_want(struct dhcp4 *d, const struct lease4 *lease)
{
	struct in_addr peer = d4_router_of(lease);

	/* The router is asked even where conflicts are of no interest. */
	if (d->conf.conflict_detection == ACD_OFF && !d->has_lease &&
	    !(d->state == D4_REBOOTING && lease->has_router_mac))
		return;
	if (d->arp_addr.s_addr == lease->addr.s_addr &&
	    d->arp_peer.s_addr == peer.s_addr)
		return;
	/* One for the same address replaces the old one by itself. */
	if (d->arp_addr.s_addr != lease->addr.s_addr)
		d4_arp_close(d);
	d->arp_addr = lease->addr;
	d->arp_peer = peer;
	d->ops->open(d->ctx, CHANNEL_ARP, d->arp_addr, d->arp_peer);
}

static void
probe(struct dhcp4 *d)
{
	uint8_t frame[ARP_FRAME_LEN];

	arp_build(1, d->iface.hwaddr, in_none, d->arp_addr, NULL, frame);
	COUNT(d, ARP_TX_PROBE);
	d->ops->send(d->ctx, CHANNEL_ARP, d->arp_addr, 0, frame, sizeof(frame));
}

static void
announce(struct dhcp4 *d)
{
	uint8_t frame[ARP_FRAME_LEN];

	arp_build(1, d->iface.hwaddr, d->arp_addr, d->arp_addr, NULL, frame);
	COUNT(d, ARP_TX_ANNOUNCE);
	d->ops->send(d->ctx, CHANNEL_ARP, d->arp_addr, 0, frame, sizeof(frame));
}

/* RFC 5227 2.3: two announcements, two seconds apart. */
void
d4_arp_announce(struct dhcp4 *d, uint64_t now)
{
	if (d->conf.conflict_detection == ACD_OFF)
		return;
	d->announcing = 1;
	d->arp_sent = 0;
	d->window_end = now + ANNOUNCE_INTERVAL_MS;
	if (d->arp_open)
		d4_arp_timer(d, now);
}

void
d4_arp_probe_strict(struct dhcp4 *d, uint64_t now)
{
	d->announcing = 0;
	d->arp_sent = 0;
	d->when[TIMER_ARP] = now + d->ops->random(d->ctx, PROBE_WAIT_MS);
}

void
d4_arp_opened(struct dhcp4 *d, uint64_t now)
{
	d->arp_open = 1;
	d4_router_learn(d);
	if (d->conf.conflict_detection == ACD_OFF)
		return;
	/* The probe rides with the REQUEST; late, it precedes the first
	 * announcement.  strict has its own clock. */
	if (d->conf.conflict_detection == ACD_FAST &&
	    (d->state == D4_REQUESTING || d->state == D4_REBOOTING ||
		d->announcing))
		probe(d);
	if (d->announcing)
		d4_arp_timer(d, now);
}

void
d4_arp_timer(struct dhcp4 *d, uint64_t now)
{
	if (d->announcing) {
		announce(d);
		d->announcing = ++d->arp_sent < ANNOUNCE_NUM;
		d->when[TIMER_ARP] =
		    d->announcing ? now + ANNOUNCE_INTERVAL_MS : PROTO_NEVER;
		return;
	}
	if (d->state != D4_PROBING)
		return;
	if (d->arp_sent == PROBE_NUM) {
		d4_bind(d, &d->pending, now);
		return;
	}
	probe(d);
	d->when[TIMER_ARP] = now +
	    (++d->arp_sent == PROBE_NUM ? ANNOUNCE_WAIT_MS
					: PROBE_MIN_MS +
			d->ops->random(
			    d->ctx, PROBE_MAX_MS - PROBE_MIN_MS + 1));
}

int
d4_router_ask(struct dhcp4 *d, uint64_t now)
{
	struct in_addr router = d4_router_of(&d->lease);
	uint8_t frame[ARP_FRAME_LEN];

	if (!d->lease.has_router_mac || router.s_addr == INADDR_ANY ||
	    !d->arp_open)
		return 0;
	arp_build(1, d->iface.hwaddr, d->lease.addr, router,
	    d->lease.router_mac, frame);
	COUNT(d, ARP_TX_REQUEST);
	d->ops->send(d->ctx, CHANNEL_ARP, d->arp_addr, 0, frame, sizeof(frame));
	d->when[TIMER_ROUTER] = now + ROUTER_WAIT_MS;
	return 1;
}

/* The router that is not the server: only what is stored can be asked when
 * there is no server (RFC 4436 3.2). */
void
d4_router_learn(struct dhcp4 *d)
{
	struct in_addr router = d4_router_of(&d->lease);
	uint8_t frame[ARP_FRAME_LEN];

	if (!d->has_lease || d->lease.has_router_mac || !d->arp_open ||
	    d->state != D4_BOUND || d->conf.anonymous ||
	    router.s_addr == INADDR_ANY)
		return;
	arp_build(1, d->iface.hwaddr, d->lease.addr, router, NULL, frame);
	COUNT(d, ARP_TX_REQUEST);
	d->ops->send(d->ctx, CHANNEL_ARP, d->arp_addr, 0, frame, sizeof(frame));
}

/* AC-03: decline what was granted, and wait before asking again. */
void
d4_conflict(struct dhcp4 *d, uint64_t now)
{
	const struct lease4 declined =
	    d->state == D4_PROBING ? d->pending.lease : d->lease;

	COUNT(d, D4_CONFLICT);
	LOG(d, LOG_WARNING, "address is in use by another host; declining it");
	d->ops->event(d->ctx, EVENT_CONFLICT, &declined, "");
	d4_send_decline(d, &declined, now);
	d4_withdraw(d);
	d->ops->store4(d->ctx, NULL);
	memset(&d->lease, 0, sizeof(d->lease));
	d->conflicts++;
	d4_init(d, now,
	    d->conflicts > MAX_CONFLICTS ? RATE_LIMIT_INTERVAL_MS
					 : DECLINE_WAIT_MS);
}

/* AC-05: frames of this host, however they came back. */
static int
is_own(const struct dhcp4 *d, const uint8_t mac[6])
{
	size_t i;

	if (memcmp(d->iface.hwaddr, mac, 6) == 0)
		return 1;
	for (i = 0; i < d->nown; i++)
		if (memcmp(d->own[i], mac, 6) == 0)
			return 1;
	return 0;
}

static void
router_answers(struct dhcp4 *d, const struct arp *arp, uint64_t now)
{
	struct lease4 *lease = &d->lease;

	if (arp->op != 2 || (arp->sha[0] & 1) ||
	    arp->spa.s_addr == INADDR_ANY ||
	    arp->spa.s_addr != d4_router_of(lease).s_addr)
		return;
	if (d->state == D4_BOUND && d->has_lease && !lease->has_router_mac) {
		memcpy(lease->router_mac, arp->sha, 6);
		lease->has_router_mac = 1;
		d->ops->store4(d->ctx, lease);
		return;
	}
	if (d->when[TIMER_ROUTER] == PROTO_NEVER || d->probed_conflict ||
	    memcmp(arp->sha, lease->router_mac, 6) != 0)
		return;
	d->when[TIMER_ROUTER] = PROTO_NEVER;
	d4_go_on(d, now);
}

static void
conflict_while_bound(struct dhcp4 *d, uint64_t now)
{
	if (now <= d->window_end) {
		d4_conflict(d, now);
		return;
	}
	if (d->defended != 0 && now - d->defended < DEFEND_INTERVAL_MS) {
		LOG(d, LOG_WARNING,
		    "second conflict within %d s: giving the "
		    "address up",
		    DEFEND_INTERVAL_MS / 1000);
		d4_conflict(d, now);
		return;
	}
	d->defended = now;
	COUNT(d, ARP_DEFENDED);
	LOG(d, LOG_WARNING, "another host claims the address; defending it");
	announce(d);
}

void
dhcp4_receive_arp(struct dhcp4 *d, struct in_addr key, const uint8_t *frame,
    size_t len, uint64_t now)
{
	struct arp arp;
	int claims, probes;

	COUNT(d, ARP_RX);
	if (arp_parse(frame, len, &arp) == -1) {
		COUNT(d, ARP_DROP);
		return;
	}
	if (key.s_addr == INADDR_ANY || is_own(d, arp.sha))
		return;
	if (linklocal4_wants(&d->linklocal, key)) {
		linklocal4_arp(&d->linklocal, &arp, now);
		d4_update_deadline(d, now);
		return;
	}
	/* What is being released is no longer worth a quarrel. */
	if (key.s_addr != d->arp_addr.s_addr || d->state == D4_RELEASING)
		return;
	router_answers(d, &arp, now);
	claims = arp.spa.s_addr == key.s_addr;
	probes = arp.spa.s_addr == INADDR_ANY && arp.op == 1 &&
	    arp.tpa.s_addr == key.s_addr;
	if (d->conf.conflict_detection == ACD_OFF || (!claims && !probes))
		return;
	if (d->state == D4_REQUESTING || d->state == D4_REBOOTING)
		d->probed_conflict = 1;
	else if (d->state == D4_PROBING)
		d4_conflict(d, now);
	else if (claims && d->has_lease)
		conflict_while_bound(d, now);
	d4_update_deadline(d, now);
}

/* SPDX-License-Identifier: ISC */
/* What the engine tells the DHCPv4 machine besides packets and time. */

#include <errno.h>
#include <string.h>

#include "dhcp4_priv.h"

void
dhcp4_init(struct dhcp4 *d, const struct proto_ops *ops, void *ctx)
{
	memset(d, 0, sizeof(*d));
	d->ops = ops;
	d->ctx = ctx;
	d->state = D4_DOWN;
	linklocal4_init(&d->linklocal, ops, ctx);
	d4_stop_timers(d);
}

/* The part of a block that concerns DHCPv4: bytes that differ restart it. */
static int
concerns(const struct conf_iface *a, const struct conf_iface *b)
{
	return a->dhcp4 != b->dhcp4 || a->anonymous != b->anonymous ||
	    a->is_fqdn != b->is_fqdn || a->ignore != b->ignore ||
	    a->ipv6_only != b->ipv6_only ||
	    memcmp(a->host_name, b->host_name, sizeof(a->host_name)) != 0 ||
	    memcmp(a->vendor_class, b->vendor_class, sizeof(a->vendor_class)) !=
	    0 ||
	    memcmp(a->user_classes, b->user_classes, sizeof(a->user_classes)) !=
	    0 ||
	    memcmp(&a->opt4, &b->opt4, sizeof(a->opt4)) != 0;
}

void
dhcp4_configure(struct dhcp4 *d, const struct conf_iface *conf,
    const uint8_t *duid, size_t duid_len, uint64_t now)
{
	uint8_t before[LEASE4_BLOB_MAX], after[LEASE4_BLOB_MAX];
	size_t len = d4_client_id(d, before, sizeof(before));
	int changed = d->has_conf && concerns(&d->conf, conf);

	d->conf = *conf;
	d->has_conf = 1;
	d->duid_len = duid_len <= sizeof(d->duid) ? duid_len : 0;
	memcpy(d->duid, duid, d->duid_len);
	/* Another DUID or IAID: to the server that is another host. */
	if (len != d4_client_id(d, after, sizeof(after)) ||
	    memcmp(before, after, len) != 0)
		changed = 1;
	if (!d->started)
		return;
	if (changed && conf->dhcp4 != CONF_YES) {
		d4_withdraw(d);
		d4_enter(d, D4_DOWN);
	}
	if (changed)
		d4_begin(d, now);
	d4_update_deadline(d, now);
}

static int
same_network(const struct interface *a, const struct interface *b)
{
	return a->network_id_len == b->network_id_len &&
	    memcmp(a->network_id, b->network_id, sizeof(a->network_id)) == 0;
}

static void
take_stored(
    struct dhcp4 *d, const struct lease4 *lease, uint32_t age_sec, uint64_t now)
{
	uint64_t left;

	if (!d4_same_client(d, lease)) {
		LOG(d, LOG_INFO,
		    "lease of the last run is ignored: it was given to "
		    "another client identifier");
		/* To be asked for, no more: DISCOVER names it. */
		memset(&d->lease, 0, sizeof(d->lease));
		d->lease.addr = lease->addr;
		return;
	}
	if (lease->lease_sec == LIFETIME_INFINITE) {
		d->lease = *lease;
		d->expires = PROTO_NEVER;
		return;
	}
	if (age_sec >= lease->lease_sec) {
		LOG(d, LOG_DEBUG, "lease of the last run has expired");
		return;
	}
	left = (uint64_t)(lease->lease_sec - age_sec) * 1000;
	d->lease = *lease;
	d->obtained = now;
	d->expires = d->when[TIMER_EXPIRE] = now + left;
}

static int
is_of_network(const struct lease4 *lease, const struct interface *iface)
{
	return lease->network_id_len == iface->network_id_len &&
	    memcmp(lease->network_id, iface->network_id,
		sizeof(lease->network_id)) == 0;
}

void
dhcp4_stored(
    struct dhcp4 *d, const struct lease4 *lease, uint32_t age_sec, uint64_t now)
{
	if (lease->inform)
		return;
	if (d->started && !is_of_network(lease, &d->iface)) {
		/* The change follows, and ends what an offer is for. */
		d->offer = *lease;
		d->next_at = now;
		d->next_age = age_sec;
		d->has_next = 1;
	} else if (!d->has_lease)
		take_stored(d, lease, age_sec, now);
}

/* Y-24: the lease of this network, if there is one, instead of the other's. */
static void
enter_network(struct dhcp4 *d, uint64_t now)
{
	uint64_t age = d->next_age + (now - d->next_at) / 1000;
	int has_next = d->has_next;

	d->has_next = 0;
	if (d->iface.network_id_len == 0 || !has_next ||
	    is_of_network(&d->lease, &d->iface) ||
	    !is_of_network(&d->offer, &d->iface))
		return;
	if (d->has_lease)
		d4_withdraw(d);
	take_stored(
	    d, &d->offer, age < UINT32_MAX ? (uint32_t)age : UINT32_MAX, now);
}

static int
has_link(const struct dhcp4 *d)
{
	return d->has_iface && (d->iface.flags & IFACE_UP) &&
	    (d->iface.flags & IFACE_RUNNING);
}

void
dhcp4_interface(
    struct dhcp4 *d, const struct interface *iface, int ready, uint64_t now)
{
	int could = d4_can_speak(d), had_link = has_link(d);
	int moved = d->has_iface &&
	    (!same_network(&d->iface, iface) ||
		memcmp(d->iface.hwaddr, iface->hwaddr, sizeof(iface->hwaddr)) !=
		    0);

	d->iface = *iface;
	d->has_iface = 1;
	d->ready = ready;
	if (!d->started)
		return;
	/* A descriptor that was opened again does not end a release. */
	if (!had_link && has_link(d))
		d->released = 0;
	if (moved)
		enter_network(d, now);
	if (could && !d4_can_speak(d) && d->state == D4_RELEASING) {
		d->when[TIMER_RELEASE] = now;
		dhcp4_timer(d, now);
	} else if (could && !d4_can_speak(d)) {
		/* The address stays; its lifetime goes on (D4-22). */
		LOG(d, LOG_INFO, "link is down");
		d->when[TIMER_SEND] = d->when[TIMER_ARP] = PROTO_NEVER;
		d->when[TIMER_ROUTER] = PROTO_NEVER;
		d->when[TIMER_T1] = d->when[TIMER_T2] = PROTO_NEVER;
		d4_enter(d, D4_DOWN);
	} else if (d4_can_speak(d) && (!could || moved)) {
		d->v6only_failed = 0;
		/* A new MAC wants new descriptors.  They replace the old ones
		 * in the frontend: a close could overtake them. */
		if (moved) {
			d->arp_addr = in_none;
			d->arp_open = 0;
			linklocal4_stop(&d->linklocal, now);
		}
		d4_begin(d, now);
	}
	d4_update_deadline(d, now);
}

void
dhcp4_adopted(
    struct dhcp4 *d, struct in_addr addr, uint8_t prefixlen, uint64_t now)
{
	(void)now;
	if (d->conf.link_local && prefixlen == LINKLOCAL4_PREFIXLEN &&
	    linklocal4_is(addr) && d->lease.addr.s_addr != addr.s_addr &&
	    d->has_iface && d->iface.hwaddr_len == 6) {
		linklocal4_adopt(&d->linklocal, d->iface.hwaddr, addr);
		d->linklocal_sent = addr;
		d->linklocal_configured = 1;
		return;
	}
	d->adopted = addr;
	d->adopted_prefixlen = prefixlen;
	if (d->lease.addr.s_addr == addr.s_addr &&
	    d->lease.prefixlen == prefixlen) {
		/* It is in the kernel and its lease runs: confirmed or not,
		 * it can be used. */
		d->has_lease = 1;
		d->configured = 1;
	}
}

void
dhcp4_start(struct dhcp4 *d, uint64_t now)
{
	d->started = 1;
	if (d->adopted.s_addr != INADDR_ANY && d->conf.dhcp4 != CONF_YES) {
		d4_withdraw(d);
		d4_apply(d, now);
	}
	d4_begin(d, now);
	d4_update_deadline(d, now);
}

void
dhcp4_channel(struct dhcp4 *d, enum channel channel, struct in_addr key,
    int error, uint64_t now)
{
	if (channel == CHANNEL_UDP4 && key.s_addr == d->udp_addr.s_addr) {
		d->udp_open = error == 0;
		if (error != 0)
			d->udp_addr = d->udp_server = in_none;
	} else if (channel == CHANNEL_ARP && key.s_addr == d->arp_addr.s_addr) {
		if (error == 0)
			d4_arp_opened(d, now);
		else
			d->arp_open = 0;
	} else if (channel == CHANNEL_ARP &&
	    linklocal4_wants(&d->linklocal, key)) {
		linklocal4_channel(&d->linklocal, error, now);
	} else if (channel == CHANNEL_ARP && error == 0) {
		/* No longer wanted: the close was faster than the open. */
		d->ops->close(d->ctx, CHANNEL_ARP, key);
	}
	d4_update_deadline(d, now);
}

/* Y-15: said once, but for what is not sent again. */
static void
filtered(struct dhcp4 *d)
{
	COUNT(d, D4_SEND_FILTERED);
	if (!d->filtered_said || d->state == D4_RELEASING)
		LOG(d, LOG_WARNING,
		    "a packet filter dropped the "
		    "message; allow UDP from port 68 to port 67");
	d->filtered_said = 1;
}

/* D4-17: an ICMP error of an earlier packet is reported by the next send,
 * which then was not done. */
void
dhcp4_sent(struct dhcp4 *d, enum channel channel, struct in_addr key, int error,
    uint64_t now)
{
	if (d->state == D4_RELEASING && channel == CHANNEL_UDP4) {
		d->release_error = error;
		if (error != 0)
			COUNT(d, D4_SEND_ERROR);
		if (error == EACCES || error == EPERM)
			filtered(d);
		d->when[TIMER_RELEASE] = now;
		dhcp4_timer(d, now);
		return;
	}
	if (error == 0)
		return;
	if (error == ENOTCONN && channel == CHANNEL_ARP &&
	    linklocal4_wants(&d->linklocal, key)) {
		linklocal4_channel(&d->linklocal, error, now);
		d4_update_deadline(d, now);
		return;
	}
	COUNT(d, D4_SEND_ERROR);
	if (error == EACCES || error == EPERM) {
		filtered(d);
	} else if (error == ECONNREFUSED && d->state == D4_RENEWING &&
	    !d->resent) {
		d->resent = 1;
		d4_send_request(d, now);
	} else {
		LOG(d, LOG_DEBUG, "cannot send: %s", strerror(error));
	}
}

/* No memory, no buffers: better in a moment. */
static void
kernel_failed(struct dhcp4 *d, uint64_t now)
{
	uint64_t wait = KERNEL_WAIT_MS << d->kernel_tries;

	if (wait < KERNEL_WAIT_MAX_MS)
		d->kernel_tries++;
	d->when[TIMER_KERNEL] =
	    now + (wait < KERNEL_WAIT_MAX_MS ? wait : KERNEL_WAIT_MAX_MS);
	d4_update_deadline(d, now);
}

void
dhcp4_configured(struct dhcp4 *d, uint32_t serial, int error, uint64_t now)
{
	if (serial != d->serial)
		return;
	if (!d->has_lease) {
		d4_linklocal_configured(d, error, now);
		return;
	}
	if (error != 0) {
		LOG(d, LOG_WARNING, "configuration not carried out: %s",
		    error == EACCES ? "refused by policy" : strerror(error));
		if (error != EACCES) {
			kernel_failed(d, now);
			return;
		}
		d4_withdraw(d);
		d->naks = d->naks < 4 ? 4 : d->naks;
		d4_init(d, now, DECLINE_WAIT_MS);
		d4_update_deadline(d, now);
		return;
	}
	d->configured = 1;
	d->kernel_tries = 0;
	d4_open_udp(d); /* refused as long as the address was not there */
	if (d->old.addr.s_addr == INADDR_ANY)
		return;
	memset(&d->old, 0, sizeof(d->old));
	d4_apply(d, now);
}

void
dhcp4_address_gone(struct dhcp4 *d, struct in_addr addr, uint64_t now)
{
	if (addr.s_addr == d->linklocal.in_use.s_addr &&
	    addr.s_addr != INADDR_ANY) {
		linklocal4_gone(&d->linklocal, now);
		d4_update_deadline(d, now);
		return;
	}
	if (!d->has_lease || addr.s_addr != d->lease.addr.s_addr ||
	    d->state == D4_RELEASING)
		return;
	/* The kernel's own lifetime may end a moment before ours. */
	if (d4_left_sec(d, now) <= 1)
		return;
	d->configured = 0;
	LOG(d, LOG_WARNING, "address was removed by somebody else");
	/* No fight with who does it again. */
	if (d->gone_at != 0 && now - d->gone_at < GONE_WAIT_MS) {
		d->when[TIMER_KERNEL] = d->gone_at + GONE_WAIT_MS;
		d4_update_deadline(d, now);
		return;
	}
	d->gone_at = now;
	if (d->state == D4_BOUND || d->state == D4_RENEWING ||
	    d->state == D4_REBINDING)
		d4_begin(d, now);
	d4_update_deadline(d, now);
}

void
dhcp4_own_hwaddrs(struct dhcp4 *d, const uint8_t (*own)[6], size_t n)
{
	d->own = own;
	d->nown = n;
}

void
dhcp4_ipv6_usable(struct dhcp4 *d, int usable, uint64_t now)
{
	d->ipv6_usable = usable;
	if (usable)
		d->v6only_failed = 0;
	if (d->state == D4_V6ONLY && usable)
		d->when[TIMER_SEND] = d->v6only_until;
	else if (d->state == D4_V6ONLY &&
	    d->when[TIMER_SEND] > now + V6ONLY_PROOF_MS)
		d->when[TIMER_SEND] = now + V6ONLY_PROOF_MS;
	d4_update_deadline(d, now);
}

void
dhcp4_static_address(
    struct dhcp4 *d, struct in_addr addr, uint8_t prefixlen, uint64_t now)
{
	int changed = d->static_addr.s_addr != addr.s_addr;

	d->static_addr = addr;
	d->static_prefixlen = prefixlen;
	if (!d->started || !changed || d->conf.dhcp4 != CONF_INFORM)
		return;
	d4_begin(d, now);
	d4_update_deadline(d, now);
}

void
dhcp4_renew(struct dhcp4 *d, uint64_t now)
{
	if (d->state == D4_RELEASING) {
		d->when[TIMER_RELEASE] = now;
		dhcp4_timer(d, now);
	}
	d->released = 0;
	d->v6only_failed = 0;
	/* Without the address nothing can be sent from it: INIT-REBOOT. */
	if (d->state == D4_BOUND && d->configured && d4_can_speak(d)) {
		d->when[TIMER_T1] = now;
		dhcp4_timer(d, now);
		return;
	}
	if ((d->state == D4_RENEWING || d->state == D4_REBINDING) &&
	    d->configured) {
		/* Whoever asks may know that the server answers again. */
		d->tries = 0;
		d->when[TIMER_SEND] = now;
		dhcp4_timer(d, now);
		return;
	}
	d4_begin(d, now);
	d4_update_deadline(d, now);
}

/* D4-23: it leaves by the unicast socket while the address is there. */
void
dhcp4_release(struct dhcp4 *d, uint64_t now)
{
	d->released = 1;
	if (d->has_lease && d->udp_open && d4_can_speak(d)) {
		d->release_error = 0;
		d4_stop_timers(d);
		d4_enter(d, D4_RELEASING);
		d->when[TIMER_RELEASE] = now + RELEASE_WAIT_MS;
		d4_send_release(d, now);
	} else {
		d4_withdraw(d);
		d->ops->store4(d->ctx, NULL);
		memset(&d->lease, 0, sizeof(d->lease));
		d4_enter(d, D4_DOWN);
	}
	d4_update_deadline(d, now);
}

void
dhcp4_withdraw(struct dhcp4 *d, uint64_t now)
{
	d->released = 1;
	d4_withdraw(d);
	d4_enter(d, D4_DOWN);
	d4_update_deadline(d, now);
}

int
dhcp4_idle(const struct dhcp4 *d)
{
	return d->state != D4_RELEASING;
}

static uint64_t
earlier(uint64_t when, uint32_t sec)
{
	uint64_t ms = (uint64_t)sec * 1000;

	if (when == PROTO_NEVER)
		return when;
	return when > ms ? when - ms : 0;
}

void
dhcp4_resume(struct dhcp4 *d, uint32_t slept_sec, uint64_t now)
{
	size_t i;

	for (i = 0; i < TIMER_MAX; i++)
		d->when[i] = earlier(d->when[i], slept_sec);
	d->expires = earlier(d->expires, slept_sec);
	linklocal4_suspend(&d->linklocal, now);
	if (d->when[TIMER_EXPIRE] <= now)
		dhcp4_timer(d, now);
	else
		d4_begin(d, now);
	d4_update_deadline(d, now);
}

static uint32_t
in_seconds(uint64_t when, uint64_t now)
{
	if (when == PROTO_NEVER)
		return LIFETIME_INFINITE;
	return when > now ? (uint32_t)((when - now) / 1000) : 0;
}

void
dhcp4_status(const struct dhcp4 *d, uint64_t now, struct dhcp4_status *st)
{
	memset(st, 0, sizeof(*st));
	st->state = d->state;
	st->has_lease = d->has_lease || d->state == D4_INFORMED;
	st->configured = d->has_lease ? d->configured : d->linklocal_configured;
	st->link_local = d->linklocal.in_use.s_addr != INADDR_ANY;
	if (st->link_local ||
	    linklocal4_wants(&d->linklocal, d->linklocal.addr))
		st->link_local_addr = d->linklocal.addr;
	st->t1_in = in_seconds(d->when[TIMER_T1], now);
	st->t2_in = in_seconds(d->when[TIMER_T2], now);
	st->expires_in = in_seconds(d->when[TIMER_EXPIRE], now);
	st->tries = d->tries;
	if (d->state == D4_V6ONLY)
		st->sleeping = in_seconds(d->when[TIMER_SEND], now);
	st->lease = &d->lease;
}

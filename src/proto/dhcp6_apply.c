/* SPDX-License-Identifier: ISC */
/* From what is leased to what kernel, DNS, file and hooks should know. */

#include <arpa/inet.h>
#include <string.h>

#include "dhcp6_priv.h"

uint32_t
d6_left(uint64_t end, uint64_t now)
{
	uint64_t sec;

	if (end == PROTO_NEVER)
		return LIFETIME_INFINITE;
	if (end <= now)
		return 0;
	sec = (end - now + 999) / 1000;
	return sec < LIFETIME_INFINITE ? (uint32_t)sec : LIFETIME_INFINITE - 1;
}

uint64_t
d6_end(uint32_t sec, uint64_t now)
{
	return sec == LIFETIME_INFINITE ? PROTO_NEVER : now + sec * 1000ULL;
}

/* May the machine say what should be configured?  Until something of a stored
 * lease is confirmed, what the last run left is left alone (D6-16). */
static int
may_apply(const struct dhcp6 *d)
{
	int asking = 0;
	unsigned int i;

	if (d->applied)
		return 1;
	for (i = 0; i < DHCP6_IAS_MAX; i++)
		if (d->lease.ias[i].state == IA_CONFIRMING)
			asking = 1;
		else if (d6_bound(d) & IA_BIT(i))
			return 1;
	return !asking;
}

/* An address that is not confirmed yet stays where it is, and is not made
 * where it is not. */
static int
is_to_be_had(const struct dhcp6 *d, const struct in6_addr *addr)
{
	unsigned int i;

	if (d->lease.ias[DHCP6_IA_NA].state != IA_CONFIRMING)
		return 1;
	for (i = 0; i < DHCP6_KNOWN_MAX; i++)
		if (d->known[i].flags != 0 &&
		    IN6_ARE_ADDR_EQUAL(&d->known[i].addr, addr))
			return 1;
	return 0;
}

/* D6-42: what no downstream interface has must not go back to the uplink. */
static void
add_reject(struct config6 *c, const struct dhcp6_prefix *p, uint32_t valid_sec)
{
	struct route6 *r = &c->routes[c->nroutes++];

	r->dst = p->prefix;
	r->prefixlen = p->prefixlen;
	r->valid_sec = valid_sec;
	r->preference = PREFERENCE_MEDIUM;
	r->flags = ROUTE6_REJECT;
}

void
d6_apply_kernel(struct dhcp6 *d, uint64_t now)
{
	const struct dhcp6_lease *l = &d->lease;
	struct config6 c;
	unsigned int i;

	memset(&c, 0, sizeof(c));
	c.protocol = PROTO_DHCP6;
	c.serial = ++d->serial;
	for (i = 0; i < l->naddrs; i++) {
		struct addr6 *a = &c.addrs[c.naddrs];

		if (d->addr_ends[i].valid <= now ||
		    !is_to_be_had(d, &l->addrs[i].addr))
			continue;
		a->addr = l->addrs[i].addr;
		a->valid_sec = d6_left(d->addr_ends[i].valid, now);
		a->preferred_sec = d6_left(d->addr_ends[i].preferred, now);
		a->prefixlen = 128; /* RFC 5942 4: says nothing of the link */
		c.naddrs++;
	}
	for (i = 0; i < l->nprefixes; i++)
		if (d->prefix_ends[i].valid > now)
			add_reject(&c, &l->prefixes[i],
			    d6_left(d->prefix_ends[i].valid, now));
	d->applied = 1;
	d->when[D6_TIMER_RETRY] = PROTO_NEVER;
	d->ops->configure6(d->ctx, &c);
}

void
d6_apply_dns(struct dhcp6 *d)
{
	static struct dns_set set; /* 4 KiB */

	memset(&set, 0, sizeof(set));
	if (d->lease.has_info && !(d->conf.ignore & IGNORE_DNS))
		set = d->lease.dns;
	if (memcmp(&set, &d->dns, sizeof(set)) == 0)
		return;
	d->dns = set;
	d->ops->dns(d->ctx, &set);
}

void
d6_store(struct dhcp6 *d, uint64_t now)
{
	static struct dhcp6_lease lease; /* 7 KiB */

	if (d6_bound(d) == 0 && !d->lease.has_info) {
		d->ops->store_dhcp6(d->ctx, NULL);
		return;
	}
	dhcp6_snapshot(d, now, &lease);
	d->ops->store_dhcp6(d->ctx, &lease);
}

void
d6_apply(struct dhcp6 *d, uint64_t now)
{
	static struct dhcp6_lease lease; /* 7 KiB */

	if (!may_apply(d))
		return;
	if (d6_bound(d) == 0 && !d->lease.stateless) {
		/* The options came with leases and go with them. */
		d->lease.has_info = 0;
		memset(&d->lease.dns, 0, sizeof(d->lease.dns));
	}
	d6_apply_kernel(d, now);
	dhcp6_snapshot(d, now, &lease);
	d->ops->delegated(d->ctx, &lease);
	d6_apply_dns(d);
	d6_reconf_channels(d);
	d6_store(d, now);
}

/* Take everything out of the kernel and forget it; the file stays. */
void
d6_withdraw(struct dhcp6 *d, uint64_t now)
{
	static struct dhcp6_lease none; /* stays all zero */
	uint32_t iaid;
	unsigned int i;

	d6_stop_all(d);
	d->offer_ias = 0;
	d->ndeclined = 0;
	d->inform_asked = 0;
	d->begin_at = PROTO_NEVER;
	d->when[D6_TIMER_INFORM] = PROTO_NEVER;
	d6_drop_ias(d, ~0U);
	for (i = 0; i < DHCP6_IAS_MAX; i++) {
		iaid = d->lease.ias[i].iaid;
		memset(&d->lease.ias[i], 0, sizeof(d->lease.ias[i]));
		d->lease.ias[i].iaid = iaid;
	}
	d->lease.has_info = d->lease.stateless = d->lease.has_key = 0;
	memset(&d->lease.dns, 0, sizeof(d->lease.dns));
	d6_apply_kernel(d, now);
	d->ops->delegated(d->ctx, &none);
	d6_apply_dns(d);
	d6_reconf_channels(d);
	d6_register_stop(d);
}

void
d6_take_info(struct dhcp6 *d, const struct dhcp6_msg *m, int complete)
{
	struct dhcp6_lease *to = &d->lease;
	const struct dhcp6_lease *from = &m->lease;

	if (complete || (m->present & HAVE6_DNS))
		to->dns = from->dns;
	if (complete || (m->present & HAVE6_INFO)) {
		to->nntp = from->nntp;
		memcpy(to->ntp, from->ntp, sizeof(to->ntp));
		memcpy(to->ntp_name, from->ntp_name, sizeof(to->ntp_name));
		memcpy(to->aftr, from->aftr, sizeof(to->aftr));
		memcpy(to->captive_portal, from->captive_portal,
		    sizeof(to->captive_portal));
		to->s46_len = from->s46_len;
		memcpy(to->s46, from->s46, sizeof(to->s46));
		to->dnr_len = from->dnr_len;
		memcpy(to->dnr, from->dnr, sizeof(to->dnr));
		to->registration = from->registration;
	}
	to->has_info = 1;
	to->stateless = 0;
	to->network_id_len = d->iface.network_id_len;
	memcpy(to->network_id, d->iface.network_id, sizeof(to->network_id));
}

/* ---- events ---- */

void
d6_event_addr(struct dhcp6 *d, enum proto_event event,
    const struct dhcp6_addr *a, const char *reason)
{
	static struct event6 e; /* 4 KiB */

	memset(&e, 0, sizeof(e));
	if (a != NULL) {
		e.addr = a->addr;
		e.prefixlen = 128;
		e.preferred_sec = a->preferred_sec;
		e.valid_sec = a->valid_sec;
	}
	e.from = d->lease.ias[DHCP6_IA_NA].server.addr;
	e.dns = d->dns;
	d->ops->event6(d->ctx, event, &e, reason);
}

void
d6_event_prefix(struct dhcp6 *d, enum proto_event event,
    const struct dhcp6_prefix *p, const char *reason)
{
	static struct event6 e; /* 4 KiB */

	memset(&e, 0, sizeof(e));
	e.addr = p->prefix;
	e.prefixlen = p->prefixlen;
	e.preferred_sec = p->preferred_sec;
	e.valid_sec = p->valid_sec;
	e.from = d->lease.ias[p->ia].server.addr;
	e.dns = d->dns;
	d->ops->event6(d->ctx, event, &e, reason);
}

void
d6_events(struct dhcp6 *d, enum proto_event event, uint32_t ias, uint64_t now,
    const char *reason)
{
	unsigned int i;

	(void)now;
	if (ias & IA_BIT(DHCP6_IA_NA))
		for (i = 0; i < d->lease.naddrs; i++)
			d6_event_addr(d, event, &d->lease.addrs[i], reason);
	for (i = 0; i < d->lease.nprefixes; i++)
		if (ias & IA_BIT(d->lease.prefixes[i].ia))
			d6_event_prefix(
			    d, event, &d->lease.prefixes[i], reason);
}

/* ---- what is shown ---- */

void
dhcp6_snapshot(const struct dhcp6 *d, uint64_t now, struct dhcp6_lease *l)
{
	unsigned int i;

	*l = d->lease;
	l->state = (uint8_t)d->state;
	for (i = 0; i < l->naddrs; i++) {
		l->addrs[i].preferred_sec =
		    d6_left(d->addr_ends[i].preferred, now);
		l->addrs[i].valid_sec = d6_left(d->addr_ends[i].valid, now);
	}
	for (i = 0; i < l->nprefixes; i++) {
		l->prefixes[i].preferred_sec =
		    d6_left(d->prefix_ends[i].preferred, now);
		l->prefixes[i].valid_sec =
		    d6_left(d->prefix_ends[i].valid, now);
	}
	for (i = 0; i < DHCP6_IAS_MAX; i++) {
		int clocked = (d6_bound(d) & IA_BIT(i)) != 0;

		l->ias[i].t1_sec = clocked ? d6_left(d->times[i].t1, now) : 0;
		l->ias[i].t2_sec = clocked ? d6_left(d->times[i].t2, now) : 0;
	}
	if (l->stateless)
		l->refresh_sec = d6_left(d->when[D6_TIMER_INFORM], now);
}

/* The most urgent of what is under way. */
static enum dhcp6_state
busy_state(struct dhcp6 *d)
{
	static const struct {
		enum dhcp6_exchange_kind kind;
		enum dhcp6_state state;
	} order[] = {
		{ EX_CONFIRM, D6_CONFIRMING },
		{ EX_RECHECK, D6_CONFIRMING },
		{ EX_REBIND, D6_REBINDING },
		{ EX_RENEW, D6_RENEWING },
		{ EX_REQUEST, D6_REQUESTING },
	};
	size_t i;

	for (i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (d6_find_kind(d, order[i].kind) != NULL)
			return order[i].state;
	if (d6_bound(d) != 0)
		return D6_BOUND;
	if (d6_find_kind(d, EX_SOLICIT) != NULL)
		return D6_SOLICITING;
	if (d6_find_kind(d, EX_INFORM) != NULL)
		return D6_INFORMING;
	return d->lease.stateless ? D6_INFORMED : D6_WAITING;
}

void
d6_set_state(struct dhcp6 *d)
{
	enum dhcp6_state state;

	if (d->releasing)
		state = D6_RELEASING;
	else if (!d->started || !d->has_conf || !d->has_iface || d->released ||
	    d->conf.dhcp6 == CONF_NO || !(d->iface.flags & IFACE_UP) ||
	    !(d->iface.flags & IFACE_RUNNING))
		state = D6_DOWN;
	else
		state = d6_can_speak(d) ? busy_state(d) : D6_WAITING;
	if (state == d->state)
		return;
	LOG(d, LOG_DEBUG, "%s -> %s", dhcp6_state_name(d->state),
	    dhcp6_state_name(state));
	d->state = state;
}

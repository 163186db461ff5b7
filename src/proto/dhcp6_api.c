/* SPDX-License-Identifier: ISC */
/* What the engine tells the DHCPv6 machine besides packets and time. */

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "dhcp6_priv.h"

const char *
dhcp6_state_name(enum dhcp6_state state)
{
#define DHCP6_STATE_NAME(s, n) n,
	static const char *const names[] = { DHCP6_STATES(DHCP6_STATE_NAME) };
#undef DHCP6_STATE_NAME

	return (unsigned int)state < D6_STATE_MAX ? names[state] : "unknown";
}

const char *
dhcp6_status_name(unsigned int code)
{
#define DHCP6_STATUS_NAME(s, n) n,
	static const char *const names[] = { DHCP6_STATUSES(
	    DHCP6_STATUS_NAME) };
#undef DHCP6_STATUS_NAME

	return code < DHCP6_STATUS_MAX ? names[code] : "unknown";
}

void
dhcp6_init(struct dhcp6 *d, const struct proto_ops *ops, void *ctx)
{
	unsigned int i;

	memset(d, 0, sizeof(*d));
	d->ops = ops;
	d->ctx = ctx;
	d->begin_at = PROTO_NEVER;
	for (i = 0; i < D6_TIMER_MAX; i++)
		d->when[i] = PROTO_NEVER;
	for (i = 0; i < DHCP6_IAS_MAX; i++)
		d->times[i].t1 = d->times[i].t2 = PROTO_NEVER;
	d6_stop_all(d);
}

/* ---- configuration ---- */

/* Another client than before: what was leased was leased to somebody else. */
static int
other_client(const struct dhcp6 *d, const struct conf_iface *c,
    const uint8_t *duid, size_t duid_len)
{
	return d->duid_len != duid_len ||
	    memcmp(d->duid, duid, duid_len) != 0 ||
	    d->conf.has_iaid != c->has_iaid || d->conf.iaid != c->iaid ||
	    d->conf.anonymous != c->anonymous;
}

void
dhcp6_configure(struct dhcp6 *d, const struct conf_iface *conf,
    const uint8_t *duid, size_t duid_len, uint64_t now)
{
	int was = d->has_conf ? d->conf.dhcp6 : CONF_NO;
	int anew;
	uint32_t gone, bound;

	if (duid_len > sizeof(d->duid))
		duid_len = 0;
	anew = d->has_conf && other_client(d, conf, duid, duid_len);
	gone = d->has_conf ? d6_match_prefixes(d, conf) : 0;
	d->conf = *conf;
	d->has_conf = 1;
	d->duid_len = duid_len;
	memcpy(d->duid, duid, duid_len);
	if (!d->started) {
		d6_set_iaids(d);
		return;
	}
	if (anew || (conf->dhcp6 == CONF_NO && was != CONF_NO)) {
		if (d->releasing)
			d6_released(d, now);
		d6_withdraw(d, now);
		/* What was not released can be asked for again. */
		if (anew)
			d->ops->store_dhcp6(d->ctx, NULL);
	} else if (gone != 0) {
		/* What is wanted again waits for the Release (D6-17). */
		bound = d6_bound(d);
		d6_release_ias(d, gone & bound, now);
		d6_want(d, gone & ~bound & d6_wanted(d), 0, now);
	}
	d6_set_iaids(d);
	if (conf->dhcp6 != CONF_NO && (anew || was == CONF_NO))
		d6_begin(d, now);
	if (conf->dhcp6 != CONF_NO)
		d6_apply(d, now);
	d6_run(d, now);
}

static int
same_network(const struct interface *a, const struct interface *b)
{
	return a->network_id_len == b->network_id_len &&
	    memcmp(a->network_id, b->network_id, sizeof(a->network_id)) == 0;
}

static int
has_link(const struct dhcp6 *d)
{
	return d->has_iface && (d->iface.flags & IFACE_UP) &&
	    (d->iface.flags & IFACE_RUNNING);
}

static void enter_network(struct dhcp6 *, uint64_t now);

void
dhcp6_interface(struct dhcp6 *d, const struct interface *iface, uint64_t now)
{
	int had = has_link(d);
	int moved = d->has_iface &&
	    (!same_network(&d->iface, iface) ||
		memcmp(d->iface.hwaddr, iface->hwaddr, sizeof(iface->hwaddr)) !=
		    0);

	d->iface = *iface;
	d->has_iface = 1;
	d6_set_iaids(d);
	if (!d->started)
		return;
	/* Neither does an old address go with a new identifier. */
	if (moved && d->conf.anonymous && !d->releasing)
		d6_withdraw(d, now);
	if (moved)
		enter_network(d, now);
	if (had && !has_link(d)) {
		/* Addresses stay; their lifetimes go on. */
		LOG(d, LOG_INFO, "link is down");
		d6_stop_all(d);
		d->begin_at = PROTO_NEVER;
		if (d->releasing)
			d6_released(d, now);
	} else if (has_link(d) && (!had || moved)) {
		if (d->releasing)
			d6_released(d, now);
		d->released = 0;
		d6_begin(d, now);
	}
	d6_run(d, now);
}

/* What was given to a sender that was no more. */
static void
send_again(struct dhcp6 *d, uint64_t now)
{
	unsigned int i;

	d->unsent = 0;
	for (i = 0; i < DHCP6_EXCHANGES_MAX; i++)
		if (d->exchanges[i].kind != EX_NONE)
			d->exchanges[i].next = now;
}

void
dhcp6_channel(struct dhcp6 *d, enum channel channel, const struct in6_addr *key,
    int error, uint64_t now)
{
	int open = error == 0;

	if (!IN6_IS_ADDR_UNSPECIFIED(key)) {
		if (channel == CHANNEL_DHCP6_SEND)
			d6_register_channel(d, key, error);
	} else if (channel == CHANNEL_DHCP6)
		d->receive_open = open;
	else if (channel == CHANNEL_DHCP6_SEND)
		d->send_open = open;
	if (open && channel == CHANNEL_DHCP6_SEND && d->unsent)
		send_again(d, now);
	/* IPv6 may have been off, which is why the kernel refused. */
	if (d->send_open && d->when[D6_TIMER_RETRY] != PROTO_NEVER)
		d->when[D6_TIMER_RETRY] = now;
	/* Not connected: being replaced, or the link-local address is not
	 * there yet. */
	if (error != 0 && error != ENOTCONN)
		LOG(d, has_link(d) ? LOG_WARNING : LOG_DEBUG,
		    "no socket on port 546: %s", strerror(error));
	d6_run(d, now);
}

/* ---- what was there before ---- */

static int
keep_until(struct dhcp6_ends *e, uint32_t preferred, uint32_t valid,
    uint32_t age, uint64_t now)
{
	if (valid != LIFETIME_INFINITE && valid <= age)
		return 0;
	e->valid =
	    valid == LIFETIME_INFINITE ? PROTO_NEVER : d6_end(valid - age, now);
	if (preferred == LIFETIME_INFINITE)
		e->preferred = PROTO_NEVER;
	else
		e->preferred =
		    d6_end(preferred > age ? preferred - age : 0, now);
	return 1;
}

static void
keep_items(
    struct dhcp6 *d, const struct dhcp6_lease *l, uint32_t age, uint64_t now)
{
	struct dhcp6_lease *to = &d->lease;
	unsigned int i;

	to->naddrs = to->nprefixes = 0;
	for (i = 0; i < l->naddrs; i++) {
		const struct dhcp6_addr *a = &l->addrs[i];

		if (!keep_until(&d->addr_ends[to->naddrs], a->preferred_sec,
			a->valid_sec, age, now))
			continue;
		to->addrs[to->naddrs] = *a;
		to->addrs[to->naddrs++].flags = 0;
	}
	for (i = 0; i < l->nprefixes; i++) {
		const struct dhcp6_prefix *p = &l->prefixes[i];

		if (keep_until(&d->prefix_ends[to->nprefixes], p->preferred_sec,
			p->valid_sec, age, now))
			to->prefixes[to->nprefixes++] = *p;
	}
}

static void
take_stored(struct dhcp6 *d, const struct dhcp6_lease *lease, uint32_t age_sec,
    uint64_t now)
{
	uint32_t bound;
	unsigned int i;

	d->lease = *lease;
	d->lease.state = 0;
	keep_items(d, lease, age_sec, now);
	bound = d6_bound(d);
	for (i = 0; i < DHCP6_IAS_MAX; i++) {
		struct dhcp6_ia *ia = &d->lease.ias[i];
		struct dhcp6_ends e;

		/* The iaid is kept with the lease (D6-02). */
		ia->state = bound & IA_BIT(i) ? IA_BOUND : IA_OFF;
		if (keep_until(&e, ia->t1_sec, ia->t2_sec, age_sec, now)) {
			d->times[i].t1 = e.preferred;
			d->times[i].t2 = e.valid;
		} else
			d->times[i].t1 = d->times[i].t2 = now;
	}
	for (i = 0; i < DHCP6_IAS_MAX; i++)
		if (d->conf.has_iaid &&
		    d->lease.ias[i].iaid - d->conf.iaid >= DHCP6_IAS_MAX)
			d6_drop_ias(d, IA_BIT(i));
	d6_set_ias(d, ~d6_bound(d), IA_OFF);
	d6_set_iaids(d);
	if (d6_bound(d) == 0 && !d->lease.stateless)
		d->lease.has_info = 0;
	d6_update_usable(d);
}

static int
is_of_network(const struct dhcp6_lease *lease, const struct interface *iface)
{
	return lease->network_id_len == iface->network_id_len &&
	    memcmp(lease->network_id, iface->network_id,
		sizeof(lease->network_id)) == 0;
}

void
dhcp6_stored(struct dhcp6 *d, const struct dhcp6_lease *lease, uint32_t age_sec,
    uint64_t now)
{
	if (!d->started) {
		take_stored(d, lease, age_sec, now);
		return;
	}
	if (d->releasing || is_of_network(lease, &d->iface))
		return;
	/* The change follows, and ends what an offer is for. */
	d->offer = *lease;
	d->offer_ias = 0;
	d->next_at = now;
	d->next_age = age_sec;
	d->has_next = 1;
}

/* Y-24: what was leased in another network is not asked about here; what was
 * leased here before is. */
static void
enter_network(struct dhcp6 *d, uint64_t now)
{
	static struct dhcp6_lease next; /* 7 KiB: not on the stack */
	uint64_t age = d->next_age + (now - d->next_at) / 1000;
	int has_next = d->has_next;

	d->has_next = 0;
	if (d->iface.network_id_len == 0 || d->releasing ||
	    is_of_network(&d->lease, &d->iface))
		return;
	next = d->offer;
	if (d6_bound(d) != 0 || d->lease.has_info)
		d6_withdraw(d, now);
	if (has_next && is_of_network(&next, &d->iface))
		take_stored(d, &next,
		    age < UINT32_MAX ? (uint32_t)age : UINT32_MAX, now);
}

void
dhcp6_start(struct dhcp6 *d, uint64_t now)
{
	d->started = 1;
	/* D6-16: a lease is first asked about; without one nothing of the
	 * last run is to stay. */
	if (d->conf.dhcp6 == CONF_NO)
		d6_withdraw(d, now);
	else if (d6_bound(d) == 0)
		d6_apply(d, now);
	if (has_link(d))
		d6_begin(d, now);
	d6_run(d, now);
}

void
dhcp6_ra_flags(struct dhcp6 *d, int managed, int other, int pd, uint64_t now)
{
	/* A flag that is cleared releases nothing (S-15). */
	d->managed = managed;
	d->other = other;
	d->pd_flag = pd;
	if (d->started)
		d6_run(d, now);
}

/* ---- the kernel ---- */

void
d6_update_usable(struct dhcp6 *d)
{
	unsigned int i, j;

	for (i = 0; i < d->lease.naddrs; i++) {
		struct dhcp6_addr *a = &d->lease.addrs[i];

		a->flags = 0;
		for (j = 0; j < DHCP6_KNOWN_MAX; j++) {
			uint32_t f = d->known[j].flags;

			if (f == 0 ||
			    !IN6_ARE_ADDR_EQUAL(&d->known[j].addr, &a->addr))
				continue;
			if (f & STATE6_DUPLICATED)
				a->flags = DHCP6_ADDR_DUPLICATED;
			else if (!(f & STATE6_TENTATIVE) ||
			    (f & STATE6_OPTIMISTIC))
				a->flags = DHCP6_ADDR_USABLE;
		}
	}
}

static void
remember(struct dhcp6 *d, const struct state6 *st)
{
	struct dhcp6_known *k = NULL;
	unsigned int i;

	for (i = 0; i < DHCP6_KNOWN_MAX; i++) {
		if (d->known[i].flags != 0 &&
		    IN6_ARE_ADDR_EQUAL(&d->known[i].addr, &st->addr)) {
			k = &d->known[i];
			break;
		}
		if (d->known[i].flags == 0 && k == NULL)
			k = &d->known[i];
	}
	if (k == NULL)
		return;
	k->addr = st->addr;
	k->flags = st->flags & STATE6_PRESENT ? st->flags : 0;
}

/* D6-17: a duplicate is declined, and never used again. */
static void
duplicated(struct dhcp6 *d, unsigned int i, uint64_t now)
{
	const struct dhcp6_addr a = d->lease.addrs[i];
	struct dhcp6_server server = d->lease.ias[DHCP6_IA_NA].server;
	struct dhcp6_exchange *x = d6_find_kind(d, EX_DECLINE);
	char text[INET6_ADDRSTRLEN];

	LOG(d, LOG_WARNING, "%s is in use by another host, declined",
	    inet_ntop(AF_INET6, &a.addr, text, sizeof(text)));
	COUNT(d, D6_CONFLICT);
	d->conflicts++;
	d6_drop_addr(d, i);
	if (d->lease.naddrs == 0)
		d6_leave(d, IA_BIT(DHCP6_IA_NA));
	d6_event_addr(d, EVENT_CONFLICT, &a, "duplicate");
	if (x != NULL)
		d6_stop(x);
	else
		d->ndeclined = 0;
	if (d->ndeclined < DHCP6_ADDRS_MAX)
		d->declined[d->ndeclined++] = a.addr;
	if (d->lease.naddrs == 0 && d->lease.ias[DHCP6_IA_NA].state != IA_OFF) {
		d->lease.ias[DHCP6_IA_NA].state = IA_WANTED;
		d->times[DHCP6_IA_NA].retry = now;
	}
	if (d6_can_speak(d) && server.duid_len != 0)
		d6_start(d, EX_DECLINE, IA_BIT(DHCP6_IA_NA), &server, now);
	d6_apply(d, now);
}

static int
find_leased(const struct dhcp6 *d, const struct in6_addr *addr)
{
	int i;

	for (i = 0; i < d->lease.naddrs; i++)
		if (IN6_ARE_ADDR_EQUAL(&d->lease.addrs[i].addr, addr))
			return i;
	return -1;
}

/* An address was removed: at once, but no fight with who does it again. */
static void
put_back(struct dhcp6 *d, uint64_t now)
{
	if (d->gone_at != 0 && now - d->gone_at < GONE_WAIT_MS) {
		d->when[D6_TIMER_RETRY] = d->gone_at + GONE_WAIT_MS;
		return;
	}
	LOG(d, LOG_WARNING, "address was removed by somebody else");
	d->gone_at = now;
	d6_apply_kernel(d, now);
}

void
dhcp6_address(struct dhcp6 *d, const struct state6 *st, uint64_t now)
{
	int i, usable;

	if (IN6_IS_ADDR_LINKLOCAL(&st->addr))
		return;
	remember(d, st);
	d6_update_usable(d);
	usable = (st->flags & STATE6_PRESENT) &&
	    !(st->flags & (STATE6_TENTATIVE | STATE6_DUPLICATED));
	d6_register_address(d, st, usable, now);
	i = find_leased(d, &st->addr);
	if (i != -1 && d->started) {
		/* Linux removes what has a lifetime and fails. */
		if (st->flags & STATE6_DUPLICATED)
			duplicated(d, (unsigned int)i, now);
		else if (!(st->flags & STATE6_PRESENT) && d->applied &&
		    d6_left(d->addr_ends[i].valid, now) > 1)
			put_back(d, now);
		d6_reconf_channels(d);
	}
	d6_run(d, now);
}

void
dhcp6_configured(struct dhcp6 *d, uint32_t serial, int error, uint64_t now)
{
	if (serial != d->serial)
		return;
	if (error != 0)
		LOG(d, LOG_WARNING, "configuration not carried out: %s",
		    error == EACCES ? "refused by policy" : strerror(error));
	/* What the policy refused, it will refuse again. */
	if (error != 0 && error != EACCES)
		d->when[D6_TIMER_RETRY] = now + KERNEL_WAIT_MS;
	if (d->releasing && d->when[D6_TIMER_RELEASE] != PROTO_NEVER)
		d6_release_send(d, now);
	d6_run(d, now);
}

void
dhcp6_sent(struct dhcp6 *d, enum channel channel, const struct in6_addr *key,
    int error, uint64_t now)
{
	(void)channel;
	(void)now;
	if (error == 0)
		return;
	if (error == ENOTCONN) {
		d->unsent = d->unsent || IN6_IS_ADDR_UNSPECIFIED(key);
		return;
	}
	COUNT(d, D6_SEND_ERROR);
	if (error != EACCES && error != EPERM) {
		LOG(d, LOG_DEBUG, "cannot send: %s", strerror(error));
		return;
	}
	COUNT(d, D6_SEND_FILTERED);
	if (d->releasing)
		d->release_filtered = 1;
	if (!d->filtered_said)
		LOG(d, LOG_WARNING,
		    "a packet filter dropped the message; "
		    "allow UDP from port 546 to port 547");
	d->filtered_said = 1;
}

/* ---- what the administrator wants ---- */

/* Whoever asks may know that the servers answer again. */
static void
send_now(struct dhcp6 *d, uint64_t now)
{
	struct dhcp6_exchange *x;
	unsigned int i;

	for (i = 0; i < DHCP6_EXCHANGES_MAX; i++) {
		x = &d->exchanges[i];
		if (x->kind != EX_RENEW && x->kind != EX_REBIND &&
		    x->kind != EX_SOLICIT && x->kind != EX_INFORM)
			continue;
		x->next = now;
		x->rt_ms = 0;
	}
}

/* What an administrator asks for is no loop: it does not wait (RFC 9915 14.1),
 * and a Release could not. */
void
dhcp6_renew(struct dhcp6 *d, uint64_t now)
{
	d->paced_until = now;
	d6_renew(d, now);
}

void
d6_renew(struct dhcp6 *d, uint64_t now)
{
	int was = d->released;
	unsigned int i;

	/* A release is done first, without waiting for the server. */
	if (d->releasing && d->when[D6_TIMER_RELEASE] != PROTO_NEVER)
		d6_release_send(d, now);
	if (d->releasing)
		d6_released(d, now);
	d->released = 0;
	if (was || d6_bound(d) == 0) {
		if (has_link(d))
			d6_begin(d, now);
		d6_run(d, now);
		return;
	}
	for (i = 0; i < DHCP6_IAS_MAX; i++) {
		if (d->lease.ias[i].state == IA_BOUND)
			d->times[i].t1 = now;
		if (d->lease.ias[i].state == IA_WANTED)
			d->times[i].retry = now;
	}
	send_now(d, now);
	dhcp6_timer(d, now);
}

void
d6_released(struct dhcp6 *d, uint64_t now)
{
	static struct dhcp6_lease left; /* 7 KiB */
	unsigned int i;

	(void)now;
	d6_stop_all(d);
	d->releasing = 0;
	d->when[D6_TIMER_RELEASE] = PROTO_NEVER;
	d->ops->store_dhcp6(d->ctx, NULL);
	left = d->offer;
	memset(&d->offer, 0, sizeof(d->offer));
	for (i = 0; i < left.naddrs; i++)
		d6_event_addr(d, EVENT_RELEASED, &left.addrs[i], "");
	for (i = 0; i < left.nprefixes; i++)
		d6_event_prefix(d, EVENT_RELEASED, &left.prefixes[i], "");
	if (d->release_filtered)
		LOG(d, LOG_WARNING,
		    "leases given up, but the server does not know: a packet "
		    "filter dropped the Release");
	else
		LOG(d, LOG_INFO, "leases released");
}

/* One Release for each server. */
void
d6_release_send(struct dhcp6 *d, uint64_t now)
{
	const struct dhcp6_lease *l = &d->offer;
	uint32_t left = 0, ias;
	unsigned int i, j;

	d->when[D6_TIMER_RELEASE] = PROTO_NEVER;
	if (l->naddrs > 0)
		left |= IA_BIT(DHCP6_IA_NA);
	for (i = 0; i < l->nprefixes; i++)
		left |= IA_BIT(l->prefixes[i].ia);
	for (i = 0; i < DHCP6_IAS_MAX; i++) {
		if (!(left & IA_BIT(i)) || l->ias[i].server.duid_len == 0)
			continue;
		ias = 0;
		for (j = i; j < DHCP6_IAS_MAX; j++)
			if ((left & IA_BIT(j)) &&
			    d6_same_server(
				&l->ias[i].server, &l->ias[j].server))
				ias |= IA_BIT(j);
		left &= ~ias;
		d6_start(d, EX_RELEASE, ias, &l->ias[i].server, now);
	}
	if (d6_find_kind(d, EX_RELEASE) == NULL)
		d6_released(d, now);
}

/* D6-17: the addresses go first, and nothing is said without a link. */
void
dhcp6_release(struct dhcp6 *d, uint64_t now)
{
	int say = d6_bound(d) != 0 && d6_can_speak(d);

	if (d->releasing)
		return;
	d->paced_until = now;
	d->released = 1;
	if (say) {
		dhcp6_snapshot(d, now, &d->offer);
		d->releasing = 1;
		d->release_filtered = 0;
		d->when[D6_TIMER_RELEASE] = now + RELEASE_WAIT_MS;
	}
	d6_withdraw(d, now);
	if (!say)
		d->ops->store_dhcp6(d->ctx, NULL);
	d6_run(d, now);
}

void
dhcp6_withdraw(struct dhcp6 *d, uint64_t now)
{
	d->released = 1;
	d->releasing = 0;
	d->when[D6_TIMER_RELEASE] = PROTO_NEVER;
	d6_withdraw(d, now);
	d6_run(d, now);
}

int
dhcp6_idle(const struct dhcp6 *d)
{
	return !d->releasing;
}

static void
earlier_by(uint64_t *when, uint64_t ms)
{
	if (*when != PROTO_NEVER)
		*when -= *when > ms ? ms : *when;
}

void
dhcp6_resume(struct dhcp6 *d, uint32_t slept_sec, uint64_t now)
{
	uint64_t ms = slept_sec * 1000ULL;
	unsigned int i;

	for (i = 0; i < DHCP6_ADDRS_MAX; i++) {
		earlier_by(&d->addr_ends[i].preferred, ms);
		earlier_by(&d->addr_ends[i].valid, ms);
	}
	for (i = 0; i < DHCP6_PREFIXES_MAX; i++) {
		earlier_by(&d->prefix_ends[i].preferred, ms);
		earlier_by(&d->prefix_ends[i].valid, ms);
	}
	for (i = 0; i < DHCP6_IAS_MAX; i++) {
		earlier_by(&d->times[i].t1, ms);
		earlier_by(&d->times[i].t2, ms);
	}
	for (i = 0; i < d->nregs; i++)
		earlier_by(&d->regs[i].next, ms);
	earlier_by(&d->when[D6_TIMER_INFORM], ms);
	d6_expire(d, now);
	if (d->started && !d->released && has_link(d))
		d6_begin(d, now);
	d6_run(d, now);
}

/* ---- what is shown ---- */

int
dhcp6_usable(const struct dhcp6 *d)
{
	unsigned int i;

	for (i = 0; i < d->lease.naddrs; i++)
		if (d->lease.addrs[i].flags & DHCP6_ADDR_USABLE)
			return 1;
	return 0;
}

void
dhcp6_status(const struct dhcp6 *d, uint64_t now, struct dhcp6_status *st)
{
	const struct dhcp6_exchange *x = NULL;
	size_t i;

	memset(st, 0, sizeof(*st));
	st->state = d->state;
	for (i = 0; i < DHCP6_EXCHANGES_MAX; i++)
		if (d->exchanges[i].kind != EX_NONE &&
		    (x == NULL || d->exchanges[i].next < x->next))
			x = &d->exchanges[i];
	if (x != NULL) {
		st->tries = x->tries;
		st->retry_in = d6_left(x->next, now);
	}
	dhcp6_snapshot(d, now, &st->lease);
	memset(st->lease.key, 0, sizeof(st->lease.key));
}

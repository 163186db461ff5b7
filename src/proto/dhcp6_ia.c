/* SPDX-License-Identifier: ISC */
/* What is leased to the identity associations, and their clocks. */

#include <arpa/inet.h>
#include <string.h>

#include "dhcp6_check.h"
#include "dhcp6_priv.h"

int
d6_same_server(const struct dhcp6_server *a, const struct dhcp6_server *b)
{
	return a->duid_len == b->duid_len &&
	    memcmp(a->duid, b->duid, a->duid_len) == 0;
}

uint32_t
d6_bound(const struct dhcp6 *d)
{
	uint32_t ias = d->lease.naddrs > 0 ? IA_BIT(DHCP6_IA_NA) : 0;
	unsigned int i;

	for (i = 0; i < d->lease.nprefixes; i++)
		ias |= IA_BIT(d->lease.prefixes[i].ia);
	return ias;
}

void
d6_drop_addr(struct dhcp6 *d, unsigned int i)
{
	struct dhcp6_lease *l = &d->lease;

	l->naddrs--;
	memmove(&l->addrs[i], &l->addrs[i + 1],
	    (l->naddrs - i) * sizeof(l->addrs[0]));
	memmove(&d->addr_ends[i], &d->addr_ends[i + 1],
	    (l->naddrs - i) * sizeof(d->addr_ends[0]));
	memset(&l->addrs[l->naddrs], 0, sizeof(l->addrs[0]));
}

static void
drop_prefix(struct dhcp6 *d, unsigned int i)
{
	struct dhcp6_lease *l = &d->lease;

	l->nprefixes--;
	memmove(&l->prefixes[i], &l->prefixes[i + 1],
	    (l->nprefixes - i) * sizeof(l->prefixes[0]));
	memmove(&d->prefix_ends[i], &d->prefix_ends[i + 1],
	    (l->nprefixes - i) * sizeof(d->prefix_ends[0]));
	memset(&l->prefixes[l->nprefixes], 0, sizeof(l->prefixes[0]));
}

void
d6_drop_ias(struct dhcp6 *d, uint32_t ias)
{
	unsigned int i;

	if (ias & IA_BIT(DHCP6_IA_NA))
		while (d->lease.naddrs > 0)
			d6_drop_addr(d, d->lease.naddrs - 1U);
	for (i = d->lease.nprefixes; i > 0; i--)
		if (ias & IA_BIT(d->lease.prefixes[i - 1].ia))
			drop_prefix(d, i - 1);
	for (i = 0; i < DHCP6_IAS_MAX; i++) {
		if (!(ias & IA_BIT(i)))
			continue;
		memset(
		    &d->lease.ias[i].server, 0, sizeof(d->lease.ias[i].server));
		d->lease.ias[i].t1_sec = d->lease.ias[i].t2_sec = 0;
		d->times[i].t1 = d->times[i].t2 = PROTO_NEVER;
	}
}

void
d6_want(struct dhcp6 *d, uint32_t ias, int failed, uint64_t now)
{
	uint64_t most, wait;
	unsigned int i;

	most = 1000ULL *
	    (d->lease.sol_max_rt != 0 ? d->lease.sol_max_rt : SOL_MAX_RT_SEC);
	d6_leave(d, ias);
	for (i = 0; i < DHCP6_IAS_MAX; i++) {
		if (!(ias & IA_BIT(i)) || d->lease.ias[i].state == IA_OFF)
			continue;
		d->lease.ias[i].state = IA_WANTED;
		d->times[i].retry = now;
		if (!failed)
			continue;
		wait = RETRY_FIRST_MS
		    << (d->times[i].failures > 16 ? 16 : d->times[i].failures);
		d->times[i].failures++;
		wait = wait < most ? wait : most;
		d->times[i].retry = now + wait - wait / 10 +
		    d->ops->random(d->ctx, (uint32_t)(wait / 5));
	}
}

/* ---- what a Reply grants ---- */

/* What we have may be shortened to whatever the server likes. */
static uint32_t
least_valid(int have)
{
	return have ? 1 : LEASE_MIN_SEC;
}

static int
addr_good(struct dhcp6 *d, const struct dhcp6_addr *a, int have)
{
	return a->status == DHCP6_SUCCESS &&
	    a->valid_sec >= least_valid(have) &&
	    d->ops->addr6_usable(d->ctx, &a->addr, 128);
}

static int
prefix_good(const struct dhcp6_prefix *p, int have)
{
	return p->status == DHCP6_SUCCESS && p->valid_sec >= least_valid(have);
}

uint32_t
d6_serves(struct dhcp6 *d, const struct dhcp6_msg *m, uint32_t ias)
{
	const struct dhcp6_lease *l = &m->lease;
	uint32_t served = 0;
	unsigned int i;

	for (i = 0; i < l->naddrs; i++)
		if (addr_good(d, &l->addrs[i], 0))
			served |= IA_BIT(DHCP6_IA_NA);
	for (i = 0; i < l->nprefixes; i++)
		if (prefix_good(&l->prefixes[i], 0))
			served |= IA_BIT(l->prefixes[i].ia);
	for (i = 0; i < DHCP6_IAS_MAX; i++)
		if (l->ias[i].status != DHCP6_SUCCESS)
			served &= ~IA_BIT(i);
	return served & m->ias & ias;
}

static int
find_addr(const struct dhcp6_lease *l, const struct in6_addr *a)
{
	int i;

	for (i = 0; i < l->naddrs; i++)
		if (IN6_ARE_ADDR_EQUAL(&l->addrs[i].addr, a))
			return i;
	return -1;
}

static int
find_prefix(const struct dhcp6_lease *l, const struct dhcp6_prefix *p)
{
	int i;

	for (i = 0; i < l->nprefixes; i++)
		if (IN6_ARE_ADDR_EQUAL(&l->prefixes[i].prefix, &p->prefix) &&
		    l->prefixes[i].prefixlen == p->prefixlen &&
		    l->prefixes[i].ia == p->ia)
			return i;
	return -1;
}

/* The table is full: what ends first and is not being refreshed goes. */
static int
soonest(const struct dhcp6_ends *ends, int n, uint64_t now)
{
	int i, best = -1;

	for (i = 0; i < n; i++)
		if (ends[i].preferred <= now &&
		    (best == -1 || ends[i].valid < ends[best].valid))
			best = i;
	return best;
}

static void
merge_addr(struct dhcp6 *d, const struct dhcp6_addr *a, uint64_t now,
    struct d6_outcome *o)
{
	struct dhcp6_lease *l = &d->lease;
	int i = find_addr(l, &a->addr);

	if (!addr_good(d, a, i != -1)) {
		if (i != -1 && (a->valid_sec == 0 || a->status != 0)) {
			d6_drop_addr(d, (unsigned int)i);
			o->changed = 1;
		}
		return;
	}
	if (i == -1 && l->naddrs == DHCP6_ADDRS_MAX) {
		i = soonest(d->addr_ends, l->naddrs, now);
		if (i != -1)
			d6_drop_addr(d, (unsigned int)i);
		i = -1;
	}
	if (i == -1 && l->naddrs == DHCP6_ADDRS_MAX) {
		COUNT(d, D6_EXCESS);
		return;
	}
	if (i == -1) {
		i = l->naddrs++;
		o->changed = 1;
	}
	l->addrs[i] = *a;
	d->addr_ends[i].preferred = d6_end(a->preferred_sec, now);
	d->addr_ends[i].valid = d6_end(a->valid_sec, now);
	o->got |= IA_BIT(DHCP6_IA_NA);
}

static void
merge_prefix(struct dhcp6 *d, const struct dhcp6_prefix *p, uint64_t now,
    struct d6_outcome *o)
{
	struct dhcp6_lease *l = &d->lease;
	int i = find_prefix(l, p);

	if (!prefix_good(p, i != -1)) {
		if (i != -1 && (p->valid_sec == 0 || p->status != 0)) {
			drop_prefix(d, (unsigned int)i);
			o->changed = 1;
		}
		return;
	}
	if (i == -1 && l->nprefixes == DHCP6_PREFIXES_MAX) {
		i = soonest(d->prefix_ends, l->nprefixes, now);
		if (i != -1)
			drop_prefix(d, (unsigned int)i);
		i = -1;
	}
	if (i == -1 && l->nprefixes == DHCP6_PREFIXES_MAX) {
		COUNT(d, D6_EXCESS);
		return;
	}
	if (i == -1) {
		i = l->nprefixes++;
		o->changed = 1;
	}
	l->prefixes[i] = *p;
	d->prefix_ends[i].preferred = d6_end(p->preferred_sec, now);
	d->prefix_ends[i].valid = d6_end(p->valid_sec, now);
	o->got |= IA_BIT(p->ia);
}

static uint32_t
shorter(uint32_t least, uint32_t preferred, uint32_t valid)
{
	uint32_t v = preferred != 0 ? preferred : valid;

	return v < least ? v : least;
}

/* The shortest preferred lifetime of what a message gives an IA; of what is
 * deprecated the valid one, LIFETIME_INFINITE: all are infinite. */
static uint32_t
shortest(const struct dhcp6_lease *l, unsigned int ia)
{
	uint32_t least = LIFETIME_INFINITE;
	unsigned int i;

	for (i = 0; ia == DHCP6_IA_NA && i < l->naddrs; i++)
		if (l->addrs[i].valid_sec != 0)
			least = shorter(least, l->addrs[i].preferred_sec,
			    l->addrs[i].valid_sec);
	for (i = 0; i < l->nprefixes; i++)
		if (l->prefixes[i].ia == ia && l->prefixes[i].valid_sec != 0)
			least = shorter(least, l->prefixes[i].preferred_sec,
			    l->prefixes[i].valid_sec);
	return least;
}

static uint32_t
part(uint32_t sec, uint32_t tenths)
{
	return sec == LIFETIME_INFINITE
	    ? LIFETIME_INFINITE
	    : (uint32_t)((uint64_t)sec * tenths / 10);
}

/*
 * D6-14: T1 and T2 of an IA, those of the server when they come before what
 * they are to save ends, and never so soon that a storm follows.
 */
static void
set_clock(
    struct dhcp6 *d, const struct dhcp6_msg *m, unsigned int ia, uint64_t now)
{
	const struct dhcp6_ia *from = &m->lease.ias[ia];
	struct dhcp6_ia *to = &d->lease.ias[ia];
	uint32_t least = shortest(&m->lease, ia);
	uint32_t t1 = from->t1_sec, t2 = from->t2_sec;

	if (t1 == 0 || (t1 >= least && least != LIFETIME_INFINITE))
		t1 = part(least, 5);
	if (t2 == 0 || (t2 >= least && least != LIFETIME_INFINITE))
		t2 = part(least, 8);
	if (t1 > t2)
		t1 = t2;
	if (t1 < CLOCK_MIN_SEC)
		t1 = CLOCK_MIN_SEC;
	if (t2 < t1)
		t2 = t1;
	to->t1_sec = t1;
	to->t2_sec = t2;
	to->status = DHCP6_SUCCESS;
	to->server = m->server;
	to->state = IA_BOUND;
	d->times[ia].t1 = d6_end(t1, now);
	d->times[ia].t2 = d6_end(t2, now);
	d->times[ia].failures = 0;
}

/* What an IA had and the message does not confirm goes. */
static void
replace(struct dhcp6 *d, const struct dhcp6_lease *with, uint32_t ias,
    struct d6_outcome *o)
{
	unsigned int i;

	for (i = d->lease.naddrs; (ias & IA_BIT(DHCP6_IA_NA)) && i > 0; i--)
		if (find_addr(with, &d->lease.addrs[i - 1].addr) == -1) {
			d6_drop_addr(d, i - 1);
			o->changed = 1;
		}
	for (i = d->lease.nprefixes; i > 0; i--)
		if ((ias & IA_BIT(d->lease.prefixes[i - 1].ia)) &&
		    find_prefix(with, &d->lease.prefixes[i - 1]) == -1) {
			drop_prefix(d, i - 1);
			o->changed = 1;
		}
}

void
d6_merge(struct dhcp6 *d, const struct dhcp6_msg *m, uint32_t ias, int fresh,
    uint64_t now, struct d6_outcome *o)
{
	uint32_t had = d6_bound(d), take = m->ias & ias;
	unsigned int i;

	memset(o, 0, sizeof(*o));
	for (i = 0; i < DHCP6_IAS_MAX; i++) {
		uint16_t status = m->lease.ias[i].status;

		if (!(take & IA_BIT(i)) || status == DHCP6_SUCCESS)
			continue;
		take &= ~IA_BIT(i);
		d->lease.ias[i].status = status;
		if (status == DHCP6_NO_BINDING)
			o->nobinding |= IA_BIT(i);
		else
			o->refused |= IA_BIT(i);
		if (status == DHCP6_NOT_ON_LINK) {
			d6_drop_ias(d, IA_BIT(i));
			o->changed = 1;
		}
	}
	if (fresh)
		replace(d, &m->lease, (take | o->refused) & ias, o);
	for (i = 0; (take & IA_BIT(DHCP6_IA_NA)) && i < m->lease.naddrs; i++)
		merge_addr(d, &m->lease.addrs[i], now, o);
	for (i = 0; i < m->lease.nprefixes; i++)
		if (take & IA_BIT(m->lease.prefixes[i].ia))
			merge_prefix(d, &m->lease.prefixes[i], now, o);
	for (i = 0; i < DHCP6_IAS_MAX; i++)
		if (o->got & IA_BIT(i))
			set_clock(d, m, i, now);
	o->emptied = had & ~d6_bound(d);
	d6_update_usable(d);
}

/* ---- time ---- */

static void
expire_addr(struct dhcp6 *d, unsigned int i)
{
	const struct dhcp6_addr a = d->lease.addrs[i];
	char text[INET6_ADDRSTRLEN];

	LOG(d, LOG_WARNING, "%s expired",
	    inet_ntop(AF_INET6, &a.addr, text, sizeof(text)));
	COUNT(d, D6_EXPIRED);
	d6_drop_addr(d, i);
	d6_event_addr(d, EVENT_EXPIRED, &a, "");
}

static void
expire_prefix(struct dhcp6 *d, unsigned int i)
{
	const struct dhcp6_prefix p = d->lease.prefixes[i];
	char text[INET6_ADDRSTRLEN];

	LOG(d, LOG_WARNING, "%s/%u expired",
	    inet_ntop(AF_INET6, &p.prefix, text, sizeof(text)), p.prefixlen);
	COUNT(d, D6_EXPIRED);
	drop_prefix(d, i);
	d6_event_prefix(d, EVENT_EXPIRED, &p, "");
}

void
d6_expire(struct dhcp6 *d, uint64_t now)
{
	uint32_t had = d6_bound(d), lost;
	int changed = 0;
	unsigned int i;

	for (i = d->lease.naddrs; i > 0; i--)
		if (d->addr_ends[i - 1].valid <= now) {
			expire_addr(d, i - 1);
			changed = 1;
		}
	for (i = d->lease.nprefixes; i > 0; i--)
		if (d->prefix_ends[i - 1].valid <= now) {
			expire_prefix(d, i - 1);
			changed = 1;
		}
	if (!changed)
		return;
	lost = had & ~d6_bound(d);
	d6_drop_ias(d, lost);
	d6_want(d, lost, 0, now);
	d6_apply(d, now);
}

/* IAs of one server whose T1 has come, or will so soon that one message does
 * for all (RFC 9915 14.2). */
static uint32_t
due_with(const struct dhcp6 *d, uint32_t idle, unsigned int first, uint64_t now)
{
	const struct dhcp6_lease *l = &d->lease;
	uint32_t ias = 0;
	unsigned int i;

	for (i = 0; i < DHCP6_IAS_MAX; i++) {
		uint64_t slack = (uint64_t)l->ias[i].t1_sec * 100; /* 1/10 */

		if ((idle & IA_BIT(i)) && d->times[i].t1 != PROTO_NEVER &&
		    d->times[i].t1 <= now + slack &&
		    d6_same_server(&l->ias[i].server, &l->ias[first].server))
			ias |= IA_BIT(i);
	}
	return ias;
}

static struct dhcp6_exchange *
renewing_with(struct dhcp6 *d, const struct dhcp6_server *server)
{
	size_t i;

	for (i = 0; i < DHCP6_EXCHANGES_MAX; i++)
		if (d->exchanges[i].kind == EX_RENEW &&
		    d6_same_server(&d->exchanges[i].server, server))
			return &d->exchanges[i];
	return NULL;
}

static void
clock_t2(struct dhcp6 *d, uint64_t now)
{
	struct dhcp6_exchange *x;
	uint32_t due = 0;
	unsigned int i;

	for (i = 0; i < DHCP6_IAS_MAX; i++) {
		if (d->lease.ias[i].state != IA_BOUND &&
		    d->lease.ias[i].state != IA_RENEWING)
			continue;
		if (d->times[i].t2 <= now)
			due |= IA_BIT(i);
	}
	if (due == 0)
		return;
	LOG(d, LOG_INFO, "no answer from the server, rebinding");
	x = d6_find_kind(d, EX_REBIND);
	if (x != NULL)
		due |= x->ias;
	for (i = 0; i < DHCP6_IAS_MAX; i++)
		if (due & IA_BIT(i))
			d->lease.ias[i].state = IA_REBINDING;
	d6_start(d, EX_REBIND, due, NULL, now);
}

void
d6_clocks(struct dhcp6 *d, uint64_t now)
{
	struct dhcp6_exchange *x;
	uint32_t idle = 0, due;
	unsigned int i, j;

	clock_t2(d, now);
	for (i = 0; i < DHCP6_IAS_MAX; i++)
		if (d->lease.ias[i].state == IA_BOUND &&
		    d6_find_ia(d, i) == NULL)
			idle |= IA_BIT(i);
	for (i = 0; i < DHCP6_IAS_MAX; i++) {
		const struct dhcp6_server server = d->lease.ias[i].server;

		if (!(idle & IA_BIT(i)) || d->times[i].t1 > now)
			continue;
		due = due_with(d, idle, i, now);
		idle &= ~due;
		x = renewing_with(d, &server);
		if (x != NULL)
			due |= x->ias;
		for (j = 0; j < DHCP6_IAS_MAX; j++)
			if (due & IA_BIT(j))
				d->lease.ias[j].state = IA_RENEWING;
		d6_start(d, EX_RENEW, due, &server, now);
	}
}

/* SPDX-License-Identifier: ISC */
/* From delegated prefixes to one downstream interface: see pd.h. */

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <syslog.h>

#include "dhcp6.h"
#include "inet6.h"
#include "pd.h"

#define LOG(p, prio, ...) ((p)->ops->log((p)->ctx, prio, __VA_ARGS__))
#define COUNT(p, c) ((p)->ops->count((p)->ctx, COUNT_##c))
#define SAME_MS 1500	    /* ours; seconds were rounded on the way */
#define RETRY_WAIT_MS 10000 /* ours; what failed, or was removed */
#define IDGEN_RETRIES 3	    /* RFC 7217 6 */

/* What an update makes before it is compared with what is there. */
struct plan {
	const struct pd_source *sources;
	size_t nsources;
	uint64_t now;
	struct pd_entry entries[PD_ENTRIES_MAX];
	size_t n;
	size_t naddrs; /* entries without an error */
};

const char *
pd_error_text(enum pd_error error)
{
#define PD_ERROR_TEXT(s, t) t,
	static const char *const texts[] = { PD_ERRORS(PD_ERROR_TEXT) };
#undef PD_ERROR_TEXT

	return (unsigned int)error < PD_E_MAX ? texts[error] : "unknown";
}

void
pd_init(struct pd *p, const struct proto_ops *ops, void *ctx, pd_iid_fn *stable)
{
	memset(p, 0, sizeof(*p));
	p->ops = ops;
	p->ctx = ctx;
	p->stable = stable;
	p->retry = PROTO_NEVER;
}

/* ---- subnets ---- */

/* Add a subnet's number at the end of its length bits.  0, or -1: the prefix
 * has no such subnet. */
static int
add_subnet(struct in6_addr *a, unsigned int prefixlen, unsigned int length,
    uint32_t subnet)
{
	unsigned int bits = length - prefixlen, i, at;

	if (bits < 32 && subnet >> bits != 0)
		return -1;
	for (i = 0; i < 32 && i < bits; i++) {
		at = length - 1 - i;
		if (subnet >> i & 1)
			a->s6_addr[at / 8] |= (uint8_t)(0x80 >> at % 8);
	}
	return 0;
}

/* The subnet one assign line asks of a prefix. */
static enum pd_error
find_subnet(const struct dhcp6_prefix *from, const struct conf_assign *assign,
    struct in6_addr *subnet)
{
	*subnet = from->prefix;
	if (assign->length < from->prefixlen || assign->length > 128)
		return PD_E_LENGTH;
	if (add_subnet(
		subnet, from->prefixlen, assign->length, assign->subnet) == -1)
		return PD_E_SUBNET;
	return PD_E_OK;
}

static int
overlap(const struct in6_addr *a, uint8_t alen, const struct in6_addr *b,
    uint8_t blen)
{
	return inet6_inside(a, b, alen < blen ? alen : blen);
}

/* RFC 4291 appendix A; the first eight bytes are there. */
static int
make_eui64(const struct interface *down, struct in6_addr *a)
{
	const uint8_t *m = down->hwaddr;
	uint8_t iid[8];

	if (down->hwaddr_len == 8)
		memcpy(iid, m, 8);
	else if (down->hwaddr_len == 6) {
		memcpy(iid, m, 3);
		iid[3] = 0xff;
		iid[4] = 0xfe;
		memcpy(iid + 5, m + 3, 3);
	} else
		return -1;
	iid[0] ^= 0x02;
	memcpy(a->s6_addr + 8, iid, sizeof(iid));
	return 0;
}

/* Our own address in the subnet.  The address of all zeros is that of every
 * router (RFC 4291 2.6.1), but for a subnet of one or two. */
static enum pd_error
make_addr(struct pd *p, struct pd_entry *e, const struct conf_assign *assign)
{
	struct in6_addr masked = assign->suffix;
	size_t i;

	e->addr = e->prefix;
	e->has_suffix = assign->has_suffix;
	if (assign->has_suffix) {
		inet6_mask(&masked, e->prefixlen);
		if (!IN6_IS_ADDR_UNSPECIFIED(&masked))
			return PD_E_SUFFIX;
		for (i = 0; i < sizeof(e->addr.s6_addr); i++)
			e->addr.s6_addr[i] |= assign->suffix.s6_addr[i];
		if (e->prefixlen < 127 && inet6_equal(&e->addr, &e->prefix))
			return PD_E_SUFFIX;
		return PD_E_OK;
	}
	if (e->prefixlen > 64)
		return PD_E_SUFFIX;
	if (p->stable != NULL)
		p->stable(p->ctx, &p->down, e->dad_counter, &e->addr);
	else if (make_eui64(&p->down, &e->addr) == -1)
		return PD_E_SUFFIX;
	return PD_E_OK;
}

/* Is an earlier assign line of the same prefix in the way? */
static int
taken(const struct pd_source *s, const struct dhcp6_prefix *from,
    const struct conf_assign *assign, const struct in6_addr *subnet)
{
	const struct conf_prefix *c = &s->conf->prefixes[from->ia - 1];
	struct in6_addr other;
	unsigned int i;

	for (i = 0; i < c->nassigns && &c->assigns[i] != assign; i++)
		if (find_subnet(from, &c->assigns[i], &other) == PD_E_OK &&
		    overlap(
			subnet, assign->length, &other, c->assigns[i].length))
			return 1;
	return 0;
}

static enum pd_error
judge(struct pd *p, const struct plan *plan, const struct pd_source *s,
    const struct dhcp6_prefix *from, const struct conf_assign *assign,
    struct pd_entry *e)
{
	enum pd_error error = find_subnet(from, assign, &e->prefix);

	if (error != PD_E_OK)
		return error;
	/* RFC 9915 6.3; but in the mode of RFC 9663 */
	if (s->ifindex == p->down.ifindex && !s->pd_flag)
		return PD_E_UPLINK;
	if (from->exclude_len != 0 &&
	    overlap(
		&e->prefix, e->prefixlen, &from->exclude, from->exclude_len))
		return PD_E_EXCLUDED;
	if (taken(s, from, assign, &e->prefix))
		return PD_E_OVERLAP;
	if (plan->naddrs == PD_ADDRS_MAX)
		return PD_E_FULL;
	return make_addr(p, e, assign);
}

static struct pd_entry *
find_entry(struct pd *p, const struct pd_entry *like)
{
	size_t i;

	for (i = 0; i < p->nentries; i++)
		if (p->entries[i].uplink == like->uplink &&
		    p->entries[i].prefixlen == like->prefixlen &&
		    p->entries[i].subnet == like->subnet &&
		    inet6_equal(&p->entries[i].prefix, &like->prefix))
			return &p->entries[i];
	return NULL;
}

static uint64_t
end_of(uint32_t sec, uint64_t now)
{
	return sec == LIFETIME_INFINITE ? PROTO_NEVER : now + sec * 1000ULL;
}

static uint32_t
left(uint64_t end, uint64_t now)
{
	uint64_t sec;

	if (end == PROTO_NEVER)
		return LIFETIME_INFINITE;
	sec = end > now ? (end - now + 999) / 1000 : 0;
	return sec < LIFETIME_INFINITE ? (uint32_t)sec : LIFETIME_INFINITE - 1;
}

static void
plan_assign(struct pd *p, struct plan *plan, const struct pd_source *s,
    const struct dhcp6_prefix *from, const struct conf_assign *assign)
{
	const struct pd_entry *was;
	struct pd_entry *e;

	if (plan->n == PD_ENTRIES_MAX)
		return;
	e = &plan->entries[plan->n++];
	memset(e, 0, sizeof(*e));
	e->prefix = from->prefix;
	e->prefixlen = assign->length;
	e->uplink = s->ifindex;
	e->subnet = assign->subnet;
	e->ia = from->ia;
	strlcpy(e->uplink_name, s->ifname, sizeof(e->uplink_name));
	e->preferred_end = end_of(from->preferred_sec, plan->now);
	e->valid_end = end_of(from->valid_sec, plan->now);
	(void)find_subnet(from, assign, &e->prefix);
	was = find_entry(p, e);
	if (was != NULL)
		e->dad_counter = was->dad_counter;
	e->error = judge(p, plan, s, from, assign, e);
	if (was != NULL && was->error == PD_E_DUPLICATE &&
	    e->error == PD_E_OK && inet6_equal(&was->addr, &e->addr))
		e->error = PD_E_DUPLICATE;
	if (e->error == PD_E_OK)
		plan->naddrs++;
}

/* One delegated prefix for all lines that assign it to this interface. */
static void
plan_prefix(struct pd *p, struct plan *plan, const struct pd_source *s,
    const struct dhcp6_prefix *from)
{
	const struct conf_prefix *c;
	unsigned int i;

	if (from->ia < 1 || from->ia > s->conf->nprefixes ||
	    from->ia > CONF_PREFIXES_MAX || from->valid_sec == 0)
		return;
	c = &s->conf->prefixes[from->ia - 1];
	for (i = 0; i < c->nassigns && i < CONF_ASSIGNS_MAX; i++)
		if (strncmp(c->assigns[i].ifname, p->down.name,
			IFACE_NAME_MAX) == 0)
			plan_assign(p, plan, s, from, &c->assigns[i]);
}

/* Is the line that made an entry still there? */
static int
assigns_here(
    const struct pd *p, const struct conf_iface *conf, const struct pd_entry *e)
{
	const struct conf_prefix *c;
	unsigned int i;

	if (e->ia < 1 || e->ia > conf->nprefixes || e->ia > CONF_PREFIXES_MAX)
		return 0;
	c = &conf->prefixes[e->ia - 1];
	for (i = 0; i < c->nassigns && i < CONF_ASSIGNS_MAX; i++)
		if (c->assigns[i].subnet == e->subnet &&
		    c->assigns[i].length == e->prefixlen &&
		    strncmp(c->assigns[i].ifname, p->down.name,
			IFACE_NAME_MAX) == 0)
			return 1;
	return 0;
}

/*
 * D6-44: a prefix that was replaced is announced as old for a while; one that
 * was released, or that nobody assigns here any more, must go at once.
 */
static int
may_linger(
    const struct pd *p, const struct plan *plan, const struct pd_entry *e)
{
	const struct pd_source *s;
	size_t i;

	for (i = 0; i < plan->nsources; i++) {
		s = &plan->sources[i];
		if (s->ifindex != e->uplink || s->conf == NULL ||
		    !assigns_here(p, s->conf, e))
			continue;
		return s->lease != NULL &&
		    (s->lease->nprefixes > 0 ||
			(s->lease->state != D6_DOWN &&
			    s->lease->state != D6_RELEASING));
	}
	return 0;
}

/* ---- events ---- */

static void
event(struct pd *p, enum proto_event ev, const struct pd_entry *e, uint64_t now)
{
	static struct event6 detail; /* 4 KiB */

	memset(&detail, 0, sizeof(detail));
	detail.addr = e->prefix;
	detail.from = e->addr;
	detail.prefixlen = e->prefixlen;
	detail.valid_sec = left(e->valid_end, now);
	detail.preferred_sec = e->old ? 0 : left(e->preferred_end, now);
	p->ops->event6(p->ctx, ev, &detail, e->uplink_name);
}

static void
log_entry(struct pd *p, int priority, const struct pd_entry *e,
    const char *what, const char *why)
{
	char text[INET6_ADDRSTRLEN];

	LOG(p, priority, "subnet %lu of %s, %s/%u: %s%s",
	    (unsigned long)e->subnet, e->uplink_name,
	    inet_ntop(AF_INET6, &e->prefix, text, sizeof(text)), e->prefixlen,
	    what, why);
}

static void
end_earlier(uint64_t *end, uint64_t ms)
{
	if (*end != PROTO_NEVER)
		*end = *end > ms ? *end - ms : 0;
}

/* ---- old and new ---- */

static int
same_time(uint64_t a, uint64_t b)
{
	return a == b ||
	    (a != PROTO_NEVER && b != PROTO_NEVER &&
		(a > b ? a - b : b - a) <= SAME_MS);
}

/* 1: an entry that is new, or lives longer or shorter than before. */
static int
compare(struct pd *p, struct pd_entry *e, uint64_t now)
{
	const struct pd_entry *was = find_entry(p, e);

	if (e->error != PD_E_OK) {
		if (was == NULL || was->error != e->error) {
			COUNT(p, PD_REFUSED);
			log_entry(p, LOG_ERR, e,
			    "not assigned: ", pd_error_text(e->error));
		}
		return was != NULL && was->error == PD_E_OK;
	}
	if (was == NULL || was->error != PD_E_OK || was->old) {
		COUNT(p, PD_ASSIGNED);
		log_entry(p, LOG_INFO, e, "assigned", "");
		event(p, EVENT_PREFIX, e, now);
		return 1;
	}
	e->configured = was->configured;
	if (same_time(was->preferred_end, e->preferred_end) &&
	    same_time(was->valid_end, e->valid_end)) {
		/* rounding must not add up */
		e->preferred_end = was->preferred_end;
		e->valid_end = was->valid_end;
		return !inet6_equal(&was->addr, &e->addr);
	}
	event(p, EVENT_PREFIX, e, now);
	return 1;
}

static int
in_plan(const struct plan *plan, const struct pd_entry *e)
{
	size_t i;

	for (i = 0; i < plan->n; i++)
		if (plan->entries[i].error == PD_E_OK &&
		    plan->entries[i].uplink == e->uplink &&
		    plan->entries[i].prefixlen == e->prefixlen &&
		    inet6_equal(&plan->entries[i].prefix, &e->prefix))
			return 1;
	return 0;
}

static void
remove_entry(
    struct pd *p, const struct pd_entry *e, const char *why, uint64_t now)
{
	struct pd_entry gone = *e;

	gone.old = 1;
	gone.valid_end = now;
	log_entry(p, LOG_INFO, &gone, why, "");
	event(p, EVENT_EXPIRED, &gone, now);
}

/* What is no longer delegated stays behind the new ones, deprecated. */
static int
keep_old(struct pd *p, struct plan *plan)
{
	uint64_t most = plan->now + PD_STALE_MAX_SEC * 1000ULL;
	struct pd_entry *e;
	int changed = 0;
	size_t i;

	for (i = 0; i < p->nentries; i++) {
		e = &p->entries[i];
		if (e->error != PD_E_OK || in_plan(plan, e))
			continue;
		if (!may_linger(p, plan, e) || e->valid_end <= plan->now ||
		    plan->n == PD_ENTRIES_MAX) {
			remove_entry(p, e, "withdrawn", plan->now);
			changed = 1;
			continue;
		}
		if (!e->old) {
			e->old = 1;
			e->preferred_end = plan->now;
			if (e->valid_end > most)
				e->valid_end = most;
			log_entry(p, LOG_INFO, e, "deprecated", "");
			event(p, EVENT_DEPRECATED, e, plan->now);
			changed = 1;
		}
		plan->entries[plan->n++] = *e;
	}
	return changed;
}

/* ---- the kernel ---- */

static void
apply(struct pd *p, uint64_t now)
{
	const struct pd_entry *e;
	struct config6 c;
	size_t i;

	memset(&c, 0, sizeof(c));
	c.protocol = PROTO_PD;
	c.serial = ++p->serial;
	for (i = 0; i < p->nentries && c.naddrs < PD_ADDRS_MAX; i++) {
		struct addr6 *a = &c.addrs[c.naddrs];
		struct route6 *r = &c.routes[c.nroutes];

		e = &p->entries[i];
		if (e->error != PD_E_OK || e->valid_end <= now)
			continue;
		a->addr = e->addr;
		a->prefixlen = e->prefixlen;
		a->valid_sec = left(e->valid_end, now);
		a->preferred_sec = e->old ? 0 : left(e->preferred_end, now);
		c.naddrs++;
		r->dst = e->prefix;
		r->prefixlen = e->prefixlen;
		r->valid_sec = a->valid_sec;
		r->preference = PREFERENCE_MEDIUM;
		c.nroutes++;
	}
	if (c.naddrs == 0 && !p->applied)
		return;
	p->applied = 1;
	p->retry = PROTO_NEVER;
	p->ops->configure6(p->ctx, &c);
}

static void
update_deadline(struct pd *p)
{
	uint64_t next = p->retry;
	size_t i;

	for (i = 0; i < p->nentries; i++)
		if (p->entries[i].error == PD_E_OK &&
		    p->entries[i].valid_end < next)
			next = p->entries[i].valid_end;
	p->ops->deadline(p->ctx, next);
}

/* Does an uplink that is known assign anything to this interface? */
static int
assigned_here(const struct plan *plan, const struct interface *down)
{
	const struct conf_iface *c;
	size_t s;
	unsigned int i, j;

	for (s = 0; s < plan->nsources; s++) {
		c = plan->sources[s].conf;
		if (c == NULL || plan->sources[s].lease == NULL)
			continue;
		for (i = 0; i < c->nprefixes && i < CONF_PREFIXES_MAX; i++)
			for (j = 0; j < c->prefixes[i].nassigns &&
			     j < CONF_ASSIGNS_MAX;
			     j++)
				if (strncmp(c->prefixes[i].assigns[j].ifname,
					down->name, IFACE_NAME_MAX) == 0)
					return 1;
	}
	return 0;
}

void
pd_update(struct pd *p, const struct interface *down,
    const struct pd_source *sources, size_t n, uint64_t now)
{
	struct plan plan = { .sources = sources, .nsources = n, .now = now };
	int changed = 0, came_up;
	size_t i, j;

	came_up = !(p->down.flags & IFACE_UP) && (down->flags & IFACE_UP);
	p->down = *down;
	for (i = 0; i < n; i++) {
		if (sources[i].conf == NULL || sources[i].lease == NULL)
			continue;
		for (j = 0;
		     j < sources[i].lease->nprefixes && j < DHCP6_PREFIXES_MAX;
		     j++)
			plan_prefix(p, &plan, &sources[i],
			    &sources[i].lease->prefixes[j]);
	}
	for (i = 0; i < plan.n; i++)
		changed |= compare(p, &plan.entries[i], now);
	changed |= keep_old(p, &plan);
	memcpy(p->entries, plan.entries, sizeof(p->entries));
	p->nentries = plan.n;
	/* What could not be had, or was lost, while the link was down. */
	changed |= came_up && p->retry != PROTO_NEVER;
	/* The last run may have left something. */
	if (!p->applied && plan.n == 0 && assigned_here(&plan, down))
		changed = p->applied = 1;
	if (changed)
		apply(p, now);
	update_deadline(p);
}

void
pd_timer(struct pd *p, uint64_t now)
{
	int changed = p->retry <= now;
	size_t i;

	if (changed && !(p->down.flags & IFACE_UP)) {
		p->retry = now + RETRY_WAIT_MS;
		changed = 0;
	}
	for (i = p->nentries; i > 0; i--) {
		const struct pd_entry *e = &p->entries[i - 1];

		if (e->error != PD_E_OK || e->valid_end > now)
			continue;
		remove_entry(p, e, "expired", now);
		p->nentries--;
		memmove(&p->entries[i - 1], &p->entries[i],
		    (p->nentries - (i - 1)) * sizeof(p->entries[0]));
		changed = 1;
	}
	if (changed)
		apply(p, now);
	update_deadline(p);
}

/* A made address is made anew, as often as RFC 7217 6 says. */
static void
duplicated(struct pd *p, struct pd_entry *e, uint64_t now)
{
	static const struct conf_assign made; /* no suffix */

	log_entry(p, LOG_WARNING, e, "address in use by another host", "");
	event(p, EVENT_CONFLICT, e, now);
	if (!e->has_suffix && p->stable != NULL &&
	    e->dad_counter < IDGEN_RETRIES) {
		e->dad_counter++;
		e->error = make_addr(p, e, &made);
	} else
		e->error = PD_E_DUPLICATE;
	e->configured = 0;
	apply(p, now);
	update_deadline(p);
}

void
pd_address(struct pd *p, const struct state6 *st, uint64_t now)
{
	struct pd_entry *e;
	size_t i;

	for (i = 0; i < p->nentries; i++) {
		e = &p->entries[i];
		if (e->error != PD_E_OK || !inet6_equal(&e->addr, &st->addr))
			continue;
		/* A kernel may remove a duplicate at once. */
		if (st->flags & STATE6_DUPLICATED) {
			duplicated(p, e, now);
			return;
		}
		if (e->configured && !(st->flags & STATE6_PRESENT) &&
		    left(e->valid_end, now) > 1 && p->retry == PROTO_NEVER) {
			/* With the link, or by somebody else. */
			p->retry = now + RETRY_WAIT_MS;
			update_deadline(p);
		}
		e->configured = (st->flags & STATE6_PRESENT) ? 1 : 0;
	}
}

void
pd_configured(struct pd *p, uint32_t serial, int error, uint64_t now)
{
	if (serial != p->serial || error == 0)
		return;
	LOG(p, LOG_WARNING, "configuration not carried out: %s",
	    error == EACCES ? "refused by policy" : strerror(error));
	/* What the policy refused, it will refuse again. */
	if (error != EACCES) {
		p->retry = now + RETRY_WAIT_MS;
		update_deadline(p);
	}
}

void
pd_resume(struct pd *p, uint32_t slept_sec, uint64_t now)
{
	uint64_t ms = slept_sec * 1000ULL;
	size_t i;

	if (ms == 0 || p->nentries == 0)
		return;
	for (i = 0; i < p->nentries; i++) {
		end_earlier(&p->entries[i].preferred_end, ms);
		end_earlier(&p->entries[i].valid_end, ms);
	}
	apply(p, now);
	pd_timer(p, now);
}

void
pd_withdraw(struct pd *p, uint64_t now)
{
	size_t i;

	for (i = 0; i < p->nentries; i++)
		if (p->entries[i].error == PD_E_OK)
			remove_entry(p, &p->entries[i], "withdrawn", now);
	p->nentries = 0;
	apply(p, now);
	update_deadline(p);
}

void
pd_status(const struct pd *p, uint64_t now, struct pd_status *st)
{
	size_t i;

	memset(st, 0, sizeof(*st));
	for (i = 0; i < p->nentries; i++) {
		const struct pd_entry *e = &p->entries[i];
		struct pd_status_entry *s = &st->entries[st->nentries++];

		s->prefix = e->prefix;
		s->addr = e->addr;
		s->prefixlen = e->prefixlen;
		s->preferred_sec = e->old ? 0 : left(e->preferred_end, now);
		s->valid_sec = left(e->valid_end, now);
		s->uplink = e->uplink;
		s->subnet = e->subnet;
		s->old = e->old;
		s->error = e->error;
		memcpy(s->uplink_name, e->uplink_name, sizeof(s->uplink_name));
	}
}

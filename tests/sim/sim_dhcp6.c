/* SPDX-License-Identifier: ISC */
/*
 * The DHCPv6 machine with prefix delegation in the simulator, and the machine
 * of a downstream interface that gets a subnet.  Both have a model kernel with
 * duplicate detection; the lease survives as the text of its file.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "policy6.h"
#include "sim6.h"
#include "proto/dhcp6.h"
#include "proto/lease_dhcp6.h"
#include "proto/pd.h"

#define KERNEL6 16
#define DAD_MS 1000
#define RECENT 60
#define HEADERS 62 /* Ethernet, IPv6, UDP */
#define DOWN_INDEX 100
/* The longest way of a Reply, and what each restart rounds up. */
#define SLACK_MS(m) (12000 + 2000 * (uint64_t)(m)->life)

struct held {
	struct in6_addr addr;
	struct in6_addr of; /* as granted */
	int tentative;
	uint64_t valid_until;
};

/* The kernel's side of one interface. */
struct side {
	struct held addrs[KERNEL6], routes[KERNEL6];
	size_t naddrs, nroutes;
};

enum { UP, DOWN, SIDES };

struct machine6d {
	struct dhcp6 d;
	struct pd p;
	struct sim_iface *iface;
	struct interface down;
	struct conf_iface conf;
	struct server6 servers[SERVERS6];
	struct grant6 grants[GRANTS6];
	size_t ngrants;
	struct side kernel[SIDES];
	uint64_t deadline, armed, pd_deadline, pd_armed;
	uint64_t busy;
	uint32_t life;
	char file[LEASE_DHCP6_TEXT_MAX];
	size_t filelen;
	uint64_t written;
	int released, delegated;
	uint64_t released_at;
	uint64_t asleep, woke, excused;
	uint64_t sent[RECENT];
	unsigned int nsent, immediate;
	struct {
		uint32_t xid;
		uint64_t when;
	} last[16]; /* by type */
};

static void arm(struct machine6d *);

static struct machine6d *
machine(struct sim_iface *iface)
{
	return iface->machine[SIM_DHCP6];
}

static const char *
text(const struct in6_addr *a)
{
	static char buf[4][INET6_ADDRSTRLEN];
	static unsigned int n;

	n = (n + 1) % 4;
	return inet_ntop(AF_INET6, a, buf[n], sizeof(buf[n]));
}

/* ---- frames; the sum is the kernel's UDP checksum ---- */

static void
seal(uint8_t *f, size_t len)
{
	uint32_t sum = 2166136261U;
	size_t i;

	for (i = 6; i < len; i++)
		sum = (sum ^ f[i]) * 16777619U;
	memcpy(f, &sum, sizeof(sum));
}

static size_t
frame(uint8_t *f, const uint8_t *data, size_t len, uint16_t to, uint8_t from)
{
	memset(f, 0, HEADERS);
	f[12] = 0x86;
	f[13] = 0xdd;
	f[20] = 17;
	f[22] = 0xfe;
	f[23] = 0x80;
	f[37] = from;
	f[56] = (uint8_t)(to >> 8);
	f[57] = (uint8_t)to;
	memcpy(f + HEADERS, data, len);
	seal(f, HEADERS + len);
	return HEADERS + len;
}

static int
is_dhcp6(const uint8_t *f, size_t len, uint16_t to)
{
	uint8_t copy[SIM_FRAME_MAX];

	if (len <= HEADERS || len > sizeof(copy) || f[12] != 0x86 ||
	    f[20] != 17 || (f[56] << 8 | f[57]) != to)
		return 0;
	memcpy(copy, f, len);
	seal(copy, len);
	return memcmp(copy, f, 4) == 0;
}

static void
segment(struct sim *sim, struct sim_iface *iface, void *state,
    const uint8_t *data, size_t len)
{
	struct machine6d *m = state;
	uint8_t out[1400], f[SIM_FRAME_MAX];
	unsigned int i;
	size_t n;

	(void)sim;
	if (!is_dhcp6(data, len, 547))
		return;
	for (i = 0; i < SERVERS6; i++) {
		n = server6_answer(&m->servers[i], data + HEADERS,
		    len - HEADERS, out, sizeof(out));
		if (n > 0)
			sim_to_client(
			    iface, f, frame(f, out, n, 546, (uint8_t)(i + 1)));
	}
}

/* ---- the kernel ---- */

static void
tell(struct machine6d *m, int side, const struct in6_addr *addr, uint32_t flags)
{
	struct sim *sim = m->iface->sim;
	struct state6 st;

	memset(&st, 0, sizeof(st));
	st.ifindex = side == UP ? m->iface->iface.ifindex : DOWN_INDEX;
	st.flags = flags | STATE6_OURS;
	st.addr = *addr;
	st.prefixlen = side == UP ? 128 : 64;
	if (side == UP)
		dhcp6_address(&m->d, &st, sim->now);
	else
		pd_address(&m->p, &st, sim->now);
}

static struct held *
find_held(struct held *h, size_t n, const struct in6_addr *addr)
{
	for (; n > 0; n--, h++)
		if (IN6_ARE_ADDR_EQUAL(&h->addr, addr))
			return h;
	return NULL;
}

static void
remove_addr(struct machine6d *m, int side, struct held *h, uint32_t flags)
{
	struct in6_addr addr = h->addr;

	*h = m->kernel[side].addrs[--m->kernel[side].naddrs];
	tell(m, side, &addr, flags);
}

static void
detected(struct sim *sim, struct sim_iface *iface, uint32_t side,
    const uint8_t *data, size_t len)
{
	struct machine6d *m = machine(iface);
	struct side *k = &m->kernel[side];
	struct in6_addr addr;
	struct held *h;

	(void)len;
	memcpy(&addr, data, sizeof(addr));
	h = find_held(k->addrs, k->naddrs, &addr);
	if (h == NULL || !h->tentative)
		return;
	sim->doing = "duplicate detection ends (dhcp6)";
	/* A suffix that is in use downstream stays refused. */
	if (!sim->calm && side == UP && sim_chance(sim, 50)) {
		sim_say(sim, iface, "%s is a duplicate", text(&addr));
		remove_addr(m, (int)side, h, STATE6_DUPLICATED);
	} else {
		h->tentative = 0;
		tell(m, (int)side, &addr, STATE6_PRESENT);
	}
	arm(m);
}

static void
expire(struct machine6d *m)
{
	uint64_t now = m->iface->sim->now;
	struct side *k;
	int side;
	size_t i;

	for (side = 0; side < SIDES; side++) {
		k = &m->kernel[side];
		for (i = k->nroutes; i > 0; i--)
			if (k->routes[i - 1].valid_until <= now)
				k->routes[i - 1] = k->routes[--k->nroutes];
		for (i = k->naddrs; i > 0; i--)
			if (k->addrs[i - 1].valid_until <= now)
				remove_addr(m, side, &k->addrs[i - 1], 0);
	}
}

/* The delegated /56 or the address itself. */
static struct in6_addr
granted_as(const struct in6_addr *addr)
{
	struct in6_addr of = *addr;

	if (of.s6_addr[4] & 0x80)
		memset(of.s6_addr + 7, 0, 9);
	return of;
}

static uint64_t
end_of(const struct machine6d *m, uint32_t sec)
{
	return sec == LIFETIME_INFINITE ? PROTO_NEVER
					: m->iface->sim->now + sec * 1000ULL;
}

static int
in_config(const struct config6 *c, const struct in6_addr *addr)
{
	uint16_t i;

	for (i = 0; i < c->naddrs; i++)
		if (IN6_ARE_ADDR_EQUAL(&c->addrs[i].addr, addr))
			return 1;
	return 0;
}

static void
carry_out(struct machine6d *m, int side, const struct config6 *c)
{
	struct sim *sim = m->iface->sim;
	struct side *k = &m->kernel[side];
	struct held *h;
	size_t i;

	k->nroutes = 0;
	for (i = 0; i < c->nroutes && i < KERNEL6; i++) {
		h = &k->routes[k->nroutes++];
		h->addr = c->routes[i].dst;
		h->of = granted_as(&h->addr);
		h->valid_until = end_of(m, c->routes[i].valid_sec);
	}
	for (i = 0; i < c->naddrs; i++) {
		h = find_held(k->addrs, k->naddrs, &c->addrs[i].addr);
		if (h == NULL) {
			if (k->naddrs == KERNEL6)
				sim_fail(sim, m->iface, "too many addresses");
			h = &k->addrs[k->naddrs++];
			h->addr = c->addrs[i].addr;
			h->of = granted_as(&h->addr);
			h->tentative = 1;
			sim_at(sim, sim->now + DAD_MS, detected, m->iface,
			    (uint32_t)side, h->addr.s6_addr, 16);
		}
		h->valid_until = end_of(m, c->addrs[i].valid_sec);
		tell(m, side, &c->addrs[i].addr,
		    STATE6_PRESENT | (h->tentative ? STATE6_TENTATIVE : 0));
	}
	for (i = k->naddrs; i > 0; i--)
		if (!in_config(c, &k->addrs[i - 1].addr))
			remove_addr(m, side, &k->addrs[i - 1], 0);
}

static void
apply(struct sim *sim, struct sim_iface *iface, uint32_t life,
    const uint8_t *data, size_t len)
{
	static struct config6 c;
	struct machine6d *m = machine(iface);
	struct policy_ctx6 ctx;
	int error = 0, side;

	(void)len;
	if (life != m->life)
		return;
	sim->doing = "the parent configures DHCPv6";
	memcpy(&c, data, sizeof(c));
	side = c.protocol == PROTO_DHCP6 ? UP : DOWN;
	memset(&ctx, 0, sizeof(ctx));
	ctx.ifindex = side == UP ? iface->iface.ifindex : DOWN_INDEX;
	ctx.max_mtu = iface->iface.max_mtu;
	if (policy_config6(&ctx, &c) != REFUSE_NOT)
		sim_fail(sim, iface, "the parent would refuse: %s",
		    policy_refusal_text(policy_config6(&ctx, &c)));
	if (c.naddrs > 0 && sim_chance(sim, sim->trouble.kernel_fails))
		error = ENOBUFS;
	else
		carry_out(m, side, &c);
	sim_say(sim, iface, "kernel of %s: %u addresses, %u routes%s",
	    side == UP ? "dhcp6" : "pd", c.naddrs, c.nroutes,
	    error != 0 ? " FAILED" : "");
	if (side == UP)
		dhcp6_configured(&m->d, c.serial, error, sim->now);
	else
		pd_configured(&m->p, c.serial, error, sim->now);
	arm(m);
}

/* ---- what the machines ask for ---- */

/* RFC 9915 7.6 and 15; and never a storm, whatever happens. */
static void
check_rate(struct machine6d *m, const uint8_t *data)
{
	static const uint32_t least[16] = { [1] = 900,
		[3] = 900,
		[4] = 900,
		[5] = 9000,
		[6] = 900,
		[8] = 900,
		[9] = 900,
		[11] = 900 };
	struct sim *sim = m->iface->sim;
	uint32_t xid = (uint32_t)(data[1] << 16 | data[2] << 8 | data[3]);
	uint8_t type = data[0] & 15;

	sim_say(sim, m->iface, "sends %u in %s", data[0],
	    dhcp6_state_name(m->d.state));
	if (m->released && data[0] != 8)
		sim_fail(sim, m->iface, "sends %u though released", data[0]);
	if (m->last[type].when != 0 && m->last[type].xid == xid &&
	    m->excused != sim->now &&
	    sim->now - m->last[type].when < least[type])
		sim_fail(sim, m->iface, "message %u again after %llu ms", type,
		    (unsigned long long)(sim->now - m->last[type].when));
	m->last[type].xid = xid;
	m->last[type].when = sim->now;
	if (m->nsent >= RECENT &&
	    sim->now - m->sent[m->nsent % RECENT] < 60 * SIM_SEC)
		sim_fail(sim, m->iface, "%d messages in a minute", RECENT);
	m->sent[m->nsent++ % RECENT] = sim->now;
}

static void
op_send6(void *ctx, enum channel channel, const struct in6_addr *key, int flags,
    const uint8_t *data, size_t len)
{
	struct machine6d *m = ctx;
	struct sim *sim = m->iface->sim;
	uint8_t f[SIM_FRAME_MAX];

	(void)flags;
	if (channel != CHANNEL_DHCP6_SEND || !IN6_IS_ADDR_UNSPECIFIED(key))
		sim_fail(sim, m->iface, "sends on a strange channel");
	check_rate(m, data);
	if (sim_chance(sim, sim->trouble.send_fails))
		return;
	sim_to_segment(m->iface, f, frame(f, data, len, 547, 0xff));
}

static void
op_channel6(void *ctx, enum channel channel, const struct in6_addr *key)
{
	(void)ctx;
	(void)channel;
	(void)key;
}

static uint64_t
not_past(const struct machine6d *m, uint64_t when)
{
	return when < m->iface->sim->now ? m->iface->sim->now : when;
}

static void
op_deadline(void *ctx, uint64_t when)
{
	struct machine6d *m = ctx;

	m->deadline = not_past(m, when);
}

static void
op_pd_deadline(void *ctx, uint64_t when)
{
	struct machine6d *m = ctx;

	m->pd_deadline = not_past(m, when);
}

static void
op_configure6(void *ctx, const struct config6 *config)
{
	struct machine6d *m = ctx;
	struct sim *sim = m->iface->sim;
	uint64_t when = sim->now + 1 + sim_random(sim, 10);

	/* A channel keeps its order. */
	m->busy = when < m->busy ? m->busy : when;
	sim_at(sim, m->busy, apply, m->iface, m->life, (const uint8_t *)config,
	    sizeof(*config));
}

static void
op_dns(void *ctx, const struct dns_set *dns)
{
	(void)ctx;
	(void)dns;
}

static void
op_store(void *ctx, const struct dhcp6_lease *lease)
{
	struct machine6d *m = ctx;
	static struct dhcp6_lease back;
	const char *why = "";
	int line = 0;

	m->filelen = 0;
	m->written = m->iface->sim->now;
	if (lease == NULL)
		return;
	m->filelen = lease_dhcp6_format(
	    lease, m->written / 1000, m->file, sizeof(m->file));
	if (m->filelen == 0 ||
	    lease_dhcp6_parse(
		(const uint8_t *)m->file, m->filelen, &back, &why, &line) == -1)
		sim_fail(m->iface->sim, m->iface,
		    "a lease that cannot be kept: %s, line %d", why, line);
}

static void
op_delegated(void *ctx, const struct dhcp6_lease *lease)
{
	struct machine6d *m = ctx;

	(void)lease;
	m->delegated = 1;
}

/* After an event, as engine_prefixes.c does it. */
static void
update_prefixes(struct machine6d *m)
{
	static struct dhcp6_lease lease;
	struct pd_source source = { .ifindex = m->iface->iface.ifindex,
		.ifname = m->iface->iface.name,
		.conf = &m->conf,
		.lease = &lease };

	if (!m->delegated)
		return;
	m->delegated = 0;
	dhcp6_snapshot(&m->d, m->iface->sim->now, &lease);
	pd_update(&m->p, &m->down, &source, m->conf.nprefixes > 0 ? 1 : 0,
	    m->iface->sim->now);
}

static void
op_event6(void *ctx, enum proto_event event, const struct event6 *detail,
    const char *reason)
{
	(void)ctx;
	(void)event;
	(void)detail;
	(void)reason;
}

static void
op_log(void *ctx, int priority, const char *fmt, ...)
{
	struct machine6d *m = ctx;
	char line[256];
	va_list ap;

	(void)priority;
	if (!m->iface->sim->verbose)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	sim_say(m->iface->sim, m->iface, "dhcp6: %s", line);
}

static void
op_count(void *ctx, enum counter counter)
{
	(void)ctx;
	(void)counter;
}

static uint32_t
op_random(void *ctx, uint32_t bound)
{
	struct machine6d *m = ctx;

	return sim_random(m->iface->sim, bound);
}

static int
op_addr6_usable(void *ctx, const struct in6_addr *addr, uint8_t prefixlen)
{
	(void)ctx;
	return policy_addr6(addr, prefixlen) == REFUSE_NOT;
}

static const struct proto_ops ops = {
	.send6 = op_send6,
	.open6 = op_channel6,
	.close6 = op_channel6,
	.deadline = op_deadline,
	.configure6 = op_configure6,
	.dns = op_dns,
	.store_dhcp6 = op_store,
	.delegated = op_delegated,
	.event6 = op_event6,
	.log = op_log,
	.count = op_count,
	.random = op_random,
	.addr6_usable = op_addr6_usable,
};

static const struct proto_ops pd_ops = {
	.deadline = op_pd_deadline,
	.configure6 = op_configure6,
	.event6 = op_event6,
	.log = op_log,
	.count = op_count,
};

/* ---- time ---- */

static void
timer(struct sim *sim, struct sim_iface *iface, uint32_t life,
    const uint8_t *data, size_t len)
{
	struct machine6d *m = machine(iface);

	(void)data;
	(void)len;
	if (life != m->life)
		return;
	if (m->armed == sim->now)
		m->armed = PROTO_NEVER;
	if (m->asleep <= sim->now && m->pd_deadline <= sim->now) {
		sim->doing = "a timer of pd fires";
		m->pd_deadline = PROTO_NEVER;
		pd_timer(&m->p, sim->now);
		if (m->pd_deadline <= sim->now)
			sim_fail(sim, iface, "the timer of pd spins");
	}
	if (m->asleep <= sim->now && m->deadline <= sim->now) {
		sim->doing = "a timer of DHCPv6 fires";
		m->deadline = PROTO_NEVER;
		dhcp6_timer(&m->d, sim->now);
		m->immediate = m->deadline <= sim->now ? m->immediate + 1 : 0;
		if (m->immediate > 3)
			sim_fail(sim, iface, "the timer of DHCPv6 spins");
	}
	arm(m);
}

static void
arm(struct machine6d *m)
{
	struct sim *sim = m->iface->sim;
	uint64_t when;

	update_prefixes(m);
	when = m->deadline < m->pd_deadline ? m->deadline : m->pd_deadline;
	if (when == PROTO_NEVER)
		return;
	if (when < sim->now)
		when = sim->now;
	if (when < m->asleep)
		when = m->asleep;
	if (when >= m->armed && m->armed >= sim->now)
		return;
	m->armed = when;
	sim_at(sim, when, timer, m->iface, m->life, NULL, 0);
}

/* ---- start, restart, what happens ---- */

static void
reload(struct machine6d *m)
{
	static const uint8_t duid[] = { 0, 3, 0, 1, 2, 0, 0, 0, 0, 1 };

	dhcp6_configure(
	    &m->d, &m->conf, duid, sizeof(duid), m->iface->sim->now);
}

static void
begin(struct machine6d *m)
{
	static struct dhcp6_lease lease;
	struct sim_iface *iface = m->iface;
	uint64_t now = iface->sim->now;
	const char *why;
	size_t i, n;
	int line;

	m->life++;
	m->released = 0;
	m->delegated = 1;
	m->deadline = m->pd_deadline = m->armed = PROTO_NEVER;
	pd_init(&m->p, &pd_ops, m, NULL);
	dhcp6_init(&m->d, &ops, m);
	reload(m);
	dhcp6_interface(&m->d, &iface->iface, now);
	if (m->filelen > 0) {
		if (lease_dhcp6_parse((const uint8_t *)m->file, m->filelen,
			&lease, &why, &line) == -1)
			sim_fail(iface->sim, iface, "lease file: %s", why);
		dhcp6_stored(
		    &m->d, &lease, (uint32_t)((now - m->written) / 1000), now);
	}
	/* At start the parent takes back what nothing is assigned to. */
	if (m->conf.nprefixes == 0)
		m->kernel[DOWN].naddrs = m->kernel[DOWN].nroutes = 0;
	n = m->kernel[UP].naddrs;
	for (i = 0; i < n; i++)
		tell(m, UP, &m->kernel[UP].addrs[i].addr,
		    STATE6_PRESENT |
			(m->kernel[UP].addrs[i].tentative ? STATE6_TENTATIVE
							  : 0));
	dhcp6_channel(&m->d, CHANNEL_DHCP6, &in6addr_any, 0, now);
	dhcp6_channel(&m->d, CHANNEL_DHCP6_SEND, &in6addr_any, 0, now);
	dhcp6_start(&m->d, now);
	arm(m);
}

static void
start(struct sim *sim, struct sim_iface *iface, void *state)
{
	struct machine6d *m = state;
	struct conf_assign *assign;
	struct server6 *s;
	unsigned int i;

	m->iface = iface;
	m->down = iface->iface;
	m->down.ifindex = DOWN_INDEX;
	snprintf(m->down.name, sizeof(m->down.name), "lan");
	conf_iface_defaults(&m->conf);
	m->conf.dhcp6 = CONF_YES;
	m->conf.rapid_commit = sim_chance(sim, 700);
	m->conf.startup_delay = sim_chance(sim, 200) ? 10 : 0;
	m->conf.anonymous = sim_chance(sim, 100);
	m->conf.nprefixes = sim_chance(sim, 700) ? 1 : 0;
	m->conf.prefixes[0].nassigns = 1;
	assign = &m->conf.prefixes[0].assigns[0];
	snprintf(assign->ifname, sizeof(assign->ifname), "lan");
	assign->subnet = 1;
	assign->length = 64;
	for (i = 0; i < SERVERS6; i++) {
		s = &m->servers[i];
		s->sim = sim;
		s->grants = m->grants;
		s->ngrants = &m->ngrants;
		s->iface = (uint8_t)iface->index;
		s->n = (uint8_t)i;
		s->alive = i == 0 || sim_chance(sim, 400);
		server6_character(s);
	}
	begin(m);
}

static void
restart(struct sim *sim, struct sim_iface *iface, void *state)
{
	struct machine6d *m = state;

	if (m->asleep > sim->now)
		return;
	sim_say(sim, iface, "restart (dhcp6)");
	begin(m);
}

static void
receive(struct sim *sim, struct sim_iface *iface, void *state,
    const uint8_t *data, size_t len)
{
	struct machine6d *m = state;
	struct recv6 meta;

	(void)iface;
	if (m->asleep > sim->now || !is_dhcp6(data, len, 546))
		return;
	memset(&meta, 0, sizeof(meta));
	memcpy(&meta.src, data + 22, 16);
	meta.hop_limit = 64;
	meta.src_port = 547;
	dhcp6_receive(&m->d, &in6addr_any, &meta, data + HEADERS, len - HEADERS,
	    sim->now);
	arm(m);
}

static void
link_changed(struct sim *sim, struct sim_iface *iface, void *state, int up)
{
	struct machine6d *m = state;

	if (up)
		m->released = 0;
	dhcp6_interface(&m->d, &iface->iface, sim->now);
	arm(m);
}

static void
resume(struct sim *sim, struct sim_iface *iface, uint32_t life,
    const uint8_t *data, size_t len)
{
	struct machine6d *m = machine(iface);

	(void)data;
	(void)len;
	sim->doing = "the host resumes (dhcp6)";
	m->asleep = 0;
	m->woke = sim->now;
	if (life != m->life)
		return;
	m->excused = sim->now;
	dhcp6_resume(&m->d, 0, sim->now);
	arm(m);
}

static void
renew(struct sim *sim, struct machine6d *m)
{
	sim_say(sim, m->iface, "renew (dhcp6)");
	m->released = 0;
	m->excused = sim->now;
	dhcp6_renew(&m->d, sim->now);
}

static void
calm(struct sim *sim, struct machine6d *m)
{
	struct server6 *s;
	unsigned int i;

	for (i = 0; i < SERVERS6; i++) {
		s = &m->servers[i];
		s->alive = 1;
		s->no_addrs = s->no_prefixes = 0;
		s->valid = 86400;
		s->preferred = 43200;
		s->t1 = s->t2 = 0;
	}
	m->asleep = 0;
	renew(sim, m);
}

static void
command(struct sim *sim, struct sim_iface *iface, void *state, uint32_t n)
{
	struct machine6d *m = state;
	struct server6 *s = &m->servers[n / 16 % SERVERS6];

	if (n == UINT32_MAX) {
		calm(sim, m);
		arm(m);
		return;
	}
	if (m->asleep > sim->now)
		return;
	switch (n % 10) {
	case 0:
		renew(sim, m);
		break;
	case 1:
		sim_say(sim, iface, "release (dhcp6)");
		m->released = 1;
		m->released_at = sim->now;
		dhcp6_release(&m->d, sim->now);
		break;
	case 2:
		sim_say(sim, iface, "reload (dhcp6)");
		m->conf.rapid_commit = sim_chance(sim, 700);
		m->conf.select =
		    sim_chance(sim, 500) ? SELECT_FIRST : SELECT_BEST;
		m->conf.nprefixes = sim_chance(sim, 700) ? 1 : 0;
		reload(m);
		break;
	case 3:
		s->alive = !s->alive;
		sim_say(sim, iface, "server6 %u %s", s->n,
		    s->alive ? "up" : "down");
		break;
	case 4:
		sim_say(sim, iface, "server6 %u forgets", s->n);
		server6_forget(s);
		break;
	case 5:
		sim_say(sim, iface, "server6 %u renumbers", s->n);
		server6_renumber(s);
		break;
	case 6:
	case 7:
		server6_character(s);
		sim_say(sim, iface, "server6 %u: valid %u", s->n, s->valid);
		break;
	case 8:
		if (m->kernel[UP].naddrs == 0)
			break;
		sim_say(sim, iface, "somebody removes a leased address");
		remove_addr(m, UP, &m->kernel[UP].addrs[0], 0);
		break;
	case 9:
		m->asleep = sim->now + 1 + sim_random(sim, 7200000);
		sim_say(sim, iface, "suspend (dhcp6)");
		sim_at(sim, m->asleep, resume, iface, m->life, NULL, 0);
		break;
	}
	arm(m);
}

/* ---- what must hold ---- */

static void
check_held(struct machine6d *m, const struct held *h)
{
	struct sim *sim = m->iface->sim;
	const struct grant6 *g = grant6_find(m->grants, m->ngrants, &h->of);

	if (g == NULL)
		sim_fail(sim, m->iface, "%s was never granted", text(&h->addr));
	if (g->until == PROTO_NEVER)
		return;
	if (sim->now > g->until + SLACK_MS(m) ||
	    h->valid_until == PROTO_NEVER ||
	    h->valid_until > g->until + SLACK_MS(m))
		sim_fail(sim, m->iface, "%s is valid for longer than granted",
		    text(&h->addr));
}

/* The file holds what is shown. */
static void
check_stored(struct machine6d *m)
{
	static struct dhcp6_lease file, shown;
	struct sim *sim = m->iface->sim;
	const char *why;
	unsigned int i;
	int line;

	dhcp6_snapshot(&m->d, sim->now, &shown);
	if (shown.naddrs + shown.nprefixes == 0)
		return;
	/* What a first answer grants waits for the other IA's. */
	for (i = 0; !m->d.applied && i < DHCP6_IAS_MAX; i++)
		if (shown.ias[i].state == IA_CONFIRMING)
			return;
	if (m->filelen == 0 ||
	    lease_dhcp6_parse(
		(const uint8_t *)m->file, m->filelen, &file, &why, &line) == -1)
		sim_fail(sim, m->iface, "a lease is used that is not on disk");
	for (i = 0; i < shown.naddrs; i++)
		if (i >= file.naddrs ||
		    !IN6_ARE_ADDR_EQUAL(
			&shown.addrs[i].addr, &file.addrs[i].addr))
			sim_fail(sim, m->iface, "%s is not on disk",
			    text(&shown.addrs[i].addr));
	for (i = 0; i < shown.nprefixes; i++)
		if (i >= file.nprefixes ||
		    !IN6_ARE_ADDR_EQUAL(
			&shown.prefixes[i].prefix, &file.prefixes[i].prefix))
			sim_fail(sim, m->iface, "%s is not on disk",
			    text(&shown.prefixes[i].prefix));
}

static void
check(struct sim *sim, struct sim_iface *iface, void *state)
{
	struct machine6d *m = state;
	const struct side *k;
	size_t i;

	expire(m);
	if (m->asleep > sim->now || sim->now < m->woke + 1000)
		return;
	for (k = m->kernel; k < m->kernel + SIDES; k++) {
		for (i = 0; i < k->naddrs; i++)
			check_held(m, &k->addrs[i]);
		for (i = 0; i < k->nroutes; i++)
			check_held(m, &k->routes[i]);
		if (m->released && sim->now > m->released_at + 1000 &&
		    k->naddrs + k->nroutes > 0)
			sim_fail(sim, iface, "%s is there though released",
			    k->naddrs > 0 ? text(&k->addrs[0].addr)
					  : text(&k->routes[0].addr));
	}
	if (sim->nevents % 16 == 0) /* it takes long */
		check_stored(m);
}

static void
settled(struct sim *sim, struct sim_iface *iface, void *state)
{
	struct machine6d *m = state;
	const struct side *k = m->kernel;

	if (!dhcp6_usable(&m->d))
		sim_fail(sim, iface,
		    "no leased IPv6 address is usable in %s, %zu "
		    "in the kernel",
		    dhcp6_state_name(m->d.state), k[UP].naddrs);
	if (k[UP].naddrs != m->d.lease.naddrs)
		sim_fail(sim, iface, "%zu IPv6 addresses, not %u", k[UP].naddrs,
		    m->d.lease.naddrs);
	if (k[UP].nroutes != m->d.lease.nprefixes)
		sim_fail(sim, iface, "%zu reject routes, not %u", k[UP].nroutes,
		    m->d.lease.nprefixes);
	if (m->conf.nprefixes > 0 && m->d.lease.nprefixes == 0)
		sim_fail(sim, iface, "no delegated prefix in %s",
		    dhcp6_state_name(m->d.state));
	if (m->conf.nprefixes > 0 && k[DOWN].naddrs == 0)
		sim_fail(sim, iface, "no address downstream");
	check_stored(m);
}

const struct sim_machine sim_dhcp6 = {
	.name = "dhcp6",
	.size = sizeof(struct machine6d),
	.start = start,
	.restart = restart,
	.receive = receive,
	.segment = segment,
	.link = link_changed,
	.command = command,
	.check = check,
	.settled = settled,
};

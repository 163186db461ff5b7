/* SPDX-License-Identifier: ISC */
/*
 * The SLAAC machine in the simulator, with two routers on the segment and a
 * kernel of its own: addresses are checked for duplicates for a second,
 * lifetimes run, requests may fail.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "policy6.h"
#include "sim.h"
#include "proto/slaac.h"

#define ROUTERS 2
#define KERNEL6 64
#define PREFIXES 32
#define DAD_MS 1000
#define RS_RECENT 32
/* An RA's way, and what each restart rounds up. */
#define SLACK_MS(m) (12000 + 2000 * (uint64_t)(m)->life)

struct router {
	int alive;
	uint8_t n;
	uint16_t lifetime;
	uint8_t flags;
	uint16_t prefix; /* number of the prefix it advertises */
	uint32_t valid, preferred;
};

struct kaddr {
	struct addr6 wanted;
	int tentative;
	uint64_t valid_until;
};

struct machine6 {
	struct slaac s;
	struct sim_iface *iface;
	struct conf_iface conf;
	uint8_t secret[SECRET_SIZE];
	uint64_t deadline, armed;
	uint32_t life;
	struct router routers[ROUTERS];
	uint16_t nprefixes;
	uint64_t granted[PREFIXES]; /* valid until, as advertised */
	struct kaddr kernel[KERNEL6];
	size_t nkernel;
	uint64_t busy;
	struct config6 config; /* the newest that was carried out */
	struct slaac_info stored;
	int has_stored;
	uint64_t written;
	uint64_t rs[RS_RECENT];
	unsigned int nrs;
	int silent;	    /* withdrawn: nothing until told otherwise */
	uint64_t silent_at; /* what was on its way is done */
	uint64_t asleep, woke;
	unsigned int immediate;
};

static void arm(struct machine6 *);

static struct machine6 *
machine(struct sim_iface *iface)
{
	return iface->machine[SIM_SLAAC];
}

static const char *
text(const struct in6_addr *a)
{
	static char buf[4][INET6_ADDRSTRLEN];
	static unsigned int n;

	n = (n + 1) % 4;
	return inet_ntop(AF_INET6, a, buf[n], sizeof(buf[n]));
}

/* ---- the routers ---- */

/* 2001:db8:IFACE:NUMBER::/64 */
static void
prefix_bytes(const struct machine6 *m, uint16_t number, uint8_t out[16])
{
	memset(out, 0, 16);
	out[0] = 0x20;
	out[1] = 0x01;
	out[2] = 0x0d;
	out[3] = 0xb8;
	out[5] = (uint8_t)m->iface->index;
	out[6] = (uint8_t)(number >> 8);
	out[7] = (uint8_t)number;
}

/* The sum that the kernel would check (ICMPv6), over all of the frame. */
static void
seal(uint8_t *f, size_t len)
{
	uint32_t sum = 2166136261U;
	size_t i;

	for (i = 6; i < len; i++)
		sum = (sum ^ f[i]) * 16777619U;
	memcpy(f, &sum, sizeof(sum));
}

static int
sealed(const uint8_t *f, size_t len)
{
	uint8_t copy[SIM_FRAME_MAX];

	memcpy(copy, f, len);
	seal(copy, len);
	return memcmp(copy, f, 4) == 0;
}

static void
put32(uint8_t *p, uint32_t v)
{
	v = htonl(v);
	memcpy(p, &v, 4);
}

static void
advertise(struct machine6 *m, struct router *r)
{
	struct sim *sim = m->iface->sim;
	uint8_t f[54 + 16 + 32], *ip = f + 14, *ra = f + 54, *pio = ra + 16;
	uint64_t until = r->valid == LIFETIME_INFINITE
	    ? PROTO_NEVER
	    : sim->now + (uint64_t)r->valid * 1000;

	memset(f, 0, sizeof(f));
	f[12] = 0x86;
	f[13] = 0xdd;
	ip[6] = 58;
	ip[7] = 255;
	ip[8] = 0xfe;
	ip[9] = 0x80;
	ip[23] = r->n;
	ip[24] = 0xff;
	ip[25] = 0x02;
	ip[39] = 1;
	ra[0] = 134;
	ra[4] = 64;
	ra[5] = r->flags;
	ra[6] = (uint8_t)(r->lifetime >> 8);
	ra[7] = (uint8_t)r->lifetime;
	pio[0] = 3;
	pio[1] = 4;
	pio[2] = 64;
	pio[3] = 0xc0;
	put32(pio + 4, r->valid);
	put32(pio + 8, r->preferred);
	prefix_bytes(m, r->prefix, pio + 16);
	seal(f, sizeof(f));
	if (m->granted[r->prefix % PREFIXES] < until)
		m->granted[r->prefix % PREFIXES] = until;
	sim_to_client(m->iface, f, sizeof(f));
}

static void
periodic(struct sim *sim, struct sim_iface *iface, uint32_t n,
    const uint8_t *data, size_t len)
{
	struct machine6 *m = machine(iface);

	(void)data;
	(void)len;
	sim->doing = "a router advertises";
	if (m->routers[n].alive)
		advertise(m, &m->routers[n]);
	/* RFC 4861 6.2.1: MaxRtrAdvInterval 600 s */
	sim_at(sim, sim->now + 200000 + sim_random(sim, 400000), periodic,
	    iface, n, NULL, 0);
}

static void
answer(struct sim *sim, struct sim_iface *iface, uint32_t n,
    const uint8_t *data, size_t len)
{
	struct machine6 *m = machine(iface);

	(void)data;
	(void)len;
	sim->doing = "a router answers";
	if (m->routers[n].alive)
		advertise(m, &m->routers[n]);
}

static void
router_character(struct machine6 *m, struct router *r)
{
	static const uint32_t lives[] = { 120, 1800, 7200, 86400, 2592000,
		LIFETIME_INFINITE };
	struct sim *sim = m->iface->sim;

	r->lifetime = sim_chance(sim, 100) ? 0 : 1800;
	r->flags = (uint8_t)(sim_random(sim, 4) << 6);
	if (m->nprefixes < PREFIXES &&
	    (m->nprefixes == 0 || sim_chance(sim, 500)))
		m->nprefixes++;
	r->prefix = (uint16_t)sim_random(sim, m->nprefixes);
	r->valid = lives[sim_random(sim, 6)];
	r->preferred = r->valid == LIFETIME_INFINITE
	    ? 604800
	    : sim_random(sim, r->valid + 1);
}

static void
segment(struct sim *sim, struct sim_iface *iface, void *state,
    const uint8_t *data, size_t len)
{
	unsigned int i;

	(void)state;
	if (len < 62 || data[12] != 0x86 || data[54] != 133 ||
	    !sealed(data, len))
		return;
	for (i = 0; i < ROUTERS; i++)
		sim_at(sim, sim->now + sim_random(sim, 500), answer, iface, i,
		    NULL, 0);
}

/* ---- the kernel ---- */

static void
tell(struct machine6 *m, const struct kaddr *k, uint32_t flags)
{
	struct state6 st;

	memset(&st, 0, sizeof(st));
	st.ifindex = m->iface->iface.ifindex;
	st.flags = flags | STATE6_OURS;
	st.addr = k->wanted.addr;
	st.prefixlen = k->wanted.prefixlen;
	st.valid_sec = k->wanted.valid_sec;
	st.preferred_sec = k->wanted.preferred_sec;
	slaac_address(&m->s, &st, m->iface->sim->now);
}

static struct kaddr *
kernel_find(struct machine6 *m, const struct in6_addr *addr)
{
	size_t i;

	for (i = 0; i < m->nkernel; i++)
		if (IN6_ARE_ADDR_EQUAL(&m->kernel[i].wanted.addr, addr))
			return &m->kernel[i];
	return NULL;
}

static void
kernel_remove(struct machine6 *m, struct kaddr *k, uint32_t flags)
{
	struct kaddr gone = *k;

	*k = m->kernel[--m->nkernel];
	tell(m, &gone, flags);
}

static void
detected(struct sim *sim, struct sim_iface *iface, uint32_t life,
    const uint8_t *data, size_t len)
{
	struct machine6 *m = machine(iface);
	struct in6_addr addr;
	struct kaddr *k;

	(void)len;
	(void)life;
	memcpy(&addr, data, sizeof(addr));
	if ((k = kernel_find(m, &addr)) == NULL || !k->tentative)
		return;
	sim->doing = "duplicate detection ends";
	if (!sim->calm && sim_chance(sim, 30)) {
		kernel_remove(m, k, STATE6_DUPLICATED);
	} else {
		k->tentative = 0;
		tell(m, k, STATE6_PRESENT);
	}
	arm(m);
}

static void
expire(struct sim *sim, struct machine6 *m)
{
	size_t i;

	for (i = 0; i < m->nkernel;) {
		if (m->kernel[i].valid_until > sim->now)
			i++;
		else
			kernel_remove(m, &m->kernel[i], 0);
	}
}

static int
wanted(const struct config6 *config, const struct in6_addr *addr)
{
	uint16_t i;

	for (i = 0; i < config->naddrs; i++)
		if (IN6_ARE_ADDR_EQUAL(&config->addrs[i].addr, addr))
			return 1;
	return 0;
}

static void
carry_out(struct sim *sim, struct machine6 *m, const struct config6 *config)
{
	const struct addr6 *a;
	struct kaddr *k;
	size_t i;

	for (i = 0; i < config->naddrs; i++) {
		a = &config->addrs[i];
		if ((k = kernel_find(m, &a->addr)) == NULL) {
			if (m->nkernel == KERNEL6)
				sim_fail(sim, m->iface, "too many addresses");
			k = &m->kernel[m->nkernel++];
			k->tentative = 1;
			sim_at(sim, sim->now + DAD_MS, detected, m->iface, 0,
			    (const uint8_t *)&a->addr, sizeof(a->addr));
		}
		k->wanted = *a;
		k->valid_until = a->valid_sec == LIFETIME_INFINITE
		    ? PROTO_NEVER
		    : sim->now + (uint64_t)a->valid_sec * 1000;
		tell(m, k,
		    k->tentative ? STATE6_PRESENT | STATE6_TENTATIVE
				 : STATE6_PRESENT);
	}
	for (i = 0; i < m->nkernel;) {
		if (wanted(config, &m->kernel[i].wanted.addr))
			i++;
		else
			kernel_remove(m, &m->kernel[i], 0);
	}
	m->config = *config;
}

static void
apply(struct sim *sim, struct sim_iface *iface, uint32_t life,
    const uint8_t *data, size_t len)
{
	struct policy_ctx6 ctx;
	struct machine6 *m = machine(iface);
	static struct config6 config;
	int error = 0;

	(void)len;
	if (life != m->life)
		return;
	sim->doing = "the parent configures IPv6";
	memset(&ctx, 0, sizeof(ctx));
	ctx.ifindex = iface->iface.ifindex;
	ctx.max_mtu = iface->iface.max_mtu;
	memcpy(&config, data, sizeof(config));
	if (policy_config6(&ctx, &config) != REFUSE_NOT)
		sim_fail(sim, iface, "the parent would refuse: %s",
		    policy_refusal_text(policy_config6(&ctx, &config)));
	if (config.naddrs > 0 && sim_chance(sim, sim->trouble.kernel_fails))
		error = ENOBUFS;
	else
		carry_out(sim, m, &config);
	sim_say(sim, iface, "kernel6: %u addresses, %u routes%s", config.naddrs,
	    config.nroutes, error != 0 ? " FAILED" : "");
	slaac_configured(&m->s, config.serial, error, sim->now);
	arm(m);
}

/* ---- what the machine asks for ---- */

static void
op_send6(void *ctx, enum channel channel, const struct in6_addr *key, int flags,
    const uint8_t *data, size_t len)
{
	struct machine6 *m = ctx;
	struct sim *sim = m->iface->sim;
	uint8_t f[SIM_FRAME_MAX];

	(void)key;
	(void)flags;
	if (channel != CHANNEL_RS || len < 8 || data[0] != 133)
		sim_fail(sim, m->iface, "sends what is no solicitation");
	sim_say(sim, m->iface, "sends RS");
	if (m->silent && sim->now > m->silent_at)
		sim_fail(sim, m->iface, "RS though withdrawn");
	/* RFC 7559: 4 s, doubled; links and people may ask again. */
	if (m->nrs >= RS_RECENT &&
	    sim->now - m->rs[m->nrs % RS_RECENT] < 20 * SIM_SEC)
		sim_fail(sim, m->iface, "%d solicitations in 20 s", RS_RECENT);
	m->rs[m->nrs++ % RS_RECENT] = sim->now;
	memset(f, 0, 54);
	f[12] = 0x86;
	f[13] = 0xdd;
	memcpy(f + 54, data, len);
	seal(f, len + 54);
	sim_to_segment(m->iface, f, len + 54);
}

static void
op_deadline(void *ctx, uint64_t when)
{
	struct machine6 *m = ctx;

	m->deadline = when < m->iface->sim->now ? m->iface->sim->now : when;
}

static void
op_configure6(void *ctx, const struct config6 *config)
{
	struct machine6 *m = ctx;
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
op_store(void *ctx, const struct slaac_info *info)
{
	struct machine6 *m = ctx;

	m->has_stored = info != NULL;
	m->written = m->iface->sim->now;
	if (info != NULL)
		m->stored = *info;
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
op_ra_flags(void *ctx, int managed, int other, int prefix_delegation)
{
	(void)ctx;
	(void)managed;
	(void)other;
	(void)prefix_delegation;
}

static void
op_log(void *ctx, int priority, const char *fmt, ...)
{
	struct machine6 *m = ctx;
	char line[256];
	va_list ap;

	(void)priority;
	if (!m->iface->sim->verbose)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	sim_say(m->iface->sim, m->iface, "slaac: %s", line);
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
	struct machine6 *m = ctx;

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
	.deadline = op_deadline,
	.configure6 = op_configure6,
	.dns = op_dns,
	.store_slaac = op_store,
	.event6 = op_event6,
	.ra_flags = op_ra_flags,
	.log = op_log,
	.count = op_count,
	.random = op_random,
	.addr6_usable = op_addr6_usable,
};

/* ---- time ---- */

static void
timer(struct sim *sim, struct sim_iface *iface, uint32_t life,
    const uint8_t *data, size_t len)
{
	struct machine6 *m = machine(iface);

	(void)data;
	(void)len;
	if (life != m->life)
		return;
	if (m->armed == sim->now)
		m->armed = PROTO_NEVER;
	if (m->asleep <= sim->now && m->deadline <= sim->now) {
		sim->doing = "a timer of SLAAC fires";
		m->deadline = PROTO_NEVER;
		slaac_timer(&m->s, sim->now);
		m->immediate = m->deadline <= sim->now ? m->immediate + 1 : 0;
		if (m->immediate > 3)
			sim_fail(sim, iface, "the timer of SLAAC spins");
	}
	arm(m);
}

static void
arm(struct machine6 *m)
{
	struct sim *sim = m->iface->sim;
	uint64_t when = m->deadline;

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
begin(struct machine6 *m)
{
	struct sim_iface *iface = m->iface;
	uint64_t now = iface->sim->now;
	struct state6 ll;
	size_t i;

	m->life++;
	m->silent = 0;
	m->deadline = m->armed = PROTO_NEVER;
	slaac_init(&m->s, &ops, m);
	slaac_configure(&m->s, &m->conf, m->secret, now);
	slaac_interface(&m->s, &iface->iface, now);
	memset(&ll, 0, sizeof(ll));
	ll.flags = STATE6_PRESENT;
	ll.addr.s6_addr[0] = 0xfe;
	ll.addr.s6_addr[1] = 0x80;
	ll.addr.s6_addr[15] = 0xff;
	ll.prefixlen = 64;
	slaac_address(&m->s, &ll, now);
	if (m->has_stored)
		slaac_stored(&m->s, &m->stored,
		    (uint32_t)((now - m->written) / 1000), now);
	for (i = 0; i < m->nkernel; i++)
		tell(m, &m->kernel[i],
		    m->kernel[i].tentative ? STATE6_PRESENT | STATE6_TENTATIVE
					   : STATE6_PRESENT);
	slaac_channel(&m->s, CHANNEL_ND, 0, now);
	slaac_channel(&m->s, CHANNEL_RS, 0, now);
	slaac_start(&m->s, now);
	arm(m);
}

static void
start(struct sim *sim, struct sim_iface *iface, void *state)
{
	struct machine6 *m = state;
	unsigned int i;

	m->iface = iface;
	conf_iface_defaults(&m->conf);
	m->conf.temporary = sim_chance(sim, 300);
	for (i = 0; i < sizeof(m->secret); i++)
		m->secret[i] = (uint8_t)sim_random(sim, 256);
	for (i = 0; i < ROUTERS; i++) {
		m->routers[i].n = (uint8_t)(i + 1);
		m->routers[i].alive = i == 0 || sim_chance(sim, 400);
		router_character(m, &m->routers[i]);
		sim_at(sim, sim->now + sim_random(sim, 600000), periodic, iface,
		    i, NULL, 0);
	}
	begin(m);
}

static void
restart(struct sim *sim, struct sim_iface *iface, void *state)
{
	struct machine6 *m = state;

	if (m->asleep > sim->now)
		return;
	sim_say(sim, iface, "restart (slaac)");
	begin(m);
}

static void
receive(struct sim *sim, struct sim_iface *iface, void *state,
    const uint8_t *data, size_t len)
{
	struct machine6 *m = state;
	struct recv6 meta;

	(void)iface;
	if (m->asleep > sim->now || len < 62 || data[12] != 0x86 ||
	    data[13] != 0xdd || data[54] != 134 || !sealed(data, len))
		return;
	memset(&meta, 0, sizeof(meta));
	memcpy(&meta.src, data + 22, 16);
	memcpy(&meta.dst, data + 38, 16);
	meta.hop_limit = data[21];
	slaac_receive(&m->s, &meta, data + 54, len - 54, sim->now);
	arm(m);
}

static void
link_changed(struct sim *sim, struct sim_iface *iface, void *state, int up)
{
	struct machine6 *m = state;

	if (up)
		m->silent = 0;
	slaac_interface(&m->s, &iface->iface, sim->now);
	arm(m);
}

static void
resume(struct sim *sim, struct sim_iface *iface, uint32_t life,
    const uint8_t *data, size_t len)
{
	struct machine6 *m = machine(iface);

	(void)data;
	(void)len;
	sim->doing = "the host resumes (slaac)";
	m->asleep = 0;
	m->woke = sim->now;
	if (life == m->life)
		arm(m);
}

static void
calm(struct sim *sim, struct machine6 *m)
{
	unsigned int i;

	for (i = 0; i < ROUTERS; i++) {
		m->routers[i].alive = 1;
		m->routers[i].lifetime = 1800;
		if (m->routers[i].valid < 86400)
			m->routers[i].valid = 86400;
		if (m->routers[i].preferred < 43200)
			m->routers[i].preferred = 43200;
	}
	m->silent = 0;
	m->asleep = 0;
	slaac_renew(&m->s, sim->now);
}

static void
command(struct sim *sim, struct sim_iface *iface, void *state, uint32_t n)
{
	struct machine6 *m = state;
	struct router *r = &m->routers[n / 16 % ROUTERS];

	if (n == UINT32_MAX) {
		calm(sim, m);
		arm(m);
		return;
	}
	if (m->asleep > sim->now)
		return;
	switch (n % 7) {
	case 0:
		sim_say(sim, iface, "renew (slaac)");
		m->silent = 0;
		slaac_renew(&m->s, sim->now);
		break;
	case 1:
		sim_say(sim, iface, "withdraw (slaac)");
		m->silent = 1;
		m->silent_at = sim->now;
		slaac_withdraw(&m->s, sim->now);
		break;
	case 2:
		r->alive = !r->alive;
		sim_say(
		    sim, iface, "router %u %s", r->n, r->alive ? "up" : "down");
		break;
	case 3:
	case 4:
		router_character(m, r);
		sim_say(sim, iface, "router %u: prefix %u, valid %u", r->n,
		    r->prefix, r->valid);
		if (r->alive)
			advertise(m, r);
		break;
	case 5:
		if (m->nkernel == 0)
			break;
		sim_say(sim, iface, "somebody removes an address");
		kernel_remove(m, &m->kernel[0], 0);
		break;
	case 6:
		m->asleep = sim->now + 1 + sim_random(sim, 7200000);
		sim_say(sim, iface, "suspend (slaac)");
		sim_at(sim, m->asleep, resume, iface, m->life, NULL, 0);
		break;
	}
	arm(m);
}

/* ---- what must hold ---- */

static void
check(struct sim *sim, struct sim_iface *iface, void *state)
{
	struct machine6 *m = state;
	const struct kaddr *k;
	uint8_t prefix[16];
	uint64_t until;
	uint16_t n;
	size_t i;

	expire(sim, m);
	if (m->asleep > sim->now || sim->now < m->woke + 1000)
		return;
	for (i = 0; i < m->nkernel; i++) {
		k = &m->kernel[i];
		memcpy(&n, &k->wanted.addr.s6_addr[6], sizeof(n));
		n = ntohs(n);
		prefix_bytes(m, n, prefix);
		until = n < PREFIXES ? m->granted[n] : 0;
		if (memcmp(prefix, &k->wanted.addr, 8) != 0 || until == 0)
			sim_fail(sim, iface, "%s is of no advertised prefix",
			    text(&k->wanted.addr));
		if (until == PROTO_NEVER)
			continue;
		if (sim->now > until + SLACK_MS(m) ||
		    k->valid_until == PROTO_NEVER ||
		    k->valid_until > until + SLACK_MS(m))
			sim_fail(sim, iface,
			    "%s is valid for longer than "
			    "anybody advertised",
			    text(&k->wanted.addr));
	}
	if (m->silent && sim->now > m->silent_at + 1000 && m->nkernel > 0)
		sim_fail(sim, iface, "%s is there though withdrawn",
		    text(&m->kernel[0].wanted.addr));
}

static void
settled(struct sim *sim, struct sim_iface *iface, void *state)
{
	struct machine6 *m = state;
	uint16_t i;
	int has_default = 0;

	if (!slaac_usable(&m->s))
		sim_fail(sim, iface,
		    "no usable IPv6 address, %zu in the "
		    "kernel",
		    m->nkernel);
	for (i = 0; i < m->config.nroutes; i++)
		has_default |= m->config.routes[i].prefixlen == 0;
	if (!has_default)
		sim_fail(sim, iface, "no IPv6 default route");
	if (!m->has_stored)
		sim_fail(sim, iface, "nothing of SLAAC is on disk");
}

const struct sim_machine sim_slaac = {
	.name = "slaac",
	.size = sizeof(struct machine6),
	.start = start,
	.restart = restart,
	.receive = receive,
	.segment = segment,
	.link = link_changed,
	.command = command,
	.check = check,
	.settled = settled,
};

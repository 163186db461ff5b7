/* SPDX-License-Identifier: ISC */
/*
 * The DHCPv4 machine in the simulator: what engine, frontend and parent are
 * to it, and what must hold after each event.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "policy.h"
#include "sim.h"
#include "proto/dhcp4.h"
#include "proto/lease.h"

#define CHANNELS 4
#define RECENT 128
#define SLACK_MS 8000 /* an ACK's way, and rounding up to seconds */

struct channel4 {
	enum channel channel;
	struct in_addr key, peer;
	int open;
	int asked;
};

struct machine4 {
	struct dhcp4 d;
	struct sim_iface *iface;
	struct conf_iface conf;
	uint64_t deadline;
	uint64_t armed; /* an event for this time exists */
	uint32_t life;	/* counts restarts: old events are void */
	struct channel4 channels[CHANNELS];
	/* the disk */
	char file[LEASE_TEXT_MAX];
	size_t filelen;
	uint64_t written;
	/* what was sent lately */
	uint64_t sent[RECENT];
	unsigned int nsent;
	uint32_t last_xid;
	uint8_t last_type;
	uint64_t last_sent;
	int refused_error; /* an ICMP error waits for the next send */
	int released;	   /* silent until told otherwise */
	uint64_t released_at;
	uint64_t removed;
	uint64_t asleep; /* suspended until then */
	uint64_t woke;
	unsigned int immediate; /* timers in a row that did not move time */
};

static void arm(struct machine4 *);
static void begin(struct machine4 *, int from_disk);

static struct machine4 *
machine(struct sim_iface *iface)
{
	return iface->machine[SIM_DHCP4];
}

static const char *
text(struct in_addr a)
{
	static char buf[4][INET_ADDRSTRLEN];
	static unsigned int n;

	n = (n + 1) % 4;
	return inet_ntop(AF_INET, &a, buf[n], sizeof(buf[n]));
}

/* ---- channels ---- */

static struct channel4 *
channel_find(struct machine4 *m, enum channel channel, struct in_addr key)
{
	size_t i;

	for (i = 0; i < CHANNELS; i++)
		if (m->channels[i].asked && m->channels[i].channel == channel &&
		    m->channels[i].key.s_addr == key.s_addr)
			return &m->channels[i];
	return NULL;
}

static void
channel_done(struct sim *sim, struct sim_iface *iface, uint32_t life,
    const uint8_t *data, size_t len)
{
	struct machine4 *m = machine(iface);
	struct channel4 want, *c;
	int error = 0;

	(void)len;
	if (life != m->life)
		return;
	sim->doing = "a channel opens";
	memcpy(&want, data, sizeof(want));
	c = channel_find(m, want.channel, want.key);
	if (c == NULL)
		return; /* closed meanwhile */
	/* The parent: only from an address that it configured. */
	if (want.channel == CHANNEL_UDP4 &&
	    sim_kernel_find(iface, want.key) == NULL)
		error = EACCES;
	else if (sim_chance(sim, sim->trouble.channel_fails))
		error = EMFILE;
	c->open = error == 0;
	if (error != 0)
		c->asked = 0;
	dhcp4_channel(&m->d, want.channel, want.key, error, sim->now);
	arm(m);
}

static void
op_open(
    void *ctx, enum channel channel, struct in_addr key, struct in_addr peer)
{
	struct machine4 *m = ctx;
	struct sim *sim = m->iface->sim;
	struct channel4 *c = channel_find(m, channel, key);
	size_t i;

	for (i = 0; c == NULL && i < CHANNELS; i++)
		if (!m->channels[i].asked)
			c = &m->channels[i];
	if (c == NULL)
		sim_fail(sim, m->iface, "more than %d channels", CHANNELS);
	*c = (struct channel4){
		.channel = channel, .key = key, .peer = peer, .asked = 1
	};
	/* After what was asked of the kernel before. */
	sim_at(sim,
	    (m->iface->kernel_busy > sim->now ? m->iface->kernel_busy
					      : sim->now) +
		1 + sim_random(sim, 10),
	    channel_done, m->iface, m->life, (const uint8_t *)c, sizeof(*c));
}

static void
op_close(void *ctx, enum channel channel, struct in_addr key)
{
	struct machine4 *m = ctx;
	struct channel4 *c = channel_find(m, channel, key);

	if (c != NULL)
		memset(c, 0, sizeof(*c));
}

/* ---- sending ---- */

static uint8_t
type_of(const uint8_t *bootp, size_t len)
{
	size_t i = 240;

	while (i + 2 < len && bootp[i] != 255) {
		if (bootp[i] == 53)
			return bootp[i + 2];
		i += bootp[i] == 0 ? 1U : 2U + bootp[i + 1];
	}
	return 0;
}

/* No message more often than the RFC allows. */
static void
check_rate(struct machine4 *m, const uint8_t *bootp, size_t len)
{
	struct sim *sim = m->iface->sim;
	uint64_t gap = sim->now - m->last_sent, least = 1000;
	uint8_t type = type_of(bootp, len);
	uint32_t xid;

	memcpy(&xid, bootp + 4, 4);
	if (type == 0)
		sim_fail(sim, m->iface, "sent what has no type");
	sim_say(sim, m->iface, "sends %s in %s", dhcp4_type_name(type),
	    dhcp4_state_name(m->d.state));
	if (m->released && type != DHCPRELEASE && sim->now > m->released_at + 1)
		sim_fail(
		    sim, m->iface, "%s though released", dhcp4_type_name(type));
	if (m->d.state == D4_SELECTING || m->d.state == D4_REQUESTING ||
	    m->d.state == D4_REBOOTING)
		least = 3000;
	if (xid == m->last_xid && type == m->last_type && gap < least &&
	    !m->refused_error)
		sim_fail(sim, m->iface, "%s again after %llu ms",
		    dhcp4_type_name(type), (unsigned long long)gap);
	m->last_xid = xid;
	m->last_type = type;
	m->last_sent = sim->now;
	/* And never a storm, whatever happens. */
	if (m->nsent >= RECENT &&
	    sim->now - m->sent[m->nsent % RECENT] < 60 * SIM_SEC)
		sim_fail(
		    sim, m->iface, "more than %d messages in a minute", RECENT);
	m->sent[m->nsent++ % RECENT] = sim->now;
}

static void
sent_result(struct sim *sim, struct sim_iface *iface, uint32_t life,
    const uint8_t *data, size_t len)
{
	struct machine4 *m = machine(iface);
	struct {
		enum channel channel;
		struct in_addr key;
		int error;
	} r;

	(void)len;
	if (life != m->life)
		return;
	memcpy(&r, data, sizeof(r));
	sim->doing = "a send is reported";
	m->refused_error = r.error == ECONNREFUSED;
	dhcp4_sent(&m->d, r.channel, r.key, r.error, sim->now);
	m->refused_error = 0;
	arm(m);
}

static void
op_send(void *ctx, enum channel channel, struct in_addr key, int flags,
    const uint8_t *data, size_t len)
{
	static const uint8_t server_mac[6] = { 2, 0, 0, 0, 1, 0 };
	struct machine4 *m = ctx;
	struct sim *sim = m->iface->sim;
	const struct channel4 *c = channel_find(m, channel, key);
	struct {
		enum channel channel;
		struct in_addr key;
		int error;
	} r = { channel, key, 0 };
	uint8_t frame[SIM_FRAME_MAX];

	if (channel != CHANNEL_ARP)
		check_rate(m, data + (channel == CHANNEL_DHCP4 ? 42 : 0),
		    len - (channel == CHANNEL_DHCP4 ? 42 : 0));
	if (channel != CHANNEL_DHCP4 && (c == NULL || !c->open))
		r.error = ENOTCONN;
	else if (channel == CHANNEL_UDP4 && sim_chance(sim, 50) &&
	    (!sim_server_alive(m->iface->server[0]) ||
		!sim_server_alive(m->iface->server[1])))
		r.error = ECONNREFUSED;
	else if (sim_chance(sim, sim->trouble.send_fails))
		r.error = sim_random(sim, 2) ? ENOBUFS : EPERM;
	if (r.error == 0 && channel == CHANNEL_UDP4) {
		len = dhcp4_frame_build(data, len, m->iface->iface.hwaddr,
		    server_mac, key, c->peer, frame, sizeof(frame));
		data = frame;
	}
	if (r.error == 0)
		sim_to_segment(m->iface, data, len);
	if (r.error != 0 || (flags & SEND_WANT_RESULT))
		sim_at(sim, sim->now + sim_random(sim, 5), sent_result,
		    m->iface, m->life, (const uint8_t *)&r, sizeof(r));
}

/* ---- the rest of what a machine may ask ---- */

static void
timer(struct sim *sim, struct sim_iface *iface, uint32_t life,
    const uint8_t *data, size_t len)
{
	struct machine4 *m = machine(iface);

	(void)data;
	(void)len;
	if (life != m->life)
		return;
	if (m->armed == sim->now)
		m->armed = PROTO_NEVER;
	if (m->asleep > sim->now || m->deadline > sim->now) {
		arm(m);
		return;
	}
	sim->doing = "a timer fires";
	m->deadline = PROTO_NEVER;
	dhcp4_timer(&m->d, sim->now);
	m->immediate = m->deadline <= sim->now ? m->immediate + 1 : 0;
	if (m->immediate > 3)
		sim_fail(sim, iface, "the timer spins");
	arm(m);
}

static void
arm(struct machine4 *m)
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

static void
op_deadline(void *ctx, uint64_t when)
{
	struct machine4 *m = ctx;

	/* What is overdue is due now. */
	m->deadline = when < m->iface->sim->now ? m->iface->sim->now : when;
}

static void
configured(struct sim *sim, struct sim_iface *iface, uint32_t serial,
    const uint8_t *data, size_t len)
{
	struct machine4 *m = machine(iface);
	uint32_t error;

	(void)len;
	memcpy(&error, data, sizeof(error));
	dhcp4_configured(&m->d, serial, (int)error, sim->now);
	arm(m);
}

static void
op_configure4(void *ctx, const struct config4 *config)
{
	struct machine4 *m = ctx;

	sim_configure4(m->iface, config, configured);
}

static void
op_dns(void *ctx, const struct dns_set *dns)
{
	(void)ctx;
	(void)dns;
}

/* The engine's wall clock is the simulator's own. */
static void
op_store4(void *ctx, const struct lease4 *lease)
{
	struct machine4 *m = ctx;
	struct lease4 back;
	const char *why;
	int line;

	m->filelen = 0;
	if (lease == NULL)
		return;
	m->written = m->iface->sim->now;
	m->filelen =
	    lease4_format(lease, m->written / 1000, m->file, sizeof(m->file));
	if (m->filelen == 0 ||
	    lease4_parse(
		(const uint8_t *)m->file, m->filelen, &back, &why, &line) == -1)
		sim_fail(
		    m->iface->sim, m->iface, "a lease that cannot be kept");
}

static void
op_event(void *ctx, enum proto_event event, const struct lease4 *lease,
    const char *reason)
{
	(void)ctx;
	(void)event;
	(void)lease;
	(void)reason;
}

static void
op_log(void *ctx, int priority, const char *fmt, ...)
{
	struct machine4 *m = ctx;
	char line[256];
	va_list ap;

	(void)priority;
	if (!m->iface->sim->verbose)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	sim_say(m->iface->sim, m->iface, "dhcp4: %s", line);
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
	struct machine4 *m = ctx;

	return sim_random(m->iface->sim, bound);
}

static int
op_addr4_usable(void *ctx, struct in_addr addr, uint8_t prefixlen)
{
	(void)ctx;
	return policy_addr4(addr, prefixlen) == REFUSE_NOT;
}

static const struct proto_ops ops = {
	.send = op_send,
	.open = op_open,
	.close = op_close,
	.deadline = op_deadline,
	.configure4 = op_configure4,
	.dns = op_dns,
	.store4 = op_store4,
	.event = op_event,
	.log = op_log,
	.count = op_count,
	.random = op_random,
	.addr4_usable = op_addr4_usable,
};

/* ---- start, restart ---- */

static void
begin(struct machine4 *m, int from_disk)
{
	struct sim_iface *iface = m->iface;
	struct sim *sim = iface->sim;
	struct lease4 lease;
	const char *why;
	size_t i;
	int line;

	m->life++;
	m->deadline = m->armed = PROTO_NEVER;
	m->released = 0;
	memset(m->channels, 0, sizeof(m->channels));
	dhcp4_init(&m->d, &ops, m);
	dhcp4_configure(
	    &m->d, &m->conf, (const uint8_t *)"\0\4duid", 6, sim->now);
	dhcp4_interface(&m->d, &iface->iface, 1, sim->now);
	if (from_disk && m->filelen > 0) {
		if (lease4_parse((const uint8_t *)m->file, m->filelen, &lease,
			&why, &line) == -1)
			sim_fail(sim, iface, "lease file: %s", why);
		dhcp4_stored(&m->d, &lease,
		    (uint32_t)((sim->now - m->written) / 1000), sim->now);
	}
	for (i = 0; from_disk && i < iface->naddrs; i++)
		dhcp4_adopted(&m->d, iface->addrs[i].addr,
		    iface->addrs[i].prefixlen, sim->now);
	dhcp4_start(&m->d, sim->now);
	arm(m);
}

static void
start(struct sim *sim, struct sim_iface *iface, void *state)
{
	static const uint8_t detection[] = { ACD_FAST, ACD_FAST, ACD_STRICT,
		ACD_OFF };
	struct machine4 *m = state;

	m->iface = iface;
	conf_iface_defaults(&m->conf);
	m->conf.conflict_detection = detection[sim_random(sim, 4)];
	m->conf.startup_delay = sim_chance(sim, 200) ? 10 : 0;
	m->conf.rapid_commit = sim_chance(sim, 700);
	m->conf.anonymous = sim_chance(sim, 100);
	m->conf.link_local = iface->link_local = sim_chance(sim, 300);
	begin(m, 0);
}

/* kill -9: what the parent configured stays, what was on its way is lost. */
static void
restart(struct sim *sim, struct sim_iface *iface, void *state)
{
	struct machine4 *m = state;
	int was = m->d.has_lease && m->d.configured;
	struct in_addr addr = m->d.lease.addr;
	const struct sim_addr *held = sim_kernel_find(iface, addr);

	if (m->asleep > sim->now)
		return;
	sim_say(sim, iface, "restart");
	iface->kernel_life++;
	begin(m, 1);
	/* State after a restart equals the lease file. */
	if (was && held != NULL && m->filelen > 0 && !m->conf.anonymous &&
	    held->valid_until > sim->now + SLACK_MS &&
	    (!m->d.has_lease || m->d.lease.addr.s_addr != addr.s_addr))
		sim_fail(sim, iface, "%s was not adopted", text(addr));
}

/* ---- what happens ---- */

static void
receive(struct sim *sim, struct sim_iface *iface, void *state,
    const uint8_t *data, size_t len)
{
	struct machine4 *m = state;
	struct channel4 copy[CHANNELS];
	size_t i;

	(void)iface;
	if (m->asleep > sim->now)
		return;
	if (len > 14 && data[12] == 8 && data[13] == 0) {
		dhcp4_receive(&m->d, data, len, 0, sim->now);
	} else if (len > 14 && data[12] == 8 && data[13] == 6) {
		/* Each ARP descriptor's filter passes what is about its
		 * address; a handler may close or open some. */
		memcpy(copy, m->channels, sizeof(copy));
		for (i = 0; i < CHANNELS; i++)
			if (copy[i].open && copy[i].channel == CHANNEL_ARP)
				dhcp4_receive_arp(
				    &m->d, copy[i].key, data, len, sim->now);
	}
	arm(m);
}

static void
link_changed(struct sim *sim, struct sim_iface *iface, void *state, int up)
{
	struct machine4 *m = state;

	if (up)
		m->released = 0;
	dhcp4_interface(&m->d, &iface->iface, 1, sim->now);
	arm(m);
}

static void
resume(struct sim *sim, struct sim_iface *iface, uint32_t life,
    const uint8_t *data, size_t len)
{
	struct machine4 *m = machine(iface);

	(void)data;
	(void)len;
	sim->doing = "the host resumes";
	m->asleep = 0;
	m->woke = sim->now;
	if (life != m->life)
		return;
	if (m->deadline <= sim->now) {
		m->deadline = PROTO_NEVER;
		dhcp4_timer(&m->d, sim->now);
	}
	arm(m);
}

static void
release(struct sim *sim, struct machine4 *m)
{
	sim_say(sim, m->iface, "release");
	m->released = 1;
	m->released_at = sim->now + 200;
	dhcp4_release(&m->d, sim->now);
}

static void
command(struct sim *sim, struct sim_iface *iface, void *state, uint32_t n)
{
	struct machine4 *m = state;
	struct in_addr addr;

	if (m->asleep > sim->now && n != UINT32_MAX)
		return;
	switch (n == UINT32_MAX ? 0 : n % 6) {
	case 0:
	case 1:
		sim_say(sim, iface, "renew");
		m->released = 0;
		m->asleep = 0;
		m->last_type = 0; /* asked for by hand: at once */
		dhcp4_renew(&m->d, sim->now);
		break;
	case 2:
		release(sim, m);
		break;
	case 3:
		m->asleep = sim->now + 1 + sim_random(sim, 7200000);
		sim_say(sim, iface, "suspend");
		sim_at(sim, m->asleep, resume, iface, m->life, NULL, 0);
		break;
	case 4:
		/* Twice in ten seconds is taken for the last word. */
		if (iface->naddrs == 0 || sim->now < m->removed + 60 * SIM_SEC)
			break;
		m->removed = sim->now;
		addr = iface->addrs[0].addr;
		sim_say(sim, iface, "somebody removes %s", text(addr));
		iface->addrs[0] = iface->addrs[--iface->naddrs];
		dhcp4_address_gone(&m->d, addr, sim->now);
		break;
	case 5:
		sim_say(sim, iface, "reload");
		m->conf.broadcast = !m->conf.broadcast;
		m->conf.rapid_commit = sim_chance(sim, 700);
		m->conf.lease_time = sim_chance(sim, 500) ? 600 : 0;
		m->conf.host_name[0] = sim_chance(sim, 500) ? 'h' : '\0';
		dhcp4_configure(
		    &m->d, &m->conf, (const uint8_t *)"\0\4duid", 6, sim->now);
		break;
	}
	arm(m);
}

/* ---- what must hold ---- */

static void
check(struct sim *sim, struct sim_iface *iface, void *state)
{
	struct machine4 *m = state;
	const struct sim_addr *a;
	uint64_t until;
	size_t i;

	if (m->asleep > sim->now || sim->now < m->woke + 1000)
		return;
	for (i = 0; i < iface->naddrs; i++) {
		a = &iface->addrs[i];
		if (linklocal4_is(a->addr)) {
			if (!m->conf.link_local)
				sim_fail(sim, iface, "link-local address");
			continue;
		}
		until = sim_granted_until(iface, a->addr);
		if (until == 0)
			sim_fail(
			    sim, iface, "%s was never granted", text(a->addr));
		if (until != PROTO_NEVER && sim->now > until + SLACK_MS)
			sim_fail(sim, iface, "%s is %llu ms past its lease",
			    text(a->addr),
			    (unsigned long long)(sim->now - until));
	}
	if (m->deadline < sim->now)
		sim_fail(sim, iface, "a deadline in the past");
	if (m->released && sim->now > m->released_at + 1000 &&
	    iface->naddrs > 0)
		sim_fail(sim, iface, "%s is there though released",
		    text(iface->addrs[0].addr));
	if (m->d.state == D4_BOUND && !m->d.has_lease)
		sim_fail(sim, iface, "bound to nothing");
	if (m->d.state == D4_BOUND &&
	    m->d.lease.lease_sec != LIFETIME_INFINITE &&
	    (m->d.when[TIMER_T1] == PROTO_NEVER ||
		m->d.when[TIMER_EXPIRE] == PROTO_NEVER))
		sim_fail(sim, iface, "bound, and nothing will renew it");
}

/* With a live server and a link: an address. */
static void
settled(struct sim *sim, struct sim_iface *iface, void *state)
{
	struct machine4 *m = state;

	if (m->d.state != D4_BOUND && m->d.state != D4_RENEWING &&
	    m->d.state != D4_REBINDING)
		sim_fail(
		    sim, iface, "still in %s", dhcp4_state_name(m->d.state));
	if (!m->d.configured)
		sim_fail(sim, iface, "the lease is not called configured");
	if (sim_kernel_find(iface, m->d.lease.addr) == NULL)
		sim_fail(sim, iface, "%s is not in the kernel",
		    text(m->d.lease.addr));
	if (iface->naddrs != 1)
		sim_fail(sim, iface, "%zu addresses", iface->naddrs);
	if (m->filelen == 0)
		sim_fail(sim, iface, "the lease is not on disk");
}

const struct sim_machine sim_dhcp4 = {
	.name = "dhcp4",
	.size = sizeof(struct machine4),
	.start = start,
	.restart = restart,
	.receive = receive,
	.link = link_changed,
	.command = command,
	.check = check,
	.settled = settled,
};

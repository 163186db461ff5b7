/* SPDX-License-Identifier: ISC */
/* What happens to a world, and how often. */

#include <string.h>

#include "sim.h"

/* ---- the daemon ---- */

static void
killed(struct sim_iface *iface)
{
	struct sim *sim = iface->sim;
	uint64_t away = sim_chance(sim, 500) ? 1 : sim_span(sim) / 12;

	sim_say(
	    sim, NULL, "killed, away for %llu ms", (unsigned long long)away);
	sim_engine_kill(sim);
	sim_start_in(sim, away);
}

static void
stop(struct sim_iface *iface)
{
	struct sim *sim = iface->sim;
	const struct ipc_stop msg = { .withdraw = sim_chance(sim, 300) };
	unsigned int i;

	if (!sim->running || sim->stopping)
		return;
	sim_say(sim, NULL, "stop%s", msg.withdraw ? ", withdraw" : "");
	sim->stopping = 1;
	sim->stop_asked = sim->now;
	for (i = 0; i < sim->nifaces; i++) {
		sim->ifaces[i].excused = sim->now;
		if (msg.withdraw || sim_releases(sim))
			sim->ifaces[i].usable = 0;
	}
	SIM_TELL(sim, MSG_SHUTDOWN, msg);
}

/* ---- the host ---- */

static void
resume(struct sim *sim, struct sim_iface *iface, uint32_t n,
    const uint8_t *data, size_t len)
{
	unsigned int i;

	(void)n;
	(void)data;
	(void)len;
	sim->doing = "the host resumes";
	sim->asleep = 0;
	sim->woke = sim->now;
	(void)iface;
	for (i = 0; i < sim->nifaces; i++) {
		sim->ifaces[i].usable = 0;
		sim->ifaces[i].excused = sim->now;
	}
	if (sim->clock_stops || sim_chance(sim, 500))
		for (i = 0; i < sim->nifaces; i++)
			sim_control(&sim->ifaces[i], CTL_CMD_RESUME);
}

static void
suspend(struct sim_iface *iface)
{
	struct sim *sim = iface->sim;
	uint64_t ms = 1 + sim_random(sim, 7200000);

	/* What waits in a channel would be taken for new. */
	if (sim->behind > sim->now)
		return;
	sim_say(sim, NULL, "suspend");
	sim->asleep = sim->now + ms;
	if (sim->clock_stops) {
		sim->uncounted += ms;
		if (sim->timer != PROTO_NEVER)
			sim->timer += ms;
	}
	sim_at(sim, sim->asleep, resume, iface, 0, NULL, 0);
}

static void
drained(struct sim *sim, struct sim_iface *iface, uint32_t n,
    const uint8_t *data, size_t len)
{
	(void)iface;
	(void)n;
	(void)data;
	(void)len;
	sim->doing = "the channels have drained";
}

static void
behind(struct sim_iface *iface)
{
	struct sim *sim = iface->sim;

	sim->behind = sim->now + 1 + sim_random(sim, 3000);
	sim_say(sim, NULL, "the channels are full");
	sim_at(sim, sim->behind, drained, iface, 0, NULL, 0);
}

/* ---- an interface ---- */

void
sim_link_set(struct sim_iface *iface, int up)
{
	if (iface->up == up)
		return;
	iface->up = up;
	iface->iface.flags ^= IFACE_RUNNING;
	iface->excused = iface->sim->now;
	sim_say(iface->sim, iface, "link %s", up ? "up" : "down");
	sim_tell_iface(iface);
}

static void
link_up(struct sim *sim, struct sim_iface *iface, uint32_t n,
    const uint8_t *data, size_t len)
{
	(void)n;
	(void)data;
	(void)len;
	sim->doing = "the link comes up";
	sim_link_set(iface, 1);
}

static void
flap(struct sim_iface *iface)
{
	struct sim *sim = iface->sim;

	sim_link_set(iface, 0);
	sim_at(sim, sim->now + sim_span(sim), link_up, iface, 0, NULL, 0);
}

/* It is there again, as another one for the kernel. */
void
sim_arrive(struct sim *sim, struct sim_iface *iface, uint32_t n,
    const uint8_t *data, size_t len)
{
	(void)n;
	(void)data;
	(void)len;
	sim->doing = "an interface arrives";
	if (iface->present)
		return;
	if (sim->asleep > sim->now) {
		sim_at(sim, sim->asleep, sim_arrive, iface, 0, NULL, 0);
		return;
	}
	sim_say(sim, iface, "arrives");
	iface->present = 1;
	iface->excused = sim->now;
	iface->iface.ifindex += 10;
	if (sim->running)
		sim_hand_out(iface);
}

static void
depart(struct sim_iface *iface)
{
	struct sim *sim = iface->sim;

	if (!iface->present)
		return;
	sim_say(sim, iface, "departs");
	iface->present = 0;
	sim_let_go(iface, 1);
	sim_at(sim, sim->now + sim_span(sim), sim_arrive, iface, 0, NULL, 0);
}

static void
rename_it(struct sim_iface *iface)
{
	sim_say(iface->sim, iface, "is renamed");
	iface->iface.name[1] ^= 'm' ^ 'n'; /* em0, en0 */
	sim_tell_iface(iface);
}

/* A reload tells of every interface, and changes this one. */
static void
reload(struct sim_iface *iface)
{
	struct sim *sim = iface->sim;
	struct conf_iface *conf = &iface->conf;
	struct sim_iface *each;

	sim_say(sim, iface, "reload");
	conf->broadcast = !conf->broadcast;
	conf->rapid_commit = sim_chance(sim, 700);
	conf->lease_time = sim_chance(sim, 500) ? 600 : 0;
	conf->host_name[0] = sim_chance(sim, 500) ? 'h' : '\0';
	conf->select = sim_chance(sim, 500) ? SELECT_FIRST : SELECT_BEST;
	conf->nprefixes = sim_chance(sim, 700);
	conf->reconfigure = sim_chance(sim, 500);
	conf->register_addr = sim_chance(sim, 500);
	iface->excused = sim->now;
	for (each = sim->ifaces; each < sim->ifaces + sim->nifaces; each++) {
		if (!each->handed)
			continue;
		sim_tell_conf(each);
		sim_tell_iface(each);
		if (each == iface)
			sim_channels_open(each);
	}
}

static void
remove_address(struct sim_iface *iface)
{
	struct sim *sim = iface->sim;

	/* Twice in ten seconds is taken for the last word. */
	if (sim->now < iface->removed + 60 * SIM_SEC)
		return;
	sim_say(sim, iface, "somebody removes an address");
	if (sim_kernel_remove(iface))
		iface->removed = sim->now;
}

static void
renew(struct sim_iface *iface)
{
	sim_control(iface, CTL_CMD_RENEW);
}

static void
release(struct sim_iface *iface)
{
	sim_control(iface, CTL_CMD_RELEASE);
}

/* ---- its segment ---- */

static void
server_up(struct sim *sim, struct sim_iface *iface, uint32_t n,
    const uint8_t *data, size_t len)
{
	(void)data;
	(void)len;
	sim->doing = "a server comes up";
	sim_say(sim, iface, "server %u up", n);
	sim_server_set(iface->server[n], 1);
}

static void
server_down(struct sim_iface *iface)
{
	struct sim *sim = iface->sim;
	uint32_t n = sim_random(sim, SIM_SERVERS);

	sim_say(sim, iface, "server %u down", n);
	sim_server_set(iface->server[n], 0);
	sim_at(sim, sim->now + sim_span(sim), server_up, iface, n, NULL, 0);
}

static void
renumber(struct sim_iface *iface)
{
	uint32_t n = sim_random(iface->sim, SIM_SERVERS);

	sim_say(iface->sim, iface, "server %u renumbers", n);
	sim_server_renumber(iface->server[n]);
}

static void
thief(struct sim_iface *iface)
{
	if (iface->naddrs == 0)
		return;
	iface->thief = iface->addrs[0].addr;
	iface->thief_until = iface->sim->now + sim_span(iface->sim);
	sim_say(iface->sim, iface, "another host has our address");
}

void
sim_new_trouble(struct sim_iface *iface)
{
	struct sim *sim = iface->sim;
	struct sim_trouble *t = &iface->trouble;

	memset(t, 0, sizeof(*t));
	t->delay_min = 1;
	t->delay_max = 2 + sim_random(sim, sim_chance(sim, 300) ? 3000 : 50);
	if (sim_chance(sim, 600))
		t->loss = sim_random(sim, sim_chance(sim, 200) ? 900 : 300);
	if (sim_chance(sim, 400))
		t->duplicate = sim_random(sim, 300);
	if (sim_chance(sim, 400))
		t->corrupt = sim_random(sim, 200);
	if (sim_chance(sim, 200))
		t->kernel_fails = sim_random(sim, 300);
	if (sim_chance(sim, 200))
		t->send_fails = sim_random(sim, 300);
	if (sim_chance(sim, 200))
		t->channel_fails = sim_random(sim, 300);
	t->duplicates = sim_chance(sim, 200) ? 500 : 30;
	if (!iface->downstream && sim->running && sim_chance(sim, 300))
		sim_new_trouble(&sim->ifaces[sim->nifaces - 1]);
}

/* What may happen, and how often. */
static const struct happening {
	const char *doing;
	void (*fn)(struct sim_iface *);
	unsigned int weight;
} happenings[] = {
	{ "a link goes down", flap, 12 },
	{ "a server goes down", server_down, 10 },
	{ "a server renumbers", renumber, 8 },
	{ "another host takes an address", thief, 8 },
	{ "another host claims an address", sim_thief_claims, 8 },
	{ "the daemon is killed", killed, 4 },
	{ "the daemon is stopped", stop, 2 },
	{ "the host is suspended", suspend, 3 },
	{ "trouble changes", sim_new_trouble, 12 },
	{ "renew", renew, 5 },
	{ "release", release, 4 },
	{ "reload", reload, 6 },
	{ "an address is removed", remove_address, 6 },
	{ "a router changes", sim_router_happens, 20 },
	{ "a DHCPv6 server changes", sim_server6_happens, 20 },
	{ "an interface departs", depart, 3 },
	{ "an interface is renamed", rename_it, 2 },
	{ "descriptors fail", sim_channels_fail, 4 },
	{ "a flood", sim_flood, 3 },
	{ "channels are full", behind, 6 },
	{ "a client asks", sim_control_random, 12 },
};
#define HAPPENINGS (sizeof(happenings) / sizeof(happenings[0]))

void
sim_happen(struct sim *sim, struct sim_iface *iface, uint32_t n,
    const uint8_t *data, size_t len)
{
	const struct happening *what = happenings;
	unsigned int sum = 0, i;

	(void)n;
	(void)data;
	(void)len;
	if (sim->calm)
		return;
	for (i = 0; i < HAPPENINGS; i++)
		sum += happenings[i].weight;
	sum = sim_random(sim, sum);
	while (sum >= what->weight)
		sum -= what++->weight;
	sim->doing = what->doing;
	if (sim->asleep <= sim->now && iface->present && iface->up)
		what->fn(iface);
	/* Troubles seldom come alone. */
	sim_at(sim,
	    sim->now +
		(sim_chance(sim, 300) ? sim_random(sim, 300) : sim_span(sim)),
	    sim_happen, iface, 0, NULL, 0);
}

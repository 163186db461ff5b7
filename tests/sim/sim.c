/* SPDX-License-Identifier: ISC */
/*
 * The simulator's worlds and what happens to them: see sim.h.
 *
 *	sim [-s FIRST] [-n SEEDS] [-t HOURS] [-v]
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sim6.h"

#define CALM_TAIL (40 * 60 * SIM_SEC) /* at the end of each world */
#define EVENTS_MAX 4000000	      /* nothing may spin */
#define SPIN_MAX 30

static uint64_t total_events, total_frames, total_ms;

/* ---- the daemon ---- */

static void
start_daemon(struct sim *sim)
{
	struct sim_iface *iface;

	if (sim->running)
		return;
	sim_engine_start(sim);
	for (iface = sim->ifaces; iface < sim->ifaces + sim->nifaces; iface++) {
		memset(iface->last4, 0, sizeof(iface->last4));
		memset(iface->last6, 0, sizeof(iface->last6));
		iface->handed = 0;
		iface->excused = sim->now;
		/* The parent takes back what nothing is assigned to. */
		if (iface->downstream && !sim_has_uplink(sim))
			sim_kernel_clear(iface);
		if (iface->present)
			sim_hand_out(iface);
	}
	sim_engine_turn(sim);
	sim->doing = "a restart";
	for (iface = sim->ifaces; iface < sim->ifaces + sim->nifaces; iface++)
		if (sim->behind == 0)
			sim_check_restored(iface);
}

static void
later(struct sim *sim, struct sim_iface *iface, uint32_t n, const uint8_t *data,
    size_t len)
{
	(void)iface;
	(void)n;
	(void)data;
	(void)len;
	sim->doing = "the daemon starts again";
	if (sim->asleep > sim->now)
		sim_at(sim, sim->asleep, later, NULL, 0, NULL, 0);
	else
		start_daemon(sim);
}

void
sim_start_in(struct sim *sim, uint64_t ms)
{
	sim_at(sim, sim->now + ms, later, NULL, 0, NULL, 0);
}

/* ---- calm ---- */

static void
reconfigure(struct sim *sim, struct sim_iface *iface, uint32_t n,
    const uint8_t *data, size_t len)
{
	struct server6 *s = iface->server6[n];
	const struct eif *eif = sim_eif(iface);
	const struct dhcp6_lease *lease = &eif->dhcp6.lease;
	const struct in6_addr *to = server6_reconfigure(s);

	(void)data;
	(void)len;
	sim->doing = "a server asks to renew";
	if (to == NULL || !iface->conf.reconfigure ||
	    eif->dhcp6.state != D6_BOUND || !lease->has_key ||
	    memcmp(lease->key, s->key, sizeof(s->key)) != 0 ||
	    lease->ias[DHCP6_IA_NA].server.duid[5] != s->n ||
	    lease->naddrs == 0 ||
	    !IN6_ARE_ADDR_EQUAL(to, &lease->addrs[0].addr) ||
	    !sim_is_open(iface, CHANNEL_DHCP6, &lease->addrs[0].addr))
		return;
	sim_say(sim, iface, "must follow a Reconfigure");
	iface->reconfigured = sim->now;
}

static void
calm_iface(struct sim_iface *iface)
{
	struct sim *sim = iface->sim;
	unsigned int s;

	memset(&iface->trouble, 0, sizeof(iface->trouble));
	iface->trouble.delay_min = 1;
	iface->trouble.delay_max = 3;
	iface->thief.s_addr = 0;
	/* Two that differ are trouble, too. */
	for (s = 0; s < SIM_SERVERS; s++) {
		sim_server_set(iface->server[s], s == 0 || !iface->quiet);
		if (iface->quiet)
			sim_server_calm(iface->server[s]);
	}
	sim_routers_calm(iface);
	sim_servers6_calm(iface);
	sim_say(sim, iface, "calm");
}

/* From now on nothing happens: what is down comes up, and administrators put
 * right what they did. */
static void
be_calm(struct sim *sim, struct sim_iface *unused, uint32_t n,
    const uint8_t *data, size_t len)
{
	struct sim_iface *iface;

	(void)unused;
	(void)n;
	(void)data;
	(void)len;
	sim->doing = "calm begins";
	if (sim->asleep > sim->now || sim->stopping || !sim->running) {
		sim_at(sim, sim->now + 1000, be_calm, NULL, 0, NULL, 0);
		return;
	}
	sim->calm = 1;
	sim->end = sim->now + CALM_TAIL;
	for (iface = sim->ifaces; iface < sim->ifaces + sim->nifaces; iface++) {
		calm_iface(iface);
		if (!iface->present)
			sim_arrive(sim, iface, 0, NULL, 0);
		sim_link_set(iface, 1);
		sim_channels_open(iface);
		if (iface->downstream)
			continue;
		sim_control(iface, CTL_CMD_RENEW);
		sim_at(sim, sim->now + CALM_TAIL / 2, reconfigure, iface,
		    sim_random(sim, SIM_SERVERS), NULL, 0);
	}
}

/* ---- a world ---- */

static void
configure(struct sim_iface *iface)
{
	static const uint8_t detection[] = { ACD_FAST, ACD_FAST, ACD_STRICT,
		ACD_OFF };
	struct sim *sim = iface->sim;
	struct conf_iface *conf = &iface->conf;
	struct conf_assign *assign = &conf->prefixes[0].assigns[0];

	conf_iface_defaults(conf);
	if (iface->downstream) {
		conf->dhcp4 = conf->slaac = conf->dhcp6 = CONF_NO;
		return;
	}
	conf->conflict_detection = detection[sim_random(sim, 4)];
	conf->startup_delay = sim_chance(sim, 200) ? 10 : 0;
	conf->rapid_commit = sim_chance(sim, 700);
	conf->anonymous = sim_chance(sim, 100) && !iface->quiet;
	conf->link_local = sim_chance(sim, 300);
	conf->temporary = sim_chance(sim, 300);
	conf->dhcp6 = sim_chance(sim, 500) ? CONF_YES : CONF_AUTO;
	conf->reconfigure = sim_chance(sim, 500);
	conf->register_addr = sim_chance(sim, 500);
	conf->nprefixes = sim_chance(sim, 700);
	conf->prefixes[0].nassigns = 1;
	snprintf(assign->ifname, sizeof(assign->ifname), "lan");
	assign->subnet = iface->index;
	assign->length = 64;
}

int
sim_has_uplink(const struct sim *sim)
{
	unsigned int i;

	for (i = 0; i < sim->nifaces; i++)
		if (sim->ifaces[i].conf.nprefixes > 0)
			return 1;
	return 0;
}

int
sim_releases(const struct sim *sim)
{
	return sim->seed % 8 == 0;
}

static void
iface_make(struct sim *sim, unsigned int i)
{
	struct sim_iface *iface = &sim->ifaces[i];
	unsigned int s;

	iface->sim = sim;
	iface->index = i + 2;
	iface->up = iface->present = 1;
	iface->downstream = i + 1 == sim->nifaces;
	iface->iface = (struct interface){ .ifindex = i + 2,
		.flags = IFACE_UP | IFACE_RUNNING | IFACE_ETHERNET,
		.mtu = 1500,
		.max_mtu = 9000,
		.hwtype = 1,
		.hwaddr_len = 6,
		.hwaddr = { 2, 0, 0, 0, 0, (uint8_t)(i + 1) } };
	snprintf(iface->iface.name, sizeof(iface->iface.name),
	    iface->downstream ? "lan" : "em%u", i);
	iface->quiet = i == 0 && sim->nifaces > 2 && sim_chance(sim, 600);
	configure(iface);
	for (s = 0; s < SIM_SERVERS; s++)
		iface->server[s] = sim_server_new(iface, s);
	sim_routers_start(iface);
	sim_servers6_start(iface);
	sim_new_trouble(iface);
	if (iface->downstream)
		for (s = 0; s < SIM_ROUTERS; s++)
			iface->routers[s].alive = 0;
	else if (!iface->quiet)
		sim_at(sim, sim->now + sim_span(sim), sim_happen, iface, 0,
		    NULL, 0);
	if (iface->quiet)
		calm_iface(iface);
}

static void
world_make(struct sim *sim)
{
	unsigned int i;

	sim->random = sim->seed * 0x2545f4914f6cdd1dULL + 1;
	sim->now = 1000000;
	sim->doing = "starting";
	sim->nifaces = 2 + sim_random(sim, SIM_UPLINKS);
	sim->clock_stops = sim_chance(sim, 300);
	for (i = 0; i < sim->nifaces; i++)
		iface_make(sim, i);
	start_daemon(sim);
}

static void
world_free(struct sim *sim)
{
	struct sim_iface *iface;
	unsigned int s;

	sim_engine_kill(sim);
	while (sim->nheap > 0)
		free(sim->heap[--sim->nheap].data);
	free(sim->heap);
	for (iface = sim->ifaces; iface < sim->ifaces + sim->nifaces; iface++) {
		for (s = 0; s < SIM_SERVERS; s++)
			sim_server_free(iface->server[s]);
		sim_servers6_free(iface);
	}
}

/* The next event, or the engine's timer. */
static void
step(struct sim *sim)
{
	uint64_t due = sim_engine_due(sim);
	struct sim_event e;

	if (due < sim->heap[0].when) {
		sim->immediate = due == sim->now ? sim->immediate + 1 : 0;
		if (sim->immediate > SPIN_MAX)
			sim_fail(sim, NULL, "the timer spins");
		sim->now = due;
		sim_engine_timer(sim);
	} else {
		e = sim_next(sim);
		if (e.when != sim->now)
			sim->immediate = 0;
		sim->now = e.when;
		e.fn(sim, e.iface, e.n, e.data, e.len);
		free(e.data);
	}
	sim_engine_turn(sim);
}

static void
world_run(uint64_t seed, uint64_t ms, int verbose)
{
	static struct sim sim;
	unsigned int i;

	memset(&sim, 0, sizeof(sim));
	sim.seed = seed;
	sim.verbose = verbose;
	world_make(&sim);
	sim.end = PROTO_NEVER;
	sim_at(&sim, sim.now + ms, be_calm, NULL, 0, NULL, 0);
	/* Routers never cease: there is always a next event. */
	while (sim.heap[0].when <= sim.end) {
		step(&sim);
		for (i = 0; i < sim.nifaces; i++)
			sim_check(&sim.ifaces[i]);
		sim_control_check(&sim);
		if (sim.stopping && sim.now > sim.stop_asked + 60 * SIM_SEC &&
		    sim.now > sim.woke + 60 * SIM_SEC && sim.asleep <= sim.now)
			sim_fail(&sim, NULL, "does not stop");
		if (++sim.nevents > EVENTS_MAX)
			sim_fail(&sim, NULL, "too many events");
	}
	sim.doing = "the world has been calm for long";
	for (i = 0; i < sim.nifaces; i++)
		sim_check_settled(&sim.ifaces[i]);
	total_events += sim.nevents;
	total_frames += sim.frames;
	total_ms += (ms + CALM_TAIL) * (sim.nifaces - 1);
	world_free(&sim);
}

int
main(int argc, char **argv)
{
	uint64_t first = 1, seeds = 1, hours = 12, i;
	struct timespec a, b;
	int ch, verbose = 0;
	double sec;

	while ((ch = getopt(argc, argv, "n:s:t:v")) != -1) {
		switch (ch) {
		case 'n':
			seeds = strtoull(optarg, NULL, 10);
			break;
		case 's':
			first = strtoull(optarg, NULL, 10);
			break;
		case 't':
			hours = strtoull(optarg, NULL, 10);
			break;
		case 'v':
			verbose = 1;
			break;
		default:
			fprintf(stderr,
			    "usage: sim [-v] [-n seeds] [-s first] "
			    "[-t hours]\n");
			return 2;
		}
	}
	clock_gettime(CLOCK_MONOTONIC, &a);
	for (i = 0; i < seeds; i++)
		world_run(first + i, hours * SIM_HOUR, verbose);
	clock_gettime(CLOCK_MONOTONIC, &b);
	sec = (double)(b.tv_sec - a.tv_sec) +
	    (double)(b.tv_nsec - a.tv_nsec) / 1e9;
	printf("sim: seeds %llu to %llu, %.0f client-hours, %llu events, "
	       "%llu frames, %.0f events/s, no invariant broken\n",
	    (unsigned long long)first, (unsigned long long)(first + seeds - 1),
	    (double)total_ms / SIM_HOUR, (unsigned long long)total_events,
	    (unsigned long long)total_frames,
	    sec > 0 ? (double)total_events / sec : 0);
	return 0;
}

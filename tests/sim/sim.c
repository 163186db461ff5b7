/* SPDX-License-Identifier: ISC */
/*
 * The simulator's clock, random source, network and trouble: see sim.h.
 *
 *	sim [-s FIRST] [-n SEEDS] [-t HOURS] [-v]
 */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sim.h"

#define CALM_TAIL (40 * 60 * SIM_SEC) /* at the end of each world */

const struct sim_machine *const sim_machines[] = { [SIM_DHCP4] = &sim_dhcp4,
	[SIM_SLAAC] = &sim_slaac,
	[SIM_DHCP6] = &sim_dhcp6 };
const size_t sim_nmachines = sizeof(sim_machines) / sizeof(sim_machines[0]);

static uint64_t total_events, total_frames, total_ms;

/* splitmix64: any seed is a good one. */
uint32_t
sim_random(struct sim *sim, uint32_t bound)
{
	uint64_t z = sim->random += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	z ^= z >> 31;
	return bound == 0 ? (uint32_t)z : (uint32_t)((z >> 32) % bound);
}

int
sim_chance(struct sim *sim, uint32_t per_thousand)
{
	return sim_random(sim, 1000) < per_thousand;
}

static void
report(const struct sim *sim, const struct sim_iface *iface, const char *fmt,
    va_list ap)
{
	printf("%12.3f if%u ", (double)sim->now / 1000,
	    iface != NULL ? iface->index : 0);
	vprintf(fmt, ap);
	putchar('\n');
}

void
sim_say(struct sim *sim, const struct sim_iface *iface, const char *fmt, ...)
{
	va_list ap;

	if (!sim->verbose)
		return;
	va_start(ap, fmt);
	report(sim, iface, fmt, ap);
	va_end(ap);
}

void
sim_fail(struct sim *sim, const struct sim_iface *iface, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	report(sim, iface, fmt, ap);
	va_end(ap);
	printf("sim: seed %llu FAILED while %s; again with: sim -v -s %llu\n",
	    (unsigned long long)sim->seed, sim->doing,
	    (unsigned long long)sim->seed);
	fflush(stdout);
	abort();
}

/* ---- events: a binary heap ---- */

static int
before(const struct sim_event *a, const struct sim_event *b)
{
	return a->when != b->when ? a->when < b->when : a->order < b->order;
}

static void
swap(struct sim_event *a, struct sim_event *b)
{
	struct sim_event t = *a;

	*a = *b;
	*b = t;
}

void
sim_at(struct sim *sim, uint64_t when, sim_fn *fn, struct sim_iface *iface,
    uint32_t n, const uint8_t *data, size_t len)
{
	struct sim_event *e;
	size_t i = sim->nheap;

	if (sim->nheap == sim->room) {
		sim->room = sim->room == 0 ? 64 : sim->room * 2;
		sim->heap =
		    reallocarray(sim->heap, sim->room, sizeof(*sim->heap));
		if (sim->heap == NULL)
			abort();
	}
	if (when < sim->now)
		sim_fail(sim, iface, "an event in the past");
	e = &sim->heap[sim->nheap++];
	*e = (struct sim_event){ .when = when,
		.order = sim->order++,
		.fn = fn,
		.iface = iface,
		.n = n,
		.len = len };
	if (len > 0) {
		if ((e->data = malloc(len)) == NULL)
			abort();
		memcpy(e->data, data, len);
	}
	for (; i > 0 && before(&sim->heap[i], &sim->heap[(i - 1) / 2]);
	     i = (i - 1) / 2)
		swap(&sim->heap[i], &sim->heap[(i - 1) / 2]);
}

static struct sim_event
next_event(struct sim *sim)
{
	struct sim_event e = sim->heap[0];
	size_t i = 0, child;

	sim->heap[0] = sim->heap[--sim->nheap];
	while ((child = 2 * i + 1) < sim->nheap) {
		if (child + 1 < sim->nheap &&
		    before(&sim->heap[child + 1], &sim->heap[child]))
			child++;
		if (!before(&sim->heap[child], &sim->heap[i]))
			break;
		swap(&sim->heap[child], &sim->heap[i]);
		i = child;
	}
	return e;
}

/* ---- the segment ---- */

static void
arrive_segment(struct sim *sim, struct sim_iface *iface, uint32_t n,
    const uint8_t *data, size_t len)
{
	unsigned int i;

	(void)n;
	sim->doing = "a frame reaches the servers";
	sim_hosts_frame(iface, data, len);
	for (i = 0; i < sim_nmachines; i++)
		if (sim_machines[i]->segment != NULL)
			sim_machines[i]->segment(
			    sim, iface, iface->machine[i], data, len);
	for (i = 0; i < SIM_SERVERS; i++)
		sim_server_frame(iface->server[i], data, len);
}

static void
arrive_client(struct sim *sim, struct sim_iface *iface, uint32_t n,
    const uint8_t *data, size_t len)
{
	size_t i;

	(void)n;
	if (!iface->up)
		return;
	sim->doing = "a frame reaches the client";
	for (i = 0; i < sim_nmachines; i++)
		sim_machines[i]->receive(
		    sim, iface, iface->machine[i], data, len);
}

static void
travel(struct sim_iface *iface, const uint8_t *data, size_t len, sim_fn *fn)
{
	struct sim *sim = iface->sim;
	const struct sim_trouble *t = &sim->trouble;
	uint8_t frame[SIM_FRAME_MAX];
	unsigned int copies = 1;
	uint32_t delay;

	if (!iface->up || len > sizeof(frame))
		return;
	sim->frames++;
	if (sim_chance(sim, t->loss))
		return;
	if (sim_chance(sim, t->duplicate))
		copies++;
	while (copies-- > 0) {
		memcpy(frame, data, len);
		if (sim_chance(sim, t->corrupt))
			frame[sim_random(sim, (uint32_t)len)] ^=
			    (uint8_t)(1U << sim_random(sim, 8));
		delay = t->delay_min +
		    sim_random(sim, t->delay_max - t->delay_min + 1);
		sim_at(sim, sim->now + delay, fn, iface, 0, frame, len);
	}
}

void
sim_to_segment(struct sim_iface *iface, const uint8_t *data, size_t len)
{
	travel(iface, data, len, arrive_segment);
}

void
sim_to_client(struct sim_iface *iface, const uint8_t *data, size_t len)
{
	travel(iface, data, len, arrive_client);
}

/* ---- what happens to a world ---- */

enum happening {
	LINK_FLAP,
	SERVER_FLAP,
	RENUMBER,
	THIEF,
	THIEF_CLAIMS,
	RESTART,
	COMMAND,
	TROUBLE,
	HAPPENINGS
};

static void
link_set(struct sim *sim, struct sim_iface *iface, int up)
{
	size_t i;

	if (iface->up == up)
		return;
	iface->up = up;
	iface->iface.flags ^= IFACE_RUNNING;
	sim_say(sim, iface, "link %s", up ? "up" : "down");
	for (i = 0; i < sim_nmachines; i++)
		sim_machines[i]->link(sim, iface, iface->machine[i], up);
}

static void
link_up(struct sim *sim, struct sim_iface *iface, uint32_t n,
    const uint8_t *data, size_t len)
{
	(void)n;
	(void)data;
	(void)len;
	sim->doing = "the link comes up";
	link_set(sim, iface, 1);
}

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
new_trouble(struct sim *sim)
{
	struct sim_trouble *t = &sim->trouble;

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
}

/* How long something lasts: mostly seconds, sometimes an hour. */
static uint64_t
span(struct sim *sim)
{
	static const uint32_t most[] = { 500, 5000, 60000, 600000, 3600000 };

	return 1 + sim_random(sim, most[sim_random(sim, 5)]);
}

static void
machines(struct sim *sim, struct sim_iface *iface, enum happening what)
{
	uint32_t n = sim_random(sim, 0);
	size_t i;

	for (i = 0; i < sim_nmachines; i++) {
		if (what == RESTART)
			sim_machines[i]->restart(sim, iface, iface->machine[i]);
		else
			sim_machines[i]->command(
			    sim, iface, iface->machine[i], n);
	}
}

static void
happen(struct sim *sim, struct sim_iface *iface, uint32_t n,
    const uint8_t *data, size_t len)
{
	enum happening what = (enum happening)sim_random(sim, HAPPENINGS);
	uint32_t server = sim_random(sim, SIM_SERVERS);

	(void)n;
	(void)data;
	(void)len;
	if (sim->calm)
		return;
	sim->doing = "something happens";
	switch (what) {
	case LINK_FLAP:
		link_set(sim, iface, 0);
		sim_at(sim, sim->now + span(sim), link_up, iface, 0, NULL, 0);
		break;
	case SERVER_FLAP:
		sim_say(sim, iface, "server %u down", server);
		sim_server_set(iface->server[server], 0);
		sim_at(sim, sim->now + span(sim), server_up, iface, server,
		    NULL, 0);
		break;
	case RENUMBER:
		sim_say(sim, iface, "server %u renumbers", server);
		sim_server_renumber(iface->server[server]);
		break;
	case THIEF:
		if (iface->naddrs == 0)
			break;
		iface->thief = iface->addrs[0].addr;
		iface->thief_until = sim->now + span(sim);
		sim_say(sim, iface, "another host has our address");
		break;
	case THIEF_CLAIMS:
		sim_thief_claims(iface);
		break;
	case TROUBLE:
		new_trouble(sim);
		break;
	default:
		machines(sim, iface, what);
		break;
	}
	/* Troubles seldom come alone. */
	sim_at(sim,
	    sim->now +
		(sim_chance(sim, 300) ? sim_random(sim, 300) : span(sim)),
	    happen, iface, 0, NULL, 0);
}

/* From now on nothing happens: what is down comes up. */
static void
be_calm(struct sim *sim, struct sim_iface *unused, uint32_t n,
    const uint8_t *data, size_t len)
{
	struct sim_iface *iface;
	unsigned int i, s;

	(void)unused;
	(void)n;
	(void)data;
	(void)len;
	sim->doing = "calm begins";
	sim->calm = 1;
	memset(&sim->trouble, 0, sizeof(sim->trouble));
	sim->trouble.delay_min = 1;
	sim->trouble.delay_max = 3;
	for (i = 0; i < sim->nifaces; i++) {
		iface = &sim->ifaces[i];
		iface->thief.s_addr = 0;
		iface->calm_since = sim->now;
		for (s = 0; s < SIM_SERVERS; s++)
			sim_server_set(iface->server[s], 1);
		sim_say(sim, iface, "calm");
		link_set(sim, iface, 1);
		/* Administrators put right what they did. */
		for (s = 0; s < sim_nmachines; s++)
			sim_machines[s]->command(
			    sim, iface, iface->machine[s], UINT32_MAX);
	}
}

static void
world_make(struct sim *sim)
{
	struct sim_iface *iface;
	unsigned int i, s;

	sim->random = sim->seed * 0x2545f4914f6cdd1dULL + 1;
	sim->now = 1000000;
	sim->nifaces = 1 + sim_random(sim, SIM_IFACES);
	new_trouble(sim);
	for (i = 0; i < sim->nifaces; i++) {
		iface = &sim->ifaces[i];
		iface->sim = sim;
		iface->index = i + 2;
		iface->up = 1;
		iface->iface = (struct interface){ .ifindex = i + 2,
			.flags = IFACE_UP | IFACE_RUNNING | IFACE_ETHERNET,
			.mtu = 1500,
			.max_mtu = 9000,
			.hwtype = 1,
			.hwaddr_len = 6,
			.hwaddr = { 2, 0, 0, 0, 0, (uint8_t)(i + 1) } };
		snprintf(
		    iface->iface.name, sizeof(iface->iface.name), "em%u", i);
		for (s = 0; s < SIM_SERVERS; s++)
			iface->server[s] = sim_server_new(iface, s);
	}
	for (i = 0; i < sim->nifaces; i++) {
		iface = &sim->ifaces[i];
		for (s = 0; s < sim_nmachines; s++) {
			iface->machine[s] = calloc(1, sim_machines[s]->size);
			if (iface->machine[s] == NULL)
				abort();
			sim->doing = "starting";
			sim_machines[s]->start(sim, iface, iface->machine[s]);
		}
		sim_at(sim, sim->now + span(sim), happen, iface, 0, NULL, 0);
	}
}

static void
world_free(struct sim *sim)
{
	unsigned int i, s;

	while (sim->nheap > 0)
		free(sim->heap[--sim->nheap].data);
	free(sim->heap);
	for (i = 0; i < sim->nifaces; i++) {
		for (s = 0; s < sim_nmachines; s++)
			free(sim->ifaces[i].machine[s]);
		for (s = 0; s < SIM_SERVERS; s++)
			sim_server_free(sim->ifaces[i].server[s]);
	}
}

static void
check(struct sim *sim)
{
	unsigned int i;
	size_t m;

	for (i = 0; i < sim->nifaces; i++) {
		sim_kernel_expire(&sim->ifaces[i]);
		for (m = 0; m < sim_nmachines; m++)
			sim_machines[m]->check(
			    sim, &sim->ifaces[i], sim->ifaces[i].machine[m]);
	}
}

static void
world_run(uint64_t seed, uint64_t ms, int verbose)
{
	static struct sim sim;
	struct sim_event e;
	uint64_t end;
	unsigned int i;
	size_t m;

	memset(&sim, 0, sizeof(sim));
	sim.seed = seed;
	sim.verbose = verbose;
	world_make(&sim);
	end = sim.now + ms + CALM_TAIL;
	sim_at(&sim, end - CALM_TAIL, be_calm, NULL, 0, NULL, 0);
	while (sim.nheap > 0 && sim.heap[0].when <= end) {
		e = next_event(&sim);
		sim.now = e.when;
		e.fn(&sim, e.iface, e.n, e.data, e.len);
		free(e.data);
		check(&sim);
		/* Bounded work: nothing may spin. */
		if (++sim.nevents > 2000000)
			sim_fail(&sim, e.iface, "more than 2000000 events");
	}
	sim.now = end;
	sim.doing = "the world has been calm for long";
	for (i = 0; i < sim.nifaces; i++)
		for (m = 0; m < sim_nmachines; m++)
			sim_machines[m]->settled(
			    &sim, &sim.ifaces[i], sim.ifaces[i].machine[m]);
	total_events += sim.nevents;
	total_frames += sim.frames;
	total_ms += (ms + CALM_TAIL) * sim.nifaces;
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

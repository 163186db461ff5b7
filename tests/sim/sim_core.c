/* SPDX-License-Identifier: ISC */
/* The simulator's clock, random source, queue of events and reports. */

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim.h"

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

uint64_t
sim_span(struct sim *sim)
{
	static const uint32_t most[] = { 500, 5000, 60000, 600000, 3600000 };

	return 1 + sim_random(sim, most[sim_random(sim, 5)]);
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

static const char *
text(int family, const void *addr)
{
	static char buf[4][INET6_ADDRSTRLEN];
	static unsigned int n;

	n = (n + 1) % 4;
	return inet_ntop(family, addr, buf[n], sizeof(buf[n]));
}

const char *
sim_text4(struct in_addr addr)
{
	return text(AF_INET, &addr);
}

const char *
sim_text6(const struct in6_addr *addr)
{
	return text(AF_INET6, addr);
}

struct sim_iface *
sim_find(struct sim *sim, uint32_t ifindex)
{
	unsigned int i;

	for (i = 0; i < sim->nifaces; i++)
		if (sim->ifaces[i].iface.ifindex == ifindex)
			return &sim->ifaces[i];
	return NULL;
}

int
sim_rate(struct sim *sim, struct sim_rate *r, unsigned int most, uint64_t ms)
{
	int too_many =
	    r->n >= most && sim->now - r->at[(r->n - most) % SIM_RECENT] < ms;

	r->at[r->n++ % SIM_RECENT] = sim->now;
	return too_many;
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
    uint32_t n, const void *data, size_t len)
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

struct sim_event
sim_next(struct sim *sim)
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

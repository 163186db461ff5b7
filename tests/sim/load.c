/* SPDX-License-Identifier: ISC */
/*
 * A power cut: N clients (the real DHCPv4 machine, each) boot together and
 * ask one server that does so many messages a second and drops what does not
 * fit its socket buffer.  Prints how the load comes and goes.
 *
 *	load [-n CLIENTS] [-c CAPACITY] [-s SEED] [-d STARTUP-DELAY] [-r] [-g]
 *
 * -r: the clients have a lease on disk (INIT-REBOOT).  -g: a line for each
 * second (second, messages, dropped, bound) for the plot.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "frame4.h"
#include "policy.h"
#include "proto/dhcp4.h"

#define BOOT_MS 2000 /* the power is back: links come up in so long */
#define QUEUE 350    /* messages in a socket buffer of 208 KiB */
#define WAY_MS 1
#define SECONDS 900

struct client {
	struct dhcp4 d;
	uint32_t n;
	uint64_t deadline;
	uint32_t addr;
	int bound;
};

enum kind { TIMER, BOOT, ANSWER };

struct event {
	uint64_t when;
	uint64_t order;
	uint32_t client;
	enum kind kind;
	uint32_t xid;
	uint8_t type;
};

static struct {
	struct client *clients;
	uint32_t nclients, capacity;
	uint64_t now, random, order;
	struct event *heap;
	size_t nheap, room;
	uint64_t server_free; /* microseconds */
	uint64_t messages, dropped, bound;
	uint32_t per_sec[SECONDS], drop_sec[SECONDS], bound_sec[SECONDS];
	uint64_t half, most, all;
	int stored;
} w;

static uint32_t
random32(uint32_t bound)
{
	uint64_t z = w.random += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	z ^= z >> 31;
	return bound == 0 ? (uint32_t)z : (uint32_t)((z >> 32) % bound);
}

static int
before(const struct event *a, const struct event *b)
{
	return a->when != b->when ? a->when < b->when : a->order < b->order;
}

static void
push(struct event e)
{
	size_t i = w.nheap++;
	struct event t;

	if (w.nheap > w.room) {
		w.room = w.room == 0 ? 1024 : w.room * 2;
		w.heap = reallocarray(w.heap, w.room, sizeof(*w.heap));
		if (w.heap == NULL)
			abort();
	}
	e.order = w.order++;
	w.heap[i] = e;
	for (; i > 0 && before(&w.heap[i], &w.heap[(i - 1) / 2]);
	     i = (i - 1) / 2) {
		t = w.heap[i];
		w.heap[i] = w.heap[(i - 1) / 2];
		w.heap[(i - 1) / 2] = t;
	}
}

static struct event
pop(void)
{
	struct event e = w.heap[0], t;
	size_t i = 0, child;

	w.heap[0] = w.heap[--w.nheap];
	while ((child = 2 * i + 1) < w.nheap) {
		if (child + 1 < w.nheap &&
		    before(&w.heap[child + 1], &w.heap[child]))
			child++;
		if (!before(&w.heap[child], &w.heap[i]))
			break;
		t = w.heap[i];
		w.heap[i] = w.heap[child];
		w.heap[child] = t;
		i = child;
	}
	return e;
}

static size_t
second(uint64_t ms)
{
	return ms / 1000 < SECONDS ? (size_t)(ms / 1000) : SECONDS - 1;
}

/* ---- what the machine asks for ---- */

static void
op_send(void *ctx, enum channel channel, struct in_addr key, int flags,
    const uint8_t *data, size_t len)
{
	struct client *c = ctx;
	uint64_t arrives = (w.now + WAY_MS) * 1000;
	struct asked a;
	uint8_t type;

	(void)key;
	(void)flags;
	if (channel != CHANNEL_DHCP4 || !frame4_read(data, len, &a))
		return;
	w.messages++;
	w.per_sec[second(w.now)]++;
	if (w.server_free < arrives)
		w.server_free = arrives;
	/* The queue is full: the kernel drops it. */
	if (w.server_free - arrives > (uint64_t)QUEUE * 1000000 / w.capacity) {
		w.dropped++;
		w.drop_sec[second(w.now)]++;
		return;
	}
	w.server_free += 1000000 / w.capacity;
	type = a.type == 1 ? 2 : 5;
	push((struct event){ .when = w.server_free / 1000 + WAY_MS,
	    .client = c->n,
	    .kind = ANSWER,
	    .xid = frame4_u32(a.bootp + 4),
	    .type = type });
}

static void
op_channel(
    void *ctx, enum channel channel, struct in_addr key, struct in_addr peer)
{
	(void)ctx;
	(void)channel;
	(void)key;
	(void)peer;
}

static void
op_close(void *ctx, enum channel channel, struct in_addr key)
{
	(void)ctx;
	(void)channel;
	(void)key;
}

static void
op_deadline(void *ctx, uint64_t when)
{
	struct client *c = ctx;

	if (when == c->deadline)
		return;
	c->deadline = when;
	if (when != PROTO_NEVER && when < SECONDS * 1000)
		push((struct event){ .when = when < w.now ? w.now : when,
		    .client = c->n,
		    .kind = TIMER });
}

static void
op_configure4(void *ctx, const struct config4 *config)
{
	(void)ctx;
	(void)config;
}

static void
op_dns(void *ctx, const struct dns_set *dns)
{
	(void)ctx;
	(void)dns;
}

static void
op_store4(void *ctx, const struct lease4 *lease)
{
	(void)ctx;
	(void)lease;
}

static void
op_event(void *ctx, enum proto_event event, const struct lease4 *lease,
    const char *reason)
{
	struct client *c = ctx;

	(void)lease;
	(void)reason;
	if (event != EVENT_BOUND || c->bound)
		return;
	c->bound = 1;
	w.bound_sec[second(w.now)]++;
	if (++w.bound == w.nclients / 2)
		w.half = w.now;
	if (w.bound == w.nclients - w.nclients / 100)
		w.most = w.now;
	if (w.bound == w.nclients)
		w.all = w.now;
}

static void
op_log(void *ctx, int priority, const char *fmt, ...)
{
	(void)ctx;
	(void)priority;
	(void)fmt;
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
	(void)ctx;
	return random32(bound);
}

static int
op_addr4_usable(void *ctx, struct in_addr addr, uint8_t prefixlen)
{
	(void)ctx;
	return policy_addr4(addr, prefixlen) == REFUSE_NOT;
}

static const struct proto_ops ops = {
	.send = op_send,
	.open = op_channel,
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

/* ---- the world ---- */

static void
boot(struct client *c, uint32_t startup_delay)
{
	struct interface iface = { .ifindex = 2,
		.flags = IFACE_UP | IFACE_RUNNING | IFACE_ETHERNET,
		.mtu = 1500,
		.max_mtu = 1500,
		.hwtype = 1,
		.hwaddr_len = 6,
		.hwaddr = { 2, 0, (uint8_t)(c->n >> 24), (uint8_t)(c->n >> 16),
		    (uint8_t)(c->n >> 8), (uint8_t)c->n },
		.name = "em0" };
	static struct conf_iface conf;
	static struct lease4 lease;

	conf_iface_defaults(&conf);
	conf.startup_delay = (uint16_t)startup_delay;
	conf.rapid_commit = 0;
	c->deadline = PROTO_NEVER;
	dhcp4_init(&c->d, &ops, c);
	dhcp4_configure(&c->d, &conf, (const uint8_t *)"\0\4duid", 6, w.now);
	dhcp4_interface(&c->d, &iface, 1, w.now);
	if (w.stored) {
		lease.addr.s_addr = htonl(c->addr);
		lease.server_id.s_addr = htonl(0x0a000001U);
		lease.prefixlen = 8;
		lease.lease_sec = 86400;
		lease.t1_sec = 43200;
		lease.t2_sec = 75600;
		dhcp4_stored(&c->d, &lease, 3600, w.now);
	}
	dhcp4_start(&c->d, w.now);
}

static void
answered(struct client *c, const struct event *e)
{
	const struct answer with = { .server = 0x0a000001U,
		.router = 0x0a000001U,
		.yiaddr = c->addr,
		.prefixlen = 8,
		.lease_sec = 86400,
		.type = e->type };
	uint8_t bootp[300] = { 0 }, frame[FRAME4_MAX];
	struct asked a = { .type = 3, .bootp = bootp };
	size_t i;

	for (i = 0; i < 4; i++)
		bootp[4 + i] = (uint8_t)(e->xid >> (24 - 8 * i));
	memcpy(bootp + 28, c->d.iface.hwaddr, 6);
	i = frame4_answer(&a, &with, frame);
	dhcp4_receive(&c->d, frame, i, 0, w.now);
}

static void
run(uint32_t startup_delay)
{
	struct event e;
	struct client *c;
	uint32_t i;

	for (i = 0; i < w.nclients; i++) {
		w.clients[i].n = i;
		w.clients[i].addr = 0x0a000100U + i;
		push((struct event){
		    .when = random32(BOOT_MS), .client = i, .kind = BOOT });
	}
	while (w.nheap > 0 && w.bound < w.nclients) {
		e = pop();
		w.now = e.when;
		c = &w.clients[e.client];
		if (w.now >= SECONDS * 1000)
			break;
		switch (e.kind) {
		case BOOT:
			boot(c, startup_delay);
			break;
		case TIMER:
			if (c->deadline != e.when)
				break; /* set anew meanwhile */
			c->deadline = PROTO_NEVER;
			dhcp4_timer(&c->d, w.now);
			break;
		case ANSWER:
			answered(c, &e);
			break;
		}
	}
}

int
main(int argc, char **argv)
{
	uint32_t delay = 0, peak = 0;
	uint64_t total = 0;
	int ch, graph = 0;
	size_t i;

	w.nclients = 100000;
	w.capacity = 5000;
	w.random = 1;
	while ((ch = getopt(argc, argv, "c:d:gn:rs:")) != -1) {
		switch (ch) {
		case 'c':
			w.capacity = (uint32_t)strtoul(optarg, NULL, 10);
			break;
		case 'd':
			delay = (uint32_t)strtoul(optarg, NULL, 10);
			break;
		case 'g':
			graph = 1;
			break;
		case 'n':
			w.nclients = (uint32_t)strtoul(optarg, NULL, 10);
			break;
		case 'r':
			w.stored = 1;
			break;
		case 's':
			w.random = strtoull(optarg, NULL, 10);
			break;
		default:
			fprintf(stderr,
			    "usage: load [-gr] [-c capacity] "
			    "[-d delay] [-n clients] [-s seed]\n");
			return 2;
		}
	}
	w.clients = calloc(w.nclients, sizeof(*w.clients));
	if (w.clients == NULL || w.capacity == 0) {
		fprintf(stderr, "load: cannot make %u clients\n", w.nclients);
		return 1;
	}
	run(delay);
	for (i = 0; i < SECONDS; i++) {
		total += w.bound_sec[i];
		if (w.per_sec[i] > peak)
			peak = w.per_sec[i];
		if (graph)
			printf("%zu\t%u\t%u\t%llu\n", i, w.per_sec[i],
			    w.drop_sec[i], (unsigned long long)total);
		if (graph && total == w.nclients)
			break;
	}
	if (!graph)
		printf("| %u | %s | %u | %llu | %llu | %u | %.1f | %.1f | "
		       "%.1f |\n",
		    delay, w.stored ? "INIT-REBOOT" : "DISCOVER", w.capacity,
		    (unsigned long long)w.messages,
		    (unsigned long long)w.dropped, peak, (double)w.half / 1000,
		    (double)w.most / 1000, (double)w.all / 1000);
	return w.bound == w.nclients ? 0 : 1;
}

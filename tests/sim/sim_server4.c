/* SPDX-License-Identifier: ISC */
/*
 * A model DHCPv4 server, the router and another host of a segment.  It reads
 * and writes packets by itself, so that a bug of the codec does not mirror
 * itself.
 */

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "frame4.h"
#include "sim.h"

#define POOL 40
#define GRANTS 256

struct sim_server {
	struct sim_iface *iface;
	unsigned int n;
	int alive;
	uint32_t addr; /* host order */
	uint32_t pool; /* first address, host order */
	uint32_t prefixlen;
	uint32_t bound; /* the client's address, 0: none */
	uint32_t offered;
	uint64_t until;
	uint8_t declined[POOL];
	uint32_t lease_sec, t1, t2;
	int rapid, silent_nak, is_router;
	/* What was granted, for the invariants. */
	struct {
		uint32_t addr;
		uint64_t until;
	} grants[GRANTS];
	unsigned int ngrants;
};

static const uint32_t leases[] = { 5, 12, 30, 120, 600, 3600, 86400,
	LIFETIME_INFINITE };

static void
character(struct sim_server *s)
{
	struct sim *sim = s->iface->sim;

	s->lease_sec =
	    leases[sim_random(sim, sizeof(leases) / sizeof(leases[0]))];
	s->t1 = s->t2 = 0;
	if (s->lease_sec != LIFETIME_INFINITE && sim_chance(sim, 500)) {
		s->t1 = 1 + sim_random(sim, s->lease_sec);
		s->t2 = 1 + sim_random(sim, s->lease_sec);
	}
	s->rapid = sim_chance(sim, 300);
	s->silent_nak = sim_chance(sim, 300);
	s->is_router = sim_chance(sim, 500);
	s->prefixlen = 24;
	s->bound = s->offered = 0;
	memset(s->declined, 0, sizeof(s->declined));
}

struct sim_server *
sim_server_new(struct sim_iface *iface, unsigned int n)
{
	struct sim_server *s = calloc(1, sizeof(*s));

	if (s == NULL)
		abort();
	s->iface = iface;
	s->n = n;
	s->alive = n == 0 || sim_chance(iface->sim, 300);
	s->addr = 0xc0000001U + (iface->index << 8) + n;
	s->pool = 0xc0000032U + (iface->index << 8) + n * POOL;
	character(s);
	return s;
}

void
sim_server_free(struct sim_server *s)
{
	free(s);
}

void
sim_server_set(struct sim_server *s, int alive)
{
	s->alive = alive;
}

void
sim_server_calm(struct sim_server *s)
{
	s->lease_sec = 3600;
	s->t1 = s->t2 = 0;
}

int
sim_server_alive(const struct sim_server *s)
{
	return s->alive;
}

/* Another subnet, and all bindings forgotten. */
void
sim_server_renumber(struct sim_server *s)
{
	uint32_t net = sim_random(s->iface->sim, 2) ? 0xc6336400U : 0xc0000000U;

	s->addr = net + (s->iface->index << 8) + 1 + s->n;
	s->pool = net + (s->iface->index << 8) + 50 + s->n * POOL;
	character(s);
}

uint64_t
sim_granted_until(const struct sim_iface *iface, struct in_addr addr)
{
	const struct sim_server *s;
	uint64_t until = 0;
	unsigned int i, g;

	for (i = 0; i < SIM_SERVERS; i++) {
		s = iface->server[i];
		for (g = 0; g < s->ngrants && g < GRANTS; g++)
			if (s->grants[g].addr == ntohl(addr.s_addr) &&
			    s->grants[g].until > until)
				until = s->grants[g].until;
	}
	return until;
}

static void
grant(struct sim_server *s, uint32_t addr)
{
	struct sim *sim = s->iface->sim;
	uint64_t until = s->lease_sec == LIFETIME_INFINITE
	    ? PROTO_NEVER
	    : sim->now + (uint64_t)s->lease_sec * 1000;
	unsigned int g;

	s->bound = addr;
	s->until = until;
	for (g = 0; g < s->ngrants && g < GRANTS; g++)
		if (s->grants[g].addr == addr) {
			if (s->grants[g].until < until)
				s->grants[g].until = until;
			return;
		}
	g = s->ngrants++ % GRANTS;
	s->grants[g].addr = addr;
	s->grants[g].until = until;
}

/* ---- what it says ---- */

static void
answer(
    struct sim_server *s, const struct asked *a, uint8_t type, uint32_t yiaddr)
{
	const struct answer with = { .server = s->addr,
		.router =
		    s->is_router ? s->addr : (s->addr & 0xffffff00U) + 254,
		.yiaddr = yiaddr,
		.prefixlen = s->prefixlen,
		.lease_sec = s->lease_sec,
		.t1 = s->t1,
		.t2 = s->t2,
		.type = type,
		.n = (uint8_t)s->n };
	uint8_t frame[FRAME4_MAX];

	sim_to_client(s->iface, frame, frame4_answer(a, &with, frame));
}

/* ---- the server ---- */

/* An address to offer: the client's own, else the next that is free. */
static uint32_t
choose(struct sim_server *s, uint32_t wish)
{
	unsigned int i;

	if (s->bound != 0 && !s->declined[s->bound - s->pool])
		return s->bound;
	if (wish >= s->pool && wish < s->pool + POOL &&
	    !s->declined[wish - s->pool])
		return wish;
	for (i = 0; i < POOL; i++)
		if (!s->declined[i])
			return s->pool + i;
	memset(s->declined, 0, sizeof(s->declined));
	return s->pool;
}

static void
ack_or_nak(struct sim_server *s, const struct asked *a, uint32_t addr)
{
	if (addr == s->bound || addr == s->offered) {
		grant(s, addr);
		answer(s, a, 5, addr);
	} else if (!s->silent_nak || addr >> 8 != s->pool >> 8) {
		answer(s, a, 6, 0);
	}
}

void
sim_server_frame(struct sim_server *s, const uint8_t *data, size_t len)
{
	struct asked a;
	uint32_t addr;

	if (!s->alive || !frame4_read(data, len, &a))
		return;
	if (a.dst != 0xffffffffU && a.dst != s->addr)
		return;
	if (s->bound != 0 && s->until <= s->iface->sim->now)
		s->bound = 0;
	switch (a.type) {
	case 1:
		s->offered = choose(s, a.requested);
		if (a.rapid && s->rapid) {
			grant(s, s->offered);
			answer(s, &a, 5, s->offered);
		} else {
			answer(s, &a, 2, s->offered);
		}
		break;
	case 3:
		if (a.server != 0 && a.server != s->addr)
			break; /* it chose the other one */
		addr = a.requested != 0 ? a.requested : a.ciaddr;
		ack_or_nak(s, &a, addr);
		break;
	case 4:
		addr = a.requested;
		if (a.server != s->addr)
			break;
		if (addr >= s->pool && addr < s->pool + POOL)
			s->declined[addr - s->pool] = 1;
		s->bound = s->offered = 0;
		break;
	case 7:
		if (a.ciaddr == s->bound)
			s->bound = 0;
		break;
	}
}

/* ---- other hosts ---- */

static const uint8_t thief_mac[6] = { 2, 0, 0, 0, 2, 1 };

static void
arp(struct sim_iface *iface, uint16_t op, const uint8_t mac[6], uint32_t spa,
    uint32_t tpa)
{
	uint8_t frame[60];

	frame4_arp(op, mac, spa, tpa, frame);
	sim_to_client(iface, frame, sizeof(frame));
}

void
sim_thief_claims(struct sim_iface *iface)
{
	uint32_t addr = ntohl(iface->thief.s_addr);

	if (addr != 0 && iface->thief_until > iface->sim->now)
		arp(iface, 1, thief_mac, addr, addr);
}

/* The other host answers for its address, the routers for theirs; a server's
 * host answers also while the server itself is down. */
void
sim_hosts_frame(struct sim_iface *iface, const uint8_t *f, size_t len)
{
	const struct sim_server *s;
	uint8_t mac[6];
	uint32_t tpa, i;

	if (len < 42 || f[12] != 8 || f[13] != 6 || f[21] != 1)
		return;
	tpa = frame4_u32(f + 38);
	if (tpa == ntohl(iface->thief.s_addr) &&
	    iface->thief_until > iface->sim->now)
		arp(iface, 2, thief_mac, tpa, frame4_u32(f + 28));
	for (i = 0; i < SIM_SERVERS; i++) {
		s = iface->server[i];
		memcpy(mac, frame4_router_mac, sizeof(mac));
		if (tpa == s->addr)
			mac[5] = (uint8_t)i;
		else if (tpa != (s->addr & 0xffffff00U) + 254)
			continue;
		arp(iface, 2, mac, tpa, frame4_u32(f + 28));
	}
}

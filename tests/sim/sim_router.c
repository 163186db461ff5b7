/* SPDX-License-Identifier: ISC */
/* Model routers: advertisements now and then, and when they are asked for. */

#include <arpa/inet.h>
#include <string.h>

#include "frame6.h"
#include "sim.h"

#define FLOOD_FIRST (SIM_PREFIXES / 2) /* prefixes nobody needs */
#define RA_LEN (16 + 32)
#define HEARD_MS 12000 /* the longest way of an advertisement */

/* 2001:db8:IFACE:NUMBER::/64 */
static void
prefix_bytes(const struct sim_iface *iface, uint16_t number, uint8_t out[16])
{
	memset(out, 0, 16);
	memcpy(out, "\x20\x01\x0d\xb8", 4);
	out[5] = (uint8_t)iface->index;
	out[6] = (uint8_t)(number >> 8);
	out[7] = (uint8_t)number;
}

static void
put32(uint8_t *p, uint32_t v)
{
	v = htonl(v);
	memcpy(p, &v, 4);
}

static void
advertise(struct sim_iface *iface, const struct sim_router *r)
{
	struct sim *sim = iface->sim;
	uint8_t f[FRAME6_ICMP + RA_LEN + 8], ra[RA_LEN] = { 134 };
	uint8_t *pio = ra + 16;
	uint64_t until = r->valid == LIFETIME_INFINITE
	    ? PROTO_NEVER
	    : sim->now + (uint64_t)r->valid * 1000;

	ra[4] = 64;
	ra[5] = r->flags;
	ra[6] = (uint8_t)(r->lifetime >> 8);
	ra[7] = (uint8_t)r->lifetime;
	pio[0] = 3;
	pio[1] = 4;
	pio[2] = 64;
	pio[3] = r->prefix_flags;
	put32(pio + 4, r->valid);
	put32(pio + 8, r->preferred);
	prefix_bytes(iface, r->prefix, pio + 16);
	if (iface->granted[r->prefix] < until)
		iface->granted[r->prefix] = until;
	until = sim->now + r->lifetime * SIM_SEC;
	if (iface->serves[r->n] < until)
		iface->serves[r->n] = until;
	if ((r->flags & 0xc0) || (r->prefix_flags & 0x10))
		iface->asked_for = sim->now;
	sim_to_client(iface, f, frame6_icmp(f, r->n, ra, sizeof(ra)));
}

uint64_t
sim_advertised_until(const struct sim_iface *iface, const struct in6_addr *addr)
{
	uint16_t n = (uint16_t)(addr->s6_addr[6] << 8 | addr->s6_addr[7]);
	uint8_t prefix[16];

	prefix_bytes(iface, n, prefix);
	if (n >= SIM_PREFIXES || memcmp(prefix, addr, 8) != 0)
		return 0;
	return iface->granted[n];
}

/* n: which one; 8 more: it is asked, not its own time. */
static void
speak(struct sim *sim, struct sim_iface *iface, uint32_t n, const uint8_t *data,
    size_t len)
{
	const struct sim_router *r = &iface->routers[n % 8];

	(void)data;
	(void)len;
	sim->doing = "a router advertises";
	if (r->alive)
		advertise(iface, r);
	/* RFC 4861 6.2.1: MaxRtrAdvInterval 600 s */
	if (n < 8)
		sim_at(sim, sim->now + 200000 + sim_random(sim, 400000), speak,
		    iface, n, NULL, 0);
}

static void
character(struct sim_iface *iface, struct sim_router *r)
{
	static const uint32_t lives[] = { 120, 1800, 7200, 86400, 2592000,
		LIFETIME_INFINITE };
	struct sim *sim = iface->sim;

	r->lifetime = sim_chance(sim, 100) ? 0 : 1800;
	r->flags = (uint8_t)(sim_random(sim, 4) << 6);
	r->prefix_flags = sim_chance(sim, 100) ? 0xd0 : 0xc0;
	if (iface->nprefixes < FLOOD_FIRST &&
	    (iface->nprefixes == 0 || sim_chance(sim, 500)))
		iface->nprefixes++;
	r->prefix = (uint16_t)sim_random(sim, iface->nprefixes);
	r->valid = lives[sim_random(sim, 6)];
	r->preferred = r->valid == LIFETIME_INFINITE
	    ? 604800
	    : sim_random(sim, r->valid + 1);
}

void
sim_routers_start(struct sim_iface *iface)
{
	struct sim *sim = iface->sim;
	struct sim_router *r;
	uint32_t i;

	for (i = 0; i < SIM_ROUTERS; i++) {
		r = &iface->routers[i];
		r->n = (uint8_t)(i + 1);
		r->alive = i == 0 || sim_chance(sim, 400);
		character(iface, r);
		sim_at(sim, sim->now + sim_random(sim, 600000), speak, iface, i,
		    NULL, 0);
	}
}

void
sim_routers_calm(struct sim_iface *iface)
{
	struct sim_router *r;

	for (r = iface->routers; r < iface->routers + SIM_ROUTERS; r++) {
		r->alive = 1;
		r->lifetime = 1800;
		r->flags = 0xc0;
		r->prefix_flags = 0xc0;
		if (r->valid < 86400)
			r->valid = 86400;
		if (r->preferred < 43200)
			r->preferred = 43200;
	}
}

void
sim_routers_frame(struct sim_iface *iface, const uint8_t *f, size_t len)
{
	struct sim *sim = iface->sim;
	uint32_t i;

	if (!frame6_is_icmp(f, len, 133))
		return;
	for (i = 0; i < SIM_ROUTERS; i++)
		sim_at(sim, sim->now + sim_random(sim, 500), speak, iface,
		    i + 8, NULL, 0);
}

void
sim_router_happens(struct sim_iface *iface)
{
	struct sim *sim = iface->sim;
	struct sim_router *r = &iface->routers[sim_random(sim, SIM_ROUTERS)];

	if (sim_chance(sim, 300)) {
		r->alive = !r->alive;
		sim_say(
		    sim, iface, "router %u %s", r->n, r->alive ? "up" : "down");
		return;
	}
	character(iface, r);
	sim_say(sim, iface, "router %u: prefix %u, valid %u, flags %x %x", r->n,
	    r->prefix, r->valid, r->flags, r->prefix_flags);
	if (r->alive)
		advertise(iface, r);
}

void
sim_router_flood(struct sim_iface *iface, unsigned int n)
{
	struct sim *sim = iface->sim;
	struct sim_router r;

	while (n-- > 0) {
		r = (struct sim_router){ .n = (uint8_t)(16 +
					     sim_random(sim, 200)),
			.lifetime = (uint16_t)sim_random(sim, 9000),
			.prefix_flags = (uint8_t)(sim_random(sim, 4) << 6),
			.prefix = (uint16_t)(FLOOD_FIRST +
			    sim_random(sim, SIM_PREFIXES - FLOOD_FIRST)),
			.valid = sim_random(sim, 7200) };
		r.preferred = sim_random(sim, r.valid + 1);
		advertise(iface, &r);
	}
}

/* SPDX-License-Identifier: ISC */
/* The segment of an interface: what is sent travels, or not. */

#include <string.h>

#include "frame6.h"
#include "sim.h"

static void
arrive_segment(struct sim *sim, struct sim_iface *iface, uint32_t n,
    const uint8_t *data, size_t len)
{
	unsigned int i;

	(void)n;
	sim->doing = "a frame reaches the servers";
	sim_hosts_frame(iface, data, len);
	for (i = 0; i < SIM_SERVERS; i++)
		sim_server_frame(iface->server[i], data, len);
	sim_routers_frame(iface, data, len);
	sim_servers6_frame(iface, data, len);
}

static void
arrive_client(struct sim *sim, struct sim_iface *iface, uint32_t n,
    const uint8_t *data, size_t len)
{
	(void)n;
	if (!iface->up || !iface->present || !sim->running ||
	    sim->asleep > sim->now)
		return;
	sim->doing = "a frame reaches the client";
	sim_frontend_frame(iface, data, len);
}

static void
travel(struct sim_iface *iface, const uint8_t *data, size_t len, sim_fn *fn)
{
	struct sim *sim = iface->sim;
	const struct sim_trouble *t = &iface->trouble;
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

/* Noise of every kind that a descriptor lets through, well sealed. */
void
sim_flood(struct sim_iface *iface)
{
	struct sim *sim = iface->sim;
	uint32_t frames = 50 + sim_random(sim, 150), i, len;
	uint8_t noise[400], f[SIM_FRAME_MAX];
	static const uint8_t replies[] = { 2, 7, 7, 10, 13, 37 };

	while (frames-- > 0) {
		len = 60 + sim_random(sim, sizeof(noise) - 60);
		for (i = 0; i < len; i++)
			noise[i] = (uint8_t)sim_random(sim, 256);
		switch (sim_random(sim, 3)) {
		case 0: /* ARP, DHCPv4 */
			memcpy(noise + 12,
			    sim_random(sim, 2) ? "\x08\x06" : "\x08\x00\x45",
			    2 + sim_random(sim, 2));
			sim_to_client(iface, noise, len);
			break;
		case 1:
			noise[0] = replies[sim_random(sim, sizeof(replies))];
			sim_to_client(iface, f,
			    frame6_udp(f, &in6addr_any, 1, 546, noise, len));
			break;
		case 2:
			sim_router_flood(iface, 1);
			break;
		}
	}
}

/* SPDX-License-Identifier: ISC */
/*
 * Clients of the control socket: each asks once, gets one answer, and sometimes
 * goes away before.
 */

#include <string.h>

#include "sim.h"

#define CLIENTS 8
#define ANSWER_MS 2000
#define WAIT_MS 70000 /* more than anybody waits */

struct client {
	uint32_t id; /* 0: free */
	uint64_t due;
	int gone;
	struct sim_iface *iface;
	uint32_t ifindex;
	enum ctl_command command;
};
static struct client clients[CLIENTS];
static uint32_t last_id;

static struct client *
find(uint32_t id)
{
	size_t i;

	for (i = 0; id != 0 && i < CLIENTS; i++)
		if (clients[i].id == id)
			return &clients[i];
	return NULL;
}

static void
ask(struct sim_iface *iface, enum ctl_command command, uint32_t timeout_ms)
{
	struct sim *sim = iface->sim;
	struct ipc_request msg;
	struct client *c = clients;

	while (c < clients + CLIENTS && c->id != 0)
		c++;
	if (!sim->running || c == clients + CLIENTS)
		return;
	memset(&msg, 0, sizeof(msg));
	*c = (struct client){ ++last_id, sim->now + timeout_ms + ANSWER_MS, 0,
		iface, iface->iface.ifindex, command };
	msg.client = c->id;
	msg.req.version = IPC_VERSION;
	msg.req.command = command;
	msg.req.timeout_ms = timeout_ms;
	msg.req.flags = sim_random(sim, 4) & (CTL_INET | CTL_INET6);
	msg.req.nnames = sim_chance(sim, 800) ||
	    (command >= CTL_CMD_RENEW && command != CTL_CMD_RELOAD);
	memcpy(msg.req.names[0], iface->iface.name, IFACE_NAME_MAX);
	SIM_TELL(sim, MSG_REQUEST, msg);
}

/* All of them go; the engine may answer one before it hears of it. */
static void
hang_up(struct sim *sim)
{
	struct ipc_client msg;
	size_t i;

	for (i = 0; i < CLIENTS; i++) {
		if (clients[i].id == 0)
			continue;
		msg.client = clients[i].id;
		SIM_TELL(sim, MSG_HANGUP, msg);
		clients[i].gone = 1;
	}
}

void
sim_control_random(struct sim_iface *iface)
{
	static const enum ctl_command commands[] = { CTL_CMD_SHOW,
		CTL_CMD_COUNTERS, CTL_CMD_WAIT };
	struct sim *sim = iface->sim;

	ask(iface, commands[sim_random(sim, 3)], sim_random(sim, 60000));
	if (sim_chance(sim, 200))
		hang_up(sim);
}

void
sim_control(struct sim_iface *iface, enum ctl_command command)
{
	struct sim *sim = iface->sim;

	if (!sim->running || !iface->handed)
		return;
	sim_say(sim, iface, "%s",
	    command == CTL_CMD_RENEW	     ? "renew"
		: command == CTL_CMD_RELEASE ? "release"
					     : "resume");
	ask(iface, command, 0);
}

static void
go_on(struct sim *sim, struct sim_iface *iface, uint32_t id,
    const uint8_t *data, size_t len)
{
	struct ipc_client msg = { .client = id };

	(void)iface;
	(void)data;
	(void)len;
	sim->doing = "a client reads";
	if (find(id) != NULL)
		SIM_TELL(sim, MSG_GO_ON, msg);
}

/* From now on a release holds, and asking again is excused. */
static void
carried_out(const struct client *c)
{
	struct sim_iface *iface = c->iface;

	if (c->command < CTL_CMD_RENEW || c->ifindex != iface->iface.ifindex)
		return;
	iface->excused = iface->sim->now;
	if (c->command == CTL_CMD_RENEW)
		iface->released = 0;
	if (c->command == CTL_CMD_RELEASE) {
		iface->released = 1;
		iface->released_at = iface->sim->now;
	}
}

void
sim_control_heard(struct sim *sim, enum ipc_type type, const void *data)
{
	struct client *c;
	uint32_t id;

	if (type == MSG_EVENT || type == MSG_EVENT6)
		return;
	memcpy(&id, data, sizeof(id));
	if ((c = find(id)) == NULL)
		sim_fail(sim, NULL, "%s to nobody", ipc_name(type));
	if (type == MSG_PAUSED)
		sim_at(sim, sim->now + sim_random(sim, 500), go_on, NULL, id,
		    NULL, 0);
	else if (type == MSG_RESULT) {
		carried_out(c);
		c->id = 0;
	}
}

/* The engine was killed, and with it what it knew of them. */
void
sim_control_forget(void)
{
	size_t i;

	for (i = 0; i < CLIENTS; i++) {
		if (clients[i].id != 0)
			ctl_hangup(&engine, clients[i].id);
		clients[i].id = 0;
	}
}

void
sim_control_check(struct sim *sim)
{
	struct client *c;

	if (sim->asleep > sim->now || sim->now < sim->woke + WAIT_MS ||
	    sim->now < sim->behind + ANSWER_MS)
		return;
	for (c = clients; c < clients + CLIENTS; c++) {
		if (c->id == 0 || sim->now <= c->due)
			continue;
		if (!c->gone)
			sim_fail(sim, NULL, "client %u has no answer", c->id);
		c->id = 0;
	}
}

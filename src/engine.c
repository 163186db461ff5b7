/* SPDX-License-Identifier: ISC */
/*
 * The engine: parses every byte from the network and from lease files, runs
 * the protocol machines, and owns nothing but its two channels (and, on
 * Linux, a timer).  What it wants done it asks of the parent (kernel, files)
 * and of the frontend (packets).
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "engine.h"
#include "log.h"
#include "os/os.h"

#define IPC_ME ENGINE
#define IPC_PREFIX engine
#include "ipc_handlers.h"

/* Not initialized here, like the parent's: that would cost every process a
 * page to write an address into. */
struct engine engine;

struct eif *
eif_find(struct engine *e, uint32_t ifindex)
{
	struct eif *eif;

	TAILQ_FOREACH (eif, &e->ifaces, entry) {
		if (eif->ifindex == ifindex)
			return eif;
	}
	return NULL;
}

/* ---- the one deadline ---- */

static int
machine_due(struct machine *m, uint64_t now)
{
	if (m->deadline > now)
		return 0;
	m->deadline = PROTO_NEVER;
	return 1;
}

static void
timer_fired(evutil_socket_t fd, short what, void *arg)
{
	uint64_t now = os_clock_ms(), expirations;
	struct eif *eif, *next;
	unsigned int p;

	(void)what;
	(void)arg;
	if (fd >= 0 && read(fd, &expirations, sizeof(expirations)) == -1 &&
	    errno != EAGAIN)
		fatal("timer");
	engine.timer_ms = PROTO_NEVER;
	TAILQ_FOREACH_SAFE (eif, &engine.ifaces, entry, next) {
		FOREACH_PROTOCOL(p)
		{
			/* The rest keeps its deadlines: engine_turn(). */
			if (ipc_behind())
				return;
			if (machine_due(&eif->machines[p], now))
				machine_calls[p].timer(eif, now);
		}
	}
}

static void
timer_set(uint64_t when)
{
	struct timeval tv;
	uint64_t now, left;

	if (when == engine.timer_ms)
		return;
	engine.timer_ms = when;
	if (engine.timer_fd >= 0) {
		if (os_timer_set(engine.timer_fd, when) != 0)
			fatalx("timer");
		return;
	}
	event_del(&engine.timer_ev);
	if (when == PROTO_NEVER)
		return;
	now = os_clock_ms();
	left = when > now ? when - now : 0;
	tv.tv_sec = (time_t)(left / 1000);
	tv.tv_usec = (suseconds_t)(left % 1000 * 1000);
	if (event_add(&engine.timer_ev, &tv) == -1)
		fatalx("timer");
}

static void
timer_init(void)
{
	engine.timer_fd = os_timer_open();
	if (event_assign(&engine.timer_ev, engine.child.base, engine.timer_fd,
		engine.timer_fd >= 0 ? EV_READ | EV_PERSIST : 0, timer_fired,
		NULL) == -1 ||
	    (engine.timer_fd >= 0 && event_add(&engine.timer_ev, NULL) == -1))
		fatalx("timer");
}

static int
is_released(const struct eif *eif)
{
	return eif->conf.has_release_on_exit ? eif->conf.release_on_exit
					     : engine.global.release_on_exit;
}

static void
eif_stop(struct eif *eif, uint64_t now)
{
	unsigned int p;

	if (!is_released(eif) && !engine.withdraw) {
		slaac_store(&eif->slaac, now);
		return;
	}
	FOREACH_PROTOCOL(p)
	{
		if (is_released(eif))
			machine_calls[p].release(eif, now);
		else
			machine_calls[p].withdraw(eif, now);
	}
}

/* 1: some are left; a turn comes when the channels have drained. */
static int
do_chores(uint64_t now)
{
	struct eif *eif;

	TAILQ_FOREACH (eif, &engine.ifaces, entry) {
		if (eif->chores == 0)
			continue;
		if (ipc_behind())
			return 1;
		ctl_chores(eif, now);
		if (eif->chores & CHORE_STOP)
			eif_stop(eif, now);
		eif->chores = 0;
	}
	return 0;
}

/* After each turn: answer who waits, and set the timer to what is next. */
static void
engine_turn(void)
{
	struct ipc_stop stop = { .withdraw = (uint32_t)engine.withdraw };
	uint64_t now = os_clock_ms(), next;
	struct eif *eif;
	unsigned int p;
	int idle = 1, left;

	left = do_chores(now);
	engine_prefixes(now);
	ctl_turn(&engine, now);
	next = ctl_deadline();
	TAILQ_FOREACH (eif, &engine.ifaces, entry) {
		FOREACH_PROTOCOL(p)
		{
			if (eif->machines[p].deadline < next)
				next = eif->machines[p].deadline;
			idle = idle && machine_calls[p].idle(eif);
		}
	}
	timer_set(ipc_behind() ? PROTO_NEVER : next);
	if (engine.stopping == 1 && !left &&
	    (idle || (!engine.withdraw && !engine.releasing))) {
		engine.stopping = 2;
		TO_PARENT(MSG_STOP, stop);
	}
}

void
engine_stop(struct engine *e, int withdraw)
{
	struct eif *eif;

	if (e->stopping)
		return;
	e->stopping = 1;
	e->withdraw = withdraw;
	TAILQ_FOREACH (eif, &e->ifaces, entry) {
		eif->chores |= CHORE_STOP;
		if (is_released(eif))
			e->releasing = 1;
	}
}

/* ---- messages of the parent ---- */

static void
engine_on_hello(struct ipc_peer *peer, const struct ipc_hello *msg, int fd)
{
	(void)peer;
	(void)fd;
	child_hello(&engine.child, msg);
}

static void
frontend_end(struct ipc_peer *peer, const char *why)
{
	/* Who died is for the parent to say: its EOF follows. */
	if (why == NULL)
		ipc_close(peer);
	else
		fatalx("frontend: %s", why);
}

static void
engine_on_channel(struct ipc_peer *peer, const struct ipc_channel *msg, int fd)
{
	(void)peer;
	if (ipc_open(&engine.frontend, engine.child.base, fd, ROLE_ENGINE,
		ROLE_FRONTEND, (pid_t)msg->peer_pid, engine_handlers, 0, 1,
		frontend_end, NULL) != 0)
		fatalx("channel to the frontend");
}

static void
engine_on_log_level(
    struct ipc_peer *peer, const struct ipc_log_level *msg, int fd)
{
	(void)peer;
	(void)fd;
	log_set_verbose((int)msg->verbose);
}

static void
engine_on_global(struct ipc_peer *peer, const struct ipc_global *msg, int fd)
{
	(void)peer;
	(void)fd;
	engine.global = msg->conf;
}

static void
engine_on_manage(struct ipc_peer *peer, const struct ipc_manage *msg, int fd)
{
	struct eif *eif = eif_find(&engine, msg->ifindex);
	unsigned int p;

	(void)peer;
	(void)fd;
	if (eif == NULL) {
		if (engine.nifaces >= ENGINE_IFACES_MAX) {
			log_warnx("no room for one more interface");
			return;
		}
		/* Nobody would ask again; the next start adopts the rest. */
		if ((eif = calloc(1, sizeof(*eif))) == NULL)
			fatal("an interface");
		eif->ifindex = msg->ifindex;
		FOREACH_PROTOCOL(p)
		{
			eif->machines[p] = (struct machine){ .eif = eif,
				.protocol = p,
				.deadline = PROTO_NEVER,
				.stored = engine_moment() };
			machine_calls[p].init(eif);
		}
		dhcp4_own_hwaddrs(
		    &eif->dhcp4, engine.hwaddrs.addr, engine.hwaddrs.n);
		TAILQ_INSERT_TAIL(&engine.ifaces, eif, entry);
		engine.nifaces++;
	}
	eif->conf = msg->conf;
	FOREACH_PROTOCOL(p)
	machine_calls[p].configure(eif, os_clock_ms());
}

/* The parent withdraws by itself what it configured. */
static void
engine_on_unmanage(
    struct ipc_peer *peer, const struct ipc_unmanage *msg, int fd)
{
	struct eif *eif = eif_find(&engine, msg->ifindex);

	(void)peer;
	(void)fd;
	if (eif == NULL)
		return;
	TAILQ_REMOVE(&engine.ifaces, eif, entry);
	engine.nifaces--;
	/* Who it delegated to loses it. */
	engine_prefixes_changed();
	free(eif);
}

static void
eif_interface_changed(struct eif *eif)
{
	unsigned int p;

	if (!eif->has_iface)
		return;
	FOREACH_PROTOCOL(p)
	machine_calls[p].interface(eif, os_clock_ms());
}

static void
engine_on_interface(
    struct ipc_peer *peer, const struct ipc_interface *msg, int fd)
{
	struct eif *eif = eif_find(&engine, msg->iface.ifindex);
	uint32_t was;

	(void)peer;
	(void)fd;
	if (eif == NULL)
		return;
	was = eif->has_iface ? eif->iface.flags & IFACE_RUNNING : 0;
	/* A link that comes up would begin again what was just released. */
	if (engine.stopping && !was)
		return;
	eif->iface = msg->iface;
	eif->has_iface = 1;
	if (eif->started && was != (eif->iface.flags & IFACE_RUNNING))
		engine_link_event(eif, !was);
	eif_interface_changed(eif);
}

static void
engine_on_start(struct ipc_peer *peer, const struct ipc_ifindex *msg, int fd)
{
	struct eif *eif = eif_find(&engine, msg->ifindex);
	unsigned int p;

	(void)peer;
	(void)fd;
	if (eif == NULL || eif->started)
		return;
	eif->started = 1;
	FOREACH_PROTOCOL(p)
	machine_calls[p].start(eif, os_clock_ms());
	/* The frontend may have told of descriptors before MANAGE came. */
	TO_FRONTEND(MSG_ASK, *msg);
}

static void
engine_on_skipped(struct ipc_peer *peer, const struct ipc_skipped *msg, int fd)
{
	unsigned int i;

	(void)peer;
	(void)fd;
	for (i = 0; i < engine.nskipped; i++)
		if (memcmp(engine.skipped[i].name, msg->name,
			sizeof(msg->name)) == 0)
			break;
	if (msg->reason == SKIP_NOT) {
		if (i < engine.nskipped)
			engine.skipped[i] = engine.skipped[--engine.nskipped];
		return;
	}
	if (i == ENGINE_SKIPPED_MAX)
		return;
	if (i == engine.nskipped)
		engine.nskipped++;
	engine.skipped[i] = *msg;
}

static void
engine_on_hwaddrs(struct ipc_peer *peer, const struct ipc_hwaddrs *msg, int fd)
{
	struct eif *eif;

	(void)peer;
	(void)fd;
	if (msg->n > IPC_HWADDRS_MAX)
		fatalx("parent: too many hardware addresses");
	engine.hwaddrs = *msg;
	TAILQ_FOREACH (eif, &engine.ifaces, entry)
		dhcp4_own_hwaddrs(
		    &eif->dhcp4, engine.hwaddrs.addr, engine.hwaddrs.n);
}

static void
engine_on_lease_file(
    struct ipc_peer *peer, const struct ipc_lease_file *msg, int fd)
{
	struct eif *eif = eif_find(&engine, msg->ifindex);

	(void)peer;
	(void)fd;
	if (eif != NULL && msg->len <= sizeof(msg->data))
		engine_stored(eif, msg);
}

static void
engine_on_adopted4(struct ipc_peer *peer, const struct ipc_addr4 *msg, int fd)
{
	struct eif *eif = eif_find(&engine, msg->ifindex);

	(void)peer;
	(void)fd;
	if (eif != NULL && msg->prefixlen <= 32)
		dhcp4_adopted(&eif->dhcp4, msg->addr, (uint8_t)msg->prefixlen,
		    os_clock_ms());
}

static void
engine_on_static4(struct ipc_peer *peer, const struct ipc_addr4 *msg, int fd)
{
	struct eif *eif = eif_find(&engine, msg->ifindex);

	(void)peer;
	(void)fd;
	if (eif == NULL || msg->prefixlen > 32)
		return;
	eif->static_addr = msg->addr;
	dhcp4_static_address(
	    &eif->dhcp4, msg->addr, (uint8_t)msg->prefixlen, os_clock_ms());
}

static void
engine_on_configured4(
    struct ipc_peer *peer, const struct ipc_configured4 *msg, int fd)
{
	struct eif *eif = eif_find(&engine, msg->ifindex);

	(void)peer;
	(void)fd;
	if (eif == NULL)
		return;
	if (msg->error != 0)
		eif->counters[COUNT_KERNEL_ERROR]++;
	dhcp4_configured(
	    &eif->dhcp4, msg->serial, (int)msg->error, os_clock_ms());
}

static void
engine_on_gone4(struct ipc_peer *peer, const struct ipc_addr4 *msg, int fd)
{
	struct eif *eif = eif_find(&engine, msg->ifindex);

	(void)peer;
	(void)fd;
	if (eif != NULL)
		dhcp4_address_gone(&eif->dhcp4, msg->addr, os_clock_ms());
}

/* A channel is open (error 0), or could not be, to whom it concerns. */
static void
channel_state(struct eif *eif, const struct ipc_channel_state *msg)
{
	uint64_t now = os_clock_ms();

	switch (msg->channel) {
	case CHANNEL_DHCP4:
		eif->ready4 = msg->error == 0;
		eif_interface_changed(eif);
		break;
	case CHANNEL_ARP:
	case CHANNEL_UDP4:
		dhcp4_channel(
		    &eif->dhcp4, msg->channel, msg->key, (int)msg->error, now);
		break;
	case CHANNEL_ND:
		/* A new descriptor knows no routers (S-16). */
		if (msg->error == 0 && eif->routers.n > 0)
			TO_FRONTEND(MSG_ROUTERS, eif->routers);
		/* FALLTHROUGH */
	case CHANNEL_RS:
		slaac_channel(&eif->slaac, msg->channel, (int)msg->error, now);
		break;
	case CHANNEL_DHCP6:
	case CHANNEL_DHCP6_SEND:
		dhcp6_channel(&eif->dhcp6, msg->channel, &msg->key6,
		    (int)msg->error, now);
		break;
	}
}

static void
engine_on_socket_failed(
    struct ipc_peer *peer, const struct ipc_socket_failed *msg, int fd)
{
	struct eif *eif = eif_find(&engine, msg->ifindex);
	struct ipc_ifindex ask = { .ifindex = msg->ifindex };

	(void)peer;
	(void)fd;

	if (eif == NULL || msg->channel >= CHANNEL_MAX)
		return;
	eif->failed = *msg;
	/* It is open by now, and the frontend may have said so before the
	 * parent's word that it failed was read. */
	if (msg->error == 0)
		TO_FRONTEND(MSG_ASK, ask);
	else
		channel_state(eif,
		    &(struct ipc_channel_state){ .channel = msg->channel,
			.key = msg->key,
			.key6 = msg->key6,
			.error = msg->error });
}

static void
engine_on_kernel6(struct ipc_peer *peer, const struct ipc_kernel6 *msg, int fd)
{
	struct eif *eif = eif_find(&engine, msg->ifindex);

	(void)peer;
	(void)fd;
	if (eif != NULL)
		dhcp4_ipv6_usable(&eif->dhcp4, msg->usable != 0, os_clock_ms());
}

static void
engine_on_refused(struct ipc_peer *peer, const struct ipc_refused *msg, int fd)
{
	struct eif *eif = eif_find(&engine, msg->ifindex);

	(void)peer;
	(void)fd;
	if (eif == NULL)
		return;
	eif->last_refusal = msg->refusal;
	eif->counters[COUNT_REFUSED]++;
}

static void
engine_on_sandboxes(
    struct ipc_peer *peer, const struct ipc_sandbox *msg, int fd)
{
	(void)peer;
	(void)fd;
	if (msg->role < ROLE_MAX)
		engine.sandboxes[msg->role] = *msg;
}

static void
engine_on_shutdown(struct ipc_peer *peer, const struct ipc_stop *msg, int fd)
{
	(void)peer;
	(void)fd;
	engine_stop(&engine, msg->withdraw != 0);
}

static void
engine_on_status_log(struct ipc_peer *peer, const struct ipc_empty *msg, int fd)
{
	(void)peer;
	(void)msg;
	(void)fd;
	ctl_log_status(&engine, os_clock_ms());
}

static void
engine_on_secret(struct ipc_peer *peer, const struct ipc_secret *msg, int fd)
{
	(void)peer;
	(void)fd;
	memcpy(engine.secret, msg->secret, sizeof(engine.secret));
}

/* An address of the interface changed: each machine knows which are its. */
static void
engine_on_state6(struct ipc_peer *peer, const struct state6 *msg, int fd)
{
	struct eif *eif = eif_find(&engine, msg->ifindex);
	uint64_t now = os_clock_ms();

	(void)peer;
	(void)fd;
	if (eif == NULL)
		return;
	engine_address(eif, msg, now);
	slaac_address(&eif->slaac, msg, now);
	dhcp6_address(&eif->dhcp6, msg, now);
	pd_address(&eif->pd, msg, now);
}

static void
engine_on_neighbor6(
    struct ipc_peer *peer, const struct ipc_neighbor6 *msg, int fd)
{
	struct eif *eif = eif_find(&engine, msg->ifindex);

	(void)peer;
	(void)fd;
	if (eif != NULL)
		slaac_neighbor(&eif->slaac, &msg->addr, msg->reachable != 0,
		    os_clock_ms());
}

static void
engine_on_configured6(
    struct ipc_peer *peer, const struct ipc_configured6 *msg, int fd)
{
	struct eif *eif = eif_find(&engine, msg->ifindex);
	uint64_t now = os_clock_ms();
	int error = (int)msg->error;

	(void)peer;
	(void)fd;
	if (eif == NULL)
		return;
	if (error != 0)
		eif->counters[COUNT_KERNEL_ERROR]++;
	if (msg->protocol == PROTO_SLAAC)
		slaac_configured(&eif->slaac, msg->serial, error, now);
	else if (msg->protocol == PROTO_DHCP6)
		dhcp6_configured(&eif->dhcp6, msg->serial, error, now);
	else if (msg->protocol == PROTO_PD)
		pd_configured(&eif->pd, msg->serial, error, now);
}

/* ---- messages of the frontend ---- */

static void
engine_on_packet(struct ipc_peer *peer, const struct ipc_packet *msg, int fd)
{
	struct eif *eif = eif_find(&engine, msg->ifindex);
	uint64_t now = os_clock_ms();

	(void)peer;
	(void)fd;
	if (msg->len > sizeof(msg->data))
		fatalx("frontend: packet longer than its buffer");
	if (eif == NULL)
		return;
	switch (msg->channel) {
	case CHANNEL_DHCP4:
		dhcp4_receive(
		    &eif->dhcp4, msg->data, msg->len, (int)msg->flags, now);
		break;
	case CHANNEL_ARP:
		dhcp4_receive_arp(
		    &eif->dhcp4, msg->key, msg->data, msg->len, now);
		break;
	case CHANNEL_ND:
		slaac_receive(
		    &eif->slaac, &msg->meta, msg->data, msg->len, now);
		break;
	case CHANNEL_DHCP6:
		dhcp6_receive(&eif->dhcp6, &msg->key6, &msg->meta, msg->data,
		    msg->len, now);
		break;
	}
}

static void
engine_on_opened(
    struct ipc_peer *peer, const struct ipc_channel_state *msg, int fd)
{
	struct eif *eif = eif_find(&engine, msg->ifindex);

	(void)peer;
	(void)fd;
	if (eif != NULL)
		channel_state(eif, msg);
}

static void
engine_on_sent(
    struct ipc_peer *peer, const struct ipc_channel_state *msg, int fd)
{
	struct eif *eif = eif_find(&engine, msg->ifindex);
	uint64_t now = os_clock_ms();

	(void)peer;
	(void)fd;
	if (eif == NULL)
		return;
	switch (msg->channel) {
	case CHANNEL_DHCP4:
	case CHANNEL_ARP:
	case CHANNEL_UDP4:
		dhcp4_sent(
		    &eif->dhcp4, msg->channel, msg->key, (int)msg->error, now);
		break;
	case CHANNEL_RS:
		slaac_sent(&eif->slaac, msg->channel, (int)msg->error, now);
		break;
	case CHANNEL_DHCP6_SEND:
		dhcp6_sent(&eif->dhcp6, msg->channel, &msg->key6,
		    (int)msg->error, now);
		break;
	}
}

static void
engine_on_dropped(struct ipc_peer *peer, const struct ipc_dropped *msg, int fd)
{
	struct eif *eif = eif_find(&engine, msg->ifindex);

	(void)peer;
	(void)fd;
	if (eif != NULL && msg->counter < COUNT_MAX)
		eif->counters[msg->counter] += msg->n;
}

static void
engine_on_request(struct ipc_peer *peer, const struct ipc_request *msg, int fd)
{
	(void)peer;
	(void)fd;
	ctl_request(&engine, msg);
}

static void
engine_on_go_on(struct ipc_peer *peer, const struct ipc_client *msg, int fd)
{
	(void)peer;
	(void)fd;
	ctl_go_on(msg->client);
}

static void
engine_on_hangup(struct ipc_peer *peer, const struct ipc_client *msg, int fd)
{
	(void)peer;
	(void)fd;
	ctl_hangup(&engine, msg->client);
}

void
engine_main(uid_t uid, gid_t gid)
{
	TAILQ_INIT(&engine.ifaces);
	engine.timer_ms = PROTO_NEVER;
	child_init(&engine.child, ROLE_ENGINE, uid, gid, engine_handlers);
	timer_init();
	child_sandbox(&engine.child);
	ipc_loop(engine.child.base, &engine.child.stop, engine_turn);
	_exit(0);
}

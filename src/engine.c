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
#include "policy.h"
#include "os/os.h"
#include "proto/lease.h"

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

	(void)what;
	(void)arg;
	if (fd >= 0 && read(fd, &expirations, sizeof(expirations)) == -1 &&
	    errno != EAGAIN)
		fatal("timer");
	engine.timer_ms = PROTO_NEVER;
	TAILQ_FOREACH_SAFE (eif, &engine.ifaces, entry, next) {
		if (machine_due(&eif->machines[PROTO_DHCP4], now))
			dhcp4_timer(&eif->dhcp4, now);
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

/* After each turn: answer who waits, and set the timer to what is next. */
static void
engine_turn(void)
{
	struct ipc_stop stop = { .withdraw = (uint32_t)engine.withdraw };
	uint64_t now = os_clock_ms(), next;
	struct eif *eif;
	unsigned int i;
	int idle = 1;

	ctl_turn(&engine, now);
	next = ctl_deadline();
	TAILQ_FOREACH (eif, &engine.ifaces, entry) {
		for (i = 0; i < PROTO_MAX; i++)
			if (eif->machines[i].deadline < next)
				next = eif->machines[i].deadline;
		idle = idle && dhcp4_idle(&eif->dhcp4);
	}
	timer_set(next);
	if (engine.stopping == 1 &&
	    (idle || (!engine.withdraw && !engine.releasing))) {
		engine.stopping = 2;
		TO_PARENT(MSG_STOP, stop);
	}
}

void
engine_stop(struct engine *e, int withdraw)
{
	uint64_t now = os_clock_ms();
	struct eif *eif;
	int release;

	if (e->stopping)
		return;
	e->stopping = 1;
	e->withdraw = withdraw;
	TAILQ_FOREACH (eif, &e->ifaces, entry) {
		release = eif->conf.has_release_on_exit
		    ? eif->conf.release_on_exit
		    : e->global.release_on_exit;
		if (release) {
			e->releasing = 1;
			dhcp4_release(&eif->dhcp4, now);
		} else if (withdraw) {
			dhcp4_withdraw(&eif->dhcp4, now);
		}
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
	unsigned int i;

	(void)peer;
	(void)fd;
	if (eif == NULL) {
		if (engine.nifaces >= ENGINE_IFACES_MAX ||
		    (eif = calloc(1, sizeof(*eif))) == NULL) {
			log_warnx("no room for one more interface");
			return;
		}
		eif->ifindex = msg->ifindex;
		for (i = 0; i < PROTO_MAX; i++)
			eif->machines[i] =
			    (struct machine){ eif, i, PROTO_NEVER };
		dhcp4_init(
		    &eif->dhcp4, &engine_ops, &eif->machines[PROTO_DHCP4]);
		dhcp4_own_hwaddrs(
		    &eif->dhcp4, engine.hwaddrs.addr, engine.hwaddrs.n);
		TAILQ_INSERT_TAIL(&engine.ifaces, eif, entry);
		engine.nifaces++;
	}
	eif->conf = msg->conf;
	dhcp4_configure(&eif->dhcp4, &eif->conf, engine.global.duid,
	    engine.global.duid_len, os_clock_ms());
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
	free(eif);
}

static void
eif_interface_changed(struct eif *eif)
{
	if (eif->has_iface)
		dhcp4_interface(
		    &eif->dhcp4, &eif->iface, eif->ready4, os_clock_ms());
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

	(void)peer;
	(void)fd;
	if (eif == NULL || eif->started)
		return;
	eif->started = 1;
	dhcp4_start(&eif->dhcp4, os_clock_ms());
	/* The frontend may have told of its descriptor before MANAGE came. */
	if (!eif->ready4)
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
	uint64_t wall = wall_join(msg->wall_high, msg->wall_low), obtained;
	uint64_t age;
	struct lease4 lease;
	const char *why;
	int line;

	(void)peer;
	(void)fd;
	if (eif == NULL || msg->protocol != PROTO_DHCP4 ||
	    msg->len > sizeof(msg->data))
		return;
	if (lease4_parse(msg->data, msg->len, &lease, &why, &line) == -1) {
		log_warnx("%s: dhcp4: lease file refused: line %d: %s; "
			  "starting without a lease",
		    eif->conf.name, line, why);
		return;
	}
	obtained = wall_join(lease.obtained_high, lease.obtained_low);
	/* A clock behind the file's time knows nothing of the lease's age. */
	age = wall >= obtained ? wall - obtained : UINT32_MAX;
	eif->stored4 = engine_moment();
	dhcp4_stored(&eif->dhcp4, &lease,
	    age > UINT32_MAX ? UINT32_MAX : (uint32_t)age, os_clock_ms());
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

static void
engine_on_socket_failed(
    struct ipc_peer *peer, const struct ipc_socket_failed *msg, int fd)
{
	struct eif *eif = eif_find(&engine, msg->ifindex);

	(void)peer;
	(void)fd;
	if (eif == NULL || msg->channel >= CHANNEL_MAX)
		return;
	eif->failed = *msg;
	if (msg->error != 0 && msg->channel != CHANNEL_DHCP4)
		dhcp4_channel(&eif->dhcp4, (enum channel)msg->channel, msg->key,
		    (int)msg->error, os_clock_ms());
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

/* ---- IPv6 ---- */

static void
engine_on_secret(struct ipc_peer *peer, const struct ipc_secret *msg, int fd)
{
	(void)peer;
	(void)fd;
	memcpy(engine.secret, msg->secret, sizeof(engine.secret));
}

static void
engine_on_state6(struct ipc_peer *peer, const struct state6 *msg, int fd)
{
	(void)peer;
	(void)msg;
	(void)fd;
}

static void
engine_on_neighbor6(
    struct ipc_peer *peer, const struct ipc_neighbor6 *msg, int fd)
{
	(void)peer;
	(void)msg;
	(void)fd;
}

static void
engine_on_configured6(
    struct ipc_peer *peer, const struct ipc_configured6 *msg, int fd)
{
	struct eif *eif = eif_find(&engine, msg->ifindex);

	(void)peer;
	(void)fd;
	if (eif != NULL && msg->error != 0)
		eif->counters[COUNT_KERNEL_ERROR]++;
}

/* ---- messages of the frontend ---- */

static void
engine_on_packet(struct ipc_peer *peer, const struct ipc_packet *msg, int fd)
{
	struct eif *eif = eif_find(&engine, msg->ifindex);

	(void)peer;
	(void)fd;
	if (msg->len > sizeof(msg->data))
		fatalx("frontend: packet longer than its buffer");
	if (eif == NULL)
		return;
	if (msg->channel == CHANNEL_DHCP4)
		dhcp4_receive(&eif->dhcp4, msg->data, msg->len, (int)msg->flags,
		    os_clock_ms());
	else if (msg->channel == CHANNEL_ARP)
		dhcp4_receive_arp(
		    &eif->dhcp4, msg->key, msg->data, msg->len, os_clock_ms());
}

static void
engine_on_opened(
    struct ipc_peer *peer, const struct ipc_channel_state *msg, int fd)
{
	struct eif *eif = eif_find(&engine, msg->ifindex);

	(void)peer;
	(void)fd;
	if (eif == NULL || msg->channel >= CHANNEL_MAX)
		return;
	if (msg->channel != CHANNEL_DHCP4) {
		dhcp4_channel(&eif->dhcp4, (enum channel)msg->channel, msg->key,
		    (int)msg->error, os_clock_ms());
		return;
	}
	eif->ready4 = msg->error == 0;
	eif_interface_changed(eif);
}

static void
engine_on_sent(
    struct ipc_peer *peer, const struct ipc_channel_state *msg, int fd)
{
	struct eif *eif = eif_find(&engine, msg->ifindex);

	(void)peer;
	(void)fd;
	if (eif == NULL || msg->channel >= CHANNEL_MAX)
		return;
	dhcp4_sent(&eif->dhcp4, (enum channel)msg->channel, msg->key,
	    (int)msg->error, os_clock_ms());
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

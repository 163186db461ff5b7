/* SPDX-License-Identifier: ISC */
/*
 * The real engine in the simulator's process.  The linker gives the functions
 * below (--wrap) in place of the ones it calls for channels, timer, clock and
 * random numbers; everything else is what the daemon runs.
 */

#include <fcntl.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "log.h"
#include "os/os.h"
#include "sim.h"

#define WALL 1700000000ULL /* when a world begins */
#define TURNS 200	   /* per thousand: one more between two messages */

struct message {
	STAILQ_ENTRY(message) entry;
	enum ipc_type type;
	uint64_t data[];
};
static STAILQ_HEAD(, message) queue = STAILQ_HEAD_INITIALIZER(queue);
static struct sim *world;
static ipc_handler *const *handlers;
static void (*turn)(void);
static jmp_buf started;
static struct event_base *base;
static int never[2] = { -1, -1 }; /* a pipe without bytes: a timer's fd */

void __wrap_child_init(
    struct child *, enum ipc_role, uid_t, gid_t, ipc_handler *const *);
void __wrap_child_sandbox(struct child *);
int __wrap_ipc_open(struct ipc_peer *, struct event_base *, int, enum ipc_role,
    enum ipc_role, pid_t, ipc_handler *const *, int, int,
    void (*)(struct ipc_peer *, const char *), void *);
void
__wrap_ipc_send(struct ipc_peer *, enum ipc_type, const void *, size_t, int);
int __wrap_ipc_behind(void);
void __wrap_ipc_flush_peer(struct ipc_peer *);
void __wrap_ipc_loop(struct event_base *, const int *, void (*)(void));
int __wrap_os_timer_open(void);
int __wrap_os_timer_set(int, uint64_t);
uint64_t __wrap_os_clock_ms(void);
int __wrap_event_add(struct event *, const struct timeval *);
int __wrap_event_del(struct event *);
int __wrap_clock_gettime(clockid_t, struct timespec *);
int __real_clock_gettime(clockid_t, struct timespec *);
uint32_t __wrap_arc4random(void);
uint32_t __wrap_arc4random_uniform(uint32_t);
_Noreturn void __wrap_fatal(const char *, ...);
_Noreturn void __wrap_fatalx(const char *, ...);

/* ---- in place of its process ---- */

void
__wrap_child_init(struct child *child, enum ipc_role role, uid_t uid, gid_t gid,
    ipc_handler *const *h)
{
	(void)uid;
	(void)gid;
	child->role = role;
	child->base = base;
	handlers = h;
}

void
__wrap_child_sandbox(struct child *child)
{
	(void)child;
}

int
__wrap_ipc_open(struct ipc_peer *peer, struct event_base *b, int fd,
    enum ipc_role self, enum ipc_role role, pid_t pid, ipc_handler *const *h,
    int fdpass, int is_started, void (*end)(struct ipc_peer *, const char *),
    void *arg)
{
	(void)b;
	(void)fd;
	(void)pid;
	(void)h;
	(void)fdpass;
	(void)is_started;
	(void)end;
	(void)arg;
	peer->self = self;
	peer->role = role;
	return 0;
}

/* The real loop never ends, and engine_main() does not return. */
void
__wrap_ipc_loop(struct event_base *b, const int *stop, void (*hook)(void))
{
	(void)b;
	(void)stop;
	turn = hook;
	longjmp(started, 1);
}

void
__wrap_ipc_send(struct ipc_peer *peer, enum ipc_type type, const void *data,
    size_t size, int fd)
{
	struct sim *sim = world;
	int to_parent = peer == &engine.child.parent;
	uint64_t *busy = to_parent ? &sim->parent_busy : &sim->frontend_busy;
	uint64_t when = sim->now + 1 + sim_random(sim, 10);

	if (size != ipc_size(type) || fd != -1)
		sim_fail(sim, NULL, "%s of %zu bytes", ipc_name(type), size);
	sim_heard(sim, to_parent, type, data);
	/* A channel keeps its order. */
	*busy = when < *busy ? *busy : when;
	sim_at(sim, *busy, sim_carry_out, NULL, (uint32_t)type | sim->life << 8,
	    data, size);
}

int
__wrap_ipc_behind(void)
{
	return world->behind > world->now;
}

void
__wrap_ipc_flush_peer(struct ipc_peer *peer)
{
	(void)peer;
}

/* ---- time and chance ---- */

uint64_t
__wrap_os_clock_ms(void)
{
	return world->now - world->uncounted;
}

int
__wrap_clock_gettime(clockid_t id, struct timespec *ts)
{
	if (id != CLOCK_REALTIME)
		return __real_clock_gettime(id, ts);
	ts->tv_sec = (time_t)(WALL + world->now / 1000);
	ts->tv_nsec = 0;
	return 0;
}

/* Where the clock stops in sleep there is no timer descriptor, either. */
int
__wrap_os_timer_open(void)
{
	return world->clock_stops ? -1 : never[0];
}

int
__wrap_os_timer_set(int fd, uint64_t when)
{
	(void)fd;
	world->timer = when;
	return 0;
}

int
__wrap_event_add(struct event *ev, const struct timeval *tv)
{
	if (ev == &engine.timer_ev && tv != NULL)
		world->timer = world->now + (uint64_t)tv->tv_sec * 1000 +
		    (uint64_t)tv->tv_usec / 1000;
	return 0;
}

int
__wrap_event_del(struct event *ev)
{
	if (ev == &engine.timer_ev)
		world->timer = PROTO_NEVER;
	return 0;
}

uint32_t
__wrap_arc4random(void)
{
	return sim_random(world, 0);
}

uint32_t
__wrap_arc4random_uniform(uint32_t bound)
{
	return sim_random(world, bound);
}

void
__wrap_fatal(const char *fmt, ...)
{
	sim_fail(world, NULL, "the engine dies: %s", fmt);
}

void
__wrap_fatalx(const char *fmt, ...)
{
	sim_fail(world, NULL, "the engine dies: %s", fmt);
}

static void
hear_log(int priority, const char *line)
{
	(void)priority;
	sim_say(world, NULL, "%s", line);
}

/* ---- what the world does with it ---- */

static void
drop_queue(void)
{
	struct message *m;

	while ((m = STAILQ_FIRST(&queue)) != NULL) {
		STAILQ_REMOVE_HEAD(&queue, entry);
		free(m);
	}
}

void
sim_tell(struct sim *sim, enum ipc_type type, const void *data, size_t size)
{
	struct message *m;

	if (!sim->running)
		return;
	if (size != ipc_size(type))
		sim_fail(sim, NULL, "%s of a wrong size", ipc_name(type));
	if ((m = malloc(sizeof(*m) + size)) == NULL)
		abort();
	m->type = type;
	memcpy(m->data, data, size);
	STAILQ_INSERT_TAIL(&queue, m, entry);
}

/* A link that comes up ends a release: when the engine hears of it. */
static void
note_link(struct sim *sim, const struct interface *info)
{
	const struct eif *eif = eif_find(&engine, info->ifindex);

	if (eif != NULL && !(eif->iface.flags & IFACE_RUNNING) &&
	    (info->flags & IFACE_RUNNING))
		sim_find(sim, info->ifindex)->released = 0;
}

void
sim_engine_turn(struct sim *sim)
{
	struct message *m;

	if (!sim->running || sim->asleep > sim->now)
		return;
	while ((m = STAILQ_FIRST(&queue)) != NULL && sim->behind <= sim->now) {
		STAILQ_REMOVE_HEAD(&queue, entry);
		if (m->type == MSG_INTERFACE)
			note_link(sim, (const void *)m->data);
		handlers[m->type](NULL, m->data, -1);
		free(m);
		if (sim_chance(sim, TURNS))
			turn();
	}
	turn();
}

uint64_t
sim_engine_due(const struct sim *sim)
{
	uint64_t when = sim->timer;

	if (!sim->running || when == PROTO_NEVER)
		return PROTO_NEVER;
	if (when < sim->asleep)
		when = sim->asleep;
	return when < sim->now ? sim->now : when;
}

void
sim_engine_timer(struct sim *sim)
{
	sim->doing = "the engine's timer fires";
	sim->timer = PROTO_NEVER;
	event_get_callback (&engine.timer_ev)(
	    engine.timer_fd, EV_TIMEOUT, NULL);
}

struct eif *
sim_eif(const struct sim_iface *iface)
{
	return iface->sim->running ? eif_find(&engine, iface->iface.ifindex)
				   : NULL;
}

static void
say_hello(struct sim *sim)
{
	struct ipc_hello hello = { .version = IPC_VERSION, .parent_pid = 1 };
	struct ipc_channel channel = { .peer_pid = 2 };
	static struct ipc_global global;
	static struct ipc_hwaddrs hwaddrs;
	struct ipc_secret secret;
	unsigned int i;

	hello.verbose = (uint32_t)sim->verbose;
	for (i = 0; i < sizeof(secret.secret); i++)
		secret.secret[i] = (uint8_t)(sim->seed + i);
	memset(&global, 0, sizeof(global));
	global.conf.duid_len = 10;
	memcpy(global.conf.duid, "\0\3\0\1\2\0\0\0\0\1", 10);
	global.conf.release_on_exit = (uint8_t)sim_releases(sim);
	memset(&hwaddrs, 0, sizeof(hwaddrs));
	for (i = 0; i < sim->nifaces; i++)
		memcpy(
		    hwaddrs.addr[hwaddrs.n++], sim->ifaces[i].iface.hwaddr, 6);
	SIM_TELL(sim, MSG_HELLO, hello);
	SIM_TELL(sim, MSG_CHANNEL, channel);
	SIM_TELL(sim, MSG_SECRET, secret);
	SIM_TELL(sim, MSG_GLOBAL, global);
	SIM_TELL(sim, MSG_HWADDRS, hwaddrs);
}

void
sim_engine_start(struct sim *sim)
{
	world = sim;
	if (base == NULL &&
	    ((base = event_base_new()) == NULL ||
		pipe2(never, O_NONBLOCK) != 0))
		abort();
	log_init("engine", 0, sim->verbose, hear_log);
	memset(&engine, 0, sizeof(engine));
	sim->timer = PROTO_NEVER;
	sim->behind = 0;
	sim->life++;
	if (setjmp(started) == 0)
		engine_main(0, 0);
	sim->running = 1;
	say_hello(sim);
}

/* kill -9: what it was told and what it said is lost. */
void
sim_engine_kill(struct sim *sim)
{
	struct eif *eif;

	if (!sim->running)
		return;
	drop_queue();
	sim_control_forget();
	while ((eif = TAILQ_FIRST(&engine.ifaces)) != NULL) {
		TAILQ_REMOVE(&engine.ifaces, eif, entry);
		free(eif);
	}
	if (event_initialized(&engine.timer_ev))
		(void)event_del(&engine.timer_ev);
	sim->running = sim->stopping = 0;
	sim->life++;
	sim->timer = PROTO_NEVER;
}

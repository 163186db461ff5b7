/* SPDX-License-Identifier: ISC */
/*
 * The one dispatcher and the send queues.  What a message must look like is
 * in ipc.h's table; nothing here knows a single message.
 */

#include <sys/types.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "ipc_core.h"
#include "log.h"

#define B_PARENT (1U << ROLE_PARENT)
#define B_FRONTEND (1U << ROLE_FRONTEND)
#define B_ENGINE (1U << ROLE_ENGINE)
#define B_HELPER (1U << ROLE_HELPER)
#define B_CLIENT (1U << ROLE_CLIENT)
#define B_CHILDREN (B_FRONTEND | B_ENGINE | B_HELPER)
#define B_FE (B_FRONTEND | B_ENGINE)

enum phase { PHASE_START, PHASE_RUN, PHASE_ONCE };
enum { CARRY_NOFD, CARRY_FD };

struct row {
	const char *name;
	uint16_t size;
	uint8_t from;
	uint8_t to;
	uint8_t phase;
	uint8_t fd;
};

#define IPC_ROW(M, h, s, f, t, p, d) \
	[MSG_##                      \
	    M] = { #M, sizeof(struct s), B_##f, B_##t, PHASE_##p, CARRY_##d },
static const struct row rows[MSG_MAX] = { IPC_TABLE(IPC_ROW) };
#undef IPC_ROW

static TAILQ_HEAD(, ipc_peer) peers = TAILQ_HEAD_INITIALIZER(peers);
static void ipc_writable(evutil_socket_t, short, void *);

const char *
ipc_name(uint32_t type)
{
	if (type >= MSG_MAX || rows[type].name == NULL)
		return "unknown";
	return rows[type].name;
}

size_t
ipc_size(uint32_t type)
{
	return type < MSG_MAX ? rows[type].size : 0;
}

const char *
ipc_role_name(enum ipc_role role)
{
	static const char *const names[ROLE_MAX] = { "parent", "frontend",
		"engine", "helper", "client" };

	return (unsigned int)role < ROLE_MAX ? names[role] : "unknown";
}

/* Everything the table says about an incoming message; NULL when it fits. */
static const char *
ipc_check(struct ipc_peer *peer, struct imsg *imsg)
{
	uint32_t type = imsg_get_type(imsg);
	const struct row *row;

	if (type >= MSG_MAX || rows[type].name == NULL)
		return "unknown type";
	row = &rows[type];
	if (!(row->from & 1U << peer->role) || !(row->to & 1U << peer->self) ||
	    peer->handlers[type] == NULL)
		return "type not for this channel";
	if (imsg_get_len(imsg) != row->size)
		return "wrong size";
	if (imsg_get_id(imsg) != 0)
		return "peerid is not 0";
	if (peer->pid != 0 && imsg_get_pid(imsg) != peer->pid)
		return "foreign pid";
	if (peer->started ? row->phase == PHASE_START
			  : row->phase != PHASE_START)
		return "wrong phase";
	if (row->phase == PHASE_ONCE && peer->seen[type])
		return "only allowed once";
	return NULL;
}

static void
ipc_dispatch(struct ipc_peer *peer, struct imsg *imsg)
{
	/* The handlers get aligned memory whatever the stream's position. */
	static union {
		uint64_t align;
		uint8_t bytes[IPC_MESSAGE_MAX];
	} data;
	uint32_t type = imsg_get_type(imsg);
	const char *why = ipc_check(peer, imsg);
	int fd = imsg_get_fd(imsg);

	if (why == NULL && rows[type].fd == CARRY_FD && fd == -1)
		why = "descriptor missing";
	if (why == NULL && rows[type].fd == CARRY_NOFD && fd != -1)
		why = "descriptor that does not belong";
	if (why == NULL &&
	    imsg_get_data(imsg, data.bytes, rows[type].size) == -1)
		why = "short data";
	if (why != NULL) {
		if (fd != -1)
			close(fd);
		log_debug("%s: message %u (%s): %s", ipc_role_name(peer->role),
		    type, ipc_name(type), why);
		peer->end(peer, why);
		return;
	}
	peer->started = 1;
	peer->seen[type] = 1;
	peer->handlers[type](peer, data.bytes, fd);
}

int
ipc_behind(void)
{
	struct ipc_peer *to;

	TAILQ_FOREACH (to, &peers, entry) {
		if (to->queued > IPC_QUEUE_SLOW || to->count > IPC_RING / 2)
			ipc_flush_peer(to);
		if (!to->broken &&
		    (to->queued > IPC_QUEUE_SLOW || to->count > IPC_RING / 2))
			return 1;
	}
	return 0;
}

/*
 * One packet, or one new interface, can make the engine say 20 KiB to the
 * parent.  It goes on with the next message only when that has left, so that
 * no burst fills a queue.  Nobody waits for the engine in this way, so all of
 * it drains.
 */
static int
ipc_must_wait(const struct ipc_peer *peer)
{
	return peer->self == ROLE_ENGINE && ipc_behind();
}

/* Dispatch what has been read. */
static void
ipc_drain(struct ipc_peer *peer)
{
	struct imsg imsg;
	ssize_t n;

	/* A handler may close its own channel (a client's): look each time. */
	while (!peer->closed) {
		if (ipc_must_wait(peer)) {
			peer->waiting = 1;
			event_del(&peer->rev);
			return;
		}
		n = imsg_get(&peer->ibuf, &imsg);
		if (n == 0)
			return;
		if (n == -1) {
			peer->end(peer, "malformed message");
			return;
		}
		ipc_dispatch(peer, &imsg);
		imsg_free(&imsg);
	}
}

static void
ipc_readable(evutil_socket_t sock, short what, void *arg)
{
	struct ipc_peer *peer = arg;

	(void)sock;
	(void)what;
	switch (imsgbuf_read(&peer->ibuf)) {
	case -1:
		/* A peer that died with unread messages resets. */
		peer->end(peer, errno == ECONNRESET ? NULL : strerror(errno));
		return;
	case 0:
		peer->end(peer, NULL);
		return;
	}
	ipc_drain(peer);
}

int
ipc_open(struct ipc_peer *peer, struct event_base *base, int fd,
    enum ipc_role self, enum ipc_role role, pid_t pid,
    ipc_handler *const *handlers, int fdpass, int started,
    void (*end)(struct ipc_peer *, const char *), void *arg)
{
	memset(peer, 0, sizeof(*peer));
	if (imsgbuf_init(&peer->ibuf, fd) == -1)
		return errno;
	if (fdpass)
		imsgbuf_allow_fdpass(&peer->ibuf);
	peer->base = base;
	peer->self = self;
	peer->role = role;
	peer->pid = pid;
	peer->handlers = handlers;
	peer->started = started;
	peer->end = end;
	peer->arg = arg;
	if (event_assign(&peer->rev, base, fd, EV_READ | EV_PERSIST,
		ipc_readable, peer) == -1 ||
	    event_assign(&peer->wev, base, fd, EV_WRITE, ipc_writable, peer) ==
		-1 ||
	    event_add(&peer->rev, NULL) == -1) {
		imsgbuf_clear(&peer->ibuf);
		return EIO;
	}
	TAILQ_INSERT_TAIL(&peers, peer, entry);
	return 0;
}

void
ipc_close(struct ipc_peer *peer)
{
	if (peer->closed)
		return;
	peer->closed = 1;
	TAILQ_REMOVE(&peers, peer, entry);
	event_del(&peer->rev);
	event_del(&peer->wev);
	close(peer->ibuf.fd);
	imsgbuf_clear(&peer->ibuf);
}

/* After a write: forget the messages that are gone. */
static void
ipc_account(struct ipc_peer *peer)
{
	uint32_t left = imsgbuf_queuelen(&peer->ibuf);

	while (peer->count > left) {
		peer->queued -= peer->ring[peer->head];
		peer->head = (peer->head + 1) % IPC_RING;
		peer->count--;
	}
}

void
ipc_flush_peer(struct ipc_peer *peer)
{
	if (peer->closed || !peer->dirty)
		return;
	if (imsgbuf_write(&peer->ibuf) == -1) {
		/* The read side ends the channel: its last words may still
		 * be there, and nothing is lost that could have arrived. */
		peer->broken = 1;
		peer->dirty = 0;
		return;
	}
	ipc_account(peer);
	if (peer->count == 0)
		peer->dirty = 0;
	else if (event_add(&peer->wev, NULL) == -1)
		peer->end(peer, "event_add");
}

static void
ipc_writable(evutil_socket_t sock, short what, void *arg)
{
	(void)sock;
	(void)what;
	ipc_flush_peer(arg);
}

void
ipc_flush(void)
{
	struct ipc_peer *peer, *next;

	/* _SAFE: ending a client removes it from the list. */
	TAILQ_FOREACH_SAFE (peer, &peers, entry, next) {
		if (peer->dirty && !event_pending(&peer->wev, EV_WRITE, NULL))
			ipc_flush_peer(peer);
	}
	TAILQ_FOREACH_SAFE (peer, &peers, entry, next) {
		if (!peer->waiting || ipc_must_wait(peer))
			continue;
		peer->waiting = 0;
		if (event_add(&peer->rev, NULL) == -1)
			fatalx("event_add");
		ipc_drain(peer);
	}
}

void
ipc_send(struct ipc_peer *peer, enum ipc_type type, const void *data,
    size_t size, int fd)
{
	static pid_t self;
	const struct row *row = &rows[type];
	size_t bytes = size + IMSG_HEADER_SIZE;

	if (self == 0)
		self = getpid();
	if (size != row->size || (fd != -1) != (row->fd == CARRY_FD))
		fatalx("message %s: size or descriptor is not the table's",
		    row->name);
	if (peer->closed) {
		if (fd != -1)
			close(fd);
		return;
	}
	if (peer->queued + bytes > IPC_QUEUE_MAX || peer->count == IPC_RING) {
		if (fd != -1)
			close(fd);
		peer->end(peer, "does not read its messages");
		return;
	}
	if (imsg_compose(&peer->ibuf, type, 0, self, fd, data, size) == -1)
		fatal("imsg_compose");
	peer->ring[(peer->head + peer->count) % IPC_RING] = (uint16_t)bytes;
	peer->count++;
	peer->queued += bytes;
	peer->dirty = 1;
}

void
ipc_loop(struct event_base *base, const int *stop, void (*hook)(void))
{
	for (;;) {
		/* The hook sees what is still unsent. */
		ipc_flush();
		if (hook != NULL)
			hook();
		ipc_flush();
		if (*stop)
			return;
		if (event_base_loop(base, EVLOOP_ONCE) == -1)
			fatalx("event loop");
	}
}

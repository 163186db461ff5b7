/* SPDX-License-Identifier: ISC */
/*
 * Control clients, in the frontend.  A client sends one request of fixed size
 * and gets fixed-size answers; who may do what is decided here by uid and
 * again by the engine.  A client that misbehaves is dropped.
 */

#include <sys/socket.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "frontend.h"
#include "log.h"

#define ACCEPT_PAUSE_SEC 1

struct client {
	TAILQ_ENTRY(client) entry;
	struct ipc_peer peer;
	struct event deadline; /* to go on; not while it waits or monitors */
	uint32_t id;
	uint32_t uid;
	int requested;
	int monitor;
	int more; /* the engine waits until all is written */
	int done; /* answered: close once all is written */
	int dead; /* free at the end of the turn */
};

static struct {
	TAILQ_HEAD(, client) clients;
	unsigned int nclients, nmonitors;
	uint32_t last_id;
	struct frontend *front;
	struct event listen;
	struct event again; /* after a pause */
	int paused;	    /* nobody could be accepted since */
	ipc_handler *const *handlers;
} ctl = { .clients = TAILQ_HEAD_INITIALIZER(ctl.clients) };

void
control_handlers(ipc_handler *const *table)
{
	ctl.handlers = table;
}

/* From the connect, the request, each part of a listing, or the result. */
static void
deadline_set(struct client *c)
{
	const struct timeval limit = { .tv_sec = IPC_REQUEST_SEC };

	if (event_add(&c->deadline, &limit) == -1)
		fatalx("event_add");
}

/* The dispatcher may be working on this client: it is freed by
 * control_sweep(), between turns. */
static void
client_drop(struct client *c)
{
	struct ipc_client msg = { .client = c->id };

	if (c->dead)
		return;
	if (c->requested && !c->done)
		ipc_send(&ctl.front->engine, MSG_HANGUP, &msg, sizeof(msg), -1);
	if (c->monitor)
		ctl.nmonitors--;
	event_del(&c->deadline);
	ipc_close(&c->peer);
	c->dead = 1;
}

void
control_sweep(void)
{
	struct ipc_client msg;
	struct client *c, *next;

	TAILQ_FOREACH_SAFE (c, &ctl.clients, entry, next) {
		if (c->more && !c->dead && c->peer.count == 0) {
			msg.client = c->id;
			c->more = 0;
			deadline_set(c);
			ipc_send(&ctl.front->engine, MSG_GO_ON, &msg,
			    sizeof(msg), -1);
		}
		if (c->done && c->peer.count == 0)
			client_drop(c);
		if (!c->dead)
			continue;
		TAILQ_REMOVE(&ctl.clients, c, entry);
		ctl.nclients--;
		free(c);
	}
}

static void
client_end(struct ipc_peer *peer, const char *why)
{
	struct client *c = peer->arg;

	if (why != NULL)
		log_debug("control client %u dropped: %s", c->id, why);
	client_drop(c);
}

static void
client_late(evutil_socket_t fd, short what, void *arg)
{
	struct client *c = arg;

	(void)fd;
	(void)what;
	log_debug("control client %u dropped: %s within %d s", c->id,
	    c->requested ? "answer not taken" : "no request", IPC_REQUEST_SEC);
	client_drop(c);
}

/* The peer's effective uid; an error makes it nobody. */
static uint32_t
client_uid(int fd)
{
	uid_t uid;
	gid_t gid;

	if (getpeereid(fd, &uid, &gid) == -1)
		return UINT32_MAX;
	return (uint32_t)uid;
}

/* No descriptor for it: the client that waits keeps the socket readable, and
 * without a pause this would be all that the process does. */
static void
control_pause(void)
{
	const struct timeval pause = { .tv_sec = ACCEPT_PAUSE_SEC };

	if (!ctl.paused)
		log_warn("control client cannot be accepted");
	ctl.paused = 1;
	event_del(&ctl.listen);
	if (event_add(&ctl.again, &pause) == -1)
		fatalx("event_add");
}

static void
control_again(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	if (event_add(&ctl.listen, NULL) == -1)
		fatalx("event_add");
}

static void
control_accept(evutil_socket_t listener, short what, void *arg)
{
	struct client *c;
	int fd;

	(void)what;
	(void)arg;
	fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd == -1) {
		if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
			control_pause();
		return;
	}
	ctl.paused = 0;
	/* One more than can be served, to tell it so. */
	if (ctl.nclients > IPC_CLIENTS_MAX ||
	    (c = calloc(1, sizeof(*c))) == NULL) {
		close(fd);
		return;
	}
	c->uid = client_uid(fd);
	c->id = ++ctl.last_id;
	if (ipc_open(&c->peer, ctl.front->child.base, fd, ROLE_FRONTEND,
		ROLE_CLIENT, 0, ctl.handlers, 0, 0, client_end, c) != 0) {
		close(fd);
		free(c);
		return;
	}
	TAILQ_INSERT_TAIL(&ctl.clients, c, entry);
	ctl.nclients++;
	if (event_assign(&c->deadline, ctl.front->child.base, -1, 0,
		client_late, c) == -1)
		fatalx("event_assign");
	deadline_set(c);
}

void
control_listen(struct frontend *front, int fd)
{
	ctl.front = front;
	if (event_assign(&ctl.listen, front->child.base, fd,
		EV_READ | EV_PERSIST, control_accept, NULL) == -1 ||
	    evtimer_assign(
		&ctl.again, front->child.base, control_again, NULL) == -1 ||
	    event_add(&ctl.listen, NULL) == -1)
		fatalx("event_add");
}

void
control_close(void)
{
	struct client *c;

	if (ctl.front == NULL)
		return;
	event_del(&ctl.listen);
	event_del(&ctl.again);
	close(event_get_fd(&ctl.listen));
	TAILQ_FOREACH (c, &ctl.clients, entry)
		if (!c->dead)
			close(c->peer.ibuf.fd);
}

static struct client *
client_find(uint32_t id)
{
	struct client *c;

	TAILQ_FOREACH (c, &ctl.clients, entry) {
		if (c->id == id && !c->dead)
			return c;
	}
	return NULL;
}

static void
client_result(struct client *c, enum ipc_code code, const char *text)
{
	struct ipc_result msg;

	memset(&msg, 0, sizeof(msg));
	msg.client = c->id;
	msg.code = code;
	strlcpy(msg.text, text, sizeof(msg.text));
	control_result(&msg);
}

/* What only uid 0, or with `control write yes` the group, may ask. */
static int
command_writes(uint32_t command)
{
	return command != CTL_CMD_SHOW && command != CTL_CMD_COUNTERS &&
	    command != CTL_CMD_WAIT && command != CTL_CMD_MONITOR;
}

static int
request_valid(const struct ipc_ctl_request *req)
{
	uint32_t i;

	if (req->command == CTL_CMD_NONE || req->command >= CTL_CMD_MAX ||
	    req->nnames > CTL_WAIT_NAMES_MAX)
		return 0;
	for (i = 0; i < req->nnames; i++)
		if (memchr(req->names[i], '\0', sizeof(req->names[i])) == NULL)
			return 0;
	return 1;
}

static void
client_monitor(struct client *c)
{
	if (ctl.nmonitors >= IPC_MONITORS_MAX) {
		client_result(c, IPC_BUSY, "too many monitors");
		return;
	}
	ctl.nmonitors++;
	c->monitor = 1;
	event_del(&c->deadline);
}

static void
client_forward(struct client *c, const struct ipc_ctl_request *req)
{
	struct ipc_client reload = { .client = c->id };
	struct ipc_log_level level = { .verbose =
					   (req->flags & CTL_VERBOSE) != 0 };
	struct ipc_request msg;

	switch (req->command) {
	case CTL_CMD_MONITOR:
		client_monitor(c);
		return;
	case CTL_CMD_RELOAD:
		ipc_send(&ctl.front->child.parent, MSG_RELOAD, &reload,
		    sizeof(reload), -1);
		return;
	case CTL_CMD_LOGLEVEL:
		ipc_send(&ctl.front->child.parent, MSG_SET_LOG, &level,
		    sizeof(level), -1);
		client_result(c, IPC_OK, "");
		return;
	case CTL_CMD_WAIT:
		event_del(&c->deadline);
		break;
	}
	memset(&msg, 0, sizeof(msg));
	msg.client = c->id;
	msg.uid = c->uid;
	msg.req = *req;
	ipc_send(&ctl.front->engine, MSG_REQUEST, &msg, sizeof(msg), -1);
}

void
control_request(struct ipc_peer *peer, const struct ipc_ctl_request *req)
{
	struct client *c = peer->arg;

	deadline_set(c);
	c->requested = 1;
	if (req->version != IPC_VERSION)
		client_result(c, IPC_INVALID,
		    "this leasectl is of another version than leased");
	else if (!request_valid(req))
		client_result(c, IPC_INVALID, "request is not valid");
	else if (ctl.nclients > IPC_CLIENTS_MAX)
		client_result(c, IPC_BUSY, "too many clients");
	else if (command_writes(req->command) && c->uid != 0 &&
	    !ctl.front->conf.control_write)
		client_result(c, IPC_DENIED,
		    "only root may do this (see \"control write\" in "
		    "leased.conf(5))");
	else
		client_forward(c, req);
}

void
control_reply(uint32_t id, enum ipc_type type, const void *data, size_t size)
{
	struct client *c = client_find(id);

	if (c != NULL && !c->done)
		ipc_send(&c->peer, type, data, size, -1);
}

void
control_more(uint32_t id)
{
	struct client *c = client_find(id);

	if (c != NULL)
		c->more = 1;
}

void
control_result(const struct ipc_result *msg)
{
	struct client *c = client_find(msg->client);

	if (c == NULL || c->done)
		return;
	ipc_send(&c->peer, MSG_CTL_RESULT, msg, sizeof(*msg), -1);
	c->done = 1;
	if (!c->dead)
		deadline_set(c);
}

void
control_event(enum ipc_type type, const void *msg, size_t size)
{
	struct client *c;

	TAILQ_FOREACH (c, &ctl.clients, entry) {
		if (c->monitor && !c->dead)
			ipc_send(&c->peer, type, msg, size, -1);
	}
}

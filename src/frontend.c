/* SPDX-License-Identifier: ISC */
/*
 * The frontend: owns the packet and UDP descriptors and the control socket,
 * and moves bytes between them and the engine without reading them.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "frontend.h"
#include "log.h"
#include "os/os.h"

#define IPC_ME FRONTEND
#define IPC_PREFIX frontend
#include "ipc_handlers.h"

#define SOCKETS_MAX 8192 /* descriptors of all interfaces */
#define READ_BATCH 16	 /* packets from one descriptor in one turn */
#define BUCKET_BURST 64	 /* packets at once per interface and channel */
#define BUCKET_PER_SEC 100

/* One descriptor: an interface's channel, for ARP and UDP one address. */
struct sock {
	TAILQ_ENTRY(sock) entry;
	struct event ev;
	uint32_t ifindex;
	enum channel channel;
	struct in_addr key;
	uint32_t buflen;
	int fd;
	uint64_t refilled_ms;
	uint32_t tokens;
	uint32_t limited; /* packets over the rate, not yet told */
};

static struct frontend frontend;
static TAILQ_HEAD(, sock) socks = TAILQ_HEAD_INITIALIZER(socks);
static unsigned int nsocks;

static void
sock_free(struct sock *s)
{
	TAILQ_REMOVE(&socks, s, entry);
	nsocks--;
	if (s->channel != CHANNEL_UDP4)
		event_del(&s->ev);
	close(s->fd);
	free(s);
}

static struct sock *
sock_find(uint32_t ifindex, uint32_t channel, struct in_addr key)
{
	struct sock *s;

	TAILQ_FOREACH (s, &socks, entry) {
		if (s->ifindex == ifindex && s->channel == channel &&
		    s->key.s_addr == key.s_addr)
			return s;
	}
	return NULL;
}

static void
tell_state(enum ipc_type type, const struct sock *s, int error)
{
	struct ipc_channel_state msg;

	memset(&msg, 0, sizeof(msg));
	msg.ifindex = s->ifindex;
	msg.channel = s->channel;
	msg.key = s->key;
	msg.error = (uint32_t)error;
	ipc_send(&frontend.engine, type, &msg, sizeof(msg), -1);
}

static void
tell_dropped(const struct sock *s, enum counter counter, uint32_t n)
{
	struct ipc_dropped msg;

	memset(&msg, 0, sizeof(msg));
	msg.ifindex = s->ifindex;
	msg.counter = counter;
	msg.n = n;
	ipc_send(&frontend.engine, MSG_DROPPED, &msg, sizeof(msg), -1);
}

/* A token bucket for each descriptor, so that a flood on one interface or
 * protocol is that one's own trouble. */
static int
sock_may_pass(struct sock *s)
{
	uint64_t now = os_clock_ms();
	uint64_t add = (now - s->refilled_ms) * BUCKET_PER_SEC / 1000;

	if (add > 0) {
		s->tokens = add + s->tokens > BUCKET_BURST
		    ? BUCKET_BURST
		    : s->tokens + (uint32_t)add;
		s->refilled_ms = now;
	}
	if (s->tokens == 0)
		return 0;
	s->tokens--;
	return 1;
}

static void
sock_packet(void *arg, const uint8_t *data, size_t len, int flags)
{
	static struct ipc_packet msg;
	struct sock *s = arg;

	/* Over the rate, or the engine does not read (more would only end
	 * us).  Told with the next packet that passes, not once a packet. */
	if (!sock_may_pass(s) || frontend.engine.queued > IPC_QUEUE_SLOW) {
		s->limited++;
		return;
	}
	if (s->limited > 0) {
		tell_dropped(s, COUNT_RATE_LIMITED, s->limited);
		s->limited = 0;
	}
	if (len > sizeof(msg.data)) {
		tell_dropped(s, COUNT_OVERSIZED, 1);
		return;
	}
	msg.ifindex = s->ifindex;
	msg.channel = s->channel;
	msg.key = s->key;
	msg.flags = (uint32_t)flags;
	msg.len = (uint32_t)len;
	memcpy(msg.data, data, len);
	memset(msg.data + len, 0, sizeof(msg.data) - len);
	ipc_send(&frontend.engine, MSG_PACKET, &msg, sizeof(msg), -1);
}

static void
sock_readable(evutil_socket_t fd, short what, void *arg)
{
	struct sock *s = arg;

	(void)what;
	if (os_packet_read(
		fd, s->channel, s->buflen, READ_BATCH, sock_packet, s) == -1 &&
	    errno != EAGAIN && errno != EINTR && errno != ENETDOWN) {
		/* Gone with its interface; the parent makes a new one. */
		tell_state(MSG_OPENED, s, errno);
		sock_free(s);
	}
}

static void
frontend_on_hello(struct ipc_peer *peer, const struct ipc_hello *msg, int fd)
{
	(void)peer;
	(void)fd;
	child_hello(&frontend.child, msg);
}

static void
engine_end(struct ipc_peer *peer, const char *why)
{
	/* Who died is for the parent to say: its EOF follows. */
	if (why == NULL)
		ipc_close(peer);
	else
		fatalx("engine: %s", why);
}

static void
frontend_on_channel(
    struct ipc_peer *peer, const struct ipc_channel *msg, int fd)
{
	(void)peer;
	if (ipc_open(&frontend.engine, frontend.child.base, fd, ROLE_FRONTEND,
		ROLE_ENGINE, (pid_t)msg->peer_pid, frontend_handlers, 0, 1,
		engine_end, NULL) != 0)
		fatalx("channel to the engine");
}

static void
frontend_on_log_level(
    struct ipc_peer *peer, const struct ipc_log_level *msg, int fd)
{
	(void)peer;
	(void)fd;
	log_set_verbose((int)msg->verbose);
}

static void
frontend_on_global(struct ipc_peer *peer, const struct ipc_global *msg, int fd)
{
	(void)peer;
	(void)fd;
	frontend.conf = msg->conf;
}

static void
frontend_on_control(struct ipc_peer *peer, const struct ipc_empty *msg, int fd)
{
	(void)peer;
	(void)msg;
	control_listen(&frontend, fd);
}

static void
frontend_on_socket(struct ipc_peer *peer, const struct ipc_socket *msg, int fd)
{
	struct sock *s = sock_find(msg->ifindex, msg->channel, msg->key);

	(void)peer;
	if (s != NULL)
		sock_free(s);
	if (nsocks >= SOCKETS_MAX || msg->channel >= CHANNEL_MAX ||
	    (s = calloc(1, sizeof(*s))) == NULL) {
		log_warnx("no room for one more descriptor");
		close(fd);
		return;
	}
	s->ifindex = msg->ifindex;
	s->channel = msg->channel;
	s->key = msg->key;
	s->buflen = msg->buflen;
	s->fd = fd;
	s->tokens = BUCKET_BURST;
	s->refilled_ms = os_clock_ms();
	TAILQ_INSERT_TAIL(&socks, s, entry);
	nsocks++;
	/* A UDP sender's receive side is shut: it would be ready for ever. */
	if (s->channel != CHANNEL_UDP4 &&
	    (event_assign(&s->ev, frontend.child.base, fd, EV_READ | EV_PERSIST,
		 sock_readable, s) == -1 ||
		event_add(&s->ev, NULL) == -1))
		fatalx("event_add");
	tell_state(MSG_OPENED, s, 0);
}

static void
frontend_on_close_all(
    struct ipc_peer *peer, const struct ipc_ifindex *msg, int fd)
{
	struct sock *s, *next;

	(void)peer;
	(void)fd;
	TAILQ_FOREACH_SAFE (s, &socks, entry, next) {
		if (s->ifindex == msg->ifindex)
			sock_free(s);
	}
}

static void
frontend_on_reloaded(
    struct ipc_peer *peer, const struct ipc_result *msg, int fd)
{
	(void)peer;
	(void)fd;
	control_result(msg);
}

static void
frontend_on_send(struct ipc_peer *peer, const struct ipc_packet *msg, int fd)
{
	struct sock missing, *s;
	int error;

	(void)peer;
	(void)fd;
	if (msg->len > sizeof(msg->data))
		fatalx("engine: packet longer than its buffer");
	s = sock_find(msg->ifindex, msg->channel, msg->key);
	if (s == NULL) {
		memset(&missing, 0, sizeof(missing));
		missing.ifindex = msg->ifindex;
		missing.channel = msg->channel;
		missing.key = msg->key;
		tell_state(MSG_SENT, &missing, ENOTCONN);
		return;
	}
	error = os_packet_send(s->fd, s->channel, msg->data, msg->len);
	if (error != 0 || (msg->flags & SEND_WANT_RESULT))
		tell_state(MSG_SENT, s, error);
}

static void
frontend_on_close(
    struct ipc_peer *peer, const struct ipc_channel_state *msg, int fd)
{
	struct sock *s = sock_find(msg->ifindex, msg->channel, msg->key);

	(void)peer;
	(void)fd;
	if (s != NULL)
		sock_free(s);
}

/* The engine has just learned of the interface: what it was told of its
 * descriptors before that was lost. */
static void
frontend_on_ask(struct ipc_peer *peer, const struct ipc_ifindex *msg, int fd)
{
	static const struct in_addr none;
	const struct sock *s = sock_find(msg->ifindex, CHANNEL_DHCP4, none);

	(void)peer;
	(void)fd;
	if (s != NULL)
		tell_state(MSG_OPENED, s, 0);
}

static void
frontend_on_event(struct ipc_peer *peer, const struct ipc_event *msg, int fd)
{
	(void)peer;
	(void)fd;
	control_event(MSG_CTL_EVENT, msg, sizeof(*msg));
}

static void
frontend_on_event6(struct ipc_peer *peer, const struct ipc_event6 *msg, int fd)
{
	(void)peer;
	(void)fd;
	control_event(MSG_CTL_EVENT6, msg, sizeof(*msg));
}

#define RELAY(handler, st, TYPE)                                     \
	static void frontend_on_##handler(                           \
	    struct ipc_peer *peer, const struct st *msg, int fd)     \
	{                                                            \
		(void)peer;                                          \
		(void)fd;                                            \
		control_reply(msg->client, TYPE, msg, sizeof(*msg)); \
	}
RELAY(show_iface, ipc_show_iface, MSG_CTL_IFACE)
RELAY(show_counters, ipc_show_counters, MSG_CTL_COUNTERS)
RELAY(show_sandbox, ipc_show_sandbox, MSG_CTL_SANDBOX)
RELAY(show_skipped, ipc_show_skipped, MSG_CTL_SKIPPED)

static void
frontend_on_paused(struct ipc_peer *peer, const struct ipc_client *msg, int fd)
{
	(void)peer;
	(void)fd;
	control_more(msg->client);
}

static void
frontend_on_result(struct ipc_peer *peer, const struct ipc_result *msg, int fd)
{
	(void)peer;
	(void)fd;
	control_result(msg);
}

/* A client's request comes by its own channel: see control.c. */
static void
frontend_on_ctl_request(
    struct ipc_peer *peer, const struct ipc_ctl_request *msg, int fd)
{
	(void)fd;
	control_request(peer, msg);
}

void
frontend_main(uid_t uid, gid_t gid)
{
	child_init(&frontend.child, ROLE_FRONTEND, uid, gid, frontend_handlers);
	child_sandbox(&frontend.child);
	control_handlers(frontend_handlers);
	ipc_loop(frontend.child.base, &frontend.child.stop, control_sweep);
	_exit(0);
}

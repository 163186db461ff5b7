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

/* What may pass in a second. */
struct bucket {
	uint64_t refilled_ms;
	uint32_t tokens;
};

/* One descriptor: an interface's channel, for some of them one address. */
struct sock {
	TAILQ_ENTRY(sock) entry;
	struct event ev;
	uint32_t ifindex;
	enum channel channel;
	struct in_addr key;
	struct in6_addr key6;
	uint32_t buflen;
	int fd;
	struct bucket bucket;
	struct bucket known; /* CHANNEL_ND: for the routers in use (S-16) */
	struct ipc_routers routers;
	uint32_t limited; /* packets over the rate, not yet told */
	int waiting;	  /* not read until the engine's channel has drained */
};

/* Per channel: does it only send; packets at once and per second. */
static const struct {
	int send_only;
	uint32_t burst, per_sec;
} channels[CHANNEL_MAX] = {
	[CHANNEL_DHCP4] = { 0, 64, 100 },
	[CHANNEL_ARP] = { 0, 64, 100 },
	[CHANNEL_UDP4] = { 1, 0, 0 },
	[CHANNEL_ND] = { 0, 50, 50 },
	[CHANNEL_RS] = { 1, 0, 0 },
	[CHANNEL_DHCP6] = { 0, 64, 100 },
	[CHANNEL_DHCP6_SEND] = { 1, 0, 0 },
};

static struct frontend frontend;
static TAILQ_HEAD(, sock) socks = TAILQ_HEAD_INITIALIZER(socks);
static unsigned int nsocks, nwaiting;

static void
sock_free(struct sock *s)
{
	TAILQ_REMOVE(&socks, s, entry);
	nsocks--;
	nwaiting -= s->waiting != 0;
	if (!channels[s->channel].send_only)
		event_del(&s->ev);
	close(s->fd);
	free(s);
}

static struct sock *
sock_find(uint32_t ifindex, uint32_t channel, struct in_addr key,
    const struct in6_addr *key6)
{
	struct sock *s;

	TAILQ_FOREACH (s, &socks, entry) {
		if (s->ifindex == ifindex && s->channel == channel &&
		    s->key.s_addr == key.s_addr &&
		    IN6_ARE_ADDR_EQUAL(&s->key6, key6))
			return s;
	}
	return NULL;
}

static struct ipc_channel_state
state_of(const struct sock *s, int error)
{
	struct ipc_channel_state msg;

	memset(&msg, 0, sizeof(msg));
	msg.ifindex = s->ifindex;
	msg.channel = s->channel;
	msg.key = s->key;
	msg.key6 = s->key6;
	msg.error = (uint32_t)error;
	return msg;
}

static void
tell_state(enum ipc_type type, const struct sock *s, int error)
{
	struct ipc_channel_state msg = state_of(s, error);

	ipc_send(&frontend.engine, type, &msg, sizeof(msg), -1);
}

/* The answer to SHUT, or it failed by itself. */
static void
tell_closed(const struct ipc_channel_state *msg)
{
	ipc_send(&frontend.child.parent, MSG_CLOSED, msg, sizeof(*msg), -1);
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
bucket_take(struct bucket *b, enum channel channel)
{
	uint32_t burst = channels[channel].burst;
	uint64_t now = os_clock_ms();
	uint64_t add =
	    (now - b->refilled_ms) * channels[channel].per_sec / 1000;

	if (add > 0) {
		b->tokens =
		    add + b->tokens > burst ? burst : b->tokens + (uint32_t)add;
		b->refilled_ms = now;
	}
	if (b->tokens == 0)
		return 0;
	b->tokens--;
	return 1;
}

/* Is the source one of the routers that the engine uses?  It is what
 * recvmsg(2) says; no byte of the packet is read. */
static int
is_known(const struct sock *s, const struct in6_addr *src)
{
	uint32_t i;

	for (i = 0; i < s->routers.n; i++)
		if (IN6_ARE_ADDR_EQUAL(&s->routers.addr[i], src))
			return 1;
	return 0;
}

static int
sock_may_pass(struct sock *s, const struct recv6 *meta)
{
	if (meta != NULL && is_known(s, &meta->src) &&
	    bucket_take(&s->known, s->channel))
		return 1;
	return bucket_take(&s->bucket, s->channel);
}

static void
pass_packet(struct sock *s, const struct recv6 *meta, const uint8_t *data,
    size_t len, int flags)
{
	static struct ipc_packet msg;

	/* Told with the next packet that passes, not once a packet. */
	if (!sock_may_pass(s, meta)) {
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
	memset(&msg, 0, sizeof(msg));
	msg.ifindex = s->ifindex;
	msg.channel = s->channel;
	msg.key = s->key;
	msg.key6 = s->key6;
	if (meta != NULL)
		msg.meta = *meta;
	msg.flags = (uint32_t)flags;
	msg.len = (uint32_t)len;
	memcpy(msg.data, data, len);
	ipc_send(&frontend.engine, MSG_PACKET, &msg, sizeof(msg), -1);
}

static void
sock_frame(void *arg, const uint8_t *data, size_t len, int flags)
{
	pass_packet(arg, NULL, data, len, flags);
}

static void
sock_datagram(void *arg, uint32_t ifindex, const struct recv6 *meta,
    const uint8_t *data, size_t len)
{
	struct sock *s = arg;

	/* A system without sockets bound to a device gives all of them. */
	if (ifindex == s->ifindex)
		pass_packet(s, meta, data, len, 0);
}

static void
sock_failed(struct sock *s, int error)
{
	struct ipc_channel_state msg = state_of(s, error);

	tell_state(MSG_OPENED, s, error);
	sock_free(s);
	tell_closed(&msg);
}

/*
 * A hundred interfaces get their answers at the same moment.  While the engine
 * is behind, packets wait in the kernel, each socket's in its own buffer.
 */
static int
must_wait(struct sock *s)
{
	if (frontend.engine.queued > IPC_QUEUE_SLOW)
		ipc_flush_peer(&frontend.engine);
	if (frontend.engine.queued <= IPC_QUEUE_SLOW)
		return 0;
	event_del(&s->ev);
	s->waiting = 1;
	nwaiting++;
	return 1;
}

static void
go_on(void)
{
	struct sock *s;

	if (nwaiting == 0 || frontend.engine.queued > 0)
		return;
	TAILQ_FOREACH (s, &socks, entry) {
		if (s->waiting && event_add(&s->ev, NULL) == -1)
			fatalx("event_add");
		s->waiting = 0;
	}
	nwaiting = 0;
}

static void
sock_readable(evutil_socket_t fd, short what, void *arg)
{
	struct sock *s = arg;
	int n;

	(void)what;
	if (must_wait(s))
		return;
	if (s->channel == CHANNEL_ND || s->channel == CHANNEL_DHCP6)
		n = os_packet_read6(
		    fd, s->channel, READ_BATCH, sock_datagram, s);
	else
		n = os_packet_read(
		    fd, s->channel, s->buflen, READ_BATCH, sock_frame, s);
	if (n == -1 && errno != EAGAIN && errno != EINTR && errno != ENETDOWN) {
		/* Gone with its interface; the parent makes a new one. */
		sock_failed(s, errno);
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
	if (why != NULL)
		fatalx("engine: %s", why);
	ipc_close(peer);
	frontend.over = 1;
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

/* So that whoever asked for it asks again. */
static void
no_room_for(const struct ipc_socket *msg)
{
	struct sock s;
	struct ipc_channel_state closed;

	memset(&s, 0, sizeof(s));
	s.ifindex = msg->ifindex;
	s.channel = msg->channel;
	s.key = msg->key;
	s.key6 = msg->key6;
	closed = state_of(&s, ENOMEM);
	tell_state(MSG_OPENED, &s, ENOMEM);
	tell_closed(&closed);
}

static void
frontend_on_socket(struct ipc_peer *peer, const struct ipc_socket *msg, int fd)
{
	struct sock *s =
	    sock_find(msg->ifindex, msg->channel, msg->key, &msg->key6);

	(void)peer;
	if (s != NULL)
		sock_free(s);
	if (nsocks >= SOCKETS_MAX || msg->channel >= CHANNEL_MAX ||
	    (s = calloc(1, sizeof(*s))) == NULL) {
		log_warnx("no room for one more descriptor");
		close(fd);
		no_room_for(msg);
		return;
	}
	s->ifindex = msg->ifindex;
	s->channel = msg->channel;
	s->key = msg->key;
	s->key6 = msg->key6;
	s->buflen = msg->buflen;
	s->fd = fd;
	s->bucket.tokens = s->known.tokens = channels[s->channel].burst;
	s->bucket.refilled_ms = s->known.refilled_ms = os_clock_ms();
	TAILQ_INSERT_TAIL(&socks, s, entry);
	nsocks++;
	/* A sender's receive side is shut: it would be ready for ever. */
	if (!channels[s->channel].send_only &&
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

/* So that the parent can connect another to the same port. */
static void
frontend_on_shut(
    struct ipc_peer *peer, const struct ipc_channel_state *msg, int fd)
{
	struct sock *s =
	    sock_find(msg->ifindex, msg->channel, msg->key, &msg->key6);
	struct ipc_channel_state answer = *msg;

	(void)peer;
	(void)fd;
	if (s != NULL) {
		tell_state(MSG_OPENED, s, ENOTCONN);
		sock_free(s);
	}
	answer.error = 0;
	tell_closed(&answer);
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
	s = sock_find(msg->ifindex, msg->channel, msg->key, &msg->key6);
	if (s == NULL) {
		memset(&missing, 0, sizeof(missing));
		missing.ifindex = msg->ifindex;
		missing.channel = msg->channel;
		missing.key = msg->key;
		missing.key6 = msg->key6;
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
	struct sock *s =
	    sock_find(msg->ifindex, msg->channel, msg->key, &msg->key6);

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
	const struct sock *s;

	(void)peer;
	(void)fd;
	TAILQ_FOREACH (s, &socks, entry) {
		if (s->ifindex == msg->ifindex)
			tell_state(MSG_OPENED, s, 0);
	}
}

static void
frontend_on_routers(
    struct ipc_peer *peer, const struct ipc_routers *msg, int fd)
{
	static const struct in_addr none;
	struct sock *s =
	    sock_find(msg->ifindex, CHANNEL_ND, none, &in6addr_any);

	(void)peer;
	(void)fd;
	if (msg->n > SLAAC_ROUTERS_MAX)
		fatalx("engine: too many routers");
	if (s != NULL)
		s->routers = *msg;
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
RELAY(show_addrs, ipc_show_addrs, MSG_CTL_ADDRS)
RELAY(show_slaac, ipc_show_slaac, MSG_CTL_SLAAC)
RELAY(show_dhcp6, ipc_show_dhcp6, MSG_CTL_DHCP6)
RELAY(show_prefixes, ipc_show_prefixes, MSG_CTL_PREFIXES)
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

/*
 * The kernel needs about 10 ms for each packet socket (packet_release() waits
 * for readers), and closes them at its leisure.  What clients or the next
 * start would notice goes first.
 */
static void
frontend_leave(void)
{
	const struct sock *s;

	control_close();
	TAILQ_FOREACH (s, &socks, entry) {
		if (channels[s->channel].send_only)
			close(s->fd);
	}
}

static void
engine_late(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	frontend.over = 1;
}

static void
frontend_turn(void)
{
	control_sweep();
	go_on();
}

void
frontend_main(uid_t uid, gid_t gid)
{
	const struct timeval limit = { .tv_usec = 200000 };

	child_init(&frontend.child, ROLE_FRONTEND, uid, gid, frontend_handlers);
	child_sandbox(&frontend.child);
	control_handlers(frontend_handlers);
	ipc_loop(frontend.child.base, &frontend.child.stop, frontend_turn);
	/* The engine leaves, too; its last words may be a client's answer. */
	if (event_base_once(frontend.child.base, -1, EV_TIMEOUT, engine_late,
		NULL, &limit) == 0)
		ipc_loop(frontend.child.base, &frontend.over, frontend_turn);
	frontend_leave();
	/* For the parent we have left: see child_left() in parent.c. */
	close(TRAP_FD);
	_exit(0);
}

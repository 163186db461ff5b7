/* SPDX-License-Identifier: ISC */
/*
 * A control client that sends any bytes to the frontend's real code
 * (control.c), in pieces, and hangs up.  The first byte chooses uid, whether
 * the group may write, and whether the rest is the fields of a request in a
 * good header; the second the size of the pieces.
 *
 * The client is dropped or answered, never more; what reaches the engine is a
 * request whose names end and whose command exists; a writing command comes
 * only from who may write.
 */
#include <sys/socket.h>
#include <sys/un.h>
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "frontend.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);
int __wrap_getpeereid(int, uid_t *, gid_t *);

static struct frontend front;
static struct ipc_peer engine, parent;
static struct sockaddr_un addr;
static socklen_t addrlen;
static uid_t client_uid;
static unsigned int requests;

/* Who the client is, is the fuzzer's choice (linked with --wrap). */
int
__wrap_getpeereid(int fd, uid_t *uid, gid_t *gid)
{
	(void)fd;
	*uid = client_uid;
	*gid = client_uid;
	return 0;
}

static int
writes(uint32_t command)
{
	return command != CTL_CMD_SHOW && command != CTL_CMD_COUNTERS &&
	    command != CTL_CMD_WAIT && command != CTL_CMD_MONITOR;
}

/* ---- the frontend's neighbours ---- */

static void
engine_got_request(struct ipc_peer *peer, const void *data, int fd)
{
	static const struct ipc_result done = { .code = IPC_OK };
	const struct ipc_request *msg = data;
	struct ipc_result result = done;
	uint32_t i;

	(void)peer;
	if (fd != -1 || msg->uid != client_uid ||
	    msg->req.version != IPC_VERSION ||
	    msg->req.command == CTL_CMD_NONE ||
	    msg->req.command >= CTL_CMD_MAX ||
	    msg->req.nnames > CTL_WAIT_NAMES_MAX || ++requests > 1)
		abort();
	for (i = 0; i < msg->req.nnames; i++)
		if (memchr(msg->req.names[i], '\0', IFACE_NAME_MAX) == NULL)
			abort();
	if (writes(msg->req.command) && client_uid != 0 &&
	    !front.conf.control_write)
		abort();
	result.client = msg->client;
	control_result(&result);
}

static void
nothing(struct ipc_peer *peer, const void *data, int fd)
{
	(void)peer;
	(void)data;
	if (fd != -1)
		abort();
}

static void
parent_got(struct ipc_peer *peer, const void *data, int fd)
{
	(void)peer;
	(void)data;
	if (fd != -1 || (client_uid != 0 && !front.conf.control_write) ||
	    ++requests > 1)
		abort();
}

static void
client_asks(struct ipc_peer *peer, const void *data, int fd)
{
	if (fd != -1)
		abort();
	control_request(peer, data);
}

static ipc_handler *const front_handlers[MSG_MAX] = {
	[MSG_CTL_REQUEST] = client_asks,
};
static ipc_handler *const engine_handlers[MSG_MAX] = {
	[MSG_REQUEST] = engine_got_request,
	[MSG_HANGUP] = nothing,
	[MSG_GO_ON] = nothing,
};
static ipc_handler *const parent_handlers[MSG_MAX] = {
	[MSG_RELOAD] = parent_got,
	[MSG_SET_LOG] = parent_got,
};

/* A channel between two of our own must never end. */
static void
never(struct ipc_peer *peer, const char *why)
{
	(void)peer;
	(void)why;
	abort();
}

static void
channel(struct ipc_peer *ours, struct ipc_peer *theirs, enum ipc_role role,
    ipc_handler *const *handlers)
{
	int sv[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sv) == -1 ||
	    ipc_open(ours, front.child.base, sv[0], ROLE_FRONTEND, role, 0,
		front_handlers, 0, 1, never, NULL) != 0 ||
	    ipc_open(theirs, front.child.base, sv[1], role, ROLE_FRONTEND, 0,
		handlers, 0, 1, never, NULL) != 0)
		abort();
}

static void
start(void)
{
	int listener;

	if (signal(SIGPIPE, SIG_IGN) == SIG_ERR ||
	    (front.child.base = event_base_new()) == NULL)
		abort();
	channel(&front.engine, &engine, ROLE_ENGINE, engine_handlers);
	channel(&front.child.parent, &parent, ROLE_PARENT, parent_handlers);
	/* An abstract name: nothing is left behind. */
	addr.sun_family = AF_UNIX;
	snprintf(addr.sun_path + 1, sizeof(addr.sun_path) - 1, "fuzz%ld",
	    (long)getpid());
	addrlen = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
	    strlen(addr.sun_path + 1));
	listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (listener == -1 ||
	    bind(listener, (struct sockaddr *)&addr, addrlen) == -1 ||
	    listen(listener, 4) == -1)
		abort();
	control_handlers(front_handlers);
	control_listen(&front, listener);
}

static void
turn(void)
{
	ipc_flush();
	control_sweep();
	ipc_flush();
	event_base_loop(front.child.base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
}

/* What the client sends. */
static size_t
stream(const uint8_t *data, size_t len, int framed, uint8_t *out, size_t size)
{
	struct imsg_hdr hdr = { .type = MSG_CTL_REQUEST };

	if (!framed) {
		len = len < size ? len : size;
		memcpy(out, data, len);
		return len;
	}
	hdr.len = sizeof(hdr) + sizeof(struct ipc_ctl_request);
	if (len > sizeof(struct ipc_ctl_request))
		len = sizeof(struct ipc_ctl_request);
	memset(out, 0, hdr.len);
	memcpy(out, &hdr, sizeof(hdr));
	memcpy(out + sizeof(hdr), data, len);
	return hdr.len;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static uint8_t answer[65536], bytes[8192];
	size_t piece, n, done;
	int fd, i;

	if (front.child.base == NULL)
		start();
	if (len < 2)
		return 0;
	client_uid = data[0] & 1 ? 1000 : 0;
	front.conf.control_write = data[0] >> 1 & 1;
	requests = 0;
	piece = (size_t)1 + data[1] * 8U;
	len = stream(data + 2, len - 2, data[0] & 4, bytes, sizeof(bytes));
	if (len / piece > 64)
		piece = len / 64;
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd == -1 || connect(fd, (struct sockaddr *)&addr, addrlen) == -1)
		abort();
	for (done = 0; done < len; done += n) {
		n = len - done < piece ? len - done : piece;
		/* EPIPE: dropped already */
		if (send(fd, bytes + done, n, MSG_NOSIGNAL) == -1)
			break;
		turn();
	}
	for (i = 0; i < 6; i++)
		turn();
	while (recv(fd, answer, sizeof(answer), MSG_DONTWAIT) > 0)
		;
	close(fd);
	for (i = 0; i < 6; i++)
		turn();
	return 0;
}

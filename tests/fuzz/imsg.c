/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as the stream of a channel between two processes.  The first byte
 * chooses who listens to whom, the second the size of the pieces in which the
 * bytes arrive; with its upper bit the rest is a list of messages (type,
 * what is wrong with it, filling), so that many pass the dispatcher's checks.
 *
 * What reaches a handler must be what ipc.h's table allows there; anything
 * else ends the channel, once.  Messages that were taken, put together again,
 * are the bytes that came in.
 */
#include <sys/socket.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ipc_core.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define STREAM_MAX 65536
#define PEER_PID 4711

static struct {
	unsigned int n, ended;
	size_t bytes;
} seen;

static enum ipc_role self, role;
static uint8_t stream[STREAM_MAX];

#define F_PARENT (1U << ROLE_PARENT)
#define F_FRONTEND (1U << ROLE_FRONTEND)
#define F_ENGINE (1U << ROLE_ENGINE)
#define F_HELPER (1U << ROLE_HELPER)
#define F_CLIENT (1U << ROLE_CLIENT)
#define F_CHILDREN (F_FRONTEND | F_ENGINE | F_HELPER)
#define F_FE (F_FRONTEND | F_ENGINE)
#define CARRIES_FD 1
#define CARRIES_NOFD 0

static void
took(enum ipc_type type, unsigned int from, unsigned int to, int carries,
    size_t size, int fd)
{
	if (seen.ended || !(from & 1U << role) || !(to & 1U << self) ||
	    carries || fd != -1 || size != ipc_size(type))
		abort();
	seen.n++;
	seen.bytes += size + IMSG_HEADER_SIZE;
}

#define HANDLER(M, h, s, f, t, p, d)                                           \
	static void any_##h(struct ipc_peer *peer, const void *data, int fd)   \
	{                                                                      \
		(void)peer;                                                    \
		(void)data;                                                    \
		took(                                                          \
		    MSG_##M, F_##f, F_##t, CARRIES_##d, sizeof(struct s), fd); \
	}
#define ENTRY(M, h, s, f, t, p, d) [MSG_##M] = any_##h,
IPC_TABLE(HANDLER)
static ipc_handler *const handlers[MSG_MAX] = { IPC_TABLE(ENTRY) };

static void
ended(struct ipc_peer *peer, const char *why)
{
	(void)why;
	if (seen.ended++)
		abort();
	ipc_close(peer);
}

/* A message of the list: its header, and as much filling as it claims. */
static size_t
one_message(const uint8_t **data, size_t *len, uint8_t *out, size_t room)
{
	struct imsg_hdr hdr = { .pid = PEER_PID };
	const uint8_t *in = *data;
	size_t size, fill;

	if (*len < 3)
		return 0;
	hdr.type = in[0] % (MSG_MAX + 2);
	size = ipc_size(hdr.type) + IMSG_HEADER_SIZE;
	switch (in[1] & 15) {
	case 1:
		size = (size_t)in[2] << 4;
		break;
	case 2:
		hdr.peerid = in[2];
		break;
	case 3:
		hdr.pid = in[2];
		break;
	case 4:
		size++;
		break;
	case 5:
		size--;
		break;
	}
	fill = *len - 3 < 16 ? *len - 3 : 16;
	hdr.len = (uint32_t)size;
	if ((in[1] & 15) == 6)
		hdr.len |= 0x80000000U;
	if (size < sizeof(hdr) || size > room)
		return 0;
	memset(out, in[2], size);
	memcpy(out, &hdr, sizeof(hdr));
	if (size - sizeof(hdr) >= fill)
		memcpy(out + sizeof(hdr), in + 3, fill);
	*data += 3 + fill;
	*len -= 3 + fill;
	return size;
}

static size_t
build(const uint8_t *data, size_t len, int listed)
{
	size_t n = 0, one;

	if (!listed) {
		n = len < sizeof(stream) ? len : sizeof(stream);
		memcpy(stream, data, n);
		return n;
	}
	while ((one = one_message(
		    &data, &len, stream + n, sizeof(stream) - n)) != 0)
		n += one;
	return n;
}

/* Bytes -> messages -> the same bytes. */
static void
stable(size_t len)
{
	static uint8_t back[2 * STREAM_MAX];
	struct imsgbuf in, out;
	struct imsg imsg;
	size_t done = 0, n;
	ssize_t got;
	int a[2], b[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, a) == -1 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, b) == -1 ||
	    imsgbuf_init(&in, a[0]) == -1 || imsgbuf_init(&out, b[0]) == -1)
		abort();
	len = len > 16384 ? 16384 : len;
	if (write(a[1], stream, len) != (ssize_t)len)
		abort();
	close(a[1]);
	while (imsgbuf_read(&in) == 1) {
		while ((got = imsg_get(&in, &imsg)) > 0) {
			n = imsg_get_len(&imsg);
			if (n + IMSG_HEADER_SIZE != (size_t)got ||
			    imsg_get_fd(&imsg) != -1 ||
			    (imsg.hdr.pid != 0 &&
				imsg_compose(&out, imsg_get_type(&imsg),
				    imsg_get_id(&imsg), imsg_get_pid(&imsg), -1,
				    imsg.data, n) == -1))
				abort();
			if (imsg.hdr.pid == 0)
				done = sizeof(back); /* 0 means our own */
			imsg_free(&imsg);
			while (imsgbuf_queuelen(&out) > 0 && done < len) {
				if (imsgbuf_write(&out) == -1)
					abort();
				got = read(b[1], back + done, len - done);
				if (got <= 0)
					abort();
				done += (size_t)got;
			}
		}
		if (got == -1)
			break;
	}
	/* A length with the flag that a descriptor is there may lie. */
	for (n = 0; done <= len && n < done; n++)
		if (stream[n] != back[n] && (stream[n] ^ back[n]) != 0x80)
			abort();
	imsgbuf_clear(&in);
	imsgbuf_clear(&out);
	close(a[0]);
	close(b[0]);
	close(b[1]);
}

static void
dispatch(size_t len, size_t piece, int started)
{
	static struct event_base *base;
	static struct ipc_peer peer;
	size_t n, done;
	int sv[2];

	if (base == NULL) {
		signal(SIGPIPE, SIG_IGN);
		if ((base = event_base_new()) == NULL)
			abort();
	}
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sv) == -1)
		abort();
	memset(&seen, 0, sizeof(seen));
	if (ipc_open(&peer, base, sv[0], self, role, PEER_PID, handlers,
		role != ROLE_CLIENT, started, ended, NULL) != 0)
		abort();
	for (done = 0; done < len && !seen.ended; done += n) {
		n = len - done < piece ? len - done : piece;
		if (write(sv[1], stream + done, n) != (ssize_t)n)
			abort();
		event_base_loop(base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
		event_base_loop(base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
	}
	close(sv[1]);
	for (n = 0; n < 8 && !seen.ended; n++)
		event_base_loop(base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
	if (!seen.ended || seen.bytes > len)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const enum ipc_role pairs[][2] = { { ROLE_PARENT, ROLE_ENGINE },
		{ ROLE_PARENT, ROLE_FRONTEND }, { ROLE_PARENT, ROLE_HELPER },
		{ ROLE_ENGINE, ROLE_FRONTEND }, { ROLE_FRONTEND, ROLE_ENGINE },
		{ ROLE_FRONTEND, ROLE_CLIENT }, { ROLE_ENGINE, ROLE_PARENT },
		{ ROLE_FRONTEND, ROLE_PARENT } };
	size_t piece;

	if (len < 2)
		return 0;
	self = pairs[data[0] & 7][0];
	role = pairs[data[0] & 7][1];
	/* Pieces large enough that the work stays bounded. */
	piece = 1 + (data[1] & 15) * 1021;
	if (piece == 1 && len > 512)
		piece = 97;
	len = build(data + 2, len - 2, data[0] & 0x80);
	stable(len);
	if (piece == 1 && len > 512)
		piece = 97;
	dispatch(len, piece, (data[0] & 0x40) != 0);
	return 0;
}

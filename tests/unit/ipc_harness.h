/* SPDX-License-Identifier: ISC */
/*
 * Ends of a channel over a real socket pair, and a handler for every message
 * that records what it was given; for ipc_test.c and ipc_queue_test.c.
 */
#ifndef IPC_HARNESS_H
#define IPC_HARNESS_H

#include <sys/socket.h>
#include <atf-c.h>
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ipc_core.h"

/* ---- what the handlers saw ---- */

static struct {
	unsigned int n;
	uint32_t type;
	int fd;
	int aligned;
	size_t size;
	uint8_t data[IPC_MESSAGE_MAX];
} got;

static void
record(uint32_t type, const void *data, size_t size, int fd)
{
	got.n++;
	got.type = type;
	got.fd = fd;
	got.aligned = (uintptr_t)data % _Alignof(uint64_t) == 0;
	got.size = size;
	memcpy(got.data, data, size);
}

/* A handler for every message, so that only the dispatcher's own look at the
 * table can refuse one. */
#define ANY(M, h, s, f, t, p, d)                                             \
	static void any_##h(struct ipc_peer *peer, const void *data, int fd) \
	{                                                                    \
		(void)peer;                                                  \
		record(MSG_##M, data, sizeof(struct s), fd);                 \
	}
#define ANY_ENTRY(M, h, s, f, t, p, d) [MSG_##M] = any_##h,
IPC_TABLE(ANY)
static ipc_handler *const any_handlers[MSG_MAX] = { IPC_TABLE(ANY_ENTRY) };

/* ---- the two ends ---- */

static struct event_base *base;

/* One end under test; how it ended. */
struct end {
	struct ipc_peer peer;
	int ended;
	char why[128]; /* empty: end of file */
};

static inline void
on_end(struct ipc_peer *peer, const char *why)
{
	struct end *e = peer->arg;

	e->ended++;
	snprintf(e->why, sizeof(e->why), "%s", why == NULL ? "" : why);
	ipc_close(peer);
}

static inline int
count_fds(void)
{
	struct dirent *d;
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	if (dir == NULL)
		dir = opendir("/dev/fd");
	ATF_REQUIRE(dir != NULL);
	while ((d = readdir(dir)) != NULL)
		n += d->d_name[0] != '.';
	closedir(dir);
	return n;
}

static inline void
start(void)
{
	if (base != NULL)
		return;
	ATF_REQUIRE(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	ATF_REQUIRE((base = event_base_new()) != NULL);
}

/* Each holds as much everywhere; FreeBSD 13's would hold 8 kB, less than the
 * largest message. */
static inline void
sockets(int sv[2])
{
	const int size = 65536;
	int i;

	start();
	ATF_REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, sv) == 0);
	for (i = 0; i < 2; i++) {
		ATF_REQUIRE(fcntl(sv[i], F_SETFL, O_NONBLOCK) == 0);
		ATF_REQUIRE(setsockopt(sv[i], SOL_SOCKET, SO_SNDBUF, &size,
				sizeof(size)) == 0);
	}
}

static inline void
end_open(struct end *e, int fd, enum ipc_role self, enum ipc_role role,
    pid_t pid, ipc_handler *const *handlers, int started)
{
	memset(e, 0, sizeof(*e));
	ATF_REQUIRE_EQ(0,
	    ipc_open(&e->peer, base, fd, self, role, pid, handlers,
		role != ROLE_CLIENT, started, on_end, e));
}

/* What arrives over a socket pair is there at once: no turn has to wait. */
static inline void
pump(int turns)
{
	while (turns-- > 0) {
		ipc_flush();
		ATF_REQUIRE(
		    event_base_loop(base, EVLOOP_ONCE | EVLOOP_NONBLOCK) != -1);
	}
}

#endif

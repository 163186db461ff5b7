/* SPDX-License-Identifier: ISC */
/*
 * A compromised child: leased itself, with its engine (or, compiled with
 * -DHOSTILE_FRONTEND, its frontend) replaced by this.  It starts as the real
 * one does, with the real message layer and, unless told otherwise, in the
 * real sandbox; then it does what /run/redteam says:
 *
 *	TARGET KIND MESSAGE SEED
 *
 * TARGET is parent or the other child.  What a message looks like comes from
 * ipc.h's table; what MESSAGE and KIND mean is in attack() and policy[].
 */
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "hostile.h"
#include "leased.h"
#include "log.h"
#include "os/os.h"

#ifdef HOSTILE_FRONTEND
#define ME ROLE_FRONTEND
#define OTHER ROLE_ENGINE
#define TRIGGER MSG_SOCKET
#else
#define ME ROLE_ENGINE
#define OTHER ROLE_FRONTEND
#define TRIGGER MSG_START
#endif
#define STREAM_MAX 32768
#define FD_FLAG 0x80000000U /* in the length: a descriptor comes with it */

static struct child child;
static struct ipc_peer other;
static struct event timer;
static char target[32], kind[32], message[32];
static unsigned int seed;
static uint32_t random_state;
static uint8_t stream[STREAM_MAX];
static struct hostile_world world;
static int triggered;

static void fire(evutil_socket_t, short, void *);

uint32_t
hostile_random(void)
{
	random_state = random_state * 1664525U + 1013904223U;
	return random_state >> 8;
}

/* ---- the real messages, as far as they are needed ---- */

static void
other_end(struct ipc_peer *peer, const char *why)
{
	(void)why;
	ipc_close(peer);
}

static ipc_handler *const handlers[MSG_MAX];

static void
on_message(uint32_t type, const void *data, int fd)
{
	const struct timeval soon = { .tv_usec = 30000 };
	const struct ipc_channel *channel = data;
	const struct ipc_manage *manage = data;
	const struct ipc_socket *sock = data;

	switch (type) {
	case MSG_HELLO:
		child_hello(&child, data);
		break;
	case MSG_CHANNEL:
		if (ipc_open(&other, child.base, fd, ME, OTHER,
			(pid_t)channel->peer_pid, handlers, 0, 1, other_end,
			NULL) != 0)
			fatalx("hostile: channel");
		return;
	case MSG_MANAGE:
		/* The first is the lower one. */
		if (world.ifindex == 0 || world.ifindex > manage->ifindex)
			world.ifindex = manage->ifindex;
		else
			world.downstream = manage->ifindex;
		break;
	case MSG_SHUTDOWN:
		_exit(0);
	case MSG_SOCKET:
		world.ifindex = sock->ifindex;
		break;
	}
	if (fd != -1)
		close(fd);
	if (type == TRIGGER && !triggered) {
		triggered = 1;
		if (evtimer_assign(&timer, child.base, fire, NULL) == -1 ||
		    event_add(&timer, &soon) == -1)
			fatalx("hostile: timer");
	}
}

#define ANY(M, h, s, f, t, p, d)                                             \
	static void any_##h(struct ipc_peer *peer, const void *data, int fd) \
	{                                                                    \
		(void)peer;                                                  \
		on_message(MSG_##M, data, fd);                               \
	}
#define ENTRY(M, h, s, f, t, p, d) [MSG_##M] = any_##h,
IPC_TABLE(ANY)
static ipc_handler *const handlers[MSG_MAX] = { IPC_TABLE(ENTRY) };

/* ---- lying ---- */

static struct ipc_peer *
victim(void)
{
	return strcmp(target, "parent") == 0 ? &child.parent : &other;
}

/* Write all, with what a sandbox leaves; what comes back is thrown away, so
 * that the victim can go on.  -1: the channel is gone. */
static int
write_all(struct ipc_peer *peer, const uint8_t *data, size_t len)
{
	struct imsg imsg;
	struct iovec iov;
	size_t done = 0;
	unsigned int spins = 0;
	ssize_t n;

	while (done < len) {
		iov.iov_base = stream + (size_t)(data - stream) + done;
		iov.iov_len = len - done;
		n = writev(peer->ibuf.fd, &iov, 1);
		if (n > 0) {
			done += (size_t)n;
			spins = 0;
			continue;
		}
		if (n == -1 && errno != EAGAIN)
			return -1;
		if (++spins > 2000000 || imsgbuf_read(&peer->ibuf) != 1)
			return -1;
		while (imsg_get(&peer->ibuf, &imsg) > 0)
			imsg_free(&imsg);
	}
	return 0;
}

/* A message with any header into the stream; its length. */
static size_t
compose(
    uint32_t type, size_t size, uint32_t flag, uint32_t peerid, uint32_t pid)
{
	struct imsg_hdr hdr = { .type = type,
		.len = (uint32_t)(size + sizeof(hdr)) | flag,
		.peerid = peerid,
		.pid = pid };

	memcpy(stream, &hdr, sizeof(hdr));
	return size + sizeof(hdr);
}

/* The payload's bytes: each seed another pattern. */
static void
fill(uint8_t *data, size_t size, unsigned int how)
{
	static const uint8_t patterns[] = { 0, 0xff, 0x41, 0x7f, 0x80, 1 };
	size_t i;

	if (how < sizeof(patterns)) {
		memset(data, patterns[how], size);
		return;
	}
	/* Mostly zero with some noise: counts stay small now and then. */
	memset(data, 0, size);
	for (i = 0; i < size; i++)
		if (how % 2 || hostile_random() % 16 == 0)
			data[i] = (uint8_t)hostile_random();
}

/* Right type and size, wrong content; with an interface that is managed
 * (every second time) or any number. */
static int
send_filled(struct ipc_peer *peer, uint32_t type, unsigned int how)
{
	size_t size = ipc_size(type), len;

	len = compose(type, size, 0, 0, (uint32_t)getpid());
	fill(stream + IMSG_HEADER_SIZE, size, how);
	if (size >= sizeof(world.ifindex) && how % 4 < 2)
		memcpy(stream + IMSG_HEADER_SIZE, &world.ifindex,
		    sizeof(world.ifindex));
	return write_all(peer, stream, len);
}

static void
send_fds(struct ipc_peer *peer, size_t len, unsigned int n)
{
	union {
		struct cmsghdr align;
		uint8_t bytes[CMSG_SPACE(8 * sizeof(int))];
	} control;
	struct iovec iov = { .iov_base = stream, .iov_len = len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *cm;
	int fds[8];
	unsigned int i;

	memset(&control, 0, sizeof(control));
	msg.msg_control = &control;
	msg.msg_controllen = CMSG_SPACE(n * sizeof(int));
	cm = CMSG_FIRSTHDR(&msg);
	cm->cmsg_level = SOL_SOCKET;
	cm->cmsg_type = SCM_RIGHTS;
	cm->cmsg_len = CMSG_LEN(n * sizeof(int));
	for (i = 0; i < n; i++)
		fds[i] = CHANNEL_FD;
	memcpy(CMSG_DATA(cm), fds, n * sizeof(int));
	if (sendmsg(peer->ibuf.fd, &msg, 0) == -1)
		log_warn("hostile: sendmsg");
}

static uint32_t
type_of(const char *name)
{
	uint32_t type;

	for (type = 1; type < MSG_MAX; type++)
		if (strcmp(ipc_name(type), name) == 0)
			return type;
	return (uint32_t)strtoul(name, NULL, 0);
}

static void
flood(struct ipc_peer *peer, uint32_t type)
{
	unsigned int i;

	for (i = 0; i < 20000; i++)
		if (send_filled(peer, type, i % 64) == -1)
			return;
}

static void
attack(struct ipc_peer *peer, uint32_t type)
{
	size_t size = ipc_size(type), len;
	uint32_t pid = (uint32_t)getpid();

	memset(stream, 0, sizeof(stream));
	if (strcmp(kind, "longer") == 0)
		len = compose(type, size + 1, 0, 0, pid);
	else if (strcmp(kind, "shorter") == 0)
		len = compose(type, size - 1, 0, 0, pid);
	else if (strcmp(kind, "empty") == 0)
		len = compose(type, 0, 0, 0, pid);
	else if (strcmp(kind, "tiny") == 0) {
		len = compose(type, 0, 0, 0, pid);
		stream[4] = 3; /* less than a header */
	} else if (strcmp(kind, "huge") == 0) {
		len = compose(type, 20000, 0, 0, pid);
	} else if (strcmp(kind, "peerid") == 0)
		len = compose(type, size, 0, 7, pid);
	else if (strcmp(kind, "pid") == 0)
		len = compose(type, size, 0, 0, pid + 1);
	else if (strcmp(kind, "claims-fd") == 0)
		len = compose(type, size, FD_FLAG, 0, pid);
	else if (strcmp(kind, "half") == 0)
		len = compose(type, size, 0, 0, pid) / 2;
	else
		len = compose(type, size, 0, 0, pid);
	if (strcmp(kind, "fd") == 0 || strcmp(kind, "fds") == 0) {
		len = compose(type, size, FD_FLAG, 0, pid);
		send_fds(peer, len, kind[2] == 's' ? 8 : 1);
	} else if (strcmp(kind, "fill") == 0) {
		send_filled(peer, type, seed);
	} else if (strcmp(kind, "flood") == 0) {
		flood(peer, type);
	} else if (strcmp(kind, "again") == 0) {
		write_all(peer, stream, len);
		write_all(peer, stream, len);
	} else {
		write_all(peer, stream, len);
	}
	if (strcmp(kind, "half") == 0)
		_exit(0);
}

/* ---- out of the sandbox ---- */

static void
escape(const char *name)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX,
		.sun_path = "/run/leased/sock" };
	struct iovec iov = { .iov_base = stream, .iov_len = 8 };
	char path[] = "/bin/sh", *argv[] = { path, NULL };
	long r = -1;

	if (strcmp(name, "open") == 0)
		r = syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY);
	else if (strcmp(name, "socket") == 0)
		r = syscall(SYS_socket, AF_INET, SOCK_DGRAM, 0);
	else if (strcmp(name, "packet") == 0)
		r = syscall(SYS_socket, AF_PACKET, SOCK_RAW, 0);
	else if (strcmp(name, "connect") == 0)
		r = syscall(SYS_connect, CHANNEL_FD, &sun, sizeof(sun));
	else if (strcmp(name, "bind") == 0)
		r = syscall(SYS_bind, CHANNEL_FD, &sun, sizeof(sun));
	else if (strcmp(name, "exec") == 0)
		r = syscall(SYS_execve, path, argv, NULL);
	else if (strcmp(name, "fork") == 0)
		r = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
	else if (strcmp(name, "kill") == 0)
		r = syscall(SYS_kill, child.parent.pid, 0);
	else if (strcmp(name, "ptrace") == 0)
		r = syscall(SYS_ptrace, PTRACE_ATTACH, child.parent.pid, 0, 0);
	else if (strcmp(name, "memory") == 0)
		r = syscall(SYS_process_vm_readv, child.parent.pid, &iov, 1,
		    &iov, 1, 0);
	else if (strcmp(name, "execmem") == 0)
		r = (long)syscall(SYS_mmap, NULL, 4096,
		    PROT_READ | PROT_WRITE | PROT_EXEC,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	else if (strcmp(name, "mprotect") == 0)
		r = syscall(SYS_mprotect, stream, 4096, PROT_EXEC);
	else if (strcmp(name, "pass-fd") == 0)
		send_fds(&child.parent, 16, 1);
	else if (strcmp(name, "sendto") == 0)
		r = syscall(
		    SYS_sendto, CHANNEL_FD, stream, 1, 0, &sun, sizeof(sun));
	else if (strcmp(name, "ioctl") == 0)
		r = syscall(SYS_ioctl, CHANNEL_FD, 0x8927, stream);
	else if (strcmp(name, "setsockopt") == 0)
		r = syscall(
		    SYS_setsockopt, CHANNEL_FD, SOL_SOCKET, 25, "lo", 3);
	else if (strcmp(name, "chroot") == 0)
		r = syscall(SYS_chroot, "/");
	else if (strcmp(name, "setuid") == 0)
		r = syscall(SYS_setuid, 0);
	else if (strcmp(name, "prctl") == 0)
		r = syscall(SYS_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0);
	else if (strcmp(name, "unlink") == 0)
		r = syscall(SYS_unlinkat, AT_FDCWD, "/x", 0);
	else if (strcmp(name, "bpf") == 0)
		r = syscall(SYS_bpf, 0, stream, 64);
	else if (strcmp(name, "io-uring") == 0)
		r = syscall(SYS_io_uring_setup, 8, stream);
	else if (strcmp(name, "userns") == 0)
		r = syscall(SYS_unshare, 0x10000000);
	log_warnx("hostile: ESCAPED: %s: %ld errno %d", name, r, errno);
}

static void
fire(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	random_state = seed;
	if (strcmp(kind, "escape") == 0)
		escape(message);
	else if (strcmp(kind, "policy") == 0)
		hostile_policy(&child.parent, &world, message);
	else if (strcmp(kind, "policy6") == 0)
		hostile_policy6(&child.parent, &world, message);
	else if (strcmp(kind, "none") != 0)
		attack(victim(), type_of(message));
	log_warnx("hostile: done");
}

/* Still as root, before the world becomes small. */
static int
read_orders(void)
{
	FILE *f = fopen("/run/redteam", "r");
	int n;

	if (f == NULL)
		return -1;
	n = fscanf(f, "%31s %31s %31s %u", target, kind, message, &seed);
	fclose(f);
	return n == 4 ? 0 : -1;
}

static _Noreturn void
hostile_main(uid_t uid, gid_t gid)
{
	if (read_orders() == -1)
		_exit(1);
	child_init(&child, ME, uid, gid, handlers);
	/* Passing a descriptor is what the sandbox already forbids. */
	if (strcmp(kind, "fd") != 0 && strcmp(kind, "fds") != 0)
		child_sandbox(&child);
	ipc_loop(child.base, &child.stop, NULL);
	_exit(0);
}

#ifdef HOSTILE_FRONTEND
void
frontend_main(uid_t uid, gid_t gid)
{
	hostile_main(uid, gid);
}
#else
void
engine_main(uid_t uid, gid_t gid)
{
	hostile_main(uid, gid);
}
#endif

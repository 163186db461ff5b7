/* SPDX-License-Identifier: ISC */
/*
 * What a process that has been taken over might try: each entry one system
 * call, and which processes must not survive it.
 */
#ifndef LEASED_TESTS_OS_LINUX_ATTEMPTS_H
#define LEASED_TESTS_OS_LINUX_ATTEMPTS_H

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <netinet/in.h>
#include <atf-c.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "os_linux_sandbox.h"

static long
try_open(void)
{
	return open("/", O_RDONLY);
}

static long
try_socket(void)
{
	return socket(AF_INET, SOCK_DGRAM, 0);
}

static long
try_connect(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };

	return connect(sb_dgram[0], (struct sockaddr *)&sin, sizeof(sin));
}

static long
try_bind(void)
{
	struct sockaddr_in sin = { .sin_family = AF_INET };

	return bind(sb_dgram[0], (struct sockaddr *)&sin, sizeof(sin));
}

static long
try_execve(void)
{
	char *argv[] = { NULL };

	return execve("/bin/true", argv, argv);
}

static long
try_kill(void)
{
	return kill(sb_victim_pid, SIGTERM);
}

static long
try_setsockopt(void)
{
	int one = 1;

	return setsockopt(
	    sb_dgram[0], SOL_SOCKET, SO_BROADCAST, &one, sizeof(one));
}

static long
try_ioctl(void)
{
	return syscall(
	    SYS_ioctl, sb_dgram[0], 0x8927, NULL); /* SIOCGIFHWADDR */
}

static long
try_sendto_name(void)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };

	return sendto(
	    sb_dgram[0], "x", 1, 0, (struct sockaddr *)&sun, sizeof(sun));
}

static long
try_sendmsg(void)
{
	struct iovec iov = { "x", 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };

	return sendmsg(sb_dgram[0], &msg, 0);
}

static long
try_sendmmsg(void)
{
	return sendmmsg(sb_dgram[0], NULL, 0, 0);
}

static long
try_mmap_exec(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}

static long
try_mmap_file(void)
{
	return mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, sb_timer, 0) !=
	    MAP_FAILED;
}

static long
try_mprotect(void)
{
	return mprotect(NULL, 0, PROT_EXEC);
}

static long
try_prctl(void)
{
	return prctl(PR_SET_NAME, "innocent", 0, 0, 0);
}

static long
try_fork(void)
{
	return syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
}

static long
try_setuid(void)
{
	return syscall(SYS_setuid, 1);
}

static long
try_sigaction(void)
{
	return signal(SIGSYS, SIG_IGN) == SIG_ERR;
}

static long
try_chroot(void)
{
	return chroot("/");
}

static long
try_capset(void)
{
	return syscall(SYS_capset, NULL, NULL);
}

static long
try_unshare(void)
{
	return unshare(CLONE_NEWUSER);
}

static long
try_process_vm(void)
{
	return process_vm_readv(sb_victim_pid, NULL, 0, NULL, 0, 0);
}

static long
try_bpf(void)
{
	return syscall(SYS_bpf, 0, NULL, 0);
}

static long
try_module(void)
{
	return syscall(SYS_finit_module, -1, "", 0);
}

static long
try_io_uring(void)
{
	return syscall(SYS_io_uring_setup, 1, NULL);
}

static long
try_socket_vsock(void)
{
	return socket(AF_VSOCK, SOCK_STREAM, 0);
}

static long
try_mount(void)
{
	return syscall(SYS_mount, "none", "/", "tmpfs", 0, NULL);
}

static long
try_getsockopt_tcp(void)
{
	int value;
	socklen_t len = sizeof(value);

	return getsockopt(sb_listener, IPPROTO_IP, 0, &value, &len);
}

/* san: also on the sanitizers' list, so not refused in such a build. */
static const struct attempt {
	const char *what;
	const char *call;
	long (*try)(void);
	int engine, frontend, parent; /* 1: must be refused */
	int san;
} attempts[] = {
	{ "open", "openat", try_open, 1, 1, 0, 0 },
	{ "socket", "socket", try_socket, 1, 1, 0, 0 },
	{ "connect", "connect", try_connect, 1, 1, 0, 0 },
	{ "bind", "bind", try_bind, 1, 1, 0, 0 },
	{ "execve", "execve", try_execve, 1, 1, 1, 0 },
	{ "ptrace", "ptrace", try_ptrace, 1, 1, 1, 0 },
	{ "kill", "kill", try_kill, 1, 1, 1, 0 },
	{ "setsockopt", "setsockopt", try_setsockopt, 1, 1, 0, 0 },
	{ "ioctl", "ioctl", try_ioctl, 1, 1, 1, 1 },
	{ "sendto, name", "sendto", try_sendto_name, 1, 1, 0, 0 },
	{ "sendmsg", "sendmsg", try_sendmsg, 1, 1, 0, 0 },
	{ "sendmmsg", "sendmmsg", try_sendmmsg, 1, 1, 1, 0 },
	{ "mmap, executable", "mmap", try_mmap_exec, 1, 1, 1, 1 },
	{ "mmap of a file", "mmap", try_mmap_file, 1, 1, 1, 1 },
	{ "mprotect", "mprotect", try_mprotect, 1, 1, 1, 1 },
	{ "prctl, other", "prctl", try_prctl, 1, 1, 1, 0 },
	{ "fork", "clone", try_fork, 1, 1, 1, 0 },
	{ "setuid", "setuid", try_setuid, 1, 1, 1, 0 },
	{ "sigaction", "rt_sigaction", try_sigaction, 1, 1, 1, 1 },
	{ "chroot", "chroot", try_chroot, 1, 1, 1, 0 },
	{ "capset", "capset", try_capset, 1, 1, 1, 0 },
	{ "unshare", "unshare", try_unshare, 1, 1, 1, 0 },
	{ "process_vm_readv", "process_vm_readv", try_process_vm, 1, 1, 1, 0 },
	{ "bpf", "bpf", try_bpf, 1, 1, 1, 0 },
	{ "finit_module", "finit_module", try_module, 1, 1, 1, 0 },
	{ "io_uring_setup", "io_uring_setup", try_io_uring, 1, 1, 1, 0 },
	{ "socket of another family", "socket", try_socket_vsock, 1, 1, 1, 0 },
	{ "mount", "mount", try_mount, 1, 1, 1, 0 },
	{ "getsockopt, other level", "getsockopt", try_getsockopt_tcp, 1, 1, 0,
	    0 },
};

#endif

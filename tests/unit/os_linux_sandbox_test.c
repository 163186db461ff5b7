/* SPDX-License-Identifier: ISC */
/*
 * Run fn in a process with the role's sandbox.  Its status; *nr is the number
 * on the trap pipe, or -1.
 */

#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <event2/event.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/os.h"
#include "test.h"
#include "os_linux_attempts.h"
#include "os_linux_sandbox.h"

static void
check_refused(enum ipc_role role, const struct attempt *a)
{
	int nr, status = sb_run(role, a->try, &nr);

	ATF_CHECK_MSG(WIFEXITED(status) && WEXITSTATUS(status) == 1,
	    "%s: status %x", a->what, (unsigned int)status);
	ATF_CHECK_MSG(nr != -1 && strcmp(os_syscall_name(nr), a->call) == 0,
	    "%s: trap names %s", a->what, os_syscall_name(nr));
}

static void
check_all(enum ipc_role role, size_t offset)
{
	size_t i;

	sb_setup();
	sb_start_victim();
	for (i = 0; i < COUNT(attempts); i++) {
		if (!*(const int *)(const void *)((const char *)&attempts[i] +
			offset) ||
		    (sanitizer() && attempts[i].san))
			continue;
		check_refused(role, &attempts[i]);
	}
	sb_stop_victim();
}

TEST_ROOT(engine_refuses_every_forbidden_call,
    "Y-14: each forbidden system call ends the engine and is named")
{
	check_all(ROLE_ENGINE, offsetof(struct attempt, engine));
}

TEST_ROOT(frontend_refuses_every_forbidden_call,
    "Y-14: each forbidden system call ends the frontend and is named; a "
    "packet socket cannot be sent to another interface")
{
	check_all(ROLE_FRONTEND, offsetof(struct attempt, frontend));
}

TEST_ROOT(parent_refuses_every_forbidden_call,
    "Y-14, Y-18: the restricted parent executes, forks, traces and signals "
    "nobody")
{
	check_all(ROLE_PARENT, offsetof(struct attempt, parent));
}

static long
send_plain(void)
{
	return send(sb_dgram[0], "x", 1, 0) == 1 ? 0 : 2;
}

TEST_ROOT(engine_cannot_send_to_a_socket,
    "Y-14: sendto without a name is the frontend's alone")
{
	int nr, status;

	sb_setup();
	status = sb_run(ROLE_ENGINE, send_plain, &nr);
	ATF_CHECK_EQ(WEXITSTATUS(status), 1);
	ATF_CHECK_STREQ(os_syscall_name(nr), "sendto");
	status = sb_run(ROLE_FRONTEND, send_plain, &nr);
	ATF_CHECK_EQ(WEXITSTATUS(status), SURVIVED);
	ATF_CHECK_EQ(nr, -1);
}

#if defined(__x86_64__)
static long
x32_getpid(void)
{
	return syscall(0x40000000 + SYS_getpid);
}

static long
i386_getpid(void)
{
	long ret;

	__asm__ volatile("int $0x80"
			 : "=a"(ret)
			 : "a"(20L) /* i386: getpid; x86_64: writev */
			 : "memory");
	return ret;
}
#endif

TEST_ROOT(foreign_architecture_is_killed,
    "Y-14: x32 and i386 calls, with their other numbers, kill the process")
{
#if defined(__x86_64__)
	static const enum ipc_role roles[] = { ROLE_ENGINE, ROLE_FRONTEND,
		ROLE_PARENT };
	int nr, status;
	size_t i;

	sb_setup();
	for (i = 0; i < COUNT(roles); i++) {
		status = sb_run(roles[i], x32_getpid, &nr);
		ATF_CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
		/* SIGSEGV: a kernel without i386 calls at all. */
		status = sb_run(roles[i], i386_getpid, &nr);
		ATF_CHECK(WIFSIGNALED(status) &&
		    (WTERMSIG(status) == SIGSYS ||
			WTERMSIG(status) == SIGSEGV));
	}
#else
	ATF_CHECK(os_syscall_name(0) != NULL);
#endif
}

static void
on_ready(evutil_socket_t fd, short what, void *arg)
{
	int *n = arg;
	char c[8];

	(void)what;
	if (read(fd, c, sizeof(c)) > 0)
		(*n)++;
}

/* What both children do all day. */
static long
children_work(void)
{
	struct iovec iov = { "hello", 5 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	static char buf[64];
	char *p, *q;
	struct event *ev, *tev;
	struct timeval soon = { 0, 1000 };
	int n = 0;

	ev = event_new(
	    sb_base, sb_channel[1], EV_READ | EV_PERSIST, on_ready, &n);
	tev =
	    event_new(sb_base, sb_dgram[1], EV_READ | EV_TIMEOUT, on_ready, &n);
	if (ev == NULL || tev == NULL || event_add(ev, NULL) == -1 ||
	    event_add(tev, &soon) == -1 || writev(sb_channel[0], &iov, 1) != 5)
		return 2;
	if (event_base_loop(sb_base, EVLOOP_ONCE) != 0 || n == 0)
		return 3;
	event_free(ev);
	event_free(tev);
	if (writev(sb_channel[0], &iov, 1) != 5)
		return 4;
	iov.iov_base = buf;
	iov.iov_len = sizeof(buf);
	if (recvmsg(sb_channel[1], &msg, MSG_CMSG_CLOEXEC) != 5)
		return 5;
	if ((p = malloc(1 << 20)) == NULL)
		return 6;
	memset(p, 1, 1 << 20);
	if ((q = realloc(p, 8 << 20)) == NULL)
		return 7;
	q[(8 << 20) - 1] = 1;
	free(q);
	if (arc4random() == 0 && arc4random() == 0)
		return 8;
	if (os_clock_ms() == 0)
		return 9;
	return 0;
}

static long
engine_works(void)
{
	if (os_timer_set(sb_timer, os_clock_ms() + 1) != 0)
		return 20;
	return children_work();
}

static long
frontend_works(void)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);
	uint8_t byte = 1;
	int fd;

	fd = accept4(sb_listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd == -1)
		return 20;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) == -1 ||
	    cred.uid != 0)
		return 21;
	if (os_packet_send(sb_dgram[0], CHANNEL_UDP4, &byte, 1) != 0)
		return 22;
	close(fd);
	return children_work();
}

TEST_ROOT(children_do_their_work,
    "Y-14: engine and frontend have all the system calls they need")
{
	int nr, status;

	sb_setup();
	status = sb_run(ROLE_ENGINE, engine_works, &nr);
	ATF_CHECK_MSG(status == SURVIVED << 8, "engine: status %x, trap %s",
	    (unsigned int)status, os_syscall_name(nr));
	status = sb_run(ROLE_FRONTEND, frontend_works, &nr);
	ATF_CHECK_MSG(status == SURVIVED << 8, "frontend: status %x, trap %s",
	    (unsigned int)status, os_syscall_name(nr));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, engine_refuses_every_forbidden_call);
	ATF_TP_ADD_TC(tp, frontend_refuses_every_forbidden_call);
	ATF_TP_ADD_TC(tp, parent_refuses_every_forbidden_call);
	ATF_TP_ADD_TC(tp, engine_cannot_send_to_a_socket);
	ATF_TP_ADD_TC(tp, foreign_architecture_is_killed);
	ATF_TP_ADD_TC(tp, children_do_their_work);
	return atf_no_error();
}

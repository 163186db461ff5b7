/* SPDX-License-Identifier: ISC */
/*
 * The sandboxes as the daemon puts them on, each in a forked process: what it
 * needs works, and each thing it must not do ends it, with the system call
 * named on the trap pipe.
 */

#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <net/if.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "os/os.h"
#include "os_linux_attempts.h"
#include "test.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))
#define USER 64123 /* nobody's; the daemon has _leased */
#define SURVIVED 77
#define SYSCALLS_ENGINE 20 /* the most there may be */

static char root[] = "sandbox.XXXXXX"; /* in the test's own directory */
static char empty[PATH_MAX], statedir[PATH_MAX], rundir[PATH_MAX],
    etc[PATH_MAX], conf[PATH_MAX], confdir[PATH_MAX];
static int channel[2], victim;
static struct event_base *base;

/* ---- putting it on ---- */

static void
make_file(const char *path, mode_t mode)
{
	int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, mode);

	ATF_REQUIRE(fd != -1);
	close(fd);
}

static void
setup(void)
{
	char dir[PATH_MAX], cwd[PATH_MAX];
	struct sockaddr_un sun = { .sun_family = AF_UNIX };

	ATF_REQUIRE(getcwd(cwd, sizeof(cwd)) != NULL);
	ATF_REQUIRE(mkdtemp(root) != NULL);
	snprintf(dir, sizeof(dir), "%.2000s/%s", cwd, root);
	snprintf(empty, sizeof(empty), "%.3000s/empty", dir);
	snprintf(statedir, sizeof(statedir), "%.3000s/state", dir);
	snprintf(rundir, sizeof(rundir), "%.3000s/run", dir);
	snprintf(etc, sizeof(etc), "%.3000s/etc", dir);
	snprintf(confdir, sizeof(confdir), "%.3000s/etc/leased.d", dir);
	snprintf(conf, sizeof(conf), "%.3000s/etc/leased.conf", dir);
	ATF_REQUIRE_EQ(mkdir(empty, 0555), 0);
	ATF_REQUIRE_EQ(mkdir(statedir, 0700), 0);
	ATF_REQUIRE_EQ(mkdir(rundir, 0755), 0);
	ATF_REQUIRE_EQ(mkdir(etc, 0755), 0);
	ATF_REQUIRE_EQ(mkdir(confdir, 0755), 0);
	make_file(conf, 0600);
	ATF_REQUIRE_EQ(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, channel), 0);
	ATF_REQUIRE_EQ(
	    socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, dgram), 0);
	ATF_REQUIRE(
	    (listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0)) != -1);
	snprintf(sun.sun_path, sizeof(sun.sun_path), "%s/sock", root);
	ATF_REQUIRE_EQ(bind(listener, (struct sockaddr *)&sun, sizeof(sun)), 0);
	ATF_REQUIRE_EQ(listen(listener, 4), 0);
	ATF_REQUIRE((victim = socket(AF_UNIX, SOCK_STREAM, 0)) != -1);
	ATF_REQUIRE_EQ(
	    connect(victim, (struct sockaddr *)&sun, sizeof(sun)), 0);
	ATF_REQUIRE((timer = os_timer_open()) != -1);
}

/* A process that is somebody else's. */
static void
start_victim(void)
{
	ATF_REQUIRE((victim_pid = fork()) != -1);
	if (victim_pid == 0) {
		alarm(120);
		for (;;)
			pause();
	}
}

static void
stop_victim(void)
{
	int status;

	ATF_REQUIRE_EQ(waitpid(victim_pid, &status, WNOHANG), 0);
	ATF_REQUIRE_EQ(kill(victim_pid, SIGKILL), 0);
	ATF_REQUIRE_EQ(waitpid(victim_pid, &status, 0), victim_pid);
}

/* In the forked process, as the daemon does it; 0 or what failed. */
static int
enter(enum ipc_role role, int trap_fd)
{
	const struct os_sandbox_paths paths = { conf, statedir, rundir, NULL };
	struct ipc_sandbox report = { .role = role };

	if (role == ROLE_FRONTEND || role == ROLE_ENGINE)
		if (os_drop(USER, USER, empty) != 0)
			return 1;
	if ((base = event_base_new()) == NULL)
		return 2;
	if (os_sandbox(role, trap_fd, &paths) != 0)
		return 3;
	if (os_sandbox_report(&report) != 0)
		return 4;
	return os_sandbox_missing(&report) != NULL ? 5 : 0;
}

/*
 * Run fn in a process with the role's sandbox.  Its status; *nr is the number
 * on the trap pipe, or -1.
 */
static int
run(enum ipc_role role, long (*fn)(void), int *nr)
{
	int fds[2], status, error;
	pid_t pid;

	ATF_REQUIRE_EQ(pipe(fds), 0);
	ATF_REQUIRE((pid = fork()) != -1);
	if (pid == 0) {
		alarm(20);
		close(fds[0]);
		if ((error = enter(role, fds[1])) != 0)
			_exit(100 + error);
		/* A nonzero result of a check is what it found wrong. */
		error = (int)fn();
		_exit(error > 0 && error < 64 ? error : SURVIVED);
	}
	close(fds[1]);
	*nr = -1;
	if (read(fds[0], nr, sizeof(*nr)) != sizeof(*nr))
		*nr = -1;
	close(fds[0]);
	ATF_REQUIRE_EQ(waitpid(pid, &status, 0), pid);
	return status;
}

static void
check_refused(enum ipc_role role, const struct attempt *a)
{
	int nr, status = run(role, a->try, &nr);

	ATF_CHECK_MSG(WIFEXITED(status) && WEXITSTATUS(status) == 1,
	    "%s: status %x", a->what, (unsigned int)status);
	ATF_CHECK_MSG(nr != -1 && strcmp(os_syscall_name(nr), a->call) == 0,
	    "%s: trap names %s", a->what, os_syscall_name(nr));
}

static int
sanitizer(void)
{
#if defined(__SANITIZE_ADDRESS__)
	return 1;
#else
	return 0;
#endif
}

static void
check_all(enum ipc_role role, size_t offset)
{
	size_t i;

	setup();
	start_victim();
	for (i = 0; i < COUNT(attempts); i++) {
		if (!*(const int *)(const void *)((const char *)&attempts[i] +
			offset) ||
		    (sanitizer() && attempts[i].san))
			continue;
		check_refused(role, &attempts[i]);
	}
	stop_victim();
}

/* ---- refused ---- */

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
	return send(dgram[0], "x", 1, 0) == 1 ? 0 : 2;
}

TEST_ROOT(engine_cannot_send_to_a_socket,
    "Y-14: sendto without a name is the frontend's alone")
{
	int nr, status;

	setup();
	status = run(ROLE_ENGINE, send_plain, &nr);
	ATF_CHECK_EQ(WEXITSTATUS(status), 1);
	ATF_CHECK_STREQ(os_syscall_name(nr), "sendto");
	status = run(ROLE_FRONTEND, send_plain, &nr);
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

	setup();
	for (i = 0; i < COUNT(roles); i++) {
		status = run(roles[i], x32_getpid, &nr);
		ATF_CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
		/* SIGSEGV: a kernel without i386 calls at all. */
		status = run(roles[i], i386_getpid, &nr);
		ATF_CHECK(WIFSIGNALED(status) &&
		    (WTERMSIG(status) == SIGSYS ||
			WTERMSIG(status) == SIGSEGV));
	}
#else
	ATF_CHECK(os_syscall_name(0) != NULL);
#endif
}

/* ---- allowed ---- */

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

	ev = event_new(base, channel[1], EV_READ | EV_PERSIST, on_ready, &n);
	tev = event_new(base, dgram[1], EV_READ | EV_TIMEOUT, on_ready, &n);
	if (ev == NULL || tev == NULL || event_add(ev, NULL) == -1 ||
	    event_add(tev, &soon) == -1 || writev(channel[0], &iov, 1) != 5)
		return 2;
	if (event_base_loop(base, EVLOOP_ONCE) != 0 || n == 0)
		return 3;
	event_free(ev);
	event_free(tev);
	if (writev(channel[0], &iov, 1) != 5)
		return 4;
	iov.iov_base = buf;
	iov.iov_len = sizeof(buf);
	if (recvmsg(channel[1], &msg, MSG_CMSG_CLOEXEC) != 5)
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
	if (os_timer_set(timer, os_clock_ms() + 1) != 0)
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

	fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd == -1)
		return 20;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &len) == -1 ||
	    cred.uid != 0)
		return 21;
	if (os_packet_send(dgram[0], CHANNEL_UDP4, &byte, 1) != 0)
		return 22;
	close(fd);
	return children_work();
}

TEST_ROOT(children_do_their_work,
    "Y-14: engine and frontend have all the system calls they need")
{
	int nr, status;

	setup();
	status = run(ROLE_ENGINE, engine_works, &nr);
	ATF_CHECK_MSG(status == SURVIVED << 8, "engine: status %x, trap %s",
	    (unsigned int)status, os_syscall_name(nr));
	status = run(ROLE_FRONTEND, frontend_works, &nr);
	ATF_CHECK_MSG(status == SURVIVED << 8, "frontend: status %x, trap %s",
	    (unsigned int)status, os_syscall_name(nr));
}

/* ---- the parent ---- */

static void
ignore_interface(const struct interface *iface)
{
	(void)iface;
}
static void
ignore_gone(uint32_t ifindex)
{
	(void)ifindex;
}
static void
ignore_addr4(uint32_t ifindex, struct in_addr addr, uint8_t len, int present)
{
	(void)ifindex;
	(void)addr;
	(void)len;
	(void)present;
}
static void
ignore_usable(uint32_t ifindex, int usable)
{
	(void)ifindex;
	(void)usable;
}
static void
ignore_route(
    uint32_t ifindex, struct in_addr dst, uint8_t len, struct in_addr gateway)
{
	(void)ifindex;
	(void)dst;
	(void)len;
	(void)gateway;
}
static const struct os_events ignore = {
	.interface = ignore_interface,
	.interface_gone = ignore_gone,
	.addr4 = ignore_addr4,
	.ipv6_usable = ignore_usable,
	.route4_gone = ignore_route,
};

static long
parent_network(void)
{
	struct interface lo = { .ifindex = 1,
		.flags = IFACE_ETHERNET,
		.hwaddr_len = 6,
		.hwtype = 1,
		.name = "lo" };
	struct addr4 a = { .addr.s_addr = htonl(0xc6336405),
		.valid_sec = 100,
		.prefixlen = 24 };
	struct os_route4 r = { .ifindex = 1,
		.metric = 5,
		.prefixlen = 32,
		.dst.s_addr = htonl(0xc0000201) };
	struct in_addr none = { 0 };
	uint32_t buflen, uid;
	int fd, has;

	if (os_link_up(1) != 0 || os_addr4_add(1, &a, 7) != 0)
		return 2;
	if (os_route4_add(&r) != 0 || os_route4_remove(&r) != 0)
		return 3;
	if (os_mtu_set(1, 9000) != 0 || os_dump() != 0 ||
	    os_monitor_read() != 0)
		return 4;
	if (os_socket_dhcp4(&lo, &fd, &buflen) != 0 ||
	    os_socket_arp(&lo, a.addr, none, &fd, &buflen) != 0)
		return 5;
	if (os_port_owner(68, &uid, &has) != 0)
		return 6;
	if (os_socket_sink(&fd) != 0 ||
	    os_socket_udp4(&lo, a.addr, a.addr, &fd) != 0)
		return 7;
	if (os_port_owner(68, &uid, &has) != EADDRINUSE || !has)
		return 8;
	if (os_addr4_remove(1, &a) != 0)
		return 9;
	return 0;
}

static long
parent_files(void)
{
	char path[PATH_MAX + 8];
	struct dirent *entry;
	DIR *dir;
	int fd, state;

	if ((state = open(statedir, O_RDONLY | O_DIRECTORY)) == -1)
		return 20;
	fd = openat(state, "lease.tmp", O_CREAT | O_WRONLY | O_TRUNC, 0600);
	if (fd == -1 || write(fd, "x", 1) != 1 || fsync(fd) == -1 ||
	    ftruncate(fd, 0) == -1)
		return 21;
	if (renameat(state, "lease.tmp", state, "lease") == -1 ||
	    fsync(state) == -1 || unlinkat(state, "lease", 0) == -1)
		return 22;
	if ((dir = fdopendir(state)) == NULL)
		return 23;
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			return 24;
	closedir(dir);
	if ((fd = open(conf, O_RDONLY)) == -1)
		return 25;
	if (open(confdir, O_RDONLY | O_DIRECTORY) == -1)
		return 26;
	snprintf(path, sizeof(path), "%s/pid", rundir);
	if (unlink(path) == -1)
		return 27;
	return 0;
}

static long
parent_works(void)
{
	long error = parent_network();

	return error != 0 ? error : parent_files();
}

static int
denied(const char *path, int flags)
{
	return open(path, flags, 0600) == -1 && errno == EACCES;
}

/* Only with Landlock; root's own rights would allow each of these. */
static long
parent_denied(void)
{
	char path[PATH_MAX + 8];

	if (!denied("/etc/shadow", O_RDONLY))
		return 2;
	if (!denied("/etc/leased.test", O_CREAT | O_WRONLY))
		return 3;
	snprintf(path, sizeof(path), "%s/pid", rundir);
	if (!denied(path, O_RDONLY) || !denied(path, O_WRONLY))
		return 4;
	snprintf(path, sizeof(path), "%s/new", rundir);
	if (!denied(path, O_CREAT | O_WRONLY))
		return 5;
	if (!denied(conf, O_RDWR))
		return 6;
	snprintf(path, sizeof(path), "%s/new", confdir);
	if (!denied(path, O_CREAT | O_WRONLY))
		return 7;
	if (!denied("/proc/self/mem", O_RDWR) || !denied("/bin", O_RDONLY))
		return 8;
	if (unlink(conf) != -1 || errno != EACCES)
		return 9;
	return 0;
}

static void
setup_parent(void)
{
	char path[PATH_MAX + 8];
	int fd;

	setup();
	snprintf(path, sizeof(path), "%s/pid", rundir);
	make_file(path, 0644);
	ATF_REQUIRE_EQ(unshare(CLONE_NEWNET), 0);
	ATF_REQUIRE_EQ(os_init(&ignore, &fd), 0);
	ATF_REQUIRE_EQ(os_dump(), 0);
}

TEST_ROOT(parent_does_its_work,
    "Y-07, Y-14: kernel changes, sockets and state files after the parent's "
    "own restriction")
{
	int nr, status;

	setup_parent();
	status = run(ROLE_PARENT, parent_works, &nr);
	ATF_CHECK_MSG(status == SURVIVED << 8, "status %x, trap %s",
	    (unsigned int)status, os_syscall_name(nr));
}

TEST_ROOT(parent_sees_only_its_files,
    "Y-14: after its restriction the parent cannot read or write elsewhere")
{
	int nr, status;

	setup_parent();
	if (syscall(444, NULL, 0, 1) < 1)
		atf_tc_skip("this kernel has no Landlock");
	status = run(ROLE_PARENT, parent_denied, &nr);
	ATF_CHECK_MSG(status == SURVIVED << 8, "status %x, trap %s",
	    (unsigned int)status, os_syscall_name(nr));
}

/* In a mount namespace of its own, with a syslogd of its own. */
static void
say_and_die(int log, int err)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX,
		.sun_path = "/dev/log" };

	alarm(20);
	if (unshare(CLONE_NEWNS) == -1 ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == -1 ||
	    mount("none", "/dev", "tmpfs", 0, NULL) == -1 ||
	    bind(log, (struct sockaddr *)&sun, sizeof(sun)) == -1 ||
	    dup2(err, STDERR_FILENO) == -1 || enter(ROLE_PARENT, -1) != 0)
		_exit(2);
	(void)try_ptrace();
	_exit(SURVIVED);
}

TEST_ROOT(parent_names_its_own_forbidden_call,
    "Y-14: nobody watches the parent: it says itself what was refused")
{
	char want[128], text[256];
	int log, err[2], status;
	ssize_t n;
	pid_t pid;

	setup();
	start_victim();
	ATF_REQUIRE_EQ(pipe(err), 0);
	ATF_REQUIRE((log = socket(AF_UNIX, SOCK_DGRAM, 0)) != -1);
	ATF_REQUIRE((pid = fork()) != -1);
	if (pid == 0)
		say_and_die(log, err[1]);
	ATF_REQUIRE_EQ(waitpid(pid, &status, 0), pid);
	ATF_CHECK_MSG(WIFEXITED(status) && WEXITSTATUS(status) == 1,
	    "status %x", (unsigned int)status);
	snprintf(want, sizeof(want),
	    "<26>leased[%ld]: parent: system call %d (ptrace) is not allowed: "
	    "leaving\n",
	    (long)pid, SYS_ptrace);
	n = recv(log, text, sizeof(text) - 1, MSG_DONTWAIT);
	ATF_REQUIRE(n > 0);
	text[n] = '\0';
	ATF_CHECK_STREQ(text, want);
	n = read(err[0], text, sizeof(text) - 1);
	ATF_REQUIRE(n > 0);
	text[n] = '\0';
	ATF_CHECK_STREQ(text, want + strlen("<26>"));
	stop_victim();
}

/* ---- honesty ---- */

static struct ipc_sandbox *shared;

static long
report_shared(void)
{
	return os_sandbox_report(shared) == 0 ? 0 : 2;
}

static void
get_report(enum ipc_role role)
{
	int nr;

	if (shared == NULL)
		shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	ATF_REQUIRE(shared != MAP_FAILED);
	memset(shared, 0, sizeof(*shared));
	shared->role = role;
	ATF_REQUIRE_EQ(run(role, report_shared, &nr), SURVIVED << 8);
}

TEST_ROOT(report_is_what_the_kernel_says,
    "Y-14: seccomp, no_new_privs, capabilities, user and number of calls")
{
	const uint32_t on =
	    SANDBOX_SECCOMP | SANDBOX_NO_NEW_PRIVS | SANDBOX_CAPS_REDUCED;
	uint32_t engine;

	setup();
	get_report(ROLE_ENGINE);
	ATF_CHECK_EQ(
	    shared->flags & ~(uint32_t)SANDBOX_SANITIZER, on | SANDBOX_CHROOT);
	ATF_CHECK_EQ(shared->uid, USER);
	ATF_CHECK_EQ(shared->gid, USER);
	ATF_CHECK_EQ(shared->caps_permitted | shared->caps_effective, 0U);
	ATF_CHECK(shared->pid != 0 && shared->pid != (uint32_t)getpid());
	engine = shared->syscalls;
	if (!sanitizer())
		ATF_CHECK_MSG(engine > 0 && engine <= SYSCALLS_ENGINE,
		    "%u calls", engine);
	get_report(ROLE_FRONTEND);
	ATF_CHECK_EQ(
	    shared->flags & ~(uint32_t)SANDBOX_SANITIZER, on | SANDBOX_CHROOT);
	ATF_CHECK(shared->syscalls > 0 && shared->syscalls <= engine + 2);
	get_report(ROLE_PARENT);
	ATF_CHECK_EQ(shared->flags & (on | SANDBOX_ROOT), on | SANDBOX_ROOT);
	ATF_CHECK_EQ(shared->caps_permitted, 1U << 10 | 1U << 12 | 1U << 13);
	ATF_CHECK_EQ(
	    (shared->flags & SANDBOX_LANDLOCK) != 0, shared->landlock_abi > 0);
	get_report(ROLE_HELPER);
	ATF_CHECK_EQ(shared->flags, SANDBOX_NO_NEW_PRIVS | SANDBOX_ROOT);
	ATF_CHECK_EQ(shared->syscalls, 0U);
}

/* A container's or systemd's filter, which allows all that we look at. */
static int
report_with_foreign_filter(void)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog prog = { 1, &allow };
	struct ipc_sandbox report = { .role = ROLE_ENGINE };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == -1 ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) == -1 ||
	    prctl(PR_GET_SECCOMP) != SECCOMP_MODE_FILTER ||
	    os_sandbox_report(&report) != 0)
		return 2;
	return (report.flags & SANDBOX_SECCOMP) != 0;
}

TEST_ROOT(foreign_filter_is_not_ours,
    "Y-14: a container's or systemd's filter does not stand in for ours")
{
	int status;
	pid_t pid = fork();

	ATF_REQUIRE(pid != -1);
	if (pid == 0)
		_exit(report_with_foreign_filter());
	ATF_REQUIRE_EQ(waitpid(pid, &status, 0), pid);
	ATF_CHECK_EQ(status, 0);
}

TEST_ROOT(missing_sandbox_is_noticed,
    "Y-14: a process whose sandbox is not on says so and does not run")
{
	static const struct {
		enum ipc_role role;
		uint32_t without;
	} cases[] = {
		{ ROLE_ENGINE, SANDBOX_SECCOMP },
		{ ROLE_ENGINE, SANDBOX_NO_NEW_PRIVS },
		{ ROLE_ENGINE, SANDBOX_CHROOT },
		{ ROLE_ENGINE, SANDBOX_CAPS_REDUCED },
		{ ROLE_FRONTEND, SANDBOX_SECCOMP },
		{ ROLE_FRONTEND, SANDBOX_CHROOT },
		{ ROLE_PARENT, SANDBOX_SECCOMP },
		{ ROLE_PARENT, SANDBOX_CAPS_REDUCED },
		{ ROLE_HELPER, SANDBOX_NO_NEW_PRIVS },
	};
	struct ipc_sandbox r = { .role = ROLE_ENGINE,
		.uid = USER,
		.gid = USER,
		.flags = SANDBOX_SECCOMP | SANDBOX_NO_NEW_PRIVS |
		    SANDBOX_CHROOT | SANDBOX_CAPS_REDUCED };
	struct ipc_sandbox bad, self = { .role = ROLE_ENGINE };
	size_t i;

	ATF_CHECK(os_sandbox_missing(&r) == NULL);
	for (i = 0; i < COUNT(cases); i++) {
		bad = r;
		bad.role = cases[i].role;
		bad.flags &= ~cases[i].without;
		ATF_CHECK_MSG(os_sandbox_missing(&bad) != NULL, "case %zu", i);
	}
	bad = r;
	bad.uid = 0;
	ATF_CHECK(os_sandbox_missing(&bad) != NULL);
	bad = r;
	bad.caps_permitted = 1;
	ATF_CHECK(os_sandbox_missing(&bad) != NULL);
	/* This very process has none. */
	ATF_REQUIRE_EQ(os_sandbox_report(&self), 0);
	ATF_CHECK(os_sandbox_missing(&self) != NULL);
}

/* os_drop() in a process of its own; its result. */
static int
drop_result(uid_t uid, gid_t gid, const char *dir)
{
	int status;
	pid_t pid = fork();

	ATF_REQUIRE(pid != -1);
	if (pid == 0)
		_exit(os_drop(uid, gid, dir));
	ATF_REQUIRE_EQ(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST_ROOT(drop_wants_an_unwritable_directory_and_a_user,
    "Y-14: no chroot into what others can write, no child that stays root")
{
	setup();
	ATF_CHECK_EQ(drop_result(USER, USER, empty), 0);
	ATF_CHECK_EQ(drop_result(0, USER, empty), EPERM);
	ATF_CHECK_EQ(drop_result(USER, 0, empty), EPERM);
	ATF_CHECK_EQ(drop_result(USER, USER, conf), ENOTDIR);
	ATF_CHECK_EQ(drop_result(USER, USER, "/nonexistent"), ENOENT);
	ATF_REQUIRE_EQ(chmod(empty, 0777), 0);
	ATF_CHECK_EQ(drop_result(USER, USER, empty), EPERM);
	ATF_REQUIRE_EQ(chmod(empty, 0555), 0);
	ATF_REQUIRE_EQ(chown(empty, USER, USER), 0);
	ATF_CHECK_EQ(drop_result(USER, USER, empty), EPERM);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, engine_refuses_every_forbidden_call);
	ATF_TP_ADD_TC(tp, frontend_refuses_every_forbidden_call);
	ATF_TP_ADD_TC(tp, parent_refuses_every_forbidden_call);
	ATF_TP_ADD_TC(tp, parent_names_its_own_forbidden_call);
	ATF_TP_ADD_TC(tp, engine_cannot_send_to_a_socket);
	ATF_TP_ADD_TC(tp, foreign_architecture_is_killed);
	ATF_TP_ADD_TC(tp, children_do_their_work);
	ATF_TP_ADD_TC(tp, parent_does_its_work);
	ATF_TP_ADD_TC(tp, parent_sees_only_its_files);
	ATF_TP_ADD_TC(tp, report_is_what_the_kernel_says);
	ATF_TP_ADD_TC(tp, foreign_filter_is_not_ours);
	ATF_TP_ADD_TC(tp, missing_sandbox_is_noticed);
	ATF_TP_ADD_TC(tp, drop_wants_an_unwritable_directory_and_a_user);
	return atf_no_error();
}

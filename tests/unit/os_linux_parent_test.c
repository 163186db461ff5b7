/* SPDX-License-Identifier: ISC */
/*
 * The parent in its sandbox, and what is said of sandboxes; each in a process
 * of its own, as root.
 */

#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "os/os.h"
#include "test.h"
#include "os_linux_sandbox.h"

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

	if ((state = open(sb_statedir, O_RDONLY | O_DIRECTORY)) == -1)
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
	if ((fd = open(sb_conf, O_RDONLY)) == -1)
		return 25;
	if (open(sb_confdir, O_RDONLY | O_DIRECTORY) == -1)
		return 26;
	snprintf(path, sizeof(path), "%s/pid", sb_rundir);
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
	snprintf(path, sizeof(path), "%s/pid", sb_rundir);
	if (!denied(path, O_RDONLY) || !denied(path, O_WRONLY))
		return 4;
	snprintf(path, sizeof(path), "%s/new", sb_rundir);
	if (!denied(path, O_CREAT | O_WRONLY))
		return 5;
	if (!denied(sb_conf, O_RDWR))
		return 6;
	snprintf(path, sizeof(path), "%s/new", sb_confdir);
	if (!denied(path, O_CREAT | O_WRONLY))
		return 7;
	if (!denied("/proc/self/mem", O_RDWR) || !denied("/bin", O_RDONLY))
		return 8;
	if (unlink(sb_conf) != -1 || errno != EACCES)
		return 9;
	return 0;
}

static void
setup_parent(void)
{
	char path[PATH_MAX + 8];
	int fd;

	sb_setup();
	snprintf(path, sizeof(path), "%s/pid", sb_rundir);
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
	status = sb_run(ROLE_PARENT, parent_works, &nr);
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
	status = sb_run(ROLE_PARENT, parent_denied, &nr);
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
	    dup2(err, STDERR_FILENO) == -1 || sb_enter(ROLE_PARENT, -1) != 0)
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

	sb_setup();
	sb_start_victim();
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
	sb_stop_victim();
}

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
	ATF_REQUIRE_EQ(sb_run(role, report_shared, &nr), SURVIVED << 8);
}

TEST_ROOT(report_is_what_the_kernel_says,
    "Y-14: seccomp, no_new_privs, capabilities, user and number of calls")
{
	const uint32_t on =
	    SANDBOX_SECCOMP | SANDBOX_NO_NEW_PRIVS | SANDBOX_CAPS_REDUCED;
	uint32_t engine;

	sb_setup();
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
	sb_setup();
	ATF_CHECK_EQ(drop_result(USER, USER, sb_empty), 0);
	ATF_CHECK_EQ(drop_result(0, USER, sb_empty), EPERM);
	ATF_CHECK_EQ(drop_result(USER, 0, sb_empty), EPERM);
	ATF_CHECK_EQ(drop_result(USER, USER, sb_conf), ENOTDIR);
	ATF_CHECK_EQ(drop_result(USER, USER, "/nonexistent"), ENOENT);
	ATF_REQUIRE_EQ(chmod(sb_empty, 0777), 0);
	ATF_CHECK_EQ(drop_result(USER, USER, sb_empty), EPERM);
	ATF_REQUIRE_EQ(chmod(sb_empty, 0555), 0);
	ATF_REQUIRE_EQ(chown(sb_empty, USER, USER), 0);
	ATF_CHECK_EQ(drop_result(USER, USER, sb_empty), EPERM);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, parent_names_its_own_forbidden_call);
	ATF_TP_ADD_TC(tp, parent_does_its_work);
	ATF_TP_ADD_TC(tp, parent_sees_only_its_files);
	ATF_TP_ADD_TC(tp, report_is_what_the_kernel_says);
	ATF_TP_ADD_TC(tp, foreign_filter_is_not_ours);
	ATF_TP_ADD_TC(tp, missing_sandbox_is_noticed);
	ATF_TP_ADD_TC(tp, drop_wants_an_unwritable_directory_and_a_user);
	return atf_no_error();
}

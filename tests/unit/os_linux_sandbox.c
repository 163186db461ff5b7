/* SPDX-License-Identifier: ISC */
/* See os_linux_sandbox.h. */

#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "test.h"
#include "os_linux_sandbox.h"

char sb_root[] = "sandbox.XXXXXX";
char sb_empty[PATH_MAX], sb_statedir[PATH_MAX], sb_rundir[PATH_MAX];
char sb_conf[PATH_MAX], sb_confdir[PATH_MAX];
static char sb_etc[PATH_MAX];
int sb_channel[2], sb_dgram[2], sb_listener, sb_timer, sb_victim;
pid_t sb_victim_pid;
struct event_base *sb_base;

void
make_file(const char *path, mode_t mode)
{
	int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, mode);

	ATF_REQUIRE(fd != -1);
	close(fd);
}

void
sb_setup(void)
{
	char dir[PATH_MAX], cwd[PATH_MAX];
	struct sockaddr_un sun = { .sun_family = AF_UNIX };

	ATF_REQUIRE(getcwd(cwd, sizeof(cwd)) != NULL);
	ATF_REQUIRE(mkdtemp(sb_root) != NULL);
	snprintf(dir, sizeof(dir), "%.2000s/%s", cwd, sb_root);
	snprintf(sb_empty, sizeof(sb_empty), "%.3000s/empty", dir);
	snprintf(sb_statedir, sizeof(sb_statedir), "%.3000s/state", dir);
	snprintf(sb_rundir, sizeof(sb_rundir), "%.3000s/run", dir);
	snprintf(sb_etc, sizeof(sb_etc), "%.3000s/etc", dir);
	snprintf(sb_confdir, sizeof(sb_confdir), "%.3000s/etc/leased.d", dir);
	snprintf(sb_conf, sizeof(sb_conf), "%.3000s/etc/leased.conf", dir);
	ATF_REQUIRE_EQ(mkdir(sb_empty, 0555), 0);
	ATF_REQUIRE_EQ(mkdir(sb_statedir, 0700), 0);
	ATF_REQUIRE_EQ(mkdir(sb_rundir, 0755), 0);
	ATF_REQUIRE_EQ(mkdir(sb_etc, 0755), 0);
	ATF_REQUIRE_EQ(mkdir(sb_confdir, 0755), 0);
	make_file(sb_conf, 0600);
	ATF_REQUIRE_EQ(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sb_channel), 0);
	ATF_REQUIRE_EQ(
	    socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0, sb_dgram), 0);
	ATF_REQUIRE((sb_listener = socket(
			 AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0)) != -1);
	snprintf(sun.sun_path, sizeof(sun.sun_path), "%s/sock", sb_root);
	ATF_REQUIRE_EQ(
	    bind(sb_listener, (struct sockaddr *)&sun, sizeof(sun)), 0);
	ATF_REQUIRE_EQ(listen(sb_listener, 4), 0);
	ATF_REQUIRE((sb_victim = socket(AF_UNIX, SOCK_STREAM, 0)) != -1);
	ATF_REQUIRE_EQ(
	    connect(sb_victim, (struct sockaddr *)&sun, sizeof(sun)), 0);
	ATF_REQUIRE((sb_timer = os_timer_open()) != -1);
}

void
sb_start_victim(void)
{
	ATF_REQUIRE((sb_victim_pid = fork()) != -1);
	if (sb_victim_pid == 0) {
		alarm(120);
		for (;;)
			pause();
	}
}

void
sb_stop_victim(void)
{
	int status;

	ATF_REQUIRE_EQ(waitpid(sb_victim_pid, &status, WNOHANG), 0);
	ATF_REQUIRE_EQ(kill(sb_victim_pid, SIGKILL), 0);
	ATF_REQUIRE_EQ(waitpid(sb_victim_pid, &status, 0), sb_victim_pid);
}

int
sb_enter(enum ipc_role role, int trap_fd)
{
	const struct os_sandbox_paths paths = { sb_conf, sb_statedir, sb_rundir,
		NULL };
	struct ipc_sandbox report = { .role = role };

	if (role == ROLE_FRONTEND || role == ROLE_ENGINE)
		if (os_drop(USER, USER, sb_empty) != 0)
			return 1;
	if ((sb_base = event_base_new()) == NULL)
		return 2;
	if (os_sandbox(role, trap_fd, &paths) != 0)
		return 3;
	if (os_sandbox_report(&report) != 0)
		return 4;
	return os_sandbox_missing(&report) != NULL ? 5 : 0;
}

int
sb_run(enum ipc_role role, long (*fn)(void), int *nr)
{
	int fds[2], status, error;
	pid_t pid;

	ATF_REQUIRE_EQ(pipe(fds), 0);
	ATF_REQUIRE((pid = fork()) != -1);
	if (pid == 0) {
		alarm(20);
		close(fds[0]);
		if ((error = sb_enter(role, fds[1])) != 0)
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

int
sanitizer(void)
{
#if defined(__SANITIZE_ADDRESS__)
	return 1;
#else
	return 0;
#endif
}

long
try_ptrace(void)
{
	return ptrace(PTRACE_ATTACH, sb_victim_pid, NULL, NULL);
}

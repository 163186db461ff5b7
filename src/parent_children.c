/* SPDX-License-Identifier: ISC */
/*
 * Starting a child: the daemon itself, with an address-space layout of its
 * own, its channel, its trap pipe and nothing else.
 */

#include <sys/socket.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "parent.h"

/* A child logs through its channel and has no other way out. */
static int
null_stdio(void)
{
	int fd, null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null == -1)
		return -1;
	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (dup2(null, fd) == -1)
			return -1;
	return 0;
}

static void
child_exec(enum ipc_role role, int channel, int trap, const struct passwd *pw)
{
	static const char *const flags[] = { NULL, "-F", "-E", "-H" };
	char path[1024], ids[64];
	char arg0[] = "leased", flag[3], user[] = "-U";
	char *argv[] = { arg0, flag, user, ids, NULL };
	char env0[] = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
	char env1[] = "ASAN_OPTIONS=detect_leaks=0";
	char *envp[] = { env0, env1, NULL };

	strlcpy(flag, flags[role], sizeof(flag));
	snprintf(ids, sizeof(ids), "%lu:%lu", (unsigned long)pw->pw_uid,
	    (unsigned long)pw->pw_gid);
	if (os_self_path(path, sizeof(path)) != 0)
		_exit(1);
	/* Both are above 4: nothing is overwritten.  dup2 clears CLOEXEC. */
	if (dup2(channel, CHANNEL_FD) == -1 || dup2(trap, TRAP_FD) == -1)
		_exit(1);
	if (null_stdio() == -1)
		_exit(1);
	/* Whoever started us may have left some open. */
	closefrom(TRAP_FD + 1);
	execve(path, argv, envp);
	_exit(1);
}

/* A descriptor that does not collide with those a child gets. */
static int
high_fd(int fd)
{
	int high;

	if (fd > TRAP_FD)
		return fd;
	high = fcntl(fd, F_DUPFD_CLOEXEC, TRAP_FD + 1);
	if (high == -1)
		fatal("fcntl");
	close(fd);
	return high;
}

void
child_start(enum ipc_role role, const struct passwd *pw)
{
	int pair[2], trap[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
		pair) == -1 ||
	    pipe2(trap, O_CLOEXEC | O_NONBLOCK) == -1)
		fatal("cannot make a channel");
	pair[0] = high_fd(pair[0]);
	pair[1] = high_fd(pair[1]);
	trap[0] = high_fd(trap[0]);
	trap[1] = high_fd(trap[1]);
	switch (pid = fork()) {
	case -1:
		fatal("fork");
	case 0:
		child_exec(role, pair[1], trap[1], pw);
	}
	close(pair[1]);
	close(trap[1]);
	parent.pids[role] = pid;
	parent.traps[role] = trap[0];
	parent.channels[role] = pair[0];
}

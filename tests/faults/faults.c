/* SPDX-License-Identifier: ISC */
/*
 * leased with calls that fail: linked with --wrap for each FAULT below, it
 * counts every call per process in /run/faults.count, and lets the one that
 * /run/faults names fail or be the process's last:
 *
 *	PROCESS CALL NUMBER fail|kill
 *
 * PROCESS is parent, frontend, engine or helper; NUMBER counts from 1.  The
 * last number of /run/faults.count says that it was hit.
 */
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <dirent.h>
#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <grp.h>
#include <libmnl/libmnl.h>
#include <pwd.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* X(return type, call, parameters, arguments, value of failure, errno) */
#define FAULTS(X)                                                              \
	X(void *, malloc, (size_t a), (a), NULL, ENOMEM)                       \
	X(void *, calloc, (size_t a, size_t b), (a, b), NULL, ENOMEM)          \
	X(void *, realloc, (void *a, size_t b), (a, b), NULL, ENOMEM)          \
	X(char *, strdup, (const char *a), (a), NULL, ENOMEM)                  \
	X(int, socket, (int a, int b, int c), (a, b, c), -1, EMFILE)           \
	X(int, socketpair, (int a, int b, int c, int *d), (a, b, c, d), -1,    \
	    EMFILE)                                                            \
	X(int, pipe2, (int *a, int b), (a, b), -1, EMFILE)                     \
	X(int, fork, (void), (), -1, EAGAIN)                                   \
	X(int, bind, (int a, const struct sockaddr *b, socklen_t c),           \
	    (a, b, c), -1, EADDRINUSE)                                         \
	X(int, connect, (int a, const struct sockaddr *b, socklen_t c),        \
	    (a, b, c), -1, ENETUNREACH)                                        \
	X(int, listen, (int a, int b), (a, b), -1, EADDRINUSE)                 \
	X(int, accept4, (int a, struct sockaddr *b, socklen_t *c, int d),      \
	    (a, b, c, d), -1, EMFILE)                                          \
	X(int, setsockopt, (int a, int b, int c, const void *d, socklen_t e),  \
	    (a, b, c, d, e), -1, ENOBUFS)                                      \
	X(int, getsockopt, (int a, int b, int c, void *d, socklen_t *e),       \
	    (a, b, c, d, e), -1, ENOBUFS)                                      \
	X(ssize_t, sendto,                                                     \
	    (int a, const void *b, size_t c, int d, const struct sockaddr *e,  \
		socklen_t f),                                                  \
	    (a, b, c, d, e, f), -1, ENOBUFS)                                   \
	X(ssize_t, send, (int a, const void *b, size_t c, int d),              \
	    (a, b, c, d), -1, ENOBUFS)                                         \
	X(ssize_t, sendmsg, (int a, const struct msghdr *b, int c), (a, b, c), \
	    -1, ENOBUFS)                                                       \
	X(ssize_t, recvmsg, (int a, struct msghdr *b, int c), (a, b, c), -1,   \
	    ENOBUFS)                                                           \
	X(ssize_t, recv, (int a, void *b, size_t c, int d), (a, b, c, d), -1,  \
	    ENOBUFS)                                                           \
	X(ssize_t, writev, (int a, const struct iovec *b, int c), (a, b, c),   \
	    -1, ENOBUFS)                                                       \
	X(ssize_t, read, (int a, void *b, size_t c), (a, b, c), -1, EIO)       \
	X(ssize_t, write, (int a, const void *b, size_t c), (a, b, c), -1,     \
	    ENOSPC)                                                            \
	X(ssize_t, pread, (int a, void *b, size_t c, off_t d), (a, b, c, d),   \
	    -1, EIO)                                                           \
	X(ssize_t, pwrite, (int a, const void *b, size_t c, off_t d),          \
	    (a, b, c, d), -1, ENOSPC)                                          \
	X(int, open, (const char *a, int b, mode_t c), (a, b, c), -1, EMFILE)  \
	X(int, openat, (int a, const char *b, int c, mode_t d), (a, b, c, d),  \
	    -1, EMFILE)                                                        \
	X(int, __open_2, (const char *a, int b), (a, b), -1, EMFILE)           \
	X(int, __openat_2, (int a, const char *b, int c), (a, b, c), -1,       \
	    EMFILE)                                                            \
	X(FILE *, fopen, (const char *a, const char *b), (a, b), NULL, EMFILE) \
	X(DIR *, fdopendir, (int a), (a), NULL, ENOMEM)                        \
	X(ssize_t, readlink, (const char *a, char *b, size_t c), (a, b, c),    \
	    -1, EIO)                                                           \
	X(int, flock, (int a, int b), (a, b), -1, ENOLCK)                      \
	X(int, linkat, (int a, const char *b, int c, const char *d, int e),    \
	    (a, b, c, d, e), -1, ENOSPC)                                       \
	X(int, fstatat, (int a, const char *b, struct stat *c, int d),         \
	    (a, b, c, d), -1, EIO)                                             \
	X(int, fchmod, (int a, mode_t b), (a, b), -1, EROFS)                   \
	X(int, fstat, (int a, struct stat *b), (a, b), -1, EIO)                \
	X(int, fsync, (int a), (a), -1, EIO)                                   \
	X(int, ftruncate, (int a, off_t b), (a, b), -1, EIO)                   \
	X(int, rename, (const char *a, const char *b), (a, b), -1, ENOSPC)     \
	X(int, renameat, (int a, const char *b, int c, const char *d),         \
	    (a, b, c, d), -1, ENOSPC)                                          \
	X(int, unlink, (const char *a), (a), -1, EROFS)                        \
	X(int, unlinkat, (int a, const char *b, int c), (a, b, c), -1, EROFS)  \
	X(int, mkdir, (const char *a, mode_t b), (a, b), -1, ENOSPC)           \
	X(int, chown, (const char *a, uid_t b, gid_t c), (a, b, c), -1, EPERM) \
	X(int, fcntl, (int a, int b, long c), (a, b, c), -1, EMFILE)           \
	X(int, dup2, (int a, int b), (a, b), -1, EMFILE)                       \
	X(int, chroot, (const char *a), (a), -1, EPERM)                        \
	X(int, setgroups, (size_t a, const gid_t *b), (a, b), -1, EPERM)       \
	X(int, setresuid, (uid_t a, uid_t b, uid_t c), (a, b, c), -1, EAGAIN)  \
	X(int, setresgid, (gid_t a, gid_t b, gid_t c), (a, b, c), -1, EPERM)   \
	X(int, event_add, (struct event * a, const struct timeval *b), (a, b), \
	    -1, ENOMEM)                                                        \
	X(struct event_base *, event_base_new, (void), (), NULL, ENOMEM)       \
	X(int, execve, (const char *a, char *const *b, char *const *c),        \
	    (a, b, c), -1, ENOMEM)                                             \
	X(int, sigaction,                                                      \
	    (int a, const struct sigaction *b, struct sigaction *c),           \
	    (a, b, c), -1, EINVAL)                                             \
	X(int, timerfd_create, (int a, int b), (a, b), -1, EMFILE)             \
	X(int, timerfd_settime,                                                \
	    (int a, int b, const struct itimerspec *c, struct itimerspec *d),  \
	    (a, b, c, d), -1, EINVAL)                                          \
	X(int, setrlimit, (int a, const struct rlimit *b), (a, b), -1, EPERM)  \
	X(struct passwd *, getpwnam, (const char *a), (a), NULL, EMFILE)       \
	X(struct group *, getgrnam, (const char *a), (a), NULL, EMFILE)        \
	X(void *, seccomp_init, (uint32_t a), (a), NULL, ENOMEM)               \
	X(int, seccomp_export_bpf, (void *a, int b), (a, b), -ENOMEM, ENOMEM)  \
	X(struct mnl_socket *, mnl_socket_open2, (int a, int b), (a, b), NULL, \
	    EMFILE)                                                            \
	X(int, mnl_socket_bind,                                                \
	    (struct mnl_socket * a, unsigned int b, pid_t c), (a, b, c), -1,   \
	    EADDRINUSE)                                                        \
	X(int, mnl_socket_setsockopt,                                          \
	    (const struct mnl_socket *a, int b, void *c, socklen_t d),         \
	    (a, b, c, d), -1, ENOBUFS)                                         \
	X(ssize_t, mnl_socket_sendto,                                          \
	    (const struct mnl_socket *a, const void *b, size_t c), (a, b, c),  \
	    -1, ENOBUFS)                                                       \
	X(ssize_t, mnl_socket_recvfrom,                                        \
	    (const struct mnl_socket *a, void *b, size_t c), (a, b, c), -1,    \
	    ENOBUFS)

#define ROLES 4

#define INDEX(r, f, p, a, v, e) FAULT_##f,
enum { FAULTS(INDEX) FAULT_MAX };
#define NAME(r, f, p, a, v, e) #f,
static const char *const names[] = { FAULTS(NAME) };
static const char *const roles[ROLES] = { "parent", "frontend", "engine",
	"helper" };

static struct {
	uint32_t *counts; /* of this process, shared */
	int role;
	int call; /* which is to fail; -1: none */
	uint32_t number;
	int kills;
	uint32_t *hit; /* shared too */
} state = { .call = -1 };

static int
fault(int call)
{
	if (state.counts == NULL)
		return 0;
	if (++state.counts[call] != state.number || call != state.call)
		return 0;
	*state.hit = 1;
	/* As sudden as kill -9, of which a sandbox knows nothing. */
	if (state.kills)
		_exit(137);
	return 1;
}

#define WRAP(r, f, p, a, v, e)          \
	r __real_##f p;                 \
	r __wrap_##f p;                 \
	r __wrap_##f p                  \
	{                               \
		if (fault(FAULT_##f)) { \
			errno = e;      \
			return v;       \
		}                       \
		return __real_##f a;    \
	}
FAULTS(WRAP)

/* Which process this is stands on its command line. */
static int
role(void)
{
	static const char *const flags[ROLES] = { "", "-F", "-E", "-H" };
	char line[256] = "";
	const char *arg;
	FILE *f = __real_fopen("/proc/self/cmdline", "r");
	int i;

	if (f == NULL || fread(line, 1, sizeof(line) - 1, f) == 0)
		return 0;
	fclose(f);
	arg = line + strlen(line) + 1;
	for (i = 1; i < ROLES; i++)
		if (strcmp(arg, flags[i]) == 0)
			return i;
	return 0;
}

static void __attribute__((constructor)) faults_init(void)
{
	char process[16], call[32], how[8];
	unsigned int number;
	int fd, i;
	void *map;
	FILE *f;

	fd = __real_open("/run/faults.count", O_RDWR | O_CLOEXEC, 0);
	if (fd == -1)
		return;
	map = mmap(NULL, sizeof(uint32_t) * (ROLES * FAULT_MAX + 1),
	    PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (map == MAP_FAILED)
		return;
	state.role = role();
	state.hit = (uint32_t *)map + ROLES * FAULT_MAX;
	f = __real_fopen("/run/faults", "r");
	if (f != NULL &&
	    fscanf(f, "%15s %31s %u %7s", process, call, &number, how) == 4 &&
	    strcmp(process, roles[state.role]) == 0) {
		state.number = number;
		state.kills = strcmp(how, "kill") == 0;
		for (i = 0; i < FAULT_MAX; i++)
			if (strcmp(call, names[i]) == 0)
				state.call = i;
	}
	if (f != NULL)
		fclose(f);
	state.counts = (uint32_t *)map + (size_t)state.role * FAULT_MAX;
}

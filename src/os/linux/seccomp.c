/* SPDX-License-Identifier: ISC */
/*
 * The system calls each process may make (seccomp(2), libseccomp).  The table
 * below is the whole policy.  All else is trapped: the handler names the call
 * to the parent and ends the process.
 */

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sandbox.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZER 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZER 1
#endif

#define E (1U << ROLE_ENGINE)
#define F (1U << ROLE_FRONTEND)
#define P (1U << ROLE_PARENT)

struct rule {
	int nr;
	unsigned int roles;
	unsigned int nargs;
	struct scmp_arg_cmp args[2];
};

#define ANY(name, roles)                  \
	{                                 \
		SCMP_SYS(name), roles, 0, \
		{                         \
			{                 \
				0         \
			}                 \
		}                         \
	}
#define ARG(name, roles, ...)             \
	{                                 \
		SCMP_SYS(name), roles, 1, \
		{                         \
			__VA_ARGS__       \
		}                         \
	}
#define ARG2(name, roles, ...)            \
	{                                 \
		SCMP_SYS(name), roles, 2, \
		{                         \
			__VA_ARGS__       \
		}                         \
	}
#define IS(n, value)                     \
	{                                \
		n, SCMP_CMP_EQ, value, 0 \
	}
#define BITS(n, mask, value)                       \
	{                                          \
		n, SCMP_CMP_MASKED_EQ, mask, value \
	}

static const struct rule rules[] = {
	/* the event loop; glibc takes the one or the other */
	ANY(epoll_wait, E | F | P),
	ANY(epoll_pwait, E | F | P),
	ANY(epoll_ctl, E | F | P),
	ANY(timerfd_settime, E),
	/* channels: imsg reads with recvmsg where descriptors may come */
	ANY(read, E | F | P),
	ANY(writev, E | F | P),
	ANY(recvmsg, E | F | P),
	ANY(close, E | F | P),
	/* memory, never executable */
	ANY(brk, E | F | P),
	ARG2(mmap, E | F | P, BITS(2, PROT_EXEC, 0),
	    BITS(3, MAP_ANONYMOUS, MAP_ANONYMOUS)),
	ANY(munmap, E | F | P),
	ANY(mremap, E | F | P),
	/* the clocks, where the vDSO has none */
	ANY(clock_gettime, E | F | P),
	ANY(gettimeofday, E | F | P),
	ANY(getrandom, E | F | P),
	ANY(getpid, E | F | P),
	ANY(exit_group, E | F | P),
	/* Y-14: each process proves its sandbox */
	ARG(prctl, E | F | P, IS(0, PR_GET_SECCOMP)),
	ARG(prctl, E | F | P, IS(0, PR_GET_NO_NEW_PRIVS)),
	ANY(capget, E | F | P),

	/*
	 * The frontend's sockets.  sendto only without a name: a packet socket
	 * bound to one interface could otherwise send by any other.
	 */
	ARG(sendto, F, IS(4, 0)),
	ANY(accept4, F),
	ARG(getsockopt, F, IS(1, SOL_SOCKET)),

	/* The parent: the kernel's network state, and sockets for children. */
	ARG(socket, P, IS(0, AF_NETLINK)),
	ARG(socket, P, IS(0, AF_PACKET)),
	ARG(socket, P, IS(0, AF_INET)),
	ARG(socket, P, IS(0, AF_INET6)),
	ARG(socket, P, IS(0, AF_UNIX)), /* syslogd was restarted */
	ANY(bind, P),
	ANY(connect, P),
	ANY(setsockopt, P),
	ANY(getsockopt, P),
	ANY(getsockname, P),
	ANY(sendto, P),
	ANY(sendmsg, P), /* passes descriptors */
	ANY(recvfrom, P),
	/* files; Landlock says which */
	ANY(openat, P),
	ANY(write, P),
	ANY(pread64, P),
	ANY(pwrite64, P),
	ANY(lseek, P),
	ANY(fstat, P),
	ANY(newfstatat, P),
	ANY(statx, P),
	ANY(ftruncate, P),
	ANY(fsync, P),
	ANY(fdatasync, P),
	ANY(rename, P),
	ANY(renameat, P),
	ANY(renameat2, P),
	ANY(unlink, P),
	ANY(unlinkat, P),
	ANY(getdents64, P),
	ARG(fcntl, P, IS(1, F_GETFD)),
	ARG(fcntl, P, IS(1, F_SETFD)),
	ARG(fcntl, P, IS(1, F_GETFL)),
	ARG(fcntl, P, IS(1, F_SETFL)),
	ARG(fcntl, P, IS(1, F_SETLK)),
	ARG(fcntl, P, IS(1, F_DUPFD_CLOEXEC)),
	ANY(flock, P),
	/* children that end, signals */
	ANY(wait4, P),
	ANY(waitid, P),
	ANY(rt_sigreturn, P),
	ANY(rt_sigprocmask, P),
	ANY(getuid, P),
	ANY(geteuid, P),

#ifdef SANITIZER
	/* What the sanitizers' own runtime calls; never in a release. */
	ANY(write, E | F),
	ANY(mprotect, E | F | P),
	ANY(madvise, E | F | P),
	ANY(mmap, E | F | P),
	ANY(futex, E | F | P),
	ANY(sched_yield, E | F | P),
	ANY(gettid, E | F | P),
	ANY(tgkill, E | F | P),
	ANY(sigaltstack, E | F | P),
	ANY(rt_sigaction, E | F | P),
	ANY(rt_sigprocmask, E | F),
	ANY(prlimit64, E | F | P),
	ANY(readlink, E | F | P),
	ANY(ioctl, E | F | P),
	ANY(exit, E | F | P),
#endif
};
#define FILTER_MAX 512 /* instructions: PIPE_BUF bytes */
#define NAMES_MAX 512  /* system calls that have a name */
#define NRULES (sizeof(rules) / sizeof(rules[0]))

static int trap_pipe = -1;

int
seccomp_is_sanitizer(void)
{
#ifdef SANITIZER
	return 1;
#else
	return 0;
#endif
}

/* Names by number, each ended by a NUL: nothing can be looked up in SIGSYS. */
static char names[8192];
static char self[32]; /* "leased[PID]: " */

static void
names_fill(void)
{
	size_t used = 0, left, len;
	char *name;
	int nr;

	(void)snprintf(self, sizeof(self), "leased[%ld]: ", (long)getpid());
	for (nr = 0; nr < NAMES_MAX; nr++) {
		name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, nr);
		left = sizeof(names) - used;
		len = strlcpy(names + used, name != NULL ? name : "", left);
		free(name);
		if (len >= left)
			return;
		used += len + 1;
	}
}

static const char *
name_of(int nr)
{
	const char *name = names, *end = names + sizeof(names);

	for (; nr > 0 && name < end; nr--)
		name += strlen(name) + 1;
	return nr == 0 && name < end && *name != '\0' ? name : "unknown";
}

/*
 * Nobody reads a pipe of the parent's: it says it itself, to whoever watches
 * standard error and to the syslogd of now.  All of these calls are on its
 * list, and each is async-signal-safe.
 */
static void
trap_say(int nr)
{
	static const char pri[] = "<26>"; /* LOG_DAEMON | LOG_CRIT */
	struct sockaddr_un sun = { .sun_family = AF_UNIX,
		.sun_path = "/dev/log" };
	char text[128], digits[] = "0000";
	int fd, rest = nr;
	size_t i, len;
	ssize_t n;

	for (i = 4; i-- > 0; rest /= 10)
		digits[i] = (char)('0' + rest % 10);
	(void)strlcpy(text, pri, sizeof(text));
	(void)strlcat(text, self, sizeof(text));
	(void)strlcat(text, "parent: system call ", sizeof(text));
	(void)strlcat(text, digits + strspn(digits, "0"), sizeof(text));
	(void)strlcat(text, " (", sizeof(text));
	(void)strlcat(text, name_of(nr), sizeof(text));
	(void)strlcat(text, ") is not allowed: leaving\n", sizeof(text));
	len = strlen(text);
	n = write(
	    STDERR_FILENO, text + sizeof(pri) - 1, len - (sizeof(pri) - 1));
	(void)n; /* there still is syslogd */
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd != -1)
		(void)sendto(fd, text, len, MSG_DONTWAIT | MSG_NOSIGNAL,
		    (const struct sockaddr *)&sun, sizeof(sun));
}

/* In SIGSYS: only what every list allows, hence writev and no exit(3). */
static void
trap_name(int nr)
{
	struct iovec iov = { .iov_base = &nr, .iov_len = sizeof(nr) };

	if (trap_pipe == -1)
		trap_say(nr);
	else if (writev(trap_pipe, &iov, 1) == -1)
		_exit(2);
}

static void
trapped(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	trap_name(info->si_syscall);
	_exit(1);
}

static int
install_handler(int trap_fd)
{
	struct sigaction sa;
	sigset_t set;

	trap_pipe = trap_fd;
	if (trap_fd == -1)
		names_fill();
	memset(&sa, 0, sizeof(sa));
	sa.sa_sigaction = trapped;
	sa.sa_flags = SA_SIGINFO;
	sigfillset(&sa.sa_mask);
	if (sigaction(SIGSYS, &sa, NULL) == -1)
		return errno;
	sigemptyset(&set);
	sigaddset(&set, SIGSYS);
	if (sigprocmask(SIG_UNBLOCK, &set, NULL) == -1)
		return errno;
	return 0;
}

/* Different system calls, not rules: prctl counts once. */
uint32_t
seccomp_count(enum ipc_role role)
{
	uint32_t n = 0;
	size_t i, j;

	for (i = 0; i < NRULES; i++) {
		if (!(rules[i].roles & 1U << role) || rules[i].nr < 0)
			continue;
		for (j = 0; j < i; j++)
			if (rules[j].nr == rules[i].nr &&
			    (rules[j].roles & 1U << role))
				break;
		if (j == i)
			n++;
	}
	return n;
}

/*
 * Containers and systemd have filters of their own, and PR_GET_SECCOMP does not
 * say whose is on.  A prctl(2) that does not exist is EINVAL to the kernel, and
 * something else to our filter.
 */
#define PROOF_OPTION 0x6c656173 /* "leas" */
#define PROOF_ERRNO EUCLEAN

int
seccomp_is_on(void)
{
	return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) == SECCOMP_MODE_FILTER &&
	    prctl(PROOF_OPTION, 0, 0, 0, 0) == -1 && errno == PROOF_ERRNO;
}

static int
add_rules(scmp_filter_ctx ctx, enum ipc_role role)
{
	size_t i;
	int error;

	error = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(PROOF_ERRNO),
	    SCMP_SYS(prctl), 1, SCMP_A0(SCMP_CMP_EQ, PROOF_OPTION, 0));
	if (error != 0)
		return -error;
	for (i = 0; i < NRULES; i++) {
		/* Negative: a call this architecture has not. */
		if (!(rules[i].roles & 1U << role) || rules[i].nr < 0)
			continue;
		error = seccomp_rule_add_array(ctx, SCMP_ACT_ALLOW, rules[i].nr,
		    rules[i].nargs, rules[i].args);
		if (error != 0 && error != -EEXIST)
			return -error;
	}
	return 0;
}

/* Write the filter as BPF; 0 or errno. */
static int
filter_write(enum ipc_role role, int fd)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_TRAP);
	int error;

	if (ctx == NULL)
		return ENOMEM;
	/* A call of another architecture (i386, x32) has other numbers. */
	error = -seccomp_attr_set(
	    ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (error == 0)
		error = add_rules(ctx, role);
	return error != 0 ? error : -seccomp_export_bpf(ctx, fd);
}

/*
 * In a process of its own: what libseccomp leaves of the heap is a third of
 * what each of ours has at all.
 */
static int
filter_make(enum ipc_role role, struct sock_fprog *prog)
{
	static struct sock_filter code[FILTER_MAX];
	int fds[2], status, error = 0;
	ssize_t n;
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) == -1)
		return errno;
	if ((pid = fork()) == 0)
		_exit(filter_write(role, fds[1]));
	if (pid == -1)
		error = errno;
	close(fds[1]);
	/* It is shorter than PIPE_BUF, so it comes at once. */
	n = error == 0 ? read(fds[0], code, sizeof(code)) : 0;
	close(fds[0]);
	if (error == 0 && waitpid(pid, &status, 0) == -1)
		error = errno;
	else if (error == 0 && !WIFEXITED(status))
		error = EFAULT;
	else if (error == 0)
		error = WEXITSTATUS(status);
	if (error == 0 &&
	    (n <= 0 || (size_t)n % sizeof(code[0]) != 0 ||
		(size_t)n == sizeof(code)))
		error = EFBIG;
	if (error != 0)
		return error;
	prog->len = (unsigned short)((size_t)n / sizeof(code[0]));
	prog->filter = code;
	return 0;
}

int
seccomp_restrict(enum ipc_role role, int trap_fd)
{
	struct sock_fprog prog;
	int error;

	if ((error = install_handler(trap_fd)) != 0 ||
	    (error = filter_make(role, &prog)) != 0)
		return error;
	/* What starting needed; afterwards madvise(2) is forbidden. */
	(void)malloc_trim(0);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &prog) == -1)
		return errno;
	return 0;
}

const char *
os_syscall_name(int nr)
{
	static char name[64];
	char *found = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, nr);

	(void)strlcpy(name, found != NULL ? found : "unknown", sizeof(name));
	free(found);
	return name;
}

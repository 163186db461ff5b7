/* SPDX-License-Identifier: ISC */
/*
 * The helper's work: see helper.h.  A table holds the newest word of each
 * interface and protocol; whatever changes marks its row, and run_next() does
 * one thing at a time, not more often than conf.interval_ms.
 */

#include <sys/queue.h>
#include <sys/select.h>
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include <event2/event_struct.h>

#include "helper.h"
#include "log.h"
#include "policy.h"
#include "resolv.h"

#define ENTRIES_MAX 1024
#define LIMIT_MS 10000
#define INTERVAL_MS 1000
#define RETRY_MS 2000
#define RETRIES_MAX 8 /* until there is something new to say */
#define GRACE_MS 1000 /* between SIGTERM and SIGKILL */

/* One row: what a protocol on an interface says about DNS. */
struct row {
	TAILQ_ENTRY(row) entry;
	struct resolv_entry e;
	int dirty; /* resolvconf has not heard the newest */
	enum { NOT, MAYBE, REGISTERED } known; /* to resolvconf */
	int adopted;			       /* ... by an earlier run */
	unsigned int failed;		       /* its last runs */
};

enum backend { BACKEND_NONE, BACKEND_RESOLVCONF, BACKEND_FILE };

static struct {
	struct helper_conf conf;
	void (*log)(int, const char *, ...)
	    __attribute__((format(printf, 2, 3)));
	TAILQ_HEAD(, row) rows;
	size_t nrows;
	int configured;
	uint32_t mode;	 /* enum conf_resolv */
	char path[1024]; /* of RESOLV_PATH */

	char file[1024]; /* that may be ours; "": none */
	int file_dirty;
	int file_error; /* of the last write: said already */
	unsigned int left_out;

	const char *program; /* resolvconf */
	const char *asked;   /* the program takes_metric() asked */
	int metric;	     /* it takes -m */
	struct event limit;  /* of the run */
	struct event pace;   /* until the next */
	struct event child;  /* SIGCHLD */
	struct event retry;  /* of the rows that failed */
	pid_t pid;	     /* 0: none runs */
	struct row *row;     /* that it runs for */
	int may_fail;	     /* there may be nothing to delete */
	int terminated;	     /* it was told to end */
	int paced;
	char running[64]; /* for the log: "resolvconf -a eth0.dhcp4" */
} h;

static const char *const usual_places[] = { "/sbin/resolvconf",
	"/usr/sbin/resolvconf", "/usr/local/sbin/resolvconf", NULL };

static const char *const protocols[PROTO_MAX] = {
	[PROTO_DHCP4] = "dhcp4",
	[PROTO_SLAAC] = "slaac",
	[PROTO_DHCP6] = "dhcp6",
};

static void run_next(void);
static void on_child(evutil_socket_t, short, void *);
static void on_limit(evutil_socket_t, short, void *);
static void on_pace(evutil_socket_t, short, void *);
static void on_retry(evutil_socket_t, short, void *);
static void arm(struct event *, unsigned int);
static void find_program(void);
static enum backend backend(const char **);
static struct row *row_find(const char *, uint32_t);
static struct row *row_new(const char *, uint32_t);
static void row_free(struct row *);
static int is_empty(const struct row *);
static pid_t spawn(char *const *, int, int);
static int feed(const char *, size_t);
static int takes_metric(const char *);
static int run_resolvconf(const struct row *, int);
static void leave_file(const char *);
static void write_file(const char *);
static void file_failed(const char *, int);
static int run_row(enum backend);

int
helper_init(const struct helper_conf *conf,
    void (*log)(int priority, const char *fmt, ...))
{
	memset(&h, 0, sizeof(h));
	h.conf = *conf;
	h.log = log;
	if (h.conf.resolv_path == NULL)
		h.conf.resolv_path = "/etc/resolv.conf";
	if (h.conf.resolvconf == NULL)
		h.conf.resolvconf = usual_places;
	if (h.conf.limit_ms == 0)
		h.conf.limit_ms = LIMIT_MS;
	if (h.conf.interval_ms == 0)
		h.conf.interval_ms = INTERVAL_MS;
	if (h.conf.retry_ms == 0)
		h.conf.retry_ms = RETRY_MS;
	TAILQ_INIT(&h.rows);
	/* An earlier run may have left it; it knows by its first line. */
	strlcpy(h.file, h.conf.resolv_path, sizeof(h.file));
	if (evtimer_assign(&h.limit, conf->base, on_limit, NULL) == -1 ||
	    evtimer_assign(&h.pace, conf->base, on_pace, NULL) == -1 ||
	    evtimer_assign(&h.retry, conf->base, on_retry, NULL) == -1 ||
	    evsignal_assign(&h.child, conf->base, SIGCHLD, on_child, NULL) ==
		-1 ||
	    evsignal_add(&h.child, NULL) == -1)
		return ENOMEM;
	return 0;
}

void
helper_close(void)
{
	while (!TAILQ_EMPTY(&h.rows))
		row_free(TAILQ_FIRST(&h.rows));
	event_del(&h.limit);
	event_del(&h.pace);
	event_del(&h.retry);
	event_del(&h.child);
}

static void
arm(struct event *ev, unsigned int ms)
{
	struct timeval tv = { .tv_sec = ms / 1000,
		.tv_usec = ms % 1000 * 1000 };

	if (evtimer_add(ev, &tv) == -1)
		h.log(LOG_ERR, "cannot set a timer: %s", strerror(errno));
}

/* ---- the table ---- */

static struct row *
row_find(const char *ifname, uint32_t protocol)
{
	struct row *row;

	TAILQ_FOREACH (row, &h.rows, entry)
		if (row->e.protocol == protocol &&
		    strcmp(row->e.ifname, ifname) == 0)
			return row;
	return NULL;
}

static struct row *
row_new(const char *ifname, uint32_t protocol)
{
	struct row *row;

	if (h.nrows >= ENTRIES_MAX) {
		h.log(LOG_ERR,
		    "%s: DNS of too many interfaces, expected at "
		    "most %d",
		    ifname, ENTRIES_MAX);
		return NULL;
	}
	if ((row = calloc(1, sizeof(*row))) == NULL)
		fatal("%s", ifname);
	strlcpy(row->e.ifname, ifname, sizeof(row->e.ifname));
	row->e.protocol = protocol;
	row->known = MAYBE; /* from the run before this one */
	TAILQ_INSERT_TAIL(&h.rows, row, entry);
	h.nrows++;
	return row;
}

static void
row_free(struct row *row)
{
	TAILQ_REMOVE(&h.rows, row, entry);
	free(row);
	h.nrows--;
}

static int
is_empty(const struct row *row)
{
	return row->e.dns.nservers == 0 && row->e.dns.nsearch == 0;
}

/* The parent has checked all this; it reads more than this process does. */
static enum refusal
check(const struct ipc_resolve *msg)
{
	if (memchr(msg->ifname, '\0', sizeof(msg->ifname)) == NULL ||
	    policy_ifname(msg->ifname) != REFUSE_NOT)
		return REFUSE_NAME;
	if (msg->protocol >= PROTO_MAX || protocols[msg->protocol] == NULL)
		return REFUSE_FIELD;
	return policy_dns(&msg->dns);
}

void
helper_resolve(const struct ipc_resolve *msg)
{
	enum refusal refusal = check(msg);
	struct row *row;

	if (refusal != REFUSE_NOT) {
		h.log(LOG_ERR, "DNS refused: %s", policy_refusal_text(refusal));
		return;
	}
	row = row_find(msg->ifname, msg->protocol);
	if (row == NULL && (row = row_new(msg->ifname, msg->protocol)) == NULL)
		return;
	if (msg->adopted) {
		row->known = REGISTERED;
		row->adopted = 1;
	}
	row->failed = 0;
	row->e.ifindex = msg->ifindex;
	row->e.preference = msg->preference;
	row->e.dns = msg->dns;
	row->dirty = 1;
	h.file_dirty = 1;
	run_next();
}

void
helper_configure(uint32_t mode, const char *path)
{
	struct row *row;

	if (mode > RESOLV_PATH ||
	    (mode == RESOLV_PATH &&
		(path[0] != '/' || strlen(path) >= sizeof(h.path)))) {
		h.log(LOG_ERR, "resolv-conf: not a mode or an absolute path");
		return;
	}
	h.mode = mode;
	strlcpy(h.path, mode == RESOLV_PATH ? path : "", sizeof(h.path));
	h.configured = 1;
	TAILQ_FOREACH (row, &h.rows, entry) {
		row->dirty = 1;
		row->failed = 0;
	}
	h.file_dirty = h.nrows > 0;
	h.file_error = 0;
	run_next();
}

void
helper_finish(void)
{
	h.conf.interval_ms = 0;
	if (h.paced)
		arm(&h.pace, 0);
}

int
helper_busy(void)
{
	struct row *row;

	if (h.pid != 0)
		return 1;
	if (!h.configured)
		return 0;
	TAILQ_FOREACH (row, &h.rows, entry)
		if (row->dirty)
			return 1;
	return h.file_dirty;
}

/* ---- running resolvconf ---- */

static void
find_program(void)
{
	size_t i;

	for (i = 0; h.conf.resolvconf[i] != NULL; i++)
		if (access(h.conf.resolvconf[i], X_OK) == 0)
			break;
	h.program = h.conf.resolvconf[i];
}

/*
 * In the child of spawn(): nothing of ours goes along but the path and the
 * data.  Descriptor 3, the channel to the parent, above all: a resolvconf
 * that hangs would keep it open.
 */
_Noreturn static void
child_exec(char *const *argv, int in, int out)
{
	static char path[] = "PATH=/sbin:/bin:/usr/sbin:/usr/bin:"
			     "/usr/local/sbin:/usr/local/bin";
	char *const envp[] = { path, NULL };
	sigset_t none;
	int null, sig;

	for (sig = 1; sig < NSIG; sig++)
		(void)signal(sig, SIG_DFL); /* not all can be */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	null = open("/dev/null", O_RDWR);
	if (null == -1 || dup2(in == -1 ? null : in, STDIN_FILENO) == -1 ||
	    dup2(out == -1 ? null : out, STDOUT_FILENO) == -1 ||
	    dup2(null, STDERR_FILENO) == -1)
		_exit(126);
	closefrom(STDERR_FILENO + 1);
	if (setsid() == -1 || chdir("/") == -1)
		_exit(126);
	umask(022);
	execve(argv[0], argv, envp);
	_exit(127);
}

/* in, out: -1 is /dev/null.  The pid, or -1 and errno. */
static pid_t
spawn(char *const *argv, int in, int out)
{
	pid_t pid = fork();

	if (pid == 0)
		child_exec(argv, in, out);
	return pid;
}

/* A pipe that holds all of the text, to be read to its end; -1 and errno. */
static int
feed(const char *text, size_t len)
{
	int error, fds[2];

	if (pipe2(fds, O_CLOEXEC | O_NONBLOCK) == -1)
		return -1;
	/* RESOLV_TEXT_MAX is far below what a pipe takes. */
	errno = ENOBUFS;
	if (write(fds[1], text, len) != (ssize_t)len ||
	    fcntl(fds[0], F_SETFL, 0) == -1) {
		error = errno;
		close(fds[0]);
		close(fds[1]);
		errno = error;
		return -1;
	}
	close(fds[1]);
	return fds[0];
}

/*
 * openresolv orders by `-m METRIC`; other implementations take no such option,
 * so it is asked once what it is.  Nobody waits longer than a second for that.
 */
static int
takes_metric(const char *program)
{
	static char version[] = "--version";
	static const char name[] = "openresolv ";
	char *argv[] = { strdup(program), version, NULL };
	char answer[sizeof(name) - 1];
	struct timeval tv = { .tv_sec = 1 };
	int fds[2], is = 0;
	fd_set set;
	pid_t pid;

	if (argv[0] == NULL || pipe2(fds, O_CLOEXEC) == -1) {
		free(argv[0]);
		return 0;
	}
	pid = spawn(argv, -1, fds[1]);
	close(fds[1]);
	FD_ZERO(&set);
	FD_SET(fds[0], &set);
	if (pid != -1 && select(fds[0] + 1, &set, NULL, NULL, &tv) == 1 &&
	    read(fds[0], answer, sizeof(answer)) == (ssize_t)sizeof(answer))
		is = memcmp(answer, name, sizeof(answer)) == 0;
	close(fds[0]);
	if (pid != -1) {
		kill(-pid, SIGKILL);
		kill(pid, SIGKILL); /* may not have its session yet */
		while (waitpid(pid, NULL, 0) == -1 && errno == EINTR)
			continue;
	}
	free(argv[0]);
	return is;
}

/* Start it for one row: add it, or delete it.  0, or errno: nothing runs. */
static int
run_resolvconf(const struct row *row, int add)
{
	static char opt_add[] = "-a", opt_delete[] = "-d", opt_metric[] = "-m";
	static char text[RESOLV_TEXT_MAX];
	const struct resolv_entry *e = &row->e;
	char program[1024], key[IFACE_NAME_MAX + 8], metric[12];
	char *argv[6];
	int n = 0, in = -1, error;
	unsigned int left_out;
	size_t len;

	strlcpy(program, h.program, sizeof(program));
	snprintf(key, sizeof(key), "%s.%s", e->ifname, protocols[e->protocol]);
	snprintf(metric, sizeof(metric), "%u", e->preference);
	snprintf(h.running, sizeof(h.running), "resolvconf %s %s",
	    add ? opt_add : opt_delete, key);
	argv[n++] = program;
	if (add && h.metric) {
		argv[n++] = opt_metric;
		argv[n++] = metric;
	}
	argv[n++] = add ? opt_add : opt_delete;
	argv[n++] = key;
	argv[n] = NULL;
	if (add) {
		len = resolv_format(
		    &e, 1, DNS_SERVERS_MAX, 0, text, sizeof(text), &left_out);
		if (len == 0 || (in = feed(text, len)) == -1)
			return len == 0 ? EMSGSIZE : errno;
	}
	h.pid = spawn(argv, in, -1);
	error = errno;
	if (in != -1)
		close(in);
	if (h.pid == -1) {
		h.pid = 0;
		return error;
	}
	arm(&h.limit, h.conf.limit_ms);
	return 0;
}

/* A run has ended, or there was none to be done. */
static void
row_done(struct row *row, int ok)
{
	if (ok) {
		row->failed = 0;
	} else {
		row->known = REGISTERED; /* perhaps: nobody knows */
		if (++row->failed <= RETRIES_MAX) {
			if (!evtimer_pending(&h.retry, NULL))
				arm(&h.retry,
				    h.conf.retry_ms << (row->failed - 1));
			return;
		}
		h.log(LOG_WARNING,
		    "%s: failed %u times; no more until there is something new",
		    h.running, row->failed);
		row->failed = 0;
	}
	if (is_empty(row) && !row->dirty)
		row_free(row);
}

static void
on_retry(evutil_socket_t fd, short what, void *arg)
{
	struct row *row;

	(void)fd, (void)what, (void)arg;
	TAILQ_FOREACH (row, &h.rows, entry)
		if (row->failed > 0)
			row->dirty = 1;
	run_next();
}

static void
on_child(evutil_socket_t fd, short what, void *arg)
{
	siginfo_t info;
	int status, ok;

	(void)fd, (void)what, (void)arg;
	memset(&info, 0, sizeof(info));
	if (h.pid == 0 ||
	    waitid(P_PID, (id_t)h.pid, &info, WEXITED | WNOHANG | WNOWAIT) ==
		-1 ||
	    info.si_pid != h.pid)
		return;
	/* What it started and left behind when it was told to end; as long
	 * as its pid is not waited for, it is nobody else's. */
	if (h.terminated)
		kill(-h.pid, SIGKILL);
	if (waitpid(h.pid, &status, 0) == -1)
		status = 0;
	if (h.terminated)
		; /* said when it was done */
	else if (WIFSIGNALED(status))
		h.log(LOG_WARNING, "%s: ended by signal %d", h.running,
		    WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		h.log(h.may_fail ? LOG_DEBUG : LOG_WARNING,
		    "%s: failed with exit code %d", h.running,
		    WEXITSTATUS(status));
	else
		h.log(LOG_DEBUG, "%s: done", h.running);
	ok = !h.terminated && WIFEXITED(status) &&
	    (WEXITSTATUS(status) == 0 || h.may_fail);
	h.pid = 0;
	h.terminated = 0;
	event_del(&h.limit);
	row_done(h.row, ok);
	run_next();
}

/* It takes too long: ask it first, for the lock it may hold. */
static void
on_limit(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what, (void)arg;
	if (h.pid == 0)
		return;
	if (!h.terminated)
		h.log(LOG_WARNING, "%s: still running after %u ms, ended",
		    h.running, h.conf.limit_ms);
	kill(-h.pid, h.terminated ? SIGKILL : SIGTERM);
	h.terminated = 1;
	arm(&h.limit, GRACE_MS);
}

static void
on_pace(evutil_socket_t fd, short what, void *arg)
{
	(void)fd, (void)what, (void)arg;
	h.paced = 0;
	run_next();
}

/* ---- the file ---- */

static void
file_failed(const char *path, int error)
{
	if (error == h.file_error)
		return;
	h.file_error = error;
	switch (error) {
	case ELOOP:
		h.log(LOG_WARNING,
		    "%s is a symbolic link, so another program manages it; "
		    "not replaced.  Remove the link, install resolvconf, or "
		    "set resolv-conf to no or to another path",
		    path);
		break;
	case EBUSY:
		h.log(LOG_WARNING,
		    "%s is a mount point, so somebody else provides it; not "
		    "replaced.  Unmount it, or set resolv-conf to no or to "
		    "another path",
		    path);
		break;
	case EINVAL:
		h.log(LOG_WARNING, "%s is not a regular file; not replaced",
		    path);
		break;
	default:
		h.log(
		    LOG_WARNING, "%s: not written: %s", path, strerror(error));
		break;
	}
}

/* The file goes back to what it was before us. */
static void
leave_file(const char *path)
{
	int error = resolv_restore(path);

	if (error == 0)
		h.log(LOG_INFO, "%s: put back as it was", path);
	else if (error != ENOENT && error != ELOOP && error != EINVAL)
		h.log(LOG_WARNING, "%s: cannot be put back as it was: %s", path,
		    strerror(error));
}

static void
write_file(const char *path)
{
	static char text[RESOLV_TEXT_MAX];
	static const struct resolv_entry *list[ENTRIES_MAX];
	unsigned int left_out;
	struct row *row;
	size_t n = 0, len;
	int error;

	TAILQ_FOREACH (row, &h.rows, entry)
		if (!is_empty(row) && n < ENTRIES_MAX)
			list[n++] = &row->e;
	if (n == 0) {
		leave_file(path);
		h.file[0] = '\0';
		h.file_error = 0;
		return;
	}
	qsort(list, n, sizeof(list[0]), resolv_compare);
	len = resolv_format(
	    list, n, RESOLV_SERVERS_MAX, 1, text, sizeof(text), &left_out);
	error = len == 0 ? EMSGSIZE : resolv_write(path, text, len);
	if (error != 0) {
		file_failed(path, error);
		return;
	}
	h.file_error = 0;
	strlcpy(h.file, path, sizeof(h.file));
	if (left_out != 0 && left_out != h.left_out)
		h.log(LOG_INFO,
		    "%s: %u name servers beyond the first %d are "
		    "left out: the resolver would not ask them",
		    path, left_out, RESOLV_SERVERS_MAX);
	h.left_out = left_out;
}

/* ---- what is next ---- */

/* *file: the file to write, for BACKEND_FILE alone. */
static enum backend
backend(const char **file)
{
	*file = "";
	find_program();
	if (h.mode == RESOLV_NO)
		return BACKEND_NONE;
	if (h.mode == RESOLV_AUTO && h.program != NULL)
		return BACKEND_RESOLVCONF;
	*file = h.mode == RESOLV_PATH ? h.path : h.conf.resolv_path;
	return BACKEND_FILE;
}

/*
 * The next row resolvconf has to hear of.  1: it was started (or could not
 * be, which also counts for the pace).
 */
static int
run_row(enum backend now)
{
	struct row *row, *next;
	int add, delete, error;

	/* _SAFE: row_done() frees one that is withdrawn. */
	TAILQ_FOREACH_SAFE (row, &h.rows, entry, next) {
		if (!row->dirty)
			continue;
		row->dirty = 0;
		add = now == BACKEND_RESOLVCONF && !is_empty(row);
		/* After `resolv-conf no` only what we know to be ours. */
		delete = !add && h.program != NULL &&
		    row->known >=
			(now == BACKEND_RESOLVCONF ? MAYBE : REGISTERED);
		row->known = add ? REGISTERED : NOT;
		error = add || delete ? run_resolvconf(row, add) : 0;
		if (error != 0)
			h.log(LOG_WARNING, "%s: cannot be run: %s", h.running,
			    strerror(error));
		TAILQ_REMOVE(&h.rows, row, entry);
		TAILQ_INSERT_TAIL(&h.rows, row, entry);
		h.row = row;
		h.may_fail = delete &&row->adopted;
		row->adopted = 0;
		/* Else it is done when it has ended. */
		if (h.pid == 0)
			row_done(row, error == 0);
		if (add || delete)
			return 1;
	}
	return 0;
}

static void
run_next(void)
{
	enum backend now;
	const char *file;

	if (!h.configured || h.pid != 0 || h.paced)
		return;
	now = backend(&file);
	if (now == BACKEND_RESOLVCONF && h.asked != h.program) {
		h.metric = takes_metric(h.program);
		h.asked = h.program;
	}
	if (strcmp(h.file, file) != 0) {
		if (h.file[0] != '\0')
			leave_file(h.file);
		/* An earlier run may have written it. */
		strlcpy(h.file, file, sizeof(h.file));
	}
	if (run_row(now)) {
		h.paced = 1;
	} else if (h.file_dirty) {
		h.file_dirty = 0;
		if (now != BACKEND_FILE)
			return;
		write_file(file);
		h.paced = 1;
	}
	if (h.paced)
		arm(&h.pace, h.conf.interval_ms);
}

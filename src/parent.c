/* SPDX-License-Identifier: ISC */
/*
 * The parent: starts the children, gives up what it does not need, and then
 * only passes on what manage.c and apply.c decide.  It runs as root and never
 * looks at a byte from the network.
 */

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "log.h"
#include "parent6.h"

#define IPC_ME PARENT
#define IPC_PREFIX parent
#include "ipc_handlers.h"

#define CHILD_LEAVE_SEC 2 /* a child that has not left then is logged */
#define STOP_SEC 3	  /* the engine's time to release and withdraw */
#define START_LIMIT 5	  /* starts within JOURNAL_START_SEC, Y-02 */
#define LOCK_TRIES 120	  /* 50 ms apart: longer than a stop takes */

struct parent parent;

static struct log_rate child_lines[ROLE_MAX];

/* Leave: addresses, routes and DNS stay for the next start to adopt. */
static void
parent_leave(int code)
{
	parent.stop = 1;
	if (code != 0)
		parent.exit_code = code;
}

/* ---- messages of the children ---- */

/* Why a child ended is worth a line more. */
static int
child_may_log(enum ipc_role role, int priority)
{
	unsigned int n;
	int may = log_allow(&child_lines[role], os_clock_ms() / 1000, &n);

	if (n > 0)
		log_warnx("%s: %u lines suppressed", ipc_role_name(role), n);
	return may ||
	    (priority == LOG_CRIT && log_allow_last(&child_lines[role]));
}

static void
parent_on_log(struct ipc_peer *peer, const struct ipc_log *msg, int fd)
{
	int priority = log_child_priority(msg->priority);
	enum ipc_role role = peer->role;
	char line[IPC_LOG_MAX];

	(void)fd;
	if (!child_may_log(role, priority))
		return;
	/* A child may be lying: never a raw byte into the log (Y-12). */
	memcpy(line, msg->text, sizeof(line));
	line[sizeof(line) - 1] = '\0';
	log_clean(line);
	log_foreign(ipc_role_name(role), priority, line);
}

static void
parent_on_sandbox(struct ipc_peer *peer, const struct ipc_sandbox *msg, int fd)
{
	struct ipc_sandbox report = *msg;

	(void)fd;
	report.role = peer->role;
	report.pid = (uint32_t)parent.pids[peer->role];
	TO_ENGINE_MSG(MSG_SANDBOXES, report);
}

static void
parent_reload(uint32_t client)
{
	struct ipc_result result;
	uint64_t now = os_clock_ms();

	memset(&result, 0, sizeof(result));
	result.client = client;
	/* A compromised frontend may ask as often as it likes. */
	if (parent.reloaded_ms != 0 && now - parent.reloaded_ms < 1000) {
		result.code = IPC_BUSY;
		strlcpy(result.text, "at most one reload a second",
		    sizeof(result.text));
	} else {
		parent.reloaded_ms = now;
		if (manage_reload(result.text, sizeof(result.text)) != 0)
			result.code = IPC_FAILED;
	}
	TO_FRONTEND_MSG(MSG_RELOADED, result);
}

static void
parent_on_reload(struct ipc_peer *peer, const struct ipc_client *msg, int fd)
{
	(void)peer;
	(void)fd;
	parent_reload(msg->client);
}

static void
parent_on_set_log(
    struct ipc_peer *peer, const struct ipc_log_level *msg, int fd)
{
	struct ipc_log_level level = { .verbose = msg->verbose != 0 };

	(void)peer;
	(void)fd;
	log_set_verbose((int)level.verbose);
	TO_FRONTEND_MSG(MSG_LOG_LEVEL, level);
	TO_ENGINE_MSG(MSG_LOG_LEVEL, level);
	TO_HELPER_MSG(MSG_LOG_LEVEL, level);
}

static void
parent_on_configure4(
    struct ipc_peer *peer, const struct ipc_configure4 *msg, int fd)
{
	(void)peer;
	(void)fd;
	apply_configure4(msg);
}

static void
parent_on_dns(struct ipc_peer *peer, const struct ipc_dns *msg, int fd)
{
	(void)peer;
	(void)fd;
	apply_dns(msg);
}

static void
parent_on_configure6(
    struct ipc_peer *peer, const struct ipc_configure6 *msg, int fd)
{
	(void)peer;
	(void)fd;
	apply_configure6(msg);
}

static void
parent_on_store4(struct ipc_peer *peer, const struct ipc_store4 *msg, int fd)
{
	(void)peer;
	(void)fd;
	store_lease4(msg);
}

static void
parent_on_store_slaac(
    struct ipc_peer *peer, const struct ipc_store_slaac *msg, int fd)
{
	(void)peer;
	(void)fd;
	store_slaac(msg);
}

static void
parent_on_store_dhcp6(
    struct ipc_peer *peer, const struct ipc_store_dhcp6 *msg, int fd)
{
	(void)peer;
	(void)fd;
	store_dhcp6(msg);
}

static void
parent_on_forget(struct ipc_peer *peer, const struct ipc_forget *msg, int fd)
{
	(void)peer;
	(void)fd;
	store_forget(msg);
}

static void
parent_on_open(struct ipc_peer *peer, const struct ipc_open *msg, int fd)
{
	(void)peer;
	(void)fd;
	manage_open(msg);
}

static void
parent_on_closed(
    struct ipc_peer *peer, const struct ipc_channel_state *msg, int fd)
{
	(void)peer;
	(void)fd;
	manage_closed(msg);
}

/* Everything, or what `release-on-exit yes` names. */
static void
parent_withdraw(int all)
{
	struct pif *pif;

	TAILQ_FOREACH (pif, &parent.ifaces, entry) {
		if (pif->conf == NULL)
			continue;
		if (!all &&
		    !(pif->conf->has_release_on_exit
			    ? pif->conf->release_on_exit
			    : parent.conf->global.release_on_exit))
			continue;
		apply_withdraw(pif);
		apply6_withdraw(pif);
		parent.withdrawn = 1;
	}
}

static void
parent_on_stop(struct ipc_peer *peer, const struct ipc_stop *msg, int fd)
{
	(void)peer;
	(void)fd;
	parent_withdraw(msg->withdraw != 0);
	parent_leave(0);
}

/* ---- starting ---- */

/* A child is gone, or its words are not those of the table (Y-10). */
static void
child_end(struct ipc_peer *peer, const char *why)
{
	if (!parent.stop)
		log_warnx("%s %s%s: leaving; addresses stay",
		    ipc_role_name(peer->role),
		    why == NULL ? "has died" : "is broken or compromised: ",
		    why == NULL ? "" : why);
	ipc_close(peer);
	parent_leave(1);
}

/* Also a child's last sign: EOF means that it has left. */
static struct trap {
	struct event ev;
	enum ipc_role role;
	int ended;
} traps[ROLE_HELPER + 1];

static void
trap_readable(evutil_socket_t fd, short what, void *arg)
{
	struct trap *trap = arg;
	uint32_t number;
	const char *name;
	ssize_t n;

	(void)what;
	n = read(fd, &number, sizeof(number));
	if (n == 0) {
		trap->ended = 1;
		event_del(&trap->ev);
	}
	/* One that was taken over can say what it likes here, too. */
	if (n != sizeof(number) || !child_may_log(trap->role, LOG_CRIT))
		return;
	name = os_syscall_name((int)number);
	log_warnx("%s: system call %u (%s) is not allowed",
	    ipc_role_name(trap->role), number, name != NULL ? name : "unknown");
}

static void
channels_open(void)
{
	struct ipc_hello hello = { .version = IPC_VERSION,
		.parent_pid = (uint32_t)getpid(),
		.verbose = (uint32_t)parent.opts->verbose,
		.debug = (uint32_t)parent.opts->debug };
	int role;

	for (role = ROLE_FRONTEND; role <= ROLE_HELPER; role++) {
		traps[role].role = (enum ipc_role)role;
		if (ipc_open(&parent.peers[role], parent.base,
			parent.channels[role], ROLE_PARENT, (enum ipc_role)role,
			parent.pids[role], parent_handlers, 1, 1, child_end,
			NULL) != 0 ||
		    event_assign(&traps[role].ev, parent.base,
			parent.traps[role], EV_READ | EV_PERSIST, trap_readable,
			&traps[role]) == -1 ||
		    event_add(&traps[role].ev, NULL) == -1)
			fatalx("channel to %s",
			    ipc_role_name((enum ipc_role)role));
		ipc_send(
		    &parent.peers[role], MSG_HELLO, &hello, sizeof(hello), -1);
	}
}

/* The engine and the frontend speak without the parent. */
static void
channel_between(void)
{
	struct ipc_channel msg;
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
		pair) == -1)
		fatal("cannot make a channel");
	if ((errno = os_limit_channel(pair[0])) != 0 ||
	    (errno = os_limit_channel(pair[1])) != 0)
		fatal("cannot limit a channel");
	msg.peer_pid = (uint32_t)parent.pids[ROLE_ENGINE];
	ipc_send(&parent.peers[ROLE_FRONTEND], MSG_CHANNEL, &msg, sizeof(msg),
	    pair[0]);
	msg.peer_pid = (uint32_t)parent.pids[ROLE_FRONTEND];
	ipc_send(&parent.peers[ROLE_ENGINE], MSG_CHANNEL, &msg, sizeof(msg),
	    pair[1]);
}

static void
control_open(void)
{
	const char *path = parent.opts->socket;
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	struct group *gr = NULL;
	mode_t mask;
	int fd;

	if (strlcpy(sun.sun_path, path, sizeof(sun.sun_path)) >=
	    sizeof(sun.sun_path))
		fatalx("socket path %s: too long", path);
	if (parent.conf->control_group[0] != '\0' &&
	    (gr = getgrnam(parent.conf->control_group)) == NULL)
		log_warnx("control group \"%s\" does not exist; root alone "
			  "may use leasectl",
		    parent.conf->control_group);
	parent.conf->global.control_gid = gr != NULL ? gr->gr_gid : 0;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		fatal("control socket");
	if (unlink(path) == -1 && errno != ENOENT)
		fatal("%s", path);
	mask = umask(0117);
	if (bind(fd, (struct sockaddr *)&sun, sizeof(sun)) == -1)
		fatal("%s", path);
	umask(mask);
	if (chown(path, 0, parent.conf->global.control_gid) == -1 ||
	    listen(fd, IPC_CLIENTS_MAX) == -1)
		fatal("%s", path);
	if (os_limit_control(fd) != 0)
		fatalx("control socket: cannot be limited");
	parent.listener = fd;
}

/* mkdir of the last component; the rest belongs to the system. */
static void
make_dir(const char *path, mode_t mode)
{
	if (mkdir(path, mode) == -1 && errno != EEXIST)
		fatal("cannot make directory %s", path);
}

static void
make_parent_dir(const char *file)
{
	char dir[1024];
	char *slash;

	if (strlcpy(dir, file, sizeof(dir)) >= sizeof(dir))
		fatalx("path too long: %s", file);
	slash = strrchr(dir, '/');
	if (slash != NULL && slash != dir) {
		*slash = '\0';
		make_dir(dir, 0755);
	}
}

static void
pid_write(void)
{
	char text[32];
	int fd, n;

	fd = open(parent.opts->pidfile,
	    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd == -1) {
		log_warn("pid file %s", parent.opts->pidfile);
		return;
	}
	n = snprintf(text, sizeof(text), "%ld\n", (long)getpid());
	if (write(fd, text, (size_t)n) != n)
		log_warn("pid file %s", parent.opts->pidfile);
	close(fd);
}

static void
journal_warn(const char *text)
{
	log_warnx("journal: %s", text);
}

/*
 * The lock of one that was killed or is stopping is held until its last child
 * has left.
 */
static int
journal_wait(const char *boot_id)
{
	const struct timespec moment = { .tv_nsec = 50000000 };
	int error, tries;

	for (tries = 0;; tries++) {
		error = journal_open(
		    &parent.journal, parent.statedir, boot_id, journal_warn);
		if (error != EWOULDBLOCK || tries == LOCK_TRIES)
			return error;
		nanosleep(&moment, NULL);
	}
}

static void
state_open(void)
{
	char boot_id[BOOT_ID_MAX] = "";
	int error, starts;

	make_dir(parent.opts->statedir, 0700);
	parent.statedir =
	    open(parent.opts->statedir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (parent.statedir == -1)
		fatal("state directory %s", parent.opts->statedir);
	if ((error = os_boot_id(boot_id, sizeof(boot_id))) != 0)
		log_warnx("boot id: %s; nothing is adopted", strerror(error));
	error = journal_wait(boot_id);
	if (error == EWOULDBLOCK)
		fatalx("another leased uses %s", parent.opts->statedir);
	if (error != 0) {
		errno = error;
		fatal("journal in %s", parent.opts->statedir);
	}
	starts = journal_start_limit(
	    &parent.journal, (uint32_t)(os_clock_ms() / 1000));
	if (starts <= START_LIMIT)
		return;
	log_warnx("started %d times within %d s: waiting for a signal", starts,
	    JOURNAL_START_SEC);
	if (parent.opts->ready_fd != -1)
		close(parent.opts->ready_fd);
	pause();
	_exit(1);
}

static void
files_raise(void)
{
	struct rlimit rl;

	if (getrlimit(RLIMIT_NOFILE, &rl) == -1)
		return;
	rl.rlim_cur = rl.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &rl) == -1)
		log_warn("descriptor limit");
}

/* ---- signals ---- */

static void
on_hup(evutil_socket_t sig, short what, void *arg)
{
	(void)sig;
	(void)what;
	(void)arg;
	parent_reload(0);
}

static void
on_usr1(evutil_socket_t sig, short what, void *arg)
{
	struct ipc_empty msg = { 0 };

	(void)sig;
	(void)what;
	(void)arg;
	TO_ENGINE_MSG(MSG_STATUS_LOG, msg);
}

static void
stop_late(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	log_warnx("the engine has not stopped within %d s", STOP_SEC);
	parent_withdraw(0);
	parent_leave(0);
}

/* The engine first releases what release-on-exit names. */
static void
on_term(evutil_socket_t sig, short what, void *arg)
{
	const struct timeval limit = { .tv_sec = STOP_SEC };
	struct ipc_stop msg = { 0 };

	(void)sig;
	(void)what;
	(void)arg;
	if (parent.stopping)
		return;
	parent.stopping = 1;
	os_notify(parent.notify, "STOPPING=1");
	TO_ENGINE_MSG(MSG_SHUTDOWN, msg);
	if (event_base_once(
		parent.base, -1, EV_TIMEOUT, stop_late, NULL, &limit) == -1)
		parent_leave(0);
}

static void
on_chld(evutil_socket_t sig, short what, void *arg)
{
	int status, role;
	pid_t pid;

	(void)sig;
	(void)what;
	(void)arg;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (role = ROLE_FRONTEND; role <= ROLE_HELPER; role++)
			if (parent.pids[role] == pid)
				parent.pids[role] = 0;
		/* What it wrote last, also to the trap pipe, is read before
		 * the channel's EOF ends the daemon. */
	}
}

static void
signals_init(void)
{
	static const struct {
		int sig;
		event_callback_fn fn;
	} table[] = { { SIGHUP, on_hup }, { SIGUSR1, on_usr1 },
		{ SIGTERM, on_term }, { SIGINT, on_term },
		{ SIGCHLD, on_chld } };
	static struct event events[sizeof(table) / sizeof(table[0])];
	size_t i;

	if (signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		fatal("signal");
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (evsignal_assign(&events[i], parent.base, table[i].sig,
			table[i].fn, NULL) == -1 ||
		    event_add(&events[i], NULL) == -1)
			fatalx("signal %d", table[i].sig);
}

/* ---- running ---- */

/* The directory of a file; of one in / none, that would be the whole system. */
static void
dir_of(const char *file, char *dir, size_t size)
{
	const char *slash = strrchr(file, '/');

	snprintf(dir, size, "%.*s", slash != NULL ? (int)(slash - file) : 1,
	    slash != NULL ? file : ".");
}

static void
parent_sandbox(void)
{
	struct ipc_sandbox report;
	struct os_sandbox_paths paths = { .conf = parent.opts->conf_path,
		.statedir = parent.opts->statedir };
	char rundir[1024], piddir[1024];
	const char *missing;
	int error;

	dir_of(parent.opts->socket, rundir, sizeof(rundir));
	dir_of(parent.opts->pidfile, piddir, sizeof(piddir));
	paths.rundir = rundir;
	paths.piddir = piddir;
	if ((error = os_sandbox(ROLE_PARENT, -1, &paths)) != 0) {
		errno = error;
		fatal("sandbox");
	}
	memset(&report, 0, sizeof(report));
	report.role = ROLE_PARENT;
	if ((error = os_sandbox_report(&report)) != 0) {
		errno = error;
		fatal("cannot read what the sandbox is");
	}
	if ((missing = os_sandbox_missing(&report)) != NULL)
		fatalx("refusing to run without sandbox: %s", missing);
	report.pid = (uint32_t)getpid();
	TO_ENGINE_MSG(MSG_SANDBOXES, report);
}

static void
ready(void)
{
	if (parent.ready || !manage_done())
		return;
	parent.ready = 1;
	os_notify(parent.notify, "READY=1");
	if (parent.opts->ready_fd != -1) {
		if (write(parent.opts->ready_fd, "", 1) != 1)
			log_debug("nobody waits for us");
		close(parent.opts->ready_fd);
	}
	log_debug("ready");
}

/* After each turn: hand out, then write at most one lease file. */
static void
parent_turn(void)
{
	static struct event later;
	struct timeval tv;
	int wait;

	if (parent.stop)
		return;
	manage_turn();
	ipc_flush();
	ready();
	wait = store_write();
	if (wait == -1)
		return;
	if (!event_initialized(&later) &&
	    evtimer_assign(&later, parent.base, manage_wakeup, NULL) == -1)
		fatalx("timer");
	tv.tv_sec = wait / 1000;
	tv.tv_usec = wait % 1000 * 1000;
	if (event_add(&later, &tv) == -1)
		fatalx("timer");
}

static void
leave_late(evutil_socket_t fd, short what, void *arg)
{
	int *late = arg;

	(void)fd;
	(void)what;
	*late = 1;
}

/*
 * The process of a frontend with many packet sockets ends seconds later: the
 * kernel waits for each of them.
 */
static int
child_left(int role)
{
	return parent.pids[role] == 0 || traps[role].ended;
}

/* The children leave at EOF of their channels. */
static void
children_leave(void)
{
	const struct timeval limit = { .tv_sec = CHILD_LEAVE_SEC };
	struct ipc_empty finish = { 0 };
	int role, late = 0;

	/* Only what is to be withdrawn cannot wait for the next start. */
	if (parent.withdrawn)
		TO_HELPER_MSG(MSG_FINISH, finish);
	ipc_flush();
	for (role = ROLE_FRONTEND; role <= ROLE_HELPER; role++)
		ipc_close(&parent.peers[role]);
	if (event_base_once(
		parent.base, -1, EV_TIMEOUT, leave_late, &late, &limit) == -1)
		return;
	while (!late &&
	    !(child_left(ROLE_FRONTEND) && child_left(ROLE_ENGINE) &&
		child_left(ROLE_HELPER)))
		if (event_base_loop(parent.base, EVLOOP_ONCE) == -1)
			return;
	for (role = ROLE_FRONTEND; role <= ROLE_HELPER; role++)
		if (!child_left(role))
			log_warnx("%s has not left within %d s",
			    ipc_role_name((enum ipc_role)role),
			    CHILD_LEAVE_SEC);
}

static const struct passwd *
user(void)
{
	const struct passwd *pw = getpwnam(LEASED_USER);

	if (pw == NULL)
		fatalx("user %s does not exist (make install makes it)",
		    LEASED_USER);
	if (pw->pw_uid == 0 || pw->pw_gid == 0)
		fatalx("user %s must not be root", LEASED_USER);
	return pw;
}

static void
tell_conf(void)
{
	struct ipc_empty empty = { 0 };

	channels_open();
	channel_between();
	manage_tell_conf();
	manage6_secret();
	ipc_send(&parent.peers[ROLE_FRONTEND], MSG_CONTROL, &empty,
	    sizeof(empty), parent.listener);
	parent.listener = -1;
}

void
parent_main(const struct options *opts, struct conf *conf)
{
	const struct passwd *pw;

	TAILQ_INIT(&parent.ifaces);
	parent.statedir = parent.sink = parent.notify = parent.listener = -1;
	parent.opts = opts;
	parent.conf = conf;
	log_init("parent", opts->debug, opts->verbose, NULL);
	tzset();
	pw = user();
	make_parent_dir(opts->socket);
	make_parent_dir(opts->pidfile);
	make_dir(os_empty_dir, 0555);
	state_open();
	files_raise();
	child_start(ROLE_FRONTEND, pw);
	child_start(ROLE_ENGINE, pw);
	child_start(ROLE_HELPER, pw);
	if ((parent.base = event_base_new()) == NULL)
		fatalx("event base");
	signals_init();
	control_open();
	pid_write();
	parent.notify = os_notify_open();
	manage_init();
	tell_conf();
	parent_sandbox();
	log_info("started, version %s", LEASED_VERSION);
	ipc_loop(parent.base, &parent.stop, parent_turn);
	store_flush();
	ipc_flush();
	children_leave();
	/* An administrator may restart it as often as he likes (Y-02). */
	if (parent.exit_code == 0)
		journal_stopped(&parent.journal);
	unlink(opts->socket);
	unlink(opts->pidfile);
	log_info("stopped");
	exit(parent.exit_code);
}

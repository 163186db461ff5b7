/* SPDX-License-Identifier: ISC */
/*
 * What frontend, engine and helper have in common: how a child starts, logs
 * through the parent, and leaves when its channel to the parent ends.
 */

#include <sys/socket.h>
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "leased.h"
#include "log.h"
#include "os/os.h"

/* The log has no argument to carry this. */
static struct child *self;

static void
child_log(int priority, const char *line)
{
	struct ipc_log msg;

	if (self == NULL || self->parent.closed)
		return;
	memset(&msg, 0, sizeof(msg));
	msg.priority = (uint32_t)priority;
	strlcpy(msg.text, line, sizeof(msg.text));
	ipc_send(&self->parent, MSG_LOG, &msg, sizeof(msg), -1);
}

static void
child_last_words(void)
{
	if (self != NULL)
		ipc_flush_peer(&self->parent);
}

/* The parent is gone (EOF: leave quietly) or sends nonsense. */
static void
child_end(struct ipc_peer *peer, const char *why)
{
	struct child *child = peer->arg;

	if (why == NULL) {
		/* The helper still finishes what it was told, the frontend
		 * the turn: a client's last answer is on its way. */
		if (child->role != ROLE_ENGINE) {
			ipc_close(peer);
			child->stop = 1;
			return;
		}
		_exit(0);
	}
	_exit(1);
}

static void
child_signals(void)
{
	static const int ignored[] = { SIGHUP, SIGINT, SIGTERM, SIGPIPE,
		SIGUSR1, SIGUSR2 };
	size_t i;

	/* The parent alone decides when the daemon ends. */
	for (i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		if (signal(ignored[i], SIG_IGN) == SIG_ERR)
			_exit(1);
}

void
child_init(struct child *child, enum ipc_role role, uid_t uid, gid_t gid,
    ipc_handler *const *handlers)
{
	struct event_config *cfg;
	struct stat st;
	int error;

	child->role = role;
	child_signals();
	if (fstat(CHANNEL_FD, &st) == -1 || !S_ISSOCK(st.st_mode))
		_exit(2); /* started by hand */
	if (fcntl(CHANNEL_FD, F_SETFL, O_NONBLOCK) == -1)
		_exit(1);
	if (role != ROLE_HELPER && os_drop(uid, gid, os_empty_dir) != 0)
		_exit(1);
	/* Every later system call counts: no change list, no own clock. */
	if ((cfg = event_config_new()) == NULL)
		_exit(1);
	event_config_set_flag(cfg, EVENT_BASE_FLAG_NOLOCK);
	event_config_set_flag(cfg, EVENT_BASE_FLAG_IGNORE_ENV);
	child->base = event_base_new_with_config(cfg);
	event_config_free(cfg);
	if (child->base == NULL)
		_exit(1);
	error = ipc_open(&child->parent, child->base, CHANNEL_FD, role,
	    ROLE_PARENT, 0, handlers, role != ROLE_HELPER, 0, child_end, child);
	if (error != 0)
		_exit(1);
	self = child;
	log_init(ipc_role_name(role), 0, 0, child_log);
	log_at_exit(child_last_words);
}

void
child_sandbox(struct child *child)
{
	struct ipc_sandbox report;
	const char *missing;
	int error;

	if ((error = os_sandbox(child->role, TRAP_FD, NULL)) != 0) {
		errno = error;
		fatal("sandbox");
	}
	memset(&report, 0, sizeof(report));
	report.role = child->role;
	if ((error = os_sandbox_report(&report)) != 0) {
		errno = error;
		fatal("cannot read what the sandbox is");
	}
	if ((missing = os_sandbox_missing(&report)) != NULL)
		fatalx("refusing to run without sandbox: %s", missing);
	ipc_send(&child->parent, MSG_SANDBOX, &report, sizeof(report), -1);
}

void
child_hello(struct child *child, const struct ipc_hello *msg)
{
	if (msg->version != IPC_VERSION)
		fatalx("parent speaks version %u, expected %u", msg->version,
		    IPC_VERSION);
	child->parent.pid = (pid_t)msg->parent_pid;
	log_set_verbose((int)msg->verbose);
}

uint64_t
wall_join(uint32_t high, uint32_t low)
{
	return (uint64_t)high << 32 | low;
}

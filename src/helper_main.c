/* SPDX-License-Identifier: ISC */
/* The helper as a process: its channel; what it does is in helper.c. */

#include <string.h>
#include <unistd.h>

#include "helper.h"
#include "leased.h"
#include "log.h"

#define IPC_ME HELPER
#define IPC_PREFIX helper
#include "ipc_handlers.h"

static struct child child;
static int finish; /* the parent stops in order: do what was asked first */

static void
helper_on_hello(struct ipc_peer *peer, const struct ipc_hello *msg, int fd)
{
	(void)peer;
	(void)fd;
	child_hello(&child, msg);
}

static void
helper_on_log_level(
    struct ipc_peer *peer, const struct ipc_log_level *msg, int fd)
{
	(void)peer;
	(void)fd;
	log_set_verbose((int)msg->verbose);
}

static void
helper_on_resolv_conf(
    struct ipc_peer *peer, const struct ipc_resolv_conf *msg, int fd)
{
	(void)peer;
	(void)fd;
	if (memchr(msg->path, '\0', sizeof(msg->path)) == NULL)
		fatalx("parent: path without an end");
	helper_configure(msg->mode, msg->path);
}

static void
helper_on_resolve(struct ipc_peer *peer, const struct ipc_resolve *msg, int fd)
{
	(void)peer;
	(void)fd;
	helper_resolve(msg);
}

static void
helper_on_finish(struct ipc_peer *peer, const struct ipc_empty *msg, int fd)
{
	(void)peer;
	(void)msg;
	(void)fd;
	finish = 1;
	helper_finish();
}

void
helper_main(void)
{
	struct helper_conf conf;

	child_init(&child, ROLE_HELPER, 0, 0, helper_handlers);
	memset(&conf, 0, sizeof(conf));
	conf.base = child.base;
	if (helper_init(&conf, log_write) != 0)
		fatalx("cannot start");
	child_sandbox(&child);
	ipc_loop(child.base, &child.stop, NULL);
	/* A parent that was killed is followed at once; the next start says
	 * everything again. */
	while (finish && helper_busy())
		if (event_base_loop(child.base, EVLOOP_ONCE) == -1)
			break;
	helper_close();
	_exit(0);
}

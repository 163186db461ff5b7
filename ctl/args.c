/* SPDX-License-Identifier: ISC */
/* The command line of leasectl(8). */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"
#include "os/os.h"

struct args {
	int argc;
	char *const *argv;
	const char *why;
};

static int add_names(struct command *, struct args *, uint32_t max);
static int parse_log(struct command *, struct args *);
static int parse_names(struct command *, struct args *);
static int parse_none(struct command *, struct args *);
static int parse_one(struct command *, struct args *);
static int parse_show(struct command *, struct args *);
static int parse_stop(struct command *, struct args *);
static int parse_timeout(struct command *, struct args *, const char *);
static int parse_wait(struct command *, struct args *);

/* How each command reads the words after it. */
static const struct {
	const char *name;
	uint32_t command;
	int (*parse)(struct command *, struct args *);
} commands[] = {
	{ "show", CTL_CMD_SHOW, parse_show },
	{ "wait", CTL_CMD_WAIT, parse_wait },
	{ "monitor", CTL_CMD_MONITOR, parse_none },
	{ "renew", CTL_CMD_RENEW, parse_names },
	{ "release", CTL_CMD_RELEASE, parse_one },
	{ "reload", CTL_CMD_RELOAD, parse_none },
	{ "log", CTL_CMD_LOGLEVEL, parse_log },
	{ "resume", CTL_CMD_RESUME, parse_none },
	{ "stop", CTL_CMD_STOP, parse_stop },
};

/* All remaining words are interfaces. */
static int
add_names(struct command *cmd, struct args *a, uint32_t max)
{
	struct ipc_ctl_request *req = &cmd->req;

	for (; a->argc > 0; a->argc--, a->argv++) {
		if (req->nnames == max) {
			a->why = "too many interfaces";
			return -1;
		}
		if (a->argv[0][0] == '\0' || a->argv[0][0] == '-' ||
		    strlcpy(req->names[req->nnames], a->argv[0],
			sizeof(req->names[0])) >= sizeof(req->names[0])) {
			a->why = "not the name of an interface";
			return -1;
		}
		req->nnames++;
	}
	return 0;
}

static int
parse_none(struct command *cmd, struct args *a)
{
	(void)cmd;
	return a->argc == 0 ? 0 : -1;
}

static int
parse_names(struct command *cmd, struct args *a)
{
	return add_names(cmd, a, CTL_WAIT_NAMES_MAX);
}

static int
parse_one(struct command *cmd, struct args *a)
{
	if (a->argc == 0) {
		a->why = "release needs an interface";
		return -1;
	}
	return add_names(cmd, a, 1);
}

static int
parse_show(struct command *cmd, struct args *a)
{
	if (a->argc > 0 && strcmp(a->argv[0], "metrics") == 0)
		cmd->metrics = 1;
	if (cmd->metrics && cmd->json) {
		a->why = "metrics have no JSON form, see show counters";
		return -1;
	}
	if (cmd->metrics ||
	    (a->argc > 0 && strcmp(a->argv[0], "counters") == 0)) {
		cmd->req.command = CTL_CMD_COUNTERS;
		a->argc--;
		a->argv++;
	}
	return add_names(cmd, a, CTL_WAIT_NAMES_MAX);
}

static int
parse_timeout(struct command *cmd, struct args *a, const char *text)
{
	const char *error;
	long long sec;

	sec = strtonum(text, 0, CTL_WAIT_MAX_SEC, &error);
	if (error != NULL) {
		a->why = "-t: expected a number of seconds";
		return -1;
	}
	cmd->req.timeout_ms = (uint32_t)sec * 1000;
	return 0;
}

/* [-46] [-t sec] [iface ...]; by hand, as getopt(3) cannot be restarted the
 * same way everywhere. */
static int
parse_wait(struct command *cmd, struct args *a)
{
	const char *p;

	cmd->req.timeout_ms = CTL_WAIT_DEFAULT_SEC * 1000;
	for (; a->argc > 0 && a->argv[0][0] == '-'; a->argc--, a->argv++) {
		if (strcmp(a->argv[0], "--") == 0) {
			a->argc--;
			a->argv++;
			break;
		}
		for (p = a->argv[0] + 1; *p == '4' || *p == '6'; p++)
			cmd->req.flags |= *p == '4' ? CTL_INET : CTL_INET6;
		if (*p == '\0' && p > a->argv[0] + 1)
			continue;
		if (*p++ != 't')
			return -1;
		if (*p == '\0') {
			if (a->argc < 2)
				return -1;
			a->argc--;
			p = *++a->argv;
		}
		if (parse_timeout(cmd, a, p) == -1)
			return -1;
	}
	return add_names(cmd, a, CTL_WAIT_NAMES_MAX);
}

static int
parse_log(struct command *cmd, struct args *a)
{
	if (a->argc != 1)
		return -1;
	if (strcmp(a->argv[0], "verbose") == 0)
		cmd->req.flags |= CTL_VERBOSE;
	else if (strcmp(a->argv[0], "brief") != 0)
		return -1;
	return 0;
}

static int
parse_stop(struct command *cmd, struct args *a)
{
	if (a->argc == 1 && strcmp(a->argv[0], "--withdraw") == 0)
		cmd->req.flags |= CTL_WITHDRAW;
	else if (a->argc != 0)
		return -1;
	return 0;
}

int
args_parse(struct command *cmd, int argc, char *const *argv, const char **why)
{
	struct args a = { .argc = argc };
	size_t i;
	int ch;

	memset(cmd, 0, sizeof(*cmd));
	cmd->socket = os_default_socket;
	cmd->req.version = IPC_VERSION;
	*why = NULL;
	/* glibc needs the '+' to stop at the command. */
	while ((ch = getopt(argc, argv, "+js:")) != -1) {
		switch (ch) {
		case 'j':
			cmd->json = 1;
			break;
		case 's':
			cmd->socket = optarg;
			break;
		default:
			return -1;
		}
	}
	a.argc = argc - optind;
	a.argv = argv + optind;
	if (a.argc == 0)
		return -1;
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(a.argv[0], commands[i].name) != 0)
			continue;
		cmd->req.command = commands[i].command;
		a.argc--;
		a.argv++;
		if (commands[i].parse(cmd, &a) == 0)
			return 0;
		*why = a.why;
		return -1;
	}
	*why = "unknown command";
	return -1;
}

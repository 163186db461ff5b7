/* SPDX-License-Identifier: ISC */
/*
 * The control socket: one request goes out, answers come in until a result.
 * Each is checked against the table of ipc.h before anything looks at it.
 */

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <err.h>
#include <errno.h>
#include <grp.h>
#include <poll.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "compat/imsg.h"
#include "ctl.h"

#define ANSWER_MS 10000 /* longest silence, beside what `wait` waits */

/* The size of every message; answer() knows which ones a client gets. */
#define ROW(M, h, s, f, t, p, d) [MSG_##M] = sizeof(struct s),
static const size_t sizes[MSG_MAX] = { IPC_TABLE(ROW) };
#undef ROW

/* Aligned for every message. */
union answer {
	struct ipc_show_iface iface;
	struct ipc_show_addrs addrs;
	struct ipc_show_slaac slaac;
	struct ipc_show_dhcp6 dhcp6;
	struct ipc_show_prefixes prefixes;
	struct ipc_show_counters counters;
	struct ipc_show_skipped skipped;
	struct ipc_show_sandbox sandbox;
	struct ipc_event event;
	struct ipc_event6 event6;
	struct ipc_result result;
	uint8_t bytes[IPC_MESSAGE_MAX];
};

static int answer(const struct command *, struct output *, struct imsg *);
static int connect_to(const char *);
static void explain_access(const char *);
static int finish(const struct command *, const struct ipc_result *);
static int wait_readable(int, const struct command *);

/* Who may: the socket's mode and group say so. */
static void
explain_access(const char *path)
{
	struct stat st;
	struct group *gr = NULL;

	if (stat(path, &st) == 0 && st.st_mode & S_IWGRP)
		gr = getgrgid(st.st_gid);
	if (gr != NULL)
		warnx("%s: permission denied: only root and group %s may use "
		      "it (see \"control group\" in leased.conf(5))",
		    path, gr->gr_name);
	else
		warnx("%s: permission denied: only root, and the \"control "
		      "group\" of leased.conf(5), may use it",
		    path);
}

/* A descriptor, or -1 and the reason is on standard error. */
static int
connect_to(const char *path)
{
	struct sockaddr_un sun;
	int fd;

	memset(&sun, 0, sizeof(sun));
	sun.sun_family = AF_UNIX;
	if (strlcpy(sun.sun_path, path, sizeof(sun.sun_path)) >=
	    sizeof(sun.sun_path)) {
		warnx("%s: path too long for a socket", path);
		return -1;
	}
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd == -1) {
		warn("socket");
		return -1;
	}
	if (connect(fd, (struct sockaddr *)&sun, sizeof(sun)) == 0)
		return fd;
	if (errno == ENOENT || errno == ECONNREFUSED)
		warnx("leased is not running (socket %s)", path);
	else if (errno == EACCES || errno == EPERM)
		explain_access(path);
	else
		warn("%s", path);
	close(fd);
	return -1;
}

/* 0, or -1 and the reason is on standard error.  A monitor waits for ever. */
static int
wait_readable(int fd, const struct command *cmd)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	struct timespec now, end;
	int64_t left = (int64_t)cmd->req.timeout_ms + ANSWER_MS;
	int n;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += (time_t)(left / 1000);
	end.tv_nsec += (long)(left % 1000) * 1000000;
	for (;;) {
		if (cmd->req.command == CTL_CMD_MONITOR)
			left = -1;
		n = poll(&pfd, 1, left > INT32_MAX ? INT32_MAX : (int)left);
		if (n > 0)
			return 0;
		if (n == -1 && errno != EINTR) {
			warn("poll");
			return -1;
		}
		clock_gettime(CLOCK_MONOTONIC, &now);
		left = (int64_t)(end.tv_sec - now.tv_sec) * 1000 +
		    (end.tv_nsec - now.tv_nsec) / 1000000;
		if (left <= 0 && cmd->req.command != CTL_CMD_MONITOR) {
			warnx("leased does not answer");
			return -1;
		}
	}
}

/* The exit code a result means. */
static int
finish(const struct command *cmd, const struct ipc_result *msg)
{
	char text[ESCAPED(sizeof(msg->text))];

	text_escape(msg->text, sizeof(msg->text), text, sizeof(text));
	if (msg->code == IPC_OK) {
		/* Something to tell though it went well: a reload's warning. */
		if (text[0] != '\0' && !cmd->json)
			warnx("%s", text);
		return EXIT_OK;
	}
	warnx("%s%s%s", msg->code == IPC_TIMEOUT ? "timeout: " : "",
	    text[0] != '\0' ? text : name_code(msg->code),
	    msg->code > IPC_FAILED ? " (version?)" : "");
	return EXIT_FAILED;
}

/* To who prints it; an output without the member does not. */
#define TO_OUTPUT(member)                            \
	do {                                         \
		if (out->member != NULL)             \
			out->member(out, &a.member); \
	} while (0)

/* -1: more to come; else the exit code. */
static int
answer(const struct command *cmd, struct output *out, struct imsg *imsg)
{
	static union answer a;
	uint32_t type = imsg_get_type(imsg);
	int known = 0;

	if (type < MSG_MAX && imsg_get_data(imsg, a.bytes, sizes[type]) == 0)
		known = 1;
	switch (known ? type : MSG_NONE) {
	case MSG_CTL_IFACE:
		TO_OUTPUT(iface);
		return -1;
	case MSG_CTL_ADDRS:
		TO_OUTPUT(addrs);
		return -1;
	case MSG_CTL_SLAAC:
		TO_OUTPUT(slaac);
		return -1;
	case MSG_CTL_DHCP6:
		TO_OUTPUT(dhcp6);
		return -1;
	case MSG_CTL_PREFIXES:
		TO_OUTPUT(prefixes);
		return -1;
	case MSG_CTL_COUNTERS:
		TO_OUTPUT(counters);
		return -1;
	case MSG_CTL_SKIPPED:
		TO_OUTPUT(skipped);
		return -1;
	case MSG_CTL_SANDBOX:
		TO_OUTPUT(sandbox);
		return -1;
	case MSG_CTL_EVENT:
		TO_OUTPUT(event);
		return -1;
	case MSG_CTL_EVENT6:
		TO_OUTPUT(event6);
		return -1;
	case MSG_CTL_RESULT:
		TO_OUTPUT(result);
		return finish(cmd, &a.result);
	}
	warnx("leased answered with a message this leasectl does not know "
	      "(version?)");
	return EXIT_FAILED;
}

int
client_run(const struct command *cmd, struct output *out)
{
	struct imsgbuf ibuf;
	struct imsg imsg;
	int fd, n, code = -1;

	fd = connect_to(cmd->socket);
	if (fd == -1)
		return EXIT_FAILED;
	if (imsgbuf_init(&ibuf, fd) == -1 ||
	    imsg_compose(&ibuf, MSG_CTL_REQUEST, 0, 0, -1, &cmd->req,
		sizeof(cmd->req)) == -1)
		err(EXIT_FAILED, NULL);
	/* EPIPE: leased hung up, perhaps after an answer. */
	if (imsgbuf_flush(&ibuf) == -1 && errno != EPIPE)
		err(EXIT_FAILED, "%s", cmd->socket);
	while (code == -1) {
		n = imsgbuf_get(&ibuf, &imsg);
		if (n == 1) {
			code = answer(cmd, out, &imsg);
			imsg_free(&imsg);
			if (ferror(out->fp))
				code = EXIT_FAILED;
			continue;
		}
		if (n == 0 && wait_readable(fd, cmd) == -1) {
			code = EXIT_FAILED;
			break;
		}
		n = n == -1 ? -1 : imsgbuf_read(&ibuf);
		if (n == 1)
			continue;
		if (n == 0 || errno == ECONNRESET)
			warnx("leased closed the connection");
		else
			warn("%s", cmd->socket);
		code = EXIT_FAILED;
	}
	imsgbuf_clear(&ibuf);
	close(fd);
	return code;
}

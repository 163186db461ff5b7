/* SPDX-License-Identifier: ISC */
/*
 * A hostile control client.
 *
 *	client table              ipc.h's table, a message a line
 *	client SOCKET KIND MESSAGE SEED
 *
 * It must be dropped; everybody else is served as before.
 */
#include <sys/socket.h>
#include <sys/un.h>
#include <err.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ipc_core.h"

static uint8_t bytes[65536];

#define LINE(M, h, s, f, t, p, d) { #M, #f, #t, #p, #d, sizeof(struct s) },
static const struct {
	const char *name, *from, *to, *phase, *fd;
	size_t size;
} rows[] = { IPC_TABLE(LINE) };

static void
table(void)
{
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		printf("%s %s %s %s %s %zu\n", rows[i].name, rows[i].from,
		    rows[i].to, rows[i].phase, rows[i].fd, rows[i].size);
}

static int
connect_to(const char *path)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	strlcpy(sun.sun_path, path, sizeof(sun.sun_path));
	if (fd == -1 || connect(fd, (struct sockaddr *)&sun, sizeof(sun)) == -1)
		err(2, "%s", path);
	return fd;
}

static uint32_t
type_of(const char *name)
{
	uint32_t type;

	for (type = 1; type < MSG_MAX; type++)
		if (strcmp(ipc_name(type), name) == 0)
			return type;
	return (uint32_t)strtoul(name, NULL, 0);
}

static size_t
compose(uint32_t type, size_t size, uint32_t peerid)
{
	struct imsg_hdr hdr = { .type = type,
		.len = (uint32_t)(size + sizeof(hdr)),
		.peerid = peerid,
		.pid = 1 };

	memcpy(bytes, &hdr, sizeof(hdr));
	return size + sizeof(hdr);
}

/* A request whose every field may lie. */
static void
request(unsigned int seed)
{
	struct ipc_ctl_request req;
	uint8_t *p = (uint8_t *)&req;
	size_t i;

	memset(&req, 0, sizeof(req));
	srandom(seed);
	req.version = IPC_VERSION;
	req.command = (uint32_t)random() % (CTL_CMD_STOP + 3);
	/* Not what stops the daemon, lawfully. */
	if (req.command == CTL_CMD_STOP)
		req.command = CTL_CMD_SHOW;
	req.timeout_ms = 1;
	for (i = seed % 7 * 3; i > 0; i--)
		p[8 + (size_t)random() % (sizeof(req) - 8)] = (uint8_t)random();
	if (seed % 11 == 0)
		memset(req.names, 'x', sizeof(req.names));
	memcpy(bytes + IMSG_HEADER_SIZE, &req, sizeof(req));
}

static size_t
message(const char *kind, uint32_t type, unsigned int seed)
{
	size_t size = ipc_size(type), len;

	memset(bytes, 0, sizeof(bytes));
	if (strcmp(kind, "longer") == 0)
		return compose(type, size + 1, 0);
	if (strcmp(kind, "shorter") == 0)
		return compose(type, size - 1, 0);
	if (strcmp(kind, "empty") == 0)
		return compose(type, 0, 0);
	if (strcmp(kind, "huge") == 0)
		return compose(type, 40000, 0);
	if (strcmp(kind, "peerid") == 0)
		return compose(type, size, 9);
	len = compose(type, size, 0);
	if (strcmp(kind, "fill") == 0)
		request(seed);
	if (strcmp(kind, "half") == 0)
		len /= 2;
	return len;
}

/* What comes back is read, or not, until the other side has enough. */
static int
dropped(int fd, int ms)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	ssize_t n;

	while (poll(&pfd, 1, ms) > 0) {
		n = recv(fd, bytes, sizeof(bytes), 0);
		if (n <= 0)
			return 1;
	}
	return 0;
}

/* More connections than there is room for, and none says a word. */
static int
crowd(const char *path)
{
	int fds[200], i;

	for (i = 0; i < 200; i++) {
		struct sockaddr_un sun = { .sun_family = AF_UNIX };

		strlcpy(sun.sun_path, path, sizeof(sun.sun_path));
		fds[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
		if (fds[i] == -1 ||
		    connect(fds[i], (struct sockaddr *)&sun, sizeof(sun)) == -1)
			break;
	}
	while (i-- > 0)
		close(fds[i]);
	puts("dropped");
	return 0;
}

int
main(int argc, char **argv)
{
	size_t len, done;
	uint32_t type;
	ssize_t n;
	int fd, i;

	if (argc == 2 && strcmp(argv[1], "table") == 0) {
		table();
		return 0;
	}
	if (argc != 5)
		errx(2, "usage: client table | socket kind message seed");
	signal(SIGPIPE, SIG_IGN);
	if (strcmp(argv[2], "crowd") == 0)
		return crowd(argv[1]);
	type = type_of(argv[3]);
	fd = connect_to(argv[1]);
	len = message(argv[2], type, (unsigned int)atoi(argv[4]));
	for (i = 0; i < (strcmp(argv[2], "flood") == 0 ? 5000 : 1); i++)
		for (done = 0; done < len; done += (size_t)n)
			if ((n = send(fd, bytes + done, len - done, 0)) <= 0) {
				puts("dropped");
				return 0;
			}
	if (strcmp(argv[2], "half") == 0) {
		close(fd);
		puts("dropped");
		return 0;
	}
	puts(dropped(fd, 300) ? "dropped" : "open");
	return 0;
}

/* SPDX-License-Identifier: ISC */
/*
 * sd_notify(3) by hand: one datagram to the socket the supervisor names in
 * NOTIFY_SOCKET.  Connected at start, because the sandbox later allows neither
 * the path nor an abstract name outside its own domain.
 */

#include <sys/socket.h>
#include <sys/un.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../os.h"

/* The connected socket, or -1: nobody asked, or it cannot be reached. */
int
os_notify_open(void)
{
	const char *path = getenv("NOTIFY_SOCKET");
	struct sockaddr_un sun;
	socklen_t salen;
	size_t len;
	int fd;

	if (path == NULL || (path[0] != '/' && path[0] != '@'))
		return -1;
	len = strlen(path);
	memset(&sun, 0, sizeof(sun));
	sun.sun_family = AF_UNIX;
	if (len < 2 || len >= sizeof(sun.sun_path))
		return -1;
	memcpy(sun.sun_path, path, len);
	salen = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	if (path[0] == '@')
		sun.sun_path[0] = '\0'; /* abstract: no NUL at the end */
	else
		salen++;
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd == -1)
		return -1;
	if (connect(fd, (struct sockaddr *)&sun, salen) == -1) {
		close(fd);
		return -1;
	}
	/* What the helper executes is not the service. */
	unsetenv("NOTIFY_SOCKET");
	return fd;
}

/* A supervisor that does not listen is no reason to fail. */
void
os_notify(int fd, const char *text)
{
	if (fd != -1)
		(void)send(fd, text, strlen(text), MSG_NOSIGNAL);
}

/* SPDX-License-Identifier: ISC */
/* See resolv_util.h. */

#include <sys/stat.h>
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "scratch.h"
#include "test.h"
#include "resolv_util.h"

void
private_etc(void)
{
	scratch_private();
	scratch_mount("/etc", 0);
	scratch_mount("/run", 0);
}

void
put_file(const char *path, const char *text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, mode);

	ATF_REQUIRE_MSG(fd != -1, "%s: %s", path, strerror(errno));
	ATF_REQUIRE_EQ((ssize_t)strlen(text), write(fd, text, strlen(text)));
	ATF_REQUIRE_EQ(0, fchmod(fd, mode));
	close(fd);
}

const char *
get_file(const char *path)
{
	static char text[2][16384];
	static int which;
	char *buf = text[which = !which];
	int fd = open(path, O_RDONLY);
	ssize_t n;

	if (fd == -1)
		return "(none)";
	n = read(fd, buf, sizeof(text[0]) - 1);
	close(fd);
	ATF_REQUIRE(n >= 0);
	buf[n] = '\0';
	return buf;
}

void
add_server(struct dns_set *dns, const char *text)
{
	struct dns_server *s = &dns->servers[dns->nservers++];

	s->family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
	ATF_REQUIRE_EQ(1, inet_pton(s->family, text, s->addr));
}

void
add_search(struct dns_set *dns, const char *text)
{
	strlcpy(dns->search[dns->nsearch++], text, DNS_NAME_MAX);
}

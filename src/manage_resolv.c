/* SPDX-License-Identifier: ISC */
/*
 * `resolv-conf`: the helper is told, and the state directory remembers a path,
 * so that the file of an earlier run is put back when the configuration names
 * another by now (Y-08).
 */

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "leasefile.h"
#include "log.h"
#include "parent.h"

#define PLACE_FILE "resolv-conf" /* no lease has this name */

static void
tell(uint32_t mode, const char *path)
{
	struct ipc_resolv_conf msg;

	memset(&msg, 0, sizeof(msg));
	msg.mode = mode;
	strlcpy(msg.path, path, sizeof(msg.path));
	TO_HELPER_MSG(MSG_RESOLV_CONF, msg);
}

/* "": it wrote none but the usual one, or nobody knows. */
static void
last_path(char *path, size_t size)
{
	ssize_t n = leasefile_load(
	    parent.statedir, PLACE_FILE, (uint8_t *)path, size - 1);

	if (n < 1 || path[0] != '/')
		n = 0;
	path[n] = '\0';
}

static void
remember(const char *path)
{
	int error = 0;

	if (path[0] != '\0')
		error = leasefile_replace(
		    parent.statedir, PLACE_FILE, path, strlen(path));
	else if (unlinkat(parent.statedir, PLACE_FILE, 0) == -1 &&
	    errno != ENOENT)
		error = errno;
	if (error != 0)
		log_warnx("the path of resolv-conf cannot be kept: %s",
		    strerror(error));
}

void
manage_tell_resolv(void)
{
	static int told;
	char last[sizeof(parent.conf->resolv_path)];
	const char *path =
	    parent.conf->resolv == RESOLV_PATH ? parent.conf->resolv_path : "";

	last_path(last, sizeof(last));
	if (strcmp(last, path) != 0) {
		/* First what was, that it may be left. */
		if (!told && last[0] != '\0')
			tell(RESOLV_PATH, last);
		remember(path);
	}
	tell((uint32_t)parent.conf->resolv, path);
	told = 1;
}

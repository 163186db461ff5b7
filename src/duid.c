/* SPDX-License-Identifier: ISC */
/* The host's DUID: see duid.h. */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "duid.h"
#include "compat/compat.h"

#define DUID_FILE "duid"
#define DUID_UUID_TYPE 4 /* RFC 6355 4 */
#define DUID_UUID_LEN 18

/* A DUID-UUID of random version 4 (RFC 9562 5.4). */
static void
duid_make(uint8_t duid[DUID_UUID_LEN])
{
	arc4random_buf(duid, DUID_UUID_LEN);
	duid[0] = 0;
	duid[1] = DUID_UUID_TYPE;
	duid[8] = (uint8_t)((duid[8] & 0x0f) | 0x40);
	duid[10] = (uint8_t)((duid[10] & 0x3f) | 0x80);
}

int
duid_load(int statedir, struct conf_global *conf)
{
	static uint8_t kept[DUID_UUID_LEN];
	static int known;
	ssize_t n = 0;
	int fd, ok;

	if (conf->duid_kind == CONF_DUID_BYTES ||
	    conf->duid_kind == CONF_DUID_EN)
		return 0;
	conf->duid_len = DUID_UUID_LEN;
	if (known) {
		memcpy(conf->duid, kept, sizeof(kept));
		return 0;
	}
	fd = openat(statedir, DUID_FILE, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (fd != -1) {
		n = read(fd, kept, sizeof(kept));
		close(fd);
	}
	known = 1;
	if (n == DUID_UUID_LEN && kept[0] == 0 && kept[1] == DUID_UUID_TYPE) {
		memcpy(conf->duid, kept, sizeof(kept));
		return 0;
	}
	duid_make(kept);
	memcpy(conf->duid, kept, sizeof(kept));
	fd = openat(statedir, DUID_FILE,
	    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd == -1)
		return -1;
	ok = write(fd, kept, sizeof(kept)) == sizeof(kept) && fsync(fd) == 0;
	close(fd);
	return ok ? 0 : -1;
}

/* SPDX-License-Identifier: ISC */
/* The host's DUID: see duid.h. */

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "duid.h"
#include "leasefile.h"
#include "compat/compat.h"

/* RFC 9915 11.2, 11.4, 11.5 (RFC 6355 4) */
#define DUID_LLT 1
#define DUID_LL 3
#define DUID_UUID 4
#define DUID_LLT_LEN 14
#define DUID_LL_LEN 10
#define DUID_UUID_LEN 18
#define DUID_MADE_MAX DUID_UUID_LEN
#define HTYPE_ETHERNET 1
#define ETHERNET_LEN 6
#define EPOCH_2000 946684800 /* midnight UTC, January 1, 2000 */

static const struct kind {
	const char *file;
	uint8_t type;
	uint8_t len;
} kinds[] = {
	[CONF_DUID_UUID] = { "duid", DUID_UUID, DUID_UUID_LEN },
	[CONF_DUID_LLT] = { "duid.llt", DUID_LLT, DUID_LLT_LEN },
	[CONF_DUID_LL] = { "duid.ll", DUID_LL, DUID_LL_LEN },
};
#define NKINDS (sizeof(kinds) / sizeof(kinds[0]))

struct made {
	uint8_t len; /* 0: not yet */
	uint8_t duid[DUID_MADE_MAX];
};

static void
put16(uint8_t *p, unsigned int value)
{
	p[0] = (uint8_t)(value >> 8);
	p[1] = (uint8_t)value;
}

/* Of random version 4 (RFC 9562 5.4). */
static void
make_uuid(struct made *m)
{
	arc4random_buf(m->duid, DUID_UUID_LEN);
	put16(m->duid, DUID_UUID);
	m->duid[8] = (uint8_t)((m->duid[8] & 0x0f) | 0x40);
	m->duid[10] = (uint8_t)((m->duid[10] & 0x3f) | 0x80);
	m->len = DUID_UUID_LEN;
}

static void
make(struct made *m, const struct kind *kind, const uint8_t *mac,
    uint64_t wall_sec)
{
	uint32_t since = (uint32_t)(wall_sec - EPOCH_2000); /* modulo 2^32 */

	if (kind->type == DUID_UUID || mac == NULL) {
		make_uuid(m);
		return;
	}
	put16(m->duid, kind->type);
	put16(m->duid + 2, HTYPE_ETHERNET);
	if (kind->type == DUID_LLT) {
		put16(m->duid + 4, since >> 16);
		put16(m->duid + 6, since & 0xffff);
	}
	m->len = kind->len;
	memcpy(m->duid + m->len - ETHERNET_LEN, mac, ETHERNET_LEN);
}

/* Of its kind, or what stands in for it. */
static int
valid(const struct made *m, const struct kind *kind)
{
	return m->len >= 2 && m->duid[0] == 0 &&
	    ((m->duid[1] == kind->type && m->len == kind->len) ||
		(m->duid[1] == DUID_UUID && m->len == DUID_UUID_LEN));
}

static int
read_kept(int statedir, const struct kind *kind, struct made *m)
{
	uint8_t buf[DUID_MADE_MAX + 1];
	ssize_t n;
	int fd;

	/* O_NONBLOCK: a fifo in its place must not hang the parent. */
	fd = openat(statedir, kind->file,
	    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd == -1)
		return 0;
	n = read(fd, buf, sizeof(buf));
	close(fd);
	if (n <= 0 || n > DUID_MADE_MAX)
		return 0;
	m->len = (uint8_t)n;
	memcpy(m->duid, buf, (size_t)n);
	return valid(m, kind);
}

int
duid_load(int statedir, struct conf_global *conf, const uint8_t *mac,
    uint64_t wall_sec)
{
	static struct made known[NKINDS];
	const struct kind *kind;
	struct made *m;
	int error = 0;

	if (conf->duid_kind >= NKINDS)
		return 0; /* the configuration holds it */
	kind = &kinds[conf->duid_kind];
	m = &known[conf->duid_kind];
	if (m->len == 0 && !read_kept(statedir, kind, m)) {
		make(m, kind, mac, wall_sec);
		error =
		    leasefile_replace(statedir, kind->file, m->duid, m->len);
	}
	conf->duid_len = m->len;
	memcpy(conf->duid, m->duid, m->len);
	return error;
}

int
duid_is_substitute(const struct conf_global *conf)
{
	return (conf->duid_kind == CONF_DUID_LLT ||
		   conf->duid_kind == CONF_DUID_LL) &&
	    conf->duid[1] == DUID_UUID;
}

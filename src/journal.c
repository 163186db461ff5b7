/* SPDX-License-Identifier: ISC */
/*
 * The parent's journal: see journal.h.  The file is a header and fixed
 * records, each of which adds or removes; it is only ever appended to, or
 * replaced as a whole.  There is no fsync: what it describes is kernel state,
 * which does not outlive a power cut either.
 */

#include <sys/types.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "journal.h"

#define FILE_NAME "journal"
#define TEMP_NAME "journal.tmp"
/* A file of its own, as the journal is replaced under its name. */
#define LOCK_NAME "lock"

#define JOURNAL_VERSION 2
#define BATCH 64   /* records read or written at a time */
#define SLACK 1024 /* dead records a file may hold before it is rewritten */

static const char magic[8] = { 'l', 'e', 'a', 's', 'e', 'd', 'J', '\n' };

struct header {
	char magic[8];
	uint32_t version;
	uint32_t record_size;
	char boot_id[BOOT_ID_MAX];
};

enum op { OP_ADD = 1, OP_REMOVE };

struct disk_record {
	uint32_t op; /* enum op */
	uint32_t reserved;
	struct journal_record rec;
};
_Static_assert(sizeof(struct disk_record) == 88, "a record has no padding");
_Static_assert(sizeof(struct header) == 80, "the header has no padding");

static void
say(struct journal *, const char *, ...) __attribute__((format(printf, 2, 3)));
static int lock(struct journal *);
static void load(struct journal *);
static int load_records(struct journal *, int);
static int open_old(struct journal *);
static int rewrite(struct journal *);
static int write_all(struct journal *, int);
static int append(struct journal *, enum op, const struct journal_record *);
static int insert(struct journal *, const struct journal_record *);
static void drop(struct journal *, struct journal_entry *);

static void
say(struct journal *j, const char *fmt, ...)
{
	char line[256];
	va_list ap;

	if (j->err == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	j->err(line);
}

/* A disk that takes nothing now: go on in memory, and say so once. */
static int
is_disk_error(int error)
{
	return error == ENOSPC || error == EROFS || error == EDQUOT ||
	    error == EIO;
}

static void
disk_failed(struct journal *j, int error)
{
	if (!j->failed)
		say(j,
		    "journal: cannot write to the state directory: %s; "
		    "addresses and routes will not be recognised after a "
		    "crash",
		    strerror(error));
	j->failed = 1;
}

static int
lock(struct journal *j)
{
	int error;

	j->lockfd = openat(j->dirfd, LOCK_NAME,
	    O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	/* A read-only disk may still hold the file, and it can be locked. */
	if (j->lockfd == -1 && errno == EROFS)
		j->lockfd = openat(
		    j->dirfd, LOCK_NAME, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (j->lockfd == -1) {
		error = errno == ENOENT ? EROFS : errno;
		if (!is_disk_error(error))
			return error;
		disk_failed(j, error);
		return 0;
	}
	if (flock(j->lockfd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	error = errno;
	close(j->lockfd);
	j->lockfd = -1;
	return error;
}

int
journal_open(struct journal *j, int dirfd, const char *boot_id,
    void (*err)(const char *))
{
	int error;

	memset(j, 0, sizeof(*j));
	TAILQ_INIT(&j->live);
	j->fd = -1;
	j->lockfd = -1;
	j->dirfd = dirfd;
	j->err = err;
	strlcpy(j->boot_id, boot_id, sizeof(j->boot_id));
	if ((error = lock(j)) != 0)
		return error;
	load(j);
	error = rewrite(j);
	if (error == 0 || is_disk_error(error))
		return 0;
	journal_close(j);
	return error;
}

void
journal_close(struct journal *j)
{
	while (!TAILQ_EMPTY(&j->live))
		drop(j, TAILQ_FIRST(&j->live));
	if (j->fd != -1)
		close(j->fd);
	if (j->lockfd != -1)
		close(j->lockfd);
	j->fd = j->lockfd = -1;
}

/* The file as an earlier run left it, or -1; the descriptor is blocking. */
static int
open_old(struct journal *j)
{
	struct header h;
	struct stat st;
	int fd;

	/* O_NONBLOCK: a fifo in its place must not hang the start. */
	fd = openat(j->dirfd, FILE_NAME,
	    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd == -1) {
		if (errno != ENOENT)
			say(j, "journal: cannot be opened: %s; ignored",
			    strerror(errno));
		return -1;
	}
	if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode) ||
	    st.st_uid != geteuid() || (st.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
		say(j,
		    "journal: not a regular file that only its owner may "
		    "write; ignored");
		goto ignore;
	}
	if (read(fd, &h, sizeof(h)) != (ssize_t)sizeof(h) ||
	    memcmp(h.magic, magic, sizeof(magic)) != 0 ||
	    h.version != JOURNAL_VERSION ||
	    h.record_size != sizeof(struct disk_record)) {
		say(j, "journal: not of this version of leased; ignored");
		goto ignore;
	}
	/* Of an earlier boot: that kernel's state is gone, nothing to say. */
	if (j->boot_id[0] == '\0' ||
	    strncmp(h.boot_id, j->boot_id, sizeof(h.boot_id)) != 0)
		goto ignore;
	return fd;
ignore:
	close(fd);
	return -1;
}

static int
is_valid(const struct disk_record *d)
{
	if (d->op != OP_ADD && d->op != OP_REMOVE)
		return 0;
	if (d->rec.kind == JOURNAL_NONE || d->rec.kind >= JOURNAL_MAX)
		return 0;
	return d->rec.prefixlen <= (d->rec.kind < JOURNAL_ADDR6 ? 32U : 128U) &&
	    memchr(d->rec.ifname, '\0', sizeof(d->rec.ifname)) != NULL;
}

/* Bounded: a file has at most as many records as one that was never
 * rewritten in time. */
static int
load_records(struct journal *j, int fd)
{
	struct disk_record batch[BATCH];
	struct journal_entry *e;
	unsigned int total;
	size_t i, n;
	ssize_t len;

	for (total = 0; total <= 2 * JOURNAL_RECORDS_MAX + SLACK;
	     total += BATCH) {
		if ((len = read(fd, batch, sizeof(batch))) <= 0)
			return len == 0 ? 0 : errno;
		n = (size_t)len / sizeof(batch[0]);
		for (i = 0; i < n; i++) {
			if (!is_valid(&batch[i]))
				return EBADMSG;
			e = journal_find(j, &batch[i].rec);
			if (batch[i].op == OP_REMOVE && e != NULL)
				drop(j, e);
			else if (batch[i].op == OP_ADD &&
			    insert(j, &batch[i].rec) == ENOMEM)
				return ENOMEM;
		}
		if ((size_t)len % sizeof(batch[0]) != 0)
			return EBADMSG;
	}
	return EFBIG;
}

static void
load(struct journal *j)
{
	int error, fd = open_old(j);

	if (fd == -1)
		return;
	error = load_records(j, fd);
	if (error == EBADMSG)
		say(j, "journal: damaged; %u records before that are kept",
		    j->nlive);
	else if (error != 0)
		say(j, "journal: %s; %u records are kept", strerror(error),
		    j->nlive);
	close(fd);
}

/* Header and the live records.  0 or errno. */
static int
write_all(struct journal *j, int fd)
{
	struct disk_record batch[BATCH];
	struct journal_entry *e;
	struct header h;
	size_t n = 0, len;

	memset(&h, 0, sizeof(h));
	memcpy(h.magic, magic, sizeof(magic));
	h.version = JOURNAL_VERSION;
	h.record_size = sizeof(struct disk_record);
	strlcpy(h.boot_id, j->boot_id, sizeof(h.boot_id));
	/* A short write to a file is a full disk. */
	errno = ENOSPC;
	if (write(fd, &h, sizeof(h)) != (ssize_t)sizeof(h))
		return errno;
	memset(batch, 0, sizeof(batch));
	TAILQ_FOREACH (e, &j->live, entry) {
		batch[n].op = OP_ADD;
		batch[n++].rec = e->rec;
		if (n != BATCH && TAILQ_NEXT(e, entry) != NULL)
			continue;
		len = n * sizeof(batch[0]);
		errno = ENOSPC;
		if (write(fd, batch, len) != (ssize_t)len)
			return errno;
		n = 0;
	}
	return 0;
}

/* Replace the file by one with the live records alone. */
static int
rewrite(struct journal *j)
{
	int error, fd;

	if (j->fd != -1)
		close(j->fd);
	j->fd = -1;
	(void)unlinkat(j->dirfd, TEMP_NAME, 0);
	fd = openat(j->dirfd, TEMP_NAME,
	    O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC | O_NOFOLLOW,
	    0600);
	if (fd == -1) {
		error = errno;
		disk_failed(j, error);
		return error;
	}
	error = write_all(j, fd);
	if (error == 0 &&
	    renameat(j->dirfd, TEMP_NAME, j->dirfd, FILE_NAME) == -1)
		error = errno;
	if (error != 0) {
		(void)unlinkat(j->dirfd, TEMP_NAME, 0);
		close(fd);
		disk_failed(j, error);
		return error;
	}
	j->fd = fd;
	j->nfile = j->nlive;
	if (j->failed)
		say(j, "journal: written again");
	j->failed = 0;
	return 0;
}

/* The live list has the change already.  0 or errno. */
static int
append(struct journal *j, enum op op, const struct journal_record *rec)
{
	struct disk_record d;

	if (j->fd == -1 || j->nfile >= 2 * j->nlive + SLACK)
		return rewrite(j);
	memset(&d, 0, sizeof(d));
	d.op = op;
	d.rec = *rec;
	errno = ENOSPC;
	if (write(j->fd, &d, sizeof(d)) != (ssize_t)sizeof(d)) {
		/* Half a record may be there now: write the whole anew, at
		 * once or with the next record. */
		return rewrite(j);
	}
	j->nfile++;
	return 0;
}

/* 0, EEXIST, ENOMEM or ENOBUFS */
static int
insert(struct journal *j, const struct journal_record *rec)
{
	struct journal_entry *e;

	if (rec->kind != JOURNAL_START && journal_find(j, rec) != NULL)
		return EEXIST;
	if (j->nlive >= JOURNAL_RECORDS_MAX)
		return ENOBUFS;
	if ((e = calloc(1, sizeof(*e))) == NULL)
		return ENOMEM;
	e->rec = *rec;
	TAILQ_INSERT_TAIL(&j->live, e, entry);
	j->nlive++;
	return 0;
}

static void
drop(struct journal *j, struct journal_entry *e)
{
	TAILQ_REMOVE(&j->live, e, entry);
	free(e);
	j->nlive--;
}

int
journal_add(struct journal *j, const struct journal_record *rec)
{
	int error = insert(j, rec);

	if (error == EEXIST)
		return j->fd == -1 ? rewrite(j) : 0;
	return error != 0 ? error : append(j, OP_ADD, rec);
}

/* 0, also when there was none, or errno of the disk. */
int
journal_remove(struct journal *j, const struct journal_record *rec)
{
	struct journal_entry *e = journal_find(j, rec);
	struct journal_record key;

	if (e == NULL)
		return 0;
	key = e->rec; /* rec may point into the entry */
	drop(j, e);
	return append(j, OP_REMOVE, &key);
}

void
journal_forget(struct journal *j, uint32_t ifindex)
{
	struct journal_entry *e, *next;
	struct journal_record rec;

	/* _SAFE: it leaves the list. */
	TAILQ_FOREACH_SAFE (e, &j->live, entry, next) {
		if (e->rec.ifindex != ifindex || e->rec.kind == JOURNAL_START)
			continue;
		rec = e->rec;
		drop(j, e);
		(void)append(j, OP_REMOVE, &rec);
	}
}

static int
is_same(const struct journal_record *a, const struct journal_record *b)
{
	if (a->kind != b->kind || a->ifindex != b->ifindex)
		return 0;
	switch (a->kind) {
	case JOURNAL_ROUTE4:
		if (a->gateway.s_addr != b->gateway.s_addr ||
		    a->metric != b->metric)
			return 0;
		/* FALLTHROUGH */
	case JOURNAL_ADDR4:
		return a->addr.s_addr == b->addr.s_addr &&
		    a->prefixlen == b->prefixlen;
	case JOURNAL_ADDR6:
		return a->value == b->value &&
		    IN6_ARE_ADDR_EQUAL(&a->addr6, &b->addr6);
	case JOURNAL_ROUTE6:
		return a->value == b->value && a->metric == b->metric &&
		    a->prefixlen == b->prefixlen &&
		    IN6_ARE_ADDR_EQUAL(&a->addr6, &b->addr6) &&
		    IN6_ARE_ADDR_EQUAL(&a->gateway6, &b->gateway6);
	case JOURNAL_KNOB:
		return a->value == b->value && a->metric == b->metric;
	case JOURNAL_DNS:
	case JOURNAL_START:
		return a->value == b->value;
	default:
		return 1;
	}
}

struct journal_entry *
journal_find(struct journal *j, const struct journal_record *rec)
{
	struct journal_entry *e;

	TAILQ_FOREACH (e, &j->live, entry)
		if (is_same(&e->rec, rec))
			return e;
	return NULL;
}

int
journal_start_limit(struct journal *j, uint32_t now_sec)
{
	struct journal_entry *e, *next;
	struct journal_record rec;
	int n = 1;

	/* _SAFE: old ones leave the list. */
	TAILQ_FOREACH_SAFE (e, &j->live, entry, next) {
		if (e->rec.kind != JOURNAL_START)
			continue;
		/* Unsigned: a time still to come is long ago, too. */
		if (now_sec - e->rec.value < JOURNAL_START_SEC) {
			n++;
			continue;
		}
		rec = e->rec;
		(void)journal_remove(j, &rec); /* the first of that second */
	}
	memset(&rec, 0, sizeof(rec));
	rec.kind = JOURNAL_START;
	rec.value = j->started_sec = now_sec;
	(void)journal_add(j, &rec);
	return n;
}

void
journal_stopped(struct journal *j)
{
	struct journal_record rec;

	memset(&rec, 0, sizeof(rec));
	rec.kind = JOURNAL_START;
	rec.value = j->started_sec;
	(void)journal_remove(j, &rec);
}

/* SPDX-License-Identifier: ISC */
/* resolv.conf(5): see resolv.h. */

#include <sys/types.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "resolv.h"

/* Text that grows; what does not fit sets failed. */
struct text {
	char *buf;
	size_t size;
	size_t len;
	int failed;
};

/* A server and the interface that gives a link-local one its scope. */
struct server {
	const struct dns_server *dns;
	const char *ifname;
};

/* Servers and names already written. */
struct merged {
	struct server servers[RESOLV_SERVERS_MAX + DNS_SERVERS_MAX];
	size_t nservers;
	const char *search[RESOLV_SEARCH_MAX];
	size_t nsearch;
};

/* The file, its directory, and the names beside it. */
struct place {
	int dirfd;
	char base[NAME_MAX + 1];
	char saved[NAME_MAX + 1];
	char temp[NAME_MAX + 1];
};

static void
put(struct text *, const char *, ...) __attribute__((format(printf, 2, 3)));
static int is_link_local(const struct dns_server *);
static int is_same_server(const struct server *, const struct server *);
static unsigned int
merge_servers(struct merged *, const struct resolv_entry *, size_t);
static void merge_search(struct merged *, const struct resolv_entry *);
static void put_server(struct text *, const struct server *);
static int place_open(struct place *, const char *);
static int look(const struct place *, int *, int *);
static int is_unchanged(const struct place *, const char *, size_t);
static int write_temp(const struct place *, const char *, size_t);
static int save(const struct place *);

static void
put(struct text *t, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (t->failed)
		return;
	va_start(ap, fmt);
	n = vsnprintf(t->buf + t->len, t->size - t->len, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= t->size - t->len)
		t->failed = 1;
	else
		t->len += (size_t)n;
}

int
resolv_compare(const void *pa, const void *pb)
{
	const struct resolv_entry *a = *(const struct resolv_entry *const *)pa;
	const struct resolv_entry *b = *(const struct resolv_entry *const *)pb;

	if (a->preference != b->preference)
		return a->preference < b->preference ? -1 : 1;
	if (a->ifindex != b->ifindex)
		return a->ifindex < b->ifindex ? -1 : 1;
	if (a->protocol != b->protocol)
		return a->protocol < b->protocol ? -1 : 1;
	return 0;
}

/* fe80::/10, RFC 4291 2.5.6 */
static int
is_link_local(const struct dns_server *s)
{
	return s->family == AF_INET6 && s->addr[0] == 0xfe &&
	    (s->addr[1] & 0xc0) == 0x80;
}

static int
is_same_server(const struct server *a, const struct server *b)
{
	size_t len = a->dns->family == AF_INET ? 4 : 16;

	if (a->dns->family != b->dns->family ||
	    memcmp(a->dns->addr, b->dns->addr, len) != 0)
		return 0;
	return !is_link_local(a->dns) || strcmp(a->ifname, b->ifname) == 0;
}

/* How many servers found no room. */
static unsigned int
merge_servers(struct merged *m, const struct resolv_entry *e, size_t max)
{
	unsigned int left_out = 0;
	struct server s;
	size_t i, k;

	for (i = 0; i < e->dns.nservers && i < DNS_SERVERS_MAX; i++) {
		s.dns = &e->dns.servers[i];
		s.ifname = e->ifname;
		for (k = 0; k < m->nservers; k++)
			if (is_same_server(&m->servers[k], &s))
				break;
		if (k < m->nservers)
			continue;
		if (m->nservers >= max)
			left_out++;
		else
			m->servers[m->nservers++] = s;
	}
	return left_out;
}

static void
merge_search(struct merged *m, const struct resolv_entry *e)
{
	size_t i, k;

	for (i = 0; i < e->dns.nsearch && i < DNS_SEARCH_MAX; i++) {
		for (k = 0; k < m->nsearch; k++)
			if (strcasecmp(m->search[k], e->dns.search[i]) == 0)
				break;
		if (k == m->nsearch && m->nsearch < RESOLV_SEARCH_MAX)
			m->search[m->nsearch++] = e->dns.search[i];
	}
}

static void
put_server(struct text *t, const struct server *s)
{
	char addr[INET6_ADDRSTRLEN];

	if (inet_ntop(s->dns->family, s->dns->addr, addr, sizeof(addr)) == NULL)
		t->failed = 1;
	else
		put(t, "nameserver %s%s%s\n", addr,
		    is_link_local(s->dns) ? "%" : "",
		    is_link_local(s->dns) ? s->ifname : "");
}

size_t
resolv_format(const struct resolv_entry *const *entries, size_t n,
    size_t max_servers, int mark, char *buf, size_t size,
    unsigned int *left_out)
{
	struct text t = { .buf = buf, .size = size };
	struct merged m;
	size_t i;

	memset(&m, 0, sizeof(m));
	*left_out = 0;
	if (max_servers > sizeof(m.servers) / sizeof(m.servers[0]))
		return 0;
	for (i = 0; i < n; i++) {
		*left_out += merge_servers(&m, entries[i], max_servers);
		merge_search(&m, entries[i]);
	}
	if (mark)
		put(&t, "%s\n", RESOLV_MARK);
	if (m.nsearch > 0)
		put(&t, "search");
	for (i = 0; i < m.nsearch; i++)
		put(&t, " %s", m.search[i]);
	if (m.nsearch > 0)
		put(&t, "\n");
	for (i = 0; i < m.nservers; i++)
		put_server(&t, &m.servers[i]);
	return t.failed ? 0 : t.len;
}

/* 0 or errno; the caller closes place->dirfd. */
static int
place_open(struct place *p, const char *path)
{
	const char *slash = strrchr(path, '/');
	char dir[PATH_MAX];
	size_t len;

	if (path[0] != '/' || slash[1] == '\0')
		return EINVAL;
	len = slash == path ? 1 : (size_t)(slash - path);
	if (len >= sizeof(dir) ||
	    strlen(slash + 1) > NAME_MAX - sizeof(RESOLV_SAVED))
		return ENAMETOOLONG;
	memcpy(dir, path, len);
	dir[len] = '\0';
	strlcpy(p->base, slash + 1, sizeof(p->base));
	snprintf(p->saved, sizeof(p->saved), "%s" RESOLV_SAVED, slash + 1);
	snprintf(p->temp, sizeof(p->temp), ".%s.leased", slash + 1);
	p->dirfd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return p->dirfd == -1 ? errno : 0;
}

/* What is there?  0 with exists and ours set, or errno as resolv_write. */
static int
look(const struct place *p, int *exists, int *ours)
{
	char line[sizeof(RESOLV_MARK)]; /* the newline in the NUL's place */
	struct stat st;
	ssize_t n;
	int fd;

	*exists = *ours = 0;
	if (fstatat(p->dirfd, p->base, &st, AT_SYMLINK_NOFOLLOW) == -1)
		return errno == ENOENT ? 0 : errno;
	if (S_ISLNK(st.st_mode))
		return ELOOP;
	if (!S_ISREG(st.st_mode))
		return EINVAL;
	*exists = 1;
	fd = openat(
	    p->dirfd, p->base, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd == -1)
		return errno;
	n = read(fd, line, sizeof(line));
	close(fd);
	*ours = n == (ssize_t)sizeof(line) &&
	    memcmp(line, RESOLV_MARK "\n", sizeof(line)) == 0;
	return 0;
}

/* A file that says the same already is not written again. */
static int
is_unchanged(const struct place *p, const char *text, size_t len)
{
	char old[RESOLV_TEXT_MAX];
	ssize_t n;
	int fd;

	fd = openat(p->dirfd, p->base, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (fd == -1)
		return 0;
	n = read(fd, old, sizeof(old));
	close(fd);
	return n >= 0 && (size_t)n == len && memcmp(old, text, len) == 0;
}

static int
write_temp(const struct place *p, const char *text, size_t len)
{
	int error = 0, fd;

	(void)unlinkat(p->dirfd, p->temp, 0);
	fd = openat(p->dirfd, p->temp,
	    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd == -1)
		return errno;
	errno = ENOSPC; /* what a short write to a file means */
	if (write(fd, text, len) != (ssize_t)len)
		error = errno;
	/* Everybody reads it, whatever our umask is. */
	else if (fchmod(fd, 0644) == -1 || fsync(fd) == -1)
		error = errno;
	if (close(fd) == -1 && error == 0)
		error = errno;
	return error;
}

/*
 * Keep the file that is there under its second name: a link, so that there is
 * no moment without resolv.conf, and one kept earlier goes only when the new
 * one is there.
 */
static int
save(const struct place *p)
{
	int error = 0;

	(void)unlinkat(p->dirfd, p->temp, 0);
	if (linkat(p->dirfd, p->base, p->dirfd, p->temp, 0) == -1)
		return errno == EXDEV ? EBUSY : errno; /* a mount point */
	if (renameat(p->dirfd, p->temp, p->dirfd, p->saved) == -1)
		error = errno;
	/* rename(2) leaves both names when they are one file. */
	(void)unlinkat(p->dirfd, p->temp, 0);
	return error;
}

int
resolv_write(const char *path, const char *text, size_t len)
{
	int error, exists, ours;
	struct place p;

	if ((error = place_open(&p, path)) != 0)
		return error;
	error = look(&p, &exists, &ours);
	if (error != 0 || (ours && is_unchanged(&p, text, len)))
		goto out;
	if (exists && !ours)
		error = save(&p);
	if (error == 0)
		error = write_temp(&p, text, len);
	if (error == 0 && renameat(p.dirfd, p.temp, p.dirfd, p.base) == -1)
		error = errno;
	if (error != 0)
		(void)unlinkat(p.dirfd, p.temp, 0);
out:
	close(p.dirfd);
	return error;
}

int
resolv_restore(const char *path)
{
	int error, exists, ours;
	struct place p;

	if ((error = place_open(&p, path)) != 0)
		return error;
	error = look(&p, &exists, &ours);
	if (error == 0 && !ours)
		error = ENOENT;
	if (error == 0 && renameat(p.dirfd, p.saved, p.dirfd, p.base) == -1) {
		error = errno;
		/* Nothing was there before us. */
		if (error == ENOENT)
			error = unlinkat(p.dirfd, p.base, 0) == -1 ? errno : 0;
	}
	close(p.dirfd);
	return error;
}

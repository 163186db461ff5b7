/* SPDX-License-Identifier: ISC */
/*
 * The files of a configuration: leased.conf itself, what it includes, and
 * leased.d/NAME.conf beside it.  What they say is done as root, so each must
 * belong to root (or, for a check by another user, to that user) and be
 * writable by nobody else, and no link leads out of the directory.
 */
#include <sys/types.h>
#include <sys/stat.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf.h"
#include "conf_parse.h"

#define DROP_IN "leased.d"
#define SUFFIX ".conf"

/* The names of a directory that match, sorted. */
struct names {
	char **name;
	size_t n;
};

static int open_checked(struct parser *, const struct place *, int,
    const char *, const char *, int);
static char *
read_file(struct parser *, const struct place *, int, const char *, size_t *);
static char *load(struct parser *, const struct place *, int, const char *,
    const char *, size_t *);
static int list_names(struct parser *, const struct place *, int, const char *,
    const char *, struct names *);
static void free_names(struct names *);
static int compare_names(const void *, const void *);
static const char *join(struct parser *, const char *, const char *);
static const char *directory_of(struct parser *, const char *);
static const char *beneath(struct parser *, const struct place *, const char *);
static int open_parents(
    struct parser *, const struct place *, const char **, const char **);
static void include_in(
    struct parser *, const struct place *, int, const char *, const char *);
static void read_drop_ins(struct parser *);
static void read_drop_in(struct parser *, int, const char *, const char *);

struct conf *
conf_parse_buffer(const char *name, const char *buf, size_t len,
    const struct conf_macro *macros, size_t nmacros,
    void (*err)(void *, const char *), void *arg)
{
	struct parser *p;

	if ((p = parser_new(macros, nmacros, err, arg)) == NULL)
		return NULL;
	parser_text(p, name, buf, len);
	return parser_finish(p);
}

struct conf *
conf_read(const char *path, const struct conf_macro *macros, size_t nmacros,
    void (*err)(void *, const char *), void *arg)
{
	struct parser *p;
	const char *buf;
	size_t len;

	if ((p = parser_new(macros, nmacros, err, arg)) == NULL)
		return NULL;
	if (path != NULL && (p->dir = directory_of(p, path)) != NULL) {
		path = parser_strdup(p, path);
		if (path != NULL &&
		    (buf = load(p, NULL, AT_FDCWD, path, path, &len)) != NULL)
			parser_text(p, path, buf, len);
		if (!p->stop)
			read_drop_ins(p);
	}
	return parser_finish(p);
}

/*
 * Open a file or directory that may be trusted; -1: reported.  at: where it
 * is named, NULL: nowhere.  shown: its whole path.
 */
static int
open_checked(struct parser *p, const struct place *at, int dirfd,
    const char *name, const char *shown, int directory)
{
	struct stat st;
	int fd;

	fd = openat(dirfd, name,
	    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC |
		(directory ? O_DIRECTORY : 0));
	if (fd == -1) {
		/* A link: ELOOP, on FreeBSD EMLINK; with O_DIRECTORY ENOTDIR */
		if (directory &&
		    (errno == ENOTDIR || errno == ELOOP || errno == EMLINK))
			conf_error(p, at,
			    "%s: expected a directory that is no "
			    "symbolic link",
			    shown);
		else if (errno == ELOOP || errno == EMLINK)
			conf_error(p, at,
			    "%s: expected a file that is no "
			    "symbolic link",
			    shown);
		else
			conf_error(p, at,
			    "%s: %s, expected a %s that can be "
			    "read",
			    shown, strerror(errno),
			    directory ? "directory" : "file");
		return -1;
	}
	if (fstat(fd, &st) == -1)
		conf_error(p, at, "%s: %s", shown, strerror(errno));
	else if (!directory && !S_ISREG(st.st_mode))
		conf_error(p, at, "%s: expected a regular file", shown);
	else if (st.st_uid != 0 && st.st_uid != geteuid())
		conf_error(p, at, "%s: belongs to uid %lu, expected root",
		    shown, (unsigned long)st.st_uid);
	else if (st.st_mode & (S_IWGRP | S_IWOTH))
		conf_error(p, at,
		    "%s: has mode %04o, expected it not "
		    "writable by group or others",
		    shown, (unsigned int)(st.st_mode & 07777));
	else
		return fd;
	close(fd);
	return -1;
}

/* The bytes of an open file, of the parser's memory. */
static char *
read_file(struct parser *p, const struct place *at, int fd, const char *shown,
    size_t *len)
{
	char *buf;
	size_t size = CONF_FILE_MAX + 1;
	struct stat st;
	ssize_t n;

	/* It may grow while we read, but hardly does. */
	if (fstat(fd, &st) == 0 && st.st_size >= 0 &&
	    (size_t)st.st_size < CONF_FILE_MAX)
		size = (size_t)st.st_size + 1;
	if ((buf = parser_mem(p, size)) == NULL)
		return NULL;
	for (*len = 0; *len < size; *len += (size_t)n) {
		n = read(fd, buf + *len, size - *len);
		if (n == -1 && errno == EINTR) {
			n = 0;
			continue;
		}
		if (n == -1) {
			conf_error(p, at, "%s: %s", shown, strerror(errno));
			return NULL;
		}
		if (n == 0)
			return buf;
	}
	if (size <= CONF_FILE_MAX)
		conf_error(p, at, "%s: changed while it was read", shown);
	else
		conf_error(p, at, "%s: expected at most %zu bytes", shown,
		    CONF_FILE_MAX);
	return NULL;
}

static char *
load(struct parser *p, const struct place *at, int dirfd, const char *name,
    const char *shown, size_t *len)
{
	char *buf;
	int fd;

	if (p->nfiles == CONF_FILES_MAX) {
		conf_error(p, at, "%s: expected at most %d files in all", shown,
		    CONF_FILES_MAX);
		p->stop = 1;
		return NULL;
	}
	if ((fd = open_checked(p, at, dirfd, name, shown, 0)) == -1)
		return NULL;
	p->nfiles++;
	buf = read_file(p, at, fd, shown, len);
	close(fd);
	return buf;
}

/* ---- directories and names ---- */

static const char *
directory_of(struct parser *p, const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir;

	if (slash == NULL)
		return ".";
	if (slash == path)
		return "/";
	if ((dir = parser_strdup(p, path)) != NULL)
		dir[slash - path] = '\0';
	return dir;
}

static const char *
join(struct parser *p, const char *dir, const char *name)
{
	size_t size = strlen(dir) + strlen(name) + 2;
	char *path;

	if (strcmp(dir, ".") == 0)
		return parser_strdup(p, name);
	if ((path = parser_mem(p, size)) != NULL)
		snprintf(path, size, "%s%s%s", dir,
		    strcmp(dir, "/") == 0 ? "" : "/", name);
	return path;
}

/* The names in a directory that match a pattern, at most CONF_FILES_MAX. */
static int
list_names(struct parser *p, const struct place *at, int fd, const char *shown,
    const char *pattern, struct names *names)
{
	struct dirent *d;
	DIR *dir;

	names->n = 0;
	names->name = calloc(CONF_FILES_MAX, sizeof(*names->name));
	if (names->name == NULL || (dir = fdopendir(fd)) == NULL) {
		conf_error(p, at, "%s: %s", shown, strerror(errno));
		free(names->name);
		close(fd);
		return -1;
	}
	while ((d = readdir(dir)) != NULL) {
		if (fnmatch(pattern, d->d_name, FNM_PERIOD) != 0)
			continue;
		if (names->n == CONF_FILES_MAX) {
			conf_error(p, at, "%s: expected at most %d files",
			    shown, CONF_FILES_MAX);
			break;
		}
		if ((names->name[names->n] = strdup(d->d_name)) == NULL) {
			conf_error(p, at, "out of memory");
			break;
		}
		names->n++;
	}
	closedir(dir);
	qsort(names->name, names->n, sizeof(*names->name), compare_names);
	return 0;
}

static void
free_names(struct names *names)
{
	size_t i;

	for (i = 0; i < names->n; i++)
		free(names->name[i]);
	free(names->name);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* ---- include ---- */

/*
 * include "directory/pattern": the directories by their names, the last part
 * with the patterns of fnmatch(3).
 */
void
conf_include(struct parser *p, struct value *keyword, struct values *args)
{
	const struct place *at = &keyword->at;
	struct frame *f = parser_frame(p);
	const char *path, *dir, *last;
	int fd;

	if (f == NULL || f->ctx != CTX_GLOBAL) {
		conf_error(p, at, "include: expected outside of blocks");
		return;
	}
	if (args->n != 1) {
		conf_error(p, at,
		    "include with %zu values: expected one path "
		    "or pattern",
		    args->n);
		return;
	}
	if ((path = name_value(p, "include", args->first)) == NULL)
		return;
	if (p->dir == NULL) {
		conf_error(p, at,
		    "include \"%s\": expected a configuration "
		    "that is a file",
		    path);
		return;
	}
	if (p->src->nested == CONF_INCLUDE_MAX) {
		conf_error(p, at,
		    "include \"%s\": expected at most %d inside "
		    "each other",
		    path, CONF_INCLUDE_MAX);
		return;
	}
	if ((last = beneath(p, at, path)) == NULL ||
	    (fd = open_parents(p, at, &last, &dir)) == -1)
		return;
	include_in(p, at, fd, dir, last);
}

/* The path below the configuration's directory; NULL: reported. */
static const char *
beneath(struct parser *p, const struct place *at, const char *path)
{
	size_t len = strlen(p->dir);
	const char *rest = path, *c;

	if (path[0] == '/') {
		if (strncmp(path, p->dir, len) != 0 ||
		    (path[len] != '/' && p->dir[len - 1] != '/'))
			rest = NULL;
		else
			for (rest = path + len; *rest == '/'; rest++)
				;
	}
	for (c = rest; c != NULL && *c != '\0'; c++) {
		if ((c == rest || c[-1] == '/') && c[0] == '.' && c[1] == '.' &&
		    (c[2] == '/' || c[2] == '\0'))
			rest = c = NULL;
		if (c == NULL)
			break;
	}
	if (rest == NULL || *rest == '\0' || rest[strlen(rest) - 1] == '/') {
		conf_error(p, at,
		    "include \"%s\": expected a file beneath %s, "
		    "without ..",
		    path, p->dir);
		return NULL;
	}
	return rest;
}

/*
 * Open the directory a file is in, one step at a time, following no link.
 * path becomes its last part, dir what is before that.
 */
static int
open_parents(struct parser *p, const struct place *at, const char **path,
    const char **dir)
{
	const char *slash;
	char part[256];
	size_t len;
	int fd, next;

	*dir = p->dir;
	fd = open(p->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		conf_error(p, at,
		    "%s: %s, expected a directory that can be "
		    "read",
		    p->dir, strerror(errno));
	while (fd != -1 && (slash = strchr(*path, '/')) != NULL) {
		len = (size_t)(slash - *path);
		next = -1;
		if (len >= sizeof(part)) {
			conf_error(p, at,
			    "include: expected names of at most "
			    "%zu characters",
			    sizeof(part) - 1);
		} else {
			memcpy(part, *path, len);
			part[len] = '\0';
			*path = slash + 1;
			if (len == 0 || strcmp(part, ".") == 0)
				continue;
			if ((*dir = join(p, *dir, part)) != NULL)
				next = open_checked(p, at, fd, part, *dir, 1);
		}
		close(fd);
		fd = next;
	}
	return fd;
}

/* Put the files in front of what is read next; takes the descriptor. */
static void
include_in(struct parser *p, const struct place *at, int fd, const char *dir,
    const char *pattern)
{
	struct names names;
	const char *shown;
	char *buf;
	size_t i, len;
	int list, nested = p->src->nested;

	if (strpbrk(pattern, "*?[") == NULL) {
		shown = join(p, dir, pattern);
		buf = shown == NULL ? NULL
				    : load(p, at, fd, pattern, shown, &len);
		close(fd);
		if (buf != NULL &&
		    parser_push(p, shown, 1, buf, len, SOURCE_INCLUDE) == 0)
			p->src->nested = nested + 1;
		return;
	}
	if ((list = fcntl(fd, F_DUPFD_CLOEXEC, 0)) == -1) {
		conf_error(p, at, "%s: %s", dir, strerror(errno));
		close(fd);
		return;
	}
	if (list_names(p, at, list, dir, pattern, &names) == 0) {
		/* The last one first: each goes in front of the others. */
		for (i = names.n; i > 0 && !p->stop; i--) {
			shown = join(p, dir, names.name[i - 1]);
			buf = shown == NULL
			    ? NULL
			    : load(p, at, fd, names.name[i - 1], shown, &len);
			if (buf != NULL &&
			    parser_push(
				p, shown, 1, buf, len, SOURCE_INCLUDE) == 0)
				p->src->nested = nested + 1;
		}
		free_names(&names);
	}
	close(fd);
}

/* ---- leased.d ---- */

static void
read_drop_ins(struct parser *p)
{
	const char *dir, *name;
	struct names names;
	size_t i;
	int fd, list;

	if ((dir = join(p, p->dir, DROP_IN)) == NULL)
		return;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1 && errno == ENOENT)
		return;
	if (fd != -1)
		close(fd);
	if ((fd = open_checked(p, NULL, AT_FDCWD, dir, dir, 1)) == -1)
		return;
	if ((list = fcntl(fd, F_DUPFD_CLOEXEC, 0)) == -1) {
		conf_error(p, NULL, "%s: %s", dir, strerror(errno));
		close(fd);
		return;
	}
	if (list_names(p, NULL, list, dir, "*" SUFFIX, &names) == 0) {
		for (i = 0; i < names.n && !p->stop; i++) {
			if ((name = join(p, dir, names.name[i])) != NULL)
				read_drop_in(p, fd, names.name[i], name);
		}
		free_names(&names);
	}
	close(fd);
}

static void
read_drop_in(struct parser *p, int fd, const char *name, const char *shown)
{
	const struct place at = { shown, 1 }, file = { shown, 0 };
	char iface[CONF_NAME_MAX];
	const char *buf;
	size_t len = strlen(name) - strlen(SUFFIX);

	if (len >= sizeof(iface))
		len = sizeof(iface) - 1; /* no name of an interface either */
	memcpy(iface, name, len);
	iface[len] = '\0';
	if (conf_name_kind(iface) != NAME_EXACT) {
		conf_error(p, &file,
		    "expected the name of an interface (1-%d "
		    "letters, digits, ., _, -, : and @) before " SUFFIX,
		    IFACE_NAME_MAX - 1);
		return;
	}
	if ((buf = load(p, NULL, fd, name, shown, &len)) == NULL)
		return;
	block_file(p, iface, &at);
	parser_text(p, shown, buf, len);
	block_end(p);
}

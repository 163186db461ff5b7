/* SPDX-License-Identifier: ISC */
/*
 * Lease files in the state directory: see leasefile.h.  The parent only moves
 * bytes here; it is the engine that parses them.
 */

#include <sys/types.h>
#include <sys/stat.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "leasefile.h"
#include "policy.h"

/* No interface of ours begins with a dot (Y-20): no lease has this name. */
#define TEMP_NAME ".lease.tmp"
#define FORGET_MAX 8 /* networks at once; there may be more at first */
/* IF.dhcp4@HEX */
#define NAME_SIZE (IFACE_NAME_MAX + sizeof(".dhcp4@") + 2 * NETWORK_ID_MAX)

static int
file_name(char *, size_t, const char *, enum protocol, const uint8_t *, size_t);
static int write_temp(int, const uint8_t *, size_t);
static int sync_dir(int);
static ssize_t read_file(int, uint8_t *, size_t);

static const char *const suffixes[PROTO_MAX] = {
	[PROTO_DHCP4] = "dhcp4",
	[PROTO_SLAAC] = "slaac",
	[PROTO_DHCP6] = "dhcp6",
};

/* 0, or EINVAL: nothing a file can be named after. */
static int
file_name(char *name, size_t size, const char *ifname, enum protocol protocol,
    const uint8_t *network_id, size_t network_id_len)
{
	size_t i, len;
	int n;

	if ((unsigned int)protocol >= PROTO_MAX || suffixes[protocol] == NULL ||
	    network_id_len > NETWORK_ID_MAX ||
	    policy_ifname(ifname) != REFUSE_NOT)
		return EINVAL;
	n = snprintf(name, size, "%s.%s%s", ifname, suffixes[protocol],
	    network_id_len != 0 ? "@" : "");
	if (n < 0 || (size_t)n + 2 * network_id_len >= size)
		return EINVAL;
	len = (size_t)n;
	for (i = 0; i < network_id_len; i++, len += 2)
		snprintf(name + len, size - len, "%02x", network_id[i]);
	return 0;
}

static int
write_temp(int dirfd, const uint8_t *data, size_t len)
{
	size_t done = 0;
	ssize_t n;
	int error = 0, fd;

	(void)unlinkat(dirfd, TEMP_NAME, 0);
	fd = openat(dirfd, TEMP_NAME,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd == -1)
		return errno;
	while (done < len && error == 0) {
		n = write(fd, data + done, len - done);
		if (n > 0)
			done += (size_t)n;
		else if (n == 0)
			error = ENOSPC;
		else if (errno != EINTR)
			error = errno;
	}
	if (error == 0 && fsync(fd) == -1)
		error = errno;
	/* Some file systems say only now that there was no room. */
	if (close(fd) == -1 && error == 0)
		error = errno;
	return error;
}

/* A file system that cannot do it says EINVAL: nothing more can be done. */
static int
sync_dir(int dirfd)
{
	return fsync(dirfd) == -1 && errno != EINVAL ? errno : 0;
}

int
leasefile_replace(int dirfd, const char *name, const void *data, size_t len)
{
	int error;

	error = write_temp(dirfd, data, len);
	if (error == 0 && renameat(dirfd, TEMP_NAME, dirfd, name) == -1)
		error = errno;
	if (error != 0) {
		(void)unlinkat(dirfd, TEMP_NAME, 0);
		return error;
	}
	return sync_dir(dirfd);
}

static int
is_older(const struct stat *a, const struct stat *b)
{
	if (a->st_mtim.tv_sec != b->st_mtim.tv_sec)
		return a->st_mtim.tv_sec < b->st_mtim.tv_sec;
	return a->st_mtim.tv_nsec < b->st_mtim.tv_nsec;
}

/* How many files begin so, and which of them is the oldest. */
static size_t
find_oldest(int dirfd, const char *prefix, char *oldest, size_t size)
{
	struct stat st, least;
	struct dirent *de;
	size_t n = 0;
	DIR *dir;
	int fd;

	fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd == -1)
		return 0;
	if ((dir = fdopendir(fd)) == NULL) {
		close(fd);
		return 0;
	}
	memset(&least, 0, sizeof(least));
	while ((de = readdir(dir)) != NULL) {
		if (strncmp(de->d_name, prefix, strlen(prefix)) != 0 ||
		    fstatat(dirfd, de->d_name, &st, AT_SYMLINK_NOFOLLOW) == -1)
			continue;
		if (n++ == 0 || is_older(&st, &least)) {
			least = st;
			strlcpy(oldest, de->d_name, size);
		}
	}
	closedir(dir);
	return n;
}

/* One that travels joins networks without end. */
static void
forget_networks(int dirfd, const char *ifname, enum protocol protocol)
{
	char prefix[NAME_SIZE], oldest[NAME_MAX + 1];
	unsigned int i;

	snprintf(prefix, sizeof(prefix), "%s.%s@", ifname, suffixes[protocol]);
	for (i = 0; i < FORGET_MAX; i++) {
		if (find_oldest(dirfd, prefix, oldest, sizeof(oldest)) <=
		    LEASEFILE_NETWORKS_MAX)
			return;
		(void)unlinkat(dirfd, oldest, 0);
	}
}

int
leasefile_write(int dirfd, const char *ifname, enum protocol protocol,
    const uint8_t *network_id, size_t network_id_len, const char *text,
    size_t len)
{
	char name[NAME_SIZE];
	struct stat st;
	int error, is_new;

	error = file_name(
	    name, sizeof(name), ifname, protocol, network_id, network_id_len);
	if (error != 0)
		return error;
	is_new = network_id_len != 0 &&
	    fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == -1;
	error = leasefile_replace(dirfd, name, text, len);
	if (error == 0 && is_new)
		forget_networks(dirfd, ifname, protocol);
	return error;
}

/* As leasefile_read.  The descriptor stays open. */
static ssize_t
read_file(int fd, uint8_t *buf, size_t max)
{
	struct stat st;
	size_t done = 0;
	uint8_t more;
	ssize_t n;

	if (fstat(fd, &st) == -1)
		return -1;
	if (!S_ISREG(st.st_mode)) {
		errno = EINVAL;
		return -1;
	}
	if (st.st_uid != 0 || (st.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
		errno = EPERM;
		return -1;
	}
	while (done < max) {
		n = read(fd, buf + done, max - done);
		if (n == -1)
			return -1;
		if (n == 0)
			return (ssize_t)done;
		done += (size_t)n;
	}
	if ((n = read(fd, &more, 1)) > 0) {
		errno = EFBIG;
		return -1;
	}
	return n == 0 ? (ssize_t)done : -1;
}

ssize_t
leasefile_load(int dirfd, const char *name, uint8_t *buf, size_t max)
{
	int error, fd;
	ssize_t n;

	/* O_NONBLOCK: a fifo in its place must not hang the parent. */
	fd =
	    openat(dirfd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd == -1)
		return errno == ENOENT ? 0 : -1;
	n = read_file(fd, buf, max);
	error = errno;
	if (n == 0) { /* a file, but truncated to nothing */
		n = -1;
		error = EIO;
	}
	close(fd);
	errno = error;
	return n;
}

ssize_t
leasefile_read(int dirfd, const char *ifname, enum protocol protocol,
    const uint8_t *network_id, size_t network_id_len, uint8_t *buf, size_t max)
{
	char name[NAME_SIZE];
	int error;

	error = file_name(
	    name, sizeof(name), ifname, protocol, network_id, network_id_len);
	if (error == 0)
		return leasefile_load(dirfd, name, buf, max);
	errno = error;
	return -1;
}

int
leasefile_remove(int dirfd, const char *ifname, enum protocol protocol,
    const uint8_t *network_id, size_t network_id_len)
{
	char name[NAME_SIZE];
	int error;

	error = file_name(
	    name, sizeof(name), ifname, protocol, network_id, network_id_len);
	if (error != 0)
		return error;
	if (unlinkat(dirfd, name, 0) == -1)
		return errno;
	return sync_dir(dirfd);
}

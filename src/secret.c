/* SPDX-License-Identifier: ISC */
/* The secret key of stable addresses: see secret.h. */

#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "secret.h"
#include "compat/compat.h"

#define SECRET_FILE "secret"
#define TEMP_FILE ".secret.tmp"

/* 0, ENOENT, or EINVAL: not what we wrote. */
static int
secret_read(int statedir, uint8_t secret[SECRET_SIZE])
{
	uint8_t buf[SECRET_SIZE + 1];
	struct stat st;
	ssize_t n = -1;
	int fd;

	fd = openat(statedir, SECRET_FILE,
	    O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (fd == -1)
		return errno == ENOENT ? ENOENT : EINVAL;
	/* Who could read it, or write it, knows our addresses. */
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_uid == geteuid() && (st.st_mode & 077) == 0)
		n = read(fd, buf, sizeof(buf));
	close(fd);
	if (n != SECRET_SIZE)
		return EINVAL;
	memcpy(secret, buf, SECRET_SIZE);
	explicit_bzero(buf, sizeof(buf));
	return 0;
}

/* A power cut leaves the whole of it or nothing. */
static int
secret_write(int statedir, const uint8_t secret[SECRET_SIZE])
{
	int error = 0, fd;

	(void)unlinkat(statedir, TEMP_FILE, 0);
	fd = openat(statedir, TEMP_FILE,
	    O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd == -1)
		return errno;
	errno = ENOSPC; /* a short write */
	if (write(fd, secret, SECRET_SIZE) != SECRET_SIZE || fsync(fd) == -1)
		error = errno;
	close(fd);
	if (error == 0 &&
	    renameat(statedir, TEMP_FILE, statedir, SECRET_FILE) == -1)
		error = errno;
	if (error != 0)
		(void)unlinkat(statedir, TEMP_FILE, 0);
	else if (fsync(statedir) == -1)
		error = errno;
	return error;
}

int
secret_load(int statedir, uint8_t secret[SECRET_SIZE])
{
	int error, found = secret_read(statedir, secret);

	if (found == 0)
		return 0;
	arc4random_buf(secret, SECRET_SIZE);
	error = secret_write(statedir, secret);
	if (error != 0)
		return error;
	return found == EINVAL ? EINVAL : 0;
}

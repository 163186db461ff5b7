/* SPDX-License-Identifier: ISC */
/*
 * The parent's view of the file system (landlock(7)): its configuration, its
 * state, and the removal of its runtime files.  A rule holds for a file itself,
 * not for its name.
 */

#include <sys/stat.h>
#include <sys/syscall.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "../../compat/landlock.h"
#include "sandbox.h"

#define LL_FS_ABI1 (LL_MAKE_SYM * 2 - 1)
#define LL_FILE_ONLY \
	(LL_EXECUTE | LL_WRITE_FILE | LL_READ_FILE | LL_TRUNCATE | LL_IOCTL_DEV)

#define RIGHTS_READ (LL_READ_FILE | LL_READ_DIR)
#define RIGHTS_STATE                                                \
	(LL_READ_FILE | LL_WRITE_FILE | LL_TRUNCATE | LL_READ_DIR | \
	    LL_MAKE_REG | LL_REMOVE_FILE)

/* What each ABI added; a row counts when the kernel's is at least as new. */
static const struct {
	uint32_t abi;
	uint64_t fs;
	uint64_t net;
	uint64_t scoped;
} abis[] = {
	{ 1, LL_FS_ABI1, 0, 0 },
	{ 2, LL_REFER, 0, 0 },
	{ 3, LL_TRUNCATE, 0, 0 },
	{ 4, 0, LL_NET_BIND_TCP | LL_NET_CONNECT_TCP, 0 },
	{ 5, LL_IOCTL_DEV, 0, 0 },
	{ 6, 0, 0, LL_SCOPE_ABSTRACT_UNIX | LL_SCOPE_SIGNAL },
};

struct ruleset {
	int fd;
	uint64_t handled;
};

/* A path that is not there needs no rule. */
static int
grant(const struct ruleset *rs, const char *path, uint64_t rights)
{
	struct ll_path_beneath_attr attr;
	struct stat st;
	int error = 0, fd;

	if (path == NULL)
		return 0;
	fd = open(path, O_PATH | O_CLOEXEC);
	if (fd == -1)
		return errno == ENOENT || errno == ENOTDIR ? 0 : errno;
	memset(&attr, 0, sizeof(attr));
	attr.allowed_access = rights & rs->handled;
	attr.parent_fd = fd;
	if (fstat(fd, &st) == -1)
		error = errno;
	else if (!S_ISDIR(st.st_mode))
		attr.allowed_access &= LL_FILE_ONLY;
	if (error == 0 &&
	    syscall(LL_SYS_ADD_RULE, rs->fd, LL_RULE_PATH_BENEATH, &attr, 0) ==
		-1)
		error = errno;
	close(fd);
	return error;
}

/*
 * The configuration: all that is beneath its directory may be read.  A rule
 * for the file alone would end with it, and most editors write a new file and
 * rename it over the old one; included files and leased.d are not even known
 * before they are read.
 */
static int
grant_conf(const struct ruleset *rs, const char *conf)
{
	const char *slash = strrchr(conf, '/');
	char dir[PATH_MAX];
	size_t len = slash != NULL ? (size_t)(slash - conf) : 0;

	if (len >= sizeof(dir))
		return ENAMETOOLONG;
	/* That would be the whole system: only the file, as long as it lasts */
	if (len == 0 && slash != NULL)
		return grant(rs, conf, RIGHTS_READ);
	if (len > 0)
		memcpy(dir, conf, len);
	else
		dir[len++] = '.';
	dir[len] = '\0';
	return grant(rs, dir, RIGHTS_READ);
}

static int
grant_all(const struct ruleset *rs, const struct os_sandbox_paths *paths)
{
	int error;

	if (paths == NULL)
		return 0;
	if ((error = grant(rs, paths->statedir, RIGHTS_STATE)) != 0 ||
	    (error = grant(rs, paths->rundir, LL_REMOVE_FILE)) != 0 ||
	    (error = grant(rs, paths->piddir, LL_REMOVE_FILE)) != 0 ||
	    (error = grant(
		 rs, "/proc/sys/net", LL_READ_FILE | LL_WRITE_FILE)) != 0)
		return error;
	return paths->conf != NULL ? grant_conf(rs, paths->conf) : 0;
}

int
landlock_restrict(const struct os_sandbox_paths *paths, uint32_t *abi)
{
	struct ll_ruleset_attr attr;
	struct ruleset rs;
	size_t i;
	long n;
	int error;

	*abi = 0;
	n = syscall(LL_SYS_CREATE_RULESET, NULL, 0, LL_CREATE_RULESET_VERSION);
	if (n < 1)
		return 0; /* not built in, or not enabled: reported */
	memset(&attr, 0, sizeof(attr));
	for (i = 0; i < sizeof(abis) / sizeof(abis[0]); i++) {
		if ((uint32_t)n < abis[i].abi)
			continue;
		attr.handled_access_fs |= abis[i].fs;
		attr.handled_access_net |= abis[i].net;
		attr.scoped |= abis[i].scoped;
	}
	rs.handled = attr.handled_access_fs;
	rs.fd = (int)syscall(LL_SYS_CREATE_RULESET, &attr, sizeof(attr), 0);
	if (rs.fd == -1)
		return errno;
	error = grant_all(&rs, paths);
	if (error == 0 && syscall(LL_SYS_RESTRICT_SELF, rs.fd, 0) == -1)
		error = errno;
	close(rs.fd);
	if (error == 0)
		*abi = (uint32_t)n;
	return error;
}

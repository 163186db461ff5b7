/* SPDX-License-Identifier: ISC */
/*
 * The kernel's own handling of router advertisements, and what it takes from
 * them, in /proc/sys/net.  netlink can read these, but not set them.
 *
 * A name is part of a path here.  What we changed is put back also under a
 * name that policy_ifname() does not pass, and that somebody gave meanwhile.
 */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "netlink.h"

#define ROOT "/proc/sys/net"
#define VALUE_MAX 32

/* KNOB_OPTIMISTIC is two switches, as bits, so that both can be put back as
 * they were found: 1 sets both. */
static const struct {
	const char *dir, *file;
	int writable;
} knobs[KNOB_MAX] = {
	[KNOB_ACCEPT_RA] = { "ipv6/conf", "accept_ra", 1 },
	[KNOB_AUTOCONF] = { "ipv6/conf", "autoconf", 1 },
	[KNOB_TEMPADDR] = { "ipv6/conf", "use_tempaddr", 1 },
	[KNOB_OPTIMISTIC] = { "ipv6/conf", "optimistic_dad", 1 },
	/* An administrator who switched IPv6 off wants it off. */
	[KNOB_DISABLED] = { "ipv6/conf", "disable_ipv6", 0 },
	[KNOB_MTU] = { "ipv6/conf", "mtu", 1 },
	[KNOB_HOP_LIMIT] = { "ipv6/conf", "hop_limit", 1 },
	[KNOB_REACHABLE_MS] = { "ipv6/neigh", "base_reachable_time_ms", 1 },
	[KNOB_RETRANS_MS] = { "ipv6/neigh", "retrans_time_ms", 1 },
	[KNOB_LINKDOWN] = { "ipv6/conf", "ignore_routes_with_linkdown", 1 },
	[KNOB_LINKDOWN4] = { "ipv4/conf", "ignore_routes_with_linkdown", 1 },
};

/* ENOTSUP: this kernel has no such file. */
static int
knob_open(const struct interface *iface, const char *dir, const char *file,
    int flags, int *fd)
{
	char name[IFACE_NAME_MAX + 1] = { 0 };
	char path[PATH_MAX];
	int n;

	memcpy(name, iface->name, IFACE_NAME_MAX);
	/* The kernel gives no such names; but a path it is. */
	if (name[0] == '\0' || strchr(name, '/') != NULL ||
	    strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
		return EINVAL;
	n = snprintf(path, sizeof(path), ROOT "/%s/%s/%s", dir, name, file);
	if (n < 0 || (size_t)n >= sizeof(path))
		return ENAMETOOLONG;
	*fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW);
	if (*fd == -1)
		return errno == ENOENT ? ENOTSUP : errno;
	return 0;
}

int
knob_read(const struct interface *iface, const char *dir, const char *file,
    int *value)
{
	char text[VALUE_MAX], *end;
	ssize_t n;
	long l;
	int error, fd;

	if ((error = knob_open(iface, dir, file, O_RDONLY, &fd)) != 0)
		return error;
	n = read(fd, text, sizeof(text) - 1);
	error = n == -1 ? errno : 0;
	close(fd);
	if (error != 0)
		return error;
	text[n] = '\0';
	l = strtol(text, &end, 10);
	if (end == text || (*end != '\n' && *end != '\0') || l < INT_MIN ||
	    l > INT_MAX)
		return EINVAL;
	*value = (int)l;
	return 0;
}

static int
knob_write(
    const struct interface *iface, const char *dir, const char *file, int value)
{
	char text[VALUE_MAX];
	int error, fd, len = snprintf(text, sizeof(text), "%d\n", value);

	if ((error = knob_open(iface, dir, file, O_WRONLY, &fd)) != 0)
		return error;
	if (write(fd, text, (size_t)len) != len)
		error = errno;
	close(fd);
	return error;
}

static int
optimistic_get(const struct interface *iface, uint32_t *value)
{
	int dad, use, error;

	if ((error = knob_read(iface, "ipv6/conf", "optimistic_dad", &dad)) !=
		0 ||
	    (error = knob_read(iface, "ipv6/conf", "use_optimistic", &use)) !=
		0)
		return error;
	*value = dad && use ? 1 : dad ? 2 : use ? 3 : 0;
	return 0;
}

static int
optimistic_set(const struct interface *iface, uint32_t value)
{
	int error, before;

	error = knob_read(iface, "ipv6/conf", "optimistic_dad", &before);
	if (error == 0)
		error = knob_write(iface, "ipv6/conf", "optimistic_dad",
		    value == 1 || value == 2);
	if (error != 0)
		return error;
	error = knob_write(
	    iface, "ipv6/conf", "use_optimistic", value == 1 || value == 3);
	/* Both or neither. */
	if (error != 0)
		(void)knob_write(iface, "ipv6/conf", "optimistic_dad", before);
	return error;
}

int
os_ipv6_get(
    const struct interface *iface, enum os_ipv6_knob knob, uint32_t *value)
{
	int error, n;

	if ((unsigned int)knob >= KNOB_MAX)
		return EINVAL;
	if (knob == KNOB_OPTIMISTIC)
		return optimistic_get(iface, value);
	error = knob_read(iface, knobs[knob].dir, knobs[knob].file, &n);
	if (error == 0)
		*value = (uint32_t)n; /* use_tempaddr may be -1 */
	return error;
}

int
os_ipv6_set(
    const struct interface *iface, enum os_ipv6_knob knob, uint32_t value)
{
	if ((unsigned int)knob >= KNOB_MAX)
		return EINVAL;
	if (!knobs[knob].writable)
		return ENOTSUP;
	if (knob == KNOB_OPTIMISTIC)
		return optimistic_set(iface, value);
	return knob_write(iface, knobs[knob].dir, knobs[knob].file, (int)value);
}

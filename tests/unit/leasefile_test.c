/* SPDX-License-Identifier: ISC */
/* Lease files: names, atomic replacement, and what is not read. */

#include <sys/types.h>
#include <sys/stat.h>
#include <errno.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "leasefile.h"
#include "scratch.h"
#include "test.h"

static const uint8_t ssid[NETWORK_ID_MAX + 1] = { 'a', '/', 0xff, 0 };
static uint8_t buf[64];

static int
state_dir(void)
{
	int fd;

	if (mkdir("state", 0700) == -1)
		ATF_REQUIRE_EQ(EEXIST, errno);
	fd = open("state", O_RDONLY | O_DIRECTORY);
	ATF_REQUIRE(fd != -1);
	return fd;
}

static int
put(int dir, const char *ifname, const char *text)
{
	return leasefile_write(
	    dir, ifname, PROTO_DHCP4, NULL, 0, text, strlen(text));
}

static ssize_t
get(int dir, const char *ifname)
{
	memset(buf, 0, sizeof(buf));
	errno = 0;
	return leasefile_read(
	    dir, ifname, PROTO_DHCP4, NULL, 0, buf, sizeof(buf) - 1);
}

static int
exists(int dir, const char *name)
{
	struct stat st;

	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

TEST_ROOT(leasefile_is_written_and_read,
    "Y-07: one file per interface and protocol, mode 0600, replaced whole")
{
	struct stat st;
	int dir = state_dir();

	ATF_CHECK_EQ(0, get(dir, "eth0"));
	ATF_CHECK_EQ(0, put(dir, "eth0", "a longer text"));
	ATF_REQUIRE_EQ(0, fstatat(dir, "eth0.dhcp4", &st, 0));
	ATF_CHECK_EQ(0600, st.st_mode & 07777);
	ATF_CHECK_EQ(0, put(dir, "eth0", "shorter"));
	ATF_CHECK_EQ(7, get(dir, "eth0"));
	ATF_CHECK_STREQ("shorter", (char *)buf);
	/* A file truncated to nothing is not the same as none. */
	ATF_CHECK_EQ(0, put(dir, "eth0", ""));
	ATF_CHECK_EQ(-1, get(dir, "eth0"));
	ATF_CHECK_EQ(0, leasefile_remove(dir, "eth0", PROTO_DHCP4, NULL, 0));
	ATF_CHECK_EQ(
	    ENOENT, leasefile_remove(dir, "eth0", PROTO_DHCP4, NULL, 0));
	ATF_CHECK(!exists(dir, "eth0.dhcp4"));
}

TEST_ROOT(leasefile_is_kept_per_network,
    "Y-24: one file per SSID, named in hexadecimal")
{
	char longest[] =
	    "abcdefghijklmno.dhcp4@"
	    "612fff0000000000000000000000000000000000000000000000000000000000";
	int dir = state_dir();

	ATF_CHECK_EQ(0,
	    leasefile_write(dir, "wlan0", PROTO_DHCP4, ssid, 3, "at home", 7));
	ATF_CHECK(exists(dir, "wlan0.dhcp4@612fff"));
	ATF_CHECK_EQ(0, get(dir, "wlan0"));
	ATF_CHECK_EQ(7,
	    leasefile_read(
		dir, "wlan0", PROTO_DHCP4, ssid, 3, buf, sizeof(buf)));
	ATF_CHECK_EQ(0,
	    leasefile_write(dir, "abcdefghijklmno", PROTO_DHCP4, ssid,
		NETWORK_ID_MAX, "x", 1));
	ATF_CHECK(exists(dir, longest));
	ATF_CHECK_EQ(EINVAL,
	    leasefile_write(
		dir, "wlan0", PROTO_DHCP4, ssid, NETWORK_ID_MAX + 1, "x", 1));
	ATF_CHECK_EQ(0, leasefile_remove(dir, "wlan0", PROTO_DHCP4, ssid, 3));
	ATF_CHECK(!exists(dir, "wlan0.dhcp4@612fff"));
}

TEST_ROOT(leasefile_has_no_other_name,
    "Y-20: no path, no other protocol can be made a file name")
{
	static const char *const bad[] = { "", "..", "../x", "a/b", ".x", "-x",
		"a b", "abcdefghijklmnop" };
	int dir = state_dir();
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ATF_CHECK_EQ_MSG(EINVAL, put(dir, bad[i], "x"), "%s", bad[i]);
		ATF_CHECK_EQ(-1, get(dir, bad[i]));
		ATF_CHECK_EQ(EINVAL, errno);
		ATF_CHECK_EQ(EINVAL,
		    leasefile_remove(dir, bad[i], PROTO_DHCP4, NULL, 0));
	}
	ATF_CHECK_EQ(
	    EINVAL, leasefile_write(dir, "eth0", PROTO_NONE, NULL, 0, "x", 1));
	ATF_CHECK_EQ(
	    EINVAL, leasefile_write(dir, "eth0", PROTO_MAX, NULL, 0, "x", 1));
	ATF_CHECK_EQ(EINVAL,
	    leasefile_write(dir, "eth0", (enum protocol) - 1, NULL, 0, "x", 1));
}

TEST_ROOT(leasefile_longer_than_the_bound_is_not_read,
    "Y-07: an over-long file is refused")
{
	char text[65];
	int dir = state_dir();

	memset(text, 'x', sizeof(text));
	ATF_CHECK_EQ(
	    0, leasefile_write(dir, "eth0", PROTO_DHCP4, NULL, 0, text, 63));
	ATF_CHECK_EQ(63, get(dir, "eth0"));
	ATF_CHECK_EQ(
	    0, leasefile_write(dir, "eth0", PROTO_DHCP4, NULL, 0, text, 64));
	ATF_CHECK_EQ(-1, get(dir, "eth0"));
	ATF_CHECK_EQ(EFBIG, errno);
}

TEST_ROOT(leasefile_of_others_is_not_read,
    "Y-07: a file not root's, or writable by others, a link, a fifo, a "
    "directory")
{
	int dir = state_dir();

	ATF_CHECK_EQ(0, put(dir, "eth0", "text"));
	ATF_REQUIRE_EQ(0, fchmodat(dir, "eth0.dhcp4", 0620, 0));
	ATF_CHECK_EQ(-1, get(dir, "eth0"));
	ATF_CHECK_EQ(EPERM, errno);
	ATF_REQUIRE_EQ(0, fchmodat(dir, "eth0.dhcp4", 0602, 0));
	ATF_CHECK_EQ(-1, get(dir, "eth0"));
	ATF_CHECK_EQ(EPERM, errno);
	ATF_REQUIRE_EQ(0, fchmodat(dir, "eth0.dhcp4", 0644, 0));
	ATF_CHECK_EQ(4, get(dir, "eth0"));
	ATF_REQUIRE_EQ(0, fchownat(dir, "eth0.dhcp4", 1, 0, 0));
	ATF_CHECK_EQ(-1, get(dir, "eth0"));
	ATF_CHECK_EQ(EPERM, errno);
	ATF_REQUIRE_EQ(0, symlinkat("eth0.dhcp4", dir, "eth1.dhcp4"));
	ATF_CHECK_EQ(-1, get(dir, "eth1"));
	ATF_CHECK(errno == ELOOP || errno == EMLINK); /* FreeBSD: EMLINK */
	ATF_REQUIRE_EQ(0, mkfifoat(dir, "eth2.dhcp4", 0600));
	ATF_CHECK_EQ(-1, get(dir, "eth2"));
	ATF_CHECK_EQ(EINVAL, errno);
	ATF_REQUIRE_EQ(0, mkdirat(dir, "eth3.dhcp4", 0700));
	ATF_CHECK_EQ(-1, get(dir, "eth3"));
	ATF_CHECK_EQ(EINVAL, errno);
}

TEST_ROOT(leasefile_write_follows_no_link,
    "Y-07: a link in the place of the file, or of the temporary one, is "
    "replaced, what it names is left alone")
{
	struct stat st;
	int dir = state_dir(), fd;

	fd = openat(dir, "victim", O_WRONLY | O_CREAT, 0600);
	ATF_REQUIRE_EQ(4, write(fd, "safe", 4));
	close(fd);
	ATF_REQUIRE_EQ(0, symlinkat("victim", dir, ".lease.tmp"));
	ATF_REQUIRE_EQ(0, symlinkat("victim", dir, "eth0.dhcp4"));
	ATF_CHECK_EQ(0, put(dir, "eth0", "a lease"));
	ATF_REQUIRE_EQ(0, fstatat(dir, "eth0.dhcp4", &st, AT_SYMLINK_NOFOLLOW));
	ATF_CHECK(S_ISREG(st.st_mode));
	ATF_REQUIRE_EQ(0, fstatat(dir, "victim", &st, 0));
	ATF_CHECK_EQ(4, st.st_size);
	ATF_CHECK(!exists(dir, ".lease.tmp"));
}

TEST_ROOT(leasefile_on_a_full_disk_keeps_the_old_one,
    "Y-07: ENOSPC and EROFS are returned, the file before stays whole")
{
	static char big[128 * 1024];
	int dir;

	ATF_REQUIRE_EQ(0, mkdir("state", 0700));
	scratch_mount("state", 64);
	dir = state_dir();
	ATF_CHECK_EQ(0, put(dir, "eth0", "old"));
	memset(big, 'x', sizeof(big));
	ATF_CHECK_EQ(ENOSPC,
	    leasefile_write(
		dir, "eth0", PROTO_DHCP4, NULL, 0, big, sizeof(big)));
	ATF_CHECK(!exists(dir, ".lease.tmp"));
	ATF_CHECK_EQ(3, get(dir, "eth0"));
	scratch_readonly("state", 1);
	ATF_CHECK_EQ(EROFS, put(dir, "eth0", "new"));
	ATF_CHECK_EQ(3, get(dir, "eth0"));
	ATF_CHECK_EQ(
	    EROFS, leasefile_remove(dir, "eth0", PROTO_DHCP4, NULL, 0));
}

TEST_ROOT(leasefile_networks_are_bounded,
    "Y-24: of more networks than are kept the oldest is forgotten; not what "
    "is of another protocol or interface")
{
	const struct timespec old[2] = { { .tv_sec = 1000 },
		{ .tv_sec = 1000 } };
	unsigned int i;
	uint8_t id[2];
	int dir = state_dir();

	put(dir, "em0", "x\n");
	for (i = 0; i < LEASEFILE_NETWORKS_MAX + 1U; i++) {
		id[0] = 'n';
		id[1] = (uint8_t)i;
		ATF_REQUIRE_EQ(0,
		    leasefile_write(dir, "em0", PROTO_DHCP6, id, 2, "x\n", 2));
		if (i == 0) /* the clock of files is coarse */
			ATF_REQUIRE_EQ(
			    0, utimensat(dir, "em0.dhcp6@6e00", old, 0));
		if (i < LEASEFILE_NETWORKS_MAX)
			ATF_REQUIRE_EQ(0,
			    leasefile_write(
				dir, "em0", PROTO_DHCP4, id, 2, "x\n", 2));
	}
	ATF_CHECK(!exists(dir, "em0.dhcp6@6e00"));
	ATF_CHECK(exists(dir, "em0.dhcp6@6e01"));
	ATF_CHECK(exists(dir, "em0.dhcp6@6e40"));
	ATF_CHECK(exists(dir, "em0.dhcp4@6e00"));
	ATF_REQUIRE_EQ(0, utimensat(dir, "em0.dhcp4@6e07", old, 0));
	id[1] = 0xff;
	ATF_REQUIRE_EQ(
	    0, leasefile_write(dir, "em0", PROTO_DHCP4, id, 2, "x\n", 2));
	ATF_CHECK(!exists(dir, "em0.dhcp4@6e07"));
	ATF_CHECK(exists(dir, "em0.dhcp4@6e00"));
	ATF_CHECK(exists(dir, "em0.dhcp4@6eff"));
	ATF_CHECK(exists(dir, "em0.dhcp4"));
	close(dir);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, leasefile_is_written_and_read);
	ATF_TP_ADD_TC(tp, leasefile_is_kept_per_network);
	ATF_TP_ADD_TC(tp, leasefile_has_no_other_name);
	ATF_TP_ADD_TC(tp, leasefile_longer_than_the_bound_is_not_read);
	ATF_TP_ADD_TC(tp, leasefile_of_others_is_not_read);
	ATF_TP_ADD_TC(tp, leasefile_write_follows_no_link);
	ATF_TP_ADD_TC(tp, leasefile_on_a_full_disk_keeps_the_old_one);

	ATF_TP_ADD_TC(tp, leasefile_networks_are_bounded);
	return atf_no_error();
}

/* SPDX-License-Identifier: ISC */
/* The secret of stable addresses, on a real disk. */

#include <sys/stat.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "secret.h"
#include "test.h"

static int
state_dir(void)
{
	int fd;

	ATF_REQUIRE_EQ(mkdir("state", 0700), 0);
	fd = open("state", O_RDONLY | O_DIRECTORY);
	ATF_REQUIRE(fd != -1);
	return fd;
}

TEST(secret_is_made_once,
    "S-06: 32 random bytes, mode 0600, the same at the next start")
{
	uint8_t first[SECRET_SIZE] = { 0 }, next[SECRET_SIZE] = { 0 };
	static const uint8_t zero[SECRET_SIZE];
	struct stat st;
	int dir = state_dir();

	ATF_CHECK_EQ(secret_load(dir, first), 0);
	ATF_CHECK(memcmp(first, zero, SECRET_SIZE) != 0);
	ATF_REQUIRE_EQ(stat("state/secret", &st), 0);
	ATF_CHECK_EQ(st.st_mode & 07777, 0600);
	ATF_CHECK_EQ(st.st_size, SECRET_SIZE);
	ATF_CHECK_EQ(secret_load(dir, next), 0);
	ATF_CHECK(memcmp(first, next, SECRET_SIZE) == 0);
	ATF_REQUIRE_EQ(unlink("state/secret"), 0);
	ATF_CHECK_EQ(secret_load(dir, next), 0);
	ATF_CHECK(memcmp(first, next, SECRET_SIZE) != 0);
}

TEST(secret_that_is_none_is_replaced,
    "S-06, Y-07: truncated, too long, readable by others or a symbolic link: "
    "a new one")
{
	uint8_t first[SECRET_SIZE], next[SECRET_SIZE];
	int dir = state_dir(), fd, pass;

	for (pass = 0; pass < 4; pass++) {
		ATF_REQUIRE(secret_load(dir, first) != -1);
		fd = open("state/secret", O_WRONLY | O_APPEND);
		ATF_REQUIRE(fd != -1);
		if (pass == 0)
			ATF_REQUIRE_EQ(ftruncate(fd, SECRET_SIZE - 1), 0);
		else if (pass == 1)
			ATF_REQUIRE_EQ(write(fd, "x", 1), 1);
		else if (pass == 2)
			ATF_REQUIRE_EQ(fchmod(fd, 0640), 0);
		close(fd);
		if (pass == 3) {
			ATF_REQUIRE_EQ(
			    rename("state/secret", "state/elsewhere"), 0);
			ATF_REQUIRE_EQ(symlink("elsewhere", "state/secret"), 0);
		}
		ATF_CHECK_EQ(secret_load(dir, next), EINVAL);
		ATF_CHECK(memcmp(first, next, SECRET_SIZE) != 0);
		ATF_CHECK_EQ(secret_load(dir, first), 0);
		ATF_CHECK(memcmp(first, next, SECRET_SIZE) == 0);
	}
}

TEST(secret_that_cannot_be_kept_is_still_one,
    "Y-07: without a disk there is a secret until restart")
{
	uint8_t secret[SECRET_SIZE] = { 0 };
	static const uint8_t zero[SECRET_SIZE];

	ATF_CHECK(secret_load(-1, secret) != 0);
	ATF_CHECK(memcmp(secret, zero, SECRET_SIZE) != 0);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, secret_is_made_once);
	ATF_TP_ADD_TC(tp, secret_that_is_none_is_replaced);
	ATF_TP_ADD_TC(tp, secret_that_cannot_be_kept_is_still_one);
	return atf_no_error();
}

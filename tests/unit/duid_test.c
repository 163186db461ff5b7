/* SPDX-License-Identifier: ISC */
/* The host's DUID: made as the configuration says, once. */

#include <sys/stat.h>
#include <sys/wait.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "duid.h"
#include "test.h"

static const uint8_t mac[6] = { 0x00, 0x16, 0x3e, 0x01, 0x02, 0x03 },
		     other[6] = { 0x00, 0x16, 0x3e, 0xff, 0xff, 0xff };

static int
state_dir(void)
{
	int fd;

	if (mkdir("state", 0700) == -1)
		ATF_REQUIRE_EQ(EEXIST, errno);
	ATF_REQUIRE((fd = open("state", O_RDONLY | O_DIRECTORY)) != -1);
	return fd;
}

/* As another start of the daemon does it. */
static void
load(int dir, enum conf_duid kind, const uint8_t *hwaddr, uint64_t wall,
    struct conf_global *conf)
{
	int fds[2], status;
	pid_t pid;

	ATF_REQUIRE_EQ(pipe(fds), 0);
	ATF_REQUIRE((pid = fork()) != -1);
	if (pid == 0) {
		memset(conf, 0, sizeof(*conf));
		conf->duid_kind = (uint8_t)kind;
		if (duid_load(dir, conf, hwaddr, wall) != 0 ||
		    write(fds[1], conf, sizeof(*conf)) != sizeof(*conf))
			_exit(1);
		_exit(0);
	}
	ATF_REQUIRE_EQ(waitpid(pid, &status, 0), pid);
	ATF_REQUIRE_EQ(status, 0);
	ATF_REQUIRE_EQ(
	    read(fds[0], conf, sizeof(*conf)), (ssize_t)sizeof(*conf));
	close(fds[0]);
	close(fds[1]);
}

static void
check(const struct conf_global *conf, const uint8_t *want, size_t len)
{
	ATF_REQUIRE_EQ(conf->duid_len, len);
	ATF_CHECK_EQ(memcmp(conf->duid, want, len), 0);
}

TEST(duid_llt_has_address_and_time,
    "D6-02: DUID-LLT (RFC 9915 11.2), the same when the hardware is another")
{
	/* 0x32940400 s after midnight UTC, January 1, 2000 */
	static const uint8_t want[] = { 0, 1, 0, 1, 0x32, 0x94, 0x04, 0x00,
		0x00, 0x16, 0x3e, 0x01, 0x02, 0x03 };
	const uint64_t wall = 946684800ULL + 0x32940400;
	struct conf_global conf;
	int dir = state_dir();

	load(dir, CONF_DUID_LLT, mac, wall, &conf);
	check(&conf, want, sizeof(want));
	ATF_CHECK(!duid_is_substitute(&conf));
	load(dir, CONF_DUID_LLT, other, wall + 1, &conf);
	check(&conf, want, sizeof(want));
	load(dir, CONF_DUID_LLT, NULL, wall + 1, &conf);
	check(&conf, want, sizeof(want));
}

TEST(duid_ll_has_address,
    "D6-02: DUID-LL (RFC 9915 11.4), the same when the hardware is another")
{
	static const uint8_t want[] = { 0, 3, 0, 1, 0x00, 0x16, 0x3e, 0x01,
		0x02, 0x03 };
	struct conf_global conf;
	int dir = state_dir();

	load(dir, CONF_DUID_LL, mac, 0, &conf);
	check(&conf, want, sizeof(want));
	load(dir, CONF_DUID_LL, other, 0, &conf);
	check(&conf, want, sizeof(want));
}

TEST(duid_uuid_is_random_and_kept,
    "D6-02: DUID-UUID of random version 4 (RFC 6355, RFC 9562)")
{
	struct conf_global conf, again;
	int dir = state_dir();

	load(dir, CONF_DUID_UUID, mac, 0, &conf);
	ATF_REQUIRE_EQ(conf.duid_len, 18);
	ATF_CHECK_EQ(conf.duid[0], 0);
	ATF_CHECK_EQ(conf.duid[1], 4);
	ATF_CHECK_EQ(conf.duid[8] >> 4, 4);
	ATF_CHECK_EQ(conf.duid[10] >> 6, 2);
	load(dir, CONF_DUID_UUID, other, 1, &again);
	check(&again, conf.duid, 18);
	ATF_REQUIRE_EQ(unlinkat(dir, "duid", 0), 0);
	load(dir, CONF_DUID_UUID, mac, 0, &again);
	ATF_CHECK(memcmp(conf.duid, again.duid, 18) != 0);
}

TEST(duid_kinds_do_not_replace_each_other,
    "D6-02: who tries another kind and returns finds the old one")
{
	struct conf_global uuid, conf;
	int dir = state_dir();

	load(dir, CONF_DUID_UUID, mac, 0, &uuid);
	load(dir, CONF_DUID_LL, mac, 0, &conf);
	load(dir, CONF_DUID_LLT, mac, 0, &conf);
	load(dir, CONF_DUID_UUID, mac, 0, &conf);
	check(&conf, uuid.duid, uuid.duid_len);
}

TEST(duid_without_ethernet_is_a_uuid,
    "D6-02: no Ethernet interface when it is made: a UUID, which stays")
{
	struct conf_global conf, again;
	int dir = state_dir();

	load(dir, CONF_DUID_LLT, NULL, 0, &conf);
	ATF_REQUIRE_EQ(conf.duid_len, 18);
	ATF_CHECK_EQ(conf.duid[1], 4);
	ATF_CHECK(duid_is_substitute(&conf));
	load(dir, CONF_DUID_LLT, mac, 0, &again);
	check(&again, conf.duid, 18);
	load(dir, CONF_DUID_UUID, mac, 0, &again);
	ATF_CHECK(!duid_is_substitute(&again));
}

TEST(duid_file_that_is_none_is_replaced,
    "D6-02: truncated, of another kind, or too long")
{
	static const uint8_t bad[][20] = { { 0 }, { 0, 3, 0 },
		{ 0, 1, 0, 1, 1, 1, 1, 1, 0, 1, 2, 3, 4, 5 }, { 0, 4 } };
	static const size_t lens[] = { 1, 3, 14, 19 };
	static const uint8_t want[] = { 0, 3, 0, 1, 0x00, 0x16, 0x3e, 0x01,
		0x02, 0x03 };
	struct conf_global conf;
	int dir = state_dir(), fd;
	size_t i;

	for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		fd = openat(dir, "duid.ll", O_WRONLY | O_CREAT | O_TRUNC, 0600);
		ATF_REQUIRE(fd != -1);
		ATF_REQUIRE_EQ(write(fd, bad[i], lens[i]), (ssize_t)lens[i]);
		close(fd);
		load(dir, CONF_DUID_LL, mac, 0, &conf);
		check(&conf, want, sizeof(want));
	}
}

TEST(duid_lasts_until_restart_when_it_cannot_be_kept,
    "D6-02, Y-07: the state directory cannot be written")
{
	struct conf_global conf = { .duid_kind = CONF_DUID_UUID }, again;

	again = conf;
	ATF_CHECK_EQ(duid_load(-1, &conf, mac, 0), EBADF);
	ATF_CHECK_EQ(conf.duid_len, 18);
	ATF_CHECK_EQ(duid_load(-1, &again, mac, 0), 0);
	check(&again, conf.duid, 18);
}

TEST(duid_of_the_configuration_is_left,
    "D6-02: `duid en` and bytes are used as they are")
{
	struct conf_global conf = { .duid_kind = CONF_DUID_BYTES,
		.duid_len = 4,
		.duid = { 0, 9, 1, 2 } };

	ATF_CHECK_EQ(duid_load(-1, &conf, mac, 0), 0);
	check(&conf, (const uint8_t[]){ 0, 9, 1, 2 }, 4);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, duid_llt_has_address_and_time);
	ATF_TP_ADD_TC(tp, duid_ll_has_address);
	ATF_TP_ADD_TC(tp, duid_uuid_is_random_and_kept);
	ATF_TP_ADD_TC(tp, duid_kinds_do_not_replace_each_other);
	ATF_TP_ADD_TC(tp, duid_without_ethernet_is_a_uuid);
	ATF_TP_ADD_TC(tp, duid_file_that_is_none_is_replaced);
	ATF_TP_ADD_TC(tp, duid_lasts_until_restart_when_it_cannot_be_kept);
	ATF_TP_ADD_TC(tp, duid_of_the_configuration_is_left);
	return atf_no_error();
}

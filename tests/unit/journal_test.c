/* SPDX-License-Identifier: ISC */
/* The parent's journal on a real file system, also a full and a read-only
 * one (in a mount namespace of the test's own). */

#include <sys/types.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "journal.h"
#include "scratch.h"
#include "test.h"

#define HEADER 80
#define RECORD 88

static int messages; /* lines that the journal logged */
static char last[256];

static void
on_err(const char *line)
{
	messages++;
	strlcpy(last, line, sizeof(last));
}

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

static void
mount_tmpfs(unsigned int kbytes)
{
	if (mkdir("state", 0700) == -1)
		ATF_REQUIRE_EQ(EEXIST, errno);
	scratch_mount("state", kbytes);
}

static void
start(struct journal *j, int dir, const char *boot)
{
	messages = 0;
	last[0] = '\0';
	ATF_REQUIRE_EQ(0, journal_open(j, dir, boot, on_err));
}

static struct journal_record
record(enum journal_kind kind, const char *addr, uint32_t value)
{
	struct journal_record rec;

	memset(&rec, 0, sizeof(rec));
	rec.kind = kind;
	rec.ifindex = 2;
	strlcpy(rec.ifname, "eth0", sizeof(rec.ifname));
	ATF_REQUIRE_EQ(1, inet_pton(AF_INET, addr, &rec.addr));
	rec.prefixlen = 24;
	rec.value = value;
	return rec;
}

static off_t
size_of(int dir)
{
	struct stat st;

	ATF_REQUIRE_EQ(0, fstatat(dir, "journal", &st, 0));
	return st.st_size;
}

static int
has(struct journal *j, struct journal_record rec)
{
	return journal_find(j, &rec) != NULL;
}

static int
add(struct journal *j, struct journal_record rec)
{
	return journal_add(j, &rec);
}

TEST(journal_survives_a_restart,
    "design 3, Y-10: what was added and not removed is there again")
{
	struct journal_record a = record(JOURNAL_ADDR4, "192.0.2.1", 0);
	struct journal_record b = record(JOURNAL_ADDR4, "192.0.2.2", 0);
	struct journal j;
	int dir = state_dir();

	start(&j, dir, "boot-1");
	ATF_CHECK_EQ(0, add(&j, a));
	ATF_CHECK_EQ(0, add(&j, b));
	ATF_CHECK_EQ(0, journal_remove(&j, &a));
	journal_close(&j);
	start(&j, dir, "boot-1");
	ATF_CHECK(!has(&j, a));
	ATF_REQUIRE(has(&j, b));
	ATF_CHECK_EQ(0, memcmp(&b, &journal_find(&j, &b)->rec, sizeof(b)));
	ATF_CHECK_EQ(0, messages);
	ATF_CHECK_EQ(HEADER + RECORD, size_of(dir));
	journal_close(&j);
}

TEST(journal_survives_kill_9,
    "Y-10, design 3: written before the kernel is changed, not at the end")
{
	struct journal_record a = record(JOURNAL_ADDR4, "192.0.2.1", 0);
	struct journal j;
	int dir = state_dir(), status;
	pid_t pid;

	if ((pid = fork()) == 0) {
		if (journal_open(&j, dir, "boot-1", NULL) == 0 &&
		    journal_add(&j, &a) == 0)
			kill(getpid(), SIGKILL);
		_exit(1);
	}
	ATF_REQUIRE(pid != -1 && waitpid(pid, &status, 0) == pid);
	ATF_REQUIRE(WIFSIGNALED(status));
	start(&j, dir, "boot-1");
	ATF_CHECK(has(&j, a));
	journal_close(&j);
}

TEST(journal_of_another_boot_is_discarded,
    "design 3: begins with the boot id; without an id nothing is kept")
{
	struct journal_record a = record(JOURNAL_ADDR4, "192.0.2.1", 0);
	struct journal j;
	int dir = state_dir();

	start(&j, dir, "boot-1");
	ATF_CHECK_EQ(0, add(&j, a));
	journal_close(&j);
	start(&j, dir, "boot-2");
	ATF_CHECK(!has(&j, a));
	ATF_CHECK_EQ(0, add(&j, a));
	journal_close(&j);
	start(&j, dir, "boot-2");
	ATF_CHECK(has(&j, a));
	journal_close(&j);
	start(&j, dir, "");
	ATF_CHECK(!has(&j, a));
	ATF_CHECK_EQ(0, add(&j, a));
	journal_close(&j);
	start(&j, dir, "");
	ATF_CHECK(!has(&j, a));
	journal_close(&j);
}

TEST(journal_keeps_the_value_found_first,
    "design 3: of an MTU the one to put back is what was there before us")
{
	struct journal_record mtu = record(JOURNAL_MTU, "0.0.0.0", 1500);
	struct journal j;
	int dir = state_dir();

	start(&j, dir, "b");
	mtu.value2 = 1400;
	ATF_CHECK_EQ(0, add(&j, mtu));
	mtu.value = 1400;
	mtu.value2 = 1300;
	ATF_CHECK_EQ(0, add(&j, mtu));
	ATF_CHECK_EQ(1500, journal_find(&j, &mtu)->rec.value);
	journal_close(&j);
	start(&j, dir, "b");
	ATF_CHECK_EQ(1500, journal_find(&j, &mtu)->rec.value);
	ATF_CHECK_EQ(0, journal_remove(&j, &mtu));
	ATF_CHECK(!has(&j, mtu));
	ATF_CHECK_EQ(0, journal_remove(&j, &mtu));
	journal_close(&j);
}

TEST(
    journal_finds_by_key, "design 3: what differs in its key is another record")
{
	struct journal_record a = record(JOURNAL_ADDR4, "192.0.2.1", 0), r, b;
	struct journal j;
	int dir = state_dir();

	start(&j, dir, "b");
	ATF_CHECK_EQ(0, add(&j, a));
	ATF_CHECK(!has(&j, record(JOURNAL_ADDR4, "192.0.2.2", 0)));
	ATF_CHECK(!has(&j, record(JOURNAL_ROUTE4, "192.0.2.1", 0)));
	b = a;
	b.ifindex = 3;
	ATF_CHECK(!has(&j, b));
	b = a;
	b.prefixlen = 25;
	ATF_CHECK(!has(&j, b));
	b = a;
	b.gateway.s_addr = 1; /* an address's broadcast address */
	ATF_CHECK(has(&j, b));
	r = record(JOURNAL_ROUTE4, "192.0.2.0", 0);
	ATF_CHECK_EQ(0, add(&j, r));
	ATF_CHECK(has(&j, r));
	b = r;
	b.gateway.s_addr = 1;
	ATF_CHECK(!has(&j, b));
	b = r;
	b.metric = 7;
	ATF_CHECK(!has(&j, b));
	ATF_CHECK_EQ(0, add(&j, record(JOURNAL_DNS, "0.0.0.0", 1)));
	ATF_CHECK(has(&j, record(JOURNAL_DNS, "0.0.0.0", 1)));
	ATF_CHECK(!has(&j, record(JOURNAL_DNS, "0.0.0.0", 2)));
	ATF_CHECK_EQ(3, j.nlive);
	journal_close(&j);
}

/* What makes two records of IPv6 one, and what does not. */
static void
check_apart(struct journal *j, struct journal_record a, struct journal_record r,
    struct journal_record k)
{
	struct journal_record b;

	b = a;
	b.prefixlen = 128; /* an address is one, whatever its prefix */
	ATF_CHECK(has(j, b));
	b.value = 3;
	ATF_CHECK(!has(j, b));
	b = a;
	b.addr6.s6_addr[15] = 1;
	ATF_CHECK(!has(j, b));
	b = r;
	b.value2 = 1;
	ATF_CHECK(has(j, b));
	b.value = 3;
	ATF_CHECK(!has(j, b));
	b = r;
	b.metric++;
	ATF_CHECK(!has(j, b));
	b = r;
	b.prefixlen = 127;
	ATF_CHECK(!has(j, b));
	b = r;
	b.gateway6.s6_addr[15] = 1;
	ATF_CHECK(!has(j, b));
	b = r;
	b.addr6.s6_addr[15] = 1;
	ATF_CHECK(!has(j, b));
	ATF_REQUIRE(journal_find(j, &k) != NULL);
	ATF_CHECK_EQ(1, journal_find(j, &k)->rec.value2);
	b = k;
	b.value = 4;
	ATF_CHECK(!has(j, b));
	b = k;
	b.metric++; /* set to another value: a record of its own */
	ATF_CHECK(!has(j, b));
}

TEST(journal_keeps_ipv6,
    "S-03, S-19: addresses by protocol, routes also by gateway and metric, "
    "switches by number, over a restart")
{
	struct journal_record a = record(JOURNAL_ADDR6, "0.0.0.0", 2);
	struct journal_record r = record(JOURNAL_ROUTE6, "0.0.0.0", 2);
	struct journal_record k = record(JOURNAL_KNOB, "0.0.0.0", 3);
	struct journal j;
	int dir = state_dir();

	a.addr6.s6_addr[0] = 0x20;
	a.prefixlen = 64;
	r.addr6 = a.addr6;
	r.prefixlen = 128;
	r.gateway6.s6_addr[0] = 0xfe;
	k.value2 = 1;
	start(&j, dir, "b");
	ATF_CHECK_EQ(0, add(&j, a));
	ATF_CHECK_EQ(0, add(&j, r));
	ATF_CHECK_EQ(0, add(&j, k));
	journal_close(&j);
	start(&j, dir, "b");
	ATF_CHECK_EQ(0, messages);
	ATF_CHECK_EQ(3, j.nlive);
	check_apart(&j, a, r, k);
	/* Lengths that no prefix has end the file. */
	r.prefixlen = 129;
	ATF_CHECK_EQ(0, add(&j, r));
	journal_close(&j);
	start(&j, dir, "b");
	ATF_CHECK_EQ(1, messages);
	ATF_CHECK_EQ(3, j.nlive);
	journal_close(&j);
}

TEST(journal_is_locked,
    "design 3: a second daemon with the same state directory is refused, "
    "also after the file was replaced")
{
	struct journal_record a = record(JOURNAL_ADDR4, "192.0.2.1", 0);
	struct journal j, second;
	int dir = state_dir(), i;

	start(&j, dir, "b");
	ATF_CHECK_EQ(EWOULDBLOCK, journal_open(&second, dir, "b", on_err));
	for (i = 0; i < 2000; i++) { /* enough for a rewrite */
		ATF_REQUIRE_EQ(0, journal_add(&j, &a));
		ATF_REQUIRE_EQ(0, journal_remove(&j, &a));
	}
	ATF_CHECK_EQ(EWOULDBLOCK, journal_open(&second, dir, "b", on_err));
	journal_close(&j);
	start(&second, dir, "b");
	journal_close(&second);
}

TEST(journal_appends_each_change,
    "design 3: one record for an addition or a removal, to the same file")
{
	struct journal_record a = record(JOURNAL_ADDR4, "192.0.2.1", 0);
	struct journal_record b = record(JOURNAL_ADDR4, "192.0.2.2", 0);
	struct journal j;
	struct stat st, later;
	int dir = state_dir();

	start(&j, dir, "b");
	ATF_REQUIRE_EQ(0, fstatat(dir, "journal", &st, 0));
	ATF_CHECK_EQ(0, add(&j, a));
	ATF_CHECK_EQ(0, add(&j, b));
	ATF_CHECK_EQ(0, add(&j, b)); /* there already */
	ATF_CHECK_EQ(HEADER + 2 * RECORD, size_of(dir));
	ATF_CHECK_EQ(0, journal_remove(&j, &a));
	ATF_CHECK_EQ(HEADER + 3 * RECORD, size_of(dir));
	ATF_REQUIRE_EQ(0, fstatat(dir, "journal", &later, 0));
	ATF_CHECK_EQ(st.st_ino, later.st_ino);
	journal_close(&j);
}

TEST(
    journal_stays_small, "design 3: bounded, rewritten when most of it is dead")
{
	struct journal_record a = record(JOURNAL_ADDR4, "192.0.2.1", 0);
	struct journal_record b = record(JOURNAL_ADDR4, "192.0.2.2", 0);
	struct journal j;
	int dir = state_dir(), i;

	start(&j, dir, "b");
	ATF_CHECK_EQ(0, add(&j, b));
	for (i = 0; i < 5000; i++) {
		ATF_REQUIRE_EQ(0, journal_add(&j, &a));
		ATF_REQUIRE_EQ(0, journal_remove(&j, &a));
		ATF_REQUIRE(size_of(dir) <= HEADER + (1024 + 4) * RECORD);
	}
	journal_close(&j);
	start(&j, dir, "b");
	ATF_CHECK(has(&j, b) && !has(&j, a));
	journal_close(&j);
}

TEST(journal_holds_more_than_one_batch,
    "design 3: 1,000 records are read back, in order")
{
	struct journal_record rec = record(JOURNAL_ADDR4, "10.0.0.0", 0);
	struct journal_entry *e;
	struct journal j;
	int dir = state_dir(), i, pass;

	start(&j, dir, "b");
	for (i = 0; i < 1000; i++) {
		rec.addr.s_addr = htonl(0x0a000000U + (uint32_t)i);
		ATF_REQUIRE_EQ(0, journal_add(&j, &rec));
	}
	for (pass = 0; pass < 2; pass++) { /* appended, then compact */
		journal_close(&j);
		start(&j, dir, "b");
		ATF_CHECK_EQ(1000, j.nlive);
		i = 0;
		TAILQ_FOREACH (e, &j.live, entry)
			ATF_REQUIRE_EQ(0x0a000000U + (uint32_t)i++,
			    ntohl(e->rec.addr.s_addr));
	}
	journal_close(&j);
}

TEST(journal_with_a_damaged_tail_keeps_what_was_before,
    "Y-07, design 3: half a record, and one that makes no sense")
{
	struct journal_record a = record(JOURNAL_ADDR4, "192.0.2.1", 0);
	struct journal_record b = record(JOURNAL_ADDR4, "192.0.2.2", 0);
	struct journal j;
	int dir = state_dir(), fd, pass;
	uint32_t bad = 77;

	for (pass = 0; pass < 3; pass++) {
		start(&j, dir, "b");
		ATF_CHECK_EQ(0, add(&j, a));
		ATF_CHECK_EQ(0, add(&j, b));
		journal_close(&j);
		fd = openat(dir, "journal", O_RDWR);
		ATF_REQUIRE(fd != -1);
		if (pass == 0)
			ATF_REQUIRE_EQ(0, ftruncate(fd, HEADER + RECORD + 17));
		else /* pass 1: op, pass 2: kind of the second record */
			ATF_REQUIRE_EQ(sizeof(bad),
			    pwrite(fd, &bad, sizeof(bad),
				HEADER + RECORD + (pass == 2 ? 8 : 0)));
		close(fd);
		start(&j, dir, "b");
		ATF_CHECK(has(&j, a));
		ATF_CHECK(!has(&j, b));
		ATF_CHECK_EQ(1, messages);
		ATF_CHECK_MATCH("damaged", last);
		journal_close(&j);
		start(&j, dir, "b"); /* repaired */
		ATF_CHECK(has(&j, a));
		ATF_CHECK_EQ(0, messages);
		journal_close(&j);
	}
}

TEST(journal_with_a_wrong_header_is_ignored,
    "Y-07, design 3: another version, garbage, an empty file: logged")
{
	struct journal_record a = record(JOURNAL_ADDR4, "192.0.2.1", 0);
	struct journal j;
	int dir = state_dir(), fd, at;

	for (at = -4; at < 16; at += 4) {
		start(&j, dir, "b");
		ATF_CHECK_EQ(0, add(&j, a));
		journal_close(&j);
		fd = openat(dir, "journal", O_RDWR);
		ATF_REQUIRE(fd != -1);
		if (at < 0)
			ATF_REQUIRE_EQ(0, ftruncate(fd, 0));
		else
			ATF_REQUIRE_EQ(
			    4, pwrite(fd, "\377\377\377\377", 4, at));
		close(fd);
		start(&j, dir, "b");
		ATF_CHECK(!has(&j, a));
		ATF_CHECK_EQ(1, messages);
		journal_close(&j);
	}
}

TEST(journal_follows_no_symlink_and_trusts_no_foreign_file,
    "design 3: O_NOFOLLOW, only its owner may write, mode 0600")
{
	struct journal_record a = record(JOURNAL_ADDR4, "192.0.2.1", 0);
	struct journal j;
	struct stat st;
	int dir = state_dir(), error;

	start(&j, dir, "b");
	ATF_CHECK_EQ(0, add(&j, a));
	journal_close(&j);
	ATF_REQUIRE_EQ(0, fstatat(dir, "journal", &st, 0));
	ATF_CHECK_EQ(0600, st.st_mode & 07777);
	ATF_REQUIRE_EQ(0, fstatat(dir, "lock", &st, 0));
	ATF_CHECK_EQ(0600, st.st_mode & 07777);
	/* others may write it */
	ATF_REQUIRE_EQ(0, fchmodat(dir, "journal", 0620, 0));
	start(&j, dir, "b");
	ATF_CHECK(!has(&j, a));
	ATF_CHECK_EQ(1, messages);
	ATF_CHECK_EQ(0, add(&j, a));
	journal_close(&j);
	/* symbolic links: the journal is replaced, the lock refused */
	ATF_REQUIRE_EQ(0, renameat(dir, "journal", dir, "elsewhere"));
	ATF_REQUIRE_EQ(0, symlinkat("elsewhere", dir, "journal"));
	start(&j, dir, "b");
	ATF_CHECK(!has(&j, a));
	ATF_CHECK_EQ(1, messages);
	journal_close(&j);
	ATF_REQUIRE_EQ(0, fstatat(dir, "journal", &st, AT_SYMLINK_NOFOLLOW));
	ATF_CHECK(S_ISREG(st.st_mode));
	ATF_REQUIRE_EQ(0, unlinkat(dir, "lock", 0));
	ATF_REQUIRE_EQ(0, symlinkat("elsewhere", dir, "lock"));
	error = journal_open(&j, dir, "b", on_err);
	ATF_CHECK(error == ELOOP || error == EMLINK); /* FreeBSD: EMLINK */
	/* a fifo must not hang the start */
	ATF_REQUIRE_EQ(0, unlinkat(dir, "lock", 0));
	ATF_REQUIRE_EQ(0, unlinkat(dir, "journal", 0));
	ATF_REQUIRE_EQ(0, mkfifoat(dir, "journal", 0600));
	start(&j, dir, "b");
	ATF_CHECK_EQ(1, messages);
	journal_close(&j);
}

TEST_ROOT(journal_on_a_full_disk_works_in_memory,
    "Y-07, design 3: ENOSPC is logged once; written again when there is room")
{
	struct journal_record rec = record(JOURNAL_ADDR4, "10.0.0.0", 0);
	struct journal j;
	char fill[4096];
	int dir, fd, i, errors = 0;

	mount_tmpfs(64);
	dir = state_dir();
	start(&j, dir, "b");
	fd = openat(dir, "fill", O_WRONLY | O_CREAT, 0600);
	memset(fill, 1, sizeof(fill));
	while (write(fd, fill, sizeof(fill)) > 0)
		continue;
	close(fd);
	for (i = 0; i < 300; i++) {
		rec.addr.s_addr = htonl(0x0a000000U + (uint32_t)i);
		errors += journal_add(&j, &rec) == ENOSPC;
	}
	ATF_CHECK(errors > 0);
	ATF_CHECK_EQ(300, j.nlive);
	ATF_CHECK_EQ(1, messages);
	ATF_CHECK_MATCH("No space left", last);
	/* Room again: the next record brings everything to the disk. */
	ATF_REQUIRE_EQ(0, unlinkat(dir, "fill", 0));
	ATF_CHECK_EQ(0, journal_remove(&j, &rec));
	ATF_CHECK_EQ(2, messages);
	journal_close(&j);
	start(&j, dir, "b");
	ATF_CHECK_EQ(299, j.nlive);
	ATF_CHECK_EQ(0, messages);
	journal_close(&j);
}

TEST_ROOT(journal_on_a_read_only_disk_works_in_memory,
    "Y-07, design 3: EROFS is logged once, also where nothing was before")
{
	struct journal_record a = record(JOURNAL_ADDR4, "192.0.2.1", 0);
	struct journal_record b = record(JOURNAL_ADDR4, "192.0.2.2", 0);
	struct journal j, second;
	int dir, pass;

	mount_tmpfs(64);
	dir = state_dir();
	for (pass = 0; pass < 2; pass++) {
		scratch_readonly("state", 1);
		start(&j, dir, "b");
		ATF_CHECK_EQ(pass, has(&j, a));
		ATF_CHECK_EQ(EROFS, add(&j, b));
		ATF_CHECK(has(&j, b));
		ATF_CHECK_EQ(1, messages);
		if (pass == 1) /* the lock file is there and holds */
			ATF_CHECK_EQ(EWOULDBLOCK,
			    journal_open(&second, dir, "b", on_err));
		journal_close(&j);
		close(dir);
		scratch_readonly("state", 0);
		dir = state_dir();
		start(&j, dir, "b");
		ATF_CHECK(!has(&j, b));
		ATF_CHECK_EQ(0, add(&j, a));
		journal_close(&j);
	}
}

TEST(journal_counts_the_starts_of_a_minute,
    "Y-02: the sixth start within 60 s is seen as such, over restarts")
{
	struct journal j;
	int dir = state_dir(), i;

	for (i = 1; i <= 6; i++) { /* two in each second count as two */
		start(&j, dir, "b");
		ATF_CHECK_EQ(i, journal_start_limit(&j, 1000 + i / 2U));
		journal_close(&j);
	}
	start(&j, dir, "b");
	ATF_CHECK_EQ(7, journal_start_limit(&j, 1059));
	ATF_CHECK_EQ(7, journal_start_limit(&j, 1060)); /* 1000 is gone */
	ATF_CHECK_EQ(3, journal_start_limit(&j, 1063));
	/* A clock that stepped back makes no starts of the future count. */
	ATF_CHECK_EQ(1, journal_start_limit(&j, 500));
	ATF_CHECK_EQ(1, j.nlive);
	journal_close(&j);
	start(&j, dir, "b");
	ATF_CHECK_EQ(1, j.nlive);
	journal_close(&j);
}

TEST(journal_counts_no_start_that_ended_cleanly,
    "Y-02: a daemon that was stopped has not failed; one that died has")
{
	struct journal j;
	int dir = state_dir(), i;

	for (i = 0; i < 8; i++) {
		start(&j, dir, "b");
		ATF_CHECK_EQ(1, journal_start_limit(&j, 1000));
		journal_stopped(&j);
		journal_close(&j);
	}
	for (i = 1; i <= 3; i++) {
		start(&j, dir, "b");
		ATF_CHECK_EQ(i, journal_start_limit(&j, 1000));
		journal_close(&j);
	}
	/* Only its own start is forgotten, the failures are not. */
	start(&j, dir, "b");
	ATF_CHECK_EQ(4, journal_start_limit(&j, 1000));
	journal_stopped(&j);
	journal_close(&j);
	start(&j, dir, "b");
	ATF_CHECK_EQ(4, journal_start_limit(&j, 1001));
	journal_close(&j);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, journal_survives_a_restart);
	ATF_TP_ADD_TC(tp, journal_survives_kill_9);
	ATF_TP_ADD_TC(tp, journal_of_another_boot_is_discarded);
	ATF_TP_ADD_TC(tp, journal_keeps_the_value_found_first);
	ATF_TP_ADD_TC(tp, journal_finds_by_key);
	ATF_TP_ADD_TC(tp, journal_keeps_ipv6);
	ATF_TP_ADD_TC(tp, journal_is_locked);
	ATF_TP_ADD_TC(tp, journal_appends_each_change);
	ATF_TP_ADD_TC(tp, journal_stays_small);
	ATF_TP_ADD_TC(tp, journal_holds_more_than_one_batch);
	ATF_TP_ADD_TC(tp, journal_with_a_damaged_tail_keeps_what_was_before);
	ATF_TP_ADD_TC(tp, journal_with_a_wrong_header_is_ignored);
	ATF_TP_ADD_TC(
	    tp, journal_follows_no_symlink_and_trusts_no_foreign_file);
	ATF_TP_ADD_TC(tp, journal_on_a_full_disk_works_in_memory);
	ATF_TP_ADD_TC(tp, journal_on_a_read_only_disk_works_in_memory);
	ATF_TP_ADD_TC(tp, journal_counts_the_starts_of_a_minute);
	ATF_TP_ADD_TC(tp, journal_counts_no_start_that_ended_cleanly);

	return atf_no_error();
}

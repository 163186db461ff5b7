/* SPDX-License-Identifier: ISC */
/*
 * The helper: the real resolvconf(8) where one is installed, one that lies,
 * or the file.  Each test has a mount namespace of its own, with an empty /etc
 * and /run.
 */

#include <sys/stat.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "helper.h"
#include "resolv.h"
#include "scratch.h"
#include "test.h"
#include "resolv_util.h"

#define TEST_RESOLVCONF(name, text)                                         \
	ATF_TC(name);                                                       \
	ATF_TC_HEAD(name, tc)                                               \
	{                                                                   \
		atf_tc_set_md_var(tc, "descr", "%s", text);                 \
		atf_tc_set_md_var(tc, "require.user", "root");              \
		atf_tc_set_md_var(tc, "require.progs", "/sbin/resolvconf"); \
		atf_tc_set_md_var(tc, "timeout", "60");                     \
	}                                                                   \
	ATF_TC_BODY(name, tc)

static struct event_base *base;
static struct helper_conf conf;
static char lines[8192]; /* that it logged above debug level */

static void __attribute__((format(printf, 2, 3)))
collect(int priority, const char *fmt, ...)
{
	size_t len = strlen(lines);
	va_list ap;

	if (priority == LOG_DEBUG)
		return;
	va_start(ap, fmt);
	vsnprintf(lines + len, sizeof(lines) - len, fmt, ap);
	va_end(ap);
	strlcat(lines, "\n", sizeof(lines));
}

static void
begin(void)
{
	lines[0] = '\0';
	if (base == NULL)
		base = event_base_new();
	ATF_REQUIRE(base != NULL);
	conf.base = base;
	if (conf.interval_ms == 0)
		conf.interval_ms = 20;
	ATF_REQUIRE_EQ(0, helper_init(&conf, collect));
}

static uint64_t
now_ms(void)
{
	struct timespec ts;

	ATF_REQUIRE_EQ(0, clock_gettime(CLOCK_MONOTONIC, &ts));
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

/* Run the loop until all is done, or for ms at most.  How long it took. */
static uint64_t
settle(unsigned int ms)
{
	struct timeval tv = { .tv_usec = 5000 };
	uint64_t start = now_ms();

	do {
		ATF_REQUIRE_EQ(0, event_base_loopexit(base, &tv));
		event_base_dispatch(base);
	} while (helper_busy() && now_ms() - start < ms);
	return now_ms() - start;
}

/* servers: separated by blanks; "": withdrawn. */
static struct ipc_resolve
resolve(const char *ifname, uint32_t preference, const char *servers)
{
	char copy[256], *p = copy, *word;
	struct ipc_resolve msg;

	memset(&msg, 0, sizeof(msg));
	msg.ifindex = 2;
	msg.protocol = PROTO_DHCP4;
	msg.preference = preference;
	strlcpy(msg.ifname, ifname, sizeof(msg.ifname));
	strlcpy(copy, servers, sizeof(copy));
	while ((word = strsep(&p, " ")) != NULL)
		if (*word != '\0')
			add_server(&msg.dns, word);
	if (msg.dns.nservers > 0)
		add_search(&msg.dns, "example.org");
	return msg;
}

static void
tell(const char *ifname, uint32_t preference, const char *servers)
{
	struct ipc_resolve msg = resolve(ifname, preference, servers);

	helper_resolve(&msg);
}

static void
use(const char *program)
{
	static const char *list[2];

	list[0] = program;
	conf.resolvconf = list;
}

/* How often the word occurs in the text. */
static int
count(const char *text, const char *word)
{
	int n = 0;

	while ((text = strstr(text, word)) != NULL) {
		n++;
		text += strlen(word);
	}
	return n;
}

TEST_RESOLVCONF(helper_runs_the_real_resolvconf,
    "Y-08: added, ordered by preference, changed, withdrawn")
{
	private_etc();
	put_file(FILE_NAME, "# mine\n", 0644);
	conf.interval_ms = 1;
	begin();
	helper_configure(RESOLV_AUTO, "");
	ATF_CHECK(!helper_busy());
	tell("eth0", 200, "192.0.2.1");
	tell("eth1", 100, "192.0.2.2 192.0.2.3");
	settle(20000);
	ATF_CHECK_MATCH("search example.org", get_file(FILE_NAME));
	ATF_CHECK_MATCH("192.0.2.2.*192.0.2.3.*192.0.2.1", get_file(FILE_NAME));
	ATF_CHECK_MATCH("192.0.2.1",
	    get_file("/run/resolvconf/interfaces/"
		     "eth0.dhcp4"));
	tell("eth1", 100, "192.0.2.4");
	settle(20000);
	ATF_CHECK_MATCH("192.0.2.4.*192.0.2.1", get_file(FILE_NAME));
	/* A restart of the helper, after which both are withdrawn. */
	helper_close();
	begin();
	helper_configure(RESOLV_AUTO, "");
	ATF_CHECK_MATCH("192.0.2.4.*192.0.2.1", get_file(FILE_NAME));
	tell("eth0", 0, "");
	settle(20000);
	ATF_CHECK(strstr(get_file(FILE_NAME), "192.0.2.1") == NULL);
	ATF_CHECK_MATCH("192.0.2.4", get_file(FILE_NAME));
	tell("eth1", 0, "");
	settle(20000);
	ATF_CHECK_MATCH("# mine", get_file(FILE_NAME));
	ATF_CHECK_STREQ("", lines);
	helper_close();
}

/* What the fake one is: appends its arguments and data to /etc/log. */
#define FAKE_LOG "echo \"$@\" >>/etc/log\n"
#define FAKE_HEAD     \
	"#!/bin/sh\n" \
	"if [ \"$1\" = --version ]; then echo 'openresolv 3'; exit 0; fi\n"

TEST_ROOT(helper_passes_fixed_arguments_and_nothing_else,
    "Y-08, design 1: PATH alone in the environment, data on standard input, "
    "no other descriptor, the metric only to openresolv")
{
	private_etc();
	put_file(FAKE,
	    FAKE_HEAD FAKE_LOG
	    "cat >/etc/data\n"
	    "tr '\\0' '\\n' </proc/$$/environ >/etc/env\n"
	    /* Without a pipe or redirection, which the shell would have
	     * descriptors for; 10 is the script. */
	    "for f in /proc/$$/fd/*; do\n"
	    "  [ ! -e $f ] || [ ${f##*/} = 10 ] || l=\"$l${f##*/} \"\n"
	    "done\n"
	    "printf %s \"$l\" >/etc/fds\n",
	    0755);
	use(FAKE);
	ATF_REQUIRE_EQ(0, setenv("SECRET", "1", 1));
	ATF_REQUIRE(dup2(STDERR_FILENO, 3) == 3);
	begin();
	helper_configure(RESOLV_AUTO, "");
	tell("eth0", 42, "192.0.2.1");
	settle(10000);
	ATF_CHECK_STREQ("-m 42 -a eth0.dhcp4\n", get_file("/etc/log"));
	ATF_CHECK_STREQ("search example.org\nnameserver 192.0.2.1\n",
	    get_file("/etc/data"));
	ATF_CHECK_EQ(0, strncmp("PATH=/", get_file("/etc/env"), 6));
	ATF_CHECK_EQ(1, count(get_file("/etc/env"), "\n"));
	ATF_CHECK_STREQ("0 1 2 ", get_file("/etc/fds"));
	tell("eth0", 42, "");
	settle(10000);
	ATF_CHECK_STREQ(
	    "-m 42 -a eth0.dhcp4\n-d eth0.dhcp4\n", get_file("/etc/log"));
	ATF_CHECK_STREQ("(none)", get_file(FILE_NAME));
	helper_close();
	/* Another implementation: no -m. */
	ATF_REQUIRE_EQ(0, unlink("/etc/log"));
	put_file(FAKE,
	    "#!/bin/sh\n[ \"$1\" != --version ] || exit 1\n" FAKE_LOG, 0755);
	begin();
	helper_configure(RESOLV_AUTO, "");
	tell("eth0", 42, "192.0.2.1");
	settle(10000);
	ATF_CHECK_STREQ("-a eth0.dhcp4\n", get_file("/etc/log"));
	ATF_CHECK_STREQ("", lines);
	helper_close();
}

TEST_ROOT(helper_runs_one_at_a_time_and_the_newest_wins,
    "Y-08, design 1: what comes while it runs is only told once, the last")
{
	private_etc();
	put_file(FAKE,
	    FAKE_HEAD "mkdir /etc/lock || echo TWO >>/etc/log\n"
		      "sed -n 's/nameserver //p' >>/etc/log\n"
		      "sleep 0.3\nrmdir /etc/lock\n",
	    0755);
	use(FAKE);
	begin();
	helper_configure(RESOLV_AUTO, "");
	tell("eth0", 1, "192.0.2.1");
	tell("eth0", 1, "192.0.2.2");
	tell("eth1", 1, "198.51.100.1");
	tell("eth0", 1, "192.0.2.3");
	settle(10000);
	ATF_CHECK_STREQ(
	    "192.0.2.1\n192.0.2.3\n198.51.100.1\n", get_file("/etc/log"));
	helper_close();
}

TEST_ROOT(helper_starts_at_most_one_a_second,
    "Y-08, design 1: a flood of changes is two runs, a second apart")
{
	char addr[32];
	int i;

	private_etc();
	put_file(
	    FAKE, FAKE_HEAD "sed -n 's/nameserver //p' >>/etc/log\n", 0755);
	use(FAKE);
	conf.interval_ms = 1000;
	begin();
	helper_configure(RESOLV_AUTO, "");
	for (i = 1; i < 100; i++) {
		snprintf(addr, sizeof(addr), "192.0.2.%d", i);
		tell("eth0", 1, addr);
	}
	ATF_CHECK(settle(10000) >= 950);
	ATF_CHECK_STREQ("192.0.2.1\n192.0.2.99\n", get_file("/etc/log"));
	helper_close();
}

/* Who waits for the stop waits for this, and so does the next start. */
TEST_ROOT(helper_that_finishes_does_not_pace,
    "Y-08, Y-11: three interfaces withdrawn at a stop, in less than a second")
{
	private_etc();
	put_file(FAKE, FAKE_HEAD FAKE_LOG, 0755);
	use(FAKE);
	conf.interval_ms = 1000;
	begin();
	helper_configure(RESOLV_AUTO, "");
	tell("eth0", 1, "");
	tell("eth1", 1, "");
	tell("eth2", 1, "");
	helper_finish();
	ATF_CHECK(settle(10000) < 950);
	ATF_CHECK_EQ(3, count(get_file("/etc/log"), "-d eth"));
	helper_close();
}

/* Gone within two seconds, or dead and only not yet waited for by whoever
 * inherited it: a killed process does not end in an instant. */
static int
is_gone(const char *pid)
{
	struct timespec pause = { .tv_nsec = 10000000 };
	char path[64];
	const char *state;
	int i;

	snprintf(path, sizeof(path), "/proc/%s/stat", pid);
	for (i = 0; i < 200; i++) {
		state = strchr(get_file(path), ')');
		if (state == NULL || state[1] == '\0' || state[2] == 'Z')
			return 1;
		nanosleep(&pause, NULL);
	}
	return 0;
}

TEST_ROOT(helper_ends_a_resolvconf_that_hangs,
    "Y-08, design 1: after its limit, with all it started, and goes on")
{
	char pids[64], *p = pids, *word;
	uint64_t took;

	private_etc();
	put_file(FAKE,
	    FAKE_HEAD
	    "case $2$4 in *eth0*) trap '' TERM; sleep 600 & "
	    "echo $$ $! >/etc/pids; wait; wait; sleep 600;; esac\n" FAKE_LOG,
	    0755);
	use(FAKE);
	conf.limit_ms = 300;
	begin();
	helper_configure(RESOLV_AUTO, "");
	tell("eth0", 1, "192.0.2.1");
	tell("eth1", 1, "192.0.2.1");
	took = settle(20000);
	/* SIGTERM after the limit, SIGKILL a second later. */
	ATF_CHECK_MSG(took >= 1250 && took < 8000, "%d", (int)took);
	ATF_CHECK_STREQ("-m 1 -a eth1.dhcp4\n", get_file("/etc/log"));
	ATF_CHECK_STREQ("resolvconf -a eth0.dhcp4: still running after 300 "
			"ms, ended\n",
	    lines);
	strlcpy(pids, get_file("/etc/pids"), sizeof(pids));
	while ((word = strsep(&p, " \n")) != NULL)
		if (*word != '\0')
			ATF_CHECK_MSG(is_gone(word), "%s", word);
	helper_close();
}

TEST_ROOT(helper_says_that_resolvconf_failed,
    "Y-08: exit code and signal are logged, the next is run all the same")
{
	private_etc();
	put_file(FAKE,
	    FAKE_HEAD "case $4 in eth0.*) exit 3;; "
		      "eth1.*) kill -9 $$;; esac\n" FAKE_LOG,
	    0755);
	use(FAKE);
	begin();
	helper_configure(RESOLV_AUTO, "");
	tell("eth0", 1, "192.0.2.1");
	tell("eth1", 1, "192.0.2.1");
	tell("eth2", 1, "192.0.2.1");
	settle(10000);
	ATF_CHECK_STREQ("resolvconf -a eth0.dhcp4: failed with exit code 3\n"
			"resolvconf -a eth1.dhcp4: ended by signal 9\n",
	    lines);
	ATF_CHECK_MATCH("eth2", get_file("/etc/log"));
	helper_close();
}

/* Fails until it was run so often. */
#define FAKE_FAILS(n)                                                      \
	FAKE_HEAD "echo x >>/etc/runs; [ $(wc -l </etc/runs) -gt " #n " ]" \
		  " || exit 1\n" FAKE_LOG

/* Till the log of the fake is so long, or for so many milliseconds. */
static void
wait_for_runs(const char *log, unsigned int ms)
{
	uint64_t end = now_ms() + ms;

	while (strcmp(log, get_file("/etc/log")) != 0 && now_ms() < end)
		settle(50);
}

TEST_ROOT(helper_tries_a_failed_resolvconf_again,
    "Y-08: with the newest data, also a withdrawal, later each time")
{
	uint64_t start = now_ms();

	private_etc();
	put_file(FAKE, FAKE_FAILS(3), 0755);
	put_file("/etc/log", "", 0644);
	use(FAKE);
	conf.retry_ms = 100;
	begin();
	helper_configure(RESOLV_AUTO, "");
	tell("eth0", 1, "192.0.2.1");
	wait_for_runs("-m 1 -a eth0.dhcp4\n", 5000);
	ATF_CHECK_STREQ("-m 1 -a eth0.dhcp4\n", get_file("/etc/log"));
	ATF_CHECK_MSG(now_ms() - start >= 300, "no back-off");
	put_file("/etc/runs", "", 0644);
	tell("eth0", 1, "");
	wait_for_runs("-m 1 -a eth0.dhcp4\n-d eth0.dhcp4\n", 5000);
	ATF_CHECK_STREQ(
	    "-m 1 -a eth0.dhcp4\n-d eth0.dhcp4\n", get_file("/etc/log"));
	ATF_CHECK(!helper_busy());
	helper_close();
}

TEST_ROOT(helper_gives_up_until_there_is_something_new,
    "Y-08: a resolvconf that always fails is not run for ever")
{
	uint64_t end;
	int runs;

	private_etc();
	put_file(FAKE, FAKE_FAILS(1000), 0755);
	use(FAKE);
	conf.retry_ms = 1;
	begin();
	helper_configure(RESOLV_AUTO, "");
	tell("eth0", 1, "192.0.2.1");
	end = now_ms() + 10000;
	while (strstr(lines, "no more") == NULL && now_ms() < end)
		settle(50);
	ATF_CHECK_MATCH("failed 9 times", lines);
	runs = count(get_file("/etc/runs"), "x");
	for (end = now_ms() + 700; now_ms() < end;)
		settle(50);
	ATF_CHECK_EQ(runs, count(get_file("/etc/runs"), "x"));
	tell("eth0", 1, "192.0.2.2");
	settle(5000);
	ATF_CHECK(count(get_file("/etc/runs"), "x") > runs);
	helper_close();
}

TEST_ROOT(helper_takes_back_what_an_earlier_run_registered,
    "Y-08, Y-11: resolv-conf no, or a path, since the last run")
{
	struct ipc_resolve msg = resolve("eth0", 1, "192.0.2.1");

	private_etc();
	put_file(FAKE, FAKE_HEAD FAKE_LOG, 0755);
	use(FAKE);
	begin();
	helper_configure(RESOLV_NO, "");
	helper_resolve(&msg);
	settle(5000);
	ATF_CHECK_STREQ("(none)", get_file("/etc/log"));
	helper_close();
	begin();
	helper_configure(RESOLV_NO, "");
	msg.adopted = 1;
	helper_resolve(&msg);
	settle(5000);
	ATF_CHECK_STREQ("-d eth0.dhcp4\n", get_file("/etc/log"));
	msg.adopted = 0;
	helper_resolve(&msg);
	settle(5000);
	ATF_CHECK_STREQ("-d eth0.dhcp4\n", get_file("/etc/log"));
	helper_close();
}

TEST_ROOT(helper_without_resolvconf_writes_the_file,
    "Y-08: merged, and put back on withdrawal of the last entry")
{
	private_etc();
	put_file(FILE_NAME, "# mine\n", 0644);
	use(NULL);
	begin();
	helper_configure(RESOLV_AUTO, "");
	tell("eth0", 200, "192.0.2.1 192.0.2.5");
	tell("eth1", 100, "192.0.2.2");
	settle(10000);
	ATF_CHECK_STREQ(RESOLV_MARK "\nsearch example.org\n"
				    "nameserver 192.0.2.2\n"
				    "nameserver 192.0.2.1\n"
				    "nameserver 192.0.2.5\n",
	    get_file(FILE_NAME));
	tell("eth1", 100, "192.0.2.2 192.0.2.3 192.0.2.4");
	settle(10000);
	ATF_CHECK_STREQ(FILE_NAME ": 2 name servers beyond the first 3 are "
				  "left out: the resolver would not ask "
				  "them\n",
	    lines);
	tell("eth0", 0, "");
	settle(10000);
	ATF_CHECK(strstr(get_file(FILE_NAME), "192.0.2.1") == NULL);
	tell("eth1", 0, "");
	settle(10000);
	ATF_CHECK_STREQ("# mine\n", get_file(FILE_NAME));
	helper_close();
}

TEST_ROOT(helper_that_starts_again_adopts_the_file,
    "Y-08: it stays when the helper ends; the first message replaces it, the "
    "original is not lost")
{
	private_etc();
	put_file(FILE_NAME, "# mine\n", 0644);
	use(NULL);
	begin();
	helper_configure(RESOLV_AUTO, "");
	tell("eth0", 1, "192.0.2.1");
	settle(10000);
	helper_close();
	begin();
	helper_configure(RESOLV_AUTO, "");
	settle(10000);
	ATF_CHECK_MATCH("192.0.2.1", get_file(FILE_NAME));
	tell("eth0", 1, "192.0.2.9");
	settle(10000);
	ATF_CHECK_MATCH("192.0.2.9", get_file(FILE_NAME));
	ATF_CHECK_STREQ("# mine\n", get_file(SAVED_NAME));
	helper_close();
	/* Withdrawn by a run that never heard of it. */
	begin();
	helper_configure(RESOLV_AUTO, "");
	tell("eth0", 0, "");
	settle(10000);
	ATF_CHECK_STREQ("# mine\n", get_file(FILE_NAME));
	helper_close();
}

TEST_ROOT(helper_follows_resolv_conf_of_the_configuration,
    "Y-08: no leaves DNS alone, PATH writes there; a reload puts back what is "
    "no longer ours")
{
	private_etc();
	put_file(FILE_NAME, "# mine\n", 0644);
	put_file(FAKE, FAKE_HEAD FAKE_LOG, 0644); /* not executable */
	use(FAKE);
	begin();
	tell("eth0", 1, "192.0.2.1"); /* before it knows: nothing */
	settle(200);
	ATF_CHECK_STREQ("# mine\n", get_file(FILE_NAME));
	helper_configure(RESOLV_NO, "");
	settle(10000);
	ATF_CHECK_STREQ("# mine\n", get_file(FILE_NAME));
	helper_configure(RESOLV_AUTO, "");
	settle(10000);
	ATF_CHECK_MATCH("192.0.2.1", get_file(FILE_NAME));
	helper_configure(RESOLV_PATH, "/run/upstream.conf");
	settle(10000);
	ATF_CHECK_STREQ("# mine\n", get_file(FILE_NAME));
	ATF_CHECK_MATCH("192.0.2.1", get_file("/run/upstream.conf"));
	ATF_REQUIRE_EQ(0, chmod(FAKE, 0755)); /* installed meanwhile */
	helper_configure(RESOLV_AUTO, "");
	settle(10000);
	ATF_CHECK_STREQ("(none)", get_file("/run/upstream.conf"));
	ATF_CHECK_STREQ("# mine\n", get_file(FILE_NAME));
	ATF_CHECK_STREQ("-m 1 -a eth0.dhcp4\n", get_file("/etc/log"));
	helper_configure(RESOLV_NO, "");
	settle(10000);
	ATF_CHECK_STREQ(
	    "-m 1 -a eth0.dhcp4\n-d eth0.dhcp4\n", get_file("/etc/log"));
	lines[0] = '\0';
	helper_configure(RESOLV_PATH, "relative");
	helper_configure(77, "");
	ATF_CHECK_EQ(2, count(lines, "not a mode or an absolute path"));
	helper_close();
}

TEST_ROOT(helper_says_once_what_to_do_about_a_symlink,
    "Y-08: a symbolic link and a bind mount are left, with a log line")
{
	private_etc();
	put_file("/run/stub", "# stub\n", 0644);
	ATF_REQUIRE_EQ(0, symlink("/run/stub", FILE_NAME));
	use(NULL);
	begin();
	helper_configure(RESOLV_AUTO, "");
	tell("eth0", 1, "192.0.2.1");
	settle(10000);
	tell("eth0", 1, "192.0.2.2");
	settle(10000);
	ATF_CHECK_EQ(1, count(lines, "is a symbolic link"));
	ATF_CHECK_EQ(1, count(lines, "set resolv-conf to no"));
	ATF_CHECK_STREQ("# stub\n", get_file(FILE_NAME));
	ATF_REQUIRE_EQ(0, unlink(FILE_NAME));
	put_file(FILE_NAME, "", 0644);
	scratch_bind("/run/stub", FILE_NAME);
	tell("eth0", 1, "192.0.2.3");
	settle(10000);
	ATF_CHECK_EQ(1, count(lines, "is a mount point"));
	ATF_CHECK_STREQ("# stub\n", get_file(FILE_NAME));
	scratch_unbind(FILE_NAME);
	tell("eth0", 1, "192.0.2.4");
	settle(10000);
	ATF_CHECK_MATCH("192.0.2.4", get_file(FILE_NAME));
	helper_close();
}

TEST_ROOT(helper_refuses_what_policy_refuses,
    "Y-08, Y-20, design 3: names, protocols and servers are checked again")
{
	struct ipc_resolve msg;

	private_etc();
	use(NULL);
	begin();
	helper_configure(RESOLV_AUTO, "");
	tell("../etc", 1, "192.0.2.1");
	tell("-d", 1, "192.0.2.1");
	tell("a b", 1, "192.0.2.1");
	tell("", 1, "192.0.2.1");
	tell("eth0", 1, "127.0.0.1");
	msg = resolve("eth0", 1, "192.0.2.1");
	memset(msg.ifname, 'a', sizeof(msg.ifname));
	helper_resolve(&msg);
	msg = resolve("eth0", 1, "192.0.2.1");
	msg.protocol = PROTO_NONE;
	helper_resolve(&msg);
	msg.protocol = PROTO_MAX;
	helper_resolve(&msg);
	msg = resolve("eth0", 1, "192.0.2.1");
	strlcpy(msg.dns.search[0], "x\nnameserver 6.6.6.6", DNS_NAME_MAX);
	helper_resolve(&msg);
	msg = resolve("eth0", 1, "192.0.2.1");
	msg.dns.nservers = DNS_SERVERS_MAX + 1;
	helper_resolve(&msg);
	settle(500);
	ATF_CHECK_EQ(10, count(lines, "DNS refused"));
	ATF_CHECK_STREQ("(none)", get_file(FILE_NAME));
	helper_close();
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, helper_runs_the_real_resolvconf);
	ATF_TP_ADD_TC(tp, helper_passes_fixed_arguments_and_nothing_else);
	ATF_TP_ADD_TC(tp, helper_runs_one_at_a_time_and_the_newest_wins);
	ATF_TP_ADD_TC(tp, helper_starts_at_most_one_a_second);
	ATF_TP_ADD_TC(tp, helper_that_finishes_does_not_pace);
	ATF_TP_ADD_TC(tp, helper_ends_a_resolvconf_that_hangs);
	ATF_TP_ADD_TC(tp, helper_says_that_resolvconf_failed);
	ATF_TP_ADD_TC(tp, helper_tries_a_failed_resolvconf_again);
	ATF_TP_ADD_TC(tp, helper_gives_up_until_there_is_something_new);
	ATF_TP_ADD_TC(tp, helper_takes_back_what_an_earlier_run_registered);
	ATF_TP_ADD_TC(tp, helper_without_resolvconf_writes_the_file);
	ATF_TP_ADD_TC(tp, helper_that_starts_again_adopts_the_file);
	ATF_TP_ADD_TC(tp, helper_follows_resolv_conf_of_the_configuration);
	ATF_TP_ADD_TC(tp, helper_says_once_what_to_do_about_a_symlink);
	ATF_TP_ADD_TC(tp, helper_refuses_what_policy_refuses);
	return atf_no_error();
}

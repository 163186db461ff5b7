/* SPDX-License-Identifier: ISC */
/* Linux: IPv6 addresses, routes, knobs and sockets, against a real kernel. */

#include <signal.h>

#include "os_linux.h"

static struct in6_addr
ip6(const char *text)
{
	struct in6_addr addr;

	ATF_REQUIRE_EQ_MSG(inet_pton(AF_INET6, text, &addr), 1, "%s", text);
	return addr;
}

static struct addr6
address6(
    const char *addr, uint8_t prefixlen, uint32_t valid, uint32_t preferred)
{
	struct addr6 a = { .addr = ip6(addr),
		.valid_sec = valid,
		.preferred_sec = preferred,
		.prefixlen = prefixlen };

	return a;
}

static struct os_route6
route6(const struct interface *iface, const char *dst, uint8_t prefixlen,
    const char *gateway, uint32_t metric, uint32_t valid)
{
	struct os_route6 r = { .ifindex = iface->ifindex, .metric = metric };

	r.route.dst = ip6(dst);
	r.route.gateway = ip6(gateway);
	r.route.prefixlen = prefixlen;
	r.route.valid_sec = valid;
	r.route.preference = PREFERENCE_MEDIUM;
	return r;
}

static int
write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), ok;

	if (fd == -1)
		return -1;
	ok = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return ok ? 0 : -1;
}

static void
sysctl6(const char *ifname, const char *name, const char *value)
{
	char path[256];

	snprintf(
	    path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/%s", ifname, name);
	ATF_REQUIRE_EQ_MSG(write_file(path, value), 0, "%s", path);
}

/* What the monitor said last of an address; NULL: nothing. */
static const struct state6 *
last_state(const char *text)
{
	struct in6_addr addr = ip6(text);
	unsigned int i;

	for (i = seen.nstates; i > 0; i--)
		if (IN6_ARE_ADDR_EQUAL(&seen.states[i - 1].addr, &addr))
			return &seen.states[i - 1];
	return NULL;
}

static int
is_state(const char *text, uint32_t flags)
{
	const struct state6 *s = last_state(text);

	return s != NULL && s->flags == flags;
}

static unsigned int
count_states(const char *text)
{
	struct in6_addr addr = ip6(text);
	unsigned int i, n = 0;

	for (i = 0; i < seen.nstates; i++)
		n += IN6_ARE_ADDR_EQUAL(&seen.states[i].addr, &addr);
	return n;
}

/* vb in a namespace of its own, so that va's addresses are not the host's. */
static pid_t other;

static void
vb_away(void)
{
	int fds[2];
	char byte;

	ATF_REQUIRE_EQ(pipe(fds), 0);
	ATF_REQUIRE((other = fork()) != -1);
	if (other == 0) {
		if (unshare(CLONE_NEWNET) == -1 || write(fds[1], "", 1) != 1)
			_exit(1);
		close(fds[0]);
		for (;;)
			pause();
	}
	ATF_REQUIRE_EQ(read(fds[0], &byte, 1), 1);
	IP("link set vb netns %d", (int)other);
}

static int
in_other(const char *args)
{
	char line[512], path[64], *argv[ARGS_MAX + 1], *word, *next = line;
	int fd, i = 0, status;
	pid_t pid;

	strlcpy(line, args, sizeof(line));
	argv[i++] = strdup("ip");
	while (i < ARGS_MAX && (word = strsep(&next, " ")) != NULL)
		argv[i++] = word;
	argv[i] = NULL;
	ATF_REQUIRE((pid = fork()) != -1);
	if (pid == 0) {
		snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)other);
		fd = open(path, O_RDONLY);
		if (fd == -1 || setns(fd, CLONE_NEWNET) == -1)
			_exit(126);
		execvp("ip", argv);
		_exit(127);
	}
	ATF_REQUIRE_EQ(waitpid(pid, &status, 0), pid);
	free(argv[0]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static void
other_end(void)
{
	if (other > 0) {
		kill(other, SIGKILL);
		waitpid(other, NULL, 0);
	}
}

/* ---- addresses ---- */

TEST(addr6_is_added_refreshed_deprecated_and_removed,
    "S-04, S-08, Y-10: lifetimes, protocol number, no prefix route; a refresh "
    "is no removal")
{
	struct addr6 a = address6("2001:db8::10", 64, 1000, 500);
	struct state6 state;

	namespace();
	sysctl6("va", "accept_dad", "0");
	ATF_CHECK_EQ(os_addr6_state(va.ifindex, &a.addr, &state), ESRCH);
	ATF_REQUIRE_EQ(os_addr6_add(va.ifindex, &a), 0);
	WAIT_FOR(is_state("2001:db8::10", STATE6_PRESENT));
	ATF_CHECK_EQ(os_addr6_ours(va.ifindex, &a.addr), 1);
	ATF_REQUIRE_EQ(os_addr6_state(va.ifindex, &a.addr, &state), 0);
	ATF_CHECK(state.valid_sec >= 999 && state.valid_sec <= 1000);
	ATF_CHECK(state.preferred_sec >= 499 && state.preferred_sec <= 500);
	ATF_CHECK_EQ(state.prefixlen, 64);
	IP("-6 route show 2001:db8::/64");
	ATF_CHECK_STREQ(output, "");
	IP("-6 addr show dev va");
	ATF_CHECK_MSG(strstr(output, "noprefixroute") != NULL, "%s", output);
	ATF_CHECK_MSG(strstr(output, "mngtmpaddr") == NULL, "%s", output);
	seen.nstates = 0;
	a.valid_sec = 7000;
	a.preferred_sec = 6000;
	ATF_REQUIRE_EQ(os_addr6_add(va.ifindex, &a), 0);
	settle();
	ATF_CHECK_EQ(count_states("2001:db8::10"), 0);
	ATF_REQUIRE_EQ(os_addr6_state(va.ifindex, &a.addr, &state), 0);
	ATF_CHECK(state.valid_sec >= 6999 && state.preferred_sec >= 5999);
	/* A longer prefix of the same address is the same address. */
	a.prefixlen = 128;
	a.preferred_sec = 0;
	ATF_REQUIRE_EQ(os_addr6_add(va.ifindex, &a), 0);
	WAIT_FOR(is_state("2001:db8::10", STATE6_PRESENT | STATE6_DEPRECATED));
	ATF_REQUIRE_EQ(os_addr6_remove(va.ifindex, &a), 0);
	WAIT_FOR(is_state("2001:db8::10", 0));
	ATF_CHECK_EQ(os_addr6_remove(va.ifindex, &a), 0);
	ATF_CHECK_EQ(os_addr6_ours(va.ifindex, &a.addr), 0);
}

TEST(addr6_of_the_administrator_is_left_alone,
    "Y-26: a static address is neither refreshed, nor ours")
{
	struct addr6 a = address6("2001:db8::9", 64, 1000, 500);

	namespace();
	sysctl6("va", "accept_dad", "0");
	IP("-6 addr add 2001:db8::9/64 dev va");
	ATF_CHECK_EQ(os_addr6_ours(va.ifindex, &a.addr), 0);
	ATF_CHECK_EQ(os_addr6_add(va.ifindex, &a), EEXIST);
	IP("-6 addr show dev va to 2001:db8::9");
	ATF_CHECK_MSG(
	    strstr(output, "valid_lft forever") != NULL, "%s", output);
	/* Ours for ever can be changed again. */
	a = address6("2001:db8::a", 64, LIFETIME_INFINITE, LIFETIME_INFINITE);
	ATF_REQUIRE_EQ(os_addr6_add(va.ifindex, &a), 0);
	a.valid_sec = 100;
	a.preferred_sec = 50;
	ATF_CHECK_EQ(os_addr6_add(va.ifindex, &a), 0);
}

TEST(addr6_tentative_is_not_refreshed,
    "S-08: lifetimes of an address under duplicate address detection stay")
{
	struct addr6 a = address6("2001:db8::10", 64, 1000, 500);
	struct state6 state;

	namespace();
	ATF_REQUIRE_EQ(os_addr6_add(va.ifindex, &a), 0);
	ATF_REQUIRE_EQ(os_addr6_state(va.ifindex, &a.addr, &state), 0);
	ATF_REQUIRE(state.flags & STATE6_TENTATIVE);
	a.valid_sec = 9000;
	ATF_CHECK_EQ(os_addr6_add(va.ifindex, &a), 0);
	ATF_REQUIRE_EQ(os_addr6_state(va.ifindex, &a.addr, &state), 0);
	ATF_CHECK(state.valid_sec <= 1000);
	WAIT_FOR(is_state("2001:db8::10", STATE6_PRESENT));
	ATF_CHECK_EQ(os_addr6_add(va.ifindex, &a), 0);
	ATF_REQUIRE_EQ(os_addr6_state(va.ifindex, &a.addr, &state), 0);
	ATF_CHECK(state.valid_sec > 1000);
}

TEST(addr6_optimistic_where_the_kernel_may,
    "S-18: optimistic with the switch on, tentative without")
{
	struct addr6 a = address6("2001:db8::10", 64, 1000, 500);
	struct state6 state;
	uint32_t value;

	namespace();
	if (os_ipv6_get(&va, KNOB_OPTIMISTIC, &value) == ENOTSUP)
		atf_tc_skip("kernel without optimistic DAD");
	ATF_REQUIRE_EQ(value, 0);
	ATF_REQUIRE_EQ(os_addr6_add(va.ifindex, &a), 0);
	ATF_REQUIRE_EQ(os_addr6_state(va.ifindex, &a.addr, &state), 0);
	ATF_CHECK_EQ(state.flags, STATE6_PRESENT | STATE6_TENTATIVE);
	ATF_REQUIRE_EQ(os_ipv6_set(&va, KNOB_OPTIMISTIC, 1), 0);
	a.addr = ip6("2001:db8::11");
	ATF_REQUIRE_EQ(os_addr6_add(va.ifindex, &a), 0);
	ATF_REQUIRE_EQ(os_addr6_state(va.ifindex, &a.addr, &state), 0);
	ATF_CHECK_EQ(
	    state.flags, STATE6_PRESENT | STATE6_TENTATIVE | STATE6_OPTIMISTIC);
}

TEST(addr6_duplicate_is_reported,
    "S-08: who fails duplicate address detection is reported as duplicated, "
    "with a lifetime (the kernel removes it) and without")
{
	struct addr6 a = address6("2001:db8::10", 64, 1000, 500);
	struct addr6 b =
	    address6("2001:db8::11", 64, LIFETIME_INFINITE, LIFETIME_INFINITE);

	namespace();
	vb_away();
	ATF_REQUIRE_EQ(in_other("link set vb up"), 0);
	ATF_REQUIRE_EQ(in_other("-6 addr add 2001:db8::10/64 dev vb nodad"), 0);
	ATF_REQUIRE_EQ(in_other("-6 addr add 2001:db8::11/64 dev vb nodad"), 0);
	settle();
	ATF_REQUIRE_EQ(os_addr6_add(va.ifindex, &a), 0);
	ATF_REQUIRE_EQ(os_addr6_add(va.ifindex, &b), 0);
	WAIT_FOR(is_state("2001:db8::10", STATE6_DUPLICATED));
	WAIT_FOR(is_state("2001:db8::11",
	    STATE6_PRESENT | STATE6_TENTATIVE | STATE6_DUPLICATED));
	ATF_CHECK_EQ(os_addr6_add(va.ifindex, &b), EADDRINUSE);
	ATF_CHECK_EQ(os_addr6_remove(va.ifindex, &b), 0);
	other_end();
}

TEST(addr6_temporary_is_the_preferred_source,
    "S-07: the kernel speaks from a temporary address")
{
	struct addr6 a = address6("2001:db8::10", 64, 1000, 500);
	struct addr6 t = address6("2001:db8::dead", 64, 1000, 500);
	struct os_route6 net;

	namespace();
	sysctl6("va", "accept_dad", "0");
	t.flags = ADDR6_TEMPORARY;
	ATF_REQUIRE_EQ(os_addr6_add(va.ifindex, &t), 0);
	ATF_REQUIRE_EQ(os_addr6_add(va.ifindex, &a), 0);
	net = route6(&va, "2001:db8::", 64, "::", 100, 1000);
	ATF_REQUIRE_EQ(os_route6_add(&net), 0);
	IP("-6 addr show dev va to 2001:db8::dead");
	ATF_CHECK_MSG(strstr(output, " home ") != NULL, "%s", output);
	IP("-6 route get 2001:db8::11");
	/* Without Mobile IPv6 (CONFIG_IPV6_MIP6) it knows no such rule. */
	if (strstr(output, "src 2001:db8::dead") == NULL)
		return;
	ATF_REQUIRE_EQ(os_addr6_remove(va.ifindex, &t), 0);
	IP("-6 route get 2001:db8::11");
	ATF_CHECK_MSG(strstr(output, "src 2001:db8::10") != NULL, "%s", output);
}

TEST(addr6_changes_by_others_are_seen,
    "S-08: all addresses are reported, link-local ones too, and their end "
    "with their interface")
{
	namespace();
	WAIT_FOR(is_state("fe80::ff:fe00:a", STATE6_PRESENT));
	IP("-6 addr del fe80::ff:fe00:a/64 dev va");
	WAIT_FOR(is_state("fe80::ff:fe00:a", 0));
	IP("-6 addr add 2001:db8::9/64 dev va nodad");
	WAIT_FOR(is_state("2001:db8::9", STATE6_PRESENT));
	IP("link del va");
	WAIT_FOR(is_state("2001:db8::9", 0));
}

TEST(link_local6_is_made_where_the_kernel_makes_none,
    "Y-23: with addr_gen_mode none there is one; else it is the kernel's")
{
	struct in6_addr ll = ip6("fe80::ff:fe00:a");

	namespace();
	WAIT_FOR(is_state("fe80::ff:fe00:a", STATE6_PRESENT));
	ATF_CHECK_EQ(os_link_local6(&va), 0);
	settle();
	IP("-6 addr show dev va scope link");
	ATF_CHECK_MSG(
	    strstr(output, "fe80::ff:fe00:a/64") != NULL, "%s", output);
	ATF_CHECK_EQ(os_addr6_ours(va.ifindex, &ll), 0);
	IP("-6 addr flush dev va");
	WAIT_FOR(is_state("fe80::ff:fe00:a", 0));
	ATF_CHECK_EQ(os_link_local6(&va), 0);
	settle();
	ATF_CHECK(is_state("fe80::ff:fe00:a", 0));
	IP("link set va addrgenmode none");
	ATF_REQUIRE_EQ(os_link_local6(&va), 0);
	WAIT_FOR(is_state("fe80::ff:fe00:a", STATE6_PRESENT));
	IP("-6 route show fe80::/64 dev va");
	ATF_CHECK_MSG(output[0] != '\0', "no prefix route");
}

/* ---- knobs ---- */

TEST(knobs_are_read_and_set,
    "S-03, S-11, S-12: every knob is set and put back; a missing file is "
    "ENOTSUP, IPv6 switched off stays off")
{
	static const struct {
		enum os_ipv6_knob knob;
		uint32_t value;
	} table[] = { { KNOB_ACCEPT_RA, 0 }, { KNOB_AUTOCONF, 0 },
		{ KNOB_TEMPADDR, 2 }, { KNOB_TEMPADDR, (uint32_t)-1 },
		{ KNOB_MTU, 1280 }, { KNOB_HOP_LIMIT, 70 },
		{ KNOB_REACHABLE_MS, 20000 }, { KNOB_RETRANS_MS, 500 },
		{ KNOB_OPTIMISTIC, 1 }, { KNOB_OPTIMISTIC, 2 },
		{ KNOB_OPTIMISTIC, 3 } };
	struct interface odd;
	uint32_t found, value;
	size_t i;

	namespace();
	for (i = 0; i < COUNT(table); i++) {
		if (os_ipv6_get(&va, table[i].knob, &found) == ENOTSUP)
			continue;
		ATF_CHECK(found != table[i].value);
		ATF_CHECK_EQ(
		    os_ipv6_set(&va, table[i].knob, table[i].value), 0);
		value = 0;
		ATF_CHECK_EQ(os_ipv6_get(&va, table[i].knob, &value), 0);
		ATF_CHECK_EQ(value, table[i].value);
		ATF_CHECK_EQ(os_ipv6_set(&va, table[i].knob, found), 0);
		ATF_CHECK_EQ(os_ipv6_get(&va, table[i].knob, &value), 0);
		ATF_CHECK_EQ(value, found);
	}
	ATF_CHECK_EQ(os_ipv6_get(&va, KNOB_DISABLED, &value), 0);
	ATF_CHECK_EQ(value, 0);
	ATF_CHECK_EQ(os_ipv6_set(&va, KNOB_DISABLED, 1), ENOTSUP);
	ATF_CHECK_EQ(os_ipv6_set(&va, KNOB_MAX, 1), EINVAL);
	odd = va;
	strlcpy(odd.name, "nosuch", sizeof(odd.name));
	ATF_CHECK_EQ(os_ipv6_get(&odd, KNOB_MTU, &value), ENOTSUP);
	strlcpy(odd.name, "../va", sizeof(odd.name));
	ATF_CHECK_EQ(os_ipv6_get(&odd, KNOB_MTU, &value), EINVAL);
}

TEST(what_the_kernel_learned_steps_back,
    "S-03, S-09: its routes of router advertisements go, its addresses are "
    "deprecated; ours, static ones and other interfaces' stay")
{
	struct addr6 a = address6("2001:db8::10", 64, 1000, 500);
	struct os_route6 def;

	namespace();
	sysctl6("va", "accept_dad", "0");
	IP("-6 addr add 2001:db8::1/64 dev va mngtmpaddr valid_lft 900 "
	   "preferred_lft 800");
	IP("-6 addr add 2001:db8::2/64 dev va valid_lft 900 preferred_lft "
	   "800");
	IP("-6 addr add 2001:db8::3/64 dev va");
	IP("-6 addr add 2001:db8::4/64 dev vb mngtmpaddr valid_lft 900 "
	   "preferred_lft 800");
	IP("-6 route add default via fe80::1 dev va proto ra metric 1024 "
	   "expires 900");
	IP("-6 route add default via fe80::1 dev vb proto ra metric 1025 "
	   "expires 900");
	IP("-6 route add 2001:db8:9::/48 via fe80::1 dev va metric 1024");
	ATF_REQUIRE_EQ(os_addr6_add(va.ifindex, &a), 0);
	def = route6(&va, "::", 0, "fe80::1", 2000, 1000);
	ATF_REQUIRE_EQ(os_route6_add(&def), 0);
	WAIT_FOR(is_state("2001:db8::10", STATE6_PRESENT));
	ATF_REQUIRE_EQ(os_ipv6_takeover(va.ifindex), 0);
	WAIT_FOR(is_state("2001:db8::1", STATE6_PRESENT | STATE6_DEPRECATED));
	settle();
	ATF_CHECK(is_state("2001:db8::2", STATE6_PRESENT));
	ATF_CHECK(is_state("2001:db8::3", STATE6_PRESENT));
	ATF_CHECK(is_state("2001:db8::10", STATE6_PRESENT));
	IP("-6 addr show to 2001:db8::4");
	ATF_CHECK_MSG(strstr(output, "deprecated") == NULL, "%s", output);
	IP("-6 addr show to 2001:db8::1");
	/* An advertisement can make it good again while we are away. */
	ATF_CHECK_MSG(strstr(output, "mngtmpaddr") != NULL, "%s", output);
	ATF_CHECK_MSG(strstr(output, "valid_lft 900sec") != NULL ||
		strstr(output, "valid_lft 899sec") != NULL,
	    "%s", output);
	IP("-6 route show");
	ATF_CHECK_MSG(strstr(output, "dev va proto ra") == NULL &&
		strstr(output, "dev vb proto ra") != NULL &&
		strstr(output, "2001:db8:9::/48") != NULL &&
		strstr(output, "dev va proto 109") != NULL,
	    "%s", output);
	ATF_CHECK_EQ(seen.nroutes6_gone, 0);
}

/* ---- routes ---- */

/* What ip(8) says of the routes below. */
static void
check_routes_shown(void)
{
	static const char *const words[] = {
		"default via fe80::1 dev va proto 109 metric 100 expires ",
		"sec pref high",
		"2001:db8:1::/48 via fe80::2 dev va proto 109 metric 100 "
		"expires ",
		"mtu 1400 pref low",
		"2001:db8::/64 dev va proto 109 metric 100 pref medium",
		"unreachable 2001:db8:2::/48 dev lo",
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		ATF_CHECK_MSG(strstr(output, words[i]) != NULL, "%s: %s",
		    words[i], output);
}

TEST(route6_is_added_refreshed_and_removed,
    "S-09, S-10: default, specific, on-link and reject routes with lifetime, "
    "preference and MTU; ours alone are changed")
{
	struct os_route6 def, net, link, reject;

	namespace();
	def = route6(&va, "::", 0, "fe80::1", 100, 100);
	def.route.preference = PREFERENCE_HIGH;
	net = route6(&va, "2001:db8:1::", 48, "fe80::2", 100, 200);
	net.route.preference = PREFERENCE_LOW;
	net.route.mtu = 1400;
	link = route6(&va, "2001:db8::", 64, "::", 100, LIFETIME_INFINITE);
	reject = route6(&va, "2001:db8:2::", 48, "::", 100, 300);
	reject.route.flags = ROUTE6_REJECT;
	IP("-6 route add default via fe80::99 dev va metric 50");
	ATF_REQUIRE_EQ(os_route6_add(&def), 0);
	ATF_REQUIRE_EQ(os_route6_add(&net), 0);
	ATF_REQUIRE_EQ(os_route6_add(&link), 0);
	ATF_REQUIRE_EQ(os_route6_add(&reject), 0);
	IP("-6 route show");
	check_routes_shown();
	ATF_CHECK_EQ(os_route6_ours(&def), 1);
	ATF_CHECK_EQ(os_route6_ours(&reject), 1);
	/* Longer, then for ever, then with another preference. */
	def.route.valid_sec = 5000;
	ATF_REQUIRE_EQ(os_route6_add(&def), 0);
	IP("-6 route show default metric 100");
	ATF_CHECK_MSG(strstr(output, "expires 5000sec") != NULL ||
		strstr(output, "expires 4999sec") != NULL,
	    "%s", output);
	def.route.valid_sec = LIFETIME_INFINITE;
	def.route.preference = PREFERENCE_LOW;
	ATF_REQUIRE_EQ(os_route6_add(&def), 0);
	IP("-6 route show default metric 100");
	ATF_CHECK_MSG(strstr(output, "expires") == NULL &&
		strstr(output, "pref low") != NULL,
	    "%s", output);
	ATF_REQUIRE_EQ(os_route6_remove(&def), 0);
	ATF_REQUIRE_EQ(os_route6_remove(&net), 0);
	ATF_REQUIRE_EQ(os_route6_remove(&link), 0);
	ATF_REQUIRE_EQ(os_route6_remove(&reject), 0);
	ATF_CHECK_EQ(os_route6_remove(&reject), 0);
	ATF_CHECK_EQ(os_route6_ours(&def), 0);
	IP("-6 route show proto 109");
	ATF_CHECK_STREQ(output, "");
	IP("-6 route show default");
	ATF_CHECK_MSG(strstr(output, "fe80::99") != NULL, "%s", output);
	settle();
	ATF_CHECK_EQ(seen.nroutes6_gone, 0);
}

TEST(route6_removed_by_others_is_reported,
    "S-09: our route removed by somebody else, expired, or with a link that "
    "is set down, also where the kernel says nothing")
{
	struct os_route6 def, net, reject;

	namespace();
	def = route6(&va, "::", 0, "fe80::1", 100, 1000);
	net = route6(&va, "2001:db8:1::", 48, "fe80::2", 100, 1000);
	reject = route6(&va, "2001:db8:2::", 48, "::", 100, 1000);
	reject.route.flags = ROUTE6_REJECT;
	ATF_REQUIRE_EQ(os_route6_add(&def), 0);
	ATF_REQUIRE_EQ(os_route6_add(&net), 0);
	ATF_REQUIRE_EQ(os_route6_add(&reject), 0);
	settle();
	ATF_REQUIRE_EQ(seen.nroutes6_gone, 0);
	IP("-6 route del 2001:db8:1::/48 metric 100");
	WAIT_FOR(seen.nroutes6_gone == 1);
	ATF_CHECK(IN6_ARE_ADDR_EQUAL(&seen.route6_gone, &net.route.dst));
	IP("-6 route del unreachable 2001:db8:2::/48 metric 100");
	WAIT_FOR(seen.nroutes6_gone == 2);
	ATF_REQUIRE_EQ(
	    write_file("/proc/sys/net/ipv6/route/skip_notify_on_dev_down", "1"),
	    0);
	IP("link set va down");
	WAIT_FOR(seen.nroutes6_gone == 3);
	settle();
	ATF_CHECK_EQ(seen.nroutes6_gone, 3);
}

TEST(route6_fails_over_to_a_living_router,
    "S-09: with a metric each the kernel passes over a router that does not "
    "answer; the monitor says which it is, and when it is back")
{
	struct os_route6 first, second;
	struct in6_addr dead = ip6("fe80::dead");
	int i;

	namespace();
	vb_away();
	ATF_REQUIRE_EQ(in_other("link set vb up"), 0);
	ATF_REQUIRE_EQ(in_other("-6 addr add fe80::b/64 dev vb nodad"), 0);
	sysctl6("va", "accept_dad", "0");
	IP("-6 addr add 2001:db8::1/64 dev va nodad noprefixroute");
	WAIT_FOR(last_state("2001:db8::1") != NULL);
	first = route6(&va, "::", 0, "fe80::dead", 100, 1000);
	second = route6(&va, "::", 0, "fe80::b", 101, 1000);
	ATF_REQUIRE_EQ(os_route6_add(&first), 0);
	ATF_REQUIRE_EQ(os_route6_add(&second), 0);
	IP("-6 route get 2001:db8:f::1");
	ATF_CHECK_MSG(strstr(output, "fe80::dead") != NULL, "%s", output);
	/* Somebody speaks: the kernel looks for the router, in vain. */
	ATF_REQUIRE_EQ(os_ipv6_set(&va, KNOB_RETRANS_MS, 100), 0);
	i = socket(AF_INET6, SOCK_DGRAM, 0);
	ATF_REQUIRE(i != -1);
	struct sockaddr_in6 to = { .sin6_family = AF_INET6,
		.sin6_port = htons(9),
		.sin6_addr = ip6("2001:db8:f::1") };
	(void)sendto(i, "x", 1, 0, (struct sockaddr *)&to, sizeof(to));
	WAIT_FOR(seen.nneighbors == 1);
	ATF_CHECK_EQ(seen.reachable, 0);
	ATF_CHECK(IN6_ARE_ADDR_EQUAL(&seen.neighbor, &dead));
	IP("-6 route get 2001:db8:f::1");
	ATF_CHECK_MSG(strstr(output, "via fe80::b") != NULL, "%s", output);
	/* It comes up, and says that it is a router. */
	IP("-6 neigh replace fe80::dead lladdr 02:00:00:00:00:0c nud reachable "
	   "router dev va");
	WAIT_FOR(seen.nneighbors == 2);
	ATF_CHECK_EQ(seen.reachable, 1);
	close(i);
	other_end();
}

TEST(monitor_is_not_woken_by_neighbours,
    "S-16: a busy neighbour table does not wake the daemon")
{
	struct os_route6 def;
	int i;

	namespace();
	def = route6(&va, "::", 0, "fe80::1", 100, 1000);
	ATF_REQUIRE_EQ(os_route6_add(&def), 0);
	settle();
	for (i = 1; i < 50; i++) {
		IP("-6 neigh replace 2001:db8::%x lladdr 02:00:00:00:01:%02x "
		   "nud %s dev va",
		    i, i, i % 2 ? "stale" : "reachable");
		IP("-6 neigh replace fe80::1:%x lladdr 02:00:00:00:01:%02x "
		   "nud reachable dev va",
		    i, i);
	}
	IP("-4 neigh replace 192.0.2.1 lladdr 02:00:00:00:01:01 nud reachable "
	   "dev va");
	IP("-6 neigh del 2001:db8::1 dev va");
	ATF_CHECK(!readable(monitor_fd, NEVER_MS));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, addr6_is_added_refreshed_deprecated_and_removed);
	ATF_TP_ADD_TC(tp, addr6_of_the_administrator_is_left_alone);
	ATF_TP_ADD_TC(tp, addr6_tentative_is_not_refreshed);
	ATF_TP_ADD_TC(tp, addr6_optimistic_where_the_kernel_may);
	ATF_TP_ADD_TC(tp, addr6_duplicate_is_reported);
	ATF_TP_ADD_TC(tp, addr6_temporary_is_the_preferred_source);
	ATF_TP_ADD_TC(tp, addr6_changes_by_others_are_seen);
	ATF_TP_ADD_TC(tp, link_local6_is_made_where_the_kernel_makes_none);
	ATF_TP_ADD_TC(tp, knobs_are_read_and_set);
	ATF_TP_ADD_TC(tp, what_the_kernel_learned_steps_back);
	ATF_TP_ADD_TC(tp, route6_is_added_refreshed_and_removed);
	ATF_TP_ADD_TC(tp, route6_removed_by_others_is_reported);
	ATF_TP_ADD_TC(tp, route6_fails_over_to_a_living_router);
	ATF_TP_ADD_TC(tp, monitor_is_not_woken_by_neighbours);
	return atf_no_error();
}

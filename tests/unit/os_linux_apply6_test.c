/* SPDX-License-Identifier: ISC */
/*
 * Linux: the parent's IPv6 half as it is, with a real kernel, journal and
 * channel to the engine; the engine is this test.
 */

#include <sys/resource.h>
#include <sys/stat.h>

#include "os_linux.h"
#include "parent6.h"

static struct event_base *base;
static struct ipc_peer engine;
static struct options opts;

/* What the parent said last, of each that matters here. */
static struct {
	struct ipc_configured6 configured;
	unsigned int nconfigured;
	unsigned int nrefused;
	uint32_t refused;
	struct state6 states[64];
	unsigned int nstates;
} told;

#define SINK(M, h, s, f, t, p, d)                                             \
	static void hear_##h(struct ipc_peer *peer, const void *data, int fd) \
	{                                                                     \
		const size_t size = sizeof(struct s);                         \
		(void)peer;                                                   \
		if (fd != -1)                                                 \
			close(fd);                                            \
		hear(MSG_##M, data, size);                                    \
	}
#define SINK_ENTRY(M, h, s, f, t, p, d) [MSG_##M] = hear_##h,

static void
hear(enum ipc_type type, const void *data, size_t size)
{
	if (type == MSG_CONFIGURED6) {
		memcpy(&told.configured, data, size);
		told.nconfigured++;
	} else if (type == MSG_REFUSED) {
		told.nrefused++;
		told.refused = ((const struct ipc_refused *)data)->refusal;
	} else if (type == MSG_STATE6 && told.nstates < COUNT(told.states)) {
		memcpy(&told.states[told.nstates++], data, size);
	}
}

IPC_TABLE(SINK)
static ipc_handler *const sinks[MSG_MAX] = { IPC_TABLE(SINK_ENTRY) };

static void
on_end(struct ipc_peer *peer, const char *why)
{
	(void)peer;
	atf_tc_fail("channel: %s", why != NULL ? why : "end of file");
}

static void
conf_error(void *arg, const char *line)
{
	(void)arg;
	atf_tc_fail("%s", line);
}

static struct conf *
conf_text(const char *text)
{
	struct conf *conf = conf_parse_buffer(
	    "test", text, strlen(text), NULL, 0, conf_error, NULL);

	ATF_REQUIRE(conf != NULL);
	return conf;
}

static void
turn(void)
{
	manage_turn();
	ipc_flush();
	ATF_REQUIRE(event_base_loop(base, EVLOOP_NONBLOCK) != -1);
}

#define UNTIL(cond)                                             \
	do {                                                    \
		uint64_t until_ = os_clock_ms() + WAIT_MS;      \
		while (!(cond) && os_clock_ms() < until_) {     \
			turn();                                 \
			usleep(2000);                           \
		}                                               \
		ATF_REQUIRE_MSG(cond, "never came: %s", #cond); \
	} while (0)

static struct pif *
pif_va(void)
{
	return pif_find(if_nametoindex("va"));
}

/* The network of the test: made once, stays over a "restart". */
static void
network(void)
{
	ATF_REQUIRE_EQ(unshare(CLONE_NEWNET), 0);
	IP("link set lo up");
	IP("link add va address 02:00:00:00:00:0a type veth peer name vb "
	   "address 02:00:00:00:00:0b");
	/* Nothing of its own to say. */
	IP("link set vb addrgenmode none");
	IP("link set va up");
	IP("link set vb up");
	ATF_REQUIRE(mkdir("state", 0700) == 0);
}

/* A daemon that starts. */
static void
start(const char *text)
{
	char boot_id[64];
	int pair[2];

	TAILQ_INIT(&parent.ifaces);
	parent.sink = -1;
	parent.opts = &opts;
	parent.conf = conf_text(text);
	parent.sink_retry_sec = 1; /* not of interest */
	ATF_REQUIRE((base = parent.base = event_base_new()) != NULL);
	parent.statedir = open("state", O_RDONLY | O_DIRECTORY);
	ATF_REQUIRE(parent.statedir != -1);
	ATF_REQUIRE_EQ(os_boot_id(boot_id, sizeof(boot_id)), 0);
	ATF_REQUIRE_EQ(
	    journal_open(&parent.journal, parent.statedir, boot_id, NULL), 0);
	ATF_REQUIRE_EQ(
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair), 0);
	ATF_REQUIRE_EQ(
	    ipc_open(&parent.peers[ROLE_ENGINE], base, pair[0], ROLE_PARENT,
		ROLE_ENGINE, getpid(), sinks, 0, 1, on_end, NULL),
	    0);
	ATF_REQUIRE_EQ(ipc_open(&engine, base, pair[1], ROLE_ENGINE,
			   ROLE_PARENT, getpid(), sinks, 1, 1, on_end, NULL),
	    0);
	parent.peers[ROLE_FRONTEND].closed = 1;
	parent.peers[ROLE_HELPER].closed = 1;
	manage_init();
	UNTIL(manage_done() && pif_va() != NULL && pif_va()->handed);
}

#define RECORD_SIZE 88 /* of the journal's file */
#define CONF "interface \"va\" { dhcp4 no }\n"

static struct in6_addr
ip6(const char *text)
{
	struct in6_addr addr;

	ATF_REQUIRE_EQ_MSG(inet_pton(AF_INET6, text, &addr), 1, "%s", text);
	return addr;
}

static struct ipc_configure6 want;

static void
want_new(enum protocol protocol)
{
	static uint32_t serial;

	memset(&want, 0, sizeof(want));
	want.ifindex = if_nametoindex("va");
	want.config.protocol = protocol;
	want.config.serial = ++serial;
}

static struct addr6 *
want_addr(const char *text, uint32_t valid)
{
	struct addr6 *a = &want.config.addrs[want.config.naddrs++];

	a->addr = ip6(text);
	a->prefixlen = 64;
	a->valid_sec = valid;
	a->preferred_sec = valid / 2;
	return a;
}

static struct route6 *
want_route(const char *dst, uint8_t prefixlen, const char *gateway)
{
	struct route6 *r = &want.config.routes[want.config.nroutes++];

	r->dst = ip6(dst);
	r->gateway = ip6(gateway);
	r->prefixlen = prefixlen;
	r->valid_sec = 1000;
	r->preference = PREFERENCE_MEDIUM;
	return r;
}

/* Ask the parent; its answer. */
static int
configure(void)
{
	unsigned int before = told.nconfigured;

	apply_configure6(&want);
	UNTIL(told.nconfigured > before);
	ATF_CHECK_EQ(told.configured.serial, want.config.serial);
	ATF_CHECK_EQ(told.configured.protocol, want.config.protocol);
	return (int)told.configured.error;
}

static int
kernel_says(const char *needle, const char *command)
{
	IP("%s", command);
	return strstr(output, needle) != NULL;
}

#define HAS_ADDR(a) kernel_says(a "/64", "-6 addr show dev va")
#define ROUTES "-6 route show proto 109"

/* What SLAAC of a simple network asks for. */
static void
want_network(void)
{
	want_new(PROTO_SLAAC);
	want_addr("2001:db8:1::10", 1000);
	want_route("2001:db8:1::", 64, "::");
	want_route("::", 0, "fe80::1");
}

static int
write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), ok;

	if (fd == -1)
		return 0;
	ok = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return ok;
}

static uint32_t
knob(enum os_ipv6_knob number)
{
	uint32_t value = 0;

	ATF_REQUIRE_EQ(os_ipv6_get(&pif_va()->info, number, &value), 0);
	return value;
}

/* ---- tests ---- */

TEST(configuration_is_compared_with_what_is_held,
    "S-04, S-09: what is new is added, what is named no more is removed, the "
    "rest is not touched")
{
	network();
	start(CONF);
	want_network();
	ATF_CHECK_EQ(configure(), 0);
	ATF_CHECK(HAS_ADDR("2001:db8:1::10"));
	ATF_CHECK(kernel_says("2001:db8:1::/64 dev va", ROUTES));
	ATF_CHECK(kernel_says("default via fe80::1 dev va", ROUTES));
	want_network();
	want_addr("2001:db8:1::11", 1000);
	want_route("2001:db8:9::", 48, "fe80::1");
	ATF_CHECK_EQ(configure(), 0);
	ATF_CHECK(HAS_ADDR("2001:db8:1::10"));
	ATF_CHECK(HAS_ADDR("2001:db8:1::11"));
	ATF_CHECK(kernel_says("2001:db8:9::/48 via fe80::1", ROUTES));
	want_new(PROTO_SLAAC);
	want_addr("2001:db8:1::11", 1000);
	want_route("2001:db8:1::", 64, "::");
	ATF_CHECK_EQ(configure(), 0);
	ATF_CHECK(!HAS_ADDR("2001:db8:1::10"));
	ATF_CHECK(HAS_ADDR("2001:db8:1::11"));
	ATF_CHECK(!kernel_says("default", ROUTES));
	ATF_CHECK(!kernel_says("2001:db8:9::", ROUTES));
	want_new(PROTO_SLAAC);
	ATF_CHECK_EQ(configure(), 0);
	ATF_CHECK(!HAS_ADDR("2001:db8:1::11"));
	IP(ROUTES);
	ATF_CHECK_STREQ(output, "");
}

TEST(protocols_have_their_own_configuration,
    "design 3: what SLAAC, DHCPv6 and delegation hold is kept apart; what two "
    "name stays until neither does")
{
	network();
	start(
	    "interface \"va\" { dhcp4 no\n prefix { assign va subnet 1 } }\n");
	want_network();
	ATF_CHECK_EQ(configure(), 0);
	want_new(PROTO_DHCP6);
	want_addr("2001:db8:1::10", 1000);
	want_addr("2001:db8:1::99", 1000)->prefixlen = 128;
	want_route("2001:db8:7::", 48, "::")->flags = ROUTE6_REJECT;
	ATF_CHECK_EQ(configure(), 0);
	want_new(PROTO_PD);
	want_addr("2001:db8:7:1::1", 1000);
	want_route("2001:db8:7:1::", 64, "::");
	ATF_CHECK_EQ(configure(), 0);
	ATF_CHECK(kernel_says("unreachable 2001:db8:7::/48", ROUTES));
	want_new(PROTO_SLAAC);
	ATF_CHECK_EQ(configure(), 0);
	ATF_CHECK(HAS_ADDR("2001:db8:1::10"));
	ATF_CHECK(HAS_ADDR("2001:db8:7:1::1"));
	ATF_CHECK(kernel_says("2001:db8:1::99/128", "-6 addr show dev va"));
	want_new(PROTO_DHCP6);
	ATF_CHECK_EQ(configure(), 0);
	ATF_CHECK(!HAS_ADDR("2001:db8:1::10"));
	ATF_CHECK(!kernel_says("unreachable", ROUTES));
	ATF_CHECK(kernel_says("2001:db8:7:1::/64 dev va", ROUTES));
}

TEST(refused_parts_leave_the_rest,
    "design 3: a refused address or route is left out and told, a protocol "
    "that is off or unknown gets nothing")
{
	network();
	start("interface \"va\" { dhcp4 no\n dhcp6 no }\n");
	want_network();
	want_addr("ff02::1", 1000);
	want_route("fe80::", 64, "fe80::1");
	want.config.mtu = 100;
	ATF_CHECK_EQ(configure(), 0);
	UNTIL(told.nrefused == 3);
	ATF_CHECK(HAS_ADDR("2001:db8:1::10"));
	ATF_CHECK(kernel_says("default via fe80::1", ROUTES));
	ATF_CHECK(!kernel_says("ff02", "-6 addr show dev va"));
	want_new(PROTO_DHCP6);
	want_addr("2001:db8:1::99", 1000);
	ATF_CHECK_EQ(configure(), EACCES);
	ATF_CHECK_EQ(told.refused, REFUSE_PROTOCOL);
	want_new(PROTO_PD);
	want_addr("2001:db8:1::99", 1000);
	ATF_CHECK_EQ(configure(), EACCES);
	/* Nothing is always allowed. */
	want_new(PROTO_DHCP6);
	ATF_CHECK_EQ(configure(), 0);
	want_new(PROTO_DHCP4);
	ATF_CHECK_EQ(configure(), EACCES);
	want_new(PROTO_SLAAC);
	want.ifindex = if_nametoindex("vb");
	ATF_CHECK_EQ(configure(), EACCES);
	ATF_CHECK_EQ(told.refused, REFUSE_UNMANAGED);
}

TEST(routers_have_metrics_in_their_order,
    "S-09, Y-09: one destination, one metric each, in the order they are "
    "named; a reject route is the worst; another preference moves all")
{
	unsigned int base_metric, metric;
	const char *at;

	network();
	start(CONF);
	want_new(PROTO_SLAAC);
	want_route("::", 0, "fe80::1")->preference = PREFERENCE_HIGH;
	want_route("2001:db8:9::", 48, "fe80::1");
	want_route("::", 0, "fe80::2");
	ATF_CHECK_EQ(configure(), 0);
	base_metric = (100 * 1000 + if_nametoindex("va")) * 16;
	IP(ROUTES " default via fe80::1");
	ATF_REQUIRE((at = strstr(output, "metric ")) != NULL);
	ATF_CHECK_EQ(sscanf(at, "metric %u", &metric), 1);
	ATF_CHECK_EQ(metric, base_metric);
	ATF_CHECK(strstr(output, "pref high") != NULL);
	IP(ROUTES " default via fe80::2");
	ATF_REQUIRE((at = strstr(output, "metric ")) != NULL);
	ATF_CHECK_EQ(sscanf(at, "metric %u", &metric), 1);
	ATF_CHECK_EQ(metric, base_metric + 1);
	/* The other way round. */
	want_new(PROTO_SLAAC);
	want_route("::", 0, "fe80::2");
	want_route("::", 0, "fe80::1");
	ATF_CHECK_EQ(configure(), 0);
	IP("-6 route get 2001:db8:5::1");
	ATF_CHECK_MSG(strstr(output, "via fe80::2") != NULL, "%s", output);
	IP(ROUTES " default");
	ATF_CHECK(strstr(output, "fe80::1") != strstr(output, "fe80::2"));
	/* A reload with another preference. */
	conf_free(parent.conf);
	parent.conf =
	    conf_text("interface \"va\" { dhcp4 no\n preference 7 }\n");
	pif_va()->conf = conf_lookup(parent.conf, "va");
	pif_va()->todo = 1;
	turn();
	IP(ROUTES " default via fe80::2");
	ATF_REQUIRE((at = strstr(output, "metric ")) != NULL);
	ATF_CHECK_EQ(sscanf(at, "metric %u", &metric), 1);
	ATF_CHECK_EQ(metric, (7 * 1000 + if_nametoindex("va")) * 16);
	IP(ROUTES);
	ATF_CHECK(strstr(output, "metric 16") == NULL);
}

TEST(numbers_of_the_router_are_taken_and_put_back,
    "S-11, S-12: MTU, hop limit and timers; 0 puts back what was found, so "
    "does the end")
{
	uint32_t mtu, hops, reachable, retrans;

	network();
	start(CONF);
	mtu = knob(KNOB_MTU);
	hops = knob(KNOB_HOP_LIMIT);
	reachable = knob(KNOB_REACHABLE_MS);
	retrans = knob(KNOB_RETRANS_MS);
	want_new(PROTO_SLAAC);
	want.config.mtu = 1400;
	want.config.hop_limit = 70;
	want.config.reachable_ms = 20000;
	want.config.retrans_ms = 500;
	ATF_CHECK_EQ(configure(), 0);
	ATF_CHECK_EQ(knob(KNOB_MTU), 1400);
	ATF_CHECK_EQ(knob(KNOB_HOP_LIMIT), 70);
	ATF_CHECK_EQ(knob(KNOB_REACHABLE_MS), 20000);
	ATF_CHECK_EQ(knob(KNOB_RETRANS_MS), 500);
	/* The kernel takes the device's again when that changes. */
	IP("link set va mtu 1490");
	UNTIL(knob(KNOB_MTU) == 1400 && pif_va()->info.mtu == 1490);
	IP("link set va mtu 1500");
	UNTIL(knob(KNOB_MTU) == 1400 && pif_va()->info.mtu == 1500);
	want.config.hop_limit = 80;
	want.config.mtu = 0;
	ATF_CHECK_EQ(configure(), 0);
	ATF_CHECK_EQ(knob(KNOB_MTU), mtu);
	ATF_CHECK_EQ(knob(KNOB_HOP_LIMIT), 80);
	apply6_withdraw(pif_va());
	ATF_CHECK_EQ(knob(KNOB_HOP_LIMIT), hops);
	ATF_CHECK_EQ(knob(KNOB_REACHABLE_MS), reachable);
	ATF_CHECK_EQ(knob(KNOB_RETRANS_MS), retrans);
	ATF_CHECK_EQ(knob(KNOB_ACCEPT_RA), 1);
}

/* Address and route messages of the kernel. */
static int
listener(void)
{
	struct sockaddr_nl nl = { .nl_family = AF_NETLINK,
		.nl_groups = RTMGRP_IPV6_IFADDR | RTMGRP_IPV6_ROUTE };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK, NETLINK_ROUTE);

	ATF_REQUIRE(fd != -1);
	ATF_REQUIRE_EQ(bind(fd, (struct sockaddr *)&nl, sizeof(nl)), 0);
	return fd;
}

/* Is this the last the engine was told of an address? */
static int
told_state(const char *text, uint32_t flags)
{
	struct in6_addr addr = ip6(text);
	unsigned int i;

	for (i = told.nstates; i > 0; i--)
		if (told.states[i - 1].ifindex == if_nametoindex("va") &&
		    IN6_ARE_ADDR_EQUAL(&told.states[i - 1].addr, &addr))
			return told.states[i - 1].flags == flags;
	return 0;
}

/* A daemon that configures va, and is killed. */
static void
earlier_run(void)
{
	pid_t pid;
	int status;

	ATF_REQUIRE((pid = fork()) != -1);
	if (pid == 0) {
		start(CONF);
		want_network();
		want_addr("2001:db8:1::11", 1000);
		want.config.hop_limit = 70;
		if (configure() != 0)
			_exit(1);
		UNTIL(told_state(
			  "2001:db8:1::10", STATE6_PRESENT | STATE6_OURS) &&
		    told_state(
			"2001:db8:1::11", STATE6_PRESENT | STATE6_OURS) &&
		    told_state("fe80::ff:fe00:a", STATE6_PRESENT));
		_exit(0);
	}
	ATF_REQUIRE_EQ(waitpid(pid, &status, 0), pid);
	ATF_REQUIRE_EQ(status, 0);
}

/* As the engine does: what is left. */
static void
want_left(void)
{
	struct addr6 *a;
	struct state6 state;
	uint16_t i;

	for (i = 0; i < want.config.naddrs; i++) {
		a = &want.config.addrs[i];
		ATF_REQUIRE_EQ(
		    os_addr6_state(want.ifindex, &a->addr, &state), 0);
		a->valid_sec = state.valid_sec;
		a->preferred_sec = state.preferred_sec;
	}
}

TEST(a_restart_adopts_without_a_word,
    "S-19, Y-10: after a violent end the same configuration changes nothing "
    "in the kernel; what is named no more goes, found values are known")
{
	unsigned int i, ours = 0;
	int fd;

	network();
	earlier_run();
	start(CONF);
	for (i = 0; i < told.nstates; i++)
		ours += (told.states[i].flags & STATE6_OURS) != 0;
	ATF_CHECK_EQ(ours, 2);
	ATF_CHECK_EQ(knob(KNOB_HOP_LIMIT), 70);
	fd = listener();
	want_network();
	want_addr("2001:db8:1::11", 1000);
	want.config.hop_limit = 70;
	want_left();
	ATF_CHECK_EQ(configure(), 0);
	ATF_CHECK_MSG(!readable(fd, NEVER_MS), "the kernel said something");
	want_network();
	ATF_CHECK_EQ(configure(), 0);
	ATF_CHECK(HAS_ADDR("2001:db8:1::10"));
	ATF_CHECK(!HAS_ADDR("2001:db8:1::11"));
	ATF_CHECK_EQ(knob(KNOB_HOP_LIMIT), 64);
	apply6_withdraw(pif_va());
	ATF_CHECK(!HAS_ADDR("2001:db8:1::10"));
	IP(ROUTES);
	ATF_CHECK_STREQ(output, "");
	ATF_CHECK_EQ(knob(KNOB_ACCEPT_RA), 1);
}

/* The parent dies at its nth write to the journal from now on. */
static void
die_at_write(unsigned int n)
{
	struct rlimit none = { 0, 0 }, limit;
	struct stat st;

	ATF_REQUIRE_EQ(fstat(parent.journal.fd, &st), 0);
	limit.rlim_cur = limit.rlim_max =
	    (rlim_t)st.st_size + (n - 1) * RECORD_SIZE;
	if (setrlimit(RLIMIT_CORE, &none) == -1 ||
	    setrlimit(RLIMIT_FSIZE, &limit) == -1)
		_exit(1);
}

/* A daemon sets the hop limit to 70, and dies while it sets it to 80; what
 * remains when the next one has put back what was found. */
static uint32_t
hop_limit_after(unsigned int write_no, int before_the_change)
{
	int status;
	pid_t pid;

	ATF_REQUIRE((pid = fork()) != -1);
	if (pid == 0) {
		start(CONF);
		if (knob6_set(pif_va(), KNOB_HOP_LIMIT, 70) != 0)
			_exit(1);
		die_at_write(write_no);
		(void)knob6_set(pif_va(), KNOB_HOP_LIMIT, 80);
		_exit(0);
	}
	ATF_REQUIRE_EQ(waitpid(pid, &status, 0), pid);
	ATF_REQUIRE_MSG(
	    WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ, "%d", status);
	ATF_REQUIRE((pid = fork()) != -1);
	if (pid == 0) {
		start(CONF);
		if (before_the_change &&
		    os_ipv6_set(&pif_va()->info, KNOB_HOP_LIMIT, 70) != 0)
			_exit(1);
		apply6_withdraw(pif_va());
		_exit((int)knob(KNOB_HOP_LIMIT));
	}
	ATF_REQUIRE_EQ(waitpid(pid, &status, 0), pid);
	ATF_REQUIRE(WIFEXITED(status));
	return (uint32_t)WEXITSTATUS(status);
}

TEST(an_address_that_is_back_is_ours,
    "S-19, Y-10: the kernel's report that it is gone comes when it has been "
    "made again; it is withdrawn all the same")
{
	struct in6_addr addr;

	network();
	start(CONF);
	want_network();
	ATF_CHECK_EQ(configure(), 0);
	addr = ip6("2001:db8:1::10");
	/* Before anything is heard of the kernel. */
	want_new(PROTO_SLAAC);
	apply_configure6(&want);
	want_network();
	ATF_CHECK_EQ(configure(), 0);
	UNTIL(told_state("2001:db8:1::10", STATE6_OURS | STATE6_PRESENT));
	turn();
	ATF_CHECK(apply6_is_held(pif_va(), &addr));
	apply6_withdraw(pif_va());
	ATF_CHECK(!HAS_ADDR("2001:db8:1::10"));
}

TEST(a_found_value_is_known_whenever_the_parent_dies,
    "S-03, Y-10: while a setting is changed again; each write of the journal "
    "is the last, before and after the kernel's change")
{
	network();
	ATF_CHECK_EQ(hop_limit_after(1, 0), 64);
	ATF_CHECK_EQ(hop_limit_after(2, 0), 64);
	ATF_CHECK_EQ(hop_limit_after(2, 1), 64);
}

TEST(a_restart_without_slaac_takes_it_back,
    "S-19, Y-25: what an earlier run made for a protocol that is off now, or "
    "on an interface that is no longer managed")
{
	struct pif *pif;
	pid_t pid;
	int status;

	network();
	earlier_run();
	ATF_REQUIRE((pid = fork()) != -1);
	if (pid == 0) {
		start("interface \"va\" { dhcp4 no\n slaac no\n dhcp6 no }\n");
		_exit(HAS_ADDR("2001:db8:1::10") ||
		    kernel_says("default", ROUTES) ||
		    knob(KNOB_ACCEPT_RA) != 1);
	}
	ATF_REQUIRE_EQ(waitpid(pid, &status, 0), pid);
	ATF_CHECK_EQ(status, 0);
	earlier_run();
	ATF_REQUIRE((pid = fork()) != -1);
	if (pid == 0) {
		parent.opts = &opts;
		/* start() waits for va, which is not managed here. */
		alarm(10);
		start("interface \"vb\" { dhcp4 no }\ninterface \"va\" "
		      "{ dhcp4 no }\nexclude { \"nothing\" }\n");
		conf_free(parent.conf);
		parent.conf = conf_text("interface \"vb\" { dhcp4 no }\n");
		TAILQ_FOREACH (pif, &parent.ifaces, entry) {
			pif->conf = conf_lookup(parent.conf, pif->info.name);
			pif->todo = 1;
		}
		turn();
		_exit(HAS_ADDR("2001:db8:1::10") ||
		    kernel_says("default", ROUTES) ||
		    knob(KNOB_ACCEPT_RA) != 1);
	}
	ATF_REQUIRE_EQ(waitpid(pid, &status, 0), pid);
	ATF_CHECK_EQ(status, 0);
}

TEST(routes_removed_by_others_come_back_once,
    "S-09, Y-10: put back, but no fight; the next configuration brings them")
{
	network();
	start(CONF);
	want_network();
	ATF_CHECK_EQ(configure(), 0);
	turn();
	IP("-6 route flush proto 109");
	UNTIL(kernel_says("default via fe80::1", ROUTES) &&
	    kernel_says("2001:db8:1::/64", ROUTES));
	IP("-6 route flush proto 109");
	UNTIL(pif_va()->v6->lost.lost);
	UNTIL(!pif_va()->v6->lost.lost);
	ATF_CHECK(!kernel_says("default", ROUTES));
	want_network();
	ATF_CHECK_EQ(configure(), 0);
	ATF_CHECK(kernel_says("default via fe80::1", ROUTES));
	/* A link that was down gets them back at once. */
	IP("link set va down");
	UNTIL(pif_va()->v6->lost.lost);
	IP("link set va up");
	UNTIL(kernel_says("default via fe80::1", ROUTES));
}

TEST(addresses_of_others_are_left_alone,
    "Y-26, S-08: an administrator's address is not ours; one of ours that is "
    "removed is told and forgotten")
{
	struct in6_addr held;

	network();
	IP("-6 addr add 2001:db8:1::10/64 dev va nodad");
	start(CONF);
	want_network();
	want_addr("2001:db8:1::11", 1000);
	ATF_CHECK_EQ(configure(), 0);
	held = ip6("2001:db8:1::10");
	ATF_CHECK(!apply6_is_held(pif_va(), &held));
	held = ip6("2001:db8:1::11");
	ATF_CHECK(apply6_is_held(pif_va(), &held));
	/* What the kernel made itself of a prefix becomes ours. */
	IP("-6 addr add 2001:db8:1::12/64 dev va nodad mngtmpaddr valid_lft "
	   "900 preferred_lft 800");
	UNTIL(told_state("2001:db8:1::12", STATE6_PRESENT));
	want_addr("2001:db8:1::12", 900)->preferred_sec = 800;
	ATF_CHECK_EQ(configure(), 0);
	UNTIL(told_state("2001:db8:1::12", STATE6_PRESENT | STATE6_OURS));
	IP("-6 addr del 2001:db8:1::11/64 dev va");
	UNTIL(!apply6_is_held(pif_va(), &held));
	UNTIL(told_state("2001:db8:1::11", STATE6_OURS));
	want_new(PROTO_SLAAC);
	ATF_CHECK_EQ(configure(), 0);
	ATF_CHECK(HAS_ADDR("2001:db8:1::10"));
}

TEST(the_kernels_refusal_is_not_the_policys,
    "S-19, Y-01: where IPv6 is off for a moment the engine is not told what "
    "it takes for final")
{
	network();
	start(CONF);
	ATF_REQUIRE(write_file("/proc/sys/net/ipv6/conf/va/disable_ipv6", "1"));
	want_network();
	ATF_CHECK_EQ(configure(), EPERM);
	ATF_REQUIRE(write_file("/proc/sys/net/ipv6/conf/va/disable_ipv6", "0"));
	want_network();
	ATF_CHECK_EQ(configure(), 0);
	ATF_CHECK(HAS_ADDR("2001:db8:1::10"));
}

TEST(settings_survive_a_name_that_was_not_heard_of,
    "S-03, Y-25: let go while it bears another name by now, and then another "
    "time: what was found is put back")
{
	struct pif *pif;

	network();
	start(CONF);
	pif = pif_va();
	ATF_REQUIRE_EQ(knob(KNOB_ACCEPT_RA), 0);
	strlcpy(pif->info.name, "vz", sizeof(pif->info.name));
	knob6_restore_all(pif);
	strlcpy(pif->info.name, "va", sizeof(pif->info.name));
	ATF_REQUIRE_EQ(knob(KNOB_ACCEPT_RA), 0);
	knob6_restore_all(pif);
	ATF_CHECK_EQ(knob(KNOB_ACCEPT_RA), 1);
}

TEST(settings_of_one_that_is_there_again_are_put_back,
    "S-03, Y-01: gone and back under its index before either was heard, and "
    "set meanwhile")
{
	struct journal_entry *e;

	network();
	start(CONF);
	ATF_REQUIRE_EQ(knob(KNOB_ACCEPT_RA), 0);
	knob6_forget(pif_va());
	ATF_CHECK_EQ(knob(KNOB_ACCEPT_RA), 1);
	TAILQ_FOREACH (e, &parent.journal.live, entry)
		ATF_CHECK(e->rec.kind != JOURNAL_KNOB);
}

TEST(an_answer_that_comes_late_closes_no_socket,
    "Y-01: CLOSED is the answer to SHUT, also to one from before the "
    "interface was let go; a socket that failed is shut before the next")
{
	struct ipc_channel_state closed = { .channel = CHANNEL_RS };
	const struct sock6 *s;

	network();
	start(CONF);
	closed.ifindex = if_nametoindex("va");
	s = &pif_va()->v6->socks[CHANNEL_RS];
	UNTIL(s->state == SOCK6_OPEN);
	manage6_closed(&closed);
	ATF_CHECK_EQ(s->state, SOCK6_OPEN);
	closed.error = ENODEV;
	manage6_closed(&closed);
	ATF_CHECK_EQ(s->state, SOCK6_CLOSING);
	closed.error = 0;
	manage6_closed(&closed);
	ATF_CHECK_EQ(s->state, SOCK6_CLOSED);
	UNTIL(s->state == SOCK6_OPEN);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, configuration_is_compared_with_what_is_held);
	ATF_TP_ADD_TC(tp, protocols_have_their_own_configuration);
	ATF_TP_ADD_TC(tp, refused_parts_leave_the_rest);
	ATF_TP_ADD_TC(tp, routers_have_metrics_in_their_order);
	ATF_TP_ADD_TC(tp, numbers_of_the_router_are_taken_and_put_back);
	ATF_TP_ADD_TC(tp, a_restart_adopts_without_a_word);
	ATF_TP_ADD_TC(tp, an_address_that_is_back_is_ours);
	ATF_TP_ADD_TC(tp, a_found_value_is_known_whenever_the_parent_dies);
	ATF_TP_ADD_TC(tp, a_restart_without_slaac_takes_it_back);
	ATF_TP_ADD_TC(tp, routes_removed_by_others_come_back_once);
	ATF_TP_ADD_TC(tp, addresses_of_others_are_left_alone);
	ATF_TP_ADD_TC(tp, the_kernels_refusal_is_not_the_policys);
	ATF_TP_ADD_TC(tp, settings_survive_a_name_that_was_not_heard_of);
	ATF_TP_ADD_TC(tp, settings_of_one_that_is_there_again_are_put_back);
	ATF_TP_ADD_TC(tp, an_answer_that_comes_late_closes_no_socket);
	return atf_no_error();
}

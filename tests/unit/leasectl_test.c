/* SPDX-License-Identifier: ISC */
/*
 * leasectl: formatting by giving structs to the functions, the protocol with a
 * child process that plays the daemon on a real socket.
 */

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <arpa/inet.h>
#include <atf-c.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../ctl/ctl.h"
#include "compat/imsg.h"
#include "policy.h"
#include "proto/dhcp4.h"

#define SOCKET "sock"

/* One of each answer. */
static struct ipc_show_iface iface;
static struct ipc_show_counters counters;
static struct ipc_show_skipped skipped;
static struct ipc_show_sandbox sandbox;
static struct ipc_event event;
static struct ipc_result result;

/* What a run of an output wrote. */
static char *text;
static size_t text_len;

static struct in_addr
addr(const char *s)
{
	struct in_addr a;

	ATF_REQUIRE_EQ(1, inet_pton(AF_INET, s, &a));
	return a;
}

static void
fill_answers(int byte)
{
	memset(&iface, byte, sizeof(iface));
	memset(&counters, byte, sizeof(counters));
	memset(&skipped, byte, sizeof(skipped));
	memset(&sandbox, byte, sizeof(sandbox));
	memset(&event, byte, sizeof(event));
	memset(&result, byte, sizeof(result));
}

static void
fill_lease(struct lease4 *l)
{
	l->addr = addr("192.0.2.57");
	l->server_id = addr("192.0.2.1");
	l->prefixlen = 24;
	l->lease_sec = 3600;
	l->t1_sec = 1800;
	l->t2_sec = 3150;
	l->obtained_low = 1700000000;
	l->nroutes = 2;
	l->routes[0].gateway = addr("192.0.2.1");
	l->routes[1].dst = addr("198.51.100.0");
	l->routes[1].prefixlen = 24;
	l->routes[1].gateway = addr("192.0.2.254");
	l->ndns = 2;
	l->dns[0] = addr("192.0.2.1");
	l->dns[1] = addr("192.0.2.2");
	l->nsearch = 1;
	strlcpy(l->search[0], "example.org", sizeof(l->search[0]));
	l->nntp = 1;
	l->ntp[0] = addr("192.0.2.3");
	l->mtu = 1400;
	strlcpy(l->captive_portal, "https://portal.example/",
	    sizeof(l->captive_portal));
	l->sixrd_len = 22;
	memcpy(l->sixrd, "\x08\x20\x20\x01\x0d\xb8", 6);
	memcpy(l->sixrd + 18, "\xc0\x00\x02\x09", 4);
}

static void
fill_honest(void)
{
	fill_answers(0);
	iface.iface.ifindex = 2;
	iface.iface.flags = IFACE_UP | IFACE_RUNNING;
	iface.iface.mtu = 1500;
	iface.iface.hwaddr_len = 6;
	iface.iface.hwaddr[0] = 2;
	strlcpy(iface.iface.name, "eth0", sizeof(iface.iface.name));
	iface.state4 = D4_BOUND;
	iface.dhcp4 = CONF_YES;
	iface.has_lease = iface.configured4 = 1;
	iface.t1_in = 692;
	iface.t2_in = 2042;
	iface.expires_in = 2492;
	iface.preference = 100;
	iface.socket_error = EADDRINUSE;
	iface.socket_channel = CHANNEL_DHCP4;
	iface.has_owner = 1;
	iface.owner_uid = 0;
	iface.last_refusal = REFUSE_GATEWAY;
	fill_lease(&iface.lease);
	strlcpy(skipped.skipped.name, "eth9", sizeof(skipped.skipped.name));
	skipped.skipped.reason = SKIP_MEMBER;
	sandbox.sandbox.role = ROLE_ENGINE;
	sandbox.sandbox.pid = 814;
	sandbox.sandbox.uid = 99999;
	sandbox.sandbox.syscalls = 17;
	sandbox.sandbox.flags =
	    SANDBOX_SECCOMP | SANDBOX_CHROOT | SANDBOX_NO_NEW_PRIVS;
	strlcpy(counters.ifname, "eth0", sizeof(counters.ifname));
	counters.counters[COUNT_D4_TX_DISCOVER] = 3;
	event.event = EVENT_BOUND;
	event.protocol = PROTO_DHCP4;
	event.wall_low = 1700000000;
	event.has_lease = 1;
	strlcpy(event.ifname, "eth0", sizeof(event.ifname));
	fill_lease(&event.lease);
}

/* Let an output write every answer it takes. */
static const char *
run_output(void (*init)(struct output *, FILE *))
{
	struct output out;
	FILE *fp;

	free(text);
	text = NULL;
	fp = open_memstream(&text, &text_len);
	ATF_REQUIRE(fp != NULL);
	init(&out, fp);
	if (out.iface != NULL)
		out.iface(&out, &iface);
	if (out.counters != NULL)
		out.counters(&out, &counters);
	if (out.skipped != NULL)
		out.skipped(&out, &skipped);
	if (out.sandbox != NULL)
		out.sandbox(&out, &sandbox);
	if (out.event != NULL)
		out.event(&out, &event);
	if (out.result != NULL)
		out.result(&out, &result);
	fclose(fp);
	return text;
}

static void
show_json(struct output *out, FILE *fp)
{
	output_json(out, fp, CTL_CMD_SHOW);
}

static void
lines_json(struct output *out, FILE *fp)
{
	output_json_lines(out, fp);
	json_decref(out->data); /* of the result */
	out->data = NULL;
	out->iface = NULL;
	out->counters = NULL;
	out->skipped = NULL;
	out->sandbox = NULL;
	out->result = NULL;
}

static void
has(const char *want)
{
	ATF_CHECK_MSG(
	    strstr(text, want) != NULL, "no \"%s\" in:\n%s", want, text);
}

ATF_TC(leasectl_spans_are_human);
ATF_TC_HEAD(leasectl_spans_are_human, tc)
{
	atf_tc_set_md_var(tc, "descr", "Y-04: time spans in words");
}
ATF_TC_BODY(leasectl_spans_are_human, tc)
{
	static const struct {
		uint32_t sec;
		const char *want;
	} t[] = {
		{ 0, "0s" },
		{ 59, "59s" },
		{ 60, "1m" },
		{ 692, "11m32s" },
		{ 3599, "59m59s" },
		{ 3600, "1h" },
		{ 7325, "2h2m" },
		{ 86399, "23h59m" },
		{ 86400, "1d" },
		{ 90000, "1d1h" },
		{ LIFETIME_INFINITE - 1, "49710d6h" },
		{ LIFETIME_INFINITE, "never" },
	};
	char span[SPAN_MAX];
	size_t i;

	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		ATF_CHECK_STREQ(
		    t[i].want, text_span(t[i].sec, span, sizeof(span)));
}

ATF_TC(leasectl_escapes_foreign_bytes);
ATF_TC_HEAD(leasectl_escapes_foreign_bytes, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-27: \\xNN, an end that is the array's, a buffer that is full");
}
ATF_TC_BODY(leasectl_escapes_foreign_bytes, tc)
{
	const char array[4] = { 'a', 'b', 'c', 'd' };
	char dst[64], full[7];

	ATF_CHECK_STREQ("a\\x1bb\\xff\\x0a~ ",
	    text_escape("a\033b\xff\n~ ", 8, dst, sizeof(dst)));
	ATF_CHECK_STREQ("abcd", text_escape(array, 4, dst, sizeof(dst)));
	ATF_CHECK_STREQ("a\\x00b",
	    text_bytes((const uint8_t *)"a\0b", 3, dst, sizeof(dst)));
	ATF_CHECK_STREQ("a",
	    text_escape("a\xff\xff", 3, full, 5)); /* never half an escape */
	ATF_CHECK_STREQ("00:ff",
	    text_hex((const uint8_t *)"\0\xff", 2, ':', dst, sizeof(dst)));
	ATF_CHECK_STREQ("?", text_time(UINT64_MAX >> 1, dst, sizeof(dst)));
	ATF_CHECK_STREQ(
	    "2023-11-14T22:13:20Z", text_time(1700000000, dst, sizeof(dst)));
}

ATF_TC(leasectl_text_says_all);
ATF_TC_HEAD(leasectl_text_says_all, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-04, Y-14, Y-17, Y-22, D4-28: what show prints for people");
}
ATF_TC_BODY(leasectl_text_says_all, tc)
{
	fill_honest();
	run_output(output_text);
	has("eth0: up, 02:00:00:00:00:00, mtu 1500, preference 100\n");
	has("dhcp4          BOUND, lease of 1h from 192.0.2.1\n");
	has("address        192.0.2.57/24\n");
	has("in 41m32s, renews in 11m32s, rebinds in 34m2s");
	has("default route  192.0.2.1\n");
	has("route          198.51.100.0/24 via 192.0.2.254");
	has("dns            192.0.2.1 192.0.2.2\n");
	has("search         example.org\n");
	has("ntp            192.0.2.3\n");
	has("mtu            1400\n");
	has("captive portal https://portal.example/\n");
	has("6rd            2001:db8::/32, IPv4 mask 8, relay 192.0.2.9");
	has("dhcp4: EADDRINUSE, UDP port 68 is held by uid 0 (root)");
	has("last refusal   gateway that is not reachable");
	has("eth9           member of a bridge");
	has("engine         pid 814, uid 99999, seccomp (17 system calls)");
	has("chroot, no new privileges, no capabilities");
	has("3  dhcp4_sent_discover");
	has("2023-11-14T22:13:20Z eth0 dhcp4 bound 192.0.2.57/24 from "
	    "192.0.2.1 for 1h");

	/* The parent: honest about what it is and keeps. */
	sandbox.sandbox.role = ROLE_PARENT;
	sandbox.sandbox.uid = 0;
	sandbox.sandbox.flags = 0;
	sandbox.sandbox.caps_permitted = 1U << 12 | 1U << 13 | 1U << 10;
	run_output(output_text);
	has("parent         pid 814, uid 0 (root), capabilities "
	    "NET_BIND_SERVICE NET_ADMIN NET_RAW, no system call restricted");
	sandbox.sandbox.caps_permitted = 0x1ffffffffff;
	run_output(output_text);
	has("all capabilities");
}

ATF_TC(leasectl_json_schema);
ATF_TC_HEAD(leasectl_json_schema, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-04, Y-14, Y-17: the documented members and their types");
}
ATF_TC_BODY(leasectl_json_schema, tc)
{
	json_t *root, *lease, *wrong;
	const char *name, *dst, *gw, *state, *fault, *search, *reason, *who;
	int version, expires, owner, calls, seccomp, len;

	fill_honest();
	root = json_loads(run_output(show_json), 0, NULL);
	ATF_REQUIRE(root != NULL);
	ATF_REQUIRE_EQ_MSG(0,
	    json_unpack(root,
		"{s:i, s:[{s:s, s:{s:s, s:i, s:{s:s, s:i}, s:o}}, *],"
		" s:[{s:s}], s:[{s:s, s:b, s:i}]}",
		"version", &version, "interfaces", "name", &name, "dhcp4",
		"state", &state, "expires_in", &expires, "socket_error", "name",
		&fault, "owner_uid", &owner, "lease", &lease, "skipped",
		"reason", &reason, "sandboxes", "process", &who, "seccomp",
		&seccomp, "system_calls", &calls),
	    "%s", text);
	ATF_CHECK_EQ(1, version);
	ATF_CHECK_STREQ("eth0", name);
	ATF_CHECK_STREQ("BOUND", state);
	ATF_CHECK_EQ(2492, expires);
	ATF_CHECK_STREQ("EADDRINUSE", fault);
	ATF_CHECK_EQ(0, owner);
	ATF_CHECK_STREQ("member", reason);
	ATF_CHECK_STREQ("engine", who);
	ATF_CHECK_EQ(1, seccomp);
	ATF_CHECK_EQ(17, calls);
	ATF_REQUIRE_EQ(0,
	    json_unpack(lease, "{s:s, s:i, s:[o, {s:s, s:s}], s:[s]}",
		"address", &name, "prefix_length", &len, "routes", &wrong,
		"destination", &dst, "gateway", &gw, "search", &search));
	ATF_CHECK_STREQ("192.0.2.57", name);
	ATF_CHECK_EQ(24, len);
	ATF_CHECK_STREQ("198.51.100.0/24", dst);
	ATF_CHECK_STREQ("192.0.2.254", gw);
	ATF_CHECK_STREQ("example.org", search);
	json_decref(root);

	iface.expires_in = LIFETIME_INFINITE;
	iface.has_owner = 0;
	root = json_loads(run_output(show_json), 0, NULL);
	ATF_REQUIRE(root != NULL);
	ATF_CHECK_EQ(0,
	    json_unpack(root, "{s:[{s:{s:n, s:{s:n}}}, *]}", "interfaces",
		"dhcp4", "expires_in", "socket_error", "owner_uid"));
	json_decref(root);
}

ATF_TC(leasectl_event_carries_the_lease);
ATF_TC_HEAD(leasectl_event_carries_the_lease, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-18: an event in JSON has the lease that show has, whole");
}
ATF_TC_BODY(leasectl_event_carries_the_lease, tc)
{
	json_t *show, *line, *there, *here;
	const char *what, *name, *protocol;
	int when;

	fill_honest();
	show = json_loads(run_output(show_json), 0, NULL);
	line = json_loads(run_output(lines_json), 0, NULL);
	ATF_REQUIRE(show != NULL && line != NULL);
	ATF_REQUIRE_EQ(0,
	    json_unpack(show, "{s:[{s:{s:o}}, *]}", "interfaces", "dhcp4",
		"lease", &there));
	ATF_REQUIRE_EQ(0,
	    json_unpack(line, "{s:s, s:s, s:s, s:i, s:n, s:o}", "event", &what,
		"interface", &name, "protocol", &protocol, "time", &when,
		"reason", "lease", &here));
	ATF_CHECK_STREQ("bound", what);
	ATF_CHECK_STREQ("eth0", name);
	ATF_CHECK_STREQ("dhcp4", protocol);
	ATF_CHECK_EQ(1700000000, when);
	ATF_CHECK_MSG(json_equal(there, here), "the leases differ");
	json_decref(show);
	json_decref(line);
}

ATF_TC(leasectl_hostile_answers_are_harmless);
ATF_TC_HEAD(leasectl_hostile_answers_are_harmless, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-27: structs full of any byte give valid UTF-8 in JSON and "
	    "printable text, and counts stay inside their arrays");
}
ATF_TC_BODY(leasectl_hostile_answers_are_harmless, tc)
{
	static const int bytes[] = { 0xff, 0x80, 0x01, 0xc3, '"', '\\', '\n',
		0x7f, 'A' };
	json_error_t error;
	json_t *root;
	size_t i, k;

	for (i = 0; i < sizeof(bytes) / sizeof(bytes[0]); i++) {
		fill_answers(bytes[i]);
		root = json_loads(run_output(show_json), 0, &error);
		ATF_CHECK_MSG(
		    root != NULL, "byte %#x: %s", bytes[i], error.text);
		json_decref(root);
		root = json_loads(run_output(lines_json), 0, &error);
		ATF_CHECK_MSG(
		    root != NULL, "byte %#x: %s", bytes[i], error.text);
		ATF_CHECK_EQ_MSG(strchr(text, '\n'), text + text_len - 1,
		    "an event is not one line");
		json_decref(root);
		run_output(output_text);
		for (k = 0; k < text_len; k++)
			ATF_REQUIRE_MSG(text[k] == '\n' ||
				(text[k] >= 0x20 && text[k] <= 0x7e),
			    "byte %#x: %#x in the text", bytes[i], text[k]);
	}
	fill_answers(0xff);
	run_output(show_json);
	has("\\\\xff\\\\xff");
	run_output(output_text);
	has("unknown");
}

ATF_TC(leasectl_metrics_format);
ATF_TC_HEAD(leasectl_metrics_format, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-19: OpenMetrics text, each metric once, # EOF at the end");
}
ATF_TC_BODY(leasectl_metrics_format, tc)
{
	struct output out;
	const char *p;
	FILE *fp;

	fill_honest();
	fp = open_memstream(&text, &text_len);
	ATF_REQUIRE(fp != NULL);
	output_metrics(&out, fp);
	out.counters(&out, &counters);
	strlcpy(counters.ifname, "a\"b\n", sizeof(counters.ifname));
	counters.counters[COUNT_D4_TX_DISCOVER] = UINT64_MAX;
	out.counters(&out, &counters);
	out.result(&out, &result);
	fclose(fp);
	has("# TYPE leased_dhcp4_sent_discover counter\n"
	    "# HELP leased_dhcp4_sent_discover DHCPDISCOVER sent\n"
	    "leased_dhcp4_sent_discover_total{interface=\"eth0\"} 3\n"
	    "leased_dhcp4_sent_discover_total{interface=\"a\\\"b\\\\x0a\"} "
	    "18446744073709551615\n");
	ATF_CHECK_STREQ("# EOF\n", text + text_len - 6);
	p = strstr(text, "# TYPE leased_refused counter\n");
	ATF_REQUIRE(p != NULL);
	ATF_CHECK(strstr(p + 1, "# TYPE leased_refused counter\n") == NULL);
}

/* Parse a command line of at most 15 words. */
static int
parse(struct command *cmd, const char *line)
{
	static char copy[256];
	char *argv[16], *word, *last;
	const char *why;
	int argc = 0;

	strlcpy(copy, line, sizeof(copy));
	for (word = strtok_r(copy, " ", &last); word != NULL && argc < 15;
	     word = strtok_r(NULL, " ", &last))
		argv[argc++] = word;
	argv[argc] = NULL;
	optind = 1;
	return args_parse(cmd, argc, argv, &why);
}

ATF_TC(leasectl_command_line);
ATF_TC_HEAD(leasectl_command_line, tc)
{
	atf_tc_set_md_var(tc, "descr", "Y-03, Y-04: commands and their words");
}
ATF_TC_BODY(leasectl_command_line, tc)
{
	static const char *const bad[] = { "leasectl", "leasectl -s",
		"leasectl bogus", "leasectl release", "leasectl release a b",
		"leasectl log", "leasectl log loud", "leasectl stop now",
		"leasectl wait -t", "leasectl wait -t -1", "leasectl wait -5",
		"leasectl wait -", "leasectl wait -t 99999999",
		"leasectl reload x", "leasectl show 0123456789abcdef",
		"leasectl -j show metrics" };
	struct command cmd;
	size_t i;

	opterr = 0;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ATF_CHECK_EQ_MSG(-1, parse(&cmd, bad[i]), "%s", bad[i]);

	ATF_REQUIRE_EQ(0, parse(&cmd, "leasectl -j -s /x wait -46t 5 a b"));
	ATF_CHECK_EQ(1, cmd.json);
	ATF_CHECK_STREQ("/x", cmd.socket);
	ATF_CHECK_EQ(CTL_CMD_WAIT, cmd.req.command);
	ATF_CHECK_EQ(IPC_VERSION, cmd.req.version);
	ATF_CHECK_EQ(CTL_INET | CTL_INET6, cmd.req.flags);
	ATF_CHECK_EQ(5000, cmd.req.timeout_ms);
	ATF_CHECK_EQ(2, cmd.req.nnames);
	ATF_CHECK_STREQ("b", cmd.req.names[1]);
	ATF_REQUIRE_EQ(0, parse(&cmd, "leasectl wait -t7 -4 -- odd"));
	ATF_CHECK_EQ(7000, cmd.req.timeout_ms);
	ATF_CHECK_STREQ("odd", cmd.req.names[0]);
	ATF_REQUIRE_EQ(0, parse(&cmd, "leasectl wait"));
	ATF_CHECK_EQ(CTL_WAIT_DEFAULT_SEC * 1000, cmd.req.timeout_ms);
	ATF_REQUIRE_EQ(0, parse(&cmd, "leasectl show counters em0"));
	ATF_CHECK_EQ(CTL_CMD_COUNTERS, cmd.req.command);
	ATF_CHECK_EQ(1, cmd.req.nnames);
	ATF_REQUIRE_EQ(0, parse(&cmd, "leasectl show metrics"));
	ATF_CHECK_EQ(1, cmd.metrics);
	ATF_REQUIRE_EQ(0, parse(&cmd, "leasectl stop --withdraw"));
	ATF_CHECK_EQ(CTL_WITHDRAW, cmd.req.flags);
	ATF_REQUIRE_EQ(0, parse(&cmd, "leasectl log verbose"));
	ATF_CHECK_EQ(CTL_VERBOSE, cmd.req.flags);
}

/* What the child that plays the daemon answers. */
struct part {
	uint32_t type;
	const void *data;
	size_t size;
};

static void
play_daemon(int listener, const struct part *parts, size_t n)
{
	struct imsgbuf ib;
	struct imsg imsg;
	size_t i;
	int fd;

	fd = accept(listener, NULL, NULL);
	if (fd == -1 || imsgbuf_init(&ib, fd) == -1)
		_exit(2);
	while (imsgbuf_get(&ib, &imsg) == 0)
		if (imsgbuf_read(&ib) != 1)
			_exit(3);
	if (imsg_get_type(&imsg) != MSG_CTL_REQUEST ||
	    imsg_get_id(&imsg) != 0 ||
	    imsg_get_len(&imsg) != sizeof(struct ipc_ctl_request))
		_exit(4);
	for (i = 0; i < n; i++)
		if (imsg_compose(&ib, parts[i].type, 0, 0, -1, parts[i].data,
			parts[i].size) == -1)
			_exit(5);
	_exit(imsgbuf_flush(&ib) == -1 ? 6 : 0);
}

/* Run `show` against a daemon that answers so; the exit code.  What it wrote
 * to standard error is in the file "err". */
static int
run_client(const struct part *parts, size_t n)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	struct command cmd;
	struct output out;
	pid_t daemon, client;
	int listener, status, code;

	unlink(SOCKET);
	strlcpy(sun.sun_path, SOCKET, sizeof(sun.sun_path));
	listener = socket(AF_UNIX, SOCK_STREAM, 0);
	ATF_REQUIRE(listener != -1);
	ATF_REQUIRE(bind(listener, (struct sockaddr *)&sun, sizeof(sun)) == 0);
	ATF_REQUIRE(listen(listener, 1) == 0);
	ATF_REQUIRE((daemon = fork()) != -1);
	if (daemon == 0)
		play_daemon(listener, parts, n);
	ATF_REQUIRE((client = fork()) != -1);
	if (client == 0) {
		if (freopen("err", "w", stderr) == NULL ||
		    freopen("out", "w", stdout) == NULL)
			_exit(9);
		output_text(&out, stdout);
		if (parse(&cmd, "leasectl -s " SOCKET " show") == -1)
			_exit(9);
		code = client_run(&cmd, &out);
		fflush(NULL);
		_exit(code);
	}
	close(listener);
	ATF_REQUIRE_EQ(daemon, waitpid(daemon, &status, 0));
	ATF_CHECK_EQ_MSG(0, status, "the daemon was asked wrongly");
	ATF_REQUIRE_EQ(client, waitpid(client, &status, 0));
	ATF_REQUIRE(WIFEXITED(status));
	return WEXITSTATUS(status);
}

ATF_TC(leasectl_protocol);
ATF_TC_HEAD(leasectl_protocol, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-03, Y-04: answers, results, and what is not in the table");
}
ATF_TC_BODY(leasectl_protocol, tc)
{
	const struct part good[] = {
		{ MSG_CTL_IFACE, &iface, sizeof(iface) },
		{ MSG_CTL_SKIPPED, &skipped, sizeof(skipped) },
		{ MSG_CTL_SANDBOX, &sandbox, sizeof(sandbox) },
		{ MSG_CTL_RESULT, &result, sizeof(result) },
	};
	const struct part size[] = {
		{ MSG_CTL_IFACE, &iface, sizeof(iface) - 1 },
		{ MSG_CTL_RESULT, &result, sizeof(result) },
	};
	const struct part foreign[] = {
		{ MSG_SHOW_IFACE, &iface, sizeof(iface) },
		{ MSG_CTL_RESULT, &result, sizeof(result) },
	};
	const struct part above[] = {
		{ MSG_MAX + 7, &iface, sizeof(iface) },
	};

	fill_honest();
	ATF_CHECK_EQ(0, run_client(good, 4));
	ATF_CHECK(atf_utils_grep_file("^eth0: up", "out"));
	ATF_CHECK(atf_utils_grep_file("engine  ", "out"));
	ATF_CHECK(!atf_utils_grep_file(".", "err"));

	result.code = IPC_TIMEOUT;
	strlcpy(result.text, "eth0: no IPv4 address", sizeof(result.text));
	ATF_CHECK_EQ(1, run_client(good, 4));
	ATF_CHECK(atf_utils_grep_file("timeout: eth0: no IPv4 address", "err"));
	memset(result.text, 0xff, sizeof(result.text));
	result.code = 4711;
	ATF_CHECK_EQ(1, run_client(good, 4));
	ATF_CHECK(atf_utils_grep_file("xff.*version", "err"));

	result.code = IPC_OK;
	ATF_CHECK_EQ(1, run_client(size, 2));
	ATF_CHECK(atf_utils_grep_file("does not know .version", "err"));
	ATF_CHECK_EQ(1, run_client(foreign, 2));
	ATF_CHECK(atf_utils_grep_file("does not know .version", "err"));
	ATF_CHECK_EQ(1, run_client(above, 1));
	ATF_CHECK(atf_utils_grep_file("does not know .version", "err"));
	/* No result. */
	ATF_CHECK_EQ(1, run_client(good, 1));
	ATF_CHECK(atf_utils_grep_file("closed the connection", "err"));
}

ATF_TC(leasectl_without_a_daemon);
ATF_TC_HEAD(leasectl_without_a_daemon, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-04: no daemon, and a socket that is not ours to use");
}
ATF_TC_BODY(leasectl_without_a_daemon, tc)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX,
		.sun_path = "closed" };
	struct command cmd;
	struct output out;
	pid_t pid;
	int s, status;

	ATF_REQUIRE(freopen("err", "w", stderr) != NULL);
	output_text(&out, stdout);
	ATF_REQUIRE_EQ(0, parse(&cmd, "leasectl -s none show"));
	ATF_CHECK_EQ(1, client_run(&cmd, &out));
	fflush(stderr);
	ATF_CHECK(
	    atf_utils_grep_file("leased is not running .socket none.", "err"));
	if (geteuid() != 0)
		return;
	/* A socket: of a file some systems say so before they look whose. */
	ATF_REQUIRE((s = socket(AF_UNIX, SOCK_STREAM, 0)) != -1);
	ATF_REQUIRE_EQ(0, bind(s, (struct sockaddr *)&sun, sizeof(sun)));
	ATF_REQUIRE(chmod("closed", 0) == 0 && chmod(".", 0755) == 0);
	ATF_REQUIRE((pid = fork()) != -1);
	if (pid == 0) {
		if (setuid(65534) == -1 ||
		    parse(&cmd, "leasectl -s closed show") == -1)
			_exit(9);
		status = client_run(&cmd, &out);
		fflush(NULL);
		_exit(status);
	}
	ATF_REQUIRE_EQ(pid, waitpid(pid, &status, 0));
	ATF_CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 1);
	ATF_CHECK(
	    atf_utils_grep_file("permission denied.*control group", "err"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, leasectl_spans_are_human);
	ATF_TP_ADD_TC(tp, leasectl_escapes_foreign_bytes);
	ATF_TP_ADD_TC(tp, leasectl_text_says_all);
	ATF_TP_ADD_TC(tp, leasectl_json_schema);
	ATF_TP_ADD_TC(tp, leasectl_event_carries_the_lease);
	ATF_TP_ADD_TC(tp, leasectl_hostile_answers_are_harmless);
	ATF_TP_ADD_TC(tp, leasectl_metrics_format);
	ATF_TP_ADD_TC(tp, leasectl_command_line);
	ATF_TP_ADD_TC(tp, leasectl_protocol);
	ATF_TP_ADD_TC(tp, leasectl_without_a_daemon);
	return atf_no_error();
}

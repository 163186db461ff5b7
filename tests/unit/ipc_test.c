/* SPDX-License-Identifier: ISC */
/*
 * The dispatcher of src/ipc.c, over real socket pairs.
 * The peer is either a second ipc_open() or, when it has to misbehave, a bare
 * socket that is written to by hand.  What the table in ipc.h says is
 * expanded here a second time, so that ipc.c is held against it.
 */

#include <sys/socket.h>
#include <atf-c.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "ipc_harness.h"

#define FD_FLAG 0x80000000U /* in imsg_hdr.len, on the wire */
#define PEER_PID 4711
#define FDS_MAX 4

/* ---- what the table says, read a second time ---- */

#define W_PARENT (1U << ROLE_PARENT)
#define W_FRONTEND (1U << ROLE_FRONTEND)
#define W_ENGINE (1U << ROLE_ENGINE)
#define W_HELPER (1U << ROLE_HELPER)
#define W_CLIENT (1U << ROLE_CLIENT)
#define W_CHILDREN (W_FRONTEND | W_ENGINE | W_HELPER)
#define W_FE (W_FRONTEND | W_ENGINE)
enum { START, RUN, ONCE };
enum { NOFD, FD };

struct want {
	const char *name;
	size_t size;
	unsigned int from;
	unsigned int to;
	int phase;
	int fd;
};

#define WANT(M, h, s, f, t, p, d) \
	[MSG_##M] = { #M, sizeof(struct s), W_##f, W_##t, p, d },
static const struct want wants[MSG_MAX] = { IPC_TABLE(WANT) };

/* The tables as the processes themselves generate them. */
#define ON(M, h, s, from, to, phase, fd)                                    \
	IPC_IF(to)                                                          \
	(static void IPC_CAT(IPC_PREFIX, _on_##h)(                          \
	    struct ipc_peer * peer, const struct s *data, int descriptor) { \
		(void)peer;                                                 \
		record(MSG_##M, data, sizeof(*data), descriptor);           \
	})

#define IPC_ME PARENT
#define IPC_PREFIX parent
#include "ipc_handlers.h"
IPC_TABLE(ON)
#undef IPC_ME
#undef IPC_PREFIX
#define IPC_ME FRONTEND
#define IPC_PREFIX frontend
#include "ipc_handlers.h"
IPC_TABLE(ON)
#undef IPC_ME
#undef IPC_PREFIX
#define IPC_ME ENGINE
#define IPC_PREFIX engine
#include "ipc_handlers.h"
IPC_TABLE(ON)
#undef IPC_ME
#undef IPC_PREFIX
#define IPC_ME HELPER
#define IPC_PREFIX helper
#include "ipc_handlers.h"
IPC_TABLE(ON)

/* ---- a peer that may write what it likes ---- */

struct raw {
	struct imsg_hdr hdr; /* len as on the wire */
	const void *data;    /* NULL: zeroes */
	size_t size;	     /* bytes of payload that really follow */
	int nfds;
};

static struct raw
raw_good(uint32_t type)
{
	const struct want *w = &wants[type];
	struct raw m = {
		.hdr = { .type = type,
		    .pid = PEER_PID,
		    .len = (uint32_t)(sizeof(struct imsg_hdr) + w->size) },
		.size = w->size,
		.nfds = w->fd == FD
	};

	if (w->fd == FD)
		m.hdr.len |= FD_FLAG;
	return m;
}

static void
raw_send(int sock, const struct raw *m)
{
	static uint8_t bytes[2 * MAX_IMSGSIZE];
	union {
		struct cmsghdr align;
		uint8_t bytes[CMSG_SPACE(FDS_MAX * sizeof(int))];
	} control;
	struct iovec iov = { .iov_base = bytes,
		.iov_len = sizeof(m->hdr) + m->size };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *cm;
	int i, fds[FDS_MAX];

	ATF_REQUIRE(iov.iov_len <= sizeof(bytes) && m->nfds <= FDS_MAX);
	memset(bytes, 0, iov.iov_len);
	memcpy(bytes, &m->hdr, sizeof(m->hdr));
	if (m->data != NULL)
		memcpy(bytes + sizeof(m->hdr), m->data, m->size);
	for (i = 0; i < m->nfds; i++)
		ATF_REQUIRE((fds[i] = open("/dev/null", O_RDONLY)) != -1);
	if (m->nfds > 0) {
		memset(&control, 0, sizeof(control));
		msg.msg_control = &control;
		msg.msg_controllen = CMSG_SPACE((size_t)i * sizeof(int));
		cm = CMSG_FIRSTHDR(&msg);
		cm->cmsg_len = CMSG_LEN((size_t)i * sizeof(int));
		cm->cmsg_level = SOL_SOCKET;
		cm->cmsg_type = SCM_RIGHTS;
		memcpy(CMSG_DATA(cm), fds, (size_t)i * sizeof(int));
	}
	ATF_REQUIRE_EQ((ssize_t)iov.iov_len, sendmsg(sock, &msg, 0));
	while (i-- > 0)
		close(fds[i]);
}

/* One channel of its own for n messages written by hand; NULL: dispatched
 * and still open, else why it ended.  No descriptor may stay behind. */
static const char *
deliver(enum ipc_role self, enum ipc_role role, int started,
    const struct raw *m, size_t n)
{
	static struct end e;
	int sv[2], before;
	size_t i;

	start();
	memset(&got, 0, sizeof(got));
	got.fd = -1;
	before = count_fds();
	sockets(sv);
	end_open(&e, sv[1], self, role, role == ROLE_CLIENT ? 0 : PEER_PID,
	    any_handlers, started);
	for (i = 0; i < n; i++)
		raw_send(sv[0], &m[i]);
	pump((int)n + 2);
	if (got.fd != -1)
		close(got.fd);
	close(sv[0]);
	ipc_close(&e.peer);
	ATF_CHECK_EQ_MSG(before, count_fds(), "descriptors leak");
	ATF_CHECK(e.ended <= 1);
	return e.ended ? e.why : NULL;
}

/* The parent sends to the started engine; nothing may be dispatched. */
static void
refused(const struct raw *m, const char *why)
{
	const char *is = deliver(ROLE_ENGINE, ROLE_PARENT, 1, m, 1);

	ATF_CHECK_EQ_MSG(0, got.n, "type %u dispatched", m->hdr.type);
	ATF_REQUIRE_MSG(is != NULL, "type %u accepted", m->hdr.type);
	if (why != NULL)
		ATF_CHECK_STREQ(why, is);
}

/* ---- what the dispatcher accepts ---- */

ATF_TC(ipc_every_message_arrives_whole_and_aligned);
ATF_TC_HEAD(ipc_every_message_arrives_whole_and_aligned, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-10: every row of the table goes through, byte for "
	    "byte");
}
ATF_TC_BODY(ipc_every_message_arrives_whole_and_aligned, tc)
{
	static uint8_t data[IPC_MESSAGE_MAX];
	static struct end a, b;
	const struct want *w;
	uint32_t type, from, to;
	int sv[2], fd, before;
	size_t i;

	(void)tc;
	start();
	for (i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 7 + i / 256 + 1);
	before = count_fds();
	for (type = 1; type < MSG_MAX; type++) {
		w = &wants[type];
		ATF_CHECK_STREQ(w->name, ipc_name(type));
		ATF_CHECK_EQ(w->size, ipc_size(type));
		for (from = 0; !(w->from & 1U << from); from++)
			;
		for (to = 0; !(w->to & 1U << to); to++)
			;
		memset(&got, 0, sizeof(got));
		sockets(sv);
		end_open(&a, sv[0], from, to, 0, any_handlers, 1);
		end_open(&b, sv[1], to, from, getpid(), any_handlers,
		    w->phase != START);
		imsgbuf_allow_fdpass(&a.peer.ibuf);
		fd = w->fd == FD ? open("/dev/null", O_RDONLY) : -1;
		ipc_send(&a.peer, type, data, w->size, fd);
		pump(3);
		ATF_CHECK_EQ_MSG(1, got.n, "%s: %s", w->name, b.why);
		ATF_CHECK_EQ(type, got.type);
		ATF_CHECK(got.aligned);
		ATF_CHECK_EQ(0, memcmp(data, got.data, w->size));
		ATF_CHECK_EQ(w->fd == FD, got.fd > 2);
		if (w->fd == FD)
			close(got.fd);
		ATF_CHECK(!a.ended && !b.ended && b.peer.started);
		ATF_CHECK(a.peer.count == 0 && a.peer.queued == 0);
		ipc_close(&a.peer);
		ipc_close(&b.peer);
	}
	ATF_CHECK_EQ(before, count_fds());
}

/* A stream position that is not a multiple of anything. */
ATF_TC(ipc_messages_that_arrive_in_pieces_are_whole);
ATF_TC_HEAD(ipc_messages_that_arrive_in_pieces_are_whole, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-10: a message in pieces is dispatched once, when it "
	    "is whole");
}
ATF_TC_BODY(ipc_messages_that_arrive_in_pieces_are_whole, tc)
{
	static struct end e;
	uint8_t wire[2 * (sizeof(struct imsg_hdr) + sizeof(struct ipc_hello))];
	struct raw m = raw_good(MSG_LOG_LEVEL);
	struct ipc_log_level level = { .verbose = 0x01020304 };
	int sv[2];
	size_t i, len = sizeof(m.hdr) + sizeof(level);

	(void)tc;
	memset(&got, 0, sizeof(got));
	memcpy(wire, &m.hdr, sizeof(m.hdr));
	memcpy(wire + sizeof(m.hdr), &level, sizeof(level));
	sockets(sv);
	end_open(
	    &e, sv[1], ROLE_ENGINE, ROLE_PARENT, PEER_PID, any_handlers, 1);
	for (i = 0; i < len; i++) {
		ATF_CHECK_EQ(0, got.n);
		ATF_REQUIRE_EQ(1, write(sv[0], wire + i, 1));
		pump(2);
	}
	ATF_CHECK_EQ(1, got.n);
	ATF_CHECK(got.aligned && memcmp(got.data, &level, sizeof(level)) == 0);
	memcpy(wire + len, wire, len);
	ATF_REQUIRE_EQ((ssize_t)(2 * len), write(sv[0], wire, 2 * len));
	pump(1);
	ATF_CHECK_EQ(3, got.n);
	ATF_CHECK(!e.ended);
	ipc_close(&e.peer);
	close(sv[0]);
}

ATF_TC(ipc_only_what_the_table_allows_is_dispatched);
ATF_TC_HEAD(ipc_only_what_the_table_allows_is_dispatched, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-10, Y-16: every message from every role to every role");
}
ATF_TC_BODY(ipc_only_what_the_table_allows_is_dispatched, tc)
{
	const struct want *w;
	unsigned int self, role;
	uint32_t type;
	struct raw m;
	const char *why;
	int allowed;

	(void)tc;
	for (self = 0; self < ROLE_MAX; self++)
		for (role = 0; role < ROLE_MAX; role++)
			for (type = 1; type < MSG_MAX; type++) {
				w = &wants[type];
				m = raw_good(type);
				/* Clients get no descriptors, so none could be
				 * lacking. */
				allowed = (w->from >> role & 1) &&
				    (w->to >> self & 1);
				why = deliver(
				    self, role, w->phase != START, &m, 1);
				ATF_CHECK_EQ_MSG((unsigned int)allowed, got.n,
				    "%s from %s to %s", w->name,
				    ipc_role_name(role), ipc_role_name(self));
				if (allowed)
					ATF_CHECK_MSG(why == NULL, "%s: %s",
					    w->name, why);
				else
					ATF_CHECK_STREQ(
					    "type not for this channel", why);
			}
}

ATF_TC(ipc_processes_handle_what_the_table_sends_them);
ATF_TC_HEAD(ipc_processes_handle_what_the_table_sends_them, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-10: each generated dispatch table is its column of "
	    "the table");
}
ATF_TC_BODY(ipc_processes_handle_what_the_table_sends_them, tc)
{
	ipc_handler *const *const tables[] = {
		[ROLE_PARENT] = parent_handlers,
		[ROLE_FRONTEND] = frontend_handlers,
		[ROLE_ENGINE] = engine_handlers,
		[ROLE_HELPER] = helper_handlers,
	};
	uint8_t data[IPC_MESSAGE_MAX] = { 0 };
	unsigned int role;
	uint32_t type;

	(void)tc;
	for (role = 0; role < ROLE_CLIENT; role++) {
		ATF_CHECK(tables[role][MSG_NONE] == NULL);
		for (type = 1; type < MSG_MAX; type++) {
			ATF_CHECK_EQ_MSG(wants[type].to >> role & 1,
			    tables[role][type] != NULL, "%s at %s",
			    wants[type].name, ipc_role_name(role));
			if (tables[role][type] == NULL)
				continue;
			tables[role][type](NULL, data, -1);
			ATF_CHECK_EQ(type, got.type);
		}
	}
}

/* What would make the separation worthless if it were ever put into the
 * table. */
ATF_TC(ipc_table_keeps_the_processes_apart);
ATF_TC_HEAD(ipc_table_keeps_the_processes_apart, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-10: only the parent hands out descriptors, clients "
	    "and the helper have one channel");
}
ATF_TC_BODY(ipc_table_keeps_the_processes_apart, tc)
{
	const struct want *w;
	uint32_t type;

	(void)tc;
	for (type = 1; type < MSG_MAX; type++) {
		w = &wants[type];
		ATF_CHECK_MSG((w->from & w->to) == 0, "%s", w->name);
		if (w->fd == FD)
			ATF_CHECK_EQ_MSG(W_PARENT, w->from, "%s", w->name);
		if (w->fd == FD && (w->to & W_ENGINE))
			ATF_CHECK_EQ_MSG(MSG_CHANNEL, type, "%s", w->name);
		if (w->from & W_CLIENT)
			ATF_CHECK_EQ_MSG(W_FRONTEND, w->to, "%s", w->name);
		if (w->to & W_CLIENT)
			ATF_CHECK_EQ_MSG(W_FRONTEND, w->from, "%s", w->name);
		if ((w->from | w->to) & W_HELPER)
			ATF_CHECK_MSG(
			    (w->from | w->to) & W_PARENT, "%s", w->name);
		if (w->phase == START)
			ATF_CHECK_MSG(
			    type == MSG_HELLO || type == MSG_CTL_REQUEST, "%s",
			    w->name);
	}
}

/* ---- what it refuses ---- */

ATF_TC(ipc_unknown_type_ends_the_channel);
ATF_TC_HEAD(ipc_unknown_type_ends_the_channel, tc)
{
	atf_tc_set_md_var(tc, "descr", "Y-10, Y-16: unknown type");
}
ATF_TC_BODY(ipc_unknown_type_ends_the_channel, tc)
{
	static const uint32_t types[] = { MSG_NONE, MSG_MAX, MSG_MAX + 1, 0xff,
		0x100 + MSG_GONE4, 0x10000 + MSG_GONE4, 0x7fffffff, 0x80000000,
		0xffffffff };
	struct raw m = raw_good(MSG_GONE4);
	size_t i;

	(void)tc;
	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		m.hdr.type = types[i];
		refused(&m, "unknown type");
		ATF_CHECK_EQ(0, ipc_size(types[i]));
		ATF_CHECK_STREQ("unknown", ipc_name(types[i]));
	}
}

ATF_TC(ipc_message_without_handler_ends_the_channel);
ATF_TC_HEAD(ipc_message_without_handler_ends_the_channel, tc)
{
	atf_tc_set_md_var(
	    tc, "descr", "Y-10, Y-16: type this process has no handler for");
}
ATF_TC_BODY(ipc_message_without_handler_ends_the_channel, tc)
{
	static ipc_handler *const none[MSG_MAX];
	static struct end e;
	struct raw m = raw_good(MSG_MANAGE);
	int sv[2];

	(void)tc;
	sockets(sv);
	end_open(&e, sv[1], ROLE_ENGINE, ROLE_PARENT, PEER_PID, none, 1);
	raw_send(sv[0], &m);
	pump(2);
	ATF_CHECK_EQ(1, e.ended);
	ATF_CHECK_STREQ("type not for this channel", e.why);
	close(sv[0]);
}

ATF_TC(ipc_wrong_size_ends_the_channel);
ATF_TC_HEAD(ipc_wrong_size_ends_the_channel, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-10, Y-16: every message with 0, one byte less, one "
	    "more and the most");
}
ATF_TC_BODY(ipc_wrong_size_ends_the_channel, tc)
{
	const size_t largest = MAX_IMSGSIZE - sizeof(struct imsg_hdr);
	uint32_t type, from, to;
	size_t i;

	(void)tc;
	for (type = 1; type < MSG_MAX; type++) {
		const size_t sizes[] = { 0, 1, wants[type].size - 1,
			wants[type].size + 1, wants[type].size * 2, largest };

		for (from = 0; !(wants[type].from & 1U << from); from++)
			;
		for (to = 0; !(wants[type].to & 1U << to); to++)
			;
		for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
			struct raw m = raw_good(type);
			const char *why;

			m.size = sizes[i];
			m.hdr.len = (uint32_t)(sizeof(m.hdr) + m.size) |
			    (m.hdr.len & FD_FLAG);
			why = deliver(
			    to, from, wants[type].phase != START, &m, 1);
			ATF_CHECK_EQ_MSG(0, got.n, "%s with %zu bytes",
			    wants[type].name, m.size);
			ATF_REQUIRE(why != NULL);
			ATF_CHECK_STREQ("wrong size", why);
		}
	}
}

ATF_TC(ipc_peerid_and_foreign_pid_end_the_channel);
ATF_TC_HEAD(ipc_peerid_and_foreign_pid_end_the_channel, tc)
{
	atf_tc_set_md_var(
	    tc, "descr", "Y-10, Y-16: peerid or pid that is not the channel's");
}
ATF_TC_BODY(ipc_peerid_and_foreign_pid_end_the_channel, tc)
{
	static const uint32_t pids[] = { 0, 1, PEER_PID - 1, PEER_PID + 1,
		PEER_PID | 0x80000000, 0xffffffff };
	struct raw m = raw_good(MSG_GONE4);
	size_t i;

	(void)tc;
	m.hdr.peerid = 1;
	refused(&m, "peerid is not 0");
	m.hdr.peerid = 0x80000000;
	refused(&m, "peerid is not 0");
	m.hdr.peerid = 0;
	for (i = 0; i < sizeof(pids) / sizeof(pids[0]); i++) {
		m.hdr.pid = pids[i];
		refused(&m, "foreign pid");
	}
}

ATF_TC(ipc_phase_is_kept);
ATF_TC_HEAD(ipc_phase_is_kept, tc)
{
	atf_tc_set_md_var(
	    tc, "descr", "Y-10, Y-16: START missing or twice, ONCE twice");
}
ATF_TC_BODY(ipc_phase_is_kept, tc)
{
	struct raw m[3];

	(void)tc;
	m[0] = raw_good(MSG_GONE4);
	ATF_CHECK_STREQ(
	    "wrong phase", deliver(ROLE_ENGINE, ROLE_PARENT, 0, m, 1));
	ATF_CHECK_EQ(0, got.n);
	m[0] = raw_good(MSG_CHANNEL);
	ATF_CHECK_STREQ(
	    "wrong phase", deliver(ROLE_ENGINE, ROLE_PARENT, 0, m, 1));
	ATF_CHECK_EQ(0, got.n);
	m[0] = m[1] = raw_good(MSG_HELLO);
	ATF_CHECK_STREQ(
	    "wrong phase", deliver(ROLE_ENGINE, ROLE_PARENT, 0, m, 2));
	ATF_CHECK_EQ(1, got.n);
	ATF_CHECK_STREQ(
	    "wrong phase", deliver(ROLE_ENGINE, ROLE_PARENT, 1, m, 1));
	ATF_CHECK_EQ(0, got.n);
	m[1] = m[2] = raw_good(MSG_GONE4);
	ATF_CHECK(deliver(ROLE_ENGINE, ROLE_PARENT, 0, m, 3) == NULL);
	ATF_CHECK_EQ(3, got.n);
	m[0] = m[1] = raw_good(MSG_STOP);
	ATF_CHECK_STREQ(
	    "only allowed once", deliver(ROLE_PARENT, ROLE_ENGINE, 1, m, 2));
	ATF_CHECK_EQ(1, got.n);
	m[0] = m[1] = raw_good(MSG_SANDBOX);
	ATF_CHECK_STREQ(
	    "only allowed once", deliver(ROLE_PARENT, ROLE_HELPER, 1, m, 2));
	ATF_CHECK_EQ(1, got.n);
	m[0] = m[1] = raw_good(MSG_CTL_REQUEST);
	ATF_CHECK_STREQ(
	    "wrong phase", deliver(ROLE_FRONTEND, ROLE_CLIENT, 0, m, 2));
	ATF_CHECK_EQ(1, got.n);
}

/* deliver() counts the descriptors each time. */
ATF_TC(ipc_descriptor_missing_or_surplus_ends_the_channel);
ATF_TC_HEAD(ipc_descriptor_missing_or_surplus_ends_the_channel, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-10, Y-16: descriptors that lack or that nobody asked "
	    "for; none leaks");
}
ATF_TC_BODY(ipc_descriptor_missing_or_surplus_ends_the_channel, tc)
{
	struct raw m[2];

	(void)tc;
	m[0] = raw_good(MSG_CHANNEL);
	m[0].nfds = 0;
	refused(m, "descriptor missing");
	m[0].hdr.len &= ~FD_FLAG;
	refused(m, "descriptor missing");
	m[0].nfds = 1; /* there, but not said to be */
	refused(m, "descriptor missing");
	m[0] = raw_good(MSG_CHANNEL);
	m[0].nfds = 2;
	refused(m, NULL);
	m[0].nfds = FDS_MAX;
	refused(m, NULL);
	m[0] = raw_good(MSG_GONE4);
	m[0].nfds = 1;
	m[0].hdr.len |= FD_FLAG;
	refused(m, "descriptor that does not belong");
	m[0].nfds = 2;
	refused(m, NULL);
	/* Unclaimed: seen when its message has been taken. */
	m[0] = raw_good(MSG_GONE4);
	m[0].nfds = 1;
	ATF_CHECK_STREQ(
	    "malformed message", deliver(ROLE_ENGINE, ROLE_PARENT, 1, m, 1));
	/* One more of it cannot borrow the first one's. */
	m[0] = m[1] = raw_good(MSG_SOCKET);
	m[1].nfds = 0;
	ATF_CHECK(deliver(ROLE_FRONTEND, ROLE_PARENT, 1, m, 1) == NULL);
	ATF_CHECK_EQ(1, got.n);
	ATF_CHECK_STREQ(
	    "descriptor missing", deliver(ROLE_FRONTEND, ROLE_PARENT, 1, m, 2));
	/* Refused for another reason, with a descriptor on board. */
	m[0].hdr.peerid = 1;
	ATF_CHECK_STREQ(
	    "peerid is not 0", deliver(ROLE_FRONTEND, ROLE_PARENT, 1, m, 1));
	/* A client's is never taken over. */
	m[0] = raw_good(MSG_CTL_REQUEST);
	m[0].nfds = 1;
	deliver(ROLE_FRONTEND, ROLE_CLIENT, 0, m, 1);
	ATF_CHECK_EQ(-1, got.fd);
}

/* ---- streams that are none ---- */

/* Every value of every byte of a good header. */
ATF_TC(ipc_one_wrong_byte_in_the_header_is_refused);
ATF_TC_HEAD(ipc_one_wrong_byte_in_the_header_is_refused, tc)
{
	atf_tc_set_md_var(
	    tc, "descr", "Y-16: every value of every header byte");
}
ATF_TC_BODY(ipc_one_wrong_byte_in_the_header_is_refused, tc)
{
	const struct raw good = raw_good(MSG_GONE4);
	const struct want *w;
	struct raw m;
	unsigned int fits, value;
	size_t i;

	(void)tc;
	for (i = 0; i < sizeof(good.hdr); i++)
		for (value = 0; value < 256; value++) {
			m = good;
			memcpy((uint8_t *)&m.hdr + i,
			    &(uint8_t){ (uint8_t)value }, 1);
			w = m.hdr.type < MSG_MAX ? &wants[m.hdr.type]
						 : &wants[0];
			/* Other types of the same size are good ones too, and
			 * the flag alone brings no descriptor. */
			fits = (w->from & W_PARENT) && (w->to & W_ENGINE) &&
			    w->phase != START && w->fd == NOFD &&
			    w->size == good.size && m.hdr.peerid == 0 &&
			    m.hdr.pid == PEER_PID &&
			    (m.hdr.len & ~FD_FLAG) == good.hdr.len;
			deliver(ROLE_ENGINE, ROLE_PARENT, 1, &m, 1);
			ATF_CHECK_EQ_MSG(
			    fits, got.n, "byte %zu is %u", i, value);
		}
}

ATF_TC(ipc_length_that_lies_ends_the_channel);
ATF_TC_HEAD(ipc_length_that_lies_ends_the_channel, tc)
{
	atf_tc_set_md_var(tc, "descr", "Y-16: lengths no message can have");
}
ATF_TC_BODY(ipc_length_that_lies_ends_the_channel, tc)
{
	static const uint32_t never[] = { 0, 1, 15, MAX_IMSGSIZE + 1, 0xffff,
		0x10010, 0x7fffffff, 0x80000000, 0xffffffff };
	struct raw m = raw_good(MSG_GONE4);
	size_t i;

	(void)tc;
	for (i = 0; i < sizeof(never) / sizeof(never[0]); i++) {
		m.hdr.len = never[i];
		refused(&m, "malformed message");
	}
	m = raw_good(MSG_GONE4);
	m.hdr.len -= 1; /* what is left over begins no message */
	refused(&m, "wrong size");
	m.hdr.len += 2; /* waits for a byte that does not come */
	ATF_CHECK(deliver(ROLE_ENGINE, ROLE_PARENT, 1, &m, 1) == NULL);
	ATF_CHECK_EQ(0, got.n);
}

ATF_TC(ipc_half_a_message_and_end_of_file);
ATF_TC_HEAD(ipc_half_a_message_and_end_of_file, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-10: end of file at every byte ends the channel, "
	    "nothing is dispatched");
}
ATF_TC_BODY(ipc_half_a_message_and_end_of_file, tc)
{
	static struct end e;
	uint8_t wire[sizeof(struct imsg_hdr) + sizeof(struct ipc_addr4)];
	struct raw m = raw_good(MSG_GONE4);
	int sv[2], before;
	size_t n;

	(void)tc;
	start();
	before = count_fds();
	memset(wire, 0, sizeof(wire));
	memcpy(wire, &m.hdr, sizeof(m.hdr));
	memset(&got, 0, sizeof(got));
	for (n = 0; n <= sizeof(wire); n++) {
		sockets(sv);
		end_open(&e, sv[1], ROLE_ENGINE, ROLE_PARENT, PEER_PID,
		    any_handlers, 1);
		ATF_REQUIRE_EQ((ssize_t)n, write(sv[0], wire, n));
		pump(1);
		ATF_CHECK_EQ(0, e.ended);
		close(sv[0]);
		pump(2);
		ATF_CHECK_EQ(1, e.ended);
		ATF_CHECK_STREQ("", e.why);
		ATF_CHECK_EQ(n == sizeof(wire), got.n);
	}
	ATF_CHECK_EQ(before, count_fds());
}

ATF_TC(ipc_garbage_is_never_dispatched);
ATF_TC_HEAD(ipc_garbage_is_never_dispatched, tc)
{
	atf_tc_set_md_var(tc, "descr", "Y-16: random bytes");
}
ATF_TC_BODY(ipc_garbage_is_never_dispatched, tc)
{
	static struct end e;
	static uint32_t noise[1024];
	uint32_t x = 2463534242U;
	int sv[2], before, round;
	size_t i;

	(void)tc;
	start();
	before = count_fds();
	memset(&got, 0, sizeof(got));
	for (round = 0; round < 2000; round++) {
		for (i = 0; i < sizeof(noise) / sizeof(noise[0]); i++) {
			x ^= x << 13;
			x ^= x >> 17;
			x ^= x << 5;
			noise[i] = x;
		}
		if (round % 2) { /* a plausible length to begin with */
			noise[0] %= MSG_MAX + 2;
			noise[1] %= MAX_IMSGSIZE / 4;
		}
		sockets(sv);
		end_open(&e, sv[1], ROLE_PARENT, ROLE_ENGINE, PEER_PID,
		    any_handlers, 1);
		ATF_REQUIRE(write(sv[0], noise, sizeof(noise)) > 0);
		pump(2);
		close(sv[0]);
		pump(2);
		ATF_CHECK_EQ(1, e.ended);
		ATF_CHECK_EQ(0, got.n);
	}
	ATF_CHECK_EQ(before, count_fds());
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, ipc_every_message_arrives_whole_and_aligned);
	ATF_TP_ADD_TC(tp, ipc_messages_that_arrive_in_pieces_are_whole);
	ATF_TP_ADD_TC(tp, ipc_only_what_the_table_allows_is_dispatched);
	ATF_TP_ADD_TC(tp, ipc_processes_handle_what_the_table_sends_them);
	ATF_TP_ADD_TC(tp, ipc_table_keeps_the_processes_apart);
	ATF_TP_ADD_TC(tp, ipc_unknown_type_ends_the_channel);
	ATF_TP_ADD_TC(tp, ipc_message_without_handler_ends_the_channel);
	ATF_TP_ADD_TC(tp, ipc_wrong_size_ends_the_channel);
	ATF_TP_ADD_TC(tp, ipc_peerid_and_foreign_pid_end_the_channel);
	ATF_TP_ADD_TC(tp, ipc_phase_is_kept);
	ATF_TP_ADD_TC(tp, ipc_descriptor_missing_or_surplus_ends_the_channel);
	ATF_TP_ADD_TC(tp, ipc_one_wrong_byte_in_the_header_is_refused);
	ATF_TP_ADD_TC(tp, ipc_length_that_lies_ends_the_channel);
	ATF_TP_ADD_TC(tp, ipc_half_a_message_and_end_of_file);
	ATF_TP_ADD_TC(tp, ipc_garbage_is_never_dispatched);
	return atf_no_error();
}

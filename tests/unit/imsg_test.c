/* SPDX-License-Identifier: ISC */
/* Framing and descriptor passing of src/compat/imsg, over real sockets. */

#include <sys/socket.h>
#include <sys/wait.h>
#include <atf-c.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compat/imsg.h"

#define FD_FLAG 0x80000000U
#define FDS_MAX 256

/* Two ends: raw is written to by hand, ib reads. */
struct pair {
	int raw;
	int fd;
	struct imsgbuf ib;
};

static int
count_fds(void)
{
	int fd, n = 0;

	/* /dev/fd does not list all everywhere (fdescfs(5)). */
	for (fd = 0; fd < FDS_MAX; fd++)
		n += fcntl(fd, F_GETFD) != -1;
	return n;
}

static void
pair_open(struct pair *p, int fdpass)
{
	int sv[2];

	ATF_REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, sv) == 0);
	ATF_REQUIRE(fcntl(sv[0], F_SETFL, O_NONBLOCK) == 0);
	ATF_REQUIRE(fcntl(sv[1], F_SETFL, O_NONBLOCK) == 0);
	p->raw = sv[0];
	p->fd = sv[1];
	ATF_REQUIRE(imsgbuf_init(&p->ib, p->fd) == 0);
	if (fdpass)
		imsgbuf_allow_fdpass(&p->ib);
}

static void
pair_close(struct pair *p)
{
	imsgbuf_clear(&p->ib);
	close(p->raw);
	close(p->fd);
}

static size_t
put_header(uint8_t *to, uint32_t type, uint32_t len)
{
	struct imsg_hdr hdr = { .type = type, .len = len, .pid = 4711 };

	memcpy(to, &hdr, sizeof(hdr));
	return sizeof(hdr);
}

static void
put(int fd, const void *data, size_t len)
{
	ATF_REQUIRE_EQ((ssize_t)len, write(fd, data, len));
}

/* Send bytes with n copies of descriptor 0. */
static void
put_fds(int sock, const void *data, size_t len, size_t n)
{
	union {
		struct cmsghdr align;
		uint8_t bytes[CMSG_SPACE(4 * sizeof(int))];
	} control;
	uint8_t copy[64];
	struct iovec iov = { .iov_base = copy, .iov_len = len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	struct cmsghdr *cm;
	const int fds[4] = { 0, 0, 0, 0 };

	ATF_REQUIRE(len <= sizeof(copy) && n <= 4);
	memcpy(copy, data, len);
	memset(&control, 0, sizeof(control));
	msg.msg_control = &control;
	msg.msg_controllen = CMSG_SPACE(n * sizeof(int));
	cm = CMSG_FIRSTHDR(&msg);
	cm->cmsg_level = SOL_SOCKET;
	cm->cmsg_type = SCM_RIGHTS;
	cm->cmsg_len = CMSG_LEN(n * sizeof(int));
	memcpy(CMSG_DATA(cm), fds, n * sizeof(int));
	ATF_REQUIRE_EQ((ssize_t)len, sendmsg(sock, &msg, 0));
}

ATF_TC(imsg_is_whole_when_it_comes_byte_by_byte);
ATF_TC_HEAD(imsg_is_whole_when_it_comes_byte_by_byte, tc)
{
	atf_tc_set_md_var(tc, "descr", "partial reads of any size");
}
ATF_TC_BODY(imsg_is_whole_when_it_comes_byte_by_byte, tc)
{
	uint8_t wire[2 * (IMSG_HEADER_SIZE + 5)], got[5];
	size_t len = 0, i, messages = 0;
	struct imsg imsg;
	struct pair p;
	int n;

	pair_open(&p, 0);
	len += put_header(wire + len, 7, IMSG_HEADER_SIZE + 5);
	memcpy(wire + len, "hello", 5);
	len += 5;
	len += put_header(wire + len, 8, IMSG_HEADER_SIZE + 5);
	memcpy(wire + len, "world", 5);
	len += 5;
	for (i = 0; i < len; i++) {
		put(p.raw, wire + i, 1);
		ATF_REQUIRE_EQ(1, imsgbuf_read(&p.ib));
		n = imsgbuf_get(&p.ib, &imsg);
		ATF_REQUIRE_EQ(i == len / 2 - 1 || i == len - 1, n);
		if (n == 0)
			continue;
		ATF_CHECK_EQ(7 + messages, imsg_get_type(&imsg));
		ATF_CHECK_EQ(5, imsg_get_len(&imsg));
		ATF_CHECK_EQ(4711, imsg_get_pid(&imsg));
		ATF_CHECK_EQ(0, imsg_get_id(&imsg));
		ATF_CHECK_EQ(-1, imsg_get_fd(&imsg));
		ATF_CHECK_EQ(-1, imsg_get_data(&imsg, got, 4));
		ATF_CHECK_EQ(0, imsg_get_data(&imsg, got, 5));
		ATF_CHECK(memcmp(got, messages ? "world" : "hello", 5) == 0);
		imsg_free(&imsg);
		messages++;
	}
	ATF_CHECK_EQ(2, messages);
	/* Nothing there: not an error, not the end. */
	ATF_CHECK_EQ(1, imsgbuf_read(&p.ib));
	pair_close(&p);
}

ATF_TC(imsg_many_in_one_read);
ATF_TC_HEAD(imsg_many_in_one_read, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "several messages in one read, with and without payload");
}
ATF_TC_BODY(imsg_many_in_one_read, tc)
{
	struct imsgbuf out;
	struct imsg imsg;
	struct pair p;
	uint32_t i, v;

	pair_open(&p, 0);
	ATF_REQUIRE(imsgbuf_init(&out, p.raw) == 0);
	for (i = 0; i < 200; i++)
		ATF_REQUIRE_EQ(1,
		    imsg_compose(
			&out, i, i + 1, 0, -1, &i, i % 2 ? sizeof(i) : 0));
	ATF_CHECK_EQ(200, imsgbuf_queuelen(&out));
	ATF_REQUIRE_EQ(0, imsgbuf_write(&out));
	ATF_CHECK_EQ(0, imsgbuf_queuelen(&out));
	ATF_REQUIRE_EQ(1, imsgbuf_read(&p.ib));
	for (i = 0; i < 200; i++) {
		ATF_REQUIRE_EQ(1, imsgbuf_get(&p.ib, &imsg));
		ATF_CHECK_EQ(i, imsg_get_type(&imsg));
		ATF_CHECK_EQ(i + 1, imsg_get_id(&imsg));
		ATF_CHECK_EQ(getpid(), imsg_get_pid(&imsg));
		ATF_REQUIRE_EQ(i % 2 ? sizeof(i) : 0, imsg_get_len(&imsg));
		if (i % 2) {
			ATF_REQUIRE_EQ(0, imsg_get_data(&imsg, &v, sizeof(v)));
			ATF_CHECK_EQ(i, v);
		}
		imsg_free(&imsg);
	}
	ATF_CHECK_EQ(0, imsgbuf_get(&p.ib, &imsg));
	imsgbuf_clear(&out);
	pair_close(&p);
}

/* One message with a descriptor to a pipe from a to b, between plain ones. */
static void
pass_pipe(struct imsgbuf *a, struct imsgbuf *b)
{
	struct imsg imsg;
	int pipes[2], fd, i;
	char c;

	ATF_REQUIRE(pipe(pipes) == 0);
	ATF_REQUIRE_EQ(1, imsg_compose(a, 1, 0, 0, -1, "x", 1));
	ATF_REQUIRE_EQ(1, imsg_compose(a, 2, 0, 0, pipes[0], "y", 1));
	ATF_REQUIRE_EQ(1, imsg_compose(a, 3, 0, 0, -1, "z", 1));
	ATF_REQUIRE_EQ(0, imsgbuf_write(a));
	ATF_CHECK_EQ_MSG(-1, fcntl(pipes[0], F_GETFD),
	    "the descriptor is closed when it is sent");
	put(pipes[1], "p", 1);
	for (i = 1; i <= 3;) {
		ATF_REQUIRE_EQ(1, imsgbuf_read(b));
		while (imsgbuf_get(b, &imsg) == 1) {
			ATF_REQUIRE_EQ((uint32_t)i, imsg_get_type(&imsg));
			fd = imsg_get_fd(&imsg);
			ATF_REQUIRE_EQ(i == 2, fd != -1);
			if (fd != -1) {
				ATF_CHECK(fcntl(fd, F_GETFD) & FD_CLOEXEC);
				ATF_CHECK_EQ(1, read(fd, &c, 1));
				ATF_CHECK_EQ('p', c);
				close(fd);
			}
			imsg_free(&imsg);
			i++;
		}
	}
	close(pipes[1]);
}

ATF_TC(imsg_passes_descriptors_both_ways);
ATF_TC_HEAD(imsg_passes_descriptors_both_ways, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "a descriptor arrives with its message, close-on-exec, no leak");
}
ATF_TC_BODY(imsg_passes_descriptors_both_ways, tc)
{
	int before = count_fds();
	struct imsgbuf other;
	struct pair p;

	pair_open(&p, 1);
	ATF_REQUIRE(imsgbuf_init(&other, p.raw) == 0);
	imsgbuf_allow_fdpass(&other);
	pass_pipe(&other, &p.ib);
	pass_pipe(&p.ib, &other);
	imsgbuf_clear(&other);
	pair_close(&p);
	ATF_CHECK_EQ(before, count_fds());
}

ATF_TC(imsg_descriptor_needs_permission);
ATF_TC_HEAD(imsg_descriptor_needs_permission, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "without fdpass a descriptor neither leaves nor arrives");
}
ATF_TC_BODY(imsg_descriptor_needs_permission, tc)
{
	uint8_t wire[IMSG_HEADER_SIZE];
	int before = count_fds();
	struct imsg imsg;
	struct pair p;

	pair_open(&p, 0);
	ATF_CHECK_EQ(-1, imsg_compose(&p.ib, 1, 0, 0, 0, NULL, 0));
	ATF_CHECK_EQ(EINVAL, errno);
	put_header(wire, 1, IMSG_HEADER_SIZE | FD_FLAG);
	put_fds(p.raw, wire, sizeof(wire), 1);
	ATF_REQUIRE_EQ(1, imsgbuf_read(&p.ib));
	ATF_CHECK_EQ_MSG(before + 2, count_fds(), "it never arrived");
	ATF_REQUIRE_EQ(1, imsgbuf_get(&p.ib, &imsg));
	ATF_CHECK_EQ(-1, imsg_get_fd(&imsg));
	ATF_CHECK_EQ(0, imsg_get_len(&imsg));
	imsg_free(&imsg);
	pair_close(&p);
	ATF_CHECK_EQ(before, count_fds());
}

static void
refused(uint32_t len, int error)
{
	uint8_t wire[64];
	struct imsg imsg;
	struct pair p;

	memset(wire, 0, sizeof(wire));
	pair_open(&p, 1);
	ATF_REQUIRE_EQ(0, imsgbuf_set_maxsize(&p.ib, 8));
	put_header(wire, 1, len);
	put(p.raw, wire, IMSG_HEADER_SIZE);
	ATF_REQUIRE_EQ(1, imsgbuf_read(&p.ib));
	ATF_CHECK_EQ_MSG(-1, imsgbuf_get(&p.ib, &imsg), "length %#x", len);
	ATF_CHECK_EQ(error, errno);
	put(p.raw, wire, sizeof(wire));
	ATF_CHECK_EQ(1, imsgbuf_read(&p.ib));
	ATF_CHECK_EQ_MSG(-1, imsgbuf_get(&p.ib, &imsg), "it stays broken");
	pair_close(&p);
}

ATF_TC(imsg_refuses_lying_lengths);
ATF_TC_HEAD(imsg_refuses_lying_lengths, tc)
{
	atf_tc_set_md_var(
	    tc, "descr", "Y-10: lengths below the header or above the maximum");
}
ATF_TC_BODY(imsg_refuses_lying_lengths, tc)
{
	uint8_t wire[IMSG_HEADER_SIZE + 8] = { 0 };
	struct imsg imsg;
	struct pair p;

	refused(0, EBADMSG);
	refused(IMSG_HEADER_SIZE - 1, EBADMSG);
	refused(FD_FLAG, EBADMSG);
	refused(IMSG_HEADER_SIZE + 9, ERANGE);
	refused(0x7fffffff, ERANGE);
	refused(0xffffffff, ERANGE);

	pair_open(&p, 0);
	ATF_REQUIRE_EQ(0, imsgbuf_set_maxsize(&p.ib, 8));
	put_header(wire, 1, sizeof(wire));
	put(p.raw, wire, sizeof(wire));
	ATF_REQUIRE_EQ(1, imsgbuf_read(&p.ib));
	ATF_REQUIRE_EQ(1, imsgbuf_get(&p.ib, &imsg));
	ATF_CHECK_EQ(8, imsg_get_len(&imsg));
	imsg_free(&imsg);
	ATF_CHECK_EQ(-1, imsg_compose(&p.ib, 1, 0, 0, -1, wire, 9));
	ATF_CHECK_EQ(ERANGE, errno);
	ATF_CHECK_EQ(-1, imsgbuf_set_maxsize(&p.ib, UINT32_MAX));
	ATF_CHECK_EQ(-1, imsgbuf_set_maxsize(&p.ib, 0x7fffffff));
	pair_close(&p);
}

ATF_TC(imsg_flag_without_descriptor);
ATF_TC_HEAD(imsg_flag_without_descriptor, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-10: a flagged message gets no other message's descriptor");
}
ATF_TC_BODY(imsg_flag_without_descriptor, tc)
{
	uint8_t wire[IMSG_HEADER_SIZE];
	int before = count_fds();
	struct imsg imsg;
	struct pair p;
	int fd;

	pair_open(&p, 1);
	put_header(wire, 1, IMSG_HEADER_SIZE | FD_FLAG);
	/* The liar's header, but for its last byte, in a read of its own. */
	put(p.raw, wire, sizeof(wire) - 1);
	ATF_REQUIRE_EQ(1, imsgbuf_read(&p.ib));
	put(p.raw, wire + sizeof(wire) - 1, 1);
	put_header(wire, 2, IMSG_HEADER_SIZE | FD_FLAG);
	put_fds(p.raw, wire, sizeof(wire), 1);
	ATF_REQUIRE_EQ(1, imsgbuf_read(&p.ib));
	ATF_REQUIRE_EQ(1, imsgbuf_get(&p.ib, &imsg));
	ATF_CHECK_EQ(1, imsg_get_type(&imsg));
	ATF_CHECK_EQ(IMSG_HEADER_SIZE, imsg.hdr.len);
	ATF_CHECK_EQ(-1, imsg_get_fd(&imsg));
	imsg_free(&imsg);
	/* Some systems begin a new read with a descriptor. */
	ATF_REQUIRE_EQ(1, imsgbuf_read(&p.ib));
	ATF_REQUIRE_EQ(1, imsgbuf_get(&p.ib, &imsg));
	ATF_CHECK_EQ(2, imsg_get_type(&imsg));
	fd = imsg_get_fd(&imsg);
	ATF_REQUIRE(fd != -1);
	close(fd);
	imsg_free(&imsg);
	pair_close(&p);
	ATF_CHECK_EQ(before, count_fds());
}

ATF_TC(imsg_surplus_descriptor_does_not_leak);
ATF_TC_HEAD(imsg_surplus_descriptor_does_not_leak, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-10: one without a message, two at once, unclaimed, unsent");
}
ATF_TC_BODY(imsg_surplus_descriptor_does_not_leak, tc)
{
	uint8_t plain[IMSG_HEADER_SIZE], flagged[IMSG_HEADER_SIZE];
	int before = count_fds();
	struct imsg imsg;
	struct pair p;
	size_t n;

	put_header(plain, 1, IMSG_HEADER_SIZE);
	put_header(flagged, 2, IMSG_HEADER_SIZE | FD_FLAG);

	/* A descriptor whose message does not say so. */
	pair_open(&p, 1);
	put_fds(p.raw, plain, sizeof(plain), 1);
	ATF_REQUIRE_EQ(1, imsgbuf_read(&p.ib));
	ATF_REQUIRE_EQ(1, imsgbuf_get(&p.ib, &imsg));
	ATF_CHECK_EQ(-1, imsg_get_fd(&imsg));
	imsg_free(&imsg);
	ATF_CHECK_EQ(-1, imsgbuf_get(&p.ib, &imsg));
	ATF_CHECK_EQ(EBADMSG, errno);
	pair_close(&p);
	ATF_CHECK_EQ(before, count_fds());

	/* More than one: in the padding there would be room for two. */
	for (n = 2; n <= 4; n++) {
		pair_open(&p, 1);
		put_fds(p.raw, flagged, sizeof(flagged), n);
		ATF_CHECK_EQ(-1, imsgbuf_read(&p.ib));
		ATF_CHECK_EQ(EBADMSG, errno);
		pair_close(&p);
		ATF_CHECK_EQ(before, count_fds());
	}

	/* A right one, but nobody takes it from the message. */
	pair_open(&p, 1);
	put_fds(p.raw, flagged, sizeof(flagged), 1);
	ATF_REQUIRE_EQ(1, imsgbuf_read(&p.ib));
	ATF_REQUIRE_EQ(1, imsgbuf_get(&p.ib, &imsg));
	imsg_free(&imsg);
	ATF_CHECK_EQ(before + 2, count_fds());

	/* Or the message is never taken; or never sent. */
	put_fds(p.raw, flagged, sizeof(flagged), 1);
	ATF_REQUIRE_EQ(1, imsgbuf_read(&p.ib));
	ATF_REQUIRE_EQ(1, imsg_compose(&p.ib, 1, 0, 0, dup(0), NULL, 0));
	ATF_CHECK_EQ(before + 4, count_fds());
	pair_close(&p);
	ATF_CHECK_EQ(before, count_fds());
}

ATF_TC(imsg_eof_in_a_message_gives_none);
ATF_TC_HEAD(imsg_eof_in_a_message_gives_none, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "the end of the stream within a message: 0, and no message");
}
ATF_TC_BODY(imsg_eof_in_a_message_gives_none, tc)
{
	uint8_t wire[IMSG_HEADER_SIZE + 3] = { 0 };
	struct imsg imsg;
	struct pair p;

	pair_open(&p, 1);
	put_header(wire, 1, IMSG_HEADER_SIZE + 4);
	put(p.raw, wire, sizeof(wire));
	ATF_REQUIRE(shutdown(p.raw, SHUT_WR) == 0);
	ATF_REQUIRE_EQ(1, imsgbuf_read(&p.ib));
	ATF_CHECK_EQ(0, imsgbuf_get(&p.ib, &imsg));
	ATF_CHECK_EQ(0, imsgbuf_read(&p.ib));
	ATF_CHECK_EQ(0, imsgbuf_get(&p.ib, &imsg));
	pair_close(&p);
}

ATF_TC(imsg_queue_larger_than_the_socket);
ATF_TC_HEAD(imsg_queue_larger_than_the_socket, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "what the socket does not take waits, in order, with descriptors");
}
ATF_TC_BODY(imsg_queue_larger_than_the_socket, tc)
{
	static uint8_t data[8000], got[8000];
	int before = count_fds(), small = 4096, fd;
	struct imsgbuf out;
	struct imsg imsg;
	struct pair p;
	uint32_t next = 0, rounds;

	pair_open(&p, 1);
	ATF_REQUIRE(setsockopt(p.raw, SOL_SOCKET, SO_SNDBUF, &small,
			sizeof(small)) == 0);
	ATF_REQUIRE(imsgbuf_init(&out, p.raw) == 0);
	imsgbuf_allow_fdpass(&out);
	for (uint32_t i = 0; i < 300; i++) {
		memset(data, (int)(i % 251), sizeof(data));
		fd = i % 3 == 0 ? dup(0) : -1;
		ATF_REQUIRE_EQ(
		    1, imsg_compose(&out, i, 0, 0, fd, data, 1 + i * 26));
	}
	ATF_REQUIRE_EQ(0, imsgbuf_write(&out));
	ATF_CHECK_MSG(imsgbuf_queuelen(&out) > 200, "the socket was too big");
	for (rounds = 0; next < 300 && rounds < 10000; rounds++) {
		ATF_REQUIRE_EQ(0, imsgbuf_write(&out));
		ATF_REQUIRE_EQ(1, imsgbuf_read(&p.ib));
		while (imsgbuf_get(&p.ib, &imsg) == 1) {
			ATF_REQUIRE_EQ(next, imsg_get_type(&imsg));
			ATF_REQUIRE_EQ(1 + next * 26, imsg_get_len(&imsg));
			ATF_REQUIRE_EQ(
			    0, imsg_get_data(&imsg, got, 1 + next * 26));
			ATF_REQUIRE_EQ(next % 251, got[next * 26]);
			fd = imsg_get_fd(&imsg);
			ATF_REQUIRE_EQ(next % 3 == 0, fd != -1);
			if (fd != -1)
				close(fd);
			imsg_free(&imsg);
			next++;
		}
	}
	ATF_CHECK_EQ(300, next);
	ATF_CHECK_EQ(0, imsgbuf_queuelen(&out));
	imsgbuf_clear(&out);
	pair_close(&p);
	ATF_CHECK_EQ(before, count_fds());
}

ATF_TC(imsg_without_descriptor_uses_no_sendmsg);
ATF_TC_HEAD(imsg_without_descriptor_uses_no_sendmsg, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "plain messages go by writev(2) and read(2): they work on a pipe, "
	    "where sendmsg(2) and recvmsg(2) cannot");
}
ATF_TC_BODY(imsg_without_descriptor_uses_no_sendmsg, tc)
{
	struct imsgbuf in, out;
	struct imsg imsg;
	int pipes[2];

	ATF_REQUIRE(pipe(pipes) == 0);
	ATF_REQUIRE(imsgbuf_init(&out, pipes[1]) == 0);
	ATF_REQUIRE(imsgbuf_init(&in, pipes[0]) == 0);
	/* Also where descriptors are allowed, but this message has none. */
	imsgbuf_allow_fdpass(&out);
	ATF_REQUIRE_EQ(1, imsg_compose(&out, 1, 0, 0, -1, "abc", 3));
	ATF_REQUIRE_EQ(1, imsg_compose(&out, 2, 0, 0, -1, "abc", 3));
	ATF_REQUIRE_EQ_MSG(0, imsgbuf_flush(&out), "%s", strerror(errno));
	ATF_REQUIRE_EQ_MSG(1, imsgbuf_read(&in), "%s", strerror(errno));
	ATF_REQUIRE_EQ(1, imsgbuf_get(&in, &imsg));
	imsg_free(&imsg);
	ATF_REQUIRE_EQ(1, imsgbuf_get(&in, &imsg));
	imsg_free(&imsg);
	ATF_REQUIRE_EQ(1, imsg_compose(&out, 3, 0, 0, dup(0), "abc", 3));
	ATF_CHECK_EQ(-1, imsgbuf_write(&out));
	ATF_CHECK_EQ(ENOTSOCK, errno);
	imsgbuf_clear(&in);
	imsgbuf_clear(&out);
	close(pipes[0]);
	close(pipes[1]);
}

ATF_TC(imsg_bounded_while_messages_wait);
ATF_TC_HEAD(imsg_bounded_while_messages_wait, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "a peer that floods fills one buffer, and nothing is lost");
}
ATF_TC_BODY(imsg_bounded_while_messages_wait, tc)
{
	struct imsgbuf out;
	struct imsg imsg;
	struct pair p;
	uint32_t i, n = 0;

	pair_open(&p, 0);
	ATF_REQUIRE_EQ(0, imsgbuf_set_maxsize(&p.ib, 64));
	ATF_REQUIRE(imsgbuf_init(&out, p.raw) == 0);
	for (i = 0; i < 100; i++)
		ATF_REQUIRE_EQ(1, imsg_compose(&out, i, 0, 0, -1, &i, 4));
	ATF_REQUIRE_EQ(0, imsgbuf_write(&out));
	for (i = 0; i < 1000 && n < 100; i++) {
		ATF_REQUIRE_EQ(1, imsgbuf_read(&p.ib));
		ATF_REQUIRE_EQ(1, imsgbuf_read(&p.ib));
		while (imsg_get(&p.ib, &imsg) > 0) {
			ATF_REQUIRE_EQ(n++, imsg_get_type(&imsg));
			imsg_free(&imsg);
		}
	}
	ATF_CHECK_EQ(100, n);
	imsgbuf_clear(&out);
	pair_close(&p);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, imsg_is_whole_when_it_comes_byte_by_byte);
	ATF_TP_ADD_TC(tp, imsg_many_in_one_read);
	ATF_TP_ADD_TC(tp, imsg_passes_descriptors_both_ways);
	ATF_TP_ADD_TC(tp, imsg_descriptor_needs_permission);
	ATF_TP_ADD_TC(tp, imsg_refuses_lying_lengths);
	ATF_TP_ADD_TC(tp, imsg_flag_without_descriptor);
	ATF_TP_ADD_TC(tp, imsg_surplus_descriptor_does_not_leak);
	ATF_TP_ADD_TC(tp, imsg_eof_in_a_message_gives_none);
	ATF_TP_ADD_TC(tp, imsg_queue_larger_than_the_socket);
	ATF_TP_ADD_TC(tp, imsg_without_descriptor_uses_no_sendmsg);
	ATF_TP_ADD_TC(tp, imsg_bounded_while_messages_wait);
	return atf_no_error();
}

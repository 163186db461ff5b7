/* SPDX-License-Identifier: ISC */
/*
 * The send queues of src/ipc.c: bounds, order and accounting, with a peer
 * that reads slowly or not at all.
 */

#include <sys/socket.h>
#include <sys/wait.h>
#include <atf-c.h>
#include <string.h>
#include <unistd.h>

#include "ipc_harness.h"

ATF_TC(ipc_peer_that_does_not_read_is_ended);
ATF_TC_HEAD(ipc_peer_that_does_not_read_is_ended, tc)
{
	atf_tc_set_md_var(
	    tc, "descr", "Y-10: no more than IPC_QUEUE_MAX bytes wait");
}
ATF_TC_BODY(ipc_peer_that_does_not_read_is_ended, tc)
{
	static struct ipc_packet packet;
	static struct end e;
	const size_t bytes = sizeof(packet) + IMSG_HEADER_SIZE;
	const size_t room = IPC_QUEUE_MAX / bytes;
	int sv[2], before;
	size_t i;

	(void)tc;
	start();
	before = count_fds();
	sockets(sv);
	end_open(&e, sv[0], ROLE_ENGINE, ROLE_FRONTEND, 0, any_handlers, 1);
	for (i = 0; i < room; i++) {
		ipc_send(&e.peer, MSG_SEND, &packet, sizeof(packet), -1);
		ATF_REQUIRE_EQ(0, e.ended);
		ATF_CHECK_EQ((i + 1) * bytes, e.peer.queued);
	}
	ipc_send(&e.peer, MSG_SEND, &packet, sizeof(packet), -1);
	ATF_CHECK_EQ(1, e.ended);
	ATF_CHECK_STREQ("does not read its messages", e.why);
	ipc_send(&e.peer, MSG_SEND, &packet, sizeof(packet), -1);
	pump(2);
	ATF_CHECK_EQ(1, e.ended);
	close(sv[1]);

	/* With flushing: as much more as the socket takes, and no further. */
	sockets(sv);
	end_open(&e, sv[0], ROLE_ENGINE, ROLE_FRONTEND, 0, any_handlers, 1);
	for (i = 0; i < 100000 && !e.ended; i++) {
		ipc_send(&e.peer, MSG_SEND, &packet, sizeof(packet), -1);
		ATF_CHECK(e.peer.queued <= IPC_QUEUE_MAX);
		pump(1);
	}
	ATF_CHECK_EQ(1, e.ended);
	ATF_CHECK(i > room);
	close(sv[1]);
	ATF_CHECK_EQ(before, count_fds());
}

ATF_TC(ipc_number_of_queued_messages_is_bounded);
ATF_TC_HEAD(ipc_number_of_queued_messages_is_bounded, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-10: no more than IPC_RING messages wait; descriptors "
	    "do not leak");
}
ATF_TC_BODY(ipc_number_of_queued_messages_is_bounded, tc)
{
	struct ipc_client msg = { .client = 1 };
	struct ipc_ifindex ifindex = { .ifindex = 1 };
	struct ipc_socket with_fd;
	static struct end e;
	int sv[2], before;
	unsigned int i;

	(void)tc;
	start();
	before = count_fds();
	sockets(sv);
	end_open(&e, sv[0], ROLE_FRONTEND, ROLE_ENGINE, 0, any_handlers, 1);
	for (i = 0; i < IPC_RING; i++)
		ipc_send(&e.peer, MSG_HANGUP, &msg, sizeof(msg), -1);
	ATF_CHECK_EQ(0, e.ended);
	ipc_send(&e.peer, MSG_HANGUP, &msg, sizeof(msg), -1);
	ATF_CHECK_EQ(1, e.ended);
	close(sv[1]);

	/* The descriptors of a full queue, and of a closed one, are closed. */
	memset(&with_fd, 0, sizeof(with_fd));
	sockets(sv);
	end_open(&e, sv[0], ROLE_PARENT, ROLE_FRONTEND, 0, any_handlers, 1);
	for (i = 0; i < IPC_RING - 8; i++)
		ipc_send(&e.peer, MSG_CLOSE_ALL, &ifindex, sizeof(ifindex), -1);
	for (; i < IPC_RING + 8 && !e.ended; i++)
		ipc_send(
		    &e.peer, MSG_SOCKET, &with_fd, sizeof(with_fd), dup(sv[1]));
	ATF_CHECK_EQ(1, e.ended);
	ATF_CHECK_EQ(IPC_RING + 1, i);
	ipc_send(&e.peer, MSG_SOCKET, &with_fd, sizeof(with_fd), dup(sv[1]));
	close(sv[1]);
	ATF_CHECK_EQ(before, count_fds());
}

/* More than both the ring and the socket hold, in turns. */
ATF_TC(ipc_sender_waits_while_its_peer_is_behind);
ATF_TC_HEAD(ipc_sender_waits_while_its_peer_is_behind, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Y-01, Y-10: by bytes and by messages, until it has read; not for "
	    "one that is gone");
}
ATF_TC_BODY(ipc_sender_waits_while_its_peer_is_behind, tc)
{
	static struct ipc_packet packet;
	struct ipc_ifindex small = { .ifindex = 1 };
	static uint8_t buf[65536];
	static struct end e;
	int sv[2], turns;

	(void)tc;
	sockets(sv);
	end_open(&e, sv[0], ROLE_ENGINE, ROLE_FRONTEND, 0, any_handlers, 1);
	ATF_CHECK_EQ(0, ipc_behind());
	while (!ipc_behind() && !e.ended)
		ipc_send(&e.peer, MSG_SEND, &packet, sizeof(packet), -1);
	ATF_CHECK(e.peer.queued > IPC_QUEUE_SLOW);
	ATF_CHECK(e.peer.queued < IPC_QUEUE_SLOW + 2 * sizeof(packet));
	for (turns = 0; ipc_behind() && turns < 100; turns++) {
		while (read(sv[1], buf, sizeof(buf)) > 0)
			continue;
		pump(1);
	}
	ATF_CHECK_EQ(0, ipc_behind());
	while (!ipc_behind() && !e.ended)
		ipc_send(&e.peer, MSG_ASK, &small, sizeof(small), -1);
	ATF_CHECK_EQ(0, e.ended);
	ATF_CHECK(e.peer.count > IPC_RING / 2);
	/* Who is gone is not waited for: reading tells. */
	close(sv[1]);
	ATF_CHECK_EQ(0, ipc_behind());
	pump(2);
	ATF_CHECK_EQ(1, e.ended);
}

ATF_TC(ipc_slow_reader_loses_nothing);
ATF_TC_HEAD(ipc_slow_reader_loses_nothing, tc)
{
	atf_tc_set_md_var(
	    tc, "descr", "Y-10: order and accounting survive partial writes");
}
ATF_TC_BODY(ipc_slow_reader_loses_nothing, tc)
{
	static struct ipc_packet packet;
	static struct end a, b;
	const int small = 4096;
	int sv[2], i, turn, sent = 0;

	(void)tc;
	memset(&got, 0, sizeof(got));
	sockets(sv);
	ATF_REQUIRE(setsockopt(sv[0], SOL_SOCKET, SO_SNDBUF, &small,
			sizeof(small)) == 0);
	end_open(&a, sv[0], ROLE_ENGINE, ROLE_FRONTEND, 0, any_handlers, 1);
	end_open(
	    &b, sv[1], ROLE_FRONTEND, ROLE_ENGINE, getpid(), any_handlers, 1);
	for (turn = 0; turn < 100; turn++) {
		for (i = 0; i < 100; i++) {
			packet.ifindex = (uint32_t)++sent;
			ipc_send(
			    &a.peer, MSG_SEND, &packet, sizeof(packet), -1);
		}
		/* What the socket did not take goes when it is writable. */
		ipc_flush();
		for (i = 0; i < 1000 && a.peer.count > 0; i++) {
			ATF_REQUIRE(event_base_loop(base,
					EVLOOP_ONCE | EVLOOP_NONBLOCK) != -1);
			memcpy(&packet, got.data, sizeof(packet));
			ATF_REQUIRE_EQ(got.n, packet.ifindex);
		}
		ATF_REQUIRE_EQ(0, a.peer.count);
		ATF_CHECK_EQ(0, a.peer.queued);
		ATF_CHECK_EQ(0, a.peer.dirty);
	}
	pump(4);
	ATF_CHECK_EQ(sent, (int)got.n);
	ATF_CHECK(!a.ended && !b.ended);
	ipc_close(&a.peer);
	ipc_close(&b.peer);
}

/* The program itself is wrong: it ends rather than send it. */
ATF_TC(ipc_sending_other_than_the_table_says_is_fatal);
ATF_TC_HEAD(ipc_sending_other_than_the_table_says_is_fatal, tc)
{
	atf_tc_set_md_var(
	    tc, "descr", "Y-10: wrong size or descriptor is never sent");
}
ATF_TC_BODY(ipc_sending_other_than_the_table_says_is_fatal, tc)
{
	static struct end e;
	uint8_t data[64] = { 0 };
	const size_t size = sizeof(struct ipc_client);
	int sv[2], status, i;
	pid_t pid;

	(void)tc;
	for (i = 0; i < 4; i++) {
		sockets(sv);
		ATF_REQUIRE((pid = fork()) != -1);
		if (pid == 0) {
			end_open(&e, sv[0], ROLE_FRONTEND, ROLE_ENGINE, 0,
			    any_handlers, 1);
			ipc_send(&e.peer, MSG_HANGUP, data,
			    i == 0	 ? size + 1
				: i == 1 ? size - 1
					 : size,
			    i == 2 ? sv[1] : -1);
			_exit(0);
		}
		ATF_REQUIRE_EQ(pid, waitpid(pid, &status, 0));
		ATF_CHECK(WIFEXITED(status));
		ATF_CHECK_EQ(i < 3 ? 1 : 0, WEXITSTATUS(status));
		close(sv[0]);
		close(sv[1]);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, ipc_peer_that_does_not_read_is_ended);
	ATF_TP_ADD_TC(tp, ipc_number_of_queued_messages_is_bounded);
	ATF_TP_ADD_TC(tp, ipc_sender_waits_while_its_peer_is_behind);
	ATF_TP_ADD_TC(tp, ipc_slow_reader_loses_nothing);
	ATF_TP_ADD_TC(tp, ipc_sending_other_than_the_table_says_is_fatal);
	return atf_no_error();
}

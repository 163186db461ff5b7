/* SPDX-License-Identifier: ISC */
/*
 * Whole messages, and descriptors, over a local stream socket: the interface
 * of OpenBSD's imsg_init(3) as far as leased uses it, for systems without it.
 * Written from the manual.  What is stricter or different here:
 *
 * - A message without a descriptor is written with writev(2) and, unless
 *   descriptors are allowed, read with read(2), so that a sandbox needs to
 *   permit no more.  imsgbuf_init() makes no system call but malloc's.
 * - A descriptor reaches only the message that was flagged to carry it and
 *   begins in the bytes it came with; one that nobody claims is an error.
 * - imsgbuf_read() reads no more while a whole message waits to be taken.
 */
#ifndef LEASED_COMPAT_IMSG_H
#define LEASED_COMPAT_IMSG_H

#ifdef HAVE_IMSG
#include <sys/types.h>
#include <sys/queue.h>
#include <sys/uio.h>
#include <stdint.h>
#include <imsg.h>
#else

#include <sys/types.h>
#include <sys/queue.h>
#include <sys/uio.h>
#include <stddef.h>
#include <stdint.h>

#define IMSG_HEADER_SIZE sizeof(struct imsg_hdr)
#define MAX_IMSGSIZE 16384 /* of a message with its header */

struct imsg_hdr {
	uint32_t type;
	uint32_t len; /* with the header */
	uint32_t peerid;
	uint32_t pid;
};

struct imsg {
	struct imsg_hdr hdr;
	int fd;
	void *data;
};

/* A descriptor that came in, and the bytes of the stream it came with. */
struct imsg_fd {
	int fd;
	uint64_t begin;
	uint64_t end;
};

struct imsg_out;

/* The members other than fd are imsg.c's own. */
struct imsgbuf {
	TAILQ_HEAD(, imsg_out) out;
	int fd;
	int fdpass;
	uint32_t queued;
	uint32_t maxsize; /* of a message with its header */
	uint8_t *in;	  /* maxsize bytes, of which [start, end) are unread */
	size_t start;
	size_t end;
	uint64_t taken; /* bytes of the stream that messages were made of */
	/* At most the one of an unfinished message and one just read. */
	struct imsg_fd fds[2];
	unsigned int nfds;
};

/* Begin; fd stays the caller's.  0, or -1 (errno). */
int imsgbuf_init(struct imsgbuf *, int fd);
/* Descriptors may be sent and received. */
void imsgbuf_allow_fdpass(struct imsgbuf *);
/* The largest payload, instead of MAX_IMSGSIZE less the header.  0, or -1
 * (errno). */
int imsgbuf_set_maxsize(struct imsgbuf *, uint32_t);
/* Free everything, close the descriptors that wait; not the socket. */
void imsgbuf_clear(struct imsgbuf *);

/* Read what is there: 1 (also when nothing is), 0 at the end of the stream,
 * -1 (errno; EBADMSG: control data that no honest peer sends). */
int imsgbuf_read(struct imsgbuf *);
/*
 * Take the next message, to be freed with imsg_free().  1, or 0 when there is
 * no whole one.  -1: the peer is broken, and every further call says so:
 * EBADMSG, a length below the header's or a descriptor without a message;
 * ERANGE, a length above the maximum.
 */
int imsgbuf_get(struct imsgbuf *, struct imsg *);
/* The same, but the length with the header instead of 1. */
ssize_t imsg_get(struct imsgbuf *, struct imsg *);

/* Write what is queued as far as the socket takes it.  0, or -1 (errno). */
int imsgbuf_write(struct imsgbuf *);
/* Write all; for blocking sockets. */
int imsgbuf_flush(struct imsgbuf *);
/* Messages not yet written in full. */
uint32_t imsgbuf_queuelen(struct imsgbuf *);

/*
 * Queue a message.  pid 0: our own.  fd: closed here once it is sent; -1:
 * none.  1, or -1 (errno), and then fd is still the caller's.
 */
int imsg_compose(struct imsgbuf *, uint32_t type, uint32_t id, pid_t, int fd,
    const void *, size_t);
int imsg_composev(struct imsgbuf *, uint32_t type, uint32_t id, pid_t, int fd,
    const struct iovec *, int);

/* Copy the payload, whose length must be exactly len.  0, or -1 (errno). */
int imsg_get_data(struct imsg *, void *, size_t len);
/* The descriptor, from now on the caller's; -1: none. */
int imsg_get_fd(struct imsg *);
uint32_t imsg_get_id(struct imsg *);
size_t imsg_get_len(struct imsg *); /* of the payload */
pid_t imsg_get_pid(struct imsg *);
uint32_t imsg_get_type(struct imsg *);
void imsg_free(struct imsg *);

#endif
#endif

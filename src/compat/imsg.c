/* SPDX-License-Identifier: ISC */
/*
 * Whole messages over a stream socket; imsg.h says what and why.  A message on
 * the wire is a struct imsg_hdr in host order and its payload; the highest bit
 * of the length says that a descriptor comes with it.
 */

#include "imsg.h"

#ifndef HAVE_IMSG

#include <sys/socket.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FD_FLAG 0x80000000U /* in imsg_hdr.len, on the wire alone */
#define WRITE_BATCH 64	    /* messages given to one writev(2) */

/* A queued message. */
struct imsg_out {
	TAILQ_ENTRY(imsg_out) entry;
	size_t len;
	size_t done; /* bytes already written */
	int fd;	     /* to go with the first byte, or -1 */
	uint8_t data[];
};

/* Room for one descriptor, aligned.  What is offered to the kernel is
 * CMSG_LEN: in the padding of CMSG_SPACE there is room for a second one. */
union fd_control {
	struct cmsghdr align;
	uint8_t bytes[CMSG_SPACE(sizeof(int))];
};

static int keep_fds(struct imsgbuf *, struct msghdr *, size_t);
static int next_length(const struct imsgbuf *, struct imsg_hdr *);
static ssize_t receive(struct imsgbuf *);
static int take_fd(struct imsgbuf *);
static int write_fd(struct imsgbuf *, struct imsg_out *);
static int write_plain(struct imsgbuf *);
static void written(struct imsgbuf *, size_t);

int
imsgbuf_init(struct imsgbuf *ib, int fd)
{
	memset(ib, 0, sizeof(*ib));
	TAILQ_INIT(&ib->out);
	ib->fd = fd;
	ib->maxsize = MAX_IMSGSIZE;
	ib->in = malloc(ib->maxsize);
	return ib->in == NULL ? -1 : 0;
}

void
imsgbuf_allow_fdpass(struct imsgbuf *ib)
{
	ib->fdpass = 1;
}

int
imsgbuf_set_maxsize(struct imsgbuf *ib, uint32_t payload)
{
	size_t size = payload + IMSG_HEADER_SIZE;
	uint8_t *in;

	if (payload >= FD_FLAG - IMSG_HEADER_SIZE || size < ib->end) {
		errno = ERANGE;
		return -1;
	}
	in = realloc(ib->in, size);
	if (in == NULL)
		return -1;
	ib->in = in;
	ib->maxsize = (uint32_t)size;
	return 0;
}

void
imsgbuf_clear(struct imsgbuf *ib)
{
	struct imsg_out *out;

	while ((out = TAILQ_FIRST(&ib->out)) != NULL) {
		TAILQ_REMOVE(&ib->out, out, entry);
		if (out->fd != -1)
			close(out->fd);
		free(out);
	}
	ib->queued = 0;
	while (ib->nfds > 0)
		close(ib->fds[--ib->nfds].fd);
	free(ib->in);
	ib->in = NULL;
	ib->start = ib->end = 0;
}

/* ---- reading ---- */

/*
 * Look at the next message.  1: it is whole, *hdr is filled (with the flag
 * still in len); 0: not yet; -1: it never will be (errno).
 */
static int
next_length(const struct imsgbuf *ib, struct imsg_hdr *hdr)
{
	size_t have = ib->end - ib->start;
	size_t len;

	if (have < sizeof(*hdr))
		return 0;
	memcpy(hdr, ib->in + ib->start, sizeof(*hdr));
	len = hdr->len & ~FD_FLAG;
	if (len < sizeof(*hdr)) {
		errno = EBADMSG;
		return -1;
	}
	if (len > ib->maxsize) {
		errno = ERANGE;
		return -1;
	}
	return have >= len;
}

/* Remember the descriptor that came with the last n bytes; close any other.
 * 0, or -1 when there was another or the kernel had to drop one. */
static int
keep_fds(struct imsgbuf *ib, struct msghdr *msg, size_t n)
{
	struct cmsghdr *cm;
	size_t i, count;
	int fd, kept = 0, surplus = (msg->msg_flags & MSG_CTRUNC) != 0;

	for (cm = CMSG_FIRSTHDR(msg); cm != NULL; cm = CMSG_NXTHDR(msg, cm)) {
		if (cm->cmsg_level != SOL_SOCKET || cm->cmsg_type != SCM_RIGHTS)
			continue;
		count = (cm->cmsg_len - CMSG_LEN(0)) / sizeof(fd);
		for (i = 0; i < count; i++) {
			memcpy(&fd, CMSG_DATA(cm) + i * sizeof(fd), sizeof(fd));
			if (kept || surplus || ib->nfds == 2) {
				close(fd);
				surplus = 1;
				continue;
			}
			kept = 1;
			ib->fds[ib->nfds].fd = fd;
			ib->fds[ib->nfds].begin = ib->taken + ib->end;
			ib->fds[ib->nfds].end = ib->taken + ib->end + n;
			ib->nfds++;
		}
	}
	return surplus ? -1 : 0;
}

/* Append to the buffer, whose unread bytes begin at 0. */
static ssize_t
receive(struct imsgbuf *ib)
{
	union fd_control control;
	struct iovec iov = { .iov_base = ib->in + ib->end,
		.iov_len = ib->maxsize - ib->end };
	struct msghdr msg;
	ssize_t n;

	if (!ib->fdpass) {
		do {
			n = read(ib->fd, iov.iov_base, iov.iov_len);
		} while (n == -1 && errno == EINTR);
		return n;
	}
	memset(&control, 0, sizeof(control));
	memset(&msg, 0, sizeof(msg));
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	msg.msg_control = &control;
	/* With less than the padded size FreeBSD takes the one descriptor for
	 * truncated; a second that fits into it is found. */
	msg.msg_controllen = CMSG_SPACE(sizeof(int));
	do {
		n = recvmsg(ib->fd, &msg, MSG_CMSG_CLOEXEC);
	} while (n == -1 && errno == EINTR);
	if (n == -1)
		return -1;
	if (keep_fds(ib, &msg, (size_t)n) == -1) {
		errno = EBADMSG;
		return -1;
	}
	return n;
}

int
imsgbuf_read(struct imsgbuf *ib)
{
	struct imsg_hdr hdr;
	ssize_t n;

	if (ib->in == NULL) {
		errno = EINVAL;
		return -1;
	}
	/* A whole message waits, or what imsgbuf_get() will refuse. */
	if (next_length(ib, &hdr) != 0)
		return 1;
	if (ib->start > 0) {
		memmove(ib->in, ib->in + ib->start, ib->end - ib->start);
		ib->end -= ib->start;
		ib->start = 0;
	}
	/* An unfinished message fits the buffer, so there is room. */
	n = receive(ib);
	if (n == -1)
		return errno == EAGAIN ? 1 : -1;
	ib->end += (size_t)n;
	return n == 0 ? 0 : 1;
}

/* The descriptor that came with the first byte of the next message, or -1. */
static int
take_fd(struct imsgbuf *ib)
{
	int fd;

	if (ib->nfds == 0 || ib->fds[0].begin > ib->taken)
		return -1;
	fd = ib->fds[0].fd;
	ib->fds[0] = ib->fds[1];
	ib->nfds--;
	return fd;
}

ssize_t
imsg_get(struct imsgbuf *ib, struct imsg *imsg)
{
	struct imsg_hdr hdr;
	size_t size, len;
	int whole;

	/* All messages that began in the bytes it came with are taken. */
	if (ib->nfds > 0 && ib->fds[0].end <= ib->taken) {
		errno = EBADMSG;
		return -1;
	}
	whole = next_length(ib, &hdr);
	if (whole != 1)
		return whole;
	len = hdr.len & ~FD_FLAG;
	size = len - sizeof(hdr);
	memset(imsg, 0, sizeof(*imsg));
	imsg->data = malloc(size > 0 ? size : 1);
	if (imsg->data == NULL)
		return -1;
	memcpy(imsg->data, ib->in + ib->start + sizeof(hdr), size);
	imsg->fd = hdr.len & FD_FLAG ? take_fd(ib) : -1;
	imsg->hdr = hdr;
	imsg->hdr.len = (uint32_t)len;
	ib->start += len;
	ib->taken += len;
	return (ssize_t)len;
}

int
imsgbuf_get(struct imsgbuf *ib, struct imsg *imsg)
{
	ssize_t n = imsg_get(ib, imsg);

	return n > 0 ? 1 : (int)n;
}

/* ---- writing ---- */

uint32_t
imsgbuf_queuelen(struct imsgbuf *ib)
{
	return ib->queued;
}

/* n more bytes are gone. */
static void
written(struct imsgbuf *ib, size_t n)
{
	struct imsg_out *out;

	while (n > 0 && (out = TAILQ_FIRST(&ib->out)) != NULL) {
		if (n < out->len - out->done) {
			out->done += n;
			return;
		}
		n -= out->len - out->done;
		TAILQ_REMOVE(&ib->out, out, entry);
		ib->queued--;
		free(out);
	}
}

/* Send the first message with its descriptor, and nothing after it: the
 * descriptor must arrive with this message's bytes. */
static int
write_fd(struct imsgbuf *ib, struct imsg_out *out)
{
	union fd_control control;
	struct iovec iov = { .iov_base = out->data, .iov_len = out->len };
	struct msghdr msg;
	struct cmsghdr *cm;
	ssize_t n;
	int whole;

	memset(&control, 0, sizeof(control));
	memset(&msg, 0, sizeof(msg));
	msg.msg_iov = &iov;
	msg.msg_iovlen = 1;
	msg.msg_control = &control;
	msg.msg_controllen = CMSG_SPACE(sizeof(int));
	cm = CMSG_FIRSTHDR(&msg);
	cm->cmsg_len = CMSG_LEN(sizeof(int));
	cm->cmsg_level = SOL_SOCKET;
	cm->cmsg_type = SCM_RIGHTS;
	memcpy(CMSG_DATA(cm), &out->fd, sizeof(out->fd));
	do {
		n = sendmsg(ib->fd, &msg, 0);
	} while (n == -1 && errno == EINTR);
	if (n == -1)
		return -1;
	close(out->fd);
	out->fd = -1;
	whole = (size_t)n == out->len;
	written(ib, (size_t)n);
	return whole;
}

/* Write messages up to the next that has a descriptor. */
static int
write_plain(struct imsgbuf *ib)
{
	struct iovec iov[WRITE_BATCH];
	struct imsg_out *out;
	size_t total = 0;
	ssize_t n;
	int count = 0;

	TAILQ_FOREACH (out, &ib->out, entry) {
		if (count == WRITE_BATCH || out->fd != -1)
			break;
		iov[count].iov_base = out->data + out->done;
		iov[count].iov_len = out->len - out->done;
		total += iov[count++].iov_len;
	}
	do {
		n = writev(ib->fd, iov, count);
	} while (n == -1 && errno == EINTR);
	if (n == -1)
		return -1;
	written(ib, (size_t)n);
	return (size_t)n == total;
}

int
imsgbuf_write(struct imsgbuf *ib)
{
	struct imsg_out *out;
	int n;

	/* 1: all that was given is gone; 0: the socket took a part. */
	while ((out = TAILQ_FIRST(&ib->out)) != NULL) {
		n = out->fd != -1 ? write_fd(ib, out) : write_plain(ib);
		if (n == 0)
			return 0;
		if (n == -1 && (errno == EAGAIN || errno == ENOBUFS))
			return 0;
		if (n == -1)
			return -1;
	}
	return 0;
}

int
imsgbuf_flush(struct imsgbuf *ib)
{
	while (ib->queued > 0)
		if (imsgbuf_write(ib) == -1)
			return -1;
	return 0;
}

/* ---- making ---- */

int
imsg_compose(struct imsgbuf *ib, uint32_t type, uint32_t id, pid_t pid, int fd,
    const void *data, size_t size)
{
	struct iovec iov;

	memcpy(&iov.iov_base, &data, sizeof(data)); /* not written to */
	iov.iov_len = size;
	return imsg_composev(ib, type, id, pid, fd, &iov, 1);
}

int
imsg_composev(struct imsgbuf *ib, uint32_t type, uint32_t id, pid_t pid, int fd,
    const struct iovec *iov, int count)
{
	struct imsg_hdr hdr = { .type = type, .peerid = id };
	struct imsg_out *out;
	size_t len = sizeof(hdr);
	uint8_t *p;
	int i;

	if (fd != -1 && !ib->fdpass) {
		errno = EINVAL;
		return -1;
	}
	for (i = 0; i < count; i++) {
		if (iov[i].iov_len > ib->maxsize - len) {
			errno = ERANGE;
			return -1;
		}
		len += iov[i].iov_len;
	}
	out = malloc(sizeof(*out) + len);
	if (out == NULL)
		return -1;
	hdr.len = (uint32_t)len | (fd != -1 ? FD_FLAG : 0);
	hdr.pid = (uint32_t)(pid != 0 ? pid : getpid());
	out->len = len;
	out->done = 0;
	out->fd = fd;
	memcpy(out->data, &hdr, sizeof(hdr));
	p = out->data + sizeof(hdr);
	for (i = 0; i < count; i++) {
		if (iov[i].iov_len == 0)
			continue;
		memcpy(p, iov[i].iov_base, iov[i].iov_len);
		p += iov[i].iov_len;
	}
	TAILQ_INSERT_TAIL(&ib->out, out, entry);
	ib->queued++;
	return 1;
}

/* ---- what a message says ---- */

int
imsg_get_data(struct imsg *imsg, void *data, size_t len)
{
	if (len == 0 || len != imsg_get_len(imsg)) {
		errno = len == 0 ? EINVAL : EBADMSG;
		return -1;
	}
	memcpy(data, imsg->data, len);
	return 0;
}

int
imsg_get_fd(struct imsg *imsg)
{
	int fd = imsg->fd;

	imsg->fd = -1;
	return fd;
}

uint32_t
imsg_get_id(struct imsg *imsg)
{
	return imsg->hdr.peerid;
}

size_t
imsg_get_len(struct imsg *imsg)
{
	return imsg->hdr.len - IMSG_HEADER_SIZE;
}

pid_t
imsg_get_pid(struct imsg *imsg)
{
	return (pid_t)imsg->hdr.pid;
}

uint32_t
imsg_get_type(struct imsg *imsg)
{
	return imsg->hdr.type;
}

void
imsg_free(struct imsg *imsg)
{
	if (imsg->fd != -1)
		close(imsg->fd);
	imsg->fd = -1;
	free(imsg->data);
	imsg->data = NULL;
}

#endif

/* SPDX-License-Identifier: ISC */
/* Channels between processes: sending, and the one dispatcher (ipc.c). */
#ifndef LEASED_IPC_CORE_H
#define LEASED_IPC_CORE_H

#include <sys/queue.h>
#include <event2/event.h>
#include <event2/event_struct.h>

#include "ipc.h"
#include "compat/compat.h"
#include "compat/imsg.h"

struct ipc_peer;
typedef void ipc_handler(struct ipc_peer *, const void *, int);

#define IPC_RING 1024 /* messages that may wait in one queue */

struct ipc_peer {
	TAILQ_ENTRY(ipc_peer) entry;
	struct imsgbuf ibuf;
	struct event rev;
	struct event wev;
	struct event_base *base;
	enum ipc_role self;
	enum ipc_role role;
	pid_t pid;   /* of the peer; 0: not checked (clients) */
	int started; /* the START message has come */
	int closed;
	int dirty;   /* something waits to be written */
	int broken;  /* nothing can be written any more */
	int waiting; /* not read until the others have drained */
	uint8_t seen[MSG_MAX];
	ipc_handler *const *handlers;
	/* The channel ended: why is NULL at EOF, else what was wrong.  For a
	 * process of ours it must not return. */
	void (*end)(struct ipc_peer *, const char *why);
	void *arg;
	/* Bytes of each queued message, to know how much is unsent. */
	uint16_t ring[IPC_RING];
	unsigned int head, count;
	size_t queued;
};

/*
 * Start a channel on descriptor fd.  fdpass: descriptors may arrive.  started:
 * no START message is to come.  0 or errno.
 */
int ipc_open(struct ipc_peer *, struct event_base *, int fd, enum ipc_role self,
    enum ipc_role role, pid_t pid, ipc_handler *const *handlers, int fdpass,
    int started, void (*end)(struct ipc_peer *, const char *), void *arg);
void ipc_close(struct ipc_peer *);

/*
 * Queue a message; it leaves with the next ipc_flush().  data is the struct
 * the table names for the type.  fd (or -1) is passed and closed here.
 * A peer that leaves IPC_QUEUE_MAX bytes unread is ended.
 */
void ipc_send(
    struct ipc_peer *, enum ipc_type, const void *data, size_t size, int fd);
/* 1: so much is unsent that a sender should wait; a turn of the event loop
 * comes when it has left. */
int ipc_behind(void);
/* Write what is queued on all channels: once per turn of the event loop. */
void ipc_flush(void);
/* Run the event loop until *stop; after each turn call hook (may be NULL) and
 * flush. */
void ipc_loop(struct event_base *, const int *stop, void (*hook)(void));
/* Blocking-free last attempt before a process ends. */
void ipc_flush_peer(struct ipc_peer *);

const char *ipc_name(uint32_t type);
size_t ipc_size(uint32_t type);
const char *ipc_role_name(enum ipc_role);

#endif

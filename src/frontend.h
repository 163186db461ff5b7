/* SPDX-License-Identifier: ISC */
/* Between frontend.c (packets) and control.c (control clients). */
#ifndef LEASED_FRONTEND_H
#define LEASED_FRONTEND_H

#include "leased.h"

struct frontend {
	struct child child;
	struct ipc_peer engine;
	int over; /* the engine has left, or takes too long to */
	struct conf_global conf;
};

/* The dispatch table, which has the clients' one message too. */
void control_handlers(ipc_handler *const *);
void control_request(struct ipc_peer *, const struct ipc_ctl_request *);
/* Start to accept on the listener (descriptor of the parent). */
void control_listen(struct frontend *, int fd);
/* An answer of the engine or parent to client id. */
void control_reply(uint32_t client, enum ipc_type, const void *, size_t);
/* Tell the engine to go on when the client has taken everything. */
void control_more(uint32_t client);
/* The result ends the client. */
void control_result(const struct ipc_result *);
/* An event for the monitors; size is that of the type's struct. */
void control_event(enum ipc_type, const void *, size_t size);
/* The process ends: hang up on all. */
void control_close(void);
/* Between turns: let go of clients that are done. */
void control_sweep(void);

#endif

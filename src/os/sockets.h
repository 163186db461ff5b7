/* SPDX-License-Identifier: ISC */
/* What the sockets of the systems have in common, and what sockets.c needs. */
#ifndef LEASED_OS_SOCKETS_H
#define LEASED_OS_SOCKETS_H

#include <sys/socket.h>
#include <netinet/in.h>

#include "os.h"

struct sockaddr_in sockaddr4(struct in_addr, uint16_t port);

/* ---- of each system ---- */
/* Who has this UDP port?  1 and the uid, or 0. */
int port_owner_find(uint16_t port, uint32_t *uid);
/* Does this ancillary datum say that the datagram came in fragments? */
int recv6_fragmented(const struct cmsghdr *);

#endif

/* SPDX-License-Identifier: ISC */
/* Between the parts of a compromised child. */
#ifndef HOSTILE_H
#define HOSTILE_H

#include "ipc_core.h"

struct hostile_world {
	uint32_t ifindex;    /* the managed interface, */
	uint32_t downstream; /* and one with a part of its prefix */
};

uint32_t hostile_random(void);
/* What the engine must not ask of the parent; names in policy.c. */
void hostile_policy(
    struct ipc_peer *parent, const struct hostile_world *, const char *name);
void hostile_policy6(
    struct ipc_peer *parent, const struct hostile_world *, const char *name);

#endif

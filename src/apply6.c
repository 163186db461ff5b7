/* SPDX-License-Identifier: ISC */
/*
 * The IPv6 half of apply.c: what the engine asks for and policy.c allows, in
 * the kernel.  Each protocol has its own configuration on an interface.
 */

#include <errno.h>

#include "parent.h"

void
apply_configure6(const struct ipc_configure6 *msg)
{
	struct ipc_configured6 answer = { .ifindex = msg->ifindex,
		.protocol = msg->config.protocol,
		.serial = msg->config.serial,
		.error = ENOTSUP };

	TO_ENGINE_MSG(MSG_CONFIGURED6, answer);
}

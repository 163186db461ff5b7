/* SPDX-License-Identifier: ISC */
/* What the tests of the IPv4 policy begin with. */
#ifndef POLICY_UTIL_H
#define POLICY_UTIL_H

#include <arpa/inet.h>
#include <string.h>

#include "policy.h"
#include "test.h"

/* The refusal by name, so that a failure can be read. */
#define IS(want, expr)                                          \
	do {                                                    \
		enum refusal got_ = (expr);                     \
		ATF_CHECK_MSG(got_ == REFUSE_##want,            \
		    "line %d: %s: got \"%s\"", __LINE__, #expr, \
		    policy_refusal_text(got_));                 \
	} while (0)

struct in_addr p4_ip(const char *);
struct route4 p4_route(const char *dst, uint8_t prefixlen, const char *gateway);

void p4_add_route(
    struct config4 *c, const char *dst, uint8_t prefixlen, const char *gateway);
void p4_set_addr(struct addr4 *a, const char *addr, uint8_t prefixlen);
/* 192.0.2.10/24 on interface 2, which may have an MTU of 9000. */
void p4_usual(struct policy_ctx *ctx, struct config4 *c);

#endif

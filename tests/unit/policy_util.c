/* SPDX-License-Identifier: ISC */
/* See policy_util.h. */

#include <arpa/inet.h>
#include <string.h>

#include "policy_util.h"

struct in_addr
p4_ip(const char *text)
{
	struct in_addr addr;

	ATF_REQUIRE_MSG(inet_pton(AF_INET, text, &addr) == 1, "%s", text);
	return addr;
}

struct route4
p4_route(const char *dst, uint8_t prefixlen, const char *gateway)
{
	struct route4 r;

	memset(&r, 0, sizeof(r));
	r.dst = p4_ip(dst);
	r.prefixlen = prefixlen;
	r.gateway = p4_ip(gateway);
	return r;
}

void
p4_add_route(
    struct config4 *c, const char *dst, uint8_t prefixlen, const char *gateway)
{
	c->routes[c->nroutes++] = p4_route(dst, prefixlen, gateway);
}

void
p4_set_addr(struct addr4 *a, const char *addr, uint8_t prefixlen)
{
	memset(a, 0, sizeof(*a));
	a->addr = p4_ip(addr);
	a->prefixlen = prefixlen;
	a->valid_sec = 3600;
}

void
p4_usual(struct policy_ctx *ctx, struct config4 *c)
{
	memset(ctx, 0, sizeof(*ctx));
	ctx->ifindex = 2;
	ctx->max_mtu = 9000;
	memset(c, 0, sizeof(*c));
	c->naddrs = 1;
	p4_set_addr(&c->addrs[0], "192.0.2.10", 24);
}

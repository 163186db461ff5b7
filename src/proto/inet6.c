/* SPDX-License-Identifier: ISC */
/* IPv6 addresses, see inet6.h. */
#include <sys/types.h>
#include <sys/socket.h>
#include <arpa/inet.h>
#include <string.h>

#include "inet6.h"

#define BITS 128

struct in6_addr
inet6_read(struct buf *b)
{
	struct in6_addr addr = IN6ADDR_ANY_INIT;

	buf_bytes(b, &addr, sizeof(addr));
	return addr;
}

int
inet6_is_link_local(const struct in6_addr *addr)
{
	return addr->s6_addr[0] == 0xfe && (addr->s6_addr[1] & 0xc0) == 0x80;
}

int
inet6_is_unicast(const struct in6_addr *addr)
{
	static const uint8_t zero[10];
	const uint8_t *p = addr->s6_addr;

	if (p[0] == 0xff)
		return 0;
	if (memcmp(p, zero, sizeof(zero)) != 0)
		return 1;
	return (p[10] | p[11]) != 0 && (p[10] & p[11]) != 0xff;
}

int
inet6_is_global(const struct in6_addr *addr)
{
	return inet6_is_unicast(addr) && !inet6_is_link_local(addr);
}

int
inet6_equal(const struct in6_addr *a, const struct in6_addr *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

int
inet6_inside(const struct in6_addr *addr, const struct in6_addr *prefix,
    uint8_t prefixlen)
{
	struct in6_addr a = *addr, p = *prefix;

	inet6_mask(&a, prefixlen);
	inet6_mask(&p, prefixlen);
	return inet6_equal(&a, &p);
}

void
inet6_mask(struct in6_addr *addr, uint8_t prefixlen)
{
	size_t i = prefixlen / 8;

	if (prefixlen >= BITS)
		return;
	addr->s6_addr[i] &= (uint8_t)(0xff00 >> prefixlen % 8);
	memset(&addr->s6_addr[i + 1], 0, sizeof(addr->s6_addr) - i - 1);
}

int
inet6_is_prefix(const struct in6_addr *prefix, uint8_t prefixlen)
{
	struct in6_addr masked = *prefix;

	inet6_mask(&masked, prefixlen);
	return prefixlen > 0 && prefixlen <= BITS &&
	    inet6_equal(&masked, prefix) && inet6_is_global(prefix);
}

void
inet6_print(struct wbuf *w, const struct in6_addr *addr)
{
	char text[INET6_ADDRSTRLEN];

	if (inet_ntop(AF_INET6, addr, text, sizeof(text)) != NULL)
		wbuf_printf(w, "%s", text);
}

int
inet6_parse(struct buf b, struct in6_addr *addr)
{
	char text[INET6_ADDRSTRLEN] = "";
	size_t n = buf_left(&b);

	if (n == 0 || n >= sizeof(text))
		return -1;
	buf_bytes(&b, text, n);
	return strlen(text) == n && inet_pton(AF_INET6, text, addr) == 1 ? 0
									 : -1;
}

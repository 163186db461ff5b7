/* SPDX-License-Identifier: ISC */
/* Which values a lease may hold, see dhcp4_check.h. */
#include <arpa/inet.h>
#include <string.h>

#include "dhcp4_check.h"
#include "dns_name.h"

#define SIXRD_PREFIX_LEN \
	((size_t)16) /* bytes of the IPv6 prefix, RFC 5969 7.1.1 */

static int uri_byte(uint8_t);
static int check_servers(struct buf);
static int check_dnr4_instance(struct buf);

struct in_addr
inet4_mask(uint8_t prefixlen)
{
	struct in_addr mask = { 0 };

	if (prefixlen > 0 && prefixlen <= 32)
		mask.s_addr = htonl(UINT32_MAX << (32 - prefixlen));
	return mask;
}

int
inet4_prefixlen(struct in_addr mask)
{
	uint8_t n;

	for (n = 1; n <= 32; n++) {
		if (inet4_mask(n).s_addr == mask.s_addr)
			return n;
	}
	return -1;
}

uint8_t
inet4_classful(struct in_addr addr)
{
	uint32_t a = ntohl(addr.s_addr);

	if ((a & 0x80000000U) == 0)
		return 8;
	if ((a & 0xc0000000U) == 0x80000000U)
		return 16;
	if ((a & 0xe0000000U) == 0xc0000000U)
		return 24;
	return 32;
}

int
inet4_is_unicast(struct in_addr addr)
{
	uint32_t first = ntohl(addr.s_addr) >> 24;

	return first != 0 && first != 127 && first < 224;
}

int
inet4_is_host(struct in_addr addr, uint8_t prefixlen)
{
	uint32_t host = addr.s_addr & ~inet4_mask(prefixlen).s_addr;

	if (!inet4_is_unicast(addr) || prefixlen == 0 || prefixlen > 32)
		return 0;
	/* RFC 3021: the two addresses of a /31 are hosts. */
	if (prefixlen >= 31)
		return 1;
	return host != 0 && host != ~inet4_mask(prefixlen).s_addr;
}

int
check_broadcast4(
    struct in_addr broadcast, struct in_addr addr, uint8_t prefixlen)
{
	struct in_addr mask = inet4_mask(prefixlen);

	if (broadcast.s_addr == INADDR_BROADCAST)
		return 1;
	/* Old networks use the all-zeros host, RFC 1122 3.3.6. */
	return inet4_is_unicast(broadcast) && prefixlen > 0 &&
	    broadcast.s_addr != addr.s_addr &&
	    ((broadcast.s_addr ^ addr.s_addr) & mask.s_addr) == 0;
}

int
check_route4(const struct route4 *r)
{
	if (r->prefixlen > 32 ||
	    (r->dst.s_addr & ~inet4_mask(r->prefixlen).s_addr) != 0)
		return 0;
	/* What only covers a reserved block, as 0.0.0.0/1 does, is no route
	 * into one. */
	if ((r->dst.s_addr != INADDR_ANY || r->prefixlen >= 8) &&
	    !inet4_is_unicast(r->dst))
		return 0;
	return r->gateway.s_addr == INADDR_ANY || inet4_is_unicast(r->gateway);
}

/* RFC 3986 2: unreserved, reserved and '%'. */
static int
uri_byte(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') ||
	    (c != 0 && strchr("-._~:/?#[]@!$&'()*+,;=%", c) != NULL);
}

int
check_uri(struct buf b)
{
	static const char *const schemes[] = { "https://", "http://" };
	size_t i, n;
	struct buf head, rest;

	if (buf_left(&b) >= LEASE4_URI_MAX)
		return 0;
	for (i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		rest = b;
		n = strlen(schemes[i]);
		head = buf_sub(&rest, n);
		if (buf_is(&head, schemes[i]))
			break;
	}
	if (i == sizeof(schemes) / sizeof(schemes[0]) || buf_left(&rest) == 0)
		return 0;
	while (buf_left(&rest) > 0) {
		if (!uri_byte(buf_u8(&rest)))
			return 0;
	}
	return 1;
}

/* One or more unicast addresses. */
static int
check_servers(struct buf b)
{
	if (buf_left(&b) == 0)
		return 0;
	while (buf_left(&b) > 0) {
		if (!inet4_is_unicast(buf_in_addr(&b)))
			return 0;
	}
	return !b.error;
}

int
check_svc_params(struct buf b)
{
	int last = -1;

	while (buf_left(&b) > 0) {
		int key = buf_u16(&b);

		buf_skip(&b, buf_u16(&b));
		if (b.error || key <= last)
			return 0;
		last = key;
	}
	return !b.error;
}

static int
check_dnr4_instance(struct buf b)
{
	char name[DNS_NAME_MAX];
	struct buf adn, addrs;

	buf_skip(&b, 2); /* service priority */
	adn = buf_sub(&b, buf_u8(&b));
	if (b.error || dns_name_read(&adn, 0, name) != DNS_NAME_OK ||
	    buf_left(&adn) > 0)
		return 0;
	if (buf_left(&b) == 0)
		return 1; /* ADN-only mode */
	addrs = buf_sub(&b, buf_u8(&b));
	return !b.error && check_servers(addrs) && check_svc_params(b);
}

int
check_dnr4(struct buf b)
{
	struct buf instance;

	if (buf_left(&b) == 0 || buf_left(&b) > LEASE4_BLOB_MAX)
		return 0;
	while (buf_left(&b) > 0) {
		instance = buf_sub(&b, buf_u16(&b));
		if (b.error || !check_dnr4_instance(instance))
			return 0;
	}
	return !b.error;
}

int
check_sixrd(struct buf b)
{
	uint8_t masklen, prefixlen;
	size_t bit;
	const uint8_t *prefix;

	if (buf_left(&b) > sizeof(((struct lease4 *)NULL)->sixrd))
		return 0;
	masklen = buf_u8(&b);
	prefixlen = buf_u8(&b);
	prefix = buf_take(&b, SIXRD_PREFIX_LEN);
	if (prefix == NULL || masklen > 32 || prefixlen + 32 - masklen > 128)
		return 0;
	for (bit = prefixlen; bit < 8 * SIXRD_PREFIX_LEN; bit++) {
		if (prefix[bit / 8] & 0x80 >> bit % 8)
			return 0;
	}
	return check_servers(b);
}

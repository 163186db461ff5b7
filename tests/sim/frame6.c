/* SPDX-License-Identifier: ISC */
/* See frame6.h. */

#include <string.h>

#include "frame6.h"

#define MAX 1600

static uint32_t
sum_of(const uint8_t *f, size_t len)
{
	uint32_t sum = 2166136261U;
	size_t i;

	for (i = 6; i < len; i++)
		sum = (sum ^ f[i]) * 16777619U;
	return sum;
}

static void
seal(uint8_t *f, size_t len)
{
	uint32_t sum = sum_of(f, len);

	memcpy(f, &sum, sizeof(sum));
}

static int
is_sealed(const uint8_t *f, size_t len)
{
	uint32_t sum = sum_of(f, len);

	return memcmp(f, &sum, sizeof(sum)) == 0;
}

static void
header(uint8_t *f, uint8_t host, uint8_t next)
{
	memset(f, 0, FRAME6_UDP);
	f[12] = 0x86;
	f[13] = 0xdd;
	f[20] = next;
	f[21] = 255;
	f[22] = 0xfe;
	f[23] = 0x80;
	f[37] = host;
}

size_t
frame6_udp(uint8_t *f, const struct in6_addr *dst, uint8_t host, uint16_t port,
    const uint8_t *data, size_t len)
{
	header(f, host, IPPROTO_UDP);
	memcpy(f + 38, dst, 16);
	f[56] = (uint8_t)(port >> 8);
	f[57] = (uint8_t)port;
	memcpy(f + FRAME6_UDP, data, len);
	seal(f, FRAME6_UDP + len);
	return FRAME6_UDP + len;
}

size_t
frame6_icmp(uint8_t *f, uint8_t host, const uint8_t *data, size_t len)
{
	header(f, host, IPPROTO_ICMPV6);
	f[38] = 0xff;
	f[39] = 0x02;
	f[53] = 1;
	memcpy(f + FRAME6_ICMP, data, len);
	seal(f, FRAME6_ICMP + len);
	return FRAME6_ICMP + len;
}

static int
is_ipv6(const uint8_t *f, size_t len, uint8_t next)
{
	return len > FRAME6_UDP && len <= MAX && f[12] == 0x86 &&
	    f[13] == 0xdd && f[20] == next && is_sealed(f, len);
}

int
frame6_is_udp(const uint8_t *f, size_t len, uint16_t port)
{
	return is_ipv6(f, len, IPPROTO_UDP) && (f[56] << 8 | f[57]) == port;
}

int
frame6_is_icmp(const uint8_t *f, size_t len, uint8_t type)
{
	return len > FRAME6_ICMP && f[FRAME6_ICMP] == type &&
	    (len > FRAME6_UDP ? is_ipv6(f, len, IPPROTO_ICMPV6)
			      : is_sealed(f, len) && f[20] == IPPROTO_ICMPV6);
}

static struct in6_addr
addr_at(const uint8_t *p)
{
	struct in6_addr a;

	memcpy(&a, p, sizeof(a));
	return a;
}

struct in6_addr
frame6_src(const uint8_t *f)
{
	return addr_at(f + 22);
}

struct in6_addr
frame6_dst(const uint8_t *f)
{
	return addr_at(f + 38);
}

void
frame6_set_src(uint8_t *f, size_t len, const struct in6_addr *src)
{
	memcpy(f + 22, src, 16);
	seal(f, len);
}

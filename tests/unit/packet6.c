/* SPDX-License-Identifier: ISC */
/* DHCPv6 messages for tests: see packet6.h. */

#include <sys/socket.h>
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "packet6.h"

struct in6_addr
ip6(const char *text)
{
	struct in6_addr a;

	if (inet_pton(AF_INET6, text, &a) != 1)
		abort();
	return a;
}

int
same6(const struct in6_addr *addr, const char *text)
{
	struct in6_addr want = ip6(text);

	return memcmp(addr, &want, sizeof(want)) == 0;
}

void
p6_raw(struct packet6 *p, const void *data, size_t len)
{
	if (len > sizeof(p->bytes) - p->len)
		abort();
	if (len > 0)
		memcpy(p->bytes + p->len, data, len);
	p->len += len;
}

void
p6_u8(struct packet6 *p, unsigned int v)
{
	uint8_t b = (uint8_t)v;

	p6_raw(p, &b, 1);
}

void
p6_u16(struct packet6 *p, unsigned int v)
{
	p6_u8(p, v >> 8);
	p6_u8(p, v & 0xff);
}

void
p6_u32(struct packet6 *p, uint32_t v)
{
	p6_u16(p, v >> 16);
	p6_u16(p, v & 0xffff);
}

void
p6_addr(struct packet6 *p, const char *text)
{
	struct in6_addr a = ip6(text);

	p6_raw(p, &a, sizeof(a));
}

void
p6_begin(struct packet6 *p, uint8_t type, uint32_t xid)
{
	memset(p, 0, sizeof(*p));
	p6_u32(p, (uint32_t)type << 24 | (xid & 0xffffff));
}

void
p6_open(struct packet6 *p, unsigned int code)
{
	p6_u16(p, code);
	p->open[p->depth++] = p->len;
	p6_u16(p, 0);
}

void
p6_close(struct packet6 *p)
{
	size_t at = p->open[--p->depth], n = p->len - at - 2;

	p->bytes[at] = (uint8_t)(n >> 8);
	p->bytes[at + 1] = (uint8_t)n;
}

void
p6_opt(struct packet6 *p, unsigned int code, const void *data, size_t len)
{
	p6_open(p, code);
	p6_raw(p, data, len);
	p6_close(p);
}

void
p6_status(struct packet6 *p, unsigned int code, const char *text)
{
	p6_open(p, 13);
	p6_u16(p, code);
	p6_raw(p, text, strlen(text));
	p6_close(p);
}

void
p6_ids(struct packet6 *p)
{
	p6_opt(p, 1, CLIENT_DUID, CLIENT_DUID_LEN);
	p6_opt(p, 2, SERVER_DUID, SERVER_DUID_LEN);
}

void
p6_open_ia(struct packet6 *p, unsigned int code, uint32_t iaid, uint32_t t1,
    uint32_t t2)
{
	p6_open(p, code);
	p6_u32(p, iaid);
	p6_u32(p, t1);
	p6_u32(p, t2);
}

void
p6_open_addr(
    struct packet6 *p, const char *addr, uint32_t preferred, uint32_t valid)
{
	p6_open(p, 5);
	p6_addr(p, addr);
	p6_u32(p, preferred);
	p6_u32(p, valid);
}

void
p6_open_prefix(struct packet6 *p, const char *prefix, unsigned int len,
    uint32_t preferred, uint32_t valid)
{
	p6_open(p, 26);
	p6_u32(p, preferred);
	p6_u32(p, valid);
	p6_u8(p, len);
	p6_addr(p, prefix);
}

void
p6_ia_na(struct packet6 *p, uint32_t iaid, const char *addr, uint32_t preferred,
    uint32_t valid)
{
	p6_open_ia(p, 3, iaid, 0, 0);
	p6_open_addr(p, addr, preferred, valid);
	p6_close(p);
	p6_close(p);
}

void
p6_ia_pd(struct packet6 *p, uint32_t iaid, const char *prefix, unsigned int len,
    uint32_t preferred, uint32_t valid)
{
	p6_open_ia(p, 25, iaid, 0, 0);
	p6_open_prefix(p, prefix, len, preferred, valid);
	p6_close(p);
	p6_close(p);
}

const uint8_t *
p6_find(const uint8_t *data, size_t size, unsigned int code, unsigned int n,
    size_t *len)
{
	size_t i = 0;

	while (i + 4 <= size) {
		unsigned int c = (unsigned int)(data[i] << 8 | data[i + 1]);
		size_t l = (size_t)(data[i + 2] << 8 | data[i + 3]);

		if (i + 4 + l > size)
			abort();
		if (c == code && n-- == 0) {
			if (len != NULL)
				*len = l;
			return data + i + 4;
		}
		i += 4 + l;
	}
	return NULL;
}

void
p6_refusal(
    struct packet6 *p, unsigned int code, uint32_t iaid, unsigned int status)
{
	p6_open_ia(p, code, iaid, 0, 0);
	p6_status(p, status, "no");
	p6_close(p);
}

/* SPDX-License-Identifier: ISC */
/* DHCPv4 and ARP frames as servers and neighbours see them: frame4.h. */

#include <string.h>

#include "frame4.h"

const uint8_t frame4_router_mac[6] = { 2, 0, 0, 0, 1, 254 };

static uint16_t
sum16(const uint8_t *p, size_t len, uint32_t sum)
{
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)(p[i] << 8 | p[i + 1]);
	if (len & 1)
		sum += (uint32_t)p[len - 1] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static void
put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void
put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v);
}

uint32_t
frame4_u32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

static uint8_t *
option32(uint8_t *o, uint8_t code, uint32_t v)
{
	o[0] = code;
	o[1] = 4;
	put32(o + 2, v);
	return o + 6;
}

int
frame4_read(const uint8_t *f, size_t len, struct asked *a)
{
	size_t i;

	memset(a, 0, sizeof(*a));
	if (len < 42 + 241 || f[12] != 8 || f[13] != 0 || f[23] != 17 ||
	    f[36] != 0 || f[37] != 67 || sum16(f + 14, 20, 0) != 0 ||
	    memcmp(f + 42 + 236, "\x63\x82\x53\x63", 4) != 0 || f[42] != 1)
		return 0;
	a->dst = frame4_u32(f + 30);
	a->bootp = f + 42;
	a->ciaddr = frame4_u32(a->bootp + 12);
	for (i = 42 + 240; i + 1 < len && f[i] != 255;) {
		if (f[i] == 0) {
			i++;
			continue;
		}
		if (i + 2U + f[i + 1] > len)
			return 0;
		if (f[i] == 53)
			a->type = f[i + 2];
		else if (f[i] == 50)
			a->requested = frame4_u32(f + i + 2);
		else if (f[i] == 54)
			a->server = frame4_u32(f + i + 2);
		else if (f[i] == 80)
			a->rapid = 1;
		i += 2U + f[i + 1];
	}
	return a->type != 0;
}

size_t
frame4_answer(
    const struct asked *a, const struct answer *with, uint8_t f[FRAME4_MAX])
{
	uint8_t *b = f + 42, *o = b + 240, pseudo[12];
	size_t len;

	memset(f, 0, FRAME4_MAX);
	memcpy(f, a->bootp + 28, 6);
	memcpy(f + 6, frame4_router_mac, 5);
	f[11] = with->n;
	f[12] = 8;
	b[0] = 2;
	b[1] = 1;
	b[2] = 6;
	memcpy(b + 4, a->bootp + 4, 4);
	put32(b + 16, with->yiaddr);
	memcpy(b + 28, a->bootp + 28, 16);
	memcpy(b + 236, "\x63\x82\x53\x63", 4);
	*o++ = 53;
	*o++ = 1;
	*o++ = with->type;
	o = option32(o, 54, with->server);
	if (with->type != 6) {
		o = option32(o, 51, with->lease_sec);
		o = option32(o, 1, ~0U << (32 - with->prefixlen));
		o = option32(o, 3, with->router);
		o = option32(o, 6, with->server);
		if (with->t1 != 0) {
			o = option32(o, 58, with->t1);
			o = option32(o, 59, with->t2);
		}
		if (with->type == 5 && a->type == 1) {
			*o++ = 80;
			*o++ = 0;
		}
	}
	*o++ = 255;
	len = (size_t)(o - b) < 300 ? 300 : (size_t)(o - b);
	put16(f + 14, 0x4500);
	put16(f + 16, (uint32_t)len + 28);
	f[22] = 64;
	f[23] = 17;
	put32(f + 26, with->server);
	put32(f + 30, 0xffffffffU);
	put16(f + 24, sum16(f + 14, 20, 0));
	put16(f + 34, 67);
	put16(f + 36, 68);
	put16(f + 38, (uint32_t)len + 8);
	memcpy(pseudo, f + 26, 8);
	put16(pseudo + 8, 17);
	put16(pseudo + 10, (uint32_t)len + 8);
	put16(f + 40,
	    sum16(
		f + 34, len + 8, (uint16_t)~sum16(pseudo, sizeof(pseudo), 0)));
	return len + 42;
}

void
frame4_arp(uint16_t op, const uint8_t mac[6], uint32_t spa, uint32_t tpa,
    uint8_t f[60])
{
	memset(f, 0, 60);
	memset(f, 255, 6);
	memcpy(f + 6, mac, 6);
	memcpy(f + 12, "\x08\x06\x00\x01\x08\x00\x06\x04", 8);
	put16(f + 20, op);
	memcpy(f + 22, mac, 6);
	put32(f + 28, spa);
	put32(f + 38, tpa);
}

/* SPDX-License-Identifier: ISC */
/*
 * The servers' own view of DHCPv4 and ARP frames, apart from the client's
 * codec, so that a bug there does not mirror itself.  Addresses are numbers
 * in host order.
 */
#ifndef FRAME4_H
#define FRAME4_H

#include <stddef.h>
#include <stdint.h>

#define FRAME4_MAX 590

/* What a client's message says. */
struct asked {
	uint8_t type;
	int rapid;
	uint32_t dst; /* of the IP header */
	uint32_t ciaddr, requested, server;
	const uint8_t *bootp;
};

struct answer {
	uint32_t server, router, yiaddr, prefixlen;
	uint32_t lease_sec, t1, t2; /* t1 0: neither */
	uint8_t type;
	uint8_t n; /* last byte of the server's hardware address */
};

/* Of the servers (but the last byte) and the router. */
extern const uint8_t frame4_router_mac[6];

uint32_t frame4_u32(const uint8_t *);
/* 1 if it is a DHCP message to a server. */
int frame4_read(const uint8_t *, size_t, struct asked *);
/* Length of the answer. */
size_t frame4_answer(
    const struct asked *, const struct answer *, uint8_t frame[FRAME4_MAX]);
void frame4_arp(uint16_t op, const uint8_t mac[6], uint32_t spa, uint32_t tpa,
    uint8_t frame[60]);

#endif

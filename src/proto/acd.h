/* SPDX-License-Identifier: ISC */
/*
 * ARP for IPv4 address conflict detection (RFC 5227): codec and constants.
 * Pure functions; the rules of when to send are in dhcp4_acd.c.
 */
#ifndef LEASED_ACD_H
#define LEASED_ACD_H

#include "proto.h"

#define ARP_FRAME_LEN 60 /* padded to Ethernet's minimum */

/* RFC 5227 1.1, in milliseconds where it is a time */
#define PROBE_WAIT_MS 1000
#define PROBE_NUM 3
#define PROBE_MIN_MS 1000
#define PROBE_MAX_MS 2000
#define ANNOUNCE_WAIT_MS 2000
#define ANNOUNCE_NUM 2
#define ANNOUNCE_INTERVAL_MS 2000
#define MAX_CONFLICTS 10
#define RATE_LIMIT_INTERVAL_MS 60000
#define DEFEND_INTERVAL_MS 10000
#define DECLINE_WAIT_MS 10000 /* RFC 2131 3.1 5 */

struct arp {
	uint16_t op; /* 1 request, 2 reply */
	uint8_t eth_src[6];
	uint8_t sha[6];
	struct in_addr spa;
	struct in_addr tpa;
};

/* Ethernet frame -> ARP for IPv4 over Ethernet.  0, or -1: malformed. */
int arp_parse(const uint8_t *, size_t, struct arp *);
/* spa 0: a probe.  dst NULL: broadcast.  Returns ARP_FRAME_LEN. */
size_t arp_build(uint16_t op, const uint8_t sha[6], struct in_addr spa,
    struct in_addr tpa, const uint8_t *dst, uint8_t frame[ARP_FRAME_LEN]);

#endif

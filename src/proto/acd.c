/* SPDX-License-Identifier: ISC */
/* ARP codec: see acd.h. */

#include <string.h>

#include "acd.h"

/* Offsets are the fixed ones of RFC 826 for Ethernet and IPv4. */
static const uint8_t arp_head[8] = { 0, 1, 8, 0, 6, 4, 0, 0 };

int
arp_parse(const uint8_t *frame, size_t len, struct arp *arp)
{
	const uint8_t *source = frame + 6;

	/* A priority tag (VID 0) is our own network, IEEE 802.1Q 6.9. */
	if (len >= 18 && frame[12] == 0x81 && frame[13] == 0 &&
	    (frame[14] & 0x0f) == 0 && frame[15] == 0) {
		frame += 4;
		len -= 4;
	}
	if (len < 42 || frame[12] != 0x08 || frame[13] != 0x06 ||
	    memcmp(frame + 14, arp_head, 6) != 0)
		return -1;
	memcpy(arp->eth_src, source, 6);
	arp->op = (uint16_t)(frame[20] << 8 | frame[21]);
	memcpy(arp->sha, frame + 22, 6);
	memcpy(&arp->spa, frame + 28, 4);
	memcpy(&arp->tpa, frame + 38, 4);
	return arp->op == 1 || arp->op == 2 ? 0 : -1;
}

size_t
arp_build(uint16_t op, const uint8_t sha[6], struct in_addr spa,
    struct in_addr tpa, const uint8_t *dst, uint8_t frame[ARP_FRAME_LEN])
{
	static const uint8_t broadcast[6] = { 255, 255, 255, 255, 255, 255 };

	memset(frame, 0, ARP_FRAME_LEN);
	memcpy(frame, dst != NULL ? dst : broadcast, 6);
	memcpy(frame + 6, sha, 6);
	frame[12] = 0x08;
	frame[13] = 0x06;
	memcpy(frame + 14, arp_head, 8);
	frame[21] = (uint8_t)op;
	memcpy(frame + 22, sha, 6);
	memcpy(frame + 28, &spa, 4);
	if (dst != NULL)
		memcpy(frame + 32, dst, 6);
	memcpy(frame + 38, &tpa, 4);
	return ARP_FRAME_LEN;
}

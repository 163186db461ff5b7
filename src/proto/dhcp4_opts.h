/* SPDX-License-Identifier: ISC */
/*
 * The options of a DHCP message, gathered: RFC 2132 2 (form), 9.3 (overload
 * into file and sname), RFC 3396 (parts of one option are one value).
 */
#ifndef LEASED_DHCP4_OPTS_H
#define LEASED_DHCP4_OPTS_H

#include "buf.h"

#define DHCP4_MSG_MAX 2048 /* longest message looked at (IPC_PACKET_MAX) */
#define BOOTP_SNAME_OFF 44 /* RFC 2131 2 */
#define BOOTP_SNAME_LEN 64
#define BOOTP_FILE_OFF 108
#define BOOTP_FILE_LEN 128
#define BOOTP_COOKIE_OFF 236
#define BOOTP_OPTIONS_OFF 240
#define DHCP4_COOKIE 0x63825363U /* RFC 2131 3: 99, 130, 83, 99 */

struct dhcp4_opts {
	uint8_t seen[256];
	uint16_t off[256]; /* of an option's value in data */
	uint16_t len[256];
	uint32_t ignored; /* overload options that made no sense */
	uint8_t data[DHCP4_MSG_MAX];
};

/*
 * Gather the options of a whole message of BOOTP_OPTIONS_OFF to DHCP4_MSG_MAX
 * bytes.  0, or -1: an option runs past the end of its area.
 */
int dhcp4_opts_read(struct dhcp4_opts *, struct buf message);
/* An option's value: 1, or 0 if it was not there. */
int dhcp4_opts_get(const struct dhcp4_opts *, uint8_t code, struct buf *);

#endif

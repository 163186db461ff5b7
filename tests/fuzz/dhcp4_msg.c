/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as a DHCPv4 frame and as a BOOTP message: no crash, bounded work,
 * and what is accepted is a lease that can be written and read back.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/dhcp4_check.h"
#include "proto/dhcp4_msg.h"
#include "proto/lease.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void check(const struct dhcp4_msg *);
static void parse(const uint8_t *, size_t, struct dhcp4_msg *);

static void
check(const struct dhcp4_msg *m)
{
	struct lease4 l = m->lease, back;
	char text[LEASE_TEXT_MAX], line[512];
	const char *why;
	size_t i, n;
	int lineno;

	dhcp4_msg_print(m, line, sizeof(line));
	for (i = 0; line[i] != '\0'; i++) {
		if (line[i] < 0x20 || line[i] > 0x7e)
			abort();
	}
	if (l.nroutes > LEASE4_ROUTES_MAX || l.ndns > DNS_SERVERS_MAX ||
	    l.nntp > LEASE4_NTP_MAX || l.nsearch > DNS_SEARCH_MAX)
		abort();
	if (!(m->present & HAVE_SERVER_ID) ||
	    !inet4_is_host(l.addr, l.prefixlen))
		return;
	if (l.lease_sec < LEASE4_SEC_MIN)
		l.lease_sec = LEASE4_SEC_MIN;
	l.t1_sec = l.t2_sec = LEASE4_SEC_MIN;
	n = lease4_format(&l, 0, text, sizeof(text));
	if (n == 0 ||
	    lease4_parse((const uint8_t *)text, n, &back, &why, &lineno) ==
		-1 ||
	    memcmp(&back, &l, sizeof(l)) != 0)
		abort();
}

/* As the owner of the hardware address in the message. */
static void
parse(const uint8_t *data, size_t len, struct dhcp4_msg *m)
{
	uint8_t hwaddr[16] = { 0 }, hlen = 6, htype = 1;

	if (len >= 44) {
		htype = data[1];
		hlen = data[2] <= 16 ? data[2] : 16;
		memcpy(hwaddr, data + 28, sizeof(hwaddr));
	}
	if (dhcp4_msg_parse(data, len, htype, hwaddr, hlen, NULL, m) ==
	    DHCP4_OK)
		check(m);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const int flags[] = { 0, RECV_CSUM_NOT_READY, RECV_CSUM_VALID };
	const uint8_t *payload;
	struct dhcp4_msg m;
	size_t i, n;

	for (i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		if (dhcp4_frame_parse(data, len, flags[i], &payload, &n, &m) !=
		    DHCP4_OK)
			continue;
		if (payload < data || n > len ||
		    (size_t)(payload - data) > len - n)
			abort();
		parse(payload, n, &m);
	}
	memset(&m, 0, sizeof(m));
	parse(data, len, &m);
	return 0;
}

/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as a DHCPv6 message: no crash, bounded work, printable text, and
 * what is accepted is a lease that can be written and read back.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/dhcp6_check.h"
#include "proto/dhcp6_msg.h"
#include "proto/lease_dhcp6.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check(const struct dhcp6_msg *m)
{
	static struct dhcp6_lease l, back;
	char text[LEASE_DHCP6_TEXT_MAX], again[LEASE_DHCP6_TEXT_MAX];
	const char *why;
	size_t i, n;
	int line;

	l = m->lease;
	for (i = 0; i < DHCP6_IAS_MAX; i++) {
		l.ias[i].server = m->server;
		l.ias[i].server.addr.s6_addr[0] = 0xfe;
		l.ias[i].server.addr.s6_addr[1] = 0x80;
		if (l.ias[i].t2_sec < l.ias[i].t1_sec)
			l.ias[i].t2_sec = l.ias[i].t1_sec;
	}
	if (m->server.duid_len == 0)
		return;
	n = lease_dhcp6_format(&l, 0, text, sizeof(text));
	if (n == 0 ||
	    lease_dhcp6_parse((const uint8_t *)text, n, &back, &why, &line) ==
		-1 ||
	    lease_dhcp6_format(&back, 0, again, sizeof(again)) != n ||
	    memcmp(text, again, n) != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct dhcp6_msg m;
	static struct dhcp6_lease ours;
	char line[300];
	size_t i;

	dhcp6_msg_print(data, len, line, sizeof(line));
	for (i = 0; line[i] != '\0'; i++)
		if (line[i] < 0x20 || line[i] > 0x7e)
			abort();
	if (dhcp6_msg_parse(data, len, NULL, NULL, &m) == DHCP6_OK)
		check(&m);
	for (i = 0; i < sizeof(m.message) && m.message[i] != '\0'; i++)
		if (m.message[i] < 0x20 || m.message[i] > 0x7e)
			abort();
	/* One IA of each kind, as bytes of the input. */
	ours.ias[0].state = ours.ias[2].state = IA_WANTED;
	ours.ias[0].iaid = ours.ias[2].iaid = 1;
	if (dhcp6_msg_parse(data, len, &ours, NULL, &m) == DHCP6_OK) {
		if (m.ias & ~5U)
			abort();
		check(&m);
	}
	return 0;
}

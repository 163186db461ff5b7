/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as a DHCPv6 lease file: no crash, and what is taken is, byte for
 * byte, what the writer makes of it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/lease_dhcp6.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const struct dhcp6_lease none;
	static struct dhcp6_lease lease;
	char text[LEASE_DHCP6_TEXT_MAX];
	const char *why;
	size_t n;
	int line;

	if (lease_dhcp6_parse(data, len, &lease, &why, &line) == -1) {
		if (why == NULL || line < 0 ||
		    memcmp(&lease, &none, sizeof(lease)) != 0)
			abort();
		return 0;
	}
	n = lease_dhcp6_format(&lease,
	    (uint64_t)lease.obtained_high << 32 | lease.obtained_low, text,
	    sizeof(text));
	if (n != len || memcmp(text, data, n) != 0)
		abort();
	return 0;
}

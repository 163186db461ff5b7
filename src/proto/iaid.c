/* SPDX-License-Identifier: ISC */
/* Identity association identifiers: see iaid.h. */

#include "iaid.h"

/* FNV-1a (RFC 9923 2): interface indexes change, names rarely. */
#define FNV_OFFSET_BASIS 0x811c9dc5
#define FNV_PRIME 0x01000193

uint32_t
iaid_of(const struct conf_iface *conf, const char *ifname)
{
	uint32_t hash = FNV_OFFSET_BASIS;
	size_t i;

	if (conf->has_iaid)
		return conf->iaid;
	for (i = 0; i < IFACE_NAME_MAX && ifname[i] != '\0'; i++)
		hash = (hash ^ (uint8_t)ifname[i]) * FNV_PRIME;
	return hash;
}

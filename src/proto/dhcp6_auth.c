/* SPDX-License-Identifier: ISC */
/*
 * The reconfigure key authentication protocol (RFC 9915 20.4) and the
 * descriptors that hear a Reconfigure.
 */

#include <string.h>

#include "../compat/digest.h"
#include "dhcp6_priv.h"

/* A Reply's key holds until another one comes. */
void
d6_take_key(struct dhcp6 *d, const struct dhcp6_msg *m)
{
	if (!d->conf.reconfigure || !(m->present & HAVE6_AUTH) ||
	    m->auth.type != AUTH_RKAP_KEY)
		return;
	d->lease.has_key = 1;
	memcpy(d->lease.key, m->auth.value, sizeof(d->lease.key));
	d->lease.replay_high = (uint32_t)(m->auth.replay >> 32);
	d->lease.replay_low = (uint32_t)m->auth.replay;
}

/* Did we lease from it? */
static int
known_server(const struct dhcp6 *d, const struct dhcp6_server *server)
{
	unsigned int i;

	if (d->lease.stateless)
		return 1;
	for (i = 0; i < DHCP6_IAS_MAX; i++)
		if (d->lease.ias[i].server.duid_len != 0 &&
		    d6_same_server(&d->lease.ias[i].server, server))
			return 1;
	return 0;
}

int
d6_authentic(
    struct dhcp6 *d, const struct dhcp6_msg *m, const uint8_t *data, size_t len)
{
	uint64_t seen =
	    (uint64_t)d->lease.replay_high << 32 | d->lease.replay_low;
	uint8_t copy[DHCP6_RECV_MAX], mac[DHCP6_KEY_LEN];

	if (!d->lease.has_key || m->auth.type != AUTH_RKAP_HMAC ||
	    !known_server(d, &m->server) || len > sizeof(copy) ||
	    m->auth.value_off > len || len - m->auth.value_off < sizeof(mac))
		return 0;
	memcpy(copy, data, len);
	memset(copy + m->auth.value_off, 0, sizeof(mac));
	hmac_md5(d->lease.key, sizeof(d->lease.key), copy, len, mac);
	if (!digest_equal(mac, m->auth.value, sizeof(mac)))
		return 0;
	/* RFC 9915 20.3: strictly increasing */
	if (m->auth.replay <= seen)
		return 0;
	d->lease.replay_high = (uint32_t)(m->auth.replay >> 32);
	d->lease.replay_low = (uint32_t)m->auth.replay;
	return 1;
}

static int
leased(const struct dhcp6 *d, const struct in6_addr *addr)
{
	unsigned int i;

	for (i = 0; d->conf.reconfigure && i < d->lease.naddrs; i++)
		if (IN6_ARE_ADDR_EQUAL(&d->lease.addrs[i].addr, addr) &&
		    (d->lease.addrs[i].flags & DHCP6_ADDR_USABLE))
			return 1;
	return 0;
}

static int
is_open(const struct dhcp6 *d, const struct in6_addr *addr)
{
	unsigned int i;

	for (i = 0; i < d->nreconf_open; i++)
		if (IN6_ARE_ADDR_EQUAL(&d->reconf_open[i], addr))
			return 1;
	return 0;
}

void
d6_reconf_channels(struct dhcp6 *d)
{
	unsigned int i;

	for (i = d->nreconf_open; i > 0; i--) {
		if (leased(d, &d->reconf_open[i - 1]))
			continue;
		d->ops->close6(d->ctx, CHANNEL_DHCP6, &d->reconf_open[i - 1]);
		d->reconf_open[i - 1] = d->reconf_open[--d->nreconf_open];
	}
	for (i = 0; i < d->lease.naddrs; i++) {
		const struct in6_addr *a = &d->lease.addrs[i].addr;

		if (!leased(d, a) || is_open(d, a) ||
		    d->nreconf_open == DHCP6_ADDRS_MAX)
			continue;
		d->reconf_open[d->nreconf_open++] = *a;
		d->ops->open6(d->ctx, CHANNEL_DHCP6, a);
	}
}

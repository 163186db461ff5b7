/* SPDX-License-Identifier: ISC */
/* Values of a DHCPv6 lease, see dhcp6_check.h. */

#include <string.h>

#include "dhcp4_check.h"
#include "dhcp6_check.h"
#include "dhcp6_opts.h"
#include "dns_name.h"
#include "inet6.h"

int
check_delegated6(const struct in6_addr *prefix, uint8_t prefixlen)
{
	return prefixlen >= DELEGATED6_LEN_MIN &&
	    inet6_is_prefix(prefix, prefixlen);
}

int
check_exclude6(const struct dhcp6_prefix *p)
{
	if (p->exclude_len == 0)
		return IN6_IS_ADDR_UNSPECIFIED(&p->exclude);
	return p->exclude_len > p->prefixlen &&
	    inet6_is_prefix(&p->exclude, p->exclude_len) &&
	    inet6_inside(&p->exclude, &p->prefix, p->prefixlen);
}

int
check_dnr6_instance(struct buf b)
{
	char name[DNS_NAME_MAX];
	struct buf adn, addrs;
	struct in6_addr a;

	buf_skip(&b, 2); /* service priority */
	adn = buf_sub(&b, buf_u16(&b));
	if (b.error || dns_name_read(&adn, 0, name) != DNS_NAME_OK ||
	    buf_left(&adn) > 0)
		return 0;
	if (buf_left(&b) == 0)
		return 1; /* ADN-only mode */
	addrs = buf_sub(&b, buf_u16(&b));
	if (b.error || buf_left(&addrs) == 0)
		return 0;
	while (buf_left(&addrs) > 0) {
		buf_bytes(&addrs, &a, sizeof(a));
		if (addrs.error || !inet6_is_unicast(&a))
			return 0;
	}
	return check_svc_params(b);
}

int
check_dnr6(struct buf b)
{
	struct buf instance;

	while (buf_left(&b) > 0) {
		instance = buf_sub(&b, buf_u16(&b));
		if (b.error || !check_dnr6_instance(instance))
			return 0;
	}
	return !b.error;
}

/* A prefix of a given length in as many bytes as it needs. */
static int
check_short_prefix(struct buf *b)
{
	uint8_t len = buf_u8(b);

	buf_skip(b, (size_t)(len + 7) / 8);
	return !b->error && len <= 128;
}

/* Nested in a rule or binding: at most one set of port parameters. */
static int
check_s46_nested(struct buf b)
{
	uint8_t bits;

	if (buf_left(&b) == 0)
		return 1;
	if (buf_u16(&b) != OPT6_S46_PORTPARAMS || buf_u16(&b) != 4)
		return 0;
	bits = buf_u8(&b); /* offset, 0-15 */
	return bits <= 15 && buf_u8(&b) <= 16 && (buf_skip(&b, 2), 1) &&
	    !b.error && buf_left(&b) == 0;
}

static int
check_s46_option(uint16_t code, struct buf b)
{
	struct in6_addr a;

	switch (code) {
	case OPT6_S46_RULE: /* flags, EA length, IPv4 prefix, IPv6 prefix */
		buf_skip(&b, 1);
		if (buf_u8(&b) > 48 || buf_u8(&b) > 32)
			return 0;
		buf_skip(&b, 4);
		return check_short_prefix(&b) && check_s46_nested(b);
	case OPT6_S46_BR:
		buf_bytes(&b, &a, sizeof(a));
		return !b.error && buf_left(&b) == 0 && inet6_is_global(&a);
	case OPT6_S46_DMR:
		return check_short_prefix(&b) && buf_left(&b) == 0;
	case OPT6_S46_V4V6BIND:
		buf_skip(&b, 4);
		return check_short_prefix(&b) && check_s46_nested(b);
	case OPT6_S46_PORTPARAMS:
		return buf_left(&b) == 4;
	default:
		return 1;
	}
}

int
check_s46(struct buf b)
{
	struct buf value;
	uint16_t code;

	while (buf_left(&b) > 0) {
		code = buf_u16(&b);
		value = buf_sub(&b, buf_u16(&b));
		if (b.error || !check_s46_option(code, value))
			return 0;
	}
	return !b.error;
}

int
check_s46_all(struct buf b)
{
	struct buf value;
	uint16_t code;

	while (buf_left(&b) > 0) {
		code = buf_u16(&b);
		value = buf_sub(&b, buf_u16(&b));
		if (b.error || code < OPT6_S46_CONT_MAPE ||
		    code > OPT6_S46_CONT_LW || !check_s46(value))
			return 0;
	}
	return !b.error;
}

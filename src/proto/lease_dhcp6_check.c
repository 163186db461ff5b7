/* SPDX-License-Identifier: ISC */
/* Every field of a DHCPv6 lease, see dhcp6_check.h. */

#include <string.h>

#include "dhcp4_check.h"
#include "dhcp6_check.h"
#include "dhcp6_msg.h"
#include "dns_name.h"

typedef int lease_rule(const struct dhcp6_lease *);

static lease_rule bounds, servers, clocks, addresses, prefixes, max_rt,
    name_servers, search, ntp, names, captive_portal, softwires, resolvers;

/* 1: right.  bounds is first, the others rely on it. */
static const struct {
	lease_rule *ok;
	const char *wrong;
} lease_rules[] = {
	{ bounds, "count, length or flag out of bounds" },
	{ servers, "server is not valid" },
	{ clocks, "t1 is above t2" },
	{ addresses, "address is not valid" },
	{ prefixes, "prefix is not valid" },
	{ max_rt, "maximum retransmission time is out of range" },
	{ name_servers, "name server is not a unicast address" },
	{ search, "search names are not valid or too long" },
	{ ntp, "NTP server is not a unicast address" },
	{ names, "name is not valid" },
	{ captive_portal, "captive portal is not a URI" },
	{ softwires, "softwire parameters are not valid" },
	{ resolvers, "encrypted DNS servers are not valid" },
};

const char *
lease_dhcp6_check(const struct dhcp6_lease *l)
{
	size_t i;

	for (i = 0; i < sizeof(lease_rules) / sizeof(lease_rules[0]); i++) {
		if (!lease_rules[i].ok(l))
			return lease_rules[i].wrong;
	}
	return NULL;
}

static int
bounds(const struct dhcp6_lease *l)
{
	return l->naddrs <= DHCP6_ADDRS_MAX &&
	    l->nprefixes <= DHCP6_PREFIXES_MAX && l->nntp <= DHCP6_NTP_MAX &&
	    l->dns.nservers <= DNS_SERVERS_MAX &&
	    l->dns.nsearch <= DNS_SEARCH_MAX && l->s46_len <= sizeof(l->s46) &&
	    l->dnr_len <= sizeof(l->dnr) &&
	    l->network_id_len <= sizeof(l->network_id) && l->has_info <= 1 &&
	    l->stateless <= 1 && l->rapid_commit <= 1 && l->registration <= 1 &&
	    l->has_key <= 1 &&
	    memchr(l->captive_portal, '\0', sizeof(l->captive_portal)) != NULL;
}

static int
has_leases(const struct dhcp6_lease *l, unsigned int ia)
{
	unsigned int i;

	if (ia == DHCP6_IA_NA)
		return l->naddrs > 0;
	for (i = 0; i < l->nprefixes; i++)
		if (l->prefixes[i].ia == ia)
			return 1;
	return 0;
}

/* Only an IA that holds something has a server. */
static int
servers(const struct dhcp6_lease *l)
{
	const struct dhcp6_server *s;
	unsigned int i;

	for (i = 0; i < DHCP6_IAS_MAX; i++) {
		s = &l->ias[i].server;
		if (has_leases(l, i) &&
		    (s->duid_len < 3 || s->duid_len > DHCP6_DUID_MAX ||
			!inet6_is_unicast(&s->addr)))
			return 0;
	}
	return 1;
}

static int
clocks(const struct dhcp6_lease *l)
{
	unsigned int i;

	for (i = 0; i < DHCP6_IAS_MAX; i++)
		if (l->ias[i].t1_sec > l->ias[i].t2_sec)
			return 0;
	return 1;
}

static int
addresses(const struct dhcp6_lease *l)
{
	unsigned int i;

	for (i = 0; i < l->naddrs; i++)
		if (!inet6_is_global(&l->addrs[i].addr) ||
		    l->addrs[i].preferred_sec > l->addrs[i].valid_sec)
			return 0;
	return 1;
}

static int
prefixes(const struct dhcp6_lease *l)
{
	const struct dhcp6_prefix *p;
	unsigned int i;

	for (i = 0; i < l->nprefixes; i++) {
		p = &l->prefixes[i];
		if (p->ia <= DHCP6_IA_NA || p->ia >= DHCP6_IAS_MAX ||
		    p->preferred_sec > p->valid_sec ||
		    !check_delegated6(&p->prefix, p->prefixlen) ||
		    !check_exclude6(p))
			return 0;
	}
	return 1;
}

static int
in_range(uint32_t v)
{
	return v == 0 || (v >= MAX_RT_MIN_SEC && v <= MAX_RT_MAX_SEC);
}

static int
max_rt(const struct dhcp6_lease *l)
{
	return in_range(l->sol_max_rt) && in_range(l->inf_max_rt);
}

static int
name_servers(const struct dhcp6_lease *l)
{
	struct in6_addr a;
	unsigned int i;

	for (i = 0; i < l->dns.nservers; i++) {
		memcpy(&a, l->dns.servers[i].addr, sizeof(a));
		if (l->dns.servers[i].family != AF_INET6 ||
		    l->dns.servers[i].link_local != inet6_is_link_local(&a) ||
		    !inet6_is_unicast(&a))
			return 0;
	}
	return 1;
}

static int
search(const struct dhcp6_lease *l)
{
	size_t i, total = 0;

	for (i = 0; i < l->dns.nsearch; i++) {
		if (!dns_name_valid(l->dns.search[i], DNS_NAME_MAX))
			return 0;
		total += strlen(l->dns.search[i]);
	}
	return total <= LEASE_DHCP6_SEARCH_TEXT_MAX;
}

static int
ntp(const struct dhcp6_lease *l)
{
	unsigned int i;

	for (i = 0; i < l->nntp; i++)
		if (!inet6_is_global(&l->ntp[i]))
			return 0;
	return 1;
}

static int
name_or_empty(const char *name)
{
	return name[0] == '\0' || dns_name_valid(name, DNS_NAME_MAX);
}

static int
names(const struct dhcp6_lease *l)
{
	return name_or_empty(l->ntp_name) && name_or_empty(l->aftr);
}

static int
captive_portal(const struct dhcp6_lease *l)
{
	struct buf b;

	buf_init(&b, l->captive_portal, strlen(l->captive_portal));
	return buf_left(&b) == 0 || check_uri(b);
}

static int
softwires(const struct dhcp6_lease *l)
{
	struct buf b;

	buf_init(&b, l->s46, l->s46_len);
	return check_s46_all(b);
}

static int
resolvers(const struct dhcp6_lease *l)
{
	struct buf b;

	buf_init(&b, l->dnr, l->dnr_len);
	return check_dnr6(b);
}

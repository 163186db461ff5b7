/* SPDX-License-Identifier: ISC */
/* IPv4 addresses: the table of all that there are, and our changes. */

#include <sys/utsname.h>
#include <linux/if_addr.h>
#include <linux/ip.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "netlink.h"

#ifndef IFA_PROTO
#define IFA_PROTO 11 /* linux/if_addr.h, Linux 5.18 */
#endif
#define ATTR_MAX 11
#define ADDRS_MAX 65536

struct entry4 {
	TAILQ_ENTRY(entry4) entry;
	uint32_t ifindex;
	struct in_addr addr;
	uint8_t prefixlen;
	uint8_t seen;
	uint8_t reported;
};

static TAILQ_HEAD(, entry4) addrs = TAILQ_HEAD_INITIALIZER(addrs);
static unsigned int naddrs;

/* What one message says; 0 when it is no IPv4 address. */
static int
parse(const struct nlmsghdr *nlh, struct entry4 *e, uint8_t *proto)
{
	const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[ATTR_MAX + 1];

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*ifa) ||
	    ifa->ifa_family != AF_INET)
		return 0;
	netlink_attrs(nlh, sizeof(*ifa), tb, ATTR_MAX);
	/* IFA_ADDRESS is the peer's on a point-to-point link. */
	if (tb[IFA_LOCAL] == NULL && tb[IFA_ADDRESS] == NULL)
		return 0;
	memset(e, 0, sizeof(*e));
	e->ifindex = ifa->ifa_index;
	e->prefixlen = ifa->ifa_prefixlen;
	e->addr =
	    netlink_in(tb[IFA_LOCAL] != NULL ? tb[IFA_LOCAL] : tb[IFA_ADDRESS]);
	*proto = 0;
	if (tb[IFA_PROTO] != NULL &&
	    mnl_attr_get_payload_len(tb[IFA_PROTO]) >= 1)
		*proto = mnl_attr_get_u8(tb[IFA_PROTO]);
	return 1;
}

static struct entry4 *
find(const struct entry4 *key)
{
	struct entry4 *e;

	TAILQ_FOREACH (e, &addrs, entry) {
		if (e->ifindex == key->ifindex &&
		    e->addr.s_addr == key->addr.s_addr &&
		    e->prefixlen == key->prefixlen)
			return e;
	}
	return NULL;
}

static struct entry4 *
learn(const struct entry4 *key)
{
	struct entry4 *e = find(key);

	if (e == NULL) {
		if (naddrs >= ADDRS_MAX)
			return NULL;
		if ((e = malloc(sizeof(*e))) == NULL)
			fatal("addresses");
		*e = *key;
		TAILQ_INSERT_TAIL(&addrs, e, entry);
		naddrs++;
	}
	e->seen = 1;
	return e;
}

static void
report_new(struct entry4 *e, const struct os_events *events)
{
	if (e->reported)
		return; /* only its lifetime changed */
	e->reported = 1;
	events->addr4(e->ifindex, e->addr, e->prefixlen, 1);
}

static void
gone(struct entry4 *e, const struct os_events *events)
{
	struct entry4 copy = *e;

	TAILQ_REMOVE(&addrs, e, entry);
	naddrs--;
	free(e);
	/* The kernel takes routes from this address with it. */
	route4_suspect();
	events->addr4(copy.ifindex, copy.addr, copy.prefixlen, 0);
}

void
addr4_message(const struct nlmsghdr *nlh, const struct os_events *events)
{
	struct entry4 key, *e;
	uint8_t proto;

	if (!parse(nlh, &key, &proto))
		return;
	if (nlh->nlmsg_type == RTM_NEWADDR) {
		if ((e = learn(&key)) != NULL)
			report_new(e, events);
	} else if ((e = find(&key)) != NULL) {
		gone(e, events);
	}
}

void
addr4_forget(uint32_t ifindex, const struct os_events *events)
{
	struct entry4 *e, *next;

	/* _SAFE: gone() removes it. */
	TAILQ_FOREACH_SAFE (e, &addrs, entry, next) {
		if (e->ifindex == ifindex)
			gone(e, events);
	}
}

static const struct netlink_dump all = { .type = RTM_GETADDR,
	.family = AF_INET };

static void
dump_first(void *arg)
{
	struct entry4 *e;

	(void)arg;
	TAILQ_FOREACH (e, &addrs, entry)
		e->seen = 0;
}

static void
dump_one(const struct nlmsghdr *nlh, void *arg)
{
	struct entry4 key;
	uint8_t proto;

	(void)arg;
	if (nlh->nlmsg_type == RTM_NEWADDR && parse(nlh, &key, &proto))
		learn(&key);
}

int
addr4_dump(const struct os_events *events)
{
	struct entry4 *e, *next;
	int error;

	error = netlink_dump(&all, dump_first, dump_one, NULL);
	if (error != 0)
		return error;
	/* _SAFE: gone() removes it. */
	TAILQ_FOREACH_SAFE (e, &addrs, entry, next) {
		if (e->seen)
			report_new(e, events);
		else
			gone(e, events);
	}
	return 0;
}

/* ---- changes ---- */

static struct nlmsghdr *
addr4_request(int type, int flags, uint32_t ifindex, const struct addr4 *addr)
{
	struct nlmsghdr *nlh = netlink_request(type, flags | NLM_F_ACK);
	struct ifaddrmsg *ifa = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifa));
	uint32_t host = ntohl(addr->addr.s_addr);

	ifa->ifa_family = AF_INET;
	ifa->ifa_prefixlen = addr->prefixlen;
	ifa->ifa_index = ifindex;
	/* 169.254/16 is not to be used beyond the link (RFC 3927 2.7). */
	ifa->ifa_scope =
	    host >> 16 == 0xa9fe ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
	mnl_attr_put_u32(nlh, IFA_LOCAL, addr->addr.s_addr);
	mnl_attr_put_u32(nlh, IFA_ADDRESS, addr->addr.s_addr);
	return nlh;
}

/*
 * The kernel makes the prefix route with a new address, and never again: after
 * `ip route flush` a default route would find no gateway.  There already is
 * the usual case, as is a link that is down.
 */
static void
prefix_route(uint32_t ifindex, const struct addr4 *addr, uint32_t metric)
{
	struct nlmsghdr *nlh;
	struct rtmsg *rtm;
	uint32_t table = link_table(ifindex),
		 mask = ~0U << (32 - addr->prefixlen);
	char text[IPC_TEXT_MAX];

	(void)strlcpy(text, os_error_text(), sizeof(text));
	nlh = netlink_request(
	    RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK);
	rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));
	rtm->rtm_family = AF_INET;
	rtm->rtm_dst_len = addr->prefixlen;
	rtm->rtm_table = table < 256 ? (uint8_t)table : RT_TABLE_UNSPEC;
	rtm->rtm_protocol = RTPROT_KERNEL;
	rtm->rtm_type = RTN_UNICAST;
	rtm->rtm_scope = RT_SCOPE_LINK;
	mnl_attr_put_u32(nlh, RTA_TABLE, table);
	mnl_attr_put_u32(nlh, RTA_DST, addr->addr.s_addr & htonl(mask));
	mnl_attr_put_u32(nlh, RTA_PREFSRC, addr->addr.s_addr);
	mnl_attr_put_u32(nlh, RTA_OIF, ifindex);
	mnl_attr_put_u32(nlh, RTA_PRIORITY, metric);
	(void)netlink_call(&netlink_change, nlh, NULL, NULL);
	netlink_set_text(text);
}

int
os_addr4_add(uint32_t ifindex, const struct addr4 *addr, uint32_t metric)
{
	struct ifa_cacheinfo life;
	struct nlmsghdr *nlh;
	int error;

	nlh = addr4_request(
	    RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, ifindex, addr);
	if (addr->broadcast.s_addr != INADDR_ANY)
		mnl_attr_put_u32(nlh, IFA_BROADCAST, addr->broadcast.s_addr);
	memset(&life, 0, sizeof(life));
	life.ifa_prefered = addr->valid_sec;
	life.ifa_valid = addr->valid_sec;
	mnl_attr_put(nlh, IFA_CACHEINFO, sizeof(life), &life);
	mnl_attr_put_u32(nlh, IFA_RT_PRIORITY, metric);
	mnl_attr_put_u8(nlh, IFA_PROTO, LEASED_RTPROT);
	error = netlink_call(&netlink_change, nlh, NULL, NULL);
	if (error == 0 && addr->prefixlen > 0 && addr->prefixlen < 32)
		prefix_route(ifindex, addr, metric);
	return error;
}

/*
 * net.ipv4.conf.IF.promote_secondaries by netlink (IFLA_INET_CONF), so that a
 * read-only /proc/sys is no obstacle.
 */
struct promote {
	uint32_t ifindex;
	int value; /* -1: not said */
};

static void
promote_parse(const struct nlmsghdr *nlh, void *arg)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[IFLA_MAX + 1], *af[AF_MAX + 1],
	    *inet[IFLA_INET_MAX + 1];
	const uint32_t *conf;
	struct promote *p = arg;

	if (nlh->nlmsg_type != RTM_NEWLINK ||
	    mnl_nlmsg_get_payload_len(nlh) < sizeof(*ifi) ||
	    (uint32_t)ifi->ifi_index != p->ifindex)
		return;
	netlink_attrs(nlh, sizeof(*ifi), tb, IFLA_MAX);
	netlink_nested(tb[IFLA_AF_SPEC], af, AF_MAX);
	netlink_nested(af[AF_INET], inet, IFLA_INET_MAX);
	if (inet[IFLA_INET_CONF] == NULL ||
	    mnl_attr_get_payload_len(inet[IFLA_INET_CONF]) <
		IPV4_DEVCONF_PROMOTE_SECONDARIES * sizeof(*conf))
		return;
	conf = mnl_attr_get_payload(inet[IFLA_INET_CONF]);
	p->value = conf[IPV4_DEVCONF_PROMOTE_SECONDARIES - 1] != 0;
}

static int
promote_get(uint32_t ifindex)
{
	struct promote p = { .ifindex = ifindex, .value = -1 };
	struct nlmsghdr *nlh = netlink_request(RTM_GETLINK, NLM_F_ACK);
	struct ifinfomsg *ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));

	ifi->ifi_index = (int)ifindex;
	if (netlink_call(&netlink_change, nlh, promote_parse, &p) != 0)
		return -1;
	return p.value;
}

static int
promote_set(uint32_t ifindex, uint32_t value)
{
	struct nlmsghdr *nlh = netlink_request(RTM_NEWLINK, NLM_F_ACK);
	struct ifinfomsg *ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	struct nlattr *spec, *inet, *conf;

	ifi->ifi_index = (int)ifindex;
	spec = mnl_attr_nest_start(nlh, IFLA_AF_SPEC);
	inet = mnl_attr_nest_start(nlh, AF_INET);
	conf = mnl_attr_nest_start(nlh, IFLA_INET_CONF);
	mnl_attr_put_u32(nlh, IPV4_DEVCONF_PROMOTE_SECONDARIES, value);
	mnl_attr_nest_end(nlh, conf);
	mnl_attr_nest_end(nlh, inet);
	mnl_attr_nest_end(nlh, spec);
	return netlink_call(&netlink_change, nlh, NULL, NULL);
}

/*
 * Without promote_secondaries the kernel removes with the first address of a
 * subnet all later ones of it, so also the new lease's (D4-21).  It is on for
 * the moment of the removal only.  Gone already is 0.
 */
int
os_addr4_remove(uint32_t ifindex, const struct addr4 *addr)
{
	int error, was = promote_get(ifindex);

	if (was == 0)
		(void)promote_set(ifindex, 1);
	error = netlink_call(&netlink_change,
	    addr4_request(RTM_DELADDR, 0, ifindex, addr), NULL, NULL);
	if (was == 0) {
		char text[IPC_TEXT_MAX];

		/* The removal's own text is the one that counts. */
		(void)strlcpy(text, os_error_text(), sizeof(text));
		(void)promote_set(ifindex, 0);
		netlink_set_text(text);
	}
	if (error == EADDRNOTAVAIL || error == ENODEV)
		return 0;
	return error;
}

/* Does this kernel keep IFA_PROTO at all (5.18)?  Asked once, at os_init():
 * the sandbox has no uname(2). */
static int kernel_has_proto = 1;

void
addr4_init(void)
{
	unsigned int major, minor;
	struct utsname un;

	if (uname(&un) != -1 &&
	    sscanf(un.release, "%u.%u", &major, &minor) == 2)
		kernel_has_proto = major > 5 || (major == 5 && minor >= 18);
}

struct ours {
	struct entry4 want;
	int has_proto;
	int found;
};

static void
ours_first(void *arg)
{
	struct ours *o = arg;

	o->found = 0;
}

static void
ours_one(const struct nlmsghdr *nlh, void *arg)
{
	struct ours *o = arg;
	struct entry4 key;
	uint8_t proto;

	if (nlh->nlmsg_type == RTM_NEWADDR && parse(nlh, &key, &proto) &&
	    key.ifindex == o->want.ifindex &&
	    key.addr.s_addr == o->want.addr.s_addr &&
	    key.prefixlen == o->want.prefixlen &&
	    (proto == LEASED_RTPROT || !o->has_proto))
		o->found = 1;
}

static int
lookup_ours(
    uint32_t ifindex, struct in_addr addr, uint8_t prefixlen, int has_proto)
{
	struct netlink_dump here = all;
	struct ours o;

	here.ifindex = ifindex;
	memset(&o, 0, sizeof(o));
	o.want.ifindex = ifindex;
	o.want.addr = addr;
	o.want.prefixlen = prefixlen;
	o.has_proto = has_proto;
	if (netlink_dump(&here, ours_first, ours_one, &o) != 0)
		return 0;
	return o.found;
}

int
os_addr4_ours(uint32_t ifindex, struct in_addr addr, uint8_t prefixlen)
{
	return lookup_ours(ifindex, addr, prefixlen, kernel_has_proto);
}

int
os_addr4_marked(uint32_t ifindex, struct in_addr addr, uint8_t prefixlen)
{
	return lookup_ours(ifindex, addr, prefixlen, 1);
}

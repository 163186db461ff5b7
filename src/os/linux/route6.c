/* SPDX-License-Identifier: ISC */
/*
 * IPv6 routes of ours, by our protocol number, and the state of the routers
 * they lead through.
 *
 * What of Linux this depends on: routes of one destination and one metric
 * through gateways become one multipath route, which spreads the load and
 * knows no preference, so each has a metric of its own (the caller's); a
 * lookup passes over a route whose gateway's neighbour entry has failed,
 * whatever its metric, unless the host forwards; adding a route that is there
 * and has RTA_EXPIRES sets that anew and answers EEXIST; a reject route is
 * shown on the loopback interface.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "netlink.h"

#define ROUTES_MAX 65536

struct ours6 {
	TAILQ_ENTRY(ours6) entry;
	struct os_route6 route;
	int seen;
	int dead; /* its gateway, as last reported */
};
TAILQ_HEAD(ours6_list, ours6);

static struct ours6_list ours = TAILQ_HEAD_INITIALIZER(ours);
static unsigned int nours;
static int suspect;

void
route6_suspect(void)
{
	suspect = 1;
}

int
route6_suspected(void)
{
	return suspect;
}

static int
is_reject(const struct route6 *r)
{
	return (r->flags & ROUTE6_REJECT) != 0;
}

/* The interface of a reject route is known to us alone. */
static int
same(const struct os_route6 *a, const struct os_route6 *b)
{
	const struct route6 *x = &a->route, *y = &b->route;

	return IN6_ARE_ADDR_EQUAL(&x->dst, &y->dst) &&
	    x->prefixlen == y->prefixlen && a->metric == b->metric &&
	    is_reject(x) == is_reject(y) &&
	    (is_reject(x) ||
		(a->ifindex == b->ifindex &&
		    IN6_ARE_ADDR_EQUAL(&x->gateway, &y->gateway)));
}

static struct ours6 *
find(const struct os_route6 *route)
{
	struct ours6 *o;

	TAILQ_FOREACH (o, &ours, entry) {
		if (same(&o->route, route))
			return o;
	}
	return NULL;
}

static struct ours6 *
track(const struct os_route6 *route)
{
	struct ours6 *o = find(route);
	uint32_t ifindex = route->ifindex;

	if (o == NULL) {
		if (nours >= ROUTES_MAX || (o = calloc(1, sizeof(*o))) == NULL)
			return NULL;
		TAILQ_INSERT_TAIL(&ours, o, entry);
		nours++;
	} else if (ifindex == 0) {
		ifindex = o->route.ifindex;
	}
	o->route = *route;
	o->route.ifindex = ifindex;
	o->seen = 1;
	return o;
}

static void
untrack(struct ours6 *o)
{
	TAILQ_REMOVE(&ours, o, entry);
	nours--;
	free(o);
}

static uint8_t
pref_decode(const struct nlattr *attr)
{
	/* linux/icmpv6.h, as on the wire (RFC 4191 2.1) */
	if (attr == NULL || mnl_attr_get_payload_len(attr) < 1)
		return PREFERENCE_MEDIUM;
	switch (mnl_attr_get_u8(attr)) {
	case 1:
		return PREFERENCE_HIGH;
	case 3:
		return PREFERENCE_LOW;
	default:
		return PREFERENCE_MEDIUM;
	}
}

static uint8_t
pref_encode(uint8_t preference)
{
	return preference == PREFERENCE_HIGH ? 1
	    : preference == PREFERENCE_LOW   ? 3
					     : 0;
}

/* 1: a route of this protocol. */
static int
parse_of(const struct nlmsghdr *nlh, uint8_t protocol, struct os_route6 *os)
{
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[RTA_MAX + 1], *metrics[RTAX_MAX + 1];
	const struct rta_cacheinfo *cache;
	struct route6 *r = &os->route;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*rtm) ||
	    rtm->rtm_family != AF_INET6 || rtm->rtm_protocol != protocol ||
	    (rtm->rtm_type != RTN_UNICAST && rtm->rtm_type != RTN_UNREACHABLE))
		return 0;
	netlink_attrs(nlh, sizeof(*rtm), tb, RTA_MAX);
	netlink_nested(tb[RTA_METRICS], metrics, RTAX_MAX);
	memset(os, 0, sizeof(*os));
	os->ifindex = netlink_u32(tb[RTA_OIF], 0);
	os->metric = netlink_u32(tb[RTA_PRIORITY], 0);
	r->dst = netlink_in6(tb[RTA_DST]);
	r->gateway = netlink_in6(tb[RTA_GATEWAY]);
	r->prefixlen = rtm->rtm_dst_len;
	r->mtu = (uint16_t)netlink_u32(metrics[RTAX_MTU], 0);
	r->preference = pref_decode(tb[RTA_PREF]);
	r->valid_sec = LIFETIME_INFINITE;
	if (tb[RTA_CACHEINFO] != NULL &&
	    mnl_attr_get_payload_len(tb[RTA_CACHEINFO]) >= sizeof(*cache)) {
		cache = mnl_attr_get_payload(tb[RTA_CACHEINFO]);
		if (cache->rta_expires != 0)
			r->valid_sec = 0; /* some; compared as such */
	}
	if (rtm->rtm_type == RTN_UNREACHABLE) {
		r->flags = ROUTE6_REJECT;
		os->ifindex = 0;
	}
	return 1;
}

static int
parse(const struct nlmsghdr *nlh, struct os_route6 *os)
{
	return parse_of(nlh, LEASED_RTPROT, os);
}

/* parse() looks again at the protocol. */
static const struct netlink_dump all_ours = { .type = RTM_GETROUTE,
	.family = AF_INET6,
	.protocol = LEASED_RTPROT };

static void
dump_first(void *arg)
{
	struct ours6 *o;

	(void)arg;
	TAILQ_FOREACH (o, &ours, entry)
		o->seen = 0;
}

static void
dump_one(const struct nlmsghdr *nlh, void *arg)
{
	struct os_route6 route;

	(void)arg;
	if (nlh->nlmsg_type == RTM_NEWROUTE && parse(nlh, &route))
		(void)track(&route);
}

static void
tell_gone(const struct os_route6 *os, const struct os_events *events)
{
	if (os->ifindex != 0 && events->route6_gone != NULL)
		events->route6_gone(os->ifindex, &os->route.dst,
		    os->route.prefixlen, &os->route.gateway);
}

int
route6_dump(const struct os_events *events)
{
	struct ours6_list gone = TAILQ_HEAD_INITIALIZER(gone);
	struct ours6 *o, *next;
	int error;

	error = netlink_dump(&all_ours, dump_first, dump_one, NULL);
	suspect = 0;
	if (error == EAFNOSUPPORT || error == EOPNOTSUPP)
		return 0;
	if (error != 0)
		return error;
	/* A list of their own: the events may add and remove routes. */
	TAILQ_FOREACH_SAFE (o, &ours, entry, next) {
		if (o->seen)
			continue;
		TAILQ_REMOVE(&ours, o, entry);
		nours--;
		TAILQ_INSERT_TAIL(&gone, o, entry);
	}
	while ((o = TAILQ_FIRST(&gone)) != NULL) {
		TAILQ_REMOVE(&gone, o, entry);
		tell_gone(&o->route, events);
		free(o);
	}
	return 0;
}

void
route6_message(const struct nlmsghdr *nlh, const struct os_events *events)
{
	struct os_route6 route;
	struct ours6 *o;

	if (nlh->nlmsg_type != RTM_DELROUTE ||
	    nlh->nlmsg_pid == netlink_change.portid || !parse(nlh, &route) ||
	    (o = find(&route)) == NULL)
		return;
	route = o->route;
	untrack(o);
	tell_gone(&route, events);
}

void
route6_forget(uint32_t ifindex)
{
	struct ours6 *o, *next;

	/* _SAFE: untrack() removes it.  A reject route stays behind. */
	TAILQ_FOREACH_SAFE (o, &ours, entry, next) {
		if (o->route.ifindex == ifindex && !is_reject(&o->route.route))
			untrack(o);
	}
}

/* ---- routers (neighbour unreachability detection, RFC 4861 7.3) ---- */

/*
 * Of all neighbours the filter lets pass only routers that are found reachable
 * and link-local ones that failed; here only those count that a route leads
 * through, and only when it is news.
 */
void
neighbor6_message(const struct nlmsghdr *nlh, const struct os_events *events)
{
	const struct ndmsg *ndm = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[NDA_MAX + 1];
	struct in6_addr addr;
	struct ours6 *o;
	int dead, news = 0;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*ndm) ||
	    nlh->nlmsg_type != RTM_NEWNEIGH || ndm->ndm_family != AF_INET6)
		return;
	dead = (ndm->ndm_state & NUD_FAILED) != 0;
	if (!dead &&
	    !(ndm->ndm_state & (NUD_REACHABLE | NUD_PERMANENT | NUD_NOARP)))
		return;
	netlink_attrs(nlh, sizeof(*ndm), tb, NDA_MAX);
	addr = netlink_in6(tb[NDA_DST]);
	if (!IN6_IS_ADDR_LINKLOCAL(&addr))
		return;
	TAILQ_FOREACH (o, &ours, entry) {
		if (o->route.ifindex != (uint32_t)ndm->ndm_ifindex ||
		    !IN6_ARE_ADDR_EQUAL(&o->route.route.gateway, &addr))
			continue;
		news |= o->dead != dead;
		o->dead = dead;
	}
	if (news && events->neighbor6 != NULL)
		events->neighbor6((uint32_t)ndm->ndm_ifindex, &addr, !dead);
}

/* ---- changes ---- */

static struct nlmsghdr *
route6_request(int type, int flags, const struct os_route6 *os)
{
	struct nlmsghdr *nlh = netlink_request(type, flags | NLM_F_ACK);
	struct rtmsg *rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));
	const struct route6 *r = &os->route;
	uint32_t table = link_table(os->ifindex);

	rtm->rtm_family = AF_INET6;
	rtm->rtm_dst_len = r->prefixlen;
	rtm->rtm_table = table < 256 ? (uint8_t)table : RT_TABLE_UNSPEC;
	rtm->rtm_protocol = LEASED_RTPROT;
	rtm->rtm_type = is_reject(r) ? RTN_UNREACHABLE : RTN_UNICAST;
	rtm->rtm_scope = RT_SCOPE_UNIVERSE;
	mnl_attr_put_u32(nlh, RTA_TABLE, table);
	if (r->prefixlen > 0)
		mnl_attr_put(nlh, RTA_DST, sizeof(r->dst), &r->dst);
	if (!IN6_IS_ADDR_UNSPECIFIED(&r->gateway) && !is_reject(r))
		mnl_attr_put(nlh, RTA_GATEWAY, sizeof(r->gateway), &r->gateway);
	if (!is_reject(r))
		mnl_attr_put_u32(nlh, RTA_OIF, os->ifindex);
	mnl_attr_put_u32(nlh, RTA_PRIORITY, os->metric);
	return nlh;
}

static int
route6_create(const struct os_route6 *os)
{
	struct nlmsghdr *nlh = route6_request(RTM_NEWROUTE, NLM_F_CREATE, os);
	const struct route6 *r = &os->route;
	struct nlattr *metrics;

	mnl_attr_put_u8(nlh, RTA_PREF, pref_encode(r->preference));
	if (r->valid_sec != LIFETIME_INFINITE)
		mnl_attr_put_u32(nlh, RTA_EXPIRES, r->valid_sec);
	if (r->mtu != 0) {
		metrics = mnl_attr_nest_start(nlh, RTA_METRICS);
		mnl_attr_put_u32(nlh, RTAX_MTU, r->mtu);
		mnl_attr_nest_end(nlh, metrics);
	}
	return netlink_call(&netlink_change, nlh, NULL, NULL);
}

static int
route6_delete(const struct os_route6 *os)
{
	int error;

	error = netlink_call(
	    &netlink_change, route6_request(RTM_DELROUTE, 0, os), NULL, NULL);
	/* Gone already, by itself or with its interface. */
	return error == ESRCH || error == ENODEV ? 0 : error;
}

/* Can the one in the kernel become the other by being added again? */
static int
can_refresh(const struct route6 *is, const struct route6 *want)
{
	return is->preference == want->preference && is->mtu == want->mtu &&
	    (is->valid_sec == LIFETIME_INFINITE) ==
	    (want->valid_sec == LIFETIME_INFINITE);
}

/*
 * NLM_F_REPLACE would put ours in the place of any route with the same
 * destination and metric, also the administrator's.
 */
int
os_route6_add(const struct os_route6 *os)
{
	struct ours6 *o;
	int error;

	/* RTA_EXPIRES 0 is for ever. */
	if (os->route.valid_sec == 0)
		return os_route6_remove(os);
	o = find(os);
	if (o != NULL && !can_refresh(&o->route.route, &os->route)) {
		untrack(o);
		if ((error = route6_delete(os)) != 0)
			return error;
	}
	error = route6_create(os);
	if (error == 0 || error == EEXIST)
		(void)track(os);
	return error == EEXIST ? 0 : error;
}

int
os_route6_remove(const struct os_route6 *os)
{
	struct ours6 *o = find(os);

	if (o != NULL)
		untrack(o);
	return route6_delete(os);
}

struct wanted {
	const struct os_route6 *want;
	struct os_route6 found;
	int nfound;
};

static void
wanted_first(void *arg)
{
	struct wanted *w = arg;

	w->nfound = 0;
}

static void
wanted_one(const struct nlmsghdr *nlh, void *arg)
{
	struct wanted *w = arg;
	struct os_route6 route;

	if (nlh->nlmsg_type != RTM_NEWROUTE || !parse(nlh, &route) ||
	    !same(&route, w->want))
		return;
	w->found = route;
	w->nfound++;
}

int
os_route6_ours(const struct os_route6 *os)
{
	struct wanted w = { .want = os };

	if (netlink_dump(&all_ours, wanted_first, wanted_one, &w) != 0 ||
	    w.nfound == 0)
		return 0;
	/* As it is in the kernel, but for whose it is. */
	w.found.ifindex = os->ifindex;
	(void)track(&w.found);
	return 1;
}

/* ---- what the kernel made itself ---- */

#define KERNEL_MAX 64

struct kernels {
	uint32_t ifindex;
	struct os_route6 routes[KERNEL_MAX];
	size_t n;
};

static const struct netlink_dump all_kernels = { .type = RTM_GETROUTE,
	.family = AF_INET6,
	.protocol = RTPROT_RA };

static void
kernels_first(void *arg)
{
	struct kernels *k = arg;

	k->n = 0;
}

static void
kernels_one(const struct nlmsghdr *nlh, void *arg)
{
	struct kernels *k = arg;
	struct os_route6 os;

	if (nlh->nlmsg_type != RTM_NEWROUTE || k->n == KERNEL_MAX ||
	    !parse_of(nlh, RTPROT_RA, &os) || os.ifindex != k->ifindex)
		return;
	k->routes[k->n++] = os;
}

int
os_ipv6_takeover(uint32_t ifindex)
{
	struct kernels k = { .ifindex = ifindex };
	struct nlmsghdr *nlh;
	struct rtmsg *rtm;
	int e, error;
	size_t i;

	error = netlink_dump(&all_kernels, kernels_first, kernels_one, &k);
	for (i = 0; i < k.n; i++) {
		nlh = route6_request(RTM_DELROUTE, 0, &k.routes[i]);
		rtm = mnl_nlmsg_get_payload(nlh);
		rtm->rtm_protocol = RTPROT_RA;
		e = netlink_call(&netlink_change, nlh, NULL, NULL);
		if (error == 0 && e != ESRCH)
			error = e;
	}
	e = addr6_deprecate(ifindex);
	return error != 0 ? error : e;
}

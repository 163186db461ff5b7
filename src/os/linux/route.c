/* SPDX-License-Identifier: ISC */
/*
 * IPv4 routes.  Those we make bear our protocol number and are remembered
 * here, because the kernel drops routes without a message when a link is set
 * down or (before 6.7) an address goes.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "netlink.h"

#define ROUTES_MAX 65536

/* A route as the kernel tells it. */
struct seen4 {
	struct os_route4 route;
	uint32_t table;
	uint8_t protocol;
	uint8_t type;
};

struct ours4 {
	TAILQ_ENTRY(ours4) entry;
	struct os_route4 route;
	int seen;
};
TAILQ_HEAD(ours4_list, ours4);

static struct ours4_list ours = TAILQ_HEAD_INITIALIZER(ours);
static unsigned int nours;
static int suspect;

void
route4_suspect(void)
{
	suspect = 1;
}

int
route4_suspected(void)
{
	return suspect;
}

/* The same destination through the same gateway; source and MTU may differ. */
static int
same(const struct os_route4 *a, const struct os_route4 *b)
{
	return a->ifindex == b->ifindex && a->dst.s_addr == b->dst.s_addr &&
	    a->prefixlen == b->prefixlen && a->metric == b->metric &&
	    a->gateway.s_addr == b->gateway.s_addr;
}

static struct ours4 *
find(const struct os_route4 *route)
{
	struct ours4 *o;

	TAILQ_FOREACH (o, &ours, entry) {
		if (same(&o->route, route))
			return o;
	}
	return NULL;
}

static void
track(const struct os_route4 *route)
{
	struct ours4 *o = find(route);

	if (o == NULL) {
		if (nours >= ROUTES_MAX || (o = calloc(1, sizeof(*o))) == NULL)
			return;
		TAILQ_INSERT_TAIL(&ours, o, entry);
		nours++;
	}
	o->route = *route;
	o->seen = 1;
}

static void
untrack(struct ours4 *o)
{
	TAILQ_REMOVE(&ours, o, entry);
	nours--;
	free(o);
}

static int
parse(const struct nlmsghdr *nlh, struct seen4 *s)
{
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[RTA_MAX + 1], *metrics[RTAX_MAX + 1];

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*rtm) ||
	    rtm->rtm_family != AF_INET)
		return 0;
	netlink_attrs(nlh, sizeof(*rtm), tb, RTA_MAX);
	netlink_nested(tb[RTA_METRICS], metrics, RTAX_MAX);
	memset(s, 0, sizeof(*s));
	s->protocol = rtm->rtm_protocol;
	s->type = rtm->rtm_type;
	s->table = netlink_u32(tb[RTA_TABLE], rtm->rtm_table);
	s->route.prefixlen = rtm->rtm_dst_len;
	s->route.onlink = (rtm->rtm_flags & RTNH_F_ONLINK) != 0;
	s->route.dst = netlink_in(tb[RTA_DST]);
	s->route.gateway = netlink_in(tb[RTA_GATEWAY]);
	s->route.source = netlink_in(tb[RTA_PREFSRC]);
	s->route.ifindex = netlink_u32(tb[RTA_OIF], 0);
	s->route.metric = netlink_u32(tb[RTA_PRIORITY], 0);
	s->route.mtu = (uint16_t)netlink_u32(metrics[RTAX_MTU], 0);
	return s->protocol == LEASED_RTPROT && s->type == RTN_UNICAST &&
	    s->table == link_table(s->route.ifindex);
}

/* parse() looks again at the protocol. */
static const struct netlink_dump all_ours = { .type = RTM_GETROUTE,
	.family = AF_INET,
	.protocol = LEASED_RTPROT };

static void
dump_first(void *arg)
{
	struct ours4 *o;

	(void)arg;
	TAILQ_FOREACH (o, &ours, entry)
		o->seen = 0;
}

static void
dump_one(const struct nlmsghdr *nlh, void *arg)
{
	struct seen4 s;

	(void)arg;
	if (nlh->nlmsg_type == RTM_NEWROUTE && parse(nlh, &s))
		track(&s.route);
}

int
route4_dump(const struct os_events *events)
{
	struct ours4_list gone = TAILQ_HEAD_INITIALIZER(gone);
	struct ours4 *o, *next;
	int error;

	error = netlink_dump(&all_ours, dump_first, dump_one, NULL);
	if (error != 0)
		return error;
	suspect = 0;
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
		events->route4_gone(o->route.ifindex, o->route.dst,
		    o->route.prefixlen, o->route.gateway);
		free(o);
	}
	return 0;
}

void
route4_message(const struct nlmsghdr *nlh, const struct os_events *events)
{
	struct os_route4 route;
	struct ours4 *o;
	struct seen4 s;

	if (nlh->nlmsg_pid == netlink_change.portid)
		return; /* our own doing */
	if (nlh->nlmsg_type == RTM_NEWROUTE) {
		if (nlh->nlmsg_flags & NLM_F_REPLACE)
			suspect = 1;
		return;
	}
	if (!parse(nlh, &s) || (o = find(&s.route)) == NULL)
		return;
	route = o->route;
	untrack(o);
	events->route4_gone(
	    route.ifindex, route.dst, route.prefixlen, route.gateway);
}

void
route4_forget(uint32_t ifindex)
{
	struct ours4 *o, *next;

	/* _SAFE: untrack() removes it. */
	TAILQ_FOREACH_SAFE (o, &ours, entry, next) {
		if (o->route.ifindex == ifindex)
			untrack(o);
	}
}

/* ---- changes ---- */

static struct nlmsghdr *
route4_request(int type, int flags, const struct os_route4 *route)
{
	struct nlmsghdr *nlh = netlink_request(type, flags | NLM_F_ACK);
	struct rtmsg *rtm = mnl_nlmsg_put_extra_header(nlh, sizeof(*rtm));
	uint32_t table = link_table(route->ifindex);

	rtm->rtm_family = AF_INET;
	rtm->rtm_dst_len = route->prefixlen;
	rtm->rtm_table = table < 256 ? (uint8_t)table : RT_TABLE_UNSPEC;
	rtm->rtm_protocol = LEASED_RTPROT;
	rtm->rtm_type = RTN_UNICAST;
	/* The scope also tells a route by interface from one by gateway when
	 * it is removed. */
	rtm->rtm_scope = route->gateway.s_addr == INADDR_ANY
	    ? RT_SCOPE_LINK
	    : RT_SCOPE_UNIVERSE;
	mnl_attr_put_u32(nlh, RTA_TABLE, table);
	if (route->prefixlen > 0)
		mnl_attr_put_u32(nlh, RTA_DST, route->dst.s_addr);
	if (route->gateway.s_addr != INADDR_ANY) {
		mnl_attr_put_u32(nlh, RTA_GATEWAY, route->gateway.s_addr);
		if (route->onlink)
			rtm->rtm_flags |= RTNH_F_ONLINK;
	}
	mnl_attr_put_u32(nlh, RTA_OIF, route->ifindex);
	mnl_attr_put_u32(nlh, RTA_PRIORITY, route->metric);
	return nlh;
}

static void
put_details(struct nlmsghdr *nlh, const struct os_route4 *route)
{
	struct nlattr *metrics;

	if (route->source.s_addr != INADDR_ANY)
		mnl_attr_put_u32(nlh, RTA_PREFSRC, route->source.s_addr);
	if (route->mtu != 0) {
		metrics = mnl_attr_nest_start(nlh, RTA_METRICS);
		mnl_attr_put_u32(nlh, RTAX_MTU, route->mtu);
		mnl_attr_nest_end(nlh, metrics);
	}
}

/* The earlier form of a route, with another source or MTU. */
struct older {
	const struct os_route4 *route;
	struct os_route4 found[4];
	size_t nfound;
};

static void
older_first(void *arg)
{
	struct older *older = arg;

	older->nfound = 0;
}

static void
older_one(const struct nlmsghdr *nlh, void *arg)
{
	struct older *older = arg;
	struct seen4 s;

	if (nlh->nlmsg_type != RTM_NEWROUTE || !parse(nlh, &s) ||
	    !same(&s.route, older->route) ||
	    (s.route.source.s_addr == older->route->source.s_addr &&
		s.route.mtu == older->route->mtu) ||
	    older->nfound == sizeof(older->found) / sizeof(older->found[0]))
		return;
	older->found[older->nfound++] = s.route;
}

/*
 * NLM_F_REPLACE would put ours in the place of any route with the same
 * destination and metric, also another interface's or the administrator's.
 * So: create it; where there is one already, append ours, and then remove what
 * we had before.  An identical route (EEXIST from append) is as good.
 */
int
os_route4_add(const struct os_route4 *route)
{
	struct older older = { .route = route };
	struct nlmsghdr *nlh;
	size_t i;
	int error;

	nlh = route4_request(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, route);
	put_details(nlh, route);
	error = netlink_call(&netlink_change, nlh, NULL, NULL);
	if (error == EEXIST) {
		nlh = route4_request(
		    RTM_NEWROUTE, NLM_F_CREATE | NLM_F_APPEND, route);
		put_details(nlh, route);
		error = netlink_call(&netlink_change, nlh, NULL, NULL);
		if (error != 0 && error != EEXIST)
			return error;
		error = netlink_dump(&all_ours, older_first, older_one, &older);
		for (i = 0; error == 0 && i < older.nfound; i++) {
			nlh = route4_request(RTM_DELROUTE, 0, &older.found[i]);
			put_details(nlh, &older.found[i]);
			error = netlink_call(&netlink_change, nlh, NULL, NULL);
		}
	}
	if (error == 0)
		track(route);
	return error;
}

int
os_route4_remove(const struct os_route4 *route)
{
	struct ours4 *o = find(route);
	int error;

	if (o != NULL)
		untrack(o);
	error = netlink_call(&netlink_change,
	    route4_request(RTM_DELROUTE, 0, route), NULL, NULL);
	/* Gone already, by itself or with its interface. */
	if (error == ESRCH || error == ENODEV)
		return 0;
	return error;
}

struct lookup {
	const struct os_route4 *route;
	int found;
};

static void
lookup_first(void *arg)
{
	struct lookup *lookup = arg;

	lookup->found = 0;
}

static void
lookup_one(const struct nlmsghdr *nlh, void *arg)
{
	struct lookup *lookup = arg;
	struct seen4 s;

	if (nlh->nlmsg_type == RTM_NEWROUTE && parse(nlh, &s) &&
	    same(&s.route, lookup->route))
		lookup->found = 1;
}

int
os_route4_ours(const struct os_route4 *route)
{
	struct lookup lookup = { .route = route };

	if (netlink_dump(&all_ours, lookup_first, lookup_one, &lookup) != 0)
		return 0;
	if (lookup.found)
		track(route);
	return lookup.found;
}

/* SPDX-License-Identifier: ISC */
/*
 * Has an interface both an IPv6 default router and a usable global address?
 * (RFC 8925 3.2.)  Messages only raise a suspicion; the answer is always
 * read anew, so that nothing has to be counted under a flood of routers.
 */

#include <linux/if_addr.h>
#include <errno.h>
#include <string.h>

#include "netlink.h"

static int suspect;

int
ipv6_suspected(void)
{
	return suspect;
}

static int
addr_is_global(const struct nlmsghdr *nlh)
{
	const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(nlh);

	return mnl_nlmsg_get_payload_len(nlh) >= sizeof(*ifa) &&
	    ifa->ifa_family == AF_INET6 && ifa->ifa_scope == RT_SCOPE_UNIVERSE;
}

static int
route_is_default(const struct nlmsghdr *nlh)
{
	const struct rtmsg *rtm = mnl_nlmsg_get_payload(nlh);

	return mnl_nlmsg_get_payload_len(nlh) >= sizeof(*rtm) &&
	    rtm->rtm_family == AF_INET6 && rtm->rtm_dst_len == 0 &&
	    rtm->rtm_type == RTN_UNICAST;
}

void
ipv6_message(const struct nlmsghdr *nlh)
{
	if (nlh->nlmsg_type == RTM_NEWADDR || nlh->nlmsg_type == RTM_DELADDR)
		suspect |= addr_is_global(nlh);
	else
		suspect |= route_is_default(nlh);
}

static const struct netlink_dump all_addrs = { .type = RTM_GETADDR,
	.family = AF_INET6 };
static const struct netlink_dump all_routes = { .type = RTM_GETROUTE,
	.family = AF_INET6 };

static void
addr_first(void *arg)
{
	struct link *link;

	(void)arg;
	TAILQ_FOREACH (link, &links, entry)
		link->global6 = 0;
}

static void
addr_one(const struct nlmsghdr *nlh, void *arg)
{
	const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[IFA_FLAGS + 1];
	struct link *link;
	uint32_t flags;

	(void)arg;
	if (nlh->nlmsg_type != RTM_NEWADDR || !addr_is_global(nlh))
		return;
	netlink_attrs(nlh, sizeof(*ifa), tb, IFA_FLAGS);
	flags = netlink_u32(tb[IFA_FLAGS], ifa->ifa_flags);
	if (flags & IFA_F_DADFAILED)
		return;
	/* An optimistic address may be used already (RFC 4429 3.1). */
	if ((flags & IFA_F_TENTATIVE) && !(flags & IFA_F_OPTIMISTIC))
		return;
	if ((link = link_find(ifa->ifa_index)) != NULL)
		link->global6 = 1;
}

static void
route_first(void *arg)
{
	struct link *link;

	(void)arg;
	TAILQ_FOREACH (link, &links, entry)
		link->default6 = 0;
}

static void
mark_default(uint32_t ifindex)
{
	struct link *link = link_find(ifindex);

	if (link != NULL)
		link->default6 = 1;
}

static void
route_one(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *tb[RTA_MAX + 1];
	const struct rtnexthop *nh;
	size_t left, step;

	(void)arg;
	if (nlh->nlmsg_type != RTM_NEWROUTE || !route_is_default(nlh))
		return;
	netlink_attrs(nlh, sizeof(struct rtmsg), tb, RTA_MAX);
	mark_default(netlink_u32(tb[RTA_OIF], 0));
	if (tb[RTA_MULTIPATH] == NULL)
		return;
	/* Several routers of one metric: one message. */
	nh = mnl_attr_get_payload(tb[RTA_MULTIPATH]);
	left = mnl_attr_get_payload_len(tb[RTA_MULTIPATH]);
	while (left >= sizeof(*nh) && nh->rtnh_len >= sizeof(*nh) &&
	    nh->rtnh_len <= left) {
		mark_default((uint32_t)nh->rtnh_ifindex);
		step = RTNH_ALIGN((size_t)nh->rtnh_len);
		if (step >= left)
			break;
		left -= step;
		nh = (const struct rtnexthop *)(const void *)((const uint8_t *)
								  nh +
		    step);
	}
}

/* A host without IPv6 has no such families: then nothing is usable. */
int
ipv6_dump(const struct os_events *events)
{
	struct link *link;
	int error, usable;

	suspect = 0;
	error = netlink_dump(&all_addrs, addr_first, addr_one, NULL);
	if (error == 0)
		error = netlink_dump(&all_routes, route_first, route_one, NULL);
	if (error != 0 && error != EAFNOSUPPORT && error != EOPNOTSUPP)
		return error;
	TAILQ_FOREACH (link, &links, entry) {
		usable = link->global6 && link->default6;
		if (usable == link->usable6)
			continue;
		link->usable6 = usable;
		events->ipv6_usable(link->info.ifindex, usable);
	}
	return 0;
}

/* SPDX-License-Identifier: ISC */
/* Links: what RTM_NEWLINK says becomes struct interface (rtnetlink(7)). */

#include <net/if_arp.h>
#include <linux/if_link.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "netlink.h"

struct link_list links = TAILQ_HEAD_INITIALIZER(links);

/* linux/if.h, which cannot be included beside net/if.h. */
#define LOWER_UP 0x10000
#define OPER_UNKNOWN 0 /* RFC 2863 3.1.14 */
#define OPER_UP 6

/* Kinds whose ports do not speak for themselves (Y-22).  A VRF's do. */
static const char *const aggregates[] = { "bridge", "bond", "team",
	"openvswitch" };

struct link *
link_find(uint32_t ifindex)
{
	struct link *link;

	TAILQ_FOREACH (link, &links, entry) {
		if (link->info.ifindex == ifindex)
			return link;
	}
	return NULL;
}

uint32_t
link_table(uint32_t ifindex)
{
	struct link *link = link_find(ifindex);

	return link != NULL ? link->table : RT_TABLE_MAIN;
}

static int
kind_is(const struct nlattr *attr, const char *kind)
{
	return mnl_attr_get_payload_len(attr) >= strlen(kind) &&
	    strncmp(mnl_attr_get_payload(attr), kind,
		mnl_attr_get_payload_len(attr)) == 0;
}

/* Member of what, and which routing table. */
static void
parse_master(
    const struct nlattr *linkinfo, struct interface *info, uint32_t *table)
{
	const struct nlattr *tb[IFLA_INFO_MAX + 1];
	const struct nlattr *vrf[IFLA_VRF_PORT_MAX + 1];
	const struct nlattr *kind;
	size_t i;

	*table = RT_TABLE_MAIN;
	netlink_nested(linkinfo, tb, IFLA_INFO_MAX);
	if ((kind = tb[IFLA_INFO_SLAVE_KIND]) == NULL)
		return;
	for (i = 0; i < sizeof(aggregates) / sizeof(aggregates[0]); i++)
		if (kind_is(kind, aggregates[i]))
			info->flags |= IFACE_MEMBER;
	if (kind_is(kind, "vrf")) {
		netlink_nested(
		    tb[IFLA_INFO_SLAVE_DATA], vrf, IFLA_VRF_PORT_MAX);
		*table = netlink_u32(vrf[IFLA_VRF_PORT_TABLE], RT_TABLE_MAIN);
	}
}

static uint32_t
parse_flags(const struct ifinfomsg *ifi, uint8_t operstate, size_t hwaddr_len)
{
	uint32_t flags = 0;

	if (ifi->ifi_flags & IFF_UP)
		flags |= IFACE_UP;
	/* UNKNOWN: a driver that does not say (tun, loopback); DORMANT is a
	 * WLAN or 802.1X port before it is authorised. */
	if ((ifi->ifi_flags & IFF_UP) && (ifi->ifi_flags & LOWER_UP) &&
	    (operstate == OPER_UP || operstate == OPER_UNKNOWN))
		flags |= IFACE_RUNNING;
	if (ifi->ifi_type == ARPHRD_ETHER && hwaddr_len == 6)
		flags |= IFACE_ETHERNET;
	if (ifi->ifi_flags & IFF_LOOPBACK)
		flags |= IFACE_LOOPBACK;
	if (ifi->ifi_flags & IFF_POINTOPOINT)
		flags |= IFACE_POINTOPOINT;
	return flags;
}

static void
parse_link(const struct nlmsghdr *nlh, const struct nlattr **tb,
    struct interface *info, uint32_t *table)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
	const char *name = mnl_attr_get_payload(tb[IFLA_IFNAME]);
	size_t len = mnl_attr_get_payload_len(tb[IFLA_IFNAME]);
	uint8_t operstate = OPER_UNKNOWN;

	memset(info, 0, sizeof(*info));
	info->ifindex = (uint32_t)ifi->ifi_index;
	info->hwtype = ifi->ifi_type;
	if (len >= sizeof(info->name))
		len = sizeof(info->name) - 1;
	memcpy(info->name, name, strnlen(name, len));
	info->mtu = netlink_u32(tb[IFLA_MTU], 0);
	info->max_mtu = netlink_u32(tb[IFLA_MAX_MTU], 0);
	if (info->max_mtu == 0)
		info->max_mtu = 65535;
	if (tb[IFLA_ADDRESS] != NULL) {
		len = mnl_attr_get_payload_len(tb[IFLA_ADDRESS]);
		if (len > sizeof(info->hwaddr))
			len = 0;
		memcpy(
		    info->hwaddr, mnl_attr_get_payload(tb[IFLA_ADDRESS]), len);
		info->hwaddr_len = (uint8_t)len;
	}
	if (tb[IFLA_OPERSTATE] != NULL &&
	    mnl_attr_get_payload_len(tb[IFLA_OPERSTATE]) >= 1)
		operstate = mnl_attr_get_u8(tb[IFLA_OPERSTATE]);
	info->flags = parse_flags(ifi, operstate, info->hwaddr_len);
	parse_master(tb[IFLA_LINKINFO], info, table);
}

/* Take one RTM_NEWLINK into the table; what differs is marked. */
static struct link *
link_update(const struct nlmsghdr *nlh)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[IFLA_MAX + 1];
	struct interface info;
	struct link *link;
	uint32_t table, ups;

	netlink_attrs(nlh, sizeof(*ifi), tb, IFLA_MAX);
	link = link_find((uint32_t)ifi->ifi_index);
	/* A WLAN event carries little more than the index. */
	if (tb[IFLA_IFNAME] == NULL)
		return link;
	parse_link(nlh, tb, &info, &table);
	if (link == NULL) {
		if ((link = calloc(1, sizeof(*link))) == NULL)
			fatal("interfaces");
		link->info.ifindex = info.ifindex;
		link->changed = 1;
		TAILQ_INSERT_TAIL(&links, link, entry);
	}
	ups = netlink_u32(tb[IFLA_CARRIER_UP_COUNT], 0);
	link->flapped = !link->changed && ups != link->carrier_ups &&
	    (link->info.flags & info.flags & IFACE_RUNNING);
	if ((link->info.flags & IFACE_UP) && !(info.flags & IFACE_UP)) {
		/* IPv4 routes go without a message, IPv6 routes where
		 * net.ipv6.route.skip_notify_on_dev_down is 1. */
		route4_suspect();
		route6_suspect();
	}
	/* The WLAN fields are filled when it is reported. */
	info.flags |= link->info.flags & IFACE_WLAN;
	info.network_id_len = link->info.network_id_len;
	memcpy(info.network_id, link->info.network_id, sizeof(info.network_id));
	if (memcmp(&link->info, &info, sizeof(info)) != 0 ||
	    link->table != table)
		link->changed = 1;
	link->info = info;
	link->table = table;
	link->carrier_ups = ups;
	link->seen = 1;
	return link;
}

static void
link_update_wlan(struct link *link)
{
	struct interface before = link->info;

	if (!(link->info.flags & IFACE_ETHERNET))
		return;
	memset(link->info.network_id, 0, sizeof(link->info.network_id));
	link->info.network_id_len = 0;
	link->info.flags &= ~(uint32_t)IFACE_WLAN;
	if (wlan_ssid(link->info.ifindex, link->info.network_id,
		&link->info.network_id_len))
		link->info.flags |= IFACE_WLAN;
	if (memcmp(&before, &link->info, sizeof(before)) != 0)
		link->changed = 1;
}

static void
link_report(struct link *link, const struct os_events *events)
{
	struct interface down;

	link_update_wlan(link);
	if (link->flapped) {
		/* The network behind it may be another one (D4-22). */
		down = link->info;
		down.flags &= ~(uint32_t)IFACE_RUNNING;
		events->interface(&down);
		link->changed = 1;
	}
	link->flapped = 0;
	if (link->changed) {
		link->changed = 0;
		down = link->info;
		events->interface(&down);
	}
}

static void
link_gone(struct link *link, const struct os_events *events)
{
	uint32_t ifindex = link->info.ifindex;

	TAILQ_REMOVE(&links, link, entry);
	free(link);
	addr4_forget(ifindex, events);
	addr6_forget(ifindex, events);
	route4_forget(ifindex);
	route6_forget(ifindex);
	events->interface_gone(ifindex);
}

static int
link_is_ours(const struct nlmsghdr *nlh)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);

	/* AF_BRIDGE: about a port's bridge side; its RTM_DELLINK only means
	 * that it left the bridge. */
	return mnl_nlmsg_get_payload_len(nlh) >= sizeof(*ifi) &&
	    ifi->ifi_family == AF_UNSPEC;
}

void
link_message(const struct nlmsghdr *nlh, const struct os_events *events)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
	struct link *link;

	if (!link_is_ours(nlh))
		return;
	if (nlh->nlmsg_type == RTM_NEWLINK)
		link = link_update(nlh);
	else
		link = link_find((uint32_t)ifi->ifi_index);
	if (link == NULL)
		return;
	if (nlh->nlmsg_type == RTM_NEWLINK)
		link_report(link, events);
	else
		link_gone(link, events);
}

static const struct netlink_dump all = { .type = RTM_GETLINK,
	.family = AF_UNSPEC };

static void
link_dump_first(void *arg)
{
	struct link *link;

	(void)arg;
	TAILQ_FOREACH (link, &links, entry)
		link->seen = 0;
}

static void
link_dump_one(const struct nlmsghdr *nlh, void *arg)
{
	(void)arg;
	if (nlh->nlmsg_type == RTM_NEWLINK && link_is_ours(nlh))
		link_update(nlh);
}

/* Reports come after the dump: they may make requests of their own. */
int
link_dump(const struct os_events *events)
{
	struct link *link, *next;
	int error;

	error = netlink_dump(&all, link_dump_first, link_dump_one, NULL);
	if (error != 0)
		return error;
	/* _SAFE: links that are no more leave the list. */
	TAILQ_FOREACH_SAFE (link, &links, entry, next) {
		if (link->seen)
			link_report(link, events);
		else
			link_gone(link, events);
	}
	return 0;
}

/* ---- changes ---- */

static struct nlmsghdr *
link_change(uint32_t ifindex, unsigned int flags, unsigned int mask)
{
	struct nlmsghdr *nlh = netlink_request(RTM_NEWLINK, NLM_F_ACK);
	struct ifinfomsg *ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));

	ifi->ifi_family = AF_UNSPEC;
	ifi->ifi_index = (int)ifindex;
	ifi->ifi_flags = flags;
	ifi->ifi_change = mask;
	return nlh;
}

int
os_link_up(uint32_t ifindex)
{
	return netlink_call(
	    &netlink_change, link_change(ifindex, IFF_UP, IFF_UP), NULL, NULL);
}

int
os_mtu_set(uint32_t ifindex, uint32_t mtu)
{
	struct nlmsghdr *nlh = link_change(ifindex, 0, 0);

	mnl_attr_put_u32(nlh, IFLA_MTU, mtu);
	return netlink_call(&netlink_change, nlh, NULL, NULL);
}

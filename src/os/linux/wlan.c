/* SPDX-License-Identifier: ISC */
/*
 * The SSID of a WLAN interface, by nl80211 over generic netlink.  A host whose
 * kernel has no nl80211 has no WLAN.
 */

#include <linux/genetlink.h>
#include <linux/nl80211.h>
#include <errno.h>
#include <string.h>

#include "netlink.h"

static struct netlink generic;

struct answer {
	uint8_t *id;
	uint8_t *len;
	uint16_t family;
	int is_wlan;
};

static void
family_one(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *tb[CTRL_ATTR_MAX + 1];
	struct answer *a = arg;

	netlink_attrs(nlh, sizeof(struct genlmsghdr), tb, CTRL_ATTR_MAX);
	if (tb[CTRL_ATTR_FAMILY_ID] != NULL &&
	    mnl_attr_get_payload_len(tb[CTRL_ATTR_FAMILY_ID]) >=
		sizeof(uint16_t))
		a->family = mnl_attr_get_u16(tb[CTRL_ATTR_FAMILY_ID]);
}

static void
interface_one(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *tb[NL80211_ATTR_SSID + 1];
	struct answer *a = arg;
	size_t len;

	a->is_wlan = 1;
	netlink_attrs(nlh, sizeof(struct genlmsghdr), tb, NL80211_ATTR_SSID);
	if (tb[NL80211_ATTR_SSID] == NULL)
		return;
	len = mnl_attr_get_payload_len(tb[NL80211_ATTR_SSID]);
	if (len > NETWORK_ID_MAX)
		return;
	memcpy(a->id, mnl_attr_get_payload(tb[NL80211_ATTR_SSID]), len);
	*a->len = (uint8_t)len;
}

static struct nlmsghdr *
request(uint16_t family, uint8_t command)
{
	struct nlmsghdr *nlh = netlink_request(family, NLM_F_ACK);
	struct genlmsghdr *genl;

	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = command;
	genl->version = 1;
	return nlh;
}

/* The family's number; 0 while there is no wireless.  Asked again each time
 * until it is there: an adapter may be plugged in later. */
static uint16_t
family(void)
{
	static struct answer a;
	struct nlmsghdr *nlh;

	if (a.family != 0)
		return a.family;
	if (generic.sock == NULL &&
	    netlink_open(&generic, NETLINK_GENERIC, 0, 0) != 0)
		return 0;
	nlh = request(GENL_ID_CTRL, CTRL_CMD_GETFAMILY);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, NL80211_GENL_NAME);
	if (netlink_call(&generic, nlh, family_one, &a) != 0)
		return 0;
	return a.family;
}

int
wlan_ssid(uint32_t ifindex, uint8_t *id, uint8_t *len)
{
	struct answer a = { .id = id, .len = len };
	struct nlmsghdr *nlh;

	*len = 0;
	if (family() == 0)
		return 0;
	nlh = request(family(), NL80211_CMD_GET_INTERFACE);
	mnl_attr_put_u32(nlh, NL80211_ATTR_IFINDEX, ifindex);
	/* ENODEV: not a WLAN interface */
	if (netlink_call(&generic, nlh, interface_one, &a) != 0)
		return 0;
	return a.is_wlan;
}

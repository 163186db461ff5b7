/* SPDX-License-Identifier: ISC */
/* Whose lease it is: the client identifier in lease files and at a reload. */

#include <string.h>

#include "dhcp4_harness.h"
#include "proto/iaid.h"
#include "test.h"

static const uint8_t duid1[] = { 0, 4, 1, 2, 3 }, duid2[] = { 0, 4, 1, 2, 4 };
static struct world w;

/* The machine's state after a start with the lease that the last run left. */
static enum dhcp4_state
restart(const struct conf_iface *conf, uint32_t ifindex,
    const struct lease4 *lease, const uint8_t duid[5])
{
	world_init(&w);
	w.iface.ifindex = ifindex;
	dhcp4_configure(&w.d, conf, duid, 5, w.now);
	dhcp4_interface(&w.d, &w.iface, 1, w.now);
	dhcp4_stored(&w.d, lease, 100, w.now);
	dhcp4_adopted(&w.d, lease->addr, lease->prefixlen, w.now);
	dhcp4_start(&w.d, w.now);
	return w.d.state;
}

static struct lease4
a_lease(void)
{
	world_init(&w);
	world_bind(&w, 3600);
	return w.stored;
}

TEST(dhcp4_lease_of_another_mac_or_kind_is_ignored,
    "Y-07, D4-05, D4-22: a lease file made with another client identifier")
{
	static const uint8_t id[] = { 1, 2, 0, 0, 0, 0, 1 };
	struct lease4 lease = a_lease();
	struct conf_iface conf = w.conf;

	ATF_REQUIRE_EQ(sizeof(id), lease.client_id_len);
	ATF_CHECK_EQ(0, memcmp(lease.client_id, id, sizeof(id)));
	ATF_CHECK_EQ(D4_REBOOTING, restart(&conf, 1, &lease, duid1));
	conf.client_id = CLIENT_ID_DUID;
	ATF_CHECK_EQ(D4_SELECTING, restart(&conf, 1, &lease, duid1));
	/* The address in the kernel stays until there is another. */
	ATF_CHECK_EQ(0, w.nconfig);
	/* A file that does not say whose it is is believed. */
	lease.client_id_len = 0;
	ATF_CHECK_EQ(D4_REBOOTING, restart(&conf, 1, &lease, duid1));
}

TEST(dhcp4_lease_of_another_mac_is_asked_for_in_discover,
    "D4-22, D4-05: an interface made again has another MAC: no INIT-REBOOT")
{
	struct lease4 lease = a_lease();
	struct conf_iface conf = w.conf;
	const uint8_t *requested = NULL;
	int known;

	/* With the identifier that came of it, or in an older file. */
	for (known = 1; known >= 0; known--) {
		lease.client_id_len = known ? 7 : 0;
		lease.client_id[6] = lease.hwaddr[5] = 0x77;
		ATF_CHECK_EQ(D4_SELECTING, restart(&conf, 1, &lease, duid1));
		ATF_CHECK_EQ(0, world_count(&w, DHCPREQUEST));
		ATF_REQUIRE_EQ(4,
		    sent_option(world_last(&w, DHCPDISCOVER), 50, &requested));
		ATF_CHECK_EQ(0, memcmp(requested, &lease.addr, 4));
		/* A DUID stays with the host. */
		conf.client_id = CLIENT_ID_DUID;
		lease.client_id_len = 0;
		ATF_CHECK_EQ(D4_REBOOTING, restart(&conf, 1, &lease, duid1));
		conf.client_id = CLIENT_ID_MAC;
	}
}

TEST(dhcp4_lease_of_another_duid_or_iaid_is_ignored,
    "Y-07, D4-05, D4-22: RFC 4361 identifiers; the interface's index is no "
    "part of them")
{
	struct lease4 lease = a_lease();
	struct conf_iface conf = w.conf;
	uint32_t iaid;
	unsigned int i;

	conf.client_id = CLIENT_ID_DUID;
	iaid = iaid_of(&conf, w.iface.name);
	lease.client_id_len = 10;
	lease.client_id[0] = 255;
	for (i = 0; i < 4; i++)
		lease.client_id[1 + i] = (uint8_t)(iaid >> (24 - 8 * i));
	memcpy(lease.client_id + 5, duid1, sizeof(duid1));
	ATF_CHECK_EQ(D4_REBOOTING, restart(&conf, 1, &lease, duid1));
	ATF_CHECK_EQ(D4_REBOOTING, restart(&conf, 8, &lease, duid1));
	ATF_CHECK_EQ(D4_SELECTING, restart(&conf, 1, &lease, duid2));
	conf.has_iaid = 1;
	conf.iaid = iaid;
	ATF_CHECK_EQ(D4_REBOOTING, restart(&conf, 1, &lease, duid1));
	conf.iaid++;
	ATF_CHECK_EQ(D4_SELECTING, restart(&conf, 1, &lease, duid1));
}

TEST(dhcp4_reload_with_another_client_id_begins_anew,
    "Y-05, D4-05, D4-22: no INIT-REBOOT for what another client was given")
{
	struct conf_iface conf;

	world_init(&w);
	world_bind(&w, 3600);
	conf = w.conf;
	/* Not of this identifier. */
	dhcp4_configure(&w.d, &conf, duid1, sizeof(duid1), w.now);
	ATF_CHECK_EQ(D4_BOUND, w.d.state);
	conf.client_id = CLIENT_ID_DUID;
	dhcp4_configure(&w.d, &conf, duid1, sizeof(duid1), w.now);
	ATF_CHECK_EQ(D4_SELECTING, w.d.state);
	ATF_CHECK_EQ(0, w.config.naddrs);
	w.d.state = D4_BOUND;
	dhcp4_configure(&w.d, &conf, duid1, sizeof(duid1), w.now);
	ATF_CHECK_EQ(D4_BOUND, w.d.state);
	/* The host's DUID was changed. */
	dhcp4_configure(&w.d, &conf, duid2, sizeof(duid2), w.now);
	ATF_CHECK_EQ(D4_SELECTING, w.d.state);
}

TEST(iaid_is_of_the_name,
    "D6-02: an IAID is stable for the interface's name, or the configured")
{
	struct conf_iface conf = { .has_iaid = 0 };

	/* FNV-1a of "eth0" as of RFC 9923: must never change. */
	ATF_CHECK_EQ(0x67b19724, iaid_of(&conf, "eth0"));
	ATF_CHECK(iaid_of(&conf, "eth0") != iaid_of(&conf, "eth1"));
	conf.has_iaid = 1;
	conf.iaid = 5;
	ATF_CHECK_EQ(5, iaid_of(&conf, "eth0"));
}

static void
enter(const char *id)
{
	memset(w.iface.network_id, 0, sizeof(w.iface.network_id));
	w.iface.network_id_len = (uint8_t)strlen(id);
	memcpy(w.iface.network_id, id, strlen(id));
	dhcp4_interface(&w.d, &w.iface, 1, w.now);
}

TEST(dhcp4_other_ssid_is_another_network,
    "Y-24, D4-22: nothing of one network is asked for in another; the lease "
    "of the one come back to is")
{
	struct lease4 home;

	world_init(&w);
	memcpy(w.iface.network_id, "home", 4);
	w.iface.network_id_len = 4;
	world_bind(&w, 3600);
	home = w.stored;
	enter("work");
	ATF_CHECK_EQ(D4_SELECTING, w.d.state);
	ATF_CHECK_EQ(0, w.config.naddrs);
	world_init(&w);
	memcpy(w.iface.network_id, "work", 4);
	w.iface.network_id_len = 4;
	world_bind(&w, 3600);
	ATF_REQUIRE_EQ(D4_BOUND, w.d.state);
	/* Back, with the file of there, which is 600 s old. */
	home.addr = ip("192.0.2.77");
	dhcp4_stored(&w.d, &home, 600, w.now);
	ATF_CHECK_EQ(D4_BOUND, w.d.state);
	enter("home");
	ATF_CHECK_EQ(D4_REBOOTING, w.d.state);
	ATF_CHECK_EQ(home.addr.s_addr, w.d.lease.addr.s_addr);
	ATF_CHECK_EQ(w.now + 3000000, w.d.expires);
	ATF_CHECK_EQ(0, w.config.naddrs);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, dhcp4_lease_of_another_mac_or_kind_is_ignored);
	ATF_TP_ADD_TC(tp, dhcp4_lease_of_another_mac_is_asked_for_in_discover);
	ATF_TP_ADD_TC(tp, dhcp4_lease_of_another_duid_or_iaid_is_ignored);
	ATF_TP_ADD_TC(tp, dhcp4_reload_with_another_client_id_begins_anew);
	ATF_TP_ADD_TC(tp, dhcp4_other_ssid_is_another_network);
	ATF_TP_ADD_TC(tp, iaid_is_of_the_name);
	return atf_no_error();
}

/* SPDX-License-Identifier: ISC */
/*
 * The DHCPv6 machine under virtual time: reload, Reconfigure, other networks,
 * anonymity, sockets, sleep, commands.
 */

#include <errno.h>
#include <string.h>

#include "compat/digest.h"
#include "dhcp6_harness.h"
#include "test.h"

static struct world6 w;
static struct packet6 p;

static const char key[] = "0123456789abcdef";

/* A Reply with the reconfigure key. */
static void
bind_with_key(void)
{
	w6_init(&w);
	w.conf.reconfigure = 1;
	w6_start(&w);
	ATF_CHECK(s6_opt(w6_newest(&w), 20, 0, NULL) != NULL);
	w6_grant(&w, DHCP6_ADVERTISE, 1000, 2000);
	w6_answer(&w, &p, DHCP6_REPLY);
	w6_put_grants(&w, &p, 1000, 2000);
	p6_open(&p, 11);
	p6_raw(&p, "\3\1\0\0\0\0\0\0\0\0\5\1", 12);
	p6_raw(&p, key, 16);
	p6_close(&p);
	w6_receive(&w, &p);
	ATF_REQUIRE_EQ(1, w.d.lease.has_key);
}

/* A Reconfigure with a replay counter, signed. */
static void
reconfigure(uint8_t replay, uint8_t type, const char *with)
{
	size_t at;

	p6_begin(&p, DHCP6_RECONFIGURE, 0);
	p6_ids(&p);
	p6_opt(&p, 19, &type, 1);
	p6_open(&p, 11);
	p6_raw(&p, "\3\1\0\0\0\0\0\0\0\0", 10);
	p6_u8(&p, replay);
	p6_u8(&p, 2);
	at = p.len;
	p6_raw(&p, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	p6_close(&p);
	hmac_md5(with, 16, p.bytes, p.len, p.bytes + at);
}

TEST(dhcp6_reconfigure_renews,
    "D6-20: authentic, newer, and asked for with `reconfigure yes`")
{
	(void)tc;
	bind_with_key();
	reconfigure(6, DHCP6_RENEW, key);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(DHCP6_RENEW, w6_newest(&w)->type);
	ATF_CHECK_EQ(1, w.counters[COUNT_D6_RX_RECONFIGURE]);
	w6_grant(&w, DHCP6_REPLY, 1000, 2000);
	reconfigure(7, DHCP6_REBIND, key);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(DHCP6_REBIND, w6_newest(&w)->type);
	w6_grant(&w, DHCP6_REPLY, 1000, 2000);
	reconfigure(8, DHCP6_INFORMATION_REQUEST, key);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(DHCP6_INFORMATION_REQUEST, w6_newest(&w)->type);
	w6_answer(&w, &p, DHCP6_REPLY);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(D6_BOUND, w.d.state);
}

TEST(dhcp6_reconfigure_is_followed_once,
    "D6-20: no other while the first is under way (RFC 9915 18.2.11)")
{
	unsigned int sent;

	(void)tc;
	bind_with_key();
	reconfigure(6, DHCP6_RENEW, key);
	w6_receive(&w, &p);
	sent = w.nsent;
	reconfigure(7, DHCP6_RENEW, key);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(sent, w.nsent);
	w6_grant(&w, DHCP6_REPLY, 1000, 2000);
	reconfigure(8, DHCP6_REBIND, key);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(sent + 1, w.nsent);
	reconfigure(9, DHCP6_RENEW, key);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(sent + 1, w.nsent);
}

TEST(dhcp6_reconfigure_replayed_or_forged,
    "D6-20: old counter, wrong key, changed byte, none, multicast: drop")
{
	struct recv6 meta;
	unsigned int sent;

	(void)tc;
	bind_with_key();
	sent = w.nsent;
	reconfigure(5, DHCP6_RENEW, key); /* the key's own counter */
	w6_receive(&w, &p);
	reconfigure(6, DHCP6_RENEW, "fedcba9876543210");
	w6_receive(&w, &p);
	reconfigure(6, DHCP6_RENEW, key);
	p.bytes[p.len - 40]++;
	w6_receive(&w, &p);
	p6_begin(&p, DHCP6_RECONFIGURE, 0);
	p6_ids(&p);
	p6_opt(&p, 19, "\5", 1);
	w6_receive(&w, &p);
	reconfigure(6, DHCP6_RENEW, key);
	memset(&meta, 0, sizeof(meta));
	meta.src = ip6("fe80::9");
	meta.dst = ip6("ff02::1");
	dhcp6_receive(&w.d, &in6addr_any, &meta, p.bytes, p.len, w.now);
	ATF_CHECK_EQ(sent, w.nsent);
	ATF_CHECK(w.counters[COUNT_D6_DROP_AUTH] +
		w.counters[COUNT_D6_DROP_CLIENT] +
		w.counters[COUNT_D6_DROP_OPTIONS] >=
	    5);
	reconfigure(6, DHCP6_RENEW, key);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(sent + 1, w.nsent);
	w6_grant(&w, DHCP6_REPLY, 1000, 2000);
	w6_receive(&w, &p); /* a replay */
	ATF_CHECK_EQ(sent + 1, w.nsent);
}

TEST(dhcp6_reconfigure_no, "D6-20: not accepted, nor is it said to be")
{
	(void)tc;
	bind_with_key();
	w.conf.reconfigure = 0;
	dhcp6_configure(&w.d, &w.conf, (const uint8_t *)CLIENT_DUID,
	    CLIENT_DUID_LEN, w.now);
	w.nsent = 0;
	reconfigure(6, DHCP6_RENEW, key);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(0, w.nsent);
	w6_init(&w);
	w6_start(&w);
	ATF_CHECK(s6_opt(w6_newest(&w), 20, 0, NULL) == NULL);
}

TEST(dhcp6_reconfigure_is_heard_on_leased_addresses,
    "D6-20: a receive channel for each that is usable, and its key is kept")
{
	(void)tc;
	bind_with_key();
	ATF_CHECK_EQ(0, w.nopen);
	w6_address(&w, "2001:db8::10", STATE6_PRESENT);
	ATF_REQUIRE_EQ(1, w.nopen);
	ATF_CHECK_EQ(CHANNEL_DHCP6, w.open[0].channel);
	ATF_CHECK(same6(&w.open[0].key, "2001:db8::10"));
	ATF_CHECK_EQ(0, memcmp(w.stored.key, key, 16));
	dhcp6_withdraw(&w.d, w.now);
	ATF_CHECK_EQ(0, w.nopen);
}

TEST(dhcp6_anonymous_says_little,
    "D6-05: DUID-LL of the MAC, no name or class, no Client id to inform")
{
	static const uint8_t want[] = { 0, 3, 0, 1, 2, 0, 0, 0, 0, 1 };
	const uint8_t *o;
	size_t len;

	(void)tc;
	w6_init(&w);
	w.conf.anonymous = 1;
	memcpy(w.conf.host_name, "secret", 7);
	memcpy(w.conf.vendor_class, "leased", 7);
	memcpy(w.conf.user_classes[0], "me", 3);
	w.conf.nuser_classes = 1;
	w6_start(&w);
	o = s6_opt(w6_newest(&w), 1, 0, &len);
	ATF_REQUIRE(o != NULL && len == sizeof(want));
	ATF_CHECK_EQ(0, memcmp(o, want, len));
	ATF_CHECK(s6_opt(w6_newest(&w), 39, 0, NULL) == NULL);
	ATF_CHECK(s6_opt(w6_newest(&w), 15, 0, NULL) == NULL);
	ATF_CHECK(s6_opt(w6_newest(&w), 16, 0, NULL) == NULL);
	w6_init(&w);
	w.conf.anonymous = 1;
	w.conf.dhcp6 = CONF_AUTO;
	w6_start(&w);
	dhcp6_ra_flags(&w.d, 0, 1, 0, w.now);
	ATF_CHECK_EQ(DHCP6_INFORMATION_REQUEST, w6_newest(&w)->type);
	ATF_CHECK(s6_opt(w6_newest(&w), 1, 0, NULL) == NULL);
	/* with somebody's id it is not for us */
	w6_answer(&w, &p, DHCP6_REPLY);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(D6_INFORMING, w.d.state);
	p6_begin(&p, DHCP6_REPLY, w6_newest(&w)->xid);
	p6_opt(&p, 2, SERVER_DUID, SERVER_DUID_LEN);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(D6_INFORMED, w.d.state);
}

TEST(dhcp6_anonymous_forgets_networks,
    "D6-05: no Confirm of what another network gave")
{
	(void)tc;
	w6_init(&w);
	w.conf.anonymous = 1;
	w6_start(&w);
	p6_begin(&p, DHCP6_ADVERTISE, w6_newest(&w)->xid);
	p6_opt(&p, 1, "\0\3\0\1\2\0\0\0\0\1", 10);
	p6_opt(&p, 2, SERVER_DUID, SERVER_DUID_LEN);
	p6_opt(&p, 7, "\xff", 1);
	p6_ia_na(&p, w6_iaid(&w, 0), "2001:db8::10", 1000, 2000);
	w6_receive(&w, &p);
	p6_begin(&p, DHCP6_REPLY, w6_newest(&w)->xid);
	p6_opt(&p, 1, "\0\3\0\1\2\0\0\0\0\1", 10);
	p6_opt(&p, 2, SERVER_DUID, SERVER_DUID_LEN);
	p6_ia_na(&p, w6_iaid(&w, 0), "2001:db8::10", 1000, 2000);
	w6_receive(&w, &p);
	ATF_REQUIRE_EQ(D6_BOUND, w.d.state);
	w6_link(&w, 0);
	w.iface.network_id_len = 4;
	memcpy(w.iface.network_id, "cafe", 4);
	w6_link(&w, 1);
	ATF_CHECK_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
	ATF_CHECK_EQ(0, w6_count(&w, DHCP6_CONFIRM));
	ATF_CHECK_EQ(0, w.config.naddrs);
}

TEST(dhcp6_sockets_are_waited_for,
    "D6-11: nothing is sent before both are open; port taken is said")
{
	(void)tc;
	w6_init(&w);
	dhcp6_configure(&w.d, &w.conf, (const uint8_t *)CLIENT_DUID,
	    CLIENT_DUID_LEN, w.now);
	dhcp6_interface(&w.d, &w.iface, w.now);
	dhcp6_start(&w.d, w.now);
	ATF_CHECK_EQ(D6_WAITING, w.d.state);
	w6_channels(&w, EADDRINUSE);
	ATF_CHECK(strstr(w.log, "546") != NULL);
	w6_advance(&w, 60000);
	ATF_CHECK_EQ(0, w.nsent);
	w6_channels(&w, 0);
	ATF_CHECK_EQ(1, w.nsent);
}

TEST(dhcp6_filtered_is_said_once, "D6-10: EACCES names the ports")
{
	(void)tc;
	w6_init(&w);
	w6_start(&w);
	dhcp6_sent(&w.d, CHANNEL_DHCP6_SEND, &in6addr_any, EACCES, w.now);
	ATF_CHECK(strstr(w.log, "546") != NULL);
	w.log[0] = '\0';
	dhcp6_sent(&w.d, CHANNEL_DHCP6_SEND, &in6addr_any, EACCES, w.now);
	ATF_CHECK_STREQ("", w.log);
	ATF_CHECK_EQ(2, w.counters[COUNT_D6_SEND_FILTERED]);
}

TEST(dhcp6_reload,
    "D6-01, D6-02: another identity starts anew, no withdraws, the same "
    "does nothing")
{
	unsigned int sent;

	(void)tc;
	w6_bind_both(&w, 1000, 2000);
	sent = w.nsent;
	dhcp6_configure(&w.d, &w.conf, (const uint8_t *)CLIENT_DUID,
	    CLIENT_DUID_LEN, w.now);
	ATF_CHECK_EQ(sent, w.nsent);
	ATF_CHECK_EQ(1, w.config.naddrs);
	dhcp6_configure(&w.d, &w.conf, (const uint8_t *)"\0\4other", 7, w.now);
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
	w6_bind_both(&w, 1000, 2000);
	w.conf.nprefixes = 0;
	dhcp6_configure(&w.d, &w.conf, (const uint8_t *)CLIENT_DUID,
	    CLIENT_DUID_LEN, w.now);
	ATF_CHECK_EQ(1, w.config.naddrs);
	ATF_CHECK_EQ(0, w.delegated.nprefixes);
	w.conf.dhcp6 = CONF_NO;
	w.nforget = 0;
	dhcp6_configure(&w.d, &w.conf, (const uint8_t *)CLIENT_DUID,
	    CLIENT_DUID_LEN, w.now);
	ATF_CHECK_EQ(0, w.config.naddrs);
	/* Nothing was released (D4-23 is the same): a restart asks for it. */
	ATF_CHECK_EQ(0, w.nforget);
	ATF_CHECK_EQ(D6_DOWN, w.d.state);
	w.nsent = 0;
	w6_advance(&w, 3600000);
	ATF_CHECK_EQ(0, w.nsent);
}

TEST(dhcp6_resume_counts_sleep,
    "D6-14, D6-15: what expired asleep goes, the rest is confirmed")
{
	(void)tc;
	w6_init(&w);
	w6_bind(&w, 1000, 2000);
	dhcp6_resume(&w.d, 900, w.now);
	ATF_CHECK_EQ(DHCP6_CONFIRM, w6_newest(&w)->type);
	w6_answer(&w, &p, DHCP6_REPLY);
	w6_receive(&w, &p);
	ATF_CHECK_EQ(D6_REBINDING, w.d.state);
	dhcp6_resume(&w.d, 1200, w.now);
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
}

TEST(dhcp6_status_counts_down, "D6-46: times left of each, no key shown")
{
	static struct dhcp6_status st;

	(void)tc;
	bind_with_key();
	w6_advance(&w, 100000);
	dhcp6_status(&w.d, w.now, &st);
	ATF_CHECK_EQ(D6_BOUND, st.state);
	ATF_CHECK(st.lease.naddrs > 0);
	ATF_CHECK_EQ(400, st.lease.ias[0].t1_sec);
	ATF_CHECK_EQ(700, st.lease.ias[0].t2_sec);
	ATF_CHECK_EQ(900, st.lease.addrs[0].preferred_sec);
	ATF_CHECK_EQ(1900, st.lease.addrs[0].valid_sec);
	ATF_CHECK_EQ(0, st.lease.key[0]);
	ATF_CHECK_EQ(1, st.lease.has_key);
	ATF_CHECK(same6(&st.lease.ias[0].server.addr, "fe80::9"));
}

TEST(dhcp6_renew_command_sends_at_once,
    "D6-14: leasectl renew waits for no retransmission")
{
	(void)tc;
	w6_bind_both(&w, 1000, 2000);
	w6_advance(&w, 500000);
	ATF_REQUIRE_EQ(D6_RENEWING, w.d.state);
	w6_advance(&w, 60000);
	ATF_CHECK(w.deadline > w.now + 5000);
	w.nsent = 0;
	dhcp6_renew(&w.d, w.now);
	ATF_CHECK_EQ(1, w6_count(&w, DHCP6_RENEW));
	/* From the beginning: 10 s. */
	ATF_CHECK(w.deadline > w.now && w.deadline <= w.now + 11000);
	w6_advance(&w, 260000);
	ATF_REQUIRE_EQ(D6_REBINDING, w.d.state);
	w.nsent = 0;
	dhcp6_renew(&w.d, w.now);
	ATF_CHECK_EQ(1, w6_count(&w, DHCP6_REBIND));
	ATF_CHECK_EQ(1, w.nsent);
	w6_grant(&w, DHCP6_REPLY, 1000, 2000);
	ATF_CHECK_EQ(D6_BOUND, w.d.state);
}

TEST(dhcp6_waits_for_its_sockets,
    "D6-15, Y-12: sockets that are being made anew are no error, and what "
    "found none is sent when they are there")
{
	(void)tc;
	w6_init(&w);
	w6_bind(&w, 3600, 7200);
	w6_link(&w, 0);
	w6_link(&w, 1);
	ATF_REQUIRE_EQ(1, w6_count(&w, DHCP6_CONFIRM));
	w.log[0] = '\0';
	/* The parent had them closed when the link came up. */
	dhcp6_sent(&w.d, CHANNEL_DHCP6_SEND, &in6addr_any, ENOTCONN, w.now);
	w6_channels(&w, ENOTCONN);
	ATF_CHECK_STREQ("", w.log);
	ATF_CHECK_EQ(0, w.counters[COUNT_D6_SEND_ERROR]);
	w6_channels(&w, 0);
	w6_advance(&w, 1);
	ATF_CHECK_EQ(2, w6_count(&w, DHCP6_CONFIRM));
	ATF_CHECK_STREQ("", w.log);
	/* Real ones are still told. */
	w6_channels(&w, EADDRINUSE);
	ATF_CHECK(strstr(w.log, "no socket on port 546") != NULL);
}

static void
reload(void)
{
	dhcp6_configure(&w.d, &w.conf, (const uint8_t *)CLIENT_DUID,
	    CLIENT_DUID_LEN, w.now);
	dhcp6_configured(&w.d, w.config.serial, 0, w.now);
}

/* The identifier in the n-th IA_PD of the newest message; 0: none. */
static uint32_t
sent_iaid(unsigned int n)
{
	const uint8_t *o = s6_opt(w6_newest(&w), 25, n, NULL);

	return o == NULL ? 0
			 : (uint32_t)o[0] << 24 | (uint32_t)o[1] << 16 |
		(uint32_t)o[2] << 8 | o[3];
}

/* Two prefix statements, bound: 2001:db8:100:: and 2001:db8:200::. */
static void
bind_two(uint8_t first_len, uint8_t second_len)
{
	w6_init(&w);
	w.conf.nprefixes = 2;
	w.conf.prefixes[0].hint_len = first_len;
	w.conf.prefixes[1].hint_len = second_len;
	w6_bind(&w, 1000, 2000);
	ATF_REQUIRE_EQ(2, w.delegated.nprefixes);
	w.nsent = 0;
}

TEST(dhcp6_prefixes_follow_their_statements,
    "D6-02, D6-40: the first statement removed: the second keeps its prefix "
    "and its IAID; added again, it has the IAID that is free")
{
	uint32_t one, two;

	(void)tc;
	bind_two(56, 60);
	one = w6_iaid(&w, 1);
	two = w6_iaid(&w, 2);
	w.conf.prefixes[0] = w.conf.prefixes[1];
	w.conf.nprefixes = 1;
	reload();
	ATF_REQUIRE_EQ(1, w.delegated.nprefixes);
	ATF_CHECK(same6(&w.delegated.prefixes[0].prefix, "2001:db8:200::"));
	ATF_CHECK_EQ(1, w.delegated.prefixes[0].ia);
	ATF_CHECK_EQ(two, w6_iaid(&w, 1));
	w6_advance(&w, 1000);
	ATF_REQUIRE_EQ(DHCP6_RELEASE, w6_newest(&w)->type);
	ATF_CHECK_EQ(one, sent_iaid(0));
	w6_answer(&w, &p, DHCP6_REPLY);
	w6_receive(&w, &p);
	w6_advance(&w, 600000);
	ATF_REQUIRE_EQ(DHCP6_RENEW, w6_newest(&w)->type);
	ATF_CHECK_EQ(two, sent_iaid(0));
	ATF_CHECK_EQ(0, sent_iaid(1));
	w.conf.prefixes[1] = w.conf.prefixes[0];
	w.conf.prefixes[0].hint_len = 56;
	w.conf.nprefixes = 2;
	reload();
	w6_advance(&w, 1);
	ATF_CHECK_EQ(two, w6_iaid(&w, 2));
	ATF_CHECK_EQ(2, w.delegated.prefixes[0].ia);
	ATF_REQUIRE_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
	ATF_CHECK_EQ(one, sent_iaid(0));
}

TEST(dhcp6_equal_hints_are_told_by_what_they_assign,
    "D6-40: of two statements without a hint the other one stays")
{
	(void)tc;
	w6_init(&w);
	w.conf.prefixes[0].nassigns = w.conf.prefixes[1].nassigns = 1;
	memcpy(w.conf.prefixes[0].assigns[0].ifname, "em1", 4);
	memcpy(w.conf.prefixes[1].assigns[0].ifname, "em2", 4);
	w.conf.nprefixes = 2;
	w6_bind(&w, 1000, 2000);
	w.conf.prefixes[0] = w.conf.prefixes[1];
	w.conf.nprefixes = 1;
	reload();
	ATF_REQUIRE_EQ(1, w.delegated.nprefixes);
	ATF_CHECK(same6(&w.delegated.prefixes[0].prefix, "2001:db8:200::"));
}

TEST(dhcp6_moved_iaid_is_kept_on_disk,
    "D6-02, D6-16: after a restart the prefix has the IAID it was leased to, "
    "and no other has it")
{
	struct dhcp6_lease lease;
	uint32_t two;

	(void)tc;
	bind_two(56, 60);
	two = w6_iaid(&w, 2);
	w.conf.prefixes[0] = w.conf.prefixes[1];
	w.conf.nprefixes = 1;
	reload();
	lease = w.stored;
	w6_init(&w);
	w.conf.nprefixes = 2;
	w.conf.iaid = two - 2;
	w.conf.has_iaid = 1;
	dhcp6_configure(&w.d, &w.conf, (const uint8_t *)CLIENT_DUID,
	    CLIENT_DUID_LEN, w.now);
	dhcp6_interface(&w.d, &w.iface, w.now);
	dhcp6_stored(&w.d, &lease, 1, w.now);
	ATF_CHECK_EQ(two - 2, w6_iaid(&w, 0));
	ATF_CHECK_EQ(two, w6_iaid(&w, 1));
	ATF_CHECK(w6_iaid(&w, 2) != two &&
	    w6_iaid(&w, 2) - w6_iaid(&w, 0) < DHCP6_IAS_MAX);
	ATF_CHECK_EQ(1, w.d.lease.nprefixes);
}

TEST(dhcp6_changed_hint_releases_first,
    "D6-17, D6-40: another hint: Release of what there is, then Solicit with "
    "the hint for the same IA")
{
	const uint8_t *o;
	uint32_t one, two;

	(void)tc;
	bind_two(56, 60);
	one = w6_iaid(&w, 1);
	two = w6_iaid(&w, 2);
	w.conf.prefixes[0].hint_len = 48;
	reload();
	ATF_REQUIRE_EQ(1, w.delegated.nprefixes);
	ATF_CHECK(same6(&w.delegated.prefixes[0].prefix, "2001:db8:200::"));
	ATF_CHECK_EQ(0, w.nsent);
	w6_advance(&w, 1000);
	ATF_REQUIRE_EQ(1, w.nsent);
	ATF_REQUIRE_EQ(DHCP6_RELEASE, w6_newest(&w)->type);
	ATF_CHECK_EQ(one, sent_iaid(0));
	ATF_CHECK_EQ(0, sent_iaid(1));
	w6_answer(&w, &p, DHCP6_REPLY);
	w6_receive(&w, &p);
	w6_advance(&w, 1);
	ATF_REQUIRE_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
	ATF_CHECK_EQ(one, sent_iaid(0));
	ATF_CHECK_EQ(0, sent_iaid(1));
	o = s6_opt(w6_newest(&w), 25, 0, NULL);
	ATF_CHECK_EQ(48, o[12 + 4 + 8]);
	w6_grant(&w, DHCP6_ADVERTISE, 1000, 2000);
	w6_grant(&w, DHCP6_REPLY, 1000, 2000);
	ATF_CHECK_EQ(2, w.delegated.nprefixes);
	ATF_CHECK_EQ(two, w6_iaid(&w, 2));
}

static void
enter(const char *id)
{
	memset(w.iface.network_id, 0, sizeof(w.iface.network_id));
	w.iface.network_id_len = (uint8_t)strlen(id);
	memcpy(w.iface.network_id, id, strlen(id));
	dhcp6_interface(&w.d, &w.iface, w.now);
	dhcp6_configured(&w.d, w.config.serial, 0, w.now);
	w6_advance(&w, 1);
}

TEST(dhcp6_other_ssid_is_another_network,
    "Y-24, D6-15: nothing of one network is asked about in another; the "
    "lease of the one come back to is")
{
	struct dhcp6_lease home;

	(void)tc;
	w6_init(&w);
	memcpy(w.iface.network_id, "home", 4);
	w.iface.network_id_len = 4;
	w.conf.nprefixes = 1;
	w6_bind(&w, 1000, 2000);
	home = w.stored;
	ATF_REQUIRE_EQ(4, home.network_id_len);
	w.nforget = 0;
	enter("work");
	ATF_CHECK_EQ(DHCP6_SOLICIT, w6_newest(&w)->type);
	ATF_CHECK_EQ(0, w6_count(&w, DHCP6_REBIND));
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK_EQ(0, w.delegated.nprefixes);
	ATF_CHECK_EQ(0, w.nforget);
	w6_grant(&w, DHCP6_ADVERTISE, 1000, 2000);
	w6_grant(&w, DHCP6_REPLY, 1000, 2000);
	ATF_REQUIRE_EQ(D6_BOUND, w.d.state);
	ATF_CHECK_EQ(0, memcmp(w.stored.network_id, "work", 4));
	/* Back, with the file of there, which is 500 s old. */
	w.nsent = 0;
	home.addrs[0].addr = ip6("2001:db8::77");
	dhcp6_stored(&w.d, &home, 500, w.now);
	enter("home");
	ATF_REQUIRE_EQ(1, w.nsent);
	ATF_CHECK_EQ(DHCP6_REBIND, w6_newest(&w)->type);
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK(same6(&w.d.lease.addrs[0].addr, "2001:db8::77"));
	ATF_CHECK_EQ(w.now - 1 + 1500000, w.d.addr_ends[0].valid);
	/* Out of reach for a moment: that is the same network still. */
	enter("");
	enter("home");
	ATF_CHECK(same6(&w.d.lease.addrs[0].addr, "2001:db8::77"));
}

TEST(dhcp6_vendor_class_and_its_enterprise_number,
    "D6-04: that of a DUID-EN; 0, which is nobody's, without one")
{
	static const uint8_t duid_en[] = { 0, 2, 0, 0, 0x7e, 0xd9, 1, 2 };
	const uint8_t *o;
	size_t len;

	(void)tc;
	w6_init(&w);
	strlcpy(w.conf.vendor_class, "box", sizeof(w.conf.vendor_class));
	w6_start(&w);
	o = s6_opt(w6_newest(&w), 16, 0, &len);
	ATF_REQUIRE(o != NULL && len == 9);
	ATF_CHECK_EQ(0, memcmp(o, "\0\0\0\0\0\3box", 9));
	dhcp6_configure(&w.d, &w.conf, duid_en, sizeof(duid_en), w.now);
	w6_advance(&w, 1);
	o = s6_opt(w6_newest(&w), 16, 0, &len);
	ATF_REQUIRE(o != NULL && len == 9);
	ATF_CHECK_EQ(0, memcmp(o, "\0\0\x7e\xd9\0\3box", 9));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, dhcp6_reconfigure_renews);
	ATF_TP_ADD_TC(tp, dhcp6_reconfigure_is_followed_once);
	ATF_TP_ADD_TC(tp, dhcp6_reconfigure_replayed_or_forged);
	ATF_TP_ADD_TC(tp, dhcp6_reconfigure_no);
	ATF_TP_ADD_TC(tp, dhcp6_reconfigure_is_heard_on_leased_addresses);
	ATF_TP_ADD_TC(tp, dhcp6_anonymous_says_little);
	ATF_TP_ADD_TC(tp, dhcp6_anonymous_forgets_networks);
	ATF_TP_ADD_TC(tp, dhcp6_sockets_are_waited_for);
	ATF_TP_ADD_TC(tp, dhcp6_filtered_is_said_once);
	ATF_TP_ADD_TC(tp, dhcp6_reload);
	ATF_TP_ADD_TC(tp, dhcp6_resume_counts_sleep);
	ATF_TP_ADD_TC(tp, dhcp6_status_counts_down);
	ATF_TP_ADD_TC(tp, dhcp6_renew_command_sends_at_once);
	ATF_TP_ADD_TC(tp, dhcp6_waits_for_its_sockets);
	ATF_TP_ADD_TC(tp, dhcp6_prefixes_follow_their_statements);
	ATF_TP_ADD_TC(tp, dhcp6_equal_hints_are_told_by_what_they_assign);
	ATF_TP_ADD_TC(tp, dhcp6_moved_iaid_is_kept_on_disk);
	ATF_TP_ADD_TC(tp, dhcp6_changed_hint_releases_first);
	ATF_TP_ADD_TC(tp, dhcp6_other_ssid_is_another_network);
	ATF_TP_ADD_TC(tp, dhcp6_vendor_class_and_its_enterprise_number);
	return atf_no_error();
}

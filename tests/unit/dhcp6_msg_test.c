/* SPDX-License-Identifier: ISC */
/* The DHCPv6 decoder, and what prints a message. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "packet6.h"
#include "proto/dhcp6_msg.h"
#include "test.h"

static struct packet6 p;
static struct dhcp6_msg m;

static enum dhcp6_error
parse(void)
{
	uint8_t *exact = malloc(p.len); /* ASan sees a byte too far */
	enum dhcp6_error e;

	ATF_REQUIRE(exact != NULL);
	memcpy(exact, p.bytes, p.len);
	e = dhcp6_msg_parse(exact, p.len, NULL, NULL, &m);
	free(exact);
	return e;
}

static void
reply(void)
{
	p6_begin(&p, DHCP6_REPLY, 0x123456);
	p6_ids(&p);
}

static void
reply_with_everything(void)
{
	static const uint8_t ntp_fqdn[] = { 0, 3, 0, 9, 3, 'n', 't', 'p', 3,
		'o', 'r', 'g', 0 };

	reply();
	p6_open_ia(&p, 3, 7, 100, 200);
	p6_open_addr(&p, "2001:db8::10", 300, 400);
	p6_close(&p);
	p6_close(&p);
	p6_ia_pd(&p, 8, "2001:db8:100::", 48, 500, 600);
	p6_opt(&p, 7, "\x20", 1);
	p6_opt(&p, 14, "", 0);
	p6_open(&p, 23);
	p6_addr(&p, "2001:db8::53");
	p6_addr(&p, "fe80::53");
	p6_close(&p);
	p6_opt(&p, 24, "\3lan\4home\0\3net\0", 15);
	p6_open(&p, 31);
	p6_addr(&p, "2001:db8::123");
	p6_close(&p);
	p6_opt(&p, 56, ntp_fqdn, sizeof(ntp_fqdn));
	p6_opt(&p, 32, "\0\0\x0e\x10", 4);
	p6_opt(&p, 64, "\4aftr\3isp\0", 10);
	p6_opt(&p, 82, "\0\0\0\x78", 4);
	p6_opt(&p, 83, "\0\0\0\xf0", 4);
	p6_opt(&p, 103, "https://portal.example/", 23);
	p6_opt(&p, 148, "", 0);
}

TEST(dhcp6_reply_with_everything_is_decoded,
    "D6-04, D6-47: every option of a Reply arrives in the struct")
{
	(void)tc;
	reply_with_everything();
	ATF_REQUIRE_EQ(DHCP6_OK, parse());
	ATF_CHECK_EQ(0x123456, m.xid);
	ATF_CHECK_EQ(3, m.ias);
	ATF_CHECK_EQ(CLIENT_DUID_LEN, m.client_id_len);
	ATF_CHECK_EQ(SERVER_DUID_LEN, m.server.duid_len);
	ATF_CHECK_EQ(32, m.server.preference);
	ATF_CHECK_EQ(7, m.lease.ias[0].iaid);
	ATF_CHECK_EQ(100, m.lease.ias[0].t1_sec);
	ATF_CHECK_EQ(200, m.lease.ias[0].t2_sec);
	ATF_REQUIRE_EQ(1, m.lease.naddrs);
	ATF_CHECK(same6(&m.lease.addrs[0].addr, "2001:db8::10"));
	ATF_CHECK_EQ(300, m.lease.addrs[0].preferred_sec);
	ATF_CHECK_EQ(400, m.lease.addrs[0].valid_sec);
	ATF_REQUIRE_EQ(1, m.lease.nprefixes);
	ATF_CHECK(same6(&m.lease.prefixes[0].prefix, "2001:db8:100::"));
	ATF_CHECK_EQ(48, m.lease.prefixes[0].prefixlen);
	ATF_CHECK_EQ(1, m.lease.prefixes[0].ia);
	ATF_CHECK_EQ(500, m.lease.prefixes[0].preferred_sec);
	ATF_CHECK_EQ(600, m.lease.prefixes[0].valid_sec);
	ATF_CHECK_EQ(2, m.lease.dns.nservers);
	ATF_CHECK_EQ(1, m.lease.dns.servers[1].link_local);
	ATF_REQUIRE_EQ(2, m.lease.dns.nsearch);
	ATF_CHECK_STREQ("lan.home", m.lease.dns.search[0]);
	ATF_CHECK_STREQ("net", m.lease.dns.search[1]);
	ATF_CHECK_EQ(1, m.lease.nntp);
	ATF_CHECK_STREQ("ntp.org", m.lease.ntp_name);
	ATF_CHECK_EQ(3600, m.lease.refresh_sec);
	ATF_CHECK_STREQ("aftr.isp", m.lease.aftr);
	ATF_CHECK_EQ(120, m.lease.sol_max_rt);
	ATF_CHECK_EQ(240, m.lease.inf_max_rt);
	ATF_CHECK_STREQ("https://portal.example/", m.lease.captive_portal);
	ATF_CHECK_EQ(1, m.lease.registration);
	ATF_CHECK(m.present & HAVE6_RAPID_COMMIT);
	ATF_CHECK_EQ(0, m.ignored);
}

TEST(dhcp6_only_messages_for_clients, "D6-30: other types and relays drop")
{
	unsigned int type;

	(void)tc;
	for (type = 0; type < 256; type++) {
		p6_begin(&p, (uint8_t)type, 1);
		p6_ids(&p);
		ATF_CHECK_EQ(type == 2 || type == 7 || type == 10 || type == 37
			? DHCP6_OK
			: DHCP6_E_TYPE,
		    parse());
	}
}

TEST(dhcp6_exactly_one_server_id, "D6-30: none and two are dropped")
{
	(void)tc;
	p6_begin(&p, DHCP6_REPLY, 1);
	p6_opt(&p, 1, CLIENT_DUID, CLIENT_DUID_LEN);
	ATF_CHECK_EQ(DHCP6_E_SERVER_ID, parse());
	p6_opt(&p, 2, SERVER_DUID, SERVER_DUID_LEN);
	ATF_CHECK_EQ(DHCP6_OK, parse());
	p6_opt(&p, 2, SERVER_DUID, SERVER_DUID_LEN);
	ATF_CHECK_EQ(DHCP6_E_SERVER_ID, parse());
}

TEST(dhcp6_two_client_ids_are_dropped, "D6-30: Client id at most once")
{
	(void)tc;
	reply();
	p6_opt(&p, 1, CLIENT_DUID, CLIENT_DUID_LEN);
	ATF_CHECK_EQ(DHCP6_E_CLIENT_ID, parse());
}

TEST(dhcp6_duid_lengths, "D6-30: 3 to 130 bytes (RFC 9915 11.1)")
{
	static const uint8_t zeros[140];
	size_t n;

	(void)tc;
	for (n = 0; n < sizeof(zeros); n++) {
		p6_begin(&p, DHCP6_REPLY, 1);
		p6_opt(&p, 2, zeros, n);
		ATF_CHECK_EQ(
		    n >= 3 && n <= 130 ? DHCP6_OK : DHCP6_E_OPTIONS, parse());
	}
}

/* A Reply with every kind of nesting. */
static void
nested(void)
{
	reply();
	p6_open_ia(&p, 3, 7, 0, 0);
	p6_open_addr(&p, "2001:db8::10", 300, 400);
	p6_status(&p, 0, "ok");
	p6_close(&p);
	p6_status(&p, 0, "ok");
	p6_close(&p);
	p6_open_ia(&p, 25, 8, 0, 0);
	p6_open_prefix(&p, "2001:db8:100::", 48, 500, 600);
	p6_opt(&p, 67, "\x38\x07", 2);
	p6_close(&p);
	p6_close(&p);
}

TEST(dhcp6_nested_options_stay_inside,
    "D6-30: a length changed by one at any level is seen")
{
	size_t i, cut, ok = 0;
	struct packet6 good;

	(void)tc;
	nested();
	ATF_REQUIRE_EQ(DHCP6_OK, parse());
	good = p;
	/* cut at every length: never a byte too far */
	for (cut = 0; cut < good.len; cut++) {
		p = good;
		p.len = cut;
		ok += parse() == DHCP6_OK;
	}
	/* Whole options at the end are the only things that can go. */
	ATF_CHECK_EQ(2, ok);
	/* Any byte, any value that lengths are attacked with. */
	for (i = 0; i < good.len; i++) {
		p = good;
		p.bytes[i] = 0xff;
		(void)parse();
		p.bytes[i] = 0;
		(void)parse();
	}
	/* The inner status, one byte longer than its address. */
	p = good;
	for (i = 4; i + 4 < p.len; i++)
		if (memcmp(p.bytes + i, "\0\x0d\0\4", 4) == 0)
			break;
	p.bytes[i + 3] = 5;
	ATF_CHECK_EQ(DHCP6_E_OPTIONS, parse());
}

TEST(dhcp6_containers_shorter_than_their_head,
    "D6-30: IA below 12, address below 24, prefix below 25 bytes")
{
	static const uint8_t zeros[32];
	size_t n;

	(void)tc;
	for (n = 0; n < 12; n++) {
		reply();
		p6_opt(&p, 3, zeros, n);
		ATF_CHECK_EQ(DHCP6_E_OPTIONS, parse());
		reply();
		p6_opt(&p, 25, zeros, n);
		ATF_CHECK_EQ(DHCP6_E_OPTIONS, parse());
	}
	for (n = 0; n < 25; n++) {
		reply();
		p6_open_ia(&p, 25, 1, 0, 0);
		p6_opt(&p, 26, zeros, n);
		p6_close(&p);
		ATF_CHECK_EQ(DHCP6_E_OPTIONS, parse());
		reply();
		p6_open_ia(&p, 3, 1, 0, 0);
		p6_opt(&p, 5, zeros, n);
		p6_close(&p);
		ATF_CHECK_EQ(n < 24 ? DHCP6_E_OPTIONS : DHCP6_OK, parse());
	}
}

TEST(dhcp6_times_that_make_no_sense,
    "D6-14: T1 > T2 drops the IA, preferred > valid the address")
{
	(void)tc;
	reply();
	p6_open_ia(&p, 3, 7, 201, 200);
	p6_open_addr(&p, "2001:db8::10", 300, 400);
	p6_close(&p);
	p6_close(&p);
	ATF_REQUIRE_EQ(DHCP6_OK, parse());
	ATF_CHECK_EQ(0, m.ias);
	ATF_CHECK_EQ(0, m.lease.naddrs);
	reply();
	p6_open_ia(&p, 3, 7, 201, 0);
	p6_open_addr(&p, "2001:db8::10", 401, 400);
	p6_close(&p);
	p6_open_addr(&p, "2001:db8::11", 400, 400);
	p6_close(&p);
	p6_close(&p);
	ATF_REQUIRE_EQ(DHCP6_OK, parse());
	ATF_CHECK_EQ(1, m.ias);
	ATF_REQUIRE_EQ(1, m.lease.naddrs);
	ATF_CHECK(same6(&m.lease.addrs[0].addr, "2001:db8::11"));
}

TEST(dhcp6_at_most_eight_of_each,
    "D6-03: the ninth address and prefix are counted, not taken")
{
	char text[64];
	unsigned int i;

	(void)tc;
	reply();
	p6_open_ia(&p, 3, 7, 0, 0);
	for (i = 0; i < 12; i++) {
		snprintf(text, sizeof(text), "2001:db8::%x", i + 1);
		p6_open_addr(&p, text, 300, 400);
		p6_close(&p);
	}
	p6_close(&p);
	p6_open_ia(&p, 25, 7, 0, 0);
	for (i = 0; i < 12; i++) {
		snprintf(text, sizeof(text), "2001:db8:%x::", i + 1);
		p6_open_prefix(&p, text, 48, 300, 400);
		p6_close(&p);
	}
	p6_close(&p);
	ATF_REQUIRE_EQ(DHCP6_OK, parse());
	ATF_CHECK_EQ(8, m.lease.naddrs);
	ATF_CHECK_EQ(8, m.lease.nprefixes);
	ATF_CHECK_EQ(8, m.excess);
}

TEST(dhcp6_addresses_nobody_may_have,
    "D6-30: multicast, link-local, ::, ::1, v4-mapped and length > 128")
{
	static const char *const bad[] = { "::", "::1", "ff02::1", "fe80::1",
		"::ffff:192.0.2.1" };
	size_t i;

	(void)tc;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		reply();
		p6_ia_na(&p, 7, bad[i], 1, 2);
		p6_ia_pd(&p, 7, bad[i], 128, 1, 2);
		ATF_REQUIRE_EQ(DHCP6_OK, parse());
		ATF_CHECK_EQ(0, m.lease.naddrs);
		ATF_CHECK_EQ(0, m.lease.nprefixes);
	}
	reply();
	p6_ia_pd(&p, 7, "2001:db8::", 129, 1, 2);
	p6_ia_pd(&p, 8, "2001:db8::", 0, 1, 2);
	p6_ia_pd(&p, 9, "2001:db8::1", 64, 1, 2); /* host bits go */
	ATF_REQUIRE_EQ(DHCP6_OK, parse());
	ATF_REQUIRE_EQ(1, m.lease.nprefixes);
	ATF_CHECK(same6(&m.lease.prefixes[0].prefix, "2001:db8::"));
	/* most of IPv6, what is not for hosts included */
	reply();
	p6_ia_pd(&p, 7, "ff02::", 1, 1, 2);
	p6_ia_pd(&p, 8, "fe80::", 8, 1, 2);
	p6_ia_pd(&p, 9, "2000::", 15, 1, 2);
	ATF_REQUIRE_EQ(DHCP6_OK, parse());
	ATF_CHECK_EQ(0, m.lease.nprefixes);
	reply();
	p6_ia_pd(&p, 7, "2001::", 16, 1, 2);
	ATF_REQUIRE_EQ(DHCP6_OK, parse());
	ATF_CHECK_EQ(1, m.lease.nprefixes);
}

static int
exclude(const char *prefix, unsigned int len, const void *opt, size_t n)
{
	reply();
	p6_open_ia(&p, 25, 8, 0, 0);
	p6_open_prefix(&p, prefix, len, 500, 600);
	p6_opt(&p, 67, opt, n);
	p6_close(&p);
	p6_close(&p);
	ATF_REQUIRE_EQ(DHCP6_OK, parse());
	ATF_REQUIRE_EQ(1, m.lease.nprefixes);
	return m.lease.prefixes[0].exclude_len;
}

TEST(dhcp6_prefix_exclude, "D6-43: RFC 6603 4.2, every length")
{
	static const uint8_t ff[18] = { [0 ... 17] = 0xff };
	uint8_t opt[20];
	unsigned int from, to;
	size_t n;

	(void)tc;
	ATF_CHECK_EQ(64, exclude("2001:db8::", 48, "\x40\xab\xcd", 3));
	ATF_CHECK(same6(&m.lease.prefixes[0].exclude, "2001:db8:0:abcd::"));
	/* left-aligned behind a length that is no multiple of 8 */
	ATF_CHECK_EQ(64, exclude("2001:db8::", 60, "\x40\xf0", 2));
	ATF_CHECK(same6(&m.lease.prefixes[0].exclude, "2001:db8:0:f::"));
	ATF_CHECK_EQ(0, exclude("2001:db8::", 64, "\x40\0", 2));
	ATF_CHECK_EQ(0, exclude("2001:db8::", 64, "\x3f\0", 2));
	ATF_CHECK_EQ(0, exclude("2001:db8::", 48, "\x40\xab", 2));
	ATF_CHECK_EQ(0, exclude("2001:db8::", 48, "\x40\xab\xcd\0", 4));
	ATF_CHECK_EQ(0, exclude("2001:db8::", 48, "\x81\xab", 2));
	ATF_CHECK_EQ(0, exclude("2001:db8::", 48, "", 0));
	for (from = 16; from < 128; from++)
		for (to = 0; to < 256; to++)
			for (n = 0; n < 17; n++) {
				opt[0] = (uint8_t)to;
				memcpy(opt + 1, ff, n);
				ATF_CHECK_EQ(to > from && to <= 128 &&
					    n == (to - from - 1) / 8 + 1
					? (int)to
					: 0,
				    exclude("2001::", from, opt, n + 1));
			}
}

TEST(dhcp6_status_codes_at_every_level,
    "D6-18: message, IA, address and inside an IA Prefix")
{
	(void)tc;
	reply();
	p6_status(&p, 1, "no\nnews\x1b[2J");
	p6_open_ia(&p, 3, 7, 0, 0);
	p6_open_addr(&p, "2001:db8::10", 300, 400);
	p6_status(&p, 4, "");
	p6_close(&p);
	p6_status(&p, 3, "");
	p6_close(&p);
	p6_open_ia(&p, 25, 8, 0, 0);
	p6_open_prefix(&p, "2001:db8:1::", 48, 300, 400);
	p6_status(&p, 6, "");
	p6_close(&p);
	p6_close(&p);
	p6_open_ia(&p, 25, 9, 0, 0);
	p6_open_prefix(&p, "::", 0, 0, 0);
	p6_status(&p, 6, "");
	p6_close(&p);
	p6_close(&p);
	ATF_REQUIRE_EQ(DHCP6_OK, parse());
	ATF_CHECK_EQ(DHCP6_UNSPEC_FAIL, m.lease.status);
	ATF_CHECK_EQ(DHCP6_NO_BINDING, m.lease.ias[0].status);
	ATF_CHECK_EQ(DHCP6_NOT_ON_LINK, m.lease.addrs[0].status);
	ATF_CHECK_EQ(DHCP6_NO_PREFIX_AVAIL, m.lease.prefixes[0].status);
	ATF_CHECK_EQ(DHCP6_SUCCESS, m.lease.ias[1].status);
	ATF_CHECK_EQ(DHCP6_NO_PREFIX_AVAIL, m.lease.ias[2].status);
	reply();
	p6_status(&p, 5, "");
	ATF_REQUIRE_EQ(DHCP6_OK, parse());
	ATF_CHECK_EQ(DHCP6_UNSPEC_FAIL, m.lease.status);
	reply();
	p6_status(&p, 4711, "");
	ATF_REQUIRE_EQ(DHCP6_OK, parse());
	ATF_CHECK_EQ(DHCP6_UNSPEC_FAIL, m.lease.status);
	reply();
	p6_status(&p, 1, "no\nnews\x1b[2J\xff");
	ATF_REQUIRE_EQ(DHCP6_OK, parse());
	ATF_CHECK_STREQ("no?news?[2J?", m.message);
	reply();
	p6_opt(&p, 13, "\0", 1);
	ATF_CHECK_EQ(DHCP6_E_OPTIONS, parse());
}

TEST(dhcp6_max_rt_range, "D6-19: 60 to 86400, refresh at least 600")
{
	static const struct {
		uint32_t v, want;
	} t[] = { { 0, 0 }, { 59, 0 }, { 60, 60 }, { 86400, 86400 },
		{ 86401, 0 }, { 0xffffffff, 0 } };
	size_t i;

	(void)tc;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		reply();
		p6_open(&p, 82);
		p6_u32(&p, t[i].v);
		p6_close(&p);
		p6_open(&p, 83);
		p6_u32(&p, t[i].v);
		p6_close(&p);
		ATF_REQUIRE_EQ(DHCP6_OK, parse());
		ATF_CHECK_EQ(t[i].want, m.lease.sol_max_rt);
		ATF_CHECK_EQ(t[i].want, m.lease.inf_max_rt);
	}
	reply();
	p6_opt(&p, 32, "\0\0\0\1", 4);
	ATF_REQUIRE_EQ(DHCP6_OK, parse());
	ATF_CHECK_EQ(600, m.lease.refresh_sec);
}

TEST(dhcp6_name_servers_are_unicast, "D6-32: no multicast, ::, ::1")
{
	(void)tc;
	reply();
	p6_open(&p, 23);
	p6_addr(&p, "ff02::fb");
	p6_addr(&p, "::");
	p6_addr(&p, "::1");
	p6_addr(&p, "::ffff:127.0.0.1");
	p6_addr(&p, "2001:db8::53");
	p6_close(&p);
	ATF_REQUIRE_EQ(DHCP6_OK, parse());
	ATF_REQUIRE_EQ(1, m.lease.dns.nservers);
	ATF_CHECK_EQ(4, m.ignored);
	reply();
	p6_opt(&p, 23, "0123456789abcde", 15);
	ATF_REQUIRE_EQ(DHCP6_OK, parse());
	ATF_CHECK_EQ(0, m.lease.dns.nservers);
	ATF_CHECK_EQ(1, m.ignored);
}

TEST(dhcp6_domain_list_has_no_pointers,
    "D6-32: RFC 1035 without compression; no foreign bytes")
{
	(void)tc;
	reply();
	p6_opt(&p, 24, "\3lan\0\xc0\0", 7);
	ATF_REQUIRE_EQ(DHCP6_OK, parse());
	ATF_CHECK_EQ(1, m.ignored);
	reply();
	p6_opt(&p, 24, "\5a b'c\0\3lan\0", 12);
	ATF_REQUIRE_EQ(DHCP6_OK, parse());
	ATF_CHECK_EQ(1, m.names_ignored);
	ATF_REQUIRE_EQ(1, m.lease.dns.nsearch);
	ATF_CHECK_STREQ("lan", m.lease.dns.search[0]);
}

TEST(dhcp6_softwires_and_resolvers_are_validated,
    "D6-47: AFTR, MAP, captive portal and encrypted DNS")
{
	static const uint8_t rule[] = { 0, 89, 0, 14, 0, 16, 24, 192, 0, 2, 0,
		40, 0x20, 1, 0x0d, 0xb8, 1, 0, 0, 0 };
	static const uint8_t map[] = { 0, 89, 0, 12, 0, 16, 24, 192, 0, 2, 0,
		32, 0x20, 1, 0x0d, 0xb8 };
	static const uint8_t dnr[] = { 0, 1, 0, 5, 3, 'd', 'n', 's', 0, 0, 16,
		0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x53, 0,
		1, 0, 3, 2, 'h', '2' };

	(void)tc;
	reply();
	p6_opt(&p, 94, map, sizeof(map));
	p6_opt(&p, 144, dnr, sizeof(dnr));
	p6_opt(&p, 144, dnr, 9); /* ADN-only */
	ATF_REQUIRE_EQ(DHCP6_OK, parse());
	ATF_CHECK_EQ(sizeof(map) + 4, m.lease.s46_len);
	ATF_CHECK_EQ(sizeof(dnr) + 2 + 9 + 2, m.lease.dnr_len);
	ATF_CHECK_EQ(0, m.ignored);
	reply();
	p6_opt(&p, 94, rule, sizeof(rule)); /* a prefix too short */
	p6_opt(&p, 144, dnr, sizeof(dnr) - 1);
	p6_opt(&p, 144, dnr, 8);
	p6_opt(&p, 64, "\3two\0\4name\0", 11);
	p6_opt(&p, 64, "\xc0\0", 2);
	p6_opt(&p, 103, "javascript:alert(1)", 19);
	p6_opt(&p, 103, "http://a/\n", 10);
	ATF_REQUIRE_EQ(DHCP6_OK, parse());
	ATF_CHECK_EQ(7, m.ignored);
	ATF_CHECK_EQ(0, m.lease.s46_len);
	ATF_CHECK_EQ(0, m.lease.dnr_len);
	ATF_CHECK_STREQ("", m.lease.aftr);
	ATF_CHECK_STREQ("", m.lease.captive_portal);
}

TEST(dhcp6_only_the_rkap_is_read,
    "D6-20: protocol 3, algorithm 1, RDM 0, 16 bytes; two are none")
{
	static const uint8_t good[] = { 3, 1, 0, 0, 0, 0, 0, 0, 0, 1, 2, 2, 1,
		2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 };
	uint8_t bad[sizeof(good)];
	static const size_t where[] = { 0, 1, 2, 11 };
	size_t i;

	(void)tc;
	reply();
	p6_opt(&p, 11, good, sizeof(good));
	ATF_REQUIRE_EQ(DHCP6_OK, parse());
	ATF_CHECK_EQ(AUTH_RKAP_HMAC, m.auth.type);
	ATF_CHECK_EQ(0x102, m.auth.replay);
	ATF_CHECK_EQ(p.len - 16, m.auth.value_off);
	p6_opt(&p, 11, good, sizeof(good));
	ATF_REQUIRE_EQ(DHCP6_OK, parse());
	ATF_CHECK_EQ(0, m.auth.type);
	for (i = 0; i < 4; i++) {
		memcpy(bad, good, sizeof(good));
		bad[where[i]] = 9;
		reply();
		p6_opt(&p, 11, bad, sizeof(bad));
		ATF_REQUIRE_EQ(DHCP6_OK, parse());
		ATF_CHECK_EQ(0, m.auth.type);
	}
	reply();
	p6_opt(&p, 11, good, sizeof(good) - 1);
	ATF_REQUIRE_EQ(DHCP6_OK, parse());
	ATF_CHECK_EQ(0, m.auth.type);
}

TEST(dhcp6_ignored_options_are_absent, "D6-04: dhcp6 ignore")
{
	struct conf_options conf = { .nignore = 1, .ignore = { 23 } };

	(void)tc;
	reply();
	p6_open(&p, 23);
	p6_addr(&p, "2001:db8::53");
	p6_close(&p);
	ATF_REQUIRE_EQ(
	    DHCP6_OK, dhcp6_msg_parse(p.bytes, p.len, NULL, &conf, &m));
	ATF_CHECK_EQ(0, m.lease.dns.nservers);
}

TEST(dhcp6_foreign_ias_are_passed_over, "D6-03: only our iaids are taken")
{
	static struct dhcp6_lease ours;

	(void)tc;
	ours.ias[0].state = IA_WANTED;
	ours.ias[0].iaid = 7;
	ours.ias[2].state = IA_WANTED;
	ours.ias[2].iaid = 9;
	reply();
	p6_ia_na(&p, 6, "2001:db8::6", 1, 2);
	p6_ia_na(&p, 7, "2001:db8::7", 1, 2);
	p6_ia_na(&p, 7, "2001:db8::8", 1, 2); /* the first counts */
	p6_ia_pd(&p, 8, "2001:db8:8::", 48, 1, 2);
	p6_ia_pd(&p, 9, "2001:db8:9::", 48, 1, 2);
	ATF_REQUIRE_EQ(
	    DHCP6_OK, dhcp6_msg_parse(p.bytes, p.len, &ours, NULL, &m));
	ATF_CHECK_EQ(5, m.ias);
	ATF_REQUIRE_EQ(1, m.lease.naddrs);
	ATF_CHECK(same6(&m.lease.addrs[0].addr, "2001:db8::7"));
	ATF_REQUIRE_EQ(1, m.lease.nprefixes);
	ATF_CHECK_EQ(2, m.lease.prefixes[0].ia);
}

TEST(dhcp6_long_messages_are_dropped, "D6-31: longer than the buffer")
{
	static uint8_t big[DHCP6_RECV_MAX + 1] = { 7 };

	(void)tc;
	ATF_CHECK_EQ(
	    DHCP6_E_LENGTH, dhcp6_msg_parse(big, sizeof(big), NULL, NULL, &m));
	ATF_CHECK_EQ(DHCP6_E_LENGTH, dhcp6_msg_parse(big, 3, NULL, NULL, &m));
}

TEST(dhcp6_print_is_printable, "D6-18: a debug line never has raw bytes")
{
	char line[512];
	size_t i, cut;

	(void)tc;
	nested();
	dhcp6_msg_print(p.bytes, p.len, line, sizeof(line));
	ATF_CHECK_STREQ("Reply xid 123456 client-id server-id ia-na 7 "
			"(address 2001:db8::10 300/400 s) ((status 0)) "
			"(status 0) ia-pd 8 "
			"(prefix 2001:db8:100::/48 500/600 s) ((exclude))",
	    line);
	for (cut = 0; cut < p.len; cut++)
		for (i = 0; i < sizeof(line); i += 7)
			dhcp6_msg_print(p.bytes, cut, line, i);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, dhcp6_reply_with_everything_is_decoded);
	ATF_TP_ADD_TC(tp, dhcp6_only_messages_for_clients);
	ATF_TP_ADD_TC(tp, dhcp6_exactly_one_server_id);
	ATF_TP_ADD_TC(tp, dhcp6_two_client_ids_are_dropped);
	ATF_TP_ADD_TC(tp, dhcp6_duid_lengths);
	ATF_TP_ADD_TC(tp, dhcp6_nested_options_stay_inside);
	ATF_TP_ADD_TC(tp, dhcp6_containers_shorter_than_their_head);
	ATF_TP_ADD_TC(tp, dhcp6_times_that_make_no_sense);
	ATF_TP_ADD_TC(tp, dhcp6_at_most_eight_of_each);
	ATF_TP_ADD_TC(tp, dhcp6_addresses_nobody_may_have);
	ATF_TP_ADD_TC(tp, dhcp6_prefix_exclude);
	ATF_TP_ADD_TC(tp, dhcp6_status_codes_at_every_level);
	ATF_TP_ADD_TC(tp, dhcp6_max_rt_range);
	ATF_TP_ADD_TC(tp, dhcp6_name_servers_are_unicast);
	ATF_TP_ADD_TC(tp, dhcp6_domain_list_has_no_pointers);
	ATF_TP_ADD_TC(tp, dhcp6_softwires_and_resolvers_are_validated);
	ATF_TP_ADD_TC(tp, dhcp6_only_the_rkap_is_read);
	ATF_TP_ADD_TC(tp, dhcp6_ignored_options_are_absent);
	ATF_TP_ADD_TC(tp, dhcp6_foreign_ias_are_passed_over);
	ATF_TP_ADD_TC(tp, dhcp6_long_messages_are_dropped);
	ATF_TP_ADD_TC(tp, dhcp6_print_is_printable);
	return atf_no_error();
}

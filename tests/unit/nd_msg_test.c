/* SPDX-License-Identifier: ISC */
/*
 * The neighbour discovery codec: what is taken, what is left out, what drops
 * a packet; and real packets, whole, cut and changed (CORPUS names them).
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proto/inet6.h"
#include "proto/nd_msg.h"
#include "ra_builder.h"
#include "corpus.h"
#include "test.h"

#define PACKETS_MIN 50 /* less than that is not the corpus */

static struct recv6
meta_of(const char *src, uint32_t hop_limit)
{
	struct recv6 meta;

	memset(&meta, 0, sizeof(meta));
	meta.src = ip6(src);
	meta.hop_limit = hop_limit;
	return meta;
}

/* On the heap, so that a sanitizer sees every byte read too far. */
static enum nd_error
parse_bytes(const uint8_t *p, size_t len, struct nd_ra *out)
{
	struct recv6 meta = meta_of("fe80::1", 255);
	uint8_t *copy = malloc(len + (len == 0));
	enum nd_error error;
	char line[300];
	size_t i;

	ATF_REQUIRE(copy != NULL);
	memcpy(copy, p, len);
	error = nd_ra_parse(copy, len, &meta, out);
	free(copy);
	if (error != ND_OK)
		return error;
	nd_ra_print(out, &meta.src, line, sizeof(line));
	for (i = 0; line[i] != '\0'; i++)
		ATF_REQUIRE(line[i] >= 0x20 && line[i] < 0x7f);
	ATF_REQUIRE(out->nprefixes <= SLAAC_PREFIXES_MAX &&
	    out->nroutes <= SLAAC_ROUTES_MAX &&
	    out->nservers <= DNS_SERVERS_MAX &&
	    out->nsearch <= DNS_SEARCH_MAX &&
	    out->npref64 <= SLAAC_PREF64_MAX && out->ndnr <= SLAAC_DNR_MAX);
	return ND_OK;
}

static void
parse(const struct ra *ra, struct nd_ra *out)
{
	ATF_REQUIRE_EQ(parse_bytes(ra->b, ra->len, out), ND_OK);
}

static void
same(const struct in6_addr *got, const char *want)
{
	char text[INET6_ADDRSTRLEN];

	inet_ntop(AF_INET6, got, text, sizeof(text));
	ATF_CHECK_STREQ(want, text);
}

TEST(nd_ra_header_is_checked,
    "S-01: hop limit 255, link-local source, code 0, type 134, 16 bytes; "
    "each alone drops")
{
	struct recv6 meta = meta_of("fe80::1", 255);
	struct nd_ra out;
	struct ra ra;

	ra_begin(&ra, 1800, 0);
	ATF_CHECK_EQ(nd_ra_parse(ra.b, ra.len, &meta, &out), ND_OK);
	meta.hop_limit = 254;
	ATF_CHECK_EQ(nd_ra_parse(ra.b, ra.len, &meta, &out), ND_E_HOP_LIMIT);
	meta.hop_limit = 256;
	ATF_CHECK_EQ(nd_ra_parse(ra.b, ra.len, &meta, &out), ND_E_HOP_LIMIT);
	meta = meta_of("2001:db8::1", 255);
	ATF_CHECK_EQ(nd_ra_parse(ra.b, ra.len, &meta, &out), ND_E_SOURCE);
	meta = meta_of("::", 255);
	ATF_CHECK_EQ(nd_ra_parse(ra.b, ra.len, &meta, &out), ND_E_SOURCE);
	meta = meta_of("fec0::1", 255);
	ATF_CHECK_EQ(nd_ra_parse(ra.b, ra.len, &meta, &out), ND_E_SOURCE);
	ATF_CHECK_EQ(parse_bytes(ra.b, 15, &out), ND_E_SHORT);
	ATF_CHECK_EQ(parse_bytes(ra.b, 0, &out), ND_E_SHORT);
	ra.b[1] = 1;
	ATF_CHECK_EQ(parse_bytes(ra.b, ra.len, &out), ND_E_TYPE);
	ra.b[1] = 0;
	ra.b[0] = 135;
	ATF_CHECK_EQ(parse_bytes(ra.b, ra.len, &out), ND_E_TYPE);
}

TEST(nd_ra_option_lengths_are_checked,
    "S-01: an option of length zero or past the end drops the whole packet, "
    "wherever it stands")
{
	struct nd_ra out;
	struct ra ra;

	ra_begin(&ra, 1800, 0);
	ra_prefix(&ra, "2001:db8::", 64, PIO_LA, 100, 50);
	ra_option(&ra, 200, "", 0);
	ATF_CHECK_EQ(parse_bytes(ra.b, ra.len, &out), ND_OK);
	ra.b[ra.len - 7] = 0;
	ATF_CHECK_EQ(parse_bytes(ra.b, ra.len, &out), ND_E_OPTIONS);
	ra.b[ra.len - 7] = 2;
	ATF_CHECK_EQ(parse_bytes(ra.b, ra.len, &out), ND_E_OPTIONS);
	ra.b[ra.len - 7] = 1;
	ATF_CHECK_EQ(parse_bytes(ra.b, ra.len - 1, &out), ND_E_OPTIONS);
	ATF_CHECK_EQ(parse_bytes(ra.b, ra.len - 7, &out), ND_E_OPTIONS);
}

TEST(nd_ra_header_fields,
    "S-09, S-12, S-15: flags, preference with the reserved one as medium, "
    "times")
{
	static const struct {
		uint8_t flags, preference;
	} v[] = { { 0, PREFERENCE_MEDIUM }, { RA_HIGH, PREFERENCE_HIGH },
		{ RA_LOW, PREFERENCE_LOW },
		{ RA_RESERVED, PREFERENCE_MEDIUM } };
	struct nd_ra out;
	struct ra ra;
	size_t i;

	for (i = 0; i < 4; i++) {
		ra_begin(&ra, 1800, v[i].flags);
		parse(&ra, &out);
		ATF_CHECK_EQ(out.preference, v[i].preference);
	}
	ra_begin(&ra, 9000, RA_FLAG_M);
	ra_header(&ra, 32, 30000, 1000);
	parse(&ra, &out);
	ATF_CHECK(out.managed == 1 && out.other == 0);
	ATF_CHECK_EQ(out.lifetime_sec, 9000);
	ATF_CHECK_EQ(out.hop_limit, 32);
	ATF_CHECK_EQ(out.reachable_ms, 30000);
	ATF_CHECK_EQ(out.retrans_ms, 1000);
	ra_begin(&ra, 0, RA_FLAG_O);
	parse(&ra, &out);
	ATF_CHECK(out.managed == 0 && out.other == 1);
}

TEST(nd_ra_prefixes,
    "S-04, S-15: flags L, A and P apart; host bits cut; link-local, "
    "multicast, ::/0 and lengths over 128 left out")
{
	struct nd_ra out;
	struct ra ra;

	ra_begin(&ra, 0, 0);
	ra_prefix(&ra, "2001:db8:1:2:3::4", 64, PIO_L, 7200, 3600);
	ra_prefix(&ra, "2001:db8:2::", 48, PIO_A | PIO_P, INF, 0);
	ra_prefix(&ra, "2001:db8:3::5", 128, PIO_LA, 1, 2);
	parse(&ra, &out);
	ATF_REQUIRE_EQ(out.nprefixes, 3);
	same(&out.prefixes[0].prefix, "2001:db8:1:2::");
	ATF_CHECK_EQ(out.prefixes[0].flags, SLAAC_PREFIX_ONLINK);
	ATF_CHECK_EQ(out.prefixes[0].valid_sec, 7200);
	ATF_CHECK_EQ(out.prefixes[0].preferred_sec, 3600);
	ATF_CHECK_EQ(out.prefixes[1].flags,
	    SLAAC_PREFIX_AUTONOMOUS | SLAAC_PREFIX_DELEGATION);
	ATF_CHECK_EQ(out.prefixes[1].valid_sec, LIFETIME_INFINITE);
	same(&out.prefixes[2].prefix, "2001:db8:3::5");
	ATF_CHECK_EQ(out.ignored, 0);
	ra_begin(&ra, 0, 0);
	ra_prefix(&ra, "fe80::", 64, PIO_LA, 100, 50);
	ra_prefix(&ra, "ff02::", 64, PIO_LA, 100, 50);
	ra_prefix(&ra, "::", 0, PIO_LA, 100, 50);
	ra_prefix(&ra, "::", 64, PIO_LA, 100, 50);
	ra_prefix(&ra, "2001:db8::", 129, PIO_LA, 100, 50);
	ra_option(&ra, 3, "\x40\xc0\0\0\0\xff\0\0\0\xff\0\0\0", 14);
	parse(&ra, &out);
	ATF_CHECK_EQ(out.nprefixes, 0);
	ATF_CHECK_EQ(out.ignored, 6);
}

TEST(nd_ra_routes,
    "S-10: option lengths 3, 2, 1 by prefix length; reserved preference and "
    "bad prefixes left out; ::/0 stands above the header")
{
	struct nd_ra out;
	struct ra ra;

	ra_begin(&ra, 1800, RA_HIGH);
	ra_route(&ra, "2001:db8:1::", 48, RA_LOW, 600, 2);
	ra_route(&ra, "2001:db8:2::8", 125, RA_HIGH, INF, 3);
	ra_route(&ra, "2001:db8:3::", 48, 0, 60, 3);
	parse(&ra, &out);
	ATF_REQUIRE_EQ(out.nroutes, 3);
	same(&out.routes[0].dst, "2001:db8:1::");
	ATF_CHECK_EQ(out.routes[0].preference, PREFERENCE_LOW);
	ATF_CHECK_EQ(out.routes[0].lifetime_sec, 600);
	same(&out.routes[1].dst, "2001:db8:2::8");
	ATF_CHECK_EQ(out.routes[1].prefixlen, 125);
	ATF_CHECK_EQ(out.routes[1].lifetime_sec, LIFETIME_INFINITE);
	ATF_CHECK_EQ(out.routes[2].preference, PREFERENCE_MEDIUM);
	ra_begin(&ra, 1800, RA_HIGH);
	ra_route(&ra, "2001:db8:1::", 65, 0, 600, 2); /* needs 3 */
	ra_route(&ra, "2001:db8:1::", 48, 0, 600, 1); /* needs 2 */
	ra_route(&ra, "2001:db8:1::", 129, 0, 600, 3);
	ra_route(&ra, "2001:db8:1::", 48, RA_RESERVED, 600, 2);
	ra_route(&ra, "fe80::", 64, 0, 600, 2);
	ra_route(&ra, "ff00::", 8, 0, 600, 2);
	ra_route(&ra, "::", 0, RA_RESERVED, 600, 1);
	ra_route(&ra, "2001:db8:1::", 48, 0, 600, 3);
	ra.b[ra.len - 23] = 4; /* longer than the option may be */
	ra.len += 8;
	parse(&ra, &out);
	ATF_CHECK_EQ(out.nroutes, 0);
	ATF_CHECK_EQ(out.ignored, 8);
	ATF_CHECK_EQ(out.preference, PREFERENCE_HIGH);
	ATF_CHECK_EQ(out.lifetime_sec, 1800);
	ra_begin(&ra, 1800, RA_HIGH);
	ra_route(&ra, "::", 0, RA_LOW, 77777, 1);
	parse(&ra, &out);
	ATF_CHECK_EQ(out.preference, PREFERENCE_LOW);
	ATF_CHECK_EQ(out.lifetime_sec, 77777);
	ATF_CHECK_EQ(out.nroutes, 0);
}

TEST(nd_ra_name_servers_and_names,
    "S-13: RDNSS and DNSSL with their lifetimes; names validated; 8 servers "
    "and 16 names, the rest counted")
{
	struct nd_ra out;
	struct ra ra;
	int i;

	ra_begin(&ra, 0, 0);
	ra_servers(&ra, 600, "2001:db8::53 fe80::53");
	ra_servers(&ra, 0, "2001:db8::54");
	ra_servers(&ra, 600, "::1 ff02::1 ::");
	ra_search(&ra, 700, "example.org www.example.net");
	ra_search(&ra, 700, "bad$name.example good.example");
	parse(&ra, &out);
	ATF_REQUIRE_EQ(out.nservers, 3);
	same(&out.servers[1].addr, "fe80::53");
	ATF_CHECK_EQ(out.servers[1].lifetime_sec, 600);
	ATF_CHECK_EQ(out.servers[2].lifetime_sec, 0);
	ATF_CHECK_EQ(out.ignored, 3);
	ATF_REQUIRE_EQ(out.nsearch, 3);
	ATF_CHECK_STREQ(out.search[1].name, "www.example.net");
	ATF_CHECK_STREQ(out.search[2].name, "good.example");
	ATF_CHECK_EQ(out.search[2].lifetime_sec, 700);
	ATF_CHECK_EQ(out.names_ignored, 1);
	ra_begin(&ra, 0, 0);
	for (i = 0; i < 10; i++)
		ra_servers(&ra, 600, "2001:db8::53");
	for (i = 0; i < 20; i++)
		ra_search(&ra, 600, "example.org");
	parse(&ra, &out);
	ATF_CHECK_EQ(out.nservers, DNS_SERVERS_MAX);
	ATF_CHECK_EQ(out.nsearch, DNS_SEARCH_MAX);
	ATF_CHECK_EQ(out.excess, 6);
	/* a label past the option, and a compression pointer */
	ra_begin(&ra, 0, 0);
	ra_option(&ra, 31, "\0\0\0\0\0\1\x3fzzzzzzz", 14);
	ra_option(&ra, 31, "\0\0\0\0\0\1\1a\xc0\0\0\0\0\0", 14);
	parse(&ra, &out);
	ATF_CHECK_EQ(out.nsearch, 0);
	ATF_CHECK_EQ(out.names_ignored, 2);
}

TEST(nd_ra_portal_pref64_and_resolvers,
    "S-14: captive portal, PREF64 and encrypted DNS are validated")
{
	struct nd_ra out;
	struct ra ra;

	ra_begin(&ra, 0, 0);
	ra_portal(&ra, "https://portal.example/api");
	ra_pref64(&ra, "64:ff9b::", 100, 0);
	ra_pref64(&ra, "2001:db8:64:ffff::", 1, 3);
	ra_dnr(&ra, 1, 3600, "dns.example", "2001:db8::53 2001:db8::54");
	ra_dnr(&ra, 2, 60, "adn.example", "");
	parse(&ra, &out);
	ATF_CHECK_EQ(out.ignored, 0);
	ATF_CHECK_STREQ(out.portal, "https://portal.example/api");
	ATF_REQUIRE_EQ(out.npref64, 2);
	same(&out.pref64[0].prefix, "64:ff9b::");
	ATF_CHECK_EQ(out.pref64[0].prefixlen, 96);
	ATF_CHECK_EQ(out.pref64[0].left_sec, 800);
	ATF_CHECK_EQ(out.pref64[1].prefixlen, 48);
	same(&out.pref64[1].prefix, "2001:db8:64::");
	ATF_REQUIRE_EQ(out.ndnr, 2);
	ATF_CHECK_STREQ(out.dnr[0].name, "dns.example");
	ATF_CHECK_EQ(out.dnr[0].priority, 1);
	ATF_CHECK_EQ(out.dnr[0].left_sec, 3600);
	ATF_CHECK_EQ(out.dnr[0].naddrs, 2);
	same(&out.dnr[0].addrs[1], "2001:db8::54");
	ATF_CHECK_EQ(out.dnr[1].naddrs, 0);
	ra_begin(&ra, 0, 0);
	ra_portal(&ra, "https://portal.example/\x1b[2J");
	ra_portal(&ra, "javascript:alert(1)");
	ra_pref64(&ra, "64:ff9b::", 100, 6);
	ra_pref64(&ra, "fe80::", 100, 0);
	ra_dnr(&ra, 1, 3600, "b$d.example", "2001:db8::53");
	ra_dnr(&ra, 1, 3600, "dns.example", "ff02::1");
	parse(&ra, &out);
	ATF_CHECK_EQ(out.ignored, 6);
	ATF_CHECK(!out.has_portal && out.npref64 == 0 && out.ndnr == 0);
	ra_begin(&ra, 0, 0);
	ra_portal(&ra, "urn:ietf:params:capport:unrestricted");
	parse(&ra, &out);
	ATF_CHECK(out.has_portal && out.portal[0] == '\0');
}

TEST(nd_ra_resolver_lengths,
    "S-14: a length inside an encrypted DNS option that runs past it")
{
	struct nd_ra out;
	struct ra ra;
	size_t i;

	for (i = 8; i < 18; i++) {
		ra_begin(&ra, 0, 0);
		ra_dnr(&ra, 1, 3600, "dns.example", "2001:db8::53");
		ra.b[16 + i] = 0xff;
		parse(&ra, &out);
		ATF_CHECK_EQ_MSG(out.ndnr, 0, "byte %zu", i);
	}
}

TEST(nd_ra_excess_is_counted,
    "S-16: 17 prefixes and 33 routes in one packet do not overrun")
{
	struct nd_ra out;
	struct ra ra;
	int i;

	ra_begin(&ra, 0, 0);
	for (i = 0; i < 20; i++)
		ra_prefix(&ra, "2001:db8::", 64, PIO_LA, 100, 50);
	for (i = 0; i < 40; i++)
		ra_route(&ra, "2001:db8::", 48, 0, 100, 2);
	for (i = 0; i < 6; i++)
		ra_pref64(&ra, "64:ff9b::", 1, 0);
	for (i = 0; i < 4; i++)
		ra_dnr(&ra, 1, 1, "a.example", "");
	parse(&ra, &out);
	ATF_CHECK_EQ(out.nprefixes, SLAAC_PREFIXES_MAX);
	ATF_CHECK_EQ(out.nroutes, SLAAC_ROUTES_MAX);
	ATF_CHECK_EQ(out.excess, 4 + 8 + 2 + 2);
}

TEST(nd_rs_with_and_without_address,
    "S-02: type 133, code 0; the source link-layer address option is there, "
    "or nothing is")
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };
	static const uint8_t with[16] = { 133, [8] = 1, 1, 2, 0, 0, 0, 0, 1 };
	uint8_t out[ND_RS_MAX];

	ATF_CHECK_EQ(nd_rs_build(mac, out), 16);
	ATF_CHECK(memcmp(out, with, 16) == 0);
	ATF_CHECK_EQ(nd_rs_build(NULL, out), 8);
	ATF_CHECK(memcmp(out, with, 8) == 0);
}

/* ---- real packets ---- */

static void
check_packet(const struct packet *p)
{
	struct nd_ra out;
	enum nd_error error = parse_bytes(p->bytes, p->len, &out);

	if (p->len < 16) {
		ATF_CHECK_EQ_MSG(error, ND_E_SHORT, "%s", p->name);
		return;
	}
	if (strstr(p->exercises, "RA len") == NULL) {
		ATF_CHECK_EQ_MSG(error, ND_E_TYPE, "%s", p->name);
		return;
	}
	if (strcmp(p->valid, "valid") != 0) {
		ATF_CHECK_EQ_MSG(error, ND_E_OPTIONS, "%s", p->name);
		return;
	}
	ATF_CHECK_EQ_MSG(error, ND_OK, "%s", p->name);
	if (error != ND_OK)
		return;
	/* systemd's has one that is link-local, and one name that is wrong */
	ATF_CHECK_EQ_MSG(out.nprefixes + out.ignored >= corpus_listed(p, 3), 1,
	    "%s: %zu prefixes", p->name, out.nprefixes);
	if (out.ignored + out.excess == 0) {
		ATF_CHECK_EQ_MSG(
		    out.nprefixes, corpus_listed(p, 3), "%s", p->name);
		ATF_CHECK_EQ_MSG(
		    out.npref64, corpus_listed(p, 38), "%s", p->name);
	}
	ATF_CHECK_EQ_MSG(out.mtu != 0, corpus_listed(p, 5) > 0, "%s", p->name);
	ATF_CHECK_EQ_MSG(
	    out.nservers > 0, corpus_listed(p, 25) > 0, "%s", p->name);
	if (out.names_ignored == 0)
		ATF_CHECK_EQ_MSG(
		    out.nsearch > 0, corpus_listed(p, 31) > 0, "%s", p->name);
}

TEST(nd_corpus_parses_as_the_index_says,
    "S-01, S-04, S-11, S-13, S-14: real packets of routers and hosts")
{
	corpus_each(tc, "ra", PACKETS_MIN, check_packet);
}

static void
cut_packet(const struct packet *p)
{
	struct nd_ra out;
	size_t n;

	for (n = 0; n <= p->len; n++)
		parse_bytes(p->bytes, n, &out);
}

TEST(nd_corpus_every_truncation, "S-01, Y-16: each packet cut at each length")
{
	corpus_each(tc, "ra", PACKETS_MIN, cut_packet);
}

static void
change_packet(const struct packet *p)
{
	static const uint8_t xors[] = { 0x01, 0x10, 0x80, 0xff };
	static uint8_t changed[PACKET_MAX];
	struct nd_ra out;
	size_t i, k;

	memcpy(changed, p->bytes, p->len);
	if (p->len > 1)
		changed[0] = 134;
	for (i = 1; i < p->len; i++) {
		for (k = 0; k < sizeof(xors); k++) {
			changed[i] = p->bytes[i] ^ xors[k];
			parse_bytes(changed, p->len, &out);
		}
		changed[i] = 0;
		parse_bytes(changed, p->len, &out);
		changed[i] = p->bytes[i];
	}
}

TEST(nd_corpus_every_changed_byte,
    "S-01, Y-16: each byte of each packet changed in five ways")
{
	corpus_each(tc, "ra", PACKETS_MIN, change_packet);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, nd_ra_header_is_checked);
	ATF_TP_ADD_TC(tp, nd_ra_option_lengths_are_checked);
	ATF_TP_ADD_TC(tp, nd_ra_header_fields);
	ATF_TP_ADD_TC(tp, nd_ra_prefixes);
	ATF_TP_ADD_TC(tp, nd_ra_routes);
	ATF_TP_ADD_TC(tp, nd_ra_name_servers_and_names);
	ATF_TP_ADD_TC(tp, nd_ra_portal_pref64_and_resolvers);
	ATF_TP_ADD_TC(tp, nd_ra_resolver_lengths);
	ATF_TP_ADD_TC(tp, nd_ra_excess_is_counted);
	ATF_TP_ADD_TC(tp, nd_rs_with_and_without_address);
	ATF_TP_ADD_TC(tp, nd_corpus_parses_as_the_index_says);
	ATF_TP_ADD_TC(tp, nd_corpus_every_truncation);
	ATF_TP_ADD_TC(tp, nd_corpus_every_changed_byte);
	return atf_no_error();
}

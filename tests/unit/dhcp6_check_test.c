/* SPDX-License-Identifier: ISC */
/* Nested options of a DHCPv6 lease, as bytes: what is passed on and kept. */

#include <arpa/inet.h>
#include <string.h>

#include "packet6.h"
#include "proto/dhcp6_check.h"
#include "proto/dhcp6_msg.h"
#include "test.h"

struct value {
	const char *hex; /* blanks are for the reader */
	int good;
};
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static size_t
bytes_of(const char *hex, uint8_t *out, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	const char *d;
	size_t n = 0;

	for (; *hex != '\0'; hex++) {
		if ((d = strchr(digits, *hex)) == NULL)
			continue;
		ATF_REQUIRE(n / 2 < size);
		out[n / 2] = (uint8_t)(out[n / 2] << 4 | (d - digits));
		n++;
	}
	ATF_REQUIRE_EQ(0, n % 2);
	return n / 2;
}

static void
check_all(int (*check)(struct buf), const struct value *values, size_t n)
{
	uint8_t bytes[256];
	struct buf b;
	size_t i;

	for (i = 0; i < n; i++) {
		buf_init(&b, bytes, bytes_of(values[i].hex, bytes, 256));
		ATF_CHECK_EQ_MSG(values[i].good, check(b), "%s", values[i].hex);
	}
}

#define BR "2001 0db8 0000 0000 0000 0000 0000 0001"
/* flags, EA length 16, 192.0.2.0/24, 2001:db8::/32 */
#define RULE "00 10 18 c000 0200 20 2001 0db8"
#define PORTS "005d 0004 04 02 0000"

TEST(dhcp6_check_softwires,
    "D6-47: containers of RFC 7598 with what belongs into them, each value "
    "within its bounds")
{
	static const struct value values[] = {
		{ "", 1 },
		{ "005e 0000", 1 },
		{ "005e", 0 },		     /* no length */
		{ "005e 0001", 0 },	     /* longer than it is */
		{ "005d 0004 04020000", 0 }, /* not in a container */
		{ "0061 0000", 0 },
		/* rules */
		{ "005e 0010 0059 000c " RULE, 1 },
		{ "005e 0018 0059 0014 " RULE PORTS, 1 },
		{ "005e 0010 0059 000c 00 31 18 c000 0200 20 2001 0db8", 0 },
		{ "005e 0010 0059 000c 00 10 21 c000 0200 20 2001 0db8", 0 },
		{ "005e 0008 0059 0004 00 10 18 c0", 0 },
		{ "005e 0010 0059 000c 00 10 18 c000 0200 81 2001 0db8", 0 },
		{ "005e 000f 0059 000b 00 10 18 c000 0200 20 2001 0d", 0 },
		/* what is nested in them */
		{ "005e 0018 0059 0014 " RULE "005c 0004 04 02 0000", 0 },
		{ "005e 0018 0059 0014 " RULE "005d 0003 04 02 0000", 0 },
		{ "005e 0018 0059 0014 " RULE "005d 0004 10 02 0000", 0 },
		{ "005e 0018 0059 0014 " RULE "005d 0004 04 11 0000", 0 },
		{ "005e 0017 0059 0013 " RULE "005d 0004 04 02 00", 0 },
		{ "005e 0019 0059 0015 " RULE PORTS "00", 0 },
		{ "005e 0012 0059 000e " RULE "005d", 0 },
		/* border relays */
		{ "0060 0014 005a 0010 " BR, 1 },
		{ "0060 0013 005a 000f 2001 0db8 0000 0000 0000 0000 0000 00",
		    0 },
		{ "0060 0015 005a 0011 " BR "00", 0 },
		{ "0060 0014 005a 0010 ff02 0000 0000 0000 0000 0000 0000 0001",
		    0 },
		/* default mapping rules */
		{ "005f 0009 005b 0005 20 2001 0db8", 1 },
		{ "005f 000a 005b 0006 20 2001 0db8 00", 0 },
		{ "005f 0008 005b 0004 20 2001 0d", 0 },
		/* bindings */
		{ "0060 000d 005c 0009 c000 0201 20 2001 0db8", 1 },
		{ "0060 0015 005c 0011 c000 0201 20 2001 0db8" PORTS, 1 },
		{ "0060 000c 005c 0008 c000 0201 20 2001 0d", 0 },
		{ "0060 000e 005c 000a c000 0201 20 2001 0db8 00", 0 },
		/* port parameters beside them, and what nobody knows */
		{ "0060 0008 005d 0004 04 02 0000", 1 },
		{ "0060 0007 005d 0003 04 02 00", 0 },
		{ "0060 0004 ffff 0000", 1 },
		{ "0060 0004 ffff 0001", 0 },
	};

	(void)tc;
	check_all(check_s46_all, values, COUNT(values));
}

#define NAME "0005 03 646e 73 00"
#define ADDR "2001 0db8 0000 0000 0000 0000 0000 0053"

TEST(dhcp6_check_encrypted_resolvers,
    "D6-47: RFC 9463 6.1: name, addresses, service parameters in order")
{
	static const struct value values[] = {
		{ "", 1 },
		{ "0009 0001 " NAME, 1 },
		{ "0000", 0 },
		{ "0003 0001 00", 0 },
		{ "0009 0001 0006 03 646e 73 00", 0 },
		{ "0009 0001 0005 04 646e 73 00", 0 }, /* not a name */
		{ "000a 0001 0006 03 646e 73 00 00", 0 },
		{ "0008 0001 " NAME, 0 },
		{ "001b 0001 " NAME "0010" ADDR, 1 },
		{ "000b 0001 " NAME "0000", 0 }, /* no address at all */
		{ "000a 0001 " NAME "00", 0 },
		{ "001a 0001 " NAME
		  "000f 2001 0db8 0000 0000 0000 0000 0000 00",
		    0 },
		{ "001b 0001 " NAME
		  "0010 ff02 0000 0000 0000 0000 0000 0000 0001",
		    0 },
		{ "0023 0001 " NAME "0010" ADDR "0001 0000 0003 0000", 1 },
		{ "0023 0001 " NAME "0010" ADDR "0003 0000 0001 0000", 0 },
		{ "001f 0001 " NAME "0010" ADDR "0001 0001", 0 },
		{ "0009 0001 " NAME "0009 0001 " NAME, 1 },
		{ "0009 0001 " NAME "0009 0001", 0 },
		{ "0009 0001 " NAME "00", 0 },
	};

	(void)tc;
	check_all(check_dnr6, values, COUNT(values));
}

TEST(dhcp6_check_excluded_prefixes,
    "D6-43: RFC 6603 4.2: longer than the prefix and a part of it")
{
	static const struct {
		const char *exclude;
		uint8_t len;
		int good;
	} values[] = {
		{ "::", 0, 1 },
		{ "2001:db8:f000::", 0, 0 },
		{ "2001:db8:f000:1::", 64, 1 },
		{ "2001:db8:f000::", 56, 0 },
		{ "2001:db8:f000:1::1", 64, 0 },
		{ "2001:db8:f001::", 64, 0 },
		{ "2001:db8:f000::", 129, 0 },
	};
	struct dhcp6_prefix p;
	size_t i;

	(void)tc;
	for (i = 0; i < COUNT(values); i++) {
		memset(&p, 0, sizeof(p));
		ATF_REQUIRE_EQ(
		    1, inet_pton(AF_INET6, "2001:db8:f000::", &p.prefix));
		ATF_REQUIRE_EQ(
		    1, inet_pton(AF_INET6, values[i].exclude, &p.exclude));
		p.prefixlen = 56;
		p.exclude_len = values[i].len;
		ATF_CHECK_EQ_MSG(values[i].good, check_exclude6(&p), "%s/%u",
		    values[i].exclude, values[i].len);
	}
}

TEST(dhcp6_malformed_options_leave_no_trace,
    "D6-30: what is shorter or longer than its RFC says counts as ignored, "
    "and nothing of it is taken")
{
	static const struct {
		unsigned int code;
		const char *hex;
	} values[] = {
		{ 23, "" }, { 23, "2001 0db8 00" },	   /* name servers */
		{ 31, "" }, { 31, "2001 0db8 00" },	   /* SNTP */
		{ 32, "0000 0e" }, { 32, "0000 0e10 00" }, /* refresh time */
		{ 56, "00" }, { 56, "0001 0010 2001" },	   /* NTP */
		{ 64, "" }, { 64, "03 616263" },	   /* AFTR */
		{ 64, "03 616263 00 00" }, { 64, "00" },   /* the root */
		{ 82, "0000 78" }, { 82, "0000 0078 00" }, /* SOL_MAX_RT */
		{ 83, "0000 78" }, { 83, "0000 0078 00" }, /* INF_MAX_RT */
		{ 94, "" }, { 94, "0059 0001 00" },	   /* MAP-E */
		{ 95, "005b 0001 81" },			   /* MAP-T */
		{ 96, "005a 0010 2001" },		   /* lw4o6 */
		{ 103, "" }, { 103, "00" }, { 103, "0a" }, /* portal */
		{ 144, "" }, { 144, "0001 0002 03 61" },   /* DNR */
		{ 148, "00" },				   /* registration */
	};
	struct dhcp6_msg none, m;
	struct packet6 p;
	uint8_t bytes[64];
	size_t i, n;

	(void)tc;
	p6_begin(&p, DHCP6_REPLY, 1);
	p6_ids(&p);
	ATF_REQUIRE_EQ(
	    DHCP6_OK, dhcp6_msg_parse(p.bytes, p.len, NULL, NULL, &none));
	for (i = 0; i < COUNT(values); i++) {
		p6_begin(&p, DHCP6_REPLY, 1);
		p6_ids(&p);
		n = bytes_of(values[i].hex, bytes, sizeof(bytes));
		p6_opt(&p, values[i].code, bytes, n);
		ATF_REQUIRE_EQ(
		    DHCP6_OK, dhcp6_msg_parse(p.bytes, p.len, NULL, NULL, &m));
		ATF_CHECK_EQ_MSG(1, m.ignored, "%u %s: %u ignored",
		    values[i].code, values[i].hex, m.ignored);
		m.ignored = 0;
		ATF_CHECK_EQ_MSG(0, memcmp(&m, &none, sizeof(m)), "%u %s",
		    values[i].code, values[i].hex);
	}
}

TEST(dhcp6_malformed_options_drop_the_message,
    "D6-30: those by which the exchange goes on")
{
	static const struct {
		unsigned int code;
		const char *hex;
	} values[] = {
		{ 7, "" },
		{ 7, "ff 00" },
		{ 14, "00" },
		{ 19, "" },
		{ 19, "05 00" },
		{ 13, "00" },
		{ 3, "00000001 00000000 000000" },
		{ 25, "00000001 00000000 000000" },
	};
	struct dhcp6_msg m;
	struct packet6 p;
	uint8_t bytes[64];
	size_t i, n;

	(void)tc;
	for (i = 0; i < COUNT(values); i++) {
		p6_begin(&p, DHCP6_REPLY, 1);
		p6_ids(&p);
		n = bytes_of(values[i].hex, bytes, sizeof(bytes));
		p6_opt(&p, values[i].code, bytes, n);
		ATF_CHECK_EQ_MSG(DHCP6_E_OPTIONS,
		    dhcp6_msg_parse(p.bytes, p.len, NULL, NULL, &m), "%u %s",
		    values[i].code, values[i].hex);
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, dhcp6_malformed_options_leave_no_trace);
	ATF_TP_ADD_TC(tp, dhcp6_malformed_options_drop_the_message);
	ATF_TP_ADD_TC(tp, dhcp6_check_softwires);
	ATF_TP_ADD_TC(tp, dhcp6_check_encrypted_resolvers);
	ATF_TP_ADD_TC(tp, dhcp6_check_excluded_prefixes);
	return atf_no_error();
}

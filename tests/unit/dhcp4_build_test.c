/* SPDX-License-Identifier: ISC */
/* Client messages, byte by byte: what is sent, in which order, and what each
 * message type must not carry (RFC 2131 table 5). */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "proto/dhcp4_msg.h"
#include "test.h"

static const uint8_t client_id[] = { 1, 2, 0, 0, 0, 0, 7 };
static const char classes[2][64] = { "a", "bcd" };
static const uint8_t params[] = { 1, 121, 3, 33, 6, 15 };
static uint8_t out[1500];
static size_t len;

/* A message with everything in it. */
static struct dhcp4_out
everything(enum dhcp4_type type)
{
	struct dhcp4_out o;

	memset(&o, 0, sizeof(o));
	o.type = type;
	o.xid = 0x12345678;
	o.secs = 0x0102;
	o.hwtype = 1;
	o.hwaddr_len = 6;
	memcpy(o.hwaddr, client_id + 1, 6);
	o.ciaddr.s_addr = htonl(0xc0000209);
	o.requested.s_addr = htonl(0xc0000208);
	o.server_id.s_addr = htonl(0xc0000201);
	o.lease_time = 3600;
	o.max_size = 1472;
	o.client_id = client_id;
	o.client_id_len = sizeof(client_id);
	o.host_name = "www";
	o.vendor_class = "leased";
	o.user_classes = classes;
	o.nuser_classes = 2;
	o.params = params;
	o.nparams = sizeof(params);
	o.message = "bye";
	o.rapid_commit = 1;
	return o;
}

static void
build(const struct dhcp4_out *o)
{
	memset(out, 0xa5, sizeof(out));
	len = dhcp4_msg_build(o, out, sizeof(out));
	ATF_REQUIRE(len >= 300);
}

/* The value of an option in out, gathered, and its length; -1: not there. */
static int
find(uint8_t code, uint8_t *value)
{
	size_t i;
	int n = -1;

	for (i = 240; i < len && out[i] != OPT_END; i += 2 + (size_t)out[i + 1])
		if (out[i] == code) {
			n = n == -1 ? 0 : n;
			memcpy(value + n, &out[i + 2], out[i + 1]);
			n += out[i + 1];
		}
	ATF_REQUIRE(i < len);
	return n;
}

static void
check(uint8_t code, const char *want, int n)
{
	uint8_t value[1500];

	ATF_CHECK_EQ_MSG(find(code, value), n, "option %u", code);
	ATF_CHECK_MSG(
	    n <= 0 || memcmp(value, want, (size_t)n) == 0, "option %u", code);
}
#define HAS(code, s) check(code, s, sizeof(s) - 1)
#define LACKS(code) check(code, NULL, -1)

TEST(build_fixed_fields, "D4-05, D4-06: header, cookie, padding to 300")
{
	struct dhcp4_out o;
	size_t i;

	memset(&o, 0, sizeof(o));
	o.type = DHCPDISCOVER;
	o.xid = 0x12345678;
	o.secs = 0x0102;
	o.hwtype = 1;
	o.hwaddr_len = 6;
	memcpy(o.hwaddr, client_id + 1, 6);
	o.ciaddr.s_addr = htonl(0xc0000209);
	build(&o);
	ATF_REQUIRE_EQ(len, 300);
	ATF_CHECK(memcmp(out,
		      "\1\1\6\0\x12\x34\x56\x78\1\2\0\0"
		      "\300\0\2\11",
		      16) == 0);
	ATF_CHECK(memcmp(&out[28], client_id + 1, 6) == 0);
	for (i = 16; i < 236; i++)
		ATF_CHECK_EQ(out[i] != 0 && (i < 28 || i > 33), 0);
	ATF_CHECK(memcmp(&out[236], "\x63\x82\x53\x63\65\1\1\377", 8) == 0);
	for (i = 244; i < 300; i++)
		ATF_CHECK_EQ(out[i], 0);
	ATF_CHECK_EQ(out[300], 0xa5);
	o.broadcast = 1;
	build(&o);
	ATF_CHECK(memcmp(&out[10], "\x80\0", 2) == 0);
}

TEST(build_options_in_fixed_order, "D4-05: every option of a DISCOVER")
{
	static const char want[] = "\65\1\1"
				   "\75\7\1\2\0\0\0\0\7"
				   "\62\4\300\0\2\10"
				   "\63\4\0\0\16\20"
				   "\71\2\5\300"
				   "\14\3www"
				   "\74\6leased"
				   "\115\6\1a\3bcd"
				   "\120\0"
				   "\67\6\1\171\3\41\6\17\377";
	struct dhcp4_out o = everything(DHCPDISCOVER);

	build(&o);
	ATF_CHECK(memcmp(&out[240], want, sizeof(want) - 1) == 0);
	LACKS(OPT_SERVER_ID);
	LACKS(OPT_MESSAGE);
	LACKS(OPT_FQDN);
}

TEST(build_table_5,
    "D4-05: what each type must not "
    "carry is left out whatever the caller says")
{
	struct dhcp4_out o = everything(DHCPREQUEST);

	build(&o);
	HAS(OPT_MESSAGE_TYPE, "\3");
	HAS(OPT_SERVER_ID, "\300\0\2\1");
	HAS(OPT_REQUESTED_IP, "\300\0\2\10");
	HAS(OPT_LEASE_TIME, "\0\0\16\20");
	LACKS(OPT_RAPID_COMMIT);
	LACKS(OPT_MESSAGE);
	o = everything(DHCPINFORM);
	build(&o);
	LACKS(OPT_SERVER_ID);
	LACKS(OPT_REQUESTED_IP);
	LACKS(OPT_LEASE_TIME);
	LACKS(OPT_RAPID_COMMIT);
	HAS(OPT_PARAMETERS, "\1\171\3\41\6\17");
	o = everything(DHCPDECLINE);
	build(&o);
	HAS(OPT_CLIENT_ID, "\1\2\0\0\0\0\7");
	HAS(OPT_REQUESTED_IP, "\300\0\2\10");
	HAS(OPT_SERVER_ID, "\300\0\2\1");
	HAS(OPT_MESSAGE, "bye");
	LACKS(OPT_LEASE_TIME);
	LACKS(OPT_PARAMETERS);
	LACKS(OPT_HOSTNAME);
	LACKS(OPT_MAX_SIZE);
	LACKS(OPT_VENDOR_CLASS);
	LACKS(OPT_USER_CLASS);
	o = everything(DHCPRELEASE);
	build(&o);
	HAS(OPT_SERVER_ID, "\300\0\2\1");
	LACKS(OPT_REQUESTED_IP);
	LACKS(OPT_PARAMETERS);
}

TEST(build_leaves_out_what_is_empty, "D4-05, D4-30: zero and NULL are absent")
{
	struct dhcp4_out o;

	memset(&o, 0, sizeof(o));
	o.type = DHCPREQUEST;
	o.host_name = o.vendor_class = o.message = "";
	o.nuser_classes = 2;
	o.client_id_len = o.nparams = 3;
	build(&o);
	ATF_CHECK(memcmp(&out[240], "\65\1\3\377", 4) == 0);
	o.type = DHCPDECLINE;
	o.client_id = o.params = params;
	o.client_id_len = o.nparams = 0;
	build(&o);
	ATF_CHECK(memcmp(&out[240], "\65\1\4\377", 4) == 0);
	o.message = NULL;
	build(&o);
	ATF_CHECK(memcmp(&out[240], "\65\1\4\377", 4) == 0);
	o.type = DHCPREQUEST;
	build(&o);
	ATF_CHECK(memcmp(&out[240], "\65\1\3\377", 4) == 0);
	o.is_fqdn = 1;
	o.host_name = "not a name";
	build(&o);
	ATF_CHECK(memcmp(&out[240], "\65\1\3\377", 4) == 0);
}

TEST(build_fqdn,
    "D4-05: RFC 4702: S and E, RCODEs 0, wire format; full with "
    "root, partial without; no 12 beside it")
{
	struct dhcp4_out o = everything(DHCPDISCOVER);

	o.is_fqdn = 1;
	o.host_name = "www.example.org";
	build(&o);
	HAS(OPT_FQDN, "\5\0\0\3www\7example\3org\0");
	LACKS(OPT_HOSTNAME);
	o.host_name = "www.";
	build(&o);
	HAS(OPT_FQDN, "\5\0\0\3www\0");
	o.host_name = "www";
	build(&o);
	HAS(OPT_FQDN, "\5\0\0\3www");
}

TEST(build_long_values_are_split, "D4-05: RFC 3396 for more than 255 bytes")
{
	char many[8][64];
	uint8_t value[1500];
	struct dhcp4_out o = everything(DHCPDISCOVER);
	size_t i;

	memset(many, 'x', sizeof(many));
	o.user_classes = (const char(*)[64])many;
	o.nuser_classes = 8;
	build(&o);
	ATF_REQUIRE_EQ(find(OPT_USER_CLASS, value), 8 * 65);
	for (i = 0; i < sizeof(value) && i < 8 * 65; i++)
		ATF_REQUIRE_EQ(value[i], i % 65 == 0 ? 64 : 'x');
	/* 255 are one part, 256 are two */
	o = everything(DHCPDISCOVER);
	o.user_classes = NULL;
	o.client_id = value;
	o.client_id_len = 255;
	o.params = value;
	o.nparams = 255;
	build(&o);
	for (i = 240; out[i] != OPT_CLIENT_ID; i += 2 + (size_t)out[i + 1])
		;
	ATF_CHECK_EQ(out[i + 1], 255);
	ATF_CHECK(out[i + 257] != OPT_CLIENT_ID);
	ATF_CHECK_EQ(find(OPT_PARAMETERS, value), 255);
	o.client_id_len = 256;
	build(&o);
	ATF_CHECK_EQ(out[i + 1], 255);
	ATF_CHECK_EQ(out[i + 257], OPT_CLIENT_ID);
	ATF_CHECK_EQ(out[i + 258], 1);
}

TEST(build_without_room_gives_nothing,
    "D4-05: any buffer too small, anything "
    "too long")
{
	static uint8_t huge[4096];
	struct dhcp4_out o = everything(DHCPDISCOVER);
	uint8_t *small;
	size_t n, need;

	build(&o);
	need = len;
	for (n = 0; n < need; n++) {
		small = malloc(n + 1);
		ATF_REQUIRE(small != NULL);
		ATF_CHECK_EQ(dhcp4_msg_build(&o, small, n), 0);
		free(small);
	}
	o.client_id = huge;
	o.client_id_len = sizeof(huge);
	ATF_CHECK_EQ(dhcp4_msg_build(&o, out, sizeof(out)), 0);
	o = everything(DHCPDISCOVER);
	o.params = huge;
	o.nparams = 256;
	ATF_CHECK_EQ(dhcp4_msg_build(&o, out, sizeof(out)), 0);
	o = everything(DHCPDISCOVER);
	o.hwaddr_len = 16;
	o.hwtype = 255;
	ATF_CHECK(dhcp4_msg_build(&o, out, sizeof(out)) > 0);
	o.hwtype = 256;
	ATF_CHECK_EQ(dhcp4_msg_build(&o, out, sizeof(out)), 0);
	o.hwtype = 1;
	o.hwaddr_len = 17;
	ATF_CHECK_EQ(dhcp4_msg_build(&o, out, sizeof(out)), 0);
	o = everything(DHCPDISCOVER);
	o.hwaddr_len = 20;
	ATF_CHECK_EQ(dhcp4_msg_build(&o, out, sizeof(out)), 0);
	o = everything(0);
	ATF_CHECK_EQ(dhcp4_msg_build(&o, out, sizeof(out)), 0);
	o.type = DHCPFORCERENEW;
	ATF_CHECK_EQ(dhcp4_msg_build(&o, out, sizeof(out)), 0);
}

static uint32_t
seeded(void *arg, uint32_t bound)
{
	uint32_t *state = arg;

	*state = *state * 1103515245U + 12345;
	return (*state >> 16) % bound;
}

TEST(build_random_order,
    "D4-30: RFC 7844 3.1: options and request list are "
    "permuted, none is lost")
{
	uint32_t state = 1;
	size_t i, j, first[256] = { 0 }, kinds = 0, permuted = 0;
	struct dhcp4_out o = everything(DHCPDISCOVER);
	uint8_t value[1500], seen;

	o.random = seeded;
	o.random_arg = &state;
	for (i = 0; i < 200; i++) {
		build(&o);
		HAS(OPT_MESSAGE_TYPE, "\1");
		HAS(OPT_CLIENT_ID, "\1\2\0\0\0\0\7");
		HAS(OPT_HOSTNAME, "www");
		HAS(OPT_USER_CLASS, "\1a\3bcd");
		HAS(OPT_RAPID_COMMIT, "");
		first[out[240]]++;
		ATF_REQUIRE_EQ(find(OPT_PARAMETERS, value), sizeof(params));
		permuted += memcmp(value, params, sizeof(params)) != 0;
		for (seen = 0, j = 0; j < sizeof(params); j++)
			seen +=
			    memchr(value, params[j], sizeof(params)) != NULL;
		ATF_CHECK_EQ(seen, sizeof(params));
	}
	for (i = 0; i < 256; i++)
		kinds += first[i] > 0;
	ATF_CHECK_EQ(kinds, 10);
	ATF_CHECK(permuted > 150);
}

TEST(param_list_order, "D4-04: RFC 3442 wants 121 before 3 and 33")
{
	static const uint8_t want[] = { 1, 121, 3, 33, 6, 12, 15, 26, 28, 42,
		51, 58, 59, 114, 119, 162, 108 };
	struct conf_options conf;
	uint8_t list[64];
	size_t n;

	memset(&conf, 0, sizeof(conf));
	n = dhcp4_param_list(&conf, 0, 0, list, sizeof(list));
	ATF_CHECK_EQ(n, 16);
	ATF_CHECK(memcmp(list, want, 16) == 0);
	n = dhcp4_param_list(NULL, 1, 0, list, sizeof(list));
	ATF_CHECK_EQ(n, 17);
	ATF_CHECK(memcmp(list, want, 17) == 0);
}

TEST(param_list_request_and_ignore, "D4-04: added once, taken away, bounded")
{
	struct conf_options conf;
	uint8_t list[64];
	size_t n;

	memset(&conf, 0, sizeof(conf));
	conf.nrequest = 7;
	memcpy(
	    conf.request, (uint16_t[]){ 43, 212, 43, 6, 0, 300, 255, 77 }, 16);
	conf.nignore = 3;
	memcpy(conf.ignore, (uint16_t[]){ 12, 108, 1, 3 }, 8);
	n = dhcp4_param_list(&conf, 1, 0, list, sizeof(list));
	ATF_CHECK_EQ(n, 16); /* 16 - 2 + 2 */
	ATF_CHECK_EQ(list[0], 121);
	ATF_CHECK(memchr(list, 12, n) == NULL);
	ATF_CHECK(memchr(list, 108, n) == NULL);
	ATF_CHECK_EQ(list[14], 43);
	ATF_CHECK_EQ(list[15], 212);
	/* counts that lie are not followed */
	conf.nignore = conf.nrequest = UINT16_MAX;
	ATF_CHECK(dhcp4_param_list(&conf, 1, 0, list, sizeof(list)) >= 14);
	conf.nignore = 3;
	conf.nrequest = 7;
	memset(list, 0xa5, sizeof(list));
	ATF_CHECK_EQ(dhcp4_param_list(&conf, 1, 0, list, 3), 3);
	ATF_CHECK_EQ(list[3], 0xa5);
	ATF_CHECK_EQ(dhcp4_param_list(&conf, 1, 0, list, 0), 0);
}

TEST(param_list_anonymous, "D4-30: RFC 7844 3.6: the minimum")
{
	struct conf_options conf;
	uint8_t list[64];

	memset(&conf, 0, sizeof(conf));
	conf.nrequest = 1;
	conf.request[0] = 43;
	ATF_CHECK_EQ(dhcp4_param_list(&conf, 0, 1, list, sizeof(list)), 4);
	ATF_CHECK(memcmp(list, "\1\171\3\6", 4) == 0);
	ATF_CHECK_EQ(dhcp4_param_list(&conf, 1, 1, list, sizeof(list)), 5);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, build_fixed_fields);
	ATF_TP_ADD_TC(tp, build_options_in_fixed_order);
	ATF_TP_ADD_TC(tp, build_table_5);
	ATF_TP_ADD_TC(tp, build_leaves_out_what_is_empty);
	ATF_TP_ADD_TC(tp, build_fqdn);
	ATF_TP_ADD_TC(tp, build_long_values_are_split);
	ATF_TP_ADD_TC(tp, build_without_room_gives_nothing);
	ATF_TP_ADD_TC(tp, build_random_order);
	ATF_TP_ADD_TC(tp, param_list_order);
	ATF_TP_ADD_TC(tp, param_list_request_and_ignore);
	ATF_TP_ADD_TC(tp, param_list_anonymous);
	return atf_no_error();
}

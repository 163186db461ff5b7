/* SPDX-License-Identifier: ISC */
/* Server messages put together by hand, see reply.h. */
#include <stdlib.h>

#include "reply.h"

const uint8_t reply_mac[6] = { 2, 0, 0, 0, 0, 7 };
uint8_t reply_bytes[4096];
size_t reply_len;
struct dhcp4_msg reply_msg;
struct conf_options reply_conf;

void
reply_option(uint8_t code, const void *value, size_t n)
{
	reply_bytes[reply_len++] = code;
	reply_bytes[reply_len++] = (uint8_t)n;
	memcpy(&reply_bytes[reply_len], value, n);
	reply_len += n;
}

void
reply_begin(uint8_t type)
{
	memset(reply_bytes, 0, sizeof(reply_bytes));
	memset(&reply_conf, 0, sizeof(reply_conf));
	memcpy(reply_bytes, "\2\1\6\0\x12\x34\x56\x78\0\5\x80\0", 12);
	memcpy(&reply_bytes[16], "\300\0\2\11\300\0\2\2\300\0\2\3", 12);
	memcpy(&reply_bytes[28], reply_mac, sizeof(reply_mac));
	memcpy(&reply_bytes[236], "\x63\x82\x53\x63", 4);
	reply_len = 240;
	OPT(OPT_MESSAGE_TYPE, type);
}

void
reply_begin_ack(void)
{
	reply_begin(DHCPACK);
	OPT(OPT_SERVER_ID, 192, 0, 2, 1);
	OPT(OPT_LEASE_TIME, 0, 0, 14, 16);
	OPT(OPT_SUBNET_MASK, 255, 255, 255, 0);
}

enum dhcp4_error
reply_parse_raw(void)
{
	uint8_t *copy = malloc(reply_len + (reply_len == 0));
	enum dhcp4_error error;

	ATF_REQUIRE(copy != NULL);
	memcpy(copy, reply_bytes, reply_len);
	memset(&reply_msg, 0, sizeof(reply_msg));
	error = dhcp4_msg_parse(copy, reply_len, 1, reply_mac,
	    sizeof(reply_mac), &reply_conf, &reply_msg);
	free(copy);
	return error;
}

enum dhcp4_error
reply_parse(void)
{
	reply_bytes[reply_len++] = OPT_END;
	return reply_parse_raw();
}

enum dhcp4_error
reply_ack_with(uint8_t code, const void *value, size_t n)
{
	reply_begin_ack();
	reply_option(code, value, n);
	return reply_parse();
}

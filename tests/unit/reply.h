/* SPDX-License-Identifier: ISC */
/* Server messages put together by hand, for the tests of the DHCPv4 decoder.
 * One message at a time, in reply_bytes; what became of it is in reply_msg. */
#ifndef REPLY_H
#define REPLY_H

#include <arpa/inet.h>
#include <string.h>

#include "proto/dhcp4_msg.h"
#include "test.h"

#define IP(a, b, c, d) \
	((uint32_t)(a) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (d))
#define IS_IP(addr, want) ATF_CHECK_EQ(ntohl((addr).s_addr), want)
/* An option from its bytes, or from a string without its NUL. */
#define OPT(code, ...)                                       \
	reply_option(code, (const uint8_t[]){ __VA_ARGS__ }, \
	    sizeof((const uint8_t[]){ __VA_ARGS__ }))
#define OPT_S(code, s) reply_option(code, s, sizeof(s) - 1)

#define ACK_WITH(code, ...)                                    \
	reply_ack_with(code, (const uint8_t[]){ __VA_ARGS__ }, \
	    sizeof((const uint8_t[]){ __VA_ARGS__ }))
#define ACK_WITH_S(code, s) reply_ack_with(code, s, sizeof(s) - 1)

extern uint8_t reply_bytes[4096];
extern size_t reply_len; /* of reply_bytes */
extern struct dhcp4_msg reply_msg;
extern struct conf_options reply_conf;
extern const uint8_t reply_mac[6]; /* ours */

/* Append an option. */
void reply_option(uint8_t, const void *, size_t);
/* A message of a type with nothing but option 53; 192.0.2.9 for us. */
void reply_begin(uint8_t type);
/* One that lacks nothing. */
void reply_begin_ack(void);
/* Parse a copy on the heap, so that a sanitizer sees its end. */
enum dhcp4_error reply_parse_raw(void);
/* The same with END. */
enum dhcp4_error reply_parse(void);
/* An ACK with one more option. */
enum dhcp4_error reply_ack_with(uint8_t code, const void *, size_t);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * The options of a DHCPv6 message, one after the other, nested ones included
 * (RFC 9915 21.1).  One iterator for the decoder and for printing.
 */
#ifndef LEASED_DHCP6_OPTS_H
#define LEASED_DHCP6_OPTS_H

#include "buf.h"

/* Option codes */
enum dhcp6_option {
	OPT6_CLIENT_ID = 1,
	OPT6_SERVER_ID = 2,
	OPT6_IA_NA = 3,
	OPT6_IA_TA = 4,
	OPT6_IAADDR = 5,
	OPT6_ORO = 6,
	OPT6_PREFERENCE = 7,
	OPT6_ELAPSED_TIME = 8,
	OPT6_AUTH = 11,
	OPT6_STATUS_CODE = 13,
	OPT6_RAPID_COMMIT = 14,
	OPT6_USER_CLASS = 15,
	OPT6_VENDOR_CLASS = 16,
	OPT6_VENDOR_OPTS = 17,
	OPT6_RECONF_MSG = 19,
	OPT6_RECONF_ACCEPT = 20,
	OPT6_DNS_SERVERS = 23, /* RFC 3646 */
	OPT6_DOMAIN_LIST = 24,
	OPT6_IA_PD = 25,
	OPT6_IAPREFIX = 26,
	OPT6_SNTP_SERVERS = 31, /* RFC 4075 */
	OPT6_REFRESH_TIME = 32,
	OPT6_CLIENT_FQDN = 39, /* RFC 4704 */
	OPT6_NTP_SERVER = 56,  /* RFC 5908 */
	OPT6_AFTR_NAME = 64,   /* RFC 6334 */
	OPT6_PD_EXCLUDE = 67,  /* RFC 6603 */
	OPT6_SOL_MAX_RT = 82,  /* RFC 7083 */
	OPT6_INF_MAX_RT = 83,  /* RFC 7083 */
	OPT6_S46_RULE = 89,    /* RFC 7598 */
	OPT6_S46_BR = 90,
	OPT6_S46_DMR = 91,
	OPT6_S46_V4V6BIND = 92,
	OPT6_S46_PORTPARAMS = 93,
	OPT6_S46_CONT_MAPE = 94,
	OPT6_S46_CONT_MAPT = 95,
	OPT6_S46_CONT_LW = 96,
	OPT6_CAPTIVE_PORTAL = 103, /* RFC 8910 */
	OPT6_V6_DNR = 144,	   /* RFC 9463 */
	OPT6_ADDR_REG_ENABLE = 148 /* RFC 9686 */
};

/* A message, an IA, an address or prefix in it. */
#define DHCP6_NESTING_MAX 3

struct dhcp6_walk {
	struct buf stack[DHCP6_NESTING_MAX];
	uint16_t inside[DHCP6_NESTING_MAX]; /* option code; 0: the message */
	size_t depth;			    /* levels open */
};

/* One option.  Of an IA, an address or a prefix value is the fixed part, what
 * is nested in it comes next. */
struct dhcp6_opt {
	uint16_t code;
	uint16_t inside; /* the option it is nested in, 0: none */
	size_t level;	 /* 0: of the message */
	struct buf value;
};

void dhcp6_walk_init(struct dhcp6_walk *, struct buf options);
/* 1: there is one, 0: no more, -1: an option leaves its parent or is shorter
 * than its fixed part; do not go on. */
int dhcp6_walk_next(struct dhcp6_walk *, struct dhcp6_opt *);

#endif

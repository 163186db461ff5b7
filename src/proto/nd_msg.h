/* SPDX-License-Identifier: ISC */
/*
 * Neighbour discovery codec: router advertisement -> struct nd_ra, router
 * solicitation out.  RFC 4861, 4191, 8106, 8781, 8910, 9463, 9762.
 * Pure functions; nothing here keeps state.
 */
#ifndef LEASED_ND_MSG_H
#define LEASED_ND_MSG_H

#include "proto.h"
#include "buf.h"
#include "../wire_slaac.h"

#define ND_MSG_MAX 2048	 /* the frontend's buffer */
#define ND_RA_HEADER 16	 /* RFC 4861 4.2 */
#define ND_HOP_LIMIT 255 /* RFC 4861 6.1.2 */
#define ND_RS_MAX 16

/* ICMPv6 types */
#define ND_ROUTER_SOLICITATION 133
#define ND_ROUTER_ADVERTISEMENT 134

/* Options */
enum nd_option_type {
	ND_OPT_SOURCE_LLADDR = 1,
	ND_OPT_PREFIX = 3,
	ND_OPT_MTU_SIZE = 5,
	ND_OPT_ROUTE = 24,	    /* RFC 4191 2.3 */
	ND_OPT_RDNSS_LIST = 25,	    /* RFC 8106 5.1 */
	ND_OPT_DNSSL_LIST = 31,	    /* RFC 8106 5.2 */
	ND_OPT_CAPTIVE_PORTAL = 37, /* RFC 8910 2.3 */
	ND_OPT_PREF64 = 38,	    /* RFC 8781 4 */
	ND_OPT_DNR = 144	    /* RFC 9463 6.1 */
};

/* Why a packet was dropped; each is a counter. */
enum nd_error {
	ND_OK,
	ND_E_HOP_LIMIT,
	ND_E_SOURCE,
	ND_E_SHORT,
	ND_E_TYPE,
	ND_E_OPTIONS
};

struct nd_option {
	uint8_t type;
	struct buf value; /* behind type and length */
};

/*
 * The one way to walk options: the next one, and the cursor behind it.  1: an
 * option, 0: no more, -1: its length is zero or runs past the end.
 */
int nd_option_next(struct buf *, struct nd_option *);

struct nd_prefix {
	struct in6_addr prefix; /* without bits behind its length */
	uint32_t valid_sec;
	uint32_t preferred_sec;
	uint8_t prefixlen;
	uint8_t flags; /* SLAAC_PREFIX_* */
};

struct nd_route {
	struct in6_addr dst;
	uint32_t lifetime_sec;
	uint8_t prefixlen;
	uint8_t preference; /* enum route6_preference */
};

struct nd_server {
	struct in6_addr addr;
	uint32_t lifetime_sec;
};

struct nd_name {
	char name[DNS_NAME_MAX];
	uint32_t lifetime_sec;
};

/*
 * A router advertisement.  Zero in hop_limit, reachable_ms, retrans_ms and
 * mtu: not said.  The lists hold what could be used, in the packet's order.
 */
struct nd_ra {
	uint8_t hop_limit;
	uint8_t managed;    /* M */
	uint8_t other;	    /* O */
	uint8_t preference; /* enum route6_preference; also of ::/0 */
	uint8_t has_portal;
	uint32_t lifetime_sec; /* as a default router; also of ::/0 */
	uint32_t reachable_ms;
	uint32_t retrans_ms;
	uint32_t mtu;
	size_t nprefixes, nroutes, nservers, nsearch, npref64, ndnr;
	struct nd_prefix prefixes[SLAAC_PREFIXES_MAX];
	struct nd_route routes[SLAAC_ROUTES_MAX];
	struct nd_server servers[DNS_SERVERS_MAX];
	struct nd_name search[DNS_SEARCH_MAX];
	struct slaac_pref64 pref64[SLAAC_PREF64_MAX]; /* left_sec: lifetime */
	struct slaac_dnr dnr[SLAAC_DNR_MAX];
	char portal[SLAAC_URI_MAX]; /* "": there is none (RFC 8910 2) */
	/* left out */
	uint32_t ignored; /* options or entries that are malformed */
	uint32_t names_ignored;
	uint32_t excess; /* over a bound */
};

/*
 * Check (RFC 4861 6.1.2) and decode a router advertisement, from the ICMPv6
 * type on.  The kernel has verified the checksum.  A packet with a malformed
 * option length is dropped whole; an option whose content is wrong is left
 * out and counted.
 */
enum nd_error
nd_ra_parse(const uint8_t *, size_t, const struct recv6 *, struct nd_ra *);

/* One line for a debug log, printable ASCII. */
void
nd_ra_print(const struct nd_ra *, const struct in6_addr *src, char *, size_t);

/*
 * A router solicitation (RFC 4861 4.1); the kernel fills the checksum in.
 * hwaddr NULL: without the source link-layer address option.  Bytes written.
 */
size_t nd_rs_build(const uint8_t hwaddr[6], uint8_t out[ND_RS_MAX]);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * What DHCPv6 has leased on one interface: stored in the lease file and shown
 * by leasectl.  The rules are wire.h's; life times are seconds from the moment
 * the struct was made, LIFETIME_INFINITE: for ever.
 */
#ifndef LEASED_WIRE_DHCP6_H
#define LEASED_WIRE_DHCP6_H

#include "wire6.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded"

#define DHCP6_DUID_MAX 130 /* RFC 9915 11.1: type and 128 bytes */
#define DHCP6_IAS_MAX 5	   /* one IA_NA, CONF_PREFIXES_MAX IA_PDs */
#define DHCP6_IA_NA 0	   /* its index in dhcp6_lease.ias */
#define DHCP6_NTP_MAX 8
#define DHCP6_URI_MAX 256
#define DHCP6_BLOB_MAX 192
#define DHCP6_KEY_LEN 16 /* RFC 9915 20.4: HMAC-MD5 */

/* Status codes, RFC 9915 21.13; what is unknown counts as UNSPEC_FAIL */
#define DHCP6_STATUSES(X)                 \
	X(SUCCESS, "Success")             \
	X(UNSPEC_FAIL, "UnspecFail")      \
	X(NO_ADDRS_AVAIL, "NoAddrsAvail") \
	X(NO_BINDING, "NoBinding")        \
	X(NOT_ON_LINK, "NotOnLink")       \
	X(USE_MULTICAST, "UseMulticast")  \
	X(NO_PREFIX_AVAIL, "NoPrefixAvail")
#define DHCP6_STATUS_SYMBOL(s, n) DHCP6_##s,
enum dhcp6_status_code { DHCP6_STATUSES(DHCP6_STATUS_SYMBOL) DHCP6_STATUS_MAX };
#undef DHCP6_STATUS_SYMBOL

/* dhcp6_ia.state: each IA has its own life (RFC 9915 18.2.10.1) */
#define DHCP6_IA_STATES(X)                \
	X(OFF, "off") /* not asked for */ \
	X(WANTED, "wanted")               \
	X(REQUESTED, "requested")         \
	X(CONFIRMING, "confirming")       \
	X(BOUND, "bound")                 \
	X(RENEWING, "renewing")           \
	X(REBINDING, "rebinding")
#define DHCP6_IA_STATE_SYMBOL(s, n) IA_##s,
enum dhcp6_ia_state { DHCP6_IA_STATES(DHCP6_IA_STATE_SYMBOL) IA_STATE_MAX };
#undef DHCP6_IA_STATE_SYMBOL

struct dhcp6_server {
	struct in6_addr addr; /* source of its last message */
	uint8_t preference;   /* option 7 */
	uint8_t duid_len;     /* 0: no server */
	uint8_t duid[DHCP6_DUID_MAX];
};

/* An identity association.  ias[0] is the IA_NA, ias[1 + n] the IA_PD of the
 * configuration's prefix statement n. */
struct dhcp6_ia {
	uint32_t iaid;
	uint32_t t1_sec; /* from now */
	uint32_t t2_sec;
	uint16_t status; /* newest, enum dhcp6_status_code */
	uint8_t state;	 /* enum dhcp6_ia_state */
	uint8_t reserved;
	struct dhcp6_server server; /* D6-46: may differ between IAs */
};

/* dhcp6_addr.flags */
#define DHCP6_ADDR_USABLE 0x01	   /* in the kernel and bindable */
#define DHCP6_ADDR_DUPLICATED 0x02 /* failed duplicate address detection */

struct dhcp6_addr {
	struct in6_addr addr;
	uint32_t preferred_sec;
	uint32_t valid_sec;
	uint16_t status; /* of the address itself */
	uint8_t flags;
	uint8_t reserved;
};

struct dhcp6_prefix {
	struct in6_addr prefix;	 /* no host bits */
	struct in6_addr exclude; /* RFC 6603; the whole prefix */
	uint32_t preferred_sec;
	uint32_t valid_sec;
	uint16_t status;
	uint8_t prefixlen;
	uint8_t exclude_len; /* 0: nothing excluded */
	uint8_t ia;	     /* index in ias, 1 to DHCP6_IAS_MAX - 1 */
	uint8_t reserved[3];
};

struct dhcp6_lease {
	uint32_t obtained_high; /* wall clock when the struct was made, */
	uint32_t obtained_low;	/* seconds; filled from and for the file */
	uint32_t refresh_sec;	/* option 32, until then the options hold */
	uint32_t sol_max_rt;	/* option 82; 0: not said */
	uint32_t inf_max_rt;	/* option 83 */
	uint32_t replay_high;	/* of the newest authenticated message */
	uint32_t replay_low;
	uint16_t status;   /* newest of a whole message */
	uint16_t s46_len;  /* options 94-96 as they came, codes included */
	uint16_t dnr_len;  /* option 144, each with two bytes of length */
	uint8_t state;	   /* enum dhcp6_state; not in the file */
	uint8_t has_info;  /* the options below were given */
	uint8_t stateless; /* 1: by an Information-request; no IAs */
	uint8_t rapid_commit;
	uint8_t registration; /* option 148: the network takes RFC 9686 */
	uint8_t has_key;      /* reconfigure key; key 0 when shown */
	uint8_t naddrs;
	uint8_t nprefixes;
	uint8_t nntp;
	uint8_t network_id_len;
	uint8_t key[DHCP6_KEY_LEN];
	uint8_t network_id[NETWORK_ID_MAX];
	struct dhcp6_ia ias[DHCP6_IAS_MAX];
	struct dhcp6_addr addrs[DHCP6_ADDRS_MAX];
	struct dhcp6_prefix prefixes[DHCP6_PREFIXES_MAX];
	struct in6_addr ntp[DHCP6_NTP_MAX]; /* options 31 and 56 */
	struct dns_set dns;		    /* options 23 and 24 */
	uint8_t s46[DHCP6_BLOB_MAX];
	uint8_t dnr[DHCP6_BLOB_MAX];
	char ntp_name[DNS_NAME_MAX];	    /* option 56, first */
	char aftr[DNS_NAME_MAX];	    /* option 64 */
	char captive_portal[DHCP6_URI_MAX]; /* option 103 */
};

#pragma GCC diagnostic pop

_Static_assert(sizeof(struct dhcp6_lease) <= 8100,
    "a DHCPv6 lease fits a message (ipc.h)");

#endif

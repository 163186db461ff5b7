/* SPDX-License-Identifier: ISC */
/*
 * DHCPv4 codec: Ethernet frame or BOOTP message <-> struct dhcp4_msg.
 * RFC 2131, 2132, 3396, 3397, 3442, 4702, 8910, 8925, 9463, 5969.
 * Pure functions; nothing here keeps state.
 */
#ifndef LEASED_DHCP4_MSG_H
#define LEASED_DHCP4_MSG_H

#include "proto.h"

#define DHCP4_SERVER_PORT 67
#define DHCP4_CLIENT_PORT 68
#define DHCP4_MIN_BOOTP 300 /* RFC 1542 2.1, BOOTP's minimum */
#define DHCP4_FRAME_MAX 1514

/* Message types, RFC 2132 9.6 */
enum dhcp4_type {
	DHCPDISCOVER = 1,
	DHCPOFFER,
	DHCPREQUEST,
	DHCPDECLINE,
	DHCPACK,
	DHCPNAK,
	DHCPRELEASE,
	DHCPINFORM,
	DHCPFORCERENEW
};

/* Option codes */
enum dhcp4_option {
	OPT_PAD = 0,
	OPT_SUBNET_MASK = 1,
	OPT_ROUTERS = 3,
	OPT_DNS = 6,
	OPT_HOSTNAME = 12,
	OPT_DOMAIN = 15,
	OPT_MTU = 26,
	OPT_BROADCAST = 28,
	OPT_STATIC_ROUTES = 33,
	OPT_NTP = 42,
	OPT_VENDOR = 43,
	OPT_REQUESTED_IP = 50,
	OPT_LEASE_TIME = 51,
	OPT_OVERLOAD = 52,
	OPT_MESSAGE_TYPE = 53,
	OPT_SERVER_ID = 54,
	OPT_PARAMETERS = 55,
	OPT_MESSAGE = 56,
	OPT_MAX_SIZE = 57,
	OPT_T1 = 58,
	OPT_T2 = 59,
	OPT_VENDOR_CLASS = 60,
	OPT_CLIENT_ID = 61,
	OPT_USER_CLASS = 77,
	OPT_RAPID_COMMIT = 80,
	OPT_FQDN = 81,
	OPT_IPV6_ONLY = 108,
	OPT_CAPTIVE_PORTAL = 114,
	OPT_DOMAIN_SEARCH = 119,
	OPT_CLASSLESS_ROUTES = 121,
	OPT_DNR = 162,
	OPT_6RD = 212,
	OPT_END = 255
};

/* Why a frame was dropped; each is a counter. */
enum dhcp4_error {
	DHCP4_OK,
	DHCP4_E_FRAME,
	DHCP4_E_CHECKSUM,
	DHCP4_E_BOOTP,
	DHCP4_E_OPTIONS
};

/* dhcp4_msg.present bits: options seen and valid. */
#define HAVE_MASK 0x00000001U
#define HAVE_LEASE_TIME 0x00000002U
#define HAVE_T1 0x00000004U
#define HAVE_T2 0x00000008U
#define HAVE_SERVER_ID 0x00000010U
#define HAVE_RAPID_COMMIT 0x00000020U
#define HAVE_IPV6_ONLY 0x00000040U
#define HAVE_CLASSLESS 0x00000080U
#define HAVE_MTU 0x00000100U
#define HAVE_CLIENT_ID 0x00000200U

/*
 * A decoded server message.  lease holds what the options said, already
 * validated and bounded (routes: 121, else 33 then 3 as default routes;
 * prefixlen from option 1 or, without it, the classful one; lease_sec, t1_sec
 * and t2_sec raw, 0 where absent).
 */
struct dhcp4_msg {
	uint8_t type;
	uint8_t flags_broadcast;
	uint16_t secs;
	uint32_t xid;
	uint32_t present;	/* HAVE_* */
	uint32_t ignored;	/* options dropped as malformed */
	uint32_t names_ignored; /* names dropped (D4-07) */
	uint32_t excess;	/* routes, servers, names over the bound */
	uint32_t csum_partial;	/* accepted by the offload rule of D4-01 */
	struct in_addr ip_src;	/* sender in the IP header */
	uint8_t eth_src[6];
	uint8_t client_id_len; /* 61 in a reply, RFC 6842 */
	uint8_t reserved;
	uint8_t client_id[255];
	char message[256]; /* option 56, printable bytes only */
	struct in_addr ciaddr, siaddr, giaddr;
	struct lease4 lease; /* addr = yiaddr */
};

/*
 * Ethernet frame -> UDP payload (D4-01).  On DHCP4_OK *payload and *len are
 * the BOOTP message inside the frame.
 */
enum dhcp4_error dhcp4_frame_parse(const uint8_t *frame, size_t framelen,
    int recv_flags, const uint8_t **payload, size_t *len, struct dhcp4_msg *);

/*
 * BOOTP message -> struct (D4-02 but for xid and chaddr's owner, D4-03, 07,
 * 08).  hwaddr is the interface's; ignore: option codes to treat as absent.
 * The struct was filled by dhcp4_frame_parse() or is zeroed: what the frame
 * said is kept.
 */
enum dhcp4_error
dhcp4_msg_parse(const uint8_t *, size_t, uint16_t hwtype, const uint8_t *hwaddr,
    uint8_t hwaddr_len, const struct conf_options *, struct dhcp4_msg *);

/* What a client message carries; zero or NULL fields are left out. */
struct dhcp4_out {
	enum dhcp4_type type;
	uint32_t xid;
	uint16_t secs;
	uint8_t broadcast;
	uint8_t rapid_commit;
	uint8_t hwaddr_len;
	uint16_t hwtype;
	uint8_t hwaddr[HWADDR_MAX];
	struct in_addr ciaddr;
	struct in_addr requested;
	struct in_addr server_id;
	uint32_t lease_time;
	uint16_t max_size; /* option 57 */
	const uint8_t *client_id;
	size_t client_id_len;
	const char *host_name;
	int is_fqdn; /* host_name goes out as option 81 */
	const char *vendor_class;
	const char (*user_classes)[64];
	size_t nuser_classes;
	const uint8_t *params; /* option 55 */
	size_t nparams;
	const char *message; /* option 56, DECLINE and RELEASE */
	/* order: anonymity (RFC 7844 3.1) permutes the options; NULL: fixed */
	uint32_t (*random)(void *, uint32_t);
	void *random_arg;
};

/* Build the BOOTP message, padded to 300 bytes.  Length, or 0: no room. */
size_t dhcp4_msg_build(const struct dhcp4_out *, uint8_t *, size_t);

/* Put Ethernet, IPv4 and UDP before a BOOTP message.  Length, or 0. */
size_t dhcp4_frame_build(const uint8_t *payload, size_t len,
    const uint8_t src_mac[6], const uint8_t dst_mac[6], struct in_addr src,
    struct in_addr dst, uint8_t *, size_t);

/*
 * The parameter request list (D4-04): the fixed order of RFC 3442 with the
 * configuration's request and ignore applied; ipv6_only adds 108.
 * anonymous: the minimal list (RFC 7844 3.6).  Returns the count.
 */
size_t dhcp4_param_list(const struct conf_options *, int ipv6_only,
    int anonymous, uint8_t *, size_t);

/* One printable line of a message for debug logs; never raw bytes. */
void dhcp4_msg_print(const struct dhcp4_msg *, char *, size_t);

const char *dhcp4_type_name(uint8_t);

#endif

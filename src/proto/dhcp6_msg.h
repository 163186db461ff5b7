/* SPDX-License-Identifier: ISC */
/*
 * DHCPv6 codec: message <-> struct.  RFC 9915, 3646, 4075, 4704, 5908, 6334,
 * 6603, 7083, 7598, 8910, 9463, 9686.  Pure functions.
 */
#ifndef LEASED_DHCP6_MSG_H
#define LEASED_DHCP6_MSG_H

#include "proto.h"
#include "../wire_dhcp6.h"
#include "dhcp6_opts.h"

#define DHCP6_SERVER_PORT 547
#define DHCP6_CLIENT_PORT 546
#define DHCP6_SEND_MAX 1452 /* with IPv6 and UDP headers 1500 (D6-31) */
#define DHCP6_RECV_MAX 2048 /* IPC_PACKET_MAX */
#define DHCP6_HEADER_LEN 4  /* type and transaction id */
#define DHCP6_XID_MASK 0xffffffU
#define DHCP6_MESSAGE_MAX 128 /* of a status' text that is kept */
#define DHCP6_ORO_MAX (CONF_OPTIONS_MAX + 16)

/* RFC 7083 */
#define MAX_RT_MIN_SEC 60
#define MAX_RT_MAX_SEC 86400
/* RFC 9915 7.6 */
#define IRT_DEFAULT_SEC 86400
#define IRT_MIN_SEC 600

enum dhcp6_type {
	DHCP6_SOLICIT = 1,
	DHCP6_ADVERTISE,
	DHCP6_REQUEST,
	DHCP6_CONFIRM,
	DHCP6_RENEW,
	DHCP6_REBIND,
	DHCP6_REPLY,
	DHCP6_RELEASE,
	DHCP6_DECLINE,
	DHCP6_RECONFIGURE,
	DHCP6_INFORMATION_REQUEST,
	DHCP6_RELAY_FORW,
	DHCP6_RELAY_REPL,
	DHCP6_ADDR_REG_INFORM = 36,
	DHCP6_ADDR_REG_REPLY = 37
};

enum dhcp6_error {
	DHCP6_OK,
	DHCP6_E_TYPE,	   /* no message for a client */
	DHCP6_E_LENGTH,	   /* too short or too long */
	DHCP6_E_OPTIONS,   /* an option leaves its parent, or is malformed */
	DHCP6_E_SERVER_ID, /* none, or more than one */
	DHCP6_E_CLIENT_ID  /* more than one */
};

/* msg.present */
#define HAVE6_STATUS 0x0001U
#define HAVE6_RAPID_COMMIT 0x0002U
#define HAVE6_DNS 0x0004U /* 23 or 24 */
#define HAVE6_SOL_MAX_RT 0x0008U
#define HAVE6_INF_MAX_RT 0x0010U
#define HAVE6_REFRESH 0x0020U
#define HAVE6_AUTH 0x0040U
#define HAVE6_INFO 0x0080U	 /* any of 31, 56, 64, 94-96, 103, 144, 148 */
#define HAVE6_REGISTERED 0x0100U /* IA Address outside an IA */

/* RFC 9915 20.4, the reconfigure key authentication protocol */
#define AUTH_RKAP 3
#define AUTH_RKAP_KEY 1
#define AUTH_RKAP_HMAC 2

struct dhcp6_auth {
	uint8_t type; /* AUTH_RKAP_*; 0: another protocol */
	uint64_t replay;
	size_t value_off; /* of the 16 bytes in the message */
	uint8_t value[DHCP6_KEY_LEN];
};

/*
 * A decoded server message.  lease holds what the options said, already
 * validated and bounded; lifetimes, T1 and T2 are as they came.  A bit of ias
 * is set for each IA of ours that is in it and can be used.
 */
struct dhcp6_msg {
	uint8_t type;
	uint8_t reconfigure; /* option 19: message type to send; 0: none */
	uint32_t xid;
	uint32_t present; /* HAVE6_* */
	uint32_t ias;
	uint32_t ignored;	/* options and IAs dropped as malformed */
	uint32_t names_ignored; /* D6-32 */
	uint32_t excess;	/* over a bound */
	size_t client_id_len;	/* 0: none */
	uint8_t client_id[DHCP6_DUID_MAX];
	struct dhcp6_server server; /* addr is not filled */
	struct dhcp6_auth auth;
	struct in6_addr registered;
	char message[DHCP6_MESSAGE_MAX]; /* printable bytes only */
	struct dhcp6_lease lease;
};

/*
 * Bytes -> struct (D6-30, but for transaction id and whose client id it is).
 * ours: the iaids that are expected, NULL: every IA gets the next free place.
 * conf: options to treat as absent, may be NULL.
 */
enum dhcp6_error
dhcp6_msg_parse(const uint8_t *, size_t, const struct dhcp6_lease *ours,
    const struct conf_options *conf, struct dhcp6_msg *);

/* What a client message carries; zero or NULL fields are left out. */
struct dhcp6_out {
	enum dhcp6_type type;
	uint32_t xid;
	uint16_t elapsed; /* 1/100 s */
	int has_elapsed;
	int rapid_commit;
	int reconf_accept;
	int is_fqdn;
	const uint8_t *client_id;
	size_t client_id_len;
	const struct dhcp6_server *server;
	const struct dhcp6_lease *lease; /* iaids, addresses, prefixes */
	uint32_t ias;			 /* which IAs go in */
	int no_leases;			 /* IAs without their contents */
	const struct conf_prefix *hints; /* for IA_PDs without contents */
	const struct addr6 *registered;	 /* RFC 9686 */
	uint16_t oro[DHCP6_ORO_MAX];
	size_t noro;
	const char *host_name;
	uint32_t enterprise; /* of the vendor class */
	const char *vendor_class;
	const char (*user_classes)[64];
	size_t nuser_classes;
};

/* Build a message.  Classes and name are left out where there is no room.
 * Length, or 0: no room even so. */
size_t dhcp6_msg_build(const struct dhcp6_out *, uint8_t *, size_t);

/* The option request (D6-04) of a message with the configuration's request
 * and ignore applied.  pd: asks for a prefix.  Returns the count. */
size_t dhcp6_oro(const struct conf_iface *, enum dhcp6_type, int pd,
    uint16_t oro[DHCP6_ORO_MAX]);

/* One printable line of a message for debug logs; never raw bytes. */
void dhcp6_msg_print(const uint8_t *, size_t, char *, size_t);
const char *dhcp6_type_name(uint8_t);

#endif

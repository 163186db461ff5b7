/* SPDX-License-Identifier: ISC */
/*
 * The configuration: what parse.y fills and printconf.c prints.  The wire
 * structs (conf_global, conf_iface) are sent to the children as they are.
 */
#ifndef LEASED_CONF_H
#define LEASED_CONF_H

#include <sys/queue.h>
#include <stdio.h>
#include "wire.h"

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded"

#define CONF_NAME_MAX 64 /* interface name or pattern, with NUL */
#define CONF_USER_CLASSES 8
#define CONF_OPTIONS_MAX 32 /* request and ignore lists */
#define CONF_SERVERS_MAX 8
#define CONF_PREFIXES_MAX 4
#define CONF_ASSIGNS_MAX 8
#define CONF_STRING_MAX 256

enum conf_mode { CONF_NO, CONF_YES, CONF_AUTO, CONF_INFORM };
enum conf_client_id { CLIENT_ID_MAC, CLIENT_ID_DUID, CLIENT_ID_BYTES };
enum conf_acd { ACD_FAST, ACD_STRICT, ACD_OFF };
enum conf_select { SELECT_BEST, SELECT_FIRST };
enum conf_duid {
	CONF_DUID_UUID,
	CONF_DUID_LLT,
	CONF_DUID_LL,
	CONF_DUID_EN,
	CONF_DUID_BYTES
};
#define IGNORE_DNS 0x01
#define IGNORE_ROUTES 0x02
#define IGNORE_MTU 0x04

/* What the children know of the global part. */
struct conf_global {
	uint32_t control_gid;
	uint8_t control_write; /* the group may renew, release, reload ... */
	uint8_t release_on_exit;
	uint8_t duid_kind; /* enum conf_duid */
	uint8_t duid_len;  /* CONF_DUID_EN and CONF_DUID_BYTES */
	/* The whole DUID from its type on (RFC 8415 11). */
	uint8_t duid[132];
};

/* prefix ::/56 { assign em1 subnet 1 ... } */
struct conf_assign {
	char ifname[IFACE_NAME_MAX];
	uint32_t subnet;
	uint8_t length;	    /* 64 */
	uint8_t has_suffix; /* else from the MAC, or stable (soii) */
	uint8_t reserved[2];
	struct in6_addr suffix;
};

struct conf_prefix {
	struct in6_addr hint;
	uint8_t hint_len; /* 0: no hint */
	uint8_t nassigns;
	uint8_t reserved[2];
	struct conf_assign assigns[CONF_ASSIGNS_MAX];
};

/* Options by code (1-254 resp. 16 bit) and servers by address. */
struct conf_options {
	uint16_t nrequest;
	uint16_t nignore;
	uint16_t nservers; /* servers to ignore (DHCPv4) */
	uint16_t reserved;
	uint16_t request[CONF_OPTIONS_MAX];
	uint16_t ignore[CONF_OPTIONS_MAX];
	struct in_addr servers[CONF_SERVERS_MAX];
};

/* One interface block.  Every value is final (defaults filled in). */
struct conf_iface {
	char name[CONF_NAME_MAX]; /* exact name or fnmatch(3) pattern */
	uint32_t preference;	  /* 1-65535 */
	uint32_t startup_delay;	  /* s */
	uint32_t lease_time;	  /* option 51 to ask for; 0: none */
	uint32_t iaid;
	uint8_t has_iaid;
	uint8_t dhcp4;	       /* enum conf_mode: no, yes, inform */
	uint8_t slaac;	       /* no, yes */
	uint8_t dhcp6;	       /* no, yes, auto */
	uint8_t client_id;     /* enum conf_client_id */
	uint8_t client_id_len; /* CLIENT_ID_BYTES */
	uint8_t broadcast;
	uint8_t conflict_detection; /* enum conf_acd */
	uint8_t link_local;
	uint8_t ipv6_only;
	uint8_t anonymous;
	uint8_t ignore; /* IGNORE_* */
	uint8_t temporary;
	uint8_t soii;
	uint8_t accept_hop_limit;
	uint8_t rapid_commit;
	uint8_t select; /* enum conf_select */
	uint8_t reconfigure;
	uint8_t register_addr;
	uint8_t release_on_exit;
	uint8_t has_release_on_exit; /* else the global one holds */
	uint8_t nuser_classes;
	uint8_t nprefixes;
	uint8_t is_fqdn; /* host_name is sent as option 81 */
	/* Sent as it is; a text has type 0 in front (RFC 2132 9.14). */
	uint8_t client_id_bytes[CONF_STRING_MAX];
	char host_name[CONF_STRING_MAX];
	char vendor_class[CONF_STRING_MAX];
	char user_classes[CONF_USER_CLASSES][64];
	struct conf_options opt4;
	struct conf_options opt6;
	struct conf_prefix prefixes[CONF_PREFIXES_MAX];
};

#pragma GCC diagnostic pop

enum conf_resolv { RESOLV_AUTO, RESOLV_NO, RESOLV_PATH };

struct conf_block {
	TAILQ_ENTRY(conf_block) entry;
	struct conf_iface iface;
	int is_pattern; /* has *, ? or [ */
	int from_file;	/* 1: leased.d/NAME.conf */
	int line;	/* where it begins */
	char *file;
};

struct conf_exclude {
	TAILQ_ENTRY(conf_exclude) entry;
	char pattern[CONF_NAME_MAX];
};

struct conf {
	struct conf_global global;
	int resolv; /* enum conf_resolv */
	char resolv_path[1024];
	char control_group[64]; /* "": wheel, Linux root */
	/* of an interface without a block that a prefix is assigned to */
	struct conf_iface downstream;
	TAILQ_HEAD(, conf_block) blocks;
	TAILQ_HEAD(, conf_exclude) excludes;
};

struct conf_macro { /* from -D name=value */
	char *name;
	char *value;
};

/*
 * Read the configuration file and leased.d beside it.  path NULL: no file,
 * defaults alone (still reads nothing).  Every error is reported through
 * err(arg, "file:line: what, expected what"); NULL is returned if there was
 * any, and nothing has changed.  The caller frees with conf_free().
 */
struct conf *conf_read(const char *path, const struct conf_macro *, size_t,
    void (*err)(void *, const char *), void *arg);
/*
 * The same for text in memory, which cannot include files; name stands for the
 * file in messages.
 */
struct conf *conf_parse_buffer(const char *name, const char *buf, size_t len,
    const struct conf_macro *, size_t, void (*err)(void *, const char *),
    void *arg);
void conf_free(struct conf *);
struct conf *conf_new(void);

/* Fill a block with the defaults of leased.conf(5). */
void conf_iface_defaults(struct conf_iface *);

/* Add a default block for an interface named on the command line, unless a
 * block or pattern covers the name.  0, or -1 if the name is not valid. */
int conf_add_interface(struct conf *, const char *name);

/*
 * The block for an interface name: the exact name beats a pattern, the first
 * pattern wins; NULL: none, or excluded.  An interface without a block that
 * an assign names gets one with every protocol off.
 */
const struct conf_iface *conf_lookup(const struct conf *, const char *name);
/* Does an assign of any block name this interface? */
int conf_is_downstream(const struct conf *, const char *name);

/* Print the canonical form, which parses back to the same (leased -nv). */
void conf_print(const struct conf *, FILE *);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Prefix delegation, downstream: from delegated prefixes and the assign lines
 * of the uplinks' configuration to what one downstream interface should have
 * (RFC 9915 6.3, RFC 7084 L-2, RFC 9096 3).  Sans-IO: see proto.h.  Uses
 * configure6 (PROTO_PD), event6 (EVENT_PREFIX, EVENT_DEPRECATED,
 * EVENT_EXPIRED), deadline, log and count.
 */
#ifndef LEASED_PD_H
#define LEASED_PD_H

#include "proto.h"
#include "../wire_dhcp6.h"

/* RFC 9096 3.1: old addresses go after at most 90 minutes. */
#define PD_STALE_MAX_SEC 5400

/* Delegated prefixes of one uplink.  lease: as dhcp6_snapshot() or
 * dhcp6_status() made it at the time of the call, NULL: none (any more). */
struct pd_source {
	uint32_t ifindex;
	const char *ifname;
	const struct conf_iface *conf;
	const struct dhcp6_lease *lease;
	int pd_flag; /* P flag seen: the uplink itself may have a subnet */
};

/* Why a subnet could not be assigned (D6-41, D6-43). */
#define PD_ERRORS(X)                                                   \
	X(OK, "")                                                      \
	X(SUBNET, "the delegated prefix has no subnet of that number") \
	X(LENGTH, "the delegated prefix is longer than the subnet")    \
	X(EXCLUDED, "the subnet is excluded by the server")            \
	X(SUFFIX, "the suffix does not fit the subnet's length")       \
	X(UPLINK, "a prefix is not assigned to its own uplink")        \
	X(OVERLAP, "the subnet is assigned twice")                     \
	X(FULL, "too many addresses")                                  \
	X(DUPLICATE, "the address is in use by another host")
#define PD_ERROR_SYMBOL(s, t) PD_E_##s,
enum pd_error { PD_ERRORS(PD_ERROR_SYMBOL) PD_E_MAX };
#undef PD_ERROR_SYMBOL

/* One subnet on this interface. */
struct pd_entry {
	struct in6_addr prefix; /* the subnet */
	struct in6_addr addr;	/* ours in it */
	uint8_t prefixlen;
	uint8_t old;	     /* the prefix is gone: deprecated */
	uint8_t configured;  /* the kernel has it */
	uint8_t dad_counter; /* made anew after a duplicate */
	uint8_t has_suffix;  /* else the address is made, and made anew */
	uint8_t ia;	     /* 1 + place of its prefix statement */
	uint32_t uplink;     /* ifindex */
	enum pd_error error; /* else there is no address */
	uint32_t subnet;
	uint64_t preferred_end; /* ms */
	uint64_t valid_end;
	char uplink_name[IFACE_NAME_MAX];
};

#define PD_ENTRIES_MAX (2 * PD_ADDRS_MAX) /* current and old ones, errors */

/*
 * Make the 64 bit interface identifier for a subnet (soii, RFC 7217) in the
 * last eight bytes of addr, whose first eight are the prefix.
 */
typedef void pd_iid_fn(void *ctx, const struct interface *down,
    uint32_t dad_counter, struct in6_addr *addr);

struct pd {
	const struct proto_ops *ops;
	void *ctx;
	pd_iid_fn *stable;
	struct interface down;
	struct pd_entry entries[PD_ENTRIES_MAX];
	size_t nentries;
	uint32_t serial;
	int applied;	/* something was configured */
	uint64_t retry; /* the kernel failed a configuration, or lost it */
};

/* For `leasectl show`; lifetimes from now.  error: addr is of no meaning. */
struct pd_status {
	size_t nentries;
	struct pd_status_entry {
		struct in6_addr prefix;
		struct in6_addr addr;
		uint32_t preferred_sec;
		uint32_t valid_sec;
		uint32_t uplink;
		uint32_t subnet;
		uint8_t prefixlen;
		uint8_t old;
		enum pd_error error;
		char uplink_name[IFACE_NAME_MAX];
	} entries[PD_ENTRIES_MAX];
};

/* stable NULL: EUI-64 (soii no). */
void pd_init(struct pd *, const struct proto_ops *, void *ctx, pd_iid_fn *);
/*
 * Everything that is delegated now, of all uplinks; called whenever a lease,
 * the configuration or the downstream interface changes.  Sources that do not
 * assign to this interface are passed over.
 */
void pd_update(struct pd *, const struct interface *down,
    const struct pd_source *, size_t n, uint64_t now);
void pd_timer(struct pd *, uint64_t now);
/* The kernel's word on an address of the downstream interface. */
void pd_address(struct pd *, const struct state6 *, uint64_t now);
/* The parent carried a configuration out (0), or it failed (errno). */
void pd_configured(struct pd *, uint32_t serial, int error, uint64_t now);
/* After a suspend that the clock did not count: slept_sec by the wall clock.
 */
void pd_resume(struct pd *, uint32_t slept_sec, uint64_t now);
/* Take everything off the interface at once. */
void pd_withdraw(struct pd *, uint64_t now);
void pd_status(const struct pd *, uint64_t now, struct pd_status *);
const char *pd_error_text(enum pd_error);

#endif

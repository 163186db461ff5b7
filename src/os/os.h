/* SPDX-License-Identifier: ISC */
/*
 * The contract with the platform: everything that differs between FreeBSD and
 * Linux is behind these functions (src/os/freebsd, src/os/linux).  Unless said
 * otherwise they run in the parent, return 0 or an errno value, and log
 * nothing themselves.
 */
#ifndef LEASED_OS_H
#define LEASED_OS_H

#include "../wire.h"
#include "../ipc.h"

/* Paths of the platform (design: /etc, /usr/local/etc, /run, /var/run ...) */
extern const char os_default_conf[], os_default_pidfile[], os_default_socket[],
    os_default_statedir[], os_empty_dir[];

/* ---- events ---- */
struct os_events {
	/* The interface appeared or something of it changed. */
	void (*interface)(const struct interface *);
	void (*interface_gone)(uint32_t ifindex);
	/* An IPv4 address of any interface appeared or vanished. */
	void (*addr4)(
	    uint32_t ifindex, struct in_addr, uint8_t prefixlen, int present);
	/* IPv6 default route and global address (both) of the interface. */
	void (*ipv6_usable)(uint32_t ifindex, int usable);
	/* An IPv6 address of any interface appeared, changed or vanished,
	 * link-local ones too.  Only on FreeBSD flags may change unseen while
	 * an address is tentative: see os_addr6_state(). */
	void (*addr6)(const struct state6 *);
	/* Neighbour detection found a router (link-local address) that is not
	 * reachable, or reachable again. */
	void (*neighbor6)(
	    uint32_t ifindex, const struct in6_addr *, int reachable);
	/* A route of ours was removed by somebody else. */
	void (*route6_gone)(uint32_t ifindex, const struct in6_addr *dst,
	    uint8_t prefixlen, const struct in6_addr *gateway);
	/* The same for IPv4. */
	void (*route4_gone)(uint32_t ifindex, struct in_addr dst,
	    uint8_t prefixlen, struct in_addr gateway);
};

/* Open the monitor and what changes need; *fd is to be watched for reading. */
int os_init(const struct os_events *, int *fd);
/* Read all state and report it through the events (start, and resync). */
int os_dump(void);
/* Something can be read.  An overflow leads to a dump by itself. */
int os_monitor_read(void);

/* ---- changes ---- */
/* metric: of the prefix route.  Replaces the lifetime of an address that is
 * there, and puts back its prefix route.  valid_sec may be
 * LIFETIME_INFINITE. */
int os_addr4_add(uint32_t ifindex, const struct addr4 *, uint32_t metric);
int os_addr4_remove(uint32_t ifindex, const struct addr4 *);

struct os_route4 {
	uint32_t ifindex;
	struct in_addr dst;
	struct in_addr gateway; /* 0: on-link */
	struct in_addr source;	/* preferred source, 0: none */
	uint32_t metric;
	uint16_t mtu; /* 0: none */
	uint8_t prefixlen;
	uint8_t onlink; /* gateway is reachable though in no prefix */
};
int os_route4_add(const struct os_route4 *); /* or replace */
int os_route4_remove(const struct os_route4 *);

/* Is it in the kernel and does it bear our protocol number?  1, 0 */
int os_addr4_ours(uint32_t ifindex, struct in_addr, uint8_t prefixlen);
/* Does the kernel itself say that we made it?  0 where it keeps no mark. */
int os_addr4_marked(uint32_t ifindex, struct in_addr, uint8_t prefixlen);
int os_route4_ours(const struct os_route4 *);

int os_link_up(uint32_t ifindex);
int os_mtu_set(uint32_t ifindex, uint32_t mtu);
/* The text the kernel gave with the last error (Linux extack), or why a route
 * that was added waits (FreeBSD); else "". */
const char *os_error_text(void);

/* ---- IPv6 ---- */
/* Add, or refresh the life times of an address that is there and neither
 * tentative nor duplicated.  Never makes an on-link route. */
int os_addr6_add(uint32_t ifindex, const struct addr6 *);
int os_addr6_remove(uint32_t ifindex, const struct addr6 *);
/* Read one address's flags from the kernel; ESRCH: not there. */
int os_addr6_state(uint32_t ifindex, const struct in6_addr *, struct state6 *);
/* Do changes of tentative addresses come as events?  0: they must be asked. */
extern const int os_addr6_has_events;

struct os_route6 {
	uint32_t ifindex;
	uint32_t metric;
	struct route6 route;
};
int os_route6_add(const struct os_route6 *); /* or refresh */
int os_route6_remove(const struct os_route6 *);
int os_addr6_ours(uint32_t ifindex, const struct in6_addr *);
int os_route6_ours(const struct os_route6 *);

/*
 * The kernel's own handling of router advertisements, and what it takes from
 * them, as values that can be read, set and put back, each by number so that
 * the journal can hold them (value as found).  OS_IPV6_KNOBS of them.
 */
enum os_ipv6_knob {
	KNOB_ACCEPT_RA,	 /* 0: off (FreeBSD ACCEPT_RTADV) */
	KNOB_AUTOCONF,	 /* 0: off (Linux) */
	KNOB_TEMPADDR,	 /* 0: off (Linux use_tempaddr) */
	KNOB_OPTIMISTIC, /* 1: optimistic DAD of the link-local address */
	KNOB_DISABLED,	 /* 0: IPv6 is on (FreeBSD IFDISABLED) */
	KNOB_MTU,
	KNOB_HOP_LIMIT,
	KNOB_REACHABLE_MS,
	KNOB_RETRANS_MS,
	/* 1: routes over a link without carrier are not used (Linux) */
	KNOB_LINKDOWN,
	KNOB_LINKDOWN4, /* the same for IPv4 */
	KNOB_MAX
};
/* ENOTSUP: the platform has no such knob. */
int os_ipv6_get(const struct interface *, enum os_ipv6_knob, uint32_t *);
int os_ipv6_set(const struct interface *, enum os_ipv6_knob, uint32_t);
/*
 * What the kernel has made of router advertisements before it was told not to:
 * its routes are removed, as they would be used before ours for as long as
 * they last; its addresses are deprecated, as somebody may be using them.
 */
int os_ipv6_takeover(uint32_t ifindex);
/* Give the interface a link-local address if it makes none itself (Y-23). */
int os_link_local6(const struct interface *);

/* ---- sockets, made by the parent for the frontend ---- */
/* Each is non-blocking, close-on-exec, bound, connected, filtered, locked and
 * limited as far as the platform can.  *fd, or an errno. */
int os_socket_dhcp4(const struct interface *, int *fd, uint32_t *buflen);
int os_socket_arp(const struct interface *, struct in_addr key,
    struct in_addr peer, int *fd, uint32_t *buflen);
int os_socket_udp4(const struct interface *, struct in_addr local,
    struct in_addr server, int *fd);
/* CHANNEL_ND, CHANNEL_RS (local: the link-local address) */
int os_socket_nd(const struct interface *, int *fd);
int
os_socket_rs(const struct interface *, const struct in6_addr *local, int *fd);
/* CHANNEL_DHCP6, CHANNEL_DHCP6_SEND; local: link-local or another address.
 * EADDRINUSE: the sender on this address is still open somewhere. */
int os_socket_dhcp6(
    const struct interface *, const struct in6_addr *local, int *fd);
int os_socket_dhcp6_send(
    const struct interface *, const struct in6_addr *local, int *fd);
/* The parent's own: keeps UDP 68 from being answered with ICMP. */
int os_socket_sink(int *fd);
/* Is UDP port 68 held by another process?  0, or EADDRINUSE with the owner's
 * uid where the system tells (has_owner). */
int os_port_owner(uint16_t port, uint32_t *uid, int *has_owner);
/* The same for port 546 at the address of an interface where we have no
 * socket. */
int os_port6_owner(const struct interface *, const struct in6_addr *local,
    uint32_t *uid, int *has_owner);
/* Limit the control listener before it is passed. */
int os_limit_control(int fd);
/* Limit an imsg channel or a pipe to reading, writing and events. */
int os_limit_channel(int fd);

/* ---- frontend ---- */
/*
 * Read what is there from a packet channel; cb once for each frame.  At most
 * max frames.  Number of frames, 0: nothing more, -1: errno (ENXIO, ENETDOWN).
 */
int os_packet_read(int fd, enum channel, uint32_t buflen, int max,
    void (*cb)(void *, const uint8_t *, size_t, int recv_flags), void *);
/* The same for the datagram channels of IPv6; meta says what came with it.
 * ifindex: the interface it arrived on. */
int os_packet_read6(int fd, enum channel, int max,
    void (*cb)(void *, uint32_t ifindex, const struct recv6 *, const uint8_t *,
	size_t),
    void *);
/* send(2) or write(2) without a name.  0 or errno. */
int os_packet_send(int fd, enum channel, const uint8_t *, size_t);

/* ---- sandboxes ---- */
/* What the parent keeps reaching after its own restriction (Landlock). */
struct os_sandbox_paths {
	const char *conf;     /* file; what is beneath its directory is read */
	const char *statedir; /* read, write, create, rename */
	const char *rundir;   /* remove the socket */
	const char *piddir;   /* remove the pid file */
};
/* In a child, as root: chroot, drop to the user, no core, not dumpable. */
int os_drop(uid_t, gid_t, const char *empty_dir);
/*
 * The last step, after all preparation.  role decides the list.  trap_fd: a
 * pipe to which a refused system call's number is written (Linux); -1: a line
 * to standard error and syslogd (parent).
 */
int os_sandbox(enum ipc_role, int trap_fd, const struct os_sandbox_paths *);
/* Ask the kernel what is really on (Y-14); fills all but role. */
int os_sandbox_report(struct ipc_sandbox *);
/* 0 if the report shows everything the role must have, else what is missing
 * as static text. */
const char *os_sandbox_missing(const struct ipc_sandbox *);

/* ---- engine's clock and deadline ---- */
/* Milliseconds; counts sleep where the system has such a clock. */
uint64_t os_clock_ms(void);
/* Linux: a timerfd on CLOCK_BOOTTIME, made before the sandbox; FreeBSD: -1,
 * the caller uses a libevent timer. */
int os_timer_open(void);
/* when_ms PROTO_NEVER disarms. */
int os_timer_set(int fd, uint64_t when_ms);

/* ---- misc ---- */
/* An id that differs after each boot, as text. */
int os_boot_id(char *, size_t);
/* READY=1 and STOPPING=1 for a supervisor; opened before the sandbox. */
int os_notify_open(void);
void os_notify(int fd, const char *);
/* The path of the running program, to execute it again. */
int os_self_path(char *, size_t);
/* Name of system call n, for the trap line. */
const char *os_syscall_name(int);

#endif

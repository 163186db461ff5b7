/* SPDX-License-Identifier: ISC */
/*
 * Every message between the processes.  Somebody who reads only the table
 * below knows the whole system.
 *
 * A message is an imsg whose payload is exactly one fixed-size struct.  The
 * dispatcher (ipc.c, ipc_handlers.h) is generated from the table and refuses
 * whatever does not fit: unknown type, wrong direction or phase, wrong size,
 * peerid not 0, foreign pid, a descriptor missing or too many.  From a process
 * of ours that ends the daemon; from a control client it ends the client.
 */
#ifndef LEASED_IPC_H
#define LEASED_IPC_H

#include <stdarg.h>
#include "wire.h"
#include "conf.h"
#include "counters.h"
#include "proto/proto.h"
#include "wire6.h"
#include "wire_dhcp6.h"
#include "wire_slaac.h"

#define IPC_VERSION 1
#define IPC_PACKET_MAX 2048
#define IPC_MESSAGE_MAX 8192
#define IPC_LEASE_FILE_MAX 7168
#define IPC_LOG_MAX 512
#define IPC_TEXT_MAX 256
#define IPC_QUEUE_SLOW (64 * 1024) /* let the channel drain before more */
#define IPC_QUEUE_MAX (256 * 1024) /* the peer does not read */
#define IPC_CLIENTS_MAX 16
#define IPC_MONITORS_MAX 4
#define IPC_REQUEST_SEC 5 /* a client's time to finish its request */

/*
 * X(MESSAGE, handler, struct, from, to, phase, descriptor)
 *
 * from, to   PARENT FRONTEND ENGINE HELPER CLIENT; CHILDREN = the three.
 * phase      START  the first message on its channel, once
 *            RUN    any time after it
 *            ONCE   any time after it, once
 * descriptor FD     carries exactly one; NOFD
 */
#define IPC_TABLE(X)                                                           \
	/* parent to its children */                                           \
	X(HELLO, hello, ipc_hello, PARENT, CHILDREN, START, NOFD)              \
	X(CHANNEL, channel, ipc_channel, PARENT, FE, ONCE, FD)                 \
	X(LOG_LEVEL, log_level, ipc_log_level, PARENT, CHILDREN, RUN, NOFD)    \
	X(GLOBAL, global, ipc_global, PARENT, FE, RUN, NOFD)                   \
	X(CONTROL, control, ipc_empty, PARENT, FRONTEND, ONCE, FD)             \
	X(SOCKET, socket, ipc_socket, PARENT, FRONTEND, RUN, FD)               \
	X(CLOSE_ALL, close_all, ipc_ifindex, PARENT, FRONTEND, RUN, NOFD)      \
	X(SHUT, shut, ipc_channel_state, PARENT, FRONTEND, RUN, NOFD)          \
	X(RELOADED, reloaded, ipc_result, PARENT, FRONTEND, RUN, NOFD)         \
	X(MANAGE, manage, ipc_manage, PARENT, ENGINE, RUN, NOFD)               \
	X(UNMANAGE, unmanage, ipc_unmanage, PARENT, ENGINE, RUN, NOFD)         \
	X(INTERFACE, interface, ipc_interface, PARENT, ENGINE, RUN, NOFD)      \
	X(START, start, ipc_ifindex, PARENT, ENGINE, RUN, NOFD)                \
	X(SKIPPED, skipped, ipc_skipped, PARENT, ENGINE, RUN, NOFD)            \
	X(HWADDRS, hwaddrs, ipc_hwaddrs, PARENT, ENGINE, RUN, NOFD)            \
	X(LEASE_FILE, lease_file, ipc_lease_file, PARENT, ENGINE, RUN, NOFD)   \
	X(ADOPTED4, adopted4, ipc_addr4, PARENT, ENGINE, RUN, NOFD)            \
	X(STATIC4, static4, ipc_addr4, PARENT, ENGINE, RUN, NOFD)              \
	X(CONFIGURED4, configured4, ipc_configured4, PARENT, ENGINE, RUN,      \
	    NOFD)                                                              \
	X(GONE4, gone4, ipc_addr4, PARENT, ENGINE, RUN, NOFD)                  \
	X(SOCKET_FAILED, socket_failed, ipc_socket_failed, PARENT, ENGINE,     \
	    RUN, NOFD)                                                         \
	X(SECRET, secret, ipc_secret, PARENT, ENGINE, ONCE, NOFD)              \
	X(STATE6, state6, state6, PARENT, ENGINE, RUN, NOFD)                   \
	X(NEIGHBOR6, neighbor6, ipc_neighbor6, PARENT, ENGINE, RUN, NOFD)      \
	X(CONFIGURED6, configured6, ipc_configured6, PARENT, ENGINE, RUN,      \
	    NOFD)                                                              \
	X(KERNEL6, kernel6, ipc_kernel6, PARENT, ENGINE, RUN, NOFD)            \
	X(REFUSED, refused, ipc_refused, PARENT, ENGINE, RUN, NOFD)            \
	X(SANDBOXES, sandboxes, ipc_sandbox, PARENT, ENGINE, RUN, NOFD)        \
	X(SHUTDOWN, shutdown, ipc_stop, PARENT, ENGINE, RUN, NOFD)             \
	X(STATUS_LOG, status_log, ipc_empty, PARENT, ENGINE, RUN, NOFD)        \
	X(RESOLV_CONF, resolv_conf, ipc_resolv_conf, PARENT, HELPER, RUN,      \
	    NOFD)                                                              \
	X(RESOLVE, resolve, ipc_resolve, PARENT, HELPER, RUN, NOFD)            \
	X(FINISH, finish, ipc_empty, PARENT, HELPER, ONCE, NOFD)               \
	/* children to the parent */                                           \
	X(LOG, log, ipc_log, CHILDREN, PARENT, RUN, NOFD)                      \
	X(SANDBOX, sandbox, ipc_sandbox, CHILDREN, PARENT, ONCE, NOFD)         \
	X(CLOSED, closed, ipc_channel_state, FRONTEND, PARENT, RUN, NOFD)      \
	X(RELOAD, reload, ipc_client, FRONTEND, PARENT, RUN, NOFD)             \
	X(SET_LOG, set_log, ipc_log_level, FRONTEND, PARENT, RUN, NOFD)        \
	X(CONFIGURE4, configure4, ipc_configure4, ENGINE, PARENT, RUN, NOFD)   \
	X(CONFIGURE6, configure6, ipc_configure6, ENGINE, PARENT, RUN, NOFD)   \
	X(DNS, dns, ipc_dns, ENGINE, PARENT, RUN, NOFD)                        \
	X(STORE4, store4, ipc_store4, ENGINE, PARENT, RUN, NOFD)               \
	X(STORE_SLAAC, store_slaac, ipc_store_slaac, ENGINE, PARENT, RUN,      \
	    NOFD)                                                              \
	X(STORE_DHCP6, store_dhcp6, ipc_store_dhcp6, ENGINE, PARENT, RUN,      \
	    NOFD)                                                              \
	X(FORGET, forget, ipc_forget, ENGINE, PARENT, RUN, NOFD)               \
	X(OPEN, open, ipc_open, ENGINE, PARENT, RUN, NOFD)                     \
	X(STOP, stop, ipc_stop, ENGINE, PARENT, ONCE, NOFD)                    \
	/* frontend and engine */                                              \
	X(PACKET, packet, ipc_packet, FRONTEND, ENGINE, RUN, NOFD)             \
	X(OPENED, opened, ipc_channel_state, FRONTEND, ENGINE, RUN, NOFD)      \
	X(SENT, sent, ipc_channel_state, FRONTEND, ENGINE, RUN, NOFD)          \
	X(DROPPED, dropped, ipc_dropped, FRONTEND, ENGINE, RUN, NOFD)          \
	X(REQUEST, request, ipc_request, FRONTEND, ENGINE, RUN, NOFD)          \
	X(HANGUP, hangup, ipc_client, FRONTEND, ENGINE, RUN, NOFD)             \
	X(GO_ON, go_on, ipc_client, FRONTEND, ENGINE, RUN, NOFD)               \
	X(SEND, send, ipc_packet, ENGINE, FRONTEND, RUN, NOFD)                 \
	X(CLOSE, close, ipc_channel_state, ENGINE, FRONTEND, RUN, NOFD)        \
	X(ROUTERS, routers, ipc_routers, ENGINE, FRONTEND, RUN, NOFD)          \
	X(ASK, ask, ipc_ifindex, ENGINE, FRONTEND, RUN, NOFD)                  \
	X(EVENT6, event6, ipc_event6, ENGINE, FRONTEND, RUN, NOFD)             \
	X(EVENT, event, ipc_event, ENGINE, FRONTEND, RUN, NOFD)                \
	X(SHOW_IFACE, show_iface, ipc_show_iface, ENGINE, FRONTEND, RUN, NOFD) \
	X(SHOW_ADDRS, show_addrs, ipc_show_addrs, ENGINE, FRONTEND, RUN, NOFD) \
	X(SHOW_SLAAC, show_slaac, ipc_show_slaac, ENGINE, FRONTEND, RUN, NOFD) \
	X(SHOW_DHCP6, show_dhcp6, ipc_show_dhcp6, ENGINE, FRONTEND, RUN, NOFD) \
	X(SHOW_PREFIXES, show_prefixes, ipc_show_prefixes, ENGINE, FRONTEND,   \
	    RUN, NOFD)                                                         \
	X(SHOW_COUNTERS, show_counters, ipc_show_counters, ENGINE, FRONTEND,   \
	    RUN, NOFD)                                                         \
	X(SHOW_SANDBOX, show_sandbox, ipc_show_sandbox, ENGINE, FRONTEND, RUN, \
	    NOFD)                                                              \
	X(SHOW_SKIPPED, show_skipped, ipc_show_skipped, ENGINE, FRONTEND, RUN, \
	    NOFD)                                                              \
	X(PAUSED, paused, ipc_client, ENGINE, FRONTEND, RUN, NOFD)             \
	X(RESULT, result, ipc_result, ENGINE, FRONTEND, RUN, NOFD)             \
	/* control clients (leasectl) */                                       \
	X(CTL_REQUEST, ctl_request, ipc_ctl_request, CLIENT, FRONTEND, START,  \
	    NOFD)                                                              \
	X(CTL_EVENT, ctl_event, ipc_event, FRONTEND, CLIENT, RUN, NOFD)        \
	X(CTL_EVENT6, ctl_event6, ipc_event6, FRONTEND, CLIENT, RUN, NOFD)     \
	X(CTL_IFACE, ctl_iface, ipc_show_iface, FRONTEND, CLIENT, RUN, NOFD)   \
	X(CTL_ADDRS, ctl_addrs, ipc_show_addrs, FRONTEND, CLIENT, RUN, NOFD)   \
	X(CTL_SLAAC, ctl_slaac, ipc_show_slaac, FRONTEND, CLIENT, RUN, NOFD)   \
	X(CTL_DHCP6, ctl_dhcp6, ipc_show_dhcp6, FRONTEND, CLIENT, RUN, NOFD)   \
	X(CTL_PREFIXES, ctl_prefixes, ipc_show_prefixes, FRONTEND, CLIENT,     \
	    RUN, NOFD)                                                         \
	X(CTL_COUNTERS, ctl_counters, ipc_show_counters, FRONTEND, CLIENT,     \
	    RUN, NOFD)                                                         \
	X(CTL_SANDBOX, ctl_sandbox, ipc_show_sandbox, FRONTEND, CLIENT, RUN,   \
	    NOFD)                                                              \
	X(CTL_SKIPPED, ctl_skipped, ipc_show_skipped, FRONTEND, CLIENT, RUN,   \
	    NOFD)                                                              \
	X(CTL_RESULT, ctl_result, ipc_result, FRONTEND, CLIENT, RUN, NOFD)

/* Processes; as bits in the table's columns. */
enum ipc_role {
	ROLE_PARENT,
	ROLE_FRONTEND,
	ROLE_ENGINE,
	ROLE_HELPER,
	ROLE_CLIENT,
	ROLE_MAX
};

#define IPC_TYPE(M, h, s, f, t, p, d) MSG_##M,
enum ipc_type { MSG_NONE, IPC_TABLE(IPC_TYPE) MSG_MAX };
#undef IPC_TYPE

/* Control requests */
#define CTL_COMMANDS(X)         \
	X(SHOW, "show")         \
	X(COUNTERS, "counters") \
	X(WAIT, "wait")         \
	X(MONITOR, "monitor")   \
	X(RENEW, "renew")       \
	X(RELEASE, "release")   \
	X(RELOAD, "reload")     \
	X(LOGLEVEL, "log")      \
	X(RESUME, "resume")     \
	X(STOP, "stop")
#define CTL_SYMBOL(s, n) CTL_CMD_##s,
enum ctl_command { CTL_CMD_NONE, CTL_COMMANDS(CTL_SYMBOL) CTL_CMD_MAX };
#undef CTL_SYMBOL

/* ctl_request.flags */
#define CTL_INET 0x01
#define CTL_INET6 0x02
#define CTL_WITHDRAW 0x04
#define CTL_VERBOSE 0x08
#define CTL_WAIT_NAMES_MAX 16

/* ipc_result.code: leasectl's exit code follows from it */
enum ipc_code {
	IPC_OK,
	IPC_TIMEOUT,
	IPC_DENIED,
	IPC_NO_INTERFACE,
	IPC_INVALID,
	IPC_BUSY,
	IPC_FAILED
};

/* Why an interface is not managed */
#define SKIP_REASONS(X)                                     \
	X(ABSENT, "not present yet")                        \
	X(MEMBER, "member of a bridge or link aggregation") \
	X(NAME, "name has bytes that are not allowed")
#define SKIP_SYMBOL(s, n) SKIP_##s,
enum skip_reason { SKIP_NOT, SKIP_REASONS(SKIP_SYMBOL) SKIP_MAX };
#undef SKIP_SYMBOL

/* ipc_sandbox.flags */
#define SANDBOX_SECCOMP 0x01 /* Seccomp: 2 */
#define SANDBOX_NO_NEW_PRIVS 0x02
#define SANDBOX_LANDLOCK 0x04
#define SANDBOX_CAPSICUM 0x08 /* cap_getmode() = 1 */
#define SANDBOX_CHROOT 0x10
#define SANDBOX_CAPS_REDUCED 0x20
#define SANDBOX_ROOT 0x40      /* runs as uid 0 */
#define SANDBOX_SANITIZER 0x80 /* the longer list of sanitizer builds */

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded"

struct ipc_empty {
	uint32_t reserved;
};

struct ipc_hello {
	uint32_t version;
	uint32_t parent_pid;
	uint32_t verbose;
	uint32_t debug;
};

struct ipc_channel {
	uint32_t peer_pid;
};

struct ipc_log_level {
	uint32_t verbose;
};

struct ipc_log {
	uint32_t priority; /* LOG_EMERG .. LOG_DEBUG */
	char text[IPC_LOG_MAX];
};

struct ipc_global {
	struct conf_global conf;
};

struct ipc_ifindex {
	uint32_t ifindex;
};

struct ipc_client {
	uint32_t client;
};

struct ipc_socket {
	uint32_t ifindex;
	uint32_t channel; /* enum channel */
	struct in_addr key;
	struct in6_addr key6;
	uint32_t buflen; /* read exactly so much (BPF); 0: any */
};

struct ipc_manage {
	uint32_t ifindex;
	struct conf_iface conf;
};

struct ipc_unmanage {
	uint32_t ifindex;
	uint32_t gone; /* 1: the interface is no more, else withdraw first */
};

struct ipc_interface {
	struct interface iface;
};

struct ipc_skipped {
	uint32_t ifindex; /* 0: absent */
	uint32_t reason;  /* enum skip_reason; SKIP_NOT: no longer skipped */
	char name[IFACE_NAME_MAX * 4]; /* escaped */
};

#define IPC_HWADDRS_MAX 1024
struct ipc_hwaddrs {
	uint32_t n;
	uint8_t addr[IPC_HWADDRS_MAX][6];
};

struct ipc_lease_file {
	uint32_t ifindex;
	uint32_t protocol;  /* enum protocol */
	uint32_t wall_high; /* the wall clock now, seconds since the epoch */
	uint32_t wall_low;
	uint32_t len;
	uint8_t data[IPC_LEASE_FILE_MAX];
};

struct ipc_addr4 {
	uint32_t ifindex;
	struct in_addr addr;
	uint32_t prefixlen;
};

struct ipc_configured4 {
	uint32_t ifindex;
	uint32_t serial;
	uint32_t error; /* errno; EACCES: refused by policy */
};

struct ipc_socket_failed {
	uint32_t ifindex;
	uint32_t channel;
	struct in_addr key;
	struct in6_addr key6;
	uint32_t error;	    /* errno */
	uint32_t has_owner; /* of the port, EADDRINUSE */
	uint32_t owner_uid;
	uint32_t retry_sec;
};

/* RFC 7217 5: the secret key of stable addresses. */
struct ipc_secret {
	uint8_t secret[SECRET_SIZE];
};

struct ipc_neighbor6 {
	uint32_t ifindex;
	uint32_t reachable;
	struct in6_addr addr;
};

struct ipc_configured6 {
	uint32_t ifindex;
	uint32_t protocol;
	uint32_t serial;
	uint32_t error; /* errno; EACCES: refused by policy */
};

struct ipc_configure6 {
	uint32_t ifindex;
	struct config6 config;
};

/* The routers in use: the frontend keeps half of its rate for them. */
struct ipc_routers {
	uint32_t ifindex;
	uint32_t n;
	struct in6_addr addr[SLAAC_ROUTERS_MAX];
};

struct ipc_kernel6 {
	uint32_t ifindex;
	uint32_t usable; /* default router and a global address */
};

struct ipc_refused {
	uint32_t ifindex;
	uint32_t refusal; /* enum refusal, policy.h */
};

struct ipc_sandbox {
	uint32_t role; /* enum ipc_role */
	uint32_t pid;
	uint32_t uid;
	uint32_t gid;
	uint32_t flags;	       /* SANDBOX_* */
	uint32_t syscalls;     /* number allowed, Linux */
	uint32_t landlock_abi; /* 0: none */
	uint32_t reserved;
	uint64_t caps_permitted;
	uint64_t caps_effective;
};

struct ipc_stop {
	uint32_t withdraw;
};

struct ipc_resolve {
	uint32_t ifindex;
	uint32_t protocol;
	uint32_t preference; /* of the interface */
	uint32_t adopted;    /* 1: an earlier run has said something */
	char ifname[IFACE_NAME_MAX];
	struct dns_set dns;
};

struct ipc_resolv_conf {
	uint32_t mode; /* enum conf_resolv */
	char path[1024];
};

struct ipc_configure4 {
	uint32_t ifindex;
	struct config4 config;
};

struct ipc_dns {
	uint32_t ifindex;
	uint32_t protocol;
	struct dns_set dns;
};

struct ipc_store4 {
	uint32_t ifindex;
	struct lease4 lease;
};

struct ipc_store_slaac {
	uint32_t ifindex;
	struct slaac_info info;
};

struct ipc_store_dhcp6 {
	uint32_t ifindex;
	struct dhcp6_lease lease;
};

struct ipc_forget {
	uint32_t ifindex;
	uint32_t protocol;
};

struct ipc_open {
	uint32_t ifindex;
	uint32_t channel;
	struct in_addr key;
	struct in6_addr key6;
	struct in_addr peer;
};

struct ipc_packet {
	uint32_t ifindex;
	uint32_t channel;
	struct in_addr key;
	struct in6_addr key6;
	struct recv6 meta; /* of the IPv6 channels */
	uint32_t flags;	   /* RECV_* or SEND_* */
	uint32_t len;
	uint8_t data[IPC_PACKET_MAX];
};

struct ipc_channel_state {
	uint32_t ifindex;
	uint32_t channel;
	struct in_addr key;
	struct in6_addr key6;
	uint32_t error; /* errno, 0: open or sent */
};

struct ipc_dropped {
	uint32_t ifindex;
	uint32_t counter; /* RATE_LIMITED or OVERSIZED */
	uint32_t n;
};

/* What a client asks; the first and only message it sends. */
struct ipc_ctl_request {
	uint32_t version; /* IPC_VERSION */
	uint32_t command; /* enum ctl_command */
	uint32_t flags;	  /* CTL_* */
	uint32_t timeout_ms;
	uint32_t nnames; /* interfaces; 0: all */
	char names[CTL_WAIT_NAMES_MAX][IFACE_NAME_MAX];
};

struct ipc_request {
	uint32_t client;
	uint32_t uid;
	struct ipc_ctl_request req;
};

struct ipc_result {
	uint32_t client;
	uint32_t code; /* enum ipc_code */
	char text[IPC_TEXT_MAX];
};

struct ipc_event {
	uint32_t ifindex;
	uint32_t event;	   /* enum proto_event */
	uint32_t protocol; /* enum protocol */
	uint32_t wall_high;
	uint32_t wall_low;
	uint32_t has_lease;
	char ifname[IFACE_NAME_MAX];
	char reason[64];
	struct lease4 lease;
};

struct ipc_event6 {
	uint32_t ifindex;
	uint32_t event;	   /* enum proto_event */
	uint32_t protocol; /* enum protocol */
	uint32_t wall_high;
	uint32_t wall_low;
	char ifname[IFACE_NAME_MAX];
	char reason[64];
	struct event6 detail;
};

/* One interface for `show`.  Spans are seconds from now. */
struct ipc_show_iface {
	uint32_t client;
	struct interface iface;
	uint32_t state4; /* enum dhcp4_state */
	uint32_t dhcp4;	 /* enum conf_mode */
	uint32_t has_lease;
	uint32_t configured4; /* the kernel has the address */
	uint32_t link_local4;
	uint32_t t1_in, t2_in, expires_in;
	uint32_t tries;
	uint32_t sleeping;
	uint32_t preference;
	uint32_t socket_error; /* errno of its worst channel, 0: none */
	uint32_t socket_channel;
	uint32_t has_owner;
	uint32_t owner_uid;
	uint32_t last_refusal; /* enum refusal */
	struct in_addr link_local_addr;
	struct in_addr static_addr;
	struct lease4 lease;
};

/* What follows an ipc_show_iface is about the same interface. */
struct show_addr {
	struct state6 state; /* of the kernel; its life times run */
	uint32_t protocol;   /* enum protocol that asked for it */
	uint32_t temporary;  /* RFC 8981 */
};

#define SHOW_ADDRS_MAX 40 /* policy.h's bound of one interface */
struct ipc_show_addrs {
	uint32_t client;
	uint32_t ifindex;
	uint32_t naddrs;
	struct show_addr addrs[SHOW_ADDRS_MAX];
};

struct ipc_show_slaac {
	uint32_t client;
	uint32_t ifindex;
	struct slaac_info info;
};

struct ipc_show_dhcp6 {
	uint32_t client;
	uint32_t ifindex;
	uint32_t dhcp6; /* enum conf_mode */
	uint32_t tries;
	uint32_t retry_in;
	struct dhcp6_lease lease;
};

/* A delegated subnet on a downstream interface. */
struct show_prefix {
	struct in6_addr prefix;
	struct in6_addr addr;
	uint32_t preferred_sec;
	uint32_t valid_sec;
	uint32_t subnet;
	uint32_t error; /* enum pd_error; else addr is of no meaning */
	uint32_t prefixlen;
	uint32_t old; /* the prefix is gone, this is what is left of it */
	char uplink[IFACE_NAME_MAX];
};

#define SHOW_PREFIXES_MAX 16
struct ipc_show_prefixes {
	uint32_t client;
	uint32_t ifindex;
	uint32_t nprefixes;
	struct show_prefix prefixes[SHOW_PREFIXES_MAX];
};

struct ipc_show_counters {
	uint32_t client;
	uint32_t ifindex;
	char ifname[IFACE_NAME_MAX];
	uint64_t counters[COUNT_MAX + COUNT_MAX % 2];
};

struct ipc_show_sandbox {
	uint32_t client;
	uint32_t reserved;
	struct ipc_sandbox sandbox;
};

struct ipc_show_skipped {
	uint32_t client;
	struct ipc_skipped skipped;
};

#pragma GCC diagnostic pop

#define IPC_SIZE_CHECK(M, h, s, f, t, p, d)                 \
	_Static_assert(sizeof(struct s) <= IPC_MESSAGE_MAX, \
	    #s " is larger than a message may be");
IPC_TABLE(IPC_SIZE_CHECK)
#undef IPC_SIZE_CHECK

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Structs that travel between the processes, or are part of one that does.
 * Rules (see ipc.h): only uintN_t, byte arrays, in_addr and in6_addr; no
 * padding (the compiler checks: -Wpadded is an error in this file); zeroed
 * before they are filled; strings end inside their array.
 *
 * Addresses are network order (struct in_addr); every other number is host
 * order.  A time span is in seconds, 0xffffffff is infinite (RFC 2131 3.3).
 */
#ifndef LEASED_WIRE_H
#define LEASED_WIRE_H

#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <net/if.h>
#include <stdint.h>

#pragma GCC diagnostic push
#pragma GCC diagnostic error "-Wpadded"

#define LIFETIME_INFINITE 0xffffffffU

#define DNS_NAME_MAX 254     /* 253 bytes (RFC 1035 2.3.4) and a NUL */
#define DNS_SERVERS_MAX 8    /* name servers per interface and protocol */
#define DNS_SEARCH_MAX 16    /* search names per interface and protocol */
#define LEASE4_ROUTES_MAX 32 /* routes taken from one lease */
#define LEASE4_NTP_MAX 8
#define LEASE4_URI_MAX 256
#define LEASE4_BLOB_MAX 256
#define CONFIG4_ADDRS_MAX 3 /* lease, its predecessor, link-local */
#define CONFIG4_ROUTES_MAX 64
#define HWADDR_MAX 20	  /* InfiniBand */
#define NETWORK_ID_MAX 32 /* SSID */
#define IFACE_NAME_MAX 16 /* IFNAMSIZ on both systems */

enum protocol {
	PROTO_NONE,
	PROTO_DHCP4,
	PROTO_SLAAC,
	PROTO_DHCP6,
	PROTO_PD, /* what a delegated prefix gives to a downstream interface */
	PROTO_MAX
};

/*
 * One IPv4 route.  gateway 0.0.0.0: on-link.  dst 0.0.0.0/0: default.
 */
struct route4 {
	struct in_addr dst;
	struct in_addr gateway;
	uint8_t prefixlen;
	uint8_t reserved[3];
};

/*
 * A DHCPv4 lease: what an ACK granted, as validated by the engine.  This is
 * what goes into the lease file, status and events.
 */
struct lease4 {
	struct in_addr addr;	  /* yiaddr */
	struct in_addr server_id; /* option 54 */
	struct in_addr broadcast; /* option 28, 0: computed from the mask */
	uint32_t lease_sec;	  /* option 51 */
	uint32_t t1_sec;
	uint32_t t2_sec;
	uint32_t obtained_high; /* wall clock of the ACK, seconds since the */
	uint32_t obtained_low;	/* epoch; filled from and for the file only */
	uint32_t ipv6_only_sec; /* option 108, 0: none */
	uint16_t mtu;		/* option 26, 0: none */
	uint8_t prefixlen;	/* option 1 */
	uint8_t nroutes;
	uint8_t ndns;
	uint8_t nntp;
	uint8_t nsearch;
	uint8_t rapid_commit; /* 1: bound by two messages */
	uint8_t has_router_mac;
	uint8_t hwaddr_len; /* interface's address when it was obtained */
	uint8_t router_mac[6];
	uint8_t hwaddr[HWADDR_MAX];
	uint8_t network_id_len;
	uint8_t vendor_len;	/* option 43 */
	uint8_t sixrd_len;	/* option 212, validated raw form */
	uint8_t inform;		/* 1: answer to an INFORM; no address */
	uint16_t dnr_len;	/* option 162, validated raw form */
	uint16_t client_id_len; /* what we sent as option 61 */
	struct route4 routes[LEASE4_ROUTES_MAX]; /* of 121, or of 33 and 3 */
	struct in_addr dns[DNS_SERVERS_MAX];
	struct in_addr ntp[LEASE4_NTP_MAX];
	uint8_t network_id[NETWORK_ID_MAX];
	uint8_t vendor[LEASE4_BLOB_MAX];
	uint8_t sixrd[64];
	uint8_t dnr[LEASE4_BLOB_MAX];
	uint8_t client_id[LEASE4_BLOB_MAX];
	char hostname[DNS_NAME_MAX];		   /* option 12 */
	char domain[DNS_NAME_MAX];		   /* option 15, first */
	char captive_portal[LEASE4_URI_MAX];	   /* option 114 */
	char search[DNS_SEARCH_MAX][DNS_NAME_MAX]; /* 119, else 15 */
};

/* One IPv4 address as it should be in the kernel. */
struct addr4 {
	struct in_addr addr;
	struct in_addr broadcast; /* 0: none */
	uint32_t valid_sec;	  /* from now, LIFETIME_INFINITE */
	uint8_t prefixlen;
	uint8_t reserved[3];
};

/*
 * The whole IPv4 configuration one interface should have from us.  The parent
 * compares it with what it holds, adds what is missing and then removes what
 * is no longer named.  naddrs 0: withdraw everything.
 */
struct config4 {
	uint32_t serial;    /* comes back in struct ipc_configured4 */
	uint16_t if_mtu;    /* 0: as found */
	uint16_t route_mtu; /* of our routes; 0: none */
	uint16_t naddrs;
	uint16_t nroutes;
	struct addr4 addrs[CONFIG4_ADDRS_MAX];
	struct route4 routes[CONFIG4_ROUTES_MAX];
};

/* A name server: IPv4 in the first four bytes of addr, or IPv6. */
struct dns_server {
	uint8_t family; /* AF_INET or AF_INET6 */
	uint8_t link_local;
	uint8_t reserved[2];
	uint8_t addr[16];
};

/* What one protocol on one interface says about DNS.  All 0: withdraw. */
struct dns_set {
	uint16_t nservers;
	uint16_t nsearch;
	struct dns_server servers[DNS_SERVERS_MAX];
	char search[DNS_SEARCH_MAX][DNS_NAME_MAX];
};

/* interface.flags */
#define IFACE_UP 0x01	    /* administratively up */
#define IFACE_RUNNING 0x02  /* carrier */
#define IFACE_ETHERNET 0x04 /* Ethernet addressing (incl. WLAN, bridges) */
#define IFACE_LOOPBACK 0x08
#define IFACE_POINTOPOINT 0x10
#define IFACE_MEMBER 0x20 /* of a bridge, lagg, bond or team */
#define IFACE_WLAN 0x40

/* A network interface as the kernel shows it. */
struct interface {
	uint32_t ifindex;
	uint32_t flags;
	uint32_t mtu;
	uint32_t max_mtu; /* of the device */
	uint16_t hwtype;  /* ARP hardware type (ARPHRD_*), host order */
	uint8_t hwaddr_len;
	uint8_t network_id_len;
	uint8_t hwaddr[HWADDR_MAX];
	uint8_t network_id[NETWORK_ID_MAX];
	char name[IFACE_NAME_MAX];
};

#pragma GCC diagnostic pop
#endif

/* SPDX-License-Identifier: ISC */
/* FreeBSD: a network stack of the test's own, and what the layer tells. */
#ifndef OS_FREEBSD_NET_H
#define OS_FREEBSD_NET_H

#include <sys/types.h>
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "os/os.h"
#include "test.h"

/* Become the only process of a VNET jail, which goes with it; then os_init()
 * and os_dump(). */
void net_begin(void);
/* The pair epairNa, epairNb, both up; index of a. */
uint32_t net_epair(unsigned int n);
/* Move an interface into a jail "peer" within ours: another host. */
void net_peer(const char *ifname);
/* Run a program of the base system, arguments up to NULL; its exit code. */
int net_run(const char *, ...);
/* Run it and expect success. */
void net_do(const char *line);

/* What the layer told, newest state. */
struct seen_link {
	struct interface info;
	int present;
	unsigned int told, downs;
};
struct seen_link *net_link(const char *name);
struct interface *net_info(const char *name);
/* -1 not told, 0 gone, 1 there */
int net_addr4(const char *addr);
extern unsigned int net_route_gone;

/* Read the monitor until the condition holds; fails after five seconds. */
#define net_until(condition)                                         \
	do {                                                         \
		int tries_ = 0;                                      \
		while (!(condition)) {                               \
			ATF_REQUIRE_MSG(net_wait() && tries_ < 5000, \
			    "not told: " #condition);                \
			tries_++;                                    \
		}                                                    \
	} while (0)
/* Wait for the monitor and read it; 0: nothing for five seconds. */
int net_wait(void);

struct in_addr ip4(const char *);
struct in6_addr in6(const char *);
/* `netstat -rn` has this line beginning (blanks squeezed)? */
int net_has_route(const char *beginning);
/* The link-local address of an interface, ready; fails after 5 s. */
struct in6_addr net_ready_ll(const char *ifname);

#endif

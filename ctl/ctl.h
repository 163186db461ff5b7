/* SPDX-License-Identifier: ISC */
/*
 * leasectl: the parts and how they meet.
 *
 *	args.c	   command line -> struct command
 *	client.c   the socket: sends the request, checks every answer against
 *		   the table of ipc.h and gives it to a struct output
 *	show.c	   output for people
 *	show6.c	   the same for IPv6
 *	json.c	   output for programs
 *	json6.c	   the same for IPv6
 *	metrics.c  output for OpenMetrics scrapers
 *	names.c	   enum -> word
 *	text.c	   spans, addresses and foreign bytes as text
 *
 * Nothing here believes the daemon: a count is cut to its array, a string
 * ends with its array, an unknown number has a name.
 */
#ifndef LEASECTL_H
#define LEASECTL_H

#include <stdio.h>
#include "ipc.h"

#define CTL_WAIT_DEFAULT_SEC 30
#define CTL_WAIT_MAX_SEC 4000000 /* what 32 bits of milliseconds hold */

enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

/* Buffers for what text.c writes: every byte may become \xNN. */
#define ESCAPED(n) (4 * (n) + 1)
#define SPAN_MAX 24
#define PREFIX4_MAX 24 /* 255.255.255.255/255 */
#define PREFIX6_MAX (INET6_ADDRSTRLEN + 12)

struct output;

struct command {
	struct ipc_ctl_request req;
	const char *socket;
	int json;
	int metrics;
};

/* Where answers go.  A member that is NULL: that answer is not expected. */
struct output {
	FILE *fp;
	void (*iface)(struct output *, const struct ipc_show_iface *);
	/* about the interface that was last */
	void (*addrs)(struct output *, const struct ipc_show_addrs *);
	void (*slaac)(struct output *, const struct ipc_show_slaac *);
	void (*dhcp6)(struct output *, const struct ipc_show_dhcp6 *);
	void (*prefixes)(struct output *, const struct ipc_show_prefixes *);
	void (*counters)(struct output *, const struct ipc_show_counters *);
	void (*skipped)(struct output *, const struct ipc_show_skipped *);
	void (*sandbox)(struct output *, const struct ipc_show_sandbox *);
	void (*event)(struct output *, const struct ipc_event *);
	void (*event6)(struct output *, const struct ipc_event6 *);
	void (*result)(struct output *, const struct ipc_result *);
	void *data; /* the implementation's own */
	unsigned int nifaces, nskipped, nsandboxes;
};

/* args.c: 0, or -1 with the reason in why (static text, NULL: usage alone). */
int args_parse(struct command *, int argc, char *const *argv, const char **why);

/* client.c: carry out; the exit code. */
int client_run(const struct command *, struct output *);

/* show.c, json.c, metrics.c */
void output_text(struct output *, FILE *);
void output_json(struct output *, FILE *, uint32_t command);
/* Each event is a line of its own, flushed. */
void output_json_lines(struct output *, FILE *);
void output_metrics(struct output *, FILE *);

/* text.c; all return dst, which is always terminated. */
/* Seconds as the two largest units: 11m32s, 2d4h; LIFETIME_INFINITE: never. */
char *text_span(uint32_t sec, char *dst, size_t size);
/* The string in an array of max bytes; foreign bytes become \xNN. */
char *text_escape(const char *src, size_t max, char *dst, size_t size);
/* Bytes that are no string: the same, but NUL is a foreign byte. */
char *text_bytes(const uint8_t *, size_t, char *dst, size_t size);
/* Hexadecimal, sep between the bytes ('\0': none). */
char *text_hex(const uint8_t *, size_t, char sep, char *dst, size_t size);
char *text_addr4(struct in_addr, char *dst, size_t size);
char *text_prefix4(struct in_addr, unsigned int len, char *dst, size_t size);
char *text_addr6(const struct in6_addr *, char *dst, size_t size);
char *
text_prefix6(const struct in6_addr *, unsigned int len, char *dst, size_t size);
/* Wall clock as 2026-01-31T12:00:00Z. */
char *text_time(uint64_t, char *dst, size_t size);
uint64_t text_wall(uint32_t high, uint32_t low);
/* A count that came with an array, cut to it. */
size_t text_bounded(size_t n, size_t max);

/* names.c: words for numbers; one that has none is "unknown" (errno:
 * "error"), and NULL where there are no more (capability). */
const char *name_state4(uint32_t);
const char *name_state6(uint32_t); /* DHCPv6 */
const char *name_ia_state(uint32_t);
const char *name_status6(uint32_t); /* of a DHCPv6 server */
const char *name_prefix_error(uint32_t);
const char *name_mode(uint32_t);
const char *name_event(uint32_t);
const char *name_protocol(uint32_t);
/* Of an IPv6 address; PROTO_NONE is "link-local". */
const char *name_origin(uint32_t);
const char *name_channel(uint32_t);
const char *name_role(uint32_t);
const char *name_refusal(uint32_t);
const char *name_skip(uint32_t); /* for programs: "member" */
const char *name_skip_text(uint32_t);
const char *name_code(uint32_t);
const char *name_errno(uint32_t);
const char *name_capability(unsigned int bit);
const char *name_counter(uint32_t);
const char *name_counter_help(uint32_t);

#endif

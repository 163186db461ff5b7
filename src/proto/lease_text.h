/* SPDX-License-Identifier: ISC */
/*
 * What the text forms of lease.c, lease_dhcp6.c and lease_slaac.c have in
 * common: a line with the version, one key a line in the order of a table, an
 * end line, and the words in them.  Pure functions.
 */
#ifndef LEASED_LEASE_TEXT_H
#define LEASED_LEASE_TEXT_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#include "buf.h"

#define LEASE_TEXT_MAX 7168
#define LEASE_END_LINE "end"

struct lease_text {
	const char *version; /* the first line */
	size_t size;	     /* of the struct */
	/* The k-th key, NULL after the last; may it come again? */
	const char *(*key)(size_t k, int *list);
	/* Read the value of a line with key k.  0 or -1. */
	int (*value)(struct buf *, void *, size_t k);
	/* NULL, or what is wrong with the struct. */
	const char *(*check)(const void *);
	/* Write a struct that has been checked.  Its length, or 0. */
	size_t (*format)(const void *, char *, size_t);
};

/*
 * Parse a whole file into a struct, which must come out, byte for byte, as
 * the same text again.  0; or -1, a reason (static text), the number of the
 * line, and a struct of zeros.
 */
int lease_text_parse(const struct lease_text *, const uint8_t *, size_t, void *,
    const char **why, int *line);

/* What is left of a line. */
struct buf lease_rest(struct buf *);
/* The next word of a line; an empty one if there is none. */
struct buf lease_word(struct buf *);

/*
 * Those below return 0 or -1; the ones that take a struct buf by value want
 * nothing else to be in it.
 */

/* Decimal digits without a leading zero, at most max. */
int lease_number(struct buf *, uint64_t max, uint64_t *);
/* A number, at most max, into an integer of the 1, 2 or 4 bytes max needs. */
int lease_integer(struct buf, uint32_t max, void *);
/* A number of 64 bits into its halves. */
int lease_u64(struct buf, uint32_t *high, uint32_t *low);
void lease_print_u64(struct wbuf *, uint32_t high, uint32_t low);
/* 1 to max bytes in lower-case hexadecimal digits. */
int lease_hex(struct buf, uint8_t *, size_t max, size_t *len);
/* A string into an array of zeros, in which its NUL has room too. */
int lease_string(struct buf, void *, size_t size);
/* IPv6 address/length */
int lease_prefix6(struct buf, struct in6_addr *, uint8_t *prefixlen);

#endif

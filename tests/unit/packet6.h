/* SPDX-License-Identifier: ISC */
/*
 * DHCPv6 messages as a server writes them, with a builder of its own (a codec
 * bug must not mirror itself), and a look into what was sent.
 */
#ifndef PACKET6_H
#define PACKET6_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

struct packet6 {
	size_t len;
	size_t open[4]; /* offsets of the lengths of open options */
	size_t depth;
	uint8_t bytes[4096];
};

struct in6_addr ip6(const char *);
int same6(const struct in6_addr *, const char *);
/* An IA with a status and nothing else. */
void p6_refusal(
    struct packet6 *, unsigned int code, uint32_t iaid, unsigned int status);
void p6_begin(struct packet6 *, uint8_t type, uint32_t xid);
void p6_u8(struct packet6 *, unsigned int);
void p6_u16(struct packet6 *, unsigned int);
void p6_u32(struct packet6 *, uint32_t);
void p6_raw(struct packet6 *, const void *, size_t);
void p6_addr(struct packet6 *, const char *);
/* A nested one lies between open and close. */
void p6_open(struct packet6 *, unsigned int code);
void p6_close(struct packet6 *);
void p6_opt(struct packet6 *, unsigned int code, const void *, size_t);
void p6_status(struct packet6 *, unsigned int code, const char *text);
/* Both ids as the tests use them. */
void p6_ids(struct packet6 *);
/* Open options: the caller closes them. */
void p6_open_ia(struct packet6 *, unsigned int code, uint32_t iaid, uint32_t t1,
    uint32_t t2);
void p6_open_addr(
    struct packet6 *, const char *, uint32_t preferred, uint32_t valid);
void p6_open_prefix(struct packet6 *, const char *, unsigned int len,
    uint32_t preferred, uint32_t valid);
void p6_ia_na(struct packet6 *, uint32_t iaid, const char *, uint32_t preferred,
    uint32_t valid);
void p6_ia_pd(struct packet6 *, uint32_t iaid, const char *, unsigned int len,
    uint32_t preferred, uint32_t valid);

/* The n-th option of a code among options; NULL: none. */
const uint8_t *p6_find(const uint8_t *options, size_t, unsigned int code,
    unsigned int n, size_t *len);

#define CLIENT_DUID "\0\4duidduidduidduid"
#define CLIENT_DUID_LEN 18
#define SERVER_DUID "\0\3\0\1\2\0\0\0\0\x09"
#define SERVER_DUID_LEN 10

#endif

/* SPDX-License-Identifier: ISC */
/*
 * SHA-256 (FIPS 180-4), MD5 (RFC 1321) and HMAC (RFC 2104) over either.  The
 * systems differ in where they keep theirs, and a cross compiler's headers
 * have none, so all platforms use these.  They are for identifiers and for
 * protocols that name them (RFC 7217, RFC 8415 20.4), never for bulk data.
 *
 * Work is linear in the input; nothing is allocated, nothing can fail.  Length
 * of a message: below 2^61 bytes.
 */
#ifndef LEASED_DIGEST_H
#define LEASED_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE 32
#define MD5_SIZE 16
#define DIGEST_BLOCK 64 /* bytes, of both */

struct digest_kind {
	size_t size;	/* of the digest */
	int big_endian; /* as it writes numbers */
	void (*block)(uint32_t *h, const uint8_t *);
	uint32_t h[8];
};
extern const struct digest_kind digest_sha256, digest_md5;

struct digest {
	const struct digest_kind *kind;
	uint64_t len; /* bytes so far */
	uint32_t h[8];
	uint8_t block[DIGEST_BLOCK];
};

void digest_init(struct digest *, const struct digest_kind *);
void digest_update(struct digest *, const void *, size_t);
/* The context holds nothing secret afterwards. */
void digest_final(struct digest *, uint8_t *);

/* Of one message; a key of any length. */
void hmac_sha256(const void *key, size_t keylen, const void *, size_t,
    uint8_t out[SHA256_SIZE]);
void hmac_md5(const void *key, size_t keylen, const void *, size_t,
    uint8_t out[MD5_SIZE]);

/* Are n bytes the same?  Takes as long whether they are or not. */
int digest_equal(const uint8_t *, const uint8_t *, size_t n);

#endif

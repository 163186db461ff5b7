/* SPDX-License-Identifier: ISC */
/* SHA-256, MD5 and HMAC: see digest.h. */

#include <string.h>

#include "digest.h"

#define LENGTH_OFF 56 /* of the bit length in the last block, both */

static uint32_t rotl(uint32_t, unsigned int);
static uint32_t rotr(uint32_t, unsigned int);
static void sha256_block(uint32_t *, const uint8_t *);
static void md5_block(uint32_t *, const uint8_t *);
static void hmac(const struct digest_kind *, const void *, size_t, const void *,
    size_t, uint8_t *);

/* FIPS 180-4 4.2.2 */
static const uint32_t sha256_k[64] = { 0x428a2f98, 0x71374491, 0xb5c0fbcf,
	0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
	0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7,
	0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
	0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
	0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e,
	0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
	0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c,
	0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee,
	0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2 };

/* RFC 1321 3.4 */
static const uint32_t md5_t[64] = { 0xd76aa478, 0xe8c7b756, 0x242070db,
	0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501, 0x698098d8,
	0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e,
	0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d,
	0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87,
	0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942,
	0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60,
	0xbebfbc70, 0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039,
	0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244, 0x432aff97, 0xab9423a7,
	0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1, 0x6fa87e4f,
	0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb,
	0xeb86d391 };
static const uint8_t md5_shift[4][4] = { { 7, 12, 17, 22 }, { 5, 9, 14, 20 },
	{ 4, 11, 16, 23 }, { 6, 10, 15, 21 } };

static uint32_t
rotl(uint32_t x, unsigned int n)
{
	return x << n | x >> (32 - n);
}

static uint32_t
rotr(uint32_t x, unsigned int n)
{
	return x >> n | x << (32 - n);
}

/* FIPS 180-4 6.2.2 */
static void
sha256_block(uint32_t *h, const uint8_t *p)
{
	uint32_t w[64], v[8], t1, t2;
	size_t i;

	for (i = 0; i < 16; i++, p += 4)
		w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
		    (uint32_t)p[2] << 8 | p[3];
	for (; i < 64; i++)
		w[i] = w[i - 16] + w[i - 7] +
		    (rotr(w[i - 15], 7) ^ rotr(w[i - 15], 18) ^
			w[i - 15] >> 3) +
		    (rotr(w[i - 2], 17) ^ rotr(w[i - 2], 19) ^ w[i - 2] >> 10);
	memcpy(v, h, sizeof(v));
	for (i = 0; i < 64; i++) {
		t1 = v[7] + (rotr(v[4], 6) ^ rotr(v[4], 11) ^ rotr(v[4], 25)) +
		    ((v[4] & v[5]) ^ (~v[4] & v[6])) + sha256_k[i] + w[i];
		t2 = (rotr(v[0], 2) ^ rotr(v[0], 13) ^ rotr(v[0], 22)) +
		    ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));
		memmove(&v[1], &v[0], 7 * sizeof(v[0]));
		v[4] += t1;
		v[0] = t1 + t2;
	}
	for (i = 0; i < 8; i++)
		h[i] += v[i];
}

/* RFC 1321 3.4 */
static void
md5_block(uint32_t *h, const uint8_t *p)
{
	uint32_t x[16], a = h[0], b = h[1], c = h[2];
	uint32_t d = h[3], f, t;
	size_t i, k;

	for (i = 0; i < 16; i++, p += 4)
		x[i] = (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 |
		    (uint32_t)p[1] << 8 | p[0];
	for (i = 0; i < 64; i++) {
		if (i < 16) {
			f = (b & c) | (~b & d);
			k = i;
		} else if (i < 32) {
			f = (b & d) | (c & ~d);
			k = (5 * i + 1) % 16;
		} else if (i < 48) {
			f = b ^ c ^ d;
			k = (3 * i + 5) % 16;
		} else {
			f = c ^ (b | ~d);
			k = (7 * i) % 16;
		}
		t = b + rotl(a + f + x[k] + md5_t[i], md5_shift[i / 16][i % 4]);
		a = d;
		d = c;
		c = b;
		b = t;
	}
	h[0] += a;
	h[1] += b;
	h[2] += c;
	h[3] += d;
}

/* FIPS 180-4 5.3.3 */
const struct digest_kind digest_sha256 = { SHA256_SIZE, 1, sha256_block,
	{ 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
	    0x9b05688c, 0x1f83d9ab, 0x5be0cd19 } };
/* RFC 1321 3.3 */
const struct digest_kind digest_md5 = { MD5_SIZE, 0, md5_block,
	{ 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476 } };

void
digest_init(struct digest *ctx, const struct digest_kind *kind)
{
	memset(ctx, 0, sizeof(*ctx));
	ctx->kind = kind;
	memcpy(ctx->h, kind->h, sizeof(ctx->h));
}

void
digest_update(struct digest *ctx, const void *data, size_t len)
{
	const uint8_t *p = data;
	size_t have = ctx->len % DIGEST_BLOCK, n;

	ctx->len += len;
	while (len > 0) {
		n = len < DIGEST_BLOCK - have ? len : DIGEST_BLOCK - have;
		memcpy(ctx->block + have, p, n);
		p += n;
		len -= n;
		have += n;
		if (have == DIGEST_BLOCK) {
			ctx->kind->block(ctx->h, ctx->block);
			have = 0;
		}
	}
}

void
digest_final(struct digest *ctx, uint8_t *out)
{
	static const uint8_t pad[DIGEST_BLOCK] = { 0x80 };
	uint64_t bits = ctx->len * 8;
	uint8_t length[8];
	size_t i, have = ctx->len % DIGEST_BLOCK;
	int big = ctx->kind->big_endian;

	for (i = 0; i < 8; i++)
		length[i] = (uint8_t)(bits >> 8 * (big ? 7 - i : i));
	digest_update(ctx, pad,
	    have < LENGTH_OFF ? LENGTH_OFF - have
			      : LENGTH_OFF + DIGEST_BLOCK - have);
	digest_update(ctx, length, sizeof(length));
	for (i = 0; i < ctx->kind->size; i++)
		out[i] =
		    (uint8_t)(ctx->h[i / 4] >> 8 * (big ? 3 - i % 4 : i % 4));
	explicit_bzero(ctx, sizeof(*ctx));
}

/* RFC 2104 2: a key longer than a block is replaced by its digest. */
static void
hmac(const struct digest_kind *kind, const void *key, size_t keylen,
    const void *data, size_t len, uint8_t *out)
{
	uint8_t k[DIGEST_BLOCK] = { 0 }, pad[DIGEST_BLOCK];
	struct digest ctx;
	size_t i;

	if (keylen > sizeof(k)) {
		digest_init(&ctx, kind);
		digest_update(&ctx, key, keylen);
		digest_final(&ctx, k);
	} else if (keylen > 0) {
		memcpy(k, key, keylen);
	}
	for (i = 0; i < sizeof(k); i++)
		pad[i] = k[i] ^ 0x36;
	digest_init(&ctx, kind);
	digest_update(&ctx, pad, sizeof(pad));
	digest_update(&ctx, data, len);
	digest_final(&ctx, out);
	for (i = 0; i < sizeof(k); i++)
		pad[i] = k[i] ^ 0x5c;
	digest_init(&ctx, kind);
	digest_update(&ctx, pad, sizeof(pad));
	digest_update(&ctx, out, kind->size);
	digest_final(&ctx, out);
	explicit_bzero(k, sizeof(k));
	explicit_bzero(pad, sizeof(pad));
}

void
hmac_sha256(const void *key, size_t keylen, const void *data, size_t len,
    uint8_t out[SHA256_SIZE])
{
	hmac(&digest_sha256, key, keylen, data, len, out);
}

void
hmac_md5(const void *key, size_t keylen, const void *data, size_t len,
    uint8_t out[MD5_SIZE])
{
	hmac(&digest_md5, key, keylen, data, len, out);
}

int
digest_equal(const uint8_t *a, const uint8_t *b, size_t n)
{
	uint8_t differ = 0;
	size_t i;

	for (i = 0; i < n; i++)
		differ |= a[i] ^ b[i];
	return differ == 0;
}

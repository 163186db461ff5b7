/* SPDX-License-Identifier: ISC */
/*
 * Digests against the vectors of FIPS 180-4, RFC 1321, RFC 2202 and RFC 4231.
 */
#include <stdio.h>
#include <string.h>

#include "compat/digest.h"
#include "test.h"

static void
check(const uint8_t *digest, size_t n, const char *want, const char *what)
{
	char hex[2 * SHA256_SIZE + 1];
	size_t i;

	for (i = 0; i < n; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	ATF_CHECK_STREQ_MSG(want, hex, "%s", what);
}

/* In pieces of a size, so that every boundary of a block is crossed. */
static void
pieces(const struct digest_kind *kind, const char *text, size_t piece,
    const char *want)
{
	uint8_t digest[SHA256_SIZE];
	size_t len = strlen(text), off, n;
	struct digest ctx;

	digest_init(&ctx, kind);
	for (off = 0; off < len; off += n) {
		n = len - off < piece ? len - off : piece;
		digest_update(&ctx, text + off, n);
	}
	digest_final(&ctx, digest);
	check(digest, kind->size, want, text);
}

TEST(digest_sha256_vectors, "S-06: SHA-256 of FIPS 180-4's messages")
{
	static const struct {
		const char *text, *digest;
	} v[] = {
		{ "",
		    "e3b0c44298fc1c149afbf4c8996fb924"
		    "27ae41e4649b934ca495991b7852b855" },
		{ "abc",
		    "ba7816bf8f01cfea414140de5dae2223"
		    "b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		    "248d6a61d20638b8e5c026930c3e6039"
		    "a33ce45964ff2167f6ecedd419db06c1" },
		{ "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn"
		  "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
		    "cf5b16a778af8380036ce59e7b049237"
		    "0b249b11e8f07a51afac45037afee9d1" },
	};
	size_t i, piece;

	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		for (piece = 1; piece < 130; piece++)
			pieces(&digest_sha256, v[i].text, piece, v[i].digest);
}

TEST(digest_sha256_million, "S-06: SHA-256 of a million bytes")
{
	uint8_t digest[SHA256_SIZE];
	struct digest ctx;
	char block[1000];
	int i;

	memset(block, 'a', sizeof(block));
	digest_init(&ctx, &digest_sha256);
	for (i = 0; i < 1000; i++)
		digest_update(&ctx, block, sizeof(block));
	digest_final(&ctx, digest);
	check(digest, sizeof(digest),
	    "cdc76e5c9914fb9281a1c7e284d73e67"
	    "f1809a48a497200e046d39ccc7112cd0",
	    "a million");
}

TEST(digest_md5_vectors, "RFC 1321 A.5")
{
	static const struct {
		const char *text, *digest;
	} v[] = {
		{ "", "d41d8cd98f00b204e9800998ecf8427e" },
		{ "a", "0cc175b9c0f1b6a831c399e269772661" },
		{ "abc", "900150983cd24fb0d6963f7d28e17f72" },
		{ "message digest", "f96b697d7cb7938d525a2f31aaf161d0" },
		{ "abcdefghijklmnopqrstuvwxyz",
		    "c3fcd3d76192e4007dfb496cca67e13b" },
		{ "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		  "0123456789",
		    "d174ab98d277d9f5a5611c2c9f419d9f" },
		{ "1234567890123456789012345678901234567890"
		  "1234567890123456789012345678901234567890",
		    "57edf4a22be3c955ac49da2e2107b67a" },
	};
	size_t i, piece;

	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++)
		for (piece = 1; piece < 90; piece++)
			pieces(&digest_md5, v[i].text, piece, v[i].digest);
}

struct hmac_vector {
	const char *key;
	size_t keylen;
	const char *data;
	size_t len;
	const char *digest;
};

#define S(s) s, sizeof(s) - 1
#define AA4 "\xaa\xaa\xaa\xaa"
#define AA20 AA4 AA4 AA4 AA4 AA4
#define AA80 AA20 AA20 AA20 AA20
#define DD10 "\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd"
#define DD50 DD10 DD10 DD10 DD10 DD10

TEST(digest_hmac_sha256_vectors, "RFC 4231 4.2, 4.3, 4.4, 4.7, 4.8")
{
	static const struct hmac_vector v[] = {
		{ S("\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"
		    "\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"),
		    S("Hi There"),
		    "b0344c61d8db38535ca8afceaf0bf12b"
		    "881dc200c9833da726e9376c2e32cff7" },
		{ S("Jefe"), S("what do ya want for nothing?"),
		    "5bdcc146bf60754e6a042426089575c7"
		    "5a003f089d2739839dec58b964ec3843" },
		{ S(AA20), S(DD50),
		    "773ea91e36800e46854db8ebd09181a7"
		    "2959098b3ef8c122d9635514ced565fe" },
		{ S(AA80 AA20 AA20 AA4 AA4 "\xaa\xaa\xaa"),
		    S("Test Using Larger Than Block-Size Key - "
		      "Hash Key First"),
		    "60e431591ee0b67f0d8a26aacbf5b77f"
		    "8e0bc6213728c5140546040f0ee37f54" },
		{ S(AA80 AA20 AA20 AA4 AA4 "\xaa\xaa\xaa"),
		    S("This is a test using a larger than block-size key and "
		      "a larger than block-size data. The key needs to be "
		      "hashed before being used by the HMAC algorithm."),
		    "9b09ffa71b942fcb27635fbcd5b0e944"
		    "bfdc63644f0713938a7f51535c3a35e2" },
	};
	uint8_t digest[SHA256_SIZE];
	size_t i;

	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		hmac_sha256(v[i].key, v[i].keylen, v[i].data, v[i].len, digest);
		check(digest, sizeof(digest), v[i].digest, v[i].data);
	}
}

TEST(digest_hmac_md5_vectors, "RFC 2202 2: what RFC 8415 20.4 uses")
{
	static const struct hmac_vector v[] = {
		{ S("\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"
		    "\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"),
		    S("Hi There"), "9294727a3638bb1c13f48ef8158bfc9d" },
		{ S("Jefe"), S("what do ya want for nothing?"),
		    "750c783e6ab0b503eaa86e310a5db738" },
		{ S(AA4 AA4 AA4 AA4), S(DD50),
		    "56be34521d144c88dbb8c733f0e8b3f6" },
		{ S(AA80),
		    S("Test Using Larger Than Block-Size Key - "
		      "Hash Key First"),
		    "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd" },
		{ S(AA80),
		    S("Test Using Larger Than Block-Size Key and Larger Than "
		      "One Block-Size Data"),
		    "6f630fad67cda0ee1fb1f562db3aa53e" },
	};
	uint8_t digest[MD5_SIZE];
	size_t i;

	for (i = 0; i < sizeof(v) / sizeof(v[0]); i++) {
		hmac_md5(v[i].key, v[i].keylen, v[i].data, v[i].len, digest);
		check(digest, sizeof(digest), v[i].digest, v[i].data);
	}
}

TEST(digest_equal_sees_every_byte, "a difference anywhere is one")
{
	uint8_t a[MD5_SIZE] = { 1, 2, 3 }, b[MD5_SIZE];
	size_t i;

	memcpy(b, a, sizeof(b));
	ATF_CHECK(digest_equal(a, b, sizeof(b)));
	for (i = 0; i < sizeof(b); i++) {
		b[i] ^= 0x80;
		ATF_CHECK(!digest_equal(a, b, sizeof(b)));
		b[i] ^= 0x80;
	}
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, digest_sha256_vectors);
	ATF_TP_ADD_TC(tp, digest_sha256_million);
	ATF_TP_ADD_TC(tp, digest_md5_vectors);
	ATF_TP_ADD_TC(tp, digest_hmac_sha256_vectors);
	ATF_TP_ADD_TC(tp, digest_hmac_md5_vectors);
	ATF_TP_ADD_TC(tp, digest_equal_sees_every_byte);
	return atf_no_error();
}

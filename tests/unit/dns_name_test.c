/* SPDX-License-Identifier: ISC */
/* Domain names from the wire (RFC 1035 compression) and as text. */
#include <stdlib.h>
#include <string.h>

#include "proto/dns_name.h"
#include "test.h"

/* Read a name at an offset of a string's bytes, which are copied to the heap
 * so that a sanitizer sees a read past their end. */
#define READ(s, off, compressed) read_name(s, sizeof(s) - 1, off, compressed)

static char name[DNS_NAME_MAX];
static size_t after;

static enum dns_name_result
read_name(const char *bytes, size_t len, size_t off, int compressed)
{
	enum dns_name_result r;
	uint8_t *copy = malloc(len + (len == 0));
	struct buf b;

	ATF_REQUIRE(copy != NULL);
	memcpy(copy, bytes, len);
	buf_init(&b, copy, len);
	buf_seek(&b, off);
	memset(name, 'x', sizeof(name));
	r = dns_name_read(&b, compressed, name);
	after = b.off;
	free(copy);
	if (r != DNS_NAME_OK)
		ATF_CHECK_STREQ(name, "");
	return r;
}

static enum dns_name_result
text(const char *s, size_t len)
{
	struct buf b;

	buf_init(&b, s, len);
	memset(name, 'x', sizeof(name));
	return dns_name_text(b, name);
}
#define TEXT(s) text(s, sizeof(s) - 1)

TEST(dns_name_reads_labels, "D4-07: an uncompressed name")
{
	ATF_CHECK_EQ(READ("\3www\7example\3org\0rest", 0, 0), DNS_NAME_OK);
	ATF_CHECK_STREQ(name, "www.example.org");
	ATF_CHECK_EQ(after, 17);
	ATF_CHECK_EQ(READ("\1_\3a-9\0", 0, 0), DNS_NAME_OK);
	ATF_CHECK_STREQ(name, "_.a-9");
	ATF_CHECK_EQ(READ("\10azAZ09-_\0", 0, 0), DNS_NAME_OK);
	ATF_CHECK_STREQ(name, "azAZ09-_");
}

TEST(dns_name_follows_pointers_backwards, "D4-07: RFC 1035 compression")
{
	ATF_CHECK_EQ(
	    READ("\3eng\5apple\3com\0\11marketing\300\4x", 15, 1), DNS_NAME_OK);
	ATF_CHECK_STREQ(name, "marketing.apple.com");
	ATF_CHECK_EQ(after, 27);
	/* a pointer to a name that ends with a pointer */
	ATF_CHECK_EQ(READ("\1a\0\1b\300\0\1c\300\3", 7, 1), DNS_NAME_OK);
	ATF_CHECK_STREQ(name, "c.b.a");
	ATF_CHECK_EQ(READ("\1a\0\300\0", 3, 1), DNS_NAME_OK);
	ATF_CHECK_STREQ(name, "a");
	ATF_CHECK_EQ(after, 5);
}

TEST(dns_name_pointer_has_14_bits, "D4-07: an option longer than 255 bytes")
{
	char wire[606] = { 0 };

	memcpy(wire + 2, "\1l", 2); /* where 8 bits would lead */
	memcpy(wire + 514, "\1h", 2);
	memcpy(wire + 600, "\302\2", 2);
	ATF_CHECK_EQ(read_name(wire, sizeof(wire), 600, 1), DNS_NAME_OK);
	ATF_CHECK_STREQ(name, "h");
}

TEST(dns_name_pointer_cannot_loop,
    "D4-07: pointers forward, to themselves, "
    "to their own name, or in a circle")
{
	ATF_CHECK_EQ(READ("\300\0", 0, 1), DNS_NAME_MALFORMED);
	ATF_CHECK_EQ(READ("\1a\300\0", 0, 1), DNS_NAME_MALFORMED);
	ATF_CHECK_EQ(READ("\1a\300\2", 0, 1), DNS_NAME_MALFORMED);
	ATF_CHECK_EQ(READ("\300\2\300\0", 2, 1), DNS_NAME_MALFORMED);
	ATF_CHECK_EQ(READ("\300\2\1a\0", 0, 1), DNS_NAME_MALFORMED);
	ATF_CHECK_EQ(READ("\1a\300\5\0\1b\0", 0, 1), DNS_NAME_MALFORMED);
	ATF_CHECK_EQ(READ("\1a\377\377", 0, 1), DNS_NAME_MALFORMED);
	/* not allowed at all */
	ATF_CHECK_EQ(READ("\1a\0\300\0", 3, 0), DNS_NAME_MALFORMED);
}

TEST(dns_name_work_is_bounded, "D4-07: a chain of pointers to pointers")
{
	char chain[2 + 2 * 100];
	size_t i, n;

	/* "\0\0", then pointers, each to the one before */
	for (n = 1; n <= 100; n++) {
		memset(chain, 0, sizeof(chain));
		memcpy(chain, "\0", 1);
		for (i = 1; i <= n; i++) {
			chain[2 * i] = (char)0xc0;
			chain[2 * i + 1] = (char)(2 * (i - 1));
		}
		ATF_CHECK_EQ(read_name(chain, 2 + 2 * n, 2 * n, 1),
		    n <= 32 ? DNS_NAME_REFUSED : DNS_NAME_MALFORMED);
	}
}

TEST(dns_name_truncated_is_malformed,
    "D4-07: no root, labels past the end, "
    "half a pointer, reserved label types")
{
	ATF_CHECK_EQ(READ("", 0, 1), DNS_NAME_MALFORMED);
	ATF_CHECK_EQ(READ("\3www", 0, 1), DNS_NAME_MALFORMED);
	ATF_CHECK_EQ(READ("\3ww", 0, 1), DNS_NAME_MALFORMED);
	ATF_CHECK_EQ(READ("\3", 0, 1), DNS_NAME_MALFORMED);
	ATF_CHECK_EQ(READ("\1a\0\1b\300", 3, 1), DNS_NAME_MALFORMED);
	ATF_CHECK_EQ(READ("\100a\0", 0, 1), DNS_NAME_MALFORMED);
	ATF_CHECK_EQ(READ("\200a\0", 0, 1), DNS_NAME_MALFORMED);
	ATF_CHECK_EQ(
	    READ("\100aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		 "aaaaaaaaaaaaaa\0",
		0, 1),
	    DNS_NAME_MALFORMED);
	/* a label length is no signed number */
	ATF_CHECK_EQ(READ("\277a\0", 0, 1), DNS_NAME_MALFORMED);
}

TEST(dns_name_other_bytes_are_refused,
    "D4-07: what a shell, a file or a log "
    "could take for something else")
{
	static const char bad[] = "\0\n\r\t \"'`$();|&<>\\/.,:%*?#!~^=+@[]{}"
				  "\177\200\377";
	char wire[] = "\3a?c\0";
	size_t i;

	for (i = 0; i < sizeof(bad) - 1; i++) {
		wire[2] = bad[i];
		ATF_CHECK_EQ_MSG(read_name(wire, 5, 0, 1), DNS_NAME_REFUSED,
		    "byte %#x", (unsigned char)bad[i]);
		/* the next name is still found */
		ATF_CHECK_EQ(after, 5);
	}
	ATF_CHECK_EQ(READ("\0", 0, 1), DNS_NAME_REFUSED);
	ATF_CHECK_EQ(after, 1);
}

TEST(dns_name_length_is_bounded, "D4-07: 255 bytes on the wire, 253 as text")
{
	uint8_t wire[300] = { 0 };
	char want[DNS_NAME_MAX];
	size_t i, n;

	/* three labels of 63 and one of 61: 4 * 64 - 2 + 1 = 255 */
	for (i = 0; i < 4; i++) {
		n = i < 3 ? 63 : 61;
		wire[64 * i] = (uint8_t)n;
		memset(&wire[64 * i + 1], 'a', n);
	}
	ATF_CHECK_EQ(read_name((char *)wire, 255, 0, 1), DNS_NAME_OK);
	ATF_CHECK_EQ(strlen(name), 253);
	memcpy(want, name, sizeof(want));
	ATF_CHECK_EQ(text(want, 253), DNS_NAME_OK);
	ATF_CHECK_STREQ(name, want);

	wire[192] = 62;
	wire[254] = 'a';
	ATF_CHECK_EQ(read_name((char *)wire, 256, 0, 1), DNS_NAME_MALFORMED);
	want[253] = 'a';
	ATF_CHECK_EQ(text(want, 254), DNS_NAME_REFUSED);
}

TEST(dns_name_text_takes_names_only, "D4-07: option 15 and 12")
{
	char label[65];

	ATF_CHECK_EQ(TEXT("example.org"), DNS_NAME_OK);
	ATF_CHECK_STREQ(name, "example.org");
	ATF_CHECK_EQ(TEXT("example.org."), DNS_NAME_OK);
	ATF_CHECK_STREQ(name, "example.org");
	ATF_CHECK_EQ(TEXT("h_1"), DNS_NAME_OK);
	ATF_CHECK_EQ(TEXT(""), DNS_NAME_REFUSED);
	ATF_CHECK_EQ(TEXT("."), DNS_NAME_REFUSED);
	ATF_CHECK_EQ(TEXT(".a"), DNS_NAME_REFUSED);
	ATF_CHECK_EQ(TEXT("a..b"), DNS_NAME_REFUSED);
	ATF_CHECK_EQ(TEXT("a.."), DNS_NAME_REFUSED);
	ATF_CHECK_EQ(TEXT("a b"), DNS_NAME_REFUSED);
	ATF_CHECK_EQ(TEXT("a\0b"), DNS_NAME_REFUSED);
	ATF_CHECK_EQ(TEXT("a\nb"), DNS_NAME_REFUSED);
	ATF_CHECK_EQ(TEXT("$(id)"), DNS_NAME_REFUSED);
	ATF_CHECK_EQ(TEXT("b\374cher"), DNS_NAME_REFUSED);
	ATF_CHECK_STREQ(name, "");
	memset(label, 'a', sizeof(label));
	ATF_CHECK_EQ(text(label, 63), DNS_NAME_OK);
	ATF_CHECK_EQ(text(label, 64), DNS_NAME_REFUSED);
}

TEST(dns_name_valid_is_what_was_written, "D4-07, Y-07: names in a lease file")
{
	char array[8] = "ab.c";

	ATF_CHECK(dns_name_valid(array, sizeof(array)));
	ATF_CHECK(!dns_name_valid(array, 4)); /* no NUL inside */
	ATF_CHECK(!dns_name_valid("ab.", 4));
	ATF_CHECK(!dns_name_valid("", 1));
	ATF_CHECK(!dns_name_valid("a b", 4));
}

TEST(dns_name_writes_labels, "D4-05: option 81")
{
	uint8_t out[16];
	struct wbuf w;

	wbuf_init(&w, out, sizeof(out));
	ATF_CHECK_EQ(dns_name_write(&w, "www.ab"), 0);
	ATF_CHECK_EQ(w.off, 7);
	ATF_CHECK(memcmp(out, "\3www\2ab", 7) == 0);
	ATF_CHECK_EQ(dns_name_write(&w, "a b"), -1);
	ATF_CHECK_EQ(w.off, 7);
	ATF_CHECK_EQ(dns_name_write(&w, "much.too.long.a.name"), -1);
	ATF_CHECK(w.error);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, dns_name_reads_labels);
	ATF_TP_ADD_TC(tp, dns_name_follows_pointers_backwards);
	ATF_TP_ADD_TC(tp, dns_name_pointer_has_14_bits);
	ATF_TP_ADD_TC(tp, dns_name_pointer_cannot_loop);
	ATF_TP_ADD_TC(tp, dns_name_work_is_bounded);
	ATF_TP_ADD_TC(tp, dns_name_truncated_is_malformed);
	ATF_TP_ADD_TC(tp, dns_name_other_bytes_are_refused);
	ATF_TP_ADD_TC(tp, dns_name_length_is_bounded);
	ATF_TP_ADD_TC(tp, dns_name_text_takes_names_only);
	ATF_TP_ADD_TC(tp, dns_name_valid_is_what_was_written);
	ATF_TP_ADD_TC(tp, dns_name_writes_labels);
	return atf_no_error();
}

/* SPDX-License-Identifier: ISC */
/* The cursors everything from the wire is read through: nothing is read or
 * written past the end, and an error stays. */
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "proto/buf.h"
#include "test.h"

static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7 };

TEST(buf_reads_numbers_big_endian, "D4-02: numbers are in network order")
{
	struct buf b;

	buf_init(&b, bytes, sizeof(bytes));
	ATF_CHECK_EQ(buf_u8(&b), 1);
	ATF_CHECK_EQ(buf_u16(&b), 0x0203);
	ATF_CHECK_EQ(buf_u32(&b), 0x04050607);
	ATF_CHECK_EQ(b.error, 0);
	ATF_CHECK_EQ(buf_left(&b), 0);

	buf_init(&b, bytes, sizeof(bytes));
	ATF_CHECK_EQ(ntohl(buf_in_addr(&b).s_addr), 0x01020304);
}

TEST(buf_error_is_sticky,
    "D4-03, D4-31: after one read past the end there is "
    "nothing more to read")
{
	uint8_t out[8] = { 9 };
	struct buf b, sub;

	buf_init(&b, bytes, 3);
	ATF_CHECK_EQ(buf_u32(&b), 0);
	ATF_CHECK(b.error);
	ATF_CHECK_EQ(buf_left(&b), 0);
	ATF_CHECK_EQ(buf_u8(&b), 0);
	ATF_CHECK_EQ(buf_u16(&b), 0);
	ATF_CHECK_EQ(buf_peek(&b), -1);
	buf_bytes(&b, out, 1);
	ATF_CHECK_EQ(out[0], 9);
	ATF_CHECK(buf_take(&b, 0) == NULL);
	sub = buf_sub(&b, 0);
	ATF_CHECK(sub.error);
	buf_seek(&b, 0);
	ATF_CHECK(b.error);
	ATF_CHECK_EQ(buf_token(&b, ' ', &sub), 0);
	ATF_CHECK(!buf_is(&b, ""));
}

TEST(buf_length_does_not_overflow, "D4-03: a huge length is past the end")
{
	struct buf b;

	buf_init(&b, bytes, sizeof(bytes));
	buf_u8(&b);
	ATF_CHECK(buf_take(&b, SIZE_MAX) == NULL);
	ATF_CHECK(b.error);
	buf_init(&b, bytes, sizeof(bytes));
	buf_seek(&b, sizeof(bytes));
	ATF_CHECK_EQ(b.error, 0);
	buf_seek(&b, sizeof(bytes) + 1);
	ATF_CHECK(b.error);
}

TEST(buf_without_data_is_empty, "D4-31: no bytes at all")
{
	struct buf b;

	buf_init(&b, NULL, 10);
	ATF_CHECK_EQ(buf_left(&b), 0);
	ATF_CHECK(buf_take(&b, 0) != NULL);
	ATF_CHECK_EQ(buf_u8(&b), 0);
	ATF_CHECK(b.error);
}

TEST(buf_sub_ends_inside_its_part, "D4-03: an option cannot read the next one")
{
	struct buf b, sub;

	buf_init(&b, bytes, sizeof(bytes));
	sub = buf_sub(&b, 2);
	ATF_CHECK_EQ(buf_u16(&sub), 0x0102);
	ATF_CHECK_EQ(buf_u8(&sub), 0);
	ATF_CHECK(sub.error);
	ATF_CHECK_EQ(b.error, 0);
	ATF_CHECK_EQ(buf_u8(&b), 3);
	sub = buf_sub(&b, 5);
	ATF_CHECK(sub.error);
	ATF_CHECK(b.error);
}

TEST(buf_tokens_split_text, "D4-07: names are split on spaces")
{
	struct buf b, t;

	buf_init(&b, "ab  c ", 6);
	ATF_REQUIRE(buf_token(&b, ' ', &t));
	ATF_CHECK(buf_is(&t, "ab"));
	ATF_CHECK(!buf_is(&t, "a"));
	ATF_CHECK(!buf_is(&t, "abc"));
	ATF_REQUIRE(buf_token(&b, ' ', &t));
	ATF_CHECK(buf_is(&t, ""));
	ATF_REQUIRE(buf_token(&b, ' ', &t));
	ATF_CHECK(buf_is(&t, "c"));
	ATF_CHECK(!buf_token(&b, ' ', &t));

	buf_init(&b, "ab c", 4);
	ATF_REQUIRE(buf_token(&b, ' ', &t));
	ATF_REQUIRE(buf_token(&b, ' ', &t));
	ATF_CHECK(buf_is(&t, "c"));
	ATF_CHECK(!buf_token(&b, ' ', &t));

	buf_init(&b, "ab\0\0", 4);
	buf_skip(&b, 1);
	buf_trim(&b, '\0');
	ATF_CHECK(buf_is(&b, "b"));
	buf_trim(&b, 'b');
	ATF_CHECK_EQ(buf_left(&b), 0);
	buf_trim(&b, 'a'); /* what was read stays */
	ATF_CHECK_EQ(b.error, 0);
	ATF_CHECK_EQ(b.len, 1);
}

TEST(wbuf_writes_what_fits, "D4-05: numbers are written in network order")
{
	static const uint8_t want[] = { 1, 2, 3, 4, 5, 6, 7, 0, 0, 8, 9 };
	struct in_addr addr = { htonl(0x04050607) };
	uint8_t out[sizeof(want)];
	struct wbuf w;

	wbuf_init(&w, out, sizeof(out));
	wbuf_u8(&w, 1);
	wbuf_u16(&w, 0x0203);
	wbuf_in_addr(&w, addr);
	wbuf_zero(&w, 2);
	wbuf_bytes(&w, "\10\11", 2);
	ATF_CHECK_EQ(w.error, 0);
	ATF_CHECK_EQ(w.off, sizeof(out));
	ATF_CHECK(memcmp(out, want, sizeof(out)) == 0);
	wbuf_u8(&w, 1);
	ATF_CHECK(w.error);
	ATF_CHECK_EQ(w.off, sizeof(out));
}

TEST(wbuf_error_is_sticky, "D4-05: what does not fit is not half written")
{
	uint8_t out[4] = { 0, 0, 0, 9 };
	struct wbuf w;

	wbuf_init(&w, out, 3);
	wbuf_u32(&w, 0x01020304);
	ATF_CHECK(w.error);
	wbuf_u8(&w, 1);
	wbuf_zero(&w, 1);
	wbuf_hex(&w, bytes, 1);
	wbuf_printf(&w, "x");
	ATF_CHECK_EQ(w.off, 0);
	ATF_CHECK_EQ(out[0], 0);
	ATF_CHECK_EQ(out[3], 9);

	wbuf_init(&w, out, 3);
	wbuf_u8(&w, 1);
	wbuf_u8(&w, 2);
	wbuf_patch_u16(&w, 0, 0x0304);
	ATF_CHECK_EQ(w.error, 0);
	ATF_CHECK_EQ(out[1], 4);
	wbuf_patch_u16(&w, 1, 0xffff);
	ATF_CHECK(w.error);
	ATF_CHECK_EQ(out[2], 0);
	wbuf_patch_u16(&w, 0, 0xffff);
	ATF_CHECK_EQ(out[0], 3);
}

TEST(wbuf_text_needs_room_for_its_end, "Y-07: text and hexadecimal digits")
{
	char out[8];
	struct wbuf w;

	wbuf_init(&w, out, sizeof(out));
	wbuf_printf(&w, "%s", "");
	ATF_CHECK_EQ(w.error, 0);
	wbuf_printf(&w, "%d ", 12);
	wbuf_hex(&w, bytes + 5, 2);
	ATF_CHECK_EQ(w.error, 0);
	ATF_CHECK_EQ(w.off, 7);
	ATF_CHECK(memcmp(out, "12 0607", 7) == 0);
	wbuf_printf(&w, "x");
	ATF_CHECK(w.error);
	ATF_CHECK_EQ(w.off, 7);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, buf_reads_numbers_big_endian);
	ATF_TP_ADD_TC(tp, buf_error_is_sticky);
	ATF_TP_ADD_TC(tp, buf_length_does_not_overflow);
	ATF_TP_ADD_TC(tp, buf_without_data_is_empty);
	ATF_TP_ADD_TC(tp, buf_sub_ends_inside_its_part);
	ATF_TP_ADD_TC(tp, buf_tokens_split_text);
	ATF_TP_ADD_TC(tp, wbuf_writes_what_fits);
	ATF_TP_ADD_TC(tp, wbuf_error_is_sticky);
	ATF_TP_ADD_TC(tp, wbuf_text_needs_room_for_its_end);
	return atf_no_error();
}

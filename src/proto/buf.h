/* SPDX-License-Identifier: ISC */
/*
 * Bounds-checked cursors.  Every byte that comes from the network or from a
 * file is read through struct buf, every message is written through struct
 * wbuf; nothing else in proto/ does pointer arithmetic on such bytes.
 *
 * Errors are sticky: after the first read (write) past the end every further
 * one does nothing and returns 0, so a decoder may read a whole record and
 * look at the error once.  Numbers are big-endian on the wire and host order
 * in the caller; struct in_addr stays in network order.
 */
#ifndef LEASED_BUF_H
#define LEASED_BUF_H

#include <netinet/in.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct buf {
	const uint8_t *data;
	size_t len;
	size_t off;
	int error;
};

void buf_init(struct buf *, const void *, size_t);
/* Bytes not yet read; 0 after an error. */
size_t buf_left(const struct buf *);
uint8_t buf_u8(struct buf *);
uint16_t buf_u16(struct buf *);
uint32_t buf_u32(struct buf *);
struct in_addr buf_in_addr(struct buf *);
/* Copy n bytes out; on error nothing is copied. */
void buf_bytes(struct buf *, void *, size_t);
void buf_skip(struct buf *, size_t);
/* Go to an absolute offset, at most the end. */
void buf_seek(struct buf *, size_t);
/* The next n bytes in place, NULL on error. */
const uint8_t *buf_take(struct buf *, size_t);
/* A cursor over the next n bytes; on error it is empty and failed too. */
struct buf buf_sub(struct buf *, size_t);
/* The next byte without taking it, -1 at the end. */
int buf_peek(const struct buf *);
/* Cut bytes c off the end of what is left. */
void buf_trim(struct buf *, uint8_t c);
/*
 * Take everything up to sep, or to the end; sep itself is dropped.  1: there
 * was a token (it may be empty, unless it would follow the last sep), 0: at
 * the end.
 */
int buf_token(struct buf *, uint8_t sep, struct buf *token);
/* 1 if what is left is exactly the string. */
int buf_is(const struct buf *, const char *);

struct wbuf {
	uint8_t *data;
	size_t size;
	size_t off;
	int error;
};

void wbuf_init(struct wbuf *, void *, size_t);
void wbuf_u8(struct wbuf *, uint8_t);
void wbuf_u16(struct wbuf *, uint16_t);
void wbuf_u32(struct wbuf *, uint32_t);
void wbuf_in_addr(struct wbuf *, struct in_addr);
void wbuf_bytes(struct wbuf *, const void *, size_t);
void wbuf_zero(struct wbuf *, size_t);
/* Overwrite what was written before at an offset. */
void wbuf_patch_u16(struct wbuf *, size_t off, uint16_t);
/* Text; the NUL is not counted but needs room. */
void wbuf_printf(struct wbuf *, const char *, ...)
    __attribute__((format(printf, 2, 3)));
/* Lower-case hexadecimal digits. */
void wbuf_hex(struct wbuf *, const uint8_t *, size_t);

#endif

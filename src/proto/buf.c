/* SPDX-License-Identifier: ISC */
/* Bounds-checked cursors for reading and writing wire bytes, see buf.h. */
#include <stdio.h>
#include <string.h>

#include "buf.h"

static int wbuf_room(struct wbuf *, size_t);

void
buf_init(struct buf *b, const void *data, size_t len)
{
	static const uint8_t nothing[1];

	/* No arithmetic on NULL, not even + 0. */
	b->data = data == NULL ? nothing : data;
	b->len = data == NULL ? 0 : len;
	b->off = 0;
	b->error = 0;
}

size_t
buf_left(const struct buf *b)
{
	return b->error ? 0 : b->len - b->off;
}

const uint8_t *
buf_take(struct buf *b, size_t n)
{
	const uint8_t *p;

	if (b->error || n > b->len - b->off) {
		b->error = 1;
		return NULL;
	}
	p = b->data + b->off;
	b->off += n;
	return p;
}

uint8_t
buf_u8(struct buf *b)
{
	const uint8_t *p = buf_take(b, 1);

	return p == NULL ? 0 : p[0];
}

uint16_t
buf_u16(struct buf *b)
{
	const uint8_t *p = buf_take(b, 2);

	return p == NULL ? 0 : (uint16_t)(p[0] << 8 | p[1]);
}

uint32_t
buf_u32(struct buf *b)
{
	const uint8_t *p = buf_take(b, 4);

	if (p == NULL)
		return 0;
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	    (uint32_t)p[2] << 8 | p[3];
}

struct in_addr
buf_in_addr(struct buf *b)
{
	struct in_addr addr = { 0 };

	buf_bytes(b, &addr.s_addr, sizeof(addr.s_addr));
	return addr;
}

void
buf_bytes(struct buf *b, void *out, size_t n)
{
	const uint8_t *p = buf_take(b, n);

	if (p != NULL && n > 0)
		memcpy(out, p, n);
}

void
buf_skip(struct buf *b, size_t n)
{
	(void)buf_take(b, n);
}

void
buf_seek(struct buf *b, size_t off)
{
	if (b->error || off > b->len) {
		b->error = 1;
		return;
	}
	b->off = off;
}

struct buf
buf_sub(struct buf *b, size_t n)
{
	struct buf sub;
	const uint8_t *p = buf_take(b, n);

	buf_init(&sub, p, n);
	sub.error = p == NULL;
	return sub;
}

int
buf_peek(const struct buf *b)
{
	return buf_left(b) == 0 ? -1 : b->data[b->off];
}

void
buf_trim(struct buf *b, uint8_t c)
{
	while (buf_left(b) > 0 && b->data[b->len - 1] == c)
		b->len--;
}

int
buf_token(struct buf *b, uint8_t sep, struct buf *token)
{
	const uint8_t *p, *end;
	size_t n = buf_left(b);

	if (n == 0)
		return 0;
	p = b->data + b->off;
	end = memchr(p, sep, n);
	if (end == NULL) {
		*token = buf_sub(b, n);
		return 1;
	}
	*token = buf_sub(b, (size_t)(end - p));
	buf_skip(b, 1);
	return 1;
}

int
buf_is(const struct buf *b, const char *s)
{
	size_t n = strlen(s);

	return !b->error && buf_left(b) == n &&
	    memcmp(b->data + b->off, s, n) == 0;
}

void
wbuf_init(struct wbuf *w, void *data, size_t size)
{
	w->data = data;
	w->size = size;
	w->off = 0;
	w->error = 0;
}

static int
wbuf_room(struct wbuf *w, size_t n)
{
	if (w->error || n > w->size - w->off) {
		w->error = 1;
		return 0;
	}
	return 1;
}

void
wbuf_bytes(struct wbuf *w, const void *p, size_t n)
{
	if (!wbuf_room(w, n) || n == 0)
		return;
	memcpy(w->data + w->off, p, n);
	w->off += n;
}

void
wbuf_zero(struct wbuf *w, size_t n)
{
	if (!wbuf_room(w, n) || n == 0)
		return;
	memset(w->data + w->off, 0, n);
	w->off += n;
}

void
wbuf_u8(struct wbuf *w, uint8_t v)
{
	wbuf_bytes(w, &v, 1);
}

void
wbuf_u16(struct wbuf *w, uint16_t v)
{
	const uint8_t p[2] = { (uint8_t)(v >> 8), (uint8_t)v };

	wbuf_bytes(w, p, sizeof(p));
}

void
wbuf_u32(struct wbuf *w, uint32_t v)
{
	const uint8_t p[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16),
		(uint8_t)(v >> 8), (uint8_t)v };

	wbuf_bytes(w, p, sizeof(p));
}

void
wbuf_in_addr(struct wbuf *w, struct in_addr addr)
{
	wbuf_bytes(w, &addr.s_addr, sizeof(addr.s_addr));
}

void
wbuf_patch_u16(struct wbuf *w, size_t off, uint16_t v)
{
	if (w->error || off > w->off || w->off - off < 2) {
		w->error = 1;
		return;
	}
	w->data[off] = (uint8_t)(v >> 8);
	w->data[off + 1] = (uint8_t)v;
}

void
wbuf_printf(struct wbuf *w, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (!wbuf_room(w, 1))
		return;
	va_start(ap, fmt);
	n = vsnprintf((char *)w->data + w->off, w->size - w->off, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= w->size - w->off)
		w->error = 1;
	else
		w->off += (size_t)n;
}

void
wbuf_hex(struct wbuf *w, const uint8_t *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < n; i++) {
		wbuf_u8(w, (uint8_t)digits[p[i] >> 4]);
		wbuf_u8(w, (uint8_t)digits[p[i] & 0x0f]);
	}
}

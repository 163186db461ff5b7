/* SPDX-License-Identifier: ISC */
/* Domain names on the wire and as text, see dns_name.h. */
#include <string.h>

#include "dns_name.h"

#define LABEL_MAX 63	  /* RFC 1035 2.3.4 */
#define WIRE_NAME_MAX 255 /* RFC 1035 2.3.4, with the root label */
#define POINTER_BITS 0xc0 /* RFC 1035 4.1.4 */
#define JUMPS_MAX 32	  /* ours; a name with 127 labels needs one */

/* A name as it is put together from labels. */
struct text {
	char *out;
	size_t len;
	int refused;
};

static int allowed(uint8_t);
static void text_label(struct text *, struct buf);
static int follow_pointer(struct buf *, uint8_t, size_t *);

/* Not isalnum(3): that depends on the locale. */
static int
allowed(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static void
text_label(struct text *t, struct buf label)
{
	size_t n = buf_left(&label), need = n + (t->len > 0);

	if (n == 0 || n > LABEL_MAX || need > DNS_NAME_MAX - 1 - t->len) {
		t->refused = 1;
		return;
	}
	if (t->len > 0)
		t->out[t->len++] = '.';
	while (buf_left(&label) > 0) {
		uint8_t c = buf_u8(&label);

		if (!allowed(c)) {
			t->refused = 1;
			return;
		}
		t->out[t->len++] = (char)c;
	}
}

/*
 * Move to where a pointer shows.  Each one must lead before the start of the
 * part it ends, so no sequence of them can loop.
 */
static int
follow_pointer(struct buf *b, uint8_t high, size_t *start)
{
	size_t target = (size_t)(high & ~POINTER_BITS) << 8;

	target |= buf_u8(b);
	if (b->error || target >= *start)
		return -1;
	*start = target;
	buf_seek(b, target);
	return 0;
}

enum dns_name_result
dns_name_read(struct buf *b, int compressed, char out[DNS_NAME_MAX])
{
	char name[DNS_NAME_MAX] = "";
	struct text text = { name, 0, 0 };
	struct buf cur = *b;
	size_t start = b->off, end = 0, wire = 1;
	unsigned int jumps = 0;

	memset(out, 0, DNS_NAME_MAX);
	for (;;) {
		uint8_t n = buf_u8(&cur);

		if (cur.error)
			return DNS_NAME_MALFORMED;
		if (n == 0)
			break;
		if ((n & POINTER_BITS) == POINTER_BITS) {
			if (!compressed || jumps++ == JUMPS_MAX)
				return DNS_NAME_MALFORMED;
			if (end == 0)
				end = cur.off + 1;
			if (follow_pointer(&cur, n, &start) == -1)
				return DNS_NAME_MALFORMED;
			continue;
		}
		wire += (size_t)n + 1;
		if (n > LABEL_MAX || n > buf_left(&cur) || wire > WIRE_NAME_MAX)
			return DNS_NAME_MALFORMED;
		text_label(&text, buf_sub(&cur, n));
	}
	buf_seek(b, end == 0 ? cur.off : end);
	if (text.refused || text.len == 0)
		return DNS_NAME_REFUSED;
	memcpy(out, name, text.len);
	return DNS_NAME_OK;
}

enum dns_name_result
dns_name_text(struct buf b, char out[DNS_NAME_MAX])
{
	struct text text = { out, 0, 0 };
	struct buf label;

	memset(out, 0, DNS_NAME_MAX);
	while (!text.refused && buf_token(&b, '.', &label))
		text_label(&text, label);
	if (text.refused || text.len == 0) {
		memset(out, 0, DNS_NAME_MAX);
		return DNS_NAME_REFUSED;
	}
	return DNS_NAME_OK;
}

int
dns_name_valid(const char *name, size_t arraysize)
{
	char copy[DNS_NAME_MAX];
	struct buf b;
	size_t len = strnlen(name, arraysize);

	if (len == arraysize)
		return 0;
	buf_init(&b, name, len);
	return dns_name_text(b, copy) == DNS_NAME_OK && strlen(copy) == len;
}

int
dns_name_write(struct wbuf *w, const char *name)
{
	char text[DNS_NAME_MAX];
	struct buf b, label;

	buf_init(&b, name, strlen(name));
	if (dns_name_text(b, text) != DNS_NAME_OK)
		return -1;
	buf_init(&b, text, strlen(text));
	while (buf_token(&b, '.', &label)) {
		size_t n = buf_left(&label);

		wbuf_u8(w, (uint8_t)n);
		wbuf_bytes(w, buf_take(&label, n), n);
	}
	return w->error ? -1 : 0;
}

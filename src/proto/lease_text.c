/* SPDX-License-Identifier: ISC */
/* Lines and words of a lease file, see lease_text.h. */
#include <string.h>

#include "inet6.h"
#include "lease_text.h"

static const char *
parse_line(const struct lease_text *, struct buf *, void *, size_t *);
static const char *
parse_lines(const struct lease_text *, struct buf *, void *, int *);
static int canonical(
    const struct lease_text *, const void *, const uint8_t *, size_t, int *);

/*
 * One line.  *next is the first key that may still come; only a list's key may
 * come again.  NULL, or what is wrong.
 */
static const char *
parse_line(
    const struct lease_text *t, struct buf *line, void *lease, size_t *next)
{
	struct buf name;
	const char *key;
	size_t k = 0;
	int list;

	if (!buf_token(line, ' ', &name))
		return "empty line";
	while ((key = t->key(k, &list)) != NULL && !buf_is(&name, key))
		k++;
	if (key == NULL)
		return "unknown key";
	if (k < *next)
		return "key repeated or out of order";
	*next = list ? k : k + 1;
	if (t->value(line, lease, k) == -1 || line->error || buf_left(line) > 0)
		return "value is not valid";
	return NULL;
}

static const char *
parse_lines(const struct lease_text *t, struct buf *b, void *lease, int *lineno)
{
	struct buf line;
	size_t next = 0;
	const char *why;

	*lineno = 1;
	if (!buf_token(b, '\n', &line) || !buf_is(&line, t->version))
		return "not a lease file of this version";
	while (buf_token(b, '\n', &line)) {
		(*lineno)++;
		if (buf_is(&line, LEASE_END_LINE))
			return buf_left(b) > 0 ? "bytes after the end" : NULL;
		if ((why = parse_line(t, &line, lease, &next)) != NULL)
			return why;
	}
	return "no end line";
}

/* Is the text, byte for byte, what would be written? */
static int
canonical(const struct lease_text *t, const void *lease, const uint8_t *text,
    size_t len, int *line)
{
	char again[LEASE_TEXT_MAX];
	size_t i, n = t->format(lease, again, sizeof(again));

	if (n == len && memcmp(again, text, n) == 0)
		return 1;
	*line = 1;
	for (i = 0; i < n && i < len && text[i] == (uint8_t)again[i]; i++)
		*line += text[i] == '\n';
	return 0;
}

int
lease_text_parse(const struct lease_text *t, const uint8_t *text, size_t len,
    void *lease, const char **why, int *line)
{
	struct buf b;

	memset(lease, 0, t->size);
	*line = 0;
	if (len > LEASE_TEXT_MAX)
		*why = "longer than a lease file can be";
	else {
		buf_init(&b, text, len);
		*why = parse_lines(t, &b, lease, line);
		if (*why == NULL)
			*why = t->check(lease);
		if (*why == NULL && !canonical(t, lease, text, len, line))
			*why = "not in canonical form";
	}
	if (*why == NULL)
		return 0;
	memset(lease, 0, t->size);
	return -1;
}

struct buf
lease_rest(struct buf *b)
{
	return buf_sub(b, buf_left(b));
}

struct buf
lease_word(struct buf *b)
{
	struct buf w;

	if (!buf_token(b, ' ', &w))
		buf_init(&w, NULL, 0);
	return w;
}

int
lease_number(struct buf *b, uint64_t max, uint64_t *out)
{
	uint64_t v = 0;
	unsigned int ndigits = 0;
	int c, zero = buf_peek(b) == '0';

	while ((c = buf_peek(b)) >= '0' && c <= '9') {
		uint64_t digit = (uint64_t)(c - '0');

		if (digit > max || v > (max - digit) / 10)
			return -1;
		v = v * 10 + digit;
		buf_skip(b, 1);
		ndigits++;
	}
	if (ndigits == 0 || (zero && ndigits > 1))
		return -1;
	*out = v;
	return 0;
}

int
lease_integer(struct buf b, uint32_t max, void *out)
{
	uint64_t v;
	uint32_t v32;
	uint16_t v16;

	if (lease_number(&b, max, &v) == -1 || buf_left(&b) > 0)
		return -1;
	v32 = (uint32_t)v;
	v16 = (uint16_t)v;
	if (max <= UINT8_MAX)
		*(uint8_t *)out = (uint8_t)v;
	else if (max <= UINT16_MAX)
		memcpy(out, &v16, sizeof(v16));
	else
		memcpy(out, &v32, sizeof(v32));
	return 0;
}

int
lease_u64(struct buf b, uint32_t *high, uint32_t *low)
{
	uint64_t v;

	if (lease_number(&b, UINT64_MAX, &v) == -1 || buf_left(&b) > 0)
		return -1;
	*high = (uint32_t)(v >> 32);
	*low = (uint32_t)v;
	return 0;
}

void
lease_print_u64(struct wbuf *w, uint32_t high, uint32_t low)
{
	wbuf_printf(w, "%llu", (unsigned long long)high << 32 | low);
}

int
lease_hex(struct buf b, uint8_t *out, size_t max, size_t *len)
{
	static const char digits[] = "0123456789abcdef";
	size_t n = 0;

	while (buf_left(&b) > 0) {
		uint8_t high = buf_u8(&b), low = buf_u8(&b);
		const char *h = memchr(digits, high, 16);
		const char *l = memchr(digits, low, 16);

		if (b.error || h == NULL || l == NULL || n == max)
			return -1;
		out[n++] = (uint8_t)((h - digits) << 4 | (l - digits));
	}
	*len = n;
	return n == 0 ? -1 : 0;
}

int
lease_string(struct buf b, void *out, size_t size)
{
	size_t n = buf_left(&b);

	if (n == 0 || n >= size)
		return -1;
	buf_bytes(&b, out, n);
	return 0;
}

int
lease_prefix6(struct buf b, struct in6_addr *addr, uint8_t *prefixlen)
{
	struct buf word;
	uint64_t v;

	if (!buf_token(&b, '/', &word) || inet6_parse(word, addr) == -1 ||
	    lease_number(&b, 128, &v) == -1 || buf_left(&b) > 0)
		return -1;
	*prefixlen = (uint8_t)v;
	return 0;
}

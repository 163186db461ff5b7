/* SPDX-License-Identifier: ISC */
/*
 * Gathers the options of a DHCP message: once over all areas to learn how long
 * each option is, once more to put its parts side by side.  Work is linear in
 * the message, memory bounded by its length.
 */
#include <string.h>

#include "dhcp4_msg.h"
#include "dhcp4_opts.h"

#define OVERLOAD_FILE 1 /* RFC 2132 9.3 */
#define OVERLOAD_SNAME 2
#define AREAS_MAX 3

static int option_next(struct buf *, uint8_t *, struct buf *);
static int area_measure(struct dhcp4_opts *, struct buf, int);
static void area_copy(struct dhcp4_opts *, struct buf, int);
static uint8_t overload(struct dhcp4_opts *, struct buf);
static struct buf area(struct buf, size_t, size_t);

/* 1: an option, 0: END or no more, -1: it runs past the area. */
static int
option_next(struct buf *b, uint8_t *code, struct buf *value)
{
	do {
		if (buf_left(b) == 0)
			return 0;
		*code = buf_u8(b);
	} while (*code == OPT_PAD);
	if (*code == OPT_END)
		return 0;
	*value = buf_sub(b, buf_u8(b));
	return b->error ? -1 : 1;
}

static int
area_measure(struct dhcp4_opts *o, struct buf b, int overloaded)
{
	uint8_t code;
	struct buf value;
	int r;

	while ((r = option_next(&b, &code, &value)) == 1) {
		/* No area may name further ones, or they could go round. */
		if (overloaded && code == OPT_OVERLOAD) {
			o->ignored++;
			continue;
		}
		o->seen[code] = 1;
		o->len[code] = (uint16_t)(o->len[code] + buf_left(&value));
	}
	return r;
}

static void
area_copy(struct dhcp4_opts *o, struct buf b, int overloaded)
{
	uint8_t code;
	struct buf value;

	while (option_next(&b, &code, &value) == 1) {
		size_t n = buf_left(&value);

		if (overloaded && code == OPT_OVERLOAD)
			continue;
		buf_bytes(&value, &o->data[o->off[code] + o->len[code]], n);
		o->len[code] = (uint16_t)(o->len[code] + n);
	}
}

/* What option 52 of the options field says, OVERLOAD_* bits. */
static uint8_t
overload(struct dhcp4_opts *o, struct buf options)
{
	uint8_t code, bits = 0;
	struct buf value;

	if (!o->seen[OPT_OVERLOAD])
		return 0;
	while (option_next(&options, &code, &value) == 1) {
		if (code == OPT_OVERLOAD && buf_left(&value) > 0)
			bits = buf_u8(&value);
	}
	if (o->len[OPT_OVERLOAD] == 1 && bits >= OVERLOAD_FILE &&
	    bits <= (OVERLOAD_FILE | OVERLOAD_SNAME))
		return bits;
	o->ignored++;
	return 0;
}

static struct buf
area(struct buf message, size_t off, size_t len)
{
	buf_seek(&message, off);
	return buf_sub(&message, len);
}

int
dhcp4_opts_read(struct dhcp4_opts *o, struct buf message)
{
	struct buf areas[AREAS_MAX];
	size_t i, n = 0, off = 0;
	uint8_t bits;

	memset(o, 0, sizeof(*o));
	if (message.len < BOOTP_OPTIONS_OFF || message.len > DHCP4_MSG_MAX)
		return -1;
	areas[n++] =
	    area(message, BOOTP_OPTIONS_OFF, message.len - BOOTP_OPTIONS_OFF);
	if (area_measure(o, areas[0], 0) == -1)
		return -1;
	bits = overload(o, areas[0]);
	if (bits & OVERLOAD_FILE)
		areas[n++] = area(message, BOOTP_FILE_OFF, BOOTP_FILE_LEN);
	if (bits & OVERLOAD_SNAME)
		areas[n++] = area(message, BOOTP_SNAME_OFF, BOOTP_SNAME_LEN);
	for (i = 1; i < n; i++) {
		if (area_measure(o, areas[i], 1) == -1)
			return -1;
	}
	/* The areas are parts of the message, so all values fit in data. */
	for (i = 0; i < sizeof(o->off) / sizeof(o->off[0]); i++) {
		o->off[i] = (uint16_t)off;
		off += o->len[i];
		o->len[i] = 0;
	}
	for (i = 0; i < n; i++)
		area_copy(o, areas[i], i > 0);
	return 0;
}

int
dhcp4_opts_get(const struct dhcp4_opts *o, uint8_t code, struct buf *value)
{
	if (!o->seen[code])
		return 0;
	buf_init(value, &o->data[o->off[code]], o->len[code]);
	return 1;
}

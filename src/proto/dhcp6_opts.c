/* SPDX-License-Identifier: ISC */
/* The option iterator of DHCPv6, see dhcp6_opts.h. */

#include <string.h>

#include "dhcp6_opts.h"

/* Options that hold options: where they may stand, and what comes first. */
static const struct container {
	uint16_t code;
	uint16_t inside;
	size_t fixed; /* bytes */
} containers[] = {
	{ OPT6_IA_NA, 0, 12 }, /* iaid, t1, t2 */
	{ OPT6_IA_TA, 0, 4 },
	{ OPT6_IA_PD, 0, 12 },
	{ OPT6_IAADDR, 0, 24 }, /* RFC 9686 4.2 */
	{ OPT6_IAADDR, OPT6_IA_NA, 24 },
	{ OPT6_IAADDR, OPT6_IA_TA, 24 },
	{ OPT6_IAPREFIX, OPT6_IA_PD, 25 },
};

static const struct container *find_container(uint16_t, uint16_t);

static const struct container *
find_container(uint16_t code, uint16_t inside)
{
	size_t i;

	for (i = 0; i < sizeof(containers) / sizeof(containers[0]); i++)
		if (containers[i].code == code &&
		    containers[i].inside == inside)
			return &containers[i];
	return NULL;
}

void
dhcp6_walk_init(struct dhcp6_walk *w, struct buf options)
{
	memset(w, 0, sizeof(*w));
	w->stack[0] = options;
	w->depth = 1;
}

int
dhcp6_walk_next(struct dhcp6_walk *w, struct dhcp6_opt *o)
{
	const struct container *c;
	struct buf *b, whole;
	uint16_t len;

	while (w->depth > 0 && buf_left(&w->stack[w->depth - 1]) == 0)
		w->depth--;
	if (w->depth == 0)
		return 0;
	b = &w->stack[w->depth - 1];
	o->inside = w->inside[w->depth - 1];
	o->level = w->depth - 1;
	o->code = buf_u16(b);
	len = buf_u16(b);
	whole = buf_sub(b, len);
	if (b->error)
		return -1;
	c = find_container(o->code, o->inside);
	if (c == NULL || w->depth == DHCP6_NESTING_MAX) {
		o->value = whole;
		return 1;
	}
	o->value = buf_sub(&whole, c->fixed);
	if (whole.error)
		return -1;
	w->stack[w->depth] = whole;
	w->inside[w->depth] = o->code;
	w->depth++;
	return 1;
}

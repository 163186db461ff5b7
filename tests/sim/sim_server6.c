/* SPDX-License-Identifier: ISC */
/*
 * A model DHCPv6 server: messages in, messages out, and a list of what it
 * granted.  It is written from RFC 9915 18.3 without the client's codec.
 */

#include <arpa/inet.h>
#include <string.h>

#include "sim6.h"

enum {
	SOLICIT = 1,
	ADVERTISE,
	REQUEST,
	CONFIRM,
	RENEW,
	REBIND,
	REPLY,
	RELEASE,
	DECLINE,
	INFORM = 11
};
enum {
	OPT_CLIENT = 1,
	OPT_SERVER,
	OPT_NA,
	OPT_ADDR = 5,
	OPT_PREFERENCE = 7,
	OPT_STATUS = 13,
	OPT_RAPID = 14,
	OPT_DNS = 23,
	OPT_PD = 25,
	OPT_PREFIX = 26
};
enum { NO_ADDRS = 2, NO_BINDING, NOT_ON_LINK, NO_PREFIX = 6 };

struct writer {
	uint8_t *b;
	size_t n, room;
};

static void
put(struct writer *w, const void *data, size_t len)
{
	if (w->n + len > w->room)
		return;
	memcpy(w->b + w->n, data, len);
	w->n += len;
}

static void
put16(struct writer *w, size_t v)
{
	uint16_t be = htons((uint16_t)v);

	put(w, &be, sizeof(be));
}

static void
put32(struct writer *w, uint32_t v)
{
	v = htonl(v);
	put(w, &v, sizeof(v));
}

static uint16_t
get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t
get32(const uint8_t *p)
{
	return (uint32_t)get16(p) << 16 | get16(p + 2);
}

/* The next option of a list; NULL: no more. */
static const uint8_t *
next_option(
    const uint8_t **p, const uint8_t *end, uint16_t *code, uint16_t *len)
{
	const uint8_t *value;

	if (end - *p < 4)
		return NULL;
	*code = get16(*p);
	*len = get16(*p + 2);
	value = *p + 4;
	if (end - value < *len)
		return NULL;
	*p = value + *len;
	return value;
}

static const uint8_t *
find_option(const uint8_t *data, size_t len, uint16_t want, uint16_t *optlen)
{
	const uint8_t *p = data + 4, *v;
	uint16_t code;

	while ((v = next_option(&p, data + len, &code, optlen)) != NULL)
		if (code == want)
			return v;
	return NULL;
}

/* ---- what it has ---- */

void
server6_character(struct server6 *s)
{
	static const uint32_t lives[] = { 30, 120, 1800, 7200, 86400,
		LIFETIME_INFINITE };
	struct sim *sim = s->sim;

	s->valid = lives[sim_random(sim, 6)];
	s->preferred = s->valid == LIFETIME_INFINITE
	    ? (sim_chance(sim, 500) ? LIFETIME_INFINITE : 3600)
	    : sim_random(sim, s->valid + 1);
	s->t1 = sim_chance(sim, 500) ? 0 : s->preferred / 2;
	s->t2 = s->t1 == 0 ? 0 : s->preferred / 5 * 4;
	if (s->t2 < s->t1)
		s->t2 = s->t1;
	s->preference =
	    sim_chance(sim, 300) ? 255 : (uint8_t)sim_random(sim, 3);
	s->rapid = sim_chance(sim, 500);
	s->no_addrs = sim_chance(sim, 150);
	s->no_prefixes = sim_chance(sim, 150);
}

void
server6_forget(struct server6 *s)
{
	memset(s->bindings, 0, sizeof(s->bindings));
}

void
server6_renumber(struct server6 *s)
{
	s->pool = (s->pool + 1) % 32;
	server6_forget(s);
}

static struct binding6 *
find_binding(struct server6 *s, uint16_t code, uint32_t iaid)
{
	size_t i;

	for (i = 0; i < BINDINGS6; i++)
		if (s->bindings[i].code == code && s->bindings[i].iaid == iaid)
			return &s->bindings[i];
	return NULL;
}

static struct binding6 *
make_binding(struct server6 *s, uint16_t code, uint32_t iaid)
{
	struct binding6 *b = find_binding(s, code, iaid);

	if (b != NULL)
		return b;
	b = &s->bindings[s->next % BINDINGS6];
	memset(b, 0, sizeof(*b));
	b->code = code;
	b->iaid = iaid;
	memcpy(b->addr.s6_addr, "\x20\x01\x0d\xb8", 4);
	b->addr.s6_addr[4] =
	    (uint8_t)((code == OPT_PD ? 0x80 : 0) | s->n << 5 | s->pool);
	b->addr.s6_addr[5] = s->iface;
	b->addr.s6_addr[code == OPT_PD ? 6 : 15] = ++s->next;
	return b;
}

static int
of_pool(const struct server6 *s, const uint8_t *addr)
{
	return addr[4] == (s->n << 5 | s->pool);
}

const struct grant6 *
grant6_find(const struct grant6 *g, size_t n, const struct in6_addr *addr)
{
	for (; n > 0; n--, g++)
		if (memcmp(&g->addr, addr, sizeof(*addr)) == 0)
			return g;
	return NULL;
}

static void
grant(struct server6 *s, const struct in6_addr *addr)
{
	uint64_t until = s->valid == LIFETIME_INFINITE
	    ? PROTO_NEVER
	    : s->sim->now + s->valid * 1000ULL;
	size_t i;

	for (i = 0; i < *s->ngrants; i++)
		if (memcmp(&s->grants[i].addr, addr, sizeof(*addr)) == 0)
			break;
	if (i == GRANTS6)
		sim_fail(s->sim, NULL, "no room for a grant");
	if (i == *s->ngrants) {
		++*s->ngrants;
		s->grants[i].until = 0;
	}
	s->grants[i].addr = *addr;
	if (s->grants[i].until < until)
		s->grants[i].until = until;
}

/* ---- identity associations ---- */

static void
put_item(struct writer *w, uint16_t ia, const uint8_t *addr, uint32_t preferred,
    uint32_t valid)
{
	static const uint8_t bits = 56;

	put16(w, ia == OPT_PD ? OPT_PREFIX : OPT_ADDR);
	put16(w, ia == OPT_PD ? 25 : 24);
	if (ia == OPT_NA)
		put(w, addr, 16);
	put32(w, preferred);
	put32(w, valid);
	if (ia == OPT_PD) {
		put(w, &bits, 1);
		put(w, addr, 16);
	}
}

static void
put_status(struct writer *w, uint16_t code)
{
	put16(w, OPT_STATUS);
	put16(w, 2);
	put16(w, code);
}

/* What the client says it has and is not in the binding is no more. */
static void
put_old(struct writer *w, uint16_t ia, const uint8_t *p, const uint8_t *end,
    const struct binding6 *b)
{
	const uint8_t *v, *addr;
	uint16_t code, len;

	while ((v = next_option(&p, end, &code, &len)) != NULL) {
		if (len < 24 || (code != OPT_ADDR && code != OPT_PREFIX))
			continue;
		addr = code == OPT_PREFIX ? v + 9 : v;
		if (b == NULL || memcmp(addr, &b->addr, 16) != 0)
			put_item(w, ia, addr, 0, 0);
	}
}

/* 0: the server has nothing to say of this IA. */
static int
answer_ia(struct server6 *s, struct writer *w, uint8_t type, uint8_t as,
    uint16_t code, const uint8_t *v, uint16_t len)
{
	const struct binding6 *b;
	uint32_t iaid = get32(v);
	uint16_t status = 0;
	int old = 0, trouble = !s->sim->calm;
	size_t at;

	b = find_binding(s, code, iaid);
	if (type == SOLICIT || type == REQUEST) {
		if (code == OPT_NA ? s->no_addrs : s->no_prefixes)
			status = code == OPT_NA ? NO_ADDRS : NO_PREFIX;
		else if (type == REQUEST && trouble && sim_chance(s->sim, 20))
			status = NOT_ON_LINK;
	} else if (b == NULL && type == RENEW && sim_chance(s->sim, 700))
		status = NO_BINDING;
	else if (b == NULL && type == REBIND) {
		if (!sim_chance(s->sim, 500))
			return 0;
		old = 1;
	}
	put16(w, code);
	at = w->n;
	put16(w, 0);
	put32(w, iaid);
	put32(w, s->t1);
	put32(w, s->t2);
	if (status != 0) {
		put_status(w, status);
	} else if (old) {
		put_old(w, code, v + 12, v + len, NULL);
	} else {
		b = make_binding(s, code, iaid);
		put_item(w, code, b->addr.s6_addr, s->preferred, s->valid);
		if (as == REPLY)
			grant(s, &b->addr);
		if (type == RENEW || type == REBIND)
			put_old(w, code, v + 12, v + len, b);
	}
	w->b[at] = (uint8_t)((w->n - at - 2) >> 8);
	w->b[at + 1] = (uint8_t)(w->n - at - 2);
	return 1;
}

static void
forget_ia(struct server6 *s, uint16_t code, uint32_t iaid)
{
	struct binding6 *b = find_binding(s, code, iaid);

	if (b != NULL)
		memset(b, 0, sizeof(*b));
}

/* All IAs of a message; the number that were answered. */
static unsigned int
answer_ias(struct server6 *s, struct writer *w, const uint8_t *data, size_t len,
    uint8_t as)
{
	const uint8_t *p = data + 4, *v, *q, *a;
	uint16_t code, n, inner, alen;
	unsigned int answered = 0, wrong = 0;

	while ((v = next_option(&p, data + len, &code, &n)) != NULL) {
		if ((code != OPT_NA && code != OPT_PD) || n < 12)
			continue;
		if (data[0] == CONFIRM) {
			q = v + 12;
			while (
			    (a = next_option(&q, v + n, &inner, &alen)) != NULL)
				if (inner == OPT_ADDR && alen >= 24)
					wrong += !of_pool(s, a);
			answered++;
		} else if (data[0] == RELEASE || data[0] == DECLINE) {
			forget_ia(s, code, get32(v));
			answered++;
		} else
			answered += (unsigned int)answer_ia(
			    s, w, data[0], as, code, v, n);
	}
	if (data[0] == CONFIRM && answered > 0)
		put_status(w, wrong > 0 ? NOT_ON_LINK : 0);
	return answered;
}

size_t
server6_answer(struct server6 *s, const uint8_t *data, size_t len, uint8_t *out,
    size_t room)
{
	struct writer w = { out, 0, room };
	const uint8_t duid[] = { 0, 3, 0, 1, s->iface, s->n };
	const uint8_t dns[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 0x53 };
	const uint8_t *client, *server;
	uint16_t clen, slen;
	uint8_t as = REPLY;

	if (!s->alive || len < 4)
		return 0;
	client = find_option(data, len, OPT_CLIENT, &clen);
	server = find_option(data, len, OPT_SERVER, &slen);
	if (client == NULL)
		return 0;
	if (data[0] == REQUEST || data[0] == RENEW || data[0] == RELEASE ||
	    data[0] == DECLINE) {
		if (server == NULL || slen != sizeof(duid) ||
		    memcmp(server, duid, sizeof(duid)) != 0)
			return 0;
	} else if (server != NULL || data[0] > INFORM)
		return 0;
	if (data[0] == SOLICIT &&
	    (!s->rapid || find_option(data, len, OPT_RAPID, &slen) == NULL))
		as = ADVERTISE;
	put(&w, &as, 1);
	put(&w, data + 1, 3);
	put16(&w, OPT_CLIENT);
	put16(&w, clen);
	put(&w, client, clen);
	put16(&w, OPT_SERVER);
	put16(&w, sizeof(duid));
	put(&w, duid, sizeof(duid));
	put16(&w, OPT_PREFERENCE);
	put16(&w, 1);
	put(&w, &s->preference, 1);
	if (data[0] == SOLICIT && as == REPLY) {
		put16(&w, OPT_RAPID);
		put16(&w, 0);
	}
	put16(&w, OPT_DNS);
	put16(&w, sizeof(dns));
	put(&w, dns, sizeof(dns));
	if (answer_ias(s, &w, data, len, as) == 0 && data[0] != INFORM)
		return 0;
	return w.n;
}

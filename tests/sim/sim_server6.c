/* SPDX-License-Identifier: ISC */
/*
 * A model DHCPv6 server: messages in, messages out, and a list of what it
 * granted.  It is written from RFC 9915 18.3 without the client's codec.
 */

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "compat/digest.h"
#include "frame6.h"
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
	RECONFIGURE,
	INFORM,
	REG_INFORM = 36,
	REG_REPLY
};
enum {
	OPT6_CLIENT = 1,
	OPT6_SERVER,
	OPT6_NA,
	OPT6_ADDR = 5,
	OPT6_PREFERENCE = 7,
	OPT6_AUTH = 11,
	OPT6_STATUS = 13,
	OPT6_RAPID = 14,
	OPT6_RECONF_MSG = 19,
	OPT6_RECONF_ACCEPT = 20,
	OPT6_DNS = 23,
	OPT6_PD = 25,
	OPT6_PREFIX = 26,
	OPT6_REGISTRATION = 148
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

static void
character(struct server6 *s)
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
	s->registers = sim_chance(sim, 500);
}

static void
forget(struct server6 *s)
{
	memset(s->bindings, 0, sizeof(s->bindings));
}

static void
renumber(struct server6 *s)
{
	s->pool = (s->pool + 1) % 32;
	forget(s);
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
	    (uint8_t)((code == OPT6_PD ? 0x80 : 0) | s->n << 5 | s->pool);
	b->addr.s6_addr[5] = (uint8_t)s->iface->index;
	b->addr.s6_addr[code == OPT6_PD ? 6 : 15] = ++s->next;
	return b;
}

static int
of_pool(const struct server6 *s, const uint8_t *addr)
{
	return addr[4] == (s->n << 5 | s->pool);
}

/* By the delegated /56, or the address itself; the interface is in it. */
const struct grant6 *
grant6_of(struct sim *sim, const struct in6_addr *addr)
{
	const struct sim_iface *iface = NULL;
	struct in6_addr of = *addr;
	unsigned int i;
	size_t g;

	if (of.s6_addr[4] & 0x80)
		memset(of.s6_addr + 7, 0, 9);
	for (i = 0; i < sim->nifaces; i++)
		if (sim->ifaces[i].index == of.s6_addr[5])
			iface = &sim->ifaces[i];
	for (g = 0; iface != NULL && g < iface->ngrants6; g++)
		if (IN6_ARE_ADDR_EQUAL(&iface->grants6[g].addr, &of))
			return &iface->grants6[g];
	return NULL;
}

static void
grant(struct server6 *s, const struct in6_addr *addr)
{
	uint64_t until = s->valid == LIFETIME_INFINITE
	    ? PROTO_NEVER
	    : s->sim->now + s->valid * 1000ULL;
	struct sim_iface *iface = s->iface;
	struct grant6 *g = iface->grants6;

	while (g < iface->grants6 + iface->ngrants6 &&
	    !IN6_ARE_ADDR_EQUAL(&g->addr, addr))
		g++;
	if (g == iface->grants6 + GRANTS6)
		sim_fail(s->sim, NULL, "no room for a grant");
	if (g == iface->grants6 + iface->ngrants6) {
		iface->ngrants6++;
		*g = (struct grant6){ *addr, 0 };
	}
	if (g->until < until)
		g->until = until;
}

/* ---- identity associations ---- */

static void
put_item(struct writer *w, uint16_t ia, const uint8_t *addr, uint32_t preferred,
    uint32_t valid)
{
	static const uint8_t bits = 56;

	put16(w, ia == OPT6_PD ? OPT6_PREFIX : OPT6_ADDR);
	put16(w, ia == OPT6_PD ? 25 : 24);
	if (ia == OPT6_NA)
		put(w, addr, 16);
	put32(w, preferred);
	put32(w, valid);
	if (ia == OPT6_PD) {
		put(w, &bits, 1);
		put(w, addr, 16);
	}
}

static void
put_status(struct writer *w, uint16_t code)
{
	put16(w, OPT6_STATUS);
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
		if (len < 24 || (code != OPT6_ADDR && code != OPT6_PREFIX))
			continue;
		addr = code == OPT6_PREFIX ? v + 9 : v;
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
		if (code == OPT6_NA ? s->no_addrs : s->no_prefixes)
			status = code == OPT6_NA ? NO_ADDRS : NO_PREFIX;
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
		if ((code != OPT6_NA && code != OPT6_PD) || n < 12)
			continue;
		if (data[0] == CONFIRM) {
			q = v + 12;
			while (
			    (a = next_option(&q, v + n, &inner, &alen)) != NULL)
				if (inner == OPT6_ADDR && alen >= 24)
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

/* ---- messages ---- */

static void
put_ids(struct server6 *s, struct writer *w)
{
	const uint8_t duid[] = { 0, 3, 0, 1, (uint8_t)s->iface->index, s->n };

	put16(w, OPT6_CLIENT);
	put16(w, s->client_len);
	put(w, s->client, s->client_len);
	put16(w, OPT6_SERVER);
	put16(w, sizeof(duid));
	put(w, duid, sizeof(duid));
}

static int
is_mine(struct server6 *s, const uint8_t *duid, uint16_t len)
{
	return len == 6 && duid[4] == s->iface->index && duid[5] == s->n;
}

/* RFC 9915 20.4.1; type 1: the key, 2: room for a digest. */
static void
put_auth(struct server6 *s, struct writer *w, uint8_t type)
{
	static const uint8_t room[16], head[] = { 3, 1, 0 };

	s->replay++; /* it strictly increases, RFC 9915 20.3 */
	put16(w, OPT6_AUTH);
	put16(w, sizeof(head) + 8 + 17);
	put(w, head, sizeof(head));
	put32(w, (uint32_t)(s->replay >> 32));
	put32(w, (uint32_t)s->replay);
	put(w, &type, 1);
	put(w, type == 1 ? s->key : room, 16);
}

/* Is this message one the server answers? */
static int
is_for(struct server6 *s, const uint8_t *data, size_t len)
{
	const uint8_t *client, *server;
	uint16_t n, slen;

	if (!s->alive || len < 4)
		return 0;
	client = find_option(data, len, OPT6_CLIENT, &n);
	server = find_option(data, len, OPT6_SERVER, &slen);
	if (client == NULL || n > sizeof(s->client))
		return 0;
	if (data[0] == REQUEST || data[0] == RENEW || data[0] == RELEASE ||
	    data[0] == DECLINE) {
		if (server == NULL || !is_mine(s, server, slen))
			return 0;
	} else if (server != NULL || data[0] > INFORM)
		return 0;
	memcpy(s->client, client, n);
	s->client_len = n;
	return 1;
}

static size_t
answer(struct server6 *s, const uint8_t *data, size_t len, uint8_t *out,
    size_t room)
{
	static const uint8_t dns[16] = { 0x20, 0x01, 0x0d, 0xb8, [15] = 0x53 };
	struct writer w = { out, 0, room };
	uint8_t as = REPLY;
	uint16_t n;

	if (!is_for(s, data, len))
		return 0;
	if (data[0] == SOLICIT &&
	    (!s->rapid || find_option(data, len, OPT6_RAPID, &n) == NULL))
		as = ADVERTISE;
	put(&w, &as, 1);
	put(&w, data + 1, 3);
	put_ids(s, &w);
	put16(&w, OPT6_PREFERENCE);
	put16(&w, 1);
	put(&w, &s->preference, 1);
	if (data[0] == SOLICIT && as == REPLY) {
		put16(&w, OPT6_RAPID);
		put16(&w, 0);
	}
	put16(&w, OPT6_DNS);
	put16(&w, sizeof(dns));
	put(&w, dns, sizeof(dns));
	if (s->registers) {
		put16(&w, OPT6_REGISTRATION);
		put16(&w, 0);
	}
	if (as == REPLY && find_option(data, len, OPT6_RECONF_ACCEPT, &n)) {
		put16(&w, OPT6_RECONF_ACCEPT);
		put16(&w, 0);
		put_auth(s, &w, 1);
	}
	if (answer_ias(s, &w, data, len, as) == 0 && data[0] != INFORM)
		return 0;
	return w.n;
}

/* RFC 9686 4.3: to the address, and about it. */
static void
registered(struct server6 *s, const uint8_t *f, const uint8_t *data, size_t len)
{
	struct in6_addr src = frame6_src(f);
	uint8_t out[100], reply[SIM_FRAME_MAX];
	struct writer w = { out, 0, sizeof(out) };
	const uint8_t *addr;
	uint16_t n;

	addr = find_option(data, len, OPT6_ADDR, &n);
	if (!s->alive || !s->registers)
		return;
	if (addr == NULL || n != 24 || memcmp(addr, &src, 16) != 0)
		sim_fail(s->sim, s->iface, "registers another address");
	put(&w, &(const uint8_t){ REG_REPLY }, 1);
	put(&w, data + 1, 3);
	put16(&w, OPT6_ADDR);
	put16(&w, n);
	put(&w, addr, n);
	sim_to_client(s->iface, reply,
	    frame6_udp(reply, &src, (uint8_t)(s->n + 1), 546, out, w.n));
}

const struct in6_addr *
server6_reconfigure(struct server6 *s)
{
	uint8_t out[300], f[SIM_FRAME_MAX];
	struct writer w = { out, 0, sizeof(out) };
	static const uint8_t head[4] = { RECONFIGURE };
	const struct binding6 *b = s->bindings;

	while (b < s->bindings + BINDINGS6 && b->code != OPT6_NA)
		b++;
	if (b == s->bindings + BINDINGS6 || !s->alive || s->client_len == 0)
		return NULL;
	put(&w, head, sizeof(head));
	put_ids(s, &w);
	put16(&w, OPT6_RECONF_MSG);
	put16(&w, 1);
	put(&w, &(const uint8_t){ RENEW }, 1);
	put_auth(s, &w, 2);
	hmac_md5(s->key, sizeof(s->key), out, w.n, out + w.n - 16);
	sim_to_client(s->iface, f,
	    frame6_udp(f, &b->addr, (uint8_t)(s->n + 1), 546, out, w.n));
	return &b->addr;
}

/* ---- the segment ---- */

void
sim_servers6_frame(struct sim_iface *iface, const uint8_t *f, size_t len)
{
	uint8_t out[1400], reply[SIM_FRAME_MAX];
	struct server6 *s;
	unsigned int i;
	size_t n;

	if (!frame6_is_udp(f, len, 547))
		return;
	f += FRAME6_UDP;
	len -= FRAME6_UDP;
	for (i = 0; i < SIM_SERVERS; i++) {
		s = iface->server6[i];
		if (f[0] == REG_INFORM && len > 4) {
			registered(s, f - FRAME6_UDP, f, len);
			continue;
		}
		n = answer(s, f, len, out, sizeof(out));
		if (n > 0)
			sim_to_client(iface, reply,
			    frame6_udp(reply, &in6addr_any, (uint8_t)(i + 1),
				546, out, n));
	}
}

void
sim_servers6_start(struct sim_iface *iface)
{
	struct server6 *s;
	unsigned int i;

	iface->grants6 = calloc(GRANTS6, sizeof(*iface->grants6));
	for (i = 0; i < SIM_SERVERS; i++) {
		s = iface->server6[i] = calloc(1, sizeof(*s));
		if (s == NULL || iface->grants6 == NULL)
			abort();
		s->sim = iface->sim;
		s->iface = iface;
		s->n = (uint8_t)i;
		s->alive = i == 0 || sim_chance(s->sim, 400);
		memset(s->key, (int)(iface->index * 16 + i), sizeof(s->key));
		character(s);
	}
}

void
sim_servers6_free(struct sim_iface *iface)
{
	unsigned int i;

	for (i = 0; i < SIM_SERVERS; i++)
		free(iface->server6[i]);
	free(iface->grants6);
}

void
sim_servers6_calm(struct sim_iface *iface)
{
	struct server6 *s;
	unsigned int i;

	for (i = 0; i < SIM_SERVERS; i++) {
		s = iface->server6[i];
		s->alive = i == 0 || !iface->quiet;
		s->no_addrs = s->no_prefixes = 0;
		s->valid = 86400;
		s->preferred = 43200;
		s->t1 = s->t2 = 0;
	}
}

void
sim_server6_happens(struct sim_iface *iface)
{
	struct sim *sim = iface->sim;
	struct server6 *s = iface->server6[sim_random(sim, SIM_SERVERS)];

	switch (sim_random(sim, 6)) {
	case 0:
		s->alive = !s->alive;
		sim_say(sim, iface, "server6 %u %s", s->n,
		    s->alive ? "up" : "down");
		break;
	case 1:
		sim_say(sim, iface, "server6 %u forgets", s->n);
		forget(s);
		break;
	case 2:
		sim_say(sim, iface, "server6 %u renumbers", s->n);
		renumber(s);
		break;
	case 3:
	case 4:
		character(s);
		sim_say(sim, iface, "server6 %u: valid %u", s->n, s->valid);
		break;
	case 5:
		sim_say(sim, iface, "server6 %u: reconfigure", s->n);
		(void)server6_reconfigure(s);
		break;
	}
}

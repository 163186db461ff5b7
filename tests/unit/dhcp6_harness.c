/* SPDX-License-Identifier: ISC */
/* The DHCPv6 machine on virtual time: see dhcp6_harness.h. */

#include <atf-c.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "dhcp6_harness.h"
#include "proto/inet6.h"

static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };

static void
w_send6(void *ctx, enum channel channel, const struct in6_addr *key, int flags,
    const uint8_t *data, size_t len)
{
	struct world6 *w = ctx;
	struct sent6 *s = &w->sent[w->nsent % SENT6_MAX];

	(void)flags;
	if (channel != CHANNEL_DHCP6_SEND || len > sizeof(s->bytes) || len < 4)
		abort();
	w->nsent++;
	memset(s, 0, sizeof(*s));
	s->when = w->now;
	s->key = *key;
	s->type = data[0];
	s->xid = (uint32_t)data[1] << 16 | (uint32_t)data[2] << 8 | data[3];
	s->len = len;
	memcpy(s->bytes, data, len);
}

static void
w_open6(void *ctx, enum channel channel, const struct in6_addr *key)
{
	struct world6 *w = ctx;

	if (w->nopen == OPEN6_MAX)
		abort();
	w->open[w->nopen].channel = channel;
	w->open[w->nopen++].key = *key;
}

static void
w_close6(void *ctx, enum channel channel, const struct in6_addr *key)
{
	struct world6 *w = ctx;
	unsigned int i;

	for (i = 0; i < w->nopen; i++)
		if (w->open[i].channel == channel &&
		    IN6_ARE_ADDR_EQUAL(&w->open[i].key, key)) {
			w->open[i] = w->open[--w->nopen];
			return;
		}
	abort(); /* closed what was not open */
}

static void
w_deadline(void *ctx, uint64_t when)
{
	struct world6 *w = ctx;

	w->deadline = when;
}

static void
w_configure6(void *ctx, const struct config6 *config)
{
	struct world6 *w = ctx;

	if (config->protocol != PROTO_DHCP6)
		abort();
	w->config = *config;
	w->nconfig++;
	w->order = w->nsent;
}

static void
w_dns(void *ctx, const struct dns_set *dns)
{
	struct world6 *w = ctx;

	w->dns = *dns;
	w->ndns++;
}

static void
w_store(void *ctx, const struct dhcp6_lease *lease)
{
	struct world6 *w = ctx;

	if (lease == NULL) {
		w->nforget++;
		return;
	}
	w->stored = *lease;
	w->nstore++;
}

static void
w_delegated(void *ctx, const struct dhcp6_lease *lease)
{
	struct world6 *w = ctx;

	w->delegated = *lease;
	w->ndelegated++;
}

static void
w_event6(void *ctx, enum proto_event event, const struct event6 *detail,
    const char *reason)
{
	struct world6 *w = ctx;

	(void)reason;
	w->events[event]++;
	w->event[event] = *detail;
}

static void
w_log(void *ctx, int priority, const char *fmt, ...)
{
	struct world6 *w = ctx;
	va_list ap;
	char line[512];

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	if (getenv("TRACE") != NULL)
		printf("%8llu %s\n", (unsigned long long)w->now, line);
	if (priority < LOG_DEBUG)
		memcpy(w->log, line, sizeof(line));
}

static void
w_count(void *ctx, enum counter c)
{
	struct world6 *w = ctx;

	w->counters[c]++;
}

static uint32_t
w_random(void *ctx, uint32_t bound)
{
	struct world6 *w = ctx;

	w->seed = w->seed * 1664525U + 1013904223U;
	if (bound == 0)
		return w->seed;
	if (w->rand_high != 0)
		return w->rand_high > 0 ? bound - 1 : 0;
	return (w->seed >> 8) % bound;
}

static int
w_addr6_usable(void *ctx, const struct in6_addr *addr, uint8_t prefixlen)
{
	(void)ctx;
	(void)prefixlen;
	return inet6_is_global(addr);
}

static const struct proto_ops ops = {
	.send6 = w_send6,
	.open6 = w_open6,
	.close6 = w_close6,
	.deadline = w_deadline,
	.configure6 = w_configure6,
	.dns = w_dns,
	.store_dhcp6 = w_store,
	.delegated = w_delegated,
	.event6 = w_event6,
	.log = w_log,
	.count = w_count,
	.random = w_random,
	.addr6_usable = w_addr6_usable,
};

void
w6_init(struct world6 *w)
{
	memset(w, 0, sizeof(*w));
	w->now = 1000000;
	w->seed = 1;
	w->deadline = PROTO_NEVER;
	conf_iface_defaults(&w->conf);
	w->conf.dhcp6 = CONF_YES;
	w->conf.rapid_commit = 0;
	memcpy(w->iface.name, "em0", 4);
	w->iface.ifindex = 2;
	w->iface.flags = IFACE_UP | IFACE_RUNNING | IFACE_ETHERNET;
	w->iface.mtu = 1500;
	w->iface.max_mtu = 9000;
	w->iface.hwtype = 1;
	w->iface.hwaddr_len = 6;
	memcpy(w->iface.hwaddr, mac, 6);
	dhcp6_init(&w->d, &ops, w);
}

/* What the parent would answer. */
static void
settle(struct world6 *w)
{
	unsigned int done = w->nconfig + 1, i;

	for (i = 0; !w->hold_configured && i < 4 && done != w->nconfig; i++) {
		done = w->nconfig;
		dhcp6_configured(&w->d, w->config.serial, 0, w->now);
	}
}

void
w6_channels(struct world6 *w, int error)
{
	dhcp6_channel(&w->d, CHANNEL_DHCP6, &in6addr_any, error, w->now);
	dhcp6_channel(&w->d, CHANNEL_DHCP6_SEND, &in6addr_any, error, w->now);
	settle(w);
}

void
w6_start(struct world6 *w)
{
	dhcp6_configure(&w->d, &w->conf, (const uint8_t *)CLIENT_DUID,
	    CLIENT_DUID_LEN, w->now);
	dhcp6_interface(&w->d, &w->iface, w->now);
	w6_channels(w, 0);
	dhcp6_start(&w->d, w->now);
	settle(w);
}

void
w6_tick(struct world6 *w)
{
	if (w->deadline == PROTO_NEVER)
		return;
	if (w->deadline > w->now)
		w->now = w->deadline;
	w->deadline = PROTO_NEVER;
	w->timer_calls++;
	dhcp6_timer(&w->d, w->now);
	settle(w);
}

void
w6_advance(struct world6 *w, uint64_t ms)
{
	uint64_t until = w->now + ms;
	unsigned int same = 0;

	while (w->deadline <= until) {
		same = w->deadline <= w->now ? same + 1 : 0;
		if (same > 20)
			abort(); /* a loop at 100 % CPU */
		w6_tick(w);
	}
	w->now = until;
}

void
w6_link(struct world6 *w, int up)
{
	if (up)
		w->iface.flags |= IFACE_RUNNING;
	else
		w->iface.flags &= ~(uint32_t)IFACE_RUNNING;
	dhcp6_interface(&w->d, &w->iface, w->now);
	settle(w);
}

void
w6_address(struct world6 *w, const char *text, uint32_t flags)
{
	struct state6 st;

	memset(&st, 0, sizeof(st));
	st.ifindex = 2;
	st.flags = flags;
	st.addr = ip6(text);
	st.prefixlen = 128;
	dhcp6_address(&w->d, &st, w->now);
	settle(w);
}

void
w6_receive(struct world6 *w, const struct packet6 *p)
{
	struct recv6 meta;
	uint8_t *exact = malloc(p->len); /* ASan sees a byte too far */

	if (exact == NULL)
		abort();
	memset(&meta, 0, sizeof(meta));
	meta.src = ip6("fe80::9");
	meta.dst = ip6("fe80::1");
	meta.src_port = 547;
	memcpy(exact, p->bytes, p->len);
	dhcp6_receive(&w->d, &in6addr_any, &meta, exact, p->len, w->now);
	free(exact);
	settle(w);
}

void
w6_answer(struct world6 *w, struct packet6 *p, uint8_t type)
{
	const struct sent6 *s = &w->sent[(w->nsent - 1) % SENT6_MAX];

	if (w->nsent == 0)
		abort();
	p6_begin(p, type, s->xid);
	p6_ids(p);
}

static uint32_t
iaid_of(const uint8_t *o)
{
	return (uint32_t)o[0] << 24 | (uint32_t)o[1] << 16 |
	    (uint32_t)o[2] << 8 | o[3];
}

void
w6_put_grants(
    struct world6 *w, struct packet6 *p, uint32_t preferred, uint32_t valid)
{
	const struct sent6 *s = &w->sent[(w->nsent - 1) % SENT6_MAX];
	const uint8_t *o;
	char text[64];
	unsigned int i;

	o = s6_opt(s, 3, 0, NULL);
	if (o != NULL)
		p6_ia_na(p, iaid_of(o), "2001:db8::10", preferred, valid);
	for (i = 0; (o = s6_opt(s, 25, i, NULL)) != NULL; i++) {
		snprintf(text, sizeof(text), "2001:db8:%lx00::",
		    (unsigned long)(iaid_of(o) - w->d.lease.ias[1].iaid + 1));
		p6_ia_pd(p, iaid_of(o), text, 48, preferred, valid);
	}
}

void
w6_grant(struct world6 *w, uint8_t type, uint32_t preferred, uint32_t valid)
{
	struct packet6 p;

	w6_answer(w, &p, type);
	if (type == DHCP6_ADVERTISE)
		p6_opt(&p, 7, "\xff", 1);
	w6_put_grants(w, &p, preferred, valid);
	w6_receive(w, &p);
}

void
w6_bind(struct world6 *w, uint32_t preferred, uint32_t valid)
{
	w6_start(w);
	w6_grant(w, DHCP6_ADVERTISE, preferred, valid);
	w6_grant(w, DHCP6_REPLY, preferred, valid);
}

const struct sent6 *
w6_last(const struct world6 *w, uint8_t type)
{
	unsigned int i;

	for (i = w->nsent; i > 0 && i + SENT6_MAX > w->nsent; i--)
		if (w->sent[(i - 1) % SENT6_MAX].type == type)
			return &w->sent[(i - 1) % SENT6_MAX];
	return NULL;
}

unsigned int
w6_count(const struct world6 *w, uint8_t type)
{
	unsigned int i, n = 0;

	for (i = 0; i < w->nsent && i < SENT6_MAX; i++)
		n += w->sent[i].type == type;
	return n;
}

const uint8_t *
s6_opt(const struct sent6 *s, unsigned int code, unsigned int n, size_t *len)
{
	return p6_find(s->bytes + 4, s->len - 4, code, n, len);
}

unsigned int
s6_elapsed(const struct sent6 *s)
{
	const uint8_t *o = s6_opt(s, 8, 0, NULL);

	return o == NULL ? 0xffffffff : (unsigned int)(o[0] << 8 | o[1]);
}

void
w6_bind_both(struct world6 *w, uint32_t preferred, uint32_t valid)
{
	w6_init(w);
	w->conf.nprefixes = 1;
	w6_bind(w, preferred, valid);
	ATF_REQUIRE_EQ(D6_BOUND, w->d.state);
}

uint32_t
w6_iaid(const struct world6 *w, unsigned int ia)
{
	return w->d.lease.ias[ia].iaid;
}

const struct sent6 *
w6_newest(const struct world6 *w)
{
	ATF_REQUIRE(w->nsent > 0);
	return &w->sent[(w->nsent - 1) % SENT6_MAX];
}

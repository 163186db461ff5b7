/* SPDX-License-Identifier: ISC */
/* The DHCPv4 machine on virtual time: see dhcp4_harness.h. */

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "dhcp4_harness.h"
#include "policy.h"

static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };
static const uint8_t server_mac[6] = { 2, 0, 0, 0, 0, 9 };

struct in_addr
ip(const char *text)
{
	struct in_addr a = { 0 };

	if (text != NULL)
		inet_pton(AF_INET, text, &a);
	return a;
}

uint32_t
sent_u32(const struct sent *s, size_t offset)
{
	uint32_t v;

	memcpy(&v, s->bootp + offset, 4);
	return ntohl(v);
}

int
sent_option(const struct sent *s, uint8_t code, const uint8_t **data)
{
	size_t i = 240;

	while (i + 1 < s->len && s->bootp[i] != 255) {
		if (s->bootp[i] == 0) {
			i++;
			continue;
		}
		if (s->bootp[i] == code) {
			if (data != NULL)
				*data = s->bootp + i + 2;
			return s->bootp[i + 1];
		}
		i += 2U + s->bootp[i + 1];
	}
	return -1;
}

static void
w_send(void *ctx, enum channel channel, struct in_addr key, int flags,
    const uint8_t *data, size_t len)
{
	struct world *w = ctx;
	struct sent *s = &w->sent[w->nsent % SENT_MAX];
	size_t skip = channel == CHANNEL_DHCP4 ? 42 : 0;
	const uint8_t *type;

	(void)key;
	(void)flags;
	w->nsent++;
	memset(s, 0, sizeof(*s));
	s->channel = channel;
	s->when = w->now;
	s->len = len - skip;
	memcpy(s->bootp, data + skip, s->len);
	if (channel != CHANNEL_ARP && sent_option(s, 53, &type) == 1)
		s->type = *type;
}

static void
w_open(void *ctx, enum channel channel, struct in_addr key, struct in_addr peer)
{
	struct world *w = ctx;

	if (channel == CHANNEL_ARP && linklocal4_is(key)) {
		w->ll = key;
	} else if (channel == CHANNEL_ARP) {
		w->arp = key;
		w->arp_peer = peer;
	} else
		w->udp = key;
}

static void
w_close(void *ctx, enum channel channel, struct in_addr key)
{
	struct world *w = ctx;

	if (channel == CHANNEL_ARP && key.s_addr == w->ll.s_addr)
		w->ll.s_addr = 0;
	else if (channel == CHANNEL_ARP)
		w->arp.s_addr = 0;
	else
		w->udp.s_addr = 0;
}

static void
w_deadline(void *ctx, uint64_t when)
{
	struct world *w = ctx;

	w->deadline = when;
}

static void
w_configure4(void *ctx, const struct config4 *config)
{
	struct world *w = ctx;

	w->before = w->config;
	w->config = *config;
	w->nconfig++;
}

static void
w_dns(void *ctx, const struct dns_set *dns)
{
	struct world *w = ctx;

	(void)dns;
	w->ndns++;
}

static void
w_store4(void *ctx, const struct lease4 *lease)
{
	struct world *w = ctx;

	if (lease == NULL) {
		w->nforget++;
		return;
	}
	w->stored = *lease;
	w->nstore++;
}

static void
w_event(void *ctx, enum proto_event event, const struct lease4 *lease,
    const char *reason)
{
	struct world *w = ctx;

	(void)lease;
	(void)reason;
	w->events[event]++;
}

static void
w_log(void *ctx, int priority, const char *fmt, ...)
{
	struct world *w = ctx;
	va_list ap;

	if (priority > LOG_WARNING)
		return;
	w->nwarned++;
	va_start(ap, fmt);
	vsnprintf(w->warned, sizeof(w->warned), fmt, ap);
	va_end(ap);
}

static void
w_count(void *ctx, enum counter c)
{
	struct world *w = ctx;

	w->counters[c]++;
}

static uint32_t
w_random(void *ctx, uint32_t bound)
{
	struct world *w = ctx;

	w->seed = w->seed * 1664525U + 1013904223U;
	return bound == 0 ? w->seed : (w->seed >> 8) % bound;
}

static int
w_addr4_usable(void *ctx, struct in_addr addr, uint8_t prefixlen)
{
	(void)ctx;
	return policy_addr4(addr, prefixlen) == REFUSE_NOT;
}

static const struct proto_ops ops = {
	.send = w_send,
	.open = w_open,
	.close = w_close,
	.deadline = w_deadline,
	.configure4 = w_configure4,
	.dns = w_dns,
	.store4 = w_store4,
	.event = w_event,
	.log = w_log,
	.count = w_count,
	.random = w_random,
	.addr4_usable = w_addr4_usable,
};

struct reply
reply_of(uint8_t type)
{
	return (struct reply){ .type = type,
		.addr = "192.0.2.10",
		.server = "192.0.2.1",
		.router = "192.0.2.1",
		.prefixlen = 24,
		.lease = 3600 };
}

void
world_init(struct world *w)
{
	memset(w, 0, sizeof(*w));
	w->now = 1000000;
	w->seed = 1;
	w->deadline = PROTO_NEVER;
	conf_iface_defaults(&w->conf);
	strlcpy(w->iface.name, "em0", sizeof(w->iface.name));
	w->iface.ifindex = 2;
	w->iface.flags = IFACE_UP | IFACE_RUNNING | IFACE_ETHERNET;
	w->iface.mtu = 1500;
	w->iface.max_mtu = 9000;
	w->iface.hwtype = 1;
	w->iface.hwaddr_len = 6;
	memcpy(w->iface.hwaddr, mac, 6);
	dhcp4_init(&w->d, &ops, w);
}

void
world_start(struct world *w)
{
	dhcp4_configure(
	    &w->d, &w->conf, (const uint8_t *)"\0\4duid", 6, w->now);
	dhcp4_interface(&w->d, &w->iface, 1, w->now);
	dhcp4_start(&w->d, w->now);
}

void
world_settle(struct world *w)
{
	static const struct in_addr none;
	unsigned int done = w->nconfig + 1, i;

	if (!w->no_channels && w->arp.s_addr != 0 && !w->d.arp_open)
		dhcp4_channel(&w->d, CHANNEL_ARP, w->arp, 0, w->now);
	if (!w->no_channels && w->ll.s_addr != 0 &&
	    w->d.linklocal.state == LL4_OPENING)
		dhcp4_channel(&w->d, CHANNEL_ARP, w->ll, w->ll_error, w->now);
	if (!w->no_channels && w->udp.s_addr != 0 && !w->d.udp_open)
		dhcp4_channel(&w->d, CHANNEL_UDP4, w->udp, 0, w->now);
	for (i = 0; i < 4 && done != w->nconfig; i++) {
		done = w->nconfig;
		dhcp4_configured(
		    &w->d, w->config.serial, w->refuse_configure, w->now);
	}
	(void)none;
}

void
world_run(struct world *w, uint64_t until)
{
	unsigned int same = 0;

	while (w->deadline <= until && same < 100) {
		same = w->deadline <= w->now ? same + 1 : 0;
		if (w->deadline > w->now)
			w->now = w->deadline;
		w->deadline = PROTO_NEVER;
		dhcp4_timer(&w->d, w->now);
		world_settle(w);
	}
	if (w->now < until)
		w->now = until;
}

void
world_advance(struct world *w, uint64_t ms)
{
	world_run(w, w->now + ms);
}

void
world_link(struct world *w, int up)
{
	if (up)
		w->iface.flags |= IFACE_RUNNING;
	else
		w->iface.flags &= ~(uint32_t)IFACE_RUNNING;
	dhcp4_interface(&w->d, &w->iface, 1, w->now);
	world_settle(w);
}

static size_t
put32(uint8_t *p, uint8_t code, uint32_t v)
{
	p[0] = code;
	p[1] = 4;
	v = htonl(v);
	memcpy(p + 2, &v, 4);
	return 6;
}

static uint16_t
checksum(const uint8_t *p, size_t len)
{
	uint32_t sum = 0;
	size_t i;

	for (i = 0; i + 1 < len; i += 2)
		sum += (uint32_t)(p[i] << 8 | p[i + 1]);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static size_t
reply_options(const struct reply *r, uint8_t *o)
{
	size_t n = 0;
	struct in_addr a;

	o[n++] = 53;
	o[n++] = 1;
	o[n++] = r->type;
	if (r->server != NULL)
		n += put32(o + n, 54, ntohl(ip(r->server).s_addr));
	if (r->type != DHCPNAK && r->lease != 0)
		n += put32(o + n, 51, r->lease);
	if (r->t1 != 0)
		n += put32(o + n, 58, r->t1);
	if (r->t2 != 0)
		n += put32(o + n, 59, r->t2);
	if (r->prefixlen != 0)
		n += put32(o + n, 1, ~0U << (32 - r->prefixlen));
	a = ip(r->router);
	if (r->router != NULL)
		n += put32(o + n, 3, ntohl(a.s_addr));
	if (r->ipv6_only != 0)
		n += put32(o + n, 108, r->ipv6_only);
	if (r->mtu != 0) {
		o[n++] = 26;
		o[n++] = 2;
		o[n++] = (uint8_t)(r->mtu >> 8);
		o[n++] = (uint8_t)r->mtu;
	}
	if (r->rapid) {
		o[n++] = 80;
		o[n++] = 0;
	}
	memcpy(o + n, r->raw != NULL ? r->raw : o, r->rawlen);
	n += r->rawlen;
	o[n++] = 255;
	return n;
}

void
world_reply(struct world *w, const struct reply *r)
{
	uint8_t f[1514];
	size_t len;
	struct in_addr a;
	uint32_t xid = htonl(w->d.xid + (uint32_t)r->xid_wrong);
	uint16_t sum;

	memset(f, 0, sizeof(f));
	memcpy(f, mac, 6);
	memcpy(f + 6, server_mac, 6);
	f[12] = 8;
	f[42] = 2;
	f[43] = 1;
	f[44] = 6;
	memcpy(f + 46, &xid, 4);
	a = ip(r->addr);
	memcpy(f + 42 + 16, &a, 4);
	memcpy(f + 42 + 28, mac, 6);
	memcpy(f + 42 + 236, "\x63\x82\x53\x63", 4);
	len = 240 + reply_options(r, f + 42 + 240);
	if (len < 300)
		len = 300;
	f[14] = 0x45;
	f[16] = (uint8_t)((len + 28) >> 8);
	f[17] = (uint8_t)(len + 28);
	f[22] = 64;
	f[23] = 17;
	a = ip(r->server);
	memcpy(f + 26, &a, 4);
	memset(f + 30, 255, 4);
	sum = checksum(f + 14, 20);
	f[24] = (uint8_t)(sum >> 8);
	f[25] = (uint8_t)sum;
	f[35] = 67;
	f[37] = 68;
	f[38] = (uint8_t)((len + 8) >> 8);
	f[39] = (uint8_t)(len + 8);
	dhcp4_receive(&w->d, f, len + 42, 0, w->now);
	world_settle(w);
}

void
world_arp(struct world *w, const char *spa, const char *tpa,
    const uint8_t from[6], int op)
{
	uint8_t f[60] = { 255, 255, 255, 255, 255, 255 };
	struct in_addr s = ip(spa), t = ip(tpa);

	memcpy(f + 6, from, 6);
	memcpy(f + 12, "\x08\x06\x00\x01\x08\x00\x06\x04\x00", 9);
	f[21] = (uint8_t)op;
	memcpy(f + 22, from, 6);
	memcpy(f + 28, &s, 4);
	memcpy(f + 38, &t, 4);
	/* A channel hears of its own address alone. */
	dhcp4_receive_arp(&w->d,
	    linklocal4_is(s) || (s.s_addr == 0 && linklocal4_is(t)) ? w->ll
								    : w->arp,
	    f, sizeof(f), w->now);
	world_settle(w);
}

void
world_bind(struct world *w, uint32_t lease)
{
	struct reply r = reply_of(DHCPOFFER);

	r.lease = lease;
	world_start(w);
	world_reply(w, &r);
	r.type = DHCPACK;
	world_reply(w, &r);
}

const struct sent *
world_last(const struct world *w, uint8_t type)
{
	unsigned int i;

	for (i = w->nsent; i > 0 && i + SENT_MAX > w->nsent; i--)
		if (w->sent[(i - 1) % SENT_MAX].type == type)
			return &w->sent[(i - 1) % SENT_MAX];
	return NULL;
}

unsigned int
world_count(const struct world *w, uint8_t type)
{
	unsigned int i, n = 0;

	for (i = 0; i < w->nsent && i < SENT_MAX; i++)
		n += w->sent[i].type == type;
	return n;
}

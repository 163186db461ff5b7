/* SPDX-License-Identifier: ISC */
/*
 * The DHCPv6 machine, and the prefixes it gets downstream, under any sequence
 * of events: answers with the right ids, time, link, addresses, requests of the
 * administrator.  No crash, no loop, and never more than the bounds.
 *
 * The input is a sequence of events, each a byte that says which, and what it
 * needs; a message has a length byte and then its options.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/dhcp6.h"
#include "proto/dhcp6_check.h"
#include "proto/dhcp6_msg.h"
#include "proto/lease_dhcp6.h"
#include "proto/pd.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define EVENTS_MAX 200
#define TIMERS_MAX 64 /* at one time: more is a loop */

static struct {
	struct dhcp6 d;
	struct pd pd;
	uint64_t now, deadline, pd_deadline;
	uint32_t xid, seed;
	uint32_t serial, pd_serial;
	struct conf_iface conf;
	struct interface iface, down;
	struct dhcp6_lease lease;
} w;

static void
w_send6(void *ctx, enum channel channel, const struct in6_addr *key, int flags,
    const uint8_t *data, size_t len)
{
	(void)ctx;
	(void)key;
	(void)flags;
	if (channel != CHANNEL_DHCP6_SEND || len < 4 || len > DHCP6_SEND_MAX)
		abort();
	w.xid = (uint32_t)data[1] << 16 | (uint32_t)data[2] << 8 | data[3];
}

static void
w_channel(void *ctx, enum channel channel, const struct in6_addr *key)
{
	(void)ctx;
	if (channel != CHANNEL_DHCP6 && channel != CHANNEL_DHCP6_SEND)
		abort();
	if (IN6_IS_ADDR_UNSPECIFIED(key))
		abort();
}

static void
w_deadline(void *ctx, uint64_t when)
{
	*(uint64_t *)ctx = when;
}

static void
w_configure6(void *ctx, const struct config6 *c)
{
	size_t i;

	(void)ctx;
	if (c->naddrs > DHCP6_ADDRS_MAX || c->nroutes > DHCP6_PREFIXES_MAX)
		abort();
	for (i = 0; i < c->naddrs; i++)
		if (c->addrs[i].preferred_sec > c->addrs[i].valid_sec ||
		    !inet6_is_global(&c->addrs[i].addr))
			abort();
	for (i = 0; i < c->nroutes; i++)
		if (!inet6_is_prefix(&c->routes[i].dst, c->routes[i].prefixlen))
			abort();
	if (c->protocol == PROTO_PD)
		w.pd_serial = c->serial;
	else
		w.serial = c->serial;
}

static void
w_dns(void *ctx, const struct dns_set *dns)
{
	(void)ctx;
	if (dns->nservers > DNS_SERVERS_MAX || dns->nsearch > DNS_SEARCH_MAX)
		abort();
}

static void
w_store(void *ctx, const struct dhcp6_lease *lease)
{
	char text[LEASE_DHCP6_TEXT_MAX];

	(void)ctx;
	/* Whatever is to be kept can be kept. */
	if (lease != NULL &&
	    lease_dhcp6_format(lease, 1, text, sizeof(text)) == 0) {
		fprintf(stderr, "%s\n",
		    lease_dhcp6_check(lease) == NULL
			? "too long"
			: lease_dhcp6_check(lease));
		abort();
	}
}

static void
w_delegated(void *ctx, const struct dhcp6_lease *lease)
{
	struct pd_source s = { .ifindex = 2,
		.ifname = "em0",
		.conf = &w.conf,
		.lease = lease,
		.pd_flag = 0 };

	(void)ctx;
	pd_update(&w.pd, &w.down, &s, 1, w.now);
	if (w.pd.nentries > PD_ENTRIES_MAX)
		abort();
}

static void
w_event6(void *ctx, enum proto_event event, const struct event6 *detail,
    const char *reason)
{
	(void)ctx;
	(void)detail;
	(void)reason;
	if (event >= EVENT_MAX)
		abort();
}

static void
w_log(void *ctx, int priority, const char *fmt, ...)
{
	char line[512];
	va_list ap;
	size_t i;

	(void)ctx;
	(void)priority;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	for (i = 0; line[i] != '\0'; i++)
		if (line[i] < 0x20 || line[i] > 0x7e)
			abort();
}

static void
w_count(void *ctx, enum counter c)
{
	(void)ctx;
	if (c >= COUNT_MAX)
		abort();
}

static uint32_t
w_random(void *ctx, uint32_t bound)
{
	(void)ctx;
	w.seed = w.seed * 1664525U + 1013904223U;
	return bound == 0 ? w.seed : (w.seed >> 8) % bound;
}

static int
w_usable(void *ctx, const struct in6_addr *addr, uint8_t prefixlen)
{
	(void)ctx;
	(void)prefixlen;
	return inet6_is_global(addr);
}

static const struct proto_ops ops = {
	.send6 = w_send6,
	.open6 = w_channel,
	.close6 = w_channel,
	.deadline = w_deadline,
	.configure6 = w_configure6,
	.dns = w_dns,
	.store_dhcp6 = w_store,
	.delegated = w_delegated,
	.event6 = w_event6,
	.log = w_log,
	.count = w_count,
	.random = w_random,
	.addr6_usable = w_usable,
};

static void
setup(uint8_t flags)
{
	static const uint8_t duid[] = "\0\4duidduid";
	struct conf_assign *a;

	memset(&w, 0, sizeof(w));
	w.now = 1000000;
	w.deadline = w.pd_deadline = PROTO_NEVER;
	conf_iface_defaults(&w.conf);
	w.conf.dhcp6 = flags & 1 ? CONF_YES : CONF_AUTO;
	w.conf.reconfigure = (flags & 2) != 0;
	w.conf.register_addr = (flags & 4) != 0;
	w.conf.anonymous = (flags & 8) != 0;
	w.conf.nprefixes = flags >> 4 & 3;
	w.conf.has_iaid = 1;
	w.conf.iaid = 1;
	a = &w.conf.prefixes[0].assigns[0];
	memcpy(a->ifname, "em1", 4);
	a->subnet = 1;
	a->length = 64;
	w.conf.prefixes[0].nassigns = 1;
	memcpy(w.iface.name, "em0", 4);
	memcpy(w.down.name, "em1", 4);
	w.iface.ifindex = 2;
	w.down.ifindex = 3;
	w.iface.hwaddr_len = w.down.hwaddr_len = 6;
	w.iface.flags = IFACE_UP | IFACE_RUNNING;
	dhcp6_init(&w.d, &ops, &w.deadline);
	pd_init(&w.pd, &ops, &w.pd_deadline, NULL);
	dhcp6_configure(&w.d, &w.conf, duid, sizeof(duid) - 1, w.now);
	dhcp6_interface(&w.d, &w.iface, w.now);
	dhcp6_channel(&w.d, CHANNEL_DHCP6, &in6addr_any, 0, w.now);
	dhcp6_channel(&w.d, CHANNEL_DHCP6_SEND, &in6addr_any, 0, w.now);
	dhcp6_start(&w.d, w.now);
}

/* Options of the input behind a head and ids that pass. */
static void
message(struct buf *b)
{
	static uint8_t wire[DHCP6_RECV_MAX];
	uint8_t type = buf_u8(b);
	size_t n = buf_u8(b);
	struct recv6 meta;
	struct wbuf out;
	struct buf options;

	if (n > buf_left(b))
		n = buf_left(b);
	options = buf_sub(b, n);
	wbuf_init(&out, wire, sizeof(wire));
	wbuf_u32(&out,
	    (uint32_t)(type & 0x80 ? type & 0x7f
		    : type & 1	   ? 7
				   : 2)
		    << 24 |
		w.xid);
	if (!w.conf.anonymous) {
		wbuf_u16(&out, OPT6_CLIENT_ID);
		wbuf_u16(&out, 10);
		wbuf_bytes(&out, "\0\4duidduid", 10);
	} else {
		wbuf_bytes(&out, "\0\1\0\x0a\0\3\0\0\0\0\0\0\0\0", 14);
	}
	wbuf_bytes(&out, "\0\2\0\4\0\1\0", 7);
	wbuf_u8(&out, type >> 1 & 1);
	wbuf_bytes(&out, buf_take(&options, n), n);
	memset(&meta, 0, sizeof(meta));
	meta.src.s6_addr[0] = 0xfe;
	meta.src.s6_addr[1] = 0x80;
	meta.src.s6_addr[15] = 9;
	dhcp6_receive(&w.d, &in6addr_any, &meta, wire, out.off, w.now);
}

static void
pass_time(uint64_t ms)
{
	uint64_t until = w.now + ms;
	unsigned int i, same = 0;

	for (i = 0; i < 1000; i++) {
		uint64_t next =
		    w.deadline < w.pd_deadline ? w.deadline : w.pd_deadline;

		if (next > until)
			break;
		same = next <= w.now ? same + 1 : 0;
		if (same > TIMERS_MAX)
			abort();
		if (next > w.now)
			w.now = next;
		if (w.deadline <= w.now) {
			w.deadline = PROTO_NEVER;
			dhcp6_timer(&w.d, w.now);
		}
		if (w.pd_deadline <= w.now) {
			w.pd_deadline = PROTO_NEVER;
			pd_timer(&w.pd, w.now);
		}
		dhcp6_configured(&w.d, w.serial, 0, w.now);
	}
	w.now = until > w.now ? until : w.now;
}

static void
address(struct buf *b)
{
	uint8_t which = buf_u8(b);
	struct state6 st;
	struct addr6 a;

	memset(&st, 0, sizeof(st));
	st.flags = buf_u8(b);
	if (w.d.lease.naddrs > 0)
		st.addr = w.d.lease.addrs[which % w.d.lease.naddrs].addr;
	else {
		st.addr.s6_addr[0] = 0x20;
		st.addr.s6_addr[15] = which % 4;
	}
	if (which & 0x80) {
		memset(&a, 0, sizeof(a));
		a.addr = st.addr;
		a.valid_sec = a.preferred_sec = which * 100U;
		dhcp6_slaac_addresses(&w.d, &a, 1, w.now);
	}
	dhcp6_address(&w.d, &st, w.now);
	dhcp6_channel(&w.d, CHANNEL_DHCP6_SEND, &st.addr, 0, w.now);
	pd_address(&w.pd, &st, w.now);
}

static void
event(struct buf *b)
{
	static struct dhcp6_status st;
	static struct pd_status pst;
	uint8_t what = buf_u8(b);

	switch (what % 12) {
	case 0:
	case 1:
	case 2:
		message(b);
		break;
	case 3:
		pass_time(buf_u8(b) * 100ULL);
		break;
	case 4:
		pass_time(buf_u16(b) * 1000ULL);
		break;
	case 5:
		w.iface.flags ^= IFACE_RUNNING;
		dhcp6_interface(&w.d, &w.iface, w.now);
		break;
	case 6:
		dhcp6_ra_flags(
		    &w.d, what & 0x80, what & 0x40, what & 0x20, w.now);
		break;
	case 7:
		address(b);
		break;
	case 8:
		dhcp6_renew(&w.d, w.now);
		break;
	case 9:
		dhcp6_release(&w.d, w.now);
		break;
	case 10:
		dhcp6_resume(&w.d, buf_u16(b), w.now);
		break;
	default:
		w.conf.nprefixes = buf_u8(b) & 3;
		dhcp6_configure(
		    &w.d, &w.conf, (const uint8_t *)"\0\4duidduid", 10, w.now);
		break;
	}
	dhcp6_configured(&w.d, w.serial, 0, w.now);
	dhcp6_status(&w.d, w.now, &st);
	pd_status(&w.pd, w.now, &pst);
	if (st.lease.naddrs > DHCP6_ADDRS_MAX ||
	    st.lease.nprefixes > DHCP6_PREFIXES_MAX)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct buf b;
	unsigned int i;

	buf_init(&b, data, len);
	setup(buf_u8(&b));
	for (i = 0; i < EVENTS_MAX && buf_left(&b) > 0; i++)
		event(&b);
	pass_time(10000);
	return 0;
}

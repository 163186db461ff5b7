/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as a sequence of router advertisements to a SLAAC machine: no
 * crash, bounded work, the bounds of S-16 hold, and what is stored can be
 * written and read back.  The input is cut into packets: one byte chooses the
 * router and whether time passes, two are the length.
 */
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "proto/lease_slaac.h"
#include "proto/nd_msg.h"
#include "proto/slaac.h"

#define STEPS_MAX 1000 /* timers without time passing: it spins */

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static struct slaac machine;
static uint64_t now, deadline;
static uint32_t dice;
static struct config6 config;
static int asked;

static void
f_send6(void *ctx, enum channel channel, const struct in6_addr *key, int flags,
    const uint8_t *data, size_t len)
{
	(void)ctx;
	(void)key;
	(void)flags;
	if (channel != CHANNEL_RS || len > ND_RS_MAX || data[0] != 133)
		abort();
}

static void
f_deadline(void *ctx, uint64_t when)
{
	(void)ctx;
	deadline = when;
}

static void
f_configure6(void *ctx, const struct config6 *c)
{
	(void)ctx;
	if (c->naddrs > CONFIG6_ADDRS_MAX || c->nroutes > CONFIG6_ROUTES_MAX)
		abort();
	config = *c;
	asked = 1;
}

static void
f_dns(void *ctx, const struct dns_set *dns)
{
	(void)ctx;
	if (dns->nservers > DNS_SERVERS_MAX || dns->nsearch > DNS_SEARCH_MAX)
		abort();
}

static void
f_store(void *ctx, const struct slaac_info *info)
{
	char text[LEASE_SLAAC_TEXT_MAX];
	struct slaac_info back;
	const char *why;
	size_t n;
	int line;

	(void)ctx;
	if (info == NULL)
		return;
	n = lease_slaac_format(info, 0, text, sizeof(text));
	if (n == 0 ||
	    lease_slaac_parse((const uint8_t *)text, n, &back, &why, &line) ==
		-1)
		abort();
}

static void
f_event6(void *ctx, enum proto_event event, const struct event6 *e,
    const char *reason)
{
	(void)ctx;
	(void)e;
	if (event >= EVENT_MAX || reason == NULL)
		abort();
}

static void
f_ra_flags(void *ctx, int managed, int other, int delegation)
{
	(void)ctx;
	if ((managed | other | delegation) & ~1)
		abort();
}

static void
f_log(void *ctx, int priority, const char *fmt, ...)
{
	(void)ctx;
	(void)priority;
	(void)fmt;
}

static void
f_count(void *ctx, enum counter c)
{
	(void)ctx;
	if (c >= COUNT_MAX)
		abort();
}

static uint32_t
f_random(void *ctx, uint32_t bound)
{
	(void)ctx;
	dice = dice * 1664525U + 1013904223U;
	return bound == 0 ? dice : (dice >> 4) % bound;
}

static int
f_usable(void *ctx, const struct in6_addr *addr, uint8_t prefixlen)
{
	(void)ctx;
	(void)addr;
	return prefixlen == 64;
}

static const struct proto_ops ops = {
	.send6 = f_send6,
	.deadline = f_deadline,
	.configure6 = f_configure6,
	.dns = f_dns,
	.store_slaac = f_store,
	.event6 = f_event6,
	.ra_flags = f_ra_flags,
	.log = f_log,
	.count = f_count,
	.random = f_random,
	.addr6_usable = f_usable,
};

/* The kernel takes every address; one in four is a duplicate. */
static void
settle(void)
{
	struct config6 c;
	struct state6 st;
	uint16_t i;

	if (!asked)
		return;
	asked = 0;
	c = config;
	slaac_configured(&machine, c.serial, 0, now);
	for (i = 0; i < c.naddrs; i++) {
		memset(&st, 0, sizeof(st));
		st.addr = c.addrs[i].addr;
		st.flags = STATE6_PRESENT |
		    ((st.addr.s6_addr[15] & 3) == 0 ? STATE6_DUPLICATED : 0);
		slaac_address(&machine, &st, now);
	}
}

static void
advance(uint64_t until)
{
	int steps = 0;

	while (deadline <= until) {
		if (deadline > now) {
			now = deadline;
			steps = 0;
		} else if (++steps > STEPS_MAX) {
			abort();
		}
		deadline = PROTO_NEVER;
		slaac_timer(&machine, now);
		settle();
	}
	now = until;
}

static void
start(void)
{
	static const uint8_t secret[SECRET_SIZE];
	struct conf_iface conf;
	struct interface iface;

	now = 1000000;
	deadline = PROTO_NEVER;
	dice = 1;
	asked = 0;
	conf_iface_defaults(&conf);
	conf.temporary = 1;
	memset(&iface, 0, sizeof(iface));
	strlcpy(iface.name, "em0", sizeof(iface.name));
	iface.flags = IFACE_UP | IFACE_RUNNING | IFACE_ETHERNET;
	iface.mtu = 1500;
	slaac_init(&machine, &ops, NULL);
	slaac_configure(&machine, &conf, secret, now);
	slaac_interface(&machine, &iface, now);
	slaac_channel(&machine, CHANNEL_ND, 0, now);
	slaac_channel(&machine, CHANNEL_RS, 0, now);
	slaac_start(&machine, now);
	settle();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint64_t pauses[] = { 0, 10, 1000, 5000, 60000, 7200000,
		86400000, 172800000 };
	struct slaac_info info;
	struct recv6 meta;
	size_t len;
	uint8_t how;

	start();
	while (size >= 3) {
		how = data[0];
		len = (size_t)(data[1] & 7) << 8 | data[2];
		data += 3;
		size -= 3;
		if (len > size)
			len = size;
		memset(&meta, 0, sizeof(meta));
		meta.hop_limit = ND_HOP_LIMIT;
		meta.src.s6_addr[0] = 0xfe;
		meta.src.s6_addr[1] = 0x80;
		meta.src.s6_addr[15] = how & 31;
		slaac_receive(&machine, &meta, data, len, now);
		settle();
		advance(now + pauses[how >> 5]);
		slaac_status(&machine, now, &info);
		if (info.nrouters > SLAAC_ROUTERS_MAX ||
		    info.nprefixes > SLAAC_PREFIXES_MAX ||
		    info.naddrs > SLAAC_ADDRS_MAX ||
		    info.nroutes > SLAAC_ROUTES_MAX)
			abort();
		data += len;
		size -= len;
	}
	return 0;
}

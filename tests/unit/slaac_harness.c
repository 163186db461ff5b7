/* SPDX-License-Identifier: ISC */
/* The SLAAC machine on virtual time: see slaac_harness.h. */

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include <atf-c.h>

#include "slaac_harness.h"

static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };

const char *
text6(const struct in6_addr *addr)
{
	static char text[INET6_ADDRSTRLEN];

	return inet_ntop(AF_INET6, addr, text, sizeof(text));
}

static void
w_send6(void *ctx, enum channel channel, const struct in6_addr *key, int flags,
    const uint8_t *data, size_t len)
{
	struct sworld *w = ctx;
	struct sent6 *out = &w->sent[w->nsent++ % SENT6_MAX];

	(void)key;
	(void)flags;
	ATF_REQUIRE(len <= sizeof(out->bytes));
	out->when = w->now;
	out->channel = channel;
	out->len = len;
	memcpy(out->bytes, data, len);
}

static void
w_deadline(void *ctx, uint64_t when)
{
	struct sworld *w = ctx;

	w->deadline = when;
}

static void
w_configure6(void *ctx, const struct config6 *config)
{
	struct sworld *w = ctx;
	uint16_t i;

	ATF_REQUIRE_EQ(config->protocol, PROTO_SLAAC);
	ATF_REQUIRE(config->naddrs <= CONFIG6_ADDRS_MAX);
	ATF_REQUIRE(config->nroutes <= CONFIG6_ROUTES_MAX);
	for (i = 0; i < config->naddrs; i++) {
		ATF_REQUIRE(config->addrs[i].valid_sec > 0);
		ATF_REQUIRE(config->addrs[i].preferred_sec <=
		    config->addrs[i].valid_sec);
	}
	w->config = *config;
	w->nconfig++;
	w->pending = 1;
}

static void
w_dns(void *ctx, const struct dns_set *dns)
{
	struct sworld *w = ctx;

	w->dns = *dns;
	w->ndns++;
}

static void
w_store(void *ctx, const struct slaac_info *info)
{
	struct sworld *w = ctx;

	if (info == NULL) {
		w->nforget++;
		return;
	}
	w->stored = *info;
	w->nstore++;
}

static void
w_event6(void *ctx, enum proto_event event, const struct event6 *e,
    const char *reason)
{
	struct sworld *w = ctx;

	ATF_REQUIRE(reason != NULL);
	w->events[event]++;
	w->event = *e;
}

static void
w_ra_flags(void *ctx, int managed, int other, int delegation)
{
	struct sworld *w = ctx;

	w->managed = managed;
	w->other = other;
	w->delegation = delegation;
	w->nflags++;
}

static void
w_log(void *ctx, int priority, const char *fmt, ...)
{
	struct sworld *w = ctx;
	va_list ap;

	if (priority >= LOG_DEBUG)
		return;
	va_start(ap, fmt);
	vsnprintf(w->log, sizeof(w->log), fmt, ap);
	va_end(ap);
}

static void
w_count(void *ctx, enum counter c)
{
	struct sworld *w = ctx;

	w->counters[c]++;
}

static uint32_t
w_random(void *ctx, uint32_t bound)
{
	struct sworld *w = ctx;

	if (w->fixed_random != -1 && bound != 0)
		return (uint32_t)w->fixed_random % bound;
	/* xorshift, 64 bits */
	w->seed ^= w->seed << 13;
	w->seed ^= w->seed >> 7;
	w->seed ^= w->seed << 17;
	return bound == 0 ? (uint32_t)(w->seed >> 16)
			  : (uint32_t)((w->seed >> 16) % bound);
}

static int
w_addr6_usable(void *ctx, const struct in6_addr *addr, uint8_t prefixlen)
{
	struct sworld *w = ctx;

	ATF_REQUIRE_EQ(prefixlen, 64);
	return !w->unusable && addr->s6_addr[0] != 0xff;
}

static const struct proto_ops ops = {
	.send6 = w_send6,
	.deadline = w_deadline,
	.configure6 = w_configure6,
	.dns = w_dns,
	.store_slaac = w_store,
	.event6 = w_event6,
	.ra_flags = w_ra_flags,
	.log = w_log,
	.count = w_count,
	.random = w_random,
	.addr6_usable = w_addr6_usable,
};

static uint64_t
end_of(const struct sworld *w, uint32_t sec)
{
	return sec == LIFETIME_INFINITE ? PROTO_NEVER : w->now + sec * 1000ULL;
}

static struct kaddr *
in_kernel(struct sworld *w, const struct in6_addr *addr)
{
	size_t i;

	for (i = 0; i < KERNEL_MAX; i++)
		if (w->kernel[i].used &&
		    memcmp(&w->kernel[i].wanted.addr, addr, sizeof(*addr)) == 0)
			return &w->kernel[i];
	return NULL;
}

static void
tell(struct sworld *w, const struct kaddr *k, uint32_t flags)
{
	struct state6 st;

	if (w->silent)
		return;
	memset(&st, 0, sizeof(st));
	st.flags = flags | STATE6_OURS;
	st.addr = k->wanted.addr;
	st.prefixlen = 64;
	slaac_address(&w->s, &st, w->now);
}

static uint32_t
tentative_flags(const struct sworld *w)
{
	return STATE6_PRESENT | STATE6_TENTATIVE |
	    (w->optimistic ? STATE6_OPTIMISTIC : 0);
}

/* More than a second apart, as far as they are to come? */
static int
apart(const struct sworld *w, uint64_t a, uint64_t b)
{
	a = a > w->now ? a : w->now;
	b = b > w->now ? b : w->now;
	return a > b ? a - b > 1000 : b - a > 1000;
}

static void
refresh_one(struct sworld *w, struct kaddr *k, const struct addr6 *want)
{
	uint64_t valid = end_of(w, want->valid_sec);
	uint64_t preferred = end_of(w, want->preferred_sec);

	if (apart(w, valid, k->valid_until) ||
	    apart(w, preferred, k->preferred_until)) {
		w->refreshed++;
		w->refreshed_tentative += k->tentative != 0;
	}
	k->valid_until = valid;
	k->preferred_until = preferred;
	k->wanted = *want;
}

static void
add_one(struct sworld *w, const struct addr6 *want)
{
	struct kaddr *k = NULL;
	size_t i;

	for (i = 0; i < KERNEL_MAX && k == NULL; i++)
		if (!w->kernel[i].used)
			k = &w->kernel[i];
	ATF_REQUIRE(k != NULL);
	memset(k, 0, sizeof(*k));
	k->used = 1;
	k->tentative = 1;
	k->ready = w->now + DAD_MS;
	k->wanted = *want;
	k->valid_until = end_of(w, want->valid_sec);
	k->preferred_until = end_of(w, want->preferred_sec);
	w->added++;
	tell(w, k, tentative_flags(w));
}

/* The parent: add or refresh what is named, then remove what is not. */
static void
carry_out(struct sworld *w)
{
	struct config6 config = w->config;
	struct kaddr *k;
	size_t i, n;

	for (i = 0; i < config.naddrs; i++) {
		k = in_kernel(w, &config.addrs[i].addr);
		if (k == NULL)
			add_one(w, &config.addrs[i]);
		else
			refresh_one(w, k, &config.addrs[i]);
	}
	for (i = 0; i < KERNEL_MAX; i++) {
		k = &w->kernel[i];
		if (!k->used)
			continue;
		for (n = 0; n < config.naddrs; n++)
			if (memcmp(&k->wanted.addr, &config.addrs[n].addr,
				sizeof(k->wanted.addr)) == 0)
				break;
		if (n < config.naddrs)
			continue;
		k->used = 0;
		w->removed++;
		tell(w, k, 0);
	}
	slaac_configured(&w->s, config.serial, 0, w->now);
}

static void
settle(struct sworld *w)
{
	int i;

	for (i = 0; i < 20 && w->pending; i++) {
		w->pending = 0;
		if (w->refuse)
			slaac_configured(
			    &w->s, w->config.serial, w->refuse, w->now);
		else
			carry_out(w);
	}
	ATF_REQUIRE_MSG(!w->pending, "the machine does not come to rest");
}

void
sw_init(struct sworld *w)
{
	size_t i;

	memset(w, 0, sizeof(*w));
	w->now = 1000000;
	w->seed = 88172645463325252ULL;
	w->fixed_random = -1;
	w->deadline = PROTO_NEVER;
	for (i = 0; i < SECRET_SIZE; i++)
		w->secret[i] = (uint8_t)i;
	conf_iface_defaults(&w->conf);
	strlcpy(w->iface.name, "em0", sizeof(w->iface.name));
	w->iface.ifindex = 2;
	w->iface.flags = IFACE_UP | IFACE_RUNNING | IFACE_ETHERNET;
	w->iface.mtu = 1500;
	w->iface.max_mtu = 9000;
	w->iface.hwtype = 1;
	w->iface.hwaddr_len = 6;
	memcpy(w->iface.hwaddr, mac, 6);
	slaac_init(&w->s, &ops, w);
	slaac_configure(&w->s, &w->conf, w->secret, w->now);
	slaac_interface(&w->s, &w->iface, w->now);
}

void
sw_link_local(struct sworld *w, uint32_t flags)
{
	struct state6 st;

	memset(&st, 0, sizeof(st));
	st.flags = flags;
	st.addr = ip6(LL_OWN);
	st.prefixlen = 64;
	slaac_address(&w->s, &st, w->now);
}

void
sw_start(struct sworld *w)
{
	slaac_configure(&w->s, &w->conf, w->secret, w->now);
	slaac_interface(&w->s, &w->iface, w->now);
	sw_link_local(w, STATE6_PRESENT);
	slaac_channel(&w->s, CHANNEL_ND, 0, w->now);
	slaac_channel(&w->s, CHANNEL_RS, 0, w->now);
	slaac_start(&w->s, w->now);
	settle(w);
}

/* Duplicate address detection of one address is over. */
static void
detected(struct sworld *w, struct kaddr *k)
{
	k->tentative = 0;
	if (w->nduplicates == 0) {
		tell(w, k, STATE6_PRESENT);
		return;
	}
	w->nduplicates--;
	if (w->vanish) {
		k->used = 0;
		tell(w, k, 0);
	} else {
		tell(w, k, STATE6_PRESENT | STATE6_DUPLICATED);
	}
}

static struct kaddr *
next_detection(struct sworld *w)
{
	struct kaddr *next = NULL;
	size_t i;

	for (i = 0; i < KERNEL_MAX; i++)
		if (w->kernel[i].used && w->kernel[i].tentative &&
		    (next == NULL || w->kernel[i].ready < next->ready))
			next = &w->kernel[i];
	return next;
}

void
sw_run(struct sworld *w, uint64_t until)
{
	unsigned int same = 0;
	struct kaddr *k;
	uint64_t next;

	while (same < 200) {
		k = next_detection(w);
		next = w->deadline;
		if (k != NULL && k->ready < next)
			next = k->ready;
		if (next > until)
			break;
		same = next <= w->now ? same + 1 : 0;
		if (next > w->now)
			w->now = next;
		if (k != NULL && k->ready <= w->now) {
			detected(w, k);
		} else {
			w->deadline = PROTO_NEVER;
			slaac_timer(&w->s, w->now);
		}
		settle(w);
	}
	ATF_REQUIRE_MSG(same < 200, "the machine spins");
	if (w->now < until)
		w->now = until;
}

void
sw_advance(struct sworld *w, uint64_t ms)
{
	sw_run(w, w->now + ms);
}

void
sw_link(struct sworld *w, int up)
{
	if (up)
		w->iface.flags |= IFACE_RUNNING;
	else
		w->iface.flags &= ~(uint32_t)IFACE_RUNNING;
	slaac_interface(&w->s, &w->iface, w->now);
	settle(w);
}

void
sw_ra(struct sworld *w, const char *from, const struct ra *ra)
{
	struct recv6 meta;

	memset(&meta, 0, sizeof(meta));
	meta.src = ip6(from);
	meta.hop_limit = 255;
	slaac_receive(&w->s, &meta, ra->b, ra->len, w->now);
	settle(w);
}

void
sw_usual(struct sworld *w, const char *from, const char *prefix, uint32_t valid,
    uint32_t preferred)
{
	struct ra ra;

	ra_begin(&ra, 1800, 0);
	ra_prefix(&ra, prefix, 64, PIO_LA, valid, preferred);
	sw_ra(w, from, &ra);
}

void
sw_state(struct sworld *w, const struct in6_addr *addr, uint32_t flags)
{
	struct state6 st;

	memset(&st, 0, sizeof(st));
	st.flags = flags;
	st.addr = *addr;
	st.prefixlen = 64;
	slaac_address(&w->s, &st, w->now);
	settle(w);
}

void
sw_delete(struct sworld *w, const struct in6_addr *addr)
{
	struct kaddr *k = in_kernel(w, addr);

	ATF_REQUIRE(k != NULL);
	k->used = 0;
	tell(w, k, 0);
	settle(w);
}

static int
inside(const struct in6_addr *addr, const char *prefix)
{
	struct in6_addr p = ip6(prefix);

	return memcmp(addr, &p, 8) == 0;
}

const struct addr6 *
sw_addr(const struct sworld *w, const char *prefix, int n)
{
	uint16_t i;

	for (i = 0; i < w->config.naddrs; i++)
		if (inside(&w->config.addrs[i].addr, prefix) && n-- == 0)
			return &w->config.addrs[i];
	return NULL;
}

int
sw_naddrs(const struct sworld *w, const char *prefix)
{
	int n = 0;

	while (sw_addr(w, prefix, n) != NULL)
		n++;
	return n;
}

const struct route6 *
sw_route(const struct sworld *w, const char *dst, uint8_t prefixlen,
    const char *gateway)
{
	const struct route6 *r;
	uint16_t i;

	for (i = 0; i < w->config.nroutes; i++) {
		r = &w->config.routes[i];
		if (same6(&r->dst, dst) && r->prefixlen == prefixlen &&
		    (gateway == NULL || same6(&r->gateway, gateway)))
			return r;
	}
	return NULL;
}

int
sw_nroutes(const struct sworld *w, const char *dst, uint8_t prefixlen)
{
	uint16_t i;
	int n = 0;

	for (i = 0; i < w->config.nroutes; i++)
		n += same6(&w->config.routes[i].dst, dst) &&
		    w->config.routes[i].prefixlen == prefixlen;
	return n;
}

void
sw_check_bounds(const struct sworld *w)
{
	unsigned int prefixes[SLAAC_ROUTERS_MAX] = { 0 };
	unsigned int routes[SLAAC_ROUTERS_MAX] = { 0 };
	struct slaac_info info;
	size_t i, k;

	slaac_status(&w->s, w->now, &info);
	ATF_REQUIRE(info.nrouters <= SLAAC_ROUTERS_MAX);
	ATF_REQUIRE(info.nprefixes <= SLAAC_PREFIXES_MAX);
	ATF_REQUIRE(info.naddrs <= SLAAC_ADDRS_MAX);
	ATF_REQUIRE(info.nroutes <= SLAAC_ROUTES_MAX);
	ATF_REQUIRE(info.nservers <= DNS_SERVERS_MAX);
	ATF_REQUIRE(info.nsearch <= DNS_SEARCH_MAX);
	for (i = 0; i < info.nprefixes; i++) {
		ATF_REQUIRE(info.prefixes[i].preferred_sec <=
		    info.prefixes[i].valid_sec);
		for (k = 0; k < SLAAC_ROUTERS_MAX; k++)
			prefixes[k] += info.prefixes[i].routers >> k & 1;
	}
	for (i = 0; i < info.nroutes; i++) {
		ATF_REQUIRE(info.routes[i].router < info.nrouters);
		routes[info.routes[i].router]++;
	}
	for (k = 0; k < SLAAC_ROUTERS_MAX; k++) {
		ATF_REQUIRE(prefixes[k] <= 4);
		ATF_REQUIRE(routes[k] <= 8);
		ATF_REQUIRE(k < info.nrouters || prefixes[k] == 0);
	}
}

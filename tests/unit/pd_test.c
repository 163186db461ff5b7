/* SPDX-License-Identifier: ISC */
/* Delegated prefixes on a downstream interface, under virtual time. */

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "packet6.h"
#include "proto/dhcp6.h"
#include "proto/pd.h"
#include "test.h"

static struct {
	struct pd pd;
	uint64_t now, deadline;
	struct interface down;
	struct conf_iface conf;
	struct dhcp6_lease lease;
	struct pd_source source;
	struct config6 config;
	unsigned int nconfig, errors;
	unsigned int events[EVENT_MAX];
	struct event6 event[EVENT_MAX];
	uint64_t counters[COUNT_MAX];
	char log[512];
} w;

static void
w_deadline(void *ctx, uint64_t when)
{
	(void)ctx;
	w.deadline = when;
}

static void
w_configure6(void *ctx, const struct config6 *config)
{
	(void)ctx;
	if (config->protocol != PROTO_PD)
		abort();
	w.config = *config;
	w.nconfig++;
}

static void
w_event6(void *ctx, enum proto_event event, const struct event6 *detail,
    const char *reason)
{
	(void)ctx;
	(void)reason;
	w.events[event]++;
	w.event[event] = *detail;
}

static void
w_log(void *ctx, int priority, const char *fmt, ...)
{
	va_list ap;

	(void)ctx;
	va_start(ap, fmt);
	vsnprintf(w.log, sizeof(w.log), fmt, ap);
	va_end(ap);
	w.errors += priority == LOG_ERR;
}

static void
w_count(void *ctx, enum counter c)
{
	(void)ctx;
	w.counters[c]++;
}

static const struct proto_ops ops = {
	.deadline = w_deadline,
	.configure6 = w_configure6,
	.event6 = w_event6,
	.log = w_log,
	.count = w_count,
};

static void
stable(void *ctx, const struct interface *down, uint32_t counter,
    struct in6_addr *addr)
{
	(void)ctx;
	(void)down;
	memset(addr->s6_addr + 8, 0x5a, 8);
	addr->s6_addr[15] = (uint8_t)counter;
}

static struct conf_assign *
assign(const char *ifname, uint32_t subnet, uint8_t length)
{
	struct conf_prefix *c = &w.conf.prefixes[0];
	struct conf_assign *a = &c->assigns[c->nassigns++];

	snprintf(a->ifname, sizeof(a->ifname), "%s", ifname);
	a->subnet = subnet;
	a->length = length;
	return a;
}

static struct dhcp6_prefix *
delegate(const char *prefix, uint8_t len, uint32_t preferred, uint32_t valid)
{
	struct dhcp6_prefix *p = &w.lease.prefixes[w.lease.nprefixes++];

	memset(p, 0, sizeof(*p));
	p->prefix = ip6(prefix);
	p->prefixlen = len;
	p->preferred_sec = preferred;
	p->valid_sec = valid;
	p->ia = 1;
	return p;
}

static void
setup(pd_iid_fn *fn)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };

	memset(&w, 0, sizeof(w));
	w.now = 1000000;
	memcpy(w.down.name, "em1", 4);
	w.down.ifindex = 3;
	w.down.flags = IFACE_UP | IFACE_RUNNING;
	w.down.hwaddr_len = 6;
	memcpy(w.down.hwaddr, mac, 6);
	conf_iface_defaults(&w.conf);
	w.conf.nprefixes = 1;
	w.lease.state = D6_BOUND;
	w.source.ifindex = 2;
	w.source.ifname = "em0";
	w.source.conf = &w.conf;
	w.source.lease = &w.lease;
	pd_init(&w.pd, &ops, NULL, fn);
}

static void
update(void)
{
	pd_update(&w.pd, &w.down, &w.source, 1, w.now);
}

/* Subnet 1 of 2001:db8:100::/56 on em1. */
static void
one_subnet(uint32_t preferred, uint32_t valid)
{
	setup(stable);
	assign("em1", 1, 64);
	delegate("2001:db8:100::", 56, preferred, valid);
	update();
}

/* The uplink has another one, or (NULL) none. */
static void
renumber(const char *prefix)
{
	w.lease.nprefixes = 0;
	if (prefix == NULL)
		w.lease.state = D6_SOLICITING;
	else
		delegate(prefix, 56, 86400, 172800);
	update();
}

static void
advance(uint32_t sec)
{
	uint64_t until = w.now + sec * 1000ULL;
	unsigned int i;

	for (i = 0; w.deadline <= until; i++) {
		ATF_REQUIRE(i < 100);
		if (w.deadline > w.now)
			w.now = w.deadline;
		pd_timer(&w.pd, w.now);
	}
	w.now = until;
}

TEST(pd_assigns_a_subnet,
    "D6-41: address and on-link route with the prefix's lifetimes")
{
	(void)tc;
	setup(NULL);
	assign("em1", 5, 64)->has_suffix = 1;
	w.conf.prefixes[0].assigns[0].suffix = ip6("::1");
	delegate("2001:db8:100::", 48, 3600, 7200);
	update();
	ATF_REQUIRE_EQ(1, w.config.naddrs);
	ATF_CHECK(same6(&w.config.addrs[0].addr, "2001:db8:100:5::1"));
	ATF_CHECK_EQ(64, w.config.addrs[0].prefixlen);
	ATF_CHECK_EQ(3600, w.config.addrs[0].preferred_sec);
	ATF_CHECK_EQ(7200, w.config.addrs[0].valid_sec);
	ATF_REQUIRE_EQ(1, w.config.nroutes);
	ATF_CHECK(same6(&w.config.routes[0].dst, "2001:db8:100:5::"));
	ATF_CHECK_EQ(64, w.config.routes[0].prefixlen);
	ATF_CHECK_EQ(7200, w.config.routes[0].valid_sec);
	ATF_CHECK_EQ(0, w.config.routes[0].flags);
	ATF_CHECK(IN6_IS_ADDR_UNSPECIFIED(&w.config.routes[0].gateway));
	ATF_CHECK_EQ(1, w.events[EVENT_PREFIX]);
	ATF_CHECK(same6(&w.event[EVENT_PREFIX].addr, "2001:db8:100:5::"));
	ATF_CHECK_EQ(64, w.event[EVENT_PREFIX].prefixlen);
	/* the same again is no news */
	update();
	ATF_CHECK_EQ(1, w.nconfig);
	ATF_CHECK_EQ(1, w.events[EVENT_PREFIX]);
}

TEST(pd_makes_addresses,
    "D6-41: EUI-64, or RFC 7217 through the engine, without a suffix")
{
	(void)tc;
	setup(NULL);
	assign("em1", 0, 64);
	delegate("2001:db8:100::", 60, 3600, 7200);
	update();
	ATF_REQUIRE_EQ(1, w.config.naddrs);
	ATF_CHECK(same6(&w.config.addrs[0].addr, "2001:db8:100:0:0:ff:fe00:1"));
	setup(stable);
	assign("em1", 15, 64);
	delegate("2001:db8:100::", 60, 3600, 7200);
	update();
	ATF_REQUIRE_EQ(1, w.config.naddrs);
	ATF_CHECK(same6(
	    &w.config.addrs[0].addr, "2001:db8:100:f:5a5a:5a5a:5a5a:5a00"));
}

TEST(pd_several_interfaces,
    "D6-41: only what is assigned to this one; two subnets on it")
{
	(void)tc;
	setup(stable);
	assign("em1", 1, 64);
	assign("em2", 2, 64);
	assign("em1", 3, 64);
	delegate("2001:db8:100::", 56, 3600, 7200);
	update();
	ATF_REQUIRE_EQ(2, w.config.naddrs);
	ATF_CHECK(same6(&w.config.routes[0].dst, "2001:db8:100:1::"));
	ATF_CHECK(same6(&w.config.routes[1].dst, "2001:db8:100:3::"));
	memcpy(w.down.name, "em9", 4);
	pd_init(&w.pd, &ops, NULL, stable);
	w.nconfig = 0;
	update();
	ATF_CHECK_EQ(0, w.nconfig);
}

TEST(pd_subnets_that_do_not_fit,
    "D6-41: a clear error in log and status, the others still work")
{
	static struct pd_status st;

	(void)tc;
	setup(stable);
	assign("em1", 16, 64);
	assign("em1", 15, 64);
	assign("em1", 0, 56);
	delegate("2001:db8:100::", 60, 3600, 7200);
	update();
	ATF_REQUIRE_EQ(1, w.config.naddrs);
	ATF_CHECK(same6(&w.config.routes[0].dst, "2001:db8:100:f::"));
	ATF_CHECK_EQ(2, w.errors);
	ATF_CHECK_EQ(2, w.counters[COUNT_PD_REFUSED]);
	pd_status(&w.pd, w.now, &st);
	ATF_REQUIRE_EQ(3, st.nentries);
	ATF_CHECK_EQ(PD_E_SUBNET, st.entries[0].error);
	ATF_CHECK_EQ(PD_E_OK, st.entries[1].error);
	ATF_CHECK_EQ(PD_E_LENGTH, st.entries[2].error);
	ATF_CHECK_EQ(7200, st.entries[1].valid_sec);
	ATF_CHECK_STREQ("em0", st.entries[0].uplink_name);
	/* once */
	update();
	ATF_CHECK_EQ(2, w.errors);
}

TEST(pd_subnet_arithmetic,
    "D6-41: lengths that are no multiple of 8, and the largest number")
{
	static const struct {
		const char *prefix;
		uint8_t len, length;
		uint32_t subnet;
		const char *want;
	} t[] = {
		{ "2001:db8::", 61, 64, 7, "2001:db8:0:7::" },
		{ "2001:db8::", 61, 64, 8, NULL },
		{ "2001:db8::", 64, 64, 0, "2001:db8::" },
		{ "2001:db8::", 64, 64, 1, NULL },
		{ "2001:db8::", 32, 64, 0xffffffff, "2001:db8:ffff:ffff::" },
		{ "2001::", 16, 64, 0xffffffff, "2001:0:ffff:ffff::" },
		{ "2001:db8::", 48, 57, 3, "2001:db8:0:180::" },
		{ "2001:db8::", 126, 128, 3, "2001:db8::3" },
	};
	size_t i;

	(void)tc;
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct conf_assign *a;

		setup(stable);
		a = assign("em1", t[i].subnet, t[i].length);
		if (t[i].length > 64)
			a->has_suffix = 1;
		delegate(t[i].prefix, t[i].len, 3600, 7200);
		update();
		ATF_REQUIRE_EQ_MSG(
		    t[i].want != NULL, w.config.naddrs, "%zu: %s", i, w.log);
		if (t[i].want != NULL)
			ATF_CHECK_MSG(same6(&w.config.routes[0].dst, t[i].want),
			    "%zu", i);
	}
}

TEST(pd_suffix_must_fit, "D6-41: no bits in the prefix, not all zeros")
{
	struct conf_assign *a;

	(void)tc;
	setup(stable);
	a = assign("em1", 1, 64);
	a->has_suffix = 1;
	a->suffix = ip6("0:0:0:1::1");
	delegate("2001:db8::", 48, 3600, 7200);
	update();
	ATF_CHECK_EQ(PD_E_SUFFIX, w.pd.entries[0].error);
	a->suffix = ip6("::");
	update();
	ATF_CHECK_EQ(PD_E_SUFFIX, w.pd.entries[0].error);
	a->suffix = ip6("::ffff:ffff:ffff:ffff");
	update();
	ATF_CHECK_EQ(PD_E_OK, w.pd.entries[0].error);
	a->has_suffix = 0;
	a->length = 80;
	update();
	ATF_CHECK_EQ(PD_E_SUFFIX, w.pd.entries[0].error);
}

TEST(pd_excluded_subnet, "D6-43: RFC 6603, inside it or around it")
{
	struct dhcp6_prefix *p;

	(void)tc;
	setup(stable);
	assign("em1", 0xff, 64);
	assign("em1", 0xfe, 64);
	assign("em1", 0xf, 60);
	p = delegate("2001:db8:100::", 56, 3600, 7200);
	p->exclude = ip6("2001:db8:100:ff::");
	p->exclude_len = 64;
	update();
	ATF_CHECK_EQ(PD_E_EXCLUDED, w.pd.entries[0].error);
	ATF_CHECK_EQ(PD_E_OK, w.pd.entries[1].error);
	ATF_CHECK_EQ(PD_E_EXCLUDED, w.pd.entries[2].error);
	ATF_CHECK_EQ(1, w.config.naddrs);
}

TEST(pd_not_on_its_own_uplink,
    "D6-43: a prefix comes from there; but with the P flag (RFC 9663)")
{
	(void)tc;
	setup(stable);
	w.down.ifindex = 2;
	assign("em1", 1, 64);
	delegate("2001:db8:100::", 56, 3600, 7200);
	update();
	ATF_CHECK_EQ(PD_E_UPLINK, w.pd.entries[0].error);
	ATF_CHECK_EQ(0, w.config.naddrs);
	w.source.pd_flag = 1;
	update();
	ATF_CHECK_EQ(PD_E_OK, w.pd.entries[0].error);
	ATF_CHECK_EQ(1, w.config.naddrs);
}

TEST(pd_overlapping_subnets, "D6-41: the first line has it, on any interface")
{
	(void)tc;
	setup(stable);
	assign("em2", 1, 60);
	assign("em1", 0x1f, 64);
	assign("em1", 0x2f, 64);
	assign("em1", 0x2f, 64);
	delegate("2001:db8:100::", 56, 3600, 7200);
	update();
	ATF_CHECK_EQ(PD_E_OVERLAP, w.pd.entries[0].error);
	ATF_CHECK_EQ(PD_E_OK, w.pd.entries[1].error);
	ATF_CHECK_EQ(PD_E_OVERLAP, w.pd.entries[2].error);
	ATF_CHECK_EQ(1, w.config.naddrs);
}

TEST(pd_renumbers,
    "D6-44: the new one first, the old deprecated, removed after 5400 s")
{
	(void)tc;
	one_subnet(86400, 172800);
	renumber("2001:db8:200::");
	ATF_REQUIRE_EQ(2, w.config.naddrs);
	ATF_CHECK(same6(&w.config.routes[0].dst, "2001:db8:200:1::"));
	ATF_CHECK_EQ(86400, w.config.addrs[0].preferred_sec);
	ATF_CHECK(same6(&w.config.routes[1].dst, "2001:db8:100:1::"));
	ATF_CHECK_EQ(0, w.config.addrs[1].preferred_sec);
	ATF_CHECK_EQ(5400, w.config.addrs[1].valid_sec);
	ATF_CHECK_EQ(1, w.events[EVENT_DEPRECATED]);
	ATF_CHECK(same6(&w.event[EVENT_DEPRECATED].addr, "2001:db8:100:1::"));
	ATF_CHECK_EQ(0, w.event[EVENT_DEPRECATED].preferred_sec);
	ATF_CHECK_EQ(5400, w.event[EVENT_DEPRECATED].valid_sec);
	/* told again and again, it does not live longer */
	advance(5000);
	w.lease.prefixes[0].valid_sec -= 5000;
	w.lease.prefixes[0].preferred_sec -= 5000;
	update();
	advance(399);
	ATF_CHECK_EQ(2, w.config.naddrs);
	advance(1);
	ATF_CHECK_EQ(1, w.config.naddrs);
	ATF_CHECK_EQ(1, w.events[EVENT_EXPIRED]);
	ATF_CHECK_EQ(2, w.events[EVENT_PREFIX]);
}

TEST(pd_old_prefix_ends_with_its_lifetime,
    "D6-44: what is left of it, when that is less than 5400 s")
{
	(void)tc;
	one_subnet(300, 600);
	advance(100);
	renumber("2001:db8:200::");
	ATF_CHECK_EQ(500, w.config.addrs[1].valid_sec);
	advance(500);
	ATF_CHECK_EQ(1, w.config.naddrs);
}

TEST(pd_prefix_gone_without_another,
    "D6-44: deprecated while the uplink asks anew; comes back as it was")
{
	(void)tc;
	one_subnet(86400, 172800);
	renumber(NULL);
	ATF_REQUIRE_EQ(1, w.config.naddrs);
	ATF_CHECK_EQ(0, w.config.addrs[0].preferred_sec);
	ATF_CHECK_EQ(5400, w.config.addrs[0].valid_sec);
	delegate("2001:db8:100::", 56, 86400, 172800);
	update();
	ATF_REQUIRE_EQ(1, w.config.naddrs);
	ATF_CHECK_EQ(86400, w.config.addrs[0].preferred_sec);
	ATF_CHECK_EQ(172800, w.config.addrs[0].valid_sec);
	ATF_CHECK_EQ(2, w.events[EVENT_PREFIX]);
}

TEST(pd_released_prefix_goes_at_once,
    "D6-17, D6-44: released, no longer assigned, or the uplink is gone")
{
	unsigned int how;

	(void)tc;
	for (how = 0; how < 4; how++) {
		one_subnet(86400, 172800);
		ATF_REQUIRE_EQ(1, w.config.naddrs);
		if (how == 0) {
			w.lease.nprefixes = 0;
			w.lease.state = D6_DOWN;
			update();
		} else if (how == 1) {
			w.conf.prefixes[0].nassigns = 0;
			update();
		} else if (how == 2)
			pd_update(&w.pd, &w.down, NULL, 0, w.now);
		else
			pd_withdraw(&w.pd, w.now);
		ATF_CHECK_EQ(0, w.config.naddrs);
		ATF_CHECK_EQ(0, w.config.nroutes);
		ATF_CHECK_EQ(1, w.events[EVENT_EXPIRED]);
		ATF_CHECK_EQ(PROTO_NEVER, w.deadline);
	}
}

TEST(pd_reload_takes_effect_at_once,
    "D6-41, Y-11: another subnet, suffix or statement leaves nothing of the "
    "old one behind")
{
	(void)tc;
	one_subnet(86400, 172800);
	w.conf.prefixes[0].assigns[0].subnet = 2;
	update();
	ATF_REQUIRE_EQ(1, w.config.naddrs);
	ATF_REQUIRE_EQ(1, w.config.nroutes);
	ATF_CHECK(same6(&w.config.routes[0].dst, "2001:db8:100:2::"));
	ATF_CHECK_EQ(1, w.events[EVENT_EXPIRED]);
	w.conf.prefixes[0].assigns[0].has_suffix = 1;
	w.conf.prefixes[0].assigns[0].suffix = ip6("::7");
	update();
	ATF_REQUIRE_EQ(1, w.config.naddrs);
	ATF_CHECK(same6(&w.config.addrs[0].addr, "2001:db8:100:2::7"));
	/* Two statements, and the second goes. */
	w.conf.nprefixes = 2;
	w.conf.prefixes[1] = w.conf.prefixes[0];
	delegate("2001:db8:200::", 56, 86400, 172800)->ia = 2;
	update();
	ATF_REQUIRE_EQ(2, w.config.naddrs);
	w.conf.nprefixes = 1;
	w.lease.nprefixes = 1;
	update();
	ATF_REQUIRE_EQ(1, w.config.naddrs);
	ATF_CHECK(same6(&w.config.addrs[0].addr, "2001:db8:100:2::7"));
	ATF_CHECK_EQ(0, w.events[EVENT_DEPRECATED]);
}

TEST(pd_lifetimes_are_refreshed,
    "D6-41, D6-44: a renewal reaches the kernel and the announcers")
{
	(void)tc;
	one_subnet(3600, 7200);
	w.now += 1800400;
	w.lease.prefixes[0].preferred_sec = 1800; /* as time goes by */
	w.lease.prefixes[0].valid_sec = 5400;
	update();
	ATF_CHECK_EQ(1, w.nconfig);
	w.lease.prefixes[0].preferred_sec = 3600;
	w.lease.prefixes[0].valid_sec = 7200;
	update();
	ATF_CHECK_EQ(2, w.nconfig);
	ATF_CHECK_EQ(7200, w.config.addrs[0].valid_sec);
	ATF_CHECK_EQ(2, w.events[EVENT_PREFIX]);
	ATF_CHECK_EQ(3600, w.event[EVENT_PREFIX].preferred_sec);
	/* nobody says anything any more */
	advance(7200);
	ATF_CHECK_EQ(0, w.config.naddrs);
}

TEST(pd_infinite_lifetimes, "D6-44: an infinite one is replaced all the same")
{
	(void)tc;
	one_subnet(LIFETIME_INFINITE, LIFETIME_INFINITE);
	ATF_CHECK_EQ(LIFETIME_INFINITE, w.config.addrs[0].valid_sec);
	ATF_CHECK_EQ(PROTO_NEVER, w.deadline);
	renumber(NULL);
	ATF_CHECK_EQ(5400, w.config.addrs[0].valid_sec);
	advance(5400);
	ATF_CHECK_EQ(0, w.config.naddrs);
}

TEST(pd_duplicate_address,
    "D6-41: a made one is made anew, three times; a suffix is an error")
{
	struct state6 st;
	unsigned int i;

	(void)tc;
	one_subnet(3600, 7200);
	memset(&st, 0, sizeof(st));
	for (i = 0; i < 3; i++) {
		/* Linux has removed it by then, FreeBSD keeps it. */
		st.flags = i % 2 ? STATE6_DUPLICATED
				 : STATE6_PRESENT | STATE6_DUPLICATED;
		st.addr = w.config.addrs[0].addr;
		pd_address(&w.pd, &st, w.now);
		st.flags = STATE6_DUPLICATED; /* removed, too */
		ATF_REQUIRE_EQ(1, w.config.naddrs);
		ATF_CHECK_EQ(i + 1, w.config.addrs[0].addr.s6_addr[15]);
	}
	update();
	ATF_CHECK_EQ(3, w.config.addrs[0].addr.s6_addr[15]);
	st.addr = w.config.addrs[0].addr;
	pd_address(&w.pd, &st, w.now);
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK_EQ(PD_E_DUPLICATE, w.pd.entries[0].error);
	update();
	ATF_CHECK_EQ(0, w.config.naddrs);
	ATF_CHECK_EQ(4, w.events[EVENT_CONFLICT]);
}

TEST(pd_bounds, "D6-03, D6-41: eight addresses, whatever is assigned")
{
	unsigned int i;
	char text[40];

	(void)tc;
	setup(stable);
	for (i = 0; i < CONF_ASSIGNS_MAX; i++)
		assign("em1", i, 64);
	for (i = 0; i < DHCP6_PREFIXES_MAX; i++) {
		snprintf(text, sizeof(text), "2001:db8:%x00::", i + 1);
		delegate(text, 56, 3600, 7200);
	}
	update();
	ATF_CHECK_EQ(PD_ADDRS_MAX, w.config.naddrs);
	ATF_CHECK(w.errors > 0);
	w.lease.nprefixes = 0;
	for (i = 0; i < DHCP6_PREFIXES_MAX; i++) {
		snprintf(text, sizeof(text), "2001:db8:%x00::", i + 0x11);
		delegate(text, 56, 3600, 7200);
	}
	update();
	ATF_CHECK_EQ(PD_ADDRS_MAX, w.config.naddrs);
	ATF_CHECK(w.pd.nentries <= PD_ENTRIES_MAX);
}

TEST(pd_takes_away_what_the_last_run_left,
    "D6-44: no prefix after a restart: once, an empty configuration")
{
	(void)tc;
	setup(stable);
	pd_update(&w.pd, &w.down, NULL, 0, w.now);
	ATF_CHECK_EQ_MSG(0, w.nconfig, "the uplink is not known yet");
	assign("em1", 1, 64);
	update();
	update();
	ATF_CHECK_EQ(1, w.nconfig);
	ATF_CHECK_EQ(0, w.config.naddrs);
}

TEST(pd_failed_configuration_is_tried_again, "D6-41: not only at a renewal")
{
	(void)tc;
	one_subnet(86400, 172800);
	ATF_REQUIRE_EQ(1, w.nconfig);
	pd_configured(&w.pd, w.config.serial, ENOBUFS, w.now);
	advance(60);
	ATF_CHECK_EQ(2, w.nconfig);
	ATF_CHECK_EQ(1, w.config.naddrs);
}

TEST(pd_address_that_was_removed_is_put_back,
    "D6-41: by somebody, after 10 s; with the link, when that is up again")
{
	struct state6 st;

	(void)tc;
	setup(stable);
	assign("em1", 1, 64);
	delegate("2001:db8:100::", 56, LIFETIME_INFINITE, LIFETIME_INFINITE);
	update();
	ATF_REQUIRE_EQ(1, w.nconfig);
	memset(&st, 0, sizeof(st));
	st.addr = w.config.addrs[0].addr;
	pd_address(&w.pd, &st, w.now);
	advance(60);
	ATF_CHECK_EQ_MSG(1, w.nconfig, "it was not there yet");
	st.flags = STATE6_PRESENT;
	pd_address(&w.pd, &st, w.now);
	st.flags = 0;
	pd_address(&w.pd, &st, w.now);
	ATF_CHECK_EQ(1, w.nconfig);
	advance(60);
	ATF_CHECK_EQ(2, w.nconfig);
	ATF_CHECK_EQ(1, w.config.naddrs);
	/* Linux takes them away when an interface is set down. */
	st.flags = STATE6_PRESENT;
	pd_address(&w.pd, &st, w.now);
	st.flags = 0;
	pd_address(&w.pd, &st, w.now);
	w.down.flags = 0;
	update();
	advance(60);
	ATF_CHECK_EQ(2, w.nconfig);
	w.down.flags = IFACE_UP;
	update();
	ATF_CHECK_EQ(3, w.nconfig);
	update();
	ATF_CHECK_EQ(3, w.nconfig);
}

TEST(pd_sleep_shortens_what_is_left,
    "D4-29, D6-44: where the clock does not count it")
{
	uint32_t valid;

	(void)tc;
	setup(stable);
	assign("em1", 1, 64);
	delegate("2001:db8:100::", 56, 300, 600);
	update();
	ATF_REQUIRE_EQ(1, w.config.naddrs);
	valid = w.config.addrs[0].valid_sec;
	pd_resume(&w.pd, 100, w.now);
	ATF_CHECK_EQ(valid - 100, w.config.addrs[0].valid_sec);
	pd_resume(&w.pd, valid, w.now);
	ATF_CHECK_EQ(0, w.config.naddrs);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, pd_address_that_was_removed_is_put_back);
	ATF_TP_ADD_TC(tp, pd_sleep_shortens_what_is_left);
	ATF_TP_ADD_TC(tp, pd_assigns_a_subnet);
	ATF_TP_ADD_TC(tp, pd_makes_addresses);
	ATF_TP_ADD_TC(tp, pd_several_interfaces);
	ATF_TP_ADD_TC(tp, pd_subnets_that_do_not_fit);
	ATF_TP_ADD_TC(tp, pd_subnet_arithmetic);
	ATF_TP_ADD_TC(tp, pd_suffix_must_fit);
	ATF_TP_ADD_TC(tp, pd_excluded_subnet);
	ATF_TP_ADD_TC(tp, pd_not_on_its_own_uplink);
	ATF_TP_ADD_TC(tp, pd_overlapping_subnets);
	ATF_TP_ADD_TC(tp, pd_renumbers);
	ATF_TP_ADD_TC(tp, pd_old_prefix_ends_with_its_lifetime);
	ATF_TP_ADD_TC(tp, pd_prefix_gone_without_another);
	ATF_TP_ADD_TC(tp, pd_released_prefix_goes_at_once);
	ATF_TP_ADD_TC(tp, pd_reload_takes_effect_at_once);
	ATF_TP_ADD_TC(tp, pd_lifetimes_are_refreshed);
	ATF_TP_ADD_TC(tp, pd_infinite_lifetimes);
	ATF_TP_ADD_TC(tp, pd_duplicate_address);
	ATF_TP_ADD_TC(tp, pd_bounds);
	ATF_TP_ADD_TC(tp, pd_takes_away_what_the_last_run_left);
	ATF_TP_ADD_TC(tp, pd_failed_configuration_is_tried_again);
	return atf_no_error();
}

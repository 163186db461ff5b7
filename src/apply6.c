/* SPDX-License-Identifier: ISC */
/*
 * The IPv6 half of apply.c: what the engine asks for and policy6.c allows, in
 * the kernel.  Each protocol has its own configuration on an interface; what
 * two of them name is removed when neither does any more.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "parent6.h"

/* Routes of one destination have a metric each, in their order. */
#define METRIC_ORDER 16
/* A reject route gives way to every other route of the same length. */
#define METRIC_REJECT 0x40000000U
/* ms, the link being up: `ip route flush` has to come to its end first */
/* The kernel does not tell how long; until the engine says it anew. */
#define ROUTE_SEC 1800

static const enum slot6 slots[PROTO_MAX] = {
	[PROTO_SLAAC] = SLOT_SLAAC,
	[PROTO_DHCP6] = SLOT_DHCP6,
	[PROTO_PD] = SLOT_PD,
};

static const char *
text6(const struct in6_addr *addr)
{
	static char text[4][INET6_ADDRSTRLEN];
	static unsigned int next;

	next = (next + 1) % 4;
	return inet_ntop(AF_INET6, addr, text[next], sizeof(text[next]));
}

/* Of the route with this index in want. */
static uint32_t
metric6(const struct pif *pif, const struct config6 *want, uint16_t index)
{
	const struct route6 *r = &want->routes[index];
	uint32_t order = 0, metric = apply_metric(pif) * METRIC_ORDER;
	uint16_t i;

	if (held6_is_reject(r))
		return METRIC_REJECT | metric;
	for (i = 0; i < index; i++)
		order += held6_same_dst(&want->routes[i], r) &&
		    !held6_is_reject(&want->routes[i]);
	return metric + (order < METRIC_ORDER ? order : METRIC_ORDER - 1);
}

static int
failed(const struct pif *pif, const char *what, const struct in6_addr *addr,
    unsigned int prefixlen, int error)
{
	const char *why = os_error_text();

	if (manage_may_log())
		log_warnx("%s: cannot %s %s/%u: %s%s%s", pif->info.name, what,
		    text6(addr), prefixlen, strerror(error), why[0] ? ": " : "",
		    why);
	return error;
}

/* ---- compare and change ---- */

static void
keep_route(struct held6 *got, const struct held_route6 *h)
{
	if (got->nroutes < CONFIG6_ROUTES_MAX)
		got->routes[got->nroutes++] = *h;
}

static void
keep_addr(struct held6 *got, const struct addr6 *a, uint64_t at_ms)
{
	if (got->naddrs == CONFIG6_ADDRS_MAX)
		return;
	got->addrs[got->naddrs] = *a;
	got->addrs_ms[got->naddrs++] = at_ms;
}

/* One address; got gets it when it is ours.  An errno to be told. */
static int
add_addr(
    struct pif *pif, enum slot6 slot, const struct addr6 *a, struct held6 *got)
{
	struct held6 *held = &pif->v6->held[slot];
	int error, i = held6_find_addr(held, &a->addr);

	if (i != -1 && held->addrs_ms[i] != 0 &&
	    held->addrs[i].flags == a->flags &&
	    held6_is_close(
		held6_left(held->addrs[i].valid_sec, held->addrs_ms[i]),
		a->valid_sec) &&
	    held6_is_close(
		held6_left(held->addrs[i].preferred_sec, held->addrs_ms[i]),
		a->preferred_sec)) {
		keep_addr(got, &held->addrs[i], held->addrs_ms[i]);
		return 0;
	}
	if (i == -1 && (error = held6_journal_addr(pif, slot, a, 1)) != 0)
		return failed(
		    pif, "add address", &a->addr, a->prefixlen, error);
	error = os_addr6_add(pif->info.ifindex, a);
	if (error == 0 || i != -1)
		keep_addr(got, a, error == 0 ? os_clock_ms() : 0);
	else
		held6_journal_addr(pif, slot, a, 0);
	/* The administrator's (Y-26), or somebody else's: the engine is told
	 * of these by their state. */
	if (error == 0 || error == EEXIST || error == EADDRINUSE)
		return 0;
	return failed(pif, "add address", &a->addr, a->prefixlen, error);
}

static int
add_route(struct pif *pif, enum slot6 slot, const struct route6 *r,
    uint32_t metric, struct held6 *got)
{
	struct held_route6 *h =
	    held6_find_route(&pif->v6->held[slot], r, metric);
	struct held_route6 now = { .route = *r, .metric = metric };
	struct os_route6 os = {
		.ifindex = pif->info.ifindex, .metric = metric, .route = *r
	};
	int error;

	if (h != NULL && !h->lost && h->at_ms != 0 &&
	    h->route.preference == r->preference && h->route.mtu == r->mtu &&
	    held6_is_close(
		held6_left(h->route.valid_sec, h->at_ms), r->valid_sec)) {
		got->routes[got->nroutes++] = *h;
		return 0;
	}
	if (h == NULL &&
	    (error = held6_journal_route(pif, slot, r, metric, 1)) != 0)
		return failed(pif, "add route", &r->dst, r->prefixlen, error);
	if ((error = os_route6_add(&os)) == 0)
		now.at_ms = os_clock_ms();
	if (error == 0 || h != NULL)
		got->routes[got->nroutes++] = now;
	else
		held6_journal_route(pif, slot, r, metric, 0);
	if (error == 0 && h == NULL && os_error_text()[0] != '\0')
		log_info("%s: route %s/%u: %s", pif->info.name, text6(&r->dst),
		    r->prefixlen, os_error_text());
	if (error == 0)
		return 0;
	return failed(pif, "add route", &r->dst, r->prefixlen, error);
}

/* On-link ones first. */
static int
add_routes(struct pif *pif, enum slot6 slot, const struct config6 *want,
    struct held6 *got)
{
	const struct route6 *r;
	int pass, error, first = 0;
	uint16_t i;

	for (pass = 0; pass < 2; pass++)
		for (i = 0; i < want->nroutes; i++) {
			r = &want->routes[i];
			if (IN6_IS_ADDR_UNSPECIFIED(&r->gateway) == pass)
				continue;
			error =
			    add_route(pif, slot, r, metric6(pif, want, i), got);
			first = first != 0 ? first : error;
		}
	return first;
}

static int
others_have_addr(struct pif *pif, enum slot6 slot, const struct in6_addr *addr)
{
	unsigned int i;

	for (i = 0; i < SLOTS_MAX; i++)
		if (i != slot && held6_find_addr(&pif->v6->held[i], addr) != -1)
			return 1;
	return 0;
}

static int
others_have_route(struct pif *pif, enum slot6 slot, const struct held_route6 *h)
{
	unsigned int i;

	for (i = 0; i < SLOTS_MAX; i++)
		if (i != slot &&
		    held6_find_route(&pif->v6->held[i], &h->route, h->metric) !=
			NULL)
			return 1;
	return 0;
}

/* What cannot be removed stays in the journal, for another time or start. */
static void
remove_old(struct pif *pif, enum slot6 slot, struct held6 *got)
{
	struct held6 *held = &pif->v6->held[slot];
	struct os_route6 os = { .ifindex = pif->info.ifindex };
	const struct held_route6 *h;
	const struct addr6 *a;
	int error = 0;
	uint16_t i;

	for (i = 0; i < held->nroutes; i++) {
		h = &held->routes[i];
		if (held6_find_route(got, &h->route, h->metric) != NULL)
			continue;
		os.metric = h->metric;
		os.route = h->route;
		if (!others_have_route(pif, slot, h) &&
		    (error = os_route6_remove(&os)) != 0) {
			failed(pif, "remove route", &h->route.dst,
			    h->route.prefixlen, error);
			keep_route(got, h);
			continue;
		}
		held6_journal_route(pif, slot, &h->route, h->metric, 0);
	}
	for (i = 0; i < held->naddrs; i++) {
		a = &held->addrs[i];
		if (held6_find_addr(got, &a->addr) != -1)
			continue;
		manage6_shut_keyed(pif, &a->addr);
		if (!others_have_addr(pif, slot, &a->addr) &&
		    (error = os_addr6_remove(pif->info.ifindex, a)) != 0) {
			failed(pif, "remove address", &a->addr, a->prefixlen,
			    error);
			keep_addr(got, a, 0);
			continue;
		}
		held6_journal_addr(pif, slot, a, 0);
	}
}

/* 0: what was found before ours comes back. */
static int
apply_numbers(struct pif *pif, const struct config6 *want)
{
	const struct {
		enum os_ipv6_knob knob;
		uint32_t value;
	} table[] = { { KNOB_MTU, want->mtu },
		{ KNOB_HOP_LIMIT, want->hop_limit },
		{ KNOB_REACHABLE_MS, want->reachable_ms },
		{ KNOB_RETRANS_MS, want->retrans_ms } };
	int error, first = 0;
	size_t i;

	pif->v6->mtu = want->mtu;
	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (table[i].value == 0) {
			knob6_restore(pif, table[i].knob);
			continue;
		}
		error = knob6_set(pif, table[i].knob, table[i].value);
		first = first != 0 ? first : error;
	}
	return first;
}

/* Ours are in: what the kernel has learned itself steps back. */
static void
take_over(struct pif *pif, const struct config6 *want)
{
	int error;

	if (pif->v6->taken_over || (want->naddrs == 0 && want->nroutes == 0))
		return;
	pif->v6->taken_over = 1;
	if ((error = os_ipv6_takeover(pif->info.ifindex)) != 0)
		log_warnx("%s: what the kernel learned of router "
			  "advertisements stays: %s",
		    pif->info.name, strerror(error));
}

static int
apply(struct pif *pif, enum slot6 slot, const struct config6 *want)
{
	struct held6 *held = &pif->v6->held[slot], got, before = *held;
	int error, first = 0;
	uint16_t i;

	memset(&got, 0, sizeof(got));
	if (slot == SLOT_SLAAC)
		first = apply_numbers(pif, want);
	for (i = 0; i < want->naddrs; i++) {
		error = add_addr(pif, slot, &want->addrs[i], &got);
		first = first != 0 ? first : error;
	}
	error = add_routes(pif, slot, want, &got);
	remove_old(pif, slot, &got);
	*held = got;
	/* The kernel had it already, and says nothing new. */
	for (i = 0; i < held->naddrs; i++)
		if (held6_find_addr(&before, &held->addrs[i].addr) == -1)
			manage6_tell_address(pif, &held->addrs[i].addr);
	if (slot == SLOT_SLAAC)
		take_over(pif, want);
	return first != 0 ? first : error;
}

/* ---- what the engine asks for ---- */

static int
is_empty(const struct config6 *c)
{
	return c->naddrs == 0 && c->nroutes == 0 &&
	    (c->mtu | c->hop_limit | c->reachable_ms | c->retrans_ms) == 0;
}

/* May this protocol have something on the interface? */
static int
is_on(const struct pif *pif, enum slot6 slot)
{
	switch (slot) {
	case SLOT_LINK_LOCAL:
		return 1;
	case SLOT_SLAAC:
		return pif->conf->slaac != CONF_NO;
	case SLOT_DHCP6:
		return pif->conf->dhcp6 != CONF_NO || pif->conf->nprefixes > 0;
	case SLOT_PD:
		return conf_is_downstream(parent.conf, pif->info.name);
	case SLOTS_MAX:
		break;
	}
	return 0;
}

static struct policy_ctx6
policy_context(const struct pif *pif, uint32_t protocol)
{
	struct policy_ctx6 ctx;
	unsigned int i;

	memset(&ctx, 0, sizeof(ctx));
	ctx.ifindex = pif->info.ifindex;
	ctx.max_mtu = pif->info.mtu;
	ctx.pointopoint = (pif->info.flags & IFACE_POINTOPOINT) != 0;
	ctx.accept_hop_limit = pif->conf->accept_hop_limit;
	ctx.prefixes = manage6_prefixes(&ctx.nprefixes);
	for (i = 0; i < SLOTS_MAX; i++)
		if (protocol >= PROTO_MAX || i != slots[protocol])
			ctx.other_routes += pif->v6->held[i].nroutes;
	return ctx;
}

static void
prune(struct pif *pif, const struct policy_ctx6 *ctx, struct config6 *config)
{
	static const char *const names[] = { [ITEM_MTU] = "MTU",
		[ITEM_HOP_LIMIT] = "hop limit",
		[ITEM_REACHABLE] = "reachable time",
		[ITEM_RETRANS] = "retransmission timer" };
	struct policy_pruned6 p;
	enum refusal refusal;
	char what[160];

	while ((refusal = policy_prune6(ctx, config, &p)) != REFUSE_NOT) {
		if (p.item == ITEM_ADDRESS)
			snprintf(what, sizeof(what), "address %s/%u",
			    text6(&p.dst), p.prefixlen);
		else if (p.item == ITEM_ROUTE)
			snprintf(what, sizeof(what), "route %s/%u via %s",
			    text6(&p.dst), p.prefixlen, text6(&p.gateway));
		else
			snprintf(what, sizeof(what), "%s %u", names[p.item],
			    p.value);
		manage_refused(pif, ctx->ifindex, refusal, what);
	}
}

void
apply_configure6(const struct ipc_configure6 *msg)
{
	struct ipc_configured6 answer = { .ifindex = msg->ifindex,
		.protocol = msg->config.protocol,
		.serial = msg->config.serial };
	struct config6 config = msg->config;
	struct pif *pif = pif_find(msg->ifindex);
	enum refusal refusal = REFUSE_NOT;
	struct policy_ctx6 ctx;

	if (pif == NULL || pif->conf == NULL || pif->v6 == NULL)
		refusal = REFUSE_UNMANAGED;
	if (refusal == REFUSE_NOT)
		refusal = policy_rate(&pif->bucket, os_clock_ms());
	if (refusal == REFUSE_NOT) {
		ctx = policy_context(pif, config.protocol);
		refusal = policy_config6(&ctx, &config);
	}
	/* What a protocol has may be taken back even so. */
	if (refusal == REFUSE_NOT && !is_empty(&config) &&
	    !is_on(pif, slots[config.protocol]))
		refusal = REFUSE_PROTOCOL;
	if (refusal != REFUSE_NOT) {
		manage_refused(pif, msg->ifindex, refusal, "configuration");
		answer.error = EACCES;
	} else {
		prune(pif, &ctx, &config);
		answer.error = apply_kernel_error(
		    apply(pif, slots[config.protocol], &config));
	}
	TO_ENGINE_MSG(MSG_CONFIGURED6, answer);
}

/* ---- over a restart, a reload and the end ---- */

static void
adopt_addr(struct pif *pif, const struct journal_record *rec)
{
	struct held6 *held = &pif->v6->held[rec->value];
	struct addr6 a = { .addr = rec->addr6,
		.prefixlen = (uint8_t)rec->prefixlen,
		.flags = (uint8_t)rec->value2 };
	struct state6 state;

	if (held->naddrs < CONFIG6_ADDRS_MAX &&
	    os_addr6_ours(rec->ifindex, &a.addr) &&
	    os_addr6_state(rec->ifindex, &a.addr, &state) == 0) {
		a.valid_sec = state.valid_sec;
		a.preferred_sec = state.preferred_sec;
		keep_addr(held, &a, os_clock_ms());
	} else {
		held6_journal_addr(pif, (enum slot6)rec->value, &a, 0);
	}
}

static void
adopt_route(struct pif *pif, const struct journal_record *rec)
{
	struct held6 *held = &pif->v6->held[rec->value];
	struct held_route6 h = { .metric = rec->metric };
	struct os_route6 os = { .ifindex = rec->ifindex,
		.metric = rec->metric };

	h.route.dst = rec->addr6;
	h.route.gateway = rec->gateway6;
	h.route.prefixlen = (uint8_t)rec->prefixlen;
	h.route.flags = (uint8_t)rec->value2;
	h.route.valid_sec = ROUTE_SEC;
	os.route = h.route;
	if (held->nroutes < CONFIG6_ROUTES_MAX && os_route6_ours(&os))
		held->routes[held->nroutes++] = h;
	else
		held6_journal_route(
		    pif, (enum slot6)rec->value, &h.route, h.metric, 0);
}

void
apply6_adopt(struct pif *pif)
{
	struct journal_entry *entry, *next;
	struct journal_record rec;
	unsigned int i;

	for (i = 0; i < SLOTS_MAX; i++)
		memset(&pif->v6->held[i], 0, sizeof(pif->v6->held[i]));
	/* _SAFE: what is gone leaves the list. */
	TAILQ_FOREACH_SAFE (entry, &parent.journal.live, entry, next) {
		rec = entry->rec;
		if (rec.ifindex != pif->info.ifindex || rec.value >= SLOTS_MAX)
			continue;
		if (rec.kind == JOURNAL_ADDR6)
			adopt_addr(pif, &rec);
		else if (rec.kind == JOURNAL_ROUTE6)
			adopt_route(pif, &rec);
	}
	if (pif->conf != NULL)
		pif->v6->preference = pif->conf->preference;
}

/* What is held, as a configuration with what is left of its lifetimes. */
static void
held_config(const struct held6 *held, struct config6 *config)
{
	const struct held_route6 *h;
	struct addr6 *a;
	struct route6 *r;
	uint16_t i;

	memset(config, 0, sizeof(*config));
	for (i = 0; i < held->naddrs; i++) {
		a = &config->addrs[config->naddrs];
		*a = held->addrs[i];
		a->valid_sec = held6_left(a->valid_sec, held->addrs_ms[i]);
		a->preferred_sec =
		    held6_left(a->preferred_sec, held->addrs_ms[i]);
		config->naddrs += a->valid_sec != 0;
	}
	for (i = 0; i < held->nroutes; i++) {
		h = &held->routes[i];
		r = &config->routes[config->nroutes];
		*r = h->route;
		r->valid_sec = held6_left(r->valid_sec, h->at_ms);
		config->nroutes += r->valid_sec != 0;
	}
}

void
apply6_review(struct pif *pif)
{
	struct held6 got;
	struct config6 config;
	unsigned int i;

	memset(&config, 0, sizeof(config));
	for (i = 0; i < SLOTS_MAX; i++)
		if (!is_on(pif, (enum slot6)i))
			(void)apply(pif, (enum slot6)i, &config);
	if (pif->v6->preference == pif->conf->preference)
		return;
	/* Every route has another metric now. */
	pif->v6->preference = pif->conf->preference;
	for (i = 0; i < SLOTS_MAX; i++) {
		held_config(&pif->v6->held[i], &config);
		got = pif->v6->held[i];
		got.nroutes = 0;
		(void)add_routes(pif, (enum slot6)i, &config, &got);
		remove_old(pif, (enum slot6)i, &got);
		pif->v6->held[i] = got;
	}
}

void
apply6_withdraw(struct pif *pif)
{
	struct config6 none;
	unsigned int i;
	int error = 0;

	if (pif->v6 == NULL)
		return;
	memset(&none, 0, sizeof(none));
	/* The link-local address last: the others' routers need it. */
	for (i = SLOTS_MAX; i > 0; i--)
		error |= apply(pif, (enum slot6)(i - 1), &none);
	knob6_restore_all(pif);
	if (error != 0)
		log_warnx(
		    "%s: not everything could be withdrawn", pif->info.name);
}

void
apply6_gone(struct pif *pif)
{
	struct os_route6 os = { .ifindex = pif->info.ifindex };
	const struct held_route6 *h;
	struct held6 *held;
	unsigned int i;
	uint16_t j;

	for (i = 0; i < SLOTS_MAX; i++) {
		held = &pif->v6->held[i];
		for (j = 0; j < held->naddrs; j++)
			held6_journal_addr(
			    pif, (enum slot6)i, &held->addrs[j], 0);
		for (j = 0; j < held->nroutes; j++) {
			h = &held->routes[j];
			os.metric = h->metric;
			os.route = h->route;
			if (held6_is_reject(&h->route))
				(void)os_route6_remove(&os);
			held6_journal_route(
			    pif, (enum slot6)i, &h->route, h->metric, 0);
		}
		memset(held, 0, sizeof(*held));
	}
	knob6_forget(pif);
}

void
apply6_absent(const struct journal_record *rec)
{
	struct os_route6 os = { .ifindex = rec->ifindex,
		.metric = rec->metric };

	/* A reject route is no interface's. */
	if (rec->kind != JOURNAL_ROUTE6 || !(rec->value2 & ROUTE6_REJECT))
		return;
	os.route.dst = rec->addr6;
	os.route.prefixlen = (uint8_t)rec->prefixlen;
	os.route.flags = ROUTE6_REJECT;
	(void)os_route6_remove(&os);
}

/* ---- what the kernel says ---- */

int
apply6_is_held(const struct pif *pif, const struct in6_addr *addr)
{
	unsigned int i;

	for (i = 0; pif->v6 != NULL && i < SLOTS_MAX; i++)
		if (held6_find_addr(&pif->v6->held[i], addr) != -1)
			return 1;
	return 0;
}

int
apply6_address(struct pif *pif, const struct state6 *state)
{
	struct held6 *held;
	unsigned int i;
	int at, ours = 0;

	for (i = 0; pif->v6 != NULL && i < SLOTS_MAX; i++) {
		held = &pif->v6->held[i];
		if ((at = held6_find_addr(held, &state->addr)) == -1)
			continue;
		ours = 1;
		/* A refresh while it was tentative has not been made. */
		held->addrs_ms[at] = 0;
		if (state->flags & STATE6_PRESENT)
			continue;
		held6_journal_addr(pif, (enum slot6)i, &held->addrs[at], 0);
		held->naddrs--;
		memmove(&held->addrs[at], &held->addrs[at + 1],
		    (size_t)(held->naddrs - at) * sizeof(held->addrs[0]));
		memmove(&held->addrs_ms[at], &held->addrs_ms[at + 1],
		    (size_t)(held->naddrs - at) * sizeof(held->addrs_ms[0]));
	}
	if (ours && !(state->flags & STATE6_PRESENT))
		manage6_shut_keyed(pif, &state->addr);
	return ours;
}

void
apply6_link_local(struct pif *pif, const struct state6 *state)
{
	struct held6 *held = &pif->v6->held[SLOT_LINK_LOCAL];
	struct addr6 a = { .addr = state->addr,
		.valid_sec = state->valid_sec,
		.preferred_sec = state->preferred_sec,
		.prefixlen = (uint8_t)state->prefixlen };

	if (held->naddrs == CONFIG6_ADDRS_MAX ||
	    !os_addr6_ours(pif->info.ifindex, &state->addr))
		return;
	keep_addr(held, &a, os_clock_ms());
	held6_journal_addr(pif, SLOT_LINK_LOCAL, &a, 1);
}

void
apply6_route_gone(struct pif *pif, const struct in6_addr *dst,
    uint8_t prefixlen, const struct in6_addr *gateway)
{
	struct held_route6 *h;
	unsigned int i;
	uint16_t j;

	for (i = 0; pif->v6 != NULL && i < SLOTS_MAX; i++)
		for (j = 0; j < pif->v6->held[i].nroutes; j++) {
			h = &pif->v6->held[i].routes[j];
			if (h->route.prefixlen != prefixlen ||
			    !IN6_ARE_ADDR_EQUAL(&h->route.dst, dst) ||
			    !IN6_ARE_ADDR_EQUAL(&h->route.gateway, gateway))
				continue;
			h->lost = 1;
			/* It may have come to its end by itself. */
			if (held6_left(h->route.valid_sec, h->at_ms) <=
			    HELD6_CLOSE_SEC)
				continue;
			if (!pif->v6->lost.lost)
				pif->v6->lost.lost_ms = os_clock_ms();
			pif->v6->lost.lost = 1;
		}
}

void
apply6_restore(struct pif *pif)
{
	struct os_route6 os = { .ifindex = pif->info.ifindex };
	struct held_route6 *h;
	unsigned int i;
	uint16_t j;

	if (pif->v6 == NULL || !pif->v6->lost.lost ||
	    !(pif->info.flags & IFACE_UP))
		return;
	if (!pif->downed &&
	    !apply_restore_allowed(
		pif, &pif->v6->lost, "IPv6 routes", "they are announced next"))
		return;
	pif->v6->lost.lost = 0;
	for (i = 0; i < SLOTS_MAX; i++)
		for (j = 0; j < pif->v6->held[i].nroutes; j++) {
			h = &pif->v6->held[i].routes[j];
			if (!h->lost)
				continue;
			os.metric = h->metric;
			os.route = h->route;
			os.route.valid_sec =
			    held6_left(h->route.valid_sec, h->at_ms);
			/* What fails comes with the next configuration. */
			if (os.route.valid_sec > HELD6_CLOSE_SEC &&
			    os_route6_add(&os) == 0)
				h->lost = 0;
		}
}

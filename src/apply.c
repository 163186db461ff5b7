/* SPDX-License-Identifier: ISC */
/*
 * What the engine asks for and policy.c allows is done here: addresses,
 * routes and MTU in the kernel, DNS by the helper, leases on disk.  The engine
 * names the whole configuration it wants; this file compares it with what is
 * held, so that nothing is touched that stays (on FreeBSD adding an address
 * again flushes its routes), and what is new is in before the old goes out.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "parent.h"

#define METRIC_STEP 1000 /* room for the interface index as a tie breaker */
/* ms, the link being up: `ip route flush` has to come to its end first */
#define RESTORE_DELAY 500
#define RESTORE_INTERVAL 60000

/*
 * preference orders interfaces; at equal preference the lower index wins, as
 * long as there are less than METRIC_STEP.
 */
uint32_t
apply_metric(const struct pif *pif)
{
	uint32_t preference = pif->conf != NULL ? pif->conf->preference : 100;

	return preference * METRIC_STEP + pif->info.ifindex % METRIC_STEP;
}

static const char *
text4(struct in_addr addr)
{
	static char text[4][INET_ADDRSTRLEN];
	static unsigned int next;

	next = (next + 1) % 4;
	return inet_ntop(AF_INET, &addr, text[next], sizeof(text[next]));
}

static int
same_addr(const struct addr4 *a, const struct addr4 *b)
{
	return a->addr.s_addr == b->addr.s_addr && a->prefixlen == b->prefixlen;
}

static int
same_route(const struct route4 *a, const struct route4 *b)
{
	return a->dst.s_addr == b->dst.s_addr && a->prefixlen == b->prefixlen &&
	    a->gateway.s_addr == b->gateway.s_addr;
}

static int
has_addr(const struct config4 *config, const struct addr4 *addr)
{
	uint16_t i;

	for (i = 0; i < config->naddrs; i++)
		if (same_addr(&config->addrs[i], addr))
			return 1;
	return 0;
}

static int
has_route(const struct config4 *config, const struct route4 *route)
{
	uint16_t i;

	for (i = 0; i < config->nroutes; i++)
		if (same_route(&config->routes[i], route))
			return 1;
	return 0;
}

static struct journal_record
record_new(const struct pif *pif, enum journal_kind kind)
{
	struct journal_record rec;

	memset(&rec, 0, sizeof(rec));
	rec.kind = kind;
	rec.ifindex = pif->info.ifindex;
	memcpy(rec.ifname, pif->info.name, sizeof(rec.ifname));
	return rec;
}

static struct journal_record
record_addr(const struct pif *pif, const struct addr4 *addr)
{
	struct journal_record rec = record_new(pif, JOURNAL_ADDR4);

	rec.addr = addr->addr;
	rec.gateway = addr->broadcast;
	rec.prefixlen = addr->prefixlen;
	return rec;
}

static struct journal_record
record_route(const struct pif *pif, const struct route4 *route, uint32_t metric)
{
	struct journal_record rec = record_new(pif, JOURNAL_ROUTE4);

	rec.addr = route->dst;
	rec.gateway = route->gateway;
	rec.prefixlen = route->prefixlen;
	rec.metric = metric;
	return rec;
}

/* The kernel's view of a route of this configuration. */
static struct os_route4
os_route(const struct pif *pif, const struct config4 *config,
    const struct route4 *route, uint32_t metric)
{
	struct os_route4 os;
	uint16_t i;

	memset(&os, 0, sizeof(os));
	os.ifindex = pif->info.ifindex;
	os.dst = route->dst;
	os.gateway = route->gateway;
	os.prefixlen = route->prefixlen;
	os.metric = metric;
	os.mtu = config->route_mtu;
	if (config->naddrs > 0)
		os.source = config->addrs[0].addr;
	/* A gateway that no prefix covers was named by an on-link route
	 * (policy_config4), which is in the kernel before this one. */
	os.onlink = 0;
	for (i = 0; i < config->nroutes; i++)
		if (route->gateway.s_addr != INADDR_ANY &&
		    config->routes[i].gateway.s_addr == INADDR_ANY)
			os.onlink = 1;
	return os;
}

static void
failed(const struct pif *pif, const char *what, struct in_addr addr,
    unsigned int prefixlen, int error, int *first)
{
	const char *why = os_error_text();

	if (manage_may_log())
		log_warnx("%s: cannot %s %s/%u: %s%s%s", pif->info.name, what,
		    text4(addr), prefixlen, strerror(error), why[0] ? ": " : "",
		    why);
	if (*first == 0)
		*first = error;
}

/*
 * Is it an address that the kernel has and we did not make: the
 * administrator's, or that of a client that ran before us?  It is used as it
 * is.  To configure it would give it our lifetime, and to take it back would
 * remove what is not ours, whatever the engine says.  The kernel's mark counts
 * too: a journal can be lost.
 */
static int
is_foreign(const struct pif *pif, const struct addr4 *addr)
{
	const struct prefix4 *p;
	size_t i;

	for (i = 0; i < parent.nprefixes; i++) {
		p = &parent.prefixes[i];
		if (p->ifindex == pif->info.ifindex &&
		    p->addr.s_addr == addr->addr.s_addr &&
		    !manage_is_journalled(pif, p->addr, p->prefixlen) &&
		    !os_addr4_marked(p->ifindex, p->addr, p->prefixlen))
			return 1;
	}
	return 0;
}

static int
add_addrs(struct pif *pif, const struct config4 *want)
{
	const struct addr4 *addr;
	struct journal_record rec;
	int error, first = 0;
	uint16_t i;

	for (i = 0; i < want->naddrs; i++) {
		addr = &want->addrs[i];
		if (has_addr(&pif->held, addr) &&
		    addr->valid_sec == LIFETIME_INFINITE &&
		    pif->metric == apply_metric(pif))
			continue;
		if (is_foreign(pif, addr)) {
			if (!has_addr(&pif->held, addr))
				log_info("%s: %s is there already and not "
					 "ours: used as it is",
				    pif->info.name, text4(addr->addr));
			continue;
		}
		rec = record_addr(pif, addr);
		if (journal_add(&parent.journal, &rec) != 0)
			log_debug("%s: journal", pif->info.name);
		error =
		    os_addr4_add(pif->info.ifindex, addr, apply_metric(pif));
		if (error != 0)
			failed(pif, "add address", addr->addr, addr->prefixlen,
			    error, &first);
	}
	return first;
}

/* Did something change that all our routes carry (MTU, metric, source)? */
static int
routes_changed(const struct pif *pif, const struct config4 *want)
{
	if (want->route_mtu != pif->held.route_mtu ||
	    pif->metric != apply_metric(pif))
		return 1;
	return want->naddrs > 0 && pif->held.naddrs > 0 &&
	    want->addrs[0].addr.s_addr != pif->held.addrs[0].addr.s_addr;
}

/* got, which is want without its routes, gets those that are in. */
static int
add_routes(struct pif *pif, const struct config4 *want, int onlink,
    struct config4 *got)
{
	int changed = routes_changed(pif, want), error, first = 0;
	const uint32_t metric = apply_metric(pif);
	const struct route4 *route;
	struct journal_record rec;
	struct os_route4 os;
	uint16_t i;

	for (i = 0; i < want->nroutes; i++) {
		route = &want->routes[i];
		if ((route->gateway.s_addr == INADDR_ANY) != onlink)
			continue;
		if (!changed && has_route(&pif->held, route)) {
			got->routes[got->nroutes++] = *route;
			continue;
		}
		rec = record_route(pif, route, metric);
		if (journal_add(&parent.journal, &rec) != 0)
			log_debug("%s: journal", pif->info.name);
		os = os_route(pif, want, route, metric);
		if ((error = os_route4_add(&os)) != 0)
			failed(pif, "add route", route->dst, route->prefixlen,
			    error, &first);
		else if (os_error_text()[0] != '\0')
			log_info("%s: route %s/%u: %s", pif->info.name,
			    text4(route->dst), route->prefixlen,
			    os_error_text());
		if (error == 0 ||
		    (has_route(&pif->held, route) && metric == pif->metric))
			got->routes[got->nroutes++] = *route;
		else
			journal_remove(&parent.journal, &rec);
	}
	return first;
}

/* What cannot be removed stays in the journal: the next start knows it. */
static void
remove_old(struct pif *pif, const struct config4 *want)
{
	const struct addr4 *addr;
	struct journal_record rec;
	struct os_route4 os;
	int error, first = 0;
	uint16_t i;

	for (i = 0; i < pif->held.nroutes; i++) {
		if (has_route(want, &pif->held.routes[i]) &&
		    pif->metric == apply_metric(pif))
			continue;
		os = os_route(
		    pif, &pif->held, &pif->held.routes[i], pif->metric);
		rec = record_route(pif, &pif->held.routes[i], pif->metric);
		if ((error = os_route4_remove(&os)) != 0)
			failed(pif, "remove route", os.dst, os.prefixlen, error,
			    &first);
		else
			journal_remove(&parent.journal, &rec);
	}
	for (i = 0; i < pif->held.naddrs; i++) {
		addr = &pif->held.addrs[i];
		if (has_addr(want, addr) || is_foreign(pif, addr))
			continue;
		rec = record_addr(pif, addr);
		error = os_addr4_remove(pif->info.ifindex, addr);
		if (error != 0)
			failed(pif, "remove address", addr->addr,
			    addr->prefixlen, error, &first);
		/* What the kernel says of it comes later. */
		manage_prefix_gone(
		    pif->info.ifindex, addr->addr, addr->prefixlen);
		if (error == 0)
			journal_remove(&parent.journal, &rec);
	}
}

/* if_mtu 0: the value found before ours comes back. */
static int
set_mtu(struct pif *pif, uint16_t mtu)
{
	struct journal_record rec = record_new(pif, JOURNAL_MTU);
	struct journal_entry *found = journal_find(&parent.journal, &rec);
	uint32_t target = mtu;
	int error;

	if (mtu == 0 && found == NULL)
		return 0;
	if (mtu == 0)
		target = found->rec.value;
	if (found == NULL && target != pif->info.mtu) {
		rec.value = pif->info.mtu;
		rec.value2 = target;
		if (journal_add(&parent.journal, &rec) != 0)
			log_debug("%s: journal", pif->info.name);
	}
	if (target == pif->info.mtu)
		error = 0;
	else if ((error = os_mtu_set(pif->info.ifindex, target)) == 0)
		pif->info.mtu = target;
	else if (error == ENODEV && mtu == 0)
		error = 0; /* with its interface */
	else
		log_warnx("%s: cannot set MTU %u: %s", pif->info.name, target,
		    strerror(error));
	if (mtu == 0)
		journal_remove(&parent.journal, &rec);
	return error;
}

/* Host routes to routers outside the prefix come first. */
static int
add_all_routes(struct pif *pif, const struct config4 *want, struct config4 *got)
{
	int error, e;

	*got = *want;
	got->nroutes = 0;
	error = add_routes(pif, want, 1, got);
	e = add_routes(pif, want, 0, got);
	return error != 0 ? error : e;
}

static int
apply(struct pif *pif, const struct config4 *want)
{
	struct config4 got;
	int error, e;

	error = set_mtu(pif, want->if_mtu);
	if ((e = add_addrs(pif, want)) != 0)
		error = e;
	if ((e = add_all_routes(pif, want, &got)) != 0)
		error = e;
	remove_old(pif, want);
	pif->held = got;
	pif->metric = apply_metric(pif);
	pif->wanted = *want;
	pif->wanted_ms = os_clock_ms();
	if (error == 0)
		pif->lost.lost = 0;
	return error;
}

/* EACCES is what the engine takes for the policy's word, after which it gives
 * up; the kernel says it of an interface where IPv6 is off for a moment. */
uint32_t
apply_kernel_error(int error)
{
	return (uint32_t)(error == EACCES ? EPERM : error);
}

/* Single routes that are refused do not keep the rest from being used. */
static void
prune(struct pif *pif, const struct policy_ctx *ctx, struct config4 *config)
{
	enum refusal refusal;
	struct route4 route;
	char what[64];

	while ((refusal = policy_prune4(ctx, config, &route)) != REFUSE_NOT) {
		snprintf(what, sizeof(what), "route %s/%u via %s",
		    text4(route.dst), route.prefixlen, text4(route.gateway));
		manage_refused(pif, ctx->ifindex, refusal, what);
	}
}

void
apply_configure4(const struct ipc_configure4 *msg)
{
	struct config4 config = msg->config;
	struct pif *pif = pif_find(msg->ifindex);
	struct ipc_configured4 answer = { .ifindex = msg->ifindex,
		.serial = msg->config.serial };
	struct policy_ctx ctx = { .ifindex = msg->ifindex,
		.prefixes = parent.prefixes,
		.nprefixes = parent.nprefixes };
	enum refusal refusal = REFUSE_NOT;

	if (pif == NULL || pif->conf == NULL)
		refusal = REFUSE_UNMANAGED;
	if (refusal == REFUSE_NOT)
		refusal = policy_rate(&pif->bucket, os_clock_ms());
	if (refusal == REFUSE_NOT) {
		ctx.max_mtu = pif->info.max_mtu;
		ctx.link_local = pif->conf->link_local;
		ctx.off = pif->conf->dhcp4 == CONF_NO && !ctx.link_local;
		prune(pif, &ctx, &config);
		refusal = policy_config4(&ctx, &config);
	}
	if (refusal != REFUSE_NOT) {
		manage_refused(pif, msg->ifindex, refusal, "configuration");
		answer.error = EACCES;
	} else {
		answer.error = apply_kernel_error(apply(pif, &config));
	}
	TO_ENGINE_MSG(MSG_CONFIGURED4, answer);
}

/* The kernel dropped a route of ours, or somebody removed it. */
void
apply_route_gone(struct pif *pif, struct in_addr dst, uint8_t prefixlen,
    struct in_addr gateway)
{
	struct journal_record rec;
	struct route4 *route;
	uint16_t i;

	for (i = 0; i < pif->held.nroutes; i++) {
		route = &pif->held.routes[i];
		if (route->dst.s_addr != dst.s_addr ||
		    route->prefixlen != prefixlen ||
		    route->gateway.s_addr != gateway.s_addr)
			continue;
		rec = record_route(pif, route, pif->metric);
		journal_remove(&parent.journal, &rec);
		*route = pif->held.routes[--pif->held.nroutes];
		if (!pif->lost.lost)
			pif->lost.lost_ms = os_clock_ms();
		pif->lost.lost = 1;
		return;
	}
}

int
apply_addr_gone(struct pif *pif, struct in_addr addr, uint8_t prefixlen)
{
	struct journal_record rec;
	struct addr4 *held;
	uint16_t i;

	for (i = 0; i < pif->held.naddrs; i++) {
		held = &pif->held.addrs[i];
		if (held->addr.s_addr != addr.s_addr ||
		    held->prefixlen != prefixlen)
			continue;
		rec = record_addr(pif, held);
		journal_remove(&parent.journal, &rec);
		memmove(held, held + 1,
		    (size_t)(--pif->held.naddrs - i) * sizeof(*held));
		return 1;
	}
	return 0;
}

/* With the lifetimes that are left; 0: one of the addresses is gone, or was
 * adopted, so that the engine will ask for everything anew. */
static int
left_of(const struct pif *pif, struct config4 *want)
{
	uint64_t elapsed_sec = (os_clock_ms() - pif->wanted_ms) / 1000;
	struct addr4 *addr;
	uint16_t i;

	*want = pif->wanted;
	for (i = 0; i < want->naddrs; i++) {
		addr = &want->addrs[i];
		if (!has_addr(&pif->held, addr))
			return 0;
		if (addr->valid_sec == LIFETIME_INFINITE)
			continue;
		if (addr->valid_sec <= elapsed_sec)
			return 0;
		addr->valid_sec -= (uint32_t)elapsed_sec;
	}
	return want->naddrs > 0;
}

/*
 * Its administrator may mean it.  They are put back once, but there is no
 * fight.
 */
int
apply_restore_allowed(const struct pif *pif, struct lost_routes *lost,
    const char *what, const char *until)
{
	const struct timeval tv = { .tv_usec = RESTORE_DELAY * 1000 };
	uint64_t now = os_clock_ms();
	static struct event later;

	if (now - lost->lost_ms < RESTORE_DELAY) {
		if (!event_initialized(&later) &&
		    evtimer_assign(&later, parent.base, manage_wakeup, NULL) ==
			-1)
			fatalx("timer");
		if (event_add(&later, &tv) == -1)
			fatalx("timer");
		return 0;
	}
	lost->lost = 0;
	if (lost->restored_ms != 0 &&
	    now - lost->restored_ms < RESTORE_INTERVAL) {
		log_warnx("%s: %s were removed again, left so until %s",
		    pif->info.name, what, until);
		return 0;
	}
	lost->restored_ms = now;
	log_warnx("%s: %s were removed by somebody else, put back",
	    pif->info.name, what);
	return 1;
}

/*
 * A link that is set down loses its routes, and its administrator expects them
 * back when it is up.
 */
void
apply_restore(struct pif *pif)
{
	struct config4 want, got;
	int downed = pif->downed, error, first = 0;
	uint16_t i;

	if (!(pif->info.flags & IFACE_UP))
		return;
	pif->downed = 0;
	if (!pif->lost.lost)
		return;
	if (!left_of(pif, &want)) {
		pif->lost.lost = 0;
		return;
	}
	if (!downed &&
	    !apply_restore_allowed(
		pif, &pif->lost, "routes", "the next renewal"))
		return;
	pif->lost.lost = 0;
	/* The prefix routes of the addresses may be gone, too. */
	for (i = 0; i < want.naddrs; i++) {
		if (is_foreign(pif, &want.addrs[i]))
			continue;
		error = os_addr4_add(
		    pif->info.ifindex, &want.addrs[i], apply_metric(pif));
		if (error != 0)
			failed(pif, "add address", want.addrs[i].addr,
			    want.addrs[i].prefixlen, error, &first);
	}
	/* What fails is tried again with the next configuration. */
	(void)add_all_routes(pif, &want, &got);
	pif->held = got;
}

/* With the name by which it was told before, whatever the interface's is. */
static struct journal_record
dns_record(const struct pif *pif, uint32_t protocol)
{
	struct journal_record rec = record_new(pif, JOURNAL_DNS);
	struct journal_entry *e;

	rec.value = protocol;
	if ((e = journal_find(&parent.journal, &rec)) != NULL)
		memcpy(rec.ifname, e->rec.ifname, sizeof(rec.ifname));
	return rec;
}

/* dns NULL: withdrawn.  Before the journal forgets it. */
static void
tell_helper(struct pif *pif, uint32_t protocol, const struct dns_set *dns)
{
	const struct journal_record rec = dns_record(pif, protocol);
	struct ipc_resolve resolve;

	memset(&resolve, 0, sizeof(resolve));
	resolve.ifindex = pif->info.ifindex;
	resolve.protocol = protocol;
	if (pif->conf != NULL)
		resolve.preference = pif->conf->preference;
	resolve.adopted = (uint32_t)pif->adopted_dns[protocol];
	pif->adopted_dns[protocol] = 0;
	memcpy(resolve.ifname, rec.ifname, sizeof(resolve.ifname));
	if (dns != NULL)
		resolve.dns = *dns;
	TO_HELPER_MSG(MSG_RESOLVE, resolve);
}

/* The interface is let go, or the daemon withdraws everything. */
void
apply_withdraw(struct pif *pif)
{
	struct journal_record rec;
	struct config4 none;
	uint32_t i;

	memset(&none, 0, sizeof(none));
	if (apply(pif, &none) != 0)
		log_warnx(
		    "%s: not everything could be withdrawn", pif->info.name);
	for (i = 0; i < PROTO_MAX; i++) {
		if (!pif->has_dns[i])
			continue;
		rec = dns_record(pif, i);
		tell_helper(pif, i, NULL);
		pif->has_dns[i] = 0;
		journal_remove(&parent.journal, &rec);
	}
}

/*
 * Another preference means another metric, for what is held and what the
 * engine does not know to have changed.
 */
void
apply_review(struct pif *pif)
{
	struct config4 want;

	if (pif->metric != apply_metric(pif) && left_of(pif, &want))
		(void)apply(pif, &want);
}

/* What is held has one metric: the first found.  A route with another was
 * left behind when the daemon was killed between the two. */
static int
adopt_metric(struct pif *pif, const struct os_route4 *os)
{
	if (pif->held.nroutes == 0)
		pif->metric = os->metric;
	if (os->metric == pif->metric)
		return 1;
	(void)os_route4_remove(os);
	return 0;
}

/*
 * At start: of what the journal says is ours on this interface, keep what the
 * kernel still has; the engine is told so that the lease is confirmed without
 * a gap.
 */
void
apply_adopt(struct pif *pif)
{
	struct journal_entry *entry, *next;
	struct journal_record *rec;
	struct os_route4 os;
	struct addr4 *addr;
	struct route4 *route;

	pif->metric = apply_metric(pif);
	/* _SAFE: what is gone leaves the list. */
	TAILQ_FOREACH_SAFE (entry, &parent.journal.live, entry, next) {
		rec = &entry->rec;
		if (rec->ifindex != pif->info.ifindex)
			continue;
		memset(&os, 0, sizeof(os));
		os.ifindex = rec->ifindex;
		os.dst = rec->addr;
		os.gateway = rec->gateway;
		os.prefixlen = (uint8_t)rec->prefixlen;
		os.metric = rec->metric;
		if (rec->kind == JOURNAL_ADDR4 &&
		    pif->held.naddrs < CONFIG4_ADDRS_MAX &&
		    os_addr4_ours(
			rec->ifindex, rec->addr, (uint8_t)rec->prefixlen)) {
			addr = &pif->held.addrs[pif->held.naddrs++];
			addr->addr = rec->addr;
			addr->broadcast = rec->gateway;
			addr->prefixlen = (uint8_t)rec->prefixlen;
		} else if (rec->kind == JOURNAL_ROUTE4 &&
		    adopt_metric(pif, &os) &&
		    pif->held.nroutes < CONFIG4_ROUTES_MAX &&
		    os_route4_ours(&os)) {
			route = &pif->held.routes[pif->held.nroutes++];
			route->dst = rec->addr;
			route->gateway = rec->gateway;
			route->prefixlen = (uint8_t)rec->prefixlen;
		} else if (rec->kind == JOURNAL_ADDR4 ||
		    rec->kind == JOURNAL_ROUTE4) {
			struct journal_record gone = *rec;

			journal_remove(&parent.journal, &gone);
		} else if (rec->kind == JOURNAL_DNS && rec->value < PROTO_MAX) {
			pif->has_dns[rec->value] = 1;
			pif->adopted_dns[rec->value] =
			    rec->value2 == RESOLV_AUTO;
		}
	}
	pif->wanted = pif->held;
	pif->wanted_ms = os_clock_ms();
}

void
apply_abandon(struct pif *pif)
{
	const struct journal_entry *e;

	TAILQ_FOREACH (e, &parent.journal.live, entry)
		if (e->rec.ifindex == pif->info.ifindex &&
		    e->rec.kind < JOURNAL_ADDR6 &&
		    e->rec.kind != JOURNAL_START &&
		    e->rec.kind != JOURNAL_LINK_UP)
			break;
	if (e == NULL)
		return;
	apply_adopt(pif);
	apply_withdraw(pif);
}

void
apply_absent(const struct journal_record *rec)
{
	struct ipc_resolve resolve;

	if (rec->kind != JOURNAL_DNS || rec->value >= PROTO_MAX)
		return;
	memset(&resolve, 0, sizeof(resolve));
	resolve.ifindex = rec->ifindex;
	resolve.protocol = rec->value;
	resolve.adopted = rec->value2 == RESOLV_AUTO;
	memcpy(resolve.ifname, rec->ifname, sizeof(resolve.ifname));
	TO_HELPER_MSG(MSG_RESOLVE, resolve);
}

void
apply_dns(const struct ipc_dns *msg)
{
	struct pif *pif = pif_find(msg->ifindex);
	enum refusal refusal = REFUSE_NOT;
	struct journal_record rec;
	int some;

	if (pif == NULL || pif->conf == NULL)
		refusal = REFUSE_UNMANAGED;
	else
		refusal = policy_rate(&pif->bucket, os_clock_ms());
	some = msg->dns.nservers > 0 || msg->dns.nsearch > 0;
	if (refusal == REFUSE_NOT)
		refusal = policy_protocol(pif->conf, msg->protocol);
	if (refusal == REFUSE_PROTOCOL && !some)
		refusal = REFUSE_NOT;
	if (refusal == REFUSE_NOT)
		refusal = policy_dns(&msg->dns);
	if (refusal != REFUSE_NOT) {
		manage_refused(pif, msg->ifindex, refusal, "DNS");
		return;
	}
	if (!some && !pif->has_dns[msg->protocol])
		return;
	tell_helper(pif, msg->protocol, &msg->dns);
	rec = dns_record(pif, msg->protocol);
	rec.value2 = (uint32_t)parent.conf->resolv;
	journal_remove(&parent.journal, &rec); /* another resolv-conf's */
	if (some && parent.conf->resolv != RESOLV_NO)
		journal_add(&parent.journal, &rec);
	pif->has_dns[msg->protocol] = some;
}

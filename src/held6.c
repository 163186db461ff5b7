/* SPDX-License-Identifier: ISC */
/*
 * What the kernel has from us for IPv6: looking things up, what is left of
 * lifetimes, and the journal.
 */

#include <errno.h>
#include <string.h>

#include "log.h"
#include "parent6.h"

int
held6_is_reject(const struct route6 *r)
{
	return (r->flags & ROUTE6_REJECT) != 0;
}

int
held6_same_dst(const struct route6 *a, const struct route6 *b)
{
	return a->prefixlen == b->prefixlen &&
	    IN6_ARE_ADDR_EQUAL(&a->dst, &b->dst);
}

static int
same_route(const struct route6 *a, uint32_t ametric, const struct route6 *b,
    uint32_t bmetric)
{
	return held6_same_dst(a, b) &&
	    held6_is_reject(a) == held6_is_reject(b) && ametric == bmetric &&
	    IN6_ARE_ADDR_EQUAL(&a->gateway, &b->gateway);
}

int
held6_find_addr(const struct held6 *held, const struct in6_addr *addr)
{
	uint16_t i;

	for (i = 0; i < held->naddrs; i++)
		if (IN6_ARE_ADDR_EQUAL(&held->addrs[i].addr, addr))
			return i;
	return -1;
}

struct held_route6 *
held6_find_route(
    struct held6 *held, const struct route6 *route, uint32_t metric)
{
	uint16_t i;

	for (i = 0; i < held->nroutes; i++)
		if (same_route(&held->routes[i].route, held->routes[i].metric,
			route, metric))
			return &held->routes[i];
	return NULL;
}

/* What is left of a span that began at at_ms; 0: nobody knows when. */
uint32_t
held6_left(uint32_t sec, uint64_t at_ms)
{
	uint64_t elapsed = (os_clock_ms() - at_ms) / 1000;

	if (sec == LIFETIME_INFINITE || at_ms == 0)
		return sec;
	return elapsed >= sec ? 0 : sec - (uint32_t)elapsed;
}

int
held6_is_close(uint32_t left, uint32_t want)
{
	if (left == LIFETIME_INFINITE || want == LIFETIME_INFINITE ||
	    left == 0 || want == 0)
		return left == want;
	return left + HELD6_CLOSE_SEC >= want && want + HELD6_CLOSE_SEC >= left;
}

/* ---- journal ---- */

static struct journal_record
record_new(const struct pif *pif, enum journal_kind kind, enum slot6 slot)
{
	struct journal_record rec;

	memset(&rec, 0, sizeof(rec));
	rec.kind = kind;
	rec.ifindex = pif->info.ifindex;
	memcpy(rec.ifname, pif->info.name, sizeof(rec.ifname));
	rec.value = slot;
	return rec;
}

int
held6_record(const struct journal_record *rec)
{
	int error = journal_add(&parent.journal, rec);

	if (error == ENOMEM || error == ENOBUFS)
		return error;
	if (error != 0)
		log_debug("%s: journal: %s", rec->ifname, strerror(error));
	return 0;
}

static int
change(const struct journal_record *rec, int add)
{
	int error;

	if (add)
		return held6_record(rec);
	if ((error = journal_remove(&parent.journal, rec)) != 0)
		log_debug("%s: journal: %s", rec->ifname, strerror(error));
	return 0;
}

int
held6_journal_addr(
    const struct pif *pif, enum slot6 slot, const struct addr6 *a, int add)
{
	struct journal_record rec = record_new(pif, JOURNAL_ADDR6, slot);

	rec.addr6 = a->addr;
	rec.prefixlen = a->prefixlen;
	rec.value2 = a->flags;
	return change(&rec, add);
}

int
held6_journal_route(const struct pif *pif, enum slot6 slot,
    const struct route6 *r, uint32_t metric, int add)
{
	struct journal_record rec = record_new(pif, JOURNAL_ROUTE6, slot);

	rec.addr6 = r->dst;
	rec.gateway6 = r->gateway;
	rec.prefixlen = r->prefixlen;
	rec.metric = metric;
	rec.value2 = r->flags;
	return change(&rec, add);
}

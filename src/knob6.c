/* SPDX-License-Identifier: ISC */
/*
 * The kernel's own handling of router advertisements, and what it takes from
 * them (S-03, S-11, S-12): set by us, and put back as it was found.  The value
 * found is in the journal before it is changed, so that it survives us: with
 * each value that we set, the new record before the old one goes.
 */

#include <errno.h>
#include <string.h>

#include "log.h"
#include "parent6.h"

static const char *const names[KNOB_MAX] = {
	[KNOB_ACCEPT_RA] = "the kernel's own router discovery",
	[KNOB_AUTOCONF] = "the kernel's own address configuration",
	[KNOB_TEMPADDR] = "the kernel's own temporary addresses",
	[KNOB_OPTIMISTIC] = "optimistic duplicate address detection",
	[KNOB_DISABLED] = "IPv6 being off",
	[KNOB_MTU] = "IPv6 MTU",
	[KNOB_HOP_LIMIT] = "hop limit",
	[KNOB_REACHABLE_MS] = "reachable time",
	[KNOB_RETRANS_MS] = "retransmission timer",
	[KNOB_LINKDOWN] = "the use of IPv6 routes without carrier",
	[KNOB_LINKDOWN4] = "the use of IPv4 routes without carrier",
};

static struct journal_record
record(const struct pif *pif, enum os_ipv6_knob knob)
{
	struct journal_record rec;

	memset(&rec, 0, sizeof(rec));
	rec.kind = JOURNAL_KNOB;
	rec.ifindex = pif->info.ifindex;
	memcpy(rec.ifname, pif->info.name, sizeof(rec.ifname));
	rec.value = knob;
	return rec;
}

/* Said once, not with each router advertisement. */
static int
failed(struct pif *pif, enum os_ipv6_knob knob, int error)
{
	uint32_t bit = 1U << knob;

	if (error == 0)
		pif->v6->knobs_failed &= ~bit;
	else if (!(pif->v6->knobs_failed & bit)) {
		pif->v6->knobs_failed |= bit;
		log_warnx("%s: cannot change %s: %s", pif->info.name,
		    names[knob], strerror(error));
	}
	return error;
}

static int
is_of(const struct journal_record *rec, const struct pif *pif,
    enum os_ipv6_knob knob)
{
	return rec->kind == JOURNAL_KNOB && rec->ifindex == pif->info.ifindex &&
	    rec->value == knob;
}

/* The value that was there before any of ours, or that is there now. */
static uint32_t
found_first(const struct pif *pif, enum os_ipv6_knob knob, uint32_t now)
{
	const struct journal_entry *e;

	TAILQ_FOREACH (e, &parent.journal.live, entry)
		if (is_of(&e->rec, pif, knob))
			return e->rec.value2;
	return now;
}

/* The records of other values that were set. */
static void
forget_but(struct pif *pif, enum os_ipv6_knob knob, uint32_t value)
{
	struct journal_entry *e, *next;

	/* _SAFE: it leaves the list. */
	TAILQ_FOREACH_SAFE (e, &parent.journal.live, entry, next)
		if (is_of(&e->rec, pif, knob) && e->rec.metric != value)
			journal_remove(&parent.journal, &e->rec);
}

int
knob6_set(struct pif *pif, enum os_ipv6_knob knob, uint32_t value)
{
	struct journal_record rec = record(pif, knob);
	int known, error;
	uint32_t now;

	error = os_ipv6_get(&pif->info, knob, &now);
	if (error == ENOTSUP)
		return 0;
	if (error != 0)
		return failed(pif, knob, error);
	if (now == value)
		return 0;
	rec.value2 = found_first(pif, knob, now);
	rec.metric = value;
	known = journal_find(&parent.journal, &rec) != NULL;
	if ((error = held6_record(&rec)) != 0)
		return failed(pif, knob, error);
	error = os_ipv6_set(&pif->info, knob, value);
	if (error == 0)
		forget_but(pif, knob, value);
	else if (!known)
		journal_remove(&parent.journal, &rec);
	return error == ENOTSUP ? 0 : failed(pif, knob, error);
}

void
knob6_restore(struct pif *pif, enum os_ipv6_knob knob)
{
	struct journal_entry *e, *next;
	uint32_t now;
	int error;

	/* _SAFE: it leaves the list. */
	TAILQ_FOREACH_SAFE (e, &parent.journal.live, entry, next) {
		if (!is_of(&e->rec, pif, knob))
			continue;
		error = os_ipv6_get(&pif->info, knob, &now);
		/* Else an administrator wants something else by now. */
		if (error == 0 && now == e->rec.metric)
			error = os_ipv6_set(&pif->info, knob, e->rec.value2);
		/* It bears another name by now, of which we have not heard,
		 * or is gone. */
		if (error == ENOTSUP || error == ENXIO)
			continue;
		/* Else another time, perhaps by the next start. */
		if (failed(pif, knob, error) == 0)
			journal_remove(&parent.journal, &e->rec);
	}
}

void
knob6_restore_all(struct pif *pif)
{
	unsigned int knob;

	for (knob = 0; knob < KNOB_MAX; knob++)
		knob6_restore(pif, (enum os_ipv6_knob)knob);
}

void
knob6_forget(struct pif *pif)
{
	struct journal_entry *e, *next;

	/* It may be there again under its index and name, and what we set
	 * before we heard of that is its own. */
	knob6_restore_all(pif);
	/* _SAFE: it leaves the list. */
	TAILQ_FOREACH_SAFE (e, &parent.journal.live, entry, next)
		if (e->rec.kind == JOURNAL_KNOB &&
		    e->rec.ifindex == pif->info.ifindex)
			journal_remove(&parent.journal, &e->rec);
}

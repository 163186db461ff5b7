/* SPDX-License-Identifier: ISC */
/*
 * The kernel's own handling of router advertisements, and what it takes from
 * them (S-03, S-11, S-12): set by us, and put back as it was found.  The value
 * found is in the journal before it is changed, so that it survives us.
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

int
knob6_set(struct pif *pif, enum os_ipv6_knob knob, uint32_t value)
{
	struct journal_record rec = record(pif, knob);
	struct journal_entry *found;
	uint32_t now;
	int error = os_ipv6_get(&pif->info, knob, &now);

	if (error == ENOTSUP)
		return 0;
	if (error != 0)
		return failed(pif, knob, error);
	if (now == value)
		return 0;
	/* The value found first stays; what we set last is known, too. */
	if ((found = journal_find(&parent.journal, &rec)) != NULL) {
		rec = found->rec;
		journal_remove(&parent.journal, &rec);
	} else {
		rec.value2 = now;
	}
	rec.metric = value;
	if (journal_add(&parent.journal, &rec) != 0)
		log_debug("%s: journal", pif->info.name);
	error = os_ipv6_set(&pif->info, knob, value);
	if (error != 0 && found == NULL)
		journal_remove(&parent.journal, &rec);
	return error == ENOTSUP ? 0 : failed(pif, knob, error);
}

void
knob6_restore(struct pif *pif, enum os_ipv6_knob knob)
{
	struct journal_record rec = record(pif, knob);
	struct journal_entry *found = journal_find(&parent.journal, &rec);
	uint32_t now;
	int error;

	if (found == NULL)
		return;
	rec = found->rec;
	error = os_ipv6_get(&pif->info, knob, &now);
	/* Else an administrator wants something else by now. */
	if (error == 0 && now == rec.metric)
		error = os_ipv6_set(&pif->info, knob, rec.value2);
	failed(pif, knob, error);
	journal_remove(&parent.journal, &rec);
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
	struct journal_record rec;
	unsigned int knob;

	for (knob = 0; knob < KNOB_MAX; knob++) {
		rec = record(pif, (enum os_ipv6_knob)knob);
		journal_remove(&parent.journal, &rec);
	}
}

/* SPDX-License-Identifier: ISC */
/*
 * When the DHCPv4 machine has the link-local one run (AC-04): there is no
 * lease and no server makes an OFFER.  DHCP goes on meanwhile, and a lease
 * takes the place of the address (RFC 3927 1.9, 2.11).
 */

#include <errno.h>
#include <string.h>

#include "dhcp4_priv.h"

/* After a DECLINE or a delayed start nothing has been asked yet, so nobody can
 * have failed to answer. */
static int
wanted(const struct dhcp4 *d)
{
	if (!d->conf.link_local || d->conf.dhcp4 != CONF_YES || d->released ||
	    d->has_lease || d->state == D4_V6ONLY)
		return 0;
	return d->state != D4_INIT || d->linklocal.state != LL4_OFF;
}

void
d4_linklocal(struct dhcp4 *d, uint64_t now)
{
	struct linklocal4 *ll = &d->linklocal;

	if (!d->started)
		return;
	if (!wanted(d) &&
	    (ll->state != LL4_OFF || ll->in_use.s_addr != INADDR_ANY))
		linklocal4_stop(ll, now);
	else if (wanted(d) && d4_can_speak(d))
		linklocal4_start(ll, d->iface.hwaddr, now);
	else if (!d4_can_speak(d))
		linklocal4_suspend(ll, now);
	if (!d->has_lease && ll->in_use.s_addr != d->linklocal_sent.s_addr)
		d4_apply(d, now);
}

void
d4_linklocal_configured(struct dhcp4 *d, int error, uint64_t now)
{
	if (d->linklocal_sent.s_addr == INADDR_ANY)
		return;
	d->linklocal_configured = error == 0;
	if (error == 0)
		return;
	LOG(d, LOG_WARNING, "link-local address not configured: %s",
	    error == EACCES ? "refused by policy" : strerror(error));
	linklocal4_refused(&d->linklocal, now);
	d4_update_deadline(d, now);
}

/* SPDX-License-Identifier: ISC */
/*
 * Lease files: typed structs of the engine, checked, and written as text after
 * the turn's kernel changes, for fsync must not delay those (Y-07).  At most
 * one file a turn and each at most once a second; the newest lease wins.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "leasefile.h"
#include "log.h"
#include "os/os.h"
#include "parent.h"
#include "policy.h"
#include "proto/lease.h"
#include "proto/lease_dhcp6.h"
#include "proto/lease_slaac.h"

#define WRITE_INTERVAL 1000 /* ms between writes of one lease file */

static const char *const names[PROTO_MAX] = {
	[PROTO_DHCP4] = "dhcp4",
	[PROTO_SLAAC] = "slaac",
	[PROTO_DHCP6] = "dhcp6",
};

struct stored {
	uint32_t ifindex;
	enum protocol protocol;
	enum refusal refusal;
	const void *lease;
	size_t size;
	const uint8_t *network_id; /* NETWORK_ID_MAX bytes, where it is of */
	uint8_t network_id_len;
};

static void
keep(const struct stored *s)
{
	struct pif *pif = pif_find(s->ifindex);
	enum refusal refusal = s->refusal;
	void **pending;

	if (pif == NULL || pif->conf == NULL)
		refusal = REFUSE_UNMANAGED;
	else if (refusal == REFUSE_NOT)
		refusal = policy_rate(&pif->bucket, os_clock_ms());
	if (refusal != REFUSE_NOT) {
		manage_refused(pif, s->ifindex, refusal, "lease");
		return;
	}
	/* What the engine sent before it heard of another network would take
	 * the place of that one's lease. */
	if (s->network_id_len != pif->info.network_id_len ||
	    memcmp(s->network_id, pif->info.network_id, NETWORK_ID_MAX) != 0)
		return;
	pending = &pif->pending[s->protocol];
	if (*pending == NULL && (*pending = malloc(s->size)) == NULL) {
		log_warn("%s: %s: lease not written", pif->info.name,
		    names[s->protocol]);
		return;
	}
	memcpy(*pending, s->lease, s->size);
}

void
store_lease4(const struct ipc_store4 *msg)
{
	const struct lease4 *l = &msg->lease;
	const struct stored s = { msg->ifindex, PROTO_DHCP4, policy_lease4(l),
		l, sizeof(*l), l->network_id, l->network_id_len };

	keep(&s);
}

/* What these two hold is checked by who formats it, value by value. */
void
store_slaac(const struct ipc_store_slaac *msg)
{
	const struct slaac_info *info = &msg->info;
	const struct stored s = { msg->ifindex, PROTO_SLAAC, REFUSE_NOT, info,
		sizeof(*info), info->network_id, info->network_id_len };

	keep(&s);
}

void
store_dhcp6(const struct ipc_store_dhcp6 *msg)
{
	const struct dhcp6_lease *l = &msg->lease;
	const struct stored s = { msg->ifindex, PROTO_DHCP6, REFUSE_NOT, l,
		sizeof(*l), l->network_id, l->network_id_len };

	keep(&s);
}

void
store_drop(struct pif *pif)
{
	unsigned int p;

	for (p = 0; p < PROTO_MAX; p++) {
		free(pif->pending[p]);
		pif->pending[p] = NULL;
	}
}

static size_t
format(enum protocol protocol, const void *lease, char *text, size_t size)
{
	uint64_t wall = (uint64_t)time(NULL);

	switch (protocol) {
	case PROTO_DHCP4:
		return lease4_format(lease, wall, text, size);
	case PROTO_SLAAC:
		return lease_slaac_format(lease, wall, text, size);
	case PROTO_DHCP6:
		return lease_dhcp6_format(lease, wall, text, size);
	default:
		return 0;
	}
}

static void
write_lease(struct pif *pif, enum protocol protocol)
{
	static char text[IPC_LEASE_FILE_MAX];
	size_t len =
	    format(protocol, pif->pending[protocol], text, sizeof(text));
	int error;

	if (len == 0)
		log_warnx("%s: %s: lease is not valid, or too long to be kept",
		    pif->info.name, names[protocol]);
	else if ((error = leasefile_write(parent.statedir, pif->info.name,
		      protocol, pif->info.network_id, pif->info.network_id_len,
		      text, len)) != 0)
		log_warnx("%s: %s: lease file not written: %s", pif->info.name,
		    names[protocol], strerror(error));
	free(pif->pending[protocol]);
	pif->pending[protocol] = NULL;
	pif->written_ms[protocol] = os_clock_ms();
}

/* ms until the file may be written. */
static int
due_in(const struct pif *pif, enum protocol protocol, uint64_t now)
{
	uint64_t due = pif->written_ms[protocol] + WRITE_INTERVAL;

	if (pif->written_ms[protocol] == 0 || due <= now)
		return 0;
	return (int)(due - now);
}

int
store_write(void)
{
	uint64_t now = os_clock_ms();
	int wrote = 0, wait = -1, left;
	struct pif *pif;
	unsigned int p;

	TAILQ_FOREACH (pif, &parent.ifaces, entry) {
		for (p = 0; p < PROTO_MAX; p++) {
			if (pif->pending[p] == NULL)
				continue;
			left = due_in(pif, p, now);
			if (left == 0 && !wrote) {
				write_lease(pif, p);
				wrote = 1;
				continue;
			}
			if (wait == -1 || left < wait)
				wait = left;
		}
	}
	return wait;
}

void
store_flush_of(struct pif *pif)
{
	unsigned int p;

	for (p = 0; p < PROTO_MAX; p++)
		if (pif->pending[p] != NULL)
			write_lease(pif, p);
}

void
store_flush(void)
{
	struct pif *pif;

	TAILQ_FOREACH (pif, &parent.ifaces, entry)
		store_flush_of(pif);
}

void
store_forget(const struct ipc_forget *msg)
{
	struct pif *pif = pif_find(msg->ifindex);
	int error;

	if (pif == NULL || pif->conf == NULL || msg->protocol >= PROTO_MAX ||
	    names[msg->protocol] == NULL) {
		manage_refused(pif, msg->ifindex, REFUSE_UNMANAGED, "lease");
		return;
	}
	if (policy_rate(&pif->bucket, os_clock_ms()) != REFUSE_NOT) {
		manage_refused(pif, msg->ifindex, REFUSE_RATE, "lease");
		return;
	}
	free(pif->pending[msg->protocol]);
	pif->pending[msg->protocol] = NULL;
	error = leasefile_remove(parent.statedir, pif->info.name,
	    (enum protocol)msg->protocol, pif->info.network_id,
	    pif->info.network_id_len);
	if (error != 0 && error != ENOENT)
		log_warnx("%s: %s: lease file not removed: %s", pif->info.name,
		    names[msg->protocol], strerror(error));
}

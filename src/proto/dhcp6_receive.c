/* SPDX-License-Identifier: ISC */
/*
 * Which messages the DHCPv6 machine listens to at all (RFC 9915 16): from
 * whom, to which of ours, and which exchange they answer.
 */

#include <string.h>

#include "dhcp6_priv.h"

/* D6-20 */
static void
on_reconfigure(struct dhcp6 *d, const struct recv6 *meta,
    const struct dhcp6_msg *m, const uint8_t *data, size_t len, uint64_t now)
{
	uint32_t bound = d6_bound(d);

	if (!d->conf.reconfigure || IN6_IS_ADDR_MULTICAST(&meta->dst) ||
	    m->client_id_len == 0 || !d6_authentic(d, m, data, len)) {
		COUNT(d, D6_DROP_AUTH);
		return;
	}
	COUNT(d, D6_RX_RECONFIGURE);
	d6_store(d, now); /* the replay counter */
	LOG(d, LOG_INFO, "the server asks for a %s",
	    dhcp6_type_name(m->reconfigure));
	/* RFC 9915 18.2.11: not while what it asks for is under way. */
	if (m->reconfigure == DHCP6_RENEW && !d->released &&
	    d6_find_kind(d, EX_RENEW) == NULL &&
	    d6_find_kind(d, EX_REBIND) == NULL)
		d6_renew(d, now);
	else if (m->reconfigure == DHCP6_REBIND && bound != 0 &&
	    d6_find_kind(d, EX_REBIND) == NULL) {
		d6_set_ias(d, bound, IA_REBINDING);
		d6_start(d, EX_REBIND, bound, NULL, now);
	} else if (m->reconfigure == DHCP6_INFORMATION_REQUEST &&
	    d6_find_kind(d, EX_INFORM) == NULL) {
		d->inform_asked = 1;
		d->when[D6_TIMER_INFORM] = now;
	}
}

static void
count_drop(struct dhcp6 *d, enum dhcp6_error error)
{
	static const enum counter counters[] = {
		[DHCP6_OK] = COUNT_D6_DROP_TYPE,
		[DHCP6_E_TYPE] = COUNT_D6_DROP_TYPE,
		[DHCP6_E_LENGTH] = COUNT_D6_DROP_LENGTH,
		[DHCP6_E_OPTIONS] = COUNT_D6_DROP_OPTIONS,
		[DHCP6_E_SERVER_ID] = COUNT_D6_DROP_SERVER,
		[DHCP6_E_CLIENT_ID] = COUNT_D6_DROP_CLIENT,
	};

	d->ops->count(d->ctx, counters[error]);
	LOG(d, LOG_DEBUG, "packet dropped (reason %d)", (int)error);
}

static void
count_parsed(struct dhcp6 *d, const struct dhcp6_msg *m)
{
	if (m->ignored > 0)
		COUNT(d, D6_BAD_OPTION);
	if (m->names_ignored > 0)
		COUNT(d, D6_BAD_NAME);
	if (m->excess > 0)
		COUNT(d, D6_EXCESS);
}

/* D6-30: ours, or absent where we did not send it. */
static int
client_id_right(const struct dhcp6 *d, const struct dhcp6_exchange *x,
    const struct dhcp6_msg *m)
{
	uint8_t duid[DHCP6_DUID_MAX];
	size_t n = d6_client_id(d, duid);

	if (x != NULL && x->kind == EX_INFORM && d->conf.anonymous)
		return m->client_id_len == 0;
	return m->client_id_len == n && memcmp(m->client_id, duid, n) == 0;
}

static struct dhcp6_exchange *
find_xid(struct dhcp6 *d, uint32_t xid)
{
	size_t i;

	for (i = 0; i < DHCP6_EXCHANGES_MAX; i++)
		if (d->exchanges[i].kind != EX_NONE &&
		    d->exchanges[i].tries > 0 && d->exchanges[i].xid == xid)
			return &d->exchanges[i];
	return NULL;
}

/* An Advertise or Reply. */
static void
answer(struct dhcp6 *d, const struct recv6 *meta, struct dhcp6_msg *m,
    uint64_t now)
{
	struct dhcp6_exchange *x = find_xid(d, m->xid);

	if (x == NULL) {
		COUNT(d, D6_DROP_XID);
		return;
	}
	if (!client_id_right(d, x, m)) {
		COUNT(d, D6_DROP_CLIENT);
		return;
	}
	m->server.addr = meta->src;
	d6_answer(d, x, m, now);
}

void
dhcp6_receive(struct dhcp6 *d, const struct in6_addr *key,
    const struct recv6 *meta, const uint8_t *data, size_t len, uint64_t now)
{
	static struct dhcp6_msg m; /* 7 KiB: not on the stack */
	enum dhcp6_error error;
	char line[256];

	if (!d6_can_speak(d))
		return;
	if (IN6_IS_ADDR_UNSPECIFIED(&meta->src) ||
	    IN6_IS_ADDR_MULTICAST(&meta->src)) {
		COUNT(d, D6_DROP_SOURCE);
		return;
	}
	error = dhcp6_msg_parse(data, len, &d->lease, &d->conf.opt6, &m);
	if (error != DHCP6_OK) {
		count_drop(d, error);
		return;
	}
	count_parsed(d, &m);
	dhcp6_msg_print(data, len, line, sizeof(line));
	LOG(d, LOG_DEBUG, "received %s", line);
	if (m.type == DHCP6_ADDR_REG_REPLY)
		d6_register_reply(d, key, &m, now);
	else if (m.type != DHCP6_RECONFIGURE)
		answer(d, meta, &m, now);
	else if (client_id_right(d, NULL, &m))
		on_reconfigure(d, meta, &m, data, len, now);
	else
		COUNT(d, D6_DROP_CLIENT);
	d6_run(d, now);
}

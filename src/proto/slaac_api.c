/* SPDX-License-Identifier: ISC */
/* What the engine tells the SLAAC machine besides packets and time. */

#include <errno.h>
#include <string.h>

#include "slaac_priv.h"

static void forget(struct slaac *);
static void new_session(struct slaac *);
static int same_network(const struct slaac *);
static void take_network(struct slaac *);
static void shift(uint64_t *, uint64_t ms);

void
slaac_init(struct slaac *s, const struct proto_ops *ops, void *ctx)
{
	size_t i;

	memset(s, 0, sizeof(*s));
	s->ops = ops;
	s->ctx = ctx;
	for (i = 0; i < SLAAC_T_MAX; i++)
		s->when[i] = PROTO_NEVER;
}

/* Nothing was ever learned. */
static void
forget(struct slaac *s)
{
	memset(s->routers, 0, sizeof(s->routers));
	memset(s->prefixes, 0, sizeof(s->prefixes));
	memset(s->addrs, 0, sizeof(s->addrs));
	memset(s->routes, 0, sizeof(s->routes));
	memset(s->servers, 0, sizeof(s->servers));
	memset(s->search, 0, sizeof(s->search));
	memset(s->nat64, 0, sizeof(s->nat64));
	memset(s->resolvers, 0, sizeof(s->resolvers));
	memset(s->captive_portal, 0, sizeof(s->captive_portal));
	s->mtu = s->hop_limit = s->reachable_ms = s->retrans_ms = 0;
	s->said_flags = 0;
	s->changed = 1;
}

/* The link came: who is there is to be seen (S-17). */
static void
new_session(struct slaac *s)
{
	size_t i;

	s->unconfirmed = 0;
	for (i = 0; i < NELEMS(s->routers); i++) {
		s->routers[i].first = 0;
		s->routers[i].checked = 0;
		s->routers[i].unreachable = 0;
		if (s->routers[i].used)
			s->unconfirmed = 1;
	}
	for (i = 0; i < NELEMS(s->prefixes); i++) {
		s->prefixes[i].heard = 0;
		s->prefixes[i].tries = s->prefixes[i].conflicts = 0;
		s->prefixes[i].given_up = 0;
	}
	s->said_flags = 0;
	/* Linux takes addresses away with IFF_UP, FreeBSD checks them again */
	for (i = 0; i < NELEMS(s->addrs); i++) {
		if (!(s->addrs[i].flags & SLAAC_ADDR_CONFIGURED))
			s->addrs[i].sent_valid = 0;
	}
	s->asked = 0;
}

static int
same_network(const struct slaac *s)
{
	return s->network_id_len == s->iface.network_id_len &&
	    memcmp(s->network_id, s->iface.network_id, sizeof(s->network_id)) ==
	    0;
}

static void
take_network(struct slaac *s)
{
	s->network_id_len = s->iface.network_id_len;
	memcpy(s->network_id, s->iface.network_id, sizeof(s->network_id));
}

void
slaac_configure(struct slaac *s, const struct conf_iface *conf,
    const uint8_t secret[SECRET_SIZE], uint64_t now)
{
	int ran = sl_running(s), restable, untemporary;

	restable = s->has_conf && s->conf.soii != conf->soii;
	untemporary = s->has_conf && s->conf.temporary && !conf->temporary;
	s->conf = *conf;
	s->has_conf = 1;
	memcpy(s->secret, secret, SECRET_SIZE);
	if (!s->started)
		return;
	if (ran && !sl_running(s))
		forget(s);
	if (untemporary)
		sl_addr_drop_temporary(s);
	if (restable)
		sl_addr_restable(s, now);
	if (ran != sl_running(s))
		sl_begin(s, now);
	sl_addr_ensure_all(s, now);
	sl_update(s, now);
}

void
slaac_interface(struct slaac *s, const struct interface *iface, uint64_t now)
{
	int was_up = sl_link_up(s), moved;

	s->iface = *iface;
	s->has_iface = 1;
	if (!s->started)
		return;
	moved = sl_link_up(s) && !same_network(s);
	if (moved) {
		sl_moved(s, now);
		take_network(s);
	}
	if (was_up && !sl_link_up(s)) {
		/* Addresses stay, their lifetimes go on. */
		LOG(s, LOG_INFO, "link is down");
		sl_begin(s, now);
	} else if (sl_link_up(s) && (!was_up || moved)) {
		s->released = 0;
		new_session(s);
		sl_begin(s, now);
	}
	sl_update(s, now);
}

void
slaac_channel(struct slaac *s, enum channel channel, int error, uint64_t now)
{
	if (channel == CHANNEL_ND)
		s->nd_open = error == 0;
	else if (channel == CHANNEL_RS)
		s->rs_open = error == 0;
	else
		return;
	if (!s->started)
		return;
	/* Another link-local address while nothing is asked for is no news. */
	if (s->state != SLAAC_BOUND || !s->nd_open || !s->rs_open)
		sl_begin(s, now);
	/* IPv6 may have been off, which is why the kernel refused. */
	if (s->rs_open && s->when[SLAAC_T_RETRY] != PROTO_NEVER)
		s->when[SLAAC_T_RETRY] = now;
	sl_update(s, now);
}

void
slaac_start(struct slaac *s, uint64_t now)
{
	s->started = 1;
	/* After a boot nothing of the file is in the kernel, and where the
	 * host is now is not known. */
	if (!s->adopting || !sl_running(s))
		forget(s);
	else if (!same_network(s))
		sl_moved(s, now);
	take_network(s);
	new_session(s);
	sl_begin(s, now);
	sl_update(s, now);
}

void
slaac_neighbor(
    struct slaac *s, const struct in6_addr *addr, int reachable, uint64_t now)
{
	int slot = sl_router_find(s, addr);

	if (slot == -1 || s->routers[slot].unreachable == !reachable)
		return;
	s->routers[slot].unreachable = !reachable;
	LOG(s, LOG_INFO, "a router can%s be reached%s", reachable ? "" : "not",
	    reachable ? " again" : "");
	sl_update(s, now);
}

void
slaac_sent(struct slaac *s, enum channel channel, int error, uint64_t now)
{
	/* Not connected: being replaced; the new one begins anew. */
	if (error == 0 || error == ENOTCONN || channel != CHANNEL_RS)
		return;
	COUNT(s, ND_SEND_ERROR);
	if (error == EACCES || error == EPERM) {
		COUNT(s, ND_SEND_FILTERED);
		if (!s->filtered_said)
			LOG(s, LOG_WARNING,
			    "a packet filter dropped the solicitation; allow "
			    "ICMPv6 types 133 to 136");
		s->filtered_said = 1;
	} else {
		LOG(s, LOG_DEBUG, "cannot send: %s", strerror(error));
	}
	/* The back-off is for what may be on its way (RFC 7559 2). */
	if (s->state == SLAAC_SOLICITING && s->rt_ms > 0) {
		s->when[SLAAC_T_SOLICIT] = now + s->rt_ms / 4;
		sl_update(s, now);
	}
}

void
slaac_configured(struct slaac *s, uint32_t serial, int error, uint64_t now)
{
	if (serial != s->serial || error == 0)
		return;
	LOG(s, LOG_WARNING, "configuration not carried out: %s",
	    error == EACCES ? "refused by policy" : strerror(error));
	s->when[SLAAC_T_RETRY] =
	    now + (error == EACCES ? REFUSED_WAIT_MS : RETRY_WAIT_MS);
	sl_update(s, now);
}

void
slaac_prefix_delegated(struct slaac *s, int has, uint64_t now)
{
	has = has && s->conf.nprefixes > 0;
	if (s->delegated == has)
		return;
	s->delegated = has;
	sl_addr_ensure_all(s, now);
	sl_update(s, now);
}

void
slaac_renew(struct slaac *s, uint64_t now)
{
	s->released = 0;
	s->asked = 0; /* what somebody removed is put back */
	sl_begin(s, now);
	sl_update(s, now);
}

void
slaac_withdraw(struct slaac *s, uint64_t now)
{
	s->released = 1;
	forget(s);
	sl_begin(s, now);
	s->asks = 0; /* not to be put off */
	sl_update(s, now);
	if (s->has_stored)
		s->ops->store_slaac(s->ctx, NULL);
	s->has_stored = s->changed = 0;
	s->when[SLAAC_T_STORE] = PROTO_NEVER;
}

int
slaac_idle(const struct slaac *s)
{
	return s->when[SLAAC_T_APPLY] == PROTO_NEVER;
}

static void
shift(uint64_t *until, uint64_t ms)
{
	if (*until != 0 && *until != PROTO_NEVER)
		*until = *until > ms ? *until - ms : 1;
}

void
slaac_resume(struct slaac *s, uint32_t slept_sec, uint64_t now)
{
	uint64_t ms = slept_sec * SEC_MS;
	size_t i;

	for (i = 0; i < NELEMS(s->routers); i++)
		shift(&s->routers[i].until, ms);
	for (i = 0; i < NELEMS(s->prefixes); i++) {
		shift(&s->prefixes[i].onlink_until, ms);
		shift(&s->prefixes[i].valid_until, ms);
		shift(&s->prefixes[i].preferred_until, ms);
	}
	for (i = 0; i < NELEMS(s->addrs); i++) {
		shift(&s->addrs[i].valid_until, ms);
		shift(&s->addrs[i].preferred_until, ms);
		shift(&s->addrs[i].cap_valid, ms);
		shift(&s->addrs[i].cap_preferred, ms);
	}
	for (i = 0; i < NELEMS(s->routes); i++)
		shift(&s->routes[i].until, ms);
	for (i = 0; i < NELEMS(s->servers); i++)
		shift(&s->servers[i].until, ms);
	for (i = 0; i < NELEMS(s->search); i++)
		shift(&s->search[i].until, ms);
	for (i = 0; i < NELEMS(s->nat64); i++)
		shift(&s->nat64[i].until, ms);
	for (i = 0; i < NELEMS(s->resolvers); i++)
		shift(&s->resolvers[i].until, ms);
	if (!s->started)
		return;
	s->when[SLAAC_T_EXPIRE] = now;
	slaac_timer(s, now);
	if (sl_link_up(s)) {
		new_session(s);
		sl_begin(s, now);
	}
	sl_update(s, now);
}

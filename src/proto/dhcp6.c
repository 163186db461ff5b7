/* SPDX-License-Identifier: ISC */
/*
 * The DHCPv6 client machine.  RFC 9915 18.2, for each identity association:
 *
 *   wanted -Solicit, Advertise, Request, Reply-> bound
 *   bound -T1-> renewing -T2-> rebinding -expiry-> wanted
 *   bound -link up-> confirming -Reply, or silence-> bound
 *   NoBinding anywhere -> requested;  NotOnLink -> wanted
 *
 * What a server's message does in which exchange, and what its silence does,
 * is in one table (rules[]); how often it is sent in another (d6_timings[]).
 */

#include <arpa/inet.h>
#include <string.h>

#include "dhcp6_priv.h"

typedef void message_fn(
    struct dhcp6 *, struct dhcp6_exchange *, struct dhcp6_msg *, uint64_t);
typedef void silence_fn(struct dhcp6 *, struct dhcp6_exchange *, uint64_t);

static message_fn on_advertise, on_rapid_reply, on_request_reply,
    on_confirm_reply, on_renew_reply, on_inform_reply, on_release_reply,
    on_decline_reply;
static silence_fn no_request_reply, no_confirm_reply, no_release_reply,
    no_decline_reply;

static const struct {
	message_fn *advertise, *reply;
	silence_fn *silence; /* no answer to the last message */
	int of_server;	     /* the answer comes from the one asked */
} rules[EX_KIND_MAX] = {
	[EX_SOLICIT] = { on_advertise, on_rapid_reply, NULL, 0 },
	[EX_REQUEST] = { NULL, on_request_reply, no_request_reply, 1 },
	[EX_CONFIRM] = { NULL, on_confirm_reply, no_confirm_reply, 0 },
	[EX_RECHECK] = { NULL, on_renew_reply, no_confirm_reply, 0 },
	[EX_RENEW] = { NULL, on_renew_reply, NULL, 1 },
	[EX_REBIND] = { NULL, on_renew_reply, NULL, 0 },
	[EX_INFORM] = { NULL, on_inform_reply, NULL, 0 },
	[EX_RELEASE] = { NULL, on_release_reply, no_release_reply, 1 },
	[EX_DECLINE] = { NULL, on_decline_reply, no_decline_reply, 1 },
};

int
d6_can_speak(const struct dhcp6 *d)
{
	return d->started && d->has_conf && d->has_iface &&
	    d->conf.dhcp6 != CONF_NO && d->receive_open && d->send_open &&
	    (d->iface.flags & IFACE_UP) && (d->iface.flags & IFACE_RUNNING);
}

uint32_t
d6_wanted(const struct dhcp6 *d)
{
	uint32_t ias = 0;
	unsigned int i;

	if (!d->has_conf || d->conf.dhcp6 == CONF_NO)
		return 0;
	if (d->conf.dhcp6 == CONF_YES || d->managed)
		ias |= IA_BIT(DHCP6_IA_NA);
	for (i = 0; i < d->conf.nprefixes && i + 1 < DHCP6_IAS_MAX; i++)
		ias |= IA_BIT(i + 1);
	return ias;
}

void
d6_set_ias(struct dhcp6 *d, uint32_t ias, enum dhcp6_ia_state state)
{
	unsigned int i;

	for (i = 0; i < DHCP6_IAS_MAX; i++)
		if (ias & IA_BIT(i))
			d->lease.ias[i].state = (uint8_t)state;
}

static void
log_status(struct dhcp6 *d, unsigned int code, const struct dhcp6_msg *m)
{
	LOG(d, LOG_INFO, "server says %s%s%s", dhcp6_status_name(code),
	    m->message[0] != '\0' ? ": " : "", m->message);
}

/* ---- Solicit ---- */

static unsigned int
count_bits(uint32_t v)
{
	unsigned int n = 0;

	for (; v != 0; v &= v - 1)
		n++;
	return n;
}

/* RFC 9915 18.2.9: preference, then how much of what was asked. */
static int
better(const struct dhcp6 *d, const struct dhcp6_msg *m, uint32_t served)
{
	const struct dhcp6_server *best = &d->offer.ias[DHCP6_IA_NA].server;

	if (d->offer_ias == 0)
		return 1;
	if (m->server.preference != best->preference)
		return m->server.preference > best->preference;
	return count_bits(served) > count_bits(d->offer_ias);
}

/* What the best offer leaves out, with the reason where it has one. */
static void
not_offered(struct dhcp6 *d, uint32_t ias)
{
	unsigned int i, j;
	uint16_t status;

	for (i = 0; i < DHCP6_IAS_MAX; i++) {
		if (!(ias & IA_BIT(i)))
			continue;
		status = d->offer.ias[i].status;
		for (j = 0; j < d->offer.nprefixes; j++)
			if (d->offer.prefixes[j].ia == i &&
			    status == DHCP6_SUCCESS)
				status = d->offer.prefixes[j].status;
		d->lease.ias[i].status = status;
		if (d->times[i].failures == 0)
			LOG(d, LOG_INFO, "no %s offered (%s), asking on",
			    i == DHCP6_IA_NA ? "address" : "prefix",
			    status == DHCP6_SUCCESS
				? "not named"
				: dhcp6_status_name(status));
	}
}

/* Request what was offered; the rest goes on being asked for. */
static void
take_offer(struct dhcp6 *d, struct dhcp6_exchange *x, uint64_t now)
{
	const struct dhcp6_server server = d->offer.ias[DHCP6_IA_NA].server;
	uint32_t served = d->offer_ias & x->ias, rest = x->ias & ~served;

	d->offer_ias = 0;
	d6_stop(x);
	not_offered(d, rest);
	if (rest != 0)
		d6_want(d, rest, 1, now);
	/* What was offered may not be wanted any more. */
	x = served == 0 ? NULL
			: d6_prepare(d, EX_REQUEST, served, &server, now);
	if (x == NULL)
		return;
	x->from_offer = 1;
	d6_set_ias(d, served, IA_REQUESTED);
	d6_send(d, x, now);
}

/* D6-19: also from an Advertise that offers nothing. */
static void
take_max_rt(struct dhcp6 *d, const struct dhcp6_msg *m)
{
	if (m->present & HAVE6_SOL_MAX_RT)
		d->lease.sol_max_rt = m->lease.sol_max_rt;
	if (m->present & HAVE6_INF_MAX_RT)
		d->lease.inf_max_rt = m->lease.inf_max_rt;
}

static void
nothing_offered(struct dhcp6 *d, const struct dhcp6_msg *m)
{
	unsigned int i;

	COUNT(d, D6_DROP_LEASE);
	if (m->lease.status == DHCP6_NO_ADDRS_AVAIL ||
	    m->lease.ias[DHCP6_IA_NA].status == DHCP6_NO_ADDRS_AVAIL)
		d->no_addrs = 1;
	d->lease.status = m->lease.status;
	for (i = 0; i < DHCP6_IAS_MAX; i++)
		if (m->ias & IA_BIT(i))
			d->lease.ias[i].status = m->lease.ias[i].status;
	if (!d->no_server_said)
		LOG(d, LOG_INFO, "a server answers, but has nothing for us%s%s",
		    m->message[0] != '\0' ? ": " : "", m->message);
	d->no_server_said = 1;
}

static void
on_advertise(struct dhcp6 *d, struct dhcp6_exchange *x, struct dhcp6_msg *m,
    uint64_t now)
{
	uint32_t served = d6_serves(d, m, x->ias);

	if (m->lease.status != DHCP6_SUCCESS)
		served = 0;
	if (served == 0) {
		nothing_offered(d, m);
		return;
	}
	COUNT(d, D6_RX_ADVERTISE);
	if (better(d, m, served)) {
		d->offer = m->lease;
		d->offer.ias[DHCP6_IA_NA].server = m->server;
		d->offer_ias = served;
	}
	/* D6-12: after the first RT the first valid one is it. */
	if (m->server.preference == UINT8_MAX || x->tries > 1 ||
	    (d->conf.select == SELECT_FIRST && served == x->ias))
		take_offer(d, x, now);
}

/* ---- what a Reply grants ---- */

/* A status of the whole message is that of the IAs it may be about. */
static void
spread_status(struct dhcp6_msg *m, uint32_t ias)
{
	uint32_t about;
	unsigned int i;

	if (m->lease.status == DHCP6_NO_BINDING)
		about = ias;
	else if (m->lease.status == DHCP6_NO_ADDRS_AVAIL)
		about = ias & IA_BIT(DHCP6_IA_NA);
	else if (m->lease.status == DHCP6_NO_PREFIX_AVAIL)
		about = ias & ~IA_BIT(DHCP6_IA_NA);
	else
		return;
	for (i = 0; i < DHCP6_IAS_MAX; i++)
		if ((about & IA_BIT(i)) &&
		    m->lease.ias[i].status == DHCP6_SUCCESS)
			m->lease.ias[i].status = m->lease.status;
	m->ias |= about;
}

static void
log_granted(struct dhcp6 *d, uint32_t fresh)
{
	char text[INET6_ADDRSTRLEN];
	unsigned int i;

	if (fresh & IA_BIT(DHCP6_IA_NA))
		for (i = 0; i < d->lease.naddrs; i++)
			LOG(d, LOG_INFO, "leased %s for %lu s",
			    inet_ntop(AF_INET6, &d->lease.addrs[i].addr, text,
				sizeof(text)),
			    (unsigned long)d->lease.addrs[i].valid_sec);
	for (i = 0; i < d->lease.nprefixes; i++)
		if (fresh & IA_BIT(d->lease.prefixes[i].ia))
			LOG(d, LOG_INFO, "delegated %s/%u for %lu s",
			    inet_ntop(AF_INET6, &d->lease.prefixes[i].prefix,
				text, sizeof(text)),
			    d->lease.prefixes[i].prefixlen,
			    (unsigned long)d->lease.prefixes[i].valid_sec);
}

/* What did not come in a Reply that was to bring it. */
static void
not_granted(struct dhcp6 *d, uint32_t ias, const struct d6_outcome *o,
    int fresh, const struct dhcp6_server *server, uint64_t now)
{
	uint32_t again = o->nobinding;

	if (o->emptied != 0) {
		d6_drop_ias(d, o->emptied);
		d6_want(d, o->emptied, 0, now);
	}
	if (fresh) {
		/* Also an IA that the Reply does not name. */
		d6_want(d, ias & ~(o->got | o->emptied), 1, now);
		return;
	}
	if (again == 0)
		return;
	/* RFC 9915 18.2.10.1: Request for those, of that server */
	LOG(d, LOG_INFO, "server has no binding, requesting it anew");
	if (d6_find_kind(d, EX_REQUEST) != NULL) {
		d6_want(d, again, 0, now);
		return;
	}
	d6_set_ias(d, again, IA_REQUESTED);
	d6_start(d, EX_REQUEST, again, server, now);
}

/*
 * Leases of a Reply.  fresh: it binds the IAs anew and says all there is of
 * them; else it extends them, and IAs it does not extend stay in the exchange
 * (D6-46).
 */
static void
granted(struct dhcp6 *d, struct dhcp6_exchange *x, struct dhcp6_msg *m,
    int fresh, uint64_t now)
{
	uint32_t ias = x->ias, had = d6_bound(d);
	struct d6_outcome o;
	unsigned int i;

	COUNT(d, D6_RX_REPLY);
	spread_status(m, ias);
	d6_merge(d, m, ias, fresh, now, &o);
	for (i = 0; i < DHCP6_IAS_MAX; i++)
		if ((o.refused | o.nobinding) & IA_BIT(i))
			log_status(d, d->lease.ias[i].status, m);
	if ((o.refused & IA_BIT(DHCP6_IA_NA)) && fresh)
		d->no_addrs = 1;
	if (o.got & IA_BIT(DHCP6_IA_NA))
		d->no_addrs = 0;
	d6_leave(d, fresh ? ias : o.got | o.emptied | o.nobinding);
	if (o.got != 0) {
		d->no_server_said = 0;
		if (fresh)
			d->lease.rapid_commit =
			    (m->present & HAVE6_RAPID_COMMIT) != 0;
		d6_take_info(d, m, (had & ~ias) == 0);
		d6_take_key(d, m);
	}
	not_granted(d, ias, &o, fresh, &m->server, now);
	log_granted(d, o.got & ~had);
	if (o.got & had)
		COUNT(d, D6_RENEWED);
	if (o.got != 0 || o.changed || o.emptied != 0)
		d6_apply(d, now);
	d6_events(d, EVENT_BOUND, o.got & ~had, now, "");
	d6_events(
	    d, o.changed ? EVENT_CHANGED : EVENT_RENEWED, o.got & had, now, "");
}

/* RFC 9915 18.2.10.1: not here.  Nothing of it can be used. */
static void
not_on_link(struct dhcp6 *d, uint32_t ias, uint64_t now)
{
	uint32_t had = d6_bound(d) & ias;

	LOG(d, LOG_INFO, "not the link the addresses are of, starting again");
	d6_leave(d, ias);
	d6_drop_ias(d, ias);
	d6_want(d, had, 0, now);
	/* A server that offers and then refuses must cause no storm. */
	d6_want(d, ias & ~had, 1, now);
	d6_apply(d, now);
}

/* 1: the whole message failed and was dealt with. */
static int
failed(struct dhcp6 *d, struct dhcp6_exchange *x, const struct dhcp6_msg *m,
    uint64_t now)
{
	d->lease.status = m->lease.status;
	if (m->lease.status == DHCP6_SUCCESS)
		return 0;
	log_status(d, m->lease.status, m);
	if (m->lease.status == DHCP6_NOT_ON_LINK) {
		not_on_link(d, x->ias, now);
		return 1;
	}
	/* The message is sent again as if nothing had come (D6-18). */
	return m->lease.status == DHCP6_UNSPEC_FAIL;
}

/* D6-13: only with the option, and only when it was asked for. */
static void
on_rapid_reply(struct dhcp6 *d, struct dhcp6_exchange *x, struct dhcp6_msg *m,
    uint64_t now)
{
	if (!d6_rapid_commit(d) || !(m->present & HAVE6_RAPID_COMMIT)) {
		COUNT(d, D6_DROP_TYPE);
		return;
	}
	if (d6_serves(d, m, x->ias) == 0) {
		nothing_offered(d, m);
		return;
	}
	if (!failed(d, x, m, now))
		granted(d, x, m, 1, now);
}

static void
on_request_reply(struct dhcp6 *d, struct dhcp6_exchange *x, struct dhcp6_msg *m,
    uint64_t now)
{
	if (!failed(d, x, m, now))
		granted(d, x, m, 1, now);
}

/* Renew, Rebind, and the Rebind that asks whether it is the same link. */
static void
on_renew_reply(struct dhcp6 *d, struct dhcp6_exchange *x, struct dhcp6_msg *m,
    uint64_t now)
{
	if (!failed(d, x, m, now))
		granted(d, x, m, 0, now);
}

static void
go_on(struct dhcp6 *d, struct dhcp6_exchange *x, uint64_t now)
{
	d6_set_ias(d, x->ias, IA_BOUND);
	d6_leave(d, x->ias);
	d6_apply(d, now);
}

static void
on_confirm_reply(struct dhcp6 *d, struct dhcp6_exchange *x, struct dhcp6_msg *m,
    uint64_t now)
{
	if (failed(d, x, m, now) || m->lease.status != DHCP6_SUCCESS)
		return;
	COUNT(d, D6_RX_REPLY);
	LOG(d, LOG_INFO, "addresses confirmed");
	go_on(d, x, now);
}

static void
on_inform_reply(struct dhcp6 *d, struct dhcp6_exchange *x, struct dhcp6_msg *m,
    uint64_t now)
{
	uint32_t sec = IRT_DEFAULT_SEC;

	if (failed(d, x, m, now) || m->lease.status != DHCP6_SUCCESS)
		return;
	COUNT(d, D6_RX_REPLY);
	d6_stop(x);
	if (m->present & HAVE6_REFRESH)
		sec = m->lease.refresh_sec;
	d6_take_info(d, m, 1);
	d6_take_key(d, m);
	d->inform_asked = 0;
	d->lease.stateless = d6_bound(d) == 0 ? 1 : 0;
	d->lease.refresh_sec = sec;
	d->when[D6_TIMER_INFORM] = d6_end(sec, now);
	LOG(d, LOG_INFO, "informed by a server");
	d6_apply_dns(d);
	d6_store(d, now);
	d6_event_addr(d, EVENT_BOUND, NULL, "inform");
}

static void
on_release_reply(struct dhcp6 *d, struct dhcp6_exchange *x, struct dhcp6_msg *m,
    uint64_t now)
{
	(void)m;
	COUNT(d, D6_RX_REPLY);
	d->release_filtered = 0;
	no_release_reply(d, x, now);
}

/* D6-17: what was declined is given up for; a new one is asked for, later
 * when one duplicate follows the other. */
static void
no_decline_reply(struct dhcp6 *d, struct dhcp6_exchange *x, uint64_t now)
{
	d6_stop(x);
	d->ndeclined = 0;
	if (d->lease.naddrs > 0)
		return;
	d6_drop_ias(d, IA_BIT(DHCP6_IA_NA));
	d6_want(d, IA_BIT(DHCP6_IA_NA), 0, now);
	if (d->conflicts > CONFLICTS_FREE)
		d->times[DHCP6_IA_NA].retry = now + CONFLICT_WAIT_MS;
}

static void
on_decline_reply(struct dhcp6 *d, struct dhcp6_exchange *x, struct dhcp6_msg *m,
    uint64_t now)
{
	(void)m;
	COUNT(d, D6_RX_REPLY);
	no_decline_reply(d, x, now);
}

/* ---- silence ---- */

static void
no_request_reply(struct dhcp6 *d, struct dhcp6_exchange *x, uint64_t now)
{
	uint32_t ias = x->ias;

	LOG(d, LOG_INFO, "no answer to %lu requests, starting again",
	    (unsigned long)x->tries);
	d6_leave(d, ias);
	d6_want(d, ias, 0, now);
}

/* D6-15 */
static void
no_confirm_reply(struct dhcp6 *d, struct dhcp6_exchange *x, uint64_t now)
{
	LOG(d, LOG_INFO, "no server answers, going on with what is there");
	go_on(d, x, now);
}

static void
no_release_reply(struct dhcp6 *d, struct dhcp6_exchange *x, uint64_t now)
{
	d6_stop(x);
	if (d->releasing && d6_find_kind(d, EX_RELEASE) == NULL)
		d6_released(d, now);
}

/* ---- timers ---- */

static void
exchange_timer(struct dhcp6 *d, struct dhcp6_exchange *x, uint64_t now)
{
	const struct d6_timing *t = &d6_timings[x->kind];

	if (x->kind == EX_SOLICIT && d->offer_ias != 0) {
		take_offer(d, x, now);
		return;
	}
	if ((t->mrc != 0 && x->tries >= t->mrc) || x->end <= now) {
		x->next = PROTO_NEVER;
		if (rules[x->kind].silence != NULL)
			rules[x->kind].silence(d, x, now);
		return;
	}
	d6_send(d, x, now);
}

/* A Release comes to its end (REL_MAX_RC) also when its socket is gone. */
static int
has_clock(const struct dhcp6 *d, const struct dhcp6_exchange *x)
{
	return x->kind == EX_RELEASE || (x->kind != EX_NONE && d6_can_speak(d));
}

/* IAs that came or went by configuration or router advertisement. */
static void
update_wants(struct dhcp6 *d, uint64_t now)
{
	uint32_t wanted = d6_wanted(d), bound = d6_bound(d);
	unsigned int i;

	for (i = 0; i < DHCP6_IAS_MAX; i++) {
		struct dhcp6_ia *ia = &d->lease.ias[i];

		if ((wanted & IA_BIT(i)) && ia->state == IA_OFF) {
			ia->state = IA_WANTED;
			d->times[i].retry = now;
			d->times[i].failures = 0;
		} else if (!((wanted | bound) & IA_BIT(i)) &&
		    ia->state != IA_OFF) {
			d6_leave(d, IA_BIT(i));
			ia->state = IA_OFF;
		}
	}
}

/* Is it known whether this is the same link? */
static int
settled(struct dhcp6 *d)
{
	return d->begin_at == PROTO_NEVER &&
	    d6_find_kind(d, EX_CONFIRM) == NULL &&
	    d6_find_kind(d, EX_RECHECK) == NULL;
}

/* IAs to solicit for now or later: an offer must not be lost meanwhile, and
 * what is being declined must not be offered again. */
static uint32_t
unserved(struct dhcp6 *d)
{
	uint32_t ias = 0;
	unsigned int i;

	for (i = 0; i < DHCP6_EXCHANGES_MAX; i++)
		if (d->exchanges[i].from_offer)
			return 0;
	for (i = 0; i < DHCP6_IAS_MAX; i++)
		if (d->lease.ias[i].state == IA_WANTED &&
		    d6_find_ia(d, i) == NULL)
			ias |= IA_BIT(i);
	if (d6_find_kind(d, EX_DECLINE) != NULL)
		ias &= ~IA_BIT(DHCP6_IA_NA);
	return ias;
}

/* D6-03: one Solicit for all that is wanted. */
static void
solicit(struct dhcp6 *d, uint64_t now)
{
	struct dhcp6_exchange *x;
	uint32_t ias = unserved(d), due = 0;
	unsigned int i;

	for (i = 0; i < DHCP6_IAS_MAX; i++)
		if ((ias & IA_BIT(i)) && d->times[i].retry <= now)
			due |= IA_BIT(i);
	if (due == 0)
		return;
	x = d6_find_kind(d, EX_SOLICIT);
	if (x != NULL)
		due |= x->ias;
	d->offer_ias = 0;
	d6_start(d, EX_SOLICIT, due, NULL, now);
}

/* D6-01: with O alone, or where nobody has an address for us. */
static int
wants_info(const struct dhcp6 *d)
{
	if (d->inform_asked)
		return 1;
	if (d6_wanted(d) & IA_BIT(DHCP6_IA_NA))
		return d->no_addrs && d->lease.naddrs == 0;
	return d->conf.dhcp6 != CONF_NO && d->other;
}

static void
inform(struct dhcp6 *d, uint64_t now)
{
	struct dhcp6_exchange *x = d6_find_kind(d, EX_INFORM);

	if (x != NULL && !wants_info(d))
		d6_stop(x);
	else if (x == NULL && wants_info(d) && d->when[D6_TIMER_INFORM] <= now)
		d6_start(d, EX_INFORM, 0, NULL, now);
}

/* D6-15, D6-16: is it the same link? */
static void
begin(struct dhcp6 *d, uint64_t now)
{
	uint32_t bound = d6_bound(d), gone = bound & ~d6_wanted(d);
	unsigned int i;

	d->begin_at = PROTO_NEVER;
	if (d->managed == 0 && d->conf.dhcp6 == CONF_AUTO)
		gone &= ~IA_BIT(DHCP6_IA_NA); /* no RA came yet */
	/* What may be of another network would tell this one of it. */
	if (d->conf.anonymous &&
	    (d->iface.network_id_len == 0 ||
		d->lease.network_id_len != d->iface.network_id_len ||
		memcmp(d->lease.network_id, d->iface.network_id,
		    sizeof(d->lease.network_id)) != 0))
		gone = bound;
	if (gone != 0) {
		d6_drop_ias(d, gone);
		d6_set_ias(d, gone, IA_OFF);
		bound &= ~gone;
		d6_apply(d, now);
	}
	for (i = 0; i < DHCP6_IAS_MAX; i++) {
		/* What was under way when the link went is asked anew. */
		if (d->lease.ias[i].state != IA_OFF && !(bound & IA_BIT(i)))
			d->lease.ias[i].state = IA_WANTED;
		d->times[i].retry = now;
		d->times[i].failures = 0;
	}
	d->no_addrs = d->no_server_said = 0;
	d->when[D6_TIMER_INFORM] = now;
	if (bound == 0)
		return;
	d6_set_ias(d, bound, IA_CONFIRMING);
	d6_start(d, bound & ~IA_BIT(DHCP6_IA_NA) ? EX_RECHECK : EX_CONFIRM,
	    bound, NULL, now);
}

void
d6_begin(struct dhcp6 *d, uint64_t now)
{
	uint32_t delay = d->conf.startup_delay * 1000;

	d6_stop_all(d);
	d->offer_ias = 0;
	d->begin_at = now + (delay > 0 ? d->ops->random(d->ctx, delay) : 0);
}

static uint64_t
earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static void
update_deadline(struct dhcp6 *d)
{
	uint64_t next =
	    earlier(d->when[D6_TIMER_RELEASE], d->when[D6_TIMER_RETRY]);
	int speak = d6_can_speak(d);
	uint32_t ias;
	unsigned int i;

	for (i = 0; i < d->lease.naddrs; i++)
		next = earlier(next, d->addr_ends[i].valid);
	for (i = 0; i < d->lease.nprefixes; i++)
		next = earlier(next, d->prefix_ends[i].valid);
	for (i = 0; i < DHCP6_EXCHANGES_MAX; i++)
		if (has_clock(d, &d->exchanges[i]))
			next = earlier(next, d->exchanges[i].next);
	speak = speak && !d->released;
	if (speak) {
		next = earlier(next, d->begin_at);
		next = earlier(next, d6_register_deadline(d));
	}
	speak = speak && settled(d);
	if (speak && wants_info(d) && d6_find_kind(d, EX_INFORM) == NULL)
		next = earlier(next, d->when[D6_TIMER_INFORM]);
	ias = unserved(d);
	for (i = 0; speak && i < DHCP6_IAS_MAX; i++) {
		const struct dhcp6_ia_times *t = &d->times[i];
		unsigned int state = d->lease.ias[i].state;

		if (state == IA_BOUND)
			next = earlier(next, t->t1);
		if (state == IA_BOUND || state == IA_RENEWING)
			next = earlier(next, t->t2);
		if (ias & IA_BIT(i))
			next = earlier(next, t->retry);
	}
	d->ops->deadline(d->ctx, next);
}

void
d6_run(struct dhcp6 *d, uint64_t now)
{
	if (d6_can_speak(d) && !d->released) {
		if (d->begin_at <= now)
			begin(d, now);
		if (settled(d)) {
			update_wants(d, now);
			d6_clocks(d, now);
			solicit(d, now);
			inform(d, now);
		}
		d6_register_run(d, now);
	}
	d6_set_state(d);
	update_deadline(d);
}

void
dhcp6_timer(struct dhcp6 *d, uint64_t now)
{
	size_t i;

	/* Expiry comes before everything else that is due. */
	d6_expire(d, now);
	if (d->when[D6_TIMER_RELEASE] <= now)
		d6_release_send(d, now);
	if (d->when[D6_TIMER_RETRY] <= now)
		d6_apply_kernel(d, now);
	for (i = 0; i < DHCP6_EXCHANGES_MAX; i++)
		if (has_clock(d, &d->exchanges[i]) &&
		    d->exchanges[i].next <= now)
			exchange_timer(d, &d->exchanges[i], now);
	d6_run(d, now);
}

/* The answer to an exchange, from a server whose address is filled in. */
void
d6_answer(struct dhcp6 *d, struct dhcp6_exchange *x, struct dhcp6_msg *m,
    uint64_t now)
{
	message_fn *fn = m->type == DHCP6_ADVERTISE ? rules[x->kind].advertise
						    : rules[x->kind].reply;

	if (fn == NULL) {
		COUNT(d, D6_DROP_TYPE);
		return;
	}
	if (rules[x->kind].of_server &&
	    !d6_same_server(&x->server, &m->server)) {
		COUNT(d, D6_DROP_SERVER);
		return;
	}
	take_max_rt(d, m);
	fn(d, x, m, now);
}

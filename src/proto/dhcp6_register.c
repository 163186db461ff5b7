/* SPDX-License-Identifier: ISC */
/*
 * Telling the network which addresses this host has made for itself (RFC
 * 9686), each message from the address it is about.
 */

#include <string.h>

#include "dhcp6_priv.h"

/* RFC 9686 4.5 and 4.6 */
#define REG_IRT_MS 1000
#define REG_MRC 3
#define REG_REFRESH_TENTHS 8 /* of the valid lifetime */
#define REG_STATIC_MS (4 * 3600 * 1000ULL)
#define REG_COALESCE_MS 60000

static int
may_register(const struct dhcp6 *d)
{
	return d->conf.register_addr && !d->conf.anonymous &&
	    d->lease.registration && d->lease.has_info;
}

static struct dhcp6_registration *
find(struct dhcp6 *d, const struct in6_addr *addr)
{
	uint32_t i;

	for (i = 0; i < d->nregs; i++)
		if (IN6_ARE_ADDR_EQUAL(&d->regs[i].addr.addr, addr))
			return &d->regs[i];
	return NULL;
}

static void
close_channels(struct dhcp6 *d, struct dhcp6_registration *r)
{
	if (r->asked) {
		d->ops->close6(d->ctx, CHANNEL_DHCP6_SEND, &r->addr.addr);
		d->ops->close6(d->ctx, CHANNEL_DHCP6, &r->addr.addr);
	}
	r->asked = r->open = 0;
}

/* 80 % of the valid lifetime, times 0.9 to 1.1 (RFC 9686 4.6). */
static uint64_t
refresh_at(struct dhcp6 *d, const struct dhcp6_registration *r, uint64_t now)
{
	uint64_t ms = REG_STATIC_MS;

	if (r->until != PROTO_NEVER)
		ms = r->until > now ? (r->until - now) * REG_REFRESH_TENTHS / 10
				    : 0;
	if (ms > UINT32_MAX)
		ms = UINT32_MAX;
	ms = ms - ms / 10 + d->ops->random(d->ctx, (uint32_t)(ms / 5) + 1);
	return now + (ms > REG_COALESCE_MS ? ms : REG_COALESCE_MS);
}

/*
 * A lifetime that only counts down is no news.  Another one can bring the
 * refresh forward, never put it off (RFC 9686 4.6.1): the server counts from
 * the last registration, and advertisements that extend the lifetime come all
 * the time.
 */
static void
update(struct dhcp6 *d, struct dhcp6_registration *r, const struct addr6 *a,
    uint64_t now)
{
	uint64_t until = d6_end(a->valid_sec, now), next;

	r->addr.flags = a->flags;
	r->preferred = d6_end(a->preferred_sec, now);
	if (r->until != until && r->registered && r->tries == 0 &&
	    (until == PROTO_NEVER || r->until == PROTO_NEVER ||
		until > r->until + 1000 || until + 1000 < r->until)) {
		r->until = until;
		next = refresh_at(d, r, now);
		if (next < r->next)
			r->next = next;
	}
	r->until = until;
}

void
dhcp6_slaac_addresses(
    struct dhcp6 *d, const struct addr6 *addrs, size_t n, uint64_t now)
{
	struct dhcp6_registration *r;
	uint32_t i;
	size_t j;

	for (i = d->nregs; i > 0; i--) {
		for (j = 0; j < n; j++)
			if (IN6_ARE_ADDR_EQUAL(
				&d->regs[i - 1].addr.addr, &addrs[j].addr))
				break;
		if (j < n)
			continue;
		close_channels(d, &d->regs[i - 1]);
		d->regs[i - 1] = d->regs[--d->nregs];
	}
	for (j = 0; j < n; j++) {
		r = find(d, &addrs[j].addr);
		if (r == NULL && d->nregs < DHCP6_REGISTER_MAX) {
			r = &d->regs[d->nregs++];
			memset(r, 0, sizeof(*r));
			r->addr = addrs[j];
			r->next = now;
			for (i = 0; i < DHCP6_KNOWN_MAX; i++)
				if (d->known[i].flags != 0 &&
				    IN6_ARE_ADDR_EQUAL(
					&d->known[i].addr, &addrs[j].addr))
					r->usable = !(d->known[i].flags &
					    (STATE6_TENTATIVE |
						STATE6_DUPLICATED));
		}
		if (r != NULL)
			update(d, r, &addrs[j], now);
	}
	d6_run(d, now);
}

void
d6_register_address(
    struct dhcp6 *d, const struct state6 *st, int usable, uint64_t now)
{
	struct dhcp6_registration *r = find(d, &st->addr);

	if (r == NULL || r->usable == usable)
		return;
	r->usable = (uint8_t)usable;
	if (!usable)
		close_channels(d, r);
	else if (r->next == PROTO_NEVER)
		r->next = now;
}

static void
send_register(struct dhcp6 *d, struct dhcp6_registration *r, uint64_t now)
{
	uint8_t duid[DHCP6_DUID_MAX], wire[DHCP6_SEND_MAX];
	struct dhcp6_out out;
	uint64_t wait;
	size_t n;

	if (r->tries >= REG_MRC) {
		r->tries = 0;
		r->rt_ms = 0;
		r->next = refresh_at(d, r, now);
		return;
	}
	if ((wait = d6_throttle(d, now)) > 0) {
		r->next = now + wait;
		return;
	}
	if (r->tries == 0)
		r->xid = d6_new_xid(d);
	memset(&out, 0, sizeof(out));
	out.type = DHCP6_ADDR_REG_INFORM;
	out.xid = r->xid;
	out.client_id = duid;
	out.client_id_len = d6_client_id(d, duid);
	r->addr.valid_sec = d6_left(r->until, now);
	r->addr.preferred_sec = d6_left(r->preferred, now);
	out.registered = &r->addr;
	n = dhcp6_msg_build(&out, wire, sizeof(wire));
	r->rt_ms = d6_next_rt(d, REG_IRT_MS, 0, r->rt_ms, 0);
	r->next = now + r->rt_ms;
	r->tries++;
	COUNT(d, D6_TX_REGISTER);
	if (n > 0)
		d->ops->send6(
		    d->ctx, CHANNEL_DHCP6_SEND, &r->addr.addr, 0, wire, n);
}

void
d6_register_run(struct dhcp6 *d, uint64_t now)
{
	struct dhcp6_registration *r;
	uint32_t i;

	for (i = 0; i < d->nregs; i++) {
		r = &d->regs[i];
		if (!may_register(d)) {
			close_channels(d, r);
			continue;
		}
		if (!r->usable)
			continue;
		if (!r->asked) {
			r->asked = 1;
			d->ops->open6(d->ctx, CHANNEL_DHCP6, &r->addr.addr);
			d->ops->open6(
			    d->ctx, CHANNEL_DHCP6_SEND, &r->addr.addr);
		}
		if (r->open && r->next <= now)
			send_register(d, r, now);
	}
}

uint64_t
d6_register_deadline(const struct dhcp6 *d)
{
	uint64_t next = PROTO_NEVER;
	uint32_t i;

	for (i = 0; may_register(d) && i < d->nregs; i++)
		if (d->regs[i].open && d->regs[i].usable &&
		    d->regs[i].next < next)
			next = d->regs[i].next;
	return next;
}

/* RFC 9686 4.3: to the address itself, and about it. */
void
d6_register_reply(struct dhcp6 *d, const struct in6_addr *key,
    const struct dhcp6_msg *m, uint64_t now)
{
	struct dhcp6_registration *r = find(d, key);

	if (r == NULL || r->tries == 0 || r->xid != m->xid ||
	    !(m->present & HAVE6_REGISTERED) ||
	    !IN6_ARE_ADDR_EQUAL(&m->registered, key)) {
		COUNT(d, D6_DROP_XID);
		return;
	}
	COUNT(d, D6_RX_REPLY);
	r->registered = 1;
	r->tries = 0;
	r->rt_ms = 0;
	r->next = refresh_at(d, r, now);
}

void
d6_register_channel(struct dhcp6 *d, const struct in6_addr *key, int error)
{
	struct dhcp6_registration *r = find(d, key);

	if (r != NULL)
		r->open = error == 0;
}

void
d6_register_stop(struct dhcp6 *d)
{
	uint32_t i;

	for (i = 0; i < d->nregs; i++) {
		close_channels(d, &d->regs[i]);
		d->regs[i].tries = d->regs[i].registered = 0;
		d->regs[i].rt_ms = 0;
		d->regs[i].next = 0;
	}
}

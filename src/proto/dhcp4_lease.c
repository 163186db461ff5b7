/* SPDX-License-Identifier: ISC */
/* From an ACK to a lease, and from a lease to what the kernel should have. */

#include <arpa/inet.h>
#include <string.h>

#include "dhcp4_priv.h"

static int
inside(struct in_addr addr, struct in_addr net, unsigned int prefixlen)
{
	uint32_t mask = prefixlen == 0 ? 0 : ~0U << (32 - prefixlen);

	return (ntohl(addr.s_addr) & mask) == (ntohl(net.s_addr) & mask);
}

uint32_t
d4_left_sec(const struct dhcp4 *d, uint64_t now)
{
	uint64_t end = d->when[TIMER_EXPIRE];

	if (d->lease.lease_sec == LIFETIME_INFINITE)
		return LIFETIME_INFINITE;
	if (end == PROTO_NEVER || end <= now)
		return 0;
	return (uint32_t)((end - now + 999) / 1000);
}

int
d4_lease_usable(struct dhcp4 *d, const struct lease4 *lease)
{
	return lease->lease_sec >= LEASE_MIN_SEC &&
	    d->ops->addr4_usable(d->ctx, lease->addr, lease->prefixlen);
}

static void
add_route(struct config4 *c, struct in_addr dst, uint8_t prefixlen,
    struct in_addr gateway)
{
	struct route4 *r;
	uint16_t i;

	for (i = 0; i < c->nroutes; i++) {
		r = &c->routes[i];
		if (r->dst.s_addr == dst.s_addr && r->prefixlen == prefixlen)
			return; /* the first one wins */
	}
	if (c->nroutes == CONFIG4_ROUTES_MAX)
		return;
	r = &c->routes[c->nroutes++];
	r->dst = dst;
	r->prefixlen = prefixlen;
	r->gateway = gateway;
}

/* Is the gateway covered by the prefix or an on-link route of the lease? */
static int
on_link(const struct lease4 *lease, struct in_addr gateway)
{
	const struct route4 *r;
	unsigned int i;

	if (inside(gateway, lease->addr, lease->prefixlen) &&
	    lease->prefixlen < 32)
		return 1;
	for (i = 0; i < lease->nroutes; i++) {
		r = &lease->routes[i];
		if (r->gateway.s_addr == INADDR_ANY && r->prefixlen > 0 &&
		    inside(gateway, r->dst, r->prefixlen))
			return 1;
	}
	return 0;
}

/* Cloud networks put the router outside the prefix: a host route to it comes
 * first (D4-33). */
static void
build_routes(const struct lease4 *lease, struct config4 *c)
{
	const struct route4 *r;
	unsigned int i;

	for (i = 0; i < lease->nroutes; i++) {
		r = &lease->routes[i];
		if (r->gateway.s_addr == INADDR_ANY)
			add_route(c, r->dst, r->prefixlen, in_none);
		else if (!on_link(lease, r->gateway))
			add_route(c, r->gateway, 32, in_none);
	}
	for (i = 0; i < lease->nroutes; i++) {
		r = &lease->routes[i];
		if (r->gateway.s_addr != INADDR_ANY)
			add_route(c, r->dst, r->prefixlen, r->gateway);
	}
}

/* Option 28, or all host bits one; none for /31 and /32 (RFC 3021). */
static struct in_addr
broadcast_of(const struct lease4 *lease)
{
	struct in_addr b = in_none;

	if (lease->prefixlen >= 31)
		return b;
	if (lease->broadcast.s_addr != INADDR_ANY)
		return lease->broadcast;
	b.s_addr =
	    lease->addr.s_addr | htonl(~(~0U << (32 - lease->prefixlen)));
	return b;
}

static void
configure_lease(struct dhcp4 *d, struct config4 *c, uint64_t now)
{
	const struct lease4 *lease = &d->lease;

	c->addrs[0].addr = lease->addr;
	c->addrs[0].prefixlen = lease->prefixlen;
	c->addrs[0].broadcast = broadcast_of(lease);
	c->addrs[0].valid_sec = d4_left_sec(d, now);
	c->naddrs = 1;
	if (d->old.addr.s_addr != INADDR_ANY)
		c->addrs[c->naddrs++] = d->old;
	if (!(d->conf.ignore & IGNORE_ROUTES))
		build_routes(lease, c);
	if (d->conf.ignore & IGNORE_MTU)
		return;
	if (lease->mtu >= 1280 && lease->mtu <= d->iface.max_mtu)
		c->if_mtu = lease->mtu;
	else if (lease->mtu >= 576 && lease->mtu < 1280)
		c->route_mtu = lease->mtu;
}

/* The prefix route comes with the address; there is no default route (RFC 3927
 * 2.6.2). */
static void
configure_link_local(const struct dhcp4 *d, struct config4 *c)
{
	struct addr4 *a = &c->addrs[0];

	a->addr = d->linklocal.in_use;
	a->prefixlen = LINKLOCAL4_PREFIXLEN;
	a->broadcast.s_addr = a->addr.s_addr | htonl(0xffff);
	a->valid_sec = LIFETIME_INFINITE;
	c->naddrs = 1;
}

/* The whole configuration of the interface (D4-21, D4-27, D4-33): the lease's,
 * or without one the link-local address (AC-04). */
void
d4_apply(struct dhcp4 *d, uint64_t now)
{
	struct config4 c;

	memset(&c, 0, sizeof(c));
	c.serial = ++d->serial;
	d->linklocal_configured = 0;
	d->linklocal_sent = in_none;
	if (d->has_lease) {
		configure_lease(d, &c, now);
	} else if (d->linklocal.in_use.s_addr != INADDR_ANY) {
		configure_link_local(d, &c);
		d->linklocal_sent = d->linklocal.in_use;
	}
	d->ops->configure4(d->ctx, &c);
}

void
d4_apply_dns(struct dhcp4 *d)
{
	struct dns_set set;
	unsigned int i;

	memset(&set, 0, sizeof(set));
	if (d->has_lease && !(d->conf.ignore & IGNORE_DNS)) {
		set.nservers = d->lease.ndns;
		for (i = 0; i < set.nservers; i++) {
			set.servers[i].family = AF_INET;
			memcpy(set.servers[i].addr, &d->lease.dns[i], 4);
		}
		set.nsearch = d->lease.nsearch;
		memcpy(set.search, d->lease.search, sizeof(set.search));
	}
	/* D4-32: nothing is said twice. */
	if (memcmp(&set, &d->dns, sizeof(set)) == 0)
		return;
	d->dns = set;
	d->ops->dns(d->ctx, &set);
}

/* D4-16: T1 and T2 from the server when sane, each with a little fuzz so that
 * hosts that booted together do not renew together. */
static void
set_times(struct dhcp4 *d, uint32_t present)
{
	struct lease4 *lease = &d->lease;
	uint64_t lease_sec = lease->lease_sec, t1 = lease->t1_sec,
		 t2 = lease->t2_sec;
	uint32_t fuzz;

	d->when[TIMER_T1] = d->when[TIMER_T2] = PROTO_NEVER;
	d->when[TIMER_EXPIRE] = PROTO_NEVER;
	d->expires = PROTO_NEVER;
	if (lease_sec == LIFETIME_INFINITE) {
		lease->t1_sec = lease->t2_sec = LIFETIME_INFINITE;
		return;
	}
	if (!(present & HAVE_T1) || !(present & HAVE_T2) || t1 == 0 ||
	    t1 >= t2 || t2 >= lease_sec) {
		t1 = lease_sec / 2;
		t2 = lease_sec * 7 / 8;
	}
	lease->t1_sec = (uint32_t)t1;
	lease->t2_sec = (uint32_t)t2;
	/* Up to 1/32 earlier: never past what the server said. */
	fuzz = (uint32_t)(t1 * 1000 / 32 > 30000 ? 30000 : t1 * 1000 / 32);
	d->when[TIMER_T1] = d->obtained + t1 * 1000 -
	    (fuzz > 0 ? d->ops->random(d->ctx, fuzz) : 0);
	d->when[TIMER_T2] = d->obtained + t2 * 1000 -
	    (fuzz > 0 ? d->ops->random(d->ctx, fuzz) : 0);
	d->expires = d->obtained + lease_sec * 1000;
	d->when[TIMER_EXPIRE] = d->expires;
}

/* T1 or T2 of a lease that has run for a while; at once where it is past. */
static uint64_t
before_expiry(const struct dhcp4 *d, uint32_t sec, uint64_t now)
{
	uint64_t ms = (uint64_t)(d->lease.lease_sec - sec) * 1000;

	if (d->expires == PROTO_NEVER)
		return PROTO_NEVER;
	return d->expires > now + ms ? d->expires - ms : now;
}

/* What is only shown (D4-28). */
static int
information_differs(const struct lease4 *a, const struct lease4 *b)
{
	return a->nntp != b->nntp ||
	    memcmp(a->ntp, b->ntp, sizeof(a->ntp)) != 0 ||
	    strcmp(a->hostname, b->hostname) != 0 ||
	    strcmp(a->domain, b->domain) != 0 ||
	    strcmp(a->captive_portal, b->captive_portal) != 0 ||
	    a->vendor_len != b->vendor_len ||
	    memcmp(a->vendor, b->vendor, sizeof(a->vendor)) != 0 ||
	    a->sixrd_len != b->sixrd_len ||
	    memcmp(a->sixrd, b->sixrd, sizeof(a->sixrd)) != 0 ||
	    a->dnr_len != b->dnr_len ||
	    memcmp(a->dnr, b->dnr, sizeof(a->dnr)) != 0;
}

static int
lease_differs(const struct lease4 *a, const struct lease4 *b)
{
	return a->addr.s_addr != b->addr.s_addr ||
	    a->prefixlen != b->prefixlen || a->mtu != b->mtu ||
	    a->broadcast.s_addr != b->broadcast.s_addr ||
	    a->nroutes != b->nroutes || a->ndns != b->ndns ||
	    a->nsearch != b->nsearch ||
	    memcmp(a->routes, b->routes, sizeof(a->routes)) != 0 ||
	    memcmp(a->dns, b->dns, sizeof(a->dns)) != 0 ||
	    memcmp(a->search, b->search, sizeof(a->search)) != 0 ||
	    information_differs(a, b);
}

static void
log_bound(struct dhcp4 *d, const char *how)
{
	char addr[INET_ADDRSTRLEN], server[INET_ADDRSTRLEN];

	inet_ntop(AF_INET, &d->lease.addr, addr, sizeof(addr));
	inet_ntop(AF_INET, &d->lease.server_id, server, sizeof(server));
	if (d->lease.lease_sec == LIFETIME_INFINITE)
		LOG(d, LOG_INFO, "%s %s/%u from %s, lease without end", how,
		    addr, d->lease.prefixlen, server);
	else
		LOG(d, LOG_INFO, "%s %s/%u from %s, lease %u s", how, addr,
		    d->lease.prefixlen, server, d->lease.lease_sec);
}

/* The unicast socket for renewals, to the server that granted the lease. */
void
d4_open_udp(struct dhcp4 *d)
{
	if (d->udp_addr.s_addr == d->lease.addr.s_addr &&
	    d->udp_server.s_addr == d->lease.server_id.s_addr)
		return;
	/* One for the same address replaces the old one by itself. */
	if (d->udp_addr.s_addr != INADDR_ANY &&
	    d->udp_addr.s_addr != d->lease.addr.s_addr)
		d->ops->close(d->ctx, CHANNEL_UDP4, d->udp_addr);
	d->udp_open = 0;
	d->udp_addr = d->lease.addr;
	d->udp_server = d->lease.server_id;
	d->ops->open(d->ctx, CHANNEL_UDP4, d->udp_addr, d->udp_server);
}

static void
learn_router(struct lease4 *lease, const struct dhcp4_msg *msg)
{
	unsigned int i;

	for (i = 0; i < lease->nroutes; i++) {
		if (lease->routes[i].prefixlen != 0)
			continue;
		if (lease->routes[i].gateway.s_addr != msg->ip_src.s_addr)
			return;
		memcpy(lease->router_mac, msg->eth_src, 6);
		lease->has_router_mac = 1;
		return;
	}
}

/* The old address stays until the new one is in (D4-21). */
static void
keep_old(struct dhcp4 *d, const struct lease4 *before)
{
	memset(&d->old, 0, sizeof(d->old));
	d->old.addr = before->addr;
	d->old.prefixlen = before->prefixlen;
	d->old.valid_sec = 60;
	d->configured = 0;
}

void
d4_bind(struct dhcp4 *d, const struct dhcp4_msg *msg, uint64_t now)
{
	enum dhcp4_state from = d->state;
	struct lease4 before = d->lease;
	int had = d->has_lease, renewed, changed;

	renewed = had && from != D4_REQUESTING && from != D4_SELECTING &&
	    from != D4_PROBING;
	d->lease = msg->lease;
	d->lease.rapid_commit = from == D4_SELECTING;
	memcpy(d->lease.hwaddr, d->iface.hwaddr, sizeof(d->lease.hwaddr));
	d->lease.hwaddr_len = d->iface.hwaddr_len;
	memcpy(d->lease.network_id, d->iface.network_id,
	    sizeof(d->lease.network_id));
	d->lease.network_id_len = d->iface.network_id_len;
	d->lease.client_id_len = (uint16_t)d4_client_id(
	    d, d->lease.client_id, sizeof(d->lease.client_id));
	learn_router(&d->lease, msg);
	if (had && before.has_router_mac && !d->lease.has_router_mac &&
	    d4_router_of(&before).s_addr == d4_router_of(&d->lease).s_addr) {
		d->lease.has_router_mac = 1;
		memcpy(d->lease.router_mac, before.router_mac, 6);
	}
	d->has_lease = 1;
	d->naks = 0;
	d->adopted = in_none;
	d->when[TIMER_ADOPTED] = PROTO_NEVER;
	d->when[TIMER_ROUTER] = PROTO_NEVER;
	d->when[TIMER_SEND] = PROTO_NEVER;
	set_times(d, msg->present);
	changed = !had || lease_differs(&before, &d->lease);
	if (had && before.addr.s_addr != d->lease.addr.s_addr && d->configured)
		keep_old(d, &before);
	d4_enter(d, D4_BOUND);
	if (changed || !renewed)
		log_bound(d, renewed ? "lease changed:" : "bound to");
	else
		LOG(d, LOG_DEBUG, "lease renewed");
	d4_apply(d, now);
	d4_arp_want(d, &d->lease);
	if (!renewed || before.addr.s_addr != d->lease.addr.s_addr)
		d4_arp_announce(d, now);
	d4_router_learn(d);
	d4_apply_dns(d);
	d4_open_udp(d);
	d->ops->store4(d->ctx, &d->lease);
	if (renewed)
		COUNT(d, D4_RENEWED);
	d->ops->event(d->ctx,
	    !renewed	  ? EVENT_BOUND
		: changed ? EVENT_CHANGED
			  : EVENT_RENEWED,
	    &d->lease, "");
}

void
d4_go_on(struct dhcp4 *d, uint64_t now)
{
	int had = d->has_lease;

	LOG(d, LOG_INFO,
	    "no server answers, but the router of the lease does: going on "
	    "with it");
	d->has_lease = 1;
	d->adopted = in_none;
	d->when[TIMER_ADOPTED] = d->when[TIMER_SEND] = PROTO_NEVER;
	d->when[TIMER_T1] = before_expiry(d, d->lease.t1_sec, now);
	d->when[TIMER_T2] = before_expiry(d, d->lease.t2_sec, now);
	d->when[TIMER_EXPIRE] = d->expires;
	d4_enter(d, D4_BOUND);
	d4_apply(d, now);
	if (!had)
		d4_arp_announce(d, now);
	d4_apply_dns(d);
	d4_open_udp(d);
	if (!had)
		d->ops->event(d->ctx, EVENT_BOUND, &d->lease, "router");
}

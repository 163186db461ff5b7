/* SPDX-License-Identifier: ISC */
/*
 * Output for programs: what IPv6 has given an interface.  Each of these
 * messages follows the interface it is about.
 */

#include <err.h>
#include <string.h>

#include "json.h"

static const char *const preferences[] = {
	[PREFERENCE_LOW] = "low",
	[PREFERENCE_MEDIUM] = "medium",
	[PREFERENCE_HIGH] = "high",
};

static json_t *
make_preference(uint8_t p)
{
	return json_string(p < sizeof(preferences) / sizeof(preferences[0])
		? preferences[p]
		: "unknown");
}

/* :: is null. */
static json_t *
make_addr6(const struct in6_addr *addr)
{
	char text[INET6_ADDRSTRLEN];

	if (IN6_IS_ADDR_UNSPECIFIED(addr))
		return json_null();
	return json_string(text_addr6(addr, text, sizeof(text)));
}

static json_t *
make_prefix6(const struct in6_addr *addr, unsigned int len)
{
	char text[PREFIX6_MAX];

	return json_string(text_prefix6(addr, len, text, sizeof(text)));
}

static json_t *
item_addr6(const void *items, size_t i)
{
	return make_addr6((const struct in6_addr *)items + i);
}

/* A member of the interface that came last. */
static void
set_last(struct output *out, const char *key, uint32_t ifindex, json_t *value)
{
	json_t *list = json_object_get(out->data, "interfaces"), *last;
	size_t n = json_array_size(list);

	if (n == 0)
		errx(EXIT_FAILED, "an answer that was not asked for");
	last = json_array_get(list, n - 1);
	if (json_integer_value(json_object_get(last, "index")) !=
	    (json_int_t)ifindex)
		errx(EXIT_FAILED, "an answer about another interface");
	json_set(last, key, value);
}

/* ---- addresses ---- */

static json_t *
item_show_addr(const void *items, size_t i)
{
	const struct show_addr *a = (const struct show_addr *)items + i;
	json_t *o = json_need(json_object());
	uint32_t flags = a->state.flags;

	json_set(o, "address", make_addr6(&a->state.addr));
	json_set_number(o, "prefix_length", a->state.prefixlen);
	json_set(o, "protocol", json_string(name_origin(a->protocol)));
	json_set(o, "valid", json_make_span(a->state.valid_sec));
	json_set(o, "preferred", json_make_span(a->state.preferred_sec));
	json_set_bool(o, "temporary", a->temporary != 0);
	json_set_bool(o, "tentative", (flags & STATE6_TENTATIVE) != 0);
	json_set_bool(o, "optimistic", (flags & STATE6_OPTIMISTIC) != 0);
	json_set_bool(o, "deprecated", (flags & STATE6_DEPRECATED) != 0);
	json_set_bool(o, "duplicated", (flags & STATE6_DUPLICATED) != 0);
	return o;
}

void
json6_addrs(struct output *out, const struct ipc_show_addrs *msg)
{
	set_last(out, "ipv6_addresses", msg->ifindex,
	    json_list(text_bounded(msg->naddrs, SHOW_ADDRS_MAX), item_show_addr,
		msg->addrs));
}

/* ---- router advertisements ---- */

static json_t *
item_router(const void *items, size_t i)
{
	const struct slaac_router *r = (const struct slaac_router *)items + i;
	json_t *o = json_need(json_object());

	json_set(o, "address", make_addr6(&r->addr));
	json_set(o, "lifetime", json_make_span(r->left_sec));
	json_set(o, "preference", make_preference(r->preference));
	json_set_bool(o, "managed", (r->flags & SLAAC_ROUTER_MANAGED) != 0);
	json_set_bool(o, "other", (r->flags & SLAAC_ROUTER_OTHER) != 0);
	json_set_bool(o, "reachable", (r->flags & SLAAC_ROUTER_REACHABLE) != 0);
	return o;
}

static json_t *
item_slaac_prefix(const void *items, size_t i)
{
	const struct slaac_prefix *p = (const struct slaac_prefix *)items + i;
	json_t *o = json_need(json_object());

	json_set(o, "prefix", make_prefix6(&p->prefix, p->prefixlen));
	json_set_bool(o, "on_link", (p->flags & SLAAC_PREFIX_ONLINK) != 0);
	json_set_bool(
	    o, "autonomous", (p->flags & SLAAC_PREFIX_AUTONOMOUS) != 0);
	json_set_bool(
	    o, "delegation", (p->flags & SLAAC_PREFIX_DELEGATION) != 0);
	json_set_bool(
	    o, "deprecated", (p->flags & SLAAC_PREFIX_DEPRECATED) != 0);
	json_set(o, "on_link_valid", json_make_span(p->onlink_sec));
	json_set(o, "valid", json_make_span(p->valid_sec));
	json_set(o, "preferred", json_make_span(p->preferred_sec));
	return o;
}

static json_t *
item_slaac_route(const void *items, size_t i)
{
	const struct slaac_route *r = (const struct slaac_route *)items + i;
	json_t *o = json_need(json_object());

	json_set(o, "destination", make_prefix6(&r->dst, r->prefixlen));
	json_set_number(o, "router", r->router);
	json_set(o, "lifetime", json_make_span(r->left_sec));
	json_set(o, "preference", make_preference(r->preference));
	return o;
}

static json_t *
item_slaac_server(const void *items, size_t i)
{
	const struct slaac_server *s = (const struct slaac_server *)items + i;
	json_t *o = json_need(json_object());

	json_set(o, "address", make_addr6(&s->addr));
	json_set(o, "lifetime", json_make_span(s->left_sec));
	return o;
}

static json_t *
make_slaac_search(const struct slaac_info *s)
{
	size_t i, n = text_bounded(s->nsearch, DNS_SEARCH_MAX);
	json_t *list = json_need(json_array()), *o;

	for (i = 0; i < n; i++) {
		o = json_need(json_object());
		json_set(
		    o, "name", json_make_string(s->search[i], DNS_NAME_MAX));
		json_set(o, "lifetime", json_make_span(s->search_sec[i]));
		if (json_array_append_new(list, o) == -1)
			errx(EXIT_FAILED, "out of memory");
	}
	return list;
}

static json_t *
item_pref64(const void *items, size_t i)
{
	const struct slaac_pref64 *p = (const struct slaac_pref64 *)items + i;
	json_t *o = json_need(json_object());

	json_set(o, "prefix", make_prefix6(&p->prefix, p->prefixlen));
	json_set(o, "lifetime", json_make_span(p->left_sec));
	return o;
}

static json_t *
item_dnr(const void *items, size_t i)
{
	const struct slaac_dnr *d = (const struct slaac_dnr *)items + i;
	json_t *o = json_need(json_object());

	json_set(o, "name", json_make_string(d->name, sizeof(d->name)));
	json_set_number(o, "priority", d->priority);
	json_set(o, "addresses",
	    json_list(text_bounded(d->naddrs, SLAAC_DNR_ADDRS_MAX), item_addr6,
		d->addrs));
	json_set(o, "lifetime", json_make_span(d->left_sec));
	return o;
}

/* 0: not said. */
static json_t *
make_said(uint32_t value)
{
	return value == 0 ? json_null() : json_make_number(value);
}

void
json6_slaac(struct output *out, const struct ipc_show_slaac *msg)
{
	const struct slaac_info *s = &msg->info;
	json_t *o = json_need(json_object());

	json_set_number(o, "solicitations", s->tries);
	json_set(o, "next_solicitation", json_make_span(s->next_sec));
	json_set(o, "routers",
	    json_list(text_bounded(s->nrouters, SLAAC_ROUTERS_MAX), item_router,
		s->routers));
	json_set(o, "prefixes",
	    json_list(text_bounded(s->nprefixes, SLAAC_PREFIXES_MAX),
		item_slaac_prefix, s->prefixes));
	json_set(o, "routes",
	    json_list(text_bounded(s->nroutes, SLAAC_ROUTES_MAX),
		item_slaac_route, s->routes));
	json_set(o, "dns",
	    json_list(text_bounded(s->nservers, DNS_SERVERS_MAX),
		item_slaac_server, s->servers));
	json_set(o, "search", make_slaac_search(s));
	json_set(o, "pref64",
	    json_list(text_bounded(s->npref64, SLAAC_PREF64_MAX), item_pref64,
		s->pref64));
	json_set(o, "encrypted_dns",
	    json_list(text_bounded(s->ndnr, SLAAC_DNR_MAX), item_dnr, s->dnr));
	json_set(o, "captive_portal",
	    json_make_optional(s->captive_portal, sizeof(s->captive_portal)));
	json_set(o, "mtu", make_said(s->mtu));
	json_set(o, "hop_limit", make_said(s->hop_limit));
	json_set(o, "reachable_ms", make_said(s->reachable_ms));
	json_set(o, "retrans_ms", make_said(s->retrans_ms));
	json_set_number(o, "evicted", s->evicted);
	set_last(out, "slaac", msg->ifindex, o);
}

/* ---- DHCPv6 ---- */

static json_t *
make_server(const struct dhcp6_server *s)
{
	size_t len = text_bounded(s->duid_len, DHCP6_DUID_MAX);
	json_t *o;

	if (len == 0)
		return json_null();
	o = json_need(json_object());
	json_set(o, "address", make_addr6(&s->addr));
	json_set(o, "duid", json_make_hex(s->duid, len, '\0'));
	json_set_number(o, "preference", s->preference);
	return o;
}

/* The identity associations that are asked for; which one a prefix is of is
 * its "ia" (0: the addresses'). */
static json_t *
make_ias(const struct dhcp6_lease *l)
{
	json_t *list = json_need(json_array()), *o;
	size_t i;

	for (i = 0; i < DHCP6_IAS_MAX; i++) {
		if (l->ias[i].state == IA_OFF)
			continue;
		o = json_need(json_object());
		json_set_number(o, "ia", i);
		json_set(o, "type",
		    json_string(i == DHCP6_IA_NA ? "addresses" : "prefixes"));
		json_set(
		    o, "state", json_string(name_ia_state(l->ias[i].state)));
		json_set_number(o, "iaid", l->ias[i].iaid);
		json_set(o, "t1_in", json_make_span(l->ias[i].t1_sec));
		json_set(o, "t2_in", json_make_span(l->ias[i].t2_sec));
		json_set(
		    o, "status", json_string(name_status6(l->ias[i].status)));
		json_set(o, "server", make_server(&l->ias[i].server));
		if (json_array_append_new(list, o) == -1)
			errx(EXIT_FAILED, "out of memory");
	}
	return list;
}

static json_t *
item_dhcp6_addr(const void *items, size_t i)
{
	const struct dhcp6_addr *a = (const struct dhcp6_addr *)items + i;
	json_t *o = json_need(json_object());

	json_set(o, "address", make_addr6(&a->addr));
	json_set(o, "valid", json_make_span(a->valid_sec));
	json_set(o, "preferred", json_make_span(a->preferred_sec));
	json_set(o, "status", json_string(name_status6(a->status)));
	json_set_bool(o, "usable", (a->flags & DHCP6_ADDR_USABLE) != 0);
	json_set_bool(o, "duplicated", (a->flags & DHCP6_ADDR_DUPLICATED) != 0);
	return o;
}

static json_t *
item_dhcp6_prefix(const void *items, size_t i)
{
	const struct dhcp6_prefix *p = (const struct dhcp6_prefix *)items + i;
	json_t *o = json_need(json_object());

	json_set(o, "prefix", make_prefix6(&p->prefix, p->prefixlen));
	json_set_number(o, "ia", p->ia);
	json_set(o, "valid", json_make_span(p->valid_sec));
	json_set(o, "preferred", json_make_span(p->preferred_sec));
	json_set(o, "excluded",
	    p->exclude_len == 0 ? json_null()
				: make_prefix6(&p->exclude, p->exclude_len));
	json_set(o, "status", json_string(name_status6(p->status)));
	return o;
}

static json_t *
item_dns_server(const void *items, size_t i)
{
	const struct dns_server *s = (const struct dns_server *)items + i;
	struct in6_addr addr6;
	struct in_addr addr4;
	char text[INET6_ADDRSTRLEN];

	memcpy(&addr6, s->addr, sizeof(addr6));
	memcpy(&addr4, s->addr, sizeof(addr4));
	if (s->family == AF_INET)
		return json_string(text_addr4(addr4, text, sizeof(text)));
	return make_addr6(&addr6);
}

static void
set_dns(json_t *o, const struct dns_set *dns)
{
	json_set(o, "dns",
	    json_list(text_bounded(dns->nservers, DNS_SERVERS_MAX),
		item_dns_server, dns->servers));
	json_set(o, "search",
	    json_list(text_bounded(dns->nsearch, DNS_SEARCH_MAX),
		json_item_search, dns->search));
}

static void
set_dhcp6_options(json_t *o, const struct dhcp6_lease *l)
{
	set_dns(o, &l->dns);
	json_set(o, "ntp",
	    json_list(
		text_bounded(l->nntp, DHCP6_NTP_MAX), item_addr6, l->ntp));
	json_set(o, "ntp_name",
	    json_make_optional(l->ntp_name, sizeof(l->ntp_name)));
	json_set(o, "aftr", json_make_optional(l->aftr, sizeof(l->aftr)));
	json_set(o, "captive_portal",
	    json_make_optional(l->captive_portal, sizeof(l->captive_portal)));
	json_set(o, "map",
	    json_make_hex(
		l->s46, text_bounded(l->s46_len, DHCP6_BLOB_MAX), '\0'));
	json_set(o, "encrypted_dns",
	    json_make_hex(
		l->dnr, text_bounded(l->dnr_len, DHCP6_BLOB_MAX), '\0'));
	json_set_bool(o, "registration", l->registration != 0);
}

void
json6_dhcp6(struct output *out, const struct ipc_show_dhcp6 *msg)
{
	const struct dhcp6_lease *l = &msg->lease;
	json_t *o = json_need(json_object());

	json_set(o, "mode", json_string(name_mode(msg->dhcp6)));
	json_set(o, "state", json_string(name_state6(l->state)));
	json_set_number(o, "tries", msg->tries);
	json_set_number(o, "retry_in", msg->retry_in);
	json_set(o, "status", json_string(name_status6(l->status)));
	json_set_bool(o, "rapid_commit", l->rapid_commit != 0);
	json_set_bool(o, "stateless", l->stateless != 0);
	json_set(o, "refresh_in",
	    l->stateless ? json_make_span(l->refresh_sec) : json_null());
	json_set(o, "ias", make_ias(l));
	json_set(o, "addresses",
	    json_list(text_bounded(l->naddrs, DHCP6_ADDRS_MAX), item_dhcp6_addr,
		l->addrs));
	json_set(o, "prefixes",
	    json_list(text_bounded(l->nprefixes, DHCP6_PREFIXES_MAX),
		item_dhcp6_prefix, l->prefixes));
	set_dhcp6_options(o, l);
	set_last(out, "dhcp6", msg->ifindex, o);
}

/* ---- delegated subnets ---- */

static json_t *
item_subnet(const void *items, size_t i)
{
	const struct show_prefix *p = (const struct show_prefix *)items + i;
	json_t *o = json_need(json_object());
	int good = p->error == 0;

	json_set(o, "uplink", json_make_string(p->uplink, sizeof(p->uplink)));
	json_set_number(o, "subnet", p->subnet);
	json_set(o, "prefix",
	    good ? make_prefix6(&p->prefix, p->prefixlen) : json_null());
	json_set(o, "address", good ? make_addr6(&p->addr) : json_null());
	json_set(o, "valid", good ? json_make_span(p->valid_sec) : json_null());
	json_set(o, "preferred",
	    good ? json_make_span(p->preferred_sec) : json_null());
	json_set_bool(o, "deprecated", p->old != 0);
	json_set(o, "error",
	    good ? json_null() : json_string(name_prefix_error(p->error)));
	return o;
}

void
json6_prefixes(struct output *out, const struct ipc_show_prefixes *msg)
{
	set_last(out, "subnets", msg->ifindex,
	    json_list(text_bounded(msg->nprefixes, SHOW_PREFIXES_MAX),
		item_subnet, msg->prefixes));
}

/* ---- events ---- */

void
json6_event(struct output *out, const struct ipc_event6 *msg)
{
	const struct event6 *e = &msg->detail;
	json_t *o = json_event_head(msg->event, msg->ifname,
	    sizeof(msg->ifname), msg->ifindex, msg->protocol,
	    text_wall(msg->wall_high, msg->wall_low));
	int has = !IN6_IS_ADDR_UNSPECIFIED(&e->addr);

	json_set(
	    o, "reason", json_make_optional(msg->reason, sizeof(msg->reason)));
	json_set(o, "address", make_addr6(&e->addr));
	json_set(o, "prefix_length",
	    has ? json_make_number(e->prefixlen) : json_null());
	json_set(o, "from", make_addr6(&e->from));
	json_set(o, "valid", has ? json_make_span(e->valid_sec) : json_null());
	json_set(o, "preferred",
	    has ? json_make_span(e->preferred_sec) : json_null());
	set_dns(o, &e->dns);
	json_put(out, o, JSON_COMPACT);
	json_decref(o);
}

/* SPDX-License-Identifier: ISC */
/* Output for people: what IPv6 has given an interface. */

#include <string.h>

#include "show.h"

static const char *const preferences[] = {
	[PREFERENCE_LOW] = ", low preference",
	[PREFERENCE_MEDIUM] = "",
	[PREFERENCE_HIGH] = ", high preference",
};

static const char *
preference(uint8_t p)
{
	return p < sizeof(preferences) / sizeof(preferences[0]) ? preferences[p]
								: "";
}

/* "valid 2h, preferred 1h" */
static const char *
lifetimes(uint32_t valid, uint32_t preferred, char *dst, size_t size)
{
	char v[SPAN_MAX], p[SPAN_MAX];

	if (valid == LIFETIME_INFINITE && preferred == LIFETIME_INFINITE)
		snprintf(dst, size, "for ever");
	else
		snprintf(dst, size, "valid %s, preferred %s",
		    text_span(valid, v, sizeof(v)),
		    text_span(preferred, p, sizeof(p)));
	return dst;
}
#define LIFETIMES_MAX (2 * SPAN_MAX + 32)

void
show6_addrs(struct output *out, const struct ipc_show_addrs *msg)
{
	size_t i, n = text_bounded(msg->naddrs, SHOW_ADDRS_MAX);
	char prefix[PREFIX6_MAX], times[LIFETIMES_MAX];
	const struct show_addr *a;
	uint32_t flags;

	for (i = 0; i < n; i++) {
		a = &msg->addrs[i];
		flags = a->state.flags;
		show_row(out->fp, "address", "%s %s, %s%s%s%s%s%s",
		    text_prefix6(&a->state.addr, a->state.prefixlen, prefix,
			sizeof(prefix)),
		    name_origin(a->protocol),
		    lifetimes(a->state.valid_sec, a->state.preferred_sec, times,
			sizeof(times)),
		    a->temporary ? ", temporary" : "",
		    flags & STATE6_TENTATIVE ? ", tentative" : "",
		    flags & STATE6_OPTIMISTIC ? ", optimistic" : "",
		    flags & STATE6_DEPRECATED ? ", deprecated" : "",
		    flags & STATE6_DUPLICATED
			? ", DUPLICATED: another host has it"
			: "");
	}
}

/* ---- router advertisements ---- */

static void
show_routers(FILE *fp, const struct slaac_info *s)
{
	size_t i, n = text_bounded(s->nrouters, SLAAC_ROUTERS_MAX);
	char addr[INET6_ADDRSTRLEN], span[SPAN_MAX];
	const struct slaac_router *r;

	for (i = 0; i < n; i++) {
		r = &s->routers[i];
		text_addr6(&r->addr, addr, sizeof(addr));
		if (r->left_sec == 0)
			show_row(fp, "router", "%s, no default router", addr);
		else
			show_row(fp, "router", "%s for %s%s%s%s%s", addr,
			    text_span(r->left_sec, span, sizeof(span)),
			    preference(r->preference),
			    r->flags & SLAAC_ROUTER_MANAGED ? ", managed" : "",
			    r->flags & SLAAC_ROUTER_OTHER ? ", other" : "",
			    r->flags & SLAAC_ROUTER_REACHABLE
				? ""
				: ", unreachable");
	}
}

static void
show_slaac_prefixes(FILE *fp, const struct slaac_info *s)
{
	size_t i, n = text_bounded(s->nprefixes, SLAAC_PREFIXES_MAX);
	char prefix[PREFIX6_MAX], times[LIFETIMES_MAX], span[SPAN_MAX];
	const struct slaac_prefix *p;

	for (i = 0; i < n; i++) {
		p = &s->prefixes[i];
		text_prefix6(&p->prefix, p->prefixlen, prefix, sizeof(prefix));
		snprintf(times, sizeof(times), "no addresses");
		if (p->flags & SLAAC_PREFIX_AUTONOMOUS)
			lifetimes(p->valid_sec, p->preferred_sec, times,
			    sizeof(times));
		if (p->flags & SLAAC_PREFIX_ONLINK)
			show_row(fp, "prefix", "%s %s, on-link %s%s", prefix,
			    times, text_span(p->onlink_sec, span, sizeof(span)),
			    p->flags & SLAAC_PREFIX_DEPRECATED ? ", deprecated"
							       : "");
		else
			show_row(fp, "prefix", "%s %s%s", prefix, times,
			    p->flags & SLAAC_PREFIX_DEPRECATED ? ", deprecated"
							       : "");
	}
}

static void
show_slaac_routes(FILE *fp, const struct slaac_info *s)
{
	size_t i, n = text_bounded(s->nroutes, SLAAC_ROUTES_MAX);
	size_t nrouters = text_bounded(s->nrouters, SLAAC_ROUTERS_MAX);
	char prefix[PREFIX6_MAX], addr[INET6_ADDRSTRLEN], span[SPAN_MAX];
	const struct slaac_route *r;

	for (i = 0; i < n; i++) {
		r = &s->routes[i];
		snprintf(addr, sizeof(addr), "?");
		if (r->router < nrouters)
			text_addr6(
			    &s->routers[r->router].addr, addr, sizeof(addr));
		show_row(fp, "route", "%s via %s for %s%s",
		    text_prefix6(&r->dst, r->prefixlen, prefix, sizeof(prefix)),
		    addr, text_span(r->left_sec, span, sizeof(span)),
		    preference(r->preference));
	}
}

static void
show_slaac_dns(FILE *fp, const struct slaac_info *s)
{
	size_t i, n = text_bounded(s->nservers, DNS_SERVERS_MAX);
	char text[ESCAPED(DNS_NAME_MAX)], addr[INET6_ADDRSTRLEN];
	char span[SPAN_MAX];

	for (i = 0; i < n; i++)
		show_row(fp, "dns", "%s for %s",
		    text_addr6(&s->servers[i].addr, addr, sizeof(addr)),
		    text_span(s->servers[i].left_sec, span, sizeof(span)));
	n = text_bounded(s->nsearch, DNS_SEARCH_MAX);
	for (i = 0; i < n; i++)
		show_row(fp, "search", "%s for %s",
		    text_escape(s->search[i], DNS_NAME_MAX, text, sizeof(text)),
		    text_span(s->search_sec[i], span, sizeof(span)));
	n = text_bounded(s->ndnr, SLAAC_DNR_MAX);
	for (i = 0; i < n; i++)
		show_row(fp, "encrypted dns", "%s, priority %u",
		    text_escape(
			s->dnr[i].name, DNS_NAME_MAX, text, sizeof(text)),
		    s->dnr[i].priority);
}

void
show6_slaac(struct output *out, const struct ipc_show_slaac *msg)
{
	const struct slaac_info *s = &msg->info;
	size_t i, n = text_bounded(s->npref64, SLAAC_PREF64_MAX);
	char span[SPAN_MAX], prefix[PREFIX6_MAX];
	FILE *fp = out->fp;

	if (s->nrouters == 0 && s->next_sec != LIFETIME_INFINITE)
		show_row(fp, "slaac",
		    "no router, %u solicitations, the next in %s", s->tries,
		    text_span(s->next_sec, span, sizeof(span)));
	else
		show_row(fp, "slaac", "%u router%s, %u prefix%s", s->nrouters,
		    s->nrouters == 1 ? "" : "s", s->nprefixes,
		    s->nprefixes == 1 ? "" : "es");
	show_routers(fp, s);
	show_slaac_prefixes(fp, s);
	show_slaac_routes(fp, s);
	show_slaac_dns(fp, s);
	for (i = 0; i < n; i++)
		show_row(fp, "nat64", "%s",
		    text_prefix6(&s->pref64[i].prefix, s->pref64[i].prefixlen,
			prefix, sizeof(prefix)));
	show_string(
	    fp, "captive portal", s->captive_portal, sizeof(s->captive_portal));
	if (s->mtu != 0)
		show_row(fp, "ipv6 mtu", "%u", s->mtu);
	if (s->evicted != 0)
		show_row(
		    fp, "evicted", "%u entries of full tables", s->evicted);
}

/* ---- DHCPv6 ---- */

/* "IA_NA 1 bound, server 000100..., renews in 30m, rebinds in 48m" */
static void
show_ia(FILE *fp, const struct dhcp6_ia *ia, size_t i)
{
	char duid[2 * DHCP6_DUID_MAX + 2], addr[INET6_ADDRSTRLEN];
	char t1[SPAN_MAX], t2[SPAN_MAX];
	size_t len = text_bounded(ia->server.duid_len, DHCP6_DUID_MAX);
	const char *what = i == DHCP6_IA_NA ? "addresses" : "prefixes";

	if (len == 0) {
		show_row(fp, what, "%s, iaid %u%s%s", name_ia_state(ia->state),
		    ia->iaid, ia->status != 0 ? ", server says " : "",
		    ia->status != 0 ? name_status6(ia->status) : "");
		return;
	}
	show_row(fp, what, "%s, iaid %u, renews in %s, rebinds in %s%s%s",
	    name_ia_state(ia->state), ia->iaid,
	    text_span(ia->t1_sec, t1, sizeof(t1)),
	    text_span(ia->t2_sec, t2, sizeof(t2)),
	    ia->status != 0 ? ", server says " : "",
	    ia->status != 0 ? name_status6(ia->status) : "");
	show_row(fp, "  server", "%s, duid %s",
	    text_addr6(&ia->server.addr, addr, sizeof(addr)),
	    text_hex(ia->server.duid, len, '\0', duid, sizeof(duid)));
}

static void
show_dhcp6_prefixes(FILE *fp, const struct dhcp6_lease *l)
{
	size_t i, n = text_bounded(l->nprefixes, DHCP6_PREFIXES_MAX);
	char prefix[PREFIX6_MAX], except[PREFIX6_MAX], times[LIFETIMES_MAX];
	const struct dhcp6_prefix *p;

	for (i = 0; i < n; i++) {
		p = &l->prefixes[i];
		show_row(fp, "  delegated", "%s, %s%s%s",
		    text_prefix6(
			&p->prefix, p->prefixlen, prefix, sizeof(prefix)),
		    lifetimes(
			p->valid_sec, p->preferred_sec, times, sizeof(times)),
		    p->exclude_len != 0 ? ", without " : "",
		    p->exclude_len != 0
			? text_prefix6(&p->exclude, p->exclude_len, except,
			      sizeof(except))
			: "");
	}
}

static void
show_dhcp6_options(FILE *fp, const struct dhcp6_lease *l)
{
	size_t i, n = text_bounded(l->dns.nservers, DNS_SERVERS_MAX);
	char addr[INET6_ADDRSTRLEN], text[ESCAPED(DNS_NAME_MAX)];
	struct in6_addr server;

	for (i = 0; i < n; i++) {
		memcpy(&server, l->dns.servers[i].addr, sizeof(server));
		show_row(
		    fp, "dns", "%s", text_addr6(&server, addr, sizeof(addr)));
	}
	n = text_bounded(l->dns.nsearch, DNS_SEARCH_MAX);
	for (i = 0; i < n; i++)
		show_row(fp, "search", "%s",
		    text_escape(
			l->dns.search[i], DNS_NAME_MAX, text, sizeof(text)));
	n = text_bounded(l->nntp, DHCP6_NTP_MAX);
	for (i = 0; i < n; i++)
		show_row(fp, "ntp", "%s",
		    text_addr6(&l->ntp[i], addr, sizeof(addr)));
	show_string(fp, "ntp", l->ntp_name, sizeof(l->ntp_name));
	show_string(fp, "aftr", l->aftr, sizeof(l->aftr));
	show_string(
	    fp, "captive portal", l->captive_portal, sizeof(l->captive_portal));
	show_blob(fp, "map", l->s46, text_bounded(l->s46_len, DHCP6_BLOB_MAX));
	show_blob(fp, "encrypted dns", l->dnr,
	    text_bounded(l->dnr_len, DHCP6_BLOB_MAX));
}

void
show6_dhcp6(struct output *out, const struct ipc_show_dhcp6 *msg)
{
	const struct dhcp6_lease *l = &msg->lease;
	char span[SPAN_MAX];
	FILE *fp = out->fp;
	size_t i;

	if (msg->tries > 1)
		show_row(fp, "dhcp6", "%s (try %u, the next in %s)",
		    name_state6(l->state), msg->tries,
		    text_span(msg->retry_in, span, sizeof(span)));
	else
		show_row(fp, "dhcp6", "%s%s", name_state6(l->state),
		    l->rapid_commit ? ", by rapid commit" : "");
	for (i = 0; i < DHCP6_IAS_MAX; i++)
		if (l->ias[i].state != IA_OFF)
			show_ia(fp, &l->ias[i], i);
	show_dhcp6_prefixes(fp, l);
	show_dhcp6_options(fp, l);
	if (l->stateless)
		show_row(fp, "refreshes", "in %s",
		    text_span(l->refresh_sec, span, sizeof(span)));
}

void
show6_prefixes(struct output *out, const struct ipc_show_prefixes *msg)
{
	size_t i, n = text_bounded(msg->nprefixes, SHOW_PREFIXES_MAX);
	char uplink[ESCAPED(IFACE_NAME_MAX)], prefix[PREFIX6_MAX];
	char times[LIFETIMES_MAX];
	const struct show_prefix *p;

	for (i = 0; i < n; i++) {
		p = &msg->prefixes[i];
		text_escape(
		    p->uplink, sizeof(p->uplink), uplink, sizeof(uplink));
		if (p->error != 0)
			show_row(out->fp, "subnet", "%u of %s: %s", p->subnet,
			    uplink, name_prefix_error(p->error));
		else
			show_row(out->fp, "subnet", "%s, %u of %s, %s%s",
			    text_prefix6(&p->prefix, p->prefixlen, prefix,
				sizeof(prefix)),
			    p->subnet, uplink,
			    lifetimes(p->valid_sec, p->preferred_sec, times,
				sizeof(times)),
			    p->old ? ", deprecated" : "");
	}
}

/* 2026-01-31T12:00:00Z eth0 slaac bound 2001:db8::1/64 from fe80::1 ... */
void
show6_event(struct output *out, const struct ipc_event6 *msg)
{
	const struct event6 *e = &msg->detail;
	char text[PREFIX6_MAX], times[LIFETIMES_MAX];
	FILE *fp = out->fp;

	show_event_head(fp, msg->wall_high, msg->wall_low, msg->ifname,
	    sizeof(msg->ifname), msg->protocol, msg->event);
	if (!IN6_IS_ADDR_UNSPECIFIED(&e->addr))
		fprintf(fp, " %s %s",
		    text_prefix6(&e->addr, e->prefixlen, text, sizeof(text)),
		    lifetimes(
			e->valid_sec, e->preferred_sec, times, sizeof(times)));
	if (!IN6_IS_ADDR_UNSPECIFIED(&e->from))
		fprintf(
		    fp, " from %s", text_addr6(&e->from, text, sizeof(text)));
	show_reason(fp, msg->reason, sizeof(msg->reason));
	fputc('\n', fp);
	fflush(fp);
}

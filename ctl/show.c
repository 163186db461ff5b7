/* SPDX-License-Identifier: ISC */
/* Output for people: what is, in as few lines as say it. */

#include <sys/socket.h>
#include <arpa/inet.h>
#include <errno.h>
#include <pwd.h>
#include <stdarg.h>
#include <string.h>

#include "show.h"
#include "proto/dhcp4.h"

#define CAPS_ALL 38 /* so many and more: all the kernel has (3.16 has 38) */

static void show_addrs(FILE *, const char *, const struct in_addr *, size_t);
static void show_caps(FILE *, const struct ipc_sandbox *);
static void show_counters(struct output *, const struct ipc_show_counters *);
static void show_dhcp4(FILE *, const struct ipc_show_iface *);
static void show_event(struct output *, const struct ipc_event *);
static void show_head(FILE *, const struct ipc_show_iface *);
static void show_iface(struct output *, const struct ipc_show_iface *);
static void show_lease(FILE *, const struct ipc_show_iface *);
static void show_lease_options(FILE *, const struct lease4 *);
static void show_result(struct output *, const struct ipc_result *);
static void show_routes(FILE *, const struct lease4 *);
static void show_sandbox(struct output *, const struct ipc_show_sandbox *);
static void show_search(FILE *, const struct lease4 *);
static void show_sixrd(FILE *, const struct lease4 *);
static void show_skipped(struct output *, const struct ipc_show_skipped *);
static void show_socket(FILE *, const struct ipc_show_iface *);
static const char *link_text(uint32_t);
static const char *user_name(uint32_t, char *, size_t);

void
show_row(FILE *fp, const char *label, const char *fmt, ...)
{
	va_list ap;

	fprintf(fp, "  %-14s ", label);
	va_start(ap, fmt);
	vfprintf(fp, fmt, ap);
	va_end(ap);
	fputc('\n', fp);
}

/* "uid 104 (_leased)", or the uid alone when it has no name. */
static const char *
user_name(uint32_t uid, char *dst, size_t size)
{
	const struct passwd *pw = getpwuid((uid_t)uid);

	if (pw != NULL)
		snprintf(dst, size, "uid %u (%s)", uid, pw->pw_name);
	else
		snprintf(dst, size, "uid %u", uid);
	return dst;
}

/* ---- a lease ---- */

static void
show_addrs(FILE *fp, const char *label, const struct in_addr *addrs, size_t n)
{
	char addr[INET_ADDRSTRLEN];
	size_t i;

	if (n == 0)
		return;
	fprintf(fp, "  %-14s", label);
	for (i = 0; i < n; i++)
		fprintf(fp, " %s", text_addr4(addrs[i], addr, sizeof(addr)));
	fputc('\n', fp);
}

void
show_string(FILE *fp, const char *label, const char *src, size_t max)
{
	char text[ESCAPED(LEASE4_URI_MAX)];

	if (src[0] != '\0')
		show_row(
		    fp, label, "%s", text_escape(src, max, text, sizeof(text)));
}

void
show_blob(FILE *fp, const char *label, const uint8_t *bytes, size_t len)
{
	char text[2 * LEASE4_BLOB_MAX + 2];

	if (len > 0)
		show_row(fp, label, "%s",
		    text_hex(bytes, len, '\0', text, sizeof(text)));
}

static void
show_routes(FILE *fp, const struct lease4 *l)
{
	char prefix[PREFIX4_MAX], gateway[INET_ADDRSTRLEN];
	size_t i, n = text_bounded(l->nroutes, LEASE4_ROUTES_MAX);
	const struct route4 *r;

	for (i = 0; i < n; i++) {
		r = &l->routes[i];
		text_prefix4(r->dst, r->prefixlen, prefix, sizeof(prefix));
		text_addr4(r->gateway, gateway, sizeof(gateway));
		if (r->gateway.s_addr == INADDR_ANY)
			show_row(fp, "route", "%s on this link", prefix);
		else if (r->prefixlen == 0)
			show_row(fp, "default route", "%s", gateway);
		else
			show_row(fp, "route", "%s via %s", prefix, gateway);
	}
}

static void
show_search(FILE *fp, const struct lease4 *l)
{
	char name[ESCAPED(DNS_NAME_MAX)];
	size_t i, n = text_bounded(l->nsearch, DNS_SEARCH_MAX);

	if (n == 0)
		return;
	fprintf(fp, "  %-14s", "search");
	for (i = 0; i < n; i++)
		fprintf(fp, " %s",
		    text_escape(l->search[i], sizeof(l->search[i]), name,
			sizeof(name)));
	fputc('\n', fp);
}

/* RFC 5969 7.1.1: mask length, prefix length, prefix, border relays. */
static void
show_sixrd(FILE *fp, const struct lease4 *l)
{
	char prefix[INET6_ADDRSTRLEN], relay[INET_ADDRSTRLEN];
	size_t len = text_bounded(l->sixrd_len, sizeof(l->sixrd));

	if (len == 0)
		return;
	if (len < 22 ||
	    inet_ntop(AF_INET6, l->sixrd + 2, prefix, sizeof(prefix)) == NULL ||
	    inet_ntop(AF_INET, l->sixrd + 18, relay, sizeof(relay)) == NULL) {
		show_blob(fp, "6rd", l->sixrd, len);
		return;
	}
	show_row(fp, "6rd", "%s/%u, IPv4 mask %u, relay %s", prefix,
	    l->sixrd[1], l->sixrd[0], relay);
}

/* What a lease holds beside the address. */
static void
show_lease_options(FILE *fp, const struct lease4 *l)
{
	char mac[3 * sizeof(l->router_mac) + 2];
	char span[SPAN_MAX];

	show_routes(fp, l);
	if (l->has_router_mac)
		show_row(fp, "router's MAC", "%s",
		    text_hex(l->router_mac, sizeof(l->router_mac), ':', mac,
			sizeof(mac)));
	show_addrs(fp, "dns", l->dns, text_bounded(l->ndns, DNS_SERVERS_MAX));
	show_search(fp, l);
	show_string(fp, "domain", l->domain, sizeof(l->domain));
	show_string(fp, "host name", l->hostname, sizeof(l->hostname));
	show_addrs(fp, "ntp", l->ntp, text_bounded(l->nntp, LEASE4_NTP_MAX));
	if (l->mtu != 0)
		show_row(fp, "mtu", "%u", l->mtu);
	show_string(
	    fp, "captive portal", l->captive_portal, sizeof(l->captive_portal));
	if (l->ipv6_only_sec != 0)
		show_row(fp, "ipv6-only", "preferred for %s",
		    text_span(l->ipv6_only_sec, span, sizeof(span)));
	show_sixrd(fp, l);
	show_blob(fp, "encrypted dns", l->dnr,
	    text_bounded(l->dnr_len, sizeof(l->dnr)));
	show_blob(fp, "vendor data", l->vendor,
	    text_bounded(l->vendor_len, sizeof(l->vendor)));
	show_blob(fp, "client id", l->client_id,
	    text_bounded(l->client_id_len, sizeof(l->client_id)));
}

/* BOUND, lease of 1h from 192.0.2.1 */
static void
show_dhcp4(FILE *fp, const struct ipc_show_iface *msg)
{
	const struct lease4 *l = &msg->lease;
	char addr[INET_ADDRSTRLEN], span[SPAN_MAX];

	fprintf(fp, "  %-14s %s", "dhcp4",
	    msg->dhcp4 == CONF_NO ? "off" : name_state4(msg->state4));
	if (msg->tries > 1)
		fprintf(fp, " (try %u)", msg->tries);
	text_addr4(l->server_id, addr, sizeof(addr));
	if (msg->has_lease && l->inform)
		fprintf(fp, ", informed by %s", addr);
	else if (msg->has_lease)
		fprintf(fp, ", lease of %s from %s%s",
		    text_span(l->lease_sec, span, sizeof(span)), addr,
		    l->rapid_commit ? " by rapid commit" : "");
	if (msg->state4 == D4_V6ONLY)
		fprintf(fp, ", no IPv4 for another %s",
		    text_span(msg->sleeping, span, sizeof(span)));
	fputc('\n', fp);
}

static void
show_lease(FILE *fp, const struct ipc_show_iface *msg)
{
	const struct lease4 *l = &msg->lease;
	char prefix[PREFIX4_MAX];
	char expires[SPAN_MAX], t1[SPAN_MAX], t2[SPAN_MAX];
	const char *kernel = msg->configured4 ? "" : " (not yet in the kernel)";

	if (!l->inform)
		show_row(fp, "address", "%s%s",
		    text_prefix4(l->addr, l->prefixlen, prefix, sizeof(prefix)),
		    kernel);
	if (!l->inform && msg->expires_in == LIFETIME_INFINITE)
		show_row(fp, "expires", "never");
	else if (!l->inform)
		show_row(fp, "expires", "in %s, renews in %s, rebinds in %s",
		    text_span(msg->expires_in, expires, sizeof(expires)),
		    text_span(msg->t1_in, t1, sizeof(t1)),
		    text_span(msg->t2_in, t2, sizeof(t2)));
	show_lease_options(fp, l);
}

/* ---- an interface ---- */

static void
show_socket(FILE *fp, const struct ipc_show_iface *msg)
{
	const char *error = name_errno(msg->socket_error);
	const char *channel = name_channel(msg->socket_channel);
	char user[64];

	if (msg->socket_error == 0)
		return;
	if (msg->socket_error == EADDRINUSE && msg->has_owner)
		show_row(fp, "socket", "%s: %s, UDP port 68 is held by %s",
		    channel, error,
		    user_name(msg->owner_uid, user, sizeof(user)));
	else if (msg->socket_error == EADDRINUSE)
		show_row(fp, "socket",
		    "%s: %s, UDP port 68 is held by another client", channel,
		    error);
	else
		show_row(fp, "socket", "%s: %s (%s)", channel, error,
		    strerror((int)msg->socket_error));
}

static const char *
link_text(uint32_t flags)
{
	if (!(flags & IFACE_UP))
		return "down";
	return flags & IFACE_RUNNING ? "up" : "no carrier";
}

/* eth0: up, 02:00:00:00:00:01, mtu 1500, preference 100 */
static void
show_head(FILE *fp, const struct ipc_show_iface *msg)
{
	const struct interface *i = &msg->iface;
	char name[ESCAPED(IFACE_NAME_MAX)], hwaddr[3 * HWADDR_MAX + 2];
	char network[ESCAPED(NETWORK_ID_MAX)];
	size_t len = text_bounded(i->hwaddr_len, HWADDR_MAX);

	fprintf(fp,
	    "%s: ", text_escape(i->name, sizeof(i->name), name, sizeof(name)));
	fprintf(fp, "%s", link_text(i->flags));
	if (len > 0)
		fprintf(fp, ", %s",
		    text_hex(i->hwaddr, len, ':', hwaddr, sizeof(hwaddr)));
	fprintf(fp, ", mtu %u, preference %u\n", i->mtu, msg->preference);
	len = text_bounded(i->network_id_len, NETWORK_ID_MAX);
	if (len > 0)
		show_row(fp, "network", "%s",
		    text_bytes(i->network_id, len, network, sizeof(network)));
}

static void
show_iface(struct output *out, const struct ipc_show_iface *msg)
{
	char text[INET_ADDRSTRLEN];
	FILE *fp = out->fp;

	if (out->nifaces++ > 0)
		fputc('\n', fp);
	show_head(fp, msg);
	show_dhcp4(fp, msg);
	if (msg->has_lease)
		show_lease(fp, msg);
	if (msg->link_local4 || msg->link_local_addr.s_addr != INADDR_ANY)
		show_row(fp, "link-local", "%s/16%s",
		    text_addr4(msg->link_local_addr, text, sizeof(text)),
		    msg->link_local4 && msg->configured4 ? ""
							 : " (not in use)");
	if (msg->static_addr.s_addr != INADDR_ANY)
		show_row(fp, "static", "%s",
		    text_addr4(msg->static_addr, text, sizeof(text)));
	show_socket(fp, msg);
	if (msg->last_refusal != 0)
		show_row(
		    fp, "last refusal", "%s", name_refusal(msg->last_refusal));
}

static void
show_skipped(struct output *out, const struct ipc_show_skipped *msg)
{
	char name[ESCAPED(sizeof(msg->skipped.name))];

	if (out->nskipped++ == 0)
		fprintf(out->fp, "%sskipped\n", out->nifaces ? "\n" : "");
	show_row(out->fp,
	    text_escape(msg->skipped.name, sizeof(msg->skipped.name), name,
		sizeof(name)),
	    "%s", name_skip_text(msg->skipped.reason));
}

/* ---- processes ---- */

/* What it has is what it could get: permitted and effective together. */
static void
show_caps(FILE *fp, const struct ipc_sandbox *s)
{
	uint64_t caps = s->caps_permitted | s->caps_effective;
	unsigned int bit, n = 0;

	for (bit = 0; bit < 64; bit++)
		n += (caps >> bit) & 1;
	if (n == 0)
		return;
	if (n >= CAPS_ALL) {
		fprintf(fp, ", all capabilities");
		return;
	}
	fprintf(fp, ", capabilities");
	for (bit = 0; bit < 64; bit++) {
		if (!((caps >> bit) & 1))
			continue;
		if (name_capability(bit) != NULL)
			fprintf(fp, " %s", name_capability(bit));
		else
			fprintf(fp, " %u", bit);
	}
}

static void
show_sandbox(struct output *out, const struct ipc_show_sandbox *msg)
{
	const struct ipc_sandbox *s = &msg->sandbox;
	char user[64];
	FILE *fp = out->fp;

	if (out->nsandboxes++ == 0)
		fprintf(fp, "%ssandboxes\n",
		    out->nifaces + out->nskipped ? "\n" : "");
	fprintf(fp, "  %-14s pid %u, %s", name_role(s->role), s->pid,
	    user_name(s->uid, user, sizeof(user)));
	show_caps(fp, s);
	if (s->flags & SANDBOX_CAPSICUM)
		fprintf(fp, ", capability mode");
	if (s->flags & SANDBOX_SECCOMP)
		fprintf(fp, ", seccomp (%u system calls)", s->syscalls);
	if (s->flags & SANDBOX_LANDLOCK)
		fprintf(fp, ", Landlock (ABI %u)", s->landlock_abi);
	if (s->flags & SANDBOX_CHROOT)
		fprintf(fp, ", chroot");
	if (s->flags & SANDBOX_NO_NEW_PRIVS)
		fprintf(fp, ", no new privileges");
	/* Linux alone counts system calls; FreeBSD has no capabilities. */
	if (s->flags & SANDBOX_SECCOMP && s->caps_permitted == 0 &&
	    s->caps_effective == 0)
		fprintf(fp, ", no capabilities");
	if (!(s->flags & (SANDBOX_CAPSICUM | SANDBOX_SECCOMP)))
		fprintf(fp, ", no system call restricted");
	if (s->flags & SANDBOX_SANITIZER)
		fprintf(fp, " [sanitizer build: longer list]");
	fputc('\n', fp);
}

/* ---- counters, events, result ---- */

static void
show_counters(struct output *out, const struct ipc_show_counters *msg)
{
	char name[ESCAPED(sizeof(msg->ifname))];
	unsigned int shown = 0;
	uint32_t c;

	if (out->nifaces++ > 0)
		fputc('\n', out->fp);
	fprintf(out->fp, "%s:\n",
	    text_escape(msg->ifname, sizeof(msg->ifname), name, sizeof(name)));
	for (c = 0; c < COUNT_MAX; c++) {
		if (msg->counters[c] == 0)
			continue;
		fprintf(out->fp, "  %10llu  %-24s %s\n",
		    (unsigned long long)msg->counters[c], name_counter(c),
		    name_counter_help(c));
		shown++;
	}
	if (shown == 0)
		fprintf(out->fp, "  all counters are 0\n");
}

void
show_event_head(FILE *fp, uint32_t high, uint32_t low, const char *ifname,
    size_t max, uint32_t protocol, uint32_t event)
{
	char time[32], name[ESCAPED(IFACE_NAME_MAX)];

	fprintf(fp, "%s %s %s %s",
	    text_time(text_wall(high, low), time, sizeof(time)),
	    text_escape(ifname, max, name, sizeof(name)),
	    name_protocol(protocol), name_event(event));
}

void
show_reason(FILE *fp, const char *src, size_t max)
{
	char reason[ESCAPED(64)];

	text_escape(src, max, reason, sizeof(reason));
	if (reason[0] != '\0')
		fprintf(fp, " (%s)", reason);
}

/* 2026-01-31T12:00:00Z eth0 dhcp4 bound 192.0.2.5/24 from 192.0.2.1 ... */
static void
show_event(struct output *out, const struct ipc_event *msg)
{
	const struct lease4 *l = &msg->lease;
	char prefix[PREFIX4_MAX], addr[INET_ADDRSTRLEN], span[SPAN_MAX];

	show_event_head(out->fp, msg->wall_high, msg->wall_low, msg->ifname,
	    sizeof(msg->ifname), msg->protocol, msg->event);
	if (msg->has_lease)
		fprintf(out->fp, " %s from %s for %s",
		    text_prefix4(l->addr, l->prefixlen, prefix, sizeof(prefix)),
		    text_addr4(l->server_id, addr, sizeof(addr)),
		    text_span(l->lease_sec, span, sizeof(span)));
	show_reason(out->fp, msg->reason, sizeof(msg->reason));
	fputc('\n', out->fp);
	fflush(out->fp);
}

static void
show_result(struct output *out, const struct ipc_result *msg)
{
	if (msg->code == IPC_OK && out->nifaces == 0 && out->nskipped > 0 &&
	    out->nsandboxes > 0)
		fprintf(out->fp, "\nno interface is managed yet\n");
}

void
output_text(struct output *out, FILE *fp)
{
	*out = (struct output){ .fp = fp,
		.iface = show_iface,
		.counters = show_counters,
		.skipped = show_skipped,
		.sandbox = show_sandbox,
		.addrs = show6_addrs,
		.slaac = show6_slaac,
		.dhcp6 = show6_dhcp6,
		.prefixes = show6_prefixes,
		.event = show_event,
		.event6 = show6_event,
		.result = show_result };
}

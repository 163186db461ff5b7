/* SPDX-License-Identifier: ISC */
/*
 * Output for programs.  The schema is in leasectl(8): members may be added
 * within a version, none changes its meaning.  Every string is ASCII by
 * text_escape(), so that it is valid UTF-8 whatever the network said.
 */

#include <sys/socket.h>
#include <err.h>
#include <jansson.h>
#include <string.h>

#include "json.h"

static void append(struct output *, const char *, json_t *);
static json_t *item_addr(const void *, size_t);
static json_t *item_route(const void *, size_t);
static void json_event(struct output *, const struct ipc_event *);
static void json_iface(struct output *, const struct ipc_show_iface *);
static void json_counters(struct output *, const struct ipc_show_counters *);
static void json_result(struct output *, const struct ipc_result *);
static void json_result_line(struct output *, const struct ipc_result *);
static void json_sandbox(struct output *, const struct ipc_show_sandbox *);
static void json_skipped(struct output *, const struct ipc_show_skipped *);
static json_t *make_addr(struct in_addr);
static json_t *make_caps(uint64_t);
static json_t *make_dhcp4(const struct ipc_show_iface *);
static json_t *make_lease4(const struct lease4 *);
static json_t *make_socket_error(const struct ipc_show_iface *);
static void put_result(struct output *, const struct ipc_result *, size_t);

/* ---- values; without memory there is no output ---- */

json_t *
json_need(json_t *value)
{
	if (value == NULL)
		errx(EXIT_FAILED, "out of memory");
	return value;
}

/* Takes over value. */
void
json_set(json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, json_need(value)) == -1)
		errx(EXIT_FAILED, "out of memory");
}

json_t *
json_make_number(uint64_t n)
{
	return json_integer(n > INT64_MAX ? INT64_MAX : (json_int_t)n);
}

void
json_set_number(json_t *object, const char *key, uint64_t n)
{
	json_set(object, key, json_make_number(n));
}

void
json_set_bool(json_t *object, const char *key, int value)
{
	json_set(object, key, json_boolean(value));
}

/* Seconds; null: never. */
json_t *
json_make_span(uint32_t sec)
{
	return sec == LIFETIME_INFINITE ? json_null() : json_integer(sec);
}

json_t *
json_make_string(const char *src, size_t max)
{
	char text[ESCAPED(LEASE4_URI_MAX)];

	return json_string(text_escape(src, max, text, sizeof(text)));
}

/* A string from the network that may be missing: null. */
json_t *
json_make_optional(const char *src, size_t max)
{
	return src[0] == '\0' ? json_null() : json_make_string(src, max);
}

json_t *
json_make_bytes(const uint8_t *src, size_t len)
{
	char text[ESCAPED(NETWORK_ID_MAX)];

	if (len == 0)
		return json_null();
	return json_string(text_bytes(src, len, text, sizeof(text)));
}

json_t *
json_make_hex(const uint8_t *src, size_t len, char sep)
{
	char text[3 * LEASE4_BLOB_MAX + 2];

	if (len == 0)
		return json_null();
	return json_string(text_hex(src, len, sep, text, sizeof(text)));
}

/* 0.0.0.0: null. */
static json_t *
make_addr(struct in_addr addr)
{
	char text[INET_ADDRSTRLEN];

	if (addr.s_addr == INADDR_ANY)
		return json_null();
	return json_string(text_addr4(addr, text, sizeof(text)));
}

json_t *
json_list(size_t n, json_t *(*item)(const void *, size_t), const void *items)
{
	json_t *list = json_need(json_array());
	size_t i;

	for (i = 0; i < n; i++)
		if (json_array_append_new(list, json_need(item(items, i))) ==
		    -1)
			errx(EXIT_FAILED, "out of memory");
	return list;
}

static json_t *
item_addr(const void *items, size_t i)
{
	const struct in_addr *addrs = items;

	return make_addr(addrs[i]);
}

static json_t *
item_route(const void *items, size_t i)
{
	const struct route4 *r = (const struct route4 *)items + i;
	json_t *object = json_need(json_object());
	char text[PREFIX4_MAX];

	json_set(object, "destination",
	    json_string(
		text_prefix4(r->dst, r->prefixlen, text, sizeof(text))));
	json_set(object, "gateway", make_addr(r->gateway));
	return object;
}

json_t *
json_item_search(const void *items, size_t i)
{
	const char *name = (const char *)items + i * DNS_NAME_MAX;

	return json_make_string(name, DNS_NAME_MAX);
}

/* ---- a lease ---- */

static json_t *
make_lease4(const struct lease4 *l)
{
	json_t *o = json_need(json_object());
	uint64_t obtained = text_wall(l->obtained_high, l->obtained_low);

	json_set(o, "address", make_addr(l->addr));
	json_set_number(o, "prefix_length", l->prefixlen);
	json_set(o, "broadcast", make_addr(l->broadcast));
	json_set(o, "server_id", make_addr(l->server_id));
	json_set(o, "lease_time", json_make_span(l->lease_sec));
	json_set(o, "t1", json_make_span(l->t1_sec));
	json_set(o, "t2", json_make_span(l->t2_sec));
	json_set(o, "obtained",
	    obtained == 0 ? json_null() : json_make_number(obtained));
	json_set_bool(o, "rapid_commit", l->rapid_commit);
	json_set_bool(o, "inform", l->inform);
	json_set(o, "routes",
	    json_list(text_bounded(l->nroutes, LEASE4_ROUTES_MAX), item_route,
		l->routes));
	json_set(o, "dns",
	    json_list(
		text_bounded(l->ndns, DNS_SERVERS_MAX), item_addr, l->dns));
	json_set(o, "search",
	    json_list(text_bounded(l->nsearch, DNS_SEARCH_MAX),
		json_item_search, l->search));
	json_set(o, "domain", json_make_optional(l->domain, sizeof(l->domain)));
	json_set(o, "host_name",
	    json_make_optional(l->hostname, sizeof(l->hostname)));
	json_set(o, "ntp",
	    json_list(
		text_bounded(l->nntp, LEASE4_NTP_MAX), item_addr, l->ntp));
	json_set(
	    o, "mtu", l->mtu == 0 ? json_null() : json_make_number(l->mtu));
	json_set(o, "captive_portal",
	    json_make_optional(l->captive_portal, sizeof(l->captive_portal)));
	json_set(o, "ipv6_only",
	    l->ipv6_only_sec == 0 ? json_null()
				  : json_make_number(l->ipv6_only_sec));
	json_set(o, "vendor", json_make_hex(l->vendor, l->vendor_len, '\0'));
	json_set(o, "sixrd",
	    json_make_hex(
		l->sixrd, text_bounded(l->sixrd_len, sizeof(l->sixrd)), '\0'));
	json_set(o, "dnr",
	    json_make_hex(
		l->dnr, text_bounded(l->dnr_len, sizeof(l->dnr)), '\0'));
	json_set(o, "client_id",
	    json_make_hex(l->client_id,
		text_bounded(l->client_id_len, sizeof(l->client_id)), '\0'));
	json_set(o, "router_mac",
	    json_make_hex(l->router_mac,
		l->has_router_mac ? sizeof(l->router_mac) : 0, ':'));
	json_set(o, "hwaddr",
	    json_make_hex(
		l->hwaddr, text_bounded(l->hwaddr_len, HWADDR_MAX), ':'));
	json_set(o, "network_id",
	    json_make_bytes(l->network_id,
		text_bounded(l->network_id_len, NETWORK_ID_MAX)));
	return o;
}

/* ---- show ---- */

static json_t *
make_socket_error(const struct ipc_show_iface *msg)
{
	json_t *o;

	if (msg->socket_error == 0)
		return json_null();
	o = json_need(json_object());
	json_set(o, "channel", json_string(name_channel(msg->socket_channel)));
	json_set(o, "name", json_string(name_errno(msg->socket_error)));
	json_set_number(o, "errno", msg->socket_error);
	json_set(o, "owner_uid",
	    msg->has_owner ? json_make_number(msg->owner_uid) : json_null());
	return o;
}

static json_t *
make_dhcp4(const struct ipc_show_iface *msg)
{
	json_t *o = json_need(json_object());
	int has = msg->has_lease != 0;

	json_set(o, "mode", json_string(name_mode(msg->dhcp4)));
	json_set(o, "state", json_string(name_state4(msg->state4)));
	json_set_bool(o, "configured", msg->configured4 != 0);
	json_set_number(o, "tries", msg->tries);
	json_set(o, "t1_in", has ? json_make_span(msg->t1_in) : json_null());
	json_set(o, "t2_in", has ? json_make_span(msg->t2_in) : json_null());
	json_set(o, "expires_in",
	    has ? json_make_span(msg->expires_in) : json_null());
	json_set_number(o, "sleeping", msg->sleeping);
	json_set_bool(o, "link_local", msg->link_local4 != 0);
	json_set(o, "link_local_address", make_addr(msg->link_local_addr));
	json_set(o, "static_address", make_addr(msg->static_addr));
	json_set(o, "socket_error", make_socket_error(msg));
	json_set(o, "lease", has ? make_lease4(&msg->lease) : json_null());
	return o;
}

/* To one of the lists that output_json() made. */
static void
append(struct output *out, const char *key, json_t *value)
{
	json_t *list = json_object_get(out->data, key);

	if (json_array_append_new(list, json_need(value)) == -1)
		errx(EXIT_FAILED, "an answer that was not asked for");
}

static void
json_iface(struct output *out, const struct ipc_show_iface *msg)
{
	const struct interface *i = &msg->iface;
	json_t *o = json_need(json_object());

	json_set(o, "name", json_make_string(i->name, sizeof(i->name)));
	json_set_number(o, "index", i->ifindex);
	json_set_bool(o, "up", (i->flags & IFACE_UP) != 0);
	json_set_bool(o, "carrier", (i->flags & IFACE_RUNNING) != 0);
	json_set(o, "hwaddr",
	    json_make_hex(
		i->hwaddr, text_bounded(i->hwaddr_len, HWADDR_MAX), ':'));
	json_set_number(o, "mtu", i->mtu);
	json_set(o, "network_id",
	    json_make_bytes(i->network_id,
		text_bounded(i->network_id_len, NETWORK_ID_MAX)));
	json_set_number(o, "preference", msg->preference);
	json_set(o, "last_refusal",
	    msg->last_refusal == 0
		? json_null()
		: json_string(name_refusal(msg->last_refusal)));
	json_set(o, "dhcp4", make_dhcp4(msg));
	append(out, "interfaces", o);
}

static void
json_counters(struct output *out, const struct ipc_show_counters *msg)
{
	json_t *o = json_need(json_object()),
	       *counters = json_need(json_object());
	uint32_t c;

	json_set(o, "name", json_make_string(msg->ifname, sizeof(msg->ifname)));
	json_set_number(o, "index", msg->ifindex);
	for (c = 0; c < COUNT_MAX; c++)
		json_set_number(counters, name_counter(c), msg->counters[c]);
	json_set(o, "counters", counters);
	append(out, "interfaces", o);
}

static void
json_skipped(struct output *out, const struct ipc_show_skipped *msg)
{
	const struct ipc_skipped *s = &msg->skipped;
	json_t *o = json_need(json_object());

	json_set(o, "name", json_make_string(s->name, sizeof(s->name)));
	json_set(o, "index",
	    s->ifindex == 0 ? json_null() : json_make_number(s->ifindex));
	json_set(o, "reason", json_string(name_skip(s->reason)));
	append(out, "skipped", o);
}

static json_t *
make_caps(uint64_t caps)
{
	json_t *list = json_need(json_array());
	const char *name;
	unsigned int bit;
	char text[24];

	for (bit = 0; bit < 64; bit++) {
		if (!((caps >> bit) & 1))
			continue;
		name = name_capability(bit);
		snprintf(text, sizeof(text), "%u", bit);
		if (json_array_append_new(list,
			json_need(json_string(name != NULL ? name : text))) ==
		    -1)
			errx(EXIT_FAILED, "out of memory");
	}
	return list;
}

static void
json_sandbox(struct output *out, const struct ipc_show_sandbox *msg)
{
	const struct ipc_sandbox *s = &msg->sandbox;
	json_t *o = json_need(json_object());

	json_set(o, "process", json_string(name_role(s->role)));
	json_set_number(o, "pid", s->pid);
	json_set_number(o, "uid", s->uid);
	json_set_number(o, "gid", s->gid);
	json_set_bool(o, "root", s->uid == 0 || s->flags & SANDBOX_ROOT);
	json_set_bool(o, "capsicum", (s->flags & SANDBOX_CAPSICUM) != 0);
	json_set_bool(o, "seccomp", (s->flags & SANDBOX_SECCOMP) != 0);
	json_set(o, "system_calls",
	    s->flags & SANDBOX_SECCOMP ? json_make_number(s->syscalls)
				       : json_null());
	json_set_bool(o, "sanitizer", (s->flags & SANDBOX_SANITIZER) != 0);
	json_set_bool(o, "landlock", (s->flags & SANDBOX_LANDLOCK) != 0);
	json_set_number(o, "landlock_abi", s->landlock_abi);
	json_set_bool(o, "chroot", (s->flags & SANDBOX_CHROOT) != 0);
	json_set_bool(
	    o, "no_new_privs", (s->flags & SANDBOX_NO_NEW_PRIVS) != 0);
	json_set_bool(
	    o, "caps_reduced", (s->flags & SANDBOX_CAPS_REDUCED) != 0);
	json_set(o, "caps_permitted", make_caps(s->caps_permitted));
	json_set(o, "caps_effective", make_caps(s->caps_effective));
	append(out, "sandboxes", o);
}

/* ---- events and results ---- */

void
json_put(struct output *out, json_t *object, size_t flags)
{
	json_dumpf(object, out->fp, flags);
	fputc('\n', out->fp);
	fflush(out->fp);
}

json_t *
json_event_head(uint32_t event, const char *ifname, size_t max,
    uint32_t ifindex, uint32_t protocol, uint64_t wall)
{
	json_t *o = json_need(json_object());

	json_set_number(o, "version", SCHEMA_VERSION);
	json_set(o, "event", json_string(name_event(event)));
	json_set(o, "interface", json_make_string(ifname, max));
	json_set_number(o, "index", ifindex);
	json_set(o, "protocol", json_string(name_protocol(protocol)));
	json_set_number(o, "time", wall);
	return o;
}

static void
json_event(struct output *out, const struct ipc_event *msg)
{
	json_t *o = json_event_head(msg->event, msg->ifname,
	    sizeof(msg->ifname), msg->ifindex, msg->protocol,
	    text_wall(msg->wall_high, msg->wall_low));

	json_set(
	    o, "reason", json_make_optional(msg->reason, sizeof(msg->reason)));
	json_set(o, "lease",
	    msg->has_lease ? make_lease4(&msg->lease) : json_null());
	json_put(out, o, JSON_COMPACT);
	json_decref(o);
}

static void
put_result(struct output *out, const struct ipc_result *msg, size_t flags)
{
	json_set(out->data, "result", json_string(name_code(msg->code)));
	json_set(out->data, "text",
	    json_make_optional(msg->text, sizeof(msg->text)));
	json_put(out, out->data, flags);
	json_decref(out->data);
	out->data = NULL;
}

static void
json_result(struct output *out, const struct ipc_result *msg)
{
	put_result(out, msg, JSON_INDENT(2));
}

static void
json_result_line(struct output *out, const struct ipc_result *msg)
{
	put_result(out, msg, JSON_COMPACT);
}

void
output_json(struct output *out, FILE *fp, uint32_t command)
{
	*out = (struct output){ .fp = fp,
		.iface = json_iface,
		.addrs = json6_addrs,
		.slaac = json6_slaac,
		.dhcp6 = json6_dhcp6,
		.prefixes = json6_prefixes,
		.counters = json_counters,
		.skipped = json_skipped,
		.sandbox = json_sandbox,
		.result = json_result };
	out->data = json_need(json_object());
	json_set_number(out->data, "version", SCHEMA_VERSION);
	/* The lists are there also when they are empty. */
	if (command == CTL_CMD_SHOW || command == CTL_CMD_COUNTERS)
		json_set(out->data, "interfaces", json_array());
	if (command == CTL_CMD_SHOW)
		json_set(out->data, "skipped", json_array());
	if (command == CTL_CMD_SHOW)
		json_set(out->data, "sandboxes", json_array());
}

void
output_json_lines(struct output *out, FILE *fp)
{
	output_json(out, fp, CTL_CMD_MONITOR);
	out->event = json_event;
	out->event6 = json6_event;
	out->result = json_result_line;
}

/* SPDX-License-Identifier: ISC */
/* Encoder of DHCPv6 messages, see dhcp6_msg.h. */

#include <string.h>

#include "dhcp6_msg.h"
#include "dns_name.h"

#define FQDN_S 0x01	       /* RFC 4704 4.1: the server updates AAAA */
#define LEAST_FOR_OPTIONS 1280 /* ours: a class never makes a fragment */

typedef void put_fn(struct wbuf *, const struct dhcp6_out *);

static put_fn put_ias, put_registered, put_oro, put_fqdn, put_user_class,
    put_vendor_class;

/* An option's head; its length is set by end_option(). */
static size_t
begin_option(struct wbuf *w, uint16_t code)
{
	wbuf_u16(w, code);
	wbuf_u16(w, 0);
	return w->off;
}

static void
end_option(struct wbuf *w, size_t start)
{
	if (!w->error)
		wbuf_patch_u16(w, start - 2, (uint16_t)(w->off - start));
}

static void
put_bytes(struct wbuf *w, uint16_t code, const void *data, size_t len)
{
	size_t start = begin_option(w, code);

	wbuf_bytes(w, data, len);
	end_option(w, start);
}

/* Lifetimes are 0: what the server gives is up to it (RFC 9915 21.6). */
static void
put_addr(struct wbuf *w, const struct in6_addr *addr, uint32_t preferred,
    uint32_t valid)
{
	size_t start = begin_option(w, OPT6_IAADDR);

	wbuf_bytes(w, addr, sizeof(*addr));
	wbuf_u32(w, preferred);
	wbuf_u32(w, valid);
	end_option(w, start);
}

static void
put_prefix(struct wbuf *w, const struct in6_addr *prefix, uint8_t len)
{
	size_t start = begin_option(w, OPT6_IAPREFIX);

	wbuf_u32(w, 0);
	wbuf_u32(w, 0);
	wbuf_u8(w, len);
	wbuf_bytes(w, prefix, sizeof(*prefix));
	end_option(w, start);
}

static void
put_contents(struct wbuf *w, const struct dhcp6_out *out, unsigned int ia)
{
	const struct dhcp6_lease *l = out->lease;
	size_t i, n = 0;

	if (ia == DHCP6_IA_NA) {
		for (i = 0; !out->no_leases && i < l->naddrs; i++)
			put_addr(w, &l->addrs[i].addr, 0, 0);
		return;
	}
	for (i = 0; !out->no_leases && i < l->nprefixes; i++) {
		if (l->prefixes[i].ia != ia)
			continue;
		put_prefix(w, &l->prefixes[i].prefix, l->prefixes[i].prefixlen);
		n++;
	}
	if (n == 0 && out->hints != NULL && out->hints[ia - 1].hint_len != 0)
		put_prefix(
		    w, &out->hints[ia - 1].hint, out->hints[ia - 1].hint_len);
}

static void
put_ias(struct wbuf *w, const struct dhcp6_out *out)
{
	unsigned int i;
	size_t start;

	for (i = 0; out->lease != NULL && i < DHCP6_IAS_MAX; i++) {
		if (!(out->ias & 1U << i))
			continue;
		start =
		    begin_option(w, i == DHCP6_IA_NA ? OPT6_IA_NA : OPT6_IA_PD);
		wbuf_u32(w, out->lease->ias[i].iaid);
		wbuf_u32(w, 0); /* T1, T2: the server's choice */
		wbuf_u32(w, 0);
		put_contents(w, out, i);
		end_option(w, start);
	}
}

static void
put_registered(struct wbuf *w, const struct dhcp6_out *out)
{
	if (out->registered != NULL)
		put_addr(w, &out->registered->addr,
		    out->registered->preferred_sec, out->registered->valid_sec);
}

static void
put_oro(struct wbuf *w, const struct dhcp6_out *out)
{
	size_t start, i;

	if (out->noro == 0)
		return;
	start = begin_option(w, OPT6_ORO);
	for (i = 0; i < out->noro; i++)
		wbuf_u16(w, out->oro[i]);
	end_option(w, start);
}

/* RFC 4704 4.2: without a final root label the name is a partial one. */
static void
put_fqdn(struct wbuf *w, const struct dhcp6_out *out)
{
	size_t start;

	if (out->host_name == NULL || out->host_name[0] == '\0')
		return;
	start = begin_option(w, OPT6_CLIENT_FQDN);
	wbuf_u8(w, FQDN_S);
	if (dns_name_write(w, out->host_name) == -1)
		w->error = 1;
	if (out->is_fqdn)
		wbuf_u8(w, 0);
	end_option(w, start);
}

static void
put_user_class(struct wbuf *w, const struct dhcp6_out *out)
{
	size_t start, i, n;

	if (out->nuser_classes == 0)
		return;
	start = begin_option(w, OPT6_USER_CLASS);
	for (i = 0; i < out->nuser_classes; i++) {
		n = strnlen(out->user_classes[i], sizeof(*out->user_classes));
		wbuf_u16(w, (uint16_t)n);
		wbuf_bytes(w, out->user_classes[i], n);
	}
	end_option(w, start);
}

static void
put_vendor_class(struct wbuf *w, const struct dhcp6_out *out)
{
	size_t start, n;

	if (out->vendor_class == NULL || out->vendor_class[0] == '\0')
		return;
	n = strlen(out->vendor_class);
	start = begin_option(w, OPT6_VENDOR_CLASS);
	wbuf_u32(w, out->enterprise);
	wbuf_u16(w, (uint16_t)n);
	wbuf_bytes(w, out->vendor_class, n);
	end_option(w, start);
}

size_t
dhcp6_msg_build(const struct dhcp6_out *out, uint8_t *data, size_t size)
{
	static put_fn *const extras[] = { put_fqdn, put_vendor_class,
		put_user_class };
	struct wbuf w, was;
	size_t i;

	wbuf_init(&w, data, size < DHCP6_SEND_MAX ? size : DHCP6_SEND_MAX);
	wbuf_u32(&w, (uint32_t)out->type << 24 | (out->xid & DHCP6_XID_MASK));
	if (out->client_id_len > 0)
		put_bytes(
		    &w, OPT6_CLIENT_ID, out->client_id, out->client_id_len);
	if (out->server != NULL)
		put_bytes(&w, OPT6_SERVER_ID, out->server->duid,
		    out->server->duid_len);
	if (out->has_elapsed) {
		size_t start = begin_option(&w, OPT6_ELAPSED_TIME);

		wbuf_u16(&w, out->elapsed);
		end_option(&w, start);
	}
	put_oro(&w, out);
	if (out->rapid_commit)
		put_bytes(&w, OPT6_RAPID_COMMIT, NULL, 0);
	if (out->reconf_accept)
		put_bytes(&w, OPT6_RECONF_ACCEPT, NULL, 0);
	put_ias(&w, out);
	put_registered(&w, out);
	for (i = 0; i < sizeof(extras) / sizeof(extras[0]); i++) {
		was = w;
		extras[i](&w, out);
		if (w.error || w.off > LEAST_FOR_OPTIONS)
			w = was;
	}
	return w.error ? 0 : w.off;
}

/* ---- the option request ---- */

#define FOR_ALL 0x01
#define FOR_INFO 0x04 /* Information-request */
#define FOR_PD 0x08   /* with an IA_PD */
#define FOR_REG 0x10  /* `register yes` */
#define MINIMAL 0x20  /* what a host cannot do without (RFC 7844 4.6) */

static const struct {
	uint16_t code;
	uint8_t when;
} requested[] = {
	{ OPT6_DNS_SERVERS, FOR_ALL | MINIMAL },
	{ OPT6_DOMAIN_LIST, FOR_ALL },
	{ OPT6_SNTP_SERVERS, FOR_ALL },
	{ OPT6_NTP_SERVER, FOR_ALL },
	{ OPT6_REFRESH_TIME, FOR_INFO | MINIMAL },
	{ OPT6_AFTR_NAME, FOR_ALL },
	{ OPT6_PD_EXCLUDE, FOR_PD | MINIMAL },
	{ OPT6_SOL_MAX_RT, FOR_ALL | MINIMAL }, /* RFC 9915 18.2.1 and 18.2.6 */
	{ OPT6_INF_MAX_RT, FOR_INFO | MINIMAL },
	{ OPT6_CAPTIVE_PORTAL, FOR_ALL },
	{ OPT6_V6_DNR, FOR_ALL },
	{ OPT6_ADDR_REG_ENABLE, FOR_REG },
};

static int
listed(const uint16_t *list, size_t n, uint16_t code)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (list[i] == code)
			return 1;
	return 0;
}

size_t
dhcp6_oro(const struct conf_iface *conf, enum dhcp6_type type, int pd,
    uint16_t oro[DHCP6_ORO_MAX])
{
	const struct conf_options *opt = &conf->opt6;
	unsigned int when = FOR_ALL;
	size_t i, n = 0;

	if (type == DHCP6_INFORMATION_REQUEST)
		when |= FOR_INFO;
	else if (pd)
		when |= FOR_PD;
	if (conf->register_addr)
		when |= FOR_REG;
	for (i = 0; i < sizeof(requested) / sizeof(requested[0]); i++)
		if ((requested[i].when & when) &&
		    (!conf->anonymous || (requested[i].when & MINIMAL)) &&
		    !listed(opt->ignore, opt->nignore, requested[i].code))
			oro[n++] = requested[i].code;
	for (i = 0; i < opt->nrequest && !conf->anonymous; i++)
		if (!listed(oro, n, opt->request[i]) &&
		    !listed(opt->ignore, opt->nignore, opt->request[i]))
			oro[n++] = opt->request[i];
	return n;
}

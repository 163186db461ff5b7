/* SPDX-License-Identifier: ISC */
/*
 * Builds DHCPv4 client messages: RFC 2131 4.4 and its table 5, RFC 2132, and
 * the RFCs named beside each option.  The message is first gathered as a list
 * of options and then written, so that the anonymity profile (RFC 7844 3.1)
 * can put the list into random order.
 */
#include <arpa/inet.h>
#include <string.h>

#include "buf.h"
#include "dhcp4_msg.h"
#include "dhcp4_opts.h"
#include "dns_name.h"

#define BOOTREQUEST 1	      /* RFC 2131 2 */
#define FLAG_BROADCAST 0x8000 /* RFC 2131 2, figure 2 */
#define CHADDR_LEN 16	      /* RFC 2131 2 */
#define OPTION_MAX 255	      /* RFC 2132 2: the length is one byte */
#define FQDN_S 0x01	      /* RFC 4702 2.1: the server updates A */
#define FQDN_E 0x04	      /* RFC 4702 2.1: canonical wire format */
#define VALUES_MAX 16
#define ARENA_MAX 1400

#define TYPE(t) (1U << (t))
#define ASK (TYPE(DHCPDISCOVER) | TYPE(DHCPREQUEST) | TYPE(DHCPINFORM))
#define LEAVE (TYPE(DHCPDECLINE) | TYPE(DHCPRELEASE))

/* The options of one message, each a slice of the arena. */
struct value {
	uint8_t code;
	uint16_t off, len;
};

struct list {
	struct value values[VALUES_MAX];
	size_t n;
	struct wbuf arena;
	uint8_t bytes[ARENA_MAX];
};

/* Writes one value; 0, or -1: nothing to send. */
typedef int option_writer(const struct dhcp4_out *, struct wbuf *);

static option_writer put_type, put_client_id, put_requested, put_server_id,
    put_lease_time, put_max_size, put_hostname, put_fqdn, put_vendor_class,
    put_user_class, put_rapid_commit, put_params, put_message;
static void list_build(const struct dhcp4_out *, struct list *);
static void list_shuffle(const struct dhcp4_out *, struct list *);
static void list_write(struct list *, struct wbuf *);
static void put_string(struct wbuf *, const char *);
static void put_fixed(const struct dhcp4_out *, struct wbuf *);
static size_t
list_add(uint8_t *, size_t, size_t, uint16_t, const struct conf_options *);

/* In the order of sending; types: RFC 2131 table 5, what else is "MUST NOT". */
static const struct {
	uint8_t code;
	uint16_t types;
	option_writer *write;
} options[] = {
	{ OPT_MESSAGE_TYPE, ASK | LEAVE, put_type },
	{ OPT_CLIENT_ID, ASK | LEAVE, put_client_id },
	{ OPT_REQUESTED_IP,
	    TYPE(DHCPDISCOVER) | TYPE(DHCPREQUEST) | TYPE(DHCPDECLINE),
	    put_requested },
	{ OPT_SERVER_ID, TYPE(DHCPREQUEST) | LEAVE, put_server_id },
	{ OPT_LEASE_TIME, TYPE(DHCPDISCOVER) | TYPE(DHCPREQUEST),
	    put_lease_time },
	{ OPT_MAX_SIZE, ASK, put_max_size },
	{ OPT_HOSTNAME, ASK, put_hostname },
	{ OPT_FQDN, ASK, put_fqdn },
	{ OPT_VENDOR_CLASS, ASK, put_vendor_class },
	{ OPT_USER_CLASS, ASK, put_user_class },
	{ OPT_RAPID_COMMIT, TYPE(DHCPDISCOVER), put_rapid_commit },
	{ OPT_PARAMETERS, ASK, put_params },
	{ OPT_MESSAGE, LEAVE, put_message },
};
#define NOPTIONS (sizeof(options) / sizeof(options[0]))

_Static_assert(NOPTIONS <= VALUES_MAX, "struct list holds every option");

static int
put_type(const struct dhcp4_out *o, struct wbuf *w)
{
	wbuf_u8(w, (uint8_t)o->type);
	return 0;
}

static int
put_client_id(const struct dhcp4_out *o, struct wbuf *w)
{
	if (o->client_id == NULL || o->client_id_len == 0)
		return -1;
	wbuf_bytes(w, o->client_id, o->client_id_len);
	return 0;
}

static int
put_requested(const struct dhcp4_out *o, struct wbuf *w)
{
	if (o->requested.s_addr == INADDR_ANY)
		return -1;
	wbuf_in_addr(w, o->requested);
	return 0;
}

static int
put_server_id(const struct dhcp4_out *o, struct wbuf *w)
{
	if (o->server_id.s_addr == INADDR_ANY)
		return -1;
	wbuf_in_addr(w, o->server_id);
	return 0;
}

static int
put_lease_time(const struct dhcp4_out *o, struct wbuf *w)
{
	if (o->lease_time == 0)
		return -1;
	wbuf_u32(w, o->lease_time);
	return 0;
}

static int
put_max_size(const struct dhcp4_out *o, struct wbuf *w)
{
	if (o->max_size == 0)
		return -1;
	wbuf_u16(w, o->max_size);
	return 0;
}

static void
put_string(struct wbuf *w, const char *s)
{
	wbuf_bytes(w, s, strlen(s));
}

static int
put_hostname(const struct dhcp4_out *o, struct wbuf *w)
{
	if (o->host_name == NULL || o->host_name[0] == '\0' || o->is_fqdn)
		return -1;
	put_string(w, o->host_name);
	return 0;
}

/*
 * S is 1: we make no DNS updates ourselves and want the server to make them,
 * and a client that leaves the A record to the server says so with S (RFC 4702
 * 3.3); the server may do otherwise.  N and O are the server's, RCODE1 and
 * RCODE2 are 0 (2.2).  A name without a dot is a partial one and has no root
 * label (2.3).
 */
static int
put_fqdn(const struct dhcp4_out *o, struct wbuf *w)
{
	char name[DNS_NAME_MAX];
	struct buf b;

	if (o->host_name == NULL || !o->is_fqdn)
		return -1;
	buf_init(&b, o->host_name, strlen(o->host_name));
	if (dns_name_text(b, name) != DNS_NAME_OK)
		return -1;
	wbuf_u8(w, FQDN_S | FQDN_E);
	wbuf_u16(w, 0);
	if (dns_name_write(w, name) == 0 && strchr(o->host_name, '.') != NULL)
		wbuf_u8(w, 0);
	return 0;
}

static int
put_vendor_class(const struct dhcp4_out *o, struct wbuf *w)
{
	if (o->vendor_class == NULL || o->vendor_class[0] == '\0')
		return -1;
	put_string(w, o->vendor_class);
	return 0;
}

/* RFC 3004 4: each class with its length before it. */
static int
put_user_class(const struct dhcp4_out *o, struct wbuf *w)
{
	size_t i, n, written = 0;

	for (i = 0; o->user_classes != NULL && i < o->nuser_classes; i++) {
		n = strnlen(o->user_classes[i], sizeof(o->user_classes[i]));
		if (n == 0)
			continue;
		wbuf_u8(w, (uint8_t)n);
		wbuf_bytes(w, o->user_classes[i], n);
		written++;
	}
	return written > 0 ? 0 : -1;
}

static int
put_rapid_commit(const struct dhcp4_out *o, struct wbuf *w)
{
	(void)w; /* RFC 4039 4: no value */
	return o->rapid_commit ? 0 : -1;
}

/* RFC 7844 3.6: the list is shuffled as well. */
static int
put_params(const struct dhcp4_out *o, struct wbuf *w)
{
	uint8_t params[UINT8_MAX], swap;
	size_t i, j;

	if (o->params == NULL || o->nparams == 0)
		return -1;
	if (o->nparams > sizeof(params)) {
		w->error = 1;
		return 0;
	}
	memcpy(params, o->params, o->nparams);
	for (i = o->nparams; o->random != NULL && i > 1; i--) {
		j = o->random(o->random_arg, (uint32_t)i) % i;
		swap = params[i - 1];
		params[i - 1] = params[j];
		params[j] = swap;
	}
	wbuf_bytes(w, params, o->nparams);
	return 0;
}

static int
put_message(const struct dhcp4_out *o, struct wbuf *w)
{
	if (o->message == NULL || o->message[0] == '\0')
		return -1;
	put_string(w, o->message);
	return 0;
}

static void
list_build(const struct dhcp4_out *o, struct list *l)
{
	size_t i, start;

	l->n = 0;
	wbuf_init(&l->arena, l->bytes, sizeof(l->bytes));
	for (i = 0; i < NOPTIONS; i++) {
		start = l->arena.off;
		if (!(options[i].types & TYPE(o->type)) ||
		    options[i].write(o, &l->arena) == -1)
			continue;
		l->values[l->n].code = options[i].code;
		l->values[l->n].off = (uint16_t)start;
		l->values[l->n].len = (uint16_t)(l->arena.off - start);
		l->n++;
	}
}

static void
list_shuffle(const struct dhcp4_out *o, struct list *l)
{
	struct value swap;
	size_t i, j;

	for (i = l->n; o->random != NULL && i > 1; i--) {
		swap = l->values[i - 1];
		j = o->random(o->random_arg, (uint32_t)i) % i;
		l->values[i - 1] = l->values[j];
		l->values[j] = swap;
	}
}

/* RFC 3396: a value that is too long goes out in parts, side by side. */
static void
list_write(struct list *l, struct wbuf *w)
{
	struct buf b, value;
	size_t i, n;

	w->error |= l->arena.error;
	for (i = 0; i < l->n; i++) {
		buf_init(&b, l->bytes, l->arena.off);
		buf_seek(&b, l->values[i].off);
		value = buf_sub(&b, l->values[i].len);
		do {
			n = buf_left(&value);
			if (n > OPTION_MAX)
				n = OPTION_MAX;
			wbuf_u8(w, l->values[i].code);
			wbuf_u8(w, (uint8_t)n);
			wbuf_bytes(w, buf_take(&value, n), n);
		} while (buf_left(&value) > 0);
	}
	wbuf_u8(w, OPT_END);
}

static void
put_fixed(const struct dhcp4_out *o, struct wbuf *w)
{
	const struct in_addr none = { INADDR_ANY };

	if (o->hwaddr_len > CHADDR_LEN || o->hwtype > UINT8_MAX) {
		w->error = 1;
		return;
	}
	wbuf_u8(w, BOOTREQUEST);
	wbuf_u8(w, (uint8_t)o->hwtype);
	wbuf_u8(w, o->hwaddr_len);
	wbuf_u8(w, 0); /* hops */
	wbuf_u32(w, o->xid);
	wbuf_u16(w, o->secs);
	wbuf_u16(w, o->broadcast ? FLAG_BROADCAST : 0);
	wbuf_in_addr(w, o->ciaddr);
	wbuf_in_addr(w, none); /* yiaddr */
	wbuf_in_addr(w, none); /* siaddr */
	wbuf_in_addr(w, none); /* giaddr */
	wbuf_bytes(w, o->hwaddr, o->hwaddr_len);
	wbuf_zero(w, CHADDR_LEN - (size_t)o->hwaddr_len);
	wbuf_zero(w, BOOTP_SNAME_LEN + BOOTP_FILE_LEN);
	wbuf_u32(w, DHCP4_COOKIE);
}

size_t
dhcp4_msg_build(const struct dhcp4_out *o, uint8_t *out, size_t size)
{
	struct list list;
	struct wbuf w;

	if (o->type < DHCPDISCOVER || o->type > DHCPINFORM)
		return 0;
	wbuf_init(&w, out, size);
	put_fixed(o, &w);
	list_build(o, &list);
	list_shuffle(o, &list);
	list_write(&list, &w);
	if (w.off < DHCP4_MIN_BOOTP)
		wbuf_zero(&w, DHCP4_MIN_BOOTP - w.off);
	return w.error ? 0 : w.off;
}

/* Append a code unless it is there, cannot be one, or is to be ignored. */
static size_t
list_add(uint8_t *list, size_t n, size_t size, uint16_t code,
    const struct conf_options *conf)
{
	size_t i;

	if (code == OPT_PAD || code >= OPT_END || n >= size ||
	    memchr(list, code, n) != NULL)
		return n;
	for (i = 0; conf != NULL && i < conf->nignore && i < CONF_OPTIONS_MAX;
	     i++) {
		if (conf->ignore[i] == code)
			return n;
	}
	list[n] = (uint8_t)code;
	return n + 1;
}

size_t
dhcp4_param_list(const struct conf_options *conf, int ipv6_only, int anonymous,
    uint8_t *out, size_t size)
{
	/* RFC 3442 wants 121 before 33 and 3. */
	static const uint8_t usual[] = { OPT_SUBNET_MASK, OPT_CLASSLESS_ROUTES,
		OPT_ROUTERS, OPT_STATIC_ROUTES, OPT_DNS, OPT_HOSTNAME,
		OPT_DOMAIN, OPT_MTU, OPT_BROADCAST, OPT_NTP, OPT_LEASE_TIME,
		OPT_T1, OPT_T2, OPT_CAPTIVE_PORTAL, OPT_DOMAIN_SEARCH,
		OPT_DNR };
	/* RFC 7844 3.6: what a host cannot do without. */
	static const uint8_t minimal[] = { OPT_SUBNET_MASK,
		OPT_CLASSLESS_ROUTES, OPT_ROUTERS, OPT_DNS };
	const uint8_t *codes = anonymous ? minimal : usual;
	size_t i, n = 0, ncodes = anonymous ? sizeof(minimal) : sizeof(usual);

	for (i = 0; i < ncodes; i++)
		n = list_add(out, n, size, codes[i], conf);
	if (ipv6_only)
		n = list_add(out, n, size, OPT_IPV6_ONLY, conf);
	if (anonymous || conf == NULL)
		return n;
	for (i = 0; i < conf->nrequest && i < CONF_OPTIONS_MAX; i++)
		n = list_add(out, n, size, conf->request[i], conf);
	return n;
}

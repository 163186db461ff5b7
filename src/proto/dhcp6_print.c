/* SPDX-License-Identifier: ISC */
/* DHCPv6 messages for people: names and one line for a debug log. */

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "dhcp6_msg.h"

static const char *const type_names[] = {
	[DHCP6_SOLICIT] = "Solicit",
	[DHCP6_ADVERTISE] = "Advertise",
	[DHCP6_REQUEST] = "Request",
	[DHCP6_CONFIRM] = "Confirm",
	[DHCP6_RENEW] = "Renew",
	[DHCP6_REBIND] = "Rebind",
	[DHCP6_REPLY] = "Reply",
	[DHCP6_RELEASE] = "Release",
	[DHCP6_DECLINE] = "Decline",
	[DHCP6_RECONFIGURE] = "Reconfigure",
	[DHCP6_INFORMATION_REQUEST] = "Information-request",
	[DHCP6_RELAY_FORW] = "Relay-forward",
	[DHCP6_RELAY_REPL] = "Relay-reply",
	[DHCP6_ADDR_REG_INFORM] = "Addr-reg-inform",
	[DHCP6_ADDR_REG_REPLY] = "Addr-reg-reply",
};

static const struct {
	uint16_t code;
	const char *name;
} option_names[] = {
	{ OPT6_CLIENT_ID, "client-id" },
	{ OPT6_SERVER_ID, "server-id" },
	{ OPT6_IA_NA, "ia-na" },
	{ OPT6_IA_TA, "ia-ta" },
	{ OPT6_IAADDR, "address" },
	{ OPT6_ORO, "request" },
	{ OPT6_PREFERENCE, "preference" },
	{ OPT6_ELAPSED_TIME, "elapsed" },
	{ OPT6_AUTH, "auth" },
	{ OPT6_STATUS_CODE, "status" },
	{ OPT6_RAPID_COMMIT, "rapid-commit" },
	{ OPT6_USER_CLASS, "user-class" },
	{ OPT6_VENDOR_CLASS, "vendor-class" },
	{ OPT6_RECONF_MSG, "reconfigure" },
	{ OPT6_RECONF_ACCEPT, "reconfigure-accept" },
	{ OPT6_DNS_SERVERS, "dns" },
	{ OPT6_DOMAIN_LIST, "search" },
	{ OPT6_IA_PD, "ia-pd" },
	{ OPT6_IAPREFIX, "prefix" },
	{ OPT6_REFRESH_TIME, "refresh" },
	{ OPT6_CLIENT_FQDN, "fqdn" },
	{ OPT6_PD_EXCLUDE, "exclude" },
	{ OPT6_SOL_MAX_RT, "sol-max-rt" },
	{ OPT6_INF_MAX_RT, "inf-max-rt" },
};
#define NNAMES (sizeof(option_names) / sizeof(option_names[0]))

const char *
dhcp6_type_name(uint8_t type)
{
	if (type >= sizeof(type_names) / sizeof(type_names[0]) ||
	    type_names[type] == NULL)
		return "unknown message";
	return type_names[type];
}

static void
print_in6(struct wbuf *w, struct buf *b)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr a;

	memset(&a, 0, sizeof(a));
	buf_bytes(b, &a, sizeof(a));
	if (inet_ntop(AF_INET6, &a, text, sizeof(text)) != NULL)
		wbuf_printf(w, " %s", text);
}

/* What of an option's value is worth reading. */
static void
print_value(struct wbuf *w, const struct dhcp6_opt *o)
{
	struct buf b = o->value;
	unsigned long preferred, valid;

	switch (o->code) {
	case OPT6_IA_NA:
	case OPT6_IA_PD:
		wbuf_printf(w, " %lu", (unsigned long)buf_u32(&b));
		break;
	case OPT6_STATUS_CODE:
		wbuf_printf(w, " %u", buf_u16(&b));
		break;
	case OPT6_IAADDR:
		print_in6(w, &b);
		preferred = buf_u32(&b);
		wbuf_printf(
		    w, " %lu/%lu s", preferred, (unsigned long)buf_u32(&b));
		break;
	case OPT6_IAPREFIX:
		preferred = buf_u32(&b);
		valid = buf_u32(&b);
		buf_skip(&b, 1);
		print_in6(w, &b);
		buf_init(&b, o->value.data, o->value.len);
		buf_skip(&b, 8);
		wbuf_printf(w, "/%u %lu/%lu s", buf_u8(&b), preferred, valid);
		break;
	default:
		break;
	}
}

static void
print_option(struct wbuf *w, const struct dhcp6_opt *o)
{
	static const char *const brackets[] = { " ", " (", " ((" };
	size_t i;

	for (i = 0; i < NNAMES && option_names[i].code != o->code; i++)
		continue;
	wbuf_printf(w, "%s", brackets[o->level]);
	if (i < NNAMES)
		wbuf_printf(w, "%s", option_names[i].name);
	else
		wbuf_printf(w, "%u", o->code);
	print_value(w, o);
	if (o->level > 0)
		wbuf_printf(w, "%s", o->level == 1 ? ")" : "))");
}

void
dhcp6_msg_print(const uint8_t *data, size_t len, char *out, size_t size)
{
	struct dhcp6_walk walk;
	struct dhcp6_opt o;
	struct wbuf w;
	struct buf b;
	uint32_t head;
	int r;

	if (size == 0)
		return;
	out[0] = '\0';
	wbuf_init(&w, out, size);
	buf_init(&b, data, len);
	head = buf_u32(&b);
	wbuf_printf(&w, "%s xid %06lx", dhcp6_type_name((uint8_t)(head >> 24)),
	    (unsigned long)(head & DHCP6_XID_MASK));
	dhcp6_walk_init(&walk, b);
	while (!w.error && (r = dhcp6_walk_next(&walk, &o)) != 0) {
		if (r == -1) {
			wbuf_printf(&w, " malformed");
			break;
		}
		print_option(&w, &o);
	}
	out[w.off < size ? w.off : size - 1] = '\0';
}

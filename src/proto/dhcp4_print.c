/* SPDX-License-Identifier: ISC */
/* DHCPv4 messages for people: type names and one line for a debug log. */
#include <arpa/inet.h>
#include <string.h>

#include "buf.h"
#include "dhcp4_msg.h"

static void print_addr(struct wbuf *, const char *, struct in_addr);

/* RFC 2132 9.6, RFC 3203 4 */
static const char *const type_names[] = {
	[DHCPDISCOVER] = "DHCPDISCOVER",
	[DHCPOFFER] = "DHCPOFFER",
	[DHCPREQUEST] = "DHCPREQUEST",
	[DHCPDECLINE] = "DHCPDECLINE",
	[DHCPACK] = "DHCPACK",
	[DHCPNAK] = "DHCPNAK",
	[DHCPRELEASE] = "DHCPRELEASE",
	[DHCPINFORM] = "DHCPINFORM",
	[DHCPFORCERENEW] = "DHCPFORCERENEW",
};

const char *
dhcp4_type_name(uint8_t type)
{
	if (type >= sizeof(type_names) / sizeof(type_names[0]) ||
	    type_names[type] == NULL)
		return "unknown message";
	return type_names[type];
}

static void
print_addr(struct wbuf *w, const char *what, struct in_addr addr)
{
	char text[INET_ADDRSTRLEN];

	if (addr.s_addr != INADDR_ANY &&
	    inet_ntop(AF_INET, &addr, text, sizeof(text)) != NULL)
		wbuf_printf(w, " %s %s", what, text);
}

void
dhcp4_msg_print(const struct dhcp4_msg *m, char *out, size_t size)
{
	struct wbuf w;

	if (size == 0)
		return;
	/* What does not fit is left out piece by piece. */
	out[0] = '\0';
	wbuf_init(&w, out, size);
	wbuf_printf(
	    &w, "%s xid %08x", dhcp4_type_name(m->type), (unsigned int)m->xid);
	print_addr(&w, "from", m->ip_src);
	print_addr(&w, "server", m->lease.server_id);
	if (m->lease.addr.s_addr != INADDR_ANY) {
		print_addr(&w, "address", m->lease.addr);
		wbuf_printf(&w, "/%u", m->lease.prefixlen);
	}
	if (m->present & HAVE_LEASE_TIME)
		wbuf_printf(
		    &w, " lease %u s", (unsigned int)m->lease.lease_sec);
	wbuf_printf(&w, " routes %u dns %u search %u", m->lease.nroutes,
	    m->lease.ndns, m->lease.nsearch);
	if (m->ignored + m->names_ignored + m->excess > 0)
		wbuf_printf(&w, " left out %u",
		    (unsigned int)(m->ignored + m->names_ignored + m->excess));
	if (m->message[0] != '\0')
		wbuf_printf(&w, " message \"%s\"", m->message);
}

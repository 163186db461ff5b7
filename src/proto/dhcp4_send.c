/* SPDX-License-Identifier: ISC */
/* What the DHCPv4 client says, and when it says it again. */

#include <arpa/inet.h>
#include <string.h>

#include "dhcp4_priv.h"
#include "iaid.h"

#define MAX_MESSAGE 1500 /* option 57: what the packet buffer surely takes */

void
d4_new_exchange(struct dhcp4 *d, uint64_t now)
{
	d->xid = d->ops->random(d->ctx, 0);
	d->began = now;
	d->secs = 0;
	d->tries = 0;
	d->resent = 0;
}

uint64_t
d4_backoff(struct dhcp4 *d)
{
	uint64_t base = RETRANSMIT_FIRST_MS;
	uint32_t i;

	for (i = 1; i < d->tries && base < RETRANSMIT_MAX_MS; i++)
		base *= 2;
	return base - RETRANSMIT_JITTER_MS +
	    d->ops->random(d->ctx, 2 * RETRANSMIT_JITTER_MS + 1);
}

size_t
d4_client_id(const struct dhcp4 *d, uint8_t *out, size_t size)
{
	uint32_t iaid;
	size_t n;

	if (d->conf.client_id == CLIENT_ID_BYTES && !d->conf.anonymous) {
		n = d->conf.client_id_len;
		memcpy(out, d->conf.client_id_bytes, n);
		return n;
	}
	if (d->conf.client_id == CLIENT_ID_DUID && !d->conf.anonymous &&
	    d->duid_len + 5 <= size) {
		iaid = iaid_of(&d->conf, d->iface.name);
		out[0] = 255;
		out[1] = (uint8_t)(iaid >> 24);
		out[2] = (uint8_t)(iaid >> 16);
		out[3] = (uint8_t)(iaid >> 8);
		out[4] = (uint8_t)iaid;
		memcpy(out + 5, d->duid, d->duid_len);
		return 5 + d->duid_len;
	}
	out[0] = 1;
	memcpy(out + 1, d->iface.hwaddr, 6);
	return 7;
}

int
d4_same_client(const struct dhcp4 *d, const struct lease4 *lease)
{
	uint8_t id[LEASE4_BLOB_MAX];
	size_t len = d4_client_id(d, id, sizeof(id));

	if (lease->client_id_len != 0)
		return lease->client_id_len == len &&
		    memcmp(lease->client_id, id, len) == 0;
	/* It does not say whose it is but by the MAC. */
	return lease->hwaddr_len != 6 || len != 7 || id[0] != 1 ||
	    memcmp(lease->hwaddr, id + 1, 6) == 0;
}

/* What every message carries (D4-05, D4-30). */
static void
common(struct dhcp4 *d, struct dhcp4_out *out, enum dhcp4_type type,
    uint8_t *id, size_t idsize)
{
	memset(out, 0, sizeof(*out));
	out->type = type;
	out->xid = d->xid;
	out->secs = d->secs;
	out->broadcast = d->conf.broadcast;
	out->hwtype = d->iface.hwtype;
	out->hwaddr_len = d->iface.hwaddr_len;
	memcpy(out->hwaddr, d->iface.hwaddr, sizeof(out->hwaddr));
	out->client_id_len = d4_client_id(d, id, idsize);
	out->client_id = id;
	if (d->conf.anonymous) {
		out->random = d->ops->random;
		out->random_arg = d->ctx;
	}
}

static void
asking(struct dhcp4 *d, struct dhcp4_out *out, uint8_t *params, size_t size)
{
	out->nparams = dhcp4_param_list(
	    &d->conf.opt4, d4_ask_v6only(d), d->conf.anonymous, params, size);
	out->params = params;
	if (d->conf.anonymous) /* RFC 7844 3.1: nothing else */
		return;
	out->max_size = MAX_MESSAGE;
	out->lease_time = d->conf.lease_time;
	if (d->conf.host_name[0] != '\0') {
		out->host_name = d->conf.host_name;
		out->is_fqdn = d->conf.is_fqdn;
	}
	if (d->conf.vendor_class[0] != '\0')
		out->vendor_class = d->conf.vendor_class;
	out->user_classes = (const char(*)[64])d->conf.user_classes;
	out->nuser_classes = d->conf.nuser_classes;
}

/* By the packet channel, from any state of the address. */
static void
broadcast(struct dhcp4 *d, const struct dhcp4_out *out, struct in_addr src)
{
	static const uint8_t all[6] = { 255, 255, 255, 255, 255, 255 };
	const struct in_addr dst = { .s_addr = INADDR_BROADCAST };
	uint8_t payload[DHCP4_FRAME_MAX], frame[DHCP4_FRAME_MAX];
	size_t len = dhcp4_msg_build(out, payload, sizeof(payload) - 64);

	if (len > 0)
		len = dhcp4_frame_build(payload, len, d->iface.hwaddr, all, src,
		    dst, frame, sizeof(frame));
	if (len == 0) {
		LOG(d, LOG_WARNING, "message does not fit; configure less");
		return;
	}
	d->ops->send(d->ctx, CHANNEL_DHCP4, in_none, 0, frame, len);
}

static void
unicast(struct dhcp4 *d, const struct dhcp4_out *out, int flags)
{
	uint8_t payload[DHCP4_FRAME_MAX];
	size_t len = dhcp4_msg_build(out, payload, sizeof(payload) - 64);

	if (len > 0)
		d->ops->send(
		    d->ctx, CHANNEL_UDP4, d->udp_addr, flags, payload, len);
}

static void
again(struct dhcp4 *d)
{
	if (d->tries++ > 0)
		COUNT(d, D4_RETRANSMIT);
}

static void
set_secs(struct dhcp4 *d, uint64_t now)
{
	uint64_t secs = (now - d->began) / 1000;

	d->secs = secs > UINT16_MAX ? UINT16_MAX : (uint16_t)secs;
}

void
d4_send_discover(struct dhcp4 *d, uint64_t now)
{
	uint8_t id[256], params[64];
	struct dhcp4_out out;

	set_secs(d, now);
	common(d, &out, DHCPDISCOVER, id, sizeof(id));
	asking(d, &out, params, sizeof(params));
	out.rapid_commit = d->conf.rapid_commit && !d->conf.anonymous;
	d->rapid_asked = out.rapid_commit;
	if (d->lease.addr.s_addr != INADDR_ANY && !d->conf.anonymous)
		out.requested = d->lease.addr;
	again(d);
	d->asked = now;
	COUNT(d, D4_TX_DISCOVER);
	broadcast(d, &out, in_none);
	d->when[TIMER_SEND] = now + d4_backoff(d);
}

/* RFC 2131 table 4: what a REQUEST carries depends on the state alone. */
void
d4_send_request(struct dhcp4 *d, uint64_t now)
{
	uint8_t id[256], params[64];
	struct dhcp4_out out;
	int renewing = d->state == D4_RENEWING;

	if (d->state != D4_REQUESTING)
		set_secs(d, now);
	common(d, &out, DHCPREQUEST, id, sizeof(id));
	asking(d, &out, params, sizeof(params));
	if (d->state == D4_REQUESTING) {
		out.requested = d->offer.addr;
		out.server_id = d->offer.server_id;
	} else if (d->state == D4_REBOOTING) {
		out.requested = d->lease.addr;
	} else {
		out.ciaddr = d->lease.addr;
	}
	again(d);
	d->asked = now;
	COUNT(d, D4_TX_REQUEST);
	if (renewing)
		unicast(d, &out, 0);
	else
		broadcast(d, &out, out.ciaddr);
}

void
d4_send_inform(struct dhcp4 *d, uint64_t now)
{
	uint8_t id[256], params[64];
	struct dhcp4_out out;

	set_secs(d, now);
	common(d, &out, DHCPINFORM, id, sizeof(id));
	asking(d, &out, params, sizeof(params));
	out.lease_time = 0; /* RFC 2131 table 5: must not */
	out.ciaddr = d->static_addr;
	again(d);
	COUNT(d, D4_TX_INFORM);
	broadcast(d, &out, d->static_addr);
	d->when[TIMER_SEND] = now + d4_backoff(d);
}

void
d4_send_decline(struct dhcp4 *d, const struct lease4 *lease, uint64_t now)
{
	struct dhcp4_out out;
	uint8_t id[256];

	(void)now;
	d->xid = d->ops->random(d->ctx, 0);
	d->secs = 0;
	common(d, &out, DHCPDECLINE, id, sizeof(id));
	out.requested = lease->addr;
	out.server_id = lease->server_id;
	if (!d->conf.anonymous)
		out.message = "address in use";
	COUNT(d, D4_TX_DECLINE);
	broadcast(d, &out, in_none);
}

void
d4_send_release(struct dhcp4 *d, uint64_t now)
{
	struct dhcp4_out out;
	uint8_t id[256];

	(void)now;
	d->xid = d->ops->random(d->ctx, 0);
	d->secs = 0;
	common(d, &out, DHCPRELEASE, id, sizeof(id));
	out.ciaddr = d->lease.addr;
	out.server_id = d->lease.server_id;
	COUNT(d, D4_TX_RELEASE);
	unicast(d, &out, SEND_WANT_RESULT);
}

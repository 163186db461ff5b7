/* SPDX-License-Identifier: ISC */
/*
 * The model frontend with its descriptors, and the parent's part in opening
 * them.
 */

#include <errno.h>
#include <string.h>

#include "frame6.h"
#include "policy6.h"
#include "proto/dhcp4_msg.h"
#include "sim.h"

/* What the parent opens by itself; these have the first places. */
static const enum channel own[] = { CHANNEL_DHCP4, CHANNEL_ND, CHANNEL_RS,
	CHANNEL_DHCP6, CHANNEL_DHCP6_SEND };
#define NOWN (sizeof(own) / sizeof(own[0]))

static struct sim_channel *
find(struct sim_iface *iface, uint32_t channel, struct in_addr key,
    const struct in6_addr *key6)
{
	struct sim_channel *c;

	for (c = iface->channels; c < iface->channels + SIM_CHANNELS; c++)
		if (c->channel != CHANNEL_NONE && c->channel == channel &&
		    c->key.s_addr == key.s_addr &&
		    IN6_ARE_ADDR_EQUAL(&c->key6, key6))
			return c;
	return NULL;
}

int
sim_is_open(
    struct sim_iface *iface, enum channel channel, const struct in6_addr *key6)
{
	return find(iface, channel, (struct in_addr){ 0 }, key6) != NULL;
}

static void
tell(struct sim_iface *iface, enum ipc_type type, const struct ipc_open *of,
    int error)
{
	const struct ipc_channel_state msg = { .ifindex = iface->iface.ifindex,
		.channel = of->channel,
		.key = of->key,
		.key6 = of->key6,
		.error = (uint32_t)error };

	SIM_TELL(iface->sim, type, msg);
}

static void
tell_failed(struct sim_iface *iface, const struct ipc_open *of, int error)
{
	const struct ipc_socket_failed msg = { .ifindex = iface->iface.ifindex,
		.channel = of->channel,
		.key = of->key,
		.key6 = of->key6,
		.error = (uint32_t)error };

	SIM_TELL(iface->sim, MSG_SOCKET_FAILED, msg);
}

/* Only from an address that is configured; what else is asked for is late, for
 * one that has just gone. */
static int
may_open(struct sim_iface *iface, const struct ipc_open *msg)
{
	unsigned int protocol;

	switch (msg->channel) {
	case CHANNEL_ARP:
		if (policy_arp(msg->key, msg->peer) != REFUSE_NOT)
			sim_fail(iface->sim, iface, "ARP for a bad address");
		return 1;
	case CHANNEL_UDP4:
		return sim_kernel_find(iface, msg->key) != NULL;
	case CHANNEL_DHCP6:
	case CHANNEL_DHCP6_SEND:
		return sim_kernel_find6(iface, &msg->key6, &protocol) != NULL;
	}
	sim_fail(iface->sim, iface, "asks for channel %u", msg->channel);
}

void
sim_open(struct sim_iface *iface, const struct ipc_open *msg)
{
	struct sim *sim = iface->sim;
	struct sim_channel *c;
	size_t i;

	if (!may_open(iface, msg) ||
	    sim_chance(sim, iface->trouble.channel_fails)) {
		tell_failed(iface, msg, may_open(iface, msg) ? EMFILE : EACCES);
		return;
	}
	c = find(iface, msg->channel, msg->key, &msg->key6);
	for (i = NOWN; c == NULL && i < SIM_CHANNELS; i++)
		if (iface->channels[i].channel == CHANNEL_NONE)
			c = &iface->channels[i];
	if (c == NULL)
		sim_fail(sim, iface, "more than %d channels", SIM_CHANNELS);
	*c = (struct sim_channel){ .channel = msg->channel,
		.key = msg->key,
		.key6 = msg->key6,
		.peer = msg->peer };
	tell(iface, MSG_OPENED, msg, 0);
}

void
sim_close(struct sim_iface *iface, const struct ipc_channel_state *msg)
{
	struct sim_channel *c = find(iface, msg->channel, msg->key, &msg->key6);

	if (c != NULL)
		memset(c, 0, sizeof(*c));
}

void
sim_ask(struct sim_iface *iface)
{
	const struct sim_channel *c;
	struct ipc_open of;

	for (c = iface->channels; c < iface->channels + SIM_CHANNELS; c++) {
		of = (struct ipc_open){
			.channel = c->channel, .key = c->key, .key6 = c->key6
		};
		if (c->channel != CHANNEL_NONE)
			tell(iface, MSG_OPENED, &of, 0);
	}
}

/* ---- those that the parent opens by itself ---- */

static int
is_own_wanted(const struct sim_iface *iface, enum channel channel)
{
	const struct conf_iface *conf = &iface->conf;

	if (channel == CHANNEL_DHCP4)
		return conf->dhcp4 != CONF_NO;
	if (channel == CHANNEL_DHCP6 || channel == CHANNEL_DHCP6_SEND)
		return conf->dhcp6 != CONF_NO || conf->nprefixes > 0;
	return conf->slaac != CONF_NO || conf->dhcp6 != CONF_NO ||
	    conf->nprefixes > 0;
}

static void
open_own(struct sim *sim, struct sim_iface *iface, uint32_t n,
    const uint8_t *data, size_t len)
{
	const struct ipc_open of = { .channel = own[n >> 24] };

	(void)data;
	(void)len;
	if ((n & 0xffffff) != (sim->life & 0xffffff) || !iface->handed ||
	    !is_own_wanted(iface, of.channel) ||
	    sim_is_open(iface, of.channel, &in6addr_any))
		return;
	sim->doing = "the parent opens a descriptor";
	if (sim_chance(sim, iface->trouble.channel_fails)) {
		tell_failed(iface, &of, EADDRINUSE);
		sim_at(sim, sim->now + 1000 + sim_random(sim, 60000), open_own,
		    iface, n, NULL, 0);
		return;
	}
	iface->channels[n >> 24].channel = of.channel;
	iface->excused = sim->now;
	tell(iface, MSG_OPENED, &of, 0);
}

void
sim_channels_open(struct sim_iface *iface)
{
	struct sim *sim = iface->sim;
	uint32_t i;

	for (i = 0; i < NOWN; i++)
		sim_at(sim, sim->now + 1 + sim_random(sim, 20), open_own, iface,
		    i << 24 | (sim->life & 0xffffff), NULL, 0);
}

/* The link-local address went, or an interface's descriptors died. */
void
sim_channels_fail(struct sim_iface *iface)
{
	struct sim *sim = iface->sim;
	struct ipc_open of;
	uint32_t i;

	for (i = 0; i < NOWN; i++) {
		if (iface->channels[i].channel == CHANNEL_NONE)
			continue;
		of = (struct ipc_open){ .channel = iface->channels[i].channel };
		memset(&iface->channels[i], 0, sizeof(iface->channels[i]));
		tell(iface, MSG_OPENED, &of, ENOTCONN);
		sim_at(sim, sim->now + sim_span(sim), open_own, iface,
		    i << 24 | (sim->life & 0xffffff), NULL, 0);
	}
}

/* ---- packets ---- */

static int
send_error(struct sim_iface *iface, const struct ipc_packet *msg)
{
	struct sim *sim = iface->sim;

	if (find(iface, msg->channel, msg->key, &msg->key6) == NULL)
		return ENOTCONN;
	if (msg->channel == CHANNEL_UDP4 && sim_chance(sim, 50) &&
	    (!sim_server_alive(iface->server[0]) ||
		!sim_server_alive(iface->server[1])))
		return ECONNREFUSED;
	if (sim_chance(sim, iface->trouble.send_fails))
		return sim_random(sim, 2)	? ENOBUFS
		    : msg->channel < CHANNEL_ND ? EPERM
						: EACCES;
	return 0;
}

static size_t
frame_of(struct sim_iface *iface, const struct ipc_packet *msg, uint8_t *f)
{
	static const uint8_t server_mac[6] = { 2, 0, 0, 0, 1, 0 };
	static const struct in6_addr servers = {
		{ { 0xff, 2, [13] = 1, [15] = 2 } }
	};
	const struct sim_channel *c =
	    find(iface, msg->channel, msg->key, &msg->key6);
	size_t len;

	switch (msg->channel) {
	case CHANNEL_UDP4:
		return dhcp4_frame_build(msg->data, msg->len,
		    iface->iface.hwaddr, server_mac, msg->key, c->peer, f,
		    SIM_FRAME_MAX);
	case CHANNEL_RS:
		return frame6_icmp(f, 0xff, msg->data, msg->len);
	case CHANNEL_DHCP6_SEND:
		len = frame6_udp(f, &servers, 0xff, 547, msg->data, msg->len);
		if (!IN6_IS_ADDR_UNSPECIFIED(&msg->key6))
			frame6_set_src(f, len, &msg->key6);
		return len;
	}
	memcpy(f, msg->data, msg->len);
	return msg->len;
}

void
sim_frontend_send(struct sim_iface *iface, const struct ipc_packet *msg)
{
	const struct ipc_open of = {
		.channel = msg->channel, .key = msg->key, .key6 = msg->key6
	};
	int error = send_error(iface, msg);
	uint8_t f[IPC_PACKET_MAX + 100];

	if (error == 0)
		sim_to_segment(iface, f, frame_of(iface, msg, f));
	if (error != 0 || (msg->flags & SEND_WANT_RESULT))
		tell(iface, MSG_SENT, &of, error);
	iface->refused = error == ECONNREFUSED;
}

static void
pass(struct sim_iface *iface, const struct sim_channel *c, const uint8_t *f,
    const uint8_t *data, size_t len)
{
	static struct ipc_packet msg;

	memset(&msg, 0, sizeof(msg));
	msg.ifindex = iface->iface.ifindex;
	msg.channel = c->channel;
	msg.key = c->key;
	msg.key6 = c->key6;
	if (c->channel >= CHANNEL_ND) {
		msg.meta.src = frame6_src(f);
		msg.meta.dst = frame6_dst(f);
		msg.meta.hop_limit = f[21];
		msg.meta.src_port = c->channel == CHANNEL_DHCP6 ? 547 : 0;
	}
	msg.len = (uint32_t)len;
	memcpy(msg.data, data, len);
	/* A Reconfigure may hasten what else is under way: Solicit, Request
	 * and Information-request. */
	if (c->channel == CHANNEL_DHCP6 && data[0] == 10)
		iface->last6[1].when = iface->last6[3].when =
		    iface->last6[11].when = 0;
	SIM_TELL(iface->sim, MSG_PACKET, msg);
}

/* Does this descriptor hear it? */
static int
hears(const struct sim_channel *c, const uint8_t *f, size_t len)
{
	struct in6_addr dst;

	switch (c->channel) {
	case CHANNEL_DHCP4:
		return len > 14 && f[12] == 8 && f[13] == 0;
	case CHANNEL_ARP:
		return len > 14 && f[12] == 8 && f[13] == 6;
	case CHANNEL_ND:
		return frame6_is_icmp(f, len, 134);
	case CHANNEL_DHCP6:
		dst = len > FRAME6_UDP ? frame6_dst(f) : in6addr_any;
		return IN6_ARE_ADDR_EQUAL(&dst, &c->key6) &&
		    frame6_is_udp(f, len, 546);
	default:
		return 0;
	}
}

void
sim_frontend_frame(struct sim_iface *iface, const uint8_t *f, size_t len)
{
	const struct sim_channel *c;

	for (c = iface->channels; c < iface->channels + SIM_CHANNELS; c++) {
		if (!hears(c, f, len))
			continue;
		if (c->channel == CHANNEL_ND)
			pass(iface, c, f, f + FRAME6_ICMP, len - FRAME6_ICMP);
		else if (c->channel == CHANNEL_DHCP6)
			pass(iface, c, f, f + FRAME6_UDP, len - FRAME6_UDP);
		else
			pass(iface, c, f, f, len);
	}
}

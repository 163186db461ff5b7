/* SPDX-License-Identifier: ISC */
/*
 * The DHCPv4 client machine.  RFC 2131 figure 5:
 *
 *   INIT -DISCOVER-> SELECTING -OFFER/REQUEST-> REQUESTING -ACK-> BOUND
 *   BOUND -T1-> RENEWING -T2-> REBINDING -expiry-> INIT
 *   INIT-REBOOT -REQUEST-> REBOOTING -ACK-> BOUND;  NAK anywhere -> INIT
 *
 * What a server's message does in which state is in one table (messages[]),
 * what a timer does in another (sends[]).
 */

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "dhcp4_priv.h"

const struct in_addr in_none = { .s_addr = INADDR_ANY };

typedef void message_fn(struct dhcp4 *, const struct dhcp4_msg *, uint64_t);
typedef void timer_fn(struct dhcp4 *, uint64_t);

static message_fn on_offer, on_ack, on_rapid_ack, on_nak, on_inform_ack;
static timer_fn send_discover, send_request, send_renew, send_rebind,
    send_reboot, send_inform, leave_v6only, start_init;

const char *
dhcp4_state_name(enum dhcp4_state state)
{
#define DHCP4_STATE_NAME(s, n) n,
	static const char *const names[] = { DHCP4_STATES(DHCP4_STATE_NAME) };
#undef DHCP4_STATE_NAME

	return (unsigned int)state < D4_STATE_MAX ? names[state] : "unknown";
}

void
d4_enter(struct dhcp4 *d, enum dhcp4_state state)
{
	if (state == d->state)
		return;
	LOG(d, LOG_DEBUG, "%s -> %s", dhcp4_state_name(d->state),
	    dhcp4_state_name(state));
	d->state = state;
}

void
d4_update_deadline(struct dhcp4 *d, uint64_t now)
{
	uint64_t next;
	size_t i;

	d4_linklocal(d, now);
	next = d->linklocal.when;
	for (i = 0; i < TIMER_MAX; i++)
		if (d->when[i] < next)
			next = d->when[i];
	d->ops->deadline(d->ctx, next);
}

void
d4_stop_timers(struct dhcp4 *d)
{
	size_t i;

	for (i = 0; i < TIMER_MAX; i++)
		d->when[i] = PROTO_NEVER;
}

/* Take address, routes and DNS out of the kernel. */
void
d4_withdraw(struct dhcp4 *d)
{
	int had = d->has_lease || d->adopted.s_addr != INADDR_ANY;

	d->has_lease = 0;
	d->configured = 0;
	d->adopted = in_none;
	memset(&d->old, 0, sizeof(d->old));
	if (d->udp_addr.s_addr != INADDR_ANY)
		d->ops->close(d->ctx, CHANNEL_UDP4, d->udp_addr);
	d->udp_addr = d->udp_server = in_none;
	d->udp_open = 0;
	d4_arp_close(d);
	d4_stop_timers(d);
	if (had)
		d4_apply(d, 0);
	d4_apply_dns(d);
}

void
d4_init(struct dhcp4 *d, uint64_t now, uint64_t delay_ms)
{
	d4_enter(d, D4_INIT);
	d->tries = 0;
	d->when[TIMER_SEND] = now + delay_ms;
	if (delay_ms == 0)
		start_init(d, now);
}

int
d4_can_speak(const struct dhcp4 *d)
{
	return d->started && d->has_conf && d->has_iface && d->ready &&
	    d->conf.dhcp4 != CONF_NO && (d->iface.flags & IFACE_ETHERNET) &&
	    d->iface.hwaddr_len == 6 && (d->iface.flags & IFACE_UP) &&
	    (d->iface.flags & IFACE_RUNNING);
}

/* ---- exchanges ---- */

static void
start_init(struct dhcp4 *d, uint64_t now)
{
	d4_new_exchange(d, now);
	d4_enter(d, D4_SELECTING);
	d4_send_discover(d, now);
	if (d->adopted.s_addr != INADDR_ANY &&
	    d->when[TIMER_ADOPTED] == PROTO_NEVER)
		d->when[TIMER_ADOPTED] = now + ADOPTED_WAIT_MS;
}

static void
start_reboot(struct dhcp4 *d, uint64_t now)
{
	d4_new_exchange(d, now);
	d4_enter(d, D4_REBOOTING);
	d->when[TIMER_EXPIRE] = d->expires;
	send_reboot(d, now);
	if (d->arp_open && d->arp_addr.s_addr == d->lease.addr.s_addr)
		d4_arp_opened(d, now);
	else
		d4_arp_want(d, &d->lease);
}

static void
start_inform(struct dhcp4 *d, uint64_t now)
{
	if (d->static_addr.s_addr == INADDR_ANY) {
		d4_enter(d, D4_INIT);
		return;
	}
	d4_new_exchange(d, now);
	d4_enter(d, D4_INFORMING);
	d4_send_inform(d, now);
}

/* The lease is known, unexpired, ours, and of this network (D4-22, D4-30).  One
 * that may be of another network would tell this one where the host has been.
 */
static int
may_reboot(const struct dhcp4 *d, uint64_t now)
{
	const struct lease4 *l = &d->lease;

	if (d->conf.anonymous &&
	    (l->network_id_len == 0 ||
		memcmp(l->hwaddr, d->iface.hwaddr, sizeof(l->hwaddr)) != 0))
		return 0;
	return l->addr.s_addr != INADDR_ANY && d->expires > now &&
	    d4_same_client(d, l) &&
	    l->network_id_len == d->iface.network_id_len &&
	    memcmp(l->network_id, d->iface.network_id, sizeof(l->network_id)) ==
	    0;
}

/* Link up, renew, restart: whatever fits what is known. */
void
d4_begin(struct dhcp4 *d, uint64_t now)
{
	uint64_t delay = (uint64_t)d->conf.startup_delay * 1000;

	if (!d4_can_speak(d) || d->released)
		return;
	if (delay > 0)
		delay = d->ops->random(d->ctx, (uint32_t)delay);
	if (d->conf.dhcp4 == CONF_INFORM)
		start_inform(d, now);
	else if (may_reboot(d, now)) {
		d4_enter(d, D4_INIT_REBOOT);
		d->when[TIMER_SEND] = now + delay;
		/* An address that somebody took away does not wait. */
		if (delay == 0 || (d->has_lease && !d->configured))
			start_reboot(d, now);
	} else {
		if (d->has_lease)
			d4_withdraw(d);
		d4_init(d, now, delay);
	}
}

static void
send_discover(struct dhcp4 *d, uint64_t now)
{
	d4_send_discover(d, now);
}

/* D4-11: four REQUESTs in all, then from the beginning. */
static void
send_request(struct dhcp4 *d, uint64_t now)
{
	if (d->tries >= REQUEST_TRIES) {
		LOG(d, LOG_INFO, "no answer to %u requests, starting again",
		    d->tries);
		d4_arp_close(d);
		d4_init(d, now, 0);
		return;
	}
	d4_send_request(d, now);
	d->when[TIMER_SEND] = now + d4_backoff(d);
}

/* D4-17, D4-18: half of what is left, at least 60 s, less for short leases. */
static uint64_t
retry_in(const struct dhcp4 *d, uint64_t now, uint64_t end)
{
	uint64_t half = end > now ? (end - now) / 2 : 0;
	uint64_t least = (uint64_t)d->lease.lease_sec * 1000 / 4;

	if (least > RENEW_RETRY_MIN_SEC * 1000)
		least = RENEW_RETRY_MIN_SEC * 1000;
	if (least < 1000)
		least = 1000;
	if (end == PROTO_NEVER)
		return least;
	return half > least ? half : least;
}

static void
send_renew(struct dhcp4 *d, uint64_t now)
{
	/* A lease without end that somebody wanted renewed; no T2 follows. */
	if (d->lease.lease_sec == LIFETIME_INFINITE &&
	    d->tries >= REQUEST_TRIES) {
		LOG(d, LOG_INFO, "no answer, the lease stays as it is");
		d4_enter(d, D4_BOUND);
		return;
	}
	/* Without its socket (port taken) renewing waits for T2. */
	if (d->udp_open)
		d4_send_request(d, now);
	d->when[TIMER_SEND] = now + retry_in(d, now, d->when[TIMER_T2]);
}

static void
send_rebind(struct dhcp4 *d, uint64_t now)
{
	d4_send_request(d, now);
	d->when[TIMER_SEND] = now + retry_in(d, now, d->when[TIMER_EXPIRE]);
}

/* D4-22: after the second retransmission the lease is used as it is when its
 * router answers (RFC 4436), else it is asked for anew. */
static void
send_reboot(struct dhcp4 *d, uint64_t now)
{
	if (d->tries > REBOOT_TRIES) {
		if (d4_router_ask(d, now)) {
			d->when[TIMER_SEND] = PROTO_NEVER;
			return;
		}
		LOG(d, LOG_INFO, "nobody confirms the lease, starting again");
		if (d->has_lease)
			d4_withdraw(d);
		d4_init(d, now, 0);
		return;
	}
	d4_send_request(d, now);
	/* The last one is waited for no longer than the first. */
	d->when[TIMER_SEND] = now +
	    (d->tries > REBOOT_TRIES ? RETRANSMIT_FIRST_MS : d4_backoff(d));
}

static void
send_inform(struct dhcp4 *d, uint64_t now)
{
	d4_send_inform(d, now);
}

/* D4-26: IPv4 is tried again after the server's time; or when IPv6 turns out
 * not to work, and then no such answer is asked for until it does. */
static void
leave_v6only(struct dhcp4 *d, uint64_t now)
{
	if (now < d->v6only_until) {
		LOG(d, LOG_WARNING,
		    "network prefers IPv6 only, but there is none: asking for "
		    "IPv4");
		d->v6only_failed = 1;
	}
	d4_init(d, now, 0);
}

static timer_fn *const sends[D4_STATE_MAX] = {
	[D4_INIT] = start_init,
	[D4_SELECTING] = send_discover,
	[D4_REQUESTING] = send_request,
	[D4_RENEWING] = send_renew,
	[D4_REBINDING] = send_rebind,
	[D4_INIT_REBOOT] = start_reboot,
	[D4_REBOOTING] = send_reboot,
	[D4_INFORMING] = send_inform,
	[D4_V6ONLY] = leave_v6only,
};

/* ---- timers ---- */

static void
timer_t1(struct dhcp4 *d, uint64_t now)
{
	if (d->state != D4_BOUND)
		return;
	d4_new_exchange(d, now);
	d4_enter(d, D4_RENEWING);
	send_renew(d, now);
}

static void
timer_t2(struct dhcp4 *d, uint64_t now)
{
	char server[INET_ADDRSTRLEN];

	if (d->state != D4_BOUND && d->state != D4_RENEWING)
		return;
	LOG(d, LOG_INFO, "no answer from %s, rebinding",
	    inet_ntop(AF_INET, &d->lease.server_id, server, sizeof(server)));
	d4_new_exchange(d, now);
	d4_enter(d, D4_REBINDING);
	send_rebind(d, now);
}

static void
timer_expire(struct dhcp4 *d, uint64_t now)
{
	const struct lease4 lease = d->lease;
	int speaking = d->state != D4_DOWN;

	if (!d->has_lease && d->state != D4_REBOOTING &&
	    d->state != D4_INIT_REBOOT)
		return;
	LOG(d, LOG_WARNING, "lease expired, address withdrawn");
	COUNT(d, D4_EXPIRED);
	d4_withdraw(d);
	d->ops->event(d->ctx, EVENT_EXPIRED, &lease, "");
	d->ops->store4(d->ctx, NULL);
	if (speaking && d4_can_speak(d))
		d4_init(d, now, 0);
}

static void
timer_send(struct dhcp4 *d, uint64_t now)
{
	if (sends[d->state] != NULL && d4_can_speak(d))
		sends[d->state](d, now);
}

static void
released(struct dhcp4 *d)
{
	const struct lease4 lease = d->lease;

	d4_withdraw(d);
	d->ops->store4(d->ctx, NULL);
	memset(&d->lease, 0, sizeof(d->lease));
	d4_enter(d, D4_DOWN);
	d->ops->event(d->ctx, EVENT_RELEASED, &lease, "");
	if (d->release_error == 0)
		LOG(d, LOG_INFO, "lease released");
	else
		LOG(d, LOG_WARNING,
		    "lease given up, but the server does not know: %s",
		    strerror(d->release_error));
}

static void
timer_release(struct dhcp4 *d, uint64_t now)
{
	(void)now;
	if (d->state == D4_RELEASING)
		released(d);
}

static void
timer_adopted(struct dhcp4 *d, uint64_t now)
{
	(void)now;
	if (d->has_lease || d->adopted.s_addr == INADDR_ANY)
		return;
	LOG(d, LOG_INFO,
	    "no server confirms the address of the last run: "
	    "withdrawn");
	d->adopted = in_none;
	d4_apply(d, now);
}

static void
timer_router(struct dhcp4 *d, uint64_t now)
{
	LOG(d, LOG_INFO,
	    "neither server nor router of the lease answers, "
	    "starting again");
	if (d->has_lease)
		d4_withdraw(d);
	d4_init(d, now, 0);
}

static void
timer_kernel(struct dhcp4 *d, uint64_t now)
{
	if (d->has_lease)
		d4_apply(d, now);
}

void
dhcp4_timer(struct dhcp4 *d, uint64_t now)
{
	static timer_fn *const timers[TIMER_MAX] = {
		[TIMER_EXPIRE] = timer_expire,
		[TIMER_SEND] = timer_send,
		[TIMER_T1] = timer_t1,
		[TIMER_T2] = timer_t2,
		[TIMER_ARP] = d4_arp_timer,
		[TIMER_RELEASE] = timer_release,
		[TIMER_ADOPTED] = timer_adopted,
		[TIMER_ROUTER] = timer_router,
		[TIMER_KERNEL] = timer_kernel,
	};
	/* Expiry comes before everything else that is due. */
	static const enum dhcp4_timer order[TIMER_MAX] = { TIMER_EXPIRE,
		TIMER_T2, TIMER_T1, TIMER_RELEASE, TIMER_ROUTER, TIMER_ADOPTED,
		TIMER_ARP, TIMER_SEND, TIMER_KERNEL };
	size_t i;

	for (i = 0; i < TIMER_MAX; i++) {
		if (d->when[order[i]] > now)
			continue;
		d->when[order[i]] = PROTO_NEVER;
		timers[order[i]](d, now);
	}
	linklocal4_timer(&d->linklocal, now);
	d4_update_deadline(d, now);
}

/* ---- messages ---- */

static int
server_ignored(const struct dhcp4 *d, const struct dhcp4_msg *msg)
{
	uint16_t i;

	for (i = 0; i < d->conf.opt4.nservers; i++)
		if (d->conf.opt4.servers[i].s_addr ==
			msg->lease.server_id.s_addr ||
		    d->conf.opt4.servers[i].s_addr == msg->ip_src.s_addr)
			return 1;
	return 0;
}

int
d4_ask_v6only(const struct dhcp4 *d)
{
	return d->conf.ipv6_only && !d->v6only_failed;
}

static int
wants_v6only(const struct dhcp4 *d, const struct dhcp4_msg *msg)
{
	return d4_ask_v6only(d) && (msg->present & HAVE_IPV6_ONLY);
}

static void
enter_v6only(struct dhcp4 *d, const struct dhcp4_msg *msg, uint64_t now)
{
	uint32_t sec = msg->lease.ipv6_only_sec;

	sec = sec < V6ONLY_MIN_SEC ? V6ONLY_MIN_SEC
	    : sec > V6ONLY_MAX_SEC ? V6ONLY_MAX_SEC
				   : sec;
	if (d->has_lease || d->adopted.s_addr != INADDR_ANY)
		d4_withdraw(d);
	d4_arp_close(d);
	d4_enter(d, D4_V6ONLY);
	LOG(d, LOG_INFO, "network prefers IPv6 only: no IPv4 for %u s", sec);
	d->v6only_until = now + (uint64_t)sec * 1000;
	d->when[TIMER_SEND] =
	    d->ipv6_usable ? d->v6only_until : now + V6ONLY_PROOF_MS;
	d->ops->event(d->ctx, EVENT_V6ONLY, NULL, "");
}

static void
on_offer(struct dhcp4 *d, const struct dhcp4_msg *msg, uint64_t now)
{
	if (wants_v6only(d, msg)) {
		enter_v6only(d, msg, now);
		return;
	}
	if (!(msg->present & HAVE_SERVER_ID) ||
	    !(msg->present & HAVE_LEASE_TIME) ||
	    !d4_lease_usable(d, &msg->lease)) {
		COUNT(d, D4_DROP_LEASE);
		return;
	}
	COUNT(d, D4_RX_OFFER);
	linklocal4_offer(&d->linklocal, now);
	d->offer = msg->lease;
	d->tries = 0;
	d4_enter(d, D4_REQUESTING);
	d4_send_request(d, now);
	d->when[TIMER_SEND] = now + d4_backoff(d);
	d4_arp_want(d, &d->offer);
}

/* The request that this ACK answers began the lease (RFC 2131 4.4.5). */
static void
accept_ack(struct dhcp4 *d, const struct dhcp4_msg *msg, uint64_t now)
{
	int fresh = d->state == D4_REQUESTING || d->state == D4_SELECTING;

	if (!(msg->present & HAVE_LEASE_TIME) ||
	    !d4_lease_usable(d, &msg->lease)) {
		COUNT(d, D4_DROP_LEASE);
		return;
	}
	COUNT(d, D4_RX_ACK);
	d->obtained = d->asked;
	if (d->probed_conflict) {
		d->lease = msg->lease;
		d4_conflict(d, now);
		return;
	}
	if (fresh && d->conf.conflict_detection == ACD_STRICT) {
		d->pending = *msg;
		d->when[TIMER_SEND] = PROTO_NEVER;
		d4_enter(d, D4_PROBING);
		d4_arp_want(d, &msg->lease);
		d4_arp_probe_strict(d, now);
		return;
	}
	d4_bind(d, msg, now);
}

static void
on_ack(struct dhcp4 *d, const struct dhcp4_msg *msg, uint64_t now)
{
	uint32_t server = msg->lease.server_id.s_addr;

	/* A REQUEST to one server is answered by that one; 54 is mandatory
	 * (RFC 2131 table 3). */
	if (!(msg->present & HAVE_SERVER_ID) ||
	    (d->state == D4_RENEWING && server != d->lease.server_id.s_addr) ||
	    (d->state == D4_REQUESTING &&
		(server != d->offer.server_id.s_addr ||
		    msg->lease.addr.s_addr != d->offer.addr.s_addr))) {
		COUNT(d, D4_DROP_SERVER);
		return;
	}
	if (wants_v6only(d, msg)) {
		enter_v6only(d, msg, now);
		return;
	}
	accept_ack(d, msg, now);
}

/* RFC 4039: only an ACK that says so binds in two messages. */
static void
on_rapid_ack(struct dhcp4 *d, const struct dhcp4_msg *msg, uint64_t now)
{
	if (!d->rapid_asked || !(msg->present & HAVE_RAPID_COMMIT) ||
	    !(msg->present & HAVE_SERVER_ID)) {
		COUNT(d, D4_DROP_TYPE);
		return;
	}
	on_ack(d, msg, now);
}

/* D4-20: the first NAK starts again at once, each further one later. */
static void
on_nak(struct dhcp4 *d, const struct dhcp4_msg *msg, uint64_t now)
{
	const struct lease4 lease = d->lease;
	uint64_t delay = 0;
	uint32_t chosen = d->state == D4_REQUESTING ? d->offer.server_id.s_addr
						    : d->lease.server_id.s_addr;

	if ((d->state == D4_REQUESTING || d->state == D4_RENEWING) &&
	    msg->lease.server_id.s_addr != chosen) {
		COUNT(d, D4_DROP_SERVER);
		return;
	}
	COUNT(d, D4_RX_NAK);
	LOG(d, LOG_INFO, "server refuses the address%s%s",
	    msg->message[0] ? ": " : "", msg->message);
	if (d->naks > 0)
		delay =
		    d->naks > 7 ? NAK_WAIT_MAX_MS : 1000ULL << (d->naks - 1);
	if (delay > NAK_WAIT_MAX_MS)
		delay = NAK_WAIT_MAX_MS;
	d->naks++;
	d4_withdraw(d);
	d->ops->store4(d->ctx, NULL);
	memset(&d->lease, 0, sizeof(d->lease));
	/* The server's words stay out of what a hook may read. */
	d->ops->event(d->ctx, EVENT_NAK, &lease, "refused by the server");
	d4_init(d, now, delay);
}

/* D4-24: DNS and the like; address and times are not the server's to give. */
static void
on_inform_ack(struct dhcp4 *d, const struct dhcp4_msg *msg, uint64_t now)
{
	(void)now;
	COUNT(d, D4_RX_ACK);
	d->lease = msg->lease;
	d->lease.addr = d->static_addr;
	d->lease.prefixlen = d->static_prefixlen;
	d->lease.lease_sec = d->lease.t1_sec = d->lease.t2_sec = 0;
	d->lease.inform = 1;
	d->when[TIMER_SEND] = PROTO_NEVER;
	d4_enter(d, D4_INFORMED);
	d->has_lease = 1;
	d4_apply_dns(d);
	d->has_lease = 0; /* nothing of it goes into the kernel */
	LOG(d, LOG_INFO, "informed by the server");
	d->ops->event(d->ctx, EVENT_BOUND, &d->lease, "inform");
}

static const struct {
	message_fn *offer, *ack, *nak;
} messages[D4_STATE_MAX] = {
	[D4_SELECTING] = { on_offer, on_rapid_ack, NULL },
	[D4_REQUESTING] = { NULL, on_ack, on_nak },
	[D4_RENEWING] = { NULL, on_ack, on_nak },
	[D4_REBINDING] = { NULL, on_ack, on_nak },
	[D4_REBOOTING] = { NULL, on_ack, on_nak },
	[D4_INFORMING] = { NULL, on_inform_ack, NULL },
};

static void
count_drop(struct dhcp4 *d, enum dhcp4_error error)
{
	static const enum counter counters[] = {
		[DHCP4_OK] = COUNT_D4_DROP_FRAME,
		[DHCP4_E_FRAME] = COUNT_D4_DROP_FRAME,
		[DHCP4_E_CHECKSUM] = COUNT_D4_DROP_CHECKSUM,
		[DHCP4_E_BOOTP] = COUNT_D4_DROP_BOOTP,
		[DHCP4_E_OPTIONS] = COUNT_D4_DROP_OPTIONS,
	};

	d->ops->count(d->ctx, counters[error]);
	LOG(d, LOG_DEBUG, "packet dropped (reason %d)", (int)error);
}

static void
count_parsed(struct dhcp4 *d, const struct dhcp4_msg *msg)
{
	if (msg->ignored > 0)
		COUNT(d, D4_BAD_OPTION);
	if (msg->names_ignored > 0)
		COUNT(d, D4_BAD_NAME);
	if (msg->excess > 0)
		COUNT(d, D4_EXCESS);
	if (msg->csum_partial > 0)
		COUNT(d, D4_CSUM_PARTIAL);
}

void
dhcp4_receive(struct dhcp4 *d, const uint8_t *frame, size_t len, int recv_flags,
    uint64_t now)
{
	static struct dhcp4_msg msg; /* 7 KiB: not on the stack */
	const uint8_t *payload;
	message_fn *fn = NULL;
	enum dhcp4_error error;
	char line[256];
	size_t plen;

	if (!d4_can_speak(d))
		return;
	memset(&msg, 0, sizeof(msg));
	error =
	    dhcp4_frame_parse(frame, len, recv_flags, &payload, &plen, &msg);
	if (error == DHCP4_OK)
		error = dhcp4_msg_parse(payload, plen, d->iface.hwtype,
		    d->iface.hwaddr, d->iface.hwaddr_len, &d->conf.opt4, &msg);
	if (error != DHCP4_OK) {
		count_drop(d, error);
		return;
	}
	count_parsed(d, &msg);
	dhcp4_msg_print(&msg, line, sizeof(line));
	LOG(d, LOG_DEBUG, "received %s", line);
	if (msg.xid != d->xid) {
		COUNT(d, D4_DROP_XID);
		return;
	}
	if (server_ignored(d, &msg)) {
		COUNT(d, D4_DROP_SERVER);
		return;
	}
	if (msg.type == DHCPOFFER)
		fn = messages[d->state].offer;
	else if (msg.type == DHCPACK)
		fn = messages[d->state].ack;
	else if (msg.type == DHCPNAK)
		fn = messages[d->state].nak;
	if (fn == NULL) {
		COUNT(d, D4_DROP_TYPE);
		return;
	}
	fn(d, &msg, now);
	d4_update_deadline(d, now);
}

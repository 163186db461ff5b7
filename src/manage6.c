/* SPDX-License-Identifier: ISC */
/*
 * The IPv6 half of manage.c: the kernel's own router discovery is put off, the
 * link-local address watched, and the sockets of the channels that depend on
 * it made, and made anew when it changes.
 *
 * A connected socket goes on sending from an address that is gone, tentative
 * or duplicated without an error (both systems), so that its health is never
 * inferred from errno.  The one before is closed first: on FreeBSD connect(2)
 * fails with EADDRINUSE while it is held.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "parent6.h"
#include "secret.h"

#define RETRY_FIRST_SEC 1
#define RETRY_MAX_SEC 300
#define POLL_MS                                                   \
	100 /* Y-03: addresses that are tentative, where no event \
	     * says that they no longer are */

static const enum channel channels[] = { CHANNEL_ND, CHANNEL_RS, CHANNEL_DHCP6,
	CHANNEL_DHCP6_SEND };
#define NCHANNELS (sizeof(channels) / sizeof(channels[0]))

static const char *const channel_names[CHANNEL_MAX] = {
	[CHANNEL_ND] = "router discovery",
	[CHANNEL_RS] = "router solicitation",
	[CHANNEL_DHCP6] = "DHCPv6",
	[CHANNEL_DHCP6_SEND] = "DHCPv6 sender",
};

static void poll_fired(evutil_socket_t, short, void *);
static void socks_review(struct pif *);

/* ---- addresses of all interfaces ---- */

static struct {
	struct state6 states[PARENT_PREFIXES_MAX];
	struct prefix6 prefixes[PARENT_PREFIXES_MAX];
	size_t n;
} known;

const struct prefix6 *
manage6_prefixes(size_t *n)
{
	*n = known.n;
	return known.prefixes;
}

/* The state before; flags 0: it was not there. */
static struct state6
known_note(const struct state6 *state)
{
	struct state6 before;
	size_t i;

	memset(&before, 0, sizeof(before));
	for (i = 0; i < known.n; i++)
		if (known.states[i].ifindex == state->ifindex &&
		    IN6_ARE_ADDR_EQUAL(&known.states[i].addr, &state->addr))
			break;
	if (i < known.n)
		before = known.states[i];
	if (!(state->flags & STATE6_PRESENT)) {
		if (i == known.n)
			return before;
		known.n--;
		known.states[i] = known.states[known.n];
		known.prefixes[i] = known.prefixes[known.n];
		return before;
	}
	if (i == PARENT_PREFIXES_MAX)
		return before;
	known.n += i == known.n;
	known.states[i] = *state;
	memset(&known.prefixes[i], 0, sizeof(known.prefixes[i]));
	known.prefixes[i].ifindex = state->ifindex;
	known.prefixes[i].addr = state->addr;
	known.prefixes[i].prefixlen = (uint8_t)state->prefixlen;
	return before;
}

static int
is_usable(const struct state6 *s)
{
	return (s->flags & STATE6_PRESENT) && !(s->flags & STATE6_DUPLICATED) &&
	    (!(s->flags & STATE6_TENTATIVE) || (s->flags & STATE6_OPTIMISTIC));
}

/* The link-local address to speak from; as long as it is usable, the same.
 * 1: it is another one. */
static int
local_choose(struct pif *pif)
{
	struct in6_addr chosen = in6addr_any;
	const struct state6 *s;
	size_t i;
	int changed;

	for (i = 0; i < known.n; i++) {
		s = &known.states[i];
		if (s->ifindex != pif->info.ifindex ||
		    !IN6_IS_ADDR_LINKLOCAL(&s->addr) || !is_usable(s))
			continue;
		if (IN6_ARE_ADDR_EQUAL(&s->addr, &pif->v6->local))
			return 0;
		if (IN6_IS_ADDR_UNSPECIFIED(&chosen))
			chosen = s->addr;
	}
	changed = !IN6_ARE_ADDR_EQUAL(&chosen, &pif->v6->local);
	pif->v6->local = chosen;
	return changed;
}

static int
has_link_local(uint32_t ifindex)
{
	size_t i;

	for (i = 0; i < known.n; i++)
		if (known.states[i].ifindex == ifindex &&
		    !(known.states[i].flags & STATE6_DUPLICATED) &&
		    IN6_IS_ADDR_LINKLOCAL(&known.states[i].addr))
			return 1;
	return 0;
}

/* ---- the kernel's own ways ---- */

/* Does IPv6 on this interface want anything of the network? */
static int
is_active(const struct pif *pif)
{
	return pif->conf != NULL &&
	    (pif->conf->slaac != CONF_NO || pif->conf->dhcp6 != CONF_NO ||
		pif->conf->nprefixes > 0);
}

/*
 * The values found come back with `stop --withdraw`, not with a plain stop:
 * else the kernel would take in what the next start has to remove.
 */
static void
knobs_set(struct pif *pif)
{
	uint32_t value;

	if (os_ipv6_get(&pif->info, KNOB_DISABLED, &value) == 0 && value != 0) {
		(void)knob6_set(pif, KNOB_DISABLED, 0);
		if (os_ipv6_get(&pif->info, KNOB_DISABLED, &value) == 0 &&
		    value != 0 && !pif->v6->disabled_said)
			log_info("%s: IPv6 is switched off in the kernel, and "
				 "stays so",
			    pif->info.name);
		pif->v6->disabled_said = value != 0;
	}
	(void)knob6_set(pif, KNOB_ACCEPT_RA, 0);
	(void)knob6_set(pif, KNOB_AUTOCONF, 0);
	/* It may be negative: "never". */
	if (os_ipv6_get(&pif->info, KNOB_TEMPADDR, &value) == 0 &&
	    (int32_t)value > 0)
		(void)knob6_set(pif, KNOB_TEMPADDR, 0);
	(void)knob6_set(pif, KNOB_OPTIMISTIC, 1);
	(void)knob6_set(pif, KNOB_LINKDOWN, 1);
}

/* What was found comes back for a protocol that is switched off. */
static void
knobs_review(struct pif *pif)
{
	unsigned int knob;

	/* Another uplink takes over at once when the cable is out (Y-09). */
	if (pif->conf->dhcp4 != CONF_NO)
		(void)knob6_set(pif, KNOB_LINKDOWN4, 1);
	else
		knob6_restore(pif, KNOB_LINKDOWN4);
	if (is_active(pif)) {
		knobs_set(pif);
		return;
	}
	for (knob = 0; knob < KNOB_MAX; knob++)
		if (knob != KNOB_LINKDOWN4)
			knob6_restore(pif, (enum os_ipv6_knob)knob);
}

static void
link_local_make(struct pif *pif)
{
	int error;

	if (!(pif->info.flags & IFACE_UP) ||
	    has_link_local(pif->info.ifindex) ||
	    (!is_active(pif) &&
		!conf_is_downstream(parent.conf, pif->info.name)))
		return;
	error = os_link_local6(&pif->info);
	if (error != 0 && error != ENOTSUP && error != EEXIST)
		log_warnx("%s: no link-local address, and none can be made: %s",
		    pif->info.name, strerror(error));
}

/* ---- sockets ---- */

static void
tell_failed(const struct pif *pif, enum channel channel,
    const struct in6_addr *key, int error, unsigned int retry_sec,
    const uint32_t *owner)
{
	struct ipc_socket_failed msg;

	memset(&msg, 0, sizeof(msg));
	msg.ifindex = pif->info.ifindex;
	msg.channel = channel;
	msg.key6 = *key;
	msg.error = (uint32_t)error;
	msg.retry_sec = retry_sec;
	msg.has_owner = owner != NULL;
	msg.owner_uid = owner != NULL ? *owner : 0;
	TO_ENGINE_MSG(MSG_SOCKET_FAILED, msg);
}

static void
pass_socket(const struct pif *pif, enum channel channel,
    const struct in6_addr *key, int fd)
{
	struct ipc_socket msg;

	memset(&msg, 0, sizeof(msg));
	msg.ifindex = pif->info.ifindex;
	msg.channel = channel;
	msg.key6 = *key;
	ipc_send(
	    &parent.peers[ROLE_FRONTEND], MSG_SOCKET, &msg, sizeof(msg), fd);
}

static int
is_wanted(const struct sock6 *s)
{
	const struct pif *pif = s->pif;

	if (!pif->handed || !is_active(pif))
		return 0;
	if (s->channel == CHANNEL_ND)
		return (pif->info.flags & IFACE_UP) || s->state == SOCK6_OPEN;
	if (IN6_IS_ADDR_UNSPECIFIED(&pif->v6->local))
		return 0;
	/* A link-local address can outlive the carrier, the route to ff02::/16
	 * does not: no reason to try in vain and be late when it returns. */
	if (!(pif->info.flags & IFACE_RUNNING) && s->state != SOCK6_OPEN)
		return 0;
	if (s->channel == CHANNEL_RS)
		return 1;
	/* The sender waits for the receiver, which looks who has the port. */
	return (pif->conf->dhcp6 != CONF_NO || pif->conf->nprefixes > 0) &&
	    (s->channel == CHANNEL_DHCP6 ||
		pif->v6->socks[CHANNEL_DHCP6].state == SOCK6_OPEN);
}

static void
retry_fired(evutil_socket_t fd, short what, void *arg)
{
	struct sock6 *s = arg;

	(void)fd;
	(void)what;
	socks_review(s->pif);
}

static void
sock_retry(struct sock6 *s, int error, const uint32_t *owner)
{
	struct timeval tv = { 0 };

	s->retry_sec = s->retry_sec == 0       ? RETRY_FIRST_SEC
	    : s->retry_sec * 2 > RETRY_MAX_SEC ? RETRY_MAX_SEC
					       : s->retry_sec * 2;
	if (owner != NULL)
		log_warnx("%s: UDP port 546 is held by another DHCPv6 client "
			  "(uid %u); trying again in %u s",
		    s->pif->info.name, *owner, s->retry_sec);
	else
		log_warnx("%s: %s socket: %s; trying again in %u s",
		    s->pif->info.name, channel_names[s->channel],
		    strerror(error), s->retry_sec);
	s->failed = 1;
	tell_failed(
	    s->pif, s->channel, &in6addr_any, error, s->retry_sec, owner);
	tv.tv_sec = s->retry_sec;
	if (!event_initialized(&s->retry) &&
	    evtimer_assign(&s->retry, parent.base, retry_fired, s) == -1)
		fatalx("timer");
	if (event_add(&s->retry, &tv) == -1)
		fatalx("timer");
}

static int
sock_make(const struct sock6 *s, int *fd)
{
	const struct interface *info = &s->pif->info;

	switch (s->channel) {
	case CHANNEL_ND:
		return os_socket_nd(info, fd);
	case CHANNEL_RS:
		return os_socket_rs(info, &s->local, fd);
	case CHANNEL_DHCP6:
		return os_socket_dhcp6(info, &s->local, fd);
	case CHANNEL_DHCP6_SEND:
		return os_socket_dhcp6_send(info, &s->local, fd);
	default:
		return EINVAL;
	}
}

/* Is somebody else on the port (Y-17)?  Only to be asked while we are not. */
static int
port_taken(const struct sock6 *s, uint32_t *uid, int *has_owner)
{
	const struct sock6 *socks = s->pif->v6->socks;

	*has_owner = 0;
	if (s->channel != CHANNEL_DHCP6 ||
	    socks[CHANNEL_DHCP6_SEND].state != SOCK6_CLOSED)
		return 0;
	return os_port6_owner(&s->pif->info, &s->local, uid, has_owner);
}

static void
sock_open(struct sock6 *s)
{
	int error, fd = -1, has_owner;
	uint32_t uid = 0;

	/* What failed is tried again before the routers are asked. */
	if (s->pif->v6->knobs_failed != 0)
		knobs_review(s->pif);
	s->local = s->channel == CHANNEL_ND ? in6addr_any : s->pif->v6->local;
	error = port_taken(s, &uid, &has_owner);
	if (error == 0)
		error = sock_make(s, &fd);
	if (error != 0) {
		sock_retry(s, error, has_owner ? &uid : NULL);
		return;
	}
	if (s->failed)
		tell_failed(s->pif, s->channel, &in6addr_any, 0, 0, NULL);
	s->failed = 0;
	s->retry_sec = 0;
	s->state = SOCK6_OPEN;
	pass_socket(s->pif, s->channel, &in6addr_any, fd);
}

static void
tell_shut(uint32_t ifindex, enum channel channel, const struct in6_addr *key)
{
	struct ipc_channel_state msg;

	memset(&msg, 0, sizeof(msg));
	msg.ifindex = ifindex;
	msg.channel = channel;
	msg.key6 = *key;
	TO_FRONTEND_MSG(MSG_SHUT, msg);
}

/* The answer is CLOSED. */
static void
sock_shut(struct sock6 *s)
{
	tell_shut(s->pif->info.ifindex, s->channel, &in6addr_any);
	s->state = SOCK6_CLOSING;
}

static int
is_waiting(const struct sock6 *s)
{
	return event_initialized(&s->retry) &&
	    event_pending(&s->retry, EV_TIMEOUT, NULL);
}

static void
sock_review(struct sock6 *s, int local_changed)
{
	int wanted = is_wanted(s);

	if (s->channel == CHANNEL_ND)
		local_changed = 0;
	if (s->state == SOCK6_OPEN && (!wanted || local_changed))
		sock_shut(s);
	/* What went wrong with another address is no reason to wait. */
	if ((!wanted || local_changed) && event_initialized(&s->retry)) {
		event_del(&s->retry);
		s->retry_sec = 0;
	}
	if (s->state == SOCK6_CLOSED && wanted && !is_waiting(s))
		sock_open(s);
}

/* Close what is no longer right, open what is wanted and not there. */
static void
socks_review(struct pif *pif)
{
	int changed;
	size_t i;

	if (pif->v6 == NULL)
		return;
	changed = local_choose(pif);
	for (i = 0; i < NCHANNELS; i++)
		sock_review(&pif->v6->socks[channels[i]], changed);
}

void
manage6_closed(const struct ipc_channel_state *msg)
{
	struct pif *pif = pif_find(msg->ifindex);
	struct sock6 *s;
	size_t i;

	if (pif == NULL || pif->v6 == NULL ||
	    !IN6_IS_ADDR_UNSPECIFIED(&msg->key6))
		return;
	for (i = 0; i < NCHANNELS; i++)
		if (channels[i] == (enum channel)msg->channel)
			break;
	if (i == NCHANNELS)
		return;
	s = &pif->v6->socks[channels[i]];
	if (s->state == SOCK6_OPEN && msg->error != 0) {
		/* By itself: a frontend that lies must not keep us busy, and
		 * one that says it of an earlier socket still has this one. */
		sock_retry(s, (int)msg->error, NULL);
		sock_shut(s);
	} else if (s->state == SOCK6_CLOSING) {
		s->state = SOCK6_CLOSED;
		socks_review(pif);
	}
	/* Else the answer to SHUT from before the interface was let go, and
	 * managed anew. */
}

/* Reconfigure (D6-20) and address registration (D6-45). */
void
manage6_open(struct pif *pif, const struct ipc_open *msg)
{
	enum refusal refusal = REFUSE_FIELD;
	enum channel channel = (enum channel)msg->channel;
	unsigned int i;
	int error, fd = -1;

	for (i = SLOT_SLAAC; pif->v6 != NULL && i < SLOTS_MAX; i++) {
		refusal = policy_socket6(pif->v6->held[i].addrs,
		    pif->v6->held[i].naddrs, msg->channel, &msg->key6);
		if (refusal != REFUSE_SOCKET_LOCAL)
			break;
	}
	if (refusal != REFUSE_NOT) {
		manage_refused(pif, msg->ifindex, refusal, "socket");
		tell_failed(pif, channel, &msg->key6, EACCES, 0, NULL);
		return;
	}
	if (channel == CHANNEL_DHCP6)
		error = os_socket_dhcp6(&pif->info, &msg->key6, &fd);
	else
		error = os_socket_dhcp6_send(&pif->info, &msg->key6, &fd);
	if (error != 0) {
		if (manage_may_log())
			log_warnx("%s: dhcp6: %s socket: %s", pif->info.name,
			    channel_names[channel], strerror(error));
		tell_failed(pif, channel, &msg->key6, error, 0, NULL);
		return;
	}
	pif->v6->keyed = 1;
	pass_socket(pif, channel, &msg->key6, fd);
}

void
manage6_shut_keyed(struct pif *pif, const struct in6_addr *key)
{
	if (!pif->v6->keyed || !pif->handed)
		return;
	tell_shut(pif->info.ifindex, CHANNEL_DHCP6, key);
	tell_shut(pif->info.ifindex, CHANNEL_DHCP6_SEND, key);
}

/* ---- which interface is managed ---- */

static void
v6_new(struct pif *pif)
{
	struct sock6 *s;
	size_t i;

	if (pif->v6 != NULL)
		return;
	if ((pif->v6 = calloc(1, sizeof(*pif->v6))) == NULL)
		fatal("%s", pif->info.name);
	for (i = 0; i < NCHANNELS; i++) {
		s = &pif->v6->socks[channels[i]];
		s->pif = pif;
		s->channel = channels[i];
	}
}

void
manage6_prepare(struct pif *pif)
{
	v6_new(pif);
	knobs_review(pif);
	apply6_adopt(pif);
}

/* An interface that an earlier run managed, and this one does not. */
void
manage6_abandon(struct pif *pif)
{
	const struct journal_entry *e;

	TAILQ_FOREACH (e, &parent.journal.live, entry)
		if (e->rec.ifindex == pif->info.ifindex &&
		    e->rec.kind >= JOURNAL_ADDR6)
			break;
	if (e == NULL)
		return;
	v6_new(pif);
	apply6_adopt(pif);
	apply6_withdraw(pif);
	free(pif->v6);
	pif->v6 = NULL;
}

static void
tell_state(const struct pif *pif, const struct state6 *state)
{
	struct state6 msg = *state;

	if (apply6_is_held(pif, &state->addr))
		msg.flags |= STATE6_OURS;
	TO_ENGINE_MSG(MSG_STATE6, msg);
}

void
manage6_tell_address(const struct pif *pif, const struct in6_addr *addr)
{
	size_t i;

	for (i = 0; pif->handed && i < known.n; i++)
		if (known.states[i].ifindex == pif->info.ifindex &&
		    IN6_ARE_ADDR_EQUAL(&known.states[i].addr, addr))
			tell_state(pif, &known.states[i]);
}

void
manage6_hand_out(struct pif *pif)
{
	size_t i;

	for (i = 0; i < known.n; i++)
		if (known.states[i].ifindex == pif->info.ifindex)
			tell_state(pif, &known.states[i]);
}

void
manage6_start(struct pif *pif)
{
	if (pif->v6 == NULL)
		return;
	apply6_review(pif);
	/* Linux sets it to the device's whenever that one's changes. */
	if (pif->v6->mtu != 0 && pif->v6->mtu <= pif->info.mtu)
		(void)knob6_set(pif, KNOB_MTU, pif->v6->mtu);
	link_local_make(pif);
	socks_review(pif);
}

void
manage6_review(struct pif *pif)
{
	if (pif->v6 == NULL || pif->conf == NULL)
		return;
	knobs_review(pif);
	manage6_start(pif);
}

/* The frontend has closed all of them. */
void
manage6_let_go(struct pif *pif, int gone)
{
	struct sock6 *s;
	size_t i;

	if (pif->v6 == NULL)
		return;
	for (i = 0; i < NCHANNELS; i++) {
		s = &pif->v6->socks[channels[i]];
		if (event_initialized(&s->retry))
			event_del(&s->retry);
	}
	if (gone)
		apply6_gone(pif);
	else
		apply6_withdraw(pif);
	free(pif->v6);
	pif->v6 = NULL;
}

void
manage6_secret(void)
{
	struct ipc_secret msg;
	int error;

	memset(&msg, 0, sizeof(msg));
	error = secret_load(parent.statedir, msg.secret);
	if (error == EINVAL)
		log_warnx("the secret of stable addresses was not usable and "
			  "was made anew");
	else if (error != 0)
		log_warnx("the secret of stable addresses cannot be kept: %s; "
			  "it lasts until restart",
		    strerror(error));
	TO_ENGINE_MSG(MSG_SECRET, msg);
	explicit_bzero(&msg, sizeof(msg));
}

/* ---- what the kernel says ---- */

static void
poll_arm(void)
{
	const struct timeval tv = { .tv_usec = POLL_MS * 1000 };
	static struct event ev;

	if (!event_initialized(&ev) &&
	    evtimer_assign(&ev, parent.base, poll_fired, NULL) == -1)
		fatalx("timer");
	if (event_add(&ev, &tv) == -1)
		fatalx("timer");
}

static void
poll_fired(evutil_socket_t fd, short what, void *arg)
{
	struct state6 state, old;
	size_t i;

	(void)fd;
	(void)what;
	(void)arg;
	/* Backwards: one that is gone is replaced by the last. */
	for (i = known.n; i > 0; i--) {
		old = known.states[i - 1];
		if (!(old.flags & STATE6_TENTATIVE) ||
		    (old.flags & STATE6_DUPLICATED))
			continue;
		if (os_addr6_state(old.ifindex, &old.addr, &state) != 0) {
			state = old;
			state.flags = 0;
		}
		if (state.flags != old.flags)
			manage6_on_addr(&state);
		else
			poll_arm();
	}
}

void
manage6_on_addr(const struct state6 *state)
{
	struct pif *pif = pif_find(state->ifindex);
	int link_local = IN6_IS_ADDR_LINKLOCAL(&state->addr);
	struct state6 before, now, msg;

	/* What we took away may be back before the report comes. */
	if (!(state->flags & STATE6_PRESENT) && pif != NULL &&
	    apply6_is_held(pif, &state->addr) &&
	    os_addr6_state(state->ifindex, &state->addr, &now) == 0)
		state = &now;
	before = known_note(state);
	msg = *state;
	if ((state->flags & STATE6_TENTATIVE) && !os_addr6_has_events)
		poll_arm();
	if (pif == NULL)
		return;
	if (pif->v6 != NULL && link_local && before.flags == 0 &&
	    (state->flags & STATE6_PRESENT) &&
	    !apply6_is_held(pif, &state->addr))
		apply6_link_local(pif, state);
	if (apply6_address(pif, state))
		msg.flags |= STATE6_OURS;
	if (!pif->handed)
		return;
	TO_ENGINE_MSG(MSG_STATE6, msg);
	if (!link_local)
		return;
	/* Not when somebody removed it: who does that means it. */
	if (state->flags & STATE6_DUPLICATED)
		link_local_make(pif);
	socks_review(pif);
}

void
manage6_on_neighbor(
    uint32_t ifindex, const struct in6_addr *addr, int reachable)
{
	struct ipc_neighbor6 msg = { .ifindex = ifindex,
		.reachable = (uint32_t)(reachable != 0),
		.addr = *addr };
	struct pif *pif = pif_find(ifindex);

	if (pif != NULL && pif->handed)
		TO_ENGINE_MSG(MSG_NEIGHBOR6, msg);
}

void
manage6_on_route_gone(uint32_t ifindex, const struct in6_addr *dst,
    uint8_t prefixlen, const struct in6_addr *gateway)
{
	struct pif *pif = pif_find(ifindex);

	if (pif != NULL)
		apply6_route_gone(pif, dst, prefixlen, gateway);
}

/* SPDX-License-Identifier: ISC */
/*
 * The IPv4 sockets that the frontend gets, and the parent's own on UDP port
 * 68.
 */

#include <sys/socket.h>
#include <errno.h>
#include <string.h>

#include "log.h"
#include "parent6.h"

#define RETRY_FIRST_SEC 1
#define RETRY_MAX_SEC 300

static void
tell_failed(const struct pif *pif, enum channel channel, struct in_addr key,
    int error, unsigned int retry_sec)
{
	struct ipc_socket_failed msg;

	memset(&msg, 0, sizeof(msg));
	msg.ifindex = pif->info.ifindex;
	msg.channel = channel;
	msg.key = key;
	msg.error = (uint32_t)error;
	msg.retry_sec = retry_sec;
	TO_ENGINE_MSG(MSG_SOCKET_FAILED, msg);
}

static void
retry_fired(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	socket_dhcp4(arg);
}

static void
socket_retry(struct pif *pif, int error)
{
	struct timeval tv = { 0 };

	pif->retry_sec = pif->retry_sec == 0	 ? RETRY_FIRST_SEC
	    : pif->retry_sec * 2 > RETRY_MAX_SEC ? RETRY_MAX_SEC
						 : pif->retry_sec * 2;
	log_warnx("%s: dhcp4: packet socket: %s; trying again in %u s",
	    pif->info.name, strerror(error), pif->retry_sec);
	tell_failed(
	    pif, CHANNEL_DHCP4, (struct in_addr){ 0 }, error, pif->retry_sec);
	tv.tv_sec = pif->retry_sec;
	if (!event_initialized(&pif->retry) &&
	    evtimer_assign(&pif->retry, parent.base, retry_fired, pif) == -1)
		fatalx("timer");
	if (event_add(&pif->retry, &tv) == -1)
		fatalx("timer");
}

static void
pass_socket(const struct pif *pif, enum channel channel, struct in_addr key,
    uint32_t buflen, int fd)
{
	struct ipc_socket msg = { .ifindex = pif->info.ifindex,
		.channel = channel,
		.key = key,
		.buflen = buflen };

	ipc_send(
	    &parent.peers[ROLE_FRONTEND], MSG_SOCKET, &msg, sizeof(msg), fd);
}

/* Switched off: nothing is to be heard, nor tried again. */
static void
socket_stop(struct pif *pif)
{
	struct ipc_channel_state msg = { .ifindex = pif->info.ifindex,
		.channel = CHANNEL_DHCP4 };

	if (event_initialized(&pif->retry))
		event_del(&pif->retry);
	pif->retry_sec = 0;
	if (pif->socket_open)
		TO_FRONTEND_MSG(MSG_SHUT, msg);
	pif->socket_open = 0;
}

void
socket_dhcp4(struct pif *pif)
{
	uint32_t buflen = 0;
	int error, fd;

	if (pif->conf == NULL || pif->conf->dhcp4 == CONF_NO) {
		socket_stop(pif);
		return;
	}
	if (pif->socket_open || !(pif->info.flags & IFACE_ETHERNET) ||
	    !(pif->info.flags & IFACE_UP))
		return;
	error = os_socket_dhcp4(&pif->info, &fd, &buflen);
	if (error != 0) {
		socket_retry(pif, error);
		return;
	}
	if (pif->retry_sec != 0)
		tell_failed(pif, CHANNEL_DHCP4, (struct in_addr){ 0 }, 0, 0);
	if (event_initialized(&pif->retry))
		event_del(&pif->retry);
	pif->retry_sec = 0;
	pif->socket_open = 1;
	pass_socket(pif, CHANNEL_DHCP4, (struct in_addr){ 0 }, buflen, fd);
}

/* By itself: 0 is the answer to SHUT.  Who needs a keyed one asks for it. */
void
manage_closed(const struct ipc_channel_state *msg)
{
	struct pif *pif = pif_find(msg->ifindex);

	if (msg->channel != CHANNEL_DHCP4) {
		manage6_closed(msg);
	} else if (pif != NULL && pif->socket_open && msg->error != 0) {
		pif->socket_open = 0;
		socket_retry(pif, (int)msg->error);
	}
}

void
manage_open(const struct ipc_open *msg)
{
	struct pif *pif = pif_find(msg->ifindex);
	enum refusal refusal = REFUSE_NOT;
	uint32_t buflen = 0;
	int error, fd;

	if (pif == NULL || pif->conf == NULL)
		refusal = REFUSE_UNMANAGED;
	else
		refusal = policy_rate(&pif->bucket, os_clock_ms());
	if (refusal == REFUSE_NOT &&
	    (msg->channel == CHANNEL_DHCP6 ||
		msg->channel == CHANNEL_DHCP6_SEND)) {
		manage6_open(pif, msg);
		return;
	}
	if (refusal == REFUSE_NOT && msg->channel == CHANNEL_ARP)
		refusal = policy_arp(msg->key, msg->peer);
	else if (refusal == REFUSE_NOT && msg->channel == CHANNEL_UDP4)
		refusal = policy_udp4(&pif->held, msg->key, msg->peer);
	else if (refusal == REFUSE_NOT)
		refusal = REFUSE_FIELD;
	if (refusal != REFUSE_NOT) {
		manage_refused(pif, msg->ifindex, refusal, "socket");
		if (pif != NULL)
			tell_failed(pif, (enum channel)msg->channel, msg->key,
			    EACCES, 0);
		return;
	}
	if (msg->channel == CHANNEL_ARP)
		error = os_socket_arp(
		    &pif->info, msg->key, msg->peer, &fd, &buflen);
	else
		error = os_socket_udp4(&pif->info, msg->key, msg->peer, &fd);
	if (error != 0) {
		if (manage_may_log())
			log_warnx("%s: dhcp4: %s socket: %s", pif->info.name,
			    msg->channel == CHANNEL_ARP ? "ARP" : "unicast",
			    strerror(error));
		tell_failed(
		    pif, (enum channel)msg->channel, msg->key, error, 0);
		return;
	}
	pass_socket(pif, (enum channel)msg->channel, msg->key, buflen, fd);
}

/* ---- the sink on UDP port 68 (Y-17) ---- */

static void
sink_fired(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	manage_sink_retry();
}

static void
sink_tell(int error, uint32_t uid, int has_owner)
{
	struct ipc_socket_failed msg;
	struct pif *pif;

	memset(&msg, 0, sizeof(msg));
	msg.channel = CHANNEL_UDP4;
	msg.error = (uint32_t)error;
	msg.has_owner = (uint32_t)has_owner;
	msg.owner_uid = uid;
	msg.retry_sec = parent.sink_retry_sec;
	TAILQ_FOREACH (pif, &parent.ifaces, entry) {
		if (!pif->handed || pif->conf == NULL ||
		    pif->conf->dhcp4 == CONF_NO)
			continue;
		msg.ifindex = pif->info.ifindex;
		TO_ENGINE_MSG(MSG_SOCKET_FAILED, msg);
		if (error == 0)
			continue;
		if (has_owner)
			log_warnx("%s: dhcp4: UDP port 68 is held by another "
				  "DHCP client (uid %u); renewals wait for "
				  "rebinding; trying again in %u s",
			    pif->info.name, uid, parent.sink_retry_sec);
		else
			log_warnx("%s: dhcp4: UDP port 68: %s; trying again "
				  "in %u s",
			    pif->info.name, strerror(error),
			    parent.sink_retry_sec);
	}
}

int
manage_sink_open(uint32_t *uid, int *has_owner)
{
	int error = os_port_owner(68, uid, has_owner);

	return error != 0 ? error : os_socket_sink(&parent.sink);
}

void
manage_sink_retry(void)
{
	static struct event ev;
	struct timeval tv = { 0 };
	uint32_t uid = 0;
	int error, has_owner = 0;

	if (parent.sink != -1)
		return;
	error = manage_sink_open(&uid, &has_owner);
	if (error == 0) {
		if (parent.sink_retry_sec != 0)
			sink_tell(0, 0, 0);
		return;
	}
	parent.sink_retry_sec = parent.sink_retry_sec == 0 ? RETRY_FIRST_SEC
	    : parent.sink_retry_sec * 2 > RETRY_MAX_SEC
	    ? RETRY_MAX_SEC
	    : parent.sink_retry_sec * 2;
	sink_tell(error, uid, has_owner);
	tv.tv_sec = parent.sink_retry_sec;
	if (!event_initialized(&ev) &&
	    evtimer_assign(&ev, parent.base, sink_fired, NULL) == -1)
		fatalx("timer");
	if (event_add(&ev, &tv) == -1)
		fatalx("timer");
}

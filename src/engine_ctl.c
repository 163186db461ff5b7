/* SPDX-License-Identifier: ISC */
/*
 * Control requests in the engine: it knows the state of everything, so that
 * the parent has no part in answering questions.
 */

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "engine.h"
#include "log.h"
#include "os/os.h"

/* One client whose answer is not finished: it waits, or is being listed to. */
struct job {
	uint32_t client; /* 0: free */
	uint32_t command;
	uint64_t deadline;
	uint32_t next; /* listing: the next interface's place */
	int paused;    /* listing: the client has not taken the last part */
	struct ipc_ctl_request req;
};
#define LIST_PART 8 /* interfaces at once: about 50 KiB */
static struct job jobs[IPC_CLIENTS_MAX];

static void
reply(struct engine *e, uint32_t client, enum ipc_code code, const char *text)
{
	struct ipc_result msg;

	memset(&msg, 0, sizeof(msg));
	msg.client = client;
	msg.code = code;
	strlcpy(msg.text, text, sizeof(msg.text));
	ipc_send(&e->frontend, MSG_RESULT, &msg, sizeof(msg), -1);
}

static int
named(const struct ipc_ctl_request *req, const struct eif *eif)
{
	uint32_t i;

	if (req->nnames == 0)
		return 1;
	for (i = 0; i < req->nnames; i++)
		if (strncmp(req->names[i], eif->iface.name,
			sizeof(eif->iface.name)) == 0)
			return 1;
	return 0;
}

static struct eif *
find_name(struct engine *e, const char *name)
{
	struct eif *eif;

	TAILQ_FOREACH (eif, &e->ifaces, entry) {
		if (strncmp(eif->iface.name, name, sizeof(eif->iface.name)) ==
		    0)
			return eif;
	}
	return NULL;
}

/* ---- show ---- */

static void
show_iface(struct engine *e, uint32_t client, struct eif *eif, uint64_t now)
{
	static struct ipc_show_iface msg;
	struct dhcp4_status st;

	dhcp4_status(&eif->dhcp4, now, &st);
	memset(&msg, 0, sizeof(msg));
	msg.client = client;
	msg.iface = eif->iface;
	msg.state4 = st.state;
	msg.dhcp4 = eif->conf.dhcp4;
	msg.configured4 = (uint32_t)st.configured;
	msg.link_local4 = (uint32_t)st.link_local;
	msg.link_local_addr = st.link_local_addr;
	msg.t1_in = st.t1_in;
	msg.t2_in = st.t2_in;
	msg.expires_in = st.expires_in;
	msg.tries = st.tries;
	msg.sleeping = st.sleeping;
	msg.preference = eif->conf.preference;
	msg.socket_error = eif->failed.error;
	msg.socket_channel = eif->failed.channel;
	msg.has_owner = eif->failed.has_owner;
	msg.owner_uid = eif->failed.owner_uid;
	msg.last_refusal = eif->last_refusal;
	msg.static_addr = eif->static_addr;
	if (st.has_lease && st.lease != NULL) {
		msg.has_lease = 1;
		msg.lease = *st.lease;
	}
	ipc_send(&e->frontend, MSG_SHOW_IFACE, &msg, sizeof(msg), -1);
}

static void
show_counters(struct engine *e, uint32_t client, const struct eif *eif)
{
	struct ipc_show_counters msg;

	memset(&msg, 0, sizeof(msg));
	msg.client = client;
	msg.ifindex = eif->ifindex;
	memcpy(msg.ifname, eif->iface.name, sizeof(msg.ifname));
	memcpy(msg.counters, eif->counters, sizeof(eif->counters));
	ipc_send(&e->frontend, MSG_SHOW_COUNTERS, &msg, sizeof(msg), -1);
}

static void
show_rest(struct engine *e, uint32_t client)
{
	struct ipc_show_skipped skipped;
	struct ipc_show_sandbox sandbox;
	unsigned int i;

	for (i = 0; i < e->nskipped; i++) {
		memset(&skipped, 0, sizeof(skipped));
		skipped.client = client;
		skipped.skipped = e->skipped[i];
		ipc_send(&e->frontend, MSG_SHOW_SKIPPED, &skipped,
		    sizeof(skipped), -1);
	}
	for (i = 0; i < ROLE_MAX; i++) {
		if (e->sandboxes[i].pid == 0)
			continue;
		memset(&sandbox, 0, sizeof(sandbox));
		sandbox.client = client;
		sandbox.sandbox = e->sandboxes[i];
		ipc_send(&e->frontend, MSG_SHOW_SANDBOX, &sandbox,
		    sizeof(sandbox), -1);
	}
}

/* Send some interfaces, the rest when the client has taken them. */
static void
job_list(struct engine *e, struct job *job, uint64_t now)
{
	struct ipc_client more = { .client = job->client };
	uint32_t place = 0, part = 0;
	struct eif *eif;

	if (job->paused)
		return;
	TAILQ_FOREACH (eif, &e->ifaces, entry) {
		if (place++ < job->next)
			continue;
		if (part == LIST_PART) {
			job->paused = 1;
			ipc_send(
			    &e->frontend, MSG_PAUSED, &more, sizeof(more), -1);
			return;
		}
		job->next = place;
		if (!eif->has_iface || !named(&job->req, eif))
			continue;
		part++;
		if (job->command == CTL_CMD_SHOW)
			show_iface(e, job->client, eif, now);
		else
			show_counters(e, job->client, eif);
	}
	if (job->command == CTL_CMD_SHOW && job->req.nnames == 0)
		show_rest(e, job->client);
	reply(e, job->client, IPC_OK, "");
	job->client = 0;
}

/* ---- wait ---- */

/* Y-03: an IPv4 address that can be bound, or a network that wants none. */
static int
ready4(const struct eif *eif, uint64_t now)
{
	struct dhcp4_status st;

	if (!eif->has_iface)
		return 0;
	if (eif->conf.dhcp4 == CONF_INFORM)
		return eif->static_addr.s_addr != INADDR_ANY;
	dhcp4_status(&eif->dhcp4, now, &st);
	if (st.state == D4_V6ONLY)
		return 1;
	return st.configured && (!st.link_local || eif->conf.link_local);
}

static void
wait_missing(struct engine *e, const struct job *job, uint64_t now, char *text,
    size_t size)
{
	const char *family = job->req.flags & CTL_INET6 ? "IPv6" : "IPv4";
	struct dhcp4_status st;
	struct eif *eif;
	size_t used = 0;
	uint32_t i;

	text[0] = '\0';
	for (i = 0; i < job->req.nnames && used < size; i++) {
		eif = find_name(e, job->req.names[i]);
		if (eif != NULL && ready4(eif, now) &&
		    !(job->req.flags & CTL_INET6))
			continue;
		if (eif == NULL) {
			used += (size_t)snprintf(text + used, size - used,
			    "%s%s: not managed", used ? ", " : "",
			    job->req.names[i]);
			continue;
		}
		dhcp4_status(&eif->dhcp4, now, &st);
		used += (size_t)snprintf(text + used, size - used,
		    "%s%s: no %s address (%s)", used ? ", " : "",
		    job->req.names[i], family, dhcp4_state_name(st.state));
	}
	if (job->req.nnames != 0)
		return;
	used = (size_t)snprintf(text, size, "no interface has an %s address",
	    job->req.flags & (CTL_INET | CTL_INET6) ? family : "IPv4 or IPv6");
	TAILQ_FOREACH (eif, &e->ifaces, entry) {
		if (used >= size || !eif->has_iface)
			break;
		dhcp4_status(&eif->dhcp4, now, &st);
		used += (size_t)snprintf(text + used, size - used, "; %s: %s",
		    eif->iface.name, dhcp4_state_name(st.state));
	}
}

static int
wait_satisfied(struct engine *e, const struct job *job, uint64_t now)
{
	struct eif *eif;
	uint32_t i;

	/* IPv6 is not configured by this version: never satisfied. */
	if (job->req.flags & CTL_INET6)
		return 0;
	for (i = 0; i < job->req.nnames; i++) {
		eif = find_name(e, job->req.names[i]);
		if (eif == NULL || !ready4(eif, now))
			return 0;
	}
	if (job->req.nnames != 0)
		return 1;
	TAILQ_FOREACH (eif, &e->ifaces, entry) {
		if (ready4(eif, now))
			return 1;
	}
	return 0;
}

static void
job_wait(struct engine *e, struct job *job, uint64_t now)
{
	char missing[IPC_TEXT_MAX];

	if (wait_satisfied(e, job, now)) {
		reply(e, job->client, IPC_OK, "");
	} else if (now >= job->deadline) {
		wait_missing(e, job, now, missing, sizeof(missing));
		reply(e, job->client, IPC_TIMEOUT, missing);
	} else {
		return;
	}
	job->client = 0;
}

/* ---- jobs ---- */

/* Many clients that ask at once must not fill the frontend's channel; the
 * next turn comes when it has drained. */
static int
room(struct engine *e)
{
	if (e->frontend.queued > IPC_QUEUE_SLOW)
		ipc_flush_peer(&e->frontend);
	return e->frontend.queued <= IPC_QUEUE_SLOW;
}

void
ctl_turn(struct engine *e, uint64_t now)
{
	size_t i;

	for (i = 0; i < IPC_CLIENTS_MAX; i++) {
		if (jobs[i].client == 0)
			continue;
		if (jobs[i].command == CTL_CMD_WAIT)
			job_wait(e, &jobs[i], now);
		else if (room(e))
			job_list(e, &jobs[i], now);
	}
}

uint64_t
ctl_deadline(void)
{
	uint64_t next = PROTO_NEVER;
	size_t i;

	for (i = 0; i < IPC_CLIENTS_MAX; i++)
		if (jobs[i].client != 0 && jobs[i].deadline < next)
			next = jobs[i].deadline;
	return next;
}

void
ctl_go_on(uint32_t client)
{
	size_t i;

	for (i = 0; i < IPC_CLIENTS_MAX; i++)
		if (jobs[i].client == client)
			jobs[i].paused = 0;
}

void
ctl_hangup(struct engine *e, uint32_t client)
{
	size_t i;

	(void)e;
	for (i = 0; i < IPC_CLIENTS_MAX; i++)
		if (jobs[i].client == client)
			jobs[i].client = 0;
}

static void
job_start(struct engine *e, const struct ipc_request *msg, uint64_t now)
{
	struct job *job = NULL;
	size_t i;

	for (i = 0; i < IPC_CLIENTS_MAX && job == NULL; i++)
		if (jobs[i].client == 0)
			job = &jobs[i];
	if (job == NULL) {
		reply(e, msg->client, IPC_BUSY, "too many clients");
		return;
	}
	memset(job, 0, sizeof(*job));
	job->client = msg->client;
	job->command = msg->req.command;
	job->req = msg->req;
	job->deadline = PROTO_NEVER;
	if (job->command == CTL_CMD_WAIT)
		job->deadline = now + msg->req.timeout_ms;
}

/* D4-29: a timer descriptor is one of a clock that counts sleep. */
static void
resume(struct eif *eif, uint64_t now)
{
	struct suspend_mark moment = engine_moment();
	uint32_t slept = 0;

	if (engine.timer_fd == -1)
		slept = suspend_slept(&eif->stored4, &moment);
	if (eif->stored4.wall_sec != 0)
		eif->stored4 = moment;
	dhcp4_resume(&eif->dhcp4, slept, now);
}

/* renew and release: the named interfaces, or for renew all. */
static void
apply_command(struct engine *e, const struct ipc_request *msg, uint64_t now)
{
	struct eif *eif;

	TAILQ_FOREACH (eif, &e->ifaces, entry) {
		if (!named(&msg->req, eif))
			continue;
		if (msg->req.command == CTL_CMD_RENEW)
			dhcp4_renew(&eif->dhcp4, now);
		else if (msg->req.command == CTL_CMD_RELEASE)
			dhcp4_release(&eif->dhcp4, now);
		else
			resume(eif, now);
	}
	reply(e, msg->client, IPC_OK, "");
}

static int
names_known(struct engine *e, const struct ipc_request *msg)
{
	char text[IPC_TEXT_MAX];
	uint32_t i;

	for (i = 0; i < msg->req.nnames; i++) {
		if (find_name(e, msg->req.names[i]) != NULL)
			continue;
		snprintf(text, sizeof(text), "%.15s is not managed",
		    msg->req.names[i]);
		reply(e, msg->client, IPC_NO_INTERFACE, text);
		return 0;
	}
	return 1;
}

/* What a forged request costs is availability, never more. */
static int
permitted(const struct engine *e, const struct ipc_request *msg)
{
	return msg->uid == 0 || e->global.control_write;
}

void
ctl_request(struct engine *e, const struct ipc_request *msg)
{
	uint64_t now = os_clock_ms();

	if (msg->req.nnames > CTL_WAIT_NAMES_MAX)
		fatalx("frontend: too many names in a request");
	switch (msg->req.command) {
	case CTL_CMD_SHOW:
	case CTL_CMD_COUNTERS:
		if (names_known(e, msg))
			job_start(e, msg, now);
		return;
	case CTL_CMD_WAIT:
		job_start(e, msg, now);
		return;
	}
	if (!permitted(e, msg)) {
		reply(e, msg->client, IPC_DENIED, "only root may do this");
		return;
	}
	switch (msg->req.command) {
	case CTL_CMD_RELEASE:
		if (msg->req.nnames == 0) {
			reply(e, msg->client, IPC_INVALID,
			    "release needs an interface");
			return;
		}
		/* FALLTHROUGH */
	case CTL_CMD_RENEW:
	case CTL_CMD_RESUME:
		if (names_known(e, msg))
			apply_command(e, msg, now);
		return;
	case CTL_CMD_STOP:
		reply(e, msg->client, IPC_OK, "");
		engine_stop(e, (msg->req.flags & CTL_WITHDRAW) != 0);
		return;
	default:
		reply(e, msg->client, IPC_INVALID, "unknown command");
	}
}

void
ctl_log_status(struct engine *e, uint64_t now)
{
	struct dhcp4_status st;
	char addr[INET_ADDRSTRLEN];
	struct eif *eif;

	TAILQ_FOREACH (eif, &e->ifaces, entry) {
		dhcp4_status(&eif->dhcp4, now, &st);
		if (st.has_lease && st.lease != NULL)
			log_info("%s: dhcp4: %s %s/%u, expires in %u s",
			    eif->iface.name, dhcp4_state_name(st.state),
			    inet_ntop(
				AF_INET, &st.lease->addr, addr, sizeof(addr)),
			    st.lease->prefixlen, st.expires_in);
		else
			log_info("%s: dhcp4: %s", eif->iface.name,
			    dhcp4_state_name(st.state));
	}
}

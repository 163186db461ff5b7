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

/* ---- listings ---- */

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
			engine_show(job->client, eif, now);
		else
			engine_show_counters(job->client, eif);
	}
	if (job->command == CTL_CMD_SHOW && job->req.nnames == 0)
		engine_show_rest(job->client);
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

/* What of the asked families (CTL_INET*) the interface has not. */
static uint32_t
lacks(const struct eif *eif, uint32_t families, uint64_t now)
{
	uint32_t has = 0;

	if (ready4(eif, now))
		has |= CTL_INET;
	if (eif->has_iface && engine_ready6(eif))
		has |= CTL_INET6;
	if (families != 0)
		return families & ~has;
	return has != 0 ? 0 : CTL_INET | CTL_INET6;
}

static const char *
family_name(uint32_t lacking, uint32_t asked)
{
	if (lacking == CTL_INET6)
		return "IPv6";
	if (lacking == CTL_INET)
		return "IPv4";
	return asked == 0 ? "IPv4 or IPv6" : "IPv4 and IPv6";
}

/* "eth0: no IPv4 address (SELECTING)"; the length, as snprintf's. */
static size_t
missing_of(const struct eif *eif, uint32_t lacking, uint32_t asked,
    uint64_t now, char *text, size_t size)
{
	struct dhcp4_status st;

	dhcp4_status(&eif->dhcp4, now, &st);
	return (size_t)snprintf(text, size, "%s: no %s address%s%s%s",
	    eif->iface.name, family_name(lacking, asked),
	    lacking & CTL_INET ? " (" : "",
	    lacking & CTL_INET ? dhcp4_state_name(st.state) : "",
	    lacking & CTL_INET ? ")" : "");
}

static void
wait_missing(struct engine *e, const struct job *job, uint64_t now, char *text,
    size_t size)
{
	uint32_t families = job->req.flags & (CTL_INET | CTL_INET6), lacking, i;
	struct eif *eif;
	size_t used = 0;

	text[0] = '\0';
	for (i = 0; i < job->req.nnames && used < size; i++) {
		eif = find_name(e, job->req.names[i]);
		lacking = eif == NULL ? 0 : lacks(eif, families, now);
		if (eif != NULL && lacking == 0)
			continue;
		if (used > 0)
			used +=
			    (size_t)snprintf(text + used, size - used, ", ");
		if (used >= size)
			break;
		used += eif == NULL ? (size_t)snprintf(text + used, size - used,
					  "%s: not managed", job->req.names[i])
				    : missing_of(eif, lacking, families, now,
					  text + used, size - used);
	}
	if (job->req.nnames != 0)
		return;
	used = (size_t)snprintf(text, size, "no interface has an %s address",
	    family_name(families, families));
	TAILQ_FOREACH (eif, &e->ifaces, entry) {
		if (used + 2 >= size || !eif->has_iface)
			break;
		lacking = lacks(eif, families, now);
		if (lacking == 0)
			continue;
		used += (size_t)snprintf(text + used, size - used, "; ");
		if (used < size)
			used += missing_of(eif, lacking, families, now,
			    text + used, size - used);
	}
}

/* Every named interface has all that is asked for; without a name, for each
 * family some interface has it. */
static int
wait_satisfied(struct engine *e, const struct job *job, uint64_t now)
{
	uint32_t families = job->req.flags & (CTL_INET | CTL_INET6);
	uint32_t missing, i;
	struct eif *eif;

	for (i = 0; i < job->req.nnames; i++) {
		eif = find_name(e, job->req.names[i]);
		if (eif == NULL || lacks(eif, families, now) != 0)
			return 0;
	}
	if (job->req.nnames != 0)
		return 1;
	missing = families;
	TAILQ_FOREACH (eif, &e->ifaces, entry) {
		if (families == 0 && lacks(eif, 0, now) == 0)
			return 1;
		missing &= lacks(eif, families, now);
	}
	return families != 0 && missing == 0;
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
resume(struct machine *m, uint64_t now)
{
	struct suspend_mark moment = engine_moment();
	uint32_t slept = 0;

	if (engine.timer_fd == -1)
		slept = suspend_slept(&m->stored, &moment);
	m->stored = moment;
	machine_calls[m->protocol].resume(m->eif, slept, now);
}

void
ctl_chores(struct eif *eif, uint64_t now)
{
	unsigned int p;

	FOREACH_PROTOCOL(p)
	{
		if (eif->chores & CHORE_RELEASE)
			machine_calls[p].release(eif, now);
		if (eif->chores & CHORE_RENEW)
			machine_calls[p].renew(eif, now);
		if (eif->chores & CHORE_RESUME)
			resume(&eif->machines[p], now);
	}
	/* Delegated prefixes end as their uplink's leases do now. */
	if (eif->chores & CHORE_RESUME)
		engine_prefixes_changed();
}

/* renew and release: the named interfaces, or for renew all. */
static void
apply_command(struct engine *e, const struct ipc_request *msg)
{
	uint32_t chore = msg->req.command == CTL_CMD_RENEW ? CHORE_RENEW
	    : msg->req.command == CTL_CMD_RELEASE	   ? CHORE_RELEASE
							   : CHORE_RESUME;
	struct eif *eif;

	TAILQ_FOREACH (eif, &e->ifaces, entry) {
		if (!named(&msg->req, eif))
			continue;
		/* The last word counts when there is no room for a while. */
		if (chore == CHORE_RELEASE)
			eif->chores &= ~(CHORE_RENEW | CHORE_RESUME);
		eif->chores |= chore;
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
		if (e->stopping)
			reply(e, msg->client, IPC_FAILED, "leased is stopping");
		else if (names_known(e, msg))
			apply_command(e, msg);
		return;
	case CTL_CMD_STOP:
		reply(e, msg->client, IPC_OK, "");
		engine_stop(e, (msg->req.flags & CTL_WITHDRAW) != 0);
		return;
	default:
		reply(e, msg->client, IPC_INVALID, "unknown command");
	}
}

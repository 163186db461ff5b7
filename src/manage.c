/* SPDX-License-Identifier: ISC */
/* Which interfaces are managed, and what the children are told of them. */

#include <sys/socket.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "duid.h"
#include "leasefile.h"
#include "log.h"
#include "parent6.h"
#include "proto/linklocal4.h"

#define RENAME_MS 100
#define HWADDR_LOCAL 0x02 /* IEEE 802c: locally administered */

static void prefixes_note(uint32_t, struct in_addr, uint8_t, int);

struct pif *
pif_find(uint32_t ifindex)
{
	struct pif *pif;

	TAILQ_FOREACH (pif, &parent.ifaces, entry) {
		if (pif->info.ifindex == ifindex)
			return pif;
	}
	return NULL;
}

/* A hostile engine must not fill the log. */
int
manage_may_log(void)
{
	static struct log_rate rate;
	unsigned int n;
	int may = log_allow(&rate, os_clock_ms() / 1000, &n);

	if (n > 0)
		log_warnx("%u lines about requests suppressed", n);
	return may;
}

void
manage_refused(
    struct pif *pif, uint32_t ifindex, enum refusal refusal, const char *what)
{
	struct ipc_refused msg = { .ifindex = ifindex, .refusal = refusal };

	TO_ENGINE_MSG(MSG_REFUSED, msg);
	if (!manage_may_log())
		return;
	log_warnx("%s: %s refused: %s",
	    pif != NULL ? pif->info.name : "unknown interface", what,
	    policy_refusal_text(refusal));
}

void
manage_wakeup(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
}

/* ---- which interface is managed ---- */

/* An interface's own name in a form that may be logged (Y-20). */
static void
escape(const char *name, char *out, size_t size)
{
	size_t used = 0;

	for (; *name != '\0' && used + 5 < size; name++) {
		if (*name > 0x20 && *name < 0x7f && *name != '\\')
			out[used++] = *name;
		else
			used += (size_t)snprintf(out + used, size - used,
			    "\\x%02x", (unsigned int)(uint8_t)*name);
	}
	out[used] = '\0';
}

static void
tell_skipped(struct pif *pif, enum skip_reason reason)
{
	struct ipc_skipped msg;

	if (pif->skip == reason)
		return;
	pif->skip = reason;
	memset(&msg, 0, sizeof(msg));
	msg.ifindex = pif->info.ifindex;
	msg.reason = reason;
	escape(pif->info.name, msg.name, sizeof(msg.name));
	TO_ENGINE_MSG(MSG_SKIPPED, msg);
	if (reason == SKIP_MEMBER)
		log_info("%s: not managed: member of a bridge or link "
			 "aggregation",
		    msg.name);
	else if (reason == SKIP_NAME)
		log_warnx("interface \"%s\" is not managed: its name has "
			  "bytes that are not allowed",
		    msg.name);
}

static const struct conf_iface *
wanted(struct pif *pif)
{
	const struct conf_iface *conf;

	if (pif->info.flags & IFACE_LOOPBACK)
		return NULL;
	if (policy_ifname(pif->info.name) != REFUSE_NOT) {
		tell_skipped(pif, SKIP_NAME);
		return NULL;
	}
	conf = conf_lookup(parent.conf, pif->info.name);
	if (conf != NULL && (pif->info.flags & IFACE_MEMBER)) {
		tell_skipped(pif, SKIP_MEMBER);
		return NULL;
	}
	tell_skipped(pif, SKIP_NOT);
	return conf;
}

/* Configured names that no interface bears: said once, and shown. */
static void
tell_absent(void)
{
	struct conf_block *block;
	struct ipc_skipped msg;
	struct pif *pif;

	TAILQ_FOREACH (block, &parent.conf->blocks, entry) {
		if (block->is_pattern)
			continue;
		memset(&msg, 0, sizeof(msg));
		msg.reason = SKIP_ABSENT;
		strlcpy(msg.name, block->iface.name, sizeof(msg.name));
		TAILQ_FOREACH (pif, &parent.ifaces, entry)
			if (strcmp(pif->info.name, block->iface.name) == 0)
				break;
		if (pif != NULL)
			continue;
		TO_ENGINE_MSG(MSG_SKIPPED, msg);
		log_info("%s: interface is not present; waiting for it",
		    block->iface.name);
	}
}

/* Interfaces that went while nobody looked: what outlives them is taken back,
 * and the journal forgets them. */
static void
forget_absent(void)
{
	struct journal_entry *e, *next;
	struct journal_record rec;

	/* _SAFE: it leaves the list. */
	TAILQ_FOREACH_SAFE (e, &parent.journal.live, entry, next) {
		rec = e->rec;
		if (rec.kind == JOURNAL_START || pif_find(rec.ifindex) != NULL)
			continue;
		apply_absent(&rec);
		apply6_absent(&rec);
		journal_remove(&parent.journal, &rec);
	}
}

static void
let_go(struct pif *pif, int gone)
{
	struct ipc_unmanage msg = { .ifindex = pif->info.ifindex,
		.gone = (uint32_t)gone };
	struct ipc_ifindex closing = { .ifindex = pif->info.ifindex };

	if (event_initialized(&pif->retry))
		event_del(&pif->retry);
	pif->socket_open = 0;
	pif->retry_sec = 0;
	if (pif->handed) {
		TO_FRONTEND_MSG(MSG_CLOSE_ALL, closing);
		TO_ENGINE_MSG(MSG_UNMANAGE, msg);
		log_info("%s: %s", pif->info.name,
		    gone ? "interface is gone" : "no longer managed");
	}
	pif->handed = 0;
	manage6_let_go(pif, gone);
	/* The addresses of one that is gone are so, too; DNS is not. */
	apply_withdraw(pif);
	pif->conf = NULL;
}

/* ---- what the engine is told ---- */

static void
tell_lease_file(const struct pif *pif, enum protocol protocol)
{
	struct ipc_lease_file msg;
	uint64_t wall = (uint64_t)time(NULL);
	ssize_t n;

	memset(&msg, 0, sizeof(msg));
	n = leasefile_read(parent.statedir, pif->info.name, protocol,
	    pif->info.network_id, pif->info.network_id_len, msg.data,
	    sizeof(msg.data));
	if (n == -1)
		log_warn("%s: lease file refused", pif->info.name);
	if (n <= 0)
		return;
	msg.ifindex = pif->info.ifindex;
	msg.protocol = protocol;
	msg.wall_high = (uint32_t)(wall >> 32);
	msg.wall_low = (uint32_t)wall;
	msg.len = (uint32_t)n;
	TO_ENGINE_MSG(MSG_LEASE_FILE, msg);
}

/* What the last run, or the last visit to this network, left behind. */
static void
tell_lease_files(const struct pif *pif)
{
	tell_lease_file(pif, PROTO_DHCP4);
	tell_lease_file(pif, PROTO_SLAAC);
	tell_lease_file(pif, PROTO_DHCP6);
}

static void
tell_interface(const struct pif *pif)
{
	struct ipc_interface msg = { .iface = pif->info };

	TO_ENGINE_MSG(MSG_INTERFACE, msg);
}

static void
tell_addr4(enum ipc_type type, uint32_t ifindex, struct in_addr addr,
    uint8_t prefixlen)
{
	struct ipc_addr4 msg = {
		.ifindex = ifindex, .addr = addr, .prefixlen = prefixlen
	};

	TO_ENGINE_MSG(type, msg);
}

static void
tell_manage(struct pif *pif)
{
	struct ipc_manage msg;

	memset(&msg, 0, sizeof(msg));
	msg.ifindex = pif->info.ifindex;
	msg.conf = *pif->conf;
	TO_ENGINE_MSG(MSG_MANAGE, msg);
}

/* Everything about a newly managed interface, in the order of ipc.h. */
static void
hand_out(struct pif *pif)
{
	struct ipc_ifindex start = { .ifindex = pif->info.ifindex };
	struct journal_record rec;
	const struct addr4 *a;
	uint16_t i;

	manage6_prepare(pif);
	if (!pif->seen && !(pif->info.flags & IFACE_UP)) {
		memset(&rec, 0, sizeof(rec));
		rec.kind = JOURNAL_LINK_UP;
		rec.ifindex = pif->info.ifindex;
		memcpy(rec.ifname, pif->info.name, sizeof(rec.ifname));
		journal_add(&parent.journal, &rec);
		if (os_link_up(pif->info.ifindex) != 0)
			log_warnx("%s: cannot be set up", pif->info.name);
	}
	pif->seen = 1;
	apply_adopt(pif);
	tell_manage(pif);
	tell_interface(pif);
	tell_lease_files(pif);
	for (i = 0; i < pif->held.naddrs; i++) {
		a = &pif->held.addrs[i];
		if (linklocal4_is(a->addr)) /* see is_own_linklocal() */
			prefixes_note(start.ifindex, a->addr, a->prefixlen, 0);
		tell_addr4(MSG_ADOPTED4, start.ifindex, a->addr, a->prefixlen);
	}
	if (pif->static4.prefixlen != 0)
		tell_addr4(MSG_STATIC4, pif->info.ifindex, pif->static4.addr,
		    pif->static4.prefixlen);
	manage6_hand_out(pif);
	pif->handed = 1;
	TO_ENGINE_MSG(MSG_START, start);
	if (!(pif->info.flags & IFACE_ETHERNET) && pif->conf->dhcp4 != CONF_NO)
		log_info("%s: no Ethernet addressing: DHCPv4 is off",
		    pif->info.name);
	socket_dhcp4(pif);
	manage6_start(pif);
}

static void
pif_review(struct pif *pif)
{
	const struct conf_iface *conf = wanted(pif);

	pif->todo = 0;
	if (conf == NULL) {
		if (pif->conf != NULL || pif->handed)
			let_go(pif, 0);
		else
			apply_abandon(pif);
		if (pif->v6 == NULL)
			manage6_abandon(pif);
		return;
	}
	pif->conf = conf;
	if (!pif->handed) {
		hand_out(pif);
		return;
	}
	tell_manage(pif);
	tell_interface(pif);
	socket_dhcp4(pif);
	apply_review(pif);
	manage6_review(pif);
}

static void
tell_hwaddrs(void)
{
	struct ipc_hwaddrs msg;
	struct pif *pif;

	parent.hwaddrs_changed = 0;
	memset(&msg, 0, sizeof(msg));
	TAILQ_FOREACH (pif, &parent.ifaces, entry) {
		if (pif->info.hwaddr_len != 6 || msg.n >= IPC_HWADDRS_MAX)
			continue;
		memcpy(msg.addr[msg.n++], pif->info.hwaddr, 6);
	}
	TO_ENGINE_MSG(MSG_HWADDRS, msg);
}

/* A new name is told before the kernel's settings of IPv6 bear it. */
static int
is_settling(const struct pif *pif)
{
	const struct timeval tv = { .tv_usec = RENAME_MS * 1000 };
	static struct event ev;

	if (pif->renamed_ms == 0 ||
	    os_clock_ms() - pif->renamed_ms >= RENAME_MS)
		return 0;
	if (!event_initialized(&ev) &&
	    evtimer_assign(&ev, parent.base, manage_wakeup, NULL) == -1)
		fatalx("timer");
	if (event_add(&ev, &tv) == -1)
		fatalx("timer");
	return 1;
}

void
manage_turn(void)
{
	struct pif *pif;
	uint32_t uid;
	int has_owner;

	/* Before leases that were adopted hold the port themselves.  Whoever
	 * else does is told of when there is somebody to tell. */
	if (parent.sink == -1 && parent.sink_retry_sec == 0)
		(void)manage_sink_open(&uid, &has_owner);
	if (parent.hwaddrs_changed)
		tell_hwaddrs();
	TAILQ_FOREACH (pif, &parent.ifaces, entry) {
		apply6_restore(pif);
		apply_restore(pif);
		if (!pif->todo || is_settling(pif))
			continue;
		/* A slow reader is waited for, not buried. */
		if (parent.peers[ROLE_ENGINE].queued > IPC_QUEUE_SLOW)
			ipc_flush_peer(&parent.peers[ROLE_ENGINE]);
		if (parent.peers[ROLE_ENGINE].queued > IPC_QUEUE_SLOW)
			return;
		pif_review(pif);
	}
	if (parent.sink == -1 && parent.sink_retry_sec == 0)
		manage_sink_retry();
}

int
manage_done(void)
{
	struct pif *pif;

	TAILQ_FOREACH (pif, &parent.ifaces, entry) {
		if (pif->todo)
			return 0;
	}
	return 1;
}

/* ---- what the kernel says ---- */

static void
on_interface(const struct interface *info)
{
	struct pif *pif = pif_find(info->ifindex);
	struct interface old;
	int mac_changed, name_changed, network_changed;

	if (pif == NULL) {
		if ((pif = calloc(1, sizeof(*pif))) == NULL)
			fatal("%s", info->name);
		pif->info = *info;
		pif->todo = 1;
		TAILQ_INSERT_TAIL(&parent.ifaces, pif, entry);
		parent.hwaddrs_changed = 1;
		return;
	}
	old = pif->info;
	if (memcmp(&old, info, sizeof(old)) == 0)
		return;
	mac_changed = old.hwaddr_len != info->hwaddr_len ||
	    memcmp(old.hwaddr, info->hwaddr, sizeof(old.hwaddr)) != 0;
	network_changed = old.network_id_len != info->network_id_len ||
	    memcmp(old.network_id, info->network_id, sizeof(old.network_id)) !=
		0;
	name_changed = strcmp(old.name, info->name) != 0;
	if (name_changed || network_changed)
		store_flush_of(pif);
	pif->info = *info;
	if (!(info->flags & IFACE_UP))
		pif->downed = 1;
	if (mac_changed)
		parent.hwaddrs_changed = 1;
	if (name_changed)
		pif->renamed_ms = os_clock_ms();
	if (mac_changed || !(info->flags & IFACE_UP))
		pif->socket_open = 0;
	/* Before the new network, so that its lease is at hand. */
	if (network_changed && pif->handed)
		tell_lease_files(pif);
	if (!pif->handed || is_settling(pif) ||
	    (old.flags ^ info->flags) & (IFACE_MEMBER | IFACE_ETHERNET)) {
		pif->todo = 1;
		return;
	}
	tell_interface(pif);
	socket_dhcp4(pif);
	manage6_review(pif);
}

static void
on_gone(uint32_t ifindex)
{
	struct pif *pif = pif_find(ifindex);

	if (pif == NULL)
		return;
	tell_skipped(pif, SKIP_NOT);
	let_go(pif, 1);
	journal_forget(&parent.journal, ifindex);
	TAILQ_REMOVE(&parent.ifaces, pif, entry);
	store_drop(pif);
	free(pif);
	parent.hwaddrs_changed = 1;
}

static int
is_held(const struct pif *pif, struct in_addr addr, uint8_t prefixlen)
{
	uint16_t i;

	for (i = 0; i < pif->held.naddrs; i++)
		if (pif->held.addrs[i].addr.s_addr == addr.s_addr &&
		    pif->held.addrs[i].prefixlen == prefixlen)
			return 1;
	return 0;
}

static void
prefixes_note(
    uint32_t ifindex, struct in_addr addr, uint8_t prefixlen, int present)
{
	struct prefix4 *p;
	size_t i;

	for (i = 0; i < parent.nprefixes; i++) {
		p = &parent.prefixes[i];
		if (p->ifindex == ifindex && p->addr.s_addr == addr.s_addr &&
		    p->prefixlen == prefixlen)
			break;
	}
	if (!present && i < parent.nprefixes)
		parent.prefixes[i] = parent.prefixes[--parent.nprefixes];
	if (!present || i < parent.nprefixes || i == PARENT_PREFIXES_MAX)
		return;
	parent.prefixes[parent.nprefixes++] = (struct prefix4){
		.ifindex = ifindex, .addr = addr, .prefixlen = prefixlen
	};
}

/*
 * 169.254/16 is on every link: our address in it makes the prefix no more this
 * interface's than another's, whose lease may have a route to 169.254.169.254.
 */
static int
is_own_linklocal(const struct pif *pif, struct in_addr addr, uint8_t prefixlen)
{
	return linklocal4_is(addr) && is_held(pif, addr, prefixlen);
}

/* Ours, though not held yet: to be adopted, or being removed.  An address
 * bears no mark on every system. */
int
manage_is_journalled(
    const struct pif *pif, struct in_addr addr, uint8_t prefixlen)
{
	struct journal_record rec;

	memset(&rec, 0, sizeof(rec));
	rec.kind = JOURNAL_ADDR4;
	rec.ifindex = pif->info.ifindex;
	memcpy(rec.ifname, pif->info.name, sizeof(rec.ifname));
	rec.addr = addr;
	rec.prefixlen = prefixlen;
	return journal_find(&parent.journal, &rec) != NULL &&
	    os_addr4_ours(pif->info.ifindex, addr, prefixlen);
}

void
manage_prefix_gone(uint32_t ifindex, struct in_addr addr, uint8_t prefixlen)
{
	prefixes_note(ifindex, addr, prefixlen, 0);
}

static void
on_addr4(uint32_t ifindex, struct in_addr addr, uint8_t prefixlen, int present)
{
	struct pif *pif = pif_find(ifindex);

	if (pif == NULL || !is_own_linklocal(pif, addr, prefixlen))
		prefixes_note(ifindex, addr, prefixlen, present);
	if (pif == NULL)
		return;
	/* Removed by somebody else: the engine asks for it again.  Not if it
	 * is our own removal that is reported late, after the address was
	 * configured again. */
	if (!present && !os_addr4_ours(ifindex, addr, prefixlen) &&
	    apply_addr_gone(pif, addr, prefixlen)) {
		if (pif->handed)
			tell_addr4(MSG_GONE4, ifindex, addr, prefixlen);
		return;
	}
	if (is_held(pif, addr, prefixlen))
		return;
	if (manage_is_journalled(pif, addr, prefixlen))
		return;
	if (present) {
		pif->static4.addr = addr;
		pif->static4.prefixlen = prefixlen;
	} else if (pif->static4.addr.s_addr == addr.s_addr) {
		memset(&pif->static4, 0, sizeof(pif->static4));
	} else {
		return;
	}
	if (pif->handed)
		tell_addr4(MSG_STATIC4, ifindex, pif->static4.addr,
		    pif->static4.prefixlen);
}

static void
on_ipv6_usable(uint32_t ifindex, int usable)
{
	struct ipc_kernel6 msg = { .ifindex = ifindex,
		.usable = (uint32_t)usable };
	struct pif *pif = pif_find(ifindex);

	if (pif != NULL && pif->handed)
		TO_ENGINE_MSG(MSG_KERNEL6, msg);
}

static void
on_route4_gone(uint32_t ifindex, struct in_addr dst, uint8_t prefixlen,
    struct in_addr gateway)
{
	struct pif *pif = pif_find(ifindex);

	if (pif != NULL)
		apply_route_gone(pif, dst, prefixlen, gateway);
}

static const struct os_events events = {
	.interface = on_interface,
	.interface_gone = on_gone,
	.addr4 = on_addr4,
	.ipv6_usable = on_ipv6_usable,
	.route4_gone = on_route4_gone,
	.addr6 = manage6_on_addr,
	.neighbor6 = manage6_on_neighbor,
	.route6_gone = manage6_on_route_gone,
};

static void
monitor_readable(evutil_socket_t fd, short what, void *arg)
{
	int error;

	(void)fd;
	(void)what;
	(void)arg;
	if ((error = os_monitor_read()) != 0)
		log_warnx("interface monitor: %s", strerror(error));
}

/* ---- configuration ---- */

/*
 * The Ethernet address for a DUID; NULL: there is none.  One that its maker
 * gave lasts longer than one that software chose.
 */
static const uint8_t *
lasting_hwaddr(void)
{
	const uint8_t *hwaddr, *chosen = NULL;
	struct pif *pif;

	TAILQ_FOREACH (pif, &parent.ifaces, entry) {
		hwaddr = pif->info.hwaddr;
		if (!(pif->info.flags & IFACE_ETHERNET) ||
		    pif->info.hwaddr_len != 6)
			continue;
		if (!(hwaddr[0] & HWADDR_LOCAL))
			return hwaddr;
		if (chosen == NULL)
			chosen = hwaddr;
	}
	return chosen;
}

static void
find_duid(struct conf_global *conf)
{
	const uint64_t wall = (uint64_t)time(NULL);
	int error;

	error = duid_load(parent.statedir, conf, lasting_hwaddr(), wall);
	if (error != 0)
		log_warnx("DUID cannot be kept: %s; it lasts until restart",
		    strerror(error));
	if (duid_is_substitute(conf))
		log_warnx("the configured DUID needs an Ethernet interface, "
			  "and there was none: a random UUID stays in use");
}

void
manage_tell_conf(void)
{
	struct ipc_global global = { .conf = parent.conf->global };

	find_duid(&global.conf);
	TO_FRONTEND_MSG(MSG_GLOBAL, global);
	TO_ENGINE_MSG(MSG_GLOBAL, global);
	manage_tell_resolv();
	tell_absent();
	forget_absent();
}

struct conf_errors {
	char *text;
	size_t size;
	int n;
};

static void
conf_error(void *arg, const char *line)
{
	struct conf_errors *errors = arg;

	log_warnx("%s", line);
	if (errors->n++ == 0)
		strlcpy(errors->text, line, errors->size);
}

int
manage_reload(char *text, size_t size)
{
	struct conf_errors errors = { .text = text, .size = size };
	struct conf *conf, *old = parent.conf;
	struct pif *pif;
	int i;

	conf = conf_read(parent.opts->conf_path, parent.opts->macros,
	    parent.opts->nmacros, conf_error, &errors);
	if (conf == NULL) {
		log_warnx("configuration not reloaded: %d error%s; the "
			  "running one stays",
		    errors.n, errors.n == 1 ? "" : "s");
		return -1;
	}
	for (i = 0; i < parent.opts->ninterfaces; i++)
		conf_add_interface(conf, parent.opts->interfaces[i]);
	conf->global.control_gid = old->global.control_gid;
	parent.conf = conf;
	manage_tell_conf();
	/* Blocks of the old configuration are still pointed to. */
	TAILQ_FOREACH (pif, &parent.ifaces, entry) {
		if (pif->conf != NULL)
			pif->conf = conf_lookup(conf, pif->info.name);
		pif->todo = 1;
	}
	conf_free(old);
	log_info("configuration reloaded");
	return 0;
}

void
manage_init(void)
{
	static struct event ev;
	int error;

	if ((error = os_init(&events, &parent.monitor)) != 0) {
		errno = error;
		fatal("interface monitor");
	}
	if ((error = os_dump()) != 0) {
		errno = error;
		fatal("interfaces cannot be read");
	}
	if (event_assign(&ev, parent.base, parent.monitor, EV_READ | EV_PERSIST,
		monitor_readable, NULL) == -1 ||
	    event_add(&ev, NULL) == -1)
		fatalx("interface monitor");
}

/* SPDX-License-Identifier: ISC */
/* Words for the numbers in messages; most come from the daemon's tables. */

#include <sys/types.h>
#include <errno.h>

#include "ctl.h"
#include "policy.h"
#include "proto/dhcp4.h"
#include "proto/dhcp6.h"
#include "proto/pd.h"

#define COUNT_OF(a) (sizeof(a) / sizeof((a)[0]))
#define LOOKUP(table, i) lookup(table, COUNT_OF(table), i)

static const char *lookup(const char *const *, size_t, uint32_t);

#define STATE(s, n) [D4_##s] = n,
static const char *const states4[] = { DHCP4_STATES(STATE) };
#define STATE6(s, n) [D6_##s] = n,
static const char *const states6[] = { DHCP6_STATES(STATE6) };
#define IA_STATE(s, n) [IA_##s] = n,
static const char *const ia_states[] = { DHCP6_IA_STATES(IA_STATE) };
#define STATUS6(s, n) [DHCP6_##s] = n,
static const char *const statuses6[] = { DHCP6_STATUSES(STATUS6) };
#define PREFIX_ERROR(s, n) [PD_E_##s] = n,
static const char *const prefix_errors[] = { PD_ERRORS(PREFIX_ERROR) };
#define EVENT(s, n) [EVENT_##s] = n,
static const char *const events[] = { PROTO_EVENTS(EVENT) };
#define REFUSAL(s, t) [REFUSE_##s] = t,
static const char *const refusals[] = { REFUSALS(REFUSAL) };
#define SKIP(s, t) [SKIP_##s] = t,
static const char *const skips[] = { SKIP_REASONS(SKIP) };
#define COUNTER(s, n, h) [COUNT_##s] = n,
static const char *const counters[] = { COUNTERS(COUNTER) };
#define HELP(s, n, h) [COUNT_##s] = h,
static const char *const helps[] = { COUNTERS(HELP) };

/* Part of the JSON schema: never change one. */
static const char *const skip_words[SKIP_MAX] = {
	[SKIP_ABSENT] = "absent",
	[SKIP_MEMBER] = "member",
	[SKIP_NAME] = "name",
};
static const char *const modes[] = {
	[CONF_NO] = "no",
	[CONF_YES] = "yes",
	[CONF_AUTO] = "auto",
	[CONF_INFORM] = "inform",
};
static const char *const protocols[PROTO_MAX] = {
	[PROTO_NONE] = "none",
	[PROTO_DHCP4] = "dhcp4",
	[PROTO_SLAAC] = "slaac",
	[PROTO_DHCP6] = "dhcp6",
	[PROTO_PD] = "prefix",
};
static const char *const channels[CHANNEL_MAX] = {
	[CHANNEL_DHCP4] = "dhcp4",
	[CHANNEL_ARP] = "arp",
	[CHANNEL_UDP4] = "udp4",
	[CHANNEL_ND] = "nd",
	[CHANNEL_RS] = "rs",
	[CHANNEL_DHCP6] = "dhcp6",
	[CHANNEL_DHCP6_SEND] = "dhcp6-send",
};
static const char *const roles[ROLE_MAX] = {
	[ROLE_PARENT] = "parent",
	[ROLE_FRONTEND] = "frontend",
	[ROLE_ENGINE] = "engine",
	[ROLE_HELPER] = "helper",
};
static const char *const codes[] = {
	[IPC_OK] = "ok",
	[IPC_TIMEOUT] = "timeout",
	[IPC_DENIED] = "denied",
	[IPC_NO_INTERFACE] = "no-interface",
	[IPC_INVALID] = "invalid",
	[IPC_BUSY] = "busy",
	[IPC_FAILED] = "failed",
};

/* What opening and using a socket can end with. */
static const struct {
	int number;
	const char *name;
} errors[] = {
	{ EACCES, "EACCES" },
	{ EADDRINUSE, "EADDRINUSE" },
	{ EADDRNOTAVAIL, "EADDRNOTAVAIL" },
	{ EAFNOSUPPORT, "EAFNOSUPPORT" },
	{ EAGAIN, "EAGAIN" },
	{ EBADF, "EBADF" },
	{ EBUSY, "EBUSY" },
	{ EEXIST, "EEXIST" },
	{ EHOSTUNREACH, "EHOSTUNREACH" },
	{ EINVAL, "EINVAL" },
	{ EIO, "EIO" },
	{ EMFILE, "EMFILE" },
	{ EMSGSIZE, "EMSGSIZE" },
	{ ENETDOWN, "ENETDOWN" },
	{ ENETUNREACH, "ENETUNREACH" },
	{ ENFILE, "ENFILE" },
	{ ENOBUFS, "ENOBUFS" },
	{ ENODEV, "ENODEV" },
	{ ENOENT, "ENOENT" },
	{ ENOMEM, "ENOMEM" },
	{ ENOSPC, "ENOSPC" },
	{ ENOTCONN, "ENOTCONN" },
	{ ENXIO, "ENXIO" },
	{ EOPNOTSUPP, "EOPNOTSUPP" },
	{ EPERM, "EPERM" },
	{ EPIPE, "EPIPE" },
	{ EPROTONOSUPPORT, "EPROTONOSUPPORT" },
};

/* Linux capabilities by bit, capabilities(7).  Elsewhere none is ever set. */
static const char *const capabilities[] = { "CHOWN", "DAC_OVERRIDE",
	"DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID",
	"SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST",
	"NET_ADMIN", "NET_RAW", "IPC_LOCK", "IPC_OWNER", "SYS_MODULE",
	"SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN",
	"SYS_BOOT", "SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG",
	"MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL", "SETFCAP",
	"MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND",
	"AUDIT_READ", "PERFMON", "BPF", "CHECKPOINT_RESTORE" };

static const char *
lookup(const char *const *table, size_t n, uint32_t i)
{
	return i < n && table[i] != NULL ? table[i] : "unknown";
}

const char *
name_state4(uint32_t i)
{
	return LOOKUP(states4, i);
}

const char *
name_state6(uint32_t i)
{
	return LOOKUP(states6, i);
}

const char *
name_ia_state(uint32_t i)
{
	return LOOKUP(ia_states, i);
}

const char *
name_status6(uint32_t i)
{
	return LOOKUP(statuses6, i);
}

const char *
name_prefix_error(uint32_t i)
{
	return LOOKUP(prefix_errors, i);
}

const char *
name_mode(uint32_t i)
{
	return LOOKUP(modes, i);
}

const char *
name_event(uint32_t i)
{
	return LOOKUP(events, i);
}

const char *
name_protocol(uint32_t i)
{
	return LOOKUP(protocols, i);
}

const char *
name_origin(uint32_t i)
{
	return i == PROTO_NONE ? "link-local" : name_protocol(i);
}

const char *
name_channel(uint32_t i)
{
	return LOOKUP(channels, i);
}

const char *
name_role(uint32_t i)
{
	return LOOKUP(roles, i);
}

const char *
name_refusal(uint32_t i)
{
	return LOOKUP(refusals, i);
}

const char *
name_skip(uint32_t i)
{
	return LOOKUP(skip_words, i);
}

const char *
name_skip_text(uint32_t i)
{
	return LOOKUP(skips, i);
}

const char *
name_code(uint32_t i)
{
	return LOOKUP(codes, i);
}

const char *
name_counter(uint32_t i)
{
	return LOOKUP(counters, i);
}

const char *
name_counter_help(uint32_t i)
{
	return LOOKUP(helps, i);
}

const char *
name_errno(uint32_t error)
{
	size_t i;

	for (i = 0; i < COUNT_OF(errors); i++)
		if ((uint32_t)errors[i].number == error)
			return errors[i].name;
	return "error";
}

const char *
name_capability(unsigned int bit)
{
	return bit < COUNT_OF(capabilities) ? capabilities[bit] : NULL;
}

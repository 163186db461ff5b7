/* SPDX-License-Identifier: ISC */
/*
 * IPv6 addresses: the table of all that there are, and our changes.
 *
 * What of Linux this depends on: an address is known by interface and address
 * alone, its prefix length cannot be changed; the end of duplicate address
 * detection comes as RTM_NEWADDR, but for an address with a lifetime that
 * fails it as RTM_DELADDR with IFA_F_DADFAILED; IFA_F_OPTIMISTIC is ignored
 * where net.ipv6.conf.*.optimistic_dad is 0; user space cannot set
 * IFA_F_TEMPORARY.
 */

#include <sys/utsname.h>
#include <linux/if_addr.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "netlink.h"

#ifndef IFA_PROTO
#define IFA_PROTO 11 /* linux/if_addr.h, Linux 5.18 */
#endif
#define ATTR_MAX 11
#define ADDRS_MAX 65536

const int os_addr6_has_events = 1;

struct entry6 {
	TAILQ_ENTRY(entry6) entry;
	struct state6 state;
	int seen;
	int reported;
	int ours;
};

/* One message. */
struct said6 {
	struct state6 state;
	uint32_t flags; /* IFA_F_* */
	uint8_t proto;
};

static TAILQ_HEAD(, entry6) addrs = TAILQ_HEAD_INITIALIZER(addrs);
static unsigned int naddrs;
/* Asked once, at os_init(): the sandbox has no uname(2). */
static int kernel_has_proto = 1;

static int lookup(uint32_t, const struct in6_addr *, struct said6 *);

void
addr6_init(void)
{
	unsigned int major, minor;
	struct utsname un;

	if (uname(&un) != -1 &&
	    sscanf(un.release, "%u.%u", &major, &minor) == 2)
		kernel_has_proto = major > 5 || (major == 5 && minor >= 18);
}

static uint32_t
state_flags(uint32_t ifa_flags)
{
	static const struct {
		uint32_t ifa, state;
	} table[] = { { IFA_F_TENTATIVE, STATE6_TENTATIVE },
		{ IFA_F_OPTIMISTIC, STATE6_OPTIMISTIC },
		{ IFA_F_DADFAILED, STATE6_DUPLICATED },
		{ IFA_F_DEPRECATED, STATE6_DEPRECATED } };
	uint32_t flags = STATE6_PRESENT;
	size_t i;

	for (i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (ifa_flags & table[i].ifa)
			flags |= table[i].state;
	return flags;
}

/* 0 when it is no IPv6 address. */
static int
parse(const struct nlmsghdr *nlh, struct said6 *said)
{
	const struct ifaddrmsg *ifa = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *tb[ATTR_MAX + 1], *addr;
	const struct ifa_cacheinfo *life;

	if (mnl_nlmsg_get_payload_len(nlh) < sizeof(*ifa) ||
	    ifa->ifa_family != AF_INET6)
		return 0;
	netlink_attrs(nlh, sizeof(*ifa), tb, ATTR_MAX);
	/* IFA_ADDRESS is the peer's where there is one. */
	addr = tb[IFA_LOCAL] != NULL ? tb[IFA_LOCAL] : tb[IFA_ADDRESS];
	if (addr == NULL ||
	    mnl_attr_get_payload_len(addr) < sizeof(said->state.addr))
		return 0;
	memset(said, 0, sizeof(*said));
	said->flags = netlink_u32(tb[IFA_FLAGS], ifa->ifa_flags);
	said->state.ifindex = ifa->ifa_index;
	said->state.addr = netlink_in6(addr);
	said->state.prefixlen = ifa->ifa_prefixlen;
	said->state.flags = state_flags(said->flags);
	said->state.valid_sec = said->state.preferred_sec = LIFETIME_INFINITE;
	if (tb[IFA_CACHEINFO] != NULL &&
	    mnl_attr_get_payload_len(tb[IFA_CACHEINFO]) >= sizeof(*life)) {
		life = mnl_attr_get_payload(tb[IFA_CACHEINFO]);
		said->state.valid_sec = life->ifa_valid;
		said->state.preferred_sec = life->ifa_prefered;
	}
	if (tb[IFA_PROTO] != NULL &&
	    mnl_attr_get_payload_len(tb[IFA_PROTO]) >= 1)
		said->proto = mnl_attr_get_u8(tb[IFA_PROTO]);
	return 1;
}

static struct entry6 *
find(uint32_t ifindex, const struct in6_addr *addr)
{
	struct entry6 *e;

	TAILQ_FOREACH (e, &addrs, entry) {
		if (e->state.ifindex == ifindex &&
		    IN6_ARE_ADDR_EQUAL(&e->state.addr, addr))
			return e;
	}
	return NULL;
}

/* Into the table; what differs, but for lifetimes, is to be reported. */
static struct entry6 *
learn(const struct said6 *said)
{
	struct entry6 *e = find(said->state.ifindex, &said->state.addr);

	if (e == NULL) {
		if (naddrs >= ADDRS_MAX)
			return NULL;
		if ((e = calloc(1, sizeof(*e))) == NULL)
			fatal("addresses");
		TAILQ_INSERT_TAIL(&addrs, e, entry);
		naddrs++;
	}
	if (e->state.flags != said->state.flags ||
	    e->state.prefixlen != said->state.prefixlen)
		e->reported = 0;
	e->state = said->state;
	e->ours = e->ours || said->proto == LEASED_RTPROT;
	e->seen = 1;
	return e;
}

static void
report_new(struct entry6 *e, const struct os_events *events)
{
	struct state6 state = e->state;

	if (e->reported)
		return; /* only its lifetimes changed */
	e->reported = 1;
	if (events->addr6 != NULL)
		events->addr6(&state);
}

/* flags: what RTM_DELADDR said, to tell a duplicate. */
static void
gone(struct entry6 *e, uint32_t flags, const struct os_events *events)
{
	struct state6 state = e->state;

	TAILQ_REMOVE(&addrs, e, entry);
	naddrs--;
	free(e);
	state.flags = flags & IFA_F_DADFAILED ? STATE6_DUPLICATED : 0;
	state.valid_sec = state.preferred_sec = 0;
	if (events->addr6 != NULL)
		events->addr6(&state);
}

void
addr6_message(const struct nlmsghdr *nlh, const struct os_events *events)
{
	struct said6 said;
	struct entry6 *e;

	if (!parse(nlh, &said))
		return;
	if (nlh->nlmsg_type == RTM_NEWADDR) {
		if ((e = learn(&said)) != NULL)
			report_new(e, events);
	} else if ((e = find(said.state.ifindex, &said.state.addr)) != NULL) {
		gone(e, said.flags, events);
	}
}

void
addr6_forget(uint32_t ifindex, const struct os_events *events)
{
	struct entry6 *e, *next;

	/* _SAFE: gone() removes it. */
	TAILQ_FOREACH_SAFE (e, &addrs, entry, next) {
		if (e->state.ifindex == ifindex)
			gone(e, 0, events);
	}
}

static const struct netlink_dump all = { .type = RTM_GETADDR,
	.family = AF_INET6 };

static void
dump_first(void *arg)
{
	struct entry6 *e;

	(void)arg;
	TAILQ_FOREACH (e, &addrs, entry)
		e->seen = 0;
}

static void
dump_one(const struct nlmsghdr *nlh, void *arg)
{
	struct said6 said;

	(void)arg;
	if (nlh->nlmsg_type == RTM_NEWADDR && parse(nlh, &said))
		learn(&said);
}

int
addr6_dump(const struct os_events *events)
{
	struct entry6 *e, *next;
	int error;

	error = netlink_dump(&all, dump_first, dump_one, NULL);
	/* A host without IPv6 has no such family. */
	if (error == EAFNOSUPPORT || error == EOPNOTSUPP)
		return 0;
	if (error != 0)
		return error;
	/* _SAFE: gone() removes it. */
	TAILQ_FOREACH_SAFE (e, &addrs, entry, next) {
		if (e->seen)
			report_new(e, events);
		else
			gone(e, 0, events);
	}
	return 0;
}

/* ---- changes ---- */

static struct nlmsghdr *
addr6_request(int type, int flags, uint32_t ifindex,
    const struct in6_addr *addr, uint8_t prefixlen)
{
	struct nlmsghdr *nlh = netlink_request(type, flags | NLM_F_ACK);
	struct ifaddrmsg *ifa = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifa));

	ifa->ifa_family = AF_INET6;
	ifa->ifa_prefixlen = prefixlen;
	ifa->ifa_index = ifindex;
	mnl_attr_put(nlh, IFA_LOCAL, sizeof(*addr), addr);
	return nlh;
}

/*
 * NLM_F_REPLACE on an address that is there sets its lifetimes and flags.
 * Temporary: the kernel would not prefer it, as it takes IFA_F_TEMPORARY from
 * itself alone (RFC 6724 5, rule 7).  IFA_F_HOMEADDRESS puts it before others
 * by rule 4, in a kernel with CONFIG_IPV6_MIP6.
 */
static int
addr6_put(
    uint32_t ifindex, const struct addr6 *a, uint8_t prefixlen, uint32_t more)
{
	uint32_t flags = IFA_F_OPTIMISTIC | more;
	struct ifa_cacheinfo life;
	struct nlmsghdr *nlh;

	if (a->flags & ADDR6_TEMPORARY)
		flags |= IFA_F_HOMEADDRESS;
	nlh = addr6_request(RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, ifindex,
	    &a->addr, prefixlen);
	memset(&life, 0, sizeof(life));
	life.ifa_prefered = a->preferred_sec;
	life.ifa_valid = a->valid_sec;
	mnl_attr_put(nlh, IFA_CACHEINFO, sizeof(life), &life);
	mnl_attr_put_u32(nlh, IFA_FLAGS, flags);
	mnl_attr_put_u8(nlh, IFA_PROTO, LEASED_RTPROT);
	return netlink_call(&netlink_change, nlh, NULL, NULL);
}

/* Is it the administrator's (Y-26)?  The kernel's own from router
 * advertisements has a lifetime, and becomes ours. */
static int
is_static(const struct said6 *said)
{
	const struct entry6 *e = find(said->state.ifindex, &said->state.addr);

	if (!(said->flags & IFA_F_PERMANENT))
		return 0;
	return said->proto != LEASED_RTPROT && (e == NULL || !e->ours);
}

/*
 * 0 also for one whose duplicate address detection goes on: it keeps the
 * lifetimes it has.  EADDRINUSE: duplicated.  EEXIST: the administrator's.
 */
int
os_addr6_add(uint32_t ifindex, const struct addr6 *a)
{
	uint8_t prefixlen = a->prefixlen;
	struct said6 said;
	struct entry6 *e;
	int error = lookup(ifindex, &a->addr, &said);

	if (error == 0) {
		if (is_static(&said))
			return EEXIST;
		if (said.state.flags & STATE6_DUPLICATED)
			return EADDRINUSE;
		if (said.state.flags & STATE6_TENTATIVE)
			return 0;
		prefixlen = (uint8_t)said.state.prefixlen;
	} else if (error != ESRCH) {
		return error;
	}
	error = addr6_put(ifindex, a, prefixlen, IFA_F_NOPREFIXROUTE);
	/* The event is still to come; until then remember whose it is. */
	memset(&said, 0, sizeof(said));
	said.state.ifindex = ifindex;
	said.state.addr = a->addr;
	said.proto = LEASED_RTPROT;
	if (error == 0 && (e = find(ifindex, &a->addr)) == NULL)
		(void)learn(&said);
	else if (error == 0)
		e->ours = 1;
	return error;
}

/* Gone already is 0. */
int
os_addr6_remove(uint32_t ifindex, const struct addr6 *a)
{
	struct said6 said;
	int error = lookup(ifindex, &a->addr, &said);

	if (error == ESRCH || error == ENODEV)
		return 0;
	if (error != 0)
		return error;
	error = netlink_call(&netlink_change,
	    addr6_request(RTM_DELADDR, 0, ifindex, &a->addr,
		(uint8_t)said.state.prefixlen),
	    NULL, NULL);
	if (error == EADDRNOTAVAIL || error == ENODEV)
		return 0;
	return error;
}

struct wanted {
	uint32_t ifindex;
	const struct in6_addr *addr;
	struct said6 said;
	int found;
};

static void
wanted_one(const struct nlmsghdr *nlh, void *arg)
{
	struct wanted *w = arg;
	struct said6 said;

	if (nlh->nlmsg_type != RTM_NEWADDR || !parse(nlh, &said) ||
	    said.state.ifindex != w->ifindex ||
	    !IN6_ARE_ADDR_EQUAL(&said.state.addr, w->addr))
		return;
	w->said = said;
	w->found = 1;
}

/* ESRCH: not there. */
static int
lookup(uint32_t ifindex, const struct in6_addr *addr, struct said6 *said)
{
	struct wanted w = { .ifindex = ifindex, .addr = addr };
	int error;

	error = netlink_call(&netlink_change,
	    addr6_request(RTM_GETADDR, 0, ifindex, addr, 0), wanted_one, &w);
	if (error == EADDRNOTAVAIL || (error == 0 && !w.found))
		return ESRCH;
	if (error == 0)
		*said = w.said;
	return error;
}

int
os_addr6_state(
    uint32_t ifindex, const struct in6_addr *addr, struct state6 *state)
{
	struct said6 said;
	int error = lookup(ifindex, addr, &said);

	if (error == 0)
		*state = said.state;
	return error;
}

int
os_addr6_ours(uint32_t ifindex, const struct in6_addr *addr)
{
	struct said6 said;
	struct entry6 *e;

	if (lookup(ifindex, addr, &said) != 0)
		return 0;
	if (kernel_has_proto && said.proto != LEASED_RTPROT)
		return 0;
	if ((e = learn(&said)) != NULL)
		e->ours = 1;
	return 1;
}

/* ---- what the kernel made itself ---- */

#define KERNEL_MAX 64

struct kernels {
	uint32_t ifindex;
	struct said6 said[KERNEL_MAX];
	size_t n;
};

static void
kernels_first(void *arg)
{
	struct kernels *k = arg;

	k->n = 0;
}

/* Addresses it made of a prefix, which it would make temporary ones of, and
 * those. */
static void
kernels_one(const struct nlmsghdr *nlh, void *arg)
{
	struct kernels *k = arg;
	struct said6 said;

	if (nlh->nlmsg_type != RTM_NEWADDR || !parse(nlh, &said) ||
	    said.state.ifindex != k->ifindex || k->n == KERNEL_MAX ||
	    said.proto == LEASED_RTPROT || (said.flags & IFA_F_PERMANENT) ||
	    !(said.flags & (IFA_F_MANAGETEMPADDR | IFA_F_TEMPORARY)))
		return;
	k->said[k->n++] = said;
}

int
addr6_deprecate(uint32_t ifindex)
{
	struct kernels k = { .ifindex = ifindex };
	struct ifa_cacheinfo life;
	struct nlmsghdr *nlh;
	const struct state6 *s;
	int e, error;
	size_t i;

	error = netlink_dump(&all, kernels_first, kernels_one, &k);
	for (i = 0; i < k.n; i++) {
		s = &k.said[i].state;
		nlh = addr6_request(RTM_NEWADDR, NLM_F_REPLACE, ifindex,
		    &s->addr, (uint8_t)s->prefixlen);
		memset(&life, 0, sizeof(life));
		life.ifa_valid = s->valid_sec;
		mnl_attr_put(nlh, IFA_CACHEINFO, sizeof(life), &life);
		/* By this flag it is known the next time, too. */
		mnl_attr_put_u32(
		    nlh, IFA_FLAGS, k.said[i].flags & IFA_F_MANAGETEMPADDR);
		e = netlink_call(&netlink_change, nlh, NULL, NULL);
		if (error == 0 && e != EADDRNOTAVAIL && e != ENOENT)
			error = e;
	}
	return error;
}

/* ---- link-local (Y-23) ---- */

/* RFC 4291 appendix A, or random where there is no hardware address. */
static void
interface_id(const struct interface *iface, uint8_t id[8])
{
	static const uint8_t middle[2] = { 0xff, 0xfe };

	if (!(iface->flags & IFACE_ETHERNET) || iface->hwaddr_len != 6) {
		arc4random_buf(id, 8);
		id[0] &= 0xfd; /* not universal */
		return;
	}
	memcpy(id, iface->hwaddr, 3);
	memcpy(id + 3, middle, sizeof(middle));
	memcpy(id + 5, iface->hwaddr + 3, 3);
	id[0] ^= 0x02;
}

/*
 * The kernel makes one itself, if not now then when the carrier comes, but
 * for addr_gen_mode none (wg(8), or who manages the network asked for it).
 */
int
os_link_local6(const struct interface *iface)
{
	struct addr6 a = { .valid_sec = LIFETIME_INFINITE,
		.preferred_sec = LIFETIME_INFINITE };
	int mode, error;

	if ((error = knob_read(iface, "ipv6/conf", "addr_gen_mode", &mode)) !=
	    0)
		return error;
	if (mode != IN6_ADDR_GEN_MODE_NONE)
		return 0;
	a.addr.s6_addr[0] = 0xfe;
	a.addr.s6_addr[1] = 0x80;
	interface_id(iface, a.addr.s6_addr + 8);
	/* Its prefix route is the kernel's, like that of its own. */
	return addr6_put(iface->ifindex, &a, 64, 0);
}

/* SPDX-License-Identifier: ISC */
/*
 * Requests on routing sockets (route(4), net/rtsock.c).  Each has a socket of
 * its own: it takes the interface's FIB, and what else arrives on it in the
 * meantime is thrown away with it.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <net/if_dl.h>
#include <net/route.h>
#include <netinet/in.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "../sockets.h"
#include "freebsd.h"

#define REPLIES_MAX 256 /* messages looked at for an answer */
#define REPLY_SEC 1

/* header and the sockaddrs, each rounded up to a long */
union message {
	struct rt_msghdr hdr;
	uint8_t bytes[sizeof(struct rt_msghdr) + RTAX_MAX * 64];
};

static int seq;

static size_t
rounded(size_t len)
{
	return len == 0 ? sizeof(long)
			: (len + sizeof(long) - 1) & ~(sizeof(long) - 1);
}

static void
put(union message *m, int rta, const void *sa, size_t len)
{
	memcpy(m->bytes + m->hdr.rtm_msglen, sa, len);
	m->hdr.rtm_msglen = (u_short)(m->hdr.rtm_msglen + rounded(len));
	m->hdr.rtm_addrs |= rta;
}

/* An IPv6 link-local address needs its zone in sin6_scope_id, and only there
 * (net/rtsock.c:rt_xaddrs). */
static void
put_addr(union message *m, int rta, uint8_t family, const uint8_t *addr,
    uint32_t ifindex)
{
	struct in_addr addr4;
	struct in6_addr addr6;
	struct sockaddr_in6 sin6;
	struct sockaddr_in sin;

	if (family == AF_INET) {
		memcpy(&addr4, addr, sizeof(addr4));
		sin = sockaddr4(addr4, 0);
		put(m, rta, &sin, sizeof(sin));
		return;
	}
	memcpy(&addr6, addr, sizeof(addr6));
	sin6 = sockaddr6(&addr6, ifindex);
	put(m, rta, &sin6, sizeof(sin6));
}

static void
put_link(union message *m, int rta, uint32_t ifindex)
{
	struct sockaddr_dl sdl;

	memset(&sdl, 0, sizeof(sdl));
	sdl.sdl_len = sizeof(sdl);
	sdl.sdl_family = AF_LINK;
	sdl.sdl_index = (u_short)ifindex;
	put(m, rta, &sdl, sizeof(sdl));
}

static void
put_mask(union message *m, uint8_t family, uint8_t prefixlen)
{
	uint8_t mask[16];
	unsigned int i;

	memset(mask, 0, sizeof(mask));
	for (i = 0; i < prefixlen && i < 128; i++)
		mask[i / 8] |= (uint8_t)(0x80 >> i % 8);
	put_addr(m, RTA_NETMASK, family, mask, 0);
}

static int
is_zero(const uint8_t *addr)
{
	static const uint8_t zero[16];

	return memcmp(addr, zero, sizeof(zero)) == 0;
}

static unsigned int
bits(uint8_t family)
{
	return family == AF_INET ? 32 : 128;
}

static void
put_gateway(union message *m, const struct route_want *want)
{
	static const uint8_t loopback[16] = { [15] = 1 };
	uint8_t family = want->key.family;

	if (want->reject) {
		m->hdr.rtm_flags |= RTF_REJECT;
		put_addr(m, RTA_GATEWAY, family, loopback, 0);
	} else if (!is_zero(want->gateway)) {
		m->hdr.rtm_flags |= RTF_GATEWAY;
		put_addr(m, RTA_GATEWAY, family, want->gateway, want->ifindex);
	} else {
		put_link(m, RTA_GATEWAY, want->ifindex);
	}
}

/* Destination, gateway (but ANY_GATEWAY) and mask: what names one path. */
#define ANY_GATEWAY 1
static void
build(union message *m, int type, const struct route_want *want, int any)
{
	uint8_t family = want->key.family;
	int host = want->key.prefixlen == bits(family);

	memset(m, 0, sizeof(*m));
	m->hdr.rtm_msglen = sizeof(m->hdr);
	m->hdr.rtm_version = RTM_VERSION;
	m->hdr.rtm_type = (u_char)type;
	m->hdr.rtm_pid = getpid();
	m->hdr.rtm_seq = ++seq;
	/* RTF_PROTO1: ours (RTF_FMASK of net/route.h keeps it). */
	m->hdr.rtm_flags = RTF_UP | RTF_STATIC | RTF_PROTO1;
	if (host)
		m->hdr.rtm_flags |= RTF_HOST;
	put_addr(m, RTA_DST, family, want->key.dst, want->ifindex);
	if (!any)
		put_gateway(m, want);
	/* With a mask RTM_GET looks for exactly this prefix. */
	if (!host || type == RTM_GET)
		put_mask(m, family, want->key.prefixlen);
}

static int
rt_open(uint32_t fib, int loopback, int *s)
{
	const struct timeval limit = { .tv_sec = REPLY_SEC };
	int error, number = (int)fib;

	*s = socket(PF_ROUTE, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (*s == -1)
		return errno;
	if (setsockopt(*s, SOL_SOCKET, SO_SETFIB, &number, sizeof(number)) ==
		-1 ||
	    setsockopt(*s, SOL_SOCKET, SO_USELOOPBACK, &loopback,
		sizeof(loopback)) == -1 ||
	    setsockopt(*s, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) ==
		-1) {
		error = errno;
		close(*s);
		return error;
	}
	return 0;
}

static int
rt_request(int type, const struct route_want *want)
{
	union message m;
	int error, s;

	if ((error = rt_open(want->key.fib, 0, &s)) != 0)
		return error;
	build(&m, type, want, 0);
	if (type != RTM_DELETE) {
		if (!want->reject)
			put_link(&m, RTA_IFP, want->ifindex);
		if (!is_zero(want->source))
			put_addr(&m, RTA_IFA, want->key.family, want->source,
			    want->ifindex);
		if (want->mtu != 0)
			m.hdr.rtm_inits = RTV_MTU;
		m.hdr.rtm_rmx.rmx_mtu = want->mtu;
	}
	if (write(s, &m, m.hdr.rtm_msglen) == -1)
		error = errno;
	close(s);
	return error;
}

int
rt_add(const struct route_want *want)
{
	return rt_request(RTM_ADD, want);
}

int
rt_change(const struct route_want *want)
{
	return rt_request(RTM_CHANGE, want);
}

int
rt_delete(const struct route_want *want)
{
	return rt_request(RTM_DELETE, want);
}

/* ---- reading ---- */

static int
copy_addr(const struct sockaddr *sa, uint8_t *family, uint8_t *addr)
{
	union {
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} u;

	memset(&u, 0, sizeof(u));
	memcpy(&u, sa, sa->sa_len < sizeof(u) ? sa->sa_len : sizeof(u));
	if (sa->sa_family == AF_INET)
		memcpy(addr, &u.in.sin_addr, sizeof(u.in.sin_addr));
	else if (sa->sa_family == AF_INET6)
		memcpy(addr, &u.in6.sin6_addr, sizeof(u.in6.sin6_addr));
	else
		return -1;
	if (family != NULL)
		*family = sa->sa_family;
	return 0;
}

/* A mask may be cut off after its last byte that is not zero. */
static uint8_t
mask_len(const struct sockaddr *sa, uint8_t family)
{
	size_t at = family == AF_INET
	    ? offsetof(struct sockaddr_in, sin_addr)
	    : offsetof(struct sockaddr_in6, sin6_addr);
	size_t size = family == AF_INET ? 4 : 16;
	const uint8_t *bytes = (const uint8_t *)sa;
	uint8_t mask[16];

	memset(mask, 0, sizeof(mask));
	if (sa->sa_len > at)
		memcpy(mask, bytes + at,
		    sa->sa_len - at < size ? sa->sa_len - at : size);
	return (uint8_t)prefixlen_of(mask, size);
}

static uint32_t
link_index(const struct sockaddr *sa)
{
	struct sockaddr_dl sdl;

	memset(&sdl, 0, sizeof(sdl));
	memcpy(&sdl, sa, sa->sa_len < sizeof(sdl) ? sa->sa_len : sizeof(sdl));
	return sdl.sdl_index;
}

int
rt_parse(const void *data, size_t len, struct rt_route *r)
{
	const struct sockaddr *sa[RTAX_MAX] = { NULL };
	const uint8_t *at = data;
	struct rt_msghdr hdr;
	size_t used = sizeof(hdr);
	int i;

	if (len < sizeof(hdr))
		return -1;
	memcpy(&hdr, data, sizeof(hdr));
	if (hdr.rtm_msglen > len || hdr.rtm_version != RTM_VERSION)
		return -1;
	for (i = 0; i < RTAX_MAX; i++) {
		if (!(hdr.rtm_addrs & (1 << i)))
			continue;
		if (used + sizeof(long) > hdr.rtm_msglen ||
		    used + rounded(at[used]) > hdr.rtm_msglen)
			return -1;
		sa[i] = (const struct sockaddr *)(const void *)(at + used);
		used += rounded(at[used]);
	}
	memset(r, 0, sizeof(*r));
	r->ifindex = hdr.rtm_index;
	r->flags = hdr.rtm_flags;
	if (sa[RTAX_DST] == NULL ||
	    copy_addr(sa[RTAX_DST], &r->key.family, r->key.dst) == -1)
		return -1;
	if ((hdr.rtm_flags & RTF_HOST) || sa[RTAX_NETMASK] == NULL)
		r->key.prefixlen = (uint8_t)bits(r->key.family);
	else
		r->key.prefixlen = mask_len(sa[RTAX_NETMASK], r->key.family);
	if (sa[RTAX_GATEWAY] == NULL)
		return 0;
	if (sa[RTAX_GATEWAY]->sa_family == AF_LINK)
		r->link_ifindex = link_index(sa[RTAX_GATEWAY]);
	else
		(void)copy_addr(sa[RTAX_GATEWAY], NULL, r->gateway);
	return 0;
}

/* Read until our own question comes back with the answer. */
static int
answer(int s, const union message *asked, struct rt_route *r)
{
	union {
		struct rt_msghdr hdr;
		uint8_t bytes[2048];
	} m;
	ssize_t n;
	int i;

	for (i = 0; i < REPLIES_MAX; i++) {
		n = read(s, &m, sizeof(m));
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return errno == EAGAIN ? ETIMEDOUT : errno;
		if ((size_t)n < sizeof(m.hdr) || m.hdr.rtm_type != RTM_GET ||
		    m.hdr.rtm_pid != asked->hdr.rtm_pid ||
		    m.hdr.rtm_seq != asked->hdr.rtm_seq)
			continue;
		if (m.hdr.rtm_errno != 0)
			return m.hdr.rtm_errno;
		return rt_parse(&m, (size_t)n, r) == 0 ? 0 : EPROTO;
	}
	return ETIMEDOUT;
}

static int
ask(const struct route_want *want, int any, struct rt_route *r)
{
	union message m;
	int error, s;

	if ((error = rt_open(want->key.fib, 1, &s)) != 0)
		return error;
	build(&m, RTM_GET, want, any);
	if (write(s, &m, m.hdr.rtm_msglen) == -1)
		error = errno;
	else
		error = answer(s, &m, r);
	close(s);
	/* A covering route is not the one that was asked for. */
	if (error == 0 &&
	    (r->key.prefixlen != want->key.prefixlen ||
		memcmp(r->key.dst, want->key.dst, sizeof(r->key.dst)) != 0))
		error = ESRCH;
	return error;
}

int
rt_get(const struct route_want *want, struct rt_route *r)
{
	return ask(want, 0, r);
}

int
rt_get_any(const struct route_key *key, struct rt_route *r)
{
	struct route_want want;

	memset(&want, 0, sizeof(want));
	want.key = *key;
	return ask(&want, ANY_GATEWAY, r);
}

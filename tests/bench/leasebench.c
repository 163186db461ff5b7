/* SPDX-License-Identifier: ISC */
/*
 * Measuring tools of tests/bench/run.sh (Linux).  All times are nanoseconds
 * of CLOCK_MONOTONIC, which every namespace of a machine shares.
 *
 *   serve IF [rapid]   a DHCPv4 server that answers at once; any number of
 *                      clients, 10.9.x.y by order of appearance; prints
 *                      "discover T" and "request T" as they arrive
 *   watch              prints what the kernel reports in this namespace:
 *                      "up T IF", "down T IF", "addr T IF", "deladdr T IF",
 *                      "route T IF" (default routes)
 *   launch FILE CMD..  writes the time to FILE, then becomes CMD
 *   bare IF            the least a client can do: a raw socket, two
 *                      exchanges, address and default route, exit
 */
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <arpa/inet.h>
#include <err.h>
#include <linux/if_packet.h>
#include <linux/rtnetlink.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CLIENTS_MAX 1024
#define SERVER_ADDR 0x0a090001 /* 10.9.0.1 */
#define MASK 0xffff0000
#define LEASE 3600
#define COOKIE 0x63825363

struct bootp { /* RFC 2131 2 */
	uint8_t op, htype, hlen, hops;
	uint32_t xid;
	uint16_t secs, flags;
	uint32_t ciaddr, yiaddr, siaddr, giaddr;
	uint8_t chaddr[16];
	uint8_t sname[64];
	uint8_t file[128];
	uint32_t cookie;
	uint8_t options[64];
} __attribute__((packed));

struct frame {
	struct ether_header eth;
	struct iphdr ip;
	struct udphdr udp;
	struct bootp bootp;
} __attribute__((packed));

static int64_t now(void);
static void say(const char *, const char *);
static int packet_socket(const char *);
static uint16_t ip_sum(const void *, size_t);
static void headers(struct frame *, uint32_t, uint32_t, uint16_t, uint16_t);
static uint8_t *put(uint8_t *, uint8_t, const void *, uint8_t);
static uint8_t *put32(uint8_t *, uint8_t, uint32_t);
static int message_type(const struct frame *, ssize_t, int *);
static uint32_t address_of(const uint8_t *);
static void answer(int, const struct frame *, const uint8_t *, int, int);
static void serve(const char *, int);
static void watch(void);
static void bare(const char *);
static void ask(struct frame *, const uint8_t *, uint8_t, uint32_t);
static int hear(int, struct frame *, uint32_t);
static void configure(unsigned int, uint32_t);
static void attribute(struct nlmsghdr *, uint16_t, const void *, size_t);

static int64_t
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static void
say(const char *what, const char *who)
{
	printf("%s %lld %s\n", what, (long long)now(), who);
	fflush(stdout);
}

static int
packet_socket(const char *ifname)
{
	struct sockaddr_ll sll = { .sll_family = AF_PACKET,
		.sll_protocol = htons(ETHERTYPE_IP),
		.sll_ifindex = (int)if_nametoindex(ifname) };
	int fd, size = 4 << 20;

	if (sll.sll_ifindex == 0 ||
	    (fd = socket(AF_PACKET, SOCK_RAW, 0)) == -1 ||
	    bind(fd, (struct sockaddr *)&sll, sizeof(sll)) == -1)
		err(1, "%s", ifname);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		warn("SO_RCVBUFFORCE");
	return fd;
}

static uint16_t
ip_sum(const void *data, size_t len)
{
	const uint16_t *p = data;
	uint32_t sum = 0;

	for (; len > 1; len -= 2)
		sum += *p++;
	sum = (sum >> 16) + (sum & 0xffff);
	sum += sum >> 16;
	return (uint16_t)~sum;
}

/* UDP checksum 0: none. */
static void
headers(struct frame *f, uint32_t src, uint32_t dst, uint16_t sport,
    uint16_t dport)
{
	uint16_t head[sizeof(f->ip) / 2];

	f->eth.ether_type = htons(ETHERTYPE_IP);
	f->ip.version = 4;
	f->ip.ihl = 5;
	f->ip.ttl = 64;
	f->ip.protocol = IPPROTO_UDP;
	f->ip.tot_len = htons(sizeof(*f) - sizeof(f->eth));
	f->ip.saddr = htonl(src);
	f->ip.daddr = htonl(dst);
	memcpy(head, &f->ip, sizeof(head));
	f->ip.check = ip_sum(head, sizeof(head));
	f->udp.source = htons(sport);
	f->udp.dest = htons(dport);
	f->udp.len = htons(sizeof(f->udp) + sizeof(f->bootp));
}

static uint8_t *
put(uint8_t *p, uint8_t code, const void *data, uint8_t len)
{
	*p++ = code;
	*p++ = len;
	memcpy(p, data, len);
	return p + len;
}

static uint8_t *
put32(uint8_t *p, uint8_t code, uint32_t value)
{
	value = htonl(value);
	return put(p, code, &value, sizeof(value));
}

/* Of a frame to our port; 0: none.  rapid: option 80 is there. */
static int
message_type(const struct frame *f, ssize_t len, int *rapid)
{
	const uint8_t *p = f->bootp.options, *end = (const uint8_t *)f + len;
	int type = 0;

	*rapid = 0;
	if (len < (ssize_t)(sizeof(*f) - sizeof(f->bootp.options)) ||
	    f->ip.protocol != IPPROTO_UDP || ntohl(f->bootp.cookie) != COOKIE)
		return 0;
	while (p + 1 < end && *p != 255) {
		if (*p == 0) {
			p++;
			continue;
		}
		if (*p == 53 && p + 2 < end)
			type = p[2];
		if (*p == 80)
			*rapid = 1;
		p += 2 + p[1];
	}
	return type;
}

static uint32_t
address_of(const uint8_t *mac)
{
	static uint8_t seen[CLIENTS_MAX][6];
	static uint32_t n;
	uint32_t i;

	for (i = 0; i < n; i++)
		if (memcmp(seen[i], mac, 6) == 0)
			break;
	if (i == n && n < CLIENTS_MAX)
		memcpy(seen[n++], mac, 6);
	return SERVER_ADDR + 0x100 + i;
}

static void
answer(int fd, const struct frame *q, const uint8_t *mac, int type, int rapid)
{
	struct frame f;
	uint8_t *p, kind = (uint8_t)type;
	uint32_t addr = address_of(q->bootp.chaddr);

	memset(&f, 0, sizeof(f));
	memcpy(f.eth.ether_shost, mac, 6);
	memcpy(f.eth.ether_dhost, q->bootp.chaddr, 6);
	f.bootp.op = 2;
	f.bootp.htype = 1;
	f.bootp.hlen = 6;
	f.bootp.xid = q->bootp.xid;
	f.bootp.ciaddr = q->bootp.ciaddr;
	f.bootp.yiaddr = htonl(addr);
	memcpy(f.bootp.chaddr, q->bootp.chaddr, 16);
	f.bootp.cookie = htonl(COOKIE);
	p = put(f.bootp.options, 53, &kind, 1);
	p = put32(p, 54, SERVER_ADDR);
	p = put32(p, 51, LEASE);
	p = put32(p, 1, MASK);
	p = put32(p, 3, SERVER_ADDR);
	if (rapid)
		p = put(p, 80, "", 0);
	*p = 255;
	headers(&f, SERVER_ADDR, addr, 67, 68);
	if (send(fd, &f, sizeof(f), 0) == -1)
		warn("send");
}

static void
serve(const char *ifname, int rapid)
{
	struct sockaddr_ll from;
	struct sockaddr_in port = { .sin_family = AF_INET,
		.sin_port = htons(67) };
	struct ifreq ifr;
	union {
		struct frame f;
		uint8_t bytes[2048];
	} buf;
	socklen_t size;
	ssize_t n;
	int fd = packet_socket(ifname), udp, type, wants;

	/* Holds the port, so that no ICMP error is sent. */
	if ((udp = socket(AF_INET, SOCK_DGRAM, 0)) == -1 ||
	    bind(udp, (struct sockaddr *)&port, sizeof(port)) == -1)
		err(1, "port 67");
	memset(&ifr, 0, sizeof(ifr));
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", ifname);
	if (ioctl(udp, SIOCGIFHWADDR, &ifr) == -1)
		err(1, "%s", ifname);
	say("ready", ifname);
	for (;;) {
		size = sizeof(from);
		n = recvfrom(fd, &buf, sizeof(buf), 0,
		    (struct sockaddr *)&from, &size);
		if (n <= 0 || from.sll_pkttype == PACKET_OUTGOING ||
		    buf.f.udp.dest != htons(67))
			continue;
		type = message_type(&buf.f, n, &wants);
		if (type == 1) {
			say("discover", "");
			wants = wants && rapid;
			answer(fd, &buf.f, (uint8_t *)ifr.ifr_hwaddr.sa_data,
			    wants ? 5 : 2, wants);
		} else if (type == 3) {
			say("request", "");
			answer(fd, &buf.f, (uint8_t *)ifr.ifr_hwaddr.sa_data,
			    5, 0);
		}
	}
}

static void
report(struct nlmsghdr *h)
{
	struct ifinfomsg *link = NLMSG_DATA(h);
	struct ifaddrmsg *addr = NLMSG_DATA(h);
	struct rtmsg *route = NLMSG_DATA(h);
	char name[IF_NAMESIZE] = "?";
	struct rtattr *a;
	int len;

	switch (h->nlmsg_type) {
	case RTM_NEWLINK:
		if_indextoname((unsigned int)link->ifi_index, name);
		say(link->ifi_flags & IFF_RUNNING ? "up" : "down", name);
		return;
	case RTM_NEWADDR:
	case RTM_DELADDR:
		if_indextoname(addr->ifa_index, name);
		say(h->nlmsg_type == RTM_NEWADDR ? "addr" : "deladdr", name);
		return;
	case RTM_NEWROUTE:
		if (route->rtm_dst_len != 0 || route->rtm_family != AF_INET)
			return;
		a = RTM_RTA(route);
		len = (int)RTM_PAYLOAD(h);
		for (; RTA_OK(a, len); a = RTA_NEXT(a, len))
			if (a->rta_type == RTA_OIF)
				if_indextoname(*(unsigned int *)RTA_DATA(a),
				    name);
		say("route", name);
		return;
	}
}

static void
watch(void)
{
	struct sockaddr_nl nl = { .nl_family = AF_NETLINK,
		.nl_groups = RTMGRP_LINK | RTMGRP_IPV4_IFADDR |
		    RTMGRP_IPV4_ROUTE };
	static char buf[65536] __attribute__((aligned(8)));
	struct nlmsghdr *h;
	int fd, size = 16 << 20;
	ssize_t n;

	if ((fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE)) == -1 ||
	    bind(fd, (struct sockaddr *)&nl, sizeof(nl)) == -1)
		err(1, "netlink");
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		warn("SO_RCVBUFFORCE");
	say("ready", "");
	while ((n = recv(fd, buf, sizeof(buf), 0)) > 0) {
		h = (struct nlmsghdr *)buf;
		for (; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n))
			report(h);
	}
	err(1, "netlink");
}

static void
ask(struct frame *f, const uint8_t *mac, uint8_t type, uint32_t addr)
{
	uint8_t *p;

	memset(f, 0, sizeof(*f));
	memset(f->eth.ether_dhost, 0xff, 6);
	memcpy(f->eth.ether_shost, mac, 6);
	f->bootp.op = 1;
	f->bootp.htype = 1;
	f->bootp.hlen = 6;
	f->bootp.xid = htonl(0x1234567);
	memcpy(f->bootp.chaddr, mac, 6);
	f->bootp.cookie = htonl(COOKIE);
	p = put(f->bootp.options, 53, &type, 1);
	if (addr != 0) {
		p = put32(p, 50, addr);
		p = put32(p, 54, SERVER_ADDR);
	}
	*p = 255;
	headers(f, 0, INADDR_BROADCAST, 68, 67);
}

static int
hear(int fd, struct frame *f, uint32_t xid)
{
	union {
		struct frame f;
		uint8_t bytes[2048];
	} buf;
	int type, rapid;
	ssize_t n;

	while ((n = recv(fd, &buf, sizeof(buf), 0)) > 0) {
		if (buf.f.udp.dest != htons(68) || buf.f.bootp.xid != xid)
			continue;
		if ((type = message_type(&buf.f, n, &rapid)) != 0) {
			*f = buf.f;
			return type;
		}
	}
	err(1, "recv");
}

static void
attribute(struct nlmsghdr *h, uint16_t type, const void *data, size_t len)
{
	struct rtattr *a =
	    (struct rtattr *)((char *)h + NLMSG_ALIGN(h->nlmsg_len));

	a->rta_type = type;
	a->rta_len = (unsigned short)RTA_LENGTH(len);
	memcpy(RTA_DATA(a), data, len);
	h->nlmsg_len = NLMSG_ALIGN(h->nlmsg_len) + RTA_ALIGN(a->rta_len);
}

static void
configure(unsigned int ifindex, uint32_t addr)
{
	struct {
		struct nlmsghdr h;
		union {
			struct ifaddrmsg addr;
			struct rtmsg route;
		} u;
		char attributes[256];
	} m;
	uint32_t server = htonl(SERVER_ADDR);
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

	memset(&m, 0, sizeof(m));
	m.h.nlmsg_len = NLMSG_LENGTH(sizeof(m.u.addr));
	m.h.nlmsg_type = RTM_NEWADDR;
	m.h.nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE;
	m.u.addr.ifa_family = AF_INET;
	m.u.addr.ifa_prefixlen = 16;
	m.u.addr.ifa_index = ifindex;
	attribute(&m.h, IFA_LOCAL, &addr, 4);
	attribute(&m.h, IFA_ADDRESS, &addr, 4);
	if (send(fd, &m, m.h.nlmsg_len, 0) == -1)
		err(1, "address");
	memset(&m, 0, sizeof(m));
	m.h.nlmsg_len = NLMSG_LENGTH(sizeof(m.u.route));
	m.h.nlmsg_type = RTM_NEWROUTE;
	m.h.nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE;
	m.u.route.rtm_family = AF_INET;
	m.u.route.rtm_table = RT_TABLE_MAIN;
	m.u.route.rtm_protocol = RTPROT_STATIC;
	m.u.route.rtm_type = RTN_UNICAST;
	attribute(&m.h, RTA_GATEWAY, &server, 4);
	attribute(&m.h, RTA_OIF, &ifindex, 4);
	if (send(fd, &m, m.h.nlmsg_len, 0) == -1)
		err(1, "route");
	close(fd);
}

static void
bare(const char *ifname)
{
	struct frame f, reply;
	struct ifreq ifr;
	uint8_t mac[6];
	int fd = packet_socket(ifname);

	memset(&ifr, 0, sizeof(ifr));
	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", ifname);
	if (ioctl(fd, SIOCGIFHWADDR, &ifr) == -1)
		err(1, "%s", ifname);
	memcpy(mac, ifr.ifr_hwaddr.sa_data, 6);
	ask(&f, mac, 1, 0);
	if (send(fd, &f, sizeof(f), 0) == -1 ||
	    hear(fd, &reply, f.bootp.xid) != 2)
		err(1, "no OFFER");
	ask(&f, mac, 3, ntohl(reply.bootp.yiaddr));
	if (send(fd, &f, sizeof(f), 0) == -1 ||
	    hear(fd, &reply, f.bootp.xid) != 5)
		err(1, "no ACK");
	configure(if_nametoindex(ifname), reply.bootp.yiaddr);
}

int
main(int argc, char *argv[])
{
	FILE *fp;

	if (argc >= 3 && strcmp(argv[1], "serve") == 0)
		serve(argv[2], argc > 3);
	else if (argc == 2 && strcmp(argv[1], "watch") == 0)
		watch();
	else if (argc == 3 && strcmp(argv[1], "bare") == 0)
		bare(argv[2]);
	else if (argc > 3 && strcmp(argv[1], "launch") == 0) {
		if ((fp = fopen(argv[2], "w")) == NULL)
			err(1, "%s", argv[2]);
		fprintf(fp, "%lld\n", (long long)now());
		fclose(fp);
		execvp(argv[3], argv + 3);
		err(1, "%s", argv[3]);
	} else {
		fprintf(stderr, "usage: leasebench serve IF [rapid] | watch | "
				"bare IF | launch FILE CMD ...\n");
		return 2;
	}
	return 0;
}

/* SPDX-License-Identifier: ISC */
/*
 * A DHCPv4 server for tests that does what it is told, on any system: plain
 * UDP, one subnet, one address for each client.
 *
 *   dhcpserver [-t] [-1 T1] [-2 T2] [-l lease] [-r router] [-d dns]
 *       [-i ifname] address/prefixlen first [action ...]
 *
 * address is its own, first what the first client gets.  An action is for one
 * message each, the last for all that follow: ok answers, nak refuses, mute is
 * silent.  One line for each message on standard output, with -t the time of
 * day in seconds behind it.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SERVER_PORT 67
#define CLIENT_PORT 68
#define CLIENTS_MAX 64
#define OPTIONS 240 /* RFC 2131 2, and the cookie */
#define MIN_REPLY 300

/* RFC 2132 9.6 */
enum { DISCOVER = 1, OFFER, REQUEST, DECLINE, ACK, NAK, RELEASE, INFORM };

static const char *const names[] = { "0", "DISCOVER", "OFFER", "REQUEST",
	"DECLINE", "ACK", "NAK", "RELEASE", "INFORM" };

static struct {
	uint32_t address, mask, first, router, dns; /* host order */
	uint32_t lease, t1, t2;
	uint8_t clients[CLIENTS_MAX][6];
	unsigned int nclients;
	int fd, times;
} server = { .lease = 120 };

static uint32_t
parse_address(const char *text)
{
	struct in_addr a;

	if (inet_pton(AF_INET, text, &a) != 1)
		errx(2, "not an address: %s", text);
	return ntohl(a.s_addr);
}

/* The value of an option, of at least len bytes; NULL: it is not there. */
static const uint8_t *
option(const uint8_t *msg, size_t size, uint8_t code, uint8_t len)
{
	size_t at = OPTIONS;

	while (at + 1 < size && msg[at] != 255) {
		if (msg[at] == 0) {
			at++;
			continue;
		}
		if (at + 2 + msg[at + 1] > size)
			return NULL;
		if (msg[at] == code && msg[at + 1] >= len)
			return msg + at + 2;
		at += 2u + msg[at + 1];
	}
	return NULL;
}

static uint32_t
get32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return ntohl(v);
}

static void
set32(uint8_t *p, uint32_t v)
{
	v = htonl(v);
	memcpy(p, &v, sizeof(v));
}

static size_t
put32(uint8_t *msg, size_t at, uint8_t code, uint32_t value)
{
	msg[at] = code;
	msg[at + 1] = 4;
	set32(msg + at + 2, value);
	return at + 6;
}

/* By hardware address, in the order of appearance. */
static uint32_t
address_of(const uint8_t *mac)
{
	unsigned int i;

	for (i = 0; i < server.nclients; i++)
		if (memcmp(server.clients[i], mac, 6) == 0)
			return server.first + i;
	if (server.nclients == CLIENTS_MAX)
		return 0;
	memcpy(server.clients[server.nclients++], mac, 6);
	return server.first + i;
}

static const char *
text(uint32_t address)
{
	static char buf[2][INET_ADDRSTRLEN];
	static int next;
	struct in_addr a = { .s_addr = htonl(address) };

	next = !next;
	return inet_ntop(AF_INET, &a, buf[next], sizeof(buf[next]));
}

static void
answer(const uint8_t *msg, uint8_t type)
{
	struct sockaddr_in to;
	uint8_t reply[576];
	uint32_t ciaddr = get32(msg + 12);
	size_t at = OPTIONS;

	memset(reply, 0, sizeof(reply));
	memcpy(reply, msg, 44); /* up to chaddr */
	reply[0] = 2;
	if (type != NAK)
		set32(reply + 16, address_of(msg + 28));
	memcpy(reply + 236, "\x63\x82\x53\x63", 4);
	reply[at++] = 53;
	reply[at++] = 1;
	reply[at++] = type;
	at = put32(reply, at, 54, server.address);
	if (type != NAK) {
		at = put32(reply, at, 51, server.lease);
		if (server.t1 != 0)
			at = put32(reply, at, 58, server.t1);
		if (server.t2 != 0)
			at = put32(reply, at, 59, server.t2);
		at = put32(reply, at, 1, server.mask);
		if (server.router != 0)
			at = put32(reply, at, 3, server.router);
		if (server.dns != 0)
			at = put32(reply, at, 6, server.dns);
	}
	reply[at++] = 255;
	memset(&to, 0, sizeof(to));
	to.sin_family = AF_INET;
	to.sin_port = htons(CLIENT_PORT);
	/* The subnet's broadcast needs neither ARP nor raw sockets. */
	to.sin_addr.s_addr =
	    htonl(ciaddr != 0 && type != NAK ? ciaddr
					     : server.address | ~server.mask);
	if (sendto(server.fd, reply, at < MIN_REPLY ? MIN_REPLY : at, 0,
		(struct sockaddr *)&to, sizeof(to)) == -1)
		printf("send to %s: %s\n", text(ntohl(to.sin_addr.s_addr)),
		    strerror(errno));
}

static void
log_message(const uint8_t *msg, uint8_t type, const struct sockaddr_in *from,
    const char *action)
{
	struct timespec now;

	printf("%s from %s ciaddr %s %02x:%02x:%02x:%02x:%02x:%02x: %s",
	    names[type], text(ntohl(from->sin_addr.s_addr)),
	    text(get32(msg + 12)), msg[28], msg[29], msg[30], msg[31], msg[32],
	    msg[33], action);
	clock_gettime(CLOCK_REALTIME, &now);
	if (server.times)
		printf(" %lld.%09ld", (long long)now.tv_sec, now.tv_nsec);
	putchar('\n');
}

static void
handle(const uint8_t *msg, size_t size, const struct sockaddr_in *from,
    const char *action)
{
	const uint8_t *type = option(msg, size, 53, 1);
	const uint8_t *id = option(msg, size, 54, 4);

	if (size < OPTIONS || msg[0] != 1 || type == NULL || *type > INFORM)
		return;
	log_message(msg, *type, from, action);
	if (strcmp(action, "mute") == 0 ||
	    (id != NULL && get32(id) != server.address))
		return;
	if (*type == DISCOVER)
		answer(msg, OFFER);
	else if (*type == REQUEST)
		answer(msg, strcmp(action, "nak") == 0 ? NAK : ACK);
}

static void
listen_on(const char *ifname)
{
	struct sockaddr_in sin;
	int one = 1;

	server.fd = socket(AF_INET, SOCK_DGRAM, 0);
	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	sin.sin_port = htons(SERVER_PORT);
	if (server.fd == -1 ||
	    setsockopt(
		server.fd, SOL_SOCKET, SO_BROADCAST, &one, sizeof(one)) == -1 ||
	    bind(server.fd, (struct sockaddr *)&sin, sizeof(sin)) == -1)
		err(1, "UDP port %d", SERVER_PORT);
#ifdef SO_BINDTODEVICE
	if (ifname != NULL &&
	    setsockopt(server.fd, SOL_SOCKET, SO_BINDTODEVICE, ifname,
		(socklen_t)strlen(ifname)) == -1)
		err(1, "%s", ifname);
#else
	(void)ifname; /* a network stack of its own */
#endif
}

static void
set_subnet(char *arg)
{
	char *slash = strchr(arg, '/');
	long len;

	if (slash == NULL)
		errx(2, "no prefix length: %s", arg);
	*slash = '\0';
	len = strtol(slash + 1, NULL, 10);
	if (len < 1 || len > 30)
		errx(2, "prefix length %ld", len);
	server.address = parse_address(arg);
	server.mask = UINT32_MAX << (32 - len);
}

int
main(int argc, char **argv)
{
	const char *ifname = NULL;
	struct sockaddr_in from;
	socklen_t fromlen;
	uint8_t msg[2048];
	char ok[] = "ok", *always[] = { ok, NULL }, **action = always;
	ssize_t n;
	int ch;

	while ((ch = getopt(argc, argv, "1:2:d:i:l:r:t")) != -1) {
		switch (ch) {
		case '1':
			server.t1 = (uint32_t)strtoul(optarg, NULL, 10);
			break;
		case '2':
			server.t2 = (uint32_t)strtoul(optarg, NULL, 10);
			break;
		case 'd':
			server.dns = parse_address(optarg);
			break;
		case 'i':
			ifname = optarg;
			break;
		case 'l':
			server.lease = (uint32_t)strtoul(optarg, NULL, 10);
			break;
		case 'r':
			server.router = parse_address(optarg);
			break;
		case 't':
			server.times = 1;
			break;
		default:
			errx(2, "see the source");
		}
	}
	if (argc - optind < 2)
		errx(2, "see the source");
	set_subnet(argv[optind]);
	server.first = parse_address(argv[optind + 1]);
	if (argc - optind > 2)
		action = argv + optind + 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	listen_on(ifname);
	printf("ready\n");
	for (;;) {
		fromlen = sizeof(from);
		n = recvfrom(server.fd, msg, sizeof(msg), 0,
		    (struct sockaddr *)&from, &fromlen);
		if (n == -1)
			err(1, "recvfrom");
		handle(msg, (size_t)n, &from, *action);
		if (action[1] != NULL)
			action++;
	}
}

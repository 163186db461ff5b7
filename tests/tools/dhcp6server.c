/* SPDX-License-Identifier: ISC */
/*
 * A DHCPv6 server for tests that does what it is told, on any system: one
 * address and one prefix, which each client gets.
 *
 *   dhcp6server [-1 T1] [-2 T2] [-p preferred] [-v valid] [-P prefix/len]
 *       ifname address [action ...]
 *
 * An action is for one message each, the last for all that follow: ok answers,
 * mute is silent, nobinding refuses a Renew or Rebind (RFC 8415 18.3.4).  One
 * line for each message on standard output.
 */

#include <sys/types.h>
#include <sys/socket.h>
#include <net/if.h>
#include <netinet/in.h>
#include <arpa/inet.h>
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SERVER_PORT 547
#define HEADER 4 /* type and transaction id, RFC 8415 8 */

/* RFC 8415 7.3 */
enum {
	SOLICIT = 1,
	ADVERTISE,
	REQUEST,
	CONFIRM,
	RENEW,
	REBIND,
	REPLY,
	RELEASE,
	DECLINE,
	RECONFIGURE,
	INFORMATION_REQUEST
};

/* RFC 8415 21 */
enum {
	OPT_CLIENTID = 1,
	OPT_SERVERID = 2,
	OPT_IA_NA = 3,
	OPT_IAADDR = 5,
	OPT_STATUS_CODE = 13,
	OPT_IA_PD = 25,
	OPT_IAPREFIX = 26
};
#define NO_BINDING 3 /* RFC 8415 21.13 */

static const char *const names[] = { "0", "SOLICIT", "ADVERTISE", "REQUEST",
	"CONFIRM", "RENEW", "REBIND", "REPLY", "RELEASE", "DECLINE",
	"RECONFIGURE", "INFORMATION-REQUEST" };

/* DUID-LL, RFC 8415 11.4 */
static const uint8_t duid[] = { 0, 3, 0, 1, 2, 0, 0, 0, 0, 1 };

static struct {
	struct in6_addr address, prefix;
	uint8_t prefixlen; /* 0: no prefix */
	uint32_t t1, t2, preferred, valid;
} server = { .preferred = 1800, .valid = 3600 };

struct out {
	uint8_t bytes[1024];
	size_t len;
};

static void
put(struct out *out, const void *data, size_t len)
{
	if (len > sizeof(out->bytes) - out->len)
		errx(1, "the reply is too long");
	memcpy(out->bytes + out->len, data, len);
	out->len += len;
}

static void
put16(struct out *out, size_t value)
{
	const uint8_t b[2] = { (uint8_t)(value >> 8), (uint8_t)value };

	put(out, b, sizeof(b));
}

static void
put32(struct out *out, uint32_t value)
{
	put16(out, value >> 16);
	put16(out, value & 0xffff);
}

static void
put_option(struct out *out, uint16_t code, const void *data, size_t len)
{
	put16(out, code);
	put16(out, len);
	put(out, data, len);
}

static void
put_status(struct out *out, uint16_t status)
{
	put16(out, OPT_STATUS_CODE);
	put16(out, 2);
	put16(out, status);
}

/* An IA of the client's, with its IAID, filled or refused. */
static void
put_ia(struct out *out, uint16_t code, const uint8_t *iaid, int refuse)
{
	size_t inside = refuse ? 6 : code == OPT_IA_NA ? 28 : 29;

	put16(out, code);
	put16(out, 12 + inside);
	put(out, iaid, 4);
	put32(out, server.t1);
	put32(out, server.t2);
	if (refuse) {
		put_status(out, NO_BINDING);
	} else if (code == OPT_IA_NA) {
		put16(out, OPT_IAADDR);
		put16(out, 24);
		put(out, &server.address, sizeof(server.address));
		put32(out, server.preferred);
		put32(out, server.valid);
	} else {
		put16(out, OPT_IAPREFIX);
		put16(out, 25);
		put32(out, server.preferred);
		put32(out, server.valid);
		put(out, &server.prefixlen, 1);
		put(out, &server.prefix, sizeof(server.prefix));
	}
}

/* 0: for another server. */
static int
build(struct out *out, const uint8_t *msg, size_t size, const char *action)
{
	uint8_t type = msg[0];
	int refuse = strcmp(action, "nobinding") == 0 &&
	    (type == RENEW || type == REBIND);
	size_t at = HEADER, len;
	uint16_t code;

	put(out, msg, HEADER);
	out->bytes[0] = type == SOLICIT ? ADVERTISE : REPLY;
	put_option(out, OPT_SERVERID, duid, sizeof(duid));
	if (type == CONFIRM || type == RELEASE || type == DECLINE)
		put_status(out, 0);
	for (; at + 4 <= size; at += 4 + len) {
		code = (uint16_t)(msg[at] << 8 | msg[at + 1]);
		len = (size_t)(msg[at + 2] << 8 | msg[at + 3]);
		if (len > size - at - 4)
			break;
		if (code == OPT_SERVERID &&
		    (len != sizeof(duid) ||
			memcmp(msg + at + 4, duid, len) != 0))
			return 0;
		if (code == OPT_CLIENTID)
			put_option(out, code, msg + at + 4, len);
		else if (type != SOLICIT && type != REQUEST && type != RENEW &&
		    type != REBIND)
			continue;
		else if (len >= 12 &&
		    (code == OPT_IA_NA ||
			(code == OPT_IA_PD && server.prefixlen != 0)))
			put_ia(out, code, msg + at + 4, refuse);
	}
	return 1;
}

static void
handle(int fd, const uint8_t *msg, size_t size, struct sockaddr_in6 *from,
    const char *action)
{
	struct out out = { .len = 0 };
	char text[INET6_ADDRSTRLEN];

	if (size < HEADER || msg[0] == 0 || msg[0] > INFORMATION_REQUEST)
		return;
	printf("%s from %s: %s\n", names[msg[0]],
	    inet_ntop(AF_INET6, &from->sin6_addr, text, sizeof(text)), action);
	if (strcmp(action, "mute") == 0 || !build(&out, msg, size, action))
		return;
	if (sendto(fd, out.bytes, out.len, 0, (struct sockaddr *)from,
		sizeof(*from)) == -1)
		warn("send to %s", text);
}

static int
listen_on(const char *ifname)
{
	struct ipv6_mreq mreq;
	struct sockaddr_in6 sin6;
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);

	memset(&sin6, 0, sizeof(sin6));
	sin6.sin6_family = AF_INET6;
	sin6.sin6_port = htons(SERVER_PORT);
	memset(&mreq, 0, sizeof(mreq));
	mreq.ipv6mr_interface = if_nametoindex(ifname);
	inet_pton(AF_INET6, "ff02::1:2", &mreq.ipv6mr_multiaddr);
	if (fd == -1 ||
	    bind(fd, (struct sockaddr *)&sin6, sizeof(sin6)) == -1 ||
	    setsockopt(
		fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &mreq, sizeof(mreq)) == -1)
		err(1, "%s, UDP port %d", ifname, SERVER_PORT);
	return fd;
}

static void
set_prefix(char *arg)
{
	char *slash = strchr(arg, '/');

	if (slash == NULL)
		errx(2, "no prefix length: %s", arg);
	*slash = '\0';
	if (inet_pton(AF_INET6, arg, &server.prefix) != 1)
		errx(2, "not a prefix: %s", arg);
	server.prefixlen = (uint8_t)strtoul(slash + 1, NULL, 10);
}

static uint32_t
seconds(const char *arg)
{
	return (uint32_t)strtoul(arg, NULL, 10);
}

int
main(int argc, char **argv)
{
	struct sockaddr_in6 from;
	socklen_t fromlen;
	uint8_t msg[2048];
	char ok[] = "ok", *always[] = { ok, NULL }, **action = always;
	ssize_t n;
	int ch, fd;

	while ((ch = getopt(argc, argv, "1:2:p:P:v:")) != -1) {
		switch (ch) {
		case '1':
			server.t1 = seconds(optarg);
			break;
		case '2':
			server.t2 = seconds(optarg);
			break;
		case 'p':
			server.preferred = seconds(optarg);
			break;
		case 'P':
			set_prefix(optarg);
			break;
		case 'v':
			server.valid = seconds(optarg);
			break;
		default:
			errx(2, "see the source");
		}
	}
	if (argc - optind < 2 ||
	    inet_pton(AF_INET6, argv[optind + 1], &server.address) != 1)
		errx(2, "see the source");
	if (argc - optind > 2)
		action = argv + optind + 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	fd = listen_on(argv[optind]);
	printf("ready\n");
	for (;;) {
		fromlen = sizeof(from);
		n = recvfrom(fd, msg, sizeof(msg), 0, (struct sockaddr *)&from,
		    &fromlen);
		if (n == -1)
			err(1, "recvfrom");
		handle(fd, msg, (size_t)n, &from, *action);
		if (action[1] != NULL)
			action++;
	}
}

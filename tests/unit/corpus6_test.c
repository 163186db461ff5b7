/* SPDX-License-Identifier: ISC */
/*
 * Real DHCPv6 packets through the codec.  Also with the type of a Reply, cut
 * at every length and with every byte changed: nothing may crash, and what is
 * accepted must be a lease that can be written and read back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "proto/dhcp6_check.h"
#include "proto/dhcp6_msg.h"
#include "proto/lease_dhcp6.h"
#include "corpus.h"
#include "test.h"

#define PACKETS_MIN 75 /* less than that is not the corpus */

/* Whatever was accepted can be stored. */
static void
check_lease(const struct dhcp6_msg *m)
{
	static struct dhcp6_lease l, back;
	static char text[LEASE_DHCP6_TEXT_MAX], again[LEASE_DHCP6_TEXT_MAX];
	const char *why = NULL;
	size_t i, n;
	int line;

	l = m->lease;
	for (i = 0; i < DHCP6_IAS_MAX; i++) {
		l.ias[i].server = m->server;
		l.ias[i].server.addr.s6_addr[0] = 0xfe;
		l.ias[i].server.addr.s6_addr[1] = 0x80;
		if (l.ias[i].t2_sec < l.ias[i].t1_sec)
			l.ias[i].t2_sec = l.ias[i].t1_sec;
	}
	if (m->server.duid_len == 0)
		return;
	n = lease_dhcp6_format(&l, 1, text, sizeof(text));
	ATF_REQUIRE_MSG(n > 0, "%s", lease_dhcp6_check(&l));
	ATF_REQUIRE_MSG(lease_dhcp6_parse(
			    (const uint8_t *)text, n, &back, &why, &line) == 0,
	    "%s", why);
	ATF_REQUIRE_EQ(n, lease_dhcp6_format(&back, 1, again, sizeof(again)));
	ATF_REQUIRE(memcmp(text, again, n) == 0);
}

static enum dhcp6_error
parse(const uint8_t *bytes, size_t len, struct dhcp6_msg *m)
{
	uint8_t *copy = malloc(len + (len == 0));
	char line[512];
	enum dhcp6_error error;
	size_t i;

	ATF_REQUIRE(copy != NULL);
	memcpy(copy, bytes, len);
	error = dhcp6_msg_parse(copy, len, NULL, NULL, m);
	if (error == DHCP6_OK)
		check_lease(m);
	dhcp6_msg_print(copy, len, line, sizeof(line));
	for (i = 0; line[i] != '\0'; i++)
		ATF_REQUIRE(line[i] >= 0x20 && line[i] < 0x7f);
	free(copy);
	return error;
}

static int
is_invalid(const struct packet *p)
{
	return strncmp(p->valid, "invalid", 7) == 0;
}

static void
as_it_is(const struct packet *p)
{
	static struct dhcp6_msg m;
	int to_client =
	    p->bytes[0] == DHCP6_ADVERTISE || p->bytes[0] == DHCP6_REPLY;
	enum dhcp6_error error = parse(p->bytes, p->len, &m);

	if (p->len > DHCP6_RECV_MAX)
		ATF_CHECK_EQ_MSG(DHCP6_E_LENGTH, error, "%s", p->name);
	else if (!to_client)
		ATF_CHECK_EQ_MSG(DHCP6_E_TYPE, error, "%s", p->name);
	else if (is_invalid(p))
		ATF_CHECK_EQ_MSG(DHCP6_E_OPTIONS, error, "%s", p->name);
	else if (corpus_listed(p, OPT6_SERVER_ID) == 0)
		ATF_CHECK_EQ_MSG(DHCP6_E_SERVER_ID, error, "%s", p->name);
	else if (strstr(p->exercises, "fuzz seed") == NULL)
		ATF_CHECK_EQ_MSG(DHCP6_OK, error, "%s: %d", p->name, error);
	if (error != DHCP6_OK)
		return;
	ATF_CHECK_EQ_MSG(corpus_listed(p, OPT6_IA_NA) > 0,
	    m.lease.naddrs > 0 || m.lease.ias[0].status != 0 || (m.ias & 1),
	    "%s", p->name);
	ATF_CHECK_EQ_MSG(corpus_listed(p, OPT6_IA_PD) > 0, (m.ias & ~1U) != 0,
	    "%s", p->name);
	ATF_CHECK_EQ_MSG(corpus_listed(p, OPT6_DNS_SERVERS) > 0,
	    m.lease.dns.nservers > 0, "%s", p->name);
	ATF_CHECK_EQ_MSG(corpus_listed(p, OPT6_CLIENT_ID) > 0,
	    m.client_id_len > 0, "%s", p->name);
	ATF_CHECK_EQ_MSG(corpus_listed(p, OPT6_RAPID_COMMIT) > 0,
	    (m.present & HAVE6_RAPID_COMMIT) != 0, "%s", p->name);
	ATF_CHECK_EQ_MSG(corpus_listed(p, OPT6_AFTR_NAME) > 0,
	    m.lease.aftr[0] != '\0', "%s", p->name);
}

static void
damaged(const struct packet *p)
{
	static uint8_t bytes[DHCP6_RECV_MAX];
	static struct dhcp6_msg m;
	static const uint8_t values[] = { 0, 1, 0x7f, 0x80, 0xff };
	size_t i, j, len = p->len;

	if (len > 400) /* the corpus' long ones are long lists of one kind */
		len = 400;
	memcpy(bytes, p->bytes, len);
	bytes[0] = DHCP6_REPLY;
	for (i = 0; i <= len; i++)
		(void)parse(bytes, i, &m);
	for (i = 4; i < len; i++) {
		for (j = 0; j < sizeof(values); j++) {
			bytes[i] = values[j];
			(void)parse(bytes, len, &m);
		}
		bytes[i] = p->bytes[i];
	}
}

TEST(corpus6_packets_are_judged_as_the_index_says,
    "D6-30, D6-31: real and malformed packets")
{
	corpus_each(tc, "dhcp6", PACKETS_MIN, as_it_is);
}

TEST(corpus6_damaged_packets_are_survived,
    "D6-30: cut and changed Replies; what is taken can be stored")
{
	corpus_each(tc, "dhcp6", PACKETS_MIN, damaged);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, corpus6_packets_are_judged_as_the_index_says);
	ATF_TP_ADD_TC(tp, corpus6_damaged_packets_are_survived);
	return atf_no_error();
}

/* SPDX-License-Identifier: ISC */
/*
 * Real DHCPv6 packets through the codec.  CORPUS names a directory with an
 * index.tsv (class, name, source, what it exercises, valid, expected) and
 * dhcp6/NAME.bin.  Also with the type of a Reply, cut at every length and with
 * every byte changed: nothing may crash, and what is accepted must be a lease
 * that can be written and read back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <atf-c.h>

#include "proto/dhcp6_check.h"
#include "proto/dhcp6_msg.h"
#include "proto/lease_dhcp6.h"

#define TEST(name, text)                                    \
	ATF_TC(name);                                       \
	ATF_TC_HEAD(name, tc)                               \
	{                                                   \
		atf_tc_set_md_var(tc, "descr", "%s", text); \
	}                                                   \
	ATF_TC_BODY(name, tc)

#define PACKET_MAX 70000
#define PACKETS_MIN 75 /* less than that is not the corpus */

struct packet {
	char name[160];
	char exercises[2048];
	char valid[256];
	uint8_t bytes[PACKET_MAX];
	size_t len;
};

typedef void packet_fn(const struct packet *);

/* CORPUS, or shared/corpus beside the source tree. */
static int
corpus_dir(const atf_tc_t *tc, char *dir, size_t size)
{
	const char *env = getenv("CORPUS");
	char index[1200], up[64] = "";
	int i;

	if (env != NULL) {
		strlcpy(dir, env, size);
		return access(dir, R_OK) == 0;
	}
	for (i = 0; i < 8; i++) {
		snprintf(dir, size, "%s/%sshared/corpus",
		    atf_tc_get_config_var_wd(tc, "srcdir", "."), up);
		snprintf(index, sizeof(index), "%s/index.tsv", dir);
		if (access(index, R_OK) == 0)
			return 1;
		strlcat(up, "../", sizeof(up));
	}
	return 0;
}

static void
load(const char *dir, struct packet *p)
{
	char path[1200];
	FILE *f;

	snprintf(path, sizeof(path), "%s/dhcp6/%s.bin", dir, p->name);
	f = fopen(path, "rb");
	ATF_REQUIRE_MSG(f != NULL, "%s", path);
	p->len = fread(p->bytes, 1, sizeof(p->bytes), f);
	fclose(f);
}

static void
for_each_packet(const atf_tc_t *tc, packet_fn *fn)
{
	static struct packet p;
	static char line[8192];
	char dir[1024], path[1200], *field[6], *s;
	unsigned int n = 0;
	size_t i;
	FILE *f;

	if (!corpus_dir(tc, dir, sizeof(dir)))
		atf_tc_skip("no corpus; CORPUS names it");
	snprintf(path, sizeof(path), "%s/index.tsv", dir);
	f = fopen(path, "r");
	ATF_REQUIRE_MSG(f != NULL, "%s", path);
	while (fgets(line, sizeof(line), f) != NULL) {
		s = line;
		for (i = 0; i < 6; i++)
			field[i] = s == NULL ? s : strsep(&s, "\t\n");
		if (field[4] == NULL || strcmp(field[0], "dhcp6") != 0)
			continue;
		strlcpy(p.name, field[1], sizeof(p.name));
		strlcpy(p.exercises, field[3], sizeof(p.exercises));
		strlcpy(p.valid, field[4], sizeof(p.valid));
		load(dir, &p);
		fn(&p);
		n++;
	}
	fclose(f);
	ATF_CHECK_MSG(n >= PACKETS_MIN, "only %u packets", n);
}

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

/* Is an option of the message itself in "... opts=2,1,25,(26,())"? */
static int
lists(const struct packet *p, unsigned int code)
{
	const char *s = strstr(p->exercises, " opts=");
	int depth = 0;
	char *end;

	for (s = s == NULL ? "" : s + 6; *s != '\0' && *s != ' ';) {
		if (*s >= '0' && *s <= '9') {
			if (strtoul(s, &end, 10) == code && depth == 0)
				return 1;
			s = end;
			continue;
		}
		depth += *s == '(' ? 1 : *s == ')' ? -1 : 0;
		s++;
	}
	return 0;
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
	else if (!lists(p, OPT6_SERVER_ID))
		ATF_CHECK_EQ_MSG(DHCP6_E_SERVER_ID, error, "%s", p->name);
	else if (strstr(p->exercises, "fuzz seed") == NULL)
		ATF_CHECK_EQ_MSG(DHCP6_OK, error, "%s: %d", p->name, error);
	if (error != DHCP6_OK)
		return;
	ATF_CHECK_EQ_MSG(lists(p, OPT6_IA_NA),
	    m.lease.naddrs > 0 || m.lease.ias[0].status != 0 || (m.ias & 1),
	    "%s", p->name);
	ATF_CHECK_EQ_MSG(
	    lists(p, OPT6_IA_PD), (m.ias & ~1U) != 0, "%s", p->name);
	ATF_CHECK_EQ_MSG(lists(p, OPT6_DNS_SERVERS), m.lease.dns.nservers > 0,
	    "%s", p->name);
	ATF_CHECK_EQ_MSG(
	    lists(p, OPT6_CLIENT_ID), m.client_id_len > 0, "%s", p->name);
	ATF_CHECK_EQ_MSG(lists(p, OPT6_RAPID_COMMIT),
	    (m.present & HAVE6_RAPID_COMMIT) != 0, "%s", p->name);
	ATF_CHECK_EQ_MSG(
	    lists(p, OPT6_AFTR_NAME), m.lease.aftr[0] != '\0', "%s", p->name);
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
	for_each_packet(tc, as_it_is);
}

TEST(corpus6_damaged_packets_are_survived,
    "D6-30: cut and changed Replies; what is taken can be stored")
{
	for_each_packet(tc, damaged);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, corpus6_packets_are_judged_as_the_index_says);
	ATF_TP_ADD_TC(tp, corpus6_damaged_packets_are_survived);
	return atf_no_error();
}

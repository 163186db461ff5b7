/* SPDX-License-Identifier: ISC */
/* When lease files are written, and which (store.c); on real files. */
#include <sys/stat.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "leasefile.h"
#include "parent.h"
#include "proto/lease.h"
#include "test.h"

static struct pif pif;
static struct conf_iface conf;

/* A managed interface in that network. */
static void
begin(const char *network)
{
	ATF_REQUIRE_EQ(0, mkdir("state", 0700));
	parent.statedir = open("state", O_RDONLY | O_DIRECTORY);
	ATF_REQUIRE(parent.statedir != -1);
	parent.peers[ROLE_ENGINE].closed = 1;
	pif.info.ifindex = 7;
	strlcpy(pif.info.name, "wlan0", sizeof(pif.info.name));
	pif.conf = &conf;
	pif.info.network_id_len = (uint8_t)strlen(network);
	memcpy(pif.info.network_id, network, strlen(network));
	TAILQ_INIT(&parent.ifaces);
	TAILQ_INSERT_TAIL(&parent.ifaces, &pif, entry);
}

/* The engine has this address in that network. */
static void
store(const char *addr, const char *network)
{
	struct ipc_store4 msg;

	memset(&msg, 0, sizeof(msg));
	msg.ifindex = 7;
	ATF_REQUIRE_EQ(1, inet_pton(AF_INET, addr, &msg.lease.addr));
	msg.lease.prefixlen = 24;
	msg.lease.server_id.s_addr = htonl(0xc0000201);
	msg.lease.lease_sec = 3600;
	msg.lease.t1_sec = 1800;
	msg.lease.t2_sec = 3150;
	msg.lease.network_id_len = (uint8_t)strlen(network);
	memcpy(msg.lease.network_id, network, strlen(network));
	store_lease4(&msg);
}

/* Is this address in the file of that network? */
static int
has(const char *network, const char *addr)
{
	static uint8_t text[LEASE_TEXT_MAX + 1];
	ssize_t n;

	memset(text, 0, sizeof(text));
	n = leasefile_read(parent.statedir, "wlan0", PROTO_DHCP4,
	    (const uint8_t *)network, strlen(network), text, sizeof(text) - 1);
	return n > 0 && strstr((char *)text, addr) != NULL;
}

TEST_ROOT(leases_are_written_once_a_second,
    "Y-07: the first at once, the newest when the second is over")
{
	int wait;

	begin("home");
	store("198.51.100.1", "home");
	ATF_CHECK_EQ(-1, store_write());
	ATF_CHECK(has("home", "198.51.100.1"));
	store("198.51.100.2", "home");
	store("198.51.100.3", "home");
	wait = store_write();
	ATF_CHECK_MSG(wait > 0 && wait <= 1000, "%d ms", wait);
	ATF_CHECK(has("home", "198.51.100.1"));
	store_flush();
	ATF_CHECK(has("home", "198.51.100.3"));
}

TEST_ROOT(leases_stay_in_their_network,
    "Y-24: a lease of the network before is not written into the file of the "
    "one the interface is in now")
{
	begin("work");
	store("198.51.100.1", "work");
	ATF_CHECK_EQ(-1, store_write());
	/* Said before the engine had heard of it. */
	store("198.51.100.2", "home");
	store_flush();
	ATF_CHECK(has("work", "198.51.100.1"));
	/* What waits is written before it is another. */
	store("198.51.100.3", "work");
	ATF_CHECK(store_write() > 0);
	store_flush_of(&pif);
	ATF_CHECK(has("work", "198.51.100.3"));
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, leases_are_written_once_a_second);
	ATF_TP_ADD_TC(tp, leases_stay_in_their_network);
	return atf_no_error();
}

/* SPDX-License-Identifier: ISC */
/*
 * Messages to the engine in an order that only two channels can bring about.
 * Its handlers are called as the dispatcher would; what it sends goes over a
 * real socket pair to an end that counts.
 */

#include "engine.c"

#include "ipc_harness.h"
#include "ra_builder.h"
#include "test.h"

#define IFINDEX 7

static unsigned int nrouters; /* messages that name some */
static struct ipc_routers routers;
static ipc_handler *table[MSG_MAX];
static struct end parent_end, frontend_end_;

static void
on_routers(struct ipc_peer *peer, const void *data, int fd)
{
	(void)peer;
	(void)fd;
	memcpy(&routers, data, sizeof(routers));
	nrouters += routers.n > 0;
}

/* A channel of the engine, and its other end. */
static void
connect_to(struct ipc_peer *peer, struct end *end, enum ipc_role role)
{
	int sv[2];

	sockets(sv);
	ATF_REQUIRE_EQ(0,
	    ipc_open(peer, base, sv[0], ROLE_ENGINE, role, 0, engine_handlers,
		0, 1, frontend_end, NULL));
	end_open(end, sv[1], role, ROLE_ENGINE, 0, table, 1);
}

/* An interface is managed, and started; its channels are not open yet. */
static void
manage(void)
{
	struct ipc_ifindex ifindex = { .ifindex = IFINDEX };
	static struct ipc_manage conf = { .ifindex = IFINDEX };
	struct ipc_interface iface;

	memset(&iface, 0, sizeof(iface));
	iface.iface.ifindex = IFINDEX;
	memcpy(iface.iface.name, "em0", 4);
	iface.iface.mtu = 1500;
	iface.iface.flags = IFACE_UP | IFACE_RUNNING | IFACE_ETHERNET;
	iface.iface.hwaddr_len = 6;
	conf_iface_defaults(&conf.conf);
	engine_on_manage(NULL, &conf, -1);
	engine_on_interface(NULL, &iface, -1);
	engine_on_start(NULL, &ifindex, -1);
}

static void
begin(void)
{
	start();
	memcpy(table, any_handlers, sizeof(table));
	table[MSG_ROUTERS] = on_routers;
	TAILQ_INIT(&engine.ifaces);
	engine.timer_ms = PROTO_NEVER;
	engine.child.base = base;
	connect_to(&engine.child.parent, &parent_end, ROLE_PARENT);
	connect_to(&engine.frontend, &frontend_end_, ROLE_FRONTEND);
	manage();
}

static void
opened(enum channel channel, int error)
{
	struct ipc_channel_state msg = {
		.ifindex = IFINDEX, .channel = channel, .error = (uint32_t)error
	};

	engine_on_opened(NULL, &msg, -1);
	pump(4);
}

/* A router advertisement, as it comes from the frontend. */
static void
advertise(void)
{
	static struct ipc_packet msg;
	struct ra ra;

	ra_begin(&ra, 1800, 0);
	ra_prefix(&ra, "2001:db8:1::", 64, PIO_LA, 86400, 43200);
	memset(&msg, 0, sizeof(msg));
	msg.ifindex = IFINDEX;
	msg.channel = CHANNEL_ND;
	msg.meta.src = ip6("fe80::1");
	msg.meta.hop_limit = 255;
	msg.len = (uint32_t)ra.len;
	memcpy(msg.data, ra.b, ra.len);
	engine_on_packet(NULL, &msg, -1);
	pump(4);
}

TEST(engine_names_the_routers_to_each_new_socket,
    "S-16: the frontend forgets them with a socket, and does not learn them "
    "before there is one")
{
	(void)tc;
	begin();
	opened(CHANNEL_RS, 0);
	opened(CHANNEL_ND, 0);
	ATF_CHECK_EQ(0, nrouters);
	advertise();
	ATF_CHECK_EQ(1, nrouters);
	advertise();
	ATF_CHECK_EQ(1, nrouters);
	opened(CHANNEL_ND, ENETDOWN);
	ATF_CHECK_EQ(1, nrouters);
	opened(CHANNEL_ND, 0);
	ATF_REQUIRE_EQ_MSG(2, nrouters, "%u", nrouters);
	ATF_CHECK_EQ(1, routers.n);
	ATF_CHECK_EQ(IFINDEX, routers.ifindex);
}

/* What the frontend and the parent said before they knew. */
static unsigned int nasked;

static void
on_asked(struct ipc_peer *peer, const void *data, int fd)
{
	(void)peer;
	(void)data;
	(void)fd;
	nasked++;
}

TEST(engine_asks_whether_a_socket_that_failed_is_open,
    "Y-01: the frontend's word that it is open was read before the "
    "parent's that an earlier attempt failed")
{
	struct ipc_socket_failed failed = { .ifindex = IFINDEX,
		.channel = CHANNEL_DHCP6,
		.error = EADDRNOTAVAIL };
	struct eif *eif;

	(void)tc;
	begin();
	pump(4);
	table[MSG_ASK] = on_asked;
	eif = eif_find(&engine, IFINDEX);
	opened(CHANNEL_DHCP6, 0);
	ATF_REQUIRE(eif->dhcp6.receive_open);
	engine_on_socket_failed(NULL, &failed, -1);
	pump(4);
	ATF_CHECK(!eif->dhcp6.receive_open);
	ATF_CHECK_EQ(0, nasked);
	failed.error = 0;
	engine_on_socket_failed(NULL, &failed, -1);
	pump(4);
	ATF_CHECK_EQ(1, nasked);
}

TEST(engine_ignores_what_is_late_about_an_interface,
    "Y-01, Y-10: messages that were under way when it was let go")
{
	struct ipc_unmanage gone = { .ifindex = IFINDEX };
	struct ipc_channel_state state = { .ifindex = IFINDEX };
	struct ipc_configured6 configured6 = { .ifindex = IFINDEX };
	struct ipc_configured4 configured4 = { .ifindex = IFINDEX };
	struct ipc_socket_failed failed = { .ifindex = IFINDEX };
	struct ipc_neighbor6 neighbor = { .ifindex = IFINDEX };
	static struct ipc_lease_file file = { .ifindex = IFINDEX };
	struct state6 state6 = { .ifindex = IFINDEX };
	struct ipc_addr4 addr4 = { .ifindex = IFINDEX };
	unsigned int channel;

	(void)tc;
	begin();
	opened(CHANNEL_ND, 0);
	engine_on_unmanage(NULL, &gone, -1);
	ATF_REQUIRE(TAILQ_EMPTY(&engine.ifaces));
	engine_on_unmanage(NULL, &gone, -1);
	for (channel = 0; channel < CHANNEL_MAX; channel++) {
		state.channel = failed.channel = channel;
		engine_on_opened(NULL, &state, -1);
		engine_on_sent(NULL, &state, -1);
		engine_on_socket_failed(NULL, &failed, -1);
	}
	advertise();
	engine_on_configured4(NULL, &configured4, -1);
	engine_on_configured6(NULL, &configured6, -1);
	engine_on_neighbor6(NULL, &neighbor, -1);
	engine_on_lease_file(NULL, &file, -1);
	engine_on_state6(NULL, &state6, -1);
	engine_on_gone4(NULL, &addr4, -1);
	engine_on_static4(NULL, &addr4, -1);
	engine_on_adopted4(NULL, &addr4, -1);
	pump(4);
	ATF_CHECK_EQ(0, engine.nifaces);
	ATF_CHECK_EQ(0, parent_end.ended + frontend_end_.ended);
	/* And with the index again, which a system may give to another. */
	manage();
	ATF_CHECK_EQ(1, engine.nifaces);
}

TEST(engine_that_stops_begins_nothing_anew,
    "Y-11: neither renew nor a link that comes, while leases are given back")
{
	struct ipc_request renew = { .client = 1 };
	struct ipc_interface iface;
	struct eif *eif;

	(void)tc;
	begin();
	opened(CHANNEL_RS, 0);
	opened(CHANNEL_ND, 0);
	advertise();
	eif = eif_find(&engine, IFINDEX);
	ATF_REQUIRE(eif != NULL && eif->slaac.config.naddrs > 0);
	engine_stop(&engine, 1);
	ATF_REQUIRE_EQ(0, do_chores(os_clock_ms()));
	ATF_CHECK_EQ(0, eif->slaac.config.naddrs);
	renew.req.command = CTL_CMD_RENEW;
	engine_on_request(NULL, &renew, -1);
	ATF_CHECK_EQ(0, eif->chores);
	ATF_REQUIRE_EQ(0, do_chores(os_clock_ms()));
	iface.iface = eif->iface;
	iface.iface.flags &= ~(uint32_t)IFACE_RUNNING;
	engine_on_interface(NULL, &iface, -1);
	iface.iface.flags |= IFACE_RUNNING;
	engine_on_interface(NULL, &iface, -1);
	engine_on_interface(NULL, &iface, -1);
	advertise();
	ATF_CHECK_EQ(0, eif->slaac.config.naddrs);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, engine_that_stops_begins_nothing_anew);
	ATF_TP_ADD_TC(tp, engine_names_the_routers_to_each_new_socket);
	ATF_TP_ADD_TC(tp, engine_asks_whether_a_socket_that_failed_is_open);
	ATF_TP_ADD_TC(tp, engine_ignores_what_is_late_about_an_interface);
	return atf_no_error();
}

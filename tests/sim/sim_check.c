/* SPDX-License-Identifier: ISC */
/* What must hold in the simulated world, whatever happens to it. */

#include <string.h>

#include "os/os.h"
#include "proto/lease_dhcp6.h"
#include "sim6.h"

#define SLACK4_MS 8000 /* an ACK's way, and rounding up to seconds */
#define AWAKE_MS 5000  /* after a suspend the engine has so long */
#define RETRY_MS 15000 /* what the kernel failed is asked for again */

/* Nothing runs, or has run long enough since it does. */
static int
is_away(const struct sim *sim)
{
	return !sim->running || sim->asleep > sim->now ||
	    sim->now < sim->woke + AWAKE_MS ||
	    sim->now < sim->behind + AWAKE_MS;
}

/* ---- after each event ---- */

static void
check_addrs4(struct sim_iface *iface)
{
	struct sim *sim = iface->sim;
	const struct sim_addr *a;
	uint64_t until;

	for (a = iface->addrs; a < iface->addrs + iface->naddrs; a++) {
		if (linklocal4_is(a->addr)) {
			if (!iface->conf.link_local)
				sim_fail(sim, iface, "link-local address");
			continue;
		}
		until = sim_granted_until(iface, a->addr);
		if (until == 0)
			sim_fail(sim, iface, "%s was never granted",
			    sim_text4(a->addr));
		if (until != PROTO_NEVER && sim->now > until + SLACK4_MS)
			sim_fail(sim, iface, "%s is %llu ms past its lease",
			    sim_text4(a->addr),
			    (unsigned long long)(sim->now - until));
	}
}

static void
check_until(struct sim_iface *iface, const struct in6_addr *addr,
    uint64_t valid_until, uint64_t granted)
{
	struct sim *sim = iface->sim;

	if (granted == 0)
		sim_fail(sim, iface, "%s was never granted", sim_text6(addr));
	if (granted == PROTO_NEVER)
		return;
	if (sim->now > granted + SIM_SLACK_MS(sim) ||
	    valid_until == PROTO_NEVER ||
	    valid_until > granted + SIM_SLACK_MS(sim))
		sim_fail(sim, iface,
		    "%s is valid until %llu, granted until %llu",
		    sim_text6(addr), (unsigned long long)valid_until,
		    (unsigned long long)granted);
}

static uint64_t
granted_of(struct sim_iface *iface, unsigned int p, const struct in6_addr *addr)
{
	const struct grant6 *g;

	if (p == PROTO_SLAAC)
		return sim_advertised_until(iface, addr);
	g = grant6_of(iface->sim, addr);
	return g != NULL ? g->until : 0;
}

/* A default route lasts as long as its router said, others as their prefix. */
static uint64_t
route_granted(struct sim_iface *iface, unsigned int p, const struct route6 *r)
{
	return p == PROTO_SLAAC && !IN6_IS_ADDR_UNSPECIFIED(&r->gateway)
	    ? iface->serves[r->gateway.s6_addr[15]]
	    : granted_of(iface, p, &r->dst);
}

static void
check_addrs6(struct sim_iface *iface)
{
	const struct sim_side6 *side;
	const struct sim_addr6 *a;
	const struct sim_route6 *r;
	unsigned int p;

	for (p = PROTO_SLAAC; p < PROTO_MAX; p++) {
		side = &iface->sides[p];
		for (a = side->addrs; a < side->addrs + side->naddrs; a++)
			check_until(iface, &a->wanted.addr, a->valid_until,
			    granted_of(iface, p, &a->wanted.addr));
		for (r = side->routes; r < side->routes + side->nroutes; r++)
			check_until(iface, &r->route.dst, r->valid_until,
			    route_granted(iface, p, &r->route));
	}
}

/* What was released is there no more, downstream neither. */
static void
check_released(struct sim_iface *iface)
{
	struct sim *sim = iface->sim;
	const struct sim_side6 *side = iface->sides;
	const struct sim_iface *down = &sim->ifaces[sim->nifaces - 1];
	const struct in6_addr *addr;
	size_t i;

	if (!iface->released || sim->now < iface->released_at + 1500)
		return;
	if (iface->naddrs > 0)
		sim_fail(sim, iface, "%s is there though released",
		    sim_text4(iface->addrs[0].addr));
	for (; side < iface->sides + PROTO_MAX; side++)
		if (side->naddrs + side->nroutes > 0)
			sim_fail(sim, iface, "%s is there though released",
			    side->naddrs > 0
				? sim_text6(&side->addrs[0].wanted.addr)
				: sim_text6(&side->routes[0].route.dst));
	side = &down->sides[PROTO_PD];
	/* What failed is tried again. */
	if (sim->now < down->failed + RETRY_MS)
		return;
	for (i = 0; i < side->naddrs; i++) {
		addr = &side->addrs[i].wanted.addr;
		if (addr->s6_addr[5] == iface->index)
			sim_fail(sim, iface, "%s is there though released",
			    sim_text6(addr));
	}
}

/* The file holds what is shown. */
void
sim_check_stored6(struct sim_iface *iface)
{
	static struct dhcp6_lease file, shown;
	const struct sim_file *on_disk = &iface->files[PROTO_DHCP6];
	const struct dhcp6 *d = &sim_eif(iface)->dhcp6;
	struct sim *sim = iface->sim;
	const char *why;
	unsigned int i;
	int line;

	dhcp6_snapshot(d, os_clock_ms(), &shown);
	if (shown.naddrs + shown.nprefixes == 0 || on_disk->coming > 0)
		return;
	/* What a first answer grants waits for the other IA's. */
	for (i = 0; !d->applied && i < DHCP6_IAS_MAX; i++)
		if (shown.ias[i].state == IA_CONFIRMING)
			return;
	if (on_disk->len == 0 ||
	    lease_dhcp6_parse(
		on_disk->text, on_disk->len, &file, &why, &line) == -1)
		sim_fail(sim, iface, "a lease is used that is not on disk");
	for (i = 0; i < shown.naddrs; i++)
		if (i >= file.naddrs ||
		    !IN6_ARE_ADDR_EQUAL(
			&shown.addrs[i].addr, &file.addrs[i].addr))
			sim_fail(sim, iface, "%s is not on disk",
			    sim_text6(&shown.addrs[i].addr));
	for (i = 0; i < shown.nprefixes; i++)
		if (i >= file.nprefixes ||
		    !IN6_ARE_ADDR_EQUAL(
			&shown.prefixes[i].prefix, &file.prefixes[i].prefix))
			sim_fail(sim, iface, "%s is not on disk",
			    sim_text6(&shown.prefixes[i].prefix));
}

/* What the engine believes, and when it will look again. */
static void
check_engine(struct sim_iface *iface, const struct eif *eif)
{
	const struct dhcp4 *d = &eif->dhcp4;
	struct sim *sim = iface->sim;
	uint64_t due;
	unsigned int p;

	for (p = PROTO_NONE + 1; p < PROTO_MAX; p++) {
		due = eif->machines[p].deadline;
		if (due != PROTO_NEVER)
			due += sim->uncounted;
		if (sim->timer > (due < sim->now ? sim->now : due))
			sim_fail(sim, iface,
			    "the timer is %llu ms too late for %u",
			    (unsigned long long)(sim->timer - due), p);
	}
	if (d->state == D4_BOUND && !d->has_lease)
		sim_fail(sim, iface, "bound to nothing");
	if (d->state == D4_BOUND && d->lease.lease_sec != LIFETIME_INFINITE &&
	    (d->when[TIMER_T1] == PROTO_NEVER ||
		d->when[TIMER_EXPIRE] == PROTO_NEVER))
		sim_fail(sim, iface, "bound, and nothing will renew it");
	if (sim->nevents % 16 == 0) /* it takes long */
		sim_check_stored6(iface);
}

int
sim_has_addr6(const struct sim_iface *iface, enum protocol protocol)
{
	const struct sim_side6 *side = &iface->sides[protocol];
	size_t i;

	for (i = 0; i < side->naddrs; i++)
		if (!side->addrs[i].tentative)
			return 1;
	return 0;
}

/* One that sees no trouble has what it has. */
static void
check_quiet(struct sim_iface *iface)
{
	const struct sim *sim = iface->sim;
	int complete = iface->naddrs > 0 && sim_has_addr6(iface, PROTO_SLAAC) &&
	    sim_has_addr6(iface, PROTO_DHCP6);

	if (iface->usable == 0 || sim->stopping) {
		iface->usable = 0;
		if (!complete || sim->stopping)
			return;
		iface->usable = sim->now;
		iface->kept = iface->addrs[0].addr;
	}
	if (!complete || sim_kernel_find(iface, iface->kept) == NULL)
		sim_fail(
		    iface->sim, iface, "the trouble of others has reached it");
}

void
sim_check(struct sim_iface *iface)
{
	const struct eif *eif;
	struct sim *sim = iface->sim;

	sim_kernel_expire(iface);
	if (is_away(sim))
		return;
	check_addrs4(iface);
	/* What the kernel failed to shorten after a suspend comes again. */
	if (sim->now > sim->woke + 60 * SIM_SEC ||
	    sim->now > iface->failed + RETRY_MS)
		check_addrs6(iface);
	check_released(iface);
	if (iface->quiet)
		check_quiet(iface);
	if ((eif = sim_eif(iface)) != NULL)
		check_engine(iface, eif);
}

/* ---- when something is sent ---- */

/* Did somebody ask for it, or open what it goes through? */
static int
is_excused(const struct sim_iface *iface)
{
	const struct sim *sim = iface->sim;

	return sim->now < iface->excused + 10 || sim->now < sim->behind + 100;
}

/* A release holds from when it is carried out. */
static int
is_released(const struct sim_iface *iface)
{
	return iface->released && !(sim_eif(iface)->chores & CHORE_RELEASE);
}

static uint8_t
type_of(const uint8_t *bootp, size_t len)
{
	size_t i = 240;

	while (i + 2 < len && bootp[i] != 255) {
		if (bootp[i] == 53)
			return bootp[i + 2];
		i += bootp[i] == 0 ? 1U : 2U + bootp[i + 1];
	}
	return 0;
}

/* No message more often than the RFC allows, and never a storm. */
static void
check_send4(struct sim_iface *iface, const uint8_t *bootp, size_t len)
{
	struct sim *sim = iface->sim;
	enum dhcp4_state state = sim_eif(iface)->dhcp4.state;
	uint64_t least = 1000;
	uint8_t type = type_of(bootp, len);
	uint32_t xid;

	memcpy(&xid, bootp + 4, 4);
	if (type == 0)
		sim_fail(sim, iface, "sent what has no type");
	sim_say(
	    sim, iface, "sends DHCPv4 %u in %s", type, dhcp4_state_name(state));
	if (is_released(iface) && type != 7)
		sim_fail(sim, iface, "DHCPv4 %u though released", type);
	if (state == D4_SELECTING || state == D4_REQUESTING ||
	    state == D4_REBOOTING)
		least = 3000;
	if (xid == iface->last4[type % 16].xid && !iface->refused &&
	    !is_excused(iface) &&
	    sim->now - iface->last4[type % 16].when < least)
		sim_fail(sim, iface, "DHCPv4 %u again after %llu ms", type,
		    (unsigned long long)(sim->now -
			iface->last4[type % 16].when));
	iface->refused = 0;
	iface->last4[type % 16].xid = xid;
	iface->last4[type % 16].when = sim->now;
	if (sim_rate(sim, &iface->sent4, 120, 60 * SIM_SEC))
		sim_fail(sim, iface, "DHCPv4: 120 messages in a minute");
}

/* RFC 9915 7.6 and 15, RFC 9686 4.5; only when somebody asked for it. */
static void
check_send6(struct sim_iface *iface, const struct ipc_packet *msg)
{
	static const uint32_t least[64] = { [1] = 900,
		[3] = 900,
		[4] = 900,
		[5] = 9000,
		[6] = 900,
		[8] = 900,
		[9] = 900,
		[11] = 900,
		[36] = 900 };
	const uint8_t *data = msg->data;
	struct sim *sim = iface->sim;
	uint32_t xid = (uint32_t)(data[1] << 16 | data[2] << 8 | data[3]);
	uint8_t type = data[0] & 63;

	sim_say(sim, iface, "sends DHCPv6 %u in %s", type,
	    dhcp6_state_name(sim_eif(iface)->dhcp6.state));
	if (is_released(iface) && type != 8)
		sim_fail(sim, iface, "DHCPv6 %u though released", type);
	if (IN6_IS_ADDR_UNSPECIFIED(&msg->key6) != (type != 36))
		sim_fail(sim, iface, "DHCPv6 %u from a strange address", type);
	/* The engine hears of a reload when it has read what waits. */
	if (type == 36 && !iface->conf.register_addr &&
	    !sim_eif(iface)->conf.register_addr)
		sim_fail(sim, iface, "registers what nobody wants to");
	if (type != 36 && type != 8 && iface->conf.dhcp6 == CONF_AUTO &&
	    iface->conf.nprefixes == 0 && iface->asked_for == 0)
		sim_fail(sim, iface, "DHCPv6 %u without being asked", type);
	if (iface->last6[type].when != 0 && iface->last6[type].xid == xid &&
	    !is_excused(iface) &&
	    sim->now - iface->last6[type].when < least[type])
		sim_fail(sim, iface, "DHCPv6 %u again after %llu ms", type,
		    (unsigned long long)(sim->now - iface->last6[type].when));
	iface->last6[type].xid = xid;
	iface->last6[type].when = sim->now;
	if (sim_rate(sim, &iface->sent6, 100, 60 * SIM_SEC))
		sim_fail(sim, iface, "DHCPv6: 100 messages in a minute");
}

void
sim_check_send(struct sim_iface *iface, const struct ipc_packet *msg)
{
	struct sim *sim = iface->sim;

	if (sim_eif(iface) == NULL)
		sim_fail(sim, iface, "sends on an interface that is gone");
	switch (msg->channel) {
	case CHANNEL_ARP:
		break;
	case CHANNEL_DHCP4:
		check_send4(iface, msg->data + 42, msg->len - 42);
		break;
	case CHANNEL_UDP4:
		check_send4(iface, msg->data, msg->len);
		break;
	case CHANNEL_DHCP6_SEND:
		check_send6(iface, msg);
		break;
	case CHANNEL_RS:
		sim_say(sim, iface, "sends RS");
		if (msg->len < 8 || msg->data[0] != 133)
			sim_fail(sim, iface, "sends what is no solicitation");
		if (is_released(iface))
			sim_fail(sim, iface, "RS though released");
		/* RFC 7559: 4 s, doubled; links and people may ask again. */
		if (sim_rate(sim, &iface->solicited, 32, 20 * SIM_SEC))
			sim_fail(sim, iface, "32 solicitations in 20 s");
		break;
	default:
		sim_fail(sim, iface, "sends on channel %u", msg->channel);
	}
}

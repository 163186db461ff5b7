/* SPDX-License-Identifier: ISC */
/* Which of several routes to one destination is installed: a small routing
 * table without metrics in the place of the kernel's. */

#include <sys/types.h>
#include <sys/socket.h>
#include <errno.h>
#include <string.h>

#include "os/route_choice.h"
#include "test.h"

/* ---- the kernel: one route, and what may be wrong ---- */

static struct {
	struct route_want route;
	int present;
	int foreign;	   /* somebody else's is there */
	int refuse;	   /* errno of an add by this interface ... */
	uint32_t ifindex;  /* ... or of any: 0 */
	int cannot_change; /* errno */
	int many;	   /* any number of routes: only count */
	int adds, changes, removes;
} kernel;

static int
refused(const struct route_want *want)
{
	return kernel.refuse != 0 &&
	    (kernel.ifindex == 0 || kernel.ifindex == want->ifindex);
}

static int
add(const struct route_want *want)
{
	if (refused(want))
		return kernel.refuse;
	if ((kernel.present && !kernel.many) || kernel.foreign)
		return EEXIST;
	kernel.route = *want;
	kernel.present = 1;
	kernel.adds++;
	return 0;
}

static int
change(const struct route_want *from, const struct route_want *want)
{
	if (kernel.cannot_change != 0)
		return kernel.cannot_change;
	if (refused(want))
		return kernel.refuse;
	ATF_CHECK(kernel.present);
	ATF_CHECK_EQ(kernel.route.ifindex, from->ifindex);
	kernel.route = *want;
	kernel.changes++;
	return 0;
}

static int
take(const struct route_want *want)
{
	ATF_CHECK_EQ(kernel.route.ifindex, want->ifindex);
	kernel.present = 0;
	kernel.removes++;
	return 0;
}

static int
check(const struct route_want *want)
{
	return kernel.present && kernel.route.ifindex == want->ifindex;
}

static const struct route_ops ops = { add, change, take, check };
static struct route_table table;

static void
begin(void)
{
	memset(&kernel, 0, sizeof(kernel));
	route_table_init(&table, &ops);
}

/* A default route by an interface. */
static struct route_want
by(uint32_t ifindex, uint32_t metric)
{
	struct route_want want;

	memset(&want, 0, sizeof(want));
	want.key.family = AF_INET;
	want.ifindex = ifindex;
	want.metric = metric;
	want.gateway[3] = (uint8_t)ifindex;
	return want;
}

static int
want(uint32_t ifindex, uint32_t metric)
{
	struct route_want w = by(ifindex, metric);

	return route_want(&table, &w);
}

static int
unwant(uint32_t ifindex)
{
	struct route_want w = by(ifindex, 0);

	return route_unwant(&table, &w);
}

/* The interface whose route is in the kernel; 0: none. */
static uint32_t
now(void)
{
	return kernel.present ? kernel.route.ifindex : 0;
}

TEST(route_choice_best_metric_is_installed,
    "Y-09: the best alone, whatever the order; the next when it goes")
{
	begin();
	ATF_CHECK_EQ(0, want(2, 200));
	ATF_CHECK_EQ(2, now());
	ATF_CHECK_EQ(0, want(3, 300));
	ATF_CHECK_EQ(2, now());
	ATF_CHECK_EQ(0, want(1, 100));
	ATF_CHECK_EQ(1, now());
	ATF_CHECK_EQ(0, unwant(3));
	ATF_CHECK_EQ(1, now());
	ATF_CHECK_EQ(0, unwant(1));
	ATF_CHECK_EQ(2, now());
	ATF_CHECK_EQ(0, unwant(2));
	ATF_CHECK_EQ(0, now());
	ATF_CHECK_EQ(0, unwant(2));
	/* In place: at no moment without a route. */
	ATF_CHECK_EQ(1, kernel.adds);
	ATF_CHECK_EQ(2, kernel.changes);
	ATF_CHECK_EQ(1, kernel.removes);
}

TEST(route_choice_without_change_in_place,
    "Y-09: a kernel that cannot change a route gets remove and add")
{
	begin();
	kernel.cannot_change = ENOTSUP;
	ATF_CHECK_EQ(0, want(2, 200));
	ATF_CHECK_EQ(0, want(1, 100));
	ATF_CHECK_EQ(1, now());
	ATF_CHECK_EQ(0, unwant(1));
	ATF_CHECK_EQ(2, now());
	ATF_CHECK_EQ(3, kernel.adds);
}

TEST(route_choice_replaced_is_not_removed,
    "Y-09: who moves a route to another metric and then removes it with the "
    "old one, as on a table with metrics, keeps it")
{
	struct route_want old = by(1, 100);

	begin();
	ATF_CHECK_EQ(0, want(1, 100));
	ATF_CHECK_EQ(0, want(1, 300));
	ATF_CHECK_EQ(0, route_unwant(&table, &old));
	ATF_CHECK_EQ(1, now());
	old.metric = 300;
	ATF_CHECK_EQ(0, route_unwant(&table, &old));
	ATF_CHECK_EQ(0, now());
}

TEST(route_choice_preference_may_change,
    "Y-09: a reload with another preference moves the default route")
{
	begin();
	ATF_CHECK_EQ(0, want(1, 100));
	ATF_CHECK_EQ(0, want(2, 200));
	ATF_CHECK_EQ(0, want(1, 300));
	ATF_CHECK_EQ(2, now());
	ATF_CHECK_EQ(0, want(2, 400));
	ATF_CHECK_EQ(1, now());
	ATF_CHECK_EQ(2, table.n);
}

TEST(route_choice_leaves_a_foreign_route,
    "Y-09, Y-26: the administrator's route stays; ours waits for its end")
{
	struct route_want w;

	begin();
	kernel.foreign = 1;
	ATF_CHECK_EQ(0, want(1, 100));
	ATF_CHECK_EQ(0, now());
	ATF_CHECK_EQ(0, kernel.adds);
	w = by(1, 100);
	ATF_CHECK(route_wanted(&table, &w.key, 1));
	ATF_CHECK(route_waits(&table, &w));
	kernel.foreign = 0;
	route_verify(&table, NULL);
	ATF_CHECK_EQ(1, now());
	ATF_CHECK(!route_waits(&table, &w));
	w.ifindex = 9;
	ATF_CHECK(!route_waits(&table, &w));
}

TEST(route_choice_refused_by_the_kernel,
    "Y-09: an error is returned, and who was there stays")
{
	begin();
	ATF_CHECK_EQ(0, want(2, 200));
	kernel.refuse = ENETUNREACH;
	kernel.ifindex = 1;
	ATF_CHECK_EQ(ENETUNREACH, want(1, 100));
	ATF_CHECK_EQ(2, now());
	ATF_CHECK_EQ(1, table.n);
	kernel.cannot_change = ENOTSUP;
	ATF_CHECK_EQ(ENETUNREACH, want(1, 100));
	ATF_CHECK_EQ(2, now());
}

static int told;
static uint32_t told_ifindex;

static void
gone(const struct route_want *w)
{
	told++;
	told_ifindex = w->ifindex;
	/* What the parent does: ask for it again, or for another. */
	ATF_CHECK_EQ(0, want(w->ifindex, 500));
}

TEST(route_choice_removed_by_somebody_is_told,
    "Y-09: the next takes over, and the event may ask for it again")
{
	begin();
	ATF_CHECK_EQ(0, want(1, 100));
	ATF_CHECK_EQ(0, want(2, 200));
	route_verify(&table, gone);
	ATF_CHECK_EQ(0, told);
	kernel.present = 0;
	route_verify(&table, gone);
	ATF_CHECK_EQ(1, told);
	ATF_CHECK_EQ(1, told_ifindex);
	ATF_CHECK_EQ(2, now());
	ATF_CHECK_EQ(2, table.n);
}

TEST(route_choice_interface_gone,
    "Y-01, Y-09: its routes went with it; the next takes over")
{
	begin();
	ATF_CHECK_EQ(0, want(1, 100));
	ATF_CHECK_EQ(0, want(2, 200));
	kernel.present = 0;
	route_forget(&table, 1);
	ATF_CHECK_EQ(2, now());
	ATF_CHECK_EQ(0, kernel.removes);
	route_forget(&table, 2);
	ATF_CHECK_EQ(0, table.n);
}

TEST(route_choice_of_each_destination,
    "Y-09, Y-02: by FIB, family, prefix and length; what is asked for is found")
{
	struct route_want w[5];
	size_t i, k;

	begin();
	kernel.many = 1;
	for (i = 0; i < 5; i++)
		w[i] = by(1, 100);
	w[1].key.fib = 1;
	w[2].key.family = AF_INET6;
	w[3].key.prefixlen = 1;
	w[4].key.dst[15] = 1;
	for (i = 0; i < 5; i++) {
		for (k = i; k < 5; k++)
			ATF_CHECK(!route_wanted(&table, &w[k].key, 0));
		ATF_CHECK_EQ(0, route_want(&table, &w[i]));
		ATF_CHECK_EQ((int)i + 1, kernel.adds);
		ATF_CHECK(route_wanted(&table, &w[i].key, 0));
		ATF_CHECK(route_wanted(&table, &w[i].key, 1));
		ATF_CHECK(!route_wanted(&table, &w[i].key, 2));
	}
	ATF_CHECK_EQ(0, kernel.changes);
}

TEST(route_choice_without_a_link_comes_last,
    "Y-09: the next takes over when the link goes, and gives back; never none")
{
	begin();
	ATF_CHECK_EQ(0, want(1, 100));
	ATF_CHECK_EQ(0, want(2, 200));
	route_link(&table, 1, 0);
	ATF_CHECK_EQ(2, now());
	route_link(&table, 2, 0);
	ATF_CHECK_EQ(1, now());
	route_link(&table, 2, 1);
	ATF_CHECK_EQ(2, now());
	route_link(&table, 1, 1);
	ATF_CHECK_EQ(1, now());
	ATF_CHECK_EQ(1, kernel.adds);
	ATF_CHECK_EQ(0, kernel.removes);
}

TEST(route_choice_same_gateway_and_metric,
    "Y-09: by two interfaces; who came first stays")
{
	struct route_want a = by(1, 100), b = by(2, 100);

	begin();
	memcpy(b.gateway, a.gateway, sizeof(b.gateway));
	ATF_CHECK_EQ(0, route_want(&table, &a));
	ATF_CHECK_EQ(0, route_want(&table, &b));
	ATF_CHECK_EQ(2, table.n);
	ATF_CHECK_EQ(1, now());
	ATF_CHECK_EQ(0, route_unwant(&table, &a));
	ATF_CHECK_EQ(2, now());
}

TEST(route_choice_change_that_fails,
    "Y-09: the error is returned, and it is tried again when something changes")
{
	struct route_want w = by(1, 100);

	begin();
	kernel.cannot_change = ENOTSUP;
	ATF_CHECK_EQ(0, route_want(&table, &w));
	w.mtu = 1400;
	kernel.refuse = ENETUNREACH;
	ATF_CHECK_EQ(ENETUNREACH, route_want(&table, &w));
	ATF_CHECK_EQ(0, now());
	kernel.refuse = 0;
	route_verify(&table, NULL);
	ATF_CHECK_EQ(1, now());
	ATF_CHECK_EQ(1400, kernel.route.mtu);
	/* Somebody put his own in between: it stays. */
	w.mtu = 1300;
	kernel.foreign = 1;
	ATF_CHECK_EQ(0, route_want(&table, &w));
	ATF_CHECK_EQ(0, now());
	kernel.foreign = 0;
	route_verify(&table, NULL);
	ATF_CHECK_EQ(1, now());
}

TEST(route_choice_adopts,
    "Y-10: what a former daemon installed is changed, not added again")
{
	struct route_want w = by(2, 200);

	begin();
	kernel.route = w;
	kernel.present = 1;
	ATF_CHECK_EQ(0, route_adopt(&table, &w));
	ATF_CHECK_EQ(0, want(2, 200));
	ATF_CHECK_EQ(0, kernel.adds);
	ATF_CHECK_EQ(0, want(1, 100));
	ATF_CHECK_EQ(1, now());
	ATF_CHECK_EQ(1, kernel.changes);
}

TEST(route_choice_mtu_follows,
    "S-11: the MTU of all routes of an interface changes in place")
{
	struct route_want w = by(1, 100);

	begin();
	ATF_CHECK_EQ(0, route_want(&table, &w));
	ATF_CHECK_EQ(0, want(2, 200));
	route_set_mtu(&table, 1, AF_INET6, 0, 1400);
	ATF_CHECK_EQ(0, kernel.changes);
	route_set_mtu(&table, 1, AF_INET, 0, 1400);
	ATF_CHECK_EQ(1400, kernel.route.mtu);
	route_set_mtu(&table, 1, AF_INET, 1400, 0);
	ATF_CHECK_EQ(0, kernel.route.mtu);
	w.mtu = 1300;
	ATF_CHECK_EQ(0, route_want(&table, &w));
	ATF_CHECK_EQ(1300, kernel.route.mtu);
	ATF_CHECK_EQ(3, kernel.changes);
	/* Another's is not touched. */
	route_set_mtu(&table, 1, AF_INET, 0, 1280);
	ATF_CHECK_EQ(1300, kernel.route.mtu);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, route_choice_best_metric_is_installed);
	ATF_TP_ADD_TC(tp, route_choice_replaced_is_not_removed);
	ATF_TP_ADD_TC(tp, route_choice_without_change_in_place);
	ATF_TP_ADD_TC(tp, route_choice_preference_may_change);
	ATF_TP_ADD_TC(tp, route_choice_leaves_a_foreign_route);
	ATF_TP_ADD_TC(tp, route_choice_refused_by_the_kernel);
	ATF_TP_ADD_TC(tp, route_choice_removed_by_somebody_is_told);
	ATF_TP_ADD_TC(tp, route_choice_interface_gone);
	ATF_TP_ADD_TC(tp, route_choice_of_each_destination);
	ATF_TP_ADD_TC(tp, route_choice_without_a_link_comes_last);
	ATF_TP_ADD_TC(tp, route_choice_same_gateway_and_metric);
	ATF_TP_ADD_TC(tp, route_choice_change_that_fails);
	ATF_TP_ADD_TC(tp, route_choice_adopts);
	ATF_TP_ADD_TC(tp, route_choice_mtu_follows);

	return atf_no_error();
}

/* SPDX-License-Identifier: ISC */
/* The choice among routes to one destination; see route_choice.h. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../compat/compat.h"
#include "route_choice.h"

static int
same_key(const struct route_key *a, const struct route_key *b)
{
	return a->fib == b->fib && a->family == b->family &&
	    a->prefixlen == b->prefixlen &&
	    memcmp(a->dst, b->dst, sizeof(a->dst)) == 0;
}

/* The same route; metric, MTU and source may differ. */
static int
same(const struct route_want *a, const struct route_want *b)
{
	return same_key(&a->key, &b->key) && a->ifindex == b->ifindex &&
	    memcmp(a->gateway, b->gateway, sizeof(a->gateway)) == 0;
}

static struct route_choice *
find(const struct route_table *t, const struct route_want *want)
{
	struct route_choice *c;

	TAILQ_FOREACH (c, &t->choices, entry) {
		if (same(&c->want, want))
			return c;
	}
	return NULL;
}

static struct route_choice *
installed(const struct route_table *t, const struct route_key *key)
{
	struct route_choice *c;

	TAILQ_FOREACH (c, &t->choices, entry) {
		if (c->installed && same_key(&c->want.key, key))
			return c;
	}
	return NULL;
}

/* The list is in the order of metrics: the first that has a link is the best,
 * and without any link the first. */
static struct route_choice *
best(const struct route_table *t, const struct route_key *key)
{
	struct route_choice *c, *first = NULL;

	TAILQ_FOREACH (c, &t->choices, entry) {
		if (!same_key(&c->want.key, key))
			continue;
		if (!c->want.no_link)
			return c;
		if (first == NULL)
			first = c;
	}
	return first;
}

static void
put(struct route_table *t, struct route_choice *c)
{
	struct route_choice *after;

	TAILQ_FOREACH (after, &t->choices, entry) {
		if (after->want.metric > c->want.metric) {
			TAILQ_INSERT_BEFORE(after, c, entry);
			return;
		}
	}
	TAILQ_INSERT_TAIL(&t->choices, c, entry);
}

static void
drop(struct route_table *t, struct route_choice *c)
{
	TAILQ_REMOVE(&t->choices, c, entry);
	t->n--;
	free(c);
}

/* Put b in the place of a; when the kernel cannot in one step, in two. */
static int
replace(
    struct route_table *t, struct route_choice *a, const struct route_want *b)
{
	int error = t->ops->change(&a->want, b);

	if (error == 0)
		return 0;
	(void)t->ops->remove(&a->want);
	a->installed = 0;
	return t->ops->add(b);
}

/* Bring the kernel to the best of a destination.  A foreign route to it is
 * left alone (EEXIST): ours waits. */
static int
settle(struct route_table *t, const struct route_key *key)
{
	struct route_choice *want = best(t, key), *have = installed(t, key);
	int error;

	if (want == NULL || want == have)
		return 0;
	if (have == NULL)
		error = t->ops->add(&want->want);
	else
		error = replace(t, have, &want->want);
	if (error == 0) {
		if (have != NULL)
			have->installed = 0;
		want->installed = 1;
	}
	return error == EEXIST ? 0 : error;
}

void
route_table_init(struct route_table *t, const struct route_ops *ops)
{
	TAILQ_INIT(&t->choices);
	t->ops = ops;
	t->n = 0;
}

/* An installed one that changes in place. */
static int
update(struct route_table *t, struct route_choice *c,
    const struct route_want *want)
{
	int error = 0,
	    differs = c->want.mtu != want->mtu ||
	    memcmp(c->want.source, want->source, sizeof(want->source)) != 0;

	if (c->installed && differs) {
		error = replace(t, c, want);
		c->installed = error == 0;
	}
	c->want = *want;
	TAILQ_REMOVE(&t->choices, c, entry);
	put(t, c);
	return error == EEXIST ? 0 : error;
}

int
route_want(struct route_table *t, const struct route_want *want)
{
	struct route_key key = want->key;
	struct route_choice *c = find(t, want), *have;
	int error;

	if (c != NULL) {
		if ((error = update(t, c, want)) != 0)
			return error;
		return settle(t, &key);
	}
	if (t->n >= ROUTE_CHOICES_MAX)
		return ENOBUFS;
	if ((c = calloc(1, sizeof(*c))) == NULL)
		return ENOMEM;
	c->want = *want;
	put(t, c);
	t->n++;
	if ((error = settle(t, &key)) == 0)
		return 0;
	/* The kernel does not take it: whoever was there goes on. */
	drop(t, c);
	if ((have = installed(t, &key)) == NULL)
		(void)settle(t, &key);
	return error;
}

int
route_unwant(struct route_table *t, const struct route_want *want)
{
	struct route_choice *c = find(t, want), *next;
	struct route_key key = want->key;
	int error = 0;

	/* With another metric it is wanted anew: that one stays. */
	if (c == NULL || (want->metric != 0 && c->want.metric != want->metric))
		return 0;
	if (c->installed) {
		TAILQ_REMOVE(&t->choices, c, entry);
		next = best(t, &key);
		if (next != NULL && t->ops->change(&c->want, &next->want) == 0)
			next->installed = 1;
		else
			error = t->ops->remove(&c->want);
		TAILQ_INSERT_TAIL(&t->choices, c, entry);
	}
	drop(t, c);
	(void)settle(t, &key);
	return error;
}

int
route_adopt(struct route_table *t, const struct route_want *want)
{
	struct route_choice *c = find(t, want);

	if (c == NULL) {
		if (t->n >= ROUTE_CHOICES_MAX ||
		    (c = calloc(1, sizeof(*c))) == NULL)
			return ENOMEM;
		c->want = *want;
		put(t, c);
		t->n++;
	}
	c->installed = 1;
	return 0;
}

void
route_forget(struct route_table *t, uint32_t ifindex)
{
	struct route_choice *c, *next;
	struct route_key key;
	int was;

	/* _SAFE: drop() frees it; settle() frees none. */
	TAILQ_FOREACH_SAFE (c, &t->choices, entry, next) {
		if (c->want.ifindex != ifindex)
			continue;
		key = c->want.key;
		was = c->installed;
		drop(t, c);
		if (was)
			(void)settle(t, &key);
	}
}

void
route_link(struct route_table *t, uint32_t ifindex, int up)
{
	struct route_choice *c;

	TAILQ_FOREACH (c, &t->choices, entry) {
		if (c->want.ifindex == ifindex)
			c->want.no_link = !up;
	}
	/* settle() neither adds nor frees. */
	TAILQ_FOREACH (c, &t->choices, entry) {
		if (c->want.ifindex == ifindex)
			(void)settle(t, &c->want.key);
	}
}

int
route_waits(const struct route_table *t, const struct route_want *want)
{
	return find(t, want) != NULL && installed(t, &want->key) == NULL;
}

int
route_wanted(
    const struct route_table *t, const struct route_key *key, uint32_t ifindex)
{
	struct route_choice *c;

	TAILQ_FOREACH (c, &t->choices, entry) {
		if (same_key(&c->want.key, key) &&
		    (ifindex == 0 || c->want.ifindex == ifindex))
			return 1;
	}
	return 0;
}

void
route_verify(struct route_table *t, void (*gone)(const struct route_want *))
{
	struct route_choices lost = TAILQ_HEAD_INITIALIZER(lost);
	struct route_choice *c, *next;

	/* A list of their own: gone() may want and unwant routes. */
	TAILQ_FOREACH_SAFE (c, &t->choices, entry, next) {
		if (!c->installed || t->ops->check(&c->want))
			continue;
		TAILQ_REMOVE(&t->choices, c, entry);
		t->n--;
		TAILQ_INSERT_TAIL(&lost, c, entry);
	}
	/* settle() neither adds nor frees. */
	TAILQ_FOREACH (c, &t->choices, entry) {
		if (installed(t, &c->want.key) == NULL)
			(void)settle(t, &c->want.key);
	}
	while ((c = TAILQ_FIRST(&lost)) != NULL) {
		TAILQ_REMOVE(&lost, c, entry);
		gone(&c->want);
		free(c);
	}
}

void
route_set_mtu(struct route_table *t, uint32_t ifindex, uint8_t family,
    uint32_t from, uint32_t mtu)
{
	struct route_choice *c;
	struct route_want want;

	TAILQ_FOREACH (c, &t->choices, entry) {
		if (c->want.ifindex != ifindex ||
		    c->want.key.family != family || c->want.mtu != from)
			continue;
		want = c->want;
		want.mtu = mtu;
		if (c->installed)
			c->installed = replace(t, c, &want) == 0;
		c->want = want;
	}
}

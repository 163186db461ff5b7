/* SPDX-License-Identifier: ISC */
/*
 * How long the system slept.  Where os_clock_ms() does not count sleep
 * (FreeBSD), only the wall clock knows; it is asked for nothing else (D4-29).
 */
#ifndef LEASED_SUSPEND_H
#define LEASED_SUSPEND_H

#include <stdint.h>

/* One moment by both clocks.  wall_sec 0: none. */
struct suspend_mark {
	uint64_t wall_sec;
	uint64_t clock_ms;
};

/*
 * Seconds slept between two moments: what the wall clock counted more than
 * the other one.  0 when it counted less, as after it was set back.
 */
uint32_t
suspend_slept(const struct suspend_mark *from, const struct suspend_mark *to);

#endif

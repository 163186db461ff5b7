/* SPDX-License-Identifier: ISC */
/* How long the system slept, see suspend.h. */

#include "suspend.h"

uint32_t
suspend_slept(const struct suspend_mark *from, const struct suspend_mark *to)
{
	uint64_t wall, awake;

	if (from->wall_sec == 0 || to->wall_sec < from->wall_sec ||
	    to->clock_ms < from->clock_ms)
		return 0;
	wall = to->wall_sec - from->wall_sec;
	awake = (to->clock_ms - from->clock_ms) / 1000;
	if (wall <= awake)
		return 0;
	return wall - awake > UINT32_MAX ? UINT32_MAX
					 : (uint32_t)(wall - awake);
}

/* SPDX-License-Identifier: ISC */
/* Where things are on Linux (FHS 3.0; leased(8) FILES). */

#include "../os.h"

const char os_default_conf[] = "/etc/leased.conf";
const char os_default_pidfile[] = "/run/leased/pid";
const char os_default_socket[] = "/run/leased/sock";
const char os_default_statedir[] = "/var/lib/leased";
const char os_empty_dir[] = "/var/lib/leased-empty";

/* SPDX-License-Identifier: ISC */
/* Where things are on FreeBSD (hier(7); leased(8) FILES). */

#include "../os.h"

#ifndef LEASED_PREFIX
#define LEASED_PREFIX "/usr/local"
#endif

const char os_default_conf[] = LEASED_PREFIX "/etc/leased.conf";
const char os_default_pidfile[] = "/var/run/leased.pid";
const char os_default_socket[] = "/var/run/leased.sock";
const char os_default_statedir[] = "/var/db/leased";
const char os_empty_dir[] = "/var/empty";

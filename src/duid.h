/* SPDX-License-Identifier: ISC */
/*
 * The host's DUID (RFC 9915 11), made once and kept in the state directory:
 * `duid` (uuid), `duid.llt`, `duid.ll`.  It stays when the network hardware
 * that it was made of is replaced, as it must.
 */
#ifndef LEASED_DUID_H
#define LEASED_DUID_H

#include "conf.h"

/*
 * Fill conf's duid: the configured bytes; or the one from the state directory,
 * made when there is none.  mac: six bytes of an Ethernet interface, NULL when
 * the host has none: a DUID-UUID (RFC 6355) is made and kept for llt and ll,
 * too.  wall_sec: since the epoch.  0, or errno when it could not be kept (it
 * is valid all the same, until the process ends).
 */
int duid_load(int statedir, struct conf_global *conf, const uint8_t *mac,
    uint64_t wall_sec);
/* 1: llt or ll is configured, and a DUID-UUID is used. */
int duid_is_substitute(const struct conf_global *conf);

#endif

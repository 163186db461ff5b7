/* SPDX-License-Identifier: ISC */
/* The host's DUID (RFC 9915 11), made once and kept in the state directory. */
#ifndef LEASED_DUID_H
#define LEASED_DUID_H

#include "conf.h"

/*
 * Fill conf's duid: the configured bytes, or a DUID-UUID (RFC 6355) from the
 * state directory, made when there is none.  0, or -1 when it could not be
 * kept (it is valid all the same).
 */
int duid_load(int statedir, struct conf_global *conf);

#endif

/* SPDX-License-Identifier: ISC */
/* The secret key of stable addresses (RFC 7217 5), kept in the state
 * directory. */
#ifndef LEASED_SECRET_H
#define LEASED_SECRET_H

#include "wire6.h"

/*
 * Read the secret, or make it, once.  0, or the errno for which it could not
 * be kept: it is there, but lasts until restart.  EINVAL: the file was no
 * secret, or others could read it, and was replaced.
 */
int secret_load(int statedir, uint8_t secret[SECRET_SIZE]);

#endif

/* SPDX-License-Identifier: ISC */
/*
 * Where the systems differ in what they call the same thing.  On Linux the BSD
 * functions themselves come from libbsd's overlay of the ordinary headers
 * (pkg-config libbsd-overlay), so that no other file needs to know.
 */
#ifndef LEASED_COMPAT_H
#define LEASED_COMPAT_H

#include <sys/types.h>
#include <sys/queue.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __FreeBSD__
#include <sys/endian.h>
#else
#include <endian.h>
#endif

#endif

/* SPDX-License-Identifier: ISC */
/* Lease files in the state directory: written and read raw by the parent,
 * parsed by the engine (proto/lease.h). */
#ifndef LEASED_LEASEFILE_H
#define LEASED_LEASEFILE_H

#include "wire.h"

/*
 * Write a file of the state directory: temporary file, fsync, rename, fsync of
 * the directory.  0 or errno.
 */
int leasefile_replace(int dirfd, const char *name, const void *, size_t len);
/* As leasefile_read, of any file of the state directory. */
ssize_t leasefile_load(int dirfd, const char *name, uint8_t *, size_t max);
/*
 * Write a lease for an interface, network (SSID or none) and protocol,
 * as leasefile_replace.  Of more networks than LEASEFILE_NETWORKS_MAX the one
 * whose file is the oldest is forgotten.
 */
#define LEASEFILE_NETWORKS_MAX 64
int leasefile_write(int dirfd, const char *ifname, enum protocol,
    const uint8_t *network_id, size_t network_id_len, const char *text,
    size_t len);
/* Read at most max bytes; returns the length, 0 if there is none, -1 and errno:
 * EFBIG: the file is longer; EPERM: not root's, or others may write it;
 * EINVAL: not a regular file; ELOOP (FreeBSD EMLINK): a symbolic link. */
ssize_t leasefile_read(int dirfd, const char *ifname, enum protocol,
    const uint8_t *network_id, size_t network_id_len, uint8_t *, size_t max);
/* 0 or errno, ENOENT if there was none. */
int leasefile_remove(int dirfd, const char *ifname, enum protocol,
    const uint8_t *network_id, size_t network_id_len);

#endif

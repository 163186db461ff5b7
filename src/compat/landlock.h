/* SPDX-License-Identifier: ISC */
/*
 * landlock(7) for systems whose linux/landlock.h is older than their kernel:
 * the rights as bits by ABI, and the structs as far as they are used.
 */
#ifndef LEASED_COMPAT_LANDLOCK_H
#define LEASED_COMPAT_LANDLOCK_H

#include <stdint.h>

/* ABI 1 (Linux 5.13) */
#define LL_EXECUTE (1ULL << 0)
#define LL_WRITE_FILE (1ULL << 1)
#define LL_READ_FILE (1ULL << 2)
#define LL_READ_DIR (1ULL << 3)
#define LL_REMOVE_DIR (1ULL << 4)
#define LL_REMOVE_FILE (1ULL << 5)
#define LL_MAKE_CHAR (1ULL << 6)
#define LL_MAKE_DIR (1ULL << 7)
#define LL_MAKE_REG (1ULL << 8)
#define LL_MAKE_SOCK (1ULL << 9)
#define LL_MAKE_FIFO (1ULL << 10)
#define LL_MAKE_BLOCK (1ULL << 11)
#define LL_MAKE_SYM (1ULL << 12)
#define LL_REFER (1ULL << 13)	  /* ABI 2, Linux 5.19 */
#define LL_TRUNCATE (1ULL << 14)  /* ABI 3, Linux 6.2 */
#define LL_IOCTL_DEV (1ULL << 15) /* ABI 5, Linux 6.10 */

#define LL_NET_BIND_TCP (1ULL << 0) /* ABI 4, Linux 6.7 */
#define LL_NET_CONNECT_TCP (1ULL << 1)

#define LL_SCOPE_ABSTRACT_UNIX (1ULL << 0) /* ABI 6, Linux 6.12 */
#define LL_SCOPE_SIGNAL (1ULL << 1)

#define LL_CREATE_RULESET_VERSION 1U
#define LL_RULE_PATH_BENEATH 1

/* The kernel takes a longer struct than it knows when the rest is 0. */
struct ll_ruleset_attr {
	uint64_t handled_access_fs;
	uint64_t handled_access_net;
	uint64_t scoped;
};

struct ll_path_beneath_attr {
	uint64_t allowed_access;
	int32_t parent_fd;
} __attribute__((packed));

/* One number on every architecture. */
#define LL_SYS_CREATE_RULESET 444
#define LL_SYS_ADD_RULE 445
#define LL_SYS_RESTRICT_SELF 446

#endif

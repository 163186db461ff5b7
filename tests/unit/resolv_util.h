/* SPDX-License-Identifier: ISC */
/* An /etc of one's own, and entries of resolv.conf. */
#ifndef RESOLV_UTIL_H
#define RESOLV_UTIL_H

#include <sys/types.h>

#include "resolv.h"

#define FILE_NAME "/etc/resolv.conf"
#define SAVED_NAME FILE_NAME ".leased-saved"
#define FAKE "/etc/fake-resolvconf"

void private_etc(void);
void put_file(const char *path, const char *text, mode_t mode);
/* The file's text, or "(none)". */
const char *get_file(const char *path);
void add_server(struct dns_set *dns, const char *text);
void add_search(struct dns_set *dns, const char *text);

#endif

/* SPDX-License-Identifier: ISC */
/* Between show.c (IPv4, and what is of no family) and show6.c. */
#ifndef LEASECTL_SHOW_H
#define LEASECTL_SHOW_H

#include "ctl.h"

/* "  label          text" */
void show_row(FILE *, const char *label, const char *, ...)
    __attribute__((format(printf, 3, 4)));
void show_string(FILE *, const char *label, const char *, size_t max);
void show_blob(FILE *, const char *label, const uint8_t *, size_t);
/* The head of an event's line, up to its name. */
void show_event_head(FILE *, uint32_t high, uint32_t low, const char *ifname,
    size_t max, uint32_t protocol, uint32_t event);
void show_reason(FILE *, const char *, size_t max);

void show6_addrs(struct output *, const struct ipc_show_addrs *);
void show6_slaac(struct output *, const struct ipc_show_slaac *);
void show6_dhcp6(struct output *, const struct ipc_show_dhcp6 *);
void show6_prefixes(struct output *, const struct ipc_show_prefixes *);
void show6_event(struct output *, const struct ipc_event6 *);

#endif

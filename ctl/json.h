/* SPDX-License-Identifier: ISC */
/* Between json.c (IPv4, and what is of no family) and json6.c.  Without memory
 * there is no output: none of these fails. */
#ifndef LEASECTL_JSON_H
#define LEASECTL_JSON_H

#include <jansson.h>
#include "ctl.h"

#define SCHEMA_VERSION 1

json_t *json_need(json_t *);
/* Takes over the value. */
void json_set(json_t *object, const char *key, json_t *value);
void json_set_number(json_t *object, const char *key, uint64_t);
void json_set_bool(json_t *object, const char *key, int);
json_t *json_make_number(uint64_t);
json_t *json_make_span(uint32_t); /* LIFETIME_INFINITE: null */
json_t *json_make_string(const char *, size_t max);
json_t *json_make_optional(const char *, size_t max); /* "": null */
json_t *json_make_bytes(const uint8_t *, size_t);
json_t *json_make_hex(const uint8_t *, size_t, char sep);
json_t *
json_list(size_t n, json_t *(*item)(const void *, size_t), const void *items);
json_t *json_item_search(const void *, size_t);
json_t *json_event_head(uint32_t event, const char *ifname, size_t max,
    uint32_t ifindex, uint32_t protocol, uint64_t wall);
void json_put(struct output *, json_t *, size_t flags);

void json6_addrs(struct output *, const struct ipc_show_addrs *);
void json6_slaac(struct output *, const struct ipc_show_slaac *);
void json6_dhcp6(struct output *, const struct ipc_show_dhcp6 *);
void json6_prefixes(struct output *, const struct ipc_show_prefixes *);
void json6_event(struct output *, const struct ipc_event6 *);

#endif

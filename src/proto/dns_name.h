/* SPDX-License-Identifier: ISC */
/*
 * Domain names: RFC 1035 wire form (with or without compression) and text.
 * The only names that get through have labels of letters, digits, '-' and
 * '_', 1 to 63 bytes each, 253 in all, so that no name can mean anything to a
 * resolver's file, a shell or a log.
 */
#ifndef LEASED_DNS_NAME_H
#define LEASED_DNS_NAME_H

#include "../wire.h"
#include "buf.h"

enum dns_name_result {
	DNS_NAME_OK,
	DNS_NAME_REFUSED,  /* well formed, but a name we do not take */
	DNS_NAME_MALFORMED /* where it ends is not known: stop reading */
};

/*
 * Read one name at the cursor and leave the cursor behind it.  compressed:
 * pointers are allowed; they count from the start of the cursor's data and
 * only go backwards (RFC 1035 4.1.4: a prior occurrence).  The text has no
 * final dot; it is "" unless the result is OK.
 */
enum dns_name_result
dns_name_read(struct buf *, int compressed, char out[DNS_NAME_MAX]);

/* A name in text form, one final dot is dropped; OK or REFUSED. */
enum dns_name_result dns_name_text(struct buf, char out[DNS_NAME_MAX]);

/* 1 if an array of that size holds a NUL-terminated name as written by the
 * two above. */
int dns_name_valid(const char *, size_t arraysize);

/* Text to wire form, without the final root label.  0, or -1. */
int dns_name_write(struct wbuf *, const char *);

#endif

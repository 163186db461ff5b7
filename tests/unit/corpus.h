/* SPDX-License-Identifier: ISC */
/*
 * Real packets.  CORPUS names a directory, or there is shared/corpus beside
 * the source tree, with an index.tsv (class, name, source, what it exercises,
 * valid, expected) and CLASS/NAME.bin.
 */
#ifndef CORPUS_H
#define CORPUS_H

#include <atf-c.h>
#include <stddef.h>
#include <stdint.h>

#define PACKET_MAX 70000

struct packet {
	char name[160];
	char exercises[2048];
	char valid[256];
	uint8_t bytes[PACKET_MAX];
	size_t len;
};

/* Call fn with each packet of a class, which must be at least so many; less
 * is not the corpus.  Skips the test where there is none. */
void corpus_each(const atf_tc_t *, const char *class, unsigned int min,
    void (*fn)(const struct packet *));
/* How often an option stands in "... opts=2,1,25,(26,())", not counting those
 * inside of others. */
size_t corpus_listed(const struct packet *, unsigned long code);

#endif

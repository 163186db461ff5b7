/* SPDX-License-Identifier: ISC */
/*
 * The programs of bpf(4) that stand before and behind a packet descriptor, and
 * the walk through what a read gives.  Pure, with the layout of struct bpf_insn
 * (net/bpf.h), so that they can be run anywhere.
 */
#ifndef LEASED_OS_BPF_FILTER_H
#define LEASED_OS_BPF_FILTER_H

#include "os.h"

#define FILTER_MAX 96

struct filter_insn {
	uint16_t code;
	uint8_t jt;
	uint8_t jf;
	uint32_t k;
};

struct filter {
	struct filter_insn code[FILTER_MAX];
	unsigned int len;
	uint32_t header; /* of Ethernet, while it is being made */
};

/* All return 0, or ENOBUFS when the program has become too long. */
/* Answers to this client: IPv4 without fragments, UDP to port 68, without a
 * tag or with one of VID 0. */
int filter_dhcp4_read(struct filter *, const struct interface *);
/* Requests of this client: UDP from port 68 to port 67. */
int filter_dhcp4_write(struct filter *, const struct interface *);
/* ARP about key: whoever has it or probes for it, and replies of peer. */
int filter_arp_read(struct filter *, struct in_addr key, struct in_addr peer);
/* ARP from us with sender address 0 or key. */
int
filter_arp_write(struct filter *, const struct interface *, struct in_addr key);

/*
 * The frames in a buffer that was read from a BPF descriptor; cb for each at
 * most max.  Returns how many, and stops at what cannot be right.
 */
int bpf_walk(const uint8_t *, size_t, int max,
    void (*cb)(void *, const uint8_t *, size_t, int recv_flags), void *);

/* Where a header has what, and how frames are aligned: as net/bpf.h says of an
 * LP64 system. */
#define BPF_HDR_CAPLEN 16
#define BPF_HDR_DATALEN 20
#define BPF_HDR_HDRLEN 24
#define BPF_HDR_MIN 26

#endif

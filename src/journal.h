/* SPDX-License-Identifier: ISC */
/*
 * The parent's journal: what it changed in the kernel, written before the
 * change is made, so that the next start knows what is ours after a kill -9,
 * and what value to put back.  Fixed records in the state directory; begins
 * with the boot id and is discarded when that differs.  Locked, so that a
 * second daemon with the same state directory is refused.
 */
#ifndef LEASED_JOURNAL_H
#define LEASED_JOURNAL_H

#include <sys/queue.h>
#include "wire.h"

#define JOURNAL_RECORDS_MAX 65536
#define BOOT_ID_MAX 64

enum journal_kind {
	JOURNAL_NONE,
	JOURNAL_ADDR4,	 /* addr/prefixlen on ifindex */
	JOURNAL_ROUTE4,	 /* addr/prefixlen via gateway on ifindex */
	JOURNAL_MTU,	 /* value: as found; value2: as set */
	JOURNAL_LINK_UP, /* interface set up by us */
	JOURNAL_DNS,	 /* protocol (value) has DNS with the helper, by an
			  * enum conf_resolv (value2) */
	JOURNAL_START,	 /* time of a start (value), for the start limit */
	JOURNAL_ADDR6,	 /* addr6/prefixlen, of a protocol (value) */
	JOURNAL_ROUTE6,	 /* addr6/prefixlen via gateway6, of a protocol
			  * (value), with flags (value2, ROUTE6_*) */
	JOURNAL_KNOB,	 /* enum os_ipv6_knob (value); value2: as found,
			  * metric: as set */
	JOURNAL_MAX
};

struct journal_record {
	uint32_t kind; /* enum journal_kind */
	uint32_t ifindex;
	char ifname[IFACE_NAME_MAX];
	struct in_addr addr;
	struct in_addr gateway;
	uint32_t prefixlen;
	uint32_t metric;
	uint32_t value;
	uint32_t value2;
	struct in6_addr addr6;
	struct in6_addr gateway6;
};

struct journal_entry {
	TAILQ_ENTRY(journal_entry) entry;
	struct journal_record rec;
};
TAILQ_HEAD(journal_list, journal_entry);

struct journal {
	int fd;		    /* appended to; -1: in memory only */
	int lockfd;	    /* -1: the disk takes no lock file */
	int dirfd;	    /* the caller's */
	int failed;	    /* that the disk takes nothing has been said */
	unsigned int nfile; /* records in the file, both adds and removes */
	unsigned int nlive;
	void (*err)(const char *);
	char boot_id[BOOT_ID_MAX];
	uint32_t started_sec; /* of this run, see journal_start_limit() */
	struct journal_list live;
};

/*
 * Open, lock, read and compact the journal in the state directory.  Returns 0;
 * EWOULDBLOCK: another daemon has it; other errno.  A damaged tail or a wrong
 * header is logged through err and what was before it is kept.  A journal on a
 * full or read-only disk still works in memory (once logged); every later
 * record tries the disk again.  dirfd must stay open.  An empty boot_id equals
 * no other: nothing is kept.
 */
int journal_open(struct journal *, int dirfd, const char *boot_id,
    void (*err)(const char *));
void journal_close(struct journal *);
/* Record before the change is made; a record already there is kept as it is
 * (the value found first is the one to put back).  0, or the errno for which
 * the record is not on disk; it is in memory even so, but for ENOMEM, and
 * ENOBUFS when there are JOURNAL_RECORDS_MAX. */
int journal_add(struct journal *, const struct journal_record *);
int journal_remove(struct journal *, const struct journal_record *);
/* All records of an interface that is no more. */
void journal_forget(struct journal *, uint32_t ifindex);
/* The live record of that kind, interface and key, or NULL.  The key is of
 * ADDR4 addr/prefixlen, of ROUTE4 also gateway and metric, of DNS and START
 * the value, of KNOB also what was set, of ADDR6 addr6 and the value, of ROUTE6
 * all but the flags; MTU and LINK_UP have none. */
struct journal_entry *
journal_find(struct journal *, const struct journal_record *);
/*
 * Record a start of the daemon (Y-02), forget those of JOURNAL_START_SEC and
 * more ago, and return how many there are that no journal_stopped() followed,
 * this one included.  now_sec: any clock of this boot.
 */
#define JOURNAL_START_SEC 60
int journal_start_limit(struct journal *, uint32_t now_sec);
/* This run ends as it was told to: its start does not count any more. */
void journal_stopped(struct journal *);

#endif

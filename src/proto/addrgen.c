/* SPDX-License-Identifier: ISC */
/* Interface identifiers, see addrgen.h. */
#include <string.h>

#include "../compat/digest.h"
#include "addrgen.h"
#include "buf.h"

#define TRIES 8	       /* identifiers drawn; one in 2^40 is reserved */
#define UNIVERSAL 0x02 /* RFC 4291 2.5.1, inverted in an EUI-64 */
#define INFINIBAND_LEN 20

static void join(struct in6_addr *, const struct in6_addr *, const uint8_t *);

/* First and last of each block, RFC 5453 3 with its updates. */
static const struct {
	uint8_t first[IID_SIZE], last[IID_SIZE];
} reserved[] = {
	/* subnet-router anycast, RFC 4291 2.6.1 */
	{ { 0, 0, 0, 0, 0, 0, 0, 0 }, { 0, 0, 0, 0, 0, 0, 0, 0 } },
	/* IANA's Ethernet block, proxy mobile IPv6 within it (RFC 6543) */
	{ { 0x02, 0x00, 0x5e, 0xff, 0xfe, 0x00, 0x00, 0x00 },
	    { 0x02, 0x00, 0x5e, 0xff, 0xfe, 0xff, 0xff, 0xff } },
	/* subnet anycast, RFC 2526 2 */
	{ { 0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x80 },
	    { 0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } },
};

int
addrgen_is_reserved(const uint8_t iid[IID_SIZE])
{
	size_t i;

	for (i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++) {
		if (memcmp(iid, reserved[i].first, IID_SIZE) >= 0 &&
		    memcmp(iid, reserved[i].last, IID_SIZE) <= 0)
			return 1;
	}
	return 0;
}

static void
join(struct in6_addr *out, const struct in6_addr *prefix, const uint8_t *iid)
{
	memcpy(out->s6_addr, prefix->s6_addr, IID_SIZE);
	memcpy(out->s6_addr + IID_SIZE, iid, IID_SIZE);
}

/*
 * Every field of F()'s input has its length fixed or in front of it, so that
 * no two inputs are the same bytes.
 */
int
addrgen_stable(const struct addrgen_key *key, const struct in6_addr *prefix,
    uint8_t *dad, struct in6_addr *out)
{
	uint8_t input[IID_SIZE + IFACE_NAME_MAX + 1 + NETWORK_ID_MAX + 1];
	uint8_t digest[SHA256_SIZE], *iid = digest + SHA256_SIZE - IID_SIZE;
	unsigned int counter;
	struct wbuf w;

	if (key->network_id_len > NETWORK_ID_MAX)
		return -1;
	for (counter = *dad; counter <= UINT8_MAX; counter++) {
		memset(input, 0, sizeof(input));
		wbuf_init(&w, input, sizeof(input));
		wbuf_bytes(&w, prefix->s6_addr, IID_SIZE);
		wbuf_bytes(
		    &w, key->ifname, strnlen(key->ifname, IFACE_NAME_MAX));
		wbuf_zero(&w, IID_SIZE + IFACE_NAME_MAX - w.off);
		wbuf_u8(&w, (uint8_t)key->network_id_len);
		wbuf_bytes(&w, key->network_id, key->network_id_len);
		wbuf_u8(&w, (uint8_t)counter);
		hmac_sha256(key->secret, SECRET_SIZE, input, w.off, digest);
		if (addrgen_is_reserved(iid))
			continue;
		join(out, prefix, iid);
		*dad = (uint8_t)counter;
		return 0;
	}
	return -1;
}

int
addrgen_temporary(const struct in6_addr *prefix, uint32_t (*draw)(void *),
    void *arg, struct in6_addr *out)
{
	uint8_t iid[IID_SIZE];
	struct wbuf w;
	int i;

	for (i = 0; i < TRIES; i++) {
		wbuf_init(&w, iid, sizeof(iid));
		wbuf_u32(&w, draw(arg));
		wbuf_u32(&w, draw(arg));
		if (addrgen_is_reserved(iid))
			continue;
		join(out, prefix, iid);
		return 0;
	}
	return -1;
}

int
addrgen_eui64(const struct in6_addr *prefix, const uint8_t *hwaddr, size_t len,
    struct in6_addr *out)
{
	uint8_t iid[IID_SIZE];

	switch (len) {
	case 6:
		memcpy(iid, hwaddr, 3);
		iid[3] = 0xff;
		iid[4] = 0xfe;
		memcpy(iid + 5, hwaddr + 3, 3);
		break;
	case INFINIBAND_LEN:
		hwaddr += INFINIBAND_LEN - IID_SIZE;
		/* FALLTHROUGH */
	case IID_SIZE:
		memcpy(iid, hwaddr, IID_SIZE);
		break;
	default:
		return -1;
	}
	iid[0] ^= UNIVERSAL;
	if (addrgen_is_reserved(iid))
		return -1;
	join(out, prefix, iid);
	return 0;
}

/* SPDX-License-Identifier: ISC */
/* Router advertisements for tests: see ra_builder.h. */

#include <string.h>

#include <atf-c.h>

#include "ra_builder.h"

static void
put(struct ra *ra, const void *p, size_t n)
{
	ATF_REQUIRE(n <= sizeof(ra->b) - ra->len);
	memcpy(ra->b + ra->len, p, n);
	ra->len += n;
}

static void
put8(struct ra *ra, uint8_t v)
{
	put(ra, &v, 1);
}

static void
put16(struct ra *ra, uint16_t v)
{
	v = htons(v);
	put(ra, &v, 2);
}

static void
put32(struct ra *ra, uint32_t v)
{
	v = htonl(v);
	put(ra, &v, 4);
}

/* Patch the length of the option that began at off, padded. */
static void
end_option(struct ra *ra, size_t off)
{
	while ((ra->len - off) % 8 != 0)
		put8(ra, 0);
	ra->b[off + 1] = (uint8_t)((ra->len - off) / 8);
}

static size_t
begin_option(struct ra *ra, uint8_t type)
{
	size_t off = ra->len;

	put8(ra, type);
	put8(ra, 0);
	return off;
}

void
ra_begin(struct ra *ra, uint16_t lifetime, uint8_t flags)
{
	memset(ra, 0, sizeof(*ra));
	put8(ra, 134);
	put8(ra, 0);
	put16(ra, 0);
	put8(ra, 64);
	put8(ra, flags);
	put16(ra, lifetime);
	put32(ra, 0);
	put32(ra, 0);
}

void
ra_header(struct ra *ra, uint8_t hop_limit, uint32_t reachable_ms,
    uint32_t retrans_ms)
{
	uint32_t v;

	ra->b[4] = hop_limit;
	v = htonl(reachable_ms);
	memcpy(ra->b + 8, &v, 4);
	v = htonl(retrans_ms);
	memcpy(ra->b + 12, &v, 4);
}

void
ra_prefix(struct ra *ra, const char *prefix, uint8_t len, uint8_t flags,
    uint32_t valid, uint32_t preferred)
{
	struct in6_addr a = ip6(prefix);
	size_t off = begin_option(ra, 3);

	put8(ra, len);
	put8(ra, flags);
	put32(ra, valid);
	put32(ra, preferred);
	put32(ra, 0);
	put(ra, &a, 16);
	end_option(ra, off);
}

void
ra_mtu(struct ra *ra, uint32_t mtu)
{
	size_t off = begin_option(ra, 5);

	put16(ra, 0);
	put32(ra, mtu);
	end_option(ra, off);
}

void
ra_route(struct ra *ra, const char *prefix, uint8_t len, uint8_t flags,
    uint32_t lifetime, uint8_t units)
{
	struct in6_addr a = ip6(prefix);
	size_t off = begin_option(ra, 24);

	put8(ra, len);
	put8(ra, flags);
	put32(ra, lifetime);
	put(ra, &a, ((size_t)units - 1) * 8);
	end_option(ra, off);
}

/* The next word of a list; NULL at its end. */
static const char *
next_word(const char **list, char *word, size_t size)
{
	size_t n = strcspn(*list, " ");

	ATF_REQUIRE(n < size);
	if (n == 0)
		return NULL;
	memcpy(word, *list, n);
	word[n] = '\0';
	*list += n + ((*list)[n] == ' ');
	return word;
}

static void
put_addrs(struct ra *ra, const char *addrs)
{
	char word[64];
	struct in6_addr a;

	while (next_word(&addrs, word, sizeof(word)) != NULL) {
		a = ip6(word);
		put(ra, &a, 16);
	}
}

static void
put_name(struct ra *ra, const char *name)
{
	size_t n;

	for (; *name != '\0'; name += n + (name[n] == '.')) {
		n = strcspn(name, ".");
		put8(ra, (uint8_t)n);
		put(ra, name, n);
	}
	put8(ra, 0);
}

void
ra_servers(struct ra *ra, uint32_t lifetime, const char *addrs)
{
	size_t off = begin_option(ra, 25);

	put16(ra, 0);
	put32(ra, lifetime);
	put_addrs(ra, addrs);
	end_option(ra, off);
}

void
ra_search(struct ra *ra, uint32_t lifetime, const char *names)
{
	size_t off = begin_option(ra, 31);
	char word[512];

	put16(ra, 0);
	put32(ra, lifetime);
	while (next_word(&names, word, sizeof(word)) != NULL)
		put_name(ra, word);
	end_option(ra, off);
}

void
ra_portal(struct ra *ra, const char *uri)
{
	size_t off = begin_option(ra, 37);

	put(ra, uri, strlen(uri));
	end_option(ra, off);
}

void
ra_pref64(struct ra *ra, const char *prefix, uint16_t scaled, uint8_t plc)
{
	struct in6_addr a = ip6(prefix);
	size_t off = begin_option(ra, 38);

	put16(ra, (uint16_t)(scaled << 3 | plc));
	put(ra, &a, 12);
	end_option(ra, off);
}

void
ra_dnr(struct ra *ra, uint16_t priority, uint32_t lifetime, const char *name,
    const char *addrs)
{
	size_t off = begin_option(ra, 144), len, start;

	put16(ra, priority);
	put32(ra, lifetime);
	len = ra->len;
	put16(ra, 0);
	start = ra->len;
	put_name(ra, name);
	ra->b[len + 1] = (uint8_t)(ra->len - start);
	if (*addrs != '\0') {
		len = ra->len;
		put16(ra, 0);
		start = ra->len;
		put_addrs(ra, addrs);
		ra->b[len + 1] = (uint8_t)(ra->len - start);
		put16(ra, 8); /* alpn="dot", RFC 9460 7.1 */
		put(ra, "\0\1\0\4\3dot", 8);
	}
	end_option(ra, off);
}

void
ra_option(struct ra *ra, uint8_t type, const void *p, size_t n)
{
	size_t off = begin_option(ra, type);

	put(ra, p, n);
	end_option(ra, off);
}

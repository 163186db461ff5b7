/* SPDX-License-Identifier: ISC */
/* Spans, addresses and foreign bytes as text. */

#include <sys/socket.h>
#include <arpa/inet.h>
#include <string.h>
#include <time.h>

#include "ctl.h"

char *
text_span(uint32_t sec, char *dst, size_t size)
{
	static const struct {
		uint32_t sec, next;
		const char *fmt;
	} units[] = {
		{ 86400, 3600, "%ud%uh" },
		{ 3600, 60, "%uh%um" },
		{ 60, 1, "%um%us" },
	};
	static const char *const whole[] = { "%ud", "%uh", "%um" };
	uint32_t n, rest;
	size_t i;

	if (sec == LIFETIME_INFINITE) {
		snprintf(dst, size, "never");
		return dst;
	}
	for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (sec < units[i].sec)
			continue;
		n = sec / units[i].sec;
		rest = sec % units[i].sec / units[i].next;
		if (rest == 0)
			snprintf(dst, size, whole[i], n);
		else
			snprintf(dst, size, units[i].fmt, n, rest);
		return dst;
	}
	snprintf(dst, size, "%us", sec);
	return dst;
}

char *
text_bytes(const uint8_t *src, size_t len, char *dst, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	size_t i, used = 0;

	for (i = 0; i < len && used + 5 <= size; i++) {
		if (src[i] >= 0x20 && src[i] <= 0x7e) {
			dst[used++] = (char)src[i];
			continue;
		}
		dst[used++] = '\\';
		dst[used++] = 'x';
		dst[used++] = digits[src[i] >> 4];
		dst[used++] = digits[src[i] & 15];
	}
	dst[used] = '\0';
	return dst;
}

char *
text_escape(const char *src, size_t max, char *dst, size_t size)
{
	return text_bytes((const uint8_t *)src, strnlen(src, max), dst, size);
}

char *
text_hex(const uint8_t *src, size_t len, char sep, char *dst, size_t size)
{
	size_t i, used = 0;

	dst[0] = '\0';
	for (i = 0; i < len && used + 4 <= size; i++) {
		if (i > 0 && sep != '\0')
			dst[used++] = sep;
		snprintf(dst + used, size - used, "%02x", src[i]);
		used += 2;
	}
	return dst;
}

char *
text_addr4(struct in_addr addr, char *dst, size_t size)
{
	if (inet_ntop(AF_INET, &addr, dst, (socklen_t)size) == NULL)
		snprintf(dst, size, "?");
	return dst;
}

char *
text_prefix4(struct in_addr addr, unsigned int len, char *dst, size_t size)
{
	char text[INET_ADDRSTRLEN];

	snprintf(dst, size, "%s/%u", text_addr4(addr, text, sizeof(text)), len);
	return dst;
}

char *
text_addr6(const struct in6_addr *addr, char *dst, size_t size)
{
	if (inet_ntop(AF_INET6, addr, dst, (socklen_t)size) == NULL)
		snprintf(dst, size, "?");
	return dst;
}

char *
text_prefix6(
    const struct in6_addr *addr, unsigned int len, char *dst, size_t size)
{
	char text[INET6_ADDRSTRLEN];

	snprintf(dst, size, "%s/%u", text_addr6(addr, text, sizeof(text)), len);
	return dst;
}

char *
text_time(uint64_t wall, char *dst, size_t size)
{
	time_t t = (time_t)wall;
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL ||
	    strftime(dst, size, "%Y-%m-%dT%H:%M:%SZ", &tm) == 0)
		snprintf(dst, size, "?");
	return dst;
}

uint64_t
text_wall(uint32_t high, uint32_t low)
{
	return (uint64_t)high << 32 | low;
}

size_t
text_bounded(size_t n, size_t max)
{
	return n < max ? n : max;
}

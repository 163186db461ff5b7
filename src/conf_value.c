/* SPDX-License-Identifier: ISC */
/*
 * What the statements of leased.conf(5) take: one function for each kind of
 * value, which checks it and puts it into the configuration.
 */
#include <sys/types.h>
#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "conf_parse.h"

static int hex_parse(const char *, uint8_t *, size_t, size_t *);
static int dns_name_valid(const char *);
static int add_option(struct parser *, const struct statement *,
    const struct value *, uint16_t *, uint16_t *);
static void duid_en(struct parser *, const struct statement *,
    const struct value *, const struct values *);

/* Options that leased sets itself or cannot do without; RFC 2132, 4361. */
static const uint16_t own_options4[] = { 50, 51, 52, 53, 54, 55, 57, 61, 255 };
/* Not for an Option Request option: RFC 8415 24, table 4. */
static const uint16_t own_options6[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13,
	14, 15, 16, 18, 19, 20, 25, 26 };

/* 0xHEX, two digits a byte: the bytes, or -1. */
static int
hex_parse(const char *text, uint8_t *bytes, size_t size, size_t *len)
{
	static const char digits[] = "0123456789abcdef";
	const char *d;
	size_t i, n;

	if (strncmp(text, "0x", 2) != 0)
		return -1;
	text += 2;
	n = strlen(text);
	if (n == 0 || n % 2 != 0 || n / 2 > size)
		return -1;
	memset(bytes, 0, n / 2);
	for (i = 0; i < n; i++) {
		d = strchr(digits, tolower((unsigned char)text[i]));
		if (d == NULL)
			return -1;
		bytes[i / 2] = (uint8_t)(bytes[i / 2] << 4 | (d - digits));
	}
	*len = n / 2;
	return 0;
}

/* ---- values that are one word ---- */

void
set_choice(struct parser *p, const struct statement *s,
    const struct value *keyword, const struct values *args)
{
	uint8_t *member = (uint8_t *)&parser_frame(p)->block->iface;
	const struct value *v;

	if ((v = stmt_one_value(p, s, keyword, args)) == NULL)
		return;
	if (stmt_choose(s->choices, v, member + s->offset) == -1)
		stmt_complain(p, s, keyword, args);
}

void
set_number(struct parser *p, const struct statement *s,
    const struct value *keyword, const struct values *args)
{
	struct conf_iface *iface = &parser_frame(p)->block->iface;
	const struct value *v;
	uint32_t number;

	if ((v = stmt_one_value(p, s, keyword, args)) == NULL)
		return;
	if (v->kind != VALUE_WORD ||
	    number_parse(v->text, s->min, s->max, &number) == -1) {
		stmt_complain(p, s, keyword, args);
		return;
	}
	memcpy((uint8_t *)iface + s->offset, &number, sizeof(number));
	if (s->offset == AT(iaid))
		iface->has_iaid = 1;
}

void
set_release(struct parser *p, const struct statement *s,
    const struct value *keyword, const struct values *args)
{
	struct frame *f = parser_frame(p);
	const struct value *v;
	uint8_t release;

	if ((v = stmt_one_value(p, s, keyword, args)) == NULL)
		return;
	if (stmt_choose(conf_yes_no, v, &release) == -1) {
		stmt_complain(p, s, keyword, args);
	} else if (f->ctx == CTX_GLOBAL) {
		p->conf->global.release_on_exit = release;
	} else {
		f->block->iface.release_on_exit = release;
		f->block->iface.has_release_on_exit = 1;
	}
}

void
set_write(struct parser *p, const struct statement *s,
    const struct value *keyword, const struct values *args)
{
	const struct value *v;

	if ((v = stmt_one_value(p, s, keyword, args)) == NULL)
		return;
	if (stmt_choose(conf_yes_no, v, &p->conf->global.control_write) == -1)
		stmt_complain(p, s, keyword, args);
}

void
set_group(struct parser *p, const struct statement *s,
    const struct value *keyword, const struct values *args)
{
	const struct value *v;
	const char *name;
	size_t i;

	if ((v = stmt_one_value(p, s, keyword, args)) == NULL ||
	    (name = name_value(p, "control group", v)) == NULL)
		return;
	for (i = 0; isalnum((unsigned char)name[i]) ||
	     (name[i] != '\0' && strchr("._-", name[i]) != NULL);
	     i++)
		;
	if (i == 0 || name[i] != '\0' || name[0] == '-' ||
	    i >= sizeof(p->conf->control_group)) {
		stmt_complain(p, s, keyword, args);
		return;
	}
	strlcpy(p->conf->control_group, name, sizeof(p->conf->control_group));
}

void
set_resolv(struct parser *p, const struct statement *s,
    const struct value *keyword, const struct values *args)
{
	static const struct choice modes[] = {
		{ "auto", RESOLV_AUTO },
		{ "no", RESOLV_NO },
		{ NULL, 0 },
	};
	const struct value *v;
	uint8_t mode = RESOLV_PATH;

	if ((v = stmt_one_value(p, s, keyword, args)) == NULL)
		return;
	if (stmt_choose(modes, v, &mode) == -1) {
		if (v->text[0] != '/' ||
		    strlen(v->text) >= sizeof(p->conf->resolv_path)) {
			stmt_complain(p, s, keyword, args);
			return;
		}
		strlcpy(p->conf->resolv_path, v->text,
		    sizeof(p->conf->resolv_path));
	}
	p->conf->resolv = mode;
}

/* RFC 8415 11: a two-byte type, then 1-128 bytes. */
#define DUID_TYPE_LEN 2
#define DUID_MIN 3
#define DUID_MAX 130
#define DUID_EN 2	 /* RFC 8415 11.3 */
#define DUID_EN_HEADER 6 /* type and enterprise number */

void
set_duid(struct parser *p, const struct statement *s,
    const struct value *keyword, const struct values *args)
{
	static const struct choice kinds[] = {
		{ "uuid", CONF_DUID_UUID },
		{ "llt", CONF_DUID_LLT },
		{ "ll", CONF_DUID_LL },
		{ NULL, 0 },
	};
	struct conf_global *g = &p->conf->global;
	const struct value *v = args->first;
	uint8_t bytes[DUID_MAX];
	size_t len;

	if (args->n == 3 && v->kind == VALUE_WORD &&
	    strcmp(v->text, "en") == 0) {
		duid_en(p, s, keyword, args);
		return;
	}
	if ((v = stmt_one_value(p, s, keyword, args)) == NULL)
		return;
	if (stmt_choose(kinds, v, &g->duid_kind) == 0)
		return;
	if (v->kind != VALUE_WORD ||
	    hex_parse(v->text, bytes, sizeof(bytes), &len) == -1 ||
	    len < DUID_MIN) {
		stmt_complain(p, s, keyword, args);
		return;
	}
	g->duid_kind = CONF_DUID_BYTES;
	g->duid_len = (uint8_t)len;
	memcpy(g->duid, bytes, len);
}

/* duid en NUMBER 0xHEX */
static void
duid_en(struct parser *p, const struct statement *s,
    const struct value *keyword, const struct values *args)
{
	const struct value *number = args->first->next, *id = number->next;
	struct conf_global *g = &p->conf->global;
	uint8_t bytes[DUID_MAX - DUID_EN_HEADER];
	uint32_t enterprise;
	size_t len;

	if (number->kind != VALUE_WORD || id->kind != VALUE_WORD ||
	    number_parse(number->text, 1, UINT32_MAX, &enterprise) == -1 ||
	    hex_parse(id->text, bytes, sizeof(bytes), &len) == -1) {
		stmt_complain(p, s, keyword, args);
		return;
	}
	g->duid_kind = CONF_DUID_EN;
	g->duid[0] = 0;
	g->duid[1] = DUID_EN;
	enterprise = htonl(enterprise);
	memcpy(g->duid + DUID_TYPE_LEN, &enterprise, sizeof(enterprise));
	memcpy(g->duid + DUID_EN_HEADER, bytes, len);
	g->duid_len = (uint8_t)(DUID_EN_HEADER + len);
}

/* ---- names and texts ---- */

void
set_client_id(struct parser *p, const struct statement *s,
    const struct value *keyword, const struct values *args)
{
	static const struct choice kinds[] = {
		{ "mac", CLIENT_ID_MAC },
		{ "duid", CLIENT_ID_DUID },
		{ NULL, 0 },
	};
	struct conf_iface *iface = &parser_frame(p)->block->iface;
	const struct value *v;
	uint8_t bytes[CONF_STRING_MAX - 1];
	size_t len;

	if ((v = stmt_one_value(p, s, keyword, args)) == NULL)
		return;
	if (stmt_choose(kinds, v, &iface->client_id) == 0)
		return;
	if (v->kind == VALUE_WORD && strncmp(v->text, "0x", 2) == 0) {
		/* Two at least: RFC 2132 9.14. */
		if (hex_parse(v->text, bytes, sizeof(bytes), &len) == -1 ||
		    len < 2) {
			stmt_complain(p, s, keyword, args);
			return;
		}
	} else {
		if (name_value(p, s->name, v) == NULL)
			return;
		len = strlen(v->text);
		if (len < 1 || len > sizeof(bytes) - 1) {
			stmt_complain(p, s, keyword, args);
			return;
		}
		/* Type 0 is what is no hardware address: RFC 2132 9.14. */
		bytes[0] = 0;
		memcpy(bytes + 1, v->text, len++);
	}
	iface->client_id = CLIENT_ID_BYTES;
	iface->client_id_len = (uint8_t)len;
	memcpy(iface->client_id_bytes, bytes, len);
}

/* Labels of 1-63 letters, digits, '-' and '_'; 253 bytes in all (D4-07). */
static int
dns_name_valid(const char *name)
{
	size_t label = 0, len;

	for (len = 0; name[len] != '\0'; len++) {
		if (name[len] == '.') {
			if (label == 0)
				return 0;
			label = 0;
		} else if (!isalnum((unsigned char)name[len]) &&
		    name[len] != '-' && name[len] != '_') {
			return 0;
		} else if (++label > 63) {
			return 0;
		}
	}
	return label > 0 && len < DNS_NAME_MAX;
}

/* host-name and fqdn: one or the other, options 12 and 81 use one name. */
void
set_dns_name(struct parser *p, const struct statement *s,
    const struct value *keyword, const struct values *args)
{
	struct conf_iface *iface = &parser_frame(p)->block->iface;
	int is_fqdn = strcmp(s->name, "fqdn") == 0;
	const struct value *v;
	const char *name;

	if ((v = stmt_one_value(p, s, keyword, args)) == NULL ||
	    (name = name_value(p, s->name, v)) == NULL)
		return;
	if (!dns_name_valid(name)) {
		stmt_complain(p, s, keyword, args);
		return;
	}
	if (iface->host_name[0] != '\0') {
		conf_error(p, &keyword->at,
		    "%s: %s is set in this block, expected one of them",
		    s->name, is_fqdn ? "host-name" : "fqdn");
		return;
	}
	strlcpy(iface->host_name, name, sizeof(iface->host_name));
	iface->is_fqdn = (uint8_t)is_fqdn;
}

void
set_vendor_class(struct parser *p, const struct statement *s,
    const struct value *keyword, const struct values *args)
{
	struct conf_iface *iface = &parser_frame(p)->block->iface;
	const struct value *v;

	if ((v = stmt_one_value(p, s, keyword, args)) == NULL ||
	    name_value(p, s->name, v) == NULL)
		return;
	if (v->text[0] == '\0' ||
	    strlen(v->text) >= sizeof(iface->vendor_class)) {
		stmt_complain(p, s, keyword, args);
		return;
	}
	strlcpy(iface->vendor_class, v->text, sizeof(iface->vendor_class));
}

void
set_user_class(struct parser *p, const struct statement *s,
    const struct value *keyword, const struct values *args)
{
	struct conf_iface *iface = &parser_frame(p)->block->iface;
	const struct value *v;

	if ((args = stmt_flatten(p, s, keyword, args)) == NULL)
		return;
	for (v = args->first; v != NULL; v = v->next) {
		if (name_value(p, s->name, v) == NULL)
			continue;
		if (v->text[0] == '\0' ||
		    strlen(v->text) >= sizeof(iface->user_classes[0])) {
			stmt_complain_item(p, s, v, s->expected);
			continue;
		}
		if (iface->nuser_classes == CONF_USER_CLASSES) {
			conf_error(p, &v->at, "%s: expected at most %d",
			    s->name, CONF_USER_CLASSES);
			return;
		}
		strlcpy(iface->user_classes[iface->nuser_classes++], v->text,
		    sizeof(iface->user_classes[0]));
	}
}

void
set_exclude(struct parser *p, const struct statement *s,
    const struct value *keyword, const struct values *args)
{
	struct conf_exclude *exclude, *other;
	const struct value *v;
	size_t n = 0;

	if ((args = stmt_flatten(p, s, keyword, args)) == NULL)
		return;
	TAILQ_FOREACH (other, &p->conf->excludes, entry)
		n++;
	for (v = args->first; v != NULL; v = v->next) {
		if (name_value(p, s->name, v) == NULL)
			continue;
		if (conf_name_kind(v->text) == NAME_BAD) {
			stmt_complain_item(
			    p, s, v, "an interface's name or a pattern");
			continue;
		}
		if (n++ == CONF_EXCLUDES_MAX) {
			conf_error(p, &v->at, "%s: expected at most %d",
			    s->name, CONF_EXCLUDES_MAX);
			return;
		}
		if ((exclude = calloc(1, sizeof(*exclude))) == NULL) {
			conf_error(p, &v->at, "out of memory");
			return;
		}
		strlcpy(exclude->pattern, v->text, sizeof(exclude->pattern));
		TAILQ_INSERT_TAIL(&p->conf->excludes, exclude, entry);
	}
}

/* ---- lists ---- */

void
set_words(struct parser *p, const struct statement *s,
    const struct value *keyword, const struct values *args)
{
	uint8_t *iface = (uint8_t *)&parser_frame(p)->block->iface;
	const struct value *v;
	uint8_t bit;

	if ((args = stmt_flatten(p, s, keyword, args)) == NULL)
		return;
	for (v = args->first; v != NULL; v = v->next) {
		if (stmt_choose(s->choices, v, &bit) == -1)
			stmt_complain_item(p, s, v, s->expected);
		else
			iface[s->offset] |= bit;
	}
}

static int
add_option(struct parser *p, const struct statement *s, const struct value *v,
    uint16_t *list, uint16_t *n)
{
	const uint16_t *own = s->max > 254 ? own_options6 : own_options4;
	size_t i,
	    nown = s->max > 254 ? NELEMS(own_options6) : NELEMS(own_options4);
	uint32_t code;

	if (v->kind != VALUE_WORD ||
	    number_parse(v->text, 0, 65535, &code) == -1) {
		stmt_complain_item(p, s, v, s->expected);
		return -1;
	}
	for (i = 0; i < nown; i++) {
		if (code != own[i])
			continue;
		conf_error(p, &v->at,
		    "%s %s: option %u is set by leased "
		    "itself, expected another",
		    s->name, s->sub, code);
		return -1;
	}
	if (code < s->min || code > s->max) {
		stmt_complain_item(p, s, v, s->expected);
		return -1;
	}
	for (i = 0; i < *n; i++) {
		if (list[i] == code) {
			stmt_complain_item(p, s, v, "each option once");
			return -1;
		}
	}
	if (*n == CONF_OPTIONS_MAX) {
		conf_error(p, &v->at, "%s %s: expected at most %d options",
		    s->name, s->sub, CONF_OPTIONS_MAX);
		return -1;
	}
	list[(*n)++] = (uint16_t)code;
	return 0;
}

void
set_request(struct parser *p, const struct statement *s,
    const struct value *keyword, const struct values *args)
{
	struct conf_iface *iface = &parser_frame(p)->block->iface;
	struct conf_options *o;
	const struct value *v;

	o = s->offset == AT(opt4) ? &iface->opt4 : &iface->opt6;
	if ((args = stmt_flatten(p, s, keyword, args)) == NULL)
		return;
	for (v = args->first; v != NULL; v = v->next)
		add_option(p, s, v, o->request, &o->nrequest);
}

/* dhcp4 ignore { 12, server 192.0.2.66 } */
void
set_ignore4(struct parser *p, const struct statement *s,
    const struct value *keyword, const struct values *args)
{
	struct conf_options *o = &parser_frame(p)->block->iface.opt4;
	const struct value *v;
	struct in_addr addr;

	if ((args = stmt_flatten(p, s, keyword, args)) == NULL)
		return;
	for (v = args->first; v != NULL; v = v->next) {
		if (v->kind != VALUE_WORD || strcmp(v->text, "server") != 0) {
			add_option(p, s, v, o->ignore, &o->nignore);
			continue;
		}
		if (v->next == NULL) {
			stmt_complain_item(p, s, v, "an IPv4 address after it");
			return;
		}
		v = v->next;
		if (v->kind != VALUE_WORD ||
		    inet_pton(AF_INET, v->text, &addr) != 1 ||
		    addr.s_addr == INADDR_ANY) {
			stmt_complain_item(
			    p, s, v, "an IPv4 address after server");
			continue;
		}
		if (o->nservers == CONF_SERVERS_MAX) {
			conf_error(p, &v->at,
			    "%s %s: expected at most %d "
			    "servers",
			    s->name, s->sub, CONF_SERVERS_MAX);
			return;
		}
		o->servers[o->nservers++] = addr;
	}
}

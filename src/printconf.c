/* SPDX-License-Identifier: ISC */
/*
 * The canonical form of the configuration (leased -nv): every statement with
 * the value that holds, set or default.  What has no value (no host-name, an
 * empty list, a release-on-exit that the block inherits) is left out.
 * It parses back to the same.
 */
#include <sys/types.h>
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "conf.h"
#include "conf_parse.h"

static void print_bytes(FILE *, const uint8_t *, size_t);
static void print_duid(const struct conf_global *, FILE *);
static void print_global(const struct conf *, FILE *);
static void print_iface(const struct conf_iface *, FILE *);
static void print_dhcp4(const struct conf_iface *, FILE *);
static void print_ipv6(const struct conf_iface *, FILE *);
static void print_client_id(const struct conf_iface *, FILE *);
static void print_classes(const struct conf_iface *, FILE *);
static void print_ignore(uint8_t, FILE *);
static void print_request(const char *, const struct conf_options *, FILE *);
static void print_ignore4(const struct conf_options *, FILE *);
static void print_prefix(const struct conf_prefix *, FILE *);
static void print_addr6(const struct in6_addr *, FILE *);

static const char *const modes[] = {
	[CONF_NO] = "no",
	[CONF_YES] = "yes",
	[CONF_AUTO] = "auto",
	[CONF_INFORM] = "inform",
};
static const char *const acd_names[] = {
	[ACD_FAST] = "fast",
	[ACD_STRICT] = "strict",
	[ACD_OFF] = "off",
};
static const char *const select_names[] = {
	[SELECT_BEST] = "best",
	[SELECT_FIRST] = "first",
};

void
conf_print(const struct conf *conf, FILE *f)
{
	const struct conf_block *block;

	print_global(conf, f);
	TAILQ_FOREACH (block, &conf->blocks, entry)
		print_iface(&block->iface, f);
}

/* Between quotes, as the lexer of parse.y takes it. */
void
print_quoted(FILE *f, const char *text, size_t len)
{
	size_t i;

	putc('"', f);
	for (i = 0; i < len; i++) {
		if (text[i] == '"' || text[i] == '\\')
			putc('\\', f);
		putc(text[i], f);
	}
	putc('"', f);
}

static void
print_bytes(FILE *f, const uint8_t *bytes, size_t len)
{
	size_t i;

	fputs("0x", f);
	for (i = 0; i < len; i++)
		fprintf(f, "%02x", bytes[i]);
}

static void
print_global(const struct conf *conf, FILE *f)
{
	const struct conf_exclude *exclude;

	if (conf->control_group[0] == '\0') {
		fputs("# control group: not set, group 0 of this system\n", f);
	} else {
		fputs("control group ", f);
		print_quoted(
		    f, conf->control_group, strlen(conf->control_group));
		putc('\n', f);
	}
	fprintf(f, "control write %s\n", modes[conf->global.control_write]);
	fputs("resolv-conf ", f);
	if (conf->resolv == RESOLV_PATH)
		print_quoted(f, conf->resolv_path, strlen(conf->resolv_path));
	else
		fputs(conf->resolv == RESOLV_NO ? "no" : "auto", f);
	fputs("\nduid ", f);
	print_duid(&conf->global, f);
	fprintf(
	    f, "\nrelease-on-exit %s\n", modes[conf->global.release_on_exit]);
	if (TAILQ_EMPTY(&conf->excludes))
		return;
	fputs("exclude {", f);
	TAILQ_FOREACH (exclude, &conf->excludes, entry) {
		putc(' ', f);
		print_quoted(f, exclude->pattern, strlen(exclude->pattern));
		if (TAILQ_NEXT(exclude, entry) != NULL)
			putc(',', f);
	}
	fputs(" }\n", f);
}

static void
print_duid(const struct conf_global *g, FILE *f)
{
	uint32_t enterprise;

	switch (g->duid_kind) {
	case CONF_DUID_UUID:
		fputs("uuid", f);
		break;
	case CONF_DUID_LLT:
		fputs("llt", f);
		break;
	case CONF_DUID_LL:
		fputs("ll", f);
		break;
	case CONF_DUID_EN: /* RFC 8415 11.3: type, enterprise, identifier */
		memcpy(&enterprise, g->duid + 2, sizeof(enterprise));
		fprintf(f, "en %u ", ntohl(enterprise));
		print_bytes(f, g->duid + 6, g->duid_len - 6U);
		break;
	default:
		print_bytes(f, g->duid, g->duid_len);
		break;
	}
}

static void
print_iface(const struct conf_iface *c, FILE *f)
{
	size_t i;

	fputs("interface ", f);
	print_quoted(f, c->name, strlen(c->name));
	fputs(" {\n", f);
	fprintf(f, "\tpreference %u\n", c->preference);
	fprintf(f, "\tstartup-delay %u\n", c->startup_delay);
	if (c->has_release_on_exit)
		fprintf(f, "\trelease-on-exit %s\n", modes[c->release_on_exit]);
	print_dhcp4(c, f);
	print_ipv6(c, f);
	for (i = 0; i < c->nprefixes; i++)
		print_prefix(&c->prefixes[i], f);
	fputs("}\n", f);
}

static void
print_dhcp4(const struct conf_iface *c, FILE *f)
{
	fprintf(f, "\tdhcp4 %s\n", modes[c->dhcp4]);
	print_client_id(c, f);
	if (c->host_name[0] != '\0') {
		fputs(c->is_fqdn ? "\tfqdn " : "\thost-name ", f);
		print_quoted(f, c->host_name, strlen(c->host_name));
		putc('\n', f);
	}
	print_classes(c, f);
	if (c->lease_time != 0)
		fprintf(f, "\tlease-time %u\n", c->lease_time);
	fprintf(f, "\tbroadcast %s\n", modes[c->broadcast]);
	fprintf(
	    f, "\tconflict-detection %s\n", acd_names[c->conflict_detection]);
	fprintf(f, "\tlink-local %s\n", modes[c->link_local]);
	fprintf(f, "\tipv6-only %s\n", modes[c->ipv6_only]);
	fprintf(f, "\tanonymous %s\n", modes[c->anonymous]);
	print_ignore(c->ignore, f);
	print_request("dhcp4", &c->opt4, f);
	print_ignore4(&c->opt4, f);
}

static void
print_ipv6(const struct conf_iface *c, FILE *f)
{
	fprintf(f, "\tslaac %s\n", modes[c->slaac]);
	fprintf(f, "\ttemporary %s\n", modes[c->temporary]);
	fprintf(f, "\tsoii %s\n", modes[c->soii]);
	if (c->accept_hop_limit)
		fputs("\taccept hop-limit\n", f);
	fprintf(f, "\tdhcp6 %s\n", modes[c->dhcp6]);
	if (c->has_iaid)
		fprintf(f, "\tiaid %u\n", c->iaid);
	fprintf(f, "\trapid-commit %s\n", modes[c->rapid_commit]);
	fprintf(f, "\tselect %s\n", select_names[c->select]);
	fprintf(f, "\treconfigure %s\n", modes[c->reconfigure]);
	fprintf(f, "\tregister %s\n", modes[c->register_addr]);
	print_request("dhcp6", &c->opt6, f);
}

/* Bytes of type 0 that can be printed are what a text became. */
static void
print_client_id(const struct conf_iface *c, FILE *f)
{
	int text = c->client_id_len > 1 && c->client_id_bytes[0] == 0;
	size_t i;

	fputs("\tclient-id ", f);
	if (c->client_id == CLIENT_ID_MAC) {
		fputs("mac\n", f);
		return;
	}
	if (c->client_id == CLIENT_ID_DUID) {
		fputs("duid\n", f);
		return;
	}
	for (i = 1; i < c->client_id_len; i++) {
		if (c->client_id_bytes[i] < 0x20 ||
		    c->client_id_bytes[i] > 0x7e)
			text = 0;
	}
	if (text)
		print_quoted(f, (const char *)c->client_id_bytes + 1,
		    c->client_id_len - 1U);
	else
		print_bytes(f, c->client_id_bytes, c->client_id_len);
	putc('\n', f);
}

static void
print_classes(const struct conf_iface *c, FILE *f)
{
	size_t i;

	if (c->vendor_class[0] != '\0') {
		fputs("\tvendor-class ", f);
		print_quoted(f, c->vendor_class, strlen(c->vendor_class));
		putc('\n', f);
	}
	if (c->nuser_classes == 0)
		return;
	fputs("\tuser-class {", f);
	for (i = 0; i < c->nuser_classes; i++) {
		fputs(i == 0 ? " " : ", ", f);
		print_quoted(f, c->user_classes[i], strlen(c->user_classes[i]));
	}
	fputs(" }\n", f);
}

static void
print_ignore(uint8_t ignore, FILE *f)
{
	static const struct {
		uint8_t bit;
		const char *word;
	} words[] = {
		{ IGNORE_DNS, "dns" },
		{ IGNORE_ROUTES, "routes" },
		{ IGNORE_MTU, "mtu" },
	};
	const char *comma = "";
	size_t i;

	if (ignore == 0)
		return;
	fputs("\tignore {", f);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if ((ignore & words[i].bit) == 0)
			continue;
		fprintf(f, "%s %s", comma, words[i].word);
		comma = ",";
	}
	fputs(" }\n", f);
}

static void
print_request(const char *family, const struct conf_options *o, FILE *f)
{
	size_t i;

	if (o->nrequest == 0)
		return;
	fprintf(f, "\t%s request {", family);
	for (i = 0; i < o->nrequest; i++)
		fprintf(f, "%s%u", i == 0 ? " " : ", ", o->request[i]);
	fputs(" }\n", f);
}

static void
print_ignore4(const struct conf_options *o, FILE *f)
{
	char addr[INET_ADDRSTRLEN];
	const char *comma = "";
	size_t i;

	if (o->nignore == 0 && o->nservers == 0)
		return;
	fputs("\tdhcp4 ignore {", f);
	for (i = 0; i < o->nignore; i++) {
		fprintf(f, "%s %u", comma, o->ignore[i]);
		comma = ",";
	}
	for (i = 0; i < o->nservers; i++) {
		inet_ntop(AF_INET, &o->servers[i], addr, sizeof(addr));
		fprintf(f, "%s server %s", comma, addr);
		comma = ",";
	}
	fputs(" }\n", f);
}

/* inet_ntop(3) would make ::1:2 an IPv4 address, ::0.1.0.2. */
static void
print_addr6(const struct in6_addr *addr, FILE *f)
{
	char text[INET6_ADDRSTRLEN];
	const uint8_t *b = addr->s6_addr;

	if (!ipv6_bits(addr, 0, 96) && ipv6_bits(addr, 96, 112))
		snprintf(text, sizeof(text), "::%x:%x",
		    (unsigned int)(b[12] << 8 | b[13]),
		    (unsigned int)(b[14] << 8 | b[15]));
	else
		inet_ntop(AF_INET6, addr, text, sizeof(text));
	fputs(text, f);
}

static void
print_prefix(const struct conf_prefix *prefix, FILE *f)
{
	const struct conf_assign *a;
	size_t i;

	fputs("\tprefix", f);
	if (prefix->hint_len > 0) {
		putc(' ', f);
		print_addr6(&prefix->hint, f);
		fprintf(f, "/%u", prefix->hint_len);
	}
	if (prefix->nassigns == 0) {
		putc('\n', f);
		return;
	}
	fputs(" {\n", f);
	for (i = 0; i < prefix->nassigns; i++) {
		a = &prefix->assigns[i];
		fputs("\t\tassign ", f);
		print_quoted(f, a->ifname, strlen(a->ifname));
		fprintf(f, " subnet %u length %u", a->subnet, a->length);
		if (a->has_suffix) {
			fputs(" suffix ", f);
			print_addr6(&a->suffix, f);
		}
		putc('\n', f);
	}
	fputs("\t}\n", f);
}

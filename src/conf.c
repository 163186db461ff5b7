/* SPDX-License-Identifier: ISC */
/*
 * The configuration as data: defaults, which block holds for an interface,
 * what a name may be.  Reading it is parse.y's, printing it printconf.c's.
 */
#include <sys/types.h>
#include <ctype.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "conf_parse.h"

#define DEFAULT_PREFERENCE 100

static const struct conf_block *
find_block(const struct conf *, const char *, int);

/* An empty configuration with the global defaults; NULL: no memory. */
struct conf *
conf_new(void)
{
	struct conf *conf;

	if ((conf = calloc(1, sizeof(*conf))) == NULL)
		return NULL;
	conf->global.duid_kind = CONF_DUID_UUID;
	conf->resolv = RESOLV_AUTO;
	conf_iface_defaults(&conf->downstream);
	conf->downstream.dhcp4 = CONF_NO;
	conf->downstream.slaac = 0;
	conf->downstream.dhcp6 = CONF_NO;
	TAILQ_INIT(&conf->blocks);
	TAILQ_INIT(&conf->excludes);
	return conf;
}

void
conf_free(struct conf *conf)
{
	struct conf_block *block;
	struct conf_exclude *exclude;

	if (conf == NULL)
		return;
	while ((block = TAILQ_FIRST(&conf->blocks)) != NULL) {
		TAILQ_REMOVE(&conf->blocks, block, entry);
		free(block->file);
		free(block);
	}
	while ((exclude = TAILQ_FIRST(&conf->excludes)) != NULL) {
		TAILQ_REMOVE(&conf->excludes, exclude, entry);
		free(exclude);
	}
	free(conf);
}

/* The name stays; all else becomes what leased.conf(5) calls the default. */
void
conf_iface_defaults(struct conf_iface *iface)
{
	char name[CONF_NAME_MAX];

	memcpy(name, iface->name, sizeof(name));
	memset(iface, 0, sizeof(*iface));
	memcpy(iface->name, name, sizeof(name));
	iface->preference = DEFAULT_PREFERENCE;
	iface->dhcp4 = CONF_YES;
	iface->slaac = CONF_YES;
	iface->dhcp6 = CONF_AUTO;
	iface->client_id = CLIENT_ID_MAC;
	iface->conflict_detection = ACD_FAST;
	iface->soii = 1;
	iface->rapid_commit = 1;
	iface->select = SELECT_BEST;
}

/*
 * NAME_EXACT: an interface's name as Y-20 allows it, with room for its NUL in
 * IFACE_NAME_MAX.  NAME_PATTERN: the same bytes with *, ? or [...] of
 * fnmatch(3), shorter than CONF_NAME_MAX.
 */
int
conf_name_kind(const char *name)
{
	size_t i, len = strlen(name);
	int pattern = 0, bracket = 0;

	if (len == 0 || len >= CONF_NAME_MAX)
		return NAME_BAD;
	if (name[0] == '.' || name[0] == '-')
		return NAME_BAD;
	for (i = 0; i < len; i++) {
		if (name[i] == '*' || name[i] == '?') {
			pattern = 1;
		} else if (name[i] == '[') {
			if (bracket)
				return NAME_BAD;
			pattern = bracket = 1;
		} else if (name[i] == ']') {
			if (!bracket || name[i - 1] == '[')
				return NAME_BAD;
			bracket = 0;
		} else if (name[i] == '!') {
			if (!bracket || name[i - 1] != '[')
				return NAME_BAD;
		} else if (!isalnum((unsigned char)name[i]) &&
		    strchr("._-:@", name[i]) == NULL) {
			return NAME_BAD;
		}
	}
	if (bracket)
		return NAME_BAD;
	if (pattern)
		return NAME_PATTERN;
	return len < IFACE_NAME_MAX ? NAME_EXACT : NAME_BAD;
}

static const struct conf_block *
find_block(const struct conf *conf, const char *name, int pattern)
{
	const struct conf_block *block;

	TAILQ_FOREACH (block, &conf->blocks, entry) {
		if (block->is_pattern != pattern)
			continue;
		if (pattern ? fnmatch(block->iface.name, name, 0) == 0
			    : strcmp(block->iface.name, name) == 0)
			return block;
	}
	return NULL;
}

/* Does some block give this interface a part of its delegated prefix? */
int
conf_is_downstream(const struct conf *conf, const char *name)
{
	const struct conf_block *block;
	const struct conf_prefix *prefix;
	unsigned int i, j;

	TAILQ_FOREACH (block, &conf->blocks, entry) {
		for (i = 0; i < block->iface.nprefixes; i++) {
			prefix = &block->iface.prefixes[i];
			for (j = 0; j < prefix->nassigns; j++)
				if (strcmp(prefix->assigns[j].ifname, name) ==
				    0)
					return 1;
		}
	}
	return 0;
}

const struct conf_iface *
conf_lookup(const struct conf *conf, const char *name)
{
	const struct conf_block *block;
	const struct conf_exclude *exclude;

	TAILQ_FOREACH (exclude, &conf->excludes, entry) {
		if (fnmatch(exclude->pattern, name, 0) == 0)
			return NULL;
	}
	if ((block = find_block(conf, name, 0)) == NULL)
		block = find_block(conf, name, 1);
	if (block == NULL)
		return conf_is_downstream(conf, name) ? &conf->downstream
						      : NULL;
	return &block->iface;
}

int
conf_add_interface(struct conf *conf, const char *name)
{
	struct conf_block *block;

	if (conf_name_kind(name) != NAME_EXACT)
		return -1;
	if (find_block(conf, name, 0) != NULL ||
	    find_block(conf, name, 1) != NULL)
		return 0;
	if ((block = calloc(1, sizeof(*block))) == NULL ||
	    (block->file = strdup("command line")) == NULL) {
		free(block);
		return -1;
	}
	strlcpy(block->iface.name, name, sizeof(block->iface.name));
	conf_iface_defaults(&block->iface);
	TAILQ_INSERT_TAIL(&conf->blocks, block, entry);
	return 0;
}

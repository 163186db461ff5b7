/* SPDX-License-Identifier: ISC */
/* Real packets, see corpus.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "corpus.h"

/* CORPUS, or shared/corpus beside the source tree. */
static int
corpus_dir(const atf_tc_t *tc, char *dir, size_t size)
{
	const char *env = getenv("CORPUS");
	char index[1200], up[64] = "";
	int i;

	if (env != NULL) {
		strlcpy(dir, env, size);
		return access(dir, R_OK) == 0;
	}
	for (i = 0; i < 8; i++) {
		snprintf(dir, size, "%s/%sshared/corpus",
		    atf_tc_get_config_var_wd(tc, "srcdir", "."), up);
		snprintf(index, sizeof(index), "%s/index.tsv", dir);
		if (access(index, R_OK) == 0)
			return 1;
		strlcat(up, "../", sizeof(up));
	}
	return 0;
}

static void
load(const char *dir, const char *class, struct packet *p)
{
	char path[1400];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s/%s.bin", dir, class, p->name);
	f = fopen(path, "rb");
	ATF_REQUIRE_MSG(f != NULL, "%s", path);
	p->len = fread(p->bytes, 1, sizeof(p->bytes), f);
	fclose(f);
}

void
corpus_each(const atf_tc_t *tc, const char *class, unsigned int min,
    void (*fn)(const struct packet *))
{
	static struct packet p;
	static char line[8192];
	char dir[1024], path[1200], *field[6], *s;
	unsigned int n = 0;
	size_t i;
	FILE *f;

	if (!corpus_dir(tc, dir, sizeof(dir)))
		atf_tc_skip("no corpus; CORPUS names it");
	snprintf(path, sizeof(path), "%s/index.tsv", dir);
	f = fopen(path, "r");
	ATF_REQUIRE_MSG(f != NULL, "%s", path);
	while (fgets(line, sizeof(line), f) != NULL) {
		s = line;
		for (i = 0; i < 6; i++)
			field[i] = s == NULL ? s : strsep(&s, "\t\n");
		if (field[4] == NULL || strcmp(field[0], class) != 0)
			continue;
		strlcpy(p.name, field[1], sizeof(p.name));
		strlcpy(p.exercises, field[3], sizeof(p.exercises));
		strlcpy(p.valid, field[4], sizeof(p.valid));
		load(dir, class, &p);
		fn(&p);
		n++;
	}
	fclose(f);
	ATF_CHECK_MSG(n >= min, "only %u packets", n);
}

size_t
corpus_listed(const struct packet *p, unsigned long code)
{
	const char *s = strstr(p->exercises, "opts=");
	int depth = 0;
	size_t n = 0;
	char *end;

	for (s = s == NULL ? "" : s + 5; *s != '\0' && *s != ' ';) {
		if (*s >= '0' && *s <= '9') {
			n += strtoul(s, &end, 10) == code && depth == 0;
			s = end;
			continue;
		}
		depth += *s == '(' ? 1 : *s == ')' ? -1 : 0;
		s++;
	}
	return n;
}

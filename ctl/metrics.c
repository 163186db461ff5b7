/* SPDX-License-Identifier: ISC */
/*
 * Counters as OpenMetrics text (the exposition format of OpenMetrics 1.0).
 * All samples of a metric must stand together, so that the interfaces are
 * kept until the result comes.
 */

#include <err.h>
#include <stdlib.h>

#include "ctl.h"

struct metrics {
	struct ipc_show_counters *rows;
	size_t n;
};

static void metrics_counters(struct output *, const struct ipc_show_counters *);
static void metrics_result(struct output *, const struct ipc_result *);
static void put_label(FILE *, const struct ipc_show_counters *);

static void
metrics_counters(struct output *out, const struct ipc_show_counters *msg)
{
	struct metrics *m = out->data;
	struct ipc_show_counters *rows;

	rows = reallocarray(m->rows, m->n + 1, sizeof(*rows));
	if (rows == NULL)
		err(EXIT_FAILED, NULL);
	rows[m->n++] = *msg;
	m->rows = rows;
}

/* In a label's value backslash and quote are escaped. */
static void
put_label(FILE *fp, const struct ipc_show_counters *row)
{
	char name[ESCAPED(sizeof(row->ifname))];
	const char *p;

	text_escape(row->ifname, sizeof(row->ifname), name, sizeof(name));
	fputs("{interface=\"", fp);
	for (p = name; *p != '\0'; p++) {
		if (*p == '\\' || *p == '"')
			fputc('\\', fp);
		fputc(*p, fp);
	}
	fputs("\"}", fp);
}

static void
metrics_result(struct output *out, const struct ipc_result *msg)
{
	struct metrics *m = out->data;
	const char *name;
	uint32_t c;
	size_t i;

	for (c = 0; c < COUNT_MAX && msg->code == IPC_OK; c++) {
		name = name_counter(c);
		fprintf(out->fp, "# TYPE leased_%s counter\n", name);
		fprintf(out->fp, "# HELP leased_%s %s\n", name,
		    name_counter_help(c));
		for (i = 0; i < m->n; i++) {
			fprintf(out->fp, "leased_%s_total", name);
			put_label(out->fp, &m->rows[i]);
			fprintf(out->fp, " %llu\n",
			    (unsigned long long)m->rows[i].counters[c]);
		}
	}
	if (msg->code == IPC_OK)
		fputs("# EOF\n", out->fp);
	free(m->rows);
	free(m);
	out->data = NULL;
}

void
output_metrics(struct output *out, FILE *fp)
{
	*out = (struct output){
		.fp = fp, .counters = metrics_counters, .result = metrics_result
	};
	out->data = calloc(1, sizeof(struct metrics));
	if (out->data == NULL)
		err(EXIT_FAILED, NULL);
}

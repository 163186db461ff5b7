/* SPDX-License-Identifier: ISC */
/* leasectl(8): ask and tell a running leased(8). */

#include <sys/types.h>
#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "ctl.h"

static void usage(void);
static int run(const struct command *, FILE *);

static void
usage(void)
{
	fprintf(stderr,
	    "usage: leasectl [-j] [-s socket] command\n"
	    "       show [counters | metrics] [interface ...]\n"
	    "       wait [-46] [-t seconds] [interface ...]\n"
	    "       monitor | reload | resume\n"
	    "       renew [interface ...]\n"
	    "       release interface\n"
	    "       log brief | verbose\n"
	    "       stop [--withdraw]\n");
}

/*
 * A listing is shown when it has come whole: leased does not wait for a pager.
 */
static int
run(const struct command *cmd, FILE *fp)
{
	struct output out;

	if (cmd->metrics)
		output_metrics(&out, fp);
	else if (cmd->json && cmd->req.command == CTL_CMD_MONITOR)
		output_json_lines(&out, fp);
	else if (cmd->json)
		output_json(&out, fp, cmd->req.command);
	else
		output_text(&out, fp);
	return client_run(cmd, &out);
}

int
main(int argc, char **argv)
{
	struct command cmd;
	FILE *fp = stdout;
	const char *why;
	char *text = NULL;
	size_t len = 0;
	int code;

	if (args_parse(&cmd, argc, argv, &why) == -1) {
		if (why != NULL)
			warnx("%s", why);
		usage();
		return EXIT_USAGE;
	}
	/* A daemon that hangs up is found out about by reading. */
	signal(SIGPIPE, SIG_IGN);
	if (cmd.req.command != CTL_CMD_MONITOR &&
	    (fp = open_memstream(&text, &len)) == NULL)
		err(EXIT_FAILED, NULL);
	code = run(&cmd, fp);
	if (fp != stdout && fclose(fp) == EOF)
		err(EXIT_FAILED, NULL);
	if (len > 0)
		(void)fwrite(text, 1, len, stdout);
	free(text);
	if (fflush(stdout) == EOF || ferror(stdout)) {
		warn("standard output");
		return EXIT_FAILED;
	}
	return code;
}

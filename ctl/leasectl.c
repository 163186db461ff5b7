/* SPDX-License-Identifier: ISC */
/* leasectl(8): ask and tell a running leased(8). */

#include <sys/types.h>
#include <err.h>
#include <signal.h>

#include "ctl.h"

static void usage(void);

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

int
main(int argc, char **argv)
{
	struct command cmd;
	struct output out;
	const char *why;
	int code;

	if (args_parse(&cmd, argc, argv, &why) == -1) {
		if (why != NULL)
			warnx("%s", why);
		usage();
		return EXIT_USAGE;
	}
	/* A daemon that hangs up is found out about by reading. */
	signal(SIGPIPE, SIG_IGN);
	if (cmd.metrics)
		output_metrics(&out, stdout);
	else if (cmd.json && cmd.req.command == CTL_CMD_MONITOR)
		output_json_lines(&out, stdout);
	else if (cmd.json)
		output_json(&out, stdout, cmd.req.command);
	else
		output_text(&out, stdout);
	code = client_run(&cmd, &out);
	if (fflush(stdout) == EOF || ferror(stdout)) {
		warn("standard output");
		return EXIT_FAILED;
	}
	return code;
}

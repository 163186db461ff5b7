/* SPDX-License-Identifier: ISC */
/* leased(8): options, configuration, and which process this is. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "leased.h"
#include "log.h"
#include "os/os.h"

#define MACROS_MAX 64

static void usage(void) __attribute__((noreturn));

static void
usage(void)
{
	fprintf(stderr,
	    "usage: leased [-dnv] [-D macro=value] [-f conf] [-p pidfile] "
	    "[-S statedir]\n              [-s socket] [interface ...]\n");
	exit(2);
}

static void
conf_error(void *arg, const char *line)
{
	(void)arg;
	fprintf(stderr, "%s\n", line);
}

/* -D name=value; the argument is split in place. */
static void
macro_add(struct conf_macro *macros, size_t *n, char *arg)
{
	char *value = strchr(arg, '=');

	if (value == NULL || value == arg || *n == MACROS_MAX) {
		fprintf(stderr, "leased: -D %s: expected macro=value\n", arg);
		usage();
	}
	*value++ = '\0';
	macros[*n].name = arg;
	macros[(*n)++].value = value;
}

/* A child process: -F, -E or -H, then -U uid:gid. */
static void
run_child(int argc, char **argv)
{
	unsigned long uid, gid;

	if (argc != 4 || strcmp(argv[2], "-U") != 0 ||
	    sscanf(argv[3], "%lu:%lu", &uid, &gid) != 2)
		return;
	if (strcmp(argv[1], "-F") == 0)
		frontend_main((uid_t)uid, (gid_t)gid);
	if (strcmp(argv[1], "-E") == 0)
		engine_main((uid_t)uid, (gid_t)gid);
	if (strcmp(argv[1], "-H") == 0)
		helper_main();
}

/* Read the configuration; the default file may be missing when interfaces
 * are named. */
static struct conf *
read_conf(struct options *opts, int explicit_file)
{
	struct conf *conf;
	int i;

	if (!explicit_file && access(opts->conf_path, F_OK) == -1 &&
	    errno == ENOENT) {
		if (opts->ninterfaces == 0) {
			fprintf(stderr,
			    "leased: no configuration file %s "
			    "and no interface named\n",
			    opts->conf_path);
			exit(1);
		}
		opts->conf_path = NULL;
	}
	conf = conf_read(
	    opts->conf_path, opts->macros, opts->nmacros, conf_error, NULL);
	if (conf == NULL)
		exit(1);
	for (i = 0; i < opts->ninterfaces; i++) {
		if (conf_add_interface(conf, opts->interfaces[i]) == 0)
			continue;
		fprintf(stderr, "leased: %s: not an interface name\n",
		    opts->interfaces[i]);
		exit(1);
	}
	return conf;
}

/*
 * Leave the terminal.  The foreground process ends with 0 when the daemon is
 * ready, with 1 when it ended before.
 */
static int
background(void)
{
	int ready[2], null;
	char byte;

	if (pipe(ready) == -1) {
		perror("leased: pipe");
		exit(1);
	}
	switch (fork()) {
	case -1:
		perror("leased: fork");
		exit(1);
	case 0:
		break;
	default:
		close(ready[1]);
		if (read(ready[0], &byte, 1) == 1)
			exit(0);
		fprintf(stderr, "leased: did not start: see the system log\n");
		exit(1);
	}
	close(ready[0]);
	if (setsid() == -1 || chdir("/") == -1 ||
	    fcntl(ready[1], F_SETFD, FD_CLOEXEC) == -1)
		_exit(1);
	if ((null = open("/dev/null", O_RDWR)) == -1)
		_exit(1);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(null, STDERR_FILENO);
	if (null > STDERR_FILENO)
		close(null);
	return ready[1];
}

/* check: -n; explicit_file: -f. */
static void
parse_args(int argc, char **argv, struct options *opts,
    struct conf_macro *macros, int *check, int *explicit_file)
{
	int ch;

	while ((ch = getopt(argc, argv, "D:df:np:S:s:v")) != -1) {
		switch (ch) {
		case 'D':
			macro_add(macros, &opts->nmacros, optarg);
			break;
		case 'd':
			opts->debug = 1;
			break;
		case 'f':
			opts->conf_path = optarg;
			*explicit_file = 1;
			break;
		case 'n':
			*check = 1;
			break;
		case 'p':
			opts->pidfile = optarg;
			break;
		case 'S':
			opts->statedir = optarg;
			break;
		case 's':
			opts->socket = optarg;
			break;
		case 'v':
			opts->verbose++;
			break;
		default:
			usage();
		}
	}
	opts->interfaces = argv + optind;
	opts->ninterfaces = argc - optind;
}

int
main(int argc, char **argv)
{
	struct conf_macro macros[MACROS_MAX];
	struct options opts = { .conf_path = os_default_conf,
		.pidfile = os_default_pidfile,
		.socket = os_default_socket,
		.statedir = os_default_statedir,
		.macros = macros,
		.ready_fd = -1 };
	int check = 0, explicit_file = 0;
	struct conf *conf;

	run_child(argc, argv);
	/* What the starter left open would get into every sandbox. */
	closefrom(STDERR_FILENO + 1);
	parse_args(argc, argv, &opts, macros, &check, &explicit_file);
	if (!check && geteuid() != 0) {
		fprintf(stderr, "leased: must be started by root\n");
		return 1;
	}
	conf = read_conf(&opts, explicit_file);
	if (check) {
		if (opts.verbose)
			conf_print(conf, stdout);
		else
			fprintf(stderr, "configuration OK\n");
		conf_free(conf);
		return 0;
	}
	if (!opts.debug)
		opts.ready_fd = background();
	parent_main(&opts, conf);
}

/* SPDX-License-Identifier: ISC */
/* Logging: see log.h. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "ipc.h"

static struct {
	const char *process;
	int debug;
	int verbose;
	void (*sink)(int, const char *);
	void (*at_exit)(void);
} state;

void
log_init(const char *process, int debug, int verbose,
    void (*sink)(int priority, const char *line))
{
	state.process = process;
	state.debug = debug;
	state.verbose = verbose;
	state.sink = sink;
	if (sink == NULL && !debug)
		openlog("leased", LOG_PID | LOG_NDELAY, LOG_DAEMON);
}

void
log_at_exit(void (*hook)(void))
{
	state.at_exit = hook;
}

void
log_set_verbose(int verbose)
{
	state.verbose = verbose;
}

void
log_clean(char *line)
{
	for (; *line != '\0'; line++)
		if (*line < 0x20 || *line > 0x7e)
			*line = '?';
}

int
log_child_priority(uint32_t priority)
{
	if (priority > LOG_DEBUG)
		return LOG_WARNING;
	return priority < LOG_CRIT ? LOG_CRIT : (int)priority;
}

int
log_allow(struct log_rate *rate, uint64_t second, unsigned int *suppressed)
{
	*suppressed = 0;
	if (rate->second != second) {
		*suppressed = rate->suppressed;
		rate->lines = rate->suppressed = 0;
		rate->second = second;
	}
	if (rate->lines < LOG_LINES_PER_SEC) {
		rate->lines++;
		return 1;
	}
	rate->suppressed++;
	return 0;
}

int
log_allow_last(struct log_rate *rate)
{
	if (rate->last_used)
		return 0;
	rate->last_used = 1;
	rate->suppressed--;
	return 1;
}

void
log_foreign(const char *process, int priority, const char *line)
{
	if (state.debug || state.process == NULL)
		fprintf(stderr, "leased[%s]: %s\n", process, line);
	else
		syslog(priority, "%s: %s", process, line);
}

void
log_vwrite(int priority, const char *fmt, va_list ap)
{
	char line[IPC_LOG_MAX];
	int saved = errno;

	if (priority == LOG_DEBUG && !state.verbose)
		return;
	if (vsnprintf(line, sizeof(line), fmt, ap) < 0)
		return;
	/* Names of interfaces and files have any bytes (Y-12). */
	if (state.process != NULL)
		log_clean(line);
	if (state.sink != NULL)
		state.sink(priority, line);
	else if (state.debug || state.process == NULL)
		fprintf(stderr, "leased: %s\n", line);
	else
		syslog(priority, "%s", line);
	errno = saved;
}

void
log_write(int priority, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_vwrite(priority, fmt, ap);
	va_end(ap);
}

static void
log_errno(int priority, const char *fmt, va_list ap)
{
	char line[IPC_LOG_MAX];
	int saved = errno;

	if (vsnprintf(line, sizeof(line), fmt, ap) < 0)
		return;
	log_write(priority, "%s: %s", line, strerror(saved));
	errno = saved;
}

void
log_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_errno(LOG_WARNING, fmt, ap);
	va_end(ap);
}

void
log_warnx(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_vwrite(LOG_WARNING, fmt, ap);
	va_end(ap);
}

void
log_info(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_vwrite(LOG_INFO, fmt, ap);
	va_end(ap);
}

void
log_debug(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_vwrite(LOG_DEBUG, fmt, ap);
	va_end(ap);
}

static _Noreturn void
die(void)
{
	if (state.at_exit != NULL)
		state.at_exit();
	/* _exit: no handler of a library may run in a broken process. */
	_exit(1);
}

void
fatal(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_errno(LOG_CRIT, fmt, ap);
	va_end(ap);
	die();
}

void
fatalx(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	log_vwrite(LOG_CRIT, fmt, ap);
	va_end(ap);
	die();
}

/* SPDX-License-Identifier: ISC */
/*
 * Logging.  The parent writes to syslog (or, with -d, to stderr); a child's
 * lines go to the parent in a fixed-size message.
 */
#ifndef LEASED_LOG_H
#define LEASED_LOG_H

#include <stdarg.h>
#include <stdint.h>
#include <syslog.h>

#define LOG_PRINTF(f, a) __attribute__((format(printf, f, a)))

/* sink: where a finished line goes; NULL: stderr when debug, else syslog. */
void log_init(const char *process, int debug, int verbose,
    void (*sink)(int priority, const char *line));
/* Called before a fatal error ends the process. */
void log_at_exit(void (*hook)(void));
void log_set_verbose(int verbose);

void log_vwrite(int priority, const char *, va_list) LOG_PRINTF(2, 0);
void log_write(int priority, const char *, ...) LOG_PRINTF(2, 3);
/* With ": " and the text of errno. */
void log_warn(const char *, ...) LOG_PRINTF(1, 2);
void log_warnx(const char *, ...) LOG_PRINTF(1, 2);
void log_info(const char *, ...) LOG_PRINTF(1, 2);
void log_debug(const char *, ...) LOG_PRINTF(1, 2);
_Noreturn void fatal(const char *, ...) LOG_PRINTF(1, 2);
_Noreturn void fatalx(const char *, ...) LOG_PRINTF(1, 2);
/* No byte but those that print; a daemon's lines are cleaned when they are
 * written (Y-12). */
void log_clean(char *);
/* What a child may log as: LOG_EMERG would go to every terminal. */
int log_child_priority(uint32_t);

#define LOG_LINES_PER_SEC 20
struct log_rate {
	uint64_t second;
	unsigned int lines, suppressed;
	int last_used;
};
/* One more line in this second (of any clock)?  suppressed: how many lines of
 * an earlier one were not allowed, to be said now; else 0. */
int log_allow(struct log_rate *, uint64_t second, unsigned int *suppressed);
/* After that said no: may the line pass as the last one of its process, which
 * has one such? */
int log_allow_last(struct log_rate *);
/* Write a line that a child already finished, under its name. */
void log_foreign(const char *process, int priority, const char *line);

#endif

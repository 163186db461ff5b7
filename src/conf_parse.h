/* SPDX-License-Identifier: ISC */
/*
 * What the parts of the configuration reader share: the grammar and lexer
 * (parse.y), the statements (conf_stmt.c, conf_block.c) and the files
 * (conf_file.c).  Nobody else includes this.
 */
#ifndef LEASED_CONF_PARSE_H
#define LEASED_CONF_PARSE_H

#include <stddef.h>
#include "conf.h"

/* Bounds, so that no file can make reading it long or large. */
#define CONF_FILE_MAX ((size_t)256 * 1024) /* bytes of one file */
#define CONF_FILES_MAX 256		   /* files of one configuration */
#define CONF_INCLUDE_MAX 8		   /* how deep include may nest */
#define CONF_BLOCKS_MAX 1024
#define CONF_EXCLUDES_MAX 256
#define CONF_MACROS_MAX 256
#define CONF_ERRORS_MAX 1000
#define CONF_BRACES_MAX 16
#define CONF_STATEMENTS 48 /* at least as many as conf_stmt.c has */

/* Where something stands in a file; file is owned by the parser. */
struct place {
	const char *file;
	int line;
};

struct values;

enum value_kind { VALUE_WORD, VALUE_STRING, VALUE_LIST };

/* One word of a statement: bare, quoted, or a list in braces. */
struct value {
	struct value *next;
	struct values *items; /* VALUE_LIST */
	char *text;	      /* else */
	struct place at;
	enum value_kind kind;
};

struct values {
	struct value *first;
	struct value *last;
	size_t n;
};

/* Which block a statement stands in; a mask in the table of statements. */
#define CTX_GLOBAL 0x01
#define CTX_IFACE 0x02
#define CTX_PREFIX 0x04

/* An open block. */
struct frame {
	int ctx;
	int bad; /* not to be kept: misplaced or badly named */
	struct conf_block *block;
	struct conf_prefix *prefix;
	struct place seen[CONF_STATEMENTS]; /* where each was set */
};

struct macro {
	const char *name;
	const char *value;
	struct place at;
	int fixed; /* from -D: the file cannot change it */
};

enum source_kind { SOURCE_FILE, SOURCE_INCLUDE, SOURCE_MACRO };

/* Text that is being read: a file, or the value of a macro. */
struct source {
	struct source *up;
	const char *buf;
	size_t len;
	size_t pos;
	struct place at; /* the line pos is on */
	int depth;	 /* braces open when it began */
	enum source_kind kind;
	int nested;   /* how many files include it */
	int unclosed; /* its missing } was reported */
	int ended;    /* its last newline was given */
};

#define CONF_FRAMES 3 /* global, interface, prefix */

struct parser {
	struct conf *conf;
	void (*err)(void *, const char *);
	void *arg;
	int errors;
	int stop; /* out of memory, or too many errors */
	void *arena;
	struct source *src;
	int depth;			 /* braces open */
	int opened[CONF_BRACES_MAX + 1]; /* line of each */
	int blocks;			 /* of these, blocks */
	int token;			 /* the last one given to the grammar */
	char token_text[80];
	struct place token_at;
	int token_first; /* it begins a statement */
	int reported;	 /* the lexer said what is wrong with it */
	int skipping;	 /* to the end of a broken statement */
	struct frame frames[CONF_FRAMES];
	int nframes; /* open, may be more than are kept */
	struct conf_prefix scratch_prefix;
	struct macro macros[CONF_MACROS_MAX];
	size_t nmacros;
	const char *dir; /* of the configuration; NULL: no files */
	int nfiles;
};

/* parse.y */
struct parser *parser_new(const struct conf_macro *, size_t,
    void (*err)(void *, const char *), void *arg);
/* Ends the parser; the configuration, or NULL if there were errors. */
struct conf *parser_finish(struct parser *);
/* Parse one text in the frame that is open.  name and buf must stay. */
void
parser_text(struct parser *, const char *name, const char *buf, size_t len);
/* Put a text in front of what is read next. */
int parser_push(struct parser *, const char *name, int line, const char *buf,
    size_t len, enum source_kind);
/* Memory that lives as long as the parser, zeroed; NULL: none, reported. */
void *parser_mem(struct parser *, size_t);
char *parser_strdup(struct parser *, const char *);
/* Report "file:line: ..." resp. "..." when at is NULL. */
void conf_error(struct parser *, const struct place *, const char *, ...)
    __attribute__((format(printf, 3, 4)));
struct frame *parser_frame(struct parser *);

#define NELEMS(a) (sizeof(a) / sizeof((a)[0]))
#define AT(member) offsetof(struct conf_iface, member)

struct statement;
typedef void setter(struct parser *, const struct statement *,
    const struct value *keyword, const struct values *);

struct choice {
	const char *word;
	uint8_t value;
};

struct statement {
	const char *name;
	const char *sub; /* its second word, as in "control group" */
	int ctx;	 /* CTX_* it may stand in */
	int repeats;	 /* may stand there more than once */
	setter *set;
	const char *expected;
	size_t offset; /* of the value in struct conf_iface */
	const struct choice *choices;
	uint32_t min, max;
};

extern const struct choice conf_yes_no[];

/* conf_value.c, conf_block.c: put a statement's values into the block */
setter set_choice, set_number, set_release, set_resolv, set_duid;
setter set_group, set_write, set_exclude, set_client_id, set_dns_name;
setter set_vendor_class, set_user_class, set_words, set_request, set_ignore4,
    set_assign;

/* conf_stmt.c */
void stmt_apply(struct parser *, struct value *keyword, struct values *);
const char *stmt_expected(int ctx); /* what may stand in a block */
int is_keyword(const char *);
/* Report "preference 70000: expected 1-65535". */
void stmt_complain(struct parser *, const struct statement *,
    const struct value *keyword, const struct values *);
/* The same for one item of a list, which may stand on a line of its own. */
void stmt_complain_item(struct parser *, const struct statement *,
    const struct value *, const char *expected);
/* The only value, which is no list; else NULL, and reported. */
const struct value *stmt_one_value(struct parser *, const struct statement *,
    const struct value *keyword, const struct values *);
/* The items of { a, b }, or a without braces; NULL: none, reported. */
const struct values *stmt_flatten(struct parser *, const struct statement *,
    const struct value *keyword, const struct values *);
/* 0 and the value of a word, or -1 (nothing reported). */
int stmt_choose(const struct choice *, const struct value *, uint8_t *);
/* A name: quoted, or bare and no keyword; else NULL, and reported. */
const char *name_value(struct parser *, const char *what, const struct value *);
/* A number from min to max: 0, or -1 (nothing reported). */
int number_parse(const char *, uint32_t min, uint32_t max, uint32_t *);

/* conf_block.c: blocks, and the statements of prefix */
void block_interface(struct parser *, struct value *keyword, struct values *);
void block_prefix(struct parser *, struct value *keyword, struct values *);
void block_end(struct parser *);
void block_missing(struct parser *, struct value *keyword, struct values *);
void block_file(struct parser *, const char *name, const struct place *);
int ipv6_parse(const char *, struct in6_addr *);
/* Is any bit of the address set from bit `from` up to bit `to`? */
int ipv6_bits(const struct in6_addr *, unsigned int from, unsigned int to);

/* conf_macro.c */
struct macro *macro_find(struct parser *, const char *, size_t);
void macro_set(struct parser *, struct value *name, struct values *);
void macros_from_options(struct parser *, const struct conf_macro *, size_t);

/* conf_file.c */
void conf_include(struct parser *, struct value *keyword, struct values *);

/* conf.c */
enum { NAME_BAD, NAME_EXACT, NAME_PATTERN };
int conf_name_kind(const char *);

/* printconf.c: "text" with quotes and backslashes escaped */
void print_quoted(FILE *, const char *, size_t);

#endif

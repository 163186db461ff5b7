/* SPDX-License-Identifier: ISC */
/*
 * The grammar and lexer of leased.conf(5).
 *
 * The grammar knows lines, blocks, lists and macros; which statements there
 * are, and what each takes, is a table in conf_stmt.c.  A grammar with a rule
 * per statement could say no more than "syntax error": this way every error
 * says what was expected, and the rest of the file is read in spite of it.
 */
%{
#include <sys/types.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "conf_parse.h"

static struct values *values_new(struct parser *);
static struct values *values_add(struct values *, struct value *);
static struct value *list_new(struct parser *, struct values *);
%}

%pure-parser
%parse-param { struct parser *p }
%lex-param { struct parser *p }

%union {
	struct value *value;
	struct values *values;
}

%{
static int yylex(YYSTYPE *, struct parser *);
static void yyerror(struct parser *, const char *);
int yyparse(struct parser *);
%}

%token <value> WORD STRING INTERFACE PREFIX INCLUDE
%token BAD /* the lexer has reported it */
%type <value> word list
%type <values> words values items

%%

/* An error ends with the line, or with the block on the same line. */
lines		: /* empty */
		| lines '\n'
		| lines statement '\n'
		| lines error '\n'	{ yyerrok; }
		;

block		: lines '}'
		| lines statement '}'
		| lines error '}'	{ yyerrok; }
		;

statement	: WORD values			{ stmt_apply(p, $1, $2); }
		| WORD '=' words		{ macro_set(p, $1, $3); }
		| INCLUDE words			{ conf_include(p, $1, $2); }
		| INTERFACE words		{ block_missing(p, $1, $2); }
		| INTERFACE words '{'		{ block_interface(p, $1, $2); }
		    block			{ block_end(p); }
		| PREFIX words {
			block_prefix(p, $1, $2);
			block_end(p);
		}
		| PREFIX words '{'		{ block_prefix(p, $1, $2); }
		    block			{ block_end(p); }
		;

values		: /* empty */ {
			if (($$ = values_new(p)) == NULL)
				YYABORT;
		}
		| values word			{ $$ = values_add($1, $2); }
		| values list			{ $$ = values_add($1, $2); }
		;

words		: /* empty */ {
			if (($$ = values_new(p)) == NULL)
				YYABORT;
		}
		| words word			{ $$ = values_add($1, $2); }
		;

word		: WORD
		| STRING
		| INTERFACE
		| PREFIX
		| INCLUDE
		;

/* Commas and newlines between the items are as one likes. */
list		: '{' items '}' {
			if (($$ = list_new(p, $2)) == NULL)
				YYABORT;
		}
		;

items		: /* empty */ {
			if (($$ = values_new(p)) == NULL)
				YYABORT;
		}
		| items '\n'
		| items word			{ $$ = values_add($1, $2); }
		| items word ','		{ $$ = values_add($1, $2); }
		| items list			{ $$ = values_add($1, $2); }
		;

%%

#define END (-1) /* of a source */
#define AGAIN (-2) /* no token: look again */
#define ARENA_CHUNK ((size_t)16 * 1024)

struct chunk {
	struct chunk *next;
	size_t used;
	size_t size;
	_Alignas(max_align_t) char data[];
};

static const struct {
	const char *word;
	int token;
} structure[] = {
	{ "interface", INTERFACE },
	{ "prefix", PREFIX },
	{ "include", INCLUDE },
};

static int lex(struct parser *, struct value **);
static int lex_char(struct source *);
static int lex_raw(struct source *);
static int lex_end(struct parser *);
static int lex_brace(struct parser *, int);
static int lex_macro(struct parser *);
static int lex_string(struct parser *, struct value **);
static int lex_word(struct parser *, struct value **);
static int lex_bad(struct parser *, const struct place *, const char *, ...)
    __attribute__((format(printf, 3, 4)));
static int make_value(struct parser *, struct value **, enum value_kind,
    const char *, size_t, const struct place *);
static int is_word_char(int);
static int is_blank(int);
static void show_token(struct parser *, int, const struct value *);
static const char *expected_here(const struct parser *);

/* ---- memory and errors ---- */

void *
parser_mem(struct parser *p, size_t size)
{
	struct chunk *c = p->arena;
	size_t want;
	void *mem;

	size = (size + _Alignof(max_align_t) - 1) &
	    ~(_Alignof(max_align_t) - 1);
	if (c == NULL || c->size - c->used < size) {
		want = size > ARENA_CHUNK ? size : ARENA_CHUNK;
		if ((c = calloc(1, sizeof(*c) + want)) == NULL) {
			if (!p->stop)
				conf_error(p, NULL, "out of memory");
			p->stop = 1;
			return NULL;
		}
		c->size = want;
		c->next = p->arena;
		p->arena = c;
	}
	mem = c->data + c->used;
	c->used += size;
	return mem;
}

char *
parser_strdup(struct parser *p, const char *s)
{
	size_t len = strlen(s) + 1;
	char *copy;

	if ((copy = parser_mem(p, len)) != NULL)
		memcpy(copy, s, len);
	return copy;
}

/*
 * File names come from directories and may hold anything: what cannot be
 * printed becomes \xNN.
 */
void
conf_error(struct parser *p, const struct place *at, const char *fmt, ...)
{
	char raw[1024], line[4 * sizeof(raw)];
	size_t i, n = 0;
	int used = 0;
	va_list ap;

	if (p->errors++ >= CONF_ERRORS_MAX)
		return;
	if (at != NULL && at->line > 0)
		used = snprintf(raw, sizeof(raw), "%.500s:%d: ", at->file,
		    at->line);
	else if (at != NULL)
		used = snprintf(raw, sizeof(raw), "%.500s: ", at->file);
	if (used < 0)
		used = 0;
	va_start(ap, fmt);
	vsnprintf(raw + used, sizeof(raw) - (size_t)used, fmt, ap);
	va_end(ap);
	for (i = 0; raw[i] != '\0'; i++) {
		if (raw[i] >= 0x20 && raw[i] <= 0x7e)
			line[n++] = raw[i];
		else
			n += (size_t)snprintf(line + n, 5, "\\x%02x",
			    (unsigned int)(unsigned char)raw[i]);
	}
	line[n] = '\0';
	p->err(p->arg, line);
	if (p->errors == CONF_ERRORS_MAX) {
		p->err(p->arg, "too many errors, the rest was not read");
		p->stop = 1;
	}
}

/* ---- the parser's life ---- */

struct parser *
parser_new(const struct conf_macro *macros, size_t nmacros,
    void (*err)(void *, const char *), void *arg)
{
	struct parser *p;

	if ((p = calloc(1, sizeof(*p))) == NULL ||
	    (p->conf = conf_new()) == NULL) {
		free(p);
		err(arg, "out of memory");
		return NULL;
	}
	p->err = err;
	p->arg = arg;
	p->frames[0].ctx = CTX_GLOBAL;
	p->nframes = 1;
	macros_from_options(p, macros, nmacros);
	return p;
}

struct conf *
parser_finish(struct parser *p)
{
	struct chunk *c, *next;
	struct conf *conf = p->conf;

	while (p->nframes > 1)
		block_end(p);
	if (p->errors > 0) {
		conf_free(conf);
		conf = NULL;
	}
	for (c = p->arena; c != NULL; c = next) {
		next = c->next;
		free(c);
	}
	free(p);
	return conf;
}

void
parser_text(struct parser *p, const char *name, const char *buf, size_t len)
{
	int errors = p->errors, frames = p->nframes;

	p->src = NULL;
	p->depth = p->blocks = p->skipping = 0;
	p->token = '\n';
	if (parser_push(p, name, 1, buf, len, SOURCE_FILE) == -1)
		return;
	if (yyparse(p) != 0 && p->errors == errors)
		conf_error(p, NULL, "%s: cannot be read: out of memory", name);
	while (p->nframes > frames)
		block_end(p);
}

int
parser_push(struct parser *p, const char *name, int line, const char *buf,
    size_t len, enum source_kind kind)
{
	struct source *s;

	if ((s = parser_mem(p, sizeof(*s))) == NULL)
		return -1;
	s->buf = buf;
	s->len = len;
	s->at.file = name;
	s->at.line = line;
	s->depth = kind == SOURCE_MACRO ? p->src->depth : p->depth;
	s->kind = kind;
	s->nested = p->src == NULL ? 0 : p->src->nested;
	s->up = p->src;
	p->src = s;
	return 0;
}

struct frame *
parser_frame(struct parser *p)
{
	return p->nframes > CONF_FRAMES ? NULL : &p->frames[p->nframes - 1];
}

static struct values *
values_new(struct parser *p)
{
	return parser_mem(p, sizeof(struct values));
}

static struct values *
values_add(struct values *list, struct value *v)
{
	if (list->last == NULL)
		list->first = v;
	else
		list->last->next = v;
	list->last = v;
	list->n++;
	return list;
}

static struct value *
list_new(struct parser *p, struct values *items)
{
	struct value *v;

	if ((v = parser_mem(p, sizeof(*v))) == NULL)
		return NULL;
	v->kind = VALUE_LIST;
	v->items = items;
	v->at = items->first != NULL ? items->first->at : p->token_at;
	return v;
}

/* ---- the lexer ---- */

static int
yylex(YYSTYPE *lval, struct parser *p)
{
	int token, last = p->token;

	do {
		token = lex(p, &lval->value);
		if (!p->skipping)
			break;
		/* To the end of the line or block the error is in. */
		if (token == '\n' && p->depth <= p->blocks)
			break;
		if (token == '}' && p->depth < p->blocks)
			break;
	} while (token != 0);
	p->skipping = 0;
	p->token_first = last == '\n' || last == '{';
	p->token = token;
	show_token(p, token, lval->value);
	return token;
}

static void
yyerror(struct parser *p, const char *msg)
{
	/* "syntax error": we know better.  Anything else is the parser's own
	 * trouble (no memory for its stack). */
	if (strcmp(msg, "syntax error") != 0 && !p->stop) {
		conf_error(p, NULL, "%s", msg);
		p->stop = 1;
	} else if (!p->reported && !p->stop)
		conf_error(p, &p->token_at, "%s: expected %s", p->token_text,
		    expected_here(p));
	p->reported = 0;
	if (p->token == '}' && p->depth < p->blocks)
		return;
	if (p->token == '\n' && p->depth <= p->blocks)
		return;
	p->skipping = 1;
}

static const char *
expected_here(const struct parser *p)
{
	int n = p->nframes > CONF_FRAMES ? CONF_FRAMES : p->nframes;
	int open = p->token == '{' ? p->depth - 1 : p->depth;

	if (open > p->blocks)
		return "a value or }";
	if (p->token_first)
		return stmt_expected(p->frames[n - 1].ctx);
	return "a value or the end of the line";
}

/* Remember the token as an error message would show it. */
static void
show_token(struct parser *p, int token, const struct value *v)
{
	static const struct {
		int token;
		const char *text;
	} fixed[] = {
		{ 0, "end of file" },
		{ '\n', "end of line" },
		{ '{', "{" },
		{ '}', "}" },
		{ ',', "," },
		{ '=', "=" },
		{ BAD, "bad text" },
	};
	const char *text = NULL;
	size_t i;

	for (i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++) {
		if (fixed[i].token == token)
			text = fixed[i].text;
	}
	if (text != NULL)
		strlcpy(p->token_text, text, sizeof(p->token_text));
	else
		snprintf(p->token_text, sizeof(p->token_text),
		    token == STRING ? "\"%.70s\"" : "%.70s", v->text);
}

/* The next token; 0 at the end of everything. */
static int
lex(struct parser *p, struct value **v)
{
	struct source *s;
	int c, token = AGAIN;

	while (token == AGAIN) {
		if (p->stop || (s = p->src) == NULL)
			return 0;
		while (is_blank(c = lex_char(s)))
			;
		p->token_at = s->at;
		switch (c) {
		case END:
			token = lex_end(p);
			break;
		case '\n':
			s->at.line++;
			token = c;
			break;
		case '{':
		case '}':
			token = lex_brace(p, c);
			break;
		case ',':
		case '=':
			token = c;
			break;
		case '#': /* a backslash does not continue it */
			while (s->pos < s->len && s->buf[s->pos] != '\n')
				s->pos++;
			break;
		case '$':
			token = lex_macro(p);
			break;
		case '"':
			token = lex_string(p, v);
			break;
		default:
			s->pos--;
			token = lex_word(p, v);
			break;
		}
	}
	return token;
}

static int
is_blank(int c)
{
	return c == ' ' || c == '\t';
}

/* One byte, CR LF as LF; a newline does not yet count. */
static int
lex_raw(struct source *s)
{
	if (s->pos >= s->len)
		return END;
	if (s->buf[s->pos] == '\r' && s->pos + 1 < s->len &&
	    s->buf[s->pos + 1] == '\n')
		s->pos++;
	return (unsigned char)s->buf[s->pos++];
}

/* The same, with lines joined that a backslash continues. */
static int
lex_char(struct source *s)
{
	size_t pos;
	int c;

	while ((c = lex_raw(s)) == '\\') {
		pos = s->pos;
		if (lex_raw(s) != '\n') {
			s->pos = pos;
			break;
		}
		s->at.line++;
	}
	return c;
}

/*
 * The end of a source: first close what it left open, so that an included
 * file cannot tear the block of another, then end its last line.
 */
static int
lex_end(struct parser *p)
{
	struct source *s = p->src;
	int line;

	if (s->kind != SOURCE_MACRO && p->depth > s->depth) {
		line = p->depth <= CONF_BRACES_MAX ? p->opened[p->depth] : 0;
		if (!s->unclosed && line > 0)
			conf_error(p, &s->at, "end of file: expected } for the "
			    "{ of line %d", line);
		else if (!s->unclosed)
			conf_error(p, &s->at, "end of file: expected }");
		s->unclosed = 1;
		p->depth--;
		return '}';
	}
	/* The newline first: its statement may be an include. */
	if (s->kind != SOURCE_MACRO && !s->ended) {
		s->ended = 1;
		return '\n';
	}
	p->src = s->up;
	return AGAIN;
}

static int
lex_brace(struct parser *p, int c)
{
	if (c == '}') {
		if (p->depth <= p->src->depth)
			return lex_bad(p, &p->token_at,
			    "}: no block is open, expected %s",
			    stmt_expected(parser_frame(p) == NULL ?
				0 : parser_frame(p)->ctx));
		p->depth--;
		return c;
	}
	if (++p->depth > CONF_BRACES_MAX)
		return lex_bad(p, &p->token_at,
		    "{: expected at most %d inside each other",
		    CONF_BRACES_MAX);
	p->opened[p->depth] = p->token_at.line;
	return c;
}

static int
lex_bad(struct parser *p, const struct place *at, const char *fmt, ...)
{
	char text[256];
	va_list ap;

	/* One report for a line; what follows on it makes no sense. */
	if (!p->skipping) {
		va_start(ap, fmt);
		vsnprintf(text, sizeof(text), fmt, ap);
		va_end(ap);
		conf_error(p, at, "%s", text);
		p->reported = 1;
	}
	return BAD;
}

static int
make_value(struct parser *p, struct value **v, enum value_kind kind,
    const char *text, size_t len, const struct place *at)
{
	if ((*v = parser_mem(p, sizeof(**v))) == NULL ||
	    ((*v)->text = parser_mem(p, len + 1)) == NULL)
		return 0;
	memcpy((*v)->text, text, len);
	(*v)->kind = kind;
	(*v)->at = *at;
	return kind == VALUE_STRING ? STRING : WORD;
}

/* "text": \" and \\ stand for " and \, a macro is not looked for. */
static int
lex_string(struct parser *p, struct value **v)
{
	char text[1024];
	struct source *s = p->src;
	struct place at = p->token_at;
	size_t len = 0;
	int c;

	for (;;) {
		if ((c = lex_char(s)) == '"')
			break;
		if (c == END || c == '\n') {
			if (c == '\n')
				s->pos--;
			return lex_bad(p, &at, "string without end: "
			    "expected \" on the same line");
		}
		if (c == '\\') {
			c = lex_raw(s);
			if (c != '"' && c != '\\') {
				s->pos -= c != END;
				return lex_bad(p, &s->at, "\\ in a string: "
				    "expected \\\" or \\\\");
			}
		}
		if (c < 0x20 || c > 0x7e)
			return lex_bad(p, &s->at, "byte 0x%02x in a string: "
			    "expected printable ASCII", (unsigned int)c);
		if (len >= sizeof(text) - 1)
			return lex_bad(p, &at, "string too long: expected at "
			    "most %zu characters", sizeof(text) - 1);
		text[len++] = (char)c;
	}
	return make_value(p, v, VALUE_STRING, text, len, &at);
}

static int
is_word_char(int c)
{
	return c < 0x80 && c > 0 &&
	    (isalnum(c) || strchr("._-:/@*?[]!", c) != NULL);
}

static int
lex_word(struct parser *p, struct value **v)
{
	char text[1024];
	struct source *s = p->src;
	struct place at = s->at;
	size_t i, len = 0, pos = s->pos;
	int c, line = s->at.line;

	while (is_word_char(c = lex_char(s))) {
		if (len >= sizeof(text) - 1)
			return lex_bad(p, &at, "word too long: expected at "
			    "most %zu characters", sizeof(text) - 1);
		text[len++] = (char)c;
		pos = s->pos;
		line = s->at.line;
	}
	if (len == 0) {
		if (c > 0x20 && c < 0x7f)
			return lex_bad(p, &at, "%c: expected it in quotes", c);
		return lex_bad(p, &at, "byte 0x%02x: expected printable ASCII",
		    (unsigned int)c);
	}
	s->pos = pos;
	s->at.line = line;
	if (make_value(p, v, VALUE_WORD, text, len, &at) == 0)
		return 0;
	for (i = 0; i < sizeof(structure) / sizeof(structure[0]); i++) {
		if (strcmp((*v)->text, structure[i].word) == 0)
			return structure[i].token;
	}
	return WORD;
}

/* $name: its value is read as if it stood there, but names no macro. */
static int
lex_macro(struct parser *p)
{
	struct source *s = p->src;
	struct place at = p->token_at;
	struct macro *m;
	const char *name = s->buf + s->pos;
	size_t len = 0;

	while (s->pos < s->len && (s->buf[s->pos] == '_' ||
	    (s->buf[s->pos] > 0 && isalnum((int)s->buf[s->pos])))) {
		s->pos++;
		len++;
	}
	if (len == 0)
		return lex_bad(p, &at, "$: expected the name of a macro");
	if (s->kind == SOURCE_MACRO)
		return lex_bad(p, &at, "$%.*s in the value of a macro: "
		    "expected text", len > 64 ? 64 : (int)len, name);
	if ((m = macro_find(p, name, len)) == NULL)
		return lex_bad(p, &at, "$%.*s: unknown macro, expected one "
		    "that was set before", len > 64 ? 64 : (int)len, name);
	if (parser_push(p, at.file, at.line, m->value, strlen(m->value),
	    SOURCE_MACRO) == -1)
		return 0;
	return AGAIN;
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_SCAN_H
#define MAILIN_SRC_SCAN_H

#include <string.h>

#include <mailin/command.h>

#include "command/short_cuts.h"
#include "octet/ascii.h"
#include "octet/clear.h"

/*
 * One run of a grammar machine over one line or address: what it fills in,
 * and the actions of grammar/actions.rl.  The short ones are here, to be
 * compiled into the machine; the others are in scan.c.
 */

/* Where the machine begins. */
enum mailin_scan_entry {
	SCAN_VERB,              /* a command line */
	SCAN_NAME_FOLLOWS,      /* behind HELO, EHLO, LHLO */
	SCAN_PATH_FOLLOWS,      /* behind "MAIL FROM:", "RCPT TO:" */
	SCAN_TEXT_FOLLOWS,      /* behind NOOP, HELP */
	SCAN_QUERY_FOLLOWS,     /* behind VRFY, EXPN */
	SCAN_CHUNK_FOLLOWS,     /* behind BDAT */
	SCAN_MECHANISM_FOLLOWS, /* behind AUTH */
	SCAN_QUIT_FOLLOWS,      /* after QUIT */
	SCAN_LINE_ENDS,         /* behind what stands alone */
	SCAN_PARAMETERS_FOLLOW, /* behind the path of MAIL, RCPT */
	SCAN_PATH,              /* no command: a path in brackets, */
	SCAN_MAILBOX            /* or a mailbox */
};

struct mailin_scan {
	const unsigned char *p;         /* where it is, and stopped at last */
	const unsigned char *pe;        /* the end of the text */
	const unsigned char *from;      /* and where that begins */
	struct mailin_command *command; /* where the pieces go */
	enum mailin_syntax syntax;
	bool in_path;
	bool in_literal;
	bool special; /* its end must be looked into */

	/* What is well-formed and may not be: the first place, or NULL. */
	const unsigned char *refused;
	const unsigned char *unknown; /* the first parameter not known */
	enum mailin_reply refusal;

	/* The first octet above 127 of the piece at hand. */
	const unsigned char *eight_bit;

	/* The parameter at hand. */
	const unsigned char *parameter;
	const unsigned char *value; /* where it begins */
	uint64_t number;
	bool over; /* it is more than number can tell */
	bool negative;
	enum mailin_attribute attribute;
};

/*
 * Run from scan->p; true if all of it is in the language.  Nobody looks for
 * the end of the text: a LF must be there, behind which no state goes on.
 */
bool mailin_scan_strict(struct mailin_scan *scan, enum mailin_scan_entry entry);
bool mailin_scan_relaxed(struct mailin_scan *scan,
    enum mailin_scan_entry entry);

/* A shorter path has no piece that is too long (RFC 5321 4.5.3.1.1), and a
 * shorter name is not (4.5.3.1.2). */
#define SCAN_SHORT_PATH 64
#define SCAN_SHORT_NAME 255

/* Before the machine: the other fields are set before they are read. */
static inline void
scan_begin(struct mailin_scan *scan, enum mailin_syntax syntax,
    struct mailin_command *command, struct mailin_span text)
{
	scan->p = scan->from = (const unsigned char *)text.ptr;
	scan->pe = scan->p + text.len;
	scan->command = command;
	scan->syntax = syntax;
	scan->in_path = false;
	scan->in_literal = false;
	scan->special = false;
	scan->refused = NULL;
	scan->unknown = NULL;
	scan->eight_bit = NULL;
}

/* Run the machine that the syntax names. */
static inline bool
scan_run(struct mailin_scan *scan, enum mailin_scan_entry entry)
{
	return scan->syntax == MAILIN_SYNTAX_STRICT ?
	    mailin_scan_strict(scan, entry) :
	    mailin_scan_relaxed(scan, entry);
}

/*
 * Behind the machine: what it has matched, or not, is held against the limits
 * and the refusals.  True if the text is in the language, scan->p then behind
 * it.  Else scan->p is the first octet that is wrong, the end of text if that
 * came too soon, and command->error the reply.
 */
bool mailin_scan_end(struct mailin_scan *scan, bool matched);

/*
 * The same for a command line, from the octet at which its verb, or more, has
 * been read and command->error is what it has to be there; and what else can be
 * wrong with it though each of its words is right.  Sets command->error and
 * error_at, and answers the length of the line, 0 where it has no end.
 */
size_t mailin_scan_line(struct mailin_command *command,
    enum mailin_syntax syntax, const char *bytes, size_t len,
    enum mailin_scan_entry entry, size_t at);

/* The same from the verb on, for a command of which nothing has been read. */
size_t mailin_scan_command(struct mailin_command *command,
    enum mailin_syntax syntax, const char *bytes, size_t len);

/* The first wrong octet is p, and command->error is the reply, unless the line
 * has no end or holds a control character.  Returns as mailin_scan_line(). */
size_t mailin_scan_refuse_line(struct mailin_command *command,
    const char *bytes, size_t len, const unsigned char *p);

/* RFC 6531 3.4: the first octet in the path of MAIL for which the parameter
 * SMTPUTF8 is missing, or NULL. */
const char *mailin_scan_smtputf8_need(const struct mailin_command *command);

/* Does the line end at p? */
static inline bool
scan_ends_at(const unsigned char *p)
{
	return p[0] == '\r' && p[1] == '\n';
}

/* The octets through the first CR LF, or 0; none ends before from. */
size_t mailin_scan_length(const char *bytes, size_t len, size_t from);

/*
 * What MAIL, RCPT, and the verbs with attributes have to tell is 0 or absent at
 * first; the same behind a path.
 */

#define CLEARED offsetof(struct mailin_mail, reserved)

_Static_assert(sizeof(struct mailin_attributes) <= CLEARED &&
	offsetof(struct mailin_rcpt, reserved) <= CLEARED,
    "more than is cleared");

static inline void
scan_clear_parameters(struct mailin_command *command)
{
	clear((char *)&command->mail + sizeof command->mail.path,
	    CLEARED - sizeof command->mail.path);
}

/* Clear the member of the union that a verb fills in.  Those of MAIL, RCPT,
 * XCLIENT and XFORWARD are large; all others fit in SMALL_MEMBER octets. */
#define SMALL_MEMBER ((size_t)32)

#define IS_SMALL(member) \
	(sizeof((struct mailin_command *)0)->member <= SMALL_MEMBER)
_Static_assert(IS_SMALL(helo) && IS_SMALL(text) && IS_SMALL(bdat) &&
	IS_SMALL(auth) && IS_SMALL(burl),
    "more than is cleared");

static inline void
scan_clear_small(struct mailin_command *command)
{
	memset(&command->mail, 0, SMALL_MEMBER);
}

static inline void
scan_clear_all(struct mailin_command *command)
{
	clear(&command->mail.path, sizeof command->mail.path);
	scan_clear_parameters(command);
}

/* The place p is wrong; the reply is the one that command->error foretells. */
void mailin_scan_refuse(struct mailin_scan *scan, const unsigned char *p);

/* Hold the path and its pieces, as far as they reach, against the limits. */
void mailin_scan_limit_path(struct mailin_scan *scan, const unsigned char *p);

/* The verb has been read, but for what follows it: command->error holds, while
 * the machine runs, the reply that is due if it stops here. */
void mailin_scan_verb(struct mailin_scan *scan, enum mailin_verb verb);

/* A character that is not ASCII begins at p: answers its last octet. */
const unsigned char *mailin_scan_character(struct mailin_scan *scan,
    const unsigned char *p);

/* Is it this name, in any case? */
bool mailin_scan_is_postmaster(struct mailin_span local);

void mailin_scan_literal(struct mailin_scan *scan, const unsigned char *p);

static inline void
scan_open(struct mailin_span *span, const unsigned char *p)
{
	span->ptr = (const char *)p;
}

/*
 * HELO's name and the local part of a path in brackets may have been read up
 * to a place where the machine has to go on.  Then the length of the span says
 * how many of its octets the machine is to pass over (in scan_name_begins() and
 * scan_path_s()); otherwise it is 0.  The octet that follows them must be one
 * that the machine would take first as well.
 */
static inline void
scan_open_rest(struct mailin_span *span, const unsigned char *p)
{
	span->ptr = (const char *)p - span->len;
	span->len = 0;
}

static inline void
scan_close(struct mailin_span *span, const unsigned char *p)
{
	span->len = (size_t)((const char *)p - span->ptr);
}

static inline struct mailin_span
scan_span(const unsigned char *from, const unsigned char *end)
{
	return (struct mailin_span){ (const char *)from, (size_t)(end - from) };
}

/* The value that is being read, which ends at p. */
static inline struct mailin_span
scan_value(const struct mailin_scan *scan, const unsigned char *p)
{
	return scan_span(scan->value, p);
}

/* MAIL's path and RCPT's have one place, and so has one that is alone. */
static inline struct mailin_path *
scan_path(struct mailin_scan *scan)
{
	return &scan->command->mail.path;
}

static inline const unsigned char *
scan_name_begins(struct mailin_scan *scan, const unsigned char *p)
{
	return p + scan->command->helo.domain.len;
}

static inline void
scan_name_s(struct mailin_scan *scan, const unsigned char *p)
{
	scan_open_rest(&scan->command->helo.domain, p);
	scan->command->helo.domain_kind = MAILIN_DOMAIN_NAME;
}

static inline void
scan_name_e(struct mailin_scan *scan, const unsigned char *p)
{
	struct mailin_span *name = &scan->command->helo.domain;

	scan_close(name, p);
	scan->special |= name->len > SCAN_SHORT_NAME;
}

static inline void
scan_literal_s(struct mailin_scan *scan, const unsigned char *p)
{
	scan->value = p;
	scan->in_literal = true;
}

static inline void
scan_path_follows(struct mailin_command *command)
{
	command->error = command->verb == MAILIN_VERB_MAIL ?
	    MAILIN_REPLY_BAD_SENDER :
	    MAILIN_REPLY_BAD_RECIPIENT;
}

/* Behind a shorter one there is no SMTPUTF8. */
static inline void
scan_text_e(struct mailin_scan *scan, const unsigned char *p)
{
	struct mailin_text *argument = &scan->command->text;

	scan_close(&argument->text, p);
	argument->utf8 = scan->eight_bit != NULL;
	scan->special |= argument->text.len > sizeof "SMTPUTF8";
}

/* RFC 4422 3.1: letters, digits, "-" and "_", at most 20. */
static inline const unsigned char *
scan_mechanism(struct mailin_scan *scan, const unsigned char *p)
{
	const unsigned char *from = (const unsigned char *)
					scan->command->auth.mechanism.ptr;

	p = fast_run_of(ASCII_LDH, p);
	if (p - from >= 20)
		mailin_scan_refuse(scan, from + 20);
	return p;
}

static inline void
scan_name_other(struct mailin_scan *scan)
{
	scan->command->helo.domain_kind = MAILIN_DOMAIN_OTHER;
}

#endif

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_SCAN_H
#define MAILIN_SRC_SCAN_H

#include <string.h>

#include <mailin/command.h>

#include "command/short_cuts.h"
#include "octet/ascii.h"
#include "octet/clear.h"

/*
 * One run of a state machine (from grammar/) over a command line or an address.
 * This file has the state of a run, the functions that start and end it, and
 * the actions of grammar/actions.rl.  Short actions are inline, so that they
 * become part of the machine; long actions are in scan.c.
 *
 * mailin_command_parse_as() (command.c) passes a line to the short cuts
 * (short_cuts.h), or to mailin_scan_command().  Both call mailin_scan_line(),
 * which runs the machine over the octets that no short cut has read.  The
 * machine stores spans and values in the command, and calls
 * mailin_scan_refuse() for octets that are well-formed but not allowed.
 */

/* The place in the grammar where a run of the state machine begins.  Only short
 * cuts use the enumerators between SCAN_VERB and SCAN_PATH. */
enum mailin_scan_entry {
	SCAN_VERB,              /* a command line */
	SCAN_NAME_FOLLOWS,      /* after HELO, EHLO, LHLO */
	SCAN_PATH_FOLLOWS,      /* after "MAIL FROM:", "RCPT TO:" */
	SCAN_TEXT_FOLLOWS,      /* after NOOP, HELP */
	SCAN_QUERY_FOLLOWS,     /* after VRFY, EXPN */
	SCAN_CHUNK_FOLLOWS,     /* after BDAT */
	SCAN_MECHANISM_FOLLOWS, /* after AUTH */
	SCAN_QUIT_FOLLOWS,      /* after QUIT */
	SCAN_LINE_ENDS,         /* after DATA, RSET, which take nothing */
	SCAN_PARAMETERS_FOLLOW, /* after the path of MAIL, RCPT */
	SCAN_PATH,              /* at a path */
	SCAN_MAILBOX            /* at a mailbox outside of a command */
};

struct mailin_scan {
	const unsigned char *p;         /* the octet that the machine reads, or
				      at which it has stopped */
	const unsigned char *pe;        /* the end of the text */
	const unsigned char *from;      /* the beginning of the text */
	struct mailin_command *command; /* the result */
	enum mailin_syntax syntax;
	bool in_path;
	bool in_literal;
	bool special; /* the result needs the checks of check.c */

	/* The first octet that is well-formed but not allowed, or NULL. */
	const unsigned char *refused;
	const unsigned char *unknown; /* the first unknown parameter */
	enum mailin_reply refusal;    /* the reply to the refused octet */

	/* The first octet above 127 in the current path, text or value. */
	const unsigned char *eight_bit;

	/* The beginning of the current parameter. */
	const unsigned char *parameter;
	const unsigned char *value; /* the beginning of the value of the current
				       parameter */
	uint64_t number;
	bool over; /* the number does not fit in 64 bits */
	bool negative;
	enum mailin_attribute attribute;
};

/* Run the state machine from scan->p.  Returns true if it accepts the whole
 * text.  The machine does not check for the end of the buffer.  The text must
 * end in LF, after which no state continues. */
bool mailin_scan_strict(struct mailin_scan *scan, enum mailin_scan_entry entry);
bool mailin_scan_relaxed(struct mailin_scan *scan,
    enum mailin_scan_entry entry);

/* A path of at most SCAN_SHORT_PATH octets has no part that is too long (RFC
 * 5321 4.5.3.1.1).  A name of more than SCAN_SHORT_NAME octets is too long
 * (4.5.3.1.2). */
#define SCAN_SHORT_PATH 64
#define SCAN_SHORT_NAME 255

/* Begin a run of the state machine over "text".  The fields that are not set
 * here are set by actions, before any action reads them. */
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

static inline bool
scan_run(struct mailin_scan *scan, enum mailin_scan_entry entry)
{
	return scan->syntax == MAILIN_SYNTAX_STRICT ?
	    mailin_scan_strict(scan, entry) :
	    mailin_scan_relaxed(scan, entry);
}

/*
 * End a run: check lengths, and the octet that an action refused.  Returns
 * true if the text is right; scan->p is then the octet after it.  Otherwise
 * scan->p is the first wrong octet, or the end of the text if more octets must
 * follow, and command->error is the reply.
 */
bool mailin_scan_end(struct mailin_scan *scan, bool matched);

/*
 * Parse a command line from the offset "at".  The octets before it have been
 * read, and command->error is the reply if the octet at this offset is wrong.
 * Also checks the rules that concern more than one word.  Sets command->error
 * and error_at.  Returns the length of the line, or 0 if it does not end with
 * CR LF.
 */
size_t mailin_scan_line(struct mailin_command *command,
    enum mailin_syntax syntax, const char *bytes, size_t len,
    enum mailin_scan_entry entry, size_t at);

/* Parse a command line from its first octet, otherwise like
 * mailin_scan_line(). */
size_t mailin_scan_command(struct mailin_command *command,
    enum mailin_syntax syntax, const char *bytes, size_t len);

/* RFC 6531 3.4: returns the first octet in the path of MAIL that needs the
 * parameter SMTPUTF8.  Returns NULL if no octet needs the parameter, or if it
 * was given. */
const char *mailin_scan_smtputf8_need(const struct mailin_command *command);

static inline bool
scan_ends_at(const unsigned char *p)
{
	return p[0] == '\r' && p[1] == '\n';
}

/* Returns the length of bytes up to and including the first CR LF whose LF is
 * at offset "from" or later.  Returns 0 if there is no such CR LF. */
size_t mailin_scan_length(const char *bytes, size_t len, size_t from);

/* scan_clear_all() clears all fields that MAIL, RCPT, XCLIENT or XFORWARD fill
 * in.  scan_clear_parameters() clears only the fields after the path. */

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

/* Clear the member of the union that a verb fills in.  The members for
 * MAIL, RCPT, XCLIENT and XFORWARD are large; all others fit in
 * SMALL_MEMBER octets. */
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

/* Record p as a wrong octet, and command->error as the reply to it.  If there
 * are several wrong octets, the first one counts. */
void mailin_scan_refuse(struct mailin_scan *scan, const unsigned char *p);

/* Refuse a path that is too long, or that has a part which is too long.  A
 * part whose end has not been read ends at p. */
void mailin_scan_limit_path(struct mailin_scan *scan, const unsigned char *p);

/* Store the verb.  From then on, command->error is the reply to give if the
 * state machine stops at the current octet. */
void mailin_scan_verb(struct mailin_scan *scan, enum mailin_verb verb);

#define SCAN_IS(verb) mailin_scan_verb(scan, MAILIN_VERB_##verb)

/* Read the non-ASCII character that begins at p.  Returns its last octet. */
const unsigned char *mailin_scan_character(struct mailin_scan *scan,
    const unsigned char *p);

/* Returns true if the local part is "postmaster", in any case. */
bool mailin_scan_is_postmaster(struct mailin_span local);

void mailin_scan_literal(struct mailin_scan *scan, const unsigned char *p);

static inline void
scan_open(struct mailin_span *span, const unsigned char *p)
{
	span->ptr = (const char *)p;
}

/*
 * A short cut may have read the first octets of HELO's name, or of the local
 * part of a path in brackets.  It has stored their number as the length of the
 * span.  The state machine passes over this many octets (in name_begins and
 * scan_path_s()), and goes on as if the name or local part began at the octet
 * after them.  So this octet must be one with which a name or local part may
 * begin.  Without a short cut the length is 0.
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

/* Returns the value that began at scan->value and ends at p. */
static inline struct mailin_span
scan_value(const struct mailin_scan *scan, const unsigned char *p)
{
	return scan_span(scan->value, p);
}

/* Returns the path.  MAIL, RCPT, and a path without a command share this
 * field. */
static inline struct mailin_path *
scan_path(struct mailin_scan *scan)
{
	return &scan->command->mail.path;
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

/* Store the argument.  The argument of VRFY or EXPN may end with " SMTPUTF8".
 * If the argument is long enough for that, check.c looks for SMTPUTF8. */
static inline void
scan_text_e(struct mailin_scan *scan, const unsigned char *p)
{
	struct mailin_text *argument = &scan->command->text;

	scan_close(&argument->text, p);
	argument->utf8 = scan->eight_bit != NULL;
	scan->special |= argument->text.len > sizeof "SMTPUTF8";
}

/* Read the rest of a mechanism: letters, digits, "-" and "_", at most 20 (RFC
 * 4422 3.1). */
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

#endif

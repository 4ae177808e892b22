/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_SCAN_H
#define MAILIN_SRC_SCAN_H

#include <mailin/command.h>

#include "ascii.h"

/*
 * One run of a grammar machine over one line or address: what it fills in,
 * and the actions of grammar/actions.rl.  The short ones are here, to be
 * compiled into the machine; the others are in scan.c.
 */

enum mailin_scan_entry {
	SCAN_COMMAND,
	SCAN_PATH_FOLLOWS, /* a command, from behind "FROM:" or "TO:" */
	SCAN_PATH,
	SCAN_MAILBOX
};

struct mailin_scan {
	const unsigned char   *p;       /* where it is, and stopped at last */
	const unsigned char   *pe;      /* the end of the text */
	enum mailin_syntax     syntax;
	struct mailin_command *command;

	/* Where the pieces go. */
	struct mailin_path    *path;
	bool                   in_path;
	bool                   in_literal;
	struct mailin_span    *domain;
	uint32_t              *parameters;
	struct mailin_span    *parameter_text;

	/* The parameter at hand. */
	const unsigned char   *parameter;
	struct mailin_span     value;
	uint64_t               number;
	unsigned               digits;   /* it has */
	bool                   over;     /* it is more than number can tell */
	bool                   negative;
	enum mailin_attribute  attribute;

	/* The first octet above 127: of the piece at hand, of the path. */
	const unsigned char   *eight_bit;
	const unsigned char   *path_eight_bit;

	/* What is well-formed and may not be: the first place, or NULL. */
	const unsigned char   *refused;
	enum mailin_reply      refusal;
	const unsigned char   *unknown; /* the first parameter not known */
};

/*
 * Run from scan->p; true if all of it is in the language.  Nobody looks for
 * the end of the text: a LF must be there, behind which no state goes on.
 */
bool mailin_scan_strict(struct mailin_scan *scan,
    enum mailin_scan_entry entry);
bool mailin_scan_relaxed(struct mailin_scan *scan,
    enum mailin_scan_entry entry);

/*
 * Clear command, run the machine that the syntax names over text, and hold the
 * lengths against their limits.  In a command's text there is a LF, a path or
 * mailbox has CR LF behind its end.  True if text is in the language, scan->p
 * then behind it.  Else scan->p is the first octet that is wrong, the end of
 * text if that came too soon, and command->error the reply.
 */
bool mailin_scan_run(struct mailin_scan *scan, enum mailin_scan_entry entry,
    enum mailin_syntax syntax, struct mailin_command *command,
    struct mailin_span text);

/* The place p is wrong; the reply is the one that command->error foretells. */
void mailin_scan_refuse(struct mailin_scan *scan, const unsigned char *p);

/* Hold the path and its pieces, as far as they reach, against the limits. */
void mailin_scan_limit_path(struct mailin_scan *scan,
    const unsigned char *p);

/* The verb has been read, but for what follows it: command->error holds, while
 * the machine runs, the reply that is due if it stops here. */
void mailin_scan_verb(struct mailin_scan *scan, enum mailin_verb verb);

/* A character that is not ASCII begins at p: answers its last octet. */
const unsigned char *mailin_scan_character(struct mailin_scan *scan,
    const unsigned char *p);

void mailin_scan_literal(struct mailin_scan *scan, const unsigned char *p);
void mailin_scan_full_date(struct mailin_scan *scan);
int64_t mailin_scan_date_time(struct mailin_scan *scan,
    const unsigned char *p);
/* A keyword has ended at p: answers the parameter whose value follows, or
 * UNKNOWN, also where a known one has none. */
enum mailin_parameter mailin_scan_keyword(struct mailin_scan *scan,
    const unsigned char *p);

/* The last of the run of such octets that p is in; a LF is in no run. */
static inline const unsigned char *
scan_run_end(const unsigned char *p, int class)
{
	while (ascii_is(p[1], class))
		p++;
	return p;
}

static inline void
scan_open(struct mailin_span *span, const unsigned char *p)
{
	span->ptr = (const char *)p;
}

static inline void
scan_close(struct mailin_span *span, const unsigned char *p)
{
	span->len = (size_t)((const char *)p - span->ptr);
}

static inline void
scan_quoted_s(struct mailin_scan *scan, const unsigned char *p)
{
	scan_open(&scan->path->local, p);
	scan->path->quoted = true;
}

static inline void
scan_literal_s(struct mailin_scan *scan, const unsigned char *p)
{
	scan_open(&scan->value, p);
	scan->in_literal = true;
}

static inline void
scan_literal_e(struct mailin_scan *scan, const unsigned char *p)
{
	mailin_scan_literal(scan, p);
}

static inline void
scan_path_follows(struct mailin_scan *scan)
{
	if (scan->command->verb == MAILIN_VERB_MAIL) {
		scan->parameters = &scan->command->mail.parameters;
		scan->parameter_text = &scan->command->mail.parameter_text;
		scan->command->error = MAILIN_REPLY_BAD_SENDER;
	} else {
		scan->parameters = &scan->command->rcpt.parameters;
		scan->parameter_text = &scan->command->rcpt.parameter_text;
		scan->command->error = MAILIN_REPLY_BAD_RECIPIENT;
	}
}

static inline void
scan_mailbox(struct mailin_scan *scan)
{
	scan->path->kind = MAILIN_PATH_MAILBOX;
	if (scan->path->domain_kind == MAILIN_DOMAIN_NONE)
		scan->path->domain_kind = MAILIN_DOMAIN_NAME;
}

/* RFC 5321 4.1.1.2: the null path is a sender's only. */
static inline void
scan_null(struct mailin_scan *scan, const unsigned char *p)
{
	if (scan->command->verb == MAILIN_VERB_RCPT)
		mailin_scan_refuse(scan, p);
}

/* 4.1.1.3: <Postmaster> is a recipient's only, and no other has no domain. */
static inline void
scan_postmaster(struct mailin_scan *scan, const unsigned char *p)
{
	if (scan->command->verb == MAILIN_VERB_MAIL ||
	    !mailin_span_iequal(scan->path->local, "postmaster"))
		mailin_scan_refuse(scan, p);
	else
		scan->path->kind = MAILIN_PATH_POSTMASTER;
}

static inline void
scan_path_s(struct mailin_scan *scan, const unsigned char *p)
{
	scan_open(&scan->path->text, p);
	scan->in_path = true;
}

static inline void
scan_path_e(struct mailin_scan *scan, const unsigned char *p)
{
	scan_close(&scan->path->text, p);
	mailin_scan_limit_path(scan, p);
	scan->in_path = false;
	scan->path->utf8 = scan->eight_bit != NULL;
	scan->path_eight_bit = scan->eight_bit;
	scan->command->error = MAILIN_REPLY_BAD_ARGUMENT;
}

/* Nothing may stand behind a path that is no part of a command: is it none? */
static inline bool
scan_path_ends(struct mailin_scan *scan, const unsigned char *p)
{
	bool is_alone = scan->command->verb == MAILIN_VERB_UNKNOWN;

	if (is_alone && p != scan->pe)
		mailin_scan_refuse(scan, p);
	return is_alone;
}

static inline void
scan_text_e(struct mailin_scan *scan, const unsigned char *p)
{
	scan_close(&scan->command->text.text, p);
	scan->command->text.utf8 = scan->eight_bit != NULL;
}

static inline void
scan_name_other(struct mailin_scan *scan)
{
	scan->command->helo.domain_kind = MAILIN_DOMAIN_OTHER;
}

/* RFC 3030 2: a size beyond 64 bits leaves the stream unknowable. */
static inline void
scan_chunk_digit(struct mailin_scan *scan, const unsigned char *p)
{
	uint64_t *size = &scan->command->bdat.size;
	unsigned digit = *p - '0';

	if (*size > (UINT64_MAX - digit) / 10)
		mailin_scan_refuse(scan, p);
	else
		*size = *size * 10 + digit;
}

#endif

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_SCAN_H
#define MAILIN_SRC_SCAN_H

#include <mailin/command.h>

/*
 * One run of a grammar machine over one line or address: what it fills in,
 * and the actions of grammar/actions.rl.  The short ones are here, to be
 * compiled into the machine; the others are in scan.c.
 */

enum mailin_scan_entry {
	SCAN_COMMAND,
	SCAN_PATH,
	SCAN_MAILBOX
};

struct mailin_scan {
	const unsigned char   *p;       /* where it is, and stopped at last */
	const unsigned char   *pe;
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

/* Run from scan->p; true if all of it is in the language. */
bool mailin_scan_strict(struct mailin_scan *scan,
    enum mailin_scan_entry entry);
bool mailin_scan_relaxed(struct mailin_scan *scan,
    enum mailin_scan_entry entry);

/*
 * Clear command, run the machine that the syntax names over text, and hold the
 * lengths against their limits.  True if text is in the language, scan->p
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

void mailin_scan_literal(struct mailin_scan *scan, const unsigned char *p);
void mailin_scan_full_date(struct mailin_scan *scan);
int64_t mailin_scan_date_time(struct mailin_scan *scan,
    const unsigned char *p);
void mailin_scan_given(struct mailin_scan *scan,
    enum mailin_parameter parameter);

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

/*
 * command->error holds, while the machine runs, the reply that is due if it
 * stops here.
 */
static inline void
scan_verb(struct mailin_scan *scan, enum mailin_verb verb)
{
	scan->command->verb = verb;
	scan->command->error = MAILIN_REPLY_BAD_ARGUMENT;
	if (verb == MAILIN_VERB_HELO || verb == MAILIN_VERB_EHLO ||
	    verb == MAILIN_VERB_LHLO) {
		scan->domain = &scan->command->helo.domain;
		scan->command->helo.domain_kind = MAILIN_DOMAIN_NAME;
	}
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

static inline void
scan_text_e(struct mailin_scan *scan, const unsigned char *p)
{
	scan_close(&scan->command->text.text, p);
	scan->command->text.utf8 = scan->eight_bit != NULL;
}

static inline void
scan_eight_bit(struct mailin_scan *scan, const unsigned char *p)
{
	if (scan->eight_bit == NULL)
		scan->eight_bit = p;
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

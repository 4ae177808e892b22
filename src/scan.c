/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "literal.h"
#include "scan.h"
#include "utf8.h"
#include "word.h"

/* The longest of each piece, in octets: RFC 5321 4.5.3.1.1 to 4.5.3.1.3, and
 * what RELAXED takes, since VERP and SRS senders go beyond. */
struct limits {
	size_t local;
	size_t domain;
	size_t path;    /* brackets included */
};

static const struct limits strict_limits = { 64, 255, 256 };
static const struct limits relaxed_limits = { 255, 255, 512 };

void
mailin_scan_refuse(struct mailin_scan *scan, const unsigned char *p)
{
	if (scan->refused != NULL && scan->refused <= p)
		return;
	scan->refused = p;
	scan->refusal = scan->command->error;
}

const unsigned char *
mailin_scan_character(struct mailin_scan *scan, const unsigned char *p)
{
	size_t used;

	if (scan->eight_bit == NULL)
		scan->eight_bit = p;
	if (!mailin_utf8_read(p, (size_t)(scan->pe - p), &used))
		mailin_scan_refuse(scan, p + used);
	return used > 0 ? p + used - 1 : p;
}

static bool
is_helo(enum mailin_verb verb)
{
	return verb >= MAILIN_VERB_HELO && verb <= MAILIN_VERB_LHLO;
}

/* Of what a verb has to tell, which is 0 or absent at first. */
static size_t
size_of(enum mailin_verb verb)
{
	const struct mailin_command *command;

	switch (verb) {
	case MAILIN_VERB_MAIL:
		return sizeof command->mail;
	case MAILIN_VERB_RCPT:
		return sizeof command->rcpt;
	case MAILIN_VERB_XCLIENT:
	case MAILIN_VERB_XFORWARD:
		return sizeof command->attributes;
	default:
		return sizeof command->mail.path;
	}
}

void
mailin_scan_verb(struct mailin_scan *scan, enum mailin_verb verb)
{
	struct mailin_command *command = scan->command;

	command->verb = verb;
	command->error = MAILIN_REPLY_BAD_ARGUMENT;
	memset(&command->mail, 0, size_of(verb));
	if (is_helo(verb)) {
		scan->domain = &command->helo.domain;
		command->helo.domain_kind = MAILIN_DOMAIN_NAME;
	}
}

/* RELAXED takes any HELO argument, and reports what it is not. */
static bool
is_lenient(const struct mailin_scan *scan)
{
	return is_helo(scan->command->verb) &&
	    scan->syntax == MAILIN_SYNTAX_RELAXED;
}

static enum mailin_domain_kind
literal_kind(struct mailin_scan *scan, const unsigned char *p, size_t *at)
{
	scan_close(&scan->value, p);
	return mailin_literal_parse(scan->value, at);
}

static void
refuse_in_value(struct mailin_scan *scan, size_t at)
{
	mailin_scan_refuse(scan, (const unsigned char *)scan->value.ptr + at);
}

void
mailin_scan_literal(struct mailin_scan *scan, const unsigned char *p)
{
	size_t at;
	enum mailin_domain_kind kind = literal_kind(scan, p, &at);

	scan->in_literal = false;
	if (kind == MAILIN_DOMAIN_NONE) {
		if (is_lenient(scan))
			kind = MAILIN_DOMAIN_OTHER;
		else
			refuse_in_value(scan, at);
	}
	if (is_helo(scan->command->verb))
		scan->command->helo.domain_kind = kind;
	else
		scan->path->domain_kind = kind;
}

/* The line broke off inside a literal, which may have gone wrong before. */
static void
check_open_literal(struct mailin_scan *scan)
{
	size_t at;

	literal_kind(scan, scan->p, &at);
	if (at < scan->value.len && !is_lenient(scan))
		refuse_in_value(scan, at);
}

/*
 * Refuse the first octet of a piece that is beyond its limit; a piece that is
 * not closed yet reaches to p.
 */
static void
limit(struct mailin_scan *scan, struct mailin_span piece, size_t most,
    const unsigned char *p)
{
	if (piece.ptr != NULL && piece.len == 0)
		scan_close(&piece, p);
	if (piece.len > most)
		mailin_scan_refuse(scan,
		    (const unsigned char *)piece.ptr + most);
}

/*
 * The same for a piece in brackets or quotes: the last octet within the limit
 * must be the one that closes it.
 */
static void
limit_within(struct mailin_scan *scan, struct mailin_span piece, bool closed,
    size_t most, const unsigned char *p)
{
	if (piece.len == 0)
		scan_close(&piece, p);
	piece.len -= closed;
	limit(scan, piece, most - 1, p);
}

void
mailin_scan_limit_path(struct mailin_scan *scan, const unsigned char *p)
{
	const struct limits *limits = scan->syntax == MAILIN_SYNTAX_STRICT
	    ? &strict_limits : &relaxed_limits;
	const struct mailin_path *path = scan->path;

	/* As most are. */
	if (path->text.len != 0 && path->text.len <= strict_limits.local)
		return;
	if (*path->text.ptr == '<')
		limit_within(scan, path->text,
		    path->kind != MAILIN_PATH_NULL, limits->path, p);
	else
		limit(scan, path->text, limits->path - 2, p);
	if (path->quoted)
		limit_within(scan, path->local, path->local.len != 0,
		    limits->local, p);
	else
		limit(scan, path->local, limits->local, p);
	limit(scan, path->domain, limits->domain, p);
}

/* The machine has stopped within something that may be too long already. */
static void
check_open(struct mailin_scan *scan)
{
	if (scan->in_literal)
		check_open_literal(scan);
	if (scan->in_path)
		mailin_scan_limit_path(scan, scan->p);
}

/*
 * Most lines begin with one of two words that need no machine.  The octets
 * that are letters are compared without the bit that is their case.
 */
static enum mailin_scan_entry
skip_verb(struct mailin_scan *scan)
{
	static const unsigned char mail[] = "MAIL FROM:", rcpt[] = "RCPT TO:";
	const uint64_t letters = UINT64_C(0xdfdfdfffdfdfdfdf);
	const uint64_t letters_and_colon = UINT64_C(0xffdfdfffdfdfdfdf);
	const unsigned char *p = scan->p;

	if (scan->pe - p < 10)
		return SCAN_COMMAND;
	if (((word_load(p) ^ word_load(mail)) & letters) == 0 &&
	    (p[8] & 0xdf) == 'M' && p[9] == ':') {
		mailin_scan_verb(scan, MAILIN_VERB_MAIL);
		scan->p += 10;
	} else if (((word_load(p) ^ word_load(rcpt)) &
	    letters_and_colon) == 0) {
		mailin_scan_verb(scan, MAILIN_VERB_RCPT);
		scan->p += 8;
	} else {
		return SCAN_COMMAND;
	}
	scan_path_follows(scan);
	return SCAN_PATH_FOLLOWS;
}

bool
mailin_scan_run(struct mailin_scan *scan, enum mailin_scan_entry entry,
    enum mailin_syntax syntax, struct mailin_command *command,
    struct mailin_span text)
{
	bool matched;

	*scan = (struct mailin_scan){
		.p = (const unsigned char *)text.ptr,
		.pe = (const unsigned char *)text.ptr + text.len,
		.syntax = syntax,
		.command = command,
		.path = &command->mail.path,
		.domain = &command->mail.path.domain,
	};
	command->verb = MAILIN_VERB_UNKNOWN;
	command->error = MAILIN_REPLY_UNKNOWN_VERB;
	command->error_at = 0;
	if (entry == SCAN_COMMAND)
		entry = skip_verb(scan);
	else
		memset(scan->path, 0, sizeof *scan->path);
	matched = syntax == MAILIN_SYNTAX_STRICT
	    ? mailin_scan_strict(scan, entry)
	    : mailin_scan_relaxed(scan, entry);
	if (!matched)
		check_open(scan);
	if (is_helo(command->verb) && syntax == MAILIN_SYNTAX_STRICT)
		limit(scan, *scan->domain, strict_limits.domain, scan->p);
	if (scan->refused == NULL || (!matched && scan->p <= scan->refused))
		return matched;
	scan->p = scan->refused;
	command->error = scan->refusal;
	return false;
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "command/literal.h"
#include "command/scan.h"
#include "octet/utf8.h"
#include "octet/word.h"

/* The maximum lengths of a path and its parts.  STRICT has the limits of RFC
 * 5321 4.5.3.1.1 to 4.5.3.1.3.  RELAXED has larger limits, because senders with
 * VERP and SRS need them. */
struct limits {
	size_t local;
	size_t domain;
	size_t path; /* with its brackets */
};

static const struct limits strict_limits = { 64, 255, 256 };
static const struct limits relaxed_limits = { 255, 255, 512 };

void
mailin_scan_verb(struct mailin_scan *scan, enum mailin_verb verb)
{
	struct mailin_command *command = scan->command;

	command->verb = verb;
	command->error = MAILIN_REPLY_BAD_ARGUMENT;
	if (verb == MAILIN_VERB_MAIL || verb == MAILIN_VERB_RCPT ||
	    verb == MAILIN_VERB_XCLIENT || verb == MAILIN_VERB_XFORWARD)
		scan_clear_all(command);
	else
		scan_clear_small(command);
}

void
mailin_scan_refuse(struct mailin_scan *scan, const unsigned char *p)
{
	scan->special = true;
	if (scan->refused != NULL && scan->refused <= p)
		return;
	scan->refused = p;
	scan->refusal = scan->command->error;
}

const unsigned char *
mailin_scan_character(struct mailin_scan *scan, const unsigned char *p)
{
	size_t used;

	scan->special = true;
	if (scan->eight_bit == NULL)
		scan->eight_bit = p;
	if (!mailin_utf8_read(p, (size_t)(scan->pe - p), &used))
		mailin_scan_refuse(scan, p + used);
	return used > 0 ? p + used - 1 : p;
}

static bool
is_helo(enum mailin_verb verb)
{
	return verb == MAILIN_VERB_HELO || verb == MAILIN_VERB_EHLO ||
	    verb == MAILIN_VERB_LHLO;
}

bool
mailin_scan_is_postmaster(struct mailin_span local)
{
	const unsigned char *p = (const unsigned char *)local.ptr;

	return local.len == 10 && word_is_caseless(p, "POSTMAST") &&
	    word_is_caseless(p + 2, "STMASTER");
}

/* RELAXED accepts any argument of HELO, and reports an invalid one as OTHER. */
static bool
is_lenient(const struct mailin_scan *scan)
{
	return is_helo(scan->command->verb) &&
	    scan->syntax == MAILIN_SYNTAX_RELAXED;
}

void
mailin_scan_literal(struct mailin_scan *scan, const unsigned char *p)
{
	size_t at;
	enum mailin_domain_kind kind = mailin_literal_parse(scan_value(scan, p),
	    &at);

	scan->in_literal = false;
	if (kind == MAILIN_DOMAIN_NONE) {
		if (is_lenient(scan))
			kind = MAILIN_DOMAIN_OTHER;
		else
			mailin_scan_refuse(scan, scan->value + at);
	}
	if (is_helo(scan->command->verb))
		scan->command->helo.domain_kind = kind;
	else
		scan_path(scan)->domain_kind = kind;
}

/* Call this if the state machine stopped inside an address literal.  It checks
 * the octets of the literal that were read, because one of them may be
 * wrong. */
static void
check_open_literal(struct mailin_scan *scan)
{
	size_t at;

	(void)mailin_literal_parse(scan_value(scan, scan->p), &at);
	if (scan->value + at < scan->p && !is_lenient(scan))
		mailin_scan_refuse(scan, scan->value + at);
}

/* Returns a part of a path.  If its end has not been read, it ends at p. */
static struct mailin_span
ended(struct mailin_span piece, const unsigned char *p)
{
	if (piece.ptr != NULL && piece.len == 0)
		scan_close(&piece, p);
	return piece;
}

/* If "piece" has more than "most" octets, refuse its first octet beyond this
 * limit. */
static void
limit(struct mailin_scan *scan, struct mailin_span piece, size_t most)
{
	if (piece.len > most)
		mailin_scan_refuse(scan,
		    (const unsigned char *)piece.ptr + most);
}

/* Like limit(), for a domain: RELAXED accepts one octet more, if it is the dot
 * at the end of the domain. */
static void
limit_domain(struct mailin_scan *scan, struct mailin_span domain, size_t most)
{
	if (scan->syntax == MAILIN_SYNTAX_RELAXED && domain.len > most &&
	    *domain.ptr != '[' && domain.ptr[most] == '.')
		most++;
	limit(scan, domain, most);
}

/*
 * Returns the text in the brackets of a path, without white space at both ends,
 * or the whole path if it has no brackets.  A path whose end has not been read
 * ends at p.  If "complete" is true, the address has ended, and blanks and ">"
 * after it are not part of the result.
 */
static struct mailin_span
within_brackets(const struct mailin_path *path, const unsigned char *p,
    bool complete)
{
	struct mailin_span text = ended(path->text, p);

	if (*text.ptr != '<')
		return text;
	text.ptr++;
	text.len--;
	while (text.len > 0 && ascii_is_blank(*text.ptr)) {
		text.ptr++;
		text.len--;
	}
	if (!complete)
		return text;
	if (text.ptr[text.len - 1] == '>')
		text.len--;
	while (text.len > 0 && ascii_is_blank(text.ptr[text.len - 1]))
		text.len--;
	return text;
}

void
mailin_scan_limit_path(struct mailin_scan *scan, const unsigned char *p)
{
	const struct limits *limits = scan->syntax == MAILIN_SYNTAX_STRICT ?
	    &strict_limits :
	    &relaxed_limits;
	const struct mailin_path *path = scan_path(scan);
	struct mailin_span local = ended(path->local, p);
	size_t local_most = limits->local;

	/* The closing quote must also be within the limit. */
	if (path->quoted) {
		local.len -= path->local.len != 0;
		local_most--;
	}
	limit(scan, within_brackets(path, p, path->kind != MAILIN_PATH_NULL),
	    limits->path - 2);
	limit(scan, local, local_most);
	limit_domain(scan, ended(path->domain, p), limits->domain);
}

/* Call this if the state machine stopped inside a path or an address literal.
 * It checks the octets that were read, because one of them may be wrong or
 * beyond a limit. */
static void
check_open(struct mailin_scan *scan)
{
	if (scan->in_literal)
		check_open_literal(scan);
	if (scan->in_path)
		mailin_scan_limit_path(scan, scan->p);
}

/* Limit the length of the client's name (RFC 5321 4.5.3.1.2).  RELAXED accepts
 * a longer name, and reports it as OTHER. */
static void
limit_name(struct mailin_scan *scan)
{
	struct mailin_helo *helo = &scan->command->helo;

	if (!is_helo(scan->command->verb))
		return;
	if (scan->syntax == MAILIN_SYNTAX_STRICT)
		limit(scan, ended(helo->domain, scan->p), strict_limits.domain);
	else if (helo->domain.len > relaxed_limits.domain)
		helo->domain_kind = MAILIN_DOMAIN_OTHER;
}

/* RELAXED accepts white space inside the brackets of a path.  The path's text
 * then has neither the white space nor the brackets. */
static void
trim_path(struct mailin_scan *scan)
{
	struct mailin_path *path = scan_path(scan);
	struct mailin_span text = path->text;

	if (scan->command->verb != MAILIN_VERB_MAIL &&
	    scan->command->verb != MAILIN_VERB_RCPT &&
	    scan->command->verb != MAILIN_VERB_UNKNOWN)
		return;
	if (*text.ptr == '<' &&
	    (ascii_is_blank(text.ptr[1]) ||
		ascii_is_blank(text.ptr[text.len - 2])))
		path->text = within_brackets(path, scan->p, true);
}

bool
mailin_scan_end(struct mailin_scan *scan, bool matched)
{
	if (matched)
		trim_path(scan);
	else
		check_open(scan);
	limit_name(scan);
	if (scan->refused == NULL || (!matched && scan->p <= scan->refused))
		return matched;
	scan->p = scan->refused;
	scan->command->error = scan->refusal;
	return false;
}

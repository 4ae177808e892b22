/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * MAIL and RCPT, read without a machine: a Mailbox of a Dot-string and a Domain
 * or an address literal, also with characters that are not ASCII (RFC 6531); of
 * a Quoted-string in ASCII; <Postmaster>; the null path; and the parameters of
 * parameter.c.  It keeps to the limits of STRICT.
 */
#include <stddef.h>
#include <string.h>

#include "command/fast/fast.h"
#include "command/fast/look.h"
#include "command/fast/words.h"
#include "command/scan_parameter.h"

/* RFC 5321 4.5.3.1.1, 4.5.3.1.3 */
#define LOCAL_MOST 64
#define PATH_MOST  256

/* Where it begins, after "MAIL FROM:" or "RCPT TO:". */
#define MAIL_AT 10
#define RCPT_AT 8

/* What follows a path. */
static inline bool
path_ends(const unsigned char *p)
{
	return *p == ' ' || *p == '\r';
}

static inline void
take_path(struct mailin_path *path, const unsigned char *p,
    const unsigned char *at, const unsigned char *end)
{
	memset(path, 0, offsetof(struct mailin_path, text));
	path->kind = MAILIN_PATH_MAILBOX;
	path->domain_kind = MAILIN_DOMAIN_NAME;
	scan_open(&path->text, p);
	scan_close(&path->text, end + 1);
	path->route = (struct mailin_span){ NULL, 0 };
	scan_open(&path->local, p + 1);
	scan_close(&path->local, at);
	scan_open(&path->domain, at + 1);
	scan_close(&path->domain, end);
}

/* The path at p is for the machine, which passes over the octets of the local
 * part before known, but for the last that is atext. */
static SEPARATE size_t
read_rest(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len, const unsigned char *p,
    const unsigned char *known)
{
	scan_clear_all(command);
	scan_path_follows(command);
	known -= known[-1] == '.';
	command->mail.path.local.len = (size_t)(known - p) - 2;
	return mailin_scan_line(command, syntax, bytes, len, SCAN_PATH,
	    (size_t)((const char *)p - bytes));
}

/* The octet at wrong cannot be in the path. */
static SEPARATE size_t
refuse_path(struct mailin_command *command, const char *bytes, size_t len,
    const unsigned char *wrong)
{
	scan_path_follows(command);
	return mailin_scan_refuse_line(command, bytes, len, wrong);
}

/* The path has been read, and the parameters follow at p. */
static SEPARATE size_t
read_parameters(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len, const unsigned char *p)
{
	scan_clear_parameters(command);
	p = mailin_fast_parameters(command, p,
	    (const unsigned char *)bytes + len);
	if (scan_ends_at(p)) {
		const char *need = mailin_scan_smtputf8_need(command);

		if (need != NULL) {
			command->error = MAILIN_REPLY_NEEDS_SMTPUTF8;
			command->error_at = (size_t)(need - bytes);
		}
		return (size_t)((const char *)p - bytes) + 2;
	}
	command->error = MAILIN_REPLY_BAD_ARGUMENT;
	return mailin_scan_line(command, syntax, bytes, len,
	    SCAN_PARAMETERS_FOLLOW, (size_t)((const char *)p - bytes));
}

/* The path has been read, of which "known" is part, and ends before stop, if
 * that can follow a path; as a rule the line ends there. */
static inline size_t
read_end(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len, const unsigned char *p,
    const unsigned char *known, const unsigned char *stop)
{
	if (scan_ends_at(stop)) {
		scan_clear_parameters(command);
		return (size_t)((const char *)stop - bytes) + 2;
	}
	if (!path_ends(stop))
		return read_rest(command, syntax, bytes, len, p, known);
	return read_parameters(command, syntax, bytes, len, stop);
}

/*
 * The path at p has characters that are not ASCII, or what RELAXED takes.  What
 * comes before from has been read; from is in the local part, or begins the
 * domain.
 */
static SEPARATE size_t
read_characters(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len, const unsigned char *p,
    const unsigned char *from)
{
	struct found found = { syntax == MAILIN_SYNTAX_RELAXED, false, NULL };
	const unsigned char *end = (const unsigned char *)bytes + len;
	const unsigned char *at = from - 1, *stop = from;

	if (*at != '@')
		stop = at = past_words(from, end, ASCII_ATEXT, &found);
	if (found.wrong == NULL && *at == '@' &&
	    is_letter(at[1], ASCII_ALNUM, found.loose))
		stop = past_words(at + 1, end, ASCII_ALNUM, &found);
	/* Beyond that the local part may be too long before. */
	if (found.wrong != NULL && stop - p <= LOCAL_MOST)
		return refuse_path(command, bytes, len, stop);
	if (found.wrong != NULL || *stop != '>' || stop - at < 2 ||
	    !path_ends(stop + 1) || at - p > LOCAL_MOST + 1 ||
	    stop - p >= PATH_MOST)
		return read_rest(command, syntax, bytes, len, p, p + 2);
	take_path(&command->mail.path, p, at, stop);
	command->mail.path.utf8 = found.utf8;
	return read_parameters(command, syntax, bytes, len, stop + 1);
}

/* Is it for read_characters() to see whether that octet may be in a domain? */
static inline bool
is_odd(unsigned char octet, enum mailin_syntax syntax)
{
	return octet > 0x7f ||
	    (octet == '_' && syntax == MAILIN_SYNTAX_RELAXED);
}

/* RFC 5321 4.1.3: the domain is in brackets. */
static SEPARATE size_t
look_at_literal(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len, const unsigned char *p,
    const unsigned char *at)
{
	const unsigned char *stop = look_past_literal(at + 1), *wrong;
	enum mailin_domain_kind kind;

	if (stop[0] != ']' || stop[1] != '>' || stop == at + 2 ||
	    stop - p >= PATH_MOST - 1)
		return read_rest(command, syntax, bytes, len, p,
		    p[1] == '"' ? p + 2 : at);
	kind = mailin_look_into_literal(at + 1, stop, &wrong);
	if (kind == MAILIN_DOMAIN_NONE)
		return refuse_path(command, bytes, len, wrong);
	take_path(&command->mail.path, p, at, stop + 1);
	command->mail.path.domain_kind = kind;
	command->mail.path.quoted = p[1] == '"';
	return read_end(command, syntax, bytes, len, p,
	    p[1] == '"' ? p + 2 : at, stop + 2);
}

/* RFC 5321 4.1.2: the octet after the Quoted-string at p; or one that cannot be
 * in it, or not in ASCII, or is beyond its limit. */
static inline const unsigned char *
past_quoted(const unsigned char *p)
{
	const unsigned char *most = p + LOCAL_MOST;

	for (p++;; p++) {
		while (ascii_is(*p, ASCII_QTEXT))
			p++;
		if (*p == '"')
			return p + 1;
		if (*p != '\\' || *++p < 0x20 || *p > 0x7e || p > most)
			return p;
	}
}

/* The local part is a Quoted-string. */
static SEPARATE size_t
look_at_quoted(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len, const unsigned char *p)
{
	const unsigned char *at = past_quoted(p + 1), *stop;

	if (*at != '@' || at - p > LOCAL_MOST + 1)
		return read_rest(command, syntax, bytes, len, p, p + 2);
	if (at[1] == '[')
		return look_at_literal(command, syntax, bytes, len, p, at);
	if (!ascii_is(at[1], ASCII_ALNUM))
		return read_rest(command, syntax, bytes, len, p, p + 2);
	stop = mailin_look_past_domain(at + 1,
	    (const unsigned char *)bytes + len);
	if (*stop != '>' || stop - p >= PATH_MOST)
		return read_rest(command, syntax, bytes, len, p, p + 2);
	take_path(&command->mail.path, p, at, stop);
	command->mail.path.quoted = true;
	return read_end(command, syntax, bytes, len, p, p + 2, stop + 1);
}

/* The domain does not end within the first look. */
static SEPARATE size_t
look_at_domain(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len, const unsigned char *p,
    const unsigned char *at)
{
	const unsigned char *stop;

	if (at[1] == '[')
		return look_at_literal(command, syntax, bytes, len, p, at);
	if (!ascii_is(at[1], ASCII_ALNUM) && !is_odd(at[1], syntax))
		return read_rest(command, syntax, bytes, len, p, at);
	stop = mailin_look_past_domain(at + 1,
	    (const unsigned char *)bytes + len);
	if (is_odd(*stop, syntax) ||
	    ((*stop == '.' || *stop == '-') && is_odd(stop[1], syntax)))
		return read_characters(command, syntax, bytes, len, p, at + 1);
	if (*stop != '>' || stop - p >= PATH_MOST)
		return read_rest(command, syntax, bytes, len, p, at);
	take_path(&command->mail.path, p, at, stop);
	return read_end(command, syntax, bytes, len, p, at, stop + 1);
}

/* The octet at stop, after letters, digits, dots and hyphens or right after the
 * "@", does not end the path. */
static SEPARATE size_t
look_at_no_end(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len, const unsigned char *at,
    const unsigned char *stop)
{
	const unsigned char *p = (const unsigned char *)bytes +
	    (command->verb == MAILIN_VERB_MAIL ? MAIL_AT : RCPT_AT);

	if (at[1] == '[')
		return look_at_literal(command, syntax, bytes, len, p, at);
	if (is_odd(*stop, syntax))
		return read_characters(command, syntax, bytes, len, p, at + 1);
	return read_rest(command, syntax, bytes, len, p, at);
}

/* No "@" follows the local part, which is ASCII and ends at stop.  RFC 5321
 * 4.1.1.3: it may be <Postmaster>; RELAXED takes any. */
static SEPARATE size_t
look_at_word(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len, const unsigned char *p,
    const unsigned char *stop)
{
	struct mailin_path *path = &command->mail.path;

	if (*stop > 0x7f ||
	    (*stop == '.' &&
		(stop[1] > 0x7f || syntax == MAILIN_SYNTAX_RELAXED)))
		return read_characters(command, syntax, bytes, len, p, stop);
	if (*stop != '>')
		return read_rest(command, syntax, bytes, len, p, stop);
	take_path(path, p, stop, stop);
	if (command->verb == MAILIN_VERB_RCPT &&
	    mailin_scan_is_postmaster(path->local))
		path->kind = MAILIN_PATH_POSTMASTER;
	else if (syntax == MAILIN_SYNTAX_RELAXED)
		path->kind = MAILIN_PATH_UNQUALIFIED;
	else
		return read_rest(command, syntax, bytes, len, p, stop);
	path->domain_kind = MAILIN_DOMAIN_NONE;
	path->domain = (struct mailin_span){ NULL, 0 };
	return read_end(command, syntax, bytes, len, p, stop, stop + 1);
}

/* Of the octets that are in no word, those from the first on that is no atext,
 * such as the "@". */
MARKS_INLINE uint64_t
but_atext(const unsigned char *p, uint64_t others)
{
	while (others != 0 && ascii_is(p[word_lowest(others)], ASCII_ATEXT))
		others = look_but_lowest(others);
	return others;
}

/*
 * RFC 5321 4.1.2, Mailbox, in brackets, of which the first octet is atext:
 * after the "@" as in look_domain_stops(); before it no dot next to another one
 * or to the end.
 */
static SEPARATE size_t
look_at_path(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len, const unsigned char *p)
{
	const unsigned char *local = p + 1, *at, *stop;
	size_t rest = (size_t)(bytes + len - (const char *)local);
	struct marks is = marks_of(local, rest);
	uint64_t others = but_atext(local, (uint32_t)~is.word), at_bit, end;

	if (look_but_lowest(others) == 0) {
		is = marks_more(is, local, rest);
		others = but_atext(local,
		    others | ~is.word >> MARKS_FIRST << MARKS_FIRST);
	}
	at_bit = look_lowest(others);
	at = local +
	    word_lowest((is.dot & (is.dot | at_bit) >> 1 & (at_bit - 1)) |
		at_bit | UINT64_C(1) << (MARKS_MOST - 1));
	if (*at != '@')
		return look_at_word(command, syntax, bytes, len, p, at);
	end = look_lowest(look_but_lowest(others));
	if (end == 0)
		return look_at_domain(command, syntax, bytes, len, p, at);
	stop = local + word_lowest(end);
	if (*stop != '>')
		return look_at_no_end(command, syntax, bytes, len, at, stop);
	if ((((is.dot | at_bit | end) << 1 | (is.dot | at_bit | end) >> 1) &
		~is.alnum & (end - at_bit)) != 0)
		return read_rest(command, syntax, bytes, len, p, at);
	take_path(&command->mail.path, p, at, stop);
	return read_end(command, syntax, bytes, len, p, at, stop + 1);
}

/* RFC 5321 4.5.5: "<>", the sender of bounces. */
static inline size_t
read_null(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len, const unsigned char *p)
{
	struct mailin_path *path = &command->mail.path;

	memset(path, 0, sizeof *path);
	scan_open(&path->text, p);
	path->text.len = 2;
	return read_parameters(command, syntax, bytes, len, p + 2);
}

/*
 * The path begins at the octet at, if the eight octets before it are these.
 * Each of the two functions below has it inline, with the numbers of its verb.
 */
MARKS_INLINE size_t
scan_path_at(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len, enum mailin_verb verb, size_t at,
    uint64_t octets, uint64_t caseless)
{
	const unsigned char *p = (const unsigned char *)bytes + at;

	if (len <= at || (word_load(p - 8) & caseless) != octets)
		return mailin_scan_command(command, syntax, bytes, len);
	if (p[0] == '<' && p[1] == '>' && verb == MAILIN_VERB_MAIL &&
	    path_ends(p + 2))
		return read_null(command, syntax, bytes, len, p);
	if (MARKS_PAY(len) && p[0] == '<') {
		if (ascii_is(p[1], ASCII_ATEXT))
			return look_at_path(command, syntax, bytes, len, p);
		if (p[1] == '"')
			return look_at_quoted(command, syntax, bytes, len, p);
		if (p[1] > 0x7f)
			return read_characters(command, syntax, bytes, len, p,
			    p + 1);
	}
	scan_clear_all(command);
	scan_path_follows(command);
	return mailin_scan_line(command, syntax, bytes, len, SCAN_PATH_FOLLOWS,
	    at);
}

size_t
mailin_fast_mail(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len)
{
	return scan_path_at(command, syntax, bytes, len, MAILIN_VERB_MAIL,
	    MAIL_AT, WORD('I', 'L', ' ', 'F', 'R', 'O', 'M', ':'),
	    WORD(0xdf, 0xdf, 0xff, 0xdf, 0xdf, 0xdf, 0xdf, 0xff));
}

size_t
mailin_fast_rcpt(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len)
{
	return scan_path_at(command, syntax, bytes, len, MAILIN_VERB_RCPT,
	    RCPT_AT, WORD('R', 'C', 'P', 'T', ' ', 'T', 'O', ':'),
	    WORD(0xdf, 0xdf, 0xdf, 0xdf, 0xff, 0xdf, 0xdf, 0xff));
}

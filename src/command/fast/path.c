/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * Reads the path of MAIL and RCPT without the state machine.
 *
 * These paths are read here: "<>"; <Postmaster>; and a mailbox in brackets
 * without a source route.  Its local part is a Dot-string, or a Quoted-string
 * in ASCII.  Its domain is a Domain or an address literal.  A mailbox without
 * a Quoted-string may have non-ASCII characters (RFC 6531).  The machine reads
 * all other paths, and those beyond the limits of STRICT.
 *
 * scan_path_at() chooses a function by the first octet of the path.
 * look_at_path() reads the usual path, from the marks of 32 or 64 octets
 * (marks.h), and calls another function if the path is not usual.  Each path
 * ends in one of three functions: read_end() or read_parameters() if the path
 * was read, read_rest() if the machine must read it.
 *
 * In every function bytes and len are the whole line, which ends with LF; no
 * octet after the LF is read.  p points to "<", "at" points to "@", and "stop"
 * points to the first octet that was not read.
 */
#include <stddef.h>
#include <string.h>

#include "command/fast/fast.h"
#include "command/fast/look.h"
#include "command/literal.h"
#include "command/scan.h"
#include "octet/utf8.h"

/* The maximum lengths of a local part and of a path (RFC 5321 4.5.3.1.1 and
 * 4.5.3.1.3). */
#define LOCAL_MOST 64
#define PATH_MOST  256

/* The offset of the path: the length of "MAIL FROM:" or "RCPT TO:". */
#define MAIL_AT 10
#define RCPT_AT 8

/* May the octet at p follow a path? */
static inline bool
path_ends(const unsigned char *p)
{
	return *p == ' ' || *p == '\r';
}

/* Store the path that begins at p, a mailbox with a Domain.  "at" points to its
 * "@", and "end" points to its ">". */
static inline void
take_path(struct mailin_path *path, const unsigned char *p,
    const unsigned char *at, const unsigned char *end)
{
	memset(path, 0, offsetof(struct mailin_path, text));
	path->kind = MAILIN_PATH_MAILBOX;
	path->domain_kind = MAILIN_DOMAIN_NAME;
	path->text = scan_span(p, end + 1);
	path->route = (struct mailin_span){ NULL, 0 };
	path->local = scan_span(p + 1, at);
	path->domain = scan_span(at + 1, end);
}

/* Let the state machine read the path.  The machine begins at the last octet
 * before "known" that is not a dot; the octets before this octet are valid. */
static NOINLINE size_t
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

/* Returns the argument "known" of read_rest().  The state machine must read all
 * octets of a Quoted-string again. */
static inline const unsigned char *
known_part(const unsigned char *p, const unsigned char *at)
{
	return p[1] == '"' ? p + 2 : at;
}

/* The path has been read and stored.  Read the parameters at p. */
static NOINLINE size_t
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

/* Go on after a path that was read and stored; it ends before "stop".  If the
 * octet at "stop" cannot follow a path, call read_rest(). */
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

/* Store a path with a Domain.  The Domain follows the "@" and ends before
 * "stop". */
static inline size_t
end_domain(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len, const unsigned char *p,
    const unsigned char *at, const unsigned char *stop)
{
	const unsigned char *known = known_part(p, at);

	if (*stop != '>' || stop - p >= PATH_MOST)
		return read_rest(command, syntax, bytes, len, p, known);
	take_path(&command->mail.path, p, at, stop);
	command->mail.path.quoted = p[1] == '"';
	return read_end(command, syntax, bytes, len, p, known, stop + 1);
}

/* May a word of this class contain this octet? */
ALWAYS_INLINE bool
is_letter(unsigned char octet, int class)
{
	return octet > 0x7f || ascii_is(octet, class);
}

/* May the ASCII octet at p be between two octets of the class, in a local part
 * or domain?  The octet itself is not in the class. */
ALWAYS_INLINE bool
is_between(const unsigned char *p, int class)
{
	return (*p == '.' && is_letter(p[1], class)) ||
	    (*p == '-' && is_letter(p[1], ASCII_LDH));
}

/* RFC 6531 3.3: read the rest of a Dot-string (class ATEXT) or of a Domain
 * (class ALNUM) from p on.  Returns the first octet after it.  If the words are
 * longer than all limits, any octet beyond these limits may be returned
 * instead. */
ALWAYS_INLINE const unsigned char *
past_words(const unsigned char *p, const unsigned char *end, int class,
    bool *utf8)
{
	const unsigned char *most = p + SCAN_SHORT_NAME;
	size_t used;

	for (;; p += used) {
		while (ascii_is(*p, class))
			p++;
		if (p > most)
			return p;
		used = 1;
		if (*p > 0x7f) {
			*utf8 = true;
			if (!mailin_utf8_read(p, (size_t)(end - p), &used))
				return p;
		} else if (!is_between(p, class)) {
			return p;
		}
	}
}

/* Read a path with non-ASCII characters, octet by octet.  The octets before
 * "from" have been read.  "from" is in the local part, or is the "@". */
static NOINLINE size_t
read_characters(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len, const unsigned char *p,
    const unsigned char *from)
{
	bool utf8 = false;
	const unsigned char *end = (const unsigned char *)bytes + len;
	const unsigned char *at = past_words(from, end, ASCII_ATEXT, &utf8);
	const unsigned char *stop = at;

	if (*at == '@' && is_letter(at[1], ASCII_ALNUM))
		stop = past_words(at + 1, end, ASCII_ALNUM, &utf8);
	if (*stop != '>' || stop == at || !path_ends(stop + 1) ||
	    at - p > LOCAL_MOST + 1 || stop - p >= PATH_MOST)
		return read_rest(command, syntax, bytes, len, p, p + 2);
	take_path(&command->mail.path, p, at, stop);
	command->mail.path.utf8 = utf8;
	return read_parameters(command, syntax, bytes, len, stop + 1);
}

/* Read a path with an address literal after the "@" (RFC 5321 4.1.3). */
static NOINLINE size_t
look_at_literal(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len, const unsigned char *p,
    const unsigned char *at)
{
	const unsigned char *text = at + 2, *stop = look_past_literal(at + 1);
	enum mailin_domain_kind kind = MAILIN_DOMAIN_NONE;
	size_t wrong;

	if (stop[0] == ']' && stop[1] == '>' && stop != text &&
	    stop - p < PATH_MOST - 1)
		kind = mailin_literal_parse(scan_span(text, stop), &wrong);
	if (kind == MAILIN_DOMAIN_NONE)
		return read_rest(command, syntax, bytes, len, p,
		    known_part(p, at));
	take_path(&command->mail.path, p, at, stop + 1);
	command->mail.path.domain_kind = kind;
	command->mail.path.quoted = p[1] == '"';
	return read_end(command, syntax, bytes, len, p, known_part(p, at),
	    stop + 2);
}

/* Read a path whose local part begins with a quote. */
static NOINLINE size_t
look_at_quoted(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len, const unsigned char *p)
{
	const unsigned char *at = look_past_quoted(p + 1, LOCAL_MOST);

	if (*at != '@' || at - p > LOCAL_MOST + 1)
		return read_rest(command, syntax, bytes, len, p, p + 2);
	if (at[1] == '[')
		return look_at_literal(command, syntax, bytes, len, p, at);
	if (!ascii_is(at[1], ASCII_ALNUM))
		return read_rest(command, syntax, bytes, len, p, p + 2);
	return end_domain(command, syntax, bytes, len, p, at,
	    look_past_domain(at + 1, (const unsigned char *)bytes + len));
}

/* Read a path whose domain does not end with ">" within the marks (marks.h). */
static NOINLINE size_t
look_at_domain(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len, const unsigned char *p,
    const unsigned char *at)
{
	const unsigned char *stop;

	if (at[1] == '[')
		return look_at_literal(command, syntax, bytes, len, p, at);
	if (!is_letter(at[1], ASCII_ALNUM))
		return read_rest(command, syntax, bytes, len, p, at);
	stop = look_past_domain(at + 1, (const unsigned char *)bytes + len);
	if (*stop > 0x7f || ((*stop == '.' || *stop == '-') && stop[1] > 0x7f))
		return read_characters(command, syntax, bytes, len, p, at);
	return end_domain(command, syntax, bytes, len, p, at, stop);
}

/* Read a path without "@": "stop" points to the octet after the ASCII octets of
 * the local part, and this octet is not "@".  The path may be <Postmaster> (RFC
 * 5321 4.1.1.3), and RELAXED accepts any local part. */
static NOINLINE size_t
look_at_word(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len, const unsigned char *p,
    const unsigned char *stop)
{
	struct mailin_path *path = &command->mail.path;

	if (*stop > 0x7f || (*stop == '.' && stop[1] > 0x7f))
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

/*
 * Read a path that begins with atext.  RFC 5321 4.1.2, Mailbox: in the local
 * part no dot is next to another dot or to "@"; in the domain each dot is
 * between letters or digits, as in look_domain_stops().
 *
 * Bit 0 is for the first octet of the local part.  at_bit is the bit of the
 * first octet that is neither atext nor a dot.  This octet should be "@".  "at"
 * points to one of these octets:
 *  - a dot before the octet of at_bit, if another dot or the octet of at_bit
 *    follows that dot;
 *  - the last of 64 octets, if all are atext or dots;
 *  - otherwise the octet of at_bit.
 */
static NOINLINE size_t
look_at_path(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len, const unsigned char *p)
{
	const unsigned char *local = p + 1, *at, *stop;
	size_t rest = (size_t)(bytes + len - (const char *)local);
	struct marks is = marks_of(local, rest);
	uint64_t others = look_skip_atext(local, (uint32_t)~is.word), at_bit,
		 end;

	if (look_but_lowest(others) == 0) {
		is = marks_more(is, local, rest);
		others = look_skip_atext(local,
		    others | ~is.word >> MARKS_FIRST << MARKS_FIRST);
	}
	at_bit = look_lowest(others);
	at = local + word_lowest(look_local_stops(is, at_bit));
	if (*at != '@')
		return look_at_word(command, syntax, bytes, len, p, at);
	end = look_lowest(look_but_lowest(others));
	if (end == 0)
		return look_at_domain(command, syntax, bytes, len, p, at);
	stop = local + word_lowest(end);
	if (*stop != '>')
		return *stop > 0x7f ?
		    read_characters(command, syntax, bytes, len, p, at) :
		    look_at_domain(command, syntax, bytes, len, p, at);
	if (look_misplaced(is, at_bit, end) != 0)
		return read_rest(command, syntax, bytes, len, p, at);
	take_path(&command->mail.path, p, at, stop);
	return read_end(command, syntax, bytes, len, p, at, stop + 1);
}

/* Read "<>", the sender of bounces (RFC 5321 4.5.5). */
static inline size_t
read_null(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len, const unsigned char *p)
{
	struct mailin_path *path = &command->mail.path;

	memset(path, 0, offsetof(struct mailin_path, reserved));
	path->text = scan_span(p, p + 2);
	return read_parameters(command, syntax, bytes, len, p + 2);
}

/*
 * Read a line of MAIL or RCPT, whose path begins at the offset "at".  The eight
 * octets before the path are loaded as a number.  This number, masked with the
 * argument "caseless", must be equal to the argument "octets".  The function is
 * inlined in the two functions below, so that both numbers are constants.
 */
ALWAYS_INLINE size_t
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

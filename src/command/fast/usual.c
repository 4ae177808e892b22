/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * What most of the longer lines are, read without a machine: a HELO with a
 * Domain; MAIL and RCPT with a Mailbox of a Dot-string and a Domain; in ASCII,
 * and short; BDAT.  What is anything else, or wrong, the machine has to see.
 *
 * All of it is one look at the octets (marks.h).  A line ends with a LF, which
 * is in no word: no octet behind it is asked for.
 */
#include <stddef.h>
#include <string.h>

#include "command/fast/marks.h"
#include "command/scan_parameter.h"

/* RFC 5321 4.1.2, Domain: a letter or a digit at both ends of it, and on both
 * sides of a dot.  Answers its length, or 0. */
static inline size_t
domain_length(struct marks is)
{
	uint64_t word = is.alnum | is.dot | is.hyphen;
	uint64_t end = ~word & (word + 1);
	uint64_t wanted = is.dot << 1 | is.dot >> 1 | end >> 1 | 1;

	/* What ends it is asked, too, for there may be nothing before. */
	if (end == 0 || (wanted & ~is.alnum & (2 * end - 1)) != 0)
		return 0;
	return word_lowest(end);
}

size_t
mailin_scan_helo(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len)
{
	const unsigned char *p = (const unsigned char *)bytes + 5;
	struct mailin_helo *helo = &command->helo;
	size_t used;

	memset(helo, 0, sizeof *helo);
	if (MARKS_PAY(len) && p[-1] == ' ') {
		used = domain_length(marks_of(p, len - 5));
		if (used > 0 && scan_ends_at(p + used)) {
			scan_open(&helo->domain, p);
			helo->domain.len = used;
			helo->domain_kind = MAILIN_DOMAIN_NAME;
			return 5 + used + 2;
		}
	}
	command->error = MAILIN_REPLY_BAD_ARGUMENT;
	return mailin_scan_line(command, syntax, bytes, len,
	    SCAN_NAME_FOLLOWS, 4);
}

/* RFC 3030 2.  The octet before is a digit. */
static inline bool
is_last(const unsigned char *p, const unsigned char *end)
{
	return end - p >= 7 && (word_load(p - 1) &
	    WORD(0, 0xff, 0xdf, 0xdf, 0xdf, 0xdf, 0xff, 0xff)) ==
	    WORD(0, ' ', 'L', 'A', 'S', 'T', '\r', '\n');
}

size_t
mailin_scan_bdat(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len)
{
	const unsigned char *from = (const unsigned char *)bytes + 5, *p = from;
	struct mailin_chunk *bdat = &command->bdat;

	memset(bdat, 0, sizeof *bdat);
	if (p[-1] == ' ')
		p = scan_read_digits(from, &bdat->size);
	if (p > from && p - from <= SCAN_FIT) {
		size_t used = (size_t)(p - from) + 5;

		if (scan_ends_at(p))
			return used + 2;
		bdat->last = is_last(p, from - 5 + len);
		if (bdat->last)
			return used + 7;
	}
	command->error = MAILIN_REPLY_BAD_ARGUMENT;
	return mailin_scan_line(command, syntax, bytes, len,
	    SCAN_CHUNK_FOLLOWS, 4);
}

/* The octets before the path, "MAIL FROM:" or "RCPT TO:", of which the last
 * eight are compared; or 0. */
static inline size_t
path_at(const unsigned char *p, size_t len, enum mailin_verb verb)
{
	bool is_mail = verb == MAILIN_VERB_MAIL;
	size_t at = is_mail ? 10 : 8;
	uint64_t caseless = is_mail
	    ? WORD(0xdf, 0xdf, 0xff, 0xdf, 0xdf, 0xdf, 0xdf, 0xff)
	    : WORD(0xdf, 0xdf, 0xdf, 0xdf, 0xff, 0xdf, 0xdf, 0xff);
	uint64_t octets = is_mail
	    ? WORD('I', 'L', ' ', 'F', 'R', 'O', 'M', ':')
	    : WORD('R', 'C', 'P', 'T', ' ', 'T', 'O', ':');

	return len > at && (word_load(p + at - 8) & caseless) == octets
	    ? at : 0;
}

/* Of bits, without the lowest; and it alone. */
static inline uint64_t
but_lowest(uint64_t bits)
{
	return bits & (bits - 1);
}

static inline uint64_t
lowest(uint64_t bits)
{
	return bits & -bits;
}

/* Of what is not in a word, behind the "<", the "@": before it all is atext. */
static inline uint64_t
find_at(const unsigned char *p, uint64_t others)
{
	for (; others != 0; others = but_lowest(others)) {
		unsigned char octet = p[word_lowest(others)];

		if (octet == '@')
			break;
		if (!ascii_is(octet, ASCII_ATEXT))
			return 0;
	}
	return others;
}

/*
 * RFC 5321 4.1.2, Mailbox, in brackets: behind the "@" as in domain_length();
 * before it no dot next to another one or to an end.  Answers the length, or 0.
 */
static inline size_t
read_path(struct mailin_path *path, const unsigned char *p, struct marks is)
{
	uint64_t others, at, end, stops;
	size_t at_place, end_place;

	others = find_at(p,
	    but_lowest(~(is.alnum | is.dot | is.hyphen)));
	end = lowest(but_lowest(others));
	if (end == 0)
		return 0;
	at = lowest(others);
	at_place = word_lowest(at);
	end_place = word_lowest(end);
	stops = is.dot | 1 | at | end;
	if (p[end_place] != '>' ||
	    (stops & stops << 1 & (2 * at - 1)) != 0 ||
	    ((stops << 1 | stops >> 1) & ~is.alnum & (end - at)) != 0)
		return 0;

	memset(path, 0, offsetof(struct mailin_path, text));
	path->kind = MAILIN_PATH_MAILBOX;
	path->domain_kind = MAILIN_DOMAIN_NAME;
	scan_open(&path->text, p);
	scan_close(&path->text, p + end_place + 1);
	path->route = (struct mailin_span){ NULL, 0 };
	scan_open(&path->local, p + 1);
	scan_close(&path->local, p + at_place);
	scan_open(&path->domain, p + at_place + 1);
	scan_close(&path->domain, p + end_place);
	return end_place + 1;
}

/* RFC 5321 4.5.5: "<>", the sender of bounces. */
static inline size_t
read_null(struct mailin_path *path, const unsigned char *p)
{
	memset(path, 0, sizeof *path);
	scan_open(&path->text, p);
	path->text.len = 2;
	return 2;
}

size_t
mailin_scan_path(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len)
{
	const unsigned char *p = (const unsigned char *)bytes;
	size_t at = path_at(p, len, command->verb), used = 0;

	if (at == 0) {
		command->verb = MAILIN_VERB_UNKNOWN;
		command->error = MAILIN_REPLY_UNKNOWN_VERB;
		return mailin_scan_line(command, syntax, bytes, len,
		    SCAN_VERB, 0);
	}
	p += at;
	if (p[0] == '<' && ascii_is(p[1], ASCII_ATEXT) && MARKS_PAY(len))
		used = read_path(&command->mail.path, p,
		    marks_of(p, len - at));
	else if (p[0] == '<' && p[1] == '>' &&
	    command->verb == MAILIN_VERB_MAIL)
		used = read_null(&command->mail.path, p);
	p += used;
	if (used == 0 || (p[0] != ' ' && !scan_ends_at(p))) {
		scan_clear_all(command);
		scan_path_follows(command);
		return mailin_scan_line(command, syntax, bytes, len,
		    SCAN_PATH_FOLLOWS, at);
	}
	scan_clear_parameters(command);
	at += used;
	if (*p != ' ')
		return at + 2;
	if (command->verb == MAILIN_VERB_MAIL)
		return mailin_scan_parameters(command, syntax, bytes, len, at);
	command->error = MAILIN_REPLY_BAD_ARGUMENT;
	return mailin_scan_line(command, syntax, bytes, len,
	    SCAN_PARAMETERS_FOLLOW, at);
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * What most of the longer lines are, read without a machine: a HELO with a
 * Domain or an address literal; BDAT.  What is anything else, the machine has
 * to see.  MAIL and RCPT are in path.c.
 *
 * A line ends with a LF, which is in no word: no octet after it is asked for.
 */
#include <string.h>

#include "command/fast/fast.h"
#include "command/fast/look.h"
#include "command/scan_parameter.h"

/* relaxed_address.rl, loose_word */
static inline bool
is_loose(unsigned char octet)
{
	return octet > 0x7f || ascii_is(octet, ASCII_VCHAR);
}

static inline size_t
take_name(struct mailin_helo *helo, enum mailin_domain_kind kind,
    const unsigned char *p, const unsigned char *end)
{
	scan_open(&helo->domain, p);
	scan_close(&helo->domain, end);
	helo->domain_kind = kind;
	return (size_t)(end - p) + 5 + 2;
}

/*
 * The octets of HELO's name before stop are part of a Domain.  Where it is not
 * yet clear what the name is, the machine goes on at the last letter or digit
 * of these.
 */
static SEPARATE size_t
read_rest_of_name(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len, const unsigned char *stop)
{
	const unsigned char *p = (const unsigned char *)bytes + 5, *end;

	/* An octet that is in no name: RELAXED takes it as part of one. */
	if (is_loose(*stop) && *stop != '.' && *stop != '-' &&
	    stop - p <= SCAN_SHORT_NAME) {
		command->error = MAILIN_REPLY_BAD_ARGUMENT;
		if (syntax == MAILIN_SYNTAX_STRICT)
			return mailin_scan_refuse_line(command, bytes, len,
			    stop);
		for (end = stop; is_loose(*end); end++)
			continue;
		if (scan_ends_at(end) && end - p <= SCAN_SHORT_NAME) {
			command->error = MAILIN_REPLY_OK;
			return take_name(&command->helo, MAILIN_DOMAIN_OTHER, p,
			    end);
		}
	}
	while (!ascii_is(*--stop, ASCII_ALNUM))
		continue;
	command->helo.domain.len = (size_t)(stop - p);
	command->error = MAILIN_REPLY_BAD_ARGUMENT;
	return mailin_scan_line(command, syntax, bytes, len, SCAN_NAME_FOLLOWS,
	    4);
}

/* The name has 64 octets or more. */
static SEPARATE size_t
look_at_long_name(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len)
{
	const unsigned char *p = (const unsigned char *)bytes + 5, *stop;

	stop = mailin_look_past_domain(p + MARKS_MOST - 1,
	    (const unsigned char *)bytes + len);
	if (!scan_ends_at(stop) || stop - p > SCAN_SHORT_NAME)
		return read_rest_of_name(command, syntax, bytes, len, stop);
	return take_name(&command->helo, MAILIN_DOMAIN_NAME, p, stop);
}

/* The name begins with a letter or digit. */
static SEPARATE size_t
look_at_name(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len)
{
	const unsigned char *p = (const unsigned char *)bytes + 5, *stop;
	struct marks is = marks_of(p, len - 5);
	uint64_t stops;

	if ((uint32_t)is.word == UINT32_MAX)
		is = marks_more(is, p, len - 5);
	stops = look_domain_stops(is);
	if (stops == 0)
		return look_at_long_name(command, syntax, bytes, len);
	stop = p + word_lowest(stops);
	if (!scan_ends_at(stop))
		return read_rest_of_name(command, syntax, bytes, len, stop);
	return take_name(&command->helo, MAILIN_DOMAIN_NAME, p, stop);
}

/* The name begins with a bracket.  RELAXED takes what is no literal. */
static SEPARATE size_t
look_at_literal(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len)
{
	const unsigned char *p = (const unsigned char *)bytes + 5;
	const unsigned char *stop, *wrong;
	enum mailin_domain_kind kind;

	command->error = MAILIN_REPLY_BAD_ARGUMENT;
	stop = look_past_literal(p);
	if (scan_ends_at(stop) && syntax == MAILIN_SYNTAX_RELAXED &&
	    stop - p <= SCAN_SHORT_NAME) {
		command->error = MAILIN_REPLY_OK;
		return take_name(&command->helo, MAILIN_DOMAIN_OTHER, p, stop);
	}
	if (*stop != ']' || !scan_ends_at(stop + 1) || stop == p + 1 ||
	    stop - p >= SCAN_SHORT_NAME)
		return mailin_scan_line(command, syntax, bytes, len,
		    SCAN_NAME_FOLLOWS, 4);
	kind = mailin_look_into_literal(p, stop, &wrong);
	if (kind == MAILIN_DOMAIN_NONE && syntax == MAILIN_SYNTAX_STRICT)
		return mailin_scan_refuse_line(command, bytes, len, wrong);
	command->error = MAILIN_REPLY_OK;
	return take_name(&command->helo,
	    kind == MAILIN_DOMAIN_NONE ? MAILIN_DOMAIN_OTHER : kind, p,
	    stop + 1);
}

size_t
mailin_fast_helo(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len)
{
	const unsigned char *p = (const unsigned char *)bytes + 5;

	memset(&command->helo, 0, sizeof command->helo);
	if (MARKS_PAY(len) && p[-1] == ' ') {
		if (ascii_is(p[0], ASCII_ALNUM))
			return look_at_name(command, syntax, bytes, len);
		if (p[0] == '[')
			return look_at_literal(command, syntax, bytes, len);
	}
	command->error = MAILIN_REPLY_BAD_ARGUMENT;
	return mailin_scan_line(command, syntax, bytes, len, SCAN_NAME_FOLLOWS,
	    4);
}

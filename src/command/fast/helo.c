/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * Reads HELO, EHLO and LHLO without the state machine.
 *
 * The verb has been read, and the name begins at octet 5 of the line.  Vectors
 * (look.h) find the end of a Domain.  If CR LF follows, the line is complete.
 * If not, the machine reads the rest.
 *
 * In every function bytes and len are the whole line, which ends with LF.  No
 * octet after the LF is read.
 */
#include <string.h>

#include "command/fast/fast.h"
#include "command/fast/look.h"
#include "command/literal.h"
#include "command/scan_parameter.h"

#define NAME_AT 5

/* Store the name.  It begins at p and ends at "end", where CR LF follows.
 * Returns the length of the line. */
static inline size_t
take_name(struct mailin_command *command, enum mailin_domain_kind kind,
    const unsigned char *p, const unsigned char *end)
{
	command->error = MAILIN_REPLY_OK;
	scan_open(&command->helo.domain, p);
	scan_close(&command->helo.domain, end);
	command->helo.domain_kind = kind;
	return (size_t)(end - p) + NAME_AT + 2;
}

/* Let the state machine read the line, from the octet after the verb. */
static inline size_t
read_by_machine(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len)
{
	command->error = MAILIN_REPLY_BAD_ARGUMENT;
	return mailin_scan_line(command, syntax, bytes, len, SCAN_NAME_FOLLOWS,
	    NAME_AT - 1);
}

/* Read a name that begins with a letter or digit. */
static NOINLINE size_t
look_at_name(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len)
{
	const unsigned char *p = (const unsigned char *)bytes + NAME_AT;
	const unsigned char *stop = look_past_domain(p,
	    (const unsigned char *)bytes + len);

	if (scan_ends_at(stop) && stop - p <= SCAN_SHORT_NAME)
		return take_name(command, MAILIN_DOMAIN_NAME, p, stop);
	/* The machine starts at the last letter or digit before "stop". */
	while (!ascii_is(*--stop, ASCII_ALNUM))
		continue;
	command->helo.domain.len = (size_t)(stop - p);
	return read_by_machine(command, syntax, bytes, len);
}

/* Read a name that begins with a bracket. */
static NOINLINE size_t
look_at_literal(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len)
{
	const unsigned char *p = (const unsigned char *)bytes + NAME_AT;
	const unsigned char *stop = look_past_literal(p);
	enum mailin_domain_kind kind;
	size_t at;

	if (*stop != ']' || !scan_ends_at(stop + 1) || stop == p + 1 ||
	    stop - p >= SCAN_SHORT_NAME)
		return read_by_machine(command, syntax, bytes, len);
	kind = mailin_literal_parse(scan_span(p + 1, stop), &at);
	return kind != MAILIN_DOMAIN_NONE ?
	    take_name(command, kind, p, stop + 1) :
	    read_by_machine(command, syntax, bytes, len);
}

size_t
mailin_fast_helo(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len)
{
	const unsigned char *p = (const unsigned char *)bytes + NAME_AT;

	memset(&command->helo, 0, offsetof(struct mailin_helo, reserved));
	if (MARKS_PAY(len) && p[-1] == ' ') {
		if (ascii_is(p[0], ASCII_ALNUM))
			return look_at_name(command, syntax, bytes, len);
		if (p[0] == '[')
			return look_at_literal(command, syntax, bytes, len);
	}
	return read_by_machine(command, syntax, bytes, len);
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Finds the verb by comparing four octets as one number.  A line that is only a
 * verb, or BDAT and a size, is read here.  Other lines go to the file of their
 * verb, or to the state machine, which starts after the verb. */
#include <string.h>

#include "command/fast/fast.h"
#include "command/scan_parameter.h"
#include "octet/word.h"

#define LETTERS(a, b, c, d) \
	((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | \
	    (uint32_t)(d) << 24)

/* All bits except those that distinguish small letters from capitals. */
#define CASELESS LETTERS(0xdf, 0xdf, 0xdf, 0xdf)

static inline uint32_t
load_letters(const unsigned char *p)
{
	return LETTERS(p[0], p[1], p[2], p[3]) & CASELESS;
}

static inline bool
is_starttls(const unsigned char *p, size_t len)
{
	return len >= 10 && scan_ends_at(p + 8) &&
	    load_letters(p + 4) == LETTERS('T', 'T', 'L', 'S');
}

/* Do " LAST" and CR LF follow at p (RFC 3030 2)?  Call this only if the octet
 * before p is a digit. */
static inline bool
is_last(const unsigned char *p, const unsigned char *end)
{
	return end - p >= 7 &&
	    (word_load(p - 1) &
		WORD(0, 0xff, 0xdf, 0xdf, 0xdf, 0xdf, 0xff, 0xff)) ==
	    WORD(0, ' ', 'L', 'A', 'S', 'T', '\r', '\n');
}

static size_t
read_bdat(struct mailin_command *command, enum mailin_syntax syntax,
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
	return mailin_scan_line(command, syntax, bytes, len, SCAN_CHUNK_FOLLOWS,
	    4);
}

size_t
mailin_fast_line(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len)
{
	const unsigned char *p = (const unsigned char *)bytes;
	enum mailin_scan_entry entry;
	enum mailin_verb verb;

	command->error = MAILIN_REPLY_OK;
	command->error_at = 0;
#define VERB(a, b, c, d, name, follows) \
	case LETTERS(a, b, c, d): \
		verb = MAILIN_VERB_##name; \
		entry = SCAN_##follows; \
		break
	switch (load_letters(p)) {
		VERB('H', 'E', 'L', 'O', HELO, NAME_FOLLOWS);
		VERB('E', 'H', 'L', 'O', EHLO, NAME_FOLLOWS);
		VERB('L', 'H', 'L', 'O', LHLO, NAME_FOLLOWS);
		VERB('M', 'A', 'I', 'L', MAIL, PATH_FOLLOWS);
		VERB('R', 'C', 'P', 'T', RCPT, PATH_FOLLOWS);
		VERB('D', 'A', 'T', 'A', DATA, LINE_ENDS);
		VERB('R', 'S', 'E', 'T', RSET, LINE_ENDS);
		VERB('Q', 'U', 'I', 'T', QUIT, QUIT_FOLLOWS);
		VERB('N', 'O', 'O', 'P', NOOP, TEXT_FOLLOWS);
		VERB('H', 'E', 'L', 'P', HELP, TEXT_FOLLOWS);
		VERB('V', 'R', 'F', 'Y', VRFY, QUERY_FOLLOWS);
		VERB('E', 'X', 'P', 'N', EXPN, QUERY_FOLLOWS);
		VERB('B', 'D', 'A', 'T', BDAT, CHUNK_FOLLOWS);
		VERB('A', 'U', 'T', 'H', AUTH, MECHANISM_FOLLOWS);
		VERB('S', 'T', 'A', 'R', STARTTLS, VERB);
	default:
		return mailin_scan_command(command, syntax, bytes, len);
	}
	command->verb = verb;
	switch (entry) {
	case SCAN_NAME_FOLLOWS:
		return mailin_fast_helo(command, syntax, bytes, len);
	case SCAN_PATH_FOLLOWS:
		return verb == MAILIN_VERB_MAIL ?
		    mailin_fast_mail(command, syntax, bytes, len) :
		    mailin_fast_rcpt(command, syntax, bytes, len);
	case SCAN_CHUNK_FOLLOWS:
		return read_bdat(command, syntax, bytes, len);
	case SCAN_VERB:
		return is_starttls(p, len) ?
		    10 :
		    mailin_scan_command(command, syntax, bytes, len);
	default:
		break;
	}
	scan_clear_small(command);
	/* VRFY, EXPN and AUTH must have an argument.  The state machine refuses
	 * a line without it. */
	if (scan_ends_at(p + 4) && entry != SCAN_QUERY_FOLLOWS &&
	    entry != SCAN_MECHANISM_FOLLOWS)
		return 6;
	command->error = MAILIN_REPLY_BAD_ARGUMENT;
	return mailin_scan_line(command, syntax, bytes, len, entry, 4);
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* A command line: its verb, and then what reads the rest. */
#include "command/fast/look.h"
#include "octet/rare.h"
#include "command/scan.h"
#include "octet/sound.h"
#include "octet/word.h"

/*
 * Most lines begin with one of few words, which need no machine.  They are
 * looked up as one number, without the bit that is the case of a letter.
 */

#define LETTERS(a, b, c, d) \
	((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | \
	    (uint32_t)(d) << 24)
#define CASELESS LETTERS(0xdf, 0xdf, 0xdf, 0xdf)

/* The place of one in the table: each has one of its own, and none the first,
 * to which no letters at all are led, and which stands for all other verbs. */
#define SLOT(letters) ((letters)*UINT32_C(0x80371eb9) >> 27)

struct word {
	uint32_t letters;
	uint8_t verb;
	uint8_t entry;
};

#define ROW(a, b, c, d, verb, entry) \
	[SLOT(LETTERS(a, b, c, d))] = { LETTERS(a, b, c, d), \
		MAILIN_VERB_##verb, SCAN_##entry }

static const struct word words[32] = {
	[0] = { UINT32_MAX, MAILIN_VERB_UNKNOWN, SCAN_VERB },
	ROW('H', 'E', 'L', 'O', HELO, NAME_FOLLOWS),
	ROW('E', 'H', 'L', 'O', EHLO, NAME_FOLLOWS),
	ROW('L', 'H', 'L', 'O', LHLO, NAME_FOLLOWS),
	ROW('M', 'A', 'I', 'L', MAIL, PATH_FOLLOWS),
	ROW('R', 'C', 'P', 'T', RCPT, PATH_FOLLOWS),
	ROW('D', 'A', 'T', 'A', DATA, LINE_ENDS),
	ROW('R', 'S', 'E', 'T', RSET, LINE_ENDS),
	ROW('Q', 'U', 'I', 'T', QUIT, QUIT_FOLLOWS),
	ROW('N', 'O', 'O', 'P', NOOP, TEXT_FOLLOWS),
	ROW('H', 'E', 'L', 'P', HELP, TEXT_FOLLOWS),
	ROW('V', 'R', 'F', 'Y', VRFY, QUERY_FOLLOWS),
	ROW('E', 'X', 'P', 'N', EXPN, QUERY_FOLLOWS),
	ROW('B', 'D', 'A', 'T', BDAT, CHUNK_FOLLOWS),
	ROW('A', 'U', 'T', 'H', AUTH, MECHANISM_FOLLOWS),
	ROW('S', 'T', 'A', 'R', STARTTLS, VERB), /* if more of it follows */
};

static inline uint32_t
load(const unsigned char *p)
{
	return LETTERS(p[0], p[1], p[2], p[3]);
}

/* No line with one of the words is shorter. */
#define SHORTEST 6

/* The row of the verb at p. */
static inline const struct word *
find_word(const unsigned char *p, size_t len)
{
	const struct word *word;
	uint32_t letters;

	if (!SCAN_SHORT_CUTS || len < SHORTEST)
		return &words[0];
	letters = load(p) & CASELESS;
	word = &words[SLOT(letters)];
	return word->letters == letters ? word : &words[0];
}

static inline bool
is_starttls(const unsigned char *p, size_t len)
{
	return len >= 10 && scan_ends_at(p + 8) &&
	    (load(p + 4) & CASELESS) == LETTERS('T', 'T', 'L', 'S');
}

/* The octets end with a LF, which the machine stops at if at nothing else. */
USUAL size_t
parse(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len)
{
	const unsigned char *p = (const unsigned char *)bytes;
	const struct word *word;

	word = find_word(p, len);
	command->verb = word->verb;
	command->error = MAILIN_REPLY_OK;
	command->error_at = 0;
	switch (word->entry) {
	case SCAN_NAME_FOLLOWS:
		return mailin_scan_helo(command, syntax, bytes, len);
	case SCAN_PATH_FOLLOWS:
		return word->verb == MAILIN_VERB_MAIL ?
		    mailin_scan_mail(command, syntax, bytes, len) :
		    mailin_scan_rcpt(command, syntax, bytes, len);
	case SCAN_CHUNK_FOLLOWS:
		return mailin_scan_bdat(command, syntax, bytes, len);
	case SCAN_QUIT_FOLLOWS:
	case SCAN_LINE_ENDS:
	case SCAN_TEXT_FOLLOWS:
		scan_clear_small(command);
		if (scan_ends_at(p + 4))
			return 6;
		break;
	case SCAN_VERB:
		if (word->verb == MAILIN_VERB_STARTTLS && is_starttls(p, len))
			return 10;
		command->verb = MAILIN_VERB_UNKNOWN;
		command->error = MAILIN_REPLY_UNKNOWN_VERB;
		return mailin_scan_line(command, syntax, bytes, len, SCAN_VERB,
		    0);
	default:
		scan_clear_small(command);
		break;
	}
	command->error = MAILIN_REPLY_BAD_ARGUMENT;
	return mailin_scan_line(command, syntax, bytes, len, word->entry, 4);
}

/* Octets that do not end with a LF, or are few, may begin with a line; or the
 * call is none. */
static RARE size_t
parse_first(struct mailin_command *command, enum mailin_syntax syntax,
    const char *bytes, size_t len)
{
	size_t used;

	if (bytes == NULL || len == 0 || !is_syntax(syntax))
		return 0;
	used = mailin_scan_length(bytes, len, 0);
	return used == 0 ? 0 : parse(command, syntax, bytes, used);
}

/* One test after the other: together they cost more. */
size_t
mailin_command_parse_as(struct mailin_command *command,
    enum mailin_syntax syntax, const char *bytes, size_t len)
{
	if (bytes == NULL)
		return parse_first(command, syntax, bytes, len);
	if (!is_syntax(syntax))
		return parse_first(command, syntax, bytes, len);
	if (len < SHORTEST || bytes[len - 1] != '\n')
		return parse_first(command, syntax, bytes, len);
	return parse(command, syntax, bytes, len);
}

size_t
mailin_command_parse(struct mailin_command *command, const char *bytes,
    size_t len)
{
	return mailin_command_parse_as(command, MAILIN_SYNTAX_STRICT, bytes,
	    len);
}

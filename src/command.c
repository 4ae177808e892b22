/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* A command line: its verb, and the machine. */
#include <string.h>

#include "scan.h"

/*
 * What a verb has to tell is 0 or absent at first.  Most have little.
 */

#define LITTLE ((size_t)32)

#define IS_LITTLE(member) \
	(sizeof ((struct mailin_command *)0)->member <= LITTLE)
_Static_assert(IS_LITTLE(helo) && IS_LITTLE(text) && IS_LITTLE(bdat) &&
    IS_LITTLE(auth) && IS_LITTLE(burl), "more than is cleared");

static inline void
clear_little(struct mailin_command *command)
{
	memset(&command->mail, 0, LITTLE);
}

/* In pieces: of one long memset gcc makes a rep stos, which takes longer. */
static inline void
clear_rest(struct mailin_command *command)
{
	char *fields = (char *)&command->mail;

	memset(fields + LITTLE, 0, 64);
	memset(fields + LITTLE + 64, 0, 64);
	memset(fields + LITTLE + 128, 0, sizeof command->mail - LITTLE - 128);
}

static inline void
begin_verb(struct mailin_command *command, enum mailin_verb verb, bool little)
{
	command->verb = verb;
	command->error = MAILIN_REPLY_BAD_ARGUMENT;
	clear_little(command);
	if (!little)
		clear_rest(command);
}

void
mailin_scan_verb(struct mailin_scan *scan, enum mailin_verb verb)
{
	begin_verb(scan->command, verb, verb != MAILIN_VERB_MAIL &&
	    verb != MAILIN_VERB_RCPT && verb < MAILIN_VERB_XCLIENT);
}

/*
 * Most lines begin with one of few words, which need no machine.  They are
 * looked up as one number, without the bit that is the case of a letter.
 */

#define WORD(a, b, c, d) ((uint32_t)(a) | (uint32_t)(b) << 8 | \
	(uint32_t)(c) << 16 | (uint32_t)(d) << 24)
#define CASELESS WORD(0xdf, 0xdf, 0xdf, 0xdf)

/* The place of one in the table: each has one of its own. */
#define SLOT(letters) ((letters) * UINT32_C(0x35bf992d) >> 27)

struct word {
	uint32_t letters;
	uint8_t  verb;
	uint8_t  entry;
};

#define ROW(a, b, c, d, verb, entry) \
	[SLOT(WORD(a, b, c, d))] = \
	    { WORD(a, b, c, d), MAILIN_VERB_##verb, SCAN_##entry }

static const struct word words[32] = {
	ROW('H', 'E', 'L', 'O', HELO, NAME_FOLLOWS),
	ROW('E', 'H', 'L', 'O', EHLO, NAME_FOLLOWS),
	ROW('L', 'H', 'L', 'O', LHLO, NAME_FOLLOWS),
	ROW('M', 'A', 'I', 'L', MAIL, PATH_FOLLOWS),
	ROW('R', 'C', 'P', 'T', RCPT, PATH_FOLLOWS),
	ROW('D', 'A', 'T', 'A', DATA, LINE_ENDS),
	ROW('R', 'S', 'E', 'T', RSET, LINE_ENDS),
	ROW('Q', 'U', 'I', 'T', QUIT, LINE_ENDS),
	ROW('N', 'O', 'O', 'P', NOOP, TEXT_FOLLOWS),
	ROW('H', 'E', 'L', 'P', HELP, TEXT_FOLLOWS),
	ROW('V', 'R', 'F', 'Y', VRFY, QUERY_FOLLOWS),
	ROW('E', 'X', 'P', 'N', EXPN, QUERY_FOLLOWS),
	ROW('B', 'D', 'A', 'T', BDAT, CHUNK_FOLLOWS),
	ROW('A', 'U', 'T', 'H', AUTH, MECHANISM_FOLLOWS),
};

static inline uint32_t
load(const unsigned char *p)
{
	return WORD(p[0], p[1], p[2], p[3]);
}

/* The octets before the path, "MAIL FROM:" or "RCPT TO:"; or 0. */
static inline size_t
path_at(const struct mailin_scan *scan, enum mailin_verb verb)
{
	const unsigned char *p = scan->p;

	if (verb == MAILIN_VERB_RCPT)
		return scan->pe - p >= 8 &&
		    (load(p + 4) & WORD(0xff, 0xdf, 0xdf, 0xff)) ==
		    WORD(' ', 'T', 'O', ':') ? 8 : 0;
	return scan->pe - p >= 10 && p[4] == ' ' && p[9] == ':' &&
	    (load(p + 5) & CASELESS) == WORD('F', 'R', 'O', 'M') ? 10 : 0;
}

/* Read the verb, if it is one of these, and answer where the machine is to go
 * on. */
static inline enum mailin_scan_entry
skip_verb(struct mailin_scan *scan)
{
	const struct word *word;
	uint32_t letters;
	size_t used;

	if (!SCAN_SHORT_CUTS || scan->pe - scan->p < 4)
		return SCAN_VERB;
	letters = load(scan->p) & CASELESS;
	word = &words[SLOT(letters)];
	if (word->letters != letters || letters == 0)
		return SCAN_VERB;
	if (word->entry == SCAN_PATH_FOLLOWS) {
		used = path_at(scan, word->verb);
		if (used == 0)
			return SCAN_VERB;
		begin_verb(scan->command, word->verb, false);
		scan_path_follows(scan);
		scan->p += used;
	} else {
		begin_verb(scan->command, word->verb, true);
		scan->p += 4;
	}
	return word->entry;
}

size_t
mailin_command_parse(struct mailin_command *command, const char *bytes,
    size_t len)
{
	return mailin_command_parse_as(command, MAILIN_SYNTAX_STRICT, bytes,
	    len);
}

/* The machine stops at a LF, and only there for certain. */
static bool
has_lf(const char *bytes, size_t len)
{
	return bytes[len - 1] == '\n' || memchr(bytes, '\n', len) != NULL;
}

size_t
mailin_command_parse_as(struct mailin_command *command,
    enum mailin_syntax syntax, const char *bytes, size_t len)
{
	struct mailin_scan scan;
	size_t used;
	bool accepted;

	/* Of no octets there need not be a place. */
	if (len == 0)
		return 0;
	scan_begin(&scan, syntax, command, (struct mailin_span){ bytes, len });
	if (!has_lf(bytes, len))
		return 0;
	accepted = scan_run(&scan, skip_verb(&scan));
	used = (size_t)((const char *)scan.p - bytes);
	if (!SCAN_SHORT_CUTS || !accepted || scan.special ||
	    used > SCAN_SHORT_LINE)
		return mailin_scan_check(&scan, accepted, bytes, len);
	command->error = MAILIN_REPLY_OK;
	return used;
}

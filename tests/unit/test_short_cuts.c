/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * Compares the tokenizer with a copy without short cuts
 * (src/command/fast/fast.h): lines and addresses, valid or not, must give the
 * same result, octet for octet.  The environment variable MUTANTS is the
 * number of random lines (make check-mutants).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/mutant.h"
#include "support/place.h"
#include "support/suite.h"

/* The functions of the copy without short cuts, which is in libplain.la. */
size_t plain_command_parse_as(struct mailin_command *command,
    enum mailin_syntax syntax, const char *bytes, size_t len);
enum mailin_error plain_path_parse(struct mailin_path *path,
    enum mailin_syntax syntax, struct mailin_span text, size_t *error_at);
enum mailin_error plain_mailbox_parse(struct mailin_path *path,
    enum mailin_syntax syntax, struct mailin_span text, size_t *error_at);

static bool
has_fields(const struct mailin_command *command)
{
	return command->error == MAILIN_REPLY_OK ||
	    command->error == MAILIN_REPLY_BAD_PARAMETER;
}

static bool
is_same(const struct mailin_command *a, const struct mailin_command *b)
{
	return a->verb == b->verb && a->error == b->error &&
	    a->error_at == b->error_at &&
	    (!has_fields(a) || memcmp(a, b, sizeof *a) == 0);
}

static void
hold_as(enum mailin_syntax syntax, const char *bytes, size_t len)
{
	struct mailin_command quick, plain;
	size_t used;

	memset(&quick, 0, sizeof quick);
	memset(&plain, 0, sizeof plain);
	used = mailin_command_parse_as(&quick, syntax, bytes, len);
	if (plain_command_parse_as(&plain, syntax, bytes, len) != used ||
	    (used > 0 && !is_same(&quick, &plain)))
		ck_abort_msg("%s: %d at %zu, without short cuts %d at %zu",
		    suite_quote((struct mailin_span){ bytes, len }),
		    (int)quick.error, quick.error_at, (int)plain.error,
		    plain.error_at);
}

/* Compare the parsers on one line.  The line is at the end of a page, or among
 * octets that mislead code that reads beyond the line. */
static void
hold(const char *bytes, size_t len)
{
	static unsigned turn;
	const char *placed = place_octets(turn % 2 == 0 ? PLACE_BEFORE_EDGE :
							  PLACE_AMONG,
	    turn / 2, bytes, len);

	hold_as(STRICT, placed, len);
	hold_as(RELAXED, placed, len);
	turn++;
}

START_TEST(short_cuts_change_nothing_on_mutants)
{
	const char *wanted = getenv("MUTANTS");
	unsigned long turns = wanted != NULL ? strtoul(wanted, NULL, 10) :
	    suite_quick()                    ? 2000 :
					       400000,
		      turn;

	for (turn = 0; turn < turns; turn++) {
		static const char next[] = "RCPT TO:<a.b@c>d\r\n";
		char line[MUTANT_ROOM + sizeof next];
		size_t len = mutant_line(line, (unsigned)turn);

		hold(line, len);
		memcpy(line + len, next, sizeof next);
		hold(line, len + sizeof next - 1);
	}
}
END_TEST

START_TEST(short_cuts_need_no_octet_after_the_line)
{
	struct mailin_span seed;
	size_t i, len;

	for (i = 0; (seed = mutant_seed(i)).len > 0; i++) {
		for (len = 0; len <= seed.len; len++) {
			char line[MUTANT_ROOM];

			memcpy(line, seed.ptr, len);
			hold(line, len);
			memcpy(line + len, "\r\n", 2);
			hold(line, len + 1);
			hold(line, len + 2);
			line[len] = '\n';
			hold(line, len + 1);
		}
	}
}
END_TEST

/* Words are compared without the bit that distinguishes small letters from
 * capitals.  This bit also distinguishes other octets. */
START_TEST(short_cuts_take_no_octet_for_another)
{
	size_t stride = suite_stride(50), i, at;
	struct mailin_span seed;
	int octet;

	for (i = 0; (seed = mutant_seed(i)).len > 0; i++) {
		char line[MUTANT_ROOM];

		memcpy(line, seed.ptr, seed.len);
		for (at = 0; at < seed.len; at += stride) {
			for (octet = 0; octet < 256; octet++) {
				line[at] = (char)octet;
				hold(line, seed.len);
			}
			line[at] = seed.ptr[at];
		}
	}
}
END_TEST

/* Words to try between the texts "before" and "after": all words of up to
 * "most" letters of the alphabet. */
struct words {
	const char *before;
	const char *alphabet;
	const char *after;
	size_t most;
};

static const struct words words[] = {
	{ "EHLO ", "aZ9.-_[\xc3", "\r\n", 5 },
	{ "HELO [", "1.:av6]x", "]\r\n", 5 },
	{ "MAIL FROM:<", "a.@\"\\>\xc3\xa9", "@b>\r\n", 5 },
	{ "MAIL FROM:<a@", "a9.-_@\xc3\xa9", ">\r\n", 5 },
	{ "MAIL FROM:<a@b> AUTH=", "<>+3CEa@", "\r\n", 5 },
	{ "MAIL FROM:<a@b> ENVID=", "a+=2Bx ", "\r\n", 6 },
	{ "MAIL FROM:<a@b> MTRK=", "AQ=:9 ", "\r\n", 6 },
	{ "MAIL FROM:<a@b> B", "Yy= ;N1-", ";N\r\n", 5 },
	{ "MAIL FROM:<a@b> SIZE", "=0Z - ", "9\r\n", 6 },
	{ "MAIL FROM:<", "a.-@>", "c@b> BODY=7BIT\r\n", 5 },
	{ "MAIL FROM:<a@b> BODY=", "78BIT", "MIME\r\n", 4 },
	{ "MAIL FROM:<a@b> AUTH=<", ">< \r\tS", "SIZE=1\r\n", 5 },
	{ "MAIL FROM:<a@b> SIZE=1", "0S= \r\t", " SIZE=2\r\n", 5 },
	{ "MAIL FROM:<a@b>", " \r\tS=", "\r\n", 5 },
	{ "MAIL", " FROM:<>", "a@b>\r\n", 5 },
	{ "RCPT TO:<\"", "a \"\\@\xc3\xa9", "\"@b>\r\n", 5 },
	{ "RCPT TO:<@a", "b.,:@-a>", ":c@d>\r\n", 5 },
	{ "RCPT TO:", " <>a.@b", "\r\n", 6 },
	{ "RCPT TO:<a@b> ORCPT=", "utf-8;+a", ";a\r\n", 5 },
	{ "RCPT TO:<a@b> RET", "=N ORCPT", "=a\r\n", 5 },
	{ "VRFY ", "a \t\x80\xc3\xa9.", " SMTPUTF8\r\n", 5 },
	{ "AUTH A", "a9-_ =\t", "\r\n", 6 },
	{ "AUTH PLAIN ", "AQz9/+= ", "\r\n", 5 },
	{ "AUTH PLAIN AAAAAAAA", "AQz= \r\n", "AAA=\r\n", 6 },
	{ "BDAT ", "0195 L", " LAST\r\n", 6 },
	{ "BDAT 1844674407370955161", "05 L", "AST\r\n", 5 },
	{ "", "DATXrset", "\r\n", 5 },
	{ "STAR", "TLS \r3", "\r\n", 5 },
	{ "HELO ", "a.-\r ", "b\r\n", 5 },
	{ "RCPT TO:<", "POstMaer", ">\r\n", 4 },
	{ "RCPT TO:<p", "oO.@>\xc3\xa9", "stmaster>\r\n", 4 },
	{ "RCPT TO:<postmaste", "rRs.@>\r\n", ">\r\n", 4 },
	{ "MAIL FROM:<a", ".@\xc3\xa9-b>", "c@d> SMTPUTF8\r\n", 6 },
	{ "MAIL FROM:<a@b", ".@\xc3\xa9-b>", "d> SMTPUTF8\r\n", 6 },
	{ "RCPT TO:<", "a.@\xc3\xa9-", "b.\xe2\x82\xac>\r\n", 6 },
	{ "RCPT TO:<a@[", "1.:]>a\\", "]>\r\n", 6 },
	{ "RCPT TO:<\"", "a\"\\@.>", "@b.c> NOTIFY=NEVER\r\n", 6 },
	{ "EHLO a-", "a.-_ \t]\r\xe9", ".b.example.org\r\n", 5 },
	{ "EHLO [1", "1.:]v_ ", "]\r\n", 6 },
	{ "EHLO [", "1]", "\r\n", 4 },
	{ "MAIL FROM:<a@b> ENVID=a+", "2B7Fae+ ", "=\r\n", 5 },
	{ "MAIL FROM:<a@b> RET=", "FULhdr ", "S\r\n", 5 },
	{ "MAIL FROM:<a@b> SMTPUTF", "8= \r\nE", "\r\n", 5 },
	{ "MAIL FROM:<a@b> SMTPUTF8", " SMTPUF8=", "\r\n", 5 },
	{ "RCPT TO:<a@b> NOTIFY=", "DELAY,", "DELAY\r\n", 6 },
	{ "RCPT TO:<a@b> NOTIFY=DELAY", ",NEVR=", "\r\n", 6 },
	{ "RCPT TO:<a@b> NOTIFY=NEVER", ", SUCES", "\r\n", 5 },
	{ "RCPT TO:<a@b> ORCPT=rfc822", ";8a+2 =", "\r\n", 6 },
};

/* Choose the next word of the same length.  Returns false after the last. */
static bool
next_word(size_t *word, size_t len, size_t letters)
{
	while (len-- > 0) {
		if (++word[len] < letters)
			return true;
		word[len] = 0;
	}
	return false;
}

static void
hold_words(const struct words *row, size_t len)
{
	size_t word[8] = { 0 }, before = strlen(row->before), i;
	char line[64];

	memcpy(line, row->before, before);
	strcpy(line + before + len, row->after);
	do {
		for (i = 0; i < len; i++)
			line[before + i] = row->alphabet[word[i]];
		hold(line, strlen(line));
	} while (next_word(word, len, strlen(row->alphabet)));
}

START_TEST(short_cuts_change_nothing_in_small_words)
{
	size_t i, len;

	for (i = 0; i < ROWS(words); i++)
		for (len = 0; len <= words[i].most - suite_quick() * 3; len++)
			hold_words(&words[i], len);
}
END_TEST

/* Try the line with one octet replaced by another one, at each place. */
static void
hold_odd_octets(char *line)
{
	static const char odd[] = "aZ9.-+_@<>\" \r\n\xc3";
	size_t len = strlen(line), at, i;

	for (at = 4; at < len; at++) {
		char octet = line[at];

		for (i = 0; i < sizeof odd; i++) {
			line[at] = odd[i];
			hold(line, len);
		}
		line[at] = octet;
	}
}

/* Try lines of every length: short cuts read several octets at a time, up to a
 * limited length. */
START_TEST(short_cuts_change_nothing_at_any_length)
{
	size_t stride = suite_stride(10), len;
	char letters[140], line[192];

	memset(letters, 'a', sizeof letters);
	for (len = 2; len < sizeof letters; len += stride) {
		int local = 1 + (int)suite_random((unsigned)len - 1);
		int domain = (int)len - local;

		sprintf(line, "MAIL FROM:<%.*s@%.*s>\r\n", local, letters,
		    domain, letters);
		hold_odd_octets(line);
		sprintf(line, "RCPT TO:<%.*s@%.*s> X=\r\n", domain, letters,
		    local, letters);
		hold_odd_octets(line);
		sprintf(line, "EHLO %.*s\r\n", (int)len, letters);
		hold_odd_octets(line);
	}
}
END_TEST

#define KINDS 7

/* Write part of a word.  The kind says what is between its letters: nothing,
 * dots, hyphens, or other characters. */
static void
write_piece(char *out, size_t len, unsigned kind)
{
	static const char *const between[KINDS] = { "", ".", "-", "\xc3\xa9",
		".\xc3\xa9", "\\>", "\\@" };
	size_t width = strlen(between[kind]), i;

	memset(out, 'a', len);
	for (i = 4; width > 0 && i + width < len; i += 7)
		memcpy(out + i, between[kind], width);
}

/* Try lengths near the limits of RFC 5321 4.5.3.1 (64 octets of a local part,
 * 255 of a domain, 256 of a path), of RELAXED (255 and 512), and of the blocks
 * that short cuts read at once. */
START_TEST(short_cuts_change_nothing_at_the_limits)
{
	static const size_t locals[] = { 1, 15, 16, 31, 32, 33, 62, 63, 64, 65,
		66, 127, 128, 254, 255, 256 };
	static const size_t domains[] = { 1, 15, 16, 31, 32, 33, 62, 63, 64, 65,
		126, 127, 128, 187, 188, 189, 190, 191, 192, 193, 252, 253, 254,
		255, 256, 257 };
	char local[256], domain[257], line[640];
	size_t i, j;
	unsigned kind;

	for (i = 0; i < ROWS(locals) * ROWS(domains); i++) {
		for (kind = 0; kind < KINDS * KINDS; kind++) {
			size_t before = locals[i % ROWS(locals)];

			j = domains[i / ROWS(locals)];
			write_piece(local, before, kind % KINDS);
			write_piece(domain, j, kind / KINDS);
			hold(line,
			    (size_t)sprintf(line,
				"MAIL FROM:<%.*s@%.*s> SMTPUTF8\r\n",
				(int)before, local, (int)j, domain));
			hold(line,
			    (size_t)sprintf(line, "RCPT TO:<\"%.*s\"@%.*s>\r\n",
				(int)before, local, (int)j, domain));
			hold(line,
			    (size_t)sprintf(line,
				"RCPT TO:<%.*s@[x:%.*s]> NOTIFY=NEVER\r\n",
				(int)before, local, (int)j, domain));
			hold(line,
			    (size_t)sprintf(line, "EHLO %.*s.%.*s\r\n",
				(int)before, local, (int)j, domain));
			hold(line,
			    (size_t)sprintf(line, "EHLO [x:%.*s]\r\n", (int)j,
				domain));
		}
	}
}
END_TEST

static void
hold_path(enum mailin_syntax syntax, bool in_brackets, struct mailin_span text)
{
	struct mailin_path quick, plain;
	size_t at = 0, plain_at = 0;
	enum mailin_error error, plain_error;

	memset(&quick, 0, sizeof quick);
	memset(&plain, 0, sizeof plain);
	if (in_brackets) {
		error = mailin_path_parse(&quick, syntax, text, &at);
		plain_error = plain_path_parse(&plain, syntax, text, &plain_at);
	} else {
		error = mailin_mailbox_parse(&quick, syntax, text, &at);
		plain_error = plain_mailbox_parse(&plain, syntax, text,
		    &plain_at);
	}
	if (error != plain_error || at != plain_at ||
	    memcmp(&quick, &plain, sizeof quick) != 0)
		ck_abort_msg("%s: %d at %zu, without short cuts %d at %zu",
		    suite_quote(text), (int)error, at, (int)plain_error,
		    plain_at);
}

START_TEST(short_cuts_change_nothing_in_addresses)
{
	unsigned turns = suite_quick() ? 2000 : 200000, turn;

	for (turn = 0; turn < turns; turn++) {
		char line[MUTANT_ROOM];
		size_t len = mutant_line(line, turn);
		const char *open = memchr(line, '<', len), *shut;
		struct mailin_span text;

		if (open == NULL)
			continue;
		len -= (size_t)(open - line);
		shut = memchr(open, '>', len);
		text.ptr = open;
		text.len = shut == NULL ? len : (size_t)(shut + 1 - open);
		text = suite_edge(text);
		hold_path(STRICT, true, text);
		hold_path(RELAXED, true, text);
		text.ptr++;
		text.len -= shut == NULL ? 1 : 2;
		hold_path(STRICT, false, text);
		hold_path(RELAXED, false, text);
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		short_cuts_change_nothing_on_mutants,
		short_cuts_need_no_octet_after_the_line,
		short_cuts_take_no_octet_for_another,
		short_cuts_change_nothing_in_small_words,
		short_cuts_change_nothing_at_any_length,
		short_cuts_change_nothing_at_the_limits,
		short_cuts_change_nothing_in_addresses,
	};

	return suite_run("short_cuts", tests, ROWS(tests));
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests how command lines are parsed, except for the parameters of MAIL and
 * RCPT: src/command/command.c. */
#include <string.h>

#include "support/rows.h"

#define NO_VERB   MAILIN_REPLY_UNKNOWN_VERB
#define ARGUMENT  MAILIN_REPLY_BAD_ARGUMENT
#define SENDER    MAILIN_REPLY_BAD_SENDER
#define RECIPIENT MAILIN_REPLY_BAD_RECIPIENT
#define BASE64    MAILIN_REPLY_BAD_BASE64
#define UTF8      MAILIN_REPLY_NEEDS_SMTPUTF8

static const struct accepted commands[] = {
	{ TEXT("HELO x"), "HELO domain=x" },
	{ TEXT("EHLO mail.example.com"), "EHLO domain=mail.example.com" },
	{ TEXT("LHLO A-1.b"), "LHLO domain=A-1.b" },
	{ TEXT("HELO [192.0.2.1]"), "HELO domain=[192.0.2.1] is=ipv4" },
	{ TEXT("EHLO [IPv6:2001:db8::1]"),
	    "EHLO domain=[IPv6:2001:db8::1] is=ipv6" },
	{ TEXT("EHLO [x:y]"), "EHLO domain=[x:y] is=general" },
	{ TEXT("MAIL FROM:<>"), "MAIL kind=null" },
	{ TEXT("MAIL FROM:<a@b>"), "MAIL local=a domain=b" },
	{ TEXT("MAIL FROM:<@a:b@c>"), "MAIL local=b domain=c route=@a" },
	{ TEXT("RCPT TO:<a@b>"), "RCPT local=a domain=b" },
	{ TEXT("RCPT TO:<postmaster>"),
	    "RCPT kind=postmaster local=postmaster" },
	{ TEXT("RCPT TO:<jos\xc3\xa9@b>"),
	    "RCPT local=jos\xc3\xa9 domain=b utf8=yes" },
	{ TEXT("DATA"), "DATA" },
	{ TEXT("RSET"), "RSET" },
	{ TEXT("QUIT"), "QUIT" },
	{ TEXT("STARTTLS"), "STARTTLS" },
	{ TEXT("NOOP"), "NOOP" },
	{ TEXT("NOOP ping"), "NOOP text=ping" },
	{ TEXT("NOOP \"a  b\" <>!~"), "NOOP text=\"a  b\" <>!~" },
	{ TEXT("HELP"), "HELP" },
	{ TEXT("HELP MAIL FROM"), "HELP text=MAIL FROM" },
	{ TEXT("VRFY bob"), "VRFY text=bob" },
	{ TEXT("VRFY John Smith"), "VRFY text=John Smith" },
	{ TEXT("VRFY <a@b>"), "VRFY text=<a@b>" },
	{ TEXT("VRFY jos\xc3\xa9 SMTPUTF8"),
	    "VRFY text=jos\xc3\xa9 smtputf8=yes utf8=yes" },
	{ TEXT("VRFY a  smtpUTF8"), "VRFY text=a smtputf8=yes" },
	{ TEXT("VRFY SMTPUTF8"), "VRFY text=SMTPUTF8" },
	{ TEXT("VRFY xSMTPUTF8"), "VRFY text=xSMTPUTF8" },
	{ TEXT("EXPN a-list"), "EXPN text=a-list" },
	{ TEXT("EXPN \xe2\x82\xac SMTPUTF8"),
	    "EXPN text=\xe2\x82\xac smtputf8=yes utf8=yes" },
	/* Chunks without octets (threat V13). */
	{ TEXT("BDAT 0"), "BDAT" },
	{ TEXT("BDAT 0 LAST"), "BDAT last=yes" },
	{ TEXT("BDAT 86 last"), "BDAT size=86 last=yes" },
	{ TEXT("BDAT 18446744073709551615"), "BDAT size=18446744073709551615" },
	{ TEXT("BDAT 000000000000000000000000000007"), "BDAT size=7" },
	{ TEXT("AUTH PLAIN"), "AUTH mechanism=PLAIN" },
	{ TEXT("AUTH plain AGEAYg=="),
	    "AUTH mechanism=plain initial=AGEAYg==" },
	{ TEXT("AUTH SCRAM-SHA_256 ="),
	    "AUTH mechanism=SCRAM-SHA_256 initial==" },
	{ TEXT("AUTH A2345678901234567890 AAAA"),
	    "AUTH mechanism=A2345678901234567890 initial=AAAA" },
	{ TEXT("ETRN example.org"), "ETRN text=example.org" },
	{ TEXT("ETRN @example.org"), "ETRN text=@example.org" },
	{ TEXT("ETRN #q_1.x'--"), "ETRN text=#q_1.x'--" },
};

/* clang-format off */
static const struct refused_command refused[] = {
	{ TEXT(""),
	       "^", NO_VERB },
	{ TEXT(" "),
	       "^", NO_VERB },
	{ TEXT("\t"),
	       "^", NO_VERB },
	{ TEXT(" NOOP"),
	       "^", NO_VERB },
	{ TEXT("FOO bar"),
	       "^", NO_VERB },
	{ TEXT("NOO"),
	       "   ^", NO_VERB },
	{ TEXT("NOOPX a"),
	       "    ^", NO_VERB },
	{ TEXT("DATA."),
	       "    ^", NO_VERB },
	{ TEXT("MAILFROM:<a@b>"),
	       "    ^", NO_VERB },
	{ TEXT("NO OP"),
	       "  ^", NO_VERB },
	{ TEXT("\xc3\xa9HLO x"),
	       "^", NO_VERB },
	{ TEXT("STARTTLSX"),
	       "        ^", NO_VERB },
	{ TEXT("HELO"),
	       "    ^", ARGUMENT },
	{ TEXT("HELO "),
	       "     ^", ARGUMENT },
	{ TEXT("EHLO x\x7f"),
	       "      ^", ARGUMENT },
	{ TEXT("MAIL"),
	       "    ^", ARGUMENT },
	{ TEXT("MAIL <a@b>"),
	       "     ^", ARGUMENT },
	{ TEXT("MAIL FROM"),
	       "         ^", ARGUMENT },
	{ TEXT("MAIL FROM <a@b>"),
	       "         ^", ARGUMENT },
	{ TEXT("MAIL TO:<a@b>"),
	       "     ^", ARGUMENT },
	{ TEXT("RCPT FROM:<a@b>"),
	       "     ^", ARGUMENT },
	{ TEXT("MAIL FROM:"),
	       "          ^", SENDER },
	{ TEXT("MAIL FROM:<bob@.example.org>"),
	       "               ^", SENDER },
	{ TEXT("MAIL FROM:<a@b"),
	       "              ^", SENDER },
	{ TEXT("MAIL FROM:<a@[1.2.3.4.5 x"),
	       "                     ^", SENDER },
	{ TEXT("RCPT TO:"),
	       "        ^", RECIPIENT },
	/* The input of CVE-2020-10967 is valid.  These similar inputs are not
	 * (threat V27). */
	{ TEXT("RCPT TO:<\"@d>"),
	       "             ^", RECIPIENT },
	{ TEXT("RCPT TO:<\"\"x@d>"),
	       "           ^", RECIPIENT },
	/* Local parts that a shell would execute (threat V28). */
	{ TEXT("RCPT TO:<;sleep 66;>"),
	       "         ^", RECIPIENT },
	{ TEXT("MAIL FROM:<a@>"),
	       "             ^", SENDER },
	/* A parser that searches from the end of the line would find parameters
	 * in these lines (threat V25). */
	{ TEXT("MAIL FROM:<a@b>="),
	       "               ^", SENDER },
	{ TEXT("MAIL FROM:<>  ="),
	       "              ^", ARGUMENT },
	/* UTF-8 that is truncated or malformed (threat V31). */
	{ TEXT("MAIL FROM:<jos\xc3\xa9@b>"),
	       "              ^", UTF8 },
	{ TEXT("MAIL FROM:<\"\xc3\xa9\"@\xc3\xa9> SIZE=1"),
	       "            ^", UTF8 },
	{ TEXT("MAIL FROM:<@\xc3\xa9:a@b>"),
	       "            ^", UTF8 },
	{ TEXT("MAIL FROM:<a\xc3>"),
	       "             ^", SENDER },
	{ TEXT("VRFY jos\xc3\xa9"),
	       "        ^", UTF8 },
	{ TEXT("EXPN \xe2\x82\xac smtputf"),
	       "     ^", UTF8 },
	{ TEXT("VRFY jos\xc3 SMTPUTF8"),
	       "         ^", ARGUMENT },
	{ TEXT("NOOP jos\xc3\xa9"),
	       "        ^", ARGUMENT },
	{ TEXT("HELP \xe2\x82\xac"),
	       "     ^", ARGUMENT },
	{ TEXT("DATA now"),
	       "     ^", ARGUMENT },
	{ TEXT("STARTTLS x"),
	       "         ^", ARGUMENT },
	{ TEXT("NOOP a\tb"),
	       "       ^", ARGUMENT },
	{ TEXT("VRFY"),
	       "    ^", ARGUMENT },
	{ TEXT("EXPN "),
	       "     ^", ARGUMENT },
	{ TEXT("AUTH"),
	       "    ^", ARGUMENT },
	{ TEXT("AUTH +"),
	       "     ^", ARGUMENT },
	{ TEXT("AUTH A23456789012345678901"),
	       "                         ^", ARGUMENT },
	/* Base64 that is not canonical (threat V33). */
	{ TEXT("AUTH PLAIN AAA"),
	       "              ^", BASE64 },
	{ TEXT("AUTH PLAIN Zh=="),
	       "             ^", BASE64 },
	{ TEXT("AUTH PLAIN Zg="),
	       "              ^", BASE64 },
	{ TEXT("AUTH PLAIN Zg==Zg=="),
	       "               ^", BASE64 },
	{ TEXT("AUTH PLAIN -_AA"),
	       "           ^", BASE64 },
	{ TEXT("AUTH PLAIN =="),
	       "            ^", BASE64 },
	{ TEXT("AUTH PLAIN *"),
	       "           ^", BASE64 },
	{ TEXT("AUTH PLAIN AAAA AAAA"),
	       "                ^", BASE64 },
	{ TEXT("ETRN"),
	       "    ^", ARGUMENT },
	{ TEXT("ETRN @"),
	       "      ^", ARGUMENT },
	{ TEXT("ETRN #"),
	       "      ^", ARGUMENT },
	{ TEXT("ETRN #'; --"),
	       "       ^", ARGUMENT },
	{ TEXT("ETRN a..b"),
	       "       ^", ARGUMENT },
	{ TEXT("ETRN a-"),
	       "       ^", ARGUMENT },
};
/* clang-format on */

/* STRICT refuses these lines, RELAXED accepts them (test_relaxed.c). */
/* clang-format off */
static const struct refused_command refused_in_strict[] = {
	{ TEXT("EHLO\tx"),
	       "    ^", ARGUMENT },
	{ TEXT("EHLO \xc3\xa9"),
	       "     ^", ARGUMENT },
	{ TEXT("MAIL  FROM:<a@b>"),
	       "     ^", ARGUMENT },
	{ TEXT("MAIL FROM:<Postmaster>"),
	       "                     ^", SENDER },
	{ TEXT("RCPT TO:<\"\">"),
	       "           ^", RECIPIENT },
	{ TEXT("MAIL FROM:<a>"),
	       "            ^", SENDER },
	{ TEXT("MAIL FROM:<a@b>\tSIZE=1"),
	       "                ^", ARGUMENT },
	{ TEXT("QUIT ."),
	       "     ^", ARGUMENT },
	{ TEXT("NOOP  a"),
	       "      ^", ARGUMENT },
	{ TEXT("BDAT 5  LAST"),
	       "        ^", ARGUMENT },
};
/* clang-format on */

START_TEST(command_accepts_each_verb_with_its_arguments)
{
	rows_accept_commands(STRICT, commands, ROWS(commands));
	rows_accept_commands(RELAXED, commands, ROWS(commands));
}
END_TEST

START_TEST(command_refuses_all_else_at_the_first_wrong_octet)
{
	rows_refuse_commands(STRICT, refused, ROWS(refused));
	rows_refuse_commands(RELAXED, refused, ROWS(refused));
	rows_refuse_commands(STRICT, refused_in_strict,
	    ROWS(refused_in_strict));
}
END_TEST

/* A chunk size of more than 64 bits is refused, because the size determines
 * where the next command begins (threat V11). */
START_TEST(command_refuses_a_chunk_size_that_is_no_number_of_64_bits)
{
	static const struct refused_command rows[] = { { TEXT("BDAT"), "    ^",
							   ARGUMENT },
		{ TEXT("BDAT "), "     ^", ARGUMENT },
		{ TEXT("BDAT 18446744073709551616"),
		    "                        ^", ARGUMENT },
		{ TEXT("BDAT 18446744073709551620 LAST"),
		    "                        ^", ARGUMENT },
		{ TEXT("BDAT 99999999999999999999"),
		    "                        ^", ARGUMENT },
		{ TEXT("BDAT 018446744073709551616"),
		    "                         ^", ARGUMENT },
		{ TEXT("BDAT 100000000000000000000 x"),
		    "                         ^", ARGUMENT },
		{ TEXT("BDAT -1"), "     ^", ARGUMENT },
		{ TEXT("BDAT +1"), "     ^", ARGUMENT },
		{ TEXT("BDAT 0x10"), "      ^", ARGUMENT },
		{ TEXT("BDAT 5LAST"), "      ^", ARGUMENT },
		{ TEXT("BDAT 1.0"), "      ^", ARGUMENT },
		{ TEXT("BDAT 5 LASTX"), "           ^", ARGUMENT },
		{ TEXT("BDAT 5 LAS"), "          ^", ARGUMENT },
		{ TEXT("BDAT 5 5"), "       ^", ARGUMENT },
		{ TEXT("BDAT LAST"), "     ^", ARGUMENT } };

	rows_refuse_commands(STRICT, rows, ROWS(rows));
	rows_refuse_commands(RELAXED, rows, ROWS(rows));
}
END_TEST

/* RCPT TO:<> is refused (threat V38). */
START_TEST(command_refuses_a_null_recipient)
{
	static const struct refused_command rows[] = {
		{ TEXT("RCPT TO:<>"), "         ^", RECIPIENT },
		{ TEXT("RCPT TO:<> NOTIFY=NEVER"), "         ^", RECIPIENT }
	};

	rows_refuse_commands(STRICT, rows, ROWS(rows));
	rows_refuse_commands(RELAXED, rows, ROWS(rows));
}
END_TEST

/* Returns the text as a line in which bit i of "cases" makes letter i lower
 * case.  "letters" is set to the number of letters. */
static struct mailin_span
spelt(const char *text, unsigned cases, unsigned *letters)
{
	static char line[64];
	size_t i;

	*letters = 0;
	for (i = 0; text[i] != '\0'; i++) {
		line[i] = text[i];
		if (text[i] >= 'A' && text[i] <= 'Z' &&
		    (cases >> (*letters)++ & 1) != 0)
			line[i] = (char)(text[i] + 'a' - 'A');
	}
	return suite_line((struct mailin_span){ line, i });
}

/* The words of a command may be in upper, lower or mixed case (property 37). */
START_TEST(command_has_its_words_in_any_case)
{
	static const char lines[][24] = { "HELO 1", "EHLO 1", "LHLO 1",
		"MAIL FROM:<>", "RCPT TO:<1@1>", "DATA", "BDAT 1 LAST", "RSET",
		"NOOP", "VRFY 1", "EXPN 1", "HELP", "QUIT", "STARTTLS",
		"AUTH 1", "ETRN 1", "VRFY 1 SMTPUTF8", "RCPT TO:<POSTMASTER>" };
	struct mailin_command command;
	enum mailin_verb verb = MAILIN_VERB_UNKNOWN;
	unsigned cases, letters;
	size_t i;

	for (i = 0; i < ROWS(lines); i++) {
		cases = 0;
		do {
			struct mailin_span line = spelt(lines[i], cases,
			    &letters);
			size_t used = mailin_command_parse(&command, line.ptr,
			    line.len);

			if (cases == 0)
				verb = command.verb;
			if (used != line.len ||
			    command.error != MAILIN_REPLY_OK ||
			    command.verb != verb)
				ck_abort_msg("%s", suite_quote(line));
		} while (++cases < 1u << letters);
		ck_assert_int_ne(verb, MAILIN_VERB_UNKNOWN);
	}
}
END_TEST

/* A CR after a verb is read as part of the verb, which is then unknown,
 * although a CR LF could follow the verb. */
START_TEST(verb_with_a_cr_after_it_is_another_verb)
{
	static const char *const lines[] = { "RSET\r", "RSET\r x", "RSET\rx",
		"QUIT\r ", "MAIL\r FROM:<a@b>", "STARTTLS\r" };
	size_t i;

	for (i = 0; i < ROWS(lines); i++) {
		struct mailin_span line = suite_line(mailin_span_of(lines[i]));
		struct mailin_command command;

		ck_assert_uint_eq(
		    mailin_command_parse(&command, line.ptr, line.len),
		    line.len);
		ck_assert_msg(command.verb == MAILIN_VERB_UNKNOWN &&
			command.error == MAILIN_REPLY_BAD_LINE,
		    "%s", lines[i]);
		ck_assert_uint_eq(command.unknown.verb.len,
		    strcspn(lines[i], " "));
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		verb_with_a_cr_after_it_is_another_verb,
		command_accepts_each_verb_with_its_arguments,
		command_refuses_all_else_at_the_first_wrong_octet,
		command_refuses_a_chunk_size_that_is_no_number_of_64_bits,
		command_refuses_a_null_recipient,
		command_has_its_words_in_any_case,
	};

	return suite_run("command", tests, ROWS(tests));
}

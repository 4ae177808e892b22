/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests forms that RELAXED accepts in addition to STRICT, and forms that
 * it refuses: white space, HELO and QUIT.  grammar/relaxed_command.rl. */
#include <stdio.h>
#include <string.h>

#include "support/rows.h"

#define ARGUMENT  MAILIN_REPLY_BAD_ARGUMENT
#define SENDER    MAILIN_REPLY_BAD_SENDER
#define RECIPIENT MAILIN_REPLY_BAD_RECIPIENT
#define BASE64    MAILIN_REPLY_BAD_BASE64
#define NO_VERB   MAILIN_REPLY_UNKNOWN_VERB

/* ---- White space --------------------------------------------------------- */

static const struct accepted spaced[] = {
	{ TEXT("MAIL FROM: <a@b>"), "MAIL local=a domain=b" },
	{ TEXT("MAIL FROM:\t<a@b>"), "MAIL local=a domain=b" },
	{ TEXT("MAIL FROM: \t  <> SIZE=1"), "MAIL kind=null SIZE=1" },
	{ TEXT("MAIL  FROM:<a@b>"), "MAIL local=a domain=b" },
	{ TEXT("MAIL\tFROM:<a@b>\tSIZE=1 \t BODY=8BITMIME"),
	    "MAIL local=a domain=b SIZE=1 BODY=1" },
	{ TEXT("MAIL FROM:<a@b>  SIZE=1"), "MAIL local=a domain=b SIZE=1" },
	{ TEXT("MAIL FROM:<a@b> SIZE=1  AUTH=<>\tSMTPUTF8"),
	    "MAIL local=a domain=b SIZE=1 SMTPUTF8=yes AUTH=<>" },
	{ TEXT("MAIL FROM:a@b\t  MTRK=AAAA:5\tRET=FULL"),
	    "MAIL local=a domain=b RET=1 MTRK=AAAA mtrk_timeout=5" },
	{ TEXT("RCPT \t TO: <a@b>"), "RCPT local=a domain=b" },
	{ TEXT("RCPT TO:<a@b>\t\tNOTIFY=NEVER  ORCPT=rfc822;x"),
	    "RCPT local=a domain=b NOTIFY=1 orcpt_type=rfc822 ORCPT=x" },
	{ TEXT("MAIL FROM:< a@b >"), "MAIL local=a domain=b" },
	{ TEXT("MAIL FROM:<\ta@b>"), "MAIL local=a domain=b" },
	{ TEXT("MAIL FROM: <  \t>  SIZE=1"), "MAIL kind=null SIZE=1" },
	{ TEXT("RCPT TO:<a@b\t >\tNOTIFY=NEVER"),
	    "RCPT local=a domain=b NOTIFY=1" },
	{ TEXT("RCPT TO:< @x:a@b>"), "RCPT local=a domain=b route=@x" },
	{ TEXT("RCPT TO:< Postmaster\t>"),
	    "RCPT kind=postmaster local=Postmaster" },
	{ TEXT("HELO  x"), "HELO domain=x" },
	{ TEXT("EHLO\tx.y"), "EHLO domain=x.y" },
	{ TEXT("LHLO \t [192.0.2.1]"), "LHLO domain=[192.0.2.1] is=ipv4" },
	{ TEXT("NOOP  a b"), "NOOP text=a b" },
	{ TEXT("HELP\ta"), "HELP text=a" },
	{ TEXT("VRFY \t\xc3\xa9 SMTPUTF8"),
	    "VRFY text=\xc3\xa9 smtputf8=yes utf8=yes" },
	{ TEXT("EXPN  a"), "EXPN text=a" },
	{ TEXT("ETRN\t@b"), "ETRN text=@b" },
	{ TEXT("BURL  imap:x\tLAST"), "BURL uri=imap:x last=yes" },
	{ TEXT("BDAT\t5"), "BDAT size=5" },
	{ TEXT("BDAT  5 \tLAST"), "BDAT size=5 last=yes" },
	{ TEXT("AUTH\tPLAIN"), "AUTH mechanism=PLAIN" },
	{ TEXT("AUTH  PLAIN\t ="), "AUTH mechanism=PLAIN initial==" },
	{ TEXT("AUTH PLAIN  AAAA"), "AUTH mechanism=PLAIN initial=AAAA" },
};

/* clang-format off */
static const struct refused_command spaced_in_strict[] = {
	{ TEXT("MAIL FROM: <a@b>"),
	       "          ^", SENDER },
	{ TEXT("MAIL FROM:\t<a@b>"),
	       "          ^", SENDER },
	{ TEXT("MAIL  FROM:<a@b>"),
	       "     ^", ARGUMENT },
	{ TEXT("MAIL\tFROM:<a@b>"),
	       "    ^", ARGUMENT },
	{ TEXT("MAIL FROM:<a@b>\tSIZE=1"),
	       "                ^", ARGUMENT },
	{ TEXT("MAIL FROM:<a@b> SIZE=1  BODY=7BIT"),
	       "                        ^", ARGUMENT },
	{ TEXT("RCPT TO: <a@b>"),
	       "        ^", RECIPIENT },
	{ TEXT("RCPT TO:<a@b>  NOTIFY=NEVER"),
	       "               ^", ARGUMENT },
	{ TEXT("MAIL FROM:< a@b >"),
	       "           ^", SENDER },
	{ TEXT("MAIL FROM:<a@b\t>"),
	       "              ^", SENDER },
	{ TEXT("MAIL FROM:< >"),
	       "           ^", SENDER },
	{ TEXT("HELO  x"),
	       "     ^", ARGUMENT },
	{ TEXT("EHLO\tx"),
	       "    ^", ARGUMENT },
	{ TEXT("NOOP  a"),
	       "      ^", ARGUMENT },
	{ TEXT("VRFY\ta"),
	       "    ^", ARGUMENT },
	{ TEXT("BDAT  5"),
	       "     ^", ARGUMENT },
	{ TEXT("BDAT 5\tLAST"),
	       "       ^", ARGUMENT },
	{ TEXT("AUTH\tPLAIN"),
	       "    ^", ARGUMENT },
	{ TEXT("AUTH PLAIN  AAAA"),
	       "            ^", BASE64 },
};
/* clang-format on */

/* RELAXED allows more white space only where STRICT has a blank.  It changes
 * nothing in XCLIENT and XFORWARD, because these come from proxies. */
/* clang-format off */
static const struct refused_command spaced_wrongly[] = {
	{ TEXT("MAIL FROM :<a@b>"),
	       "         ^", ARGUMENT },
	{ TEXT(" MAIL FROM:<a@b>"),
	       "^", NO_VERB },
	{ TEXT("MAIL FROM:<a b@c>"),
	       "             ^", SENDER },
	{ TEXT("MAIL FROM:<a @b>"),
	       "             ^", SENDER },
	{ TEXT("MAIL FROM:<a@ b>"),
	       "             ^", SENDER },
	{ TEXT("MAIL FROM:<a@b c>"),
	       "               ^", SENDER },
	{ TEXT("MAIL FROM:< @a, @b:c@d>"),
	       "               ^", SENDER },
	{ TEXT("MAIL FROM:a @b"),
	       "            ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> SIZE =1"),
	       "                 ^", ARGUMENT },
	{ TEXT("MAIL FROM:<> SIZE= 1"),
	       "                  ^", ARGUMENT },
	{ TEXT("MAIL FROM:<>\vSIZE=1"),
	       "            ^", SENDER },
	{ TEXT("MAIL FROM: \f<>"),
	       "           ^", SENDER },
	{ TEXT("MAIL FROM:<\x01>"),
	       "           ^", SENDER },
	{ TEXT("MAIL FROM:<a@b \x7f>"),
	       "               ^", SENDER },
	{ TEXT("MAIL FROM: \t"),
	       "            ^", SENDER },
	{ TEXT("RCPT TO:<  >"),
	       "           ^", RECIPIENT },
	{ TEXT("NOOP a\tb"),
	       "       ^", ARGUMENT },
	{ TEXT("BDAT 5 5"),
	       "       ^", ARGUMENT },
	{ TEXT("XCLIENT  NAME=a"),
	       "        ^", ARGUMENT },
	{ TEXT("XCLIENT NAME=a  ADDR=b"),
	       "                ^", ARGUMENT },
	{ TEXT("XFORWARD\tNAME=a"),
	       "        ^", ARGUMENT },
};
/* clang-format on */

START_TEST(relaxed_takes_white_space_of_any_length)
{
	rows_accept_commands(RELAXED, spaced, ROWS(spaced));
	rows_refuse_commands(STRICT, spaced_in_strict, ROWS(spaced_in_strict));
	rows_refuse_commands(RELAXED, spaced_wrongly, ROWS(spaced_wrongly));
}
END_TEST

/* The span of all parameters includes the white space between them, but the
 * span of one parameter does not. */
START_TEST(relaxed_tells_parameters_without_white_space)
{
	struct mailin_span line = suite_line(
	    SPAN("MAIL FROM:<a@b> \t A=b \tC\t D=e\t"));
	struct mailin_span text, keyword, value;
	struct mailin_command command;

	mailin_command_parse_as(&command, RELAXED, line.ptr, line.len);
	ck_assert_int_eq(command.error, MAILIN_REPLY_BAD_PARAMETER);
	text = command.mail.parameter_text;
	ck_assert(mailin_span_equal(text, "A=b \tC\t D=e"));
	ck_assert(mailin_parameter_next(&text, &keyword, &value));
	ck_assert(mailin_span_equal(keyword, "A"));
	ck_assert(mailin_span_equal(value, "b"));
	ck_assert(mailin_parameter_next(&text, &keyword, &value));
	ck_assert(mailin_span_equal(keyword, "C"));
	ck_assert_ptr_null(value.ptr);
	ck_assert(mailin_parameter_next(&text, &keyword, &value));
	ck_assert(mailin_span_equal(keyword, "D"));
	ck_assert(mailin_span_equal(value, "e"));
	ck_assert(!mailin_parameter_next(&text, &keyword, &value));
}
END_TEST

/* ---- HELO, QUIT ---------------------------------------------------------- */

static const struct accepted names[] = {
	{ TEXT("HELO my_pc"), "HELO domain=my_pc is=other" },
	{ TEXT("EHLO what ever  it is"),
	    "EHLO domain=what ever  it is is=other" },
	{ TEXT("EHLO -x-"), "EHLO domain=-x- is=other" },
	{ TEXT("EHLO x."), "EHLO domain=x. is=other" },
	{ TEXT("EHLO a..b"), "EHLO domain=a..b is=other" },
	{ TEXT("LHLO <script>"), "LHLO domain=<script> is=other" },
	{ TEXT("HELO [192.0.2.256]"), "HELO domain=[192.0.2.256] is=other" },
	{ TEXT("HELO [192.0.2.1"), "HELO domain=[192.0.2.1 is=other" },
	{ TEXT("HELO [192.0.2.1]x"), "HELO domain=[192.0.2.1]x is=other" },
	{ TEXT("HELO [192.0.2.1] x"), "HELO domain=[192.0.2.1] x is=other" },
	{ TEXT("HELO []"), "HELO domain=[] is=other" },
	{ TEXT("HELO x [x]"), "HELO domain=x [x] is=other" },
	/* Windows host names: Latin-1, UTF-8, and incomplete UTF-8 */
	{ TEXT("EHLO jos\xe9"), "EHLO domain=jos\xe9 is=other" },
	{ TEXT("HELO \xc3\xa9.x"), "HELO domain=\xc3\xa9.x is=other" },
	{ TEXT("HELO \xff\x80 \xc3"), "HELO domain=\xff\x80 \xc3 is=other" },
	{ TEXT("HELO [\xe9]"), "HELO domain=[\xe9] is=other" },
	/* Devices send these lines. */
	{ TEXT("QUIT foo"), "QUIT" },
	{ TEXT("QUIT \t foo bar"), "QUIT" },
};

/* clang-format off */
static const struct refused_command names_in_strict[] = {
	{ TEXT("HELO my_pc"),
	       "       ^", ARGUMENT },
	{ TEXT("EHLO what ever"),
	       "          ^", ARGUMENT },
	{ TEXT("EHLO -x-"),
	       "     ^", ARGUMENT },
	{ TEXT("EHLO x."),
	       "       ^", ARGUMENT },
	{ TEXT("EHLO x-"),
	       "       ^", ARGUMENT },
	{ TEXT("EHLO x-.y"),
	       "       ^", ARGUMENT },
	{ TEXT("EHLO x.-y"),
	       "       ^", ARGUMENT },
	{ TEXT("LHLO <script>"),
	       "     ^", ARGUMENT },
	{ TEXT("HELO [192.0.2.256]"),
	       "                ^", ARGUMENT },
	{ TEXT("HELO [192.0.2.256 x"),
	       "                ^", ARGUMENT },
	{ TEXT("HELO [192.0.2.1"),
	       "               ^", ARGUMENT },
	{ TEXT("HELO jos\xe9"),
	       "        ^", ARGUMENT },
	{ TEXT("EHLO \xc3\xa9.x"),
	       "     ^", ARGUMENT },
	{ TEXT("QUIT foo"),
	       "     ^", ARGUMENT },
	{ TEXT("QUIT\tfoo"),
	       "     ^", ARGUMENT },
};
/* clang-format on */

/* clang-format off */
static const struct refused_command no_names[] = {
	{ TEXT("HELO"),
	       "    ^", ARGUMENT },
	{ TEXT("HELO \t "),
	       "       ^", ARGUMENT },
	{ TEXT("HELO x\ty"),
	       "       ^", ARGUMENT },
	{ TEXT("HELO x\x01"),
	       "      ^", ARGUMENT },
	{ TEXT("HELO \xe9\x1b"),
	       "      ^", ARGUMENT },
	{ TEXT("HELO \xe9\x7f"),
	       "      ^", ARGUMENT },
	{ TEXT("QUIT foo\x01"),
	       "        ^", ARGUMENT },
	{ TEXT("QUITfoo"),
	       "    ^", NO_VERB },
	{ TEXT("DATA foo"),
	       "     ^", ARGUMENT },
	{ TEXT("RSET foo"),
	       "     ^", ARGUMENT },
	{ TEXT("STARTTLS foo"),
	       "         ^", ARGUMENT },
};
/* clang-format on */

START_TEST(relaxed_takes_a_helo_argument_as_a_fact_and_a_text_after_quit)
{
	rows_accept_commands(RELAXED, names, ROWS(names));
	rows_refuse_commands(STRICT, names_in_strict, ROWS(names_in_strict));
	rows_refuse_commands(RELAXED, no_names, ROWS(no_names));
}
END_TEST

/* RFC 5321 4.5.3.1.2: test a name that is made of "before", then len octets,
 * then "after". */
static void
check_name(const char *before, char octet, size_t len, const char *after,
    enum mailin_domain_kind kind)
{
	struct mailin_command command;
	char text[4096];
	size_t n = (size_t)sprintf(text, "EHLO %s", before), more, whole;
	struct mailin_span line;

	more = len - (n - 5) - strlen(after);
	memset(text + n, octet, more);
	strcpy(text + n + more, after);
	whole = 5 + len;
	line = suite_line((struct mailin_span){ text, whole });
	mailin_command_parse_as(&command, RELAXED, line.ptr, line.len);
	ck_assert_int_eq(command.error, MAILIN_REPLY_OK);
	ck_assert_uint_eq(command.helo.domain.len, len);
	ck_assert_int_eq(command.helo.domain_kind,
	    len > 255 ? MAILIN_DOMAIN_OTHER : kind);
	mailin_command_parse(&command, line.ptr, line.len);
	if (len <= 255) {
		ck_assert_int_eq(command.error, MAILIN_REPLY_OK);
		ck_assert_int_eq(command.helo.domain_kind, kind);
	} else {
		ck_assert_int_eq(command.error, ARGUMENT);
		ck_assert_uint_eq(command.error_at, 5 + 255);
	}
}

START_TEST(helo_name_has_255_octets_and_is_other_beyond_in_relaxed)
{
	static const size_t lens[] = { 60, 254, 255, 256, 257, 2000 };
	size_t i;

	for (i = 0; i < ROWS(lens); i++) {
		check_name("", 'x', lens[i], "", MAILIN_DOMAIN_NAME);
		check_name("a.", 'x', lens[i], "-y.z", MAILIN_DOMAIN_NAME);
		check_name("[x-tag:", 'y', lens[i], "]", MAILIN_DOMAIN_GENERAL);
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		relaxed_takes_white_space_of_any_length,
		relaxed_tells_parameters_without_white_space,
		relaxed_takes_a_helo_argument_as_a_fact_and_a_text_after_quit,
		helo_name_has_255_octets_and_is_other_beyond_in_relaxed,
	};

	return suite_run("relaxed", tests, ROWS(tests));
}

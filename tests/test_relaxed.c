/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* What RELAXED takes beside STRICT, and what it does not: relaxed.rl. */
#include "rows.h"

#define ARGUMENT  MAILIN_REPLY_BAD_ARGUMENT
#define SENDER    MAILIN_REPLY_BAD_SENDER
#define RECIPIENT MAILIN_REPLY_BAD_RECIPIENT

static const struct accepted relaxed[] = {
	/* A blank behind the colon */
	{ TEXT("MAIL FROM: <a@b>"), "MAIL local=a domain=b" },
	{ TEXT("MAIL FROM:   <> SIZE=1"), "MAIL kind=null SIZE=1" },
	{ TEXT("RCPT TO: <a@b>"), "RCPT local=a domain=b" },
	/* No angle brackets */
	{ TEXT("MAIL FROM:a@b"), "MAIL local=a domain=b" },
	{ TEXT("MAIL FROM: a@b SIZE=1"), "MAIL local=a domain=b SIZE=1" },
	{ TEXT("RCPT TO:\"a b\"@[192.0.2.1] NOTIFY=NEVER"),
	    "RCPT local=\"a b\" domain=[192.0.2.1] is=ipv4 quoted=yes "
	    "NOTIFY=1" },
	{ TEXT("RCPT TO:Postmaster"), "RCPT kind=postmaster local=Postmaster" },
	{ TEXT("RCPT TO: postmaster@b"), "RCPT local=postmaster domain=b" },
	/* Dots and underscores */
	{ TEXT("RCPT TO:<.a..b.@c_d>"), "RCPT local=.a..b. domain=c_d" },
	{ TEXT("MAIL FROM:<> AUTH=.a@b_c"), "MAIL kind=null AUTH=.a@b_c" },
	/* HELO and what is no name */
	{ TEXT("HELO my_pc"), "HELO domain=my_pc is=other" },
	{ TEXT("EHLO what ever it is"),
	    "EHLO domain=what ever it is is=other" },
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
};

static const struct refused_command strict[] = {
	{ TEXT("MAIL FROM: <a@b>"),
	       "          ^", SENDER },
	{ TEXT("RCPT TO: <a@b>"),
	       "        ^", RECIPIENT },
	{ TEXT("MAIL FROM:a@b"),
	       "          ^", SENDER },
	{ TEXT("RCPT TO:Postmaster"),
	       "        ^", RECIPIENT },
	{ TEXT("RCPT TO:<.a@b>"),
	       "         ^", RECIPIENT },
	{ TEXT("MAIL FROM:<> AUTH=.a@b"),
	       "                  ^", ARGUMENT },
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
};

static const struct refused_command never[] = {
	{ TEXT("MAIL FROM :<a@b>"),
	       "         ^", ARGUMENT },
	{ TEXT("MAIL FROM:\t<a@b>"),
	       "          ^", SENDER },
	{ TEXT("MAIL FROM:<a@b"),
	       "              ^", SENDER },
	{ TEXT("MAIL FROM:a@b>"),
	       "             ^", SENDER },
	{ TEXT("MAIL FROM:postmaster"),
	       "                    ^", SENDER },
	{ TEXT("MAIL FROM:postmaster SIZE=1"),
	       "                    ^", SENDER },
	{ TEXT("MAIL FROM:@a:b@c"),
	       "          ^", SENDER },
	{ TEXT("HELO"),
	       "    ^", ARGUMENT },
	{ TEXT("HELO  x"),
	       "     ^", ARGUMENT },
	{ TEXT("HELO x  y"),
	       "        ^", ARGUMENT },
	{ TEXT("HELO x\x01"),
	       "      ^", ARGUMENT },
	{ TEXT("HELO \xc3\xa9"),
	       "     ^", ARGUMENT },
};

START_TEST(relaxed_takes_what_real_clients_send)
{
	rows_accept_commands(RELAXED, relaxed, ROWS(relaxed));
	rows_refuse_commands(STRICT, strict, ROWS(strict));
}
END_TEST

START_TEST(relaxed_has_no_other_leniency)
{
	rows_refuse_commands(RELAXED, never, ROWS(never));
}
END_TEST

/* RFC 5321 4.5.3.1.2 */
START_TEST(helo_name_has_255_octets_and_relaxed_as_many_as_the_line)
{
	char text[1024] = "EHLO ";
	struct mailin_span line = { text, 5 };
	struct mailin_command command;

	while (line.len < 5 + 255)
		text[line.len++] = 'a';
	line = suite_line(line);
	mailin_command_parse(&command, line.ptr, line.len);
	ck_assert_int_eq(command.error, MAILIN_REPLY_OK);
	ck_assert_int_eq(command.helo.domain_kind, MAILIN_DOMAIN_NAME);

	text[5 + 255] = 'a';
	line = suite_line((struct mailin_span){ text, 5 + 256 });
	mailin_command_parse(&command, line.ptr, line.len);
	ck_assert_int_eq(command.error, ARGUMENT);
	ck_assert_uint_eq(command.error_at, 5 + 255);
	mailin_command_parse_as(&command, RELAXED, line.ptr, line.len);
	ck_assert_int_eq(command.error, MAILIN_REPLY_OK);
	ck_assert_uint_eq(command.helo.domain.len, 256);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		relaxed_takes_what_real_clients_send,
		relaxed_has_no_other_leniency,
		helo_name_has_255_octets_and_relaxed_as_many_as_the_line,
	};

	return suite_run("relaxed", tests, ROWS(tests));
}

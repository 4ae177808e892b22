/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests how BURL (RFC 4468), XCLIENT and XFORWARD (Postfix) are parsed:
 * grammar/command.rl. */
#include "support/rows.h"

#define ARGUMENT MAILIN_REPLY_BAD_ARGUMENT

static const struct accepted burl[] = {
	{ TEXT("BURL imap://a/b"), "BURL uri=imap://a/b" },
	{ TEXT("BURL imap://harry@x/y;uid=2;urlauth=submit+h:internal:9 LAST"),
	    "BURL uri=imap://harry@x/y;uid=2;urlauth=submit+h:internal:9 "
	    "last=yes" },
	{ TEXT("burl h+1-2.3:%20/[]?'()*! last"),
	    "BURL uri=h+1-2.3:%20/[]?'()*! last=yes" },
	{ TEXT("BURL imap: LAST"), "BURL uri=imap: last=yes" },
};

/* clang-format off */
static const struct refused_command no_burl[] = {
	{ TEXT("BURL"),
	       "    ^", ARGUMENT },
	{ TEXT("BURL LAST"),
	       "         ^", ARGUMENT },
	{ TEXT("BURL 1imap:x"),
	       "     ^", ARGUMENT },
	{ TEXT("BURL imap:a%2"),
	       "             ^", ARGUMENT },
	{ TEXT("BURL imap:a%2g"),
	       "             ^", ARGUMENT },
	{ TEXT("BURL imap:<a>"),
	       "          ^", ARGUMENT },
	{ TEXT("BURL imap:\xc3\xa9"),
	       "          ^", ARGUMENT },
	{ TEXT("BURL imap:a#b"),
	       "           ^", ARGUMENT },
	{ TEXT("BURL imap:a LASTX"),
	       "                ^", ARGUMENT },
};
/* clang-format on */

static const struct accepted attributes[] = {
	{ TEXT("XCLIENT NAME=spike.example.org ADDR=192.168.2.1"),
	    "XCLIENT NAME=spike.example.org ADDR=192.168.2.1" },
	{ TEXT("xclient addr=IPV6:2001:db8::1 port=25 proto=ESMTP "
	       "helo=a+2Bb login=[UNAVAILABLE] destaddr=1.2.3.4 destport=2"),
	    "XCLIENT ADDR=IPV6:2001:db8::1 PORT=25 PROTO=ESMTP HELO=a+2Bb "
	    "LOGIN=[UNAVAILABLE] DESTADDR=1.2.3.4 DESTPORT=2" },
	{ TEXT("XFORWARD NAME=[TEMPUNAVAIL] ADDR=1.2.3.4 PORT=1 PROTO=SMTP "
	       "HELO=x IDENT=1A SOURCE=LOCAL"),
	    "XFORWARD NAME=[TEMPUNAVAIL] ADDR=1.2.3.4 PORT=1 PROTO=SMTP "
	    "HELO=x IDENT=1A SOURCE=LOCAL" },
};

/* clang-format off */
static const struct refused_command no_attributes[] = {
	{ TEXT("XCLIENT"),
	       "       ^", ARGUMENT },
	{ TEXT("XCLIENT NAME"),
	       "            ^", ARGUMENT },
	{ TEXT("XCLIENT NAME="),
	       "             ^", ARGUMENT },
	{ TEXT("XCLIENT X=y"),
	       "        ^", ARGUMENT },
	{ TEXT("XCLIENT NAME=a=b"),
	       "              ^", ARGUMENT },
	{ TEXT("XCLIENT NAME=a+0A"),
	       "               ^", ARGUMENT },
	{ TEXT("XCLIENT NAME=\xc3\xa9"),
	       "             ^", ARGUMENT },
	{ TEXT("XCLIENT NAME=a  ADDR=b"),
	       "                ^", ARGUMENT },
	{ TEXT("XCLIENT IDENT=1"),
	       "        ^", ARGUMENT },
	{ TEXT("XCLIENT SOURCE=LOCAL"),
	       "        ^", ARGUMENT },
	{ TEXT("XFORWARD LOGIN=a"),
	       "         ^", ARGUMENT },
	{ TEXT("XFORWARD DESTADDR=a"),
	       "         ^", ARGUMENT },
	{ TEXT("XFORWARD"),
	       "        ^", ARGUMENT },
};
/* clang-format on */

START_TEST(burl_takes_an_absolute_uri)
{
	rows_accept_commands(STRICT, burl, ROWS(burl));
	rows_accept_commands(RELAXED, burl, ROWS(burl));
	rows_refuse_commands(STRICT, no_burl, ROWS(no_burl));
	rows_refuse_commands(RELAXED, no_burl, ROWS(no_burl));
}
END_TEST

START_TEST(xclient_and_xforward_take_their_own_attributes)
{
	rows_accept_commands(STRICT, attributes, ROWS(attributes));
	rows_accept_commands(RELAXED, attributes, ROWS(attributes));
	rows_refuse_commands(STRICT, no_attributes, ROWS(no_attributes));
	rows_refuse_commands(RELAXED, no_attributes, ROWS(no_attributes));
}
END_TEST

/* An attribute that is given twice is refused (threat V37). */
START_TEST(xclient_takes_no_attribute_twice)
{
	struct mailin_span line = suite_line(
	    SPAN("XCLIENT NAME=a ADDR=b name=c"));
	struct mailin_command command;

	ck_assert_uint_eq(mailin_command_parse(&command, line.ptr, line.len),
	    line.len);
	ck_assert_int_eq(command.error, ARGUMENT);
	ck_assert_uint_eq(command.error_at, 22);
}
END_TEST

START_TEST(every_attribute_has_a_name)
{
	int i;

	for (i = 0; i < MAILIN_ATTRIBUTE_COUNT; i++)
		ck_assert_str_ne(
		    mailin_attribute_name((enum mailin_attribute)i), "?");
	ck_assert_str_eq(mailin_attribute_name(MAILIN_ATTRIBUTE_COUNT), "?");
	ck_assert_str_eq(mailin_attribute_name((enum mailin_attribute) - 1),
	    "?");
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		burl_takes_an_absolute_uri,
		xclient_and_xforward_take_their_own_attributes,
		xclient_takes_no_attribute_twice,
		every_attribute_has_a_name,
	};

	return suite_run("extension", tests, ROWS(tests));
}

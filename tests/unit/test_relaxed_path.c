/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Paths that RELAXED accepts in addition to STRICT, and paths that it refuses:
 * grammar/relaxed_address.rl. */
#include <stdio.h>
#include <string.h>

#include "support/fields.h"
#include "support/rows.h"

#define ARGUMENT  MAILIN_REPLY_BAD_ARGUMENT
#define SENDER    MAILIN_REPLY_BAD_SENDER
#define RECIPIENT MAILIN_REPLY_BAD_RECIPIENT
#define UTF8      MAILIN_REPLY_NEEDS_SMTPUTF8

#define A50 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeee"
#define B50 "fffffffffe.ggggggggge.hhhhhhhhhe.iiiiiiiiie.kkkkkk"

static const struct accepted paths[] = {
	/* Paths without angle brackets */
	{ TEXT("MAIL FROM:a@b"), "MAIL local=a domain=b" },
	{ TEXT("MAIL FROM: a@b SIZE=1"), "MAIL local=a domain=b SIZE=1" },
	{ TEXT("RCPT TO:\"a b\"@[192.0.2.1] NOTIFY=NEVER"),
	    "RCPT local=\"a b\" domain=[192.0.2.1] is=ipv4 quoted=yes "
	    "NOTIFY=1" },
	{ TEXT("RCPT TO:Postmaster"), "RCPT kind=postmaster local=Postmaster" },
	{ TEXT("RCPT TO: postmaster@b"), "RCPT local=postmaster domain=b" },
	/* Paths without a domain */
	{ TEXT("MAIL FROM:<root>"), "MAIL kind=unqualified local=root" },
	{ TEXT("MAIL FROM:root SIZE=1"),
	    "MAIL kind=unqualified local=root SIZE=1" },
	{ TEXT("MAIL FROM:<postmaster>"),
	    "MAIL kind=unqualified local=postmaster" },
	{ TEXT("MAIL FROM:<\"a b\">"),
	    "MAIL kind=unqualified local=\"a b\" quoted=yes" },
	{ TEXT("RCPT TO:<root>"), "RCPT kind=unqualified local=root" },
	{ TEXT("RCPT TO: root\tNOTIFY=NEVER"),
	    "RCPT kind=unqualified local=root NOTIFY=1" },
	{ TEXT("RCPT TO:<\"Postmaster\">"),
	    "RCPT kind=unqualified local=\"Postmaster\" quoted=yes" },
	{ TEXT("RCPT TO:<a.b.>"), "RCPT kind=unqualified local=a.b." },
	{ TEXT("RCPT TO:<\xc3\xa9>"),
	    "RCPT kind=unqualified local=\xc3\xa9 utf8=yes" },
	/* Paths with dots and underscores in odd places */
	{ TEXT("RCPT TO:<.a..b.@c_d>"), "RCPT local=.a..b. domain=c_d" },
	{ TEXT("RCPT TO:<a@b.>"), "RCPT local=a domain=b" },
	/* The domain is longer than the octets that a short cut reads at
	 * once. */
	{ TEXT("RCPT TO:<" A50 "@" B50 "._c>"),
	    "RCPT local=" A50 " domain=" B50 "._c" },
	{ TEXT("RCPT TO:<" A50 "@" B50 "-_c>"),
	    "RCPT local=" A50 " domain=" B50 "-_c" },
	{ TEXT("RCPT TO:<" A50 "fffffgggggggg@_c>"),
	    "RCPT local=" A50 "fffffgggggggg domain=_c" },
	{ TEXT("RCPT TO:<" A50 "@_" B50 ">"),
	    "RCPT local=" A50 " domain=_" B50 },
	{ TEXT("RCPT TO:<@x:a@b.c.>"), "RCPT local=a domain=b.c route=@x" },
	{ TEXT("RCPT TO: a@b.c. NOTIFY=NEVER"),
	    "RCPT local=a domain=b.c NOTIFY=1" },
};

/* clang-format off */
static const struct refused_command paths_in_strict[] = {
	{ TEXT("MAIL FROM:a@b"),
	       "          ^", SENDER },
	{ TEXT("RCPT TO:Postmaster"),
	       "        ^", RECIPIENT },
	{ TEXT("MAIL FROM:<root>"),
	       "               ^", SENDER },
	{ TEXT("MAIL FROM:root"),
	       "          ^", SENDER },
	{ TEXT("MAIL FROM:<\"a b\">"),
	       "                ^", SENDER },
	{ TEXT("RCPT TO:<root>"),
	       "             ^", RECIPIENT },
	{ TEXT("RCPT TO:<.a@b>"),
	       "         ^", RECIPIENT },
	{ TEXT("RCPT TO:<a@b.>"),
	       "             ^", RECIPIENT },
	{ TEXT("RCPT TO:<a@b.c.>"),
	       "               ^", RECIPIENT },
};
/* clang-format on */

/* Paths with comments (threat V44), or with other errors that might look
 * harmless, are refused. */
/* clang-format off */
static const struct refused_command no_paths[] = {
	{ TEXT("MAIL FROM:<a@b"),
	       "              ^", SENDER },
	{ TEXT("MAIL FROM:a@b>"),
	       "             ^", SENDER },
	{ TEXT("MAIL FROM:@a:b@c"),
	       "          ^", SENDER },
	{ TEXT("MAIL FROM:<@a:root>"),
	       "                  ^", SENDER },
	{ TEXT("MAIL FROM:<root"),
	       "               ^", SENDER },
	{ TEXT("MAIL FROM:root>"),
	       "              ^", SENDER },
	{ TEXT("MAIL FROM:<\"root>"),
	       "                 ^", SENDER },
	{ TEXT("MAIL FROM:<@>"),
	       "            ^", SENDER },
	{ TEXT("MAIL FROM:<root@>"),
	       "                ^", SENDER },
	{ TEXT("RCPT TO:<a@b..>"),
	       "             ^", RECIPIENT },
	{ TEXT("RCPT TO:<a@.>"),
	       "           ^", RECIPIENT },
	{ TEXT("RCPT TO:<a@[192.0.2.1].>"),
	       "                      ^", RECIPIENT },
	{ TEXT("RCPT TO:<a@[192.0.2.1.]>"),
	       "                     ^", RECIPIENT },
	{ TEXT("RCPT TO:<a@b>."),
	       "             ^", RECIPIENT },
	{ TEXT("MAIL FROM:<(cron)root>"),
	       "           ^", SENDER },
	{ TEXT("MAIL FROM:<root(cron)>"),
	       "               ^", SENDER },
	{ TEXT("MAIL FROM:<root (cron)>"),
	       "                ^", SENDER },
	{ TEXT("MAIL FROM:<a@b> (cron)"),
	       "                ^", ARGUMENT },
	{ TEXT("MAIL FROM:<a@b(c)>"),
	       "              ^", SENDER },
	{ TEXT("MAIL FROM:<\xc3\xa9>"),
	       "           ^", UTF8 },
	{ TEXT("MAIL FROM: \xc3\xa9@b.  SIZE=1"),
	       "           ^", UTF8 },
	{ TEXT("MAIL FROM:<a\xe9>"),
	       "             ^", SENDER },
};
/* clang-format on */

START_TEST(relaxed_takes_paths_that_real_clients_send)
{
	rows_accept_commands(RELAXED, paths, ROWS(paths));
	rows_refuse_commands(STRICT, paths_in_strict, ROWS(paths_in_strict));
	rows_refuse_commands(RELAXED, no_paths, ROWS(no_paths));
}
END_TEST

/* No span contains the white space next to the brackets.  The member "text" of
 * the path is the text between the white space. */
static const struct {
	struct mailin_span path;
	const char *text, *fields;
} spaced[] = {
	{ TEXT("< a@b >"), "a@b", "local=a domain=b" },
	{ TEXT("<\ta@b>"), "a@b", "local=a domain=b" },
	{ TEXT("<a@b. \t >"), "a@b.", "local=a domain=b" },
	{ TEXT("< \"a \"@b >"), "\"a \"@b",
	    "local=\"a \" domain=b quoted=yes" },
	{ TEXT("<a@[x:>] >"), "a@[x:>]", "local=a domain=[x:>] is=general" },
	{ TEXT("< @r:a@b >"), "@r:a@b", "local=a domain=b route=@r" },
	{ TEXT("< root >"), "root", "kind=unqualified local=root" },
	{ TEXT("<\"a b\"\t>"), "\"a b\"",
	    "kind=unqualified local=\"a b\" quoted=yes" },
	{ TEXT("< postMASTER>"), "postMASTER",
	    "kind=postmaster local=postMASTER" },
	{ TEXT("< >"), "", "kind=null" },
	{ TEXT("<\t\t>"), "", "kind=null" },
};

/* clang-format off */
static const struct refused_address not_spaced[] = {
	{ TEXT("<a @b>"),
	       "   ^" },
	{ TEXT("<a@ b>"),
	       "   ^" },
	{ TEXT("<a@b c>"),
	       "     ^" },
	{ TEXT("<@a :b@c>"),
	       "   ^" },
	{ TEXT("<@a, @d:b@c>"),
	       "    ^" },
	{ TEXT("<@a: b@c>"),
	       "    ^" },
	{ TEXT("< (x)a@b>"),
	       "  ^" },
	{ TEXT("<a@b (x)>"),
	       "     ^" },
	{ TEXT("<\r\na@b>"),
	       " ^" },
	{ TEXT("<\v>"),
	       " ^" },
	{ TEXT("< \0>"),
	       "  ^" },
	{ TEXT("< a@b> "),
	       "      ^" },
};
/* clang-format on */

START_TEST(path_relaxed_may_have_white_space_within_its_brackets)
{
	char fields[256];
	size_t i;

	for (i = 0; i < ROWS(spaced); i++) {
		struct mailin_span text = suite_edge(spaced[i].path);
		struct mailin_path path;
		size_t at;

		ck_assert_int_eq(mailin_path_parse(&path, RELAXED, text, &at),
		    MAILIN_OK);
		ck_assert_str_eq(fields_show_path(&path, fields, sizeof fields),
		    spaced[i].fields);
		ck_assert_msg(mailin_span_equal(path.text, spaced[i].text),
		    "%s: %s", suite_quote(text), suite_quote(path.text));
		ck_assert(path.text.ptr >= text.ptr &&
		    path.text.ptr + path.text.len <= text.ptr + text.len);
		ck_assert_int_eq(mailin_path_parse(&path, STRICT, text, &at),
		    MAILIN_ERROR_SYNTAX);
		ck_assert_msg(text.ptr[at] == ' ' || text.ptr[at] == '\t' ||
			text.ptr[at - 1] == '.',
		    "%s: error at %zu", suite_quote(text), at);
	}
	rows_refuse_addresses(mailin_path_parse, RELAXED, not_spaced,
	    ROWS(not_spaced));
}
END_TEST

/* Local parts without a domain, and paths with white space, have the usual
 * limits; the white space does not count. */
START_TEST(path_relaxed_counts_no_white_space_and_no_domain)
{
	static const struct {
		size_t before, local, domain, after;
		size_t error_at;
	} rows[] = {
		{ 0, 255, 0, 0, 0 },
		{ 0, 256, 0, 0, 256 },
		{ 3, 255, 0, 2, 0 },
		{ 3, 256, 0, 2, 259 },
		{ 9, 255, 254, 900, 0 },
		{ 9, 255, 255, 900, 520 },
		{ 900, 255, 254, 1, 0 },
		{ 900, 255, 255, 1, 1411 },
		{ 900, 0, 0, 0, 0 },
	};
	static char line[4096];
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		struct mailin_command command;
		int len = sprintf(line, "MAIL FROM:<%*s", (int)rows[i].before,
		    "");

		memset(line + len, 'a', rows[i].local);
		len += (int)rows[i].local;
		if (rows[i].domain > 0) {
			line[len++] = '@';
			memset(line + len, 'd', rows[i].domain);
			len += (int)rows[i].domain;
		}
		len += sprintf(line + len, "%*s>\r\n", (int)rows[i].after, "");
		ck_assert_uint_eq(mailin_command_parse_as(&command, RELAXED,
				      line, (size_t)len),
		    (size_t)len);
		if (rows[i].error_at == 0)
			ck_assert_msg(command.error == MAILIN_REPLY_OK,
			    "row %zu: at %zu", i, command.error_at);
		else
			ck_assert_msg(command.error != MAILIN_REPLY_OK &&
				command.error_at == 10 + rows[i].error_at,
			    "row %zu: at %zu", i, command.error_at);
		/* If the line is cut at any place, the only error is that it
		 * ends too early. */
		for (; len > 12 && rows[i].error_at == 0; len--) {
			memcpy(line + len - 2, "\r\n", 2);
			mailin_command_parse_as(&command, RELAXED, line,
			    (size_t)len);
			ck_assert_msg(command.error == MAILIN_REPLY_OK ||
				command.error_at == (size_t)len - 2,
			    "row %zu, %d: at %zu", i, len, command.error_at);
		}
	}
}
END_TEST

/* mailin_path_parse() refuses a path of more than 512 octets.  White space
 * inside the brackets counts. */
START_TEST(path_relaxed_alone_has_512_octets_with_its_white_space)
{
	static char text[700];
	struct mailin_path path;
	size_t at;

	memset(text, ' ', sizeof text);
	text[0] = '<';
	memcpy(text + 508, "a@b>", 4);
	ck_assert_int_eq(mailin_path_parse(&path, RELAXED,
			     suite_edge((struct mailin_span){ text, 512 }),
			     &at),
	    MAILIN_OK);
	ck_assert_int_eq(mailin_path_parse(&path, RELAXED,
			     (struct mailin_span){ text, 513 }, &at),
	    MAILIN_ERROR_SYNTAX);
	ck_assert_uint_eq(at, 512);
	memcpy(text + 508, " a@b>", 5);
	ck_assert_int_eq(mailin_path_parse(&path, RELAXED,
			     (struct mailin_span){ text, 513 }, &at),
	    MAILIN_ERROR_SYNTAX);
	ck_assert_uint_eq(at, 511);
	ck_assert_int_eq(mailin_path_parse(&path, RELAXED,
			     (struct mailin_span){ text, 600 }, &at),
	    MAILIN_ERROR_SYNTAX);
	ck_assert_uint_eq(at, 511);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		relaxed_takes_paths_that_real_clients_send,
		path_relaxed_may_have_white_space_within_its_brackets,
		path_relaxed_counts_no_white_space_and_no_domain,
		path_relaxed_alone_has_512_octets_with_its_white_space,
	};

	return suite_run("relaxed_path", tests, ROWS(tests));
}

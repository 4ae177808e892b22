/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Paths and their lengths: RFC 5321 4.1.1.3, 4.1.2 and 4.5.3.1. */
#include <string.h>

#include "support/rows.h"

static const struct accepted paths[] = {
	{ TEXT("<>"), "kind=null" },
	{ TEXT("<a@b>"), "local=a domain=b" },
	{ TEXT("<Postmaster>"), "kind=postmaster local=Postmaster" },
	{ TEXT("<pOSTMASTEr>"), "kind=postmaster local=pOSTMASTEr" },
	{ TEXT("<Postmaster@b>"), "local=Postmaster domain=b" },
	{ TEXT("<Postmasters@b>"), "local=Postmasters domain=b" },
	{ TEXT("<\"@d>\"@c>"), "local=\"@d>\" domain=c quoted=yes" },
	/* A source route is accepted and reported, and has no effect
	 * (threat V39). */
	{ TEXT("<@a:b@c>"), "local=b domain=c route=@a" },
	{ TEXT("<@a,@b.x:c@d>"), "local=c domain=d route=@a,@b.x" },
	{ TEXT("<@a:\"x:y\"@[192.0.2.1]>"),
	    "local=\"x:y\" domain=[192.0.2.1] is=ipv4 quoted=yes route=@a" },
	{ TEXT("<@\xc3\xa9:a@b>"),
	    "local=a domain=b utf8=yes route=@\xc3\xa9" },
};

/* clang-format off */
static const struct refused_address no_paths[] = {
	{ TEXT("<"),
	       " ^" },
	{ TEXT("<a@>"),
	       "   ^" },
	{ TEXT("<@b>"),
	       "   ^" },
	{ TEXT("<a@b"),
	       "    ^" },
	{ TEXT("<a@b>>"),
	       "     ^" },
	{ TEXT("<>>>>>>"),
	       "  ^" },
	{ TEXT("<a@b> "),
	       "     ^" },
	{ TEXT(" <a@b>"),
	       "^" },
	{ TEXT("<<a@b>>"),
	       " ^" },
	{ TEXT("<Postmaster"),
	       "           ^" },
	{ TEXT("<@a b@c>"),
	       "   ^" },
	{ TEXT("<@a,b@c>"),
	       "    ^" },
	{ TEXT("<@a,@b,:c@d>"),
	       "       ^" },
	{ TEXT("<@a:>"),
	       "    ^" },
	{ TEXT("<@a:@b:c@d>"),
	       "    ^" },
	{ TEXT("<@[192.0.2.1]:a@b>"),
	       "  ^" },
	{ TEXT("<@:a@b>"),
	       "  ^" },
	{ TEXT("<:a@b>"),
	       " ^" },
	{ TEXT("<a@b>\r\n"),
	       "     ^" },
	{ TEXT("<a@b\0>"),
	       "    ^" },
	{ TEXT("<\"@d>"),
	       "     ^" },
};
/* clang-format on */

START_TEST(path_accepts_paths_in_angle_brackets)
{
	rows_accept_addresses(mailin_path_parse, STRICT, paths, ROWS(paths));
	rows_accept_addresses(mailin_path_parse, RELAXED, paths, ROWS(paths));
}
END_TEST

START_TEST(path_refuses_all_else_at_the_first_wrong_octet)
{
	/* RELAXED accepts a path without brackets.  STRICT refuses its first
	 * octet. */
	static const struct refused_address strict[] = {
		{ TEXT(""), "^" },
		{ TEXT("a@b"), "^" },
		{ TEXT("Postmaster"), "^" },
		{ TEXT("Bob <a@b>"), "^" },
		{ TEXT("<@my_host:a@b>"), "    ^" },
		{ TEXT("<a@b.>"), "     ^" },
		{ TEXT("< >"), " ^" },
		{ TEXT("<a>"), "  ^" },
		{ TEXT("<a@b >"), "    ^" },
		{ TEXT("< a@b>"), " ^" },
		{ TEXT("<Postmaster >"), "           ^" },
		{ TEXT("<\"Postmaster\">"), "             ^" },
	};

	rows_refuse_addresses(mailin_path_parse, STRICT, no_paths,
	    ROWS(no_paths));
	rows_refuse_addresses(mailin_path_parse, RELAXED, no_paths,
	    ROWS(no_paths));
	rows_refuse_addresses(mailin_path_parse, STRICT, strict, ROWS(strict));
}
END_TEST

START_TEST(path_relaxed_needs_no_brackets)
{
	static const struct accepted rows[] = {
		{ TEXT("a@b"), "local=a domain=b" },
		{ TEXT("postmaster"), "kind=postmaster local=postmaster" },
		{ TEXT("Postmaster@b"), "local=Postmaster domain=b" },
		{ TEXT("\"a>\"@[x:y]"),
		    "local=\"a>\" domain=[x:y] is=general quoted=yes" },
		{ TEXT("<@my_host:a@b>"), "local=a domain=b route=@my_host" },
		{ TEXT("<a@b.>"), "local=a domain=b" },
		{ TEXT("a@b.c."), "local=a domain=b.c" },
		{ TEXT("<root>"), "kind=unqualified local=root" },
		{ TEXT("postmaste"), "kind=unqualified local=postmaste" },
		{ TEXT("<Postmasters>"), "kind=unqualified local=Postmasters" },
		{ TEXT("<\"Postmaster\">"),
		    "kind=unqualified local=\"Postmaster\" quoted=yes" },
		{ TEXT("\"a>\""), "kind=unqualified local=\"a>\" quoted=yes" },
		{ TEXT("<\xc3\xa9>"),
		    "kind=unqualified local=\xc3\xa9 utf8=yes" },
	};
	static const struct refused_address none[] = {
		{ TEXT(""), "^" },
		{ TEXT("a@b>"), "   ^" },
		{ TEXT("@a:b@c"), "^" },
		{ TEXT("Bob <a@b>"), "   ^" },
		{ TEXT("<@a:root>"), "        ^" },
		{ TEXT("<\"a\"b>"), "    ^" },
		{ TEXT("<a@b..>"), "     ^" },
		{ TEXT("<a@b>."), "     ^" },
		{ TEXT("<@a.:b@c>"), "    ^" },
	};

	rows_accept_addresses(mailin_path_parse, RELAXED, rows, ROWS(rows));
	rows_refuse_addresses(mailin_path_parse, RELAXED, none, ROWS(none));
}
END_TEST

/* ---- Lengths ------------------------------------------------------------- */

/* An address whose parts have these lengths. */
struct lengths {
	enum mailin_syntax syntax;
	bool brackets;
	bool quoted;
	size_t route, local, domain;
	size_t error_at; /* the first octet over a limit, or 0 */
	size_t dots;     /* number of dots after the domain */
};

/* Builds a text such as "<@ddd:aaa@ddd>".  The length of a route includes its
 * "@" and ":", and the length of a quoted local part includes its quotes. */
static struct mailin_span
build(const struct lengths *row)
{
	static char text[2048];
	char *p = text;

	if (row->brackets)
		*p++ = '<';
	if (row->route > 0) {
		memset(p, 'd', row->route);
		p[0] = '@';
		p[row->route - 1] = ':';
		p += row->route;
	}
	memset(p, 'a', row->local);
	if (row->quoted)
		p[0] = p[row->local - 1] = '"';
	p += row->local;
	*p++ = '@';
	memset(p, 'd', row->domain);
	p += row->domain;
	memset(p, '.', row->dots);
	p += row->dots;
	if (row->brackets)
		*p++ = '>';
	return (struct mailin_span){ text, (size_t)(p - text) };
}

/* clang-format off */
static const struct lengths lengths[] = {
	{ STRICT,  true,  false,   0,  64,   1,   0, 0 },
	{ STRICT,  true,  false,   0,  65,   1,  65, 0 },
	{ STRICT,  true,  true,    0,  64,   1,   0, 0 },
	{ STRICT,  true,  true,    0,  65,   1,  64, 0 },
	{ STRICT,  true,  true,    0, 300,   1,  64, 0 },
	{ STRICT,  true,  false,   0,   1, 252,   0, 0 },
	{ STRICT,  true,  false,   0,   1, 253, 255, 0 },
	{ STRICT,  true,  false,   0,   1, 254, 255, 0 },
	{ STRICT,  true,  false,   0,   1, 900, 255, 0 },
	{ STRICT,  true,  false,   0,  64, 189,   0, 0 },
	{ STRICT,  true,  false,   0,  64, 190, 255, 0 },
	{ STRICT,  true,  false, 100,   1, 152,   0, 0 },
	{ STRICT,  true,  false, 100,   1, 153, 255, 0 },
	{ STRICT,  true,  false, 100,  65,   1, 165, 0 },
	{ STRICT,  true,  false, 300,   1,   1, 255, 0 },
	{ STRICT,  false, false,   0,  64,   1,   0, 0 },
	{ STRICT,  false, false,   0,  65,   1,  64, 0 },
	{ STRICT,  false, false,   0,   1, 252,   0, 0 },
	{ STRICT,  false, false,   0,   1, 253, 254, 0 },
	{ RELAXED, true,  false,   0, 255,   1,   0, 0 },
	{ RELAXED, true,  false,   0, 256,   1, 256, 0 },
	{ RELAXED, true,  true,    0, 255,   1,   0, 0 },
	{ RELAXED, true,  true,    0, 256,   1, 255, 0 },
	{ RELAXED, true,  false,   0,   1, 255,   0, 0 },
	{ RELAXED, true,  false,   0,   1, 256, 258, 0 },
	{ RELAXED, true,  false,   0, 255, 254,   0, 0 },
	{ RELAXED, true,  false,   0, 255, 255, 511, 0 },
	{ RELAXED, true,  false, 255,   1, 253,   0, 0 },
	{ RELAXED, true,  false, 255,   1, 254, 511, 0 },
	{ RELAXED, false, false,   0, 255, 254,   0, 0 },
	{ RELAXED, false, false,   0, 255, 255, 510, 0 },
	{ RELAXED, false, false,   0, 256,   1, 255, 0 },
	/* A dot after the domain counts for the length of the path, but not of
	 * the domain. */
	{ RELAXED, true,  false,   0,   1, 255,   0, 1 },
	{ RELAXED, true,  false,   0,   1, 255, 259, 2 },
	{ RELAXED, true,  false,   0,   1, 256, 258, 1 },
	{ RELAXED, true,  false,   0, 255, 253,   0, 1 },
	{ RELAXED, true,  false,   0, 255, 254, 511, 1 },
	{ RELAXED, false, false,   0, 255, 253,   0, 1 },
	{ RELAXED, false, false,   0, 255, 254, 510, 1 },
};
/* clang-format on */

static enum mailin_error
parse(const struct lengths *row, struct mailin_span text, size_t *at)
{
	struct mailin_path path;

	return row->brackets ?
	    mailin_path_parse(&path, row->syntax, text, at) :
	    mailin_mailbox_parse(&path, row->syntax, text, at);
}

/* Parse the text and all its prefixes.  The error is always at the first octet
 * beyond the limit. */
static void
check_lengths(const struct lengths *row)
{
	struct mailin_span text = build(row);
	size_t whole = text.len, at;

	while (text.len > 0) {
		bool over = row->error_at != 0 && text.len > row->error_at;
		enum mailin_error error = parse(row, suite_edge(text), &at);

		if (over || (text.len == whole && row->error_at != 0))
			ck_assert_msg(error != MAILIN_OK && at == row->error_at,
			    "row %td, %zu octets: at %zu", row - lengths,
			    text.len, at);
		else
			ck_assert_msg(error == MAILIN_OK ||
				(at == text.len && text.len != whole),
			    "row %td, %zu octets: at %zu", row - lengths,
			    text.len, at);
		text.len--;
	}
}

/* A path is refused at the first octet beyond a limit of RFC 5321 4.5.3.1.1 to
 * 4.5.3.1.3. */
START_TEST(path_is_refused_at_the_first_octet_beyond_a_limit)
{
	size_t i;

	for (i = 0; i < ROWS(lengths); i++)
		check_lengths(&lengths[i]);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		path_accepts_paths_in_angle_brackets,
		path_refuses_all_else_at_the_first_wrong_octet,
		path_relaxed_needs_no_brackets,
		path_is_refused_at_the_first_octet_beyond_a_limit,
	};

	return suite_run("path", tests, ROWS(tests));
}

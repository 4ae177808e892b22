/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests how mailboxes are parsed: src/command/address.c and the address
 * grammars. */
#include "support/rows.h"

static void
accept(const struct accepted *rows, size_t count)
{
	rows_accept_addresses(mailin_mailbox_parse, STRICT, rows, count);
	rows_accept_addresses(mailin_mailbox_parse, RELAXED, rows, count);
}

static void
refuse(const struct refused_address *rows, size_t count)
{
	rows_refuse_addresses(mailin_mailbox_parse, STRICT, rows, count);
	rows_refuse_addresses(mailin_mailbox_parse, RELAXED, rows, count);
}

static const struct accepted mailboxes[] = {
	{ TEXT("bob@example.org"), "local=bob domain=example.org" },
	{ TEXT("a@b"), "local=a domain=b" },
	{ TEXT("A.b.C@x"), "local=A.b.C domain=x" },
	{ TEXT("!#$%&'*+-/=?^_`{|}~@x"), "local=!#$%&'*+-/=?^_`{|}~ domain=x" },
	{ TEXT("0@0.1"), "local=0 domain=0.1" },
	{ TEXT("a@x-y--z.A9"), "local=a domain=x-y--z.A9" },
	{ TEXT("\"\"@d"), "local=\"\" domain=d quoted=yes" },
	{ TEXT("\"a b\"@c"), "local=\"a b\" domain=c quoted=yes" },
	{ TEXT("\"\\ \\~\\a\"@c"), "local=\"\\ \\~\\a\" domain=c quoted=yes" },
	{ TEXT("\" !#[]^~\"@c"), "local=\" !#[]^~\" domain=c quoted=yes" },
	{ TEXT("a@[192.0.2.1]"), "local=a domain=[192.0.2.1] is=ipv4" },
	{ TEXT("a@[ipv6:::1]"), "local=a domain=[ipv6:::1] is=ipv6" },
	{ TEXT("a@[t:!Z^~]"), "local=a domain=[t:!Z^~] is=general" },
	{ TEXT("jos\xc3\xa9@x"), "local=jos\xc3\xa9 domain=x utf8=yes" },
	{ TEXT("a@\xc3\xa9-\xc3\xa9.x"),
	    "local=a domain=\xc3\xa9-\xc3\xa9.x utf8=yes" },
	{ TEXT("\"\xf0\x9f\x98\x80\"@x"),
	    "local=\"\xf0\x9f\x98\x80\" domain=x quoted=yes utf8=yes" },
};

/* clang-format off */
static const struct refused_address no_mailboxes[] = {
	{ TEXT(""),
	       "^" },
	{ { NULL, 0 },
	       "^" },
	{ TEXT("bob"),
	       "   ^" },
	{ TEXT("bob@"),
	       "    ^" },
	{ TEXT("@b"),
	       "^" },
	{ TEXT("a@@b"),
	       "  ^" },
	{ TEXT("a@b@c"),
	       "   ^" },
	{ TEXT("a b@c"),
	       " ^" },
	{ TEXT("a@b c"),
	       "   ^" },
	{ TEXT("a(c)@b"),
	       " ^" },
	{ TEXT("a,b@c"),
	       " ^" },
	{ TEXT("a:b@c"),
	       " ^" },
	{ TEXT("a;b@c"),
	       " ^" },
	{ TEXT("a<b@c"),
	       " ^" },
	{ TEXT("a>b@c"),
	       " ^" },
	{ TEXT("a[b@c"),
	       " ^" },
	{ TEXT("a]b@c"),
	       " ^" },
	{ TEXT("a\\b@c"),
	       " ^" },
	{ TEXT("a\"b\"@c"),
	       " ^" },
	{ TEXT("\"a\"b@c"),
	       "   ^" },
	{ TEXT("\"a\".b@c"),
	       "   ^" },
	{ TEXT("a@.b"),
	       "  ^" },
	{ TEXT("a@b..c"),
	       "    ^" },
	{ TEXT("a@-b"),
	       "  ^" },
	{ TEXT("a@b-"),
	       "    ^" },
	{ TEXT("a@b-.c"),
	       "    ^" },
	{ TEXT("a@[b"),
	       "    ^" },
	{ TEXT("a@[]"),
	       "   ^" },
	{ TEXT("a@[192.0.2.1"),
	       "            ^" },
	{ TEXT("a@[192.0.2.1]."),
	       "             ^" },
	{ TEXT("a@x[192.0.2.1]"),
	       "   ^" },
	{ TEXT("a@192.0.2.1]"),
	       "           ^" },
	{ TEXT("a@[192.0.2.256]"),
	       "             ^" },
	{ TEXT("a@[192.0.2.256"),
	       "             ^" },
	{ TEXT("a@[IPv6:1:2]"),
	       "           ^" },
	{ TEXT("a@b\r"),
	       "   ^" },
	{ TEXT("a@b\n"),
	       "   ^" },
	{ TEXT("a@b\r\n"),
	       "   ^" },
	{ TEXT("\ta@b"),
	       "^" },
	{ TEXT("a\x7f@b"),
	       " ^" },
	{ TEXT("\"\x7f\"@b"),
	       " ^" },
	{ TEXT("\"\\\x7f\"@b"),
	       "  ^" },
	{ TEXT("\"\t\"@b"),
	       " ^" },
	{ TEXT("\"\\\xc3\xa9\"@b"),
	       "  ^" },
};
/* clang-format on */

/* Texts that are no address, not even in RELAXED syntax: octets that are
 * dangerous for a program which uses the address (threats V28, V30, V31). */
/* clang-format off */
static const struct refused_address never_mailboxes[] = {
	/* Text that a shell would execute (threat V28). */
	{ TEXT(";sleep 66;"),
	       "^" },
	{ TEXT("`id`"),
	       "    ^" },
	/* NUL in an address (threat V30). */
	{ TEXT("a@b\0"),
	       "   ^" },
	{ TEXT("a\0@b"),
	       " ^" },
	{ TEXT("\"\0\"@b"),
	       " ^" },
	{ TEXT("\"\\\0\"@b"),
	       "  ^" },
	/* UTF-8 that is truncated or malformed (threat V31). */
	{ TEXT("a\xc3"),
	       "  ^" },
	{ TEXT("a\xc3@b"),
	       "  ^" },
	{ TEXT("a@\xc3.b"),
	       "   ^" },
	{ TEXT("a@b\xa9"),
	       "   ^" },
	{ TEXT("\xed\xa0\x80@b"),
	       " ^" },
	{ TEXT("\xc0\x8d@b"),
	       "^" },
	{ TEXT("\"\xe0\x80\x80\"@b"),
	       "  ^" },
	{ TEXT("a@\xf4\x90\x80\x80"),
	       "   ^" },
	{ TEXT("a@[x:\xc3\xa9]"),
	       "     ^" },
	{ TEXT("a@b.\xff"),
	       "    ^" },
	/* Comments, nested or not, are not in RFC 5321 (threat V44). */
	{ TEXT("((((((((a))))))))@b"),
	       "^" },
	{ TEXT("a@b(((("),
	       "   ^" },
};
/* clang-format on */

START_TEST(mailbox_accepts_local_part_and_domain)
{
	accept(mailboxes, ROWS(mailboxes));
}
END_TEST

START_TEST(mailbox_refuses_all_else_at_the_first_wrong_octet)
{
	refuse(no_mailboxes, ROWS(no_mailboxes));
}
END_TEST

/* Even RELAXED syntax refuses a mailbox with dangerous octets, such as NUL,
 * malformed UTF-8 or nested comments (threats V28, V30, V31, V44). */
START_TEST(mailbox_is_never_lenient_with_octets_that_attack)
{
	refuse(never_mailboxes, ROWS(never_mailboxes));
}
END_TEST

/* A local part is refused if it is a Quoted-string that is not closed: its last
 * octet is a backslash, or a backslash precedes its last quote (threat V26). */
START_TEST(mailbox_refuses_a_lone_backslash_where_the_string_should_close)
{
	static const struct refused_address rows[] = {
		{ TEXT("\"a\\"), "   ^" },
		{ TEXT("\"a\\\"@b"), "      ^" },
		{ TEXT("\"a\\\0\"@b"), "   ^" },
		{ TEXT("\"\\\\\\\"@b"), "       ^" },
	};

	refuse(rows, ROWS(rows));
}
END_TEST

/* A character that only looks like "@", "." or a line end, such as U+FF20, is
 * an ordinary letter of an address (threat V32). */
START_TEST(mailbox_maps_no_character_to_another)
{
	static const struct accepted rows[] = {
		{ TEXT("a\xef\xbc\xa0"
		       "b@c"),
		    "local=a\xef\xbc\xa0"
		    "b domain=c utf8=yes" },
		{ TEXT("a@b\xe3\x80\x82"
		       "c"),
		    "local=a domain=b\xe3\x80\x82"
		    "c utf8=yes" },
		{ TEXT("a\xc2\x85@b"), "local=a\xc2\x85 domain=b utf8=yes" },
		{ TEXT("a\xe2\x80\xa8@b"),
		    "local=a\xe2\x80\xa8 domain=b utf8=yes" },
	};
	static const struct refused_address none[] = {
		{ TEXT("a\xef\xbc\xa0"
		       "b"),
		    "     ^" },
	};

	accept(rows, ROWS(rows));
	refuse(none, ROWS(none));
}
END_TEST

/* RELAXED accepts dots and underscores in places where STRICT refuses them.
 * The rows of "strict" mark the octet that STRICT refuses. */
START_TEST(mailbox_relaxed_takes_odd_dots_and_underscores)
{
	static const struct accepted rows[] = {
		{ TEXT(".user@x"), "local=.user domain=x" },
		{ TEXT("user.@x"), "local=user. domain=x" },
		{ TEXT("a..b@x"), "local=a..b domain=x" },
		{ TEXT("...@x"), "local=... domain=x" },
		{ TEXT("a@my_pc.x"), "local=a domain=my_pc.x" },
		{ TEXT("a@_x_"), "local=a domain=_x_" },
		{ TEXT("a@b."), "local=a domain=b" },
		{ TEXT("a@b.c."), "local=a domain=b.c" },
		{ TEXT("a@_."), "local=a domain=_" },
		{ TEXT("a@\xc3\xa9."), "local=a domain=\xc3\xa9 utf8=yes" },
	};
	static const struct refused_address none[] = {
		{ TEXT("a@b.."), "    ^" },
		{ TEXT("a@."), "  ^" },
		{ TEXT("a@[192.0.2.1]."), "             ^" },
		{ TEXT("a@b.-"), "    ^" },
		{ TEXT(" a@b"), "^" },
		{ TEXT("a@b "), "   ^" },
		{ TEXT("root"), "    ^" },
		{ TEXT("\"a b\""), "     ^" },
	};
	static const struct refused_address strict[] = {
		{ TEXT(".user@x"), "^" },
		{ TEXT("user.@x"), "     ^" },
		{ TEXT("a..b@x"), "  ^" },
		{ TEXT("...@x"), "^" },
		{ TEXT("a@my_pc.x"), "    ^" },
		{ TEXT("a@_x_"), "  ^" },
		{ TEXT("a@b."), "    ^" },
	};

	rows_accept_addresses(mailin_mailbox_parse, RELAXED, rows, ROWS(rows));
	rows_refuse_addresses(mailin_mailbox_parse, STRICT, strict,
	    ROWS(strict));
	rows_refuse_addresses(mailin_mailbox_parse, RELAXED, none, ROWS(none));
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		mailbox_accepts_local_part_and_domain,
		mailbox_refuses_all_else_at_the_first_wrong_octet,
		mailbox_is_never_lenient_with_octets_that_attack,
		mailbox_refuses_a_lone_backslash_where_the_string_should_close,
		mailbox_maps_no_character_to_another,
		mailbox_relaxed_takes_odd_dots_and_underscores,
	};

	return suite_run("address", tests, ROWS(tests));
}

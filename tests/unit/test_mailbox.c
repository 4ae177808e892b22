/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/*
 * Compares mailin_mailbox_parse and mailin_path_parse with an oracle
 * (oracle.h), on generated strings (property 30).  Checks that RELAXED accepts
 * what STRICT accepts, with the same result (property 53).
 */
#include <string.h>

#include "support/oracle.h"
#include "support/suite.h"

#define TEXT_MOST 400

static bool
same_span(struct mailin_span a, struct mailin_span b)
{
	return a.ptr == b.ptr && a.len == b.len;
}

static bool
same_path(const struct mailin_path *a, const struct mailin_path *b)
{
	return a->kind == b->kind && a->domain_kind == b->domain_kind &&
	    a->quoted == b->quoted && a->utf8 == b->utf8 &&
	    same_span(a->text, b->text) && same_span(a->route, b->route) &&
	    same_span(a->local, b->local) && same_span(a->domain, b->domain);
}

static bool
is_ascii(struct mailin_span text)
{
	while (text.len > 0)
		if ((unsigned char)text.ptr[--text.len] > 127)
			return false;
	return true;
}

/* Returns true if the spans are the two halves of the mailbox around the
 * "@". */
static bool
is_split(const struct mailin_path *path, struct mailin_span text, size_t local)
{
	return path->kind == MAILIN_PATH_MAILBOX &&
	    same_span(path->text, text) && path->route.ptr == NULL &&
	    path->local.ptr == text.ptr && path->local.len == local &&
	    path->domain.ptr == text.ptr + local + 1 &&
	    path->domain.len == text.len - local - 1 &&
	    path->quoted == (*text.ptr == '"') &&
	    path->utf8 == !is_ascii(text) &&
	    path->domain_kind != MAILIN_DOMAIN_NONE &&
	    path->domain_kind != MAILIN_DOMAIN_OTHER &&
	    (path->domain_kind == MAILIN_DOMAIN_NAME) ==
	    (*path->domain.ptr != '[');
}

/* RELAXED accepts white space inside the angle brackets, and a dot after a
 * domain name.  The spans must be the same as without these octets.  STRICT
 * refuses the first octet that was added. */
static void
check_decorated(const struct mailin_path *plain)
{
	static const char *const before[] = { "<", "< ", "<\t " };
	static const char *const after[] = { ">", " >", ".>", ". \t>" };
	char text[TEXT_MOST + 16];
	struct mailin_path path;
	size_t i, from, len, at, wrong;

	for (i = 1; i < ROWS(before) * ROWS(after); i++) {
		const char *end = after[i % ROWS(after)];

		if (*end == '.' && plain->domain_kind != MAILIN_DOMAIN_NAME)
			continue;
		from = strlen(strcpy(text, before[i / ROWS(after)]));
		memcpy(text + from, plain->text.ptr, plain->text.len);
		len = from + plain->text.len;
		len += strlen(strcpy(text + len, end));
		if (mailin_path_parse(&path, RELAXED,
			(struct mailin_span){ text, len }, &at) != MAILIN_OK ||
		    path.kind != MAILIN_PATH_MAILBOX ||
		    path.domain_kind != plain->domain_kind ||
		    path.local.ptr != text + from ||
		    path.local.len != plain->local.len ||
		    path.domain.ptr != path.local.ptr + path.local.len + 1 ||
		    path.domain.len != plain->domain.len)
			ck_abort_msg("%s",
			    suite_quote((struct mailin_span){ text, len }));
		wrong = from > 1 ? 1 : from + plain->text.len + (*end == '.');
		/* RFC 5321 4.5.3.1.3: a path has at most 256 octets, and the
		 * last one is ">". */
		if (wrong > 255)
			wrong = 255;
		if (mailin_path_parse(&path, STRICT,
			(struct mailin_span){ text, len }, &at) == MAILIN_OK ||
		    at != wrong)
			ck_abort_msg("%s: %zu",
			    suite_quote((struct mailin_span){ text, len }), at);
	}
}

/* Returns true if text is accepted.  The test fails unless the oracle
 * agrees. */
static bool
check_mailbox(struct mailin_span text)
{
	struct mailin_path strict, relaxed;
	size_t local = 0, at = 0;
	bool accepted = oracle_mailbox(text, &local);
	enum mailin_error error = mailin_mailbox_parse(&strict,
	    MAILIN_SYNTAX_STRICT, text, &at);

	if (accepted != (error == MAILIN_OK))
		ck_abort_msg("%s: error at %zu", suite_quote(text), at);
	if (!accepted && at > text.len)
		ck_abort_msg("%s: error at %zu", suite_quote(text), at);
	if (!accepted)
		return false;
	if (!is_split(&strict, text, local))
		ck_abort_msg("%s: wrong fields", suite_quote(text));
	if (mailin_mailbox_parse(&relaxed, MAILIN_SYNTAX_RELAXED, text, NULL) !=
		MAILIN_OK ||
	    !same_path(&strict, &relaxed))
		ck_abort_msg("%s: RELAXED differs", suite_quote(text));
	check_decorated(&strict);
	return true;
}

/* Parse the same text in angle brackets.  The oracle does not know source
 * routes. */
static void
check_path(const char *text, size_t len, bool accepted)
{
	char bracketed[TEXT_MOST + 2] = "<";
	struct mailin_span path_text = { bracketed, len + 2 };
	struct mailin_path path;
	size_t at;
	enum mailin_error error;

	if (len > 0 && text[0] == '@')
		return;
	memcpy(bracketed + 1, text, len);
	bracketed[len + 1] = '>';
	error = mailin_path_parse(&path, MAILIN_SYNTAX_STRICT, path_text, &at);
	if (error == MAILIN_OK && path.kind != MAILIN_PATH_MAILBOX)
		return;
	if (accepted != (error == MAILIN_OK))
		ck_abort_msg("%s: error at %zu", suite_quote(path_text), at);
}

static const struct mailin_span seeds[] = {
	TEXT("bob@example.org"),
	TEXT("a@b"),
	TEXT("first.last+tag@sub.example.org"),
	TEXT("a-b_c=d@x-y.z0"),
	TEXT("!#$%&'*/=?^_`{|}~@a"),
	TEXT("\"john smith\"@example.org"),
	TEXT("\"a\\\"b\\\\c\"@example.org"),
	TEXT("\"\"@x.y"),
	TEXT("\"a@b\"@c"),
	TEXT("\"<>.,:;()[]\"@d"),
	TEXT("user@[192.0.2.1]"),
	TEXT("user@[IPv6:2001:db8::1]"),
	TEXT("user@[IPv6:::ffff:192.0.2.1]"),
	TEXT("user@[x-tag:some,content]"),
	TEXT("jos\xc3\xa9@ex\xc3\xa4mple.org"),
	TEXT("\"\xe2\x82\xac \xf0\x9f\x98\x80\"@\xe4\xbe\x8b.jp"),
	TEXT("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	     "@example.org"),
	TEXT("a@"
	     "ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd."
	     "ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd."
	     "ddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd."
	     "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd"),
};

static const char letters[] =
    "aaZz09..--__@@@\"\"\"\\\\<>[[]]:::IPv6 ,;()\t\r\n\x7f\0"
    "\x80\xbf\xc3\xa9\xe2\x82\xac\xed\xa0\xf0\x9f\x98\xf4\x8f\xff";

/* In the text, replace "cut" octets from the offset "place" on by the first n
 * octets of "from".  Returns the new length of the text. */
static size_t
splice(char *text, size_t len, size_t place, size_t cut, const char *from,
    size_t n)
{
	char copy[TEXT_MOST];

	if (len - cut + n > TEXT_MOST)
		return len;
	memcpy(copy, from, n);
	memmove(text + place + n, text + place + cut, len - place - cut);
	memcpy(text + place, copy, n);
	return len - cut + n;
}

static size_t
mutate(char *text, size_t len)
{
	size_t place = suite_random((unsigned)len + 1);
	size_t n = suite_random((unsigned)(len - place) + 1);
	const struct mailin_span *other = &seeds[suite_random(ROWS(seeds))];
	const char *octet = &letters[suite_random(sizeof letters - 1)];

	switch (suite_random(6)) {
	case 0: /* replace an octet */
		return splice(text, len, place, n > 0, octet, 1);
	case 1: /* insert an octet */
		return splice(text, len, place, 0, octet, 1);
	case 2: /* delete an octet */
		return splice(text, len, place, n > 0, octet, 0);
	case 3: /* repeat a part */
		return splice(text, len, place, 0, text + place, n);
	case 4: /* remove a part */
		return splice(text, len, place, n % 8, octet, 0);
	default: /* replace a part by a part of another address */
		return splice(text, len, place, n, other->ptr,
		    suite_random((unsigned)other->len + 1));
	}
}

START_TEST(mailbox_agrees_with_an_oracle_on_mutants)
{
	unsigned turns = suite_quick() ? 5000 : 300000, accepted = 0, turn;
	char text[TEXT_MOST];

	for (turn = 0; turn < turns; turn++) {
		const struct mailin_span *seed = &seeds[turn % ROWS(seeds)];
		unsigned times = suite_random(4);
		size_t len = seed->len;
		bool valid;

		memcpy(text, seed->ptr, len);
		while (times-- > 0)
			len = mutate(text, len);
		valid = check_mailbox(
		    suite_edge((struct mailin_span){ text, len }));
		check_path(text, len, valid);
		accepted += valid;
	}
	/* If too few or too many texts are valid, the generator is wrong. */
	ck_assert_uint_gt(accepted, turns / 10);
	ck_assert_uint_lt(accepted, turns / 10 * 9);
}
END_TEST

static void
check_all(const char *alphabet, size_t most)
{
	size_t n = strlen(alphabet), len, i;
	char text[16];

	for (len = 0; len <= most; len++) {
		size_t count = 1, turn;

		for (i = 0; i < len; i++)
			count *= n;
		for (turn = 0; turn < count; turn++) {
			size_t digits = turn;
			bool valid;

			for (i = 0; i < len; i++, digits /= n)
				text[i] = alphabet[digits % n];
			valid = check_mailbox(
			    suite_edge((struct mailin_span){ text, len }));
			check_path(text, len, valid);
		}
	}
}

START_TEST(mailbox_agrees_with_an_oracle_on_short_texts)
{
	size_t less = suite_quick() ? 3 : 0;

	check_all("a.@\"\\- ", 7 - less);
	check_all("a@\"\xc3\xa9\x7f<>,", 6 - less);
	check_all("a@[]1:.-", 6 - less);
}
END_TEST

/* Insert these octets at each place of an address where UTF-8 is allowed. */
static void
check_octets(const char *octets, size_t len)
{
	static const char *const places[][2] = { { "", "@b" }, { "a", "a@b" },
		{ "\"", "\"@b" }, { "a@", "" }, { "a@b", "c.d" } };
	char text[16];
	size_t i;

	for (i = 0; i < ROWS(places); i++) {
		size_t before = strlen(places[i][0]);
		size_t after = strlen(places[i][1]);

		memcpy(text, places[i][0], before);
		memcpy(text + before, octets, len);
		memcpy(text + before + len, places[i][1], after);
		check_mailbox(
		    (struct mailin_span){ text, before + len + after });
	}
}

/* Try UTF-8 sequences at the bounds of the table in RFC 3629 4, and next to
 * them (threat V31). */
START_TEST(mailbox_agrees_with_an_oracle_on_octets_above_127)
{
	static const char tails[] = "\x7f\x80\xbf\xc0";
	unsigned pair;
	size_t i, j;

	for (pair = 0; pair < 0x10000; pair++) {
		char octets[4] = { (char)(pair >> 8), (char)pair };

		if (pair < 0x8000)
			continue;
		check_octets(octets, 1);
		check_octets(octets, 2);
		for (i = 0; i < 4; i++) {
			octets[2] = tails[i];
			check_octets(octets, 3);
			for (j = 0; j < 4 && pair >= 0xf000; j++) {
				octets[3] = tails[j];
				check_octets(octets, 4);
			}
		}
	}
}
END_TEST

/* The "@" after the local part splits the address (property 32). */
START_TEST(mailbox_splits_at_the_at_sign_after_the_local_part)
{
	static const struct {
		const char *text, *local;
	} rows[] = {
		{ "\"a@b\"@c", "\"a@b\"" },
		{ "\"@\"@d", "\"@\"" },
		{ "\"a\\\"@b\"@c", "\"a\\\"@b\"" },
		{ "\"\\@\"@[x:y@z]", "\"\\@\"" },
		{ "a@[x:b@c]", "a" },
	};
	struct mailin_path path;
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		struct mailin_span text = mailin_span_of(rows[i].text);

		ck_assert_msg(mailin_mailbox_parse(&path, MAILIN_SYNTAX_STRICT,
				  text, NULL) == MAILIN_OK &&
			mailin_span_equal(path.local, rows[i].local),
		    "%s", rows[i].text);
		ck_assert(check_mailbox(text));
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		mailbox_agrees_with_an_oracle_on_mutants,
		mailbox_agrees_with_an_oracle_on_short_texts,
		mailbox_agrees_with_an_oracle_on_octets_above_127,
		mailbox_splits_at_the_at_sign_after_the_local_part,
	};

	return suite_run("mailbox", tests, ROWS(tests));
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
/* Splitting the stream into lines: src/command/line.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support/heap.h"
#include "command/line.h"
#include "support/suite.h"

#define LIMIT      16
#define AUTH_LIMIT 24

static const struct mailin_line_rules commands = { LIMIT, AUTH_LIMIT, false };
static const struct mailin_line_rules responses = { LIMIT, AUTH_LIMIT, true };

static struct heap heap;
static struct mailin_line line;

static void
start(void)
{
	heap_init(&heap);
	memset(&line, 0, sizeof line);
}

static void
end(void)
{
	mailin_buffer_free(&line.carry, &heap.allocator);
	ck_assert_uint_eq(heap.octets, 0);
}

/* Call mailin_line_read once, with the octets in a heap block that is freed
 * afterwards.  "out" may point into it, so copy "out" to "text" first. */
static size_t
read_once(const struct mailin_line_rules *rules, const char *in, size_t len,
    char *text, size_t *text_len, enum mailin_line_result *result)
{
	char *copy = malloc(len);
	struct mailin_span out;
	size_t used;

	if (copy == NULL)
		ck_abort_msg("no memory");
	memcpy(copy, in, len);
	used = mailin_line_read(&line, &heap.allocator, rules, copy, len, &out,
	    result);
	if (out.len > 0)
		memcpy(text, out.ptr, out.len);
	*text_len = out.len;
	free(copy);
	return used;
}

/* Read the stream.  A piece ends after octet i if bit i of "cuts" is set.  For
 * each result, write one letter to "log", and the line if it is complete.  Stop
 * like a session: at a bare LF, and at another protocol. */
static void
read_all(const struct mailin_line_rules *rules, struct mailin_span in,
    uint32_t cuts, char *log, size_t *used)
{
	static const char letters[] = ".WTABbFM";
	enum mailin_line_result result = LINE_PARTIAL;
	char text[256];
	size_t at, len, text_len;

	for (at = 0;
	     at < in.len && result != LINE_BARE_LF && result != LINE_FOREIGN;) {
		for (len = 1;
		     at + len < in.len && (cuts >> (at + len - 1) & 1) == 0;)
			len++;
		at += read_once(rules, in.ptr + at, len, text, &text_len,
		    &result);
		if (result == LINE_PARTIAL)
			continue;
		log += sprintf(log, "%c", letters[result]);
		if (result == LINE_WHOLE)
			log += sprintf(log, "%s;",
			    suite_quote(
				(struct mailin_span){ text, text_len }));
	}
	*log = '\0';
	*used = at;
}

/* Wherever the first octets are cut, the results in the log and the number of
 * octets read must be the same. */
static void
check(const struct mailin_line_rules *rules, struct mailin_span in,
    const char *expected, size_t taken)
{
	size_t places = suite_quick() ? 5 : 11, used;
	uint32_t cuts,
	    most = UINT32_C(1) << (in.len > places ? places : in.len - 1);
	char log[512];

	for (cuts = 0; cuts <= most; cuts++) {
		start();
		/* In the last round, the line comes octet by octet. */
		read_all(rules, in, cuts == most ? UINT32_MAX : cuts, log,
		    &used);
		if (strcmp(log, expected) != 0 || used != taken)
			ck_abort_msg("%s, cuts %#x: \"%s\" (%zu taken) where "
				     "\"%s\" (%zu) is right",
			    suite_quote(in), cuts, log, used, expected, taken);
		end();
	}
}

struct row {
	struct mailin_span in;
	const char *log;
};

static void
check_rows(const struct mailin_line_rules *rules, const struct row *rows,
    size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		check(rules, rows[i].in, rows[i].log, rows[i].in.len);
}

/* Only CR LF ends a line (property 7). */
START_TEST(only_cr_lf_ends_a_line)
{
	static const struct row rows[] = {
		{ TEXT("\r\n"), "W\\x0d\\x0a;" },
		{ TEXT("NOOP\r\n"), "WNOOP\\x0d\\x0a;" },
		{ TEXT("NOOP"), "" },
		{ TEXT("NOOP\r"), "" },
		{ TEXT("A\r\nB\r\nC"), "WA\\x0d\\x0a;WB\\x0d\\x0a;" },
		{ TEXT("\r\n\r\n"), "W\\x0d\\x0a;W\\x0d\\x0a;" },
		{ TEXT("A\rB\r\n"), "WA\\x0dB\\x0d\\x0a;" },
		{ TEXT("A\r\r\n"), "WA\\x0d\\x0d\\x0a;" },
		{ TEXT("A\0\r\n"), "WA\\x00\\x0d\\x0a;" },
		{ TEXT("A\x85\xe2\x80\xa8\r\n"),
		    "WA\\x85\\xe2\\x80\\xa8\\x0d\\x0a;" },
	};

	check_rows(&commands, rows, ROWS(rows));
}
END_TEST

/* A bare LF is reported when it is read.  Octets after it are not read. */
START_TEST(bare_lf_is_found_at_its_place)
{
	check(&commands, SPAN("NOOP\nQUIT\r\n"), "b", 5);
	check(&commands, SPAN("\nQUIT\r\n"), "b", 1);
	check(&commands, SPAN("A\r\n\nQUIT\r\n"), "WA\\x0d\\x0a;b", 4);
	check(&commands, SPAN("A\n\r\n"), "b", 2);
	check(&commands, SPAN("A\r\0\nB"), "b", 4);
	check(&commands, SPAN("xxxxxxxxxxxxxxxxxxxx\nQUIT\r\n"), "b", 21);
	check(&responses, SPAN("*\nx"), "b", 2);
	check(&responses, SPAN("\r\n\n"), "W\\x0d\\x0a;b", 3);
}
END_TEST

/* Check a line whose length is the limit, and a longer line, whole and cut at
 * every place (property 9, threat V22). */
static void
check_limit(const struct mailin_line_rules *rules, const char *head,
    size_t limit, const char *too_long)
{
	char in[64], expected[128];
	size_t extra, len;

	for (extra = 0; extra < 3; extra++) {
		len = limit + extra;
		memset(in, 'x', len);
		memcpy(in, head, strlen(head));
		memcpy(in + len, "\r\nQ\r\n", 5);
		if (extra == 0)
			snprintf(expected, sizeof expected,
			    "W%.*s\\x0d\\x0a;WQ\\x0d\\x0a;", (int)len, in);
		else
			snprintf(expected, sizeof expected, "%sWQ\\x0d\\x0a;",
			    too_long);
		check(rules, (struct mailin_span){ in, len + 5 }, expected,
		    len + 5);
	}
}

START_TEST(a_line_may_have_as_many_octets_as_its_limit)
{
	check_limit(&commands, "NOOP", LIMIT, "T");
	check_limit(&commands, "AUTH", AUTH_LIMIT, "A");
	check_limit(&commands, "aUtH", AUTH_LIMIT, "A");
	check_limit(&commands, "BDAT", LIMIT, "B");
	check_limit(&commands, "AUT ", LIMIT, "T");
	check_limit(&commands, " AUTH", LIMIT, "T");
	check_limit(&responses, "", AUTH_LIMIT, "A");
	check_limit(&responses, "NOOP", AUTH_LIMIT, "A");
}
END_TEST

/* A line at the limit has the same result wherever its last octets are cut. */
START_TEST(the_limit_does_not_depend_on_the_cut)
{
	char in[LIMIT + 8], log[64];
	size_t extra, used;
	uint32_t cuts;

	for (extra = 0; extra < 2; extra++)
		for (cuts = 0; cuts < 32; cuts++) {
			size_t len = LIMIT + extra;

			memset(in, 'x', sizeof in);
			memcpy(in + len, "\r\n", 2);
			start();
			read_all(&commands, (struct mailin_span){ in, len + 2 },
			    cuts << (len - 4), log, &used);
			ck_assert_msg(log[0] == (extra == 0 ? 'W' : 'T') &&
				used == len + 2,
			    "%zu, %#x", len, cuts);
			end();
		}
}
END_TEST

/* The end of a long line is not a line, even if it looks like one
 * (property 8). */
START_TEST(after_a_long_line_comes_the_next_one)
{
	static const struct row rows[] = {
		{ TEXT("xxxxxxxxxxxxxxxxxxxxQUIT\r\nNOOP\r\n"),
		    "TWNOOP\\x0d\\x0a;" },
		{ TEXT("xxxxxxxxxxxxxxxxxxxx\rQUIT\r\r\nN\r\n"),
		    "TWN\\x0d\\x0a;" },
		{ TEXT("xxxxxxxxxxxxxxxxGET / HTTP\r\nN\r\n"),
		    "TWN\\x0d\\x0a;" },
		{ TEXT("xxxxxxxxxxxxxxxx\x16\x03\x01\r\nN\r\n"),
		    "TWN\\x0d\\x0a;" },
		{ TEXT("xxxxxxxxxxxxxxxxAUTH PLAIN\r\nN\r\n"),
		    "TWN\\x0d\\x0a;" },
	};

	check_rows(&commands, rows, ROWS(rows));
}
END_TEST

/* ---- Other protocols (threat V40) ---- */

START_TEST(http_and_tls_are_known_by_their_first_word)
{
	static const char words[][8] = { "GET", "HEAD", "POST", "PUT", "DELETE",
		"OPTIONS", "CONNECT", "TRACE", "PATCH", "PRI", "get", "Post",
		"pRi" };
	static const char ends[] = " \t\r";
	char in[128];
	size_t i, j;

	for (i = 0; i < ROWS(words); i++)
		for (j = 0; ends[j] != '\0'; j++) {
			snprintf(in, sizeof in, "%s%c/ HTTP\r\n", words[i],
			    ends[j]);
			check(&commands, mailin_span_of(in), "F",
			    strlen(words[i]) + 1);
			snprintf(in, sizeof in, "A\r\n%s%c/\r\n", words[i],
			    ends[j]);
			check(&commands, mailin_span_of(in), "WA\\x0d\\x0a;F",
			    strlen(words[i]) + 4);
		}
	check(&commands, SPAN("\x16\x03\x01\x02\x00\x01"), "F", 1);
	check(&commands, SPAN("A\r\n\x16\r\n"), "WA\\x0d\\x0a;F", 4);
}
END_TEST

START_TEST(other_words_are_not_foreign)
{
	static const struct row rows[] = {
		{ TEXT("GETX /\r\n"), "WGETX /\\x0d\\x0a;" },
		{ TEXT("GE /\r\n"), "WGE /\\x0d\\x0a;" },
		{ TEXT("PRIX\r\n"), "WPRIX\\x0d\\x0a;" },
		{ TEXT(" GET /\r\n"), "W GET /\\x0d\\x0a;" },
		{ TEXT("X GET /\r\n"), "WX GET /\\x0d\\x0a;" },
		{ TEXT("A\x16\r\n"), "WA\\x16\\x0d\\x0a;" },
		{ TEXT("CONNECTED x\r\n"), "WCONNECTED x\\x0d\\x0a;" },
		{ TEXT("GET"), "" },
		{ TEXT("GET\0 /\r\n"), "WGET\\x00 /\\x0d\\x0a;" },
	};

	check_rows(&commands, rows, ROWS(rows));
}
END_TEST

/* A client's response in AUTH may begin with GET or the like. */
START_TEST(responses_are_never_foreign)
{
	static const struct row rows[] = {
		{ TEXT("GET /\r\n"), "WGET /\\x0d\\x0a;" },
		{ TEXT("\x16\x03\r\n"), "W\\x16\\x03\\x0d\\x0a;" },
		{ TEXT("*\r\n"), "W*\\x0d\\x0a;" },
		{ TEXT("AUTH\r\n"), "WAUTH\\x0d\\x0a;" },
	};

	check_rows(&responses, rows, ROWS(rows));
}
END_TEST

/* ---- Memory -------------------------------------------------------------- */

START_TEST(a_whole_line_is_not_copied)
{
	static const char in[] = "NOOP\r\nQUIT\r\n";
	enum mailin_line_result result;
	struct mailin_span out;

	start();
	ck_assert_uint_eq(mailin_line_read(&line, &heap.allocator, &commands,
			      in, sizeof in - 1, &out, &result),
	    6);
	ck_assert_int_eq(result, LINE_WHOLE);
	ck_assert_ptr_eq(out.ptr, in);
	ck_assert_uint_eq(out.len, 6);
	ck_assert_uint_eq(heap.calls, 0);
	end();
}
END_TEST

/* If memory fails, only the current line is lost (property 8, threat V50). */
START_TEST(without_memory_a_line_in_pieces_is_lost)
{
	struct mailin_span in = SPAN("NOOP\r\nQUIT\r\n");
	uint32_t cuts;
	char log[64];
	size_t used;

	for (cuts = 1; cuts < 32; cuts++) {
		start();
		heap_fail(&heap, 1, false);
		read_all(&commands, in, cuts, log, &used);
		ck_assert_msg(strcmp(log, "MWQUIT\\x0d\\x0a;") == 0, "%#x: %s",
		    cuts, log);
		end();
	}
}
END_TEST

START_TEST(without_memory_at_its_end_a_line_is_lost)
{
	static const struct mailin_line_rules rules = { 4096, 4096, false };
	static const char ends[][11] = { "yyyyyyyy\r\n", "yyyyyyyyy\n" };
	enum mailin_line_result result;
	size_t i, len;
	char text[512];

	for (i = 0; i < 2; i++) {
		start();
		while (line.carry.len == 0 ||
		    line.carry.len + 10 <= line.carry.room)
			read_once(&rules, "x", 1, text, &len, &result);
		heap_fail(&heap, 1, true);
		read_once(&rules, ends[i], 10, text, &len, &result);
		ck_assert(result == (i == 0 ? LINE_NO_MEMORY : LINE_BARE_LF));
		ck_assert_uint_eq(len + heap_holding(&heap, "xxx"), 0);
		end();
	}
}
END_TEST

/* The buffer for a line in pieces has a limit (property 3, threat V22). */
START_TEST(no_line_makes_the_carry_outgrow_its_limit)
{
	enum mailin_line_result result;
	size_t i, len;
	char text[64];

	start();
	for (i = 0; i < 100000; i++) {
		read_once(&commands, "xxxx", 4, text, &len, &result);
		if (line.carry.len > LIMIT + 2 || heap.octets > 64)
			ck_abort_msg("%zu octets", heap.octets);
	}
	end();
}
END_TEST

START_TEST(a_wiped_line_leaves_no_octet)
{
	enum mailin_line_result result;
	char text[64];
	size_t len;

	start();
	heap.secret = "c2VjcmV0";
	read_once(&responses, "c2Vj", 4, text, &len, &result);
	read_once(&responses, "cmV0\r\n", 6, text, &len, &result);
	ck_assert_int_eq(result, LINE_WHOLE);
	ck_assert_uint_eq(heap_holding(&heap, "c2VjcmV0"), 1);
	mailin_line_wipe(&line);
	ck_assert_uint_eq(heap_holding(&heap, "c2VjcmV0"), 0);
	end();
	ck_assert_uint_eq(heap.leaks, 0);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		only_cr_lf_ends_a_line,
		bare_lf_is_found_at_its_place,
		a_line_may_have_as_many_octets_as_its_limit,
		the_limit_does_not_depend_on_the_cut,
		after_a_long_line_comes_the_next_one,
		http_and_tls_are_known_by_their_first_word,
		other_words_are_not_foreign,
		responses_are_never_foreign,
		a_whole_line_is_not_copied,
		without_memory_a_line_in_pieces_is_lost,
		without_memory_at_its_end_a_line_is_lost,
		no_line_makes_the_carry_outgrow_its_limit,
		a_wiped_line_leaves_no_octet,
	};

	return suite_run("line", tests, ROWS(tests));
}

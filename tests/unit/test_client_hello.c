/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests the name in EHLO of a client: its own name, or the name of the client
 * for which it has sent XCLIENT. */
#include <string.h>

#include "support/relay.h"
#include "support/suite.h"

/* After XCLIENT, EHLO has the name of the client that the server now sees. */
START_TEST(ehlo_has_the_name_of_another_client)
{
	static const struct {
		struct mailin_span name;
		enum mailin_error strict, relaxed;
	} rows[] = {
		{ TEXT("x.example"), MAILIN_OK, MAILIN_OK },
		{ TEXT("[192.0.2.1]"), MAILIN_OK, MAILIN_OK },
		{ TEXT("my_host"), MAILIN_ERROR_SYNTAX, MAILIN_OK },
		{ TEXT("a b"), MAILIN_ERROR_SYNTAX, MAILIN_OK },
		{ TEXT(""), MAILIN_ERROR_SYNTAX, MAILIN_ERROR_SYNTAX },
		{ TEXT(" a"), MAILIN_ERROR_SYNTAX, MAILIN_ERROR_SYNTAX },
		{ TEXT("a "), MAILIN_ERROR_SYNTAX, MAILIN_ERROR_SYNTAX },
		{ TEXT("a\r\nQUIT"), MAILIN_ERROR_SYNTAX, MAILIN_ERROR_SYNTAX },
		{ TEXT("a\n"), MAILIN_ERROR_SYNTAX, MAILIN_ERROR_SYNTAX },
		{ TEXT("a\0b"), MAILIN_ERROR_SYNTAX, MAILIN_ERROR_SYNTAX },
		{ { NULL, 0 }, MAILIN_ERROR_SYNTAX, MAILIN_ERROR_SYNTAX },
		{ { NULL, 1 }, MAILIN_ERROR_ARGUMENT, MAILIN_ERROR_ARGUMENT },
	};
	size_t i;
	int is_relaxed;

	for (i = 0; i < ROWS(rows); i++)
		for (is_relaxed = 0; is_relaxed < 2; is_relaxed++) {
			struct mailin_client_options options = {
				.size = sizeof options,
				.name = "a.example",
				.syntax = is_relaxed ? MAILIN_SYNTAX_RELAXED :
						       MAILIN_SYNTAX_STRICT
			};
			struct relay relay;

			relay_greet(&relay, &options, 1000, "XCLIENT=ADDR");
			ck_assert_msg(mailin_client_hello_as(relay.client,
					  rows[i].name) ==
				(is_relaxed ? rows[i].relaxed : rows[i].strict),
			    "row %zu, %d", i, is_relaxed);
			relay_end(&relay);
		}
}
END_TEST

START_TEST(another_name_is_used_once)
{
	static char text[510], no_line[4096];
	struct mailin_span values[MAILIN_ATTRIBUTE_COUNT] = { { NULL, 0 } };
	struct relay relay;

	relay_greet(&relay, NULL, 1000, "XCLIENT=ADDR");
	relay_call(&relay, mailin_client_xclient(relay.client, values));
	relay_text(&relay, "220 OK\r\n");
	relay_call(&relay,
	    mailin_client_hello_as(relay.client, SPAN("x.example")));
	relay_text(&relay, "250 OK\r\n");
	relay_call(&relay, mailin_client_hello(relay.client));
	relay_call(&relay,
	    mailin_client_hello_as(relay.client, SPAN("x.example")));
	relay_text(&relay, "250 OK\r\n");
	memset(text, 'x', sizeof text);
	relay_call(&relay,
	    mailin_client_hello_as(relay.client,
		(struct mailin_span){ text, sizeof text }));
	memset(no_line, 'x', sizeof no_line);
	relay_call(&relay,
	    mailin_client_hello_as(relay.client,
		(struct mailin_span){ no_line, sizeof no_line }));
	relay_expect(&relay,
	    "> XCLIENT ADDR=[UNAVAILABLE]\nXCLIENT 220 [OK]\n"
	    "> EHLO x.example\nHELLO 250 [OK]\nerror WAIT\n"
	    "> EHLO a.example\nHELLO 250 [OK]\nerror RANGE\n"
	    "error RANGE\n");
	relay_end(&relay);
}
END_TEST

/* "EHLO ", a name and CR LF have at most 512 octets.  The tokenizer refuses a
 * name that fits in the line but is too long for a name. */
START_TEST(a_line_has_at_most_512_octets)
{
	static const struct {
		size_t len;
		enum mailin_error error;
	} rows[] = {
		{ 505, MAILIN_ERROR_SYNTAX },
		{ 506, MAILIN_ERROR_RANGE },
	};
	char name[506];
	size_t i;

	memset(name, 'x', sizeof name);
	for (i = 0; i < ROWS(rows); i++) {
		struct relay relay;

		relay_greet(&relay, NULL, 1000, "");
		ck_assert_int_eq(mailin_client_hello_as(relay.client,
				     (struct mailin_span){ name, rows[i].len }),
		    rows[i].error);
		relay_end(&relay);
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		ehlo_has_the_name_of_another_client,
		another_name_is_used_once,
		a_line_has_at_most_512_octets,
	};

	return suite_run("client_hello", tests, ROWS(tests));
}

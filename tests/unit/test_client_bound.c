/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests the limits of a reply: the number of its lines, the length of a line,
 * and the length of its text. */
#include <stdio.h>
#include <string.h>

#include "support/relay.h"
#include "support/suite.h"

#define RELAXED_OPTIONS \
	{ \
		.size = sizeof(struct mailin_client_options), \
		.name = "a.example", .syntax = RELAXED \
	}

static const struct mailin_client_options relaxed = RELAXED_OPTIONS;

/* Feed the client a reply of one line, which has len octets, CR LF included. */
static void
hear_line(struct relay *relay, size_t len, const char *log)
{
	char octets[4096];

	memset(octets, 'x', sizeof octets);
	memcpy(octets, "250 ", 4);
	memcpy(octets + len - 2, "\r\n", 2);
	ck_assert_int_eq(mailin_client_noop(relay->client), MAILIN_OK);
	relay_hear(relay, (struct mailin_span){ octets, len });
	ck_assert_msg(strncmp(relay->log, log, strlen(log)) == 0, "%zu: %s",
	    len, relay->log);
	relay->len = 0;
}

/* RFC 5321 4.5.3.1.5: a line has at most 512 octets. */
START_TEST(a_line_has_at_most_512_octets)
{
	static const size_t steps[] = { 1, 7, 511, 512, 513, 5000 };
	struct relay relay;
	size_t i;

	for (i = 0; i < ROWS(steps); i++) {
		relay_greet(&relay, NULL, steps[i], "");
		hear_line(&relay, 511, "> NOOP\nNOOP 250 [xxx");
		hear_line(&relay, 512, "> NOOP\nNOOP 250 [xxx");
		hear_line(&relay, 513, "> NOOP\nFAULT LONG_LINE\n");
		relay_end(&relay);
		relay_greet(&relay, &relaxed, steps[i], "");
		hear_line(&relay, 2048, "> NOOP\nNOOP 250 [xxx");
		hear_line(&relay, 2049, "> NOOP\nFAULT LONG_LINE\n");
		relay_end(&relay);
	}
}
END_TEST

/* The limit also holds for the greeting, and for a 421 that no command has
 * asked for. */
START_TEST(a_line_before_any_command_has_at_most_512_octets)
{
	struct relay relay;
	char octets[513];
	size_t len, is_greeting;

	for (len = 512; len <= 513; len++)
		for (is_greeting = 0; is_greeting <= 1; is_greeting++) {
			memset(octets, 'x', sizeof octets);
			memcpy(octets, is_greeting ? "220 " : "421 ", 4);
			memcpy(octets + len - 2, "\r\n", 2);
			if (is_greeting)
				relay_begin(&relay, NULL, 5000);
			else
				relay_greet(&relay, NULL, 5000, "");
			relay_hear(&relay, (struct mailin_span){ octets, len });
			ck_assert_int_eq(
			    mailin_client_fault_found(relay.client),
			    len == 512 ? MAILIN_CLIENT_FAULT_NONE :
					 MAILIN_CLIENT_FAULT_LONG_LINE);
			relay_end(&relay);
		}
}
END_TEST

/* A line without an end is a fault as soon as it is longer than the limit
 * (threat V61). */
START_TEST(an_endless_line_is_a_fault)
{
	struct relay relay;
	char octets[600];

	memset(octets, '1', sizeof octets);
	memcpy(octets, "250 ", 4);
	relay_greet(&relay, NULL, 1000, "");
	ck_assert_int_eq(mailin_client_noop(relay.client), MAILIN_OK);
	relay_hear(&relay, (struct mailin_span){ octets, 511 });
	relay_expect(&relay, "> NOOP\n");
	relay_hear(&relay, (struct mailin_span){ octets, 1 });
	relay_expect(&relay, "FAULT LONG_LINE\n");
	relay_end(&relay);
}
END_TEST

/* Feed the client a reply to NOOP that has this many lines. */
static void
hear_lines(struct relay *relay, size_t lines)
{
	static char octets[2000 * 16];
	size_t i, len = 0;

	for (i = 1; i <= lines; i++)
		len += (size_t)snprintf(octets + len, sizeof octets - len,
		    "250%c%zu\r\n", i < lines ? '-' : ' ', i);
	ck_assert_int_eq(mailin_client_noop(relay->client), MAILIN_OK);
	relay_hear(relay, (struct mailin_span){ octets, len });
}

/* A reply with more than 100 lines is a fault (threat V61). */
START_TEST(a_reply_has_at_most_100_lines)
{
	static const size_t steps[] = { 1, 100, 1000000 };
	struct relay relay;
	size_t i;

	ck_assert_int_eq(MAILIN_CLIENT_LINES, 100);
	for (i = 0; i < ROWS(steps); i++) {
		relay_greet(&relay, NULL, steps[i], "");
		hear_lines(&relay, 100);
		ck_assert_ptr_nonnull(strstr(relay.log, "|99|100]\n"));
		relay.len = 0;
		hear_lines(&relay, 101);
		relay_expect(&relay, "> NOOP\nFAULT LINES\n");
		relay_end(&relay);
		relay_greet(&relay, NULL, steps[i], "");
		hear_lines(&relay, 2000);
		relay_expect(&relay, "> NOOP\nFAULT LINES\n");
		relay_end(&relay);
	}
}
END_TEST

/* The text of a reply has at most 2048 octets.  A line that does not fit is
 * left out as a whole. */
START_TEST(a_text_has_at_most_2048_octets)
{
	struct relay relay;
	struct mailin_client_reply reply;
	struct mailin_span in;
	char octets[4096];
	size_t len, last;

	ck_assert_int_eq(MAILIN_CLIENT_TEXT, 2048);
	/* Four lines of 500 octets, three LFs, and a last line that just fits
	 * in the text, or is one octet too long. */
	for (last = 44; last <= 45; last++) {
		relay_greet(&relay, NULL, 5000, "");
		ck_assert_int_eq(mailin_client_noop(relay.client), MAILIN_OK);
		relay_send(&relay);
		for (len = 0; len < 4 * 506; len += 506) {
			memcpy(octets + len, "250-", 4);
			memset(octets + len + 4, 'x', 500);
			memcpy(octets + len + 504, "\r\n", 2);
		}
		memcpy(octets + len, "250-", 4);
		memset(octets + len + 4, 'y', last);
		memcpy(octets + len + 4 + last, "\r\n250\r\n", 7);
		len += 4 + last + 7;
		in = (struct mailin_span){ octets, len };
		ck_assert_int_eq(mailin_client_feed(relay.client, &in, &reply),
		    MAILIN_CLIENT_REPLY);
		ck_assert_uint_eq(reply.text.len,
		    last == 44 ? 2048 : 4 * 500 + 3 + 1);
		relay_end(&relay);
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		a_line_has_at_most_512_octets,
		a_line_before_any_command_has_at_most_512_octets,
		an_endless_line_is_a_fault,
		a_reply_has_at_most_100_lines,
		a_text_has_at_most_2048_octets,
	};

	return suite_run("client_bound", tests, ROWS(tests));
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests AUTH of a client, for mechanisms with challenges (RFC 4954 4). */
#include <stdio.h>
#include <string.h>

#include "support/heap.h"
#include "support/relay.h"
#include "support/suite.h"

static const struct mailin_client_options relaxed = {
	.size = sizeof relaxed,
	.name = "a.example",
	.syntax = RELAXED,
};

static const struct mailin_span absent;

static enum mailin_error
start(struct relay *relay, const char *mechanism, struct mailin_span initial)
{
	return mailin_client_auth(relay->client, mechanism, initial);
}

/* ---- Exchanges ---- */

/* The exchange of RFC 7677 3, over SMTP. */
START_TEST(scram_has_two_challenges)
{
	static const char first[] = "n,,n=user,r=rOprNGfwEbeRWgbNEkqO";
	static const char last[] =
	    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,"
	    "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
	struct relay relay;
	size_t step;

	for (step = 1; step < 200; step++) {
		relay_greet(&relay, NULL, step, "AUTH=SCRAM-SHA-256=PLAIN");
		relay_call(&relay,
		    start(&relay, "SCRAM-SHA-256",
			(struct mailin_span){ first, sizeof first - 1 }));
		relay_text(&relay,
		    "334 cj1yT3ByTkdmd0ViZVJXZ2JORWtxTyVodllEcFdVYTJSYVRDQWZ1"
		    "eEZJbGopaE5sRiRrMCxzPVcyMlphSjBTTlk3c29Fc1VFamI2Z1E9PSxp"
		    "PTQwOTY=\r\n");
		ck_assert(!mailin_client_ready(relay.client));
		relay_call(&relay,
		    mailin_client_auth_respond(relay.client,
			(struct mailin_span){ last, sizeof last - 1 }));
		relay_text(&relay,
		    "334 dj02cnJpVFJCaTIzV3BSUi93dHVwK21NaFVaVW4vZEI1bkxUSlJz"
		    "amw5NUc0PQ==\r\n");
		relay_call(&relay,
		    mailin_client_auth_respond(relay.client, absent));
		relay_text(&relay, "235 2.7.0 yes\r\n");
		ck_assert(mailin_client_ready(relay.client));
		relay_expect(&relay,
		    "> AUTH SCRAM-SHA-256 biwsbj11c2VyLHI9ck9wck5HZndFYmVSV2di"
		    "TkVrcU8=\n"
		    "SASL 334 [r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hN"
		    "lF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096]\n"
		    "> Yz1iaXdzLHI9ck9wck5HZndFYmVSV2diTkVrcU8laHZZRHBXVWEyUmF"
		    "UQ0FmdXhGSWxqKWhObEYkazAscD1kSHpiWmFwV0lrNGpVaE4rVXRlOXl0"
		    "YWc5empmTUhnc3FtbWl6N0FuZFZRPQ==\n"
		    "RESPONSE 334 [v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95"
		    "G4=]\n"
		    "> \nRESPONSE 235 2.7.0 [yes]\n");
		relay_end(&relay);
	}
}
END_TEST

START_TEST(an_initial_response_is_absent_empty_or_base64)
{
	struct relay relay;

	relay_greet(&relay, NULL, 100, "AUTH=LOGIN=EXTERNAL");
	relay_call(&relay, start(&relay, "LOGIN", absent));
	relay_text(&relay, "535 5.7.8 no\r\n");
	relay_call(&relay,
	    start(&relay, "EXTERNAL", (struct mailin_span){ "", 0 }));
	relay_text(&relay, "235 yes\r\n");
	relay_call(&relay,
	    start(&relay, "external", (struct mailin_span){ "a\0b", 3 }));
	relay_text(&relay, "454 later\r\n");
	relay_expect(&relay,
	    "> AUTH LOGIN\nSASL 535 5.7.8 [no]\n"
	    "> AUTH EXTERNAL =\nSASL 235 [yes]\n"
	    "> AUTH external YQBi\nSASL 454 [later]\n");
	ck_assert(mailin_client_ready(relay.client));
	relay_end(&relay);
}
END_TEST

/* A challenge may have any octets.  An empty challenge gives an empty text. */
START_TEST(a_challenge_may_have_any_octets)
{
	struct mailin_client_reply reply;
	struct mailin_span in = TEXT("334 AAoNgP8=\r\n");
	struct relay relay;

	relay_greet(&relay, NULL, 100, RELAY_ALL);
	ck_assert_int_eq(relay_command(&relay, DO_SASL), MAILIN_OK);
	relay_send(&relay);
	ck_assert_int_eq(mailin_client_feed(relay.client, &in, &reply),
	    MAILIN_CLIENT_REPLY);
	ck_assert_int_eq(reply.of, MAILIN_CLIENT_SASL);
	ck_assert_int_eq(reply.code, 334);
	ck_assert_str_eq(reply.enhanced, "");
	ck_assert_uint_eq(reply.text.len, 5);
	ck_assert_mem_eq(reply.text.ptr, "\0\n\r\x80\xff", 5);
	ck_assert_int_eq(relay_command(&relay, DO_RESPOND), MAILIN_OK);
	relay_send(&relay);
	in = mailin_span_of("334\r\n");
	ck_assert_int_eq(mailin_client_feed(relay.client, &in, &reply),
	    MAILIN_CLIENT_REPLY);
	ck_assert_int_eq(reply.of, MAILIN_CLIENT_RESPONSE);
	ck_assert_uint_eq(reply.text.len, 0);
	relay_end(&relay);
}
END_TEST

/* RFC 4954 4: the server must refuse an exchange that the client has cancelled
 * with "*".  A reply of success after "*" is a fault (threat V66). */
START_TEST(a_cancelled_exchange_cannot_succeed)
{
	static const struct {
		const char *octets, *log;
	} rows[] = {
		{ "501 5.7.0 ok\r\n", "> *\nCANCEL 501 5.7.0 [ok]\n" },
		{ "535 no\r\n", "> *\nCANCEL 535 [no]\n" },
		{ "235 2.7.0 yes\r\n", "> *\nFAULT CODE\n" },
		{ "334 \r\n", "> *\nFAULT CODE\n" },
		{ "250 OK\r\n", "> *\nFAULT CODE\n" },
		{ "421 bye\r\n", "> *\nCANCEL 421 [bye]\n" },
	};
	struct relay relay;
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		relay_enter(&relay, AT_CHALLENGE);
		relay.len = 0;
		relay_call(&relay, relay_command(&relay, DO_CANCEL));
		relay_text(&relay, rows[i].octets);
		relay_expect(&relay, rows[i].log);
		ck_assert(mailin_client_ready(relay.client) == (i < 2));
		relay_end(&relay);
	}
	/* The reply 235 comes before the "*" is sent. */
	relay_enter(&relay, AT_CHALLENGE);
	relay.len = 0;
	relay_call(&relay, relay_command(&relay, DO_CANCEL));
	relay_hear_early(&relay, "235 yes\r\n");
	relay_expect(&relay, "FAULT UNASKED\n");
	relay_end(&relay);
	/* The reply 235 comes before the client has responded to the
	 * challenge. */
	relay_enter(&relay, AT_CHALLENGE);
	relay.len = 0;
	relay_text(&relay, "235 yes\r\n");
	relay_expect(&relay, "FAULT UNASKED\n");
	relay_end(&relay);
}
END_TEST

/* A challenge after AUTH PLAIN with an initial response is a fault. */
START_TEST(auth_plain_has_no_challenge)
{
	struct relay relay;

	relay_greet(&relay, NULL, 100, RELAY_ALL);
	relay_done(&relay, DO_AUTH, "334 \r\n");
	relay_expect(&relay, "> AUTH PLAIN AHUAcA==\nFAULT CODE\n");
	relay_end(&relay);
}
END_TEST

/* ---- Challenges and responses that are refused ---- */

/* A challenge must be one line of valid base64 (threat V73). */
START_TEST(a_challenge_is_one_line_of_base64)
{
	static const char *const octets[] = {
		"334 a\r\n",
		"334 YQ=\r\n",
		"334 YR==\r\n",
		"334 YQ== \r\n",
		"334  YQ==\r\n",
		"334 Y\tQ=\r\n",
		"334 go on\r\n",
		"334 3.0.0 YWJj\r\n",
		"334-YWJj\r\n334 YWJj\r\n",
		"334-\r\n334 \r\n",
		"334-YWJj\r\n334\r\n",
	};
	struct relay relay;
	size_t i;

	for (i = 0; i < ROWS(octets); i++) {
		relay_greet(&relay, i % 2 == 0 ? NULL : &relaxed, 1 + i,
		    RELAY_ALL);
		relay_done(&relay, DO_SASL, octets[i]);
		relay_expect(&relay, "> AUTH PLAIN\nFAULT SYNTAX\n");
		relay_end(&relay);
	}
}
END_TEST

/* Returns a line of a reply that has len octets, CR LF included: the head, and
 * then base64. */
static struct mailin_span
base64_line(const char *head, size_t len)
{
	static char octets[4096];

	memset(octets, 'A', sizeof octets);
	memcpy(octets, head, strlen(head));
	memcpy(octets + len - 2, "\r\n", 2);
	return (struct mailin_span){ octets, len };
}

/* A line that does not fit in the text of a reply is left out.  The rest of
 * such a challenge must not be taken for a whole challenge. */
START_TEST(a_long_challenge_of_two_lines_is_a_fault)
{
	struct relay relay;

	relay_greet(&relay, &relaxed, 5000, RELAY_ALL);
	ck_assert_int_eq(relay_command(&relay, DO_SASL), MAILIN_OK);
	relay_hear(&relay, base64_line("334-", 4 + 1600 + 2));
	relay_hear(&relay, base64_line("334 ", 4 + 1600 + 2));
	relay_expect(&relay, "> AUTH PLAIN\nFAULT SYNTAX\n");
	relay_end(&relay);
}
END_TEST

/* RFC 4954 4.3 allows challenges that are longer than other replies. */
START_TEST(a_challenge_has_at_most_1530_octets)
{
	struct mailin_client_reply reply;
	struct mailin_span in;
	struct relay relay;
	int round;

	for (round = 0; round < 2; round++) {
		relay_greet(&relay, round == 0 ? NULL : &relaxed, 5000,
		    RELAY_ALL);
		ck_assert_int_eq(relay_command(&relay, DO_SASL), MAILIN_OK);
		relay_send(&relay);
		in = base64_line("334 ", 4 + 2040 + 2);
		ck_assert_int_eq(mailin_client_feed(relay.client, &in, &reply),
		    MAILIN_CLIENT_REPLY);
		ck_assert_uint_eq(reply.text.len, 1530);
		ck_assert_int_eq(relay_command(&relay, DO_RESPOND), MAILIN_OK);
		relay_send(&relay);
		in = base64_line("535 ", 2048);
		ck_assert_int_eq(mailin_client_feed(relay.client, &in, &reply),
		    MAILIN_CLIENT_REPLY);
		ck_assert_int_eq(relay_command(&relay, DO_SASL), MAILIN_OK);
		relay_send(&relay);
		in = base64_line("334 ", 2049);
		ck_assert_int_eq(mailin_client_feed(relay.client, &in, &reply),
		    MAILIN_CLIENT_FAULT);
		ck_assert_int_eq(mailin_client_fault_found(relay.client),
		    MAILIN_CLIENT_FAULT_LONG_LINE);
		relay_end(&relay);
	}
}
END_TEST

START_TEST(responses_fit_in_a_line)
{
	static char octets[3000];
	struct mailin_span span = { octets, 0 }, broken = { NULL, 1 };
	struct relay relay;

	memset(octets, 'x', sizeof octets);
	relay_greet(&relay, NULL, 100, RELAY_ALL);
	ck_assert_int_eq(start(&relay, NULL, absent), MAILIN_ERROR_ARGUMENT);
	ck_assert_int_eq(start(&relay, "PLAIN", broken), MAILIN_ERROR_ARGUMENT);
	/* In a line of 512 octets, "AUTH PLAIN " and CR LF leave 499 octets. */
	span.len = 373;
	ck_assert_int_eq(start(&relay, "PLAIN", span), MAILIN_ERROR_RANGE);
	span.len = SIZE_MAX;
	ck_assert_int_eq(start(&relay, "PLAIN", span), MAILIN_ERROR_RANGE);
	ck_assert_uint_eq(mailin_client_awaited(relay.client), 0);
	span.len = 372;
	ck_assert_int_eq(start(&relay, "PLAIN", span), MAILIN_OK);
	ck_assert_uint_eq(mailin_client_output(relay.client).len, 509);
	relay_text(&relay, "334 \r\n");
	ck_assert_int_eq(mailin_client_auth_respond(relay.client, broken),
	    MAILIN_ERROR_ARGUMENT);
	span.len = 1918;
	ck_assert_int_eq(mailin_client_auth_respond(relay.client, span),
	    MAILIN_ERROR_RANGE);
	span.len = SIZE_MAX;
	ck_assert_int_eq(mailin_client_auth_respond(relay.client, span),
	    MAILIN_ERROR_RANGE);
	span.len = 1917;
	ck_assert_int_eq(mailin_client_auth_respond(relay.client, span),
	    MAILIN_OK);
	ck_assert_uint_eq(mailin_client_output(relay.client).len, 2558);
	relay_end(&relay);
	/* With a name of four letters, a line can have exactly 512 octets. */
	relay_greet(&relay, NULL, 100, "AUTH=FOUR");
	span.len = 376;
	ck_assert_int_eq(start(&relay, "FOUR", span), MAILIN_ERROR_RANGE);
	span.len = 375;
	ck_assert_int_eq(start(&relay, "FOUR", span), MAILIN_OK);
	ck_assert_uint_eq(mailin_client_output(relay.client).len, 512);
	relay_end(&relay);
}
END_TEST

/* ---- Secrets ---- */

/* A response is overwritten in memory after it was sent, or if it was refused
 * (threat V72). */
START_TEST(responses_are_overwritten)
{
	struct heap heap;
	struct mailin_client_options options = {
		.size = sizeof options,
		.name = "a.example",
	};
	static char octets[400];
	struct mailin_span long_one = { octets, sizeof octets };
	struct relay relay;

	memset(octets, 's', sizeof octets);
	heap_init(&heap);
	options.allocator = &heap.allocator;
	heap.secret = "c2VjcmV0"; /* base64 of "secret" */
	relay_greet(&relay, &options, 100, RELAY_ALL);
	ck_assert_int_eq(start(&relay, "PLAIN", long_one), MAILIN_ERROR_RANGE);
	ck_assert_uint_eq(heap_holding(&heap, "c3Nzc3Nz"), 0);
	ck_assert_int_eq(start(&relay, "PLAIN", mailin_span_of("secret")),
	    MAILIN_OK);
	ck_assert_uint_eq(heap_holding(&heap, heap.secret), 1);
	relay_send(&relay);
	ck_assert_uint_eq(heap_holding(&heap, heap.secret), 0);
	relay_text(&relay, "334 \r\n");
	ck_assert_int_eq(
	    mailin_client_auth_respond(relay.client, mailin_span_of("secret")),
	    MAILIN_OK);
	ck_assert_uint_eq(heap_holding(&heap, heap.secret), 1);
	relay_send(&relay);
	ck_assert_uint_eq(heap_holding(&heap, heap.secret), 0);
	relay_text(&relay, "334 \r\n");
	/* The reply 421 overwrites a response that was not sent. */
	ck_assert_int_eq(
	    mailin_client_auth_respond(relay.client, mailin_span_of("secret")),
	    MAILIN_OK);
	relay_hear_early(&relay, "421 bye\r\n");
	ck_assert_uint_eq(heap_holding(&heap, heap.secret), 0);
	relay_end(&relay);
	ck_assert_uint_eq(heap.leaks, 0);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		scram_has_two_challenges,
		an_initial_response_is_absent_empty_or_base64,
		a_challenge_may_have_any_octets,
		a_cancelled_exchange_cannot_succeed,
		auth_plain_has_no_challenge,
		a_challenge_is_one_line_of_base64,
		a_long_challenge_of_two_lines_is_a_fault,
		a_challenge_has_at_most_1530_octets,
		responses_fit_in_a_line,
		responses_are_overwritten,
	};

	return suite_run("client_sasl", tests, ROWS(tests));
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests how a client sends a message, LMTP, and STARTTLS. */
#include <stdio.h>
#include <string.h>

#include "support/relay.h"
#include "support/suite.h"

static const struct mailin_client_options lmtp = {
	.size = sizeof lmtp,
	.name = "a.example",
	.protocol = MAILIN_PROTOCOL_LMTP,
};

/* ---- The message ---- */

static void
hand_on(struct relay *relay, const char *text)
{
	struct mailin_span in = mailin_span_of(text), out;

	while (in.len > 0) {
		enum mailin_error error = mailin_client_body(relay->client, &in,
		    &out);

		relay_call(relay, error);
		if (error != MAILIN_OK)
			return;
		relay_note(relay, "body %s", suite_quote(out));
	}
}

START_TEST(the_message_is_stuffed_and_ended)
{
	struct relay relay;

	relay_enter(&relay, AT_IN_BODY);
	relay.len = 0;
	hand_on(&relay, "a\r\n");
	hand_on(&relay, ".b");
	relay_done(&relay, DO_BODY_END, "250 2.6.0 OK\r\n");
	ck_assert_int_eq(relay_command(&relay, DO_BODY), MAILIN_ERROR_STATE);
	ck_assert_int_eq(relay_command(&relay, DO_BODY_END),
	    MAILIN_ERROR_STATE);
	/* The first message does not change how the second one is stuffed. */
	relay_transaction(&relay);
	relay_done(&relay, DO_DATA, "354 go\r\n");
	relay_done(&relay, DO_BODY_END, "550 no\r\n");
	relay_expect(&relay,
	    "body a\\x0d\\x0a\nbody .\nbody .b\n> \n> .\n"
	    "MESSAGE 0 250 2.6.0 [OK]\n"
	    "> MAIL FROM:<a@b>\nMAIL 250 [OK]\n"
	    "> RCPT TO:<a@b>\nRCPT 0 250 [OK]\n"
	    "> DATA\nDATA 354 [go]\n> .\nMESSAGE 0 550 [no]\n");
	relay_end(&relay);
}
END_TEST

START_TEST(the_body_needs_places)
{
	struct relay relay;
	struct mailin_span in = TEXT("abc"), out, broken = { NULL, 3 };

	relay_enter(&relay, AT_IN_BODY);
	ck_assert_int_eq(mailin_client_body(relay.client, NULL, &out),
	    MAILIN_ERROR_ARGUMENT);
	ck_assert_int_eq(mailin_client_body(relay.client, &in, NULL),
	    MAILIN_ERROR_ARGUMENT);
	ck_assert_int_eq(mailin_client_body(relay.client, &broken, &out),
	    MAILIN_ERROR_ARGUMENT);
	/* The message can still be ended. */
	ck_assert_int_eq(mailin_client_body(relay.client, &in, &out),
	    MAILIN_OK);
	ck_assert_int_eq(mailin_client_body_end(relay.client), MAILIN_OK);
	relay_end(&relay);
}
END_TEST

/* A bare newline would let the message smuggle another message (threat V65).
 * After a bare newline there is no way to end the message. */
START_TEST(a_message_with_a_bare_newline_cannot_be_ended)
{
	static const char *const texts[] = { "a\nb", "a\rb", "\n.\n" };
	struct relay relay;
	size_t i;
	unsigned command;

	for (i = 0; i < ROWS(texts); i++) {
		relay_enter(&relay, AT_IN_BODY);
		hand_on(&relay, texts[i]);
		ck_assert_ptr_nonnull(strstr(relay.log, "error SYNTAX"));
		for (command = 0; command < DO_COUNT; command++)
			ck_assert_int_eq(relay_command(&relay, command),
			    MAILIN_ERROR_STATE);
		relay_end(&relay);
	}
	relay_enter(&relay, AT_IN_BODY);
	hand_on(&relay, "a\r");
	ck_assert_int_eq(relay_command(&relay, DO_BODY_END),
	    MAILIN_ERROR_SYNTAX);
	for (command = 0; command < DO_COUNT; command++)
		ck_assert_int_eq(relay_command(&relay, command),
		    MAILIN_ERROR_STATE);
	ck_assert_uint_eq(mailin_client_output(relay.client).len, 0);
	relay_end(&relay);
}
END_TEST

/* ---- LMTP ---- */

/* RFC 2033 4.2: in LMTP the server sends a reply to a message (verdict) for
 * each accepted recipient. */
START_TEST(lmtp_has_a_verdict_for_each_accepted_recipient)
{
	struct relay relay;
	size_t step;

	for (step = 1; step < 40; step++) {
		relay_greet(&relay, &lmtp, step, "PIPELINING");
		relay_call(&relay, relay_command(&relay, DO_MAIL));
		relay_call(&relay, relay_command(&relay, DO_RCPT));
		relay_call(&relay, relay_command(&relay, DO_RCPT));
		relay_call(&relay, relay_command(&relay, DO_RCPT));
		relay_call(&relay, relay_command(&relay, DO_RCPT));
		relay_text(&relay,
		    "250 a\r\n550 b\r\n250 c\r\n450 d\r\n250 e\r\n");
		relay_call(&relay, relay_command(&relay, DO_DATA));
		relay_text(&relay, "354 f\r\n");
		relay_call(&relay, relay_command(&relay, DO_BODY_END));
		ck_assert_uint_eq(mailin_client_awaited(relay.client), 2);
		relay_text(&relay, "250 2.1.5 g\r\n");
		ck_assert_uint_eq(mailin_client_awaited(relay.client), 1);
		ck_assert_int_eq(mailin_client_awaits(relay.client),
		    MAILIN_CLIENT_MESSAGE);
		ck_assert(!mailin_client_ready(relay.client));
		relay_text(&relay, "452-4.2.2 h\r\n452 4.2.2 i\r\n");
		ck_assert(mailin_client_ready(relay.client));
		relay_expect(&relay,
		    "> MAIL FROM:<a@b>\n> RCPT TO:<a@b>\n> RCPT TO:<a@b>\n"
		    "> RCPT TO:<a@b>\n> RCPT TO:<a@b>\nMAIL 250 [a]\n"
		    "RCPT 0 550 [b]\nRCPT 1 250 [c]\nRCPT 2 450 [d]\n"
		    "RCPT 3 250 [e]\n> DATA\nDATA 354 [f]\n> .\n"
		    "MESSAGE 1 250 2.1.5 [g]\nMESSAGE 3 452 4.2.2 [h|i]\n");
		relay_text(&relay, "250 j\r\n");
		relay_expect(&relay, "FAULT UNASKED\n");
		relay_end(&relay);
	}
}
END_TEST

/* Returns true if the server accepts this recipient in this round. */
static bool
is_taken(unsigned round, unsigned rcpt)
{
	return round == 0 || (round == 1) == (rcpt % 3 == 0 || rcpt == 17);
}

/* In LMTP, each verdict is reported for the right accepted recipient of the
 * current transaction, however many recipients there are. */
START_TEST(lmtp_has_the_verdicts_of_many_recipients)
{
	static const size_t counts[] = { 8, 10, 18 };
	struct mailin_client_options options = lmtp;
	struct relay relay;
	size_t i, count;
	unsigned round, rcpt;

	for (i = 0; i < ROWS(counts); i++) {
		options.recipients = counts[i];
		relay_greet(&relay, &options, 100, "PIPELINING");
		for (round = 0; round < 3; round++) {
			char log[64];

			/* The second transaction has more recipients than the
			 * first one. */
			count = round == 0 && i > 0 ? counts[i] - 1 : counts[i];
			relay_done(&relay, DO_MAIL, "250 OK\r\n");
			for (rcpt = 0; rcpt < count; rcpt++)
				relay_done(&relay, DO_RCPT,
				    is_taken(round, rcpt) ? "250 OK\r\n" :
							    "550 no\r\n");
			relay_done(&relay, DO_DATA, "354 go\r\n");
			ck_assert_int_eq(relay_command(&relay, DO_BODY_END),
			    MAILIN_OK);
			relay_send(&relay);
			for (rcpt = 0; rcpt < count; rcpt++) {
				if (!is_taken(round, rcpt))
					continue;
				relay.len = 0;
				relay_text(&relay, "250 OK\r\n");
				(void)snprintf(log, sizeof log,
				    "MESSAGE %u 250 [OK]\n", rcpt);
				relay_expect(&relay, log);
			}
			ck_assert(mailin_client_ready(relay.client));
		}
		relay_end(&relay);
	}
}
END_TEST

START_TEST(lmtp_forgets_the_recipients_of_the_last_transaction)
{
	static const char *const replies[] = {
		"250 a\r\n250 b\r\n250 c\r\n",
		"250 d\r\n550 e\r\n250 f\r\n",
	};
	struct relay relay;
	size_t i;

	relay_greet(&relay, &lmtp, 1, "PIPELINING");
	for (i = 0; i < ROWS(replies); i++) {
		relay_call(&relay, relay_command(&relay, DO_MAIL));
		relay_call(&relay, relay_command(&relay, DO_RCPT));
		relay_call(&relay, relay_command(&relay, DO_RCPT));
		relay_text(&relay, replies[i]);
		relay_call(&relay, relay_command(&relay, DO_DATA));
		relay_text(&relay, "354 g\r\n");
		relay_call(&relay, relay_command(&relay, DO_BODY_END));
		ck_assert_uint_eq(mailin_client_awaited(relay.client), 2 - i);
		relay_text(&relay, i == 0 ? "250 h\r\n250 i\r\n" : "250 j\r\n");
		ck_assert(mailin_client_ready(relay.client));
	}
	ck_assert_ptr_nonnull(strstr(relay.log, "MESSAGE 1 250 [j]"));
	relay_end(&relay);
}
END_TEST

START_TEST(lmtp_says_lhlo)
{
	struct relay relay;

	relay_begin(&relay, &lmtp, 100);
	relay_text(&relay, "220 OK\r\n");
	relay_done(&relay, DO_HELLO, "250 OK\r\n");
	relay_expect(&relay,
	    "GREETING 220 [OK]\n> LHLO a.example\nHELLO 250 [OK]\n");
	relay_end(&relay);
}
END_TEST

/* ---- STARTTLS ---- */

/* An attacker between client and server may add octets in clear after the reply
 * 220.  They must not count as replies of the server inside TLS (threat V62,
 * RFC 3207). */
START_TEST(octets_in_clear_after_starttls_are_a_fault)
{
	static const char octets[] = "220 go\r\n250 injected\r\n";
	struct relay relay;
	size_t step;

	for (step = 1; step < sizeof octets; step++) {
		relay_greet(&relay, NULL, step, RELAY_ALL);
		relay_done(&relay, DO_STARTTLS, octets);
		relay_expect(&relay,
		    "> STARTTLS\nSTARTTLS 220 [go]\nFAULT CLEAR\n");
		ck_assert_int_eq(relay_command(&relay, DO_TLS_STARTED),
		    MAILIN_ERROR_STATE);
		relay_end(&relay);
	}
}
END_TEST

/* If octets after the reply 220 are left that the program has not fed to the
 * client, TLS cannot begin. */
START_TEST(octets_left_after_starttls_forbid_tls)
{
	struct relay relay;
	struct mailin_client_reply reply;
	struct mailin_span in = TEXT("220 go\r\n2");

	relay_greet(&relay, NULL, 100, RELAY_ALL);
	ck_assert_int_eq(relay_command(&relay, DO_STARTTLS), MAILIN_OK);
	relay_send(&relay);
	ck_assert_int_eq(mailin_client_feed(relay.client, &in, &reply),
	    MAILIN_CLIENT_REPLY);
	ck_assert_uint_eq(in.len, 1);
	ck_assert_int_eq(relay_command(&relay, DO_TLS_STARTED),
	    MAILIN_ERROR_STATE);
	in.len = 0;
	ck_assert_int_eq(mailin_client_feed(relay.client, &in, &reply),
	    MAILIN_CLIENT_MORE);
	ck_assert_int_eq(relay_command(&relay, DO_TLS_STARTED),
	    MAILIN_ERROR_STATE);
	relay_end(&relay);
}
END_TEST

START_TEST(tls_forgets_what_was_offered)
{
	struct relay relay;

	relay_greet(&relay, NULL, 100, RELAY_ALL " SIZE=100");
	relay_done(&relay, DO_STARTTLS, "220 go\r\n");
	ck_assert_int_eq(relay_command(&relay, DO_TLS_STARTED), MAILIN_OK);
	ck_assert_int_eq(relay_command(&relay, DO_TLS_STARTED),
	    MAILIN_ERROR_STATE);
	ck_assert(
	    !mailin_client_offers(relay.client, MAILIN_EXTENSION_PIPELINING));
	ck_assert(!mailin_client_offers_mechanism(relay.client,
	    MAILIN_MECHANISM_PLAIN));
	ck_assert_uint_eq(
	    mailin_client_limit(relay.client, MAILIN_LIMIT_MESSAGE_SIZE), 0);
	ck_assert_int_eq(relay_command(&relay, DO_AUTH), MAILIN_ERROR_STATE);
	relay.len = 0;
	relay_done(&relay, DO_HELLO, "250-b\r\n250 AUTH PLAIN\r\n");
	relay_done(&relay, DO_AUTH, "235 OK\r\n");
	ck_assert_int_eq(relay_command(&relay, DO_STARTTLS),
	    MAILIN_ERROR_UNOFFERED);
	relay_expect(&relay,
	    "> EHLO a.example\nHELLO 250 [b|AUTH PLAIN]\n"
	    "> AUTH PLAIN AHUAcA==\nAUTH 235 [OK]\n");
	relay_end(&relay);
}
END_TEST

START_TEST(a_refused_starttls_changes_nothing)
{
	struct relay relay;

	relay_greet(&relay, NULL, 100, RELAY_ALL);
	relay_done(&relay, DO_STARTTLS, "454 later\r\n");
	ck_assert(mailin_client_ready(relay.client));
	ck_assert_int_eq(relay_command(&relay, DO_TLS_STARTED),
	    MAILIN_ERROR_STATE);
	ck_assert_int_eq(relay_command(&relay, DO_MAIL), MAILIN_OK);
	relay_end(&relay);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		the_message_is_stuffed_and_ended,
		the_body_needs_places,
		a_message_with_a_bare_newline_cannot_be_ended,
		lmtp_has_a_verdict_for_each_accepted_recipient,
		lmtp_has_the_verdicts_of_many_recipients,
		lmtp_forgets_the_recipients_of_the_last_transaction,
		lmtp_says_lhlo,
		octets_in_clear_after_starttls_are_a_fault,
		octets_left_after_starttls_forbid_tls,
		tls_forgets_what_was_offered,
		a_refused_starttls_changes_nothing,
	};

	return suite_run("client_message", tests, ROWS(tests));
}

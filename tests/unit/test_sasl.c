/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "support/client.h"

/* AUTH other than PLAIN and LOGIN: bearer tokens, certificates, and mechanisms
 * that a handler implements (RFC 4954, RFC 7628, RFC 4422). */

static struct client client;
static struct mailin_credentials seen;
static char seen_text[3][64];

static void
keep(size_t index, struct mailin_span span)
{
	snprintf(seen_text[index], sizeof seen_text[index], "%.*s",
	    (int)span.len, span.len > 0 ? span.ptr : "");
}

static enum mailin_reply
on_auth(struct mailin_session *session,
    const struct mailin_credentials *credentials, void *user)
{
	(void)session;
	(void)user;
	seen.mechanism = credentials->mechanism;
	keep(0, credentials->authzid);
	keep(1, credentials->authcid);
	keep(2, credentials->token);
	return client.answers[ON_AUTH];
}

static void
begin(const char *mechanisms)
{
	client_init(&client);
	client.handler.auth = on_auth;
	client_set(&client, "tls", "optional");
	if (mechanisms != NULL)
		client_set(&client, "mechanisms", mechanisms);
}

static void
greet(void)
{
	client_begin(&client);
	client_greet(&client);
	(void)client_replies(&client);
}

/* user=someuser@example.com^Aauth=Bearer vF9dft4qmT^A^A */
#define XOAUTH2 \
	"dXNlcj1zb21ldXNlckBleGFtcGxlLmNvbQFhdXRoPUJlYXJlciB2RjlkZ" \
	"nQ0cW1UAQE="
/* n,a=user@example.com,^Ahost=s^Aport=587^Aauth=Bearer vF9dft4qmT^A^A */
#define OAUTHBEARER \
	"bixhPXVzZXJAZXhhbXBsZS5jb20sAWhvc3Q9cwFwb3J0PTU4NwFhdXRo" \
	"PUJlYXJlciB2RjlkZnQ0cW1UAQE="

START_TEST(xoauth2_is_decoded_to_a_name_and_a_token)
{
	begin("XOAUTH2");
	greet();
	client_expect(&client, "AUTH XOAUTH2 " XOAUTH2, "235 2.7.0");
	ck_assert_str_eq(seen_text[1], "someuser@example.com");
	ck_assert_str_eq(seen_text[2], "vF9dft4qmT");
	ck_assert(mailin_span_equal(mailin_session_identity(client.session),
	    "someuser@example.com"));
	client_end(&client);
}
END_TEST

START_TEST(oauthbearer_is_decoded_to_a_name_and_a_token)
{
	begin("OAUTHBEARER");
	greet();
	client_expect(&client, "AUTH OAUTHBEARER", "334");
	client_expect(&client, OAUTHBEARER, "235 2.7.0");
	ck_assert_str_eq(seen_text[0], "user@example.com");
	ck_assert_str_eq(seen_text[2], "vF9dft4qmT");
	client_end(&client);
}
END_TEST

/* RFC 7628 3.2.3: if a token is refused, a challenge first gives the reason.
 * The client responds, and is then refused, whatever its response is. */
START_TEST(a_refused_token_takes_one_more_round)
{
	begin("OAUTHBEARER,XOAUTH2");
	client.answers[ON_AUTH] = MAILIN_REPLY_BAD_CREDENTIALS;
	greet();
	client_expect(&client, "AUTH OAUTHBEARER " OAUTHBEARER, "334");
	client_expect(&client, "AQ==", "535 5.7.8");
	client_expect(&client, "AUTH XOAUTH2 " XOAUTH2, "334");
	client_expect(&client, "", "535 5.7.8");
	client_expect(&client, "AUTH XOAUTH2 " XOAUTH2, "334");
	client_expect(&client, "*", "535 5.7.8");
	client.answers[ON_AUTH] = MAILIN_REPLY_AUTH_LATER;
	client_expect(&client, "AUTH XOAUTH2 " XOAUTH2, "421 4.7.0");
	client_end(&client);
}
END_TEST

static enum mailin_reply
refuse_in_words(struct mailin_session *session,
    const struct mailin_credentials *credentials, void *user)
{
	(void)credentials, (void)user;
	return mailin_session_reply(session, 535, "5.7.8", "Not you");
}

/* The client's response to the challenge may be impossible to decode.  Even
 * then the failed login counts, and the reply that refused the token is
 * sent. */
START_TEST(a_refused_token_is_counted_after_any_response)
{
	static char answer[12288 + 3];
	int i;

	memset(answer, 'A', sizeof answer - 2);
	memcpy(answer + sizeof answer - 2, "\r\n", 2);
	begin("XOAUTH2");
	client.handler.auth = refuse_in_words;
	greet();
	for (i = 0; i < 4; i++) {
		client_expect(&client, "AUTH XOAUTH2 " XOAUTH2, "334");
		client_octets(&client,
		    (struct mailin_span){ answer, sizeof answer });
		client_expect_replies(&client,
		    i < 3 ? "535 5.7.8" : "421 4.7.0");
	}
	client_end(&client);
}
END_TEST

START_TEST(a_malformed_token_message_is_501)
{
	/* Beside each line: the decoded message, or what is wrong with it. */
	static const char *const rows[] = {
		"AUTH XOAUTH2 =",                                /* empty */
		"AUTH XOAUTH2 dXNlcj1hAQ==",                     /* user=a^A */
		"AUTH XOAUTH2 dXNlcj1hAWF1dGg9QmVhcmVyIAEB",     /* no token */
		"AUTH XOAUTH2 dXNlcj1hAWF1dGg9QmVhcmVyIHQB",     /* one ^A */
		"AUTH OAUTHBEARER cD1hLAFhdXRoPUJlYXJlciB0AQE=", /* p=a, */
	};
	size_t i;

	begin("OAUTHBEARER,XOAUTH2");
	greet();
	for (i = 0; i < ROWS(rows); i++)
		client_expect(&client, rows[i], "501 5.5.4");
	client_end(&client);
}
END_TEST

static void
greet_in_tls(const struct mailin_tls *tls)
{
	begin("EXTERNAL");
	client_begin(&client);
	ck_assert(mailin_session_tls_started(client.session, tls) == MAILIN_OK);
	client_greet(&client);
}

/* RFC 4422 A: the certificate names the user, the response names the identity
 * to act as.  An empty name is refused (threat V59). */
START_TEST(external_needs_somebody_to_be)
{
	const struct mailin_tls known = {
		.version = SPAN("TLSv1.3"),
		.client_name = SPAN("client.example.org"),
	};
	const struct mailin_tls nobody = { .version = SPAN("TLSv1.3"),
		.client_name = SPAN("") };
	const struct mailin_tls none = { .version = SPAN("TLSv1.3") };

	greet_in_tls(&known);
	ck_assert(strstr(client.out.octets, "AUTH EXTERNAL\r\n") != NULL);
	(void)client_replies(&client);
	client_expect(&client, "AUTH EXTERNAL =", "235 2.7.0");
	ck_assert_str_eq(seen_text[1], "client.example.org");
	client_end(&client);

	greet_in_tls(&nobody);
	ck_assert(strstr(client.out.octets, "AUTH") == NULL);
	(void)client_replies(&client);
	client_expect(&client, "AUTH EXTERNAL YWRtaW4=", "504 5.5.4");
	client_end(&client);

	greet_in_tls(&none);
	ck_assert(strstr(client.out.octets, "AUTH") == NULL);
	(void)client_replies(&client);
	client_expect(&client, "AUTH EXTERNAL YWRtaW4=", "504 5.5.4");
	client_expect(&client, "AUTH EXTERNAL =", "504 5.5.4");
	client_end(&client);

	/* Without TLS a client has no certificate. */
	begin("EXTERNAL");
	greet();
	client_expect(&client, "AUTH EXTERNAL YWRtaW4=", "538 5.7.11");
	client_end(&client);
}
END_TEST

/* Implements a mechanism that the library does not know.  It sends the
 * challenge "one?", expects "1", sends "two?", and expects "2". */
static enum mailin_reply
on_sasl(struct mailin_session *session, const struct mailin_sasl *step,
    void *user)
{
	(void)user;
	ck_assert(mailin_span_equal(step->mechanism, "X-COUNT"));
	if (step->first)
		return mailin_session_challenge(session, "one?", 4);
	if (mailin_span_equal(step->response, "1"))
		return mailin_session_challenge(session, "two?", 4);
	if (!mailin_span_equal(step->response, "2"))
		return MAILIN_REPLY_BAD_CREDENTIALS;
	ck_assert(mailin_session_set_identity(session, "co\nunt") ==
	    MAILIN_ERROR_SYNTAX);
	ck_assert(mailin_session_set_identity(session, "count") == MAILIN_OK);
	return MAILIN_REPLY_OK;
}

static void
begin_own(void)
{
	begin(NULL);
	client.handler.sasl = on_sasl;
	ck_assert(
	    mailin_config_add_mechanism(client.config, "X-COUNT") == MAILIN_OK);
	greet();
}

START_TEST(a_mechanism_of_the_program_goes_step_by_step)
{
	begin_own();
	client_expect(&client, "AUTH x-count", "334");
	client_expect(&client, "MQ==", "334");
	client_expect(&client, "Mg==", "235 2.7.0");
	ck_assert(mailin_span_equal(mailin_session_identity(client.session),
	    "count"));
	client_expect(&client, "AUTH X-COUNT", "503 5.5.1");
	client_end(&client);
}
END_TEST

START_TEST(a_step_may_refuse_and_the_client_may_cancel)
{
	begin_own();
	client_expect(&client, "AUTH X-COUNT", "334");
	client_expect(&client, "Mw==", "535 5.7.8");
	client_expect(&client, "AUTH X-COUNT", "334");
	client_expect(&client, "*", "501 5.7.0");
	client_expect(&client, "AUTH X-COUNT", "334");
	client_expect(&client, "QUIT", "535 5.7.8");
	client_expect(&client, "AUTH X-OTHER", "504 5.5.4");
	client_end(&client);
}
END_TEST

START_TEST(a_challenge_is_base64_and_bounded)
{
	begin_own();
	ck_assert(mailin_session_challenge(client.session, "x", 1) ==
	    MAILIN_REPLY_INTERNAL_ERROR);
	ck_assert(mailin_session_set_identity(client.session, "x") ==
	    MAILIN_ERROR_STATE);
	client_octets(&client, SPAN("AUTH X-COUNT\r\n"));
	ck_assert(strstr(client.out.octets, "334 b25lPw==\r\n") != NULL);
	client_end(&client);
}
END_TEST

/* Try to send a 334 that is no challenge: return the verdict
 * MAILIN_REPLY_CHALLENGE, or format a reply with the code 334. */
static enum mailin_reply
on_no_challenge(struct mailin_session *session, const struct mailin_sasl *step,
    void *user)
{
	(void)user;
	return mailin_span_equal(step->response, "1") ?
	    MAILIN_REPLY_CHALLENGE :
	    mailin_session_reply(session, 334, "", "say it");
}

START_TEST(only_a_challenge_is_a_334)
{
	begin(NULL);
	client.handler.sasl = on_no_challenge;
	ck_assert(
	    mailin_config_add_mechanism(client.config, "X-COUNT") == MAILIN_OK);
	greet();
	client_expect(&client, "AUTH X-COUNT", "451 4.3.0");
	client_expect(&client, "AUTH X-COUNT MQ==", "451 4.3.0");
	client_expect(&client, "NOOP", "250 2.0.0");
	client_end(&client);
}
END_TEST

static enum mailin_reply
on_endless(struct mailin_session *session, const struct mailin_sasl *step,
    void *user)
{
	(void)step;
	(void)user;
	return mailin_session_challenge(session, "", 0);
}

START_TEST(an_exchange_that_never_ends_is_ended)
{
	int step;

	begin(NULL);
	client.handler.sasl = on_endless;
	ck_assert(
	    mailin_config_add_mechanism(client.config, "X-COUNT") == MAILIN_OK);
	greet();
	client_expect(&client, "AUTH X-COUNT", "334");
	for (step = 2; step <= 32; step++)
		client_expect(&client, "", "334");
	client_expect(&client, "", "501 5.7.0");
	client_expect(&client, "NOOP", "250 2.0.0");
	client_end(&client);
}
END_TEST

START_TEST(mechanism_names_are_of_rfc_4422)
{
	static const char *const refused[] = { "", "plain", "A B",
		"ABCDEFGHIJKLMNOPQRSTU", "X.Y" };
	size_t i;

	begin(NULL);
	for (i = 0; i < ROWS(refused); i++)
		ck_assert_msg(mailin_config_add_mechanism(client.config,
				  refused[i]) == MAILIN_ERROR_SYNTAX,
		    "%s", refused[i]);
	ck_assert(mailin_config_add_mechanism(client.config, NULL) ==
	    MAILIN_ERROR_ARGUMENT);
	/* A handler's mechanism cannot have the name of a mechanism of the
	 * library, even if the library's mechanism is switched off. */
	ck_assert(mailin_config_add_mechanism(client.config, "PLAIN") ==
	    MAILIN_ERROR_ARGUMENT);
	for (i = 0; i < 8; i++) {
		char name[] = "ABCDEFGHIJ-KLMNO_120";

		name[sizeof name - 2] = (char)('0' + i);
		ck_assert(mailin_config_add_mechanism(client.config, name) ==
		    MAILIN_OK);
		ck_assert(mailin_config_add_mechanism(client.config, name) ==
		    MAILIN_ERROR_ARGUMENT);
	}
	ck_assert(mailin_config_add_mechanism(client.config, "NINE") ==
	    MAILIN_ERROR_RANGE);
	client_begin(&client);
	client_end(&client);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		xoauth2_is_decoded_to_a_name_and_a_token,
		oauthbearer_is_decoded_to_a_name_and_a_token,
		a_refused_token_takes_one_more_round,
		a_refused_token_is_counted_after_any_response,
		a_malformed_token_message_is_501,
		external_needs_somebody_to_be,
		a_mechanism_of_the_program_goes_step_by_step,
		a_step_may_refuse_and_the_client_may_cancel,
		a_challenge_is_base64_and_bounded,
		only_a_challenge_is_a_334,
		an_exchange_that_never_ends_is_ended,
		mechanism_names_are_of_rfc_4422,
	};

	return suite_run("sasl", tests, ROWS(tests));
}

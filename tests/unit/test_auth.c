/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests AUTH (RFC 4954) with the mechanisms PLAIN and LOGIN:
 * src/session/auth.c. */
#include <string.h>

#include "support/client.h"

static struct client client;

#define PLAIN "AHVzZXIAaHVudGVyMnNlY3JldA==" /* user, hunter2secret */

static void
start_with(const char *auth, const char *failures)
{
	client_init(&client);
	client_set(&client, "mechanisms", "PLAIN,LOGIN");
	client_set(&client, "tls", "optional");
	client_set(&client, "auth", auth);
	client_set(&client, "auth-failures", failures);
	client_set(&client, "errors", "0");
	client_begin(&client);
	client_greet(&client);
	(void)client_log(&client);
}

static void
start(void)
{
	start_with("optional", "3");
}

static bool
is_identity(const char *name)
{
	return mailin_span_equal(mailin_session_identity(client.session), name);
}

struct exchange {
	const char *lines[4];
	const char *replies[4];
	const char *log;
	const char *identity;
};

static const struct exchange exchanges[] = {
	{ { "AUTH PLAIN " PLAIN }, { "235 2.7.0" },
	    "auth 0 \"\" \"user\" hunter2secret", "user" },
	{ { "auth plain " PLAIN }, { "235 2.7.0" },
	    "auth 0 \"\" \"user\" hunter2secret", "user" },
	{ { "AUTH PLAIN", PLAIN }, { "334", "235 2.7.0" },
	    "auth 0 \"\" \"user\" hunter2secret", "user" },
	{ { "AUTH PLAIN YWRtaW4AdXNlcgBodW50ZXIyc2VjcmV0" }, { "235 2.7.0" },
	    "auth 0 \"admin\" \"user\" hunter2secret", "admin" },
	{ { "AUTH PLAIN AHVzw6lyAHB3Af8=" }, { "235 2.7.0" },
	    "auth 0 \"\" \"us\xc3\xa9r\" pw\x01\xff", "us\xc3\xa9r" },
	{ { "AUTH LOGIN", "dXNlcg==", "aHVudGVyMnNlY3JldA==" },
	    { "334", "334", "235 2.7.0" }, "auth 1 \"\" \"user\" hunter2secret",
	    "user" },
	{ { "AUTH Login dXNlcg==", "aHVudGVyMnNlY3JldA==" },
	    { "334", "235 2.7.0" }, "auth 1 \"\" \"user\" hunter2secret",
	    "user" },
};

static void
run(const struct exchange *exchange)
{
	size_t i;

	for (i = 0; i < 4 && exchange->lines[i] != NULL; i++)
		client_expect(&client, exchange->lines[i],
		    exchange->replies[i]);
}

START_TEST(the_handler_is_given_the_credentials)
{
	size_t i;

	for (i = 0; i < ROWS(exchanges); i++) {
		start();
		run(&exchanges[i]);
		client_expect_log(&client, exchanges[i].log);
		ck_assert_msg(is_identity(exchanges[i].identity), "%s",
		    exchanges[i].lines[0]);
		client_end(&client);
	}
}
END_TEST

/* A failed AUTH does not change the state of the session (property 22). */
START_TEST(refused_credentials_give_no_identity)
{
	size_t i;

	for (i = 0; i < ROWS(exchanges); i++) {
		struct exchange refused = exchanges[i];
		int last = refused.replies[2] != NULL ? 2 :
		    refused.replies[1] != NULL        ? 1 :
							0;

		refused.replies[last] = "535 5.7.8";
		start();
		client.answers[ON_AUTH] = MAILIN_REPLY_BAD_CREDENTIALS;
		run(&refused);
		ck_assert_ptr_null(mailin_session_identity(client.session).ptr);
		client.answers[ON_AUTH] = MAILIN_REPLY_OK;
		run(&exchanges[i]);
		ck_assert(is_identity(refused.identity));
		client_end(&client);
	}
}
END_TEST

/* RFC 4954 4: the reply "334 " has a blank even if its challenge is empty.
 * LOGIN has two challenges, for the name and the password. */
START_TEST(challenges_are_base64)
{
	start();
	client_expect(&client, "AUTH PLAIN", "334");
	ck_assert_ptr_nonnull(strstr(client.out.octets, "\r\n334 \r\n"));
	client_expect(&client, "*", "501 5.7.0");
	client_expect(&client, "AUTH LOGIN", "334");
	ck_assert_ptr_nonnull(strstr(client.out.octets, "334 VXNlcm5hbWU6"));
	client_expect(&client, "dXNlcg==", "334");
	ck_assert_ptr_nonnull(strstr(client.out.octets, "334 UGFzc3dvcmQ6"));
	client_end(&client);
}
END_TEST

struct refusal {
	const char *response, *reply;
};

/* Responses to the challenge of PLAIN.  Each ends the exchange with the reply
 * beside it (threats V33, V34). */
/* clang-format off */
static const struct refusal refusals[] = {
	{ "*", "501 5.7.0" },
	/* An empty line is a response of length 0. */
	{ "", "501 5.5.4" },
	{ "QUIT", "501 5.5.4" },     /* happens to be valid base64 */
	{ "RSET\t", "501 5.5.2" },
	{ "MAIL FROM:<a@b>", "501 5.5.2" },
	{ "**", "501 5.5.2" },
	{ " *", "501 5.5.2" },
	{ "* ", "501 5.5.2" },
	{ "=", "501 5.5.2" },
	{ "AAA", "501 5.5.2" },
	{ "AH-_", "501 5.5.2" },
	{ PLAIN "=", "501 5.5.2" },
	{ " " PLAIN, "501 5.5.2" },
	{ PLAIN " ", "501 5.5.2" },
	{ PLAIN PLAIN, "501 5.5.2" },
	{ "dXNlcgBodW50ZXIyc2VjcmV0", "501 5.5.4" }, /* only one NUL */
	{ "AABwdw==", "501 5.5.4" },                 /* no name */
	{ "AHVzZXIA", "501 5.5.4" },                 /* no password */
	{ "AHVzZXI=", "501 5.5.4" },
	{ "AHVzZXIAcHcA", "501 5.5.4" },             /* one NUL too many */
	{ "AHVzCmVyAHB3", "501 5.5.4" },             /* control octet (V23) */
	{ "AHVzf2VyAHB3", "501 5.5.4" },
	{ "YQ1iAHVzZXIAcHc=", "501 5.5.4" },
	{ "AP8AcHc=", "501 5.5.4" },                 /* not UTF-8 */
};
/* clang-format on */

/* A bad response is never run as a command (threat V34, property 22). */
START_TEST(a_bad_response_ends_the_exchange)
{
	size_t i;

	for (i = 0; i < ROWS(refusals); i++) {
		start();
		client_expect(&client, "AUTH PLAIN", "334");
		client_expect(&client, refusals[i].response, refusals[i].reply);
		client_expect_log(&client, "");
		client_expect(&client, "NOOP", "250 2.0.0");
		client_expect(&client, "AUTH PLAIN " PLAIN, "235 2.7.0");
		client_end(&client);
	}
}
END_TEST

/* A new exchange has no state of an earlier exchange (CVE-2011-1720). */
START_TEST(an_exchange_begins_anew)
{
	start();
	client_expect(&client, "AUTH LOGIN", "334");
	client_expect(&client, "dXNlcg==", "334");
	client_expect(&client, "*", "501 5.7.0");
	client_expect(&client, "AUTH LOGIN", "334");
	client_expect(&client, "YQ==", "334");
	client_expect(&client, "Yg==", "235 2.7.0");
	client_expect_log(&client, "auth 1 \"\" \"a\" b");
	client_end(&client);
}
END_TEST

/* A name from a failed exchange is not used by a later exchange. */
START_TEST(a_refused_name_does_not_come_back)
{
	client_init(&client);
	client_set(&client, "mechanisms", "PLAIN");
	client_set(&client, "tls", "optional");
	ck_assert_int_eq(mailin_config_add_mechanism(client.config, "X-OWN"),
	    MAILIN_OK);
	client_begin(&client);
	client_greet(&client);
	client.answers[ON_AUTH] = MAILIN_REPLY_BAD_CREDENTIALS;
	client_expect(&client, "AUTH PLAIN " PLAIN, "535 5.7.8");
	/* The handler returns OK, but gives no identity. */
	client_expect(&client, "AUTH X-OWN", "451 4.3.0");
	ck_assert_ptr_null(mailin_session_identity(client.session).ptr);
	client_end(&client);
}
END_TEST

START_TEST(an_initial_response_may_be_empty)
{
	start();
	client_expect(&client, "AUTH PLAIN =", "501 5.5.4");
	/* LOGIN reads the initial response "=" as an empty name. */
	client_expect(&client, "AUTH LOGIN =", "334");
	client_expect(&client, "cHc=", "501 5.5.4");
	client_expect(&client, "AUTH PLAIN ====", "501 5.5.2");
	client_expect_log(&client, "");
	client_end(&client);
}
END_TEST

struct place {
	const char *before, *line, *reply;
};

/* AUTH succeeds once, outside of a transaction, and only if the program allows
 * it (property 21). */
static const struct place places[] = {
	{ "", "AUTH", "501 5.5.4" },
	{ "", "AUTH CRAM-MD5", "504 5.5.4" },
	{ "HELO c\r\n", "AUTH PLAIN " PLAIN, "503 5.5.1" },
	{ "AUTH PLAIN " PLAIN "\r\n", "AUTH PLAIN " PLAIN, "503 5.5.1" },
	{ "AUTH PLAIN " PLAIN "\r\nEHLO c\r\n", "AUTH PLAIN " PLAIN,
	    "503 5.5.1" },
	{ "MAIL FROM:<a@b>\r\n", "AUTH PLAIN " PLAIN, "503 5.5.1" },
	{ "MAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\n", "AUTH PLAIN", "503 5.5.1" },
	{ "MAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\nBDAT 0\r\n", "AUTH PLAIN",
	    "503 5.5.1" },
	{ "MAIL FROM:<a@b>\r\nRSET\r\n", "AUTH PLAIN " PLAIN, "235 2.7.0" },
};

START_TEST(auth_has_its_place)
{
	size_t i;

	for (i = 0; i < ROWS(places); i++) {
		start();
		client_lines(&client, places[i].before);
		client_expect(&client, places[i].line, places[i].reply);
		client_end(&client);
	}
	client_init(&client);
	client_set(&client, "mechanisms", "PLAIN");
	client_set(&client, "tls", "optional");
	client_begin(&client);
	client_expect(&client, "AUTH PLAIN " PLAIN, "503 5.5.1");
	client_end(&client);
}
END_TEST

START_TEST(with_auth_off_there_is_no_auth)
{
	start_with("off", "3");
	ck_assert_ptr_null(strstr(client.out.octets, "AUTH"));
	client_expect(&client, "AUTH PLAIN " PLAIN, "502 5.5.1");
	client_end(&client);
	client_init(&client);
	client_set(&client, "tls", "optional");
	client_begin(&client);
	client_greet(&client);
	ck_assert_ptr_null(strstr(client.out.octets, "AUTH"));
	client_expect(&client, "AUTH PLAIN " PLAIN, "502 5.5.1");
	client_end(&client);
}
END_TEST

START_TEST(if_auth_is_required_little_is_allowed_before_it)
{
	static const char *const before[] = { "MAIL FROM:<a@b>",
		"RCPT TO:<a@b>", "DATA", "VRFY a", "HELP",
		"BDAT 6 LAST\r\nQUIT" };
	size_t i;

	start_with("required", "3");
	for (i = 0; i < ROWS(before); i++)
		client_expect(&client, before[i], "530 5.7.0");
	client_expect(&client, "NOOP", "250 2.0.0");
	client_expect(&client, "RSET", "250 2.0.0");
	client_expect(&client, "HELO c", "250");
	client_greet(&client);
	client_expect(&client, "AUTH PLAIN " PLAIN, "235 2.7.0");
	client_envelope(&client, 1);
	client_end(&client);
}
END_TEST

/* RSET, EHLO and the end of a message keep the identity. */
START_TEST(the_identity_stays)
{
	start();
	client_expect(&client, "AUTH PLAIN " PLAIN, "235 2.7.0");
	client_lines(&client,
	    "RSET\r\nEHLO c\r\nHELO c\r\nMAIL FROM:<a@b>\r\n"
	    "RCPT TO:<a@b>\r\nDATA\r\n.\r\n");
	ck_assert(is_identity("user"));
	client_end(&client);
}
END_TEST

START_TEST(too_many_failures_end_the_session)
{
	start();
	client.answers[ON_AUTH] = MAILIN_REPLY_BAD_CREDENTIALS;
	client_expect(&client, "AUTH PLAIN " PLAIN, "535 5.7.8");
	client_expect(&client, "AUTH PLAIN " PLAIN, "535 5.7.8");
	client_expect(&client, "AUTH PLAIN " PLAIN, "535 5.7.8");
	(void)client_log(&client);
	client_expect(&client, "AUTH PLAIN " PLAIN, "421 4.7.0");
	client_expect_log(&client,
	    "auth 0 \"\" \"user\" hunter2secret\nclose LIMIT");
	client_end(&client);
	start_with("optional", "0");
	client.answers[ON_AUTH] = MAILIN_REPLY_BAD_CREDENTIALS;
	client_expect(&client, "AUTH PLAIN " PLAIN, "535 5.7.8");
	client_expect(&client, "AUTH PLAIN " PLAIN, "535 5.7.8");
	client_expect(&client, "AUTH PLAIN " PLAIN, "535 5.7.8");
	client_expect(&client, "AUTH PLAIN " PLAIN, "535 5.7.8");
	client_end(&client);
}
END_TEST

/* RFC 4954 4: a response has at most 12288 octets.  A longer line ends the
 * exchange. */
START_TEST(a_response_has_a_limit_of_its_own)
{
	static char line[12288 + 2];
	size_t extra;

	for (extra = 0; extra < 2; extra++) {
		memset(line, 'A', sizeof line - 1);
		line[12288 + extra] = '\0';
		start();
		client_expect(&client, "AUTH PLAIN", "334");
		client_octets(&client, mailin_span_of(line));
		client_octets(&client, SPAN("\r\n"));
		client_expect_replies(&client,
		    extra == 0 ? "501 5.5.4" : "500 5.5.6");
		client_expect(&client, "NOOP", "250 2.0.0");
		memcpy(line, "AUTH PLAIN ", 11);
		client_octets(&client, mailin_span_of(line));
		client_octets(&client, SPAN("\r\n"));
		client_expect_replies(&client,
		    extra == 0 ? "501 5.5.2" : "500 5.5.6");
		client_expect(&client, "NOOP", "250 2.0.0");
		client_end(&client);
	}
}
END_TEST

/* A response that comes before its challenge is never run as a command
 * (threat V41). */
START_TEST(a_response_before_its_challenge_is_early_talk)
{
	start();
	client_feed(&client, "AUTH PLAIN\r\n" PLAIN "\r\n", 42);
	client_expect_replies(&client, "334|554 5.5.0");
	client_expect_log(&client, "close EARLY_TALK");
	client_end(&client);
	start();
	client_feed(&client, "AUTH PLAIN " PLAIN "\r\nMAIL FROM:<a@b>\r\n", 58);
	client_expect_replies(&client, "235 2.7.0|250 2.1.0");
	client_end(&client);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		the_handler_is_given_the_credentials,
		refused_credentials_give_no_identity,
		challenges_are_base64,
		a_bad_response_ends_the_exchange,
		an_exchange_begins_anew,
		a_refused_name_does_not_come_back,
		an_initial_response_may_be_empty,
		auth_has_its_place,
		with_auth_off_there_is_no_auth,
		if_auth_is_required_little_is_allowed_before_it,
		the_identity_stays,
		too_many_failures_end_the_session,
		a_response_has_a_limit_of_its_own,
		a_response_before_its_challenge_is_early_talk,
	};

	return suite_run("auth", tests, ROWS(tests));
}

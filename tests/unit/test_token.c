/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "support/client.h"

/* AUTH with bearer tokens (RFC 7628, RFC 4954).  Tests the form of the message,
 * and that an exchange does not affect the next one. */

static struct client client;

static void
begin(const char *mechanisms)
{
	client_init(&client);
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

struct token_row {
	const char *mechanism;
	struct mailin_span message;
	const char *reply;
};

#define X(text, reply) \
	{ \
		"XOAUTH2", SPAN(text), reply \
	}
#define OB(text, reply) \
	{ \
		"OAUTHBEARER", SPAN(text), reply \
	}
#define WRONG "501 5.5.4"
#define RIGHT "235 2.7.0"

static const struct token_row token_rows[] = {
	X("user=a\1auth=Bearer t\1\1", RIGHT),
	X("USER=a\1AUTH=bearer !~\1\1", RIGHT),
	/* The message names no user, so the client gets 451 even if the handler
	 * accepts the token. */
	X("user=\1auth=Bearer t\1\1", "451 4.3.0"),
	X("user=a\1host=h\1auth=Bearer t\1port=1\1\1", RIGHT),
	X("user=a\1\1", WRONG),
	X("user=a", WRONG),
	X("user=", WRONG),
	X("user", WRONG),
	X("a=user\1auth=Bearer t\1\1", WRONG),
	X("user=a\1auth=Bearer t", WRONG),
	X("user=a\1auth=Bearer t\1", WRONG),
	X("user=a\1auth=Bearer t\1\1\1", WRONG),
	X("user=a\1auth=Bearer t\1\1x", WRONG),
	X("user=a\1auth=Bearer t\1host", WRONG),
	/* With two tokens it would not be clear which one counts. */
	X("user=a\1auth=Bearer t\1auth=Bearer t\1\1", WRONG),
	X("user=a\1auth=Basic t\1\1", WRONG),
	X("user=a\1auth=Bearer\1\1", WRONG),
	X("user=a\1auth=Bearer \1\1", WRONG),
	/* A token must not have an octet that could end a header field or
	 * separate words. */
	X("user=a\1auth=Bearer t u\1\1", WRONG),
	X("user=a\1auth=Bearer t\r\nx: y\1\1", WRONG),
	X("user=a\1auth=Bearer \x7f\1\1", WRONG),
	X("user=a\1auth=Bearer \xc3\xa4\1\1", WRONG),
	OB("n,a=b,\1auth=Bearer t\1\1", RIGHT),
	OB("y,a=b,\1auth=Bearer t\1\1", RIGHT),
	OB("n,,\1auth=Bearer t\1\1", "451 4.3.0"),
	OB("p=x,,\1auth=Bearer t\1\1", WRONG),
	OB("n,", WRONG),
	OB("n,a=b", WRONG),
	OB("n,a=b,", WRONG),
	OB("n,a=b,auth=Bearer t\1\1", WRONG),
	OB("n,b,\1auth=Bearer t\1\1", WRONG),
	OB("n,\1auth=Bearer t\1\1", WRONG),
};

/* RFC 7628 3.1: each pair ends in ^A, and the message ends in ^A.  An empty
 * response is sent as "=" after the name of the mechanism. */
START_TEST(a_token_message_has_one_form)
{
	char line[256];
	const char *got;
	size_t i, len, most;

	for (i = 0; i < ROWS(token_rows); i++) {
		const struct token_row *row = &token_rows[i];

		begin("OAUTHBEARER,XOAUTH2");
		greet();
		len = (size_t)snprintf(line, sizeof line, "AUTH %s ",
		    row->mechanism);
		ck_assert(mailin_base64_encode(row->message, line + len,
			      &most) == MAILIN_OK);
		memcpy(line + len + most, "\r\n", 3);
		client_octets(&client, mailin_span_of(line));
		ck_assert_msg(
		    strcmp((got = client_replies(&client)), row->reply) == 0,
		    "%d: %s gives %s", (int)i, row->message.ptr, got);
		client_end(&client);
	}
}
END_TEST

/* If there is no memory for the user's name, the login fails, but the client
 * may log in again. */
START_TEST(a_login_without_memory_may_be_tried_again)
{
	static const char *const lines[] = { "AUTH PLAIN AGEAYg==",
		"AUTH XOAUTH2 " XOAUTH2 };
	size_t i;

	for (i = 0; i < ROWS(lines); i++) {
		uint64_t n;
		bool failed = false;

		for (n = 1; n < 6; n++) {
			const char *got;

			begin("PLAIN,XOAUTH2");
			greet();
			heap_fail(&client.heap, n, false);
			client_octets(&client, mailin_span_of(lines[i]));
			client_octets(&client, SPAN("\r\n"));
			got = client_replies(&client);
			if (strcmp(got, "454 4.7.0") == 0) {
				failed = true;
				ck_assert(
				    mailin_session_identity(client.session)
					.ptr == NULL);
				client_expect(&client, lines[i], "235 2.7.0");
			}
			client_end(&client);
		}
		ck_assert(failed);
	}
}
END_TEST

static enum mailin_reply
refuse_in_words_kept(struct mailin_session *session,
    const struct mailin_credentials *credentials, void *user)
{
	(void)user;
	return mailin_span_equal(credentials->token, "vF9dft4qmT") ?
	    mailin_session_reply(session, 535, "5.7.8", "Not this token") :
	    MAILIN_REPLY_OK;
}

/* Neither the reply nor the failure of a refused token affects the next
 * exchange. */
START_TEST(a_refused_token_does_not_colour_the_next_exchange)
{
	static const char *const ends[] = { "AQ==", "*", "!" };
	size_t i;

	for (i = 0; i < ROWS(ends); i++) {
		begin("XOAUTH2,PLAIN");
		client.handler.auth = refuse_in_words_kept;
		greet();
		client_expect(&client, "AUTH XOAUTH2 " XOAUTH2, "334");
		client_expect(&client, ends[i], "535 5.7.8");
		ck_assert(
		    strstr(client.out.octets, "Not this token\r\n") != NULL);
		/* A cancelled exchange has its own reply. */
		client_expect(&client, "AUTH PLAIN", "334");
		client_expect(&client, "*", "501 5.7.0");
		client_expect(&client, "AUTH PLAIN", "334");
		client_expect(&client, "!", "501 5.5.2");
		/* After that a login succeeds. */
		client_expect(&client, "AUTH PLAIN", "334");
		client_expect(&client, "AGEAYg==", "235 2.7.0");
		client_end(&client);
	}
}
END_TEST

static enum mailin_error identity_error;
static const char *identity;
static bool starved;

static enum mailin_reply
on_auth_identity(struct mailin_session *session,
    const struct mailin_credentials *credentials, void *user)
{
	(void)credentials, (void)user;
	if (starved)
		heap_fail(&client.heap, 1, true);
	identity_error = mailin_session_set_identity(session, identity);
	heap_fail(&client.heap, 0, false);
	return MAILIN_REPLY_OK;
}

/* The handler may give the user another name, which must be well-formed.  If it
 * is not, or there is no memory for it, the name that the client sent
 * remains. */
START_TEST(the_program_may_name_the_client)
{
	static const struct {
		const char *identity;
		enum mailin_error error;
		const char *is;
	} rows[] = {
		{ "other", MAILIN_OK, "other" },
		{ "", MAILIN_ERROR_SYNTAX, "a" },
		{ "a\nb", MAILIN_ERROR_SYNTAX, "a" },
		{ NULL, MAILIN_ERROR_ARGUMENT, "a" },
	};
	size_t i;

	for (i = 0; i <= ROWS(rows); i++) {
		const char *is = i == ROWS(rows) ? "a" : rows[i].is;

		starved = i == ROWS(rows);
		begin("PLAIN");
		client.handler.auth = on_auth_identity;
		identity = starved ? "other" : rows[i].identity;
		greet();
		client_expect(&client, "AUTH PLAIN AGEAYg==", "235 2.7.0");
		ck_assert_msg(identity_error ==
			(starved ? MAILIN_ERROR_MEMORY : rows[i].error),
		    "%d", (int)i);
		ck_assert(mailin_span_equal(
		    mailin_session_identity(client.session), is));
		client_end(&client);
	}
}
END_TEST

static struct {
	const char *octets;
	size_t len;
	enum mailin_reply reply;
	uint64_t fails;
} challenge;

static enum mailin_reply
on_challenge(struct mailin_session *session, const struct mailin_sasl *step,
    void *user)
{
	(void)step, (void)user;
	heap_fail(&client.heap, challenge.fails, true);
	challenge.reply = mailin_session_challenge(session, challenge.octets,
	    challenge.len);
	heap_fail(&client.heap, 0, false);
	return challenge.reply;
}

/* A challenge has at most 3000 octets, which are 4000 in base64.  A longer
 * challenge, or a challenge for which there is no memory, gets 451. */
START_TEST(a_challenge_has_a_limit)
{
	static char octets[8000];
	static const struct {
		const char *octets;
		size_t len;
		uint64_t fails;
		const char *reply;
	} rows[] = {
		{ octets, 3000, 0, "334" },
		{ octets, 3001, 0, "451 4.3.0" },
		{ octets, 4000, 0, "451 4.3.0" },
		{ octets, 4001, 0, "451 4.3.0" },
		{ octets, sizeof octets, 0, "451 4.3.0" },
		{ NULL, 0, 0, "334" },
		{ NULL, 1, 0, "451 4.3.0" },
		{ octets, 3000, 1, "451 4.3.0" },
		{ octets, 3000, 2, "451 4.3.0" },
	};
	size_t i, len;

	for (i = 0; i < ROWS(rows); i++) {
		begin(NULL);
		client.handler.sasl = on_challenge;
		ck_assert(mailin_config_add_mechanism(client.config,
			      "X-COUNT") == MAILIN_OK);
		greet();
		challenge.octets = rows[i].octets;
		challenge.len = rows[i].len;
		challenge.fails = rows[i].fails;
		len = client.out.len;
		client_octets(&client, SPAN("AUTH X-COUNT\r\n"));
		if (strcmp(rows[i].reply, "334") == 0)
			ck_assert_uint_eq(client.out.len - len,
			    4 + (rows[i].len + 2) / 3 * 4 + 2);
		else
			client_expect_replies(&client, rows[i].reply);
		client_end(&client);
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		a_token_message_has_one_form,
		a_login_without_memory_may_be_tried_again,
		a_refused_token_does_not_colour_the_next_exchange,
		the_program_may_name_the_client,
		a_challenge_has_a_limit,
	};

	return suite_run("token", tests, ROWS(tests));
}

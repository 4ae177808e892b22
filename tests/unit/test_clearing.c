/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests when a session clears its state.  One function clears the transaction
 * (threats V16, V17, V18; property 16).  The TLS handshake clears the identity
 * of the client (threat V6; property 18).  The end of an AUTH exchange clears
 * the exchange (threat V34; property 22). */
#include <stdlib.h>
#include <string.h>

#include "support/states.h"

#define EHLO "EHLO c.example\r\n"
#define FULL \
	"MAIL FROM:<\xc3\xa9@c.example> SMTPUTF8 BODY=8BITMIME\r\n" \
	"RCPT TO:<a@d.example>\r\nRCPT TO:<b@d.example>\r\n" \
	"RCPT TO:<>\r\n"
#define BINARY \
	"MAIL FROM:<x@c.example> BODY=BINARYMIME\r\n" \
	"RCPT TO:<a@d.example>\r\n"
#define PLAIN "AUTH PLAIN AHVzZXIAc2VjcmV0\r\n" /* user, secret */

static struct client client;
static const struct variant *everything = &variants[0];

/* A way to end a transaction, and the setting of the config that it needs. */
struct way {
	const char *name;
	const char *lines; /* sent after EHLO */
	enum on refused;   /* this callback returns FAILED; ON_COUNT: none */
	const char *setting, *value;
};

static const struct way ways[] = {
	{ "RSET", FULL "RSET\r\n", ON_COUNT, NULL, NULL },
	{ "RSET, without recipients", "MAIL FROM:<>\r\nRSET\r\n", ON_COUNT,
	    NULL, NULL },
	{ "EHLO", FULL EHLO, ON_COUNT, NULL, NULL },
	{ "HELO", FULL "HELO c.example\r\n", ON_COUNT, NULL, NULL },
	{ "STARTTLS", FULL "STARTTLS\r\n", ON_COUNT, NULL, NULL },
	{ "message", FULL "DATA\r\nh\xc3\xa9\r\n.\r\n", ON_COUNT, NULL, NULL },
	{ "refused message", FULL "DATA\r\nx\r\n.\r\n", ON_DATA_END, NULL,
	    NULL },
	{ "message refused before", FULL "DATA\r\nx\r\n.\r\n", ON_DATA, NULL,
	    NULL },
	{ "message too big", FULL "DATA\r\nxyz\r\n.\r\n", ON_COUNT,
	    "message-size", "2" },
	{ "message with a bare LF", FULL "DATA\r\nx\ny\r\n.\r\n", ON_COUNT,
	    "bare-newline", "reject" },
	{ "chunk", FULL "BDAT 4 LAST\r\nab\r\n", ON_COUNT, NULL, NULL },
	{ "chunks", BINARY "BDAT 2\r\na\nBDAT 0 LAST\r\n", ON_COUNT, NULL,
	    NULL },
	{ "refused chunk", FULL "BDAT 4 LAST\r\nab\r\n", ON_DATA_START, NULL,
	    NULL },
	{ "chunk after a refused one", FULL "BDAT 2\r\nabBDAT 2 LAST\r\nab",
	    ON_DATA, NULL, NULL },
	{ "RSET after a refused chunk", BINARY "BDAT 2\r\nabRSET\r\n", ON_DATA,
	    NULL, NULL },
	{ "EHLO after a chunk", FULL "BDAT 2\r\nab" EHLO, ON_COUNT, NULL,
	    NULL },
	{ "chunk too big", FULL "BDAT 4\r\nabcdBDAT 0 LAST\r\n", ON_COUNT,
	    "message-size", "2" },
	{ "chunk that ends in a bare CR", FULL "BDAT 2 LAST\r\na\r", ON_COUNT,
	    "bare-newline", "reject" },
	{ "QUIT", FULL "QUIT\r\n", ON_COUNT, NULL, NULL },
	{ "bare LF", FULL "BDAT 2\r\nabNOOP\n", ON_COUNT, NULL, NULL },
};

static void
begin(const char *setting, const char *value)
{
	static const struct stage start = { .lines = "",
		.pending = ON_COUNT,
		.refused = ON_COUNT };
	struct variant variant = *everything;

	variant.setting = setting;
	variant.value = value;
	states_enter(&client, &start, &variant);
	client_lines(&client, EHLO);
}

/* Every way to end a transaction clears the same data of the session (property
 * 16). */
START_TEST(every_end_of_a_transaction_clears_the_same)
{
	struct snapshot fresh, cleared;
	size_t i;

	for (i = 0; i < ROWS(ways); i++) {
		begin(ways[i].setting, ways[i].value);
		snapshot_take(&fresh, client.session);
		if (ways[i].refused != ON_COUNT)
			client.answers[ways[i].refused] = MAILIN_REPLY_FAILED;
		client_octets(&client, mailin_span_of(ways[i].lines));
		snapshot_take(&cleared, client.session);
		ck_assert_msg(snapshot_equal(&fresh, &cleared), "%s",
		    ways[i].name);
		ck_assert_msg(!mailin_session_mail(client.session,
				  &(struct mailin_mail){ .size = 0 }) &&
			mailin_session_rcpt_count(client.session) == 0,
		    "%s", ways[i].name);
		client_end(&client);
	}
}
END_TEST

/* The transaction of the test above must have something to clear before its
 * last line. */
START_TEST(a_transaction_is_not_cleared_before)
{
	struct snapshot fresh, full;

	begin(NULL, NULL);
	snapshot_take(&fresh, client.session);
	client_lines(&client, FULL);
	snapshot_take(&full, client.session);
	ck_assert(full.utf8 && full.count == 2 && full.mail_len > 0);
	ck_assert(!snapshot_equal(&fresh, &full));
	client_end(&client);
}
END_TEST

/* ---- The TLS handshake --------------------------------------------------- */

static const struct mailin_tls tls = { .version = { "TLSv1.3", 7 } };

static void
expect_nobody(const char *way)
{
	const struct mailin_session *session = client.session;
	struct mailin_helo helo;

	ck_assert_msg(session->state == STATE_START, "%s", way);
	ck_assert_msg(mailin_session_helo(session, &helo) ==
		    MAILIN_VERB_UNKNOWN &&
		helo.domain.ptr == NULL,
	    "%s", way);
	ck_assert_msg(mailin_session_identity(session).ptr == NULL, "%s", way);
	ck_assert_msg(session->auth->secret.octets == NULL &&
		!session->auth->has_username && session->candidate == NULL,
	    "%s", way);
	ck_assert_msg(session->line.carry.len == 0 || session->line.given, "%s",
	    way);
}

/* The TLS handshake clears all that the session knows of the client (property
 * 18, RFC 3207 4.2). */
START_TEST(a_handshake_forgets_the_client)
{
	static const char *const before[] = { "", PLAIN, FULL,
		"AUTH LOGIN\r\ndXNlcg==\r\n*\r\n",
		"AUTH LOGIN\r\ndXNlcg==\r\nc2VjcmV0\r\n",
		PLAIN BINARY "RSET\r\n" };
	struct snapshot fresh, now;
	size_t i;

	for (i = 0; i < ROWS(before); i++) {
		begin(NULL, NULL);
		snapshot_take(&fresh, client.session);
		client_lines(&client, before[i]);
		client_lines(&client, "STARTTLS\r\n");
		ck_assert_int_eq(
		    mailin_session_tls_started(client.session, &tls),
		    MAILIN_OK);
		expect_nobody(before[i]);
		snapshot_take(&now, client.session);
		ck_assert_msg(snapshot_equal(&fresh, &now), "%s", before[i]);
		client_end(&client);
	}
}
END_TEST

START_TEST(starttls_is_not_offered_twice)
{
	begin(NULL, NULL);
	client_lines(&client, "STARTTLS\r\n");
	ck_assert_int_eq(mailin_session_tls_started(client.session, &tls),
	    MAILIN_OK);
	client.out.len = client.out.seen = 0;
	client_lines(&client, EHLO);
	ck_assert_ptr_nonnull(strstr(client.out.octets, "REQUIRETLS"));
	ck_assert_ptr_null(strstr(client.out.octets, "STARTTLS"));
	client_end(&client);
}
END_TEST

/* ---- AUTH ---------------------------------------------------------------- */

static void
expect_no_exchange(const char *answer)
{
	const struct mailin_session *session = client.session;

	ck_assert_msg(session->auth->secret.octets == NULL &&
		!session->auth->has_username && session->candidate == NULL,
	    "%s", answer);
}

/* After a challenge, any line is read as the response to it, and changes only
 * the state of AUTH (property 22). */
static void
check_answer(const char *challenge, const char *answer)
{
	struct snapshot before, after;
	const char *log;
	int code;

	begin(NULL, NULL);
	snapshot_take_all(&before, client.session);
	client_lines(&client, challenge);
	ck_assert_int_eq(client.session->state, STATE_AUTH);
	(void)client_replies(&client);
	(void)client_log(&client);
	client_lines(&client, answer);
	client_octets(&client, SPAN("\r\n"));
	code = states_code(&client);
	log = client_log(&client);
	snapshot_take_all(&after, client.session);
	if (client.session->state == STATE_AUTH) {
		ck_assert_msg(code == 334 && *log == '\0', "%s", answer);
	} else {
		ck_assert_msg(code >= 500 || code == 235, "%s", answer);
		ck_assert_msg(*log == '\0' || strncmp(log, "auth ", 5) == 0,
		    "%s: %s", answer, log);
		ck_assert_msg((after.identity != NULL) == (code == 235), "%s",
		    answer);
		after.identity = NULL;
		ck_assert_msg(snapshot_equal(&before, &after), "%s", answer);
		expect_no_exchange(answer);
	}
	client_end(&client);
}

START_TEST(while_a_response_is_due_no_line_is_a_command)
{
	static const char *const others[] = { "*", "=", "AHVzZXIAc2VjcmV0",
		"c2VjcmV0", "x", "**", "BDAT 5", "BDAT x", "GET / HTTP/1.0",
		"\x16\x03\x01" };
	static const char *const challenges[] = { "AUTH PLAIN\r\n",
		"AUTH LOGIN\r\n", "AUTH LOGIN dXNlcg==\r\n" };
	size_t i, j;

	for (i = 0; i < ROWS(challenges); i++) {
		for (j = 0; j < good_lines_count; j++)
			check_answer(challenges[i], good_lines[j].text);
		for (j = 0; j < ROWS(others); j++)
			check_answer(challenges[i], others[j]);
	}
}
END_TEST

/* A new exchange has no state of an earlier exchange (CVE-2011-1720). */
START_TEST(each_exchange_begins_with_nothing)
{
	begin(NULL, NULL);
	client_expect(&client, "AUTH LOGIN dXNlcg==", "334");
	client_expect(&client, "*", "501 5.7.0");
	expect_no_exchange("*");
	client_expect(&client, "AUTH PLAIN", "334");
	client_expect(&client, "AAA", "501 5.5.2");
	expect_no_exchange("AAA");
	client_expect(&client, "AUTH LOGIN", "334");
	client_expect(&client, "c2VjcmV0", "334");
	client.answers[ON_AUTH] = MAILIN_REPLY_BAD_CREDENTIALS;
	client_expect(&client, "dXNlcg==", "535 5.7.8");
	expect_no_exchange("535");
	client.answers[ON_AUTH] = MAILIN_REPLY_OK;
	client_expect(&client, "AUTH PLAIN AHVzZXIAc2VjcmV0", "235 2.7.0");
	expect_no_exchange("235");
	client_end(&client);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		every_end_of_a_transaction_clears_the_same,
		a_transaction_is_not_cleared_before,
		a_handshake_forgets_the_client,
		starttls_is_not_offered_twice,
		while_a_response_is_due_no_line_is_a_command,
		each_exchange_begins_with_nothing,
	};

	return suite_run("clearing", tests, ROWS(tests));
}

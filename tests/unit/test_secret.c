/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* No part of a password remains in memory, logs or traces (threat V35,
 * property 50). */
#include <string.h>

#include "command/line.h"
#include "support/handler_log.h"

static struct client client;

/* The password, the first part of it, and parts of its base64.  No other text
 * of this test contains them. */
static const char *const secrets[] = {
	"hunter2secret",
	"hunter2",
	"aHVudGVyMnNl",
	"aHVudGVyMn",
};

struct script {
	const char *lines; /* what the client sends */
	enum mailin_reply answer;
};

/* Each script ends the exchange, with success or failure. */
static const struct script scripts[] = {
	{ "AUTH PLAIN AHVzZXIAaHVudGVyMnNlY3JldA==\r\n", MAILIN_REPLY_OK },
	{ "AUTH PLAIN AHVzZXIAaHVudGVyMnNlY3JldA==\r\n",
	    MAILIN_REPLY_BAD_CREDENTIALS },
	{ "AUTH PLAIN AHVzZXIAaHVudGVyMnNlY3JldA==\r\n",
	    MAILIN_REPLY_NO_SERVICE },
	{ "AUTH PLAIN AHVzZXIAaHVudGVyMnNlY3JldA==\r\n", MAILIN_REPLY_PENDING },
	{ "AUTH PLAIN\r\nAHVzZXIAaHVudGVyMnNlY3JldA==\r\n", MAILIN_REPLY_OK },
	{ "AUTH PLAIN\r\nAHVzZXIAaHVudGVyMnNlY3JldA==\r\n",
	    MAILIN_REPLY_PENDING },
	{ "AUTH LOGIN\r\ndXNlcg==\r\naHVudGVyMnNlY3JldA==\r\n",
	    MAILIN_REPLY_OK },
	{ "AUTH LOGIN dXNlcg==\r\naHVudGVyMnNlY3JldA==\r\n",
	    MAILIN_REPLY_PENDING },
	/* The client sends the password as the user's name, and then cancels
	 * the exchange. */
	{ "AUTH LOGIN aHVudGVyMnNlY3JldA==\r\n*\r\n", MAILIN_REPLY_OK },
	/* The next six scripts have an error each: invalid base64, base64 that
	 * is no message of PLAIN, text after the base64, an unknown mechanism,
	 * or AUTH where it is not allowed. */
	{ "AUTH PLAIN aHVudGVyMnNlY3JldA=\r\n", MAILIN_REPLY_OK },
	{ "AUTH PLAIN aHVudGVyMnNlY3JldA==\r\n", MAILIN_REPLY_OK },
	{ "AUTH PLAIN\r\naHVudGVyMnNlY3JldA\r\n", MAILIN_REPLY_OK },
	{ "AUTH PLAIN aHVudGVyMnNlY3JldA== x\r\n", MAILIN_REPLY_OK },
	{ "AUTH CRAM-MD5 aHVudGVyMnNlY3JldA==\r\n", MAILIN_REPLY_OK },
	{ "MAIL FROM:<a@b>\r\nAUTH PLAIN aHVudGVyMnNlY3JldA==\r\n",
	    MAILIN_REPLY_OK },
	/* These lines have a bare LF or a bare CR. */
	{ "AUTH PLAIN\r\naHVudGVyMnNlY3JldA==\n", MAILIN_REPLY_OK },
	{ "AUTH PLAIN aHVudGVyMnNlY3JldA==\n", MAILIN_REPLY_OK },
	{ "AUTH PLAIN aHVudGVy\rMnNlaHVudGVyMnNlY3JldA==\r\n",
	    MAILIN_REPLY_OK },
};

static void
start(void)
{
	client_init(&client);
	client_set(&client, "mechanisms", "PLAIN,LOGIN");
	client_set(&client, "tls", "optional");
	client_set(&client, "auth-line", "600");
	handler_log_trace(&client.handler);
	client_begin(&client);
	client_greet(&client);
}

/* Neither the session's memory nor memory that it has freed may contain the
 * password. */
static void
check_gone(const char *what)
{
	size_t i;

	for (i = 0; i < ROWS(secrets); i++)
		if (heap_holding(&client.heap, secrets[i]) > 0)
			ck_abort_msg("%s: %s is left",
			    suite_quote(mailin_span_of(what)), secrets[i]);
	if (client.heap.leaks > 0)
		ck_abort_msg("%s: %s was freed without being wiped",
		    suite_quote(mailin_span_of(what)), client.heap.secret);
}

static void
end(const char *what)
{
	check_gone(what);
	mailin_session_free(client.session);
	client.session = NULL;
	check_gone(what);
	client_end(&client);
}

/* Feed the lines, each in pieces of this size.  After a refusal a client does
 * not send its password, so omit the other lines. */
static void
feed_pieces(const char *lines, size_t size)
{
	char reply;

	while (*lines != '\0') {
		size_t line = strcspn(lines, "\n"), at, len;

		line += lines[line] == '\n';
		for (at = 0; at < line; at += len) {
			len = line - at < size ? line - at : size;
			if (client_feed(&client, lines + at, len) != len)
				break;
		}
		client_drain(&client);
		reply = *client_replies(&client);
		if (reply == '4' || reply == '5')
			break;
		lines += line;
	}
}

static void
play(const struct script *script, const char *secret, size_t size)
{
	start();
	client.heap.secret = secret;
	client.answers[ON_AUTH] = script->answer;
	feed_pieces(script->lines, size);
	check_gone(script->lines);
	if (script->answer == MAILIN_REPLY_PENDING)
		ck_assert_int_eq(mailin_session_resume(client.session,
				     mailin_session_decision(client.session),
				     MAILIN_REPLY_OK),
		    MAILIN_OK);
	end(script->lines);
}

START_TEST(no_password_outlives_its_callback)
{
	static const size_t sizes[] = { 1000, 1, 2, 3, 5, 7, 11, 13, 17, 30 };
	size_t i, j, k;

	for (i = 0; i < ROWS(scripts); i++)
		for (j = 0; j < ROWS(sizes); j += suite_stride(3))
			for (k = 0; k < ROWS(secrets); k++)
				play(&scripts[i], secrets[k], sizes[j]);
}
END_TEST

/* Let every allocation fail in turn (threat V50): no password may remain. */
START_TEST(without_memory_no_password_is_left)
{
	const struct script *script;
	uint64_t n;
	size_t i;

	for (i = 0; i < ROWS(scripts); i++)
		for (n = 1; n < 12; n++) {
			script = &scripts[i];
			start();
			client.heap.secret = secrets[n % ROWS(secrets)];
			client.answers[ON_AUTH] = script->answer;
			heap_fail(&client.heap, n, n % 2);
			feed_pieces(script->lines, n % 3 ? 7 : 1);
			end(script->lines);
		}
}
END_TEST

/* A line of AUTH is too long, and its password is in the part of the line that
 * was stored: the password must be overwritten. */
START_TEST(no_password_is_left_of_a_line_too_long)
{
	static const char head[] = "AUTH PLAIN aHVudGVyMnNlY3JldA";
	char line[700];
	size_t size;
	int turn;

	for (turn = 0; turn < 2; turn++)
		for (size = 1; size < 700; size += 111) {
			memset(line, 'A', sizeof line);
			memcpy(line, head, sizeof head - 1);
			memcpy(line + 697, "\r\n", 3);
			start();
			client.heap.secret = secrets[2];
			if (turn == 1)
				client_expect(&client, "AUTH PLAIN", "334");
			feed_pieces(line, size);
			end("a line too long");
		}
}
END_TEST

enum end {
	EOF_,
	ABORT,
	TIMED_OUT,
	SHUTDOWN,
	FREE,
	ENDS
};

static void
end_by(enum end how)
{
	switch (how) {
	case EOF_:
		(void)mailin_session_eof(client.session);
		break;
	case ABORT:
		(void)mailin_session_abort(client.session, MAILIN_CLOSE_ABORT);
		break;
	case TIMED_OUT:
		(void)mailin_session_timed_out(client.session);
		break;
	case SHUTDOWN:
		(void)mailin_session_shutdown(client.session);
		break;
	default:
		mailin_session_free(client.session);
		client.session = NULL;
		break;
	}
}

/* No password remains if the session ends inside an exchange, or inside a
 * line. */
START_TEST(no_password_is_left_of_half_an_exchange)
{
	static const char *const halves[] = {
		"AUTH LOGIN aHVudGVyMnNlY3JldA==\r\n",
		"AUTH LOGIN\r\naHVudGVyMnNlY3JldA==\r\n",
		"AUTH PLAIN\r\naHVudGVyMnNlY3JldA==",
		"AUTH PLAIN aHVudGVyMnNlY3JldA==",
		"AUTH PLAIN aHVudGVyMnNlY3JldA==\r",
	};
	size_t i, size;
	int how;

	for (i = 0; i < ROWS(halves); i++)
		for (how = 0; how < ENDS; how++)
			for (size = 1; size < 20; size += 9) {
				start();
				client.heap.secret = secrets[i % 2 ? 0 : 2];
				feed_pieces(halves[i], size);
				end_by((enum end)how);
				check_gone(halves[i]);
				mailin_session_free(client.session);
				client.session = NULL;
				check_gone(halves[i]);
				client_end(&client);
			}
}
END_TEST

/* AUTH lines and responses are hidden, even if malformed (threat V35). */
START_TEST(no_password_is_in_a_trace_or_a_reply)
{
	size_t i, j;

	for (i = 0; i < ROWS(scripts); i++) {
		start();
		client.handler.auth = NULL;
		feed_pieces(scripts[i].lines, 1000);
		for (j = 0; j < ROWS(secrets); j++)
			ck_assert_msg(strstr(client.log.octets, secrets[j]) ==
				    NULL &&
				strstr(client.out.octets, secrets[j]) == NULL,
			    "%s: %s", scripts[i].lines, client.log.octets);
		client_end(&client);
	}
}
END_TEST

START_TEST(the_trace_shows_that_something_is_hidden)
{
	start();
	(void)client_log(&client);
	client_expect(&client, "AUTH LOGIN dXNlcg==", "334");
	client_expect(&client, "aHVudGVyMnNlY3JldA==", "235 2.7.0");
	client_expect_log(&client,
	    "C AUTH <hidden>\nS 334 UGFzc3dvcmQ6\n"
	    "C <hidden>\nauth 1 \"\" \"user\" hunter2secret\n"
	    "S 235 2.7.0 Authenticated");
	client_end(&client);
}
END_TEST

/* Without the auth callback nobody can log in. */
START_TEST(without_an_auth_callback_every_login_fails)
{
	start();
	client.handler.auth = NULL;
	client_expect(&client,
	    "AUTH PLAIN AHVzZXIAaHVudGVyMnNlY3JldA==", "535 5.7.8");
	end("no callback");
}
END_TEST

/* A line in pieces is wiped after its use, and when it is freed. */
START_TEST(a_line_is_wiped_by_the_next_and_by_free)
{
	static const struct mailin_line_rules rules = { 512, 512, true };
	static const struct mailin_span pieces[] = { SPAN("c2Vj"),
		SPAN("cmV0\r\n"), SPAN("*\r\n") };
	enum mailin_line_result result;
	struct mailin_span out;
	size_t i, count;

	for (count = 2; count <= 3; count++) {
		struct mailin_line line = { .given = false };
		struct heap heap;

		heap_init(&heap);
		heap.secret = "c2VjcmV0";
		for (i = 0; i < count; i++)
			(void)mailin_line_read(&line, &heap.allocator, &rules,
			    pieces[i].ptr, pieces[i].len, &out, &result);
		ck_assert_uint_eq(heap_holding(&heap, "c2VjcmV0"), count == 2);
		mailin_line_free(&line, &heap.allocator);
		ck_assert_uint_eq(heap.leaks + heap.octets, 0);
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		no_password_outlives_its_callback,
		without_memory_no_password_is_left,
		no_password_is_left_of_a_line_too_long,
		a_line_is_wiped_by_the_next_and_by_free,
		no_password_is_left_of_half_an_exchange,
		no_password_is_in_a_trace_or_a_reply,
		the_trace_shows_that_something_is_hidden,
		without_an_auth_callback_every_login_fails,
	};

	return suite_run("secret", tests, ROWS(tests));
}

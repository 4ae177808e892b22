/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests calls of the library from inside a callback, as handler.h allows
 * them. */
#include <stdio.h>
#include <string.h>

#include "support/inside.h"

static struct client client;

static const struct call calls[] = {
	{ ON_CONNECT, NULL, "" },
	{ ON_HELO, "", EHLO },
	{ ON_STARTTLS, EHLO, "STARTTLS\r\n" },
	{ ON_AUTH, EHLO, "AUTH PLAIN AHVzZXIAc2VjcmV0\r\n" },
	{ ON_AUTH, EHLO "AUTH LOGIN\r\ndXNlcg==\r\n", "c2VjcmV0\r\n" },
	{ ON_MAIL, EHLO, "MAIL FROM:<a@b>\r\n" },
	{ ON_RCPT, EHLO "MAIL FROM:<a@b>\r\n", "RCPT TO:<c@d>\r\n" },
	{ ON_DATA_START, RCPT, "DATA\r\n" },
	{ ON_DATA, RCPT "DATA\r\n", "x\r\n" },
	{ ON_DATA_END, RCPT "DATA\r\nx\r\n", ".\r\n" },
	{ ON_DATA_START, RCPT, "BDAT 3 LAST\r\nabc" },
	{ ON_DATA, RCPT, "BDAT 3\r\nabc" },
	{ ON_DATA_END, RCPT, "BDAT 3 LAST\r\nabc" },
	{ ON_VRFY, EHLO, "VRFY a\r\n" },
	{ ON_EXPN, EHLO, "EXPN a\r\n" },
	{ ON_HELP, EHLO, "HELP\r\n" },
	{ ON_ETRN, EHLO, "ETRN a\r\n" },
	{ ON_RESET, RCPT, "RSET\r\n" },
	{ ON_RESET, RCPT, "QUIT\r\n" },
	{ ON_RESET, RCPT, EHLO },
	{ ON_RESET, RCPT, "BDAT 0x1\r\n" },
	{ ON_CLOSE, EHLO, "QUIT\r\n" },
	{ ON_CLOSE, EHLO, "NOOP\n" },
	{ ON_TRACE, EHLO, "NOOP\r\n" },
	{ ON_TRACE, RCPT "DATA\r\nx\r\n", ".\r\n" },
	{ ON_TRACE, "", "GET / HTTP/1.1\r\n" },
};

/* ---- Calls that are not allowed ------------------------------------------ */

static void
expect_busy(const char *name, enum mailin_error error)
{
	if (error != MAILIN_ERROR_BUSY)
		ck_abort_msg("%s in %s, %s: %s", name,
		    client_on_name(inside_call->on), inside_call->last,
		    mailin_error_text(error));
}

static void
meddle(struct client *c, enum on on)
{
	static const struct mailin_peer peer;
	static const struct mailin_tls tls;
	struct mailin_session *session = c->session;

	if (on != inside_call->on)
		return;
	inside_times++;
	if (mailin_session_feed(session, "QUIT\r\n", 6) != 0)
		ck_abort_msg("feed in %s", client_on_name(on));
	expect_busy("sent", mailin_session_sent(session, 0));
	expect_busy("eof", mailin_session_eof(session));
	expect_busy("abort", mailin_session_abort(session, MAILIN_CLOSE_ABORT));
	expect_busy("timed_out", mailin_session_timed_out(session));
	expect_busy("shutdown", mailin_session_shutdown(session));
	expect_busy("set_peer", mailin_session_set_peer(session, &peer));
	expect_busy("expect_proxy", mailin_session_expect_proxy(session));
	expect_busy("expect_tls", mailin_session_expect_tls(session));
	expect_busy("tls_started", mailin_session_tls_started(session, &tls));
	expect_busy("abort for TLS",
	    mailin_session_abort(session, MAILIN_CLOSE_TLS));
	expect_busy("resume",
	    mailin_session_resume(session, 1000, MAILIN_REPLY_OK));
	if (mailin_session_resume(session, 1000, MAILIN_REPLY_PENDING) !=
	    MAILIN_ERROR_ARGUMENT)
		ck_abort_msg("resume in %s", client_on_name(on));
	(void)mailin_session_output(session);
}

struct result {
	char out[4096], log[4096];
	enum mailin_want want;
};

static void
play(const struct call *which, void (*hook)(struct client *, enum on),
    struct result *result)
{
	inside_begin(&client, which, false);
	inside_make_call(&client, hook);
	client_drain(&client);
	result->want = mailin_session_want(client.session);
	client_lines(&client, "RSET\r\nNOOP\r\n.\r\nQUIT\r\n");
	snprintf(result->out, sizeof result->out, "%s", client.out.octets);
	snprintf(result->log, sizeof result->log, "%s", client.log.octets);
	client_end(&client);
}

START_TEST(inside_a_callback_other_calls_change_nothing)
{
	static struct result with, without;
	size_t i;

	for (i = 0; i < ROWS(calls); i++) {
		play(&calls[i], NULL, &without);
		play(&calls[i], meddle, &with);
		ck_assert_msg(inside_times > 0, "%s is not called",
		    client_on_name(inside_call->on));
		if (strcmp(with.out, without.out) != 0 ||
		    strcmp(with.log, without.log) != 0 ||
		    with.want != without.want)
			ck_abort_msg("%s: with\n%s\n%s\nwithout\n%s\n%s",
			    client_on_name(inside_call->on), with.out, with.log,
			    without.out, without.log);
	}
}
END_TEST

/* Output that the program reads inside a callback does not count as shown to
 * the client. */
static void
look_at_output(struct client *c, enum on on)
{
	if (on == ON_TRACE)
		(void)mailin_session_output(c->session);
}

START_TEST(inside_a_callback_output_shows_nothing)
{
	static const struct call starttls = { ON_TRACE, EHLO,
		"STARTTLS\r\nNOOP\r\n" };

	inside_begin(&client, &starttls, false);
	(void)client_replies(&client);
	inside_make_call(&client, look_at_output);
	client_expect_replies(&client, "554 5.5.0");
	client_end(&client);
}
END_TEST

/* ---- mailin_session_resume inside a callback ----------------------------- */

static enum mailin_reply resumed_with, returned;

static void
resume_inside(struct client *c, enum on on)
{
	uint64_t token = mailin_session_decision(c->session);

	if (on != inside_call->on)
		return;
	if (mailin_session_resume(c->session, token, resumed_with) != MAILIN_OK)
		ck_abort_msg("%s cannot resume", client_on_name(on));
	if (mailin_session_resume(c->session, token, MAILIN_REPLY_FAILED) !=
	    MAILIN_ERROR_STALE)
		ck_abort_msg("%s resumes twice", client_on_name(on));
	c->answers[on] = returned;
}

static void
answer(struct client *c, enum on on)
{
	if (on == inside_call->on)
		c->answers[on] = resumed_with;
}

START_TEST(a_resume_inside_takes_effect_if_pending_is_returned)
{
	static const enum mailin_reply replies[] = { MAILIN_REPLY_OK,
		MAILIN_REPLY_TRY_LATER, MAILIN_REPLY_REFUSED,
		MAILIN_REPLY_NO_SERVICE };
	static struct result inside, at_once;
	size_t i, j;

	for (i = 0; i < ROWS(calls); i++)
		for (j = 0; calls[i].on < ON_DECISIONS && j < ROWS(replies);
		     j++) {
			resumed_with = replies[j];
			returned = MAILIN_REPLY_PENDING;
			play(&calls[i], resume_inside, &inside);
			play(&calls[i], answer, &at_once);
			if (strcmp(inside.out, at_once.out) != 0 ||
			    strcmp(inside.log, at_once.log) != 0)
				ck_abort_msg("%s, %d: inside\n%s\nat once\n%s",
				    client_on_name(inside_call->on),
				    resumed_with, inside.out, at_once.out);
		}
}
END_TEST

START_TEST(a_resume_inside_has_no_effect_if_a_reply_is_returned)
{
	static struct result inside, at_once;
	size_t i;

	for (i = 0; i < ROWS(calls); i++) {
		if (calls[i].on >= ON_DECISIONS)
			continue;
		resumed_with = MAILIN_REPLY_NO_SERVICE;
		returned = MAILIN_REPLY_OK;
		play(&calls[i], resume_inside, &inside);
		play(&calls[i], NULL, &at_once);
		if (strcmp(inside.out, at_once.out) != 0 ||
		    strcmp(inside.log, at_once.log) != 0)
			ck_abort_msg("%s: inside\n%s\nat once\n%s",
			    client_on_name(inside_call->on), inside.out,
			    at_once.out);
	}
}
END_TEST

/* ---- mailin_session_free inside a callback ------------------------------- */

START_TEST(a_session_may_be_freed_in_any_callback)
{
	size_t i;

	for (i = 0; i < ROWS(calls); i++) {
		inside_begin(&client, &calls[i], false);
		inside_make_call(&client, inside_free);
		inside_check_freed(&client);
		if (calls[i].on >= ON_DECISIONS)
			continue;
		inside_begin(&client, &calls[i], false);
		client.answers[inside_call->on] = MAILIN_REPLY_PENDING;
		inside_make_call(&client, inside_free);
		inside_check_freed(&client);
	}
}
END_TEST

/* After a callback has freed the session, the library asks the program for no
 * further decision. */
START_TEST(a_session_that_was_freed_asks_for_nothing_more)
{
	static const struct call data = { ON_DATA, RCPT, "BDAT 3 LAST\r\nabc" };
	static const struct stage lmtp = { .flags = STAGE_LMTP };
	static const struct call data_end = { ON_DATA_END, "", ".\r\n" };

	inside_begin(&client, &data, false);
	inside_make_call(&client, inside_free);
	ck_assert_ptr_null(strstr(client.log.octets, "data_end"));
	inside_check_freed(&client);
	inside_call = &data_end;
	inside_times = 0;
	stage_open(&lmtp, &client);
	client_lines(&client,
	    "LHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\n"
	    "RCPT TO:<e@f>\r\nDATA\r\n");
	inside_make_call(&client, inside_free);
	ck_assert_ptr_nonnull(strstr(client.log.octets, "data_end c@d"));
	ck_assert_ptr_null(strstr(client.log.octets, "data_end e@f"));
	inside_check_freed(&client);
}
END_TEST

static enum mailin_error
abort_transport(struct mailin_session *session)
{
	return mailin_session_abort(session, MAILIN_CLOSE_ABORT);
}

/* A callback may free the session, whichever function of the library has called
 * the callback. */
START_TEST(a_session_may_be_freed_in_the_callbacks_of_any_call)
{
	static const struct call reset = { ON_RESET, RCPT, "" };
	static const struct call close = { ON_CLOSE, RCPT, "" };
	enum mailin_error (*const ends[])(
	    struct mailin_session *) = { mailin_session_eof, abort_transport,
		mailin_session_timed_out };
	size_t i, j;

	for (i = 0; i < ROWS(ends); i++)
		for (j = 0; j < 2; j++) {
			inside_begin(&client, j == 0 ? &reset : &close, false);
			client.hook = inside_free;
			ck_assert_int_eq(ends[i](client.session), MAILIN_OK);
			inside_check_freed(&client);
		}
	for (j = 0; j < 2; j++) {
		inside_begin(&client, j == 0 ? &reset : &close, false);
		client.hook = inside_free;
		mailin_session_free(client.session);
		inside_check_freed(&client);
	}
}
END_TEST

START_TEST(a_session_may_be_freed_while_it_is_resumed)
{
	static const struct call data_end = { ON_RESET, RCPT "DATA\r\nx\r\n",
		".\r\n" };

	inside_begin(&client, &data_end, false);
	client.answers[ON_DATA_END] = MAILIN_REPLY_PENDING;
	inside_make_call(&client, inside_free);
	ck_assert_int_eq(mailin_session_resume(client.session,
			     mailin_session_decision(client.session),
			     MAILIN_REPLY_FAILED),
	    MAILIN_OK);
	inside_check_freed(&client);
}
END_TEST

static void
resume_unformatted(struct client *c, enum on on)
{
	if (on != inside_call->on)
		return;
	inside_times++;
	ck_assert_int_eq(mailin_session_resume(c->session,
			     mailin_session_decision(c->session),
			     MAILIN_REPLY_CUSTOM),
	    MAILIN_ERROR_ARGUMENT);
}

/* Inside a callback, the handler can resume with MAILIN_REPLY_CUSTOM only after
 * it has formatted a reply, because otherwise the reply would have no code. */
START_TEST(a_resume_inside_needs_the_text_of_its_reply)
{
	size_t i;

	for (i = 0; i < ROWS(calls); i++) {
		if (calls[i].on >= ON_DECISIONS || calls[i].before == NULL)
			continue;
		inside_begin(&client, &calls[i], false);
		inside_make_call(&client, resume_unformatted);
		ck_assert_int_eq(inside_times, 1);
		client_end(&client);
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		inside_a_callback_other_calls_change_nothing,
		inside_a_callback_output_shows_nothing,
		a_resume_inside_takes_effect_if_pending_is_returned,
		a_resume_inside_has_no_effect_if_a_reply_is_returned,
		a_session_may_be_freed_in_any_callback,
		a_session_that_was_freed_asks_for_nothing_more,
		a_session_may_be_freed_in_the_callbacks_of_any_call,
		a_session_may_be_freed_while_it_is_resumed,
		a_resume_inside_needs_the_text_of_its_reply,
	};

	return suite_run("callback", tests, ROWS(tests));
}

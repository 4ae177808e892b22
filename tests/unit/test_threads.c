/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Many threads share one config, each with sessions of its own (property 49).
 * tests/ci.sh threads runs this with ThreadSanitizer. */
#include <pthread.h>
#include <string.h>

#include <mailin.h>

#include "support/suite.h"

#define THREADS  8
#define SESSIONS 40

static struct mailin_config *config;

/* The user pointer of a session points to a counter, which counts the octets of
 * the session's messages. */
static enum mailin_reply
on_data(struct mailin_session *session, struct mailin_span octets, void *user)
{
	(void)session;
	*(size_t *)user += octets.len;
	return MAILIN_REPLY_OK;
}

static enum mailin_reply
on_rcpt(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	(void)session, (void)rcpt, (void)user;
	return MAILIN_REPLY_OK;
}

static const struct mailin_handler handler = {
	.size = sizeof handler,
	.rcpt = on_rcpt,
	.data = on_data,
};

static const char dialogue[] =
    "EHLO c.example.org\r\n"
    "MAIL FROM:<a@b.example> SIZE=10 RET=FULL\r\n"
    "RCPT TO:<c@d.example>\r\nDATA\r\n"
    "one\r\n..two\nthree\r\n.\r\n"
    "MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\n"
    "BDAT 3\r\nabcBDAT 0 LAST\r\nNO SUCH\r\nQUIT\r\n";

/* Returns the total length of the messages of one session, or 0 if the session
 * went wrong. */
static size_t
run_session(void)
{
	size_t octets = 0, at = 0, used, len = 0;
	struct mailin_session *session = mailin_session_new(config, &handler,
	    &octets);
	struct mailin_span out;

	if (session == NULL)
		return 0;
	while (mailin_session_want(session) != MAILIN_WANT_CLOSE) {
		out = mailin_session_output(session);
		len += out.len;
		(void)mailin_session_sent(session, out.len);
		used = mailin_session_feed(session, dialogue + at,
		    sizeof dialogue - 1 - at < 7 ? sizeof dialogue - 1 - at :
						   7);
		at += used;
		if (used == 0 && out.len == 0)
			break;
	}
	mailin_session_free(session);
	return at == sizeof dialogue - 1 && len > 0 ? octets : 0;
}

static void *
run_thread(void *result)
{
	size_t i;

	for (i = 0; i < SESSIONS; i++)
		*(size_t *)result += run_session();
	return NULL;
}

START_TEST(threads_may_share_a_config)
{
	pthread_t threads[THREADS];
	size_t results[THREADS] = { 0 }, alone, i;

	config = mailin_config_new("mx.example.org");
	ck_assert_ptr_nonnull(config);
	ck_assert_int_eq(mailin_config_set(config, "pipelining", "allow"),
	    MAILIN_OK);
	alone = run_session();
	ck_assert_uint_gt(alone, 3);
	for (i = 0; i < THREADS; i++)
		ck_assert_int_eq(
		    pthread_create(&threads[i], NULL, run_thread, &results[i]),
		    0);
	for (i = 0; i < THREADS; i++) {
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
		ck_assert_uint_eq(results[i], SESSIONS * alone);
	}
	mailin_config_free(config);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		threads_may_share_a_config,
	};

	return suite_run("threads", tests, ROWS(tests));
}

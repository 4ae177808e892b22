/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* The limit of refused recipients: src/session/mail.c. */
#include "support/client.h"

static struct client client;

/* The limit ends a session in which very many recipients are refused
 * (threat V53). */
START_TEST(so_many_are_refused_and_no_more)
{
	int i;

	client_init(&client);
	client_begin(&client);
	client_greet(&client);
	client_envelope(&client, 0);
	for (i = 0; i < 100; i++) {
		client.answers[ON_RCPT] = i % 2 == 0 ? MAILIN_REPLY_NO_MAILBOX :
						       MAILIN_REPLY_TRY_LATER;
		client_expect(&client, "RCPT TO:<a@b>",
		    i % 2 == 0 ? "550 5.1.1" : "450 4.7.1");
	}
	client_expect(&client, "RCPT TO:<a@b>", "421 4.7.0");
	ck_assert_int_eq(mailin_session_want(client.session),
	    MAILIN_WANT_CLOSE);
	client_end(&client);
}
END_TEST

/* Recipients over the limit of recipients do not count as refused: the
 * accepted ones remain, and the session must go on (RFC 5321 4.5.3.1.10). */
START_TEST(recipients_too_many_are_not_counted_as_refused)
{
	int i;

	client_init(&client);
	client_set(&client, "recipients", "1");
	client_begin(&client);
	client_greet(&client);
	client_envelope(&client, 1);
	for (i = 0; i < 200; i++)
		client_expect(&client, "RCPT TO:<a@b>", "452 4.5.3");
	client_expect(&client, "DATA", "354");
	client_lines(&client, ".\r\n");
	client_expect_replies(&client, "250 2.0.0");
	client_end(&client);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		so_many_are_refused_and_no_more,
		recipients_too_many_are_not_counted_as_refused,
	};

	return suite_run("refused", tests, ROWS(tests));
}

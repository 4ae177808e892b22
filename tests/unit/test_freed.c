/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests that a session does nothing more after a callback has freed it. */
#include <string.h>

#include "support/inside.h"

static struct client client;

/* The input has ended, and a decision is pending.  When it is made, a callback
 * frees the session.  The callback "close" must be called once. */
START_TEST(a_session_may_be_freed_after_the_end_of_its_input)
{
	static const struct call data_end = { ON_RESET, RCPT "DATA\r\nx\r\n",
		".\r\n" };
	int i;

	for (i = 0; i < 2; i++) {
		inside_begin(&client, &data_end, true);
		client.answers[ON_DATA_END] = MAILIN_REPLY_PENDING;
		inside_make_call(&client, inside_free);
		ck_assert_int_eq(i == 0 ?
			mailin_session_eof(client.session) :
			mailin_session_shutdown(client.session),
		    MAILIN_OK);
		ck_assert_int_eq(mailin_session_resume(client.session,
				     mailin_session_decision(client.session),
				     MAILIN_REPLY_FAILED),
		    MAILIN_OK);
		ck_assert_ptr_nonnull(strstr(client.log.octets, "close ABORT"));
		inside_check_freed(&client);
	}
}
END_TEST

/* A callback frees the session.  Commands that were fed in the same call must
 * not run. */
START_TEST(after_a_session_is_freed_no_command_is_run)
{
	static const struct call resets[] = {
		{ ON_RESET, RCPT, "RSET\r\nVRFY a\r\nVRFY b\r\n" },
		{ ON_RESET, RCPT, "EHLO d\r\nVRFY a\r\n" },
		{ ON_RESET, RCPT, "BDAT 0 LAST\r\nVRFY a\r\n" },
		{ ON_RCPT, EHLO "MAIL FROM:<a@b>\r\n",
		    "RCPT TO:<c@d>\r\nVRFY a\r\n" },
		{ ON_VRFY, EHLO, "VRFY a\r\nVRFY b\r\nDATA\r\n" },
		{ ON_DATA, RCPT "DATA\r\n", "x\r\n.\r\nVRFY a\r\n" },
	};
	size_t i;

	for (i = 0; i < ROWS(resets); i++) {
		inside_begin(&client, &resets[i], true);
		client.answers[ON_DATA_END] = MAILIN_REPLY_FAILED;
		(void)client_log(&client);
		inside_make_call(&client, inside_free);
		ck_assert_int_eq(inside_times, 1);
		ck_assert_msg(strstr(client.log.octets, "vrfy a") == NULL ||
			resets[i].on == ON_VRFY,
		    "%s", client.log.octets);
		ck_assert_ptr_null(strstr(client.log.octets, "vrfy b"));
		inside_check_freed(&client);
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		a_session_may_be_freed_after_the_end_of_its_input,
		after_a_session_is_freed_no_command_is_run,
	};

	return suite_run("freed", tests, ROWS(tests));
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* libmailin-event: what the function of a ticket may do. */
#include <unistd.h>

#include "support/peer.h"
#include "support/suite.h"

static struct host host;

static enum mailin_error
abort_session(struct mailin_session *session)
{
	return mailin_session_abort(session, MAILIN_CLOSE_ABORT);
}

static const struct {
	enum mailin_error (*end)(struct mailin_session *session);
	const char *replies;
	enum mailin_close_reason reason;
} ends[] = {
	{ abort_session, "gone", MAILIN_CLOSE_ABORT },
	{ mailin_session_shutdown, "250", MAILIN_CLOSE_SHUTDOWN },
};

static unsigned turns, way;

static void
take_turn(struct mailin_session *session, void *user)
{
	struct mailin_ticket *ticket;

	(void)user;
	if (turns-- > 0) {
		ticket = mailin_ticket_new(session);
		ck_assert_ptr_nonnull(ticket);
		mailin_ticket_call(ticket, take_turn, NULL);
		return;
	}
	ck_assert_int_eq(ends[way].end(session), MAILIN_OK);
	(void)mailin_session_resume(session, mailin_session_decision(session),
	    MAILIN_REPLY_OK);
}

static enum mailin_reply
late_rcpt(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	(void)rcpt;
	/* Inside a callback these calls are not allowed. */
	ck_assert_int_eq(ends[way].end(session), MAILIN_ERROR_BUSY);
	mailin_ticket_call(mailin_ticket_new(session), take_turn, user);
	return MAILIN_REPLY_PENDING;
}

START_TEST(the_function_of_a_ticket_may_end_the_session)
{
	int fd;

	for (way = 0; way < ROWS(ends); way++) {
		turns = 3;
		host_init(&host, 2);
		host.handler.rcpt = late_rcpt;
		host_start(&host);
		fd = peer_connect(host.listener);
		peer_talk(fd, "", "220");
		peer_talk(fd, "EHLO x\r\n", "250");
		peer_talk(fd, "MAIL FROM:<>\r\n", "250");
		peer_talk(fd, "RCPT TO:<a@b>\r\n", ends[way].replies);
		if (ends[way].reason == MAILIN_CLOSE_SHUTDOWN)
			peer_talk(fd, "RSET\r\n", "250|421|gone");
		close(fd);
		host_await(&host.events[MAILIN_EVENT_CLOSED], 1);
		ck_assert_int_eq(host.close_reason, ends[way].reason);
		host_stop(&host);
	}
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		the_function_of_a_ticket_may_end_the_session,
	};

	return suite_run("ticket_call", tests, ROWS(tests));
}

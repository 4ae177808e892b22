/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* libmailin-event: what a function that mailin_ticket_call() calls may do. */
#include <event2/event.h>
#include <stdlib.h>
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

/* Only the thread of the loop uses this. */
static bool other_is_heard;

static void
wait_for_other(struct mailin_session *session, void *user)
{
	if (other_is_heard)
		(void)mailin_session_resume(session,
		    mailin_session_decision(session), MAILIN_REPLY_OK);
	else
		mailin_ticket_call(mailin_ticket_new(session), wait_for_other,
		    user);
}

static enum mailin_reply
patient_rcpt(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	(void)rcpt;
	mailin_ticket_call(mailin_ticket_new(session), wait_for_other, user);
	return MAILIN_REPLY_PENDING;
}

static enum mailin_reply
heard_mail(struct mailin_session *session, const struct mailin_mail *mail,
    void *user)
{
	(void)session;
	(void)user;
	other_is_heard |= mail->path.local.len > 0;
	return MAILIN_REPLY_OK;
}

START_TEST(functions_that_call_again_leave_time_for_other_clients)
{
	int patient, other;

	host_init(&host, 1);
	host.handler.rcpt = patient_rcpt;
	host.handler.mail = heard_mail;
	host_start(&host);
	patient = peer_connect(host.listener);
	peer_talk(patient, "", "220");
	peer_talk(patient, "EHLO x\r\n", "250");
	peer_talk(patient, "MAIL FROM:<>\r\n", "250");
	ck_assert_int_eq(write(patient, "RCPT TO:<a@b>\r\n", 15), 15);
	other = peer_connect(host.listener);
	peer_talk(other, "", "220");
	peer_talk(other, "EHLO x\r\n", "250");
	peer_talk(other, "MAIL FROM:<a@b>\r\n", "250");
	peer_talk(patient, "", "250");
	close(other);
	close(patient);
	host_stop(&host);
}
END_TEST

/* ---- Events of the program in the event_base of a session ---- */

struct question {
	pthread_t thread; /* the thread that ran the callback */
	struct mailin_ticket *ticket;
};

/* Called by a timer that the callback has started.  Gives the reply to RCPT. */
static void
reply_to(evutil_socket_t fd, short what, void *argument)
{
	struct question *question = argument;

	(void)fd;
	(void)what;
	ck_assert(pthread_equal(question->thread, pthread_self()));
	mailin_ticket_resume(question->ticket, MAILIN_REPLY_NO_MAILBOX);
	free(question);
}

static enum mailin_reply
timed_rcpt(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	static const struct timeval soon = { .tv_usec = 1000 };
	struct question *question = calloc(1, sizeof *question);

	(void)rcpt;
	(void)user;
	ck_assert_ptr_nonnull(question);
	question->thread = pthread_self();
	question->ticket = mailin_ticket_new(session);
	ck_assert_ptr_nonnull(question->ticket);
	ck_assert_int_eq(event_base_once(mailin_server_base(session), -1,
			     EV_TIMEOUT, reply_to, question, &soon),
	    0);
	return MAILIN_REPLY_PENDING;
}

/* An event in the event_base of a session runs in the thread of that session.
 * Two clients may be served by different threads. */
START_TEST(an_event_on_the_base_of_a_session_runs_in_its_thread)
{
	int fds[16];
	size_t i;

	host_init(&host, 4);
	host.handler.rcpt = timed_rcpt;
	host_start(&host);
	for (i = 0; i < ROWS(fds); i++) {
		fds[i] = peer_connect(host.listener);
		peer_talk(fds[i], "", "220");
		peer_talk(fds[i], "EHLO x\r\n", "250");
		peer_talk(fds[i], "MAIL FROM:<>\r\n", "250");
		peer_talk(fds[i], "RCPT TO:<a@b>\r\n", "550 5.1.1");
	}
	for (i = 0; i < ROWS(fds); i++)
		close(fds[i]);
	host_stop(&host);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		the_function_of_a_ticket_may_end_the_session,
		functions_that_call_again_leave_time_for_other_clients,
		an_event_on_the_base_of_a_session_runs_in_its_thread,
	};

	return suite_run("ticket_call", tests, ROWS(tests));
}

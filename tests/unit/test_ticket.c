/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tickets, with which other threads make pending decisions.  The client may be
 * gone by then. */
#include <event2/event.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "support/peer.h"
#include "support/suite.h"

#define MOST 64

static struct host host;

/* Tickets from the "data_end" and "rcpt" callbacks that are still unused. */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct mailin_ticket *tickets[MOST];
	unsigned count;
	bool ending;
} box = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, { NULL }, 0,
	false };

static atomic_uint taken, called, called_late;

static enum mailin_reply
take_ticket(struct mailin_session *session)
{
	struct mailin_ticket *ticket = mailin_ticket_new(session);

	if (ticket == NULL)
		return MAILIN_REPLY_OUT_OF_MEMORY;
	pthread_mutex_lock(&box.lock);
	ck_assert_uint_lt(box.count, MOST);
	box.tickets[box.count++] = ticket;
	pthread_cond_signal(&box.more);
	pthread_mutex_unlock(&box.lock);
	atomic_fetch_add(&taken, 1);
	return MAILIN_REPLY_PENDING;
}

/* Returns any of the tickets.  Waits until there is one.  Returns NULL when no
 * more will come. */
static struct mailin_ticket *
give_ticket(void)
{
	struct mailin_ticket *ticket = NULL;

	pthread_mutex_lock(&box.lock);
	while (box.count == 0 && !box.ending)
		pthread_cond_wait(&box.more, &box.lock);
	if (box.count > 0) {
		ticket = box.tickets[0];
		box.tickets[0] = box.tickets[--box.count];
	}
	pthread_mutex_unlock(&box.lock);
	return ticket;
}

static enum mailin_reply
late_rcpt(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	(void)rcpt, (void)user;
	return take_ticket(session);
}

static enum mailin_reply
late_end(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	(void)rcpt, (void)user;
	return take_ticket(session);
}

/* All tests may run in one process, so start without tickets. */
static void
begin(unsigned threads)
{
	box.count = 0;
	box.ending = false;
	atomic_store(&taken, 0);
	atomic_store(&called, 0);
	atomic_store(&called_late, 0);
	host_init(&host, threads);
}

static void
start(unsigned threads)
{
	begin(threads);
	host.handler.data_end = late_end;
	host_start(&host);
}

START_TEST(a_ticket_decides)
{
	static const struct {
		enum mailin_reply reply;
		const char *code;
	} rows[] = {
		{ MAILIN_REPLY_OK, "250 2.0.0" },
		{ MAILIN_REPLY_NO_MAILBOX, "550 5.1.1" },
		{ MAILIN_REPLY_OUT_OF_SPACE, "452" },
		/* These replies are no decisions.  To use a ticket with one of
		 * them is an error of the program, and the client gets 451. */
		{ MAILIN_REPLY_PENDING, "451" },
		{ MAILIN_REPLY_CUSTOM, "451" },
		{ MAILIN_REPLY_COUNT, "451" },
		{ (enum mailin_reply)12345, "451" },
	};
	size_t i;
	int fd;

	start(1);
	for (i = 0; i < ROWS(rows); i++) {
		fd = peer_connect(host.listener);
		peer_begin(fd);
		peer_talk(fd, ".\r\nNOOP\r\n", "");
		mailin_ticket_resume(give_ticket(), rows[i].reply);
		peer_talk(fd, "", rows[i].code);
		peer_talk(fd, "", "250");
		close(fd);
	}
	host_stop(&host);
}
END_TEST

static void
decide(struct mailin_session *session, void *user)
{
	ck_assert(user == &called);
	if (session == NULL) {
		atomic_fetch_add(&called_late, 1);
		return;
	}
	ck_assert(
	    mailin_session_resume(session, mailin_session_decision(session),
		mailin_session_reply(session, 250, "2.6.0", "Queued as %d",
		    7)) == MAILIN_OK);
	atomic_fetch_add(&called, 1);
}

START_TEST(a_ticket_calls_in_the_thread_of_the_session)
{
	int fd;

	start(2);
	fd = peer_connect(host.listener);
	peer_begin(fd);
	peer_talk(fd, ".\r\n", "");
	mailin_ticket_call(give_ticket(), decide, &called);
	peer_talk(fd, "", "250 2.6.0 Queued as 7");
	close(fd);
	host_stop(&host);
	ck_assert(called == 1 && called_late == 0);
}
END_TEST

START_TEST(tickets_of_lmtp_may_come_back_in_any_order)
{
	int fd, i;

	begin(1);
	mailin_config_set(host.config, "protocol", "lmtp");
	host.handler.data_end = late_end;
	host_start(&host);
	fd = peer_connect(host.listener);
	peer_talk(fd, "", "220");
	peer_talk(fd, "LHLO x\r\n", "250");
	peer_talk(fd,
	    "MAIL FROM:<>\r\nRCPT TO:<a@b>\r\nRCPT TO:<b@b>\r\n"
	    "RCPT TO:<c@b>\r\nDATA\r\n",
	    "250|250|250|250|354");
	peer_talk(fd, ".\r\n", "");
	host_await(&taken, 3);
	pthread_mutex_lock(&box.lock);
	for (i = 2; i >= 0; i--)
		mailin_ticket_resume(box.tickets[i],
		    i == 1 ? MAILIN_REPLY_NO_MAILBOX : MAILIN_REPLY_OK);
	box.count = 0;
	pthread_mutex_unlock(&box.lock);
	peer_talk(fd, "", "250|550|250");
	close(fd);
	host_stop(&host);
}
END_TEST

/* A client counts as connected until its ticket has been used, even if the
 * connection is gone. */
START_TEST(a_ticket_of_a_client_that_is_gone_does_nothing)
{
	struct mailin_server_limits limits = { .size = sizeof limits,
		.connections = 1 };
	struct mailin_ticket *ticket;
	int fd, use;

	start(1);
	mailin_server_set_limits(host.server, &limits);
	for (use = 0; use < 2; use++) {
		unsigned released = host.events[MAILIN_EVENT_CLOSED];

		fd = peer_connect(host.listener);
		peer_begin(fd);
		peer_talk(fd, ".\r\n", "");
		ticket = give_ticket();
		/* While a decision is pending, only the end of the server or
		 * an error of the socket drops the connection. */
		setsockopt(fd, SOL_SOCKET, SO_LINGER,
		    &(struct linger){ .l_onoff = 1 }, sizeof(struct linger));
		close(fd);
		if (use == 0)
			mailin_ticket_resume(ticket, MAILIN_REPLY_OK);
		else
			mailin_ticket_call(ticket, decide, &called);
		host_await(&host.events[MAILIN_EVENT_CLOSED], released + 1);
	}
	fd = peer_connect(host.listener);
	peer_talk(fd, "", "220");
	close(fd);
	host_stop(&host);
}
END_TEST

START_TEST(a_stop_waits_for_the_tickets)
{
	static const struct timespec moment = { .tv_nsec = 50000000 };
	struct mailin_ticket *ticket;
	int fd, stops;

	for (stops = 1; stops <= 2; stops++) {
		start(2);
		fd = peer_connect(host.listener);
		peer_begin(fd);
		peer_talk(fd, ".\r\n", "");
		ticket = give_ticket();
		mailin_server_stop(host.server);
		if (stops == 2) {
			mailin_server_stop(host.server);
			peer_talk(fd, "", "gone");
		}
		nanosleep(&moment, NULL);
		mailin_ticket_call(ticket, decide, &called);
		peer_talk(fd, "", stops == 1 ? "250|421|gone" : "gone");
		host_join(&host);
		ck_assert_uint_eq(called, stops == 1);
		ck_assert_uint_eq(called_late, stops == 2);
		close(fd);
	}
}
END_TEST

START_TEST(a_ticket_outlives_its_server)
{
	struct mailin_server_options options = { .size = sizeof options };
	struct mailin_ticket *tickets[3];
	int fds[3], i;

	options.base = event_base_new();
	begin(1);
	mailin_server_free(host.server);
	host.server = mailin_server_new(&options, NULL);
	host.handler.data_end = late_end;
	host.listener = mailin_server_listen(host.server, "127.0.0.1:0",
	    &host.service, NULL);
	for (i = 0; i < 3; i++) {
		fds[i] = peer_connect(host.listener);
		peer_talk(fds[i],
		    "EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<a@b>\r\n"
		    "BDAT 1 LAST\r\nx",
		    "");
	}
	mailin_config_set(host.config, "pipelining", "allow");
	while (atomic_load(&taken) < 3)
		event_base_loop(options.base, EVLOOP_ONCE);
	for (i = 0; i < 3; i++)
		tickets[i] = give_ticket();
	/* A ticket is used, but the event loop does not run any more. */
	mailin_ticket_call(tickets[0], decide, &called);
	mailin_server_free(host.server);
	ck_assert(called == 0 && called_late == 1);
	event_base_free(options.base);
	mailin_ticket_resume(tickets[1], MAILIN_REPLY_OK);
	mailin_ticket_call(tickets[2], decide, &called);
	ck_assert(called == 0 && called_late == 2);
	for (i = 0; i < 3; i++)
		close(fds[i]);
	mailin_config_free(host.config);
}
END_TEST

/* ---- Many threads ---- */

static void
decide_any(struct mailin_session *session, void *user)
{
	(void)user;
	if (session != NULL)
		(void)mailin_session_resume(session,
		    mailin_session_decision(session),
		    mailin_session_reply(session, 250, "2.0.0", "later"));
}

static void *
work(void *user)
{
	unsigned number = 0;
	struct mailin_ticket *ticket;

	(void)user;
	while ((ticket = give_ticket()) != NULL)
		if (++number % 2 == 0)
			mailin_ticket_resume(ticket, MAILIN_REPLY_OK);
		else
			mailin_ticket_call(ticket, decide_any, NULL);
	return NULL;
}

/* Deliver a message, or disappear at some step: by the end of input, or by a
 * reset. */
static void *
visit(void *user)
{
	static const char *const steps[] = { "EHLO x\r\n", "MAIL FROM:<>\r\n",
		"RCPT TO:<a@b>\r\n", "DATA\r\n", ".\r\n", "QUIT\r\n" };
	static const char *const codes[] = { "250", "250", "250", "354", "250",
		"221|gone" };
	unsigned round, rounds = suite_quick() ? 6 : 60, step;
	const unsigned *number = user;

	for (round = 0; round < rounds; round++) {
		unsigned most = (round + *number) % (2 * ROWS(steps));
		int fd = peer_connect(host.listener);
		bool good = peer_try(fd, "", "220");

		for (step = 0; good && step < ROWS(steps) && step <= most;
		     step++)
			/* Do not wait for the reply to the last step. */
			good = peer_try(fd, steps[step],
			    step < most ? codes[step] : "");
		ck_assert(good);
		if (round % 3 == 0)
			setsockopt(fd, SOL_SOCKET, SO_LINGER,
			    &(struct linger){ .l_onoff = 1 },
			    sizeof(struct linger));
		close(fd);
	}
	return NULL;
}

/* Replace the service and change the limits of the server many times, while the
 * clients talk to it. */
static void
disturb(void)
{
	static const struct timespec moment = { .tv_nsec = 2000000 };
	/* All clients come from the same address. */
	struct mailin_server_limits limits = { .size = sizeof limits,
		.connections_of_address = UINT_MAX };
	unsigned i;

	for (i = 0; i < 30; i++) {
		ck_assert(mailin_listener_replace(host.listener, &host.service,
		    NULL));
		limits.connections = 100 + i;
		mailin_server_set_limits(host.server, &limits);
		nanosleep(&moment, NULL);
	}
}

START_TEST(threads_decide_while_clients_vanish)
{
	pthread_t workers[4], clients[8];
	unsigned numbers[8], i;

	begin(3);
	host.handler.rcpt = late_rcpt;
	host.handler.data_end = late_end;
	host_start(&host);
	for (i = 0; i < ROWS(workers); i++)
		ck_assert(pthread_create(&workers[i], NULL, work, NULL) == 0);
	for (i = 0; i < ROWS(clients); i++) {
		numbers[i] = i;
		ck_assert(
		    pthread_create(&clients[i], NULL, visit, &numbers[i]) == 0);
	}
	disturb();
	for (i = 0; i < ROWS(clients); i++)
		pthread_join(clients[i], NULL);
	host_stop(&host);
	pthread_mutex_lock(&box.lock);
	box.ending = true;
	pthread_cond_broadcast(&box.more);
	pthread_mutex_unlock(&box.lock);
	for (i = 0; i < ROWS(workers); i++)
		pthread_join(workers[i], NULL);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		a_ticket_decides,
		a_ticket_calls_in_the_thread_of_the_session,
		tickets_of_lmtp_may_come_back_in_any_order,
		a_ticket_of_a_client_that_is_gone_does_nothing,
		a_stop_waits_for_the_tickets,
		a_ticket_outlives_its_server,
		threads_decide_while_clients_vanish,
	};

	return suite_run("ticket", tests, ROWS(tests));
}

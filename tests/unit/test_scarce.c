/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* libmailin-event without memory: each allocation fails in turn, even an
 * allocation of libevent or of the session. */
#include <errno.h>
#include <event2/event.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/deadline.h"
#include "support/peer.h"
#include "support/scarce.h"
#include "support/suite.h"

/* The client closes its connection if it has had nothing to read in this many
 * turns of the event loop. */
#define PATIENCE 20

static struct {
	struct event_base *base;
	struct mailin_server *server;
	struct mailin_config *config;
	struct mailin_listener *listener;
	unsigned services, released, delivered, opened, closed;
	bool stopped;
} run;

static void *
alloc(size_t size, void *user)
{
	(void)user;
	return scarce_malloc(size);
}

static void
give_back(void *memory, void *user)
{
	(void)user;
	scarce_free(memory);
}

/* ---- Callbacks of the service ---- */

static enum mailin_reply
data_end(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	struct mailin_ticket *ticket = mailin_ticket_new(session);

	(void)rcpt, (void)user;
	if (ticket == NULL)
		return MAILIN_REPLY_OUT_OF_MEMORY;
	mailin_ticket_resume(ticket, MAILIN_REPLY_OK);
	return MAILIN_REPLY_PENDING;
}

static void
delivered(struct mailin_session *session, void *user)
{
	(void)session, (void)user;
	run.delivered++;
}

static void
released(void *user)
{
	(void)user;
	run.released++;
}

static bool
on_open(struct mailin_session *session, void *memory, void *user)
{
	(void)session, (void)memory, (void)user;
	run.opened++;
	return true;
}

static void
on_event(const struct mailin_event *event, void *user)
{
	(void)user;
	run.stopped |= event->kind == MAILIN_EVENT_STOPPED;
	run.closed += event->kind == MAILIN_EVENT_CLOSED;
}

static struct mailin_service
service(void)
{
	static struct mailin_network network;
	static struct mailin_trust trust = { .size = sizeof trust,
		.proxy_from = &network,
		.proxy_from_count = 1,
		.xclient_from = &network,
		.xclient_from_count = 1 };
	static struct mailin_handler handler;

	host_accept(&handler);
	handler.data_end = data_end;
	handler.delivered = delivered;
	ck_assert(mailin_network_parse(&network, "192.0.2.0/24"));
	return (struct mailin_service){ .size = sizeof(struct mailin_service),
		.config = run.config,
		.handler = &handler,
		.trust = &trust,
		.session_size = 100,
		.open = on_open,
		.released = released };
}

/* ---- The client ---- */

static void
turn(void)
{
	event_base_loop(run.base, EVLOOP_NONBLOCK);
}

/* Returns the first octet of the next reply, or 0 if there is none. */
static char
reply(int fd)
{
	char octets[1024];
	ssize_t len = 0;
	unsigned i;

	for (i = 0; i < PATIENCE && len <= 0; i++) {
		turn();
		len = recv(fd, octets, sizeof octets, MSG_DONTWAIT);
		if (len == 0)
			return 0;
	}
	return len > 0 ? octets[0] : 0;
}

/* Returns true if the message was accepted. */
static bool
deliver(int fd)
{
	static const char *const lines[] = { "EHLO x\r\n", "MAIL FROM:<>\r\n",
		"RCPT TO:<a@b>\r\n", "DATA\r\n", ".\r\n", "QUIT\r\n" };
	bool accepted = false;
	size_t i;

	if (reply(fd) != '2')
		return false;
	for (i = 0; i < ROWS(lines); i++) {
		char first;

		(void)send(fd, lines[i], strlen(lines[i]), MSG_NOSIGNAL);
		first = reply(fd);
		if (first != '2' && first != '3')
			return accepted;
		accepted |= i == 4;
	}
	return accepted;
}

/* ---- One run of the server ---- */

static bool
open_server(struct mailin_fault *fault)
{
	static const struct mailin_allocator allocator = { .alloc = alloc,
		.free = give_back };
	struct mailin_server_options options = { .size = sizeof options,
		.event = on_event };
	struct mailin_service how;

	/* The two calls below set no error if they fail. */
	fault->error = ENOMEM;
	run.base = options.base = event_base_new();
	run.config = mailin_config_new_with("localhost", &allocator);
	if (run.base == NULL || run.config == NULL)
		return false;
	fault->error = 0;
	run.server = mailin_server_new(&options, fault);
	if (run.server == NULL)
		return false;
	how = service();
	run.listener = mailin_server_listen(run.server, "127.0.0.1:0", &how,
	    fault);
	run.services += run.listener != NULL;
	return run.listener != NULL;
}

static void
serve(void)
{
	struct mailin_service how = service();
	unsigned i, accepted;
	int fd = peer_connect(run.listener);

	accepted = deliver(fd);
	close(fd);
	run.services += mailin_listener_replace(run.listener, &how, NULL);
	fd = peer_connect(run.listener);
	accepted += deliver(fd);
	ck_assert_uint_le(accepted, run.delivered);
	close(fd);
	/* A connection without an event would remain open here. */
	for (i = 0; i < PATIENCE && run.closed < run.opened; i++)
		turn();
	ck_assert_uint_eq(run.closed, run.opened);
	mailin_server_stop(run.server);
	for (i = 0; i < PATIENCE && !run.stopped; i++)
		turn();
	ck_assert(run.stopped);
}

static void
close_all(void)
{
	mailin_server_free(run.server);
	mailin_config_free(run.config);
	if (run.base != NULL)
		event_base_free(run.base);
	ck_assert_uint_eq(run.released, run.services);
}

START_TEST(each_allocation_may_fail)
{
	struct mailin_fault fault;
	unsigned long n;
	long before;

	event_set_mem_functions(scarce_malloc, scarce_realloc, scarce_free);
	for (n = 0; n == 0 || scarce_has_failed(); n++) {
		memset(&run, 0, sizeof run);
		before = scarce_blocks();
		scarce_fail(n);
		if (open_server(&fault))
			serve();
		else
			ck_assert_msg(scarce_has_failed() &&
				fault.error == ENOMEM,
			    "%lu: %d", n, fault.error);
		close_all();
		ck_assert_msg(n == 0 || scarce_blocks() == before,
		    "%lu: %ld blocks stay", n, scarce_blocks() - before);
		if (n == 0)
			scarce_fail(1), (void)scarce_malloc(1);
	}
	ck_assert_uint_gt(n, 20);
	ck_assert_uint_eq(run.delivered, 2);
}
END_TEST

START_TEST(a_listener_that_is_closed_is_freed)
{
	struct mailin_fault fault;
	struct mailin_listener *listener;
	struct mailin_service how;
	unsigned i;
	long before;

	event_set_mem_functions(scarce_malloc, scarce_realloc, scarce_free);
	scarce_fail(0);
	ck_assert(open_server(&fault));
	how = service();
	turn();
	for (i = 0, before = 0; i < 20; i++) {
		listener = mailin_server_listen(run.server, "127.0.0.1:0", &how,
		    &fault);
		run.services += listener != NULL;
		/* Close every second listener before the event loop runs. */
		if (i % 2 == 0)
			turn();
		mailin_listener_close(listener);
		turn();
		/* libevent keeps a block for the descriptor of the first
		 * listener. */
		if (i == 0)
			before = scarce_blocks();
		ck_assert_int_eq(scarce_blocks(), before);
	}
	/* Close the first listener of the list; the server frees the other. */
	mailin_listener_close(run.listener);
	turn();
	ck_assert_int_lt(scarce_blocks(), before);
	listener = mailin_server_listen(run.server, "127.0.0.1:0", &how,
	    &fault);
	run.services += listener != NULL;
	mailin_listener_close(listener);
	close_all();
}
END_TEST

/* The loop can neither watch the listening socket nor set a timer to try again
 * later. */
START_TEST(a_listener_that_could_not_be_watched_opens_later)
{
	struct mailin_fault fault;
	int fd;

	event_set_mem_functions(scarce_malloc, scarce_realloc, scarce_free);
	scarce_fail(0);
	memset(&run, 0, sizeof run);
	ck_assert(open_server(&fault));
	scarce_fail_next(2);
	turn();
	ck_assert(scarce_has_failed());
	scarce_fail(0);
	fd = peer_connect(run.listener);
	ck_assert(deliver(fd));
	close(fd);
	close_all();
}
END_TEST

static void
on_over(void *user)
{
	unsigned *count = user;

	(*count)++;
}

/* Initialize a deadline.  The first allocation after it fails. */
static struct event_base *
begin_deadline(struct deadline *deadline, unsigned *count)
{
	struct event_base *base;

	scarce_fail(0);
	base = event_base_new();
	mailin_deadline_init(deadline, base, on_over, count);
	scarce_fail(1);
	return base;
}

START_TEST(a_deadline_that_had_no_memory_is_set_again)
{
	struct deadline deadline;
	unsigned count = 0;
	struct event_base *base = begin_deadline(&deadline, &count);

	mailin_deadline_set(&deadline, 5);
	mailin_deadline_set(&deadline, 10);
	event_base_loop(base, EVLOOP_NONBLOCK);
	ck_assert_uint_eq(count, 0);
	ck_assert(event_pending(&deadline.timer, EV_TIMEOUT, NULL));
	mailin_deadline_end(&deadline);
	event_base_free(base);
}
END_TEST

/* Without its timer a client that is silent could stay for ever. */
START_TEST(a_deadline_without_memory_is_over_at_once)
{
	struct deadline deadline;
	unsigned count = 0;
	struct event_base *base = begin_deadline(&deadline, &count);

	mailin_deadline_set(&deadline, 5);
	ck_assert_uint_eq(count, 0);
	event_base_loop(base, EVLOOP_NONBLOCK);
	ck_assert_uint_eq(count, 1);
	scarce_fail(1);
	mailin_deadline_set(&deadline, 5);
	mailin_deadline_set(&deadline, 0);
	event_base_loop(base, EVLOOP_NONBLOCK);
	ck_assert_uint_eq(count, 1);
	scarce_fail(1);
	mailin_deadline_set(&deadline, 5);
	mailin_deadline_end(&deadline);
	event_base_loop(base, EVLOOP_NONBLOCK);
	ck_assert_uint_eq(count, 1);
	event_base_free(base);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		each_allocation_may_fail,
		a_listener_that_is_closed_is_freed,
		a_listener_that_could_not_be_watched_opens_later,
		a_deadline_that_had_no_memory_is_set_again,
		a_deadline_without_memory_is_over_at_once,
	};

	return suite_run("scarce", tests, ROWS(tests));
}

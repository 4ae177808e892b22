/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* libmailin-event: the life of a server, and its end. */
#include <event2/event.h>
#include <limits.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "support/peer.h"
#include "support/suite.h"

static struct host host;

static void *
do_nothing(void *user)
{
	return user;
}

/* Returns the number of threads.  First starts a thread, because
 * ThreadSanitizer starts a thread of its own together with the first thread of
 * a process. */
static unsigned
count_threads(void)
{
	pthread_t thread;

	ck_assert(pthread_create(&thread, NULL, do_nothing, NULL) == 0);
	pthread_join(thread, NULL);
	usleep(1000);
	return peer_names_in("/proc/self/task");
}

START_TEST(serves_clients)
{
	unsigned threads;
	int fd;

	for (threads = 0; threads <= 3; threads++) {
		host_init(&host, threads);
		host_start(&host);
		fd = peer_connect(host.listener);
		peer_begin(fd);
		peer_talk(fd, "A: 1\r\n\r\n.\r\nQUIT\r\n", "250|221|gone");
		close(fd);
		host_stop(&host);
		ck_assert_uint_eq(host.events[MAILIN_EVENT_CLOSED], 1);
	}
}
END_TEST

START_TEST(tells_how_a_connection_ended)
{
	int fd;

	host_init(&host, 1);
	host_start(&host);
	fd = peer_connect(host.listener);
	peer_talk(fd, "", "220");
	peer_talk(fd, "QUIT\r\n", "221|gone");
	close(fd);
	host_await(&host.events[MAILIN_EVENT_CLOSED], 1);
	ck_assert_int_eq(host.close_reason, MAILIN_CLOSE_QUIT);
	ck_assert_uint_eq(host.octets_in, strlen("QUIT\r\n"));
	ck_assert_uint_gt(host.octets_out, strlen("220 \r\n221 \r\n"));
	fd = peer_connect(host.listener);
	peer_talk(fd, "", "220");
	close(fd);
	host_await(&host.events[MAILIN_EVENT_CLOSED], 2);
	ck_assert_int_eq(host.close_reason, MAILIN_CLOSE_EOF);
	ck_assert_uint_eq(host.octets_in, 0);
	host_stop(&host);
}
END_TEST

/* ---- A server that uses an event_base of the caller ---- */

struct guest {
	struct host host;
	struct event_base *base;
	pthread_t client;
	bool leaves;       /* the program frees a server that was not stopped */
	atomic_bool left;  /* if true, the loop ends soon */
	atomic_uint ticks; /* how often on_tick() was called */
};

static void
on_tick(evutil_socket_t fd, short what, void *user)
{
	struct guest *guest = user;

	(void)fd, (void)what;
	atomic_fetch_add(&guest->ticks, 1);
}

/* Free the server inside the callback, as the header allows. */
static void
on_event(const struct mailin_event *event, void *user)
{
	struct guest *guest = user;

	host_event(event, &guest->host);
	if (event->kind != MAILIN_EVENT_STOPPED)
		return;
	mailin_server_free(guest->host.server);
	guest->host.server = NULL;
	event_base_loopbreak(guest->base);
}

static void *
visit(void *user)
{
	struct guest *guest = user;
	int fd = peer_connect(guest->host.listener);

	peer_begin(fd);
	while (atomic_load(&guest->ticks) == 0)
		sched_yield();
	peer_talk(fd, ".\r\n", "250");
	mailin_server_stop(guest->host.server);
	peer_talk(fd, "", "421|gone");
	close(fd);
	return NULL;
}

START_TEST(serves_in_an_event_base_of_the_program)
{
	static struct guest guest;
	struct mailin_server_options options = { .size = sizeof options,
		.event = on_event,
		.user = &guest };
	struct timeval often = { .tv_usec = 50 };
	struct event *tick;

	guest.base = options.base = event_base_new();
	host_init(&guest.host, 1);
	mailin_server_free(guest.host.server);
	guest.host.server = mailin_server_new(&options, NULL);
	guest.host.listener = mailin_server_listen(guest.host.server,
	    "127.0.0.1:0", &guest.host.service, NULL);
	tick = event_new(guest.base, -1, EV_PERSIST, on_tick, &guest);
	event_add(tick, &often);
	ck_assert(pthread_create(&guest.client, NULL, visit, &guest) == 0);
	event_base_dispatch(guest.base);
	pthread_join(guest.client, NULL);
	ck_assert_ptr_null(guest.host.server);
	ck_assert_uint_eq(guest.host.events[MAILIN_EVENT_CLOSED], 1);
	event_free(tick);
	event_base_free(guest.base);
	mailin_config_free(guest.host.config);
}
END_TEST

START_TEST(leaves_nothing_in_the_event_base_of_the_program)
{
	struct mailin_server_options options = { .size = sizeof options };
	int fd;

	options.base = event_base_new();
	host_init(&host, 1);
	mailin_server_free(host.server);
	host.server = mailin_server_new(&options, NULL);
	host.listener = mailin_server_listen(host.server, "127.0.0.1:0",
	    &host.service, NULL);
	fd = peer_connect(host.listener);
	event_base_loop(options.base, EVLOOP_ONCE);
	event_base_loop(options.base, EVLOOP_NONBLOCK);
	peer_talk(fd, "", "220");
	mailin_server_free(host.server);
	peer_talk(fd, "", "gone");
	/* The result 1 means that the loop has no event any more. */
	ck_assert_int_eq(event_base_dispatch(options.base), 1);
	event_base_free(options.base);
	mailin_config_free(host.config);
	close(fd);
}
END_TEST

/* ---- A server with an event_base of the caller, and with threads ---- */

#define VISITORS 24

/* Deliver messages in so many connections that each thread gets some.  Then
 * stop the server, or end the event loop if "leaves" is true. */
static void *
visit_all(void *user)
{
	struct guest *guest = user;
	int fds[VISITORS];
	unsigned i;

	for (i = 0; i < VISITORS; i++) {
		fds[i] = peer_connect(guest->host.listener);
		peer_begin(fds[i]);
		peer_talk(fds[i], ".\r\n", "250");
	}
	if (guest->leaves)
		atomic_store(&guest->left, true);
	else
		mailin_server_stop(guest->host.server);
	for (i = 0; i < VISITORS; i++) {
		peer_talk(fds[i], "", guest->leaves ? "gone" : "421|gone");
		close(fds[i]);
	}
	return NULL;
}

static void
look_whether_left(evutil_socket_t fd, short what, void *user)
{
	struct guest *guest = user;

	(void)fd, (void)what;
	if (atomic_load(&guest->left))
		event_base_loopbreak(guest->base);
}

static void
serve_with_threads(struct guest *guest, bool leaves)
{
	struct mailin_server_options options = { .size = sizeof options,
		.threads = 3,
		.event = on_event,
		.user = guest };
	unsigned threads = count_threads();
	struct timeval often = { .tv_usec = 5000 };
	struct event *look;

	guest->leaves = leaves;
	guest->base = options.base = event_base_new();
	look = event_new(guest->base, -1, EV_PERSIST, look_whether_left, guest);
	event_add(look, &often);
	host_init(&guest->host, 1);
	mailin_server_free(guest->host.server);
	guest->host.server = mailin_server_new(&options, NULL);
	guest->host.listener = mailin_server_listen(guest->host.server,
	    "127.0.0.1:0", &guest->host.service, NULL);
	ck_assert(pthread_create(&guest->client, NULL, visit_all, guest) == 0);
	event_base_dispatch(guest->base);
	ck_assert((guest->host.server != NULL) == leaves);
	mailin_server_free(guest->host.server);
	pthread_join(guest->client, NULL);
	ck_assert_uint_eq(count_threads(), threads);
	ck_assert_uint_eq(guest->host.events[MAILIN_EVENT_CLOSED], VISITORS);
	event_free(look);
	event_base_free(guest->base);
	mailin_config_free(guest->host.config);
}

START_TEST(serves_with_threads_beside_the_event_base_of_the_program)
{
	static struct guest guest;

	serve_with_threads(&guest, false);
	serve_with_threads(&guest, true);
}
END_TEST

/* When mailin_server_run() returns, all threads of the server have ended, so
 * the server may be freed. */
START_TEST(ends_if_the_program_leaves_its_event_base)
{
	struct mailin_server_options options = { .size = sizeof options,
		.threads = 3 };
	struct timeval soon = { .tv_usec = 100000 };
	unsigned threads = count_threads(), i;
	int clients[8];

	options.base = event_base_new();
	host_init(&host, 1);
	mailin_server_free(host.server);
	host.server = mailin_server_new(&options, NULL);
	host.listener = mailin_server_listen(host.server, "127.0.0.1:0",
	    &host.service, NULL);
	for (i = 0; i < ROWS(clients); i++)
		clients[i] = peer_connect(host.listener);
	event_base_loopexit(options.base, &soon);
	ck_assert(mailin_server_run(host.server, NULL));
	ck_assert_uint_eq(count_threads(), threads);
	mailin_server_free(host.server);
	for (i = 0; i < ROWS(clients); i++)
		close(clients[i]);
	event_base_free(options.base);
	mailin_config_free(host.config);
}
END_TEST

/* ---- Start and stop ---- */

START_TEST(starts_and_stops_many_times)
{
	unsigned i, before, count = suite_quick() ? 10 : 100;
	int fd;

	host_init(&host, 2);
	host_start(&host);
	host_stop(&host);
	before = peer_names_in("/proc/self/fd");
	for (i = 0; i < count; i++) {
		host_init(&host, 1 + i % 3);
		host_start(&host);
		fd = i % 2 == 0 ? peer_connect(host.listener) : -1;
		host_stop(&host);
		close(fd);
	}
	ck_assert_uint_eq(peer_names_in("/proc/self/fd"), before);
}
END_TEST

START_TEST(may_be_stopped_before_it_runs_and_freed_without)
{
	unsigned before = peer_names_in("/proc/self/fd");

	host_init(&host, 2);
	mailin_server_stop(host.server);
	host_start(&host);
	host_join(&host);
	host_init(&host, 2);
	ck_assert(mailin_server_listen(host.server, "127.0.0.1:0",
		      &host.service, NULL) != NULL);
	mailin_server_free(host.server);
	mailin_config_free(host.config);
	mailin_server_free(NULL);
	ck_assert_uint_eq(peer_names_in("/proc/self/fd"), before);
}
END_TEST

/* The server does not wait longer than the grace period for a silent client. */
START_TEST(ends_when_the_time_of_grace_is_over)
{
	struct mailin_server_limits limits = { .size = sizeof limits,
		.grace = UINT_MAX };
	int fd;

	host_init(&host, 1);
	mailin_server_set_limits(host.server, &limits);
	host_start(&host);
	fd = peer_connect(host.listener);
	peer_begin(fd);
	mailin_server_stop(host.server);
	peer_talk(fd, "", "421|gone");
	close(fd);
	host_join(&host);
}
END_TEST

START_TEST(a_second_stop_drops_all_clients)
{
	int fd;

	host_init(&host, 2);
	host_start(&host);
	fd = peer_connect(host.listener);
	peer_begin(fd);
	mailin_server_stop(host.server);
	mailin_server_stop(host.server);
	peer_talk(fd, "", "gone");
	host_join(&host);
	close(fd);
}
END_TEST

static enum mailin_reply
stop_it(struct mailin_session *session, void *user)
{
	(void)session, (void)user;
	mailin_server_stop(host.server);
	return MAILIN_REPLY_OK;
}

START_TEST(may_be_stopped_in_a_callback)
{
	int fd;

	host_init(&host, 1);
	host.handler.data_start = stop_it;
	host_start(&host);
	fd = peer_connect(host.listener);
	peer_begin(fd);
	peer_talk(fd, "A: 1\r\n\r\n.\r\n", "250|421|gone");
	host_join(&host);
	close(fd);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		serves_clients,
		tells_how_a_connection_ended,
		serves_in_an_event_base_of_the_program,
		leaves_nothing_in_the_event_base_of_the_program,
		serves_with_threads_beside_the_event_base_of_the_program,
		ends_if_the_program_leaves_its_event_base,
		starts_and_stops_many_times,
		may_be_stopped_before_it_runs_and_freed_without,
		ends_when_the_time_of_grace_is_over,
		a_second_stop_drops_all_clients,
		may_be_stopped_in_a_callback,
	};

	return suite_run("server", tests, ROWS(tests));
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* libmailin-event: the memory of sessions, limits on the number of clients, and
 * peers that the program trusts. */
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "support/peer.h"
#include "support/suite.h"

static struct host host;

/* ---- Sessions ---- */

struct memory {
	_Alignas(max_align_t) char octets[100];
	unsigned opened;
};

static atomic_uint opens, closes, handler_closes;

static bool
on_open(struct mailin_session *session, void *memory, void *user)
{
	static const struct memory none;
	struct memory *mine = memory;

	ck_assert(user == &host && mailin_session_user(session) == memory);
	ck_assert((uintptr_t)memory % _Alignof(max_align_t) == 0);
	ck_assert(memcmp(mine, &none, sizeof none) == 0);
	ck_assert(mailin_span_equal(mailin_session_peer(session)->address,
	    "127.0.0.1"));
	ck_assert(mailin_ticket_new(session) == NULL);
	mine->opened = 1;
	return atomic_fetch_add(&opens, 1) % 2 == 0;
}

static void
on_close(struct mailin_session *session, void *memory, void *user)
{
	struct memory *mine = memory;

	ck_assert(user == &host && mine->opened == 2);
	ck_assert(mailin_session_peer(session) != NULL);
	atomic_fetch_add(&closes, 1);
}

static void
handler_close(struct mailin_session *session, enum mailin_close_reason reason,
    void *user)
{
	struct memory *mine = user;

	(void)session, (void)reason;
	ck_assert_uint_eq(mine->opened, 1);
	mine->opened = 2;
	atomic_fetch_add(&handler_closes, 1);
}

START_TEST(each_session_has_its_memory)
{
	int fd;
	unsigned i;

	host_init(&host, 1);
	host.handler.close = handler_close;
	host.service.session_size = sizeof(struct memory);
	host.service.open = on_open;
	host.service.close = on_close;
	host.service.user = &host;
	host_start(&host);
	for (i = 0; i < 20; i++) {
		fd = peer_connect(host.listener);
		peer_talk(fd, "", i % 2 == 0 ? "220" : "421|gone");
		if (i % 4 == 0)
			peer_talk(fd, "QUIT\r\n", "221|gone");
		close(fd);
	}
	host_await(&closes, 10);
	host_stop(&host);
	ck_assert_uint_eq(opens, 20);
	ck_assert_uint_eq(handler_closes, 10);
	ck_assert_uint_eq(host.events[MAILIN_EVENT_REFUSED], 10);
	ck_assert_uint_eq(host.events[MAILIN_EVENT_CLOSED], 10);
}
END_TEST

START_TEST(sends_away_more_clients_than_there_are_places)
{
	struct mailin_server_limits limits = { .size = sizeof limits,
		.connections = 2 };
	int fds[4];

	host_init(&host, 2);
	mailin_server_set_limits(host.server, &limits);
	host_start(&host);
	fds[0] = peer_connect(host.listener);
	peer_talk(fds[0], "", "220");
	fds[1] = peer_connect(host.listener);
	peer_talk(fds[1], "", "220");
	fds[2] = peer_connect(host.listener);
	peer_talk(fds[2], "", "421|gone");
	host_await(&host.events[MAILIN_EVENT_REFUSED], 1);
	ck_assert_str_eq(host.reason, "there are too many clients");
	peer_talk(fds[1], "QUIT\r\n", "221|gone");
	close(fds[1]);
	host_await(&host.events[MAILIN_EVENT_CLOSED], 1);
	fds[1] = peer_connect(host.listener);
	peer_talk(fds[1], "", "220");
	limits.connections = 3;
	mailin_server_set_limits(host.server, &limits);
	fds[3] = peer_connect(host.listener);
	peer_talk(fds[3], "", "220");
	host_stop(&host);
	close(fds[0]);
	close(fds[1]);
	close(fds[2]);
	close(fds[3]);
}
END_TEST

static bool
open_and_abort(struct mailin_session *session, void *memory, void *user)
{
	(void)memory, (void)user;
	ck_assert(
	    mailin_session_abort(session, MAILIN_CLOSE_ABORT) == MAILIN_OK);
	return true;
}

static void
no_close(struct mailin_session *session, void *memory, void *user)
{
	(void)session, (void)memory, (void)user;
	ck_abort_msg("close was called");
}

START_TEST(a_session_that_open_aborts_is_refused)
{
	int fd;

	host_init(&host, 1);
	host.service.open = open_and_abort;
	host.service.close = no_close;
	host_start(&host);
	fd = peer_connect(host.listener);
	peer_talk(fd, "", "421|gone");
	close(fd);
	host_await(&host.events[MAILIN_EVENT_REFUSED], 1);
	host_stop(&host);
	ck_assert_uint_eq(host.events[MAILIN_EVENT_CLOSED], 0);
}
END_TEST

/* ---- Clients that are sent away ---- */

#define VISITORS 60

/* Start a server with a limit of one client.  Before the server runs, its
 * clients have connected and have sent text.  All but the first client are
 * refused. */
static void
start_with(int fds[], unsigned count, const char *text)
{
	struct mailin_server_limits limits = { .size = sizeof limits,
		.connections = 1 };
	struct mailin_listener *listener;
	size_t len = strlen(text);
	unsigned i;

	host_init(&host, 1);
	mailin_server_set_limits(host.server, &limits);
	listener = mailin_server_listen(host.server, "127.0.0.1:0",
	    &host.service, NULL);
	for (i = 0; i < count; i++) {
		fds[i] = peer_connect(listener);
		ck_assert(send(fds[i], text, len, 0) == (ssize_t)len);
	}
	host_start(&host);
	for (i = 1; i < count; i++)
		peer_talk(fds[i], "", "421");
}

static void
stop_with(const int fds[], unsigned count)
{
	unsigned i;

	for (i = 0; i < count; i++)
		close(fds[i]);
	host_stop(&host);
}

/* The connection of a refused client is not reset: a client that talks first
 * might then lose its 421. */
START_TEST(a_refused_client_that_has_talked_is_not_reset)
{
	int fds[3];
	unsigned i;
	char octet;

	start_with(fds, ROWS(fds), "EHLO x\r\n");
	for (i = 1; i < ROWS(fds); i++) {
		ck_assert_int_eq(recv(fds[i], &octet, 1, 0), 0);
		ck_assert_int_eq(send(fds[i], "QUIT\r\n", 6, 0), 6);
		ck_assert_int_eq(recv(fds[i], &octet, 1, 0), 0);
	}
	stop_with(fds, ROWS(fds));
}
END_TEST

static double
seconds(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

START_TEST(a_refused_client_may_send_little_for_a_short_time)
{
	static const char octets[65536];
	double start;
	int fds[3];

	start_with(fds, ROWS(fds), "");
	start = seconds();
	while (send(fds[1], octets, sizeof octets, MSG_NOSIGNAL) > 0)
		;
	ck_assert(seconds() - start < 1.5);
	while (send(fds[2], "x", 1, MSG_NOSIGNAL) > 0)
		usleep(20000);
	ck_assert(seconds() - start > 1.5 && seconds() - start < 10);
	stop_with(fds, ROWS(fds));
}
END_TEST

/* The server waits for very few of the refused clients that stay silent, and
 * closes the sockets of the others.  Some of the open descriptors are not such
 * sockets, but belong to the server itself. */
START_TEST(few_refused_clients_are_waited_for)
{
	unsigned before = peer_names_in("/proc/self/fd"), with_clients;
	int fds[VISITORS];

	start_with(fds, ROWS(fds), "");
	host_await(&host.events[MAILIN_EVENT_REFUSED], VISITORS - 1);
	with_clients = peer_names_in("/proc/self/fd") - VISITORS;
	ck_assert_uint_gt(with_clients, before + 2);
	ck_assert_uint_lt(with_clients, before + 20);
	mailin_server_stop(host.server);
	mailin_server_stop(host.server);
	host_join(&host);
	ck_assert_uint_eq(peer_names_in("/proc/self/fd"), before + VISITORS);
	for (unsigned i = 0; i < VISITORS; i++)
		close(fds[i]);
}
END_TEST

/* If an address has as many clients as it may have, further clients from this
 * address are refused.  Clients from other addresses are still accepted. */
START_TEST(sends_away_more_clients_of_an_address_than_it_may_have)
{
	struct mailin_server_limits limits = { .size = sizeof limits,
		.connections_of_address = 2 };
	struct mailin_network proxy;
	struct mailin_trust trust = { .size = sizeof trust,
		.xclient_from = &proxy,
		.xclient_from_count = 1 };
	int fds[3], others[2], trusted[3], i;

	ck_assert(mailin_network_parse(&proxy, "127.0.0.3"));
	host_init(&host, 2);
	mailin_server_set_limits(host.server, &limits);
	host.service.trust = &trust;
	host_start(&host);
	for (i = 0; i < 3; i++) {
		fds[i] = peer_connect(host.listener);
		peer_talk(fds[i], "",
		    i < 2 ? "220" : "421 4.7.0 Too many connections|gone");
	}
	host_await(&host.events[MAILIN_EVENT_REFUSED], 1);
	ck_assert_str_eq(host.reason, "its address has too many clients");
	for (i = 0; i < 2; i++) {
		others[i] = peer_connect_from(host.listener, "127.0.0.2");
		peer_talk(others[i], "", "220");
	}
	for (i = 0; i < 3; i++) {
		trusted[i] = peer_connect_from(host.listener, "127.0.0.3");
		peer_talk(trusted[i], "", "220");
		close(trusted[i]);
	}
	peer_talk(fds[0], "QUIT\r\n", "221|gone");
	close(fds[0]);
	host_await(&host.events[MAILIN_EVENT_CLOSED], 4);
	fds[0] = peer_connect(host.listener);
	peer_talk(fds[0], "", "220");
	for (i = 0; i < 3; i++)
		close(fds[i]);
	close(others[0]);
	close(others[1]);
	host_stop(&host);
}
END_TEST

/* ---- Trusted proxies ---- */

START_TEST(tells_of_a_proxy_that_sends_no_header)
{
	struct mailin_network loopback;
	struct mailin_trust trust = { .size = sizeof trust,
		.proxy_from = &loopback,
		.proxy_from_count = 1 };
	int fd;

	ck_assert(mailin_network_parse(&loopback, "127.0.0.0/8"));
	host_init(&host, 1);
	host.service.trust = &trust;
	host_start(&host);
	memset(&loopback, 0, sizeof loopback); /* the server has a copy */
	fd = peer_connect(host.listener);
	peer_talk(fd, "EHLO client.example.org\r\n", "gone");
	close(fd);
	fd = peer_connect(host.listener);
	peer_talk(fd, "PROXY TCP4 192.0.2.1 192.0.2.2 1 25\r\n", "220");
	peer_talk(fd, "XCLIENT ADDR=192.0.2.3\r\n", "5");
	close(fd);
	fd = peer_connect(host.listener);
	close(fd); /* as a monitor does that only checks the port */
	host_await(&host.events[MAILIN_EVENT_CLOSED], 3);
	host_stop(&host);
	ck_assert_uint_eq(host.events[MAILIN_EVENT_NO_PROXY], 1);
}
END_TEST

/* XCLIENT names another client.  After it, XCLIENT is offered only if the
 * address of the other client is trusted. */
START_TEST(offers_xclient_to_those_who_are_trusted)
{
	struct mailin_network networks[2];
	struct mailin_trust trust = { .size = sizeof trust,
		.xclient_from = networks,
		.xclient_from_count = 2 };
	int fd;

	ck_assert(mailin_network_parse(&networks[0], "127.0.0.1"));
	ck_assert(mailin_network_parse(&networks[1], "2001:db8::/32"));
	host_init(&host, 1);
	host.service.trust = &trust;
	host_start(&host);
	fd = peer_connect(host.listener);
	peer_talk(fd, "", "220");
	peer_talk(fd, "XCLIENT ADDR=IPV6:2001:db8::1\r\n", "220");
	peer_talk(fd, "XCLIENT ADDR=192.0.2.1\r\n", "220");
	peer_talk(fd, "XCLIENT ADDR=127.0.0.1\r\n", "550 5.7.0");
	close(fd);
	/* If XCLIENT names no address, the client might be anybody. */
	fd = peer_connect(host.listener);
	peer_talk(fd, "", "220");
	peer_talk(fd, "XCLIENT NAME=mail.example.org\r\n", "220");
	peer_talk(fd, "XCLIENT ADDR=10.0.0.1\r\n", "550 5.7.0");
	close(fd);
	host_stop(&host);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		each_session_has_its_memory,
		sends_away_more_clients_than_there_are_places,
		a_session_that_open_aborts_is_refused,
		a_refused_client_that_has_talked_is_not_reset,
		a_refused_client_may_send_little_for_a_short_time,
		few_refused_clients_are_waited_for,
		sends_away_more_clients_of_an_address_than_it_may_have,
		tells_of_a_proxy_that_sends_no_header,
		offers_xclient_to_those_who_are_trusted,
	};

	return suite_run("service", tests, ROWS(tests));
}

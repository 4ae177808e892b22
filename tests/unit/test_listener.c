/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* Tests the listeners of libmailin-event, which are listening sockets, and the
 * services (struct mailin_service) that their clients get. */
#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/peer.h"
#include "support/suite.h"

static struct host host;

/* ---- Listening ---- */

START_TEST(says_why_it_cannot_listen)
{
	static const struct {
		const char *address;
		int error;
	} rows[] = {
		{ "", EINVAL },
		{ "*", EINVAL },
		{ "*:", EINVAL },
		{ "[*]:25", EINVAL },
		{ "**:25", EINVAL },
		{ "65536", EINVAL },
		{ "25 ", EINVAL },
		{ ":25", EINVAL },
		{ "localhost:25", EINVAL },
		{ "127.0.0.1", EINVAL },
		{ "127.0.0.1:", EINVAL },
		{ "127.0.0.1:+25", EINVAL },
		{ "127.0.0.1:65536", EINVAL },
		{ "::1:25", EINVAL },
		{ "fd:", EINVAL },
		{ "fd:-1", EINVAL },
		{ "fd:3 ", EINVAL },
		{ "fd:2147483648", EINVAL },
		{ "fd:2147483647", EBADF },
		{ "[::1]25", EINVAL },
		{ "192.0.2.1:25", EADDRNOTAVAIL },
		{ "127.0.0.1:0", 0 },
		{ "*:0", 0 },
		{ "0", 0 },
	};
	struct mailin_fault fault;
	size_t i;

	host_init(&host, 2);
	for (i = 0; i < ROWS(rows); i++) {
		bool valid = rows[i].error != EINVAL;
		struct mailin_listener *listener;

		fault.error = 0;
		ck_assert_msg(mailin_address_is_valid(rows[i].address) == valid,
		    "%s", rows[i].address);
		listener = mailin_server_listen(host.server, rows[i].address,
		    &host.service, &fault);
		ck_assert_msg((listener == NULL) == (rows[i].error != 0) &&
			fault.error == rows[i].error,
		    "%s: %d", rows[i].address, fault.error);
		ck_assert(listener != NULL ||
		    strncmp(fault.text, "cannot listen on ", 17) == 0);
	}
	ck_assert(mailin_server_listen(host.server, NULL, &host.service,
		      &fault) == NULL);
	ck_assert_int_eq(fault.error, EINVAL);
	host_start(&host);
	host_stop(&host);
}
END_TEST

START_TEST(cannot_listen_where_it_listens_already)
{
	struct mailin_fault fault;
	const char *address;

	host_init(&host, 2);
	host_start(&host);
	address = mailin_listener_address(host.listener);
	ck_assert(mailin_server_listen(host.server, address, &host.service,
		      &fault) == NULL);
	ck_assert_int_eq(fault.error, EADDRINUSE);
	host_stop(&host);
}
END_TEST

START_TEST(refuses_a_service_that_it_cannot_serve)
{
	struct mailin_service service;
	struct mailin_fault fault;

	host_init(&host, 1);
	host_start(&host);
	service = host.service;
	service.implicit_tls = true;
	ck_assert(mailin_server_listen(host.server, "127.0.0.1:0", &service,
		      &fault) == NULL);
	ck_assert(fault.error == EINVAL &&
	    strcmp(fault.text, "implicit TLS needs a certificate") == 0);
	ck_assert(!mailin_listener_replace(host.listener, &service, &fault));
	service = host.service;
	service.handler = NULL;
	ck_assert(!mailin_listener_replace(host.listener, &service, &fault));
	service = host.service;
	service.config = NULL;
	ck_assert(!mailin_listener_replace(host.listener, &service, NULL));
	mailin_config_set_extension(host.config, MAILIN_EXTENSION_STARTTLS,
	    true);
	ck_assert(
	    !mailin_listener_replace(host.listener, &host.service, &fault));
	ck_assert_str_eq(fault.text, "STARTTLS needs a certificate");
	host_stop(&host);
}
END_TEST

/* ---- Two threads that listen at one address ---- */

static struct race {
	pthread_barrier_t start;
	char address[64];
	struct mailin_listener *second;
} race;

static void *
listen_too(void *user)
{
	struct race *rival = user;

	pthread_barrier_wait(&rival->start);
	rival->second = mailin_server_listen(host.server, rival->address,
	    &host.service, NULL);
	return NULL;
}

START_TEST(of_two_listeners_at_one_address_one_is_refused)
{
	struct mailin_listener *first;
	struct mailin_fault fault;
	pthread_t thread;
	int round;

	for (round = 0; round < (suite_quick() ? 20 : 300); round++) {
		host_init(&host, 1);
		first = mailin_server_listen(host.server, "127.0.0.1:0",
		    &host.service, &fault);
		ck_assert_ptr_nonnull(first);
		strcpy(race.address, mailin_listener_address(first));
		mailin_server_free(host.server);
		mailin_config_free(host.config);
		host_init(&host, 3);
		pthread_barrier_init(&race.start, NULL, 2);
		pthread_create(&thread, NULL, listen_too, &race);
		pthread_barrier_wait(&race.start);
		first = mailin_server_listen(host.server, race.address,
		    &host.service, &fault);
		pthread_join(thread, NULL);
		pthread_barrier_destroy(&race.start);
		ck_assert_msg((first == NULL) != (race.second == NULL),
		    "round %d: %d listen", round,
		    (first != NULL) + (race.second != NULL));
		ck_assert(first != NULL || fault.error == EADDRINUSE);
		mailin_server_free(host.server);
		mailin_config_free(host.config);
	}
}
END_TEST

/* ---- When the process has no free descriptor ---- */

START_TEST(a_listener_that_has_paused_accepts_again)
{
	struct rlimit before, limit;
	int fd;

	host_init(&host, 1);
	host_start(&host);
	fd = peer_connect(host.listener);
	peer_talk(fd, "", "220");
	close(fd);
	host_await(&host.events[MAILIN_EVENT_CLOSED], 1);
	getrlimit(RLIMIT_NOFILE, &before);
	fd = socket(AF_INET, SOCK_STREAM, 0);
	limit = before;
	/* Set the limit such that no descriptor above fd can be opened. */
	limit.rlim_cur = (rlim_t)fd + 1;
	ck_assert(setrlimit(RLIMIT_NOFILE, &limit) == 0);
	peer_connect_with(fd, host.listener);
	host_await(&host.events[MAILIN_EVENT_PAUSED], 1);
	ck_assert_int_eq(host.error, EMFILE);
	ck_assert(setrlimit(RLIMIT_NOFILE, &before) == 0);
	peer_talk(fd, "", "220");
	peer_talk(fd, "QUIT\r\n", "221|gone");
	close(fd);
	host_stop(&host);
}
END_TEST

static enum mailin_reply
offer_starttls(struct mailin_session *session, void *user)
{
	(void)user;
	(void)mailin_session_set_extension(session, MAILIN_EXTENSION_STARTTLS,
	    true);
	return MAILIN_REPLY_OK;
}

START_TEST(a_session_that_offers_starttls_without_a_certificate_is_dropped)
{
	int fd;

	host_init(&host, 1);
	host.handler.connect = offer_starttls;
	host_start(&host);
	fd = peer_connect(host.listener);
	peer_talk(fd, "", "220");
	peer_talk(fd, "EHLO x\r\n", "250");
	peer_talk(fd, "STARTTLS\r\n", "220|gone");
	close(fd);
	host_await(&host.events[MAILIN_EVENT_TLS_FAILED], 1);
	host_stop(&host);
	ck_assert_str_eq(host.reason, "there is no certificate");
}
END_TEST

START_TEST(listens_at_more_addresses_while_it_serves)
{
	struct mailin_listener *other;
	int fd;

	host_init(&host, 2);
	host_start(&host);
	fd = peer_connect(host.listener);
	peer_begin(fd);
	other = mailin_server_listen(host.server, "127.0.0.1:0", &host.service,
	    NULL);
	ck_assert(other != NULL);
	close(fd);
	fd = peer_connect(other);
	peer_begin(fd);
	close(fd);
	host_stop(&host);
}
END_TEST

static void on_released(void *user);

START_TEST(a_listener_that_is_closed_lets_its_sessions_go_on)
{
	static atomic_uint released;
	struct mailin_service service;
	struct mailin_listener *other;
	char address[64];
	int fd, tries;

	host_init(&host, 3);
	host_start(&host);
	service = host.service;
	service.released = on_released;
	service.user = &released;
	other = mailin_server_listen(host.server, "127.0.0.1:0", &service,
	    NULL);
	fd = peer_connect(other);
	peer_begin(fd);
	strcpy(address, mailin_listener_address(other));
	mailin_listener_close(other);
	for (tries = 0, other = NULL; tries < 1000 && other == NULL; tries++) {
		other = mailin_server_listen(host.server, address,
		    &host.service, NULL);
		usleep(other == NULL ? 1000 : 0);
	}
	ck_assert_ptr_nonnull(other);
	ck_assert_uint_eq(released, 0);
	peer_talk(fd, ".\r\nQUIT\r\n", "250|221|gone");
	close(fd);
	host_await(&released, 1);
	fd = peer_connect(other);
	peer_begin(fd);
	close(fd);
	/* Close a listener at once, perhaps before an event loop has begun to
	 * use it. */
	mailin_listener_close(
	    mailin_server_listen(host.server, "127.0.0.1:0", &service, NULL));
	host_await(&released, 2);
	host_stop(&host);
}
END_TEST

/* ---- Services ---- */

static void
on_released(void *user)
{
	atomic_fetch_add((atomic_uint *)user, 1);
}

START_TEST(new_clients_get_the_service_that_replaces_another)
{
	static atomic_uint released, new_released;
	struct mailin_config *config = mailin_config_new("new.example.org");
	struct mailin_service service;
	int before, after;

	host_init(&host, 2);
	host.service.released = on_released;
	host.service.user = &released;
	host_start(&host);
	service = host.service;
	service.config = config;
	service.user = &new_released;
	before = peer_connect(host.listener);
	peer_talk(before, "", "220 mx.example.org");
	ck_assert(mailin_listener_replace(host.listener, &service, NULL));
	ck_assert_uint_eq(released, 0);
	after = peer_connect(host.listener);
	peer_talk(after, "", "220 new.example.org");
	peer_talk(before, "EHLO x\r\n", "250");
	ck_assert_uint_eq(released, 0);
	peer_talk(before, "QUIT\r\n", "221|gone");
	close(before);
	host_await(&released, 1);
	close(after);
	ck_assert_uint_eq(new_released, 0);
	host_stop(&host);
	ck_assert_uint_eq(released, 1);
	ck_assert_uint_eq(new_released, 1);
	mailin_config_free(config);
}
END_TEST

/* A program may have been compiled with an older header, whose structs have
 * fewer members.  The members that it lacks count as 0. */
START_TEST(members_that_a_program_does_not_have_are_absent)
{
	struct mailin_service service;
	struct mailin_server_options options;
	int fd;

	host_init(&host, 1);
	mailin_server_free(host.server);
	memset(&options, 0xff, sizeof options);
	options.size = sizeof options.size;
	host.server = mailin_server_new(&options, NULL);
	memset(&service, 0xff, sizeof service);
	service.size = offsetof(struct mailin_service, tls);
	service.config = host.config;
	service.handler = &host.handler;
	host.service = service;
	host_start(&host);
	fd = peer_connect(host.listener);
	peer_begin(fd);
	close(fd);
	host_stop(&host);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		says_why_it_cannot_listen,
		cannot_listen_where_it_listens_already,
		of_two_listeners_at_one_address_one_is_refused,
		a_listener_that_has_paused_accepts_again,
		refuses_a_service_that_it_cannot_serve,
		a_session_that_offers_starttls_without_a_certificate_is_dropped,
		listens_at_more_addresses_while_it_serves,
		a_listener_that_is_closed_lets_its_sessions_go_on,
		new_clients_get_the_service_that_replaces_another,
		members_that_a_program_does_not_have_are_absent,
	};

	return suite_run("listener", tests, ROWS(tests));
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* libmailin-event: listeners, the services of their clients, and sessions. */
#include <errno.h>
#include <stddef.h>
#include <string.h>
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
		{ "25", EINVAL },
		{ ":25", EINVAL },
		{ "localhost:25", EINVAL },
		{ "127.0.0.1", EINVAL },
		{ "127.0.0.1:", EINVAL },
		{ "127.0.0.1:+25", EINVAL },
		{ "127.0.0.1:65536", EINVAL },
		{ "[127.0.0.1]:25", 0 },
		{ "::1:25", EINVAL },
		{ "[::1]25", EINVAL },
		{ "192.0.2.1:25", EADDRNOTAVAIL },
		{ "127.0.0.1:0", 0 },
	};
	struct mailin_fault fault;
	const char *address;
	size_t i;

	host_init(&host, 2);
	for (i = 0; i < ROWS(rows); i++) {
		bool valid = rows[i].error != EINVAL;
		struct mailin_listener *listener;

		fault.error = 0;
		ck_assert_msg(mailin_address_is_valid(rows[i].address) == valid,
		    "%s", rows[i].address);
		if (strstr(rows[i].address, ":25") != NULL && valid &&
		    rows[i].error == 0)
			continue; /* may need privileges */
		listener = mailin_server_listen(host.server, rows[i].address,
		    &host.service, &fault);
		ck_assert_msg((listener == NULL) == (rows[i].error != 0) &&
			fault.error == rows[i].error,
		    "%s: %d", rows[i].address, fault.error);
		ck_assert(listener != NULL ||
		    strncmp(fault.text, "cannot listen on ", 17) == 0);
	}
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

/* The program may have been compiled with an older header. */
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

/* One address does not hold the places of others. */
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

/* ---- Trust ---- */

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
	memset(&loopback, 0, sizeof loopback); /* it has been copied */
	fd = peer_connect(host.listener);
	peer_talk(fd, "EHLO client.example.org\r\n", "gone");
	close(fd);
	fd = peer_connect(host.listener);
	peer_talk(fd, "PROXY TCP4 192.0.2.1 192.0.2.2 1 25\r\n", "220");
	peer_talk(fd, "XCLIENT ADDR=192.0.2.3\r\n", "5");
	close(fd);
	fd = peer_connect(host.listener);
	close(fd); /* an examination of the port */
	host_await(&host.events[MAILIN_EVENT_CLOSED], 3);
	host_stop(&host);
	ck_assert_uint_eq(host.events[MAILIN_EVENT_NO_PROXY], 1);
}
END_TEST

/* After an XCLIENT the client that it names may use it only if it is trusted,
 * too. */
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
	host_stop(&host);
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		says_why_it_cannot_listen,
		refuses_a_service_that_it_cannot_serve,
		listens_at_more_addresses_while_it_serves,
		new_clients_get_the_service_that_replaces_another,
		members_that_a_program_does_not_have_are_absent,
		each_session_has_its_memory,
		sends_away_more_clients_than_there_are_places,
		sends_away_more_clients_of_an_address_than_it_may_have,
		tells_of_a_proxy_that_sends_no_header,
		offers_xclient_to_those_who_are_trusted,
	};

	return suite_run("service", tests, ROWS(tests));
}

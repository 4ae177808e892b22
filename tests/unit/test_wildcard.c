/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */

/* libmailin-event: a listener at all addresses, IPv6 and IPv4. */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "support/peer.h"
#include "support/suite.h"

static struct host host;

/* On a machine without IPv6, socket() or bind() fails for IPv6.  These are the
 * errors with which they fail here.  0: the call does not fail. */
static int socket_fault, bind_fault;

int
socket(int family, int type, int protocol)
{
	if (family != AF_INET6 || socket_fault == 0)
		return (int)syscall(SYS_socket, family, type, protocol);
	errno = socket_fault;
	return -1;
}

int
bind(int fd, const struct sockaddr *address, socklen_t len)
{
	if (address->sa_family != AF_INET6 || bind_fault == 0)
		return (int)syscall(SYS_bind, fd, address, len);
	errno = bind_fault;
	return -1;
}

static char remote_host[64], local_host[64];

static enum mailin_reply
note_peer(struct mailin_session *session, void *user)
{
	const struct mailin_peer *peer = mailin_session_peer(session);

	(void)user;
	snprintf(remote_host, sizeof remote_host, "%.*s",
	    (int)peer->address.len, peer->address.ptr);
	snprintf(local_host, sizeof local_host, "%.*s",
	    (int)peer->local_address.len, peer->local_address.ptr);
	return MAILIN_REPLY_OK;
}

/* Returns the socket of an IPv6 client, or -1 if the machine has no IPv6. */
static int
connect_v6(const struct mailin_listener *listener)
{
	const char *port = strrchr(mailin_listener_address(listener), ':') + 1;
	struct sockaddr_in6 address = { .sin6_family = AF_INET6,
		.sin6_port = htons((uint16_t)atoi(port)),
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	int fd = socket(AF_INET6, SOCK_STREAM, 0);

	if (fd >= 0 &&
	    connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	ck_assert(errno == EAFNOSUPPORT || errno == EADDRNOTAVAIL);
	close(fd);
	return -1;
}

static struct mailin_listener *
listen_at_all(void)
{
	struct mailin_listener *listener;

	host_init(&host, 2);
	host.handler.connect = note_peer;
	host_start(&host);
	listener = mailin_server_listen(host.server, "*:0", &host.service,
	    NULL);
	ck_assert_ptr_nonnull(listener);
	return listener;
}

START_TEST(one_listener_serves_all_addresses)
{
	struct mailin_listener *listener = listen_at_all();
	int fd = peer_connect(listener);

	ck_assert(strncmp(mailin_listener_address(listener), "*:", 2) == 0);
	peer_talk(fd, "", "220");
	ck_assert_str_eq(remote_host, "127.0.0.1");
	ck_assert_str_eq(local_host, "127.0.0.1");
	close(fd);
	fd = connect_v6(listener);
	if (fd >= 0) {
		peer_talk(fd, "", "220");
		ck_assert_str_eq(remote_host, "::1");
		ck_assert_str_eq(local_host, "::1");
		close(fd);
	}
	host_stop(&host);
}
END_TEST

START_TEST(a_machine_without_ipv6_serves_all_addresses_of_ipv4)
{
	static const struct {
		int socket_fault, bind_fault;
	} rows[] = { { EAFNOSUPPORT, 0 }, { 0, EADDRNOTAVAIL } };
	size_t i;

	for (i = 0; i < ROWS(rows); i++) {
		struct mailin_listener *listener;
		int fd;

		socket_fault = rows[i].socket_fault;
		bind_fault = rows[i].bind_fault;
		listener = listen_at_all();
		ck_assert(strncmp(mailin_listener_address(listener),
			      "0.0.0.0:", 8) == 0);
		fd = peer_connect(listener);
		peer_begin(fd);
		ck_assert_str_eq(local_host, "127.0.0.1");
		close(fd);
		ck_assert(mailin_server_listen(host.server, "[::]:0",
			      &host.service, NULL) == NULL);
		host_stop(&host);
	}
	socket_fault = bind_fault = 0;
}
END_TEST

int
main(void)
{
	const TTest *tests[] = {
		one_listener_serves_all_addresses,
		a_machine_without_ipv6_serves_all_addresses_of_ipv4,
	};

	return suite_run("wildcard", tests, ROWS(tests));
}

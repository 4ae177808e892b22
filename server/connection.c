/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connection.h"
#include "deadline.h"
#include "receiver.h"

/* How long a client may take to read the last reply and to close (see
 * MAILIN_WANT_CLOSE), in seconds. */
#define LINGER 2

struct connection {
	struct receiver    receiver;
	struct connection *next, **link; /* among the clients */
	struct clients    *clients;
	int                fd;
	struct event       ready;
	struct deadline    deadline; /* of the client */
	unsigned           timeout;  /* the session's when that was set */
	uint64_t           progress; /* likewise */
	char              *rest;     /* input that feed did not take yet */
	size_t             rest_used, rest_len;
	short              awaited;  /* EV_READ, EV_WRITE or neither, 0 */
	bool               ended;    /* the client has sent all */
	bool               lingering; /* all is said, input is dropped */
};

static void on_ready(evutil_socket_t fd, short what, void *argument);

/* Have the socket watched for EV_READ, for EV_WRITE or, 0, for neither. */
static void
await(struct connection *connection, short what)
{
	if (what == connection->awaited)
		return;
	if (connection->awaited != 0)
		event_del(&connection->ready);
	connection->awaited = what;
	if (what == 0)
		return;
	event_assign(&connection->ready, connection->clients->loop->base,
	    connection->fd, (short)(what | EV_PERSIST), on_ready, connection);
	if (event_add(&connection->ready, NULL) != 0)
		connection->awaited = 0;
}

static void
close_connection(struct connection *connection)
{
	struct clients *clients = connection->clients;

	receiver_end(&connection->receiver);
	await(connection, 0);
	deadline_end(&connection->deadline);
	close(connection->fd);
	*connection->link = connection->next;
	if (connection->next != NULL)
		connection->next->link = connection->link;
	free(connection->rest);
	free(connection);
	atomic_fetch_sub(&clients->service->connections, 1);
	loop_release(clients->loop);
}

/* ---- The transport ---- */

static bool
would_block(void)
{
	return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

enum sent { SENT_ALL, SENT_PART, CLIENT_GONE };

/* Send what the session has to say, as far as the socket takes it. */
static enum sent
send_output(struct connection *connection)
{
	struct mailin_session *session = connection->receiver.session;
	struct mailin_span out;

	while ((out = mailin_session_output(session)).len > 0) {
		ssize_t n = send(connection->fd, out.ptr, out.len,
		    MSG_NOSIGNAL);

		if (n < 0)
			return would_block() ? SENT_PART : CLIENT_GONE;
		(void)mailin_session_sent(session, (size_t)n);
		if ((size_t)n < out.len)
			return SENT_PART;
	}
	return SENT_ALL;
}

/* ---- Input that has to wait ---- */

static bool
keep_rest(struct connection *connection, const char *octets, size_t len)
{
	if (len == 0)
		return true;
	connection->rest = malloc(len);
	if (connection->rest == NULL)
		return false;
	memcpy(connection->rest, octets, len);
	connection->rest_used = 0;
	connection->rest_len = len;
	return true;
}

/* Offer the rest again; answers whether some of it was taken. */
static bool
offer_rest(struct connection *connection)
{
	struct mailin_session *session = connection->receiver.session;
	size_t taken;

	if (connection->rest == NULL ||
	    mailin_session_want(session) != MAILIN_WANT_INPUT)
		return false;
	taken = mailin_session_feed(session,
	    connection->rest + connection->rest_used,
	    connection->rest_len - connection->rest_used);
	connection->rest_used += taken;
	if (connection->rest_used == connection->rest_len) {
		free(connection->rest);
		connection->rest = NULL;
	}
	return taken > 0;
}

/* ---- The session's wishes ---- */

/* Time starts anew whenever the session got on, or waits for something else:
 * single octets do not do that. */
static void
note_progress(struct connection *connection)
{
	const struct mailin_session *session = connection->receiver.session;
	uint64_t progress = mailin_session_progress(session);
	unsigned timeout = mailin_session_timeout(session);

	if (progress == connection->progress && timeout == connection->timeout)
		return;
	connection->progress = progress;
	connection->timeout = timeout;
	deadline_set(&connection->deadline, timeout);
}

/* All is said and sent.  To close while the client's octets are still coming
 * would make the kernel reset the connection, and take the last reply away. */
static void
linger(struct connection *connection)
{
	if (connection->ended || shutdown(connection->fd, SHUT_WR) != 0) {
		close_connection(connection);
		return;
	}
	connection->lingering = true;
	await(connection, EV_READ);
	deadline_set(&connection->deadline, LINGER);
}

static bool
takes_input(const struct connection *connection)
{
	return connection->rest == NULL && !connection->ended &&
	    mailin_session_want(connection->receiver.session) ==
	    MAILIN_WANT_INPUT;
}

/* Go on until the session waits for the client, a pool or the socket.  A client
 * that does not take what it is told is not listened to.  The connection may
 * be gone afterwards. */
static void
serve(struct connection *connection)
{
	struct mailin_session *session = connection->receiver.session;
	enum mailin_want want;
	enum sent sent;

	do {
		sent = send_output(connection);
		if (sent == CLIENT_GONE) {
			close_connection(connection);
			return;
		}
	} while (offer_rest(connection));
	want = mailin_session_want(session);
	if (want == MAILIN_WANT_CLOSE && sent == SENT_ALL) {
		linger(connection);
		return;
	}
	note_progress(connection);
	if (sent == SENT_PART)
		await(connection, EV_WRITE);
	else if (connection->awaited != EV_READ)
		await(connection, takes_input(connection) ? EV_READ : 0);
}

/* ---- Events ---- */

static void
take_input(struct connection *connection, ssize_t n)
{
	struct mailin_session *session = connection->receiver.session;
	const char *octets = connection->clients->buffer;
	size_t taken;

	if (n == 0) {
		connection->ended = true;
		await(connection, 0);
		(void)mailin_session_eof(session);
		serve(connection);
		return;
	}
	taken = mailin_session_feed(session, octets, (size_t)n);
	if (keep_rest(connection, octets + taken, (size_t)n - taken))
		serve(connection);
	else
		close_connection(connection);
}

static void
read_input(struct connection *connection)
{
	struct clients *clients = connection->clients;
	ssize_t n = recv(connection->fd, clients->buffer,
	    sizeof clients->buffer, 0);

	if (n < 0 && would_block())
		return;
	if (n < 0 || (n == 0 && connection->lingering))
		close_connection(connection);
	else if (!connection->lingering)
		take_input(connection, n);
}

/* The socket stays watched when the session wants no input, since clients
 * mostly have none to send then; only if one has is that ended. */
static void
on_ready(evutil_socket_t fd, short what, void *argument)
{
	struct connection *connection = argument;

	(void)fd;
	if ((what & EV_WRITE) != 0)
		serve(connection);
	else if (connection->lingering || takes_input(connection))
		read_input(connection);
	else
		await(connection, 0);
}

/* A client that has not read what was sent before reads no 421 either. */
static void
on_time_over(void *argument)
{
	struct connection *connection = argument;
	struct mailin_session *session = connection->receiver.session;

	connection->timeout = 0;
	if (connection->lingering || mailin_session_output(session).len > 0 ||
	    mailin_session_timed_out(session) != MAILIN_OK)
		close_connection(connection);
	else
		serve(connection);
}

static void
on_decided(void *argument)
{
	struct connection *connection = argument;

	if (!connection->lingering)
		serve(connection);
}

/* ---- Birth and death ---- */

static void
refuse(int fd)
{
	char text[128];
	int len = snprintf(text, sizeof text, "%d %s %s\r\n",
	    mailin_reply_code(MAILIN_REPLY_NO_SERVICE),
	    mailin_reply_enhanced(MAILIN_REPLY_NO_SERVICE),
	    mailin_reply_text(MAILIN_REPLY_NO_SERVICE));

	(void)send(fd, text, (size_t)len, MSG_NOSIGNAL);
	close(fd);
}

static struct connection *
make(struct clients *clients, int fd)
{
	struct connection *connection = calloc(1, sizeof *connection);

	if (connection == NULL)
		return NULL;
	if (!receiver_begin(&connection->receiver, clients->service,
	    clients->loop, on_decided, connection)) {
		free(connection);
		return NULL;
	}
	connection->clients = clients;
	connection->fd = fd;
	deadline_init(&connection->deadline, clients->loop->base, on_time_over,
	    connection);
	connection->link = &clients->first;
	connection->next = clients->first;
	if (connection->next != NULL)
		connection->next->link = &connection->next;
	clients->first = connection;
	loop_hold(clients->loop);
	return connection;
}

void
connection_open(struct clients *clients, int fd, const struct netaddr *remote,
    const struct netaddr *local)
{
	struct service *service = clients->service;
	struct connection *connection = NULL;

	if (atomic_fetch_add(&service->connections, 1) <
	    service->options->max_connections)
		connection = make(clients, fd);
	if (connection == NULL) {
		atomic_fetch_sub(&service->connections, 1);
		refuse(fd);
		return;
	}
	receiver_set_peer(&connection->receiver, remote, local);
	serve(connection);
}

void
connection_shutdown_all(struct clients *clients)
{
	struct connection *connection, *next;

	for (connection = clients->first; connection != NULL;
	    connection = next) {
		next = connection->next;
		if (connection->lingering)
			continue;
		(void)mailin_session_shutdown(connection->receiver.session);
		serve(connection);
	}
}

void
connection_time_out_all(struct clients *clients)
{
	struct connection *connection, *next;

	for (connection = clients->first; connection != NULL;
	    connection = next) {
		next = connection->next;
		if (!connection->lingering && mailin_session_timed_out(
		    connection->receiver.session) == MAILIN_OK)
			serve(connection);
	}
}

void
connection_drop_all(struct clients *clients)
{
	while (clients->first != NULL)
		close_connection(clients->first);
}

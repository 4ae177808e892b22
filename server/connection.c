/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "connection.h"
#include "deadline.h"
#include "receiver.h"
#include "rest.h"
#include "transport.h"

/* How long a client may take to read the last reply and to close (see
 * MAILIN_WANT_CLOSE), in seconds. */
#define LINGER 2

struct connection {
	struct receiver    receiver;
	struct connection *next, **link; /* among the clients */
	struct clients    *clients;
	struct transport   transport;
	struct event       ready;
	struct deadline    deadline; /* of the client */
	unsigned           timeout;  /* the session's when that was set */
	uint64_t           progress; /* likewise */
	struct rest        rest;
	short              awaited;  /* EV_READ, EV_WRITE or neither, 0 */
	bool               stalled;  /* output waits for what is awaited */
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
	    connection->transport.fd, (short)(what | EV_PERSIST), on_ready,
	    connection);
	if (event_add(&connection->ready, NULL) != 0)
		connection->awaited = 0;
}

static void
await_io(struct connection *connection, enum io io)
{
	await(connection, io == IO_WAIT_WRITE ? EV_WRITE : EV_READ);
}

static void
close_connection(struct connection *connection)
{
	struct clients *clients = connection->clients;

	receiver_end(&connection->receiver);
	await(connection, 0);
	deadline_end(&connection->deadline);
	transport_close(&connection->transport);
	*connection->link = connection->next;
	if (connection->next != NULL)
		connection->next->link = connection->link;
	rest_drop(&connection->rest);
	free(connection);
	atomic_fetch_sub(&clients->service->connections, 1);
	loop_release(clients->loop);
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

static enum io
send_output(struct connection *connection)
{
	struct mailin_session *session = connection->receiver.session;
	struct mailin_span out;

	while ((out = mailin_session_output(session)).len > 0) {
		size_t sent;
		enum io io = transport_send(&connection->transport, out.ptr,
		    out.len, &sent);

		if (io != IO_DONE)
			return io;
		(void)mailin_session_sent(session, sent);
	}
	return IO_DONE;
}

/* Output waits for the socket. */
static void
stall(struct connection *connection, enum io io)
{
	connection->stalled = true;
	note_progress(connection);
	await_io(connection, io);
}

/* All is said and sent.  To close while the client's octets are still coming
 * would make the kernel reset the connection, and take the last reply away. */
static void
linger(struct connection *connection)
{
	enum io io = transport_finish(&connection->transport);

	if (io == IO_GONE || (io == IO_DONE && connection->ended)) {
		close_connection(connection);
	} else if (io == IO_DONE) {
		connection->lingering = true;
		await(connection, EV_READ);
		deadline_set(&connection->deadline, LINGER);
	} else {
		stall(connection, io);
	}
}

static bool
takes_input(const struct connection *connection)
{
	return connection->rest.octets == NULL && !connection->ended &&
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
	enum io io;

	do {
		io = send_output(connection);
		if (io == IO_GONE) {
			close_connection(connection);
			return;
		}
	} while (rest_offer(&connection->rest, session));
	if (io != IO_DONE) {
		stall(connection, io);
		return;
	}
	connection->stalled = false;
	if (mailin_session_want(session) == MAILIN_WANT_CLOSE) {
		linger(connection);
		return;
	}
	note_progress(connection);
	if (connection->awaited != EV_READ)
		await(connection, takes_input(connection) ? EV_READ : 0);
}

/* ---- Events ---- */

static void
take_input(struct connection *connection, size_t len)
{
	struct mailin_session *session = connection->receiver.session;
	const char *octets = connection->clients->buffer;
	size_t taken;

	if (len == 0) {
		connection->ended = true;
		await(connection, 0);
		(void)mailin_session_eof(session);
		serve(connection);
		return;
	}
	taken = mailin_session_feed(session, octets, len);
	if (rest_keep(&connection->rest, octets + taken, len - taken))
		serve(connection);
	else
		close_connection(connection);
}

static void
read_input(struct connection *connection)
{
	struct clients *clients = connection->clients;
	size_t len = 0;
	enum io io = transport_recv(&connection->transport, clients->buffer,
	    sizeof clients->buffer, &len);

	if (io == IO_GONE || (io == IO_DONE && len == 0 &&
	    connection->lingering))
		close_connection(connection);
	else if (io != IO_DONE)
		await_io(connection, io);
	else if (!connection->lingering)
		take_input(connection, len);
}

/* The socket stays watched when the session wants no input, since clients
 * mostly have none to send then; only if one has is that ended. */
static void
on_ready(evutil_socket_t fd, short what, void *argument)
{
	struct connection *connection = argument;

	(void)fd;
	(void)what;
	if (connection->stalled)
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
	if (connection->lingering || connection->stalled ||
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
	connection->transport.fd = fd;
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

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include "client/connection_data.h"
#include "octet/wipe.h"

static void on_ready(evutil_socket_t fd, short what, void *argument);

/* Watch the socket until it can do what io says.  If io is IO_DONE, do not
 * watch it. */
static void
await(struct connection *connection, enum io io)
{
	short what = io == IO_WAIT_WRITE ? EV_WRITE : EV_READ;

	if (io == connection->awaited || connection->awaited == IO_GONE)
		return;
	if (connection->awaited != IO_DONE)
		event_del(&connection->ready);
	connection->awaited = io;
	if (io == IO_DONE)
		return;
	event_assign(&connection->ready, connection->clients->loop->base,
	    connection->transport.fd, (short)(what | EV_PERSIST), on_ready,
	    connection);
	if (event_add(&connection->ready, NULL) == 0)
		return;
	/* There is no memory.  The caller still uses the connection, so let an
	 * event drop it later; that needs no memory. */
	connection->awaited = IO_GONE;
	event_active(&connection->ready, EV_TIMEOUT, 1);
}

/* ---- What the session waits for ---- */

/* Give the client its full time again if the session made progress, or if the
 * session now waits for something else.  Single octets do not count as
 * progress. */
static void
note_progress(struct connection *connection)
{
	const struct mailin_session *session = connection->session;
	uint64_t progress = mailin_session_progress(session);
	unsigned timeout = mailin_session_timeout(session);

	if (progress == connection->progress && timeout == connection->timeout)
		return;
	connection->progress = progress;
	connection->timeout = timeout;
	mailin_deadline_set(&connection->deadline, timeout);
}

static enum io
send_output(struct connection *connection)
{
	struct mailin_session *session = connection->session;
	struct mailin_span out;

	while ((out = mailin_session_output(session)).len > 0) {
		size_t sent;
		enum io io = mailin_transport_send(&connection->transport,
		    out.ptr, out.len, &sent);

		if (io != IO_DONE)
			return io;
		connection->octets_out += sent;
		(void)mailin_session_sent(session, sent);
	}
	return IO_DONE;
}

/* Wait until the socket takes more output. */
static void
stall(struct connection *connection, enum io io)
{
	connection->stalled = true;
	note_progress(connection);
	await(connection, io);
}

/* All output is sent.  If the server closed the socket now, octets of the
 * client could still arrive.  The kernel would then reset the connection, and
 * the client could lose the last reply.  So linger first. */
static void
finish(struct connection *connection)
{
	enum io io = mailin_transport_finish(&connection->transport);

	if (io == IO_GONE || (io == IO_DONE && connection->ended))
		mailin_connection_drop(connection);
	else if (io == IO_DONE)
		await(connection, connection_linger(connection));
	else
		stall(connection, io);
}

static bool
takes_input(const struct connection *connection)
{
	return connection->rest.octets == NULL && !connection->ended &&
	    mailin_session_want(connection->session) == MAILIN_WANT_INPUT;
}

static void
begin_tls(struct connection *connection)
{
	enum io io = mailin_connection_start_tls(connection);

	if (io == IO_GONE)
		mailin_connection_drop(connection);
	else
		await(connection, io);
}

/* Go on until the session waits for the client, a decision or the socket.
 * While output waits for the client to read it, no input is taken from that
 * client. */
void
mailin_connection_serve(struct connection *connection)
{
	struct mailin_session *session = connection->session;
	enum io io;

	do {
		io = send_output(connection);
		if (io == IO_GONE) {
			mailin_connection_drop(connection);
			return;
		}
	} while (mailin_rest_offer(&connection->rest, session));
	if (io != IO_DONE) {
		stall(connection, io);
		return;
	}
	connection->stalled = false;
	switch (mailin_session_want(session)) {
	case MAILIN_WANT_CLOSE:
		finish(connection);
		break;
	case MAILIN_WANT_TLS:
		begin_tls(connection);
		break;
	default:
		note_progress(connection);
		if (connection->awaited != IO_WAIT_READ)
			await(connection,
			    takes_input(connection) ? IO_WAIT_READ : IO_DONE);
	}
}

/* ---- Events ---- */

/* Octets that the session does not take are kept, and offered to the session
 * again later.  But if the transport peeks, these octets stay in the socket: a
 * PROXY header comes before the TLS handshake, and TLS must read what follows
 * the header. */
static bool
offer_input(struct connection *connection, size_t len)
{
	const char *octets = connection->clients->buffer;
	size_t taken = mailin_session_feed(connection->session, octets, len);

	if (connection->transport.peeks) {
		/* The octets that the session did not take stay in the
		 * socket, and TLS reads them. */
		connection->octets_in += taken;
		return mailin_transport_take(&connection->transport, taken);
	}
	connection->octets_in += len;
	return mailin_rest_keep(&connection->rest, octets + taken, len - taken);
}

/* Wipe the buffer, unless all octets of this input belong to a message.  Any
 * other input may be part of a password, even if the session took it for a
 * command. */
static void
wipe_commands(struct connection *connection, size_t len, uint64_t before)
{
	uint64_t octets = mailin_session_facts(connection->session).octets;

	if (octets < before || octets - before < len)
		wipe(connection->clients->buffer, len);
}

static void
take_input(struct connection *connection, size_t len)
{
	struct mailin_session *session = connection->session;
	uint64_t before = mailin_session_facts(session).octets;
	bool taken;

	if (len == 0) {
		connection->ended = true;
		await(connection, IO_DONE);
		(void)mailin_session_eof(session);
		mailin_connection_serve(connection);
		return;
	}
	taken = offer_input(connection, len);
	wipe_commands(connection, len, before);
	if (taken)
		mailin_connection_serve(connection);
	else
		mailin_connection_drop(connection);
}

_Static_assert(CLIENTS_BUFFER_SIZE >= TLS_RECORD_SIZE,
    "there is room for what a transport receives at once");

static void
read_input(struct connection *connection)
{
	struct clients *clients = connection->clients;
	size_t len = 0;
	enum io io = mailin_transport_recv(&connection->transport,
	    clients->buffer, sizeof clients->buffer, &len);

	if (io == IO_GONE ||
	    (io == IO_DONE && len == 0 && connection->phase == LINGERING))
		mailin_connection_drop(connection);
	else if (io != IO_DONE)
		await(connection, io);
	else if (connection->phase == TALKING)
		take_input(connection, len);
	else
		wipe(clients->buffer, len);
}

static void
go_on_with_tls(struct connection *connection)
{
	enum io io = mailin_connection_shake(connection);

	if (io == IO_GONE)
		mailin_connection_drop(connection);
	else if (io == IO_DONE)
		mailin_connection_serve(connection);
	else
		await(connection, io);
}

/* Handle an event of the socket.  The socket is watched even if the session
 * wants no input, because most clients then send nothing, and each start or end
 * of the watch is a system call.  If a client does send something, the watch
 * ends here. */
static void
on_ready(evutil_socket_t fd, short what, void *argument)
{
	struct connection *connection = argument;

	(void)fd;
	(void)what;
	if (connection->awaited == IO_GONE)
		mailin_connection_drop(connection);
	else if (connection->phase == SHAKING)
		go_on_with_tls(connection);
	else if (connection->stalled)
		mailin_connection_serve(connection);
	else if (connection->phase == LINGERING || takes_input(connection))
		read_input(connection);
	else
		await(connection, IO_DONE);
}

/* The client was too slow.  A client that has not even read the earlier replies
 * gets no 421. */
void
mailin_connection_time_is_over(void *argument)
{
	struct connection *connection = argument;
	struct mailin_session *session = connection->session;

	connection->timeout = 0;
	if (connection->phase == SHAKING)
		mailin_connection_fail_tls(connection, "it took too long");
	if (connection->phase != TALKING || connection->stalled ||
	    mailin_session_timed_out(session) != MAILIN_OK)
		mailin_connection_drop(connection);
	else
		mailin_connection_serve(connection);
}

/* ---- The end of the server ---- */

void
mailin_connection_shut_down(struct connection *connection)
{
	if (connection->phase == TALKING) {
		(void)mailin_session_shutdown(connection->session);
		mailin_connection_serve(connection);
	} else if (connection->phase != LINGERING) {
		mailin_connection_drop(connection);
	}
}

void
mailin_connection_time_out(struct connection *connection)
{
	if (connection->phase == TALKING &&
	    mailin_session_timed_out(connection->session) == MAILIN_OK)
		mailin_connection_serve(connection);
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include "client/connection_data.h"

void
mailin_connection_fail_tls(struct connection *connection, const char *reason)
{
	const struct mailin_peer *peer = mailin_session_peer(
	    connection->session);
	struct mailin_event event = { .kind = MAILIN_EVENT_TLS_FAILED,
		.reason = reason };

	if (peer != NULL)
		event.address = peer->address;
	tell_of(connection, event);
	(void)mailin_session_abort(connection->session, MAILIN_CLOSE_TLS);
}

enum io
mailin_connection_start_tls(struct connection *connection)
{
	struct mailin_tls_context *tls = connection->policy->service.tls;

	/* tls is NULL if the service has no TLS, but the program offered
	 * STARTTLS to this one session (mailin_session_set_extension). */
	if (tls == NULL ||
	    !mailin_transport_start_tls(&connection->transport, tls,
		connection->policy->listener)) {
		mailin_connection_fail_tls(connection,
		    tls == NULL ? "there is no certificate" : "no memory");
		return IO_GONE;
	}
	connection->phase = SHAKING;
	/* The whole handshake has as much time as the session gives the client
	 * for one input. */
	mailin_deadline_set(&connection->deadline,
	    mailin_session_timeout(connection->session));
	return IO_WAIT_READ;
}

/* The handshake failed.  OpenSSL may have sent an alert: give the client time
 * to read it. */
static enum io
fail_handshake(struct connection *connection)
{
	mailin_connection_fail_tls(connection,
	    mailin_tls_fault(connection->transport.tls));
	if (mailin_transport_leave_tls(&connection->transport) != IO_DONE)
		return IO_GONE;
	return connection_linger(connection);
}

enum io
mailin_connection_shake(struct connection *connection)
{
	struct transport *transport = &connection->transport;
	enum io io = mailin_tls_handshake(transport->tls);
	struct mailin_tls facts;

	if (io == IO_GONE)
		return fail_handshake(connection);
	if (io != IO_DONE)
		return io;
	facts = mailin_tls_facts(transport->tls);
	/* The certificate may be that of the proxy, so the client gets no
	 * name. */
	if (connection->proxied)
		facts.client_name = (struct mailin_span){ NULL, 0 };
	if (mailin_session_tls_started(connection->session, &facts) !=
	    MAILIN_OK)
		return IO_GONE;
	tell_of(connection,
	    (struct mailin_event){ .kind = MAILIN_EVENT_TLS_STARTED,
		.reason = mailin_tls_client_fault(transport->tls) });
	connection->phase = TALKING;
	connection->timeout = 0; /* give the client its full time again */
	return IO_DONE;
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include "client/connection_data.h"

enum io
connection_start_tls(struct connection *connection)
{
	if (!transport_start_tls(&connection->transport,
		connection->clients->service->tls)) {
		receiver_tls_failed(&connection->receiver, "no memory");
		return IO_GONE;
	}
	connection->phase = SHAKING;
	/* The whole handshake gets the time that one input gets. */
	deadline_set(&connection->deadline,
	    mailin_session_timeout(connection->receiver.session));
	return IO_WAIT_READ;
}

/* OpenSSL may have sent an alert: give the client time to read it. */
static enum io
fail_handshake(struct connection *connection)
{
	receiver_tls_failed(&connection->receiver,
	    tls_fault(connection->transport.tls));
	if (transport_leave_tls(&connection->transport) != IO_DONE)
		return IO_GONE;
	return connection_linger(connection);
}

enum io
connection_shake(struct connection *connection)
{
	struct transport *transport = &connection->transport;
	enum io io = tls_handshake(transport->tls);
	struct mailin_tls facts;

	if (io == IO_GONE)
		return fail_handshake(connection);
	if (io != IO_DONE)
		return io;
	facts = tls_facts(transport->tls);
	if (!receiver_tls_started(&connection->receiver, &facts))
		return IO_GONE;
	connection->phase = TALKING;
	connection->timeout = 0; /* the session's time starts anew */
	return IO_DONE;
}

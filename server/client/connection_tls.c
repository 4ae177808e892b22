/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include "client/connection_data.h"

void
connection_start_tls(struct connection *connection)
{
	if (!transport_start_tls(&connection->transport,
		connection->clients->service->tls)) {
		receiver_tls_failed(&connection->receiver, "no memory");
		connection_drop(connection);
		return;
	}
	connection->phase = SHAKING;
	connection_await(connection, IO_WAIT_READ);
	/* One input's time for all of it, however its octets come. */
	deadline_set(&connection->deadline,
	    mailin_session_timeout(connection->receiver.session));
}

/* OpenSSL may have sent an alert, for which the client is given time. */
static void
fail_handshake(struct connection *connection)
{
	receiver_tls_failed(&connection->receiver,
	    tls_fault(connection->transport.tls));
	if (transport_leave_tls(&connection->transport) == IO_DONE)
		connection_linger(connection);
	else
		connection_drop(connection);
}

void
connection_shake(struct connection *connection)
{
	struct transport *transport = &connection->transport;
	enum io io = tls_handshake(transport->tls);
	struct mailin_tls facts;

	if (io == IO_GONE) {
		fail_handshake(connection);
		return;
	}
	if (io != IO_DONE) {
		connection_await(connection, io);
		return;
	}
	facts = tls_facts(transport->tls);
	if (!receiver_tls_started(&connection->receiver, &facts)) {
		connection_drop(connection);
		return;
	}
	connection->phase = TALKING;
	connection->timeout = 0; /* the session's time begins anew */
	connection_serve(connection);
}

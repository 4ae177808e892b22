/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>

#include "connection_data.h"

/* A client may have to do more than to speak before it is listened to: a PROXY
 * header, where a proxy brings it, and the TLS handshake. */

/* Until it is over this has the time of one input, however its octets come. */
static void
begin(struct connection *connection, enum phase phase)
{
	connection->phase = phase;
	connection_await(connection, IO_WAIT_READ);
	deadline_set(&connection->deadline,
	    mailin_session_timeout(connection->receiver.session));
}

void
connection_expect_header(struct connection *connection)
{
	connection->header = calloc(1, sizeof *connection->header);
	if (connection->header == NULL)
		connection_drop(connection);
	else
		begin(connection, PROXIED);
}

void
connection_start_tls(struct connection *connection)
{
	if (!transport_start_tls(&connection->transport,
	    connection->clients->service->tls)) {
		receiver_tls_failed(&connection->receiver, "no memory");
		connection_drop(connection);
		return;
	}
	begin(connection, SHAKING);
}

void
connection_read_header(struct connection *connection)
{
	struct mailin_proxy proxy;
	enum io io = proxy_header_read(connection->header,
	    connection->transport.fd, &proxy);

	if (io == IO_DONE) {
		receiver_set_proxied(&connection->receiver, &proxy);
		free(connection->header);
		connection->header = NULL;
		connection_start_tls(connection);
	} else if (io == IO_GONE) {
		receiver_no_proxy(&connection->receiver);
		connection_drop(connection);
	}
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

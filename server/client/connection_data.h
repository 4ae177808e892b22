/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_CONNECTION_DATA_H
#define MAILIN_SERVER_CONNECTION_DATA_H

#include "client/connection.h"
#include "event/deadline.h"
#include "receive/receiver.h"
#include "event/rest.h"
#include "event/transport.h"

/*
 * What a connection is, for its own files alone.  Any of these calls may be its
 * end.
 */

/* What is being done. */
enum phase {
	TALKING,
	SHAKING,  /* the TLS handshake */
	LINGERING /* all is said, input is dropped */
};

struct connection {
	struct receiver receiver;
	struct connection *next, **link; /* among the clients */
	struct clients *clients;
	struct transport transport;
	struct event ready;
	struct deadline deadline; /* of the client */
	unsigned timeout;         /* the session's when that was set */
	uint64_t progress;        /* likewise */
	struct rest rest;
	enum io awaited; /* of the socket; IO_DONE: nothing */
	enum phase phase;
	bool stalled; /* output waits for what is awaited */
	bool ended;   /* the client has sent all */
};

/* Have the socket watched for what io waits for, IO_DONE: for nothing. */
void connection_await(struct connection *connection, enum io io);

/* Go on until the session waits for the client, a pool or the socket. */
void connection_serve(struct connection *connection);

/* Drop what still comes, for a while. */
void connection_linger(struct connection *connection);

/* ---- connection_tls.c: the handshake ---- */

void connection_start_tls(struct connection *connection);
void connection_shake(struct connection *connection);

#endif

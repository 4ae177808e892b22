/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_SCRAM_H
#define MAILIN_SERVER_SCRAM_H

#include "access/passwd.h"

/*
 * The server's side of SCRAM-SHA-256 and SCRAM-SHA-256-PLUS (RFC 5802, RFC
 * 7677), by libgsasl.  A build without libgsasl has no_scram.c in place of
 * scram.c and scram_hash.c.
 */

/* False for a build without libgsasl. */
extern const bool scram_is_built;

/* A secret of the process, which all its exchanges use. */
struct scram_server;

/* Returns NULL if there is no memory, or if this build has no SCRAM. */
struct scram_server *scram_server_new(void);
void scram_server_free(struct scram_server *server);

/* One login of one client. */
struct scram;

/* The channel binding, which ties a login to the TLS connection of the
 * client. */
struct scram_binding {
	struct mailin_span octets; /* empty: no binding is offered */
	bool exporter;             /* true: tls-exporter; false: tls-unique */
	bool plus;                 /* the client has chosen -PLUS */
};

enum scram_outcome {
	SCRAM_CHALLENGE, /* send the challenge */
	SCRAM_AGREED,    /* scram_user returns the user */
	SCRAM_REFUSED,
	SCRAM_LATER /* there is no memory */
};

/* Begin an exchange.  The file must stay until scram_free.  Returns NULL if
 * there is no memory. */
struct scram *scram_new(struct scram_server *server,
    const struct passwd_file *file, const struct scram_binding *binding);

/* End the exchange, and free it.  scram may be NULL. */
void scram_free(struct scram *scram);

/* Handle a response of the client.  If the result is SCRAM_CHALLENGE,
 * *challenge is the text to send, which stays valid until the next step. */
enum scram_outcome scram_step(struct scram *scram, struct mailin_span response,
    struct mailin_span *challenge);

const char *scram_user(const struct scram *scram);

#endif

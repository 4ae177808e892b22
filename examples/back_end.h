/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef EXAMPLES_BACK_END_H
#define EXAMPLES_BACK_END_H

#include <mailin.h>

/* A connection to the back end of a filter: a client of mailin/client.h, and
 * its I/O.  After each command the program waits for the reply. */
struct back_end {
	const char *host, *port;
	enum mailin_protocol protocol;

	struct mailin_client *client; /* NULL: not connected */
	int fd;
	char in[4096];           /* octets that were received */
	struct mailin_span rest; /* the octets of "in" that were not
				    read */
	char out[16384];         /* octets of a message to send */
	size_t out_len;

	struct mailin_client_reply reply; /* the last reply; code 0: no reply
					     came */
};

/* Connect and send EHLO, if that is not done yet.  Returns false if the back
 * end cannot be used. */
bool back_end_call(struct back_end *back_end);

/* Send all octets, and wait for a reply.  Returns false if no reply comes; the
 * connection is then closed. */
bool back_end_hear(struct back_end *back_end);

/* Send octets of a message, at once or together with later octets.  Returns
 * false if the connection is closed. */
bool back_end_send(struct back_end *back_end, struct mailin_span octets);

/* Returns true if the back end has said that it has the extension. */
bool back_end_offers(const struct back_end *back_end,
    enum mailin_extension extension);

/*
 * If the back end offers XFORWARD, tell it who the client of the next mail is.
 * This is the client that the filter's own client has named by XFORWARD, or
 * else the filter's own client.  Do this before each MAIL, because the back end
 * forgets the facts at the end of a transaction.  If the back end refuses
 * XFORWARD, mail goes on without it.  Returns false if the back end is gone.
 */
bool back_end_tell(struct back_end *back_end,
    const struct mailin_session *session);

/* Say QUIT, if the state allows it, and close the connection. */
void back_end_hang_up(struct back_end *back_end);

#endif

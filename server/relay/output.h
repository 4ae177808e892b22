/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_OUTPUT_H
#define MAILIN_SERVER_OUTPUT_H

#include "relay/link.h"

/*
 * The octets that a link sends.  One system call sends all octets of one turn
 * of the event loop, when the other callbacks of the turn are done.  The
 * bufferevent sends only what the socket had no room for, since it needs three
 * system calls each time.  Inside TLS the bufferevent sends everything.
 */

void output_init(struct link *link);
void output_free(struct link *link);

/* Call when the bufferevent has connected, or has sent octets.  If it has sent
 * all, and the link has no TLS, this file sends the octets that are added from
 * then on. */
void output_take_over(struct link *link);

/* Add octets.  Returns false if there is no memory. */
bool output_add(struct link *link, struct mailin_span octets);

/* Add a copy of the octets, which is overwritten after it was sent. */
bool output_add_secret(struct link *link, struct mailin_span octets);

/* Send the octets that wait, as far as there is room. */
void output_push(struct link *link);

/* Returns how many octets wait. */
size_t output_waiting(const struct link *link);

/* Returns true if the client may send more.  While the socket is full, only the
 * memory would grow. */
bool output_has_room(const struct link *link);

#endif

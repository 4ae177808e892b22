/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_RELAY_TURNS_H
#define MAILIN_SERVER_RELAY_TURNS_H

#include <stdbool.h>

#include <mailin/session.h>

/*
 * Whose turn it is, if a client may name only one recipient for each message
 * (store.c).  Most clients name the recipients of a message in the same order
 * each time.  If the back end defers the message to the first of them again and
 * again, the others would never get it.  So such a recipient is remembered, and
 * is refused once when the client comes again.  Then it is the turn of the next
 * recipient.
 *
 * What is remembered is lost with the process, and sometimes when many
 * recipients are remembered.  Then the others only wait longer.
 */

/* Remember the only recipient of the transaction. */
void turns_remember(const struct mailin_session *session);

/* Forget the only recipient of the transaction. */
void turns_forget(const struct mailin_session *session);

/* Returns true if the recipient with this path is remembered, and then forgets
 * it.  Call it for the first recipient of a transaction. */
bool turns_take(const struct mailin_session *session,
    const struct mailin_path *path);

#endif

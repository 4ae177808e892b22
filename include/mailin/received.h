/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_RECEIVED_H
#define MAILIN_RECEIVED_H

#include <stddef.h>
#include <stdint.h>

#include <mailin/error.h>

struct mailin_session;

/*
 * Write the Received: field (RFC 5321 4.4, RFC 3848, RFC 6531 4.3) of the
 * current message into out, and set *len to its length.  "room" is the size of
 * out in octets.  The field is folded and ends in CR LF, without a NUL.
 *
 *  - unix_time: seconds since 1970, UTC.
 *  - zone: minutes east of UTC, less than a day.
 *  - id: the name of the message on this host, at most 900 letters, digits and
 *    "-_.+:"; "" for no name.
 *
 * The policy received-user adds a comment with the identity of the session,
 * if there is one: "(authenticated sender alice)".  "(", ")" and "\" in it get
 * a backslash before them.  A name with octets above 127 is left out unless the
 * message has SMTPUTF8.
 *
 * A single recipient is named in a "for" clause.  A name that is not valid, or
 * has more than 255 octets, is left out, whether it comes from the client or
 * is a fact of the peer or of TLS that the program gave: so no text can break
 * out of its place in the field.  A line has at most 998 octets, and more than
 * 78 only if it is a single word or the name of a user (RFC 5322 2.1.1).
 *
 * RANGE: "room" is too small.  *len is then the size that the field needs, and
 * the octets of out are undefined.  out may be NULL if "room" is 0.  ARGUMENT:
 * id is NULL or has other characters; zone is a day or more; the year in that
 * zone is not 0 to 9999; len is NULL; or out is NULL and "room" is not 0.
 */
MAILIN_EXPORT enum mailin_error mailin_session_received(
    const struct mailin_session *session, int64_t unix_time, int zone,
    const char *id, char *out, size_t room, size_t *len);

#endif

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_RECEIVED_H
#define MAILIN_RECEIVED_H

#include <stddef.h>
#include <stdint.h>

#include <mailin/error.h>

struct mailin_session;

/*
 * Write the Received: field (RFC 5321 4.4) for the message under way into
 * out: folded, ending in CR LF.  unix_time is in seconds, and in the zone of
 * the years 0 to 9999; zone is in minutes east of UTC, less than a day; id
 * names the message here, "" for none, and has at most 900 letters, digits and
 * "-_.+:"; else ARGUMENT, as for an id, out or len that is NULL (out may be
 * where room is 0).  A single recipient is named in a "for" clause.  Nothing
 * that the client sent can break out of its field: what is no valid name, or
 * longer than one (255 octets), is left out, and so are facts that the program
 * told of the peer and of TLS.  No line has over 998 octets, nor over 78 but
 * for a single word (RFC 5322 2.1.1).
 *
 * *len gets the octets it has (without a NUL); RANGE, with *len the room it
 * needs, if room is too small.
 */
MAILIN_EXPORT enum mailin_error mailin_session_received(
    const struct mailin_session *session, int64_t unix_time, int zone,
    const char *id, char *out, size_t room, size_t *len);

#endif

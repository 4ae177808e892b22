/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_RELAY_REFUSAL_H
#define MAILIN_SERVER_RELAY_REFUSAL_H

#include <mailin/command.h>
#include <mailin/error.h>
#include <mailin/session.h>

/* A refusal of this server's own. */
struct refusal {
	int code;
	const char *enhanced;
	const char *text;
};

/*
 * Returns the reply for a client whose MAIL or RCPT cannot be handed on: error
 * is what mailin_client_mail or mailin_client_rcpt has returned, and path is
 * the one that they got.
 *
 * A command that can never be handed on is refused for good, so that the client
 * does not try again for days.  One reason is a path that is too long, perhaps
 * because this server has added its name as the domain (501, RFC 5321
 * 4.5.3.1.9; X.1.7 and X.1.3, RFC 3463 3.2).  The other reason is a parameter
 * whose value cannot be written (501 5.5.4, RFC 3463 3.6).
 *
 * In these cases the client may try again: another transaction may have room
 * for more recipients (452 4.5.3, RFC 5321 4.5.3.1.10); and another back end,
 * or this one later, may offer the extension that this server has offered the
 * client (4.3.3, RFC 3463 3.4).
 */
struct refusal refusal_of(enum mailin_error error, enum mailin_verb verb,
    const struct mailin_path *path);

/* Returns the reply with which a callback of the session refuses. */
enum mailin_reply refusal_reply(struct mailin_session *session,
    struct refusal refusal);

#endif

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_STUFF_H
#define MAILIN_STUFF_H

#include <mailin/error.h>
#include <mailin/span.h>

/*
 * The way back: a message in the form that DATA carries (RFC 5321 4.5.2), for
 * a program that relays what it has received.
 *
 *	struct mailin_stuff stuff = MAILIN_STUFF_INIT;
 *
 *	while (in.len > 0) {
 *		if (mailin_stuff_feed(&stuff, &in, &out) != MAILIN_OK)
 *			return refuse();
 *		send(out);
 *	}
 *	if (mailin_stuff_end(&stuff, &out) != MAILIN_OK)
 *		return refuse();
 *	send(out);
 *
 * A bare CR or LF is refused and never repaired: the next host might take it
 * for a line end, and what follows it for commands.
 */
struct mailin_stuff {
	int state;
	int reserved[7];
};

#define MAILIN_STUFF_INIT \
	{ \
		0, \
		{ \
			0 \
		} \
	}

/*
 * Take octets off the front of *in; *out is what to send for them: a piece of
 * in, or a constant, or nothing.  Call it until *in is empty; octets may be
 * held back for the next call.  SYNTAX: *in begins with (or what was held
 * back is) a bare CR or LF; stuff is then of no more use.
 */
MAILIN_EXPORT enum mailin_error mailin_stuff_feed(struct mailin_stuff *stuff,
    struct mailin_span *in, struct mailin_span *out);

/*
 * The message is over: *out ends it, ". CR LF" or, where its last line had no
 * end, "CR LF . CR LF".  SYNTAX: it ended in a bare CR.
 */
MAILIN_EXPORT enum mailin_error mailin_stuff_end(struct mailin_stuff *stuff,
    struct mailin_span *out);

#endif

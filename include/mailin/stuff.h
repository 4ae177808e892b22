/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_STUFF_H
#define MAILIN_STUFF_H

#include <mailin/error.h>
#include <mailin/span.h>

/*
 * Turn a message back into the form that DATA carries (RFC 5321 4.5.2), for a
 * program that relays messages.
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
 * A bare CR or LF is refused, not repaired: the next host might read it as a
 * line end, and the octets after it as commands.
 */
struct mailin_stuff {
	int state;
	int reserved[7];
};

/* The value of a struct mailin_stuff before its first use. */
#define MAILIN_STUFF_INIT \
	{ \
		0, \
		{ \
			0 \
		} \
	}

/*
 * Remove octets from the front of *in, and set *out to the octets to send for
 * them: a part of *in, a constant, or nothing.  Call it until *in is empty.  A
 * CR at the end of *in is held back until the next call.
 *
 * SYNTAX: *in begins with a bare CR or LF, or the CR that was held back is
 * bare.  Send nothing more of this message, and do not use stuff again.
 * ARGUMENT: a pointer is NULL, or *in has a length but no pointer.
 */
MAILIN_EXPORT enum mailin_error mailin_stuff_feed(struct mailin_stuff *stuff,
    struct mailin_span *in, struct mailin_span *out);

/*
 * End the message: set *out to the octets that end it, a constant.  These are a
 * dot and CR LF; if the last line is not complete, CR LF comes first.
 *
 * SYNTAX: the message ends in a bare CR; do not send *out.  ARGUMENT: a
 * pointer is NULL.
 */
MAILIN_EXPORT enum mailin_error mailin_stuff_end(struct mailin_stuff *stuff,
    struct mailin_span *out);

#endif

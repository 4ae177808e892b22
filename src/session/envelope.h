/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_ENVELOPE_H
#define MAILIN_SRC_ENVELOPE_H

#include <mailin/command.h>

#include "octet/memory.h"

/*
 * The sender and the recipients of a transaction (RFC 5321 3.3).  The envelope
 * keeps the accepted command lines as they came, and parses them again when
 * they are asked for: this takes little memory, and there is only one form of
 * them.
 */

/* The reply of the handler to the message, in LMTP for one recipient. */
struct mailin_verdict {
	uint64_t token; /* 0: the handler was not asked yet */
	enum mailin_reply reply;
	struct mailin_custom *custom;
};

struct mailin_recipient {
	size_t start, len; /* the place of its line in lines */
	struct mailin_verdict verdict;

	/* If domains are counted, the first recipient of each domain has these
	 * members set: the place of its domain in lines, and the index, plus 1,
	 * of the last recipient before it that has them set (0: there is
	 * none). */
	size_t domain_start, domain_len;
	size_t previous;
};

/* Room for a usual message.  A larger one uses allocated memory instead. */
struct mailin_envelope_room {
	struct mailin_recipient recipients[4];
	char lines[256];
};

struct mailin_envelope {
	struct mailin_envelope_room *own; /* used first; the caller's */
	struct mailin_buffer lines;       /* MAIL, RCPT, RCPT, ... */
	size_t mail_len;                  /* 0: no sender */
	struct mailin_recipient *recipients;
	size_t count, room;
	size_t domains;     /* the number of different domains */
	size_t last_domain; /* as previous: the last such recipient */
};

/* Without a sender there is no transaction. */
static inline bool
envelope_has_sender(const struct mailin_envelope *envelope)
{
	return envelope->mail_len > 0;
}

/* Begin an empty envelope in the room lent by the caller, which also frees
 * it. */
void mailin_envelope_init(struct mailin_envelope *envelope,
    struct mailin_envelope_room *own);

/* Reserve room for one more line.  False if memory is gone. */
bool mailin_envelope_grow_lines(struct mailin_envelope *envelope,
    const struct mailin_allocator *allocator, size_t room);

static inline bool
mailin_envelope_reserve_line(struct mailin_envelope *envelope,
    const struct mailin_allocator *allocator, size_t line_len)
{
	size_t room = envelope->lines.len + line_len;

	return room <= envelope->lines.room ||
	    mailin_envelope_grow_lines(envelope, allocator, room);
}

/* Double the room for recipients.  False if memory is gone. */
bool mailin_envelope_grow_recipients(struct mailin_envelope *envelope,
    const struct mailin_allocator *allocator);

static inline bool
mailin_envelope_reserve(struct mailin_envelope *envelope,
    const struct mailin_allocator *allocator, size_t line_len)
{
	return mailin_envelope_reserve_line(envelope, allocator, line_len) &&
	    (envelope->count < envelope->room ||
		mailin_envelope_grow_recipients(envelope, allocator));
}

/* Copy a line into the reserved room after the stored lines, so that it
 * outlives the caller's buffer.  It is not part of the envelope, and the next
 * call overwrites it. */
const char *mailin_envelope_keep_line(struct mailin_envelope *envelope,
    struct mailin_span line);

/* Store the line of an accepted command.  The room must be reserved. */
void mailin_envelope_set_mail(struct mailin_envelope *envelope,
    struct mailin_span line);
void mailin_envelope_add_rcpt(struct mailin_envelope *envelope,
    struct mailin_span line);

/* has: is this domain one of those counted?  count: count the domain of the
 * recipient that was added last.  Both take time in proportion to the number of
 * different domains. */
bool mailin_envelope_has_domain(const struct mailin_envelope *envelope,
    struct mailin_span domain);
void mailin_envelope_count_domain(struct mailin_envelope *envelope,
    struct mailin_span line, struct mailin_span domain);

/* Parse the sender, or a recipient, again.  False if there is none. */
bool mailin_envelope_mail(const struct mailin_envelope *envelope,
    enum mailin_syntax syntax, struct mailin_mail *mail);
bool mailin_envelope_rcpt(const struct mailin_envelope *envelope,
    enum mailin_syntax syntax, size_t index, struct mailin_rcpt *rcpt);

/* Empty the envelope, and free room larger than a session should keep; free all
 * memory that was allocated. */
void mailin_envelope_clear(struct mailin_envelope *envelope,
    const struct mailin_allocator *allocator);
void mailin_envelope_free(struct mailin_envelope *envelope,
    const struct mailin_allocator *allocator);

#endif

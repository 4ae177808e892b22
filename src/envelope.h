/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_ENVELOPE_H
#define MAILIN_SRC_ENVELOPE_H

#include <mailin/command.h>

#include "memory.h"

/*
 * The sender and the recipients of a transaction (RFC 5321 3.3).  It keeps the
 * accepted command lines as they came and reads them again when asked: that
 * is small, and there is one form of them only.
 */

/* What the application said of the message for one recipient. */
struct mailin_verdict {
	uint64_t          token;  /* of the decision that is waited for, or 0 */
	enum mailin_reply reply;
	struct mailin_custom *custom;
};

struct mailin_recipient {
	size_t                start, len; /* of its line */
	struct mailin_verdict verdict;

	/* The first with its domain: where that stands in the lines, and the
	 * one before it that has a domain of its own, plus one. */
	size_t                domain_start, domain_len;
	size_t                previous;
};

/* Room for a usual message, which a larger one leaves. */
struct mailin_envelope_room {
	struct mailin_recipient recipients[4];
	char                    lines[256];
};

struct mailin_envelope {
	struct mailin_envelope_room *own;   /* lent */
	struct mailin_buffer     lines;     /* MAIL, RCPT, RCPT, ... */
	size_t                   mail_len;  /* 0: no sender */
	struct mailin_recipient *recipients;
	size_t                   count, room;
	size_t                   domains;     /* different ones, if counted */
	size_t                   last_domain; /* as previous */
};

/* Begin with the room lent to it, which is freed by who lent it. */
void mailin_envelope_init(struct mailin_envelope *envelope,
    struct mailin_envelope_room *own);

/* Have room for one more line. */
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

/* And for one more recipient. */
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

/* Have a line stay in place behind the lines, where room is reserved, until
 * another is kept; it is none of them yet. */
const char *mailin_envelope_keep_line(struct mailin_envelope *envelope,
    struct mailin_span line);

/* Keep a line; the room is reserved. */
void mailin_envelope_set_mail(struct mailin_envelope *envelope,
    struct mailin_span line);
void mailin_envelope_add_rcpt(struct mailin_envelope *envelope,
    struct mailin_span line);

/* Count the domain of the recipient added last; in time that grows with the
 * number of different domains. */
bool mailin_envelope_has_domain(const struct mailin_envelope *envelope,
    struct mailin_span domain);
void mailin_envelope_count_domain(struct mailin_envelope *envelope,
    struct mailin_span line, struct mailin_span domain);

/* Read them again.  False if there is none. */
bool mailin_envelope_mail(const struct mailin_envelope *envelope,
    enum mailin_syntax syntax, struct mailin_mail *mail);
bool mailin_envelope_rcpt(const struct mailin_envelope *envelope,
    enum mailin_syntax syntax, size_t index, struct mailin_rcpt *rcpt);

/* Empty it, keeping no more memory than a usual message needs; and give up the
 * memory of an empty one. */
void mailin_envelope_clear(struct mailin_envelope *envelope,
    const struct mailin_allocator *allocator);
void mailin_envelope_free(struct mailin_envelope *envelope,
    const struct mailin_allocator *allocator);

#endif

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_ENVELOPE_H
#define MAILIN_SRC_ENVELOPE_H

#include <mailin/command.h>

#include "octet/memory.h"

/* The sender and the recipients of a transaction (RFC 5321 3.3).  The envelope
 * stores the accepted command lines, and parses a line again when it is needed.
 * This takes little memory, and there is no second copy in another form that
 * could differ from the line. */

/* The handler's reply to the message.  In LMTP, the reply for one recipient. */
struct mailin_verdict {
	uint64_t token; /* 0: the handler has not been asked */
	enum mailin_reply reply;
	struct mailin_custom *custom;
};

struct mailin_recipient {
	size_t start, len; /* where its line is in envelope->lines */
	struct mailin_verdict verdict;

	/*
	 * Only used if domains are counted, and only in the first recipient of
	 * each domain.  domain_start and domain_len are the offset and length
	 * of the domain in envelope->lines.  These recipients form a list:
	 * "previous" is the index of the previous one, plus 1, or 0 at the end
	 * of the list.
	 */
	size_t domain_start, domain_len;
	size_t previous;
};

struct mailin_envelope {
	struct mailin_buffer lines; /* MAIL, RCPT, RCPT, ... */
	size_t mail_len;            /* 0: there is no sender */
	struct mailin_recipient *recipients;
	size_t count, room;
	size_t domains;     /* the number of different domains */
	size_t last_domain; /* the first recipient of the newest domain (see
				"previous"): its index, plus 1; 0: there is no
				domain */

	/* Room for a usual message.  Larger envelopes use allocated memory. */
	struct mailin_recipient own_recipients[4];
	char own_lines[256];
};

/* Is there a sender?  Without a sender there is no transaction. */
static inline bool
envelope_has_sender(const struct mailin_envelope *envelope)
{
	return envelope->mail_len > 0;
}

/* Begin an envelope, whose members are all 0. */
void mailin_envelope_init(struct mailin_envelope *envelope);

/* Grow lines to "room" octets in all.  Returns false if there is no memory. */
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

/* Double the room for recipients.  Returns false if there is no memory. */
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

/* Store the line of an accepted command.  Its room must be reserved. */
void mailin_envelope_set_mail(struct mailin_envelope *envelope,
    struct mailin_span line);
void mailin_envelope_add_rcpt(struct mailin_envelope *envelope,
    struct mailin_span line);

/*
 * mailin_envelope_has_domain() returns true if this domain has been counted.
 * mailin_envelope_count_domain() counts the domain of the recipient that was
 * added last.  Both take time in proportion to the number of different domains.
 */
bool mailin_envelope_has_domain(const struct mailin_envelope *envelope,
    struct mailin_span domain);
void mailin_envelope_count_domain(struct mailin_envelope *envelope,
    struct mailin_span line, struct mailin_span domain);

/* Parse the sender or a recipient again.  Returns false if it does not
 * exist. */
bool mailin_envelope_mail(const struct mailin_envelope *envelope,
    enum mailin_syntax syntax, struct mailin_mail *mail);
bool mailin_envelope_rcpt(const struct mailin_envelope *envelope,
    enum mailin_syntax syntax, size_t index, struct mailin_rcpt *rcpt);

/* mailin_envelope_clear() empties the envelope, and frees memory that is
 * larger than a session should keep.  mailin_envelope_free() frees all
 * allocated memory. */
void mailin_envelope_clear(struct mailin_envelope *envelope,
    const struct mailin_allocator *allocator);
void mailin_envelope_free(struct mailin_envelope *envelope,
    const struct mailin_allocator *allocator);

#endif

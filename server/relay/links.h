/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_LINKS_H
#define MAILIN_SERVER_LINKS_H

#include "relay/limits.h"
#include "relay/link.h"

/* The maximum number of idle links (connections) of a thread to one back
 * end. */
#define LINKS_IDLE 8

/* There is one place for a link without an owner for each LINKS_CLIENTS places
 * for clients, but there are at most LINKS_SPARE for each thread. */
#define LINKS_CLIENTS 4
#define LINKS_SPARE   128

/* How many seconds a back end is passed over after it could not be reached. */
#define LINKS_AWAY_TIME 3

/* The offer of a back end in its last reply to EHLO. */
struct offer {
	bool is_known;
	bool is_lmtp;
	uint32_t extensions; /* a bit for each enum mailin_extension */
	uint64_t limits[SHOWN_LIMITS]; /* in the order of shown_limits; 0:
					  none */
};

/* The facts that one thread knows about a back end. */
struct back_end_state {
	int64_t away_until; /* it is passed over until this time, in
			       milliseconds */
	bool is_unsafe;     /* it is passed over because TLS failed */
	struct offer offer;
};

/* The links (connections to back ends) of one thread, which needs no lock for
 * them. */
struct links {
	struct link_set set; /* must be first: its address is also that of the
				links */
	/* The back ends for new transactions.  This struct is an owner of
	 * them. */
	struct back_ends *back_ends;
	struct back_end_state *states;
	size_t turn; /* the index of the back end of the last transaction */
};

/* Returns how many links without an owner each thread may have: links that are
 * idle, that wait for the reply to RSET or QUIT, or whose owner left while they
 * were opened.  A link with an owner serves a client, so the number of clients
 * limits these links. */
unsigned links_spare_for(unsigned clients, unsigned threads);

/* spare is the result of links_spare_for.  Returns NULL if there is no
 * memory. */
struct links *links_new(struct event_base *base, struct back_ends *back_ends,
    unsigned spare);

/* Close all links.  links may be NULL. */
void links_free(struct links *links);

/* Use other back ends for new transactions.  Returns false, and changes
 * nothing, if there is no memory. */
bool links_exchange(struct links *links, struct back_ends *back_ends);

/* Find a link for the owner: an idle or a new one, to the next back end in turn
 * that is not passed over.  Returns true if the owner can use the link at once.
 * Returns false if a link is being opened: owner->link is that link, and
 * owner->ready is called later.  Returns false, with owner->link NULL, if no
 * back end can be reached. */
bool links_take(struct links *links, struct link_owner *owner);

/* Returns true if a back end is passed over at the moment because TLS
 * failed. */
bool links_unsafe(const struct links *links);

/* Returns the offer that all known back ends have in common. */
struct offer links_offer(const struct links *links);

#endif

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_TAKER_H
#define MAILIN_TESTS_TAKER_H

#include "support/client.h"
#include "support/decoder.h"

/* A client whose handler stores the octets of its messages.  In each call of
 * the callback data it compares the facts with the octets so far.  In one of
 * these calls, or in all, it does what enum taking says instead of only
 * accepting the octets. */

enum taking {
	TAKE_ALL,
	TAKE_REFUSE, /* FAILED */
	TAKE_LATER,  /* PENDING */
	TAKE_RESUME, /* mailin_session_resume() with OK, then PENDING */
	TAKE_FREE,   /* "data" frees the session, and returns OK */
	TAKE_FORMAT, /* "data" formats a reply, but returns OK */
	TAKE_STALE   /* like FORMAT, but the next call of "data" returns CUSTOM,
	                which asks for the reply that was formatted earlier */
};

#define TAKER_EACH    SIZE_MAX
#define TAKER_REJECTS "bare-newline=reject"

struct taker {
	struct client client;
	enum taking taking;
	size_t at;    /* the number of the call of the callback data, from 1 */
	size_t limit; /* message-size; 0: no limit */
	size_t calls; /* calls of the callback data since taker_data() */
	bool freed;
	bool rejects;
	size_t len;
	bool nul, eight_bit;       /* in the octets that were delivered */
	struct mailin_facts facts; /* at the end of the message */
	char octets[DECODED_ROOM];
};

/* Start with up to four settings "name=value"; NULL ends a shorter list. */
void taker_start(struct taker *taker, const char *const settings[4]);
void taker_end(struct taker *taker);

/* Begin a message by DATA, or by BDAT with one chunk of this size. */
void taker_data(struct taker *taker);
void taker_chunk(struct taker *taker, size_t len);

/* Feed octets in pieces of this size.  Resume pending decisions with OK. */
void taker_feed(struct taker *taker, struct mailin_span octets, size_t feed);

/* Fails unless the delivered octets are the beginning of want. */
void taker_check(const struct taker *taker, const struct decoded *want,
    size_t most, const char *what);

#endif

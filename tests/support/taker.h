/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_TESTS_TAKER_H
#define MAILIN_TESTS_TAKER_H

#include "support/client.h"
#include "support/decoder.h"

/*
 * A client whose handler keeps the octets of its messages, and in one call of
 * data, or in all, does something else than to take them.  At each call it
 * holds the facts against the octets so far.
 */

enum taking {
	TAKE_ALL,
	TAKE_REFUSE, /* FAILED */
	TAKE_LATER,  /* PENDING */
	TAKE_RESUME, /* PENDING, and resumed with OK before it returns */
	TAKE_FREE,   /* the session is freed, OK */
	TAKE_FORMAT, /* a reply is formatted, but OK is returned */
	TAKE_STALE   /* the same, and in the next call it is returned */
};

#define TAKER_EACH    SIZE_MAX
#define TAKER_REJECTS "bare-newline=reject"

struct taker {
	struct client client;
	enum taking taking;
	size_t at;    /* in this call, from 1 */
	size_t limit; /* of size, 0: none is set */
	size_t calls; /* since taker_data() */
	bool freed;
	bool rejects;
	size_t len;
	struct mailin_facts facts; /* at data_end or reset */
	char octets[DECODED_ROOM];
};

/* Settings: "name=value", up to four, NULL behind the last. */
void taker_start(struct taker *taker, const char *const settings[4]);
void taker_end(struct taker *taker);

/* Begin a message: DATA, or BDAT with one chunk of so many octets. */
void taker_data(struct taker *taker);
void taker_chunk(struct taker *taker, size_t len);

/* Feed octets in pieces of so many; what waits is resumed with OK. */
void taker_feed(struct taker *taker, struct mailin_span octets, size_t feed);

/* Have the octets of what was decoded come, up to so many, and no others? */
void taker_check(const struct taker *taker, const struct decoded *want,
    size_t most, const char *what);

#endif

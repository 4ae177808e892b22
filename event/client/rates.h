/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_RATES_H
#define MAILIN_EVENT_RATES_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "client/address_key.h"

/* What is counted for each address. */
enum rate {
	RATE_CONNECTIONS,
	RATE_MESSAGES,
	RATE_REFUSED_RCPTS,
	RATE_AUTH_FAILURES,
	RATE_COUNT
};

/* The counts of an address since the time "begin" (in seconds). */
struct rate_entry {
	struct address_key key; /* family 0: the entry is free */
	int64_t begin;
	uint32_t counts[RATE_COUNT];
};

/* The size of the table of addresses.  A hash of the key of an address gives
 * the row in which its entry is. */
#define RATE_ROWS    1024
#define RATE_COLUMNS 8

/* The number of entries for crowds.  A crowd is a large network whose addresses
 * share one entry. */
#define RATE_CROWDS 1024

/* The limits of a crowd are this many times those of an address. */
#define RATE_CROWD 10

/*
 * Counts for each address what enum rate names, in all sessions of the address
 * together.
 *
 * An entry is free again when its window is over, and never before.  So nobody
 * can push out the counts of others by using many addresses.  A client cannot
 * choose its row, because the function from key to row has a random secret.
 *
 * If all entries of a row are in use, further addresses of this row get no
 * entry of their own.  Such an address shares an entry with the network around
 * it, the crowd: all IPv6 addresses that begin with the same 32 bits, or all
 * IPv4 addresses that begin with the same 16 bits.  So if somebody fills the
 * table with the addresses of one provider, only the crowd of that provider
 * reaches its limits.
 */
struct rates {
	pthread_mutex_t lock;
	uint64_t keys[2];
	unsigned window; /* the length of a window in seconds */
	uint32_t most[RATE_COUNT];
	struct rate_entry rows[RATE_ROWS][RATE_COLUMNS];
	struct rate_entry crowds[RATE_CROWDS];
};

/* Initialize the rates, which must be all zero. */
void mailin_rates_init(struct rates *rates);
void mailin_rates_end(struct rates *rates);

/* Set the limits; UINT32_MAX means no limit. */
void mailin_rates_set(struct rates *rates, unsigned window,
    const uint32_t most[RATE_COUNT]);

/* Add 1 to the count of "rate" for the address, at the time "now" (in seconds).
 * Returns false, and does not count, if the address has reached its limit for
 * this window. */
bool mailin_rates_take(struct rates *rates, const struct address_key *key,
    enum rate rate, int64_t now);

/* Undo one call of mailin_rates_take that has returned true. */
void mailin_rates_give(struct rates *rates, const struct address_key *key,
    enum rate rate, int64_t now);

#endif

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_RATES_H
#define MAILIN_EVENT_RATES_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "client/address_key.h"

/* The things that are counted for each address. */
enum rate {
	RATE_CONNECTIONS,
	RATE_MESSAGES,
	RATE_REFUSED_RCPTS,
	RATE_AUTH_FAILURES,
	RATE_COUNT
};

/* What an address has done since the time begin, in seconds. */
struct rate_entry {
	struct address_key key; /* family 0: the entry is free */
	int64_t begin;
	uint32_t counts[RATE_COUNT];
};

/* An address has its entry in one row. */
#define RATE_ROWS    1024
#define RATE_COLUMNS 8

/* The addresses that have no entry of their own share these. */
#define RATE_CROWDS 1024

/* A crowd may do so many times as much as an address. */
#define RATE_CROWD 10

/*
 * How often each address has done each thing, over all its sessions.  An entry
 * is free again when its window is over, and never before: nobody can push out
 * the counts of others by using many addresses.  If all entries of a row are in
 * use, other addresses of the row are counted together with their neighbours:
 * IPv6 addresses with the same 32 bits at the beginning, IPv4 addresses with
 * the same 16.  So whoever fills the table with the addresses of one provider
 * is limited as a crowd, and others are not.  A client cannot choose its row:
 * the keys are random.
 */
struct rates {
	pthread_mutex_t lock;
	uint64_t keys[2];
	unsigned window; /* seconds */
	uint32_t most[RATE_COUNT];
	struct rate_entry rows[RATE_ROWS][RATE_COLUMNS];
	struct rate_entry crowds[RATE_CROWDS];
};

/* Initialize what is all zero. */
void mailin_rates_init(struct rates *rates);
void mailin_rates_end(struct rates *rates);

/* Set the limits; UINT32_MAX is no limit. */
void mailin_rates_set(struct rates *rates, unsigned window,
    const uint32_t most[RATE_COUNT]);

/* Count that the address does the thing at the time now, in seconds, unless it
 * has done it most times in its window.  Returns false if it has. */
bool mailin_rates_take(struct rates *rates, const struct address_key *key,
    enum rate rate, int64_t now);

/* The address did not do it after all: do not count it. */
void mailin_rates_give(struct rates *rates, const struct address_key *key,
    enum rate rate, int64_t now);

#endif

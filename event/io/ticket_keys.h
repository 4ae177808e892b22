/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_TICKET_KEYS_H
#define MAILIN_EVENT_TICKET_KEYS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * The keys of session tickets (RFC 5077, RFC 8446 4.6.1).  Who has the key of a
 * ticket can read a session of TLS 1.2 that was recorded.  So keys are random,
 * are never written to a file, and are wiped after two periods: in the first
 * one a key makes tickets, in the second one it only reads them.
 */

/* Seconds.  A ticket is good for as long, so its key outlives it. */
#define TICKET_PERIOD 3600

struct ticket_key {
	unsigned char name[16]; /* in clear in each ticket */
	unsigned char cipher[32];
	unsigned char mac[32];
	int64_t made; /* seconds */
	bool valid;   /* false: there is no key here */
};

struct ticket_keys {
	pthread_mutex_t lock;
	struct ticket_key present, previous;
};

void mailin_ticket_keys_init(struct ticket_keys *keys);

/* Wipe all keys. */
void mailin_ticket_keys_end(struct ticket_keys *keys);

/* Copy the key that new tickets get.  now is in seconds, by a clock that never
 * goes back.  Returns false if there are no random octets.  The caller wipes
 * the copy.  May be called in any thread. */
bool mailin_ticket_keys_for_new(struct ticket_keys *keys, int64_t now,
    struct ticket_key *key);

/* Copy the key of that name, which a client has sent.  *renew becomes true if
 * the key makes no more tickets.  Returns false if there is no such key; key
 * then holds nothing.  The caller wipes the copy.  May be called in any
 * thread. */
bool mailin_ticket_keys_find(struct ticket_keys *keys, int64_t now,
    const unsigned char name[16], struct ticket_key *key, bool *renew);

#endif

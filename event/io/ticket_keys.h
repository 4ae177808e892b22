/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_EVENT_TICKET_KEYS_H
#define MAILIN_EVENT_TICKET_KEYS_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * The keys of session tickets (RFC 5077, RFC 8446 4.6.1).  A key could be used
 * to read recorded sessions of TLS 1.2, so keys are random, are never written
 * to a file, and are wiped after two periods.  In its first period a key makes
 * tickets and reads them.  In its second period it only reads them.
 */

/* A period in seconds.  A ticket is valid for one period.  Its key exists for
 * two periods, so the key outlives each ticket. */
#define TICKET_PERIOD 3600

struct ticket_key {
	unsigned char name[16]; /* each ticket shows it in clear */
	unsigned char cipher[32];
	unsigned char mac[32];
	int64_t made; /* the time in seconds */
	bool valid;   /* false: there is no key here */
};

struct ticket_keys {
	pthread_mutex_t lock;
	struct ticket_key present, previous;
};

void mailin_ticket_keys_init(struct ticket_keys *keys);

/* Wipe all keys. */
void mailin_ticket_keys_end(struct ticket_keys *keys);

/* Copy the key for new tickets.  now is in seconds, by a clock that never goes
 * back.  Returns false if the system gives no random octets.  The caller must
 * wipe the copy.  May be called in any thread. */
bool mailin_ticket_keys_for_new(struct ticket_keys *keys, int64_t now,
    struct ticket_key *key);

/* Copy the key with this name, which a client has sent in a ticket.  Sets
 * *renew if the key only reads tickets, so that the client needs a new one.
 * Returns false if there is no key with the name; key is then empty.  The
 * caller must wipe the copy.  May be called in any thread. */
bool mailin_ticket_keys_find(struct ticket_keys *keys, int64_t now,
    const unsigned char name[16], struct ticket_key *key, bool *renew);

#endif

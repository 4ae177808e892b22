/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <openssl/rand.h>
#include <string.h>

#include "io/ticket_keys.h"
#include "octet/wipe.h"

void
mailin_ticket_keys_init(struct ticket_keys *keys)
{
	memset(keys, 0, sizeof *keys);
	pthread_mutex_init(&keys->lock, NULL);
}

void
mailin_ticket_keys_end(struct ticket_keys *keys)
{
	wipe(&keys->present, sizeof keys->present);
	wipe(&keys->previous, sizeof keys->previous);
	pthread_mutex_destroy(&keys->lock);
}

static bool
is_older(const struct ticket_key *key, int64_t now, int periods)
{
	return key->valid && now - key->made >= periods * TICKET_PERIOD;
}

/* Wipe keys that are too old.  The caller holds the lock. */
static void
forget_old(struct ticket_keys *keys, int64_t now)
{
	if (is_older(&keys->present, now, 2))
		wipe(&keys->present, sizeof keys->present);
	if (is_older(&keys->previous, now, 2))
		wipe(&keys->previous, sizeof keys->previous);
}

static bool
make(struct ticket_key *key, int64_t now)
{
	if (RAND_bytes(key->name, sizeof key->name) != 1 ||
	    RAND_priv_bytes(key->cipher, sizeof key->cipher) != 1 ||
	    RAND_priv_bytes(key->mac, sizeof key->mac) != 1)
		return false;
	key->made = now;
	key->valid = true;
	return true;
}

/* If the current key is too old to make tickets, make a new key.  The caller
 * holds the lock. */
static bool
turn(struct ticket_keys *keys, int64_t now)
{
	struct ticket_key key;
	bool good;

	forget_old(keys, now);
	if (keys->present.valid && !is_older(&keys->present, now, 1))
		return true;
	good = make(&key, now);
	if (good) {
		keys->previous = keys->present;
		keys->present = key;
	}
	wipe(&key, sizeof key);
	return good;
}

bool
mailin_ticket_keys_for_new(struct ticket_keys *keys, int64_t now,
    struct ticket_key *key)
{
	bool good;

	pthread_mutex_lock(&keys->lock);
	good = turn(keys, now);
	if (good)
		*key = keys->present;
	pthread_mutex_unlock(&keys->lock);
	return good;
}

static bool
is_named(const struct ticket_key *key, const unsigned char name[16])
{
	return key->valid && memcmp(key->name, name, sizeof key->name) == 0;
}

bool
mailin_ticket_keys_find(struct ticket_keys *keys, int64_t now,
    const unsigned char name[16], struct ticket_key *key, bool *renew)
{
	const struct ticket_key *found = NULL;

	pthread_mutex_lock(&keys->lock);
	forget_old(keys, now);
	if (is_named(&keys->present, name))
		found = &keys->present;
	else if (is_named(&keys->previous, name))
		found = &keys->previous;
	if (found != NULL) {
		*key = *found;
		*renew = is_older(found, now, 1);
	}
	pthread_mutex_unlock(&keys->lock);
	return found != NULL;
}

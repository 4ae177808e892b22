/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "client/rates.h"

void
mailin_rates_init(struct rates *rates)
{
	struct timespec now;

	pthread_mutex_init(&rates->lock, NULL);
	if (getentropy(rates->keys, sizeof rates->keys) == 0)
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	rates->keys[0] = (uint64_t)now.tv_nsec ^ (uint64_t)(uintptr_t)rates;
	rates->keys[1] = (uint64_t)now.tv_sec;
}

void
mailin_rates_end(struct rates *rates)
{
	pthread_mutex_destroy(&rates->lock);
}

void
mailin_rates_set(struct rates *rates, unsigned window,
    const uint32_t most[RATE_COUNT])
{
	pthread_mutex_lock(&rates->lock);
	rates->window = window;
	memcpy(rates->most, most, sizeof rates->most);
	pthread_mutex_unlock(&rates->lock);
}

/* ---- Entries ---- */

static uint64_t
hash(const struct rates *rates, const struct address_key *key)
{
	uint64_t x = 0;

	memcpy(&x, key->octets, sizeof key->octets);
	x = (x ^ rates->keys[0] ^ (uint64_t)key->family) * 0x9E3779B97F4A7C15;
	x = (x ^ x >> 32 ^ rates->keys[1]) * 0xD6E8FEB86659FD93;
	return x ^ x >> 32;
}

static bool
is_over(const struct rates *rates, const struct rate_entry *entry, int64_t now)
{
	return now - entry->begin >= (int64_t)rates->window;
}

static void
start(struct rate_entry *entry, const struct address_key *key, int64_t now)
{
	*entry = (struct rate_entry){ .key = *key, .begin = now };
}

/* Returns the entry of the address, which may be new.  Returns NULL if all
 * entries in the row of the address are in use (rates.h). */
static struct rate_entry *
find(struct rates *rates, const struct address_key *key, int64_t now)
{
	struct rate_entry *row = rates->rows[hash(rates, key) % RATE_ROWS];
	struct rate_entry *empty = NULL;
	size_t i;

	for (i = 0; i < RATE_COLUMNS; i++) {
		if (mailin_address_key_equal(&row[i].key, key)) {
			if (is_over(rates, &row[i], now))
				start(&row[i], key, now);
			return &row[i];
		}
		if (row[i].key.family == 0 || is_over(rates, &row[i], now))
			empty = &row[i];
	}
	if (empty != NULL)
		start(empty, key, now);
	return empty;
}

/* Returns the entry of the larger network (the crowd, see rates.h) that the
 * address belongs to. */
static struct rate_entry *
crowd_of(struct rates *rates, const struct address_key *key, int64_t now)
{
	struct address_key network = mailin_address_key_crowd(key);
	struct rate_entry *crowd =
	    &rates->crowds[hash(rates, &network) % RATE_CROWDS];

	if (crowd->key.family == 0 || is_over(rates, crowd, now))
		start(crowd, &network, now);
	return crowd;
}

/* Returns the counter for something that the address does, and its limit. */
static uint32_t *
counter_of(struct rates *rates, const struct address_key *key, enum rate rate,
    int64_t now, uint64_t *most)
{
	struct rate_entry *entry = find(rates, key, now);

	*most = rates->most[rate];
	if (entry == NULL) {
		entry = crowd_of(rates, key, now);
		*most *= RATE_CROWD;
	}
	return &entry->counts[rate];
}

bool
mailin_rates_take(struct rates *rates, const struct address_key *key,
    enum rate rate, int64_t now)
{
	uint64_t most;
	uint32_t *counter;
	bool good;

	pthread_mutex_lock(&rates->lock);
	good = rates->most[rate] == UINT32_MAX;
	if (!good) {
		counter = counter_of(rates, key, rate, now, &most);
		good = *counter < most && *counter < UINT32_MAX;
		*counter += good;
	}
	pthread_mutex_unlock(&rates->lock);
	return good;
}

void
mailin_rates_give(struct rates *rates, const struct address_key *key,
    enum rate rate, int64_t now)
{
	uint64_t most;
	uint32_t *counter;

	pthread_mutex_lock(&rates->lock);
	if (rates->most[rate] != UINT32_MAX) {
		counter = counter_of(rates, key, rate, now, &most);
		*counter -= *counter > 0;
	}
	pthread_mutex_unlock(&rates->lock);
}

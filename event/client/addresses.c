/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>

#include "client/addresses.h"

struct address {
	struct address *next;
	unsigned bucket;
	unsigned clients;
	struct address_key key;
};

void
mailin_addresses_init(struct addresses *addresses)
{
	pthread_mutex_init(&addresses->lock, NULL);
}

void
mailin_addresses_end(struct addresses *addresses)
{
	pthread_mutex_destroy(&addresses->lock);
}

/* A hash function: FNV-1a.  An attacker may choose addresses that fall into one
 * bucket, but a bucket has no more entries than there are clients. */
static unsigned
bucket_of(const struct address *key)
{
	unsigned long hash = 2166136261;
	size_t i;

	for (i = 0; i < sizeof key->key.octets; i++)
		hash = ((hash ^ key->key.octets[i]) * 16777619) & 0xffffffff;
	return (unsigned)((hash >> 16 ^ hash) % ADDRESS_BUCKETS);
}

static struct address *
find(const struct addresses *addresses, const struct address *key)
{
	struct address *address = addresses->buckets[key->bucket];

	while (address != NULL &&
	    !mailin_address_key_equal(&address->key, &key->key))
		address = address->next;
	return address;
}

static struct address *
add(struct addresses *addresses, const struct address *key)
{
	struct address *address = malloc(sizeof *address);

	if (address == NULL)
		return NULL;
	*address = *key;
	address->next = addresses->buckets[key->bucket];
	addresses->buckets[key->bucket] = address;
	return address;
}

struct address *
mailin_addresses_enter(struct addresses *addresses,
    const struct netaddr *client, unsigned most, bool *full)
{
	struct address key = { .key = mailin_address_key(client) }, *address;

	key.bucket = bucket_of(&key);
	pthread_mutex_lock(&addresses->lock);
	address = find(addresses, &key);
	*full = address != NULL && address->clients >= most;
	if (address == NULL)
		address = add(addresses, &key);
	if (address != NULL && !*full)
		address->clients++;
	pthread_mutex_unlock(&addresses->lock);
	return *full ? NULL : address;
}

void
mailin_addresses_leave(struct addresses *addresses, struct address *address)
{
	struct address **link;

	pthread_mutex_lock(&addresses->lock);
	if (--address->clients == 0) {
		link = &addresses->buckets[address->bucket];
		while (*link != address)
			link = &(*link)->next;
		*link = address->next;
		free(address);
	}
	pthread_mutex_unlock(&addresses->lock);
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include "client/addresses.h"

struct address {
	struct address *next;
	unsigned bucket;
	unsigned clients;
	int family;
	unsigned char octets[8]; /* AF_INET uses the first 4 */
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

/* An IPv4 client of an IPv6 socket is an IPv4 client (RFC 4291 2.5.5.2). */
static struct address
key_of(const struct netaddr *client)
{
	const struct in6_addr *v6 = &client->sock.v6.sin6_addr;
	struct address key = { .family = client->sock.any.sa_family };

	if (key.family == AF_INET) {
		memcpy(key.octets, &client->sock.v4.sin_addr, 4);
	} else if (key.family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(v6)) {
		key.family = AF_INET;
		memcpy(key.octets, v6->s6_addr + 12, 4);
	} else if (key.family == AF_INET6) {
		memcpy(key.octets, v6->s6_addr, 8);
	}
	return key;
}

/* FNV-1a.  Somebody may choose addresses of one bucket, but no more of them
 * than there are clients. */
static unsigned
bucket_of(const struct address *key)
{
	unsigned long hash = 2166136261;
	size_t i;

	for (i = 0; i < sizeof key->octets; i++)
		hash = ((hash ^ key->octets[i]) * 16777619) & 0xffffffff;
	return (unsigned)((hash >> 16 ^ hash) % ADDRESS_BUCKETS);
}

static struct address *
find(const struct addresses *addresses, const struct address *key)
{
	struct address *address = addresses->buckets[key->bucket];

	while (address != NULL &&
	    (address->family != key->family ||
		memcmp(address->octets, key->octets, sizeof key->octets) != 0))
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
	struct address key = key_of(client), *address;

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

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdatomic.h>
#include <stdint.h>
#include <unistd.h>

#include "relay/turns.h"

/* Each is a fingerprint of a sender and a recipient, or 0.  All threads share
 * them.  A new one replaces the one at its place. */
static _Atomic uint64_t remembered[1024];

#define PLACES (sizeof remembered / sizeof remembered[0])

/* Returns a secret of this process, so that a client can hardly choose
 * addresses that have the fingerprint of others.  It is 0 if there is no random
 * number. */
static uint64_t
secret(void)
{
	static _Atomic uint64_t known;
	uint64_t none = 0, random = 0;

	if (atomic_load(&known) == 0 && getentropy(&random, sizeof random) == 0)
		(void)atomic_compare_exchange_strong(&known, &none, random | 1);
	return atomic_load(&known);
}

/* FNV-1a */
static uint64_t
mix(uint64_t hash, struct mailin_span octets)
{
	size_t i;

	for (i = 0; i < octets.len; i++)
		hash = (hash ^ (unsigned char)octets.ptr[i]) *
		    UINT64_C(0x100000001b3);
	/* This separates two texts: no path has such an octet. */
	return (hash ^ 0xff) * UINT64_C(0x100000001b3);
}

static uint64_t
fingerprint(const struct mailin_session *session,
    const struct mailin_path *path)
{
	struct mailin_mail mail;
	uint64_t hash = secret();

	if (mailin_session_mail(session, &mail)) {
		hash = mix(hash, mail.path.local);
		hash = mix(hash, mail.path.domain);
	}
	hash = mix(hash, path->local);
	return mix(hash, path->domain) | 1;
}

static _Atomic uint64_t *
place_of(uint64_t print)
{
	return &remembered[print / 2 % PLACES];
}

void
turns_remember(const struct mailin_session *session)
{
	struct mailin_rcpt rcpt;

	if (mailin_session_rcpt(session, 0, &rcpt)) {
		uint64_t print = fingerprint(session, &rcpt.path);

		atomic_store(place_of(print), print);
	}
}

void
turns_forget(const struct mailin_session *session)
{
	struct mailin_rcpt rcpt;

	if (mailin_session_rcpt(session, 0, &rcpt))
		(void)turns_take(session, &rcpt.path);
}

bool
turns_take(const struct mailin_session *session, const struct mailin_path *path)
{
	uint64_t print = fingerprint(session, path);

	return atomic_compare_exchange_strong(place_of(print),
	    &(uint64_t){ print }, 0);
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_SCRAM_HASH_H
#define MAILIN_SERVER_SCRAM_HASH_H

#include <mailin/span.h>

#include "access/hash.h"

/*
 * The hash of a password for SCRAM-SHA-256 (RFC 5802, RFC 7677), as Dovecot
 * writes it:
 *
 *	{SCRAM-SHA-256}iterations,salt,StoredKey,ServerKey
 *
 * The salt and the keys are in base64. libgsasl makes the keys; a build without
 * libgsasl has no_scram.c in place of scram*.c.
 */
struct scram_hash {
	unsigned iterations;
	struct mailin_span salt, stored_key, server_key; /* in base64 */
};

/* The size of the longest hash, with its NUL. */
#define SCRAM_HASH_SIZE 256

#define SCRAM_SCHEME    "{SCRAM-SHA-256}"
#define SCRAM_SALT_MOST 64 /* octets */

/* Read a text that begins with the name of the scheme.  Returns what is wrong
 * with the text, or NULL. */
const char *scram_hash_read(struct scram_hash *hash, const char *text);

/* Compares a password with its hash.  The computation is slow, as the method of
 * the hash intends. */
enum hash_outcome scram_hash_compare(const struct scram_hash *hash,
    const char *password);

/* A hash that belongs to no user.  Its spans point into the struct, so do not
 * copy it. */
struct scram_pretence {
	struct scram_hash hash;
	char salt[SCRAM_HASH_SIZE], key[SCRAM_HASH_SIZE];
};

/*
 * Make a hash for a name that has no hash, so that a client cannot find out
 * which users have a hash.  The new hash has the iterations of the hash `like`,
 * and a salt of the same length.  The salt is computed from the name and the
 * secret, so it is the same in each exchange.  Nobody knows a password for this
 * hash.  Returns false if there is no memory.
 */
bool scram_hash_pretend(struct scram_pretence *pretence,
    const struct scram_hash *like, const char *secret, size_t secret_len,
    const char *name);

/* Make the hash of a password.  Returns what is wrong with the password, or
 * NULL. */
const char *scram_hash_make(char text[SCRAM_HASH_SIZE], const char *password);

#endif

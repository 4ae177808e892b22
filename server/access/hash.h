/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_HASH_H
#define MAILIN_SERVER_HASH_H

#include <stdbool.h>

/*
 * The hash of a password has one of four forms: a hash of crypt(5); a hash for
 * SCRAM (access/scram_hash.h); "{EXTERNAL}" for a user with a certificate but
 * no password; or a text that begins with "!" or "*", which locks the account.
 * Before a hash of crypt(5) the name of its scheme may be written, as Dovecot
 * does ("{SHA512-CRYPT}").
 */

/* The size of the longest hash that hash_make writes, with its NUL. */
#define HASH_SIZE 512

enum hash_outcome {
	HASH_MATCHES,
	HASH_DIFFERS,
	HASH_FAILED /* there is no memory, or crypt(3) lacks the method */
};

/* Check the text of a hash.  Sets *hash to the whole text for SCRAM, or else to
 * the hash of crypt(5) after the name of its scheme.  Returns NULL, or a text
 * that says why the hash is wrong. */
const char *hash_read(const char *text, const char **hash);

bool hash_is_locked(const char *hash);

/* Returns false if no password can match the hash, because the account is
 * locked or the user has no password. */
bool hash_has_password(const char *hash);
bool hash_is_scram(const char *hash);

/* Compares a password with its hash.  The computation is slow, as the method of
 * the hash intends. */
enum hash_outcome hash_compare(const char *hash, const char *password);

/* Make the hash of a password: for SCRAM, or by the method of crypt(5) that the
 * system prefers.  Returns what is wrong, or NULL. */
const char *hash_make(char hash[HASH_SIZE], const char *password, bool scram);

#endif

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_HASH_H
#define MAILIN_SERVER_HASH_H

#include <regex.h>
#include <stdbool.h>

/*
 * The hash of a password: one of crypt(5), one for SCRAM
 * (access/scram_hash.h), or a text that begins with "!" or "*", which locks the
 * account.  The name of a scheme may come before one of crypt(5), as Dovecot
 * writes it ("{SHA512-CRYPT}").
 */

/* The most octets of a hash that hash_make makes, with its NUL. */
#define HASH_SIZE 512

/* Compile the forms of all hashes, for hash_read; regfree frees them.  Returns
 * false if there is no memory. */
bool hash_forms_compile(regex_t *forms);

/* Find the hash in the text, without the name of its scheme if it is one of
 * crypt(5).  Returns what is wrong with the text, or NULL. */
const char *hash_read(const regex_t *forms, const char *text,
    const char **hash);

bool hash_is_locked(const char *hash);
bool hash_is_scram(const char *hash);

/* True if password gives the hash.  Takes long, by design of the hash. */
bool hash_matches(const char *hash, const char *password);

/* Make the hash of a password: for SCRAM, or by the method of crypt(5) that the
 * system prefers.  Returns what is wrong, or NULL. */
const char *hash_make(char hash[HASH_SIZE], const char *password, bool scram);

#endif

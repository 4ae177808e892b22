/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_HASH_H
#define MAILIN_SERVER_HASH_H

#include <regex.h>
#include <stdbool.h>

/*
 * The hash of a password: one of crypt(5), or a text that begins with "!" or
 * "*", which locks the account.  The name of a scheme may come before it, as
 * Dovecot writes it ("{SHA512-CRYPT}").
 */

/* Compile the forms of all hashes, for hash_read; regfree frees them.  Returns
 * false if there is no memory. */
bool hash_forms_compile(regex_t *forms);

/* Returns the hash in the text, without the name of its scheme, or NULL if the
 * text is no hash. */
const char *hash_read(const regex_t *forms, char *text);

bool hash_is_locked(const char *hash);

/* True if password gives the hash.  Takes long, by design of the hash. */
bool hash_matches(const char *hash, const char *password);

#endif

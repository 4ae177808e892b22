/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_HASH_FORM_H
#define MAILIN_SERVER_HASH_FORM_H

#include <stdbool.h>

/*
 * Returns true if the text is a hash of crypt(5) that is accepted, or begins
 * with "!" or "*" and so locks the account, as in shadow(5).  Two kinds of
 * hashes are left out: DES, since any word of thirteen letters looks like a DES
 * hash, and NT, which has no salt.
 *
 * The function needs no memory.  (regcomp(3) of some systems frees memory twice
 * if none is left, so a server that reads its files again must not call it.)
 */
bool hash_form_is_known(const char *hash);

#endif

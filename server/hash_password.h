/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_HASH_PASSWORD_H
#define MAILIN_SERVER_HASH_PASSWORD_H

#include <stdbool.h>

/* Read a password from the terminal, twice and without echo.  If standard input
 * is no terminal, read one line of it.  Write the hash of the password to
 * stdout, for SCRAM or for crypt(5).  Returns false, with the reason on stderr,
 * if that fails. */
bool hash_password(bool scram);

#endif

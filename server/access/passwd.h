/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_PASSWD_H
#define MAILIN_SERVER_PASSWD_H

#include <stdbool.h>

/*
 * The users who may log in: a file of lines "user:hash".  The hash is one of
 * crypt(5), or begins with "!" or "*", which locks the account.  The name of a
 * scheme may come before it, as Dovecot writes it ("{SHA512-CRYPT}").  All
 * after a second ":" is ignored, and so are empty lines and lines that begin
 * with "#".
 */
struct passwd_file;

/* Read the file at path.  Returns NULL, with the reason and the number of the
 * line on stderr, if the file has another form, no user, or a user twice. */
struct passwd_file *passwd_load(const char *path);
void passwd_free(struct passwd_file *file);

/* Returns true if password is the user's.  Takes long, by design of the hash.
 * Takes as long for a user who is locked or does not exist, so that a client
 * cannot find out who exists.  May be called in several threads at the same
 * time. */
bool passwd_verify(const struct passwd_file *file, const char *user,
    const char *password);

#endif

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_PASSWD_H
#define MAILIN_SERVER_PASSWD_H

#include <stdbool.h>

/*
 * Who may log in: a file of lines "user:hash", the hash as crypt(5) has it, or
 * one that begins with "!" or "*" and gives no access.  The name of a scheme,
 * as Dovecot writes it ("{SHA512-CRYPT}"), may come first.  What follows a
 * second ":" is ignored, and so are empty lines and those that begin with "#".
 */
struct passwd_file;

/* NULL, with the reason and its line on stderr, if it is no such file, names
 * nobody, or names somebody twice. */
struct passwd_file *passwd_load(const char *path);
void passwd_free(struct passwd_file *file);

/* True if password is the user's.  It takes long, by design of the hash, and
 * as long for a user who does not exist, or is locked: who does is nobody's
 * business.  Any number of threads may call it at the same time. */
bool passwd_verify(const struct passwd_file *file, const char *user,
    const char *password);

#endif

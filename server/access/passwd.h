/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_PASSWD_H
#define MAILIN_SERVER_PASSWD_H

#include <mailin/address.h>

#include "access/scram_hash.h"

/*
 * The users who may log in.  A file names them in lines "user:hash" or
 * "user:hash:senders" (access/hash.h, access/senders.h).  Text after a third
 * ":" is ignored.  So are empty lines, and lines that begin with "#".  Several
 * threads at the same time may call any of these functions except passwd_load
 * and passwd_free.
 */
struct passwd_file;

/* Read the file at path.  ignore_case concerns the local parts of senders.
 * Returns NULL, with the reason and the number of the line on stderr, if a line
 * is wrong, if a user has two lines, or if the file names no user. */
struct passwd_file *passwd_load(const char *path, bool ignore_case);
void passwd_free(struct passwd_file *file);

/* Compares the password with that of the user.  The computation is slow, as the
 * method of the hash intends.  If the user is locked, has no password or does
 * not exist, the password is compared with the hash of another user: the
 * function then takes as long, and returns HASH_FAILED in the same cases.  So a
 * client cannot find out which users exist. */
enum hash_outcome passwd_verify(const struct passwd_file *file,
    const char *user, const char *password);

/* Returns true if the user is in the file and not locked.  This is for a client
 * that has proved its identity without a password. */
bool passwd_has(const struct passwd_file *file, struct mailin_span user);

/* If the user has a hash for SCRAM, returns true and that hash.  Otherwise
 * returns false and the hash of another user, for scram_hash_pretend to
 * imitate.  The same name always gets the hash of the same other user. */
bool passwd_scram(const struct passwd_file *file, const char *user,
    struct scram_hash *hash);

/* Returns the secret for scram_hash_pretend: the text after the "!" in the line
 * "{SCRAM-SECRET}:!text".  Without such a line the span is empty. */
struct mailin_span passwd_scram_secret(const struct passwd_file *file);

/* Returns true if the user may use the address as a sender: the user's line has
 * no third field, or its third field names the address.  Returns false if the
 * user is not in the file. */
bool passwd_may_send(const struct passwd_file *file, struct mailin_span user,
    const struct mailin_path *path, struct mailin_span domain);

#endif

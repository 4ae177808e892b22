/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_PASSWD_H
#define MAILIN_SERVER_PASSWD_H

#include <mailin/address.h>

#include "access/scram_hash.h"

/*
 * The users who may log in: a file of lines "user:hash" or "user:hash:senders"
 * (access/hash.h, access/senders.h).  All after a third ":" is ignored, and so
 * are empty lines and lines that begin with "#".  All but load and free may be
 * called in several threads at the same time.
 */
struct passwd_file;

/* Read the file at path.  Returns NULL, with the reason and the number of the
 * line on stderr, if the file has another form, no user, or a user twice.
 * ignore_case is for the local parts of senders. */
struct passwd_file *passwd_load(const char *path, bool ignore_case);
void passwd_free(struct passwd_file *file);

/* Returns true if password is the user's.  Takes long, by design of the hash.
 * Takes as long for a user who is locked or does not exist, so that a client
 * cannot find out who exists. */
bool passwd_verify(const struct passwd_file *file, const char *user,
    const char *password);

/* Returns true, and the hash of the user, if that is one for SCRAM.  Otherwise
 * returns false, and a hash for scram_hash_pretend to imitate: that of another
 * user, who is always the same for the same name. */
bool passwd_scram(const struct passwd_file *file, const char *user,
    struct scram_hash *hash);

/* True if the user may use the address as a sender: the line of the user names
 * it, or has no third field.  False if the user is not in the file. */
bool passwd_may_send(const struct passwd_file *file, struct mailin_span user,
    const struct mailin_path *path, struct mailin_span domain);

#endif

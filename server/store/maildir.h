/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_MAILDIR_H
#define MAILIN_SERVER_MAILDIR_H

#include <stdbool.h>
#include <stddef.h>

#include "store/id.h"

/*
 * A Maildir (https://cr.yp.to/proto/maildir.html).  A message is written to a
 * file in tmp/.  When the whole file is on the disk, it is moved to new/.  When
 * that move is on the disk, too, the message counts as stored.  So a reader
 * sees the whole message or nothing, and a crash loses no message that was
 * reported as stored.
 */
struct maildir {
	const char *path;
	int tmp, new;   /* the open directories */
	char host[128]; /* the host name as written in file names */
};

/* Open the Maildir at path, and make the directories that are missing.  A
 * symbolic link of another user is not followed (directory.h).  path must live
 * as long as the Maildir.  Returns false, with the reason on stderr, if no mail
 * can be stored there. */
bool maildir_open(struct maildir *maildir, const char *path,
    const char *hostname);

/* Like maildir_open, but path is relative to the open directory "at", and the
 * function does not check that a file can be written there.  Writes nothing to
 * stderr.  Returns 0, or an errno that directory_fault (directory.h)
 * explains. */
int maildir_open_at(struct maildir *maildir, int at, const char *path,
    const char *hostname);

/* Close the Maildir.  Does nothing if it is closed already. */
void maildir_close(struct maildir *maildir);

#define MAILDIR_NAME_SIZE   256
#define MAILDIR_BUFFER_SIZE 32768

/*
 * A message that is being stored in the Maildir.  If it fits the buffer, no
 * system call is made before it is committed.  The first error is kept, and all
 * later calls return it.
 */
struct maildir_file {
	struct maildir *maildir;
	int fd;      /* descriptor in tmp; -1: no file yet */
	int error;   /* errno of the first failure, or 0 */
	bool lf;     /* write LF for each CR LF */
	bool has_cr; /* a CR waits for its LF, if lf is true */
	size_t used; /* octets in the buffer */
	char id[ID_SIZE];
	char name[MAILDIR_NAME_SIZE]; /* the name of the file */
	char buffer[MAILDIR_BUFFER_SIZE];
};

void maildir_file_init(struct maildir_file *file, struct maildir *maildir,
    const char *id, bool lf);

/* Add octets, with LF for each CR LF if file->lf is true.  All other octets are
 * not changed, even a CR or a LF alone.  A CR LF may come in two pieces.
 * Returns 0 or an errno. */
int maildir_file_write(struct maildir_file *file, const char *octets,
    size_t len);

/* No more octets follow.  Returns 0 or an errno. */
int maildir_file_end(struct maildir_file *file);

/* Write the message to the disk.  May take long.  Returns 0 or an errno. */
int maildir_file_sync(struct maildir_file *file);

/* Write the message to the disk, and move it to new/ under file->name.  May
 * take long.  Returns 0, or an errno if the message was not stored. */
int maildir_file_commit(struct maildir_file *file);

/* Delete the file, unless the message was committed. */
void maildir_file_discard(struct maildir_file *file);

#endif

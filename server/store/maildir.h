/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_MAILDIR_H
#define MAILIN_SERVER_MAILDIR_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * A Maildir (https://cr.yp.to/proto/maildir.html).  A message is written to a
 * file in tmp/; when all of it is on the disk the file is moved to new/, and
 * when that move is on the disk too, the message is stored: readers see it
 * whole or not at all, and a crash takes none that was reported as stored.
 */
struct maildir {
	const char *path;
	int tmp, new;       /* the open directories */
	char host[128];     /* as it stands in file names */
	atomic_ulong count; /* of the files that this process has made */
};

/* Open the Maildir at path, and make it where it is missing; another user's
 * symbolic link is not followed (directory.h).  path must outlive it.  False,
 * with the reason on stderr, where no mail can be stored there. */
bool maildir_open(struct maildir *maildir, const char *path,
    const char *hostname);
void maildir_close(struct maildir *maildir);

#define MAILDIR_ID_SIZE     96
#define MAILDIR_NAME_SIZE   256
#define MAILDIR_BUFFER_SIZE 32768

/*
 * A message on its way into it.  What fits the buffer makes no system call
 * before it is committed.  The first error is kept: all later calls answer
 * it.
 */
struct maildir_file {
	struct maildir *maildir;
	int fd;                       /* in tmp; -1 while there is no file */
	int error;                    /* errno of what failed first, or 0 */
	size_t used;                  /* of the buffer */
	char id[MAILDIR_ID_SIZE];     /* unique, [A-Za-z0-9._] */
	char name[MAILDIR_NAME_SIZE]; /* of the file */
	char buffer[MAILDIR_BUFFER_SIZE];
};

void maildir_file_init(struct maildir_file *file, struct maildir *maildir);

/* Add octets.  Answers 0 or an errno. */
int maildir_file_write(struct maildir_file *file, const char *octets,
    size_t len);

/* Bring the message to the disk and into new/, under file->name.  It may take
 * long.  Answers 0 or an errno, and then nothing of it is left. */
int maildir_file_commit(struct maildir_file *file);

/* Forget the message, unless it was committed. */
void maildir_file_discard(struct maildir_file *file);

#endif

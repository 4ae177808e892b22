/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_MAILDIRS_H
#define MAILIN_SERVER_MAILDIRS_H

#include "store/maildir.h"
#include "store/store.h"

/* A Maildir for each recipient. */
struct maildirs {
	struct store store;
	const char *template; /* see template.h */
	const char *hostname;
	char *root;
	int fd; /* the descriptor of the root directory */
	bool crlf;
};

/* A Maildir that gets a copy of a message. */
struct copy {
	char *directory; /* its path, from the root on */
	char *fields;    /* X-Envelope-To, for each recipient of this Maildir */
	int error;       /* errno, or 0 */
	bool is_in_tmp, is_in_new;
};

/*
 * A message for some of the Maildirs.  The body is kept in the buffer of the
 * member "body" or, if it is long, in a file in the root directory.  Each
 * Maildir gets a file of its own, because the fields that name the recipients
 * differ.  Nobody may learn from his copy who else got the message.
 */
struct copies {
	struct store_message base;
	struct maildirs *maildirs;
	char id[ID_SIZE];
	char name[MAILDIR_NAME_SIZE]; /* the name of the file of each copy */
	bool each;                    /* true: LMTP, so each recipient has a
					 verdict */
	bool lf;                      /* end lines with LF */
	char *trace;                  /* the fields that all copies have */
	struct copy *copies;
	size_t count;
	size_t *of; /* for each recipient, the index of its copy */
	int error;  /* errno of the first failure, or 0 */
	struct maildir spool;
	struct maildir_file body;
};

/* Fill in the copies for the recipients of the session.  Returns 0 or an
 * errno. */
int copies_plan(struct copies *copies, const struct store_client *client);

/* Returns the directory of a recipient, from the root on, in new memory, or
 * NULL with errno. */
char *copies_directory(const struct store_client *client,
    const struct mailin_path *path);

/* Write all copies, and move them to new/.  If copies->each is false, a failure
 * leaves no copy, as far as possible. */
void copies_commit(struct copies *copies);

#endif

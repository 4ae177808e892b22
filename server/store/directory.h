/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_DIRECTORY_H
#define MAILIN_SERVER_DIRECTORY_H

/*
 * Open the directory at path, which is relative to the open directory "at", or
 * to the working directory if "at" is AT_FDCWD.  Missing directories are made,
 * with mode 0700, and are on the disk when this returns.
 *
 * A symbolic link, in path or in the target of another link, is followed only
 * if root or the user of this process owns it.  So no other user who can make
 * links there may choose where mail is stored.  The check is safe if somebody
 * replaces links meanwhile: the link whose owner is checked is the one that is
 * followed.
 *
 * Returns a descriptor, or -1 with errno.
 */
int directory_open(int at, const char *path);

/* Returns the text for an errno that directory_open has set. */
const char *directory_fault(int error);

#endif

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_DIRECTORY_H
#define MAILIN_SERVER_DIRECTORY_H

/*
 * Open the directory at path, which is relative to the open directory at, or to
 * the working directory if at is AT_FDCWD.  Directories that are missing are
 * made, with mode 0700, and are on the disk when this returns.
 *
 * A symbolic link, anywhere in path or in the target of another link, is
 * followed only if root or this process's user owns it: whoever else may make
 * links there must not choose the place.  The owner is that of the very
 * link that is followed, even if links are replaced meanwhile.
 *
 * Returns a descriptor, or -1 with errno.
 */
int directory_open(int at, const char *path);

/* What that errno means. */
const char *directory_fault(int error);

#endif

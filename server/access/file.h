/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_FILE_H
#define MAILIN_SERVER_FILE_H

#include <stdbool.h>
#include <stdio.h>

/* Open a file for reading.  A pipe without a writer is read as an empty file.
 * fopen would wait for a writer, perhaps for ever, and a server that reads its
 * files again would serve nobody during this time.  Returns NULL with errno. */
FILE *file_open(const char *path);

/* Remove the LF or CR LF at the end of a line.  Returns false if a NUL or a CR
 * is before it: text after that octet, perhaps the senders of a user, must not
 * be lost. */
bool file_cut_line(char *line, size_t len);

/* Returns true if a file that was read by getline has been read up to its end.
 * Otherwise returns false with errno.  If getline has no memory, it ends as at
 * the end of the file, and ferror is false. */
bool file_is_read(FILE *file);

#endif

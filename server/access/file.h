/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_FILE_H
#define MAILIN_SERVER_FILE_H

#include <stdio.h>

/* Open a file for reading.  A pipe without a writer is read as an empty file.
 * fopen would wait for a writer, perhaps for ever, and a server that reads its
 * files again would serve nobody during this time.  Returns NULL with errno. */
FILE *file_open(const char *path);

#endif

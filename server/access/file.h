/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_FILE_H
#define MAILIN_SERVER_FILE_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

/*
 * When the server starts, a file may also be a pipe, such as that of
 * "--passwd <(command)" in a shell.  Later only regular files are read: a pipe
 * may have a writer that never writes, and a server that waits for it serves
 * nobody.  No file may be a device: /dev/zero, for example, has no end.
 */

/* From now on refuse pipes, too. */
void file_refuse_pipes(void);

/* Call this for a file that another library opens.  Returns false, with the
 * reason in the log, if the file at this path must not be read now.  path may
 * be NULL. */
bool file_may_read(const char *path);

/* Open a file for reading.  A pipe without a writer is read as an empty file;
 * fopen would wait for a writer.  Returns NULL, with the reason in *fault, if
 * that is impossible. */
FILE *file_open(const char *path, const char **fault);

/* Reads the lines of a file with secrets, and leaves no copy in memory. */
struct lines {
	FILE *in;
	char *line; /* the present line */
	size_t room;
	char buffer[4096]; /* for stdio */
};

/* Open a file to read its lines.  Returns false, with the reason in *fault, if
 * that is impossible. */
bool lines_open(struct lines *lines, const char *path, const char **fault);

/* Read the next line.  Returns its length, or a negative number as getline
 * does. */
ssize_t lines_next(struct lines *lines);
void lines_close(struct lines *lines);

/* Remove the LF or CR LF at the end of a line.  Returns false if a NUL or a CR
 * is before it: text after that octet, perhaps the senders of a user, must not
 * be lost. */
bool file_cut_line(char *line, size_t len);

/* Returns true if a file that was read by getline has been read up to its end.
 * Otherwise returns false with errno.  If getline has no memory, it ends as at
 * the end of the file, and ferror is false. */
bool file_is_read(FILE *file);

#endif

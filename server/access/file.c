/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "access/file.h"

FILE *
file_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	FILE *file = NULL;
	int error;

	if (fd < 0)
		return NULL;
	/* A pipe with a writer may be read later, when the octets come. */
	if (fcntl(fd, F_SETFL, O_RDONLY) == 0)
		file = fdopen(fd, "r");
	if (file != NULL)
		return file;
	error = errno;
	close(fd);
	errno = error;
	return NULL;
}

bool
file_cut_line(char *line, size_t len)
{
	if (len > 0 && line[len - 1] == '\n')
		line[--len] = '\0';
	if (len > 0 && line[len - 1] == '\r')
		line[--len] = '\0';
	return strlen(line) == len && strchr(line, '\r') == NULL;
}

bool
file_is_read(FILE *file)
{
	return feof(file) && !ferror(file);
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/file.h"
#include "log/log.h"
#include "octet/wipe.h"

static atomic_bool only_regular;

void
file_refuse_pipes(void)
{
	atomic_store(&only_regular, true);
}

static const char *
fault_of(const struct stat *status)
{
	if (S_ISCHR(status->st_mode) || S_ISBLK(status->st_mode))
		return "a device, not a file";
	return atomic_load(&only_regular) && !S_ISREG(status->st_mode) ?
	    "not a regular file" :
	    NULL;
}

bool
file_may_read(const char *path)
{
	struct stat status;
	const char *fault = path != NULL && stat(path, &status) == 0 ?
	    fault_of(&status) :
	    NULL;

	if (fault != NULL)
		log_error("%s: %s", path, fault);
	return fault == NULL;
}

FILE *
file_open(const char *path, const char **fault)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	FILE *file = NULL;
	struct stat status;

	*fault = NULL;
	if (fd >= 0 && fstat(fd, &status) == 0)
		*fault = fault_of(&status);
	/* A pipe with a writer may be read later, when the octets come. */
	if (fd >= 0 && *fault == NULL && fcntl(fd, F_SETFL, O_RDONLY) == 0)
		file = fdopen(fd, "r");
	if (file == NULL && *fault == NULL)
		*fault = strerror(errno);
	if (file == NULL && fd >= 0)
		close(fd);
	return file;
}

/* The room for a line that is enough for most files.  When getline needs more,
 * it may leave a part of the line in the memory that it frees. */
#define ROOM 4096

bool
lines_open(struct lines *lines, const char *path, const char **fault)
{
	lines->in = file_open(path, fault);
	if (lines->in == NULL)
		return false;
	lines->room = ROOM;
	lines->line = malloc(ROOM);
	if (lines->line == NULL) {
		*fault = strerror(errno);
		(void)fclose(lines->in);
		return false;
	}
	(void)setvbuf(lines->in, lines->buffer, _IOFBF, sizeof lines->buffer);
	return true;
}

ssize_t
lines_next(struct lines *lines)
{
	return getline(&lines->line, &lines->room, lines->in);
}

void
lines_close(struct lines *lines)
{
	(void)fclose(lines->in);
	wipe(lines->buffer, sizeof lines->buffer);
	wipe(lines->line, lines->room);
	free(lines->line);
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

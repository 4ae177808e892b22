/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SERVER_CONFIG_FILE_H
#define MAILIN_SERVER_CONFIG_FILE_H

#include "settings/given.h"

/* A section [listener NAME]. */
struct section {
	char *where; /* "FILE:LINE: " with the line where it begins */
	char *name;
	struct givens givens;
};

/* A file of settings.  It has lines "name = value" with the names of options,
 * and sections. */
struct config_file {
	struct givens top; /* before the first section */
	struct section *sections;
	size_t count;
};

/* Read the regular file at path.  This does not check the values.  Returns
 * false, with the reason on stderr in one line, if the file cannot be read, or
 * if a line, a name or a section is wrong.  Call config_file_free whatever the
 * result is. */
bool config_file_read(struct config_file *file, const char *path);
void config_file_free(struct config_file *file);

#endif

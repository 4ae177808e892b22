/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/file.h"
#include "access/hash.h"
#include "access/scram_users.h"

const char scram_mechanisms[SCRAM_MECHANISMS][20] = {
	[SCRAM_SHA_256] = "SCRAM-SHA-256",
	[SCRAM_SHA_256_PLUS] = "SCRAM-SHA-256-PLUS",
};

enum scram_users
scram_users(const char *path)
{
	const char *fault;
	struct lines lines;
	bool is_read;
	char *hash;
	size_t with = 0, without = 0;

	if (!lines_open(&lines, path, &fault))
		return SCRAM_USERS_UNKNOWN;
	while (lines_next(&lines) >= 0) {
		hash = strchr(lines.line, ':');
		if (lines.line[0] == '#' || hash == NULL)
			continue;
		hash++;
		hash[strcspn(hash, ":\r\n")] = '\0';
		if (!hash_has_password(hash))
			continue;
		if (hash_is_scram(hash))
			with++;
		else
			without++;
	}
	is_read = file_is_read(lines.in);
	lines_close(&lines);
	if (!is_read)
		return SCRAM_USERS_UNKNOWN;
	if (with == 0)
		return without == 0 ? SCRAM_USERS_UNKNOWN : SCRAM_USERS_NONE;
	return without == 0 ? SCRAM_USERS_ALL : SCRAM_USERS_SOME;
}

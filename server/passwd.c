/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <crypt.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "passwd.h"

struct entry {
	char *user;
	char *hash;   /* in the memory of user, behind it */
};

struct passwd_file {
	struct entry *entries;
	size_t        count;
};

/* Add the user of a line; false, with errno, if it is no "user:hash". */
static bool
add_line(struct passwd_file *file, const char *line)
{
	struct entry *entries, *entry;
	char *colon;

	entries = realloc(file->entries,
	    (file->count + 1) * sizeof *entries);
	if (entries == NULL)
		return false;
	file->entries = entries;
	entry = &entries[file->count];
	entry->user = strdup(line);
	if (entry->user == NULL)
		return false;
	file->count++;
	errno = EINVAL;
	colon = strchr(entry->user, ':');
	if (colon == NULL || colon == entry->user)
		return false;
	*colon = '\0';
	entry->hash = colon + 1;
	entry->hash[strcspn(entry->hash, ":")] = '\0';
	return entry->hash[0] != '\0';
}

static bool
read_lines(struct passwd_file *file, FILE *in, const char *path)
{
	char *line = NULL;
	size_t room = 0;
	unsigned number = 0;
	bool good = true;

	while (good && getline(&line, &room, in) >= 0) {
		number++;
		line[strcspn(line, "\r\n")] = '\0';
		if (line[0] == '\0' || line[0] == '#')
			continue;
		good = add_line(file, line);
		if (!good)
			log_error("%s:%u: %s", path, number, errno == EINVAL
			    ? "not user:hash" : strerror(errno));
	}
	if (good && ferror(in)) {
		log_error("%s: %s", path, strerror(errno));
		good = false;
	} else if (good && file->count == 0) {
		log_error("%s: no user in it", path);
		good = false;
	}
	free(line);
	return good;
}

struct passwd_file *
passwd_load(const char *path)
{
	struct passwd_file *file = calloc(1, sizeof *file);
	FILE *in = fopen(path, "re");
	bool good = false;

	if (file == NULL || in == NULL)
		log_error("%s: %s", path, strerror(errno));
	else
		good = read_lines(file, in, path);
	if (in != NULL)
		fclose(in);
	if (good)
		return file;
	passwd_free(file);
	return NULL;
}

void
passwd_free(struct passwd_file *file)
{
	if (file == NULL)
		return;
	while (file->count > 0)
		free(file->entries[--file->count].user);
	free(file->entries);
	free(file);
}

/* True if password gives hash.  crypt answers a text that begins with "*",
 * or none, where hash is no hash, such as the "!" of a locked account. */
static bool
matches(const char *hash, const char *password)
{
	struct crypt_data *work = calloc(1, sizeof *work);
	const char *made;
	bool same;

	if (work == NULL)
		return false;
	made = crypt_r(password, hash, work);
	same = made != NULL && made[0] != '*' && strcmp(made, hash) == 0;
	explicit_bzero(work, sizeof *work);
	free(work);
	return same;
}

bool
passwd_verify(const struct passwd_file *file, const char *user,
    const char *password)
{
	const struct entry *entry = NULL;
	size_t i;

	for (i = 0; i < file->count; i++)
		if (strcmp(file->entries[i].user, user) == 0)
			entry = &file->entries[i];
	if (entry == NULL) {
		(void)matches(file->entries[0].hash, password);
		return false;
	}
	return matches(entry->hash, password);
}

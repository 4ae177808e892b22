/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <crypt.h>
#include <errno.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "passwd.h"
#include "wipe.h"

#define B64 "[./0-9A-Za-z]"

/* What crypt(5) says of each method.  DES is not among them, for any word of
 * thirteen letters would pass as such a hash, nor is NT, which has no salt.
 * "!" and "*" lock an account, as in shadow(5). */
static const char hash_pattern[] =
    "^([!*].*"
    "|[$]g?y[$]" B64 "+[$]" B64 "{0,86}[$]" B64 "{43}"
    "|[$]7[$]" B64 "{11,97}[$]" B64 "{43}"
    "|[$]2[abxy][$](0[4-9]|[12][0-9]|3[01])[$]" B64 "{53}"
    "|[$]6[$](rounds=[1-9][0-9]*[$])?[^$:]{1,16}[$]" B64 "{86}"
    "|[$]5[$](rounds=[1-9][0-9]*[$])?[^$:]{1,16}[$]" B64 "{43}"
    "|[$]sha1[$][1-9][0-9]*[$]" B64 "{1,64}[$]" B64 "{28}"
    "|[$]md5(,rounds=[1-9][0-9]*)?[$]" B64 "{8}[$]{1,2}" B64 "{22}"
    "|[$]1[$][^$:]{1,8}[$]" B64 "{22}"
    ")$";

struct entry {
	char *user;
	char *hash;   /* in the memory of user, behind it */
};

struct passwd_file {
	struct entry *entries;
	size_t        count;
	regex_t       hash_form;
};

static const struct entry *
find(const struct passwd_file *file, const char *user)
{
	size_t i;

	for (i = 0; i < file->count; i++)
		if (strcmp(file->entries[i].user, user) == 0)
			return &file->entries[i];
	return NULL;
}

/* Add the user of a line; answers what is wrong with it, or NULL.  The line
 * itself is not to be shown: it may hold a password. */
static const char *
add_line(struct passwd_file *file, const char *line)
{
	struct entry entry = { .user = strdup(line) };
	struct entry *entries = realloc(file->entries,
	    (file->count + 1) * sizeof *entries);
	const char *fault = NULL;
	char *colon;

	if (entries != NULL)
		file->entries = entries;
	if (entries == NULL || entry.user == NULL) {
		free(entry.user);
		return strerror(ENOMEM);
	}
	colon = strchr(entry.user, ':');
	if (colon == NULL || colon == entry.user) {
		free(entry.user);
		return "not user:hash";
	}
	*colon = '\0';
	entry.hash = colon + 1;
	entry.hash[strcspn(entry.hash, ":")] = '\0';
	if (regexec(&file->hash_form, entry.hash, 0, NULL, 0) != 0)
		fault = "not a hash of crypt(5)";
	else if (find(file, entry.user) != NULL)
		fault = "a user for the second time";
	file->entries[file->count++] = entry;
	return fault;
}

static bool
read_lines(struct passwd_file *file, FILE *in, const char *path)
{
	char *line = NULL;
	size_t room = 0;
	unsigned number = 0;
	const char *fault = NULL;

	while (fault == NULL && getline(&line, &room, in) >= 0) {
		number++;
		line[strcspn(line, "\r\n")] = '\0';
		if (line[0] != '\0' && line[0] != '#')
			fault = add_line(file, line);
	}
	if (fault != NULL)
		log_error("%s:%u: %s", path, number, fault);
	else if (ferror(in))
		log_error("%s: %s", path, fault = strerror(errno));
	else if (file->count == 0)
		log_error("%s: %s", path, fault = "no user in it");
	free(line);
	return fault == NULL;
}

struct passwd_file *
passwd_load(const char *path)
{
	struct passwd_file *file = calloc(1, sizeof *file);
	FILE *in = fopen(path, "re");
	bool good = false;

	if (file == NULL || in == NULL) {
		log_error("%s: %s", path, strerror(errno));
	} else if (regcomp(&file->hash_form, hash_pattern,
	    REG_EXTENDED | REG_NOSUB) != 0) {
		log_error("no memory");
	} else {
		good = read_lines(file, in, path);
		regfree(&file->hash_form);
	}
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
	wipe(work, sizeof *work);
	free(work);
	return same;
}

bool
passwd_verify(const struct passwd_file *file, const char *user,
    const char *password)
{
	const struct entry *entry = find(file, user);

	if (entry == NULL) {
		(void)matches(file->entries[0].hash, password);
		return false;
	}
	return matches(entry->hash, password);
}

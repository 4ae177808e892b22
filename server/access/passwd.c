/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <crypt.h>
#include <errno.h>
#include <regex.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "log/log.h"
#include "access/passwd.h"
#include "octet/wipe.h"

#define B64 "[./0-9A-Za-z]"

/* The forms of hashes in crypt(5).  Two are left out: DES, since any word of
 * thirteen letters looks like such a hash, and NT, which has no salt.  A hash
 * that begins with "!" or "*" locks the account, as in shadow(5). */
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

/* The names of schemes that Dovecot writes before a hash, in upper or lower
 * case, and how each such hash begins. */
static const struct {
	char name[16];
	char begin[4];
} schemes[] = {
	{ "{CRYPT}", "" },
	{ "{SHA512-CRYPT}", "$6$" },
	{ "{SHA256-CRYPT}", "$5$" },
	{ "{BLF-CRYPT}", "$2" },
	{ "{MD5-CRYPT}", "$1$" },
};

struct entry {
	char *user;
	char *hash;    /* part of the memory at user, after the name */
	uint64_t seed; /* computed from the hash, so it is a secret */
};

struct passwd_file {
	struct entry *entries;
	size_t count;
	regex_t hash_form;
};

/* Find the entry of a user.  Always looks at all entries, so that the time does
 * not tell where or whether the user is in the file. */
static const struct entry *
find(const struct passwd_file *file, const char *user)
{
	const struct entry *found = NULL;
	size_t i;

	for (i = 0; i < file->count; i++)
		if (strcmp(file->entries[i].user, user) == 0)
			found = &file->entries[i];
	return found;
}

/* A hash of a text: FNV-1a. */
static uint64_t
digest(const char *text)
{
	uint64_t sum = 0xcbf29ce484222325;

	for (; *text != '\0'; text++)
		sum = (sum ^ (unsigned char)*text) * 0x100000001b3;
	return sum;
}

/* The last step of SplitMix64: each bit of the result depends on all bits. */
static uint64_t
mix(uint64_t bits)
{
	bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9;
	bits = (bits ^ bits >> 27) * 0x94d049bb133111eb;
	return bits ^ bits >> 31;
}

static bool
is_locked(const struct entry *entry)
{
	return entry->hash[0] == '!' || entry->hash[0] == '*';
}

/*
 * Returns the entry whose hash is computed for a user who has none, so that the
 * time does not show that.  Methods and rounds may differ from entry to entry,
 * so a name always gets the same entry, as if it were that user; without the
 * hashes nobody can foretell which.  If an entry is added to the file, only the
 * names for which it has the highest score change to it.  Returns NULL if all
 * accounts are locked.
 */
static const struct entry *
stand_in(const struct passwd_file *file, const char *user)
{
	const struct entry *best = NULL;
	uint64_t name = digest(user), most = 0;
	size_t i;

	for (i = 0; i < file->count; i++) {
		const struct entry *entry = &file->entries[i];
		uint64_t score = mix(name ^ entry->seed);

		if (!is_locked(entry) && score >= most) {
			most = score;
			best = entry;
		}
	}
	return best;
}

/* Returns the hash without the name of its scheme.  If the name is unknown or
 * does not fit the hash, it stays, and the result is no valid hash. */
static char *
skip_scheme(char *hash)
{
	size_t i;

	for (i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
		size_t len = strlen(schemes[i].name);

		if (strncasecmp(hash, schemes[i].name, len) == 0 &&
		    strncmp(hash + len, schemes[i].begin,
			strlen(schemes[i].begin)) == 0)
			return hash + len;
	}
	return hash;
}

/* Add the user of a line.  Returns what is wrong with the line, or NULL.  Do
 * not show the line itself: it may hold a password. */
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
	entry.hash = skip_scheme(colon + 1);
	entry.hash[strcspn(entry.hash, ":")] = '\0';
	entry.seed = digest(entry.hash);
	if (regexec(&file->hash_form, entry.hash, 0, NULL, 0) != 0)
		fault = "not a hash of crypt(5)";
	else if (find(file, entry.user) != NULL)
		fault = "the user is named twice";
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

/* Returns true if password gives hash.  If crypt_r does not know the hash, it
 * returns NULL or a text that begins with "*". */
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
	const struct entry *other = stand_in(file, user);

	if (entry != NULL && !is_locked(entry))
		return matches(entry->hash, password);
	if (other != NULL)
		(void)matches(other->hash, password);
	return false;
}

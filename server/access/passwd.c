/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/address.h"
#include "access/file.h"
#include "access/hash.h"
#include "access/passwd.h"
#include "access/senders.h"
#include "log/log.h"
#include "octet/wipe.h"

struct entry {
	char *user;          /* the line, cut into its fields */
	size_t len;          /* of the line */
	const char *hash;    /* part of the memory at user, after the name */
	const char *senders; /* part of the memory at user; NULL: any sender */
	uint64_t seed;       /* computed from the hash, so it is a secret */
	unsigned line;
};

/* Entries with a password, sorted by seed.  A ring has either all these
 * entries, or only those with a hash for SCRAM. */
struct ring {
	struct entry **entries;
	size_t count;
};

/* In place of a user: the line has the secret of SCRAM. */
static const char secret_name[] = "{SCRAM-SECRET}";
#define SECRET_LEAST 32

struct passwd_file {
	struct entry *entries; /* sorted by user */
	size_t count, room;
	struct ring all, scram; /* scram: only entries with a hash for SCRAM */
	bool ignore_case;
};

/* ---- Looking up ---- */

static int
compare_user(const struct entry *entry, struct mailin_span user)
{
	size_t len = strlen(entry->user);
	int order = memcmp(entry->user, user.ptr,
	    len < user.len ? len : user.len);

	return order != 0 ? order : (len > user.len) - (len < user.len);
}

static const struct entry *
find(const struct passwd_file *file, struct mailin_span user)
{
	size_t low = 0, high = file->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct entry *entry = &file->entries[middle];
		int order = compare_user(entry, user);

		if (order == 0)
			return entry;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* A hash function for a text: FNV-1a, and then the last step of SplitMix64,
 * which makes each bit depend on all bits. */
static uint64_t
digest(const char *text)
{
	uint64_t sum = 0xcbf29ce484222325;

	for (; *text != '\0'; text++)
		sum = (sum ^ (unsigned char)*text) * 0x100000001b3;
	sum = (sum ^ sum >> 30) * 0xbf58476d1ce4e5b9;
	sum = (sum ^ sum >> 27) * 0x94d049bb133111eb;
	return sum ^ sum >> 31;
}

/*
 * A login as an unknown user must take as long as the login of a known user.
 * So the hash of some other user is computed for it.  Returns the entry with
 * that hash, or NULL if the ring is empty.
 *
 * Methods and rounds may differ from entry to entry, so a name always gets the
 * same entry.  Nobody can foretell which entry this is without the hashes in
 * the file.
 *
 * The seeds of the entries divide a ring into arcs.  A name belongs to the
 * entry at the end of its arc.  So a new entry takes over names of only one
 * other entry.
 */
static const struct entry *
stand_in(const struct ring *ring, const char *user)
{
	uint64_t name = digest(user);
	size_t low = 0, high = ring->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (ring->entries[middle]->seed < name)
			low = middle + 1;
		else
			high = middle;
	}
	if (ring->count == 0)
		return NULL;
	return ring->entries[low < ring->count ? low : 0];
}

enum hash_outcome
passwd_verify(const struct passwd_file *file, const char *user,
    const char *password)
{
	const struct entry *entry = find(file, mailin_span_of(user));
	const struct entry *other = stand_in(&file->all, user);

	if (entry != NULL && hash_has_password(entry->hash))
		return hash_compare(entry->hash, password);
	if (other != NULL && hash_compare(other->hash, password) == HASH_FAILED)
		return HASH_FAILED;
	return HASH_DIFFERS;
}

bool
passwd_has(const struct passwd_file *file, struct mailin_span user)
{
	const struct entry *entry = find(file, user);

	return entry != NULL && !hash_is_locked(entry->hash);
}

bool
passwd_scram(const struct passwd_file *file, const char *user,
    struct scram_hash *hash)
{
	static const char usual[] = SCRAM_SCHEME
	    "10000,AAAAAAAAAAAAAAAAAAAAAA==,"
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=,"
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
	const struct entry *entry = find(file, mailin_span_of(user));
	const struct entry *other = stand_in(&file->scram, user);
	bool has = entry != NULL && hash_is_scram(entry->hash);

	if (has)
		other = entry;
	return scram_hash_read(hash, other != NULL ? other->hash : usual) ==
	    NULL &&
	    has;
}

struct mailin_span
passwd_scram_secret(const struct passwd_file *file)
{
	const struct entry *entry = find(file, mailin_span_of(secret_name));

	return entry != NULL ? mailin_span_of(entry->hash + 1) :
			       (struct mailin_span){ NULL, 0 };
}

bool
passwd_may_send(const struct passwd_file *file, struct mailin_span user,
    const struct mailin_path *path, struct mailin_span domain)
{
	const struct entry *entry = find(file, user);

	return entry != NULL &&
	    (entry->senders == NULL ||
		senders_have(entry->senders, path, domain, file->ignore_case));
}

/* ---- Reading the file ---- */

/* Cut the text at its first colon.  Returns the text after the colon, or NULL
 * if there is no colon. */
static char *
cut_field(char *text)
{
	char *colon = strchr(text, ':');

	if (colon != NULL)
		*colon++ = '\0';
	return colon;
}

/* Read the fields of a line; entry->user points to the line.  Returns what is
 * wrong with the line, or NULL.  The text never quotes the line, which may hold
 * a password. */
static const char *
read_fields(struct entry *entry)
{
	char *hash = cut_field(entry->user);
	char *senders = hash != NULL ? cut_field(hash) : NULL;
	const char *fault;

	if (hash == NULL || entry->user[0] == '\0')
		return "not user:hash";
	if (senders != NULL)
		(void)cut_field(senders);
	fault = hash_read(hash, &entry->hash);
	if (fault != NULL)
		return fault;
	if (strcmp(entry->user, secret_name) == 0 &&
	    (hash[0] != '!' || strlen(hash) <= SECRET_LEAST))
		return "the secret of SCRAM is \"!\" and 32 octets or more";
	entry->seed = digest(entry->hash);
	entry->senders = senders;
	if (senders != NULL && !senders_are_valid(senders))
		return "a sender is " ADDRESS_NAME_FAULT;
	return NULL;
}

static bool
make_room(struct passwd_file *file)
{
	size_t room = file->room == 0 ? 64 : 2 * file->room;
	struct entry *entries;

	if (file->count < file->room)
		return true;
	entries = realloc(file->entries, room * sizeof *entries);
	if (entries == NULL)
		return false;
	file->entries = entries;
	file->room = room;
	return true;
}

/* Add an entry for the user that a line names.  Returns what is wrong with the
 * line, or NULL. */
static const char *
add_line(struct passwd_file *file, const char *line, unsigned number)
{
	struct entry *entry;

	if (!make_room(file))
		return strerror(ENOMEM);
	entry = &file->entries[file->count];
	*entry = (struct entry){ .user = strdup(line),
		.len = strlen(line),
		.line = number };
	if (entry->user == NULL)
		return strerror(ENOMEM);
	file->count++;
	return read_fields(entry);
}

/* Returns true if there is an entry of a user; that of the secret is not. */
static bool
has_users(const struct passwd_file *file)
{
	return file->count > (passwd_scram_secret(file).len > 0);
}

static bool
add_lines(struct passwd_file *file, struct lines *lines, const char *path)
{
	unsigned number = 0;
	const char *fault = NULL;
	ssize_t len;

	while (fault == NULL && (len = lines_next(lines)) >= 0) {
		number++;
		if (!file_cut_line(lines->line, (size_t)len))
			fault = "a NUL or a CR in the line";
		else if (lines->line[0] != '\0' && lines->line[0] != '#')
			fault = add_line(file, lines->line, number);
	}
	if (fault != NULL)
		log_error("%s:%u: %s", path, number, fault);
	else if (!file_is_read(lines->in))
		log_error("%s: %s", path, fault = strerror(errno));
	else if (!has_users(file))
		log_error("%s: %s", path, fault = "no user in it");
	return fault == NULL;
}

static int
by_user(const void *a, const void *b)
{
	const struct entry *one = a, *other = b;
	int order = strcmp(one->user, other->user);

	return order != 0 ?
	    order :
	    (one->line > other->line) - (one->line < other->line);
}

static int
by_seed(const void *a, const void *b)
{
	const struct entry *one = *(struct entry *const *)a;
	const struct entry *other = *(struct entry *const *)b;

	return (one->seed > other->seed) - (one->seed < other->seed);
}

/* Sort the entries by user.  Returns the number of the first line whose user
 * has a line already, or 0. */
static unsigned
sort_users(struct passwd_file *file)
{
	const struct entry *entries = file->entries;
	unsigned again = 0;
	size_t i;

	qsort(file->entries, file->count, sizeof *entries, by_user);
	for (i = 1; i < file->count; i++)
		if (strcmp(entries[i - 1].user, entries[i].user) == 0 &&
		    (again == 0 || entries[i].line < again))
			again = entries[i].line;
	return again;
}

static bool
make_ring(const struct passwd_file *file, struct ring *ring, bool scram)
{
	size_t i;

	ring->entries = calloc(file->count, sizeof(struct entry *));
	if (ring->entries == NULL) {
		log_error("no memory");
		return false;
	}
	for (i = 0; i < file->count; i++) {
		struct entry *entry = &file->entries[i];

		if (scram ? hash_is_scram(entry->hash) :
			    hash_has_password(entry->hash))
			ring->entries[ring->count++] = entry;
	}
	qsort(ring->entries, ring->count, sizeof *ring->entries, by_seed);
	return true;
}

static bool
read_users(struct passwd_file *file, struct lines *lines, const char *path)
{
	unsigned again;

	if (!add_lines(file, lines, path))
		return false;
	again = sort_users(file);
	if (again == 0)
		return make_ring(file, &file->all, false) &&
		    make_ring(file, &file->scram, true);
	log_error("%s:%u: the user is named twice", path, again);
	return false;
}

struct passwd_file *
passwd_load(const char *path, bool ignore_case)
{
	struct passwd_file *file = calloc(1, sizeof *file);
	const char *fault = strerror(ENOMEM);
	struct lines lines;
	bool good = false;

	if (file == NULL || !lines_open(&lines, path, &fault)) {
		log_error("%s: %s", path, fault);
	} else {
		file->ignore_case = ignore_case;
		good = read_users(file, &lines, path);
		lines_close(&lines);
	}
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
	while (file->count > 0) {
		struct entry *entry = &file->entries[--file->count];

		wipe(entry->user, entry->len);
		free(entry->user);
		wipe(entry, sizeof *entry);
	}
	free(file->entries);
	free(file->all.entries);
	free(file->scram.entries);
	free(file);
}

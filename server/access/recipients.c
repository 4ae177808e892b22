/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/address.h"
#include "access/file.h"
#include "access/recipients.h"
#include "log/log.h"

struct recipients {
	char *memory; /* the text of the file, with keys in place of names */
	char **keys;  /* sorted */
	size_t count;
	bool ignore_case;
	bool ignore_tags;
};

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Returns the content of a file with a NUL after it, and its length.  Returns
 * NULL, with errno, after an error. */
static char *
read_all(FILE *in, size_t *len)
{
	char *memory = NULL, *more;
	size_t room = 0;

	*len = 0;
	do {
		room = room == 0 ? 65536 : 2 * room;
		more = realloc(memory, room);
		if (more == NULL) {
			free(memory);
			return NULL;
		}
		memory = more;
		*len += fread(memory + *len, 1, room - 1 - *len, in);
	} while (*len == room - 1);
	memory[*len] = '\0';
	if (!ferror(in))
		return memory;
	free(memory);
	return NULL;
}

static size_t
count_lines(const char *text, size_t len)
{
	const char *end = text + len;
	size_t count = 1;

	while ((text = memchr(text, '\n', (size_t)(end - text))) != NULL) {
		count++;
		text++;
	}
	return count;
}

/* Replace the name in a line by its key.  Returns false if the line is
 * wrong. */
static bool
add_line(struct recipients *recipients, char *line, size_t len)
{
	struct mailin_span name = address_trim(line, len);
	char key[ADDRESS_KEY_SIZE];

	if (name.len == 0 || name.ptr[0] == '#')
		return true;
	if (!address_name_key(key, name, recipients->ignore_case))
		return false;
	strcpy(line, key);
	recipients->keys[recipients->count++] = line;
	return true;
}

/* Read all lines of the file.  Returns the number of the first wrong line, or
 * 0. */
static size_t
add_lines(struct recipients *recipients, size_t len)
{
	char *line = recipients->memory, *end = line + len, *next;
	size_t number = 0;

	while (line < end) {
		next = memchr(line, '\n', (size_t)(end - line));
		if (next == NULL)
			next = end;
		number++;
		if (!add_line(recipients, line, (size_t)(next - line)))
			return number;
		line = next + 1;
	}
	return 0;
}

static bool
read_names(struct recipients *recipients, FILE *in, const char *path)
{
	size_t len = 0, wrong;

	recipients->memory = read_all(in, &len);
	if (recipients->memory != NULL)
		recipients->keys = calloc(count_lines(recipients->memory, len),
		    sizeof *recipients->keys);
	if (recipients->keys == NULL) {
		log_error("%s: %s", path, strerror(errno));
		return false;
	}
	wrong = add_lines(recipients, len);
	if (wrong > 0)
		log_error("%s:%zu: %s", path, wrong, ADDRESS_NAME_FAULT);
	else if (recipients->count == 0)
		log_error("%s: no recipient in it", path);
	return wrong == 0 && recipients->count > 0;
}

struct recipients *
recipients_load(const char *path, bool ignore_case, bool ignore_tags)
{
	struct recipients *recipients = calloc(1, sizeof *recipients);
	const char *fault;
	FILE *in = file_open(path, &fault);
	bool good = false;

	if (recipients == NULL || in == NULL) {
		log_error("%s: %s", path,
		    in == NULL ? fault : strerror(ENOMEM));
	} else {
		recipients->ignore_case = ignore_case;
		recipients->ignore_tags = ignore_tags;
		good = read_names(recipients, in, path);
	}
	if (in != NULL)
		(void)fclose(in);
	if (good) {
		qsort(recipients->keys, recipients->count,
		    sizeof *recipients->keys, compare);
		return recipients;
	}
	recipients_free(recipients);
	return NULL;
}

void
recipients_free(struct recipients *recipients)
{
	if (recipients == NULL)
		return;
	free(recipients->keys);
	free(recipients->memory);
	free(recipients);
}

/* Returns the index of the first key that is equal to key or greater. */
static size_t
lower_bound(const struct recipients *recipients, const char *key)
{
	size_t low = 0, high = recipients->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(recipients->keys[middle], key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Returns true if one of the keys begins with the first len octets of key.
 * These octets must be the whole key, or "@" must come next; otherwise a
 * smaller key could begin with them. */
static bool
has_prefix(const struct recipients *recipients, const char *key, size_t len)
{
	size_t place = lower_bound(recipients, key);

	return place < recipients->count &&
	    strncmp(recipients->keys[place], key, len) == 0;
}

static bool
has(const struct recipients *recipients, const char *key)
{
	return has_prefix(recipients, key, strlen(key) + 1);
}

/* Remove the tag from the key of an address. */
static void
remove_tag(char *key, struct mailin_span domain)
{
	char *local = key + domain.len;

	if (*local == '@')
		local++;
	local[address_untag(local, strlen(local))] = '\0';
}

bool
recipients_have(const struct recipients *recipients,
    const struct mailin_path *path, struct mailin_span domain)
{
	char key[ADDRESS_KEY_SIZE];

	address_key(key, path, domain, recipients->ignore_case);
	if (recipients->ignore_tags)
		remove_tag(key, domain);
	if (has(recipients, key))
		return true;
	address_domain_key(key, domain);
	return has(recipients, key);
}

bool
recipients_know_domain(const struct recipients *recipients,
    struct mailin_span domain)
{
	char key[ADDRESS_KEY_SIZE];

	address_domain_key(key, domain);
	if (has(recipients, key))
		return true;
	strncat(key, "@", sizeof key - strlen(key) - 1);
	return has_prefix(recipients, key, strlen(key));
}

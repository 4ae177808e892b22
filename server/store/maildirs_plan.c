/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mailin/session.h>

#include "access/address.h"
#include "access/path.h"
#include "store/maildirs.h"
#include "store/template.h"
#include "store/trace.h"

static const struct maildirs *
maildirs_of(const struct store_client *client)
{
	return (const struct maildirs *)client->store;
}

static void
fold(char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (text[i] >= 'A' && text[i] <= 'Z')
			text[i] = (char)(text[i] - 'A' + 'a');
}

/* Write the local part without quotes and tag.  It is in lower case if case
 * does not matter. */
static struct mailin_span
write_local(const struct store_client *client, const struct mailin_path *path,
    char out[PATH_SIZE])
{
	size_t len = path->local.len;

	if (len == 0 || len > PATH_SIZE)
		return (struct mailin_span){ out, 0 };
	len = address_untag(out, mailin_local_part_unquote(path, out));
	if (client->ignore_case || address_is_postmaster(path))
		fold(out, len);
	return (struct mailin_span){ out, len };
}

/* Write the domain in lower case.  <Postmaster> has the domain of the
 * server. */
static struct mailin_span
write_domain(const struct store_client *client, const struct mailin_path *path,
    char out[PATH_SIZE])
{
	const struct maildirs *maildirs = maildirs_of(client);
	struct mailin_span domain = path_domain(client->session, path);

	if (domain.len == 0)
		domain = mailin_span_of(maildirs->hostname);
	if (domain.len > PATH_SIZE)
		domain.len = 0;
	if (domain.len > 0)
		memcpy(out, domain.ptr, domain.len);
	fold(out, domain.len);
	return (struct mailin_span){ out, domain.len };
}

char *
copies_directory(const struct store_client *client,
    const struct mailin_path *path)
{
	const struct maildirs *maildirs = maildirs_of(client);
	char local[PATH_SIZE], domain[PATH_SIZE];

	return template_fill(maildirs->template,
	    write_local(client, path, local),
	    write_domain(client, path, domain));
}

/* Returns the copy for this directory.  Two recipients may have the same
 * Maildir, and then share a copy.  The function takes ownership of the text
 * "directory". */
static struct copy *
find_copy(struct copies *copies, char *directory)
{
	size_t i;

	for (i = 0; i < copies->count; i++)
		if (strcmp(copies->copies[i].directory, directory) == 0) {
			free(directory);
			return &copies->copies[i];
		}
	copies->copies[i] = (struct copy){ .directory = directory };
	copies->count++;
	return &copies->copies[i];
}

/* Add a field to those of a copy. */
static bool
add_field(struct copy *copy, struct mailin_span field)
{
	char *fields = NULL;
	int len = asprintf(&fields, "%s%.*s",
	    copy->fields != NULL ? copy->fields : "", (int)field.len,
	    field.ptr);

	if (len < 0)
		return false;
	free(copy->fields);
	copy->fields = fields;
	return true;
}

static int
add_recipient(struct copies *copies, const struct store_client *client,
    size_t i, const struct mailin_path *path)
{
	char *directory = copies_directory(client, path);
	char field[TRACE_SIZE];
	struct copy *copy;

	if (directory == NULL)
		return errno;
	copy = find_copy(copies, directory);
	copies->of[i] = (size_t)(copy - copies->copies);
	return add_field(copy,
		   trace_path(client->session, "X-Envelope-To", path, field)) ?
	    0 :
	    ENOMEM;
}

static int
add_recipients(struct copies *copies, const struct store_client *client)
{
	struct mailin_rcpt rcpt;
	size_t i, count = 0;
	int error = 0;

	while (mailin_session_rcpt(client->session, count, &rcpt))
		count++;
	copies->copies = calloc(count + 1, sizeof *copies->copies);
	copies->of = calloc(count + 1, sizeof *copies->of);
	if (copies->copies == NULL || copies->of == NULL)
		return ENOMEM;
	for (i = 0; error == 0 && i < count; i++)
		if (mailin_session_rcpt(client->session, i, &rcpt))
			error = add_recipient(copies, client, i, &rcpt.path);
	return error;
}

int
copies_plan(struct copies *copies, const struct store_client *client)
{
	char first[TRACE_SIZE], second[TRACE_SIZE];
	struct mailin_span path = trace_return_path(client->session, first);
	struct mailin_span received = trace_received(client->session,
	    copies->id, second);

	if (received.len == 0)
		return EOVERFLOW;
	if (asprintf(&copies->trace, "%.*s%.*s", (int)path.len,
		path.len > 0 ? path.ptr : "", (int)received.len,
		received.ptr) < 0) {
		copies->trace = NULL;
		return ENOMEM;
	}
	return add_recipients(copies, client);
}

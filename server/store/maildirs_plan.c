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

/* A recipient, by its number in the session, and the directory of its
 * Maildir. */
struct delivery {
	char *directory;
	size_t recipient;
};

static int
compare(const void *a, const void *b)
{
	const struct delivery *one = a, *other = b;
	int order = strcmp(one->directory, other->directory);

	return order != 0 ? order :
			    (one->recipient > other->recipient) -
		(one->recipient < other->recipient);
}

/* Find the directory of each recipient.  Returns 0 or an errno. */
static int
find_directories(struct delivery *deliveries, size_t count,
    const struct store_client *client)
{
	struct mailin_rcpt rcpt;
	size_t i;

	for (i = 0; i < count; i++) {
		if (!mailin_session_rcpt(client->session, i, &rcpt))
			return EINVAL;
		deliveries[i].recipient = i;
		deliveries[i].directory = copies_directory(client, &rcpt.path);
		if (deliveries[i].directory == NULL)
			return errno;
	}
	return 0;
}

/* Write the fields that name the recipients of a copy. */
static int
write_fields(struct copy *copy, const struct delivery *deliveries, size_t count,
    const struct store_client *client)
{
	size_t i, len;
	FILE *out = open_memstream(&copy->fields, &len);
	char text[TRACE_SIZE];
	struct mailin_span field;
	struct mailin_rcpt rcpt;

	if (out == NULL)
		return ENOMEM;
	for (i = 0; i < count; i++) {
		mailin_session_rcpt(client->session, deliveries[i].recipient,
		    &rcpt);
		field = trace_path(client->session, "X-Envelope-To", &rcpt.path,
		    text);
		(void)fwrite(field.ptr, 1, field.len, out);
	}
	return fclose(out) == 0 ? 0 : ENOMEM;
}

/* Add a copy for each directory.  The deliveries must be sorted by directory:
 * recipients with the same Maildir share a copy.  Returns 0 or an errno. */
static int
add_copies(struct copies *copies, struct delivery *deliveries, size_t count,
    const struct store_client *client)
{
	size_t i, next;
	int error = 0;

	for (i = 0; error == 0 && i < count; i = next) {
		struct copy *copy = &copies->copies[copies->count];

		for (next = i; next < count &&
		     strcmp(deliveries[next].directory,
			 deliveries[i].directory) == 0;
		     next++)
			copies->of[deliveries[next].recipient] = copies->count;
		copy->directory = deliveries[i].directory;
		deliveries[i].directory = NULL; /* the copy owns it now */
		copies->count++;
		error = write_fields(copy, &deliveries[i], next - i, client);
	}
	return error;
}

static int
add_recipients(struct copies *copies, const struct store_client *client)
{
	struct delivery *deliveries;
	struct mailin_rcpt rcpt;
	size_t i, count = 0;
	int error = ENOMEM;

	while (mailin_session_rcpt(client->session, count, &rcpt))
		count++;
	copies->copies = calloc(count + 1, sizeof *copies->copies);
	copies->of = calloc(count + 1, sizeof *copies->of);
	deliveries = calloc(count + 1, sizeof *deliveries);
	if (copies->copies != NULL && copies->of != NULL && deliveries != NULL)
		error = find_directories(deliveries, count, client);
	if (error == 0) {
		qsort(deliveries, count, sizeof *deliveries, compare);
		error = add_copies(copies, deliveries, count, client);
	}
	for (i = 0; deliveries != NULL && i < count; i++)
		free(deliveries[i].directory);
	free(deliveries);
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

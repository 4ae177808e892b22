/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "log/log.h"
#include "store/maildir.h"
#include "store/store.h"
#include "store/trace.h"

/* One Maildir, for all recipients. */
struct one {
	struct store store;
	struct maildir maildir;
	bool crlf;
};

struct message {
	struct store_message base;
	struct maildir_file file;
};

static struct store *
open_store(const struct store_options *options)
{
	struct one *one = calloc(1, sizeof *one);

	if (one == NULL) {
		log_error("no memory");
		return NULL;
	}
	one->store.kind = &maildir_store;
	one->crlf = options->crlf;
	if (maildir_open(&one->maildir, options->place, options->hostname))
		return &one->store;
	free(one);
	return NULL;
}

static void
close_store(struct store *store)
{
	struct one *one = (struct one *)store;

	maildir_close(&one->maildir);
	free(one);
}

static void
add_span(struct maildir_file *file, struct mailin_span span)
{
	(void)maildir_file_write(file, span.ptr, span.len);
}

/* Write the recipients, too.  All mail goes to one Maildir, so nothing else
 * shows for whom a message is. */
static void
add_trace(struct maildir_file *file, const struct mailin_session *session)
{
	char field[TRACE_SIZE];
	struct mailin_span received;
	struct mailin_rcpt rcpt;
	size_t i;

	add_span(file, trace_return_path(session, field));
	received = trace_received(session, file->id, field);
	if (received.len == 0)
		file->error = EOVERFLOW;
	add_span(file, received);
	for (i = 0; mailin_session_rcpt(session, i, &rcpt); i++)
		add_span(file,
		    trace_path(session, "X-Envelope-To", &rcpt.path, field));
}

static enum mailin_reply
begin(struct store_client *client, const char *id, struct store_message **out)
{
	struct one *one = (struct one *)client->store;
	struct message *message = malloc(sizeof *message);

	if (message == NULL)
		return MAILIN_REPLY_OUT_OF_MEMORY;
	message->base.kind = &maildir_store;
	maildir_file_init(&message->file, &one->maildir, id,
	    !one->crlf && !trace_is_binary(client->session));
	add_trace(&message->file, client->session);
	*out = &message->base;
	return MAILIN_REPLY_OK;
}

static enum mailin_reply
octets(struct store_message *base, struct mailin_span span)
{
	struct message *message = (struct message *)base;

	return store_report(
	    maildir_file_write(&message->file, span.ptr, span.len));
}

static void
commit(struct store_message *base)
{
	struct message *message = (struct message *)base;

	(void)store_report(maildir_file_commit(&message->file));
}

static int
result(const struct store_message *base, size_t rcpt)
{
	(void)rcpt;
	return ((const struct message *)base)->file.error;
}

static void
describe(const struct store_message *base, struct record *record)
{
	const struct maildir_file *file = &((const struct message *)base)->file;
	char path[RECORD_SIZE];

	snprintf(path, sizeof path, "%s/new/%s", file->maildir->path,
	    file->name);
	if (file->error == 0)
		record_text_field(record, "file", path);
}

static void
free_message(struct store_message *base)
{
	struct message *message = (struct message *)base;

	maildir_file_discard(&message->file);
	free(message);
}

const struct store_kind maildir_store = {
	.open = open_store,
	.close = close_store,
	.begin = begin,
	.octets = octets,
	.commit = commit,
	.result = result,
	.describe = describe,
	.free = free_message,
};

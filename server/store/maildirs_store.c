/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <mailin/session.h>

#include "log/log.h"
#include "store/directory.h"
#include "store/maildirs.h"
#include "store/template.h"
#include "store/trace.h"

static bool
open_root(struct maildirs *maildirs, const struct store_options *options)
{
	maildirs->root = template_root(options->place);
	if (maildirs->root == NULL) {
		log_error("no memory");
		return false;
	}
	maildirs->fd = directory_open(AT_FDCWD, maildirs->root);
	if (maildirs->fd >= 0 &&
	    faccessat(maildirs->fd, ".", W_OK | X_OK, AT_EACCESS) == 0)
		return true;
	log_error("cannot store mail in %s: %s", maildirs->root,
	    directory_fault(errno));
	return false;
}

static void
close_store(struct store *store)
{
	struct maildirs *maildirs = (struct maildirs *)store;

	if (maildirs->fd >= 0)
		close(maildirs->fd);
	free(maildirs->root);
	free(maildirs);
}

static struct store *
open_store(const struct store_options *options)
{
	struct maildirs *maildirs = calloc(1, sizeof *maildirs);

	if (maildirs == NULL) {
		log_error("no memory");
		return NULL;
	}
	maildirs->store.kind = &maildirs_store;
	maildirs->template = options->place;
	maildirs->hostname = options->hostname;
	maildirs->crlf = options->crlf;
	maildirs->fd = -1;
	if (open_root(maildirs, options))
		return &maildirs->store;
	close_store(&maildirs->store);
	return NULL;
}

/* Accept the recipient if a directory can be named after it.  This store needs
 * the option --recipients (has_list).  The option was given at the start, but
 * may be missing since the settings were read again. */
static enum mailin_reply
rcpt(struct store_client *client, const struct mailin_rcpt *recipient)
{
	char *directory;

	if (!client->has_list)
		return MAILIN_REPLY_INTERNAL_ERROR;
	directory = copies_directory(client, &recipient->path);
	if (directory == NULL)
		return errno == ENOMEM ? MAILIN_REPLY_OUT_OF_MEMORY :
					 MAILIN_REPLY_NO_MAILBOX;
	free(directory);
	return MAILIN_REPLY_OK;
}

static void
free_message(struct store_message *base)
{
	struct copies *copies = (struct copies *)base;
	size_t i;

	maildir_file_discard(&copies->body);
	for (i = 0; i < copies->count; i++) {
		free(copies->copies[i].directory);
		free(copies->copies[i].fields);
	}
	free(copies->copies);
	free(copies->of);
	free(copies->trace);
	free(copies);
}

/* Keep the body in a hidden file of the root, if it is too long for memory.  No
 * directory of a recipient is hidden. */
static void
begin_body(struct copies *copies)
{
	copies->spool.tmp = copies->maildirs->fd;
	maildir_file_init(&copies->body, &copies->spool, copies->id,
	    copies->lf);
	snprintf(copies->body.name, sizeof copies->body.name, ".%s",
	    copies->id);
}

static enum mailin_reply
begin(struct store_client *client, const char *id, struct store_message **out)
{
	struct copies *copies = malloc(sizeof *copies);
	int error;

	if (copies == NULL)
		return MAILIN_REPLY_OUT_OF_MEMORY;
	memset(copies, 0, offsetof(struct copies, body));
	copies->base.kind = &maildirs_store;
	copies->maildirs = (struct maildirs *)client->store;
	strcpy(copies->id, id);
	copies->each = mailin_config_policy(
			   mailin_session_config(client->session),
			   MAILIN_POLICY_PROTOCOL) == MAILIN_PROTOCOL_LMTP;
	copies->lf = !copies->maildirs->crlf &&
	    !trace_is_binary(client->session);
	begin_body(copies);
	error = copies_plan(copies, client);
	if (error == 0) {
		*out = &copies->base;
		return MAILIN_REPLY_OK;
	}
	free_message(&copies->base);
	return store_report(error);
}

static enum mailin_reply
octets(struct store_message *base, struct mailin_span span)
{
	struct copies *copies = (struct copies *)base;

	return store_report(
	    maildir_file_write(&copies->body, span.ptr, span.len));
}

static void
commit(struct store_message *base)
{
	copies_commit((struct copies *)base);
}

static int
result(const struct store_message *base, size_t recipient)
{
	const struct copies *copies = (const struct copies *)base;

	return recipient == STORE_WHOLE ?
	    copies->error :
	    copies->copies[copies->of[recipient]].error;
}

/* Name the first copy that was stored, and count all. */
static void
describe(const struct store_message *base, struct record *record)
{
	const struct copies *copies = (const struct copies *)base;
	char path[RECORD_SIZE];
	size_t i, count = 0;

	for (i = 0; i < copies->count; i++) {
		if (!copies->copies[i].is_in_new || count++ > 0)
			continue;
		snprintf(path, sizeof path, "%s/%s/new/%s",
		    copies->maildirs->root, copies->copies[i].directory,
		    copies->name);
		record_text_field(record, "file", path);
	}
	record_number(record, "copies", count);
}

const struct store_kind maildirs_store = {
	.open = open_store,
	.close = close_store,
	.rcpt = rcpt,
	.begin = begin,
	.octets = octets,
	.commit = commit,
	.result = result,
	.describe = describe,
	.free = free_message,
};

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "log/log.h"
#include "receive/account.h"
#include "receive/message.h"
#include "receive/path.h"

static void
add_span(struct message *message, struct mailin_span span)
{
	(void)maildir_file_write(&message->file, span.ptr, span.len);
}

static void
add_text(struct message *message, const char *text)
{
	add_span(message, mailin_span_of(text));
}

/* Write "name: <path>".  No path can end the line, since the tokenizer accepts
 * no control octets. */
static void
add_path(struct message *message, const struct mailin_session *session,
    const char *name, const struct mailin_path *path)
{
	char text[PATH_SIZE];

	add_text(message, name);
	add_text(message, ": ");
	add_span(message, path_write(session, path, text));
	add_text(message, "\r\n");
}

/* Returns by how many minutes local time is ahead of UTC. */
static int
zone(time_t now)
{
	struct tm local;

	return localtime_r(&now, &local) != NULL ? (int)(local.tm_gmtoff / 60) :
						   0;
}

static void
add_received(struct message *message, const struct mailin_session *session)
{
	char field[4096];
	time_t now = time(NULL);
	size_t len;

	if (mailin_session_received(session, now, zone(now), message->file.id,
		field, sizeof field, &len) == MAILIN_OK)
		add_span(message, (struct mailin_span){ field, len });
	else
		message->file.error = EOVERFLOW;
}

/* Write Return-Path first (RFC 5321 4.4).  Write the recipients, too: all mail
 * goes to one Maildir, so nothing else shows for whom a message is. */
static void
add_trace(struct message *message, const struct mailin_session *session)
{
	struct mailin_mail mail;
	struct mailin_rcpt rcpt;
	size_t i;

	if (mailin_session_mail(session, &mail))
		add_path(message, session, "Return-Path", &mail.path);
	add_received(message, session);
	for (i = 0; mailin_session_rcpt(session, i, &rcpt); i++)
		add_path(message, session, "X-Envelope-To", &rcpt.path);
}

static char *
describe(const struct mailin_session *session, unsigned long number)
{
	struct record record;

	record_begin_fields(&record);
	account_client(&record, number, session);
	record_text_field(&record, "protocol",
	    mailin_session_protocol(session));
	account_tls(&record, session);
	account_envelope(&record, session);
	return strndup(record.text, record.len);
}

struct message *
message_new(struct maildir *maildir, const struct mailin_session *session,
    unsigned long number)
{
	struct message *message = malloc(sizeof *message);

	if (message == NULL)
		return NULL;
	message->octets = 0;
	maildir_file_init(&message->file, maildir);
	message->envelope = describe(session, number);
	if (message->envelope == NULL) {
		free(message);
		return NULL;
	}
	add_trace(message, session);
	return message;
}

static enum mailin_reply
reply_to(int error)
{
	switch (error) {
	case 0:
		return MAILIN_REPLY_OK;
	case ENOSPC:
	case EDQUOT:
		return MAILIN_REPLY_OUT_OF_SPACE;
	case ENOMEM:
		return MAILIN_REPLY_OUT_OF_MEMORY;
	default:
		return MAILIN_REPLY_INTERNAL_ERROR;
	}
}

static enum mailin_reply
failed(int error)
{
	log_error("cannot store a message: %s", strerror(error));
	return reply_to(error);
}

enum mailin_reply
message_add(struct message *message, struct mailin_span octets)
{
	int error = maildir_file_write(&message->file, octets.ptr, octets.len);

	message->octets += octets.len;
	return error == 0 ? MAILIN_REPLY_OK : failed(error);
}

static void
log_message(const struct message *message, int error)
{
	const struct maildir_file *file = &message->file;
	enum mailin_reply reply = reply_to(error);
	char path[RECORD_SIZE];
	struct record record;

	record_begin(&record, error == 0 ? LEVEL_INFO : LEVEL_ERROR, "message");
	record_text_field(&record, "id", file->id);
	record_fields(&record, message->envelope);
	record_number(&record, "size", message->octets);
	record_number(&record, "reply",
	    error == 0 ? 250 : (uint64_t)mailin_reply_code(reply));
	snprintf(path, sizeof path, "%s/new/%s", file->maildir->path,
	    file->name);
	if (error == 0)
		record_text_field(&record, "file", path);
	else
		record_text_field(&record, "error", strerror(error));
	log_record(&record);
}

enum mailin_reply
message_store(struct message *message)
{
	int error = maildir_file_commit(&message->file);

	log_message(message, error);
	return error == 0 ? MAILIN_REPLY_OK : failed(error);
}

void
message_free(struct message *message)
{
	if (message == NULL)
		return;
	maildir_file_discard(&message->file);
	free(message->envelope);
	free(message);
}

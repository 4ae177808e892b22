/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "log/log.h"
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

/* RFC 5321 4.4 puts Return-Path first.  The recipients are written here since
 * all mail goes to one Maildir, which does not show them otherwise. */
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

/* XFORWARD names the first client in a chain of servers.  The Received: field
 * names only the last one. */
static void
describe_client(FILE *out, const struct mailin_session *session)
{
	const struct mailin_peer *peer = mailin_session_peer(session);
	struct mailin_span origin = mailin_session_attribute(session,
	    MAILIN_VERB_XFORWARD, MAILIN_ATTRIBUTE_ADDR);

	if (peer != NULL)
		log_field(out, "client", peer->address);
	if (origin.ptr != NULL)
		log_field(out, "origin", origin);
}

static char *
describe_envelope(const struct mailin_session *session)
{
	struct mailin_mail mail = { 0 };
	struct mailin_rcpt rcpt = { 0 };
	char *text = NULL, path[PATH_SIZE];
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (out == NULL)
		return NULL;
	(void)mailin_session_mail(session, &mail);
	(void)mailin_session_rcpt(session, 0, &rcpt);
	log_field(out, "from", path_write(session, &mail.path, path));
	log_field(out, "to", path_write(session, &rcpt.path, path));
	fprintf(out, " recipients=%zu", mailin_session_rcpt_count(session));
	describe_client(out, session);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}

struct message *
message_new(struct maildir *maildir, const struct mailin_session *session)
{
	struct message *message = malloc(sizeof *message);

	if (message == NULL)
		return NULL;
	message->octets = 0;
	maildir_file_init(&message->file, maildir);
	message->envelope = describe_envelope(session);
	if (message->envelope == NULL) {
		free(message);
		return NULL;
	}
	add_trace(message, session);
	return message;
}

static enum mailin_reply
failed(int error)
{
	log_error("cannot store a message: %s", strerror(error));
	switch (error) {
	case ENOSPC:
	case EDQUOT:
		return MAILIN_REPLY_OUT_OF_SPACE;
	case ENOMEM:
		return MAILIN_REPLY_OUT_OF_MEMORY;
	default:
		return MAILIN_REPLY_INTERNAL_ERROR;
	}
}

enum mailin_reply
message_add(struct message *message, struct mailin_span octets)
{
	int error = maildir_file_write(&message->file, octets.ptr, octets.len);

	message->octets += octets.len;
	return error == 0 ? MAILIN_REPLY_OK : failed(error);
}

static void
log_received(const struct message *message)
{
	const struct maildir_file *file = &message->file;
	struct log_record record;

	if (!log_begin(&record))
		return;
	fprintf(record.out, "received%s octets=%llu", message->envelope,
	    (unsigned long long)message->octets);
	log_field(record.out, "file", mailin_span_of(file->maildir->path));
	fputs("/new/", record.out);
	log_value(record.out, mailin_span_of(file->name));
	log_end(&record);
}

enum mailin_reply
message_store(struct message *message)
{
	int error = maildir_file_commit(&message->file);

	if (error != 0)
		return failed(error);
	log_received(message);
	return MAILIN_REPLY_OK;
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

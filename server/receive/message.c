/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <mailin/name.h>

#include "log/log.h"
#include "receive/account.h"
#include "receive/message.h"

/* Returns the fields that name the client, the sender and the recipients, or
 * NULL if there is no memory.  Sets *cut if some were cut or left out. */
static char *
describe(const struct mailin_session *session, unsigned long number, bool *cut)
{
	struct record record;

	record_begin_fields(&record);
	account_client(&record, number, session);
	record_text_field(&record, "protocol",
	    mailin_session_protocol(session));
	account_tls(&record, session);
	account_envelope(&record, session);
	*cut = record.cut;
	return strndup(record.text, record.len);
}

/* Fill the message.  Returns the reply of the store, or of an error. */
static enum mailin_reply
begin(struct message *message, struct store_client *client,
    unsigned long number)
{
	if (!id_make(message->id)) {
		log_error("cannot store a message: %s", strerror(errno));
		return MAILIN_REPLY_INTERNAL_ERROR;
	}
	message->envelope = describe(client->session, number, &message->cut);
	if (message->envelope == NULL)
		return MAILIN_REPLY_OUT_OF_MEMORY;
	return client->store->kind->begin(client, message->id,
	    &message->stored);
}

enum mailin_reply
message_begin(struct message **out, struct store_client *client,
    unsigned long number)
{
	struct message *message = calloc(1, sizeof *message);
	enum mailin_reply reply;

	if (message == NULL)
		return MAILIN_REPLY_OUT_OF_MEMORY;
	reply = begin(message, client, number);
	if (message->stored != NULL) {
		*out = message;
		return reply;
	}
	message_free(message);
	return reply;
}

enum mailin_reply
message_add(struct message *message, struct mailin_span octets)
{
	message->octets += octets.len;
	message->is_begun = true;
	return message->stored->kind->octets(message->stored, octets);
}

static void
begin_line(struct record *record, enum log_level level, const char *event,
    const struct message *message)
{
	record_begin(record, level, event);
	record_text_field(record, "id", message->id);
	record_fields(record, message->envelope, message->cut);
	record_number(record, "size", message->octets);
}

void
message_log(const struct message *message, bool is_gone)
{
	const struct store_message *stored = message->stored;
	int error = stored->kind->result(stored, STORE_WHOLE);
	struct record record;

	begin_line(&record, error == 0 ? LEVEL_INFO : LEVEL_ERROR, "message",
	    message);
	record_number(&record, "reply",
	    error == 0 ? 250 : (uint64_t)mailin_reply_code(store_reply(error)));
	stored->kind->describe(stored, &record);
	if (error != 0)
		record_text_field(&record, "error", strerror(error));
	if (is_gone)
		record_number(&record, "gone", 1);
	log_record(&record);
}

/* Only a store that has the function "end" adds fields to this line, such as
 * the back end to which the message went.  Any other store knows nothing of a
 * message without a verdict. */
void
message_log_unfinished(const struct message *message,
    enum mailin_reset_reason reason)
{
	const struct store_message *stored = message->stored;
	struct record record;

	begin_line(&record, LEVEL_INFO, "unfinished", message);
	record_text_field(&record, "stage", message->is_whole ? "end" : "data");
	record_text_field(&record, "reason", mailin_reset_reason_name(reason));
	if (stored != NULL && stored->kind->end != NULL)
		stored->kind->describe(stored, &record);
	log_record(&record);
}

void
message_store(struct message *message)
{
	message->stored->kind->commit(message->stored);
}

enum mailin_reply
message_reply(const struct message *message, size_t rcpt)
{
	return store_reply(
	    message->stored->kind->result(message->stored, rcpt));
}

void
message_let_go(struct message *message)
{
	if (message->stored != NULL)
		message->stored->kind->free(message->stored);
	message->stored = NULL;
}

void
message_free(struct message *message)
{
	if (message == NULL)
		return;
	message_let_go(message);
	free(message->envelope);
	free(message);
}

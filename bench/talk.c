/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "talk.h"
#include "workload.h"

size_t talk_messages;

static enum mailin_reply
take_rcpt(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	(void)session, (void)rcpt, (void)user;
	return MAILIN_REPLY_OK;
}

enum mailin_reply
talk_take_data(struct mailin_session *session, struct mailin_span octets,
    void *user)
{
	(void)session, (void)user;
	workload_sink += octets.len;
	return MAILIN_REPLY_OK;
}

static enum mailin_reply
refuse_data(struct mailin_session *session, struct mailin_span octets,
    void *user)
{
	(void)session, (void)octets, (void)user;
	return MAILIN_REPLY_FAILED;
}

static enum mailin_reply
take_message(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	(void)session, (void)rcpt, (void)user;
	talk_messages++;
	return MAILIN_REPLY_OK;
}

static const struct mailin_handler handler = { .size = sizeof handler,
	.rcpt = take_rcpt,
	.data = talk_take_data,
	.data_end = take_message };

static const struct mailin_handler refusing = { .size = sizeof refusing,
	.rcpt = take_rcpt,
	.data = refuse_data,
	.data_end = take_message };

static void
must(bool right, const char *what)
{
	if (!right)
		workload_fail(what, "a session");
}

struct mailin_config *
talk_config(const struct mailin_allocator *allocator, bool limits, bool waits)
{
	static const char name[] = "mx.example.org";
	struct mailin_config *config = allocator == NULL ?
	    mailin_config_new(name) :
	    mailin_config_new_with(name, allocator);
	struct mailin_setting setting;
	int limit;

	must(config != NULL, "no config");
	for (limit = 0; !limits && limit < MAILIN_LIMIT_COUNT; limit++) {
		must(mailin_setting_at((size_t)limit, &setting), "no setting");
		must(mailin_config_set_limit(config, (enum mailin_limit)limit,
			 setting.minimum == 0 ? 0 : setting.maximum) ==
			MAILIN_OK,
		    setting.name);
	}
	if (!waits)
		must(mailin_config_set_policy(config, MAILIN_POLICY_PIPELINING,
			 MAILIN_PIPELINING_ALLOW) == MAILIN_OK,
		    "no pipelining");
	return config;
}

void
talk_drain(struct mailin_session *session)
{
	struct mailin_span out;

	while ((out = mailin_session_output(session)).len > 0) {
		workload_sink += out.len;
		mailin_session_sent(session, out.len);
	}
}

static struct mailin_session *
open_with(const struct mailin_config *config,
    const struct mailin_handler *handles)
{
	struct mailin_session *session = mailin_session_new(config, handles,
	    NULL);

	must(session != NULL, "no memory");
	talk_drain(session);
	return session;
}

struct mailin_session *
talk_open(const struct mailin_config *config)
{
	return open_with(config, &handler);
}

struct mailin_session *
talk_open_refusing(const struct mailin_config *config)
{
	return open_with(config, &refusing);
}

void
talk_feed(struct mailin_session *session, struct mailin_span text, size_t feed)
{
	size_t at = 0, len;

	while (at < text.len) {
		len = text.len - at < feed ? text.len - at : feed;
		len = mailin_session_feed(session, text.ptr + at, len);
		talk_drain(session);
		at += len;
		must(len > 0, "takes no input");
	}
}

void
talk_lines(struct mailin_session *session, struct mailin_span text)
{
	const char *end;
	size_t len;

	while ((end = memchr(text.ptr, '\n', text.len)) != NULL) {
		len = (size_t)(end + 1 - text.ptr);
		talk_feed(session, (struct mailin_span){ text.ptr, len }, len);
		text.ptr += len;
		text.len -= len;
	}
}

void
talk_add_span(struct talk_text *text, struct mailin_span octets)
{
	if (text->room - text->len < octets.len) {
		char *old = text->octets;

		text->room = 2 * text->room + octets.len;
		text->octets = workload_memory(text->room);
		if (old != NULL)
			memcpy(text->octets, old, text->len);
		free(old);
	}
	memcpy(text->octets + text->len, octets.ptr, octets.len);
	text->len += octets.len;
}

void
talk_add(struct talk_text *text, const char *octets)
{
	talk_add_span(text, mailin_span_of(octets));
}

struct mailin_span
talk_span(const struct talk_text *text)
{
	return (struct mailin_span){ text->octets, text->len };
}

void
talk_add_body(struct talk_text *text, size_t size)
{
	static const char line[] = "What was taken is not lost again: no rule "
				   "of the mail is older than this one.\r\n";
	size_t end = text->len + size;

	while (text->len + sizeof line + 1 <= end)
		talk_add(text, line);
	while (text->len + 2 < end)
		talk_add(text, "x");
	talk_add(text, "\r\n");
}

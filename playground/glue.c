/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <stdlib.h>
#include <string.h>

#include <mailin/name.h>

#include "playground.h"
#include "session/data.h"
#include "support/rule_names.h"

/* The calls by which the page runs a session.  There is one config and one
 * session at a time. */

static struct mailin_config *config;
static struct mailin_session *session;
static struct text answer;

/* Allocate memory for a text of the page.  The page writes the text there, and
 * frees the memory by memory_free. */
EXPORT(memory_new)
void *
memory_new(size_t len)
{
	return malloc(len > 0 ? len : 1);
}

EXPORT(memory_free)
void
memory_free(void *memory)
{
	free(memory);
}

static void
describe_list(const struct mailin_config *defaults, size_t index)
{
	const char *value;
	size_t i;
	bool on;

	for (i = 0; (value = mailin_setting_value(index, i)) != NULL; i++) {
		on = mailin_extension_name((enum mailin_extension)i) == value ?
		    mailin_config_extension(defaults,
			(enum mailin_extension)i) :
		    false;
		text_add(&answer, "%s%s%s", i > 0 ? "," : "", on ? "+" : "",
		    value);
	}
}

/* Returns all settings, one in each line.  A line has these fields, with tabs
 * between them: kind, name, default, minimum, maximum, unit, summary,
 * values. */
EXPORT(settings)
const char *
settings(void)
{
	static const char *const kinds[] = {
		[MAILIN_SETTING_LIMIT] = "limit",
		[MAILIN_SETTING_POLICY] = "policy",
		[MAILIN_SETTING_LIST] = "list",
	};
	struct mailin_config *defaults = mailin_config_new("mx.example.org");
	struct mailin_setting setting;
	size_t i;

	text_clear(&answer);
	for (i = 0; defaults != NULL && mailin_setting_at(i, &setting); i++) {
		text_add(&answer, "%s\t%s\t%llu\t%llu\t%llu\t%s\t%s\t",
		    kinds[setting.kind], setting.name,
		    (unsigned long long)setting.initial,
		    (unsigned long long)setting.minimum,
		    (unsigned long long)setting.maximum,
		    setting.unit != NULL ? setting.unit : "", setting.summary);
		if (setting.kind != MAILIN_SETTING_LIMIT)
			describe_list(defaults, i);
		text_add(&answer, "\n");
	}
	mailin_config_free(defaults);
	return answer.octets;
}

/* Returns the standard replies that a callback may return.  Each line has a
 * number, a name, a code and a text. */
EXPORT(replies)
const char *
replies(void)
{
	int i;

	text_clear(&answer);
	for (i = 0; i < MAILIN_REPLY_COUNT; i++)
		if (i == MAILIN_REPLY_OK ||
		    mailin_reply_code((enum mailin_reply)i) >= 400)
			text_add(&answer, "%d\t%s\t%d\t%s\n", i,
			    mailin_reply_name((enum mailin_reply)i),
			    mailin_reply_code((enum mailin_reply)i),
			    mailin_reply_text((enum mailin_reply)i));
	return answer.octets;
}

/* Forget the session and the settings. */
EXPORT(begin)
bool
begin(void)
{
	mailin_session_free(session);
	mailin_config_free(config);
	session = NULL;
	config = mailin_config_new("mx.example.org");
	memset(choices, 0, sizeof choices);
	text_clear(&events);
	return config != NULL;
}

/* Returns the name of an error, or "" for success. */
EXPORT(set)
const char *
set(const char *name, const char *value)
{
	enum mailin_error error = mailin_config_set(config, name, value);

	return error == MAILIN_OK ? "" : mailin_error_name(error);
}

EXPORT(choose)
void
choose(int choice, int reply)
{
	if (choice >= 0 && choice < CHOICE_COUNT)
		choices[choice] = (enum mailin_reply)reply;
}

/* Make the session.  After this the settings do not change. */
EXPORT(open)
bool
open(void)
{
	session = mailin_session_new(config, &handler, NULL);
	return session != NULL;
}

/* Returns how many octets were read. */
EXPORT(feed)
size_t
feed(const char *octets, size_t len)
{
	return mailin_session_feed(session, octets, len);
}

/* Returns the output with escapes.  The session then counts it as sent. */
EXPORT(output)
const char *
output(void)
{
	struct mailin_span out;

	text_clear(&answer);
	text_add(&answer, "%s", "");
	while ((out = mailin_session_output(session)).len > 0) {
		text_add_span(&answer, out);
		if (mailin_session_sent(session, out.len) != MAILIN_OK)
			break;
	}
	return answer.octets;
}

/* Returns the callbacks that were called since the last call of this
 * function. */
EXPORT(called)
const char *
called(void)
{
	text_clear(&answer);
	text_add(&answer, "%.*s", (int)events.len,
	    events.octets != NULL ? events.octets : "");
	text_clear(&events);
	return answer.octets;
}

EXPORT(want)
const char *
want(void)
{
	return mailin_want_name(mailin_session_want(session));
}

/* Returns the name of the state in the table of states. */
EXPORT(state)
const char *
state(void)
{
	return state_name(session->state);
}

static enum mailin_error
tls_done(void)
{
	struct mailin_tls tls = {
		.version = mailin_span_of("TLSv1.3"),
		.cipher = mailin_span_of("TLS_AES_256_GCM_SHA384"),
	};

	return mailin_session_tls_started(session, &tls);
}

/* Carry out an action of the program that uses the session.  name is the name
 * of the action in transcripts.  Returns the name of an error, or "" for
 * success. */
EXPORT(act)
const char *
act(const char *name)
{
	enum mailin_error error = MAILIN_ERROR_ARGUMENT;

	if (strcmp(name, "tls") == 0)
		error = tls_done();
	else if (strcmp(name, "tls_failed") == 0)
		error = mailin_session_abort(session, MAILIN_CLOSE_TLS);
	else if (strcmp(name, "eof") == 0)
		error = mailin_session_eof(session);
	else if (strcmp(name, "timed_out") == 0)
		error = mailin_session_timed_out(session);
	else if (strcmp(name, "shutdown") == 0)
		error = mailin_session_shutdown(session);
	else if (strcmp(name, "abort") == 0)
		error = mailin_session_abort(session, MAILIN_CLOSE_ABORT);
	return error == MAILIN_OK ? "" : mailin_error_name(error);
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "transcript/transcript.h"

/* The callbacks of a transcript: each logs its arguments as an event. */

/* The two arguments of "%.*s". */
#define ARG(span) (int)(span).len, (span).ptr != NULL ? (span).ptr : ""

/* Offer XCLIENT and XFORWARD to the peer that the transcript trusts. */
static void
trust(struct play *play, const struct mailin_peer *peer)
{
	if (play->transcript->trusted == NULL || peer == NULL ||
	    !mailin_span_equal(peer->address, play->transcript->trusted))
		return;
	if (mailin_session_set_extension(play->session,
		MAILIN_EXTENSION_XCLIENT, true) != MAILIN_OK ||
	    mailin_session_set_extension(play->session,
		MAILIN_EXTENSION_XFORWARD, true) != MAILIN_OK)
		play_fail(play, "XCLIENT cannot be offered");
}

static enum mailin_reply
on_connect(struct mailin_session *session, void *user)
{
	const struct mailin_peer *peer = mailin_session_peer(session);
	struct mailin_span address = peer != NULL ? peer->address :
						    mailin_span_of("");

	trust(user, peer);
	play_event(user, "connect%s%.*s", address.len > 0 ? " " : "",
	    ARG(address));
	return play_decide(user, "connect", address);
}

static enum mailin_reply
on_helo(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_helo *helo, void *user)
{
	(void)session;
	play_event(user, "helo %s %.*s", mailin_verb_name(verb),
	    ARG(helo->domain));
	return play_decide(user, "helo", helo->domain);
}

static enum mailin_reply
on_starttls(struct mailin_session *session, void *user)
{
	(void)session;
	play_event(user, "starttls");
	return play_decide(user, "starttls", mailin_span_of(""));
}

/* Returns the secret that the client has sent: a bearer token or a password. */
static struct mailin_span
proof(const struct mailin_credentials *credentials)
{
	return credentials->token.len > 0 ? credentials->token :
					    credentials->password;
}

static bool
may_log_in(const struct transcript *transcript,
    const struct mailin_credentials *credentials)
{
	return transcript->authcid != NULL &&
	    mailin_span_equal(credentials->authcid, transcript->authcid) &&
	    mailin_span_equal(proof(credentials), transcript->password);
}

static enum mailin_reply
on_auth(struct mailin_session *session,
    const struct mailin_credentials *credentials, void *user)
{
	static const struct verdict bad = {
		.reply = MAILIN_REPLY_BAD_CREDENTIALS
	};
	struct play *play = user;
	const struct verdict *verdict = play_verdict(play, "auth",
	    credentials->authcid);

	(void)session;
	play_event(play, "auth %s \"%.*s\" \"%.*s\" \"%.*s\"",
	    mailin_mechanism_name(credentials->mechanism),
	    ARG(credentials->authzid), ARG(credentials->authcid),
	    ARG(proof(credentials)));
	if (verdict->kind == VERDICT_REPLY &&
	    verdict->reply == MAILIN_REPLY_OK &&
	    !may_log_in(play->transcript, credentials))
		verdict = &bad;
	return play_answer(play, verdict);
}

/* Returns a path without its brackets. */
static struct mailin_span
mailbox(const struct mailin_path *path)
{
	struct mailin_span text = path->text;

	if (text.len > 1 && text.ptr[0] == '<') {
		text.ptr++;
		text.len -= 2;
	}
	return text;
}

static void
note_path(struct play *play, const char *name, const struct mailin_path *path,
    struct mailin_span parameters)
{
	play_event(play, "%s %.*s%s%.*s", name, ARG(path->text),
	    parameters.len > 0 ? " " : "", ARG(parameters));
}

static enum mailin_reply
on_mail(struct mailin_session *session, const struct mailin_mail *mail,
    void *user)
{
	struct play *play = user;

	(void)session;
	if (play->in_transaction)
		play_wrong(play, "a transaction has not ended");
	play->ended = false;
	note_path(play, "mail", &mail->path, mail->parameter_text);
	return play_decide(play, "mail", mailbox(&mail->path));
}

static enum mailin_reply
on_rcpt(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	struct play *play = user;

	(void)session;
	play->in_transaction = true;
	note_path(play, "rcpt", &rcpt->path, rcpt->parameter_text);
	return play_decide(play, "rcpt", mailbox(&rcpt->path));
}

static enum mailin_reply
on_data_start(struct mailin_session *session, void *user)
{
	struct play *play = user;

	(void)session;
	play->octets = 0;
	play->in_message = true;
	play_event(play, "data_start");
	return play_decide(play, "data_start", mailin_span_of(""));
}

/* Returns the choice that applies to octets: "data 10 = NO_STORAGE" accepts ten
 * octets and refuses the next one. */
static struct choice *
find_data_choice(const struct transcript *transcript)
{
	size_t i;

	for (i = 0; i < transcript->choice_count; i++)
		if (strcmp(transcript->choices[i].callback, "data") == 0)
			return &transcript->choices[i];
	return NULL;
}

static enum mailin_reply
on_data(struct mailin_session *session, struct mailin_span octets, void *user)
{
	static const struct verdict ok;
	struct play *play = user;
	struct choice *choice = find_data_choice(play->transcript);
	uint64_t most = choice == NULL || choice->argument == NULL ?
	    0 :
	    strtoull(choice->argument, NULL, 10);
	bool fits = choice == NULL || octets.len <= most - play->octets;

	(void)session;
	if (!fits) {
		octets.len = (size_t)(most - play->octets);
		choice->is_used = true;
	}
	play->octets += octets.len;
	play_event_data(play, octets);
	play->in_message = true;
	return play_answer(play, fits ? &ok : &choice->verdict);
}

static enum mailin_reply
on_data_end(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	struct play *play = user;
	struct mailin_facts facts = mailin_session_facts(session);
	struct mailin_span path = rcpt != NULL ? rcpt->path.text :
						 mailin_span_of("");

	if (facts.octets != play->octets)
		play_wrong(play, "%llu octets, but the facts say %llu",
		    (unsigned long long)play->octets,
		    (unsigned long long)facts.octets);
	play->in_message = true;
	play_event(play, "data_end%s%.*s%s%s%s%s%s", path.len > 0 ? " " : "",
	    ARG(path), facts.eight_bit ? " eight_bit" : "",
	    facts.nul ? " nul" : "", facts.bare_cr ? " bare_cr" : "",
	    facts.bare_lf ? " bare_lf" : "",
	    facts.long_line ? " long_line" : "");
	return play_decide(play, "data_end",
	    rcpt != NULL ? mailbox(&rcpt->path) : path);
}

static enum mailin_reply
on_query(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_text *argument, void *user)
{
	const char *name = verb == MAILIN_VERB_VRFY ? "vrfy" :
	    verb == MAILIN_VERB_EXPN                ? "expn" :
	    verb == MAILIN_VERB_HELP                ? "help" :
						      "etrn";

	(void)session;
	play_event(user, "%s%s%.*s", name, argument->text.len > 0 ? " " : "",
	    ARG(argument->text));
	return play_decide(user, name, argument->text);
}

/* A transaction must end with exactly one call of the callback "reset" or
 * "delivered". */
static void
end_transaction(const struct mailin_session *session, struct play *play)
{
	struct mailin_mail mail;

	if (play->ended || !mailin_session_mail(session, &mail))
		play_wrong(play, "there is no transaction that could end");
	play->ended = true;
	play->in_transaction = false;
}

static void
on_delivered(struct mailin_session *session, void *user)
{
	struct play *play = user;

	end_transaction(session, play);
	if (play->transcript->has_delivered)
		play_event(play, "delivered");
	play_called(play);
}

static void
on_reset(struct mailin_session *session, enum mailin_reset_reason reason,
    void *user)
{
	end_transaction(session, user);
	play_event(user, "reset %s", mailin_reset_reason_name(reason));
	play_called(user);
}

static void
on_close(struct mailin_session *session, enum mailin_close_reason reason,
    void *user)
{
	struct play *play = user;

	(void)session;
	if (play->closed)
		play_wrong(play, "close is called twice");
	if (play->in_transaction)
		play_wrong(play, "a transaction has not ended");
	play->closed = true;
	play_event(play, "close %s", mailin_close_reason_name(reason));
	play_called(play);
}

static void
on_trace(struct mailin_session *session, enum mailin_direction direction,
    struct mailin_span line, void *user)
{
	(void)session;
	play_event(user, "%s %.*s", direction == MAILIN_TRACE_IN ? "in" : "out",
	    ARG(line));
	play_called(user);
}

static enum mailin_reply
on_sasl(struct mailin_session *session, const struct mailin_sasl *step,
    void *user)
{
	(void)session;
	play_event(user, "sasl %.*s%s%s%.*s", ARG(step->mechanism),
	    step->first ? " first" : "", step->response.len > 0 ? " " : "",
	    ARG(step->response));
	return play_decide(user, "sasl", step->response);
}

static enum mailin_reply
on_burl(struct mailin_session *session, const struct mailin_burl *burl,
    void *user)
{
	(void)session;
	play_event(user, "burl %.*s%s", ARG(burl->uri),
	    burl->last ? " last" : "");
	return play_decide(user, "burl", burl->uri);
}

static enum mailin_reply
on_xclient(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_attributes *attributes, void *user)
{
	struct text text = { NULL, 0 };
	int i;

	trust(user, mailin_session_next_peer(session));
	text_add_string(&text, "xclient ");
	text_add_string(&text, mailin_verb_name(verb));
	for (i = 0; i < MAILIN_ATTRIBUTE_COUNT; i++)
		if (attributes->values[i].ptr != NULL) {
			text_add_string(&text, " ");
			text_add_string(&text,
			    mailin_attribute_name((enum mailin_attribute)i));
			text_add_string(&text, "=");
			text_add_span(&text, attributes->values[i]);
		}
	play_event(user, "%s", text.octets);
	text_free(&text);
	return play_decide(user, "xclient",
	    mailin_span_of(mailin_verb_name(verb)));
}

static enum mailin_reply
on_unknown_verb(struct mailin_session *session,
    const struct mailin_unknown *command, void *user)
{
	(void)session;
	play_event(user, "unknown_verb %.*s%.*s", ARG(command->verb),
	    ARG(command->text));
	return play_decide(user, "unknown_verb", command->verb);
}

static enum mailin_reply
on_unknown_parameter(struct mailin_session *session, enum mailin_verb verb,
    struct mailin_span keyword, struct mailin_span value, void *user)
{
	(void)session;
	play_event(user, "unknown_parameter %s %.*s%s%.*s",
	    mailin_verb_name(verb), ARG(keyword), value.ptr != NULL ? "=" : "",
	    ARG(value));
	return play_decide(user, "unknown_parameter", keyword);
}

static bool
has_choice(const struct transcript *transcript, const char *callback)
{
	size_t i;

	for (i = 0; i < transcript->choice_count; i++)
		if (strcmp(transcript->choices[i].callback, callback) == 0)
			return true;
	return false;
}

void
play_handler(const struct transcript *transcript,
    struct mailin_handler *handler)
{
	*handler = (struct mailin_handler){ .size = sizeof *handler };
	if (!transcript->has_handler)
		return;
	*handler = (struct mailin_handler){ .size = sizeof *handler,
		.connect = on_connect,
		.helo = on_helo,
		.starttls = on_starttls,
		.auth = on_auth,
		.sasl = on_sasl,
		.mail = on_mail,
		.rcpt = on_rcpt,
		.data_start = on_data_start,
		.data = on_data,
		.data_end = on_data_end,
		.query = on_query,
		.burl = on_burl,
		.xclient = on_xclient,
		.reset = on_reset,
		.delivered = on_delivered,
		.close = on_close };
	/* If the transcript has no verdicts for these callbacks, the library
	 * decides. */
	if (has_choice(transcript, "unknown_verb"))
		handler->unknown_verb = on_unknown_verb;
	if (has_choice(transcript, "unknown_parameter"))
		handler->unknown_parameter = on_unknown_parameter;
	if (transcript->traces)
		handler->trace = on_trace;
}

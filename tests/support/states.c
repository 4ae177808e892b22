/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "support/states.h"

#define EVENT(verb) ((enum mailin_event)MAILIN_VERB_##verb)

/* PLAIN with the name "user" and the password "secret" */
#define PLAIN "AHVzZXIAc2VjcmV0"

const struct command_line good_lines[] = {
	{ EVENT(HELO), "HELO c.example" },
	{ EVENT(EHLO), "EHLO [192.0.2.1]" },
	{ EVENT(LHLO), "LHLO c.example" },
	{ EVENT(MAIL), "MAIL FROM:<x@c.example>" },
	{ EVENT(MAIL), "MAIL FROM:<> SIZE=1" },
	{ EVENT(RCPT), "RCPT TO:<y@d.example>" },
	{ EVENT(RCPT), "RCPT TO:<Postmaster>" },
	{ EVENT(DATA), "DATA" },
	{ EVENT(BDAT), "BDAT 0" },
	{ EVENT(BDAT), "BDAT 0 LAST" },
	{ EVENT(RSET), "RSET" },
	{ EVENT(NOOP), "NOOP" },
	{ EVENT(NOOP), "NOOP x" },
	{ EVENT(VRFY), "VRFY x" },
	{ EVENT(VRFY), "VRFY \xc3\xa9 SMTPUTF8" },
	{ EVENT(EXPN), "EXPN x" },
	{ EVENT(HELP), "HELP" },
	{ EVENT(HELP), "HELP x" },
	{ EVENT(QUIT), "QUIT" },
	{ EVENT(STARTTLS), "STARTTLS" },
	{ EVENT(AUTH), "AUTH PLAIN" },
	{ EVENT(AUTH), "AUTH LOGIN dXNlcg==" },
	{ EVENT(ETRN), "ETRN d.example" },
	{ EVENT(BURL), "BURL imap://u@d.example/x" },
	{ EVENT(XCLIENT), "XCLIENT ADDR=192.0.2.1" },
	{ EVENT(XFORWARD), "XFORWARD ADDR=192.0.2.1" },
	{ EVENT_UNKNOWN, "FOO" },
	{ EVENT_UNKNOWN, "" },
};

const size_t good_lines_count = ROWS(good_lines);

/* Lines that are refused.  BDAT is not among them: a bad BDAT ends the
 * session. */
const struct command_line bad_lines[] = {
	{ EVENT(HELO), "HELO" },
	{ EVENT(EHLO), "EHLO" },
	{ EVENT(LHLO), "LHLO" },
	{ EVENT(MAIL), "MAIL" },
	{ EVENT(MAIL), "MAIL FROM:<x@>" },
	{ EVENT(MAIL), "MAIL FROM:<x@c.example> SIZE=x" },
	{ EVENT(MAIL), "MAIL FROM:<x@c.example> FOO=x" },
	{ EVENT(MAIL), "MAIL FROM:<\xc3\xa9@c.example>" },
	{ EVENT(MAIL), "MAIL FROM:<x@c.example> SIZE=1 SIZE=1" },
	{ EVENT(RCPT), "RCPT TO:<>" },
	{ EVENT(RCPT), "RCPT TO:<y@d.example> NOTIFY=x" },
	{ EVENT(RCPT), "RCPT TO:<y@d.example> FOO=x" },
	{ EVENT(RCPT), "RCPT TO:<\xc3\xa9@d.example>" },
	{ EVENT(DATA), "DATA x" },
	{ EVENT(RSET), "RSET x" },
	{ EVENT(NOOP), "NOOP \x01" },
	{ EVENT(VRFY), "VRFY" },
	{ EVENT(VRFY), "VRFY \xc3\xa9" },
	{ EVENT(EXPN), "EXPN" },
	{ EVENT(HELP), "HELP \xff" },
	{ EVENT(QUIT), "QUIT \x01" },
	{ EVENT(STARTTLS), "STARTTLS x" },
	{ EVENT(AUTH), "AUTH" },
	{ EVENT(AUTH), "AUTH FOO" },
	{ EVENT(AUTH), "AUTH PLAIN x" },
	{ EVENT(ETRN), "ETRN" },
	{ EVENT(BURL), "BURL" },
	{ EVENT(XCLIENT), "XCLIENT" },
	{ EVENT(XFORWARD), "XFORWARD FOO=x" },
	{ EVENT_UNKNOWN, "NOOP\rQUIT" },
	{ EVENT_UNKNOWN, "\xff" },
};

const size_t bad_lines_count = ROWS(bad_lines);

const struct variant variants[] = {
	{ "everything", NULL, NULL, 0 },
	{ "TLS required", "tls", "required", 0 },
	{ "TLS for AUTH", "tls", "for-auth", 0 },
	{ "AUTH required", "auth", "required", 0 },
	{ "AUTH off", "auth", "off", 0 },
	{ "no mechanisms", "mechanisms", "", 0 },
	{ "no extensions", NULL, NULL, 1 },
	{ "relaxed", "syntax", "relaxed", 0 },
	{ "LMTP", "protocol", "lmtp", 0 },
	{ "LMTP, no extensions", "protocol", "lmtp", 1 },
};

const size_t variants_count = ROWS(variants);

/* Copies the content of the envelope, without addresses of memory. */
static void
take_envelope(struct snapshot *snapshot, const struct mailin_envelope *envelope)
{
	size_t i;

	if (envelope->lines.len > sizeof snapshot->lines ||
	    envelope->count > ROWS(snapshot->starts))
		ck_abort_msg("an envelope of %zu octets", envelope->lines.len);
	if (envelope->lines.len > 0)
		memcpy(snapshot->lines, envelope->lines.octets,
		    envelope->lines.len);
	snapshot->lines_len = envelope->lines.len;
	snapshot->mail_len = envelope->mail_len;
	snapshot->count = envelope->count;
	for (i = 0; i < envelope->count; i++)
		snapshot->starts[i] = envelope->recipients[i].start;
}

void
snapshot_take(struct snapshot *snapshot, const struct mailin_session *session)
{
	memset(snapshot, 0, sizeof *snapshot);
	take_envelope(snapshot, &session->transaction->envelope);
	snapshot->end_reported = session->transaction->end_reported;
	snapshot->utf8 = session->transaction->utf8;
	snapshot->binary = session->transaction->binary;
	snapshot->rcpt_refused = session->transaction->rcpt_refused;
	snapshot->over_size = session->transaction->over_size;
	memcpy(&snapshot->body, &session->transaction->body,
	    sizeof snapshot->body);
	snapshot->refusal = session->transaction->refusal.reply;
	snapshot->discarded = session->discarded;
	snapshot->answers = session->transaction->replies_sent;
	snapshot->in_chunk = session->in_chunk;
}

void
snapshot_take_all(struct snapshot *snapshot,
    const struct mailin_session *session)
{
	snapshot_take(snapshot, session);
	snapshot->state = session->state;
	snapshot->greeting = session->helo_verb;
	snapshot->helo_name = session->helo_name;
	snapshot->identity = session->identity;
}

bool
snapshot_equal(const struct snapshot *a, const struct snapshot *b)
{
	return memcmp(a, b, sizeof *a) == 0;
}

bool
states_at_command(const struct stage *stage,
    const struct mailin_session *session)
{
	size_t len = strlen(stage->lines);

	return session->state >= STATE_START && session->state != STATE_AUTH &&
	    mailin_session_want(session) == MAILIN_WANT_INPUT &&
	    !session_in_message(session) &&
	    (len == 0 || stage->lines[len - 1] == '\n' ||
		stage->lines[len - 1] == 'z');
}

void
states_enter(struct client *client, const struct stage *stage,
    const struct variant *variant)
{
	int i;

	client_init(client);
	for (i = 0; i < MAILIN_EXTENSION_COUNT; i++)
		mailin_config_set_extension(client->config,
		    (enum mailin_extension)i, variant->extensions_off == 0);
	client_set(client, "mechanisms", "PLAIN,LOGIN");
	client_set(client, "tls", "optional");
	client_set(client, "errors", "0");
	if (stage_is(stage, STAGE_LMTP))
		client_set(client, "protocol", "lmtp");
	if (variant->setting != NULL)
		client_set(client, variant->setting, variant->value);
	client_begin(client);
	stage_play(stage, client);
	client_drain(client);
	(void)client_replies(client);
	(void)client_log(client);
	for (i = 0; i < ON_DECISIONS; i++)
		client->answers[i] = MAILIN_REPLY_OK;
}

int
states_code(struct client *client)
{
	const char *replies;

	client_drain(client);
	replies = client_replies(client);
	return strchr(replies, '|') != NULL ? 0 : atoi(replies);
}

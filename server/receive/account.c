/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include <mailin/name.h>

#include "log/log.h"
#include "receive/account.h"
#include "access/path.h"

/* A line of the log names recipients until it has this many octets. */
#define RECIPIENTS_END 2000

void
account_begin(struct account *account, unsigned long number)
{
	memset(account, 0, sizeof *account);
	account->number = number;
	clock_gettime(CLOCK_MONOTONIC, &account->since);
}

void
account_login(struct account *account, const char *mechanism,
    struct mailin_span user)
{
	size_t len = user.len < ACCOUNT_LOGIN ? user.len : ACCOUNT_LOGIN;

	account->mechanism = mechanism;
	account->login_len = len;
	if (len > 0)
		memcpy(account->login, user.ptr, len);
}

/* ---- Fields ---- */

static void
add(struct record *record, const char *name, struct mailin_span value)
{
	if (value.len > 0)
		record_given_field(record, name, value);
}

/* Add who the client is.  In a chain of servers, XFORWARD names the first
 * client; the Received field names only the last one. */
void
account_client(struct record *record, unsigned long number,
    const struct mailin_session *session)
{
	const struct mailin_peer *peer = mailin_session_peer(session);
	struct mailin_helo helo = { .domain = { NULL, 0 } };

	record_number(record, "session", number);
	if (peer != NULL)
		add(record, "client", peer->address);
	add(record, "origin",
	    mailin_session_attribute(session, MAILIN_VERB_XFORWARD,
		MAILIN_ATTRIBUTE_ADDR));
	(void)mailin_session_helo(session, &helo);
	add(record, "helo", helo.domain);
	add(record, "user", mailin_session_identity(session));
}

static void
add_path(struct record *record, const char *name,
    const struct mailin_session *session, const struct mailin_path *path)
{
	char text[PATH_SIZE];

	record_given_field(record, name, path_write(session, path, text));
}

static void
add_sender(struct record *record, const struct mailin_session *session)
{
	struct mailin_mail mail;

	if (mailin_session_mail(session, &mail))
		add_path(record, "from", session, &mail.path);
}

static void
add_recipients(struct record *record, const struct mailin_session *session)
{
	char text[PATH_SIZE];
	struct mailin_rcpt rcpt;
	size_t i;

	for (i = 0; mailin_session_rcpt(session, i, &rcpt); i++)
		if (i == 0)
			add_path(record, "to", session, &rcpt.path);
		else if (!record_more(record,
			     path_write(session, &rcpt.path, text),
			     RECIPIENTS_END))
			break;
	record_number(record, "recipients", mailin_session_rcpt_count(session));
}

void
account_envelope(struct record *record, const struct mailin_session *session)
{
	add_sender(record, session);
	if (mailin_session_rcpt_count(session) > 0)
		add_recipients(record, session);
}

void
account_tls(struct record *record, const struct mailin_session *session)
{
	const struct mailin_tls *tls = mailin_session_tls(session);

	if (tls != NULL)
		add(record, "tls", tls->version);
}

/* ---- Refusals ---- */

/* Add the path in a command that was refused, if the path could be read. */
static void
add_refused_path(struct record *record, const struct mailin_session *session)
{
	struct mailin_command command;

	if (!mailin_session_command(session, &command) ||
	    command.error != MAILIN_REPLY_OK)
		return;
	if (command.verb == MAILIN_VERB_MAIL)
		add_path(record, "from", session, &command.mail.path);
	else if (command.verb == MAILIN_VERB_RCPT)
		add_path(record, "to", session, &command.rcpt.path);
}

static void
add_reply(struct record *record, const struct mailin_outcome *outcome)
{
	record_number(record, "reply", (uint64_t)outcome->code);
	add(record, "enhanced", mailin_span_of(outcome->enhanced));
	add(record, "text", outcome->text);
}

static void
log_auth(const struct account *account, const struct mailin_session *session,
    const struct mailin_outcome *outcome)
{
	struct record record;

	record_begin(&record, LEVEL_WARNING, "auth-failed");
	account_client(&record, account->number, session);
	add_reply(&record, outcome);
	if (account->mechanism != NULL)
		record_text_field(&record, "mechanism", account->mechanism);
	add(&record, "login",
	    (struct mailin_span){ account->login, account->login_len });
	account_tls(&record, session);
	log_record(&record);
}

/* Add the sender and the recipients that the reply to a message is about: in
 * LMTP one recipient, in SMTP all of them. */
static void
add_concerned(struct record *record, const struct account *account,
    const struct mailin_session *session)
{
	struct mailin_rcpt rcpt;

	if (mailin_config_policy(mailin_session_config(session),
		MAILIN_POLICY_PROTOCOL) == MAILIN_PROTOCOL_LMTP &&
	    mailin_session_rcpt(session, account->verdicts - 1, &rcpt)) {
		add_sender(record, session);
		add_path(record, "to", session, &rcpt.path);
	} else {
		account_envelope(record, session);
	}
}

/* Log a refused command.  A line that is no command is not shown: it may be a
 * password that was sent at the wrong moment. */
static void
log_refusal(const struct account *account, const struct mailin_session *session,
    const struct mailin_outcome *outcome)
{
	const char *command = outcome->kind == MAILIN_OUTCOME_CONNECT ?
	    "CONNECT" :
	    outcome->verb == MAILIN_VERB_UNKNOWN ?
	    "UNKNOWN" :
	    mailin_verb_name(outcome->verb);
	struct record record;

	record_begin(&record, LEVEL_INFO, "refused");
	account_client(&record, account->number, session);
	record_text_field(&record, "command", command);
	add_reply(&record, outcome);
	if (outcome->kind == MAILIN_OUTCOME_MESSAGE)
		add_concerned(&record, account, session);
	else if (outcome->verb == MAILIN_VERB_DATA)
		account_envelope(&record, session);
	else if (outcome->verb != MAILIN_VERB_MAIL)
		add_sender(&record, session);
	add_refused_path(&record, session);
	log_record(&record);
}

/* Count the command, and count it as good if it succeeded.  DATA counts when it
 * gets 354 or is refused, but is good only when its message is accepted. */
static void
count(struct account *account, const struct mailin_outcome *outcome)
{
	bool message = outcome->kind == MAILIN_OUTCOME_MESSAGE;

	if (outcome->kind != MAILIN_OUTCOME_COMMAND && !message)
		return;
	if (outcome->verb == MAILIN_VERB_AUTH && outcome->code == 334)
		return;
	if (!message || outcome->verb != MAILIN_VERB_DATA)
		account->all[outcome->verb]++;
	if (outcome->code < 300 &&
	    account->good[outcome->verb] < account->all[outcome->verb])
		account->good[outcome->verb]++;
}

void
account_replied(struct account *account, const struct mailin_session *session,
    const struct mailin_outcome *outcome)
{
	bool auth = outcome->kind == MAILIN_OUTCOME_COMMAND &&
	    outcome->verb == MAILIN_VERB_AUTH && outcome->code != 334;

	count(account, outcome);
	account->verdicts = outcome->kind == MAILIN_OUTCOME_MESSAGE ?
	    account->verdicts + 1 :
	    0;
	if (outcome->code >= 400 && auth)
		log_auth(account, session, outcome);
	else if (outcome->code >= 400 && outcome->kind != MAILIN_OUTCOME_CLOSE)
		log_refusal(account, session, outcome);
	if (auth)
		account_login(account, NULL, (struct mailin_span){ NULL, 0 });
}

void
account_certificate(const struct account *account,
    const struct mailin_session *session, const char *reason)
{
	struct record record;

	record_begin(&record, LEVEL_INFO, "certificate");
	account_client(&record, account->number, session);
	record_text_field(&record, "reason", reason);
	log_record(&record);
}

/* ---- The end of a session ---- */

/* Add "name=2", or "name=1/2" if one of two was refused. */
static void
add_count(struct record *record, const char *name, unsigned good, unsigned all)
{
	char text[32];

	if (good == all)
		snprintf(text, sizeof text, "%u", all);
	else
		snprintf(text, sizeof text, "%u/%u", good, all);
	record_text_field(record, name, text);
}

static void
add_counts(struct record *record, const struct account *account)
{
	unsigned good = 0, all = 0;
	size_t i, j;

	for (i = 0; i < MAILIN_VERB_COUNT; i++) {
		const char *verb = mailin_verb_name((enum mailin_verb)i);
		char name[16] = "unknown";

		good += account->good[i];
		all += account->all[i];
		if (account->all[i] == 0)
			continue;
		for (j = 0; i != MAILIN_VERB_UNKNOWN && verb[j] != '\0'; j++)
			name[j] = (char)tolower((unsigned char)verb[j]);
		if (j > 0)
			name[j] = '\0';
		add_count(record, name, account->good[i], account->all[i]);
	}
	add_count(record, "commands", good, all);
}

static uint64_t
milliseconds_since(const struct timespec *since)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)((now.tv_sec - since->tv_sec) * 1000 +
	    (now.tv_nsec - since->tv_nsec) / 1000000);
}

void
account_close(const struct account *account,
    const struct mailin_session *session, enum mailin_close_reason reason,
    uint64_t octets_in, uint64_t octets_out)
{
	struct record record;

	record_begin(&record, LEVEL_INFO, "closed");
	account_client(&record, account->number, session);
	account_tls(&record, session);
	record_text_field(&record, "reason", mailin_close_reason_name(reason));
	record_seconds(&record, "seconds", milliseconds_since(&account->since));
	record_number(&record, "in", octets_in);
	record_number(&record, "out", octets_out);
	add_counts(&record, account);
	log_record(&record);
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "access/address.h"
#include "log/log.h"
#include "metrics/counters.h"
#include "receive/login.h"
#include "access/path.h"
#include "receive/receiver.h"

static enum mailin_reply
on_connect(struct mailin_session *session, void *user)
{
	const struct receiver *receiver = user;
	const struct mailin_peer *peer = mailin_session_peer(session);
	const struct mailin_proxy *proxy = mailin_session_proxy(session);

	if (peer != NULL)
		log_client(receiver->account.number, peer);
	if (proxy != NULL && proxy->tls)
		log_tls(receiver->account.number, mailin_session_tls(session));
	return MAILIN_REPLY_OK;
}

/* A user who has logged in, or whom XCLIENT names, may use only some senders.
 * Everyone may use the null sender, which is nobody's address: a mail reader
 * needs it for notifications (RFC 8098 3). */
static enum mailin_reply
on_mail(struct mailin_session *session, const struct mailin_mail *mail,
    void *user)
{
	const struct receiver *receiver = user;
	const struct passwd_file *passwd = receiver->files->passwd;
	struct mailin_span identity = mailin_session_identity(session);

	if (passwd == NULL || identity.len == 0 ||
	    mail->path.kind == MAILIN_PATH_NULL ||
	    passwd_may_send(passwd, identity, &mail->path,
		path_domain(session, &mail->path)))
		return MAILIN_REPLY_OK;
	return mailin_session_reply(session, 553, "5.7.1",
	    "You may not use this sender");
}

/* Returns true if the policy accepts mail for the domain, because --domain
 * names it or was not given. */
static bool
accepts_domain(const struct policy *policy, struct mailin_span domain)
{
	size_t i;

	for (i = 0; i < policy->domain_count; i++)
		if (mailin_span_iequal(domain, policy->domains[i]))
			return true;
	return policy->domain_count == 0;
}

/* Decide on a recipient by the file of --recipients.  A client may be told that
 * a mailbox does not exist only if the domain is one of this server's. */
static enum mailin_reply
find_recipient(const struct files *files, const struct mailin_path *path,
    struct mailin_span domain)
{
	if (recipients_have(files->recipients, path, domain))
		return MAILIN_REPLY_OK;
	if (files->policy->domain_count == 0 &&
	    !recipients_know_domain(files->recipients, domain))
		return MAILIN_REPLY_RELAY_DENIED;
	return address_is_postmaster(path) ? MAILIN_REPLY_OK :
					     MAILIN_REPLY_NO_MAILBOX;
}

static enum mailin_reply
on_rcpt(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	const struct receiver *receiver = user;
	const struct files *files = receiver->files;
	struct mailin_span domain = path_domain(session, &rcpt->path);

	if (rcpt->path.kind == MAILIN_PATH_POSTMASTER)
		return MAILIN_REPLY_OK;
	if (!accepts_domain(files->policy, domain))
		return MAILIN_REPLY_RELAY_DENIED;
	if (files->recipients == NULL)
		return MAILIN_REPLY_OK;
	return find_recipient(files, &rcpt->path, domain);
}

/* ---- Passing mail to the store ---- */

static const struct store_kind *
kind_of(const struct receiver *receiver)
{
	return receiver->client.store->kind;
}

/* The callback "connect", if the store has a function "connect". */
static enum mailin_reply
on_connect_stored(struct mailin_session *session, void *user)
{
	struct receiver *receiver = user;

	if (receiver->service->options->trace)
		(void)on_connect(session, user);
	return kind_of(receiver)->connect(&receiver->client);
}

/* The callback "helo", if the store has a function "hello". */
static enum mailin_reply
on_hello_stored(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_helo *helo, void *user)
{
	struct receiver *receiver = user;

	(void)session;
	(void)helo;
	return verb == MAILIN_VERB_HELO ?
	    MAILIN_REPLY_OK :
	    kind_of(receiver)->hello(&receiver->client);
}

/* The callback "mail", if the store has a function "mail". */
static enum mailin_reply
on_mail_stored(struct mailin_session *session, const struct mailin_mail *mail,
    void *user)
{
	struct receiver *receiver = user;
	enum mailin_reply reply = on_mail(session, mail, user);

	return reply != MAILIN_REPLY_OK ?
	    reply :
	    kind_of(receiver)->mail(&receiver->client, mail);
}

/* The callback "rcpt", if the store has a function "rcpt". */
static enum mailin_reply
on_rcpt_stored(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	struct receiver *receiver = user;
	enum mailin_reply reply = on_rcpt(session, rcpt, user);

	return reply != MAILIN_REPLY_OK ?
	    reply :
	    kind_of(receiver)->rcpt(&receiver->client, rcpt);
}

static void
drop_message(struct receiver *receiver)
{
	message_free(receiver->message);
	receiver->message = NULL;
}

static enum mailin_reply
on_data_start(struct mailin_session *session, void *user)
{
	struct receiver *receiver = user;

	(void)session;
	drop_message(receiver);
	return message_begin(&receiver->message, &receiver->client,
	    receiver->account.number);
}

static enum mailin_reply
on_data(struct mailin_session *session, struct mailin_span octets, void *user)
{
	const struct receiver *receiver = user;

	(void)session;
	return message_add(receiver->message, octets);
}

/* LMTP calls this for each recipient.  The first call begins to store the
 * message, once for all recipients. */
static enum mailin_reply
on_data_end(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	struct receiver *receiver = user;

	(void)session;
	if (receiver->message != NULL)
		decision_store(&receiver->decision, receiver->message,
		    rcpt == NULL, &receiver->service->storing);
	receiver->message = NULL;
	return decision_reply(&receiver->decision);
}

/* The callback "data_end", if the store has a function "end", which never
 * blocks. */
static enum mailin_reply
on_data_end_soon(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	const struct receiver *receiver = user;

	(void)session;
	receiver->message->is_whole = true;
	return kind_of(receiver)->end(receiver->message->stored, rcpt);
}

/* With --discard, drop the octets of a message. */
static enum mailin_reply
on_discard(struct mailin_session *session, struct mailin_span octets,
    void *user)
{
	(void)session;
	(void)octets;
	(void)user;
	return MAILIN_REPLY_OK;
}

/* The transaction has ended. */
static void
finish(struct receiver *receiver)
{
	drop_message(receiver);
	decision_end(&receiver->decision);
	if (kind_of(receiver)->reset != NULL)
		kind_of(receiver)->reset(&receiver->client);
}

static void
on_delivered(struct mailin_session *session, void *user)
{
	struct receiver *receiver = user;

	(void)session;
	if (receiver->message != NULL)
		message_log(receiver->message, false);
	finish(receiver);
}

/* The message was refused.  The reply comes after its end, if at all. */
static void
keep_refused(struct receiver *receiver)
{
	message_let_go(receiver->message);
	message_free(receiver->refused);
	receiver->refused = receiver->message;
	receiver->message = NULL;
}

static void
on_reset(struct mailin_session *session, enum mailin_reset_reason reason,
    void *user)
{
	struct receiver *receiver = user;

	(void)session;
	if (receiver->message != NULL) {
		if (reason != MAILIN_RESET_REFUSED)
			message_log_unfinished(receiver->message, reason);
		else if (!receiver->message->has_refusal)
			keep_refused(receiver);
	}
	finish(receiver);
}

/* ---- The log and the counters ---- */

static void
on_trace(struct mailin_session *session, enum mailin_direction direction,
    struct mailin_span line, void *user)
{
	const struct receiver *receiver = user;

	(void)session;
	log_trace(receiver->account.number, direction, line);
}

/* A reply to DATA, BDAT or BURL, or to a message.  It also says that a message
 * was refused, if one was. */
static void
note_reply(struct receiver *receiver, const struct mailin_outcome *outcome)
{
	struct message *message = receiver->message;

	message_free(receiver->refused);
	receiver->refused = NULL;
	if (message == NULL)
		return;
	if (outcome->code < 400)
		message->is_begun = true;
	else if (outcome->kind == MAILIN_OUTCOME_MESSAGE)
		message->has_refusal = true;
	else if (!message->is_begun)
		drop_message(receiver);
}

static bool
concerns_message(const struct mailin_outcome *outcome)
{
	return outcome->kind == MAILIN_OUTCOME_MESSAGE ||
	    (outcome->kind == MAILIN_OUTCOME_COMMAND &&
		(outcome->verb == MAILIN_VERB_DATA ||
		    outcome->verb == MAILIN_VERB_BDAT ||
		    outcome->verb == MAILIN_VERB_BURL));
}

static void
on_replied(struct mailin_session *session, const struct mailin_outcome *outcome,
    void *user)
{
	struct receiver *receiver = user;

	count_reply(outcome);
	if (outcome->kind == MAILIN_OUTCOME_MESSAGE)
		count_duration(DURATION_MESSAGE, &receiver->since);
	else if (outcome->verb == MAILIN_VERB_MAIL)
		receiver->since = duration_begin();
	if (kind_of(receiver)->begin == NULL)
		return;
	account_replied(&receiver->account, session, outcome);
	if (concerns_message(outcome))
		note_reply(receiver, outcome);
}

struct mailin_handler
receiver_handler(const struct options *options)
{
	const struct store_kind *kind = service_store_kind(options);
	struct mailin_handler handler = {
		.size = sizeof(struct mailin_handler),
		.connect = kind->connect != NULL ? on_connect_stored :
		    options->trace               ? on_connect :
						   NULL,
		.helo = kind->hello != NULL ? on_hello_stored : NULL,
		.auth = login_auth,
		.sasl = login_sasl,
		.mail = kind->mail != NULL ? on_mail_stored : on_mail,
		.rcpt = kind->rcpt != NULL ? on_rcpt_stored : on_rcpt,
		.data = on_discard,
		.trace = options->trace ? on_trace : NULL,
	};

	if (kind->begin != NULL) {
		handler.data_start = on_data_start;
		handler.data = on_data;
		handler.data_end = kind->end != NULL ? on_data_end_soon :
						       on_data_end;
		handler.reset = on_reset;
		handler.delivered = on_delivered;
	}
	if (kind->begin != NULL || options->metrics != NULL)
		handler.replied = on_replied;
	return handler;
}

void
receiver_begin(struct receiver *receiver, struct files *files,
    struct mailin_session *session, bool at_once)
{
	*receiver = (struct receiver){
		.service = files->service,
		.files = files,
		.client = { .store = files->service->store,
		    .session = session,
		    .ignore_case = files->policy->ignore_case,
		    .has_list = files->recipients != NULL },
		.decision = { .session = session, .at_once = at_once },
	};
	account_begin(&receiver->account,
	    atomic_fetch_add(&files->service->sessions, 1) + 1);
}

void
receiver_log_close(const struct receiver *receiver,
    const struct mailin_session *session, enum mailin_close_reason reason,
    uint64_t octets_in, uint64_t octets_out)
{
	if (kind_of(receiver)->begin == NULL)
		return;
	if (receiver->refused != NULL)
		message_log_unfinished(receiver->refused, MAILIN_RESET_REFUSED);
	account_close(&receiver->account, session, reason, octets_in,
	    octets_out);
}

void
receiver_end(struct receiver *receiver)
{
	message_free(receiver->message);
	message_free(receiver->refused);
	decision_abandon(&receiver->decision);
	if (kind_of(receiver)->leave != NULL)
		kind_of(receiver)->leave(&receiver->client);
	scram_free(receiver->scram);
}

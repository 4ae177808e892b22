/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "support/handler_log.h"

static const char names[ON_COUNT][12] = { "connect", "helo", "starttls", "auth",
	"sasl", "mail", "rcpt", "data_start", "data", "data_end", "vrfy",
	"expn", "help", "etrn", "burl", "xclient", "verb", "parameter", "reset",
	"delivered", "close", "trace" };

const char *
client_on_name(enum on on)
{
	return (unsigned)on < ON_COUNT ? names[on] : "nothing";
}

/* Log an event, and return the client's decision for it. */
static enum mailin_reply
log_event(struct client *client, enum on on, const char *format, ...)
{
	char text[2048];
	va_list arguments;

	if (!client->quiet) {
		va_start(arguments, format);
		vsnprintf(text, sizeof text, format, arguments);
		va_end(arguments);
		if (client->log.len > 0)
			pile_add(&client->log, "\n", 1);
		pile_add(&client->log, text, strlen(text));
		client->in_data = false;
	}
	if (client->hook != NULL)
		client->hook(client, on);
	return on < ON_DECISIONS ? client->answers[on] : MAILIN_REPLY_OK;
}

/* The two arguments of "%.*s". */
#define ARG(span) (int)(span).len, (span).ptr != NULL ? (span).ptr : ""

static enum mailin_reply
on_connect(struct mailin_session *session, void *user)
{
	(void)session;
	return log_event(user, ON_CONNECT, "connect");
}

static enum mailin_reply
on_helo(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_helo *helo, void *user)
{
	(void)session;
	return log_event(user, ON_HELO, "helo %s %.*s", mailin_verb_name(verb),
	    ARG(helo->domain));
}

static enum mailin_reply
on_starttls(struct mailin_session *session, void *user)
{
	(void)session;
	return log_event(user, ON_STARTTLS, "starttls");
}

static enum mailin_reply
on_auth(struct mailin_session *session,
    const struct mailin_credentials *credentials, void *user)
{
	(void)session;
	return log_event(user, ON_AUTH, "auth %d \"%.*s\" \"%.*s\" %.*s",
	    credentials->mechanism, ARG(credentials->authzid),
	    ARG(credentials->authcid), ARG(credentials->password));
}

static enum mailin_reply
on_sasl(struct mailin_session *session, const struct mailin_sasl *step,
    void *user)
{
	(void)session;
	return log_event(user, ON_SASL, "sasl %.*s %.*s", ARG(step->mechanism),
	    ARG(step->response));
}

static enum mailin_reply
on_mail(struct mailin_session *session, const struct mailin_mail *mail,
    void *user)
{
	struct client *client = user;

	(void)session;
	if (client->in_transaction)
		ck_abort_msg("a transaction has not ended");
	client->ended = false;
	return log_event(user, ON_MAIL, "mail %.*s@%.*s", ARG(mail->path.local),
	    ARG(mail->path.domain));
}

static enum mailin_reply
on_rcpt(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	struct client *client = user;

	(void)session;
	client->in_transaction = true;
	return log_event(user, ON_RCPT, "rcpt %.*s@%.*s", ARG(rcpt->path.local),
	    ARG(rcpt->path.domain));
}

static enum mailin_reply
on_data_start(struct mailin_session *session, void *user)
{
	(void)session;
	return log_event(user, ON_DATA_START, "data_start");
}

static enum mailin_reply
on_data(struct mailin_session *session, struct mailin_span octets, void *user)
{
	struct client *client = user;

	(void)session;
	if (octets.len == 0)
		ck_abort_msg("data without octets");
	if (!client->quiet) {
		if (!client->in_data)
			pile_add(&client->log, "\ndata ", 6);
		pile_add(&client->log, octets.ptr, octets.len);
		client->in_data = true;
	}
	if (client->hook != NULL)
		client->hook(client, ON_DATA);
	return client->answers[ON_DATA];
}

static enum mailin_reply
on_data_end(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	(void)session;
	if (rcpt == NULL)
		return log_event(user, ON_DATA_END, "data_end");
	return log_event(user, ON_DATA_END, "data_end %.*s@%.*s",
	    ARG(rcpt->path.local), ARG(rcpt->path.domain));
}

static enum mailin_reply
on_query(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_text *argument, void *user)
{
	enum on on = verb == MAILIN_VERB_VRFY ? ON_VRFY :
	    verb == MAILIN_VERB_EXPN          ? ON_EXPN :
	    verb == MAILIN_VERB_HELP          ? ON_HELP :
						ON_ETRN;

	(void)session;
	return log_event(user, on, "%s %.*s", names[on], ARG(argument->text));
}

static enum mailin_reply
on_burl(struct mailin_session *session, const struct mailin_burl *burl,
    void *user)
{
	(void)session;
	return log_event(user, ON_BURL, "burl %.*s", ARG(burl->uri));
}

static enum mailin_reply
on_xclient(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_attributes *attributes, void *user)
{
	(void)session;
	return log_event(user, ON_XCLIENT, "%s %.*s", mailin_verb_name(verb),
	    ARG(attributes->values[MAILIN_ATTRIBUTE_ADDR]));
}

static enum mailin_reply
on_verb(struct mailin_session *session, const struct mailin_unknown *command,
    void *user)
{
	(void)session;
	return log_event(user, ON_VERB, "verb %.*s", ARG(command->verb));
}

static enum mailin_reply
on_parameter(struct mailin_session *session, enum mailin_verb verb,
    struct mailin_span keyword, struct mailin_span value, void *user)
{
	(void)session;
	return log_event(user, ON_PARAMETER, "parameter %s %.*s=%.*s",
	    mailin_verb_name(verb), ARG(keyword), ARG(value));
}

/* Note the end of the transaction.  Fails if no transaction has begun, or if it
 * has ended before. */
static void
end_transaction(const struct mailin_session *session, struct client *client)
{
	struct mailin_mail mail;

	if (client->ended || !mailin_session_mail(session, &mail))
		ck_abort_msg("there is no transaction that could end");
	client->ended = true;
	client->in_transaction = false;
}

static void
on_delivered(struct mailin_session *session, void *user)
{
	struct client *client = user;

	end_transaction(session, client);
	if (client->logs_delivered)
		(void)log_event(client, ON_DELIVERED, "delivered");
	else if (client->hook != NULL)
		client->hook(client, ON_DELIVERED);
}

static void
on_reset(struct mailin_session *session, enum mailin_reset_reason reason,
    void *user)
{
	end_transaction(session, user);
	(void)log_event(user, ON_RESET, "reset %s",
	    mailin_reset_reason_name(reason));
}

static void
on_close(struct mailin_session *session, enum mailin_close_reason reason,
    void *user)
{
	struct client *client = user;

	(void)session;
	if (client->in_transaction)
		ck_abort_msg("a transaction has not ended");
	(void)log_event(user, ON_CLOSE, "close %s",
	    mailin_close_reason_name(reason));
}

static void
on_trace(struct mailin_session *session, enum mailin_direction direction,
    struct mailin_span line, void *user)
{
	(void)session;
	(void)log_event(user, ON_TRACE, "%c %s",
	    direction == MAILIN_TRACE_IN ? 'C' : 'S', suite_quote(line));
}

void
handler_log_init(struct mailin_handler *handler)
{
	*handler = (struct mailin_handler){
		.size = sizeof *handler,
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
		.close = on_close,
	};
}

void
handler_log_own(struct client *client)
{
	client->handler.unknown_verb = on_verb;
	client->handler.unknown_parameter = on_parameter;
	client->answers[ON_VERB] = MAILIN_REPLY_UNKNOWN_VERB;
	client->answers[ON_PARAMETER] = MAILIN_REPLY_BAD_PARAMETER;
}

void
handler_log_trace(struct mailin_handler *handler)
{
	handler->trace = on_trace;
}

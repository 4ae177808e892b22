/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <mailin/name.h>

#include "playground.h"

/* The callbacks of the playground.  Like the callbacks of transcripts they
 * accept everything, except AUTH with another user than "alice" or another
 * password than "secret". */

struct text events;
enum mailin_reply choices[CHOICE_COUNT];

static enum mailin_reply
on_connect(struct mailin_session *session, void *user)
{
	(void)session, (void)user;
	text_add(&events, "connect\n");
	return MAILIN_REPLY_OK;
}

static enum mailin_reply
on_helo(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_helo *helo, void *user)
{
	(void)session, (void)user;
	text_add(&events, "helo %s ", mailin_verb_name(verb));
	text_add_span(&events, helo->domain);
	text_add(&events, "\n");
	return MAILIN_REPLY_OK;
}

static enum mailin_reply
on_starttls(struct mailin_session *session, void *user)
{
	(void)session, (void)user;
	text_add(&events, "starttls\n");
	return MAILIN_REPLY_OK;
}

static void
add_quoted(struct mailin_span span)
{
	text_add(&events, " \"");
	text_add_span(&events, span);
	text_add(&events, "\"");
}

static enum mailin_reply
on_auth(struct mailin_session *session,
    const struct mailin_credentials *credentials, void *user)
{
	struct mailin_span proof = credentials->token.len > 0 ?
	    credentials->token :
	    credentials->password;

	(void)session, (void)user;
	text_add(&events, "auth %s",
	    mailin_mechanism_name(credentials->mechanism));
	add_quoted(credentials->authzid);
	add_quoted(credentials->authcid);
	add_quoted(proof);
	text_add(&events, "\n");
	return mailin_span_equal(credentials->authcid, "alice") &&
		mailin_span_equal(proof, "secret") ?
	    MAILIN_REPLY_OK :
	    MAILIN_REPLY_BAD_CREDENTIALS;
}

static void
add_path(const char *name, struct mailin_span path,
    struct mailin_span parameters)
{
	text_add(&events, "%s ", name);
	text_add_span(&events, path);
	if (parameters.len > 0)
		text_add(&events, " ");
	text_add_span(&events, parameters);
	text_add(&events, "\n");
}

static enum mailin_reply
on_mail(struct mailin_session *session, const struct mailin_mail *mail,
    void *user)
{
	(void)session, (void)user;
	add_path("mail", mail->path.text, mail->parameter_text);
	return choices[CHOICE_MAIL];
}

static enum mailin_reply
on_rcpt(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	(void)session, (void)user;
	add_path("rcpt", rcpt->path.text, rcpt->parameter_text);
	return choices[CHOICE_RCPT];
}

static enum mailin_reply
on_data_start(struct mailin_session *session, void *user)
{
	(void)session, (void)user;
	text_add(&events, "data_start\n");
	return MAILIN_REPLY_OK;
}

static enum mailin_reply
on_data(struct mailin_session *session, struct mailin_span octets, void *user)
{
	(void)session, (void)user;
	text_add(&events, "data ");
	text_add_span(&events, octets);
	text_add(&events, "\n");
	return MAILIN_REPLY_OK;
}

static enum mailin_reply
on_data_end(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	struct mailin_facts facts = mailin_session_facts(session);

	(void)user;
	text_add(&events, "data_end%s", rcpt != NULL ? " " : "");
	if (rcpt != NULL)
		text_add_span(&events, rcpt->path.text);
	text_add(&events, "%s%s%s%s%s\n", facts.eight_bit ? " eight_bit" : "",
	    facts.nul ? " nul" : "", facts.bare_cr ? " bare_cr" : "",
	    facts.bare_lf ? " bare_lf" : "",
	    facts.long_line ? " long_line" : "");
	return choices[CHOICE_DATA_END];
}

/* The callbacks "query", "burl" and "xclient" accept everything, as in
 * transcripts. */
static enum mailin_reply
on_query(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_text *argument, void *user)
{
	(void)session, (void)user;
	text_add(&events, "%s%s",
	    verb == MAILIN_VERB_VRFY     ? "vrfy" :
		verb == MAILIN_VERB_EXPN ? "expn" :
		verb == MAILIN_VERB_HELP ? "help" :
					   "etrn",
	    argument->text.len > 0 ? " " : "");
	text_add_span(&events, argument->text);
	text_add(&events, "\n");
	return MAILIN_REPLY_OK;
}

static enum mailin_reply
on_burl(struct mailin_session *session, const struct mailin_burl *burl,
    void *user)
{
	(void)session, (void)user;
	text_add(&events, "burl ");
	text_add_span(&events, burl->uri);
	text_add(&events, "%s\n", burl->last ? " last" : "");
	return MAILIN_REPLY_OK;
}

static enum mailin_reply
on_xclient(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_attributes *attributes, void *user)
{
	int i;

	(void)session, (void)user;
	text_add(&events, "xclient %s", mailin_verb_name(verb));
	for (i = 0; i < MAILIN_ATTRIBUTE_COUNT; i++) {
		if (attributes->values[i].ptr == NULL)
			continue;
		text_add(&events,
		    " %s=", mailin_attribute_name((enum mailin_attribute)i));
		text_add_span(&events, attributes->values[i]);
	}
	text_add(&events, "\n");
	return MAILIN_REPLY_OK;
}

static void
on_reset(struct mailin_session *session, enum mailin_reset_reason reason,
    void *user)
{
	(void)session, (void)user;
	text_add(&events, "reset %s\n", mailin_reset_reason_name(reason));
}

static void
on_close(struct mailin_session *session, enum mailin_close_reason reason,
    void *user)
{
	(void)session, (void)user;
	text_add(&events, "close %s\n", mailin_close_reason_name(reason));
}

const struct mailin_handler handler = {
	.size = sizeof handler,
	.connect = on_connect,
	.helo = on_helo,
	.starttls = on_starttls,
	.auth = on_auth,
	.mail = on_mail,
	.rcpt = on_rcpt,
	.data_start = on_data_start,
	.data = on_data,
	.data_end = on_data_end,
	.query = on_query,
	.burl = on_burl,
	.xclient = on_xclient,
	.reset = on_reset,
	.close = on_close,
};

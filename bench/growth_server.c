/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "growth_server.h"
#include "talk.h"
#include "workload.h"

/* ---- GROWTH_REFUSES: logins and a recipient are refused ------------------ */

static enum mailin_reply
refuse_login(struct mailin_session *session,
    const struct mailin_credentials *credentials, void *user)
{
	(void)session, (void)user;
	workload_sink += credentials->password.len;
	return MAILIN_REPLY_BAD_CREDENTIALS;
}

static enum mailin_reply
refuse_no(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	(void)session, (void)user;
	return mailin_span_equal(rcpt->path.local, "no") ?
	    MAILIN_REPLY_NO_MAILBOX :
	    MAILIN_REPLY_OK;
}

static enum mailin_reply
offer_again(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_attributes *attributes, void *user)
{
	(void)attributes, (void)user;
	if (verb == MAILIN_VERB_XCLIENT)
		(void)mailin_session_set_extension(session,
		    MAILIN_EXTENSION_XCLIENT, true);
	return MAILIN_REPLY_OK;
}

static const struct mailin_handler refusing = { .size = sizeof refusing,
	.auth = refuse_login,
	.rcpt = refuse_no,
	.data = talk_take_data,
	.xclient = offer_again };

/* ---- GROWTH_PENDS: each decision is PENDING at first --------------------- */

static enum mailin_reply
put_off_helo(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_helo *helo, void *user)
{
	(void)session, (void)verb, (void)helo, (void)user;
	return MAILIN_REPLY_PENDING;
}

static enum mailin_reply
put_off_mail(struct mailin_session *session, const struct mailin_mail *mail,
    void *user)
{
	(void)session, (void)mail, (void)user;
	return MAILIN_REPLY_PENDING;
}

static enum mailin_reply
put_off_rcpt(struct mailin_session *session, const struct mailin_rcpt *rcpt,
    void *user)
{
	(void)session, (void)rcpt, (void)user;
	return MAILIN_REPLY_PENDING;
}

static enum mailin_reply
put_off_start(struct mailin_session *session, void *user)
{
	(void)session, (void)user;
	return MAILIN_REPLY_PENDING;
}

static enum mailin_reply
put_off_data(struct mailin_session *session, struct mailin_span octets,
    void *user)
{
	(void)session, (void)user;
	workload_sink += octets.len;
	return MAILIN_REPLY_PENDING;
}

static enum mailin_reply
put_off_query(struct mailin_session *session, enum mailin_verb verb,
    const struct mailin_text *argument, void *user)
{
	(void)session, (void)verb, (void)argument, (void)user;
	return MAILIN_REPLY_PENDING;
}

static const struct mailin_handler pending = { .size = sizeof pending,
	.helo = put_off_helo,
	.mail = put_off_mail,
	.rcpt = put_off_rcpt,
	.data_start = put_off_start,
	.data = put_off_data,
	.data_end = put_off_rcpt,
	.query = put_off_query };

/* ---- Functions for all servers ------------------------------------------- */

struct mailin_config *
growth_config(enum growth_server server)
{
	static const char *const settings[][2] = { { "tls", "optional" },
		{ "mechanisms", "PLAIN,LOGIN" }, { "parameters", "ignore" },
		{ "extensions", "PIPELINING,SIZE,CHUNKING,XCLIENT,XFORWARD" } };
	struct mailin_config *config = talk_config(NULL, false, false);
	size_t i;

	if (server == GROWTH_ACCEPTS)
		return config;
	for (i = 0; i < sizeof settings / sizeof *settings; i++)
		if (mailin_config_set(config, settings[i][0], settings[i][1]) !=
		    MAILIN_OK)
			workload_fail("is not set", settings[i][0]);
	return config;
}

struct mailin_session *
growth_open(const struct mailin_config *config, enum growth_server server)
{
	struct mailin_session *session;

	if (server == GROWTH_ACCEPTS)
		return talk_open(config);
	session = mailin_session_new(config,
	    server == GROWTH_PENDS ? &pending : &refusing, NULL);
	if (session == NULL ||
	    (server == GROWTH_PROXIED &&
		mailin_session_expect_proxy(session) != MAILIN_OK))
		workload_fail("no session", "growth");
	return session;
}

void
growth_feed(struct mailin_session *session, struct mailin_span text,
    size_t feed, const char *name)
{
	uint64_t token;
	size_t at, len;

	talk_drain(session);
	for (at = 0; at < text.len; at += len) {
		len = text.len - at < feed ? text.len - at : feed;
		len = mailin_session_feed(session, text.ptr + at, len);
		while ((token = mailin_session_decision(session)) != 0)
			(void)mailin_session_resume(session, token,
			    MAILIN_REPLY_OK);
		talk_drain(session);
		if (len == 0)
			workload_fail("takes no input", name);
	}
}

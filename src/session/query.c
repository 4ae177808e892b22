/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include "session/decide.h"

const struct mailin_config *
mailin_session_config(const struct mailin_session *session)
{
	return session->config;
}

void *
mailin_session_user(const struct mailin_session *session)
{
	return session->user;
}

const struct mailin_peer *
mailin_session_peer(const struct mailin_session *session)
{
	return session->peer;
}

const struct mailin_peer *
mailin_session_next_peer(const struct mailin_session *session)
{
	return session->decision == &mailin_decide_xclient ?
	    session->proxy_facts->next_peer :
	    NULL;
}

struct mailin_span
mailin_session_attribute(const struct mailin_session *session,
    enum mailin_verb verb, enum mailin_attribute attribute)
{
	const struct mailin_attribute_values *attributes = verb ==
		MAILIN_VERB_XCLIENT ?
	    session->proxy_facts->xclient :
	    session->proxy_facts->xforward;

	return attributes != NULL &&
		(unsigned)attribute < MAILIN_ATTRIBUTE_COUNT ?
	    attributes->values[attribute] :
	    (struct mailin_span){ NULL, 0 };
}

const struct mailin_tls *
mailin_session_tls(const struct mailin_session *session)
{
	return session->tls;
}

const struct mailin_proxy *
mailin_session_proxy(const struct mailin_session *session)
{
	const struct mailin_proxied *proxied = session->proxy_facts->proxied;

	return proxied != NULL ? &proxied->proxy : NULL;
}

bool
mailin_session_offers(const struct mailin_session *session,
    enum mailin_extension extension)
{
	return (unsigned)extension < MAILIN_EXTENSION_COUNT &&
	    session_offers(session, extension);
}

enum mailin_verb
mailin_session_helo(const struct mailin_session *session,
    struct mailin_helo *helo)
{
	if (helo != NULL)
		*helo = (struct mailin_helo){
			.domain = mailin_span_of(session->helo_name),
			.domain_kind = session->helo_name != NULL ?
			    session->helo_kind :
			    MAILIN_DOMAIN_NONE,
		};
	return session->helo_verb;
}

struct mailin_span
mailin_session_identity(const struct mailin_session *session)
{
	return mailin_span_of(session->identity);
}

/* RFC 3848 and RFC 6531 4.3: the name of the protocol shows whether the session
 * uses UTF-8, TLS and AUTH. */
const char *
mailin_session_protocol(const struct mailin_session *session)
{
	static const char esmtp[8][12] = { "ESMTP", "ESMTPA", "ESMTPS",
		"ESMTPSA", "UTF8SMTP", "UTF8SMTPA", "UTF8SMTPS", "UTF8SMTPSA" };
	static const char lmtp[8][12] = { "LMTP", "LMTPA", "LMTPS", "LMTPSA",
		"UTF8LMTP", "UTF8LMTPA", "UTF8LMTPS", "UTF8LMTPSA" };
	int index = 4 * session->transaction->utf8 +
	    2 * (session->tls != NULL) + (session->identity != NULL);

	switch (session->helo_verb) {
	case MAILIN_VERB_LHLO:
		return lmtp[index];
	case MAILIN_VERB_EHLO:
		return esmtp[index];
	default:
		return "SMTP";
	}
}

bool
mailin_session_mail(const struct mailin_session *session,
    struct mailin_mail *mail)
{
	return mail != NULL &&
	    mailin_envelope_mail(&session->transaction->envelope,
		session_syntax(session), mail);
}

size_t
mailin_session_rcpt_count(const struct mailin_session *session)
{
	return session->transaction->envelope.count;
}

bool
mailin_session_rcpt(const struct mailin_session *session, size_t index,
    struct mailin_rcpt *rcpt)
{
	return rcpt != NULL &&
	    mailin_envelope_rcpt(&session->transaction->envelope,
		session_syntax(session), index, rcpt);
}

bool
mailin_session_command(const struct mailin_session *session,
    struct mailin_command *command)
{
	struct mailin_span line = session->command_line;

	if (command == NULL || line.len == 0 ||
	    (session->decision == NULL && !session->replying))
		return false;
	return mailin_command_parse_as(command, session_syntax(session),
		   line.ptr, line.len) > 0;
}

struct mailin_facts
mailin_session_facts(const struct mailin_session *session)
{
	return session->transaction->body.facts;
}

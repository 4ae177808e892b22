/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include "octet/ascii.h"
#include "config/greeting.h"
#include "session/decide.h"

/* The maximum length of one EHLO line that the program adds, and of all these
 * lines together. */
#define KEYWORD_MOST  500
#define KEYWORDS_MOST 1000

/* Does the client have a verified certificate?  Returns false if TLS ends at a
 * proxy, because the certificate is then the proxy's. */
static bool
has_certificate(const struct mailin_session *session)
{
	return session->tls != NULL && session->tls->client_name.len > 0 &&
	    !session->proxy_facts->proxy_has_tls;
}

/* Does this TLS connection have a channel binding?  It has none if the client's
 * TLS ends at a proxy. */
static bool
has_binding(const struct mailin_session *session)
{
	return session->tls != NULL && session->tls->channel_binding.len > 0;
}

/* Returns a bit for each mechanism that EHLO offers now (config/data.h).  AUTH
 * accepts no other mechanism. */
static uint32_t
mechanisms_of(const struct mailin_session *session)
{
	return session->identity != NULL ?
	    0 :
	    mailin_mechanisms_offered(session->config, session->tls != NULL,
		has_certificate(session), has_binding(session));
}

enum mailin_reply
mailin_session_check_mechanism(const struct mailin_session *session,
    struct mailin_span mechanism)
{
	unsigned number = mailin_mechanism_number(session->config, mechanism);

	if (number == MECHANISMS_MOST)
		return MAILIN_REPLY_BAD_MECHANISM;
	if ((mechanisms_of(session) & MAILIN_BIT(number)) != 0)
		return MAILIN_REPLY_OK;
	return session->tls == NULL ? MAILIN_REPLY_ENCRYPTION_NEEDED :
				      MAILIN_REPLY_BAD_MECHANISM;
}

/* Returns the EHLO lines that the program added.  Each begins with LF. */
static struct mailin_span
own_keywords(const struct mailin_session *session)
{
	const struct mailin_buffer *keywords = session->keywords;

	return keywords == NULL ?
	    (struct mailin_span){ NULL, 0 } :
	    (struct mailin_span){ keywords->octets, keywords->len };
}

/* Has the config already encoded this reply?  It encodes two replies: the usual
 * greeting; and the reply to EHLO, for a session that has no TLS, no identity,
 * and no extensions or EHLO lines of its own. */
static bool
is_precomputed(const struct mailin_session *session, enum mailin_reply reply,
    bool opens)
{
	if (opens)
		return reply == MAILIN_REPLY_GREETING;
	return reply == MAILIN_REPLY_DONE &&
	    session->verb != MAILIN_VERB_HELO &&
	    session->extensions == session->config->extensions &&
	    session->tls == NULL && session->identity == NULL &&
	    session->keywords == NULL;
}

static size_t
encode(const struct mailin_session *session, enum mailin_reply reply,
    bool opens, char octets[REPLY_ROOM])
{
	const struct mailin_custom *custom = session->custom;
	struct mailin_offer offer = { session->offered, mechanisms_of(session),
		own_keywords(session) };
	struct mailin_greeting greeting = {
		.code = session_code(reply, custom),
		.opens = opens,
	};

	if (reply == MAILIN_REPLY_CUSTOM)
		greeting.text = (struct mailin_span){ custom->text,
			custom->len };
	if (!opens && session->verb != MAILIN_VERB_HELO)
		greeting.offer = &offer;
	return mailin_greeting_encode(session->config, &greeting, octets);
}

static struct mailin_span
precomputed(const struct mailin_session *session, bool opens)
{
	const struct mailin_config *config = session->config;

	return opens ?
	    (struct mailin_span){ config->banner, config->banner_len } :
	    (struct mailin_span){ config->hello, config->hello_len };
}

static RARE void
send_computed(struct mailin_session *session, enum mailin_reply reply,
    bool opens)
{
	char octets[REPLY_ROOM];
	size_t len = encode(session, reply, opens, octets);

	mailin_session_send_octets(session, reply,
	    (struct mailin_span){ octets, len });
}

void
mailin_session_send_greeting(struct mailin_session *session,
    enum mailin_reply reply, bool opens)
{
	if (is_precomputed(session, reply, opens))
		mailin_session_send_octets(session, reply,
		    precomputed(session, opens));
	else
		send_computed(session, reply, opens);
}

void
mailin_session_helo_run(struct mailin_session *session,
    const struct mailin_command *command)
{
	if (session->keywords != NULL)
		session->keywords->len = 0;
	session->candidate_kind = command->helo.domain_kind;
	session->candidate = mailin_session_copy_name(session,
	    command->helo.domain);
	if (session->candidate == NULL)
		mailin_session_send(session, MAILIN_REPLY_OUT_OF_MEMORY);
	else
		mailin_session_decide(session, &mailin_decide_helo, command);
}

static void
helo_decided(struct mailin_session *session, bool yes, enum mailin_reply reply)
{
	/* Reserve memory for the reply before any change. */
	if (yes &&
	    !mailin_queue_reserve(&session->queue, session_allocator(session),
		is_precomputed(session, reply, false) ?
		    session->config->hello_len :
		    REPLY_ROOM)) {
		yes = false;
		reply = MAILIN_REPLY_OUT_OF_MEMORY;
	}
	if (!yes) {
		mailin_session_drop_candidate(session);
		mailin_session_send(session, reply);
		return;
	}
	mailin_session_end_transaction(session, MAILIN_RESET_HELO);
	mailin_session_free_name(session, session->helo_name);
	session->helo_name = session->candidate;
	session->candidate = NULL;
	session->helo_kind = session->candidate_kind;
	session->helo_verb = session->verb;
	session_advance(session, session_event(session->verb), true);
	mailin_session_send_greeting(session, reply, false);
}

ASKS(helo,
    (session, SUBJECT(command)->verb, &SUBJECT(command)->helo, session->user))

const struct mailin_decision mailin_decide_helo = {
	DECISION(helo, DONE, DONE, 2),
	.carry_out = helo_decided,
};

/* Is keyword an ehlo-keyword, and has parameters only printable octets (RFC
 * 5321 4.1.1.1)? */
static bool
is_ehlo_line(const char *keyword, const char *parameters)
{
	size_t i;

	for (i = 0; keyword[i] != '\0'; i++)
		if (!ascii_is_alnum(keyword[i]) &&
		    (keyword[i] != '-' || i == 0))
			return false;
	if (i == 0 || i + strlen(parameters) > KEYWORD_MOST)
		return false;
	for (i = 0; parameters[i] != '\0'; i++)
		if (!ascii_is_print(parameters[i]))
			return false;
	return true;
}

/* Reserve room for another EHLO line.  Returns NULL if there is no memory. */
static struct mailin_buffer *
reserve_keyword(struct mailin_session *session, size_t len)
{
	const struct mailin_allocator *allocator = session_allocator(session);

	if (session->keywords == NULL) {
		session->keywords = mailin_alloc(allocator,
		    sizeof *session->keywords);
		if (session->keywords == NULL)
			return NULL;
		*session->keywords = (struct mailin_buffer){ .len = 0 };
	}
	return mailin_buffer_reserve(session->keywords, allocator,
		   session->keywords->len + len) ?
	    session->keywords :
	    NULL;
}

enum mailin_error
mailin_session_ehlo_keyword(struct mailin_session *session, const char *keyword,
    const char *parameters)
{
	struct mailin_buffer *keywords;
	size_t len, more;

	if (keyword == NULL || parameters == NULL)
		return MAILIN_ERROR_ARGUMENT;
	if (session->decision != &mailin_decide_helo ||
	    session->verb == MAILIN_VERB_HELO)
		return MAILIN_ERROR_STATE;
	if (!is_ehlo_line(keyword, parameters))
		return MAILIN_ERROR_SYNTAX;
	len = strlen(keyword);
	more = strlen(parameters);
	if (own_keywords(session).len + 1 + len + 1 + more > KEYWORDS_MOST)
		return MAILIN_ERROR_RANGE;
	keywords = reserve_keyword(session, 1 + len + 1 + more);
	if (keywords == NULL)
		return MAILIN_ERROR_MEMORY;
	mailin_buffer_append(keywords, "\n", 1);
	mailin_buffer_append(keywords, keyword, len);
	if (more > 0) {
		mailin_buffer_append(keywords, " ", 1);
		mailin_buffer_append(keywords, parameters, more);
	}
	return MAILIN_OK;
}

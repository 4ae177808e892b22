/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "ascii.h"
#include "session_calls.h"

/* Octets of a keyword line of the program's own, and of all of them. */
#define KEYWORD_MOST  500
#define KEYWORDS_MOST 1000

/* Of its text in place of the first line, so that all the others have room. */
#define TEXT_MOST     400

bool
session_has_auth(const struct mailin_session *session)
{
	return session_policy(session, MAILIN_POLICY_AUTH) !=
	    MAILIN_AUTH_OFF && (session->config->mechanisms != 0 ||
	    session->config->own_count > 0);
}

bool
session_offers_auth(const struct mailin_session *session)
{
	if (session->identity != NULL)
		return false;
	if (session_policy(session, MAILIN_POLICY_TLS) !=
	    MAILIN_TLS_OPTIONAL && session->tls == NULL)
		return false;
	return session_has_auth(session);
}

static void
offer_number(struct mailin_lines *lines, const char *name, uint64_t number)
{
	char text[48];

	if (number == 0)
		return;
	(void)snprintf(text, sizeof text, "%s%llu", name,
	    (unsigned long long)number);
	mailin_lines_put(lines, text);
}

static void
offer_mechanisms(struct mailin_lines *lines,
    const struct mailin_config *config)
{
	unsigned i;

	mailin_lines_put(lines, "AUTH");
	for (i = 0; i < MECHANISMS_MOST; i++) {
		const char *name = mailin_mechanism_name(config, i);

		if (name != NULL) {
			mailin_lines_put(lines, " ");
			mailin_lines_put(lines, name);
		}
	}
}

/* The lines that the program gave, each with a LF before it. */
static struct mailin_span
given(const struct mailin_session *session)
{
	const struct mailin_buffer *keywords = session->keywords;

	return keywords == NULL ? (struct mailin_span){ NULL, 0 }
	    : (struct mailin_span){ keywords->octets, keywords->len };
}

/* Is there one for that keyword? */
static bool
is_given(struct mailin_span rest, const char *keyword)
{
	while (rest.len > 0) {
		const char *end;
		struct mailin_span word = { rest.ptr + 1, 0 };

		while (word.len < rest.len - 1 && word.ptr[word.len] != ' ' &&
		    word.ptr[word.len] != '\n')
			word.len++;
		if (mailin_span_iequal(word, keyword))
			return true;
		end = memchr(rest.ptr + 1, '\n', rest.len - 1);
		if (end == NULL)
			break;
		rest.len -= (size_t)(end - rest.ptr);
		rest.ptr = end;
	}
	return false;
}

/* What follows the keyword of an extension in its line. */
static void
offer_parameters(struct mailin_lines *lines,
    const struct mailin_session *session, enum mailin_extension extension)
{
	const uint64_t *limits = session->config->limits;

	switch (extension) {
	case MAILIN_EXTENSION_SIZE:
		offer_number(lines, " ", limits[MAILIN_LIMIT_MESSAGE_SIZE]);
		break;
	case MAILIN_EXTENSION_LIMITS: /* RFC 9422 4 */
		offer_number(lines, " RCPTMAX=",
		    limits[MAILIN_LIMIT_RECIPIENTS]);
		offer_number(lines, " MAILMAX=",
		    limits[MAILIN_LIMIT_TRANSACTIONS]);
		offer_number(lines, " RCPTDOMAINMAX=",
		    limits[MAILIN_LIMIT_RCPT_DOMAINS]);
		break;
	case MAILIN_EXTENSION_XCLIENT:
		mailin_lines_put(lines, " NAME ADDR PORT PROTO HELO LOGIN"
		    " DESTADDR DESTPORT");
		break;
	case MAILIN_EXTENSION_XFORWARD:
		mailin_lines_put(lines,
		    " NAME ADDR PORT PROTO HELO IDENT SOURCE");
		break;
	default:
		break;
	}
}

static void
offer_extensions(struct mailin_lines *lines,
    const struct mailin_session *session)
{
	struct mailin_span own = given(session);
	uint32_t rest = session->offered;
	int i;

	for (i = 0; rest != 0; i++, rest >>= 1) {
		const struct mailin_keyword *keyword =
		    &mailin_extension_keywords[i];

		if ((rest & 1) == 0 || is_given(own, keyword->text) ||
		    !mailin_lines_open(lines))
			continue;
		/* All of the row, since that is one step. */
		mailin_lines_put_octets(lines, keyword->text,
		    sizeof keyword->text, keyword->len);
		offer_parameters(lines, session, (enum mailin_extension)i);
		mailin_lines_close(lines);
	}
	if (session_offers_auth(session) && !is_given(own, "AUTH") &&
	    mailin_lines_open(lines)) {
		offer_mechanisms(lines, session->config);
		mailin_lines_close(lines);
	}
	if (own.len > 0)
		mailin_lines_add_each(lines,
		    (struct mailin_span){ own.ptr + 1, own.len - 1 });
}

/* RFC 5321 4.3.1, 4.1.1.1: the name of the host comes first. */
static void
offer_name(struct mailin_lines *lines, const struct mailin_session *session)
{
	if (!mailin_lines_open(lines))
		return;
	mailin_lines_put(lines, session->config->hostname);
	if (session->event == EVENT_CONNECT)
		mailin_lines_put(lines,
		    session_is_lmtp(session) ? " LMTP" : " ESMTP");
	mailin_lines_close(lines);
}

size_t
session_encode_greeting(const struct mailin_session *session,
    enum mailin_reply reply, char octets[REPLY_ROOM])
{
	const struct mailin_custom *custom = session->custom;
	bool ehlo = session->event == session_event(MAILIN_VERB_EHLO) ||
	    session->event == session_event(MAILIN_VERB_LHLO);
	struct mailin_lines lines;

	mailin_lines_begin(&lines, session_code(reply, custom), "", octets);
	if (reply != MAILIN_REPLY_CUSTOM)
		offer_name(&lines, session);
	else
		mailin_lines_add_each(&lines, (struct mailin_span){
		    custom->text, ehlo && custom->len > TEXT_MOST
		    ? TEXT_MOST : custom->len });
	if (ehlo)
		offer_extensions(&lines, session);
	return mailin_lines_end(&lines);
}

void
session_send_greeting(struct mailin_session *session,
    enum mailin_reply reply)
{
	char octets[REPLY_ROOM];
	size_t len = session_encode_greeting(session, reply, octets);

	session_send_octets(session, reply,
	    (struct mailin_span){ octets, len });
}

/* RFC 5321 4.1.1.1: ehlo-keyword, and ehlo-params of printable characters. */
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

/* Have room for one more such line. */
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
	    session->keywords->len + len) ? session->keywords : NULL;
}

enum mailin_error
mailin_session_ehlo_keyword(struct mailin_session *session,
    const char *keyword, const char *parameters)
{
	size_t len = strlen(keyword), more = strlen(parameters);
	struct mailin_buffer *keywords;

	if (session->decision != DECIDE_HELO ||
	    session->event == session_event(MAILIN_VERB_HELO))
		return MAILIN_ERROR_STATE;
	if (!is_ehlo_line(keyword, parameters))
		return MAILIN_ERROR_SYNTAX;
	if (given(session).len + 1 + len + 1 + more > KEYWORDS_MOST)
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

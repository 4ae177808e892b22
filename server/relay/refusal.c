/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include "relay/refusal.h"

/* RFC 5321 4.5.3.1.4: the octets of a command line, with CR LF. */
#define LINE_MOST 512

/* Returns true if the path alone is too long for the line of the command. */
static bool
is_too_long(const struct mailin_path *path, enum mailin_verb verb)
{
	size_t len = verb == MAILIN_VERB_MAIL ? strlen("MAIL FROM:<>\r\n") :
						strlen("RCPT TO:<>\r\n");

	len += path->local.len;
	if (path->kind == MAILIN_PATH_MAILBOX)
		len += 1 + path->domain.len;
	return len > LINE_MOST;
}

static struct refusal
refuse_path(enum mailin_verb verb)
{
	return verb == MAILIN_VERB_MAIL ?
	    (struct refusal){ 501, "5.1.7",
		    "The sender is too long for the mail server behind this "
		    "one" } :
	    (struct refusal){ 501, "5.1.3",
		    "The recipient is too long for the mail server behind this "
		    "one" };
}

struct refusal
refusal_of(enum mailin_error error, enum mailin_verb verb,
    const struct mailin_path *path)
{
	switch (error) {
	case MAILIN_ERROR_UNOFFERED:
		return (struct refusal){ 451, "4.3.3",
			"The mail server behind this one does not offer what "
			"this command asks for" };
	case MAILIN_ERROR_RANGE:
	case MAILIN_ERROR_SYNTAX:
		if (is_too_long(path, verb))
			return refuse_path(verb);
		if (error == MAILIN_ERROR_RANGE && verb == MAILIN_VERB_RCPT)
			return (struct refusal){ 452, "4.5.3",
				"Too many recipients" };
		return (struct refusal){ 501, "5.5.4",
			"The mail server behind this one cannot get these "
			"parameters" };
	default:
		return (struct refusal){ 451, "4.3.0",
			"The mail server behind this one cannot get this "
			"command" };
	}
}

enum mailin_reply
refusal_reply(struct mailin_session *session, struct refusal refusal)
{
	return mailin_session_reply(session, refusal.code, refusal.enhanced,
	    "%s", refusal.text);
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <config.h>

#include <string.h>

#include <mailin/name.h>

#include "playground.h"

/* The pieces of a command line, which the page colours.  There is one line for
 * each piece: a kind, an offset and a length. */

static struct text pieces;
static const char *begin;

static void
add(const char *kind, struct mailin_span span)
{
	if (span.len > 0)
		text_add(&pieces, "%s %zu %zu\n", kind,
		    (size_t)(span.ptr - begin), span.len);
}

static void
add_path(const struct mailin_path *path)
{
	add("path", path->text);
	add("route", path->route);
	add("local", path->local);
	add("domain", path->domain);
}

static void
add_parameters(struct mailin_span text)
{
	struct mailin_span keyword, value;

	while (mailin_parameter_next(&text, &keyword, &value)) {
		add("keyword", keyword);
		add("value", value);
	}
}

static void
add_arguments(const struct mailin_command *command)
{
	int i;

	switch (command->verb) {
	case MAILIN_VERB_HELO:
	case MAILIN_VERB_EHLO:
	case MAILIN_VERB_LHLO:
		add("domain", command->helo.domain);
		break;
	case MAILIN_VERB_MAIL:
		add_path(&command->mail.path);
		add_parameters(command->mail.parameter_text);
		break;
	case MAILIN_VERB_RCPT:
		add_path(&command->rcpt.path);
		add_parameters(command->rcpt.parameter_text);
		break;
	case MAILIN_VERB_NOOP:
	case MAILIN_VERB_HELP:
	case MAILIN_VERB_VRFY:
	case MAILIN_VERB_EXPN:
	case MAILIN_VERB_ETRN:
		add("text", command->text.text);
		break;
	case MAILIN_VERB_AUTH:
		add("keyword", command->auth.mechanism);
		add("value", command->auth.initial);
		break;
	case MAILIN_VERB_BURL:
		add("value", command->burl.uri);
		break;
	case MAILIN_VERB_XCLIENT:
	case MAILIN_VERB_XFORWARD:
		for (i = 0; i < MAILIN_ATTRIBUTE_COUNT; i++)
			add("value", command->attributes.values[i]);
		break;
	default:
		break;
	}
}

/* Parse a line that ends in CR LF.  Returns the pieces of the line.  Before
 * them comes a line with the reply to a wrong line, and the offset of the first
 * wrong octet: "501 5.1.7 Bad sender address syntax@15", or "ok". */
EXPORT(pieces_of)
const char *
pieces_of(const char *line, size_t len, bool relaxed)
{
	struct mailin_command command;

	begin = line;
	text_clear(&pieces);
	if (mailin_command_parse_as(&command,
		relaxed ? MAILIN_SYNTAX_RELAXED : MAILIN_SYNTAX_STRICT, line,
		len) == 0) {
		text_add(&pieces, "incomplete\n");
	} else if (command.error != MAILIN_REPLY_OK) {
		text_add(&pieces, "%d %s %s@%zu\n",
		    mailin_reply_code(command.error),
		    mailin_reply_enhanced(command.error),
		    mailin_reply_text(command.error), command.error_at);
	} else {
		text_add(&pieces, "ok\n");
		/* The verb in the line is as long as its name. */
		if (command.verb != MAILIN_VERB_UNKNOWN)
			add("verb",
			    (struct mailin_span){ line,
				strlen(mailin_verb_name(command.verb)) });
		add_arguments(&command);
	}
	return pieces.octets;
}

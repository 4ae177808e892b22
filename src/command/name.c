/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <mailin/command.h>

/* Arrays of characters, not of pointers: nothing to relocate at load time. */
/* clang-format off */
static const char verb_names[MAILIN_VERB_COUNT][9] = {
	[MAILIN_VERB_UNKNOWN]  = "?",
	[MAILIN_VERB_HELO]     = "HELO",
	[MAILIN_VERB_EHLO]     = "EHLO",
	[MAILIN_VERB_LHLO]     = "LHLO",
	[MAILIN_VERB_MAIL]     = "MAIL",
	[MAILIN_VERB_RCPT]     = "RCPT",
	[MAILIN_VERB_DATA]     = "DATA",
	[MAILIN_VERB_BDAT]     = "BDAT",
	[MAILIN_VERB_RSET]     = "RSET",
	[MAILIN_VERB_NOOP]     = "NOOP",
	[MAILIN_VERB_VRFY]     = "VRFY",
	[MAILIN_VERB_EXPN]     = "EXPN",
	[MAILIN_VERB_HELP]     = "HELP",
	[MAILIN_VERB_QUIT]     = "QUIT",
	[MAILIN_VERB_STARTTLS] = "STARTTLS",
	[MAILIN_VERB_AUTH]     = "AUTH",
	[MAILIN_VERB_ETRN]     = "ETRN",
	[MAILIN_VERB_BURL]     = "BURL",
	[MAILIN_VERB_XCLIENT]  = "XCLIENT",
	[MAILIN_VERB_XFORWARD] = "XFORWARD",
};

static const char attribute_names[MAILIN_ATTRIBUTE_COUNT][9] = {
	[MAILIN_ATTRIBUTE_NAME]     = "NAME",
	[MAILIN_ATTRIBUTE_ADDR]     = "ADDR",
	[MAILIN_ATTRIBUTE_PORT]     = "PORT",
	[MAILIN_ATTRIBUTE_PROTO]    = "PROTO",
	[MAILIN_ATTRIBUTE_HELO]     = "HELO",
	[MAILIN_ATTRIBUTE_LOGIN]    = "LOGIN",
	[MAILIN_ATTRIBUTE_DESTADDR] = "DESTADDR",
	[MAILIN_ATTRIBUTE_DESTPORT] = "DESTPORT",
	[MAILIN_ATTRIBUTE_IDENT]    = "IDENT",
	[MAILIN_ATTRIBUTE_SOURCE]   = "SOURCE",
};
/* clang-format on */

const char *
mailin_verb_name(enum mailin_verb verb)
{
	return (unsigned)verb < MAILIN_VERB_COUNT ? verb_names[verb] : "?";
}

const char *
mailin_attribute_name(enum mailin_attribute attribute)
{
	return (unsigned)attribute < MAILIN_ATTRIBUTE_COUNT ?
	    attribute_names[attribute] :
	    "?";
}

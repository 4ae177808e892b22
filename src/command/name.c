/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <string.h>

#include <mailin/command.h>

#include "octet/ascii.h"

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
/* clang-format on */

/* clang-format off */
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

/* clang-format off */
static const char parameter_names[MAILIN_PARAMETER_COUNT][12] = {
	[MAILIN_PARAMETER_SIZE]        = "SIZE",
	[MAILIN_PARAMETER_BODY]        = "BODY",
	[MAILIN_PARAMETER_SMTPUTF8]    = "SMTPUTF8",
	[MAILIN_PARAMETER_RET]         = "RET",
	[MAILIN_PARAMETER_ENVID]       = "ENVID",
	[MAILIN_PARAMETER_AUTH]        = "AUTH",
	[MAILIN_PARAMETER_BY]          = "BY",
	[MAILIN_PARAMETER_HOLDFOR]     = "HOLDFOR",
	[MAILIN_PARAMETER_HOLDUNTIL]   = "HOLDUNTIL",
	[MAILIN_PARAMETER_MT_PRIORITY] = "MT-PRIORITY",
	[MAILIN_PARAMETER_MTRK]        = "MTRK",
	[MAILIN_PARAMETER_REQUIRETLS]  = "REQUIRETLS",
	[MAILIN_PARAMETER_SOLICIT]     = "SOLICIT",
	[MAILIN_PARAMETER_NOTIFY]      = "NOTIFY",
	[MAILIN_PARAMETER_ORCPT]       = "ORCPT",
	[MAILIN_PARAMETER_RRVS]        = "RRVS",
	[MAILIN_PARAMETER_UNKNOWN]     = "?",
};
/* clang-format on */

const char *
mailin_verb_name(enum mailin_verb verb)
{
	return (unsigned)verb < MAILIN_VERB_COUNT ? verb_names[verb] : "?";
}

const char *
mailin_parameter_name(enum mailin_parameter parameter)
{
	return (unsigned)parameter < MAILIN_PARAMETER_COUNT ?
	    parameter_names[parameter] :
	    "?";
}

const char *
mailin_attribute_name(enum mailin_attribute attribute)
{
	return (unsigned)attribute < MAILIN_ATTRIBUTE_COUNT ?
	    attribute_names[attribute] :
	    "?";
}

/* The first blank, or the end of text. */
static const char *
find_blank(struct mailin_span text)
{
	const char *p = text.ptr, *end = p + text.len;

	while (p < end && !ascii_is_blank(*p))
		p++;
	return p;
}

bool
mailin_parameter_next(struct mailin_span *text, struct mailin_span *keyword,
    struct mailin_span *value)
{
	struct mailin_span word;
	const char *end, *equals;

	if (text == NULL || keyword == NULL || value == NULL ||
	    text->len == 0 || text->ptr == NULL)
		return false;
	word = *text;
	end = find_blank(word);
	word.len = (size_t)(end - word.ptr);
	text->ptr = end;
	text->len -= word.len;
	while (text->len > 0 && ascii_is_blank(*text->ptr)) {
		text->ptr++;
		text->len--;
	}
	equals = memchr(word.ptr, '=', word.len);
	*keyword = word;
	*value = (struct mailin_span){ NULL, 0 };
	if (equals != NULL) {
		keyword->len = (size_t)(equals - word.ptr);
		value->ptr = equals + 1;
		value->len = word.len - keyword->len - 1;
	}
	return true;
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <mailin/session.h>

#include "command/parameter.h"
#include "octet/ascii.h"
#include "octet/span.h"

#define ROW(parameter, name, verb, extension, has_value, use, longer) \
	[MAILIN_PARAMETER_##parameter] = { name, MAILIN_VERB_##verb, \
		MAILIN_EXTENSION_##extension, has_value, PARAMETER_##use, \
		longer }

/* The names in the rows are arrays, not pointers, so that no relocation is
 * needed. */
/* clang-format off */
const struct mailin_parameter_row
    mailin_parameter_rows[MAILIN_PARAMETER_COUNT] = {
/* The columns: enumerator, keyword, verb, the extension that offers the
 * parameter, whether it has a value, what happens if it is not offered, and how
 * many octets the RFC of the parameter adds to the maximum length of a line. */
ROW(UNKNOWN,     "?",           UNKNOWN, COUNT,          false, REFUSED,    0),
ROW(SIZE,        "SIZE",        MAIL,    SIZE,           true,  ACCEPTED,  26),
ROW(BODY,        "BODY",        MAIL,    8BITMIME,       true,  ACCEPTED,  17),
ROW(SMTPUTF8,    "SMTPUTF8",    MAIL,    SMTPUTF8,       false, BINDING,   10),
ROW(RET,         "RET",         MAIL,    DSN,            true,  ACCEPTED,   9),
ROW(ENVID,       "ENVID",       MAIL,    DSN,            true,  ACCEPTED, 107),
ROW(AUTH,        "AUTH",        MAIL,    COUNT,          true,  ACCEPTED, 500),
ROW(BY,          "BY",          MAIL,    DELIVERBY,      true,  BINDING,   17),
ROW(HOLDFOR,     "HOLDFOR",     MAIL,    FUTURERELEASE,  true,  BINDING,   34),
ROW(HOLDUNTIL,   "HOLDUNTIL",   MAIL,    FUTURERELEASE,  true,  BINDING,   34),
ROW(MT_PRIORITY, "MT-PRIORITY", MAIL,    MT_PRIORITY,    true,  REFUSED,   15),
ROW(MTRK,        "MTRK",        MAIL,    MTRK,           true,  REFUSED,   40),
ROW(REQUIRETLS,  "REQUIRETLS",  MAIL,    REQUIRETLS,     false, BINDING,   11),
ROW(SOLICIT,     "SOLICIT",     MAIL,    NO_SOLICITING,  true,  REFUSED, 1007),
ROW(NOTIFY,      "NOTIFY",      RCPT,    DSN,            true,  ACCEPTED,  29),
ROW(ORCPT,       "ORCPT",       RCPT,    DSN,            true,  ACCEPTED, 500),
ROW(RRVS,        "RRVS",        RCPT,    RRVS,           true,  REFUSED,   33),
};
/* clang-format on */

static const struct mailin_parameter_row *
row_of(enum mailin_parameter parameter)
{
	return &mailin_parameter_rows[(unsigned)parameter <
		    MAILIN_PARAMETER_COUNT ?
		parameter :
		MAILIN_PARAMETER_UNKNOWN];
}

const char *
mailin_parameter_name(enum mailin_parameter parameter)
{
	return row_of(parameter)->name;
}

enum mailin_extension
mailin_parameter_extension(enum mailin_parameter parameter)
{
	return (enum mailin_extension)row_of(parameter)->extension;
}

/* Compare the first letter before the rest, because most names differ there. */
static bool
has_name(const struct mailin_parameter_row *row, struct mailin_span name)
{
	return ascii_upper(*name.ptr) == *row->name &&
	    mailin_span_iequal(name, row->name);
}

enum mailin_parameter
mailin_parameter_find(enum mailin_verb verb, struct mailin_span name)
{
	const struct mailin_parameter_row *row = mailin_parameter_rows;
	int i;

	for (i = 0; i < MAILIN_PARAMETER_COUNT; i++)
		if (row[i].verb == verb && has_name(&row[i], name))
			return (enum mailin_parameter)i;
	return MAILIN_PARAMETER_UNKNOWN;
}

bool
mailin_parameter_next(struct mailin_span *text, struct mailin_span *keyword,
    struct mailin_span *value)
{
	struct mailin_span word;

	if (text == NULL || keyword == NULL || value == NULL ||
	    text->len == 0 || text->ptr == NULL)
		return false;
	word = (struct mailin_span){ text->ptr, 0 };
	while (word.len < text->len && !ascii_is_blank(word.ptr[word.len]))
		word.len++;
	text->ptr += word.len;
	text->len -= word.len;
	while (text->len > 0 && ascii_is_blank(*text->ptr)) {
		text->ptr++;
		text->len--;
	}
	*value = mailin_span_cut(&word, '=', keyword) ?
	    word :
	    (struct mailin_span){ NULL, 0 };
	return true;
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <mailin/error.h>

/* clang-format off */
static const struct {
	char name[10];
	char text[43];
} errors[] = {
	[MAILIN_OK]             = { "OK", "done" },
	[MAILIN_ERROR_ARGUMENT] = { "ARGUMENT", "no such argument" },
	[MAILIN_ERROR_RANGE]    = { "RANGE",
	    "outside its minimum and maximum" },
	[MAILIN_ERROR_MEMORY]   = { "MEMORY", "out of memory" },
	[MAILIN_ERROR_STATE]    = { "STATE",
	    "not possible in this state of the session" },
	[MAILIN_ERROR_BUSY]     = { "BUSY",
	    "not possible from inside a callback" },
	[MAILIN_ERROR_STALE]    = { "STALE",
	    "the decision is not open any more" },
	[MAILIN_ERROR_SYNTAX]   = { "SYNTAX", "not well-formed" },
	[MAILIN_ERROR_WAIT]     = { "WAIT",
	    "a reply or room for output must come first" },
	[MAILIN_ERROR_UNOFFERED] = { "UNOFFERED",
	    "the server does not offer it" },
};
/* clang-format on */

#define ERROR_COUNT (sizeof errors / sizeof errors[0])

const char *
mailin_error_text(enum mailin_error error)
{
	return (unsigned)error < ERROR_COUNT ? errors[error].text : "?";
}

const char *
mailin_error_name(enum mailin_error error)
{
	return (unsigned)error < ERROR_COUNT ? errors[error].name : "?";
}

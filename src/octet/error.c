/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#include <mailin/error.h>

/* clang-format off */
static const char texts[][48] = {
	[MAILIN_OK]             = "done",
	[MAILIN_ERROR_ARGUMENT] = "no such argument",
	[MAILIN_ERROR_RANGE]    = "outside its minimum and maximum",
	[MAILIN_ERROR_MEMORY]   = "out of memory",
	[MAILIN_ERROR_STATE]    = "not possible in this state of the session",
	[MAILIN_ERROR_BUSY]     = "not possible from inside a callback",
	[MAILIN_ERROR_STALE]    = "the decision is no longer waited for",
	[MAILIN_ERROR_SYNTAX]   = "not well-formed",
};
/* clang-format on */

const char *
mailin_error_text(enum mailin_error error)
{
	return (unsigned)error < sizeof texts / sizeof texts[0] ? texts[error] :
								  "?";
}

/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_ERROR_H
#define MAILIN_ERROR_H

#include <mailin/export.h>

/*
 * The error code that a call returns to the program.  It is never about the
 * client: a client that makes an error gets a reply.  A call that returns an
 * error has changed nothing, and its object can be used as before, except
 * where the call says otherwise.
 *
 * Every call returns ARGUMENT for a text that is NULL, for a span with a
 * length but no pointer, and for a NULL pointer to a result, except where the
 * call allows NULL.  A call without an error code returns false, 0, NULL or
 * another value that it names.  The object of a call (a config, a session, a
 * command to fill in) is not checked, and must not be NULL, except where the
 * call allows it.
 */
enum mailin_error {
	MAILIN_OK = 0,
	MAILIN_ERROR_ARGUMENT, /* a text is NULL (see above), or a name or
				  enum value does not exist */
	MAILIN_ERROR_RANGE,    /* a number is outside its bounds */
	MAILIN_ERROR_MEMORY,   /* an allocation failed */
	MAILIN_ERROR_STATE,    /* the session's state forbids the call */
	MAILIN_ERROR_BUSY,     /* a callback runs, and forbids the call */
	MAILIN_ERROR_STALE,    /* no decision with this token is open */
	MAILIN_ERROR_SYNTAX,   /* the value breaks its grammar */
	MAILIN_ERROR_WAIT,     /* a reply must come, or output must be sent,
				  first (mailin/client.h) */
	MAILIN_ERROR_UNOFFERED /* the server does not offer what the call needs
				  (mailin/client.h) */
};

/* Returns a phrase for people, such as "out of memory", a constant.  Returns
 * "?" for a value that is not in the enum. */
MAILIN_EXPORT const char *mailin_error_text(enum mailin_error error);

/* Returns the last part of the enumerator, such as "ARGUMENT", a constant.
 * Returns "?" for a value that is not in the enum. */
MAILIN_EXPORT const char *mailin_error_name(enum mailin_error error);

#endif

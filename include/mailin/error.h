/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_ERROR_H
#define MAILIN_ERROR_H

#include <mailin/export.h>

/*
 * The error code that a call returns to the program.  It never concerns the
 * peer: a peer that errs gets a reply.  After any value but MAILIN_OK nothing
 * has changed and the object is as usable as before.
 */
enum mailin_error {
	MAILIN_OK = 0,
	MAILIN_ERROR_ARGUMENT, /* a text that is NULL, see below; an unknown
	                          name or enum value */
	MAILIN_ERROR_RANGE,    /* a number outside its minimum and maximum */
	MAILIN_ERROR_MEMORY,   /* an allocation failed */
	MAILIN_ERROR_STATE,    /* not a call for the session's present state */
	MAILIN_ERROR_BUSY,     /* not a call to make from inside a callback */
	MAILIN_ERROR_STALE,    /* the decision is no longer waited for */
	MAILIN_ERROR_SYNTAX    /* the value breaks its grammar */
};

/*
 * A text that is NULL, a span with octets but without a pointer, and a place
 * for a result that is NULL are ARGUMENT in every call, if the call does not
 * say that they may be.  A call that returns no error code then returns false,
 * 0 or NULL, or what it says.  An object (a config, a session, a command to
 * fill in) is not checked: it must be one.
 */

/* A phrase for people, such as "out of memory"; "?" for a value that the enum
 * does not have.  A constant. */
MAILIN_EXPORT const char *mailin_error_text(enum mailin_error error);

/* The last part of the enumerator: "OK", "ARGUMENT"; "?" for a value that the
 * enum does not have.  A constant. */
MAILIN_EXPORT const char *mailin_error_name(enum mailin_error error);

#endif

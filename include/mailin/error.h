/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_ERROR_H
#define MAILIN_ERROR_H

#include <mailin/export.h>

/*
 * The error code that a call returns to the program.  It never concerns the
 * peer: a peer that makes an error gets a reply.  After any value but MAILIN_OK
 * nothing has changed, and the object is as usable as before, if the call does
 * not say otherwise.
 */
enum mailin_error {
	MAILIN_OK = 0,
	MAILIN_ERROR_ARGUMENT, /* a text is NULL, see below; or there is no
	                          such name or enum value */
	MAILIN_ERROR_RANGE,    /* a number is outside its bounds */
	MAILIN_ERROR_MEMORY,   /* an allocation failed */
	MAILIN_ERROR_STATE,    /* the session's state does not allow the call */
	MAILIN_ERROR_BUSY,  /* a callback runs, and does not allow the call */
	MAILIN_ERROR_STALE, /* the session no longer waits for the decision */
	MAILIN_ERROR_SYNTAX /* the value breaks its grammar */
};

/*
 * Every call returns ARGUMENT for a text that is NULL, for a span with a length
 * but no pointer, and for a place of a result that is NULL, if it does not say
 * that the argument may be NULL.  A call that returns no error code returns
 * false, 0 or NULL instead, or another value that it names.  The object of a
 * call (a config, a session, a command to fill in) is not checked, and must not
 * be NULL, if the call does not say that it may be.
 */

/* Returns a phrase for people, a constant, such as "out of memory"; "?" for a
 * value that the enum does not have. */
MAILIN_EXPORT const char *mailin_error_text(enum mailin_error error);

/* Returns the last part of the enumerator, a constant: "OK", "ARGUMENT"; "?"
 * for a value that the enum does not have. */
MAILIN_EXPORT const char *mailin_error_name(enum mailin_error error);

#endif

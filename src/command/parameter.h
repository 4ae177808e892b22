/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_PARAMETER_H
#define MAILIN_SRC_PARAMETER_H

#include <mailin/command.h>

/*
 * All that is known of each ESMTP parameter, except the syntax of its value,
 * which is in grammar/parameter.rl.
 */

/* What the session does with a parameter whose extension it does not offer. */
enum mailin_parameter_use {
	PARAMETER_REFUSED,  /* refuse it, or ignore it by policy */
	PARAMETER_ACCEPTED, /* report it: large senders use it unasked */
	PARAMETER_BINDING   /* refuse it always: the client relies on it */
};

struct mailin_parameter_row {
	char name[12];
	uint8_t verb;        /* MAIL or RCPT */
	uint8_t extension;   /* the one that offers it; COUNT: none */
	bool has_value;      /* a "=" and a value follow the name */
	uint8_t not_offered; /* enum mailin_parameter_use */
};

extern const struct mailin_parameter_row
    mailin_parameter_rows[MAILIN_PARAMETER_COUNT];

/* Returns the parameter of this verb with this name, in any case, or UNKNOWN.
 * The name is not empty. */
enum mailin_parameter mailin_parameter_find(enum mailin_verb verb,
    struct mailin_span name);

#endif

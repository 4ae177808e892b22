/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_SRC_PARAMETER_H
#define MAILIN_SRC_PARAMETER_H

#include <mailin/command.h>

/* This table has a row for each ESMTP parameter.  The syntax of its value is in
 * grammar/parameter.rl. */

/* The treatment of a parameter whose extension is not offered. */
enum mailin_parameter_use {
	PARAMETER_REFUSED,  /* refuse it, or ignore it (policy IGNORE) */
	PARAMETER_ACCEPTED, /* report it, because large senders use it
			       even if it is not offered */
	PARAMETER_BINDING   /* always refuse it, because the client relies
			       on its effect */
};

struct mailin_parameter_row {
	char name[12];
	uint8_t verb;        /* MAIL or RCPT */
	uint8_t extension;   /* the extension that offers it; COUNT: none */
	bool has_value;      /* a "=" and a value follow the name */
	uint8_t not_offered; /* enum mailin_parameter_use */
	uint16_t longer;     /* octets that its RFC adds to the line limit */
};

/* The first parameter of the table that a client can send.  UNKNOWN has a row,
 * but no name. */
#define PARAMETER_FIRST (MAILIN_PARAMETER_UNKNOWN + 1)

extern const struct mailin_parameter_row
    mailin_parameter_rows[MAILIN_PARAMETER_COUNT];

/* Returns the parameter of this verb that has this name, in any case of
 * letters; or UNKNOWN.  The name must not be empty. */
enum mailin_parameter mailin_parameter_find(enum mailin_verb verb,
    struct mailin_span name);

#endif
